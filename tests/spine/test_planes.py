"""Planes: letters, sides and angles mean what a radiologist reads in them."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.spine import Plane, Segment
from tests.spine.states import LEVELS, SHOWN, SIDES, segment


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", SHOWN)
def test_the_letters_stand_where_radiology_puts_them(level: str, name: str, side: str) -> None:
    marks = Plane.named(name, segment(level), side).marks
    wanted = {"axial": "RLAP", "coron": "RLHF"}.get(name[:5], "APHF")
    assert "".join(marks[edge] for edge in ("left", "right", "top", "bottom")) == wanted


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SHOWN)
def test_the_plane_of_the_right_side_mirrors_that_of_the_left(level: str, name: str) -> None:
    left, right = (Plane.named(name, segment(level), side) for side in SIDES)
    assert np.multiply(left.origin, (-1, 1, 1)) == pytest.approx(right.origin)
    assert left.angle == right.angle
    assert left.half == right.half
    if left.kind == "sagittal":
        assert np.multiply(left.across, (-1, 1, 1)) == pytest.approx(right.across)
        assert left.origin[0] > 0 > right.origin[0]


@given(angle=st.floats(0.0, 80.0))
def test_an_oblique_angle_is_a_rotation_from_the_sagittal_plane(angle: float) -> None:
    degrees = round(angle, 3)
    plane = Plane.named(f"oblique:{degrees:f}", segment("C5/6"), "left")
    assert plane.angle == pytest.approx(degrees)
    # The edge that is posterior in a sagittal picture turns to the side of the foramen.
    assert plane.across == pytest.approx((sin(radians(degrees)), cos(radians(degrees)), 0.0), abs=1e-6)
    assert plane.up == (0.0, 0.0, 1.0)


def test_sagittal_and_foramen_planes_are_oblique_planes_by_another_name() -> None:
    neck, back = segment("C5/6"), segment("L4/5")
    assert Plane.named("sagittal", neck).across == Plane.named("oblique:0", neck).across
    assert Plane.named("foramen", neck).angle == 38.0
    assert Plane.named("foramen", neck).across == Plane.named("oblique:38", neck).across
    assert Plane.named("foramen", back).angle == 0.0


def test_the_foramen_plane_is_square_to_the_course_of_the_cervical_root() -> None:
    for side, sign in (("left", 1.0), ("right", -1.0)):
        plane, line = Plane.named("foramen", segment("C5/6"), side), segment("C5/6").root_line(side)
        course = (line[3] - line[2]) * (1, 1, 0)
        assert abs(float(course @ np.array(plane.across))) < 0.1 * float(np.linalg.norm(course))
        assert sign * course[0] > 0 > course[1]  # outward and forward


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("side", SIDES)
def test_plane_coordinates_and_space_agree(name: str, side: str) -> None:
    plane = Plane.named(name, segment("L4/5"), side)
    flat = np.array([[1.5, -2.0], [0.0, 0.0], [-7.0, 3.0]])
    lifted = np.array(plane.origin) + flat @ np.array([plane.across, plane.up])
    assert plane.project(lifted) == pytest.approx(flat)
    assert plane.height_over(lifted) == pytest.approx(np.zeros(3), abs=1e-9)
    assert plane.height_over(lifted + 2.0 * plane.normal) == pytest.approx(np.full(3, 2.0))
    assert np.linalg.norm(plane.normal) == pytest.approx(1.0)


@pytest.mark.parametrize("name", SHOWN)
def test_the_lattice_of_a_plane_spans_its_picture(name: str) -> None:
    plane = Plane.named(name, segment("C5/6"))
    lattice = plane.lattice(0.5)
    corners = np.array([lattice.origin, lattice.origin + (np.array(lattice.counts) - 1) @ lattice.steps])
    assert plane.project(corners) == pytest.approx(np.array([np.negative(plane.half), plane.half]), abs=0.5)


def test_axial_pictures_are_seen_from_below() -> None:
    for name in ("axial-disc", "axial-pedicle"):
        assert Plane.named(name, segment("L4/5")).normal == pytest.approx((0.0, 0.0, -1.0))
    assert Plane.named("coronal", segment("L4/5")).normal == pytest.approx((0.0, -1.0, 0.0))


@pytest.mark.parametrize("build", ["small", "large"])
def test_the_picture_grows_with_the_build(build: str) -> None:
    scale = {"small": 0.9, "large": 1.1}[build]
    plain, other = (Plane.named("foramen", Segment.at("L4/5", size)) for size in ("typical", build))
    assert other.half == pytest.approx(np.multiply(plain.half, scale))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "diagonal",
        "oblique",
        "oblique:",
        "oblique:x",
        "oblique:nan",
        "oblique:81",
        "oblique:-1",
        "axial",
        "axial-lamina",
    ],
)
def test_an_unknown_plane_is_answered_with_the_planes_there_are(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"^There is no plane .*choose one of foramen, sagittal") as caught:
        Plane.named(name, segment("C5/6"))
    assert repr(name) in str(caught.value)
