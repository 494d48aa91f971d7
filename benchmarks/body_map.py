"""How long a mark on the body takes to show: the body map against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way draws the same regions with ``interact``: a new
inline matplotlib figure for each region chosen. Ours is timed twice: until the mark itself is painted (drawn by the
page), and until areas are painted which the kernel shades in answer (there and back). A step is timed in the page,
from the key until the new picture has been painted. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/body_map.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from harness import QUIET, Sheet, chromium
from playwright.sync_api import sync_playwright
from slider import CPU, WARM_UP, PromptLab, Timed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TARGET = 0.3
MARK = "import foramlib as fl\napp = fl.body_map()\napp"
ANSWER = """import foramlib as fl
from foramlib.clinic.region_shapes import neighbours
app = fl.body_map()

def answer(change):
    app.shaded = {beside: 2 for name in change["new"] for beside in neighbours(name)}

app.observe(answer, "selected")
app"""
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import SelectionSlider, interact
from matplotlib.patches import Polygon
from foramlib.clinic.region_shapes import details, insets, shapes

def draw(region):
    figure, axes = plt.subplots(figsize=(5, 9))
    for shape in [*shapes("front"), *(part for inset in insets("front") for part in inset.parts)]:
        fill = "steelblue" if shape.region == region else "bisque"
        axes.add_patch(Polygon(shape.ring, facecolor=fill, edgecolor="black"))
    for line in details("front"):
        axes.plot(*zip(*line), color="grey", linewidth=0.8)
    axes.set_title(region)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.autoscale_view()
    plt.show()

interact(draw, region=SelectionSlider(options=[shape.region for shape in shapes("front")]));"""
CELLS = {"mark": MARK, "answer": ANSWER, "naive": NAIVE}
# Where the keys go, which keys, and how many paintings a key leads to.
HANDLES = {"naive": ".noUi-handle", "mark": "[data-id='chest.left']", "answer": "[data-id='chest.left']"}
KEYS = {"naive": ("ArrowRight", "ArrowLeft"), "mark": ("Space", "Space"), "answer": ("Space", "Space")}
PAINTINGS = {"naive": 1, "mark": 1, "answer": 2}
WATCH = """([kind, paintings]) => {
  window.steps = [];
  let start = 0;
  let seen = 0;
  document.addEventListener('keydown', () => { start = performance.now(); seen = 0; }, true);
  const painted = () => {
    seen += 1;
    if (!start || seen < paintings) return;
    const from = start;
    start = 0;
    // A task queued by a frame's callback runs when that frame has been painted.
    requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - from)));
  };
  let last = '';
  const look = async () => {
    if (kind !== 'naive') {
      const frame = document.querySelector('.fl-b').dataset.frame;
      const jump = last ? Number(frame) - Number(last) : 0;
      last = frame;
      for (let i = 0; i < jump; i++) painted();
      return;
    }
    const image = document.querySelector('.widget-output img, .jupyter-widgets-output-area img');
    if (!image || image.src === last) return;
    last = image.src;
    await image.decode();
    painted();
  };
  look();
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frame', 'src'] };
  new MutationObserver(look).observe(document.querySelector('.jp-OutputArea-output'), options);
}"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=24)
    steps = parser.parse_args().steps
    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        return 2
    with tempfile.TemporaryDirectory() as home, PromptLab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        found = {kind: timed(browser, lab, kind, steps) for kind in CELLS}
        browser.close()
    return report(found, steps)


def timed(browser: Browser, lab: PromptLab, kind: str, steps: int) -> Timed:
    """Time the steps of one notebook."""
    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 1000}).new_page(), lab)
    sheet.open(lab.write(f"{kind}.ipynb", [CELLS[kind]]))
    sheet.run_all(settle_ms=1500)
    page = sheet.page
    page.evaluate(WATCH, [kind, PAINTINGS[kind]])
    page.locator(HANDLES[kind]).first.focus()
    walk(page, KEYS[kind], WARM_UP)
    overhead = -page.evaluate(CPU) + page.evaluate(CPU)
    before = page.evaluate(CPU)
    walk(page, KEYS[kind], steps)
    used = page.evaluate(CPU) - before - overhead
    spent = page.evaluate("window.steps")[WARM_UP:]
    page.context.close()
    return Timed(spent, 1000 * used / steps)


def walk(page: Page, keys: tuple[str, str], steps: int) -> None:
    """Press the keys, each after the picture of the one before has been seen."""
    for step in range(steps):
        done = page.evaluate("window.steps.length")
        page.keyboard.press(keys[(step // 8) % 2])
        page.wait_for_function("(done) => window.steps.length > done", arg=done)
        page.wait_for_timeout(30)


def report(found: dict[str, Timed], steps: int) -> int:
    """Print the figures beside their target."""
    print(f"Key to changed pixels on the body map, {steps} steps")
    naive = found["naive"]
    fine = True
    for kind, one in found.items():
        ratio = one.median / naive.median
        good = kind == "naive" or ratio <= TARGET
        fine = fine and good
        judged = (
            "" if kind == "naive" else f"  ratio {ratio:4.2f}, target at most {TARGET} {'ok' if good else 'MISSED'}"
        )
        print(f"  {kind:7} median {one.median:6.1f} ms  p95 {one.late:6.1f} ms  kernel CPU {one.cpu:5.1f} ms{judged}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
