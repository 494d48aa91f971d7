"""What happens without an operation, by time, and what operations added to it in trials.

Numbers come from ``trials.csv`` and, where only a sentence holds them, from ``facts.csv``, which must still say them in
the same form. Both sides of the disagreement on recovery stand here side by side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from foramlib.clinic.risks import wilson
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, facts, trials
from foramlib.evidence.tables import read_table
from foramlib.given import one_of

if TYPE_CHECKING:
    from foramlib.evidence.clinical import TrialResult
    from foramlib.evidence.records import Text

__all__ = [
    "Fall",
    "Gain",
    "Seen",
    "Share",
    "Threshold",
    "courses",
    "first_weeks",
    "gains",
    "seen_without_symptoms",
    "thresholds",
]

Region: TypeAlias = Literal["cervical", "lumbar"]
Age: TypeAlias = Literal["younger", "older", "all"]

_YEAR = 52.0  # weeks, as trials.csv counts
_REGIONS = ("cervical", "lumbar")


@dataclass(frozen=True)
class Share:
    """A share of people who were well, 0 to 1, and when.

    Attributes
    ----------
    id : str
        Evidence id.
    counted : str
        What counted as well.
    share : float
        0 to 1.
    start, end : float
        Weeks since the onset or the start of the study; the same for one point in time.
    low, high : float or None
        95 % interval (Wilson) from the share and the number of people; None where that number is not known.
    about : bool
        Whether the source gives the share as approximate.
    note : str
        What must be said with it.
    """

    id: str
    counted: str
    share: float
    start: float
    end: float
    low: float | None
    high: float | None
    about: bool = False
    note: str = ""


@dataclass(frozen=True)
class Fall:
    """How far arm pain (0 to 100) fell over six weeks of waiting, and how much more with help."""

    id: str
    weeks: float
    waiting: float
    low: float
    high: float
    added: float
    people: int


@dataclass(frozen=True)
class Gain:
    """What an operation added in one comparison.

    Attributes
    ----------
    id, name : str
        Evidence id; which trial and group.
    operation : str
        What was compared with non-surgical care.
    scale : str
        Scale of the difference, such as ``"NDI, 0 to 100"``.
    weeks : float or None
        When; None where the text gives no single time.
    gain : float or None
        In favour of the operation, in points of the scale; None where no number is published in what was read.
    low, high : float or None
        95 % interval of the gain.
    important : float or None
        Difference that the trial called important, on the same scale.
    said : str
        The result in words.
    """

    id: str
    name: str
    operation: str
    scale: str
    weeks: float | None
    gain: float | None
    low: float | None
    high: float | None
    important: float | None
    said: str


@dataclass(frozen=True)
class Threshold:
    """Weeks of symptoms that a trial, a report or a guideline names; ``end`` is None where it is "at least"."""

    id: str
    what: str
    kind: Literal["trial", "guidance"]
    start: float
    end: float | None
    words: str


def courses(region: str = "cervical") -> tuple[Share, ...]:
    """Give the published shares of people who were well without a first operation, in order of time.

    Parameters
    ----------
    region : {"cervical", "lumbar"}
        Neck or low back.

    Raises
    ------
    InvalidInput
        If the region is unknown, or a source no longer says what is read from it.
    """
    return (*_recovered(), _most_recovered(), _rochester()) if _region(region) == "cervical" else _sciatica()


def _region(region: object) -> str:
    return one_of(region, _REGIONS, "region")


def _recovered() -> tuple[Share, ...]:
    return tuple(
        Share("P:N08", "recovered, by their own account", share, weeks, weeks, *wilson(share, people), about=True)
        for row in _rows("Sleijser-Koehorst 2018", "recovered (self-rated)")
        if (share := row.effect) and (weeks := row.timepoint_weeks) and (people := row.n)
    )


def _most_recovered() -> Share:
    share = float(_find("P:N05", "value", r"about (\d+) %")[1]) / 100
    found = _find("P:N05", "statement", r"recovery by (\d+)-(\d+) months")
    start, end = (float(found[place]) / 12 * _YEAR for place in (1, 2))
    note = "three studies of low bias; disc herniation"
    return Share("P:N05", "complete recovery", share, start, end, None, None, about=True, note=note)


def _rochester() -> Share:
    found = _find("P:N02", "value", r"(\d+) % \(median follow-up ([\d.]+) y\)")
    share, weeks = float(found[1]) / 100, float(found[2]) * _YEAR
    people = int(_find("P:N02", "population", r"n = (\d+)")[1])
    operated = _find("P:N03", "value", r"surgery (\d+) %")[1]
    note = f"{operated} % of them had been operated on by then"
    return Share("P:N02", "no or mild limits", share, weeks, weeks, *wilson(share, people), note=note)


def _sciatica() -> tuple[Share, ...]:
    waited, operated = (
        _only("Peul", outcome, "prolonged conservative care") for outcome in ("perceived recovery", "had surgery")
    )
    unhappy = _only("Peul", "unsatisfactory outcome", "all")
    note = f"{100 * operated[0]:.0f} % of those who waited had been operated on by then"
    both = "those operated on early and those who waited, taken together"
    return (
        Share("P:L12", "recovered, by their own account", *waited, waited[1], None, None, note=note),
        Share(
            "P:L12c", "without an unsatisfactory result", 1 - unhappy[0], unhappy[1], unhappy[1], None, None, note=both
        ),
    )


def _only(trial: str, outcome: str, arm: str) -> tuple[float, float]:
    """Give the one share of an arm, and its week."""
    (row,) = _rows(trial, outcome, arm)
    if row.effect is None or row.timepoint_weeks is None:
        raise InvalidInput(f"The table of trials no longer gives {outcome!r} of {trial} as a share with its time.")
    return row.effect, row.timepoint_weeks


def first_weeks() -> Fall:
    """Give the fall of arm pain over the first six weeks in the trial of collar, physiotherapy and waiting."""
    (slope,) = _rows("Kuijper 2009", "arm pain VAS, change per week")
    (fall,) = _rows("Kuijper 2009", "arm pain VAS, change from baseline")
    (extra,) = _rows("Kuijper 2009", "arm pain VAS, extra fall over waiting")
    numbers = (fall.timepoint_weeks, fall.effect, slope.effect_high, slope.effect_low, extra.effect, fall.n)
    if None in numbers:
        raise InvalidInput("The trial of collar, physiotherapy and waiting no longer gives its fall of arm pain.")
    weeks, down, least, most, more, people = (float(number or 0) for number in numbers)
    return Fall("P:N06", weeks, -down, -least * weeks, -most * weeks, -more, int(people))


def gains(region: str = "cervical") -> tuple[Gain, ...]:
    """Give what operations added to non-surgical care in trials; none of them is of foraminotomy.

    Parameters
    ----------
    region : {"cervical", "lumbar"}
        Neck or low back.
    """
    return _neck_gains() if _region(region) == "cervical" else _low_back_gains()


def _neck_gains() -> tuple[Gain, ...]:
    (disc,) = _rows("Taso 2025, disc herniation", "NDI", "both")
    (worn,) = _rows("Taso 2025, spondylosis", "NDI", "both")
    important = float(_find("P:E27", "value", r"important difference (\d+)/100")[1])
    scale = "NDI, 0 to 100"
    return (
        Gain("P:E27", "Disc herniation", "fusion", scale, disc.timepoint_weeks, disc.effect, disc.effect_low,
             disc.effect_high, important, f"less disability, but below the {important:g} points called important"),
        Gain("P:E27", "Spondylosis", "fusion", scale, worn.timepoint_weeks, None, None, None, important,
             "no significant difference; the estimate is not in what was read"),
        Gain("P:E28", "Fusion added to physiotherapy", "fusion", scale, 2 * _YEAR, None, None, None, None,
             "rated better at one year, not clearly at two; disability and arm pain did not differ"),
        Gain("P:E29", "Pain for three months or more", "fusion", scale, _YEAR, None, None, None, None,
             "better early, no difference at one year"),
    )  # fmt: skip


def _low_back_gains() -> tuple[Gain, ...]:
    """Read the lumbar trials; a fall of the ODI is a gain."""
    (four,) = [row for row in _rows("SPORT", "ODI, change", "both") if row.source_key == "Weinstein2008"]
    (eight,) = [row for row in _rows("SPORT", "ODI, change", "both") if row.source_key == "SPORT8y"]
    said = "compared as treated, not as drawn by lot: the groups may differ in other ways"
    scale = "ODI, 0 to 100"
    return (
        Gain("P:L10", "SPORT", "discectomy", scale, four.timepoint_weeks, *_turned(four), None, said),
        Gain("P:L11", "SPORT", "discectomy", scale, eight.timepoint_weeks, *_turned(eight), None, said),
        Gain("P:L12", "Early surgery or waiting", "discectomy", scale, _YEAR, None, None, None, None,
             "recovery came sooner; at one year the same share had recovered"),
    )  # fmt: skip


def _turned(row: TrialResult) -> tuple[float | None, float | None, float | None]:
    ends = (row.effect, row.effect_high, row.effect_low)
    effect, low, high = (None if number is None else -number for number in ends)
    return effect, low, high


def thresholds(region: str = "cervical") -> tuple[Threshold, ...]:
    """Give the weeks of symptoms that trials required and guidance names.

    Parameters
    ----------
    region : {"cervical", "lumbar"}
        Neck or low back.
    """
    return _neck_thresholds() if _region(region) == "cervical" else _low_back_thresholds()


def _neck_thresholds() -> tuple[Threshold, ...]:
    refer = _find("P:C04", "value", r"refer at (\d+)-(\d+) weeks; consider surgery at (\d+)-(\d+) weeks")
    usual = _find("P:C02", "value", r"(\d+) weeks to (\d+) months")
    first, care = (_find(name, "value", r"(\d+) weeks")[1] for name in ("P:C01", "P:C05"))
    start, end = float(usual[1]), float(usual[2]) / 12 * _YEAR
    return (
        _weeks("P:C04", "refer", "guidance", refer[1], refer[2]),
        _weeks("P:C05", "care first, then refer", "guidance", care),
        _weeks("P:C04", "consider an operation", "guidance", refer[3], refer[4]),
        Threshold(
            "P:C02", "operations usually offered", "guidance", start, end, f"{usual[1]} weeks to {usual[2]} months"
        ),
        _weeks("P:C01", "pain needed to enter the trial", "trial", first),
    )


def _low_back_thresholds() -> tuple[Threshold, ...]:
    found = _find("P:C10", "value", r">= (\d+) weeks \(SPORT; [^)]*\); (\d+)-(\d+) weeks \(Peul")
    return (
        _weeks("P:C10", "pain needed to enter SPORT", "trial", found[1]),
        _weeks("P:C10", "pain needed to enter the Dutch trial", "trial", found[2], found[3]),
    )


def _weeks(evidence_id: str, what: str, kind: Literal["trial", "guidance"], start: str, end: str = "") -> Threshold:
    words = f"{start} to {end} weeks" if end else f"{start} weeks or more"
    return Threshold(evidence_id, what, kind, float(start), float(end) if end else None, words)


@dataclass(frozen=True)
class _Reading:
    """Where a share of people without symptoms is read from (``without_symptoms.csv``)."""

    region: Region
    finding: Text
    who: Text
    age: Age
    fact_id: Text
    pattern: Text
    people_pattern: str


@dataclass(frozen=True)
class Seen:
    """A finding on scans of people without symptoms: 0 to 1, of an age group or of all; its interval where known."""

    id: str
    finding: str
    who: str
    age: Age
    share: float
    low: float | None
    high: float | None


def seen_without_symptoms(region: str = "cervical") -> tuple[Seen, ...]:
    """Give what scans show in people who have no symptoms.

    Parameters
    ----------
    region : {"cervical", "lumbar"}
        Neck or low back.
    """
    asked = _region(region)
    return tuple(_seen(reading) for reading in _readings() if reading.region == asked)


@lru_cache(maxsize=1)
def _readings() -> tuple[_Reading, ...]:
    path = data_path("clinic", "decision", "without_symptoms.csv")
    return read_table(path, _Reading, {"fact_id": facts().keys()})


def _seen(reading: _Reading) -> Seen:
    share = float(_find(reading.fact_id, "value", reading.pattern)[1]) / 100
    ends: tuple[float | None, float | None] = (None, None)
    if reading.people_pattern:
        people = _find(reading.fact_id, "population", reading.people_pattern)[1]
        ends = wilson(share, int(people.replace(",", "")))
    return Seen(reading.fact_id, reading.finding, reading.who, reading.age, share, *ends)


# -- tables


def _rows(trial: str, outcome: str, arm: str = "") -> list[TrialResult]:
    """Find the citable rows of a trial."""
    found = [
        row for row in trials() if row.citable and (row.trial, row.outcome) == (trial, outcome) and arm in {"", row.arm}
    ]
    if not found:
        raise InvalidInput(f"The table of trials no longer holds {outcome!r} of {trial}.")
    return found


def _find(evidence_id: str, column: Literal["value", "statement", "population"], pattern: str) -> re.Match[str]:
    cite(evidence_id)
    found = re.search(pattern, getattr(facts()[evidence_id], column))
    if not found:
        raise InvalidInput(f"The {column} of {evidence_id} no longer says what is read from it.")
    return found
