"""What scans show in people without symptoms, by age where it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.clinic.natural_history import Seen, seen_without_symptoms
from foramlib.figures.charts.footed import WARNING, entry_depth, footed, marks, region_of, study, write_entry
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["WithoutSymptoms", "compose_without_symptoms", "describe_without_symptoms"]

NAME = "without-symptoms"
COUNTERWEIGHT: Final = "A:C-27"
"""The other side, of foramina themselves: in the low back a high grade went with leg pain."""

_OTHER_SIDE: Final = "in the low back a foramen graded moderate or severe went with leg pain"
_STRIP: Final = 32.0  # points: the line of marks below the words
_MARKS: Final = {"younger": "o", "older": "D", "all": "s"}
_WORDS: Final = {"younger": "ring: the younger", "older": "diamond: the older", "all": "square: all ages"}


@dataclass(frozen=True)
class WithoutSymptoms:
    """The numbers of the chart ``without-symptoms``."""

    region: str
    seen: tuple[Seen, ...]
    modelled: bool = False  # published data; a page must not call them a model

    @staticmethod
    def of(level: object = None) -> WithoutSymptoms:
        """Collect what is published for the region of a level, the neck where none is given."""
        region = region_of(level)
        return WithoutSymptoms(region, seen_without_symptoms(region))

    @property
    def rows(self) -> tuple[tuple[Seen, ...], ...]:
        """One finding of one study in a row, the younger first."""
        keys = dict.fromkeys((seen.finding, seen.id) for seen in self.seen)
        return tuple(tuple(seen for seen in self.seen if (seen.finding, seen.id) == key) for key in keys)

    @property
    def message(self) -> str:
        """The one thing to learn."""
        if self.region == "cervical":
            return "Narrow foramina and bulging discs are common in necks that do not hurt, more so with age"
        return "Worn, bulging and herniated discs are common in backs that do not hurt, more so with age"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown."""
        return (*dict.fromkeys(seen.id for seen in self.seen), COUNTERWEIGHT)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "So a scan alone cannot say who needs an operation; it must fit the root that the examination found.",
            f"The other side: {_OTHER_SIDE} ({study(COUNTERWEIGHT)}).",
            "Bars are 95 % intervals, calculated; none where the number of people in a group is unknown.",
            WARNING,
        )


def describe_without_symptoms(numbers: WithoutSymptoms) -> str:
    """Say the chart in words, from the numbers that it draws."""
    return "\n".join([f"{numbers.message}.", *(_said(row) for row in numbers.rows), *numbers.remarks])


def _said(row: tuple[Seen, ...]) -> str:
    return f"{row[0].finding}: {_shares(row)}; {study(row[0].id)}."


def _shares(row: tuple[Seen, ...]) -> str:
    return ", ".join(f"{100 * seen.share:.3g} % {seen.who}{_interval(seen)}" for seen in row)


def _interval(seen: Seen) -> str:
    return "" if seen.low is None or seen.high is None else f" ({100 * seen.low:.0f} to {100 * seen.high:.0f} %)"


# -- picture


def compose_without_symptoms(numbers: WithoutSymptoms, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    across = look.width - 2 * MARGIN
    high = sum(entry_depth(*_words(row), across) + _STRIP for row in numbers.rows)
    sheet, top = footed(numbers.message, look, high + 52, _notes(numbers))
    axes = sheet.axes(MARGIN, top, across, high)
    _grid(axes)
    down = 0.0
    for row in numbers.rows:
        write_entry(axes, (0, down), _words(row), across, look)
        down += entry_depth(*_words(row), across)
        _marks_of(axes, row, look, down + 12)
        down += _STRIP
    sheet.words(MARGIN, top + high + 26, ["of 100 people without symptoms"], name="muted")
    return sheet.figure


def _words(row: tuple[Seen, ...]) -> tuple[str, str]:
    return f"{row[0].finding}: {_shares(row)}", name_of(row[0].id)


def _notes(numbers: WithoutSymptoms) -> list[str]:
    shapes = dict.fromkeys(_WORDS[seen.age] for seen in numbers.seen)
    key = ", ".join(shapes)
    return [f"{key[0].upper()}{key[1:]}.", *marks(numbers.ids)]


def _grid(axes: Axes) -> None:
    axes.set_xlim(0, 100.5)
    axes.set_yticks([])
    axes.set_xticks(range(0, 101, 20))
    axes.xaxis.get_majorticklabels()[-1].set_horizontalalignment("right")
    axes.xaxis.get_majorticklabels()[0].set_horizontalalignment("left")


def _marks_of(axes: Axes, row: tuple[Seen, ...], look: Look, y: float) -> None:
    axes.hlines([y], 0, 100, color=look.colour("frame"), linewidth=0.9, zorder=0)
    accent, ground = look.colour("accent"), look.colour("ground")
    for seen in row:
        if seen.low is not None and seen.high is not None:
            axes.plot([100 * seen.low, 100 * seen.high], [y, y], color=accent, linewidth=2.5, zorder=2)
        hollow = seen.age == "younger"
        axes.plot([100 * seen.share], [y], _MARKS[seen.age], markersize=11, markeredgewidth=2, zorder=3, clip_on=False,
                  color=ground if hollow else accent, markeredgecolor=accent if hollow else ground)  # fmt: skip
