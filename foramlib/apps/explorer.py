"""The explorer: one segment of the model, cut by one plane, with everything that may change it.

A control changes the state; the state is cut, measured and drawn once, and the view receives what
changed. There is one way from state to picture, and one place where a refusal becomes a sentence.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from foramlib.apps.controls import (
    Buttons,
    Choice,
    Control,
    Slider,
    arrange,
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
    show,
    with_preset,
    within_limits,
)
from foramlib.apps.steered import Steered
from foramlib.figures.readings import axial_width, readings
from foramlib.figures.scene import scene
from foramlib.figures.words import state_words, what_changed
from foramlib.learning.state import ModelState
from foramlib.spine.builds import BUILDS
from foramlib.spine.levels import MODELLED, Level, parse_side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import ipywidgets

    from foramlib.spine.foramen import Measures

__all__ = ["POSTURE", "PRESETS", "Explorer", "explorer"]

_OBLIQUE = 20.0  # degrees at which the oblique plane opens: neither of the other two


class Explorer(Steered):
    """A living section of one motion segment, with its controls.

    Parameters
    ----------
    state : ModelState
        What to show first.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    view : SectionView
        The picture with its words and readings.
    controls : dict of str to Control
        Every control by name.
    widget : ipywidgets.Widget
        Picture and controls together; the explorer shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If the first state or the theme is refused.
    """

    view: SectionView

    def __init__(self, state: ModelState, *, theme: str = "auto", strict: bool = False) -> None:
        theme = check_theme(theme)
        self.strict = strict
        self.shown = show(state)
        self._baseline: Measures | None = None
        self._last_control = ""
        self._start = self.shown.state
        self.controls = _controls(self.shown)
        self.view = SectionView(theme=theme)
        self.widget = self._arranged()
        self._set_theme(theme)
        self._draw(state_words(self.shown.segment).capitalize())
        self._listen()

    @classmethod
    def from_state(cls, state: Mapping[str, Any], *, theme: str = "auto", strict: bool = False) -> Explorer:
        """Open the explorer in a state as :attr:`state` gives it; what is left out is neutral.

        Raises
        ------
        InvalidInput
            If a name is unknown, the level is missing or the model refuses a value.
        """
        return cls(model_state(state), theme=theme, strict=strict)

    @property
    def state(self) -> dict[str, Any]:
        """The state as plain data: level, side, plane, build, posture, disc height lost, focus, lesions."""
        return asdict(self._present)

    @property
    def _present(self) -> ModelState:
        # The focus lives in the view, where the reader sets it.
        return replace(self.shown.state, focus=self.view.focus)

    @property
    def measures(self) -> Measures:
        """What is measured in the present state."""
        return self.shown.measures

    def set(self, **changes: object) -> None:
        """Change the state; a refusal is said under the picture, and the last good state stays.

        Parameters
        ----------
        **changes
            ``level``, ``side``, ``plane``, ``build``, ``flexion``, ``bend``, ``rotation``, ``disc_loss``, ``focus``,
            ``lesions``.
        """
        self._attempt(lambda: model_state({**self.state, **changes}), control="Set")

    def preset(self, name: str) -> None:
        """Go to a preset of :data:`PRESETS` at the present level; an unknown one is said under the picture."""
        self._attempt(lambda: with_preset(name, self._present), control=PRESETS.get(name, "Preset"))

    def reset(self) -> None:
        """Go back to the state in which the explorer opened."""
        self._attempt(lambda: self._start, control="Reset")

    def describe(self) -> str:
        """Say what is shown: heading, description, and what changed last."""
        lines = [self.view.scene["heading"], self.view.scene["description"]]
        for reading in self.view.readings:
            unit = reading["unit"]
            source = f" ({reading['source']['text']})" if reading["source"] else ""
            lines.append(f"{reading['label']}: {reading['value']} {unit} · {reading['text']}{source}")
        return "\n".join(lines)

    @property
    def snapshot(self) -> dict[str, Any]:
        """State, figures and scene of this moment as plain data, for tests and saved work."""
        return {"state": self.state, "measures": self.measures.as_dict(), "scene": dict(self.view.scene)}

    # From control to state.

    def _arranged(self) -> ipywidgets.Widget:
        names = ("level", "side", "plane", "angle", *POSTURE, "build", "theme")
        side = [self.controls[name] for name in names]
        return arrange(self.view, side, [self.controls["preset"], self.controls["reset"]])

    def _listen(self) -> None:
        for name in ("level", "side", "plane", "angle", *POSTURE, "build"):
            self.controls[name].observe(self._on_control, "value")
        self.controls["preset"].observe(lambda change: self.preset(change["owner"].value), "presses")
        self.controls["reset"].observe(lambda _: self.reset(), "presses")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _on_control(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            control: Control = change["owner"]
            moved = next(name for name, one in self.controls.items() if one is control)
            self._attempt(lambda: self._asked(moved), control=_said(control), moved=moved)

    def _asked(self, moved: str) -> ModelState:
        """State that one control asks for: its own field is new, and all others stay as they are."""
        value = self.controls[moved].value
        if moved in {"plane", "angle"}:
            name = self.controls["plane"].value
            moved, value = "plane", f"oblique:{self.controls['angle'].value:g}" if name == "oblique" else name
        return replace(self._present, **{moved: value})

    def _attempt(self, make: Callable[[], ModelState], *, control: str, moved: str = "") -> None:
        """Make a state and draw it, or say why not; ``moved`` names the control that is being moved, if one is."""
        with self._saying_refusals():
            state, kept = within_limits(make(), self.shown.state.level, moved)
            self._go(show(state), control, moved, kept)

    # From state to picture.

    def _go(self, shown: Shown, control: str, moved: str, kept: str) -> None:
        if not moved or moved != self._last_control:
            # A drag is told from where it began, not from its last step.
            self._baseline, self._last_control = self.shown.measures, moved
        self.shown = shown
        self._fit()
        self._draw(control, kept)

    def _draw(self, control: str, kept: str = "") -> None:
        shown = self.shown
        sentence = what_changed(self._baseline, shown.measures, control)
        axial = shown.section.plane.kind == "axial"
        with self.view.hold_sync():
            self.view.focus = _focus_id(shown, shown.state.focus)
            self.view.caption = f"{state_words(shown.segment).capitalize()}. Teaching model, not a patient."
            self.view.show(
                scene(shown.segment, shown.section, shown.measures),
                sentence=f"{kept} {sentence}".strip(),
                readings=[*readings(shown.measures), *(axial_width(shown.segment, shown.state.side) if axial else [])],
            )

    def _fit(self) -> None:
        with self._quietly():
            _fit_controls(self.controls, self.shown)


def explorer(
    level: str = "C5/6",
    *,
    side: str = "left",
    plane: str = "foramen",
    preset: str = "neutral",
    build: str = "typical",
    focus: str = "",
    lesions: str | Sequence[str] = (),
    theme: str = "auto",
    **posture: float,
) -> Explorer:
    """Open the explorer.

    Parameters
    ----------
    level, side : str
        A level in any common spelling, and the patient's ``"left"`` or ``"right"``.
    plane : str
        ``"foramen"``, ``"sagittal"``, ``"oblique:DEG"``, ``"axial-disc"``, ``"axial-pedicle"`` or ``"coronal"``.
    preset, build : str
        One of :data:`PRESETS`; ``"small"``, ``"typical"`` or ``"large"``.
    focus : str
        Id of a structure to point at, such as ``"ganglion.left"``, or "".
    lesions : str or sequence of str
        What narrows it, as the command takes it, such as ``"facet_hypertrophy=3"``; on `side` unless it names another.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    **posture
        ``flexion``, ``bend``, ``rotation`` (degrees) and ``disc_loss`` (mm), over what the preset sets.

    Raises
    ------
    InvalidInput
        If anything given is unknown or beyond what the level allows.

    Examples
    --------
    >>> explorer("C5/6", flexion=6).state["flexion"]
    6.0
    """
    first = with_preset(preset, ModelState(Level.parse(level).name, side=parse_side(side), plane=plane, build=build))
    asked = {**asdict(first), "focus": focus, "lesions": lesions, **posture}
    return Explorer(model_state(asked), theme=theme)


def _focus_id(shown: Shown, focus: str) -> str:
    """Id of a structure in this section from its id, or from its kind; the side in view counts.

    What the section does not show keeps its id: the next plane may show it.
    """
    if not focus:
        return ""
    known = [region.structure.id for region in shown.section.regions]
    kind = focus.removesuffix(".left").removesuffix(".right")
    sided = f"{kind}.{shown.state.side}"
    found = [name for name in known if name in {focus, sided} or name.endswith((f".{focus}", f".{sided}"))]
    return focus if focus in found or not found else found[-1]


def _controls(shown: Shown) -> dict[str, Control]:
    """Make every control; values and limits come with the first state."""
    made: dict[str, Control] = {
        "preset": Buttons(PRESETS, label="Presets"),
        "reset": Buttons({"reset": "Reset"}, label="Reset"),
        "level": Choice(MODELLED, label="Level", display="select"),
        "side": Choice({"left": "Left", "right": "Right"}, label="Side, the patient's"),
        "plane": Choice(PLANE_NAMES, label="Plane", display="select"),
        "angle": Slider(label="Rotated from the sagittal", unit="°", min=0, max=80, step=1, value=_OBLIQUE),
    }
    for name, words in SLIDERS.items():
        low, high = shown.segment.limits[name]
        made[name] = Slider(**words, min=low, max=high, value=0.0, neutral=0.0 if low < 0 else None)
    made["build"] = Choice({name: name.capitalize() for name in BUILDS}, label="Build", value="typical")
    made["theme"] = colours()
    _fit_controls(made, shown)
    return made


def _fit_controls(controls: Mapping[str, Control], shown: Shown) -> None:
    """Bring the controls in line with a state; what is right already costs nothing."""
    state = shown.state
    name, _, angle = state.plane.partition(":")
    for control, value in (("level", state.level), ("side", state.side), ("plane", name), ("build", state.build)):
        controls[control].value = value
    if angle:
        controls["angle"].value = float(angle)
    controls["angle"].layout.display = None if angle else "none"
    for control in POSTURE:
        fit_slider(controls[control], getattr(state, control), shown.segment.limits[control])
    controls["preset"].active = active_preset(state)


def _said(control: Control) -> str:
    """Say what was set: "Flexion 6°", "Side right"."""
    if isinstance(control, Slider):
        return _said_slider(control)
    chosen, name = control.chosen_label, control.label.partition(",")[0]
    return f"{name} {chosen.partition(',')[0].lower() if name != 'Level' else chosen}"


def _said_slider(slider: Slider) -> str:
    size = f"{abs(slider.value):g}{'' if slider.unit == '°' else ' '}{slider.unit}"
    word = slider.above if slider.value > 0 else slider.below if slider.value < 0 else ""
    if slider.label.lower() in {slider.above, slider.below} and word:
        return f"{word.capitalize()} {size}"
    return f"{slider.label} {size}{f' {word}' if word else ''}"
