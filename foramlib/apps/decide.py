"""Who needs an operation? A rehearsal: read a patient, decide, weigh for and against, ask what matters, explain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import ipywidgets
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES, check_theme
from foramlib.apps.question import QuestionApp, pieces, said, source_links
from foramlib.clinic.findings import NOT, finding
from foramlib.clinic.indications import COURSES, RULE, consequence, options
from foramlib.clinic.risks import NO_TRIAL, outcomes, pair
from foramlib.evidence import cite
from foramlib.figures.icons import arrays
from foramlib.learning.patient import NEED, Patient, load_patient, patients
from foramlib.learning.rehearsal import (
    AS_IS,
    STEPS,
    WEIGHTS,
    Rehearsal,
    explanation,
    history,
    localised,
    rehearse,
    talk_points,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from foramlib.apps.question import Page
    from foramlib.figures.icons import Array

__all__ = ["Decide", "decide"]

Block = dict[str, Any]

_FIRST = "helen-osei"
_IDS = re.compile(r"\(\{(?!S:)([^}]+)\}\)")  # a search is no source
# Parts of a block that change without a new drawing: the browser shows what was picked or typed by itself.
_QUIET = frozenset({"value"})


class DecideView(anywidget.AnyWidget):
    """The page in the browser: native controls in blocks, icon arrays, and a live region.

    Attributes
    ----------
    page : dict
        What to show; only a new ``drawing`` number makes the browser look at the blocks again.
    actions : list of dict
        What the learner did and may not have been heard yet: ``{"do": "choose", "value": "wait", "count": 7}``.
        ``heard`` of the page is the last count that was.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    """

    _esm: ClassVar[str] = script("theme.js", "decide.js")
    _css: ClassVar[str] = style("theme.css", "question.css", "decide.css")

    page = traitlets.Dict().tag(sync=True)
    actions = traitlets.List(traitlets.Dict()).tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)


class Decide(QuestionApp):
    """The rehearsal of a shared decision.

    Parameters
    ----------
    patient : str or Patient, optional
        An id of `foramlib.learning.patient.patients`, or a patient of your own; Helen Osei at first.
    folder : str or pathlib.Path, optional
        Where the learner's copies of patients are kept.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.

    Raises
    ------
    InvalidInput
        If there is no patient of that name.
    """

    def __init__(
        self, patient: str | Patient | None = None, folder: str | Path | None = None, theme: str = "auto"
    ) -> None:
        theme = check_theme(theme)
        self.folder = folder
        given = patient if isinstance(patient, Patient) else None
        self._given = given
        self.state = Rehearsal(given) if given else rehearse(patient or _FIRST, folder)  # type: ignore[arg-type]
        self.view = DecideView(theme=theme)
        self._below = ipywidgets.VBox()
        self._model = None
        self._drawings = 0
        self.widget = ipywidgets.VBox([self.view])
        self._heard = 0
        self.view.observe(self._on_actions, names="actions")
        self._show(self.state.patient.remark)

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        state = self.state
        return {
            "patient": lambda told: self._turn(Rehearsal(self._patient(str(told.get("value"))))),
            "visit": lambda told: self._turn(state.seeing(_whole(told.get("value")))),
            "choose": lambda told: self._turn(state.choosing(told.get("value"))),
            "decide": lambda _: self._turn(state.deciding()),
            "again": lambda _: self._turn(state.again()),
            "go": lambda told: self._turn(state.going(told.get("value"))),
            "suppose": lambda told: self._turn(state.supposing(told.get("value"))),
            "weigh": lambda told: self._turn(state.weighing(told.get("of"), told.get("value"))),
            "outcome": lambda told: self._turn(state.showing(told.get("value"))),
            "say": lambda told: self._turn(state.saying(told.get("value"))),
            "tick": lambda told: self._turn(state.ticking(told.get("value"), told.get("on"))),
            "keep": lambda _: self._turn(state.keeping(self.folder)),
        }

    def _patient(self, name: str) -> Patient:
        """Give a patient to go to: the one who was given, or one by id."""
        return self._given if self._given and name == self._given.id else load_patient(name, self.folder)

    def _turn(self, state: Rehearsal) -> None:
        self.state = state

    def page(self) -> Page:
        """Give the page of the present state: who and when, the step, and its blocks."""
        state = self.state
        blocks = _STEP_BLOCKS[state.step](state)
        steps = [
            {"id": name, "text": text, "current": name == state.step, "locked": name != "read" and not state.decided}
            for name, text in STEPS.items()
        ]
        return {
            "key": f"{state.patient.id} {state.visit} {state.step} {state.decided}",
            "label": f"Who needs an operation? {state.patient.name}",
            "heading": f"{STEPS[state.step]}: {state.patient.name}, week {state.week}",
            "warning": f"{NO_TRIAL}.",
            "steps": steps,
            "top": _top(state, self._given),
            "blocks": blocks,
            "spoken": _spoken(state),
        }

    def describe(self) -> str:
        """Say the page in words."""
        page = self.page()
        return "\n".join(
            [page["heading"], page["warning"], *(line for block in page["blocks"] for line in _told(block))]
        )

    def _on_actions(self, change: Mapping[str, Any]) -> None:
        """Do what has not been done yet, in order; the question app knows what it has heard."""
        for told in change["new"]:
            self._on_action({"new": told})

    def _show(self, message: str = "") -> None:
        page = self.page()
        if _drawn(self.view.page) != _drawn(page):
            self._drawings += 1
        self.view.page = {**page, "message": message, "drawing": self._drawings, "heard": self._heard}


def _drawn(page: Page) -> object:
    """Leave out what the browser shows by itself."""
    kept = {name: page.get(name) for name in ("key", "steps", "spoken")}
    blocks = [*page.get("top", []), *page.get("blocks", [])]
    return kept, [{name: part for name, part in block.items() if name not in _QUIET} for block in blocks]


def _whole(value: object) -> object:
    """Turn what a list of choices gives back into a number."""
    return int(value) if isinstance(value, str) and value.isdigit() else value


# -- blocks


def _prose(name: str, text: str, kind: str = "") -> Block:
    return {"type": "prose", "id": name, "name": kind, "pieces": _brief(text)}


def _brief(text: str) -> list[dict[str, str]]:
    """Give pieces of prose; of a source without an address only the study and the people stay."""
    cited = (cite(name) for name in _IDS.findall(text))
    named = {f"({one.id} · {one.text})": f"({one.text})" for one in cited if not one.url.startswith("https://")}
    return [{**piece, "text": _replaced(piece["text"], named)} for piece in pieces(text)]


def _replaced(text: str, named: Mapping[str, str]) -> str:
    for whole, brief in named.items():
        text = text.replace(whole, brief)
    return text


def _pick(kind: str, name: str, label: str, *, does: str, given: Iterable[tuple[str, str]], value: str) -> Block:
    shown = [{"value": key, "text": text} for key, text in given]
    return {"type": kind, "id": name, "label": label, "does": does, "with": {}, "options": shown, "value": value}


def _buttons(*given: tuple[str, str, str]) -> Block:
    """Make a row of buttons from (what it does, value, words); the first is the main one."""
    row = [
        {"does": does, "with": {"value": value} if value else {}, "text": text, "primary": not place}
        for place, (does, value, text) in enumerate(given)
    ]
    return {"type": "buttons", "id": f"buttons {given}", "options": row}


def _heading(text: str) -> Block:
    return {"type": "heading", "id": text, "text": text}


def _sources(texts: Iterable[str]) -> list[Block]:
    ids = list(dict.fromkeys(name for text in texts for name in _IDS.findall(text)))
    return [{"type": "sources", "id": "sources", "items": source_links(ids)}] if ids else []


def _top(state: Rehearsal, given: Patient | None) -> list[Block]:
    """Give the choice of patient and visit; a patient who was given stays in the list."""
    known = [(name, _name_of(name)) for name in patients()]
    if given is not None and given.id not in dict(known):
        known.append((given.id, given.name))
    weeks = [state.patient.weeks(), *(visit.week for visit in state.patient.visits)]
    visits = [(str(place), f"week {week}") for place, week in enumerate(weeks)]
    return [
        _pick("select", "patient", "Patient (made up)", does="patient", given=known, value=state.patient.id),
        _pick("select", "visit", "Seen in", does="visit", given=visits, value=str(state.visit)),
    ]


def _name_of(name: str) -> str:
    """Give the name that belongs to the id of a shipped patient."""
    return " ".join(part.capitalize() for part in name.split("-"))


# -- steps


def _read(state: Rehearsal) -> list[Block]:
    who = state.patient
    drives = "drives" if who.drives else "does not drive"
    person = f"{who.name}, {who.age}, {who.occupation}; {drives}{f', sport: {who.sport}' if who.sport else ''}."
    return [
        _prose("person", person),
        _prose("story", state.story),
        *_findings(state.findings),
        _prose("scan", f"Scan: {who.imaging}"),
        *_brought(state),
        _decision(state),
        *([] if state.decided else [_buttons(("decide", "", "Decide"))]),
        *([_buttons(("go", "weigh", "See for and against"), ("again", "", "Decide again"))] if state.decided else []),
    ]


def _brought(state: Rehearsal) -> list[Block]:
    """Say what the learner kept of this patient before: the root of lesson 04, and decisions of other weeks."""
    named = localised(state.patient)
    told = [f"You named in lesson 04: {named}."] if named else []
    this = f"{NEED}week {state.week}"
    kept = state.patient.decisions.items()
    told += [
        f"You kept for {key.removeprefix(NEED)}: {what}." for key, what in kept if key.startswith(NEED) and key != this
    ]
    return [_prose("brought", " ".join(told))] if told else []


def _findings(given: tuple[str, ...]) -> list[Block]:
    present = [finding(name).text for name in given if not name.startswith(NOT)]
    absent = [finding(name.removeprefix(NOT)).text for name in given if name.startswith(NOT)]
    parts = (("Found", present), ("Looked for and not found", absent))
    return [_prose(label, f"{label}: {'; '.join(texts)}.") for label, texts in parts if texts]


def _decision(state: Rehearsal) -> Block:
    given = ((option.id, option.name) for option in options().values())
    block = _pick("radio", "decision", "What do you do?", does="choose", given=given, value=state.chosen)
    for shown, option in zip(block["options"], options().values(), strict=True):
        shown["note"] = option.meaning
    return {**block, "disabled": state.decided}


def _weigh(state: Rehearsal) -> list[Block]:
    judged, chosen = state.judgement, options()[state.chosen]
    after = consequence(judged.best, chosen.id, of_root=judged.of_root)
    texts = [one.text for one in judged.said]
    return [
        _prose("verdict", _verdict(state), "fl-d-verdict"),
        _prose("why", f"What decides: {judged.why}"),
        *_compared(state),
        _prose("told", _history_read(state)),
        _prose("after", f"If you choose “{chosen.name}”: {after}"),
        *_on_second_thought(state),
        _heading("What speaks for and against each"),
        {"type": "cards", "id": "cards", "cards": _cards(state)},
        _prose("rule", RULE),
        _buttons(("go", "matters", "Ask what matters"), ("again", "", "Decide again")),
        *_kept(state),
        *_sources(texts),
    ]


def _verdict(state: Rehearsal) -> str:
    judged, best = state.judgement, options()[state.judgement.best].name
    if state.chosen == judged.best:
        return f"✓ The rules favour the same: {best}."
    if judged.accepts(state.chosen):
        return f"✓ A fair choice as well. The rules favour: {best}."
    return f"✗ The rules favour another: {best}."


def _compared(state: Rehearsal) -> list[Block]:
    """Set what the learner named in lesson 04 beside what the findings of this visit name first."""
    named, leader = localised(state.patient), state.judgement.leader
    if not named or leader is None:
        return []
    same = "the same" if named == leader.name else leader.name
    return [_prose("compared", f"You named in lesson 04: {named}. The findings name first: {same}.")]


def _history_read(state: Rehearsal) -> str:
    told = state.presentation
    main = "in the limb" if told.main == "limb" else "in the neck or back"
    tried = "has been tried" if told.tried else "has not been tried long enough"
    return f"Read from the history: the pain is {COURSES[told.course]}, mainly {main}; good care {tried}."


def _on_second_thought(state: Rehearsal) -> list[Block]:
    """Give the "what if", and what it changes."""
    cases = ((case.id, case.name) for case in state.cases())
    choice = _pick("select", "what-if", "What if …", does="suppose", given=cases, value=state.case)
    return [choice, _prose("what-if-said", _supposed(state))]


def _supposed(state: Rehearsal) -> str:
    now, then = state.judgement, state.what_if
    if state.case == AS_IS:
        return "Choose a change, and see whether the rules change their mind."
    changed = "The rules stay" if now.best == then.best else "The rules change"
    urgency = " (an emergency)" if then.urgency == _EMERGENCY else ""
    return f"{changed}: {options()[then.best].name}{urgency}. {then.why}"


_EMERGENCY = 3


def _cards(state: Rehearsal) -> list[dict[str, Any]]:
    """Give each option with its reasons; the favoured one and the learner's choice are marked in words."""
    judged = state.judgement
    return [
        {"title": option.name, **_mark(state, option.id), "sides": [
            {"name": f"{side.capitalize()}", "items": [_brief(text) for text in judged.reasons(option.id, side)]}
            for side in ("for", "against") if judged.reasons(option.id, side)
        ]}
        for option in options().values()
    ]  # fmt: skip


def _mark(state: Rehearsal, option: str) -> dict[str, str]:
    judged = state.judgement
    notes = ["Your choice"] if option == state.chosen else []
    notes += ["Favoured by the rules"] if option == judged.best else []
    notes += ["Fair as well"] if option in judged.also else []
    right = judged.accepts(option)
    mark = "right" if right else "wrong" if option == state.chosen else ""
    return {"note": " · ".join(notes), "mark": mark}


def _matters(state: Rehearsal) -> list[Block]:
    outcome = state.outcome or state.shown_outcomes()[0]
    found = pair(outcome)
    evidence = {name: getattr(value, f"evidence_{state.region}") for name, value in values().items()}
    named = ((name, f"{outcomes()[name].name}, {outcomes()[name].when}") for name in state.shown_outcomes())
    return [
        *_says(state),
        *(block for name, text in evidence.items() for block in _value(state, name, text)),
        _prose("heard", _heard(state)),
        _heading("Of 100 people"),
        _pick("select", "outcome", "Show", does="outcome", given=named, value=outcome),
        {"type": "arrays", "id": "arrays", "arrays": [_array(one) for one in arrays(found)]},
        _prose("arrays-key", f"Square with a cross: {found.outcome.name}. Empty ring: not."),
        _prose("arrays-said", " ".join(found.sentences()[:-1])),
        _buttons(("go", "explain", "Explain it"), ("go", "weigh", "Back to for and against")),
        *_sources([*evidence.values(), *(f"({{{name}}})" for name in found.outcome.fact_ids)]),
    ]


def _says(state: Rehearsal) -> list[Block]:
    told = history(state.patient.id, state.week)
    return [_prose("says", f"{state.patient.name}: “{told.says}”", "fl-d-say")] if told else []


def _value(state: Rehearsal, name: str, text: str) -> list[Block]:
    value = values()[name]
    block = _pick(
        "radio",
        name,
        f"{value.name}. {value.question}",
        does="weigh",
        given=WEIGHTS.items(),
        value=state.weights.get(name, ""),
    )
    return [{**block, "with": {"of": name}, "short": True}, _prose(f"{name}-known", text)]


def _heard(state: Rehearsal) -> str:
    """Compare what was noted with what the patient put first."""
    told = history(state.patient.id, state.week)
    if told is None or not set(values()) <= set(state.weights):
        return "Note for each how much it matters to the patient, as you heard it; ask where you did not."
    order = list(WEIGHTS)
    first = values()[told.matters].name.lower()
    most = max(order.index(much) for much in state.weights.values())
    if order.index(state.weights[told.matters]) == most:
        return f"You heard what was put first: {first}. Come back to it when you explain."
    return f"Listen again: the patient put this first: {first}."


def _array(one: Array) -> dict[str, Any]:
    words = f"{one.title}: {one.marked} {one.what}, {one.rest} {one.otherwise}."
    return {"title": one.title, "marked": one.marked, "rest": one.rest, "words": words}


def _explain(state: Rehearsal) -> list[Block]:
    judged = state.judgement
    label = f"Say it to {state.patient.name} in your own words"
    return [
        *_says(state),
        _prose("hint", "Short sentences. No promise. Numbers of 100 people, for both options, over the same time."),
        {"type": "text", "id": "words", "label": label, "does": "say", "value": state.words},
        {
            **_pick(
                "ticks", "talk", "Look back, and tick what you did", does="tick", given=talk_points().items(), value=""
            ),
            "value": sorted(state.ticked),
        },
        {"type": "folded", "id": "model", "label": "Compare with one way to say it", "items": [
            pieces(f"“{explanation(judged.best, of_root=judged.of_root)}”"),
        ]},
        _buttons(("keep", "", "Keep this decision"), ("go", "matters", "Back to what matters")),
        *_kept(state),
    ]  # fmt: skip


def _kept(state: Rehearsal) -> list[Block]:
    return [_prose("kept", f"{state.kept} {_onward(state)}")] if state.kept else []


def _onward(state: Rehearsal) -> str:
    """Say where the patient goes from here; a choice that the rules do not share is kept, and said."""
    judged = state.judgement
    if not judged.accepts(state.chosen):
        return f"The rules favour another: {options()[judged.best].name}. Decide again, or say why you differ."
    if state.chosen == "offer":
        return f'Lesson 07 makes a dated plan of it: fl.planner("{state.patient.id}").'
    if judged.of_root:
        return f'If the spinal team offers an operation, lesson 07 dates it: fl.planner("{state.patient.id}").'
    return "Lesson 07 knows it too: no operation is planned."


_STEP_BLOCKS: Mapping[str, Callable[[Rehearsal], list[Block]]] = {
    "read": _read,
    "weigh": _weigh,
    "matters": _matters,
    "explain": _explain,
}


# -- words


def _spoken(state: Rehearsal) -> str:
    """Say what changed, for those who do not see it."""
    if state.kept:
        return state.kept
    if state.step == "weigh":
        return said(pieces(_supposed(state) if state.case != AS_IS else _verdict(state)))
    if state.step == "matters":
        return f"{pair(state.outcome or state.shown_outcomes()[0]).message}. {_heard(state)}"
    return ""


def _told(block: Block) -> list[str]:
    """Say one block in lines."""
    kind = block["type"]
    if kind == "prose":
        return [said(block["pieces"])]
    if kind == "heading":
        return [block["text"]]
    if kind in {"radio", "select"}:
        return [f"{block['label']}: {_offered(block)}"]
    if kind == "cards":
        return [line for card in block["cards"] for line in _card_told(card)]
    if kind == "arrays":
        return [one["words"] for one in block["arrays"]]
    return []


def _offered(block: Block) -> str:
    shown = (f"[{one['text']}]" if one["value"] == block["value"] else one["text"] for one in block["options"])
    return "; ".join(shown)


def _card_told(card: Mapping[str, Any]) -> list[str]:
    note = f" ({card['note']})" if card["note"] else ""
    lines = [f"  {side['name'].lower()}: {said(item)}" for side in card["sides"] for item in side["items"]]
    return [f"{card['title']}{note}", *lines]


def decide(
    patient: str | Patient | None = None, theme: str = "auto", folder: str | Path | None = None
) -> Decide:  # fmt: skip
    """Open the rehearsal of a shared decision.

    Parameters
    ----------
    patient : str or Patient, optional
        An id such as ``"nora-brandt"``, or a patient; Helen Osei at first.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    folder : str or pathlib.Path, optional
        Where the learner's copies of patients are kept; ``my-work`` in the working directory by default.

    Returns
    -------
    Decide
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no such patient or theme.
    """
    return Decide(patient, folder, theme)
