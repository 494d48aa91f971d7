"""How long a step of the oblique trap's angle takes, from the slider to changed pixels, against the naive way.

Both run in JupyterLab in Chromium on this machine. The naive way cuts, scans and grades the same model anew at every
step, and draws anatomy, image and axial section with ``interact`` in a new inline matplotlib figure.

Run ``python benchmarks/oblique_trap.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys

from race import PAINT, Race, arguments, report, run

OURS = "import foramlib as fl\napp = fl.oblique_trap('C5/6', angle=10)\napp"
NAIVE = """from ipywidgets import FloatSlider, interact
from foramlib.imaging import Scanner, Settings, image_plane
from foramlib.imaging.grades import grade_section
from foramlib.spine import Plane, Segment, cut, lesion

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
RACE = Race(
    OURS,
    PAINT + NAIVE,
    control='.fl-slider:has-text("turned from the sagittal") input[type=range]',
    changed="document.querySelector('.fl-scan').dataset.frame",
    target=0.35,
)


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    steps = arguments(__doc__, 24).parse_args().steps
    return report(f"Angle of the oblique trap to changed pixels, {steps} steps", run(RACE, steps), RACE.target)


if __name__ == "__main__":
    sys.exit(main())
