"""The scene of a quiz: the same picture without names, and afterwards with those that matter.

Nothing that leaves here tells what a structure is, neither to the eye nor to a screen reader: ids are numbers in
reading order, names say only where in the picture a structure lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from foramlib.figures.scene import Scene

__all__ = ["RIGHT", "WRONG", "Unnamed", "named_again", "unnamed"]

RIGHT, WRONG = "✓", "✗"
"""Signs behind the names of what was asked for and of what was pointed at instead."""

_ACROSS, _UP = ("left", "middle", "right"), ("lower", "middle", "upper")


@dataclass(frozen=True)
class Unnamed:
    """A scene without names.

    Attributes
    ----------
    scene : dict
        What the view draws.
    ids : mapping of str to str
        Real id of each structure that can be pointed at, by its number.
    """

    scene: Scene
    ids: Mapping[str, str]


def unnamed(scene: Scene, pointable: Collection[str], task: str, marked: str = "") -> Unnamed:
    """Take the names out of a scene.

    Parameters
    ----------
    scene : dict
        From :func:`foramlib.figures.scene.scene`.
    pointable : collection of str
        Ids of structures large enough to be pointed at; the others are drawn and nothing more.
    task : str
        What the learner is asked to do, for the text alternative.
    marked : str
        Id of a structure that is marked, or "".
    """
    box = scene["box"]
    asked = [layer for layer in scene["layers"] if layer["id"] in pointable and layer.get("as") != "ground"]
    order = {layer["id"]: place for place, layer in enumerate(sorted(asked, key=lambda one: _reading(one, box)), 1)}
    layers = [_bare(layer, f"g{place}", order, box, marked) for place, layer in enumerate(scene["layers"])]
    words = f"{scene['heading']}. {task} {len(order)} structures are drawn; their names come back with the answer."
    bare = {**scene, "description": words, "layers": [layer for layer in layers if layer], "rulers": []}
    return Unnamed(bare, {f"s{place}": ident for ident, place in order.items()})


def _bare(
    layer: Mapping[str, Any], ground: str, order: Mapping[str, int], box: list[float], marked: str
) -> dict[str, Any] | None:
    """One layer without its name; None for a part of a bone that is too small to be pointed at."""
    number = order.get(layer["id"])
    drawn = {**layer, "note": "", "rank": 0, "focus": False}
    if number is None:
        if layer.get("as") == "part":
            return None
        return {**drawn, "id": ground, "name": "", "as": "ground"}
    name = f"Structure {number} of {len(order)}, {_where(layer['anchor'], box)}"
    if layer["id"] == marked:
        name += ", marked"
    return {**drawn, "id": f"s{number}", "name": name, "rank": number, "focus": layer["id"] == marked}


def _share(anchor: list[float], box: list[float]) -> tuple[float, float]:
    return (anchor[0] - box[0]) / box[2], (anchor[1] - box[1]) / box[3]


def _third(share: float) -> int:
    return min(max(int(3 * share), 0), 2)


def _where(anchor: list[float], box: list[float]) -> str:
    """Say where in the picture: "upper left", "middle", "lower middle"."""
    across, up = (_third(share) for share in _share(anchor, box))
    words = dict.fromkeys([_UP[up], _ACROSS[across]])
    return " ".join(words)


def _reading(layer: Mapping[str, Any], box: list[float]) -> tuple[float, ...]:
    """Place in reading order: row by row from above, from left to right."""
    across, up = _share(layer["anchor"], box)
    return -_third(up), across, up


def named_again(scene: Scene, shown: Mapping[str, str], *, labels: bool) -> Scene:
    """Give a scene its names back, with labels for what the answer was about, or for all.

    Parameters
    ----------
    scene : dict
        From :func:`foramlib.figures.scene.scene`.
    shown : mapping of str to str
        Ids that are marked and labelled in any case, each with the sign behind its name.
    labels : bool
        Whether the other labels show as well.
    """
    layers = [
        {
            **layer,
            "name": f"{layer['name']} {shown.get(layer['id'], '')}".strip(),
            "focus": layer["id"] in shown,
            "mark": "wrong" if shown.get(layer["id"]) == WRONG else "",
            "rank": _rank(layer, shown, labels=labels),
        }
        for layer in scene["layers"]
    ]
    return {**scene, "layers": layers, "rulers": []}


def _rank(layer: Mapping[str, Any], shown: Collection[str], *, labels: bool) -> int:
    if layer["id"] in shown:
        return 1
    rank: int = layer["rank"]
    return rank if labels else 0
