"""What the causes app holds: one lesion being moved, those kept beside it, and the view."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.figures.room_words import hit_words
from foramlib.given import one_of
from foramlib.imaging.grades import grades
from foramlib.learning.state import ModelState
from foramlib.spine.fat import fat_about
from foramlib.spine.foramen import measure_section
from foramlib.spine.lesions import Lesion, fits, kind_of, kinds, lesion, read_lesions
from foramlib.spine.levels import Level, parse_side
from foramlib.spine.planes import Plane
from foramlib.spine.presets import preset, worn
from foramlib.spine.room import RootState, root_states
from foramlib.spine.section import cut
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foramlib.imaging.grades import Grade
    from foramlib.spine.fat import FatAbout
    from foramlib.spine.foramen import Measures
    from foramlib.spine.section import Section

__all__ = [
    "GROUPS",
    "PICTURES",
    "WEAR",
    "Cause",
    "Now",
    "asked",
    "cause_of",
    "choices_at",
    "from_preset",
    "look",
]

WEAR = "wear"
"""The path on which several changes come one after the other; a schema."""

PICTURES: Mapping[str, str] = MappingProxyType(
    {"foramen": "Foramen", "axial-disc": "Axial, through the disc", "coronal": "Coronal"}
)
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Front": ("bulge", "herniation", "uncovertebral_osteophyte", "ridge"),
        "Behind": ("facet_hypertrophy", "flavum_thickening", "synovial_cyst"),
        "Above": ("disc_height_loss",),
        "All round": ("spondylolisthesis", "short_pedicles"),
        "Inside": ("schwannoma", "epidural_scar"),
    }
)
"""From where a lesion narrows the foramen, as it is listed."""


@dataclass(frozen=True)
class Cause:
    """State of the app as plain data.

    Attributes
    ----------
    level, side, plane : str
        What is looked at.
    flexion : float
        Degrees; positive forward.
    lesion : str
        Kind being moved, :data:`WEAR`, or "".
    mm : float
        Its amount, mm.
    where, zone : str
        Its side (of the wearing path as well), and its zone or type, or "".
    wear : float
        How far along the wearing path, per cent.
    kept : tuple of str
        Lesions beside it, as the command takes them.
    """

    level: str
    side: str = "left"
    plane: str = "foramen"
    flexion: float = 0.0
    lesion: str = ""
    mm: float = 0.0
    where: str = ""
    zone: str = ""
    wear: float = 0.0
    kept: tuple[str, ...] = ()

    def lesions(self) -> tuple[Lesion, ...]:
        """Give all lesions of this state."""
        kept = read_lesions(self.kept, self.side)
        if self.lesion == WEAR:
            return (*kept, *worn(self.level, self.wear / 100, self.where or self.side))
        own = (lesion(self.lesion, self.mm, self.where, self.zone),) if self.lesion and self.mm else ()
        return (*kept, *own)

    def segment(self) -> Segment:
        """Give the model in this state."""
        return Segment.at(self.level).bent(flexion=self.flexion).with_lesions(*self.lesions())

    def healthy(self) -> Cause:
        """Give the same view without lesions."""
        return Cause(self.level, self.side, self.plane, self.flexion)

    def severe(self) -> Cause:
        """Give the same state with its lesion severe."""
        if self.lesion == WEAR:
            return replace(self, wear=100.0)
        kind = kinds()[self.lesion]
        return replace(self, mm=min(kind.amounts["severe"], kind.most(Level.parse(self.level), self.zone)))

    def model(self) -> ModelState:
        """Give it as a state of the model, for a question or another app."""
        texts = tuple(one.written for one in self.lesions())
        return ModelState(self.level, self.side, self.plane, flexion=self.flexion, lesions=texts)


@dataclass(frozen=True)
class Now:
    """One state with everything made from it."""

    cause: Cause
    segment: Segment
    section: Section
    measures: Measures
    roots: tuple[RootState, ...]
    grades: tuple[Grade, ...]
    fat: FatAbout | None


def look(cause: Cause) -> Now:
    """Cut, measure and grade a state.

    Raises
    ------
    InvalidInput
        If the model refuses the state.
    """
    segment = cause.segment()
    section = cut(segment, Plane.named(cause.plane, segment, cause.side))
    fat = fat_about(section) if section.plane.kind == "sagittal" else None
    found, roots = grades(segment, cause.side, section, fat), root_states(segment, cause.side)
    return Now(cause, segment, section, measure_section(segment, section), roots, found, fat)


def choices_at(level: str) -> list[tuple[str, str]]:
    """List what can be chosen at a level, grouped by the wall that it comes from."""
    where = Level.parse(level)
    found = [
        (key, f"{group}: {kinds()[key].label[0].lower()}{kinds()[key].label[1:]}")
        for group, keys in GROUPS.items()
        for key in keys
        if kinds()[key].occurs_at(where)
    ]
    return [("", "Nothing: a healthy segment"), *found, (WEAR, "Wearing, step by step (a schema)")]


def cause_of(values: Mapping[str, Any]) -> Cause:
    """Read a state from plain data, settle what the level leaves no choice about, and let the model judge it.

    Raises
    ------
    InvalidInput
        If a name is unknown, the level is missing or the model refuses a value.
    """
    known = tuple(field.name for field in fields(Cause))
    unknown = sorted(set(values) - set(known))
    if unknown or "level" not in values:
        what = f"no {unknown[0]!r}" if unknown else "always a level"
        raise InvalidInput(f"A state of this app has {what}; it may name {', '.join(known)}.")
    made = Cause(**{**values, "level": Level.parse(values["level"]).name})
    side = parse_side(made.side)
    # Written without a side, what is kept lies on the side in view here and now, and stays there.
    kept = tuple(one.written for one in read_lesions(made.kept, side))
    made = replace(made, side=side, plane=one_of(made.plane, PICTURES, "picture"), kept=kept)
    made = _settled(made)
    segment = made.segment()  # the level judges its lesions and posture
    return replace(made, flexion=segment.posture.flexion)


def _settled(made: Cause) -> Cause:
    """Check the lesion being moved; one that has no side or zone has none here either."""
    if made.lesion in {"", WEAR}:
        wear = made.wear if made.lesion else 0.0
        if not isinstance(wear, int | float) or not 0 <= wear <= 100:  # noqa: PLR2004 - per cent
            raise InvalidInput(f"The wearing path goes from 0 to 100 %, not to {wear!r}.")
        where = parse_side(made.where or made.side) if made.lesion else ""
        return replace(made, mm=0.0, where=where, zone="", wear=float(wear))
    kind = kind_of(made.lesion)
    where = (made.where or made.side) if kind.sides else ""
    one = lesion(made.lesion, made.mm, where, made.zone if kind.zones else "")
    return replace(made, mm=one.mm, where=one.side, zone=one.zone, wear=0.0)


def asked(made: Cause, before: Cause) -> tuple[Cause, str]:
    """Fit a state from the controls to its level, and say what had to give."""
    level, given = Level.parse(made.level), []
    if made.level != before.level:
        allowed = tuple(one.written for one in read_lesions(made.kept, made.side) if fits(one, level))
        given += ["what was kept beside it"] if allowed != made.kept else []
        low, high = Segment.at(level).limits["flexion"]
        flexion = min(max(made.flexion, low), high)
        given += ["flexion beyond its limit"] if flexion != made.flexion else []
        made = replace(made, kept=allowed, flexion=flexion)
    if made.lesion not in {"", WEAR} and not kinds()[made.lesion].occurs_at(level):
        given.append(kinds()[made.lesion].label.lower())
        made = replace(made, lesion="", mm=0.0)
    if made.lesion not in {"", WEAR}:
        kind = kinds()[made.lesion]
        zone = made.zone if made.zone in kind.zones_at(level) else ""
        given += [f"{kind.label.lower()} that is {made.zone}"] if zone != made.zone else []
        settled = zone or lesion(made.lesion, 0, made.side if kind.sides else "").zone
        most = kind.most(level, settled)
        given += [f"{kind.label.lower()} above {most:g} mm"] if made.mm > most else []
        made = replace(made, zone=zone, mm=min(made.mm, most))
    return made, f"{made.level} takes no {' and no '.join(given)}." if given else ""


@lru_cache  # data that never changes, asked for at every step to tell which preset is in force
def from_preset(name: object, plane: str = "foramen", side: str = "") -> Cause:
    """Give the state of a named preset, on the side asked for; its first lesion is the one to move, others are kept.

    Raises
    ------
    InvalidInput
        If there is none of that name, or the side is unknown.
    """
    found = preset(name)
    found = found.on(side or found.side)
    return with_lesions(Cause(found.level, found.side, plane), found.lesions)


def with_lesions(cause: Cause, lesions: Sequence[Lesion]) -> Cause:
    """Give a state with these lesions: the first is the one to move, the others are kept.

    Raises
    ------
    InvalidInput
        If the level does not take one of them.
    """
    first, *rest = lesions
    if first.migration:  # only a kept lesion keeps its way up or down
        return cause_of({**asdict(cause), "kept": tuple(one.written for one in lesions)})
    own = {"lesion": first.key, "mm": first.mm, "where": first.side, "zone": first.zone}
    return cause_of({**asdict(cause), **own, "kept": tuple(one.written for one in rest)})


# The prediction: asked before the lesion grows, answered by the geometry of its severe form.

FALLS = 1 / 3
"""A fall of the room by this share of what there was parts the two answers."""

LEAST = 0.01
"""A smaller fall counts as none."""

ROOM_ANSWERS: Mapping[str, str] = MappingProxyType(
    {"": "Choose …", "much": "It falls by a third or more", "some": "It falls by less", "same": "It stays as it is"}
)


def root_answers(level: str) -> list[tuple[str, str]]:
    """List the answers to "which root does it touch?" at a level."""
    where = Level.parse(level)
    names = [where.exiting_root] + ([str(where.traversing_root)] if where.region == "lumbar" else [])
    both = [("both", "Both")] if len(names) > 1 else [("neighbour", "The root of the next level")]
    return [
        ("", "Choose …"),
        *((name, name) for name in names),
        *both,
        ("none", "Neither" if len(names) > 1 else "None"),
    ]


def verdict(cause: Cause, root: str, room: str) -> str:
    """Judge a prediction by the severe form of the lesion in the model."""
    before, after = look(replace(cause.severe(), lesion="", mm=0.0, wear=0.0)), look(cause.severe())
    hit = [one.name for one in after.roots if one.hit]
    right_root = "none" if not hit else hit[0] if len(hit) == 1 else "both"
    pairs = zip(before.roots, after.roots, strict=True)
    fell = max((old.room - new.room) / max(old.room, LEAST) for old, new in pairs)
    right_room = "much" if fell >= FALLS else "some" if fell >= LEAST else "same"
    marks = ["right" if one else "not so" for one in (root == right_root, room == right_room)]
    most = f"the room about the root that loses most falls by {100 * fell:.0f} %"
    said = f"{hit_words(after.segment, after.roots)}; {most if fell >= LEAST else 'no root loses room'}"
    return f"Which root: {marks[0]}. Room: {marks[1]}. In the model, when it is severe, {said}."
