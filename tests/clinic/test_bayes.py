"""Bayes: the same as statsmodels, as simulation and as the published examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table2x2

import foramlib as fl
from foramlib import evidence
from foramlib.clinic.accuracy import BEFORE, beliefs, diagnostic_tests, withheld
from foramlib.clinic.bayes import Ratio, Share, combined, post_test, ratios_from_counts, ratios_from_shares
from foramlib.clinic.findings import findings
from foramlib.errors import InvalidInput

counts = st.integers(2, 300).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(counts, counts)
def test_ratios_from_counts_are_those_of_statsmodels(sick: tuple[int, int], well: tuple[int, int]) -> None:
    (tp, n), (tn, m) = sick, well
    positive, negative = ratios_from_counts(tp, n, tn, m)
    for ratio, table in ((positive, [[tp, n - tp], [m - tn, tn]]), (negative, [[n - tp, tp], [tn, m - tn]])):
        other = Table2x2(np.array(table, dtype=float), shift_zeros=False)
        assert ratio.value == pytest.approx(other.riskratio)
        assert ratio.interval == pytest.approx(other.riskratio_confint(), rel=1e-6)


def test_an_empty_cell_is_refused() -> None:
    for cells in ((0, 20, 160, 172), (20, 20, 160, 172), (6, 20, 172, 172), (6, 20, 0, 172), (6, 5, 3, 172)):
        with pytest.raises(InvalidInput, match="every cell"):
            ratios_from_counts(*cells)


def test_half_a_person_in_each_cell_gives_an_empty_cell_its_interval() -> None:
    for counts_ in ((19, 19, 14, 63), (0, 20, 160, 172), (6, 20, 172, 172)):
        tp, n, tn, m = counts_
        positive, negative = ratios_from_counts(*counts_, add_half=True)
        sick, well = [tp + 0.5, n - tp + 0.5], [m - tn + 0.5, tn + 0.5]
        other = Table2x2(np.array([sick, well]), shift_zeros=False)
        assert positive.value == pytest.approx(other.riskratio)
        assert positive.interval == pytest.approx(other.riskratio_confint(), rel=1e-6)
        other = Table2x2(np.array([sick[::-1], well[::-1]]), shift_zeros=False)
        assert negative.interval == pytest.approx(other.riskratio_confint(), rel=1e-6)
    with pytest.raises(InvalidInput, match="every cell"):
        ratios_from_counts(21, 20, 160, 172, add_half=True)


def test_a_negative_tension_test_may_mean_nothing_and_its_interval_says_so() -> None:
    low, high = diagnostic_tests()["upper-limb-tension"].negative.interval or (1, 1)
    assert low < 0.05
    assert high > 1
    assert "0.01-1.8" in evidence.facts()["P:D07b"].value


def test_what_the_spurling_paper_prints_stands_beside_what_is_calculated() -> None:
    [moved] = beliefs(["spurling"])
    said = next(remark for remark in moved.remarks if "prints" in remark)
    assert "6.6 and 0.51 are ours" in said
    assert "the paper prints 3.28 and 0.28" in said
    assert not [remark for remark in beliefs(["spurling"], figures="emg")[0].remarks if "prints" in remark]


@pytest.mark.parametrize("sign", ["kemp", "relief-bending-forward"])
@pytest.mark.parametrize("test", ["straight-leg-raise", "crossed-straight-leg-raise"])
@pytest.mark.parametrize("absent", ["", "not-"])
def test_no_probability_of_a_disc_herniation_where_the_findings_point_to_a_narrow_foramen(
    sign: str, test: str, absent: str
) -> None:
    assert beliefs([f"{absent}{test}"])
    assert not withheld([f"{absent}{test}"])
    assert not beliefs([f"{absent}{test}", sign])
    [why] = withheld([f"{absent}{test}", sign])
    assert "narrow foramen, for which they do not hold" in why
    assert findings()[sign].text in why


def test_the_localiser_gives_ruth_no_probability_and_says_why() -> None:
    words = fl.describe("localise", "ruth-adeyemi")
    assert "Probability of" not in words
    assert "No probability of a lumbar disc herniation is given" in words


def test_intervals_from_shares_agree_with_simulation() -> None:
    sens, spec = Share(0.53, 0.29, 0.78), Share(0.92, 0.88, 0.96)
    draw = np.random.default_rng(7)

    def drawn(share: Share) -> np.ndarray:
        ends = [math.log(p / (1 - p)) for p in (share.low, share.high) if p]
        logit = math.log(share.value / (1 - share.value))
        return 1 / (1 + np.exp(-draw.normal(logit, (ends[1] - ends[0]) / 3.92, 200_000)))

    p, q = drawn(sens), drawn(spec)
    for ratio, values in zip(ratios_from_shares(sens, spec), (p / (1 - q), (1 - p) / q), strict=True):
        spread = float(np.std(np.log(values)))
        assert math.log(ratio.high / ratio.low) / 3.92 == pytest.approx(spread, rel=0.12)  # type: ignore[operator]


PUBLISHED = {  # as calculated in the evidence table, rounded there
    "spurling-pooled": (6.6, 0.51),
    "spurling-emg": (4.3, 0.75),
    "distraction": (4.4, 0.62),
    "upper-limb-tension": (1.3, 0.11),
    "rotation-limited": (1.75, 0.22),
    "valsalva": (3.7, 0.83),
    "straight-leg-raise": (1.28, 0.29),
    "crossed-straight-leg-raise": (2.8, 0.80),
}


def test_ratios_are_those_that_the_evidence_table_has_calculated() -> None:
    derived = {(row.lr_pos, row.lr_neg) for row in evidence.tests_accuracy() if row.support == "derived"}
    assert set(PUBLISHED.values()) <= derived
    assert set(PUBLISHED) == set(diagnostic_tests())
    for name, (positive, negative) in PUBLISHED.items():
        test = diagnostic_tests()[name]
        assert test.positive.value == pytest.approx(positive, rel=0.04)
        assert test.negative.value == pytest.approx(negative, rel=0.04)


@settings(max_examples=80, deadline=None)
@given(st.floats(0.001, 0.999), st.floats(0.01, 100))
def test_bayes_by_counting_people(before: float, ratio: float) -> None:
    sick, well = before * 1e6 * ratio, (1 - before) * 1e6
    assert post_test(before, Ratio(ratio)).value == pytest.approx(sick / (sick + well))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 0.99), st.lists(st.floats(0.05, 20), min_size=1, max_size=5), st.floats(1.05, 4))
def test_one_after_the_other_is_all_at_once(before: float, values: list[float], spread: float) -> None:
    ratios = [Ratio(value, value / spread, value * spread) for value in values]
    once = post_test(before, combined(ratios))
    step = before
    for ratio in ratios:
        step = post_test(step, Ratio(ratio.value)).value
    assert once.value == pytest.approx(step)
    assert once.low is not None
    assert once.high is not None
    assert 0 < once.low < once.value < once.high < 1
    assert combined([*ratios, Ratio(2.0)]).interval is None


def test_the_published_examples_come_out() -> None:
    assert round(post_test(0.23, Ratio(6.1)).value, 2) == 0.65
    assert round(post_test(0.23, Ratio(30.3)).value, 2) == 0.90


@pytest.mark.parametrize("before", [0, 1, -0.1, 1.2, math.nan, math.inf])
def test_a_probability_that_is_none_is_refused(before: float) -> None:
    with pytest.raises(InvalidInput, match="above 0 and below 1"):
        post_test(before, Ratio(2))


def value(*found: str, **more: object) -> float:
    return beliefs(found, **more)[0].after.value  # type: ignore[arg-type]


def test_a_positive_test_raises_and_a_negative_one_lowers() -> None:
    for test in diagnostic_tests().values():
        start = BEFORE[test.condition][0]
        figures = test.figures or "pooled"
        assert value(f"not-{test.finding}", figures=figures) < start < value(test.finding, figures=figures)


def test_the_two_spurling_studies_move_it_differently() -> None:
    assert value("spurling", figures="emg") < value("spurling", figures="pooled")
    with pytest.raises(InvalidInput, match="pooled or emg"):
        beliefs(["spurling"], figures="best")
    with pytest.raises(InvalidInput, match="condition"):
        beliefs(["spurling"], before={"gout": 0.5})


def test_the_cluster_counts_once_and_two_positives_have_no_ratio_of_their_own() -> None:
    four = ("spurling", "distraction", "upper-limb-tension", "rotation-limited")
    assert value(*four) == pytest.approx(post_test(0.23, Ratio(30.3)).value)
    assert value(*four[:3], f"not-{four[3]}") == pytest.approx(post_test(0.23, Ratio(6.1)).value)
    two = beliefs((*four[:2], *(f"not-{name}" for name in four[2:])))[0]
    assert len(two.steps) == 4
    assert not [step for step in two.steps if "cluster" in step.text]


def test_the_myelopathy_cluster_knows_the_age_and_what_was_not_done() -> None:
    signs = ("gait-unsteady", "hoffmann", "inverted-supinator", "babinski")
    three = beliefs(signs[:3])[0]
    assert (three.steps[0].ratio.low, three.steps[0].ratio.high) == (5.5, 181.8)
    assert beliefs(signs[:2], age=46)[0].steps == three.steps
    assert not beliefs(signs[:2], age=45)
    none = [f"not-{name}" for name in signs]
    assert beliefs(none, age=50)[0].after.value < BEFORE["cervical myelopathy"][0]
    assert beliefs(none)[0].steps[0].ratio.value == 0.18
    assert not beliefs([*none[:3], "babinski"], age=50)
    assert not beliefs(none[:3], age=50)


def test_numbers_that_must_not_be_shown_are_not_there() -> None:
    for test in diagnostic_tests().values():
        assert round(test.positive.value, 2) not in {3.28, 0.88}
        assert (test.sensitivity.value, test.specificity.value) != (0.95, 0.94)


def test_a_sentence_says_the_interval_or_nothing() -> None:
    assert "(48 % to 81 %)" in beliefs(["spurling"])[0].sentence()
    assert "(" not in beliefs(["valsalva"])[0].sentence()
