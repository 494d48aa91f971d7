"""The prediction app: nothing before the commitment, everything after it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from foramlib.apps import predict as module
from foramlib.apps.predict import Predict, predict
from foramlib.errors import InvalidInput
from foramlib.learning.predictions import Outcome, outcome, prediction, predictions

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "extension-c56"
COUNT = len(prediction(NAME).options)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[Predict]:
    """Open a prediction with a made-up outcome: the model itself is tested elsewhere."""
    monkeypatch.setattr(module, "outcome", lambda _item: Outcome(40.0, 33.2, -17.0, 1))
    made = predict(NAME)
    yield made
    made.close()


def send(app: Predict, **action: object) -> dict[str, Any]:
    """Do what the browser does."""
    app.view.action = {**action, "count": app.view.action.get("count", 0) + 1}
    page: dict[str, Any] = app.view.page
    return page


@pytest.mark.parametrize("option", range(COUNT))
def test_every_option_meets_the_model(app: Predict, option: int) -> None:
    send(app, do="choose", option=option)
    page = send(app, do="look")
    assert page["mark"] == ("right" if option == 1 else "wrong")
    assert page["options"][1]["note"] == "✓ What the model shows"
    assert [reading["value"] for reading in page["readings"]] == ["40 mm²", "33 mm²", "−17 %"]
    assert all("Model" in reading["name"] for reading in page["readings"][:2])
    assert page["reason"]
    assert page["sources"]


def test_nothing_is_measured_before_the_commitment(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_item: object) -> Outcome:
        raise AssertionError("measured too early")

    monkeypatch.setattr(module, "outcome", never)
    app = predict(NAME)
    page = send(app, do="choose", option=0)
    assert not page["readings"]
    assert not page["reason"]
    app.close()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"do": "look"}, "Choose a prediction first"),
        ({"do": "before"}, "Choose a prediction first"),
        ({"do": "after"}, "Choose a prediction first"),
        ({"do": "choose", "option": 7}, "Option 7"),
        ({"do": "hop"}, "no action 'hop'"),
    ],
)
def test_bad_input_is_one_sentence(app: Predict, action: dict[str, object], words: str) -> None:
    assert words in send(app, **action)["message"]
    assert app.commitment.seen is None


def test_a_commitment_stays_until_again(app: Predict) -> None:
    send(app, do="choose", option=0)
    send(app, do="look")
    assert "Predict again" in send(app, do="choose", option=1)["message"]
    assert send(app, do="again")["chosen"] is None


def test_a_model_that_refuses_leaves_the_question_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_item: object) -> Outcome:
        raise InvalidInput("No neck bends that far.")

    monkeypatch.setattr(module, "outcome", refuse)
    app = predict(NAME)
    send(app, do="choose", option=0)
    assert send(app, do="look")["message"] == "No neck bends that far."
    assert app.commitment.chosen == 0
    app.close()


def test_a_fault_of_our_own_is_said_and_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "outcome", lambda _item: 1 / 0)
    app = predict(NAME)
    send(app, do="choose", option=0)
    with pytest.raises(ZeroDivisionError):
        send(app, do="look")
    assert app.view.page["message"].startswith("Something went wrong")
    assert app.commitment.chosen == 0
    app.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_random_walk_never_breaks(app: Predict, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a walk, not a secret
    for _ in range(80):
        page = send(app, do=chance.choice(["choose", "look", "again"]), option=chance.randrange(-1, 5))
        assert bool(page["readings"]) == (app.commitment.seen is not None)
        assert app.describe()


def test_an_unknown_prediction_is_one_sentence() -> None:
    with pytest.raises(InvalidInput, match="no prediction named"):
        predict("levitation")


def test_the_words_do_not_give_the_answer_away(app: Predict) -> None:
    assert "%" not in app.describe()
    send(app, do="choose", option=0)
    send(app, do="look")
    assert "Change: −17 %." in app.describe()


@pytest.mark.parametrize("name", predictions())
def test_every_prediction_opens_and_answers_with_the_real_model(name: str) -> None:
    app = predict(name)
    send(app, do="choose", option=0)
    page = send(app, do="look")
    assert page["message"] == ""
    assert app.commitment.seen == outcome(prediction(name))
    app.close()
