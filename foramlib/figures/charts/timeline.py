"""Steps of recovery as intervals: each source in a row of its own, with its own mark."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.evidence import DAGGER
from foramlib.recovery.milestones import Finding, Saying, Step, findings, sayings, steps
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from foramlib.evidence import Citation

__all__ = [
    "BACK_TO_LIFE",
    "FIRST_DAYS",
    "FORTNIGHT",
    "Group",
    "Timeline",
    "collect_back_to_life",
    "collect_first_days",
    "describe_timeline",
    "end_words",
    "of_part",
    "row_name",
]

FIRST_DAYS, BACK_TO_LIFE = "first-days", "back-to-life"
"""Names of the two charts."""

_PARTS: Final = MappingProxyType({FIRST_DAYS: "first days", BACK_TO_LIFE: "back to life"})
FORTNIGHT: Final = 14
"""Days that are marked one by one, and below which a mean is told in days."""


@dataclass(frozen=True)
class Group:
    """One step with what is said about it."""

    step: Step
    sayings: tuple[Saying, ...]
    findings: tuple[Finding, ...]

    @property
    def days(self) -> tuple[float, ...]:
        """Every day that a plan could use, in order."""
        found = {day for one in self.sayings if one.dated for day in (one.earliest, one.latest) if day is not None}
        return tuple(sorted(found))

    @property
    def standing(self) -> str:
        """What the times rest on, in words."""
        timed = {one.custom for one in self.sayings if one.dated and (one.timed or one.mean is not None)}
        if not timed:
            return "no time for this operation"
        return "custom and measured" if len(timed) > 1 else "custom, not evidence" if True in timed else "measured"


@dataclass(frozen=True)
class Timeline:
    """The numbers of the charts ``first-days`` and ``back-to-life``.

    Attributes
    ----------
    name : str
        Name of the chart.
    region : str
        ``"cervical"``, ``"lumbar"``, or "" for both.
    groups : tuple of Group
        The steps in order.
    """

    name: str
    region: str
    groups: tuple[Group, ...]
    modelled: bool = False

    @property
    def message(self) -> str:
        """The one thing to learn, from the numbers."""
        key, what = ("home", "Going home") if self.name == FIRST_DAYS else ("driving", "Driving again")
        group = next((one for one in self.groups if one.step.step == key), None)
        if group is None or len(group.days) < 2:  # noqa: PLR2004 - two ends make a disagreement
            return "After surgery on the low back hardly anybody gives a time"
        first, last = group.days[0], group.days[-1]
        if self.name == FIRST_DAYS:
            return f"{what}: {first:g} to {last:g} days, depending on whom you ask"
        return f"{what}: {first / 7:g} to {last / 7:g} weeks, depending on whom you ask"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is drawn, each once."""
        drawn = [one.fact_id for group in self.groups for one in group.sayings if one.fact_id]
        known = [one.fact_id for group in self.groups for one in group.findings]
        return tuple(dict.fromkeys([*drawn, *known]))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The leaflets, which are cited as leaflets and not as facts."""
        leaflets = [one.citation for group in self.groups for one in group.sayings if not one.fact_id]
        return tuple({citation.text: citation for citation in leaflets}.values())

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Leaflets, surveys and the practice of one centre are custom, not evidence.",
            "Measured data are observed in the people named.",
            "Day 0 is the day of the operation.",
        )


def of_part(name: str, level: object = None) -> Timeline:
    """Collect the steps of one chart, for both regions or for that of a level.

    Raises
    ------
    InvalidInput
        If the level is unknown.
    """
    region = Level.parse(level).region if level is not None else ""
    wanted = [step for step in steps().values() if step.part == _PARTS[name]]
    return Timeline(name, region, tuple(_group(step, region) for step in wanted if _applies(step, region)))


collect_first_days = partial(of_part, FIRST_DAYS)
collect_back_to_life = partial(of_part, BACK_TO_LIFE)


def _applies(step: Step, region: str) -> bool:
    return step.asked != "neck" or region != "lumbar"


def _group(step: Step, region: str) -> Group:
    said = [one for one in sayings() if one.step == step.step and (not region or one.region in {region, "any"})]
    known = [one for one in findings() if one.step == step.step and (not region or one.region in {region, "any"})]
    return Group(step, tuple(said), tuple(known))


def _day(days: float) -> str:
    return "the same day" if not days else f"day {days:g}"


# -- words


def describe_timeline(numbers: Timeline) -> str:
    """Say the chart in words, from the numbers that it draws."""
    text = [f"{numbers.message}."]
    for group in numbers.groups:
        rows = [f"{row_name(one)}, {end_words(one)} ({one.words})" for one in group.sayings]
        known = [f"known: {one.words} ({one.citation.marked})" for one in group.findings]
        text.append(f"{group.step.name} ({group.standing}). {'; '.join([*rows, *known]) or 'nobody gives a time'}.")
    return "\n".join([*text, *numbers.remarks])


def row_name(saying: Saying) -> str:
    """Name the source, and the milestone where the step says something wider."""
    dagger = DAGGER if saying.citation.note else ""
    return saying.brief + (f": {saying.row.milestone}" if saying.named else "") + dagger


def end_words(saying: Saying) -> str:
    """Write the time as it stands at the end of its row."""
    if saying.mean is None:
        return saying.span
    mean = f"mean {saying.mean / 7:.1f} weeks" if saying.mean >= FORTNIGHT else f"mean {saying.mean:g} days"
    return f"{saying.span}, {mean}" if saying.timed else f"{mean}, no range"
