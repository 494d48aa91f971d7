"""The self-check: its steps, every option of every question, a random walk, and what it says."""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from foramlib.apps.self_check import SelfCheck, Sitting, self_check
from foramlib.errors import InvalidInput
from foramlib.learning.items import items

if TYPE_CHECKING:
    from collections.abc import Iterator


ITEMS = items("01")
EVERY = [(place, option) for place, item in enumerate(ITEMS) for option in range(len(item.options))]


@pytest.fixture
def app() -> Iterator[SelfCheck]:
    made = self_check("01")
    yield made
    made.close()


def send(app: SelfCheck, **action: object) -> dict[str, Any]:
    """Do what the browser does: set the action, and read the page that comes back."""
    app.view.action = {**action, "count": app.view.action.get("count", 0) + 1}
    page: dict[str, Any] = app.view.page
    return page


@pytest.mark.parametrize(("place", "option"), EVERY)
def test_every_option_gets_its_feedback(app: SelfCheck, place: int, option: int) -> None:
    send(app, do="go", place=place)
    send(app, do="choose", option=option)
    page = send(app, do="check")
    right = ITEMS[place].right
    assert page["mark"] == ("right" if option == right else "wrong")
    assert all(shown["why"] for shown in page["options"])
    assert page["options"][right]["note"] == "✓ Right answer"
    assert page["sources"]
    assert page["message"] == ""


def test_the_page_gives_nothing_away_before_the_answer(app: SelfCheck) -> None:
    for place in range(len(ITEMS)):
        page = send(app, do="go", place=place)
        assert not any(shown["why"] or shown["note"] or shown["mark"] for shown in page["options"])
        assert not page["sources"]
        assert "because" not in str(page["options"])


def test_only_the_first_try_counts() -> None:
    start = Sitting.start(ITEMS)
    wrong = next(n for n in range(len(ITEMS[0].options)) if n != ITEMS[0].right)
    once = start.choose(wrong).check()
    again = once.retry().choose(ITEMS[0].right).check()
    assert (again.score, again.answered) == (0, 1)
    assert start.choose(ITEMS[0].right).check().score == 1
    assert start.score == 0  # every step gives a new sitting


def test_a_full_round_ends_in_a_summary(app: SelfCheck) -> None:
    for item in ITEMS:
        send(app, do="choose", option=item.right)
        send(app, do="check")
        page = send(app, do="next")
    assert page["heading"] == "Summary"
    assert f"{len(ITEMS)} of {len(ITEMS)} right" in app.describe()
    send(app, do="restart")
    assert app.sitting == Sitting.start(ITEMS)


def test_the_summary_names_what_to_look_at_again(app: SelfCheck) -> None:
    send(app, do="choose", option=(ITEMS[0].right + 1) % 4)
    send(app, do="check")
    send(app, do="go", place=len(ITEMS))
    assert "Worth another look: 1." in app.describe()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"do": "check"}, "Choose an answer first"),
        ({"do": "retry"}, "still open"),
        ({"do": "show"}, "still open"),
        ({"do": "choose", "option": 9}, "Option 9 does not exist"),
        ({"do": "choose", "option": True}, "Option True"),
        ({"do": "choose"}, "Option None"),
        ({"do": "go", "place": -1}, "Question -1"),
        ({"do": "go", "place": "x"}, "Question 'x'"),
        ({"do": "dance"}, "no action 'dance'"),
        ({}, "no action"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_lost(app: SelfCheck, action: dict[str, object], words: str) -> None:
    send(app, do="choose", option=1)
    send(app, do="go", place=1)
    before = app.sitting
    assert words in send(app, **action)["message"]
    assert app.sitting == before
    assert send(app, do="choose", option=0)["message"] == ""


def test_an_answer_that_was_handed_in_stays(app: SelfCheck) -> None:
    send(app, do="choose", option=0)
    send(app, do="check")
    assert "Try again" in send(app, do="choose", option=1)["message"]


def test_choosing_does_not_redraw_but_checking_does(app: SelfCheck) -> None:
    first = app.view.page["drawing"]
    assert send(app, do="choose", option=0)["drawing"] == first
    assert send(app, do="check")["drawing"] == first + 1


@pytest.mark.parametrize("seed", range(5))
def test_a_random_walk_never_breaks(app: SelfCheck, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a walk, not a secret
    moves = ["choose", "check", "retry", "next", "go", "restart", "show"]
    for _ in range(60):
        action = {"do": chance.choice(moves), "option": chance.randrange(-1, 6), "place": chance.randrange(-1, 11)}
        page = send(app, **action)
        assert 0 <= app.sitting.score <= app.sitting.answered <= len(ITEMS)
        assert page["label"]
        assert app.describe()


def test_show_me_opens_the_state_of_the_question(app: SelfCheck) -> None:
    send(app, do="choose", option=0)
    send(app, do="check")
    send(app, do="show")
    assert len(app._below.children) == 1
    send(app, do="next")
    assert app._below.children == ()


@pytest.mark.parametrize("place", range(len(ITEMS)))
def test_the_real_explorer_takes_every_state(app: SelfCheck, place: int) -> None:
    send(app, do="go", place=place)
    send(app, do="choose", option=0)
    send(app, do="check")
    assert send(app, do="show")["message"] == ""
    assert app._model is not None
    assert app._model.state == asdict(ITEMS[place].state)


def test_closing_frees_every_widget() -> None:
    made = self_check("01")
    made.close()
    assert made.view.comm is None
    assert made.widget.comm is None


def test_an_unknown_lesson_is_one_sentence() -> None:
    with pytest.raises(InvalidInput, match="no questions for '73'"):
        self_check("73")


def test_it_shows_itself_as_a_widget(app: SelfCheck) -> None:
    assert "application/vnd.jupyter.widget-view+json" in str(app._repr_mimebundle_())


def test_the_words_hold_the_question_and_its_options(app: SelfCheck) -> None:
    said = app.describe()
    assert ITEMS[0].lead_in in said
    assert all(option.text in said for option in ITEMS[0].options)
    assert ITEMS[0].options[0].why not in said
