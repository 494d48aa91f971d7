"""Which level, which root? Questions computed from the level, in the neck and in the low back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.learning.records import read_records
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from random import Random

    from foramlib.learning.records import Record

__all__ = ["Asked", "RootTask", "asked", "matches", "root_task", "root_task_of"]

CHOICES = 4
"""How many answers are offered."""

NECK = (*(f"C{number}" for number in range(1, 8)), "T1")
LOW_BACK = (*(f"L{number}" for number in range(1, 6)), "S1")
"""Vertebrae in order."""

NECK_ROOTS = (*(f"C{number}" for number in range(1, 9)), "T1")
LOW_BACK_ROOTS = ("T12", *LOW_BACK, "S2")
"""Roots in order; the neck has one more of them than vertebrae."""


@dataclass(frozen=True)
class RootTask:
    """One question about roots.

    Attributes
    ----------
    level : str
        Level the question is about.
    asked : str
        Key of :func:`asked`.
    prompt : str
        The question.
    options : tuple of str
        Four answers of the same sort, in anatomical order.
    right : int
        Place of the right one.
    reason : str
        Why, in words.
    sources : tuple of str
        Evidence ids the reason rests on.
    focus : str
        Kind of structure that shows the answer in the model.
    """

    level: str
    asked: str
    prompt: str
    options: tuple[str, ...]
    right: int
    reason: str
    sources: tuple[str, ...]
    focus: str

    @property
    def card(self) -> str:
        """What is learnt here."""
        return f"root/{self.asked}/{self.level}"


@dataclass(frozen=True)
class Asked:
    """One kind of question.

    Attributes
    ----------
    regions : tuple of str
        Where it can be asked.
    prompt, reason : str
        With ``{level}``, ``{upper}``, ``{root}``, ``{traversing}`` and ``{rule}`` for the level's own words.
    answer : str
        Key of :data:`ANSWERS`.
    choices : str
        Key of :data:`CHOSEN_FROM`.
    sources : tuple of str
        Evidence ids the reason rests on.
    focus : str
        Kind of structure that shows the answer in the model.
    """

    regions: tuple[str, ...]
    prompt: str
    answer: str
    choices: str
    reason: str
    sources: tuple[str, ...]
    focus: str


def _cervical(level: Level) -> bool:
    return level.region == "cervical"


def _levels(level: Level) -> Sequence[str]:
    """Levels in order; between the first two vertebrae of the neck there is no disc and no such foramen."""
    names = NECK[1:] if _cervical(level) else LOW_BACK
    return [Level(upper, lower).name for upper, lower in pairwise(names)]


ANSWERS: Mapping[str, Callable[[Level], str]] = MappingProxyType(
    {
        "exiting": lambda level: level.exiting_root,
        "traversing": lambda level: level.traversing_root or "",
        "level": lambda level: level.name,
        "upper": lambda level: level.upper,
    }
)
"""What is right, computed from the level."""

CHOSEN_FROM: Mapping[str, Callable[[Level], Sequence[str]]] = MappingProxyType(
    {
        "roots": lambda level: NECK_ROOTS if _cervical(level) else LOW_BACK_ROOTS,
        "vertebrae": lambda level: NECK if _cervical(level) else LOW_BACK,
        "levels": _levels,
    }
)
"""Answers of one sort, in anatomical order."""


@lru_cache(maxsize=1)
def asked() -> Mapping[str, Asked]:
    """Give every kind of question by its key (``data/items/roots.yaml``)."""
    records = read_records("roots").records("items")
    return MappingProxyType({record.text("id"): _read(record) for record in records})


def _read(record: Record) -> Asked:
    record.only("id", *Asked.__dataclass_fields__)
    words = {key: record.text(key) for key in ("prompt", "answer", "choices", "reason", "focus")}
    return Asked(regions=record.texts("regions"), sources=record.texts("sources"), **words)


def rule(level: Level) -> str:
    """Say the rule of numbers as it holds at a level."""
    root = level.exiting_root
    if root == "C8":
        return "C8 has no vertebra of its own number: it leaves between C7 and T1, below the last vertebra of the neck."
    if _cervical(level):
        return (
            f"In the neck a root leaves above the vertebra of its number, so {root} leaves between {level.upper} "
            f"and {level.lower}."
        )
    return (
        f"In the low back a root leaves below the vertebra of its number, so {root} leaves between {level.upper} "
        f"and {level.lower}."
    )


def root_task(luck: Random, levels: Sequence[str], recent: Collection[str] = ()) -> RootTask:
    """Draw a question.

    Parameters
    ----------
    luck : Random
        Where chance comes from; the same gives the same question.
    levels : sequence of str
        Levels to choose from.
    recent : collection of str
        Cards that were asked just now; they are left out as long as there are others.
    """
    every = [(Level.parse(name), key) for name in levels for key in asked()]
    known = [(level, key) for level, key in every if level.region in asked()[key].regions]
    fresh = [(level, key) for level, key in known if f"root/{key}/{level.name}" not in recent]
    level, key = luck.choice(fresh or known)
    return _asked_of(luck, level, key)


def root_task_of(luck: Random, card: str) -> RootTask:
    """Ask the question of a card again, with other answers around the right one."""
    _, key, level = card.split("/", 2)
    return _asked_of(luck, Level.parse(level), key)


def _asked_of(luck: Random, level: Level, key: str) -> RootTask:
    kind = asked()[key]
    words = {
        "level": level.name,
        "upper": level.upper,
        "root": level.exiting_root,
        "traversing": level.traversing_root,
        "rule": rule(level),
    }
    answer, every = ANSWERS[kind.answer](level), CHOSEN_FROM[kind.choices](level)
    options = _window(luck, every, every.index(answer))
    prompt, why = kind.prompt.format(**words), kind.reason.format(**words)
    return RootTask(level.name, key, prompt, options, options.index(answer), why, kind.sources, kind.focus)


def _window(luck: Random, every: Sequence[str], place: int) -> tuple[str, ...]:
    """Give neighbours in order around a place: the order gives nothing away, for the place in it is drawn."""
    first = luck.randint(max(0, place - CHOICES + 1), min(place, len(every) - CHOICES))
    return tuple(every[first : first + CHOICES])


def matches(card: str, levels: Iterable[str]) -> bool:
    """Whether a card is a question about one of these levels."""
    kind, _, rest = card.partition("/")
    key, _, level = rest.partition("/")
    known = kind == "root" and key in asked() and level in tuple(levels)
    return known and Level.parse(level).region in asked()[key].regions
