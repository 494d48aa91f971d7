"""How much room people have: the foramen's area over made-up people, with one of them marked."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, footnotes, morphometry
from foramlib.figures.charts.published import Published, measured, told
from foramlib.figures.charts.sheet import MARGIN, Look, Sheet, depth, lines_of, title_depth, write
from foramlib.figures.charts.sizes_picture import draw_published
from foramlib.figures.words import posture_words
from foramlib.spine.foramen import measure
from foramlib.spine.levels import Level
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["People", "compose_people", "describe_people", "draw_people"]

NAME = "people"
CHOICES = ("this_one", "people", "progress")
PEOPLE = 100
"""Sampled people, unless another number is asked for."""

_FEWEST, _MOST = 20, 2000
_BINS: Final = {"cervical": 2.0, "lumbar": 10.0}  # mm²: width of a column of dots
_HALF = 0.5


@dataclass(frozen=True)
class People:
    """The numbers of the chart ``people``.

    Attributes
    ----------
    level : str
        Level of the model.
    areas : tuple of float
        Bony area of the left foramen of each person, mm², seed 0 first.
    one : float
        Area of the one that is marked, mm².
    whose : str
        Who is marked, in words.
    own : bool
        Whether the reader chose whom to mark; else it is the typical build.
    """

    level: str
    areas: tuple[float, ...]
    one: float
    whose: str
    own: bool

    @staticmethod
    def of(
        level: object = None,
        this_one: object = None,
        people: object = PEOPLE,
        progress: Callable[[int, int], object] | None = None,
    ) -> People:
        """Measure sampled people at a level, C5/6 where none is given.

        Parameters
        ----------
        level
            Level of the model; that of `this_one` where it is a segment.
        this_one : Segment or str, optional
            Whom to mark: a segment in any state, or the name of a build; the typical build by default.
        people : int
            How many, 20 to 2,000.
        progress : callable, optional
            Told after each person how many are done, and of how many.

        Raises
        ------
        InvalidInput
            If something given is unknown, or the segment is of another level.
        """
        where, marked = _marked(level, this_one)
        count = _count(people)
        areas = []
        for seed in range(count):
            areas.append(_area(Segment.sampled(where, seed)))
            if progress is not None:
                progress(seed + 1, count)
        return People(where, tuple(areas), _area(marked), _words_of(marked), this_one is not None)

    @property
    def below(self) -> int:
        """How many people have less room than the one that is marked."""
        return sum(area < self.one for area in self.areas)

    @property
    def middle(self) -> tuple[float, float]:
        """Ends of the middle half of the people, mm²."""
        first, _, third = quantiles(self.areas, n=4)
        return first, third

    @property
    def message(self) -> str:
        """The one thing to learn: how far healthy people differ, or where this one stands."""
        if self.own:
            return f"This one has more room than {self.below} of {len(self.areas)} made-up people ({self.level})"
        return f"Healthy is a range: {min(self.areas):.0f} to {max(self.areas):.0f} mm² at {self.level} in the model"

    @property
    def published(self) -> Published | None:
        """A published mean with its spread, where there is one by the same ruler; in the neck none is known."""
        return measured("A:M-21", "area", "photographs")[0] if Level.parse(self.level).region == "lumbar" else None

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of the spreads that people are drawn from, and of the study beside them."""
        return (*(("A:M-21",) if self.published else ()), *_spread_ids())

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Area of the left foramen, bone to bone, neutral posture, square to its canal.",
            "People are made up: sizes vary by published spreads about one common size.",
            "That nothing else goes together, and the spreads without a source, are assumptions.",
            "Small is not narrow: nobody here has a disease.",
        )


def _marked(level: object, this_one: object) -> tuple[str, Segment]:
    """Return the level and the segment to mark."""
    if not isinstance(this_one, Segment):
        segment = Segment.at("C5/6" if level is None else level)
        return segment.level.name, segment if this_one is None else Segment.at(segment.level, str(this_one))
    name = this_one.level.name
    if level is not None and Level.parse(level).name != name:
        raise InvalidInput(f"This one is of {name}, so it cannot be marked among people at {Level.parse(level).name}.")
    return name, this_one


def _count(people: object) -> int:
    if isinstance(people, int) and not isinstance(people, bool) and _FEWEST <= people <= _MOST:
        return people
    raise InvalidInput(f"The number of people {people!r} is not possible; choose from {_FEWEST} to {_MOST}.")


def _area(segment: Segment) -> float:
    found = measure(segment).bony
    if found is None:
        raise InvalidInput(f"The model shows no foramen at {segment.level.name} in one of the states.")
    return found.area_mm2


def _words_of(segment: Segment) -> str:
    plain = replace(segment, person=())
    if segment.person:
        return "this person"
    return "typical build" if plain == Segment.at(segment.level) else posture_words(segment)


def _spread_ids() -> tuple[str, ...]:
    with data_path("model", "spreads.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(row["basis"] for row in csv.DictReader(lines) if row["basis"] in morphometry())


# -- words


def describe_people(numbers: People) -> str:
    """Say the chart in words, from the numbers that it draws."""
    low, high = numbers.middle
    spread = (
        f"median {median(numbers.areas):.0f} mm², middle half {low:.0f} to {high:.0f} mm², "
        f"smallest {min(numbers.areas):.0f} mm², largest {max(numbers.areas):.0f} mm²"
    )
    text = [
        f"{numbers.message}.",
        f"{len(numbers.areas)} made-up people at {numbers.level}, bony area: {spread}.",
        f"Marked: {numbers.whose}, {numbers.one:.0f} mm²; {numbers.below} people have less room.",
    ]
    study = numbers.published
    known = f"Published: {told(study.id)}, {study.method}, {study.figures} mm²." if study else _UNKNOWN
    return "\n".join([*text, known, *numbers.remarks])


_UNKNOWN: Final = "No published spread of the area by level stands in our tables for the neck."

# -- picture

_STRIP = 52.0  # room for one line with its mark below
_LINE, _BELOW = 10.0, 20.0  # where the line stands in its strip, and its mark under it
_STEPS: Final = (10.0, 20.0, 50.0, 100.0)  # mm² between ticks
_APART: Final = 58.0  # points that two ticks keep between them, at least


def compose_people(numbers: People, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    top = title_depth(numbers.message, look)
    notes = [line for note in _notes(numbers) for line in lines_of(note, look.width - 2 * MARGIN)]
    high = _strips(numbers) + (230.0 if look.narrow else 280.0)
    sheet = Sheet(look, top + high + 76 + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    axes = sheet.axes(MARGIN, top, look.width - 2 * MARGIN, high)
    draw_people(axes, numbers, look)
    sheet.words(MARGIN, top + high + 28, ["area of the foramen, mm²"], name="muted")
    sheet.words(MARGIN, top + high + 68, notes, name="muted")
    return sheet.figure


def _strips(numbers: People) -> float:
    return _STRIP * (2 if numbers.published else 1)


def _notes(numbers: People) -> list[str]:
    known = footnotes(numbers.published.name) if numbers.published else _UNKNOWN
    return [f"Each dot is one of {len(numbers.areas)} made-up people.", *([known] if known else [])]


def draw_people(axes: Axes, numbers: People, look: Look) -> None:
    """Draw each person as a dot in its column, the marked one as a line; data of `axes` are points, downwards."""
    # A narrow sheet has half as many columns, so that its dots stay large enough to count.
    size = _BINS[Level.parse(numbers.level).region] * (2 if look.narrow else 1)
    ends = _grid(axes, numbers, look, size)
    _dots(axes, numbers, look, ends, size)
    floor = axes.get_ylim()[0]
    axes.hlines([floor], *ends, color=look.colour("muted"), linewidth=1.4)
    study = numbers.published
    if study:
        write(axes, ends[0], _LINE, f"{study.name}, {study.method}: {study.figures} mm²", look)
        draw_published(axes, look, _LINE + _BELOW, study)
    _mark_one(axes, numbers, look, ends, (_STRIP if study else 0.0, floor))


def _grid(axes: Axes, numbers: People, look: Look, size: float) -> tuple[float, float]:
    """Set the axis from the values: whole columns, and ticks at round numbers."""
    study = numbers.published
    known = (study.lowest, study.highest) if study else ()
    shown = [*numbers.areas, numbers.one, *(number for number in known if number is not None)]
    left, right = size * (min(shown) // size - 1), size * (max(shown) // size + 2)
    axes.set_xlim(left, right)
    axes.set_yticks([])
    room = (look.width - 2 * MARGIN) / (right - left)
    step = next((step for step in _STEPS if step * room >= _APART), _STEPS[-1])
    first = int(left // step) + 1
    axes.set_xticks([step * count for count in range(first, int(right // step) + 1) if step * count < right])
    return left, right


def _dots(axes: Axes, numbers: People, look: Look, ends: tuple[float, float], size: float) -> None:
    floor, columns = axes.get_ylim()[0], _columns(numbers.areas, size)
    across = (look.width - 2 * MARGIN) / (ends[1] - ends[0]) * size
    tallest = max(len(column) for column in columns.values())
    step = min((floor - _strips(numbers)) / tallest, across)
    for place, column in columns.items():
        x, y = [(place + _HALF) * size] * len(column), [floor - (row + _HALF) * step for row in range(len(column))]
        axes.plot(x, y, "o", color=look.colour("muted"), markersize=0.82 * step, markeredgewidth=0, zorder=2)


def _columns(areas: tuple[float, ...], size: float) -> dict[int, list[float]]:
    columns: dict[int, list[float]] = {}
    for area in areas:
        columns.setdefault(int(area // size), []).append(area)
    return columns


def _mark_one(axes: Axes, numbers: People, look: Look, ends: tuple[float, float], span: tuple[float, float]) -> None:
    accent, head = look.colour("accent"), span[0] + _LINE + _BELOW
    axes.plot([numbers.one] * 2, [head, span[1]], color=accent, linewidth=3, zorder=4, solid_capstyle="butt")
    axes.plot([numbers.one], [head], "D", color=accent, markersize=9, markeredgecolor=look.colour("ground"), zorder=5)
    late = numbers.one > sum(ends) / 2
    style = {"align": "right" if late else "left", "name": "accent", "weight": "bold"}
    who = "this one" if numbers.own else numbers.whose
    write(axes, ends[late], span[0] + _LINE, f"{who}, {numbers.one:.0f} mm²", look, **style)
