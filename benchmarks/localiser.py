"""What a step of the localiser costs: kernel time, and control to changed pixels against the naive way.

The naive way ranks and weighs the same state with ``interact`` and draws it as a new inline matplotlib figure each
time: a bar for each candidate, its reasons in words, the probability with its interval. Both are timed in the page,
from the key that moves the slider "Before the tests" until the new picture has been painted.

Run ``python benchmarks/localiser.py``; figures depend on the machine, ratios carry. ``--quick`` leaves out the browser.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [
    str(Path(__file__).resolve().parents[1]),
    str(Path(__file__).resolve().parents[1] / "tests" / "browser"),
]

if TYPE_CHECKING:
    from harness import Lab
    from playwright.sync_api import Browser, Page

TARGET_MS = 50.0
TARGET_RATIO = 0.3
STEPS = 15
WARM_UP = 3
OURS = ["import foramlib as fl\napp = fl.localise('helen-osei')\napp"]
NAIVE = [
    """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from foramlib.clinic.accuracy import beliefs
from foramlib.clinic.localise import localise
from foramlib.learning.patient import load_patient

patient = load_patient("helen-osei")

def draw(before=23.0):
    found = localise(patient.findings, patient.regions)
    belief = beliefs(patient.findings, before={"cervical radiculopathy": before / 100}, age=patient.age)[0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
    names = [one.name for one in found.candidates]
    left.barh(names, [one.gained for one in found.candidates])
    left.barh(names, [-one.lost for one in found.candidates])
    words = [why.text for one in found.candidates for why in one.reasons]
    for place, text in enumerate(words):
        left.text(0, -place / 8, text)
    after = belief.after
    right.errorbar([after.value], [0], xerr=[[after.value - after.low], [after.high - after.value]], fmt="o")
    right.plot([belief.before], [0], "o")
    right.set_xlim(0, 1)
    right.set_title(belief.sentence())
    plt.show()

interact(draw, before=FloatSlider(min=1, max=99, step=1, value=23));""",
]
HANDLES = {"ours": ".foramlib-localise-side input[type=range]", "naive": ".noUi-handle"}
WATCH = """(kind) => {
  window.steps = [];
  let start = 0, last = '';
  document.addEventListener('keydown', () => { start = performance.now(); }, true);
  const painted = () => {
    if (!start) return;
    const from = start;
    start = 0;
    requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - from)));
  };
  const look = async () => {
    if (kind === 'ours') {
      const words = document.querySelector('.fl-l-beliefs').textContent;
      if (words !== last) { last = words; painted(); }
      return;
    }
    const image = document.querySelector('.widget-output img, .jupyter-widgets-output-area img');
    if (!image || image.src === last) return;
    last = image.src;
    await image.decode();
    painted();
  };
  look();
  const area = document.querySelector('.jp-OutputArea-output');
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['src'] };
  new MutationObserver(look).observe(area, options);
}"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="kernel time only")
    quick = parser.parse_args().quick
    good = [kernel_steps()]
    if not quick:
        good.append(pixels())
    return 0 if all(good) else 1


def say(name: str, value: float, target: float, unit: str) -> bool:
    """Print one figure beside its target."""
    met = value <= target
    print(f"{name:42} {value:7.2f} {unit:4} target at most {target:g}  {'ok' if met else 'MISSED'}")
    return met


def kernel_steps() -> bool:
    """Time steps of every kind in this process: an answer, a pain area, the slider."""
    from foramlib.apps.localise import LocaliseApp  # noqa: PLC0415 - the import is no part of a step
    from foramlib.clinic.findings import findings  # noqa: PLC0415
    from foramlib.clinic.regions import region_ids  # noqa: PLC0415

    app = LocaliseApp("helen-osei", strict=True)
    spent = []
    for name, place in zip(findings(), itertools.cycle(region_ids()), strict=False):
        spent.append(timed(lambda name=name: setattr(app.panel, "answers", {**app.panel.answers, name: "no"})))
        spent.append(timed(lambda place=place: app.map.toggle(place)))
        spent.append(timed(lambda: setattr(app.controls["before"], "value", (app.controls["before"].value % 98) + 1)))
    app.close()
    print(f"{len(spent)} steps, median {statistics.median(spent):.2f} ms")
    return say("kernel time, one step in twenty exceeds", statistics.quantiles(spent, n=20)[-1], TARGET_MS, "ms")


def timed(step: object) -> float:
    """Time one call, milliseconds."""
    start = time.perf_counter()
    step()  # type: ignore[operator]
    return 1000 * (time.perf_counter() - start)


def pixels() -> bool:
    """Time both ways in JupyterLab in Chromium."""
    from harness import QUIET, Lab, chromium  # noqa: PLC0415 - not needed for --quick
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        return False
    with tempfile.TemporaryDirectory() as home, Lab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        found = {kind: walked(browser, lab, kind, cells) for kind, cells in (("ours", OURS), ("naive", NAIVE))}
        browser.close()
    for kind, steps in found.items():
        print(f"control to pixels, {kind:6} median {statistics.median(steps):.0f} ms")
    ratio = statistics.median(found["ours"]) / statistics.median(found["naive"])
    return say("control to pixels, ratio to the naive way", ratio, TARGET_RATIO, "")


def walked(browser: Browser, lab: Lab, kind: str, cells: list[str]) -> list[float]:
    """Move the slider with the arrow keys; milliseconds to pixels of every step."""
    from harness import Sheet  # noqa: PLC0415 - as above

    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 1600}).new_page(), lab)
    sheet.open(lab.write(f"{kind}.ipynb", cells))
    sheet.run_all(settle_ms=1500)
    sheet.page.evaluate(WATCH, kind)
    sheet.page.locator(HANDLES[kind]).first.focus()
    press(sheet.page)
    spent: list[float] = sheet.page.evaluate("window.steps")[WARM_UP:]
    sheet.page.context.close()
    return spent


def press(page: Page) -> None:
    """Press the arrow keys, each after the picture of the one before has been seen."""
    for step in range(WARM_UP + STEPS):
        done = page.evaluate("window.steps.length")
        page.keyboard.press("ArrowRight" if (step // 8) % 2 == 0 else "ArrowLeft")
        page.wait_for_function("(done) => window.steps.length > done", arg=done, timeout=20_000)
        page.wait_for_timeout(30)


if __name__ == "__main__":
    raise SystemExit(main())
