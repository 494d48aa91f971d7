"""Image planes through a segment, named and oriented as radiology shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.given import as_typed, one_of
from foramlib.spine.builds import build_scale
from foramlib.spine.lattice import Axis, Lattice
from foramlib.spine.levels import parse_side

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.segment import Segment

PLANES = ("foramen", "sagittal", "oblique:DEG", "axial-disc", "axial-pedicle", "coronal")

CORONAL_AHEAD = 1.0
"""How far in front of the middle of a cervical foramen the coronal plane lies, mm."""

FINEST, COARSEST = 0.02, 5.0
"""Least and greatest distance between the sampling points of a plane, mm."""

STEEPEST = 80.0
"""Greatest rotation of an oblique plane from the sagittal plane, degrees."""


@dataclass(frozen=True)
class Plane:
    """An image plane.

    Attributes
    ----------
    name : str
        ``"foramen"``, ``"sagittal"``, ``"oblique:38"``, ``"axial-disc"``, ...
    side : str
        Side of the foramen it is meant for.
    origin : tuple of float
        Point at the centre of the picture, mm.
    across, up : tuple of float
        Unit vectors towards the viewer's right and upward in the picture.
    angle : float or None
        Rotation from the sagittal plane about the long axis of the spine, degrees; None for
        axial planes. The radiographer's film angle is 90 minus this.
    half : tuple of float
        Half width and half height of the picture, mm.
    """

    name: str
    side: str
    origin: Axis
    across: Axis
    up: Axis
    angle: float | None
    half: tuple[float, float]

    @property
    def kind(self) -> str:
        """``"axial"``, ``"coronal"`` or ``"sagittal"`` (the oblique planes belong to the last)."""
        return "axial" if self.angle is None else "coronal" if self.name == "coronal" else "sagittal"

    @property
    def marks(self) -> dict[str, str]:
        """Orientation letters at the edges of the picture: A/P, L/R, H/F."""
        left, right = _letter(np.array(self.across) * -1), _letter(np.array(self.across))
        return {
            "left": left,
            "right": right,
            "top": _letter(np.array(self.up)),
            "bottom": _letter(np.array(self.up) * -1),
        }

    @property
    def normal(self) -> Array:
        """Unit vector square to the plane, towards the viewer."""
        return np.cross(self.across, self.up)

    def lattice(self, step: float) -> Lattice:
        """Return the sampling points, rows upward and columns to the right, ``step`` mm apart."""
        if not FINEST <= step <= COARSEST:
            raise InvalidInput(
                f"The step {step!r} cannot be sampled; choose a number from {FINEST:g} to {COARSEST:g} mm."
            )
        across, up = np.array(self.across), np.array(self.up)
        wide, high = self.half
        corner = np.array(self.origin) - across * wide - up * high
        counts = (round(2 * high / step) + 1, round(2 * wide / step) + 1)
        return Lattice(corner, np.stack([up * step, across * step]), counts)

    def project(self, points: Array) -> Array:
        """Return plane coordinates (u to the right, v up) of points, shape (n, 2), mm."""
        away = np.atleast_2d(points) - np.array(self.origin)
        flat: Array = away @ np.stack([self.across, self.up]).T
        return flat

    def height_over(self, points: Array) -> Array:
        """Return the signed distance of points from the plane, shape (n,), mm."""
        away: Array = (np.atleast_2d(points) - np.array(self.origin)) @ self.normal
        return away

    @staticmethod
    def named(name: str, segment: Segment, side: str = "left") -> Plane:
        """Return a plane of ``segment`` by name: one of :data:`PLANES`.

        Raises
        ------
        InvalidInput
            If the name is unknown or the oblique angle is not from 0 to 80 degrees.
        """
        stage, side, name = segment.stage, parse_side(side), plane_name(name)
        sign = 1.0 if side == "left" else -1.0
        centre = _foramen_centre(segment) * np.array([sign, 1.0, 1.0])
        if name.startswith("axial"):
            return _axial(name, segment, side)
        if name == "coronal":
            # In the neck a little farther forward, clear of the capsules that its back wall would skim.
            ahead = CORONAL_AHEAD if segment.level.region == "cervical" else 0.0
            origin = (0.0, float(centre[1]) - ahead, 0.0)
            return Plane(name, side, origin, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), 90.0, _half(segment, "coronal"))
        angle = {"foramen": stage.level.canal_plane_angle, "sagittal": 0.0}.get(name)
        angle = float(name.partition(":")[2]) if angle is None else angle
        turn = radians(angle)
        across = (sign * sin(turn), cos(turn), 0.0)
        up = (0.0, 0.0, 1.0)
        x, y, z = centre.tolist()
        return Plane(name, side, (x, y, z), across, up, angle, _half(segment, "sagittal"))


def plane_name(given: object) -> str:
    """Return the name of a plane as :data:`PLANES` spells it, such as ``"oblique:38"``.

    Raises
    ------
    InvalidInput
        If there is no such plane, or the angle of an oblique one is not from 0 to 80 degrees.
    """
    kind, colon, degrees = as_typed(str(given)).partition(":")
    if colon and kind.strip().casefold() == "oblique":
        angle = re.fullmatch(r"-?\d+(?:\.\d+)?", degrees.strip())
        if angle and 0.0 <= float(angle[0]) <= STEEPEST:
            return f"oblique:{angle[0]}"
    hint = f"choose one of {', '.join(PLANES)}, with DEG from 0 to {STEEPEST:g}"
    return one_of(given, [name for name in PLANES if ":" not in name], "plane", hint=hint)


def _foramen_centre(segment: Segment) -> Array:
    """Middle of the left foramen in neutral posture, mm: between the pedicles, where they are narrowest."""
    stage = segment.stage
    above, below = stage.upper_pedicle, stage.lower_pedicle
    if segment.level.region == "lumbar":
        return np.array([above[0], stage.lower_size.body_depth / 2 + 4.5, (above[2] + below[2]) / 2])
    angle = radians(stage.lower_size.pedicle_angle)
    inward = np.array([-sin(angle), -cos(angle), 0.0]) * 1.8
    medial = np.array([-cos(angle), sin(angle), 0.0]) * 0.8
    middle: Array = (above + below) / 2 + inward + medial
    return middle


def _axial(name: str, segment: Segment, side: str) -> Plane:
    stage = segment.stage
    height = {"axial-disc": 0.0, "axial-pedicle": _pedicle_height(segment)}[name]
    origin = (0.0, 0.55 * stage.lower_size.body_depth, height)
    return Plane(name, side, origin, (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), None, _half(segment, "axial"))


def _pedicle_height(segment: Segment) -> float:
    """Height of the plane through the lower pedicles; in the neck a little lower, through the transverse foramina."""
    stage = segment.stage
    lower = 0.2 * stage.lower_size.pedicle_height if segment.level.region == "cervical" else 0.0
    return float(stage.lower_pedicle[2]) - lower


def _half(segment: Segment, kind: str) -> tuple[float, float]:
    cervical = segment.level.region == "cervical"
    sizes = {
        "sagittal": (16.0, 14.0) if cervical else (24.8, 21.6),
        "axial": (30.0, 25.0) if cervical else (46.0, 38.0),
        "coronal": (30.0, 22.0) if cervical else (46.0, 36.0),
    }
    wide, high = sizes[kind]
    factor = build_scale(segment.build)
    return wide * factor, high * factor


def _letter(direction: Array) -> str:
    letters = {0: "LR", 1: "PA", 2: "HF"}
    axis = int(np.argmax(np.abs(direction) - np.array([0.02, 0.0, 0.0])))
    return letters[axis][0 if direction[axis] > 0 else 1]
