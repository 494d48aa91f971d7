"""MR signal of tissues: spin-echo T1, fast spin-echo T2, and STIR.

Signal equations of the textbook; timings follow the ranges of a handbook (A:I-30, A:I-31). Tissue values come from
the evidence room, and from ``data/imaging/tissues.csv`` where that has none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.evidence import data_path
from foramlib.evidence.clinical import tissues
from foramlib.evidence.tables import by_key, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.records import Number, Text

__all__ = ["TIMINGS", "Timing", "TissueValues", "blend", "fat_null", "mr_signal", "tissue_values"]


@dataclass(frozen=True)
class TissueRow:
    """One line of ``data/imaging/tissues.csv``; an empty cell takes the evidence row's value."""

    tissue: Text
    evidence: str
    t1_ms: Number
    t2_ms: Number
    t2_fast_ms: Number
    pd: Number
    hu: float
    assumed: str
    note: Text


@dataclass(frozen=True)
class TissueValues:
    """What the scanner knows of a tissue.

    Attributes
    ----------
    t1, t2, t2_fast : float
        Relaxation times, ms; ``t2_fast`` is the effective one on fast spin echo.
    pd : float
        Proton density, percent units.
    hu : float
        CT number, Hounsfield units.
    assumed : frozenset of str
        Which of these are assumptions (names of the table's columns).
    """

    t1: float
    t2: float
    t2_fast: float
    pd: float
    hu: float
    assumed: frozenset[str]


@lru_cache(maxsize=1)
def tissue_values() -> Mapping[str, TissueValues]:
    """Return every tissue that the scanner paints (source: ``data/imaging/tissues.csv`` and its card)."""
    rows = by_key(read_table(data_path("imaging", "tissues.csv"), TissueRow), "tissue")
    published = {row.tissue: row for row in tissues() if row.citable}
    found = {}
    for name, row in rows.items():
        base = published.get(row.evidence)
        t1, t2, pd = (
            own if own is not None else getattr(base, column)
            for own, column in ((row.t1_ms, "t1_ms"), (row.t2_ms, "t2_ms"), (row.pd, "pd"))
        )
        fast = t2 if row.t2_fast_ms is None else row.t2_fast_ms
        found[name] = TissueValues(t1, t2, fast, pd, row.hu, frozenset(row.assumed.split()))
    return MappingProxyType(found)


def blend(one: TissueValues, other: TissueValues, share: float) -> TissueValues:
    """Return values between two tissues; ``share`` 0 gives the first and 1 the second."""

    def mix(name: str) -> float:
        first, second = getattr(one, name), getattr(other, name)
        return float(first + share * (second - first))

    numbers = {name: mix(name) for name in ("t1", "t2", "t2_fast", "pd", "hu")}
    return TissueValues(**numbers, assumed=one.assumed | other.assumed)


@dataclass(frozen=True)
class Timing:
    """Timing of a sequence, ms; ``ti`` 0 means no inversion, ``fast`` a train of echoes."""

    tr: float
    te: float
    ti: float = 0.0
    fast: bool = False


def fat_null(t1: float, tr: float) -> float:
    """Return the inversion time, ms, at which a tissue of this T1 gives no signal."""
    return t1 * math.log(2.0 / (1.0 + math.exp(-tr / t1)))


@lru_cache(maxsize=1)
def timings() -> Mapping[str, Timing]:
    """Return the timing of each MR sequence; STIR nulls the fat of the table."""
    null = fat_null(tissue_values()["fat"].t1, _STIR.tr)
    return MappingProxyType({**TIMINGS, "STIR": Timing(_STIR.tr, _STIR.te, null, fast=True)})


TIMINGS: Mapping[str, Timing] = MappingProxyType(
    {"T1": Timing(600.0, 12.0), "T2": Timing(4000.0, 90.0, fast=True)},
)
"""Timings within the ranges of A:I-30 and A:I-31."""

_STIR = Timing(4000.0, 60.0, fast=True)


def mr_signal(tissue: TissueValues, timing: Timing) -> float:
    """Return the magnitude of the signal, percent units of proton density.

    Spin echo: ``pd (1 - exp(-TR/T1)) exp(-TE/T2)``; inversion recovery:
    ``pd |1 - 2 exp(-TI/T1) + exp(-TR/T1)| exp(-TE/T2)``.
    """
    if timing.ti:
        recovered = 1.0 - 2.0 * math.exp(-timing.ti / tissue.t1) + math.exp(-timing.tr / tissue.t1)
    else:
        recovered = 1.0 - math.exp(-timing.tr / tissue.t1)
    t2 = tissue.t2_fast if timing.fast else tissue.t2
    return tissue.pd * abs(recovered) * math.exp(-timing.te / t2)
