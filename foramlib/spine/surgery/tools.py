"""Tools: a burr is a ball, a punch a cube; each is drawn along a path."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.spine.lattice import Points
from foramlib.spine.levels import parse_side
from foramlib.spine.surgery.steps import BoneRemoval, Strokes
from foramlib.spine.vertebra import axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foramlib.spine.lattice import Array
    from foramlib.spine.segment import Segment

SMALLEST, LARGEST = 0.5, 4.0
"""Least and greatest half width of a tool, mm (assumption)."""


@dataclass(frozen=True)
class Tool:
    """A burr (a ball) or a punch (a cube) of half width ``radius``, mm."""

    kind: str = "burr"
    radius: float = 1.5

    def checked(self) -> Tool:
        """Return the tool, or raise InvalidInput if there is none like it."""
        if self.kind not in {"burr", "punch"}:
            raise InvalidInput(f"There is no tool {self.kind!r}; choose burr or punch.")
        if not SMALLEST <= self.radius <= LARGEST:
            raise InvalidInput(
                f"A {self.kind} of half width {self.radius:g} mm is not possible; "
                f"choose {SMALLEST:g} to {LARGEST:g} mm."
            )
        return self


def stroke(segment: Segment, side: str, tool: Tool, path: Sequence[Sequence[float]]) -> BoneRemoval:
    """Draw a tool along ``path``.

    Parameters
    ----------
    segment : Segment
        What is operated on.
    side : str
        ``"left"`` or ``"right"``.
    tool : Tool
        Burr or punch.
    path : sequence of points
        Where its middle goes, segment frame, mm; one point is a single bite.

    Raises
    ------
    InvalidInput
        If the tool does not exist, the path is no list of points, or it meets no bone.
    """
    side, tool = parse_side(side), tool.checked()
    points = _points(path)
    cut = strokes_through(points, tool)
    if not any((bone.whole.field(Points(_along(points))) < tool.radius).any() for bone in segment.bones):
        raise InvalidInput(f"The path of the {tool.kind} meets no bone at {segment.level.name}; bring it nearer.")
    return BoneRemoval(side, (cut,))


def strokes_through(points: Array, tool: Tool) -> Strokes:
    """Return the strokes through successive points."""
    path = [axis(point) for point in points]
    starts = path[:-1] if len(path) > 1 else path
    return Strokes(tuple(starts), tuple(path[1:] or path), tool.radius, tool.kind == "punch")


def _points(path: Sequence[Sequence[float]]) -> Array:
    try:
        points = np.array(path, dtype=float)
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1:] != (3,) or not np.isfinite(points).all():  # noqa: PLR2004 - a list of points
        raise InvalidInput("The path of a tool must be a list of points of three numbers each, mm.")
    return points


def _along(points: Array) -> Array:
    """Points of a path no more than half a millimetre apart."""
    if len(points) == 1:
        return points
    pieces = [
        start + np.linspace(0.0, 1.0, max(2, int(np.linalg.norm(stop - start) / 0.5) + 1))[:, None] * (stop - start)
        for start, stop in itertools.pairwise(points)
    ]
    return np.vstack(pieces)
