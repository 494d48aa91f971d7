"""Every app and command that takes a state.

What is asked on the right is the mirror of the left; a control that is moved changes its own field and nothing else.
"""

# ruff: noqa: ANN401 - one test for many apps

from __future__ import annotations

import json
import re
from dataclasses import asdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from foramlib import cli
from foramlib.apps import describe
from foramlib.apps.causes import causes
from foramlib.apps.compare import compare
from foramlib.apps.controls import Choice, Slider, Toggle
from foramlib.apps.explorer import explorer
from foramlib.apps.oblique_trap import oblique_trap
from foramlib.apps.operate import operate
from foramlib.apps.scan import scan
from foramlib.apps.solid_view import solid
from foramlib.apps.trap_state import CASES
from foramlib.errors import InvalidInput
from foramlib.learning.items import items
from foramlib.learning.operating import begin, whole_operation
from foramlib.learning.operations import operations, operations_for
from foramlib.learning.patient import load_patient, patients
from foramlib.learning.predictions import predictions
from foramlib.learning.state import ModelState
from foramlib.spine.lesions import kinds, read_lesions
from foramlib.spine.levels import MODELLED, OTHER, Level
from foramlib.spine.presets import presets
from foramlib.spine.roots_met import places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LESIONS: Mapping[str, tuple[str, ...]] = {
    "C5/6": ("uncovertebral_osteophyte=2.5", "facet_hypertrophy=1.5", "disc_height_loss=1"),
    "C6/7": ("herniation=4",),
    "L4/5": ("flavum_thickening=3", "facet_hypertrophy=3", "bulge=1.5"),
    "L5/S1": ("facet_hypertrophy=3", "disc_height_loss=2.5"),
}
"""Lesions as a learner writes them: without a side."""

APPS: Mapping[str, Callable[..., Any]] = {
    "explorer": explorer,
    "scan": scan,
    "solid": solid,
    "operate": operate,
    "oblique_trap": oblique_trap,
}
"""Apps that take ``side`` and ``lesions``; causes and compare take them in a form of their own."""


def opened(name: str, level: str, side: str, **more: Any) -> Any:
    if name == "causes":
        return causes(level, side=side, kept=LESIONS[level], **more)
    if name == "compare":
        state = {"level": level, "side": side, "lesions": LESIONS[level]}
        return compare(state, {**state, "level": level}, **more)
    return APPS[name](level, side=side, lesions=LESIONS[level], **more)


EVERY = [
    pytest.param(name, level, marks=[] if level in {"C5/6", "L5/S1"} and name != "solid" else pytest.mark.thorough)
    for name in (*APPS, "causes", "compare")
    for level in LESIONS
    if name != "oblique_trap" or level.startswith("C")
]


def sideless(text: str) -> str:
    """Give the text without words for a side: "left" may also be what remains, and "right" is a verdict too."""
    # What lies to the viewer's left differs, as it must.
    text = re.sub(r"viewer's left is the patient's (front|back)", "viewer's left", text)
    return re.sub(r"\b(?:left|right)\b", "‹side›", text, flags=re.IGNORECASE)


def numbers(text: str) -> list[float]:
    return [float(word) for word in re.findall(r"\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize(("name", "level"), EVERY)
def test_what_is_asked_on_the_right_is_said_as_the_mirror_of_the_left(name: str, level: str) -> None:
    # The noise of an image is drawn anew for each picture: it is no part of what must be the mirror.
    more = {"noise": 0} if name == "scan" else {}
    left, right = (opened(name, level, side, **more) for side in OTHER)
    ours, theirs = (sideless(app.describe()) for app in (left, right))
    unnumbered = [re.sub(r"\d+(?:\.\d+)?", "#", text) for text in (ours, theirs)]
    if name == "scan":
        # An image names what fills enough of its pixels: one structure near that share may be named on one side only.
        assert SequenceMatcher(None, unnumbered[0], unnumbered[1], autojunk=False).ratio() > 0.9
    else:
        assert unnumbered[0] == unnumbered[1]
        # A value that lies between two roundings may fall either way.
        assert numbers(ours) == pytest.approx(numbers(theirs), rel=0.02, abs=1.01)
    for app in (left, right):
        app.close()


def views_of(app: Any) -> list[dict[str, Any]]:
    """Give every picture of an app as it was sent to the page."""
    if hasattr(app, "views"):
        return [view.scene for view in app.views.values()]
    if hasattr(app, "still"):
        return [app.still.scene]
    return [app.view.plan] if hasattr(app.view, "plan") else [app.view.scene]


@pytest.mark.parametrize(("name", "level"), EVERY)
def test_the_picture_of_the_right_holds_the_lesion_of_the_right(name: str, level: str) -> None:
    sided = [text.partition("=")[0] for text in LESIONS[level] if kinds()[text.partition("=")[0]].sides]
    for side in OTHER:
        app = opened(name, level, side)
        for scene in views_of(app):
            assert side in scene["heading"] or name == "solid"
            grown = [layer["id"] for layer in scene["layers"] if layer["tissue"] == "lesion"]
            assert not [one for one in grown if one.endswith(f".{OTHER[side]}")]
            # A lesion may lie outside one plane; in a plane through the foramen at least one of them is met.
            assert grown or name == "solid" or sided in (["herniation"], [])
        app.close()


@pytest.mark.parametrize("level", list(LESIONS))
def test_images_of_the_two_sides_are_mirrors(level: str) -> None:
    pixels = []
    for side in OTHER:
        app = scan(level, side=side, lesions=LESIONS[level], plane="axial-disc", noise=0, sequence="CT")
        pixels.append(np.asarray(app.seen.scan.clean, dtype=float))
        app.close()
    left, right = pixels
    assert np.abs(left - right[:, ::-1]).mean() < 0.02 * (left.max() - left.min())


@pytest.mark.parametrize("level", MODELLED)
def test_a_lesion_without_a_side_lies_on_the_side_it_is_written_for(level: str) -> None:
    for _, key, zone in (place for place in places() if place[0] == level):
        text = f"{key}=1" + (f",zone={zone}" if zone else "")
        for side in OTHER:
            expected = side if kinds()[key].sides else ""
            (one,) = read_lesions(text, side)
            assert one.side == expected
            assert {found.side for found in ModelState(level, side, lesions=(text,)).found()} <= {expected}
            for approach in operations_for(Level.parse(level).region):
                (operated,) = read_lesions(begin(level, approach, side, text).lesions, OTHER[side])
                assert operated.side == expected


@pytest.mark.parametrize("command", ["measure", "operate"])
@pytest.mark.parametrize("level", list(LESIONS))
def test_commands_mirror(command: str, level: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for side in OTHER:
        asked = [command, level, "--side", side, "--json"]
        for text in LESIONS[level]:
            asked += ["--lesion", text]
        if command == "operate":
            asked += ["--approach", operations_for(Level.parse(level).region)[0]]
        assert cli.main(asked) == 0
        told.append(capsys.readouterr().out)
    ours, theirs = map(sideless, told)
    assert sorted(re.sub(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", "#", ours).split()) == sorted(
        re.sub(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", "#", theirs).split()
    )
    assert numbers_of(json.loads(ours)) == pytest.approx(numbers_of(json.loads(theirs)), rel=0.05, abs=0.15)


def numbers_of(value: object) -> list[float]:
    """Give every number of plain data in the order of its keys."""
    if isinstance(value, dict):
        return [number for key in sorted(value) for number in numbers_of(value[key])]
    if isinstance(value, list):
        return [number for one in value for number in numbers_of(one)]
    return [float(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


@pytest.mark.parametrize("approach", list(operations()))
def test_an_operation_on_the_right_frees_the_right_root(approach: str) -> None:
    level = {"cervical": "C5/6", "lumbar": "L4/5"}[operations()[approach].region]
    read = []
    for side in OTHER:
        app = operate(level, approach, side=side)
        sided = [one for one in read_lesions(app.state.lesions, side) if one.kind.sides]
        assert {one.side for one in sided} == {side}
        assert not app.state.astray
        read.append(whole_operation(app.state).read())
        app.close()
    left, right = read
    assert left.room_mm2 == pytest.approx(right.room_mm2, rel=0.03, abs=0.3)
    assert left.exposed_mm == pytest.approx(right.exposed_mm, rel=0.03, abs=0.3)


@pytest.mark.parametrize("name", list(presets()))
def test_a_preset_asked_on_the_right_is_its_mirror(name: str) -> None:
    left, right = (causes(preset=name, side=side) for side in OTHER)
    assert [one.mirrored() for one in left.now.cause.lesions()] == list(right.now.cause.lesions())
    assert [root.hit for root in left.now.roots] == [root.hit for root in right.now.roots]
    operated = operate(preset=name, side="right") if name != "schwannoma" else None
    if operated is not None:
        assert "Wrong side" not in operated.state.astray
        operated.close()
    for app in (left, right):
        app.close()


@pytest.mark.parametrize("case", list(CASES))
def test_a_case_of_the_trap_on_the_right_is_its_mirror(case: str) -> None:
    left, right = (oblique_trap(preset=case, side=side) for side in OTHER)
    assert (left.straight.grade, left.square.grade) == (right.straight.grade, right.square.grade)
    assert right.neck.side == "right"
    for app in (left, right):
        app.close()


@pytest.mark.parametrize("name", ["room-against-severity", "facet-share"])
def test_a_chart_of_the_right_says_what_the_left_says(name: str) -> None:
    told = [sideless(describe("chart", name, side=side)) for side in OTHER]
    unnumbered = [re.sub(r"\d+(?:\.\d+)?", "#", text) for text in told]
    assert unnumbered[0] == unnumbered[1]
    assert numbers(told[0]) == pytest.approx(numbers(told[1]), rel=0.03, abs=1.01)


@pytest.mark.parametrize("name", patients())
def test_a_patient_is_on_one_side_in_every_app(name: str) -> None:
    person = load_patient(name)
    if not person.lesions:
        return
    wanted = {one.side for one in person.model_lesions() if one.kind.sides}
    apps: list[Any] = [scan(patient=name), operate(patient=name), causes(patient=name)]
    apps += [oblique_trap(patient=name)] if person.level.startswith("C") else []
    states = [app.neck if hasattr(app, "neck") else app.state for app in apps]
    for app, state in zip(apps, states, strict=True):
        plain = state if isinstance(state, dict) else asdict(state)
        assert (plain["level"], plain["side"]) == (person.level, person.side)
        app.close()
    assert wanted <= {person.side}


def test_questions_and_predictions_keep_their_lesions_in_the_explorer() -> None:
    asked = [item.state for lesson in range(1, 9) for item in items(f"{lesson:02d}")]
    asked += [state for one in predictions().values() for state in (one.before, one.after)]
    with_lesions = [state for state in asked if state.lesions]
    assert with_lesions
    for state in with_lesions:
        app = explorer(state.level, side=state.side, lesions=state.lesions)
        app.controls["flexion"].value = 1.0
        assert app.state["lesions"] == state.lesions
        assert [one.written for one in app.shown.segment.lesions] == list(state.lesions)
        app.close()


# -- one control, one field

AT_WORK: dict[str, Any] = {
    "level": "L4/5", "side": "right", "plane": "oblique:20", "build": "large", "flexion": 3.0, "bend": 1.0,
    "rotation": -0.5, "disc_loss": 1.0, "lesions": ("facet_hypertrophy=2", "bulge=1.5"), "focus": "ganglion.right",
}  # fmt: skip


def values_of(control: Any) -> list[Any]:
    """Give values that a control can be moved to."""
    if isinstance(control, Toggle):
        return [not control.value]
    if isinstance(control, Slider):
        return [control.min, control.max, (control.min + control.max) / 2]
    return list(control.values) if isinstance(control, Choice) else []


def check(app: Any, name: str, own: set[str], state: Callable[[], dict[str, Any]], said: Callable[[], str]) -> None:
    """Move one control everywhere and back; what else changes is said in a sentence."""
    for value in values_of(app.controls[name]):
        before = state()
        control = app.controls[name]
        if isinstance(control, Slider):
            control.value = min(max(value, control.min), control.max)
        elif value in values_of(control):  # else it was offered only while things were so
            control.value = value
        after = state()
        changed = {key for key in before if before[key] != after[key]} - own
        words = said()
        told = {
            "lesions": ("left behind", "without", "takes no", "stays there"),
            "flexion": ("eased", "limit", "flexion"),
        }
        for key in changed:
            marks = told.get(key, ("eased", "limit"))
            assert any(mark in words.lower() for mark in marks), (name, value, key, before[key], after[key], words)


@pytest.mark.parametrize(
    "control", ["side", "plane", "angle", "flexion", "bend", "rotation", "disc_loss", "build", "level"]
)
def test_a_control_of_the_explorer_moves_its_own_field(control: str) -> None:
    app = explorer(**AT_WORK)
    # What is pointed at is the same structure on the side in view.
    own = {"angle": {"plane"}, "side": {"side", "focus"}}.get(control, {control})
    check(app, control, own, lambda: app.state, lambda: app.view.sentence + app.view.message)
    app.close()


@pytest.mark.parametrize("preset", ["flexed", "turned", "disc-half-lost", "neutral"])
def test_a_preset_of_the_explorer_sets_posture_alone(preset: str) -> None:
    app = explorer(**AT_WORK)
    before = app.state
    app.preset(preset)
    changed = {key for key in before if before[key] != app.state[key]}
    assert changed <= {"flexion", "bend", "rotation", "disc_loss"}
    app.close()


@pytest.mark.parametrize(
    "control",
    ["sequence", "side", "plane", "angle", "thickness", "noise", "width", "middle", "disc_loss", "lesions", "level"],
)
def test_a_control_of_the_scan_moves_its_own_field(control: str) -> None:
    posture = {name: AT_WORK[name] for name in ("flexion", "bend", "rotation", "disc_loss", "plane")}
    app = scan("L4/5", side="right", lesions=AT_WORK["lesions"], seed=7, view=1.5, window=(80, 40), **posture)
    own = {"angle": {"plane"}, "width": {"window"}, "middle": {"window"}, "sequence": {"sequence", "window"}}
    check(app, control, own.get(control, {control}), lambda: app.state, lambda: app.view.sentence + app.view.message)
    app.close()


@pytest.mark.parametrize("control", ["side", "plane", "flexion", "mm", "where", "zone", "level", "lesion"])
def test_a_control_of_the_causes_moves_its_own_field(control: str) -> None:
    app = causes("L4/5", side="right", lesion="herniation", mm=3.0, zone="subarticular", flexion=-2,
                 kept=("facet_hypertrophy=2", "disc_height_loss=1"))  # fmt: skip
    own = {"lesion": {"lesion", "mm", "zone", "where", "wear"}}.get(control, {control})

    def said() -> str:
        return str(app.view.sentence) + str(app.view.message)

    first = app.controls[control].value
    for value in [*values_of(app.controls[control]), first]:
        before = app.state
        app.controls[control].value = value
        changed = {key for key in before if before[key] != app.state[key]} - own
        assert not changed or "takes no" in said(), (control, value, changed, said())
    assert [one.side for one in app.now.cause.lesions() if one.kind.sides and one.key.startswith("facet")] != ["left"]
    app.close()


@pytest.mark.parametrize("control", ["side", "mm", "angle", "level", "kind"])
@pytest.mark.parametrize("start", [{"patient": "helen-osei"}, {"lesions": "herniation=3,zone=subarticular"}])
def test_a_control_of_the_trap_moves_its_own_field(control: str, start: dict[str, Any]) -> None:
    app = oblique_trap("C6/7", angle=10, side="right", **start)
    own = {"mm": {"lesions"}, "kind": {"lesions", "angle"}, "level": {"level", "angle"}}.get(control, {control})
    if control != "mm" or len(app.neck.lesions) == 1:
        check(app, control, own, lambda: app.state, lambda: app.view.sentence + app.view.message)
    app.close()


@pytest.mark.parametrize("which", ["left", "right"])
@pytest.mark.parametrize("control", ["side", "build", "flexion", "disc_loss", "level"])
def test_a_control_of_compare_moves_its_own_field_of_its_own_picture(which: str, control: str) -> None:
    app = compare({**AT_WORK}, {**AT_WORK, "level": "L5/S1", "side": "left"})
    other = OTHER[which]
    before = app.state[other]
    check(
        app, f"{which}.{control}", {control}, lambda: app.state[which], lambda: app.table.page["sentence"] + app.message
    )
    assert app.state[other] == before
    app.close()


def test_a_pair_of_compare_keeps_what_it_does_not_set() -> None:
    app = compare({**AT_WORK, "plane": "foramen"}, "L4/5")
    lesions = app.state["left"]["lesions"]
    for name in ("posture", "disc", "build", "bend"):
        app.preset(name)
        assert app.state["left"]["lesions"] == app.state["right"]["lesions"] == lesions
    app.preset("regions")
    assert app.state["right"]["lesions"] == lesions
    assert not app.message
    app.close()


@pytest.mark.parametrize("patient", ["tomas-lindqvist", "ruth-adeyemi"])
def test_another_level_leaves_a_patients_narrowing_behind_and_says_so(patient: str) -> None:
    app = operate(patient=patient)
    person = load_patient(patient)
    app.do()
    app.do()
    app.controls["level"].value = "C5/6" if person.level.startswith("C") else "L4/5"
    sided = [one for one in read_lesions(app.state.lesions, app.state.side) if one.kind.sides]
    assert app.state.side == person.side
    assert {one.side for one in sided} == {person.side}
    assert "stays there" in app.view.sentence
    assert "not the patient's level" in app.view.sentence
    assert not app.state.patient
    app.controls["level"].value = person.level
    assert app.state.patient == person.id
    assert app.state.lesions == person.lesion_texts()
    assert "own narrowing" in app.view.sentence
    app.close()


def test_operating_on_the_other_side_of_a_patient_is_called_the_wrong_side() -> None:
    app = operate(patient="ruth-adeyemi")
    before = app.state.lesions
    app.controls["side"].value = "left"
    assert app.state.lesions == before
    assert "lies on the right" in app.state.astray
    assert "lies on the right" in app.describe()
    assert "→" not in app.view.sentence
    app.controls["side"].value = "right"
    assert not app.state.astray
    app.close()


def test_an_operation_for_another_root_than_the_touched_one_says_so() -> None:
    app = operate(patient="ruth-adeyemi")
    assert not app.state.astray
    app.set(approach="interlaminar")
    assert app.state.astray.startswith("Another root: in the model L5 is touched; this operation frees S1")
    assert "Another root" in app.describe()
    app.close()


def test_the_command_says_the_wrong_side_and_what_was_taken(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["operate", "L5/S1", "--approach", "wiltse", "--side", "right"]
    assert cli.main([*asked, "--lesion", "facet_hypertrophy=3,side=left"]) == 0
    assert "Wrong side: what narrows one side lies on the left" in capsys.readouterr().out
    asked = ["operate", "C6/7", "--approach", "posterior-open", "--side", "right", "--lesion", "herniation=4"]
    assert cli.main(asked) == 0
    assert "Done: the way in, keyhole 40 %, ligament and capsule, the herniation in front." in capsys.readouterr().out


def test_the_side_of_a_usual_narrowing_follows_the_operation() -> None:
    app = operate("C5/6")
    app.controls["side"].value = "right"
    assert {one.side for one in read_lesions(app.state.lesions, "right") if one.kind.sides} == {"right"}
    assert "→" not in app.view.sentence
    app.close()


def test_work_that_is_left_behind_is_said() -> None:
    app = operate("C5/6")
    for _ in range(4):
        app.do()
    assert app.state.done
    app.controls["side"].value = "right"
    assert "left behind" in app.view.sentence
    app.close()


def test_the_solid_view_keeps_posture_lesions_and_build_at_another_level() -> None:
    app = solid(
        "C5/6",
        side="right",
        flexion=4,
        disc_loss=1,
        build="large",
        lesions=("facet_hypertrophy=2", "uncovertebral_osteophyte=2"),
    )
    app.controls["level"].value = "C6/7"
    segment = app.segment
    assert (segment.posture.flexion, segment.disc_loss, segment.build) == (4, 1, "large")
    assert [one.side for one in segment.lesions] == ["right", "right"]
    app.controls["level"].value = "L4/5"
    assert [one.key for one in app.segment.lesions] == ["facet_hypertrophy"]
    assert "Left behind" in app.still.sentence
    app.close()


def test_the_solid_view_follows_the_side_of_its_explorer() -> None:
    leader = explorer("C5/6", plane="axial-disc")
    follower = solid(explorer=leader)
    leader.controls["side"].value = "right"
    assert follower.controls["side"].value == "right"
    assert "right" in follower.describe()
    leader.controls["flexion"].value = 2.0
    follower.controls["side"].value = "left"  # the reader's own choice holds until the explorer is turned again
    leader.controls["flexion"].value = 3.0
    assert follower.controls["side"].value == "left"
    follower.close()
    leader.close()


# -- a lower disc is named once


@pytest.mark.parametrize(
    "given",
    [
        {"lesions": ("disc_height_loss=1", "disc_height_loss=2")},
        {"lesions": ("disc_height_loss=1",), "disc_loss": 2.0},
    ],
)
@pytest.mark.parametrize("name", ["explorer", "scan", "solid"])
def test_a_lower_disc_named_twice_is_refused_everywhere(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="named twice"):
        APPS[name]("C5/6", **given)


def test_a_lower_disc_named_twice_is_refused_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["measure", "C5/6", "--disc-loss", "1", "--lesion", "disc_height_loss=2"]) == 2
    assert "named twice" in capsys.readouterr().err
    made: list[tuple[str, Callable[..., Any]]] = [("kept", causes), ("lesions", oblique_trap), ("lesions", operate)]
    for key, app in made:
        with pytest.raises(InvalidInput, match="named twice"):
            app("C5/6", **{key: ("disc_height_loss=1", "disc_height_loss=2")})


@pytest.mark.parametrize("name", ["explorer", "scan", "solid"])
def test_a_lower_disc_written_as_a_lesion_is_the_sliders(name: str) -> None:
    app = APPS[name]("C5/6", lesions=["disc_height_loss=2"])
    if name != "solid":
        assert app.controls["disc_loss"].value == 2.0
        app.controls["side"].value = "right"
    segment = app.segment if name == "solid" else app.shown.segment if name == "explorer" else app.seen.segment
    assert segment.disc_loss == 2.0
    app.close()


@pytest.mark.parametrize("level", MODELLED)
def test_an_explicit_side_is_kept_by_all(level: str) -> None:
    text = "flavum_thickening=1,side=right"
    assert [one.side for one in ModelState(level, "left", lesions=(text,)).found()] == ["right"]
    assert explorer(level, side="left", lesions=text).state["lesions"] == (text,)
    if level.startswith("C"):
        trap = oblique_trap(level, side="left", lesions=text)
        assert trap.state["lesions"] == (text,)
        assert "lies on the right" in trap.neck.elsewhere or trap.neck.elsewhere == "right"
        trap.close()
