"""Where a structure lies in the body, relative to its neighbours: for pictures in 3D, which have no plane.

As in a section, a word is used only where both shapes agree with it: the middle of each lies beyond the whole extent
of the other along that direction, and no other direction is the more fitting one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from foramlib.learning.practice.placing import LANDMARKS, SLANT, Bearing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from foramlib.spine.section import Section
    from foramlib.spine.segment import Segment, Structure

    Points = NDArray[np.floating[Any]]

__all__ = ["NEAR", "SPARSE", "Look", "Looker", "bearings_in_space", "one_bearing_in_space"]

NEAR = 8.0
"""A neighbour lies within this distance, mm."""

SPARSE = 400
"""About so many points of each shape are asked how near two shapes come."""

CLEAR = 0.5
"""The middle of one lies at least so far beyond the other, mm: shapes are meshed, and this is their grain."""

TRIM = 1.0
"""Percentage of a shape's points that is left out at either end, so that no single point speaks for it."""


@dataclass(frozen=True, eq=False)
class Look:
    """What a picture in 3D shows, and where it lies in the body.

    Attributes
    ----------
    seen : Section
        What is seen, region by region; its plane is the camera's.
    points : mapping of str to ndarray, shape (n, 3)
        Points on the surface of each structure, seen or not, by id: left, back and up, mm.
    picture : object
        What the picture was made as; whoever made it can draw it again.
    """

    seen: Section
    points: Mapping[str, Points]
    picture: object


class Looker(Protocol):
    """Who makes pictures in 3D."""

    def __call__(self, segment: Segment, view: str, side: str) -> Look:
        """Look at a segment."""


def bearings_in_space(look: Look, seen: Mapping[str, Structure], target: str, most: int = 2) -> tuple[Bearing, ...]:
    """Say where a structure lies in the body: the nearest landmarks in view first, each word once.

    Parameters
    ----------
    look : Look
        The picture.
    seen : mapping of str to Structure
        What of it may be named, by id.
    target : str
        Id of the structure.
    most : int
        How many to give.

    Returns
    -------
    tuple of Bearing
        Empty where nothing certain can be said.
    """
    here, points = seen[target], look.points
    side = here.side or look.seen.plane.side
    landmarks = [name for name, other in seen.items() if _is_landmark(other, here, side)]
    near = {name: _apart(points[target], points[name]) for name in landmarks}
    order = sorted((round(away), LANDMARKS.index(seen[name].key), name) for name, away in near.items() if away <= NEAR)
    found: dict[str, Bearing] = {}
    for _, _, name in order:
        bearing = one_bearing_in_space(points, here, seen[name])
        if bearing is not None:
            found.setdefault(bearing.word, bearing)
    return tuple(found.values())[:most]


def _is_landmark(other: Structure, here: Structure, side: str) -> bool:
    return other.id != here.id and other.key in LANDMARKS and other.side in {"", side}


def _apart(one: Points, two: Points) -> float:
    """How near two shapes come, mm, by some of their points."""
    few = [shape[:: max(1, len(shape) // SPARSE)] for shape in (one, two)]
    return float(np.linalg.norm(few[0][:, None] - few[1][None], axis=2).min())


def one_bearing_in_space(points: Mapping[str, Points], here: Structure, landmark: Structure) -> Bearing | None:
    """Say how one structure lies to another in the body; None where no word is certain."""
    words = list(_directions(points[here.id], points[landmark.id], here.side, landmark.side))
    return Bearing(max(words)[1], landmark.id) if words else None


def _directions(here: Points, landmark: Points, own: str, other: str) -> Iterator[tuple[float, str]]:
    """Words that hold along the axes of the body, with how far the way is."""
    sides = {own, other} - {""}
    # From side to side nothing is said between two midline structures, or across the midline.
    outward = (-1.0 if "right" in sides else 1.0) if len(sides) == 1 else 0.0
    ways = [_way(here[:, axis], landmark[:, axis]) for axis in range(3)]
    pairs = (("lateral to", "medial to"), ("behind", "in front of"), ("above", "below"))
    for axis, (sign, pair) in enumerate(zip((outward, 1.0, 1.0), pairs, strict=True)):
        middle, clear = ways[axis]
        others = max(abs(ways[rest][0]) for rest in range(3) if rest != axis)
        if sign and clear > CLEAR and abs(middle) >= SLANT * others:
            yield abs(middle), pair[0] if sign * middle > 0 else pair[1]


def _way(here: Points, landmark: Points) -> tuple[float, float]:
    """Way from one middle to the other along an axis, and how far both middles clear the other shape, mm."""
    (low, high), (low_there, high_there) = (np.percentile(some, (TRIM, 100 - TRIM)) for some in (here, landmark))
    first, second = float(here.mean()), float(landmark.mean())
    if first >= second:
        return first - second, float(min(first - high_there, low - second))
    return first - second, float(min(low_there - first, second - high))
