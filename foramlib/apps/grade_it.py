"""Grade it: endless images with a known answer, and how far the learner agrees with the model and with the learner."""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING, Any

import ipywidgets

from foramlib.apps.controls import Choice, Toggle, check_theme, colours
from foramlib.apps.grade_view import GradeView
from foramlib.apps.question import Page, QuestionApp, button, empty_page, pieces, said, source_links
from foramlib.errors import InvalidInput
from foramlib.evidence import cite
from foramlib.figures.graded import (
    hidden_plan,
    image_settings,
    open_words,
    place_words,
    seen_task,
    shown_plan,
    told_words,
)
from foramlib.figures.scan import STAMP
from foramlib.imaging.grades import EVIDENCE, SCALES
from foramlib.imaging.scan import Scanner
from foramlib.learning.grading import (
    DIFFICULTIES,
    NONE,
    SET,
    SYSTEMS,
    Rounds,
    Task,
    check,
    criteria,
    draw,
    published,
)
from foramlib.learning.kappa import FEWEST, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from foramlib.evidence.clinical import Agreement
    from foramlib.figures.scan import Seen

__all__ = ["CANNOT", "GradeIt", "grade_it"]

CANNOT = "This system cannot express this state"
_OWN = "Yours is against the model; published ones are between readers, so they do not compare."
_TWICE = "You against yourself, and readers against themselves: these do compare, with a wide interval."
_ROUGH = "Intervals are for large samples; with few images take them as rough."


class GradeIt(QuestionApp):
    """One image after the other, graded by the learner.

    Parameters
    ----------
    rounds : Rounds
        Where to begin.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.

    Attributes
    ----------
    rounds : Rounds
        What was graded, and how.
    task : Task
        The present image.
    picture : GradeView
        The image; after the answer the anatomy beside it.
    controls : dict of str to Control
        System, difficulty, names, colours.
    """

    rounds: Rounds
    task: Task

    def __init__(self, rounds: Rounds, theme: str = "auto") -> None:
        theme = check_theme(theme)
        self._scanner = Scanner()
        self._tallies: dict[tuple[str, str], Rounds] = {}
        self._marked: int | None = None
        super().__init__(theme)
        self.picture = GradeView(theme=theme)
        self.controls = _controls(rounds)
        self._arrange()
        self._turn(rounds)
        self._show()
        self._set_theme(theme)
        self._listen()

    # What a learner can do.

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        return {
            "choose": self._mark,
            "check": lambda _: self._check(),
            "next": lambda _: self._turn(self._on()),
            "again": lambda _: self._turn(self.rounds.same_again()),
        }

    def set(self, **changes: str) -> None:
        """Change the system or the difficulty; a refusal is said, and the present image stays."""
        self.act_on(lambda: self._switched(changes))

    def act_on(self, change: Callable[[], object]) -> None:
        """Do something that may be refused, and say it on the page if it is."""
        try:
            change()
        except InvalidInput as problem:
            self._fit()
            self._show(message=str(problem))
        else:
            self._show()

    def _mark(self, details: Mapping[str, Any]) -> None:
        option, count = details.get("option"), len(self._answers())
        open_image = self.rounds.given is None
        if not open_image or not isinstance(option, int) or isinstance(option, bool) or not 0 <= option < count:
            raise InvalidInput(f"Option {option!r} cannot be chosen now.")
        self._marked = option

    def _check(self) -> None:
        if self._marked is None:
            raise InvalidInput("Choose a grade first, then check it.")
        self._turn(self.rounds.answered(self._answers()[self._marked][0], self.task.truth.rank))

    def _on(self) -> Rounds:
        if self.rounds.given is None:
            raise InvalidInput("This image is still open; choose a grade and check it.")
        return self.rounds.next()

    def _switched(self, changes: Mapping[str, str]) -> None:
        now = {"system": self.rounds.system, "difficulty": self.rounds.difficulty, **changes}
        unknown = sorted(set(now) - {"system", "difficulty"})
        if unknown:
            raise InvalidInput(f"There is no {unknown[0]!r} to set; choose system or difficulty.")
        system, difficulty = check(now["system"], now["difficulty"], self.rounds.seed)
        kept = self._tallies.get((system, difficulty))
        self._turn(kept or Rounds(system, difficulty, self.rounds.seed))

    # From state to picture.

    def _turn(self, after: Rounds) -> None:
        """Draw the image of a state, then keep the state; what cannot be drawn leaves the last one."""
        old = getattr(self, "rounds", None)
        same = old is not None and (old.system, old.difficulty, old.present) == (
            after.system,
            after.difficulty,
            after.present,
        )
        task = self.task if same else draw(after.system, after.difficulty, after.present)
        seen = self._seen if same else seen_task(task, self._scanner)
        if not same or (old is not None and old.given is not None and after.given is None):
            self._marked = None
        self.rounds, self.task, self._seen = after, task, seen
        self._tallies[after.system, after.difficulty] = after
        self._paint()
        self._fit()

    _seen: Seen

    @property
    def told(self) -> bool:
        """Whether the answer of the present image is shown."""
        return self.rounds.given is not None

    def _paint(self) -> None:
        view, seen = self.picture, self._seen
        # On the outer box: a view with a module of its own takes no new classes once it is drawn.
        (self.widget.remove_class if self.told else self.widget.add_class)("foramlib-untold")
        with view.hold_sync():
            view.plan = shown_plan(seen) if self.told else hidden_plan(seen)
            view.size = list(seen.scan.grey.shape)
            view.pixels = seen.scan.grey.tobytes()
            sequence = seen.scan.settings.sequence
            view.tones = {tone.id: f"{tone.word} on {sequence}" for tone in seen.tones} if self.told else {}
            view.labels = self.told and self.controls["labels"].value
            image = told_words(seen) if self.told else open_words(self.task)
            anatomy = seen.drawn["description"] if self.told else "Hidden until the image is graded"
            view.words = {"anatomy": anatomy, "image": image, "settings": image_settings(seen), "stamp": STAMP}

    def _fit(self) -> None:
        """Bring the controls in line with the state."""
        self.controls["system"].value = self.rounds.system
        self.controls["difficulty"].value = self.rounds.difficulty
        self.controls["labels"].disabled = not self.told

    def _arrange(self) -> None:
        head = ipywidgets.Box([self.controls[name] for name in ("system", "difficulty")])
        below = [self.controls[name] for name in ("labels", "theme")]
        side, body = ipywidgets.Box([self.view, self._below, *below]), ipywidgets.Box()
        outer = ipywidgets.Box([body])
        body.children = [head, side, self.picture]
        named = ((self.picture, "picture"), (side, "side"), (head, "head"), (body, "body"), (outer, "app"))
        for box, name in (*named, (outer, "practice"), (outer, "grade")):
            box.add_class(f"foramlib-{name}")
        self._boxes = (head, side, body, self.widget)
        self.widget = outer

    def _listen(self) -> None:
        for name in ("system", "difficulty"):
            self.controls[name].observe(lambda change, name=name: self._chosen(name, change["new"]), "value")
        self.controls["labels"].observe(lambda _: self._paint(), "value")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _chosen(self, name: str, value: str) -> None:
        if getattr(self.rounds, name) != value:
            self.set(**{name: value})

    def _set_theme(self, theme: str) -> None:
        for part in (self.view, self.picture, *self.controls.values()):
            part.theme = theme
        self.controls["theme"].value = theme

    # The words.

    def _answers(self) -> list[tuple[int, str, str]]:
        """Rank, grade and criterion of every answer that can be given."""
        words = criteria(self.rounds.system)
        found = [(rank, grade, words[grade]) for rank, grade in enumerate(SCALES[self.rounds.system])]
        return [*found, (NONE, "–", CANNOT)]

    def page(self) -> Page:
        """Give the page of the present state."""
        now = self.rounds
        page = empty_page(f"{now.present}-{now.second}", f"Grade it: {now.system}", self._heading())
        page |= {
            "stem": pieces(f"{place_words(self.task)}. Which grade is it?"),
            "lead_in": f"Grade after {now.system}",
            "options": [self._option(place) for place in range(len(self._answers()))],
            "chosen": self._marked,
            "committed": self.told,
            "readings": self._readings(),
            "points": self._points(),
            "sources": source_links(self._ids()),
        }
        return page | (
            self._feedback() if self.told else {"buttons": [button("check", "Check my grade", primary=True)]}
        )

    def _heading(self) -> str:
        now = self.rounds
        if now.queue:
            return f"The same {SET} again · {len(now.again)} of {SET} graded"
        done = f" · {now.right} of {len(now.done)} as the model" if now.done else ""
        return f"Image {now.drawn}{done}"

    def _option(self, place: int) -> dict[str, object]:
        rank, letter, words = self._answers()[place]
        shown = {"place": place, "letter": letter, "text": words, "mark": "", "note": "", "why": None}
        if not self.told:
            return shown
        if rank == self.task.truth.rank:
            return shown | {"mark": "right", "note": "✓ The model"}
        return shown | ({"mark": "wrong", "note": "✗ Your grade"} if rank == self.rounds.given else {"mark": "other"})

    def _feedback(self) -> Page:
        right = self.rounds.given == self.task.truth.rank
        buttons = [button("next", "Next image", primary=True)]
        if len(self.rounds.done) >= SET:
            buttons.append(button("again", f"The same {SET} again"))
        return {
            "verdict": self._verdict(right=right),
            "mark": "right" if right else "wrong",
            "reason": pieces(f"{self.task.truth.told()} {self._borderline()}".strip()),
            "buttons": buttons,
        }

    def _verdict(self, *, right: bool) -> str:
        truth = self.task.truth.grade
        said_grade = f"grade {truth}" if truth else "no grade in this system"
        return f"{'As the model' if right else 'The model says otherwise'}: {said_grade}."

    def _borderline(self) -> str:
        near = self.task.margin <= DIFFICULTIES["hard"].clear[1]
        return "It lies close to the limit of the next grade, where readers part." if near else ""

    def _readings(self) -> list[dict[str, str]]:
        now = self.rounds
        if now.second:
            return []
        found = [
            {"name": f"You and the model, {weights} weights", "value": kappa.told()}
            for weights in WEIGHTS
            if (kappa := now.with_model(weights)) is not None
        ]
        return [*found, *self._twice()]

    def _twice(self) -> list[dict[str, str]]:
        if len(self.rounds.again) < SET:
            return []
        return [
            {"name": f"You twice, {weights} weights", "value": kappa.told()}
            for weights in WEIGHTS
            if (kappa := self.rounds.with_self(weights)) is not None
        ]

    def _points(self) -> list[list[dict[str, str]]]:
        """Say what the kappas mean, and what is published; nothing during the second pass."""
        now = self.rounds
        if now.second or not now.done or not self.told:
            return []
        lines = [self._counted()]
        if len(now.again) >= SET:
            lines += [_TWICE, *_said(published(now.system, same_reader=True), "one reader twice"), _ROUGH]
        elif len(now.done) >= FEWEST:
            lines += [_OWN, *_said(published(now.system, same_reader=False), "between readers"), _ROUGH]
        return [pieces(line) for line in lines]

    def _counted(self) -> str:
        now = self.rounds
        left_out = sum(NONE in {one.truth, one.given} for one in now.done)
        more = max(FEWEST - len(now.done) + left_out, 0)
        wait = f" Weighted kappa comes with {FEWEST} images." if more else ""
        verb = "is" if left_out == 1 else "are"
        out = f" {left_out} without a grade in this system {verb} left out of kappa." if left_out else ""
        return f"{now.right} of {len(now.done)} graded as the model does.{out}{wait}"

    def _ids(self) -> list[str]:
        rows = [*published(self.rounds.system, same_reader=False), *published(self.rounds.system, same_reader=True)]
        return list(dict.fromkeys([EVIDENCE[self.rounds.system], *(row.fact_ids[0] for row in rows)]))

    def describe(self) -> str:
        """Say the page and the image in words."""
        page = self.page()
        lines = [f"{page['label']}. {page['heading']}.", said(page["stem"]), self.picture.words["image"]]
        lines += [f"{one['letter']}: {one['text']}{_noted(one)}." for one in page["options"]]
        lines += [page["verdict"], said(page["reason"])]
        lines += [f"{one['name']}: {one['value']}." for one in page["readings"]]
        return "\n".join(line for line in [*lines, *map(said, page.get("points", []))] if line)

    def close(self) -> None:
        """Free every widget; the app cannot be shown again."""
        for control in self.controls.values():
            control.unobserve_all()
        self.picture.unobserve_all()
        for part in (self.view, self._below, self.widget):
            part.layout.close()
        super().close()
        for part in (self.picture, *self.controls.values(), *self._boxes):
            part.layout.close()
            part.close()


def _noted(option: Mapping[str, Any]) -> str:
    return f" [{option['note'][2:]}]" if option["note"] else ""


def _said(rows: Sequence[Agreement], whose: str) -> list[str]:
    """Say published kappas study by study: "Kim 2015, between readers: kappa [0.5 to 0.58]({A:G-10})."."""
    lines = []
    for study in dict.fromkeys(row.fact_ids[0] for row in rows):
        own = [row for row in rows if row.fact_ids[0] == study]
        values = [value for row in own for value in (row.value, row.low, row.high) if value is not None]
        low, high = min(values), max(values)
        above = len(values) == 1 and own[0].value is None
        first, last = _figure(low), _figure(high)
        figures = f"above {first}" if above else first if low == high else f"{first} to {last}"
        lines.append(f"{cite(study).marked}, {whose}: kappa [{figures}]({{{study}}}).")
    return lines or [f"For {whose} nothing is published that we could read."]


def _figure(kappa: float) -> str:
    """Write a kappa with the digits that were printed, two at least."""
    return f"{kappa:.2f}" if round(kappa, 2) == kappa else f"{kappa:g}"


def _controls(rounds: Rounds) -> dict[str, Any]:
    named = {key: one.label for key, one in DIFFICULTIES.items()}
    return {
        "system": Choice(SYSTEMS.keys(), label="System", value=rounds.system, display="select"),
        "difficulty": Choice(named, label="Difficulty", value=rounds.difficulty, display="select"),
        "labels": Toggle(label="Names after the answer", value=False),
        "theme": colours(),
    }


def grade_it(
    system: str | None = None, difficulty: str = "usual", *, seed: int | None = None, theme: str = "auto"
) -> GradeIt:
    """Grade images without end.

    Parameters
    ----------
    system : str, optional
        ``"Park 2013"``, ``"Kim 2015"``, ``"Modified Kim"``, ``"Lee 2010"`` or ``"Sartoretti 2021"``; Park 2013 to begin
        with where it is left out.
    difficulty : str
        ``"easy"``, ``"usual"`` or ``"hard"``: slice thickness, noise, and how close to a limit the states lie.
    seed : int, optional
        The same seed shows the same images, so that a class can grade together; left out, it is drawn.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Raises
    ------
    InvalidInput
        If the system, the difficulty, the seed or the theme is none.

    Examples
    --------
    >>> grade_it("Lee 2010", seed=3).rounds.system
    'Lee 2010'
    """
    chosen = system or next(iter(SYSTEMS))
    first = SystemRandom().randrange(1_000_000) if seed is None else seed
    chosen, difficulty = check(chosen, difficulty, first)
    return GradeIt(Rounds(chosen, difficulty, first), theme)
