"""Causes: grow what narrows a foramen, after saying which root it will meet and what it will do to the room.

A control changes the state; the state is cut, measured and graded once, and the view receives what changed. The
answer to every question is read off the geometry. There is one way from state to picture, and one place where a
refusal becomes a sentence.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from foramlib.apps.causes_state import (
    GROUPS,
    PICTURES,
    ROOM_ANSWERS,
    WEAR,
    Cause,
    Now,
    asked,
    cause_of,
    choices_at,
    from_preset,
    look,
    root_answers,
    verdict,
    with_lesions,
)
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
from foramlib.apps.section_view import SectionView
from foramlib.apps.steered import Steered
from foramlib.errors import InvalidInput
from foramlib.figures.readings import readings
from foramlib.figures.room_words import changed_words, fat_words, grade_words, room_readings, root_words
from foramlib.figures.scene import scene
from foramlib.figures.words import listed, lower_first, state_words
from foramlib.learning.patient import load_patient
from foramlib.spine.lesions import GRADES, kinds
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.presets import presets
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.figures.charts.severity import RoomCurve

__all__ = ["GROUPS", "PICTURES", "WEAR", "Causes", "causes"]

SCHEMA = "Wearing is a schema: an order taken from the literature, not a course that every spine follows."
_MOVED = ("level", "side", "plane", "lesion", "mm", "where", "zone", "wear", "flexion")
_LOCKED = "Say what you expect first, or press Grow it without a guess."


class Causes(Steered):
    """A living section of one segment, and one lesion that grows in it.

    Parameters
    ----------
    cause : Cause
        What to show first.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    now : Now
        The present state with all that is made from it.
    view, normal : SectionView
        The picture, and the healthy one beneath it where that is asked for.
    released : bool
        Whether the lesion may be grown: a prediction was made, or waived.

    Raises
    ------
    InvalidInput
        If the first state or the theme is refused.
    """

    _themed = ("view", "normal")
    view: SectionView

    def __init__(self, cause: Cause, *, theme: str = "auto", strict: bool = False) -> None:
        theme = check_theme(theme)
        self.strict = strict
        self.now = look(cause)
        self.released = bool(cause.lesions())
        self._start, self._before, self._last = cause, self.now, ""
        self._verdict = ""
        self._curve: tuple[tuple[object, ...], RoomCurve] | None = None
        self.controls = _controls(cause)
        self.view, self.normal = SectionView(theme=theme), SectionView(theme=theme)
        self.words, self._chart = ipywidgets.HTML(), ipywidgets.HTML()
        self._below = ipywidgets.VBox([])
        self.widget = self._arranged()
        self._set_theme(theme)
        self._fit()
        self._draw(state_words(self.now.segment).capitalize())
        self.words.value = _page(self._told())
        self._listen()

    @property
    def state(self) -> dict[str, Any]:
        """The state as plain data; see :class:`foramlib.apps.causes_state.Cause`."""
        return asdict(self.now.cause)

    def set(self, **changes: object) -> None:
        """Change the state; a refusal is said under the picture, and the last good state stays."""
        self._attempt(lambda: (cause_of({**self.state, **changes}), ""), "Set", release=True)

    def preset(self, name: str) -> None:
        """Go to a preset by its name; an unknown one is said under the picture."""
        now = self.now.cause
        label = presets()[name].label if name in presets() else "Preset"
        self._attempt(lambda: (from_preset(name, now.plane, now.side), ""), label, release=True)

    def reset(self) -> None:
        """Go back to the state in which the app opened, with the prediction open again."""
        self.released, self._verdict = bool(self._start.lesions()), ""
        self._attempt(lambda: (self._start, ""), "Reset")

    def commit(self) -> None:
        """Judge the prediction by the geometry, and let the lesion grow."""
        self._attempt(self._judged, "", release=True)

    def waive(self) -> None:
        """Let the lesion grow without a prediction."""
        self._attempt(lambda: (self.now.cause, ""), "Grow it", release=True)

    def describe(self) -> str:
        """Say what is shown: heading, description, roots, fat, grades and readings."""
        lines = [self.view.scene["heading"], self.view.scene["description"], *self._told()]
        lines += [f"{one['label']}: {one['value']} {one['unit']} · {one['text']}" for one in self.view.readings]
        return "\n".join(lines)

    @property
    def snapshot(self) -> dict[str, Any]:
        """State, figures and scene of this moment as plain data."""
        return {"state": self.state, "measures": self.now.measures.as_dict(), "scene": dict(self.view.scene)}

    # From control to state.

    def _arranged(self) -> ipywidgets.Widget:
        guess = [self.controls[name] for name in ("guess_root", "guess_room", "commit")]
        side = [self.controls[name] for name in ("level", "lesion", "zone", "where")] + guess
        side += [self.controls[name] for name in ("mm", "wear", "keep", "flexion", "plane", "side")]
        side += [self.controls[name] for name in ("compare", "chart", "theme")]
        top = [self.controls["preset"], self.controls["reset"]]
        picture = ipywidgets.VBox([self.view, self.words, self._below])
        return arrange(picture, side, top)

    def _listen(self) -> None:
        for name in _MOVED:
            self.controls[name].observe(self._on_control, "value")
        self.controls["preset"].observe(self._on_preset, "value")
        self.controls["reset"].observe(lambda _: self.reset(), "presses")
        self.controls["commit"].observe(self._on_commit, "presses")
        self.controls["keep"].observe(self._on_keep, "presses")
        for name in ("compare", "chart"):
            self.controls[name].observe(lambda _: self._attempt(lambda: (self.now.cause, ""), ""), "value")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")
        self.view.observe(lambda _: self._paint_below(), "shade")

    def _on_preset(self, change: Mapping[str, Any]) -> None:
        if change["new"] and not self._setting:
            self.preset(change["new"])

    def _on_commit(self, change: Mapping[str, Any]) -> None:
        self.commit() if change["owner"].value == "commit" else self.waive()

    def _on_keep(self, change: Mapping[str, Any]) -> None:
        kept = tuple(one.written for one in self.now.cause.lesions()) if change["owner"].value == "keep" else ()
        alone = replace(self.now.cause, lesion="", mm=0.0, where="", zone="", wear=0.0, kept=kept)
        self._attempt(lambda: (cause_of(asdict(alone)), ""), "Kept" if kept else "Nothing kept")

    def _on_control(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            control: Control = change["owner"]
            moved = next(name for name in _MOVED if self.controls[name] is control)
            self._attempt(lambda: self._asked(moved), _said(control), key=control.label)

    def _asked(self, moved: str) -> tuple[Cause, str]:
        """State that one control asks for; a new lesion starts from nothing, and asks for a prediction."""
        old = self.now.cause
        anew = {"mm": 0.0, "wear": 0.0, "zone": "", "where": ""} if moved == "lesion" else {}
        made, kept = asked(replace(old, **{**anew, moved: self.controls[moved].value}), old)
        grown = made.mm > old.mm or made.wear > old.wear
        if not self.released and grown and made.lesion == old.lesion:
            raise InvalidInput(_LOCKED)
        if (made.level, made.lesion, made.zone) != (old.level, old.lesion, old.zone) and not (made.mm or made.wear):
            self.released, self._verdict = False, ""
        return cause_of(asdict(made)), kept

    def _judged(self) -> tuple[Cause, str]:
        root, room = self.controls["guess_root"].value, self.controls["guess_room"].value
        if not (root and room):
            raise InvalidInput("Choose which root it will touch and what the room will do; then commit.")
        self._verdict = verdict(self.now.cause, root, room)
        return self.now.cause, self._verdict

    def _attempt(
        self, make: Callable[[], tuple[Cause, str]], control: str, *, key: str = "", release: bool = False
    ) -> None:
        """Make a state and draw it, or say why not."""
        with self._saying_refusals():
            cause, first = make()
            self._go(cause, control, key, first, release=release)

    # From state to picture.

    def _go(self, cause: Cause, control: str, key: str, first: str, *, release: bool) -> None:
        if not key or key != self._last:
            # A drag is told from where it began, not from its last step.
            self._before, self._last = self.now, key
        if cause != self.now.cause:
            self.now = look(cause)
        self.released = self.released or release
        # The picture first: it is what the hand waits for.
        self._draw(control, first)
        self._fit()
        self.words.value = _page(self._told())
        self._paint_below()

    def _draw(self, control: str, first: str = "") -> None:
        now = self.now
        same = self._before.cause.level == now.cause.level and self._before.cause.side == now.cause.side
        before = self._before.roots if same else now.roots
        told = changed_words(control, now.segment, before, now.roots, now.grades) if control else ""
        with self.view.hold_sync():
            self.view.caption = f"{state_words(now.segment).capitalize()}. Teaching model, not a patient."
            self.view.show(
                scene(now.segment, now.section, now.measures),
                sentence=" ".join(part for part in (first, told) if part) or None,
                readings=[*room_readings(now.roots), *readings(now.measures)[-2:]],
            )

    def _told(self) -> list[str]:
        now = self.now
        lines = [f"{root_words(now.segment, root)}." for root in now.roots]
        lines += [_unseen(now)]
        lines += [fat_words(now.fat)]
        lines += [grade_words(now.grades), self._verdict]
        lines += [SCHEMA] if now.cause.lesion == WEAR else []
        return [line for line in lines if line]

    def _paint_below(self) -> None:
        """Draw the healthy state and the chart, where they are asked for."""
        shown: list[ipywidgets.Widget] = []
        if self.controls["compare"].value:
            self._draw_normal()
            shown.append(self.normal)
        if self.controls["chart"].value:
            self._draw_chart()
            shown.append(self._chart)
        if tuple(shown) != tuple(self._below.children):
            self._below.children = shown

    def _draw_normal(self) -> None:
        other = look(self.now.cause.healthy())
        made = scene(other.segment, other.section, other.measures)
        made["heading"] = f"Without lesions: {made['heading']}"
        self.normal.caption = "Without lesions. Teaching model, not a patient."
        self.normal.show(made, sentence="", readings=room_readings(other.roots))

    def _draw_chart(self) -> None:
        from foramlib.apps.chart import Chart  # noqa: PLC0415 - loads matplotlib, and only on demand
        from foramlib.figures.charts.severity import NAME, RoomCurve  # noqa: PLC0415

        cause = self.now.cause
        if cause.lesion in {"", WEAR}:
            self._chart.value = "<p>Choose one lesion: its chart then stands here.</p>"
            return
        place = (cause.level, cause.side, cause.lesion, cause.zone, cause.flexion)
        if self._curve is None or self._curve[0] != place:
            self._curve = (place, RoomCurve.of(cause.level, cause.lesion, cause.zone, cause.side, cause.flexion))
        self._chart.value = Chart(NAME, replace(self._curve[1], now=cause.mm), self.view.theme).html()

    def _fit(self) -> None:
        with self._quietly():
            _fit_controls(self.controls, self.now.cause, released=self.released)

    def close(self) -> None:
        """Free every widget; the app cannot be shown again."""
        self._below.children = ()
        super().close()
        for part in (self.normal, self._chart):
            part.layout.close()
            part.close()
        for text in (self.words, self._chart):
            text.style.close()


def causes(
    level: str = "C5/6", preset: str | None = None, *, patient: str = "", theme: str = "auto", **state: object
) -> Causes:
    """Open the causes: what narrows a foramen, grown step by step.

    Parameters
    ----------
    level : str
        A level in any common spelling; a preset or a patient brings its own.
    preset : str, optional
        A named state, such as ``"hard-disc-neck"``; see :func:`foramlib.spine.presets.presets`. It is put on the
        ``side`` asked for.
    patient : str
        Id of a made-up patient, such as ``"ruth-adeyemi"``, whose level, side and lesions are taken.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    **state
        ``side``, ``plane``, ``flexion``, ``lesion``, ``mm``, ``where``, ``zone``, ``wear``, ``kept``.

    Raises
    ------
    InvalidInput
        If anything given is unknown or not possible at the level.

    Examples
    --------
    >>> causes("L4/5", lesion="herniation", mm=5, zone="subarticular").now.roots[1].hit
    True
    """
    first: Mapping[str, object] = {"level": level}
    if preset:
        first = asdict(from_preset(preset, side=str(state.get("side", ""))))
    elif patient:
        who = load_patient(patient)
        first = asdict(with_lesions(Cause(who.level, who.side or "left"), who.model_lesions()))
    return Causes(cause_of({**first, **state}), theme=theme)


# -- making


def _controls(cause: Cause) -> dict[str, Control]:
    named = [("", "None"), *((name, one.label) for name, one in presets().items())]
    low, high = Segment.at(cause.level).limits["flexion"]
    return {
        "preset": Choice(named, label="Preset", display="select"),
        "reset": Buttons({"reset": "Reset"}, label="Reset"),
        "level": Choice(MODELLED, label="Level", value=cause.level, display="select"),
        "lesion": Choice(choices_at(cause.level), label="What narrows it", display="select"),
        "zone": Choice({"": "None"}, label="Zone or type", display="select"),
        "where": Choice({"": "None"}, label="Side of it"),
        "guess_root": Choice(root_answers(cause.level), label="Severe: which root will it touch?", display="select"),
        "guess_room": Choice(ROOM_ANSWERS, label="And the room about the root?", display="select"),
        "commit": Buttons({"commit": "Commit", "waive": "Grow it without a guess"}, label="Prediction"),
        "mm": Slider(label="Amount", unit="mm", min=0, max=1, step=0.1),
        "wear": Slider(label="Along the wearing path", unit="%", min=0, max=100, step=1),
        "keep": Buttons({"keep": "Keep it, add another", "clear": "Take all away"}, label="Together"),
        "flexion": Slider(
            label="Flexion",
            unit="°",
            min=low,
            max=high,
            step=0.5,
            value=0,
            below="extension",
            above="flexion",
            neutral=0.0,
        ),
        "plane": Choice(PICTURES, label="Picture"),
        "side": Choice({"left": "Left", "right": "Right"}, label="Side in view, the patient's"),
        "compare": Toggle(label="The healthy state beneath it"),
        "chart": Toggle(label="Room against amount"),
        "theme": colours(),
    }


def _fit_controls(controls: Mapping[str, Control], cause: Cause, *, released: bool) -> None:
    """Bring the controls in line with a state; what is right already costs nothing."""
    own = cause.lesion not in {"", WEAR}
    kind, level = kinds().get(cause.lesion), Level.parse(cause.level)
    _offer(controls["lesion"], choices_at(cause.level), cause.lesion)
    _offer(controls["zone"], _named(kind.zones_at(level)) if kind else [], cause.zone)
    _offer(controls["where"], _named(kind.sides) if kind else [(cause.where, cause.where)], cause.where)
    roots = root_answers(cause.level)
    _offer(controls["guess_root"], roots, controls["guess_root"].value if released else "")
    for name in ("level", "side", "plane"):
        controls[name].value = getattr(cause, name)
    fit_slider(controls["flexion"], cause.flexion, Segment.at(cause.level).limits["flexion"])
    if kind:
        fit_slider(controls["mm"], cause.mm, (0.0, kind.most(level, cause.zone)))
        controls["mm"].label, controls["mm"].note = f"Amount: {kind.measure}", amount_words(cause)
    controls["wear"].value, controls["wear"].note = cause.wear, SCHEMA
    waiting = bool(cause.lesion) and not released
    if waiting and not (cause.mm or cause.wear):
        controls["guess_room"].value = controls["guess_room"].value if controls["guess_root"].value else ""
    shown = {"mm": own, "wear": cause.lesion == WEAR, "zone": bool(cause.zone), "where": own and bool(cause.where)}
    shown |= dict.fromkeys(("guess_root", "guess_room", "commit"), waiting)
    shown["keep"] = bool(cause.lesions())
    for name, there in shown.items():
        controls[name].layout.display = None if there else "none"
    for name in ("mm", "wear"):
        controls[name].disabled = waiting
    found = (name for name in presets() if from_preset(name, cause.plane, cause.side) == cause)
    controls["preset"].value = next(found, "") if cause.lesions() else ""


def amount_words(cause: Cause) -> str:
    """Say how much an amount is: "moderate (none 0, mild 2, moderate 4, severe 6 mm in the model)"."""
    kind = kinds()[cause.lesion]
    reached = [name for name in GRADES if cause.mm >= kind.amounts[name] - 1e-9]
    steps = ", ".join(f"{name} {kind.amounts[name]:g}" for name in GRADES)
    return f"{reached[-1].capitalize()}. In the model: {steps} mm."


def _unseen(now: Now) -> str:
    """Name what narrows the foramen but does not lie in this plane."""
    here = {region.structure.id for region in now.section.regions}
    names = [lower_first(one.name) for one in now.segment.soft if one.tissue == "lesion" and one.id not in here]
    return f"Not in this plane: {listed(names)}." if names else ""


def _named(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(word, "Both sides" if word == "both" else word.capitalize()) for word in words]


def _offer(control: Control, options: list[tuple[str, str]], value: str) -> None:
    """Change the options of a choice and its value together."""
    given = [{"value": one, "label": label} for one, label in (options or [("", "None")])]
    with control.hold_trait_notifications():
        if control.options != given:
            control.options = given
        known = [one["value"] for one in given]
        control.value = value if value in known else known[0]


def _page(lines: list[str]) -> str:
    """Write the words under the picture as a list."""
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<ul style="font-size:14px;line-height:1.45;margin:0;padding-left:20px">{rows}</ul>'


def _said(control: Control) -> str:
    """Say what was set: "Amount 4.0 mm", "Level L4/5"."""
    if isinstance(control, Slider):
        unit = control.unit if control.unit == "°" else f" {control.unit}"
        digits = 1 if control.unit == "mm" else 0
        word = control.above if control.value > 0 else control.below if control.value < 0 else ""
        name = (word or control.label).capitalize() if control.below else control.label.partition(":")[0]
        return f"{name} {abs(control.value):.{digits}f}{unit}"
    chosen = control.chosen_label
    return f"{control.label.partition(',')[0]} {chosen[:1].lower()}{chosen[1:]}" if control.label != "Level" else chosen
