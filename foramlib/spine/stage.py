"""The stage of a segment: two placed vertebrae, and how soft tissue follows them.

A soft-tissue point is fixed in neutral posture and belongs partly to the upper vertebra
(``weight`` 1), partly to the lower (0); it moves with that share of the upper one's motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import radians, sin
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.placement import about, lower_stand, turning, upper_stand
from foramlib.spine.shapes import Motion, Placed
from foramlib.spine.vertebra import (
    Vertebra,
    build_vertebra,
    joint_axes,
    joint_centre,
    pedicle_middle,
)

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.parameters import LevelSize, VertebraSize

JOINT_REST = 0.5
"""Least distance between the two bones of a facet joint under load, mm (assumption)."""


@dataclass(frozen=True)
class Posture:
    """Posture of the upper vertebra over the lower, degrees.

    Attributes
    ----------
    flexion : float
        Positive forward, negative backward (extension).
    bend, rotation : float
        Positive towards the left.
    """

    flexion: float = 0.0
    bend: float = 0.0
    rotation: float = 0.0


@dataclass(frozen=True)
class Stage:
    """Two vertebrae of a level with their sizes, posture and lost disc height (mm)."""

    names: tuple[str, str]
    upper_size: VertebraSize
    lower_size: VertebraSize
    level: LevelSize
    posture: Posture
    disc_loss: float

    @cached_property
    def lower_stand(self) -> Motion:
        """Place of the lower vertebra, which never moves."""
        return lower_stand(self.lower_size, self.level)

    @cached_property
    def neutral_stand(self) -> Motion:
        """Place of the upper vertebra in neutral posture at full disc height."""
        return upper_stand(self.upper_size, self.lower_size, self.level)

    @cached_property
    def motion(self) -> Motion:
        """Motion of the upper vertebra from neutral, full height, to now."""
        posture = self.posture
        turn = turning(posture.flexion, posture.bend, posture.rotation)
        return about(self.rotation_centre, turn).after(self.collapse)

    @cached_property
    def rotation_centre(self) -> Array:
        """Centre of flexion and extension, mm (published for the neck, assumed for the low back)."""
        level = self.level
        return self.lower_stand.apply(
            np.array([0.0, level.rotation_centre_y, level.rotation_centre_z])
        )

    @cached_property
    def collapse(self) -> Motion:
        """Sinking of the upper vertebra as the disc loses height.

        It sinks straight down until the facet joints carry it, then glides back and down
        along them.
        """
        _, _, normal = joint_axes(self.lower_size)
        facing = self.lower_stand.rotation @ normal
        room = max(self.lower_size.joint_gap - JOINT_REST, 0.0)
        closed = self.disc_loss * facing[2]
        back = max(closed - room, 0.0) / facing[1] if facing[1] > sin(radians(5)) else 0.0
        return Motion(move=(0.0, float(back), -self.disc_loss))

    @cached_property
    def upper_stand(self) -> Motion:
        """Place of the upper vertebra now."""
        return self.motion.after(self.neutral_stand)

    @cached_property
    def upper(self) -> Vertebra:
        """The upper vertebra in its own frame."""
        drop = self.neutral_stand.inverse().after(self.lower_stand)
        return build_vertebra(self.names[0], self.upper_size, self.lower_size, drop)

    @cached_property
    def lower(self) -> Vertebra:
        """The lower vertebra in its own frame."""
        drop = self.neutral_stand.inverse().after(self.lower_stand)
        return build_vertebra(self.names[1], self.lower_size, None, drop)

    @cached_property
    def upper_bone(self) -> Placed:
        """The upper vertebra in the segment."""
        return Placed(self.upper.bone, self.upper_stand)

    @cached_property
    def lower_bone(self) -> Placed:
        """The lower vertebra in the segment."""
        return Placed(self.lower.bone, self.lower_stand)

    def carried(self, points: Array, weight: float | Array) -> Array:
        """Move neutral points, shape (n, 3), by their share of the upper vertebra's motion."""
        points = np.atleast_2d(np.asarray(points, dtype=float))
        share = np.reshape(np.broadcast_to(weight, len(points)), (-1, 1))
        moved: Array = points + share * (self.motion.apply(points) - points)
        return moved

    @cached_property
    def half_motion(self) -> Motion:
        """Motion of the middle of the disc: half the turn, half the shift."""
        posture = self.posture
        turn = turning(posture.flexion / 2, posture.bend / 2, posture.rotation / 2)
        shift = self.carried(np.zeros((1, 3)), 0.5)[0]
        return Motion.of(turn, shift)

    @cached_property
    def upper_pedicle(self) -> Array:
        """Middle of the upper left pedicle in neutral posture, mm."""
        return self.neutral_stand.apply(pedicle_middle(self.upper_size))

    @cached_property
    def lower_pedicle(self) -> Array:
        """Middle of the lower left pedicle, mm."""
        return self.lower_stand.apply(pedicle_middle(self.lower_size))

    @cached_property
    def joint(self) -> Array:
        """Centre of the left facet joint in neutral posture, mm."""
        return self.lower_stand.apply(joint_centre(self.lower_size))

    def posterior_gap(self, x: float) -> float:
        """Height of the disc at its posterior rim ``x`` mm left of the midline, mm, now."""
        floor = self.lower_stand.apply(_posterior_rim(self.lower_size, x, 1.0))
        roof = self.upper_stand.apply(_posterior_rim(self.upper_size, x, -1.0))
        return float(max(roof[2] - floor[2], 0.3))


def _posterior_rim(size: VertebraSize, x: float, end: float) -> Array:
    """Point of the posterior rim of the upper (``end`` 1) or lower (-1) end-plate, own frame."""
    return np.array([x, size.body_depth / 2, end * size.body_height / 2])
