"""The planner: every control to its ends, a random walk, the patient's day kept, files that others can read."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

import foramlib as fl
from foramlib.apps.controls import Buttons, Choice, Control, Day, Toggle
from foramlib.apps.planner import Planner, planner
from foramlib.errors import InvalidInput
from foramlib.figures.plan_page import calendar_text
from foramlib.learning.patient import load_patient, patients
from foramlib.recovery.planner import plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Planner]:
    made = Planner("helen-osei", folder=tmp_path, strict=True)
    yield made
    made.close()


def sound(app: Planner) -> None:
    """Check that controls, plan and page say the same."""
    page, asked = app.view.page, app.plan.request
    assert page["message"] == ""
    assert page["heading"] == app.plan.heading
    assert [row["name"] for row in page["rows"]] == [step.step.name for step in app.plan.steps]
    assert [row["dates"] for row in page["rows"]] == [step.dates for step in app.plan.steps]
    assert app.controls["operation"].value == asked.operation.isoformat()
    assert (app.controls["region"].value, app.controls["approach"].value) == (asked.region, asked.approach)
    assert (app.controls["drives"].value, app.controls["sport"].value) == (asked.drives, asked.sport)
    assert page["sentence"]
    json.dumps(page)


def ends(control: Control) -> list[Any]:
    if isinstance(control, Choice):
        return list(control.values)
    if isinstance(control, Day):
        return [control.min, control.max, "2028-02-29"]
    return [True, False]


def test_every_control_goes_to_its_ends_and_options(app: Planner) -> None:
    for name, control in app.controls.items():
        if isinstance(control, Choice | Day | Toggle):
            for value in ends(control):
                control.value = value
                assert control.value == value, name
                sound(app)


def test_a_random_walk_never_fails(app: Planner) -> None:
    walk = random.Random(7)  # noqa: S311 - a walk, not a secret
    for _ in range(60):
        control = app.controls[walk.choice(list(app.controls))]
        if isinstance(control, Buttons):
            control.press("reset")
        else:
            control.value = walk.choice(ends(control))
        sound(app)


def test_a_change_is_said(app: Planner) -> None:
    app.set(operation="2026-11-30")
    app.set(operation="2026-12-02")
    assert app.view.page["sentence"].startswith("Every date is 2 days later")
    app.set(sport=False)
    assert app.view.page["sentence"] == "No longer asked: Sport."
    app.set(job="driver")
    assert app.view.page["sentence"] == "Now asked: Heavy work."
    app.set(approach="keyhole")
    assert app.view.page["sentence"] == "Other dates: Recovery as a whole."
    app.set(region="lumbar")
    assert "No longer asked: Soft collar" in app.view.page["sentence"]


def test_a_refusal_is_said_and_the_last_good_plan_stays(tmp_path: Path) -> None:
    app = Planner("helen-osei", folder=tmp_path)
    before = app.plan
    for changes in ({"operation": "2026-02-30"}, {"operation": "1900-01-01"}, {"approach": "laser"}, {"diet": "soup"}):
        app.set(**changes)
        assert app.plan == before
        assert app.message.endswith(".")
    app.controls["operation"].set_state({"value": "2101-01-01"})
    assert "cannot be '2101-01-01'" in app.controls["operation"].message
    app.set(operation="2026-12-24")
    assert app.message == ""
    app.close()


def test_the_day_is_kept_with_the_patient(tmp_path: Path) -> None:
    first = Planner("ruth-adeyemi", folder=tmp_path, strict=True)
    first.set(operation="2027-01-11")
    first.close()
    assert load_patient("ruth-adeyemi", tmp_path).dates["operation"] == "2027-01-11"
    assert "No day is fixed yet" in Planner("helen-osei", folder=tmp_path).view.page["sentence"]
    again = Planner("ruth-adeyemi", folder=tmp_path, strict=True)
    assert again.plan.request.operation.isoformat() == "2027-01-11"
    assert again.plan.request.region == "lumbar"
    assert "No day" not in again.view.page["sentence"]
    again.set(approach="open", job="desk")
    assert load_patient("ruth-adeyemi", tmp_path).decisions == {"approach": "open", "job": "desk"}
    again.close()


def test_what_the_lesson_on_the_operation_kept_is_taken_over(tmp_path: Path) -> None:
    done = load_patient("helen-osei", tmp_path).deciding(approach="keyhole", operation="tubular, C5/6, left")
    done.dated(operation="2027-02-01").save(tmp_path)
    app = Planner("helen-osei", folder=tmp_path, strict=True)
    assert app.plan.heading == "Foraminotomy of the neck, keyhole (through a tube), 1 February 2027"
    assert app.view.page["sentence"].startswith("Taken over: tubular, C5/6, left, 1 February 2027. ")
    assert "No day is fixed" not in app.view.page["sentence"]
    assert app.controls["approach"].value == "keyhole"
    app.close()


def test_a_decision_in_other_words_is_passed_over(tmp_path: Path) -> None:
    load_patient("helen-osei", tmp_path).deciding(approach="from behind", job="luthier").save(tmp_path)
    app = Planner("helen-osei", folder=tmp_path, strict=True)
    assert (app.plan.request.approach, app.plan.request.job) == ("any", "light")
    app.close()


def test_a_day_that_the_patient_cannot_have_is_planned_but_not_kept(tmp_path: Path) -> None:
    app = Planner("helen-osei", folder=tmp_path, strict=True)
    app.set(operation="2001-01-01")
    assert "This is not kept" in app.view.page["sentence"]
    assert not list(tmp_path.iterdir())
    app.close()


def test_a_damaged_file_of_the_patient_is_said_and_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "helen-osei.json").write_text("{", encoding="utf-8")
    app = Planner("helen-osei", folder=tmp_path)
    assert "kept as helen-osei.damaged-1.json" in app.view.page["sentence"]
    app.close()


@pytest.mark.parametrize("name", [None, *patients()])
def test_every_patient_has_a_plan(name: str | None, tmp_path: Path) -> None:
    app = Planner(name, folder=tmp_path, strict=True)
    sound(app)
    assert app.describe().count("\n") > 8
    app.close()


def test_what_is_unknown_is_refused() -> None:
    with pytest.raises(InvalidInput, match="helen-osei"):
        planner("nobody")
    with pytest.raises(InvalidInput, match="projector"):
        planner(theme="sepia")


def test_a_calendar_that_others_can_read() -> None:
    made = plan("2026-11-30", approach="keyhole", job="heavy", sport=True)
    text = calendar_text(made)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert whole.count("BEGIN:VEVENT") == 1 + sum(step.earliest is not None for step in made.steps)
    days = re.findall(r"DTSTART;VALUE=DATE:(\d{8})\r\nDTEND;VALUE=DATE:(\d{8})", whole)
    assert all(first < last for first, last in days)
    assert len(set(re.findall(r"UID:(\S+)", whole))) == len(days)
    assert "SUMMARY:Driving: 7 December 2026 to 11 January 2027 (custom\\, not evidence)" in whole


@pytest.mark.parametrize("ending", [".html", ".ics", ".txt"])
def test_a_plan_is_saved(app: Planner, tmp_path: Path, ending: str) -> None:
    raw = app.save(tmp_path / f"plan{ending}").read_bytes().decode()
    text = raw.replace("\r\n ", "").replace("\\", "")
    assert all(step.dates in text for step in app.plan.steps if step.timed)
    assert all(one.sign.split(",")[0] in text for one in app.plan.help)
    assert "<script" not in text
    assert "src=" not in text


def test_a_file_that_cannot_be_written_is_refused(app: Planner, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.html, \.ics, \.txt"):
        app.save(tmp_path / "plan.docx")
    with pytest.raises(InvalidInput, match="cannot be written"):
        app.save(tmp_path / "nowhere" / "plan.html")


def test_the_public_name_leads_here(app: Planner) -> None:
    assert fl.planner is planner
    assert app.describe().startswith("Helen Osei, 47, repairs violins.")
