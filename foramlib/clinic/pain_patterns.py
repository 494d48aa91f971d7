"""How often radicular pain follows the dermatome, as published (A:L-19, A:L-20)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from foramlib.errors import InvalidInput
from foramlib.evidence import facts

__all__ = ["FOLLOWS", "TEXTBOOK", "Share", "leaves", "shares"]

FOLLOWS, TEXTBOOK = "A:L-19", "A:L-20"
"""Evidence ids: how often pain follows the dermatome, and how often it is as in textbooks."""

_OFF = re.compile(r"(cervical|lumbar) ([\d.]+) %")
_ON = re.compile(r"(C4|S1) ([\d.]+) %(?: \(n = (\d+)\))?")
_FIRST = re.compile(r"([\d.]+) %")
_WHERE = {"cervical": "Neck roots", "lumbar": "Low back roots"}


@dataclass(frozen=True)
class Share:
    """One published figure.

    Attributes
    ----------
    who : str
        ``"Neck roots"``, ``"C4 (5 roots)"``.
    follows : float
        Per cent whose pain followed the dermatome.
    published : str
        The figure as published, beside what is left of 100 where pain that does *not* follow was published.
    id : str
        Evidence id.
    """

    who: str
    follows: float
    published: str
    id: str


@lru_cache(maxsize=1)
def shares() -> tuple[Share, ...]:
    """Read the published figures; "does not follow" is turned round, and both are said.

    Raises
    ------
    InvalidInput
        If the row of facts is not as it was.
    """
    off, _, on = facts()[FOLLOWS].value.partition("dermatomal: C4")
    found = [
        Share(_WHERE[part], 100 - float(number), f"{100 - float(number):.1f} % follow, {number} % do not", FOLLOWS)
        for part, number in _OFF.findall(off)
    ]
    for root, number, count in _ON.findall(f"C4{on}"):
        found.append(Share(f"{root} ({count} roots)" if count else root, float(number), f"{number} % follow", FOLLOWS))
    textbook = _FIRST.findall(facts()[TEXTBOOK].value)
    if len(found) != 4 or not textbook:  # noqa: PLR2004 - neck, low back, and the two exceptions
        raise InvalidInput(f"The facts {FOLLOWS} and {TEXTBOOK} no longer say how often pain follows the dermatome.")
    after = Share("Neck, eased by surgery", float(textbook[0]), f"{textbook[0]} % as in textbooks", TEXTBOOK)
    return (found[0], after, *found[1:])


def leaves(root: str) -> float:
    """Share of a root's pain drawings, 0 to 1, that leave its dermatome; the region's where a root has no figure."""
    by_who = {share.who.partition(" (")[0]: share for share in shares()}
    share = by_who.get(root) or by_who[_WHERE["cervical" if root[0] in "CT" else "lumbar"]]
    return 1 - share.follows / 100
