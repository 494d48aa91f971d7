"""Self-check: one-best-answer questions with a reason for every option, and the model that shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from foramlib.apps.question import (
    LETTERS,
    Page,
    QuestionApp,
    button,
    empty_page,
    marked_option,
    open_option,
    option_place,
    pieces,
    said,
    said_option,
    source_links,
)
from foramlib.errors import InvalidInput
from foramlib.given import as_typed
from foramlib.learning.items import items

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.learning.items import Item, Option

__all__ = ["SelfCheck", "Sitting", "self_check"]

_STEP_WORDS = {"right": "right", "wrong": "to look at again", "open": "open"}


@dataclass(frozen=True)
class Answer:
    """What was done with one question: the option chosen, whether it was handed in, whether the first try was right."""

    chosen: int | None = None
    checked: bool = False
    first_right: bool | None = None


@dataclass(frozen=True)
class Sitting:
    """One learner's way through the questions; every step gives a new one.

    Parameters
    ----------
    items : tuple of Item
        The questions.
    answers : tuple of Answer
        One for each question.
    place : int
        The question in front of the learner; one past the last is the summary.
    """

    items: tuple[Item, ...]
    answers: tuple[Answer, ...]
    place: int = 0

    @classmethod
    def start(cls, found: tuple[Item, ...]) -> Sitting:
        """Begin at the first question with nothing answered."""
        return cls(found, tuple(Answer() for _ in found))

    @property
    def done(self) -> bool:
        """Whether the summary is in front of the learner."""
        return self.place == len(self.items)

    @property
    def item(self) -> Item:
        """The question in front of the learner."""
        if self.done:
            raise InvalidInput("The summary is open, which has no question; go to a question first.")
        return self.items[self.place]

    @property
    def answer(self) -> Answer:
        """What was done with the question in front of the learner."""
        return self.answers[self.items.index(self.item)]

    @property
    def score(self) -> int:
        """How many questions were right at the first try."""
        return sum(answer.first_right is True for answer in self.answers)

    @property
    def answered(self) -> int:
        """How many questions have been handed in at least once."""
        return sum(answer.first_right is not None for answer in self.answers)

    def _with(self, answer: Answer) -> Sitting:
        before, after = self.answers[: self.place], self.answers[self.place + 1 :]
        return replace(self, answers=(*before, answer, *after))

    def choose(self, option: object) -> Sitting:
        """Mark an option, by its place from 0, without handing it in."""
        place = option_place(option, len(self.item.options))
        if self.answer.checked:
            raise InvalidInput("This answer has been handed in; press 'Try again' to choose another.")
        return self._with(replace(self.answer, chosen=place))

    def check(self) -> Sitting:
        """Hand in the option that is marked; only the first try counts for the score."""
        if self.answer.chosen is None:
            raise InvalidInput("Choose an answer first, then check it.")
        first = self.answer.first_right
        right = self.answer.chosen == self.item.right
        return self._with(replace(self.answer, checked=True, first_right=right if first is None else first))

    def answered_item(self) -> Item:
        """Give the question in front of the learner once its answer is handed in; the model would give it away."""
        if not self.answer.checked:
            raise InvalidInput("This question is still open; choose an answer and check it.")
        return self.item

    def retry(self) -> Sitting:
        """Clear the question in front of the learner; the first try stays counted."""
        self.answered_item()
        return self._with(Answer(first_right=self.answer.first_right))

    def go(self, place: object) -> Sitting:
        """Turn to a question, by its place from 0; one past the last is the summary."""
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place <= len(self.items):
            raise InvalidInput(f"Question {place!r} does not exist; there are {len(self.items)}.")
        return replace(self, place=place)

    def next(self) -> Sitting:
        """Turn to the following question, or to the summary after the last."""
        return self.go(min(self.place + 1, len(self.items)))

    def restart(self) -> Sitting:
        """Forget every answer and begin again."""
        return Sitting.start(self.items)


class SelfCheck(QuestionApp):
    """The self-check of one lesson. Progress lives in this kernel only and is gone when it stops.

    Parameters
    ----------
    lesson : str
        Number of the lesson, for example ``"01"``.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.

    Raises
    ------
    InvalidInput
        If the lesson has no questions.
    """

    def __init__(self, lesson: str, theme: str = "auto") -> None:
        self.lesson = as_typed(str(lesson))
        self.sitting = Sitting.start(items(lesson))
        super().__init__(theme)
        self._show()

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        return {
            "choose": lambda details: self._turn(self.sitting.choose(details.get("option"))),
            "check": lambda _: self._turn(self.sitting.check()),
            "retry": lambda _: self._turn(self.sitting.retry()),
            "next": lambda _: self._turn(self.sitting.next()),
            "go": lambda details: self._turn(self.sitting.go(details.get("place"))),
            "restart": lambda _: self._turn(self.sitting.restart()),
            "show": lambda _: self.show_model(self.sitting.answered_item().state),
        }

    def _turn(self, sitting: Sitting) -> None:
        if sitting.place != self.sitting.place:
            self.hide_model()
        self.sitting = sitting

    def page(self) -> Page:
        """Give the page of the present state: a question, or the summary."""
        page = empty_page(f"{self.lesson}-{self.sitting.place}", f"Self-check, lesson {self.lesson}", self._heading())
        page["steps"] = self._steps()
        return page | (self._summary() if self.sitting.done else self._question())

    def _heading(self) -> str:
        if self.sitting.done:
            return "Summary"
        return f"Question {self.sitting.place + 1} of {len(self.sitting.items)}"

    def _steps(self) -> list[dict[str, object]]:
        states = [_state(answer) for answer in self.sitting.answers]
        marks = {"right": " ✓", "wrong": " ✗", "open": ""}
        return [
            {
                "text": f"{place + 1}{marks[state]}",
                "label": f"Question {place + 1}, {_STEP_WORDS[state]}",
                "state": state,
                "place": place,
                "current": place == self.sitting.place,
            }
            for place, state in enumerate(states)
        ]

    def _question(self) -> Page:
        item, answer = self.sitting.item, self.sitting.answer
        page: Page = {
            "stem": pieces(item.stem),
            "lead_in": item.lead_in,
            "options": [_shown(place, option, item.right, answer) for place, option in enumerate(item.options)],
            "chosen": answer.chosen,
            "committed": answer.checked,
        }
        return page | (self._feedback() if answer.checked else {"buttons": _OPEN_BUTTONS})

    def _feedback(self) -> Page:
        item, answer = self.sitting.item, self.sitting.answer
        right = answer.chosen == item.right
        letter = LETTERS[item.right]
        return {
            "verdict": "Right." if right else f"Look again: the best answer is {letter}.",
            "mark": "right" if right else "wrong",
            "reason": pieces(f"Objective: {item.objective}"),
            "sources": source_links(item.sources),
            "buttons": _CHECKED_BUTTONS,
        }

    def _summary(self) -> Page:
        sitting = self.sitting
        again = [str(place + 1) for place, answer in enumerate(sitting.answers) if answer.first_right is False]
        said = f"{sitting.score} of {len(sitting.items)} right at the first try, {sitting.answered} answered."
        advice = f"Worth another look: {', '.join(again)}." if again else ""
        return {"stem": pieces(f"{said} {advice}".strip()), "buttons": [button("restart", "Start again", primary=True)]}

    def describe(self) -> str:
        """Say the page in words: the question, its options, and once it is answered the reasons."""
        page = self.page()
        lines = [f"{page['label']}. {page['heading']}.", said(page["stem"]), page["lead_in"]]
        lines += [said_option(option) for option in page["options"]]
        lines += [page["verdict"]]
        return "\n".join(line for line in lines if line)


_OPEN_BUTTONS = [button("check", "Check my answer", primary=True), button("next", "Skip")]
_CHECKED_BUTTONS = [
    button("next", "Next", primary=True),
    button("show", "Show me in the model"),
    button("retry", "Try again"),
]


def _state(answer: Answer) -> str:
    if answer.first_right is None:
        return "open"
    return "right" if answer.first_right else "wrong"


def _shown(place: int, option: Option, right: int, answer: Answer) -> dict[str, object]:
    """Give one option as the view draws it; its reason only once the answer is handed in."""
    if not answer.checked:
        return open_option(place, option.text)
    marked = marked_option(place, option.text, right, answer.chosen, ("Right answer", "Your answer"))
    return marked | {"why": pieces(option.why)}


def self_check(lesson: str, theme: str = "auto") -> SelfCheck:
    """Open the self-check of a lesson.

    Parameters
    ----------
    lesson : str
        Number of the lesson, for example ``"01"``.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Returns
    -------
    SelfCheck
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If the lesson has no questions.
    """
    return SelfCheck(lesson, theme)
