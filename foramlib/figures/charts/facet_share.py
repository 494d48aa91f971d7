"""How much root is seen and how much room is gained as more of the facet goes: the model's keyhole, step by step.

The half-facet line is drawn where cadaver work put it, and both sides of the dispute about it are said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import facts, footnotes
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.sheet import MARGIN, Look, Sheet, beside, depth, lines_of, title_depth
from foramlib.figures.words import touched_name
from foramlib.given import one_of
from foramlib.spine.lesions import Lesion, kind_of
from foramlib.spine.lesions import lesion as make_lesion
from foramlib.spine.levels import Level, parse_side
from foramlib.spine.segment import Segment
from foramlib.spine.surgery.gauges import HALF_FACET, gauges
from foramlib.spine.surgery.presets import removal
from foramlib.spine.surgery.steps import SoftRemoval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CHOICES", "NAME", "STATES", "FacetShare", "Point", "Seen", "compose_facet_share", "describe_facet_share"]

NAME: Final = "facet-share"
CHOICES: Final = ("state", "side", "shares", "progress")
ASKED: Final = (0.2, 0.5, 0.7, 1.0)
"""Shares of the facet that are asked for; what was really taken is measured on the model."""

STATES: Final[Mapping[str, tuple[str, tuple[tuple[str, float], ...]]]] = MappingProxyType(
    {
        "spur": ("a spur in front and a lower disc", (("uncovertebral_osteophyte", 3.0), ("disc_height_loss", 2.0))),
        "facet": ("an enlarged facet and a lower disc", (("facet_hypertrophy", 3.0), ("disc_height_loss", 1.0))),
        "soft": ("a soft disc in front", (("herniation", 4.0),)),
    }
)
"""What narrows the foramen: name -> words, and lesions with their amount in mm; "spur" is the state of Helen Osei."""

_FRONT: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"spur": ("osteophyte", "spur taken as well"), "soft": ("herniation", "soft disc taken as well")}
)
_IN_FRONT: Final = ("uncovertebral_osteophyte", "herniation")
_SEEN_IDS: Final = (("P:P11b", r"(\d+) % exposes ([\d.]+)-([\d.]+) mm, (\d+) % exposes ([\d.]+)-([\d.]+) mm"),
                    ("P:P11e", r"([\d.]+)-([\d.]+) mm after half"))  # fmt: skip
_SIDES_IDS: Final = ("P:P11", "P:P11b", "P:P12")


@dataclass(frozen=True)
class Point:
    """The model after a keyhole.

    Attributes
    ----------
    taken : float
        Share of the facet's width that is gone, per cent, as measured.
    exposed : float
        Root seen from behind, mm.
    room : float
        Least free cross-section about the root, mm².
    touched : tuple of str
        Walls that the root still touches.
    """

    taken: float
    exposed: float
    room: float
    touched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Then:
    """What comes after the bone, at the keyhole of half the facet: words, room in mm², walls still touched."""

    words: str
    room: float
    touched: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A published length of root at a share of the facet: per cent, and lowest and highest mm."""

    id: str
    taken: float
    low: float
    high: float


@dataclass(frozen=True)
class FacetShare:
    """The numbers of the chart ``facet-share``.

    Attributes
    ----------
    level, side, state : str
        Where, and what narrows the foramen, in words.
    points : tuple of Point
        Before the operation and after each keyhole, from less to more.
    then : tuple of Then
        What comes after the bone, at half of the facet.
    seen : tuple of Seen
        What cadaver studies saw of the root.
    """

    level: str
    side: str
    state: str
    points: tuple[Point, ...]
    then: tuple[Then, ...]
    seen: tuple[Seen, ...]

    @staticmethod
    def of(
        level: object = None,
        state: str = "spur",
        side: str = "left",
        shares: Sequence[float] = ASKED,
        progress: Callable[[int, int], object] | None = None,
    ) -> FacetShare:
        """Take more and more of the facet at a level of the neck, C5/6 where none is given.

        Raises
        ------
        InvalidInput
            If level, state or side is unknown, the level is not in the neck, or a share is not above 0 and up to 1.
        """
        found = Level.parse("C5/6" if level is None else level)
        if found.region != "cervical":
            raise InvalidInput(f"The keyhole is an operation of the neck, not of {found.name}; choose C2/3 to C7/T1.")
        state, side = one_of(state, STATES, "state"), parse_side(side)
        points = [_before(found.name, state, side)]
        for done, share in enumerate(_checked(shares), 1):
            points.append(_after(found.name, state, side, share))
            if progress is not None:
                progress(done, len(shares))
        return FacetShare(
            found.name, side, STATES[state][0], tuple(points), _then(found.name, state, side), _published()
        )

    @property
    def half(self) -> Point:
        """The keyhole nearest to half of the facet."""
        return min(self.points, key=lambda point: abs(point.taken - 100 * HALF_FACET))

    @property
    def message(self) -> str:
        """The one thing to learn, as the model has it."""
        last, half, first = self.points[-1], self.half, self.points[0]
        gained = last.room - first.room
        by_half = (half.room - first.room) / gained if gained > 0 else 1.0
        more = f"{last.exposed - half.exposed:.1f} mm more of the root"
        room = "no more room" if by_half > 0.99 else f"{100 * (1 - by_half):.0f} % of the room"  # noqa: PLR2004 - rounding
        return f"Beyond half of the facet the model shows {more}, and gains {room}{self._front}"

    @property
    def _front(self) -> str:
        """Say what in front of the root touches it still when nearly all of the facet is gone."""
        level = Level.parse(self.level)
        left = [name for name in self.points[-1].touched if any(key in name for key in _IN_FRONT)]
        named = [touched_name(level, name) for name in left]
        return f"; {' and '.join(named)} still touches it in front" if named else ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown, each once."""
        return tuple(dict.fromkeys([*(one.id for one in self.seen), *_SIDES_IDS]))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Taken is measured on the model: the share of the joint's width without bone on both sides.",
            "Room is the least free cross-section within 2.5 mm of the resting root.",
            f"In cadavers the segment got weaker beyond half of the facet ({name_of('P:P11')}, {name_of('P:P11b')}).",
            f"In {_people('P:P12')} those with half or more removed fared no worse, but bone bridging was commoner.",
            "That cohort is retrospective and quoted by another text: both sides stand.",
            "Cadaver lengths were taken in other ways: after removal on both sides, or after a whole laminectomy.",
            "The model counts the root from the edge of the dural sac outward, wherever no bone covers it from behind.",
        )


def _checked(shares: Sequence[float]) -> list[float]:
    """Put the shares in order, or refuse them."""
    numbers = isinstance(shares, list | tuple) and all(isinstance(share, int | float) for share in shares)
    if not numbers or not shares or not all(0 < share <= 1 for share in shares):
        raise InvalidInput(f"The shares {shares!r} cannot be taken; give numbers above 0 and up to 1.")
    return sorted(map(float, shares))


def _people(evidence_id: str) -> str:
    return facts()[evidence_id].population.split(",")[0]


@lru_cache(maxsize=32)  # a pure function of words and numbers; a keyhole costs about a second
def _after(level: str, state: str, side: str, share: float) -> Point:
    return _read(_operated(level, state, side, share), side)


@lru_cache(maxsize=8)
def _operated(level: str, state: str, side: str, share: float) -> Segment:
    segment = _segment(level, state, side)
    return segment.after(removal(segment, "keyhole", side, share))


@lru_cache(maxsize=8)
def _then(level: str, state: str, side: str) -> tuple[Then, ...]:
    """Take ligament and capsule, and then what lies in front, through the window of half the facet."""
    found: list[Then] = []
    steps: list[tuple[tuple[str, ...], str]] = [(("flavum", "capsule"), "ligament and capsule taken as well")]
    steps += [((_FRONT[state][0],), _FRONT[state][1])] if state in _FRONT else []
    segment = _operated(level, state, side, HALF_FACET)
    for gone, words in steps:
        segment = segment.after(*(SoftRemoval(what, side) for what in gone))
        point = _read(segment, side)
        found.append(Then(words, point.room, point.touched))
    return tuple(found)


@lru_cache(maxsize=8)
def _before(level: str, state: str, side: str) -> Point:
    return _read(_segment(level, state, side), side)


@lru_cache(maxsize=8)
def _segment(level: str, state: str, side: str) -> Segment:
    return Segment.at(level).with_lesions(*_lesions(state, side))


def _lesions(state: str, side: str) -> tuple[Lesion, ...]:
    return tuple(make_lesion(name, mm, side if kind_of(name).sides else "") for name, mm in STATES[state][1])


def _read(segment: Segment, side: str) -> Point:
    found = gauges(segment, side)
    root = next(one for one in found.roots if one.kind == "exiting")
    return Point(100 * (1 - found.facet_left), found.exposed_mm, found.room_mm2, root.walls)


def _published() -> tuple[Seen, ...]:
    """Read the lengths that cadaver studies saw."""
    (both, ways), (half, way) = _SEEN_IDS
    one, other = _match(both, ways), _match(half, way)
    ends = [float(part) for part in one]
    return (
        Seen(both, ends[0], ends[1], ends[2]),
        Seen(both, ends[3], ends[4], ends[5]),
        Seen(half, 100 * HALF_FACET, float(other[0]), float(other[1])),
    )


def _match(evidence_id: str, pattern: str) -> tuple[str, ...]:
    found = re.search(pattern, facts()[evidence_id].value)
    if found is None:
        raise InvalidInput(f"The value of {evidence_id} no longer holds the lengths that a chart draws.")
    return found.groups()


# -- words


def describe_facet_share(numbers: FacetShare) -> str:
    """Say the chart in words, from the numbers that it draws."""
    lines = [f"{numbers.message}.", f"{numbers.level}, {numbers.side}, {numbers.state}, teaching model:"]
    for point in numbers.points:
        taken = f"{point.taken:.0f} % of the facet taken" if point.taken > 0 else "before the operation"
        lines.append(f"- {taken}: {point.exposed:.1f} mm of root seen, room {point.room:.0f} mm².")
    lines += [f"- at half, {one.words}: room {one.room:.0f} mm², {_touch(numbers, one)}." for one in numbers.then]
    for one in numbers.seen:
        lines.append(f"Cadavers, {one.taken:g} % taken: {one.low:g} to {one.high:g} mm seen ({name_of(one.id)}).")
    return "\n".join([*lines, *numbers.remarks])


def _touch(numbers: FacetShare, one: Then) -> str:
    named = [touched_name(Level.parse(numbers.level), name) for name in one.touched]
    return f"the root touches {' and '.join(named)}" if named else "the root touches nothing"


# -- picture


def compose_facet_share(numbers: FacetShare, look: Look) -> Figure:
    """Draw the whole chart as a figure: root seen, and room, against the share of the facet that is gone."""
    top, across = title_depth(numbers.message, look), look.width - 2 * MARGIN
    marks = footnotes(" ".join(name_of(one.id) for one in numbers.seen))
    notes = lines_of(" ".join(filter(None, (marks, "Bars: cadavers. Dots: model."))), across)
    high = 230.0
    step = high + 112
    sheet = Sheet(look, top + (2 * step if look.narrow else step) + depth(notes) + MARGIN)
    sheet.title(numbers.message)
    wide = across - 50 if look.narrow else across / 2 - 60
    for place, (title, key, most) in enumerate(_panels(numbers)):
        left = MARGIN + 38 + (0 if look.narrow else place * (across / 2 + 10))
        down = top + (place * step if look.narrow else 0)
        sheet.words(left - 38, down, [title], size=16, weight="bold")
        axes = sheet.axes(left, down + 52, wide, high)
        _panel(axes, numbers, look, key, most)
        sheet.words(left, down + high + 76, ["facet taken, %"], name="muted")
    sheet.words(MARGIN, top + (2 * step if look.narrow else step) - 4, notes, name="muted")
    return sheet.figure


def _panels(numbers: FacetShare) -> tuple[tuple[str, str, float], ...]:
    exposed = max([*(point.exposed for point in numbers.points), *(one.high for one in numbers.seen)])
    room = max([*(point.room for point in numbers.points), *(one.room for one in numbers.then)])
    return (
        ("Root seen from behind, mm", "exposed", 5.0 * ceil(1.1 * exposed / 5)),
        ("Room about the root, mm²", "room", 10.0 * ceil(1.1 * room / 10)),
    )


def _panel(axes: Axes, numbers: FacetShare, look: Look, key: str, most: float) -> None:
    axes.set_ylim(0, most)
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 25))
    step = 5 if key == "exposed" else 10
    axes.set_yticks(range(0, int(most) + 1, step))
    axes.grid(color=look.colour("frame"), linewidth=0.9)
    axes.set_axisbelow(True)
    half = 100 * HALF_FACET
    axes.axvline(half, color=look.colour("accent"), linewidth=2, linestyle="--", zorder=2)
    beside(axes, (half, most), (0, 12), "half: cadaver limit, disputed", look, name="accent", weight="normal")
    x, y = [point.taken for point in numbers.points], [getattr(point, key) for point in numbers.points]
    axes.plot(x, y, "o-", color=look.colour("ink"), linewidth=2.5, markersize=8, zorder=4, clip_on=False)
    if key == "exposed":
        beside(axes, (x[-1], y[-1]), (0, 14), "model", look)
        _cadavers(axes, numbers, look)
    else:
        beside(axes, (x[-1], y[-1]), (0, -16), "model, bone only", look, align="right")
        _after_bone(axes, numbers, look)


def _after_bone(axes: Axes, numbers: FacetShare, look: Look) -> None:
    """Draw what comes after the bone as rings on the line of half the facet, each with its words."""
    x, span = numbers.half.taken, axes.get_ylim()[1]
    last = None
    for one in numbers.then:
        axes.plot([x], [one.room], "o", markersize=10, markerfacecolor=look.colour("ground"), zorder=5,
                  markeredgecolor=look.colour("ink"), markeredgewidth=2)  # fmt: skip
        crowded = last is not None and abs(one.room - last) < 0.09 * span  # a line of type
        words = one.words.removesuffix(" taken as well").replace(" and ", ", ")
        beside(axes, (x, one.room), (10, 14 if crowded or last is not None else 8), f"+ {words}", look, align="left")
        last = one.room


def _cadavers(axes: Axes, numbers: FacetShare, look: Look) -> None:
    """Draw the published lengths as bars, each with its name beside it."""
    for one in numbers.seen:
        half = one.id == _SEEN_IDS[1][0]
        x = one.taken - (2.5 if half else 0.0)
        axes.plot(
            [x, x], [one.low, one.high], color=look.colour("accent"), linewidth=7, zorder=3, solid_capstyle="butt"
        )
        # The bar at half stands by the model's line: its name goes below it, and two names take two lines.
        name = name_of(one.id).replace(" and ", " and\n")
        at, place, align = (
            ((x, one.low), (0, -22), "center") if half else ((x, (one.low + one.high) / 2), (8, -2), "left")
        )
        beside(axes, at, place, name, look, name="muted", align=align, weight="normal")
