"""What the charts about the decision share: their sheet with notes beneath, and names of studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foramlib.clinic.risks import NO_TRIAL
from foramlib.evidence import cite, footnotes
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN, TYPE, Sheet, depth, lines_of, title_depth, write
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from foramlib.figures.charts.sheet import Look

__all__ = ["LINE", "WARNING", "entry_depth", "footed", "marks", "names", "region_of", "study", "write_entry"]

WARNING = f"{NO_TRIAL}."
"""Stands in the picture and in the words of every chart about the decision."""


def footed(message: str, look: Look, height: float, notes: Iterable[str]) -> tuple[Sheet, float]:
    """Make a sheet with its title above a picture of `height` points, and below it the warning and notes.

    Returns
    -------
    tuple of Sheet and float
        The sheet, and how far down the picture begins, points.
    """
    width, top = look.width - 2 * MARGIN, title_depth(message, look) + 4
    loud = lines_of(WARNING, width, weight="bold")
    quiet = [line for note in notes for line in lines_of(note, width)]
    sheet = Sheet(look, top + height + depth(loud) + depth(quiet) + 2 * MARGIN)
    sheet.title(message)
    sheet.words(MARGIN, top + height + 6, loud, weight="bold")
    sheet.words(MARGIN, top + height + 10 + depth(loud), quiet, name="muted")
    return sheet, top


LINE = TYPE * 1.3
"""From one line of words to the next, points."""


def entry_depth(head: str, study_name: str, width: float) -> float:
    """Give the height of a row's words, points: its head in bold, then the study."""
    return depth(lines_of(head, width, weight="bold")) + depth(lines_of(study_name, width))


def write_entry(axes: Axes, at: tuple[float, float], words: tuple[str, str], width: float, look: Look) -> None:
    """Write the words of a row from a point downwards; data of `axes` are points, downwards."""
    left, down = at
    for text, weight in zip(words, ("bold", "normal"), strict=True):
        for line in lines_of(text, width, weight=weight):
            write(axes, left, down + 0.6 * LINE, line, look, weight=weight)
            down += LINE


def names(ids: Iterable[str]) -> str:
    """Name studies one after the other, each once."""
    return ", ".join(dict.fromkeys(name_of(name) for name in ids))


def study(evidence_id: str) -> str:
    """Name a study in running words: who and when, and who was studied."""
    return cite(evidence_id).text.replace(" · ", ", ")


def marks(ids: Iterable[str]) -> tuple[str, ...]:
    """Explain the marks that the names of these studies carry."""
    said = footnotes(names(ids))
    return (said,) if said else ()


def region_of(level: object) -> str:
    """Tell neck from low back; the neck where no level is given."""
    return "cervical" if level is None else Level.parse(level).region
