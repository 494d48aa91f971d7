"""Bayes for one yes or no: likelihood ratios with their intervals, and what a test makes of a probability.

Intervals are those of 95 %. From counts they follow the log method: the variance of the logarithm of a ratio of two
shares a/n and b/m is 1/a - 1/n + 1/b - 1/m. From published intervals of sensitivity and specificity they follow the
same idea, with the variance of each share read off its interval on the logit scale, and the two taken as independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Probability", "Ratio", "Share", "combined", "post_test", "ratios_from_counts", "ratios_from_shares"]

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Share:
    """Sensitivity or specificity, 0 to 1, with the ends of its interval where they were published."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Ratio:
    """A likelihood ratio with the ends of its interval, or None where no interval can be had."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both ends, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class Probability:
    """A probability, 0 to 1, with the ends of its interval, or None where no interval can be had."""

    value: float
    low: float | None = None
    high: float | None = None


def ratios_from_counts(tp: int, sick: int, tn: int, well: int, *, add_half: bool = False) -> tuple[Ratio, Ratio]:
    """Likelihood ratios of a positive and a negative test, from the counts of a study.

    Parameters
    ----------
    tp, sick : int
        Positive tests among the sick, and the sick.
    tn, well : int
        Negative tests among the well, and the well.
    add_half : bool
        Add half a person to each of the four cells, the usual remedy (Haldane and Anscombe) where one is empty.

    Raises
    ------
    InvalidInput
        If a count is impossible, or a cell is empty so that the ratio has no interval.

    Examples
    --------
    >>> positive, negative = ratios_from_counts(6, 20, 160, 172)
    >>> round(positive.value, 2), round(negative.value, 2)
    (4.3, 0.75)
    """
    possible = 0 <= tp <= sick and 0 <= tn <= well and sick > 0 < well
    if not possible or not (add_half or (0 < tp < sick and 0 < tn < well)):
        raise InvalidInput(f"Counts of {tp}/{sick} and {tn}/{well} give no ratio; every cell needs someone in it.")
    half = 0.5 if add_half else 0.0
    people = sick + 2 * half, well + 2 * half
    return (
        _ratio(tp + half, people[0], well - tn + half, people[1]),
        _ratio(sick - tp + half, people[0], tn + half, people[1]),
    )


def _ratio(first: float, of_first: float, second: float, of_second: float) -> Ratio:
    value = (first / of_first) / (second / of_second)
    spread = _Z * sqrt(1 / first - 1 / of_first + 1 / second - 1 / of_second)
    return Ratio(value, value * exp(-spread), value * exp(spread))


def ratios_from_shares(sensitivity: Share, specificity: Share) -> tuple[Ratio, Ratio]:
    """Likelihood ratios of a positive and a negative test, from sensitivity and specificity.

    The ratios have an interval only where both shares have one.

    Raises
    ------
    InvalidInput
        If a share is not between 0 and 1.

    Examples
    --------
    >>> round(ratios_from_shares(Share(0.53), Share(0.92))[0].value, 1)
    6.6
    """
    for share in (sensitivity, specificity):
        if not 0 < share.value < 1:
            raise InvalidInput(f"A sensitivity or specificity of {share.value:g} gives no ratio; use 0 to 1.")
    sens, spec = sensitivity.value, specificity.value
    errors = _logit_error(sensitivity), _logit_error(specificity)
    # d log(p) = (1 - p) d logit(p), and d log(1 - p) = -p d logit(p).
    positive = _with_spread(sens / (1 - spec), (1 - sens, spec), errors)
    return positive, _with_spread((1 - sens) / spec, (sens, 1 - spec), errors)


def _logit_error(share: Share) -> float | None:
    """Give the standard error on the logit scale, read off the published interval."""
    if share.low is None or share.high is None:
        return None
    return (_logit(share.high) - _logit(share.low)) / (2 * _Z)


def _with_spread(value: float, slopes: tuple[float, float], errors: tuple[float | None, float | None]) -> Ratio:
    if errors[0] is None or errors[1] is None:
        return Ratio(value)
    spread = _Z * sqrt((slopes[0] * errors[0]) ** 2 + (slopes[1] * errors[1]) ** 2)
    return Ratio(value, value * exp(-spread), value * exp(spread))


def combined(ratios: Sequence[Ratio]) -> Ratio:
    """Multiply ratios as if the tests were independent of one another; an interval needs one of each.

    Distances from the value to the ends are added as variances, on the log scale, each side by itself.
    """
    value = exp(sum(log(ratio.value) for ratio in ratios))
    ends = [ratio.interval for ratio in ratios]
    if any(end is None for end in ends):
        return Ratio(value)
    below = sqrt(sum(log(ratio.value / end[0]) ** 2 for ratio, end in zip(ratios, ends, strict=True) if end))
    above = sqrt(sum(log(end[1] / ratio.value) ** 2 for ratio, end in zip(ratios, ends, strict=True) if end))
    return Ratio(value, value * exp(-below), value * exp(above))


def post_test(before: float, ratio: Ratio) -> Probability:
    """Give the probability after a test.

    Parameters
    ----------
    before : float
        Probability before the test, above 0 and below 1; it is taken as known.
    ratio : Ratio
        Likelihood ratio of the result.

    Raises
    ------
    InvalidInput
        If the probability is not between 0 and 1.

    Examples
    --------
    >>> round(post_test(0.23, Ratio(6.1)).value, 2)
    0.65
    """
    if not (isfinite(before) and 0 < before < 1):
        raise InvalidInput(f"A probability of {before:g} before the test cannot be used; choose above 0 and below 1.")
    odds = before / (1 - before)
    ends = ratio.interval
    if ends is None:
        return Probability(_of_odds(odds * ratio.value))
    return Probability(_of_odds(odds * ratio.value), _of_odds(odds * ends[0]), _of_odds(odds * ends[1]))


def _of_odds(odds: float) -> float:
    return odds / (1 + odds)


def _logit(share: float) -> float:
    return log(share / (1 - share))
