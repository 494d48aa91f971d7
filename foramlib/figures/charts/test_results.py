"""What a positive and a negative test make of one probability, for every test with published figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.clinic.accuracy import BEFORE, diagnostic_tests
from foramlib.clinic.bayes import post_test
from foramlib.evidence import footnotes
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.figures.probability import percent
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.clinic.accuracy import DiagnosticTest
    from foramlib.clinic.bayes import Probability

__all__ = ["TestResults", "compose_test_results", "describe_test_results"]

NAME: Final = "test-results"

_LINE: Final = 24.0  # points: one result
_GAP: Final = 12.0  # between two tests
_HEAD: Final = 24.0  # room for the words over the dashed line
_WORDS: Final = 115.0  # a result in words; where it does not fit right of the point, it stands left


@dataclass(frozen=True)
class Row:
    """One test: its probabilities after a positive and after a negative result."""

    test: DiagnosticTest
    positive: Probability
    negative: Probability

    @property
    def id(self) -> str:
        """Evidence id of the figures."""
        return self.test.sources[-1]


@dataclass(frozen=True)
class TestResults:
    """The numbers of the chart ``test-results``."""

    # The name begins like a test class; pytest must not collect it.
    __test__ = False

    condition: str
    before: float
    rows: tuple[Row, ...]
    modelled: bool = False  # published data; a page must not call them a model

    @staticmethod
    def of(level: object = None) -> TestResults:
        """Collect the tests of the neck, or of the low back for one of its levels."""
        neck = level is None or Level.parse(level).region == "cervical"
        condition = "cervical radiculopathy" if neck else "lumbar disc herniation"
        before = BEFORE[condition][0]
        tests = [test for test in diagnostic_tests().values() if test.condition == condition]
        rows = (Row(test, post_test(before, test.positive), post_test(before, test.negative)) for test in tests)
        return TestResults(condition, before, tuple(sorted(rows, key=lambda row: -row.positive.value)))

    @property
    def message(self) -> str:
        """The one thing to learn."""
        top = self.rows[0]
        return f"No single test settles it: {top.test.label} positive, probability {percent(top.positive.value)}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown."""
        return tuple(dict.fromkeys([BEFORE[self.condition][1], *(row.id for row in self.rows)]))

    @property
    def _start(self) -> str:
        where = f"Probability of {self.condition}, {percent(self.before)} before the test ({name_of(self.ids[0])})"
        return f"{where}; another starting point moves every row."

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            self._start,
            "Where no counts or intervals can be had, there is no bar; the point alone looks too certain.",
            *_of_region(self.condition),
            *(row.test.printed for row in self.rows if row.test.printed),
        )


def _of_region(condition: str) -> tuple[str, ...]:
    if condition == "lumbar disc herniation":
        return ("Measured for disc herniation in people sent to surgery; not for foraminal stenosis or primary care.",)
    return ("Studies of the Spurling test disagree: EMG as the standard gives a lower sensitivity than imaging.",)


def describe_test_results(numbers: TestResults) -> str:
    """Say the chart in words, from the numbers that it draws."""
    return "\n".join([f"{numbers.message}.", *map(_said, numbers.rows), *numbers.remarks])


def _said(row: Row) -> str:
    head = f"{row.test.label} ({_study(row)})"
    return f"{head}: positive {_spread(row.positive)}, negative {_spread(row.negative)}."


def _spread(value: Probability) -> str:
    if value.low is None or value.high is None:
        return f"{percent(value.value)} (no interval)"
    return f"{percent(value.value)} ({percent(value.low)} to {percent(value.high)})"


def _study(row: Row) -> str:
    test = row.test
    return ", ".join(part for part in (name_of(row.id), test.population, _against(test.standard)) if part)


def _against(standard: str) -> str:
    return f"against {standard}{' standards' if standard == 'various' else ''}"


# -- picture


def compose_test_results(numbers: TestResults, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    across, top = look.width - 2 * MARGIN, title_depth(numbers.message, look) + _HEAD
    high = sum(_row_height(row, across) for row in numbers.rows)
    notes = [line for note in _notes(numbers) for line in lines_of(note, across)]
    sheet = Sheet(look, top + high + 54 + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    axes = sheet.axes(MARGIN, top, across, high)
    axes.set_xlim(0, 100)
    axes.set_yticks([])
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    _start(axes, numbers, high, look)
    down = 0.0
    for row in numbers.rows:
        _draw_row(axes, row, down, across, look)
        down += _row_height(row, across)
    sheet.words(MARGIN, top + high + 28, [f"probability of {numbers.condition} after the test, %"], name="muted")
    sheet.words(MARGIN, top + high + 52, notes, name="muted")
    return sheet.figure


def _words(row: Row, across: float) -> tuple[list[str], list[str]]:
    return lines_of(row.test.label, across, weight="bold"), lines_of(_study(row), across)


def _row_height(row: Row, across: float) -> float:
    return sum(map(depth, _words(row, across))) + 2 * _LINE + _GAP


def _start(axes: Axes, numbers: TestResults, high: float, look: Look) -> None:
    x = 100 * numbers.before
    axes.vlines([x], 0, high, color=look.colour("ink"), linewidth=1.2, linestyles=(0, (4, 3)), zorder=0)
    axes.vlines([0, 25, 50, 75, 100], 0, high, color=look.colour("frame"), linewidth=0.8, zorder=0)
    write(axes, x, -12, f"before {percent(numbers.before)}", look, align="center")


def _draw_row(axes: Axes, row: Row, down: float, across: float, look: Look) -> None:
    heads, studies = _words(row, across)
    _lines(axes, down, heads, look, "bold")
    _lines(axes, down + depth(heads), studies, look, "normal")
    down += depth(heads) + depth(studies) + _LINE / 2
    for name, value, filled in (("positive", row.positive, True), ("negative", row.negative, False)):
        _result(axes, (name, filled), value, down, look)
        down += _LINE


def _lines(axes: Axes, down: float, lines: list[str], look: Look, weight: str) -> None:
    paper = {"facecolor": look.colour("ground"), "edgecolor": "none", "pad": 1.0}
    for number, line in enumerate(lines):
        axes.text(0, down + (number + 0.6) * depth(["x"]), line, color=look.colour("ink"), fontsize=TYPE,
                  fontweight=weight, va="center_baseline", bbox=paper, zorder=4)  # fmt: skip


def _result(axes: Axes, kind: tuple[str, bool], value: Probability, y: float, look: Look) -> None:
    name, filled = kind
    x, accent = 100 * value.value, look.colour("accent")
    low, high = (100 * (value.low or value.value), 100 * (value.high or value.value))
    if high > low:
        axes.barh([y], [high - low], left=[low], height=11, color=look.colour("band"), zorder=1)
    face = accent if filled else look.colour("ground")
    axes.plot([x], [y], "o", markersize=10, markerfacecolor=face, markeredgecolor=accent, markeredgewidth=2, zorder=3)
    gap, wide = (100 * points / (look.width - 2 * MARGIN) for points in (9, _WORDS))
    left = max(high, x) + gap + wide > 100  # noqa: PLR2004 - the end of the scale
    at = min(low, x - 1) - gap if left else max(high, x + 1) + gap
    paper = {"facecolor": look.colour("ground"), "edgecolor": "none", "pad": 1.0}
    axes.text(at, y, f"{name} {percent(value.value)}", ha="right" if left else "left", va="center_baseline",
              color=look.colour("ink"), fontsize=TYPE, bbox=paper, zorder=2)  # fmt: skip


def _notes(numbers: TestResults) -> list[str]:
    marks = footnotes(" ".join(map(name_of, numbers.ids)))
    return ["Full: positive. Hollow: negative. Bar: 95 % interval, if any. Dashed: before.", marks]
