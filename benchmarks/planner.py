"""How long a control of the planner takes to change the picture, against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way makes the same plan and draws the same rows with
``interact``: a new inline matplotlib figure each time. A step is timed in the page, from the key that turns a
checkbox until the new picture has been painted. The server is set up as the ``foramlib`` command does it, for both.

Run ``python benchmarks/planner.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

# The folder of a script is where Python looks first; this also puts the tests' harness in reach.
from slider import CPU, PromptLab

from harness import QUIET, Sheet, chromium  # isort: skip - slider makes it findable

if TYPE_CHECKING:
    from harness import Lab
    from playwright.sync_api import Browser

TARGET = 0.3
WARM_UP = 4
OURS = """import foramlib as fl
app = fl.planner()
app"""
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import Checkbox, interact
from foramlib.recovery.planner import plan

def draw(sport=True):
    made = plan("2026-11-30", sport=sport, job="light")
    figure, axes = plt.subplots(figsize=(9, 5.6))
    for y, step in enumerate(made.steps):
        axes.text(-1, y, step.step.name, ha="right")
        for n, one in enumerate(step.timed):
            ends = [day for day in (one.earliest, one.latest) if day is not None]
            axes.plot(ends, [y + 0.15 * n] * len(ends), "o-")
        axes.text(92, y, step.dates)
    axes.set_xticks(range(0, 92, 7))
    axes.set_yticks([])
    axes.invert_yaxis()
    axes.set_title(made.heading)
    plt.show()

interact(draw, sport=Checkbox(value=True, description="Does sport"));"""
HANDLES = {"planner": "label:has-text('Does sport') input", "naive": ".widget-checkbox input"}
WATCH = """(kind) => {
  window.steps = [];
  let start = 0;
  document.addEventListener('keydown', () => { start = performance.now(); }, true);
  const painted = () => {
    if (!start) return;
    const from = start;
    start = 0;
    // A task queued by a frame's callback runs when that frame has been painted.
    requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - from)));
  };
  let last = null;
  const look = async () => {
    if (kind === 'planner') {
      const svg = document.querySelector('.fl-p-figure svg');
      if (svg !== last) { last = svg; painted(); }
      return;
    }
    const image = document.querySelector('.widget-output img, .jupyter-widgets-output-area img');
    if (!image || image.src === last) return;
    last = image.src;
    await image.decode();
    painted();
  };
  look();
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['src'] };
  new MutationObserver(look).observe(document.querySelector('.jp-OutputArea-output'), options);
}"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=30)
    steps = parser.parse_args().steps
    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        return 2
    with tempfile.TemporaryDirectory() as home, PromptLab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        found = {kind: timed(browser, lab, kind, cell, steps) for kind, cell in (("planner", OURS), ("naive", NAIVE))}
        browser.close()
    for kind, (median, late, cpu) in found.items():
        print(f"{kind:8} median {median:6.1f} ms, 95 % under {late:6.1f} ms, kernel {cpu:5.1f} ms a step")
    ratio = found["planner"][0] / found["naive"][0]
    print(f"ratio {ratio:.2f} (target {TARGET}), {steps} steps")
    return int(ratio > TARGET)


def timed(browser: Browser, lab: Lab, kind: str, cell: str, steps: int) -> tuple[float, float, float]:
    """Time the steps of one notebook: median and late step, and CPU of the kernel, ms."""
    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 1000}).new_page(), lab)
    sheet.open(lab.write(f"{kind}.ipynb", [cell]))
    sheet.run_all(settle_ms=1500)
    page = sheet.page
    page.evaluate(WATCH, kind)
    page.locator(HANDLES[kind]).first.focus()
    before = 0.0
    for step in range(WARM_UP + steps):
        if step == WARM_UP:
            before = page.evaluate(CPU)
        done = page.evaluate("window.steps.length")
        page.keyboard.press("Space")
        page.wait_for_function("(done) => window.steps.length > done", arg=done)
        page.wait_for_timeout(30)
    used = page.evaluate(CPU) - before
    spent = page.evaluate("window.steps")[WARM_UP:]
    page.context.close()
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1], 1000 * used / steps


if __name__ == "__main__":
    raise SystemExit(main())
