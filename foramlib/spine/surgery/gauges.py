"""What an operation has done, read from geometry: root exposed, room gained, what still touches, what bone is left."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.lattice import Points
from foramlib.spine.levels import parse_side
from foramlib.spine.room import REACH, RootState, room_shares, root_states
from foramlib.spine.surgery.presets import FACE, SPARED, clearance
from foramlib.spine.surgery.steps import BURRED, BoneRemoval, cuts
from foramlib.spine.vertebra import joint_axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foramlib.spine.lattice import Array, Mask
    from foramlib.spine.roots import Root
    from foramlib.spine.segment import Segment, Structure
    from foramlib.spine.shapes import Shape

APPROACHES = {"behind": (0.0, 1.0, 0.0), "beside": (0.75, 0.66, 0.0)}
"""Directions from which a surgeon looks at the left root: straight from behind, or from behind and the side."""

DEEP = 45.0
"""How far towards the surgeon bone is looked for, mm."""

HALF_FACET = 0.5
"""Share of the facet that cadaver work set as the limit for stability (P:P11, P:P11b); debated (P:P12)."""


@dataclass(frozen=True)
class Gauges:
    """Gauges of one side, after an operation against before.

    Attributes
    ----------
    exposed_mm : float
        Length of the root to be freed, from the edge of the dural sac outward, that neither bone nor a bony spur
        covers towards the surgeon, mm.
    exposed_before_mm : float
        The same before the operation, mm.
    room_mm2, room_before_mm2 : float
        Free cross-section within 2.5 mm about the resting root where least is left, mm².
    facet_left : float
        Share of the medio-lateral width of the facet joint that still has bone on both sides, 0 to 1.
    facet_volume_left : float
        Share of the bone of the two articular processes that is left, 0 to 1.
    pars_left : float
        Share of the bone of the pars that is left, 0 to 1.
    nearest : mapping of str to float
        Least distance of any bite from nerve, dura and artery, mm; empty without bone removal.
    roots : tuple of RootState
        How the roots of this side fare now.
    """

    exposed_mm: float
    exposed_before_mm: float
    room_mm2: float
    room_before_mm2: float
    facet_left: float
    facet_volume_left: float
    pars_left: float
    nearest: dict[str, float]
    roots: tuple[RootState, ...]

    @property
    def gained_mm2(self) -> float:
        """Room gained where least is left, mm²."""
        return self.room_mm2 - self.room_before_mm2

    @property
    def gained_share(self) -> float:
        """Room gained as a share of what was there before."""
        return self.gained_mm2 / max(self.room_before_mm2, 1e-9)

    @property
    def past_half(self) -> bool:
        """Whether more than half of the facet's width is gone."""
        return self.facet_left < HALF_FACET

    def as_dict(self) -> dict[str, object]:
        """Return plain numbers for printing."""
        return {**asdict(self), "gained_mm2": self.gained_mm2, "gained_share": self.gained_share}


def gauges(segment: Segment, side: str = "left", root: str = "exiting", approach: str = "behind") -> Gauges:
    """Read the gauges of an operated segment against the same one unoperated.

    Parameters
    ----------
    segment : Segment
        With its steps, if any.
    side : str
        ``"left"`` or ``"right"``.
    root : str
        ``"exiting"`` or ``"traversing"``: the root that is to be freed.
    approach : str
        A key of :data:`APPROACHES`.

    Raises
    ------
    InvalidInput
        If the side is unknown.
    """
    side = parse_side(side)
    whole = _whole(segment.unoperated, side, root, approach)
    gone = cuts(segment.steps)
    return Gauges(
        _exposed(whole, gone),
        _exposed(whole, ()),
        _room(segment, segment.roots[root, side]),
        whole.room,
        _width(whole, gone),
        _share_left(whole.processes, gone),
        _share_left(whole.pars, gone),
        _nearest(segment, whole.spared, side),
        root_states(segment, side),
    )


PROCESSES = ("superior_articular_process", "inferior_articular_process")


@dataclass(frozen=True, eq=False)
class _Whole:
    """What the gauges compare with: a segment before its operation, probed once.

    Attributes
    ----------
    rays : array (stations, steps, 3)
        Points from the root towards the surgeon, mm; ``over`` tells which of them bone covers.
    lengths : array (stations,)
        Length of root that each station stands for, mm.
    room : float
        Least free cross-section about the root, mm².
    faces : array (2, widths, rows, 3)
        Points behind the two faces of the joint; ``there`` tells which of them bone fills.
    processes, pars : array (n, 3)
        Points in the bone of the articular processes and of the pars.
    spared : tuple of Structure
        What a tool is to be kept away from.
    """

    rays: Array
    over: Mask
    lengths: Array
    room: float
    faces: Array
    there: Mask
    processes: Array
    pars: Array
    spared: tuple[Structure, ...]


@lru_cache(maxsize=8)  # a pure function of frozen data; an operation asks for the same one at each of its steps
def _whole(segment: Segment, side: str, root: str, approach: str) -> _Whole:
    rays, lengths = _rays(segment, segment.roots[root, side], approach)
    faces = _faces(segment, side)
    bones = [bone.whole for bone in segment.bones]
    spurs = [part.shape for part in segment.soft if part.key in BURRED and part.side in {"", side}]
    there = np.stack([_within(bones[:-1], faces[0]), _within(bones[-1:], faces[1])])
    return _Whole(
        rays,
        _within([*bones, *spurs], rays),
        lengths,
        _room(segment, segment.roots[root, side]),
        faces,
        there,
        _filling(segment, side, PROCESSES),
        _filling(segment, side, ("pars_interarticularis",)),
        tuple(part for part in segment.soft if part.key in SPARED and part.side in {"", side}),
    )


def _within(shapes: Sequence[Shape], spots: Array) -> Mask:
    """Tell which points lie in any of the shapes."""
    if not len(shapes) or not spots.size:
        return np.zeros(spots.shape[:-1], dtype=bool)
    where = Points(spots.reshape(-1, 3))
    found: Mask = (np.min([shape.field(where) for shape in shapes], axis=0) < 0).reshape(spots.shape[:-1])
    return found


def _rays(segment: Segment, root: Root, approach: str) -> tuple[Array, Array]:
    """Points towards the surgeon from each station of a root outside the dural sac, and the stations' lengths, mm."""
    course = root.course
    sign = 1.0 if root.side == "left" else -1.0
    towards = np.array(APPROACHES[approach]) * (sign, 1.0, 1.0)
    towards = towards / np.linalg.norm(towards)
    sac = next(part.shape for part in segment.soft if part.key == "dural_sac")
    held = np.flatnonzero((course.radii > 0) & (sac.field(Points(course.places)) > 0))
    steps = np.arange(0.0, DEEP, 0.75)
    spots = course.places[held][:, None] + towards * (course.radii[held][:, None, None] + steps[:, None])
    return spots, np.gradient(course.lengths)[held]


def _exposed(whole: _Whole, gone: tuple[Shape, ...]) -> float:
    """Length of the resting root beyond the dural sac that no bone covers towards the surgeon, mm."""
    covered = whole.over & ~_within(gone, whole.rays)
    return float(whole.lengths[~covered.any(axis=1)].sum())


def _room(segment: Segment, root: Root) -> float:
    """Least free cross-section about the resting root, mm²."""
    course = root.course
    held = course.radii > 0
    return float((room_shares(segment, root) * np.pi * (course.radii[held] + REACH) ** 2).min())


def facet_width_left(segment: Segment, side: str) -> float:
    """Return the share of the facet joint's medio-lateral width with bone on both sides at the level of its middle.

    The joint is probed on both faces along its width, in three rows about its middle (the middle half of its height).
    """
    return _width(_whole(segment.unoperated, parse_side(side), "exiting", "behind"), cuts(segment.steps))


def _faces(segment: Segment, side: str) -> Array:
    """Points behind the upper (first) and the lower face of the joint, shape (2, widths, rows, 3), mm."""
    stage = segment.stage
    across, up = stage.joint_half
    sign = np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])
    along, _, normal = joint_axes(stage.lower_size)
    turn = stage.lower_stand.rotation
    along, normal = turn @ along, turn @ normal
    rise = np.cross(normal, along)
    widths, rows = np.linspace(-across, across, 41), np.array([-0.25, 0.0, 0.25]) * up
    face = stage.joint + widths[:, None, None] * along + rows[None, :, None] * rise
    deep = stage.lower_size.joint_gap / 2 + FACE
    return np.stack([(face + shift * deep * normal) * sign for shift in (1.0, -1.0)])


def _width(whole: _Whole, gone: tuple[Shape, ...]) -> float:
    met = np.asarray(whole.there.all(axis=0))
    left = np.asarray((whole.there & ~_within(gone, whole.faces)).all(axis=0))
    there = met.any(axis=1)
    enough = left.mean(axis=1) >= 0.5 * met.mean(axis=1)
    return float((enough & there).sum() / max(int(there.sum()), 1))


def _filling(segment: Segment, side: str, keys: tuple[str, ...]) -> Array:
    """Points of a grid that lie in the bone of the named parts: of the joint's processes those that meet in it."""
    spots = [
        _points_in(part, bone.whole)
        for bone in segment.bones
        for part in bone.parts
        if part.side == side and _meant(part, segment, keys)
    ]
    return np.vstack(spots) if spots else np.empty((0, 3))


def _meant(part: Structure, segment: Segment, keys: tuple[str, ...]) -> bool:
    lower = part.vertebra == segment.level.lower
    wanted = {
        "superior_articular_process": lower,
        "inferior_articular_process": not lower,
        "pars_interarticularis": not lower,
    }
    return part.key in keys and wanted[part.key]


def _points_in(part: Structure, bone: Shape) -> Array:
    box = part.shape.box
    lines = [np.arange(low, high, 0.6) for low, high in zip(box.low, box.high, strict=True)]
    spots = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
    spots = spots[_within([part.shape], spots)]
    return np.asarray(spots[_within([bone], spots)])


def _share_left(spots: Array, gone: tuple[Shape, ...]) -> float:
    return float(1.0 - _within(gone, spots).mean()) if len(spots) else 1.0


def _nearest(segment: Segment, spared: tuple[Structure, ...], side: str) -> dict[str, float]:
    """Least distance of the bites of a burr from what is to be spared, as it lay before, mm."""
    strokes = [
        cut
        for step in segment.steps
        if isinstance(step, BoneRemoval) and step.side == side
        for cut in step.strokes
        if not cut.square
    ]
    if not strokes:
        return {}
    spots = [np.array([*cut.starts, *cut.ends, *np.mean([cut.starts, cut.ends], axis=0)]) for cut in strokes]
    radii = np.concatenate([np.full(len(points), cut.radius) for points, cut in zip(spots, strokes, strict=True)])
    where = Points(np.vstack(spots))
    found: dict[str, float] = {}
    for part in spared:
        gap = float((clearance(part.shape, where) - radii).min())
        key = {"dural_sac": "dura", "vertebral_artery": "artery"}.get(part.key, "nerve")
        if gap < DEEP:  # farther is told by nobody
            found[key] = min(gap, found.get(key, np.inf))
    return found
