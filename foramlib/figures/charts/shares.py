"""Shares of people as points with intervals: operations again, complications, strength that comes back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import DAGGER, cite, footnotes
from foramlib.figures.charts.sheet import MARGIN, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.recovery.motor import EVENTS, Share, Shares, shares
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["NAMES", "N_IS", "ShareChart", "collect", "compose_shares", "describe_shares"]

NAMES: Final = EVENTS
"""Names of the charts."""

N_IS: Final = "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"
"""Stands before a number of people and stays on its line."""

_REMARKS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "strength": (
            "Both studies are of the neck and have no group without surgery.",
            "They count different things: back to normal, improved, or excellent; do not compare their rows.",
        ),
        "operated-again": (
            "Definitions and times differ from study to study, and all are of the neck.",
            "A registry found more after surgery from behind; the trial and two cohorts found no clear difference.",
        ),
        "complications": (
            "What counts as a complication differs from study to study, and all are of the neck.",
            "Rows without an interval give no n for the group.",
        ),
    }
)
_TOPS: Final = MappingProxyType({"strength": 100.0, "operated-again": 20.0, "complications": 45.0})
_MONTHS: Final = MappingProxyType(
    {4.0: "month 1", 13.0: "month 3", 26.0: "month 6", 52.0: "month 12", 104.0: "month 24"}
)


@dataclass(frozen=True)
class ShareChart:
    """The numbers of the charts ``strength``, ``operated-again`` and ``complications``.

    Attributes
    ----------
    name : str
        Which chart.
    groups : tuple of Shares
        Who is shown.
    """

    name: str
    groups: tuple[Shares, ...]
    modelled: bool = False

    @property
    def message(self) -> str:
        """The one thing to learn, from the numbers."""
        if self.name == "strength":
            mild, severe, other = (self.groups[place].points for place in (0, 1, 3))
            year = [next(one.value for one in points if one.weeks == _YEAR) for points in (mild, severe, other)]
            return (
                f"Strength at one year: normal in {year[0]:.0f} of 100 if mild, {year[1]:.0f} if severe; "
                f"much better in {year[2]:.0f} of another series"
            )
        ends = [point.value for group in self.groups for point in group.points if group.role == "operated"]
        what = "Operated on again" if self.name == "operated-again" else "Complications"
        spread = f"{min(ends):.0f} to {max(ends):.0f} in 100"
        return f"{what} after posterior foraminotomy: {spread}, depending on who counts what"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is drawn, each once."""
        return tuple(dict.fromkeys(group.fact_id for group in self.groups))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        how = "Bars are 95 % intervals, after Wilson where the paper gives none."
        counted = all(point.counted for group in self.groups for point in group.points if point.n)
        count = () if counted else ("Where only a share and n are published, the count behind the bar is calculated.",)
        return (how, *count, *_REMARKS[self.name])


_YEAR: Final = 52.0


def collect(name: str, level: object = None) -> ShareChart:
    """Collect a chart; a level is read and changes nothing, as all these studies are of the neck.

    Raises
    ------
    InvalidInput
        If the level is unknown.
    """
    if level is not None:
        Level.parse(level)
    found = shares(name)
    if not found:
        raise InvalidInput(f"The chart {name!r} has nothing to show; look at data/recovery/events.csv.")
    return ShareChart(name, found)


COLLECTORS: Final = MappingProxyType({name: partial(collect, name) for name in NAMES})


# -- words


def describe_shares(numbers: ShareChart) -> str:
    """Say the chart in words, from the numbers that it draws."""
    text = [f"{numbers.message}."]
    for group in numbers.groups:
        many = len(group.points) > 1
        values = ", ".join(f"{_when(point)} {_value(point)}" if many else _value(point) for point in group.points)
        text.append(f"{group.name} ({_study(group)}): {values}.")
    return "\n".join([*text, *numbers.remarks])


def _when(point: Share) -> str:
    return _MONTHS.get(point.weeks, "last visit") if point.weeks is not None else "last visit"


def _value(point: Share) -> str:
    ends = f" ({point.low:.1f} to {point.high:.1f})" if point.low is not None else ", no interval"
    return f"{_figure(point.value)} %{ends}"


def _figure(value: float) -> str:
    """Write a share to one decimal, and a whole one without: that is how the papers print it."""
    return f"{value:.1f}".removesuffix(".0")


def _study(group: Shares) -> str:
    n = group.points[0].n
    counted = f"{N_IS}{n}" if n else "n not given"
    if n and "matched" in group.design and group.points[0].low is None:
        counted += " before matching"
    dagger = DAGGER if cite(group.fact_id).note else ""
    return ", ".join(part for part in (group.design, group.when, counted) if part) + dagger


# -- picture

_MARKS: Final[Mapping[str, tuple[str, str, bool]]] = MappingProxyType(
    # role: marker, colour, whether it is filled
    {
        "operated": ("D", "accent", True),
        "compared": ("s", "ink", True),
        "severe": ("o", "ink", True),
        "untreated": ("o", "ink", False),
    }
)
_ROW, _TEXT, _AIR = 24.0, 18.0, 8.0
_LABELS = 350.0
_VALUES: Final = MappingProxyType({"strength": 130.0})  # room for the figures on the right
_FEW_VALUES: Final = 56.0
_STEPS: Final = (5.0, 10.0, 15.0, 20.0, 25.0, 50.0)


def compose_shares(numbers: ShareChart, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top, notes = title_depth(numbers.message, look), _notes(numbers, look)
    high = sum(_height(group, look) for group in numbers.groups)
    sheet = Sheet(look, top + 30 + high + 22 + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    left = MARGIN + (8 if look.narrow else _LABELS)
    width = look.width - left - MARGIN - _VALUES.get(numbers.name, _FEW_VALUES)
    axes = sheet.axes(left, top + 30, width, high)
    draw_shares(axes, numbers, look)
    sheet.words(MARGIN, top + (-6 if look.narrow else 5), ["of 100 people"], name="muted")
    sheet.words(MARGIN, top + 30 + high + 14, notes, name="muted")
    return sheet.figure


def _notes(numbers: ShareChart, look: Look) -> list[str]:
    told = footnotes(" ".join(map(_study, numbers.groups)))
    return lines_of(told, look.width - 2 * MARGIN) if told else []


def _lines(group: Shares, look: Look) -> tuple[list[str], list[str]]:
    """Break the name and the study of a group into lines."""
    room = look.width - 2 * MARGIN if look.narrow else _LABELS - 20
    return lines_of(group.name, room, weight="bold"), lines_of(_study(group), room)


def _height(group: Shares, look: Look) -> float:
    text = sum(map(len, _lines(group, look))) * _TEXT
    rows = len(group.points) * _ROW
    return (text + rows if look.narrow else max(text, rows)) + _AIR


def draw_shares(axes: Axes, numbers: ShareChart, look: Look) -> None:
    """Draw every share as a point with its interval; x of `axes` is per cent, y points downwards."""
    end = _TOPS[numbers.name]
    axes.set_xlim(0, end)
    axes.set_yticks([])
    axes.xaxis.tick_top()
    most = 4 if look.narrow else 6
    step = next(step for step in _STEPS if end / step <= most)
    marks = [step * number for number in range(int(end / step) + 1)]
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
    y = 0.0
    for group in numbers.groups:
        _draw_group(axes, group, look, y, (end, marks))
        y += _height(group, look)


def _draw_group(axes: Axes, group: Shares, look: Look, y: float, scale: tuple[float, list[float]]) -> None:
    end, marks = scale
    shift = (8.0 if look.narrow else _LABELS) * end / (axes.get_position().width * look.width)
    names, said = _lines(group, look)
    for number, line in enumerate([*names, *said]):
        weight = "bold" if number < len(names) else "normal"
        write(axes, -shift, y + (number + 0.5) * _TEXT, line, look, weight=weight)
    top = y + (len([*names, *said]) * _TEXT if look.narrow else 0)
    # Marks of the scale stand behind the points only, and not behind words.
    span = (top, y + _height(group, look))
    axes.vlines(marks, *span, color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)
    axes.vlines([0], *span, color=look.colour("muted"), linewidth=1.4, zorder=1)
    alone = len(group.points) == 1 and not look.narrow
    first = top + (len(names) * _TEXT / 2 + 4 if alone else _ROW / 2)
    for number, point in enumerate(group.points):
        _draw_point(axes, point, group, look, (first + number * _ROW, end))


def _draw_point(axes: Axes, point: Share, group: Shares, look: Look, at: tuple[float, float]) -> None:
    y, end = at
    marker, name, filled = _MARKS[group.role]
    colour = look.colour(name)
    if point.low is not None and point.high is not None:
        axes.plot([point.low, min(point.high, end)], [y, y], color=colour, linewidth=2.5, zorder=2)
    axes.plot([point.value], [y], marker, markersize=9, markeredgecolor=colour, markeredgewidth=2, zorder=4,
              markerfacecolor=colour if filled else look.colour("ground"), clip_on=False)  # fmt: skip
    air = 12 * end / (axes.get_position().width * look.width)
    when = _when(point) if len(group.points) > 1 else ""
    write(axes, end + air, y, _figure(point.value) + (f"  {when}" if when else ""), look)
