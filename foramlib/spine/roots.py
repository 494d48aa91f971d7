"""How the roots lie: their course at rest, how far they are pushed aside, how much they are flattened.

Solved once per state at stations along each root; sections, meshes and scans only cut what is solved here.
A root gives way first (:mod:`foramlib.spine.yielding`). Where there is still no room it flattens: it gets thinner
towards the nearest walls and wider along them, its cross-section kept while there is room (model rule). No pressure
is computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.lattice import Points
from foramlib.spine.shapes import Ribbon, Shape, Sweep, Union
from foramlib.spine.vertebra import axis
from foramlib.spine.yielding import give_way

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.stage import Stage
    from foramlib.spine.tissues import Station

SPACING = 1.5
"""Distance between stations along a root, mm."""

THINNEST = 0.3
"""Least thickness of a flattened root, as a share of its own (assumption)."""

WIDEST = 1.8
"""Greatest width of a flattened root, as a share of its own (assumption)."""

SLACK = 0.05
"""Lack of room, mm, below which a root keeps its round shape."""

RAYS = 16
"""Directions about a station in which room is looked for."""

STRAIGHT = 0.03
"""Stations whose leaving out moves the drawn root less than this, mm, are left out."""


@dataclass(frozen=True, eq=False)
class Course:
    """A root at rest.

    Attributes
    ----------
    index : ndarray, shape (n,)
        Place of each station among the few named ones that it was drawn through.
    places : ndarray, shape (n, 3)
        Centre line as the posture carries it, mm.
    radii : ndarray, shape (n,)
        Radius that needs room, mm; 0 at the loose ends.
    """

    index: Array
    places: Array
    radii: Array

    @cached_property
    def along(self) -> Array:
        """Unit vectors of the course, shape (n, 3)."""
        slope = np.gradient(self.places, axis=0)
        return np.asarray(slope / np.linalg.norm(slope, axis=1, keepdims=True))

    @cached_property
    def lengths(self) -> Array:
        """Distance of each station along the root, mm, shape (n,)."""
        steps = np.linalg.norm(np.diff(self.places, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])


@dataclass(frozen=True, eq=False)
class Root:
    """A root as it lies now.

    Attributes
    ----------
    kind, side : str
        ``"exiting"`` or ``"traversing"``; ``"left"`` or ``"right"``.
    course : Course
        Where it lies at rest.
    shift : ndarray, shape (n, 3)
        How far each station is pushed aside, mm.
    minor : ndarray, shape (n, 3)
        Unit vectors in which the root is thinnest.
    thin, wide : ndarray, shape (n,)
        Thickness and width as shares of the root's own; 1 where it is round.
    """

    kind: str
    side: str
    course: Course
    shift: Array
    minor: Array
    thin: Array
    wide: Array

    @property
    def places(self) -> Array:
        """Centre line now, shape (n, 3), mm."""
        return np.asarray(self.course.places + self.shift)

    @property
    def flattening(self) -> Array:
        """Thickness lost at each station as a share of the root's own, 0 to 1, shape (n,)."""
        return np.asarray(1.0 - self.thin)

    @property
    def area_kept(self) -> Array:
        """Cross-section now as a share of the root's own, shape (n,)."""
        return np.asarray(self.thin * self.wide)

    @cached_property
    def at_ease(self) -> bool:
        """Whether nothing pushes or flattens it."""
        return not self.shift.any() and bool((self.thin == 1.0).all())

    def shift_at(self, index: float | Array) -> Array:
        """Return the shift at places among the named stations, shape (..., 3), mm."""
        columns = [np.interp(index, self.course.index, column) for column in self.shift.T]
        return np.stack(columns, axis=-1)

    def rod(self, stage: Stage, side: int, stations: list[Station]) -> Sweep | Ribbon:
        """Sweep a rod that follows this root through named ``stations`` of its own."""
        from foramlib.spine.tissues import carried_path  # noqa: PLC0415 - tissues build on this module

        if self.at_ease:
            path = carried_path(stage, side, stations)
            return Sweep(tuple(axis(point) for point in path), tuple(station.radius for station in stations))
        dense = refined(stations)
        index, spots = dense
        return self.followed(index, carried_path(stage, side, spots), np.array([spot.radius for spot in spots]))

    def followed(self, index: Array, path: Array, radii: Array, *, offset: bool = True) -> Ribbon:
        """Return the rod through ``path`` (mm) at places ``index`` of this root, pushed and flattened as it is."""
        course = self.course
        own = np.stack([np.interp(index, course.index, column) for column in course.places.T], axis=-1)
        minor = np.stack([np.interp(index, course.index, column) for column in self.minor.T], axis=-1)
        minor = minor / np.maximum(np.linalg.norm(minor, axis=1, keepdims=True), 1e-9)
        thin, wide = (np.interp(index, course.index, values) for values in (self.thin, self.wide))
        aside = path - own
        if offset:  # what lies beside the centre line is pressed with it
            aside = aside - minor * ((aside * minor).sum(axis=1) * (1.0 - thin))[:, None]
        moved = own + self.shift_at(index) + aside
        table = np.column_stack([moved, radii * thin, radii * wide, minor])
        table = table[_needed(table[:, :5])]
        return Ribbon(
            tuple(axis(row[:3]) for row in table),
            tuple(table[:, 3].tolist()),
            tuple(table[:, 4].tolist()),
            tuple(axis(row[5:]) for row in table),
        )


def refined(stations: list[Station]) -> tuple[Array, list[Station]]:
    """Return stations :data:`SPACING` mm apart through the named ones, with their places among them."""
    places = np.array([station.place for station in stations])
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    index = np.concatenate(
        [
            *(
                i + np.arange(count) / count
                for i, count in enumerate(np.maximum(np.round(steps / SPACING), 1).astype(int))
            ),
            [len(stations) - 1],
        ]
    )
    own = np.arange(len(stations))
    columns = [np.interp(index, own, column) for column in places.T]
    weights = np.interp(index, own, [station.weight for station in stations])
    radii = np.interp(index, own, [station.radius for station in stations])
    spots = zip(np.column_stack(columns), weights.tolist(), radii.tolist(), strict=True)
    return index, [replace(stations[0], place=axis(place), weight=w, radius=r) for place, w, r in spots]


def solved(rods: list[tuple[str, str, Course]], walls: tuple[Shape, ...]) -> list[Root]:
    """Let every root give way to ``walls``, and flatten it where that is not enough.

    Parameters
    ----------
    rods : list of (kind, side, course)
        The roots at rest.
    walls : tuple of Shape
        What does not yield.
    """
    solid = Union(walls)
    courses = [course for _, _, course in rods]
    ends = np.cumsum([len(course.places) for course in courses])[:-1]
    shift = give_way(
        np.vstack([course.places for course in courses]),
        np.concatenate([course.radii for course in courses]),
        (solid,),
        np.vstack([course.along for course in courses]),
        np.repeat(np.arange(len(courses)), [len(course.places) for course in courses]),
    )
    shifts = np.split(shift, ends)
    return [
        _flattened(kind, side, course, moved, solid) for (kind, side, course), moved in zip(rods, shifts, strict=True)
    ]


def _flattened(kind: str, side: str, course: Course, shift: Array, solid: Shape) -> Root:
    """Return the root as it lies after ``shift``, flattened where walls are nearer than its radius."""
    count = len(course.places)
    thin, wide, minor = np.ones(count), np.ones(count), _upright(course.along)
    places = course.places + shift
    lack = np.zeros(count)
    if shift.any():
        lack = np.where(course.radii > 0, course.radii - solid.field(Points(places)), 0.0)
    pressed = np.flatnonzero(lack > SLACK)
    if len(pressed):
        radii = course.radii[pressed]
        directions = _rose(course.along[pressed])
        room = _room_along(places[pressed], directions, radii, solid)
        half = (room + np.roll(room, RAYS // 2, axis=1)) / 2.0
        narrowest = half.argmin(axis=1)
        rows = np.arange(len(pressed))
        least = half[rows, narrowest]
        across = half[rows, (narrowest + RAYS // 4) % RAYS]
        # It comes to lie half-way between the two walls.
        aside = room[rows, narrowest] - least
        shift = shift.copy()
        shift[pressed] += directions[rows, narrowest] * aside[:, None]
        thin[pressed] = np.clip(least / radii, THINNEST, 1.0)
        wide[pressed] = np.clip(np.minimum(1.0 / thin[pressed], across / radii), thin[pressed], WIDEST)
        minor[pressed] = directions[rows, narrowest]
    return Root(kind, side, course, shift, _aligned(minor), thin, wide)


def _upright(along: Array) -> Array:
    """Return unit vectors square to the course, upward where there is a choice."""
    up = np.array([0.0, 0.0, 1.0]) - along * along[:, 2:]
    size = np.linalg.norm(up, axis=1, keepdims=True)
    up = np.where(size > 0.1, up, np.array([0.0, 1.0, 0.0]) - along * along[:, 1:2])  # noqa: PLR2004 - nearly upright
    return np.asarray(up / np.linalg.norm(up, axis=1, keepdims=True))


def _aligned(minor: Array) -> Array:
    """Turn each vector to the same side as the one before: a direction without a sign."""
    turned = minor.copy()
    for here in range(1, len(turned)):
        if turned[here] @ turned[here - 1] < 0:
            turned[here] *= -1.0
    return turned


def _rose(along: Array) -> Array:
    """Directions about each station square to its course, shape (n, RAYS, 3)."""
    first = _upright(along)
    second = np.cross(along, first)
    angles = 2.0 * np.pi * np.arange(RAYS) / RAYS
    return np.asarray(
        first[:, None, :] * np.cos(angles)[None, :, None] + second[:, None, :] * np.sin(angles)[None, :, None]
    )


def _room_along(places: Array, directions: Array, radii: Array, solid: Shape) -> Array:
    """Distance to the first wall along each direction, mm, up to the widest that a root can become."""
    shares = np.linspace(0.1, WIDEST, 18)
    reach = radii[:, None] * shares  # (n, s)
    spots = places[:, None, None, :] + directions[:, :, None, :] * reach[:, None, :, None]
    fields = solid.field(Points(spots.reshape(-1, 3))).reshape(len(places), RAYS, len(shares))
    # The field is a distance: from each free point the wall is at least that much farther.
    blocked = fields < 0
    first = np.where(blocked.any(axis=2), blocked.argmax(axis=2), len(shares) - 1)
    rows, rays = np.indices(first.shape)
    before = np.maximum(first - 1, 0)
    ahead = np.maximum(fields[rows, rays, before], 0.0)
    low = np.where(first > 0, reach[rows, before], 0.0)
    found: Array = np.where(blocked.any(axis=2), np.minimum(low + ahead, reach[rows, first]), reach[rows, first])
    return found


def _needed(table: Array) -> Array:
    """Return the indices of the rows that a polyline through ``table`` cannot do without."""
    keep = [0]
    for here in range(1, len(table) - 1):
        start, stop = keep[-1], here + 1
        shares = (np.arange(start + 1, stop) - start) / (stop - start)
        line = table[start] + shares[:, None] * (table[stop] - table[start])
        if np.abs(table[start + 1 : stop] - line).max() > STRAIGHT:
            keep.append(here)
    return np.array([*keep, len(table) - 1])
