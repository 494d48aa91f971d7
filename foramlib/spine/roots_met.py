"""Which root a lesion meets: asked of the model, level by level.

The answers stand in ``data/model/roots_met.csv``, where rooms below the model can read them; a test asks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.lattice import Points
from foramlib.spine.lesions import kind_of, kinds, lesion
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.room import root_states
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TAKEN", "places", "roots_met"]

TAKEN = 0.05
"""A root that nothing touches counts as met once it has lost this share of the room about it (model rule)."""


def places() -> Iterator[tuple[str, str, str]]:
    """Yield every level, lesion and zone ("" where it has none) that the model can build together."""
    for name in MODELLED:
        level = Level.parse(name)
        for key, kind in kinds().items():
            if kind.occurs_at(level):
                yield from ((name, key, zone) for zone in kind.zones_at(level) or ("",))


def roots_met(level: str, key: str, zone: str = "") -> tuple[str, ...]:
    """Return the roots that a lesion meets on its side, the exiting one first.

    A root is met where a wall touches it, where it loses :data:`TAKEN` of its room, or where the lesion lies about its
    course. The lesion is severe; where that meets no root, it is as large as the model allows.

    Parameters
    ----------
    level, key, zone : str
        As :func:`places` yields them.

    Raises
    ------
    InvalidInput
        If there is no such lesion at that level.
    """
    where, kind = Level.parse(level), kind_of(key)
    most = kind.most(where, zone)
    return _met(where, key, zone, min(kind.amounts["severe"], most)) or _met(where, key, zone, most)


def _met(level: Level, key: str, zone: str, mm: float) -> tuple[str, ...]:
    whole = Segment.at(level)
    grown = whole.with_lesions(lesion(key, mm, "left" if kind_of(key).sides else "", zone))
    found = []
    for before, after in zip(root_states(whole, "left"), root_states(grown, "left"), strict=True):
        course = Points(grown.roots[after.kind, "left"].places)
        inside = any(bool(np.any(growth.shape.field(course) < 0.0)) for growth in grown.growths)
        if after.hit or after.room <= (1.0 - TAKEN) * before.room or inside:
            found.append(after.name)
    return tuple(found)
