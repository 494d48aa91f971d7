"""What the rules of the clinic know of a lesion: its nature, and the roots that it meets.

Both are tables of the model (``data/model``): the clinic has no rule of its own about which root a lesion hits.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.clinic.roots import level_name
from foramlib.errors import InvalidInput
from foramlib.evidence import data_path

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["nature", "roots_met"]


def nature(name: str) -> str:
    """Say what a lesion is: soft disc, worn, slip, cyst, tumour, scar or inborn (``data/model/lesions.csv``).

    Raises
    ------
    InvalidInput
        If there is no such lesion.
    """
    if name not in _natures():
        raise InvalidInput(f"There is no lesion {name!r}; choose one of {', '.join(_natures())}.")
    return _natures()[name]


def roots_met(level: str, name: str, zone: str = "") -> tuple[str, ...]:
    """Give the roots that a lesion at a level meets on its side, the exiting one first.

    Parameters
    ----------
    level : str
        For example ``"L4/5"``.
    name : str
        The lesion, such as ``"herniation"``.
    zone : str
        Zone of a herniation, type of a slip; where it is left out, the roots of every zone.

    Raises
    ------
    InvalidInput
        If the model has no such lesion or zone at that level.

    Examples
    --------
    >>> roots_met("L4/5", "herniation", "subarticular"), roots_met("L4/5", "herniation", "extraforaminal")
    (('L5',), ('L4',))
    """
    where = level_name(level)
    zones = {row[2]: roots for row, roots in _met().items() if row[:2] == (where, name)}
    if not zones or (zone and zone not in zones):
        given = f"{zone} {name}".strip()
        raise InvalidInput(f"The model has no {given!r} at {where}; choose one of {', '.join(_there(where))}.")
    chosen = [zones[zone]] if zone else list(zones.values())
    # The exiting root leaves above the traversing one, and sorts before it: L4 before L5, L5 before S1.
    return tuple(sorted({root for roots in chosen for root in roots}))


def _there(level: str) -> tuple[str, ...]:
    return tuple(f"{zone} {name}".strip() for where, name, zone in _met() if where == level)


@lru_cache(maxsize=1)
def _met() -> Mapping[tuple[str, str, str], set[str]]:
    """Roots by level, lesion and zone: what the model shows, and what sources name besides."""
    with data_path("model", "roots_met.csv").open(encoding="utf-8", newline="") as lines:
        rows = {
            (row["level"], row["lesion"], row["zone"]): {*row["model"].split(), *row["taught"].split()}
            for row in csv.DictReader(lines)
        }
    return MappingProxyType(rows)


@lru_cache(maxsize=1)
def _natures() -> Mapping[str, str]:
    with data_path("model", "lesions.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["key"]: row["nature"] for row in csv.DictReader(lines)})
