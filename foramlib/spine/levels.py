"""Levels of the spine and the roots that leave there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.given import as_typed, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MODELLED = (
    "C2/3",
    "C3/4",
    "C4/5",
    "C5/6",
    "C6/7",
    "C7/T1",
    "L1/2",
    "L2/3",
    "L3/4",
    "L4/5",
    "L5/S1",
)
"""Levels that the model can build, cranial to caudal."""

OTHER: Mapping[str, str] = MappingProxyType({"left": "right", "right": "left"})
"""The other side of each side."""


@dataclass(frozen=True)
class Level:
    """One motion segment, named by its two vertebrae.

    Attributes
    ----------
    upper, lower : str
        Vertebrae, such as ``"C5"`` and ``"C6"``.
    """

    upper: str
    lower: str

    @property
    def name(self) -> str:
        """The level as printed: C5/6, C7/T1, L5/S1."""
        lower = self.lower if self.upper[0] != self.lower[0] else self.lower[1:]
        return f"{self.upper}/{lower}"

    @property
    def region(self) -> str:
        """``"cervical"`` or ``"lumbar"``."""
        return "cervical" if self.upper[0] == "C" else "lumbar"

    @property
    def exiting_root(self) -> str:
        """The root that leaves through this foramen.

        Cervical roots leave above the vertebra of their number (C8 below C7), lumbar
        roots below theirs (A:A-06).
        """
        if self.region == "lumbar":
            return self.upper
        return "C8" if self.lower == "T1" else self.lower

    @property
    def traversing_root(self) -> str | None:
        """The lumbar root that passes behind the disc to the next foramen; None in the neck."""
        return self.lower if self.region == "lumbar" else None

    @staticmethod
    def parse(text: object) -> Level:
        """Read a level from any common spelling: C5/6, c5-6, C5-C6, L4/L5.

        Raises
        ------
        InvalidInput
            If the text names no level that the model knows.
        """
        plain = re.sub(r"[\s_]+", "", as_typed(str(text))).upper()
        found = re.fullmatch(r"([CL])(\d)[/-]?([CTLS]?)(\d)", plain)
        if found:
            letter, first, other, second = found.groups()
            level = Level(f"{letter}{first}", f"{other or letter}{second}")
            if level.name in MODELLED:
                return level
        raise InvalidInput(f"There is no level {text!r} in the model; choose one of {', '.join(MODELLED)}.")


def parse_side(text: object) -> str:
    """Return ``"left"`` or ``"right"``; raise InvalidInput for anything else."""
    return one_of(text, ("left", "right"), "side", hint="choose left or right")
