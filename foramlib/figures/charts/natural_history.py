"""Natural history: how many are well without an operation, by time, and how arm pain falls in the first weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.clinic.natural_history import Fall, Share, courses, first_weeks
from foramlib.figures.charts.footed import WARNING, footed, marks, region_of, study
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN, beside, lines_of, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["NaturalHistory", "compose_natural_history", "describe_natural_history"]

NAME = "natural-history"
_YEAR: Final = 52.0  # weeks
_LINE: Final = 19.0  # points from line to line
_AIR = 0.7  # years: room after the last point
_LATE: Final = 0.7  # share of the axis from which words stand to the left
_PAIN: Final = 104.0  # height of the lower picture
_HIGH: Final = 85.0  # per cent; under it labels keep clear of those of the shares above


@dataclass(frozen=True)
class NaturalHistory:
    """The numbers of the chart ``natural-history``."""

    region: str
    shares: tuple[Share, ...]
    fall: Fall | None
    modelled: bool = False  # published data; a page must not call them a model

    @staticmethod
    def of(level: object = None) -> NaturalHistory:
        """Collect what is published for the region of a level, the neck where none is given."""
        region = region_of(level)
        return NaturalHistory(region, courses(region), first_weeks() if region == "cervical" else None)

    @property
    def message(self) -> str:
        """The one thing to learn."""
        if self.region == "cervical":
            return "Most get better without an operation; how many depends on what is counted, and when"
        return "In sciatica nearly all had recovered at one year, some with an operation; later fewer were satisfied"

    @property
    def end(self) -> float:
        """End of the time axis, years."""
        return max(share.end for share in self.shares) / _YEAR + _AIR

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown."""
        extra = ("P:N06", "P:N03") if self.fall else ()
        return tuple(dict.fromkeys([*(share.id for share in self.shares), *extra]))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Each study counted something else in other people, so no line joins them.",
            "Bars are 95 % intervals, calculated from share and number of people; none where that number is unknown.",
            WARNING,
        )


def describe_natural_history(numbers: NaturalHistory) -> str:
    """Say the chart in words, from the numbers that it draws."""
    return "\n".join(
        [
            f"{numbers.message}.",
            *(_said(share) for share in numbers.shares),
            *([_fall_said(numbers.fall)] if numbers.fall else []),
            *numbers.remarks,
        ]
    )


def _said(share: Share) -> str:
    ends = _interval(share) or "no interval known"
    note = f"; {share.note}" if share.note else ""
    return f"{_when(share)}: {_percent(share)} {share.counted} ({ends}); {study(share.id)}{note}."


def _fall_said(fall: Fall) -> str:
    return (
        f"Arm pain over the first {fall.weeks:g} weeks, 0 to 100: fell by {fall.waiting:.0f} with waiting "
        f"({fall.low:.0f} to {fall.high:.0f}), and by about {fall.added:.0f} more with a collar and rest or with "
        f"physiotherapy; {study(fall.id)}."
    )


def _percent(share: Share) -> str:
    return f"{'about ' if share.about else ''}{100 * share.share:.0f} %"


def _interval(share: Share) -> str:
    return f"{100 * share.low:.0f} to {100 * share.high:.0f} %" if share.low and share.high else ""


def _when(share: Share) -> str:
    first, last = (_years(weeks) for weeks in (share.start, share.end))
    return f"At {first}" if first == last else f"At {first.split()[0]} to {last}"


def _years(weeks: float) -> str:
    return f"{weeks / _YEAR * 12:.0f} months" if weeks < _YEAR else f"{weeks / _YEAR:g} year{'s' * (weeks > _YEAR)}"


# -- picture


def compose_natural_history(numbers: NaturalHistory, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    high = 350.0
    sheet, top = footed(numbers.message, look, high + 62 + (_PAIN + 66 if numbers.fall else 0), _notes(numbers))
    sheet.words(MARGIN, top, ["People who were well"], size=16, weight="bold")
    axes = sheet.axes(MARGIN + 52, top + 26, look.width - 2 * MARGIN - 52, high - 26)
    _shares(axes, numbers, look)
    sheet.words(MARGIN + 52, top + high + 28, ["years since the start"], name="muted")
    if numbers.fall:
        _draw_fall(sheet.axes(MARGIN, top + high + 88, look.width - 2 * MARGIN, _PAIN), numbers.fall, look)
        head = (
            "Fall of arm pain in six weeks"
            if look.narrow
            else "Fall of arm pain in the first six weeks, scale 0 to 100"
        )
        sheet.words(MARGIN, top + high + 64, [head], size=16, weight="bold")
    return sheet.figure


def _notes(numbers: NaturalHistory) -> list[str]:
    noted = [f"{name_of(share.id)}: {share.note}." for share in numbers.shares if share.note]
    return [*noted, *marks(numbers.ids)]


def _shares(axes: Axes, numbers: NaturalHistory, look: Look) -> None:
    axes.set_xlim(0, numbers.end)
    axes.set_ylim(0, 122)
    axes.set_xticks(range(int(numbers.end) + 1))
    axes.set_yticks(range(0, 101, 25), [f"{tick} %" for tick in range(0, 101, 25)])
    axes.hlines(range(0, 101, 25), 0, numbers.end, color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)
    for share in numbers.shares:
        _mark(axes, share, look)
    for share in {share.id: share for share in numbers.shares}.values():
        _label(axes, share, numbers.end, look)


def _mark(axes: Axes, share: Share, look: Look) -> None:
    accent, y = look.colour("accent"), 100 * share.share
    ends = (share.start / _YEAR, share.end / _YEAR)
    if share.low is not None and share.high is not None:
        axes.plot([ends[0]] * 2, [100 * share.low, 100 * share.high], color=accent, linewidth=2.5)
    if ends[0] != ends[1]:
        axes.plot(ends, [y, y], color=accent, linewidth=5, solid_capstyle="butt")
        return
    axes.plot([ends[0]], [y], "D", color=accent, markersize=9, markeredgecolor=look.colour("ground"), zorder=4)


def _label(axes: Axes, share: Share, end: float, look: Look) -> None:
    """Write beside a point what was counted, and by whom."""
    width = 175.0 if look.narrow else 250.0
    head = lines_of(f"{_percent(share)} {share.counted}", width, weight="bold")
    lines = [*head, *lines_of(name_of(share.id), width)]
    x, down, align = _beside(share, end, len(lines))
    for number, line in enumerate(lines):
        weight = "bold" if number < len(head) else "normal"
        point, offset = (x, 100 * share.share), (0.0, down - number * _LINE)
        beside(axes, point, offset, line, look, align=align, weight=weight)


def _beside(share: Share, end: float, lines: int) -> tuple[float, float, str]:
    """Give where the words of a point begin: years, points above it, and on which side they are flush."""
    above = 14 + _LINE * (lines - 1)
    high = 100 * share.share >= _HIGH
    if share.start > _LATE * end * _YEAR:
        return end - 0.02 * end, above if high else -46.0, "right"
    if share.start != share.end:
        return share.start / _YEAR, -18.0, "left"
    return (share.end / _YEAR - 0.02 * end, above, "left") if high else (share.end / _YEAR + 0.028 * end, -34.0, "left")


def _draw_fall(axes: Axes, fall: Fall, look: Look) -> None:
    axes.set_xlim(0, 48 if look.narrow else 60)
    axes.set_ylim(_PAIN, 0)
    axes.set_yticks([])
    axes.set_xticks(range(0, 41, 10))
    accent, band = look.colour("accent"), look.colour("band")
    helped = "collar or physiotherapy" if look.narrow else "collar with rest, or physiotherapy"
    write(axes, 0.3, 14, f"waiting: {fall.waiting:.0f}, from {fall.low:.0f} to {fall.high:.0f}", look, weight="bold")
    axes.barh([34], [fall.waiting], height=14, color=band)
    axes.plot([fall.low, fall.high], [34, 34], color=accent, linewidth=2.5)
    write(axes, 0.3, 62, f"{helped}: about {fall.added:.0f} more", look, weight="bold")
    axes.barh([82], [fall.waiting], height=14, color=band)
    axes.barh([82], [fall.added], left=[fall.waiting], height=14, color=accent)
