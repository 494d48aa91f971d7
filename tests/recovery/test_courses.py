"""Courses and shares: the numbers of the table, nothing between them, intervals as others calculate them."""

from __future__ import annotations

import csv
from math import sqrt
from statistics import NormalDist

import pytest

from foramlib.errors import InvalidInput
from foramlib.evidence import check_sources, data_path
from foramlib.recovery.motor import EVENTS, shares, wilson
from foramlib.recovery.trajectories import COURSES, OTHER_SCALES, important_differences, panels

REGIONS = ("cervical", "lumbar")


def table() -> list[dict[str, str]]:
    with data_path("evidence", "trials.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_point_is_a_number_of_the_table() -> None:
    known = {float(row[key]) for row in table() for key in ("mean", "median", "effect") if row[key]}
    known |= {round(100 * value, 1) for value in known}
    for what in COURSES:
        for region in REGIONS:
            for panel in panels(what, region):
                for course in panel.courses:
                    for point in course.points:
                        assert point.calculated or point.value in known, (course.id, point)


def test_only_the_untreated_arm_is_calculated_and_says_so() -> None:
    every = [point for what in COURSES for region in REGIONS for panel in panels(what, region)
             for course in panel.courses for point in course.points]  # fmt: skip
    found = [point for point in every if point.calculated]
    assert [point.weeks for point in found] == [6.0]
    assert found[0].value == pytest.approx(70.8 - 19)


def test_facet_is_known_at_two_times() -> None:
    facet = panels("limb-pain")[0].courses[0]
    assert [(point.weeks, point.value, point.sd) for point in facet.points] == [(0, 62.3, 20.7), (52, 18.6, 22.9)]
    neck = panels("neck-pain")[0].courses[0]
    assert [point.weeks for point in neck.points] == [0, 1, 52]


def test_spreads_stay_on_their_scale_and_around_their_point() -> None:
    for what in COURSES:
        for panel in panels(what):
            for course in panel.courses:
                for point in course.points:
                    if point.low is not None and point.high is not None:
                        assert panel.ends[0] <= point.low <= point.value <= point.high <= panel.ends[1]


def test_an_important_difference_stands_on_its_own_scale_only() -> None:
    assert {one.value for one in important_differences("NDI", "0-50")} == {5}
    assert {one.value for one in important_differences("NDI", "0-100")} == {15}
    assert {one.value for one in important_differences("NDI", OTHER_SCALES)} == {13.39, 30}
    for what in COURSES:
        for panel in panels(what):
            assert all(one.scale == panel.scale for one in panel.differences)
            assert check_sources(one.fact_id for one in panel.differences) == []


@pytest.mark.parametrize(("events", "total"), [(0, 21), (1, 1), (6, 119), (4, 124), (15, 151), (47, 52), (24, 24)])
def test_wilson_by_its_definition(events: int, total: int) -> None:
    """The ends are where the score test just rejects: roots of (share - p)^2 = z^2 p (1 - p) / n."""
    z, share = NormalDist().inv_cdf(0.975), events / total
    a, b, c = 1 + z**2 / total, -(2 * share + z**2 / total), share**2
    root = sqrt(b**2 - 4 * a * c)
    assert wilson(events, total) == pytest.approx(((-b - root) / (2 * a), (-b + root) / (2 * a)), abs=1e-12)


def test_wilson_as_the_evidence_prints_it() -> None:
    assert [round(100 * end, 1) for end in wilson(6, 119)] == [2.3, 10.6]
    assert [round(100 * end, 1) for end in wilson(4, 124)] == [1.3, 8.0]


@pytest.mark.parametrize(("events", "total"), [(2, 1), (-1, 5), (0, 0)])
def test_a_share_that_cannot_be_is_refused(events: int, total: int) -> None:
    with pytest.raises(InvalidInput, match="is no share"):
        wilson(events, total)


def test_shares_keep_n_before_matching_out_of_intervals() -> None:
    again = {group.name: group.points[0] for group in shares("operated-again")}
    assert again["Lubelski 2015, posterior foraminotomy"].low is None
    assert again["FACET, posterior foraminotomy"].counted
    assert not again["Swespine, posterior foraminotomy"].counted


def test_strength_by_severity() -> None:
    mild, severe, improved, *_ = shares("strength")
    assert [point.value for point in mild.points] == [48, 81, 90, 96]
    assert [point.value for point in severe.points] == [8, 38, 58, 58, 63]
    assert [point.value for point in improved.points] == [50, 71, 83, 88, 92]


def test_unknown_courses_are_refused() -> None:
    with pytest.raises(InvalidInput, match="limb-pain"):
        panels("knee-pain")
    with pytest.raises(InvalidInput, match="strength"):
        shares("luck")
    assert all(shares(what) for what in EVENTS)
