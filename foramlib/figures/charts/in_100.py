"""Of a hundred people: one outcome of two options over the same time, as icons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.clinic.risks import OF_HUNDRED, Pair, outcomes, pair
from foramlib.errors import InvalidInput
from foramlib.figures.charts.footed import footed, marks, names, region_of
from foramlib.figures.charts.sheet import MARGIN, depth, lines_of
from foramlib.figures.icons import Array, arrays, describe_arrays, draw_icons

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look, Sheet

__all__ = ["InHundred", "compose_in_100", "describe_in_100"]

NAME = "in-100"
CHOICES = ("outcome",)
_USUAL: Final = {"cervical": "success", "lumbar": "recovered-1-year"}
_GAP = 44.0


@dataclass(frozen=True)
class InHundred:
    """The numbers of the chart ``in-100``."""

    pair: Pair
    modelled: bool = False  # published data; a page must not call them a model

    @staticmethod
    def of(level: object = None, outcome: object = None) -> InHundred:
        """Choose an outcome.

        Parameters
        ----------
        level
            Its region chooses the outcome where none is given; the neck by default.
        outcome : str, optional
            An id of `foramlib.clinic.risks.outcomes`, such as ``"reoperation"``.

        Raises
        ------
        InvalidInput
            If the outcome is unknown, or belongs to another region than the level.
        """
        region = region_of(level)
        name = _USUAL[region] if outcome is None else str(outcome)
        found = pair(name)
        if level is not None and found.outcome.region != region:
            raise InvalidInput(f"The outcome {name!r} is not of this region; choose one of {', '.join(_of(region))}.")
        return InHundred(found)

    @property
    def message(self) -> str:
        """Both numbers, with their time."""
        return self.pair.message

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids."""
        return self.pair.outcome.fact_ids

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return self.pair.sentences()


def _of(region: str) -> list[str]:
    return [name for name, outcome in outcomes().items() if outcome.region == region]


def describe_in_100(numbers: InHundred) -> str:
    """Say the chart in words, from the numbers that it draws."""
    return describe_arrays(numbers.pair)


def compose_in_100(numbers: InHundred, look: Look) -> Figure:
    """Draw both arrays, side by side or one above the other."""
    across = look.width - 2 * MARGIN
    side = min(across, 300.0) if look.narrow else min((across - _GAP) / 2, 300.0)
    drawn = arrays(numbers.pair)
    heads = [_head(array, across if look.narrow else (across - _GAP) / 2) for array in drawn]
    room = max(map(depth, heads)) + 6
    each = room + side + 12
    sheet, top = footed(numbers.message, look, each * (2 if look.narrow else 1), _notes(numbers))
    for place, (array, head) in enumerate(zip(drawn, heads, strict=True)):
        left = MARGIN + (0 if look.narrow else place * (across + _GAP) / 2)
        _one(sheet, (left, top + (place * each if look.narrow else 0), side, room), array, head)
    return sheet.figure


def _notes(numbers: InHundred) -> list[str]:
    array = arrays(numbers.pair)[0]
    key = f"Filled square with a cross: {array.what}. Empty ring: {array.otherwise}."
    ranges = (f"{risk.option}: {risk.uncertainty}." for risk in numbers.pair.risks)
    study = f"{names(numbers.ids)}: {numbers.pair.outcome.design}."
    return [key, *(f"{said[0].upper()}{said[1:]}" for said in ranges), study, *marks(numbers.ids)]


def _head(array: Array, width: float) -> list[str]:
    return [*lines_of(array.title, width, 16, "bold"), f"{array.marked} of {OF_HUNDRED}"]


def _one(sheet: Sheet, box: tuple[float, float, float, float], array: Array, head: list[str]) -> None:
    left, top, side, room = box
    sheet.words(left, top, head[:-1], size=16, weight="bold")
    sheet.words(left, top + depth(head[:-1], 16), head[-1:], name="accent", weight="bold")
    draw_icons(sheet.axes(left, top + room, side, side), array, sheet.look)
