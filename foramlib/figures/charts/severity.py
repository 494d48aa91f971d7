"""Free room about the roots against the amount of one lesion, in the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from foramlib.figures.charts.sheet import MARGIN, Look, Sheet, beside, depth, lines_of, title_depth
from foramlib.spine.lesions import Lesion, kind_of
from foramlib.spine.lesions import lesion as make_lesion
from foramlib.spine.levels import parse_side
from foramlib.spine.room import root_states
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CHOICES", "NAME", "RoomCurve", "compose_room", "describe_room"]

NAME: Final = "room-against-severity"
CHOICES: Final = ("lesion", "zone", "side", "flexion", "now")
STEPS: Final = 8
"""Intervals of the model's curves between none and severe."""

_STYLES: Final = (("accent", "-"), ("ink", "--"))
_GRADES: Final = ("none", "mild", "moderate", "severe")


@dataclass(frozen=True)
class RoomCurve:
    """The numbers of the chart ``room-against-severity``.

    Attributes
    ----------
    level, side, what : str
        Where, and the lesion in words.
    unit_words : str
        What the amount measures.
    amounts : tuple of float
        Amounts of the lesion, mm.
    rooms : tuple of (str, str, tuple of float)
        Root, its kind and the room about it at each amount, per cent.
    marks : tuple of (str, float)
        Amounts that are called none, mild, moderate and severe, mm.
    now : float or None
        Amount to point out, mm.
    """

    level: str
    side: str
    what: str
    unit_words: str
    amounts: tuple[float, ...]
    rooms: tuple[tuple[str, str, tuple[float, ...]], ...]
    marks: tuple[tuple[str, float], ...]
    now: float | None = None

    @staticmethod
    def of(  # noqa: PLR0917 - the chart's choices, by name
        level: object = None,
        lesion: str = "herniation",
        zone: str = "",
        side: str = "left",
        flexion: float = 0.0,
        now: float | None = None,
    ) -> RoomCurve:
        """Grow a lesion step by step at a level, L4/5 where none is given.

        Raises
        ------
        InvalidInput
            If level, lesion, zone, side or posture is unknown or not possible there.
        """
        if level is None and lesion == "herniation":
            zone = zone or "subarticular"  # the chart's own choice
        start = Segment.at("L4/5" if level is None else level).bent(flexion=flexion)
        one = _made(lesion, side, zone)
        most = one.kind.most(start.level, one.zone)
        amounts = tuple(most * step / STEPS for step in range(STEPS + 1))
        states = [root_states(start.with_lesions(replace(one, mm=amount)), side) for amount in amounts]
        rooms = tuple(
            (root.name, root.kind, tuple(100 * state[place].room for state in states))
            for place, root in enumerate(states[0])
        )
        marks = tuple((name, one.kind.amounts[name]) for name in _GRADES if one.kind.amounts[name] <= most)
        what = one.kind.label + (f" ({one.zone})" if one.zone else "")
        return RoomCurve(start.level.name, side, what, one.kind.measure, amounts, rooms, marks, now)

    @property
    def message(self) -> str:
        """The one thing to learn, as the model has it."""
        falls = [(values[0] - values[-1], name) for name, _, values in self.rooms]
        most, name = max(falls)
        if most < 1:
            return f"{self.what} takes no room from a root at {self.level} in the model"
        return f"{self.what} at {self.level} takes most room from {name} in the model"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown: none, every number is the model's."""
        return ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Room is the free share of the space within 2.5 mm of the resting root where it is tightest.",
            "Sizes of lesions and the words mild, moderate and severe are the model's own; no pressure is computed.",
        )


def _made(name: str, side: str, zone: str) -> Lesion:
    side = parse_side(side)
    return make_lesion(name, "mild", side=side if kind_of(name).sides else "", zone=zone)


def describe_room(numbers: RoomCurve) -> str:
    """Say the chart in words, from the numbers that it draws."""
    lines = []
    for name, kind, values in numbers.rooms:
        said = ", ".join(f"{_at(numbers, values, mm):.0f} % at {word} ({mm:g} mm)" for word, mm in numbers.marks)
        lines.append(f"Room about {name} ({kind}): {said}.")
    now = [] if numbers.now is None else [f"Now: {numbers.now:.1f} mm."]
    return "\n".join([f"{numbers.message}.", *lines, *now, *numbers.remarks])


def _at(numbers: RoomCurve, values: tuple[float, ...], mm: float) -> float:
    import numpy as np  # noqa: PLC0415 - heavy, and only the words need it here

    return float(np.interp(mm, numbers.amounts, values))


# -- picture


def compose_room(numbers: RoomCurve, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top, notes = title_depth(numbers.message, look), _notes(numbers, look)
    height = 240.0 if look.narrow else 260.0
    sheet = Sheet(look, top + height + 128 + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    sheet.words(MARGIN, top, ["Free room about the root, %"], size=16, weight="bold")
    axes = sheet.axes(MARGIN + 40, top + 52, look.width - 2 * MARGIN - 130, height)
    _grid(axes, numbers, look)
    _curves(axes, numbers, look)
    sheet.words(MARGIN + 40, top + height + 84, [f"{numbers.unit_words}, mm"], name="muted")
    sheet.words(MARGIN, top + height + 122, notes, name="muted")
    return sheet.figure


def _notes(numbers: RoomCurve, look: Look) -> list[str]:
    marks = ", ".join(f"{word} {mm:g} mm" for word, mm in numbers.marks if mm)
    return [line for note in (f"In the model: {marks}.",) for line in lines_of(note, look.width - 2 * MARGIN)]


def _grid(axes: Axes, numbers: RoomCurve, look: Look) -> None:
    axes.set_ylim(0, 100)
    axes.set_xlim(0, numbers.amounts[-1])
    axes.set_yticks(range(0, 101, 25))
    axes.set_xticks([mm for _, mm in numbers.marks])
    axes.set_xticklabels([f"{mm:g}" for _, mm in numbers.marks])
    axes.grid(color=look.colour("frame"), linewidth=0.9)
    axes.set_axisbelow(True)


def _curves(axes: Axes, numbers: RoomCurve, look: Look) -> None:
    ends = [values[-1] for _, _, values in numbers.rooms]
    close = len(ends) > 1 and abs(ends[0] - ends[1]) < 9  # noqa: PLR2004 - per cent that a line of type takes
    for (name, kind, values), (colour, dash) in zip(numbers.rooms, _STYLES, strict=False):
        ink = look.colour(colour)
        axes.plot(numbers.amounts, values, dash, color=ink, linewidth=3)
        lift = (9 if values[-1] >= max(ends) and kind == "exiting" else -9) if close else 0
        beside(axes, (numbers.amounts[-1], values[-1]), (8, lift), f"{name} model", look, name=colour, align="left")
        if numbers.now is not None:
            axes.plot([numbers.now], [_at(numbers, values, numbers.now)], "o", color=ink, markersize=10, zorder=4)
    if numbers.now is not None:
        axes.axvline(numbers.now, color=look.colour("muted"), linewidth=1.5, zorder=1)
        beside(axes, (numbers.now, 100), (0, 12), f"now {numbers.now:.1f} mm", look)
