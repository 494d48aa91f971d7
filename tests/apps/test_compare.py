"""Compare: every control to its ends, a random walk, one scale for both pictures, differences that add up."""

from __future__ import annotations

import json
import math
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import _instances  # what the kernel keeps alive

import foramlib as fl
from foramlib.apps.compare import PAIRS, SIDES, Compare, compare
from foramlib.apps.controls import THEMES, Choice, Slider
from foramlib.errors import InvalidInput
from foramlib.spine import MODELLED, Segment, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVELS = ("C5/6", "L4/5")


@pytest.fixture
def app() -> Iterator[Compare]:
    made = compare(*LEVELS)
    made.strict = True
    yield made
    made.close()


def sound(app: Compare) -> None:
    """Check that pictures, table, sentence and controls tell the same two states, at one scale."""
    page, first, second = app.table.page, app.views["left"], app.views["right"]
    assert app.message == ""
    assert first.scene["box"] == second.scene["box"]
    assert first.scene["scale_mm"] == second.scene["scale_mm"]
    assert page["sentence"].endswith(".")
    for side in SIDES:
        state, heading = app.state[side], app.views[side].scene["heading"]
        assert heading.startswith(f"{state['level']} · {state['side']} · ")
        assert app.controls[f"{side}.level"].value == state["level"]
        assert app.controls[f"{side}.flexion"].value == state["flexion"]
        assert app.controls[f"{side}.disc_loss"].value == state["disc_loss"]
    for row in page["rows"]:
        if row["change"] != "–":
            change = float(row["change"].replace("−", "-"))
            assert float(row["right"]) - float(row["left"]) == pytest.approx(change, abs=1e-9)
    json.dumps([page, app.state], allow_nan=False)


def move(app: Compare, name: str, value: object) -> None:
    """Set a control as a reader does."""
    app.controls[name].value = value
    sound(app)


def ends(control: Slider | Choice) -> list[Any]:
    return list(control.values) if isinstance(control, Choice) else [control.min, control.max]


def test_every_control_goes_to_its_ends_and_options(app: Compare) -> None:
    for name, control in app.controls.items():
        if isinstance(control, Slider | Choice) and not name.endswith("level"):
            for value in ends(control):
                move(app, name, value)


def test_every_level_can_stand_on_either_side(app: Compare) -> None:
    for level in MODELLED:
        move(app, "left.level", level)
        move(app, "right.level", MODELLED[-1 - MODELLED.index(level)])


def test_at_one_scale_the_smaller_picture_does_not_end_in_mid_bone() -> None:
    made = compare("C5/6", "L4/5")
    drawn = made.views["left"].scene
    own = made.pair.left.section.plane.half
    bones = [layer["path"] for layer in drawn["layers"] if layer["tissue"] == "bone" and layer["as"] == "ground"]
    across = [abs(float(u)) for path in bones for u in re.findall(r"-?[\d.]+", path)[::2]]
    assert own[0] < max(across) < drawn["box"][2] / 2
    made.close()


def test_a_random_walk_never_fails(app: Compare) -> None:
    walk = random.Random(3)  # noqa: S311 - a walk, not a secret
    for _ in range(80):
        name = walk.choice(list(app.controls))
        control = app.controls[name]
        if name == "pair":
            control.press(walk.choice(list(PAIRS)))
        elif name == "reset":
            control.press("reset")
        elif isinstance(control, Slider):
            control.value = walk.choice([control.min, control.max, round((control.min + control.max) / 2)])
        else:
            control.value = walk.choice(control.values)
        sound(app)


@pytest.mark.parametrize("name", PAIRS)
def test_every_pair_shows_two_states_that_differ(app: Compare, name: str) -> None:
    app.controls["pair"].press(name)
    sound(app)
    assert app.state["left"] != app.state["right"]
    assert app.table.page["names"][0] != app.table.page["names"][1]
    assert " than that " in app.table.page["sentence"]
    app.controls["reset"].press("reset")
    assert [app.state[side]["level"] for side in SIDES] == list(LEVELS)


def test_the_figures_are_those_of_the_model() -> None:
    app = compare("C5/6", {"level": "C5/6", "flexion": 6, "side": "right"})
    for place, found in (
        ("left", measure(Segment.at("C5/6"))),
        ("right", measure(Segment.at("C5/6").bent(flexion=6), "right")),
    ):
        assert found.bony is not None
        rows = {row["name"]: row[place] for row in app.table.page["rows"]}
        assert rows["Area, bony"] == f"{found.bony.area_mm2:.0f}"
        assert rows["Height, bony"] == f"{found.bony.height_mm:.1f}"
    app.close()


def test_both_rulers_are_named_and_never_mixed(app: Compare) -> None:
    for row in app.table.page["rows"][:-1]:
        kind = row["name"].rpartition(", ")[2]
        assert f"{kind} ruler" in row["definition"]


def test_the_words_say_both_pictures_and_every_row(app: Compare) -> None:
    words = app.describe()
    assert words.startswith("Left: C5/6 · left · foramen plane")
    assert "\nRight: L4/5 · left · foramen plane" in words
    for row in app.table.page["rows"]:
        assert f"{row['left']} and {row['right']} {row['unit']}; difference {row['change']}" in words
    assert fl.describe("compare", "C5/6", right="L4/5") == words


@pytest.mark.parametrize(
    "change",
    [{"level": "T4"}, {"side": "up"}, {"build": "huge"}, {"flexion": math.nan}, {"disc_loss": 99}, {"plane": "x"},
     {"preset": "upside down"}, {"colour": 3}],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_the_last_good_states_stay(app: Compare, change: dict[str, Any]) -> None:
    before, drawn = app.state, app.views["left"].scene
    app.set("left", **change)
    assert app.message.endswith(".")
    assert "\n" not in app.message
    assert (app.state, app.views["left"].scene) == (before, drawn)
    app.set("left", side="right")
    sound(app)


def test_a_side_or_a_pair_that_is_not_there_is_refused(app: Compare) -> None:
    app.set("middle", level="C5/6")
    assert app.message == "There is no picture 'middle'; choose left or right."
    app.preset("nothing")
    assert "choose one of posture" in app.message


def test_a_fault_of_our_own_is_said_or_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_state: object) -> None:
        raise ZeroDivisionError

    app = compare()
    monkeypatch.setattr("foramlib.apps.compare.show", broken)
    before = app.state
    app.controls["left.flexion"].value = 3
    assert "ZeroDivisionError" in app.message
    assert app.state == before
    app.strict = True
    with pytest.raises(ZeroDivisionError):
        app.controls["left.flexion"].value = 3


@pytest.mark.parametrize("given", [("C9/10",), ("C5/6", {"preset": "x"}), ("C5/6", "L4/5", "diagonal"), ({},)])
def test_opening_with_bad_input_raises_one_sentence(given: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        compare(*given)
    assert "\n" not in str(caught.value)
    with pytest.raises(InvalidInput, match="theme 'pink'"):
        compare(theme="pink")


def test_changing_level_keeps_what_the_new_level_allows(app: Compare) -> None:
    app.set("left", flexion=Segment.at("C5/6").limits["flexion"][0])
    app.controls["left.level"].value = "L4/5"
    assert app.state["left"]["flexion"] == Segment.at("L4/5").limits["flexion"][0]
    assert app.table.page["sentence"].startswith("L4/5 cannot go as far: flexion")


def test_a_posture_of_its_own_is_said_and_cannot_be_chosen(app: Compare) -> None:
    app.controls["left.flexion"].value = 3
    assert app.controls["left.preset"].value == "own"
    app.controls["left.preset"].value = "neutral"
    assert app.state["left"]["flexion"] == 0
    app.controls["left.preset"].value = "own"
    assert app.controls["left.preset"].value == "neutral"


def test_one_plane_for_both(app: Compare) -> None:
    app.controls["plane"].value = "oblique"
    assert {app.state[side]["plane"] for side in SIDES} == {"oblique:20"}
    app.controls["angle"].value = 50
    assert {app.state[side]["plane"] for side in SIDES} == {"oblique:50"}
    app.controls["plane"].value = "axial-disc"
    assert "no sizes are compared" in app.table.page["sentence"]
    assert app.table.page["rows"][0]["left"] == "not shown"


def test_a_theme_reaches_every_part(app: Compare) -> None:
    for theme in THEMES:
        app.controls["theme"].value = theme
        parts = [*app.views.values(), app.table, *app.controls.values()]
        assert {part.theme for part in parts} == {theme}


def test_a_step_makes_no_new_widget_and_closing_frees_all() -> None:
    before = set(_instances)
    app = compare()
    opened = set(_instances)
    app.controls["left.flexion"].value = 2
    assert set(_instances) == opened
    app.close()
    assert set(_instances) == before
