"""Fixed key views of a segment in 3D: the same cameras for every level, so that levels can be compared.

A key view is a still picture with its words: what is seen, what lies in front of what, what is hidden.
All of it is read off the picture's own buffer, so picture and words cannot disagree.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from contourpy import FillType, contour_generator

from foramlib.figures.raster import NOTHING, Still, render_steps
from foramlib.figures.words import state_words
from foramlib.given import one_of
from foramlib.spine.levels import parse_side
from foramlib.spine.mesh import run
from foramlib.spine.planes import Plane
from foramlib.spine.solids import solid_steps
from foramlib.spine.structures import catalogue

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, MutableMapping, Sequence

    from numpy.typing import NDArray

    from foramlib.spine.segment import Segment, Structure
    from foramlib.spine.solids import BoneMesh, Solid
    from foramlib.spine.vertebra import Vertebra

KEY_VIEWS = MappingProxyType(
    {
        "lateral": "From the side",
        "posterior-oblique": "From behind and the side",
        "posterior": "From behind",
        "axial": "From above",
        "foramen": "Into the foramen, along the nerve",
    }
)

GROUPS = MappingProxyType(
    {
        "bone": ("Vertebrae", frozenset[str]()),
        "disc": ("Disc", frozenset({"nucleus", "annulus"})),
        "nerves": (
            "Roots and ganglia",
            frozenset({"ganglion", "ventral_root", "exiting_root", "traversing_root"}),
        ),
        "canal": ("Dural sac, cord and cauda equina", frozenset({"dural_sac", "spinal_cord", "cauda_equina"})),
        "vessels": ("Vessels", frozenset({"vertebral_artery", "radicular_artery", "radicular_vein"})),
        "ligaments": ("Ligaments", frozenset({"flavum", "longitudinal_ligament"})),
        "joints": ("Joint spaces and capsules", frozenset({"facet_joint", "uncovertebral_joint", "capsule"})),
        "fat": ("Fat", frozenset({"epidural_fat", "foraminal_fat", "recess_fat"})),
        "lesion": ("What narrows it", frozenset(key for key, entry in catalogue().items() if entry.tissue == "lesion")),
    }
)
"""What can be shown or left out: words, and catalogue keys of the soft structures."""

USUAL = ("bone", "disc", "nerves", "canal", "vessels", "ligaments", "joints", "lesion")
"""What a key view shows unless asked otherwise: everything but the fat, which would cover the roots."""

# Direction to the viewer in degrees: round from the back towards the side in view, and up.
_DIRECTIONS = MappingProxyType(
    {"lateral": (90.0, 0.0), "posterior-oblique": (42.0, 18.0), "posterior": (0.0, 0.0), "axial": (0.0, 90.0)}
)
# Half width and half height of the picture, mm, and where its middle lies behind the disc's centre.
_FRAMES = MappingProxyType(
    {
        ("cervical", "lateral"): (41.0, 35.0, 21.0),
        ("cervical", "posterior-oblique"): (41.0, 37.0, 19.0),
        ("cervical", "posterior"): (41.0, 35.0, 13.0),
        ("cervical", "axial"): (41.0, 37.0, 22.0),
        ("cervical", "foramen"): (21.0, 18.0, 0.0),
        ("lumbar", "lateral"): (52.0, 47.0, 22.0),
        ("lumbar", "posterior-oblique"): (54.0, 50.0, 22.0),
        ("lumbar", "posterior"): (52.0, 47.0, 22.0),
        ("lumbar", "axial"): (52.0, 47.0, 26.0),
        ("lumbar", "foramen"): (36.0, 31.0, 0.0),
    }
)
_FROM = MappingProxyType(
    {
        "lateral": "from the patient's {side}",
        "posterior-oblique": "from behind, the {side} and a little above",
        "posterior": "from behind",
        "axial": "from above, the patient's front at the top",
        "foramen": "into the {side} foramen from outside, along the nerve",
    }
)
_PLAIN_MARKS = MappingProxyType({"A": "front", "P": "back", "L": "left", "R": "right", "H": "head", "F": "feet"})

# What a student looks for weighs more than the area it shows, when labels are given and words are few.
_WEIGHT = MappingProxyType(
    {"ganglion": 12.0, "nerve": 6.0, "artery": 5.0, "vein": 4.0, "cartilage": 4.0, "joint": 4.0, "flavum": 3.0,
     "annulus": 3.0, "cord": 3.0, "capsule": 2.0, "dura": 2.0, "ligament": 2.0, "lesion": 20.0}
)  # fmt: skip

_CORNERS = 3  # a closed line of so few points has no area
_SQUARE = ((-1, -1), (1, -1), (1, 1), (-1, 1))
_EDGE_ON, _FACE_ON = 0.26, 0.97  # cosines: within 15° of its edge, within 15° of its face

LEAST_SEEN = 40
"""A structure that shows in fewer pixels is not called visible."""

_HIDDEN = 0.06  # share of its own outline under which a structure counts as hidden
_PARTLY = 0.75  # share under which something else is said to lie in front of it


@dataclass(frozen=True, eq=False)
class KeyView:
    """A key view: the still, and what it was made of.

    Attributes
    ----------
    name, side : str
        Which of :data:`KEY_VIEWS`, and the side in view.
    segment : Segment
        What is shown.
    still : Still
        The picture and its buffers.
    shown : tuple of str
        Groups that were drawn.
    bone : float
        How much bone covers, 0 (left out) to 1 (solid).
    theme : str
        Of the palette, in which it is painted.
    """

    name: str
    side: str
    segment: Segment
    still: Still
    shown: tuple[str, ...]
    bone: float
    theme: str = "light"

    @property
    def png(self) -> bytes:
        """The picture as a PNG file; the ground is transparent."""
        return self.still.png

    @property
    def anchors(self) -> dict[str, tuple[float, float]]:
        """Where the label of each visible structure points to, by id: u to the right and v up, mm."""
        return {layer["id"]: tuple(layer["anchor"]) for layer in key_scene(self)["layers"]}


def key_camera(segment: Segment, view: str, side: str = "left") -> Plane:
    """Return the camera of a key view: u to the viewer's right, v up, looking against its normal.

    Raises
    ------
    InvalidInput
        If the view or the side is unknown.
    """
    view, side = one_of(view, KEY_VIEWS, "key view"), parse_side(side)
    wide, high, back = _FRAMES[segment.level.region, view]
    if view == "foramen":
        plane = Plane.named("foramen", segment, side)
        return _camera(view, side, plane.origin, _outward(plane, side), (wide, high))
    turn, lift = (radians(angle) for angle in _DIRECTIONS[view])
    sign = 1.0 if side == "left" else -1.0
    toward = np.array([sign * sin(turn) * cos(lift), cos(turn) * cos(lift), sin(lift)])
    return _camera(view, side, (0.0, back, 0.0), toward, (wide, high))


def _outward(plane: Plane, side: str) -> NDArray[np.floating[Any]]:
    """Direction out of the foramen along its canal."""
    normal = np.asarray(plane.normal)
    return normal if (normal[0] > 0) == (side == "left") else -normal


def _camera(
    view: str,
    side: str,
    origin: tuple[float, float, float],
    toward: NDArray[np.floating[Any]],
    half: tuple[float, float],
) -> Plane:
    upright = np.array([0.0, -1.0, 0.0]) if view == "axial" else np.array([0.0, 0.0, 1.0])
    across = np.cross(upright, toward)
    across = across / np.linalg.norm(across)
    up = np.cross(toward, across)
    one, two = (tuple(float(number) for number in line) for line in (across, up))
    return Plane(view, side, origin, (one[0], one[1], one[2]), (two[0], two[1], two[2]), None, half)


def key_view_steps(
    segment: Segment,
    view: str,
    side: str = "left",
    *,
    shown: Sequence[str] = USUAL,
    bone: float = 1.0,
    width: int = 480,
    theme: str = "light",
    kept: MutableMapping[Vertebra, BoneMesh] | None = None,
) -> Generator[None, None, KeyView]:
    """Make a key view in slices; parameters are those of :func:`key_view`."""
    camera = key_camera(segment, view, side)
    groups = _checked(shown)
    keys = frozenset(key for group in groups for key in GROUPS[group][1])
    solids = yield from solid_steps(segment, {} if kept is None else kept, keys)
    return (yield from still_steps(segment, solids, camera, groups, bone=bone, width=width, theme=theme))


def still_steps(
    segment: Segment,
    solids: Iterable[Solid],
    camera: Plane,
    shown: Sequence[str],
    *,
    bone: float = 1.0,
    width: int = 480,
    theme: str = "light",
) -> Generator[None, None, KeyView]:
    """Make a key view of solids that are there already, in slices."""
    shown = tuple(name for name in shown if name != "bone" or bone > 0)
    drawn = [solid for solid in solids if group_of(solid) in shown]
    # The sac is always seen through: what it holds is what is looked for.
    glass = {"dura": 0.45} | ({"bone": bone} if bone < 1 else {})
    still = yield from render_steps(drawn, camera, width=width, clear=glass, theme=theme)
    return KeyView(camera.name, camera.side, segment, still, shown, bone, theme)


def group_of(solid: Solid) -> str:
    """Name the group of :data:`GROUPS` that a solid belongs to."""
    key = solid.owners[0].key
    return next((name for name, (_, keys) in GROUPS.items() if key in keys), "bone")


def _checked(shown: Sequence[str]) -> tuple[str, ...]:
    wanted = {one_of(name, GROUPS, "group") for name in shown}
    # A lesion is what the picture is about: it is never left out.
    return tuple(name for name in GROUPS if name in wanted or name == "lesion")


def key_view(segment: Segment, view: str, side: str = "left", **options: Any) -> KeyView:  # noqa: ANN401 - as named below
    """Make a key view.

    Parameters
    ----------
    segment : Segment
        What to show.
    view : str
        One of :data:`KEY_VIEWS`.
    side : str
        Side in view, ``"left"`` or ``"right"``.
    **options
        ``shown`` (names of :data:`GROUPS`), ``bone`` (how much it covers, 0 to 1), ``width`` (pixels),
        ``theme`` (of the palette), ``kept`` (vertebrae meshed before).

    Raises
    ------
    InvalidInput
        If the view, the side or a group is unknown.
    """
    made: KeyView = run(key_view_steps(segment, view, side, **options))
    return made


# Words.


def describe_key_view(view: KeyView) -> str:
    """Say what a key view shows: from where, what is largest, what lies in front of what, what is hidden."""
    parts = [_where(view), _largest(view), _in_front(view), _behind(view), _left_out(view)]
    return " ".join(part for part in parts if part)


def heading(view: KeyView) -> str:
    """Say where the picture is: level, side, view, and that it is the model."""
    side = "" if view.name in {"posterior", "axial"} else f" · {view.side}"
    words = KEY_VIEWS[view.name]
    return f"{view.segment.level.name}{side} · {words[0].lower()}{words[1:]} · model"


def _where(view: KeyView) -> str:
    seen = _FROM[view.name].format(side=view.side)
    marks = view.still.camera.marks
    left, top = (_PLAIN_MARKS[marks[edge]] for edge in ("left", "top"))
    first = f"{view.segment.level.name} segment in 3D, seen {seen}; {state_words(view.segment)}."
    return f"{first} On the viewer's left is the patient's {left}, at the top the {top}."


def _largest(view: KeyView, most: int = 5) -> str:
    order = [place for place in np.argsort(-view.still.visible).tolist() if view.still.visible[place] >= LEAST_SEEN]
    names = [_said(view.still.structures[place]) for place in order[:most]]
    return f"Largest in view: {_listed(names)}." if names else "Nothing is in view."


def _share_seen(still: Still, place: int) -> float:
    return float(still.visible[place]) / max(len(still.reach[place]), 1)


def _coverer(still: Still, place: int) -> int:
    """Which structure covers most of one that is hidden or partly so; NOTHING where none does."""
    over = still.numbers.ravel()[still.reach[place]]
    over = over[(over != NOTHING) & (over != place)]
    return int(np.bincount(over).argmax()) if len(over) else NOTHING


def _in_front(view: KeyView, most: int = 3) -> str:
    """Name what lies in front of what a student looks for, where that is seen in part."""
    still, said = view.still, []
    for place in _by_interest(still):
        structure = still.structures[place]
        seen_in_part = still.visible[place] >= LEAST_SEEN and _share_seen(still, place) <= _PARTLY
        if structure.side not in {"", view.side} or not seen_in_part:
            continue
        over = _coverer(still, place)
        if over != NOTHING and still.structures[over].key != structure.key:
            said.append(f"the {_said(still.structures[over])} lies in front of part of the {_said(structure)}")
    text = "; ".join(said[:most])
    return f"{text[:1].upper()}{text[1:]}." if said else ""


def _behind(view: KeyView, most: int = 6) -> str:
    """Name what is drawn but hidden, the most looked for first; a pair is named once."""
    still = view.still
    hidden = [place for place in _by_interest(still) if _is_hidden(still, place)]
    pairs = [(still.structures[place].key, still.structures[place].vertebra) for place in hidden]
    names = {}
    for place, pair in zip(hidden, pairs, strict=True):
        structure = still.structures[place]
        both = pairs.count(pair) > 1
        names[pair] = _plain(view.segment, structure) + " on both sides" if both else _said(structure)
    listed = list(names.values())
    more = [f"{len(listed) - most} more"] if len(listed) > most else []
    return f"Hidden in this view: {_listed([*listed[:most], *more])}." if listed else ""


def _is_hidden(still: Still, place: int) -> bool:
    if not len(still.reach[place]):
        return False  # it lies outside the picture
    return _share_seen(still, place) < _HIDDEN or bool(still.visible[place] < LEAST_SEEN)


def _plain(segment: Segment, structure: Structure) -> str:
    """Name a structure without its side."""
    name = catalogue()[structure.key].named(segment.level, structure.vertebra)
    return name if name[1:2].isdigit() else name[:1].lower() + name[1:]


def _left_out(view: KeyView) -> str:
    absent = [words[0].lower() + words[1:] for name, (words, _) in GROUPS.items() if name not in view.shown]
    said = f"Left out: {_listed(absent)}." if absent else ""
    through = "Bone is drawn see-through." if view.bone < 1 and "bone" in view.shown else ""
    return " ".join(part for part in (through, said) if part)


def _by_interest(still: Still) -> list[int]:
    """Places of the structures, what is looked for first."""
    order = [
        (-_WEIGHT.get(structure.tissue, 1.0), -len(reach), place)
        for place, (structure, reach) in enumerate(zip(still.structures, still.reach, strict=True))
    ]
    return [place for _, _, place in sorted(order)]


def _said(structure: Structure) -> str:
    name = structure.name
    return name if name[1:2].isdigit() else name[:1].lower() + name[1:]


def _listed(words: Sequence[str]) -> str:
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


# The scene that the section's view draws.


def key_scene(view: KeyView, focus: str = "", plane: Plane | None = None) -> dict[str, Any]:
    """Return a key view as a scene: the picture as an image, every visible structure as an outline over it.

    The edges of ``plane``, where one is given, are drawn over the picture as its brightest line.

    The scene is that of :mod:`foramlib.figures.scene` with one key more, ``image``: the still as a data
    address, filling the box.
    """
    made: dict[str, Any] = run(key_scene_steps(view, focus, plane))
    return made


def key_scene_steps(
    view: KeyView, focus: str = "", plane: Plane | None = None
) -> Generator[None, None, dict[str, Any]]:
    """Make the scene of a key view in slices; see :func:`key_scene`."""
    wide, high = view.still.camera.half
    image = "data:image/png;base64," + base64.b64encode(view.png).decode("ascii")
    yield
    layers: dict[str, dict[str, Any]] = {}
    for place, rank in _ranks(view).items():
        layer = _layer(view, place, rank)
        # A part that has parted, as the pars of an isthmic slip, is one layer of two pieces.
        before = layers.get(layer["id"])
        if before:
            before["path"] += layer["path"]
        elif layer["path"]:
            layers[layer["id"]] = {**layer, "focus": layer["id"] == focus}
        yield
    return {
        "box": [-wide, -high, 2 * wide, 2 * high],
        "heading": heading(view),
        "description": f"{describe_key_view(view)} {plane_sentence(view, plane)}".strip(),
        "marks": view.still.camera.marks,
        "scale_mm": 10,
        "image": image,
        "layers": list(layers.values()),
        "boundary": None if plane is None else {"path": _frame_path(view, plane)},
        "rulers": [],
    }


def plane_sentence(view: KeyView, plane: Plane | None) -> str:
    """Say how the frame of the section plane lies in a key view."""
    if plane is None:
        return ""
    tilt = abs(float(np.dot(plane.normal, view.still.camera.normal)))
    how = "seen from its edge" if tilt < _EDGE_ON else "seen face-on" if tilt > _FACE_ON else "seen at an angle"
    return f"The bright frame is the section plane, {how}."


def plane_corners(plane: Plane) -> NDArray[np.floating[Any]]:
    """Return the corners of a plane's picture, shape (4, 3), mm, counter-clockwise for the viewer."""
    (wide, high), across, up = plane.half, np.array(plane.across), np.array(plane.up)
    return np.array([np.array(plane.origin) + u * wide * across + v * high * up for u, v in _SQUARE])


def _frame_path(view: KeyView, plane: Plane) -> str:
    points = view.still.camera.project(plane_corners(plane)).round(2).tolist()
    return "M" + "L".join(f"{u:g} {v:g}" for u, v in points) + "Z"


def _layer(view: KeyView, place: int, rank: int) -> dict[str, Any]:
    structure, shape = view.still.structures[place], _outline(view.still, place)
    anchor = (0.0, 0.0) if shape.is_empty else shapely.maximum_inscribed_circle(_biggest(shape), 0.3).coords[0]
    return {
        "id": structure.id,
        "name": structure.name,
        "note": structure.note,
        "tissue": structure.tissue,
        "rank": rank,
        "path": _path(shape),
        "anchor": [round(anchor[0], 2), round(anchor[1], 2)],
        "as": "part",
    }


def _ranks(view: KeyView) -> dict[int, int]:
    """Rank visible structures for labels, 0 for none; of a pair the one on the side in view is named."""
    still = view.still
    places = [place for place in range(len(still.structures)) if still.visible[place] >= LEAST_SEEN]
    near = [place for place in places if still.structures[place].side in {"", view.side}]
    worth = {
        place: _WEIGHT.get(still.structures[place].tissue, 1.0) * float(still.visible[place]) ** 0.6 for place in near
    }
    order = sorted(worth, key=lambda place: -worth[place])
    return dict.fromkeys(places, 0) | {place: rank + 1 for rank, place in enumerate(order)}


def seen_outlines(view: KeyView) -> list[tuple[Structure, Any]]:
    """Return each structure in view with the region in which it is seen, as a shapely geometry, mm."""
    still = view.still
    return [(still.structures[place], _outline(still, place)) for place in _ranks(view)]


def _outline(still: Still, place: int) -> Any:  # noqa: ANN401 - shapely has no types
    """Region in which a structure is seen, as a shapely geometry, mm."""
    rows, columns = still.numbers.shape
    mask = np.pad((still.numbers == place).astype(np.float32), 1)
    hit_rows, hit_columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, left = hit_rows[0] - 1, hit_columns[0] - 1
    tile = mask[top : hit_rows[-1] + 2, left : hit_columns[-1] + 2]
    size = still.mm_per_pixel
    u = (np.arange(tile.shape[1]) + left - 1 + 0.5 - columns / 2) * size
    v = (rows / 2 - (np.arange(tile.shape[0]) + top - 1 + 0.5)) * size
    rings, ends = contour_generator(u, v, tile, fill_type=FillType.OuterOffset).filled(0.5, np.inf)[:2]
    pieces = [_polygon(np.asarray(ring), np.asarray(starts).tolist()) for ring, starts in zip(rings, ends, strict=True)]
    return shapely.simplify(shapely.MultiPolygon(pieces), size * 0.6)


def _polygon(points: NDArray[np.floating[Any]], starts: list[int]) -> Any:  # noqa: ANN401 - shapely has no types
    """Return outline and holes from the points of all of them."""
    loops = [points[start:stop] for start, stop in pairwise(starts) if stop - start > _CORNERS]
    return shapely.Polygon(loops[0], loops[1:]) if loops else shapely.Polygon()


def _biggest(shape: Any) -> Any:  # noqa: ANN401 - shapely has no types
    return max(getattr(shape, "geoms", [shape]), key=lambda piece: piece.area)


def _path(shape: Any) -> str:  # noqa: ANN401 - shapely has no types
    loops = []
    for piece in getattr(shape, "geoms", [shape]):
        for ring in (piece.exterior, *piece.interiors):
            points = np.round(np.asarray(ring.coords)[:-1], 2)
            loops.append("M" + "L".join(f"{u:g} {v:g}" for u, v in points.tolist()) + "Z")
    return "".join(loops)
