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
from foramlib.evidence import data_path, facts
from foramlib.evidence.tables import by_key, read_table
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from foramlib.evidence.records import Ids, Text

__all__ = [
    "GROUPS",
    "NOT",
    "PAINS",
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

PAINS = ("limb-pain", "spinal-pain")
"""Where a drawing hurts, as red flags ask for it."""

_TOGETHER = 2  # signs of a flag that are needed where none of them is enough alone
_SPINAL_PAIN = frozenset({"spinal-pain", "neck-pain"})

# The column of roots.csv on which a key finding of a group rests.
_CELLS = MappingProxyType({"power": "key_muscle", "reflexes": "reflex", "sensation": "key_sensory_point"})


@dataclass(frozen=True)
class Finding:
    """One finding (``findings.csv``).

    ``key`` names what it points to with its whole weight, ``fits`` what it agrees with, ``against`` what it speaks
    against, and ``absent_fits`` what its absence agrees with.
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
    roots: Ids


@dataclass(frozen=True)
class RedFlag:
    """What must interrupt (``red_flags.csv``), by one rule for every flag: :meth:`raised_by`.

    Attributes
    ----------
    id, title : str
        For example ``"myelopathy"`` and ``"Suspected cervical myelopathy"``.
    part : str
        Part of the body it belongs to.
    urgency : str
        ``"emergency"`` (now, the same day at the latest) or ``"urgent"`` (within days).
    root : str
        ``"yes"`` where the root itself may be in trouble, so that an operation on it stays a question.
    alone, together : tuple of str
        Findings of which any one raises the flag, and findings of which two do.
    risks : tuple of str
        What only makes it likelier: one counts beside a finding of `together`, two beside pain of the spine.
    beside : tuple of str
        Where it is not empty, one of these must be there as well: findings, groups of findings, or :data:`PAINS`.
    unless : tuple of str
        Look-alikes: what one of them explains, where it comes first, does not count as `beside`.
    replaces : tuple of str
        Flags that it makes superfluous.
    sentence, beside_emergency, hint : str
        What is said when it is up; the same without a slower limit of time, beside an emergency; and what is said when
        a sign that is not enough stands there.
    sources : tuple of str
        Evidence ids.
    """

    id: Text
    title: Text
    part: Part
    urgency: Literal["emergency", "urgent"]
    root: Literal["yes", "no"]
    alone: Ids
    together: Ids
    risks: Ids
    beside: Ids
    unless: Ids
    replaces: Ids
    sentence: Text
    beside_emergency: str
    hint: str
    sources: Ids

    @property
    def signs(self) -> tuple[str, ...]:
        """Every finding that raises the flag, by itself or with another."""
        return (*self.alone, *self.together, *self.risks)

    def raised_by(self, here: Collection[str], pains: Collection[str] = ()) -> frozenset[str]:
        """Give the findings that raise the flag; none where it is not up.

        Parameters
        ----------
        here : collection of str
            Ids of the findings that are present.
        pains : collection of str
            Which of :data:`PAINS` are there.
        """
        found = frozenset(self.signs) & frozenset(here)
        active = found & frozenset(self.together) or _SPINAL_PAIN & {*here, *pains}
        enough = found & frozenset(self.alone) or (len(found) >= _TOGETHER and active)
        return found if enough and self._accompanied(here, pains) else frozenset()

    def _accompanied(self, here: Collection[str], pains: Collection[str]) -> bool:
        others = [name for name in here if name not in self.signs]
        told = {*others, *(findings()[name].group for name in others), *pains}
        return not self.beside or bool(told & set(self.beside))

    def hinted_by(self, here: Collection[str]) -> bool:
        """Tell whether only signs are there that are not enough by themselves."""
        found = frozenset(self.signs) & frozenset(here)
        return bool(self.hint and found) and not found & frozenset(self.alone)


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
    return by_key(_read("look_alikes", LookAlike, roots=list(root_cards())), "id")


@lru_cache(maxsize=1)
def red_flags() -> tuple[RedFlag, ...]:
    """Give what must interrupt, emergencies first; every sign is a finding."""
    signs = list(findings())
    columns = {**dict.fromkeys(("alone", "together", "risks"), signs), "beside": [*signs, *GROUPS, *PAINS]}
    rows = _read("red_flags", RedFlag, unless=list(look_alikes()), **columns)
    return tuple(sorted(rows, key=lambda row: row.urgency != "emergency"))


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


def _confirmed_only(row: Finding) -> Finding:
    """Drop a root whose cell is marked as unconfirmed: it is not used to score."""
    cell = _CELLS.get(row.group, "")
    kept = tuple(name for name in row.key if name not in root_cards() or cell not in root_cards()[name].unconfirmed)
    return replace(row, key=kept)
