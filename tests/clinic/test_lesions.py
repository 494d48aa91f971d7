"""Which root a lesion meets: one table, made from the model, held against it, and asked by every rule."""

from __future__ import annotations

import pytest

from foramlib.clinic.indications import Presentation, judge, signs_of
from foramlib.clinic.lesions import nature, roots_met
from foramlib.errors import InvalidInput
from foramlib.learning.patient import load_patient, patients
from foramlib.spine import roots_met as model
from foramlib.spine.lesions import kinds, lesion
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.presets import presets
from foramlib.spine.room import root_states
from foramlib.spine.segment import Segment

_L5 = ("weak-big-toe-extension", "weak-hip-abduction", "numb-top-foot", "not-ankle-reflex-low", "not-knee-reflex-low")


@pytest.mark.parametrize("level", MODELLED)
def test_the_table_holds_what_the_model_shows(level: str) -> None:
    for _, key, zone in (place for place in model.places() if place[0] == level):
        assert set(model.roots_met(level, key, zone)) <= set(roots_met(level, key, zone)), (level, key, zone)


def test_the_table_has_every_place_of_the_model_and_no_other() -> None:
    from foramlib.clinic.lesions import _met  # noqa: PLC0415 - beside its only use

    assert list(_met()) == list(model.places())


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("level", ["C6/7", "L4/5", "L5/S1"])
def test_it_is_the_same_on_either_side(level: str, side: str) -> None:
    for _, key, zone in (place for place in model.places() if place[0] == level):
        kind = kinds()[key]
        mm = min(kind.amounts["severe"], kind.most(Level.parse(level), zone))
        grown = Segment.at(level).with_lesions(lesion(key, mm, side if kind.sides else "", zone))
        assert {root.name for root in root_states(grown, side) if root.hit} <= set(roots_met(level, key, zone))


@pytest.mark.parametrize("name", list(presets()))
def test_the_roots_that_a_preset_presses_are_in_the_table(name: str) -> None:
    preset = presets()[name]
    met = {root for one in preset.lesions for root in roots_met(preset.level, one.key, one.zone)}
    assert {root.name for root in root_states(preset.segment(), preset.side) if root.hit} <= met


@pytest.mark.parametrize("name", patients())
def test_the_roots_that_a_patients_scan_shows_pressed_are_in_the_table(name: str) -> None:
    person = load_patient(name)
    met = {root for one in person.lesions for root in roots_met(person.level, one.name, one.zone)}
    assert {root.name for root in root_states(person.segment(), person.side) if root.hit} <= met


@pytest.mark.parametrize("name", ["flavum_thickening", "synovial_cyst", "bulge", "facet_hypertrophy", "short_pedicles"])
def test_a_narrow_recess_at_l45_explains_l5(name: str) -> None:
    case = Presentation(12, "L4/5", _L5, lesions=((name, ""),), course="unchanged", tried=True)
    assert "fits" in signs_of(case)
    assert "misfit" not in signs_of(case)
    assert judge(case).best != "other"


def test_a_disc_far_out_at_l45_does_not_explain_l5() -> None:
    case = Presentation(12, "L4/5", _L5, lesions=(("herniation", "extraforaminal"),), course="unchanged", tried=True)
    assert "misfit" in signs_of(case)


def test_a_disc_meets_one_root_beside_the_midline_and_another_far_out() -> None:
    zones = ("subarticular", "foraminal", "extraforaminal")
    assert [roots_met("L4/5", "herniation", zone) for zone in zones] == [("L5",), ("L4",), ("L4",)]
    assert [roots_met("l5-s1", "herniation", zone) for zone in zones] == [("S1",), ("L5",), ("L5",)]
    assert {roots_met("C6/7", "herniation", zone) for zone in zones[:2]} == {("C7",)}
    assert roots_met("L4/5", "herniation") == ("L4", "L5")


@pytest.mark.parametrize(("level", "name", "zone"), [("C6/7", "herniation", "extraforaminal"), ("C5/6", "spur", "")])
def test_what_the_model_does_not_have_is_refused(level: str, name: str, zone: str) -> None:
    with pytest.raises(InvalidInput, match="uncovertebral_osteophyte"):
        roots_met(level, name, zone)


def test_every_lesion_has_a_nature_that_the_rules_know() -> None:
    assert {nature(key) for key in kinds()} == {"soft disc", "worn", "slip", "cyst", "tumour", "scar", "inborn"}
    with pytest.raises(InvalidInput, match="herniation"):
        nature("spur")


@pytest.mark.parametrize(
    ("name", "signs"),
    [("synovial_cyst", set()), ("schwannoma", set()), ("facet_hypertrophy", {"bony"}), ("bulge", {"soft"})],
)
def test_the_rules_name_a_lesion_by_its_nature(name: str, signs: set[str]) -> None:
    case = Presentation(12, "L4/5", _L5, lesions=((name, ""),), course="unchanged", tried=True)
    assert signs_of(case) & {"soft", "bony", "slip"} == signs
