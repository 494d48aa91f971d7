"""An operation in pictures and words: the axial picture with muscles and the way, and readings of the gauges."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.figures.room_words import root_words
from foramlib.figures.scene import scene
from foramlib.figures.words import listed, touched_name
from foramlib.spine.foramen import measure_section
from foramlib.spine.muscles import corridor_plane, corridor_structure, muscles
from foramlib.spine.section import cut
from foramlib.spine.surgery.gauges import HALF_FACET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.figures.scene import Scene
    from foramlib.spine.room import RootState
    from foramlib.spine.segment import Segment
    from foramlib.spine.surgery.gauges import Gauges

__all__ = ["AXIAL_STEP", "axial_scene", "gauge_change", "gauge_lines", "gauge_readings", "root_of"]

Reading = dict[str, Any]

AXIAL_STEP = 0.5
"""Distance between sampling points of the wide axial picture, mm."""

_NAMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cervical": ("deep_extensors", "semispinalis_capitis", "splenius", "trapezius", "levator_scapulae"),
        "lumbar": ("multifidus", "longissimus", "iliocostalis", "psoas", "quadratus_lumborum"),
    }
)
_KEPT = frozenset({"spinal_cord", "exiting_root", "ganglion", "vertebral_artery", "dural_sac"})
LEAST = 0.005
"""Share of the outline in contact that is shown as one per cent."""

NEAR = "Least distance between any bite of a burr and the structure as it lay before; small bites of a punch go closer."


def axial_scene(segment: Segment, side: str, way: str, *, opened: bool) -> Scene:
    """Return the axial picture of an approach: the segment, muscles and skin about it, and the way if it is open.

    Parameters
    ----------
    segment : Segment
        As it is now.
    side : str
        ``"left"`` or ``"right"``.
    way : str
        A way of :data:`foramlib.spine.muscles.CORRIDORS`; the picture is taken where it ends on bone.
    opened : bool
        Whether the way is open, and shown.
    """
    beyond = muscles(segment)
    if opened:
        beyond = (corridor_structure(segment, way, side), *beyond)
    section = cut(segment, corridor_plane(segment, side, way), AXIAL_STEP, beyond)
    made = scene(segment, section, measure_section(segment, section))
    named = _NAMED[segment.level.region]
    for layer in made["layers"]:
        layer["rank"] = _rank(layer, side, named)
    said = [layer["name"] for layer in sorted(made["layers"], key=lambda one: one["rank"]) if layer["rank"]]
    made["description"] = f"{made['heading']}. Seen from below, with the muscles: {listed(said)}."
    return made


def _rank(layer: Mapping[str, Any], side: str, named: tuple[str, ...]) -> int:
    """Rank for a label: the way first, then bone that is gone, then the muscles of this side."""
    key, _, where = str(layer["id"]).rpartition(".") if "." in str(layer["id"]) else (str(layer["id"]), "", "")
    key = key.rpartition(".")[2]
    if where not in {"", side}:
        return 0
    if key == "corridor":
        return 1
    if layer["tissue"] == "lesion" or key == "removed_bone":
        return 2
    if key in named:
        return 3 + named.index(key)
    return 9 if key in _KEPT or layer["id"] in {*_KEPT, "skin"} else 0


def root_of(found: Gauges, kind: str) -> RootState:
    """Return the state of the root that is to be freed."""
    return next((root for root in found.roots if root.kind == kind), found.roots[0])


def _reading(label: str, value: str, unit: str, most: float, *, text: str, definition: str) -> Reading:
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "text": f"model; {text}",
        "band": None,
        "domain": [0, most],
        "source": None,
        "definition": definition,
    }


def gauge_readings(found: Gauges, kind: str = "exiting") -> list[Reading]:
    """Return the gauges as readings for a view: exposure, room, facet, pars, and what the burr came nearest to."""
    root = root_of(found, kind)
    shown = [
        _reading(
            f"{root.name} exposed",
            f"{found.exposed_mm:.1f}",
            "mm",
            35.0,
            text=f"before {found.exposed_before_mm:.1f} mm",
            definition="Length of the resting root, from the edge of the dural sac outward, with no bone over it "
            "towards the surgeon. Ligament may still cover it.",
        ),
        _reading(
            f"Room about {root.name}",
            f"{found.room_mm2:.0f}",
            "mm²",
            80.0,
            text=_gain(found),
            definition="Least free cross-section within 2.5 mm about the resting root, along its course.",
        ),
        _reading(
            "Facet left",
            f"{100 * found.facet_left:.0f}",
            "%",
            100.0,
            text=f"of its width; {100 * found.facet_volume_left:.0f} % of its volume",
            definition="Share of the width of the joint, side to side at its middle, with bone on both sides.",
        ),
        _reading(
            "Pars left",
            f"{100 * found.pars_left:.0f}",
            "%",
            100.0,
            text="of its volume",
            definition="Share of the bone between the joints of the upper vertebra.",
        ),
    ]
    return [*shown, *_nearest(found)]


def _nearest(found: Gauges) -> list[Reading]:
    """Say what the burr came nearest to, with the other distances beside it."""
    if not found.nearest:
        return []
    (name, gap), *others = sorted(found.nearest.items(), key=lambda one: one[1])
    rest = ", ".join(f"{other} {far:.1f} mm" for other, far in others)
    return [_reading(f"Burr to {name}", f"{gap:.1f}", "mm", 10.0, text=rest or "the only one near", definition=NEAR)]


def _gain(found: Gauges) -> str:
    before = f"before {found.room_before_mm2:.0f} mm²"
    if abs(found.gained_mm2) < 0.5:  # noqa: PLR2004 - less than is shown
        return f"{before}, nothing gained"
    return f"{before}, {found.gained_mm2:+.0f} mm² ({100 * found.gained_share:+.0f} %)"


def gauge_lines(segment: Segment, found: Gauges, kind: str = "exiting") -> list[str]:
    """Say the gauges line by line, with what still touches each root."""
    lines = [f"{one['label']}: {one['value']} {one['unit']} ({one['text']})" for one in gauge_readings(found, kind)]
    return [*lines, *(root_words(segment, root) for root in found.roots)]


def gauge_change(segment: Segment, before: Gauges, after: Gauges, kind: str = "exiting") -> str:
    """Say in one sentence what changed from one state to the next."""
    said = [
        _moved(f"{root_of(after, kind).name} exposed", before.exposed_mm, after.exposed_mm, " mm", digits=1),
        _moved("room about it", before.room_mm2, after.room_mm2, " mm²"),
        _moved("facet left", 100 * before.facet_left, 100 * after.facet_left, " %"),
        _moved("pars left", 100 * before.pars_left, 100 * after.pars_left, " %"),
    ]
    touched = _touched(segment, root_of(after, kind))
    if after.facet_left < HALF_FACET <= before.facet_left:
        touched += "; more than half of the facet is gone"
    moved = [one for one in said if one] or ["nothing that the gauges see has changed"]
    return f"{'; '.join(moved)}; {touched}."


def _moved(label: str, old: float, new: float, unit: str, digits: int = 0) -> str:
    first, second = f"{old:.{digits}f}", f"{new:.{digits}f}"
    return "" if first == second else f"{label} {first} → {second}{unit}"


def _touched(segment: Segment, root: RootState) -> str:
    names = list(dict.fromkeys(touched_name(segment.level, wall) for wall in root.walls))
    if not names:
        return f"nothing touches {root.name}"
    share = f"on {100 * root.contact:.0f} % of its outline" if root.contact > LEAST else "at a point"
    return f"{root.name} is touched {share} by {listed(names)}"
