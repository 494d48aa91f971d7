"""Charts about the decision: the warning on every one, words from the drawn numbers, a hundred icons each."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.text import Text

from foramlib.apps.chart import chart
from foramlib.clinic.risks import NO_TRIAL, outcomes, pair
from foramlib.errors import InvalidInput
from foramlib.figures.charts import gains, in_100, natural_history, thresholds, without_symptoms
from foramlib.figures.charts.sheet import LAYOUTS, TYPE, Look, Sheet
from foramlib.figures.icons import COLUMNS, Array, arrays, describe_arrays, draw_icons, places
from foramlib.figures.palette import THEMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = (natural_history.NAME, without_symptoms.NAME, thresholds.NAME, gains.NAME, in_100.NAME)


def words_in(figure: Figure) -> str:
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return " ".join(" ".join(text.get_text() for text in texts).split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", [None, "L4/5"])
def test_every_chart_says_what_has_not_been_compared(name: str, level: str | None) -> None:
    shown = chart(name, level)
    assert NO_TRIAL in shown.describe()
    assert any(NO_TRIAL in remark for remark in shown.numbers.remarks)
    for layout in LAYOUTS:
        assert NO_TRIAL in words_in(shown.kind.draw(shown.numbers, Look("light", layout)))


@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_smaller_than_fourteen_points(name: str) -> None:
    figure = chart(name).kind.draw(chart(name).numbers, Look("projector", "narrow"))
    sizes = [float(text.get_fontsize()) for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text()]
    assert min(sizes) >= TYPE


def test_the_pictures_show_the_numbers_that_are_said() -> None:
    numbers = natural_history.NaturalHistory.of()
    drawn = words_in(natural_history.compose_natural_history(numbers, Look()))
    for share in numbers.shares:
        assert f"{100 * share.share:.0f} % {share.counted}" in drawn
        assert f"{100 * share.share:.0f} % {share.counted}" in natural_history.describe_natural_history(numbers)
    seen = without_symptoms.WithoutSymptoms.of()
    drawn = words_in(without_symptoms.compose_without_symptoms(seen, Look()))
    assert all(f"{100 * one.share:.3g} % {one.who}" in drawn for one in seen.seen)
    weeks = thresholds.Weeks.of()
    drawn = words_in(thresholds.compose_weeks(weeks, Look()))
    assert all(entry.words in drawn and entry.words in thresholds.describe_weeks(weeks) for entry in weeks.thresholds)
    both = gains.Gains.of()
    assert all(entry.said in words_in(gains.compose_gains(both, Look())) for entry in both.gains)


def test_points_between_which_nothing_is_known_are_not_joined() -> None:
    numbers = natural_history.NaturalHistory.of()
    axes = natural_history.compose_natural_history(numbers, Look()).axes[0]
    marked = {(share.start / 52, share.end / 52) for share in numbers.shares}
    for line in axes.lines:
        across = np.asarray(line.get_xdata(), dtype=float)
        ends = (float(across.min()), float(across.max()))
        assert ends[0] == ends[1] or ends in marked


def test_the_operations_in_trials_are_named_and_none_is_a_foraminotomy() -> None:
    for level, operation in ((None, "fusion"), ("L4/5", "discectomy")):
        text = chart(gains.NAME, level).describe()
        assert f"All of these operations are {operation}; none is a foraminotomy." in text
        assert operation in chart(gains.NAME, level).numbers.message


def test_both_sides_on_scans_without_symptoms() -> None:
    text = chart(without_symptoms.NAME).describe()
    assert "4 % under 40, 20 % over 40" in text
    assert "in the low back a foramen graded moderate or severe went with leg pain" in text


# -- a hundred


@pytest.mark.parametrize("name", list(outcomes()))
def test_an_array_is_always_of_a_hundred(name: str) -> None:
    found = pair(name)
    text = describe_arrays(found)
    for array, risk in zip(arrays(found), found.risks, strict=True):
        spots = places(array)
        assert len(spots) == len(set(spots)) == 100
        assert array.marked + array.rest == 100
        assert sum(has for _, _, has in spots) == array.marked == risk.count
        assert {column for column, _, _ in spots} == set(range(COLUMNS))
        assert f"{array.marked} {array.what}, {array.rest} {array.otherwise}" in text


@pytest.mark.parametrize("marked", [0, 1, 55, 100])
@pytest.mark.parametrize("theme", THEMES)
def test_the_drawn_marks_are_a_hundred_and_differ_in_shape(marked: int, theme: str) -> None:
    sheet = Sheet(Look(theme), 300)
    axes = sheet.axes(0, 0, 300, 300)
    draw_icons(axes, Array("Waiting", marked, "well", "not well", ""), sheet.look)
    drawn: dict[Any, int] = {}
    for line in axes.lines:
        drawn[line.get_marker()] = drawn.get(line.get_marker(), 0) + len(line.get_xdata())  # type: ignore[arg-type]
    assert drawn.get("s", 0) == drawn.get("x", 0) == marked
    assert drawn.get("o", 0) == 100 - marked


@pytest.mark.parametrize("marked", [-1, 101])
def test_a_count_that_is_not_of_a_hundred_is_refused(marked: int) -> None:
    with pytest.raises(InvalidInput, match="0 to 100"):
        Array("Waiting", marked, "well", "not well", "")


@pytest.mark.parametrize("name", list(outcomes()))
def test_every_outcome_draws_in_both_layouts(name: str) -> None:
    numbers = in_100.InHundred.of(outcome=name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for layout in LAYOUTS:
            text = words_in(in_100.compose_in_100(numbers, Look("light", layout)))
            assert all(f"{risk.count} of 100" in text for risk in numbers.pair.risks)


def test_what_cannot_be_asked_of_icons_is_refused() -> None:
    with pytest.raises(InvalidInput, match="success"):
        chart(in_100.NAME, outcome="joy")
    with pytest.raises(InvalidInput, match="recovered-1-year"):
        chart(in_100.NAME, "L4/5", outcome="success")
    with pytest.raises(InvalidInput, match="outcome"):
        chart(in_100.NAME, colour="pink")
