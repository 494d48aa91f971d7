"""How the root gives way: solved once per state at stations along its course.

Where a wall comes closer to the centre line than the root's own radius, the station is
pushed off, square to the root's course, as far as there is room, and comes to lie against
what pushes it. What is still too close afterwards is pinched: the bone then cuts into the
drawn root. A schema of a root that slides in its fat, without tension or pressure (model
rule, not a measurement).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.lattice import Points
from foramlib.spine.shapes import Union

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array, Mask
    from foramlib.spine.shapes import Shape

ROUNDS = 8
PROBE = 0.3
"""Step of the finite differences, mm."""

CLEARANCE = 0.15
"""Room that a pushed root keeps from the wall where there is any, mm (assumption)."""


HALVINGS, SLIGHT, RIM = 4, 0.05, 12
"""Halvings by which a pushed root sinks back, the shift that is not worth one, mm, and points felt about it."""

STIFFNESS = 2.0
"""Distance along the root, in stations, over which a push is shared (assumption)."""


def give_way(
    path: Array,
    radii: Array,
    walls: tuple[Shape, ...],
    along: Array | None = None,
    rods: Array | None = None,
) -> Array:
    """Return how far each station is pushed aside.

    Parameters
    ----------
    path : ndarray, shape (n, 3)
        Centre line at rest, mm.
    radii : ndarray, shape (n,)
        Radius that needs room at each station, mm; 0 leaves a station out.
    walls : tuple of Shape
        What does not yield.
    along : ndarray, shape (n, 3), optional
        Unit vectors of the course; taken from the path if left out.
    rods : ndarray, shape (n,), optional
        Number of each station's rod: neighbours on it share a push. Without it every station moves by itself.

    Returns
    -------
    ndarray, shape (n, 3)
        Shift of each station, mm; zeros where nothing is in the way.
    """
    solid = Union(walls)
    shift = np.zeros_like(path)
    along = _tangents(path) if along is None else along
    kernel = None if rods is None else _shared(rods)
    for _ in range(ROUNDS):
        lack = np.where(radii > 0, radii + CLEARANCE - solid.field(Points(path + shift)), 0.0)
        pressed: Mask = lack > CLEARANCE
        if not pressed.any():
            break
        push = np.zeros_like(shift)
        push[pressed] = 0.8 * lack[pressed, None] * _away(path, shift, solid, pressed, along)
        shift += push if kernel is None else _spread(push, pressed, radii > 0, kernel)
    return _settled(path, radii, solid, shift, along=along, kernel=kernel)


def _tangents(path: Array) -> Array:
    """Return unit vectors along a path, shape (n, 3)."""
    along = np.gradient(path, axis=0)
    return np.asarray(along / np.linalg.norm(along, axis=1, keepdims=True))


def _settled(path: Array, radii: Array, solid: Shape, shift: Array, *, along: Array, kernel: Array | None) -> Array:
    """Let each station sink back towards its rest until its outline lies against what has pushed it.

    Whether a point lies in a wall is exact, while a field can run smaller than the distance: hence by halving.
    """
    moved = np.flatnonzero((np.linalg.norm(shift, axis=1) > SLIGHT) & (radii > 0))
    if not len(moved):
        return shift
    held, free = np.zeros(len(moved)), np.ones(len(moved))
    for _ in range(HALVINGS):
        middle = (held + free) / 2.0
        rings = _rings(path[moved] + middle[:, None] * shift[moved], radii[moved] + CLEARANCE, along[moved])
        clear = (solid.field(Points(rings.reshape(-1, 3))) > 0).reshape(len(moved), RIM).all(axis=1)
        held, free = np.where(clear, held, middle), np.where(clear, middle, free)
    part = np.zeros(len(path))  # a station that lies at rest holds nobody back
    part[moved] = free
    if kernel is not None:  # no farther than its neighbours on the rod do on average: a root does not kink
        part = np.maximum(part, kernel @ part / kernel.sum(axis=1))
    return shift * part[:, None]


def _rings(places: Array, radii: Array, along: Array) -> Array:
    """Points on round outlines square to a course, shape (n, RIM, 3), mm."""
    first = np.cross(along, np.where(np.abs(along[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]]))  # noqa: PLR2004 - not along the course
    first = first / np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(along, first)
    angles = 2.0 * np.pi * np.arange(RIM) / RIM
    rim = np.cos(angles)[:, None] * first[:, None] + np.sin(angles)[:, None] * second[:, None]
    return np.asarray(places[:, None] + radii[:, None, None] * rim)


def _shared(rods: Array) -> Array:
    """Share of a push at one station (column) that each other station of the same rod (row) takes."""
    apart = np.subtract.outer(np.arange(len(rods)), np.arange(len(rods))) / STIFFNESS
    return np.where(np.equal.outer(rods, rods), np.exp(-(apart**2)), 0.0)


def _spread(push: Array, pressed: Mask, bound: Mask, kernel: Array) -> Array:
    """Share each push with its neighbours; a pressed station keeps at least about its own."""
    weight = kernel @ pressed.astype(float)
    shared = (kernel @ push) / np.maximum(weight, 1.0)[:, None]
    return np.where(bound[:, None], shared, 0.0)


def _away(path: Array, shift: Array, solid: Shape, pressed: Mask, along: Array) -> Array:
    """Return unit vectors away from the wall, square to the course of the root, for the pressed stations."""
    course = along[pressed]
    places = (path + shift)[pressed]
    probes = places[:, None, None, :] + PROBE * np.stack([np.eye(3), -np.eye(3)])
    fields = solid.field(Points(probes.reshape(-1, 3))).reshape(len(places), 2, 3)
    slope = fields[:, 0] - fields[:, 1]
    slope = slope - course * (slope * course).sum(axis=1, keepdims=True)
    size = np.linalg.norm(slope, axis=1, keepdims=True)
    return np.asarray(slope / np.maximum(size, 1e-6))
