"""Where a shape is evaluated: regular lattices of points, and plain lists of points.

Both kinds can be moved rigidly and cropped to a box without touching every point,
which is what keeps a section fast: a transform costs one small matrix product,
and a shape is only evaluated where its box lets it matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import ceil, floor
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foramlib.spine.shapes import Motion

Array: TypeAlias = "NDArray[np.floating[Any]]"
Mask: TypeAlias = "NDArray[np.bool_]"
Window: TypeAlias = "tuple[slice, ...]"
Axis: TypeAlias = "tuple[float, float, float]"

NEARBY = 4.5
"""Distance, mm, up to which a list of points is told the true field of a shape."""

FLAT = 2
"""Number of indices of a lattice that lies in a plane."""

_FLIP = np.array([-1.0, 1.0, 1.0])
_CORNERS = np.array(list(product((0, 1), repeat=3)), dtype=bool)


@dataclass(frozen=True)
class Box:
    """An axis-aligned box in millimetres, from corner ``low`` to corner ``high``."""

    low: Axis
    high: Axis

    def grown(self, margin: float) -> Box:
        """Return the box with ``margin`` mm added on every side."""
        return Box(
            (self.low[0] - margin, self.low[1] - margin, self.low[2] - margin),
            (self.high[0] + margin, self.high[1] + margin, self.high[2] + margin),
        )

    def corners(self) -> Array:
        """Return the eight corners, shape (8, 3), in millimetres."""
        return np.where(_CORNERS, self.high, self.low)

    @staticmethod
    def around(points: Array) -> Box:
        """Return the smallest box that holds ``points``, shape (n, 3)."""
        low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return Box(tuple(low), tuple(high))

    @staticmethod
    def joined(boxes: list[Box]) -> Box:
        """Return the smallest box that holds all ``boxes``."""
        return Box.around(np.array([end for box in boxes for end in (box.low, box.high)]))

    @staticmethod
    def common(boxes: list[Box]) -> Box:
        """Return the overlap of ``boxes`` (flat and harmless where they do not meet)."""
        low = np.max([box.low for box in boxes], axis=0)
        high = np.min([box.high for box in boxes], axis=0)
        return Box(tuple(low.tolist()), tuple(np.maximum(low, high).tolist()))


@dataclass(frozen=True, eq=False)
class Lattice:
    """Regular points ``origin + i * steps[0] + j * steps[1] (+ k * steps[2])``.

    Parameters
    ----------
    origin : ndarray, shape (3,)
        First point, mm.
    steps : ndarray, shape (2 or 3, 3)
        One step along each index, mm.
    counts : tuple of int
        Number of points along each index.
    inverse : ndarray, shape (3, 3), optional
        ``to_index`` if it is known already.
    """

    origin: Array
    steps: Array
    counts: tuple[int, ...]
    inverse: Array | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the arrays that shapes return for this lattice."""
        return self.counts

    @cached_property
    def to_index(self) -> Array:
        """Matrix that turns a shift in mm into steps, shape (3, 3); third: distance off a plane."""
        if self.inverse is not None:
            return self.inverse
        basis = self.steps
        if len(basis) == FLAT:
            normal = np.cross(basis[0], basis[1])
            basis = np.vstack([basis, normal / np.linalg.norm(normal)])
        return np.linalg.inv(basis)

    def moved(self, motion: Motion) -> Lattice:
        """Return the lattice as seen from a frame placed by ``motion``."""
        turn = motion.rotation
        origin = (self.origin - motion.shift) @ turn
        return Lattice(origin, self.steps @ turn, self.counts, turn.T @ self.to_index)

    def mirrored(self) -> Lattice:
        """Return the lattice seen in the midsagittal mirror (x to -x)."""
        inverse = self.to_index * _FLIP[:, None]
        return Lattice(self.origin * _FLIP, self.steps * _FLIP, self.counts, inverse)

    def scaled(self, factors: Axis) -> Lattice:
        """Return the lattice with each coordinate divided by its factor."""
        inverse = self.to_index * np.reshape(factors, (3, 1))
        return Lattice(self.origin / factors, self.steps / factors, self.counts, inverse)

    def part(self, window: Window) -> Lattice:
        """Return the piece of the lattice that ``window`` cuts out."""
        starts = np.array([piece.start for piece in window], dtype=float)
        counts = tuple(piece.stop - piece.start for piece in window)
        return Lattice(self.origin + starts @ self.steps, self.steps, counts, self.to_index)

    def coordinates(self) -> tuple[Array, Array, Array]:
        """Return x, y and z in mm, each broadcastable to ``shape``."""
        return self._along(0), self._along(1), self._along(2)

    def _along(self, axis: int) -> Array:
        total: Array = np.full((1,) * len(self.counts), self.origin[axis], dtype=np.float32)
        for index, count in enumerate(self.counts):
            step = self.steps[index, axis]
            if step:
                line = [1] * len(self.counts)
                line[index] = count
                total = total + (step * np.arange(count)).astype(np.float32).reshape(line)
        return total

    def window(self, box: Box) -> Window | None:
        """Return the index window that can meet ``box``, or None where it cannot."""
        places = (box.corners() - self.origin) @ self.to_index
        low, high = places.min(axis=0).tolist(), places.max(axis=0).tolist()
        if len(self.counts) == FLAT and low[2] * high[2] > 0:
            return None  # the plane passes the box on one side
        slices = []
        for start, stop, count in zip(low, high, self.counts, strict=False):
            first, last = max(floor(start), 0), min(ceil(stop) + 1, count)
            if first >= last:
                return None
            slices.append(slice(first, last))
        return tuple(slices)


@dataclass(frozen=True, eq=False)
class Points:
    """A plain list of points, shape (n, 3), mm."""

    xyz: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the arrays that shapes return for these points."""
        return (len(self.xyz),)

    def moved(self, motion: Motion) -> Points:
        """Return the points as seen from a frame placed by ``motion``."""
        return Points((self.xyz - motion.shift) @ motion.rotation)

    def mirrored(self) -> Points:
        """Return the points seen in the midsagittal mirror (x to -x)."""
        return Points(self.xyz * _FLIP)

    def scaled(self, factors: Axis) -> Points:
        """Return the points with each coordinate divided by its factor."""
        return Points(self.xyz / factors)

    def part(self, window: Window) -> Points:
        """Return the points that ``window`` cuts out."""
        return Points(self.xyz[window])

    def coordinates(self) -> tuple[Array, Array, Array]:
        """Return x, y and z in mm."""
        return self.xyz[:, 0], self.xyz[:, 1], self.xyz[:, 2]

    def window(self, box: Box) -> Window | None:
        """Return all points if any lies in ``box`` or within :data:`NEARBY` of it, else None."""
        near = box.grown(NEARBY)
        inside = (self.xyz >= near.low) & (self.xyz <= near.high)
        return (slice(0, len(self.xyz)),) if inside.all(axis=1).any() else None


Where: TypeAlias = "Lattice | Points"
