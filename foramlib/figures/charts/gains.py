"""What an operation added to non-surgical care in trials: of fusion and discectomy, none of foraminotomy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.clinic.natural_history import Gain, gains
from foramlib.figures.charts.footed import WARNING, entry_depth, footed, marks, region_of, study, write_entry
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN, lines_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["Gains", "compose_gains", "describe_gains"]

NAME = "operation-or-not"
_STRIP: Final = 34.0  # points: the line of marks below the words
_YEAR: Final = 52.0
_ENDS: Final = (-4.0, 20.0)  # points of the scale


@dataclass(frozen=True)
class Gains:
    """The numbers of the chart ``operation-or-not``."""

    region: str
    gains: tuple[Gain, ...]
    modelled: bool = False  # published data; a page must not call them a model

    @staticmethod
    def of(level: object = None) -> Gains:
        """Collect what is published for the region of a level, the neck where none is given."""
        region = region_of(level)
        return Gains(region, gains(region))

    @property
    def operation(self) -> str:
        """What was compared with non-surgical care."""
        return self.gains[0].operation

    @property
    def message(self) -> str:
        """The one thing to learn."""
        if self.region == "cervical":
            return f"Neck {self.operation} helped early and in disc herniation; later, or in spondylosis, no clear gain"
        return f"Lumbar {self.operation} brought recovery sooner; drawn by lot, the result at one year was the same"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown."""
        return tuple(dict.fromkeys(entry.id for entry in self.gains))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        told_apart = () if self.region == "cervical" else ("Disc herniation, not bony narrowing, was treated.",)
        return (
            f"All of these operations are {self.operation}; none is a foraminotomy.",
            *told_apart,
            "Both sides belong together: what is gained early, and what is no longer seen later.",
            WARNING,
        )


def describe_gains(numbers: Gains) -> str:
    """Say the chart in words, from the numbers that it draws."""
    return "\n".join([f"{numbers.message}.", *(_said(entry) for entry in numbers.gains), *numbers.remarks])


def _said(entry: Gain) -> str:
    return f"{entry.name} ({entry.operation}{_when(entry)}): {_number(entry)}{entry.said}; {study(entry.id)}."


def _when(entry: Gain) -> str:
    if entry.weeks is None:
        return ""
    years = entry.weeks / _YEAR
    return f", {years:g} year{'s' * (years > 1)}"


def _number(entry: Gain) -> str:
    if entry.gain is None:
        return ""
    if entry.low is None or entry.high is None:
        return f"{entry.gain:g} points better ({entry.scale}; interval not in what was read): "
    return f"{entry.gain:g} points better ({entry.low:g} to {entry.high:g}; {entry.scale}): "


# -- picture


def compose_gains(numbers: Gains, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    across = look.width - 2 * MARGIN
    high = sum(entry_depth(*_words(entry), across) + _STRIP for entry in numbers.gains)
    sheet, top = footed(numbers.message, look, high + 56 + 18 * look.narrow, _notes(numbers))
    axes = sheet.axes(MARGIN, top, across, high)
    _axis(axes)
    down = 0.0
    for entry in numbers.gains:
        write_entry(axes, (_ENDS[0], down), _words(entry), across, look)
        down += entry_depth(*_words(entry), across)
        _mark(axes, entry, look, down + 12)
        down += _STRIP
    scale = numbers.gains[0].scale
    sheet.words(MARGIN, top + high + 28, lines_of(f"points better with {numbers.operation} ({scale})", across),
                name="muted")  # fmt: skip
    return sheet.figure


def _words(entry: Gain) -> tuple[str, str]:
    return f"{entry.name}{_when(entry)}: {entry.said}", name_of(entry.id)


def _notes(numbers: Gains) -> list[str]:
    important = [f"Dotted line: the {entry.important:g} points that the trial called important."
                 for entry in numbers.gains if entry.important and entry.gain is not None]  # fmt: skip
    bare = "A row without a mark: no number in what was read."
    return [*important, bare, *marks(numbers.ids)]


def _axis(axes: Axes) -> None:
    axes.set_xlim(*_ENDS)
    axes.set_yticks([])
    axes.set_xticks(range(0, int(_ENDS[1]) + 1, 5))
    axes.xaxis.get_majorticklabels()[-1].set_horizontalalignment("right")


def _mark(axes: Axes, entry: Gain, look: Look, y: float) -> None:
    accent = look.colour("accent")
    axes.hlines([y], *_ENDS, color=look.colour("frame"), linewidth=0.9, zorder=0)
    axes.plot([0, 0], [y - 9, y + 9], color=look.colour("muted"), linewidth=1.6)
    if entry.gain is None:
        return
    if entry.important:
        axes.plot([entry.important] * 2, [y - 10, y + 10], ":", color=look.colour("ink"), linewidth=2)
    if entry.low is not None and entry.high is not None:
        axes.plot([entry.low, entry.high], [y, y], color=accent, linewidth=2.5)
    axes.plot([entry.gain], [y], "D", color=accent, markersize=10, markeredgecolor=look.colour("ground"), zorder=4)
