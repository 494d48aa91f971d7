"""Soft tissues of a segment as shapes: disc, joints, ligaments, nerves, vessels, fat.

Each function takes the stage and returns shapes in the segment's frame. Paired structures
are described on the left with ``side`` +1 and on the right with -1; under a lopsided
posture the two differ because the points they hang on have moved differently.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt, tan
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.placement import mid_disc_gap
from foramlib.spine.roots import Course, Root, refined
from foramlib.spine.shapes import (
    Column,
    Grown,
    HalfSpace,
    Intersection,
    Mirrored,
    Motion,
    Placed,
    Ribbon,
    RoundedBox,
    Shape,
    Stretched,
    Sweep,
    Union,
)
from foramlib.spine.vertebra import (
    UP,
    axis,
    frame,
    joint_axes,
    joint_centre,
    joint_recess,
    joint_sheath,
    uncovertebral_cleft,
)

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.parameters import VertebraSize
    from foramlib.spine.stage import Stage


ARTERY_RADIUS, NECK_WIDTH = 1.8, 19.4
"""Radius of the vertebral artery, mm, at a body of the given width, mm (assumption)."""


BEHIND = 8.0
"""How far behind the ligamentum flavum a root is still sent forward, mm."""

LOOSE = (0.5, 0.75)
"""Share of the first and of the last stretch of a root that is left loose."""


CAPSULE_LAYER = 1.4
"""Thickness of the capsule over the recess of a lumbar facet joint, mm (assumption)."""


@dataclass(frozen=True)
class Station:
    """One point of a path: neutral place (mm, left side), share carried by the upper vertebra, radius."""

    place: tuple[float, float, float]
    weight: float
    radius: float


def carried_path(stage: Stage, side: int, stations: list[Station]) -> Array:
    """Return where the posture carries ``stations`` on the side given, shape (n, 3), mm."""
    flip = np.array([side, 1.0, 1.0])
    places = np.array([station.place for station in stations]) * flip
    weights = np.array([station.weight for station in stations])
    return stage.carried(places, weights)


def swept(stage: Stage, side: int, stations: list[Station]) -> Sweep:
    """Sweep a rod through ``stations`` as the posture carries them."""
    places = carried_path(stage, side, stations)
    path = tuple(axis(point) for point in places)
    return Sweep(path, tuple(station.radius for station in stations))


def rear(stage: Stage) -> float:
    """Posterior rim of the bodies in neutral posture, mm behind the disc centre."""
    return stage.lower_size.body_depth / 2


# Disc ---------------------------------------------------------------------------------------


def fibre_sag(rest_height: float, height: float, rest_bulge: float) -> float:
    """Return how far a fibre of fixed length bulges when its ends come together.

    The fibre is taken as a flat parabola: length = height + 8 sag^2 / (3 height). A model
    rule (assumption), not a measurement; all lengths in mm.
    """
    length = rest_height + 8.0 * rest_bulge**2 / (3.0 * rest_height)
    return sqrt(max(3.0 * height * (length - height) / 8.0, 0.0))


def disc_bulge(stage: Stage, x: float = 0.0) -> float:
    """Bulge of the posterior annulus beyond the rims at ``x`` mm left of the midline, mm."""
    rest = stage.level.posterior_disc_height
    return fibre_sag(rest, stage.posterior_gap(x), stage.level.disc_bulge)


def disc(stage: Stage, bulge: float | None = None, more: float = 0.0) -> Shape:
    """Whole disc between the end-plates.

    ``bulge`` overrides how far it passes the rims, ``more`` adds to how far it does so behind (mm).
    """
    size, gap = stage.lower_size, mid_gap(stage)
    back = (disc_bulge(stage) if bulge is None else bulge) + more
    front = stage.level.disc_bulge if bulge is None else bulge
    half_depth = size.body_depth / 2 - 0.4 + stage.slip / 2
    column = Column(
        min(size.body_width, stage.upper_size.body_width) / 2 - 0.3 + front + 0.6 * more,
        half_depth + (back + front) / 2,
        gap / 2 + 4.0,
        size.body_squareness,
        0.0,
        1.0,
    )
    motion = stage.half_motion.after(Motion(move=(0.0, (back - front) / 2, 0.0)))
    whole = Placed(column, motion)
    return Intersection((whole, *_sheared(stage, front, back))) if stage.slip else whole


def _sheared(stage: Stage, front: float, back: float) -> tuple[HalfSpace, HalfSpace]:
    """Front and back of the disc of a slipped level: planes from rim to rim, ``front`` and ``back`` mm beyond them."""
    reach = stage.lower_size.body_depth / 2 - 0.4
    rims = np.array([[0.0, reach, -0.5 * stage.lower_size.mid_height], [0.0, reach, 0.5 * stage.lower_size.mid_height]])
    faces = []
    for end, beyond in ((-1.0, front), (1.0, back)):
        low = stage.lower_stand.apply(rims[1] * (1.0, end, 1.0))
        high = stage.upper_stand.apply(rims[0] * (1.0, end, 1.0))
        normal = np.cross(high - low, [1.0, 0.0, 0.0])
        normal = normal / np.linalg.norm(normal) * (end if normal[1] > 0 else -end)
        faces.append(HalfSpace(axis(normal), float(normal @ low) + beyond))
    return faces[0], faces[1]


def uncovertebral_joint(stage: Stage, side: int) -> Shape | None:
    """Uncovertebral cleft between the uncinate process and the body above, where there is one."""
    cleft = uncovertebral_cleft(stage.lower_size)
    if cleft is None:
        return None
    return Placed(cleft if side > 0 else Mirrored(cleft), stage.lower_stand)


def bony_gaps(stage: Stage) -> Shape:
    """Return what closes the gaps in the bony wall: the unbulged disc, the clefts, the joint recesses."""
    clefts = [uncovertebral_joint(stage, side) for side in (1, -1)]
    recesses = [facet_recess(stage, side) for side in (1, -1)]
    shapes = [disc(stage, bulge=0.0), *clefts, *recesses]
    return Union(tuple(shape for shape in shapes if shape))


def facet_recess(stage: Stage, side: int) -> Shape:
    """Recess of the facet joint over the tip of the superior articular process."""
    recess = joint_recess(stage.lower_size)
    return Placed(recess if side > 0 else Mirrored(recess), stage.lower_stand)


def mid_gap(stage: Stage) -> float:
    """Height of the disc between the rims at mid-depth, mm, in neutral posture less the loss."""
    return max(mid_disc_gap(stage.lower_size, stage.level) - stage.disc_loss, 0.5)


def nucleus(stage: Stage) -> Shape:
    """Nucleus pulposus, a little behind the middle of the disc."""
    size = stage.lower_size
    hollow = (size.upper_concavity + stage.upper_size.lower_concavity) / 2
    height = mid_gap(stage) / 2 + hollow - 0.2
    column = Column(0.30 * size.body_width, 0.29 * size.body_depth, max(height, 0.6), 0.3, 0.0, 0.6)
    back = Motion(move=(0.0, 0.05 * size.body_depth, 0.0))
    return Placed(column, stage.half_motion.after(back))


# Facet joint --------------------------------------------------------------------------------


def _joint_frame(stage: Stage, side: int) -> Motion:
    along, _, normal = joint_axes(stage.lower_size)
    turn = stage.lower_stand.rotation
    along, normal = turn @ along, turn @ normal
    flip = np.array([side, 1.0, 1.0])
    along, normal = along * flip * side, normal * flip
    centre = stage.carried(stage.joint * flip, 0.5, arch=True)[0]
    return frame(centre, along, np.cross(normal, along), normal)


def joint_space(stage: Stage, side: int) -> Shape:
    """Cartilage and joint space between the two articular processes."""
    across, up = stage.joint_half
    slab = RoundedBox((across - 0.4, up - 0.4, stage.lower_size.joint_gap / 2 + 0.8), 0.7)
    return Placed(slab, _joint_frame(stage, side))


def joint_capsule(stage: Stage, side: int, more: float = 0.0) -> Shape:
    """Fibrous capsule around the facet joint, with its recess over the tip of the process.

    In the neck it also covers the front of the process, and what that has grown by (``more`` mm).
    """
    across, up = stage.joint_half
    round_about = 0.8 if stage.level.oblique else 0.4
    slab = RoundedBox((across + round_about, up + 0.6, stage.lower_size.joint_gap / 2 + 1.0), 1.2)
    sleeve = Placed(slab, _joint_frame(stage, side))
    if not stage.level.oblique:
        return Union((sleeve, facet_recess(stage, side)))
    sheath = joint_sheath(stage.lower_size, stage.level.capsule_thickness + more)
    return Union((sleeve, Placed(sheath if side > 0 else Mirrored(sheath), stage.lower_stand)))


def recess_fat(stage: Stage, side: int) -> Shape | None:
    """Fat pad within the capsule over the tip of a lumbar superior articular process."""
    return None if stage.level.oblique else Grown(facet_recess(stage, side), -CAPSULE_LAYER)


# Ligaments ----------------------------------------------------------------------------------


def ligamentum_flavum(stage: Stage, side: int, more: float = 0.0) -> Placed:
    """Half of the ligamentum flavum: a plate between the laminae, out to the facet capsule.

    It keeps its volume: shorter means thicker; ``more`` is what it has gained in front, mm.
    """
    return Placed(*_flavum_plate(stage, side, more))


def _flavum_plate(stage: Stage, side: int, more: float) -> tuple[RoundedBox, Motion]:
    """Plate of half of the ligamentum flavum in its own frame (across, through, up), and its place."""
    top, foot, outward, width = _flavum_ends(stage)
    flip = np.array([side, 1.0, 1.0])
    rest = float(np.linalg.norm(top - foot))
    top, foot = stage.carried(top * flip, 1.0, arch=True)[0], foot * flip
    length = float(np.linalg.norm(top - foot))
    thickness = stage.level.flavum_thickness * rest / length
    upward = (top - foot) / length
    across = outward * flip * side
    across = across - upward * float(across @ upward)
    across = across / np.linalg.norm(across)
    half = (width / 2 + 0.15 * more, (thickness + more) / 2, length / 2 + 0.5)
    plate = RoundedBox(half, min(0.48 * thickness, 1.2))
    middle, back = (top + foot) / 2, np.cross(upward, across)
    forward = -back if back[1] > 0 else back
    outward = across if across[0] * side > 0 else -across
    return plate, frame(middle + forward * more / 2 + outward * 0.15 * more, across, back, upward)


def behind_flavum(stage: Stage, side: int, more: float) -> Placed:
    """Everything from the front of half of the ligamentum flavum backward: where no root may come to lie."""
    plate, place = _flavum_plate(stage, side, more)
    back = place.rotation[:, 1]
    back = back if back[1] > 0 else -back
    wide, thick, long = plate.half
    deep = RoundedBox((wide, thick + BEHIND / 2, long), plate.rounding)
    return Placed(deep, Motion.of(place.rotation, place.shift + back * BEHIND / 2))


def _flavum_run(stage: Stage) -> tuple[Array, float]:
    """Outward direction of one half in the axial plane and its width, mm, lower vertebra frame.

    It runs from the midline in front of the laminae to the front of the facet joint.
    """
    size = stage.lower_size
    along, through, _ = joint_axes(size)
    inset = size.superior_process_offset + 0.1 * size.superior_process_thickness
    edge = joint_centre(size) - through * inset - along * (0.5 * size.superior_process_width - 1.0)
    run = (edge - _ridge(size)) * np.array([1.0, 1.0, 0.0])
    width = float(np.linalg.norm(run))
    reach = 0.0 if stage.level.oblique else 2.0
    return run / width, width + reach


def _ridge(size: VertebraSize) -> Array:
    """Midline point at the inner surface of the laminae, mm, vertebra frame."""
    return np.array([0.0, size.body_depth / 2 + size.canal_depth, 0.0])


def _flavum_ends(stage: Stage) -> tuple[Array, Array, Array, float]:
    """Upper and lower attachment at mid-width (neutral, left), outward direction, width."""
    upper, lower = stage.upper_size, stage.lower_size
    outward, width = _flavum_run(stage)
    inset = outward * (width / 2 + 0.4)
    forward = np.array([0.0, -0.85 * stage.level.flavum_thickness, 0.0])
    high = _ridge(upper) + UP * (upper.lamina_drop - 0.15 * upper.lamina_height)
    low = _ridge(lower) + UP * (lower.lamina_drop + 0.42 * lower.lamina_height)
    top = stage.neutral_stand.apply(high + inset + forward)
    return top, stage.lower_stand.apply(low + inset + forward), outward, width


def posterior_longitudinal_ligament(stage: Stage) -> Shape:
    """Posterior longitudinal ligament: a band behind the bodies and the disc."""
    size = stage.lower_size
    width = 0.30 * size.body_width
    back = rear(stage) + 0.2
    heights = (0.75 * size.mid_height, 0.0, -0.75 * size.mid_height)
    places = np.array([_behind(stage, back, z) for z in heights])
    places = stage.carried(places, np.array([1.0, 0.5, 0.0]))
    places[1, 1] += max(disc_bulge(stage) - 0.2, 0.0)
    path = tuple(axis(place / (width, 1.0, 1.0)) for place in places)
    return Stretched(Sweep(path, (0.55, 0.55, 0.55)), (width, 1.0, 1.0))


def _behind(stage: Stage, back: float, z: float) -> Array:
    """Neutral point ``back`` mm behind the centre at height ``z``, along the lordosis of the level."""
    stand = stage.neutral_stand if z > 0 else stage.lower_stand
    if not z:
        return np.array([0.0, back, 0.0])
    middle = stand.shift
    local = np.array([0.0, back, z - middle[2]])
    return stand.apply(local)


# Contents of the canal ----------------------------------------------------------------------


def sac_path(stage: Stage, half_depth: float) -> Array:
    """Centre line of the dural sac now: above, upper body, disc, lower body, below; shape (5, 3)."""
    size = stage.lower_size
    back = rear(stage) + stage.level.dura_gap + half_depth
    pitch = size.mid_height + mid_gap(stage)
    heights = (1.05 * pitch, 0.5 * pitch, 0.0, -0.5 * pitch, -1.05 * pitch)
    places = np.array([_behind(stage, back, z) for z in heights])
    return stage.carried(places, np.array([1.0, 1.0, 0.5, 0.0, 0.0]))


def _oval_rod(path: Array, width: float, depth: float) -> Shape:
    factors = (width / 2, depth / 2, 1.0)
    line = tuple(axis(point / factors) for point in path)
    return Stretched(Sweep(line, (1.0,) * len(line)), factors)


def dural_sac(stage: Stage) -> Shape:
    """Dural sac with its fluid."""
    level = stage.level
    return _oval_rod(sac_path(stage, level.dura_depth / 2), level.dura_width, level.dura_depth)


def spinal_cord(stage: Stage) -> Shape | None:
    """Spinal cord, where the level has one."""
    level = stage.level
    if not level.cord_width:
        return None
    path = sac_path(stage, level.dura_depth / 2)
    if not level.conus:
        return _oval_rod(path, level.cord_width, level.cord_depth)
    # The conus: the cord thins from the upper body and ends behind the disc.
    factors = (level.cord_width / 2, level.cord_depth / 2, 1.0)
    line = tuple(axis(point / factors) for point in path[:3])
    return Stretched(Sweep(line, (1.0, 0.8, 0.12)), factors)


def cauda_equina(stage: Stage) -> Shape | None:
    """Roots of the cauda equina, gathered at the back of the sac (not counted one by one)."""
    level = stage.level
    if level.oblique:
        return None
    path = sac_path(stage, level.dura_depth / 2)
    strands = []
    for angle in np.linspace(-0.15 * pi, 1.15 * pi, 9):
        offset = np.array([0.33 * level.dura_width * cos(angle), 0.27 * level.dura_depth * sin(angle), 0])
        strands.append(Sweep(tuple(axis(point + offset) for point in path), (0.85,) * len(path)))

    return Union(tuple(strands))


def epidural_fat(stage: Stage) -> Shape:
    """Fat (and veins, not shown) of the canal outside the dura, in front of the ligamenta flava."""
    size = stage.lower_size
    path = sac_path(stage, size.canal_depth / 2 - 0.6)
    oval = _oval_rod(path, size.canal_width + 10.0, size.canal_depth + 5.0)
    return Intersection((oval, *(_before_flavum(stage, sign) for sign in (1, -1))))


def _before_flavum(stage: Stage, side: int) -> HalfSpace:
    plate = ligamentum_flavum(stage, side)
    back = plate.motion.rotation[:, 1] * side
    back = back if back[1] > 0 else -back
    return HalfSpace(axis(back), float(back @ plate.motion.shift) + 0.5 * stage.level.flavum_thickness)


# Roots --------------------------------------------------------------------------------------


def canal_direction(stage: Stage) -> Array:
    """Return the unit vector along the left foraminal canal, outward: forward and down in the neck."""
    angle = radians(stage.level.canal_plane_angle)
    down = radians(12.0) if angle else 0.0
    return np.array([cos(angle) * cos(down), -sin(angle) * cos(down), -sin(down)])


def _cervical_stations(stage: Stage, forward: float, radius: float, lift: float) -> list[Station]:
    size, level = stage.lower_size, stage.level
    along = canal_direction(stage)
    inward = np.array([along[1], -along[0], 0.0]) / np.hypot(along[0], along[1])
    bed = stage.lower_pedicle + UP * (size.pedicle_height / 2 + level.ganglion_width / 2 + 1.3 + lift)
    bed = bed + along * np.array([1, 1, 0]) * 0.2 + inward * (level.root_forward + forward)
    start = bed - along * 7.0
    spots = [
        (start - np.array([3.2, -0.8, -5.0]), 0.6, 0.6 * radius),
        (start, 0.4, radius),
        (bed, 0.1, radius),
        (bed + along * 4.5, 0.0, radius),
        (bed + along * 9.0 - UP * 1.2, 0.0, radius),
        (bed + along * 20.0 - UP * 8.0 + np.array([3, 0, 0]), 0.0, 1.15 * radius),
    ]
    return [Station(axis(place), weight, size) for place, weight, size in spots]


def _lumbar_stations(stage: Stage, forward: float, radius: float, lift: float = 0.0) -> list[Station]:
    size, level = stage.upper_size, stage.level
    x, floor = stage.upper_pedicle[0], stage.upper_pedicle[2] - size.pedicle_height / 2
    back = rear(stage) + level.ganglion_width / 2 - level.root_forward - forward
    behind = rear(stage) + radius + 0.6
    # Above the disc the canal leans back, and the roof of the foramen tips, with the upper vertebra.
    lean = float(stage.neutral_stand.rotation[1, 2])
    sac = rear(stage) + level.dura_gap + 0.5 * level.dura_depth
    drop = level.ganglion_width / 2 + 0.9 + 20.9 * lean - lift
    far = level.ganglion_width / 2 + 0.5 + 15.0 * lean - lift
    # A slanting pedicle narrows the canal towards the bodies.
    slant = 0.38 * size.canal_depth * tan(radians(size.pedicle_angle))
    inner = size.canal_width / 2 - radius - slant - 0.45
    spots = [
        ((0.36 * level.dura_width, sac, floor + 15.0), 1.0, 0.7 * radius),
        ((inner - radius, max(back + 2.1, behind), floor + 5.0), 1.0, radius),
        ((inner - 0.9, max(back + 1.2, behind), floor - 2.9 - 9.0 * lean), 1.0, radius),
        ((x - 2.0, back, floor - drop), 1.0, radius),
        ((x + 4.0, back - 1.05, floor - drop - 3.0), 0.9, radius),
        ((x + 8.0, back - 2.6, floor - far - 7.5), 0.7, radius),
        ((x + 12.0, back - 6.0, floor - far - 17.0), 0.5, radius),
    ]
    return [Station((x, y + lean * max(z, 0.0), z), weight, size) for (x, y, z), weight, size in spots]


def root_stations(stage: Stage) -> list[Station]:
    """Return the exiting root with its sheath, from the sac to beyond the foramen."""
    radius = stage.level.root_diameter / 2
    if stage.level.oblique:
        return _cervical_stations(stage, -0.25, radius, 0.0)
    return _lumbar_stations(stage, 0.0, 0.92 * radius)


def ganglion_station(stage: Stage) -> int:
    """Index of the station of the root at which the ganglion begins."""
    return 2 if stage.level.oblique else 3


def exiting_course(stage: Stage, side: int) -> Course:
    """Return the exiting root at rest, with the room that it and its ganglion need."""
    index, spots = refined(root_stations(stage))
    places = carried_path(stage, side, spots)
    radii = np.array([spot.radius for spot in spots])
    middle, reach, thick = _swelling(stage)
    far = np.linalg.norm(np.array([spot.place for spot in spots]) - middle, axis=1)
    radii = np.maximum(radii, np.where(far <= reach, thick * (1.0 - 0.45 * far / reach), 0.0))
    return Course(index, places, _loose_ends(index, radii))


def traversing_course(stage: Stage, side: int) -> Course | None:
    """Return the traversing root at rest; None in the neck."""
    stations = traversing_stations(stage)
    if stations is None:
        return None
    index, spots = refined(stations)
    radii = np.array([spot.radius for spot in spots])
    return Course(index, carried_path(stage, side, spots), _loose_ends(index, radii))


def _loose_ends(index: Array, radii: Array) -> Array:
    """Leave out the two ends of a root: what lies there is not modelled."""
    held = (index > LOOSE[0]) & (index < index[-1] - LOOSE[1])
    return np.where(held, radii, 0.0)


def exiting_root(stage: Stage, side: int, root: Root) -> Sweep | Ribbon:
    """Return the exiting root (dorsal and ventral root in their sheath, then spinal nerve)."""
    return root.rod(stage, side, root_stations(stage))


def _swelling(stage: Stage) -> tuple[Array, float, float]:
    """Middle of the left ganglion in neutral posture, half its length to the outer stations and half its width, mm."""
    level, stations, at = stage.level, root_stations(stage), ganglion_station(stage)
    thick = level.ganglion_width / 2
    start, end = np.array(stations[at].place), np.array(stations[at + 1].place)
    along = (end - start) / np.linalg.norm(end - start)
    reach = max(level.ganglion_length / 2 - 0.55 * thick, 0.5)
    return start + along * (-0.6 if level.oblique else 0.8), reach, thick


def ganglion(stage: Stage, side: int, root: Root) -> Sweep | Ribbon:
    """Dorsal root ganglion: a swelling of the dorsal root within the foramen."""
    stations, at = root_stations(stage), ganglion_station(stage)
    middle, reach, thick = _swelling(stage)
    start, end = np.array(stations[at].place), np.array(stations[at + 1].place)
    along = (end - start) / np.linalg.norm(end - start)
    weight = stations[at].weight
    shares = np.linspace(-1.0, 1.0, 3 if root.at_ease else 9)
    swelling = [
        Station(axis(middle + along * reach * share), weight, thick * (1.0 - 0.45 * abs(share))) for share in shares
    ]
    if root.at_ease:
        return swept(stage, side, swelling)
    spots = np.array([station.place for station in swelling])
    index = at + ((spots - start) @ along) / float(np.linalg.norm(end - start))
    radii = np.array([station.radius for station in swelling])
    return root.followed(index, carried_path(stage, side, swelling), radii, offset=False)


def ventral_root(stage: Stage, side: int, root: Root) -> Sweep | Ribbon:
    """Ventral (motor) root, in front of the ganglion."""
    level = stage.level
    radius = 0.26 * level.root_diameter
    if level.oblique:
        stations = _cervical_stations(stage, level.ganglion_width / 2 - 0.15 * radius, radius, 0.1)
    else:
        reach = level.ganglion_width / 2 + radius - 0.2
        stations = _lumbar_stations(stage, 0.74 * reach, radius, 0.4 * reach)
    return root.rod(stage, side, stations[:-2])


def traversing_root(stage: Stage, side: int, root: Root | None) -> Sweep | Ribbon | None:
    """Lumbar root on its way to the foramen below, in the lateral recess."""
    stations = traversing_stations(stage)
    return root.rod(stage, side, stations) if stations and root else None


def traversing_stations(stage: Stage) -> list[Station] | None:
    """Return the stations of the traversing root; None in the neck."""
    level, size = stage.level, stage.lower_size
    if level.oblique:
        return None
    radius = 0.42 * level.root_diameter
    back = rear(stage) + radius + 0.8
    lean = float(stage.lower_stand.rotation[1, 2])
    sac = rear(stage) + level.dura_gap + 0.5 * level.dura_depth
    low = stage.lower_pedicle[2]
    spread = 0.0 if size.ala_reach else 1.0  # the sacral foramina are not modelled
    slant = 0.24 * size.canal_depth * tan(radians(size.pedicle_angle))
    inner = size.canal_width / 2 - radius - slant - 2.2
    stations = [
        Station((0.40 * level.dura_width, sac, 14.0), 0.6, 0.6 * radius),
        Station((0.48 * level.dura_width, back + 2.8, 3.0), 0.3, radius),
        Station((inner - 1.0, back + 1.1, low + 4.0), 0.0, radius),
        Station((inner + 0.8 * spread, back, low - 6.0), 0.0, radius),
        Station((inner + 4.5 * spread, back, low - 14.0), 0.0, radius),
    ]
    # Below the disc the canal leans back with the lower vertebra.
    return [
        Station((x, y + lean * min(z, 0.0), z), station.weight, station.radius)
        for station in stations
        for x, y, z in [station.place]
    ]


def first_rib(stage: Stage, side: int) -> Shape | None:
    """Head and neck of the first rib at T1: from the body to the front of the transverse process."""
    size = stage.lower_size
    if not size.rib_radius:
        return None
    radius, rear_wall = size.rib_radius, size.body_depth / 2
    path = np.array(
        [
            [size.body_width / 2 + radius + 1.6, rear_wall - 7.0, 0.0],
            [0.64 * size.transverse_reach, rear_wall - 2.8, -0.8],
            [0.90 * size.transverse_reach, rear_wall + 1.8, -2.2],
            [1.12 * size.transverse_reach, rear_wall - 4.0, -8.0],
        ]
    )
    course = stage.lower_stand.apply(path) * np.array([side, 1.0, 1.0])
    radii = (radius, 0.8 * radius, 1.05 * radius, radius)
    return Sweep(tuple(axis(point) for point in course), radii)


# Vessels and fat ----------------------------------------------------------------------------


def vertebral_artery(stage: Stage, side: int) -> Sweep | None:
    """Vertebral artery through the transverse foramina."""
    upper, lower = stage.upper_size, stage.lower_size
    if not upper.artery_foramen_radius:
        return None
    radius = ARTERY_RADIUS * stage.lower_size.body_width / NECK_WIDTH
    spots = []
    for stand, size, weight in ((stage.neutral_stand, upper, 1.0), (stage.lower_stand, lower, 0.0)):
        for z in (24.0, 0.0, -2.0) if weight else (2.0, 0.0, -24.0):
            place = stand.apply(np.array([size.artery_x, size.artery_y - size.artery_ahead, z]))
            spots.append(Station(axis(place), weight, radius))
    return swept(stage, side, spots)


def radicular_vessel(stage: Stage, side: int, kind: str) -> Sweep:
    """Radicular artery or vein, beside the root."""
    cervical = stage.level.oblique
    artery = kind == "artery"
    radius = (0.35 if artery else 0.55) * (1.0 if cervical else 1.5)
    away = stage.level.ganglion_width / 2 + radius + (0.15 if cervical else 0.7)
    stations = root_stations(stage)[1:-1]
    along = canal_direction(stage)
    inward = np.array([along[1], -along[0], 0.0])
    direction = (inward * 0.75 + UP * 0.66) if artery else (-inward * 0.45 + UP * 0.9)
    if not cervical:
        direction = (-inward * -0.9 - UP * 0.55) if artery else (-inward * -0.8 - UP * 1.6)
    moved = [Station(axis(np.array(station.place) + direction * away), station.weight, radius) for station in stations]
    return swept(stage, side, moved)


def foraminal_fat(stage: Stage, side: int) -> Shape:
    """Fat that fills the rest of the foramen, from the canal to its outer mouth."""
    flip = np.array([side, 1.0, 1.0])
    above, below = stage.upper_pedicle, stage.lower_pedicle
    cervical = stage.level.oblique
    inward = np.array([-1.3, -1.3, 0.0]) if cervical else np.array([0.0, 0.6, 0.0])
    centre = stage.carried(((above + below) / 2 + inward) * flip, 0.5)[0]
    along = canal_direction(stage) * flip
    flat = along * np.array([1.0, 1.0, 0.0])
    flat = flat / np.linalg.norm(flat)
    across = np.cross(UP, flat)
    tall = 0.5 * float(abs(above[2] - below[2]))
    half = (5.2, 5.6, tall) if cervical else (9.0, 9.0, tall)
    block = RoundedBox(half, 3.0 if cervical else 6.0)
    return Placed(block, frame(centre, flat, across, UP))
