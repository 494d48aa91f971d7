"""Practice: find the structure, name it, or tell the root; every answer gets its reason, misses come back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import ipywidgets

from foramlib.apps.controls import check_theme
from foramlib.apps.question import (
    LETTERS,
    Page,
    QuestionApp,
    button,
    empty_page,
    pieces,
    said,
    said_option,
    source_links,
)
from foramlib.apps.section_view import SectionView
from foramlib.errors import InvalidInput
from foramlib.figures.looks import look, look_scene, repainted
from foramlib.figures.scene import scene
from foramlib.figures.unnamed import RIGHT, WRONG, Unnamed, named_again, unnamed
from foramlib.given import one_of
from foramlib.learning.practice import KINDS, FindTask, Progress, RootTask, Round, Views, open_progress, write_progress
from foramlib.learning.state import ModelState
from foramlib.spine.foramen import measure_section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from foramlib.figures.scene import Scene

__all__ = ["WHERE", "FindPractice", "Practice", "RootsPractice", "practice"]

WHERE = ("both", "sections", "3d")
"""Where structures are to be found: in sections and key views, one picture in four in 3D, or in one of the two."""

_LABELS = {
    "find": "Practice: find it",
    "name": "Practice: name it",
    "roots": "Practice: which root",
    "localise": "Practice: localise it",
}


class Practice(QuestionApp):
    """What both drills share: a round, its score, and where progress is kept.

    Parameters
    ----------
    start : Round
        The round to play.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    file : Path or None
        Where progress is kept after each answer; None keeps it in this kernel only.
    warning : str
        One sentence to say at the start, or "".
    """

    def __init__(self, start: Round, theme: str = "auto", file: Path | None = None, warning: str = "") -> None:
        self.round = start
        self.file = file
        super().__init__(theme)
        self._arrange()
        self._draw(start)
        self._show(warning)

    def _arrange(self) -> None:
        """Put more than the question on the page, where there is more."""

    def _draw(self, _round: Round) -> None:
        """Draw what goes with a round, where something does; what cannot be drawn raises before the round turns."""

    @property
    def progress(self) -> Progress:
        """Counts and boxes up to now; ``progress.as_dict()`` can be kept and given to a later round."""
        return self.round.progress

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        return {
            "choose": self._mark,
            "check": lambda _: self._turn(self.round.choose(self._marked)),
            "give_up": lambda _: self._turn(self.round.give_up()),
            "next": lambda _: self._turn(self.round.next()),
        }

    _marked: int | None = None

    def _mark(self, details: Mapping[str, Any]) -> None:
        """Mark an option without handing it in."""
        option = details.get("option")
        count = 0 if self.round.answer or self.round.kind == "find" else len(self.round.task.options)
        if not isinstance(option, int) or isinstance(option, bool) or not 0 <= option < count:
            raise InvalidInput(f"Option {option!r} cannot be chosen now.")
        self._marked = option

    def _turn(self, after: Round) -> None:
        """Go on to the next state: draw it, then keep it."""
        self._draw(after)
        answered = after.progress is not self.round.progress
        if after.number != self.round.number:
            self._marked = None
            self.hide_model()
        self.round = after
        if answered and self.file is not None:
            write_progress(self.file, after.progress)

    def page(self) -> Page:
        """Give the page of the present state."""
        now = self.round
        page = empty_page(f"{now.kind}-{now.number}", _LABELS[now.kind], self._heading())
        page |= {"chosen": self._marked, "committed": now.answer is not None}
        prompt = self._prompt()
        page["stem"] = pieces(f"Once more: {prompt[0].lower()}{prompt[1:]}" if now.again else prompt)
        if now.kind != "find":
            page["options"] = self._options()
        return page | (self._feedback() if now.answer else {"buttons": self._open_buttons()})

    def _heading(self) -> str:
        """Say what is practised and how it goes: "Find it · 3 of 4 right · 2 in a row"."""
        done = self.progress
        name = _LABELS[self.round.kind].partition(": ")[2].capitalize()
        score = f" · {done.right} of {done.answered} right" if done.answered else ""
        score += f" · {done.streak} in a row" if done.streak > 1 else ""
        return f"{name}{score}"

    def _prompt(self) -> str:
        raise NotImplementedError

    def _feedback(self) -> Page:
        raise NotImplementedError

    def _open_buttons(self) -> list[dict[str, object]]:
        return [button("check", "Check my answer", primary=True), button("give_up", "Show me")]

    def _options(self) -> list[dict[str, object]]:
        return [self._option(place, text) for place, text in enumerate(self.round.task.options)]

    def _option(self, place: int, text: str) -> dict[str, object]:
        shown = {"place": place, "letter": LETTERS[place], "text": text, "mark": "", "note": "", "why": None}
        answer = self.round.answer
        if answer is None:
            return shown
        if place == self.round.task.right:
            return shown | {"mark": "right", "note": "✓ Right answer"}
        return shown | ({"mark": "wrong", "note": "✗ Your answer"} if place == answer.chosen else {"mark": "other"})

    def describe(self) -> str:
        """Say the page in words: the task, its options, and once it is answered the reason."""
        page = self.page()
        lines = [f"{page['label']}. {page['heading']}.", said(page["stem"])]
        lines += [said_option(option) for option in page["options"]]
        lines += [page["verdict"], said(page["reason"])]
        return "\n".join(line for line in lines if line)


class RootsPractice(Practice):
    """Which level, which root? Questions computed from the level, answered by options."""

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        return {**super().actions(), "show": lambda _: self.show_model(self._answered_state())}

    def _task(self) -> RootTask:
        task = self.round.task
        if not isinstance(task, RootTask):
            raise TypeError(f"a drill of roots cannot ask {type(task).__name__}")
        return task

    def _answered_state(self) -> ModelState:
        """State of the model that shows the answer; it would give it away before."""
        if self.round.answer is None:
            raise InvalidInput("This question is still open; choose an answer and check it.")
        task = self._task()
        plane = "axial-disc" if task.focus == "traversing_root" else "foramen"
        return ModelState(task.level, plane=plane, focus=f"{task.focus}.left")

    def _prompt(self) -> str:
        return self._task().prompt

    def _feedback(self) -> Page:
        task, answer = self._task(), self.round.answer
        right = answer is not None and answer.right
        asked = answer is not None and answer.chosen is None
        verdict = f"{'Right' if right else 'It is' if asked else 'Look again'}: {task.options[task.right]}."
        return {
            "verdict": verdict,
            "mark": "right" if right else "wrong",
            "reason": pieces(task.reason),
            "sources": source_links(task.sources),
            "buttons": [button("next", "Next", primary=True), button("show", "Show me in the model")],
        }


class FindPractice(Practice):
    """Find the structure in a section or a key view without names, or name the one that is marked."""

    labels = False
    _bare: Unnamed

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        return {
            **super().actions(),
            "point": lambda details: self._turn(self.round.point(self._real(details.get("id")))),
            "take": lambda _: self._turn(self.round.point(self._real(self.picture.focus))),
            "labels": lambda _: self._show_labels(),
            "find": lambda _: self._turn(self.round.switched("find")),
            "name": lambda _: self._turn(self.round.switched("name")),
        }

    def _arrange(self) -> None:
        self.picture = SectionView(theme=self.view.theme)
        self.picture.observe(self._on_answer, "answer")
        self.picture.observe(lambda _: self._repaint(), ["shade", "theme"])
        side, body = ipywidgets.Box([self.view]), ipywidgets.Box()
        outer = ipywidgets.Box([body])
        body.children = [side, self.picture]
        named = ((self.picture, "picture"), (side, "side"), (body, "body"), (outer, "app"), (outer, "practice"))
        for box, name in named:
            box.add_class(f"foramlib-{name}")
        self._boxes = (side, body, self.widget)
        self.widget = outer

    def _on_answer(self, change: Mapping[str, Any]) -> None:
        # A second press while the first is on its way is no second answer.
        if self.round.answer is None:
            self._claimed = True
            self.act("point", id=change["new"].get("id"))
            self._claimed = False

    _claimed = False

    def _repaint(self) -> None:
        """Take the page's colours for pictures painted here: the present one, and those to come."""
        now, theme = self.round, self.picture.painted
        views = now.views and replace(now.views, look=partial(look, theme=theme))
        task = now.task
        if isinstance(task, FindTask) and task.look:
            task = replace(task, look=repainted(task.look, theme))
        self.round = replace(now, views=views, task=task)
        if task is not now.task:
            self._draw(self.round)

    def _real(self, number: object) -> str:
        """Id of what was pointed at, from its number in the picture without names."""
        return self._bare.ids.get(str(number), "")

    def _task(self) -> FindTask:
        task = self.round.task
        if not isinstance(task, FindTask):
            raise TypeError(f"a drill of structures cannot ask {type(task).__name__}")
        return task

    def _show_labels(self) -> None:
        if self.round.answer is None:
            raise InvalidInput("The labels come with the answer; press 'Show me' to see it.")
        self.labels = not self.labels
        self._draw(self.round)

    # The picture.

    def _draw(self, now: Round) -> None:
        if now.number != self.round.number:
            self.labels = False
        whole = self._scene(now.task)
        if now.answer is not None:
            self._reveal(now, whole)
            return
        marked = now.task.target if now.kind == "name" and isinstance(now.task, FindTask) else ""
        task = "One of them is marked; name it." if marked else self._asked(now)
        self._bare = unnamed(whole, _pointable(now.task), task, marked)
        with self.picture.hold_sync():
            self.picture.focus = ""
            self.picture.quiz = "point" if now.kind == "find" else "look"
            self.picture.scene = self._bare.scene

    def _reveal(self, now: Round, whole: Scene) -> None:
        task, chosen = now.task, now.answer.chosen if now.answer else None
        if not isinstance(task, FindTask):
            return
        shown = {task.target: RIGHT}
        if isinstance(chosen, str) and not task.accepts(chosen):
            shown[chosen] = WRONG
        with self.picture.hold_sync():
            self.picture.focus = task.target
            self.picture.quiz = "told"
            self.picture.scene = named_again(whole, shown, labels=self.labels)

    def _scene(self, task: object) -> Scene:
        if not isinstance(task, FindTask):
            raise TypeError(f"a drill of structures cannot draw {type(task).__name__}")
        if task.look:
            made = look_scene(task.look)
        else:
            made = scene(task.segment, task.section, measure_section(task.segment, task.section))
        return {**made, "heading": f"{made['heading']} · {task.place.who}"}

    # The words.

    def _asked(self, now: Round) -> str:
        task = now.task
        return f"Find {task.the(task.target)}." if isinstance(task, FindTask) else ""

    def _prompt(self) -> str:
        if self.round.kind == "find":
            return self._asked(self.round)
        return "What is the marked structure?"

    def page(self) -> Page:
        """Give the page of the present state; an answer given in the picture brings the focus here."""
        return {**super().page(), "claim": self._claimed}

    def _open_buttons(self) -> list[dict[str, object]]:
        if self.round.kind == "name":
            return [*super()._open_buttons(), button("find", "Find it instead")]
        take = button("take", "This is it", primary=True)
        return [take, button("give_up", "Show me"), button("name", "Name it instead")]

    def _feedback(self) -> Page:
        answer = self.round.answer
        right = answer is not None and answer.right
        labels = "Hide the labels" if self.labels else "Show me the labels"
        return {
            "verdict": self._verdict(),
            "mark": "right" if right else "wrong",
            "reason": pieces(self._reason()),
            "buttons": [button("next", "Next", primary=True), button("labels", labels)],
        }

    def _verdict(self) -> str:
        task, answer = self._task(), self.round.answer
        if answer is None or answer.chosen is None:
            return f"Here it is: {task.the(task.target)}."
        if answer.right:
            return f"Right: {task.the(task.target)}."
        if isinstance(answer.chosen, str):
            return f"Not quite: that is {task.the(answer.chosen)}."
        return f"Not quite: this is {task.the(task.target)}."

    def _reason(self) -> str:
        task, against = self._task(), self._against()
        placed = bool(against) and " lies " in against
        return f"{against} {task.reason(alone=not placed)}".strip()

    def _against(self) -> str:
        answer = self.round.answer
        wrong = answer is not None and not answer.right and isinstance(answer.chosen, str)
        return self._task().against(str(answer.chosen)) if wrong and answer is not None else ""

    def describe(self) -> str:
        """Say the page and the picture in words."""
        return f"{super().describe()}\n{self.picture.scene['description']}"

    def close(self) -> None:
        """Free the picture and the question."""
        self.picture.unobserve_all()
        super().close()
        for part in (self.picture, *self._boxes):
            part.close()


def _pointable(task: object) -> frozenset[str]:
    """Structures that are large enough to be met by a finger or told from a speck."""
    if not isinstance(task, FindTask):
        return frozenset()
    least = 0.01 * task.section.plane.half[0]
    return frozenset(name for name, spot in task.spots.items() if spot.thicker_than(least))


def practice(
    kind: str = "find",
    levels: object = None,
    seed: int | None = None,
    *,
    where: str = "both",
    theme: str = "auto",
    progress: str | Path | None = None,
) -> Practice:
    """Practise without end; the app shows itself as the last value of a cell.

    Parameters
    ----------
    kind : str
        ``"find"`` (point at a named structure), ``"name"`` (name a marked one), ``"roots"`` (which level, which
        root) or ``"localise"`` (whole cases: a pain drawing and findings).
    levels : str or list of str, optional
        Levels to ask about; all of the model if left out.
    seed : int, optional
        The same seed asks the same tasks, so that a class can play together; left out, it is drawn.
    where : str
        One of :data:`WHERE`: in sections, in the five key views, or in both. The drill of roots has no pictures.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    progress : str or Path, optional
        File in which progress is kept and found again. A damaged one is said, and stays as it is.

    Raises
    ------
    InvalidInput
        If the kind, a level, the seed, the place or the theme is none.
    """
    theme, kind = check_theme(theme), one_of(kind, KINDS, "practice")
    views = _views(where, theme)
    drawn = SystemRandom().randrange(1_000_000) if seed is None else seed
    done, file, warning = open_progress(progress) if progress is not None else (Progress(), None, "")
    start = Round.start(kind, levels, drawn, done, views)
    return _app_of(kind)(start, theme, file, warning)


def _app_of(kind: str) -> type[Practice]:
    """Choose the app of a drill; a kind that there is not was refused when the round began."""
    if kind == "localise":
        from foramlib.apps.practice_localise import LocalisePractice  # noqa: PLC0415 - it needs this module, and a body

        return LocalisePractice
    return RootsPractice if kind == "roots" else FindPractice


def _views(where: str, theme: str) -> Views | None:
    place = one_of(where, WHERE, "place")
    if place == "sections":
        return None
    looker = partial(look, theme="light" if theme == "auto" else theme)
    return Views(looker, 1.0) if place == "3d" else Views(looker)
