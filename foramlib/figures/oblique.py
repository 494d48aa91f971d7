"""The oblique trap in pictures and words: grade by angle, the plane's line on an axial section, both names of an angle.

Plain data for a view that knows no anatomy, and the sentences that say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foramlib.evidence import cite, facts
from foramlib.figures.scan import reference_line
from foramlib.figures.scene import scene
from foramlib.imaging.oblique import SYSTEM
from foramlib.spine.foramen import measure_section
from foramlib.spine.planes import Plane
from foramlib.spine.section import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foramlib.imaging.grades import Grade
    from foramlib.spine.segment import Segment

__all__ = ["ANGLES", "Turned", "angle_words", "best_words", "grade_line", "inset", "inset_words", "strip_words"]

ANGLES = "A:A-13"
"""Published film angles by level."""


@dataclass(frozen=True)
class Turned:
    """A grade at an angle, degrees from the sagittal."""

    angle: float
    grade: Grade


def angle_words(angle: float) -> str:
    """Name an angle both ways: "38° from the sagittal (film angle 52°)"."""
    return f"{angle:.0f}° from the sagittal (film angle {90 - angle:.0f}°)"


def published_angles() -> tuple[float, float]:
    """Return the lowest and highest published film angle, degrees (A:A-13)."""
    found = re.findall(r"(\d+\.\d) degrees at", facts()[ANGLES].value)
    low, high = map(float, found)
    return low, high


def best_words(segment: Segment) -> str:
    """Say which angle is square to the canal here, and what is published."""
    low, high = published_angles()
    own = angle_words(square_angle(segment))
    return (
        f"Square to the canal at {segment.level.name} in the model: {own}. "
        f"Published best film angles rise from {low:.0f}° at C2/3 to {high:.0f}° at C7/T1 ({cite(ANGLES).text})."
    )


def square_angle(segment: Segment) -> float:
    """Rotation from the sagittal that is square to the canal in the model, degrees."""
    return float(segment.stage.level.canal_plane_angle)


def grade_line(grade: Grade) -> str:
    """Say a grade and what decided it: "Park 2013 grade 1: fat is lost over 41 % …"."""
    if not grade.grade:
        return f"no grade: {grade.criterion}"
    mark = "" if grade.confirmed else " (wording to be confirmed in the paper)"
    return f"grade {grade.grade}: {grade.criterion}{mark}"


def strip_words(seen: Sequence[Turned], best: float) -> str:
    """Say the chart of grade against angle: each angle that was looked at, with its grade."""
    told = "; ".join(
        f"{one.angle:.0f}°: {'grade ' + one.grade.grade if one.grade.grade else 'no grade'}" for one in seen
    )
    return f"{SYSTEM} grade at each angle looked at so far, 0° straight, {best:.0f}° square to the canal. {told}."


def inset(segment: Segment, side: str) -> dict[str, Any]:
    """Return the axial section on which the planes are drawn: outlines, letters, scale, and two fixed lines."""
    plane = Plane.named("axial-disc", segment, side)
    section = cut(segment, plane)
    drawn = scene(segment, section, measure_section(segment, section))
    lines = {name: plane_line(segment, side, angle) for name, angle in _fixed(segment).items()}
    layers = [{"path": one["path"], "tissue": one["tissue"]} for one in drawn["layers"] if one.get("as") != "part"]
    return {"box": drawn["box"], "marks": drawn["marks"], "scale_mm": drawn["scale_mm"], "layers": layers, **lines}


def _fixed(segment: Segment) -> Mapping[str, float]:
    return {"straight": 0.0, "square": square_angle(segment)}


def plane_line(segment: Segment, side: str, angle: float) -> list[list[float]]:
    """Return the line of an oblique plane on the axial section: two points, mm."""
    axial = Plane.named("axial-disc", segment, side)
    found = reference_line(axial, Plane.named(f"oblique:{angle:g}", segment, side))
    return found or []


def inset_words(segment: Segment, side: str, angle: float) -> str:
    """Describe the axial section with the line of the plane."""
    best = square_angle(segment)
    turned = "straight from front to back" if angle == 0 else f"turned {angle_words(angle)}"
    gap = best - angle
    lack = "square to the canal" if abs(gap) < 1 else f"{abs(gap):.0f}° {'short of' if gap > 0 else 'beyond'} square"
    return (
        f"Axial section through the disc of {segment.level.name}, seen from below, the patient's right on the left. "
        f"The line of the image plane crosses the {side} foramen {turned}, {lack}; "
        "a second line is square to the canal."
    )
