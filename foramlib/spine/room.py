"""How each root fares: what it touches and where, how flat it is, what room and what fat are left about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.contact import TOUCH, ring, walls
from foramlib.spine.lattice import Points
from foramlib.spine.levels import parse_side
from foramlib.spine.shapes import Union

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foramlib.spine.lattice import Array, Mask
    from foramlib.spine.roots import Root
    from foramlib.spine.segment import Segment

REACH = 2.5
"""Room is looked for up to this far beyond the resting root's own radius, mm."""

QUADRANTS = ("superior", "posterior", "inferior", "anterior")
"""Sides of a root; digits 1 to 4 of the updated Lee system (A:G-04)."""

FLAT = 0.15
"""Loss of thickness, as a share, from which a root counts as changed in shape (assumption)."""

RECESS, ENTRY = "lateral recess", 4.0
"""A traversing root enters the lateral recess this far above the middle of the disc, mm (assumption)."""

ANGLES, RINGS = 16, 6


@dataclass(frozen=True)
class RootState:
    """One root of a segment.

    Attributes
    ----------
    kind, side, name : str
        ``"exiting"`` or ``"traversing"``; side; root such as ``"C6"``.
    walls : tuple of str
        Identifiers of the walls that it touches, the closest first.
    places : tuple of str
        Where along its course it touches: ``"canal"``, ``"lateral recess"``, ``"foramen"``, ``"beyond"``.
    contact : float
        Share of its outline that touches a wall where most of it does, 0 to 1.
    flattening : float
        Thickness lost where it is flattest, as a share, 0 to 1.
    area_kept : float
        Cross-section left where least is left, as a share, 0 to 1.
    moved : float
        How far it is pushed aside where it is pushed most, mm.
    room : float
        Free cross-section within 2.5 mm about the resting root where it is least, as a share of that in an
        empty space, 0 to 1.
    """

    kind: str
    side: str
    name: str
    walls: tuple[str, ...]
    places: tuple[str, ...]
    contact: float
    flattening: float
    area_kept: float
    moved: float
    room: float

    @property
    def hit(self) -> bool:
        """Whether a wall touches it."""
        return bool(self.walls)

    @property
    def changed(self) -> bool:
        """Whether its shape has changed enough to be seen."""
        return self.flattening >= FLAT


def root_states(segment: Segment, side: str = "left") -> tuple[RootState, ...]:
    """Return the exiting and, in the low back, the traversing root of a side.

    Raises
    ------
    InvalidInput
        If the side is unknown.
    """
    side = parse_side(side)
    return tuple(_state(segment, root) for (_, where), root in segment.roots.items() if where == side)


def _state(segment: Segment, root: Root) -> RootState:
    level = segment.level
    name = level.exiting_root if root.kind == "exiting" else str(level.traversing_root)
    shares, room, met = _shares(segment, root)
    gaps = {key: float(wall.field(met).min()) for key, wall in walls(segment, root.side)} if shares.any() else {}
    touched = sorted((key for key in gaps if gaps[key] < 0.0), key=lambda key: gaps[key])
    where = [place for place, share in zip(zones(segment, root), shares, strict=True) if share > 0]
    held = root.course.radii > 0
    return RootState(
        root.kind,
        root.side,
        name,
        tuple(touched),
        tuple(dict.fromkeys(where)) if touched else (),
        float(shares.max()) if touched else 0.0,
        float(root.flattening[held].max()),
        float(root.area_kept[held].min()),
        float(np.linalg.norm(root.shift, axis=1).max()),
        float(room.min()),
    )


def _shares(segment: Segment, root: Root) -> tuple[Array, Array, Points]:
    """Share of the outline in contact at each station, shape (n,), room as :func:`room_shares` gives it, and where.

    A wall is felt for :data:`TOUCH` mm outside the outline: whether a point lies in it is exact, while its field
    can run smaller than the distance where shapes are blended, stretched or cut.
    """
    held = np.flatnonzero(root.course.radii > 0)
    solid = Union(tuple(wall for _, wall in walls(segment, root.side)))
    rings = np.vstack([_felt(root, station) for station in held])
    spots, radii = _about(root, held)
    # One question to all walls costs hardly more than half of it.
    fields = solid.field(Points(np.vstack([rings, spots.reshape(-1, 3)])))
    contact = np.zeros(len(root.course.radii))
    met = fields[: len(rings)] < 0.0
    contact[held] = met.reshape(len(held), -1).mean(axis=1)
    return contact, _free_share(fields[len(rings) :], radii, len(held)), Points(rings[met])


def _felt(root: Root, station: int | np.integer) -> Array:
    """Points that lie :data:`TOUCH` mm outside the outline of a root at one station, shape (count, 3), mm."""
    outline = ring(root, station)
    away = outline - root.places[station]
    return np.asarray(outline + TOUCH * away / np.linalg.norm(away, axis=1, keepdims=True))


def room_shares(segment: Segment, root: Root) -> Array:
    """Return the free share of the space about the resting root at each held station, 0 to 1.

    The space is a disc square to the course, as wide as the root and :data:`REACH` mm beyond. Walls are bones,
    disc, ligaments and lesions. A wall that grows can only take from it.
    """
    held = np.flatnonzero(root.course.radii > 0)
    spots, radii = _about(root, held)
    solid = Union(tuple(wall for _, wall in walls(segment, root.side)))
    return _free_share(solid.field(Points(spots.reshape(-1, 3))), radii, len(held))


def _free_share(fields: Array, radii: Array, count: int) -> Array:
    free: Mask = (fields > 0).reshape(count, ANGLES, RINGS)
    return np.asarray((free * radii).sum(axis=(1, 2)) / (ANGLES * radii.sum()))


def _about(root: Root, held: NDArray[np.intp]) -> tuple[Array, Array]:
    """Points of a disc square to the course about each held station, (n, angles, rings, 3), and their shares of it."""
    course = root.course
    radii, angles = (np.arange(RINGS) + 0.5) / RINGS, 2 * np.pi * np.arange(ANGLES) / ANGLES
    along = course.along[held]
    first = np.cross(along, [0.0, 0.0, 1.0])
    first = first / np.maximum(np.linalg.norm(first, axis=1, keepdims=True), 1e-6)
    second = np.cross(along, first)
    rim = first[:, None] * np.cos(angles)[None, :, None] + second[:, None] * np.sin(angles)[None, :, None]
    far = (course.radii[held] + REACH)[:, None] * radii
    spots = course.places[held][:, None, None] + rim[:, :, None] * far[:, None, :, None]
    return spots, radii


def zones(segment: Segment, root: Root) -> list[str]:
    """Name where each station lies: in the canal, the lateral recess, the foramen or beyond it."""
    stage = segment.stage
    size, bone = (
        (stage.upper_size, stage.upper_pedicle) if root.kind == "exiting" else (stage.lower_size, stage.lower_pedicle)
    )
    inner, outer = bone[0] - size.pedicle_width / 2, bone[0] + size.pedicle_width / 2
    across = np.abs(root.places[:, 0])
    if root.kind == "traversing":
        return [RECESS if height < ENTRY else "canal" for height in root.places[:, 2].tolist()]
    recess = RECESS if segment.level.region == "lumbar" else "canal"
    named = np.where(across < 0.45 * size.canal_width, "canal", recess)
    named = np.where(across > inner, "foramen", named)
    return [str(word) for word in np.where(across > outer, "beyond", named)]
