"""A state of the model written down as data, so that a question can point at what it asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.spine.lesions import DISC_LOSS, lesion, lowered_disc, read_lesions
from foramlib.spine.levels import parse_side

if TYPE_CHECKING:
    from foramlib.learning.records import Record
    from foramlib.spine.foramen import Measures
    from foramlib.spine.lesions import Lesion
    from foramlib.spine.segment import Segment

__all__ = ["ModelState", "read_state"]

_NUMBERS = ("flexion", "bend", "rotation", "disc_loss")
_WORDS = ("level", "side", "plane", "build", "focus")


@dataclass(frozen=True)
class ModelState:
    """One state of the model and the plane it is looked at in.

    Parameters
    ----------
    level : str
        For example ``"C5/6"``.
    side, plane, build : str
        As the spine model names them.
    flexion, bend, rotation : float
        Posture in degrees; flexion positive, bend and rotation positive towards the left.
    disc_loss : float
        Lost disc height in mm.
    focus : str
        The structure to point at, by its id, or empty.
    lesions : tuple of str
        What narrows it, as the command takes it: ``("herniation=4,zone=foraminal",)``. Written without a side, a lesion
        is put on `side` here and now, and stays there when the other side is looked at. A lower disc is kept as
        `disc_loss`.

    Raises
    ------
    InvalidInput
        If the side is unknown, a lesion cannot be read, or the lost disc height is named twice.
    """

    level: str
    side: str = "left"
    plane: str = "foramen"
    build: str = "typical"
    flexion: float = 0.0
    bend: float = 0.0
    rotation: float = 0.0
    disc_loss: float = 0.0
    focus: str = ""
    lesions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Settle what was written loosely: the side in one spelling, each lesion with its side, a lower disc once."""
        side = parse_side(self.side)
        lost, lesions = lowered_disc(read_lesions(self.lesions, side), self.disc_loss)
        settled = {"side": side, "disc_loss": lost, "lesions": tuple(one.written for one in lesions)}
        for name, value in settled.items():
            object.__setattr__(self, name, value)

    def segment(self) -> Segment:
        """Give the model in this state."""
        from foramlib.spine.segment import Segment  # noqa: PLC0415 - the model is heavy and not needed to read a question

        posed = Segment.at(self.level, build=self.build).with_disc_loss(self.disc_loss)
        posed = posed.bent(flexion=self.flexion, bend=self.bend, rotation=self.rotation)
        if not self.lesions:
            return posed
        lower = (lesion(DISC_LOSS, self.disc_loss),) if self.disc_loss else ()
        return posed.with_lesions(*self.found(), *lower)

    def found(self) -> tuple[Lesion, ...]:
        """Give the lesions, each with its side."""
        return read_lesions(self.lesions, self.side)

    def measured(self) -> Measures:
        """Measure the foramen of this state on its side, in its plane."""
        from foramlib.spine.foramen import measure  # noqa: PLC0415 - as above

        return measure(self.segment(), self.side, self.plane)

    def structure_ids(self) -> frozenset[str]:
        """Name every structure of this state's segment."""
        segment = self.segment()
        parts = [part for bone in segment.bones for part in bone.parts]
        return frozenset(structure.id for structure in [*parts, *segment.soft])


def read_state(record: Record) -> ModelState:
    """Read a state from checked fields; the model itself judges whether it can be taken.

    Raises
    ------
    InvalidInput
        If a field is unknown or of another kind, the side is none, or a lesion cannot be read; the sentence says where.
    """
    record.only(*_WORDS, *_NUMBERS, "lesions")
    words = {key: record.text(key) for key in _WORDS if key in record.fields}
    numbers = {key: record.number(key) for key in _NUMBERS if key in record.fields}
    level = words.pop("level", None) or record.text("level")
    lesions = record.texts("lesions") if "lesions" in record.fields else ()
    try:
        return ModelState(level=level, lesions=lesions, **words, **numbers)  # type: ignore[arg-type]
    except InvalidInput as problem:
        raise InvalidInput(f"{record.where}: {problem}") from problem
