"""The words: one plain sentence that says what the numbers say, and no more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.figures.words import describe_section, figures, heading, posture_words, touched, what_changed
from foramlib.spine import Measures, Plane, Rulers, Segment, cut, measure, measure_section

NEUTRAL = measure(Segment.at("C5/6"))
LUMBAR = measure(Segment.at("L4/5"))


def sized(area: float, height: float, width: float) -> Measures:
    """Give measures with another bony size."""
    assert NEUTRAL.bony is not None
    bony = replace(NEUTRAL.bony, area_mm2=area, height_mm=height, width_mm=width)
    return replace(NEUTRAL, bony=bony, touching=(), contact_fraction=0.0)


def test_an_opening_foramen_is_said_with_both_values_and_the_share() -> None:
    said = what_changed(sized(44.2, 8.2, 5.5), sized(49.1, 8.6, 5.5), "Flexion 6°")
    assert said == (
        "Flexion 6°: the foramen opened; area 44 → 49 mm² (+11 %), height 8.2 → 8.6 mm, width 5.5 mm; "
        "the root touches nothing."
    )


def test_a_narrowing_foramen_has_a_true_minus() -> None:
    said = what_changed(sized(50, 8.5, 6.0), sized(40, 8.0, 5.0), "Extension 6°")
    assert "the foramen narrowed; area 50 → 40 mm² (−20 %)" in said


def test_no_change_is_said_as_none() -> None:
    said = what_changed(sized(44.2, 8.2, 5.5), sized(44.3, 8.21, 5.5), "Flexion 0.5°")
    assert "no change to be seen; area 44 mm², height 8.2 mm, width 5.5 mm" in said
    assert "%" not in said


def test_the_same_area_in_another_shape_is_said() -> None:
    said = what_changed(sized(44.2, 8.2, 5.5), sized(44.3, 8.6, 5.3), "Rotation 2°")
    assert "changed its shape, not its area" in said


@pytest.mark.parametrize("before", [None, LUMBAR, replace(NEUTRAL, side="right"), replace(NEUTRAL, bony=None)])
def test_what_does_not_compare_is_not_compared(before: Measures | None) -> None:
    said = what_changed(before, sized(44, 8, 5), "Side left")
    assert "→" not in said
    assert "area 44 mm², height 8.0 mm, width 5.0 mm" in said


def test_an_outline_that_opens_is_not_compared() -> None:
    said = what_changed(sized(44, 8, 5), replace(sized(60, 8, 5), closed=False), "Rotation 2°")
    assert "its bony wall is now open, so the figures do not compare" in said
    assert "→" not in said


def test_planes_without_an_outline_say_so() -> None:
    axial = measure(Segment.at("C5/6"), "left", "axial-disc")
    said = what_changed(NEUTRAL, axial, "Plane axial")
    assert "outlines no whole foramen" in said
    assert "mm²" not in said
    low = measure(Segment.at("L4/5"), "left", "axial-pedicle")
    assert "exiting root is not in this plane" in what_changed(None, low, "Plane axial")


@settings(max_examples=60, deadline=None)
@given(st.floats(5, 300), st.floats(5, 300), st.floats(3, 25), st.floats(3, 25))
def test_a_sentence_says_the_rounded_figures_of_both_states(one: float, two: float, high: float, wide: float) -> None:
    before, after = sized(one, high, wide), sized(two, high, wide)
    said = what_changed(before, after, "Flexion 1°")
    assert said.endswith(".")
    assert said.count(":") == 1
    assert f"{two:.0f} mm²" in said
    assert ("opened" in said, "narrowed" in said) == (round(two) > round(one), round(two) < round(one))
    assert not re.search(r"\d\.\d\d", said)


def test_touched_walls_are_named_as_people_name_them() -> None:
    met = replace(NEUTRAL, touching=("C6", "annulus", "flavum.left"), contact_fraction=0.123)
    assert touched(met) == "bone of C6, the disc and the ligamentum flavum (12 % of its outline)"
    assert touched(replace(NEUTRAL, touching=())) == "nothing"


def test_headings_name_both_angles() -> None:
    assert heading(NEUTRAL) == "C5/6 · left · foramen plane, 38° from the sagittal (film angle 52°) · model"
    axial = measure(Segment.at("L4/5"), "right", "axial-pedicle")
    assert heading(axial) == "L4/5 · right · axial plane through the pedicles of L5 · model"


def test_postures_in_words() -> None:
    assert posture_words(Segment.at("C5/6")) == "neutral posture"
    bent = Segment.at("C5/6", build="small").bent(flexion=-4, bend=2).with_disc_loss(1.5)
    assert posture_words(bent) == "extension 4° and side-bending to the left 2°, disc height lost 1.5 mm, small build"


@pytest.mark.parametrize(
    ("level", "walls"),
    [
        (
            "C5/6",
            (
                "Roof: pedicle of C5",
                "Floor: pedicle of C6",
                "uncinate process of C6",
                "superior articular process of C6",
            ),
        ),
        ("L4/5", ("Roof: pedicle of L4", "Floor: pedicle of L5", "disc", "superior articular process of L5")),
    ],
)
def test_a_description_names_the_walls_the_root_and_the_figures(level: str, walls: tuple[str, ...]) -> None:
    segment = Segment.at(level)
    section = cut(segment, Plane.named("foramen", segment, "left"))
    measures = measure_section(segment, section)
    said = describe_section(segment, section, measures)
    assert all(wall in said for wall in walls), said
    where = "lower" if level == "C5/6" else "upper"
    assert f"The {segment.level.exiting_root} root lies in the {where} part of the foramen" in said
    assert figures(measures) in said


def test_figures_are_the_models_and_name_their_ruler() -> None:
    assert isinstance(NEUTRAL.bony, Rulers)
    said = figures(NEUTRAL)
    assert said.startswith("Model, bony ruler: area ")
    assert f"{NEUTRAL.bony.area_mm2:.0f} mm²" in said
    assert "Soft ruler" in said
