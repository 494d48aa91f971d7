"""Compare: two states of the model side by side, at the same scale, with their differences named.

Each side has short controls of its own; plane and colours are shared. A control changes one state; that side is
cut, measured and drawn once, and the differences are written anew.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

import anywidget
import ipywidgets
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import (
    THEMES,
    Assembled,
    Buttons,
    Choice,
    Control,
    Slider,
    check_theme,
    colours,
    fit_slider,
)
from foramlib.apps.section_view import SectionView
from foramlib.apps.states import (
    PLANE_NAMES,
    POSTURE,
    PRESETS,
    SLIDERS,
    Shown,
    active_preset,
    model_state,
    not_drawn,
    preset_postures,
    show,
    with_preset,
    within_limits,
)
from foramlib.errors import InvalidInput
from foramlib.figures.comparison import Side, differences, sentence, short_names
from foramlib.figures.scene import scene
from foramlib.figures.words import heading, state_words, touched
from foramlib.given import one_of
from foramlib.spine.builds import BUILDS
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.section import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.learning.state import ModelState
    from foramlib.spine.section import Section

    Asked = tuple[dict[str, ModelState], str]
    """Two states by side, and what had to give on the way."""

__all__ = ["PAIRS", "Compare", "compare"]

SIDES: Final = ("left", "right")
_SIDE_CONTROLS: Final = ("level", "side", "build", "preset", "flexion", "disc_loss")
_OWN: Final = "own"  # a posture that is none of the presets
_OBLIQUE: Final = 20.0  # degrees

# What is set on the left and on the right; level, side and plane are else those of the left state.
PAIRS: Mapping[str, tuple[str, Mapping[str, str], Mapping[str, str]]] = MappingProxyType(
    {
        "posture": ("Flexed and extended", {"preset": "flexed"}, {"preset": "extended"}),
        "disc": ("Disc whole and half lost", {"preset": "neutral"}, {"preset": "disc-half-lost"}),
        "build": ("Small and large build", {"build": "small"}, {"build": "large"}),
        "bend": ("Bent to the left: left and right", {"side": "left"}, {"side": "right"}),
        "regions": ("Neck and low back", {"level": "C5/6"}, {"level": "L4/5"}),
    }
)
_NOTE: Final = (
    "All figures are the model's. Each is compared by the same ruler and definition only; "
    "the plane square to the canal lies at its own angle at each level."
)


class DifferenceTable(anywidget.AnyWidget):
    """The sentence and the table under the two pictures.

    Attributes
    ----------
    page : dict
        ``names`` of the two states, ``rows``, ``sentence``, ``caption``, ``note`` and ``message`` (an alert, or "").
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    """

    _esm: ClassVar[str] = script("theme.js", "compare.js")
    _css: ClassVar[str] = style("theme.css", "compare.css")

    page = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)


@dataclass(frozen=True)
class Pair:
    """The two states as they are shown."""

    left: Shown
    right: Shown

    def of(self, side: str) -> Shown:
        """Return one of the two by ``"left"`` or ``"right"``."""
        return self.left if side == "left" else self.right


class Compare(Assembled):
    """Two sections side by side with their differences in words and figures.

    Parameters
    ----------
    left, right : ModelState
        What to show first; the plane is the left one's.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    views : dict of str to SectionView
        The pictures, ``"left"`` and ``"right"``.
    controls : dict of str to Control
        ``pair``, ``reset``, ``plane``, ``angle``, ``theme``, and ``left.level`` … ``right.disc_loss``.
    table : DifferenceTable
        Sentence and figures.
    widget : ipywidgets.Widget
        All of it; the app shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If a first state or the theme is refused.
    """

    def __init__(self, left: ModelState, right: ModelState, *, theme: str = "auto", strict: bool = False) -> None:
        theme = check_theme(theme)
        self.strict = strict
        self.pair = Pair(show(left), show(replace(right, plane=left.plane)))
        self._start = self.states
        self._setting = False
        self.controls = _controls(self.pair)
        self.views = {side: SectionView() for side in SIDES}
        self.table = DifferenceTable()
        self.widget = self._arranged()
        self._set_theme(theme)
        self._draw(self.pair)
        self._listen()

    @property
    def states(self) -> dict[str, ModelState]:
        """The two states by ``"left"`` and ``"right"``."""
        return {side: self.pair.of(side).state for side in SIDES}

    @property
    def state(self) -> dict[str, dict[str, Any]]:
        """The two states as plain data."""
        return {side: asdict(state) for side, state in self.states.items()}

    def set(self, which: str, /, **changes: object) -> None:
        """Change one of the two states; a refusal is said under the pictures, and the last good states stay.

        Parameters
        ----------
        which : str
            The ``"left"`` or the ``"right"`` picture.
        **changes
            As for the explorer: ``level``, ``side``, ``build``, ``plane`` (of both), ``flexion`` … ``disc_loss``.
        """
        self._attempt(lambda: self._changed(which, changes))

    def preset(self, name: str) -> None:
        """Show one of :data:`PAIRS`; an unknown one is said under the pictures."""
        self._attempt(lambda: _pair_states(name, self.states["left"]))

    def reset(self) -> None:
        """Go back to the states in which the app opened."""
        self._attempt(lambda: (self._start, ""))

    def describe(self) -> str:
        """Say where both pictures are, the sentence and the table; each picture's own words stand in its view."""
        lines = [f"{side.capitalize()}: {_where(shown)}" for side, shown in _named(self.pair)]
        rows = [row.said() for row in differences(*_sides(self.pair))]
        return "\n".join([*lines, self.table.page["sentence"], *rows, _NOTE])

    @property
    def message(self) -> str:
        """What was refused last, or "" where all is well."""
        return str(self.table.page["message"])

    # From control to states.

    def _arranged(self) -> ipywidgets.Widget:
        head = ipywidgets.Box([self.controls[name] for name in ("pair", "reset", "plane", "angle", "theme")])
        columns = []
        for side in SIDES:
            short = ipywidgets.Box([self.controls[f"{side}.{name}"] for name in _SIDE_CONTROLS])
            short.add_class("foramlib-short")
            view = self.views[side].add_class("foramlib-seen")
            columns.append(ipywidgets.VBox([short, view]).add_class("foramlib-one"))
        sides = ipywidgets.Box([*columns, self.table.add_class("foramlib-told")]).add_class("foramlib-sides")
        body = ipywidgets.Box([head.add_class("foramlib-head"), sides]).add_class("foramlib-pair")
        return ipywidgets.Box([body]).add_class("foramlib-app")

    def _listen(self) -> None:
        for side in SIDES:
            for name in _SIDE_CONTROLS:
                self.controls[f"{side}.{name}"].observe(self._on_side, "value")
        for name in ("plane", "angle"):
            self.controls[name].observe(self._on_plane, "value")
        self.controls["pair"].observe(lambda change: self.preset(change["owner"].value), "presses")
        self.controls["reset"].observe(lambda _: self.reset(), "presses")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _on_side(self, change: Mapping[str, Any]) -> None:
        if self._setting:
            return
        name = next(name for name, control in self.controls.items() if control is change["owner"])
        side, _, what = name.partition(".")
        if (what, change["new"]) == ("preset", _OWN):
            self._set_controls()  # no posture of its own: the list goes back to what is shown
            return
        self._attempt(lambda: self._changed(side, {what: change["new"]}))

    def _on_plane(self, _change: Mapping[str, Any]) -> None:
        if not self._setting:
            self._attempt(lambda: self._changed("left", {"plane": self._asked_plane()}))

    def _asked_plane(self) -> str:
        plane: str = self.controls["plane"].value
        return f"oblique:{self.controls['angle'].value:g}" if plane == "oblique" else plane

    def _changed(self, side: str, changes: Mapping[str, Any]) -> Asked:
        """Return both states after a change of one; a change of plane is one of both."""
        if side not in SIDES:
            raise InvalidInput(f"There is no picture {side!r}; choose left or right.")
        before = self.states[side]
        before, kept = _at(before, changes.get("level"))
        changes = dict(changes)
        moved = next((name for name in changes if name in SLIDERS and isinstance(changes[name], float | int)), "")
        if moved:
            asked = replace(before, **{moved: changes[moved]})
            before, said = within_limits(asked, before.level, moved)
            kept, changes[moved] = f"{kept} {said}".strip(), getattr(before, moved)
        state = _read({**asdict(before), **changes}, with_posture="preset" not in changes)
        states = {**self.states, side: state}
        return {name: replace(one, plane=state.plane) for name, one in states.items()}, kept

    def _attempt(self, make: Callable[[], Asked]) -> None:
        """Make two states and draw them; the one place where a refusal becomes a sentence."""
        try:
            states, kept = make()
            self._draw(Pair(*(self._shown(side, states[side]) for side in SIDES)), kept)
        except InvalidInput as problem:
            self._refuse(problem, str(problem))
        except Exception as problem:  # noqa: BLE001 - a class must go on; tests are strict
            self._refuse(problem, not_drawn(problem))

    def _shown(self, side: str, state: ModelState) -> Shown:
        """Cut and measure a state, unless it is shown already."""
        shown = self.pair.of(side)
        return shown if shown.state == state else show(state)

    def _refuse(self, problem: Exception, words: str) -> None:
        self._set_controls()
        self.table.page = {**self.table.page, "message": words}
        if self.strict and not isinstance(problem, InvalidInput):
            raise problem

    # From states to pictures.

    def _draw(self, pair: Pair, kept: str = "") -> None:
        """Draw both pictures in one box, so that a millimetre is as long in both."""
        half = _wider(pair)
        drawn = {side: scene(shown.segment, _field(shown, half), shown.measures) for side, shown in _named(pair)}
        box = _common([one["box"] for one in drawn.values()])
        scale = max(one["scale_mm"] for one in drawn.values())
        self.pair = pair
        for side, shown in _named(pair):
            self.views[side].caption = f"{state_words(shown.segment).capitalize()}. Teaching model, not a patient."
            words = f"{state_words(shown.segment).capitalize()}."
            self.views[side].show({**drawn[side], "box": box, "scale_mm": scale}, sentence=words)
        self.table.page = _page(pair, kept)
        self._set_controls()

    def _set_controls(self) -> None:
        """Bring every control in line with the states, without being called back for it."""
        self._setting = True
        try:
            _fit_controls(self.controls, self.pair)
        finally:
            self._setting = False

    def _set_theme(self, theme: str) -> None:
        for part in [*self.views.values(), self.table, *self.controls.values()]:
            part.theme = theme
        self.controls["theme"].value = theme


def compare(
    left: str | Mapping[str, Any] = "C5/6",
    right: str | Mapping[str, Any] = "L4/5",
    plane: str = "foramen",
    *,
    theme: str = "auto",
) -> Compare:
    """Put two states of the model side by side.

    Parameters
    ----------
    left, right : str or mapping
        A level in any common spelling, or a state: ``{"level": "C5/6", "preset": "flexed"}``. A state may name
        ``level``, ``side``, ``build``, ``preset`` (one of the explorer's), ``flexion``, ``bend``, ``rotation``
        (degrees), ``disc_loss`` (mm) and ``lesions`` (as the command takes them).
    plane : str
        Plane of both: ``"foramen"``, ``"sagittal"``, ``"oblique:DEG"``, ``"axial-disc"``, ``"axial-pedicle"`` or
        ``"coronal"``.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Raises
    ------
    InvalidInput
        If anything given is unknown or beyond what a level allows.

    Examples
    --------
    >>> compare("C5/6", {"level": "C5/6", "preset": "flexed"}).state["right"]["flexion"] > 0
    True
    """
    return Compare(_opened(left, plane), _opened(right, plane), theme=theme)


def _opened(given: object, plane: str) -> ModelState:
    """Read one of the two states that are asked for."""
    values = dict(given) if hasattr(given, "keys") else {"level": given}  # type: ignore[call-overload]
    return _read({"plane": plane, **values})


def _read(values: Mapping[str, Any], *, with_posture: bool = True) -> ModelState:
    """Read a state; a preset sets the posture, and angles named beside it go over it where they count."""
    own = dict(values)
    preset = own.pop("preset", None)
    if preset is None:
        return model_state(own)
    angles = {name: own.pop(name) for name in POSTURE if name in own}
    state = with_preset(preset, model_state(own))
    return model_state({**asdict(state), **angles}) if with_posture else state


def _pair_states(name: str, base: ModelState) -> Asked:
    """Return the two states of a named pair, else as `base` is, and say what had to give."""
    name = one_of(name, PAIRS, "pair")
    _, *changes = PAIRS[name]
    # One bend seen from both sides: the preset would bend each to its own.
    bend = preset_postures(base.level, "left")["bent"]["bend"] if name == "bend" else 0.0
    upright = replace(base, flexion=0.0, bend=bend, rotation=0.0, disc_loss=0.0)
    placed = [_at(upright, change.get("level")) for change in changes]
    states = [
        _read({**asdict(state), **change}, with_posture="preset" not in change)
        for (state, _), change in zip(placed, changes, strict=True)
    ]
    return dict(zip(SIDES, states, strict=True)), " ".join(said for _, said in placed if said)


def _at(state: ModelState, level: object) -> tuple[ModelState, str]:
    """Return a state at a level, if one is asked for, with what that level can have; and say what had to give."""
    if level is None:
        return state, ""
    return within_limits(replace(state, level=Level.parse(level).name), state.level)


def _named(pair: Pair) -> list[tuple[str, Shown]]:
    return [(side, pair.of(side)) for side in SIDES]


def _sides(pair: Pair) -> tuple[Side, Side]:
    one, other = (Side(shown.segment, shown.measures) for _, shown in _named(pair))
    return one, other


def _wider(pair: Pair) -> tuple[float, float]:
    """Return the half width and half height, mm, that hold both pictures."""
    halves = [shown.section.plane.half for _, shown in _named(pair)]
    return max(wide for wide, _ in halves), max(high for _, high in halves)


def _field(shown: Shown, half: tuple[float, float]) -> Section:
    """Return the section in a field of that size: at one scale the smaller one would end in mid-bone."""
    plane = shown.section.plane
    return shown.section if plane.half == half else cut(shown.segment, replace(plane, half=half))


def _common(boxes: list[list[float]]) -> list[float]:
    """Return the box, centred where the others are, that holds them all."""
    wide, high = (max(box[place] for box in boxes) for place in (2, 3))
    return [-wide / 2, -high / 2, wide, high]


def _page(pair: Pair, kept: str) -> dict[str, Any]:
    sides = _sides(pair)
    return {
        "names": list(short_names(*sides)),
        "rows": [row.as_dict() for row in differences(*sides)],
        "sentence": f"{kept} {sentence(*sides)}".strip(),
        "caption": "Difference: the second picture less the first.",
        "note": _NOTE,
        "message": "",
    }


def _where(shown: Shown) -> str:
    root = Level.parse(shown.state.level).exiting_root
    place = f"{heading(shown.measures)}, {state_words(shown.segment)}"
    return f"{place}. The {root} root touches {touched(shown.measures)}."


def _controls(pair: Pair) -> dict[str, Control]:
    """Make every control; values and limits come with the first states."""
    made: dict[str, Control] = {
        "pair": Buttons({name: words[0] for name, words in PAIRS.items()}, label="What to compare"),
        "reset": Buttons({"reset": "Reset"}, label="Reset"),
        "plane": Choice(PLANE_NAMES, label="Plane of both", display="select"),
        "angle": Slider(label="Rotated from the sagittal", unit="°", min=0, max=80, step=1, value=_OBLIQUE),
        "theme": colours(),
    }
    for side, shown in _named(pair):
        made |= {f"{side}.{name}": control for name, control in _short_controls(side, shown).items()}
    return made


def _short_controls(side: str, shown: Shown) -> dict[str, Control]:
    which = "first" if side == "left" else "second"
    postures = {**PRESETS, _OWN: "As set"}
    made: dict[str, Control] = {
        "level": Choice(MODELLED, label=f"Level, {which}", display="select"),
        "side": Choice({"left": "Left", "right": "Right"}, label=f"Side, {which}", display="select"),
        "build": Choice({name: name.capitalize() for name in BUILDS}, label=f"Build, {which}", display="select"),
        "preset": Choice(postures, label=f"Posture, {which}", display="select"),
    }
    for name in ("flexion", "disc_loss"):
        words = {**SLIDERS[name], "label": f"{SLIDERS[name]['label']}, {which}"}
        low, high = shown.segment.limits[name]
        made[name] = Slider(**words, min=low, max=high, value=0.0, neutral=0.0 if low < 0 else None)
    return made


def _fit_controls(controls: Mapping[str, Control], pair: Pair) -> None:
    """Bring the controls in line with the states; what is right already costs nothing."""
    plane, _, angle = pair.left.state.plane.partition(":")
    controls["plane"].value = plane
    if angle:
        controls["angle"].value = float(angle)
    controls["angle"].layout.display = None if angle else "none"
    for side, shown in _named(pair):
        state = shown.state
        for name, value in (("level", state.level), ("side", state.side), ("build", state.build)):
            controls[f"{side}.{name}"].value = value
        controls[f"{side}.preset"].value = active_preset(state) or _OWN
        for name in ("flexion", "disc_loss"):
            fit_slider(controls[f"{side}.{name}"], getattr(state, name), shown.segment.limits[name])
