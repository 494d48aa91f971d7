"""How long to wait: the weeks that guidance and trials name before an operation is considered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.clinic.natural_history import Threshold, thresholds
from foramlib.figures.charts.footed import WARNING, entry_depth, footed, marks, region_of, study, write_entry
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["Weeks", "compose_weeks", "describe_weeks"]

NAME = "weeks-to-wait"
TIMING: Final = "P:C12"
"""A guideline found too little evidence on timing."""

_STRIP: Final = 32.0  # points: the bar below the words
_FIRST, _LAST = -0.3, 14.0  # weeks


@dataclass(frozen=True)
class Weeks:
    """The numbers of the chart ``weeks-to-wait``."""

    region: str
    thresholds: tuple[Threshold, ...]
    modelled: bool = False  # published data; a page must not call them a model

    @staticmethod
    def of(level: object = None) -> Weeks:
        """Collect what is published for the region of a level, the neck where none is given."""
        region = region_of(level)
        return Weeks(region, thresholds(region))

    @property
    def message(self) -> str:
        """The one thing to learn."""
        first = min(entry.start for entry in self.thresholds if entry.what != "refer")
        return f"Without a red flag or a serious deficit, an operation is a question after about {first:g} weeks"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown."""
        return (*dict.fromkeys(entry.id for entry in self.thresholds), TIMING)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "These are agreements and entry rules, not measured best times.",
            f"A guideline found too little evidence to say when to operate ({study(TIMING)}).",
            "Red flags do not wait, and severe or growing weakness is seen early.",
            WARNING,
        )


def describe_weeks(numbers: Weeks) -> str:
    """Say the chart in words, from the numbers that it draws."""
    lines = (f"{entry.words}: {entry.what} ({entry.kind}; {study(entry.id)})." for entry in numbers.thresholds)
    return "\n".join([f"{numbers.message}.", *lines, *numbers.remarks])


# -- picture


def compose_weeks(numbers: Weeks, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    across = look.width - 2 * MARGIN
    high = sum(entry_depth(*_words(entry), across) + _STRIP for entry in numbers.thresholds)
    sheet, top = footed(numbers.message, look, high + 52, _notes(numbers))
    axes = sheet.axes(MARGIN, top, across, high)
    axes.set_xlim(_FIRST, _LAST)
    axes.set_yticks([])
    axes.set_xticks(range(0, int(_LAST), 2))
    down = 0.0
    for entry in numbers.thresholds:
        write_entry(axes, (_FIRST, down), _words(entry), across, look)
        down += entry_depth(*_words(entry), across)
        _bar(axes, entry, look, down + 12)
        down += _STRIP
    sheet.words(MARGIN, top + high + 26, ["weeks since the pain began"], name="muted")
    return sheet.figure


def _words(entry: Threshold) -> tuple[str, str]:
    return f"{entry.what[0].upper()}{entry.what[1:]}: {entry.words}", f"{name_of(entry.id)}, {entry.kind}"


def _notes(numbers: Weeks) -> list[str]:
    key = "Solid bar: guidance. Hatched bar: a trial's rule of entry. Arrow: no upper end."
    return [key, *marks(numbers.ids)]


def _bar(axes: Axes, entry: Threshold, look: Look, y: float) -> None:
    axes.hlines([y], 0, _LAST, color=look.colour("frame"), linewidth=0.9, zorder=0)
    end = _LAST - 0.5 if entry.end is None else entry.end
    trial = entry.kind == "trial"
    axes.barh([y], [end - entry.start], left=[entry.start], height=12, color=look.colour("band"),
              hatch="///" if trial else None, edgecolor=look.colour("accent"), linewidth=1.2)  # fmt: skip
    if entry.end is None:
        axes.plot([end], [y], ">", color=look.colour("accent"), markersize=12, clip_on=False)
