"""What an anatomist would nod at: sentences about the segment, checked by geometry.

The sentences stand in ``data/model/relations.csv``. Each names a kind of relation, its subject, its object and the
least margin with which it holds. Margins are measured on the points that the structures truly own
(:mod:`foramlib.spine.specimen`), along x to the left, y backward and z upward, so that a mirrored or inverted
segment fails.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.spine import bearings
from foramlib.spine.contact import contacts
from foramlib.spine.lattice import Box, Lattice
from foramlib.spine.lesions import parse_lesion
from foramlib.spine.levels import MODELLED, parse_side
from foramlib.spine.planes import PLANES, Plane
from foramlib.spine.room import root_states
from foramlib.spine.section import Section, cut
from foramlib.spine.specimen import Specimen
from foramlib.spine.stage import Posture
from foramlib.spine.structures import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from foramlib.spine.bearings import Sense
    from foramlib.spine.lattice import Array
    from foramlib.spine.levels import Level
    from foramlib.spine.segment import Segment, Structure

JOINED = 1.7
"""Points of two structures this near, mm, count as joined in the neck: about two sampling steps (half as much more
in the low back)."""

SHARED = 0.05
"""Overlap of two regions in a section, mm², that drawing alone explains."""

EVEN = 0.2
"""How far the middle of a structure may lie off its mirror image, mm: a fraction of a sampling step."""

FINE = 0.4
"""Distance between points where a depth is measured, mm."""

WALLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "upper": ("vertebral_body", "pedicle", "inferior_articular_process"),
        "lower": ("vertebral_body", "pedicle", "superior_articular_process", "uncinate_process"),
    }
)
"""Parts of the two bones that bound the foramen between them."""

RING, RING_REACH = 90.0, 9.0
"""A ring of bone is closed where no gap is wider than this, degrees, within this many mm."""

SENSES: Mapping[str, Sense] = MappingProxyType(
    {
        "lateral": (0, 1.0),
        "medial": (0, -1.0),
        "behind": (1, 1.0),
        "before": (1, -1.0),
        "above": (2, 1.0),
        "below": (2, -1.0),
    }
)
"""Axis and sign of each word of direction; lateral is to the left on the left side."""

SCOPES: Mapping[str, Callable[[Array, Array, Sense], float]] = MappingProxyType(
    {
        "centre": bearings.centre,
        "edge": bearings.edge,
        "top": bearings.top,
        "level": bearings.level,
        "clear": bearings.clear,
        "facing": bearings.facing,
    }
)
"""What of the two clouds is compared along a direction."""

HITS = "hits"
"""Kind of relation whose object is a lesion as the command writes it."""

STATES = ("any", "even", "neutral")
LEVELS = ("both", "cervical", "lumbar", *MODELLED, *(f"-{name}" for name in MODELLED))


@dataclass(frozen=True)
class Relation:
    """One sentence about the segment.

    Attributes
    ----------
    id : str
        Such as ``"R-35"``.
    levels : str
        Words: ``both``, ``cervical``, ``lumbar`` or the names of levels; with a minus before it, a level left out.
    state : str
        ``"any"`` posture and disc height, ``"even"`` (no bend, no rotation) or ``"neutral"`` (full disc height too).
    sentence : str
        With ``{upper}``, ``{lower}``, ``{level}``, ``{root}`` and ``{traversing}`` for the level's own names.
    kind : str
        A direction with a scope (``"behind facing"``), ``"runs"`` with a direction, or the name of a check.
    subject, object : str
        Terms as :meth:`Specimen.points` reads them; empty where the kind needs none.
    least : float
        Margin, mm, from which the sentence holds.
    """

    id: str
    levels: str
    state: str
    sentence: str
    kind: str
    subject: str
    object: str
    least: float

    @property
    def axes(self) -> str:
        """Axes of the directions in the sentence: flipped along one of them, a specimen must fail."""
        if self.kind in TURNS:
            return TURNS[self.kind]
        named = [word for word in self.kind.split() if word in SENSES]
        return ("x" if self.kind.startswith("runs") else "") + "".join("xyz"[SENSES[word][0]] for word in named)

    def applies(self, segment: Segment) -> bool:
        """Tell whether the sentence is about this level in this posture."""
        even = not (segment.posture.bend or segment.posture.rotation)
        neutral = segment.posture == Posture() and not segment.disc_loss
        asked = {"any": True, "even": even, "neutral": neutral}[self.state]
        return asked and _names_level(self.levels.split(), segment.level)

    def check(self, specimen: Specimen, side: str) -> float:
        """Return the margin with which the sentence holds on ``side``, mm; nan where nothing can be compared."""
        return _checker(self.kind)(specimen, side, self)

    def told(self, level: Level) -> str:
        """Return the sentence with the names of ``level``."""
        names = {"root": level.exiting_root, "traversing": level.traversing_root}
        return self.sentence.format(upper=level.upper, lower=level.lower, level=level.name, **names)


@dataclass(frozen=True)
class Outcome:
    """Answer of a segment to one sentence: the sentence as told at its level, the margin (mm) and whether it holds."""

    relation: Relation
    level: str
    side: str
    sentence: str
    margin: float
    ok: bool


def check_relations(segment: Segment, side: str = "left") -> list[Outcome]:
    """Check every sentence that is about this segment.

    Parameters
    ----------
    segment : Segment
        Any level, build, posture and disc height.
    side : str
        ``"left"`` or ``"right"``.

    Returns
    -------
    list of Outcome
        In the order of the table.

    Raises
    ------
    InvalidInput
        If the side is unknown or the table is corrupt.
    """
    return check_specimen(Specimen.of(segment), parse_side(side))


def check_specimen(specimen: Specimen, side: str) -> list[Outcome]:
    """Check every sentence that is about a specimen, which need not be a true one; see :func:`check_relations`."""
    return [_outcome(relation, specimen, side) for relation in relations() if relation.applies(specimen.segment)]


def _outcome(relation: Relation, specimen: Specimen, side: str) -> Outcome:
    margin, level = relation.check(specimen, side), specimen.level
    # Not a number is no answer, and no answer is not a yes.
    return Outcome(relation, level.name, side, relation.told(level), round(margin, 3), margin >= relation.least)


@lru_cache
def relations() -> tuple[Relation, ...]:
    """Return all sentences (source: ``data/model/relations.csv``).

    Raises
    ------
    InvalidInput
        If a row names an unknown level, state, kind or structure, or its margin is no number.
    """
    with data_path("model", "relations.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_relation(row) for row in csv.DictReader(lines))


def _relation(row: Mapping[str, str]) -> Relation:
    for column, allowed in (("levels", LEVELS), ("state", STATES)):
        if not (row[column] and set(row[column].split()) <= set(allowed)):
            raise InvalidInput(_fault(row, column, f"one of {', '.join(allowed)}"))
    for column in ("subject",) if row["kind"] == HITS else ("subject", "object"):
        keys = [word.rpartition(".")[2] for word in row[column].split("+") if word]
        if not set(keys) <= set(catalogue()):
            raise InvalidInput(_fault(row, column, "keys of data/model/structures.csv"))
    _checker(row["kind"])
    if row["kind"] == HITS:
        parse_lesion(row["object"], "left")
    try:
        least = float(row["least"])
    except ValueError:
        raise InvalidInput(_fault(row, "least", "a number")) from None
    return Relation(**{**row, "least": least})  # type: ignore[arg-type]


def _names_level(words: list[str], level: Level) -> bool:
    return f"-{level.name}" not in words and bool({"both", level.region, level.name} & set(words))


def _fault(row: Mapping[str, str], column: str, needed: str) -> str:
    return f"data/model/relations.csv, row {row['id']!r}, column {column!r} holds {row[column]!r}; {needed} is needed."


# The kinds of check -------------------------------------------------------------------------


def _checker(kind: str) -> Callable[[Specimen, str, Relation], float]:
    """Return the function that checks a kind of relation."""
    word, _, rest = kind.partition(" ")
    if word in SENSES and rest in SCOPES:
        return _direction
    if word == "runs" and rest in SENSES:
        return _course
    if kind in CHECKS:
        return CHECKS[kind]
    message = f"The kind of relation {kind!r} is unknown; choose a direction with a scope, runs with a direction"
    raise InvalidInput(f"{message} or one of {', '.join(CHECKS)}.")


def _outward(side: str) -> float:
    return 1.0 if side == "left" else -1.0


def _sense(word: str, side: str) -> Sense:
    axis, sign = SENSES[word]
    return axis, sign * _outward(side) if axis == 0 else sign


def _pair(specimen: Specimen, side: str, relation: Relation) -> tuple[Array, Array] | None:
    """Return points of subject and object, or None where either owns nothing."""
    pair = specimen.points(relation.subject, side), specimen.points(relation.object, side)
    return pair if len(pair[0]) and len(pair[1]) else None


def _direction(specimen: Specimen, side: str, relation: Relation) -> float:
    word, _, scope = relation.kind.partition(" ")
    pair = _pair(specimen, side, relation)
    return SCOPES[scope](*pair, _sense(word, side)) if pair else nan


def _course(specimen: Specimen, side: str, relation: Relation) -> float:
    cloud = specimen.points(relation.subject, side)
    sense = _sense(relation.kind.partition(" ")[2], side)
    return bearings.course(cloud, sense, _outward(side)) if len(cloud) else nan


def _meets(specimen: Specimen, side: str, relation: Relation) -> float:
    pair = _pair(specimen, side, relation)
    joined = JOINED * (1.0 if specimen.level.region == "cervical" else 1.5)
    return joined - bearings.distance(*pair) if pair else nan


def _ringed(specimen: Specimen, side: str, relation: Relation) -> float:
    pair = _pair(specimen, side, relation)
    return bearings.ringed(*pair) if pair else nan


def _through(specimen: Specimen, side: str, relation: Relation) -> float:
    """Degrees by which the widest gap in the ring is narrower than allowed."""
    pair = _pair(specimen, side, relation)
    return RING - bearings.widest_opening(*pair, RING_REACH) if pair else nan


def _absent(specimen: Specimen, side: str, relation: Relation) -> float:
    known = {structure.key for structure in specimen.segment.soft}
    return -1.0 if relation.subject in known or len(specimen.points(relation.subject, side)) else 0.0


def _numbered(specimen: Specimen, side: str, relation: Relation) -> float:
    """0 if the name of the root carries the number that anatomy gives it (A:A-06), else -1."""
    level = specimen.level
    number = int(level.upper[1:]) + (1 if level.region == "cervical" else 0)
    root = f"{level.upper[0]}{number}"
    names = [part.name for part in specimen.segment.soft if part.key == relation.subject and part.side == side]
    return 0.0 if len(names) == 1 and root in names[0].split() else -1.0


def _midline(specimen: Specimen, side: str, relation: Relation) -> float:
    cloud = specimen.points(relation.subject, side)
    return EVEN - abs(float(cloud[:, 0].mean())) if len(cloud) else nan


def _own_side(specimen: Specimen, side: str, relation: Relation) -> float:
    cloud = specimen.points(relation.subject, side)
    return float((_outward(side) * cloud[:, 0]).min()) if len(cloud) else nan


def _sides(specimen: Specimen, side: str, _: Relation) -> float:
    clouds = [cloud for name, cloud in specimen.clouds.items() if name.endswith(f".{side}")]
    return min(_outward(side) * float(cloud[:, 0].mean()) for cloud in clouds)


def _mirrored(specimen: Specimen, side: str, _: Relation) -> float:
    other = "right" if side == "left" else "left"
    worst = 0.0
    for name, cloud in specimen.clouds.items():
        if name.endswith(f".{side}"):
            twin = specimen.clouds.get(name.removesuffix(side) + other)
            if twin is None:
                return nan
            worst = max(worst, float(np.abs(cloud.mean(axis=0) * (-1, 1, 1) - twin.mean(axis=0)).max()))
    return EVEN - worst


def _half(specimen: Specimen, side: str, relation: Relation) -> float:
    """Height of the subject's middle above (upper) or below (lower) mid-height of the foramen."""
    cloud, loop = specimen.points(relation.subject, side), specimen.openings[side]
    if not (len(cloud) and len(loop)):
        return nan
    rise = float(cloud[:, 2].mean() - (loop[:, 2].min() + loop[:, 2].max()) / 2)
    return rise if relation.kind == "upper half" else -rise


def _within_opening(specimen: Specimen, side: str, relation: Relation) -> float:
    cloud, loop = specimen.points(relation.subject, side), specimen.openings[side]
    return bearings.inside_loop(cloud.mean(axis=0), loop) if len(cloud) and len(loop) else nan


def _under(specimen: Specimen, side: str, relation: Relation) -> float:
    """Least of: how far the subject's middle lies below all of the object, and within its width and depth."""
    pair = _pair(specimen, side, relation)
    if pair is None:
        return nan
    middle, low, high = pair[0].mean(axis=0), pair[1].min(axis=0), pair[1].max(axis=0)
    return float(min(*(middle - low)[:2], *(high - middle)[:2], low[2] - middle[2]))


# Checks that ask the segment itself ---------------------------------------------------------


def _bones_apart(specimen: Specimen, *_: object) -> float:
    """Gap between the two vertebrae, mm; negative is how deep one enters the other."""
    bones = [bone.whole for bone in specimen.segment.bones]
    shared = Box.common([bone.box for bone in bones]).grown(1.0)

    def worse(lattice: Lattice) -> Array:
        return np.maximum(*(np.broadcast_to(bone.field(lattice), lattice.shape) for bone in bones))

    coarse = _cells(shared, 0.8)
    field = worse(coarse)
    suspects = np.argsort(field, axis=None)[:40]
    spots = coarse.origin + np.column_stack(np.unravel_index(suspects, field.shape)) @ coarse.steps
    least = min(float(worse(_cells(Box.around(spot[None, :]).grown(0.8), 0.2)).min()) for spot in spots)
    # Half-way across a gap, both fields are half the gap; half-way through an overlap, minus half of it.
    return 2.0 * least


def _cells(box: Box, step: float) -> Lattice:
    counts = tuple(int(count) for count in np.ceil(np.subtract(box.high, box.low) / step) + 1)
    return Lattice(np.array(box.low), step * np.eye(3), counts)


def _untouched(specimen: Specimen, side: str, _: Relation) -> float:
    return -float(len(contacts(specimen.segment, side)))


def _sections(segment: Segment, side: str) -> Iterator[Section]:
    for name in PLANES:
        yield cut(segment, Plane.named(name.replace("DEG", "45"), segment, side))


def _disjoint(specimen: Specimen, side: str, _: Relation) -> float:
    """Area, mm², by which the largest overlap of two regions stays below what drawing explains."""
    worst = 0.0
    for section in _sections(specimen.segment, side):
        shapes = list(section.outlines.values())
        tree = shapely.STRtree(shapes)
        first, second = tree.query(shapes, predicate="intersects")
        for one, other in zip(first, second, strict=True):
            if one < other:
                worst = max(worst, float(shapes[one].intersection(shapes[other]).area))
    return SHARED - worst


def _present(specimen: Specimen, side: str, _: Relation) -> float:
    """Minus the number of structures of the level, on this side or in the midline, that own no space."""
    return -float(len({part.id for part in _made(specimen.segment, side)} - set(specimen.clouds)))


def _visible(specimen: Specimen, side: str, _: Relation) -> float:
    """Minus the number of soft structures and walls of the foramen that show in no named plane of the side."""
    segment = specimen.segment
    shown = {name for section in _sections(segment, side) for name in section.outlines}
    walls = {"": {part.key for part in segment.soft}}
    walls |= {name: set(WALLS[place]) for place, name in zip(WALLS, segment.stage.names, strict=True)}
    wanted = {part.id for part in _made(segment, side) if part.key in walls[part.vertebra]}
    return -float(len(wanted - shown))


def _made(segment: Segment, side: str) -> list[Structure]:
    made = [*segment.soft, *(part for bone in segment.bones for part in bone.parts)]
    return [part for part in made if part.side in {"", side}]


def _free_of_bone(specimen: Specimen, side: str, relation: Relation) -> float:
    """Minus the depth, mm, to which bone enters the subject's whole shape, drawn or not."""
    segment, worst = specimen.segment, 0.0
    names = specimen.named(relation.subject, side)
    for part in (part for part in segment.soft if part.id in names):
        lattice = _cells(part.shape.box, FINE)
        own = np.broadcast_to(part.shape.field(lattice), lattice.shape)
        for bone in segment.bones:
            worst = min(worst, float(np.maximum(own, bone.whole.field(lattice)).min()))
    return 2.0 * worst


def _hits(specimen: Specimen, side: str, relation: Relation) -> float:
    """Share of the subject's outline that the lesion of the row presses, or -1 where it presses another root."""
    grown = parse_lesion(relation.object, side)
    states = root_states(specimen.segment.with_lesions(grown), side)
    hit = {f"{state.kind}_root": state for state in states if state.hit}
    if set(hit) != {relation.subject}:
        return -1.0
    return hit[relation.subject].contact


CHECKS: Mapping[str, Callable[[Specimen, str, Relation], float]] = MappingProxyType(
    {
        "meets": _meets,
        "ringed by": _ringed,
        "through": _through,
        "absent": _absent,
        "numbered": _numbered,
        "midline": _midline,
        "own side": _own_side,
        "sides": _sides,
        "mirrored": _mirrored,
        "upper half": _half,
        "lower half": _half,
        "within opening": _within_opening,
        "under": _under,
        "bones apart": _bones_apart,
        "untouched": _untouched,
        "disjoint": _disjoint,
        "present": _present,
        "visible": _visible,
        "free of bone": _free_of_bone,
        HITS: _hits,
    }
)
"""Checks by the name that the table calls them."""

TURNS: Mapping[str, str] = MappingProxyType(
    {"upper half": "z", "lower half": "z", "under": "z", "own side": "x", "sides": "x"}
)
"""Axes of the checks that speak of a direction without naming it."""
