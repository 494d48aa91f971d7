"""Not much worse: what a trial of non-inferiority shows, with the FACET trial as it was published.

Every outcome is turned the same way round: how much *worse* posterior foraminotomy may be than anterior discectomy with
fusion, in points of a hundred. Non-inferiority is shown where the limit of the interval lies below the margin, and the
margin was fixed before anyone saw the data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from foramlib.errors import InvalidInput
from foramlib.evidence import facts, trials

__all__ = ["LARGEST_MARGIN", "MARGIN_ID", "Outcome", "is_shown", "outcomes", "published_margin", "read_margin"]

MARGIN_ID: Final = "P:E01b"
"""The fact that holds the margin of FACET."""

LARGEST_MARGIN: Final = 20.0
"""End of what can be asked for, points of a hundred; an assumption, twice the trial's own margin."""

# Outcome of trials.csv -> name, unit, and the factor that turns "anterior minus posterior" into "posterior worse by".
_OUTCOMES: Final = (
    ("Odom success (excellent or good)", "risk difference", "Excellent or good by Odom", "percentage points", 100.0),
    ("arm pain VAS", "0-100", "Arm pain at one year", "points of 100", -1.0),
    ("arm pain VAS, change from baseline", "0-100", "Fall of arm pain", "points of 100", 1.0),
)


@dataclass(frozen=True)
class Outcome:
    """One outcome of FACET at one year, as "posterior worse by".

    Attributes
    ----------
    name, unit : str
        Name, and what its points are.
    worse : float
        How much worse posterior surgery was; below zero it was better.
    limit : float
        One-sided limit: as much worse as it may be.
    id : str
        Evidence id.
    """

    name: str
    unit: str
    worse: float
    limit: float
    id: str


@lru_cache(maxsize=1)
def outcomes() -> tuple[Outcome, ...]:
    """Give the primary outcomes of FACET at one year, turned the same way round."""
    return tuple(_outcome(*one) for one in _OUTCOMES)


def _outcome(outcome: str, scale: str, name: str, unit: str, factor: float) -> Outcome:
    found = [
        row
        for row in trials()
        if (row.trial, row.arm, row.outcome, row.scale, row.timepoint_weeks) == ("FACET", "both", outcome, scale, 52.0)
        and row.effect_direction == "anterior minus posterior"
    ]
    row, effect = (found[0], found[0].effect) if len(found) == 1 else (None, None)
    if row is None or effect is None:
        raise InvalidInput(f"trials.csv has no single difference of FACET for {outcome!r}.")
    ends = [end for end in (row.effect_low, row.effect_high) if end is not None]
    return Outcome(name, unit, factor * effect, max(factor * end for end in ends), row.fact_ids[0])


@lru_cache(maxsize=1)
def published_margin() -> float:
    """Give the margin that FACET fixed in its plan, points of a hundred."""
    found = re.fullmatch(r"(\d+) %", facts()[MARGIN_ID].value)
    if found is None:
        raise InvalidInput(f"{MARGIN_ID} does not hold a margin in per cent.")
    return float(found[1])


def read_margin(value: object) -> float:
    """Check a margin that a learner asks for.

    Raises
    ------
    InvalidInput
        If it is no number from 0 to :data:`LARGEST_MARGIN`.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= LARGEST_MARGIN:  # type: ignore[operator]
        raise InvalidInput(f"A margin cannot be {value!r}; choose from 0 to {LARGEST_MARGIN:g} points of a hundred.")
    return float(value)  # type: ignore[arg-type]


def is_shown(outcome: Outcome, margin: float) -> bool:
    """Tell whether the outcome shows, at this margin, that posterior surgery is not much worse."""
    return outcome.limit < margin
