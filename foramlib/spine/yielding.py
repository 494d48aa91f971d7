"""How the root gives way: solved once per state at stations along its course.

Where a wall comes closer to the centre line than the root's own radius, the station is
pushed off, square to the root's course, as far as there is room. What is still too close
afterwards is pinched: the bone then cuts into the drawn root. A schema of a root that
slides in its fat, without tension or pressure (model rule, not a measurement).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.lattice import Points
from foramlib.spine.shapes import Union

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array, Mask
    from foramlib.spine.shapes import Shape

ROUNDS = 5
PROBE = 0.3
"""Step of the finite differences, mm."""

CLEARANCE = 0.15
"""Room that a pushed root keeps from the wall where there is any, mm (assumption)."""


def give_way(path: Array, radii: Array, walls: tuple[Shape, ...]) -> Array:
    """Return how far each station is pushed aside.

    Parameters
    ----------
    path : ndarray, shape (n, 3)
        Centre line at rest, mm.
    radii : ndarray, shape (n,)
        Radius that needs room at each station, mm; 0 leaves a station out.
    walls : tuple of Shape
        What does not yield.

    Returns
    -------
    ndarray, shape (n, 3)
        Shift of each station, mm; zeros where nothing is in the way.
    """
    solid = Union(walls)
    shift = np.zeros_like(path)
    for _ in range(ROUNDS):
        lack = radii + CLEARANCE - solid.field(Points(path + shift))
        lack = np.where(radii > 0, np.maximum(lack, 0.0), 0.0)
        pressed: Mask = lack > CLEARANCE
        if not pressed.any():
            break
        push = 0.8 * lack[pressed, None] * _away(path, shift, solid, pressed)
        shift[pressed] += push
    return shift


def _away(path: Array, shift: Array, solid: Shape, pressed: Mask) -> Array:
    """Return unit vectors away from the wall, square to the course of the root, for the pressed stations."""
    course = np.gradient(path, axis=0)[pressed]
    course = course / np.linalg.norm(course, axis=1, keepdims=True)
    places = (path + shift)[pressed]
    probes = places[:, None, None, :] + PROBE * np.stack([np.eye(3), -np.eye(3)])
    fields = solid.field(Points(probes.reshape(-1, 3))).reshape(len(places), 2, 3)
    slope = fields[:, 0] - fields[:, 1]
    slope = slope - course * (slope * course).sum(axis=1, keepdims=True)
    size = np.linalg.norm(slope, axis=1, keepdims=True)
    return np.asarray(slope / np.maximum(size, 1e-6))
