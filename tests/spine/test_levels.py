"""Levels and sides: spellings, numbers of roots, sentences for what is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.spine import MODELLED, Level, Segment, parse_side
from foramlib.spine.structures import catalogue
from tests.spine.states import LEVELS, segment

NECK = [("C5", "C6"), ("C6", "C7"), ("C7", "T1")]


@pytest.mark.parametrize(
    "text", ["C5/6", "c5/6", "C5-6", "C5/C6", "c5-c6", "C5–C6", " C5 / 6 ", "C5_6", "C56", Level("C5", "C6").name]
)
def test_any_common_spelling_names_the_level(text: str) -> None:
    level = Level.parse(text)
    assert (level.name, level.upper, level.lower, level.region) == ("C5/6", "C5", "C6", "cervical")


@given(st.text(max_size=8))
def test_any_other_text_is_answered_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput, match="choose one of") as caught:
        Level.parse(f"{text}!")
    assert repr(f"{text}!") in str(caught.value)
    assert all(name in str(caught.value) for name in MODELLED)


@pytest.mark.parametrize("bad", ["C9/10", "C5/L6", "C8/T1", "T1/2", "C6/5", "", None, 5, float("nan"), ["C5/6"]])
def test_a_level_that_is_not_there_is_refused(bad: object) -> None:
    with pytest.raises(InvalidInput, match="There is no level"):
        Segment.at(bad)


def test_roots_are_numbered_as_anatomy_numbers_them() -> None:
    assert [Level(*pair).exiting_root for pair in NECK] == ["C6", "C7", "C8"]
    assert Level("L4", "L5").exiting_root == "L4"
    assert Level("L4", "L5").traversing_root == "L5"
    assert Level("L5", "S1").name == "L5/S1"
    assert Level("C7", "T1").name == "C7/T1"
    assert Level("C5", "C6").traversing_root is None


@pytest.mark.parametrize(("text", "side"), [("left", "left"), (" Right ", "right"), ("LEFT", "left")])
def test_a_side_is_read_kindly(text: str, side: str) -> None:
    assert parse_side(text) == side


@pytest.mark.parametrize("bad", ["middle", "", None, 1, "l"])
def test_an_unknown_side_is_refused(bad: object) -> None:
    with pytest.raises(InvalidInput, match="choose left or right"):
        parse_side(bad)


@pytest.mark.parametrize("level", LEVELS)
def test_every_structure_has_one_name_and_stands_in_the_catalogue(level: str) -> None:
    whole = segment(level)
    made = [*whole.soft, *(part for bone in whole.bones for part in bone.parts)]
    assert len({part.id for part in made}) == len(made)
    assert len({part.name for part in made}) == len(made)
    for part in made:
        entry = catalogue()[part.key]
        assert (part.tissue, part.note) == (entry.tissue, entry.note)
        assert "{" not in part.name
        assert "None" not in part.name
        assert part.name.lower().startswith(part.side)
        assert part.vertebra in {"", *whole.stage.names}


def test_every_structure_of_the_catalogue_belongs_to_a_level() -> None:
    made = set()
    for level in MODELLED:
        whole = segment(level)
        made |= {part.key for part in whole.soft} | {part.key for bone in whole.bones for part in bone.parts}
    # Healthy segments own every structure but those that a lesion adds and the bone that an operation takes.
    added = {key for key, entry in catalogue().items() if entry.tissue in {"lesion", "ghost"}}
    assert made == set(catalogue()) - added


def test_names_carry_vertebra_root_and_side() -> None:
    names = {part.id: part.name for level in LEVELS for part in segment(level).soft}
    names |= {part.id: part.name for bone in segment("C5/6").bones for part in bone.parts}
    assert names["C6.superior_articular_process.left"] == "Left superior articular process of C6"
    assert names["exiting_root.right"] == "Right L4 nerve root"
    assert names["traversing_root.left"] == "Left L5 nerve root (traversing)"


def test_the_catalogue_is_whole() -> None:
    for key, entry in catalogue().items():
        assert entry.key == key
        assert entry.name
        assert entry.latin[0].isupper()
        assert entry.tissue.islower()
        assert entry.note.endswith(".")
