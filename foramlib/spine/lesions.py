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
from foramlib.spine.levels import OTHER
from foramlib.spine.parameters import level_size, vertebra_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from foramlib.spine.levels import Level

DISC_LOSS = "disc_height_loss"
"""The one lesion that is a number of every state as well."""

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
    nature : str
        What it is, for rules that ask: soft disc, worn, slip, cyst, tumour, scar or inborn.
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
    nature: str
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

    def mirrored(self) -> Lesion:
        """Return the same lesion on the other side; what has no side, or both, stays."""
        return replace(self, side=OTHER.get(self.side, self.side))

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


def kind_of(key: object) -> Kind:
    """Return a kind of lesion by its key.

    Raises
    ------
    InvalidInput
        If there is none of that name.
    """
    return kinds()[one_of(key, kinds(), "lesion")]


def _kind(row: Mapping[str, str]) -> Kind:
    amounts = {"none": 0.0, **{grade: float(row[grade]) for grade in GRADES[1:]}}
    limit = float(row["limit"] or "nan")
    regions, sides, zones = (tuple(row[name].split()) for name in ("regions", "sides", "zones"))
    key, label, nature, measure = (row[name] for name in ("key", "label", "nature", "measure"))
    return Kind(key, label, nature, regions, sides, zones, MappingProxyType(amounts), limit, measure)


def lesion(key: object, mm: object = "moderate", side: str = "", zone: str = "", migration: object = 0.0) -> Lesion:
    """Return a lesion.

    Parameters
    ----------
    key : str
        Kind, such as ``"herniation"``; see :func:`kinds`.
    mm : float or str
        Amount in mm, or one of :data:`GRADES`.
    side : str
        ``"left"``, ``"right"`` or ``"both"``; needed where the kind has sides, since none of them goes without saying.
    zone : str
        Zone of a herniation (default foraminal) or type of a slip (default degenerative).
    migration : float
        Herniation only: mm up (positive) or down.

    Raises
    ------
    InvalidInput
        If there is no such kind, amount, side or zone.
    """
    kind = kind_of(key)
    amount = kind.amounts.get(as_typed(mm).lower()) if isinstance(mm, str) else None
    amount = _amount(mm, kind) if amount is None else amount
    defaults = {"herniation": "foraminal", "spondylolisthesis": "degenerative"}
    return Lesion(
        kind.key,
        amount,
        _chosen(side, kind.sides, "", f"The side of the lesion {kind.key}"),
        _chosen(zone, kind.zones, defaults.get(kind.key, ""), f"The zone of the lesion {kind.key}"),
        _migration(migration, kind.key),
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


def parse_lesion(text: object, side: str) -> Lesion:
    """Read ``NAME=MM[,zone=...][,side=...][,migration=...]`` as the command takes it.

    Parameters
    ----------
    text : str
        The lesion as it is written.
    side : str
        ``"left"`` or ``"right"``: the side of the state that it is written for. There it lies, unless it names another
        side or has none.

    Raises
    ------
    InvalidInput
        If the text is not of that form or names what does not exist.
    """
    head, *rest = str(text).split(",")
    key, found, mm = head.partition("=")
    fields = {name.strip().lower(): value for name, _, value in (part.partition("=") for part in rest)}
    if not found or len(fields) != len(rest) or not set(fields) <= {"zone", "side", "migration"}:
        raise InvalidInput(f"The lesion {text!r} cannot be read; write NAME=MM[,zone=...][,side=...][,migration=...].")
    sided = {"side": side} if kind_of(key).sides else {}
    return lesion(key, mm.strip().lower(), **{**sided, **fields})


def read_lesions(lesions: object, side: str) -> tuple[Lesion, ...]:
    """Read the lesions of a state: the one place that says what their texts mean.

    Parameters
    ----------
    lesions : str, Lesion, or sequence of them
        Lesions, or texts as :func:`parse_lesion` takes them; one alone may stand without a list.
    side : str
        Side of the state that they are written for.

    Raises
    ------
    InvalidInput
        If they are anything else, or a text cannot be read.
    """
    found = (lesions,) if isinstance(lesions, str | Lesion) else lesions
    if not isinstance(found, list | tuple) or not all(isinstance(one, str | Lesion) for one in found):
        raise InvalidInput(
            f"The lesions {lesions!r} cannot be read; give a list of texts such as 'herniation=4,zone=foraminal'."
        )
    return tuple(one if isinstance(one, Lesion) else parse_lesion(one, side) for one in found)


def elsewhere(lesions: Iterable[Lesion], side: str) -> str:
    """Name the other side, where all that narrows one side lies only there; else ""."""
    sided = [one for one in lesions if one.kind.sides]
    return OTHER[side] if sided and not any(one.on(side) for one in sided) else ""


def lowered_disc(lesions: Iterable[Lesion], disc_loss: float = 0.0) -> tuple[float, tuple[Lesion, ...]]:
    """Part a lower disc, which is a number of every state, from the other lesions.

    Parameters
    ----------
    lesions : iterable of Lesion
        All lesions of a state.
    disc_loss : float
        Disc height lost that the state names besides, mm.

    Returns
    -------
    float
        Disc height lost, mm.
    tuple of Lesion
        The others.

    Raises
    ------
    InvalidInput
        If the height lost is named twice.
    """
    found = tuple(lesions)
    lost = [one.mm for one in found if one.key == DISC_LOSS]
    named = [*lost, *([disc_loss] if disc_loss else [])]
    if len(named) > 1:
        raise InvalidInput(
            f"The disc height lost is named twice, as {' and as '.join(f'{mm} mm' for mm in named)}; name it once."
        )
    return (named[0] if named else disc_loss), tuple(one for one in found if one.key != DISC_LOSS)


def checked_lesions(lesions: Iterable[Lesion], level: Level) -> tuple[Lesion, ...]:
    """Return the lesions that have an amount, or raise InvalidInput for what cannot be at ``level``."""
    found = tuple(lesions)
    for one in found:
        kind_of(one.key)
        fault = next(_faults(one, level), None)
        if fault:
            raise InvalidInput(fault)
    places = [(one.key, one.zone if one.key == "herniation" else "", sign) for one in found for sign in one.signs]
    for place in places:
        if places.count(place) > 1:
            raise InvalidInput(f"The lesion {place[0]} is named twice for the same place; name it once.")
    return tuple(one for one in found if one.mm >= LEAST)


def fits(one: Lesion, level: Level) -> bool:
    """Tell whether a lesion can be put into ``level``."""
    return not any(_faults(one, level))


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
