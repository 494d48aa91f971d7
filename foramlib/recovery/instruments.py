"""Score the neck and the Oswestry disability index as published, with the rule for missing answers."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, cite_source, data_path, facts, instruments, label_of, sources
from foramlib.evidence.tables import read_table
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foramlib.evidence import Citation
    from foramlib.evidence.clinical import Instrument
    from foramlib.evidence.records import Text

__all__ = [
    "MOST",
    "NAMES",
    "Band",
    "Change",
    "Important",
    "Score",
    "bands",
    "changes",
    "score_ndi",
    "score_odi",
    "sections",
]

NAMES: Mapping[str, str] = MappingProxyType({"NDI": "Neck Disability Index", "ODI": "Oswestry Disability Index"})
"""Instruments that can be scored."""

MOST = 5
"""The highest answer of a section; the lowest is 0."""

_SECTIONS = 10
_SPARE: Mapping[str, int] = MappingProxyType({"NDI": 1, "ODI": _SECTIONS - 1})
_DIGITS = 4  # as published values have at most two decimals, enough to compare with

Answer: TypeAlias = int | None


@dataclass(frozen=True)
class _Section:
    id: Text
    instrument: Literal["NDI", "ODI"]
    section: Text


@dataclass(frozen=True)
class Band:
    """A band of a scale in the words of its authors; ``low`` to ``high`` on ``scale``."""

    id: str
    label: str
    low: float
    high: float
    scale: str


@dataclass(frozen=True)
class Score:
    """A scored questionnaire.

    Attributes
    ----------
    instrument : {"NDI", "ODI"}
        Which.
    points : float
        Sum of the answers given.
    answered : int
        How many sections were answered.
    percent : float
        The score on 0 to 100.
    band : Band
        The band it falls in.
    rule : str
        What was done about missing answers, in one sentence.
    """

    instrument: str
    points: float
    answered: int
    percent: float
    band: Band
    rule: str

    @property
    def of_50(self) -> float:
        """The same score on 0 to 50; a missing answer is replaced by the mean of the others."""
        return round(self.percent / 2, _DIGITS)

    @property
    def words(self) -> str:
        """Say the score with its scales and its band."""
        half = f"{self.of_50:g} of 50, which is " if self.instrument == "NDI" else ""
        return f"{NAMES[self.instrument]}: {half}{self.percent:.3g} of 100; band: {self.band.label}."


@dataclass(frozen=True)
class Important:
    """A change against one published important difference.

    Attributes
    ----------
    id : str
        Row of ``instruments.csv``.
    label, scale : str
        Whose, and on which scale, as the table has them.
    value : float
        The difference on its own scale, or per cent of the baseline.
    change : float or None
        The change on that same scale; positive is an improvement. None where the scale is to be confirmed.
    reached : bool or None
        Whether the change is at least as large; None where that cannot be said.
    fact_id, source_key : str
        The fact that holds it, and the source of this very row; one fact may speak of two sources.
    """

    id: str
    label: str
    scale: str
    value: float
    change: float | None
    reached: bool | None
    fact_id: str
    source_key: str

    @property
    def citation(self) -> Citation:
        """Who uses it: the fact, or where that speaks of another source the source of this row."""
        if facts()[self.fact_id].source_key == self.source_key:
            return cite(self.fact_id)
        own = sources()[self.source_key]
        return cite_source(own, self.id, label_of(own), "")

    def on_100(self, first: float) -> float | None:
        """Give the difference in points of 100, for a first score in per cent; None where its scale is unknown."""
        if self.change is None:
            return None
        return self.value * {"0-50": 2.0, "percent of baseline": first / 100}.get(self.scale, 1.0)

    @property
    def words(self) -> str:
        """Say it in one line."""
        scale = self.scale if self.scale.startswith("scale") else f"scale {self.scale}"
        where = f"{self.value:g} % of the first score" if self._share else f"{self.value:g}, {scale}"
        if self.change is None:
            return f"{where} ({self.label}): cannot be compared."
        said = "reached" if self.reached else "not reached"
        return f"{where} ({self.label}): {said}, the change is {self.change:.3g}{' %' if self._share else ''}."

    @property
    def _share(self) -> bool:
        return self.scale == "percent of baseline"


@dataclass(frozen=True)
class Change:
    """Two scores of one person, and what the published differences make of it."""

    before: Score
    after: Score
    important: tuple[Important, ...]

    @property
    def percent(self) -> float:
        """Improvement in points of 100; negative is worse."""
        return round(self.before.percent - self.after.percent, _DIGITS)

    @property
    def words(self) -> str:
        """Say how many of the thresholds are reached."""
        judged = [one for one in self.important if one.reached is not None]
        reached = sum(bool(one.reached) for one in judged)
        way = "better" if self.percent > 0 else "worse" if self.percent < 0 else "the same"
        size = f"{abs(self.percent):.3g} of 100 points {way}" if self.percent else "no change"
        return f"{size}; {reached} of {len(judged)} published thresholds reached."


def sections(instrument: str) -> tuple[str, ...]:
    """Name the ten sections of a questionnaire in our own words.

    Raises
    ------
    InvalidInput
        If the instrument is neither ``"NDI"`` nor ``"ODI"``.
    """
    name = _known(instrument)
    rows = read_table(data_path("recovery", "sections.csv"), _Section)
    return tuple(row.section for row in rows if row.instrument == name)


def score_ndi(answers: Sequence[Answer]) -> Score:
    """Score the Neck Disability Index.

    Parameters
    ----------
    answers : sequence of int or None
        Ten answers of 0 to 5 in the order of the sheet; None for one that is missing.

    Returns
    -------
    Score
        On 0 to 50 and, doubled, on 0 to 100. One missing answer is replaced by the mean of the others
        (IN-01 of ``instruments.csv``).

    Raises
    ------
    InvalidInput
        If there are not ten answers, one is no whole number of 0 to 5, or more than one is missing.

    Examples
    --------
    >>> score_ndi([2] * 10).percent
    40.0
    >>> score_ndi([2] * 9 + [None]).of_50
    20.0
    """
    return _score("NDI", answers)


def score_odi(answers: Sequence[Answer]) -> Score:
    """Score the Oswestry Disability Index.

    Parameters
    ----------
    answers : sequence of int or None
        Ten answers of 0 to 5 in the order of the sheet; None for one that is missing.

    Returns
    -------
    Score
        The sum over five times the answered sections, times 100 (IN-19 of ``instruments.csv``).

    Raises
    ------
    InvalidInput
        If there are not ten answers, one is no whole number of 0 to 5, or all are missing.

    Examples
    --------
    >>> round(score_odi([2, 3, 1, 4, 2, 3, 2, None, 3, 2]).percent, 1)
    48.9
    """
    return _score("ODI", answers)


def _score(instrument: str, answers: Sequence[Answer]) -> Score:
    given = _checked(instrument, answers)
    percent = round(100 * sum(given) / (MOST * len(given)), _DIGITS)
    missing = _SECTIONS - len(given)
    rule = _RULES[instrument].format(missing) if missing else "Every section was answered."
    return Score(instrument, float(sum(given)), len(given), percent, _band(instrument, percent), rule)


_RULES: Mapping[str, str] = MappingProxyType(
    {
        "NDI": "{} section is missing: the mean of the others stands in for it.",
        "ODI": "{} missing: the sum is divided by five times the sections answered.",
    }
)


def _checked(instrument: str, answers: Sequence[Answer]) -> list[int]:
    if len(answers) != _SECTIONS:
        raise InvalidInput(
            f"The {instrument} has {_SECTIONS} answers and {len(answers)} were given; use None for gaps."
        )
    for number, answer in enumerate(answers, 1):
        whole = isinstance(answer, int) and not isinstance(answer, bool)
        if answer is not None and not (whole and 0 <= answer <= MOST):
            raise InvalidInput(f"Answer {number} of the {instrument} is {answer!r}; choose a whole number from 0 to 5.")
    given = [answer for answer in answers if answer is not None]
    if _SECTIONS - len(given) > _SPARE[instrument]:
        most = "one may be" if instrument == "NDI" else "at least one is needed"
        raise InvalidInput(f"{_SECTIONS - len(given)} answers of the {instrument} are missing; {most}.")
    return given


def _known(instrument: object) -> str:
    return one_of(instrument, NAMES, "instrument")


def bands(instrument: str) -> tuple[Band, ...]:
    """Give the bands of an instrument, from the lowest; each on the scale of its authors."""
    rows = _rows(instrument, "band")
    return tuple(Band(row.id, row.label, row.low or 0.0, row.high or 0.0, row.scale) for row in rows)


def _band(instrument: str, percent: float) -> Band:
    """Find the band: the printed ends are whole numbers, so a fraction belongs to the band that it has not passed."""
    value = percent / 2 if instrument == "NDI" else percent
    return [one for one in bands(instrument) if one.low <= value or not one.low][-1]


def _rows(instrument: str, kind: str) -> list[Instrument]:
    name = _known(instrument)
    return [row for row in instruments().values() if (row.instrument, row.kind) == (name, kind) and row.citable]


def changes(before: Score, after: Score) -> Change:
    """Hold a change against every published important difference, each on its own scale.

    Parameters
    ----------
    before, after : Score
        Of the same instrument.

    Raises
    ------
    InvalidInput
        If the two scores are of different instruments.
    """
    if before.instrument != after.instrument:
        raise InvalidInput(
            f"A change from {before.instrument} to {after.instrument} has no meaning; score one of them."
        )
    rows = [*_rows(before.instrument, "mcid"), *_rows(before.instrument, "success_definition")]
    return Change(before, after, tuple(_important(row, before, after) for row in rows if row.value is not None))


def _important(row: Instrument, before: Score, after: Score) -> Important:
    points = round(before.percent - after.percent, _DIGITS)
    known = {"0-100": points, "0-50": round(points / 2, _DIGITS)}
    change = known.get(row.scale)
    if row.scale == "percent of baseline" and before.percent:
        change = round(100 * points / before.percent, _DIGITS)
    value = row.value or 0.0
    # "More than 15" is the one threshold that its authors print as such.
    beyond = "more than" in row.label
    reached = None if change is None else change > value if beyond else change >= value
    return Important(row.id, row.label, row.scale, value, change, reached, row.fact_ids[0], row.source_key)
