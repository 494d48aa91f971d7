"""Studies that answer one question: their intervals, whether they may be pooled, and the pool where they may.

What was found stands in ``data/evidence/trials.csv``; what was judged about each study (design, patients, what was
counted) stands in ``data/appraisal/pooling.yaml``. The reasons against pooling follow from the two by rule.
Pooling itself is done by statsmodels, which is loaded only then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, trials
from foramlib.evidence.hand_written import Record, parse_records
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from foramlib.evidence.clinical import TrialResult

__all__ = [
    "FEWEST_FOR_PREDICTION",
    "Estimate",
    "Pooled",
    "Study",
    "Topic",
    "combine",
    "newcombe",
    "pool",
    "reasons_against",
    "topic",
    "topics",
    "wilson",
]

FEWEST_FOR_PREDICTION: Final = 5
"""With fewer studies no prediction interval is given: their spread is then little more than a guess."""

LONGEST_RATIO: Final = 2.0
"""Follow-ups may differ by this factor at most; the share of people operated on again grows with the years."""

Z95: Final = 1.959963984540054
"""97.5 % point of the standard normal distribution."""

_MEASURES: Final = ("proportion", "risk difference", "mean difference")
_NEEDED: Final = ("id", "trial", "outcome", "arms", "design", "patients", "counts", "treatment")


@dataclass(frozen=True)
class Estimate:
    """A point with its interval, in the unit of its topic (a share between 0 and 1, or points of a scale).

    Attributes
    ----------
    point, low, high : float
        Estimate with its 95 % interval.
    effect, variance : float
        What is pooled: the log odds of a share, else the difference itself; and its variance.
    calculated : bool
        Whether the interval was calculated here from printed counts or shares.
    """

    point: float
    low: float
    high: float
    effect: float
    variance: float
    calculated: bool = True


@dataclass(frozen=True)
class Study:
    """One study of a topic; `rows` are its rows of ``trials.csv``, one for each arm."""

    id: str
    rows: tuple[TrialResult, ...]
    design: str
    patients: str
    counts: str
    treatment: str
    measure: str
    weeks: float | None = None
    note: str = ""
    doubt: str = ""
    reserve: str = ""

    @property
    def name(self) -> str:
        """Who and when, as a forest plot names it."""
        from foramlib.evidence import label_of, sources  # noqa: PLC0415 - names only

        return label_of(sources()[self.rows[0].source_key])

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of its numbers."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.fact_ids))

    @property
    def estimate(self) -> Estimate | None:
        """Point and interval; None where what was read gives none."""
        if self.measure == "mean difference":
            return _difference(self.rows[0])
        if self.doubt:
            return None
        counts = [_counts(row) for row in self.rows]
        if len(counts) == 1:
            return _share(self.rows[0], counts[0])
        if any(count is None for count in counts):
            return None
        return _risk_difference(*(count for count in counts if count is not None))

    @property
    def share(self) -> float | None:
        """A share, or a difference of two, without a number of people, as printed; None where there is none."""
        printed = [row.effect for row in self.rows if "proportion" in row.effect_direction and row.effect is not None]
        if not printed or len(printed) < len(self.rows):
            return None
        return printed[0] - sum(printed[1:])

    @property
    def figures(self) -> str:
        """What was counted, as printed: ``10 of 151``, or ``6 % of 570`` where only a share was."""
        if self.doubt:
            return " against ".join(f"{100 * row.effect:.3g} %" for row in self.rows if row.effect is not None)
        return " against ".join(said for said in map(_said, self.rows) if said)


@dataclass(frozen=True)
class Topic:
    """One question with the studies that speak to it.

    Attributes
    ----------
    id, title, question, caution : str
        Name, title, question, and what must be said with any answer.
    measure : {"proportion", "risk difference", "mean difference"}
        What the studies give.
    unit : str
        Unit of a mean difference.
    sides : tuple of str
        Words for the two sides of zero; empty for shares.
    studies : tuple of Study
        In the order shown.
    start : tuple of str
        Ids of the studies chosen when the topic opens.
    """

    id: str
    title: str
    question: str
    measure: str
    caution: str
    studies: tuple[Study, ...]
    start: tuple[str, ...]
    unit: str = ""
    sides: tuple[str, ...] = ()
    lower_is_better: bool = True

    def chosen(self, names: Iterable[str]) -> tuple[Study, ...]:
        """Give the studies of these ids, in the order shown.

        Raises
        ------
        InvalidInput
            If the topic has no study of that id.
        """
        wanted = set(names)
        known = [study.id for study in self.studies]
        unknown = sorted(wanted - set(known))
        if unknown:
            raise InvalidInput(f"{self.title} has no study {unknown[0]!r}; choose from {', '.join(known)}.")
        return tuple(study for study in self.studies if study.id in wanted)


# -- reading


@lru_cache(maxsize=4)
def topics(file: str = "pooling") -> tuple[Topic, ...]:
    """Give every topic of ``data/appraisal/pooling.yaml``, or of another file of that folder.

    Raises
    ------
    InvalidInput
        If there is no such file, or it is damaged; the sentence names file, topic and field.
    """
    path, where = data_path("appraisal", f"{file}.yaml"), f"data/appraisal/{file}.yaml"
    if not path.is_file():
        raise InvalidInput(f"The file {where} does not exist.")
    return read_topics(path.read_text(encoding="utf-8"), where)


def read_topics(text: str, where: str) -> tuple[Topic, ...]:
    """Read topics from YAML that stands at ``where`` (named in complaints).

    Raises
    ------
    InvalidInput
        If a field is missing, unknown or of another kind; the sentence names file, topic and field.
    """
    record = parse_records(text, where)
    record.only("topics")
    return tuple(_topic(one) for one in record.records("topics"))


def topic(name: object, file: str = "pooling") -> Topic:
    """Find a topic by its id, in ``pooling.yaml`` or another file of that folder.

    Raises
    ------
    InvalidInput
        If there is no such topic.
    """
    found = {one.id: one for one in topics(file)}
    return found[one_of(name, found, "question")]


def _topic(record: Record) -> Topic:
    optional = {"unit", "sides"}
    needed = [field.name for field in fields(Topic) if field.name not in optional]
    record.only(*needed, *optional)
    record.needs(*needed)
    measure = record.text("measure")
    if measure not in _MEASURES:
        raise InvalidInput(f"{record.where}: the measure {measure!r} is none of {', '.join(_MEASURES)}.")
    if measure == "mean difference":
        record.needs("unit")
    made = Topic(
        id=record.text("id"),
        title=record.text("title"),
        question=record.text("question"),
        measure=measure,
        caution=" ".join(record.text("caution").split()),
        studies=tuple(_study(one, measure) for one in record.records("studies")),
        start=record.texts("start"),
        unit=record.text("unit") if "unit" in record.fields else "",
        sides=record.texts("sides") if "sides" in record.fields else (),
        lower_is_better=record.flag("lower_is_better"),
    )
    try:
        made.chosen(made.start)
    except InvalidInput as problem:
        raise InvalidInput(f"{record.where}: the field 'start' is wrong: {problem}") from problem
    return made


_WORDS: Final = ("id", "design", "patients", "counts", "treatment", "doubt", "note", "reserve")


def _study(record: Record, measure: str) -> Study:
    record.only(*_NEEDED, *_WORDS, "weeks")
    record.needs(*_NEEDED)
    words = {name: record.text(name) for name in _WORDS if name in record.fields}
    weeks = record.number("weeks") if "weeks" in record.fields else None
    rows = tuple(_row(record, arm, weeks, measure) for arm in record.texts("arms"))
    return Study(rows=rows, measure=measure, weeks=weeks, **words)


def _row(record: Record, arm: str, weeks: float | None, measure: str) -> TrialResult:
    """Find the one row that a study points to; one with counts goes before one with a share only."""
    name = (record.text("trial"), record.text("outcome"), arm)
    found = [
        row
        for row in trials()
        if (row.trial, row.outcome, row.arm) == name and row.timepoint_weeks == weeks and row.citable
    ]
    found.sort(key=lambda row: row.events is None)
    if not found:
        when = f"{weeks:g} weeks" if weeks is not None else "no time given"
        raise InvalidInput(
            f"{record.where}: trials.csv has no row {', '.join(name)} ({when}) that may be cited; "
            f"trial, outcome, arms and weeks must name one, for a {measure}."
        )
    return found[0]


# -- one study


def _counts(row: TrialResult) -> tuple[float, int] | None:
    """Give events and people; a printed share of people is taken as it stands, so its events need not be whole."""
    total = row.total or row.n
    if row.events is not None and total:
        return int(row.events), int(total)
    share = row.effect if "proportion" in row.effect_direction else None
    return (share * total, int(total)) if share is not None and total else None


def _said(row: TrialResult) -> str:
    counts = _counts(row)
    if counts is None:
        return ""
    if row.events is not None or row.effect is None:
        return f"{counts[0]} of {counts[1]:,}"
    return f"{100 * row.effect:.3g} % of {counts[1]:,}"


def _share(row: TrialResult, counts: tuple[float, int] | None) -> Estimate | None:
    printed = row.effect is not None and row.effect_low is not None and row.effect_high is not None
    if counts is None:
        return None
    # A share of its own goes back to the whole people behind it, as in the charts of recovery.
    events, total = round(counts[0]), counts[1]
    low, high = (row.effect_low, row.effect_high) if printed else wilson(events, total)
    point = row.effect if row.events is None and row.effect is not None else events / total
    # With no event, or nothing but events, half a person is added to each side, as is usual.
    more = 0.5 if events in {0, total} else 0.0
    odds = (events + more) / (total - events + more)
    variance = 1 / (events + more) + 1 / (total - events + more)
    return Estimate(point, float(low or 0), float(high or 0), math.log(odds), variance, calculated=not printed)


def _risk_difference(one: tuple[float, int], other: tuple[float, int]) -> Estimate:
    shares = [events / total for events, total in (one, other)]
    low, high = newcombe(*one, *other)
    point = shares[0] - shares[1]
    variance = sum(p * (1 - p) / total for p, (_, total) in zip(shares, (one, other), strict=True))
    return Estimate(point, low, high, point, variance)


def _difference(row: TrialResult) -> Estimate | None:
    if row.effect is None or row.effect_low is None or row.effect_high is None:
        return None
    error = (row.effect_high - row.effect_low) / (2 * Z95)
    return Estimate(row.effect, row.effect_low, row.effect_high, row.effect, error**2, calculated=False)


def wilson(events: float, total: int) -> tuple[float, float]:
    """Give the 95 % interval of a share by Wilson's method (J Am Stat Assoc 1927;22:209-12).

    Raises
    ------
    InvalidInput
        If there are no people, or more events than people.
    """
    if not 0 <= events <= total or total <= 0:
        raise InvalidInput(f"{events} of {total} is no share; give at least one person and no more events than people.")
    share, square = events / total, Z95**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z95 * math.sqrt(share * (1 - share) / total + square / (4 * total**2)) / (1 + square / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(events: float, total: int, other_events: float, other_total: int) -> tuple[float, float]:
    """Give the 95 % interval of a difference of two shares by Newcombe's tenth method (Stat Med 1998;17:873-90).

    Raises
    ------
    InvalidInput
        As `wilson`.
    """
    one, other = events / max(total, 1), other_events / max(other_total, 1)
    low, high = wilson(events, total)
    other_low, other_high = wilson(other_events, other_total)
    difference = one - other
    down = math.sqrt((one - low) ** 2 + (other_high - other) ** 2)
    up = math.sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return difference - down, difference + up


# -- whether to pool


def reasons_against(studies: Sequence[Study]) -> tuple[str, ...]:
    """Say why these studies should not be pooled, one sentence each; an empty tuple says that they may be."""
    if len(studies) < 2:  # noqa: PLR2004 - a pair is the least that can be pooled
        return ("One study is no pool; choose at least two.",)
    return tuple(_reasons(studies))


def _reasons(studies: Sequence[Study]) -> Iterator[str]:
    yield from (
        f"{_full(study)} gives no estimate with a spread in what was read; to leave it out would favour the others."
        for study in studies
        if study.estimate is None and not study.doubt
    )
    for one, other in combinations(studies, 2):
        if one.patients == other.patients:
            yield f"{_full(one)} and {_full(other)} share patients, or may; each person counts once."
    yield from _designs(studies)
    yield from _unlike(
        studies, "treatment", "The treatments differ ({}): one number for both would answer no question."
    )
    yield from _unlike(studies, "counts", "What is counted differs ({}).")
    yield from _times(studies)
    yield from (f"In {_full(study)} {study.doubt}." for study in studies if study.doubt)


def _designs(studies: Sequence[Study]) -> Iterator[str]:
    found = {study.design for study in studies}
    if "review" in found:
        yield "A review has pooled series already; pooled once more, the same people may count twice."
    if len(found - {"review"}) > 1:
        yield f"The designs differ ({_and(sorted(found))}): chance made the groups in one, choice in the other."


def _full(study: Study) -> str:
    return f"{study.name} ({study.note})" if study.note else study.name


def _unlike(studies: Sequence[Study], what: str, sentence: str) -> Iterator[str]:
    found = list(dict.fromkeys(str(getattr(study, what)) for study in studies))
    if len(found) > 1:
        yield sentence.format(_and(found))


def _times(studies: Sequence[Study]) -> Iterator[str]:
    known = [study.weeks for study in studies if study.weeks]
    if len(known) < len(studies):
        unsaid = _and([study.name for study in studies if not study.weeks])
        yield f"How long people were followed is not known for {unsaid}."
    if known and max(known) / min(known) > LONGEST_RATIO:
        yield f"Follow-up runs from {_years(min(known))} to {_years(max(known))}: more happens in more years."


def _years(weeks: float) -> str:
    text = f"{weeks / 52:.1f}".removesuffix(".0")
    return f"{text} year{'' if text == '1' else 's'}"


def _and(parts: Sequence[str]) -> str:
    return f"{'; '.join(parts[:-1])}; and {parts[-1]}" if len(parts) > 2 else " and ".join(parts)  # noqa: PLR2004 - a list


# -- the pool


@dataclass(frozen=True)
class Pooled:
    """Studies pooled under a random-effects model.

    Attributes
    ----------
    point, low, high : float
        Pooled estimate with its 95 % interval (Hartung, Knapp, Sidik and Jonkman), in the unit of the studies.
    tau2, i2, q : float
        Variance between studies (0 or more) on the scale that was pooled; share of the spread that is no chance, 0 to
        1; Cochran's Q.
    weights : tuple of float
        Share of each study in the result; they add up to 1.
    prediction : (float, float) or None
        Where the true value of a new study would lie; None below :data:`FEWEST_FOR_PREDICTION` studies.
    """

    point: float
    low: float
    high: float
    tau2: float
    i2: float
    q: float
    weights: tuple[float, ...]
    prediction: tuple[float, float] | None = None


def combine(effects: Sequence[float], variances: Sequence[float], method: str = "PM") -> Pooled:
    """Pool effects by inverse variance under a random-effects model.

    Parameters
    ----------
    effects, variances : sequence of float
        One of each for every study, at least two.
    method : {"PM", "DL"}
        Paule and Mandel, or DerSimonian and Laird, for the variance between studies.

    Returns
    -------
    Pooled
        On the scale that was given. The interval widens after Hartung, Knapp, Sidik and Jonkman and never narrows
        (Stat Med 2003;22:2693; the bound is that of Roever, BMC Med Res Methodol 2015;15:99). The prediction interval
        is that of Higgins, Thompson and Spiegelhalter (J R Stat Soc A 2009;172:137), with t on k - 2 degrees.

    Raises
    ------
    InvalidInput
        If there are fewer than two studies, a variance is not positive, or the method is unknown.
    """
    _check(effects, variances, method)
    found = _fitted(effects, variances, method)
    # Where studies spread less than chance would have it, the library's estimates fall below zero: zero it is.
    spread = found.tau2 > 0
    mean = float(found.mean_effect_re if spread else found.mean_effect_fe)
    error = float(found.sd_eff_w_re if spread else found.sd_eff_w_fe)
    scale = max(1.0, float(found.scale_hksj_re if spread else found.scale_hksj_fe))
    weights = found.weights_rel_re if spread else found.weights_rel_fe
    half = _quantile(len(effects) - 1) * error * math.sqrt(scale)
    tau2 = max(0.0, float(found.tau2))
    parts = tuple(float(one) for one in weights)
    ends = _prediction(mean, error, tau2, len(effects))
    return Pooled(mean, mean - half, mean + half, tau2, max(0.0, float(found.i2)), float(found.q), parts, ends)


def _check(effects: Sequence[float], variances: Sequence[float], method: str) -> None:
    """Refuse what cannot be pooled."""
    if len(effects) != len(variances) or len(effects) < 2:  # noqa: PLR2004 - a pair is the least
        raise InvalidInput(
            f"{len(effects)} effects and {len(variances)} variances cannot be pooled; give two or more of each."
        )
    if not all(math.isfinite(one) for one in effects) or not all(0 < one < math.inf for one in variances):
        raise InvalidInput("Only finite effects with variances above zero can be pooled.")
    if method not in _METHODS:
        raise InvalidInput(f"The method {method!r} is unknown; choose one of {', '.join(_METHODS)}.")


def _fitted(effects: Sequence[float], variances: Sequence[float], method: str) -> Any:  # noqa: ANN401 - the library's own
    """Fit the random-effects model of the library; studies that do not spread make it divide by zero."""
    import numpy as np  # noqa: PLC0415 - heavy, and only a pool needs it
    from statsmodels.stats.meta_analysis import combine_effects  # noqa: PLC0415 - the same

    with np.errstate(divide="ignore", invalid="ignore"):
        return combine_effects(np.array(effects, float), np.array(variances, float), method_re=_METHODS[method])


def _quantile(degrees: int) -> float:
    """Give the upper end of the middle 95 % of Student's t."""
    from scipy.stats import t  # noqa: PLC0415 - heavy, and only a pool needs it

    return float(t.ppf(0.975, degrees))


_METHODS: Final = {"PM": "iterated", "DL": "chi2"}


def _prediction(mean: float, error: float, tau2: float, studies: int) -> tuple[float, float] | None:
    if studies < FEWEST_FOR_PREDICTION:
        return None
    half = _quantile(studies - 2) * math.sqrt(tau2 + error**2)
    return mean - half, mean + half


def pool(studies: Sequence[Study], method: str = "PM") -> Pooled:
    """Pool studies where that is legitimate.

    Parameters
    ----------
    studies : sequence of Study
        Of one topic.
    method : {"PM", "DL"}
        See `combine`.

    Returns
    -------
    Pooled
        In the unit of the studies: shares are pooled as log odds and given as shares.

    Raises
    ------
    InvalidInput
        With the first reason, if there is one against pooling.
    """
    against = reasons_against(studies)
    if against:
        raise InvalidInput(f"These studies are not pooled: {against[0]}")
    found = [study.estimate for study in studies]
    known = [one for one in found if one is not None]
    pooled = combine([one.effect for one in known], [one.variance for one in known], method)
    if studies[0].measure != "proportion":
        return pooled
    ends = pooled.prediction
    return Pooled(
        _back(pooled.point), _back(pooled.low), _back(pooled.high), pooled.tau2, pooled.i2, pooled.q, pooled.weights,
        ends and (_back(ends[0]), _back(ends[1])),
    )  # fmt: skip


def _back(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
