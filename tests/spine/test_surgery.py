"""Surgery in the model: bone goes where the tool goes, the root gets what room that gives, and gauges say so."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.spine import Segment, cut, lesion
from foramlib.spine.foramen import measure_section
from foramlib.spine.lattice import Points
from foramlib.spine.planes import Plane
from foramlib.spine.room import room_shares, root_states
from foramlib.spine.surgery.gauges import Gauges, facet_width_left, gauges
from foramlib.spine.surgery.presets import PRESETS, removal
from foramlib.spine.surgery.steps import BoneRemoval, Carved, SoftRemoval, Strokes
from foramlib.spine.surgery.tools import Tool, stroke

NECK = (lesion("disc_height_loss", 1.0), lesion("facet_hypertrophy", 3.0, "left"))
BACK = (lesion("facet_hypertrophy", 3.0, "left"), lesion("disc_height_loss", 3.0))
LOW_BACK = tuple(name for name, (region, _) in PRESETS.items() if region == "lumbar")


@lru_cache
def narrow(level: str = "C5/6") -> Segment:
    return Segment.at(level).with_lesions(*(NECK if level[0] == "C" else BACK))


@lru_cache
def opened(name: str, share: float, level: str = "C5/6", side: str = "left") -> Segment:
    return narrow(level).after(removal(narrow(level), name, side, share))


@lru_cache
def read(name: str, share: float, level: str = "C5/6") -> Gauges:
    return gauges(opened(name, share, level))


def rooms(segment: Segment, side: str = "left") -> np.ndarray:
    return np.concatenate([room_shares(segment, root) for (_, where), root in segment.roots.items() if where == side])


# The cut --------------------------------------------------------------------------------------


def test_the_grid_of_strokes_tells_distance_from_a_rod() -> None:
    rod = Strokes(((0.0, 0.0, 0.0),), ((6.0, 0.0, 0.0),), 1.5)
    spots = np.random.default_rng(3).uniform(-3.5, 3.5, (400, 3)) + np.array([3.0, 0.0, 0.0])
    share = np.clip(spots[:, :1] / 6.0, 0.0, 1.0)
    exact = np.linalg.norm(spots - share * (6.0, 0.0, 0.0), axis=1) - 1.5
    near = exact < 2.0
    assert rod.field(Points(spots))[near] == pytest.approx(exact[near], abs=0.12)


def test_a_punch_is_square() -> None:
    bite = Strokes(((0.0, 0.0, 0.0),), ((0.0, 0.0, 0.0),), 1.0, square=True)
    inside = bite.field(Points(np.array([[0.8, 0.8, 0.8], [1.2, 0.0, 0.0]])))
    assert inside[0] < 0 < inside[1]


def test_strokes_drawn_one_by_one_are_the_same_as_all_at_once() -> None:
    spots = [(float(x), 0.5 * x, 0.0) for x in range(6)]
    singles = tuple(Strokes((spot,), (spot,), 1.0) for spot in spots)
    together = Strokes(tuple(spots), tuple(spots), 1.0)
    where = Points(np.random.default_rng(1).uniform(-1.0, 6.0, (300, 3)))
    drawn, at_once = Carved(singles).field(where), Carved((together,)).field(where)
    near = at_once < 2.0
    assert drawn[near] == pytest.approx(at_once[near], abs=1e-5)


def test_bone_is_gone_where_the_tool_has_been_and_stays_elsewhere() -> None:
    before, after = narrow(), opened("keyhole", 0.5)
    step = after.steps[0]
    assert isinstance(step, BoneRemoval)
    spots = np.array([*step.strokes[0].starts, *step.strokes[0].ends])
    assert all((bone.whole.field(Points(spots)) > 0).all() for bone in after.bones)
    far = Points(np.array([[-15.0, 14.0, 4.0], [0.0, -3.0, 8.0], [0.0, -3.0, -8.0]]))
    for old, new in zip(before.bones, after.bones, strict=True):
        assert new.whole.field(far) == pytest.approx(old.whole.field(far))


def test_the_bone_that_is_gone_is_shown_as_a_ghost_on_its_side() -> None:
    after = opened("keyhole", 0.5, side="right")
    outlines = cut(after, Plane.named("axial-disc", after, "right")).outlines
    assert outlines["removed_bone.right"].area > 5.0
    assert outlines["removed_bone.right"].centroid.x < 0
    assert "removed_bone.left" not in outlines


def test_undo_gives_back_the_segment() -> None:
    assert opened("keyhole", 0.5).unoperated == narrow()


# More is never less ---------------------------------------------------------------------------


def test_more_facet_removed_never_exposes_less_root_nor_leaves_less_room() -> None:
    shares = (0.1, 0.3, 0.5, 0.8)
    found = [read("keyhole", share) for share in shares]
    exposed, room, facet = ([getattr(one, name) for one in found] for name in ("exposed_mm", "room_mm2", "facet_left"))
    assert exposed == sorted(exposed)
    assert room == pytest.approx(sorted(room), abs=0.4)
    assert facet == sorted(facet, reverse=True)
    assert exposed[-1] > found[0].exposed_before_mm + 4.0
    assert room[-1] > 1.5 * found[0].room_before_mm2


@pytest.mark.thorough
@pytest.mark.parametrize("name", LOW_BACK)
def test_more_bone_never_leaves_less_room_in_the_low_back(name: str) -> None:
    before = rooms(narrow("L4/5"))
    for share in (0.3, 0.6, 0.9):
        after = rooms(opened(name, share, "L4/5"))
        assert (after >= before - 1e-9).all()
        before = np.minimum(before, after)


@pytest.mark.thorough
@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(10, 18), st.floats(6, 20), st.floats(-4, 4)), min_size=1, max_size=4))
def test_any_stroke_never_takes_room(path: list[tuple[float, float, float]]) -> None:
    try:
        step = stroke(narrow(), "left", Tool("burr", 1.5), path)
    except InvalidInput:
        return
    assert (rooms(narrow().after(step)) >= rooms(narrow()) - 1e-9).all()


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_keyhole_takes_the_share_of_the_facet_that_was_asked_for(share: float) -> None:
    assert 1.0 - read("keyhole", share).facet_left == pytest.approx(share, abs=0.08)
    assert facet_width_left(opened("keyhole", share), "right") == 1.0


def test_a_keyhole_takes_bone_behind_the_root_and_none_in_front_of_it() -> None:
    front = narrow().roots["exiting", "left"]
    ahead = np.minimum(front.course.places[:, 1], front.places[:, 1]) - front.course.radii
    step = removal(narrow(), "keyhole", "left", 0.7)
    for cut_ in step.strokes:
        spots = np.array([*cut_.starts, *cut_.ends])
        least = np.interp(spots[:, 0], front.course.places[:, 0], ahead)
        assert (spots[:, 1] - cut_.radius >= least - 1e-6).all()


def test_the_root_is_covered_from_behind_by_the_spur_as_well() -> None:
    plain, spurred = Segment.at("C5/6"), narrow()
    assert gauges(spurred).exposed_before_mm <= gauges(plain).exposed_before_mm


def test_the_half_facet_limit_is_noticed() -> None:
    assert not read("keyhole", 0.3).past_half
    assert read("keyhole", 0.8).past_half


# What it does and does not free ---------------------------------------------------------------


def freed(segment: Segment, *soft: str) -> Segment:
    return segment.after(*(SoftRemoval(what, "left") for what in soft))


def test_a_complete_keyhole_frees_the_root_from_a_severe_bony_stenosis() -> None:
    before = root_states(narrow())[0]
    after = root_states(freed(opened("keyhole", 0.5), "flavum", "capsule"))[0]
    assert before.contact >= 0.5
    assert not after.hit
    assert after.room > 0.85
    assert not after.changed


def test_bone_removal_from_behind_does_not_free_the_root_from_a_soft_disc_in_front() -> None:
    soft = Segment.at("C6/7").with_lesions(lesion("herniation", 4.0, "left"))
    opened_up = freed(soft.after(removal(soft, "keyhole", "left", 0.5)), "flavum", "capsule")
    state = root_states(opened_up)[0]
    assert any(wall.startswith("herniation") for wall in state.walls)
    # The pressure point has moved: what lay behind the root no longer touches it.
    assert any(wall.startswith("capsule") for wall in root_states(soft)[0].walls)
    assert not any(wall.startswith(("capsule", "flavum")) for wall in state.walls)
    cleared = root_states(freed(opened_up, "herniation"))[0]
    assert not any(wall.startswith("herniation") for wall in cleared.walls)
    assert cleared.room > state.room


def test_taking_part_of_a_fragment_leaves_the_rest() -> None:
    soft = Segment.at("L4/5").with_lesions(lesion("herniation", 6.0, side="both"))
    half = soft.after(SoftRemoval("herniation", "left", 0.5))
    amounts = {growth.side: growth.shape.box.high[1] for growth in half.growths}
    assert amounts["left"] < amounts["right"]


# Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "name", "share", "said"),
    [
        ("C5/6", "lateral_pars", 0.5, "does not belong to C5/6"),
        ("L4/5", "keyhole", 0.5, "does not belong to L4/5"),
        ("C5/6", "magic", 0.5, "no bone removal 'magic'"),
        ("C5/6", "keyhole", 1.5, "from 0 to 1"),
        ("C5/6", "keyhole", float("nan"), "from 0 to 1"),
    ],
)
def test_a_removal_that_does_not_fit_is_refused_in_a_sentence(level: str, name: str, share: float, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        removal(Segment.at(level), name, "left", share)


@pytest.mark.parametrize(
    ("tool", "path", "said"),
    [
        (Tool("spoon"), [(14.0, 12.0, 0.0)], "no tool 'spoon'"),
        (Tool("burr", 9.0), [(14.0, 12.0, 0.0)], "0.5 to 4 mm"),
        (Tool(), [(90.0, 90.0, 90.0)], "meets no bone"),
        (Tool(), [], "list of points"),
        (Tool(), [(1.0, 2.0)], "list of points"),
        (Tool(), [(1.0, 2.0, float("inf"))], "list of points"),
    ],
)
def test_a_stroke_that_cannot_be_is_refused_in_a_sentence(tool: Tool, path: list[tuple[float, ...]], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        stroke(Segment.at("C5/6"), "left", tool, path)


@pytest.mark.parametrize(
    "step", [SoftRemoval("nerve", "left"), SoftRemoval("flavum", "left", 3.0), SoftRemoval("flavum", "up")]
)
def test_a_step_that_cannot_be_is_refused(step: SoftRemoval) -> None:
    with pytest.raises(InvalidInput):
        Segment.at("C5/6").after(step)


def test_a_foramen_with_a_window_in_its_wall_is_not_sized() -> None:
    after = opened("keyhole", 0.5)
    plane = Plane.named("foramen", after, "left")
    assert measure_section(after, cut(after, plane)).bony is None
    assert measure_section(after, cut(after, Plane.named("foramen", after, "right"))).bony is not None
