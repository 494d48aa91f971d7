"""How long a choice takes to change a hundred icons: the rehearsal of a decision against the naive way, in one run.

Both run in JupyterLab in Chromium on this machine. The naive way asks for the same outcome and draws the same two
arrays with ``interact``: a new inline matplotlib figure each time. A step is timed in the page, from the choice in
the list of outcomes until the new picture has been painted. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/decide.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests" / "browser")]

from harness import QUIET, Sheet, chromium  # noqa: E402 - lies in a folder that is named above
from playwright.sync_api import sync_playwright  # noqa: E402 - as above
from slider import CPU, PromptLab, Timed  # noqa: E402 - as above

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WARM_UP = 4
OUTCOMES = 6
TARGET = 0.3  # of the naive way's median
OURS = """import foramlib as fl
app = fl.decide("helen-osei")
app.act("choose", value="wait")
app.act("decide")
app.act("go", value="matters")
app"""
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import Dropdown, interact
from foramlib.clinic.risks import outcomes, pair

names = [name for name, one in outcomes().items() if one.region == "cervical"]

def draw(outcome=names[0]):
    figure, both = plt.subplots(1, 2, figsize=(9, 5.6))
    for axes, risk in zip(both, pair(outcome).risks):
        for place in range(100):
            marked = place < risk.count
            axes.plot(place % 10, place // 10, "s" if marked else "o", color="teal" if marked else "none",
                      markeredgecolor="teal")
        axes.set_title(f"{risk.option}: {risk.count} of 100")
        axes.invert_yaxis()
        axes.set_axis_off()
    plt.show()

interact(draw, outcome=Dropdown(options=names));"""
# Where an outcome is chosen.
HANDLES = {"decide": ".fl-decide .fl-d-field:has-text('Show') select", "naive": ".widget-dropdown select"}
WATCH = """(kind) => {
  window.steps = [];
  let start = 0;
  document.addEventListener('change', () => { start = performance.now(); }, true);
  const painted = () => {
    if (!start) return;
    const from = start;
    start = 0;
    // A task queued by a frame's callback runs when that frame has been painted.
    requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - from)));
  };
  let last = '';
  const look = async () => {
    const image = document.querySelector('.widget-output img, .jupyter-widgets-output-area img');
    const now = kind === 'decide' ? document.querySelector('.fl-decide').dataset.frame : image && image.src;
    if (!now || now === last) return;
    last = now;
    if (kind !== 'decide') await image.decode();
    painted();
  };
  look();
  const area = document.querySelector('.jp-OutputArea-output');
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frame', 'src'] };
  new MutationObserver(look).observe(area, options);
}"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=40)
    steps = parser.parse_args().steps
    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        return 2
    with tempfile.TemporaryDirectory() as home, PromptLab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        found = {kind: timed(browser, lab, kind, code, steps) for kind, code in (("decide", OURS), ("naive", NAIVE))}
        browser.close()
    return report(found, steps)


def timed(browser: Browser, lab: PromptLab, kind: str, code: str, steps: int) -> Timed:
    """Time the steps of one notebook."""
    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 2400}).new_page(), lab)
    sheet.open(lab.write(f"{kind}.ipynb", [code]))
    sheet.run_all(settle_ms=1500)
    page = sheet.page
    page.evaluate(WATCH, kind)
    walk(page, kind, WARM_UP)
    overhead = -page.evaluate(CPU) + page.evaluate(CPU)
    before = page.evaluate(CPU)
    walk(page, kind, steps)
    used = page.evaluate(CPU) - before - overhead
    spent = page.evaluate("window.steps")[WARM_UP:]
    page.context.close()
    return Timed(spent, 1000 * used / steps)


def walk(page: Page, kind: str, steps: int) -> None:
    """Choose one outcome after another, each after the picture of the one before has been seen."""
    choice = page.locator(HANDLES[kind]).first
    for step in range(steps):
        done = page.evaluate("window.steps.length")
        choice.select_option(index=1 + step % OUTCOMES)
        page.wait_for_function("(done) => window.steps.length > done", arg=done)
        page.wait_for_timeout(30)


def report(found: dict[str, Timed], steps: int) -> int:
    """Print the figures beside the target."""
    print(f"Choice of an outcome to changed icons, {steps} steps")
    for kind, one in found.items():
        print(f"  {kind:7} median {one.median:6.1f} ms  p95 {one.late:6.1f} ms  kernel CPU {one.cpu:5.1f} ms a step")
    ratios = {
        name: getattr(found["decide"], name) / getattr(found["naive"], name) for name in ("median", "late", "cpu")
    }
    met = ratios["median"] <= TARGET
    print(f"  median, ratio {ratios['median']:.2f}  target at most {TARGET} {'ok' if met else 'MISSED'}")
    print(f"  p95, ratio    {ratios['late']:.2f}\n  kernel CPU, ratio {ratios['cpu']:.2f}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
