"""Grade it: an answer before the anatomy, feedback in words, kappas that appear when they may, and no dead control."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import _instances  # what the kernel keeps alive

import foramlib as fl
from foramlib.apps.controls import THEMES
from foramlib.apps.grade_it import GradeIt, grade_it
from foramlib.errors import InvalidInput
from foramlib.imaging.grades import SCALES
from foramlib.learning.grading import DIFFICULTIES, NONE, SET, SYSTEMS
from foramlib.spine.lesions import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def app() -> Iterator[GradeIt]:
    made = grade_it("Kim 2015", seed=2)
    yield made
    made.close()


def sound(app: GradeIt) -> None:
    """Check that page, picture and controls tell the same state, and that nothing is told too soon."""
    page, view = app.view.page, app.picture
    assert [option["letter"] for option in page["options"]] == [*SCALES[app.rounds.system], "–"]
    assert view.pixels == app._seen.scan.grey.tobytes()
    assert page["committed"] == app.told
    assert app.controls["system"].value == app.rounds.system
    assert app.controls["difficulty"].value == app.rounds.difficulty
    hidden = not view.plan["layers"] and not view.tones and not view.labels
    assert hidden == (not app.told)
    assert ("foramlib-untold" in app.widget._dom_classes) == (not app.told)
    if app.told:
        assert [option["mark"] for option in page["options"]].count("right") == 1
        assert app.task.truth.criterion in "".join(piece["text"] for piece in page["reason"])
    else:
        assert not page["verdict"]
        lesions = [kind.label.lower() for kind in kinds().values() if kind.key != "disc_height_loss"]
        assert not any(label in view.words["image"].lower() for label in lesions)
        assert not any(option["mark"] for option in page["options"])


def answer(app: GradeIt, option: int) -> None:
    app.act("choose", option=option)
    app.act("check")


def place_of(app: GradeIt, rank: int) -> int:
    return len(SCALES[app.rounds.system]) if rank == NONE else rank


def test_an_answer_is_judged_and_the_anatomy_comes_with_it(app: GradeIt) -> None:
    sound(app)
    app.act("check")
    assert "Choose a grade first" in app.view.page["message"]
    app.act("next")
    assert "still open" in app.view.page["message"]
    answer(app, place_of(app, app.task.truth.rank))
    sound(app)
    assert app.view.page["verdict"].startswith("As the model")
    app.controls["labels"].value = True
    shown = [app.picture.labels]
    app.act("next")
    sound(app)
    assert [*shown, app.picture.labels] == [True, False]
    wrong = (app.task.truth.rank + 1) % 3
    answer(app, wrong)
    assert app.view.page["verdict"].startswith("The model says otherwise")
    assert app.rounds.right == 1


def test_kappas_come_after_five_images_and_readers_stand_apart_from_the_learner(app: GradeIt) -> None:
    for number in range(5):
        assert not app.view.page["readings"]
        answer(app, number % 3)
        app.act("next") if number < 4 else None
    said = "".join(piece["text"] for point in app.view.page["points"] for piece in point)
    assert "do not compare" in said
    assert "0.50 to 0.58" in said
    assert "0.01" in said
    names = [one["name"] for one in app.view.page["readings"]]
    assert names == ["You and the model, linear weights", "You and the model, quadratic weights"]


@pytest.mark.thorough
def test_the_same_ten_again_give_ones_own_agreement_beside_published_ones(app: GradeIt) -> None:
    app.act("again")
    assert "10 images first" in app.view.page["message"]
    for number in range(SET):
        answer(app, number % 3)
        app.act("next") if number < SET - 1 else None
    first = {one.seed: one.given for one in app.rounds.done}
    app.act("again")
    for _ in range(SET - 1):
        sound(app)
        assert not app.view.page["readings"]
        answer(app, first[app.rounds.present])
        assert not app.told
    answer(app, first[app.rounds.present])
    sound(app)
    values = {one["name"]: one["value"] for one in app.view.page["readings"]}
    assert values["You twice, linear weights"].startswith("1.00 (10 images")
    said = "".join(piece["text"] for point in app.view.page["points"] for piece in point)
    assert "these do compare" in said
    assert "0.80 to 0.92" in said
    assert "0.81" in said
    app.act("next")
    sound(app)
    assert app.rounds.present not in first


def test_another_system_has_its_own_images_and_the_first_ones_count_is_kept(app: GradeIt) -> None:
    answer(app, 0)
    app.controls["system"].value = "Lee 2010"
    sound(app)
    assert app.task.segment.level.region == "lumbar"
    assert not app.rounds.done
    app.controls["system"].value = "Kim 2015"
    sound(app)
    assert len(app.rounds.done) == 1
    for theme in THEMES:
        app.controls["theme"].value = theme
        assert {control.theme for control in app.controls.values()} == {theme} == {app.picture.theme, app.view.theme}


@pytest.mark.thorough
def test_every_system_and_difficulty_and_a_random_walk(app: GradeIt) -> None:
    walk = random.Random(3)  # noqa: S311 - a walk, not a secret
    for system in SYSTEMS:
        for difficulty in DIFFICULTIES:
            app.set(system=system, difficulty=difficulty)
            sound(app)
    for _ in range(60):
        name = walk.choice(("choose", "check", "next", "again", "system", "difficulty", "labels"))
        if name == "choose":
            app.act("choose", option=walk.randrange(7))
        elif name in {"system", "difficulty"}:
            app.controls[name].value = walk.choice(app.controls[name].values)
        elif name == "labels":
            app.controls[name].value = walk.random() < 0.5
        else:
            app.act(name)
        assert "went wrong" not in app.view.page["message"]
        sound(app)


@pytest.mark.parametrize("change", [{"system": "Meyerding"}, {"difficulty": "odd"}, {"colour": "red"}])
def test_bad_input_is_one_sentence_and_the_present_image_stays(app: GradeIt, change: dict[str, Any]) -> None:
    before = app.rounds
    app.set(**change)
    assert app.view.page["message"].endswith(".")
    assert app.rounds == before
    for wrong in (9, "A", True, None):
        app.act("choose", option=wrong)
        assert app.view.page["message"].endswith("cannot be chosen now.")


def test_it_refuses_to_open_with_what_is_unknown() -> None:
    for wrong in ({"system": "Wildermuth"}, {"difficulty": "mild"}, {"seed": -1}, {"theme": "pink"}):
        with pytest.raises(InvalidInput):
            grade_it(**wrong)


def test_describe_gives_what_is_needed_to_grade_without_the_grade() -> None:
    words = fl.describe("grade_it", "Kim 2015", seed=2)
    assert "mm wide; outside it the root is" in words
    assert "The model" not in words
    assert fl.describe("grade_it", "Kim 2015", seed=2) == words


def test_closing_frees_every_widget() -> None:
    before = set(_instances)
    made = grade_it("Park 2013", seed=1)
    made.close()
    assert set(_instances) <= before
