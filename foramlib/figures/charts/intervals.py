"""Points with their intervals, one row each: forest plots, margins, shares. Numbers, words and picture.

Other modules collect the rows; this one says and draws them, so that all such charts look and read alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.evidence import footnotes
from foramlib.figures.charts.sheet import MARGIN, Sheet, depth, lines_of, title_depth, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["Axis", "Intervals", "Mark", "Row", "compose_intervals", "describe_intervals", "number", "spread"]

_LINE, _STRIP, _SPACE = 18.2, 26.0, 12.0  # points: a line of words, the strip of a mark, air between rows
_TEXT = 0.5  # share of a wide sheet that the words of the rows take


def number(value: float, decimals: int = 0, *, plus: bool = False) -> str:
    """Write a number with a true minus, and a plus where asked for.

    Examples
    --------
    >>> number(-2.84, 1), number(1.6, 0, plus=True), number(-0.04, 1)
    ('−2.8', '+2', '0.0')
    """
    text = f"{abs(value):.{decimals}f}"
    if not float(text):
        return text
    return ("−" if value < 0 else "+" if plus else "") + text


def spread(point: float, low: float, high: float, decimals: int = 0, *, plus: bool = False) -> str:
    """Write a point with its interval: ``+1.8 (−3.7 to +7.7)``."""
    ends = f"{number(low, decimals, plus=plus)} to {number(high, decimals, plus=plus)}"
    return f"{number(point, decimals, plus=plus)} ({ends})"


@dataclass(frozen=True)
class Row:
    """One row: what it is, its figures in words, and where its marks lie on the axis.

    Attributes
    ----------
    label, figures : str
        Name, and the numbers as they are read.
    point : float or None
        Where its mark lies; None for a row without a number.
    low, high : float or None
        Ends of its interval; one may be open.
    group : str
        Heading under which it stands, or "".
    shape : {"study", "pool", "other"}
        Square, diamond or ring.
    """

    label: str
    figures: str
    point: float | None = None
    low: float | None = None
    high: float | None = None
    group: str = ""
    shape: str = "study"


@dataclass(frozen=True)
class Mark:
    """An upright line at a value, with its words; ``"dashed"`` or ``"plain"``."""

    at: float
    words: str
    style: str = "plain"


@dataclass(frozen=True)
class Axis:
    """Ends, ticks and words of the axis under the rows."""

    low: float
    high: float
    step: float
    unit: str
    left: str = ""
    right: str = ""
    plus: bool = False

    @property
    def ticks(self) -> tuple[float, ...]:
        """Values at which grid lines stand."""
        count = round((self.high - self.low) / self.step)
        return tuple(self.low + self.step * place for place in range(count + 1))

    def at(self, value: float) -> float:
        """Place of a value as a share of the axis, 0 to 1; what lies beyond is held at the end."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True)
class Intervals:
    """The numbers of a chart of rows.

    Attributes
    ----------
    message : str
        The one thing to learn.
    rows : tuple of Row
        From above downwards.
    axis : Axis
        Their scale.
    ids, remarks : tuple of str
        Evidence ids, and what is said under the chart.
    marks : tuple of Mark
        Upright lines.
    modelled : bool
        Whether the model made any of it; such charts show published data.
    """

    message: str
    rows: tuple[Row, ...]
    axis: Axis
    ids: tuple[str, ...]
    remarks: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    modelled: bool = False


def describe_intervals(numbers: Intervals) -> str:
    """Say the chart in words, from the numbers that it draws."""
    lines, group = [f"{numbers.message}."], ""
    for row in numbers.rows:
        if row.group != group:
            group = row.group
            lines.append(f"{group}:")
        lines.append(f"{row.label}: {row.figures}.")
    lines += [f"{mark.words[0].upper()}{mark.words[1:]}." for mark in numbers.marks if mark.words]
    return "\n".join([*lines, *numbers.remarks])


# -- picture


@dataclass(frozen=True)
class _Placed:
    """One row on the sheet: its lines of words, its heading, and how much room it takes, points."""

    row: Row
    heading: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    top: float
    high: float
    stacked: bool

    @property
    def words_top(self) -> float:
        return self.top + (_LINE * len(self.heading) + 8 if self.heading else 0)

    @property
    def strip(self) -> float:
        """Height of the middle of its mark."""
        head = self.words_top - self.top
        if self.stacked:
            return self.words_top + _LINE * len(self.lines) + _STRIP / 2
        return self.words_top + (self.high - head - _SPACE) / 2


def compose_intervals(numbers: Intervals, look: Look) -> Figure:
    """Draw the whole chart as a figure: words beside the marks, or above them on a narrow sheet."""
    across = look.width - 2 * MARGIN
    left = MARGIN if look.narrow else MARGIN + across * _TEXT
    wide = across if look.narrow else across * (1 - _TEXT) - 18
    top, placed = title_depth(numbers.message, look) + 4, []
    head = _marks_high(numbers, wide)
    down = head
    for place, row in enumerate(numbers.rows):
        new = row.group != (numbers.rows[place - 1].group if place else "")
        placed.append(_placed(row, look, down, across if look.narrow else across * _TEXT - 14, new=new))
        down += placed[-1].high
    under, notes = _under(numbers.axis, wide), _notes(numbers, across)
    sheet = Sheet(look, top + down + 30 + depth(under) + 12 + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    for one in placed:
        _words(sheet, one, top)
    axes = sheet.axes(left, top, wide, down)
    _frame(axes, numbers, look, placed, wide)
    for one in placed:
        _draw(axes, one, look)
    sheet.words(left, top + down + 28, under, name="muted")
    sheet.words(MARGIN, top + down + 40 + depth(under), notes, name="muted")
    return sheet.figure


def _placed(row: Row, look: Look, top: float, width: float, *, new: bool) -> _Placed:
    lines = [(line, "bold") for line in lines_of(row.label, width, weight="bold")]
    lines += [(line, "normal") for line in lines_of(row.figures, width)]
    heading = tuple(lines_of(row.group, width, 16, "bold")) if new and row.group else ()
    high = (_LINE * len(heading) + 8 if heading else 0) + _LINE * len(lines) + _SPACE
    return _Placed(row, heading, tuple(lines), top, high + (_STRIP if look.narrow else 0), look.narrow)


def _words(sheet: Sheet, one: _Placed, top: float) -> None:
    sheet.words(MARGIN, top + one.top, one.heading, size=16, name="accent", weight="bold")
    for place, (line, weight) in enumerate(one.lines):
        name = "ink" if weight == "bold" else "muted"
        sheet.words(MARGIN, top + one.words_top + place * _LINE, [line], name=name, weight=weight)


def _marks_high(numbers: Intervals, wide: float) -> float:
    """Room over the rows for the words of the upright lines, each on a line of its own."""
    return 6 + sum(depth(lines_of(mark.words, wide)) for mark in numbers.marks if mark.words)


def _under(axis: Axis, wide: float) -> list[str]:
    if not (axis.left and axis.right):
        return lines_of(axis.unit, wide)
    sides = lines_of(f"← {axis.left} · {axis.right} →", wide)
    # An arrow stays with its words.
    return [*lines_of(axis.unit, wide), *(sides if len(sides) == 1 else (f"← {axis.left}", f"{axis.right} →"))]


def _notes(numbers: Intervals, across: float) -> list[str]:
    """Explain the marks in the picture; its remarks stand in the caption, on a page as on paper."""
    said = " ".join([*(row.label for row in numbers.rows), *(mark.words for mark in numbers.marks)])
    told = footnotes(said)
    return lines_of(told, across) if told else []


def _frame(axes: Axes, numbers: Intervals, look: Look, placed: Sequence[_Placed], wide: float) -> None:
    """Draw scale and upright lines; on a narrow sheet they stop where words stand."""
    axis = numbers.axis
    axes.set_xlim(axis.low, axis.high)
    axes.set_yticks([])
    axes.set_xticks(axis.ticks, [number(tick, plus=axis.plus) for tick in axis.ticks])
    for top, low in _spans(placed):
        axes.vlines(axis.ticks, top, low, color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)
        for mark in numbers.marks:
            style = (0, (4, 3)) if mark.style == "dashed" else "-"
            axes.vlines([mark.at], top, low, color=look.colour(_ink(mark)), linewidth=2, linestyle=style, zorder=1)
    above = 0.0
    for mark in numbers.marks:
        lines = lines_of(mark.words, wide) if mark.words else []
        for count, line in enumerate(lines):
            x = _held(axis.at(mark.at) * wide, line, wide)
            place = axis.low + x / wide * (axis.high - axis.low)
            write(axes, place, above + (count + 0.5) * _LINE, line, look, name=_ink(mark), align="center")
        above += depth(lines)


def _ink(mark: Mark) -> str:
    return "accent" if mark.style == "dashed" else "muted"


def _spans(placed: Sequence[_Placed]) -> list[tuple[float, float]]:
    """Heights at which lines may be drawn."""
    if placed and placed[0].stacked:
        return [(one.strip - _STRIP / 2, one.strip + _STRIP / 2) for one in placed]
    return [(placed[0].top, placed[-1].top + placed[-1].high)] if placed else []


def _held(x: float, line: str, wide: float) -> float:
    """Move the middle of a line of words so that all of it lies within a width, points."""
    half = min(len(line) * 14 * 0.56 / 2, wide / 2)
    return min(max(x, half), wide - half)


def _draw(axes: Axes, one: _Placed, look: Look) -> None:
    row, y, ink = one.row, one.strip, look.colour("ink")
    if row.point is None:
        return
    if row.shape == "pool" and row.low is not None and row.high is not None:
        corners = ([row.low, row.point, row.high, row.point], [y, y - 9, y, y + 9])
        axes.fill(*corners, facecolor=look.colour("accent"), edgecolor=ink, linewidth=1.2, zorder=4)
        return
    low, high = axes.get_xlim()
    ends = [end for end in (row.low, row.high) if end is not None]
    for end in ends:
        axes.plot([row.point, end], [y, y], color=ink, linewidth=2.4, solid_capstyle="butt", zorder=3)
        axes.plot([end, end], [y - 6, y + 6], color=ink, linewidth=1.8, zorder=3)
    if len(ends) == 1:
        # One-sided: nothing was printed for the other end, and the dots say so.
        other = low if ends[0] > row.point else high
        axes.plot([row.point, other], [y, y], ":", color=look.colour("muted"), linewidth=1.8, zorder=2)
    face = look.colour("ground" if row.shape == "other" else "accent")
    marker = "o" if row.shape == "other" else "s"
    axes.plot(
        [row.point], [y], marker, markersize=10, markerfacecolor=face, markeredgecolor=ink, clip_on=False, zorder=5
    )
