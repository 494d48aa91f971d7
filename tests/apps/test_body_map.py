"""The body map as an app: what is marked, shaded, refused; and the drill of cases on it, swept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import foramlib as fl
from foramlib.apps.body_map import BodyMap, body_map, map_of
from foramlib.apps.practice import Practice, practice
from foramlib.apps.practice_localise import LocalisePractice
from foramlib.clinic.regions import MAPS, mirrored, region_ids
from foramlib.errors import InvalidInput
from foramlib.learning.practice import LocaliseTask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def shown() -> Iterator[BodyMap]:
    made = body_map()
    yield made
    made.close()


def test_marks_come_and_go(shown: BodyMap) -> None:
    for name in region_ids():
        shown.toggle(name)
    assert shown.selected == region_ids()
    for name in region_ids():
        shown.toggle(name)
    assert not shown.selected
    shown.toggle("thumb_dorsal.left")
    shown.clear()
    assert shown.describe() == "Nothing is marked on the body."


@given(st.lists(st.sampled_from(region_ids()), max_size=12))
@settings(max_examples=25, deadline=None)
def test_words_follow_marks_and_their_mirror(names: list[str]) -> None:
    made = body_map(names)
    other = body_map([mirrored(name) for name in made.selected])
    assert len(made.selected) == len(set(names)) == len(other.selected)
    swapped = made.describe().replace("left", "#").replace("right", "left").replace("#", "right")
    assert _marks(swapped) == _marks(other.describe())
    made.close()
    other.close()


def _marks(words: str) -> list[str]:
    return sorted(words.removeprefix("Marked: ").removesuffix(".").split("; "))


@pytest.mark.parametrize("bad", [["arm"], ["hand.left"], [3], "C9", "thumb", 7])
def test_what_is_no_drawing_is_refused(bad: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        body_map(bad)  # type: ignore[arg-type]
    assert str(caught.value).count(". ") == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [("selected", ("arm",)), ("view", "top"), ("shaded", {"thumb_dorsal.left": 4}), ("theme", "sepia")],
)
def test_the_last_good_state_stays(shown: BodyMap, key: str, value: object) -> None:
    shown.toggle("thumb_dorsal.left")
    before = getattr(shown, key)
    with pytest.raises(traitlets.TraitError):
        setattr(shown, key, value)
    assert getattr(shown, key) == before
    assert shown.selected == ("thumb_dorsal.left",)


def test_what_the_browser_sends_wrongly_is_said_and_undone(shown: BodyMap) -> None:
    shown.set_state({"selected": ["arm"]})
    assert "There is no region 'arm'" in shown.message
    assert not shown.selected
    shown.set_state({"selected": ["face.left"]})
    assert shown.message == ""
    assert shown.selected == ("face.left",)


def test_a_root_is_shaded_by_a_list() -> None:
    assert "Strongly shaded: inner side of the left knee" in fl.describe("body_map", "L3", by="points")
    assert "outer left thigh" in fl.describe("body_map", "L4", by="keegan_garrett")
    assert "outer left thigh" not in fl.describe("body_map", "L4")
    with pytest.raises(InvalidInput, match="it speaks of L4"):
        map_of("C6", "foerster")
    with pytest.raises(InvalidInput, match=", ".join(MAPS)):
        body_map("C6", by="gray")
    assert fl.body_map is body_map


def test_the_page_asks_for_nothing_and_knows_no_colour() -> None:
    for text in (BodyMap._esm, BodyMap._css):
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "https://" not in text
    assert "#" not in BodyMap._css.split("/* The body map.")[-1]


# -- the drill on it


def right_of(made: Practice) -> int:
    task = made.round.task
    assert isinstance(task, LocaliseTask)
    return task.right


@pytest.fixture
def drill() -> Iterator[LocalisePractice]:
    made = practice("localise", seed=3)
    assert isinstance(made, LocalisePractice)
    yield made
    made.close()


def test_a_case_is_answered_with_reasons_and_the_next_one_comes(drill: LocalisePractice) -> None:
    for number in range(12):
        task = drill.round.task
        assert isinstance(task, LocaliseTask)
        assert drill.body.selected == task.regions
        silent = (drill.body.locked, not drill.body.notes)
        assert silent == (True, True)
        assert not drill.body.shaded
        place = task.right if number % 2 else (task.right + 1) % len(task.options)
        drill.act("choose", option=place)
        drill.act("check")
        page = drill.page()
        assert page["mark"] == ("right" if number % 2 else "wrong")
        assert task.options[task.right] in page["verdict"]
        assert page["reason"]
        assert drill.body.notes
        drill.act("next")
    assert drill.progress.answered == 12
    assert drill.progress.right == 6


def test_words_of_the_case_hold_drawing_and_options(drill: LocalisePractice) -> None:
    words = drill.describe()
    assert drill.page()["options"][0]["text"] in words
    assert "Marked:" in words or "Nothing is marked" in words
    assert fl.describe("practice", "localise").startswith("Practice: localise it.")


def test_bad_presses_are_said_and_change_nothing(drill: LocalisePractice) -> None:
    before = drill.round
    for name, details in (("check", {}), ("choose", {"option": 9}), ("next", {}), ("fly", {})):
        drill.act(name, **details)
        assert drill.view.page["message"]
        assert drill.round == before


def test_what_was_missed_comes_back_and_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    made = practice("localise", "C5/6", seed=1, progress=file)
    missed = made.round.task.card
    made.act("give_up")
    for _ in range(3):
        made.act("next")
        made.act("choose", option=right_of(made))
        made.act("check")
    made.close()
    again = practice("localise", "C5/6", seed=2, progress=file)
    assert again.progress.answered == 4
    assert again.round.again
    assert again.round.task.card == missed
    again.close()
