"""What a learner has done in practice: counts and boxes, as plain data that can be kept in a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.learning.practice.leitner import GAPS, Boxes, Repeat
from foramlib.store import keep, read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["VERSION", "Progress", "open_progress", "read_progress", "write_progress"]

VERSION = 1
"""Form of the stored progress; another one is refused, not guessed at."""

_COUNTS = ("answered", "right", "streak", "best")


@dataclass(frozen=True)
class Progress:
    """Counts and boxes of one learner.

    Parameters
    ----------
    answered, right : int
        Tasks answered, and how many of them rightly.
    streak, best : int
        Right answers in a row up to now, and the longest such row.
    boxes : Boxes
        What is to come back.
    """

    answered: int = 0
    right: int = 0
    streak: int = 0
    best: int = 0
    boxes: Boxes = field(default_factory=Boxes)

    def after(self, card: str, *, right: bool) -> Progress:
        """Give the progress after one more answer."""
        now = self.answered + 1
        streak = self.streak + 1 if right else 0
        return replace(
            self,
            answered=now,
            right=self.right + int(right),
            streak=streak,
            best=max(self.best, streak),
            boxes=self.boxes.after(card, right=right, now=now),
        )

    def as_dict(self) -> dict[str, object]:
        """Give plain data from which :meth:`from_dict` makes the same progress."""
        cards = [{"card": one.card, "box": one.box, "due": one.due} for one in self.boxes.cards]
        return {"version": VERSION, **{name: getattr(self, name) for name in _COUNTS}, "cards": cards}

    @staticmethod
    def from_dict(data: object) -> Progress:
        """Read progress from plain data.

        Raises
        ------
        InvalidInput
            If the data are of another version, incomplete or contradict themselves.
        """
        fields = _mapping(data)
        if fields.get("version") != VERSION:
            given = fields.get("version")
            raise InvalidInput(f"This progress is of version {given!r}; this foramlib reads version {VERSION}.")
        counts = {name: _count(fields, name) for name in _COUNTS}
        if not counts["streak"] <= counts["best"] <= counts["right"] <= counts["answered"]:
            raise InvalidInput("This progress contradicts itself: more answers are right than were given.")
        return Progress(**counts, boxes=Boxes(_cards(fields.get("cards"))))


def _mapping(data: object) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise InvalidInput(f"Progress is a record with named fields, not {type(data).__name__}.")
    return data


def _count(fields: Mapping[str, object], name: str, most: float = float("inf")) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InvalidInput(f"In this progress {name!r} is {value!r}; it must be a whole number that is possible.")
    return value


def _cards(data: object) -> tuple[Repeat, ...]:
    if not isinstance(data, list):
        raise InvalidInput(f"In this progress 'cards' is {type(data).__name__}; it must be a list.")
    found = tuple(sorted(_card(_mapping(entry)) for entry in data))
    if len({repeat.card for repeat in found}) < len(found):
        raise InvalidInput("In this progress a card stands in two boxes; each may stand in one.")
    return found


def _card(fields: Mapping[str, object]) -> Repeat:
    card = fields.get("card")
    if not isinstance(card, str) or not card:
        raise InvalidInput(f"In this progress a card is {card!r}; it must be text.")
    return Repeat(_count(fields, "due"), card, _count(fields, "box", len(GAPS) - 1))


def read_progress(path: str | Path) -> Progress:
    """Read a learner's file; one that does not exist yet is a fresh start.

    Raises
    ------
    InvalidInput
        If the file is damaged; it is left as it is.
    """
    file = Path(path)
    if not file.exists():
        return Progress()
    data = read_plain(file)
    try:
        return Progress.from_dict(data)
    except InvalidInput as problem:
        raise InvalidInput(f"The file {file.name} cannot be used: {_as_clause(problem)}") from problem


def _as_clause(problem: InvalidInput) -> str:
    text = str(problem)
    return text[0].lower() + text[1:]


def write_progress(path: str | Path, progress: Progress) -> None:
    """Keep progress in a file; the old file is replaced only once the new one is complete.

    Raises
    ------
    InvalidInput
        If the place cannot be written to.
    """
    keep(Path(path), progress.as_dict(), "Progress")


def open_progress(path: str | Path) -> tuple[Progress, Path, str]:
    """Open a learner's file, whatever state it is in.

    Returns
    -------
    progress : Progress
        What the file holds, or a fresh start.
    file : Path
        Where to keep it from now on: beside the old file where that is damaged, so that nothing is lost.
    sentence : str
        What to tell the learner; empty where all is well.
    """
    file = Path(path)
    try:
        return read_progress(file), file, ""
    except InvalidInput as problem:
        progress, beside = next(found for found in map(_readable, _besides(file)) if found is not None)
        kept = f"it stays as it is, and your answers are kept in {beside.name}."
        return progress, beside, f"{str(problem).rstrip('.')}; {kept}"


def _besides(file: Path) -> Iterator[Path]:
    return (file.with_name(f"{file.stem}-{number}{file.suffix}") for number in count(2))


def _readable(file: Path) -> tuple[Progress, Path] | None:
    try:
        return read_progress(file), file
    except InvalidInput:
        return None
