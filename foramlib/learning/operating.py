"""The engine of an operation: what has been done, undo and redo, choices, the score, and what it did to the model.

The state is plain data; the segment follows from it. A choice is judged by the operation's own file
(:mod:`foramlib.learning.operations`), a share by the gauges of :mod:`foramlib.spine.surgery`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foramlib import store
from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.identity import fingerprint
from foramlib.learning.operations import operation
from foramlib.learning.patient import FOLDER
from foramlib.spine.lesions import Lesion, elsewhere, read_lesions
from foramlib.spine.levels import OTHER, Level, parse_side
from foramlib.spine.muscles import corridor
from foramlib.spine.room import root_states
from foramlib.spine.segment import Segment
from foramlib.spine.surgery.gauges import Gauges, gauges
from foramlib.spine.surgery.presets import removal
from foramlib.spine.surgery.steps import BoneRemoval, SoftRemoval, Strokes
from foramlib.spine.surgery.tools import Tool, stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foramlib.learning.operations import Effect, Operation, OperationStep, WrongChoice
    from foramlib.spine.room import RootState
    from foramlib.spine.surgery.steps import Step

__all__ = ["MODES", "VERSION", "Answer", "Deed", "Operating", "Score", "begin", "kept", "read_state", "whole_operation"]

VERSION = 1
"""Form of a stored operation; another one is refused, not guessed at."""

MODES = ("learn", "test")
SOFT_ACTS = ("flavum", "ventral", "capsule")
VENTRAL = ("herniation", "osteophyte", "bulge", "cyst")
"""What lies in front of a root or beside it and can be taken in the step that deals with it."""

SOFT_FRAGMENTS = frozenset({"herniation", "cyst"})
"""Of these, what is soft enough to be taken in the usual course of an operation."""

MISSED = 5.0
"""Size of the soft disc that a missed fragment is shown with where there is none, mm (assumption)."""

ENOUGH = 0.05
"""A root counts as free where no more of its outline than this still touches a wall (model rule)."""


@dataclass(frozen=True)
class Deed:
    """One thing done in the model.

    Attributes
    ----------
    kind : str
        ``"corridor"``, ``"bone"`` (a preset by ``share``), ``"stroke"`` (free hand), ``"flavum"`` or ``"ventral"``.
    what : str
        The preset, or the tissue taken.
    share : float
        Share asked for, 0 to 1.
    radius : float
        Half width of a free tool, mm.
    spot : tuple of float
        Middle of a free bite, mm, segment frame.
    """

    kind: str
    what: str = ""
    share: float = 0.0
    radius: float = 0.0
    spot: tuple[float, ...] = ()

    def told(self) -> str:
        """Say it: "keyhole 40 %", "ligament and capsule", "the herniation in front"."""
        what = self.what.replace("_", " ")
        return {
            "corridor": "the way in",
            "bone": f"{what} {100 * self.share:.0f} %",
            "stroke": "a bite of the burr",
            "flavum": "ligament and capsule",
            "ventral": f"the {what} in front",
        }[self.kind]


@dataclass(frozen=True)
class Answer:
    """A choice made in test mode: the step it was made for, the choice ("" the right one), and when it was due."""

    step: str
    choice: str
    due: str


@dataclass(frozen=True)
class Score:
    """How an operation went in test mode: points of points, and a reason for each that is missing."""

    points: int
    of: int
    reasons: tuple[str, ...]

    @property
    def told(self) -> str:
        """Say it in one line."""
        return f"{self.points} of {self.of} choices as a careful surgeon would make them."


@dataclass(frozen=True)
class Operating:
    """The state of an operation.

    Parameters
    ----------
    approach, level, side : str
        Which operation, and where.
    lesions : tuple of str
        What narrows the segment, as the command takes it, each with its side.
    mode : str
        ``"learn"`` or ``"test"``.
    step : str
        The step in view.
    done : tuple of Deed
        What has been done in the model, in order.
    undone : tuple of Deed
        What can be done again, the last undone first.
    answers : tuple of Answer
        Choices of test mode.
    patient : str
        Id of the patient, or "".
    remark : str
        What a reader must be told about the file it came from; not stored, not compared.
    """

    approach: str
    level: str
    side: str
    lesions: tuple[str, ...] = ()
    mode: str = "learn"
    step: str = ""
    done: tuple[Deed, ...] = ()
    undone: tuple[Deed, ...] = ()
    answers: tuple[Answer, ...] = ()
    patient: str = ""
    remark: str = field(default="", compare=False)

    @property
    def operation(self) -> Operation:
        """What is being done, in the words of its level."""
        return operation(self.approach, self.level)

    @property
    def now(self) -> OperationStep:
        """The step in view."""
        return self.operation.step(self.step)

    @property
    def place(self) -> int:
        """Place of the step in view, from 0."""
        return [one.id for one in self.operation.steps].index(self.step)

    # The model.

    def whole(self) -> Segment:
        """Give the segment before the operation."""
        return Segment.at(self.level).with_lesions(*read_lesions(self.lesions, self.side))

    @property
    def astray(self) -> str:
        """Say that what narrows lies on the other side, or touches another root than this operation frees; else ""."""
        found = read_lesions(self.lesions, self.side)
        other = elsewhere(found, self.side)
        if other:
            told = "; ".join(one.told().lower() for one in found if one.kind.sides)
            return (
                f"Wrong side: what narrows one side lies on the {other} ({told}); this operation is on the {self.side}."
            )
        roots = {root.kind: root for root in _roots(self.whole(), self.side)}
        meant = roots[self.operation.root]
        touched = [root.name for root in roots.values() if root.hit]
        if meant.hit or not touched:
            return ""
        return f"Another root: in the model {touched[0]} is touched; this operation frees {meant.name}."

    def segment(self) -> Segment:
        """Give the segment as it is now.

        Raises
        ------
        InvalidInput
            If something done cannot be done to this segment.
        """
        return self.after(self.done)

    def after(self, deeds: Sequence[Deed]) -> Segment:
        """Give the segment after these deeds and no others."""
        whole = self.whole()
        free = tuple(_bite(deed) for deed in deeds if deed.kind == "stroke")
        # Of a thing done again with another share, the last one holds.
        last = {(deed.kind, deed.what): deed for deed in deeds if deed.kind != "stroke"}
        steps = [step for deed in last.values() for step in self._steps(whole, deed)]
        # All bites of a free hand are one removal: many cost hardly more than one.
        return whole.after(*steps, *((BoneRemoval(self.side, free),) if free else ()))

    def _steps(self, segment: Segment, deed: Deed) -> tuple[Step, ...]:
        if deed.kind == "bone":
            return (_bone(segment, deed.what, self.side, deed.share),)
        if deed.kind == "flavum":
            return (SoftRemoval("flavum", self.side), SoftRemoval("capsule", self.side))
        if deed.kind == "ventral":
            return (SoftRemoval(deed.what, self.side, deed.share or 1.0),)
        return ()

    def read(self) -> Gauges:
        """Read the gauges of the side and root that are operated on."""
        return gauges(self.segment(), self.side, self.operation.root, self.operation.view)

    def read_before(self) -> Gauges:
        """Read the gauges as they were."""
        return gauges(self.whole(), self.side, self.operation.root, self.operation.view)

    def has(self, kind: str) -> bool:
        """Tell whether something has been done."""
        return any(deed.kind == kind for deed in self.done)

    @property
    def share(self) -> float:
        """Share of the last bone removal, or the usual one before there is any."""
        taken = [deed.share for deed in self.done if deed.kind == "bone"]
        return taken[-1] if taken else self.operation.share

    def in_front(self) -> tuple[str, ...]:
        """Name what there is in front of the root, or beside it, that could be taken."""
        from foramlib.spine.surgery.steps import OF_LESION  # noqa: PLC0415 - beside its only use

        here = {one.key for one in self.whole().lesions if one.on(self.side)}
        return tuple(what for what in VENTRAL if here & set(OF_LESION[what]))

    # Doing.

    def doing(self, deed: Deed) -> Operating:
        """Give the state with one more thing done.

        A thing done twice running, as by a slider that is dragged, is done once, with the later share. What has been
        done stays in the order in which it was done, so that each of it can be undone, and done again, in turn.

        Raises
        ------
        InvalidInput
            If it cannot be done here, or not before something else has been.
        """
        self._check(deed)
        if deed.kind in {"flavum", "corridor"} and self.has(deed.kind):  # nothing is left of it to be done
            return self
        again = bool(self.done) and deed.kind != "stroke" and _same(deed, self.done[-1])
        found = replace(self, done=(*self.done[: -1 if again else None], deed), undone=())
        if deed.kind == "bone":
            found.segment()  # what the model refuses is not kept
        return found

    def _check(self, deed: Deed) -> None:
        if deed.kind not in {"corridor", "bone", "stroke", "flavum", "ventral"}:
            raise InvalidInput(f"There is nothing like {deed.kind!r} to be done in an operation.")
        if deed.kind == "bone" and deed.what not in self.operation.bone:
            allowed = ", ".join(self.operation.bone)
            raise InvalidInput(f"{self.operation.title} does not take {deed.what!r}; choose one of {allowed}.")
        if deed.kind != "corridor" and not self.has("corridor"):
            raise InvalidInput("Open the way to the bone first: nothing can be reached through skin and muscle.")
        if deed.kind in {"flavum", "ventral"} and not (self.has("bone") or self.has("stroke")):
            raise InvalidInput("Take bone first: ligament and disc lie in front of it.")
        if deed.kind == "ventral" and deed.what not in self.in_front():
            there = ", ".join(self.in_front()) or "nothing of the kind"
            raise InvalidInput(f"There is no {deed.what or 'tissue'} to take on this side; there is {there}.")
        if deed.kind == "stroke":
            self._check_tool(deed.radius)
            if len(deed.spot) != 3:  # noqa: PLR2004 - a point
                raise InvalidInput("A bite of the burr needs a point of three numbers, mm.")
            stroke(self.whole(), self.side, Tool("burr", deed.radius), [deed.spot])

    def _check_tool(self, radius: float) -> None:
        way = corridor(self.whole(), self.operation.corridor, self.side)
        if not isfinite(radius) or radius > 0.8 * way.radius:
            raise InvalidInput(
                f"A tool of half width {radius:g} mm does not pass through this way; choose at most "
                f"{0.8 * way.radius:.1f} mm."
            )

    def undoing(self) -> Operating:
        """Give the state with the last thing undone.

        Raises
        ------
        InvalidInput
            If there is nothing to undo.
        """
        if not self.done:
            raise InvalidInput("There is nothing to undo.")
        return replace(self, done=self.done[:-1], undone=(self.done[-1], *self.undone))

    def redoing(self) -> Operating:
        """Give the state with the last thing undone done again.

        Raises
        ------
        InvalidInput
            If there is nothing to redo.
        """
        if not self.undone:
            raise InvalidInput("There is nothing to redo.")
        return replace(self, done=(*self.done, self.undone[0]), undone=self.undone[1:])

    def going(self, name: str) -> Operating:
        """Give the state with another step in view.

        Raises
        ------
        InvalidInput
            If the operation has no such step.
        """
        return replace(self, step=self.operation.step(name).id)

    def performing(self, share: float | None = None) -> Operating:
        """Do what the step in view does in the model, if it does anything.

        Parameters
        ----------
        share : float, optional
            How much bone to take, 0 to 1; the usual share if left out.
        """
        act = self.now.act
        if act == "bone":
            return self.doing(Deed("bone", self.operation.bone[0], self.share if share is None else share))
        if act == "ventral":
            # A hard spur and a disc that merely bulges are left; who wants them gone takes them by name.
            soft = [what for what in self.in_front() if what in SOFT_FRAGMENTS]
            return self.doing(Deed("ventral", soft[0])) if soft and not self.has("ventral") else self
        return self.doing(Deed(act)) if act else self

    # Test mode.

    @property
    def due(self) -> str:
        """The step that is due in test mode, or "" when all have been done."""
        right = {one.step for one in self.answers if not one.choice}
        return next((one.id for one in self.operation.steps if one.id not in right), "")

    def answering(self, name: str, choice: str = "") -> Operating:
        """Give the state after a choice of test mode.

        Parameters
        ----------
        name : str
            The step that the learner takes now; taking one that is not due costs a point.
        choice : str
            Id of a wrong choice of that step, or "" for the right one, which is then done in the model.

        Raises
        ------
        InvalidInput
            If there is no such step or choice, or the operation is over.
        """
        step = self.operation.step(name)
        if not self.due:
            raise InvalidInput("This operation is over; begin again for another try.")
        if choice and choice not in {one.id for one in step.wrong}:
            raise InvalidInput(f"The step {name} has no choice {choice!r}.")
        told = replace(self, answers=(*self.answers, Answer(name, choice, self.due)))
        if name != self.due or choice:
            return told
        return told.going(name).performing()

    def wrong(self, answer: Answer) -> WrongChoice | None:
        """Give the wrong choice of an answer, or None where it was right."""
        return next((one for one in self.operation.step(answer.step).wrong if one.id == answer.choice), None)

    def score(self) -> Score:
        """Give the score so far: a point for each step chosen right at once when it was due, and one for the amount."""
        first: dict[str, Answer] = {}
        early: list[str] = []
        for one in self.answers:
            if one.step != one.due:
                taken, due = (self.operation.step(name).title.rstrip("?") for name in (one.step, one.due))
                early.append(f"{taken} came before {due}.")
                first.setdefault(one.due, one)
                continue
            first.setdefault(one.step, one)
        good = [name for name, one in first.items() if one.step == name and not one.choice]
        reasons = [*early]
        reasons += [f"{self.operation.step(one.step).title.rstrip('?')}: {wrong.because}" for one in first.values()
                    if (wrong := self.wrong(one)) and one.step == one.due]  # fmt: skip
        points, of = len(good), len(first)
        if self.has("bone"):
            said = amount_words(self.read())
            of, points = of + 1, points + (not said)
            reasons += [said] if said else []
        return Score(points, of, tuple(reasons))

    def staged(self, effect: Effect) -> Operating:
        """Give the state that a wrong choice is measured on: with a soft fragment, where one is to be missed."""
        if (effect.do, effect.what) != ("leave", "ventral") or set(self.in_front()) & SOFT_FRAGMENTS:
            return self
        zone = "foraminal" if self.operation.root == "exiting" else "subarticular"
        return replace(self, lesions=(*self.lesions, f"herniation={MISSED:g},zone={zone},side={self.side}"))

    def measured(self, effect: Effect) -> Gauges | None:
        """Read what a wrong choice would do to the root that is to be freed, or None where geometry has no say.

        A fragment that is missed is measured on :meth:`staged`.
        """
        soft = (Deed("flavum"),)
        way = (Deed("corridor"),)
        bone = Deed("bone", self.operation.bone[0], effect.share or self.operation.share)
        if effect.do == "wrong-level":
            return self.read_before()
        if effect.do == "wrong-side":
            other = replace(self, side=OTHER[self.side])
            after = other.after((*way, bone, *soft))
            return gauges(after, self.side, self.operation.root, self.operation.view)
        if effect.do == "share":
            after = self.after((*way, bone, *soft))
            return gauges(after, self.side, self.operation.root, self.operation.view)
        if effect.do == "leave":
            left = (*way, bone) if effect.what == "flavum" else (*way, bone, *soft)
            return gauges(self.staged(effect).after(left), self.side, self.operation.root, self.operation.view)
        return None

    # Keeping.

    def as_dict(self) -> dict[str, Any]:
        """Give plain data from which :func:`read_state` makes the same state."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))  # tuples become lists, as in a file
        del data["remark"]
        return {"version": VERSION, **data}

    @property
    def file(self) -> str:
        """Name of the file in which it is kept: another one for whatever another operation begins with."""
        level = self.level.replace("/", "-")
        start = fingerprint(self.patient, self.level, self.side, self.approach, self.lesions, self.mode)
        return f"operation-{self.patient or level}-{self.side}-{self.approach}-{start[:8]}.json"

    def save(self, folder: str | Path | None = None) -> Path:
        """Keep the operation in the learner's folder; the old file is replaced only once the new one is complete.

        Raises
        ------
        InvalidInput
            If the place cannot be written to.
        """
        return store.keep(Path(folder if folder is not None else FOLDER) / self.file, self.as_dict(), "This operation")


def begin(
    level: object,
    approach: str = "posterior-open",
    side: str = "left",
    lesions: str | Sequence[str] | Sequence[Lesion] = (),
    *,
    mode: str = "learn",
    patient: str = "",
) -> Operating:
    """Begin an operation.

    Parameters
    ----------
    level : str or Level
        Where, in any spelling.
    approach : str
        A key of :func:`foramlib.learning.operations.operations`.
    side : str
        ``"left"`` or ``"right"``.
    lesions : str or sequence of str or Lesion
        What narrows it, as the command takes it, such as ``"facet_hypertrophy=3"``; on `side` unless it names another.
    mode : str
        One of :data:`MODES`.
    patient : str
        Id of a patient, or "".

    Raises
    ------
    InvalidInput
        If a name is unknown, the approach is not done at this level, or the model refuses a lesion.
    """
    place = Level.parse(level.name if isinstance(level, Level) else level)
    chosen = operation(approach, place)
    mode, side = one_of(mode, MODES, "mode"), parse_side(side)
    texts = tuple(one.written for one in read_lesions(lesions, side))
    found = Operating(chosen.id, place.name, side, texts, mode, chosen.steps[0].id, patient=patient)
    found.whole()
    return found


def whole_operation(state: Operating, share: float | None = None) -> Operating:
    """Give the state after every step of the operation that does something in the model.

    Parameters
    ----------
    state : Operating
        Where it begins.
    share : float, optional
        How much bone to take, 0 to 1; the usual share if left out.

    Raises
    ------
    InvalidInput
        If the share is not possible.
    """
    for step in state.operation.steps:
        state = state.going(step.id).performing(share)
    return state


def read_state(data: object, where: str = "This operation") -> Operating:
    """Read an operation from plain data.

    Raises
    ------
    InvalidInput
        If the data are of another version or hold what cannot be; one sentence says so.
    """
    if not isinstance(data, dict) or data.get("version") != VERSION:
        version = data.get("version") if isinstance(data, dict) else None
        raise InvalidInput(f"{where} is of version {version!r}; this foramlib reads version {VERSION}.")
    try:
        start = begin(data["level"], data["approach"], data["side"], data["lesions"], mode=data["mode"],
                      patient=str(data.get("patient", "")))  # fmt: skip
        deeds = {key: tuple(_deed(one) for one in data[key]) for key in ("done", "undone")}
        answers = tuple(Answer(**one) for one in data["answers"])
        found = replace(start.going(data["step"]), answers=answers)
        for one in answers:
            found.operation.step(one.step), found.operation.step(one.due)
        for deed in deeds["done"]:
            found = found.doing(deed)
        return replace(found, undone=deeds["undone"])
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise InvalidInput(f"{where} cannot be read as an operation.") from problem


def kept(found: Operating, folder: str | Path | None = None) -> Operating:
    """Return the kept state of an operation, or ``found`` itself where none is kept.

    A damaged file is kept aside under another name, and ``remark`` says so in one sentence.
    """
    file = Path(folder if folder is not None else FOLDER) / found.file
    again, remark = store.kept(
        file, lambda data: read_state(data, f"The file {file.name}"), "the operation starts afresh"
    )
    return again or replace(found, remark=remark)


def amount_words(found: Gauges) -> str:
    """Say what is wrong with the amount of bone taken, or "" where the root is free and the joint is left."""
    root = found.roots[0]
    if found.past_half:
        return (
            f"More than half of the facet is gone ({100 * found.facet_left:.0f} % of its width is left in the model)."
        )
    behind = [
        wall for wall in root.walls if wall.startswith(("flavum", "capsule", "thick_flavum")) or wall[0] in "CLST"
    ]
    if found.exposed_mm <= found.exposed_before_mm and root.contact > ENOUGH and behind:
        return "Too little: no more of the root is exposed than before, and it is still touched from behind."
    return ""


def _same(one: Deed, other: Deed) -> bool:
    return (one.kind, one.what) == (other.kind, other.what)


def _bite(deed: Deed) -> Strokes:
    x, y, z = deed.spot
    return Strokes(((x, y, z),), ((x, y, z),), deed.radius)


@lru_cache(maxsize=8)  # a pure function of frozen data, asked for at every step
def _roots(segment: Segment, side: str) -> tuple[RootState, ...]:
    return root_states(segment, side)


@lru_cache(maxsize=32)  # a pure function of frozen data: what is done stays done while more is added
def _bone(segment: Segment, name: str, side: str, share: float) -> BoneRemoval:
    return removal(segment, name, side, share)


def _deed(data: Any) -> Deed:  # noqa: ANN401 - what a file holds
    return Deed(**{**data, "spot": tuple(float(part) for part in data.get("spot", ()))})
