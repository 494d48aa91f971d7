"""The score: every answer, a random walk, refusals, and a picture that says what the numbers are."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

import foramlib as fl
from foramlib.apps.score import ScoreApp, score
from foramlib.errors import InvalidInput
from foramlib.recovery.instruments import score_ndi, score_odi

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["NDI", "ODI"])
def app(request: pytest.FixtureRequest) -> Iterator[ScoreApp]:
    made = ScoreApp(request.param, strict=True)
    yield made
    made.close()


def sound(app: ScoreApp) -> None:
    """Check that controls, score and page say the same."""
    page = app.view.page
    again = score_ndi(app.answers) if app.instrument == "NDI" else score_odi(app.answers)
    assert app.now == again
    assert (page["first"], page["now"]) == (app.first.percent, again.percent)
    shown = [app.controls[f"answer-{number}"].value for number in range(1, 11)]
    assert shown == ["" if answer is None else str(answer) for answer in app.answers]
    assert [one["words"] for one in page["thresholds"]] == [one.words for one in app.change.important]
    json.dumps(page)


def test_every_answer_goes_to_every_option(app: ScoreApp) -> None:
    for number in range(1, 11):
        control = app.controls[f"answer-{number}"]
        for value in control.values:
            control.value = value
            sound(app)
        control.value = "1"


def test_a_random_walk_never_fails(app: ScoreApp) -> None:
    walk = random.Random(5)  # noqa: S311 - a walk, not a secret
    app.strict = False
    for _ in range(60):
        name = walk.choice(list(app.controls))
        if name == "do":
            app.controls[name].press(walk.choice(["keep", "example"]))
        else:
            app.controls[name].value = walk.choice(app.controls[name].values)
        sound(app)


def test_the_example_shows_that_thresholds_disagree(app: ScoreApp) -> None:
    reached = {one.reached for one in app.change.important if one.reached is not None}
    assert reached == {True, False}


def test_keep_compares_from_now_on(app: ScoreApp) -> None:
    app.controls["do"].press("keep")
    assert app.first == app.now
    assert app.view.page["sentence"].startswith("No change")
    app.controls["do"].press("example")
    assert app.first != app.now


def test_a_second_gap_in_the_neck_index_is_refused_and_nothing_is_lost() -> None:
    app = ScoreApp("NDI")
    app.controls["answer-3"].value = ""
    before = app.now
    app.controls["answer-4"].value = ""
    assert "one may be" in app.message
    assert app.now == before
    assert app.controls["answer-4"].value == "1"
    app.controls["answer-3"].value = "2"
    assert app.message == ""
    app.close()


def test_words_hold_the_scale_of_every_threshold() -> None:
    words = fl.describe("score", "NDI")
    assert "22 of 50, which is 44 of 100" in words
    for part in ("5, scale 0-50", "15, scale 0-100", "13.39, scale to confirm", "30 % of the first score"):
        assert part in words


def test_what_is_unknown_is_refused() -> None:
    with pytest.raises(InvalidInput, match="NDI, ODI"):
        score("SF-36")
    with pytest.raises(InvalidInput, match="projector"):
        score("NDI", theme="sepia")
    app = ScoreApp("NDI", strict=True)
    with pytest.raises(InvalidInput, match="no section 11"):
        app.answer(11, 0)
    with pytest.raises(InvalidInput, match="whole number from 0 to 5"):
        app.answer(1, 9)
    app.close()
