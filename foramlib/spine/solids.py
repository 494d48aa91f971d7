"""A segment as solid pieces for the 3D view: vertebrae moved as they are, soft tissue meshed anew.

A vertebra is meshed once, in its own frame, and afterwards only moved by its matrix. Everything here
comes in slices of a few milliseconds, so that it can be done between other things and dropped when it
is no longer wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.spine.lattice import Points
from foramlib.spine.mesh import Mesh, mesh_steps

if TYPE_CHECKING:
    from collections.abc import Generator, MutableMapping

    from numpy.typing import NDArray

    from foramlib.spine.segment import Bone, Segment, Structure
    from foramlib.spine.shapes import Shape
    from foramlib.spine.vertebra import Vertebra

BONE_SHARE, SOFT_SHARE = 80.0, 90.0
"""Sampling points across the widest bone: the same detail in the neck and in the loins."""

LEAST_SAMPLES, FINEST = 6.0, 0.3
"""A structure is sampled at least this often across its thinnest extent, but never finer than this, mm."""

APART = frozenset({"nerve", "ganglion", "cord", "dura", "artery", "vein"})
"""Tissues whose shapes keep out of the bone by themselves."""

BURIED = 0.15
"""What lies deeper than this under a bone's surface is within it, mm."""


@dataclass(frozen=True, eq=False)
class BoneMesh:
    """A vertebra in its own frame: its surface, and the place in ``Vertebra.parts`` of each triangle's part."""

    surface: Mesh
    part: NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Solid:
    """One piece of the 3D view.

    Attributes
    ----------
    id, tissue : str
        The vertebra's name or the structure's id, and whose colour it takes.
    surface : Mesh
        In the segment's frame.
    owners : tuple of Structure
        The structures it consists of: the parts of a bone, or the one soft structure.
    owner : ndarray, shape (m,)
        Place in ``owners`` of each triangle.
    """

    id: str
    tissue: str
    surface: Mesh
    owners: tuple[Structure, ...]
    owner: NDArray[np.integer[Any]]


def bone_steps(vertebra: Vertebra) -> Generator[None, None, BoneMesh]:
    """Mesh a vertebra in slices."""
    surface = yield from mesh_steps(vertebra.bone, _width(vertebra.bone) / BONE_SHARE)
    points = Points(surface.vertices)
    nearest, least = np.zeros(len(surface.vertices), dtype=np.int16), np.full(len(surface.vertices), np.inf)
    for place, part in enumerate(vertebra.parts):
        field = part.shape.field(points)
        nearest[field < least] = place
        least = np.minimum(least, field)
        yield
    return BoneMesh(surface, nearest[surface.faces[:, 0]])


def bone_solids(segment: Segment, kept: MutableMapping[Vertebra, BoneMesh]) -> Generator[None, None, list[Solid]]:
    """Place the vertebrae of a segment; ``kept`` holds the meshes made before and takes the new ones."""
    placed = []
    for bone in segment.bones:
        if bone.vertebra not in kept:
            kept[bone.vertebra] = yield from bone_steps(bone.vertebra)
        placed.append(_placed(bone, kept[bone.vertebra]))
        yield
    return placed


def _placed(bone: Bone, made: BoneMesh) -> Solid:
    return Solid(bone.vertebra.name, "bone", made.surface.moved(bone.stand), bone.parts, made.part)


def soft_solid(segment: Segment, structure: Structure) -> Generator[None, None, Solid]:
    """Mesh one soft structure in slices, without what lies deep in bone: bone owns what both could fill."""
    surface = yield from mesh_steps(structure.shape, soft_step(segment, structure.shape))
    if structure.tissue not in APART:
        surface = yield from _outside_bone(surface, segment)
    owner = np.zeros(len(surface.faces), dtype=np.int16)
    return Solid(structure.id, structure.tissue, surface, (structure,), owner)


def _outside_bone(surface: Mesh, segment: Segment) -> Generator[None, None, Mesh]:
    """Leave out the triangles that lie within bone altogether."""
    points, buried = Points(surface.vertices), np.zeros(len(surface.vertices), dtype=bool)
    for bone in segment.bones:
        yield
        buried |= bone.whole.field(points) < -BURIED
    keep = ~buried[surface.faces].all(axis=1)
    return Mesh(surface.vertices, surface.faces[keep], surface.normals)


def soft_step(segment: Segment, shape: Shape) -> float:
    """Return the distance between sampling points of a soft structure, mm."""
    thin = min(high - low for low, high in zip(shape.box.low, shape.box.high, strict=True))
    return min(_width(segment.bones[1].vertebra.bone) / SOFT_SHARE, max(thin / LEAST_SAMPLES, FINEST))


def _width(bone: Shape) -> float:
    return bone.box.high[0] - bone.box.low[0]


def solid_steps(
    segment: Segment, kept: MutableMapping[Vertebra, BoneMesh], wanted: frozenset[str] | None = None
) -> Generator[None, None, list[Solid]]:
    """Make all pieces of a segment in slices.

    Parameters
    ----------
    segment : Segment
        What to show.
    kept : mutable mapping of Vertebra to BoneMesh
        Vertebrae meshed before; belongs to the view.
    wanted : frozenset of str, optional
        Catalogue keys of the soft structures to make; all of them if None.

    Returns
    -------
    list of Solid
        Vertebrae first, then soft structures in the segment's own order. What is empty is left out.
    """
    made = yield from bone_solids(segment, kept)
    for structure in segment.soft:
        if wanted is None or structure.key in wanted:
            solid = yield from soft_solid(segment, structure)
            made += [solid] if len(solid.surface.faces) else []
    return made
