"""Regions of the body for pain drawings and touch, and which root each published list gives them.

The figure is our own and lives in ``data/clinic/body_regions.yaml``; its shapes are made in
:mod:`foramlib.clinic.region_shapes`. A region's id is its name and the patient's side: ``"forearm_lateral.left"``.
What a list claims about a region rests on evidence rows: a key sensory point or a phrase of the table of roots, or
one of the two families of dermatome maps. Where no row speaks, the region claims nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MAPS",
    "SIDES",
    "Claim",
    "Point",
    "Region",
    "base_of",
    "body",
    "claims",
    "mirrored",
    "region",
    "region_ids",
    "regions",
    "side_of",
]

SIDES = ("left", "right")

MAPS: Mapping[str, str] = MappingProxyType(
    {
        "points": "ISNCSCI key sensory points",
        "pain": "Where pain is typical",
        "keegan_garrett": "Keegan and Garrett",
        "foerster": "Foerster and other early maps",
    }
)
"""Lists of roots and skin, by key. Only the fourth lumbar root of the two map families stands in our evidence."""

# What the two families of maps draw is known for one root only, from one review.
_FAMILIES = "A:L-17"


@dataclass(frozen=True)
class Point:
    """A key sensory point: where it lies in a picture, in cm, on the half drawn at the viewer's right."""

    root: str
    phrase: str
    picture: str
    at: tuple[float, float]


@dataclass(frozen=True)
class Claim:
    """One list gives a region to one root.

    Attributes
    ----------
    map : str
        Key of :data:`MAPS`.
    root : str
        ``"C6"``.
    phrase : str
        The words of the list; ``"between"`` lies on the way between two areas that it names.
    evidence : str
        Id of the evidence row that says so.
    """

    map: str
    root: str
    phrase: str
    evidence: str


@dataclass(frozen=True)
class Region:
    """One piece of skin on one side.

    Attributes
    ----------
    id : str
        ``"forearm_lateral.left"``; stable, and what patients and findings store.
    name : str
        Plain words without the side, ``"thumb side of the forearm"``.
    spoken : str
        The same with it: ``"thumb side of the left forearm"``.
    term : str
        Standard term.
    side : str
        The patient's ``"left"`` or ``"right"``.
    pictures : tuple of str
        Pictures in which it is seen, ids of the figure.
    opens : str
        Tab that shows it in detail (``"hand"``, ``"foot"``), else empty; such a region is not chosen itself.
    claims : tuple of Claim
        What lists say of it; empty where our evidence is silent.
    apart : bool
        Whether pain here asks for other causes first (chest, belly, face ...): no made-up drawing strays there.
    """

    id: str
    name: str
    spoken: str
    term: str
    side: str
    pictures: tuple[str, ...]
    opens: str
    claims: tuple[Claim, ...]
    apart: bool = False

    def roots(self, map_key: str) -> tuple[str, ...]:
        """Roots that one list gives the region.

        Raises
        ------
        InvalidInput
            If there is no such list.
        """
        key = one_of(map_key, MAPS, "list of roots and skin")
        return tuple(claim.root for claim in self.claims if claim.map == key)


@lru_cache(maxsize=1)
def body() -> Mapping[str, Any]:
    """Give the figure as it stands in ``data/clinic/body_regions.yaml``.

    Raises
    ------
    InvalidInput
        If the file is missing or damaged.
    """
    import yaml  # noqa: PLC0415 - only needed when a body is shown

    path = data_path("clinic", "body_regions.yaml")
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        return MappingProxyType({key: found[key] for key in ("outlines", "pictures", "tabs", "regions")})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError) as problem:
        raise InvalidInput("The figure of the body, body_regions.yaml, is missing or damaged; restore it.") from problem


def _fact(root: str) -> str:
    """Evidence row of a root: the table of roots is stated root by root as A:L-01 to A:L-12."""
    order = ("C4", "C5", "C6", "C7", "C8", "T1", "L1", "L2", "L3", "L4", "L5", "S1")
    return f"A:L-{order.index(root) + 1:02d}"


def _claims(entry: Mapping[str, Any]) -> tuple[Claim, ...]:
    pains = [Claim("pain", one["root"], one["phrase"], _fact(one["root"])) for one in entry.get("pain", ())]
    drawn = [Claim(one["map"], one["root"], one["phrase"], _FAMILIES) for one in entry.get("maps", ())]
    point = entry.get("point")
    points = [Claim("points", point["root"], point["phrase"], _fact(point["root"]))] if point else []
    return (*points, *pains, *drawn)


def _region(entry: Mapping[str, Any], side: str) -> Region:
    words = str(entry["name"])
    return Region(
        id=f"{entry['id']}.{side}",
        name=words.replace("{side} ", "").replace(", {side}", ""),
        spoken=words.replace("{side}", side),
        term=entry["term"],
        side=side,
        pictures=tuple(entry["at"]),
        opens=entry.get("opens", ""),
        claims=_claims(entry),
        apart=bool(entry.get("apart")),
    )


@lru_cache(maxsize=1)
def _by_id() -> Mapping[str, Region]:
    made = (_region(entry, side) for side in SIDES for entry in body()["regions"])
    return MappingProxyType({one.id: one for one in made})


def regions(picture: str | None = None) -> tuple[Region, ...]:
    """Give all regions, left before right, or those of one picture (``"front"``, ``"palm"``, ...).

    Raises
    ------
    InvalidInput
        If there is no such picture.
    """
    if picture is None:
        return tuple(_by_id().values())
    known = [entry["id"] for entry in body()["pictures"]]
    picture = one_of(picture, known, "picture of the body")
    return tuple(one for one in _by_id().values() if picture in one.pictures)


def region_ids() -> tuple[str, ...]:
    """Ids that can be chosen; a hand or foot that only opens its own tab is not among them."""
    return tuple(one.id for one in _by_id().values() if not one.opens)


def region(name: str) -> Region:
    """Give one region by its id.

    Raises
    ------
    InvalidInput
        If there is no such region.
    """
    hint = "write its name and side, like 'forearm_lateral.left'"
    return _by_id()[one_of(name, _by_id(), "region", hint=hint)]


def base_of(name: str) -> str:
    """Name of a region without its side."""
    return region(name).id.rpartition(".")[0]


def side_of(name: str) -> str:
    """Side of a region."""
    return region(name).side


def mirrored(name: str) -> str:
    """Id of the same region on the other side."""
    return f"{base_of(name)}.{SIDES[1 - SIDES.index(side_of(name))]}"


def claims(root: str, map_key: str) -> tuple[str, ...]:
    """Regions (left and right) that one list gives a root."""
    return tuple(one.id for one in regions() if root in one.roots(map_key))
