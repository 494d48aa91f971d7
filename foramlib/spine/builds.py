"""People of different build: three named sizes, and people sampled from published spreads."""

from __future__ import annotations

import csv
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILDS: Mapping[str, float] = MappingProxyType({"small": 0.9, "typical": 1.0, "large": 1.1})
"""Scale of all lengths by build (assumption: one tenth either way)."""

Factors = tuple[tuple[str, float], ...]
"""Parameter names with the factor by which a person differs from the typical one."""

WIDEST = 2.0
"""Samples are kept within this many standard deviations."""


def build_name(build: object) -> str:
    """Return the name of a build as :data:`BUILDS` spells it.

    Raises
    ------
    InvalidInput
        If the build is unknown.
    """
    return one_of(build, BUILDS, "build")


def build_scale(build: object) -> float:
    """Return the scale of a named build.

    Raises
    ------
    InvalidInput
        If the build is unknown.
    """
    return BUILDS[build_name(build)]


@lru_cache
def spreads() -> Mapping[str, float]:
    """Return the standard deviation of each varied parameter as a share of its mean."""
    with data_path("model", "spreads.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["parameter"]: _share(row) for row in csv.DictReader(lines)})


def _share(row: Mapping[str, str]) -> float:
    try:
        return float(row["share"])
    except ValueError:
        message = f"data/model/spreads.csv, row {row['parameter']!r} holds {row['share']!r}; a number is needed."
        raise InvalidInput(message) from None


def sampled_factors(seed: int) -> Factors:
    """Return the factors of one made-up person.

    Each parameter varies by itself about a size that all lengths of the person share
    (assumption: no other correlation). The same seed gives the same person.
    """
    if not isinstance(seed, int) or seed < 0:
        raise InvalidInput(f"The seed {seed!r} is not possible; choose a whole number from 0 upward.")
    table = spreads()
    draws = np.random.default_rng(seed).normal(size=len(table)).clip(-WIDEST, WIDEST)
    pairs = zip(table.items(), draws.tolist(), strict=True)
    return tuple((name, 1.0 + share * draw) for (name, share), draw in pairs)
