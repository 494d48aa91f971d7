"""Area, height and width of the foramen against flexion and extension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import footnotes
from foramlib.figures.charts.published import Change, changes, name_of, told, who
from foramlib.figures.charts.sheet import MARGIN, Look, Sheet, beside, depth, lines_of, signed, title_depth, write
from foramlib.spine.foramen import DEFINITIONS, measure
from foramlib.spine.levels import Level
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.spine.foramen import Rulers

__all__ = ["PostureCurve", "QuantityCurve", "compose_posture", "describe_posture", "draw_posture"]

NAME = "area-against-posture"
STEPS = 20
"""Intervals of the model's curve between full extension and full flexion."""

_NAMES = {"area": "area_mm2", "height": "height_mm", "width": "width_mm"}
_OTHER = "greatest_width_mm"
_WHERE = {False: "means over C3/4 to C6/7", True: "direction only"}
_STILL = 1.0  # per cent; less than this is said as "hardly changes"


@dataclass(frozen=True)
class QuantityCurve:
    """One quantity against flexion.

    Attributes
    ----------
    quantity : str
        ``"area"``, ``"height"`` or ``"width"``, bony ruler.
    unit : str
        Of `neutral`.
    neutral : float
        The model's value in neutral posture.
    percent : tuple of float
        Change from neutral, per cent, at each angle.
    published : tuple of Change
        What studies found.
    other : tuple of float
        The same by a second definition, where the answer depends on it; else empty.
    """

    quantity: str
    unit: str
    neutral: float
    percent: tuple[float, ...]
    published: tuple[Change, ...]
    other: tuple[float, ...] = ()

    @property
    def start(self) -> str:
        """The model's value in neutral posture with its unit."""
        return f"{self.neutral:.{0 if self.quantity == 'area' else 1}f} {self.unit}"


@dataclass(frozen=True)
class PostureCurve:
    """The numbers of the chart ``area-against-posture``.

    Attributes
    ----------
    level : str
        Level of the model.
    flexion : tuple of float
        Angles of the upper vertebra over the lower, degrees, from full extension to full flexion.
    curves : tuple of QuantityCurve
        Area, height and width.
    """

    level: str
    flexion: tuple[float, ...]
    curves: tuple[QuantityCurve, ...]

    @staticmethod
    def of(level: object = None) -> PostureCurve:
        """Bend the model step by step at a level, C5/6 where none is given.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        segment = Segment.at("C5/6" if level is None else level)
        low, high = segment.limits["flexion"]
        # Neutral is always one of the angles.
        angles = sorted({0.0, *(low + (high - low) * step / STEPS for step in range(STEPS + 1))})
        found = [_rulers(segment.bent(flexion=angle)) for angle in angles]
        known = changes(segment.level.region)
        curves = tuple(_curve(what, found, angles.index(0.0), known) for what in _NAMES)
        return PostureCurve(segment.level.name, tuple(angles), curves)

    @property
    def message(self) -> str:
        """The one thing to learn, as the model has it."""
        back, forth = self.curves[0].percent[0], self.curves[0].percent[-1]
        place = "neck" if Level.parse(self.level).region == "cervical" else "low back"
        if back < -_STILL and forth > _STILL:
            return f"Bending forward opens the foramen, leaning back closes it ({place})"
        return f"How bending forward and leaning back change the foramen ({place})"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is drawn, each once."""
        return tuple(dict.fromkeys(change.id for curve in self.curves for change in curve.published))

    @property
    def directions_only(self) -> bool:
        """Whether studies are known to give a direction and no percentage."""
        return all(change.percent is None for curve in self.curves for change in curve.published)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        limits = (
            f"The model bends {self.level} from {-self.flexion[0]:g} degrees of extension to "
            f"{self.flexion[-1]:g} degrees of flexion, its own limits."
        )
        studies = (
            "For the low back the direction is known; percentages are not confirmed, so none is drawn."
            if self.directions_only
            else "The points stand at the ends of the volunteers' own range; its angle and the SD are not known."
        )
        return (studies, limits, "All sizes are bone to bone.")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know to read the marks."""
        name = self.ids[0]
        if self.directions_only:
            return (f"Arrows: {name_of(name)}, {who(name)}, direction only.",)
        solid = DEFINITIONS["width_mm"].removeprefix("width ")
        lines = f"Width: solid line {solid}, broken line {DEFINITIONS[_OTHER]}"
        return (
            f"Points: {name_of(name)}, {who(name)}, means over C3/4 to C6/7.",
            f"{lines}; which one the study took is not known.",
        )


def _rulers(segment: Segment) -> Rulers:
    found = measure(segment).bony
    if found is None:
        raise InvalidInput(f"The model shows no foramen at {segment.level.name} in this posture.")
    return found


def _curve(quantity: str, found: list[Rulers], neutral: int, known: tuple[Change, ...]) -> QuantityCurve:
    percent = _percent(found, _NAMES[quantity], neutral)
    mine = tuple(one for one in known if one.quantity == quantity)
    # Which width the study took is not known; where it gave per cent, the definition matters.
    both = quantity == "width" and any(one.percent is not None for one in mine)
    other = _percent(found, _OTHER, neutral) if both else ()
    unit = "mm²" if quantity == "area" else "mm"
    return QuantityCurve(quantity, unit, getattr(found[neutral], _NAMES[quantity]), percent, mine, other)


def _percent(found: list[Rulers], name: str, neutral: int) -> tuple[float, ...]:
    values = [getattr(rulers, name) for rulers in found]
    return tuple(100 * (value / values[neutral] - 1) for value in values)


# -- words


def describe_posture(numbers: PostureCurve) -> str:
    """Say the chart in words, from the numbers that it draws."""
    text = [f"{numbers.message}.", f"Change from neutral posture at {numbers.level}, bony ruler."]
    text += [_words(curve) for curve in numbers.curves]
    studies = "; ".join(dict.fromkeys(told(name) for name in numbers.ids))
    return "\n".join([*text, f"Published: {studies}; {_WHERE[numbers.directions_only]}.", *numbers.remarks])


def _words(curve: QuantityCurve) -> str:
    model = (
        f"model {curve.start} in neutral, {signed(curve.percent[-1])} in full flexion, "
        f"{signed(curve.percent[0])} in full extension"
    )
    if curve.other:
        model += f"; by {DEFINITIONS[_OTHER]} {signed(curve.other[-1])} and {signed(curve.other[0])}"
    studies = ", ".join(f"{_change(one)} in {one.posture}" for one in curve.published)
    return f"{curve.quantity.capitalize()} ({DEFINITIONS[_NAMES[curve.quantity]]}): {model}; published {studies}."


def _change(one: Change) -> str:
    if one.percent is not None:
        return signed(one.percent)
    return "larger" if one.sign > 0 else "smaller"


# -- picture


def compose_posture(numbers: PostureCurve, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top, notes = title_depth(numbers.message, look), _notes(numbers, look)
    big, small = (250.0, 150.0) if look.narrow else (350.0, 137.0)
    body = big + 2 * small + 3 * _FRAME if look.narrow else big + _FRAME
    sheet = Sheet(look, top + body + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    for curve, (left, offset, width, height) in zip(numbers.curves, _places(look, big, small), strict=True):
        sheet.words(left, top + offset, [_heading(numbers, curve)], size=16, weight="bold")
        axes = sheet.axes(left + _SCALE, top + offset + 28, width - _SCALE, height)
        draw_posture(axes, numbers, curve, look)
    sheet.words(MARGIN, top + body, notes, name="muted")
    return sheet.figure


_STRIP = 0.3  # width of a strip for studies, as a share of the model's range
_FRAME = 84.0  # heading over a panel and angles under it
_SCALE = 58.0  # per cent at the left of a panel


def _places(look: Look, big: float, small: float) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of the panels: area first and largest."""
    whole = look.width - 2 * MARGIN
    if look.narrow:
        tops = (0.0, big + _FRAME, big + small + 2 * _FRAME)
        return [(MARGIN, top, whole, height) for top, height in zip(tops, (big, small, small), strict=True)]
    side = 350.0
    left, height = look.width - MARGIN - side, (big - _FRAME) / 2
    return [
        (MARGIN, 0.0, whole - side - 36, big),
        (left, 0.0, side, height),
        (left, big - height, side, height),
    ]


def _heading(numbers: PostureCurve, curve: QuantityCurve) -> str:
    place = f" at {numbers.level}" if curve.quantity == "area" else ""
    return f"{curve.quantity.capitalize()}{place}, change from neutral"


def _notes(numbers: PostureCurve, look: Look) -> list[str]:
    keys = footnotes("".join(map(name_of, numbers.ids)))
    return [line for note in (*numbers.notes, keys) for line in lines_of(note, look.width - 2 * MARGIN)]


def draw_posture(axes: Axes, numbers: PostureCurve, curve: QuantityCurve, look: Look) -> None:
    """Draw one quantity: the model as a line, studies in strips beyond its ends, where no angle is known."""
    low, high = numbers.flexion[0], numbers.flexion[-1]
    margin = _STRIP * (high - low)
    axes.set_xlim(low - margin, high + margin)
    axes.set_ylim(*_reach(numbers))
    _grid(axes, numbers, curve, look)
    for posture, near, far in (("extension", low, low - margin), ("flexion", high, high + margin)):
        axes.axvspan(min(near, far), max(near, far), color=look.colour("quiet"), zorder=-1, linewidth=0)
        for change in curve.published:
            if change.posture == posture:
                _point(axes, look, (near + far) / 2, change)
    accent = look.colour("accent")
    if curve.other:
        axes.plot(numbers.flexion, curve.other, color=accent, linewidth=2, linestyle=(0, (4, 2)), zorder=3)
    axes.plot(numbers.flexion, curve.percent, color=accent, linewidth=3, solid_capstyle="round", zorder=3)
    axes.plot([0], [0], "D", color=accent, markersize=9, markeredgecolor=look.colour("ground"), zorder=4)
    _label(axes, numbers, curve, look)


def _reach(numbers: PostureCurve) -> tuple[float, float]:
    """Per cent at the foot and at the head of every panel."""
    values = [value for curve in numbers.curves for value in (*curve.percent, *curve.other)]
    values += [change.percent for curve in numbers.curves for change in curve.published if change.percent is not None]
    return 10 * (min(*values, -10) // 10) - 10, 10 * (max(*values, 10) // 10) + 15


def _grid(axes: Axes, numbers: PostureCurve, curve: QuantityCurve, look: Look) -> None:
    low, high = numbers.flexion[0], numbers.flexion[-1]
    foot, head = axes.get_ylim()
    tight = curve.quantity != "area" or look.narrow
    step = 20 if curve.quantity != "area" else 10
    ticks = [tick for tick in range(-100, 101, step) if foot <= tick <= head]
    axes.set_yticks(ticks, [signed(tick) for tick in ticks])
    axes.hlines(ticks, *axes.get_xlim(), color=look.colour("frame"), linewidth=0.9, alpha=0.7, zorder=0)
    axes.hlines([0], *axes.get_xlim(), color=look.colour("muted"), linewidth=1.4, zorder=1)
    axes.vlines([0], foot, head, color=look.colour("muted"), linewidth=1.4, linestyle=(0, (3, 3)), zorder=1)
    left, right = axes.get_xlim()
    axes.set_xticks(
        [(left + low) / 2, 0.97 * low, 0, 0.97 * high, (high + right) / 2],
        ["study", f"{-low:g}° back", "" if tight else "neutral", f"{high:g}° forward", "study"],
    )
    names = axes.xaxis.get_ticklabels()
    names[1].set_horizontalalignment("left")
    names[3].set_horizontalalignment("right")
    for tick in (0, 4):
        names[tick].set(color=look.colour("ink"), fontweight="bold")


def _point(axes: Axes, look: Look, x: float, change: Change) -> None:
    ink, ground = look.colour("ink"), look.colour("ground")
    if change.percent is None:
        marker = "^" if change.sign > 0 else "v"
        axes.plot([x], [8 * change.sign], marker, color=ink, markersize=15, markeredgecolor=ground, zorder=4)
        if change.quantity == "area":
            beside(axes, (x, 8 * change.sign), (0, 16 * change.sign), _change(change), look)
        return
    axes.plot([x], [change.percent], "o", color=ink, markersize=10, markeredgecolor=ground, zorder=4)
    beside(axes, (x, change.percent), (0, 16 * change.sign), signed(change.percent), look)


def _label(axes: Axes, numbers: PostureCurve, curve: QuantityCurve, look: Look) -> None:
    for index in (0, -1):
        percent = curve.percent[index]
        word = "model " if curve.quantity == "area" and index else ""
        # Where two lines end, the inner one is written on the far side of zero.
        side = (-1 if index else 1) if curve.other else (1 if percent >= 0 else -1)
        _ending(axes, numbers, look, curve.percent, index=index, side=side, word=word)
        if curve.other:
            _ending(axes, numbers, look, curve.other, index=index, side=-side)
    offset = 0.02 * (numbers.flexion[-1] - numbers.flexion[0])
    foot, head = axes.get_ylim()
    share = 0.075 if curve.quantity == "area" else 0.3 if curve.other else 0.14
    write(axes, offset, -share * (head - foot), curve.start, look, name="accent")


def _ending(axes: Axes, numbers: PostureCurve, look: Look, line: tuple[float, ...], *, index: int, side: int,
            word: str = "") -> None:  # fmt: skip
    """Write the change at one end of a line, over (1) or under (-1) it and clear of its turns."""
    third = len(line) // 3
    near = line[-third:] if index else line[:third]
    point = (numbers.flexion[index] * 0.97, min(near) if side < 0 else line[index])
    align = "right" if index else "left"
    beside(axes, point, (0, 16 * side), word + signed(line[index]), look, name="accent", align=align)
