"""The section as an accessible, themable SVG view.

The view draws a *scene*: plain data made by ``foramlib.figures``, with paths in millimetres. It knows
no anatomy and no colour of its own; tissues are names whose colours come from
:mod:`foramlib.figures.palette`. A slider's step sends only what changed.

Scene::

    {"box": [u0, v0, width, height],              # mm, v up
     "heading": "…", "description": "…",          # line over the picture, text alternative
     "marks": {"left": "A", "right": "P", "top": "H", "bottom": "F"},
     "scale_mm": 10,
     "layers": [{"id", "name", "note", "tissue", "path", "anchor": [u, v], "rank", "focus"}, …],
     "boundary": {"path": "…"} or None,
     "rulers": [{"id", "from": [u, v], "to": [u, v], "text"}, …]}

Layers lie bottom to top; ``rank`` 1 is labelled first, 0 never. Paths fill by the even-odd rule. A layer
may say how it takes part: ``"as": "ground"`` is drawn but not pointed at (a whole bone), ``"as": "part"``
is pointed at but drawn only in focus (a process of that bone). In a quiz, ``"mark": "wrong"`` tells a wrong answer
from the right one where both are in focus.

Patch: any of the scene's keys except ``layers``, and

- ``layers``: changed or new layers, each with its ``id`` and the keys that changed;
- ``removed``: ids of layers that are gone;
- ``order``: all ids bottom to top, where layers came, went or moved.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES
from foramlib.errors import InvalidInput
from foramlib.figures import palette

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Scene = dict[str, Any]
Patch = dict[str, Any]


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> Patch:
    """Tell what turns one scene into another, as a patch; empty where nothing changed."""
    patch = {key: value for key, value in new.items() if key != "layers" and old.get(key) != value}
    before = {layer["id"]: layer for layer in old.get("layers", ())}
    after = {layer["id"]: layer for layer in new.get("layers", ())}
    changed = [_changes(before.get(name), layer) for name, layer in after.items() if before.get(name) != layer]
    removed = [name for name in before if name not in after]
    if changed:
        patch["layers"] = changed
    if removed:
        patch["removed"] = removed
    if list(before) != list(after):
        patch["order"] = list(after)
    return patch


def _changes(before: Mapping[str, Any] | None, layer: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the layer's id and those of its keys that differ; all of a new layer."""
    if before is None:
        return dict(layer)
    return {key: value for key, value in layer.items() if key == "id" or before.get(key) != value}


def apply_patch(scene: Mapping[str, Any], patch: Mapping[str, Any]) -> Scene:
    """Give the scene after a patch, as a new dict; the browser does the same by the same rules."""
    rest = {key: value for key, value in patch.items() if key not in {"layers", "removed", "order"}}
    layers = {layer["id"]: layer for layer in scene.get("layers", ()) if layer["id"] not in patch.get("removed", ())}
    for layer in patch.get("layers", ()):
        layers[layer["id"]] = {**layers.get(layer["id"], {}), **layer}
    order = patch.get("order", layers)
    return {**scene, **rest, "layers": [layers[name] for name in order if name in layers]}


def check_scene(scene: Mapping[str, Any]) -> None:
    """Refuse a scene that cannot be drawn.

    Raises
    ------
    InvalidInput
        If the box is not four finite numbers with a positive size, an id stands twice, or a tissue
        has no colour.
    """
    box = scene.get("box", ())
    if len(box) != 4 or not all(math.isfinite(number) for number in box) or min(box[2:]) <= 0:  # noqa: PLR2004
        msg = f"A scene's box is [u0, v0, width, height] in mm with a positive size, not {list(box)}."
        raise InvalidInput(msg)
    names = [layer["id"] for layer in scene.get("layers", ())]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"A scene names each structure once, but {', '.join(twice)} stands there more than once."
        raise InvalidInput(msg)
    for layer in scene.get("layers", ()):
        palette.fill(layer["tissue"])


def _fillings() -> str:
    """Write the palette's textures and solid tissues as JavaScript constants."""
    textures = {tissue: name for tissue in palette.TISSUES if (name := palette.texture(tissue))}
    solid = sorted(palette.SOLID)
    return f"const TEXTURES = {json.dumps(textures)};\nconst SOLID = {json.dumps(solid)};\n"


def _whole_scene(_value: object, view: SectionView) -> Scene:
    return dict(view.scene)


class SectionView(anywidget.AnyWidget):
    """Picture of a section with its words, readings and save buttons.

    Attributes
    ----------
    scene
        The whole scene. Setting it draws all anew; :meth:`show` sends only what changed.
    patch
        The last change; may be set directly, and is merged into `scene`.
    focus
        Id of the structure in focus, or empty; set here or by the reader.
    theme
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    shade
        What ``"auto"`` means on the reader's page, ``"light"`` or ``"dark"``; the browser says it. A picture that
        is painted in Python takes its colours from :attr:`painted`.
    sentence
        What changed, in one sentence under the picture; spoken when it has settled.
    readings
        Three to five of ``{"label", "value", "unit", "text", "band": [low, high] or None,
        "domain": [low, high], "source": {"text", "url"}, "definition"}``; `value` is printed as it
        comes, so it arrives rounded (a string keeps its zeros).
    message
        One sentence shown as an alert, or empty.
    quiz
        ``""``, or ``"point"`` (no labels, and pointing at a structure answers: a click, a second tap, or Enter),
        ``"look"`` (no labels) or ``"told"`` (the labels are back). In each, what the scene has in focus is marked
        strongly. The scene itself must come without names; see :mod:`foramlib.figures.unnamed`.
    answer
        What the learner pointed at in a quiz: ``{"id": "s7", "count": 3, "page": "…"}``.
    caption, sources
        Text written under a saved picture; the readings' sources are added to `sources`.
    """

    _esm: ClassVar[str] = _fillings() + script("theme.js", "labels.js", "readings.js", "save.js", "section_view.js")
    _css: ClassVar[str] = style("theme.css", "section_view.css")

    scene = traitlets.Dict()
    # The browser receives the scene under this name, always with every patch in it: a page that is
    # loaded again, or a second output, then draws the present state.
    drawn = traitlets.Dict().tag(sync=True, to_json=_whole_scene)
    patch = traitlets.Dict().tag(sync=True)
    focus = traitlets.Unicode().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)
    shade = traitlets.Enum(("light", "dark"), "light").tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    readings = traitlets.List(traitlets.Dict()).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    quiz = traitlets.Enum(("", "point", "look", "told"), "").tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    caption = traitlets.Unicode("Teaching model, not a patient.").tag(sync=True)
    sources = traitlets.List(traitlets.Unicode()).tag(sync=True)

    _merging = False

    @property
    def painted(self) -> str:
        """Theme of the palette in which a picture is painted for this view."""
        theme: str = self.shade if self.theme == "auto" else self.theme
        return theme

    @traitlets.validate("scene")
    def _check_scene(self, proposal: dict[str, Any]) -> Scene:
        scene: Scene = proposal["value"]
        if scene and not self._merging:
            check_scene(scene)
        return scene

    @traitlets.observe("scene")
    def _send_scene(self, _change: object) -> None:
        if not self._merging:
            self.patch = {}
            self.send_state("drawn")

    @traitlets.observe("patch")
    def _merge_patch(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        self._merging = True
        try:
            self.scene = apply_patch(self.scene, change["new"])
        finally:
            self._merging = False

    def show(
        self,
        scene: Scene,
        *,
        sentence: str | None = None,
        readings: Sequence[Mapping[str, Any]] | None = None,
        message: str = "",
    ) -> None:
        """Draw the next state: what changed, its words and its readings in one message.

        Parameters
        ----------
        scene
            The whole next scene; the difference to the present one is sent.
        sentence, readings
            Left as they are where None.
        message
            Shown as an alert; empty clears it.

        Raises
        ------
        InvalidInput
            If the scene cannot be drawn; the last good state stays.
        """
        check_scene(scene)
        with self.hold_sync():
            if self.scene:
                self.patch = difference(self.scene, scene) or self.patch
            else:
                self.scene = scene
            if sentence is not None:
                self.sentence = sentence
            if readings is not None:
                self.readings = [dict(reading) for reading in readings]
            self.message = message
