"""A made-up section for trying the view. Not anatomy, not measured: shapes that look a little like one."""

from __future__ import annotations

import math
from typing import Any

Points = list[tuple[float, float]]


def blob(u: float, v: float, a: float, b: float, *, turn: float = 0.0, lobes: float = 0.06, n: int = 48) -> Points:
    """Trace a wobbly ellipse about (u, v) with half axes a and b."""
    points = []
    for i in range(n):
        angle = 2 * math.pi * i / n
        r = 1 + lobes * math.sin(3 * angle + u)
        x, y = a * r * math.cos(angle), b * r * math.sin(angle)
        points.append((u + x * math.cos(turn) - y * math.sin(turn), v + x * math.sin(turn) + y * math.cos(turn)))
    return points


def path(points: Points) -> str:
    """Write the closed SVG path of points."""
    return "M" + "L".join(f"{u:.2f} {v:.2f}" for u, v in points) + "Z"


# id, name, note, tissue, centre, half axes, turn, rank
SHAPES = (
    ("fat", "Foraminal fat", "Cushions the root and its vessels.", "fat", (0, 0), (15, 13), 0, 9),
    ("muscle", "Muscle behind", "Lies behind the joint.", "muscle", (14, -1), (4.6, 12), 0, 14),
    ("upper-body", "Body of the upper vertebra", "Front wall, upper half.", "bone", (-12, 8.6), (8.2, 5.6), 0, 6),
    ("lower-body", "Body of the lower vertebra", "Front wall, lower half.", "bone", (-12, -8.6), (8.2, 5.6), 0, 7),
    ("annulus", "Annulus fibrosus", "Outer ring of the disc.", "annulus", (-12, 0), (7.9, 2.7), 0, 4),
    ("nucleus", "Nucleus pulposus", "Core of the disc.", "nucleus", (-12.6, 0), (3.6, 1.5), 0, 8),
    ("end-upper", "Upper cartilage plate", "Between bone and disc.", "cartilage", (-12, 2.9), (7, 0.45), 0, 0),
    ("end-lower", "Lower cartilage plate", "Between bone and disc.", "cartilage", (-12, -2.9), (7, 0.45), 0, 0),
    ("uncinate", "Uncinate process", "Rises in front of the root.", "bone", (-4.9, -2.6), (1.5, 2.6), 0.25, 3),
    ("pedicle-upper", "Pedicle of the upper vertebra", "Roof of the opening.", "bone", (0, 9.6), (6, 2.6), 0, 5),
    ("pedicle-lower", "Pedicle of the lower vertebra", "Floor of the opening.", "bone", (0, -9.6), (6, 2.6), 0, 5),
    ("superior", "Superior articular process of the lower one", "Back wall.", "bone", (6.6, -3.2), (2.5, 5.2), -0.3, 2),
    ("inferior", "Inferior articular process of the upper one", "Behind.", "bone", (9.4, 3.4), (2.3, 5.4), -0.3, 10),
    ("cartilage-a", "Cartilage of the lower facet", "Smooth and thin.", "cartilage", (7.5, -0.7), (0.4, 2.8), -0.3, 0),
    ("joint", "Facet joint space", "A narrow gap.", "joint", (7.9, -0.2), (0.22, 2.8), -0.3, 11),
    ("cartilage-b", "Cartilage of the upper facet", "Smooth and thin.", "cartilage", (8.3, 0.3), (0.4, 2.8), -0.3, 0),
    ("capsule", "Facet capsule", "Closes the joint.", "capsule", (5.4, 2.3), (0.55, 1.6), 0.4, 12),
    ("flavum", "Ligamentum flavum", "Ends at the capsule.", "flavum", (4.6, 4.3), (0.8, 2.4), 0.3, 8),
    ("ligament", "Posterior longitudinal ligament", "Behind the disc.", "ligament", (-3.6, 0.4), (0.4, 2.6), 0, 13),
    ("artery", "Vertebral artery", "In front of the root.", "artery", (-2.3, 2.8), (1.25, 1.4), 0, 5),
    ("vein", "Vertebral veins", "Around the artery.", "vein", (-0.6, 4.8), (1.0, 0.8), 0, 15),
    ("dura", "Root sleeve", "Dura around the root.", "dura", (1.1, -2.3), (2.7, 2.2), 0.5, 0),
    ("nerve", "Exiting root", "Lies low in the opening.", "nerve", (0.9, -2.1), (1.7, 1.35), 0.5, 1),
    ("ganglion", "Dorsal root ganglion", "Behind and below.", "ganglion", (2.3, -3.2), (1.15, 0.9), 0.5, 2),
    ("twig", "Radicular artery", "Runs with the root.", "artery", (-0.6, -4.6), (0.45, 0.45), 0, 16),
)  # fmt: skip
MOVING = frozenset({"upper-body", "pedicle-upper", "inferior", "end-upper", "flavum", "capsule", "cartilage-b"})


def scene(lift: float = 0.0) -> dict[str, Any]:
    """Make the section with its upper half moved up by `lift` mm."""
    layers = [_layer(row, lift) for row in SHAPES]
    layers[-1]["as"] = "part"
    layers.insert(-1, {**layers[-1], "id": "ground", "name": "Whole", "as": "ground", "rank": 0})
    top, low = 6.9 + lift, -7.0
    hole = blob(0.6, lift / 2, 4.6, (top - low) / 2, lobes=0.05)
    return {
        "box": [-22, -15, 42, 30],
        "heading": "Made-up level · left · test plane · neutral",
        "description": "Made-up shapes for a test: an opening with a yellow root low in it, bone above and below.",
        "marks": {"left": "A", "right": "P", "top": "H", "bottom": "F"},
        "scale_mm": 10,
        "layers": layers,
        "boundary": {"path": path(hole)},
        "rulers": [
            {"id": "height", "from": [0.6, low], "to": [0.6, top], "text": f"height {top - low:.1f} mm"},
            {"id": "width", "from": [-3.7, 1.0], "to": [5.0, 1.0], "text": "width 8.7 mm"},
        ],
    }


def _layer(row: tuple[Any, ...], lift: float) -> dict[str, Any]:
    name, title, note, tissue, (u, v), (a, b), turn, rank = row
    v = v + lift * (1.0 if name in MOVING else 0.15)
    points = blob(u, v, a, b, turn=turn)
    layer = {"id": name, "name": title, "note": note, "tissue": tissue, "path": path(points)}
    return {**layer, "anchor": [round(u, 2), round(v, 2)], "rank": rank, "focus": False}


READINGS = [
    {
        "label": "Height",
        "value": "13.9",
        "unit": "mm",
        "text": "made-up range 10.0 to 15.0 mm",
        "band": [10.0, 15.0],
        "domain": [5.0, 20.0],
        "source": {"text": "Nobody 2000 · no specimens", "url": "https://doi.org/10.1000/none"},
        "definition": "From the floor to the roof.",
    },
    {
        "label": "Width",
        "value": "8.7",
        "unit": "mm",
        "text": "made-up range 5.0 to 8.0 mm",
        "band": [5.0, 8.0],
        "domain": [2.0, 12.0],
        "source": {"text": "Nobody 2001 · no specimens", "url": ""},
        "definition": "From the front wall to the back wall.",
    },
    {
        "label": "Area",
        "value": "96",
        "unit": "mm²",
        "text": "model",
        "band": None,
        "domain": [0, 150],
        "source": None,
        "definition": "",
    },
]
