"""Cut a segment with a plane: which structure is where, as outlines in the plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from contourpy import FillType, LineType, SerialContourGenerator, ZInterp

from foramlib.spine.segment import Tile
from foramlib.spine.shapes import FAR

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from foramlib.spine.lattice import Array, Lattice, Mask, Window
    from foramlib.spine.planes import Plane
    from foramlib.spine.segment import Bone, Segment, Structure
    from foramlib.spine.shapes import Shape

_NO_MASK = np.zeros((), dtype=bool)  # a mask without dimensions means none

SHORTEST, TRIANGLE = 2, 3
"""Fewest sampling points that can be traced; points of a closed line that still has no area."""

STEP = 0.25
"""Distance between sampling points of a section, mm."""


@dataclass(frozen=True)
class Ring:
    """A filled outline: ``points`` (n, 2) in mm, one or more rings that start at ``offsets``."""

    points: Array
    offsets: Array


@dataclass(frozen=True)
class Region:
    """What one structure fills of a section.

    Attributes
    ----------
    structure : Structure
        Whose region it is.
    rings : tuple of Ring
        Its pieces, plane coordinates (u, v) in mm.
    """

    structure: Structure
    rings: tuple[Ring, ...]

    @cached_property
    def polygon(self) -> MultiPolygon:
        """The region as a shapely multipolygon, mm."""
        return to_polygon(self.rings)


@dataclass(frozen=True, eq=False)
class Section:
    """A plane cut through a segment.

    Attributes
    ----------
    plane : Plane
        The plane; all coordinates are its (u, v), mm.
    regions : tuple of Region
        Every structure that shows, the owner of shared space first; regions do not overlap.
    bones : dict of str to tuple of Ring
        Outline of each whole vertebra by name.
    gaps : tuple of Ring
        What closes the gaps in the bony wall of the foramen.
    lattice : Lattice
        The sampling points.
    """

    plane: Plane
    regions: tuple[Region, ...]
    bones: dict[str, tuple[Ring, ...]]
    gaps: tuple[Ring, ...]
    lattice: Lattice

    @cached_property
    def outlines(self) -> dict[str, MultiPolygon]:
        """Region of every structure by its id, mm."""
        return {region.structure.id: region.polygon for region in self.regions}


def cut(segment: Segment, plane: Plane, step: float = STEP, beyond: tuple[Structure, ...] = ()) -> Section:
    """Cut ``segment`` with ``plane``.

    Parameters
    ----------
    segment : Segment
        What to cut.
    plane : Plane
        Where.
    step : float
        Distance between sampling points, mm.
    beyond : tuple of Structure
        What lies about the segment, such as muscles; it takes what the segment leaves.

    Returns
    -------
    Section
        Outlines of everything the plane meets.
    """
    tracer = _Tracer(plane, plane.lattice(step))
    regions: list[Region] = []
    bones: dict[str, tuple[Ring, ...]] = {}
    for bone in segment.bones:
        bones[bone.vertebra.name], pieces = tracer.bone(bone)
        regions += pieces
    regions = _joined(regions)
    for structure in (*segment.soft, *beyond):
        rings = tracer.claim(structure.shape)
        if rings:
            regions.append(Region(structure, rings))
    # Only the planes that outline the foramen need its wall closed.
    gaps = tracer.sketch(segment.bony_gaps) if plane.kind == "sagittal" else ()
    return Section(plane, tuple(regions), bones, gaps, tracer.lattice)


def _joined(regions: list[Region]) -> list[Region]:
    """Join the pieces of one structure: a pars that has given way shows on both sides of its gap."""
    found: dict[str, Region] = {}
    for region in regions:
        name = region.structure.id
        rings = (*found[name].rings, *region.rings) if name in found else region.rings
        found[name] = Region(found[name].structure if name in found else region.structure, rings)
    return list(found.values())


class _Tracer:
    """Claims space structure by structure; what is claimed is gone for the next."""

    def __init__(self, plane: Plane, lattice: Lattice) -> None:
        self.lattice = lattice
        self.taken = np.full(lattice.shape, FAR, dtype=np.float32)
        wide, high = plane.half
        rows, columns = lattice.shape
        self.u, self.v = np.meshgrid(np.linspace(-wide, wide, columns), np.linspace(-high, high, rows))

    def claim(self, shape: Shape) -> tuple[Ring, ...]:
        """Return the outline of what ``shape`` can still have, and take it."""
        window = self.lattice.window(shape.box)
        if window is None:
            return ()
        field = shape.field(self.lattice.part(window))
        return self._take(field, window) if field.min() < 0 else ()

    def sketch(self, shape: Shape) -> tuple[Ring, ...]:
        """Return the outline of ``shape`` without claiming anything."""
        window = self.lattice.window(shape.box)
        return self.trace(shape.field(self.lattice.part(window)), window) if window else ()

    def _take(self, field: Array, window: Window) -> tuple[Ring, ...]:
        free = np.maximum(field, -self.taken[window])
        self.taken[window] = np.minimum(self.taken[window], field)
        return self.trace(free, window)

    def bone(self, bone: Bone) -> tuple[tuple[Ring, ...], list[Region]]:
        """Claim a whole bone and divide it among its parts."""
        window = self.lattice.window(bone.whole.box)
        if window is None:
            return (), []
        piece = self.lattice.part(window)
        tiles = _part_tiles(piece, bone)
        if not tiles:
            return (), []
        field = np.maximum(bone.joined(tiles, piece), -self.taken[window])
        outline = self._take(field, window)
        return outline, self._divide(field, window, tiles)

    def _divide(self, bone: Array, window: Window, tiles: list[Tile]) -> list[Region]:
        """Give each point of a bone to the part whose field is least there."""
        least, second = _two_least(bone.shape, tiles)
        regions = []
        for tile in tiles:
            best = least[tile.window]
            rival = np.where(tile.field <= best, second[tile.window], best)
            own = np.maximum(bone[tile.window], tile.field - rival)
            rings = self.trace(own, _within(window, tile.window))
            if rings:
                regions.append(Region(tile.part, rings))
        return regions

    def trace(self, field: Array, window: Window) -> tuple[Ring, ...]:
        """Return the outlines of where ``field`` is negative."""
        inside: Mask = field < 0
        rows, columns = _span(np.any(inside, axis=1)), _span(np.any(inside, axis=0))
        if rows is None or columns is None:
            return ()
        field, u, v = field[rows, columns], self.u[window], self.v[window]
        # The class itself: the wrapper around it costs more than the tracing of a small tile.
        lines = SerialContourGenerator(
            u[rows, columns],
            v[rows, columns],
            field,  # type: ignore[arg-type]  # any float will do, the stub is too narrow
            _NO_MASK,
            corner_mask=False,
            line_type=LineType.Separate,
            fill_type=FillType.OuterOffset,
            quad_as_tri=False,
            z_interp=ZInterp.Linear,
        )
        points, offsets = lines.filled(-np.inf, 0.0)[:2]
        return tuple(Ring(np.asarray(p), np.asarray(o)) for p, o in zip(points, offsets, strict=True))


def _part_tiles(piece: Lattice, bone: Bone) -> list[Tile]:
    """Fields of the parts of a bone that come near the plane, each in its own window of the piece."""
    tiles = []
    for part in bone.parts:
        window = piece.window(part.shape.box.grown(bone.vertebra.blend))
        if window is not None:
            field = part.shape.field(piece.part(window)).astype(np.float32, copy=False)
            tiles.append(Tile(part, window, field))
    return tiles


def _two_least(shape: tuple[int, ...], tiles: list[Tile]) -> tuple[Array, Array]:
    """Least and second least field of all tiles at each point."""
    least = np.full(shape, FAR, dtype=np.float32)
    second = np.full(shape, FAR, dtype=np.float32)
    for tile in tiles:
        low, next_low = least[tile.window], second[tile.window]
        second[tile.window] = np.minimum(next_low, np.maximum(low, tile.field))
        least[tile.window] = np.minimum(low, tile.field)
    return least, second


def _within(outer: Window, inner: Window) -> Window:
    """Return ``inner``, a window of the window ``outer``, as a window of the whole."""
    pairs = zip(outer, inner, strict=True)
    return tuple(slice(one.start + two.start, one.start + two.stop) for one, two in pairs)


def _span(hit: Mask) -> slice | None:
    """Range of True values with one more on either side, at least two long; None if there is none."""
    places = np.flatnonzero(hit)
    if not len(places) or len(hit) < SHORTEST:
        return None
    first, last = max(int(places[0]) - 1, 0), min(int(places[-1]) + 2, len(hit))
    return slice(first, last) if last - first > 1 else slice(max(last - 2, 0), max(last, 2))


def to_polygon(rings: tuple[Ring, ...]) -> MultiPolygon:
    """Return rings as a valid shapely multipolygon, mm."""
    pieces = []
    for ring in rings:
        loops = [
            ring.points[start:stop]
            for start, stop in zip(ring.offsets, ring.offsets[1:], strict=False)
            if stop - start > TRIANGLE
        ]
        if loops:
            pieces.append(shapely.Polygon(loops[0], loops[1:]))
    shape = shapely.MultiPolygon(pieces)
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
        polygons = [part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")]
        shape = shapely.union_all(polygons)
        shape = shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
    return shape
