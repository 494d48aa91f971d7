"""The plan: dates are days counted, words are the numbers, and what cannot be is refused in one sentence."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.cli import main
from foramlib.errors import InvalidInput
from foramlib.recovery.planner import APPROACH_NAMES, JOBS, REGIONS, day_words, plan, range_words, read_day

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
requests = st.fixed_dictionaries(
    {
        "operation": DAYS,
        "region": st.sampled_from(list(REGIONS)),
        "approach": st.sampled_from(list(APPROACH_NAMES)),
        "driving": st.booleans(),
        "job": st.sampled_from(list(JOBS)),
        "sport": st.booleans(),
    }
)


@settings(max_examples=60, deadline=None)
@given(requests)
def test_every_date_is_the_operation_and_days(asked: dict[str, object]) -> None:
    made = plan(**asked)
    start = made.request.operation
    for step in made.steps:
        for one in step.timed:
            for days, day in ((one.earliest, step.earliest), (one.latest, step.latest)):
                assert days is None or day is not None
                if days is not None:
                    assert step.on(days) == start + timedelta(days=int(days))
                    assert step.earliest <= step.on(days) <= step.latest  # type: ignore[operator]
        assert (step.earliest is None) == (step.dates == "not known") == (step.standing == "not known")
        assert all(one.region in {made.request.region, "any"} and one.dated for one in step.sayings)
    assert made.help
    assert {one.region for one in made.help} <= {made.request.region, "any"}


@settings(max_examples=60, deadline=None)
@given(requests)
def test_words_and_data_are_the_same_plan(asked: dict[str, object]) -> None:
    made = plan(**asked)
    text, data = "\n".join(made.lines()), made.as_dict()
    json.dumps(data)
    for step, entry in zip(made.steps, data["steps"], strict=True):
        assert f"{step.step.name}: {step.dates}" in text
        assert entry["earliest"] == (step.earliest.isoformat() if step.earliest else None)
        for one in (*step.sayings, *step.beside):
            assert f"{one.who}: {step.dates_of(one)}; {one.words}." in text
    assert all(sentence in text for sentence in made.caution)


@given(DAYS, st.integers(0, 400))
def test_a_range_names_both_its_ends(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    words = range_words(first, last)
    assert words.endswith(day_words(last))
    assert str(first.day) in words


def test_a_plan_that_can_be_checked_by_hand() -> None:
    steps = {step.step.step: step for step in plan("2026-11-30", "neck", "keyhole", job="heavy", sport=True).steps}
    assert steps["driving"].dates == "7 December 2026 to 11 January 2027"
    assert steps["driving"].standing == "custom, not evidence"
    assert steps["heavy-work"].standing == "custom and measured"
    assert steps["heavy-work"].dates == "7 December 2026 to 28 February 2027"
    assert steps["lifting"].dates == "from 25 January 2027"
    assert steps["light-work"].dates == "14 to 28 December 2026"
    assert steps["out-of-bed"].dates == "by 30 November 2026"
    assert steps["physiotherapy"].dates == "not known"
    assert [one.id for one in steps["driving"].beside] == ["MS-35"]


def test_leap_days_are_days() -> None:
    made = plan("2028-02-15", job="light")
    driving = next(step for step in made.steps if step.step.step == "driving")
    assert driving.earliest == date(2028, 2, 22)
    assert driving.on(14) == date(2028, 2, 29)


def test_who_is_not_asked_is_not_planned_for() -> None:
    keys = {step.step.step for step in plan("2026-11-30", "lumbar", driving=False, job="none").steps}
    assert not keys & {"collar", "driving", "light-work", "heavy-work", "sport"}


def test_the_advice_differs_by_approach() -> None:
    collar = {
        way: next(step for step in plan("2026-11-30", approach=way).steps if step.step.step == "collar")
        for way in ("open", "endoscopic")
    }
    assert {one.id for one in collar["endoscopic"].sayings} - {one.id for one in collar["open"].sayings} == {"MS-24"}


@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "2026-13-01", "30/11/2026", "20261130", "2026-W48-1", "", "tomorrow", "1999-12-31", "2100-01-01",
     "0001-01-01", "9999-12-31", "２０２６-11-30", None, 20261130, True, datetime(2026, 11, 30, 8)],  # noqa: DTZ001 - a time of day is what is refused
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused_in_one_sentence(day: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        plan(day)
    assert str(caught.value).count(".") <= 2
    assert str(caught.value).startswith("The day of the operation")


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader_of_days(text: str) -> None:
    try:
        read = read_day(text).isoformat()
    except InvalidInput as problem:
        read = str(problem)
    assert read == text or "2026-11-30" in read or "from 2000 to 2099" in read


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"region": "knee"}, "cervical, lumbar"),
        ({"region": None}, "cervical, lumbar"),
        ({"approach": "laser"}, "any, open, keyhole, endoscopic"),
        ({"job": "astronaut"}, "none, desk, light, heavy, driver"),
        ({"driving": "yes"}, "True or False"),
        ({"sport": 1}, "True or False"),
    ],
)
def test_what_is_unknown_is_refused(changes: dict[str, object], allowed: str) -> None:
    with pytest.raises(InvalidInput, match=allowed):
        plan("2026-11-30", **changes)


def test_the_command_prints_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "--operation", "2026-11-30", "--approach", "keyhole", "--job", "light", "--drives"]
    assert main(words) == 0
    made = plan("2026-11-30", approach="keyhole", job="light")
    assert capsys.readouterr().out.splitlines() == made.lines()
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == made.as_dict()


def test_the_command_refuses_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--operation", "2026-11-31"]) == 2
    assert capsys.readouterr().err.startswith("foramlib: The day of the operation '2026-11-31' is no date")
    assert main(["plan"]) == 2
