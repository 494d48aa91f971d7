"""Straight sagittal against oblique: the stored table is what the model says, and says what it must."""

from __future__ import annotations

import pytest

from foramlib.imaging.oblique import (
    NECK,
    SAMPLE,
    CrossTable,
    cross_table,
    pair,
    stenosed,
    stored,
    stored_table,
    validation_row,
)


def test_the_stored_sample_is_as_large_as_it_says_and_errs_towards_milder() -> None:
    table = stored_table()
    assert table.total == SAMPLE >= 500
    assert table.milder > table.worse
    assert [one.seed for one in stored()] == list(range(len(stored())))
    assert sum(stored_table(level).total for level in NECK) == table.total
    assert {one.level for one in stored()} == set(NECK)


@pytest.mark.parametrize("seed", [0, 17, 251, 500])
def test_a_few_states_drawn_again_are_graded_as_stored(seed: int) -> None:
    state, kept = stenosed(seed), stored()[seed]
    assert (state.level.name, pair(state)) == (kept.level, kept.grades), "run tests/imaging/store_oblique.py"


@pytest.mark.thorough
def test_every_state_drawn_again_is_graded_as_stored() -> None:
    assert [pair(stenosed(one.seed)) for one in stored()] == [one.grades for one in stored()]


def test_a_table_counts_milder_and_worse() -> None:
    table = cross_table([(0, 0), (0, 2), (1, 2), (3, 1)])
    assert table == CrossTable(((1, 0, 1, 0), (0, 0, 1, 0), (0, 0, 0, 0), (0, 1, 0, 0)))
    assert (table.total, table.milder, table.worse) == (4, 2, 1)


def test_the_floor_stands_among_the_validated_rows_with_its_misses_possible() -> None:
    row = validation_row()
    assert row.ok
    assert row.model == stored_table().milder - stored_table().worse
    assert "Kintzele 2018" in row.source
