"""Charts of lesson 08: numbers of the tables, honest titles, words that are the picture's."""

from __future__ import annotations

import re

import pytest

from foramlib.apps.chart import chart
from foramlib.errors import InvalidInput
from foramlib.evidence import facts
from foramlib.figures.charts.appraisal import COLLECTORS, facet_margin, leaflet_grades, reoperation, topic_axis
from foramlib.figures.charts.intervals import Axis, compose_intervals, describe_intervals, number, spread
from foramlib.figures.charts.sheet import Look
from foramlib.recovery.pooling import topics
from foramlib.recovery.readability import leaflet_counts


def test_numbers_are_written_with_true_signs() -> None:
    assert [number(-2.84, 1), number(1.6, plus=True), number(-0.04, 1), number(0, plus=True)] == [
        "−2.8",
        "+2",
        "0.0",
        "0",
    ]
    assert spread(1.8, -3.7, 7.7, 1, plus=True) == "+1.8 (−3.7 to +7.7)"


@pytest.mark.parametrize("name", COLLECTORS)
def test_every_row_lies_on_its_axis_and_is_said(name: str) -> None:
    numbers = COLLECTORS[name]()
    words = describe_intervals(numbers)
    assert numbers.rows
    for row in numbers.rows:
        assert f"{row.label}: {row.figures}." in words
        for end in (row.point, row.low, row.high):
            assert end is None or numbers.axis.low <= end <= numbers.axis.high, row.label
    for remark in numbers.remarks:
        assert remark in words
    with pytest.raises(InvalidInput):
        COLLECTORS[name]("C9/10")


def test_titles_follow_the_numbers() -> None:
    assert "2 of 3 measures stay within" in facet_margin().message
    assert "Yes in a large registry, unclear elsewhere" in reoperation().message
    above = sum(one.grade > 6 for one in leaflet_counts().values())
    assert leaflet_grades().message.startswith(f"{above} of 5 leaflets")


def test_reoperation_shows_both_sides_of_the_disagreement() -> None:
    ids = set(reoperation().ids)
    assert {"P:E20", "P:E19b"} & ids
    assert {"P:E11", "P:E21", "P:E35"} <= ids
    assert facts()["P:E11"].value.startswith("posterior 6/119")
    assert "6 of 119 against 4 of 124" in describe_intervals(reoperation())


def test_a_one_sided_limit_is_drawn_on_one_side() -> None:
    assert all(row.low is None and row.high is not None for row in facet_margin().rows)
    figure = compose_intervals(facet_margin(), Look())
    dotted = [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == ":"]
    assert len(dotted) == len(facet_margin().rows)


def test_the_axis_of_every_question_holds_its_studies() -> None:
    for found in topics():
        axis = topic_axis(found)
        assert isinstance(axis, Axis)
        assert axis.low <= 0 < axis.high
        assert axis.ticks[0] == axis.low
        assert axis.ticks[-1] == axis.high


def test_a_printed_difference_is_the_difference_of_the_printed_shares() -> None:
    rows = {" ".join(re.split(r"\W+", row.label)[:2]): row for row in reoperation().rows}
    assert rows["MacDowall 2020"].point == pytest.approx(6 - 1)
    lubelski = rows["Lubelski 2015"]
    assert lubelski.point == pytest.approx(6.4 - 4.8)
    # How many people were left after matching is not known, so no interval may be drawn.
    assert (lubelski.low, lubelski.high, lubelski.shape) == (None, None, "other")


def test_charts_of_published_data_are_not_called_a_model() -> None:
    assert not any(collect().modelled for collect in COLLECTORS.values())
    assert "Teaching model" not in chart("reoperation").html()
