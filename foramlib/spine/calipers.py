"""Calipers: sizes of the finished anatomy, read off sections, for comparison with publications.

Nothing here reads a parameter back: every figure comes from outlines of the built segment.
All lengths in mm, angles in degrees, areas in mm².
"""

from __future__ import annotations

from math import atan2, degrees, hypot
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.affinity

from foramlib.spine.planes import Plane
from foramlib.spine.section import Section, cut, to_polygon

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from foramlib.spine.lattice import Array, Axis
    from foramlib.spine.segment import Segment

CANAL, NEAR = 5.0, 3.0
"""Half length of a cervical foraminal canal; how near its opening lies to the middle of the picture, mm."""

RIM = 1.5
"""Disc heights at the rims are taken this far inside them, mm, clear of the rounded edge."""


def _sagittal(segment: Segment, x: float) -> Section:
    """Section in a sagittal plane ``x`` mm left of the midline: u is y, v is z."""
    half = (segment.stage.lower_size.body_depth * 1.6, segment.stage.lower_size.mid_height * 2.2)
    plane = Plane("sagittal", "left", (x, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), 0.0, half)
    return cut(segment, plane)


def _axial(segment: Segment, z: float) -> Section:
    """Section in an axial plane at height ``z``: u is x, v is -y."""
    wide = segment.stage.lower_size.transverse_reach + 6.0
    plane = Plane("axial", "left", (0.0, 0.0, z), (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), None, (wide, wide))
    return cut(segment, plane)


def _upright(shape: MultiPolygon, u: float) -> Array:
    """Crossings of an upright line at ``u`` with the edge of ``shape``, v ascending."""
    low, high = shape.bounds[1] - 1.0, shape.bounds[3] + 1.0
    run = shape.intersection(shapely.LineString([(u, low), (u, high)]))
    return np.sort(shapely.get_coordinates(run)[:, 1])


def _across(shape: MultiPolygon, v: float) -> Array:
    """Crossings of a level line at ``v`` with the edge of ``shape``, u ascending."""
    left, right = shape.bounds[0] - 1.0, shape.bounds[2] + 1.0
    run = shape.intersection(shapely.LineString([(left, v), (right, v)]))
    return np.sort(shapely.get_coordinates(run)[:, 0])


def _bodies(section: Section, segment: Segment) -> tuple[MultiPolygon, MultiPolygon]:
    upper, lower = segment.stage.names
    return section.outlines[f"{upper}.vertebral_body"], section.outlines[f"{lower}.vertebral_body"]


def _gap(segment: Segment, where: str) -> float:
    """Distance between the end-plates at the front, middle or back of the disc, in the midline."""
    upper, lower = _bodies(_sagittal(segment, 0.0), segment)
    front = max(upper.bounds[0], lower.bounds[0]) + RIM
    back = segment.stage.lower_size.body_depth / 2 - RIM
    y = {"front": front, "middle": 0.0, "back": back}[where]
    return float(_upright(upper, y)[0] - _upright(lower, y)[-1])


def posterior_disc_height(segment: Segment) -> float:
    """Distance between the end-plates at the back rim, in the midline."""
    return _gap(segment, "back")


def anterior_disc_height(segment: Segment) -> float:
    """Distance between the end-plates at the front rim, in the midline."""
    return _gap(segment, "front")


def middle_disc_height(segment: Segment) -> float:
    """Distance between the end-plates at mid-depth, in the midline."""
    return _gap(segment, "middle")


def disc_wedge(segment: Segment) -> float:
    """Angle between the end-plates, from the heights at the two rims."""
    run = segment.stage.lower_size.body_depth - 2 * RIM
    return degrees(atan2(anterior_disc_height(segment) - posterior_disc_height(segment), run))


def disc_depth(segment: Segment) -> float:
    """Front to back length of the disc in the midline."""
    section = _sagittal(segment, 0.0)
    disc = shapely.union_all([section.outlines[key] for key in ("annulus", "nucleus")])
    return float(disc.bounds[2] - disc.bounds[0])


def body_heights(segment: Segment) -> tuple[float, float]:
    """Anterior and posterior height of the lower body, along its own axis, at the rims."""
    stage = segment.stage
    _, lower = _bodies(_sagittal(segment, 0.0), segment)
    angle = degrees(atan2(stage.lower_stand.rotation[2, 1], stage.lower_stand.rotation[1, 1]))
    upright = shapely.affinity.rotate(lower, -angle, origin=(0.0, 0.0))
    front, _, back, _ = upright.bounds
    heights = [np.ptp(_upright(upright, u)) for u in (front + RIM, back - RIM)]
    return float(heights[0]), float(heights[1])


def anterior_body_height(segment: Segment) -> float:
    """Anterior height of the lower body."""
    return body_heights(segment)[0]


def posterior_body_height(segment: Segment) -> float:
    """Posterior height of the lower body."""
    return body_heights(segment)[1]


def upper_end_plate_depth(segment: Segment) -> float:
    """Front to back length of the lower vertebra's upper end-plate, in the midline."""
    _, lower = _bodies(_sagittal(segment, 0.0), segment)
    return float(lower.bounds[2] - lower.bounds[0])


def lower_end_plate_concavity(segment: Segment) -> float:
    """Depth of the upper vertebra's lower end-plate below the line through its rims."""
    return _concavity(segment, 0)


def upper_end_plate_concavity(segment: Segment) -> float:
    """Depth of the lower vertebra's upper end-plate below the line through its rims."""
    return _concavity(segment, 1)


def _concavity(segment: Segment, which: int) -> float:
    body = _bodies(_sagittal(segment, 0.0), segment)[which]
    front, _, back, _ = body.bounds
    places = np.linspace(front + 1.0, back - 1.0, 81)
    edge = np.array([_upright(body, u)[0 if which == 0 else -1] for u in places])
    edge = edge if which == 0 else -edge
    front, back = int(edge[:30].argmin()), 51 + int(edge[51:].argmin())
    chord = np.interp(places[front:back], places[[front, back]], edge[[front, back]])
    return float((edge[front:back] - chord).max())


def canal_depth(segment: Segment) -> float:
    """Front to back depth of the bony canal in the midline, level with the lower pedicles."""
    stage = segment.stage
    section = _sagittal(segment, 0.0)
    bone = to_polygon(section.bones[stage.names[1]])
    place = stage.lower_size.body_depth / 2 + 4.0
    rows = [_across(bone, v) for v in np.linspace(-4.0, 2.0, 13) + stage.lower_pedicle[2]]
    return min(_run_at(row, place) for row in rows if row[-1] > place)


def canal_width(segment: Segment) -> float:
    """Greatest distance between the lower pedicles."""
    stage = segment.stage
    bone = to_polygon(_axial(segment, float(stage.lower_pedicle[2])).bones[stage.names[1]])
    back = stage.lower_size.body_depth / 2
    widths = []
    for y in np.linspace(back + 1.0, back + 8.0, 15):
        row = _across(bone, -float(y))
        inner = row[np.searchsorted(row, 0.0) - 1], row[np.searchsorted(row, 0.0)]
        widths.append(inner[1] - inner[0])
    return float(max(widths))


def pedicle_height(segment: Segment) -> float:
    """Least height of the lower pedicle."""
    return _pedicle_height(segment, 1)


def upper_pedicle_height(segment: Segment) -> float:
    """Least height of the upper pedicle."""
    return _pedicle_height(segment, 0)


def _pedicle_height(segment: Segment, which: int) -> float:
    stage = segment.stage
    middle = (stage.upper_pedicle, stage.lower_pedicle)[which]
    angle = np.radians((stage.upper_size, stage.lower_size)[which].pedicle_angle)
    across = (float(np.sin(angle)), float(np.cos(angle)), 0.0)
    x, y, z = middle.tolist()
    plane = Plane("pedicle", "left", (x, y, z), across, (0.0, 0.0, 1.0), 0.0, (6.0, 22.0))
    bone = to_polygon(cut(segment, plane).bones[stage.names[which]])
    runs = [_upright(bone, float(u)) for u in np.linspace(-2.5, 2.5, 11)]
    return min(_run_at(run, 0.0) for run in runs)


def _run_at(crossings: Array, place: float) -> float:
    """Length of the run, bone or gap, that holds ``place``, given where a line crosses an edge."""
    after = int(np.searchsorted(crossings, place))
    return float(crossings[after] - crossings[after - 1])


def pedicle_width(segment: Segment) -> float:
    """Least width of the lower pedicle, square to its axis, above the root of the transverse process."""
    stage = segment.stage
    angle = np.radians(stage.lower_size.pedicle_angle)
    across = (float(np.cos(angle)), float(-np.sin(angle)), 0.0)
    x, y, z = stage.lower_pedicle.tolist()
    widths = []
    for along in np.linspace(-1.5, 1.5, 7):
        origin = (x - along * float(np.sin(angle)), y - along * float(np.cos(angle)), z)
        plane = Plane("pedicle", "left", origin, across, (0.0, 0.0, 1.0), 0.0, (14.0, 6.0))
        bone = to_polygon(cut(segment, plane).bones[stage.names[1]])
        widths.append(_run_at(_across(bone, 0.25 * stage.lower_size.pedicle_height), 0.0))
    return min(widths)


def uncinate_height(segment: Segment) -> float:
    """Height of the uncinate process above the lowest point of the end-plate, across its middle."""
    stage = segment.stage
    y = float(0.02 * stage.lower_size.body_depth)
    plane = Plane("coronal", "left", (0.0, y, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), 90.0, (14.0, 14.0))
    bone = to_polygon(cut(segment, plane).bones[stage.names[1]])
    floor = min(_upright(bone, float(u))[-1] for u in np.linspace(-4.0, 4.0, 17))
    return float(bone.bounds[3] - floor)


def facet_to_transverse(segment: Segment) -> float:
    """Slope of the facet joint to the transverse plane, in the sagittal plane through its middle."""
    return 90.0 - _joint_slope(_sagittal(segment, float(segment.stage.joint[0])))


def facet_to_sagittal(segment: Segment) -> float:
    """Angle of the facet joint to the sagittal plane, in the axial plane through its middle."""
    return _joint_slope(_axial(segment, float(segment.stage.joint[2])))


def _joint_slope(section: Section) -> float:
    """Angle between the long axis of the joint space and the picture's upright, 0 to 90 degrees."""
    points = shapely.get_coordinates(section.outlines["facet_joint.left"].segmentize(0.5))
    _, _, axes = np.linalg.svd(points - points.mean(axis=0))
    return degrees(atan2(abs(axes[0, 0]), abs(axes[0, 1])))


def cord_area(segment: Segment) -> float:
    """Area of the spinal cord level with the disc."""
    return float(_axial(segment, 0.0).outlines["spinal_cord"].area)


def dural_area(segment: Segment) -> float:
    """Area within the dura level with the lower pedicles, cord and roots included."""
    outlines = _axial(segment, float(segment.stage.lower_pedicle[2])).outlines
    within = [outlines[key] for key in ("dural_sac", "spinal_cord", "cauda_equina") if key in outlines]
    return float(shapely.union_all(within).area)


def interforaminal_distance(segment: Segment) -> float:
    """Distance between the middles of the two vertebral arteries in the lower transverse foramina."""
    outlines = _axial(segment, float(segment.stage.lower_pedicle[2])).outlines
    left, right = (outlines[f"vertebral_artery.{side}"].centroid for side in ("left", "right"))
    return hypot(left.x - right.x, left.y - right.y)


FRONT = (
    "vertebral_body",
    "uncinate_process",
    "annulus",
    "uncovertebral_joint",
    "disc_bulge",
    "herniation",
    "uncovertebral_osteophyte",
    "endplate_ridge",
)
BACK = (
    "superior_articular_process",
    "inferior_articular_process",
    "pars_interarticularis",
    "lamina",
    "flavum",
    "capsule",
    "facet_joint",
    "facet_osteophyte",
    "thick_flavum",
)


def soft_axial_width(segment: Segment, side: str = "left") -> float:
    """Narrowest free width of a foramen on axial sections level with the resting root, mm.

    Front: body, uncinate process, disc. Back: articular processes, capsule, ligamentum flavum.
    """
    course = segment.roots["exiting", side].course
    height = float(np.interp(2.0, course.index, course.places[:, 2]))
    return min(_front_to_back(_beside(segment, height + lift, side), side) for lift in (0.0, 1.0))


def _beside(segment: Segment, z: float, side: str) -> Section:
    """Section of one side of the neck in an axial plane at height ``z``: no more than the foramen and its walls."""
    size, sign = segment.stage.lower_size, 1.0 if side == "left" else -1.0
    reach = 0.55 * size.transverse_reach
    origin = (sign * reach, 0.35 * size.body_depth, z)
    plane = Plane("axial", side, origin, (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), None, (reach, 0.95 * size.body_depth))
    return cut(segment, plane)


def _front_to_back(section: Section, side: str) -> float:
    def walls(keys: tuple[str, ...]) -> MultiPolygon:
        return shapely.union_all(
            [
                region.polygon
                for region in section.regions
                if region.structure.key in keys and region.structure.side in {"", side}
            ]
        )

    return float(walls(FRONT).distance(walls(BACK)))


def root_diameter(segment: Segment) -> float:
    """Diameter of the exiting root just outside the ganglion, square to its course (area-equivalent)."""
    line = segment.root_line("left")
    at = 3 if segment.level.region == "cervical" else 5
    return _rod_diameter(segment, line[at], line[at] - line[at - 1], "exiting_root.left")


def ganglion_width(segment: Segment) -> float:
    """Greatest diameter of the ganglion square to the root (area-equivalent)."""
    places, course = _along_ganglion(segment)
    return max(_rod_diameter(segment, place, course, "ganglion.left") for place in places)


def ganglion_length(segment: Segment) -> float:
    """Length of the ganglion along the root."""
    places, course = _along_ganglion(segment, 10.0)
    spots = [place for place in places if _rod_diameter(segment, place, course, "ganglion.left") > 0]
    return float(np.linalg.norm(spots[-1] - spots[0]))


def _along_ganglion(segment: Segment, reach: float = 4.0) -> tuple[list[Array], Array]:
    at = 2 if segment.level.region == "cervical" else 3
    line = segment.root_line("left")
    course = line[at + 1] - line[at]
    course = course / np.linalg.norm(course)
    return [line[at] + course * far for far in np.arange(-reach, reach + 0.1, 0.2)], course


def _rod_diameter(segment: Segment, place: Array, course: Array, name: str) -> float:
    course = course / np.linalg.norm(course)
    across = np.cross(course, [0.0, 0.0, 1.0])
    across = across / np.linalg.norm(across)
    up = np.cross(across, course)
    x, y, z = place.tolist()
    axes = (tuple(across.tolist()), tuple(up.tolist()))
    plane = Plane("root", "left", (x, y, z), axes[0], axes[1], 0.0, (6.0, 6.0))
    shapes = {part.id: part.shape for part in segment.soft}
    field = shapes[name].field(plane.lattice(0.1))
    return float(2.0 * np.sqrt((field < 0).sum() * 0.01 / np.pi))


def canal_rotation(segment: Segment) -> float:
    """Rotation from the sagittal plane at which the foraminal canal is most see-through.

    As an oblique film would be chosen: the greatest opening left when all bone along the line
    of sight is laid over itself, over a range of angles; the best is read off a parabola.
    """
    angles = np.arange(20.0, 60.1, 5.0)
    return _best(angles, [_see_through(segment, angle, 0.0) for angle in angles])


def canal_fall(segment: Segment) -> float:
    """Fall of the line of sight, degrees below the axial plane, at which the canal is most see-through."""
    falls = np.arange(-6.0, 24.1, 6.0)
    angle = segment.stage.level.canal_plane_angle
    return _best(falls, [_see_through(segment, angle, fall) for fall in falls])


def _best(places: Array, values: list[float]) -> float:
    """Place of the maximum of ``values``, between samples by a parabola through the highest three."""
    top = int(np.clip(np.argmax(values), 1, len(values) - 2))
    left, middle, right = values[top - 1 : top + 2]
    bend = left - 2.0 * middle + right
    shift = 0.5 * (left - right) / bend if bend else 0.0
    return float(places[top] + shift * (places[1] - places[0]))


def _see_through(segment: Segment, angle: float, fall: float) -> float:
    """Area, mm², of the opening of the left foramen seen along a direction."""
    base = Plane.named("foramen", segment, "left")
    turn, down = np.radians(angle), np.radians(fall)
    sight = np.array([np.cos(turn) * np.cos(down), -np.sin(turn) * np.cos(down), -np.sin(down)])
    across = np.array([np.sin(turn), np.cos(turn), 0.0])
    up = np.cross(sight, across)
    walls = []
    for depth in np.linspace(-CANAL, CANAL, 11):
        origin: Axis = tuple((np.array(base.origin) + sight * depth).tolist())
        plane = Plane("sight", "left", origin, tuple(across.tolist()), tuple(up.tolist()), 0.0, base.half)
        section = cut(segment, plane, 0.5)
        walls += [to_polygon(rings) for rings in (*section.bones.values(), section.gaps)]
        walls += [section.outlines[key] for key in ("facet_joint.left",) if key in section.outlines]
    frame = shapely.box(-base.half[0], -base.half[1], *base.half)
    free = shapely.get_parts(frame.difference(shapely.union_all(walls)))
    middle = shapely.Point(-1.0, 0.0)
    openings = [hole.area for hole in free if hole.distance(middle) < NEAR and not hole.touches(frame.exterior)]
    return float(max(openings, default=0.0))
