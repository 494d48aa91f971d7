"""Weighted kappa of two gradings of the same images, with a large-sample interval.

Cohen's weighted kappa with linear or quadratic weights; its standard error after Fleiss, Cohen and Everitt (Psychol
Bull 1969;72:323-7). Tests hold both to an independent implementation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Table = NDArray[np.float64]

__all__ = ["FEWEST", "WEIGHTS", "Kappa", "counted", "weighted_kappa"]

WEIGHTS = ("linear", "quadratic")

FEWEST = 5
"""Images below which no kappa is given."""

_NONE = 1e-9
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance.

    Attributes
    ----------
    value, low, high : float
        Kappa with the ends of its 95 % interval, kept within -1 and 1.
    count : int
        Images.
    weights : str
        ``"linear"`` or ``"quadratic"``.
    """

    value: float
    low: float
    high: float
    count: int
    weights: str

    def told(self) -> str:
        """Say it: "0.62 (95 % interval 0.30 to 0.94, 12 images)"."""
        if self.high - self.low < _NONE:
            return f"{self.value:.2f} ({self.count} images; no interval while all gradings agree)"
        return f"{self.value:.2f} (95 % interval {self.low:.2f} to {self.high:.2f}, {self.count} images)".replace(
            "-", "−"
        )


def counted(pairs: Iterable[tuple[int, int]], grades: int) -> Table:
    """Count pairs of ranks: rows the first grading, columns the second.

    Raises
    ------
    InvalidInput
        If a rank is not one of ``grades``.
    """
    table = np.zeros((grades, grades))
    for one, other in pairs:
        if not (0 <= one < grades and 0 <= other < grades):
            raise InvalidInput(f"The grades {one!r} and {other!r} do not fit; each is a whole number below {grades}.")
        table[one, other] += 1
    return table


def weighted_kappa(pairs: Iterable[tuple[int, int]], grades: int, weights: str = "linear") -> Kappa | None:
    """Return weighted kappa of two gradings.

    Parameters
    ----------
    pairs : iterable of tuple of int
        Rank by the first and by the second grader, from 0; one pair an image.
    grades : int
        Number of grades of the scale.
    weights : str
        One of :data:`WEIGHTS`.

    Returns
    -------
    Kappa or None
        None below :data:`FEWEST` images, and where chance alone would already agree fully.

    Raises
    ------
    InvalidInput
        If a rank is not on the scale or the weights are unknown.
    """
    if weights not in WEIGHTS:
        raise InvalidInput(f"There are no weights {weights!r}; choose one of {', '.join(WEIGHTS)}.")
    table = counted(pairs, grades)
    count = int(table.sum())
    shares = table / max(count, 1)
    agreement = _agreement(grades, weights)
    chance = float((agreement * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum())
    if count < FEWEST or np.isclose(chance, 1.0):
        return None
    value = (float((agreement * shares).sum()) - chance) / (1.0 - chance)
    error = _standard_error(shares, agreement, chance, count)
    low, high = max(value - _Z95 * error, -1.0), min(value + _Z95 * error, 1.0)
    return Kappa(value, low, high, count, weights)


def _agreement(grades: int, weights: str) -> Table:
    """Weight of each pair: 1 for the same grade, 0 for the ends of the scale."""
    ranks = np.arange(grades, dtype=float)
    apart = np.abs(ranks[:, None] - ranks[None, :]) / max(grades - 1, 1)
    return 1.0 - apart ** (1 if weights == "linear" else 2)


def _standard_error(shares: Table, agreement: Table, chance: float, count: int) -> float:
    """Return the standard error of weighted kappa where the two gradings do agree (Fleiss, Cohen and Everitt 1969)."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    mean = (agreement @ columns)[:, None] + (agreement.T @ rows)[None, :]
    seen = float((agreement * shares).sum())
    spread = float((shares * (agreement * (1.0 - chance) - mean * (1.0 - seen)) ** 2).sum())
    centred = spread - (seen * chance - 2.0 * chance + seen) ** 2
    return float(np.sqrt(max(centred, 0.0) / count) / (1.0 - chance) ** 2)
