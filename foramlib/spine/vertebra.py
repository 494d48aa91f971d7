"""One parametric vertebra, cervical or lumbar, as named parts of a single bone.

The same functions shape every vertebra; what a region does not have (uncinate process,
transverse foramen) has size zero there and is left out. Everything is described on the
left and mirrored, in the vertebra's own frame: origin at the centre of the body, x to the
left, y posterior, z cranial, millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import cos, radians, sin
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.shapes import (
    Capsule,
    Column,
    Difference,
    Ellipsoid,
    Grown,
    HalfSpace,
    Intersection,
    Mirrored,
    Motion,
    Placed,
    RoundedBox,
    Shape,
    Stretched,
    Sweep,
    Union,
)

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array, Axis
    from foramlib.spine.parameters import VertebraSize


SLIDE = 0.8
TELESCOPE = 3.6
"""How far beyond its tip the bed of a (cervical, lumbar) superior articular process reaches, mm (assumption)."""

RECESS = 4.0
"""How far the recess of a lumbar facet joint reaches above the bed of its process, mm (assumption)."""

SHEATH_REACH = 8.0
"""How far down a cervical superior articular process its capsule reaches, mm (assumption)."""

BLENDS = (2.8, 4.0)
"""Width over which the parts of a vertebra melt together, mm: articular pillars, and the low back."""

PEDICLE_EDGE = 2.2
"""Greatest radius of the long edges of a broad cervical pedicle: its top stays flat, mm (assumption)."""

CUT_BLEND = 0.6
"""Width over which the edges of hollows are softened, mm."""


@dataclass(frozen=True)
class Part:
    """A named region of a vertebra: ``name`` as in the catalogue, ``side`` or "" in the midline."""

    name: str
    side: str
    shape: Shape


@dataclass(frozen=True)
class Vertebra:
    """One vertebra.

    Attributes
    ----------
    name : str
        Such as ``"C5"``.
    size : VertebraSize
        Its parameters.
    parts : tuple of Part
        Overlapping regions; a point of the bone belongs to the part whose field is least.
    cutters : tuple of Shape
        What is hollowed out of the joined parts: transverse foramina, the beds of the
        joints with the vertebra below, grooves for the nerves.
    """

    name: str
    size: VertebraSize
    parts: tuple[Part, ...]
    cutters: tuple[Shape, ...]

    @cached_property
    def bone(self) -> Shape:
        """The whole bone as one shape."""
        joined = Union(tuple(part.shape for part in self.parts), self.blend)
        return Difference(joined, self.cutters, CUT_BLEND)

    @property
    def blend(self) -> float:
        """Width over which the parts melt together, mm."""
        return BLENDS[0] if self.size.pillared else BLENDS[1]


@lru_cache(maxsize=64)  # a pure function of frozen data: the bone is made once per build, then only moved
def build_vertebra(name: str, size: VertebraSize, below: VertebraSize | None, drop: Motion) -> Vertebra:
    """Build a vertebra.

    Parameters
    ----------
    name : str
        Such as ``"C5"``.
    size : VertebraSize
        Its own parameters.
    below : VertebraSize or None
        The vertebra below, whose processes shape the lower joints; its own copy if None.
    drop : Motion
        Where the vertebra below lies in this one's frame in neutral posture.

    Returns
    -------
    Vertebra
        The bone in its own frame, left and right alike.
    """
    below = below or size
    left = _left_parts(size, below, drop)
    midline = {"vertebral_body": body(size), "spinous_process": spinous_process(size), "dens": dens(size)}
    parts = [Part(key, "", shape) for key, shape in midline.items() if shape is not None]
    for part in left:
        parts += [part, Part(part.name, "right", Mirrored(part.shape))]
    beds = [Placed(bed, drop) for bed in joint_beds(below)]
    hollows = [*beds, *transverse_foramen(size)]
    cutters = [*hollows, *(Mirrored(hollow) for hollow in hollows)]
    return Vertebra(name, size, tuple(parts), tuple(cutters))


def _left_parts(size: VertebraSize, below: VertebraSize, drop: Motion) -> list[Part]:
    heel = inferior_process_middle(size, below, drop)
    shapes = {
        "pedicle": pedicle(size),
        "superior_articular_process": superior_articular_process(size),
        # The sacrum is one bone: its first segment has no joint below.
        "inferior_articular_process": None if size.ala_reach else inferior_articular_process(size, below, drop),
        "pars_interarticularis": pars_interarticularis(size, heel),
        "lamina": lamina(size),
        "sacral_ala" if size.ala_reach else "transverse_process": transverse_process(size),
        "uncinate_process": uncinate_process(size),
    }
    return [Part(name, "left", shape) for name, shape in shapes.items() if shape is not None]


def body(size: VertebraSize) -> Shape:
    """Vertebral body: an oval column with concave end-plates, wedged by ``body_wedge``."""
    half, tilt = size.mid_height / 2, radians(size.body_wedge) / 2
    column = Column(
        size.body_width / 2,
        size.body_depth / 2,
        half + 4.0,
        size.body_squareness,
        size.body_waist,
        0.5,
    )
    ends = (
        HalfSpace((0.0, sin(tilt), cos(tilt)), half * cos(tilt)),
        HalfSpace((0.0, sin(tilt), -cos(tilt)), half * cos(tilt)),
    )
    block = Intersection((column, *ends), 1.1)
    return Difference(block, (*_concavities(size, half, tilt), *_posterior_hollow(size)), 1.0)


def _concavities(size: VertebraSize, half: float, tilt: float) -> tuple[Shape, ...]:
    wide, deep = 0.42 * size.body_width, 0.40 * size.body_depth
    upper = Ellipsoid((0.0, 0.05 * size.body_depth, 0.0), (wide, deep, size.upper_concavity))
    lower = Ellipsoid((0.0, 0.02 * size.body_depth, 0.0), (wide, deep, size.lower_concavity))
    return (
        Placed(upper, Motion.of(turn_x(-tilt), np.array([0.0, 0.0, half]))),
        Placed(lower, Motion.of(turn_x(tilt), np.array([0.0, 0.0, -half]))),
    )


def _posterior_hollow(size: VertebraSize) -> tuple[Shape, ...]:
    depth = size.posterior_wall_concavity
    if not depth:
        return ()
    hollow = Column(0.34 * size.body_width, 7.0, size.mid_height)
    return (Placed(hollow, shift(0.0, size.body_depth / 2 + 7.0 - depth, 0.0)),)


def pedicle(size: VertebraSize) -> Shape:
    """Pedicle: an upright oval bar from the posterolateral body to the articular processes."""
    angle, roll = radians(size.pedicle_angle), radians(size.pedicle_roll)
    forward = np.array([-sin(angle), -cos(angle), 0.0])
    outward = np.array([cos(angle), -sin(angle), 0.0])
    # Rolled about its own axis so that floor and roof of a cervical foramen fall on the way out: a slender one with
    # its upper edge inward, a broad one with its flat top falling outward.
    across, upward = cos(roll) * outward + sin(roll) * UP, cos(roll) * UP - sin(roll) * outward
    middle = pedicle_middle(size)
    front = (middle[1] - 0.18 * size.body_depth) / cos(angle)
    back = (size.joint_y - size.superior_process_offset - middle[1]) / cos(angle)
    centre = middle + forward * (front - back) / 2
    half = (size.pedicle_width / 2, float(front + back) / 2, size.pedicle_height / 2)
    edge = 0.92 * min(half[0], half[2])
    bar = RoundedBox(half, min(edge, PEDICLE_EDGE) if roll < 0 else edge)
    return Placed(bar, frame(centre, across, -forward, upward))


def pedicle_middle(size: VertebraSize) -> Array:
    """Centre of the pedicle where it is nearest to the canal, mm, vertebra frame, left side."""
    angle = radians(size.pedicle_angle)
    medial = np.array([size.canal_width / 2, size.body_depth / 2 + 0.25 * size.canal_depth, 0.0])
    across = np.array([cos(angle), -sin(angle), 0.0])
    return medial + across * size.pedicle_width / 2 + UP * size.pedicle_elevation


def joint_axes(size: VertebraSize) -> tuple[Array, Array, Array]:
    """Axes of the upper joint, left side: along it, through it (backward), and its normal.

    The normal points from the superior articular process to the vertebra above.
    """
    yaw, tilt = radians(size.joint_yaw), radians(size.joint_tilt)
    along = np.array([cos(yaw), sin(yaw), 0.0])
    through = np.array([-sin(yaw), cos(yaw), 0.0])
    return along, through, cos(tilt) * UP + sin(tilt) * through


def joint_centre(size: VertebraSize) -> Array:
    """Centre of the joint with the vertebra above, left side, mm, vertebra frame."""
    return np.array([size.joint_x, size.joint_y, size.joint_z])


def superior_articular_process(size: VertebraSize) -> Shape:
    """Superior articular process, cut flat at the joint."""
    along, through, normal = joint_axes(size)
    joint = joint_centre(size)
    half = (
        size.superior_process_width / 2,
        size.superior_process_thickness / 2,
        size.superior_process_height / 2,
    )
    centre = joint - through * size.superior_process_offset + UP * size.superior_process_rise
    block = Placed(_block(size, half, 1.0), frame(centre, along, through, UP))
    face = HalfSpace(axis(normal), float(normal @ joint) - size.joint_gap / 2)
    return Intersection((block, face), 1.2)


def _block(size: VertebraSize, half: Axis, free: float) -> Shape:
    """Block of an articular process; in the low back its free end, up (1) or down (-1), is rounded off.

    The medial edge of an upper one stays: it is the tip that narrows the foramen.
    """
    block = RoundedBox(half, size.process_rounding)
    if size.pillared:
        return block
    offset = 0.84 * (0.6 * half[0] + 0.8 * half[2])
    sides = (HalfSpace((sign * 0.6, 0.0, free * 0.8), offset) for sign in ((1.0,) if free > 0 else (-1.0, 1.0)))
    return Intersection((block, *sides), 4.0)


def inferior_process_middle(size: VertebraSize, below: VertebraSize, drop: Motion) -> Array:
    """Centre of the left inferior articular process, mm, behind the joint with the vertebra below."""
    _, through, _ = joint_axes(below)
    joint = drop.apply(joint_centre(below))
    middle: Array = joint + through * size.inferior_process_offset + UP * size.inferior_process_rise
    return middle


def inferior_articular_process(size: VertebraSize, below: VertebraSize, drop: Motion) -> Shape:
    """Inferior articular process, left side, its face cut to the joint with the vertebra below."""
    along, through, normal = joint_axes(below)
    half = (
        size.inferior_process_width / 2,
        size.inferior_process_thickness / 2,
        size.inferior_process_height / 2,
    )
    middle = inferior_process_middle(size, below, drop)
    block = Placed(_block(size, half, -1.0), frame(middle, along, through, UP))
    facing = drop.rotation @ normal
    plane = float(facing @ drop.apply(joint_centre(below))) + below.joint_gap / 2
    return Intersection((block, HalfSpace(axis(-facing), -plane)), 1.2)


def pars_interarticularis(size: VertebraSize, heel: Array) -> Shape:
    """Bridge of bone from the root of the pedicle down to the inferior articular process."""
    middle = pedicle_middle(size)
    if size.pillared:
        reach = size.joint_y - size.superior_process_offset - middle[1]
        top = middle + reach * np.array([0.9, 1.0, 0.0])
        return bar(top, heel, size.pars_width, size.pars_thickness, size.process_rounding)
    # In the low back the bridge leaves the pedicle's lower back edge and slopes down and back.
    top = middle + np.array([-0.5, 0.06 * size.canal_depth + size.pars_thickness / 2, 0.0])
    foot = heel + np.array([1.2, -1.5, 0.18 * size.inferior_process_height])
    return bar(top, foot, size.pars_width, size.pars_thickness, size.process_rounding)


def lamina(size: VertebraSize) -> Shape:
    """Lamina: a plate from the articular processes to the midline, its lower edge farther back."""
    half_angle, slope = radians(size.lamina_angle), radians(size.lamina_slope)
    outward = np.array([sin(half_angle), -cos(half_angle), 0.0])
    back = np.array([cos(half_angle), sin(half_angle), 0.0])
    upward = cos(slope) * UP - sin(slope) * back
    length = (size.joint_x - 1.0) / sin(half_angle)
    ridge = np.array([0.0, size.body_depth / 2 + size.canal_depth, size.lamina_drop])
    centre = ridge + back * size.lamina_thickness / 2 + outward * length / 2
    half = (length / 2, size.lamina_thickness / 2, size.lamina_height / 2)
    plate = RoundedBox(half, 0.45 * size.lamina_thickness)
    return Placed(plate, frame(centre, outward, np.cross(upward, outward), upward))


def spinous_process(size: VertebraSize) -> Shape:
    """Spinous process: bifid in the neck, long and tapering at its lower end, a hatchet in the low back."""
    slope = radians(size.spinous_slope)
    backward = np.array([0.0, cos(slope), -sin(slope)])
    root = np.array([0.0, size.body_depth / 2 + size.canal_depth + 0.5, size.lamina_drop])
    centre = root + backward * size.spinous_length / 2
    half = (size.spinous_thickness / 2, size.spinous_length / 2, size.spinous_height / 2)
    stand = frame(centre, LEFT, backward, np.cross(LEFT, backward))
    if not size.bifid:
        return Placed(_hatchet(*half), stand)
    blade = Placed(RoundedBox(half, 0.9 * half[0]), stand)
    tip = root + backward * size.spinous_length
    knobs = (Capsule(axis(tip - 3 * backward), axis(tip + sign * 2.6 * LEFT), 2.0, 1.9) for sign in (-1, 1))
    return Union((blade, *knobs), 1.5, BLENDS[0])


def _hatchet(thick: float, long: float, high: float) -> Shape:
    """Blade about the origin with half sizes in mm: its rear and lower edges are thicker than its middle."""
    thin = 0.8 * thick
    blade = RoundedBox((thin, long - 0.5 * thick, high - 0.3 * thick), 0.9 * thin)
    # The upper edge falls towards the back.
    fall = HalfSpace((0.0, 0.20, 0.98), 0.86 * high)
    low, rear = thick - high, long - thick
    edge = ((0.0, -0.6 * long, low + 0.3 * high), (0.0, 0.1 * long, low + 0.1 * high), (0.0, 0.9 * rear, low),
            (0.0, rear, 0.2 * low), (0.0, rear - 0.08 * long, 0.45 * high))  # fmt: skip
    radii = (0.6 * thick, 0.9 * thick, thick, thick, 0.75 * thick)
    return Union((Intersection((blade, fall), 1.2), Sweep(edge, radii, BLENDS[0])), 1.5, BLENDS[0])


def transverse_process(size: VertebraSize) -> Shape:
    """Transverse process; in the neck two bars with tubercles about the transverse foramen."""
    if not size.artery_foramen_radius:
        return _plain_transverse_process(size)
    x, y, high = size.artery_x, size.artery_y, size.transverse_height / 2
    depth = size.artery_foramen_radius + 1.3
    front = (x + 4.6, y - depth + 0.6, -2.0)
    back = (size.transverse_reach, y + depth - 0.6, -3.4)
    rear_root = (size.joint_x - 5.0, y + depth + 3.0, -1.8)
    bars = (
        Sweep(((0.42 * size.body_width, y - depth, -1.0), (x, y - depth, -1.4), front), (high, 1.5, 2.1), BLENDS[0]),
        Sweep((rear_root, (x + 1.5, y + depth + 0.4, -2.8), back), (high, 2.0, 2.2), BLENDS[0]),
        Sweep((front, (x + 5.4, y, -2.2), back), (1.5, 1.5, 1.5), BLENDS[0]),
    )
    return Union(bars, 1.2, BLENDS[0])


def _plain_transverse_process(size: VertebraSize) -> Shape:
    """Transverse process without a foramen: the low back, T1, and in its place the ala of the sacrum."""
    if size.ala_reach:
        return _ala(size)
    start = pedicle_middle(size) + np.array([2.0, 4.0, -0.5])
    end = np.array([size.transverse_reach, start[1] + 5.0, start[2] + 3.0])
    return _paddle(start, end, size.transverse_height, 5.4)


def _paddle(start: Array, end: Array, width: float, thickness: float) -> Shape:
    """Flat rod with an oval outline and a rounded, slightly narrower tip at ``end``."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    side = UP - along * along[2]
    side = side / np.linalg.norm(side)
    root, tip = 0.46 * width, 0.40 * width
    rod = Capsule((0.0, 0.0, 0.5 * root), (0.0, 0.0, length - tip), root, tip)
    return Placed(Stretched(rod, (1.0, thickness / width, 1.0)), frame(start, side, np.cross(along, side), along))


def _ala(size: VertebraSize) -> Shape:
    """Ala of the sacrum: the wing beside the first sacral body, behind and below its promontory.

    Its front sweeps back and its top falls towards the side; below, it narrows to the ear-shaped face.
    """
    inner, outer = 0.30 * size.body_width, size.ala_reach
    half = ((outer - inner) / 2, 0.46 * size.body_depth, 0.40 * size.body_height)
    centre = np.array([(outer + inner) / 2, 0.18 * size.body_depth, -0.11 * size.body_height])
    faces = (
        ((0.45, -0.89, 0.0), 0.62),
        ((0.28, 0.0, 0.96), 0.66),
        ((0.42, 0.34, -0.84), 0.80),
        ((0.0, 0.77, 0.64), 0.84),
        ((0.0, -0.64, -0.77), 0.84),
    )
    planes = tuple(HalfSpace(axis(np.array(way)), share * float(np.abs(way) @ half)) for way, share in faces)
    return Placed(Intersection((RoundedBox(half, 5.0), *planes), 5.0), frame(centre, LEFT, BACK, UP))


def dens(size: VertebraSize) -> Shape | None:
    """Dens of the axis."""
    if not size.dens_height:
        return None
    top = size.mid_height / 2
    tip = top + size.dens_height - 4.0
    course = ((0.0, -2.0, top - 4.0), (0.0, -1.6, top + 2.0), (0.0, -1.4, tip - 5.0), (0.0, -1.0, tip))
    return Sweep(course, (5.4, 4.4, 5.0, 3.2), BLENDS[0])


def transverse_foramen(size: VertebraSize) -> tuple[Shape, ...]:
    """Transverse foramen for the vertebral artery, as the space to hollow out (empty low down)."""
    if not size.artery_foramen_radius:
        return ()
    hole = Column(size.artery_foramen_radius, size.artery_foramen_radius, 14.0)
    return (Placed(hole, shift(size.artery_x, size.artery_y, 0.0)),)


def uncinate_process(size: VertebraSize) -> Shape | None:
    """Uncinate process: the raised lip on the side of a cervical body."""
    if not size.uncinate_height:
        return None
    return Placed(_uncinate_lip(size, 0.0), uncinate_frame(size))


def _uncinate_lip(size: VertebraSize, margin: float) -> Shape:
    half = (
        size.uncinate_width / 4 + margin,
        size.uncinate_length / 2 + margin,
        size.uncinate_height / 2 + 2.0 * margin,
    )
    return RoundedBox(half, min(1.2 + margin, half[0]))


def uncinate_frame(size: VertebraSize) -> Motion:
    """Place of the left uncinate process: across it (outward), along it (backward), up."""
    yaw, lean = radians(size.uncinate_yaw), radians(18.0)
    along = np.array([sin(yaw), cos(yaw), 0.0])
    outward = np.array([cos(yaw), -sin(yaw), 0.0])
    upward = cos(lean) * UP + sin(lean) * outward
    centre = np.array(
        [0.42 * size.body_width, 0.05 * size.body_depth, size.mid_height / 2 + size.uncinate_height / 2 - 2.2]
    )
    return frame(centre, np.cross(along, upward), along, upward)


def joint_beds(size: VertebraSize) -> list[Shape]:
    """Return what this vertebra's left upper joints hollow out of the vertebra above, in its own frame."""
    beds: list[Shape] = [_process_bed(size)]
    if size.uncinate_height:
        beds.append(Placed(_uncinate_lip(size, 1.2), uncinate_frame(size)))
    return beds


def _process_bed(size: VertebraSize) -> Shape:
    """Bed of the superior articular process in the vertebra above.

    It reaches higher than the tip, so that the two processes can slide past each other
    when the disc loses height.
    """
    return Grown(_risen_process(size, 0.0), size.joint_gap)


def _risen_process(size: VertebraSize, more: float) -> Shape:
    slide = (SLIDE if size.pillared else TELESCOPE) + more
    taller = replace(
        size,
        superior_process_height=size.superior_process_height + slide,
        superior_process_rise=size.superior_process_rise + slide / 2,
    )
    return superior_articular_process(taller)


def joint_recess(size: VertebraSize) -> Shape:
    """Recess of the left upper facet joint over and behind the tip of its process, in the vertebra's frame.

    It fills the bed of the process but never reaches in front of the process or medial to it.
    """
    if size.pillared:
        return _risen_process(size, size.joint_gap)
    along, through, _ = joint_axes(size)
    bed = Grown(_risen_process(size, RECESS), size.joint_gap)
    middle = joint_centre(size) - through * size.superior_process_offset
    front = middle - through * (size.superior_process_thickness / 2)
    inner = middle - along * (size.superior_process_width / 2)
    behind = HalfSpace(axis(-through), -float(through @ front))
    beside = HalfSpace(axis(-along), -float(along @ inner))
    above = HalfSpace((0.0, 0.0, -1.0), -size.joint_z)
    return Intersection((bed, behind, beside, above), 1.6)


def joint_sheath(size: VertebraSize, thickness: float) -> Shape:
    """Layer of joint capsule on the upper part of the left superior articular process."""
    above = HalfSpace((0.0, 0.0, -1.0), -(size.joint_z - SHEATH_REACH))
    return Intersection((Grown(superior_articular_process(size), thickness), above), 0.8)


def uncovertebral_cleft(size: VertebraSize) -> Shape | None:
    """Cleft between the left uncinate process and the vertebra above, in the lower one's frame."""
    if not size.uncinate_height:
        return None
    half = (size.uncinate_width / 4 + 0.5, size.uncinate_length / 2, size.uncinate_height / 2)
    place = uncinate_frame(size)
    inward = Motion.of(np.eye(3), np.array([-0.7, 0.0, 0.4]))
    cleft = Placed(RoundedBox(half, 0.8), place.after(inward))
    # It opens into the disc space and does not go below the rim.
    above = HalfSpace((0.0, 0.0, -1.0), -(size.mid_height / 2 + 0.3))
    return Intersection((cleft, above), 0.8)


MOSTLY = 0.7

UP = np.array([0.0, 0.0, 1.0])
BACK = np.array([0.0, 1.0, 0.0])
LEFT = np.array([1.0, 0.0, 0.0])


def axis(vector: Array) -> Axis:
    """Return a (3,) array as a tuple of float."""
    x, y, z = vector.tolist()
    return (x, y, z)


def shift(x: float, y: float, z: float) -> Motion:
    """Return the motion that shifts by x, y and z mm."""
    return Motion(move=(float(x), float(y), float(z)))


def frame(centre: Array, first: Array, second: Array, third: Array) -> Motion:
    """Return the motion that puts a shape's own axes along three unit vectors, at ``centre``."""
    return Motion.of(np.column_stack([first, second, third]), centre)


def turn_x(angle: float) -> Array:
    """Rotation about the x axis by ``angle`` radians; positive lifts the back (flexion)."""
    return np.array([[1, 0, 0], [0, cos(angle), -sin(angle)], [0, sin(angle), cos(angle)]])


def bar(start: Array, end: Array, width: float, thickness: float, rounding: float) -> Shape:
    """Return a flat bar from ``start`` to ``end``: ``width`` sideways, ``thickness`` front to back."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    side = LEFT - along * along[0] if abs(along[0]) < MOSTLY else UP - along * along[2]
    side = side / np.linalg.norm(side)
    half = (width / 2, thickness / 2, length / 2 + thickness / 3)
    shape = RoundedBox(half, min(rounding, 0.95 * min(half[0], half[1])))
    return Placed(shape, frame((start + end) / 2, side, np.cross(along, side), along))
