"""How long a lesion's slider takes to change the picture: the causes app against the naive way, in the same run.

Both make the same model anew at each step: section, roots, rulers, grades and the sentence. The naive way draws it
with ``interact``: a new inline matplotlib figure, stock labels. Timed as in ``benchmarks/slider.py``, from the key
that moves the slider until the new picture has been painted.

Run ``python benchmarks/lesion.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import slider
from harness import QUIET, chromium
from playwright.sync_api import sync_playwright

TARGET = 0.25
OURS = [
    """import foramlib as fl
app = fl.causes({level!r}, plane={plane!r}, lesion={lesion!r}, mm=1)
app""",
]
NAIVE = [
    """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from foramlib.figures import palette
from foramlib.figures.room_words import changed_words, grade_words
from foramlib.imaging.grades import grades
from foramlib.spine import Plane, Segment, cut, measure_section
from foramlib.spine.lesions import lesion
from foramlib.spine.room import root_states

def draw(mm=1.0):
    healthy = Segment.at({level!r})
    segment = healthy.with_lesions(lesion({lesion!r}, mm))
    section = cut(segment, Plane.named({plane!r}, segment, "left"))
    measures = measure_section(segment, section)
    roots, found = root_states(segment), grades(segment)
    figure, axes = plt.subplots(figsize=(9, 5.6))
    for region in section.regions:
        for piece in region.polygon.geoms:
            rings = [Path(ring.coords, closed=True) for ring in (piece.exterior, *piece.interiors)]
            fill = palette.fill(region.structure.tissue)
            axes.add_patch(PathPatch(Path.make_compound_path(*rings), facecolor=fill, edgecolor="black"))
    for region in section.regions[:12]:
        point = region.polygon.representative_point()
        place = (point.x + 4, point.y + 2)
        axes.annotate(region.structure.name, (point.x, point.y), place, arrowprops=dict(arrowstyle="-"))
    if measures.outline is not None:
        axes.plot(*measures.outline.exterior.xy, color="white", linewidth=2)
        axes.set_title(f"area {{measures.bony.area_mm2:.0f}} mm²")
    axes.set_aspect("equal")
    axes.autoscale_view()
    figure.text(0, 0, changed_words("Amount", segment, root_states(healthy), roots, found) + grade_words(found))
    plt.show()

interact(draw, mm=FloatSlider(min=0, max=5, step=0.1, value=1.0));""",
]
SLIDER = '.fl-slider:has(.fl-name:text("Amount")) input[type=range]'


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--level", default="L4/5")
    parser.add_argument("--plane", default="foramen")
    parser.add_argument("--lesion", default="herniation")
    parser.add_argument("--steps", type=int, default=30)
    chosen = parser.parse_args()
    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        return 2
    slider.HANDLES["explorer"] = SLIDER
    words = {"level": chosen.level, "plane": chosen.plane, "lesion": chosen.lesion}
    with tempfile.TemporaryDirectory() as home, slider.PromptLab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        cells = {"explorer": OURS, "naive": NAIVE}
        found = {
            kind: slider.timed(browser, lab, kind, [cell.format(**words) for cell in code], chosen.steps)
            for kind, code in cells.items()
        }
        browser.close()
    ratio = found["explorer"].median / found["naive"].median
    print(f"A lesion's slider to changed pixels, {chosen.level}, {chosen.lesion}, {chosen.plane}")
    for kind, one in found.items():
        name = "causes" if kind == "explorer" else kind
        print(f"  {name:7} median {one.median:6.1f} ms  p95 {one.late:6.1f} ms  kernel CPU {one.cpu:5.1f} ms a step")
    print(f"  ratio of medians {ratio:.2f}  target at most {TARGET} {'ok' if ratio <= TARGET else 'MISSED'}")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
