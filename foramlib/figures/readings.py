"""Readings beside a section: the model's figures, each with its definition and what was published.

The two rulers never mix: a bony figure stands beside bony studies only, a soft one beside soft ones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from foramlib.evidence import cite, morphometry
from foramlib.figures.words import touched
from foramlib.spine.calipers import soft_axial_width
from foramlib.spine.foramen import DEFINITIONS

if TYPE_CHECKING:
    from foramlib.evidence import Quantity
    from foramlib.spine.foramen import Measures
    from foramlib.spine.segment import Segment

Reading = dict[str, Any]

# Length of the gauges, mm and mm²: the same for every state of a level, so that states compare.
_DOMAINS = {
    "cervical": {"area": (0, 100), "height": (0, 15), "width": (0, 12)},
    "lumbar": {"area": (0, 300), "height": (0, 30), "width": (0, 20)},
}
# Levels that were measured together, the nearest first.
_POOLED = {"C": ("C3/4-C6/7 pooled", "all levels pooled"), "L": ("L1-S1 pooled",)}
_BETWEEN = ("C3/4", "C4/5", "C5/6", "C6/7")
_BONY = "bony ruler, from bone to bone; the unbulged disc and the joint space close the wall."
_OWN = {
    "axial": "Narrowest way between the front wall (body, uncinate process, disc) and the back wall (articular "
    "processes, capsule, ligamentum flavum) on axial sections level with the root; soft ruler. Never compare it "
    "with a bony width.",
    "free": "Area around the root and its ganglion, of fat and vessels; soft ruler, within bone, bulging disc, "
    "ligamentum flavum and capsule. Never compare it with a bony area.",
    "contact": "Share of the outline of root and ganglion that lies within 0.25 mm of a wall.",
}


def readings(measures: Measures) -> list[Reading]:
    """Return the readings of a section, ready for the view.

    Returns
    -------
    list of dict
        ``label``, ``value`` (rounded text), ``unit``, ``text``, ``band`` (published mean ± one standard deviation,
        or None), ``domain``, ``source`` and ``definition``. Published figures stand only beside the plane and the
        ruler they were measured with; where no spread was published the band is the mean alone.
    """
    if measures.bony is None:
        return [_contact(measures)] if measures.root_area_mm2 else []
    region = "cervical" if measures.level[0] == "C" else "lumbar"
    bony = {
        "area": f"{measures.bony.area_mm2:.0f}",
        "height": f"{measures.bony.height_mm:.1f}",
        "width": f"{measures.bony.width_mm:.1f}",
    }
    shown = [_bony(name, value, measures, _DOMAINS[region][name]) for name, value in bony.items()]
    return [*shown, _free(measures, _DOMAINS[region]["area"]), _contact(measures)]


def axial_width(segment: Segment, side: str) -> list[Reading]:
    """Return the soft width of a cervical foramen as axial images show it, beside its own study; nothing elsewhere."""
    if segment.level.region != "cervical":
        return []
    reading = {
        "label": "Width, soft (axial)",
        "value": f"{soft_axial_width(segment, side):.1f}",
        "unit": "mm",
        "text": "model",
        "band": None,
        "domain": list(_DOMAINS["cervical"]["width"]),
        "source": None,
        "definition": _OWN["axial"],
    }
    study = next((row for row in morphometry().values() if _is_axial(row, segment.level.name)), None)
    return [reading if study is None else reading | _beside(study)]


def _is_axial(row: Quantity, level: str) -> bool:
    return row.citable and row.level == level and row.structure == "foramen" and "axial" in row.measure


def _bony(name: str, value: str, measures: Measures, domain: tuple[float, float]) -> Reading:
    unit = "mm²" if name == "area" else "mm"
    definition = DEFINITIONS[f"{name}_{unit.replace('²', '2')}"].capitalize()
    study = published(measures.level, name) if measures.plane in {"foramen", "sagittal"} else None
    reading = {
        "label": f"{name.capitalize()}, bony",
        "value": value,
        "unit": unit,
        "text": "model",
        "band": None,
        "domain": list(domain),
        "source": None,
        "definition": f"{definition}; {_BONY}",
    }
    return reading if study is None else reading | _beside(study)


def _beside(study: Quantity) -> Reading:
    """Say what was published, with its spread and source."""
    spread = study.sd or 0.0
    unit = study.unit.replace("2", "²")
    said = f"{study.mean:g} ± {study.sd:g} {unit}" if study.sd else f"{study.mean:g} {unit}, no spread given"
    if study.support == "derived":
        said = f"sizes give {study.mean:g} {unit}"
    if study.level.endswith(" pooled"):
        said += f", {study.level.removesuffix(' pooled').replace('-', ' to ')} together"
    citation = cite(study.id)
    return {
        "text": f"model; published {said}",
        "band": [study.mean - spread, study.mean + spread],
        "source": {
            "text": citation.text,
            "url": citation.url if citation.url.startswith("https://") else "",
            "title": citation.title,
        },
    }


@lru_cache(maxsize=64)
def published(level: str, name: str) -> Quantity | None:
    """Return the published bony size of a foramen: ``"height"``, ``"width"`` or ``"area"`` at ``level``, or None.

    A source that can be found comes before one whose citation is incomplete, then the level before several pooled.
    Lumbar sizes are always pooled over all levels, because per-level trends disagree between papers.
    """
    near = (level, *_POOLED["C"][level not in _BETWEEN :]) if level[0] == "C" else _POOLED["L"]
    rows = (row for row in morphometry().values() if row.structure == "foramen" and row.level in near and row.citable)
    found = [row for row in rows if row.measure.split(" = ")[0] == name]
    return min(found, key=lambda row: (bool(cite(row.id).note), near.index(row.level)), default=None)


def _free(measures: Measures, domain: tuple[float, float]) -> Reading:
    return {
        "label": "Free space, soft",
        "value": f"{measures.free_area_mm2:.0f}",
        "unit": "mm²",
        "text": "model",
        "band": None,
        "domain": list(domain),
        "source": None,
        "definition": _OWN["free"],
    }


def _contact(measures: Measures) -> Reading:
    return {
        "label": "Root in contact",
        "value": f"{100 * measures.contact_fraction:.0f}",
        "unit": "%",
        "text": f"model; touches {touched(measures).partition(' (')[0]}",
        "band": None,
        "domain": [0, 100],
        "source": None,
        "definition": _OWN["contact"],
    }
