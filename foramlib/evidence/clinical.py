"""The tables of the clinic: roots, grades, tests, trials, scales, recovery, claims, and what sources disagree on.

Each is read once when first asked for. Sizes, columns, units and cautions stand in ``data/evidence/README.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from foramlib.errors import InvalidInput
from foramlib.evidence.days import day_words
from foramlib.evidence.loaders import facts, read_evidence, sources
from foramlib.evidence.records import Supported
from foramlib.evidence.tables import by_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.records import Count, Ids, Number, Support, Text

__all__ = [
    "Agreement",
    "Disagreement",
    "DoNotUse",
    "Grade",
    "Instrument",
    "Milestone",
    "Root",
    "Search",
    "SeedClaim",
    "TestAccuracy",
    "Tissue",
    "TrialResult",
    "agreement",
    "disagreements",
    "do_not_use",
    "grading",
    "instruments",
    "milestones",
    "roots",
    "searched",
    "searches",
    "seed_claims",
    "tests_accuracy",
    "tissues",
    "trials",
]

Row = TypeVar("Row")
Verdict: TypeAlias = Literal["supported", "nuanced", "contested", "misleading", "out_of_scope"]
_SEEDS = frozenset({"S0", "S1", "S2", "S3", "S4"})


@dataclass(frozen=True)
class Root:
    """What localises one root (``roots.csv``)."""

    root: Text
    foramen: Text
    key_muscle: str
    key_sensory_point: str
    reflex: str
    typical_pain: str
    look_alikes: str
    how_to_tell: str
    source_key: Text
    support: Support
    caution: str


@dataclass(frozen=True)
class Grade(Supported):
    """One grade of one grading system (``grading.csv``)."""

    system: Text
    region: Text
    grade: Text
    criteria: Text
    source_key: Text
    support: Support
    caution: str
    fact_ids: Ids


@dataclass(frozen=True)
class Agreement(Supported):
    """A published kappa or correlation (``agreement.csv``); low and high are a range unless ``caution`` says more."""

    system: Text
    region: Text
    statistic: Text
    comparison: Text
    level_or_subgroup: str
    value: Number
    low: Number
    high: Number
    n: str
    raters: Count
    source_key: Text
    support: Support
    caution: str
    fact_ids: Ids


@dataclass(frozen=True)
class TrialResult(Supported):
    """One outcome of one arm, or between arms, at one time (``trials.csv``); ``effect_direction`` gives the sign."""

    trial: Text
    year: Count
    comparison: str
    arm: Text
    outcome: Text
    scale: str
    timepoint_weeks: Number
    n: Count
    mean: Number
    sd: Number
    median: Number
    iqr_low: Number
    iqr_high: Number
    events: Number
    total: Number
    effect: Number
    effect_low: Number
    effect_high: Number
    effect_direction: str
    source_key: Text
    support: Support
    caution: str
    fact_ids: Ids


@dataclass(frozen=True)
class TestAccuracy(Supported):
    """Sensitivity and specificity (0 to 1) and likelihood ratios of one test (``tests_accuracy.csv``)."""

    # The name begins like a test class; pytest must not collect it.
    __test__ = False

    test: Text
    condition: Text
    sens: Number
    sens_low: Number
    sens_high: Number
    spec: Number
    spec_low: Number
    spec_high: Number
    lr_pos: Number
    lr_pos_low: Number
    lr_pos_high: Number
    lr_neg: Number
    lr_neg_low: Number
    lr_neg_high: Number
    population: str
    reference_standard: str
    source_key: Text
    support: Support
    caution: str
    fact_ids: Ids


@dataclass(frozen=True)
class Tissue(Supported):
    """MR relaxation (ms), proton density (percent units) and CT number (HU) of one tissue (``tissues.csv``)."""

    tissue: Text
    t1_ms: Number
    t2_ms: Number
    pd: Number
    hu_low: Number
    hu_high: Number
    field_tesla: Number
    source_key: Text
    support: Support
    caution: str
    fact_ids: Ids


@dataclass(frozen=True)
class Instrument(Supported):
    """Scoring, a band, a reliability or an important difference of one outcome scale (``instruments.csv``)."""

    id: Text
    instrument: Text
    kind: Literal["scoring", "band", "reliability", "mcid", "success_definition"]
    label: Text
    low: Number
    high: Number
    value: Number
    scale: Text
    source_key: Text
    support: Support
    caution: str
    fact_ids: Ids


@dataclass(frozen=True)
class Milestone:
    """One step of recovery in days (``milestones.csv``); ``source`` is a source key or a leaflet, S0 to S4."""

    id: Text
    source: Text
    approach: Text
    milestone: Text
    earliest_days: Number
    latest_days: Number
    wording: str
    note: str


@dataclass(frozen=True)
class SeedClaim:
    """One claim of a patient leaflet (S0 to S4) and what is known of it (``seed_claims.csv``)."""

    id: Text
    seed: Literal["S0", "S1", "S2", "S3", "S4"]
    claim: Text
    verdict: Verdict
    explanation: Text
    fact_ids: Ids


@dataclass(frozen=True)
class DoNotUse:
    """A number or wording that must not be shown, and why (``do_not_use.csv``); ``pattern`` finds it in prose."""

    id: Text
    area: Text
    what: Text
    why: Text
    instead: str
    fact_ids: Ids
    pattern: str


@dataclass(frozen=True)
class Disagreement:
    """Two sides that are shown together (``disagreements.csv``)."""

    id: Text
    topic: Text
    one_side: Text
    one_fact_ids: Ids
    other_side: Text
    other_fact_ids: Ids


@dataclass(frozen=True)
class Search:
    """A search for something that was not found (``searches.csv``): when, by which words, where, and what came up."""

    id: Text
    date: Text
    words: Text
    where: Text
    found: Text
    says: Text


@lru_cache(maxsize=1)
def roots() -> Mapping[str, Root]:
    """Give what localises each root, by its name: C4 to T1, L1 to S1 (12 rows)."""
    return by_key(_read("roots", Root), "root")


@lru_cache(maxsize=1)
def grading() -> tuple[Grade, ...]:
    """Grades of stenosis and of slip, one row each (35 rows)."""
    return _read("grading", Grade)


@lru_cache(maxsize=1)
def agreement() -> tuple[Agreement, ...]:
    """Give published kappas and correlations of the grading systems (33 rows)."""
    return _read("agreement", Agreement)


@lru_cache(maxsize=1)
def trials() -> tuple[TrialResult, ...]:
    """Outcomes of trials and series in long form (285 rows)."""
    return _read("trials", TrialResult)


@lru_cache(maxsize=1)
def tests_accuracy() -> tuple[TestAccuracy, ...]:
    """Sensitivity, specificity and likelihood ratios of clinical tests (38 rows)."""
    return _read("tests_accuracy", TestAccuracy)


@lru_cache(maxsize=1)
def tissues() -> tuple[Tissue, ...]:
    """MR and CT properties of tissues (35 rows)."""
    return _read("tissues", Tissue)


@lru_cache(maxsize=1)
def instruments() -> Mapping[str, Instrument]:
    """Outcome scales by row id: scoring, bands, important differences (38 rows)."""
    return by_key(_read("instruments", Instrument), "id")


@lru_cache(maxsize=1)
def milestones() -> Mapping[str, Milestone]:
    """Recovery milestones in days by row id; almost all are custom, not results (31 rows)."""
    return by_key(read_evidence("milestones", Milestone, {"source": sources().keys() | _SEEDS}), "id")


@lru_cache(maxsize=1)
def seed_claims() -> Mapping[str, SeedClaim]:
    """Give what five patient leaflets claim, beside what is known (75 rows)."""
    return by_key(_read("seed_claims", SeedClaim), "id")


@lru_cache(maxsize=1)
def do_not_use() -> tuple[DoNotUse, ...]:
    """Numbers and wordings that must not be shown, and why."""
    return _read("do_not_use", DoNotUse)


@lru_cache(maxsize=1)
def disagreements() -> tuple[Disagreement, ...]:
    """Questions on which sources disagree; both sides are shown together."""
    return _read("disagreements", Disagreement)


@lru_cache(maxsize=1)
def searches() -> Mapping[str, Search]:
    """Give what was searched for and not found, by row id such as ``"S:01"``."""
    return by_key(_read("searches", Search), "id")


def searched(name: str) -> str:
    """Say the day of a search, by its row id: "29 November 2026".

    Raises
    ------
    InvalidInput
        If there is no such search, or its day is malformed.
    """
    if name not in searches():
        raise InvalidInput(f"There is no search {name!r}; the rows stand in data/evidence/searches.csv.")
    try:
        return day_words(date.fromisoformat(searches()[name].date))
    except ValueError:
        raise InvalidInput(f"The search {name} has the day {searches()[name].date!r}; write it 2026-11-29.") from None


def _read(name: str, row_type: type[Row]) -> tuple[Row, ...]:
    columns = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
    return read_evidence(name, row_type, {column: facts().keys() for column in columns if column.endswith("fact_ids")})
