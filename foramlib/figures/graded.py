"""An image to grade as picture and words: before the answer what the eye could see, after it everything.

The words before the answer say what a reader needs for the grade (where fat is, the root's shape, widths) and name no
grade and no lesion, so that someone who does not see the image can grade it too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.figures.scan import Seen, describe_scan, settings_words
from foramlib.figures.words import listed
from foramlib.imaging.grades import flattening_at
from foramlib.spine.calipers import soft_axial_width
from foramlib.spine.fat import fat_about
from foramlib.spine.foramen import measure_section

if TYPE_CHECKING:
    from foramlib.imaging.scan import Scanner
    from foramlib.learning.grading import Task

__all__ = ["hidden_plan", "open_words", "place_words", "seen_task", "shown_plan", "told_words"]

_SIDES = {"superior": "above", "posterior": "behind", "inferior": "below", "anterior": "in front"}
_SOME, _MOST = 0.05, 0.5
_STEP = 5.0


def seen_task(task: Task, scanner: Scanner) -> Seen:
    """Scan the image of a task."""
    measures = measure_section(task.segment, task.section)
    return Seen.of(task.segment, task.section, measures, scanner.scan(task.segment, task.plane, task.settings))


def place_words(task: Task) -> str:
    """Say what is looked at: "C5/6, left foramen, T2, square to the canal"."""
    angle = task.plane.angle
    if task.plane.kind == "axial":
        where = f"axial, level with the root; the {task.side} foramen, {_half(task)} of the picture"
    elif angle:
        where = f"oblique, {angle:.0f}° from the sagittal (film angle {90 - angle:.0f}°)"
    else:
        where = "straight sagittal"
    return f"{task.segment.level.name}, {task.side} foramen, {task.settings.sequence}, {where}"


def _half(task: Task) -> str:
    return "on the right" if task.side == "left" else "on the left"


def open_words(task: Task) -> str:
    """Describe an image that is still to be graded: what a reader would see, and no grade."""
    seen = _widths(task) if task.plane.kind == "axial" else _fat(task)
    return f"Synthetic image to grade: {place_words(task)}. {seen}"


def _fat(task: Task) -> str:
    fat, root = fat_about(task.section), task.segment.level.exiting_root
    if fat is None:
        return "The root is not in this plane."
    sides = listed([f"{_SIDES[side]} it is {_lost(lost)}" for side, lost in fat.lost.items()])
    scar = f"epidural_scar.{task.side}" in task.section.outlines
    tissue = " Scar, grey and not white, lies about the root." if scar else ""
    whole = f"It is missing over about {_round(100 * fat.share)} % of the root's outline."
    return f"Fat about the {root} root: {sides}. {whole}{tissue} {_shape(task)}"


def _lost(share: float) -> str:
    return "whole" if share < _SOME else "mostly gone" if share > _MOST else f"gone over {_round(100 * share)} %"


def _round(number: float) -> str:
    return f"{_STEP * round(number / _STEP):.0f}"


def _shape(task: Task) -> str:
    thinner = 100 * flattening_at(task.segment, task.section)
    if thinner < _STEP / 2:
        return "The root is round."
    return f"The root is about {_round(thinner)} % thinner than where nothing touches it."


def _widths(task: Task) -> str:
    course = task.segment.roots["exiting", task.side].course
    root = 2.0 * float(np.interp(3.0, course.index, course.radii))
    width = soft_axial_width(task.segment, task.side)
    return f"At its narrowest the foramen is {width:.1f} mm wide; outside it the root is {root:.1f} mm wide."


def told_words(seen: Seen) -> str:
    """Describe an image that has been graded, with what narrows it."""
    return describe_scan(seen)


def shown_plan(seen: Seen) -> dict[str, Any]:
    """Return the outlines, letters and scale of the section, with everything that can be named."""
    plan = {name: seen.drawn[name] for name in ("box", "heading", "marks", "scale_mm", "layers")}
    return {**plan, "line": None}


def hidden_plan(seen: Seen) -> dict[str, Any]:
    """Return the same without what would tell the answer."""
    return {**shown_plan(seen), "layers": []}


def image_settings(seen: Seen) -> str:
    """Say how the image was made."""
    return f"{settings_words(seen.scan)}."
