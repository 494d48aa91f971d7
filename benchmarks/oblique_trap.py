"""How long a step of the oblique trap's angle takes, from the slider to changed pixels, against the naive way.

Both run in JupyterLab in Chromium on this machine. The naive way cuts, scans and grades the same model anew at every
step, and draws anatomy, image and axial section with ``interact`` in a new inline matplotlib figure.

Run ``python benchmarks/oblique_trap.py``; figures depend on the machine, ratios carry.
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
from scan import WATCH
from slider import WARM_UP, PromptLab, walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TARGET = 0.35
OURS = "import foramlib as fl\napp = fl.oblique_trap('C5/6', angle=10)\napp"
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from foramlib.figures import palette
from foramlib.imaging import Scanner, Settings, image_plane
from foramlib.imaging.grades import grade_section
from foramlib.spine import Plane, Segment, cut, lesion

def paint(axes, section):
    for region in section.regions:
        for piece in region.polygon.geoms:
            rings = [Path(ring.coords, closed=True) for ring in (piece.exterior, *piece.interiors)]
            fill = palette.fill(region.structure.tissue)
            axes.add_patch(PathPatch(Path.make_compound_path(*rings), facecolor=fill, edgecolor="black"))
    axes.set_aspect("equal")
    axes.autoscale_view()

def draw(angle=10.0):
    segment = Segment.at("C5/6").with_lesions(lesion("uncovertebral_osteophyte", 3.0, side="left"))
    plane = image_plane(f"oblique:{angle:g}", segment)
    section = cut(segment, plane)
    scan = Scanner().scan(segment, plane, Settings("T2", thickness=2.0))
    figure, (left, right, inset) = plt.subplots(1, 3, figsize=(13, 4.5))
    paint(left, section)
    right.imshow(scan.grey, cmap="gray", vmin=0, vmax=255)
    right.set_title(grade_section(segment, "Park 2013", section).told(), fontsize=8)
    paint(inset, cut(segment, Plane.named("axial-disc", segment)))
    plt.show()

interact(draw, angle=FloatSlider(min=0, max=60, step=1, value=10));"""


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
        ours, naive = (median(browser, lab, kind, steps) for kind in ("ours", "naive"))
        browser.close()
    ratio = ours / naive
    verdict = "ok" if ratio <= TARGET else "MISSED"
    print(f"angle  ours {ours:6.1f} ms  naive {naive:6.1f} ms  ratio {ratio:.2f}  at most {TARGET}  {verdict}")
    return 0 if ratio <= TARGET else 1


def median(browser: Browser, lab: Lab, kind: str, steps: int) -> float:
    """Time the steps of the slider, ms from the key to the painted picture; the middle one counts."""
    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 1000}).new_page(), lab)
    sheet.open(lab.write(f"trap-{kind}.ipynb", [OURS if kind == "ours" else NAIVE]))
    sheet.run_all(settle_ms=1500)
    page = sheet.page
    page.evaluate(WATCH, kind)
    own = '.fl-slider:has-text("turned from the sagittal") input[type=range]'
    page.locator(own if kind == "ours" else ".noUi-handle").first.focus()
    walk(page, WARM_UP + steps)
    found = page.evaluate("window.steps")[WARM_UP:]
    page.context.close()
    return statistics.median(found)


if __name__ == "__main__":
    sys.exit(main())
