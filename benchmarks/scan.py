"""How long a step of the scan app takes, from the slider to changed pixels, against the naive way in the same run.

Both run in JupyterLab in Chromium on this machine and make a 256-pixel image beside the section of the same plane.
The naive way makes the same model and scanner calls anew at every step and draws both with ``interact`` in a new inline
matplotlib figure. Two sliders are walked: one that changes the image alone (noise), one that turns the plane.

Run ``python benchmarks/scan.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from harness import QUIET, Lab, Sheet, chromium
from playwright.sync_api import sync_playwright
from slider import WARM_UP, PromptLab, walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TARGET = 0.35
OURS = "import foramlib as fl\napp = fl.scan('C5/6', plane='oblique:20')\napp"
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from foramlib.figures import palette
from foramlib.imaging import Scanner, Settings, image_plane
from foramlib.spine import Segment, cut, measure_section

def draw(noise=2.0, angle=20.0):
    segment = Segment.at("C5/6")
    plane = image_plane(f"oblique:{{angle:g}}", segment)
    section = cut(segment, plane)
    measures = measure_section(segment, section)
    scan = Scanner().scan(segment, plane, Settings("T2", noise=noise))
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
    for region in section.regions:
        for piece in region.polygon.geoms:
            rings = [Path(ring.coords, closed=True) for ring in (piece.exterior, *piece.interiors)]
            fill = palette.fill(region.structure.tissue)
            left.add_patch(PathPatch(Path.make_compound_path(*rings), facecolor=fill, edgecolor="black"))
    left.set_aspect("equal")
    left.autoscale_view()
    right.imshow(scan.grey, cmap="gray", vmin=0, vmax=255)
    right.set_title(f"root {{measures.root_area_mm2:.0f}} mm²")
    plt.show()

interact(draw, {walked}=FloatSlider(min=0, max={most}, step=1, value={start}), {fixed});"""
CELLS = {
    "noise": NAIVE.format(walked="noise", most=20, start=2, fixed="angle=FloatSlider(min=0, max=80, value=20)"),
    "angle": NAIVE.format(walked="angle", most=80, start=20, fixed="noise=FloatSlider(min=0, max=20, value=2)"),
}
LABELS = {"noise": "Noise", "angle": "Rotated from the sagittal"}
WATCH = """(kind) => {
  window.steps = [];
  let start = 0;
  document.addEventListener('keydown', () => { start = performance.now(); }, true);
  const painted = () => {
    if (!start) return;
    const from = start;
    start = 0;
    requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - from)));
  };
  let last = '';
  const look = async () => {
    if (kind === 'ours') {
      const frame = document.querySelector('.fl-scan').dataset.frame;
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
  const area = document.querySelector('.jp-OutputArea-output');
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frame', 'src'] };
  new MutationObserver(look).observe(area, options);
}"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=24)
    steps = parser.parse_args().steps
    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        return 2
    good = True
    with tempfile.TemporaryDirectory() as home, PromptLab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        for name in CELLS:
            ours, naive = (median(browser, lab, name, kind, steps) for kind in ("ours", "naive"))
            ratio = ours / naive
            good &= ratio <= TARGET
            verdict = "ok" if ratio <= TARGET else "MISSED"
            print(
                f"{name:6} ours {ours:6.1f} ms  naive {naive:6.1f} ms  ratio {ratio:.2f}  at most {TARGET}  {verdict}"
            )
        browser.close()
    return 0 if good else 1


def median(browser: Browser, lab: Lab, name: str, kind: str, steps: int) -> float:
    """Time the steps of one slider, ms from the key to the painted picture; the middle one counts."""
    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 1000}).new_page(), lab)
    sheet.open(lab.write(f"{kind}-{name}.ipynb", [OURS if kind == "ours" else CELLS[name]]))
    sheet.run_all(settle_ms=1500)
    page = sheet.page
    page.evaluate(WATCH, kind)
    own = f'.fl-slider:has-text("{LABELS[name]}") input[type=range]'
    handle = page.locator(own if kind == "ours" else ".noUi-handle")
    handle.first.focus()
    walk(page, WARM_UP + steps)
    found = page.evaluate("window.steps")[WARM_UP:]
    page.context.close()
    return statistics.median(found)


if __name__ == "__main__":
    sys.exit(main())
