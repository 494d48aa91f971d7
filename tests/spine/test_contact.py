"""Contact and giving way: a wall pushes a rod off, and where nothing is in the way nothing moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.spine import Segment, contacts
from foramlib.spine.lattice import Points
from foramlib.spine.shapes import HalfSpace, Placed, RoundedBox, Shape
from foramlib.spine.vertebra import shift as moved
from foramlib.spine.yielding import CLEARANCE, give_way
from tests.spine.states import LEVELS, SIDES, segment

ROD = np.column_stack([np.linspace(-10.0, 10.0, 9), np.zeros(9), np.zeros(9)])
RADII = np.full(9, 1.5)


def behind(offset: float) -> HalfSpace:
    """Wall that fills everything behind y = ``offset``."""
    return HalfSpace((0.0, -1.0, 0.0), -offset)


@given(offset=st.floats(2.0, 30.0))
def test_nothing_in_the_way_means_no_shift(offset: float) -> None:
    assert (give_way(ROD, RADII, (behind(offset),)) == 0).all()


@given(offset=st.floats(-1.0, 1.3))
def test_a_wall_behind_pushes_a_rod_forward_until_it_is_clear(offset: float) -> None:
    shift = give_way(ROD, RADII, (behind(offset),))
    assert (shift[:, 1] < 0).all()
    assert np.abs(shift[:, [0, 2]]).max() < 1e-6
    gap = behind(offset).field(Points(ROD + shift)) - RADII
    assert (gap > -0.02).all()
    assert (gap < CLEARANCE + 0.02).all()


def test_a_station_without_radius_stays_where_it_is() -> None:
    radii = RADII.copy()
    radii[[0, -1]] = 0.0
    shift = give_way(ROD, radii, (behind(0.5),))
    assert (shift[[0, -1]] == 0).all()
    assert (shift[1:-1, 1] < 0).all()


def test_a_knob_pushes_only_what_it_meets_and_only_sideways() -> None:
    knob = Placed(RoundedBox((2.0, 6.0, 2.0), 0.5), moved(0.0, 5.7, 0.0))
    shift = give_way(ROD, RADII, (knob,))
    assert shift[4, 1] < -1.5
    assert (shift[[0, 1, 7, 8]] == 0).all()
    assert np.abs(shift[:, 0]).max() < 1e-6  # never along its own course


def test_a_pinched_rod_stays_between_its_walls() -> None:
    walls: tuple[Shape, ...] = (behind(1.0), HalfSpace((0.0, 1.0, 0.0), -1.0))
    shift = give_way(ROD, RADII, walls)
    assert np.abs(shift[:, 1]).max() < 1.5


def test_a_wall_pushes_although_the_middle_of_the_rod_is_outside_its_box() -> None:
    beside = Placed(RoundedBox((30.0, 1.0, 30.0), 0.2), moved(0.0, 2.0, 0.0))  # its face at y = 1, the rod's radius 1.5
    assert (give_way(ROD, RADII, (beside,))[:, 1] < 0).all()


@pytest.mark.parametrize("level", LEVELS)
def test_healthy_roots_are_neither_touched_nor_pushed(level: str) -> None:
    whole = segment(level)
    for side in SIDES:
        assert contacts(whole, side) == ()
        assert np.abs(whole.roots["exiting", side].shift).max() < 0.5


@pytest.mark.parametrize("level", LEVELS)
def test_root_lines_mirror_each_other(level: str) -> None:
    for state in ("neutral", "flexed", "extended", "collapsed"):
        whole = segment(level, state)
        assert whole.root_line("left") * (-1, 1, 1) == pytest.approx(whole.root_line("right"), abs=1e-4)


def test_a_lost_lumbar_disc_brings_the_walls_to_the_root() -> None:
    assert contacts(segment("L4/5", "collapsed"), "left") != ()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 500))
def test_every_contact_names_a_wall_of_the_segment(seed: int) -> None:
    for level in LEVELS:
        person = Segment.sampled(level, seed)
        known = {*person.stage.names, "annulus", *(f"{key}.{side}" for key in ("flavum", "capsule") for side in SIDES)}
        for side in SIDES:
            assert {contact.wall for contact in contacts(person, side)} <= known
