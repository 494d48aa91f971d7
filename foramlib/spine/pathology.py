"""What a lesion does to the geometry: shapes that grow with its amount about a fixed place.

A larger lesion holds the smaller one within it, so more of it never leaves more room. Everything is described on
the left with ``side`` +1 and on the right with -1, in the segment's frame, millimetres. Shapes are the model's own
(assumption); which wall they grow from follows the evidence rows named in ``data/model/lesions.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine import tissues
from foramlib.spine.shapes import (
    Column,
    Difference,
    Ellipsoid,
    Grown,
    HalfSpace,
    Intersection,
    Mirrored,
    Motion,
    Placed,
    Shape,
    Sweep,
    Union,
)
from foramlib.spine.vertebra import (
    UP,
    Part,
    Vertebra,
    axis,
    frame,
    joint_axes,
    joint_centre,
    shift,
    superior_articular_process,
    uncinate_frame,
)

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.lesions import Lesion
    from foramlib.spine.parameters import LevelSize, VertebraSize
    from foramlib.spine.stage import Stage

RIM = 1.6
"""Half the height of an end-plate ridge, mm."""

DEFECT = 1.0
"""Half the gap in the pars of an isthmic slip, mm (assumption)."""

SQUEEZE = 0.45
"""Greatest share of its depth that the dural sac can lose, (assumption)."""

EROSION = 0.4
"""How far bone keeps from a schwannoma that wears it away, mm (assumption)."""


@dataclass(frozen=True)
class Growth:
    """One structure that a lesion adds.

    Attributes
    ----------
    key, side : str
        Catalogue key; ``"left"``, ``"right"`` or "".
    vertebra : str
        The vertebra it grows from, or "".
    shape : Shape
        Where it is.
    solid : bool
        Whether roots give way to it.
    """

    key: str
    side: str
    vertebra: str
    shape: Shape
    solid: bool = True


def growths(stage: Stage, lesions: tuple[Lesion, ...]) -> tuple[Growth, ...]:
    """Return every structure that ``lesions`` add to a segment."""
    found = []
    for one in lesions:
        if one.key in PAIRED:
            key, make, solid = PAIRED[one.key]
            bone = stage.names[1] if one.key in OF_BONE else ""
            found += [Growth(key, _side(sign), bone, make(stage, sign, one), solid) for sign in one.signs]
        elif one.key in MIDLINE:
            key, whole = MIDLINE[one.key]
            found.append(Growth(key, "", "", whole(stage, one)))
    return tuple(found)


def _side(sign: int) -> str:
    return "left" if sign > 0 else "right"


# In front: disc and bodies ----------------------------------------------------------------------


def disc_margin(stage: Stage, x: float) -> tuple[Array, Array]:
    """Point of the posterior disc margin ``x`` mm left of the midline and its outward normal, disc frame, mm."""
    size = stage.lower_size
    wide = min(size.body_width, stage.upper_size.body_width) / 2 - 0.3
    deep, square = size.body_depth / 2, size.body_squareness
    u = float(np.clip(x / wide, -0.9, 0.9))
    v = sqrt((1.0 - u * u) / (1.0 - square * u * u))
    normal = np.array([u * (1.0 - square * v * v) / wide, v * (1.0 - square * u * u) / deep, 0.0])
    return np.array([u * wide, v * deep, 0.0]), normal / np.linalg.norm(normal)


def zone_place(stage: Stage, zone: str) -> float:
    """How far left of the midline a zone of the disc margin lies, mm."""
    size = stage.lower_size
    if stage.level.oblique:
        return {"central": 0.0, "subarticular": 0.22, "foraminal": 0.35}[zone] * size.body_width
    pedicle = min(float(stage.upper_pedicle[0]), 0.36 * size.body_width)
    places = {
        "central": 0.0,
        "subarticular": 0.5 * stage.level.dura_width,
        "foraminal": pedicle,
        "extraforaminal": pedicle + size.pedicle_width / 2 + 1.5,
    }
    return places[zone]


def herniation(stage: Stage, side: int, lesion: Lesion) -> Shape:
    """Disc material that stands out from the margin of a zone, and where it has migrated to."""
    place, normal = disc_margin(stage, zone_place(stage, lesion.zone))
    tangent = np.cross(normal, UP)
    mm, gap = lesion.mm, tissues.mid_gap(stage)
    neck = 0.75 if stage.level.oblique else 1.0
    radii = (neck * (2.0 + 0.8 * mm), 0.9 + mm, 0.32 * gap + 0.85 * mm)
    lump: Shape = Placed(Ellipsoid((0.0, 0.0, 0.0), radii), frame(place - 0.3 * normal, tangent, normal, UP))
    if lesion.migration:
        there = frame(place + UP * lesion.migration, tangent, normal, UP)
        moved = Placed(Ellipsoid((0.0, 0.0, 0.0), tuple(0.85 * radius for radius in radii)), there)  # type: ignore[arg-type]
        lump = Union((lump, moved), 1.5)
    # What is still within the disc is disc.
    return Difference(Placed(lump if side > 0 else Mirrored(lump), stage.half_motion), (tissues.disc(stage),))


def bulge(stage: Stage, lesion: Lesion) -> Shape:
    """Return what a disc that bulges all round stands out beyond the disc without the lesion."""
    return Difference(tissues.disc(stage, more=lesion.mm), (tissues.disc(stage),))


def ridge(stage: Stage, lesion: Lesion) -> Shape:
    """Ridges along the posterior and lateral rims of the two bodies."""
    lower, upper = stage.lower_size, stage.upper_size
    rims = (
        Placed(_rim(lower, lesion.mm, 1.0), stage.lower_stand),
        Placed(_rim(upper, lesion.mm, -1.0), stage.upper_stand),
    )
    return Union(rims)


def _rim(size: VertebraSize, mm: float, end: float) -> Shape:
    column = Column(
        size.body_width / 2 + 0.8 * mm,
        size.body_depth / 2 + mm / 2,
        RIM + 0.15 * mm,
        size.body_squareness,
        0.0,
        1.0,
    )
    body = Column(size.body_width / 2 - 0.5, size.body_depth / 2 - 0.5, RIM + 4.0, size.body_squareness, 0.0, 1.0)
    edge = Difference(Placed(column, shift(0.0, mm / 2, 0.0)), (body,))
    return Placed(edge, shift(0.0, 0.0, end * (size.mid_height / 2 - RIM + 0.6)))


def uncovertebral_osteophyte(stage: Stage, side: int, lesion: Lesion) -> Shape:
    """Spur on the back end of the uncinate process, towards the foramen."""
    size, mm = stage.lower_size, lesion.mm
    place = np.array([-0.15 * size.uncinate_width, size.uncinate_length / 2 - 1.2, -0.1 * size.uncinate_height])
    radii = (1.2 + 0.9 * mm, 1.2 + mm, 0.30 * size.uncinate_height + 0.65 * mm)
    spur = Placed(Ellipsoid(axis(place), radii), uncinate_frame(size))
    return Placed(spur if side > 0 else Mirrored(spur), stage.lower_stand)


# Behind: facets and ligaments -------------------------------------------------------------------


def facet_osteophyte(stage: Stage, side: int, lesion: Lesion) -> Shape:
    """Growth of the superior articular process forward, inward and upward, up to its joint face."""
    size = stage.lower_size
    _, through, normal = joint_axes(size)
    joint = joint_centre(size)
    face = HalfSpace(axis(normal), float(normal @ joint) - size.joint_gap / 2)
    above = HalfSpace((0.0, 0.0, -1.0), -(size.joint_z - 0.55 * size.superior_process_height))
    front = HalfSpace(axis(through), float(through @ joint) - 0.2)
    grown = Intersection((Grown(superior_articular_process(size), lesion.mm), face, above, front))
    return Placed(grown if side > 0 else Mirrored(grown), stage.lower_stand)


def thick_flavum(stage: Stage, side: int, lesion: Lesion) -> Shape:
    """Return what the ligamentum flavum has gained in front of itself."""
    own_side = HalfSpace((-float(side), 0.0, 0.0), -0.1)
    thick = Intersection((tissues.ligamentum_flavum(stage, side, lesion.mm), own_side))
    return Difference(thick, (tissues.ligamentum_flavum(stage, side),))


def synovial_cyst(stage: Stage, side: int, lesion: Lesion) -> Shape:
    """Cyst from the front inner edge of the facet joint, towards the lateral recess."""
    size = stage.lower_size
    along, through, _ = joint_axes(size)
    edge = joint_centre(size) - through * size.superior_process_offset - along * size.superior_process_width / 2
    half = lesion.mm / 2
    # It starts a little inside the canal, where the capsule is thinnest.
    centre = stage.lower_stand.apply(edge + np.array([-3.6, -1.4, 0.0])) * np.array([side, 1.0, 1.0])
    return Ellipsoid(axis(centre), (0.95 * half, 0.95 * half, 1.15 * half))


# Contents ---------------------------------------------------------------------------------------


def schwannoma(stage: Stage, side: int, lesion: Lesion) -> Shape:
    """Dumbbell along the root: one lobe in the canal, one outside, a waist between the pedicles."""
    course = tissues.exiting_course(stage, side)
    at = float(tissues.ganglion_station(stage))
    here = int(np.argmin(np.abs(course.index - at)))
    far = course.lengths - course.lengths[here]
    spots = [-0.5 * lesion.mm, 0.0, 0.5 * lesion.mm]
    columns = [np.interp(spots, far, course.places[:, i]) for i in range(3)]
    radii = tuple(share * lesion.mm for share in (0.32, 0.24, 0.36))
    return Sweep(tuple(axis(place) for place in np.column_stack(columns)), radii)


def epidural_scar(stage: Stage, side: int, lesion: Lesion) -> Shape:
    """Sleeve of scar about the root, from the canal to the ganglion."""
    course = tissues.exiting_course(stage, side)
    held = np.flatnonzero(course.radii > 0)[:: max(1, len(course.radii) // 12)]
    path = tuple(axis(place) for place in course.places[held])
    return Sweep(path, tuple((course.radii[held] + lesion.mm).tolist()))


# The bones themselves ---------------------------------------------------------------------------


def with_short_pedicles(size: VertebraSize, mm: float) -> VertebraSize:
    """Return a vertebra whose arch stands ``mm`` nearer to its body."""
    return replace(size, canal_depth=size.canal_depth - mm, joint_y=size.joint_y - mm)


def with_squeezed_sac(level: LevelSize, lower: VertebraSize, thicker: float) -> LevelSize:
    """Return a level whose dural sac gives way to ligament that is ``thicker`` mm, right and left together.

    Half of it counts at the midline, where the two halves meet. The sac gets flatter and, while there is room,
    wider; the cord flatter when the sac leaves it no more depth (assumption).
    """
    lost = min(thicker / 2, SQUEEZE * level.dura_depth)
    if not lost:
        return level
    depth = level.dura_depth - lost
    width = min(level.dura_width * sqrt(level.dura_depth / depth), lower.canal_width - 2.0)
    return replace(level, dura_depth=depth, dura_width=width, cord_depth=min(level.cord_depth, depth - 1.5))


def hollowed(vertebra: Vertebra, stand: Motion, shapes: tuple[Shape, ...]) -> Vertebra:
    """Return a vertebra with ``shapes`` of the segment's frame taken out of it where it stands."""
    if not shapes:
        return vertebra
    back = stand.inverse()
    return replace(vertebra, cutters=(*vertebra.cutters, *(Placed(shape, back) for shape in shapes)))


def worn_facets(upper: Vertebra, stand: Motion, gap: float) -> tuple[Shape, ...]:
    """Return where the lower articular processes of a slipped vertebra stand: what they have worn away."""
    parts = (part for part in upper.parts if part.name == "inferior_articular_process")
    return tuple(Placed(Grown(part.shape, gap / 2), stand) for part in parts)


def split_at_pars(vertebra: Vertebra) -> tuple[Vertebra, Vertebra]:
    """Return the front of a vertebra and its loose arch, parted through the pars."""
    pars = next(part for part in vertebra.parts if part.name == "pars_interarticularis" and part.side == "left")
    middle = (np.array(pars.shape.box.low) + np.array(pars.shape.box.high)) / 2
    slope = np.array([0.0, 0.5, -1.0]) / sqrt(1.25)
    along = float(slope @ middle)
    keep = HalfSpace(axis(slope), along - DEFECT)
    loose = HalfSpace(axis(-slope), -along - DEFECT)
    arch = {"lamina", "inferior_articular_process", "spinous_process"}
    front_parts = tuple(_parted(part, keep) for part in vertebra.parts if part.name not in arch)
    arch_parts = tuple(_parted(part, loose) for part in vertebra.parts if part.name in {*arch, "pars_interarticularis"})
    return (
        replace(vertebra, parts=front_parts),
        replace(vertebra, name=f"{vertebra.name} arch", parts=arch_parts),
    )


def _parted(part: Part, half: HalfSpace) -> Part:
    if part.name in {"vertebral_body", "pedicle", "superior_articular_process", "transverse_process"}:
        return part
    return replace(part, shape=Intersection((part.shape, half), 0.5))


PAIRED = {
    "herniation": ("herniation", herniation, True),
    "uncovertebral_osteophyte": ("uncovertebral_osteophyte", uncovertebral_osteophyte, True),
    "facet_hypertrophy": ("facet_osteophyte", facet_osteophyte, True),
    "flavum_thickening": ("thick_flavum", thick_flavum, True),
    "synovial_cyst": ("synovial_cyst", synovial_cyst, True),
    "schwannoma": ("schwannoma", schwannoma, False),
    "epidural_scar": ("epidural_scar", epidural_scar, False),
}
MIDLINE = {"bulge": ("disc_bulge", bulge), "ridge": ("endplate_ridge", ridge)}
OF_BONE = ("uncovertebral_osteophyte", "facet_hypertrophy")
