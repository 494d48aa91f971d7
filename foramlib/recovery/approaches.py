"""Open, tubular and endoscopic surgery side by side: what was found of each, by whom, and where nothing is known.

Which row of evidence stands in which cell is told by ``data/recovery/approaches.csv``; every figure is read from
``data/evidence``. A cell without an entry is blank because nothing was found, and it stays blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, disagreements, facts, seed_claims, trials
from foramlib.evidence.tables import read_table
from foramlib.recovery.motor import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.clinical import Disagreement, SeedClaim, TrialResult
    from foramlib.evidence.records import Text

    _Place = tuple[float | None, float | None, float | None]

__all__ = [
    "APPROACHES",
    "ASPECTS",
    "CLAIMS",
    "DISPUTES",
    "REGIONS",
    "Aspect",
    "Cell",
    "Entry",
    "cell",
    "cells",
    "claims",
    "columns",
    "disputes",
    "number",
    "sides",
]

REGIONS: Final[Mapping[str, str]] = MappingProxyType({"cervical": "Neck, from behind", "lumbar": "Low back"})
"""Regions in the order in which they are shown, with their headings."""

APPROACHES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": "Open",
        "tubular": "Through a tube",
        "endoscopic": "Endoscopic",
        "any": "Approach not told apart",
    }
)
"""Ways to the same bony target, with their headings."""


@dataclass(frozen=True)
class Aspect:
    """One thing in which approaches are compared.

    Attributes
    ----------
    key, title : str
        Key, and heading.
    unit : str
        Unit of its figures, or "" where it is told in words only.
    top : float
        End of its axis.
    """

    key: str
    title: str
    unit: str = ""
    top: float = 0.0


ASPECTS: Final = (
    Aspect("corridor", "Corridor"),
    Aspect("bone", "Bone removed: share of the facet", "%", 100.0),
    Aspect("anaesthesia", "Anaesthesia"),
    Aspect("time", "Operating time", "min", 180.0),
    Aspect("blood", "Blood loss", "mL", 200.0),
    Aspect("stay", "Stay in hospital", "days", 4.0),
    Aspect("complications", "Complications", "%", 25.0),
    Aspect("reoperation", "Operated on again", "%", 25.0),
    Aspect("result", "Good result, by each study's own definition", "%", 100.0),
)
"""What is compared, in order."""

CLAIMS: Final = (
    "S0-01", "S0-04", "S0-07", "S0-09", "S3-12", "S3-14", "S4-02", "S4-03", "S4-04", "S4-05", "S4-08",
    "S4-09",
)  # fmt: skip
"""Claims of the leaflets that speak of approach, instruments, anaesthesia or stability."""

DISPUTES: Final = ("DG-03", "DG-04", "DG-05", "DG-09", "DG-24")
"""Disagreements that bear on the choice of approach."""


@dataclass(frozen=True)
class _Row:
    id: Text
    region: Literal["cervical", "lumbar"]
    aspect: Literal[
        "corridor", "bone", "anaesthesia", "time", "blood", "stay", "complications", "reoperation", "result"
    ]
    approach: Literal["open", "tubular", "endoscopic", "any"]
    trial: str
    arm: str
    outcome: str
    fact_id: Text
    words: Text
    figures: Literal["none", "value", "trial", "range"]
    short: str
    design: Text
    beware: str


@dataclass(frozen=True)
class Entry:
    """One finding in one cell.

    Attributes
    ----------
    id : str
        Row of ``data/recovery/approaches.csv``.
    words, short : str
        What was found, and the same for a picture; `short` may be empty.
    figures : str
        The figures as they are read, or "".
    point, low, high : float or None
        Where it lies on the axis of its aspect, with the ends of its interval where one is known.
    ends : str
        What the ends are: ``"95 % interval"``, ``"95 % interval, calculated"``, ``"one SD"``, ``"range"`` or "".
    design, people, beware : str
        How it was studied, who was studied, and what must be said with it.
    fact_id : str
        The fact that is cited.
    """

    id: str
    words: str
    short: str
    figures: str
    point: float | None
    low: float | None
    high: float | None
    ends: str
    design: str
    people: str
    beware: str
    fact_id: str

    @property
    def numeric(self) -> bool:
        """Whether it has a place on an axis."""
        return self.point is not None or self.low is not None


@dataclass(frozen=True)
class Cell:
    """What is known of one aspect of one approach; without entries, nothing was found."""

    region: str
    aspect: Aspect
    approach: str
    entries: tuple[Entry, ...]


def number(value: float, unit: str = "") -> str:
    """Write a figure as studies print it: per cent with one decimal at most, else with two.

    Examples
    --------
    >>> number(58.3, "min"), number(1.35, "days"), number(5.042, "%")
    ('58.3', '1.35', '5')
    """
    return f"{round(value, 1 if unit == '%' else 2):g}"


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    return read_table(data_path("recovery", "approaches.csv"), _Row, {"fact_id": facts().keys()})


@lru_cache(maxsize=4)
def cells(region: str) -> tuple[Cell, ...]:
    """Give every cell of a region, aspect by aspect; blank ones have no entries.

    Parameters
    ----------
    region : str
        ``"cervical"`` or ``"lumbar"``.

    Raises
    ------
    InvalidInput
        If there is no such region, or a row points to nothing.
    """
    if region not in REGIONS:
        raise InvalidInput(f"There is no region {region!r}; choose one of {', '.join(REGIONS)}.")
    return tuple(
        Cell(region, aspect, approach, _entries(region, aspect, approach))
        for aspect in ASPECTS
        for approach in columns(region)
    )


def cell(region: str, aspect: str, approach: str) -> Cell:
    """Give one cell.

    Raises
    ------
    InvalidInput
        If there is no such cell.
    """
    for one in cells(region):
        if (one.aspect.key, one.approach) == (aspect, approach):
            return one
    raise InvalidInput(f"There is no cell {aspect!r} of {approach!r}; choose an aspect and an approach of {region}.")


@lru_cache(maxsize=4)
def columns(region: str) -> tuple[str, ...]:
    """Give the approaches of a region; "not told apart" only where something stands there."""
    told = {row.approach for row in _rows() if row.region == region}
    return tuple(key for key in APPROACHES if key != "any" or key in told)


def _entries(region: str, aspect: Aspect, approach: str) -> tuple[Entry, ...]:
    wanted = (region, aspect.key, approach)
    return tuple(_entry(row, aspect) for row in _rows() if (row.region, row.aspect, row.approach) == wanted)


def _entry(row: _Row, aspect: Aspect) -> Entry:
    cite(row.fact_id)  # refuses what may not be shown
    fact = facts()[row.fact_id]
    place: _Place = (None, None, None)
    figures, ends = fact.value if row.figures == "value" else "", ""
    people = "" if _same(fact.population, row.design) else fact.population
    if row.figures == "trial":
        found = _trial(row)
        place, ends = _place(found)
        figures, people = _said(place, ends, aspect.unit), _people(found) or people
    elif row.figures == "range":
        place, ends = (None, *_range(row)), "range"
        figures = _said(place, ends, aspect.unit)
    return Entry(row.id, row.words, row.short, figures, *place, ends, row.design, people, row.beware, row.fact_id)


def _same(one: str, other: str) -> bool:
    return one.lower() in other.lower() or other.lower() in one.lower()


def _trial(row: _Row) -> TrialResult:
    wanted = (row.trial, row.arm, row.outcome)
    found = [one for one in trials() if one.citable and (one.trial, one.arm, one.outcome) == wanted]
    times = [one.timepoint_weeks or 0.0 for one in found]
    # Of several times the earliest is shown, and there may be only one at that time.
    first = [one for one in found if (one.timepoint_weeks or 0.0) == min(times)]
    if len(first) != 1:
        raise InvalidInput(f"approaches.csv, {row.id}: trials.csv has {len(first)} rows for it; one is needed.")
    return first[0]


def _place(row: TrialResult) -> tuple[_Place, str]:
    """Give point and interval on the aspect's axis, and what the interval is."""
    if row.events is not None and row.total:
        low, high = wilson(row.events, row.total)
        return (100 * row.events / row.total, 100 * low, 100 * high), "95 % interval, calculated"
    if row.mean is not None:
        if row.sd is None:
            return (row.mean, None, None), ""
        return (row.mean, row.mean - row.sd, row.mean + row.sd), "one SD"
    low_high = row.effect_low, row.effect_high
    ends = tuple(round(100 * end, 4) if end is not None else None for end in low_high)
    point = round(100 * row.effect, 4) if row.effect is not None else None
    return (point, ends[0], ends[1]), "95 % interval" if point is not None and ends[0] is not None else ""


def _range(row: _Row) -> tuple[float, float]:
    """Read a range such as "60.5-171 min" from the value of a fact."""
    found = re.search(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)", facts()[row.fact_id].value)
    if found is None:
        raise InvalidInput(f"approaches.csv, {row.id}: {row.fact_id} holds no range.")
    return float(found[1]), float(found[2])


def _said(place: _Place, ends: str, unit: str) -> str:
    point, low, high = (None if value is None else number(value, unit) for value in place)
    if point is None:
        return f"{low} to {high} {unit}"
    if low is None or high is None:
        return f"{point} {unit.removesuffix('s') if point == '1' else unit}"
    if ends == "one SD" and place[0] is not None and place[2] is not None:
        return f"{point} ± {number(place[2] - place[0], unit)} {unit}"
    return f"{point} {unit} ({low} to {high})"


def _people(row: TrialResult) -> str:
    if row.events is not None and row.total:
        return f"{row.events:g} of {row.total:,g}"
    return f"n = {row.n:,}" if row.n else ""


@dataclass(frozen=True)
class Claimed:
    """A claim of a leaflet beside what is known.

    Attributes
    ----------
    row : SeedClaim
        The claim in our words, its verdict and the reason.
    fact_ids : tuple of str
        Facts that may be cited.
    """

    row: SeedClaim
    fact_ids: tuple[str, ...]


@lru_cache(maxsize=1)
def claims() -> tuple[Claimed, ...]:
    """Give what the leaflets claim of approach, instruments, anaesthesia and stability, with what is known."""
    return tuple(Claimed(seed_claims()[name], _citable(seed_claims()[name].fact_ids)) for name in CLAIMS)


@lru_cache(maxsize=1)
def disputes() -> tuple[Disagreement, ...]:
    """Give the disagreements that bear on the choice of approach."""
    found = {row.id: row for row in disagreements()}
    return tuple(found[name] for name in DISPUTES)


def sides(row: Disagreement) -> tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]:
    """Give both sides of a disagreement in words, each with the facts that it rests on."""
    return (row.one_side, row.one_fact_ids), (row.other_side, row.other_fact_ids)


def _citable(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if facts()[name].citable)
