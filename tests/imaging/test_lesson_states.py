"""What lesson 03 and its questions say of a state is what the model's own grades say of it."""

from __future__ import annotations

import pytest

from foramlib.imaging.grades import grade
from foramlib.learning.items import items
from foramlib.learning.patient import load_patient
from foramlib.spine import Segment
from foramlib.spine.lesions import lesion


@pytest.mark.parametrize(
    ("item", "lee", "sartoretti"), [("03-lee-grade", "1", "C (2, 4)"), ("03-no-grade", "", "B (3)")]
)
def test_a_question_about_a_grade_shows_a_state_of_that_grade(item: str, lee: str, sartoretti: str) -> None:
    state = next(one.state for one in items("03") if one.id == item)
    assert state is not None
    segment = state.segment()
    assert grade(segment, "Lee 2010", state.side).grade == lee
    assert grade(segment, "Sartoretti 2021", state.side).grade == sartoretti


def test_helens_own_image_has_the_grades_that_the_companion_names() -> None:
    helen = load_patient("helen-osei")
    segment = Segment.at(helen.level).with_lesions(
        *(lesion(one.name, one.mm, one.side, one.zone) for one in helen.lesions)
    )
    assert grade(segment, "Park 2013", helen.side).grade == "1"
    assert grade(segment, "Kim 2015", helen.side).grade == "0"
