"""The picture of the foramen's size by level: a panel for each quantity and ruler, a row for each level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.figures.charts.sizes import NO_SD
from foramlib.figures.charts.sizes_picture import draw_published

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.by_level import LevelPanel, SizesByLevel
    from foramlib.figures.charts.published import Published
    from foramlib.figures.charts.sizes import ModelSize

__all__ = ["compose_by_level", "draw_by_level"]

_ROW = 34.0  # one level: the model above, what was published below
_APART = 6.5  # of the two from the middle of their row
_LEVELS = 52.0  # room for the names of levels, left of the marks
_LEAD = 22.0  # name of a study of several levels
_STRIP = 26.0  # its mark
_GAP = 30.0
_TICKS = 34.0
_PLACE = 32.0  # the name of the region over its panels
_PLACES: Final = {"cervical": "Neck", "lumbar": "Low back"}


def compose_by_level(numbers: SizesByLevel, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top = title_depth(numbers.message, look)
    notes = [line for note in numbers.notes for line in lines_of(note, look.width - 2 * MARGIN)]
    rows = _rows(numbers, look)
    deep = [_row_height(row, look) + (_PLACE if first else 0) for first, row in rows]
    sheet = Sheet(look, top + sum(deep) + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    for (first, row), high in zip(rows, deep, strict=True):
        if first:
            sheet.words(MARGIN, top, [_PLACES[row[0].region]], size=16, name="accent", weight="bold")
        _panels(sheet, row, numbers.level, top + (_PLACE if first else 0))
        top += high
    sheet.words(MARGIN, top, notes, name="muted")
    return sheet.figure


def _rows(numbers: SizesByLevel, look: Look) -> list[tuple[bool, tuple[LevelPanel, ...]]]:
    """Panels that stand beside each other, and whether they are the first of their region."""
    rows: list[tuple[bool, tuple[LevelPanel, ...]]] = []
    for region in numbers.regions:
        panels = numbers.row(region)
        rows += [(not n, (panel,)) for n, panel in enumerate(panels)] if look.narrow else [(True, panels)]
    return rows


def _width(row: tuple[LevelPanel, ...], look: Look) -> float:
    return (look.width - 2 * MARGIN - (len(row) - 1) * _GAP) / len(row)


def _row_height(row: tuple[LevelPanel, ...], look: Look) -> float:
    wide = _width(row, look)
    return _head_height(row, wide) + max(_body(panel, wide) for panel in row) + _TICKS + 24


def _head_height(row: tuple[LevelPanel, ...], wide: float) -> float:
    return 24 + max(depth(_head(panel, wide)) for panel in row) + 8


def _head(panel: LevelPanel, wide: float) -> list[str]:
    """Lines under the title: how the model measures, and who is shown by level."""
    firsts = {value.id: value for value in reversed(panel.by_level)}
    studies = [f"{one.name}, {one.method}, {one.who}{_lacks(one)}" for one in firsts.values()]
    return [line for part in (f"model: {panel.definition}", *studies) for line in lines_of(part, wide)]


def _lacks(value: Published) -> str:
    return "; mean ± SD" if value.sd is not None else f"; mean, {NO_SD}"


def _study_lines(value: Published, wide: float) -> list[str]:
    parts = (value.who, value.method, value.ends or value.level, "" if value.lowest else NO_SD)
    return lines_of(", ".join(part for part in parts if part), wide)


def _study_height(value: Published, wide: float) -> float:
    return _LEAD + depth(_study_lines(value, wide)) + _STRIP


def _body(panel: LevelPanel, wide: float) -> float:
    return _ROW * len(panel.levels) + sum(_study_height(value, wide) for value in panel.pooled)


def _panels(sheet: Sheet, row: tuple[LevelPanel, ...], chosen: str | None, top: float) -> None:
    wide, head = _width(row, sheet.look), _head_height(row, _width(row, sheet.look))
    for number, panel in enumerate(row):
        left = MARGIN + number * (wide + _GAP)
        sheet.words(left, top, [panel.title], size=15, weight="bold")
        sheet.words(left, top + 24, _head(panel, wide), name="muted")
        if panel.ruler == "soft" and len(row) > 1:
            sheet.rule(left - _GAP / 2, top + 2, head + _body(panel, wide))
        axes = sheet.axes(left + _LEVELS, top + head, wide - _LEVELS, _body(panel, wide))
        draw_by_level(axes, panel, sheet.look, wide, chosen)


def draw_by_level(axes: Axes, panel: LevelPanel, look: Look, wide: float, chosen: str | None = None) -> None:
    """Draw one panel; the height of `axes` is in points, downwards (see `Sheet.axes`)."""
    axes.set_xlim(0, panel.limit)
    axes.set_yticks([])
    ticks = [panel.step * count for count in range(round(panel.limit / panel.step) + 1)]
    axes.set_xticks(ticks, [*(f"{tick:g}" for tick in ticks[:-1]), f"{ticks[-1]:g} mm"])
    axes.xaxis.get_ticklabels()[-1].set_horizontalalignment("right")
    bottom = _ROW * len(panel.levels)
    axes.vlines(ticks, 0, bottom, color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)
    left = -_LEVELS * panel.limit / (wide - _LEVELS)
    _levels(axes, panel, look, left, chosen)
    for value in panel.pooled:
        _study(axes, look, value, (left, bottom), wide)
        bottom += _study_height(value, wide)


def _levels(axes: Axes, panel: LevelPanel, look: Look, left: float, chosen: str | None) -> None:
    places = {level: (number + 0.5) * _ROW for number, level in enumerate(panel.levels)}
    for level, y in places.items():
        here = level == chosen
        write(axes, left, y, level, look, name="accent" if here else "ink", weight="bold" if here else "normal")
    for value in panel.by_level:
        draw_published(axes, look, places[value.level] + _APART, value)
    models = [(size, places[level] - _APART) for level, size in panel.models]
    accent = look.colour("accent")
    axes.plot([size.typical for size, _ in models], [y for _, y in models], color=accent, linewidth=1.6, zorder=1)
    for size, y in models:
        _model(axes, look, size, y)


def _model(axes: Axes, look: Look, size: ModelSize, y: float) -> None:
    ends, accent = [size.small, size.large], look.colour("accent")
    axes.plot(ends, [y, y], color=accent, linewidth=2.4, solid_capstyle="butt", zorder=3)
    axes.plot(ends, [y, y], "|", color=accent, markersize=9, markeredgewidth=2.4, zorder=3)
    axes.plot([size.typical], [y], "D", color=accent, markersize=8, markeredgecolor=look.colour("ground"), zorder=4)


def _study(axes: Axes, look: Look, value: Published, corner: tuple[float, float], wide: float) -> None:
    """Write a study of several levels: name and value, who, and the mark below."""
    left, top = corner
    write(axes, left, top + _LEAD / 2 + 3, value.name, look, weight="bold")
    right = axes.get_xlim()[1]
    write(axes, right, top + _LEAD / 2 + 3, value.figures, look, align="right", weight="bold")
    lines = _study_lines(value, wide)
    for number, line in enumerate(lines):
        write(axes, left, top + _LEAD + 3 + TYPE * (0.5 + 1.3 * number), line, look, name="muted")
    draw_published(axes, look, top + _LEAD + depth(lines) + _STRIP / 2, value)
