"""Courses after an operation: published times as points, nothing between them, spreads as bars."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.evidence import DAGGER, cite, footnotes
from foramlib.figures.charts.shares import N_IS
from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.recovery.trajectories import OTHER_SCALES, important_differences, panels
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.recovery.trajectories import Course, Difference, Panel, Point

__all__ = ["NAMES", "Courses", "collect", "compose_courses", "describe_courses"]

NAMES: Final = ("limb-pain", "neck-pain", "disability", "work")
"""Names of the charts."""

_YEAR: Final = 52.0
_MONTH: Final = 4.3  # weeks, as trials.csv counts them
_ROUND: Final = 0.04  # share of a year that a visit "at one year" may be late
_GAP: Final = 26.0  # weeks without a published value that are marked as such
_TITLES: Final = MappingProxyType(
    {
        ("limb-pain", "cervical"): "Arm pain: known before and at one year, hardly anything between",
        ("limb-pain", "lumbar"): "Leg pain fell early in two series; neither had a group without surgery",
        ("neck-pain", "cervical"): "Neck pain is no better one week after surgery from behind, and lower at one year",
        (
            "disability",
            "cervical",
        ): "Disability falls after both operations; what is important depends on the scale",
        ("disability", "lumbar"): "Disability of the low back fell early in two series without a control",
        ("work", "cervical"): "Work ability at one year is alike after both operations",
        ("work", "lumbar"): "Four years after disc surgery or without it, most people work",
    }
)
_REMARKS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = MappingProxyType(
    {
        ("limb-pain", "cervical"): (
            "People who wait are other people, ill for less than a month; do not subtract one row from another.",
        ),
        ("neck-pain", "cervical"): (
            "From week five the two operations no longer differed significantly.",
            "What is not published in numbers is the pain of each group on its own.",
        ),
        ("work", "cervical"): ("The limits of the work scale are to be confirmed.",),
        ("work", "lumbar"): ("Many crossed over; the groups are as treated, not as drawn by lot.",),
    }
)
# What the remarks and titles rest on beside the courses.
_MORE: Final[Mapping[tuple[str, str], tuple[str, ...]]] = MappingProxyType(
    {
        ("limb-pain", "cervical"): ("P:E01",),
        ("neck-pain", "cervical"): ("P:E12b", "P:E01"),
        ("work", "cervical"): ("P:E01",),
        ("disability", "cervical"): ("P:I07", "P:I08", "P:E01"),
        ("work", "lumbar"): ("P:L09",),
    }
)


@dataclass(frozen=True)
class Courses:
    """The numbers of the charts ``limb-pain``, ``neck-pain``, ``disability`` and ``work``.

    Attributes
    ----------
    name, region : str
        Which chart, and of which region.
    panels : tuple of Panel
        One for each scale.
    """

    name: str
    region: str
    panels: tuple[Panel, ...]
    modelled: bool = False

    @property
    def message(self) -> str:
        """The one thing to learn."""
        return _TITLES[self.name, self.region]

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is drawn or said, each once."""
        drawn = [point.fact_id for panel in self.panels for course in panel.courses for point in course.points]
        marked = [one.fact_id for panel in self.panels for one in panel.differences]
        return tuple(dict.fromkeys([*drawn, *marked, *_MORE.get((self.name, self.region), ())]))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        spreads = {point.spread for panel in self.panels for course in panel.courses for point in course.points} - {""}
        bars = (f"Bars show {_spoken(spreads)}.",) if spreads else ("No spread is published.",)
        spaced = ("Times that lie close together are drawn apart.",) if any(map(_spaced, self.panels)) else ()
        return (*bars, *spaced, *_REMARKS.get((self.name, self.region), ()), *self._off_scale)

    @property
    def _off_scale(self) -> tuple[str, ...]:
        """Name important differences that have no place on these axes."""
        if (self.name, self.region) != ("disability", "cervical"):
            return ()
        found = [
            one.label if "percent" in one.scale else f"{one.value:g} ({one.scale}: {one.label})"
            for one in important_differences("NDI", OTHER_SCALES)
        ]
        return (f"Also called important, with no place on these axes: {'; '.join(found)}.",)


def _spaced(panel: Panel) -> bool:
    """Whether times of a panel are drawn further apart than they lie."""
    return any(place > week for week, place in _places(panel).items() if week is not None and week <= 2 * _YEAR)


def _spoken(spreads: set[str]) -> str:
    words = {
        "SD": "one standard deviation to each side, cut at the ends of the scale",
        "middle half": "the middle half around the median (FORVAD)",
        "95 % interval": "the 95 % interval of the mean (week one)",
    }
    return "; ".join(words[name] for name in words if name in spreads)


def collect(name: str, level: object = None) -> Courses:
    """Collect a chart for the neck, or for the region of a level; what only the neck has is shown for it.

    Raises
    ------
    InvalidInput
        If the level is unknown.
    """
    region = Level.parse(level).region if level is not None else "cervical"
    found = panels(name, region)
    if not found:
        region, found = "cervical", panels(name, "cervical")
    return Courses(name, region, found)


COLLECTORS: Final = MappingProxyType({name: partial(collect, name) for name in NAMES})


# -- words


def describe_courses(numbers: Courses) -> str:
    """Say the chart in words, from the numbers that it draws."""
    text = [f"{numbers.message}."]
    for panel in numbers.panels:
        text.append(f"{panel.title}, scale {panel.scale_words}.")
        text += [f"{_named(course)}: {', '.join(_values(course))}." for course in panel.courses]
        text += [f"{_gap_words(gap)}." for gap in _gaps(panel)]
        text += [f"{_important(panel, one)}." for one in _merged(panel)]
    return "\n".join([*text, *numbers.remarks])


def _named(course: Course) -> str:
    n = next((point.n for point in course.points if point.n), None)
    dagger = DAGGER if any(cite(point.fact_id).note for point in course.points) else ""
    study = "" if course.study in course.name else f"{course.study}{dagger}, "
    return f"{course.name} ({study}{course.design}{f', {N_IS}{n}' if n else ''})"


def _values(course: Course) -> list[str]:
    return [f"{_value(point)} {_when(point.weeks)}" for point in course.points]


def _value(point: Point) -> str:
    sign = "calculated " if point.calculated else ""
    if point.sd is not None:
        return f"{sign}{point.value:g} (SD {point.sd:g})"
    if point.low is not None:
        return f"{sign}{point.value:g} ({point.low:g} to {point.high:g})"
    return f"{sign}{point.value:g}"


def _when(weeks: float | None) -> str:
    if weeks is None:
        return "at the last visit"
    if not weeks:
        return "before"
    years = weeks / _YEAR
    if 1 < years < 2 and years - 1 > _ROUND:  # noqa: PLR2004 - between one and two years months are said
        return f"at {weeks / _MONTH:.0f} months"
    if years >= 1:
        return f"at {years:.0f} year{'s' if round(years) > 1 else ''}"
    return f"at {weeks:g} week{'s' if weeks > 1 else ''}"


def _gaps(panel: Panel) -> list[tuple[float, float]]:
    """List the times between which nothing was found, where they lie half a year or more apart."""
    weeks = [week for week in panel.weeks if week <= 2 * _YEAR]
    return [(one, other) for one, other in pairwise(weeks) if other - one >= _GAP]


def _gap_words(gap: tuple[float, float]) -> str:
    start = (
        "the operation" if not gap[0] else f"week {gap[0]:g}" if gap[0] < _YEAR else _when(gap[0]).removeprefix("at ")
    )
    end = f"year {gap[1] / _YEAR:.0f}"
    return f"Not found in what was read: anything between {start} and {end}"


def _merged(panel: Panel) -> list[tuple[float, tuple[Difference, ...]]]:
    """Group important differences that have the same value."""
    values = dict.fromkeys(one.value for one in panel.differences)
    return [(value, tuple(one for one in panel.differences if one.value == value)) for value in values]


def _important(panel: Panel, merged: tuple[float, tuple[Difference, ...]]) -> str:
    value, who = merged
    of = f" of {panel.ends[1]:g}"
    return f"Called an important difference: {value:g}{of} ({' and '.join(one.label for one in who)})"


# -- picture

_MARKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"operated": ("D", "accent"), "compared": ("s", "ink"), "untreated": ("o", "muted"), "third": ("^", "muted")}
)
_BESIDE = 300.0  # room for the names beside a wide panel
_HIGH, _FOOT, _HEAD = 240.0, 44.0, 34.0
_LINE = 18.0
_DODGE = 7.0  # points between marks of one time
_APART = 0.17  # least distance between two times, as a share of the axis


def compose_courses(numbers: Courses, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top, notes = title_depth(numbers.message, look), _notes(numbers, look)
    heights = [_panel_height(panel, look) for panel in numbers.panels]
    sheet = Sheet(look, top + sum(heights) + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    for panel, height in zip(numbers.panels, heights, strict=True):
        _draw_panel(sheet, panel, look, top)
        top += height
    sheet.words(MARGIN, top, notes, name="muted")
    return sheet.figure


def _notes(numbers: Courses, look: Look) -> list[str]:
    told = footnotes(" ".join(_named(course) for panel in numbers.panels for course in panel.courses))
    return lines_of(told, look.width - 2 * MARGIN) if told else []


def _block(course: Course, look: Look) -> list[str]:
    """Write what stands beside a panel for one course: its study and its values."""
    room = (look.width - 2 * MARGIN if look.narrow else _BESIDE) - 22
    name, _, rest = _named(course).partition(" (")
    return [*lines_of(name, room, weight="bold")[:1], *lines_of(rest.removesuffix(")"), room),
            *(line for value in _values(course) for line in lines_of(value, room))]  # fmt: skip


def _panel_height(panel: Panel, look: Look) -> float:
    blocks = sum(len(_block(course, look)) * _LINE + 8 for course in panel.courses)
    if look.narrow:
        return _HEAD + _HIGH + _FOOT + blocks + 10
    return max(_HEAD + _HIGH + _FOOT, _HEAD + blocks) + 14


def _draw_panel(sheet: Sheet, panel: Panel, look: Look, top: float) -> None:
    sheet.words(MARGIN, top, [f"{panel.title}, {panel.scale_words}"], size=16, weight="bold")
    left = MARGIN + 38
    width = look.width - left - MARGIN - (0 if look.narrow else _BESIDE + 24)
    axes = sheet.axes(left, top + _HEAD, width, _HIGH)
    axes.set_ylim(*panel.ends)
    places = _places(panel)
    axes.set_xlim(-0.07 * max(places.values()), 1.07 * max(places.values()))
    _scale(axes, panel, look, places)
    for number, course in enumerate(panel.courses):
        shift = (number - (len(panel.courses) - 1) / 2) * _DODGE * 2
        _draw_course(axes, course, look, places, shift * _week_width(axes, width))
    _mark_gaps(axes, panel, look, places)
    _mark_differences(axes, panel, look, places)
    _write_blocks(sheet, panel, look, (left + width + 24, top + _HEAD) if not look.narrow else (
        MARGIN, top + _HEAD + _HIGH + _FOOT))  # fmt: skip


def _week_width(axes: Axes, width: float) -> float:
    low, high = axes.get_xlim()
    return (high - low) / width


def _places(panel: Panel) -> dict[float | None, float]:
    """Give each time its place: weeks to scale up to two years, later visits at the right edge."""
    near = [week for week in panel.weeks if week <= 2 * _YEAR + 4]
    last = max(near, default=0.0) or _YEAR
    # Times that all but touch are drawn apart, so that marks and words of each can be read; the ticks name them.
    apart, place = _APART * last, 0.0
    places: dict[float | None, float] = {}
    for week in near:
        place = week if not places else max(week, place + apart)
        places[week] = place
    last = max(last, place)
    late: list[float | None] = [week for week in panel.weeks if week not in near]
    if any(point.weeks is None for course in panel.courses for point in course.points):
        late.append(None)
    step = 0.34 * last if max(near, default=0.0) else 0.7 * last
    return places | {week: last + step * (1 + number) for number, week in enumerate(late)}


def _scale(axes: Axes, panel: Panel, look: Look, places: Mapping[float | None, float]) -> None:
    step = panel.ends[1] / 5
    marks = [step * number for number in range(6)]
    axes.set_yticks(marks, [f"{mark:g}" for mark in marks])
    axes.hlines(marks, *axes.get_xlim(), color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)
    axes.hlines([0], *axes.get_xlim(), color=look.colour("muted"), linewidth=1.4, zorder=1)
    shown = _roomy(places, axes)
    axes.set_xticks([places[week] for week in shown], [_tick(week) for week in shown])
    for place in places.values():
        axes.plot([place] * 2, [0, -0.02 * panel.ends[1]], color=look.colour("muted"), linewidth=1.4, clip_on=False)


def _tick(week: float | None) -> str:
    return "last visit" if week is None else _when(week).removeprefix("at ").replace("week", "wk").replace("wks", "wk")


def _roomy(places: Mapping[float | None, float], axes: Axes) -> list[float | None]:
    """Choose times whose words do not touch; the first of each crowd is written."""
    low, high = axes.get_xlim()
    width = axes.get_position().width * axes.figure.get_figwidth() * 72  # type: ignore[union-attr]
    shown: list[float | None] = []
    edge = float("-inf")
    for week, place in sorted(places.items(), key=lambda pair: pair[1]):
        centre = (place - low) / (high - low) * width
        half = len(_tick(week)) * TYPE * 0.3
        if centre - half > edge + 6:
            shown.append(week)
            edge = centre + half
    return shown


def _draw_course(axes: Axes, course: Course, look: Look, places: Mapping[float | None, float], shift: float) -> None:
    marker, name = _MARKS[course.role]
    colour = look.colour(name)
    for point in course.points:
        x = places[point.weeks] + shift
        if point.low is not None and point.high is not None:
            axes.plot([x, x], [point.low, point.high], color=colour, linewidth=2, zorder=2)
        inside = look.colour("ground") if point.calculated or course.role in {"untreated", "third"} else colour
        axes.plot([x], [point.value], marker, markersize=9, markerfacecolor=inside, markeredgecolor=colour,
                  markeredgewidth=2, zorder=4)  # fmt: skip


def _mark_gaps(axes: Axes, panel: Panel, look: Look, places: Mapping[float | None, float]) -> None:
    """Name the time in which nothing is known, instead of a line that would pretend it is."""
    for one, other in _gaps(panel):
        air = 0.07 * (other - one)
        ends = (places[one] + air, places[other] - air)
        axes.fill_between(ends, 0, panel.ends[1], color=look.colour("quiet"), linewidth=0, zorder=0.2)
        write(axes, sum(ends) / 2, 0.93 * panel.ends[1], "not published", look, name="muted", align="center")
    late = max(places.values())
    if late not in (places.get(week) for week in panel.weeks if week <= 2 * _YEAR + 4):
        before = max((week for week in panel.weeks if week <= 2 * _YEAR + 4), default=0.0)
        write(axes, (before + late) / 2, 0.93 * panel.ends[1], "not to scale", look, name="muted", align="center")


def _mark_differences(axes: Axes, panel: Panel, look: Look, places: Mapping[float | None, float]) -> None:
    """Draw each important difference as long as it is on this scale."""
    first, last = min(places.values()), max(places.values())
    for number, (value, _) in enumerate(_merged(panel)):
        x = first + (0.36 + 0.2 * number) * (last - first)
        foot = 0.42 * panel.ends[1]
        axes.annotate("", (x, foot), (x, foot + value), arrowprops={"arrowstyle": "|-|", "color": look.colour("ink"),
                                                                     "lw": 1.6, "mutation_scale": 5})  # fmt: skip
        words = ("called important:", f"{value:g} of {panel.ends[1]:g}")
        for line, text in enumerate(words):
            y = foot + value / 2 + (0.5 - line) * 0.075 * panel.ends[1]
            write(axes, x + 0.025 * (last - first), y, text, look)


def _write_blocks(sheet: Sheet, panel: Panel, look: Look, corner: tuple[float, float]) -> None:
    left, top = corner
    for course in panel.courses:
        lines = _block(course, look)
        _glyph(sheet, course, look, (left + 7, top + 9))
        sheet.words(left + 22, top, lines[:1], weight="bold")
        for number, line in enumerate(lines[1:], 1):
            sheet.words(left + 22, top + number * _LINE, [line])
        top += len(lines) * _LINE + 8


def _glyph(sheet: Sheet, course: Course, look: Look, at: tuple[float, float]) -> None:
    """Repeat the mark of a course in front of its name."""
    from matplotlib.lines import Line2D  # noqa: PLC0415 - heavy, and only a drawing needs it

    marker, name = _MARKS[course.role]
    colour = look.colour(name)
    inside = look.colour("ground") if course.role in {"untreated", "third"} else colour
    x, y = at[0] / look.width, 1 - at[1] / sheet.height
    sheet.figure.add_artist(Line2D([x], [y], marker=marker, markersize=9, markerfacecolor=inside,
                                   markeredgecolor=colour, markeredgewidth=2, linestyle="none"))  # fmt: skip
