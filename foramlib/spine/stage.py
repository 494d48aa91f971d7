"""The stage of a segment: two placed vertebrae, and how soft tissue follows them.

A soft-tissue point is fixed in neutral posture and belongs partly to the upper vertebra
(``weight`` 1), partly to the lower (0); it moves with that share of the upper one's motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin
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

STEEP = 60.0
"""Facets steeper than this to the transverse plane, degrees, are upright: the low back."""

ROUNDED = 0.6
"""Share of the joint face that is flat; beyond it the processes are rounded off."""

JOINT_REST = 0.3
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
    """Two vertebrae of a level with their sizes, posture, lost disc height and slip of the upper one (mm).

    With a loose arch (isthmic slip) the arch of the upper vertebra stays behind.
    """

    names: tuple[str, str]
    upper_size: VertebraSize
    lower_size: VertebraSize
    level: LevelSize
    posture: Posture
    disc_loss: float
    slip: float = 0.0
    loose_arch: bool = False

    @cached_property
    def lower_stand(self) -> Motion:
        """Place of the lower vertebra, which never moves."""
        return lower_stand(self.lower_size, self.level)

    @cached_property
    def neutral_stand(self) -> Motion:
        """Place of the upper vertebra in neutral posture at full disc height."""
        return upper_stand(self.upper_size, self.lower_size, self.level)

    @cached_property
    def arch_motion(self) -> Motion:
        """Motion of the upper arch from neutral, full height, to now; of the whole upper vertebra without a slip.

        It sinks with the disc, turns about its centre, and glides backward where the facet
        joints would otherwise be driven into each other.
        """
        posture = self.posture
        turn = turning(posture.flexion, posture.bend, posture.rotation)
        sunk = Motion(move=(0.0, 0.0, -self.disc_loss))
        free = about(self.rotation_centre, turn).after(sunk)
        settled = Motion(move=(0.0, self._glide(free), 0.0)).after(free)
        return settled if self.loose_arch else self._slipped.after(settled)

    @cached_property
    def motion(self) -> Motion:
        """Motion of the upper vertebra from neutral, full height, to now; of its body in an isthmic slip."""
        return self._slipped.after(self.arch_motion) if self.loose_arch else self.arch_motion

    @property
    def _slipped(self) -> Motion:
        """Slip forward along the upper end-plate of the lower vertebra."""
        forward = self.lower_stand.rotation @ np.array([0.0, -self.slip, 0.0])
        return Motion.of(np.eye(3), forward)

    @cached_property
    def rotation_centre(self) -> Array:
        """Centre of flexion and extension, mm (published for the neck, assumed for the low back)."""
        level = self.level
        return self.lower_stand.apply(np.array([0.0, level.rotation_centre_y, level.rotation_centre_z]))

    def _glide(self, free: Motion) -> float:
        """Backward shift, mm, that keeps both facet joints open after the motion ``free``."""
        along, _, normal = joint_axes(self.lower_size)
        turn = self.lower_stand.rotation
        along, normal = turn @ along, turn @ normal
        if normal[1] < sin(radians(5.0)):
            return 0.0
        across, up = self.joint_half
        rise = np.cross(normal, along)
        signs = ROUNDED * np.array([(1, 1), (1, -1), (-1, 1), (-1, -1), (0, 0)])
        spots = self.joint + signs[:, :1] * across * along + signs[:, 1:] * up * rise
        closing = 0.0
        for side in (1.0, -1.0):
            flip = np.array([side, 1.0, 1.0])
            moved = free.apply(spots * flip) - spots * flip
            closing = max(closing, float(-(moved @ (normal * flip)).min()))
        lack = closing + JOINT_REST - self.lower_size.joint_gap
        return max(lack, 0.0) / float(normal[1])

    @cached_property
    def joint_half(self) -> tuple[float, float]:
        """Half the width of the facet joint and half its length along its slope, mm."""
        size = self.lower_size
        tilt = radians(size.joint_tilt)
        long = size.superior_process_thickness / max(cos(tilt), 0.62)
        if size.joint_tilt > STEEP:
            top = size.superior_process_height / 2 + size.superior_process_rise + 1.0
            long = 1.6 * max(top, 3.0)
        return size.superior_process_width / 2 - 0.6, long / 2

    @cached_property
    def upper_stand(self) -> Motion:
        """Place of the upper vertebra now."""
        return self.motion.after(self.neutral_stand)

    @cached_property
    def arch_stand(self) -> Motion:
        """Place of the upper arch now."""
        return self.arch_motion.after(self.neutral_stand)

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

    def carried(self, points: Array, weight: float | Array, *, arch: bool = False) -> Array:
        """Move neutral points, shape (n, 3), by their share of the upper vertebra's (or its arch's) motion."""
        points = np.atleast_2d(np.asarray(points, dtype=float))
        share = np.reshape(np.broadcast_to(weight, len(points)), (-1, 1))
        motion = self.arch_motion if arch else self.motion
        moved: Array = points + share * (motion.apply(points) - points)
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
