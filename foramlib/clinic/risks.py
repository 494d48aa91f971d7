"""Outcomes of an operation and of its alternative, of 100 people each, over the same time.

What is shown is chosen in ``data/clinic/decision/outcomes.csv``; the numbers are those of ``trials.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, TypeAlias

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, facts, trials
from foramlib.evidence.tables import by_key, read_table
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.clinical import TrialResult
    from foramlib.evidence.records import Ids, Text

__all__ = ["NO_TRIAL", "OF_HUNDRED", "Outcome", "Pair", "Risk", "newcombe", "outcomes", "pair", "wilson"]

NO_TRIAL = (
    "No trial that was read compares foraminotomy with non-surgical care; trials that compare an operation with it are "
    "of fusion or discectomy"
)
"""What must stand on the first screen and on every chart of this room; without its full stop."""

OF_HUNDRED = 100
"""Everything is told of so many people."""

Good: TypeAlias = Literal["good", "bad", "neutral"]
Region: TypeAlias = Literal["cervical", "lumbar"]


@dataclass(frozen=True)
class Outcome:
    """One outcome that is told of both options (``outcomes.csv``).

    ``trial``, ``outcome`` and ``weeks`` point to rows of ``trials.csv``; ``when`` is the time in words, ``people`` says
    of whom the share is, and ``remark`` what must be said with it.
    """

    id: Text
    name: Text
    region: Region
    kind: Good
    trial: Text
    outcome: Text
    weeks: float
    when: Text
    design: Text
    people: Text
    fact_ids: Ids
    remark: str


@dataclass(frozen=True)
class Risk:
    """How many of 100 people of one option had an outcome.

    Attributes
    ----------
    option : str
        What was done.
    share : float
        0 to 1, as published or as events over people.
    count : int
        Of 100 people.
    people : int or None
        How many were studied; None where that is not published for this option.
    low, high : float or None
        Ends of the 95 % interval (Wilson), 0 to 1; None where the number of people is not known.
    """

    option: str
    share: float
    people: int | None
    low: float | None
    high: float | None

    @property
    def count(self) -> int:
        """How many of 100, rounded."""
        return round(OF_HUNDRED * self.share)

    @property
    def uncertainty(self) -> str:
        """The interval in words, or why there is none."""
        if self.low is None or self.high is None:
            return "how sure this is cannot be calculated from the abstract"
        ends = f"{round(OF_HUNDRED * self.low)} to {round(OF_HUNDRED * self.high)}"
        return f"from {self.people} people; it could be {ends} (calculated, 95 %)"


@dataclass(frozen=True)
class Pair:
    """One outcome of two options: same denominator, same time."""

    outcome: Outcome
    risks: tuple[Risk, Risk]

    @property
    def message(self) -> str:
        """The one thing to read off, with both numbers."""
        first, second = self.risks
        what, when = self.outcome.name, self.outcome.when
        return (
            f"Within {when}, of {OF_HUNDRED}: {what} {first.count} ({first.option}), {second.count} ({second.option})"
        )

    @property
    def difference(self) -> tuple[float, float, float] | None:
        """First less second of 100, with its 95 % interval (Newcombe); None where a number of people is not known."""
        first, second = self.risks
        if first.people is None or second.people is None:
            return None
        ends = newcombe((first.share, first.people), (second.share, second.people))
        return OF_HUNDRED * (first.share - second.share), OF_HUNDRED * ends[0], OF_HUNDRED * ends[1]

    def compared(self) -> str:
        """Say the difference with its interval, and whether chance may explain it."""
        found = self.difference
        if found is None:
            return ""
        middle, low, high = found
        ends = f"from {_more(low)} to {_more(high)}"
        said = f"Difference before rounding: {_more(middle)} of {OF_HUNDRED}, {ends} (calculated, 95 %)"
        return f"{said}; chance may explain it." if low <= 0 <= high else f"{said}."

    def sentences(self) -> tuple[str, ...]:
        """Say both options, how sure each is, the design, and what must be said with it; one sentence each."""
        found = self.outcome
        told = (
            f"{risk.option[0].upper()}{risk.option[1:]}: {risk.count} of {OF_HUNDRED} within {found.when}; "
            f"{risk.uncertainty}."
            for risk in self.risks
        )
        design = f"{found.design[0].upper()}{found.design[1:]}; shares are of {found.people}."
        return tuple(part for part in (*told, self.compared(), design, found.remark, f"{NO_TRIAL}.") if part)


def wilson(share: float, people: int, level: float = 0.95) -> tuple[float, float]:
    """Give the Wilson score interval of a share.

    Parameters
    ----------
    share : float
        0 to 1.
    people : int
        At least 1.
    level : float
        Between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper end, 0 to 1 (Wilson, J Am Stat Assoc 1927;22:209).

    Raises
    ------
    InvalidInput
        If share, people or level is out of range.

    Examples
    --------
    >>> [round(100 * end, 1) for end in wilson(6 / 119, 119)]
    [2.3, 10.6]
    """
    if not (0 <= share <= 1 and people >= 1 and 0 < level < 1):
        raise InvalidInput(
            f"No interval of {share!r} in {people!r} people at level {level!r}; use a share and a level from 0 to 1, "
            "and at least one person."
        )
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (share + z * z / (2 * people)) / (1 + z * z / people)
    half = z / (1 + z * z / people) * sqrt(share * (1 - share) / people + z * z / (4 * people * people))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def newcombe(first: tuple[float, int], second: tuple[float, int]) -> tuple[float, float]:
    """Give the 95 % interval of the difference of two shares, first less second.

    Parameters
    ----------
    first, second : tuple of (float, int)
        Share, 0 to 1, and number of people.

    Returns
    -------
    tuple of float
        Lower and upper end, -1 to 1 (Newcombe, Stat Med 1998;17:873, method 10: Wilson ends of each share).

    Examples
    --------
    >>> [round(end, 3) for end in newcombe((86 / 98, 98), (81 / 106, 106))]
    [0.007, 0.216]
    """
    (one, other), (low, high) = (first[0], second[0]), wilson(*first)
    other_low, other_high = wilson(*second)
    gap = one - other
    return gap - sqrt((one - low) ** 2 + (other_high - other) ** 2), gap + sqrt(
        (high - one) ** 2 + (other - other_low) ** 2
    )


def _more(number: float) -> str:
    whole = round(number)
    return f"{abs(whole)} {'fewer' if whole < 0 else 'more'}" if whole else "none"


@lru_cache(maxsize=1)
def outcomes() -> Mapping[str, Outcome]:
    """Give the outcomes that are told of 100 people, by id (10 rows)."""
    path = data_path("clinic", "decision", "outcomes.csv")
    return by_key(read_table(path, Outcome, {"fact_ids": facts().keys()}), "id")


@lru_cache(maxsize=32)
def pair(name: str) -> Pair:
    """Give one outcome of both options.

    Parameters
    ----------
    name : str
        An id of :func:`outcomes`.

    Raises
    ------
    InvalidInput
        If there is no such outcome, or the trial does not hold it for two options.
    """
    outcome = outcomes()[one_of(name, outcomes(), "outcome")]
    rows = [row for row in trials() if _is_of(row, outcome)]
    first, second = (_risk(row) for row in sorted(rows, key=_comparator_last))
    return Pair(outcome, (first, second))


def _is_of(row: TrialResult, outcome: Outcome) -> bool:
    asked = (outcome.trial, outcome.outcome, outcome.weeks)
    return row.citable and row.arm != "both" and (row.trial, row.outcome, row.timepoint_weeks) == asked


_FIRST = ("posterior foraminotomy", "early surgery", "anterior fusion plus")


def _comparator_last(row: TrialResult) -> bool:
    """Put the operation that the outcome is about first."""
    return not row.arm.startswith(_FIRST)


def _risk(row: TrialResult) -> Risk:
    people = int(row.total) if row.total else row.n
    share = row.events / row.total if row.events is not None and row.total else row.effect
    if share is None:
        raise InvalidInput(f"{row.trial}, {row.outcome}: no share is given for {row.arm}.")
    ends = wilson(share, people) if people else (None, None)
    return Risk(row.arm, share, people, *ends)
