"""Published grading systems, read off the model: a grade and the criterion that decided, or why there is none.

Criteria are those of ``data/evidence/grading.csv``. What they leave open is set here and said: fat counts as lost
where less than 0.25 mm is left, a side as lost where that is so on 20 % of it, a root as changed in shape from 15 %
loss of thickness (model rules).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.spine.calipers import soft_axial_width
from foramlib.spine.fat import SIDE_LOST, fat_about
from foramlib.spine.levels import parse_side
from foramlib.spine.planes import Plane
from foramlib.spine.room import FLAT, QUADRANTS
from foramlib.spine.section import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.spine.fat import FatAbout
    from foramlib.spine.roots import Root
    from foramlib.spine.section import Section
    from foramlib.spine.segment import Segment

OPPOSING = (frozenset({"superior", "inferior"}), frozenset({"anterior", "posterior"}))
SLIP_STEPS = (0.0, 0.25, 0.50, 0.75, 1.0)
HALF, MOST = 0.5, 0.8
FREE = 0.05
"""Share of the outline without fat below which none counts as lost."""


@dataclass(frozen=True)
class Grade:
    """What one system says of one foramen.

    Attributes
    ----------
    system : str
        Such as ``"Lee 2010"``.
    grade : str
        As printed, such as ``"2"`` or ``"C (1, 3)"``; empty where the system cannot express the state.
    criterion : str
        What decided, or why there is no grade.
    evidence : str
        Evidence row.
    confirmed : bool
        False where the wording of this grade is not confirmed in the paper.
    """

    system: str
    grade: str
    criterion: str
    evidence: str
    confirmed: bool = True

    @property
    def rank(self) -> int:
        """Grade as a number, 0 the mildest; -1 where there is none."""
        scale = SCALES[self.system]
        return scale.index(self.grade.split(" ")[0]) if self.grade else -1

    def told(self) -> str:
        """Say it in one sentence."""
        if not self.grade:
            return f"{self.system}: no grade, because {self.criterion}."
        mark = "" if self.confirmed else " (wording to be confirmed in the paper)"
        return f"{self.system}: grade {self.grade}, because {self.criterion}{mark}."


SCALES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Lee 2010": ("0", "1", "2", "3"),
        "Sartoretti 2021": ("A", "B", "C", "D", "E", "F"),
        "Park 2013": ("0", "1", "2", "3"),
        "Kim 2015": ("0", "1", "2"),
        "Modified Kim": ("0", "1", "2"),
        "Meyerding": ("0", "I", "II", "III", "IV", "V"),
    }
)
"""Grades of each system, the mildest first. No slip is written 0."""


def grades(
    segment: Segment, side: str = "left", section: Section | None = None, fat: FatAbout | None = None
) -> tuple[Grade, ...]:
    """Return what every system made for this region says of the foramen on ``side``.

    Parameters
    ----------
    segment : Segment
        The state.
    side : str
        ``"left"`` or ``"right"``.
    section : Section, optional
        The segment cut in the foramen plane of this side, where that is at hand.
    fat : FatAbout, optional
        The fat about the nerve of that section, where that is at hand.

    Raises
    ------
    InvalidInput
        If the side is unknown.
    """
    side = parse_side(side)
    if section is None or (section.plane.name, section.plane.side) != ("foramen", side):
        section, fat = cut(segment, Plane.named("foramen", segment, side)), None
    fat = fat or fat_about(section)
    systems = systems_for(segment.level.region)
    read = (_read(segment, system, section, fat) for system in systems if system in ON_SAGITTAL)
    if segment.level.region == "lumbar":
        return (*read, _meyerding(segment, side))
    width = _width_share(segment, side)
    return (*read, _kim_of(*width), _modified_kim_of(*width))


def systems_for(region: str) -> tuple[str, ...]:
    """Return the systems made for ``"cervical"`` or ``"lumbar"``."""
    if region == "cervical":
        return "Park 2013", "Kim 2015", "Modified Kim"
    return "Lee 2010", "Sartoretti 2021", "Meyerding"


def grade(segment: Segment, system: str, side: str = "left", plane: str = "") -> Grade:
    """Return what one system says of the foramen on ``side``.

    Parameters
    ----------
    segment : Segment
        The state.
    system : str
        A key of :data:`SCALES`.
    side : str
        ``"left"`` or ``"right"``.
    plane : str
        Plane that is looked at; the system's own if left out. Only the sagittal family can be chosen.

    Raises
    ------
    InvalidInput
        If the system or side is unknown, or the system was not made for this region.
    """
    side = parse_side(side)
    system = one_of(system, SCALES, "grading system")
    if system not in systems_for(segment.level.region):
        allowed = ", ".join(systems_for(segment.level.region))
        raise InvalidInput(f"{system} was not made for {segment.level.name}; choose one of {allowed}.")
    if system in ON_SAGITTAL:
        own = "foramen" if segment.level.region == "cervical" else "sagittal"
        return grade_section(segment, system, cut(segment, Plane.named(plane or own, segment, side)))
    return DIRECT[system](segment, side)


def grade_section(segment: Segment, system: str, section: Section) -> Grade:
    """Return what a system that reads sagittal or oblique images says of a section already cut."""
    return _read(segment, system, section, fat_about(section))


def _read(segment: Segment, system: str, section: Section, fat: FatAbout | None) -> Grade:
    row = EVIDENCE[system]
    if fat is None:
        return Grade(system, "", "the image shows no root", row)
    if system == "Lee 2010" and f"epidural_scar.{section.plane.side}" in section.outlines:
        return Grade(system, "", "scar has taken the place of the fat that this system reads", row)
    return ON_SAGITTAL[system](fat, flattening_at(segment, section))


def margin(segment: Segment, system: str, section: Section) -> float:
    """Return how far a state lies from the nearest limit between two grades, as a share; near 0 is borderline.

    Parameters
    ----------
    segment : Segment
        The state.
    system : str
        A key of :data:`SCALES`, without Meyerding.
    section : Section
        The segment cut as the system asks for; the axial systems measure the foramen itself.
    """
    if system in LIMITS:
        share = _width_share(segment, section.plane.side)[0]
        return min(abs(share - limit) for limit in LIMITS[system])
    fat, flattening = fat_about(section), flattening_at(segment, section)
    if fat is None or flattening >= FLAT:
        return 0.0 if fat is None else flattening - FLAT
    if system == "Park 2013":
        return min(FLAT - flattening, abs(fat.share - FREE), abs(fat.share - HALF))
    return min(FLAT - flattening, *(abs(lost - SIDE_LOST) for lost in fat.lost.values()))


def flattening_at(segment: Segment, section: Section) -> float:
    """Return how much thickness the exiting root has lost near the plane, 0 to 1 (within 2 mm along its course)."""
    root: Root = segment.roots["exiting", section.plane.side]
    away = np.abs(section.plane.height_over(root.places))
    near = (away <= max(2.0, float(away.min()) + 0.1)) & (root.course.radii > 0)
    return float(root.flattening[near].max()) if near.any() else 0.0


def _said(sides: tuple[str, ...]) -> str:
    if not sides:
        return "no side of the root has lost its fat"
    words = " and ".join((", ".join(sides[:-1]), sides[-1])) if len(sides) > 1 else sides[0]
    return f"fat is lost on the {words} side{'s' if len(sides) > 1 else ''} of the root"


def _collapsed(flattening: float) -> str:
    return f"the root has changed in shape ({100 * flattening:.0f} % thinner in this plane of the model)"


def _lee(fat: FatAbout, flattening: float) -> Grade:
    system, row, sides = "Lee 2010", EVIDENCE["Lee 2010"], fat.sides
    if flattening >= FLAT:
        return Grade(system, "3", _collapsed(flattening), row)
    if len(sides) == len(QUADRANTS):
        return Grade(system, "2", "fat is lost in all four directions and the root keeps its shape", row)
    if frozenset(sides) in OPPOSING:
        return Grade(system, "1", f"{_said(sides)}, two opposing directions", row)
    if not sides:
        return Grade(system, "0", _said(sides), row)
    return Grade(system, "", f"{_said(sides)}: neither two opposing directions nor all four", row)


def _sartoretti(fat: FatAbout, flattening: float) -> Grade:
    system, row, sides = "Sartoretti 2021", EVIDENCE["Sartoretti 2021"], fat.sides
    if flattening >= FLAT:
        return Grade(system, "F", _collapsed(flattening), row)
    letter = SCALES[system][len(sides)]
    digits = ", ".join(str(QUADRANTS.index(side) + 1) for side in sides)
    return Grade(system, f"{letter} ({digits})" if digits else letter, _said(sides), row)


def _park(fat: FatAbout, flattening: float) -> Grade:
    system, row = "Park 2013", EVIDENCE["Park 2013"]
    said = f"fat is lost over {100 * fat.share:.0f} % of the root's outline in the model"
    if flattening >= FLAT:
        return Grade(system, "3", _collapsed(flattening), row, confirmed=False)
    if fat.share < FREE:
        return Grade(system, "0", "fat surrounds the root", row)
    return Grade(system, "1" if fat.share < HALF else "2", said, row)


def _kim(segment: Segment, side: str) -> Grade:
    return _kim_of(*_width_share(segment, side))


def _kim_of(share: float, said: str) -> Grade:
    return Grade("Kim 2015", "0" if share > 1.0 else "1" if share > HALF else "2", said, EVIDENCE["Kim 2015"])


def _modified_kim(segment: Segment, side: str) -> Grade:
    return _modified_kim_of(*_width_share(segment, side))


def _modified_kim_of(share: float, said: str) -> Grade:
    name = "Modified Kim"
    return Grade(name, "0" if share > MOST else "1" if share >= HALF else "2", said, EVIDENCE[name])


@lru_cache(maxsize=4)  # a pure function of frozen data that two systems ask for in turn
def _width_share(segment: Segment, side: str) -> tuple[float, str]:
    """Narrowest axial width as a share of the root's width outside the foramen, and the words for it."""
    course = segment.roots["exiting", side].course
    root = 2.0 * float(np.interp(3.0, course.index, course.radii))
    width = soft_axial_width(segment, side)
    share = width / root
    said = (
        f"the foramen is {width:.1f} mm wide, {100 * share:.0f} % of the root outside it ({root:.1f} mm), in the model"
    )
    return share, said


def _meyerding(segment: Segment, _: str) -> Grade:
    share = segment.stage.slip / segment.stage.lower_size.body_depth
    step = sum(share > limit for limit in SLIP_STEPS)
    said = f"the upper vertebra has slipped {100 * share:.0f} % of the end-plate below in the model"
    name = "Meyerding"
    return Grade(name, SCALES[name][step], said if step else "there is no slip", EVIDENCE[name])


LIMITS: Mapping[str, tuple[float, ...]] = MappingProxyType({"Kim 2015": (HALF, 1.0), "Modified Kim": (HALF, MOST)})
"""Width of the foramen as a share of the root's, at which the axial systems go from one grade to the next."""

EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        "Lee 2010": "A:G-01",
        "Sartoretti 2021": "A:G-04",
        "Park 2013": "A:G-07",
        "Kim 2015": "A:G-10",
        "Modified Kim": "A:G-11",
        "Meyerding": "A:C-11",
    }
)
ON_SAGITTAL: Mapping[str, Callable[[FatAbout, float], Grade]] = MappingProxyType(
    {"Lee 2010": _lee, "Sartoretti 2021": _sartoretti, "Park 2013": _park}
)
DIRECT: Mapping[str, Callable[[Segment, str], Grade]] = MappingProxyType(
    {"Kim 2015": _kim, "Modified Kim": _modified_kim, "Meyerding": _meyerding}
)
