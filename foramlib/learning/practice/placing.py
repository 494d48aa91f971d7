"""Where a structure lies in a section, relative to its neighbours, in an anatomist's words.

A word is used only where both shapes agree with it: the middle of each lies beyond the whole extent of the other
along that direction, and the direction is the one the eye follows from one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely import Polygon

    from foramlib.spine.planes import Plane
    from foramlib.spine.section import Section
    from foramlib.spine.segment import Structure

__all__ = ["LANDMARKS", "SHOWN", "Bearing", "Spot", "bearings", "one_bearing", "spots"]

SHOWN = 0.8
"""Share of the section that every picture of it shows; what is asked for lies within."""

REACH = 0.25
"""A neighbour lies within this share of the picture's half width."""

SLANT = 0.7
"""A direction is said where the way along it is at least this share of the way square to it."""

WITHIN = 0.9
"""Share of a structure that lies inside another's outer line where it is said to lie within."""

LANDMARKS = (
    "vertebral_body",
    "pedicle",
    "annulus",
    "superior_articular_process",
    "inferior_articular_process",
    "dural_sac",
    "spinal_cord",
    "ganglion",
    "exiting_root",
    "uncinate_process",
    "lamina",
    "facet_joint",
    "vertebral_artery",
    "traversing_root",
    "spinous_process",
    "transverse_process",
    "capsule",
    "flavum",
    "nucleus",
)
"""What a place may be described by, as catalogue keys."""

# Letter at the positive end of an axis of the picture -> the words for beyond and short of something.
_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "H": ("above", "below"),
        "F": ("below", "above"),
        "P": ("behind", "in front of"),
        "A": ("in front of", "behind"),
        "out": ("lateral to", "medial to"),
    }
)


@dataclass(frozen=True)
class Bearing:
    """One thing that can be said of a place: a word and the id of the landmark it refers to."""

    word: str
    landmark: str


@dataclass(frozen=True, eq=False)
class Spot:
    """A structure as the middle of a section shows it.

    Attributes
    ----------
    structure : Structure
        What it is.
    shape : Polygon
        Its largest piece within the picture, mm.
    whole : bool
        Whether it has no second piece of any size.
    """

    structure: Structure
    shape: Polygon
    whole: bool

    @property
    def id(self) -> str:
        """Id of the structure."""
        return self.structure.id

    def thicker_than(self, mm: float) -> bool:
        """Whether a circle of that diameter, mm, fits in."""
        return not self.shape.buffer(-mm / 2).is_empty


ONE_PIECE = 0.85
"""Share of what shows that the largest piece must have for a structure to be in one place."""


def spots(section: Section, share: float = SHOWN) -> dict[str, Spot]:
    """Give what the middle of a section shows, by id; ``share`` says how much of its width and height that is."""
    wide, high = (share * half for half in section.plane.half)
    found = {}
    for region in section.regions:
        shown = shapely.clip_by_rect(region.polygon, -wide, -high, wide, high)
        pieces = [piece for piece in shapely.get_parts(shown) if piece.geom_type == "Polygon" and piece.area]
        if pieces:
            largest = max(pieces, key=lambda piece: float(piece.area))
            share = largest.area / sum(piece.area for piece in pieces)
            found[region.structure.id] = Spot(region.structure, largest, bool(share >= ONE_PIECE))
    return found


def bearings(section: Section, seen: Mapping[str, Spot], target: str, most: int = 2) -> tuple[Bearing, ...]:
    """Say where a structure lies: the nearest landmarks first, each word once.

    Parameters
    ----------
    section : Section
        The cut.
    seen : mapping of str to Spot
        What :func:`spots` gives for it.
    target : str
        Id of the structure.
    most : int
        How many to give.

    Returns
    -------
    tuple of Bearing
        Empty where nothing certain can be said.
    """
    here = seen[target]
    reach = REACH * section.plane.half[0]
    near = [spot for spot in seen.values() if _is_landmark(spot, here, section.plane)]
    near = [spot for spot in near if spot.shape.distance(here.shape) <= reach]
    near.sort(key=lambda spot: (round(spot.shape.distance(here.shape)), LANDMARKS.index(spot.structure.key), spot.id))
    found: dict[str, Bearing] = {}
    for spot in near:
        bearing = one_bearing(section.plane, here, spot)
        if bearing is not None:
            found.setdefault(bearing.word, bearing)
    return tuple(found.values())[:most]


def _is_landmark(spot: Spot, here: Spot, plane: Plane) -> bool:
    side = here.structure.side or plane.side
    sided = spot.structure.side in {"", side}
    return spot.id != here.id and spot.structure.key in LANDMARKS and sided and spot.whole


def one_bearing(plane: Plane, here: Spot, landmark: Spot) -> Bearing | None:
    """Say how one structure lies to another in the picture; None where no word is certain."""
    if _inside(here.shape, landmark.shape):
        return Bearing("within", landmark.id)
    if _inside(landmark.shape, here.shape):
        return Bearing("around", landmark.id)
    words = list(_directions(plane, here, landmark))
    return Bearing(max(words)[1], landmark.id) if words else None


def _inside(inner: Polygon, outer: Polygon) -> bool:
    filled = shapely.Polygon(outer.exterior)
    return bool(filled.intersection(inner).area >= WITHIN * inner.area)


def _directions(plane: Plane, here: Spot, landmark: Spot) -> Iterator[tuple[float, str]]:
    """Words that hold along the axes of the picture, with how far the way is."""
    ways = [_way(here.shape, landmark.shape, axis) for axis in (0, 1)]
    for axis, words in enumerate(_axis_words(plane, here, landmark)):
        middle, clear = ways[axis]
        if words and clear > 0 and abs(middle) >= SLANT * abs(ways[1 - axis][0]):
            yield abs(middle), words[0] if middle > 0 else words[1]


def _way(here: Polygon, landmark: Polygon, axis: int) -> tuple[float, float]:
    """Way from one middle to the other along an axis, and how far both middles clear the other shape, mm."""
    first, second = (here.centroid.coords[0][axis], landmark.centroid.coords[0][axis])
    if first >= second:
        return first - second, min(first - landmark.bounds[axis + 2], here.bounds[axis] - second)
    return first - second, min(landmark.bounds[axis] - first, second - here.bounds[axis + 2])


def _axis_words(plane: Plane, here: Spot, landmark: Spot) -> list[tuple[str, str] | None]:
    return [_words(letter, here, landmark) for letter in (plane.marks["right"], plane.marks["top"])]


def _words(letter: str, here: Spot, landmark: Spot) -> tuple[str, str] | None:
    """Words for the two ways along an axis.

    From side to side there are none between two midline structures, or between structures of either side.
    """
    if letter not in "LR":
        return _WORDS[letter]
    sides = {here.structure.side, landmark.structure.side} - {""}
    if len(sides) != 1:
        return None
    side = sides.pop()
    outward, inward = _WORDS["out"]
    return (outward, inward) if _letter(side) == letter else (inward, outward)


def _letter(side: str) -> str:
    return side[0].upper()
