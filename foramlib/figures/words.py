"""What a section shows, in words made from the same numbers as the picture.

Lengths are said to 0.1 mm and areas to 1 mm²; every figure is the model's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from foramlib.spine.levels import Level
from foramlib.spine.structures import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from foramlib.spine.foramen import Measures, Rulers
    from foramlib.spine.section import Section
    from foramlib.spine.segment import Segment

NEAR = 0.8
"""A structure within this distance of the outline bounds the foramen, mm."""

_PLANES = {
    "foramen": "foramen plane",
    "sagittal": "parasagittal plane",
    "oblique": "oblique plane",
    "axial-disc": "axial plane through the disc",
    "axial-foramen": "axial plane through the foramen, above the disc",
    "axial-pedicle": "axial plane through the pedicles of {lower}",
    "coronal": "coronal plane",
}

_OPEN = "The bony wall is open in this plane; the outline was closed from pedicle to pedicle."
_ROOF = ("upper pedicle",)
_FLOOR = ("lower pedicle",)
_FRONT = (
    "herniation",
    "disc_bulge",
    "endplate_ridge",
    "lower uncovertebral_osteophyte",
    "upper vertebral_body",
    "annulus",
    "lower uncinate_process",
    "lower vertebral_body",
    "longitudinal_ligament",
)
_BACK = (
    "lower facet_osteophyte",
    "thick_flavum",
    "synovial_cyst",
    "lower superior_articular_process",
    "capsule",
    "facet_joint",
    "flavum",
    "upper inferior_articular_process",
    "upper pars_interarticularis",
    "upper lamina",
)
_MIDDLE = frozenset({"vertebral_body", "annulus", "longitudinal_ligament", "disc_bulge", "endplate_ridge"})
# The disc is named as people name it; its ring is what the eye meets.
_PLAIN = {"annulus": "disc", "capsule": "facet capsule", "facet_joint": "facet joint"}


def plane_words(measures: Measures) -> str:
    """Name the plane, such as "foramen plane, 38° from the sagittal (film angle 52°)"."""
    lower = Level.parse(measures.level).lower
    name = _PLANES[measures.plane.partition(":")[0]].format(lower=lower)
    if measures.angle is None or measures.plane == "coronal":
        return name
    return f"{name}, {measures.angle:g}° from the sagittal (film angle {90 - measures.angle:g}°)"


def heading(measures: Measures) -> str:
    """Say where the picture is: level, side, plane with its angle, and that it is the model."""
    return f"{measures.level} · {measures.side} · {plane_words(measures)} · model"


def posture_words(segment: Segment) -> str:
    """Say how the segment stands: "neutral posture", or its angles, lost disc height and build."""
    posture = segment.posture
    said = [
        _angle(posture.flexion, "flexion", "extension"),
        _angle(posture.bend, "side-bending to the left", "side-bending to the right"),
        _angle(posture.rotation, "rotation to the left", "rotation to the right"),
    ]
    words = listed([word for word in said if word]) or "neutral posture"
    loss = f", disc height lost {segment.disc_loss:.1f} mm" if segment.disc_loss else ""
    build = "" if segment.build == "typical" else f", {segment.build} build"
    return words + loss + build


def state_words(segment: Segment) -> str:
    """Say how the segment stands and what narrows it: "neutral posture, with bulging disc, 2.0 mm"."""
    lesions = "; ".join(lower_first(one.told()) for one in segment.lesions)
    return posture_words(segment) + (f", with {lesions}" if lesions else "")


def _angle(degrees: float, above: str, below: str) -> str:
    return f"{above if degrees > 0 else below} {abs(degrees):g}°" if degrees else ""


def describe_section(segment: Segment, section: Section, measures: Measures, seen: Sequence[str] = ()) -> str:
    """Describe a section for someone who does not see it.

    Parameters
    ----------
    segment, section, measures
        What was cut, the cut, and what was measured in it.
    seen : sequence of str
        Names of what the picture shows, said where the plane does not outline the foramen.

    Returns
    -------
    str
        Level, side, plane and posture; what bounds the foramen; where the root lies and what it touches; the
        figures, named as the model's.
    """
    where = f"{measures.level} segment, {measures.side} side, {plane_words(measures)}"
    first = f"Section of the {where}; {state_words(segment)}."
    walls = _walls(segment, section, measures) if measures.outline is not None else _shown(seen)
    parts = [first, walls, _contents(segment, section, measures), figures(measures)]
    return " ".join(part for part in parts if part)


def _walls(segment: Segment, section: Section, measures: Measures) -> str:
    """Say what bounds the foramen on its four sides, where the plane shows it."""
    near = _near(section, measures)
    level = segment.level
    sides = (("Roof", _ROOF), ("Floor", _FLOOR), ("In front", _FRONT), ("Behind", _BACK))
    walls = []
    for where, keys in sides:
        names = [_wall_name(level, key) for key in keys if _wall_id(level, key, measures.side) in near]
        if names:
            walls.append(f"{where}: {listed(names)}.")
    return " ".join(walls if measures.closed else [*walls, _OPEN])


def _shown(seen: Sequence[str]) -> str:
    return f"It shows the {listed([lower_first(name) for name in seen])}." if seen else ""


def _near(section: Section, measures: Measures) -> frozenset[str]:
    regions = section.regions
    shapes = np.array([region.polygon for region in regions], dtype=object)
    close = shapely.dwithin(shapes, measures.outline, NEAR)
    return frozenset(region.structure.id for region, hit in zip(regions, close, strict=True) if hit)


def _wall_id(level: Level, key: str, side: str) -> str:
    which, _, name = key.rpartition(" ")
    vertebra = {"upper": level.upper, "lower": level.lower}.get(which, "")
    sided = "" if name in _MIDDLE else side
    return ".".join(word for word in (vertebra, name, sided) if word)


def _wall_name(level: Level, key: str) -> str:
    which, _, name = key.rpartition(" ")
    vertebra = {"upper": level.upper, "lower": level.lower}.get(which, "")
    return _PLAIN.get(name) or lower_first(catalogue()[name].named(level, vertebra))


def _contents(segment: Segment, section: Section, measures: Measures) -> str:
    """Say where the root lies and what it touches."""
    root = f"The {segment.level.exiting_root} root"
    place = _place_of_root(section, measures)
    if not place:
        return f"{root} touches {touched(measures)}." if measures.root_area_mm2 else f"{root} is not in this plane."
    return f"{root} lies in {place} and touches {touched(measures)}."


def _place_of_root(section: Section, measures: Measures) -> str:
    found = [
        section.outlines.get(f"{key}.{measures.side}")
        for key in ("ganglion", "exiting_root", "ventral_root", "schwannoma")
    ]
    shapes = [shape for shape in found if shape is not None]
    if measures.outline is None or not shapes or not measures.root_area_mm2:
        return ""
    inside = shapely.intersection(np.array(shapes, dtype=object), measures.outline)
    whole = shapely.union_all(inside)
    if whole.is_empty:
        return ""
    middle = whole.centroid.y
    _, low, _, high = measures.outline.bounds
    share = (middle - low) / (high - low)
    return f"the {'upper' if share > 0.55 else 'lower' if share < 0.45 else 'middle'} part of the foramen"  # noqa: PLR2004


def touched(measures: Measures) -> str:
    """Say what the root touches: "nothing", or the walls and the share of its outline."""
    if not measures.touching:
        return "nothing"
    level = Level.parse(measures.level)
    names = list(dict.fromkeys(touched_name(level, name) for name in measures.touching))
    return f"{listed(names)} ({100 * measures.contact_fraction:.0f} % of its outline)"


def touched_name(level: Level, ident: str) -> str:
    """Name a wall that a root touches, from its identifier."""
    if ident in {level.upper, level.lower}:
        return f"bone of {ident}"
    first, _, rest = ident.partition(".")
    # A spur bears the name of the bone that it has grown from.
    vertebra, key = (first, rest.partition(".")[0]) if first in {level.upper, level.lower} else ("", first)
    return "the " + (_PLAIN.get(key) or lower_first(catalogue()[key].named(level, vertebra)))


def figures(measures: Measures) -> str:
    """Say the foramen's figures, by ruler, or that the plane shows no outline to measure."""
    if measures.bony is None:
        return "This plane shows no outline of the foramen to measure."
    bony = measures.bony
    said = f"Model, bony ruler: {_seen(bony)}."
    if measures.soft is None:
        return f"{said} Soft tissue leaves no free space."
    free = f"of which {measures.free_area_mm2:.0f} mm² beside the root"
    return f"{said} Soft ruler: area {measures.soft.area_mm2:.0f} mm², {free}."


def what_changed(before: Measures | None, after: Measures, control: str) -> str:
    """Say in one sentence what a control did, from the figures before and after.

    Parameters
    ----------
    before, after : Measures
        The states to compare. Where they cannot be compared (None, another level, side or plane, no outline),
        the present state is said.
    control : str
        What was moved, such as ``"Flexion 6°"``.

    Examples
    --------
    A sentence reads "Flexion 6°: the foramen opened; area 44 → 49 mm² (+11 %), height 8.2 → 8.6 mm, width 5.5 mm;
    the root touches nothing."
    """
    root = f"the root touches {touched(after)}"
    if after.bony is None or not after.root_area_mm2:
        return f"{control}: {_unmeasured(after)}."
    if before is None or before.bony is None or _where(before) != _where(after):
        return f"{control}: {_seen(after.bony)}; {root}."
    if before.closed != after.closed:
        change = "its bony wall is now closed" if after.closed else "its bony wall is now open"
        return f"{control}: {change}, so the figures do not compare; {_seen(after.bony)}; {root}."
    return f"{control}: {_verdict(before.bony, after.bony)}; {_changes(before.bony, after.bony)}; {root}."


def _where(measures: Measures) -> tuple[str, str, str]:
    return measures.level, measures.side, measures.plane


def _unmeasured(measures: Measures) -> str:
    if not measures.root_area_mm2:
        return "the exiting root is not in this plane, so the foramen is not measured"
    return f"this plane outlines no whole foramen, so no size is given; the root touches {touched(measures)}"


def _seen(bony: Rulers) -> str:
    return f"area {bony.area_mm2:.0f} mm², height {bony.height_mm:.1f} mm, width {bony.width_mm:.1f} mm"


def _verdict(before: Rulers, after: Rulers) -> str:
    grown = round(after.area_mm2) - round(before.area_mm2)
    if grown:
        return "the foramen opened" if grown > 0 else "the foramen narrowed"
    same = _changes(before, after) == _seen(after)
    return "no change to be seen" if same else "the foramen changed its shape, not its area"


def _changes(before: Rulers, after: Rulers) -> str:
    areas = _arrow(before.area_mm2, after.area_mm2, 0)
    grown = round(after.area_mm2) != round(before.area_mm2) and round(before.area_mm2) > 0
    share = f" ({signed(100 * (after.area_mm2 / before.area_mm2 - 1))} %)" if grown else ""
    height = _arrow(before.height_mm, after.height_mm, 1)
    width = _arrow(before.width_mm, after.width_mm, 1)
    return f"area {areas} mm²{share}, height {height} mm, width {width} mm"


def _arrow(before: float, after: float, digits: int) -> str:
    one, two = f"{before:.{digits}f}", f"{after:.{digits}f}"
    return two if one == two else f"{one} → {two}"


def signed(number: float, digits: int = 0) -> str:
    """Write a change with its sign: "+11", "−3"."""
    return f"{number:+.{digits}f}".replace("-", "−")


def listed(words: Sequence[str] | Iterable[str]) -> str:
    """Join words: "a, b and c"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def lower_first(name: str) -> str:
    """Write a name as within a sentence; "C6 root" keeps its capital."""
    return name if name[:1].isdigit() or name[1:2].isdigit() else name[:1].lower() + name[1:]
