"""Charts of recovery: words are the drawn numbers, gaps are named, and no line runs where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text

from foramlib.evidence import check_sources
from foramlib.figures.charts import courses, shares, timeline, timeline_picture
from foramlib.figures.charts.sheet import Look


def drawn(figure: object) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "level"), [(name, level) for name in courses.NAMES for level in (None, "L5/S1")])
def test_no_line_joins_two_times(name: str, level: str | None) -> None:
    numbers = courses.collect(name, level)
    figure = courses.compose_courses(numbers, Look())
    marks = [line for axes in figure.axes for line in axes.lines]
    assert marks
    assert all(np.ptp(np.asarray(line.get_xdata(), dtype=float)) == 0 for line in marks)
    assert check_sources(numbers.ids) == []


def test_the_gap_is_named_in_picture_and_words() -> None:
    numbers = courses.collect("limb-pain")
    assert "not published" in drawn(courses.compose_courses(numbers, Look()))
    words = courses.describe_courses(numbers)
    assert "Not found in what was read: anything between week 6 and year 1." in words
    assert "62.3 (SD 20.7) before, 18.6 (SD 22.9) at 1 year" in words
    assert "calculated 51.8 at 6 weeks" in words
    assert "do not subtract" in words


def test_an_important_difference_is_drawn_as_long_as_it_is() -> None:
    numbers = courses.collect("disability")
    figure = courses.compose_courses(numbers, Look())
    for axes, panel, value in zip(figure.axes, numbers.panels, (15, 5), strict=True):
        arrows = [text for text in axes.texts if getattr(text, "arrow_patch", None)]
        lengths = [abs(text.xy[1] - text.xyann[1]) for text in arrows]  # type: ignore[attr-defined]
        assert lengths == [pytest.approx(value)]
        assert f"{value} of {panel.ends[1]:g}" in drawn(figure)
    assert "13.39" in courses.describe_courses(numbers)


@pytest.mark.parametrize("name", courses.NAMES)
def test_words_of_a_course_are_its_points(name: str) -> None:
    numbers = courses.collect(name)
    words = courses.describe_courses(numbers)
    for panel in numbers.panels:
        assert f"scale {panel.scale_words}" in words
        for course in panel.courses:
            assert course.design in words
            assert all(f"{point.value:g}" in words for point in course.points)


@pytest.mark.parametrize("name", shares.NAMES)
def test_words_of_shares_are_the_drawn_numbers(name: str) -> None:
    numbers = shares.collect(name)
    words, picture = shares.describe_shares(numbers), drawn(shares.compose_shares(numbers, Look()))
    for group in numbers.groups:
        assert f"{group.name} ({group.design}" in words
        for point in group.points:
            figure = f"{point.value:.1f}".removesuffix(".0")
            assert f"{figure} %" in words
            assert figure in picture
    assert check_sources(numbers.ids) == []


def test_both_sides_on_operations_again() -> None:
    assert {"P:E20", "P:E11", "P:E21", "P:E35"} <= set(shares.collect("operated-again").ids)


@pytest.mark.parametrize("name", [timeline.FIRST_DAYS, timeline.BACK_TO_LIFE])
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_every_source_has_a_row_of_its_own_in_the_picture(name: str, layout: str) -> None:
    numbers = timeline.of_part(name)
    picture = " ".join(drawn(timeline_picture.compose_timeline(numbers, Look("light", layout))).split())
    for group in numbers.groups:
        assert group.step.name in picture
        assert group.standing in picture
        for one in group.sayings:
            assert one.brief.split(",")[0] in picture
            assert one.span in picture if one.timed else one.row.wording in picture or one.mean is not None


def test_leaflets_are_listed_as_sources() -> None:
    cited = {citation.text for citation in timeline.of_part(timeline.FIRST_DAYS).citations}
    assert any("five patient leaflets" in text for text in cited)
    assert all("custom and not evidence" in text for text in cited)


def test_times_that_lie_close_together_are_drawn_apart_and_named() -> None:
    shown = courses.collect("neck-pain")
    places = courses._places(shown.panels[0])
    assert places[1.0] - places[0.0] > 0.1 * max(places.values())
    assert "Times that lie close together are drawn apart." in shown.remarks
    assert "Times that lie close together are drawn apart." not in courses.collect("work").remarks
    assert "0.75 (SD 0.63) at 13 months" in courses.describe_courses(courses.collect("limb-pain", "L5/S1"))
