"""Shares of people: strength that comes back, operations again, complications; each with n, design and interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Literal

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, facts, trials
from foramlib.evidence.tables import read_table

if TYPE_CHECKING:
    from foramlib.evidence.clinical import TrialResult
    from foramlib.evidence.records import Text

__all__ = ["EVENTS", "Share", "Shares", "shares", "wilson"]

EVENTS = ("strength", "operated-again", "complications")
"""What shares can be of."""

_Z = 1.959963984540054  # 97.5 % point of the normal distribution


@dataclass(frozen=True)
class _Row:
    id: Text
    chart: Literal["strength", "operated-again", "complications"]
    trial: Text
    arm: Text
    outcome: Text
    name: Text
    when: str
    design: Text
    role: Literal["operated", "compared", "untreated", "severe"]
    interval: Literal["calculate", "none"]
    fact_id: Text


@dataclass(frozen=True)
class Share:
    """A share of people at one time.

    Attributes
    ----------
    weeks : float or None
        When; None where it is not one time.
    value : float
        Per cent.
    low, high : float or None
        Ends of the 95 % interval, per cent; None where n is not published.
    n : int or None
        Of how many.
    counted : bool
        Whether the count itself is published; else it is calculated from the share and n, or not known.
    printed : bool
        Whether the interval is the paper's own; else it is calculated after Wilson.
    """

    weeks: float | None
    value: float
    low: float | None
    high: float | None
    n: int | None
    counted: bool
    printed: bool


@dataclass(frozen=True)
class Shares:
    """The shares of one group.

    Attributes
    ----------
    id : str
        Row of ``data/recovery/events.csv``.
    name, when, design : str
        Who, over which time, and how it was studied.
    role : str
        How it is marked.
    points : tuple of Share
        In the order of time.
    fact_id : str
        The fact that is cited.
    """

    id: str
    name: str
    when: str
    design: str
    role: str
    points: tuple[Share, ...]
    fact_id: str


def wilson(events: float, total: float) -> tuple[float, float]:
    """Give the 95 % interval of a share after Wilson, as shares from 0 to 1.

    Parameters
    ----------
    events, total : float
        How many of how many; `total` is above zero.

    Raises
    ------
    InvalidInput
        If there are more events than people, or nobody.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(6, 119)]
    [0.023, 0.106]
    """
    if not 0 <= events <= total or not total:
        raise InvalidInput(f"{events:g} of {total:g} is no share; give a count from 0 to a total above 0.")
    share, room = events / total, _Z**2 / total
    middle = (share + room / 2) / (1 + room)
    half = sqrt(share * (1 - share) * room + room**2 / 4) / (1 + room)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def shares(what: str) -> tuple[Shares, ...]:
    """Collect the groups of one kind of event.

    Parameters
    ----------
    what : str
        One of :data:`EVENTS`.

    Raises
    ------
    InvalidInput
        If there is no such kind.
    """
    if what not in EVENTS:
        raise InvalidInput(f"There are no shares of {what!r}; choose one of {', '.join(EVENTS)}.")
    return tuple(_group(row) for row in _rows() if row.chart == what)


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    return read_table(data_path("recovery", "events.csv"), _Row, {"fact_id": facts().keys()})


def _group(row: _Row) -> Shares:
    wanted = (row.trial, row.arm, row.outcome)
    found = [one for one in trials() if one.citable and (one.trial, one.arm, one.outcome) == wanted]
    may = row.interval == "calculate"
    points = sorted(
        (_share(one, may=may) for one in found), key=lambda one: float("inf") if one.weeks is None else one.weeks
    )
    if not points:
        raise InvalidInput(f"events.csv, {row.id}: trials.csv has no row for it; look at trial, arm and outcome.")
    return Shares(row.id, row.name, row.when, row.design, row.role, tuple(points), row.fact_id)


def _share(row: TrialResult, *, may: bool) -> Share:
    weeks = row.timepoint_weeks
    if row.events is not None and row.total:
        low, high = (_percent(end) for end in wilson(row.events, row.total))
        return Share(weeks, _percent(row.events / row.total), low, high, int(row.total), counted=True, printed=False)
    value = row.effect or 0.0
    if row.effect_low is not None and row.effect_high is not None:
        ends = (_percent(row.effect_low), _percent(row.effect_high))
        return Share(weeks, _percent(value), *ends, row.n, counted=False, printed=True)
    if row.n and may:
        low, high = (_percent(end) for end in wilson(round(value * row.n), row.n))
        return Share(weeks, _percent(value), low, high, row.n, counted=False, printed=False)
    return Share(weeks, _percent(value), None, None, row.n, counted=False, printed=False)


def _percent(share: float) -> float:
    """Give per cent, without the dust of binary fractions."""
    return round(100 * share, 4)
