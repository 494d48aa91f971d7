"""Operate: walk through an operation on the living segment, and see what each step does to root, room and joint.

A control changes the state of the operation; the segment follows from it, is cut and read once, and the views receive
what changed. There is one way from state to picture, and one place where a refusal becomes a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy as np

from foramlib.apps.controls import (
    Assembled,
    Buttons,
    Choice,
    Control,
    Day,
    Slider,
    Toggle,
    arrange,
    check_theme,
    colours,
    fit_slider,
)
from foramlib.apps.operate_words import (
    RESTS_ON,
    answer_lines,
    choices,
    folded,
    leaflet_lines,
    learn_lines,
    page,
    plain,
    score_lines,
    test_lines,
)
from foramlib.apps.section_view import SectionView
from foramlib.apps.states import not_drawn
from foramlib.errors import InvalidInput
from foramlib.figures.operating import axial_scene, gauge_change, gauge_lines, gauge_readings
from foramlib.figures.scene import scene
from foramlib.figures.words import state_words
from foramlib.learning.operating import MODES, Deed, Operating, begin, kept
from foramlib.learning.operations import operation, operations, operations_for
from foramlib.learning.patient import Patient, load_patient
from foramlib.spine.foramen import measure_section
from foramlib.spine.lesions import read_lesions
from foramlib.spine.levels import MODELLED, Level, parse_side
from foramlib.spine.planes import Plane
from foramlib.spine.presets import preset as named_preset
from foramlib.spine.section import cut
from foramlib.spine.surgery.gauges import Gauges, gauges
from foramlib.spine.surgery.presets import facet_span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from foramlib.apps.operate_words import Line
    from foramlib.spine.segment import Segment

__all__ = ["PICTURES", "Operate", "operate"]

PICTURES = {"both": "Both", "foramen": "Section", "axial": "Axial, with muscles"}
PLANES = {"foramen": "Foramen", "sagittal": "Parasagittal", "axial-disc": "Axial, near", "coronal": "Coronal"}
USUAL = {
    ("cervical", "exiting"): ("disc_height_loss=1", "facet_hypertrophy=3"),
    ("lumbar", "exiting"): ("disc_height_loss=3", "facet_hypertrophy=3"),
    ("lumbar", "traversing"): ("flavum_thickening=3", "facet_hypertrophy=3", "bulge=1.5"),
}
"""What presses the root of an operation where neither a preset nor a patient does: a severe stenosis (assumption)."""

BURR = ("burr_x", "burr_y", "burr_z")
_LIMIT = "At most half of the facet is the limit of cadaver work; its weight in patients is debated."


@dataclass(frozen=True)
class Seen:
    """One state with everything made from it."""

    state: Operating
    segment: Segment
    gauges: Gauges


def look(state: Operating) -> Seen:
    """Operate, and read the gauges."""
    segment = state.segment()
    return Seen(state, segment, gauges(segment, state.side, state.operation.root, state.operation.view))


class Operate(Assembled):
    """An operation that is walked through step by step.

    Parameters
    ----------
    state : Operating
        Where it begins.
    patient : Patient, optional
        Whose operation it is; the result is kept with the patient.
    folder : str or pathlib.Path, optional
        The learner's folder; the usual one by default.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    state : Operating
        The present state.
    now : Seen
        The state with its segment and gauges.
    view, axial : SectionView
        The section, and the axial picture with muscles and way.

    Raises
    ------
    InvalidInput
        If the state or the theme is refused.
    """

    def __init__(
        self,
        state: Operating,
        patient: Patient | None = None,
        *,
        folder: str | Path | None = None,
        theme: str = "auto",
        strict: bool = False,
    ) -> None:
        theme = check_theme(theme)
        self.strict, self.patient, self.folder = strict, patient, folder
        self._start, self._setting, self._lost = state, False, ""
        self._solid_of: tuple[Segment, str] | None = None
        self.now = look(state)
        self._last: list[Line] = []
        self._shown: tuple[object, ...] = ()
        self.controls = _controls(self.now)
        self.view, self.axial = SectionView(theme=theme), SectionView(theme=theme)
        self.words, self.beside, self._solid = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.VBox([])
        self.widget = self._arranged()
        self._set_theme(theme)
        self._fit()
        self._draw(state.remark or f"{state.operation.title}, {state.level}, {state.side} side. {state.operation.told}")
        self._listen()

    @property
    def state(self) -> Operating:
        """The present state of the operation."""
        return self.now.state

    def describe(self) -> str:
        """Say what is shown: heading, the step, the gauges."""
        lines = [self.view.scene["heading"], state_words(self.now.segment).capitalize() + ".", self._heading()]
        told = [*self._lines(), *(leaflet_lines(self.state) if self.state.mode == "learn" else [])]
        return "\n".join(
            [*lines, *plain(told), *gauge_lines(self.now.segment, self.now.gauges, self.state.operation.root)]
        )

    # What can be done, from Python as by hand.

    def go(self, name: str) -> None:
        """Bring a step into view."""
        self._attempt(lambda: self.state.going(name), "")

    def do(self) -> None:
        """Do what the step in view does, and go to the next one."""
        self._attempt(lambda: _next(self.state.performing()), f"Done: {self.state.now.title}")

    def bone(self, share: float) -> None:
        """Take bone: a share from 0 to 1."""
        what = self.state.operation.bone[0]
        self._attempt(lambda: self.state.doing(Deed("bone", what, share)), f"Bone removal {100 * share:.0f} %")

    def bite(self) -> None:
        """Take one bite where the burr stands."""
        self._attempt(lambda: self.state.doing(self._burr()), "Burr")

    def undo(self) -> None:
        """Undo the last thing done."""
        self._attempt(self.state.undoing, "Undo")

    def redo(self) -> None:
        """Do the last thing undone again."""
        self._attempt(self.state.redoing, "Redo")

    def decide(self) -> None:
        """Judge the choice of test mode."""
        self._attempt(self._decided, "", judged=True)
        self.controls["choice"].value = ""

    def reset(self) -> None:
        """Begin again."""
        self._last = []
        mode = self.state.mode
        self._attempt(lambda: replace(self._start, mode=mode, remark=""), "Reset")

    def keep(self) -> None:
        """Keep the operation, and with a patient approach and date as well."""
        self._attempt(self._kept, "")

    def set(self, **changes: object) -> None:
        """Begin another operation: ``approach``, ``level``, ``side`` or ``mode``; a refused one is said."""
        self._attempt(lambda: self._other(**changes), "")

    # From control to state.

    def _arranged(self) -> ipywidgets.Widget:
        names = ("level", "approach", "side", "mode", "step", "choice", "decide", "steps", "share", "soft", "history")
        side = [self.controls[name] for name in (*names, "radius", *BURR, "burr", "turns")]
        side += [self.controls[name] for name in ("picture", "plane", "solid", "day", "theme")]
        top = [self.controls["reset"]]
        picture = ipywidgets.VBox([self.words, self.view, self.beside, self.axial, self._solid])
        return arrange(picture, side, top)

    def _listen(self) -> None:
        hear = self.controls
        for name in ("level", "approach", "side", "mode"):
            hear[name].observe(self._on_place, "value")
        hear["step"].observe(self._on_step, "value")
        hear["share"].observe(self._on_share, "value")
        for name in ("picture", "plane", "solid"):
            hear[name].observe(lambda _: None if self._setting else self._attempt(lambda: self.state, ""), "value")
        for name in ("steps", "history", "burr", "decide", "reset", "soft"):
            hear[name].observe(self._on_button, "presses")
        for name in BURR:
            hear[name].observe(self._on_burr, "value")
        hear["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _on_place(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            name = next(key for key, one in self.controls.items() if one is change["owner"])
            self._last = []
            self.set(**{name: change["new"]})

    def _on_step(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            self._last = []
            self.go(change["new"])

    def _on_share(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            self.bone(change["new"] / 100)

    def _on_burr(self, _change: object) -> None:
        if not self._setting and self.controls["turns"].value:
            self.bite()

    def _on_button(self, change: Mapping[str, Any]) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "back": lambda: self.go(self._beside(-1)),
            "do": self.do,
            "next": lambda: self.go(self._beside(1)),
            "undo": self.undo,
            "redo": self.redo,
            "bite": self.bite,
            "decide": self.decide,
            "reset": self.reset,
            "keep": self.keep,
            "flavum": lambda: self._attempt(lambda: self.state.doing(Deed("flavum")), "Ligament and capsule"),
            "ventral": lambda: self._attempt(self._front_taken, "In front of the root"),
        }
        self._last = []
        deeds[change["owner"].value]()

    def _beside(self, by: int) -> str:
        steps = self.state.operation.steps
        return steps[min(max(self.state.place + by, 0), len(steps) - 1)].id

    def _front_taken(self) -> Operating:
        there = [what for what in self.state.in_front() if not any(deed.what == what for deed in self.state.done)]
        if not there:
            raise InvalidInput("There is no fragment or spur left to take on this side.")
        return self.state.doing(Deed("ventral", there[0]))

    def _burr(self) -> Deed:
        x, y, z = (self.controls[name].value for name in BURR)
        inner, _ = facet_span(self.now.segment)
        joint = self.now.segment.stage.joint
        sign = 1.0 if self.state.side == "left" else -1.0
        spot = (sign * (inner + x), float(joint[1]) + y, float(joint[2]) + z)
        return Deed("stroke", radius=self.controls["radius"].value, spot=tuple(np.round(spot, 3).tolist()))

    def _decided(self) -> Operating:
        name, choice = self.controls["step"].value, self.controls["choice"].value
        if not choice:
            raise InvalidInput("Choose what you do in this step first.")
        found = self.state.answering(name, "" if choice == "right" else choice)
        self._last = answer_lines(found, found.answers[-1])
        return found

    def _other(self, **changes: object) -> Operating:
        old = self.state
        level = changes.get("level", old.level)
        place = Level.parse(level if isinstance(level, Level) else str(level))
        approach = str(changes.get("approach", old.approach))
        # Another region brings its own usual operation, unless one was asked for.
        if "approach" not in changes and operation(approach).region != place.region:
            approach = operations_for(place.region)[0]
        side = parse_side(changes.get("side", old.side))
        same = place.name == old.level
        # What a preset, a patient or the call brought stays at its level and side; a usual narrowing moves along.
        chosen = old.lesions != _usual(Level.parse(old.level), old.approach, old.side)
        lesions = old.lesions if same and chosen else _usual(place, approach, side)
        who = self.patient if self.patient is not None and self.patient.level == place.name else None
        if who is not None and not old.patient:  # back at the level that was scanned
            lesions = who.lesion_texts()
        mode = str(changes.get("mode", old.mode))
        made = begin(place, approach, side, lesions, mode=mode, patient=who.id if who else "")
        self._lost = _lost(old, made, chosen=chosen)
        self._start = made
        if made.operation.root != old.operation.root:
            self._show_plane(_usual_plane(made))
        return made

    def _show_plane(self, plane: str) -> None:
        self._setting = True
        try:
            self.controls["plane"].value = plane
        finally:
            self._setting = False

    def _kept(self) -> Operating:
        file = self.state.save(self.folder)
        said = f"Kept in {file.parent.name}/{file.name}."
        if self.patient is not None and self.state.patient:
            state = self.state
            day = str(self.controls["day"].value)
            done = f"{state.operation.short}, {state.level}, {state.side}"
            newest = self.patient.newest(self.folder)
            patient = newest.deciding(approach=state.operation.planner, operation=done).dated(operation=day)
            self.patient = patient
            patient.save(self.folder)
            said = f"{said} {patient.name}'s file now holds approach and day."
        self._last = [("Kept", said)]
        return self.state

    def _attempt(self, make: Callable[[], Operating], said: str, *, judged: bool = False) -> None:
        """Make a state and draw it; the one place where a refusal becomes a sentence."""
        try:
            self._go(make(), said, judged=judged)
        except InvalidInput as problem:
            self._refuse(problem, str(problem))
        except Exception as problem:  # noqa: BLE001 - a class must go on; tests are strict
            self._refuse(problem, not_drawn(problem))

    def _refuse(self, problem: Exception, sentence: str) -> None:
        self._fit()
        self.view.message = sentence
        if self.strict and not isinstance(problem, InvalidInput):
            raise problem

    # From state to picture.

    def _go(self, state: Operating, said: str, *, judged: bool) -> None:
        old = self.now
        changed = _model(state) != _model(old.state)
        self.now = look(state) if changed else replace(old, state=state)
        self._fit()
        sentence = "" if judged and self._last else said
        # Another side is another root: its gauges are no change of those before.
        if changed and _place(state) == _place(old.state):
            told = gauge_change(self.now.segment, old.gauges, self.now.gauges, state.operation.root)
            sentence = f"{said or state.now.title}: {told}"
        elif not sentence:
            sentence = f"{self._last[0][0]}: {self._last[0][1]}" if self._last else self._opening(old.state)
        lost, self._lost = self._lost, ""
        self._draw(" ".join(part for part in (lost, sentence) if part))

    def _draw(self, sentence: str) -> None:
        state, picture, plane = self.now.state, self.controls["picture"].value, self.controls["plane"].value
        shown = (_model(state), picture, plane, self._way_open)
        with self.view.hold_sync():
            if shown != self._shown:
                self._shown = shown
                self._draw_pictures(plane, wide=picture != "foramen")
            self.view.sentence, self.view.message = sentence, ""
        size = 20 if self.view.theme == "projector" else 14
        for part, words in (
            (self.words, page(self._told(), self._heading(), size)),
            (self.beside, self._beside_page(size)),
        ):
            if part.value != words:
                part.value = words
        self._draw_solid()

    def _draw_pictures(self, plane: str, *, wide: bool) -> None:
        """Cut and send what the model shows now."""
        now, state = self.now, self.now.state
        section = cut(now.segment, Plane.named(plane, now.segment, state.side))
        made = scene(now.segment, section, measure_section(now.segment, section))
        self.view.caption = f"{state.operation.title}, {state.level}. Teaching model, not a patient."
        self.view.show(made, readings=gauge_readings(now.gauges, state.operation.root))
        _display(self.axial, shown=wide)
        if wide:
            self._draw_axial()

    @property
    def _way_open(self) -> bool:
        """Whether there is a way in: from the step that opens it to the closure."""
        ids = [one.id for one in self.state.operation.steps]
        return self.state.has("corridor") and self.state.place <= ids.index("closure")

    def _draw_axial(self) -> None:
        now, state = self.now, self.now.state
        made = axial_scene(now.segment, state.side, state.operation.corridor, opened=self._way_open)
        self.axial.caption = self.view.caption
        self.axial.show(made, sentence="", readings=[])

    def _draw_solid(self) -> None:
        from foramlib.apps.solid_view import SolidView  # noqa: PLC0415 - meshes load only on demand

        of = (self.now.segment, self.view.theme) if self.controls["solid"].value else None
        if of == self._solid_of:
            return
        for old in self._solid.children:
            old.close()
        self._solid_of = of
        self._solid.children = ()
        if of is not None:
            view = "posterior-oblique" if self.state.operation.view == "beside" else "posterior"
            made = SolidView(of[0], view=view, side=self.state.side, theme=of[1], strict=self.strict)
            for name in ("level", "side", "theme"):
                if name in made.controls:
                    made.controls[name].layout.display = "none"
            self._solid.children = (made.widget,)

    def _told(self) -> list[Line]:
        """Give the lines over the picture: in learn mode without their sources, which stand under it."""
        lines = self._lines()
        return [one for one in lines if one[0] != RESTS_ON] if self.state.mode == "learn" else lines

    def _beside_page(self, size: int) -> str:
        state = self.state
        if state.mode != "learn":
            return ""
        rests = [one for one in self._lines() if one[0] == RESTS_ON]
        leaflets = folded(leaflet_lines(state), "What leaflets say of this step", size)
        return folded(rests, "What this step rests on", size) + leaflets

    def _opening(self, old: Operating) -> str:
        """Say where we are: the step, or the operation where it is another one."""
        state = self.state
        if _place(old) == _place(state):
            return self._heading()
        return f"{state.operation.title}, {state.level}, {state.side} side. {state.operation.told}"

    def _heading(self) -> str:
        state = self.state
        place = f"Step {state.place + 1} of {len(state.operation.steps)}"
        return f"{place}: {state.now.title}" if state.mode == "learn" else f"Test: {state.operation.short}"

    def _lines(self) -> list[Line]:
        state = self.state
        kind, _, told = state.astray.partition(": ")
        first = [(kind, f"{told[0].upper()}{told[1:]}")] if told else []
        if state.mode == "learn":
            return [*first, *self._last, *learn_lines(state)]
        return [*first, *self._last, *test_lines(state), *(score_lines(state) if state.due else [])]

    def _fit(self) -> None:
        """Bring every control in line with the state, without being called back for it."""
        self._setting = True
        try:
            _fit_controls(self.controls, self.now)
        finally:
            self._setting = False

    def _set_theme(self, theme: str) -> None:
        for part in (self.view, self.axial, *self.controls.values()):
            part.theme = theme
        self.controls["theme"].value = theme

    def close(self) -> None:
        """Free every widget; the app cannot be shown again."""
        self.controls["solid"].value = False
        super().close()


def operate(
    level: str = "C5/6", approach: str | None = None, preset: str | None = None,
    patient: str | Patient | None = None, mode: str = "learn", *, side: str | None = None,
    lesions: str | tuple[str, ...] | None = None, theme: str = "auto", folder: str | Path | None = None,
) -> Operate:  # fmt: skip
    """Open an operation.

    Parameters
    ----------
    level, side : str
        A level in any common spelling, ``"left"`` or ``"right"``; a preset or a patient brings its own.
    approach, preset : str, optional
        A key of :func:`foramlib.learning.operations.operations`, the usual one of the region if left out;
        a named state, such as ``"hard-disc-neck"``.
    patient : str or Patient, optional
        A made-up patient with level, side and lesions; the result is kept in the patient's file.
    mode, theme : str
        ``"learn"`` or ``"test"``; ``"auto"`` (as the page), ``"light"``, ``"dark"`` or ``"projector"``.
    lesions : str or tuple of str, optional
        What narrows it, as the command takes it, such as ``"facet_hypertrophy=3"``; on `side` unless it names another.
        An empty tuple is a healthy segment; where it is left out, a usual narrowing.
    folder : str or pathlib.Path, optional
        The learner's folder; ``my-work`` below the working directory by default.

    Raises
    ------
    InvalidInput
        If anything given is unknown, or level and approach do not go together.

    Examples
    --------
    >>> operate("L4/5", approach="wiltse").state.step
    'indication'
    """
    who = load_patient(patient, folder) if isinstance(patient, str) else patient
    at, own, narrow = _brought(who, preset, level, side)
    place = Level.parse(at)
    name = approach or operations_for(place.region)[0]
    where = parse_side(side or own)
    if lesions is None:
        lesions = narrow or _usual(place, name, where)
    state = begin(place, name, where, lesions, mode=mode, patient=who.id if who else "")
    return Operate(kept(state, folder) if who else state, who, theme=theme, folder=folder)


# -- making


def _brought(who: Patient | None, preset: str | None, level: str, side: str | None) -> tuple[str, str, tuple[str, ...]]:
    """Give level, side and lesions of a patient, or of a preset on the side asked for; else that level, left, none."""
    if who is not None:
        return who.level, who.side or "left", who.lesion_texts()
    if preset:
        found = named_preset(preset)
        found = found.on(side or found.side)
        return found.level, found.side, tuple(one.written for one in found.lesions)
    return level, "left", ()


def _approaches(region: str) -> list[tuple[str, str]]:
    """Give the operations of a region with their short names, which a list has room for."""
    named = {name: operations()[name].short for name in operations_for(region)}
    return [(name, short[0].upper() + short[1:]) for name, short in named.items()]


def _usual(place: Level, approach: str, side: str) -> tuple[str, ...]:
    """Give what narrows a segment by default, on the side of the operation; nothing where level and approach differ."""
    texts = USUAL.get((place.region, operation(approach).root), ())
    return tuple(one.written for one in read_lesions(texts, side))


def _place(state: Operating) -> tuple[str, str, str]:
    """Return which operation it is, and where."""
    return state.approach, state.level, state.side


def _lost(old: Operating, new: Operating, *, chosen: bool) -> str:
    """Say what another operation leaves behind: what was done, and lesions that belong to another level."""
    said = []
    if chosen and new.level != old.level:
        told = "; ".join(one.told().lower() for one in read_lesions(old.lesions, old.side)) or "a healthy segment"
        said.append(f"What was seen at {old.level} stays there ({told}); at {new.level} stands a usual narrowing.")
    if old.patient and not new.patient:
        said.append("This is not the patient's level any more; the patient's file is left as it is.")
    if new.patient and not old.patient:
        said.append("Back at the patient's level: the patient's own narrowing stands here.")
    if old.done:
        said.append("What was done is left behind; another operation begins.")
    return " ".join(said)


def _next(state: Operating) -> Operating:
    steps = state.operation.steps
    return state.going(steps[min(state.place + 1, len(steps) - 1)].id)


def _model(state: Operating) -> tuple[object, ...]:
    """Return what of a state the model sees."""
    return state.approach, state.level, state.side, state.lesions, state.done


def _usual_plane(state: Operating) -> str:
    """Choose the section that shows the root in question: the traversing one is seen from above."""
    return "axial-disc" if state.operation.root == "traversing" else "foramen"


def _display(part: ipywidgets.Widget, *, shown: bool) -> None:
    part.layout.display = None if shown else "none"


def _controls(now: Seen) -> dict[str, Control]:
    state = now.state
    named = {one.id: one.title for one in state.operation.steps}
    approaches = dict(_approaches(operation(state.approach).region))
    return {
        "reset": Buttons({"reset": "Begin again", "keep": "Keep my work"}, label="Operation"),
        "level": Choice(MODELLED, label="Level", value=state.level, display="select"),
        "approach": Choice(approaches, label="Operation", value=state.approach, display="select"),
        "side": Choice({"left": "Left", "right": "Right"}, label="Side, the patient's", value=state.side),
        "mode": Choice(dict(zip(MODES, ("Learn", "Test"), strict=True)), label="Mode", value=state.mode),
        "step": Choice(named, label="Step", value=state.step, display="select"),
        "choice": Choice({"": "None"}, label="What do you do?"),
        "decide": Buttons({"decide": "Decide"}, label="Decide"),
        "steps": Buttons({"back": "Back", "do": "Do this step", "next": "Next"}, label="Steps"),
        "share": Slider(label="How much bone", unit="%", min=5, max=100, step=5, value=100 * state.operation.share),
        "soft": Buttons({"flavum": "Take ligament", "ventral": "Take what is in front"}, label="Soft tissue"),
        "history": Buttons({"undo": "Undo", "redo": "Redo"}, label="History"),
        "radius": Slider(label="Burr, half width", unit="mm", min=0.5, max=4, step=0.5, value=1.5),
        "burr_x": Slider(label="Burr: outward from the medial facet", unit="mm", min=-10, max=16, step=0.5, value=0),
        "burr_y": Slider(label="Burr: backward from the joint", unit="mm", min=-12, max=12, step=0.5, value=4),
        "burr_z": Slider(label="Burr: upward from the joint", unit="mm", min=-14, max=14, step=0.5, value=0),
        "burr": Buttons({"bite": "Take a bite"}, label="Burr"),
        "turns": Toggle(label="The burr turns: each move takes a bite"),
        "picture": Choice(PICTURES, label="Pictures", display="select"),
        "plane": Choice(PLANES, label="Section", value=_usual_plane(state), display="select"),
        "solid": Toggle(label="Key view in 3D"),
        "day": Day(label="Day of the operation", value=date(2026, 11, 30).isoformat()),
        "theme": colours(),
    }


def _fit_controls(controls: Mapping[str, Control], now: Seen) -> None:
    """Bring the controls in line with a state; what is right already costs nothing."""
    state = now.state
    region, test = operation(state.approach).region, state.mode == "test"
    _offer(controls["approach"], _approaches(region), state.approach)
    for name in ("level", "side", "mode"):
        controls[name].value = getattr(state, name)
    steps = [(one.id, one.title) for one in state.operation.steps]
    _offer(controls["step"], _shuffled(steps, state) if test else steps, state.step)
    controls["step"].label = "Which step comes now?" if test else "Step"
    asked = state.now
    controls["choice"].label = asked.ask if test else "What do you do?"
    _offer(controls["choice"], [("", "Not chosen yet"), *choices(state, asked)] if test else [("", "None")], "")
    controls["share"].label = f"How much bone: {state.operation.bone[0].replace('_', ' ')}"
    controls["share"].note = _LIMIT if region == "cervical" else ""
    fit_slider(controls["share"], max(5.0, 100 * state.share), (5.0, 100.0))
    opened = state.has("corridor")
    shown = {"choice": test, "decide": test, "steps": not test, "share": opened, "soft": opened}
    shown |= dict.fromkeys(("radius", *BURR, "burr", "turns"), opened)
    shown["day"] = bool(state.patient)
    for name, there in shown.items():
        _display(controls[name], shown=there)


def _shuffled(steps: list[tuple[str, str]], state: Operating) -> list[tuple[str, str]]:
    """List the steps in an order that does not tell theirs: by title."""
    return sorted(steps, key=lambda one: (one[1], state.approach))


def _offer(control: Control, options: list[tuple[str, str]], value: str) -> None:
    """Change the options of a choice and its value together; an answer already ticked stays while it is offered."""
    given = [{"value": one, "label": label} for one, label in options]
    with control.hold_trait_notifications():
        fresh = control.options != given
        if fresh:
            control.options = given
        if fresh or value:
            control.value = value
