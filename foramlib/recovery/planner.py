"""A plan with dates: who says when, counted from the day of the operation."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, footnotes
from foramlib.evidence.days import MONTHS, day_words
from foramlib.evidence.tables import read_table
from foramlib.given import as_typed, one_of
from foramlib.recovery.milestones import Finding, Saying, Step, findings, sayings, steps, who_is_asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.records import Text

__all__ = [
    "APPROACH_NAMES",
    "JOBS",
    "REGIONS",
    "Help",
    "Plan",
    "PlannedStep",
    "Request",
    "day_words",
    "plan",
    "read_day",
]

REGIONS: Mapping[str, str] = MappingProxyType({"cervical": "neck", "lumbar": "low back"})
"""Regions and their everyday names; both are understood."""

APPROACH_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "any": "not known yet",
        "open": "open",
        "keyhole": "keyhole (through a tube)",
        "endoscopic": "endoscopic",
    }
)
JOBS: Mapping[str, str] = MappingProxyType(
    {
        "none": "no paid work",
        "desk": "at a desk",
        "light": "standing or with the hands",
        "heavy": "with heavy lifting",
        "driver": "driving for a living",
    }
)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""Days between which an operation may lie."""

_ALSO = MappingProxyType({"neck": "cervical", "low back": "lumbar", "back": "lumbar", "tubular": "keyhole"})

Standing = Literal["custom, not evidence", "measured", "custom and measured", "not known"]


@dataclass(frozen=True)
class Request:
    """What a plan is asked for.

    Attributes
    ----------
    operation : datetime.date
        Day of the operation, day 0.
    region : {"cervical", "lumbar"}
        Neck or low back.
    approach : {"any", "open", "keyhole", "endoscopic"}
        Way to the foramen from behind.
    drives, sport : bool
        Whether the person drives, and does sport.
    job : {"none", "desk", "light", "heavy", "driver"}
        What the person does for a living.
    """

    operation: date
    region: str
    approach: str = "any"
    drives: bool = True
    job: str = "none"
    sport: bool = False


@dataclass(frozen=True)
class PlannedStep:
    """One step with everything that is said about it.

    Attributes
    ----------
    step : Step
        The step.
    sayings : tuple of Saying
        What dates are calculated from, and what gives no time.
    beside : tuple of Saying
        The same step after another operation, for comparison only.
    findings : tuple of Finding
        What is known without a date.
    operation : datetime.date
        Day 0.
    """

    step: Step
    sayings: tuple[Saying, ...]
    beside: tuple[Saying, ...]
    findings: tuple[Finding, ...]
    operation: date

    @property
    def timed(self) -> tuple[Saying, ...]:
        """What gives a time."""
        return tuple(saying for saying in self.sayings if saying.timed)

    @property
    def standing(self) -> Standing:
        """What the dates rest on; "not known" where nobody gives a time."""
        if not self.timed:
            return "not known"
        kinds = {saying.custom for saying in self.sayings if saying.timed or saying.mean is not None}
        return "custom and measured" if len(kinds) > 1 else "custom, not evidence" if True in kinds else "measured"

    @property
    def earliest(self) -> date | None:
        """The first day that anybody names, or None."""
        days = [day for saying in self.timed for day in (saying.earliest, saying.latest) if day is not None]
        return self.on(min(days)) if days else None

    @property
    def latest(self) -> date | None:
        """The last day that anybody names, or None."""
        days = [day for saying in self.timed for day in (saying.earliest, saying.latest) if day is not None]
        return self.on(max(days)) if days else None

    @property
    def open_ended(self) -> bool:
        """Whether somebody says "from" a day without an end."""
        return any(saying.latest is None for saying in self.timed)

    def on(self, days: float) -> date:
        """Give the calendar day so many days after the operation; hours belong to the day itself."""
        return self.operation + timedelta(days=int(days))

    def dates_of(self, saying: Saying) -> str:
        """Write what a source says as calendar days: ``3 to 10 December 2026``, ``by 31 December 2026``."""
        if not saying.timed:
            return "no time given" if saying.mean is None else f"mean {saying.mean:g} days, no range given"
        one = self.on(saying.earliest) if saying.earliest is not None else None
        other = self.on(saying.latest) if saying.latest is not None else None
        return range_words(one, other)

    @property
    def dates(self) -> str:
        """The whole spread as calendar days, or "not known"."""
        first, last = self.earliest, self.latest
        if first is None or last is None:
            return "not known"
        if all(saying.earliest is None for saying in self.timed):
            return f"by {day_words(first)}" if first == last else f"by {range_words(first, last)}"
        if first == last:
            return range_words(first, None if self.open_ended else last)
        return range_words(first, last) + (" or later" if self.open_ended else "")


@dataclass(frozen=True)
class Help:
    """When to call for help (``data/recovery/help.csv``)."""

    id: Text
    sign: Text
    region: Literal["cervical", "lumbar", "any"]
    act: Text
    urgency: Literal["at once", "same day"]
    fact_id: str

    @property
    def source(self) -> str:
        """Who says so, or that it is agreed teaching text."""
        return cite(self.fact_id).text if self.fact_id else "agreed teaching text"


@dataclass(frozen=True)
class Plan:
    """A plan: steps with dates and sources, and when to call for help.

    Attributes
    ----------
    request : Request
        What was asked for.
    steps : tuple of PlannedStep
        In the order of recovery.
    help : tuple of Help
        What should lead to a call.
    """

    request: Request
    steps: tuple[PlannedStep, ...]
    help: tuple[Help, ...]

    @property
    def heading(self) -> str:
        """Say for whom the plan is."""
        asked = self.request
        way = f", {APPROACH_NAMES[asked.approach]}" if asked.approach != "any" else ""
        return f"Foraminotomy of the {REGIONS[asked.region]}{way}, {day_words(asked.operation)}"

    @property
    def caution(self) -> tuple[str, ...]:
        """What must stand on every plan."""
        custom = sum(step.standing == "custom, not evidence" for step in self.steps)
        unknown = sum(step.standing == "not known" for step in self.steps)
        return (
            "Dates are counted from what others say; they are no promise and no medical advice.",
            f"Of {len(self.steps)} steps, {custom} rest on custom alone and {unknown} on no time at all.",
            "The advice of the surgical team comes first.",
        )

    def lines(self) -> list[str]:
        """Say the plan in words, one line for each statement."""
        said = [f"{self.heading}.", *self.caution]
        for step in self.steps:
            standing = f" ({step.standing})" if step.timed else ""
            said.append(f"{step.step.name}: {step.dates}{standing}.")
            said += [f"  {saying.who}: {step.dates_of(saying)}; {saying.words}." for saying in step.sayings]
            said += [f"  for comparison, {one.who}: {step.dates_of(one)}; {one.words}." for one in step.beside]
            said += [f"  known: {finding.words} ({finding.citation.text})." for finding in step.findings]
        said.append("Call for help:")
        said += [f"  {one.urgency}: {one.sign}; {one.act} ({one.source})." for one in self.help]
        marks = footnotes("".join(said))
        return [*said, marks] if marks else said

    def summary(self) -> list[str]:
        """Say the plan briefly: each step with its dates, who names one, and the signs for help."""
        said = [f"{self.heading}.", *self.caution]
        for step in self.steps:
            standing = f" ({step.standing})" if step.timed else ""
            named = "; ".join(f"{one.who}: {step.dates_of(one)}" for one in step.timed)
            found = ", ".join(one.citation.marked for one in step.findings)
            named = named or (f"Found without a date: {found}" if found else "")
            said.append(f"{step.step.name}: {step.dates}{standing}.{f' {named}.' if named else ''}")
        said.append("Call for help:")
        return said + [f"  {one.urgency}: {one.sign}." for one in self.help]

    def as_dict(self) -> dict[str, Any]:
        """Give the plan as plain data for programs; days are ISO dates or None."""
        asked = asdict(self.request) | {"operation": self.request.operation.isoformat()}
        made = [_as_dict(step) for step in self.steps]
        return {"request": asked, "caution": list(self.caution), "steps": made, "help": [asdict(x) for x in self.help]}


def _as_dict(step: PlannedStep) -> dict[str, Any]:
    return {
        "step": step.step.step,
        "name": step.step.name,
        "standing": step.standing,
        "earliest": _iso(step.earliest),
        "latest": _iso(step.latest),
        "dates": step.dates,
        "sayings": [_saying_dict(step, saying) for saying in step.sayings],
        "beside": [_saying_dict(step, saying) for saying in step.beside],
        "known": [{"id": one.fact_id, "words": one.words, "source": one.citation.text} for one in step.findings],
    }


def _saying_dict(step: PlannedStep, saying: Saying) -> dict[str, Any]:
    return {
        "id": saying.id,
        "who": saying.who,
        "custom": saying.custom,
        "from": _iso(step.on(saying.earliest)) if saying.earliest is not None else None,
        "until": _iso(step.on(saying.latest)) if saying.latest is not None else None,
        "words": saying.words,
        "source": saying.citation.text,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def plan(
    operation: object, region: object = "cervical", approach: object = "any", *,
    driving: object = True, job: object = "none", sport: object = False,
) -> Plan:  # fmt: skip
    """Plan a recovery from the day of the operation.

    Parameters
    ----------
    operation : datetime.date or str
        Day of the operation, a date or ``"2026-11-30"``; from 2000 to 2099.
    region : str
        ``"cervical"`` (or ``"neck"``) or ``"lumbar"`` (or ``"low back"``).
    approach : str
        ``"open"``, ``"keyhole"`` (or ``"tubular"``), ``"endoscopic"``, or ``"any"`` where it is not known yet.
    driving, sport : bool
        Whether the person drives, and does sport.
    job : str
        ``"none"``, ``"desk"``, ``"light"``, ``"heavy"`` or ``"driver"``.

    Returns
    -------
    Plan
        Every step that concerns this person, with dates where somebody gives them, and who says so.

    Raises
    ------
    InvalidInput
        If the day is no date or lies far outside a lifetime, or another choice is unknown.

    Examples
    --------
    >>> made = plan("2026-11-30", "neck", "keyhole", job="light")
    >>> next(step.dates for step in made.steps if step.step.step == "driving")
    '7 December 2026 to 11 January 2027'
    """
    asked = _request(operation, region, approach, driving=driving, job=job, sport=sport)
    made = tuple(_planned(step, asked) for step in steps().values() if _concerns(step, asked))
    return Plan(asked, made, tuple(one for one in _help() if one.region in {asked.region, "any"}))


def _request(
    operation: object, region: object, approach: object, *, driving: object, job: object, sport: object
) -> Request:
    """Check what a plan is asked for, in the order in which it is given."""
    return Request(
        read_day(operation),
        _named(region, "region", tuple(REGIONS)),
        _named(approach, "approach", tuple(APPROACH_NAMES)),
        _yes_or_no(driving, "driving"),
        _named(job, "job", tuple(JOBS)),
        _yes_or_no(sport, "sport"),
    )


def read_day(given: object) -> date:
    """Read the day of an operation.

    Raises
    ------
    InvalidInput
        If it is no date, is written in another way than ``2026-11-30``, or lies before 2000 or after 2099.
    """
    day = given
    if isinstance(given, str):
        day = _parsed(given)
    if type(day) is not date:
        raise InvalidInput(f"The day of the operation {given!r} is no date; write it as 2026-11-30.")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput(
            f"The day of the operation {day.isoformat()} cannot be planned with; "
            f"choose one from {FIRST_DAY.year} to {LAST_DAY.year}."
        )
    return day


def _parsed(text: str) -> date | None:
    # Only the one way of writing: Python also reads 20261130 and weeks, which a typing mistake may look like.
    plain = as_typed(text)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        return None
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return None


def _named(given: object, what: str, known: tuple[str, ...]) -> str:
    return one_of(given, known, what, also={word: name for word, name in _ALSO.items() if name in known})


def _yes_or_no(given: object, what: str) -> bool:
    if not isinstance(given, bool):
        raise InvalidInput(f"The answer {given!r} to {what} is neither yes nor no; give True or False.")
    return given


def _concerns(step: Step, asked: Request) -> bool:
    neck = asked.region == "cervical"
    return who_is_asked(step, neck=neck, drives=asked.drives, job=asked.job, sport=asked.sport)


def _planned(step: Step, asked: Request) -> PlannedStep:
    mine = [saying for saying in sayings() if saying.step == step.step]
    suits = tuple(one for one in mine if one.dated and one.suits(asked.region, asked.approach))
    beside = tuple(one for one in mine if not one.dated and one.region == asked.region)
    known = tuple(one for one in findings() if one.step == step.step and one.suits(asked.region, asked.approach))
    return PlannedStep(step, suits, beside, known, asked.operation)


@lru_cache(maxsize=1)
def _help() -> tuple[Help, ...]:
    return read_table(data_path("recovery", "help.csv"), Help)


# -- words


def range_words(first: date | None, last: date | None) -> str:
    """Write a range of days: ``by …``, ``from …``, ``on …`` or ``… to …``.

    Raises
    ------
    InvalidInput
        If neither end is given.
    """
    if first is None and last is None:
        raise InvalidInput("A range of days needs at least one end; neither was given.")
    if first is None or last is None:
        return f"by {day_words(last)}" if last else f"from {day_words(first)}" if first else ""
    if first == last:
        return f"on {day_words(first)}"
    return f"{_short(first, last)} to {day_words(last)}"


def _short(first: date, last: date) -> str:
    """Write the first day without what it shares with the last."""
    if first.year != last.year:
        return day_words(first)
    return f"{first.day}" if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
