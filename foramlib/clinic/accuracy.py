"""How good the tests are, and what the recorded results make of a probability.

Figures are those of ``tests_accuracy.csv``, chosen in ``data/clinic/tests.csv``; each holds for the people it was
measured in, which stands beside it; where a finding says that a patient is not one of them, no probability is given,
and :func:`withheld` says why. Tests say whether a root (or the cord, or a disc) is ill, never which root.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from foramlib.clinic.bayes import Ratio, Share, combined, post_test, ratios_from_counts, ratios_from_shares
from foramlib.clinic.findings import NOT, finding_name, findings
from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, facts, tests_accuracy
from foramlib.evidence.tables import by_key, read_table
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from foramlib.clinic.bayes import Probability
    from foramlib.evidence.clinical import TestAccuracy
    from foramlib.evidence.records import Count, Ids, Text

__all__ = [
    "BEFORE",
    "CONDITIONS",
    "FIGURES",
    "Belief",
    "DiagnosticTest",
    "Step",
    "beliefs",
    "diagnostic_tests",
    "withheld",
]

CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "cervical radiculopathy": "a sick root in the neck",
        "lumbar disc herniation": "a lumbar disc herniation",
        "cervical myelopathy": "a sick cord in the neck",
    }
)
"""What tests tell, and in plain words."""

BEFORE: Mapping[str, tuple[float, str]] = MappingProxyType(
    {
        "cervical radiculopathy": (0.23, "P:D24"),
        "lumbar disc herniation": (0.58, "P:D26"),
        "cervical myelopathy": (0.1, ""),
    }
)
"""Where the probability before the tests starts, and the evidence for it; nothing: an assumption to be moved."""

FIGURES: Mapping[str, str] = MappingProxyType(
    {"pooled": "Eight studies pooled, imaging or EMG", "emg": "One study against EMG"}
)
"""Whose figures of the Spurling test are used: studies disagree on its sensitivity."""

_CLUSTER = ("spurling", "distraction", "upper-limb-tension", "rotation-limited")
_CORD_SIGNS = ("gait-unsteady", "hoffmann", "inverted-supinator", "babinski")
_CORD_AGE = 45
_MANY, _FEW = 3, 1


@dataclass(frozen=True)
class _Chosen:
    """A row of ``tests.csv``: which figures of which study stand for a finding.

    ``printed`` is the fact that holds what the paper prints where that is not what its figures give; with a finding of
    ``unless`` the patient is not one of those in whom the test was measured.
    """

    id: Text
    finding: Text
    label: Text
    figures: Literal["", "pooled", "emg"]
    test: Text
    source_key: Text
    tp: Count
    sick: Count
    tn: Count
    well: Count
    printed: str
    unless: Ids
    note: str
    sources: Ids


@dataclass(frozen=True)
class DiagnosticTest:
    """A test with its figures.

    Attributes
    ----------
    id, finding, label, figures : str
        Name of the figures, the finding they belong to, printed name, and whose figures ("" where only one).
    condition : str
        What it tells; one of :data:`CONDITIONS`.
    sensitivity, specificity : Share
        Between 0 and 1, with published intervals.
    positive, negative : Ratio
        Likelihood ratios, calculated, with 95 % intervals where they can be had.
    population, standard, caution, note : str
        In whom and against what it was measured, and what to take care with.
    printed : str
        What the paper itself prints where that differs, in a sentence; else empty.
    unless : tuple of str
        Findings with which the figures do not hold for a patient.
    sources : tuple of str
        Evidence ids.
    """

    id: str
    finding: str
    label: str
    figures: str
    condition: str
    sensitivity: Share
    specificity: Share
    positive: Ratio
    negative: Ratio
    population: str
    standard: str
    caution: str
    note: str
    printed: str
    unless: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One result and what it does.

    Attributes
    ----------
    text : str
        ``"Spurling test positive"``.
    ratio : Ratio
        What it multiplies the odds by.
    who : str
        In whom it was measured.
    sources : tuple of str
        Evidence ids.
    printed : str
        What the paper prints where that differs; else empty.
    """

    text: str
    ratio: Ratio
    who: str
    sources: tuple[str, ...]
    printed: str = ""


@dataclass(frozen=True)
class Belief:
    """What the results make of one condition.

    Attributes
    ----------
    condition : str
        One of :data:`CONDITIONS`.
    before : float
        Probability before the tests, 0 to 1.
    after : Probability
        After them, with an interval where every step has one.
    steps : tuple of Step
        The results that counted.
    remarks : tuple of str
        What must be said with it.
    """

    condition: str
    before: float
    after: Probability
    steps: tuple[Step, ...]
    remarks: tuple[str, ...]

    def sentence(self) -> str:
        """Say the move in one sentence."""
        what = CONDITIONS[self.condition]
        if not self.steps:
            return f"Before any test: {_percent(self.before)} for {what} (your estimate)."
        ends = self.after
        spread = f" ({_percent(ends.low)} to {_percent(ends.high)})" if ends.low is not None and ends.high else ""
        moved = "stays near" if abs(ends.value - self.before) < _SMALL else "moves to"
        return f"The probability of {what} {moved} {_percent(ends.value)}{spread}, from {_percent(self.before)}."

    def as_dict(self) -> dict[str, Any]:
        """Give plain data for programs."""
        after = {"value": self.after.value, "low": self.after.low, "high": self.after.high}
        steps = [
            {"result": step.text, "ratio": step.ratio.value, "low": step.ratio.low, "high": step.ratio.high}
            | {"measured_in": step.who, "sources": list(step.sources)}
            for step in self.steps
        ]
        return {
            "condition": self.condition,
            "before": self.before,
            "after": after,
            "steps": steps,
            "remarks": list(self.remarks),
        }


_SMALL = 0.02


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f} %"


@lru_cache(maxsize=1)
def diagnostic_tests() -> Mapping[str, DiagnosticTest]:
    """Give every test with figures, by the name of the figures."""
    known = {"finding": findings().keys(), "unless": findings().keys(), "sources": facts().keys()}
    rows = read_table(data_path("clinic", "tests.csv"), _Chosen, known)
    return by_key([_with_figures(row) for row in rows], "id")


def _with_figures(row: _Chosen) -> DiagnosticTest:
    published = _row(row.test, row.source_key)
    sens = Share(published.sens or 0, published.sens_low, published.sens_high)
    spec = Share(published.spec or 0, published.spec_low, published.spec_high)
    if row.tp and row.sick and row.tn and row.well:
        empty = row.tp == row.sick or row.tn == row.well
        positive, negative = ratios_from_counts(row.tp, row.sick, row.tn, row.well, add_half=empty)
    else:
        positive, negative = ratios_from_shares(sens, spec)
    return DiagnosticTest(
        id=row.id,
        finding=row.finding,
        label=row.label,
        figures=row.figures,
        condition=published.condition,
        sensitivity=sens,
        specificity=spec,
        positive=positive,
        negative=negative,
        population=published.population,
        standard=published.reference_standard,
        caution=published.caution,
        note=row.note,
        printed=_as_printed(row, positive, negative) if row.printed else "",
        unless=row.unless,
        sources=row.sources,
    )


def _as_printed(row: _Chosen, positive: Ratio, negative: Ratio) -> str:
    """Say what the paper prints beside what its sensitivity and specificity give."""
    fact = facts()[row.printed]
    found = re.findall(r"LR[+-] ([\d.]+)", fact.value)
    return (
        f"{row.label}: {positive.value:.2g} and {negative.value:.2g} are ours, from the pooled sensitivity and "
        f"specificity; the paper prints {found[0]} and {found[1]}, which do not follow from them."
    )


def _row(test: str, key: str) -> TestAccuracy:
    """Find the row with sensitivity and specificity; an unconfirmed one is not used."""
    for row in tests_accuracy():
        if (row.test, row.source_key) == (test, key) and row.citable and row.sens is not None and row.spec is not None:
            return row
    raise InvalidInput(f"There are no figures for {test!r} by {key!r}; look at tests_accuracy.csv.")


def beliefs(
    given: Iterable[str],
    *,
    before: Mapping[str, float] | None = None,
    figures: str = "pooled",
    age: int | None = None,
) -> tuple[Belief, ...]:
    """Say what the recorded test results make of each condition that they tell about.

    Parameters
    ----------
    given : iterable of str
        Ids of findings; ``"not-"`` before the id of a test makes it a negative test.
    before : mapping of str to float, optional
        Probability before the tests by condition, 0 to 1; :data:`BEFORE` otherwise.
    figures : str
        Whose figures of the Spurling test: a key of :data:`FIGURES`.
    age : int, optional
        Years; one of the five signs of the myelopathy cluster is an age over forty-five.

    Returns
    -------
    tuple of Belief
        One for each condition that a result tells about.

    Raises
    ------
    InvalidInput
        If ``figures`` or a condition is unknown, or a probability is not between 0 and 1.
    """
    figures = one_of(figures, FIGURES, "set of figures", hint=f"choose {' or '.join(FIGURES)}")
    told = {finding_name(name) for name in given}
    start = {condition: value for condition, (value, _) in BEFORE.items()}
    start |= {one_of(condition, CONDITIONS, "condition"): value for condition, value in (before or {}).items()}
    found = {condition: list(_steps(condition, told, figures, age)) for condition in CONDITIONS}
    # What was found may say that the patient is not one of those in whom a test was measured; see `withheld`.
    return tuple(belief(name, start[name], tuple(steps)) for name, steps in found.items() if steps)


def withheld(given: Iterable[str]) -> tuple[str, ...]:
    """Say of which condition no probability is given, and why: the patient is not one of those who were measured.

    Parameters
    ----------
    given : iterable of str
        Ids of findings, as for :func:`beliefs`.

    Examples
    --------
    >>> withheld(["kemp", "not-straight-leg-raise"])[0][:52]
    'No probability of a lumbar disc herniation is given.'
    """
    told = set(given)
    done = [test for test in diagnostic_tests().values() if {test.finding, NOT + test.finding} & told]
    left = [test for test in done if not _holds(test, told)]
    return tuple(dict.fromkeys(_without(test, told) for test in left))


def _without(test: DiagnosticTest, told: set[str]) -> str:
    signs = " and ".join(f"“{findings()[name].text}”" for name in test.unless if name in told)
    who = test.note.partition(";")[0]
    return (
        f"No probability of {CONDITIONS[test.condition]} is given. The figures of the test were measured {who}; "
        f"here {signs} points to a narrow foramen, for which they do not hold."
    )


def _holds(test: DiagnosticTest, told: set[str]) -> bool:
    return not set(test.unless) & told


def belief(condition: str, before: float, steps: tuple[Step, ...]) -> Belief:
    """Move one probability by steps, as if the results were independent of one another."""
    after = post_test(before, combined([step.ratio for step in steps]))
    return Belief(condition, before, after, steps, tuple(_remarks(steps)))


def _remarks(steps: tuple[Step, ...]) -> Iterator[str]:
    if len(steps) > 1:
        yield "Several tests are multiplied as if independent (assumption); they are not, so this goes too far."
    without = [step.text for step in steps if step.ratio.interval is None]
    if without:
        yield f"No interval is drawn: none is published, in what was read, for {', '.join(without)}."
    yield from dict.fromkeys(f"Measured in {step.who}." for step in steps)
    yield from dict.fromkeys(step.printed for step in steps if step.printed)


def _steps(condition: str, told: set[str], figures: str, age: int | None) -> Iterator[Step]:
    if condition == "cervical myelopathy":
        yield from _cord(told, age)
        return
    cluster = tuple(_cluster(told)) if condition == "cervical radiculopathy" else ()
    yield from cluster
    for test in diagnostic_tests().values():
        in_cluster = bool(cluster) and test.finding in _CLUSTER
        if test.condition == condition and test.figures in {"", figures} and not in_cluster and _holds(test, told):
            yield from _result(test, told)


def _result(test: DiagnosticTest, told: set[str]) -> Iterator[Step]:
    who = "; ".join(part for part in (_people(test.population), test.note) if part)
    if test.finding in told:
        yield Step(f"{test.label} positive", test.positive, who, test.sources, test.printed)
    if NOT + test.finding in told:
        yield Step(f"{test.label} negative", test.negative, who, test.sources, test.printed)


def _cluster(told: set[str]) -> Iterator[Step]:
    """Give three or four of the four neck tests as one result, where all four were done.

    Fewer positives have no ratio of their own that could be shown, so the tests then count one by one.
    """
    done = all(name in told or NOT + name in told for name in _CLUSTER)
    positive = sum(name in told for name in _CLUSTER)
    if done and positive >= _MANY:
        row = next(row for row in tests_accuracy() if row.test == f"Wainner cluster, {positive} of 4 positive")
        fact = row.fact_ids[0]
        ratio = Ratio(row.lr_pos or 1)
        yield Step(
            f"Wainner cluster, {positive} of 4 positive", ratio, _people(row.population.partition(";")[0]), (fact,)
        )


def _cord(told: set[str], age: int | None) -> Iterator[Step]:
    """Give the myelopathy cluster as one result, where enough is known to count its five signs."""
    present = sum(name in told for name in _CORD_SIGNS)
    unknown = sum(name not in told and NOT + name not in told for name in _CORD_SIGNS)
    present, unknown = (present, unknown + 1) if age is None else (present + (age > _CORD_AGE), unknown)
    many, few = (row for row in tests_accuracy() if row.test.startswith("Myelopathy cluster"))
    who = f"{_people(many.population)}; {many.reference_standard}"
    if present >= _MANY:
        ratio = Ratio(many.lr_pos or 1, many.lr_pos_low, many.lr_pos_high)
        yield Step("Myelopathy cluster, 3 or more of 5", ratio, who, many.fact_ids)
    elif present + unknown <= _FEW:
        ratio = Ratio(few.lr_neg or 1, few.lr_neg_low, few.lr_neg_high)
        yield Step("Myelopathy cluster, 1 or fewer of 5", ratio, who, few.fact_ids)


def _people(population: str) -> str:
    """Say "82 people" where a table says "n = 82"."""
    return re.sub(r"\bn = (\d+)", r"\1 people", population)
