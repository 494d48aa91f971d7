"""Straight sagittal against square to the canal: the same stenosed neck graded in both planes.

The states are drawn from people of different build with lesions of any amount, one seed each, so that the sample is
stated and can be drawn again. It is the model's, not a population of patients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foramlib.imaging.grades import SCALES, grade
from foramlib.spine.lesions import kinds, lesion
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foramlib.spine.lesions import Lesion

SYSTEM = "Park 2013"
PLANES = ("sagittal", "foramen")
"""Straight sagittal, and square to the canal."""

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
    """Return one made-up stenosed neck: level, build and one to three lesions by lot; the same for the same seed."""
    lot = np.random.default_rng(seed)
    level = Level.parse(NECK[int(lot.integers(len(NECK)))])
    keys = [DRAWN[i] for i in lot.choice(len(DRAWN), size=int(lot.integers(1, 4)), replace=False)]
    return Segment.sampled(level, seed).with_lesions(*(_drawn(key, level, lot) for key in keys))


def _drawn(key: str, level: Level, lot: np.random.Generator) -> Lesion:
    kind = kinds()[key]
    amount = float(lot.uniform(kind.amounts["mild"], min(kind.amounts["severe"], kind.most(level))))
    return lesion(key, round(amount, 2))


def pairs(seeds: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the two grades, straight and square, of each stenosed state that has both."""
    for seed in seeds:
        state = stenosed(seed)
        found = [grade(state, SYSTEM, plane=plane) for plane in PLANES]
        if all(one.grade for one in found):
            yield found[0].rank, found[1].rank


def cross_table(found: Iterable[tuple[int, int]]) -> CrossTable:
    """Count pairs of grades."""
    size = len(SCALES[SYSTEM])
    counts = np.zeros((size, size), dtype=int)
    for row, column in found:
        counts[row, column] += 1
    return CrossTable(tuple(tuple(line) for line in counts.tolist()))
