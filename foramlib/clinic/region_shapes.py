"""Shapes of the regions: smooth outlines cut by smooth lines, drawn for one half and mirrored for the other.

Every face that the cuts leave inside an outline belongs to the region whose seed lies in it, so that regions meet
without gap or overlap whatever the curves. Lengths in cm, x to the viewer's right, y up; x = 0 is the mirror.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians, sin
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.clinic.regions import SIDES, body, region, regions
from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry import Polygon

__all__ = ["Inset", "Shape", "details", "hit", "insets", "neighbours", "outline", "shapes", "smooth"]

Dot = tuple[float, float]

SAMPLES = 6
"""Straight pieces between two given points of a curve."""

SLIVER = 0.6
"""Faces below this area (cm²) that hold no seed go to the neighbour with the longest common border."""

BORDER = 0.4
"""Regions are neighbours if their common border is at least this long, cm."""


@dataclass(frozen=True)
class Shape:
    """One region in one picture.

    Attributes
    ----------
    region : str
        Id of the region.
    ring : tuple of (float, float)
        Its outline without the closing point, cm.
    anchor : (float, float)
        Where a label points to; inside the ring.
    """

    region: str
    ring: tuple[Dot, ...]
    anchor: Dot


@dataclass(frozen=True)
class Inset:
    """A small copy of another picture's regions, for example the palm at the end of the arm."""

    opens: str
    parts: tuple[Shape, ...]


def smooth(points: Sequence[Sequence[float]], *, mirror: bool = False) -> tuple[Dot, ...]:
    """Sample a centripetal Catmull-Rom curve through points; with `mirror` its ends meet x = 0 squarely."""
    dots = [(float(x), float(y)) for x, y in points]
    first, last = _beyond(dots[0], dots[1], mirror=mirror), _beyond(dots[-1], dots[-2], mirror=mirror)
    if dots[0] == dots[-1]:
        first, last = dots[-2], dots[1]
    every = [first, *dots, last]
    curve = [dot for place in range(len(dots) - 1) for dot in _piece(every[place : place + 4])]
    return (*curve, dots[-1])


def _beyond(end: Dot, inner: Dot, *, mirror: bool) -> Dot:
    return (-inner[0], inner[1]) if mirror else (2 * end[0] - inner[0], 2 * end[1] - inner[1])


def _piece(four: Sequence[Dot]) -> list[Dot]:
    """Sample the curve between the two middle points (Barry and Goldman's pyramid, alpha 0.5)."""
    knots = [0.0]
    for one, other in pairwise(four):
        knots.append(knots[-1] + max(hypot(other[0] - one[0], other[1] - one[1]) ** 0.5, 1e-6))
    steps = (knots[1] + (knots[2] - knots[1]) * step / SAMPLES for step in range(SAMPLES))
    return [_pyramid(four, knots, at) for at in steps]


def _pyramid(four: Sequence[Dot], knots: Sequence[float], at: float) -> Dot:
    low = [_blend(four[i], four[i + 1], knots[i], knots[i + 1], at) for i in range(3)]
    middle = [_blend(low[i], low[i + 1], knots[i], knots[i + 2], at) for i in range(2)]
    return _blend(middle[0], middle[1], knots[1], knots[2], at)


def _blend(one: Dot, other: Dot, low: float, high: float, at: float) -> Dot:
    share = (at - low) / (high - low)
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])


@lru_cache(maxsize=1)
def _pictures() -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType({entry["id"]: entry for entry in body()["pictures"]})


def _picture(name: str) -> Mapping[str, Any]:
    regions(name)  # one place complains about an unknown picture
    return _pictures()[name]


@lru_cache(maxsize=8)
def outline(picture: str) -> tuple[Dot, ...]:
    """Outline of the half at the viewer's right, cm; closed by a straight line."""
    entry = _picture(picture)
    points = body()["outlines"][entry["outline"]]
    if "reflect" in entry:
        points = [(2 * entry["reflect"] - x, y) for x, y in points]
    return smooth(points, mirror=points[0][0] == points[-1][0] == 0)


def details(picture: str) -> tuple[tuple[Dot, ...], ...]:
    """Lines that make the figure readable (collar bone, creases, nails), both halves."""
    half = [smooth(line) for line in _picture(picture)["lines"]]
    return tuple(half) + tuple(_mirror(line) for line in half)


def _mirror(dots: Iterable[Dot]) -> tuple[Dot, ...]:
    return tuple((-x, y) for x, y in dots)


@lru_cache(maxsize=8)
def _half(picture: str) -> Mapping[str, tuple[Polygon, Dot]]:
    """Faces of the half at the viewer's right: name of the region -> polygon and anchor."""
    from shapely.geometry import LineString, Polygon  # noqa: PLC0415 - heavy
    from shapely.ops import polygonize, unary_union  # noqa: PLC0415 - heavy

    whole = Polygon(outline(picture))
    cuts = [LineString(smooth(cut)) for cut in _picture(picture)["cuts"]]
    faces = [face for face in polygonize(unary_union([whole.exterior, *cuts])) if _within(face, whole)]
    owners: dict[str, list[Polygon]] = {}
    rest = []
    for face in faces:
        name = _owner(face, _seeds(picture), picture)
        owners.setdefault(name, []).append(face) if name else rest.append(face)
    _give_slivers(rest, owners, picture)
    return MappingProxyType({name: (unary_union(parts), _seeds(picture)[name]) for name, parts in owners.items()})


def _seeds(picture: str) -> Mapping[str, Dot]:
    """Give a place inside each region of a picture; a hand at the arm is drawn as an inset instead."""
    inset = _picture(picture).get("inset", {}).get("region")
    found = {one["id"]: tuple(one["at"][picture]) for one in body()["regions"] if picture in one["at"]}
    return {name: seed for name, seed in found.items() if name != inset}


def _owner(face: Polygon, seeds: Mapping[str, Dot], picture: str) -> str:
    from shapely.geometry import Point  # noqa: PLC0415 - heavy

    inside = [name for name, seed in seeds.items() if face.contains(Point(seed))]
    if len(inside) > 1:
        raise InvalidInput(f"In the picture {picture!r} no line parts {' from '.join(inside)}.")
    return inside[0] if inside else ""


def _within(face: Polygon, whole: Polygon) -> bool:
    return bool(whole.contains(face.representative_point()))


def _give_slivers(rest: Iterable[Polygon], owners: Mapping[str, list[Polygon]], picture: str) -> None:
    for face in rest:
        if face.area > SLIVER:
            spot = face.representative_point()
            raise InvalidInput(f"In the picture {picture!r} no region owns the skin at ({spot.x:.1f}, {spot.y:.1f}).")
        borders = {name: sum(face.intersection(part).length for part in parts) for name, parts in owners.items()}
        owners[max(borders, key=lambda name: borders[name])].append(face)


@lru_cache(maxsize=8)
def shapes(picture: str) -> tuple[Shape, ...]:
    """Every region of a picture, both halves; links such as the hand in the front view are in :func:`insets`."""
    here = _picture(picture)["viewers_right"]
    there = SIDES[1 - SIDES.index(here)]
    half = [(name, tuple(face.exterior.coords)[:-1], anchor) for name, (face, anchor) in _half(picture).items()]
    right = [Shape(f"{name}.{here}", ring, anchor) for name, ring, anchor in half]
    left = [Shape(f"{name}.{there}", _mirror(ring), (-x, y)) for name, ring, (x, y) in half]
    return (*right, *left)


@lru_cache(maxsize=8)
def insets(picture: str) -> tuple[Inset, ...]:
    """Small copies of another picture that stand in this one, both halves."""
    entry = _picture(picture).get("inset")
    if entry is None:
        return ()
    here = _picture(picture)["viewers_right"]
    right = tuple(_moved(one, entry, here) for one in _drawn_half(entry["picture"]))
    left = tuple(_other_half(one) for one in right)
    return tuple(Inset(f"{entry['region']}.{parts[0].region.rpartition('.')[2]}", parts) for parts in (right, left))


def _drawn_half(picture: str) -> list[Shape]:
    return [one for one in shapes(picture) if one.region.endswith(_picture(picture)["viewers_right"])]


def _moved(shape: Shape, entry: Mapping[str, Any], side: str) -> Shape:
    turn, (fx, fy), (ax, ay) = radians(entry["turn"]), entry["wrist"], entry["at"]

    def put(dot: Dot) -> Dot:
        x, y = (fx - dot[0] if entry["flip"] else dot[0] - fx), dot[1] - fy
        return ax + x * cos(turn) - y * sin(turn), ay + x * sin(turn) + y * cos(turn)

    name = f"{shape.region.rpartition('.')[0]}.{side}"
    return Shape(name, tuple(put(dot) for dot in shape.ring), put(shape.anchor))


def _other_half(shape: Shape) -> Shape:
    name, _, side = shape.region.rpartition(".")
    other = f"{name}.{SIDES[1 - SIDES.index(side)]}"
    return Shape(other, _mirror(shape.ring), (-shape.anchor[0], shape.anchor[1]))


def hit(picture: str, x: float, y: float) -> str | None:
    """Id of the region at a place of a picture (cm), or None beside the body; a hand at the arm is its link."""
    from shapely.geometry import Point, Polygon  # noqa: PLC0415 - heavy

    spot = Point(x, y)
    for shape in shapes(picture):
        if Polygon(shape.ring).covers(spot):
            return shape.region
    for inset in insets(picture):
        if any(Polygon(part.ring).covers(spot) for part in inset.parts):
            return inset.opens
    return None


@lru_cache(maxsize=1)
def _neighbours() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {one.id: set() for one in regions()}
    for picture in _pictures():
        faces = {name: face for name, (face, _) in _half(picture).items()}
        for one, face in faces.items():
            for other, beside in faces.items():
                if one != other and face.intersection(beside).length >= BORDER:
                    for side in SIDES:
                        found[f"{one}.{side}"].add(f"{other}.{side}")
    return MappingProxyType({name: frozenset(beside) for name, beside in found.items()})


def neighbours(name: str) -> frozenset[str]:
    """Regions of the same side that share a border with a region in some picture."""
    return _neighbours()[region(name).id]
