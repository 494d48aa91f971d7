"""Steps of recovery: what leaflets, surveys and measurements say about each, and for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from foramlib.evidence import (
    Citation,
    cite,
    cite_source,
    data_path,
    facts,
    label_of,
    milestones,
    sources,
    trials,
)
from foramlib.evidence.tables import by_key, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from foramlib.evidence.clinical import Milestone, TrialResult
    from foramlib.evidence.records import Ids, Text

__all__ = ["APPROACHES", "DAY", "Finding", "Saying", "Step", "findings", "sayings", "steps", "who_is_asked"]

Knows: TypeAlias = Literal["leaflet", "one centre", "survey", "measured"]

APPROACHES = ("open", "keyhole", "endoscopic")
"""Ways to a foramen from behind; ``"any"`` in a table means each of them."""

DAY = 1.0
_WEEK = 7.0
# What a caution says to whoever edits the tables, not to a reader.
_FOR_EDITORS = re.compile(r"[AP]:|to complete|in the paper")
_FORTNIGHT = 14.0


@dataclass(frozen=True)
class Step:
    """One step of recovery (``data/recovery/steps.csv``).

    ``asked`` says whom a plan asks about it, ``part`` in which of the two charts it stands.
    """

    step: Text
    name: Text
    question: Text
    asked: Literal["always", "neck", "drives", "works", "heavy", "sport"]
    part: Literal["first days", "back to life"]


@dataclass(frozen=True)
class _Place:
    milestone: Text
    steps: Ids
    region: Literal["cervical", "lumbar", "any"]
    approaches: Ids
    kind: Knows
    use: Literal["plan", "beside"]
    named: Literal["yes", "no"]
    beware: str
    fact_id: str


@dataclass(frozen=True)
class Finding:
    """Something known about a step that gives no date (``data/recovery/findings.csv``)."""

    id: Text
    step: Text
    region: Literal["cervical", "lumbar", "any"]
    approaches: Ids
    kind: Knows
    fact_id: Text

    @property
    def citation(self) -> Citation:
        """Where it comes from."""
        return cite(self.fact_id)

    @property
    def words(self) -> str:
        """Say it with its figures and its caution, as the fact has them."""
        fact = facts()[self.fact_id]
        parts = [fact.statement.rstrip("."), fact.value, fact.caution]
        return "; ".join(part for part in parts if part and not _FOR_EDITORS.search(part))

    def suits(self, region: str, approach: str) -> bool:
        """Tell whether it was studied in this region, and in this approach or in any."""
        return self.region in {region, "any"} and _covers(self.approaches, approach)


@dataclass(frozen=True)
class Saying:
    """What one source says about one step.

    Attributes
    ----------
    id : str
        Row of ``milestones.csv``.
    step : str
        Key of the step.
    region : {"cervical", "lumbar", "any"}
        Where it applies.
    approaches : tuple of str
        Approaches that it speaks of, or ``("any",)``.
    kind : {"leaflet", "one centre", "survey", "measured"}
        How the source knows.
    dated : bool
        Whether a plan may calculate with it; False for another operation, shown beside.
    named : bool
        Whether a chart prints the milestone in its own words, since the step says something wider.
    beware : str
        What must be said with it, or "".
    fact_id : str
        The fact that is cited, or "" where the leaflet itself is.
    """

    id: str
    step: str
    region: str
    approaches: tuple[str, ...]
    kind: Knows
    dated: bool
    named: bool
    beware: str
    fact_id: str

    @property
    def row(self) -> Milestone:
        """The row of the table."""
        return milestones()[self.id]

    @property
    def earliest(self) -> float | None:
        """Earliest day after the operation, or None."""
        return self.row.earliest_days

    @property
    def latest(self) -> float | None:
        """Latest day after the operation, or None."""
        return self.row.latest_days

    @property
    def timed(self) -> bool:
        """Whether a day is given at all."""
        return self.earliest is not None or self.latest is not None

    @property
    def custom(self) -> bool:
        """Whether it is the custom of a practice or of surgeons, and not an observation."""
        return self.kind != "measured"

    @property
    def who(self) -> str:
        """Who says so, in a few words: ``leaflet S1``, ``measured, Tumialan 2010``."""
        name = self.row.source
        if name not in sources():
            return f"leaflet {name}"
        label = label_of(sources()[name])
        return {"leaflet": f"leaflet, {label}", "one centre": f"one centre, {label}"}.get(self.kind) or (
            f"{self.kind}, {label}"
        )

    @property
    def brief(self) -> str:
        """Who says so, short enough for a row of a chart, with the approach and with n where it was measured."""
        name = self.row.source
        year = sources()[name].year if name in sources() else ""
        plain = self.who.replace(" healthcare", "").replace("'", "’")
        who = f"one centre, {year}" if self.kind == "one centre" else plain
        way = [", ".join(self.approaches)] if self.approaches != ("any",) else []
        n = self.observed.n if self.observed is not None else None
        return ", ".join([who, *way, *([f"n = {n}"] if n else [])])

    @property
    def span(self) -> str:
        """The time in words: ``7 to 14 days``, ``by 4 weeks``, ``from 8 weeks``, ``no time given``."""
        return _span(self.earliest, self.latest)

    @property
    def words(self) -> str:
        """What the source says, in our words, with what must be said beside it."""
        return "; ".join(part for part in (self.row.wording, self.beware) if part)

    @cached_property
    def observed(self) -> TrialResult | None:
        """The measured time in ``trials.csv``, for a source that measured one: mean and n."""
        arm = "anterior" if "anterior" in self.approaches else "posterior foraminotomy"
        timed = [row for row in trials() if row.source_key == self.row.source and row.scale in _SCALES]
        return next((row for row in timed if row.arm.startswith(arm)), None) if not self.custom else None

    @property
    def mean(self) -> float | None:
        """Mean in days, where one was measured."""
        row = self.observed
        return row.mean * _SCALES[row.scale] if row is not None and row.mean is not None else None

    @cached_property
    def citation(self) -> Citation:
        """Where it comes from; the five leaflets are cited together and never by name."""
        if self.fact_id:
            return cite(self.fact_id)
        key = self.row.source if self.row.source in sources() else "Leaflets"
        source = sources()[key]
        named = "five patient leaflets, S0 to S4" if key == "Leaflets" else label_of(source).replace("'", "’")
        return cite_source(source, self.id, named, "patient leaflet, custom and not evidence")

    def suits(self, region: str, approach: str) -> bool:
        """Tell whether it speaks of this region, and of this approach or of any."""
        return self.region in {region, "any"} and _covers(self.approaches, approach)


def _covers(approaches: tuple[str, ...], approach: str) -> bool:
    """Tell whether a source speaks of an approach; one that is not known is covered by all from behind."""
    if "any" in approaches or approach in approaches:
        return True
    return approach == "any" and bool(set(approaches) & set(APPROACHES))


def _span(earliest: float | None, latest: float | None) -> str:
    if (earliest, latest) in _NAMED:
        return _NAMED[earliest, latest]
    if earliest is None or latest is None:
        return f"by {_time(latest)}" if latest is not None else f"from {_time(earliest)}"
    if earliest == latest:
        return f"at {_time(earliest)}"
    unit = _unit(latest)
    one, other = earliest / _DAYS[unit], latest / _DAYS[unit]
    # Both ends in one unit, or each in its own where that would need a fraction.
    if one == int(one) and other == int(other):
        return f"{one:g} to {other:g} {unit}s"
    return f"{_time(earliest)} to {_time(latest)}"


_NAMED: Mapping[tuple[float | None, float | None], str] = MappingProxyType(
    {
        (None, None): "no time given",
        (0.0, 0.0): "the same day",
        (0.0, 1.0): "the same or the next day",
        (1.0, 1.0): "the next day",
    }
)
_DAYS: Mapping[str, float] = MappingProxyType({"hour": 1 / 24, "day": DAY, "week": _WEEK})
_SCALES: Mapping[str, float] = MappingProxyType({"days": DAY, "weeks": _WEEK})


def _unit(days: float) -> str:
    if days < DAY:
        return "hour"
    return "week" if days > _FORTNIGHT and days % _WEEK == 0 else "day"


def _time(days: float | None) -> str:
    """Write a time after the operation: ``2 hours``, ``14 days``, ``8 weeks``."""
    value = days or 0.0
    unit = _unit(value) if value else "day"
    number = round(value / _DAYS[unit], 1 if unit != "hour" else 0)
    return f"{number:g} {unit}{'' if number == 1 else 's'}"


@lru_cache(maxsize=1)
def steps() -> Mapping[str, Step]:
    """Give the steps of recovery by their keys, in order (12 rows)."""
    return by_key(read_table(_table("steps"), Step), "step")


@lru_cache(maxsize=1)
def sayings() -> tuple[Saying, ...]:
    """Give every row of ``milestones.csv`` at its steps, in the order of the steps and the table.

    Raises
    ------
    InvalidInput
        If a table is damaged, or names a milestone, a step or a fact that is not there.
    """
    known = {"milestone": milestones().keys(), "steps": steps().keys()}
    places = read_table(_table("places"), _Place, known)
    made = [_said(place, step) for place in places for step in place.steps]
    order = list(steps())
    return tuple(sorted(made, key=lambda saying: order.index(saying.step)))


def _said(place: _Place, step: str) -> Saying:
    return Saying(
        id=place.milestone,
        step=step,
        region=place.region,
        approaches=place.approaches,
        kind=place.kind,
        dated=place.use == "plan",
        named=place.named == "yes",
        beware=place.beware,
        fact_id=place.fact_id,
    )


@lru_cache(maxsize=1)
def findings() -> tuple[Finding, ...]:
    """Give what is known about a step without a date (11 rows)."""
    return read_table(_table("findings"), Finding, {"step": steps().keys(), "fact_id": facts().keys()})


def who_is_asked(step: Step, *, neck: bool, drives: bool, job: str, sport: bool) -> bool:
    """Tell whether a plan for this person has a place for a step.

    Parameters
    ----------
    step : Step
        The step.
    neck, drives, sport : bool
        Whether the operation is on the neck, and whether the person drives and does sport.
    job : str
        ``"none"``, ``"desk"``, ``"light"``, ``"heavy"`` or ``"driver"``.
    """
    asked = {"always": True, "neck": neck, "drives": drives, "works": job != "none", "sport": sport}
    return asked.get(step.asked, job in {"heavy", "driver"})


def _table(name: str) -> Path:
    return data_path("recovery", f"{name}.csv")
