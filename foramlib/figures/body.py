"""The body map: paths for the browser, the same shapes on matplotlib axes, and the words of a pain drawing.

A scene is plain data: tabs, each with its pictures; a picture has its box (cm), the letters of the patient's sides,
its outline, lines that help to read it, and one path for every region. Selection and shading are no part of it: they
change often, the shapes never.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from foramlib.clinic.region_shapes import details, insets, outline, shapes
from foramlib.clinic.regions import MAPS, SIDES, body, mirrored, region, region_ids
from foramlib.errors import InvalidInput
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.patches import PathPatch

    from foramlib.clinic.region_shapes import Dot, Shape
    from foramlib.clinic.regions import Region

__all__ = [
    "LEVELS",
    "UNIT",
    "checked",
    "describe_body",
    "draw_body",
    "listed",
    "moves",
    "note",
    "scene",
    "shown_in",
    "tab_name",
]

LEVELS = ("not shaded", "lightly shaded", "shaded", "strongly shaded")
"""Words of the shading levels 0 to 3."""

UNIT = 0.02
"""Grid of the paths that go to the browser, cm."""

_WAYS = {"up": (0.0, 1.0), "down": (0.0, -1.0), "left": (-1.0, 0.0), "right": (1.0, 0.0)}
_ASIDE = 2.0  # how much a step aside counts against a step along an arrow key
_LETTERS = {"left": "L", "right": "R"}


@lru_cache(maxsize=1)
def scene() -> dict[str, Any]:
    """Give everything the browser draws, as plain data; see the module."""
    tabs = [{"id": tab["id"], "title": tab["title"], "pictures": tab["pictures"]} for tab in body()["tabs"]]
    pictures = {entry["id"]: _picture(entry) for entry in body()["pictures"]}
    return {"tabs": tabs, "pictures": pictures, "unit": UNIT, "moves": _all_moves()}


def _picture(entry: Mapping[str, Any]) -> dict[str, Any]:
    name, here = entry["id"], entry["viewers_right"]
    there = SIDES[1 - SIDES.index(here)]
    return {
        "title": entry["title"],
        "box": list(entry["box"]),
        "marks": {"left": _LETTERS[there], "right": _LETTERS[here]},
        "outline": _steps_of(outline(name)),
        "closed": outline(name)[0][0] != 0,
        "lines": [_steps_of(line) for line in details(name)[: len(entry["lines"])]],
        "shapes": [_area(one) for one in shapes(name) if one.region.endswith(here)],
        "insets": [
            {**_named(inset.opens), "parts": [_area(part) for part in inset.parts]}
            for inset in insets(name)
            if inset.opens.endswith(here)
        ],
    }


def _area(shape: Shape) -> dict[str, Any]:
    return {**_named(shape.region), "path": _steps_of(shape.ring)}


def _named(name: str) -> dict[str, Any]:
    """Name a region and its mirror image, which the browser draws from the same path."""
    one, other = region(name), region(mirrored(name))
    return {"id": one.id, "name": one.spoken, "term": one.term, "opens": one.opens, "twin": [other.id, other.spoken]}


def _steps_of(dots: Sequence[Dot]) -> list[int]:
    """Start and steps of a line, y down, in :data:`UNIT`: a third of the length of a path in words."""
    grid = [(round(x / UNIT), round(-y / UNIT)) for x, y in dots]
    kept = [grid[0], *(dot for before, dot in pairwise(grid) if dot != before)]
    steps = [(u - x, v - y) for (x, y), (u, v) in pairwise(kept)]
    return [number for dot in (kept[0], *steps) for number in dot]


# -- keyboard


def _all_moves() -> dict[str, dict[str, dict[str, str]]]:
    return {tab["id"]: moves(tab["id"]) for tab in body()["tabs"]}


@lru_cache(maxsize=8)
def moves(tab: str) -> dict[str, dict[str, str]]:
    """Where the arrow keys lead from each region of a tab: ``{region: {"up": region, ...}}``."""
    places = _places(tab)
    return {name: _steps(name, places) for name in places}


def _places(tab: str) -> dict[str, Dot]:
    """Anchor of every region of a tab, pictures below each other as they are on a narrow page."""
    found: dict[str, Dot] = {}
    drop = 0.0
    for name in shown_in(tab):
        entry = next(one for one in body()["pictures"] if one["id"] == name)
        here = {shape.region: shape.anchor for shape in shapes(name)}
        here |= {inset.opens: _centre([part.anchor for part in inset.parts]) for inset in insets(name)}
        for key, (x, y) in here.items():
            found.setdefault(key, (x, y - drop))
        drop += entry["box"][3]
    return found


def shown_in(tab: str) -> tuple[str, ...]:
    """Pictures of a tab.

    Raises
    ------
    InvalidInput
        If there is no such tab.
    """
    known = {entry["id"]: tuple(entry["pictures"]) for entry in body()["tabs"]}
    return known[tab_name(tab)]


def tab_name(given: object) -> str:
    """Return the name of a tab in its own spelling.

    Raises
    ------
    InvalidInput
        If there is no such tab.
    """
    return one_of(given, [entry["id"] for entry in body()["tabs"]], "view of the body")


def _centre(dots: Sequence[Dot]) -> Dot:
    return sum(x for x, _ in dots) / len(dots), sum(y for _, y in dots) / len(dots)


def _steps(name: str, places: Mapping[str, Dot]) -> dict[str, str]:
    found = {way: _nearest(name, places, along) for way, along in _WAYS.items()}
    return {way: other for way, other in found.items() if other}


def _nearest(name: str, places: Mapping[str, Dot], along: Dot) -> str:
    """Region that lies next in a direction; a step aside counts double."""
    x, y = places[name]
    best, least = "", float("inf")
    for other, (u, v) in places.items():
        ahead = (u - x) * along[0] + (v - y) * along[1]
        aside = abs((u - x) * along[1] - (v - y) * along[0])
        if ahead > max(0.2, 0.4 * aside) and hypot(ahead, _ASIDE * aside) < least:
            best, least = other, hypot(ahead, _ASIDE * aside)
    return best


# -- words


def note(one: Region) -> str:
    """Say what the lists of our evidence claim about a region; empty where they are silent."""
    parts = []
    for key, lead in (("points", "key sensory point of"), ("pain", "pain here is typical of")):
        roots = one.roots(key)
        if roots:
            parts.append(f"{lead} {' and '.join(roots)}")
    families = {root: [MAPS[claim.map] for claim in one.claims if claim.root == root] for root in _drawn_roots(one)}
    parts += [f"{root} in the map of {' and of '.join(maps)}" for root, maps in families.items()]
    words = "; ".join(parts)
    return words[:1].upper() + words[1:]


def _drawn_roots(one: Region) -> tuple[str, ...]:
    maps = (key for key in MAPS if key not in {"points", "pain"})
    return tuple(dict.fromkeys(root for key in maps for root in one.roots(key)))


def checked(selected: Iterable[str]) -> tuple[str, ...]:
    """Give the ids of a pain drawing once each, in the order of the figure.

    Raises
    ------
    InvalidInput
        If one is no region, or one that only opens its own view.
    """
    given = [region(name) for name in selected]
    for one in given:
        if one.opens:
            raise InvalidInput(f"The {one.spoken} as a whole cannot be marked; mark its parts in its own view.")
    wanted = {one.id for one in given}
    return tuple(name for name in region_ids() if name in wanted)


def listed(selected: Iterable[str]) -> str:
    """List regions in words: "left thumb, palm side; left thumb, back"."""
    return "; ".join(region(name).spoken for name in selected)


def describe_body(selected: Iterable[str], shaded: Mapping[str, tuple[int, str]] | None = None) -> str:
    """Say a pain drawing and its shading in words."""
    marked = checked(selected)
    lines = [f"Marked: {listed(marked)}." if marked else "Nothing is marked on the body."]
    for level in (3, 2, 1):
        found = {name: words for name, (grade, words) in (shaded or {}).items() if grade == level}
        if found:
            named = "; ".join(region(name).spoken + (f" ({words})" if words else "") for name, words in found.items())
            lines.append(f"{LEVELS[level].capitalize()}: {named}.")
    return "\n".join(lines)


# -- matplotlib


def draw_body(
    axes: Axes,
    picture: str,
    colours: Mapping[str, str],
    levels: Mapping[str, int],
    tolerance: float = 0.15,
) -> None:
    """Draw one picture on axes: skin in one piece, shaded regions over it.

    Parameters
    ----------
    axes : Axes
        Where to draw; cm.
    picture : str
        Id of a picture.
    colours : mapping
        Colours of ``skin``, ``skin-line`` and of ``shade-1`` to ``shade-3`` as far as they are used.
    levels : mapping of str to int
        Level 0 to 3 for each region that is shaded.
    tolerance : float
        How far an outline may be from the smooth one, cm; small pictures need fewer points.
    """
    parts = [*shapes(picture), *(part for inset in insets(picture) for part in inset.parts)]
    for level in range(len(LEVELS)):
        rings = [_thinned(part.ring, tolerance) for part in parts if levels.get(part.region, 0) == level]
        fill = colours[f"shade-{level}" if level else "skin"] if rings else ""
        if rings:
            axes.add_patch(_patch(rings, fill, colours["skin-line"]))
    axes.set_aspect("equal")
    axes.axis("off")


def _thinned(ring: Sequence[Dot], tolerance: float) -> Sequence[Dot]:
    from shapely.geometry import Polygon  # noqa: PLC0415 - heavy, and only a drawing needs it

    return tuple(Polygon(ring).simplify(tolerance).exterior.coords)


def _patch(rings: Sequence[Sequence[Dot]], fill: str, line: str) -> PathPatch:
    """Many rings as one patch."""
    from matplotlib.patches import PathPatch  # noqa: PLC0415 - heavy, and only a drawing needs it
    from matplotlib.path import Path  # noqa: PLC0415 - as above

    path = Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))
    return PathPatch(path, facecolor=fill, edgecolor=line, linewidth=0.8, joinstyle="round")
