"""Weighted kappa: equal to statsmodels and to a published worked example, and within its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from foramlib.errors import InvalidInput
from foramlib.learning.kappa import FEWEST, WEIGHTS, counted, weighted_kappa

GRADES = st.integers(3, 6)


@st.composite
def gradings(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    grades = draw(GRADES)
    ranks = st.integers(0, grades - 1)
    return grades, draw(st.lists(st.tuples(ranks, ranks), min_size=FEWEST, max_size=60))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # statsmodels divides by nothing where all agree
@given(gradings(), st.sampled_from(WEIGHTS))
@settings(max_examples=80, deadline=None)
def test_it_equals_an_independent_implementation(given_pairs: tuple[int, list[tuple[int, int]]], weights: str) -> None:
    grades, pairs = given_pairs
    found = weighted_kappa(pairs, grades, weights)
    if found is None:
        # Both gave every image the same one grade: chance agrees fully, and there is nothing to measure.
        assert len(set(pairs)) == 1
        assert pairs[0][0] == pairs[0][1]
        return
    other = cohens_kappa(counted(pairs, grades), wt=weights)
    assert found.value == pytest.approx(other.kappa, abs=1e-9)
    if np.isfinite(other.std_kappa):
        assert found.low == pytest.approx(max(other.kappa_low, -1.0), abs=1e-6)
        assert found.high == pytest.approx(min(other.kappa_upp, 1.0), abs=1e-6)
    assert -1.0 <= found.low <= found.value + 1e-9 <= found.high + 2e-9 <= 1.0 + 3e-9


def test_a_published_table_gives_its_published_kappas() -> None:
    # Two neurologists on 149 patients, four diagnostic grades (Landis and Koch, Biometrics 1977;33:159-74, Winnipeg).
    table = [[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]]
    pairs = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    linear, quadratic = (weighted_kappa(pairs, 4, weights) for weights in WEIGHTS)
    assert linear is not None
    assert quadratic is not None
    assert linear.value == pytest.approx(0.380, abs=5e-4)
    assert quadratic.value == pytest.approx(0.525, abs=5e-4)


@given(gradings(), st.sampled_from(WEIGHTS))
@settings(max_examples=60, deadline=None)
def test_who_grades_first_makes_no_difference(given_pairs: tuple[int, list[tuple[int, int]]], weights: str) -> None:
    grades, pairs = given_pairs
    one, other = weighted_kappa(pairs, grades, weights), weighted_kappa([(b, a) for a, b in pairs], grades, weights)
    assert (one is None) == (other is None)
    if one and other:
        assert one.value == pytest.approx(other.value)


def test_full_agreement_is_one_and_few_images_give_none() -> None:
    full = weighted_kappa([(rank, rank) for rank in (0, 1, 2, 3, 1)], 4)
    assert full is not None
    assert full.value == pytest.approx(1.0)
    assert "no interval" in full.told()
    assert weighted_kappa([(0, 1)] * (FEWEST - 1), 4) is None
    assert weighted_kappa([(2, 2)] * 9, 4) is None


def test_bad_input_is_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidInput, match="linear"):
        weighted_kappa([(0, 0)] * 9, 4, "cubic")
    with pytest.raises(InvalidInput, match="below 4"):
        weighted_kappa([(0, 4)], 4)
