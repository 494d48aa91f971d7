"""The paper that charts are drawn on: sizes, colours, words; everything measured in points.

A sheet is either wide (a lesson, a slide) or narrow (a phone, one column of a handout). Both set type at 14 points,
so that a wide sheet shown 1400 pixels wide, as on a slide, has letters of 22 pixels.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.figures.palette import fill, outline, role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "LAYOUTS",
    "MARGIN",
    "ROLES",
    "TISSUES",
    "TYPE",
    "Look",
    "Sheet",
    "beside",
    "colour_of",
    "depth",
    "lines_of",
    "signed",
    "title_depth",
    "write",
]

TYPE = 14.0
TITLE = 19.0
MARGIN = 16.0
LAYOUTS = {"wide": 900.0, "narrow": 400.0}
"""Width of a sheet, points."""

ROLES = (
    "ink", "muted", "accent", "frame", "ground", "quiet", "band", "skin", "skin-line", "shade-1", "shade-3",
)  # fmt: skip
"""The palette's roles that charts use; no two share a colour."""

TISSUES = ("nerve",)
"""Tissues that charts draw; each is known as itself and, with ``-line``, as its outline."""

COLOURS = (*ROLES, *(name for tissue in TISSUES for name in (tissue, f"{tissue}-line")))
"""All that a chart may be coloured with; no two are the same."""

# Mean advance of a letter of DejaVu Sans, in ems: it is wide, so other fonts fit as well.
_ADVANCE = {"normal": 0.56, "bold": 0.65}
_LEADING = 1.3


@dataclass(frozen=True)
class Look:
    """How a chart is drawn: theme of the palette, and layout ``"wide"`` or ``"narrow"``."""

    theme: str = "light"
    layout: str = "wide"

    def __post_init__(self) -> None:
        """Refuse what is not known, in one sentence."""
        role("ink", self.theme)
        if self.layout not in LAYOUTS:
            raise InvalidInput(f"Layout {self.layout!r} is unknown; choose one of {', '.join(LAYOUTS)}.")

    @property
    def width(self) -> float:
        """Width of the sheet, points."""
        return LAYOUTS[self.layout]

    @property
    def narrow(self) -> bool:
        """Whether panels stand below each other."""
        return self.layout == "narrow"

    def colour(self, name: str) -> str:
        """Colour of a role or a tissue as ``#rrggbb``."""
        return colour_of(name, self.theme)


def colour_of(name: str, theme: str = "light") -> str:
    """Colour of one of :data:`COLOURS` in a theme as ``#rrggbb``."""
    tissue = name.removesuffix("-line")
    if tissue not in TISSUES:
        return role(name, theme)
    return fill(tissue, theme) if name == tissue else outline(tissue, theme)


class Sheet:
    """A figure with its origin at the upper left and points as unit.

    Parameters
    ----------
    look
        Theme and layout.
    height
        Height of the sheet, points.
    """

    def __init__(self, look: Look, height: float) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - heavy, and only a drawing needs it

        self.look = look
        self.height = height
        self.figure: Figure = Figure(figsize=(look.width / 72, height / 72), dpi=72, facecolor=look.colour("ground"))

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add bare axes; their y runs downwards in points from 0 to `height`, unless the caller changes it."""
        box = (left / self.look.width, 1 - (top + height) / self.height, width / self.look.width, height / self.height)
        axes = self.figure.add_axes(box)
        axes.set_facecolor("none")
        axes.set_ylim(height, 0)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, labelsize=TYPE, labelcolor=self.look.colour("muted"), pad=5)
        return axes

    def words(self, left: float, top: float, lines: Iterable[str], *, size: float = TYPE, name: str = "ink",
              weight: str = "normal") -> None:  # fmt: skip
        """Write lines of text downwards from a point."""
        for number, line in enumerate(lines):
            height = 1 - (top + size * (1 + number * _LEADING)) / self.height
            colour = self.look.colour(name)
            x = left / self.look.width
            self.figure.text(x, height, line, va="baseline", color=colour, fontsize=size, fontweight=weight)

    def rule(self, left: float, top: float, length: float) -> None:
        """Draw an upright line that parts two panels."""
        from matplotlib.lines import Line2D  # noqa: PLC0415 - heavy, and only a drawing needs it

        x, y = left / self.look.width, 1 - top / self.height
        ends = ([x, x], [y, y - length / self.height])
        self.figure.add_artist(Line2D(*ends, color=self.look.colour("frame"), linewidth=1.5))

    def title(self, message: str) -> None:
        """Write the message over the chart."""
        self.words(MARGIN, MARGIN, title_lines(message, self.look), size=TITLE, weight="bold")


def lines_of(text: str, width: float, size: float = TYPE, weight: str = "normal") -> list[str]:
    """Break text into lines that fit a width, points."""
    return textwrap.wrap(text, max(int(width / (size * _ADVANCE[weight])), 12))


def depth(lines: Iterable[str], size: float = TYPE) -> float:
    """Height that lines of text take, points."""
    return len(list(lines)) * size * _LEADING


def title_lines(message: str, look: Look) -> list[str]:
    """Break the message into the lines of a title."""
    return lines_of(message, look.width - 2 * MARGIN, TITLE, "bold")


def title_depth(message: str, look: Look) -> float:
    """Height of the title with the space around it, points."""
    return MARGIN + depth(title_lines(message, look), TITLE) + 8


def write(axes: Axes, x: float, y: float, text: str, look: Look, *, name: str = "ink", align: str = "left",
          weight: str = "normal", level: str = "center_baseline") -> None:  # fmt: skip
    """Write one line at a point of the axes' data, whatever lies outside their box."""
    axes.text(x, y, text, color=look.colour(name), fontsize=TYPE, fontweight=weight, ha=align, va=level,
              clip_on=False, zorder=5)  # fmt: skip


def beside(axes: Axes, point: tuple[float, float], offset: tuple[float, float], text: str, look: Look, *,
           name: str = "ink", align: str = "center", weight: str = "bold") -> None:  # fmt: skip
    """Write one line beside a point of the data, `offset` points away, to the right and up."""
    axes.annotate(
        text, point, offset, textcoords="offset points", ha=align, va="center_baseline", color=look.colour(name),
        fontsize=TYPE, fontweight=weight, annotation_clip=False, zorder=5,
    )  # fmt: skip


def signed(percent: float) -> str:
    """Write a change: ``+28 %``, ``−17 %``, ``0 %``."""
    whole = round(percent)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{abs(whole)} %"
