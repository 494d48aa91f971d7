"""Images to grade: the same lot gives the same image, the truth is the model's, and the rounds count what they say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.imaging.grades import SCALES, grade
from foramlib.learning.grading import DIFFICULTIES, NONE, SET, SYSTEMS, Rounds, criteria, draw, published

RANK = st.integers(NONE, 3)


def test_the_same_lot_gives_the_same_image_and_the_models_own_grade() -> None:
    one, other = draw("Park 2013", "usual", 11), draw("Park 2013", "usual", 11)
    assert (one, one.segment, one.truth) == (other, other.segment, other.truth)
    assert one.truth == grade(one.segment, "Park 2013", one.side)
    assert one.settings.seed == 11


@pytest.mark.thorough
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_gets_states_of_its_region_and_most_of_its_grades(system: str) -> None:
    tasks = [draw(system, "usual", seed) for seed in range(12)]
    assert {task.segment.level.region for task in tasks} == {SYSTEMS[system].region}
    assert {task.side for task in tasks} == {"left", "right"}
    found = {task.truth.rank for task in tasks}
    assert len(found - {NONE}) >= 3
    assert all(task.truth.rank in range(NONE, len(SCALES[system])) for task in tasks)
    assert (NONE in found) == (system == "Lee 2010")


@pytest.mark.thorough
def test_hard_states_lie_closer_to_a_limit_than_easy_ones() -> None:
    easy, hard = ([draw("Park 2013", name, seed).margin for seed in range(10)] for name in ("easy", "hard"))
    assert sorted(hard)[5] < sorted(easy)[5]
    assert DIFFICULTIES["hard"].noise > DIFFICULTIES["easy"].noise


@given(st.lists(st.tuples(RANK, RANK), min_size=SET, max_size=25))
@settings(max_examples=40, deadline=None)
def test_rounds_count_and_the_same_ten_come_again_each_once(answers: list[tuple[int, int]]) -> None:
    rounds = Rounds("Lee 2010", "usual", 3)
    for given_rank, truth in answers:
        assert not rounds.second
        rounds = rounds.answered(given_rank, truth).next()
    assert rounds.right == sum(a == b for a, b in answers)
    rounds = rounds.same_again()
    seeds = [one.seed for one in rounds.done[-SET:]]
    assert sorted(rounds.queue) == sorted(seeds)
    for _ in range(SET):
        assert rounds.second
        first = {one.seed: one for one in rounds.done}[rounds.present]
        rounds = rounds.answered(first.given, first.truth)
    assert not rounds.second
    assert sorted(one.seed for one in rounds.again) == sorted(seeds)
    kappa = rounds.with_self()
    assert kappa is None or kappa.value == pytest.approx(1.0)
    assert rounds.next().present == 3 + rounds.drawn


def test_what_cannot_be_expressed_stays_out_of_kappa() -> None:
    rounds = Rounds("Lee 2010", "usual", 0)
    for given_rank, truth in [(NONE, NONE), (0, NONE), (NONE, 1), *[(rank, rank) for rank in (0, 1, 2, 3, 0)]]:
        rounds = rounds.answered(given_rank, truth).next()
    kappa = rounds.with_model()
    assert kappa is not None
    assert (kappa.count, rounds.right) == (5, 6)
    assert kappa.value == pytest.approx(1.0)


def test_what_cannot_be_done_is_refused_in_a_sentence() -> None:
    rounds = Rounds("Park 2013", "usual", 1)
    with pytest.raises(InvalidInput, match="10 images first"):
        rounds.same_again()
    with pytest.raises(InvalidInput, match="no grade 4"):
        rounds.answered(4, 0)
    with pytest.raises(InvalidInput, match="has been graded"):
        rounds.answered(1, 0).answered(1, 0)
    for wrong in (("Meyerding", "usual", 1), ("Park 2013", "mild", 1), ("Park 2013", "usual", -1)):
        with pytest.raises(InvalidInput):
            draw(*wrong)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_grade_has_its_published_words(system: str) -> None:
    assert tuple(criteria(system)) == SCALES[system]


def test_both_sides_of_the_disagreements_are_there() -> None:
    between = {row.fact_ids[0] for row in published("Kim 2015", same_reader=False)}
    assert between == {"A:G-10", "A:G-13"}
    assert {"A:G-01", "A:G-03"} <= {row.fact_ids[0] for row in published("Lee 2010", same_reader=False)}
    twice = published("Kim 2015", same_reader=True)
    assert [(row.value, row.low, row.high) for row in twice] == [(None, 0.80, 0.92), (0.81, None, None)]
