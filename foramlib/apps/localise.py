"""Which root? A body map, findings, ranked roots with reasons, and what tests do to a probability.

Every change of a control makes a new state; the state is ranked and weighed once, and the views receive what is new.
There is one way from state to page, and one place where a refusal becomes a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import ipywidgets
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.body_map import BodyMap, map_of
from foramlib.apps.controls import THEMES, Buttons, Choice, Control, Slider, Toggle, check_theme, close_all
from foramlib.clinic.accuracy import BEFORE, CONDITIONS, FIGURES, beliefs, withheld
from foramlib.clinic.findings import GROUPS, NOT, findings, look_alikes, pitfalls
from foramlib.clinic.localise import RULE, Localisation
from foramlib.clinic.localise import localise as name_roots
from foramlib.clinic.regions import region
from foramlib.clinic.roots import exiting_root, root_cards, traversing_root
from foramlib.errors import InvalidInput
from foramlib.evidence import cite
from foramlib.figures.probability import probability_bar
from foramlib.learning.patient import LOCALISED, Patient, load_patient, patients

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from foramlib.apps.section_view import SectionView
    from foramlib.clinic.accuracy import Belief
    from foramlib.clinic.localise import Candidate, Reason
    from foramlib.spine.segment import Segment

__all__ = ["FindingsPanel", "LocaliseApp", "LocaliseView", "localise"]

NOBODY = "nobody"
PARTS = MappingProxyType({"arm": "Neck and arm", "leg": "Low back and leg", "both": "Both"})
"""What is examined."""
_MOST_SHOWN = 5  # ranked candidates on the page; the others are named in a line
_HIDDEN = "The ranking is hidden: name the root yourself, keep your answer, and it opens."
_NOTHING = MappingProxyType({"candidates": (), "rest": "", "notes": ()})


class Asked(InvalidInput, traitlets.TraitError):
    """An answer that the panel does not take; as a trait error it makes traitlets keep the old ones."""


class FindingsPanel(anywidget.AnyWidget):
    """Findings by group, each not asked, present or absent, on native radio buttons.

    Attributes
    ----------
    groups : list of dict
        Heading and findings of each group.
    part : str
        ``"arm"``, ``"leg"`` or ``"both"``: which findings are in view; what is out of view keeps its answer.
    answers : dict
        Finding id -> ``"yes"`` or ``"no"``; what is not there was not asked.
    verdict : str
        What the answers name, repeated under the list, where the strip is out of sight.
    flagged : bool
        Whether it is a red flag, which then stands there alone.
    refusal : str
        Why the last answer was not taken; it stands under that finding.
    theme : str
        As for a control.
    """

    _esm: ClassVar[str] = script("theme.js", "localise.js")
    _css: ClassVar[str] = style("theme.css", "localise.css")

    kind = traitlets.Unicode("findings").tag(sync=True)
    groups = traitlets.List(traitlets.Dict()).tag(sync=True)
    part = traitlets.Enum(tuple(PARTS), "both").tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    flagged = traitlets.Bool(default_value=False).tag(sync=True)
    refusal = traitlets.Unicode().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(groups=_groups(), **traits)

    @traitlets.validate("answers")
    def _check(self, proposal: dict[str, Any]) -> dict[str, str]:
        for name, answer in proposal["value"].items():
            if name not in findings() or answer not in {"yes", "no"}:
                raise Asked(f"The answer {answer!r} to {name!r} is not possible; findings take yes or no.")
        return dict(proposal["value"])


class LocaliseView(anywidget.AnyWidget):
    """What the findings name: red flags, the verdict, candidates with reasons, and probabilities.

    Attributes
    ----------
    kind : str
        ``"strip"`` (red flags and verdict), ``"result"`` (reasons and probabilities) or ``"done"`` (what a button did).
    page : dict
        What to show, as plain data.
    action : dict
        What the learner pressed: ``{"show": "C6", "count": 2}``.
    theme : str
        As for a control.
    """

    _esm: ClassVar[str] = script("theme.js", "localise.js")
    _css: ClassVar[str] = style("theme.css", "localise.css")

    kind = traitlets.Unicode("result").tag(sync=True)
    page = traitlets.Dict().tag(sync=True)
    action = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)


@dataclass(frozen=True)
class Case:
    """State of the app.

    Attributes
    ----------
    patient : Patient or None
        Who is examined.
    given, regions : tuple of str
        Findings and painful regions.
    before : mapping of str to float
        Probabilities before the tests, by condition, where the learner moved them.
    figures : str
        Whose figures of the Spurling test.
    """

    patient: Patient | None
    given: tuple[str, ...]
    regions: tuple[str, ...]
    before: Mapping[str, float]
    figures: str = "pooled"

    @property
    def age(self) -> int | None:
        """Age of the patient, where there is one."""
        return self.patient.age if self.patient else None


class LocaliseApp:
    """The localiser.

    Parameters
    ----------
    patient : str or None
        Id of a patient, or nobody.
    ranking : bool
        Whether the ranking is in view from the start; else the learner commits first.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    folder : str or None
        Where the learner's patients are kept; ``my-work`` by default.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Raises
    ------
    InvalidInput
        If patient or theme is unknown.
    """

    def __init__(
        self,
        patient: str | None = None,
        *,
        ranking: bool = True,
        theme: str = "auto",
        folder: str | None = None,
        strict: bool = False,
    ) -> None:
        theme = check_theme(theme)
        self.strict = strict
        self.folder = folder
        self._setting = False
        self._section: SectionView | None = None
        self.case = _case_of(load_patient(patient, folder) if patient else None)
        self.controls = _controls()
        self.controls["ranking"].value = ranking
        self.map = BodyMap(title="Where does it hurt?")
        self.panel = FindingsPanel()
        self.strip, self.view = LocaliseView(kind="strip"), LocaliseView(kind="result")
        self.note = LocaliseView(kind="done")
        self._below = ipywidgets.VBox()
        self.widget = self._arranged()
        self._set_theme(theme)
        self._listen()
        self._go(self.case)
        self._turn_to(self.case)

    # What can be read.

    @property
    def result(self) -> Localisation:
        """What the present findings name."""
        return self._result

    @property
    def beliefs(self) -> tuple[Belief, ...]:
        """What the present tests make of each probability."""
        return self._beliefs

    @property
    def message(self) -> str:
        """What was refused or done last, or nothing."""
        return str(self.note.page.get("message") or self.strip.page.get("message", ""))

    def describe(self) -> str:
        """Say everything that is shown."""
        who = self.case.patient
        lines = [f"{who.name}, {who.age}. {who.history}"] if who else ["Nobody in particular."]
        lines += [self.map.describe()]
        if self.controls["ranking"].value:
            lines += [self._result.describe()]
        else:
            lines += [f"{flag.title}. {flag.sentence}" for flag in self._result.flags]
            lines += [*self._result.hints, _HIDDEN]
        lines += [belief["description"] for belief in self.view.page["beliefs"]]
        lines += withheld(self.case.given)
        return "\n".join(line for line in lines if line)

    # What can be done.

    def find(self, *given: str, regions: Iterable[str] = ()) -> None:
        """Record findings and painful regions in place of those recorded; a refusal is said, and nothing is lost."""
        self._attempt(lambda: replace(self.case, given=tuple(given), regions=tuple(regions)))

    def see(self, patient: str | None) -> None:
        """Take another patient, or nobody."""
        self._attempt(lambda: _case_of(load_patient(patient, self.folder) if patient else None))

    def show_foramen(self, root: str) -> None:
        """Open the model's section of the foramen through which a root leaves, or say why there is none."""
        self._attempt(lambda: self._open(root), pressed=True)

    def save(self) -> None:
        """Keep the learner's root in the patient's file."""
        self._attempt(self._keep, pressed=True)

    def close(self) -> None:
        """Free every widget."""
        for part in (self.map, self.panel, self.strip, self.view, self.note, *self.controls.values()):
            part.unobserve_all()
        close_all(self.widget)

    def _repr_mimebundle_(self, **options: Any) -> object:  # noqa: ANN401 - Jupyter's own protocol
        return self.widget._repr_mimebundle_(**options)

    # From control to state.

    def _arranged(self) -> ipywidgets.Widget:
        head = ipywidgets.Box([self.controls[name] for name in ("patient", "reset", "ranking")])
        tests = ipywidgets.VBox([self.controls["before"], self.controls["figures"]])
        side = ipywidgets.VBox([self.controls["part"], self.panel, tests])
        answer = ipywidgets.Box([self.controls["answer"], self.controls["save"], self.controls["theme"]])
        outer = ipywidgets.Box([head, self.strip, self.map, side, self.view, answer, self.note, self._below])
        names = ("head", "strip", "map", "side", "result", "answer", "note", "below")
        for box, name in zip(outer.children, names, strict=True):
            box.add_class(f"foramlib-localise-{name}")
        page = ipywidgets.Box([outer])
        outer.add_class("foramlib-localise-body")
        page.add_class("foramlib-app")
        return page

    def _listen(self) -> None:
        self.map.observe(self._on_change, "selected")
        self.panel.observe(self._on_change, "answers")
        for name in ("before", "figures"):
            self.controls[name].observe(self._on_change, "value")
        self.controls["ranking"].observe(lambda _: self._attempt(lambda: self.case), "value")
        self.controls["part"].observe(lambda change: setattr(self.panel, "part", change["new"]), "value")
        self.controls["patient"].observe(self._on_patient, "value")
        self.controls["reset"].observe(lambda _: self._attempt(lambda: _case_of(self.case.patient)), "presses")
        self.controls["save"].observe(lambda _: self.save(), "presses")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")
        self.view.observe(lambda change: self.show_foramen(str(change["new"].get("show"))), "action")

    def _on_patient(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            self.see(None if change["new"] == NOBODY else change["new"])

    def _on_change(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            self._attempt(lambda: self._asked(moved=change["owner"] is self.controls["before"]))

    def _asked(self, *, moved: bool) -> Case:
        """State that the controls ask for."""
        given = tuple(name if answer == "yes" else NOT + name for name, answer in self.panel.answers.items())
        before = dict(self.case.before)
        if moved:
            before[self._condition] = self.controls["before"].value / 100
        return replace(
            self.case,
            given=given,
            regions=tuple(self.map.selected),
            before=before,
            figures=self.controls["figures"].value,
        )

    def _attempt(self, make: Callable[[], Any], *, pressed: bool = False) -> None:
        """Make a state and show it; the one place where a refusal becomes a sentence.

        What a button in the lower half did is said beside it: the strip on top is out of sight there.
        """
        try:
            made = make()
            case, told = made if isinstance(made, tuple) else (made, "")
            self._go(case)
            self._tell(told, pressed=pressed)
        except InvalidInput as problem:
            self._refuse(str(problem), pressed=pressed)
        except Exception as problem:
            told = f"This could not be worked out ({type(problem).__name__}); the last good state stays."
            self._refuse(told, pressed=pressed)
            if self.strict:
                raise

    def _refuse(self, sentence: str, *, pressed: bool) -> None:
        self._set_controls()
        self._tell(sentence, pressed=pressed, refused=True)

    def _tell(self, sentence: str, *, pressed: bool, refused: bool = False) -> None:
        said = {"message": sentence, "refused": refused}
        self.note.page = said if pressed else {}
        self.panel.refusal = sentence if refused and not pressed else ""
        if sentence and not pressed:
            self.strip.page = {**self.strip.page, **said}

    # From state to page.

    def _go(self, case: Case) -> None:
        result = name_roots(case.given, case.regions)
        weighed = beliefs(case.given, before=case.before, figures=case.figures, age=case.age)
        same_patient = _name_of(case) == _name_of(self.case)
        self.case, self._result, self._beliefs = case, result, weighed
        self._condition = _main_condition(result, weighed)
        self._set_controls()
        seen = self.controls["ranking"].value
        self.strip.page = _strip(case, result, weighed) | ({} if seen else {"verdict": _HIDDEN})
        flags = " ".join(f"{flag.title}. {flag.sentence}" for flag in result.flags)
        self.panel.verdict, self.panel.flagged = flags or self.strip.page["verdict"], bool(flags)
        self.view.page = _result_page(case, result, weighed) | ({} if seen else dict(_NOTHING))
        if not same_patient:
            self._turn_to(case)

    def _set_controls(self) -> None:
        """Bring every control in line with the state, without being called back for it."""
        self._setting = True
        try:
            self._fit()
        finally:
            self._setting = False

    def _fit(self) -> None:
        case = self.case
        self.map.selected = case.regions
        self.panel.answers = {name.removeprefix(NOT): "no" if name.startswith(NOT) else "yes" for name in case.given}
        controls = self.controls
        controls["patient"].value = _name_of(case)
        controls["figures"].value = case.figures
        controls["figures"].layout.display = None if self._condition == "cervical radiculopathy" else "none"
        before = case.before.get(self._condition, BEFORE[self._condition][0])
        controls["before"].label = f"Before the tests: {CONDITIONS[self._condition]}"
        controls["before"].value = min(max(round(100 * before), 1), 99)

    # The model's picture.

    def _open(self, root: str) -> tuple[Case, str]:
        """Show one root: its typical pain on the map, and its foramen in the model."""
        if root not in root_cards():
            raise InvalidInput(f"{root!r} is not a root that leaves the spine here; choose a root.")
        view, told = _foramen(root, self.case.patient, self._side(), self.strip.theme)
        self._close_section()
        self._section = view
        self.map.shaded = {name: level for name, level in map_of(root).items() if name.endswith(f".{self._side()}")}
        self._below.children = [view]
        return self.case, f"{told} It stands below; the typical pain of {root} is shaded on the map."

    def _side(self) -> str:
        sides = [name.rpartition(".")[2] for name in self.case.regions]
        if self.case.patient:
            return self.case.patient.side
        return sides[0] if sides else "left"

    def _turn_to(self, case: Case) -> None:
        """Bring what the patient's trouble needs into view: the part of the body, the side of the figure."""
        self._close_section()
        # A page may hold several maps; a screen reader tells them by their names.
        self.map.title = f"Where does it hurt? {case.patient.name}" if case.patient else "Where does it hurt?"
        level = case.patient.level if case.patient else ""
        self.controls["part"].value = {"C": "arm", "L": "leg"}.get(level[:1], "both")
        pictures = [picture for name in case.regions for picture in region(name).pictures]
        self.map.view = "back" if pictures.count("back") > pictures.count("front") else "front"

    def _close_section(self) -> None:
        self.map.shaded = {}
        self._below.children = []
        if self._section is not None:
            close_all(self._section)
            self._section = None

    # The learner's answer.

    def _keep(self) -> tuple[Case, str]:
        who, answer = self.case.patient, self.controls["answer"].value
        if who is None:
            raise InvalidInput("Choose a patient first; an answer is kept with a patient.")
        if not answer:
            raise InvalidInput("Choose your answer first, then keep it.")
        decided = who.newest(self.folder).deciding(**{LOCALISED: answer})
        file = decided.save(self.folder)
        named = dict(_answers())[answer]
        first = self._result.candidates[0].name if self._result.candidates else "nothing"
        self._close_section()
        self.controls["ranking"].value = True
        told = f"You said {named}; the rule puts {first} first. The scan: {who.imaging} "
        told += f"Kept in {file.parent.name}/{file.name}; lesson 05 opens with it."
        return replace(self.case, patient=decided), told

    def _set_theme(self, theme: str) -> None:
        for part in (self.map, self.panel, self.strip, self.view, self.note, *self.controls.values()):
            part.theme = theme
        if self._section is not None:
            self._section.theme = theme
        self.controls["theme"].value = theme


def localise(
    patient: str | None = None, *, ranking: bool = True, theme: str = "auto", folder: str | None = None
) -> LocaliseApp:
    """Open the localiser: where it hurts, what is found, and which root that names.

    Parameters
    ----------
    patient : str, optional
        A patient's id, such as ``"helen-osei"``; an empty examination otherwise.
    ranking : bool
        ``False`` hides the ranking until the learner has kept an answer, or asks for it.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    folder : str, optional
        Where the learner's patients are kept; ``my-work`` by default.

    Raises
    ------
    InvalidInput
        If patient or theme is unknown.

    Examples
    --------
    >>> localise("tomas-lindqvist").result.candidates[0].id
    'C7'
    """
    return LocaliseApp(patient, ranking=ranking, theme=theme, folder=folder)


# -- making


def _case_of(patient: Patient | None) -> Case:
    if patient is None:
        return Case(None, (), (), {})
    return Case(patient, patient.findings, patient.regions, {})


def _name_of(case: Case) -> str:
    return case.patient.id if case.patient else NOBODY


def _groups() -> list[dict[str, Any]]:
    rows = [
        (one.group, {"id": one.id, "text": one.text, "how": one.how, "part": one.part}) for one in findings().values()
    ]
    return [
        {"id": name, "title": title, "findings": [row for group, row in rows if group == name]}
        for name, title in GROUPS.items()
    ]


def _answers() -> list[tuple[str, str]]:
    roots = [(name, f"{name} root") for name in root_cards()]
    others = [(one.id, one.name) for one in look_alikes().values()]
    return [*roots, *others, ("red-flag", "Neither: a red flag comes first")]


def _controls() -> dict[str, Control]:
    who = [(NOBODY, "Nobody: an empty examination")]
    who += [(name, name.replace("-", " ").title()) for name in patients()]
    return {
        "patient": Choice(who, label="Patient", display="select"),
        "reset": Buttons({"reset": "Reset"}, label="Reset"),
        "ranking": Toggle(label="Show the ranking", value=True),
        "part": Choice(PARTS, label="Examine", value="both"),
        "before": Slider(label="Before the tests", unit="%", min=1, max=99, step=1, value=23),
        "figures": Choice(FIGURES, label="Figures of the Spurling test", display="select"),
        "answer": Choice([("", "Choose …"), *_answers()], label="Your answer", display="select"),
        "save": Buttons({"save": "Keep my answer"}, label="Keep"),
        "theme": Choice({name: name.capitalize() for name in THEMES}, label="Colours", display="select"),
    }


def _main_condition(result: Localisation, weighed: tuple[Belief, ...]) -> str:
    """Condition whose probability the slider moves: that of the first belief, else of the part that was found ill."""
    if weighed:
        return weighed[0].condition
    leg = bool(result.candidates) and result.candidates[0].part == "leg"
    return "lumbar disc herniation" if leg else "cervical radiculopathy"


def _strip(case: Case, result: Localisation, weighed: tuple[Belief, ...]) -> dict[str, Any]:
    who = case.patient
    return {
        "story": f"{who.name}, {who.age}, {who.occupation}. {who.history}" if who else "",
        "flags": [{"title": one.title, "text": one.sentence, "sources": _links(one.sources)} for one in result.flags],
        "verdict": result.verdict,
        "moved": " ".join([*result.hints, *(belief.sentence() for belief in weighed)]),
        "message": who.remark if who else "",
        "refused": False,
    }


def _result_page(case: Case, result: Localisation, weighed: tuple[Belief, ...]) -> dict[str, Any]:
    shown = result.candidates[:_MOST_SHOWN]
    most = max([1, *(points for one in shown for points in (one.gained, one.lost))])
    rest = ", ".join(one.name for one in result.candidates[_MOST_SHOWN:])
    return {
        "candidates": [_candidate(one, most) for one in shown],
        "rest": f"Further down: {rest}." if rest else "",
        "notes": [*result.notes, *withheld(case.given), RULE],
        "pitfalls": [{"title": one.title, "text": one.text, "sources": _links(one.sources)} for one in pitfalls()],
        "beliefs": [probability_bar(belief) for belief in weighed],
    }


def _candidate(one: Candidate, most: int) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "points": f"{one.points} point{'' if abs(one.points) == 1 else 's'}".replace("-", "−"),
        "note": one.note,
        "is_root": one.kind == "root",
        "bar": {"pro": one.gained / most, "contra": one.lost / most, "words": f"{one.gained} for, {one.lost} against"},
        "pro": [_reason(why) for why in one.supporting],
        "contra": [_reason(why) for why in one.opposing],
        "sources": _links(dict.fromkeys(name for why in one.reasons for name in why.sources)),
    }


def _reason(why: Reason) -> dict[str, Any]:
    sign = "+" if why.points > 0 else "−"
    taught = "" if why.sources else " (general teaching)"
    title = "; ".join(cite(name).title for name in why.sources)
    return {"text": f"{why.text}{taught}", "points": f"{sign}{abs(why.points)}", "title": title}


def _links(ids: Iterable[str]) -> list[dict[str, str]]:
    """Name each source once, with its address where it has one."""
    found = {cite(name).marked: cite(name) for name in ids}
    if not found:
        return [{"text": "general teaching", "title": "General teaching; no source of its own", "url": ""}]
    return [{"text": text, "title": one.title, "url": _web(one.url)} for text, one in found.items()]


def _web(url: str) -> str:
    return url if url.startswith("https://") else ""


def _foramen(root: str, patient: Patient | None, side: str, theme: str) -> tuple[SectionView, str]:
    """Draw where a root leaves: in the patient once an answer was kept, else in a healthy spine."""
    from foramlib.spine.levels import MODELLED  # noqa: PLC0415 - the model is heavy, and only on demand
    from foramlib.spine.segment import Segment  # noqa: PLC0415

    if patient is not None and LOCALISED in patient.decisions:
        level = patient.level
        if root == exiting_root(level):
            told = f"{patient.name}'s foramen of {root} at {level}, as the model makes it from the scan report."
            return _section(patient.segment(), side, "foramen", theme, told), told
        if root == traversing_root(level):
            told = f"{patient.name}'s disc at {level}, which {root} passes, as the model makes it from the scan report."
            return _section(patient.segment(), side, "axial-disc", theme, told), told
    level = root_cards()[root].foramen
    if level not in MODELLED:
        raise InvalidInput(f"The model does not have the place where {root} leaves; it has {', '.join(MODELLED)}.")
    told = f"The foramen of {root} at {level} in a healthy spine of the model, {side} side."
    return _section(Segment.at(level), side, "foramen", theme, told), told


def _section(segment: Segment, side: str, plane: str, theme: str, told: str) -> SectionView:
    from foramlib.apps.section_view import SectionView  # noqa: PLC0415 - heavy, and only on demand
    from foramlib.figures.readings import readings  # noqa: PLC0415
    from foramlib.figures.scene import scene  # noqa: PLC0415
    from foramlib.spine.foramen import measure_section  # noqa: PLC0415
    from foramlib.spine.planes import Plane  # noqa: PLC0415
    from foramlib.spine.section import cut  # noqa: PLC0415

    section = cut(segment, Plane.named(plane, segment, side))
    measures = measure_section(segment, section)
    view = SectionView(theme=theme, caption="Teaching model, not a patient.")
    view.show(scene(segment, section, measures), sentence=told, readings=readings(measures))
    return view
