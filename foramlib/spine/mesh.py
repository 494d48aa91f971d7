"""Surfaces of shapes as triangles, for the 3D view.

The surface is found with naive surface nets: one point in every lattice cell that the surface
crosses, at the mean of the crossings of the cell's edges, and one four-cornered face for every lattice
edge that is crossed. It needs numpy alone, shares its points between faces and is closed by
construction, because nothing reaches the border of the lattice.

The method is after Gibson, "Constrained elastic surface nets", MICCAI 1998, doi 10.1007/BFb0056277.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.spine.lattice import Lattice, Points

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from foramlib.spine.lattice import Array
    from foramlib.spine.shapes import Motion, Shape

    Whole = NDArray[np.integer[Any]]

SLICE = 12_000
"""Lattice points evaluated between two pauses: a few milliseconds of work."""

CHUNK = 2_000
"""Points of the surface moved between two pauses."""

_CORNERS = np.array(list(product((0, 1), repeat=3)))
_EDGES = tuple((a, b) for a in range(8) for b in range(a + 1, 8) if int(np.abs(_CORNERS[a] - _CORNERS[b]).sum()) == 1)


@dataclass(frozen=True, eq=False)
class Mesh:
    """A closed surface.

    Attributes
    ----------
    vertices : ndarray, shape (n, 3), float32
        Points, mm.
    faces : ndarray, shape (m, 3), uint32
        Triangles, counter-clockwise as seen from outside.
    normals : ndarray, shape (n, 3), float32
        Unit vectors that point outward.
    """

    vertices: Array
    faces: Whole
    normals: Array

    @cached_property
    def area(self) -> float:
        """Area, mm²."""
        return float(np.linalg.norm(_face_normals(self.vertices, self.faces), axis=1).sum() / 2)

    @cached_property
    def volume(self) -> float:
        """Enclosed volume, mm³."""
        a, b, c = (self.vertices[self.faces[:, corner]].astype(float) for corner in range(3))
        return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)

    def moved(self, motion: Motion) -> Mesh:
        """Return the mesh moved rigidly."""
        turned = self.normals @ motion.rotation.T.astype(np.float32)
        return Mesh(motion.apply(self.vertices).astype(np.float32), self.faces, turned)


def mesh(shape: Shape, step: float) -> Mesh:
    """Return the surface of ``shape``.

    Parameters
    ----------
    shape : Shape
        What to cover; details under twice the step are lost.
    step : float
        Distance between sampling points, mm.

    Returns
    -------
    Mesh
        In the frame of the shape; empty where nothing lies inside.

    Raises
    ------
    InvalidInput
        If ``step`` is not a positive number.
    """
    made: Mesh = run(mesh_steps(shape, step))
    return made


def run(steps: Generator[None, None, Any]) -> Any:  # noqa: ANN401 - whatever the steps make
    """Run work that comes in slices to its end and return what it makes."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def mesh_steps(shape: Shape, step: float) -> Generator[None, None, Mesh]:
    """Make the surface of ``shape`` in slices; each ``next`` takes a few milliseconds.

    Parameters and result are those of :func:`mesh`. A slice that is not asked for is never done, so a
    surface that nobody wants any more is dropped by forgetting the generator.
    """
    if not step > 0:
        raise InvalidInput(f"A mesh cannot be made in steps of {step!r} mm; choose a number above 0.")
    lattice = _lattice(shape, step)
    field = np.full(lattice.shape, step, dtype=np.float32)
    inner = tuple(slice(1, count - 1) for count in lattice.shape)
    rows = max(1, SLICE // (lattice.shape[1] * lattice.shape[2]))
    for start in range(1, lattice.shape[0] - 1, rows):
        window = (slice(start, min(start + rows, inner[0].stop)), inner[1], inner[2])
        field[window] = shape.field(lattice.part(window))
        yield
    net = yield from _net(field, lattice)
    return (yield from _settled(net, shape, step))


def _settled(net: Mesh, shape: Shape, step: float) -> Generator[None, None, Mesh]:
    """Move each point along its normal onto the true surface: a net cuts the corners of what is curved."""
    vertices = net.vertices.copy()
    for start in range(0, len(vertices), CHUNK):
        piece = slice(start, start + CHUNK)
        off = shape.field(Points(net.vertices[piece]))
        vertices[piece] -= np.clip(off, -step / 3, step / 3)[:, None] * net.normals[piece]
        yield
    return Mesh(vertices, net.faces, _normals(vertices, net.faces))


def _lattice(shape: Shape, step: float) -> Lattice:
    """Centre sampling points on the shape's box, with a border that the shape does not reach."""
    low, high = np.array(shape.box.low), np.array(shape.box.high)
    counts = np.array([ceil(size / step) + 5 for size in (high - low).tolist()])
    origin = (low + high) / 2 - (counts - 1) / 2 * step
    return Lattice(origin, np.eye(3) * step, tuple(counts.tolist()))


def _net(field: Array, lattice: Lattice) -> Generator[None, None, Mesh]:
    """Span the net over the zeros of a field."""
    # A field may be exactly zero in the middle of a primitive; zero counts as inside, or it would leave a bubble.
    inside = field <= 0
    cells = _mixed_cells(inside)
    number = np.full(cells.size, -1, dtype=np.int32)
    active = np.flatnonzero(cells)
    number[active] = np.arange(len(active), dtype=np.int32)
    yield
    places = np.stack(np.unravel_index(active, cells.shape), axis=1)
    vertices = lattice.origin + _crossing(field, places) @ lattice.steps
    yield
    faces = _faces(inside, number.reshape(cells.shape))
    yield
    vertices = vertices.astype(np.float32)
    return Mesh(vertices, faces, _normals(vertices, faces))


def _mixed_cells(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells with corners on both sides of the surface."""
    some, every = inside, inside
    for axis in range(3):
        first = tuple(slice(0, -1) if index == axis else slice(None) for index in range(3))
        second = tuple(slice(1, None) if index == axis else slice(None) for index in range(3))
        some, every = some[first] | some[second], every[first] & every[second]
    return some & ~every


def _crossing(field: Array, places: Whole) -> Array:
    """Mean of the crossings of each cell's edges, in steps, shape (n, 3)."""
    values = [field[tuple((places + corner).T)] for corner in _CORNERS]
    total, count = np.zeros(places.shape), np.zeros(len(places))
    for a, b in _EDGES:
        hit = (values[a] <= 0) != (values[b] <= 0)
        share = np.where(hit, values[a] / np.where(hit, values[a] - values[b], 1.0), 0.0)
        # Never quite at a corner: the points of neighbouring cells would fall together there.
        share = np.clip(share, 0.02, 0.98)
        total += hit[:, None] * (_CORNERS[a] + share[:, None] * (_CORNERS[b] - _CORNERS[a]))
        count += hit
    middle: Array = places + total / count[:, None]
    return middle


def _faces(inside: NDArray[np.bool_], number: Whole) -> Whole:
    """Two triangles for every lattice edge that leaves or enters the shape."""
    found = []
    for axis in range(3):
        one, other = (axis + 1) % 3, (axis + 2) % 3
        first = tuple(slice(0, -1) if index == axis else slice(1, -1) for index in range(3))
        second = tuple(slice(1, None) if index == axis else slice(1, -1) for index in range(3))
        places = np.argwhere(inside[first] != inside[second])
        places += np.array([index != axis for index in range(3)])
        leaves = inside[tuple(places.T)]
        unit = np.eye(3, dtype=places.dtype)
        around = (places - unit[one] - unit[other], places - unit[other], places, places - unit[one])
        quads = np.stack([number[tuple(cell.T)] for cell in around], axis=1)
        found.append(np.where(leaves[:, None], quads, quads[:, ::-1]))
    corners = np.concatenate(found)
    return np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]]).astype(np.uint32)


def _face_normals(vertices: Array, faces: Whole) -> Array:
    """Return normals of the triangles, twice their area long."""
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    return np.cross(b - a, c - a)


def _normals(vertices: Array, faces: Whole) -> Array:
    """Outward unit vectors at the points: the mean of the faces around, large ones counting more."""
    each = np.repeat(_face_normals(vertices, faces), 3, axis=0)
    corners = faces.ravel()
    total = np.stack([np.bincount(corners, each[:, axis], len(vertices)) for axis in range(3)], axis=1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    unit: Array = (total / np.maximum(length, 1e-12)).astype(np.float32)
    return unit
