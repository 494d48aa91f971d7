"""Names of the structures: one catalogue for sections, 3D views, questions and lists."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.evidence import data_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.spine.levels import Level


@dataclass(frozen=True)
class Entry:
    """One kind of structure.

    Attributes
    ----------
    key : str
        Identifier, such as ``"superior_articular_process"``.
    name : str
        English name; ``{vertebra}``, ``{exiting}`` and ``{traversing}`` stand for the level's own.
    latin : str
        Term after Terminologia Anatomica.
    tissue : str
        Tissue identifier, the key of its colour.
    note : str
        One line on what it is.
    matter : str
        What it is made of for a scanner, where that is not its tissue.
    """

    key: str
    name: str
    latin: str
    tissue: str
    note: str
    matter: str = ""

    def named(self, level: Level, vertebra: str = "", side: str = "") -> str:
        """Return the name at a level, such as "Left pedicle of C5"."""
        name = self.name.format(vertebra=vertebra, exiting=level.exiting_root, traversing=level.traversing_root)
        if not side:
            return name
        return f"{side.capitalize()} {name if name[1].isdigit() else name[0].lower() + name[1:]}"


@lru_cache
def catalogue() -> Mapping[str, Entry]:
    """Return all structures by key (source: ``data/model/structures.csv``)."""
    with data_path("model", "structures.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["key"]: Entry(**row) for row in csv.DictReader(lines)})
