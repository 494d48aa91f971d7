"""The planner: a day, an approach and a life give dates for each step, with who says so.

A control changes the request; the plan is made once, and the view is told what changed. The patient's own day of the
operation is kept in the patient's file, so that it is there in the next lesson.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from foramlib.apps.assets import script, style
from foramlib.apps.controls import Buttons, Choice, Control, Day, Toggle, arrange, check_theme, colours
from foramlib.apps.page_view import PageApp, PageView
from foramlib.errors import InvalidInput
from foramlib.figures.plan_page import calendar_text, plan_html
from foramlib.learning.patient import Patient, load_patient
from foramlib.recovery.planner import APPROACH_NAMES, JOBS, Plan, PlannedStep, day_words, plan
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ipywidgets

    from foramlib.evidence import Citation
    from foramlib.recovery.milestones import Finding, Saying

__all__ = ["FORMATS", "PlanView", "Planner", "planner"]

FORMATS: Final = (".html", ".ics", ".txt")
_REGIONS: Final = {"cervical": "Neck", "lumbar": "Low back"}
_NO_PATIENT_DAY: Final = "2026-11-30"
_WAIT: Final = timedelta(weeks=3)  # between the last visit and the example day; an assumption
_WEEKS: Final = 13
_MARKS: Final = {"leaflet": "circle", "one centre": "triangle", "survey": "square", "measured": "diamond"}
_ASKED: Final = ("operation", "region", "approach", "job", "drives", "sport")


class PlanView(PageView):
    """The plan in the browser: a timeline, a table of who says what, and when to call for help."""

    _esm: ClassVar[str] = script("theme.js", "planner.js")
    _css: ClassVar[str] = style("theme.css", "planner.css")


class Planner(PageApp):
    """A recovery plan with dates.

    Parameters
    ----------
    patient : str, optional
        A made-up patient, whose region, driving, sport and day are taken over and whose day is kept.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    folder : str or pathlib.Path, optional
        The learner's folder; the usual one by default.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    plan : Plan
        The plan that is shown.
    controls : dict of str to Control
        ``operation``, ``region``, ``approach``, ``job``, ``drives``, ``sport``, ``reset``, ``theme``.
    view : PlanView
        The plan in the browser.
    widget : ipywidgets.Widget
        All of it; the app shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no such patient or theme.
    """

    def __init__(self, patient: str | None = None, theme: str = "auto", *, folder: str | Path | None = None,
                 strict: bool = False) -> None:  # fmt: skip
        theme = check_theme(theme)
        self.strict, self._folder = strict, folder
        self.patient = load_patient(patient, folder) if patient is not None else None
        self._start = _first_request(self.patient)
        self.plan = plan(**self._start)
        self.controls = _controls(self.plan)
        self.view = PlanView()
        self.widget = self._arranged()
        self._set_theme(theme)
        self._show(self._greeting())
        self._listen()

    def _greeting(self) -> str:
        """Say what a patient's file brought along: damage, or that no day is fixed."""
        if self.patient is None or self.patient.remark:
            return self.patient.remark if self.patient else ""
        standing = " ".join(self._standing())
        if "no operation is planned" in standing:
            return standing
        if "operation" not in self.patient.dates:
            return f"No day is fixed yet; this one is an example. {_opening(self.plan)}"
        done = self.patient.decisions.get("operation", "")
        # The lesson on the operation keeps what was done, the approach and the day.
        return f"Taken over: {done}, {day_words(self.plan.request.operation)}. {_opening(self.plan)}" if done else ""

    def set(self, **changes: object) -> None:
        """Change what the plan is asked for; a refusal is said under the plan, and the last good plan stays.

        Parameters
        ----------
        **changes
            ``operation``, ``region``, ``approach``, ``job``, ``drives`` or ``sport``.
        """
        try:
            self._turn(plan(**_arguments(self.plan, changes)))
        except InvalidInput as problem:
            self._put_back()
            self._page(message=str(problem))
            if self.strict:
                raise

    def reset(self) -> None:
        """Go back to the plan with which the app opened."""
        self._turn(plan(**self._start))

    def describe(self) -> str:
        """Say the plan in words, briefly; ``plan.lines()`` has every statement in full."""
        whose = [f"{self.patient.name}, {self.patient.age}, {self.patient.occupation}."] if self.patient else []
        return "\n".join([*whose, *self._standing(), *self.plan.summary()])

    def _standing(self) -> list[str]:
        """Say what the learner decided on the need for an operation; a plan must not make it look decided."""
        from foramlib.learning.rehearsal import standing  # noqa: PLC0415 - read only where there is a patient

        said = standing(self.patient) if self.patient else ""
        return [said] if said else []

    def save(self, path: str | Path) -> Path:
        """Write the plan to a file: a page to print, a calendar, or text.

        Parameters
        ----------
        path : str or pathlib.Path
            Ends in ``.html``, ``.ics`` or ``.txt``.

        Raises
        ------
        InvalidInput
            If the ending is unknown or the file cannot be written.
        """
        target = Path(path)
        made = {
            ".html": plan_html(self.plan),
            ".ics": calendar_text(self.plan),
            ".txt": "\n".join(self.plan.lines()) + "\n",
        }
        if target.suffix.lower() not in made:
            raise InvalidInput(f"A plan cannot be saved as {target.name!r}; end the name in {', '.join(FORMATS)}.")
        try:
            target.write_text(made[target.suffix.lower()], encoding="utf-8", newline="")
        except OSError as error:
            raise InvalidInput(f"The file {target.name!r} cannot be written: {error.strerror}.") from None
        return target

    # From control to plan.

    def _arranged(self) -> ipywidgets.Widget:
        side = [self.controls[name] for name in _ASKED]
        whole = arrange(self.view, side, [self.controls["reset"], self.controls["theme"]])
        return whole.add_class("foramlib-planner")

    def _listen(self) -> None:
        for name in _ASKED:
            self.controls[name].observe(self._on_control, "value")
        self.controls["reset"].observe(lambda _: self.reset(), "presses")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _on_control(self, change: Mapping[str, Any]) -> None:
        if not self._setting:
            name = next(name for name in _ASKED if self.controls[name] is change["owner"])
            self.set(**{name: change["new"]})

    def _turn(self, made: Plan) -> None:
        before, self.plan = self.plan, made
        self._put_back()
        self._show(_changed(before, made) + self._kept(before))

    def _put_back(self) -> None:
        """Let the controls show the plan in force."""
        with self._quietly():
            for name, value in _values(self.plan).items():
                self.controls[name].value = value

    def _kept(self, before: Plan) -> str:
        """Keep a new day, approach or job with the patient; where that is not possible, the plan is shown anyway."""
        now, old = self.plan.request, before.request
        if self.patient is None or (now.operation, now.approach, now.job) == (old.operation, old.approach, old.job):
            return ""
        try:
            patient = self.patient.newest(self._folder).deciding(approach=now.approach, job=now.job)
            self.patient = patient if now.operation == old.operation else patient.dated(operation=now.operation)
            self.patient.save(self._folder)
        except InvalidInput as problem:
            return f" This is not kept: {problem}"
        return ""

    # From plan to view.

    def _show(self, sentence: str) -> None:
        drawn = _drawn(self.plan)
        drawn["caution"] = [*self._standing(), *drawn["caution"]]
        drawn["whose"] = self.patient.name if self.patient else ""
        self._page(sentence=sentence or _opening(self.plan), message="", **drawn)


def _first_request(patient: Patient | None) -> dict[str, Any]:
    if patient is None:
        return {"operation": _NO_PATIENT_DAY, "region": "cervical", "driving": True, "job": "light", "sport": True}
    usual = patient.work if patient.work in JOBS else "light"
    # What another lesson decided under these keys may be in other words.
    job, approach = patient.decisions.get("job", usual), patient.decisions.get("approach", "any")
    return {
        "operation": patient.dates.get("operation") or _example_day(patient),
        "region": Level.parse(patient.level).region,
        "approach": approach if approach in APPROACH_NAMES else "any",
        "driving": patient.drives,
        "job": job if job in JOBS else usual,
        "sport": bool(patient.sport),
    }


def _example_day(patient: Patient) -> str:
    """Choose a day where none is fixed: some weeks after the last visit."""
    seen = patient.dates.get("reviewed") or patient.dates.get("seen")
    return (date.fromisoformat(seen) + _WAIT).isoformat() if seen else _NO_PATIENT_DAY


def _values(made: Plan) -> dict[str, Any]:
    return asdict(made.request) | {"operation": made.request.operation.isoformat()}


def _arguments(made: Plan, changes: Mapping[str, object]) -> dict[str, Any]:
    unknown = [name for name in changes if name not in _ASKED]
    if unknown:
        raise InvalidInput(f"A plan cannot be asked for {unknown[0]!r}; choose from {', '.join(_ASKED)}.")
    values = {**_values(made), **changes}
    return {"driving" if name == "drives" else name: value for name, value in values.items()}


def _controls(made: Plan) -> dict[str, Control]:
    values = _values(made)
    return {
        "operation": Day(label="Day of the operation", value=values["operation"]),
        "region": Choice(_REGIONS, label="Where", value=values["region"]),
        "approach": Choice(APPROACH_NAMES, label="Approach", value=values["approach"], display="select"),
        "job": Choice(JOBS, label="Work", value=values["job"], display="select"),
        "drives": Toggle(label="Drives", value=values["drives"]),
        "sport": Toggle(label="Does sport", value=values["sport"]),
        "reset": Buttons({"reset": "Reset"}, label="Reset"),
        "theme": colours("As the page"),
    }


# -- words of a change


def _opening(made: Plan) -> str:
    known = [step for step in made.steps if step.timed]
    return f"{len(known)} of {len(made.steps)} steps have a date that somebody names."


def _changed(before: Plan, after: Plan) -> str:
    """Say in one sentence what a change did to the plan."""
    if before.request == after.request:
        return "Nothing changed."
    days = (after.request.operation - before.request.operation).days
    if days:
        way = "later" if days > 0 else "earlier"
        return f"Every date is {abs(days)} day{'s' if abs(days) > 1 else ''} {way}: {_example(after)}"
    old, new = ({step.step.name: step for step in one.steps} for one in (before, after))
    added, gone = [name for name in new if name not in old], [name for name in old if name not in new]
    other = [name for name in new if name in old and new[name].dates != old[name].dates]
    parts = (("Now asked", added), ("No longer asked", gone), ("Other dates", other))
    said = [f"{what}: {', '.join(names)}." for what, names in parts if names]
    return " ".join(said) or "The dates stay the same."


def _example(made: Plan) -> str:
    step = next(step for step in made.steps if step.timed)
    return f"{step.step.name} {step.dates}."


# -- the page


def _drawn(made: Plan) -> dict[str, Any]:
    start = made.request.operation
    weeks = range(_WEEKS + 1)
    return {
        "heading": made.heading,
        "caution": list(made.caution),
        "alt": f"Timeline of {_WEEKS} weeks from {day_words(start)}; every row is said in the table below.",
        "weeks": _WEEKS,
        "ticks": [{"day": 7 * week, "text": _tick(start + timedelta(days=7 * week))} for week in weeks],
        "rows": [_row(step) for step in made.steps],
        "help": [{"urgency": one.urgency, "sign": one.sign, "act": one.act, "source": one.source} for one in made.help],
        "files": [
            {"name": "recovery-plan.ics", "type": "text/calendar", "label": "Save as calendar",
             "text": calendar_text(made)},
            {"name": "recovery-plan.html", "type": "text/html", "label": "Save page to print", "text": plan_html(made)},
        ],
    }  # fmt: skip


def _tick(day: date) -> str:
    return day_words(day).rsplit(" ", 1)[0]


def _row(step: PlannedStep) -> dict[str, Any]:
    return {
        "name": step.step.name,
        "dates": step.dates,
        "standing": step.standing if step.timed else "",
        "marks": [_mark(one) for one in step.sayings if one.timed or one.mean is not None],
        "said": [
            *(_said(step, one) for one in step.sayings),
            *(_said(step, one, "For comparison, ") for one in step.beside),
            *(_known(one) for one in step.findings),
        ],
    }


def _mark(saying: Saying) -> dict[str, Any]:
    # A mean without a range is a mark of its own, at one day.
    ends = (saying.earliest, saying.latest) if saying.timed else (saying.mean, saying.mean)
    return {"from": ends[0], "until": ends[1], "shape": _MARKS[saying.kind], "who": saying.who}


def _said(step: PlannedStep, saying: Saying, before: str = "") -> dict[str, str]:
    text = f"{before}{saying.who}: {step.dates_of(saying)}; {saying.words}."
    return {"text": text[0].upper() + text[1:], **_link(saying.citation)}


def _known(finding: Finding) -> dict[str, str]:
    return {"text": f"Known: {finding.words}.", **_link(finding.citation)}


def _link(citation: Citation) -> dict[str, str]:
    web = citation.url if citation.url.startswith("https://") else ""
    return {"source": citation.text, "url": web, "title": citation.title}


def planner(patient: str | None = None, theme: str = "auto") -> Planner:
    """Open the planner.

    Parameters
    ----------
    patient : str, optional
        A made-up patient, for example ``"helen-osei"``: region, driving and sport are theirs, and the day is kept.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Returns
    -------
    Planner
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no such patient or theme.
    """
    return Planner(patient, theme)
