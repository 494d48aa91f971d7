"""The foramen of every level to one scale, with its root: small multiples of the outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from foramlib.errors import InvalidInput
from foramlib.figures.charts.sheet import MARGIN, TYPE, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.spine.foramen import NERVES, measure_section
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.planes import Plane
from foramlib.spine.section import cut
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.spine.section import Section

__all__ = ["LevelOutlines", "Opening", "compose_outlines", "describe_outlines", "draw_opening"]

NAME = "all-levels"
SIDE = "left"
_GAP = 0.1  # mm
_SLACK = 0.03  # mm; finer detail than a line is wide
_MIDDLE = 0.5  # share of the height
_PLACES: Final = {"cervical": "Neck", "lumbar": "Low back"}
_FEWEST = 2  # levels of a region before one says how they compare

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Opening:
    """The foramen of one level in its own plane.

    Attributes
    ----------
    level : str
        Which level.
    outline : tuple of (float, float)
        Bony outline, mm, to the viewer's right and up, about the middle of its height and width.
    root : tuple of rings
        Root and ganglion within the outline.
    place : float
        Height of the root's middle, as a share of the outline's height from its floor.
    area, height, width : float
        Bony ruler, mm² and mm.
    """

    level: str
    outline: Ring
    root: tuple[Ring, ...]
    place: float
    area: float
    height: float
    width: float

    @property
    def region(self) -> str:
        """``"cervical"`` or ``"lumbar"``."""
        return Level.parse(self.level).region

    @property
    def exiting(self) -> str:
        """The root that leaves here."""
        return Level.parse(self.level).exiting_root

    @property
    def size(self) -> tuple[float, float]:
        """Extent of the outline across and up, mm."""
        across, up = zip(*self.outline, strict=True)
        return max(across) - min(across), max(up) - min(up)


@dataclass(frozen=True)
class LevelOutlines:
    """The numbers of the chart ``all-levels``.

    Attributes
    ----------
    openings : tuple of Opening
        Every level of the model, from the top of the neck downwards.
    level : str or None
        The level to point out.
    """

    openings: tuple[Opening, ...]
    level: str | None = None

    @staticmethod
    def of(level: object = None) -> LevelOutlines:
        """Cut the typical, neutral segment of every level square to its left foramen.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        chosen = None if level is None else Level.parse(level).name
        return LevelOutlines(tuple(_opening(name) for name in MODELLED), chosen)

    def row(self, region: str) -> tuple[Opening, ...]:
        """Return the levels of a region."""
        return tuple(one for one in self.openings if one.region == region)

    @property
    def message(self) -> str:
        """The one thing to learn, as the model has it."""
        neck, low_back = self.row("cervical"), self.row("lumbar")
        if all(one.place < _MIDDLE for one in neck) and all(one.place > _MIDDLE for one in low_back):
            return "In the neck the root lies low in its foramen, in the low back it lies high"
        return "Every foramen of the model to one scale"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is said: where the root lies, and that studies disagree on width."""
        return ("A:A-08", "A:A-09", "A:M-20")

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Typical build, neutral posture, left side; each foramen is cut square to its own canal.",
            "Shapes and figures are the model's, bone to bone.",
            "Studies disagree on how lumbar width changes from level to level: read no trend into the row.",
        )


def _opening(level: str) -> Opening:
    segment = Segment.at(level)
    section = cut(segment, Plane.named("foramen", segment, SIDE))
    measures = measure_section(segment, section)
    if measures.outline is None or measures.bony is None:
        raise InvalidInput(f"The model shows no foramen at {level}.")
    left, low, right, high = measures.outline.bounds
    middle = -(left + right) / 2, -(low + high) / 2
    nerve = _nerve(section).intersection(measures.outline)
    share = float((nerve.centroid.y - low) / (high - low))
    rings = tuple(_ring(part, middle) for part in shapely.get_parts(nerve) if part.geom_type == "Polygon")
    bony = measures.bony
    return Opening(level, _ring(measures.outline, middle), rings, share, bony.area_mm2, bony.height_mm, bony.width_mm)


def _nerve(section: Section) -> shapely.MultiPolygon:
    found = [section.outlines.get(f"{name}.{SIDE}") for name in NERVES]
    whole = shapely.union_all([shape for shape in found if shape is not None])
    # A hair's gap between root and ganglion is no finding.
    return whole.buffer(_GAP).buffer(-_GAP)


def _ring(shape: shapely.Polygon, shift: tuple[float, float]) -> Ring:
    points = shapely.get_coordinates(shape.exterior.simplify(_SLACK)) + shift
    return tuple((round(u, 3), round(v, 3)) for u, v in points.tolist())


# -- words


def describe_outlines(numbers: LevelOutlines) -> str:
    """Say the chart in words, from the numbers that it draws."""
    rows = [f"{one.level}: {_figures(one)}; the {one.exiting} root {_where(one)}." for one in numbers.openings]
    return "\n".join([f"{numbers.message}.", "Model, bony ruler.", *rows, *numbers.remarks])


def _figures(one: Opening) -> str:
    return f"area {one.area:.0f} mm², height {one.height:.1f} mm, width {one.width:.1f} mm"


def _where(one: Opening) -> str:
    return f"lies {100 * one.place:.0f} % of the way up"


# -- picture

_FOOT = 3 * 1.35 * TYPE  # three lines under each outline
_HEAD = 32.0
_SPACE = 20.0


def compose_outlines(numbers: LevelOutlines, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top, scale = title_depth(numbers.message, look), _scale(numbers, look)
    notes = lines_of(
        "Yellow: root and ganglion, named after the level. Figures: area, height × width.", look.width - 2 * MARGIN
    )
    rows = [(region, row) for region in _PLACES for row in _broken(numbers.row(region), look)]
    deep = [_HEAD + max(one.size[1] for one in row) * scale + _FOOT + _SPACE for _, row in rows]
    sheet = Sheet(look, top + sum(deep) + 40 + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    for number, ((region, row), high) in enumerate(zip(rows, deep, strict=True)):
        again = number and rows[number - 1][0] == region
        sheet.words(MARGIN, top, ["" if again else _PLACES[region]], size=16, name="accent", weight="bold")
        _row(sheet, row, numbers.level, (top + _HEAD, high - _HEAD - _SPACE), scale)
        top += high
    _bar(sheet, top, scale)
    sheet.words(MARGIN, top + 40, notes, name="muted")
    return sheet.figure


def _columns(look: Look) -> int:
    return 3 if look.narrow else 6


def _broken(row: tuple[Opening, ...], look: Look) -> list[tuple[Opening, ...]]:
    wide = _columns(look)
    return [row[start : start + wide] for start in range(0, len(row), wide)]


def _scale(numbers: LevelOutlines, look: Look) -> float:
    """Points for a millimetre: as many as let the widest outline fit its column."""
    widest = max(one.size[0] for one in numbers.openings)
    return min((_cell(look) - 10) / widest, 9.0)


def _cell(look: Look) -> float:
    return (look.width - 2 * MARGIN) / _columns(look)


def _row(sheet: Sheet, row: tuple[Opening, ...], chosen: str | None, span: tuple[float, float], scale: float) -> None:
    look, (top, high) = sheet.look, span
    axes = sheet.axes(MARGIN, top, look.width - 2 * MARGIN, high)
    axes.set_xlim(0, look.width - 2 * MARGIN)
    axes.set_xticks([])
    axes.set_yticks([])
    for number, one in enumerate(row):
        centre = (number + 0.5) * _cell(look), (high - _FOOT) / 2
        draw_opening(axes, one, look, centre, scale, chosen=one.level == chosen)


def draw_opening(
    axes: Axes, one: Opening, look: Look, centre: tuple[float, float], scale: float, *, chosen: bool = False
) -> None:
    """Draw one outline with its root and its words; data of `axes` are points, downwards."""
    from matplotlib.patches import Polygon  # noqa: PLC0415 - heavy, and only a drawing needs it

    def placed(ring: Ring) -> list[tuple[float, float]]:
        return [(centre[0] + scale * u, centre[1] - scale * v) for u, v in ring]

    name = "accent" if chosen else "ink"
    rings = [(one.outline, "quiet", name, 3.2 if chosen else 2.0)]
    rings += [(ring, "nerve", "nerve-line", 1.2) for ring in one.root]
    for ring, inside, edge, width in rings:
        colours = look.colour(inside), look.colour(edge)
        axes.add_patch(
            Polygon(placed(ring), facecolor=colours[0], edgecolor=colours[1], linewidth=width, clip_on=False)
        )
    foot = axes.get_ylim()[0] - _FOOT
    lines = (f"{one.level} · {one.exiting}", f"{one.area:.0f} mm²", f"{one.height:.1f} × {one.width:.1f} mm")
    for number, line in enumerate(lines):
        style = {"name": name if not number else "muted", "weight": "normal" if number else "bold"}
        write(axes, centre[0], foot + (number + 0.5) * 1.35 * TYPE, line, look, align="center", **style)


def _bar(sheet: Sheet, top: float, scale: float) -> None:
    """Draw the scale bar, and say which way is front and up."""
    axes = sheet.axes(MARGIN, top, sheet.look.width - 2 * MARGIN, 30)
    axes.set_xlim(0, sheet.look.width - 2 * MARGIN)
    axes.set_xticks([])
    axes.set_yticks([])
    ink = sheet.look.colour("ink")
    axes.plot([0, 10 * scale], [12, 12], color=ink, linewidth=2.5, solid_capstyle="butt")
    write(axes, 10 * scale + 10, 12, "10 mm", sheet.look)
    marks = Plane.named("foramen", Segment.at(MODELLED[0]), SIDE).marks
    words = f"{marks['left']} left, {marks['right']} right, {marks['top']} up, {marks['bottom']} down"
    write(axes, 10 * scale + 80, 12, words, sheet.look, name="muted")
