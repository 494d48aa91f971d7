"""Differences between two states: rounded first, subtracted then, and said in a sentence a reader can check."""

from __future__ import annotations

import pytest

from foramlib.figures.comparison import Side, differences, sentence, short_names
from foramlib.spine import Segment, measure


def side(
    level: str = "C5/6", *, build: str = "typical", where: str = "left", plane: str = "foramen", **posture: float
) -> Side:
    loss = posture.pop("disc_loss", 0.0)
    segment = Segment.at(level, build).bent(**posture).with_disc_loss(loss)
    return Side(segment, measure(segment, where, plane))


def test_the_same_state_twice_shows_no_difference() -> None:
    one = side()
    assert sentence(one, one) == "Both sides show the same state."
    assert {row.change for row in differences(one, one)} == {"0"}
    assert short_names(one, one) == ("First", "Second")


@pytest.mark.parametrize(
    ("left", "right", "names"),
    [
        (side(), side("L4/5"), ("of C5/6", "of L4/5")),
        (side(), side(where="right", bend=4), ("on the left in neutral", "on the right in side-bending to")),
        (side(build="small"), side(build="large"), ("in the small build", "in the large build")),
        (side(), side(flexion=6), ("in neutral posture", "in flexion 6°")),
        (side(), side(disc_loss=1.5), ("with its whole disc", "with 1.5 mm of disc height lost")),
    ],
)  # fmt: skip
def test_states_are_named_by_what_sets_them_apart(left: Side, right: Side, names: tuple[str, str]) -> None:
    said = sentence(left, right)
    assert said.startswith(f"The foramen {names[1]}")
    assert f" than that {names[0]}" in said
    assert said.endswith("(model, bony ruler).")


def test_the_sentence_is_the_table_in_words() -> None:
    left, right = side("C5/6"), side("L4/5")
    rows = {row.name: row.change for row in differences(left, right)}
    said = sentence(left, right)
    assert f"{rows['Height, bony'][1:]} mm higher" in said
    assert f"{rows['Width, bony'][1:]} mm wider" in said
    assert f"{rows['Area, bony'][1:]} mm² larger" in said
    back = sentence(right, left)
    assert f"{rows['Height, bony'][1:]} mm lower" in back
    assert "smaller" in back


def test_a_share_is_said_at_one_level_only() -> None:
    assert " %)" in sentence(side(), side(flexion=6))
    assert " %)" not in sentence(side(), side("L4/5"))


def test_a_plane_without_an_outline_gives_no_sizes() -> None:
    left, right = side(plane="axial-disc"), side("L4/5", plane="axial-disc")
    assert sentence(left, right).startswith("Not both planes outline the foramen")
    assert {row.change for row in differences(left, right) if "bony" in row.name} == {"–"}
