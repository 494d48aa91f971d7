"""The scan app: a section of the model and the image that a scanner would make of it, under one cursor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.apps.controls import (
    Buttons,
    Choice,
    Control,
    Slider,
    Toggle,
    arrange,
    check_theme,
    colours,
    fit_slider,
)
from foramlib.apps.scan_view import ScanView
from foramlib.apps.states import PLANE_NAMES, SLIDERS, model_state, within_limits
from foramlib.apps.steered import Steered
from foramlib.errors import InvalidInput
from foramlib.figures.scan import Seen, settings_words, what_changed
from foramlib.imaging.scan import SEQUENCES, Scanner, Settings
from foramlib.learning.patient import load_patient
from foramlib.learning.state import ModelState
from foramlib.spine.levels import MODELLED, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import ipywidgets


__all__ = ["PRESETS", "ScanApp", "scan"]

# Each preset is a change of settings or of the model; the window presets are CT's.
PRESETS: Mapping[str, str] = MappingProxyType(
    {
        "usual": "Usual settings",
        "thick": "Thick slice",
        "noisy": "Noisy",
        "dry-disc": "Dry disc",
        "bone-window": "CT, bone window",
        "soft-window": "CT, soft-tissue window",
    }
)
_MODEL = tuple(field.name for field in fields(ModelState))
_SETTINGS = tuple(field.name for field in fields(Settings))
_OBLIQUE = 20.0
_WIDTHS = MappingProxyType({"MR": (5.0, 150.0), "CT": (100.0, 4000.0)})
_LEVELS = MappingProxyType({"MR": (0.0, 100.0), "CT": (-200.0, 1500.0)})


@dataclass(frozen=True)
class ScanState:
    """What is scanned and how: the model's state with its lesions, and the scanner's settings."""

    model: ModelState
    settings: Settings


class ScanApp(Steered):
    """Anatomy and image of the same plane, with the scanner's controls.

    Parameters
    ----------
    state : ScanState
        What to show first.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``; the image stays black in each.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    view : ScanView
        The two pictures with their words.
    seen : Seen
        What is shown now.
    controls : dict of str to Control
        Every control by name.
    """

    view: ScanView

    def __init__(self, state: ScanState, *, theme: str = "auto", strict: bool = False) -> None:
        theme = check_theme(theme)
        self.strict = strict
        self._scanner = Scanner()
        self._start = self._state = state
        self._lesions, self._home = state.model.lesions, state.model.level
        self.seen = self._look(state)
        self._baseline: Seen | None = None
        self._last = ""
        self.controls = _controls(state, self.seen)
        self.view = ScanView(theme=theme)
        self.widget = self._arranged()
        self._set_theme(theme)
        self._fit()
        self._draw("Opened")
        self._listen()

    @property
    def state(self) -> dict[str, Any]:
        """The state as plain data: level, side, plane, posture …, sequence, thickness, noise, window."""
        return {**asdict(self._state.model), **asdict(self._state.settings)}

    def set(self, **changes: object) -> None:
        """Change the state; a refusal is said under the pictures, and the last good state stays."""
        own = {"window": None} if "sequence" in changes else {}
        self._attempt(lambda: scan_state({**self.state, **own, **changes}), "Set")

    def preset(self, name: str) -> None:
        """Go to a preset of :data:`PRESETS`; an unknown one is said under the pictures."""
        self._attempt(lambda: _with_preset(name, self._state), PRESETS.get(name, "Preset"))

    def reset(self) -> None:
        """Go back to the state in which the app opened."""
        self._attempt(lambda: self._start, "Reset")

    def describe(self) -> str:
        """Say what is shown: heading, and the image in words."""
        return f"{self.view.plan['heading']}\n{self.view.words['image']}"

    # From control to state.

    def _arranged(self) -> ipywidgets.Widget:
        side = [self.controls[name] for name in (*_STEERING, "labels", "theme")]
        outer = arrange(self.view, side, [self.controls["preset"], self.controls["reset"]])
        outer.add_class("foramlib-scan")
        return outer

    def _listen(self) -> None:
        for name in _STEERING:
            self.controls[name].observe(self._on_control, "value")
        self.controls["preset"].observe(lambda change: self.preset(change["owner"].value), "presses")
        self.controls["reset"].observe(lambda _: self.reset(), "presses")
        self.controls["labels"].observe(lambda change: setattr(self.view, "labels", change["new"]), "value")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _on_control(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            control: Control = change["owner"]
            key = control.label if isinstance(control, Slider) else ""
            moved = next(name for name in _STEERING if self.controls[name] is control)
            self._attempt(lambda: self._asked(moved), _said(control), key)

    def _asked(self, moved: str) -> ScanState:
        """State that one control asks for: its own field is new, and all others stay as they are."""
        value = {name: self.controls[name].value for name in _STEERING}
        model, own = self._state.model, self._state.settings
        if moved in {"plane", "angle"}:
            plane = f"oblique:{value['angle']:g}" if value["plane"] == "oblique" else value["plane"]
            model = replace(model, plane=plane)
        elif moved == "lesions":
            here = model.level == self._home
            model = replace(model, lesions=self._lesions if value["lesions"] and here else ())
        elif moved in _MODEL:
            model = replace(model, **{moved: value[moved]})
        elif moved in {"width", "middle"}:
            own = replace(own, window=(value["width"], value["middle"]))
        elif moved == "sequence":  # a new sequence brings its own window
            own = replace(own, sequence=value["sequence"], window=None)
        else:
            own = replace(own, **{moved: value[moved]})
        return ScanState(model, own)

    def _attempt(self, make: Callable[[], ScanState], control: str, key: str = "") -> None:
        """Make a state and draw it, or say why not."""
        with self._saying_refusals():
            asked, old = make(), self._state.model
            if asked.model.level != old.level and asked.model.lesions and asked.model.lesions == old.lesions:
                asked = replace(asked, model=replace(asked.model, lesions=()))
                control = f"{control}, without the lesions of {old.level}"
            model, kept = within_limits(asked.model, old.level)
            state = replace(asked, model=model)
            self._go(state, self._look(state), control, key, kept)

    def _fault(self, problem: Exception) -> str:
        return f"This state could not be scanned ({type(problem).__name__}); the last good one stays."

    # From state to pictures.

    def _look(self, state: ScanState) -> Seen:
        """Cut, measure and scan a state; what did not change is taken from the present one."""
        old: Seen | None = getattr(self, "seen", None)
        if old is not None and _same_cut(state, self._state):
            return replace(old, scan=self._scanner.scan(old.segment, old.section.plane, state.settings))
        segment = state.model.segment()
        # The same segment as before knows its roots and bones already.
        segment = old.segment if old is not None and old.segment == segment else segment
        return Seen.named(segment, state.model.plane, state.model.side, state.settings, self._scanner)

    def _go(self, state: ScanState, seen: Seen, control: str, key: str, kept: str) -> None:
        if not key or key != self._last:
            # A drag is told from where it began, not from its last step.
            self._baseline, self._last = self.seen, key
        self._state, self.seen = state, seen
        self._fit()
        self._draw(control, kept)

    def _draw(self, control: str, kept: str = "") -> None:
        seen, view = self.seen, self.view
        with view.hold_sync():
            view.show(seen, settings_words(seen.scan))
            view.sentence = f"{kept} {what_changed(self._baseline, seen, control)}".strip()
            view.message = ""

    def _fit(self) -> None:
        with self._quietly():
            _fit_controls(self.controls, self._state, self.seen)
            model = self._state.model
            if model.lesions:
                self._lesions, self._home = model.lesions, model.level
            here = self._lesions and model.level == self._home
            self.controls["lesions"].layout.display = None if here else "none"


def scan(
    level: str = "", *, patient: str = "", lesions: Sequence[str] | str = (), sequence: str = "T2", side: str = "",
    plane: str = "foramen", labels: bool = False, theme: str = "auto", **settings: Any,  # noqa: ANN401 - checked by name
) -> ScanApp:  # fmt: skip
    """Open the scan app.

    Parameters
    ----------
    level, side : str
        In any common spelling; the patient's where they are left out, else C5/6 and ``"left"``.
    patient : str
        Id of a made-up patient, such as ``"helen-osei"``, whose level, side and lesions are taken.
    lesions : sequence of str
        Such as ``"uncovertebral_osteophyte=2.5,side=left"``, as the command takes them.
    sequence : str
        ``"T1"``, ``"T2"``, ``"STIR"`` or ``"CT"``.
    plane : str
        ``"foramen"``, ``"sagittal"``, ``"oblique:DEG"``, ``"axial-disc"``, ``"axial-pedicle"`` or ``"coronal"``.
    labels : bool
        Whether names are drawn from the start.
    theme : str
        ``"auto"`` follows the page; the image itself stays black.
    **settings
        Of the scanner: ``thickness`` (mm), ``noise`` (percent), ``voxel`` (mm), ``seed``, ``window`` (width and level,
        or ``"bone"`` or ``"soft"``), ``view`` (times the usual field). Of the model: posture and disc loss.

    Raises
    ------
    InvalidInput
        If anything given is unknown or beyond what the level allows.

    Examples
    --------
    >>> scan("L4/5", sequence="T1").state["sequence"]
    'T1'
    """
    first = {**_scanned(patient, level, side, lesions), "plane": plane, "sequence": sequence, **settings}
    made = ScanApp(scan_state(first), theme=theme)
    made.controls["labels"].value = bool(labels)
    return made


def _scanned(patient: str, level: str, side: str, lesions: Sequence[str] | str) -> dict[str, Any]:
    """Say what is scanned: what was asked for, with a patient's own level, side and lesions."""
    given = [lesions] if isinstance(lesions, str) else list(lesions)
    if patient:
        person = load_patient(patient)
        level, side = level or person.level, side or person.side
        # At another level than the one that was scanned, a patient's lesions have no place.
        given += person.lesion_texts() if Level.parse(level).name == person.level else ()
    return {"level": level or "C5/6", "side": side or "left", "lesions": given}


def scan_state(values: Mapping[str, Any]) -> ScanState:
    """Read a state from plain data; what is left out is neutral, or the scanner's own.

    Raises
    ------
    InvalidInput
        If a name is unknown, the level is missing, or the model or the scanner refuses a value.
    """
    own = {name: value for name, value in values.items() if name in _SETTINGS}
    model = {name: value for name, value in values.items() if name not in own}
    unknown = sorted(set(model) - set(_MODEL))
    if unknown:
        raise InvalidInput(f"There is no {unknown[0]!r} to set; choose from {', '.join((*_MODEL, *_SETTINGS))}.")
    return ScanState(model_state(model), Settings(**own))


def _same_cut(one: ScanState, other: ScanState) -> bool:
    """Tell whether two states cut the same model in the same place: then outlines and words of the section stay."""
    return (one.model, one.settings.view) == (other.model, other.settings.view)


def _with_preset(name: str, state: ScanState) -> ScanState:
    """Return a state with what a preset sets."""
    model, own = state.model, state.settings
    if name == "usual":
        settings = Settings(own.sequence, seed=own.seed, view=own.view)
        return replace(state, model=replace(model, disc_loss=0.0), settings=settings)
    if name == "dry-disc":
        most = model.segment().limits["disc_loss"][1]
        return replace(state, model=replace(model, disc_loss=round(0.7 * most, 1)))
    changes: Mapping[str, Mapping[str, Any]] = {
        "thick": {"thickness": 8.0},
        "noisy": {"noise": 10.0},
        "bone-window": {"sequence": "CT", "window": "bone"},
        "soft-window": {"sequence": "CT", "window": "soft"},
    }
    if name not in changes:
        raise InvalidInput(f"There is no preset {name!r}; choose one of {', '.join(PRESETS)}.")
    return replace(state, settings=replace(own, **changes[name]))


_STEERING = (
    "sequence",
    "level",
    "side",
    "plane",
    "angle",
    "thickness",
    "noise",
    "width",
    "middle",
    "disc_loss",
    "lesions",
)


def _controls(state: ScanState, seen: Seen) -> dict[str, Control]:
    """Make every control; values and limits come with the first state."""
    low, high = seen.segment.limits["disc_loss"]
    return {
        "preset": Buttons(PRESETS, label="Presets"),
        "reset": Buttons({"reset": "Reset"}, label="Reset"),
        "sequence": Choice(SEQUENCES, label="Sequence", value=state.settings.sequence),
        "level": Choice(MODELLED, label="Level", display="select", value=state.model.level),
        "side": Choice({"left": "Left", "right": "Right"}, label="Side, the patient's"),
        "plane": Choice(PLANE_NAMES, label="Plane", display="select"),
        "angle": Slider(label="Rotated from the sagittal", unit="°", min=0, max=80, step=1, value=_OBLIQUE),
        "thickness": Slider(label="Slice thickness", unit="mm", min=0, max=10, step=0.5, value=3),
        "noise": Slider(label="Noise", unit="%", min=0, max=20, step=1, value=2),
        "width": Slider(label="Window width", min=1, max=4000, step=1, value=60),
        "middle": Slider(label="Window level", min=-200, max=1500, step=1, value=30),
        "disc_loss": Slider(**SLIDERS["disc_loss"], min=low, max=high, value=0.0),
        "lesions": Toggle(label="With the lesions", value=bool(state.model.lesions)),
        "labels": Toggle(label="Names in the pictures", value=False),
        "theme": colours(),
    }


def _fit_controls(controls: Mapping[str, Control], state: ScanState, seen: Seen) -> None:
    """Bring the controls in line with a state."""
    model, own = state.model, state.settings
    name, _, angle = model.plane.partition(":")
    chosen = {"sequence": own.sequence, "level": model.level, "side": model.side, "plane": name}
    for control, value in chosen.items():
        controls[control].value = value
    if angle:
        controls["angle"].value = float(angle)
    controls["angle"].layout.display = None if angle else "none"
    kind = "CT" if own.sequence == "CT" else "MR"
    width, middle = own.shown
    fit_slider(controls["width"], width, _around(_WIDTHS[kind], width))
    fit_slider(controls["middle"], middle, _around(_LEVELS[kind], middle))
    for control, unit in (("width", "HU"), ("middle", "HU")):
        controls[control].unit = unit if kind == "CT" else ""
    fit_slider(controls["thickness"], own.thickness, (0.0, 10.0))
    fit_slider(controls["noise"], own.noise, _around((0.0, 20.0), own.noise))
    fit_slider(controls["disc_loss"], model.disc_loss, seen.segment.limits["disc_loss"])
    controls["lesions"].value = bool(model.lesions)


def _around(limits: tuple[float, float], value: float) -> tuple[float, float]:
    """Widen limits so that a value given in code has its place on the slider."""
    return min(limits[0], value), max(limits[1], value)


def _said(control: Control) -> str:
    """Say what was set: "Slice thickness 6 mm", "Sequence T1, spin echo"."""
    if isinstance(control, Toggle):
        return control.label if control.value else control.label.replace("With", "Without")
    if isinstance(control, Slider):
        gap = "" if control.unit in {"", "°"} else " "
        return f"{control.label} {control.value:g}{gap}{control.unit}"
    return f"{control.label.partition(',')[0]} {control.chosen_label}"
