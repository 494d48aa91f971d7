"""How the roots fare and what the graders say, in words made from the same numbers as the picture.

Which root, which wall, where along its course, how flat, how much room: from
:func:`foramlib.spine.room.root_states`; grades with the criterion that decided from :mod:`foramlib.imaging.grades`.
"""

from __future__ import annotations

from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.figures.words import listed, lower_first, touched_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foramlib.imaging.grades import Grade
    from foramlib.spine.fat import FatAbout
    from foramlib.spine.room import RootState
    from foramlib.spine.segment import Segment

Reading = dict[str, Any]

_IN: Mapping[str, str] = MappingProxyType(
    {
        "canal": "in the canal",
        "lateral recess": "in the lateral recess",
        "foramen": "in the foramen",
        "beyond": "beyond the foramen",
    }
)
_SEEN = 0.005
"""Shares below half a per cent are said as none."""

ROOM = (
    "Free share of the space within 2.5 mm of the resting root where it is tightest along its course; 100 % would be a "
    "root with nothing about it. No pressure is computed."
)


def root_words(segment: Segment, root: RootState) -> str:
    """Say how one root fares, without a full stop.

    Returns
    -------
    str
        Such as "C6 (exiting) is touched by the disc herniation in the foramen (17 % of its outline), keeps its
        shape; room about it 58 %".
    """
    room = f"room about it {100 * root.room:.0f} %"
    return f"{root.name} ({root.kind}) {_met(segment, root)}, {_shape(root)}; {room}"


def _met(segment: Segment, root: RootState) -> str:
    if not root.walls:
        return "is touched by nothing"
    names = list(dict.fromkeys(touched_name(segment.level, wall) for wall in root.walls))
    where = " and ".join(_IN[place] for place in root.places)
    share = f" ({100 * root.contact:.0f} % of its outline)" if root.contact > _SEEN else ""
    return f"is touched by {listed(names)} {where}{share}"


def _shape(root: RootState) -> str:
    aside = f"is pushed {root.moved:.1f} mm aside and " if root.moved >= 0.05 else ""  # noqa: PLR2004 - seen as 0.1
    if root.flattening < _SEEN:
        return f"{aside}keeps its shape"
    return f"{aside}is flattened by {100 * root.flattening:.0f} %"


def room_changed(before: Sequence[RootState], after: Sequence[RootState]) -> str:
    """Say what happened to the room about each root: "room about C6 68 → 58 %"."""
    old = {root.name: root.room for root in before}
    said = []
    for root in after:
        now, then = f"{100 * root.room:.0f}", f"{100 * old.get(root.name, root.room):.0f}"
        said.append(f"room about {root.name} {now if now == then else f'{then} → {now}'} %")
    return "; ".join(said)


def hit_words(segment: Segment, roots: Sequence[RootState]) -> str:
    """Say which roots are hit, by what and where; the others are said to be free."""
    hit = [f"{root.name} ({root.kind}) {_met(segment, root)}, {_shape(root)}" for root in roots if root.hit]
    free = [f"{root.name} ({root.kind})" for root in roots if not root.hit]
    spared = [f"nothing touches {listed(free)}"] if free else []
    return "; ".join([*hit, *spared])


def fat_words(fat: FatAbout | None) -> str:
    """Say what fat is left about the nerve of a section, by quadrant."""
    if fat is None:
        return ""
    if not fat.sides:
        return "Fat is left on all four sides of the root in this plane."
    left = [name for name in fat.lost if name not in fat.sides]
    kept = f"left on the {listed(left)} side{'s' if len(left) > 1 else ''}" if left else "left on no side"
    return f"Fat about the root in this plane: lost on the {listed(fat.sides)}, {kept}."


def grade_words(found: Sequence[Grade]) -> str:
    """Say every grade with the criterion that decided, or why this system cannot express this state."""
    return " ".join(
        grade.told() if grade.grade else f"{grade.system} cannot express this state: {grade.criterion}."
        for grade in found
    )


def changed_words(
    control: str, segment: Segment, before: Sequence[RootState], after: Sequence[RootState], grades: Sequence[Grade]
) -> str:
    """Say in one sentence what a control did to the roots, and how the systems grade it now."""
    said = ", ".join(f"{grade.system} {grade.grade or 'no grade'}" for grade in grades)
    return f"{control}: {room_changed(before, after)}; {hit_words(segment, after)}; {said}."


def room_readings(roots: Sequence[RootState]) -> list[Reading]:
    """Return the free room at each root as readings for the view."""
    return [
        {
            "label": f"Room about {root.name}",
            "value": f"{100 * root.room:.0f}",
            "unit": "%",
            "text": f"model; {root.kind} root, flattened by {100 * root.flattening:.0f} %",
            "band": None,
            "domain": [0, 100],
            "source": None,
            "definition": ROOM,
        }
        for root in roots
    ]


def as_plain(segment: Segment, roots: Sequence[RootState], found: Sequence[Grade]) -> dict[str, Any]:
    """Return lesions, roots and grades as plain data."""
    rows = [{**asdict(root), "walls": list(root.walls), "places": list(root.places)} for root in roots]
    return {
        "lesions": [lower_first(one.told()) for one in segment.lesions],
        "roots": [{**row, "hit": bool(row["walls"])} for row in rows],
        "grades": [{**asdict(grade), "told": grade.told()} for grade in found],
    }
