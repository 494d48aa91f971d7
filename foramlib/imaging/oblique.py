"""Straight sagittal against square to the canal: the same stenosed neck graded in both planes.

The states are drawn from people of different build with lesions of any amount, one seed each, so that the sample is
stated and can be drawn again. It is the model's, not a population of patients.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path
from foramlib.imaging.grades import SCALES, grade
from foramlib.spine.lesions import kinds, lesion
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.segment import Segment
from foramlib.spine.validation import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foramlib.spine.lesions import Lesion

SYSTEM = "Park 2013"
PLANES = ("sagittal", "foramen")
"""Straight sagittal, and square to the canal."""

PUBLISHED = "A:A-12"
"""Patients in whom the two planes were compared: another population than the model's."""

SAMPLE = 500
"""States of the stored table that have a grade in both planes."""

NECK = tuple(level for level in MODELLED if level[0] == "C")
DRAWN = (
    "disc_height_loss",
    "herniation",
    "uncovertebral_osteophyte",
    "ridge",
    "facet_hypertrophy",
    "flavum_thickening",
)


@dataclass(frozen=True)
class CrossTable:
    """How often each pair of grades came up.

    Attributes
    ----------
    counts : tuple of tuples of int
        Rows: grade on the straight sagittal image, 0 to 3; columns: grade square to the canal.
    """

    counts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        """Number of states."""
        return sum(map(sum, self.counts))

    @property
    def milder(self) -> int:
        """States that the straight image shows as milder."""
        return sum(count for row, line in enumerate(self.counts) for column, count in enumerate(line) if row < column)

    @property
    def worse(self) -> int:
        """States that the straight image shows as worse."""
        return sum(count for row, line in enumerate(self.counts) for column, count in enumerate(line) if row > column)


def stenosed(seed: int) -> Segment:
    """Return one made-up stenosed neck: level, build and one to three lesions of the left side by lot."""
    lot = np.random.default_rng(seed)
    level = Level.parse(NECK[int(lot.integers(len(NECK)))])
    keys = [DRAWN[i] for i in lot.choice(len(DRAWN), size=int(lot.integers(1, 4)), replace=False)]
    return Segment.sampled(level, seed).with_lesions(*(_drawn(key, level, lot) for key in keys))


def _drawn(key: str, level: Level, lot: np.random.Generator) -> Lesion:
    kind = kinds()[key]
    amount = float(lot.uniform(kind.amounts["mild"], min(kind.amounts["severe"], kind.most(level))))
    return lesion(key, round(amount, 2), side="left" if kind.sides else "")


def pair(state: Segment) -> tuple[int, int] | None:
    """Return the two grades of a state, straight and square; None where a plane shows no root."""
    straight, square = (grade(state, SYSTEM, plane=plane) for plane in PLANES)
    return (straight.rank, square.rank) if straight.grade and square.grade else None


def pairs(seeds: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the two grades, straight and square, of each stenosed state that has both."""
    for seed in seeds:
        found = pair(stenosed(seed))
        if found is not None:
            yield found


def cross_table(found: Iterable[tuple[int, int]]) -> CrossTable:
    """Count pairs of grades."""
    size = len(SCALES[SYSTEM])
    counts = np.zeros((size, size), dtype=int)
    for row, column in found:
        counts[row, column] += 1
    return CrossTable(tuple(tuple(line) for line in counts.tolist()))


@dataclass(frozen=True)
class Drawn:
    """One state of the stored sample: its lot, its level, and its two grades (None where it has not both)."""

    seed: int
    level: str
    grades: tuple[int, int] | None


@lru_cache(maxsize=1)
def stored() -> tuple[Drawn, ...]:
    """Return the stored sample, read once (``data/imaging/oblique.csv``; made by ``tests/imaging/store_oblique.py``).

    Raises
    ------
    InvalidInput
        If the table is damaged.
    """
    with data_path("imaging", "oblique.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_read(row) for row in csv.DictReader(lines))


def _read(row: dict[str, str]) -> Drawn:
    try:
        ranks = (int(row["straight"]), int(row["square"])) if row["straight"] else None
        return Drawn(int(row["seed"]), Level.parse(row["level"]).name, ranks)
    except (KeyError, ValueError):
        raise InvalidInput(f"data/imaging/oblique.csv holds {dict(row)!r}; make it anew.") from None


def stored_table(level: str = "") -> CrossTable:
    """Return the cross-table of the stored sample, of all levels or of one."""
    return cross_table(one.grades for one in stored() if one.grades and level in {"", one.level})


def validation_row() -> Row:
    """Return the floor of this comparison: straight is milder more often than worse in the stored sample."""
    table = stored_table()
    excess = float(table.milder - table.worse)
    said = f"{table.milder} milder, {table.total - table.milder - table.worse} the same, {table.worse} worse"
    return Row(
        id="sagittal-against-oblique",
        level=f"{NECK[0]} to {NECK[-1]}",
        quantity="states graded milder on the straight sagittal, minus those graded worse",
        ruler="soft",
        definition=f"{SYSTEM} of {table.total} made-up stenosed states, straight and square to the canal: {said}",
        published=None,
        low=1.0,
        high=None,
        model=excess,
        ok=excess >= 1.0,
        rule="at least",
        source=cite(PUBLISHED).text,
        note="The published study is another population: one or both of two readers graded lower.",
    )
