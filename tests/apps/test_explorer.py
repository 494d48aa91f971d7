"""The explorer: every control to its ends, a random walk, one state behind picture, words and command line."""

from __future__ import annotations

import json
import math
import random
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import _instances  # what the kernel keeps alive

import foramlib as fl
from foramlib import cli
from foramlib.apps.controls import THEMES, Choice, Slider
from foramlib.apps.explorer import POSTURE, PRESETS, Explorer, explorer
from foramlib.errors import InvalidInput
from foramlib.spine import MODELLED, PLANES, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVELS = ("C5/6", "L4/5")


@pytest.fixture(params=LEVELS)
def app(request: pytest.FixtureRequest) -> Iterator[Explorer]:
    made = Explorer.from_state({"level": request.param}, strict=True)
    yield made
    made.close()


def sound(app: Explorer) -> None:
    """Check that picture, words, readings and controls tell the same state."""
    state, view = app.state, app.view
    assert view.message == ""
    assert view.scene["heading"].startswith(f"{state['level']} · {state['side']} · ")
    assert view.sentence.endswith(".")
    for name in POSTURE:
        assert app.controls[name].value == state[name]
    bony = app.measures.bony
    if bony is not None:
        assert view.readings[0]["value"] == f"{bony.area_mm2:.0f}"
        assert f"{bony.area_mm2:.0f} mm²" in view.sentence
        assert f"area {bony.area_mm2:.0f} mm²" in view.scene["description"]
    json.dumps(app.snapshot, allow_nan=False)


def ends(control: Slider | Choice) -> list[Any]:
    """Give the values that a sweep visits."""
    if isinstance(control, Choice):
        return list(control.values)
    return [control.min, control.max, (control.min + control.max) / 2]


def test_every_control_goes_to_its_ends_and_options(app: Explorer) -> None:
    for name in ("side", "plane", "angle", *POSTURE, "build", "theme", "level"):
        for value in ends(app.controls[name]):
            app.controls[name].value = value
            sound(app)


@pytest.mark.parametrize("level", MODELLED)
def test_every_level_opens_in_every_plane_and_preset(level: str) -> None:
    app = Explorer.from_state({"level": level}, strict=True)
    for plane in PLANES:
        app.set(plane=plane.replace("DEG", "30"))
        sound(app)
    app.set(plane="foramen")
    for name in PRESETS:
        app.preset(name)
        sound(app)
    app.close()


@pytest.mark.parametrize(("seed", "steps"), [(6, 80), pytest.param(7, 400, marks=pytest.mark.thorough)])
def test_a_random_walk_never_fails(app: Explorer, seed: int, steps: int) -> None:
    walk = random.Random(seed)  # noqa: S311 - a walk, not a secret
    names = ("level", "side", "plane", "angle", *POSTURE, "build", "preset", "reset")
    for _ in range(steps):
        name = walk.choice(names)
        control = app.controls[name]
        if name == "preset":
            control.press(walk.choice(list(PRESETS)))
        elif name == "reset":
            control.press("reset")
        elif isinstance(control, Slider):
            most = int((control.max - control.min) / control.step)
            control.value = min(control.min + control.step * walk.randint(0, most), control.max)
        else:
            control.value = walk.choice(control.values)
        sound(app)


@pytest.mark.parametrize(
    "state",
    [
        {"level": "C5/6", "flexion": 6.0},
        {"level": "C5/6", "side": "right", "plane": "oblique:45", "disc_loss": 1.5, "build": "small"},
        {"level": "L4/5", "flexion": -3.0, "bend": 2.0, "rotation": -1.0, "plane": "sagittal"},
    ],
)
def test_it_agrees_with_the_command_to_the_last_digit(
    state: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["measure", state["level"], "--json"]
    for name, value in state.items():
        if name != "level":
            words.append(f"--{name.replace('_', '-')}={value}")
    assert cli.main(words) == 0
    printed = json.loads(capsys.readouterr().out)
    app = Explorer.from_state(state, strict=True)
    own = app.measures
    assert own.bony is not None
    assert printed["area_mm2"] == own.bony.area_mm2
    assert printed["height_mm"] == own.bony.height_mm
    assert printed["width_mm"] == own.bony.width_mm
    for name in ("root_area_mm2", "free_area_mm2", "contact_fraction"):
        assert printed[name] == getattr(own, name)
    app.close()


@pytest.mark.parametrize(
    "change",
    [
        {"level": "C9/10"},
        {"side": "up"},
        {"plane": "diagonal"},
        {"plane": "oblique:95"},
        {"plane": 3},
        {"build": "huge"},
        {"flexion": 99},
        {"flexion": math.nan},
        {"bend": "far"},
        {"rotation": math.inf},
        {"disc_loss": -1},
        {"colour": "red"},
    ],
)
def test_bad_input_is_one_sentence_and_the_last_good_state_stays(app: Explorer, change: dict[str, Any]) -> None:
    app.set(flexion=2)
    before = app.snapshot
    app.set(**change)
    assert app.view.message.endswith(".")
    assert "\n" not in app.view.message
    assert app.snapshot == before
    app.set(flexion=1)
    sound(app)


def test_a_slider_refuses_by_itself(app: Explorer) -> None:
    before = app.state
    with pytest.raises(InvalidInput, match="Flexion cannot be 80"):
        app.controls["flexion"].value = 80
    assert app.state == before


def test_a_fault_of_our_own_is_said_or_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_state: object) -> None:
        raise ZeroDivisionError

    app = Explorer.from_state({"level": "C5/6"})
    monkeypatch.setattr("foramlib.apps.explorer.show", broken)
    before = app.state
    app.controls["flexion"].value = 3
    assert "ZeroDivisionError" in app.view.message
    assert app.state == before
    assert app.controls["flexion"].value == 0
    app.strict = True
    with pytest.raises(ZeroDivisionError):
        app.controls["flexion"].value = 3


@pytest.mark.parametrize("arguments", [{"preset": "upside down"}, {"theme": "pink"}, {"level": "T4"}, {"flexion": 50}])
def test_opening_with_bad_input_raises_one_sentence(arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        explorer(**arguments)
    assert "\n" not in str(caught.value)


def test_changing_level_keeps_what_the_new_level_allows() -> None:
    app = Explorer.from_state({"level": "C5/6", "flexion": -8.0, "rotation": 1.0, "plane": "oblique:30"}, strict=True)
    app.controls["level"].value = "L4/5"
    low = Segment.at("L4/5").limits["flexion"][0]
    assert app.state["flexion"] == low
    assert app.state["plane"] == "oblique:30"
    assert app.view.sentence.startswith("L4/5 cannot go as far: flexion")
    assert (app.controls["flexion"].min, app.controls["flexion"].max) == Segment.at("L4/5").limits["flexion"]
    sound(app)


def test_a_drag_is_told_from_where_it_began() -> None:
    app = Explorer.from_state({"level": "C5/6"}, strict=True)
    start = app.measures.bony
    for degrees in (1, 2, 3, 4, 5, 6):
        app.controls["flexion"].value = degrees
    assert start is not None
    assert app.view.sentence.startswith("Flexion 6°: ")
    assert f"height {start.height_mm:.1f} → " in app.view.sentence
    app.controls["flexion"].value = -4
    assert app.view.sentence.startswith("Extension 4°: ")
    assert f"height {start.height_mm:.1f} → " in app.view.sentence


def test_presets_and_reset(app: Explorer) -> None:
    opened = app.state
    for name in PRESETS:
        app.controls["preset"].press(name)
        assert app.controls["preset"].active == name
        sound(app)
    app.controls["plane"].value = "axial-disc"
    app.controls["reset"].press("reset")
    assert app.state == opened
    assert app.controls["preset"].active == "neutral"


def test_presets_move_the_foramen_the_right_way(app: Explorer) -> None:
    sizes = {}
    for name in PRESETS:
        app.preset(name)
        assert app.measures.bony is not None
        sizes[name] = app.measures.bony.area_mm2
    assert sizes["flexed"] > sizes["neutral"] > sizes["extended"]
    assert sizes["bent"] < sizes["neutral"]
    assert sizes["disc-half-lost"] < sizes["neutral"]


def test_the_angle_shows_only_for_the_oblique_plane(app: Explorer) -> None:
    angle = app.controls["angle"]
    assert angle.layout.display == "none"
    app.controls["plane"].value = "oblique"
    assert angle.layout.display is None
    assert app.state["plane"] == f"oblique:{angle.value:g}"
    angle.value = 50
    assert app.state["plane"] == "oblique:50"


def test_a_state_opens_the_same_explorer(app: Explorer) -> None:
    app.set(flexion=2, side="right", plane="oblique:33", focus="exiting_root.right")
    again = Explorer.from_state(app.state, strict=True)
    assert again.state == app.state
    assert again.view.scene == app.view.scene
    assert again.view.focus == "exiting_root.right"


def test_a_focus_may_be_named_by_its_kind() -> None:
    assert explorer("C5/6", focus="superior_articular_process").view.focus == "C6.superior_articular_process.left"
    assert explorer("C5/6", side="right", focus="ganglion").view.focus == "ganglion.right"


def test_a_theme_reaches_every_part(app: Explorer) -> None:
    for theme in THEMES:
        app.controls["theme"].value = theme
        assert app.view.theme == theme
        assert {control.theme for control in app.controls.values()} == {theme}


def test_words_can_be_had_without_a_picture() -> None:
    said = fl.describe("explorer", "C5/6")
    assert said.startswith("C5/6 · left · foramen plane")
    assert "Roof: pedicle of C5" in said
    assert "calculated from Kitagawa 2004" in said
    assert "citation incomplete" not in said
    assert fl.describe("compare", "C5/6").count("citation incomplete") <= 1


def test_no_new_figure_is_made_for_a_step(app: Explorer) -> None:
    before = set(_instances)
    view, widget = app.view, app.widget
    for degrees in (1, 2, 3):
        app.controls["flexion"].value = degrees
    assert (app.view, app.widget) == (view, widget)
    assert set(_instances) == before


def test_closing_frees_every_widget() -> None:
    before = set(_instances)
    app = explorer("C5/6")
    assert set(_instances) - before
    app.close()
    assert set(_instances) - before == set()
