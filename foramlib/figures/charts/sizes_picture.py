"""The picture of the foramen's size: a panel for each quantity and ruler, a row for each study or level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.figures.charts.sizes import NO_SD
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.published import Published
    from foramlib.figures.charts.sizes import SizeComparison, SizePanel

__all__ = ["compose_sizes", "draw_published", "draw_sizes"]

_LINE = 25.0  # one level of the neck
_LEAD = 23.0  # name of a study
_STRIP = 36.0  # its mark
_LEVELS = 52.0  # room for the names of levels, left of the marks
_GAP = 32.0
_CLEAR = 0.5  # share of a panel that "mean ± SD" at its right leaves free


def compose_sizes(numbers: SizeComparison, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top = title_depth(numbers.message, look)
    notes = _note_lines(numbers, look)
    heights = [_group_height(group, look) for group in numbers.groups]
    sheet = Sheet(look, top + sum(heights) + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    for level, group, height in zip(numbers.levels, numbers.groups, heights, strict=True):
        _group(sheet, level, group, top)
        top += height
    sheet.words(MARGIN, top, notes, name="muted")
    return sheet.figure


def _note_lines(numbers: SizeComparison, look: Look) -> list[str]:
    return [line for note in numbers.notes for line in lines_of(note, look.width - 2 * MARGIN)]


def _columns(look: Look) -> int:
    return 1 if look.narrow else 3


def _column_width(look: Look) -> float:
    count = _columns(look)
    return (look.width - 2 * MARGIN - (count - 1) * _GAP) / count


def _head(panel: SizePanel, look: Look) -> list[str]:
    """Lines under the title of a panel: whose values stand by level, and how the model is measured."""
    if not panel.by_level:
        return []
    first = panel.by_level[0]
    spread = "mean ± SD" if first.sd is not None else f"mean, {NO_SD}"
    said = [f"{first.name}, {first.method}", f"{first.who}; {spread}", f"model: {panel.definition}"]
    return [line for part in said for line in lines_of(part, _column_width(look))]


def _details(panel: SizePanel, look: Look, value: Published | None) -> list[str]:
    """Lines under the name of a study, or of the model."""
    parts = (
        [panel.definition]
        if value is None
        else [_how(value), value.who, value.method, value.ends or value.level, "" if value.lowest else NO_SD]
    )
    return lines_of(", ".join(part for part in parts if part), _column_width(look))


def _how(value: Published) -> str:
    return "calculated" if value.citation.prefix == "calculated from" else ""


def _study_height(panel: SizePanel, look: Look, value: Published | None) -> float:
    return _LEAD + depth(_details(panel, look, value)) + _STRIP


def _body(panel: SizePanel, look: Look) -> float:
    lines = (len(panel.by_level) + 1) * _LINE if panel.by_level else 0.0
    tall = [*panel.studies] if panel.by_level else [*panel.studies, None]
    return lines + sum(_study_height(panel, look, value) for value in tall)


def _head_height(panels: tuple[SizePanel, ...], look: Look) -> float:
    return 24 + max(depth(_head(panel, look)) for panel in panels) + 6


def _panel_height(panels: tuple[SizePanel, ...], look: Look) -> float:
    return _head_height(panels, look) + max(_body(panel, look) for panel in panels) + 40


def _group_height(panels: tuple[SizePanel, ...], look: Look) -> float:
    if look.narrow:
        return 34 + sum(_panel_height((panel,), look) for panel in panels)
    return 34 + _panel_height(panels, look)


def _group(sheet: Sheet, level: str, panels: tuple[SizePanel, ...], top: float) -> None:
    look, wide = sheet.look, _column_width(sheet.look)
    place = "Neck" if Level.parse(level).region == "cervical" else "Low back"
    sheet.words(MARGIN, top, [f"{place}, model at {level}"], size=16, name="accent", weight="bold")
    top += 34
    for number, panel in enumerate(panels):
        row = (panel,) if look.narrow else panels
        left = MARGIN + (0 if look.narrow else number * (wide + _GAP))
        sheet.words(left, top, [panel.title], size=16, weight="bold")
        sheet.words(left, top + 24, _head(panel, look), name="muted")
        if panel.ruler == "soft" and not look.narrow:
            sheet.rule(left - _GAP / 2, top + 2, _panel_height(panels, look) - 12)
        inset = _LEVELS if panel.by_level else 0.0
        head = _head_height(row, look)
        draw_sizes(sheet.axes(left + inset, top + head, wide - inset, _body(panel, look)), panel, look)
        top += _panel_height(row, look) if look.narrow else 0.0


def draw_sizes(axes: Axes, panel: SizePanel, look: Look) -> None:
    """Draw one panel; the height of `axes` is in points, downwards (see `Sheet.axes`)."""
    _grid(axes, panel, look)
    top = 0.0
    for value in panel.by_level:
        here = value.level == panel.level
        if here:
            _focus(axes, panel, look, top)
        _level_row(axes, panel, look, top, value)
        top += _LINE
        if here:
            _model_row(axes, panel, look, top)
            top += _LINE
    for value in panel.studies:
        _study_row(axes, panel, look, top, value)
        top += _study_height(panel, look, value)
    if not panel.by_level:
        _study_row(axes, panel, look, top, None)


def _grid(axes: Axes, panel: SizePanel, look: Look) -> None:
    axes.set_xlim(0, panel.limit)
    axes.set_yticks([])
    last = panel.limit - panel.step if panel.by_level else panel.limit
    ticks = _ticks(panel)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks[:-1]] + [f"{ticks[-1]:g} {panel.unit}"])
    axes.xaxis.get_ticklabels()[-1].set_horizontalalignment("right" if last == panel.limit else "center")
    if panel.by_level:
        _rules(axes, panel, look, 0, (len(panel.by_level) + 1) * _LINE)


def _ticks(panel: SizePanel) -> list[float]:
    # The column of values at the right of levels needs room.
    last = panel.limit - panel.step if panel.by_level else panel.limit
    return [panel.step * count for count in range(round(last / panel.step) + 1)]


def _rules(axes: Axes, panel: SizePanel, look: Look, top: float, bottom: float) -> None:
    """Draw the grid behind marks, but not behind words."""
    wordy = any(value.sd is not None for value in panel.by_level)
    ticks = [tick for tick in _ticks(panel) if not wordy or tick <= _CLEAR * panel.limit]
    axes.vlines(ticks, top, bottom, color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)


def draw_published(axes: Axes, look: Look, y: float, value: Published) -> None:
    """Draw a published value at a height: whiskers for its spread or range, a mark for its mean."""
    ink = look.colour("ink")
    ground = look.colour("ground")
    if value.lowest is not None and value.highest is not None:
        axes.plot([value.lowest, value.highest], [y, y], color=ink, linewidth=1.8, solid_capstyle="butt", zorder=2)
        axes.plot([value.lowest, value.highest], [y, y], "|", color=ink, markersize=9, markeredgewidth=1.8, zorder=2)
    if value.mean is not None:
        axes.plot([value.mean], [y], _shape(value), color=ink, markersize=8, markeredgecolor=ground, zorder=3)


_SHAPES = {
    "A:M-01": "o", "A:M-02": "o", "A:M-03": "s", "A:M-05": "^", "A:M-18": "o", "A:M-26b": "s", "A:M-21": "v",
}  # fmt: skip


def _shape(value: Published) -> str:
    return _SHAPES.get(value.id, "o")


def _model_mark(axes: Axes, panel: SizePanel, look: Look, y: float) -> None:
    ends, accent = [panel.model.small, panel.model.large], look.colour("accent")
    axes.plot(ends, [y, y], color=accent, linewidth=2.6, solid_capstyle="butt", zorder=3)
    axes.plot(ends, [y, y], "|", color=accent, markersize=11, markeredgewidth=2.6, zorder=3)
    ground = look.colour("ground")
    axes.plot([panel.model.typical], [y], "D", color=accent, markersize=8, markeredgecolor=ground, zorder=4)


def _focus(axes: Axes, panel: SizePanel, look: Look, top: float) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - heavy, and only a drawing needs it

    left = -_LEVELS / _points_per_unit(axes, panel)
    box = Rectangle((left, top), panel.limit - left, 2 * _LINE, color=look.colour("quiet"), zorder=-1, clip_on=False)
    axes.add_patch(box)


def _points_per_unit(axes: Axes, panel: SizePanel) -> float:
    width = axes.get_position().width * axes.figure.get_figwidth() * 72  # type: ignore[union-attr]
    return float(width / panel.limit)


def _level_row(axes: Axes, panel: SizePanel, look: Look, top: float, value: Published) -> None:
    y, here = top + _LINE / 2, value.level == panel.level
    style = {"name": "ink" if here else "muted", "weight": "bold" if here else "normal"}
    left = -_LEVELS / _points_per_unit(axes, panel)
    write(axes, left + 0.3, y, value.level, look, **style)
    write(axes, panel.limit, y, value.figures, look, align="right", **style)
    draw_published(axes, look, y, value)


def _model_row(axes: Axes, panel: SizePanel, look: Look, top: float) -> None:
    y, left = top + _LINE / 2, -_LEVELS / _points_per_unit(axes, panel)
    write(axes, left + 0.3, y, "model", look, name="accent", weight="bold")
    write(axes, panel.limit, y, panel.modelled(), look, name="accent", align="right", weight="bold")
    _model_mark(axes, panel, look, y)


def _study_row(axes: Axes, panel: SizePanel, look: Look, top: float, value: Published | None) -> None:
    """Draw one study, or the model where `value` is None: name and value, who, and the mark below."""
    left = -_LEVELS / _points_per_unit(axes, panel) if panel.by_level else 0.0
    name, figures, ink = (
        (value.name, value.figures, "ink") if value else (f"model, {panel.level}", panel.modelled(), "accent")
    )
    write(axes, left, top + _LEAD / 2, name, look, name=ink, weight="bold")
    write(axes, panel.limit, top + _LEAD / 2, figures, look, name=ink, align="right", weight="bold")
    details = _details(panel, look, value)
    for number, line in enumerate(details):
        write(axes, left, top + _LEAD + TYPE * (0.5 + 1.3 * number), line, look, name="muted")
    top += _LEAD + depth(details)
    _rules(axes, panel, look, top + 2, top + 24)
    if value:
        draw_published(axes, look, top + 13, value)
    else:
        _model_mark(axes, panel, look, top + 13)
