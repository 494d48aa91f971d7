"""The causes: every control to its ends, a random walk over kinds and levels, predictions judged by the geometry."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import _instances  # what the kernel keeps alive

import foramlib as fl
from foramlib.apps.causes import Causes, causes
from foramlib.apps.causes_state import GROUPS, PICTURES, WEAR, Cause, cause_of, choices_at, look, verdict
from foramlib.errors import InvalidInput
from foramlib.imaging.grades import grades
from foramlib.spine import MODELLED, Level
from foramlib.spine.lesions import kinds
from foramlib.spine.presets import presets
from foramlib.spine.room import root_states

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def app() -> Iterator[Causes]:
    made = Causes(cause_of({"level": "L4/5"}), strict=True)
    yield made
    made.close()


def sound(app: Causes) -> None:
    """Check that picture, words, readings, grades and controls tell the same state."""
    cause, view = app.now.cause, app.view
    assert view.message == ""
    assert view.scene["heading"].startswith(f"{cause.level} · {cause.side} · ")
    for name in ("level", "side", "plane", "lesion"):
        assert app.controls[name].value == getattr(cause, name)
    for one in app.now.roots:
        assert f"room about {one.name}" in view.sentence
        assert f"{100 * one.room:.0f}" in view.sentence
    for grade in app.now.grades:
        assert f"{grade.system} {grade.grade or 'no grade'}" in view.sentence
    shown = {layer["id"] for layer in view.scene["layers"] if layer["tissue"] == "lesion"}
    assert shown <= {growth.key + (f".{growth.side}" if growth.side else "") for growth in app.now.segment.growths} | {
        f"{growth.vertebra}.{growth.key}.{growth.side}" for growth in app.now.segment.growths
    }
    json.dumps(app.snapshot, allow_nan=False)


def test_every_kind_stands_in_one_group() -> None:
    grouped = [key for keys in GROUPS.values() for key in keys]
    assert sorted(grouped) == sorted(kinds())


@pytest.mark.parametrize("level", MODELLED)
def test_a_level_offers_what_occurs_there(level: str) -> None:
    offered = {key for key, _ in choices_at(level)} - {"", WEAR}
    assert offered == {key for key, kind in kinds().items() if kind.occurs_at(Level.parse(level))}


def test_the_slider_waits_for_a_prediction(app: Causes) -> None:
    app.controls["lesion"].value = "herniation"
    assert app.controls["mm"].disabled
    app.controls["mm"].value = 3.0
    assert app.view.message.startswith("Say what you expect")
    assert app.now.cause.mm == app.controls["mm"].value == 0.0
    app.controls["commit"].press("commit")
    assert app.view.message.startswith("Choose which root")
    app.controls["guess_root"].value, app.controls["guess_room"].value = "L5", "much"
    app.controls["commit"].press("commit")
    assert "In the model, when it is severe" in app.view.sentence
    app.controls["mm"].value = 3.0
    assert app.now.cause.mm == 3.0
    sound(app)
    # Another lesson to learn: another zone asks again, from nothing.
    app.controls["mm"].value = 0.0
    app.controls["zone"].value = "subarticular"
    assert not app.released


@pytest.mark.parametrize(("zone", "root"), [("subarticular", "L5"), ("extraforaminal", "L4"), ("foraminal", "L4")])
def test_the_verdict_is_the_geometry_s(zone: str, root: str) -> None:
    cause = cause_of({"level": "L4/5", "lesion": "herniation", "zone": zone})
    hit = [one.name for one in root_states(cause.severe().segment()) if one.hit]
    assert hit == [root]
    assert "Which root: right." in verdict(cause, root, "much")
    assert "Which root: not so." in verdict(cause, "none", "much")


def grow(app: Causes, key: str) -> None:
    app.controls["lesion"].value = key
    app.controls["commit"].press("waive")
    control = app.controls["wear" if key == WEAR else "mm"]
    for value in (control.max, control.max / 2, 0.0, control.max):
        control.value = value
        sound(app)
    app.reset()


@pytest.mark.parametrize("key", ["herniation", "spondylolisthesis", WEAR])
def test_a_lesion_grows_to_its_ends(app: Causes, key: str) -> None:
    grow(app, key)


def test_every_view_shows_a_preset(app: Causes) -> None:
    app.preset("hard-disc-neck")
    for name, values in (("plane", PICTURES), ("side", ("left", "right"))):
        for value in values:
            app.controls[name].value = value
            sound(app)
    app.controls["compare"].value = app.controls["chart"].value = True
    assert app.normal.scene["heading"].startswith("Without lesions")
    assert "<svg" in app._chart.value
    app.controls["theme"].value = "projector"


@pytest.mark.thorough
@pytest.mark.parametrize("level", ["C5/6", "C7/T1", "L1/2", "L4/5", "L5/S1"])
def test_every_lesion_grows_to_its_ends_in_neck_and_low_back(level: str) -> None:
    app = Causes(cause_of({"level": level}), strict=True)
    for key, _ in choices_at(level)[1:]:
        grow(app, key)
    app.close()


def walk(app: Causes, steps: int, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a walk, not a secret
    names = ("level", "lesion", "mm", "wear", "flexion", "zone", "where", "plane", "side", "keep", "preset")
    for _ in range(steps):
        control = app.controls[draw.choice(names)]
        app.controls["commit"].press("waive")
        if control.kind == "slider":
            control.value = draw.uniform(control.min, control.max)
        elif control.kind == "buttons":
            control.press(draw.choice(control.values))
        else:
            control.value = draw.choice(control.values)
        # A refusal is one sentence, and what is shown is the last good state.
        assert app.view.message == "" or app.view.message.endswith(".")
        assert app.now.segment == app.now.cause.segment()
        assert app.controls["level"].value == app.now.cause.level


def test_a_random_walk_keeps_a_good_state(app: Causes) -> None:
    walk(app, 25, seed=4)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_random_walk_keeps_a_good_state(app: Causes, seed: int) -> None:
    walk(app, 100, seed)


@pytest.mark.parametrize("name", list(presets()))
def test_a_preset_opens_by_name_and_is_marked(name: str) -> None:
    app = causes(preset=name)
    found = presets()[name]
    wanted = {(one.key, one.mm) for one in found.lesions}
    assert {(one.key, one.mm) for one in app.now.cause.lesions()} == wanted
    assert app.controls["preset"].value == name
    app.close()


BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"level": "C5/6", "lesion": "synovial_cyst", "mm": 5}, "does not occur"),
    ({"level": "C5/6", "lesion": "herniation", "mm": 50}, "not possible"),
    ({"level": "C5/6", "lesion": "herniation", "mm": 3, "zone": "extraforaminal"}, "not extraforaminal"),
    ({"level": "L4/5", "lesion": "bulge", "mm": 1, "kept": ("bulge=2",)}, "named twice"),
    ({"level": "L4/5", "lesion": "gravity", "mm": 1}, "no lesion"),
    ({"level": "L4/5", "lesion": WEAR, "wear": 200}, "from 0 to 100"),
    ({"level": "L4/5", "plane": "sideways"}, "There is no picture"),
    ({"level": "L4/5", "kept": 3}, "give a list"),
    ({"level": "L4/5", "wind": 3}, "has no 'wind'"),
)


@pytest.mark.parametrize(("values", "words"), BAD)
def test_what_cannot_be_is_one_sentence_and_loses_nothing(app: Causes, values: dict[str, Any], words: str) -> None:
    before = app.state
    app.set(**values)
    assert words in app.view.message
    assert app.view.message.count(".") == app.view.message.rstrip(".").count(".") + 1
    assert app.state == before
    with pytest.raises(InvalidInput, match=words.replace("(", "")):
        cause_of(values)


def test_a_cause_is_a_state_of_the_model_too() -> None:
    cause = cause_of({"level": "L4/5", "lesion": "herniation", "mm": 4, "zone": "subarticular", "kept": ("bulge=1",)})
    assert cause.model().segment() == cause.segment()
    assert list(cause.model().found()) == list(cause.lesions())


def test_the_grades_shown_are_those_of_the_systems() -> None:
    now = look(cause_of({"level": "C5/6", "lesion": "uncovertebral_osteophyte", "mm": 3, "plane": "coronal"}))
    assert now.grades == grades(now.segment, "left")
    assert now.roots == root_states(now.segment, "left")


def test_words_come_without_a_picture() -> None:
    said = fl.describe("causes", "L4/5", preset="subarticular-disc")
    assert "L5 (traversing) is touched by" in said
    assert "Not in this plane: left disc herniation." in said
    assert Cause("L4/5").healthy() == Cause("L4/5")


def test_a_closed_app_leaves_nothing_behind() -> None:
    before = len(_instances)
    made = causes("C5/6")
    made.close()
    assert len(_instances) == before
