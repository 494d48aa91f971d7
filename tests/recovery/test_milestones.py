"""Steps of recovery: every row finds its place, says who says so, and never passes for evidence when it is custom."""

from __future__ import annotations

import itertools

import pytest

from foramlib.evidence import check_sources, milestones, trials
from foramlib.figures.charts.timeline import BACK_TO_LIFE, FIRST_DAYS, describe_timeline, of_part
from foramlib.recovery.milestones import findings, sayings, steps
from foramlib.recovery.planner import APPROACH_NAMES, JOBS, REGIONS, plan


def test_every_milestone_is_reached_in_a_chart() -> None:
    shown = {one.id for name in (FIRST_DAYS, BACK_TO_LIFE) for group in of_part(name).groups for one in group.sayings}
    assert shown == set(milestones())


def test_every_milestone_is_reached_in_a_plan() -> None:
    reached = set()
    for region, approach, job in itertools.product(REGIONS, APPROACH_NAMES, JOBS):
        made = plan("2026-11-30", region, approach, job=job, sport=True)
        reached |= {one.id for step in made.steps for one in (*step.sayings, *step.beside)}
    assert reached == set(milestones())


def test_every_step_and_finding_has_a_place() -> None:
    drawn = [group.step.step for name in (FIRST_DAYS, BACK_TO_LIFE) for group in of_part(name).groups]
    assert drawn == list(steps())
    assert {one.step for one in sayings()} | {one.step for one in findings()} == set(steps())
    assert check_sources(one.fact_id for one in findings()) == []
    assert check_sources(one.fact_id for one in sayings() if one.fact_id) == []


def test_only_what_is_called_measured_in_the_table_is_called_measured_here() -> None:
    for one in sayings():
        assert one.custom == ("measured data" not in one.row.note), one.id


def test_another_operation_is_never_planned_with() -> None:
    for one in sayings():
        assert one.dated == ("anterior" not in one.row.approach), one.id


def test_means_are_those_of_the_trials() -> None:
    means = {one.id: one.mean for one in sayings() if one.mean is not None}
    assert means == {"MS-32": pytest.approx(33.6), "MS-33": pytest.approx(137.2), "MS-34": pytest.approx(1.35)}
    assert {row.n for row in trials() if row.source_key == "Tumialan2010"} == {19}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MS-02", "by 2 hours"),
        ("MS-04", "the next day"),
        ("MS-05", "7 to 14 days"),
        ("MS-06", "by 4 weeks"),
        ("MS-08", "the same or the next day"),
        ("MS-12", "from 30 days"),
        ("MS-13", "no time given"),
        ("MS-22", "from 8 weeks"),
        ("MS-28", "the same day"),
        ("MS-31", "2 to 6 weeks"),
        ("MS-32", "1 to 8 weeks"),
        ("MS-35", "at 6 weeks"),
    ],
)
def test_times_in_words(name: str, words: str) -> None:
    assert next(one for one in sayings() if one.id == name).span == words


def test_the_words_of_a_chart_hold_every_source_with_its_time() -> None:
    for name in (FIRST_DAYS, BACK_TO_LIFE):
        numbers = of_part(name)
        words = describe_timeline(numbers)
        for group in numbers.groups:
            assert f"{group.step.name} ({group.standing})" in words
            for one in group.sayings:
                assert one.brief in words
                assert one.span in words or not one.timed
    assert "Driving (custom, not evidence)" in describe_timeline(of_part(BACK_TO_LIFE))
    assert "Opioids and pain relief (no time for this operation)" in describe_timeline(of_part(FIRST_DAYS))


def test_the_message_is_counted_and_the_low_back_is_not_the_neck() -> None:
    assert of_part(BACK_TO_LIFE).message == "Driving again: 1 to 6 weeks, depending on whom you ask"
    assert of_part(FIRST_DAYS).message == "Going home: 0 to 3 days, depending on whom you ask"
    low = of_part(BACK_TO_LIFE, "L5/S1")
    assert "hardly anybody" in low.message
    assert {one.region for group in low.groups for one in group.sayings} == {"any"}
    assert "collar" not in {group.step.step for group in of_part(FIRST_DAYS, "L5/S1").groups}


def test_the_five_leaflets_are_never_named() -> None:
    for one in sayings():
        if one.row.source.startswith("S") and one.row.source[1:].isdigit():
            assert one.who == f"leaflet {one.row.source}"
            assert one.citation.text.startswith("five patient leaflets")
        if not one.fact_id:
            assert "custom and not evidence" in one.citation.text
