"""How long a lesion's slider takes to change the picture: the causes app against the naive way, in the same run.

Both make the same model anew at each step: section, roots, rulers, grades and the sentence. The naive way draws it
with ``interact``: a new inline matplotlib figure, stock labels. Timed as in ``benchmarks/slider.py``, from the key
that moves the slider until the new picture has been painted.

Run ``python benchmarks/lesion.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys

from race import PAINT, Race, arguments, report, run

OURS = """import foramlib as fl
app = fl.causes({level!r}, plane={plane!r}, lesion={lesion!r}, mm=1)
app"""
NAIVE = """from ipywidgets import FloatSlider, interact
from foramlib.figures.room_words import changed_words, grade_words
from foramlib.imaging.grades import grades
from foramlib.spine import Plane, Segment, cut, measure_section
from foramlib.spine.lesions import parse_lesion
from foramlib.spine.room import root_states

def draw(mm=1.0):
    healthy = Segment.at({level!r})
    segment = healthy.with_lesions(parse_lesion({lesion!r} + f"={{mm}}", "left"))
    section = cut(segment, Plane.named({plane!r}, segment, "left"))
    measures = measure_section(segment, section)
    roots, found = root_states(segment), grades(segment)
    figure, axes = plt.subplots(figsize=(9, 5.6))
    paint(axes, section, named=12)
    if measures.outline is not None:
        axes.plot(*measures.outline.exterior.xy, color="white", linewidth=2)
        axes.set_title(f"area {{measures.bony.area_mm2:.0f}} mm²")
    figure.text(0, 0, changed_words("Amount", segment, root_states(healthy), roots, found) + grade_words(found))
    plt.show()

interact(draw, mm=FloatSlider(min=0, max=5, step=0.1, value=1.0));"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    parser = arguments(__doc__, 30)
    parser.add_argument("--level", default="L4/5")
    parser.add_argument("--plane", default="foramen")
    parser.add_argument("--lesion", default="herniation")
    chosen = parser.parse_args()
    words = {"level": chosen.level, "plane": chosen.plane, "lesion": chosen.lesion}
    race = Race(
        OURS.format(**words),
        PAINT + NAIVE.format(**words),
        control='.fl-slider:has(.fl-name:text("Amount")) input[type=range]',
        changed="document.querySelector('.fl-view').dataset.frame",
        target=0.25,
    )
    title = f"A lesion's slider to changed pixels, {chosen.level}, {chosen.lesion}, {chosen.plane}"
    return report(title, run(race, chosen.steps), race.target)


if __name__ == "__main__":
    sys.exit(main())
