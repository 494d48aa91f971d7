"""The roots that localise, C4 to T1 and L1 to S1, and the logic of roots and discs.

In the neck a root leaves above the vertebra of its number, C8 leaves between C7 and T1, and from T1 down a root leaves
below its vertebra (A:A-06). In the low back a second, traversing root passes every disc (A:A-07). In the neck the usual
rule knows no such shift (A:L-23); it is no law, since a disc near the midline may touch the next root (A:A-25).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import roots
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.clinical import Root

__all__ = ["RootCard", "exiting_root", "level_name", "root_card", "root_cards", "traversing_root"]

_COLUMNS = ("key_muscle", "key_sensory_point", "reflex", "typical_pain", "look_alikes", "how_to_tell")
_LEVEL = re.compile(r"([CTL])(\d{1,2})[/-]([CTLS]?)(\d{1,2})")
_LAST = MappingProxyType({"C": 7, "T": 12, "L": 5})
_NEXT = MappingProxyType({"C": "T", "T": "L", "L": "S"})


@dataclass(frozen=True)
class RootCard:
    """What localises one root.

    Attributes
    ----------
    name, foramen : str
        For example ``"C6"`` and ``"C5/6"``.
    key_muscle, key_sensory_point, reflex, typical_pain : str
        As in ``roots.csv``; empty where there is none.
    look_alikes, how_to_tell : str
        What is taken for it, and how to tell.
    unconfirmed : frozenset of str
        Columns whose content is not confirmed; they are not used to score.
    part : str
        ``"arm"`` or ``"leg"``.
    """

    name: str
    foramen: str
    key_muscle: str
    key_sensory_point: str
    reflex: str
    typical_pain: str
    look_alikes: str
    how_to_tell: str
    unconfirmed: frozenset[str]
    part: str

    def describe(self) -> str:
        """Say in one sentence what the root does and where it leaves."""
        told = [f"{self.name} leaves at {self.foramen}"]
        told += [f"key muscle: {self.key_muscle}"] if self.key_muscle else []
        told += [f"key point: {self.key_sensory_point}"] if self.key_sensory_point else []
        told += [f"reflex: {self.reflex}"] if self.reflex else []
        told += [f"typical pain: {self.typical_pain}"]
        return "; ".join(told) + "."


@lru_cache(maxsize=1)
def root_cards() -> Mapping[str, RootCard]:
    """Give every root that localises, by its name."""
    return MappingProxyType({name: _card(row) for name, row in roots().items()})


def root_card(name: str) -> RootCard:
    """Give one root.

    Raises
    ------
    InvalidInput
        If the root is not one of C4 to T1 and L1 to S1.
    """
    return root_cards()[one_of(name, root_cards(), "root")]


def _card(row: Root) -> RootCard:
    part = "arm" if row.root[0] in "CT" else "leg"
    words = {column: getattr(row, column) for column in _COLUMNS}
    return RootCard(row.root, row.foramen, **words, unconfirmed=_unconfirmed(row.caution), part=part)


def _unconfirmed(caution: str) -> frozenset[str]:
    """Columns that a caution names as unconfirmed, each part of it by itself."""
    parts = [part for part in caution.split(";") if "unconfirmed" in part]
    return frozenset(column for part in parts for column in _COLUMNS if column in part)


def exiting_root(level: str) -> str:
    """Give the root that leaves through the foramen of a level.

    Raises
    ------
    InvalidInput
        If the level is none of the spine.

    Examples
    --------
    >>> exiting_root("C5/6"), exiting_root("C7/T1"), exiting_root("L4/5")
    ('C6', 'C8', 'L4')
    """
    upper, number, _ = _parsed(level)
    if upper == "C":
        return f"C{number + 1}"
    return f"{upper}{number}"


def traversing_root(level: str) -> str:
    """Give the root that passes a lumbar disc and leaves one level lower; nothing in the neck, where none does.

    Raises
    ------
    InvalidInput
        If the level is none of the spine.

    Examples
    --------
    >>> traversing_root("L4/5"), traversing_root("C5/6")
    ('L5', '')
    """
    upper, _, lower = _parsed(level)
    return lower if upper == "L" else ""


def level_name(level: str) -> str:
    """Give a level as it is printed.

    Raises
    ------
    InvalidInput
        If the level is none of the spine.

    Examples
    --------
    >>> level_name("l5/s1")
    'L5/S1'
    """
    upper, number, lower = _parsed(level)
    return f"{upper}{number}/{lower.removeprefix(upper)}"


def _parsed(level: str) -> tuple[str, int, str]:
    """Letter and number of the upper vertebra, and the lower one; refuses what is no pair of neighbours."""
    found = _LEVEL.fullmatch(str(level).strip().upper())
    if found and int(found[2]) <= _LAST[found[1]]:
        letter, number = found[1], int(found[2])
        below = (letter, number + 1) if number < _LAST[letter] else (_NEXT[letter], 1)
        if (found[3] or letter, int(found[4])) == below and number >= (2 if letter == "C" else 1):
            return letter, number, f"{below[0]}{below[1]}"
    raise InvalidInput(f"Level {level!r} is not a level with a disc; write it like C5/6, C7/T1 or L5/S1.")
