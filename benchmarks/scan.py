"""How long a step of the scan app takes, from the slider to changed pixels, against the naive way in the same run.

Both run in JupyterLab in Chromium on this machine and make a 256-pixel image beside the section of the same plane.
The naive way makes the same model and scanner calls anew at every step and draws both with ``interact`` in a new inline
matplotlib figure. Two sliders are walked: one that changes the image alone (noise), one that turns the plane.

Run ``python benchmarks/scan.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys

from race import PAINT, Race, arguments, place, report, timed

OURS = "import foramlib as fl\napp = fl.scan('C5/6', plane='oblique:20')\napp"
NAIVE = """from ipywidgets import FloatSlider, interact
from foramlib.imaging import Scanner, Settings, image_plane
from foramlib.spine import Segment, cut, measure_section

def draw(noise=2.0, angle=20.0):
    segment = Segment.at("C5/6")
    plane = image_plane(f"oblique:{{angle:g}}", segment)
    section = cut(segment, plane)
    measures = measure_section(segment, section)
    scan = Scanner().scan(segment, plane, Settings("T2", noise=noise))
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5))
    paint(left, section)
    right.imshow(scan.grey, cmap="gray", vmin=0, vmax=255)
    right.set_title(f"root {{measures.root_area_mm2:.0f}} mm²")
    plt.show()

interact(draw, {walked}=FloatSlider(min=0, max={most}, step=1, value={start}), {fixed});"""
CELLS = {
    "noise": NAIVE.format(walked="noise", most=20, start=2, fixed="angle=FloatSlider(min=0, max=80, value=20)"),
    "angle": NAIVE.format(walked="angle", most=80, start=20, fixed="noise=FloatSlider(min=0, max=20, value=2)"),
}
LABELS = {"noise": "Noise", "angle": "Rotated from the sagittal"}
RACES = {
    name: Race(
        OURS,
        PAINT + CELLS[name],
        control=f'.fl-slider:has-text("{label}") input[type=range]',
        changed="document.querySelector('.fl-scan').dataset.frame",
        target=0.35,
    )
    for name, label in LABELS.items()
}


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    steps = arguments(__doc__, 24).parse_args().steps
    codes = []
    with place() as (browser, lab):
        for name, race in RACES.items():
            found = {kind: timed(browser, lab, race, kind, steps) for kind in ("ours", "naive")}
            codes.append(report(f"Slider of the scan to changed pixels, {name}, {steps} steps", found, race.target))
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
