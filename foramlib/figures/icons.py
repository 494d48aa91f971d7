"""Icon arrays: a hundred people for each option, told apart by shape and fill as well as by colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.clinic.risks import OF_HUNDRED
from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from foramlib.clinic.risks import Pair
    from foramlib.figures.charts.sheet import Look

__all__ = ["COLUMNS", "Array", "arrays", "describe_arrays", "draw_icons", "places"]

COLUMNS: Final = 10
"""People in a row; ten rows make a hundred, so that tens are counted at a glance."""

_ICON: Final = 0.62  # size of an icon, of the step between two


@dataclass(frozen=True)
class Array:
    """A hundred people of one option.

    Attributes
    ----------
    title : str
        The option.
    marked : int
        How many of 100 have the outcome; they come first.
    what, otherwise : str
        What the marked people have; what the others have.
    note : str
        How sure the count is.
    """

    title: str
    marked: int
    what: str
    otherwise: str
    note: str

    def __post_init__(self) -> None:
        """Refuse a count that is not of a hundred."""
        if not 0 <= self.marked <= OF_HUNDRED:
            raise InvalidInput(f"{self.title}: {self.marked} of {OF_HUNDRED} is not possible; use 0 to {OF_HUNDRED}.")

    @property
    def rest(self) -> int:
        """How many do not have the outcome."""
        return OF_HUNDRED - self.marked


def arrays(found: Pair) -> tuple[Array, Array]:
    """Turn an outcome of two options into two arrays of a hundred people over the same time."""
    what = found.outcome.name
    first, second = (
        Array(f"{risk.option[0].upper()}{risk.option[1:]}", risk.count, what, f"not {what}", risk.uncertainty)
        for risk in found.risks
    )
    return first, second


def places(array: Array) -> tuple[tuple[int, int, bool], ...]:
    """Give column, row and whether it is marked for each of the hundred icons, row by row from the top."""
    return tuple((number % COLUMNS, number // COLUMNS, number < array.marked) for number in range(OF_HUNDRED))


def describe_arrays(found: Pair) -> str:
    """Say the arrays in words, from the numbers that they draw."""
    drawn = arrays(found)
    counts = (f"{array.title}: {array.marked} {array.what}, {array.rest} {array.otherwise}." for array in drawn)
    return "\n".join([f"{found.message}.", *counts, *found.sentences()])


def draw_icons(axes: Axes, array: Array, look: Look) -> None:
    """Draw the hundred: a filled square with a cross for the outcome, an empty ring for the others.

    The axes hold ten steps each way.
    """
    axes.set_xlim(-0.5, COLUMNS - 0.5)
    axes.set_ylim(COLUMNS - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    step = look.width * axes.get_position().width / COLUMNS
    for marked in (True, False):
        spots = [(column, row) for column, row, has in places(array) if has == marked]
        if spots:
            _draw(axes, spots, look, _ICON * step, marked=marked)


def _draw(axes: Axes, spots: list[tuple[int, int]], look: Look, size: float, *, marked: bool) -> None:
    across, down = zip(*spots, strict=True)
    if not marked:
        muted = look.colour("muted")
        axes.plot(across, down, "o", markersize=0.8 * size, color="none", markeredgecolor=muted, markeredgewidth=1.6)
        return
    axes.plot(across, down, "s", markersize=size, color=look.colour("accent"), markeredgewidth=0)
    axes.plot(across, down, "x", markersize=0.5 * size, color=look.colour("ground"), markeredgewidth=2)
