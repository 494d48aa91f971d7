"""The operating app: every control to its ends, a walk at random, and what it says."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

import foramlib as fl
from foramlib.apps.controls import Buttons, Choice, Slider, Toggle
from foramlib.apps.operate import USUAL, Operate, operate
from foramlib.errors import InvalidInput
from foramlib.learning.operating import begin
from foramlib.learning.operations import operations
from foramlib.learning.patient import load_patient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUIET = {"solid", "theme"}  # meshes and colours have tests of their own


def make(approach: str = "posterior-open", mode: str = "learn") -> Operate:
    found = operations()[approach]
    level = "C5/6" if found.region == "cervical" else "L4/5"
    return Operate(begin(level, approach, "left", USUAL[found.region, found.root], mode=mode), strict=True)


@pytest.fixture
def app() -> Iterator[Operate]:
    made = make()
    yield made
    made.close()


def walked(app: Operate) -> None:
    for _ in app.state.operation.steps:
        app.do()
        assert app.view.message == ""


def ends(control: object) -> list[object]:
    if isinstance(control, Slider):
        return [control.min, control.max]
    if isinstance(control, Toggle):
        return [True, False]
    return list(control.values) if isinstance(control, Choice) else []


def test_an_operation_is_walked_through(app: Operate) -> None:
    walked(app)
    assert [deed.kind for deed in app.state.done] == ["corridor", "bone", "flavum"]
    said = app.describe()
    for word in ("exposed", "Facet left", "Pars left", "Rests on"):
        assert word in said


def test_each_step_of_the_model_changes_picture_and_words(app: Operate) -> None:
    seen = []
    for step in app.state.operation.steps:
        app.go(step.id)
        app.do()
        if step.act in {"corridor", "bone", "flavum"}:
            seen.append((str(app.view.scene["layers"]), str(app.axial.scene["layers"]), app.view.sentence))
    assert len({axial for _, axial, _ in seen}) == len(seen)
    assert len({sentence for *_, sentence in seen}) == len(seen)
    assert "C6 exposed" in seen[1][2]


def test_the_way_is_seen_only_once_it_is_open(app: Operate) -> None:
    names = [layer["id"] for layer in app.axial.scene["layers"]]
    assert "corridor.left" not in names
    assert "semispinalis_capitis.left" in names
    app.go("corridor")
    app.do()
    way = next(layer for layer in app.axial.scene["layers"] if layer["id"] == "corridor.left")
    assert way["rank"] == 1
    assert "Way from the midline" in app.axial.scene["description"]


def test_more_facet_by_the_slider_says_when_half_is_gone(app: Operate) -> None:
    walked(app)
    app.controls["share"].value = 80
    assert "more than half of the facet is gone" in app.view.sentence
    app.undo()
    app.redo()
    assert app.state.share == 0.8


def test_a_refusal_is_said_and_nothing_is_lost(app: Operate) -> None:
    app.go("bone")
    app.do()
    assert app.view.message.startswith("Open the way to the bone first")
    assert app.state.done == ()
    app.undo()
    assert app.view.message == "There is nothing to undo."
    app.set(approach="wiltse")
    assert "is not done at C5/6" in app.view.message
    assert app.state.approach == "posterior-open"


def test_the_burr_takes_a_bite_where_it_stands(app: Operate) -> None:
    app.go("corridor")
    app.do()
    app.controls["turns"].value = True
    app.controls["burr_x"].value = 1.0
    app.controls["burr_x"].value = 2.0
    assert [deed.kind for deed in app.state.done] == ["corridor", "stroke", "stroke"]
    app.controls["radius"].value = 0.5
    app.controls["burr_x"].value = -10.0
    app.controls["burr_z"].value = 14.0
    assert "removed_bone.left" in str([layer["id"] for layer in app.axial.scene["layers"]]) or app.view.message


def test_another_level_brings_its_own_operation(app: Operate) -> None:
    app.controls["level"].value = "L4/5"
    assert app.state.approach == "wiltse"
    assert app.controls["approach"].values == ("wiltse", "interlaminar", "lumbar-tubular", "transforaminal")
    assert "multifidus.left" in [layer["id"] for layer in app.axial.scene["layers"]]


def test_test_mode_judges_order_and_choice() -> None:
    app = make(mode="test")
    app.controls["step"].value = "bone"
    app.decide()
    assert app.view.message == "Choose what you do in this step first."
    app.controls["choice"].value = "past-half"
    app.decide()
    assert "does not come now" in app.describe()
    app.controls["step"].value = "indication"
    app.controls["choice"].value = "myelopathy"
    app.decide()
    assert "The cord stays compressed" in app.describe()
    for step in app.state.operation.steps:
        app.controls["step"].value = step.id
        app.controls["choice"].value = "right"
        app.decide()
    assert app.state.due == ""
    assert "11 of 13 choices" in app.describe() or "12 of 13 choices" in app.describe()
    app.close()


def test_a_wrong_amount_is_measured_in_the_model() -> None:
    app = make(mode="test")
    for step in app.state.operation.steps[:5]:
        app.controls["step"].value = step.id
        app.controls["choice"].value = "right"
        app.decide()
    app.controls["step"].value = "bone"
    app.controls["choice"].value = "past-half"
    app.decide()
    said = app.describe()
    assert "In the model: C6 exposed" in said
    assert "more than half of the facet is gone" in said
    app.close()


def test_the_patient_carries_approach_and_day_to_the_planner(tmp_path: Path) -> None:
    app = operate(patient="ruth-adeyemi", folder=tmp_path)
    app.strict = True
    assert (app.state.level, app.state.side, app.state.approach) == ("L5/S1", "right", "wiltse")
    walked(app)
    app.controls["day"].value = "2026-12-14"
    app.keep()
    kept = load_patient("ruth-adeyemi", tmp_path)
    assert kept.decisions["approach"] == "open"
    assert kept.dates["operation"] == "2026-12-14"
    app.close()
    again = operate(patient="ruth-adeyemi", folder=tmp_path)
    assert again.state.done == app.state.done
    again.close()


def test_what_cannot_be_opened_is_refused() -> None:
    for settings in ({"level": "C5/6", "approach": "wiltse"}, {"preset": "none"}, {"mode": "sleep"}, {"theme": "pink"}):
        with pytest.raises(InvalidInput):
            operate(**settings)


def test_it_can_be_described_by_its_public_name() -> None:
    assert "Step 1 of 12" in fl.describe("operate", "L4/5", approach="wiltse")


def sweep(app: Operate) -> None:
    for name, control in app.controls.items():
        for value in ends(control) if name not in QUIET else []:
            control.value = value
            assert app.view.scene["layers"]
        for value in control.values if isinstance(control, Buttons) and value_safe(name) else []:
            control.press(value)


def value_safe(name: str) -> bool:
    return name != "reset"  # it writes to the working directory


@pytest.mark.thorough
@pytest.mark.parametrize("approach", tuple(operations()))
def test_every_operation_is_walked_and_every_control_moved(approach: str) -> None:
    for mode in ("learn", "test"):
        app = make(approach, mode)
        if mode == "learn":
            walked(app)
        sweep(app)
        app.close()


@pytest.mark.parametrize("steps", [8, pytest.param(80, marks=pytest.mark.thorough)])
def test_a_walk_at_random_never_breaks_it(steps: int) -> None:
    dice, app = random.Random(7), make()  # noqa: S311 - a walk, no secret
    names = [name for name in app.controls if name not in QUIET and value_safe(name)]
    for _ in range(steps):
        control = app.controls[dice.choice(names)]
        if isinstance(control, Buttons):
            control.press(dice.choice(control.values))
        elif isinstance(control, Slider):
            control.value = dice.uniform(control.min, control.max)
        else:
            values = ends(control)
            if values:
                control.value = dice.choice(values)
        assert app.view.scene["layers"]
    app.close()
