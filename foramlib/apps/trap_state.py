"""The state of the oblique trap: one neck, what narrows it, and how far the plane is turned."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.imaging.oblique import NECK, stenosed
from foramlib.learning.patient import load_patient
from foramlib.spine.lesions import kinds, parse_lesion
from foramlib.spine.levels import Level, parse_side
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

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

_ZONE = MappingProxyType({"herniation": ",zone=foraminal"})


@dataclass(frozen=True)
class Neck:
    """One neck and the plane through it.

    Attributes
    ----------
    level, side : str
        Where.
    lesions : tuple of str
        As the command takes them, such as ``"uncovertebral_osteophyte=3"``; they lie on `side`.
    lot : int or None
        A made-up narrow neck by lot, with its own build and lesions; then `level` and `side` are its own.
    angle : float
        Rotation of the plane from the sagittal, 0 to 60 degrees.
    """

    level: str = "C5/6"
    side: str = "left"
    lesions: tuple[str, ...] = ("uncovertebral_osteophyte=3",)
    lot: int | None = None
    angle: float = 0.0

    def segment(self) -> Segment:
        """Return the model in this state."""
        if self.lot is not None:
            return stenosed(self.lot)
        found = (parse_lesion(text) for text in self.lesions)
        placed = [replace(one, side=self.side) if one.side else one for one in found]
        return Segment.at(self.level).with_lesions(*placed)

    @property
    def kind(self) -> str:
        """The one lesion, or "" where there is none, or more than one."""
        return self.lesions[0].partition("=")[0] if len(self.lesions) == 1 else ""

    @property
    def mm(self) -> float:
        """Amount of the one lesion, mm."""
        return parse_lesion(self.lesions[0]).mm if self.kind else 0.0

    def straight(self) -> Neck:
        """Return the same neck with the plane straight."""
        return replace(self, angle=0.0)


CASES: Mapping[str, tuple[str, Neck]] = MappingProxyType(
    {
        "spur": ("Bony spur, C5/6", Neck()),
        "soft-disc": ("Soft disc, C6/7", Neck("C6/7", lesions=("herniation=3,zone=foraminal",))),
        "facet": ("Large facet, C5/6", Neck(lesions=("facet_hypertrophy=3",))),
        "healthy": ("Healthy, C5/6", Neck(lesions=())),
    }
)
"""Cases that open by name: a label and the neck."""


def case(name: str) -> Neck:
    """Return a case by its name.

    Raises
    ------
    InvalidInput
        If there is no such case.
    """
    return CASES[one_of(name, CASES, "case")][1]


def patient_neck(name: str) -> Neck:
    """Return the neck of a made-up patient.

    Raises
    ------
    InvalidInput
        If there is no such patient, or the neck is not what hurts.
    """
    person = load_patient(name)
    lesions = tuple(replace(one, side="").written for one in person.model_lesions() if one.on(person.side))
    return neck_of({"level": person.level, "side": person.side, "lesions": lesions})


def walls_at(level: str) -> tuple[str, ...]:
    """Name the lesions that occur at a level."""
    return tuple(key for key in WALLS if kinds()[key].occurs_at(Level.parse(level)))


def one_lesion(kind: str, mm: float) -> tuple[str, ...]:
    """Write one lesion as a state holds it; nothing of it is none."""
    return (f"{kind}={mm:g}{_ZONE.get(kind, '')}",) if kind and mm > 0 else ()


def neck_of(values: Mapping[str, Any]) -> Neck:
    """Check plain data and give the neck; what is left out is that of the first case.

    Raises
    ------
    InvalidInput
        If a name is unknown, the level is not of the neck, or the model refuses a value.
    """
    names = [field.name for field in fields(Neck)]
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise InvalidInput(f"There is no {unknown[0]!r} to set; choose from {', '.join(names)}.")
    made = Neck(**values)
    lot = _checked_lot(made.lot)
    level = stenosed(lot).level.name if lot is not None else Level.parse(made.level).name
    if level not in NECK:
        raise InvalidInput(f"The trap is one of the neck; {level} is not; choose one of {', '.join(NECK)}.")
    side = "left" if lot is not None else parse_side(made.side)
    lesions = () if lot is not None else _checked_lesions(made.lesions)
    checked = Neck(level, side, lesions, lot, _checked_angle(made.angle))
    checked.segment()
    return checked


def _checked_lot(lot: object) -> int | None:
    if lot is None or (isinstance(lot, int) and not isinstance(lot, bool) and lot >= 0):
        return lot
    raise InvalidInput(f"The lot {lot!r} is not possible; choose a whole number from 0.")


def _checked_lesions(lesions: object) -> tuple[str, ...]:
    found = (lesions,) if isinstance(lesions, str) else lesions
    if isinstance(found, list | tuple) and all(isinstance(text, str) for text in found):
        return tuple(text for text in found if parse_lesion(text).mm > 0)
    raise InvalidInput(f"The lesions {lesions!r} cannot be read; give texts such as 'uncovertebral_osteophyte=3'.")


def _checked_angle(angle: object) -> float:
    if isinstance(angle, int | float) and not isinstance(angle, bool) and 0.0 <= angle <= MOST:
        return float(angle)
    raise InvalidInput(f"The angle {angle!r} is not possible; choose a number from 0 to {MOST:g}°.")
