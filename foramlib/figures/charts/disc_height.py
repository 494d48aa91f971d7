"""Area of the foramen against disc height lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import footnotes
from foramlib.figures.charts.published import Band, loss_bands, name_of, told, who
from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, Sheet, beside, depth, lines_of, signed, title_depth
from foramlib.spine.foramen import measure
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["DiscHeightCurve", "compose_disc_height", "describe_disc_height", "draw_disc_height"]

NAME = "area-against-disc-height"
STEPS = 20
"""Intervals of the model's curve between the whole disc and the lowest."""

_FALLS = -1.0  # per cent; less counts as no change
_LEADING = 1.25


@dataclass(frozen=True)
class DiscHeightCurve:
    """The numbers of the chart ``area-against-disc-height``.

    Attributes
    ----------
    level : str
        Level of the model.
    loss : tuple of float
        Disc height lost, mm.
    percent : tuple of float
        Change of the area, per cent, bony ruler.
    start : float
        Area with the whole disc, mm².
    bands : tuple of Band
        Published ranges; known for the neck only.
    """

    level: str
    loss: tuple[float, ...]
    percent: tuple[float, ...]
    start: float
    bands: tuple[Band, ...]

    @staticmethod
    def of(level: object = None) -> DiscHeightCurve:
        """Lower the disc of the model step by step at a level, C5/6 where none is given.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        segment = Segment.at("C5/6" if level is None else level)
        most = segment.limits["disc_loss"][1]
        losses = tuple(most * step / STEPS for step in range(STEPS + 1))
        areas = [_area(segment.with_disc_loss(loss)) for loss in losses]
        percent = tuple(100 * (area / areas[0] - 1) for area in areas)
        bands = loss_bands() if segment.level.region == "cervical" else ()
        return DiscHeightCurve(segment.level.name, losses, percent, areas[0], bands)

    @property
    def message(self) -> str:
        """The one thing to learn, as the model has it."""
        if self.percent[-1] >= _FALLS:
            return f"How a lower disc changes the foramen at {self.level}"
        if self.bands:
            return "A lower disc takes room from the foramen, but studies differ (neck)"
        return "In the model a lower disc takes room from the foramen (low back)"

    @property
    def against(self) -> str:
        """Evidence id of the study that found no link, or a weak one."""
        return "A:D-08b" if self.bands else "A:M-23"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is drawn or said, each once."""
        return tuple(dict.fromkeys([*(band.id for band in self.bands), self.against]))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return ("The model's areas are bone to bone; its lowest disc is an assumption.",)

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands in the picture itself: the study that found otherwise, and what the bars are."""
        study = told(self.against)
        study = study[0].upper() + study[1:]
        other = (
            f"{study} found no link between disc height and foraminal size on MRI."
            if self.bands
            else f"{study} found only a weak link between disc height and foraminal size on CT."
        )
        how = (
            "Bars: ranges from a computer simulation on specimens of C4 to C7."
            if self.bands
            else "For the low back no published change of the area with disc height stands in our tables."
        )
        return (other, how)


def _area(segment: Segment) -> float:
    found = measure(segment).bony
    if found is None:
        raise InvalidInput(f"The model shows no foramen at {segment.level.name} with this disc height.")
    return found.area_mm2


# -- words


def describe_disc_height(numbers: DiscHeightCurve) -> str:
    """Say the chart in words, from the numbers that it draws."""
    model = ", ".join(f"{signed(change)} at {loss:g} mm" for loss, change in _stations(numbers))
    start = f"model {numbers.start:.0f} mm² with the whole disc"
    text = [f"{numbers.message}.", f"Change of the area at {numbers.level}, bony ruler: {start}, {model}."]
    if numbers.bands:
        bands = ", ".join(f"{_range(band)} at {band.loss:g} mm" for band in numbers.bands)
        text.append(f"{told(numbers.bands[0].id)}: {bands}.")
    return "\n".join([*text, *numbers.notes, *numbers.remarks])


def _stations(numbers: DiscHeightCurve) -> list[tuple[float, float]]:
    """Whole millimetres within reach, and the end."""
    whole = [float(loss) for loss in range(1, int(numbers.loss[-1]) + 1)]
    return [(loss, _at(numbers, loss)) for loss in sorted({*whole, numbers.loss[-1]})]


def _at(numbers: DiscHeightCurve, loss: float) -> float:
    import numpy as np  # noqa: PLC0415 - heavy, and only the words need it here

    return float(np.interp(loss, numbers.loss, numbers.percent))


def _range(band: Band) -> str:
    return f"{signed(band.high).removesuffix(' %')} to {signed(band.low)}"


# -- picture


def compose_disc_height(numbers: DiscHeightCurve, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top, notes = title_depth(numbers.message, look), _notes(numbers, look)
    height = 300.0 if look.narrow else 350.0
    sheet = Sheet(look, top + height + 106 + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    sheet.words(MARGIN, top, [f"Area at {numbers.level}, against the whole disc"], size=16, weight="bold")
    axes = sheet.axes(MARGIN + 58, top + 30, look.width - 2 * MARGIN - 58, height)
    draw_disc_height(axes, numbers, look)
    sheet.words(MARGIN + 58, top + height + 62, ["disc height lost"], name="muted")
    sheet.words(MARGIN, top + height + 100, notes, name="muted")
    return sheet.figure


def _notes(numbers: DiscHeightCurve, look: Look) -> list[str]:
    marks = footnotes(" ".join([*numbers.notes, *(name_of(band.id) for band in numbers.bands)]))
    return [line for note in (*numbers.notes, marks) if note for line in lines_of(note, look.width - 2 * MARGIN)]


def draw_disc_height(axes: Axes, numbers: DiscHeightCurve, look: Look) -> None:
    """Draw the model as a line and published ranges as bars."""
    _grid(axes, numbers, look)
    for band in numbers.bands:
        _bar(axes, look, band, named=band == numbers.bands[-1])
    accent, end = look.colour("accent"), (numbers.loss[-1], numbers.percent[-1])
    axes.plot(numbers.loss, numbers.percent, color=accent, linewidth=3, solid_capstyle="round", zorder=3)
    axes.plot([end[0]], [end[1]], "D", color=accent, markersize=8, markeredgecolor=look.colour("ground"), zorder=4)
    middle = len(numbers.loss) // 2
    beside(axes, (numbers.loss[middle], numbers.percent[middle]), (8, 16), "model", look, name="accent", align="left")
    beside(axes, end, (15, 0), signed(end[1]), look, name="accent", align="left")
    beside(axes, (0, 0), (6, 13), f"{numbers.start:.0f} mm²", look, name="accent", align="left")


def _bar(axes: Axes, look: Look, band: Band, *, named: bool) -> None:
    ends, ink = [band.low, band.high], look.colour("ink")
    axes.plot([band.loss] * 2, ends, color=look.colour("band"), linewidth=22, solid_capstyle="butt")
    axes.plot([band.loss] * 2, ends, "_", color=ink, markersize=22, markeredgewidth=1.8)
    words = [_range(band)]
    if named:
        words += [name_of(band.id), who(band.id)]
    for number, line in enumerate(words):
        offset = (0, -14 - number * TYPE * _LEADING)
        beside(axes, (band.loss, band.low), offset, line, look, weight="normal" if number else "bold")


def _grid(axes: Axes, numbers: DiscHeightCurve, look: Look) -> None:
    most = max([numbers.loss[-1], *(band.loss for band in numbers.bands)])
    foot = 10 * (min([*numbers.percent, *(band.low for band in numbers.bands)]) // 10) - 10
    axes.set_xlim(-0.02 * most, most * 1.25)
    axes.set_ylim(foot - 4 if numbers.bands else foot + 3, 7)
    ticks = [float(tick) for tick in range(int(foot) + 10, 1, 10)]
    axes.set_yticks(ticks, [signed(tick) for tick in ticks])
    axes.hlines(ticks, *axes.get_xlim(), color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)
    axes.hlines([0], *axes.get_xlim(), color=look.colour("muted"), linewidth=1.4, zorder=1)
    marks = range(int(most) + 1)
    axes.set_xticks(list(marks), [f"{mark} mm" if mark else "0" for mark in marks])
