"""The segment in 3D: described key views first, a live view by choice.

A still picture with its words is the default, because it is the same on every machine and for every
reader. The live view shows the same pieces. Both follow an explorer where one is given. All work comes
in slices: a slider of the explorer never waits for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from foramlib.apps.controls import Assembled, Buttons, Choice, Control, Slider, Toggle, arrange, check_theme, colours
from foramlib.apps.live3d import Live3D, look, sheet
from foramlib.apps.section_view import SectionView
from foramlib.apps.slices import Slices
from foramlib.apps.states import POSTURE, model_state, not_drawn, within_limits
from foramlib.errors import InvalidInput
from foramlib.figures import palette
from foramlib.figures.key_views import (
    GROUPS,
    KEY_VIEWS,
    USUAL,
    group_of,
    key_camera,
    key_scene_steps,
    plane_corners,
    still_steps,
)
from foramlib.given import one_of
from foramlib.learning.state import ModelState
from foramlib.spine.levels import MODELLED, parse_side
from foramlib.spine.mesh import Mesh, run
from foramlib.spine.planes import Plane
from foramlib.spine.solids import BoneMesh, Solid, bone_solids, soft_solid

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from foramlib.apps.explorer import Explorer
    from foramlib.spine.segment import Segment
    from foramlib.spine.vertebra import Vertebra

__all__ = ["SolidView", "solid"]

_NO_WEBGL = "This browser cannot draw live 3D (it has no WebGL); the key views show the same."
_DURA, _PLANE_COVER = 0.45, 0.28
_EMPTY = Mesh(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.uint32), np.zeros((0, 3), np.float32))
_SOFT = tuple(name for name in GROUPS if name not in {"bone", "lesion"})


@dataclass(frozen=True)
class Wish:
    """What is to be shown: the segment and its section plane, the key view, and what of it."""

    segment: Segment
    plane: Plane | None
    view: str
    side: str
    shown: tuple[str, ...]
    bone: float


class SolidView(Assembled):
    """A segment in 3D with its controls.

    Parameters
    ----------
    segment : Segment
        What to show; ignored where an explorer is followed.
    explorer : Explorer, optional
        Whose state is followed: level, posture, disc height, build, side and section plane.
    view : str
        One of ``KEY_VIEWS``.
    side : str
        Side in view.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    still : SectionView
        The key view with its words.
    live : Live3D or None
        The live view, while it is open.
    controls : dict of str to Control
        Every control by name.
    widget : ipywidgets.Widget
        All together; it shows itself as the last value of a cell.
    """

    def __init__(
        self,
        segment: Segment,
        *,
        explorer: Explorer | None = None,
        view: str = "lateral",
        side: str = "left",
        theme: str = "auto",
        strict: bool = False,
    ) -> None:
        theme = check_theme(theme)
        view = one_of(view, KEY_VIEWS, "key view")
        self.strict = strict
        self.explorer = explorer
        self.segment = segment
        self.plane = Plane.named("foramen", segment, side) if explorer is None else explorer.shown.section.plane
        self.live: Live3D | None = None
        self._kept, self._led_to = "", parse_side(side)
        self._bones: dict[Vertebra, BoneMesh] = {}
        self._solids: dict[str, Solid] = {}
        self._solids_of: Segment | None = None
        self._slices = Slices(self._say_problem)
        self.controls = _controls(segment, view, parse_side(side), linked=explorer is not None)
        self.still = SectionView(theme=theme)
        self._live_place = ipywidgets.VBox([])
        self.widget = self._arranged()
        self._set_theme(theme)
        self._draw(run(self._steps(self._wish)))
        self._listen()

    @property
    def _wish(self) -> Wish:
        value = {name: control.value for name, control in self.controls.items()}
        bone = value["bone"] / 100
        shown = tuple(name for name in GROUPS if (bone > 0 if name == "bone" else value.get(name, True)))
        plane = self.plane if value["plane"] else None
        return Wish(self.segment, plane, value["view"], value["side"], shown, bone)

    @property
    def theme(self) -> str:
        """``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``."""
        theme: str = self.still.theme
        return theme

    @property
    def busy(self) -> bool:
        """Whether a newer picture is being made."""
        return self._slices.busy

    def describe(self) -> str:
        """Say what the key view shows."""
        return f"{self.still.scene['heading']}\n{self.still.scene['description']}"

    def open_live(self) -> None:
        """Open the live view under the key view; the key view stays."""
        if self.live is None:
            self.live = Live3D(
                theme=self.theme, label=f"Live 3D view of {self.segment.level.name}; the key view says it in words"
            )
            self.live.observe(self._without_webgl, "able")
            self._set_eye()
            self._pose()
            self._live_place.children = (self.live,)
            self._refresh()
        self.controls["live"].options = _LIVE_CLOSE

    def close_live(self) -> None:
        """Close the live view."""
        if self.live is not None:
            self._live_place.children = ()
            self.live.close()
            self.live = None
        self.controls["live"].options = _LIVE_OPEN

    def close(self) -> None:
        """Free every widget and stop following; it cannot be shown again."""
        self._slices.drop()
        if self.explorer is not None:
            self.explorer.view.unobserve(self._follow, ["patch", "scene"])
            self.explorer.view.unobserve(self._on_theme, "theme")
        self.still.unobserve_all()
        self.close_live()
        super().close()

    # Controls and the explorer.

    def _arranged(self) -> ipywidgets.Widget:
        names = [name for name in self.controls if name != "live"]
        picture = ipywidgets.VBox([self.still, self._live_place])
        return arrange(picture, [self.controls[name] for name in names], [self.controls["live"]])

    def _listen(self) -> None:
        own = {"live": (lambda _: self._toggle_live(), "presses"), "theme": (self._on_theme, "value")}
        for name, control in self.controls.items():
            control.observe(*own.get(name, (self._on_control, "value")))
        # Where the page is dark, a picture painted here has to be dark as well.
        self.still.observe(lambda _: self._repaint(), "shade")
        if self.explorer is not None:
            self.explorer.view.observe(self._follow, ["patch", "scene"])
            self.explorer.view.observe(self._on_theme, "theme")

    def _on_theme(self, change: Mapping[str, Any]) -> None:
        self._set_theme(change["new"])
        self._repaint()

    def _set_theme(self, theme: str) -> None:
        parts = [self.still, *self.controls.values(), *([self.live] if self.live else [])]
        for part in parts:
            part.theme = theme
        if "theme" in self.controls:
            self.controls["theme"].value = theme

    def _repaint(self) -> None:
        self._pose()
        self._refresh()

    def _toggle_live(self) -> None:
        if self.live is None:
            self.open_live()
        else:
            self.close_live()

    def _on_control(self, change: Mapping[str, Any]) -> None:
        self._kept = self._stand(change["new"]) if change["owner"] is self.controls.get("level") else ""
        if change["owner"] in {self.controls["view"], self.controls["side"]}:
            if self.explorer is None:
                self.plane = Plane.named("foramen", self.segment, self.controls["side"].value)
            self._set_eye()
        self._pose()
        self._refresh()

    def _stand(self, level: str) -> str:
        """Go to another level with the posture and lesions that it can have, and say what had to give."""
        old, side = self.segment, self.controls["side"].value
        lesions = tuple(one.written for one in old.lesions)
        values = {**asdict(old.posture), "disc_loss": old.disc_loss, "lesions": lesions}
        state, said = within_limits(ModelState(level, side, build=old.build, **values), old.level.name)
        self.segment = state.segment()
        self.plane = Plane.named("foramen", self.segment, side)
        return f"{said} The operation at {old.level.name} is left behind.".strip() if old.steps else said

    def _follow(self, _change: object) -> None:
        """Take the explorer's state: vertebrae at once, the rest in slices."""
        if self.explorer is None:
            return
        shown, side = self.explorer.shown, self.controls["side"]
        turned = shown.state.side != self._led_to
        if (shown.segment, shown.section.plane) == (self.segment, self.plane) and not turned:
            return
        self.segment, self.plane, self._led_to = shown.segment, shown.section.plane, shown.state.side
        if turned and side.value != self._led_to:
            side.value = self._led_to  # the control draws
            return
        self._pose()
        self._refresh()

    def _without_webgl(self, change: Mapping[str, Any]) -> None:
        if not change["new"]:
            self.close_live()
            self.still.message = _NO_WEBGL

    # From wish to picture.

    def _refresh(self) -> None:
        self._slices.start(self._steps(self._wish), self._draw)

    def _draw(self, scene: dict[str, Any]) -> None:
        self.still.show(scene, sentence=f"{self._kept} {scene['description']}".strip())

    def _steps(self, wish: Wish) -> Generator[None, None, dict[str, Any]]:
        """Make what is missing, then the key view and its scene."""
        solids = yield from self._made(wish)
        camera = key_camera(wish.segment, wish.view, wish.side)
        theme = self.still.painted
        view = yield from still_steps(wish.segment, solids, camera, wish.shown, bone=wish.bone, theme=theme)
        return (yield from key_scene_steps(view, self.still.focus, wish.plane))

    def _made(self, wish: Wish) -> Generator[None, None, list[Solid]]:
        """Mesh what is wanted and not there yet; vertebrae are only moved."""
        if self._solids_of != wish.segment:
            self._solids_of, self._solids = wish.segment, {}
        bones = yield from bone_solids(wish.segment, self._bones)
        self._send_bones(wish.segment)
        keys = frozenset(key for name in wish.shown for key in GROUPS[name][1])
        soft = [structure for structure in wish.segment.soft if structure.key in keys]
        for structure in soft:
            if structure.id not in self._solids:
                self._solids[structure.id] = yield from soft_solid(wish.segment, structure)
            self._send(self._solids[structure.id])
            yield
        self._pose()
        return [*bones, *(self._solids[one.id] for one in soft if len(self._solids[one.id].surface.faces))]

    # The live view.

    def _send_bones(self, segment: Segment) -> None:
        if self.live is not None:
            for bone in segment.bones:
                if bone.vertebra in self._bones:
                    self._put(bone.vertebra.name, self._bones[bone.vertebra].surface)

    def _send(self, solid: Solid) -> None:
        self._put(solid.id, solid.surface)

    def _put(self, name: str, surface: Mesh) -> None:
        if self.live is not None and self.live.pieces.get(name) is not surface:
            self.live.put(name, surface)

    def _pose(self) -> None:
        """Move the vertebrae and the plane, show and hide: one message, drawn in one frame."""
        if self.live is None:
            return
        wish, theme = self._wish, self.still.painted
        bone = palette.fill("bone", theme)
        looks = {one.vertebra.name: look(bone, wish.bone, one.stand, order=90) for one in wish.segment.bones}
        if self._solids_of is not None and self._solids_of.level == wish.segment.level:
            for order, solid in enumerate(self._solids.values(), 1):
                cover = _DURA if solid.tissue == "dura" else 1.0
                colour = palette.fill(solid.tissue, theme)
                looks[solid.id] = look(colour, cover if group_of(solid) in wish.shown else 0.0, order=order)
        if wish.plane is not None:
            self.live.put("plane", sheet(plane_corners(wish.plane), wish.plane.normal))
            looks["plane"] = look(palette.role("accent", theme), _PLANE_COVER, order=99)
        self.live.looks = looks

    def _set_eye(self) -> None:
        if self.live is not None:
            camera = key_camera(self.segment, self.controls["view"].value, self.controls["side"].value)
            x, y, z = camera.normal.tolist()
            turn, lift = np.degrees([np.arctan2(x, y), np.arcsin(np.clip(z, -1, 1))]).tolist()
            self.live.eye = {"turn": turn, "lift": lift, "centre": list(camera.origin), "half": camera.half[0]}

    def _say_problem(self, problem: Exception) -> None:
        """Say what went wrong in one sentence; the last good picture stays."""
        self.still.message = not_drawn(problem, " in 3D")
        if self.strict:
            raise problem


def solid(
    level: object = "C5/6",
    *,
    explorer: Explorer | None = None,
    view: str = "lateral",
    side: str = "left",
    build: str = "typical",
    lesions: str | Sequence[str] = (),
    theme: str = "auto",
    **posture: float,
) -> SolidView:
    """Show a segment in 3D.

    Parameters
    ----------
    level : str
        A level, in any common spelling; an explorer brings its own.
    explorer : Explorer, optional
        Whose state is followed.
    view : str
        ``"lateral"``, ``"posterior-oblique"``, ``"posterior"``, ``"axial"`` or ``"foramen"``.
    side : str
        ``"left"`` or ``"right"``, the patient's.
    build : str
        ``"small"``, ``"typical"`` or ``"large"``.
    lesions : str or sequence of str
        What narrows it, as the command takes it, such as ``"facet_hypertrophy=3"``; on `side` unless it names another.
    theme : str
        ``"auto"`` follows the page, or the explorer; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    **posture
        ``flexion``, ``bend``, ``rotation`` (degrees) and ``disc_loss`` (mm).

    Raises
    ------
    InvalidInput
        If anything given is unknown or beyond what the level allows.
    """
    if explorer is not None:
        shown, asked = explorer.shown, explorer.view.theme if theme == "auto" else theme
        return SolidView(shown.segment, explorer=explorer, view=view, side=shown.state.side, theme=asked)
    unknown = sorted(set(posture) - set(POSTURE))
    if unknown:
        raise InvalidInput(f"There is no {unknown[0]!r} to set; choose from {', '.join(POSTURE)}.")
    state = model_state({"level": level, "side": side, "build": build, "lesions": lesions, **posture})
    return SolidView(state.segment(), view=view, side=state.side, theme=theme)


_LIVE_OPEN = [{"value": "live", "label": "Open the live 3D view"}]
_LIVE_CLOSE = [{"value": "live", "label": "Close the live 3D view"}]


def _controls(segment: Segment, view: str, side: str, *, linked: bool) -> dict[str, Control]:
    made: dict[str, Control] = {"live": Buttons({"live": "Open the live 3D view"}, label="Live 3D view")}
    if not linked:
        made["level"] = Choice(MODELLED, label="Level", value=segment.level.name, display="select")
    made["view"] = Choice(KEY_VIEWS, label="Key view", value=view)
    made["side"] = Choice({"left": "Left", "right": "Right"}, label="Side, the patient's", value=side)
    made["bone"] = Slider(label="Bone covers", unit="%", min=0, max=100, step=10, value=100)
    for name in _SOFT:
        made[name] = Toggle(label=GROUPS[name][0], value=name in USUAL)
    made["plane"] = Toggle(label="Section plane", value=linked)
    if not linked:
        made["theme"] = colours()
    return made
