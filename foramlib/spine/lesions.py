"""What narrows a foramen: lesions as frozen parameter sets, checked against the level they are put into.

Each has one amount in mm, from none to severe; what it does to the geometry stands in
:mod:`foramlib.spine.pathology`. Sizes and places are the model's own (``data/model/lesions.csv``); the evidence rows
named there say which wall moves and which root is hit, not by how many millimetres.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.given import as_typed, one_of
from foramlib.spine.parameters import level_size, vertebra_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from foramlib.spine.levels import Level

GRADES = ("none", "mild", "moderate", "severe")
"""Named amounts of every lesion; how many mm each means stands in ``data/model/lesions.csv``."""

FARTHEST = 8.0
"""Greatest migration of a herniation up or down, mm (assumption)."""

LEAST = 0.01
"""Smaller lesions than this, mm, count as none."""

WORN_SLIP = 10.0
"""Greatest slip that worn facets allow, mm; beyond it only a parted arch lets go (assumption)."""


@dataclass(frozen=True)
class Kind:
    """One kind of lesion.

    Attributes
    ----------
    key, label : str
        Identifier and name.
    regions, sides, zones : tuple of str
        Where it occurs; sides and zones are empty where there is no choice.
    amounts : mapping of str to float
        Amount, mm, of each of :data:`GRADES`.
    limit : float
        Greatest amount, mm; nan where the level sets it.
    measure : str
        What the amount measures.
    """

    key: str
    label: str
    regions: tuple[str, ...]
    sides: tuple[str, ...]
    zones: tuple[str, ...]
    amounts: Mapping[str, float]
    limit: float
    measure: str

    def most(self, level: Level, zone: str = "") -> float:
        """Return the greatest amount at ``level``, mm; a slip has its own for each type."""
        limit = level_size(level.name).disc_loss_limit if math.isnan(self.limit) else self.limit
        return min(limit, WORN_SLIP) if zone == "degenerative" else limit

    def zones_at(self, level: Level) -> tuple[str, ...]:
        """Return the zones or types that occur at ``level``."""
        if self.key == "herniation" and level.region == "cervical":
            return tuple(zone for zone in self.zones if zone != "extraforaminal")
        if self.key == "spondylolisthesis" and level.name not in {"L4/5", "L5/S1"}:
            return tuple(zone for zone in self.zones if zone != "isthmic")
        return self.zones

    def occurs_at(self, level: Level) -> bool:
        """Tell whether it can be put into ``level``."""
        if self.key == "uncovertebral_osteophyte" and not vertebra_size(level.lower).uncinate_height:
            return False
        return level.region in self.regions


@dataclass(frozen=True)
class Lesion:
    """One lesion.

    Parameters
    ----------
    key : str
        Kind, a key of :func:`kinds`.
    mm : float
        Amount, mm.
    side : str
        ``"left"``, ``"right"``, ``"both"``, or "" where it has no side.
    zone : str
        Zone of a herniation, type of a slip, or "".
    migration : float
        How far a herniation has moved up (positive) or down, mm.
    """

    key: str
    mm: float
    side: str = ""
    zone: str = ""
    migration: float = 0.0

    @property
    def kind(self) -> Kind:
        """The kind of lesion."""
        return kinds()[self.key]

    @property
    def signs(self) -> tuple[int, ...]:
        """Sides it lies on: +1 left, -1 right."""
        return {"left": (1,), "right": (-1,), "both": (1, -1), "": (1, -1)}[self.side]

    def on(self, side: str) -> bool:
        """Tell whether it lies on ``side`` or has no side."""
        return self.side in {"", "both", side}

    def sized(self, mm: float) -> Lesion:
        """Return the same lesion in another size, mm; unchecked until it is put into a segment."""
        return replace(self, mm=mm)

    @property
    def written(self) -> str:
        """The lesion as the command takes it; :func:`parse_lesion` reads it back."""
        extra = [
            ("zone", self.zone),
            ("side", self.side),
            ("migration", f"{self.migration:g}" if self.migration else ""),
        ]
        return ",".join([f"{self.key}={self.mm:g}", *(f"{name}={value}" for name, value in extra if value)])

    def told(self) -> str:
        """Say it: "Disc herniation, left, foraminal, 4.0 mm"."""
        words = [self.kind.label, self.side if self.side != "both" else "both sides", self.zone]
        words.append(f"{self.mm:.1f} mm")
        if self.migration:
            words.append(f"{abs(self.migration):.0f} mm {'up' if self.migration > 0 else 'down'}")
        return ", ".join(word for word in words if word)


@lru_cache
def kinds() -> Mapping[str, Kind]:
    """Return all kinds of lesion by key (source: ``data/model/lesions.csv``)."""
    with data_path("model", "lesions.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["key"]: _kind(row) for row in csv.DictReader(lines)})


def _kind(row: Mapping[str, str]) -> Kind:
    amounts = {"none": 0.0, **{grade: float(row[grade]) for grade in GRADES[1:]}}
    limit = float(row["limit"] or "nan")
    regions, sides, zones = (tuple(row[name].split()) for name in ("regions", "sides", "zones"))
    return Kind(row["key"], row["label"], regions, sides, zones, MappingProxyType(amounts), limit, row["measure"])


def lesion(key: object, mm: object = "moderate", side: str = "", zone: str = "", migration: object = 0.0) -> Lesion:
    """Return a lesion.

    Parameters
    ----------
    key : str
        Kind, such as ``"herniation"``; see :func:`kinds`.
    mm : float or str
        Amount in mm, or one of :data:`GRADES`.
    side : str
        ``"left"`` (default where it has sides), ``"right"`` or ``"both"``.
    zone : str
        Zone of a herniation (default foraminal) or type of a slip (default degenerative).
    migration : float
        Herniation only: mm up (positive) or down.

    Raises
    ------
    InvalidInput
        If there is no such kind, amount, side or zone.
    """
    key = one_of(key, kinds(), "lesion")
    kind = kinds()[key]
    amount = kind.amounts.get(as_typed(mm).lower()) if isinstance(mm, str) else None
    amount = _amount(mm, kind) if amount is None else amount
    defaults = {"herniation": "foraminal", "spondylolisthesis": "degenerative"}
    return Lesion(
        key,
        amount,
        _chosen(side, kind.sides, kind.sides[0] if kind.sides else "", f"The side of the lesion {key}"),
        _chosen(zone, kind.zones, defaults.get(key, ""), f"The zone of the lesion {key}"),
        _migration(migration, key),
    )


def _amount(mm: object, kind: Kind) -> float:
    try:
        number = float(as_typed(mm) if isinstance(mm, str) else mm)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        grades = ", ".join(GRADES)
        raise InvalidInput(f"The amount {mm!r} of the lesion {kind.key} is no number of mm; give one, or {grades}.")
    return number


def _chosen(word: str, allowed: tuple[str, ...], default: str, what: str) -> str:
    given = as_typed(str(word)).lower()
    if given in allowed or (not given and (default or not allowed)):
        return given or default
    raise InvalidInput(f"{what} is {word!r}; choose {' or '.join(allowed) if allowed else 'none: it has no choice'}.")


def _migration(value: object, key: str) -> float:
    try:
        number = float(as_typed(value) if isinstance(value, str) else value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if number == 0.0 or (key == "herniation" and abs(number) <= FARTHEST):
        return number
    raise InvalidInput(
        f"The migration {value!r} of the lesion {key} is not possible; "
        f"only a herniation migrates, up to {FARTHEST:g} mm."
    )


def parse_lesion(text: str) -> Lesion:
    """Read ``NAME=MM[,zone=...][,side=...][,migration=...]`` as the command takes it.

    Raises
    ------
    InvalidInput
        If the text is not of that form or names what does not exist.
    """
    head, *rest = str(text).split(",")
    key, found, mm = head.partition("=")
    fields = {name.strip().lower(): value for name, value in (part.split("=", 1) for part in rest if "=" in part)}
    if not found or len(fields) != len(rest) or not set(fields) <= {"zone", "side", "migration"}:
        raise InvalidInput(f"The lesion {text!r} cannot be read; write NAME=MM[,zone=...][,side=...][,migration=...].")
    return lesion(key.strip(), mm.strip(), **{name: value.strip() for name, value in fields.items()})


def checked_lesions(lesions: Iterable[Lesion], level: Level) -> tuple[Lesion, ...]:
    """Return the lesions that have an amount, or raise InvalidInput for what cannot be at ``level``."""
    found = tuple(lesions)
    for one in found:
        if one.key not in kinds():
            raise InvalidInput(f"There is no lesion {one.key!r}; choose one of {', '.join(kinds())}.")
        fault = next(_faults(one, level), None)
        if fault:
            raise InvalidInput(fault)
    places = [(one.key, one.zone if one.key == "herniation" else "", sign) for one in found for sign in one.signs]
    for place in places:
        if places.count(place) > 1:
            raise InvalidInput(f"The lesion {place[0]} is named twice for the same place; name it once.")
    return tuple(one for one in found if one.mm >= LEAST)


def _faults(one: Lesion, level: Level) -> Iterator[str]:
    kind, most = one.kind, one.kind.most(level)
    if not kind.occurs_at(level):
        yield f"The lesion {one.key} does not occur at {level.name} in this model; it belongs to the {_where(kind)}."
    if not 0.0 <= one.mm <= most:
        yield f"The lesion {one.key} of {one.mm:g} mm is not possible at {level.name}; choose 0 to {most:g} mm."
    if one.zone == "degenerative" and one.mm > WORN_SLIP:
        yield f"A degenerative slip of {one.mm:g} mm is not possible in this model; choose 0 to {WORN_SLIP:g} mm."
    if one.zone and one.zone not in kind.zones_at(level):
        allowed = " or ".join(kind.zones_at(level))
        yield f"The lesion {one.key} is not {one.zone} at {level.name} in this model; choose {allowed}."


def _where(kind: Kind) -> str:
    names = {"cervical": "neck", "lumbar": "low back"}
    return " and the ".join(names[region] for region in kind.regions)
