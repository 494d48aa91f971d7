"""Patients: one schema, the learner's copy first, and nothing lost when a file is damaged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from foramlib.clinic.findings import NOT, findings
from foramlib.clinic.regions import region
from foramlib.errors import InvalidInput
from foramlib.learning.patient import NEED, VERSION, Patient, load_patient, patients, read_patient

if TYPE_CHECKING:
    from pathlib import Path

FIVE = ("amir-haddad", "helen-osei", "nora-brandt", "ruth-adeyemi", "tomas-lindqvist")


def changed(**fields: object) -> dict[str, Any]:
    return {**load_patient("helen-osei").as_dict(), **fields}


def test_five_patients_ship() -> None:
    assert patients() == FIVE


@pytest.mark.parametrize("name", FIVE)
def test_what_ships_can_be_read_and_written_back(name: str, tmp_path: Path) -> None:
    patient = load_patient(name, tmp_path)
    assert patient.id == name
    assert not patient.decisions
    assert not patient.remark
    assert read_patient(json.loads(json.dumps(patient.as_dict()))) == patient
    assert load_patient(name, patient.save(tmp_path).parent) == patient


def test_decisions_and_dates_come_back_from_the_learners_file(tmp_path: Path) -> None:
    patient = load_patient("helen-osei", tmp_path).deciding(localised_root="C6").dated(operation="2026-12-01")
    patient.save(tmp_path)
    again = load_patient("helen-osei", tmp_path)
    assert again.decisions == {"localised root": "C6"}
    assert again.dates["operation"] == "2026-12-01"
    assert again.deciding(plan="foraminotomy").decisions == {"localised root": "C6", "plan": "foraminotomy"}


def test_the_default_folder_lies_below_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = load_patient("nora-brandt").deciding(plan="wait").save()
    assert (tmp_path / "my-work" / "nora-brandt.json").samefile(file)
    assert load_patient("nora-brandt").decisions == {"plan": "wait"}


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 2}', "\x00", '{"version": 1, "id": "helen-osei"}'])
def test_a_damaged_file_is_kept_aside(text: str, tmp_path: Path) -> None:
    (tmp_path / "helen-osei.json").write_text(text, encoding="utf-8")
    patient = load_patient("helen-osei", tmp_path)
    assert patient == load_patient("helen-osei", tmp_path / "elsewhere")
    assert "kept as helen-osei.damaged-1.json" in patient.remark
    assert (tmp_path / "helen-osei.damaged-1.json").read_text(encoding="utf-8") == text
    patient.save(tmp_path)
    assert "remark" not in (tmp_path / "helen-osei.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FIVE)
def test_findings_regions_and_lesions_exist(name: str) -> None:
    patient = load_patient(name, "nowhere")
    given = [*patient.findings, *(one for visit in patient.visits for one in visit.findings)]
    assert {one.removeprefix(NOT) for one in given} <= findings().keys()
    assert all(region(one).side == patient.side for one in patient.regions)
    assert patient.segment().level.name == patient.level


def test_the_model_takes_only_lesions_that_it_knows() -> None:
    with pytest.raises(InvalidInput, match="gremlin"):
        read_patient(changed(lesions=[{"name": "gremlin", "mm": 2}])).segment()


def test_the_file_of_another_patient_is_not_taken(tmp_path: Path) -> None:
    load_patient("nora-brandt").save(tmp_path).rename(tmp_path / "helen-osei.json")
    assert "another patient" in load_patient("helen-osei", tmp_path).remark


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"version": VERSION + 1}, "version"),
        ({"age": 7}, "16 to 110"),
        ({"age": 47.5}, "whole years"),
        ({"side": "both"}, "left and right"),
        ({"sex": "?"}, "female and male"),
        ({"drives": "often"}, "true or false"),
        ({"findings": "weak"}, "list of texts"),
        ({"lesions": [{"name": "bulge", "mm": -1}]}, "at most 30 mm"),
        ({"visits": [{"week": -2, "findings": [], "note": "x"}]}, "whole weeks"),
        ({"decisions": {"plan": 3}}, "must be text"),
        ({"dates": {"onset": "soon"}}, "2026-12-01"),
        ({"dates": {"onset": "1066-10-14"}}, "2000"),
        ({"dates": {"birthday": "2026-12-01"}}, "not known"),
        ({"dates": {"onset": "2026-12-02", "seen": "2026-12-01"}}, "lies before"),
        ({"shoe size": 42}, "not known"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(fields: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as raised:
        read_patient(changed(**fields))
    assert str(raised.value).endswith(".")
    assert "\n" not in str(raised.value)


def test_an_unknown_patient_is_refused() -> None:
    with pytest.raises(InvalidInput, match="helen-osei"):
        load_patient("../secret")


def test_a_date_cannot_be_moved_before_what_it_follows() -> None:
    helen = load_patient("helen-osei")
    with pytest.raises(InvalidInput, match="lies before"):
        helen.dated(operation="2026-01-01")
    with pytest.raises(InvalidInput, match="not known"):
        helen.dated(wedding="2026-12-01")


def test_weeks_are_counted_from_the_onset() -> None:
    assert load_patient("helen-osei").weeks() == 5
    assert load_patient("helen-osei").weeks("reviewed") == 12
    with pytest.raises(InvalidInput, match="operation"):
        load_patient("helen-osei").weeks("operation")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InvalidInput, match="cannot be kept"):
        load_patient("helen-osei").save(tmp_path / "file")


def test_two_are_not_for_an_operation_and_say_why_in_their_story() -> None:
    amir, nora = load_patient("amir-haddad"), load_patient("nora-brandt")
    assert {"phalen", "not-neck-pain"} <= set(amir.findings)
    assert nora.weeks() == 3
    assert not [finding for finding in nora.findings if finding.startswith("weak")]


def test_a_patient_is_frozen() -> None:
    patient: Patient = load_patient("helen-osei")
    with pytest.raises(AttributeError):
        patient.age = 30  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"findings": ["weak-nose"]}, "weak-nose"),
        ({"findings": ["numb-thumb", "not-numb-thumb"]}, "both present and absent"),
        ({"regions": ["nose.left"]}, "nose.left"),
        ({"level": "C9/10"}, "C9/10"),
        ({"dates": {"onset": "2026-08-31"}}, "'seen'"),
        ({"visits": [{"week": 2, "findings": [], "note": "x"}]}, "out of order"),
    ],
)
def test_a_file_that_no_lesson_could_open_is_kept_aside(change: dict[str, Any], word: str, tmp_path: Path) -> None:
    data = load_patient("helen-osei").as_dict() | change
    (tmp_path / "helen-osei.json").write_text(json.dumps(data), encoding="utf-8")
    found = load_patient("helen-osei", tmp_path)
    assert word in found.remark
    assert "kept as helen-osei.damaged-1.json" in found.remark
    assert found == load_patient("helen-osei", tmp_path / "none")


def test_a_page_left_open_does_not_undo_what_another_kept(tmp_path: Path) -> None:
    early = load_patient("helen-osei", tmp_path)
    load_patient("helen-osei", tmp_path).deciding(localised_root="C6").save(tmp_path)
    early.newest(tmp_path).deciding(job="light").save(tmp_path)
    assert set(load_patient("helen-osei", tmp_path).decisions) == {"localised root", "job"}


def test_the_newest_of_a_damaged_file_is_the_patient_at_hand(tmp_path: Path) -> None:
    kept = load_patient("helen-osei", tmp_path).deciding(localised_root="C6")
    (tmp_path / "helen-osei.json").write_text("{", encoding="utf-8")
    assert kept.newest(tmp_path) is kept


def test_the_last_decision_on_an_operation_is_found_by_its_week() -> None:
    patient = load_patient("helen-osei")
    assert patient.decided_need() == ("", "")
    decided = patient.deciding(**{f"{NEED}week 12": "later", f"{NEED}week 5": "earlier", "job": "light"})
    assert decided.decided_need() == ("week 12", "later")
