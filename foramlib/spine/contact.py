"""Where along its course the exiting root touches a wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.lattice import Points
from foramlib.spine.levels import parse_side

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.roots import Root
    from foramlib.spine.segment import Segment
    from foramlib.spine.shapes import Shape

TOUCH = 0.25
"""Wall and nerve closer than this, mm, count as touching."""


RING = 24
"""Points on the outline of a root at one station."""


@dataclass(frozen=True)
class Contact:
    """A wall that the root touches: its identifier and the least gap along the root, mm."""

    wall: str
    gap: float


def contacts(segment: Segment, side: str = "left") -> tuple[Contact, ...]:
    """Return the walls that the root or its ganglion touches anywhere along its course.

    The root has given way before it is asked; negative gaps are a pinched root.
    """
    side = parse_side(side)
    root = segment.roots["exiting", side]
    where, reach = outline_points(root)
    gaps = ((name, float((wall.field(where) - reach).min())) for name, wall in walls(segment, side))
    return tuple(Contact(name, gap) for name, gap in gaps if gap < TOUCH)


def outline_points(root: Root) -> tuple[Points, Array]:
    """Return where a root is felt for, and how far from each point its surface lies, mm.

    A round station is felt for from its centre, a flattened one all about its oval outline.
    """
    held = root.course.radii > 0
    round_ones, flat = held & (root.thin == 1.0), np.flatnonzero(held & (root.thin < 1.0))
    rings = [ring(root, station) for station in flat]
    spots = np.vstack([root.places[round_ones], *rings])
    reach = np.zeros(len(spots))
    reach[: int(round_ones.sum())] = root.course.radii[round_ones]
    return Points(spots), reach


def ring(root: Root, station: int | np.integer, count: int = RING) -> Array:
    """Return points on the outline of a root at one station, shape (count, 3), mm."""
    first = root.minor[station]
    second = np.cross(root.course.along[station], first)
    angles = 2.0 * np.pi * np.arange(count) / count
    radius = root.course.radii[station]
    across = np.outer(np.cos(angles) * root.thin[station] * radius, first)
    beside = np.outer(np.sin(angles) * root.wide[station] * radius, second)
    return np.asarray(root.places[station] + across + beside)


def walls(segment: Segment, side: str) -> list[tuple[str, Shape]]:
    """Return what may touch a root on ``side``, by identifier."""
    bones = [(bone.vertebra.name, bone.whole) for bone in segment.bones]
    soft = ("annulus", f"flavum.{side}", f"capsule.{side}")
    grown = {growth.key for growth in segment.growths if growth.solid}
    found = [part for part in segment.soft if part.id in soft or (part.key in grown and part.side in {"", side})]
    return [*bones, *((part.id, part.shape) for part in found)]
