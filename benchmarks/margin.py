"""How long the margin slider takes to change the picture: the app against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way takes the same outcomes and the same margin with
``interact`` and draws them as a new inline matplotlib figure each time. A step is timed in the page, from the key that
moves the slider until the new picture has been painted. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/margin.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from harness import QUIET, Sheet, chromium
from playwright.sync_api import sync_playwright
from slider import PromptLab

if TYPE_CHECKING:
    from harness import Lab
    from playwright.sync_api import Browser, Page

TARGET = 0.3
WARM_UP = 4
OURS = ["import foramlib as fl\napp = fl.margin()\napp.act('trial')\napp"]
NAIVE = [
    """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import IntSlider, interact
from foramlib.recovery.noninferiority import is_shown, outcomes

def draw(margin=10):
    figure, axes = plt.subplots(figsize=(9, 4))
    for place, outcome in enumerate(outcomes()):
        axes.plot([outcome.worse, outcome.limit], [-place, -place], color="black")
        axes.plot([-15, outcome.worse], [-place, -place], ":", color="black")
        axes.plot([outcome.worse], [-place], "s")
        words = "not much worse: shown" if is_shown(outcome, margin) else "not much worse: not shown"
        axes.text(-15, -place + 0.2, f"{outcome.name}: {outcome.worse:g}, at most {outcome.limit:g}; {words}")
    axes.axvline(0, color="grey")
    axes.axvline(margin, linestyle="--")
    axes.set_xlim(-15, 20)
    axes.set_yticks([])
    axes.set_xlabel("points of 100 by which posterior surgery is worse")
    shown = sum(is_shown(outcome, margin) for outcome in outcomes())
    axes.set_title(f"With a margin of {margin}, {shown} of 3 measures show that posterior surgery is not much worse")
    plt.show()

interact(draw, margin=IntSlider(min=0, max=20, value=10));""",
]
# Where to press the arrow key, and how to know that the picture is another one.
HANDLES = {"ours": ".fl-slider input[type=range]", "naive": ".noUi-handle"}
WATCH = """(kind) => {
  window.steps = [];
  let start = 0, last = '';
  document.addEventListener('keydown', () => { start = performance.now(); }, true);
  const painted = () => {
    if (!start) return;
    const from = start;
    start = 0;
    // A task queued by a frame's callback runs when that frame has been painted.
    requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - from)));
  };
  const look = async () => {
    if (kind === 'ours') {
      const frame = document.querySelector('.fl-intervals').dataset.frame;
      if (frame !== last) { last = frame; painted(); }
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
        found = {kind: timed(browser, lab, kind, cells, steps) for kind, cells in (("ours", OURS), ("naive", NAIVE))}
        browser.close()
    return report(found)


def timed(browser: Browser, lab: Lab, kind: str, cells: list[str], steps: int) -> list[float]:
    """Time the steps of one notebook, milliseconds to pixels."""
    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 1000}).new_page(), lab)
    sheet.open(lab.write(f"{kind}.ipynb", cells))
    sheet.run_all(settle_ms=1500)
    page = sheet.page
    page.evaluate(WATCH, kind)
    page.locator(HANDLES[kind]).first.focus()
    walk(page, WARM_UP + steps)
    spent: list[float] = page.evaluate("window.steps")[WARM_UP:]
    page.context.close()
    return spent


def walk(page: Page, steps: int) -> None:
    """Press the arrow keys, each after the picture of the one before has been seen."""
    for step in range(steps):
        done = page.evaluate("window.steps.length")
        page.keyboard.press("ArrowRight" if (step // 6) % 2 == 0 else "ArrowLeft")
        page.wait_for_function("(done) => window.steps.length > done", arg=done)
        page.wait_for_timeout(30)


def report(found: dict[str, list[float]]) -> int:
    """Print the figures beside the target."""
    for kind, spent in found.items():
        print(f"margin slider to pixels, {kind:5}  median {statistics.median(spent):6.1f} ms")
    ratio = statistics.median(found["ours"]) / statistics.median(found["naive"])
    print(f"ratio {ratio:.2f}, target at most {TARGET}: {'ok' if ratio <= TARGET else 'MISSED'}")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
