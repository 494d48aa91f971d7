"""The rulers: what a section says about the foramen.

Two rulers that never mix. The *bony* ruler runs from bone to bone; the unbulged disc,
the joint space and its recess close the wall where it has gaps. The *soft* ruler takes the space between
soft tissues: bone, disc with its bulge, ligamentum flavum and joint capsule. The root, its
vessels and fat lie within the space of both.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from foramlib.spine.levels import parse_side
from foramlib.spine.planes import Plane
from foramlib.spine.section import Section, cut, to_polygon

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon
    from shapely.geometry.base import BaseGeometry

    from foramlib.spine.lattice import Array, Mask
    from foramlib.spine.segment import Segment

CLEFT = 0.55
"""Clefts narrower than twice this share of the joint gap do not belong to the foramen."""

TOUCH = 0.25
"""Wall and nerve closer than this, mm, count as touching."""

THIN = 0.01
"""Points of an outline closer than this to the line between their neighbours are left out, mm."""

NERVES = ("ganglion", "exiting_root", "ventral_root", "schwannoma")
SOFT_WALLS = (
    "annulus",
    "nucleus",
    "flavum",
    "capsule",
    "longitudinal_ligament",
    "facet_joint",
    "disc_bulge",
    "herniation",
    "thick_flavum",
    "synovial_cyst",
)
SPURS = ("uncovertebral_osteophyte", "endplate_ridge", "facet_osteophyte")
"""Growths of bone: they bound the bony outline as bone does."""

DEFINITIONS = {
    "area_mm2": "area of the outline",
    "height_mm": "height from pedicle to pedicle, median over the middle third of the width",
    "greatest_height_mm": "greatest height",
    "width_mm": "width at mid-height",
    "upper_width_mm": "width at a quarter of the height below the upper pedicle",
    "disc_width_mm": "width at the middle of the disc",
    "greatest_width_mm": "greatest width",
    "narrowest_width_mm": "narrowest width between one sixth and five sixths of the height",
}


@dataclass(frozen=True)
class Rulers:
    """One ruler's figures for an outline; see :data:`DEFINITIONS`. Lengths mm, area mm²."""

    area_mm2: float
    height_mm: float
    greatest_height_mm: float
    width_mm: float
    upper_width_mm: float
    disc_width_mm: float
    greatest_width_mm: float
    narrowest_width_mm: float


@dataclass(frozen=True)
class Measures:
    """What a section says about the foramen on one side.

    Attributes
    ----------
    level, side, plane : str
        Where.
    angle : float or None
        Rotation of the plane from the sagittal, degrees.
    bony, soft : Rulers or None
        The two rulers; None where the plane shows no foramen, or one whose bone has been removed.
    root_area_mm2 : float
        Area of root and ganglion in the plane, and of a tumour of theirs.
    free_area_mm2 : float
        Area within the soft outline that is not nerve: fat and vessels.
    contact_fraction : float
        Share of the nerve's outline that lies within 0.25 mm of a wall, 0 to 1.
    touching : tuple of str
        Identifiers of the walls touched.
    closed : bool
        False where the bony outline was open and was closed by a line from pedicle to pedicle.
    outline : Polygon or None
        The bony outline, plane coordinates, mm.
    soft_outline : Polygon or None
        The outline between soft tissues, plane coordinates, mm.
    """

    level: str
    side: str
    plane: str
    angle: float | None
    bony: Rulers | None
    soft: Rulers | None
    root_area_mm2: float
    free_area_mm2: float
    contact_fraction: float
    touching: tuple[str, ...]
    closed: bool
    outline: Polygon | None
    soft_outline: MultiPolygon | None

    def as_dict(self) -> dict[str, object]:
        """Return plain numbers for printing; area, height and width are the bony ruler's."""
        flat: dict[str, object] = {
            "level": self.level,
            "side": self.side,
            "plane": self.plane,
            "angle_deg": self.angle,
        }
        for name in ("area_mm2", "height_mm", "width_mm"):
            flat[name] = getattr(self.bony, name) if self.bony else None
        for name in ("root_area_mm2", "free_area_mm2", "contact_fraction"):
            flat[name] = getattr(self, name)
        flat["touching"] = list(self.touching)
        flat["closed"] = self.closed
        flat["bony"] = asdict(self.bony) if self.bony else None
        flat["soft"] = asdict(self.soft) if self.soft else None
        return flat


def measure(segment: Segment, side: str = "left", plane: str = "foramen") -> Measures:
    """Cut ``segment`` with a named plane and measure the foramen on ``side``.

    Raises
    ------
    InvalidInput
        If side or plane is unknown.
    """
    side = parse_side(side)
    return measure_section(segment, cut(segment, Plane.named(plane, segment, side)))


def measure_section(segment: Segment, section: Section) -> Measures:
    """Measure the foramen in a section that has been cut already."""
    side, plane = section.plane.side, section.plane
    nerve = nerve_of(section, side)
    # A foramen with a window in its wall has neither height nor width.
    opened = f"removed_bone.{side}" in section.outlines
    outline, closed = (None, False) if opened else _bony_outline(segment, section, nerve)
    walls = {name: shape for name, shape in section.outlines.items() if _is_soft_wall(name, side)}
    soft = _component(outline.difference(_merged(list(walls.values()))), nerve) if outline else None
    level = _disc_level(section)
    contact, touching = _contact(section, nerve)
    free = soft.difference(nerve).area if soft is not None else 0.0
    return Measures(
        segment.level.name,
        side,
        plane.name,
        plane.angle,
        rulers(outline, level) if outline else None,
        rulers(soft, level, outline.bounds[::2]) if outline and soft is not None and soft.area > 0 else None,
        round(nerve.intersection(outline).area if outline else nerve.area, 6),
        round(free, 6),
        round(contact, 6),
        touching,
        closed,
        outline,
        soft,
    )


def rulers(outline: Polygon | MultiPolygon, disc_level: float, within: tuple[float, float] | None = None) -> Rulers:
    """Measure an outline.

    Parameters
    ----------
    outline : Polygon or MultiPolygon
        What to measure, plane coordinates, mm.
    disc_level : float
        The v coordinate of the middle of the disc, mm.
    within : tuple of float, optional
        Left and right end of the width whose middle third the height is taken over; the
        outline's own if left out. The soft ruler takes the bony one's, so that a height
        between soft tissues never exceeds the height between the bones about it.
    """
    left, low, right, high = outline.bounds
    shares = np.array([0.5, 0.75, *np.linspace(1 / 6, 5 / 6, 15), *np.linspace(0.02, 0.98, 25)])
    heights = np.append(low + shares * (high - low), np.clip(disc_level, low + 0.3, high - 0.3))
    widths = _chords(outline, heights, axis=1)
    start, stop = within or (left, right)
    third = (stop - start) / 3
    upright = _chords(outline, np.linspace(start + third, stop - third, 7), axis=0)
    figures = (
        outline.area,
        float(np.median(upright)),
        high - low,
        widths[0],
        widths[1],
        widths[-1],
        widths[17:-1].max(),
        widths[2:17].min(),
    )
    return Rulers(*(round(float(figure), 6) for figure in figures))


def _chords(outline: Polygon | MultiPolygon, places: Array, axis: int) -> Array:
    """Longest straight run within the outline along each line ``v = place`` (axis 1) or ``u = place`` (axis 0), mm."""
    points, ring = shapely.get_coordinates(shapely.get_rings(outline), return_index=True)
    edges = np.flatnonzero(ring[1:] == ring[:-1])
    start, stop = points[edges], points[edges + 1]
    before, after = start[:, axis], stop[:, axis]
    line = places[:, None]
    met: Mask = (before > line) != (after > line)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (line - before) / (after - before)
        spots = np.where(met, start[:, 1 - axis] + share * (stop[:, 1 - axis] - start[:, 1 - axis]), np.nan)
    # A line enters and leaves in turn; NaN sorts to the end and pairs with itself.
    spots = np.sort(spots, axis=1)[:, : 2 * max(int(met.sum(axis=1).max()) // 2, 1)]
    longest: Array = np.nan_to_num(spots[:, 1::2] - spots[:, ::2]).max(axis=1)
    return longest


def _is_soft_wall(name: str, side: str) -> bool:
    return _is_any(SOFT_WALLS, name, side)


def _is_any(keys: tuple[str, ...], name: str, side: str) -> bool:
    """Tell whether a structure's identifier (vertebra.key.side, less what it lacks) is one of ``keys`` on ``side``."""
    words = name.split(".")
    known = [word for word in words if word in keys]
    return bool(known) and words[-1] in {known[0], side}


def nerve_of(section: Section, side: str) -> MultiPolygon:
    """Return root and ganglion of a side, with a tumour of theirs, as one region, mm."""
    shapes = [section.outlines.get(f"{key}.{side}") for key in NERVES]
    merged = shapely.union_all([shape for shape in shapes if shape is not None])
    return merged if not merged.is_empty else shapely.MultiPolygon()


def _bony_outline(segment: Segment, section: Section, nerve: MultiPolygon) -> tuple[Polygon | None, bool]:
    wide, high = section.plane.half
    if section.plane.kind != "sagittal" or nerve.is_empty:
        return None, False
    solids = [to_polygon(rings) for rings in section.bones.values()]
    solids.append(to_polygon(section.gaps))
    solids += [shape for name, shape in section.outlines.items() if _is_any(SPURS, name, section.plane.side)]
    joint = section.outlines.get(f"facet_joint.{section.plane.side}")
    walls = _merged([solid for solid in [*solids, joint] if solid is not None])
    frame = shapely.box(-wide, -high, wide, high)
    free = frame.difference(walls)
    cleft = CLEFT * segment.stage.lower_size.joint_gap
    outline = _without_clefts(free, nerve, cleft)
    if outline is not None and not outline.exterior.intersects(frame.exterior):
        return outline, True
    between = _between_pedicles(segment, section)
    outline = None if between is None else _without_clefts(_areas(free.intersection(between)), nerve, cleft)
    return outline, False


def _merged(shapes: list[MultiPolygon]) -> MultiPolygon:
    """Return shapes as one; thinned first, which saves most of the time."""
    thin = shapely.simplify(np.array(shapes, dtype=object), THIN, preserve_topology=False)
    return shapely.union_all(np.where(shapely.is_valid(thin), thin, shapely.make_valid(thin)))


def _areas(shape: BaseGeometry) -> MultiPolygon:
    """Return the pieces of a shape that have an area."""
    pieces = [piece for piece in shapely.get_parts(shape) if piece.geom_type == "Polygon"]
    return shapely.MultiPolygon(pieces)


def _without_clefts(free: MultiPolygon, nerve: MultiPolygon, cleft: float) -> Polygon | None:
    core = _component(free.buffer(-cleft, quad_segs=4), nerve)
    if core is None:
        return None
    grown = _component(core.buffer(cleft, quad_segs=6).intersection(free), nerve)
    return None if grown is None else shapely.Polygon(grown.exterior)


def _component(shape: Polygon | MultiPolygon, nerve: MultiPolygon) -> Polygon | None:
    """Piece of ``shape`` that shares most with the nerve, or lies nearest to it."""
    pieces = [piece for piece in shapely.get_parts(shape) if piece.geom_type == "Polygon"]
    if not pieces or nerve.is_empty:
        return None
    shared = shapely.area(shapely.intersection(pieces, nerve))
    if shared.max() > 0:
        return pieces[int(np.argmax(shared))]
    return pieces[int(np.argmin(shapely.distance(pieces, nerve)))]


def _between_pedicles(segment: Segment, section: Section) -> Polygon | None:
    names = (f"{name}.pedicle.{section.plane.side}" for name in segment.stage.names)
    found = [section.outlines[name] for name in names if name in section.outlines]
    if len(found) < len(segment.stage.names):
        return None
    return shapely.union_all(found).convex_hull


def _disc_level(section: Section) -> float:
    return float(section.plane.project(np.zeros((1, 3)))[0, 1])


def walls_of(section: Section) -> dict[str, MultiPolygon]:
    """Return every wall of the section's own side by its identifier: bones, soft walls and lesions, mm."""
    side = section.plane.side
    walls = {name: to_polygon(rings) for name, rings in section.bones.items()}
    return walls | {
        name: shape for name, shape in section.outlines.items() if _is_any((*SOFT_WALLS, *SPURS), name, side)
    }


def _contact(section: Section, nerve: MultiPolygon) -> tuple[float, tuple[str, ...]]:
    if nerve.is_empty:
        return 0.0, ()
    near = {name: wall for name, wall in walls_of(section).items() if wall.distance(nerve) < TOUCH}
    if not near:
        return 0.0, ()
    reach = _merged(list(near.values())).buffer(TOUCH, quad_segs=3)
    edge = nerve.boundary
    return float(edge.intersection(reach).length / edge.length), tuple(sorted(near))
