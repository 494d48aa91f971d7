"""How two clouds of points lie to each other: in front, medial, above, within, through.

Points are arrays of shape (n, 3), mm, x to the left, y backward, z upward. A *sense* is a signed
axis: ``(1, 1.0)`` is backward, ``(1, -1.0)`` forward. Every function returns a margin in mm (degrees
where it says so): positive where the first cloud lies as asked, nan where the two cannot be compared.
"""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array

Sense: TypeAlias = "tuple[int, float]"

BIN = 1.25
"""Width of the lines of sight and the slices in which clouds are compared, mm: above the sampling step."""

FEWEST = 3
"""Lines of sight that two clouds must share before one can be said to face the other."""

CHUNK = 500
"""Points compared with all others at once."""


def centre(first: Array, second: Array, sense: Sense) -> float:
    """Return how far the middle of the first cloud lies beyond that of the second."""
    axis, sign = sense
    return float(sign * (first[:, axis].mean() - second[:, axis].mean()))


def edge(first: Array, second: Array, sense: Sense) -> float:
    """Return how far the nearest point of the first cloud lies beyond all of the second."""
    axis, sign = sense
    return float((sign * first[:, axis]).min() - (sign * second[:, axis]).max())


def top(first: Array, second: Array, sense: Sense) -> float:
    """Return how far the first cloud reaches beyond the second."""
    axis, sign = sense
    return float((sign * first[:, axis]).max() - (sign * second[:, axis]).max())


def level(first: Array, second: Array, sense: Sense) -> float:
    """Return :func:`centre`, asked only of the heights that both clouds have."""
    low = max(first[:, 2].min(), second[:, 2].min())
    high = min(first[:, 2].max(), second[:, 2].max())
    parts = [cloud[(cloud[:, 2] >= low) & (cloud[:, 2] <= high)] for cloud in (first, second)]
    return centre(parts[0], parts[1], sense) if len(parts[0]) and len(parts[1]) else nan


def clear(first: Array, second: Array, sense: Sense) -> float:
    """Return the least gap between edges along lines of sight that meet both clouds."""
    near, far = _sights(first, sense), _sights(second, sense)
    shared = near.keys() & far.keys()
    return min(near[line][0] - far[line][1] for line in shared) if len(shared) >= FEWEST else nan


def facing(first: Array, second: Array, sense: Sense) -> float:
    """Return the distance between middles that nine of ten lines of sight that meet both clouds exceed.

    For neighbours that are joined along slanting or rounded faces, whose edges cross within a line of sight.
    """
    near, far = _sights(first, sense), _sights(second, sense)
    shared = near.keys() & far.keys()
    gaps = [(sum(near[line]) - sum(far[line])) / 2 for line in shared]
    return float(np.quantile(gaps, 0.1)) if len(shared) >= FEWEST else nan


def _sights(cloud: Array, sense: Sense) -> dict[tuple[int, int], tuple[float, float]]:
    """Nearest and farthest coordinate along each line of sight, by the line's place in its grid."""
    axis, sign = sense
    places = np.floor(np.delete(cloud, axis, axis=1) / BIN).astype(int)
    lines, owner = np.unique(places, axis=0, return_inverse=True)
    near, far = np.full(len(lines), inf), np.full(len(lines), -inf)
    np.minimum.at(near, owner.ravel(), sign * cloud[:, axis])
    np.maximum.at(far, owner.ravel(), sign * cloud[:, axis])
    ends = zip(lines.tolist(), near.tolist(), far.tolist(), strict=True)
    return {(line[0], line[1]): (low, high) for line, low, high in ends}


def course(cloud: Array, sense: Sense, outward: float) -> float:
    """Return how far the outermost fifth of a cloud lies beyond its innermost fifth."""
    order = np.argsort(outward * cloud[:, 0])
    fifth = max(len(cloud) // 5, 1)
    return centre(cloud[order[-fifth:]], cloud[order[:fifth]], sense)


def distance(first: Array, second: Array, reach: float = 3.0) -> float:
    """Return the least distance between two clouds; infinite beyond ``reach``."""
    first, second = _beside(first, second, reach), _beside(second, first, reach)
    if not (len(first) and len(second)):
        return inf
    # The square of a difference, multiplied out: one matrix product a chunk. Centred, so that nothing cancels.
    middle = second.mean(axis=0)
    first, second = first - middle, second - middle
    squares, least = (second**2).sum(axis=1), inf
    for start in range(0, len(first), CHUNK):
        piece = first[start : start + CHUNK]
        away = (piece**2).sum(axis=1)[:, None] + squares - 2.0 * piece @ second.T
        least = min(least, float(away.min()))
    return float(np.sqrt(max(least, 0.0)))


def _beside(cloud: Array, other: Array, reach: float) -> Array:
    """Points of ``cloud`` within the box of ``other`` grown by ``reach``."""
    near = (cloud >= other.min(axis=0) - reach) & (cloud <= other.max(axis=0) + reach)
    found: Array = cloud[near.all(axis=1)]
    return found


def ringed(inner: Array, outer: Array) -> float:
    """Return the least margin by which the outer cloud reaches beyond the inner one, slice by slice.

    Asked of the middle half of the inner cloud: a tilted plate leaves its first and last axial slice half empty.
    """
    low, high = np.quantile(inner[:, 2], (0.25, 0.75))
    core = inner[(inner[:, 2] >= low) & (inner[:, 2] <= high)]
    margins = []
    for near, far in _slices(core, outer):
        before, after = near.min(axis=0) - far.min(axis=0), far.max(axis=0) - near.max(axis=0)
        margins.append(float(min(before[:2].min(), after[:2].min())))
    return min(margins) if margins else nan


def widest_opening(inner: Array, outer: Array, reach: float) -> float:
    """Return the widest gap, degrees, of the ring that ``outer`` makes about ``inner`` where it is most closed.

    Asked of axial slices; only points within ``reach`` mm of the middle of ``inner`` count.
    """
    gaps = [360.0]
    for near, far in _slices(inner, outer):
        away = (far - near.mean(axis=0))[:, :2]
        away = away[np.hypot(away[:, 0], away[:, 1]) < reach]
        if len(away):
            turns = np.sort(np.degrees(np.arctan2(away[:, 1], away[:, 0])))
            gaps.append(float(np.diff(np.append(turns, turns[0] + 360.0)).max()))
    return min(gaps)


def _slices(first: Array, second: Array) -> list[tuple[Array, Array]]:
    """Pieces of both clouds in the axial slices that hold points of both."""
    places = [np.floor(cloud[:, 2] / BIN).astype(int) for cloud in (first, second)]
    shared = np.intersect1d(places[0], places[1])
    return [(first[places[0] == place], second[places[1] == place]) for place in shared]


def inside_loop(point: Array, loop: Array) -> float:
    """Return how far a point, seen square to an upright loop of points, lies within it; negative outside."""
    middle = loop.mean(axis=0)
    _, _, axes = np.linalg.svd((loop - middle)[:, :2])
    flat = [np.column_stack([(spots - middle)[:, :2] @ axes[0], spots[:, 2]]) for spots in (loop, point[None, :])]
    ring, spot = shapely.LinearRing(flat[0]), shapely.Point(flat[1][0])
    return float(ring.distance(spot)) * (1.0 if shapely.Polygon(ring).contains(spot) else -1.0)
