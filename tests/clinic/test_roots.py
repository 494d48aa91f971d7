"""Roots and discs: one rule, the same as the table's and the model's."""

from __future__ import annotations

import pytest

from foramlib.clinic.findings import pitfalls
from foramlib.clinic.roots import exiting_root, level_name, root_card, root_cards, traversing_root
from foramlib.errors import InvalidInput
from foramlib.spine.levels import MODELLED, Level


@pytest.mark.parametrize("level", MODELLED)
def test_the_rule_is_that_of_the_model(level: str) -> None:
    assert exiting_root(level) == Level.parse(level).exiting_root
    assert traversing_root(level) == (Level.parse(level).traversing_root or "")


@pytest.mark.parametrize("name", ["C4", "C5", "C6", "C7", "C8", "T1", "L1", "L2", "L3", "L4", "L5"])
def test_the_rule_is_that_of_the_table(name: str) -> None:
    assert exiting_root(root_card(name).foramen) == name


@pytest.mark.parametrize("level", ["C1/2", "C5/7", "C8/T1", "L5/6", "S1/2", "", "C5", "T12/T1", "hip"])
def test_what_is_no_level_is_refused(level: str) -> None:
    with pytest.raises(InvalidInput, match="C5/6"):
        exiting_root(level)


def test_spellings_are_taken() -> None:
    assert exiting_root("c7-t1") == exiting_root("C7/T1") == "C8"
    assert exiting_root("T12/L1") == "T12"
    assert [level_name(text) for text in ("c5-6", "c7/t1", "L5/S1", "l4/5")] == ["C5/6", "C7/T1", "L5/S1", "L4/5"]


def test_unconfirmed_cells_are_known_as_such() -> None:
    assert "key_sensory_point" in root_card("L2").unconfirmed
    assert "key_muscle" not in root_card("L2").unconfirmed
    assert "key_muscle" not in root_card("C6").unconfirmed
    assert {"look_alikes", "how_to_tell"} <= root_card("L3").unconfirmed


def test_every_root_says_what_it_does() -> None:
    assert all(card.describe().startswith(f"{name} leaves at") for name, card in root_cards().items())
    with pytest.raises(InvalidInput, match="C4"):
        root_card("C9")


def test_numbering_pitfalls_are_named() -> None:
    assert {"transitional", "conjoined", "far-lateral", "c8"} <= {one.id for one in pitfalls()}
