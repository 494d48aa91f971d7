"""Frozen dataclasses of the evidence tables; a field is a column, and its type says what a cell may hold.

``Text`` must not be empty, ``str`` may be; ``Number`` and ``Count`` may be empty and are then None; ``Ids`` is a list
parted by semicolons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Count", "Fact", "Ids", "Number", "Quantity", "Source", "Support", "Supported", "Text"]

Text: TypeAlias = str
Number: TypeAlias = float | None
Count: TypeAlias = int | None
Ids: TypeAlias = tuple[str, ...]
Support: TypeAlias = Literal["primary", "secondary", "derived", "unconfirmed"]
Kind: TypeAlias = Literal["paper", "page", "book", "leaflet", "meeting", "preprint", "teaching", "none"]
Read: TypeAlias = Literal["abstract", "table", "secondary", "no"]
Check: TypeAlias = Literal["page seen", "two independent recollections agree", "open", ""]


class Supported:
    """What every row with a ``support`` column can say of itself."""

    __slots__ = ()
    support: Support

    @property
    def citable(self) -> bool:
        """Whether a number of this row may be shown; an unconfirmed row is never shown as a citation."""
        return self.support != "unconfirmed"


@dataclass(frozen=True)
class Source:
    """One publication, page or book (``sources.csv``).

    ``kind`` "teaching" stands for general teaching text, which is never put beside a number, and "none" for no source.
    ``read`` says what was opened; ``to_confirm`` names what still needs checking; ``check`` says how the bibliographic
    details were checked; ``read_on`` is the day on which a page was read, ``2026-11-21``, or ``..2026-11-21`` for that
    day or earlier. An empty doi or pmid means not known, not absent.
    """

    source_key: Text
    kind: Kind
    authors_short: str
    year: str
    title: str
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    pmcid: str
    url: str
    read: Read
    to_confirm: str
    check: Check
    read_on: str

    @property
    def address(self) -> str:
        """Web address: of the doi, else of the pmid, the pmcid or the page; empty where none is known."""
        if self.doi.startswith("10."):
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/" if self.pmcid else self.url


@dataclass(frozen=True)
class Fact(Supported):
    """One clinical statement with its value and who was studied (``facts.csv``)."""

    id: Text
    topic: Text
    statement: Text
    value: str
    population: str
    source_key: Text
    support: Support
    caution: str


@dataclass(frozen=True)
class Quantity(Supported):
    """One measured dimension, angle or ratio (``morphometry.csv``), mean and standard deviation in ``unit``.

    Values of unconfirmed rows may shape the model as stated assumptions; they are not citable.
    """

    id: Text
    structure: Text
    measure: Text
    level: Text
    mean: float
    sd: Number
    unit: Literal["mm", "mm2", "deg", "%", "ratio", "mm/level"]
    sample: str
    population: str
    method: str
    source_key: Ids
    support: Support

    @property
    def n(self) -> int | None:
        """The count that opens ``sample`` (of what, is said there), or None."""
        found = re.match(r"\d+(?=\D|$)", self.sample)
        return int(found[0]) if found else None
