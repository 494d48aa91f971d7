"""The scene of a section: plain data that a view draws without knowing any anatomy.

Outlines become SVG paths in millimetres; structures get a name, a place for their label and a rank
that says what matters in this plane. The words come from :mod:`foramlib.figures.words`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from foramlib.figures.words import describe_section, heading
from foramlib.spine.structures import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from foramlib.spine.foramen import Measures
    from foramlib.spine.section import Region, Ring, Section
    from foramlib.spine.segment import Segment, Structure

    Numbers = NDArray[np.floating[Any]]

Scene = dict[str, Any]
Line = tuple[tuple[float, float], tuple[float, float]]

UNIT = 0.02
"""Outlines are written in steps of this many mm, a third of a pixel on a large screen."""

SLACK = 0.025
"""A point that lies closer than this to the line between its neighbours is left out, mm."""

LEAST_LABELLED = 0.5
"""Structures that show less than this are named on pointing only, mm²."""

# Share of the cut that the picture shows: close enough to the foramen that it is the subject.
_SHOWN = {"sagittal": 1.0, "axial": 1.0, "coronal": 0.9}

_NEAR_ENOUGH = 0.03  # mm: a ruler this near to its figure is drawn right
_CORNERS = 3  # of the smallest area; a loop repeats its first point
_LARGE = 20.0  # half width, mm, from which the scale bar is one centimetre

# What matters in a kind of plane, the most important first; "upper" and "lower" are the two vertebrae.
_RANKS = {
    "sagittal": (
        "ganglion",
        "exiting_root",
        "lower superior_articular_process",
        "upper pedicle",
        "lower pedicle",
        "annulus",
        "lower uncinate_process",
        "flavum",
        "upper inferior_articular_process",
        "capsule",
        "vertebral_artery",
        "traversing_root",
        "ventral_root",
        "facet_joint",
        "upper vertebral_body",
        "lower vertebral_body",
        "foraminal_fat",
        "radicular_vein",
        "radicular_artery",
        "upper pars_interarticularis",
        "nucleus",
    ),
    "axial": (
        "exiting_root",
        "ganglion",
        "spinal_cord",
        "dural_sac",
        "annulus",
        "lower superior_articular_process",
        "upper inferior_articular_process",
        "lower uncinate_process",
        "lower pedicle",
        "flavum",
        "vertebral_artery",
        "traversing_root",
        "cauda_equina",
        "facet_joint",
        "nucleus",
        "lower vertebral_body",
        "lower lamina",
        "upper lamina",
        "lower transverse_process",
        "upper spinous_process",
        "lower spinous_process",
    ),
    "coronal": (
        "exiting_root",
        "ganglion",
        "upper pedicle",
        "lower pedicle",
        "dural_sac",
        "spinal_cord",
        "traversing_root",
        "lower superior_articular_process",
        "annulus",
        "lower uncinate_process",
        "vertebral_artery",
        "cauda_equina",
        "upper vertebral_body",
        "lower vertebral_body",
        "foraminal_fat",
        "epidural_fat",
    ),
}


def scene(segment: Segment, section: Section, measures: Measures, focus: str = "") -> Scene:
    """Return the scene of a section: outlines, names, rulers and words.

    Parameters
    ----------
    segment : Segment
        What was cut.
    section : Section
        The cut; coordinates are the plane's (u to the viewer's right, v up), mm.
    measures : Measures
        What was measured in this section.
    focus : str
        Id of a structure that is drawn in focus, or "".

    Returns
    -------
    dict
        ``box``, ``heading``, ``description``, ``marks``, ``scale_mm``, ``layers`` (bottom to top), ``boundary``
        and ``rulers``, as plain numbers and text. A whole bone has ``"as": "ground"`` (drawn, not pointed at),
        its parts have ``"as": "part"`` (pointed at, drawn only in focus).
    """
    wide, high = frame(section)
    layers = _layers(segment, section, focus)
    return {
        "box": [-wide, -high, 2 * wide, 2 * high],
        "heading": heading(measures),
        "description": describe_section(segment, section, measures, seen(layers)),
        "marks": section.plane.marks,
        "scale_mm": 10 if wide > _LARGE else 5,
        "layers": layers,
        "boundary": _boundary(measures),
        "rulers": rulers(measures),
    }


def frame(section: Section) -> tuple[float, float]:
    """Half width and half height of what the picture shows, mm."""
    share = _SHOWN[section.plane.kind]
    wide, high = section.plane.half
    return round(wide * share, 2), round(high * share, 2)


def seen(layers: Sequence[Mapping[str, Any]], most: int = 10) -> list[str]:
    """Names of the structures that matter most in a picture, the first one first."""
    ranked = sorted((layer for layer in layers if layer["rank"]), key=lambda layer: layer["rank"])
    return [layer["name"] for layer in ranked[:most]]


def _layers(segment: Segment, section: Section, focus: str) -> list[dict[str, Any]]:
    """Every structure, fat at the bottom and bone at the top; a whole bone lies under its parts."""
    regions = [region for region in reversed(section.regions) if not region.polygon.is_empty]
    # A spur bears the name of its bone, but is drawn as what it is.
    of_bone = [bool(region.structure.vertebra) and region.structure.tissue != "lesion" for region in regions]
    soft = [region for region, part in zip(regions, of_bone, strict=True) if not part]
    parts = [region for region, part in zip(regions, of_bone, strict=True) if part]
    bones = [name for name, rings in section.bones.items() if rings]
    pieces = [region.rings for region in soft] + [section.bones[name] for name in bones]
    written = paths([*pieces, *(region.rings for region in parts)])
    anchors = _anchors([*soft, *parts], frame(section))
    layers = [_layer(segment, section, region, focus) for region in soft]
    layers += [_whole(name) for name in bones]
    layers += [_layer(segment, section, region, focus) | {"as": "part"} for region in parts]
    places = iter(anchors)
    for layer, path in zip(layers, written, strict=True):
        layer["path"] = path
        if layer.get("as") != "ground":
            layer["anchor"] = next(places)
    return [layer for layer in layers if layer["path"]]


def _whole(name: str) -> dict[str, Any]:
    words = {"id": name, "name": f"Vertebra {name}", "note": "", "tissue": "bone"}
    return {**words, "anchor": [0.0, 0.0], "rank": 0, "focus": False, "as": "ground"}


def _layer(segment: Segment, section: Section, region: Region, focus: str) -> dict[str, Any]:
    structure = region.structure
    return {
        "id": structure.id,
        "name": _name(segment, section, structure),
        "note": structure.note,
        "tissue": structure.tissue,
        "rank": _rank(segment, section, region),
        "focus": structure.id == focus,
    }


def _name(segment: Segment, section: Section, structure: Structure) -> str:
    """Name a structure; where the whole picture is of one side, its side is not repeated."""
    if section.plane.kind == "sagittal" and structure.side == section.plane.side:
        return catalogue()[structure.key].named(segment.level, structure.vertebra)
    return structure.name


def _rank(segment: Segment, section: Section, region: Region) -> int:
    """Rank for a label, 1 first; 0 for the other side, and for slivers."""
    structure = region.structure
    if structure.tissue == "lesion":  # what the picture is about, on whichever side it lies
        return 1
    if structure.side not in {"", section.plane.side} or region.polygon.area < LEAST_LABELLED:
        return 0
    which = {segment.level.upper: "upper ", segment.level.lower: "lower "}.get(structure.vertebra, "")
    return _ranks(section.plane.kind).get(which + structure.key, 0)


@lru_cache
def _ranks(kind: str) -> dict[str, int]:
    return {name: place + 2 for place, name in enumerate(_RANKS[kind])}


def paths(shapes: Sequence[Iterable[Ring]]) -> list[str]:
    """Write each shape, given as rings, as one SVG path in mm (v up, even-odd rule).

    All shapes are thinned and rounded together, which is what makes it fast.
    """
    loops, owner = _loops(shapes)
    if not loops:
        return ["" for _ in shapes]
    lengths = [len(loop) for loop in loops]
    rings = shapely.linearrings(np.concatenate(loops), indices=np.repeat(np.arange(len(loops)), lengths))
    thinned = shapely.simplify(rings, SLACK, preserve_topology=False)
    points, ring_of = shapely.get_coordinates(thinned, return_index=True)
    steps = np.rint(points / UNIT).astype(int)
    ends = np.searchsorted(ring_of, np.arange(len(loops) + 1))
    written = [""] * len(shapes)
    for loop, shape in enumerate(owner):
        # The last point repeats the first, which Z does by itself.
        written[shape] += _path(steps[ends[loop] : ends[loop + 1] - 1])
    return written


def _loops(shapes: Sequence[Iterable[Ring]]) -> tuple[list[Numbers], list[int]]:
    """List the closed loops of at least three points, and which shape each belongs to."""
    loops, owner = [], []
    for shape, rings in enumerate(shapes):
        for ring in rings:
            for start, stop in zip(ring.offsets[:-1].tolist(), ring.offsets[1:].tolist(), strict=True):
                if stop - start > _CORNERS:
                    loops.append(ring.points[start:stop])
                    owner.append(shape)
    return loops, owner


def _path(steps: NDArray[np.int_]) -> str:
    if len(steps) < _CORNERS:
        return ""
    middle, words = _written()
    return "M" + " ".join([words[step] for step in (steps + middle).ravel().tolist()]) + "Z"


@lru_cache(maxsize=1)
def _written() -> tuple[int, tuple[str, ...]]:
    """Text of every number from -80 to 80 mm in steps of UNIT, and the place of zero: looking up beats formatting."""
    middle = round(80 / UNIT)
    return middle, tuple(f"{step * UNIT:.2f}".rstrip("0").rstrip(".") for step in range(-middle, middle + 1))


def _anchors(regions: Sequence[Region], half: tuple[float, float]) -> list[list[float]]:
    """Give a point well inside what shows of each region.

    It is the middle of the longest runs, across and up, from the centre of area; it moves smoothly with the region,
    unlike a point picked from its outline. What lies outside the picture altogether keeps a point outside.
    """
    wide, high = half
    whole = np.array([_largest(region) for region in regions], dtype=object)
    shown = shapely.clip_by_rect(whole, -wide, -high, wide, high)
    shapes = np.where(shapely.is_empty(shown), whole, shown)
    places = shapely.get_coordinates(shapely.centroid(shapes))
    for axis in (0, 1):
        places = _centred(shapes, places, axis)
    return [[round(u, 2), round(v, 2)] for u, v in places.tolist()]


def _largest(region: Region) -> object:
    pieces = region.polygon.geoms
    return max(pieces, key=lambda piece: piece.area) if len(pieces) != 1 else pieces[0]


def _centred(shapes: NDArray[np.object_], places: Numbers, axis: int) -> Numbers:
    """Move each place to the middle of the longest run along an axis within its shape."""
    ends = np.repeat(places[:, None, :], 2, axis=1)
    ends[:, 0, axis], ends[:, 1, axis] = -200.0, 200.0
    runs, owner = shapely.get_parts(shapely.intersection(shapely.linestrings(ends), shapes), return_index=True)
    met = shapely.length(runs) > 0  # a centre outside its shape may meet nothing
    runs, owner = runs[met], owner[met]
    moved = places.copy()
    order = np.argsort(shapely.length(runs), kind="stable")
    corners = shapely.bounds(runs)
    # Sorted by length, the longest run of each shape is written last.
    moved[owner[order], axis] = (corners[order, axis] + corners[order, axis + 2]) / 2
    return moved


def _boundary(measures: Measures) -> dict[str, str] | None:
    if measures.outline is None:
        return None
    points = shapely.get_coordinates(measures.outline.exterior.simplify(SLACK, preserve_topology=False))
    return {"path": _path(np.rint(points[:-1] / UNIT).astype(int))}


def rulers(measures: Measures) -> list[dict[str, Any]]:
    """Return height and width of the bony outline as segments that lie on it, with their figures."""
    if measures.outline is None or measures.bony is None:
        return []
    left, low, right, high = measures.outline.bounds
    third, half = (right - left) / 3, (low + high) / 2
    upright = [((u, low - 1), (u, high + 1)) for u in np.linspace(left + third, right - third, 15).tolist()]
    return [
        _ruler("height", measures.bony.height_mm, measures, upright),
        _ruler("width", measures.bony.width_mm, measures, [((left - 1, half), (right + 1, half))]),
    ]


def _ruler(name: str, value: float, measures: Measures, lines: Sequence[Line]) -> dict[str, Any]:
    """Draw a figure where the outline has it: on the line whose longest run within is as long as the figure says.

    Where several are, the one nearest to the middle is taken, so that a ruler stays where it was.
    """
    cuts = shapely.intersection(shapely.linestrings(lines), measures.outline)
    runs, owner = shapely.get_parts(cuts, return_index=True)
    off = np.abs(shapely.length(runs) - value)
    away = np.abs(owner - (len(lines) - 1) / 2)
    chosen = runs[int(np.lexsort((away, np.maximum(off, _NEAR_ENOUGH).round(2)))[0])]
    ends = shapely.bounds(chosen).round(2).tolist()
    return {"id": name, "from": ends[:2], "to": ends[2:], "text": f"{name} {value:.1f} mm"}
