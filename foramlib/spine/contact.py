"""Where along its course the exiting root touches a wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine import tissues
from foramlib.spine.lattice import Points
from foramlib.spine.levels import parse_side

if TYPE_CHECKING:
    from foramlib.spine.segment import Segment
    from foramlib.spine.shapes import Shape, Sweep

TOUCH = 0.25
"""Wall and nerve closer than this, mm, count as touching."""


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
    sign = 1 if side == "left" else -1
    shift, stage = segment.root_shift[side], segment.stage
    root = tissues.exiting_root(stage, sign, shift)
    spots, radii = _surface(root, ends=False)
    more, wide = _surface(tissues.ganglion(stage, sign, shift), ends=True)
    where, reach = Points(np.vstack([spots, more])), np.concatenate([radii, wide])
    gaps = ((name, float((wall.field(where) - reach).min())) for name, wall in _walls(segment, side))
    return tuple(Contact(name, gap) for name, gap in gaps if gap < TOUCH)


def _surface(rod: Sweep, *, ends: bool) -> tuple[np.ndarray, np.ndarray]:
    keep = slice(None) if ends else slice(1, -1)
    return np.array(rod.path)[keep], np.array(rod.radii)[keep]


def _walls(segment: Segment, side: str) -> list[tuple[str, Shape]]:
    bones = [(bone.vertebra.name, bone.whole) for bone in segment.bones]
    soft = ("annulus", f"flavum.{side}", f"capsule.{side}")
    return [*bones, *((part.id, part.shape) for part in segment.soft if part.id in soft)]
