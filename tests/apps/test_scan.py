"""The scan app: every control to its ends, a random walk, one state behind pictures and words."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import _instances  # what the kernel keeps alive

import foramlib as fl
from foramlib.apps.controls import THEMES, Choice, Slider, Toggle
from foramlib.apps.scan import PRESETS, ScanApp, scan, scan_state
from foramlib.errors import InvalidInput
from foramlib.figures.palette import role
from foramlib.imaging import SEQUENCES

if TYPE_CHECKING:
    from collections.abc import Iterator

STEERED = (
    "sequence",
    "side",
    "plane",
    "angle",
    "thickness",
    "noise",
    "width",
    "middle",
    "disc_loss",
    "lesions",
    "labels",
)
SPUR = "uncovertebral_osteophyte=2.5,side=left"


@pytest.fixture
def app() -> Iterator[ScanApp]:
    made = ScanApp(scan_state({"level": "C5/6", "lesions": [SPUR], "thickness": 1.0}), strict=True)
    yield made
    made.close()


def sound(app: ScanApp) -> None:
    """Check that pictures, words and controls tell the same state."""
    state, view = app.state, app.view
    assert view.message == ""
    assert view.sentence.endswith((".", "none"))
    rows, columns = view.size
    assert len(view.pixels) == rows * columns
    assert max(rows, columns) == 256
    assert view.pixels == app.seen.scan.grey.tobytes()
    assert view.plan["heading"].startswith(f"{state['level']} · {state['side']}")
    box = view.plan["box"]
    assert box[2] / box[3] == pytest.approx(columns / rows, rel=0.01)
    assert set(view.tones) <= {layer["id"] for layer in view.plan["layers"]}
    assert state["sequence"] in " ".join(view.tones.values())
    assert view.words["stamp"] == "SYNTHETIC"
    assert view.words["image"].startswith("Synthetic image of")
    assert app.controls["sequence"].value == state["sequence"]
    assert app.controls["thickness"].value == state["thickness"]
    assert (app.controls["width"].value, app.controls["middle"].value) == app.seen.scan.settings.shown


def ends(control: Slider | Choice | Toggle) -> list[Any]:
    """Give the values that a sweep visits."""
    if isinstance(control, Choice):
        return list(control.values)
    if isinstance(control, Toggle):
        return [True, False, True]
    return [control.min, control.max]


def test_every_control_goes_to_its_ends_and_options(app: ScanApp) -> None:
    for name in STEERED:
        for value in ends(app.controls[name]):
            app.controls[name].value = value
            sound(app)
    for theme in THEMES:
        app.controls["theme"].value = theme
        assert {control.theme for control in app.controls.values()} == {theme} == {app.view.theme}


@pytest.mark.thorough
def test_every_level_and_preset_in_every_plane_and_a_random_walk(app: ScanApp) -> None:
    walk = random.Random(8)  # noqa: S311 - a walk, not a secret
    for level in app.controls["level"].values:
        app.controls["level"].value = level
        sound(app)
    for name in PRESETS:
        app.preset(name)
        sound(app)
    for _ in range(60):
        name = walk.choice((*STEERED, "level", "preset", "reset"))
        control = app.controls[name]
        if name == "preset":
            control.press(walk.choice(list(PRESETS)))
        elif name == "reset":
            control.press("reset")
        elif isinstance(control, Toggle):
            control.value = walk.random() < 0.5
        elif isinstance(control, Slider):
            steps = int((control.max - control.min) / control.step)
            control.value = min(control.min + control.step * walk.randint(0, steps), control.max)
        else:
            control.value = walk.choice(control.values)
        sound(app)


def test_a_new_sequence_brings_its_own_window_and_keeps_the_outlines(app: ScanApp) -> None:
    app.controls["width"].value = 30.0
    assert app.state["window"] == (30.0, app.controls["middle"].value)
    plan, made = app.view.plan, app.seen.scan.tissue_map
    app.controls["sequence"].value = "CT"
    assert app.state["window"] is None
    assert app.controls["width"].unit == "HU"
    assert app.view.plan is plan
    assert app.seen.scan.tissue_map is made
    app.controls["sequence"].value = "T1"
    assert "→" in app.view.sentence


def test_the_lesion_can_be_taken_away_and_put_back(app: ScanApp) -> None:
    assert app.state["lesions"] == (SPUR,)
    with_spur = app.seen.fat_around
    app.controls["lesions"].value = False
    assert app.state["lesions"] == ()
    assert "has gone" in app.view.sentence
    assert with_spur is not None
    assert app.seen.fat_around is not None
    assert app.seen.fat_around > with_spur
    app.controls["lesions"].value = True
    assert app.state["lesions"] == (SPUR,)
    app.controls["level"].value = "L4/5"
    assert app.state["lesions"] == ()
    assert "without the lesions of C5/6:" in app.view.sentence
    assert app.controls["lesions"].layout.display == "none"
    app.reset()
    assert app.state["lesions"] == (SPUR,)


@pytest.mark.parametrize(
    "change",
    [
        {"level": "C9/10"},
        {"side": "up"},
        {"plane": "diagonal"},
        {"sequence": "PET"},
        {"thickness": 77},
        {"noise": "loud"},
        {"window": "lung"},
        {"disc_loss": -1},
        {"lesions": ["dragon=3"]},
        {"lesions": ["synovial_cyst=8"]},
        {"colour": "red"},
    ],
)
def test_bad_input_is_one_sentence_and_the_last_good_state_stays(app: ScanApp, change: dict[str, Any]) -> None:
    app.set(thickness=2)
    before, pixels = app.state, app.view.pixels
    app.set(**change)
    assert app.view.message.endswith(".")
    assert "\n" not in app.view.message
    assert (app.state, app.view.pixels) == (before, pixels)
    app.set(noise=3)
    sound(app)


def test_it_opens_with_a_patient() -> None:
    made = fl.scan(patient="amir-haddad", sequence="T1")
    assert (made.state["level"], made.state["side"]) == ("C5/6", "right")
    assert made.state["lesions"][0].startswith("uncovertebral_osteophyte=1.2")
    made.close()


def test_it_refuses_to_open_with_what_is_unknown() -> None:
    for given in ({"level": "C9/10"}, {"sequence": "PET"}, {"theme": "pink"}, {"patient": "nobody"}, {"colour": "red"}):
        with pytest.raises(InvalidInput):
            scan(**given)  # type: ignore[arg-type]


def test_describe_says_what_it_shows(app: ScanApp) -> None:
    assert app.describe().splitlines()[1] == app.view.words["image"]
    assert fl.describe("scan", "L4/5", sequence="T1").splitlines()[0].startswith("L4/5 · left")


def test_closing_frees_every_widget() -> None:
    before = set(_instances)
    made = scan("C5/6", thickness=0)
    made.close()
    assert set(_instances) <= before


def test_the_style_holds_no_colour_of_its_own() -> None:
    from foramlib.apps.scan_view import ScanView  # noqa: PLC0415 - read once

    assert role("boundary", "dark") in ScanView._css
    assert set(SEQUENCES) == {"T1", "T2", "STIR", "CT"}
