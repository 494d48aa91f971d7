"""Paths that reach a wanted result: the region of bone that an operation takes, emptied by a burr bite by bite.

Bites lie on a fixed grid, so that a larger share only adds bites: more facet removed never means less exposed.
No bite comes near nerve, dura or artery (:data:`TOOLS`). What the region is follows the published
description of each operation; its edges in mm are the model's (assumption).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor, inf
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.spine.lattice import Points
from foramlib.spine.levels import parse_side
from foramlib.spine.shapes import Stretched
from foramlib.spine.surgery.steps import BURRED, BoneRemoval, Strokes
from foramlib.spine.surgery.tools import Tool
from foramlib.spine.vertebra import axis, joint_axes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.spine.lattice import Array, Mask
    from foramlib.spine.roots import Root
    from foramlib.spine.segment import Segment
    from foramlib.spine.shapes import Shape

TOOLS: Mapping[str, tuple[tuple[Tool, float], ...]] = MappingProxyType(
    {
        "cervical": ((Tool("burr", 1.0), 0.6), (Tool("punch", 0.5), -0.45), (Tool("punch", 0.5), -0.45)),
        "lumbar": ((Tool("burr", 1.6), 0.8), (Tool("punch", 0.8), -0.7), (Tool("punch", 0.8), -0.7)),
    }
)
"""A burr takes most of the bone, a small punch the shell that is left over the nerve; with each goes the distance
that it keeps from nerve, dura and artery, mm (assumption): the foot of the punch slips between bone and nerve."""

FACE = 0.8
"""How deep behind a joint face bone is looked for when its width is counted, mm (assumption)."""

KEYHOLE_INWARD = 4.5
"""How far the keyhole reaches inward from the medial edge of the facet, mm (assumption)."""

LIP = 3.0
"""How much farther outward the front of the lumbar superior process is undercut than the joint is opened, mm
(assumption)."""

SPARED = ("exiting_root", "ganglion", "ventral_root", "traversing_root", "dural_sac", "vertebral_artery")


@dataclass(frozen=True)
class Room:
    """A box to be emptied of bone, left side, segment frame, mm.

    Attributes
    ----------
    low, high : array (3,)
        Its corners; seen from behind they are rounded by ``corner`` mm.
    lower_only : bool
        Whether the upper vertebra is left alone in it.
    root : Root, optional
        What is reached from behind only: no bone in front of the middle of this root is taken.
    """

    low: Array
    high: Array
    lower_only: bool = False
    corner: float = 0.0
    root: Root | None = None


Region = tuple[Room, ...]
"""What a preset empties of bone: one box or several."""


def removal(segment: Segment, name: str, side: str = "left", share: float = 0.4) -> BoneRemoval:
    """Find the path of a preset.

    Parameters
    ----------
    segment : Segment
        What is operated on.
    name : str
        A key of :data:`PRESETS`.
    side : str
        ``"left"`` or ``"right"``.
    share : float
        Share of the facet joint's medio-lateral width (or of the process's depth, or of the pars) to take, 0 to 1.

    Raises
    ------
    InvalidInput
        If there is no such preset, it does not belong to this region, or the share is not from 0 to 1.
    """
    side = parse_side(side)
    if name not in PRESETS:
        raise InvalidInput(f"There is no bone removal {name!r}; choose one of {', '.join(PRESETS)}.")
    region, make = PRESETS[name]
    if region != segment.level.region:
        allowed = ", ".join(key for key, (where, _) in PRESETS.items() if where == segment.level.region)
        raise InvalidInput(f"The bone removal {name} does not belong to {segment.level.name}; choose one of {allowed}.")
    if not (isinstance(share, (int, float)) and 0.0 <= share <= 1.0):
        raise InvalidInput(f"The share {share!r} to remove is not possible; choose a number from 0 to 1.")
    place = make(segment, side, float(share))
    strokes: tuple[Strokes, ...] = ()
    for tool, keep in TOOLS[region]:
        # The root has given way to each tool before the next is taken up.
        now = segment.after(BoneRemoval(side, strokes)) if strokes else segment
        points = _bites(now, place, side, tool, keep)
        strokes += (_joined(points, tool),) if len(points) else ()
    if not strokes:
        raise InvalidInput(f"The bone removal {name} with a share of {share:g} finds no bone to take; choose more.")
    return BoneRemoval(side, strokes, name)


def _bites(segment: Segment, region: Region, side: str, tool: Tool, keep: float) -> Array:
    """Middles of the bites: on one grid, within the region, in bone, clear of what is spared."""
    step = 0.8 * tool.radius
    low = np.min([room.low for room in region], axis=0) + tool.radius
    high = np.max([room.high for room in region], axis=0) - tool.radius
    # The grid is the same whatever the region, so that a larger region holds every bite of a smaller one.
    lines = [
        np.arange(ceil(start / step), floor(stop / step) + 1) * step for start, stop in zip(low, high, strict=True)
    ]
    if not all(len(line) for line in lines):
        return np.empty((0, 3))
    grid = np.stack(np.meshgrid(lines[1], lines[2], lines[0], indexing="ij"), axis=-1)[..., [2, 0, 1]].reshape(-1, 3)
    grid = grid[_inside(region, grid, tool.radius)]
    grid = grid[_solid(segment, region, grid, side, tool.radius)] * _sign(side)
    for part in segment.soft:
        if part.key in SPARED and len(grid):
            grid = grid[clearance(part.shape, Points(grid)) > tool.radius + keep]
    return np.asarray(grid)


def _inside(region: Region, grid: Array, radius: float) -> Mask:
    """Tell which points lie far enough within any box of the region."""
    found = np.zeros(len(grid), dtype=bool)
    for room in region:
        found |= _in_room(room, grid, radius)
    return found


def _in_room(room: Room, grid: Array, radius: float) -> Mask:
    low, high = room.low + radius, room.high - radius
    found = np.asarray(((grid >= low) & (grid <= high)).all(axis=1))
    corner = max(room.corner - radius, 0.0)
    beyond = np.maximum(np.maximum(low + corner - grid, grid - high + corner), 0.0)
    found &= np.hypot(beyond[:, 0], beyond[:, 2]) <= corner + 1e-9
    return found & _behind(room.root, grid, radius) if room.root else found


def _behind(root: Root, grid: Array, radius: float) -> Mask:
    """Tell which bites, given on the left, lie whole behind the middle of a root, at rest and where it gave way."""
    across = np.abs(root.course.places[:, 0])
    order = np.argsort(across)
    middle = np.minimum(root.course.places[:, 1], root.places[:, 1])
    front = np.interp(grid[:, 0], across[order], middle[order])
    return np.asarray(grid[:, 1] - radius >= front)


def _sign(side: str) -> Array:
    return np.array([1.0 if side == "left" else -1.0, 1.0, 1.0])


def _solid(segment: Segment, region: Region, grid: Array, side: str, radius: float) -> Mask:
    """Tell which points of a grid, given on the left, lie within the region and in bone that it empties."""
    where = Points(grid * _sign(side))
    spurs = [part.shape for part in segment.soft if part.key in BURRED and part.side in {"", side}]
    bones = [bone.whole.field(where) < 0.5 * radius for bone in segment.bones]
    lower = np.any([bones[-1], *(spur.field(where) < 0.5 * radius for spur in spurs)], axis=0)
    every = np.any([lower, *bones], axis=0)
    found = np.zeros(len(grid), dtype=bool)
    for room in region:
        found |= _inside((room,), grid, radius) & (lower if room.lower_only else every)
    return found


def clearance(shape: Shape, where: Points) -> Array:
    """Return about how far points lie outside ``shape``, mm.

    A stretched rod underrates distances by its least factor, that along the rod; across it the next one counts.
    """
    field = shape.field(where)
    if isinstance(shape, Stretched):
        low, middle, _ = sorted(shape.factors)
        return np.asarray(field * middle / low)
    return np.asarray(field)


def _joined(points: Array, tool: Tool) -> Strokes:
    """Join neighbouring bites from side to side into strokes: fewer, and no gap between them."""
    step = np.diff(points, axis=0)
    side_by_side = (np.abs(step[:, 1:]) < 1e-6).all(axis=1) & (np.abs(step[:, 0]) < 0.85 * tool.radius)  # noqa: PLR2004
    begins = np.flatnonzero(np.concatenate([[True], ~side_by_side]))
    stops = np.concatenate([begins[1:] - 1, [len(points) - 1]])
    starts, ends = (tuple(axis(points[here]) for here in where) for where in (begins, stops))
    return Strokes(starts, ends, tool.radius, tool.kind == "punch")


# The regions ------------------------------------------------------------------------------------


def facet_span(segment: Segment) -> tuple[float, float]:
    """Medial and lateral edge of the left facet joint level with its middle, mm from the midline."""
    stage = segment.stage
    joint = stage.joint
    across, _ = stage.joint_half
    along = stage.lower_stand.rotation @ np.array([np.cos(_yaw(segment)), np.sin(_yaw(segment)), 0.0])
    inner, outer = joint - along * across, joint + along * across
    return float(inner[0]), float(outer[0])


def _yaw(segment: Segment) -> float:
    return float(np.radians(segment.stage.lower_size.joint_yaw))


def facet_edge(segment: Segment, share: float) -> float:
    """Return how far from the midline the given share of the left joint's width reaches, mm.

    The two faces of an oblique joint lie one behind the other: what is counted is the more medial one.
    """
    inner, outer = facet_span(segment)
    stage = segment.stage
    _, _, normal = joint_axes(stage.lower_size)
    aside = abs(float((stage.lower_stand.rotation @ normal)[0])) * (stage.lower_size.joint_gap / 2 + FACE)
    return inner + share * (outer - inner) - aside


def _keyhole(segment: Segment, side: str, share: float) -> Region:
    """Window at the lamino-facet junction: lateral lamina and the given share of the facet, down to the root."""
    stage = segment.stage
    inner, outer = facet_span(segment)
    floor = stage.lower_pedicle[2] + 0.5 * stage.lower_size.pedicle_height
    roof = stage.upper_pedicle[2] - 0.35 * stage.upper_size.pedicle_height
    low = np.array([inner - KEYHOLE_INWARD, _front(segment), floor - 1.0])
    high = np.array([inner + share * (outer - inner), inf, roof])
    return (Room(low, high, corner=KEYHOLE_INWARD / 2, root=segment.roots["exiting", side]),)


def _front(segment: Segment) -> float:
    """Front of the exiting root where it is held: nothing in front of it is reached from behind, mm."""
    course = segment.roots["exiting", "left"].course
    return float(course.places[:, 1].min())


def _bounded(make: Callable[[Segment, str, float], Region]) -> Callable[[Segment, str, float], Region]:
    """Let a region end behind where the bones end."""

    def within(segment: Segment, side: str, share: float) -> Region:
        rear = max(bone.whole.box.high[1] for bone in segment.bones)
        rooms = make(segment, side, share)
        return tuple(replace(room, high=np.minimum(room.high, [inf, rear, inf])) for room in rooms)

    return within


def _medial_facet(segment: Segment, _side: str, share: float) -> Region:
    """Interlaminar: edges of both laminae to the recess, the given inner share of the facet, and the lip in front.

    It ends below the exiting root; the lip is the medial front of the superior articular process, spur and all.
    """
    stage = segment.stage
    inner, _ = facet_span(segment)
    front = float(stage.joint[1]) - 11.0
    top = (stage.upper_pedicle[2] + stage.lower_pedicle[2]) / 2.0 + 1.0
    edge = facet_edge(segment, share)
    window = Room(
        np.array([inner - 9.0, front, stage.lower_pedicle[2] - 5.0]), np.array([facet_edge(segment, 0.0), inf, top])
    )
    base = float(stage.joint[2]) - stage.joint_half[1] - 1.0
    low = np.array([inner - 9.0, front, base])
    lip = Room(low, np.array([edge + LIP, float(stage.joint[1]) - 1.0, top]), lower_only=True)
    return window, Room(low, np.array([edge, inf, top])), lip


def _undercut(segment: Segment, side: str, share: float) -> Region:
    """From within: the front of the superior articular process over the root, its joint face left."""
    stage, size = segment.stage, segment.stage.lower_size
    inner, outer = facet_span(segment)
    joint = stage.joint
    front = float(joint[1]) - size.superior_process_offset - 0.5 * size.superior_process_thickness
    low = np.array([inner - 2.0, front - 6.0, stage.lower_pedicle[2] + 0.45 * size.pedicle_height])
    rear = front + _depth(segment, side, share)
    return (Room(low, np.array([outer + 2.0, rear, joint[2] + size.superior_process_height]), lower_only=True),)


def _depth(segment: Segment, side: str, share: float) -> float:
    """Rear of what is taken of the superior process from its front, spur and all, from the front without a spur, mm."""
    spur = max((one.mm for one in segment.lesions if one.key == "facet_hypertrophy" and one.on(side)), default=0.0)
    return share * (segment.stage.lower_size.superior_process_thickness + spur) - spur


def _lateral_pars(segment: Segment, _side: str, share: float) -> Region:
    """Wiltse: outer edge of the pars and, farther in, the tip of the superior articular process, from the side."""
    stage, size = segment.stage, segment.stage.lower_size
    _, outer = facet_span(segment)
    pedicle = stage.upper_pedicle
    reach = pedicle[0] + stage.upper_size.pedicle_width / 2 + 3.0
    width = reach - 0.3 * stage.upper_size.canal_width
    side, front, height = max(reach, outer) + 4.0, _front(segment), size.superior_process_height
    roof = pedicle[2] - 0.35 * stage.upper_size.pedicle_height
    pars = Room(
        # The bridge stays longest: half of the way in, only a quarter of it is gone.
        np.array([reach - share**2 * width, pedicle[1] + 3.0, stage.joint[2] + 0.3 * height]),
        np.array([side, inf, roof]),
    )
    inward = reach - min(1.0, 1.2 * share) * width
    tip = np.array([inward, front, stage.joint[2] + (1.0 - share) * height])
    top = np.array([side, inf, max(roof, stage.joint[2] + height + 2.0)])
    # The front of the process is undercut from outside as far as the tip is taken; its joint face stays.
    face = float(stage.joint[1]) - size.superior_process_offset - 0.5 * size.superior_process_thickness
    floor = stage.lower_pedicle[2] + 0.45 * size.pedicle_height
    under = Room(
        np.array([inward, front, floor + (1.0 - min(1.0, 2.0 * share)) * (top[2] - floor)]),
        np.array([side, face + 0.5 * share * size.superior_process_thickness, top[2]]),
        lower_only=True,
    )
    return pars, Room(tip, top, lower_only=True), under


def _foraminoplasty(segment: Segment, side: str, share: float) -> Region:
    """Transforaminal: the front and tip of the superior articular process, from the side along the foramen."""
    stage, size = segment.stage, segment.stage.lower_size
    joint = stage.joint
    inner, outer = facet_span(segment)
    front = float(joint[1]) - size.superior_process_offset - 0.5 * size.superior_process_thickness
    low = np.array([inner - 2.0, front - 6.0, joint[2] - 1.0])
    rear = front + _depth(segment, side, share)
    return (Room(low, np.array([outer + 6.0, rear, joint[2] + size.superior_process_height]), lower_only=True),)


PRESETS: Mapping[str, tuple[str, Callable[[Segment, str, float], Region]]] = MappingProxyType(
    {
        "keyhole": ("cervical", _bounded(_keyhole)),
        "medial_facetectomy": ("lumbar", _bounded(_medial_facet)),
        "undercutting": ("lumbar", _bounded(_undercut)),
        "lateral_pars": ("lumbar", _bounded(_lateral_pars)),
        "foraminoplasty": ("lumbar", _bounded(_foraminoplasty)),
    }
)
"""Bone removals by name: the region of the spine they belong to and what they empty."""
