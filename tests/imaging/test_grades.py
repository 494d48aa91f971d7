"""Grading systems: health is grade 0 everywhere, each criterion decides, and what cannot be said is said."""

from __future__ import annotations

import pytest

from foramlib.errors import InvalidInput
from foramlib.imaging.grades import SCALES, Grade, _lee, _park, _sartoretti, grade, grade_section, grades, systems_for
from foramlib.spine import MODELLED, Segment, lesion
from foramlib.spine.fat import FatAbout
from foramlib.spine.presets import worn
from foramlib.spine.room import QUADRANTS


def about(*sides: str, share: float = 0.5) -> FatAbout:
    lost = {name: float(name in sides) for name in QUADRANTS}
    return FatAbout(lost, dict.fromkeys(QUADRANTS, 1.0), share)


@pytest.mark.parametrize("level", MODELLED)
@pytest.mark.parametrize("side", ["left", "right"])
def test_health_is_the_mildest_grade_of_every_system(level: str, side: str) -> None:
    assert [found.rank for found in grades(Segment.at(level), side)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("sides", "flattening", "expected"),
    [
        ((), 0.0, "0"),
        (("superior", "inferior"), 0.0, "1"),
        (("anterior", "posterior"), 0.0, "1"),
        (QUADRANTS, 0.0, "2"),
        (QUADRANTS, 0.4, "3"),
        (("anterior",), 0.0, ""),
        (("anterior", "inferior"), 0.0, ""),
        (("anterior", "posterior", "superior"), 0.0, ""),
    ],
)
def test_lee_needs_opposing_sides_or_all(sides: tuple[str, ...], flattening: float, expected: str) -> None:
    found = _lee(about(*sides), flattening)
    assert found.grade == expected
    assert found.criterion in found.told()


@pytest.mark.parametrize(
    ("sides", "flattening", "expected"),
    [
        ((), 0.0, "A"),
        (("superior",), 0.0, "B (1)"),
        (("posterior", "anterior"), 0.0, "C (2, 4)"),
        (("superior", "posterior", "inferior"), 0.0, "D (1, 2, 3)"),
        (QUADRANTS, 0.0, "E (1, 2, 3, 4)"),
        ((), 0.5, "F"),
    ],
)
def test_the_updated_system_counts_sides(sides: tuple[str, ...], flattening: float, expected: str) -> None:
    assert _sartoretti(about(*sides), flattening).grade == expected


@pytest.mark.parametrize(
    ("share", "flattening", "expected"), [(0.0, 0, "0"), (0.3, 0, "1"), (0.6, 0, "2"), (0.6, 0.3, "3")]
)
def test_park_goes_by_the_share_of_the_outline(share: float, flattening: float, expected: str) -> None:
    found = _park(about(share=share), flattening)
    assert found.grade == expected
    # The wording of grade 3 is not confirmed in the paper, and says so.
    assert found.confirmed == (expected != "3")
    assert ("to be confirmed" in found.told()) == (expected == "3")


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
def test_grades_rise_as_a_segment_wears_out(level: str) -> None:
    states = [Segment.at(level).with_lesions(*worn(level, share)) for share in (0.0, 0.5, 1.0)]
    for system in systems_for((level[0] == "C" and "cervical") or "lumbar"):
        ranks = [grade(state, system).rank for state in states if grade(state, system).grade]
        assert ranks == sorted(ranks)
    assert grades(states[-1])[0].rank >= 2


@pytest.mark.parametrize(("mm", "expected"), [(0, "0"), (4, "I"), (12, "II"), (18, "III")])
def test_meyerding_goes_by_the_end_plate_below(mm: float, expected: str) -> None:
    state = Segment.at("L5/S1").with_lesions(lesion("spondylolisthesis", mm, zone="isthmic"))
    found = grade(state, "Meyerding")
    assert found.grade == expected


def test_scar_leaves_lee_without_a_grade() -> None:
    found = grade(Segment.at("L4/5").with_lesions(lesion("epidural_scar", side="left")), "Lee 2010")
    assert not found.grade
    assert "scar" in found.told()


@pytest.mark.parametrize(("level", "system"), [("C5/6", "Lee 2010"), ("L4/5", "Park 2013"), ("L4/5", "Bologna")])
def test_a_system_that_does_not_fit_is_refused_in_a_sentence(level: str, system: str) -> None:
    with pytest.raises(InvalidInput, match="choose one of"):
        grade(Segment.at(level), system)


def test_every_grade_of_the_model_is_one_of_the_published_scale() -> None:
    state = Segment.at("L4/5").with_lesions(*worn("L4/5", 0.7))
    for found in grades(state):
        assert isinstance(found, Grade)
        assert not found.grade or found.grade.split(" ")[0] in SCALES[found.system]
    assert grade_section is not None
