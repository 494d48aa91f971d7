"""Sources, facts and measured quantities, each table read once when first asked for.

Sizes, columns, units and cautions stand in the data cards, ``data/evidence/README.md``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from foramlib.errors import InvalidInput
from foramlib.evidence import records
from foramlib.evidence.locator import data_path
from foramlib.evidence.tables import by_key, read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["facts", "look_up", "morphometry", "read_evidence", "sources"]

Row = TypeVar("Row")


@lru_cache(maxsize=1)
def sources() -> Mapping[str, records.Source]:
    """Every source by its key: publications, pages and books (363 rows)."""
    return by_key(read_table(data_path("evidence", "sources.csv"), records.Source), "source_key")


@lru_cache(maxsize=1)
def facts() -> Mapping[str, records.Fact]:
    """Every clinical fact by its id: ``A:D-08`` (anatomy, imaging, nerve), ``P:E04`` (patients) (441 rows)."""
    return by_key(read_evidence("facts", records.Fact, {}), "id")


@lru_cache(maxsize=1)
def morphometry() -> Mapping[str, records.Quantity]:
    """Every measured quantity by its id, such as ``M:R-036``; mm, mm², degrees, % or ratios (729 rows).

    Rows whose ``citable`` is False may shape the model as assumptions and are never shown as citations.
    """
    return by_key(read_evidence("morphometry", records.Quantity, {}), "id")


def look_up(evidence_id: str) -> records.Fact | records.Quantity:
    """Give the fact (``A:…``, ``P:…``) or the measured quantity (``M:…``) with this id.

    Raises
    ------
    InvalidInput
        If no row has this id.
    """
    table: Mapping[str, records.Fact | records.Quantity]
    table = morphometry() if str(evidence_id).startswith("M:") else facts()
    if evidence_id not in table:
        raise InvalidInput(f"The evidence id {evidence_id!r} is not known; use one from facts.csv or morphometry.csv.")
    return table[evidence_id]


def read_evidence(name: str, row_type: type[Row], known: Mapping[str, Collection[str]]) -> tuple[Row, ...]:
    """Read ``data/evidence/<name>.csv``; its source keys must stand in ``sources.csv``."""
    return read_table(data_path("evidence", f"{name}.csv"), row_type, {"source_key": sources().keys()} | dict(known))
