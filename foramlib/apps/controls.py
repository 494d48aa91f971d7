"""Controls with a native label and a native input, usable wherever an ipywidget is.

A :class:`Slider`, a :class:`Choice`, a :class:`Toggle`, a :class:`Day` and a row of :class:`Buttons`. Each has a
``value`` which works with ``observe``, ``jslink`` and ``link``. While the kernel is busy the browser
keeps one change in flight and sends the last one after it, so a drag leaves no backlog and the final
value always arrives. :func:`arrange` puts a picture and its controls side by side, or one above the
other where the page is narrow.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import ipywidgets
import traitlets

from foramlib.apps.assets import script, style
from foramlib.errors import InvalidInput
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Options = Mapping[str, str] | Iterable[str | tuple[str, str]]

THEMES = ("auto", "light", "dark", "projector")


def check_theme(theme: str) -> str:
    """Return a theme that an app can be asked for.

    Raises
    ------
    InvalidInput
        If it is none of :data:`THEMES`.
    """
    return one_of(theme, THEMES, "theme")


class Refused(InvalidInput, traitlets.TraitError):
    """A value that a control does not take; as a trait error it makes traitlets keep the old value."""


class Given(traitlets.TraitType[Any, Any]):
    """Takes whatever is given, None too, so that the control's own check can name it."""

    def validate(self, obj: Any, value: Any) -> Any:  # noqa: ANN401, ARG002 - traitlets asks for it
        """Pass the value on."""
        return value


class Control(anywidget.AnyWidget):
    """What every control has: words, a state, and one way to refuse a value.

    Attributes
    ----------
    label
        Visible name, which is also the accessible one.
    note
        One line under the label, or empty.
    disabled
        Whether the control is locked.
    theme
        ``"auto"`` (follow JupyterLab, else the system), ``"light"``, ``"dark"`` or ``"projector"``.
    message
        One sentence shown at the control as an alert, or empty. A refused value from the browser is
        said here; the next good value clears it.
    """

    _esm: ClassVar[str] = script("theme.js", "controls.js")
    _css: ClassVar[str] = style("theme.css", "controls.css")

    kind = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(default_value=False).tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a change from the browser; say and undo one that is refused."""
        try:
            super().set_state(sync_data)
        except Refused as refusal:
            self.message = str(refusal)
            self.send_state(list(sync_data))

    @traitlets.observe("value")
    def _clear_message(self, _change: object) -> None:
        self.message = ""


class Slider(Control):
    """A number on a native range input, with its unit in view and in words.

    Parameters
    ----------
    label
        What is set, in words: ``"Disc height lost"``.
    value, min, max, step
        Numbers in `unit`; `value` lies between `min` and `max`.
    unit
        ``"°"``, ``"mm"`` …, printed behind the number.
    below, above
        Words for values under and over zero; with them 8 reads ``8° flexion`` and -8 reads
        ``8° extension``, and they stand at the ends of the track.
    neutral
        Where a small mark stands on the track, or None.
    decimals
        Digits behind the point; -1 takes as many as `step` has.

    Raises
    ------
    InvalidInput
        If a value is not a number or out of range; the last good value stays.

    Examples
    --------
    >>> Slider(label="Flexion", value=0, min=-10, max=10, step=1, unit="°").value
    0.0
    """

    min = traitlets.Float(0.0).tag(sync=True)
    max = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(0.1).tag(sync=True)
    value = Given(0.0).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    below = traitlets.Unicode().tag(sync=True)
    above = traitlets.Unicode().tag(sync=True)
    neutral = traitlets.Float(None, allow_none=True).tag(sync=True)
    decimals = traitlets.Int(-1).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        given = dict(traits)
        value = given.pop("value", given.get("min", 0.0))
        super().__init__(kind="slider", **given)
        if not (math.isfinite(self.min) and math.isfinite(self.max) and self.min < self.max and self.step > 0):
            msg = f"{self.label}: a range from {self.min:g} to {self.max:g} in steps of {self.step:g} cannot be used."
            raise Refused(msg)
        self.value = value

    @traitlets.validate("value")
    def _check(self, proposal: dict[str, Any]) -> float:
        given = proposal["value"]
        number = isinstance(given, (int, float)) and not isinstance(given, bool)
        if number and self.min <= given <= self.max:
            return float(given)
        shown = f"{given:g}" if number else repr(given)
        unit = self.unit if self.unit in {"", "°"} else f" {self.unit}"
        msg = f"{self.label} cannot be {shown}; choose from {self.min:g} to {self.max:g}{unit}."
        raise Refused(msg)


def _pairs(options: Options) -> list[dict[str, str]]:
    """Options as ``[{"value", "label"}]`` from a mapping, pairs or plain words."""
    items = options.items() if hasattr(options, "items") else options
    pairs = [(item, item) if isinstance(item, str) else item for item in items]
    return [{"value": str(value), "label": str(label)} for value, label in pairs]


class _Picking(Control):
    """A control whose value is one of named options."""

    options = traitlets.List(traitlets.Dict()).tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    _may_be_empty: ClassVar[bool] = False

    def __init__(self, options: Options, **traits: object) -> None:
        super().__init__(options=_pairs(options), **traits)

    @property
    def values(self) -> tuple[str, ...]:
        """What `value` may be."""
        return tuple(option["value"] for option in self.options)

    @property
    def chosen_label(self) -> str:
        """The words of the option that is chosen."""
        return next(str(option["label"]) for option in self.options if option["value"] == self.value)

    @traitlets.validate("value")
    def _check(self, proposal: dict[str, Any]) -> str:
        given = str(proposal["value"])
        if given in self.values or (self._may_be_empty and not given):
            return given
        msg = f"{self.label} cannot be {given!r}; choose one of {', '.join(self.values)}."
        raise Refused(msg)


class Choice(_Picking):
    """One of a few options, as radio buttons or as a list that opens.

    Parameters
    ----------
    options
        ``{"C5/6": "C5/6"}``, pairs of value and label, or plain words.
    label
        Name of the group.
    value
        The option chosen first; the first one if not given.
    display
        ``"radio"`` (all in view, a fieldset with its legend) or ``"select"`` (opens).

    Raises
    ------
    InvalidInput
        If a value is none of the options; the last good value stays.
    """

    display = traitlets.Enum(("radio", "select"), "radio").tag(sync=True)

    def __init__(self, options: Options, **traits: object) -> None:
        pairs = _pairs(options)
        if not pairs:
            msg = f"{traits.get('label', 'A choice')} needs at least one option."
            raise Refused(msg)
        chosen = {"value": pairs[0]["value"], **traits}
        super().__init__([(pair["value"], pair["label"]) for pair in pairs], kind="choice", **chosen)


class Toggle(Control):
    """Something that is on or off, as a native checkbox; `value` is True or False."""

    value = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(kind="toggle", **traits)


class Day(Control):
    """A day on the browser's own date input; `value` is text such as ``"2026-11-30"``.

    Attributes
    ----------
    min, max : str
        First and last day that the browser offers.

    Raises
    ------
    InvalidInput
        If a value is no day, or lies outside; the last good value stays.
    """

    min = traitlets.Unicode("2000-01-01").tag(sync=True)
    max = traitlets.Unicode("2099-12-31").tag(sync=True)
    value = Given("2026-01-01").tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(kind="day", **traits)

    @traitlets.validate("value")
    def _check(self, proposal: dict[str, Any]) -> str:
        given = proposal["value"]
        try:
            # Python also reads 20261130 and weeks; the browser writes one form only, and so does isoformat.
            day = given if date.fromisoformat(given).isoformat() == given else ""
        except (TypeError, ValueError):
            day = ""
        if day and self.min <= day <= self.max:
            return day
        raise Refused(f"{self.label} cannot be {given!r}; choose a day from {self.min} to {self.max}.")


class Buttons(_Picking):
    """A row of native buttons: presets, Reset.

    `value` names the button pressed last and `presses` counts, so that the same button pressed twice
    is heard twice: observe `presses` and read `value`. `active` marks the preset in force.

    Parameters
    ----------
    options
        As for :class:`Choice`.
    label
        Name of the group, which is not drawn.
    """

    presses = traitlets.Int(0).tag(sync=True)
    active = traitlets.Unicode().tag(sync=True)
    _may_be_empty: ClassVar[bool] = True

    def __init__(self, options: Options, **traits: object) -> None:
        super().__init__(options, kind="buttons", **traits)

    def press(self, value: str) -> None:
        """Press a button from Python, as the browser does."""
        with self.hold_trait_notifications():
            self.value = value
            self.presses += 1


def colours(auto: str = "Auto") -> Choice:
    """Make the control that chooses between :data:`THEMES`, with other words for the first one if wanted."""
    named = {name: auto if name == "auto" else name.capitalize() for name in THEMES}
    return Choice(named, label="Colours", display="select")


class Assembled:
    """What every app made of controls has: it shows itself in a cell, and is freed as a whole.

    Attributes
    ----------
    controls : dict of str to Control
        Every control by name.
    widget : ipywidgets.Widget
        All of it; the app shows itself as the last value of a cell.
    """

    controls: dict[str, Control]
    widget: ipywidgets.Widget
    _setting: bool = False  # while the app moves its own controls
    _themed: ClassVar[tuple[str, ...]] = ("view",)  # what has a theme beside the controls

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Move the app's own controls within, without being called back for it."""
        self._setting = True
        try:
            yield
        finally:
            self._setting = False

    def _set_theme(self, theme: str) -> None:
        for part in (*(getattr(self, name) for name in self._themed), *self.controls.values()):
            part.theme = theme
        self.controls["theme"].value = theme

    def close(self) -> None:
        """Free every widget; the app cannot be shown again."""
        for control in self.controls.values():
            control.unobserve_all()
        close_all(self.widget)

    def _repr_mimebundle_(self, **options: Any) -> object:  # noqa: ANN401 - Jupyter's own protocol
        return self.widget._repr_mimebundle_(**options)


def arrange(
    picture: ipywidgets.Widget,
    controls: Iterable[ipywidgets.Widget],
    top: Iterable[ipywidgets.Widget] = (),
) -> ipywidgets.Widget:
    """Put a picture (two thirds) and its controls side by side, `top` (presets, Reset) above both.

    Below 720 px it becomes one column: presets, picture with its sentence, controls, readings.
    """
    side = ipywidgets.VBox(list(controls))
    head = ipywidgets.Box(list(top))
    body = ipywidgets.Box([head, picture, side])
    outer = ipywidgets.Box([body])
    for box, name in ((picture, "picture"), (side, "side"), (head, "head"), (body, "body"), (outer, "app")):
        box.add_class(f"foramlib-{name}")
    return outer


def fit_slider(slider: Control, value: float, limits: tuple[float, float]) -> None:
    """Set value and limits together: the widest range first, so that neither refuses the other."""
    if (slider.min, slider.max) == limits:
        slider.value = value
        return
    with slider.hold_sync():
        slider.min, slider.max = min(slider.min, limits[0]), max(slider.max, limits[1])
        slider.value = value
        slider.min, slider.max = limits


def close_all(widget: ipywidgets.Widget) -> None:
    """Free a widget and all that it holds."""
    for part in [*_descendants(widget), widget]:
        part.layout.close()
        part.close()


def _descendants(widget: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    children = list(getattr(widget, "children", ()))
    return [*children, *(below for child in children for below in _descendants(child))]
