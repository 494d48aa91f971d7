"""Which level, which root? Questions computed from the level, in the neck and in the low back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from random import Random

__all__ = ["ASKED", "RootTask", "root_task", "root_task_of"]

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
        Key of :data:`ASKED`.
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
class _Asked:
    """One kind of question: which regions know it, what it asks, its answer, the answers in order, and why."""

    regions: tuple[str, ...]
    prompt: str
    answer: Callable[[Level], str]
    choices: Callable[[Level], Sequence[str]]
    why: str
    sources: tuple[str, ...]
    focus: str = "exiting_root"


def _cervical(level: Level) -> bool:
    return level.region == "cervical"


def _roots(level: Level) -> Sequence[str]:
    return NECK_ROOTS if _cervical(level) else LOW_BACK_ROOTS


def _vertebrae(level: Level) -> Sequence[str]:
    return NECK if _cervical(level) else LOW_BACK


def _levels(level: Level) -> Sequence[str]:
    """Levels in order; between the first two vertebrae of the neck there is no disc and no such foramen."""
    names = NECK[1:] if _cervical(level) else LOW_BACK
    return [Level(upper, lower).name for upper, lower in pairwise(names)]


def _exiting(level: Level) -> str:
    return level.exiting_root


def _traversing(level: Level) -> str:
    return level.traversing_root or ""


_RULE = ("A:A-06",)
_BOTH = ("cervical", "lumbar")

ASKED: Mapping[str, _Asked] = MappingProxyType(
    {
        "leaves": _Asked(
            _BOTH, "Which nerve root leaves through the foramen at {level}?", _exiting, _roots, "{rule}", _RULE
        ),
        "level": _Asked(
            _BOTH,
            "At which level does the {root} root leave the canal?",
            lambda level: level.name,
            _levels,
            "{rule}",
            _RULE,
        ),
        "pedicle": _Asked(
            _BOTH,
            "The pedicle of which vertebra is the roof over the {root} root in its foramen?",
            lambda level: level.upper,
            _vertebrae,
            "{rule} The roof of the foramen at {level} is the pedicle of the upper vertebra, {upper}.",
            ("A:A-06", "A:A-01"),
            "pedicle",
        ),
        "spur": _Asked(
            ("cervical",),
            "A bony spur of the uncinate process narrows the foramen at {level}. Which root does it meet there?",
            _exiting,
            _roots,
            "{rule} The uncinate process helps to form the front wall, so its spur meets the root that leaves here.",
            ("A:A-06", "A:A-03"),
        ),
        "paracentral": _Asked(
            ("lumbar",),
            "A disc herniation at {level} lies beside the midline, in the lateral recess. "
            "Which root does it most likely meet?",
            _traversing,
            _roots,
            "{root} has left higher up, under the pedicle of {upper}. {traversing} traverses: it passes behind this "
            "disc in the lateral recess and leaves one foramen lower.",
            ("A:A-07",),
            "traversing_root",
        ),
        "far-lateral": _Asked(
            ("lumbar",),
            "A disc herniation at {level} lies far out to the side, beyond the pedicle. "
            "Which root does it most likely meet?",
            _exiting,
            _roots,
            "So far out it meets the exiting root. {rule} {traversing} runs nearer to the midline here.",
            ("A:A-07", "A:A-06"),
        ),
        "foramen-facet": _Asked(
            ("lumbar",),
            "An enlarged superior articular process narrows the foramen at {level}. Which root does it meet there?",
            _exiting,
            _roots,
            "In the foramen lies the exiting root. {rule} {traversing} lies in the lateral recess, on its way down.",
            ("A:C-04", "A:A-06"),
        ),
        "recess-facet": _Asked(
            ("lumbar",),
            "An enlarged superior articular process narrows the lateral recess at {level}. "
            "Which root does it meet there?",
            _traversing,
            _roots,
            "In the lateral recess lies the traversing root, {traversing}. {root} is the exiting root at {level}: it "
            "lies higher and further out.",
            ("A:C-04", "A:A-07"),
            "traversing_root",
        ),
    }
)
"""Every kind of question by its key."""


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
    every = [(Level.parse(name), asked) for name in levels for asked in ASKED]
    known = [(level, asked) for level, asked in every if level.region in ASKED[asked].regions]
    fresh = [(level, asked) for level, asked in known if f"root/{asked}/{level.name}" not in recent]
    level, asked = luck.choice(fresh or known)
    return _asked_of(luck, level, asked)


def root_task_of(luck: Random, card: str) -> RootTask:
    """Ask the question of a card again, with other answers around the right one."""
    _, asked, level = card.split("/", 2)
    return _asked_of(luck, Level.parse(level), asked)


def _asked_of(luck: Random, level: Level, asked: str) -> RootTask:
    kind = ASKED[asked]
    words = {
        "level": level.name,
        "upper": level.upper,
        "root": level.exiting_root,
        "traversing": level.traversing_root,
        "rule": rule(level),
    }
    answer, every = kind.answer(level), kind.choices(level)
    options = _window(luck, every, every.index(answer))
    prompt, why = kind.prompt.format(**words), kind.why.format(**words)
    return RootTask(level.name, asked, prompt, options, options.index(answer), why, kind.sources, kind.focus)


def _window(luck: Random, every: Sequence[str], place: int) -> tuple[str, ...]:
    """Give neighbours in order around a place: the order gives nothing away, for the place in it is drawn."""
    first = luck.randint(max(0, place - CHOICES + 1), min(place, len(every) - CHOICES))
    return tuple(every[first : first + CHOICES])


def matches(card: str, levels: Iterable[str]) -> bool:
    """Whether a card is a question about one of these levels."""
    kind, _, rest = card.partition("/")
    asked, _, level = rest.partition("/")
    return (
        kind == "root"
        and asked in ASKED
        and level in tuple(levels)
        and Level.parse(level).region in ASKED[asked].regions
    )
