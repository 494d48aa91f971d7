"""Open, tubular and endoscopic surgery in one picture: a column each, a row for each thing that is compared.

A cell without a finding says so: what nobody has counted is as much to be seen as what somebody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.figures.charts.published import DAGGER, QUOTED, name_of
from foramlib.figures.charts.sheet import MARGIN, Look, Sheet, depth, lines_of, title_depth
from foramlib.recovery.approaches import APPROACHES, ASPECTS, REGIONS, Aspect, Cell, Entry, cells, columns
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BLANK", "NAME", "ApproachChart", "compose_approaches", "describe_approaches", "finding"]

NAME: Final = "approaches"
BLANK: Final = "nothing found"
"""What a cell without a finding says."""


@dataclass(frozen=True)
class ApproachChart:
    """The numbers of the chart ``approaches``.

    Attributes
    ----------
    regions : tuple of str
        ``"cervical"``, ``"lumbar"`` or both.
    """

    regions: tuple[str, ...]
    modelled: bool = False

    @staticmethod
    def of(level: object = None) -> ApproachChart:
        """Collect the region of a level, or both regions where none is given.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        return ApproachChart(tuple(REGIONS) if level is None else (Level.parse(level).region,))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, region by region and aspect by aspect."""
        return tuple(one for region in self.regions for one in cells(region))

    @property
    def message(self) -> str:
        """The one thing to learn, from the cells."""
        told = [one for one in self.cells if one.approach != "any"]
        blank = f"for {sum(not one.entries for one in told)} of {len(told)} cells nothing was found"
        spared = [name for key, name in (("blood", "less blood lost"), ("stay", "a shorter stay")) if _less(self, key)]
        return f"Through a tube: {' and '.join(spared)} than open; {blank}" if spared else f"Approaches: {blank}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown, each once."""
        return tuple(dict.fromkeys(entry.fact_id for one in self.cells for entry in one.entries))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        neck = (
            "Only one small trial drew lots between open and tubular surgery; the rest was compared afterwards.",
            "No study of endoscopic foraminotomy has an open arm.",
        )
        back = ("In the low back no approach to the foramen was compared with another in what was read.",)
        return (
            "A line is a 95 % interval, or one SD or a range where its figures say so; a ring has no interval.",
            *(neck if "cervical" in self.regions else ()),
            *(back if "lumbar" in self.regions else ()),
            "The table beside it gives n, design and cautions for each cell.",
        )


def _less(numbers: ApproachChart, aspect: str) -> bool:
    """Tell whether the first figure of tubular surgery lies below that of open surgery."""
    firsts = {
        one.approach: [entry.point for entry in one.entries if entry.point is not None][:1]
        for one in numbers.cells
        if one.aspect.key == aspect and one.region == "cervical"
    }
    tube, opened = firsts.get("tubular", []), firsts.get("open", [])
    return bool(tube and opened and tube[0] < opened[0])


def finding(entry: Entry) -> str:
    """Say one finding in words: what, figures, what its ends are, and who studied whom."""
    ends = {"range": "", "": "no interval printed" if entry.point is not None else ""}.get(entry.ends, entry.ends)
    figures = ", ".join(part for part in (entry.figures, ends) if part)
    study = "; ".join(part for part in (name_of(entry.fact_id), entry.people, entry.design) if part)
    return f"{entry.words}{': ' + figures if figures else ''} ({study})"


def describe_approaches(numbers: ApproachChart) -> str:
    """Say the chart in words, from the numbers that it draws."""
    lines = [f"{numbers.message}."]
    for region in numbers.regions:
        lines.append(f"{REGIONS[region]}.")
        for aspect in ASPECTS:
            lines += [f"{aspect.title}.", *map(_said, _row(region, aspect))]
    return "\n".join([*lines, *numbers.remarks])


def _row(region: str, aspect: Aspect) -> list[Cell]:
    """Give the cells of one aspect; where the approach is not told apart only what there is."""
    return [one for one in cells(region) if one.aspect is aspect and (one.entries or one.approach != "any")]


def _said(one: Cell) -> str:
    found = "; ".join(map(finding, one.entries)) if one.entries else BLANK
    return f"- {APPROACHES[one.approach]}: {found}."


# -- picture

_LINE, _STRIP, _AIR, _GAP = 18.2, 24.0, 14.0, 18.0
_HALF: Final = 50.0


def compose_approaches(numbers: ApproachChart, look: Look) -> Figure:
    """Draw the whole chart as a figure: cells side by side, or below each other on a narrow sheet."""
    top, blocks, high = title_depth(numbers.message, look), [], 0.0
    for region in numbers.regions:
        for place, aspect in enumerate(ASPECTS):
            block = _Block(region, aspect, look, top + high, first=not place)
            blocks.append(block)
            high += block.high
    notes = lines_of(f"{DAGGER} Citation incomplete. {QUOTED.strip()} As quoted by another text.", _across(look))
    sheet = Sheet(look, top + high + depth(notes) + 10 + MARGIN)
    sheet.title(numbers.message)
    for block in blocks:
        block.draw(sheet)
    sheet.words(MARGIN, top + high + 6, notes, name="muted")
    return sheet.figure


def _across(look: Look) -> float:
    return look.width - 2 * MARGIN


class _Block:
    """One aspect of one region: a heading, and its cells."""

    def __init__(self, region: str, aspect: Aspect, look: Look, top: float, *, first: bool) -> None:
        self.aspect, self.look, self.top, self.first = aspect, look, top, first
        self.title = REGIONS[region]
        self.cells = _row(region, aspect)
        count = 1 if look.narrow else len(columns(region))
        self.wide = (_across(look) - (count - 1) * _GAP) / count
        heights = [self._cell_high(one) for one in self.cells]
        scale = f" (lines: 0 to {aspect.top:g} {aspect.unit})" if aspect.unit else ""
        self.heading = lines_of(f"{aspect.title}{scale}", _across(look), 16, "bold")
        self.head = (30.0 if first else 0.0) + depth(self.heading, 16) + 5.0
        self.high = self.head + (sum(heights) if look.narrow else max(heights)) + _AIR

    def _entry_lines(self, entry: Entry) -> list[tuple[str, str]]:
        """Give the lines of an entry with their colours: figures first, or the short words."""
        first = entry.figures if entry.numeric else entry.short
        label = name_of(entry.fact_id)
        second = f"{entry.words}; {label}" if entry.numeric else label
        ends = f", {entry.ends}" if entry.ends in {"one SD", "range"} else ""
        lines = [(line, "ink") for line in lines_of(first + ends, self.wide)]
        return lines + [(line, "muted") for line in lines_of(second, self.wide)]

    def _shown(self, one: Cell) -> list[Entry]:
        return [entry for entry in one.entries if entry.numeric or entry.short]

    def _entry_high(self, entry: Entry) -> float:
        return len(self._entry_lines(entry)) * _LINE + (_STRIP if entry.numeric else 4.0)

    def _cell_high(self, one: Cell) -> float:
        shown = self._shown(one)
        return 22.0 + (sum(map(self._entry_high, shown)) if shown else _LINE) + (8.0 if self.look.narrow else 0.0)

    def draw(self, sheet: Sheet) -> None:
        """Draw heading and cells."""
        y = self.top
        if self.first:
            sheet.words(MARGIN, y, [self.title], size=18, name="accent", weight="bold")
            y += 30.0
        sheet.words(MARGIN, y, self.heading, size=16, weight="bold")
        y, left = y + depth(self.heading, 16) + 5.0, MARGIN
        for one in self.cells:
            self._draw_cell(sheet, one, left, y)
            if self.look.narrow:
                y += self._cell_high(one)
            else:
                left += self.wide + _GAP

    def _draw_cell(self, sheet: Sheet, one: Cell, left: float, y: float) -> None:
        sheet.words(left, y, [APPROACHES[one.approach]], name="accent", weight="bold")
        y += 22.0
        shown = self._shown(one)
        if not shown:
            sheet.words(left, y, [BLANK], name="muted")
        for entry in shown:
            for place, (line, name) in enumerate(self._entry_lines(entry)):
                sheet.words(left, y + place * _LINE, [line], name=name, weight="bold" if name == "ink" else "normal")
            if entry.numeric:
                strip = y + len(self._entry_lines(entry)) * _LINE
                self._draw_mark(sheet.axes(left + 6, strip, self.wide - 14, _STRIP), entry)
            y += self._entry_high(entry)

    def _draw_mark(self, axes: Axes, entry: Entry) -> None:
        """Draw a point with its line on an axis from 0 to the top of the aspect, whose ends are named."""
        look, y = self.look, _STRIP / 2
        axes.set_xlim(0, self.aspect.top)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.plot([0, self.aspect.top], [y, y], color=look.colour("frame"), linewidth=1.5, zorder=1)
        for end in (0, self.aspect.top):
            axes.plot([end, end], [y - 5, y + 5], color=look.colour("muted"), linewidth=1.2, zorder=1, clip_on=False)
        if self.aspect.key == "bone":
            axes.plot([_HALF, _HALF], [y - 9, y + 9], "--", color=look.colour("accent"), linewidth=1.8, zorder=2)
        if entry.low is not None and entry.high is not None:
            ends = [max(entry.low, 0), min(entry.high, self.aspect.top)]
            axes.plot(ends, [y, y], color=look.colour("ink"), linewidth=4, solid_capstyle="butt", zorder=3)
        if entry.point is not None:
            face = look.colour("accent" if entry.low is not None else "ground")
            axes.plot([entry.point], [y], "o", markersize=10, markerfacecolor=face, zorder=4, clip_on=False,
                      markeredgecolor=look.colour("ink"), markeredgewidth=1.6)  # fmt: skip
