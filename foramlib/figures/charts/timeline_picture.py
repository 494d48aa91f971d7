"""The timeline of recovery as a picture: rows with bars and marks, days of the first fortnight, then weeks."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.evidence import footnotes
from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.figures.charts.timeline import (
    BACK_TO_LIFE,
    FIRST_DAYS,
    FORTNIGHT,
    Group,
    Timeline,
    end_words,
    row_name,
)
from foramlib.recovery.milestones import Saying

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["compose_timeline", "draw_timeline"]

# Days that each chart shows; what reaches farther runs to the edge and says so.
_SHOWN: Final = MappingProxyType({FIRST_DAYS: 28.0, BACK_TO_LIFE: 91.0})
_ROW, _HEAD, _GAP, _LINE = 23.0, 30.0, 12.0, 18.0
_LABELS = 262.0  # room for who says so, wide sheet
_HALF = 0.5
_AIR, _EM, _OPEN = 10.0, 0.6, 0.1  # air before words (points), width of a letter (ems), share of an open end
_MOST_WITH_DAYS = 28.0  # on a longer scale the days of the fortnight are marked at the edge only
_MARKS: Final[Mapping[str, tuple[str, str, float, float]]] = MappingProxyType(
    # kind: marker, colour, size of the marker, width of the bar
    {
        "leaflet": ("o", "muted", 8.0, 2.5),
        "one centre": ("^", "muted", 9.0, 2.5),
        "survey": ("s", "ink", 8.0, 4.0),
        "measured": ("D", "accent", 8.5, 6.0),
    }
)


def compose_timeline(numbers: Timeline, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top, notes = title_depth(numbers.message, look), _notes(numbers, look)
    rows = [line for group in numbers.groups for line in _lines(group, look)]
    high = sum(_height(line, look, _SHOWN[numbers.name]) for line in rows) + _GAP
    sheet = Sheet(look, top + 34 + high + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    left = MARGIN if look.narrow else MARGIN + _LABELS
    axes = sheet.axes(left, top + 34, look.width - left - MARGIN, high)
    draw_timeline(axes, numbers, look)
    sheet.words(MARGIN, top + (-8 if look.narrow else 10), [_scale_words(numbers)], name="muted")
    sheet.words(MARGIN, top + 34 + high, notes, name="muted")
    return sheet.figure


def _scale_words(numbers: Timeline) -> str:
    return f"{'days' if numbers.name == FIRST_DAYS else 'weeks'} after the operation"


def _notes(numbers: Timeline, look: Look) -> list[str]:
    said = [
        "Circle: leaflet; triangle: one centre; square: survey; all three are custom, not evidence.",
        "Diamond: measured, at the mean where one is published.",
        "Grey words: no time is given.",
        footnotes(" ".join([*map(row_name, _all(numbers)), *_names(numbers)])),
    ]
    return lines_of(" ".join(filter(None, said)), look.width - 2 * MARGIN)


def _names(numbers: Timeline) -> list[str]:
    """Name what is known where nobody gives a time; elsewhere the picture has no room for it."""
    return [one.citation.marked for group in numbers.groups if not group.sayings for one in group.findings]


def _all(numbers: Timeline) -> list[Saying]:
    return [one for group in numbers.groups for one in group.sayings]


Line = Group | Saying | str


def _lines(group: Group, look: Look) -> list[Line]:
    """List what stands below each other: the step, its sources, and what is known where nobody gives a time."""
    known = [] if group.sayings else _known(group, look)
    return [group, *group.sayings, *known]


def _known(group: Group, look: Look) -> list[Line]:
    room = look.width - 2 * MARGIN - (0 if look.narrow else _LABELS)
    said = [f"{one.words} ({one.citation.marked})" for one in group.findings]
    return [line for text in said for line in lines_of(text, room)]


def _labels(saying: Saying, look: Look) -> list[str]:
    return lines_of(row_name(saying), look.width - 2 * MARGIN if look.narrow else _LABELS - 6)


def _height(line: Line, look: Look, end: float) -> float:
    if isinstance(line, Group):
        return _HEAD + (_LINE if look.narrow else 0)
    if isinstance(line, str):
        return _LINE
    below = (line.timed or line.mean is not None) and _place(line, look, end) == "below"
    names = len(_labels(line, look))
    return _ROW + _LINE * (names + below if look.narrow else max(names - 1, below))


def draw_timeline(axes: Axes, numbers: Timeline, look: Look) -> None:
    """Draw every source as an interval in its row; x of `axes` are days, y points downwards."""
    end = _SHOWN[numbers.name]
    axes.set_xlim(-0.012 * end, 1.012 * end)
    _grid(axes, numbers, look)
    y = 0.0
    for group in numbers.groups:
        lines = _lines(group, look)
        tall = sum(_height(line, look, end) for line in lines)
        _spread(axes, group, look, (y + _height(group, look, end) - 4, y + tall), end)
        for line in lines:
            _draw_line(axes, line, look, y, end)
            y += _height(line, look, end)


def _draw_line(axes: Axes, line: Line, look: Look, y: float, end: float) -> None:
    if isinstance(line, Group):
        _head(axes, line, look, y)
    elif isinstance(line, str):
        write(axes, 0, y + _LINE * _HALF, line, look, name="muted")
    else:
        _row(axes, line, look, y, end)


def _left(axes: Axes, look: Look) -> float:
    """Where labels begin, in days."""
    low, high = axes.get_xlim()
    shift = 0.0 if look.narrow else _LABELS
    return low - shift * (high - low) / (axes.get_position().width * look.width)


def _head(axes: Axes, group: Group, look: Look, y: float) -> None:
    middle = y + _HEAD * _HALF + 3
    left = _left(axes, look)
    axes.plot([left, axes.get_xlim()[1]], [y + 4] * 2, color=look.colour("frame"), linewidth=1, clip_on=False)
    write(axes, left, middle, group.step.name, look, weight="bold")
    below = _LINE if look.narrow else 0
    write(axes, left if look.narrow else 0, middle + below, group.standing, look, name="muted")


def _spread(axes: Axes, group: Group, look: Look, ends: tuple[float, float], most: float) -> None:
    """Shade the time from the first to the last day that anybody names: how far sources disagree."""
    days = [min(day, most) for day in group.days]
    if len(days) > 1 and len({one.who for one in group.sayings if one.timed}) > 1:
        axes.fill_betweenx(ends, days[0], days[-1], color=look.colour("quiet"), linewidth=0, zorder=0)


def _row(axes: Axes, saying: Saying, look: Look, y: float, end: float) -> None:
    names = _labels(saying, look)
    for number, name in enumerate(names):
        write(axes, _left(axes, look), y + _ROW * _HALF + number * _LINE, name, look)
    top = y + (_LINE * len(names) if look.narrow else 0)
    middle = top + _ROW * _HALF
    if not saying.timed and saying.mean is None:
        write(axes, 0, middle, saying.row.wording, look, name="muted")
        return
    _rules(axes, look, (top, y + _height(saying, look, end)), end)
    _bar(axes, saying, look, middle, end)
    _say_end(axes, saying, look, middle, end)


def _rules(axes: Axes, look: Look, span: tuple[float, float], end: float) -> None:
    """Draw the marks of days and weeks behind one row; rows of words stay free of them."""
    days = [] if end > _MOST_WITH_DAYS else [float(day) for day in range(FORTNIGHT + 1)]
    for marks, wide in ((days, 0.5), ([7.0 * week for week in range(int(end / 7) + 1)], 1.0)):
        axes.vlines(marks, *span, color=look.colour("frame"), linewidth=wide, alpha=0.6, zorder=0.5)


def _bar(axes: Axes, saying: Saying, look: Look, y: float, end: float) -> None:
    """Draw one interval; an end that is not given is left open, and what leaves the sheet runs to its edge."""
    marker, name, size, thick = _MARKS[saying.kind]
    colour = look.colour(name)
    first, last = _reach(saying, end)
    guess = saying.earliest is None and saying.mean is None
    style = (0, (2, 1.6)) if guess else "solid"
    axes.plot([first if saying.timed else last, last], [y, y], color=colour, linewidth=thick, linestyle=style, zorder=2)
    if _is_open(saying) or max(_days(saying)) > end:
        arrow = {"arrowstyle": "-|>", "color": colour, "lw": thick, "mutation_scale": 10 + 1.5 * thick}
        tip = last if _is_open(saying) else 1.03 * end
        axes.annotate("", (tip, y), (first, y), arrowprops=arrow, annotation_clip=False)
    ends = [day for day in (saying.earliest, saying.latest) if day is not None and day <= end]
    shape = "|" if saying.mean is not None else marker
    axes.plot(ends, [y] * len(ends), shape, markersize=size, zorder=3, clip_on=False,
              markerfacecolor=look.colour("ground"), markeredgecolor=colour, markeredgewidth=2)  # fmt: skip
    centre = saying.mean if saying.mean is not None else ends[0]
    if saying.kind == "measured" and centre <= end:
        axes.plot([centre], [y], marker, color=colour, markersize=size + 1, zorder=4)


def _say_end(axes: Axes, saying: Saying, look: Look, y: float, end: float) -> None:
    """Write the time beside the interval: after it where there is room, else before it, else below."""
    text, place = end_words(saying), _place(saying, look, end)
    first, last = _reach(saying, end)
    air = _AIR * _scale(look, end)
    if place == "after":
        write(axes, last + air, y, text, look)
    elif place == "before":
        write(axes, first - air, y, text, look, align="right")
    else:
        # Under its own interval, so that it is not read as the next one's.
        wide = len(text) * TYPE * _EM * _scale(look, end)
        at = last if wide <= last < end else axes.get_xlim()[1]
        write(axes, at, y + _LINE, text, look, align="right")


def _scale(look: Look, end: float) -> float:
    """Days to a point of the sheet."""
    return 1.024 * end / (look.width - 2 * MARGIN - (0 if look.narrow else _LABELS))


def _reach(saying: Saying, end: float) -> tuple[float, float]:
    """Where the drawing of an interval begins and ends, in days."""
    known = _days(saying)
    first, last = (0.0 if saying.earliest is None else min(known)), min(max(known), end)
    return first, (min(first + _OPEN * end, end) if _is_open(saying) else last)


def _is_open(saying: Saying) -> bool:
    return saying.latest is None and saying.mean is None


def _place(saying: Saying, look: Look, end: float) -> str:
    """Choose where the words of an interval stand: after it, before it or below it."""
    scale = _scale(look, end)
    first, last = _reach(saying, end)
    wide = (len(end_words(saying)) * TYPE * _EM + _AIR) * scale
    if last + wide <= 1.012 * end and max(_days(saying)) <= end:
        return "after"
    return "before" if first - wide >= 0 else "below"


def _days(saying: Saying) -> list[float]:
    return [day for day in (saying.earliest, saying.latest, saying.mean) if day is not None]


def _grid(axes: Axes, numbers: Timeline, look: Look) -> None:
    """Write the scale on top: days of the first fortnight, then weeks."""
    end = _SHOWN[numbers.name]
    axes.set_yticks([])
    axes.xaxis.tick_top()
    if numbers.name == FIRST_DAYS:
        marks = [0, 1, 2, 3, 7, 14, 21, 28] if look.narrow else [*range(8), 10, 14, 21, 28]
        axes.set_xticks(marks, [f"{mark}" for mark in marks])
        return
    axes.vlines(list(range(FORTNIGHT + 1)), 2, -5, color=look.colour("muted"), linewidth=0.8, clip_on=False)
    weeks = range(0, int(end / 7) + 1, 2 if look.narrow else 1)
    axes.set_xticks([7 * week for week in weeks], [f"{week}" for week in weeks])
