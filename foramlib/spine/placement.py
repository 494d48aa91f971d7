"""Where the two vertebrae of a level stand: neutral lordosis, posture, loss of disc height.

The lower vertebra stays where it is; the upper one moves as a rigid body.
"""

from __future__ import annotations

from math import cos, radians, sin, tan
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.shapes import Motion
from foramlib.spine.vertebra import turn_x

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.parameters import LevelSize, VertebraSize


def lower_stand(lower: VertebraSize, level: LevelSize) -> Motion:
    """Place the lower vertebra: its upper end-plate below the disc centre, tilted by half the wedge."""
    angle = radians(level.disc_wedge + lower.body_wedge) / 2
    rim = np.array([0.0, 0.0, -mid_disc_gap(lower, level) / 2])
    turn = turn_x(angle)
    return Motion.of(turn, rim - turn @ np.array([0.0, 0.0, lower.mid_height / 2]))


def upper_stand(upper: VertebraSize, lower: VertebraSize, level: LevelSize) -> Motion:
    """Place the upper vertebra in neutral posture, its posterior wall in line with the lower one's."""
    angle = -radians(level.disc_wedge + upper.body_wedge) / 2
    turn = turn_x(angle)
    back = (lower.body_depth - upper.body_depth) / 2
    rim = np.array([0.0, back, mid_disc_gap(lower, level) / 2])
    return Motion.of(turn, rim + turn @ np.array([0.0, 0.0, upper.mid_height / 2]))


def mid_disc_gap(lower: VertebraSize, level: LevelSize) -> float:
    """Distance between the end-plate rims at mid-depth, mm."""
    return level.posterior_disc_height + lower.body_depth / 2 * tan(radians(level.disc_wedge))


def turning(flexion: float, bend: float, rotation: float) -> Array:
    """Rotation matrix of a posture.

    Parameters
    ----------
    flexion : float
        Degrees; positive tips the upper vertebra forward.
    bend : float
        Degrees; positive tips it towards the left.
    rotation : float
        Degrees; positive turns its front towards the left.

    Returns
    -------
    ndarray, shape (3, 3)
    """
    b, r = radians(bend), radians(rotation)
    side = np.array([[cos(b), 0, sin(b)], [0, 1, 0], [-sin(b), 0, cos(b)]])
    # Front (-y) towards left (+x): a positive turn about z in LPS axes.
    axial = np.array([[cos(r), -sin(r), 0], [sin(r), cos(r), 0], [0, 0, 1]])
    return np.asarray(axial @ side @ turn_x(radians(flexion)))


def about(centre: Array, turn: Array) -> Motion:
    """Return the motion that turns by ``turn`` about ``centre`` (mm)."""
    return Motion.of(turn, centre - turn @ centre)
