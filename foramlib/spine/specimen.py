"""A segment as a specimen on the table: what each structure truly fills, as points in space.

The relations table asks the specimen, not the parameters: every structure is a cloud of the
points that it owns once bone, then nerve, then the rest have taken their space. A specimen can
be flipped along an axis, names and all, which no relation of direction may survive.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.spine.foramen import measure
from foramlib.spine.lattice import Box, Lattice
from foramlib.spine.planes import Plane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.spine.lattice import Array, Mask
    from foramlib.spine.levels import Level
    from foramlib.spine.segment import Bone, Segment, Structure
    from foramlib.spine.shapes import Shape

DENSITY = 20_000
"""About how many points are asked in the box of one structure."""

FINEST, COARSEST = 0.2, 0.8
"""Least and greatest distance between points, mm, before the size of the level counts."""

AXES = "xyz"


@dataclass(frozen=True, eq=False)
class Specimen:
    """What the structures of a segment fill.

    Attributes
    ----------
    segment : Segment
        Where the points come from.
    clouds : mapping of str to ndarray, shape (n, 3)
        Points, mm, that each structure owns, by its id; structures that own nothing are left out.
    openings : mapping of str to ndarray, shape (n, 3)
        Bony outline of the foramen of each side in its own plane, as points in space, mm.
    symmetric : bool
        Whether left and right ought to mirror each other.
    """

    segment: Segment
    clouds: Mapping[str, Array] = field(repr=False)
    openings: Mapping[str, Array] = field(repr=False)

    @staticmethod
    def of(segment: Segment) -> Specimen:
        """Fill the structures of ``segment`` with points."""
        clouds = {**_bone_clouds(segment), **_soft_clouds(segment)}
        openings = {side: _opening(segment, side) for side in ("left", "right")}
        return Specimen(segment, MappingProxyType(clouds), MappingProxyType(openings))

    @property
    def level(self) -> Level:
        """The level of the segment."""
        return self.segment.level

    @property
    def symmetric(self) -> bool:
        """Whether left and right ought to mirror each other: no bend and no rotation."""
        return not (self.segment.posture.bend or self.segment.posture.rotation)

    def flipped(self, axis: str) -> Specimen:
        """Return the wrong specimen in which everything is mirrored along ``axis``, names kept.

        Raises
        ------
        InvalidInput
            If the axis is not x, y or z.
        """
        if axis not in AXES:
            raise InvalidInput(f"The axis {axis!r} is unknown; choose x, y or z.")
        sign = np.ones(3)
        sign[AXES.index(axis)] = -1.0
        clouds = {name: cloud * sign for name, cloud in self.clouds.items()}
        openings = {side: loop * sign for side, loop in self.openings.items()}
        return replace(self, clouds=MappingProxyType(clouds), openings=MappingProxyType(openings))

    def named(self, term: str, side: str) -> list[str]:
        """Return the ids that a term of the relations table means on ``side``.

        Parameters
        ----------
        term : str
            Catalogue keys joined by ``+``; a vertebra's part begins with ``upper.`` or ``lower.``.
        """
        names = []
        for word in term.split("+"):
            place, _, key = word.rpartition(".")
            owner = {"upper": self.level.upper, "lower": self.level.lower}.get(place, "")
            stem = ".".join(part for part in (owner, key) if part)
            names += [name for name in (stem, f"{stem}.{side}") if name in self.clouds]
        return names

    def points(self, term: str, side: str) -> Array:
        """Return the points of what a term means on ``side``, shape (n, 3), mm; empty if it owns none."""
        found = [self.clouds[name] for name in self.named(term, side)]
        return np.vstack(found) if found else np.empty((0, 3))


def _lattice(box: Box, coarsest: float) -> Lattice:
    size = np.subtract(box.high, box.low)
    step = float(np.clip((np.prod(size) / DENSITY) ** (1 / 3), FINEST, coarsest))
    counts = np.ceil(size / step) + 1
    # Centred on the box, so that mirrored structures are asked at mirrored points.
    corner = (np.add(box.low, box.high) - (counts - 1) * step) / 2
    return Lattice(corner, step * np.eye(3), tuple(int(count) for count in counts))


def _coarsest(segment: Segment) -> float:
    return COARSEST if segment.level.region == "cervical" else 1.5 * COARSEST


def _owned(lattice: Lattice, inside: Mask, rivals: list[Shape]) -> Array:
    """Points of ``lattice`` that are ``inside`` and in none of the ``rivals``, shape (n, 3), mm."""
    for rival in rivals:
        window = lattice.window(rival.box)
        if window is not None and inside[window].any():
            inside[window] &= rival.field(lattice.part(window)) >= 0
    spots: Array = lattice.origin + np.argwhere(inside) @ lattice.steps
    return spots


def _soft_clouds(segment: Segment) -> dict[str, Array]:
    clouds = {}
    rivals: list[Shape] = [bone.whole for bone in segment.bones]
    for structure in segment.soft:
        lattice = _lattice(structure.shape.box, _coarsest(segment))
        owned = _owned(lattice, structure.shape.field(lattice) < 0, rivals)
        if len(owned):
            clouds[structure.id] = owned
        rivals.append(structure.shape)
    return clouds


def _bone_clouds(segment: Segment) -> dict[str, Array]:
    clouds = {}
    for bone in segment.bones:
        for part in bone.parts:
            owned = _part_cloud(bone, part, _coarsest(segment))
            if len(owned):
                clouds[part.id] = owned
    return clouds


def _part_cloud(bone: Bone, part: Structure, coarsest: float) -> Array:
    """Points of the bone that are nearer to this part than to any other."""
    lattice = _lattice(part.shape.box.grown(bone.vertebra.blend / 4), coarsest)
    own = part.shape.field(lattice)
    others = [other.shape.field(lattice) for other in bone.parts if other is not part]
    inside: Mask = (bone.whole.field(lattice) < 0) & (own <= reduce(np.minimum, others))
    return _owned(lattice, inside, [])


def _opening(segment: Segment, side: str) -> Array:
    """Bony outline of the foramen in its own plane, shape (n, 3), mm; empty where there is none."""
    outline = measure(segment, side).outline
    if outline is None:
        return np.empty((0, 3))
    plane = Plane.named("foramen", segment, side)
    flat = np.array(outline.exterior.coords)
    loop: Array = np.array(plane.origin) + flat @ np.array([plane.across, plane.up])
    return loop
