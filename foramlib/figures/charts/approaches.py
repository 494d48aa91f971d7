"""Open, tubular and endoscopic surgery in one picture: a column each, a row for each thing that is compared.

A cell without a finding says so: what nobody has counted is as much to be seen as what somebody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.evidence import footnotes
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN, Look, Sheet, depth, lines_of, title_depth
from foramlib.recovery.approaches import APPROACHES, ASPECTS, REGIONS, Aspect, Cell, Entry, cells, columns
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "BLANK",
    "NAME",
    "ApproachChart",
    "compose_approaches",
    "describe_approaches",
    "finding",
    "shown",
    "tell_approaches",
]

NAME: Final = "approaches"
_DRAWN_ENDS: Final = frozenset({"one SD", "range"})
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
        """Collect the region of a level, or the neck where none is given.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        return ApproachChart(("cervical" if level is None else Level.parse(level).region,))

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
            "Lots were drawn twice in what was read: open against tube, and open against endoscope.",
            "Both are too small for complications; the rest was compared afterwards.",
        )
        back = ("No study that was read compares open, tube and endoscope for a narrow foramen of the low back.",)
        return (
            "A line is a 95 % interval, or one SD or a range where its figures say so; a ring has no interval.",
            *(neck if "cervical" in self.regions else ()),
            *(back if "lumbar" in self.regions else ()),
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


def shown(entry: Entry) -> str:
    """Say what the picture shows of one finding: figures and words, and the study by its name; "" if left out."""
    if not entry.numeric:
        return f"{entry.short} ({name_of(entry.fact_id)})" if entry.short else ""
    ends = f", {entry.ends}" if entry.ends in _DRAWN_ENDS else ""
    return f"{entry.figures}{ends}, {entry.words} ({name_of(entry.fact_id)})"


def describe_approaches(numbers: ApproachChart) -> str:
    """Say the chart in words, from the numbers that it draws."""
    lines = [f"{numbers.message}."]
    for region in numbers.regions:
        lines.append(f"{REGIONS[region]}.")
        lines += [f"- {aspect.title}. {_brief(_row(region, aspect))}" for aspect in ASPECTS]
    return "\n".join([*lines, *numbers.remarks])


def _brief(row: list[Cell]) -> str:
    return " ".join(f"{APPROACHES[one.approach]}: {_all(one, shown)}." for one in row)


def _all(one: Cell, say: Callable[[Entry], str]) -> str:
    return "; ".join(filter(None, map(say, one.entries))) or BLANK


def tell_approaches(numbers: ApproachChart) -> str:
    """Say everything that is known of each cell, with who studied whom: more than the picture holds."""
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
    return f"- {APPROACHES[one.approach]}: {_all(one, finding)}."


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
    notes = lines_of(footnotes(" ".join(map(name_of, numbers.ids))), _across(look))
    sheet = Sheet(look, top + high + depth(notes) + 10 + MARGIN)
    sheet.title(numbers.message)
    axes = sheet.axes(0, 0, look.width, sheet.height)
    axes.set_xlim(0, look.width)
    axes.set_xticks([])
    axes.set_yticks([])
    for block in blocks:
        block.draw(sheet, axes)
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
        ends = f", {entry.ends}" if entry.ends in _DRAWN_ENDS else ""
        lines = [(line, "ink") for line in lines_of(first + ends, self.wide, weight="bold")]
        return lines + [(line, "muted") for line in lines_of(second, self.wide)]

    def _shown(self, one: Cell) -> list[Entry]:
        return [entry for entry in one.entries if entry.numeric or entry.short]

    def _entry_high(self, entry: Entry) -> float:
        return len(self._entry_lines(entry)) * _LINE + (_STRIP if entry.numeric else 4.0)

    def _cell_high(self, one: Cell) -> float:
        shown = self._shown(one)
        return 22.0 + (sum(map(self._entry_high, shown)) if shown else _LINE) + (8.0 if self.look.narrow else 0.0)

    def draw(self, sheet: Sheet, axes: Axes) -> None:
        """Draw heading and cells; `axes` covers the sheet, in points from its upper left corner."""
        y = self.top
        if self.first:
            sheet.words(MARGIN, y, [self.title], size=18, name="accent", weight="bold")
            y += 30.0
        sheet.words(MARGIN, y, self.heading, size=16, weight="bold")
        y, left = y + depth(self.heading, 16) + 5.0, MARGIN
        for one in self.cells:
            self._draw_cell(sheet, axes, one, (left, y))
            if self.look.narrow:
                y += self._cell_high(one)
            else:
                left += self.wide + _GAP

    def _draw_cell(self, sheet: Sheet, axes: Axes, one: Cell, at: tuple[float, float]) -> None:
        left, y = at
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
                self._draw_mark(axes, entry, left, strip + _STRIP / 2)
            y += self._entry_high(entry)

    def _draw_mark(self, axes: Axes, entry: Entry, left: float, y: float) -> None:
        """Draw a point with its line on a scale from 0 to the top of the aspect."""
        look, scale = self.look, (self.wide - 20) / self.aspect.top

        def line(low: float, high: float, name: str, width: float) -> None:
            x = [left + 8 + scale * min(max(end, 0), self.aspect.top) for end in (low, high)]
            axes.plot(x, [y, y], color=look.colour(name), linewidth=width, solid_capstyle="butt")

        def tick(at: float, half: float, name: str, style: str = "-") -> None:
            x = left + 8 + scale * at
            axes.plot([x, x], [y - half, y + half], style, color=look.colour(name), linewidth=1.6)

        line(0, self.aspect.top, "frame", 1.5)
        tick(0, 5, "muted")
        tick(self.aspect.top, 5, "muted")
        if self.aspect.key == "bone":
            tick(_HALF, 9, "accent", "--")
        if entry.low is not None and entry.high is not None:
            line(entry.low, entry.high, "ink", 4)
        if entry.point is not None:
            face = look.colour("accent" if entry.low is not None else "ground")
            axes.plot([left + 8 + scale * entry.point], [y], "o", markersize=10, markerfacecolor=face, zorder=4,
                      markeredgecolor=look.colour("ink"), markeredgewidth=1.6)  # fmt: skip
