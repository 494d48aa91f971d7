"""The oblique trap: a guess first, every control to its ends, a walk, and one state behind pictures and words."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import _instances  # what the kernel keeps alive

import foramlib as fl
from foramlib.apps.controls import THEMES, Choice, Control, Slider
from foramlib.apps.oblique_trap import ObliqueTrap, oblique_trap
from foramlib.apps.trap_state import CASES, MOST, Neck, neck_of
from foramlib.errors import InvalidInput
from foramlib.imaging.grades import grade
from foramlib.imaging.oblique import NECK

if TYPE_CHECKING:
    from collections.abc import Iterator

SWEPT = ("angle", "mm", "side", "kind", "labels")


@pytest.fixture
def app() -> Iterator[ObliqueTrap]:
    made = ObliqueTrap(neck_of({}), strict=True)
    yield made
    made.close()


def sound(app: ObliqueTrap) -> None:
    """Check that pictures, words and controls tell the same state."""
    neck, view, trap = app.neck, app.view, app.trap
    assert view.message == ""
    assert app.controls["angle"].value == neck.angle
    assert app.controls["angle"].disabled == (not app.released)
    assert view.plan["heading"].startswith(f"{neck.level} · {neck.side}")
    assert view.pixels == app.seen.scan.grey.tobytes()
    assert f"{neck.angle:.0f}° from the sagittal (film angle {90 - neck.angle:.0f}°)" in view.sentence
    assert trap.now["text"] == f"{neck.angle:.0f}°"
    assert len(trap.now["line"]) == 2
    assert [neck.angle, app.grade.rank] in trap.strip["seen"]
    assert trap.strip["now"] == neck.angle
    assert trap.told[0]["head"].startswith("Straight sagittal")
    told = f"grade {app.grade.grade}" if app.grade.grade else "no grade"
    assert told in (trap.told[0] if neck.angle == 0 else trap.told[1])["text"]


def ends(control: Control) -> list[Any]:
    """Give the values that a sweep visits."""
    if isinstance(control, Choice):
        return [value for value in control.values if value]
    if isinstance(control, Slider):
        return [control.max, control.min]
    return [True, False]


def test_a_guess_comes_before_the_plane_turns(app: ObliqueTrap) -> None:
    sound(app)
    app.controls["go"].press("square")
    assert app.neck.angle == 0
    assert "Say first" in app.view.message
    app.controls["commit"].press("commit")
    assert "Choose what you expect" in app.view.message
    app.controls["guess"].value = "worse"
    app.controls["commit"].press("commit")
    sound(app)
    app.controls["angle"].value = 20.0
    assert app.trap.verdict == ""
    app.controls["go"].press("square")
    sound(app)
    assert app.trap.verdict.startswith("Your guess holds: grade 1 straight, grade 2 square")
    app.controls["reset"].press("reset")
    sound(app)
    assert (app.released, app.trap.verdict, app.neck.angle) == (False, "", 0.0)


def test_a_wrong_guess_is_told_so_and_it_can_be_left_out(app: ObliqueTrap) -> None:
    app.commit("same")
    app.set(angle=38)
    assert app.trap.verdict.startswith("Not as you guessed")
    app.preset("healthy")
    app.waive()
    app.set(angle=38)
    assert app.trap.verdict == ""
    sound(app)


def test_the_grades_are_the_models_own(app: ObliqueTrap) -> None:
    segment = app.neck.segment()
    assert app.straight == grade(segment, "Park 2013", plane="sagittal")
    assert app.square == grade(segment, "Park 2013")
    assert (app.straight.grade, app.square.grade) == ("1", "2")


def test_every_control_goes_to_its_ends_and_options(app: ObliqueTrap) -> None:
    app.waive()
    for name in SWEPT:
        for value in ends(app.controls[name]):
            app.controls[name].value = value
            if name == "kind":
                app.waive()
            sound(app)
    for theme in THEMES:
        app.controls["theme"].value = theme
        assert {control.theme for control in app.controls.values()} == {theme} == {app.view.theme, app.trap.theme}


@pytest.mark.thorough
def test_every_level_case_and_lot_and_a_random_walk(app: ObliqueTrap) -> None:
    walk = random.Random(5)  # noqa: S311 - a walk, not a secret
    for level in NECK:
        app.controls["level"].value = level
        sound(app)
    for name in CASES:
        app.preset(name)
        sound(app)
    for _ in range(70):
        name = walk.choice((*SWEPT, "angle", "level", "preset", "another", "reset", "go", "guess", "commit"))
        control = app.controls[name]
        locked = control.disabled
        if name in {"preset", "another", "reset", "go", "commit"}:
            control.press(walk.choice(control.values))
        elif isinstance(control, Slider) and not locked:
            steps = int((control.max - control.min) / control.step)
            control.value = control.min + control.step * walk.randint(0, steps)
        elif isinstance(control, Choice) and not locked:
            control.value = walk.choice(control.values)
        if app.view.message:
            assert app.view.message.endswith(".")
            app.set()
        sound(app)


@pytest.mark.parametrize(
    "change",
    [
        {"level": "L4/5"},
        {"level": "C9/10"},
        {"side": "up"},
        {"angle": 61},
        {"angle": "far"},
        {"lot": -1},
        {"lesions": ["dragon=3"]},
        {"lesions": 3},
        {"lesions": ["uncovertebral_osteophyte=40"]},
        {"colour": "red"},
    ],
)
def test_bad_input_is_one_sentence_and_the_last_good_state_stays(app: ObliqueTrap, change: dict[str, Any]) -> None:
    app.set(angle=10)
    before, pixels = app.state, app.view.pixels
    app.set(**change)
    assert app.view.message.endswith(".")
    assert "\n" not in app.view.message
    assert (app.state, app.view.pixels) == (before, pixels)
    app.set(angle=12)
    sound(app)


def test_it_opens_by_name_with_a_patient_and_by_lot() -> None:
    for made, level in (
        (fl.oblique_trap(patient="helen-osei"), "C5/6"),
        (fl.oblique_trap(preset="soft-disc"), "C6/7"),
        (fl.oblique_trap(lot=3, angle=20), fl.oblique_trap(lot=3).neck.level),
        (fl.oblique_trap("c7-t1", side="right"), "C7/T1"),
    ):
        assert made.neck.level == level
        made.close()
    for wrong in ({"preset": "hard"}, {"patient": "nobody"}, {"theme": "pink"}, {"patient": "ruth-adeyemi"}):
        with pytest.raises(InvalidInput):
            oblique_trap(**wrong)  # type: ignore[arg-type]


def test_right_mirrors_left() -> None:
    left, right = (neck_of({"side": side}) for side in ("left", "right"))
    found = [[grade(neck.segment(), "Park 2013", neck.side, plane).grade for plane in ("sagittal", "oblique:30")]
             for neck in (left, right)]  # fmt: skip
    assert found[0] == found[1]


def test_describe_says_grades_angles_and_sources_of_the_published_ones() -> None:
    words = fl.describe("oblique_trap", "C5/6")
    for part in ("grade 1", "film angle 90°", "46° at C2/3 to 56° at C7/T1", "Simpson 2009", "Axial section"):
        assert part in words


def test_closing_frees_every_widget() -> None:
    before = set(_instances)
    made = oblique_trap("C5/6")
    made.close()
    assert set(_instances) <= before


def test_the_state_is_plain_data_that_opens_it_again(app: ObliqueTrap) -> None:
    app.set(angle=MOST)
    assert neck_of(app.state) == app.neck == Neck(angle=MOST)
