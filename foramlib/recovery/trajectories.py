"""Courses after an operation: pain, disability and work at the times that were published, and at no other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, facts, instruments, trials
from foramlib.evidence.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.clinical import TrialResult
    from foramlib.evidence.records import Text

__all__ = ["COURSES", "OTHER_SCALES", "Course", "Difference", "Panel", "Point", "important_differences", "panels"]

COURSES = ("limb-pain", "neck-pain", "disability", "work")
"""What a course can be of."""

OTHER_SCALES = "other"
"""Asks for important differences that have no place on the scale of an instrument."""

_ENDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"0-100": (0.0, 100.0), "0-50": (0.0, 50.0), "0-10": (0.0, 10.0), "proportion": (0.0, 100.0)}
)
_PERCENT = 100.0


@dataclass(frozen=True)
class _Row:
    id: Text
    chart: Text
    region: Literal["cervical", "lumbar"]
    panel: Text
    trial: Text
    arm: Text
    outcome: Text
    scale: Text
    name: Text
    study: Text
    design: Text
    role: Literal["operated", "compared", "untreated", "third"]
    fact_id: Text


@dataclass(frozen=True)
class Point:
    """One published value at one time.

    Attributes
    ----------
    weeks : float or None
        Weeks after the start; None for a last visit whose time is not one number.
    value : float
        Mean or median, on the panel's scale.
    low, high : float or None
        Ends of the spread, cut at the ends of the scale; None where none is published.
    sd : float or None
        Standard deviation, where that is the spread.
    spread : str
        What the ends are: ``"SD"``, ``"middle half"``, ``"95 % interval"`` or "".
    n : int or None
        How many people.
    calculated : bool
        Whether the value is arithmetic on published ones.
    fact_id : str
        The fact that is cited.
    """

    weeks: float | None
    value: float
    low: float | None
    high: float | None
    sd: float | None
    spread: str
    n: int | None
    calculated: bool
    fact_id: str


@dataclass(frozen=True)
class Course:
    """What became of one group of people.

    Attributes
    ----------
    id : str
        Row of ``data/recovery/courses.csv``.
    name, study, design : str
        What was done, in which study, of which kind.
    role : {"operated", "compared", "untreated", "third"}
        How it is marked; "compared" and "third" are other operations or series.
    points : tuple of Point
        In the order of time.
    """

    id: str
    name: str
    study: str
    design: str
    role: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Difference:
    """A difference that somebody calls important, on its own scale.

    Attributes
    ----------
    id : str
        Row of ``instruments.csv``.
    value : float
        In points of `scale`, or per cent of the baseline.
    scale, label : str
        As the table has them.
    fact_id : str
        The fact that is cited.
    """

    id: str
    value: float
    scale: str
    label: str
    fact_id: str


@dataclass(frozen=True)
class Panel:
    """Courses on one scale.

    Attributes
    ----------
    title, scale : str
        What is measured, and its scale as printed.
    ends : tuple of float
        Ends of the scale.
    courses : tuple of Course
        Who is shown.
    differences : tuple of Difference
        Important differences on this very scale.
    """

    title: str
    scale: str
    ends: tuple[float, float]
    courses: tuple[Course, ...]
    differences: tuple[Difference, ...]

    @property
    def scale_words(self) -> str:
        """The scale in words: ``0 to 100``."""
        return "per cent" if self.scale == "proportion" else f"{self.ends[0]:g} to {self.ends[1]:g}"

    @property
    def weeks(self) -> tuple[float, ...]:
        """Every time at which anything is published, in order."""
        found = {point.weeks for course in self.courses for point in course.points if point.weeks is not None}
        return tuple(sorted(found))


def panels(what: str, region: str = "cervical") -> tuple[Panel, ...]:
    """Collect the courses of one outcome in one region.

    Parameters
    ----------
    what : str
        One of :data:`COURSES`.
    region : str
        ``"cervical"`` or ``"lumbar"``.

    Returns
    -------
    tuple of Panel
        One for each scale; empty where nothing is published.

    Raises
    ------
    InvalidInput
        If there is no such outcome or region.
    """
    if what not in COURSES or region not in {"cervical", "lumbar"}:
        raise InvalidInput(
            f"There is no course of {what!r} in the region {region!r}; choose one of {', '.join(COURSES)} "
            f"in cervical or lumbar."
        )
    rows = [row for row in _rows() if row.chart == what and row.region == region]
    return tuple(_panel([row for row in rows if row.panel == title]) for title in dict.fromkeys(r.panel for r in rows))


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    return read_table(data_path("recovery", "courses.csv"), _Row, {"fact_id": facts().keys()})


def _panel(rows: list[_Row]) -> Panel:
    first = rows[0]
    known = important_differences(first.outcome, first.scale)
    return Panel(first.panel, first.scale, _ENDS[first.scale], tuple(map(_course, rows)), known)


def important_differences(outcome: str, scale: str) -> tuple[Difference, ...]:
    """Give the important differences of an outcome on one scale; those of another scale are left out.

    Parameters
    ----------
    outcome, scale : str
        As ``trials.csv`` writes them: ``"NDI"``, ``"0-100"``; :data:`OTHER_SCALES` gives those that are a share of
        the baseline, or whose scale is to be confirmed.
    """
    name = outcome if outcome in {"NDI", "ODI"} else "VAS arm pain" if outcome.startswith("arm pain") else ""
    rows = [row for row in instruments().values() if row.instrument == name and row.kind == "mcid" and row.citable]
    return tuple(
        Difference(row.id, row.value, row.scale, row.label, _citable(row.fact_ids))
        for row in rows
        if row.value is not None and (row.scale == scale or (scale == OTHER_SCALES and row.scale not in _ENDS))
    )


def _citable(fact_ids: tuple[str, ...]) -> str:
    return next(name for name in fact_ids if facts()[name].citable)


def _course(row: _Row) -> Course:
    found = [one for one in trials() if (one.trial, one.arm, one.scale) == (row.trial, row.arm, row.scale)]
    mine = [one for one in found if one.citable and one.outcome == row.outcome]
    points = [point for one in mine if (point := _point(one)) is not None]
    # A fall from baseline is as good as the value itself, if it is said that it was calculated.
    falls = [one for one in found if one.citable and one.outcome == f"{row.outcome}, change from baseline"]
    done = {point.weeks for point in points}
    points += [_fallen(points[0], one) for one in falls if one.timepoint_weeks not in done and one.effect is not None]
    if not points:
        raise InvalidInput(f"courses.csv, {row.id}: trials.csv has no value for it; look at trial, arm and outcome.")
    points.sort(key=lambda point: float("inf") if point.weeks is None else point.weeks)
    return Course(row.id, row.name, row.study, row.design, row.role, tuple(points))


def _point(row: TrialResult) -> Point | None:
    if row.mean is not None and row.sd is not None:
        top = _ENDS[row.scale][1]
        return _made(row, row.mean, (max(row.mean - row.sd, 0.0), min(row.mean + row.sd, top)), "SD")
    if row.median is not None:
        return _made(row, row.median, (row.iqr_low, row.iqr_high), "middle half")
    if row.mean is not None:
        return _made(row, row.mean, (row.effect_low, row.effect_high), "95 % interval" if row.effect_low else "")
    if row.effect is not None and row.scale == "proportion":
        return _made(row, round(_PERCENT * row.effect, 1), (None, None), "")
    return None


def _made(row: TrialResult, value: float, ends: tuple[float | None, float | None], spread: str) -> Point:
    sd = row.sd if spread == "SD" else None
    return Point(row.timepoint_weeks, value, *ends, sd, spread, row.n, calculated=False, fact_id=row.fact_ids[0])


def _fallen(start: Point, row: TrialResult) -> Point:
    """Calculate a value from the baseline and the mean fall; the fall has no published spread here."""
    value = round(start.value + (row.effect or 0.0), 1)
    return Point(row.timepoint_weeks, value, None, None, None, "", row.n, calculated=True, fact_id=row.fact_ids[0])
