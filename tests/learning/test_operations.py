"""Operations as data and the engine that walks through them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, look_up, seed_claims
from foramlib.learning.operating import Deed, Operating, amount_words, begin, kept, read_state, whole_operation
from foramlib.learning.operations import EFFECTS, operation, operations, operations_for, read_operation
from foramlib.spine.muscles import CORRIDORS
from foramlib.spine.surgery.gauges import APPROACHES
from foramlib.spine.surgery.presets import PRESETS

if TYPE_CHECKING:
    from pathlib import Path

NECK = ("facet_hypertrophy=3", "disc_height_loss=1")
EVERY = tuple(operations())


def neck(**changes: object) -> Operating:
    return begin("C5/6", "posterior-open", "left", NECK, **changes)  # type: ignore[arg-type]


def opened() -> Operating:
    return neck().doing(Deed("corridor"))


# The data -------------------------------------------------------------------------------------


TOLD = (*((name, None) for name in EVERY), *((name, "L5/S1") for name in operations_for("lumbar")))
"""Every operation, and those of the low back in the words of the level with an anatomy of its own."""


@pytest.mark.parametrize(("name", "level"), TOLD)
def test_every_step_and_every_choice_says_what_it_rests_on(name: str, level: str | None) -> None:
    found = operation(name, level)
    assert len(found.steps) >= 10
    for step in found.steps:
        assert step.sources or step.teaching
        assert step.wrong
        for row in (*step.sources, *(row for one in step.wrong for row in one.sources)):
            assert cite(row).text
        for one in step.wrong:
            assert one.sources or one.teaching
            assert one.effect is None or one.effect.do in EFFECTS


@pytest.mark.parametrize("name", EVERY)
def test_the_model_knows_what_an_operation_asks_of_it(name: str) -> None:
    found = operation(name)
    assert (found.region, found.corridor) in CORRIDORS
    assert found.view in APPROACHES
    assert all(PRESETS[bone][0] == found.region for bone in found.bone)
    assert {"corridor", "bone", "flavum", "ventral"} <= {step.act for step in found.steps}


@pytest.mark.parametrize(("name", "level"), TOLD)
def test_no_number_stands_in_a_step_but_as_a_link_to_its_evidence(name: str, level: str | None) -> None:
    for step in operation(name, level).steps:
        for text in step.prose:
            for shown, row in re.findall(r"\[([^\]]+)\]\(\{([AP]:[^}]+)\}\)", text):
                assert all(number in str(look_up(row)) for number in re.findall(r"[\d.]+", shown))
            # What links to the model, a patient or a search is compared by the content lint.
            assert not re.search(r"\d", re.sub(r"\[[^\]]+\]\((?:\{[^}]+\}|#[^)]*)\)|\b[CTLS]\d\b", "", text))


def test_each_leaflet_claim_is_one_that_has_been_judged() -> None:
    told = {one.id for found in operations().values() for step in found.steps for one in step.leaflets}
    assert told <= set(seed_claims())
    # What leaflets say of the operation itself stands somewhere: laser, anaesthesia, access, stability, fusion.
    assert {"S3-14", "S3-12", "S0-04", "S0-01", "S0-07", "S0-09", "S4-09", "S3-16", "S0-06", "S4-08"} <= told


def words_of(name: str, level: str) -> str:
    return " ".join(text for step in operation(name, level).steps for text in step.prose)


@pytest.mark.parametrize("name", ["wiltse", "lumbar-tubular"])
def test_no_second_transverse_process_is_looked_for_above_the_sacrum(name: str) -> None:
    last, higher = words_of(name, "L5/S1"), words_of(name, "L4/5")
    assert not re.search(r"transverse processes|lower transverse process", last)
    for landmark in ("sacral ala", "the iliac crest ", "lumbosacral ligament", "far-out syndrome"):
        assert landmark in last
        assert landmark not in higher
    assert "lower transverse process" in higher
    assert "P:P38" in operation(name).evidence


def test_the_iliac_crest_stands_in_the_way_of_the_endoscope_at_the_last_level_only() -> None:
    assert "iliac crest stands beside this level" in words_of("transforaminal", "L5/S1")
    assert "iliac crest stands beside this level" not in words_of("transforaminal", "L3/4")


def test_the_operation_of_a_level_is_told_in_its_words() -> None:
    last = begin("L5/S1", "wiltse", "right").operation
    assert last == operation("wiltse", "L5/S1") != operation("wiltse")
    assert [step.id for step in last.steps] == [step.id for step in operation("wiltse").steps]
    assert [step.act for step in last.steps] == [step.act for step in operation("wiltse").steps]
    assert begin("L4/5", "wiltse").operation == operation("wiltse")


@pytest.mark.parametrize("name", ["wiltse", "lumbar-tubular"])
def test_a_lost_pars_is_told_with_the_study_that_speaks_against_it(name: str) -> None:
    lost = next(one for one in operation(name).step("bone").wrong if one.id == "pars-lost")
    assert {"P:P15", "P:P37"} <= set(lost.sources)
    assert "did not raise rotation significantly" in lost.because


def test_a_broken_pars_costs_the_joint_below_its_hold() -> None:
    broken = next(one for one in operation("interlaminar").step("landmark").wrong if one.id == "pars")
    assert "joint below" in broken.consequence
    assert "joint above" not in broken.consequence + broken.because


def test_the_level_is_numbered_on_the_scan_and_found_again_in_theatre() -> None:
    for name in operations_for("lumbar"):
        step = operation(name).step("level")
        assert "numbering from the scan" in step.right
        assert "P:P43" in step.sources


def test_both_sides_stand_beside_the_half_facet_limit() -> None:
    for name in operations_for("cervical"):
        step = operation(name).step("bone")
        past = next(one for one in step.wrong if one.id == "past-half")
        assert {"P:P11", "P:P12"} <= set(past.sources)
        assert {"P:P11", "P:P12"} <= set(step.sources)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ask: How do you reach the facet?", "", "'ask' must be text"),
        ("A midline cut, and", "A cut of 5 cm, and", "names no evidence"),
        ("A midline cut, and", "A cut, [no trial]({S:99}), and", "no search 'S:99'"),
        ("act: corridor", "act: sing", "'sing' is not known"),
        ('"P:E31"', '"P:P01"', "unconfirmed"),
        ("S0-01", "S9-01", "no judged claim 'S9-01'"),
        ("corridor: midline", "corridor: tunnel", "'tunnel'"),
        ("shared: neck-level", "shared: moon-level", "moon-level"),
        ("    act: corridor", "    at: {C5-6: {see: Bone.}}", "write the level as C5/6"),
        ("    act: corridor", "    at: {C5/6: {smell: Bone.}}", "'smell' is not known"),
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(old: str, new: str, said: str) -> None:
    text = data_path("operations", "posterior-open.yaml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(InvalidInput, match=said):
        read_operation(text.replace(old, new), "data/operations/posterior-open.yaml")


def test_a_step_may_rest_on_the_model_or_on_a_search() -> None:
    text = data_path("operations", "posterior-open.yaml").read_text(encoding="utf-8")
    linked = "A cut for [C7](#model 'model · roots touched · C6/7 left'), [no trial]({S:02}), and".replace("'", '"')
    found = read_operation(text.replace("A midline cut, and", linked), "data/operations/posterior-open.yaml")
    assert any(linked in step.right for step in found.steps)


# The engine -----------------------------------------------------------------------------------


def test_an_operation_frees_the_root_step_by_step() -> None:
    start = neck()
    done = whole_operation(start)
    before, after = start.read_before(), done.read()
    assert [deed.kind for deed in done.done] == ["corridor", "bone", "flavum"]
    assert after.exposed_mm > before.exposed_mm + 4
    assert after.room_mm2 > 2 * before.room_mm2
    assert 0.5 < after.facet_left < 0.7
    assert after.roots[0].contact < 0.25 * before.roots[0].contact


def test_a_soft_disc_goes_in_its_own_step() -> None:
    start = begin("C6/7", "posterior-open", "right", ["herniation=4,zone=foraminal,side=right"])
    done = whole_operation(start)
    assert done.done[-1] == Deed("ventral", "herniation")
    assert not any(wall.startswith("herniation") for wall in done.read().roots[0].walls)


DEEDS = st.sampled_from(
    [
        Deed("corridor"),
        Deed("bone", "keyhole", 0.3),
        Deed("bone", "keyhole", 0.6),
        Deed("flavum"),
        Deed("stroke", radius=1.0, spot=(12.0, 14.0, 0.0)),
        Deed("ventral", "herniation"),
    ]
)


def test_what_is_done_again_later_is_kept_in_its_order() -> None:
    state = neck().doing(Deed("corridor")).doing(Deed("bone", "keyhole", 0.3))
    assert state.doing(Deed("corridor")) == state, "a way that is open is not opened again"
    assert state.doing(Deed("bone", "keyhole", 0.4)).done[1:] == (Deed("bone", "keyhole", 0.4),)
    later = state.doing(Deed("flavum")).doing(Deed("bone", "keyhole", 0.6))
    assert later.share == 0.6
    assert read_state(later.as_dict()) == later
    assert later.undoing().share == 0.3
    assert later.read() == state.doing(Deed("bone", "keyhole", 0.6)).doing(Deed("flavum")).read()


@settings(max_examples=12, deadline=None)
@example([Deed("corridor"), Deed("bone", "keyhole", 0.3), Deed("corridor")])
@example([Deed("corridor"), Deed("bone", "keyhole", 0.3), Deed("flavum"), Deed("bone", "keyhole", 0.6)])
@given(st.lists(st.one_of(DEEDS, st.sampled_from(["undo", "redo"])), max_size=8))
def test_any_sequence_can_be_undone_redone_and_kept(sequence: list[Deed | str]) -> None:
    state = neck()
    for one in sequence:
        try:
            state = state.undoing() if one == "undo" else state.redoing() if one == "redo" else state.doing(one)  # type: ignore[arg-type]
        except InvalidInput:
            continue
        assert read_state(json.loads(json.dumps(state.as_dict()))) == state
    count = len(state.done)
    back = state
    for _ in range(count):
        back = back.undoing()
    assert back.done == ()
    for _ in range(count):
        back = back.redoing()
    assert back.done == state.done


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (Deed("bone", "lateral_pars", 0.5), "does not take 'lateral_pars'"),
        (Deed("bone", "keyhole", 3.0), "from 0 to 1"),
        (Deed("stroke", radius=9.0, spot=(12.0, 14.0, 0.0)), "does not pass through this way"),
        (Deed("stroke", radius=1.0, spot=(90.0, 90.0, 90.0)), "meets no bone"),
        (Deed("stroke", radius=1.0), "a point of three numbers"),
        (Deed("flavum"), "Take bone first"),
        (Deed("sing"), "nothing like 'sing'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(deed: Deed, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        opened().doing(deed)


def test_nothing_is_reached_through_skin() -> None:
    with pytest.raises(InvalidInput, match="Open the way"):
        neck().doing(Deed("bone", "keyhole", 0.4))


@pytest.mark.parametrize(
    ("level", "approach", "said"),
    [
        ("C5/6", "wiltse", "is not done at C5/6"),
        ("L4/5", "posterior-open", "is not done at L4/5"),
        ("C5/6", "magic", "no operation 'magic'"),
    ],
)
def test_level_and_approach_must_go_together(level: str, approach: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        begin(level, approach)


def test_a_damaged_file_is_kept_aside(tmp_path: Path) -> None:
    state = opened()
    file = state.save(tmp_path)
    assert kept(neck(), tmp_path) == state
    file.write_text('{"version": 1, "level": "C5/6"', encoding="utf-8")
    again = kept(neck(), tmp_path)
    assert again == neck()
    aside = again.file.replace(".json", ".damaged-1.json")
    assert aside.startswith("operation-C5-6-left-posterior-open-")
    assert f"kept as {aside}" in again.remark
    assert (tmp_path / aside).exists()


def test_another_operation_is_kept_in_another_file(tmp_path: Path) -> None:
    base = begin("C5/6", lesions=["facet_hypertrophy=3"])
    others = [
        begin("C6/7", lesions=base.lesions),
        begin("C5/6", "posterior-tubular", lesions=base.lesions),
        begin("C5/6", side="right", lesions=base.lesions),
        begin("C5/6", lesions=["facet_hypertrophy=4"]),
        begin("C5/6", lesions=base.lesions, mode="test"),
        begin("C5/6", lesions=base.lesions, patient="helen-osei"),
    ]
    files = [one.doing(Deed("corridor")).save(tmp_path) for one in (base, *others)]
    assert len(set(files)) == len(files)
    assert all(kept(one, tmp_path).done for one in (base, *others))
    for one in (base, *others):
        again = kept(one, tmp_path)
        assert (again.level, again.side, again.approach, again.lesions) == (
            one.level,
            one.side,
            one.approach,
            one.lesions,
        )
    assert base.doing(Deed("corridor")).file == base.file, "what is done does not change whose it is"


@pytest.mark.parametrize("broken", [{"version": 7}, {"version": 1}, [], {"version": 1, "level": 3, "approach": None}])
def test_data_that_are_no_operation_are_refused(broken: object) -> None:
    with pytest.raises(InvalidInput):
        read_state(broken)


# Test mode ------------------------------------------------------------------------------------


def test_all_choices_right_is_a_full_score() -> None:
    state = neck(mode="test")
    while state.due:
        state = state.answering(state.due)
    score = state.score()
    assert (score.points, score.reasons) == (score.of, ())
    assert state.has("bone")
    with pytest.raises(InvalidInput, match="is over"):
        state.answering("bone")


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["posterior-open", "wiltse"])
def test_every_wrong_choice_costs_a_point_and_says_why(name: str) -> None:
    level = "C5/6" if operation(name).region == "cervical" else "L4/5"
    for step in operation(name).steps:
        for one in step.wrong:
            state = begin(level, name, mode="test")
            while state.due != step.id:
                state = state.answering(state.due)
            state = state.answering(step.id, one.id).answering(step.id)
            assert state.score().points < state.score().of
            assert f"{step.title.rstrip('?')}: {one.because}" in state.score().reasons


def test_a_step_out_of_order_costs_a_point() -> None:
    state = neck(mode="test").answering("bone").answering("indication")
    assert state.score().points == 0
    assert state.score().reasons == ("Bone removal came before Who is it for.",)
    assert not state.done


def test_wrong_choices_are_measured_in_the_model() -> None:
    state = neck()
    right = whole_operation(state).read()
    found = {
        one.id: state.measured(one.effect)
        for step in state.operation.steps
        for one in step.wrong
        if one.effect and one.effect.do != "artery"
    }
    for missed in ("wrong-level", "wrong-side"):
        assert found[missed] is not None
        assert found[missed].room_mm2 == pytest.approx(state.read_before().room_mm2, abs=0.01)  # type: ignore[union-attr]
    assert found["too-little"].exposed_mm < right.exposed_mm  # type: ignore[union-attr]
    assert found["past-half"].past_half  # type: ignore[union-attr]
    assert amount_words(found["past-half"])  # type: ignore[arg-type]
    assert found["leave-ligament"].roots[0].contact >= right.roots[0].contact  # type: ignore[union-attr]
