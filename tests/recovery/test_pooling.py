"""Pooling equals an independent implementation and a published example; the rules against it follow from the data."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import t as student
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, facts, trials
from foramlib.recovery.pooling import (
    FEWEST_FOR_PREDICTION,
    Study,
    combine,
    newcombe,
    pool,
    read_topics,
    reasons_against,
    topic,
    topics,
    wilson,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# The BCG trials of Colditz 1994, tuberculosis and not, vaccinated and not, as every handbook of meta-analysis has them.
BCG = """4 119 11 128/6 300 29 274/3 228 11 209/62 13536 248 12619/33 5036 47 5761/180 1361 372 1079/8 2537 10 619/
505 87886 499 87892/29 7470 45 7232/17 1699 65 1600/186 50448 141 27197/5 2493 3 2338/27 16886 29 17825"""
# What Viechtbauer prints for them (J Stat Softw 2010;36(3), log risk ratio, DerSimonian and Laird).
BCG_MEAN, BCG_ERROR, BCG_TAU2, BCG_Q = -0.7141, 0.1787, 0.3088, 152.233


def bcg() -> tuple[list[float], list[float]]:
    rows = [[int(number) for number in row.split()] for row in BCG.split("/")]
    effects = [math.log(a / (a + b) / (c / (c + d))) for a, b, c, d in rows]
    return effects, [1 / a - 1 / (a + b) + 1 / c - 1 / (c + d) for a, b, c, d in rows]


def by_hand(effects: list[float], variances: list[float], method: str) -> dict[str, float]:
    """Pool in a few lines of our own: the textbook formulas, nothing of the library."""
    y, v = np.array(effects), np.array(variances)
    k = len(y)

    def q(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())

    w = 1 / v
    tau2 = max(0.0, (q(0) - (k - 1)) / (w.sum() - (w**2).sum() / w.sum()))
    if method == "PM":
        tau2 = 0.0 if q(0) <= k - 1 else brentq(lambda x: q(x) - (k - 1), 0, 1e6, xtol=1e-14)
    w = 1 / (v + tau2)
    mean, error = float((w * y).sum() / w.sum()), float(w.sum() ** -0.5)
    half = student.ppf(0.975, k - 1) * error * math.sqrt(max(1.0, q(tau2) / (k - 1)))
    reach = student.ppf(0.975, k - 2) * math.sqrt(tau2 + error**2) if k > 2 else math.nan
    i2 = max(0.0, (q(0) - (k - 1)) / q(0)) if q(0) else 0.0
    return {
        "mean": mean,
        "low": mean - half,
        "high": mean + half,
        "tau2": tau2,
        "i2": i2,
        "reach": reach,
        "error": error,
    }


@pytest.mark.parametrize("method", ["PM", "DL"])
def test_a_published_example_gives_the_published_values(method: str) -> None:
    effects, variances = bcg()
    found, hand = combine(effects, variances, method), by_hand(effects, variances, method)
    if method == "DL":
        assert found.point == pytest.approx(BCG_MEAN, abs=5e-5)
        assert found.tau2 == pytest.approx(BCG_TAU2, abs=5e-5)
        assert found.q == pytest.approx(BCG_Q, abs=5e-4)
        assert hand["error"] == pytest.approx(BCG_ERROR, abs=5e-5)
    assert found.prediction is not None
    low, high = found.prediction
    assert (high - low) / 2 == pytest.approx(hand["reach"], rel=1e-6)


STUDIES = st.lists(
    st.tuples(st.floats(-3, 3, allow_nan=False), st.floats(0.01, 2, allow_nan=False)), min_size=2, max_size=9
)


@settings(max_examples=60, deadline=None)
@given(studies=STUDIES, method=st.sampled_from(["PM", "DL"]))
def test_every_pool_equals_the_formulas(studies: list[tuple[float, float]], method: str) -> None:
    effects, variances = map(list, zip(*studies, strict=True))
    found, hand = combine(effects, variances, method), by_hand(effects, variances, method)
    for name, value in (("mean", found.point), ("low", found.low), ("high", found.high), ("tau2", found.tau2)):
        assert value == pytest.approx(hand[name], rel=1e-4, abs=1e-4), name
    assert sum(found.weights) == pytest.approx(1)
    assert (found.prediction is None) == (len(studies) < FEWEST_FOR_PREDICTION)


def test_wilson_and_newcombe_equal_the_library_and_the_table() -> None:
    for events, total in ((0, 10), (3, 17), (10, 151), (151, 151)):
        assert wilson(events, total) == pytest.approx(proportion_confint(events, total, method="wilson"), abs=1e-9)
    here = newcombe(86, 98, 81, 106)
    assert here == pytest.approx(confint_proportions_2indep(86, 98, 81, 106, method="newcomb"), abs=1e-9)
    assert facts()["P:E03"].value == f"{86 / 98 - 81 / 106:.3f} ({here[0]:.3f} to {here[1]:.3f})"


@pytest.mark.parametrize(
    ("effects", "variances", "method"),
    [
        ([1.0], [1.0], "PM"),
        ([1.0, 2.0], [1.0], "PM"),
        ([1.0, 2.0], [1.0, 0.0], "PM"),
        ([1.0, math.nan], [1.0, 1.0], "PM"),
        ([1.0, 2.0], [1.0, 1.0], "REML"),
    ],
)
def test_what_cannot_be_pooled_is_refused_in_one_sentence(
    effects: list[float], variances: list[float], method: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        combine(effects, variances, method)
    assert str(caught.value).count(". ") == 0


@pytest.mark.parametrize(("events", "total"), [(-1, 5), (6, 5), (0, 0)])
def test_an_impossible_share_is_refused(events: int, total: int) -> None:
    with pytest.raises(InvalidInput, match="no share"):
        wilson(events, total)


# -- the topics


def test_every_study_points_at_rows_that_may_be_cited() -> None:
    every = set(trials())
    for found in (*topics(), *topics("series")):
        for study in found.studies:
            assert set(study.rows) <= every
            assert all(row.citable for row in study.rows)
            assert study.ids


def test_the_estimates_are_those_of_the_table() -> None:
    studies = {study.id: study for study in topic("same-level").studies}
    assert studies["bydon"].figures == "10 of 151"
    assert studies["swespine"].figures == "6 % of 570"
    herniation = topic("surgery-or-not").studies[0].estimate
    assert herniation is not None
    assert (herniation.point, herniation.low, herniation.high) == (7.4, 1.6, 13.3)
    # The difference of two printed counts is the one that the table calculates.
    one_year = topic("success").studies[0].estimate
    assert one_year is not None
    assert f"{one_year.point:.3f}" in facts()["P:E03"].value


ODD: tuple[Any, ...] = (None, "", 3.5, [], {}, ["x"], [{}], {"a": 1}, True, "nobody", float("nan"))
OPTIONAL = {"unit", "sides", "weeks", "note", "doubt", "reserve"}


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every key and entry of plain data."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed_at(data: dict[str, Any], path: tuple[str | int, ...], *value: object) -> str:
    """Return data as YAML with one place dropped, or set to another value."""
    made: Any = copy.deepcopy(data)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    if value:
        inner[path[-1]] = value[0]
    else:
        del inner[path[-1]]
    return yaml.safe_dump(made)


@pytest.mark.parametrize("file", ["pooling", "series"])
def test_whatever_is_missing_is_one_sentence_that_names_file_topic_and_field(file: str) -> None:
    where = f"data/appraisal/{file}.yaml"
    whole = yaml.safe_load(data_path("appraisal", f"{file}.yaml").read_text(encoding="utf-8"))
    assert read_topics(yaml.safe_dump(whole), where) == topics(file)
    for path in places(whole):
        if isinstance(path[-1], int):
            continue
        try:
            read_topics(changed_at(whole, path), where)
            refused = ""
        except InvalidInput as problem:
            refused = str(problem)
        assert refused or path[-1] in OPTIONAL, path
        if refused:
            assert refused.startswith(where), path
            assert repr(path[-1]) in refused or str(path[-1]) in refused, (path, refused)
            assert "\n" not in refused
            if len(path) > 2 and path[-1] != "id":
                assert repr(whole["topics"][path[1]]["id"]) in refused


@settings(max_examples=60, deadline=None)
@given(data=st.data(), file=st.sampled_from(["pooling", "series"]), odd=st.sampled_from(ODD))
def test_whatever_is_odd_is_one_sentence(data: st.DataObject, file: str, odd: object) -> None:
    whole = yaml.safe_load(data_path("appraisal", f"{file}.yaml").read_text(encoding="utf-8"))
    path = data.draw(st.sampled_from(list(places(whole))))
    said = ""
    try:
        read_topics(changed_at(whole, path, odd), "here.yaml")
    except InvalidInput as problem:
        said = str(problem)
    assert not said or (said.startswith("here.yaml") and "\n" not in said)


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(InvalidInput, match=r"data/appraisal/nothing\.yaml does not exist"):
        topics("nothing")


def test_one_set_may_be_pooled_and_equals_the_formulas() -> None:
    found = topic("same-level")
    studies = found.chosen(found.start)
    assert reasons_against(studies) == ()
    counts = [(10, 151), (9, 178), (34, 570)]
    effects = [math.log(e / (n - e)) for e, n in counts]
    hand = by_hand(effects, [1 / e + 1 / (n - e) for e, n in counts], "PM")
    pooled = pool(studies)
    back = [1 / (1 + math.exp(-hand[name])) for name in ("mean", "low", "high")]
    assert [pooled.point, pooled.low, pooled.high] == pytest.approx(back, abs=1e-6)
    assert pooled.prediction is None


@pytest.mark.parametrize("name", ["reoperation", "success", "surgery-or-not", "endoscopic", "adjacent"])
def test_the_other_questions_are_not_pooled(name: str) -> None:
    found = topic(name)
    assert reasons_against(found.chosen(found.start))
    with pytest.raises(InvalidInput, match="not pooled"):
        pool(found.chosen(found.start))


def changed(**changes: object) -> list[Study]:
    one, other, _ = topic("same-level").chosen(topic("same-level").start)
    return [one, replace(other, **changes)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"patients": "Bydon 2014"}, "each person counts once"),
        ({"design": "randomised trial"}, "designs differ"),
        ({"design": "review"}, "pooled series already"),
        ({"counts": "something else"}, "What is counted differs"),
        ({"treatment": "another"}, "treatments differ"),
        ({"weeks": 52.0}, "Follow-up runs from 1 year to 4.2 years"),
        ({"weeks": None}, "How long people were followed is not known for Wang 2015"),
        ({"doubt": "something is not sure"}, "something is not sure"),
    ],
)
def test_each_rule_bites(changes: dict[str, object], reason: str) -> None:
    assert reasons_against(changed()) == ()
    assert any(reason in said for said in reasons_against(changed(**changes)))


def test_a_gap_and_a_single_study_are_no_pool() -> None:
    spondylosis = topic("surgery-or-not").studies[1]
    assert spondylosis.estimate is None
    assert "would favour the others" in reasons_against(topic("surgery-or-not").studies)[0]
    assert "at least two" in reasons_against(topic("same-level").studies[:1])[0]
    with pytest.raises(InvalidInput, match="choose from"):
        topic("same-level").chosen(["nobody"])
    with pytest.raises(InvalidInput, match="same-level"):
        topic("nothing")
