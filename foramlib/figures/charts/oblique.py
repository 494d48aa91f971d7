"""Straight sagittal against oblique: grades of a stated sample of the model, cross-tabled, with patients beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import facts, footnotes
from foramlib.figures.charts.published import name_of, told
from foramlib.figures.charts.sheet import MARGIN, TYPE, Sheet, depth, lines_of, title_depth, write
from foramlib.imaging.grades import SCALES
from foramlib.imaging.oblique import NECK, PUBLISHED, SYSTEM, CrossTable, stored_table
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["NAME", "Planes", "compose_planes", "describe_planes"]

NAME = "sagittal-against-oblique"

_GRADES: Final = SCALES[SYSTEM]
_CELL: Final = 56.0  # points
_STEP: Final = 46.0  # from one bar to the next


@dataclass(frozen=True)
class Planes:
    """The numbers of the chart ``sagittal-against-oblique``.

    Attributes
    ----------
    level : str
        The level, or "" for the whole neck.
    table : CrossTable
        Counts of the stored sample: rows the straight grade, columns the grade square to the canal.
    lower, patients : float and int
        Published percentage graded lower on the straight image, and herniations it is a share of.
    """

    level: str
    table: CrossTable
    lower: float
    patients: int

    @staticmethod
    def of(level: object = None) -> Planes:
        """Take the stored sample of one level of the neck; of the whole neck for any other level, or none.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        name = "" if level is None else Level.parse(level).name
        # In the low back the straight image is already square, and nothing is compared.
        name = name if name in NECK else ""
        return Planes(name, stored_table(name), *_published())

    @property
    def message(self) -> str:
        """The one thing to learn."""
        table = self.table
        return (
            f"The straight sagittal image is milder in {table.milder} of {table.total} made-up narrow necks, "
            f"worse in {table.worse}"
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown."""
        return (PUBLISHED,)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        where = f"at {self.level}" if self.level else "from C2/3 to C7/T1"
        return (
            f"Model: {SYSTEM} grades of {self.table.total} states by lot {where}, one to three lesions each.",
            f"The patients are another population: one or both of two readers graded lower; {told(PUBLISHED)}.",
            "So compare the direction, not the size.",
        )

    @property
    def shares(self) -> tuple[tuple[str, float, str], ...]:
        """Bars: words, per cent, and figures."""
        table = self.table
        same = table.total - table.milder - table.worse
        rows = (("Model: milder", table.milder), ("Model: the same", same), ("Model: worse", table.worse))
        own = tuple((words, 100 * count / table.total, f"{count} of {table.total}") for words, count in rows)
        return (*own, (f"Patients: milder · {name_of(PUBLISHED)}", self.lower, f"{self.lower:g} % of {self.patients}"))


def _published() -> tuple[float, int]:
    """Read the published share from its sentence, which must still say it in the same form."""
    found = re.search(r"in (\d+\.\d) % of (\d+) herniations", facts()[PUBLISHED].value)
    if found is None:
        raise InvalidInput(f"The value of {PUBLISHED} no longer names a percentage of herniations.")
    return float(found[1]), int(found[2])


# -- words


def describe_planes(numbers: Planes) -> str:
    """Say the chart in words, from the numbers that it draws."""
    rows = [
        f"Straight grade {grade}: "
        + ", ".join(f"square {other} {count}" for other, count in zip(_GRADES, line, strict=True))
        for grade, line in zip(_GRADES, numbers.table.counts, strict=True)
    ]
    bars = [f"{words}: {figures}." for words, _, figures in numbers.shares]
    return "\n".join([f"{numbers.message}.", *(f"{row}." for row in rows), *bars, *numbers.remarks])


# -- picture


def compose_planes(numbers: Planes, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    notes = [line for one in _notes(numbers) for line in lines_of(one, look.width - 2 * MARGIN)]
    top, side = title_depth(numbers.message, look) + 8, 4 * _CELL
    high = side + 84
    bars_high = _STEP * len(numbers.shares)
    body = high + bars_high + 20 if look.narrow else max(high, bars_high)
    sheet = Sheet(look, top + body + depth(notes) + 2 * MARGIN)
    sheet.title(numbers.message)
    left = MARGIN + 74
    _draw_table(sheet.axes(left, top + 50, side, side), numbers.table, look)
    across = (MARGIN, top + high) if look.narrow else (left + side + 50, top + 50)
    _draw_bars(sheet.axes(*across, look.width - across[0] - MARGIN, bars_high), numbers, look)
    sheet.words(MARGIN, top + body + 6, notes, name="muted")
    return sheet.figure


def _notes(numbers: Planes) -> list[str]:
    marks = footnotes(" ".join([*numbers.remarks, name_of(PUBLISHED)]))
    return [*numbers.remarks, *([marks] if marks else [])]


def _draw_table(axes: Axes, table: CrossTable, look: Look) -> None:
    """Draw the counts as cells: the straight grade downwards, the square one to the right; dark ink where equal."""
    size = len(_GRADES)
    axes.set(xlim=(0, size), ylim=(size, 0), xticks=[], yticks=[])
    for row, line in enumerate(table.counts):
        for column, count in enumerate(line):
            _cell(axes, (row, column), count, look)
    for place, grade in enumerate(_GRADES):
        write(axes, place + 0.5, -0.2, grade, look, align="center", weight="bold")
        write(axes, -0.2, place + 0.5, grade, look, align="center", weight="bold")
    write(axes, size / 2, -0.62, "grade square to the canal", look, align="center", name="muted")
    axes.text(-0.62, size / 2, "grade straight", color=look.colour("muted"), fontsize=TYPE, rotation=90, ha="center",
              va="center")  # fmt: skip
    write(axes, size / 2, size + 0.3, "shaded: straight is milder", look, align="center", name="muted")


def _cell(axes: Axes, place: tuple[int, int], count: int, look: Look) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - heavy, and only a drawing needs it

    row, column = place
    ground = look.colour("band" if row < column else "quiet" if row == column else "ground")
    axes.add_patch(Rectangle((column, row), 1, 1, facecolor=ground, edgecolor=look.colour("frame"), linewidth=1.0))
    weight = "bold" if row < column else "normal"
    write(axes, column + 0.5, row + 0.5, str(count), look, align="center", weight=weight)


def _draw_bars(axes: Axes, numbers: Planes, look: Look) -> None:
    """Draw one bar of 100 for each share; the published one hatched."""
    shares = numbers.shares
    axes.set(xlim=(0, 100), ylim=(len(shares) * _STEP, 0), xticks=[], yticks=[])
    for place, (words, share, figures) in enumerate(shares):
        top = place * _STEP
        write(axes, 0, top + 10, words, look)
        write(axes, 100, top + 10, figures, look, align="right", name="muted")
        patients = words.startswith("Patients")
        axes.barh([top + 28], [100], height=12, color=look.colour("quiet"))
        axes.barh([top + 28], [share], height=12, color=look.colour("band" if patients else "accent"),
                  hatch="///" if patients else None, edgecolor=look.colour("accent"), linewidth=1.0)  # fmt: skip
