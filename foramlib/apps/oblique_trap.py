"""The oblique trap: the same narrow neck graded straight, and again as the plane turns towards square to its canal.

A guess comes first, then the plane is set free. State -> cut, scan and grade once -> the views receive what changed.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import ipywidgets

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
from foramlib.apps.question import source_links
from foramlib.apps.scan_view import ScanView
from foramlib.apps.steered import Steered
from foramlib.apps.trap_state import CASES, MOST, Neck, case, neck_of, one_lesion, patient_neck, walls_at
from foramlib.apps.trap_view import TrapView
from foramlib.errors import InvalidInput
from foramlib.figures.oblique import (
    ANGLES,
    Turned,
    angle_words,
    best_words,
    grade_line,
    inset,
    inset_words,
    plane_line,
    square_angle,
    strip_words,
)
from foramlib.figures.scan import Seen, describe_scan, settings_words
from foramlib.figures.words import state_words
from foramlib.imaging.grades import EVIDENCE, SCALES, Grade, grade, grade_section
from foramlib.imaging.oblique import NECK, PUBLISHED, SYSTEM
from foramlib.imaging.scan import Scanner, Settings
from foramlib.spine.lesions import fits, kinds
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["GUESSES", "ObliqueTrap", "oblique_trap"]

GUESSES = {"milder": "A lower grade", "same": "The same grade", "worse": "A higher grade"}
"""What the learner may expect of the grade square to the canal."""

NEAR = 2.0
"""A plane this near to square counts as square, degrees."""

_SETTINGS = Settings("T2", thickness=2.0, noise=2.0)
_LOCKED = "Say first what you expect, or press Turn it without a guess."
_MOVED = ("level", "side", "kind", "mm", "angle")


class ObliqueTrap(Steered):
    """Anatomy and T2 image of a plane that turns, its grade, and where it lies on an axial section.

    Parameters
    ----------
    neck : Neck
        What to show first; the plane starts straight unless the neck says otherwise.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    neck : Neck
        The present state.
    grade, straight, square : Grade
        Of the present plane, the straight one, and the one square to the canal.
    released : bool
        Whether the plane may be turned: a guess was made, or waived.
    """

    seen: Seen
    grade: Grade
    straight: Grade
    square: Grade
    view: ScanView
    _themed = ("view", "trap")

    def __init__(self, neck: Neck, *, theme: str = "auto", strict: bool = False) -> None:
        theme = check_theme(theme)
        self.strict = strict
        self._scanner = Scanner()
        self._start, self.neck = neck, neck
        self._guess, self._verdict, self._last, self._lots = "", "", "", 0
        self.released = neck.angle > 0
        self._take(neck)
        self._before: Turned | None = None
        self.controls = _controls(neck)
        self.view, self.trap = ScanView(theme=theme), TrapView(theme=theme)
        self.trap.sources = source_links([EVIDENCE[SYSTEM], ANGLES, PUBLISHED])
        self.widget = self._arranged()
        self._set_theme(theme)
        self._fit()
        self._draw("Opened")
        self._listen()

    # What can be done with it.

    @property
    def state(self) -> dict[str, Any]:
        """The state as plain data; see :class:`foramlib.apps.trap_state.Neck`."""
        return asdict(self.neck)

    def set(self, **changes: object) -> None:
        """Change the state, without a guess; a refusal is said under the pictures, and the last good state stays."""
        self.released = True
        self._attempt(lambda: neck_of({**self.state, **changes}), "Set")

    def preset(self, name: str) -> None:
        """Go to a case by its name, straight, with the guess open."""
        self._attempt(lambda: case(name, self.neck.side), CASES[name][0] if name in CASES else "Case", fresh=True)

    def another(self) -> None:
        """Go to another made-up narrow neck by lot, straight, with the guess open."""
        self._lots += 1
        self._attempt(lambda: neck_of({"lot": self._lots}), "Another neck", fresh=True)

    def reset(self) -> None:
        """Go back to the state in which the app opened, with the guess open again."""
        self._attempt(lambda: self._start, "Reset", fresh=True)
        self.released = self._start.angle > 0
        self._fit()

    def commit(self, guess: str = "") -> None:
        """Hold the guess, and set the plane free; the verdict comes once the plane is square."""
        self._attempt(lambda: self._guessed(guess or self.controls["guess"].value), "Guess held: turn the plane")

    def waive(self) -> None:
        """Set the plane free without a guess."""
        self.released = True
        self._attempt(lambda: self.neck, "Turn it")

    def describe(self) -> str:
        """Say what is shown: heading, image, grades, and where the plane lies."""
        told = [f"{one['head']}: {one['text']}." for one in self.trap.told]
        return "\n".join(
            [
                self.view.plan["heading"],
                *told,
                self.trap.now["words"],
                self.trap.strip["words"],
                describe_scan(self.seen),
            ]
        )

    # From control to state.

    def _arranged(self) -> ipywidgets.Widget:
        names = ("guess", "commit", "angle", "go", "level", "side", "kind", "mm", "labels", "theme")
        top = [self.controls[name] for name in ("preset", "another", "reset")]
        outer = arrange(ipywidgets.VBox([self.view, self.trap]), [self.controls[name] for name in names], top)
        outer.add_class("foramlib-trap")
        return outer

    def _listen(self) -> None:
        for name in _MOVED:
            self.controls[name].observe(self._on_control, "value")
        pressed: Mapping[str, Callable[[str], None]] = {
            "preset": self.preset,
            "another": lambda _: self.another(),
            "reset": lambda _: self.reset(),
            "commit": lambda which: self.commit() if which == "commit" else self.waive(),
            "go": self._go_to,
        }
        for name, act in pressed.items():
            self.controls[name].observe(lambda change, act=act: act(change["owner"].value), "presses")
        self.controls["labels"].observe(lambda change: setattr(self.view, "labels", change["new"]), "value")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _on_control(self, change: Mapping[str, Any]) -> None:
        if self._setting:
            return
        control: Control = change["owner"]
        name = next(name for name, one in self.controls.items() if one is control)
        key = name if isinstance(control, Slider) else ""
        said = _said(control) + (_left_behind(self.neck, control.value) if name == "level" else "")
        self._attempt(lambda: self._asked(name), said, key=key, fresh=name in {"level", "kind"})

    def _asked(self, moved: str) -> Neck:
        """Neck that the controls ask for."""
        value = {name: self.controls[name].value for name in _MOVED}
        if moved == "angle":
            if not self.released:
                raise InvalidInput(_LOCKED)
            return replace(self.neck, angle=value["angle"])
        if self.neck.lot is not None and moved == "side":
            raise InvalidInput("This neck is drawn by lot on its left side; choose a lesion to take the right side.")
        if moved == "kind" and not value["kind"]:  # the words for what is there already
            return self.neck
        return _narrowed(self.neck, moved, value)

    def _go_to(self, where: str) -> None:
        square = square_angle(self.neck.segment())
        angle = 0.0 if where == "straight" else round(square)
        self._attempt(lambda: self._turned(angle), f"Plane {'straight' if where == 'straight' else 'square'}")

    def _turned(self, angle: float) -> Neck:
        if angle and not self.released:
            raise InvalidInput(_LOCKED)
        return replace(self.neck, angle=angle)

    def _guessed(self, guess: str) -> Neck:
        if guess not in GUESSES:
            raise InvalidInput("Choose what you expect of the grade, then commit.")
        self._guess, self.released = guess, True
        return self.neck

    def _attempt(self, make: Callable[[], Neck], control: str, *, key: str = "", fresh: bool = False) -> None:
        """Make a state and draw it, or say why not."""
        with self._saying_refusals():
            self._go(make(), control, key, fresh=fresh)

    # From state to pictures.

    def _go(self, neck: Neck, control: str, key: str, *, fresh: bool) -> None:
        before = Turned(self.neck.angle, self.grade)
        if neck != self.neck or fresh:
            self._take(neck)
        if fresh:
            # Another neck is not a change of this one.
            self._before, self._last = None, ""
        elif not key or key != self._last:
            self._before, self._last = before, key
        self.neck = neck
        if fresh:
            self.released, self._guess, self._verdict = False, "", ""
        elif self.released and self._guess and abs(neck.angle - self._best) <= NEAR:
            self._verdict = self._judged()
        self._fit()
        self._draw(control)

    def _take(self, neck: Neck) -> None:
        """Cut, scan and grade; of the same neck only the plane is new."""
        same = hasattr(self, "seen") and neck.straight() == self.neck.straight()
        segment = self.seen.segment if same else neck.segment()
        plane = f"oblique:{neck.angle:g}" if neck.angle else "sagittal"
        seen = Seen.named(segment, plane, neck.side, _SETTINGS, self._scanner)
        found = grade_section(segment, SYSTEM, seen.section)
        if not same:
            straight, square = (grade(segment, SYSTEM, neck.side, plane) for plane in ("sagittal", "foramen"))
            self.straight, self.square, self._best = straight, square, square_angle(segment)
            self._looked: dict[float, Grade] = {0.0: straight}
            self._inset = inset(segment, neck.side)
        self.seen, self.grade = seen, found
        self._looked = {**self._looked, neck.angle: found}

    def _judged(self) -> str:
        gap = self.square.rank - self.straight.rank
        right = "worse" if gap > 0 else "milder" if gap < 0 else "same"
        said = "Your guess holds" if right == self._guess else "Not as you guessed"
        first, second = self.straight.grade or "none", self.square.grade or "none"
        moral = {
            "worse": "The straight image made it look too mild.",
            "same": "Not every neck falls into the trap.",
            "milder": "It can err the other way too, but rarely does.",
        }[right]
        return f"{said}: grade {first} straight, grade {second} square to the canal. {moral}"

    def _draw(self, control: str) -> None:
        seen, view = self.seen, self.view
        with view.hold_sync():
            view.show(seen, f"{state_words(seen.segment).capitalize()}. {settings_words(seen.scan)}.")
            view.sentence = self._changed(control)
            view.message = ""
        self._draw_trap()

    def _draw_trap(self) -> None:
        neck, segment = self.neck, self.seen.segment
        seen = [Turned(angle, found) for angle, found in sorted(self._looked.items())]
        with self.trap.hold_sync():
            if self.trap.inset != self._inset:
                self.trap.inset = self._inset
            self.trap.now = {
                "line": plane_line(segment, neck.side, neck.angle),
                "text": f"{neck.angle:.0f}°",
                "words": inset_words(segment, neck.side, neck.angle),
            }
            self.trap.strip = {
                "most": MOST,
                "best": round(self._best),
                "grades": list(SCALES[SYSTEM]),
                "now": neck.angle,
                "seen": [[one.angle, one.grade.rank] for one in seen],
                "words": strip_words(seen, self._best),
            }
            self.trap.told = self._told()
            self.trap.verdict = self._verdict

    def _told(self) -> list[dict[str, Any]]:
        here, angle = self.neck.angle, angle_words(self.neck.angle)
        straight = {"head": f"Straight sagittal, {SYSTEM}", "text": grade_line(self.straight), "now": here == 0}
        plane = {"head": f"This plane, {angle}", "text": grade_line(self.grade), "now": True}
        rows = [straight] if here == 0 else [straight, plane]
        return [*rows, {"head": "Best angle", "text": best_words(self.seen.segment).rstrip("."), "now": False}]

    def _changed(self, control: str) -> str:
        before, now = self._before.grade if self._before else None, self.grade
        angle = angle_words(self.neck.angle)
        if self.neck.elsewhere:
            control = f"{control} (what narrows it lies on the {self.neck.elsewhere})"
        if before is None:
            return f"{control}: {angle}; {SYSTEM} grade {now.grade or 'none'}."
        if before.grade == now.grade:
            return f"{control}: {angle}; {SYSTEM} grade {now.grade or 'none'}, no change."
        return f"{control}: {angle}; {SYSTEM} grade {before.grade or 'none'} → {now.grade or 'none'}."

    def _fit(self) -> None:
        with self._quietly():
            _fit_controls(self.controls, self.neck, released=self.released, guess=self._guess)


def oblique_trap(
    level: str = "C5/6", preset: str | None = None, *, patient: str = "", side: str = "",
    lesions: tuple[str, ...] | str | None = None, angle: float = 0.0, lot: int | None = None, theme: str = "auto",
) -> ObliqueTrap:  # fmt: skip
    """Open the oblique trap: one narrow neck, graded straight and as the plane turns.

    Parameters
    ----------
    level, side : str
        Of the neck, in any common spelling; ``"left"`` or ``"right"``, where left out the patient's, else left.
    preset : str, optional
        ``"spur"``, ``"soft-disc"``, ``"facet"`` or ``"healthy"``; brings its own level and lesion, on `side`.
    patient : str
        Id of a made-up patient whose level, side and lesions are taken.
    lesions : str or tuple of str, optional
        Such as ``"uncovertebral_osteophyte=3"``, on `side` unless it names another; that spur where it is left out.
    angle : float
        Rotation from the sagittal at the start, 0 to 60 degrees; above 0 no guess is asked for.
    lot : int, optional
        A made-up narrow neck by lot, as in the chart ``sagittal-against-oblique``.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Raises
    ------
    InvalidInput
        If anything given is unknown or not possible in the neck.

    Examples
    --------
    >>> trap = oblique_trap("C5/6")
    >>> trap.straight.grade, trap.square.grade
    ('1', '2')
    """
    if preset:
        named = asdict(case(preset, side or "left"))
    elif patient:
        named = {**asdict(patient_neck(patient)), **({"side": side} if side else {})}
    else:
        narrow = {} if lesions is None else {"lesions": lesions}
        named = {"level": level, "side": side or "left", "lot": lot, **narrow}
    return ObliqueTrap(neck_of({**named, "angle": angle}), theme=theme)


# -- making


def _narrowed(neck: Neck, moved: str, value: Mapping[str, Any]) -> Neck:
    """Return the neck with another level, side, lesion or amount; what is not moved stays."""
    own = asdict(neck)
    if moved == "side":
        return neck_of({**own, "side": value["side"]})
    if moved == "mm":
        return neck_of({**own, "lesions": tuple(one.sized(value["mm"]) for one in neck.found())})
    if moved == "kind":
        kind = kinds()[value["kind"]]
        lesions = one_lesion(kind.key, min(kind.amounts["severe"], kind.most(Level.parse(neck.level))), neck.side)
        return neck_of({**own, "lot": None, "angle": 0.0, "lesions": lesions})
    kept = [one for one in neck.found() if fits(one, Level.parse(value["level"]))]
    narrow = {"lesions": kept} if kept or not neck.narrow else {}
    return neck_of({"level": value["level"], "side": neck.side, **narrow})


def _left_behind(neck: Neck, level: str) -> str:
    """Say what another level cannot have of a neck, and what stands there instead."""
    lost = [one.told().lower() for one in neck.found() if not fits(one, Level.parse(level))]
    lost += ["the neck drawn by lot"] if neck.lot is not None else []
    instead = "" if len(lost) < max(len(neck.lesions), 1) else "; a usual narrowing stands there instead"
    return f" (left behind: {'; '.join(lost)}{instead})" if lost else ""


def _controls(neck: Neck) -> dict[str, Control]:
    named = {name: label for name, (label, _) in CASES.items()}
    return {
        "preset": Buttons(named, label="Cases"),
        "another": Buttons({"another": "Another neck by lot"}, label="By lot"),
        "reset": Buttons({"reset": "Reset"}, label="Reset"),
        "guess": Choice(
            [("", "No guess yet"), *GUESSES.items()],
            label="Square to the canal you will see",
        ),
        "commit": Buttons({"commit": "Commit", "waive": "Turn it without a guess"}, label="Guess"),
        "angle": Slider(label="Plane, turned from the sagittal", unit="°", min=0, max=MOST, step=1, value=neck.angle),
        "go": Buttons({"straight": "Straight", "square": "Square to the canal"}, label="Plane"),
        "level": Choice(NECK, label="Level", value=neck.level, display="select"),
        "side": Choice({"left": "Left", "right": "Right"}, label="Side, the patient's", value=neck.side),
        "kind": Choice(_kind_options(neck), label="What narrows it", display="select"),
        "mm": Slider(label="Amount", unit="mm", min=0, max=4, step=0.5, value=0),
        "labels": Toggle(label="Names in the pictures", value=False),
        "theme": colours(),
    }


def _kind_options(neck: Neck) -> list[tuple[str, str]]:
    own = "As drawn by lot" if neck.lot is not None else "Several" if neck.lesions else "Nothing"
    first = [] if neck.kind else [("", own)]
    return [*first, *((key, kinds()[key].label) for key in walls_at(neck.level))]


def _fit_controls(controls: Mapping[str, Any], neck: Neck, *, released: bool, guess: str) -> None:
    """Bring the controls in line with a neck."""
    offered = [{"value": one, "label": label} for one, label in _kind_options(neck)]
    with controls["kind"].hold_trait_notifications():
        controls["kind"].options = offered
        controls["kind"].value = neck.kind
    controls["level"].value, controls["side"].value = neck.level, neck.side
    most = kinds()[neck.kind].most(Level.parse(neck.level)) if neck.kind else 4.0
    fit_slider(controls["mm"], neck.mm, (0.0, max(most, neck.mm)))
    controls["mm"].disabled = not neck.kind
    controls["angle"].value = neck.angle
    controls["angle"].disabled = not released
    controls["angle"].note = f"Film angle {90 - neck.angle:.0f}°" if released else "Guess first"
    for name in ("guess", "commit"):
        controls[name].disabled = released
    if guess or not released:
        controls["guess"].value = guess


def _said(control: Control) -> str:
    """Say what was set: "Plane 24°", "Amount 2.5 mm", "Level C4/5"."""
    if isinstance(control, Slider):
        gap = "" if control.unit == "°" else " "
        return f"{control.label.partition(',')[0]} {control.value:g}{gap}{control.unit}"
    return f"{control.label.partition(',')[0]} {control.chosen_label}"
