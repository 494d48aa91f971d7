"""Bring back what was missed: a small box system after Leitner, counted in tasks instead of days.

A missed card goes into the first box and returns after ``GAPS[0]`` tasks. Known then, it moves up a box and returns
after the next gap; known in the last box, it leaves. Missed again, it starts anew. A card that was known at first
sight is never put into a box. The gaps are a choice for a sitting of half an hour, not a published figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["GAPS", "Boxes", "Repeat"]

GAPS = (3, 8, 20)
"""Tasks until a card in each box returns."""


@dataclass(frozen=True, order=True)
class Repeat:
    """A card that returns: from which task on, what it asks, and in which box it stands."""

    due: int
    card: str
    box: int


@dataclass(frozen=True)
class Boxes:
    """Every card that is still to return.

    Parameters
    ----------
    cards : tuple of Repeat
        At most one for each card, the earliest first.
    """

    cards: tuple[Repeat, ...] = ()

    def box_of(self, card: str) -> int | None:
        """Box in which a card stands, from 0; None where it is in none."""
        return next((repeat.box for repeat in self.cards if repeat.card == card), None)

    def after(self, card: str, *, right: bool, now: int) -> Boxes:
        """Give the boxes after a card was answered as task number ``now``."""
        box = self.box_of(card)
        if right and box is None:
            return self
        place = box + 1 if right and box is not None else 0
        rest = [repeat for repeat in self.cards if repeat.card != card]
        again = [Repeat(now + GAPS[place], card, place)] if place < len(GAPS) else []
        return Boxes(tuple(sorted([*rest, *again])))

    def due(self, now: int, wanted: Callable[[str], bool] = bool) -> str | None:
        """Card that is due at task ``now``, the longest overdue first; None where none is.

        Parameters
        ----------
        now : int
            Number of the task.
        wanted : callable
            Tells whether a card belongs to this drill.
        """
        return next((repeat.card for repeat in self.cards if repeat.due <= now and wanted(repeat.card)), None)
