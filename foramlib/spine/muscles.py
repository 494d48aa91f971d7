"""Muscles behind and beside a segment, and the ways that operations take between them.

They are shown in one axial picture only, the one in which an approach is chosen: simple labelled regions with
upright walls (``data/model/muscles.csv``, assumptions), no attachments, no tendons.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, radians, sin
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.spine.builds import build_scale
from foramlib.spine.levels import parse_side
from foramlib.spine.planes import Plane
from foramlib.spine.segment import Structure
from foramlib.spine.shapes import Capsule, Column, HalfSpace, Intersection, Motion, Placed, RoundedBox
from foramlib.spine.surgery.presets import facet_span
from foramlib.spine.vertebra import axis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.spine.lattice import Array
    from foramlib.spine.segment import Segment
    from foramlib.spine.shapes import Shape

__all__ = ["CORRIDORS", "Corridor", "corridor", "corridor_plane", "corridor_structure", "muscles"]

LONG = 30.0
"""Half length of a muscle region along the spine, mm: longer than any picture is thick."""

ON_LAMINA = frozenset({"deep_extensors", "multifidus"})
"""Muscles that lie on the laminae."""

SKIN: Mapping[str, tuple[float, float]] = MappingProxyType({"cervical": (35.5, 7.0), "lumbar": (29.0, 8.0)})
"""How far behind the facet joint the layer of skin and fat begins, and its thickness, mm (assumption)."""


@dataclass(frozen=True)
class Way:
    """A way through the muscles on the left, mm from the midline and behind the facet (assumptions)."""

    skin: float
    radius: float
    opening: float
    name: str
    note: str


CORRIDORS: Mapping[tuple[str, str], Way] = MappingProxyType(
    {
        ("cervical", "midline"): Way(
            3.0, 7.0, 8.0, "Way from the midline", "Muscles lifted off one side of the spine."
        ),
        ("cervical", "tube"): Way(17.0, 7.0, 7.0, "Tube", "Stands on bone between parted muscle fibres."),
        ("cervical", "endoscope"): Way(14.0, 3.4, 3.4, "Endoscope", "A narrow way between muscle fibres, under water."),
        ("lumbar", "midline"): Way(
            4.0, 10.0, 12.0, "Way from the midline", "Muscles lifted off one side of the spine."
        ),
        ("lumbar", "tube"): Way(34.0, 9.0, 9.0, "Tube", "Stands on bone between parted muscle fibres."),
        ("lumbar", "paraspinal"): Way(27.0, 9.0, 11.0, "Paraspinal way", "The natural gap between two muscles."),
        ("lumbar", "transforaminal"): Way(84.0, 3.8, 3.8, "Endoscope", "From the side and behind to the foramen."),
    }
)
"""Where each way begins at the skin, its half width on bone and at the skin."""


@dataclass(frozen=True)
class Corridor:
    """A way from skin to bone: its two ends and half widths, mm, segment frame."""

    start: Array
    end: Array
    radius: float
    opening: float

    @property
    def shape(self) -> Shape:
        """The way as a tapered rod."""
        return Capsule(axis(self.end), axis(self.start), self.radius, self.opening)


def muscles(segment: Segment) -> tuple[Structure, ...]:
    """Return the muscles of both sides and the layer of skin and fat behind them."""
    found = [
        _muscle(segment, row, side, sign)
        for side, sign in (("left", 1.0), ("right", -1.0))
        for row in _table()
        if row["region"] == segment.level.region
    ]
    return (*found, _skin(segment))


def corridor(segment: Segment, name: str, side: str = "left") -> Corridor:
    """Return the way by which an operation reaches the facet.

    Raises
    ------
    InvalidInput
        If this way is not taken in this region, or the side is unknown.
    """
    region, side = segment.level.region, parse_side(side)
    if (region, name) not in CORRIDORS:
        allowed = ", ".join(way for place, way in CORRIDORS if place == region)
        raise InvalidInput(f"The way {name!r} is not taken at {segment.level.name}; choose one of {allowed}.")
    way, scale = CORRIDORS[region, name], build_scale(segment.build)
    sign = np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])
    end = _target(segment, name)
    back = float(segment.stage.joint[1]) + (SKIN[region][0] + SKIN[region][1]) * scale
    # What comes from the far side meets the skin before it has come to the back.
    start = np.array([way.skin * scale, back - (4.0 * scale if name == "transforaminal" else 0.0), end[2]])
    return Corridor(start * sign, end * sign, way.radius * scale, way.opening * scale)


def corridor_structure(segment: Segment, name: str, side: str = "left") -> Structure:
    """Return the way as a structure of its own, for a section."""
    way = CORRIDORS[segment.level.region, name]
    shape = corridor(segment, name, side).shape
    side = parse_side(side)
    return Structure(f"corridor.{side}", "corridor", side, "", way.name, "corridor", way.note, shape)


def corridor_plane(segment: Segment, side: str = "left", name: str = "midline") -> Plane:
    """Return the axial plane in which a way ends on bone, wide enough to show the muscles and the skin.

    It lies level with the disc, and for a way from the side, in the low back, level with the foramen above it.
    """
    scale = build_scale(segment.build)
    wide, front, back = (36.0, 26.0, 43.0) if segment.level.region == "cervical" else (66.0, 50.0, 38.0)
    joint = float(segment.stage.joint[1])
    middle, half = joint + (back - front) / 2 * scale, (back + front) / 2 * scale
    level = _level(segment, name)
    found = replace(Plane.named("axial-disc", segment, side), origin=(0.0, middle, level), half=(wide * scale, half))
    return replace(found, name="axial-foramen") if level else found


def _level(segment: Segment, name: str) -> float:
    """Height at which a way ends, mm above the middle of the disc."""
    if segment.level.region == "cervical" or name == "midline":
        return 0.0
    return float(segment.stage.upper_pedicle[2] + segment.stage.lower_pedicle[2]) / 2.0


def _target(segment: Segment, name: str) -> Array:
    """Where a way on the left ends on bone, mm."""
    stage = segment.stage
    inner, outer = facet_span(segment)
    joint = stage.joint
    level = _level(segment, name)
    if name == "transforaminal":
        return np.array([outer - 2.0, float(joint[1]) - 8.5, level])
    if segment.level.region == "lumbar" and name != "midline":
        return np.array([outer, float(joint[1]) + 5.0, level])
    return np.array([inner + 0.25 * (outer - inner), float(joint[1]) + 5.0, level])


def _muscle(segment: Segment, row: Mapping[str, str], side: str, sign: float) -> Structure:
    scale = build_scale(segment.build)
    x, y, wide, deep, turn = (float(row[name]) for name in ("x", "y", "half_x", "half_y", "turn"))
    angle = radians(turn) * sign
    rotation = np.array([[cos(angle), -sin(angle), 0.0], [sin(angle), cos(angle), 0.0], [0.0, 0.0, 1.0]])
    place = np.array([sign * x * scale, float(segment.stage.joint[1]) + y * scale, 0.0])
    shape: Shape = Placed(Column(wide * scale, deep * scale, LONG, 0.35, 0.0, 1.0), Motion.of(rotation, place))
    key = row["key"]
    if key in ON_LAMINA:
        shape = Intersection((shape, _behind_lamina(segment, sign)))
    name = f"{side.capitalize()} {row['name'][0].lower()}{row['name'][1:]}"
    return Structure(f"{key}.{side}", key, side, "", name, row["tissue"], row["note"], shape)


def _behind_lamina(segment: Segment, sign: float) -> HalfSpace:
    """Everything behind the middle of the upper lamina of a side: no muscle lies within the arch."""
    size = segment.stage.upper_size
    half_angle = radians(size.lamina_angle)
    back = np.array([sign * cos(half_angle), sin(half_angle), 0.0])
    ridge = np.array([0.0, size.body_depth / 2 + size.canal_depth, 0.0]) + back * size.lamina_thickness / 2
    return HalfSpace(axis(-back), -float(back @ segment.stage.upper_stand.apply(ridge)))


def _skin(segment: Segment) -> Structure:
    scale = build_scale(segment.build)
    begins, thick = (part * scale for part in SKIN[segment.level.region])
    middle = (0.0, float(segment.stage.joint[1]) + begins + thick / 2, 0.0)
    shape = Placed(RoundedBox((90.0, thick / 2, LONG), 0.5), Motion(move=middle))
    note = "What is cut or parted first."
    return Structure("skin", "skin", "", "", "Skin and the fat under it", "fat", note, shape)


@lru_cache(maxsize=1)
def _table() -> tuple[Mapping[str, str], ...]:
    with data_path("model", "muscles.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(MappingProxyType(row) for row in csv.DictReader(lines))
