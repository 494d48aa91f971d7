"""One learner's way through a shared decision: read, decide, weigh, ask what matters, explain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from foramlib.clinic.findings import look_alikes
from foramlib.clinic.indications import Presentation, judge, options, what_ifs
from foramlib.clinic.risks import outcomes
from foramlib.clinic.roots import root_cards
from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.evidence.tables import by_key, read_table
from foramlib.given import one_of
from foramlib.learning.patient import LOCALISED, NEED, load_patient, patients

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from foramlib.clinic.indications import Judgement, WhatIf
    from foramlib.evidence.records import Text
    from foramlib.learning.patient import Patient

__all__ = [
    "AS_IS",
    "STEPS",
    "WEIGHTS",
    "History",
    "Rehearsal",
    "Value",
    "explanation",
    "history",
    "localised",
    "rehearse",
    "standing",
    "talk_points",
    "values",
]

Row = TypeVar("Row")
Course: TypeAlias = Literal["improving", "partly", "unchanged", "worse"]
Main: TypeAlias = Literal["limb", "axial"]
YesNo: TypeAlias = Literal["yes", "no"]

STEPS: Mapping[str, str] = {
    "read": "Read and decide",
    "weigh": "For and against",
    "matters": "What matters",
    "explain": "Explain",
}
"""Steps of a rehearsal and their names; after the first, all need a decision."""

WEIGHTS: Mapping[str, str] = {"little": "a little", "some": "somewhat", "much": "a great deal"}
"""How much something matters to the patient."""

AS_IS = "as-is"
"""The "what if" that changes nothing."""

_MOST_WORDS = 4000  # letters of an explanation


@dataclass(frozen=True)
class History:
    """What the history of one visit says in the words of the rules, and what the patient says matters."""

    id: Text
    patient: Text
    week: float
    course: Course
    main: Main
    tried: YesNo
    says: Text
    matters: Literal["time", "risk", "work"]


@dataclass(frozen=True)
class Value:
    """Something that may matter, how to ask for it, and what is known of it (``values.csv``)."""

    id: Text
    name: Text
    question: Text
    evidence_cervical: Text
    evidence_lumbar: Text


@dataclass(frozen=True)
class _Point:
    id: Text
    point: Text


@dataclass(frozen=True)
class _Model:
    id: Text
    text: Text


@dataclass(frozen=True)
class Rehearsal:
    """A patient at one visit, and what the learner did; every step gives a new one.

    Attributes
    ----------
    patient : Patient
        Who it is about.
    visit : int
        0 for the first visit, then the later ones.
    step : str
        One of :data:`STEPS`.
    chosen : str
        Id of the option that is marked, or empty.
    decided : bool
        Whether the learner has committed.
    case : str
        Id of the "what if" in view.
    weights : mapping of str to str
        How much each value matters to the patient, by :data:`WEIGHTS`.
    outcome : str
        Id of the outcome shown of 100 people.
    words : str
        The learner's explanation.
    ticked : frozenset of str
        Points of the talk that the learner kept to.
    kept : str
        Where the decision was kept, in words; empty before.
    """

    patient: Patient
    visit: int = 0
    step: str = "read"
    chosen: str = ""
    decided: bool = False
    case: str = AS_IS
    weights: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    words: str = ""
    ticked: frozenset[str] = frozenset()
    kept: str = ""

    # -- what there is

    @property
    def week(self) -> int:
        """Weeks since the onset at this visit."""
        return self.patient.weeks() if self.visit == 0 else self.patient.visits[self.visit - 1].week

    @property
    def findings(self) -> tuple[str, ...]:
        """Findings of this visit."""
        return self.patient.findings if self.visit == 0 else self.patient.visits[self.visit - 1].findings

    @property
    def story(self) -> str:
        """What is told at this visit."""
        return self.patient.history if self.visit == 0 else self.patient.visits[self.visit - 1].note

    @property
    def region(self) -> str:
        """``"cervical"`` or ``"lumbar"``."""
        return "cervical" if self.patient.level.startswith("C") else "lumbar"

    @property
    def presentation(self) -> Presentation:
        """What the rules read of this patient at this visit."""
        told = history(self.patient.id, self.week)
        before = (self.patient.findings, *(visit.findings for visit in self.patient.visits))
        return Presentation(
            weeks=self.week,
            level=self.patient.level,
            findings=self.findings,
            regions=self.patient.regions,
            earlier=before[self.visit - 1] if self.visit else (),
            lesions=tuple((lesion.name, lesion.zone) for lesion in self.patient.lesions),
            course=told.course if told else "unknown",
            main=told.main if told else "limb",
            tried=told is not None and told.tried == "yes",
        )

    @property
    def judgement(self) -> Judgement:
        """What the rules say of the patient as seen."""
        return judge(self.presentation)

    @property
    def what_if(self) -> Judgement:
        """What the rules say if the chosen change were so."""
        return judge(self.presentation.if_so(what_ifs()[self.case]))

    def cases(self) -> tuple[WhatIf, ...]:
        """List the changes that can be tried on this patient; time does not run backwards."""
        parts = {"both", self.presentation.part}
        return tuple(
            case
            for case in what_ifs().values()
            if case.part in parts and (case.weeks is None or case.weeks > self.week)
        )

    def shown_outcomes(self) -> tuple[str, ...]:
        """List the outcomes that can be shown of 100 people for this region."""
        return tuple(name for name, outcome in outcomes().items() if outcome.region == self.region)

    # -- what a learner does

    def seeing(self, visit: object) -> Rehearsal:
        """Turn to a visit, by its place from 0; what was done at the other one is left behind."""
        last = len(self.patient.visits)
        if not isinstance(visit, int) or isinstance(visit, bool) or not 0 <= visit <= last:
            raise InvalidInput(f"Visit {visit!r} does not exist; choose from 0 to {last}.")
        return Rehearsal(self.patient, visit)

    def choosing(self, option: object) -> Rehearsal:
        """Mark an option."""
        if self.decided:
            raise InvalidInput("You have decided; press 'Decide again' to choose another option.")
        return replace(self, chosen=one_of(option, options(), "option"))

    def deciding(self) -> Rehearsal:
        """Commit to the option that is marked."""
        if not self.chosen:
            raise InvalidInput("Choose one of the four options first, then decide.")
        return replace(self, decided=True, step="weigh")

    def again(self) -> Rehearsal:
        """Go back to the open question."""
        return Rehearsal(self.patient, self.visit)

    def going(self, step: object) -> Rehearsal:
        """Turn to a step."""
        named = one_of(step, STEPS, "step")
        if named != "read" and not self.decided:
            raise InvalidInput("Decide first; reasons and numbers come after.")
        return replace(self, step=named)

    def supposing(self, case: object) -> Rehearsal:
        """Try a change to the patient."""
        self.going("weigh")
        return replace(self, case=one_of(case, {one.id: one for one in self.cases()}, "change"))

    def weighing(self, value: object, weight: object) -> Rehearsal:
        """Note how much something matters to the patient."""
        self.going("matters")
        name, much = one_of(value, values(), "value"), one_of(weight, WEIGHTS, "weight")
        return replace(self, weights={**self.weights, name: much})

    def showing(self, outcome: object) -> Rehearsal:
        """Show another outcome of 100 people."""
        self.going("matters")
        return replace(self, outcome=one_of(outcome, dict.fromkeys(self.shown_outcomes()), "outcome"))

    def saying(self, words: object) -> Rehearsal:
        """Keep the learner's explanation as typed."""
        self.going("explain")
        if not isinstance(words, str) or len(words) > _MOST_WORDS:
            raise InvalidInput(f"An explanation is text of at most {_MOST_WORDS} letters; patients like it shorter.")
        return replace(self, words=words)

    def ticking(self, point: object, on: object) -> Rehearsal:
        """Tick or untick a point of the talk."""
        self.going("explain")
        name = one_of(point, talk_points(), "point")
        return replace(self, ticked=self.ticked | {name} if on is True else self.ticked - {name})

    def keeping(self, folder: str | Path | None = None) -> Rehearsal:
        """Keep the decision in the learner's own copy of the patient.

        Raises
        ------
        InvalidInput
            If nothing is decided yet, or the place cannot be written to.
        """
        self.going("weigh")
        notes = {f"{NEED}week {self.week}": options()[self.chosen].name}
        if self.weights:
            told = (f"{values()[name].name} {WEIGHTS[much]}" for name, much in self.weights.items())
            notes[f"what matters, week {self.week}"] = "; ".join(told)
        if self.words.strip():
            notes[f"explanation, week {self.week}"] = self.words.strip()
        patient = self.patient.newest(folder).deciding(**notes)
        file = patient.save(folder)
        return replace(self, patient=patient, kept=f"Kept in {file.parent.name}/{file.name}.")


def localised(patient: Patient) -> str:
    """Give the name of what the learner kept as the answer of lesson 04, such as ``"C6 root"``; "" where nothing was.

    Examples
    --------
    >>> localised(load_patient("amir-haddad").deciding(localised_root="carpal-tunnel"))
    'Carpal tunnel syndrome'
    """
    kept = patient.decisions.get(LOCALISED, "")
    if kept in root_cards():
        return f"{kept} root"
    return look_alikes()[kept].name if kept in look_alikes() else ""


def standing(patient: Patient) -> str:
    """Say what was decided for a patient, as a plan of an operation must know it; nothing where nothing was kept.

    Examples
    --------
    >>> standing(load_patient("amir-haddad").deciding(**{f"{NEED}week 17": options()["other"].name}))
    'Kept in week 17: “Look for another cause”. So no operation is planned, and these dates are an exercise only.'
    """
    when, what = patient.decided_need()
    if not what:
        return ""
    if what == options()["offer"].name:
        return f"Kept in {when}: “{what}”. These dates hold only if the patient then chooses the operation."
    if what == options()["urgent"].name:
        return f"Kept in {when}: “{what}”. These dates hold only if that team offers the operation and it is chosen."
    return f"Kept in {when}: “{what}”. So no operation is planned, and these dates are an exercise only."


def history(patient: str, week: int) -> History | None:
    """Give what the history of a visit says; None for a patient or week of whom nothing is noted."""
    return next((row for row in _histories() if (row.patient, row.week) == (patient, week)), None)


@lru_cache(maxsize=1)
def _histories() -> tuple[History, ...]:
    return _read("histories", History, patient=patients())


@lru_cache(maxsize=1)
def values() -> Mapping[str, Value]:
    """Give what may matter to a patient, by id."""
    return by_key(_read("values", Value), "id")


@lru_cache(maxsize=1)
def talk_points() -> Mapping[str, str]:
    """Give the points of a good talk, by id."""
    return {row.id: row.point for row in _read("talk", _Point)}


@lru_cache(maxsize=1)
def _models() -> Mapping[str, str]:
    return {row.id: row.text for row in _read("explanations", _Model)}


def explanation(option: str, *, of_root: bool = False) -> str:
    """Give one way to say an option to a patient; ``of_root`` as for `foramlib.clinic.indications.consequence`.

    Raises
    ------
    InvalidInput
        If there is no such option.
    """
    name = one_of(option, options(), "option")
    return (of_root and _models().get(f"{name}-root")) or _models()[name]


def _read(name: str, row_type: type[Row], **known: tuple[str, ...]) -> tuple[Row, ...]:
    return read_table(data_path("clinic", "decision", f"{name}.csv"), row_type, known)


def rehearse(name: str = "helen-osei", folder: str | Path | None = None) -> Rehearsal:
    """Begin with a patient; see `foramlib.learning.patient.load_patient`."""
    return Rehearsal(load_patient(name, folder))
