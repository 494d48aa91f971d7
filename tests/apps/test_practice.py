"""The practice app: a sweep over kinds and levels, a random walk, what it gives away, what it says."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest

import foramlib as fl
from foramlib.apps.practice import FindPractice, practice
from foramlib.errors import InvalidInput
from foramlib.learning.practice import FindTask
from foramlib.spine.levels import MODELLED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foramlib.apps.practice import Practice


def few(now: int, in_all: int) -> list[object]:
    """Seeds: some for every run, the others for the thorough one."""
    return [*range(now), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(now, in_all))]


@pytest.fixture
def app() -> Iterator[FindPractice]:
    made = practice("find", seed=4)
    assert isinstance(made, FindPractice)
    yield made
    made.close()


def task_of(app: Practice) -> FindTask:
    assert isinstance(app.round.task, FindTask)
    return app.round.task


def point(app: FindPractice, name: str) -> None:
    """Point at a structure as the browser does: by its number in the picture."""
    number = next(number for number, ident in app._bare.ids.items() if ident == name)
    app.picture.answer = {"id": number, "count": app.picture.answer.get("count", 0) + 1}


def words_sent(app: FindPractice) -> str:
    """Everything the browser receives of the picture, except the outlines and the colour, which are in view."""
    state = app.picture.get_state()
    layers = [{k: v for k, v in layer.items() if k not in {"path", "tissue"}} for layer in state["drawn"]["layers"]]
    return json.dumps([state["drawn"] | {"layers": layers}, state["patch"], state["focus"], state["sentence"]])


@pytest.mark.parametrize("level", MODELLED)
@pytest.mark.parametrize("kind", ["find", "name", "roots"])
def test_every_level_can_be_played(kind: str, level: str) -> None:
    app = practice(kind, level, seed=1, where="sections")
    for _ in range(2):
        app.act("give_up")
        assert app.view.page["verdict"]
        assert app.view.page["reason"]
        app.act("next")
        assert app.view.page["message"] == ""
    app.close()


@pytest.mark.parametrize("seed", range(25))
def test_nothing_sent_before_the_answer_names_a_structure(seed: int) -> None:
    app = practice("find", seed=seed)
    assert isinstance(app, FindPractice)
    task = task_of(app)
    sent = words_sent(app).replace(task.the(task.target), "…")
    for region in task.section.regions:
        structure = region.structure
        assert structure.id not in sent
        assert structure.name not in sent
        assert structure.note not in sent
    assert task.target in app._bare.ids.values()
    assert all(layer["name"].startswith("Structure ") for layer in app.picture.scene["layers"] if layer["name"])
    app.close()


@pytest.mark.parametrize("seed", few(3, 8))
def test_nothing_sent_of_a_key_view_names_a_structure_either(seed: int) -> None:
    app = practice("find", seed=seed, where="3d")
    assert isinstance(app, FindPractice)
    task = task_of(app)
    assert task.look is not None
    scene = app.picture.scene
    assert scene["image"].startswith("data:image/png;base64,")
    sent = words_sent(app).replace(scene["image"], "").replace(task.the(task.target), "…")
    for region in task.section.regions:
        structure = region.structure
        assert structure.id not in sent
        assert structure.name not in sent
        assert structure.note not in sent
    assert task.target in app._bare.ids.values()
    assert all(layer["name"].startswith("Structure ") for layer in scene["layers"])
    assert task.place.who in scene["heading"]
    app.close()


@pytest.mark.parametrize("seed", few(2, 4))
def test_a_key_view_is_answered_by_pointing_and_by_naming(seed: int) -> None:
    app = practice("find", seed=seed, where="3d")
    assert isinstance(app, FindPractice)
    task = task_of(app)
    point(app, task.target)
    assert app.view.page["verdict"] == f"Right: {task.the(task.target)}."
    assert "In the patient, " in app.describe()
    layers = {layer["id"]: layer for layer in app.picture.scene["layers"]}
    assert layers[task.target]["name"].endswith(" ✓")
    app.act("next")
    app.act("name")
    assert [layer["name"].endswith("marked") for layer in app.picture.scene["layers"]].count(True) == 1
    app.act("choose", option=task_of(app).right)
    app.act("check")
    assert app.view.page["verdict"].startswith("Right")
    assert app.progress.right == 2
    app.close()


def test_key_views_take_the_colours_of_the_page_and_the_task_stays() -> None:
    app = practice("find", "C5/6", seed=1, where="3d")
    assert isinstance(app, FindPractice)
    before, light = task_of(app), app.picture.scene["image"]
    app.picture.shade = "dark"
    assert task_of(app).target == before.target
    assert app.picture.scene["image"] != light
    assert app.round.answer is None
    app.act("give_up")
    app.act("next")
    look = task_of(app).look
    assert look is not None
    assert getattr(look.picture, "theme", "") == "dark"
    app.close()


def test_a_wrong_answer_in_a_key_view_says_what_that_is() -> None:
    app = practice("find", "C5/6", seed=1, where="3d")
    assert isinstance(app, FindPractice)
    task = task_of(app)
    wrong = next(name for name in app._bare.ids.values() if not task.accepts(name))
    point(app, wrong)
    assert app.view.page["verdict"] == f"Not quite: that is {task.the(wrong)}."
    assert app.describe().count("In the patient, ") == 1
    marked = [layer["name"] for layer in app.picture.scene["layers"] if layer["focus"]]
    assert sorted(name[-1] for name in marked) == ["✓", "✗"]
    app.act("labels")
    assert sum(layer["rank"] > 0 for layer in app.picture.scene["layers"]) > 5
    app.close()


def test_sections_alone_and_both_can_be_asked_for() -> None:
    def views(where: str) -> set[bool]:
        found = set()
        for seed in range(12):
            app = practice("find", "C5/6", seed=seed, where=where)
            found.add(bool(task_of(app).place.view))
            app.close()
        return found

    assert views("sections") == {False}
    assert views("both") == {False, True}
    with pytest.raises(InvalidInput, match="no place 'cheese'"):
        practice("find", where="cheese")


def test_pointing_at_it_is_right_and_the_names_come_back(app: FindPractice) -> None:
    task = task_of(app)
    point(app, task.target)
    page = app.view.page
    assert page["verdict"] == f"Right: {task.the(task.target)}."
    assert page["claim"]
    assert "1 of 1 right" in page["heading"]
    layers = {layer["id"]: layer for layer in app.picture.scene["layers"]}
    assert layers[task.target]["name"].endswith(" ✓")
    assert layers[task.target]["focus"]
    assert app.picture.focus == task.target
    assert app.picture.quiz == "told"


def test_pointing_elsewhere_says_what_that_is(app: FindPractice) -> None:
    task = task_of(app)
    wrong = next(name for name in app._bare.ids.values() if not task.accepts(name))
    point(app, wrong)
    assert app.view.page["verdict"] == f"Not quite: that is {task.the(wrong)}."
    marked = [layer["name"] for layer in app.picture.scene["layers"] if layer["focus"]]
    assert sorted(name[-1] for name in marked) == ["✓", "✗"]
    assert [layer["id"] for layer in app.picture.scene["layers"] if layer["mark"] == "wrong"] == [wrong]


def test_a_second_press_is_no_second_answer(app: FindPractice) -> None:
    task = task_of(app)
    point(app, task.target)
    app.picture.answer = {"id": "s1", "count": 9}
    assert app.progress.answered == 1
    assert app.view.page["message"] == ""


def test_labels_are_shown_on_demand_only_after_the_answer(app: FindPractice) -> None:
    app.act("labels")
    assert "come with the answer" in app.view.page["message"]
    app.act("give_up")
    few = sum(layer["rank"] > 0 for layer in app.picture.scene["layers"])
    app.act("labels")
    assert sum(layer["rank"] > 0 for layer in app.picture.scene["layers"]) > few == 1
    app.act("labels")
    assert sum(layer["rank"] > 0 for layer in app.picture.scene["layers"]) == 1


def test_what_is_marked_can_be_handed_in_by_the_button(app: FindPractice) -> None:
    app.act("take")
    assert "Mark a structure" in app.view.page["message"]
    app.picture.focus = next(number for number, name in app._bare.ids.items() if name == task_of(app).target)
    app.act("take")
    assert app.view.page["verdict"].startswith("Right")


def test_naming_marks_one_and_offers_four(app: FindPractice) -> None:
    app.act("name")
    page = app.view.page
    assert len(page["options"]) == 4
    assert [layer["name"].endswith("marked") for layer in app.picture.scene["layers"]].count(True) == 1
    assert app.picture.quiz == "look"
    app.act("check")
    assert "Choose an answer" in app.view.page["message"]
    app.act("choose", option=task_of(app).right)
    app.act("check")
    assert app.view.page["verdict"].startswith("Right")


def test_roots_open_the_model_only_after_the_answer() -> None:
    app = practice("roots", seed=2)
    app.act("show")
    assert "still open" in app.view.page["message"]
    app.act("choose", option=app.round.task.right)
    app.act("check")
    app.act("show")
    assert app.view.page["message"] == ""
    assert len(app._below.children) == 1
    app.act("next")
    assert len(app._below.children) == 0
    app.close()


@pytest.mark.parametrize("kind", ["find", "roots"])
def test_a_random_walk_never_breaks_and_scores_add_up(kind: str) -> None:
    app, luck = practice(kind, seed=11), Random(3)  # noqa: S311 - a walk, no secrets
    steps = [*app.actions(), "cheese"]
    for _ in range(120):
        before = app.progress.answered
        name = luck.choice(steps)
        if name == "show":
            continue
        app.act(name, option=luck.choice([0, 1, 3, 7, None, "x"]), id=luck.choice(["s1", "s3", "s99", None]))
        assert 0 <= app.progress.right <= app.progress.answered <= before + 1
        assert app.view.page["stem"]
        assert (app.round.answer is None) == (not app.view.page["verdict"])
        json.dumps(app.view.page)
    assert app.progress.answered >= 3
    app.close()


def test_progress_is_kept_in_a_file_and_a_damaged_one_stays(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    app = practice("roots", seed=1, progress=file)
    app.act("give_up")
    app.close()
    again = practice("roots", seed=5, progress=str(file))
    assert again.progress.answered == 1
    again.close()
    file.write_text("{", encoding="utf-8")
    hurt = practice("roots", seed=5, progress=file)
    assert "mine-2.json" in hurt.view.page["message"]
    hurt.act("give_up")
    assert file.read_text(encoding="utf-8") == "{"
    assert (tmp_path / "mine-2.json").exists()
    hurt.close()


def test_a_file_that_cannot_be_written_is_said_and_the_answer_counts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = practice("roots", seed=1, progress=tmp_path / "file" / "mine.json")
    app.act("give_up")
    assert "cannot be kept" in app.view.page["message"]
    assert app.progress.answered == 1
    app.close()


def test_a_seed_is_drawn_where_none_is_given() -> None:
    seeds = set()
    for _ in range(3):
        app = practice("roots")
        seeds.add(app.round.seed)
        app.close()
    assert len(seeds) > 1


def test_it_is_described_the_same_every_time() -> None:
    words = fl.describe("practice", "find")
    assert words == fl.describe("practice", "find")
    assert words.startswith("Practice: find it. Find it.\nFind ")
    assert "names come back" in words
    assert fl.describe("practice", "roots").count("\n") == 5


@pytest.mark.parametrize("bad", [{"kind": "cheese"}, {"levels": "C1/2"}, {"seed": "x"}, {"theme": "pink"}])
def test_bad_input_is_refused(bad: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        practice(**bad)  # type: ignore[arg-type]
