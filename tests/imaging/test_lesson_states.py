"""What lesson 03 and its questions say of a state is what the model's own grades say of it."""

from __future__ import annotations

import pytest

from foramlib.errors import InvalidInput
from foramlib.imaging.grades import SCALES, Grade, grade
from foramlib.learning.items import items
from foramlib.lessons.of_model import shipped_patient
from foramlib.spine import Segment
from foramlib.spine.lesions import read_lesions
from foramlib.spine.room import RootState, root_states

OPERATED = ("helen-osei", "tomas-lindqvist", "ruth-adeyemi")
INNOCENT = "amir-haddad"


@pytest.mark.parametrize(
    ("item", "lee", "sartoretti"), [("03-lee-grade", "1", "C (2, 4)"), ("03-no-grade", "", "B (3)")]
)
def test_a_question_about_a_grade_shows_a_state_of_that_grade(item: str, lee: str, sartoretti: str) -> None:
    state = next(one.state for one in items("03") if one.id == item)
    assert state is not None
    segment = state.segment()
    assert grade(segment, "Lee 2010", state.side).grade == lee
    assert grade(segment, "Sartoretti 2021", state.side).grade == sartoretti


def test_the_question_of_the_oblique_trap_shows_the_two_grades_that_it_names() -> None:
    item = next(one for one in items("03") if one.id == "03-oblique")
    assert item.state is not None
    segment = item.state.segment()
    straight, square = (grade(segment, "Park 2013", item.state.side, plane).grade for plane in ("sagittal", "foramen"))
    assert f"images {straight} at C5/6, and an oblique series {square}." in item.stem
    assert straight < square


def segment_of(patient: str) -> Segment:
    asked = shipped_patient(patient)
    return Segment.at(asked.level).with_lesions(*read_lesions(asked.lesion_texts(), asked.side))


def root_of(patient: str) -> RootState:
    return root_states(segment_of(patient), shipped_patient(patient).side)[0]


def grades_of(patient: str) -> dict[str, Grade]:
    """Grade by every system that was made for the region, each in its own plane, and the straight image too."""
    segment, side = segment_of(patient), shipped_patient(patient).side
    found = {}
    for system in SCALES:
        for plane in ("", "sagittal"):
            try:
                found[f"{system} {plane}".strip()] = grade(segment, system, side, plane)
            except InvalidInput:  # made for the other region, or for one plane
                continue
    return found


@pytest.mark.parametrize("patient", ["helen-osei", "tomas-lindqvist"])
def test_an_operated_neck_is_graded_worse_than_the_innocent_one(patient: str) -> None:
    operated, innocent = grades_of(patient), grades_of(INNOCENT)
    assert operated.keys() == innocent.keys()
    assert len(operated) >= 4
    assert all(operated[system].rank >= innocent[system].rank for system in operated)
    assert any(operated[system].rank > innocent[system].rank for system in operated)


def test_the_operated_low_back_has_the_last_grade_of_both_systems() -> None:
    graded = grades_of("ruth-adeyemi")
    assert graded["Lee 2010"].grade == SCALES["Lee 2010"][-1]
    assert graded["Sartoretti 2021"].grade == SCALES["Sartoretti 2021"][-1]


@pytest.mark.parametrize("patient", OPERATED)
def test_an_operated_foramen_has_less_room_about_the_root_than_the_innocent_one(patient: str) -> None:
    operated, innocent = root_of(patient), root_of(INNOCENT)
    assert operated.kind == innocent.kind == "exiting"
    assert operated.room < innocent.room
    assert operated.hit
    assert not innocent.hit


def test_helens_straight_image_is_milder_than_the_square_one() -> None:
    graded = grades_of("helen-osei")
    assert graded["Park 2013 sagittal"].rank < graded["Park 2013"].rank
