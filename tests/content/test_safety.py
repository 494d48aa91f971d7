"""What lessons and questions say of safety is what the tables say, and of patients what their files say."""

from __future__ import annotations

import csv
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

from foramlib.clinic.findings import red_flags
from foramlib.evidence import data_path, facts, notebooks_path
from foramlib.learning.items import items
from foramlib.learning.patient import load_patient, patients
from foramlib.lessons.markdown import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foramlib.learning.items import Item

LESSONS = ("04", "05", "07")


@lru_cache(maxsize=8)
def cells(lesson: str) -> tuple[str, ...]:
    """Give the prose cells of a lesson, and the passages of its companion."""
    [path] = notebooks_path().glob(f"{lesson}_*.ipynb")
    book = json.loads(path.read_text(encoding="utf-8"))
    prose = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
    companion = (path.parent / "teaching" / f"{path.stem}.md").read_text(encoding="utf-8")
    return (*prose, *re.split(r"\n\n(?=\*\*\d|## )", companion))


def section(lesson: str, heading: str) -> str:
    return plain(next(cell for cell in cells(lesson) if re.search(rf"^#+ {re.escape(heading)}", cell, re.MULTILINE)))


def question(name: str) -> Item:
    return next(item for item in items(name[:2]) if item.id == name)


# What each flag is called in prose; the table is the clinic's, these are the words of the lessons.
SAID = {
    "cauda-equina": "cauda equina",
    "metastatic-compression": "metastatic cord compression",
    "metastatic-pain": "coordinator",
    "stroke": "stroke team",
    "spinal-injury": "trauma centre",
    "dissection": "torn neck artery",
    "horner-painless": "without pain",
    "myelopathy": "cord",
    "upper-motor": "upper motor neurone",
    "infection": "infection",
    "fracture": "fracture",
    "tumour": "tumour",
    "pancoast": "lung apex",
    "foot-drop": "foot",
    "weakness": "grow",
}
STOPS = (("04", "Stop signs"), ("05", "First, what cannot wait"))


@pytest.mark.parametrize(("lesson", "heading"), STOPS)
def test_every_red_flag_of_the_table_is_taught(lesson: str, heading: str) -> None:
    told = section(lesson, heading).casefold()
    assert set(SAID) == {flag.id for flag in red_flags()}
    for flag in red_flags():
        assert SAID[flag.id] in told, flag.id


@pytest.mark.parametrize(("lesson", "heading"), STOPS)
def test_the_cord_is_taught_by_the_rule_of_the_table(lesson: str, heading: str) -> None:
    told = section(lesson, heading).casefold()
    cord = next(flag for flag in red_flags() if flag.id == "myelopathy")
    words = {"gait-unsteady": "unsteady walk", "hands-clumsy": "clumsy hands", "bladder-change": "bladder"}
    assert set(words) | {"both-legs"} == set(cord.alone)
    for word in (*words.values(), "both legs", "two", "look for the others now"):
        assert word in told, word


@pytest.mark.parametrize(("lesson", "heading"), STOPS)
def test_times_and_grades_of_the_stop_signs(lesson: str, heading: str) -> None:
    told = section(lesson, heading)
    for words in ("3/5 or less", "grade 3 or less", "within 24 hours", "whole spine", "same day", "55 %"):
        assert words in told, words


def test_the_grades_of_power_are_taught_before_they_are_used() -> None:
    told = [plain(cell) for cell in cells("04")]
    taught = next(place for place, cell in enumerate(told) if "How to grade power" in cell)
    assert re.findall(r"^\| ?(\d) ?\|", cells("04")[taught], re.MULTILINE) == list("012345")
    assert not [cell for cell in told[:taught] if re.search(r"\bgrade \d|\b\d/5\b", cell)]


def test_the_printed_spurling_ratios_stand_beside_ours() -> None:
    told = section("04", "What a test is worth")
    for number in (*re.findall(r"\d\.\d+", facts()["P:D05b"].value), *re.findall(r"\d\.\d+", facts()["P:D05c"].value)):
        assert number in told, number
    assert "the paper prints" in question("04-bayes").stem


def test_a_negative_tension_test_is_shown_with_its_interval() -> None:
    told = section("04", "What a test is worth")
    assert "0.11 (0.01–1.8)" in told
    assert "a negative one helps" not in told


def test_weakness_that_grows_is_referred_urgently_in_days() -> None:
    asked = question("05-new-weakness")
    [key] = [option for option in asked.options if option.right]
    assert "Urgent spinal referral" in key.text
    assert "days" in key.text
    assert "today" in key.text
    for lesson, heading in STOPS:
        assert "two weeks" not in section(lesson, heading)
    assert {"P:G05", "P:G06"} <= set(asked.sources)
    assert any("Routine" in option.text for option in asked.options)
    assert any("Emergency" in option.text for option in asked.options)


def test_the_cauda_question_and_its_reason_name_the_same_hours_and_the_team() -> None:
    [key] = [option for option in question("05-cauda").options if option.right]
    assert "four hours" in key.text
    assert "4 hours" in key.why
    assert "Spinal team" in key.text
    for name in ("04-cauda", "05-cauda"):
        [right] = [option for option in question(name).options if option.right]
        assert "around the anus and its tone" in right.why


def test_a_numb_saddle_after_an_operation_is_a_clot_until_shown_otherwise() -> None:
    [key] = [option for option in question("07-call").options if option.right]
    assert "epidural haematoma" in key.why
    assert "epidural haematoma" in section("07", "When to call for help")


def test_inversion_is_asked_for_with_the_foot_pointed_down() -> None:
    [key] = [option for option in question("04-foot-drop").options if option.right]
    assert "pointed foot" in key.text
    assert "tibialis anterior" in key.why
    assert "Point the foot down" in section("04", "Look-alikes")


def helps() -> Iterator[str]:
    with data_path("recovery", "help.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["sign"] for row in csv.DictReader(file))


@pytest.mark.parametrize("sign", tuple(helps()))
def test_the_calls_for_help_in_prose_are_those_of_the_plan(sign: str) -> None:
    told = section("07", "When to call for help").casefold()
    words = set(re.findall(r"[a-z]{4,}", sign.casefold())) - {"that", "from", "spite", "feel"}
    said = {word for word in words if word[:5] in told}
    assert len(said) >= 0.7 * len(words), words - said


# -- patients


BODY = r"(?:arm|leg|hand|foot|shoulder|buttock|wrist|thumb|elbow|calf|side|foramen|[CLS]\d)"


def naming(name: str) -> Iterator[tuple[str, str]]:
    first = load_patient(name, "nowhere").name.split()[0]
    for lesson in LESSONS:
        yield from ((lesson, plain(cell)) for cell in cells(lesson) if re.search(rf"\b{first}\b", cell))


@pytest.mark.parametrize("name", patients())
def test_lessons_put_every_patient_on_the_side_of_the_file(name: str) -> None:
    patient = load_patient(name, "nowhere")
    wrong = {"left": "right", "right": "left"}[patient.side]
    others = {load_patient(other, "nowhere").name.split()[0] for other in patients()} - {patient.name.split()[0]}
    for lesson, cell in naming(name):
        if not any(re.search(rf"\b{other}\b", cell) for other in others):
            assert not re.search(rf"\b{wrong} (?:\w+ )?{BODY}", cell), (lesson, cell)
    for text in (patient.history, patient.imaging, *(visit.note for visit in patient.visits)):
        assert not re.search(rf"\b{wrong} (?:\w+ )?{BODY}", text), text


def test_the_wrist_of_the_third_month_is_weak_only_then_and_has_its_grade() -> None:
    helen = load_patient("helen-osei", "nowhere")
    assert "not-weak-wrist-extension" in helen.findings
    assert "weak-wrist-extension" in helen.visits[0].findings
    assert "grade 4 of 5" in helen.visits[0].note
    assert "within days" in section("05", "Back to Helen")
