"""Find the structure: a random level, side, plane and person, and one structure that can be seen and pointed at.

The picture is a section, or a key view in 3D where somebody is given who makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.learning.practice.in_space import bearings_in_space, one_bearing_in_space
from foramlib.learning.practice.placing import SHOWN, Bearing, Spot, bearings, one_bearing, spots
from foramlib.spine.builds import BUILDS
from foramlib.spine.levels import Level
from foramlib.spine.planes import Plane
from foramlib.spine.section import Section, cut
from foramlib.spine.segment import Segment, Structure
from foramlib.spine.structures import catalogue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from random import Random

    from foramlib.learning.practice.in_space import Look, Looker

__all__ = ["PEOPLE", "PLANES", "VIEWS", "FindTask", "Place", "Views", "find_task", "matches", "plain_name"]

PLANES = ("foramen", "sagittal", "axial-disc", "axial-pedicle", "coronal")
"""Planes that practice asks about."""

VIEWS = ("3d-lateral", "3d-posterior-oblique", "3d-posterior", "3d-axial", "3d-foramen")
"""Key views in 3D that practice asks about, named so that no card of theirs is taken for one of a plane."""

SHARE = 0.25
"""How many of the pictures are key views where both are wanted: one in four."""

PEOPLE = 200
"""How many sampled people practice may show."""

THICK = 0.045
"""Least thickness of what is asked for, as a share of the picture's half width: eight pixels on a phone."""

THICK_PART = 0.13
"""The same for a part of a bone, whose borders to the other parts are not drawn."""

TRIES = 40
"""How many places are tried for a card that is to return before something new is asked."""

VIEW_TRIES = 3
"""The same for a key view, which takes longer to draw."""

CHOICES = 4
"""How many names are offered."""

# What lies within what is asked for is as right as the whole.
_PARTS = MappingProxyType({"exiting_root": ("ganglion", "ventral_root"), "dural_sac": ("spinal_cord", "cauda_equina")})

# What is only what the others leave between them is not asked for.
_BETWEEN = frozenset({"epidural_fat", "recess_fat"})

# Fat looks alike on either side of a border that nobody sees: only one of the two is asked for or offered.
_ALIKE = frozenset({"epidural_fat", "foraminal_fat", "recess_fat"})

_SHORT = MappingProxyType(
    {
        "dural_sac": "dural sac",
        "facet_joint": "facet joint",
        "capsule": "facet capsule",
        "annulus": "annulus of the disc",
    }
)


@dataclass(frozen=True)
class Place:
    """Which section of whom.

    Parameters
    ----------
    level, side, plane : str
        As the spine model names them; the plane may be one of :data:`VIEWS` as well.
    build : str
        ``"small"``, ``"typical"`` or ``"large"``.
    person : int or None
        Seed of a sampled person, who is then shown instead of a build.
    """

    level: str
    side: str
    plane: str
    build: str = "typical"
    person: int | None = None

    def segment(self) -> Segment:
        """Give the neutral segment of this person."""
        if self.person is None:
            return Segment.at(self.level, build=self.build)
        return Segment.sampled(self.level, self.person)

    @property
    def view(self) -> str:
        """Name of the key view; empty for a section."""
        return self.plane.removeprefix("3d-") if self.plane in VIEWS else ""

    @property
    def who(self) -> str:
        """Say who is shown: "typical build", "sampled person 17"."""
        return f"{self.build} build" if self.person is None else f"sampled person {self.person}"

    @staticmethod
    def drawn(luck: Random, levels: Sequence[str], planes: Sequence[str] = PLANES) -> Place:
        """Draw a place: every second one is a sampled person."""
        level, side, plane = luck.choice(levels), luck.choice(("left", "right")), luck.choice(planes)
        if luck.random() < 0.5:  # noqa: PLR2004 - a coin
            return Place(level, side, plane, person=luck.randrange(PEOPLE))
        return Place(level, side, plane, build=luck.choice(tuple(BUILDS)))


@dataclass(frozen=True)
class Views:
    """Who makes key views in 3D, and how many are wanted.

    Parameters
    ----------
    look : Looker
        Makes a picture.
    share : float
        How many of the pictures are in 3D, 0 to 1; at 1 no section is asked about.
    """

    look: Looker
    share: float = SHARE


@dataclass(frozen=True, eq=False)
class FindTask:
    """One structure to find in one picture.

    Attributes
    ----------
    place : Place
        Where.
    segment : Segment
        What is cut, or looked at.
    section : Section
        The cut; for a key view what is seen, region by region, in the plane of its camera.
    target : str
        Id of what is asked for.
    bearings : tuple of Bearing
        Where it lies: in the section, or for a key view in the body.
    options : tuple of str
        Names offered where it is to be named.
    look : Look or None
        The key view, where the picture is one.
    """

    place: Place
    segment: Segment
    section: Section
    target: str
    bearings: tuple[Bearing, ...]
    options: tuple[str, ...]
    look: Look | None = None

    @cached_property
    def spots(self) -> dict[str, Spot]:
        """What the middle of the section shows, or all of a key view, by id."""
        return _spots(self.section, self.look)

    @property
    def structure(self) -> Structure:
        """What is asked for."""
        return self.spots[self.target].structure

    @property
    def name(self) -> str:
        """Its name in this section."""
        return self.name_of(self.target)

    @property
    def card(self) -> str:
        """What is learnt here: region, plane and kind of structure, whoever shows it."""
        return card(self.segment.level, self.place.plane, self.structure)

    @property
    def right(self) -> int:
        """Place of the right name among the options."""
        return self.options.index(plain_name(self.segment, self.structure))

    def accepts(self, name: str) -> bool:
        """Whether pointing at the structure of that id is right."""
        side = f".{self.structure.side}" if self.structure.side else ""
        parts = {ident for part in _PARTS.get(self.structure.key, ()) for ident in (part, f"{part}{side}")}
        return name == self.target or name in parts

    def name_of(self, name: str) -> str:
        """Name the structure of that id; its side only where the picture shows both."""
        found = next(region.structure for region in self.section.regions if region.structure.id == name)
        both = self.section.plane.kind != "sagittal"
        return found.name if both else plain_name(self.segment, found)

    def reason(self, *, alone: bool = True) -> str:
        """Say where it lies and what it is; ``alone`` where no sentence before has said that the patient is meant."""
        structure = self.structure
        where = " and ".join(self._said(bearing) for bearing in self.bearings)
        latin = catalogue()[structure.key].latin
        placed = self._placed(f"{self.the(self.target)} lies {where}", alone=alone)
        return f"{placed} {latin}: {structure.note}"

    def against(self, chosen: str) -> str:
        """Say how what was asked for lies to what was pointed at; empty where nothing certain can be said."""
        seen = self.spots
        if chosen not in seen or chosen == self.target:
            return ""
        if self._mirrored(seen[chosen].structure):
            return f"It is the structure, but of the other side{self._which_way()}."
        bearing = self._bearing(seen[chosen])
        return self._placed(f"what was asked for lies {self._said(bearing)}") if bearing else ""

    def _bearing(self, other: Spot) -> Bearing | None:
        here = self.spots[self.target]
        if self.look is None:
            return one_bearing(self.section.plane, here, other)
        return one_bearing_in_space(self.look.points, here.structure, other.structure)

    def _placed(self, words: str, *, alone: bool = True) -> str:
        """Make a sentence of where something lies; in 3D what is behind in the patient may be in front for the eye."""
        return f"In the patient, {words}." if self.look and alone else f"{_capital(words)}."

    def _which_way(self) -> str:
        patient = {"L": "left", "R": "right"}.get(self.section.plane.marks["left"])
        return f": the picture has the patient's {patient} on its left" if patient else ""

    def _mirrored(self, other: Structure) -> bool:
        own = self.structure
        return (own.key, own.vertebra) == (other.key, other.vertebra) and own.side != other.side

    def the(self, name: str) -> str:
        """Name a structure within a sentence: "the pedicle of C5"."""
        return f"the {_small(self.name_of(name))}"

    def _said(self, bearing: Bearing) -> str:
        """Say one bearing; a landmark on the same side does not repeat it, and has its everyday name."""
        landmark = self.spots[bearing.landmark].structure
        same = landmark.side == self.structure.side
        name = _SHORT.get(landmark.key) or plain_name(self.segment, landmark)
        side = "" if same or self.section.plane.kind == "sagittal" or not landmark.side else f"{landmark.side} "
        return f"{bearing.word} the {side}{_small(name)}"


def _small(name: str) -> str:
    return name if name[1:2].isdigit() else name[0].lower() + name[1:]


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def plain_name(segment: Segment, structure: Structure) -> str:
    """Name a structure without its side."""
    return catalogue()[structure.key].named(segment.level, structure.vertebra)


def card(level: Level, plane: str, structure: Structure) -> str:
    """Name what is learnt: ``"cervical/foramen/lower.pedicle"``."""
    which = {level.upper: "upper.", level.lower: "lower."}.get(structure.vertebra, "")
    return f"{level.region}/{plane}/{which}{structure.key}"


def matches(name: str, levels: Iterable[str], views: Views | None = None) -> bool:
    """Whether a card can return at one of these levels, in a picture that is wanted."""
    region, *rest = name.split("/")
    pictures = (PLANES if views is None or views.share < 1 else ()) + (VIEWS if views else ())
    return len(rest) == 2 and rest[0] in pictures and region in _regions(levels)  # noqa: PLR2004 - plane, structure


def _regions(levels: Iterable[str]) -> frozenset[str]:
    return frozenset(Level.parse(level).region for level in levels)


def find_task(
    luck: Random,
    levels: Sequence[str],
    again: str = "",
    recent: Collection[str] = (),
    views: Views | None = None,
) -> FindTask:
    """Draw a task.

    Parameters
    ----------
    luck : Random
        Where chance comes from; the same gives the same task.
    levels : sequence of str
        Levels to choose from.
    again : str
        Card that is to return, in another picture; where no picture shows it, something new is asked.
    recent : collection of str
        Cards that were asked just now; they are left out as long as there are others.
    views : Views, optional
        Who makes key views; without, only sections are asked about.

    Returns
    -------
    FindTask
        Its target can be seen, lies in one place, and its place can be told in words.
    """
    region, plane, *_ = [*again.split("/"), ""]
    own = [level for level in levels if Level.parse(level).region == region]
    tries = VIEW_TRIES if plane in VIEWS else TRIES
    for _ in range(tries if again else 0):
        found = _task_at(_Picture.of(Place.drawn(luck, own, [plane]), views), luck, only=again)
        if found:
            return found
    # With most of a small choice asked just now, some task must still come.
    pictures = (_Picture.of(Place.drawn(luck, levels, _planes(luck, views)), views) for _ in count())
    tasks = (_task_at(one, luck, without=recent if turn < TRIES else ()) for turn, one in enumerate(pictures))
    return next(task for task in tasks if task)


def _planes(luck: Random, views: Views | None) -> Sequence[str]:
    """Choose between sections and key views."""
    return VIEWS if views and luck.random() < views.share else PLANES


@dataclass(frozen=True, eq=False)
class _Picture:
    """A section, or a key view, from which something is to be asked."""

    place: Place
    segment: Segment
    section: Section
    look: Look | None

    @staticmethod
    def of(place: Place, views: Views | None) -> _Picture:
        """Make the picture of a place."""
        segment = place.segment()
        if place.view and views:
            look = views.look(segment, place.view, place.side)
            return _Picture(place, segment, look.seen, look)
        return _Picture(place, segment, cut(segment, Plane.named(place.plane, segment, place.side)), None)

    @cached_property
    def seen(self) -> dict[str, Spot]:
        """What it shows, by id."""
        return _spots(self.section, self.look)

    def card_of(self, name: str) -> str:
        """Name what is learnt by finding the structure of that id."""
        return card(self.segment.level, self.place.plane, self.seen[name].structure)

    def told(self, name: str) -> tuple[Bearing, ...]:
        """Say where the structure of that id lies."""
        if self.look is None:
            return bearings(self.section, self.seen, name)
        return bearings_in_space(self.look, {one: spot.structure for one, spot in self.seen.items()}, name)

    def options(self, luck: Random, name: str) -> tuple[str, ...]:
        """Offer names for the structure of that id; a key view leaves some structures out, and so do its options."""
        return _options(luck, self.segment, self.seen[name].structure, None if self.look is None else self.look.points)


def _spots(section: Section, look: Look | None) -> dict[str, Spot]:
    """Give what a picture shows: a key view all that is in view, since nothing of it is cut off."""
    return spots(section, SHOWN if look is None else 1.0)


def _task_at(picture: _Picture, luck: Random, only: str = "", without: Collection[str] = ()) -> FindTask | None:
    """Ask for something in a picture; None where nothing suits."""
    segment, section, seen = picture.segment, picture.section, picture.seen
    cards = {name: picture.card_of(name) for name in seen}
    fit = [name for name, spot in seen.items() if _fit(spot, section, seen) and cards[name] not in without]
    fit = [name for name in fit if only in {"", cards[name]}]
    for name in luck.sample(fit, len(fit)):
        told = picture.told(name)
        if told:
            return FindTask(picture.place, segment, section, name, told, picture.options(luck, name), picture.look)
    return None


def _fit(spot: Spot, section: Section, seen: Mapping[str, Spot]) -> bool:
    """Whether a structure can be asked for: on the side in view, in one piece, thick enough to be pointed at."""
    structure = spot.structure
    own_side = structure.side in {"", section.plane.side}
    alike = {other.structure.key for other in seen.values()} & (_ALIKE - {structure.key})
    thick = (THICK_PART if structure.vertebra else THICK) * section.plane.half[0]
    told_apart = structure.key not in _BETWEEN and (structure.key not in _ALIKE or not alike)
    return own_side and spot.whole and told_apart and spot.thicker_than(thick)


def _options(
    luck: Random, segment: Segment, target: Structure, drawn: Collection[str] | None = None
) -> tuple[str, ...]:
    """Offer the right name and three of the same sort, in alphabetical order; its twin of the other vertebra first."""
    right = plain_name(segment, target)
    twins: list[str] = []
    others: list[str] = []
    for structure in _same_sort(segment, target):
        if drawn is not None and structure.id not in drawn:
            continue
        (twins if structure.key == target.key else others).append(plain_name(segment, structure))
    rest = sorted(set(others))
    wrong = [*sorted(set(twins)), *luck.sample(rest, len(rest))][: CHOICES - 1]
    return tuple(sorted([right, *wrong]))


def _same_sort(segment: Segment, target: Structure) -> list[Structure]:
    """Structures that could be mistaken for the target: bone for bone, and nothing that it holds or belongs to."""
    pool = [part for bone in segment.bones for part in bone.parts] if target.vertebra else list(segment.soft)
    kin = (
        {target.key, *_PARTS.get(target.key, ())}
        | (_ALIKE if target.key in _ALIKE else frozenset())
        | {whole for whole, parts in _PARTS.items() if target.key in parts}
    )
    return [one for one in pool if one.id != target.id and (one.key not in kin or one.vertebra != target.vertebra)]
