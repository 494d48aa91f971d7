"""Posture: every angle moves the upper vertebra the way its name says, and the lower one never moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from foramlib.spine import MODELLED, Segment
from foramlib.spine.lattice import Points
from foramlib.spine.placement import turning
from foramlib.spine.shapes import Motion
from tests.spine.states import LEVELS, posed, segment, shares

LEFT, BACK, UP = np.eye(3)


def moved(level: str, state: str, spot: np.ndarray) -> np.ndarray:
    """Shift of a point of the upper vertebra (given in its own frame) from neutral."""
    here, there = segment(level).stage.upper_stand.apply(spot), segment(level, state).stage.upper_stand.apply(spot)
    return np.asarray(there - here)


def test_positive_angles_turn_as_the_signs_say() -> None:
    assert (turning(10, 0, 0) @ BACK)[2] > 0  # flexion lifts the back
    assert (turning(0, 10, 0) @ UP)[0] > 0  # bend tips the top to the left
    assert (turning(0, 10, 0) @ LEFT)[2] < 0  # and lowers the left side
    assert (turning(0, 0, 10) @ -BACK)[0] > 0  # rotation turns the front to the left
    assert turning(0, 0, 0) == pytest.approx(np.eye(3))


@pytest.mark.parametrize("level", LEVELS)
def test_flexion_lifts_the_back_and_lowers_the_front(level: str) -> None:
    back, front = np.array([0.0, 20.0, 0.0]), np.array([0.0, -20.0, 0.0])
    assert moved(level, "flexed", back)[2] > 0.3 > moved(level, "flexed", front)[2]
    assert moved(level, "extended", back)[2] < -0.3 < moved(level, "extended", front)[2]


@pytest.mark.parametrize("level", LEVELS)
def test_bending_left_brings_the_left_sides_together(level: str) -> None:
    left, right = np.array([20.0, 0.0, 0.0]), np.array([-20.0, 0.0, 0.0])
    assert moved(level, "bent left", left)[2] < -0.3
    assert moved(level, "bent left", right)[2] > 0.3
    assert moved(level, "bent right", left)[2] > 0.3


@pytest.mark.parametrize("level", LEVELS)
def test_rotation_to_the_left_turns_the_front_to_the_left(level: str) -> None:
    front, back = np.array([0.0, -20.0, 0.0]), np.array([0.0, 40.0, 0.0])
    assert moved(level, "turned left", front)[0] > 0.2
    assert moved(level, "turned left", back)[0] < -0.2
    assert moved(level, "turned right", front)[0] < -0.2


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("loss", [0.5, 1.0, 2.5])
def test_disc_loss_lowers_the_upper_vertebra_by_just_that(level: str, loss: float) -> None:
    before, after = segment(level).stage, Segment.at(level).with_disc_loss(loss).stage
    shift = after.upper_stand.shift - before.upper_stand.shift
    assert shift[2] == pytest.approx(-loss, abs=1e-9)
    assert shift[0] == pytest.approx(0.0, abs=1e-9)
    assert shift[1] >= 0.0  # joints that meet can only drive it backward
    assert after.upper_stand.rotation == pytest.approx(before.upper_stand.rotation)


@pytest.mark.parametrize("build", ["small", "large"])
def test_disc_loss_in_millimetres_is_in_millimetres_in_every_build(build: str) -> None:
    whole = Segment.at("L4/5", build)
    shift = whole.with_disc_loss(2.0).stage.upper_stand.shift - whole.stage.upper_stand.shift
    assert shift[2] == pytest.approx(-2.0, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(share=shares())
def test_the_upper_vertebra_stays_rigid_and_the_lower_one_stays(share: tuple[float, float, float, float]) -> None:
    for level in LEVELS:
        stage = posed(level, share).stage
        turn = stage.motion.rotation
        assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-9)
        assert np.linalg.det(turn) == pytest.approx(1.0)
        assert stage.lower_stand == segment(level).stage.lower_stand


@pytest.mark.parametrize("level", LEVELS)
def test_soft_points_follow_by_their_share(level: str) -> None:
    stage = segment(level, "flexed").stage
    spots = np.array([[3.0, 10.0, 4.0], [-5.0, 20.0, -2.0]])
    whole = stage.motion.apply(spots)
    assert stage.carried(spots, 0.0) == pytest.approx(spots)
    assert stage.carried(spots, 1.0) == pytest.approx(whole)
    assert stage.carried(spots, 0.5) == pytest.approx((spots + whole) / 2)
    mixed = stage.carried(spots, np.array([0.0, 1.0]))
    assert mixed == pytest.approx(np.array([spots[0], whole[1]]))


@pytest.mark.parametrize("level", LEVELS)
def test_in_neutral_posture_nothing_has_moved(level: str) -> None:
    stage = segment(level).stage
    assert stage.motion == Motion()
    assert stage.half_motion.apply(np.ones(3)) == pytest.approx(np.ones(3))


@pytest.mark.parametrize("level", LEVELS)
def test_the_origin_is_the_middle_of_the_disc(level: str) -> None:
    whole = segment(level)
    origin = Points(np.zeros((1, 3)))
    inside = [part.key for part in whole.soft if np.broadcast_to(part.shape.field(origin), (1,))[0] < 0]
    assert "nucleus" in inside
    assert all(bone.whole.field(origin)[0] > 0 for bone in whole.bones)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("state", ["flexed", "extended", "bent left", "turned left", "narrowed", "collapsed"])
def test_a_moved_segment_leaves_the_first_one_alone(level: str, state: str) -> None:
    plain, other = Segment.at(level), segment(level, state)
    assert other != plain
    assert plain == Segment.at(level)
    assert hash(plain) == hash(Segment.at(level))


@pytest.mark.parametrize("level", MODELLED)
def test_turning_the_neck_bends_it_to_the_same_side(level: str) -> None:
    whole = Segment.at(level)
    for rotation in whole.limits["rotation"]:
        posture = whole.turned(rotation).posture
        assert posture.rotation == rotation
        if whole.level.region == "cervical":
            assert posture.bend == pytest.approx(rotation * 4.0 / 5.5)
        else:
            assert posture.bend == 0.0
