"""Readings beside a section: the model's figures, each with its definition and what was published.

The two rulers never mix: a bony figure stands beside bony studies only, a soft one beside soft ones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from foramlib.evidence import cite, morphometry
from foramlib.figures.words import touched

if TYPE_CHECKING:
    from foramlib.evidence import Quantity
    from foramlib.spine.foramen import Measures

Reading = dict[str, Any]

# Length of the gauges, mm and mm²: the same for every state of a level, so that states compare.
_DOMAINS = {
    "cervical": {"area": (0, 100), "height": (0, 15), "width": (0, 12)},
    "lumbar": {"area": (0, 300), "height": (0, 30), "width": (0, 20)},
}
_POOLED = "L1-S1 pooled"
_DEFINITIONS = {
    "area": "Bony ruler: area of the outline from bone to bone, with the unbulged disc and the joint space as wall.",
    "height": "Bony ruler: greatest height of the outline, pedicle to pedicle.",
    "width": "Bony ruler: width of the outline at half its height.",
    "free": "Soft ruler: area within bone, bulging disc, ligamentum flavum and capsule that is not root or ganglion: "
    "fat and vessels. Never compare it with a bony area.",
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
        "area": (measures.bony.area_mm2, "mm²", 0),
        "height": (measures.bony.height_mm, "mm", 1),
        "width": (measures.bony.width_mm, "mm", 1),
    }
    shown = [_bony(name, *what, measures, _DOMAINS[region][name]) for name, what in bony.items()]
    return [*shown, _free(measures, _DOMAINS[region]["area"]), _contact(measures)]


def _bony(
    name: str, value: float, unit: str, digits: int, measures: Measures, domain: tuple[float, float]
) -> Reading:
    study = published(measures.level, name) if measures.plane in {"foramen", "sagittal"} else None
    reading = {
        "label": f"{name.capitalize()}, bony",
        "value": f"{value:.{digits}f}",
        "unit": unit,
        "text": "model",
        "band": None,
        "domain": list(domain),
        "source": None,
        "definition": _DEFINITIONS[name],
    }
    return reading if study is None else reading | _beside(study)


def _beside(study: Quantity) -> Reading:
    """Published mean and spread with their source."""
    spread = study.sd or 0.0
    unit = study.unit.replace("2", "²")
    said = f"{study.mean:g} ± {study.sd:g} {unit}" if study.sd else f"{study.mean:g} {unit}, no spread given"
    if study.support == "derived":
        said = f"{study.mean:g} {unit}, calculated"
    citation = cite(study.id)
    return {
        "text": f"model; published {said}",
        "band": [study.mean - spread, study.mean + spread],
        "source": {"text": citation.text, "url": citation.url if citation.url.startswith("https://") else ""},
    }


@lru_cache(maxsize=64)
def published(level: str, name: str) -> Quantity | None:
    """Return the published bony size of a foramen: ``"height"``, ``"width"`` or ``"area"`` at ``level``, or None.

    Lumbar sizes are pooled over all levels, because per-level trends disagree between papers.
    """
    where = level if level[0] == "C" else _POOLED
    rows = (row for row in morphometry().values() if row.structure == "foramen" and row.level == where)
    return next((row for row in rows if row.citable and row.measure.split(" = ")[0] == name), None)


def _free(measures: Measures, domain: tuple[float, float]) -> Reading:
    return {
        "label": "Free space around the root, soft",
        "value": f"{measures.free_area_mm2:.0f}",
        "unit": "mm²",
        "text": "model",
        "band": None,
        "domain": list(domain),
        "source": None,
        "definition": _DEFINITIONS["free"],
    }


def _contact(measures: Measures) -> Reading:
    return {
        "label": "Root touched by a wall",
        "value": f"{100 * measures.contact_fraction:.0f}",
        "unit": "%",
        "text": f"model; touches {touched(measures).partition(' (')[0]}",
        "band": None,
        "domain": [0, 100],
        "source": None,
        "definition": _DEFINITIONS["contact"],
    }
