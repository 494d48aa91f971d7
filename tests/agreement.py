"""The model beside all published measurements, asked once for every test that reads it: it takes ten seconds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from foramlib.spine.validation import validate

if TYPE_CHECKING:
    from foramlib.spine.validation import Row

__all__ = ["rows"]


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """All targets, hit or missed."""
    return tuple(validate())
