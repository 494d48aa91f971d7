"""A chart for paper: the same drawing with its sources printed underneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, depth, lines_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["with_caption"]


def with_caption(figure: Figure, look: Look, sentences: list[str]) -> Figure:
    """Make a drawn figure taller and print sentences under it; what is drawn keeps its size."""
    lines = [line for text in sentences for line in lines_of(text, look.width - 2 * MARGIN)]
    old = figure.get_figheight() * 72
    new = old + depth(lines) + MARGIN
    _shrink(figure, old / new)
    figure.set_figheight(new / 72)
    for number, line in enumerate(lines):
        y = 1 - (old + TYPE * (1 + number * 1.3)) / new
        figure.text(MARGIN / look.width, y, line, color=look.colour("muted"), fontsize=TYPE, va="baseline")
    return figure


def _shrink(figure: Figure, share: float) -> None:
    """Move everything up into the upper `share` of the figure."""
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((box.x0, 1 - (1 - box.y0) * share, box.width, box.height * share))
    for text in figure.texts:
        text.set_y(1 - (1 - text.get_position()[1]) * share)
    for line in [*figure.lines, *(one for one in figure.artists if isinstance(one, Line2D))]:
        line.set_ydata(1 - (1 - np.asarray(line.get_ydata(), dtype=float)) * share)
