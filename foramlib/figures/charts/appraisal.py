"""The charts of lesson 08: what they show comes from the trials and from the stored counts of the leaflets."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import facts, trials
from foramlib.figures.charts.intervals import Axis, Intervals, Mark, Row, number, spread
from foramlib.figures.charts.published import name_of
from foramlib.recovery.noninferiority import MARGIN_ID, is_shown, outcomes, published_margin
from foramlib.recovery.pooling import topic
from foramlib.recovery.readability import leaflet_counts
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.recovery.noninferiority import Outcome
    from foramlib.recovery.pooling import Study, Topic

__all__ = [
    "COLLECTORS",
    "adjacent_level",
    "endoscopic",
    "facet_margin",
    "leaflet_grades",
    "learning_curve",
    "margin_row",
    "reoperation",
    "study_row",
    "success_after",
    "topic_axis",
]

REOPERATION, FACET_MARGIN, SUCCESS_AFTER = "reoperation", "facet-margin", "success-after"
ADJACENT_LEVEL, LEARNING_CURVE, LEAFLETS = "adjacent-level", "learning-curve", "leaflet-grades"
ENDOSCOPIC = "endoscopic-complications"

_INTERVALS: Final = "Lines are 95 % intervals, calculated here from printed counts or shares."
_ADVISED: Final = "P:K01"
_WEB: Final = "P:K02"
_CASES: Final = "P:P32"
_COMPETENT: Final = "P:P31"
_PALSY: Final = "P:R02"
_SMALL: Final = 20.0  # per cent; smaller shares are told to a tenth


def _checked(level: object) -> None:
    """Refuse an unknown level; these charts are the same for every level."""
    if level is not None:
        Level.parse(level)


def study_row(study: Study, group: str = "") -> Row:
    """Give a study as a row: shares and their differences in per cent, other differences in points."""
    label = ", ".join(part for part in (name_of(study.ids[0]), study.note or study.counts) if part)
    found = study.estimate
    if found is None:
        return _without_interval(study, label, group)
    factor = 1.0 if study.measure == "mean difference" else 100.0
    ends = factor * found.point, factor * found.low, factor * found.high
    return Row(label, _figures(study, *ends), *ends, group=group)


def _without_interval(study: Study, label: str, group: str) -> Row:
    """Give a study of which no interval is known: a ring at what was printed, or words alone."""
    share = study.share
    if share is None:
        return Row(label, "no estimate in what was read", group=group)
    single = study.measure == "proportion"
    said = f"{100 * share:.3g} %" if single else f"{study.figures}: {number(100 * share, 1, plus=True)}"
    return Row(label, f"{said}; interval not in what was read", 100 * share, group=group, shape="other")


def _figures(study: Study, point: float, low: float, high: float) -> str:
    """Write what was counted, the point and its interval; a share that was printed is not said twice."""
    if study.measure != "proportion":
        said = spread(point, low, high, 1, plus=True)
        return f"{study.figures}: {said}" if study.figures else said
    decimals = 1 if point < _SMALL else 0
    if "%" in study.figures:
        return f"{study.figures} ({number(low, decimals)} to {number(high, decimals)} %)"
    return f"{study.figures}: {number(point, decimals)} % ({number(low, decimals)} to {number(high, decimals)} %)"


def reoperation(level: object = None) -> Intervals:
    """Compare reoperation after posterior and anterior surgery in every study, unpooled."""
    _checked(level)
    found = topic("reoperation")
    rows = tuple(study_row(study) for study in found.studies)
    apart = [row for row in rows if row.low is not None and row.low > 0]
    message = (
        "Is reoperation commoner after posterior surgery? Yes in a large registry, unclear elsewhere"
        if 0 < len(apart) < len(rows)
        else "Reoperation after posterior and anterior surgery, study by study"
    )
    ids = tuple(dict.fromkeys([*(name for study in found.studies for name in study.ids), "P:E19b"]))
    remarks = (
        "Not pooled: designs, years of follow-up and what was counted differ.",
        f"A published pooling ({name_of('P:E19b')}) found more after posterior surgery.",
        "One database drives the number of patients in that pooling.",
        _INTERVALS,
        "Lubelski 2015 matched its groups, and how many people were left was not in what was read: no interval.",
    )
    axis = Axis(-5, 10, 5, "per 100 people: posterior minus anterior", *_sides(found), plus=True)
    return Intervals(message, rows, axis, ids, remarks, (Mark(0, "0: no difference"),))


def margin_row(outcome: Outcome) -> Row:
    """Give an outcome of FACET as a row: how much worse posterior surgery was, and at most is."""
    better = f"{number(-outcome.worse)} better" if outcome.worse < 0 else f"{number(outcome.worse, 1)} worse"
    limit = (
        f"at most {number(outcome.limit, 1)} worse"
        if outcome.limit > 0
        else f"at least {number(-outcome.limit)} better"
    )
    return Row(f"{outcome.name} ({outcome.unit})", f"posterior {better}; {limit}", outcome.worse, None, outcome.limit)


def facet_margin(level: object = None) -> Intervals:
    """Set the primary outcomes of FACET at one year against the margin that the trial had fixed."""
    _checked(level)
    margin, found = published_margin(), outcomes()
    shown = [one for one in found if is_shown(one, margin)]
    message = f"FACET at one year: {len(shown)} of {len(found)} measures stay within the margin fixed beforehand"
    axis = Axis(-15, 20, 5, "points of 100 by which posterior surgery is worse", "posterior better", "posterior worse")
    mark = Mark(margin, f"margin of {margin:g}, fixed before the data were seen", "dashed")
    remarks = (
        "Not worse by more than the margin is shown where the line ends left of it.",
        "The limits are one-sided, as the trial printed them; the dots stand for the end that was not printed.",
        "The trial compares two operations: it says nothing about an operation against none.",
    )
    ids = (MARGIN_ID, *(one.id for one in found))
    return Intervals(message, tuple(map(margin_row, found)), axis, ids, remarks, (Mark(0, "0: no difference"), mark))


def success_after(level: object = None) -> Intervals:
    """List shares of people who did well, by what was called doing well, after an operation and mostly without one."""
    _checked(level)
    found = topic("success-after", "series")
    rows = tuple(study_row(study, study.treatment) for study in found.studies)
    ids = tuple(dict.fromkeys(name for study in found.studies for name in study.ids[:1]))
    remarks = (*_sentences(found.caution), _INTERVALS)
    axis = Axis(0, 100, 20, "% who did well, by each study's own definition")
    message = "'Success after' depends on what is called success, and many do well without an operation"
    return Intervals(message, rows, axis, ids, remarks)


def adjacent_level(level: object = None) -> Intervals:
    """Show disease and operations at a neighbouring level: two cohorts apart, one registry alike."""
    _checked(level)
    found = topic("adjacent")
    rows = tuple(study_row(study, study.counts[0].upper() + study.counts[1:]) for study in found.studies)
    ids = tuple(dict.fromkeys(name for study in found.studies for name in study.ids))
    message = "Neighbouring levels: far apart in two cohorts of their own, alike in one matched registry"
    remarks = (found.caution, _INTERVALS, "Ten-year shares come from survival curves, so their intervals are rough.")
    return Intervals(message, rows, Axis(0, 30, 5, "% of people"), ids, remarks)


def endoscopic(level: object = None) -> Intervals:
    """Show complications of endoscopic foraminotomy in reviews and in one centre of its own."""
    _checked(level)
    found = topic("endoscopic")
    rows = tuple(map(study_row, found.studies))
    points = [(study.design, row.point or 0.0) for study, row in zip(found.studies, rows, strict=True)]
    most = max(point for design, point in points if design == "review")
    higher = all(point > most for design, point in points if design != "review")
    found_out = "more in one centre than in reviews" if higher else "reviews and one centre"
    message = f"Complications of endoscopic foraminotomy: {found_out}"
    remarks = (
        found.caution,
        f"Root palsy alone was commoner full-endoscopic than micro-endoscopic ({name_of(_PALSY)}).",
        "Intervals of Wu 2019 are as printed; the others are calculated here from counts.",
    )
    ids = tuple(dict.fromkeys([*(name for study in found.studies for name in study.ids), _PALSY]))
    return Intervals(message, rows, Axis(0, 25, 5, "% of people with a complication"), ids, remarks)


def learning_curve(level: object = None) -> Intervals:
    """Show how long an endoscopic foraminotomy took in early, middle and late cases."""
    _checked(level)
    found = [row for row in trials() if row.fact_ids == (_CASES,) and row.outcome == "operation time" and row.citable]
    rows = tuple(
        Row(
            row.arm.capitalize(),
            f"{row.mean:g} minutes, SD {row.sd:g}",
            row.mean,
            row.mean - row.sd,
            row.mean + row.sd,
        )
        for row in found
        if row.mean is not None and row.sd is not None
    )
    remarks = (
        f"{name_of(_CASES)}: {facts()[_CASES].population}, full-endoscopic.",
        f"{name_of(_COMPETENT)}: {facts()[_COMPETENT].population}.",
        "Lines are one standard deviation to each side, no interval.",
        "Time is easy to count; complications and results along the curve matter more, and are rarer in print.",
    )
    axis = Axis(0, 140, 20, "minutes")
    known = facts()[_COMPETENT].value
    message = f"A review puts competence at {known} operations; in one series they took less time with practice"
    return Intervals(message, rows, axis, (_CASES, _COMPETENT), remarks)


def leaflet_grades(level: object = None) -> Intervals:
    """Set the reading grades of the five leaflets beside the grade advised for patients."""
    _checked(level)
    counts = leaflet_counts()
    rows = tuple(
        Row(f"Leaflet {name}", f"grade {one.grade:.1f}; {one.words / one.sentences:.0f} words a sentence", one.grade)
        for name, one in counts.items()
    )
    advised = float("".join(sign for sign in facts()[_ADVISED].value if sign.isdigit()))
    above = sum(one.grade > advised for one in counts.values())
    marks = (Mark(advised, f"grade {advised:g}: advised for patients ({name_of(_ADVISED)})", "dashed"),)
    remarks = (
        "Counted by foramlib from the leaflets' own text; only the counts are kept.",
        f"Formula of Flesch and Kincaid ({name_of('P:K07')}).",
        "A grade says how long words and sentences are, not whether they are true.",
        f"Ninety web leaflets on spine operations read at grade {_web_grade():g} on average ({name_of(_WEB)}).",
    )
    axis = Axis(0, 20, 5, "school grade by Flesch and Kincaid")
    message = f"{above} of {len(counts)} leaflets read above the grade advised for patients"
    return Intervals(message, rows, axis, (_ADVISED, _WEB, "P:K07"), remarks, marks)


def _web_grade() -> float:
    """Read the mean grade of web leaflets from the fact that states it."""
    found = re.search(r"mean Flesch-Kincaid (\d+\.\d+)", facts()[_WEB].value)
    if found is None:
        raise InvalidInput(f"{_WEB} does not hold a mean grade.")
    return float(found[1])


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(f"{part.rstrip('.')}." for part in text.split(". "))


def _sides(found: Topic) -> tuple[str, str]:
    return (found.sides[0], found.sides[1]) if found.sides else ("", "")


def topic_axis(found: Topic) -> Axis:
    """Give an axis that holds every study of a topic."""
    ends = [end for study in found.studies for end in (study_row(study).low, study_row(study).high) if end is not None]
    points = [row.point for row in map(study_row, found.studies) if row.point is not None]
    high = max([*ends, *points])
    step = 5.0
    top = step * (int(high / step) + 1)
    if found.measure == "proportion":
        return Axis(0, top, step, "% of people")
    low = min([0.0, *ends])
    unit = found.unit or "per 100 people: posterior minus anterior"
    return Axis(step * (int(low / step) - (low < 0)), top, step, unit, *_sides(found), plus=True)


COLLECTORS: Final[Mapping[str, Callable[..., Intervals]]] = MappingProxyType(
    {
        REOPERATION: reoperation,
        FACET_MARGIN: facet_margin,
        SUCCESS_AFTER: success_after,
        ADJACENT_LEVEL: adjacent_level,
        ENDOSCOPIC: endoscopic,
        LEARNING_CURVE: learning_curve,
        LEAFLETS: leaflet_grades,
    }
)
"""Name of a chart -> what collects its rows."""
