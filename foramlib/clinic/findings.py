"""Findings, look-alikes, red flags and pitfalls: what can be seen or asked, and what it speaks for and against.

Sizes and columns stand in ``data/clinic/README.md``. A finding's source is named by evidence ids; where there is none
it is general teaching, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from foramlib.clinic.roots import root_cards
from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, facts
from foramlib.evidence.tables import by_key, read_table
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence.records import Ids, Text

__all__ = [
    "GROUPS",
    "NOT",
    "Finding",
    "LookAlike",
    "Pitfall",
    "RedFlag",
    "Weight",
    "finding",
    "findings",
    "look_alikes",
    "pitfalls",
    "red_flags",
    "weights",
]

Part: TypeAlias = Literal["arm", "leg", "both"]
Strength: TypeAlias = Literal["strong", "medium", "weak", "none"]
Group: TypeAlias = Literal["power", "reflexes", "sensation", "story", "tests", "look-alikes", "cord", "red-flags"]
Row = TypeVar("Row")

NOT = "not-"
"""Before the id of a finding: it was looked for and is absent."""

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "red-flags": "Ask first: red flags",
        "story": "Story",
        "power": "Power",
        "reflexes": "Reflexes",
        "sensation": "Sensation",
        "tests": "Tests of neck and low back",
        "cord": "Signs of the cord",
        "look-alikes": "Signs of look-alikes",
    }
)
"""Groups of findings and their headings, in the order of an examination."""

# The column of roots.csv on which a key finding of a group rests.
_CELLS = MappingProxyType({"power": "key_muscle", "reflexes": "reflex", "sensation": "key_sensory_point"})


@dataclass(frozen=True)
class Finding:
    """One finding (``findings.csv``).

    ``key`` names what it points to with its whole weight, ``fits`` what it agrees with, ``against`` what it speaks
    against, and ``absent_fits`` what its absence agrees with; ``excludes`` cannot stand beside it.
    """

    id: Text
    group: Group
    part: Part
    text: Text
    how: Text
    weight: Strength
    key: Ids
    fits: Ids
    against: Ids
    absent_fits: Ids
    excludes: Ids
    sources: Ids


@dataclass(frozen=True)
class LookAlike:
    """Something that can be taken for a root (``look_alikes.csv``); what is not scored is only mentioned."""

    id: Text
    name: Text
    part: Part
    scored: Literal["yes", "no"]
    tell: Text
    sources: Ids


@dataclass(frozen=True)
class RedFlag:
    """What must interrupt (``red_flags.csv``): any of its signs, and the sentence to be said."""

    id: Text
    title: Text
    part: Part
    signs: Ids
    sentence: Text
    sources: Ids


@dataclass(frozen=True)
class Weight:
    """Points of the teaching rule (``weights.csv``) and why."""

    weight: Strength
    what: Text
    points: float
    why: Text
    sources: Ids


@dataclass(frozen=True)
class Pitfall:
    """A way to get the number of a root wrong (``pitfalls.csv``)."""

    id: Text
    title: Text
    text: Text
    sources: Ids


@lru_cache(maxsize=1)
def findings() -> Mapping[str, Finding]:
    """Give every finding by its id; links that rest on an unconfirmed cell of ``roots.csv`` are left out."""
    known = [*root_cards(), *look_alikes()]
    columns = dict.fromkeys(("key", "fits", "against", "absent_fits"), known)
    rows = _read("findings", Finding, **columns)
    _check_exclusions(rows)
    return by_key(map(_confirmed_only, rows), "id")


def finding(name: str) -> Finding:
    """Give one finding.

    Raises
    ------
    InvalidInput
        If there is none of that id.
    """
    return findings()[one_of(name, findings(), "finding", hint="'foramlib localise --list' names them all")]


def finding_name(given: str) -> str:
    """Return the id of a finding in its own spelling, with ``"not-"`` before one that is absent.

    Raises
    ------
    InvalidInput
        If there is none of that id.
    """
    both = (*findings(), *(NOT + name for name in findings()))
    return one_of(given, both, "finding", hint="'foramlib localise --list' names them all")


@lru_cache(maxsize=1)
def look_alikes() -> Mapping[str, LookAlike]:
    """Give everything that can be taken for a root, by its id."""
    return by_key(_read("look_alikes", LookAlike), "id")


@lru_cache(maxsize=1)
def red_flags() -> tuple[RedFlag, ...]:
    """Give what must interrupt; every sign is a finding."""
    return _read("red_flags", RedFlag, signs=list(findings()))


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Weight]:
    """Give the points of the teaching rule by the strength of a finding."""
    return by_key(_read("weights", Weight), "weight")


@lru_cache(maxsize=1)
def pitfalls() -> tuple[Pitfall, ...]:
    """Give the ways in which a root gets the wrong number."""
    return _read("pitfalls", Pitfall)


def _read(name: str, row_type: type[Row], **known: list[str]) -> tuple[Row, ...]:
    return read_table(data_path("clinic", f"{name}.csv"), row_type, {"sources": facts().keys(), **known})


def _check_exclusions(rows: tuple[Finding, ...]) -> None:
    ids = {row.id for row in rows}
    for row in rows:
        for other in row.excludes:
            if other not in ids:
                raise InvalidInput(f"Data table findings.csv: {row.id!r} excludes {other!r}, which is not a finding.")


def _confirmed_only(row: Finding) -> Finding:
    """Drop a root whose cell is marked as unconfirmed: it is not used to score."""
    cell = _CELLS.get(row.group, "")
    kept = tuple(name for name in row.key if name not in root_cards() or cell not in root_cards()[name].unconfirmed)
    return replace(row, key=kept)
