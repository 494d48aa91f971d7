"""Which root: reasons add up, red flags interrupt, and what cannot be is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.clinic.findings import GROUPS, NOT, RedFlag, findings, look_alikes, pitfalls, red_flags, weights
from foramlib.clinic.localise import Localisation, localise
from foramlib.clinic.regions import mirrored, region_ids
from foramlib.clinic.roots import root_cards
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, facts
from foramlib.learning.patient import load_patient, patients

ANSWERS = {
    "helen-osei": "C6",
    "tomas-lindqvist": "C7",
    "ruth-adeyemi": "L5",
    "amir-haddad": "carpal-tunnel",
    "nora-brandt": "L5",
}
IDS = sorted(findings())


def first(*found: str, regions: tuple[str, ...] = ()) -> str:
    return localise(found, regions).candidates[0].id


# What each root is known by, written down here a second time.
TEXTBOOK = {
    "C5": ("weak-shoulder-abduction", "biceps-reflex-low", "numb-outer-elbow"),
    "C6": ("weak-wrist-extension", "brachioradialis-reflex-low", "numb-thumb"),
    "C7": ("weak-elbow-extension", "triceps-reflex-low", "numb-middle-finger"),
    "C8": ("weak-finger-flexion", "numb-little-finger"),
    "T1": ("weak-finger-abduction", "numb-inner-elbow"),
    "L2": ("weak-hip-flexion",),
    "L3": ("weak-knee-extension", "numb-inner-knee"),
    "L4": ("weak-ankle-dorsiflexion", "knee-reflex-low", "numb-inner-ankle"),
    "L5": ("weak-big-toe-extension", "weak-hip-abduction", "numb-top-foot"),
    "S1": ("weak-ankle-plantarflexion", "ankle-reflex-low", "numb-outer-heel"),
    "carpal-tunnel": ("night-tingling", "phalen", "weak-thumb-abduction"),
    "ulnar": ("ulnar-groove-tender", "numb-ring-split", "numb-little-finger"),
    "peroneal": ("weak-foot-eversion", "weak-ankle-dorsiflexion", "painless", "not-weak-foot-inversion"),
    "rotator-cuff": ("weak-shoulder-abduction", "shoulder-passive-pain", "not-biceps-reflex-low"),
    "parsonage-turner": ("weak-shoulder-abduction", "weakness-after-pain"),
    "posterior-interosseous": ("weak-finger-extension", "not-weak-elbow-extension"),
}


@pytest.mark.parametrize(("name", "found"), TEXTBOOK.items())
def test_the_textbook_picture_names_its_root_or_look_alike(name: str, found: tuple[str, ...]) -> None:
    if name == "parsonage-turner":
        assert name in {one.id for one in localise(found).candidates[:2]}
    else:
        assert first(*found) == name


@pytest.mark.parametrize("name", patients())
def test_the_five_patients_are_localised(name: str) -> None:
    patient = load_patient(name, "nowhere")
    result = localise(patient.findings, patient.regions)
    assert result.candidates[0].id == ANSWERS[name]
    assert not result.flags
    for visit in patient.visits:
        assert localise(visit.findings, patient.regions).candidates[0].id == ANSWERS[name]


def test_peroneal_palsy_is_told_from_l5_by_inversion_and_hip_abduction() -> None:
    shared = ("weak-ankle-dorsiflexion", "weak-foot-eversion", "numb-top-foot")
    assert first(*shared, "weak-foot-inversion", "weak-hip-abduction") == "L5"
    assert first(*shared, "not-weak-foot-inversion", "not-weak-hip-abduction", "painless") == "peroneal"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(IDS), unique=True, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12),
       st.lists(st.sampled_from(region_ids()), unique=True, max_size=6))  # fmt: skip
def test_points_are_the_sum_of_the_reasons_and_the_order_is_theirs(
    names: list[str], absent: list[bool], regions: list[str]
) -> None:
    told = [f"{NOT}{name}" if no else name for name, no in zip(names, absent, strict=False)]
    try:
        result = localise(told, regions)
    except InvalidInput:
        return  # what cannot be is refused; another test reads the sentence
    points = [one.points for one in result.candidates]
    assert points == sorted(points, reverse=True)
    for one in result.candidates:
        pain = sum(why.points for why in one.reasons if why.finding.startswith("pain:"))
        vain = sum(why.points for why in one.reasons if why.finding.startswith(NOT) and why.points < 0)
        rest = sum(why.points for why in one.reasons) - pain - vain
        assert one.points == rest + min(pain, 2) + max(vain, -1)
        assert {why.finding.removeprefix("pain:") for why in one.reasons} <= {*told, *regions}
    assert result == localise(list(reversed(list(reversed(told)))), regions)
    json.dumps(result.as_dict(), allow_nan=False)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([one for one in region_ids() if one.endswith("left")]), unique=True, max_size=5))
def test_left_mirrors_right(regions: list[str]) -> None:
    here, there = localise((), regions), localise((), [mirrored(name) for name in regions])
    assert [(one.id, one.points) for one in here.candidates] == [(one.id, one.points) for one in there.candidates]


def test_pain_outside_the_usual_area_takes_nothing() -> None:
    plain = localise(["weak-wrist-extension"]).candidates[0]
    elsewhere = localise(["weak-wrist-extension"], ["chest.left", "little_dorsal.left"]).candidates[0]
    assert (plain.id, plain.points) == (elsewhere.id, elsewhere.points) == ("C6", 3)


def test_provocation_tests_do_not_tell_one_root_from_another() -> None:
    result = localise(["spurling"])
    assert {one.points for one in result.candidates if one.kind == "root"} == {1}
    assert result.verdict.startswith("Not told apart")


@pytest.mark.parametrize("flag", red_flags())
def test_every_sign_of_a_red_flag_interrupts(flag: RedFlag) -> None:
    for sign in flag.signs:
        result = localise([sign])
        assert flag in result.flags
        assert result.describe().startswith(result.flags[0].title)


def test_bladder_change_belongs_to_the_part_that_has_other_findings() -> None:
    def flags(*found: str) -> set[str]:
        return {flag.id for flag in localise(found).flags}

    assert flags("bladder-change") == {"myelopathy", "cauda-equina"}
    assert flags("bladder-change", "weak-wrist-extension") == {"myelopathy"}
    assert flags("bladder-change", "weak-big-toe-extension") == {"cauda-equina"}
    assert flags("bladder-change", "saddle-numbness", "weak-wrist-extension") == {"myelopathy", "cauda-equina"}


def test_absent_red_flags_do_not_interrupt() -> None:
    assert not localise([f"{NOT}{sign}" for flag in red_flags() for sign in flag.signs]).flags


@pytest.mark.parametrize(
    ("found", "regions", "said"),
    [
        (["spurling", "not-spurling"], [], "both present and absent"),
        (["biceps-reflex-low", "reflexes-brisk"], [], "cannot stand beside"),
        (["painless"], ["thumb_palmar.left"], "No pain at all"),
        (["painless", "neck-pain"], [], "No pain at all"),
        (["telepathy"], [], "no finding"),
        (["not-telepathy"], [], "no finding"),
        ([], ["third_arm.left"], "region"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(found: list[str], regions: list[str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as raised:
        localise(found, regions)
    assert str(raised.value).count(". ") == 0


def test_arm_and_leg_together_are_not_one_root() -> None:
    notes = localise(["weak-wrist-extension", "weak-big-toe-extension"]).notes
    assert any("arm and leg" in note for note in notes)
    assert any("both limbs" in note for note in localise([], ["calf_lateral.left", "calf_lateral.right"]).notes)


def test_what_is_not_scored_is_still_mentioned() -> None:
    result: Localisation = localise(["rash", "hip-rotation-pain"])
    assert not result.candidates
    assert {"herpes", "hip"} <= {word for note in result.notes for word in note.split()}


def test_unconfirmed_cells_score_nothing() -> None:
    assert findings()["numb-front-thigh"].key == ()
    cells = {"power": "key_muscle", "reflexes": "reflex", "sensation": "key_sensory_point"}
    for one in findings().values():
        for name in set(one.key) & set(root_cards()):
            assert cells.get(one.group, "") not in root_cards()[name].unconfirmed, one.id


def test_sources_are_shown_and_none_is_unconfirmed() -> None:
    kinds = (findings().values(), look_alikes().values(), red_flags(), weights().values(), pitfalls())
    used = [row.sources for rows in kinds for row in rows]
    for name in {name for names in used for name in names}:
        assert facts()[name].citable, name
        assert cite(name)
    assert {one.group for one in findings().values()} == set(GROUPS)


def test_an_unconfirmed_reason_is_not_used_against_the_ulnar_nerve() -> None:
    named = localise(["ulnar-groove-tender", "numb-little-finger", "weak-finger-extension"]).candidates
    ulnar = next(one for one in named if one.id == "ulnar")
    assert not [why for why in ulnar.reasons if why.points == -2]
