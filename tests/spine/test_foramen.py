"""Rulers: right on outlines whose sizes are known, sensible in every posture, and plain about bad input."""

from __future__ import annotations

import math
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.spine import DEFINITIONS, Level, Plane, Segment, contacts, cut, measure, measure_section
from foramlib.spine.foramen import rulers
from tests.spine.states import LEVELS, SIDES, measures, posed, segment, shares

if TYPE_CHECKING:
    from foramlib.spine import Measures, Rulers


def bony(level: str, state: str = "neutral", side: str = "left") -> Rulers:
    """Bony ruler of a state, which has to have one."""
    found = measures(level, side, state).bony
    assert found is not None
    return found


# Known outlines -----------------------------------------------------------------------------


@given(wide=st.floats(2.0, 12.0), high=st.floats(2.0, 24.0), u=st.floats(-9, 9), v=st.floats(-9, 9))
def test_a_rectangle_is_as_wide_and_high_as_it_is(wide: float, high: float, u: float, v: float) -> None:
    found = rulers(shapely.box(u, v, u + wide, v + high), v + high / 2)
    assert found.area_mm2 == pytest.approx(wide * high, rel=1e-6)
    for name, value in asdict(found).items():
        wanted = wide * high if name == "area_mm2" else high if "height" in name else wide
        assert value == pytest.approx(wanted, rel=1e-5), name


@given(wide=st.floats(3.0, 12.0), high=st.floats(3.0, 24.0))
def test_an_ellipse_has_the_sizes_of_an_ellipse(wide: float, high: float) -> None:
    disc = shapely.Point(0, 0).buffer(1.0, quad_segs=256)
    oval = shapely.transform(disc, lambda points: points * (wide / 2, high / 2))
    found = rulers(oval, -high / 4)
    assert found.area_mm2 == pytest.approx(math.pi * wide * high / 4, rel=1e-3)
    assert found.greatest_height_mm == pytest.approx(high, rel=1e-3)
    assert found.width_mm == pytest.approx(wide, rel=1e-3)
    assert found.greatest_width_mm == pytest.approx(wide, rel=2e-3)
    assert found.upper_width_mm == pytest.approx(wide * math.sqrt(0.75), rel=1e-3)
    assert found.disc_width_mm == pytest.approx(wide * math.sqrt(0.75), rel=1e-3)
    assert found.narrowest_width_mm == pytest.approx(wide * math.sqrt(5) / 3, rel=2e-3)
    # Mean height of an ellipse over the middle third of its width, at seven places.
    places = np.linspace(-1 / 3, 1 / 3, 7)
    assert found.height_mm == pytest.approx(high * np.sqrt(1 - places**2).mean(), rel=1e-3)


def test_a_keyhole_is_measured_where_each_definition_says() -> None:
    wide, narrow = shapely.box(-4, 0, 4, 6), shapely.box(-1, -6, 1, 0)
    found = rulers(shapely.union(wide, narrow), -3.0)
    assert found.greatest_width_mm == pytest.approx(8.0)
    assert found.narrowest_width_mm == pytest.approx(2.0)
    assert found.upper_width_mm == pytest.approx(8.0)
    assert found.disc_width_mm == pytest.approx(2.0)


def test_a_disc_level_off_the_outline_is_taken_at_its_edge() -> None:
    box = shapely.box(0, 0, 4, 10)
    assert rulers(box, 50.0).disc_width_mm == pytest.approx(4.0)
    assert rulers(box, -50.0).disc_width_mm == pytest.approx(4.0)


def test_every_ruler_has_a_definition() -> None:
    assert set(DEFINITIONS) == set(asdict(bony("C5/6")))


# The model ----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_in_neutral_posture_left_equals_right(level: str) -> None:
    left, right = (measures(level, side).as_dict() for side in SIDES)
    assert {**left, "side": ""} == {**right, "side": ""}


def close(first: Measures, second: Measures) -> None:
    """Hold two sets of measures to each other."""
    for one, other in ((first.bony, second.bony), (first.soft, second.soft)):
        assert (one is None) == (other is None)
        if one and other:
            assert asdict(one) == pytest.approx(asdict(other), abs=1e-3)
    assert first.root_area_mm2 == pytest.approx(second.root_area_mm2, abs=1e-3)
    assert first.contact_fraction == pytest.approx(second.contact_fraction, abs=1e-3)


@settings(max_examples=8, deadline=None)
@given(share=shares())
@example((0.5, 0.7, -0.3, 0.4))
def test_a_posture_to_the_right_mirrors_the_posture_to_the_left(share: tuple[float, float, float, float]) -> None:
    flexion, bend, rotation, loss = share
    for level in LEVELS:
        one, other = posed(level, share), posed(level, (flexion, -bend, -rotation, loss))
        close(measure(one, "left"), measure(other, "right"))


@pytest.mark.parametrize("level", LEVELS)
def test_flexion_opens_and_extension_closes(level: str) -> None:
    limits = segment(level).limits["flexion"]
    angles = np.linspace(*limits, 7)
    areas = [measure(segment(level).bent(flexion=float(angle))).bony for angle in angles]
    sizes = [found.area_mm2 for found in areas if found]
    assert len(sizes) == 7
    assert sizes[0] < bony(level).area_mm2 < sizes[-1]
    assert all(second > first - 0.5 for first, second in pairwise(sizes))
    assert bony(level, "flexed").height_mm > bony(level).height_mm > bony(level, "extended").height_mm


@pytest.mark.parametrize("level", LEVELS)
def test_disc_loss_closes_step_by_step(level: str) -> None:
    most = segment(level).limits["disc_loss"][1]
    found = [measure(segment(level).with_disc_loss(float(loss))).bony for loss in np.linspace(0, most, 6)]
    areas = [figures.area_mm2 for figures in found if figures]
    heights = [figures.greatest_height_mm for figures in found if figures]
    assert len(areas) == 6
    assert areas == sorted(areas, reverse=True)
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("turn", ["bent", "turned"])
def test_the_side_bent_or_turned_to_closes(level: str, turn: str) -> None:
    toward, away = bony(level, f"{turn} left", "left"), bony(level, f"{turn} left", "right")
    assert toward.area_mm2 < away.area_mm2


@pytest.mark.parametrize("level", LEVELS)
def test_a_large_person_has_large_foramina(level: str) -> None:
    found = {build: measure(Segment.at(level, build)).bony for build in ("small", "typical", "large")}
    areas = [figures.area_mm2 for figures in found.values() if figures]
    assert areas == sorted(areas)
    assert areas[0] == pytest.approx(0.81 * areas[1], rel=0.02)
    assert areas[2] == pytest.approx(1.21 * areas[1], rel=0.02)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("state", ["neutral", "flexed", "extended", "narrowed"])
def test_the_soft_space_lies_within_the_bony_one_and_holds_the_root(level: str, state: str) -> None:
    found = measures(level, "left", state)
    assert found.outline is not None
    assert found.soft_outline is not None
    assert found.bony is not None
    assert found.soft is not None
    assert found.outline.buffer(1e-6).contains(found.soft_outline)
    assert found.soft.area_mm2 <= found.bony.area_mm2
    assert found.soft.greatest_height_mm <= found.bony.greatest_height_mm + 1e-6
    assert 0 < found.root_area_mm2 < found.bony.area_mm2
    assert 0 <= found.free_area_mm2 <= found.soft.area_mm2
    assert 0 <= found.contact_fraction <= 1


@pytest.mark.parametrize("level", LEVELS)
def test_a_healthy_root_is_free(level: str) -> None:
    for side in SIDES:
        assert measures(level, side).contact_fraction == 0
        assert measures(level, side).touching == ()
        assert contacts(segment(level), side) == ()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("plane", ["axial-disc", "axial-pedicle", "coronal"])
def test_a_plane_that_shows_no_foramen_has_no_rulers(level: str, plane: str) -> None:
    found = measures(level, plane=plane)
    assert found.bony is None
    assert found.as_dict()["area_mm2"] is None


@pytest.mark.parametrize("level", LEVELS)
def test_the_resolution_hardly_matters(level: str) -> None:
    whole = segment(level)
    fine = measure_section(whole, cut(whole, Plane.named("foramen", whole), 0.125)).bony
    assert fine is not None
    for name, value in asdict(bony(level)).items():
        assert value == pytest.approx(getattr(fine, name), rel=0.015), name


def test_measures_print_as_plain_numbers() -> None:
    flat = measures("C5/6").as_dict()
    assert flat["level"] == "C5/6"
    assert flat["area_mm2"] == bony("C5/6").area_mm2
    assert flat["bony"] == asdict(bony("C5/6"))
    assert isinstance(flat["touching"], list)


# The lopsided extremes of the neck ------------------------------------------------------------


@pytest.mark.parametrize(
    "share",
    [
        (-1.0, 1.0, -1.0, 0.0),
        (-1.0, 1.0, -1.0, 1.0),
        (-1.0, 1.0, 0.0, 1.0),
        (-1.0, 0.0, -1.0, 1.0),
    ],
)
def test_the_foramen_is_found_in_lopsided_extremes(share: tuple[float, float, float, float]) -> None:
    assert measure(posed("C5/6", share), "right").bony is not None


@pytest.mark.thorough
@settings(max_examples=150, deadline=None)
@given(share=shares())
def test_the_foramen_is_found_in_every_posture(share: tuple[float, float, float, float]) -> None:
    for level in LEVELS:
        for side in SIDES:
            found = measure(posed(level, share), side)
            assert found.bony is not None
            assert all(math.isfinite(value) for value in asdict(found.bony).values())


# Bad input ----------------------------------------------------------------------------------

NUMBERS = [float("nan"), float("inf"), -float("inf"), 1e9, "much", "", [1.0], None]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ["flexion", "bend", "rotation"])
@pytest.mark.parametrize("bad", NUMBERS[:-1], ids=repr)
def test_a_posture_that_cannot_be_is_refused_in_a_sentence(level: str, name: str, bad: object) -> None:
    with pytest.raises(
        InvalidInput, match=rf"^The {name} .* is not possible at {level}; choose a number from"
    ) as caught:
        segment(level).bent(**{name: bad})  # type: ignore[arg-type]
    assert repr(bad) in str(caught.value)
    assert f"{segment(level).limits[name][1]:g} degrees" in str(caught.value)


@pytest.mark.parametrize("bad", [*NUMBERS, -0.001], ids=repr)
def test_a_disc_loss_that_cannot_be_is_refused_in_a_sentence(bad: object) -> None:
    with pytest.raises(InvalidInput, match=r"^The disc loss .* choose a number from 0 to 3 mm\.$") as caught:
        segment("C5/6").with_disc_loss(bad)  # type: ignore[arg-type]
    assert repr(bad) in str(caught.value)


@pytest.mark.parametrize("level", LEVELS)
def test_the_limits_themselves_are_allowed_and_a_hair_more_is_not(level: str) -> None:
    for name, (low, high) in segment(level).limits.items():
        for edge, beyond in ((low, low - 1e-6), (high, high + 1e-6)):
            if name == "disc_loss":
                segment(level).with_disc_loss(edge)
                with pytest.raises(InvalidInput):
                    segment(level).with_disc_loss(beyond)
            else:
                segment(level).bent(**{name: edge})
                with pytest.raises(InvalidInput):
                    segment(level).bent(**{name: beyond})


@pytest.mark.parametrize("bad", ["huge", "", None, 1.0, ["typical"]], ids=repr)
def test_an_unknown_build_is_refused(bad: object) -> None:
    with pytest.raises(InvalidInput, match="choose one of small, typical, large"):
        Segment.at("C5/6", bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ["middle", "", None, 3], ids=repr)
def test_measuring_an_unknown_side_is_refused(bad: object) -> None:
    with pytest.raises(InvalidInput, match="choose left or right"):
        measure(segment("C5/6"), bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        "measure(whole, 'left', None)",
        "measure(whole, 'left', 38)",
        "contacts(whole, 'middle')",
        "whole.root_line('middle')",
        "Plane.named('foramen', whole, 'middle')",
        "cut(whole, Plane.named('foramen', whole), 0.0)",
        "cut(whole, Plane.named('foramen', whole), float('nan'))",
        "whole.with_disc_loss(10**400)",
        "Segment.sampled('C5/6', -1)",
        "Segment.sampled('C5/6', 'me')",
        "Segment.at(Level('C9', 'C10'))",
    ],
)
def test_other_bad_input_is_refused_in_a_sentence(call: str) -> None:
    names = {"whole": segment("C5/6"), "measure": measure, "contacts": contacts, "Segment": Segment}
    with pytest.raises(InvalidInput):
        eval(call, {**names, "Plane": Plane, "cut": cut, "Level": Level})  # noqa: S307 - our own lines above
