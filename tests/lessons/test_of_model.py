"""Links to the model tell what the model says: every kind of them can fail."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.imaging.grades import grade
from foramlib.learning.patient import patients
from foramlib.learning.state import ModelState
from foramlib.lessons.asked import quantities
from foramlib.lessons.claims import Amount, Named
from foramlib.lessons.markdown import links
from foramlib.lessons.of_model import model_faults, shipped_patient, unlinked_claims, value_of
from foramlib.spine.presets import presets


def faults(text: str, title: str) -> list[str]:
    (link,) = links(f'[{text}](#model "{title}")')
    return list(model_faults(link))


def amount(what: str, where: str) -> float:
    value = value_of(what, where)
    assert isinstance(value, Amount)
    return value.values[0]


# -- what stands behind a link is the model's own answer


def test_a_state_is_read_as_the_rest_of_the_project_reads_it() -> None:
    state = ModelState("C5/6", "right", lesions=("facet_hypertrophy=3",), flexion=-5)
    soft = state.measured().soft
    assert soft is not None
    assert amount("soft area", "C5/6 right, facet_hypertrophy=3, flexion=-5") == soft.area_mm2


@pytest.mark.parametrize("name", patients())
def test_a_patient_is_the_patient_on_the_own_side(name: str) -> None:
    patient = shipped_patient(name)
    system = "Park 2013" if patient.level.startswith("C") else "Lee 2010"
    read = grade(patient.segment(), system, patient.side, "sagittal").grade
    value = value_of(f"{system} sagittal", name)
    assert isinstance(value, Named)
    assert value.words == frozenset({read} - {""})


@pytest.mark.parametrize("name", ["soft-disc-neck", "foraminal-stenosis"])
def test_a_preset_asked_on_the_other_side_is_its_mirror(name: str) -> None:
    here = presets()[name].side
    there = {"left": "right", "right": "left"}[here]
    for what in ("soft area", "free area", "room at the exiting root"):
        assert amount(what, f"{name} {there}") == pytest.approx(amount(what, name), rel=1e-6)


def test_a_level_without_lesions_is_healthy_on_either_side() -> None:
    assert amount("bony height", "C5/6 left") == pytest.approx(amount("bony height", "C5/6 right"))


def test_a_change_is_percent_of_the_first() -> None:
    wide, narrow = amount("soft area", "C5/6 left"), amount("soft area", "C5/6 left, flexion=-5")
    assert amount("change of soft area", "C5/6 left → C5/6 left, flexion=-5") == pytest.approx(
        100 * (narrow / wide - 1)
    )
    straight = amount("bony width sagittal", "C5/6 left") / amount("bony width foramen", "C5/6 left")
    assert amount("change of bony width foramen → bony width sagittal", "C5/6 left") == pytest.approx(
        100 * (straight - 1)
    )


@pytest.mark.parametrize("where", ["C5/6 left, herniation=4 zone=foraminal", "L4/5 left, bulge=2"])
def test_every_quantity_answers_or_says_why_not(where: str) -> None:
    refused = []
    for what in quantities():
        try:
            assert isinstance(value_of(what, where), Amount | Named)
        except InvalidInput as problem:
            refused.append(str(problem))
    # The gauges of an operation, systems for the other region, and what is not there at every level.
    assert all(one.endswith(".") for one in refused)
    assert 9 <= len(refused) < len(quantities()) / 3


# -- a link that tells the truth passes, and one that does not fails


TRUE = [
    ("Grade 1", "model · Park 2013 sagittal · case spur"),
    ("grade 2", "model · Park 2013 foramen · case spur"),
    ("C7", "model · roots touched · C6/7 left, herniation=4 zone=foraminal"),
    ("no root", "model · roots touched · C6/7 left"),
    ("the herniation", "model · walls at the exiting root · soft-disc-neck right"),
    ("500 made-up necks", "model · necks · oblique table"),
    ("milder far more often", "model · milder against worse · oblique table"),
    ("wider, by more than half", "model · change of bony width foramen → bony width sagittal · C5/6 left"),
    ("does not change", "model · change of bony area · L4/5 left → L4/5 left"),
    ("38°", "model · angle · C5/6 left"),
]


@pytest.mark.parametrize(("text", "title"), TRUE)
def test_a_true_link_passes(text: str, title: str) -> None:
    assert faults(text, title) == []


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        ("grade 1", "model", "write what stands behind it"),
        ("grade 1", "model · helen-osei", "write what stands behind it"),
        ("grade 2", "model · Park 2013 sagittal · case spur", "it names 2"),
        ("grade 1 or 2", "model · Park 2013 sagittal · case spur", "it names 1 and 2"),
        ("mild", "model · Park 2013 sagittal · case spur", "it names nothing"),
        ("C6", "model · roots touched · C6/7 left, herniation=4 zone=foraminal", "but the value is C7"),
        ("C7", "model · roots touched · C6/7 right, herniation=4 zone=foraminal side=left", "but the value is none"),
        ("the facet", "model · walls at the exiting root · soft-disc-neck right", "but the value is"),
        ("39°", "model · angle · C5/6 left", "39 is not the value"),
        ("38 mm", "model · angle · C5/6 left", "the unit is deg"),
        ("501 necks", "model · necks · oblique table", "501 is not the value"),
        ("milder less often", "model · milder against worse · oblique table", "it falls here"),
        ("narrower", "model · change of bony width foramen → bony width sagittal · C5/6 left", "it falls here"),
        (
            "wider, by a tenth",
            "model · change of bony width foramen → bony width sagittal · C5/6 left",
            "not the value",
        ),
        (
            "wider by 5 to 6 %",
            "model · change of bony width foramen → bony width sagittal · C5/6 left",
            "does not hold",
        ),
        ("changes", "model · change of bony width foramen → bony width sagittal · C5/6 left", "nothing that can be"),
        ("the same", "model · change of bony width foramen → bony width sagittal · C5/6 left", "the value is"),
        ("8 mm", "model · size · C5/6 left", "There is no 'size'"),
        ("8 mm", "model · soft area · C5/6", "a level needs a side"),
        ("8 mm", "model · soft area · somebody", "a level needs a side"),
        ("8 mm", "model · soft area · C5/6 left, bump=3", "There is no lesion 'bump'"),
        ("8 mm", "model · soft area · C5/6 left, flexion=far", "holds no number"),
        ("8 mm", "model · root exposed · helen-osei", "asked after an operation"),
        ("8 mm", "model · Kim 2015 sagittal · helen-osei", "has its own plane"),
        ("8 mm", "model · change of soft area · C5/6 left", "A change needs two states"),
        ("9 %", "model · size · target V-093", "There is no 'size' of a target"),
        ("9", "model · size · oblique table", "There is no 'size' of oblique table"),
    ],
)
def test_a_link_that_is_wrong_or_cannot_be_looked_up_is_found(text: str, title: str, said: str) -> None:
    (fault, *_) = faults(text, title)
    assert said in fault


def test_an_operation_is_done_before_it_is_asked_about() -> None:
    where = "tomas-lindqvist, operation=posterior-open, share=0.4"
    left = amount("facet left", where)
    assert faults(f"{left:.0f} % of the facet", f"model · facet left · {where}") == []
    assert faults(f"{left - 2:.0f} % of the facet", f"model · facet left · {where}")
    assert amount("root exposed", where) > amount("root exposed before", where)


@settings(max_examples=40)
@given(st.floats(0, 400, allow_nan=False))
def test_only_the_value_itself_passes(number: float) -> None:
    value = amount("bony area", "C5/6 left")
    written = f"{number:.1f}"
    passes = faults(f"{written} mm²", "model · bony area · C5/6 left") == []
    assert passes == (abs(float(written) - value) <= 0.05 + 1e-9)


@pytest.mark.parametrize("digits", range(5))
def test_the_value_passes_however_it_is_rounded(digits: int) -> None:
    value = amount("bony area", "C5/6 left")
    assert faults(f"{value:.{digits}f} mm²", "model · bony area · C5/6 left") == []


# -- sentences


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Wider, by more than a third in the model.", True),
        ("The root is longer in the model than in cadavers.", True),
        ("In the model the room has stopped growing.", True),
        ("In the model the foramen closes when the neck tilts back.", True),
        ("Half of the facet frees the root in the model.", True),
        ("The model gains twice the room.", True),
        ('[Wider](#model "model · angle · C5/6 left") in the model.', False),
        ("Pain is not in the model.", False),
        ("The foramen is wider in women.", False),
    ],
)
def test_what_is_told_of_the_model_must_be_linked(sentence: str, found: bool) -> None:  # noqa: FBT001
    assert bool(list(unlinked_claims(sentence))) == found
