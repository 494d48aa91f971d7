"""The state of the oblique trap: one neck, what narrows it, and how far the plane is turned."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.imaging.oblique import NECK, stenosed
from foramlib.learning.patient import load_patient
from foramlib.spine.lesions import elsewhere, kind_of, kinds, lesion, read_lesions
from foramlib.spine.levels import Level, parse_side
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.spine.lesions import Lesion

__all__ = ["CASES", "MOST", "WALLS", "Neck", "case", "neck_of", "patient_neck", "walls_at"]

MOST = 60.0
"""Greatest rotation from the sagittal, degrees."""

WALLS = (
    "uncovertebral_osteophyte",
    "herniation",
    "ridge",
    "facet_hypertrophy",
    "flavum_thickening",
    "disc_height_loss",
)
"""Lesions of the neck that the app offers by themselves."""


@dataclass(frozen=True)
class Neck:
    """One neck and the plane through it.

    Attributes
    ----------
    level, side : str
        Where.
    lesions : tuple of str
        As the command takes them, such as ``"uncovertebral_osteophyte=3"``, each with its side.
    lot : int or None
        A made-up narrow neck by lot, with its own build and lesions; then `level` and `side` are its own.
    angle : float
        Rotation of the plane from the sagittal, 0 to 60 degrees.
    """

    level: str = "C5/6"
    side: str = "left"
    lesions: tuple[str, ...] = ("uncovertebral_osteophyte=3,side=left",)
    lot: int | None = None
    angle: float = 0.0

    def segment(self) -> Segment:
        """Return the model in this state."""
        if self.lot is not None:
            return stenosed(self.lot)
        return Segment.at(self.level).with_lesions(*self.found())

    def found(self) -> tuple[Lesion, ...]:
        """Give the lesions, each with its side."""
        return read_lesions(self.lesions, self.side)

    @property
    def elsewhere(self) -> str:
        """The other side, where what narrows one side lies only there; else ""."""
        return elsewhere(self.found(), self.side)

    @property
    def narrow(self) -> bool:
        """Whether anything narrows it."""
        return bool(self.lesions) or self.lot is not None

    @property
    def kind(self) -> str:
        """The one lesion, or "" where there is none, or more than one."""
        return self.found()[0].key if len(self.lesions) == 1 else ""

    @property
    def mm(self) -> float:
        """Amount of the one lesion, mm."""
        return self.found()[0].mm if self.kind else 0.0

    def straight(self) -> Neck:
        """Return the same neck with the plane straight."""
        return replace(self, angle=0.0)


CASES: Mapping[str, tuple[str, Neck]] = MappingProxyType(
    {
        "spur": ("Bony spur, C5/6", Neck()),
        "soft-disc": ("Soft disc, C6/7", Neck("C6/7", lesions=("herniation=3,zone=foraminal,side=left",))),
        "facet": ("Large facet, C5/6", Neck(lesions=("facet_hypertrophy=3,side=left",))),
        "healthy": ("Healthy, C5/6", Neck(lesions=())),
    }
)
"""Cases that open by name: a label and the neck."""


def case(name: str, side: str = "left") -> Neck:
    """Return a case by its name, on a side.

    Raises
    ------
    InvalidInput
        If there is no such case, or the side is unknown.
    """
    neck, side = CASES[one_of(name, CASES, "case")][1], parse_side(side)
    if side == neck.side:
        return neck
    return replace(neck, side=side, lesions=tuple(one.mirrored().written for one in neck.found()))


def patient_neck(name: str) -> Neck:
    """Return the neck of a made-up patient.

    Raises
    ------
    InvalidInput
        If there is no such patient, or the neck is not what hurts.
    """
    person = load_patient(name)
    return neck_of({"level": person.level, "side": person.side, "lesions": person.lesion_texts()})


def walls_at(level: str) -> tuple[str, ...]:
    """Name the lesions that occur at a level."""
    return tuple(key for key in WALLS if kinds()[key].occurs_at(Level.parse(level)))


def one_lesion(kind: str, mm: float, side: str) -> tuple[str, ...]:
    """Write one lesion as a state holds it; nothing of it is none."""
    return (lesion(kind, mm, side if kind_of(kind).sides else "").written,) if kind and mm > 0 else ()


def neck_of(values: Mapping[str, Any]) -> Neck:
    """Check plain data and give the neck; what is left out is that of the first case, at its level and on its side.

    Raises
    ------
    InvalidInput
        If a name is unknown, the level is not of the neck, or the model refuses a value.
    """
    names = [field.name for field in fields(Neck)]
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise InvalidInput(f"There is no {unknown[0]!r} to set; choose from {', '.join(names)}.")
    made = Neck(**{**values, "lesions": ()})
    lot = _checked_lot(made.lot)
    level = stenosed(lot).level.name if lot is not None else Level.parse(made.level).name
    if level not in NECK:
        raise InvalidInput(f"The trap is one of the neck; {level} is not; choose one of {', '.join(NECK)}.")
    # A neck by lot is narrow on its left side; nothing has been chosen for it.
    side = "left" if lot is not None else parse_side(made.side)
    chosen = () if lot is not None else read_lesions(values.get("lesions", _usual(level)), side)
    lesions = tuple(one.written for one in chosen if one.mm > 0)
    checked = Neck(level, side, lesions, lot, _checked_angle(made.angle))
    checked.segment()
    return checked


def _checked_lot(lot: object) -> int | None:
    if lot is None or (isinstance(lot, int) and not isinstance(lot, bool) and lot >= 0):
        return lot
    raise InvalidInput(f"The lot {lot!r} is not possible; choose a whole number from 0.")


def _usual(level: str) -> str:
    """Write the usual spur, or a thick facet at a level that has no uncovertebral joint."""
    return f"{'uncovertebral_osteophyte' if 'uncovertebral_osteophyte' in walls_at(level) else 'facet_hypertrophy'}=3"


def _checked_angle(angle: object) -> float:
    if isinstance(angle, int | float) and not isinstance(angle, bool) and 0.0 <= angle <= MOST:
        return float(angle)
    raise InvalidInput(f"The angle {angle!r} is not possible; choose a number from 0 to {MOST:g}°.")
