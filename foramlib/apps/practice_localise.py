"""Practice: cases to localise without end; the answer is a root, a look-alike, or urgent referral."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from foramlib.apps.body_map import BodyMap, map_of
from foramlib.apps.practice import Practice
from foramlib.apps.question import button, pieces, source_links
from foramlib.clinic.regions import claims, region
from foramlib.clinic.roots import root_cards
from foramlib.figures.body import describe_body
from foramlib.learning.practice import LocaliseTask

if TYPE_CHECKING:
    from foramlib.apps.question import Page
    from foramlib.learning.practice import Round

__all__ = ["LocalisePractice"]

_DRAWN = "Where it hurts"


class LocalisePractice(Practice):
    """Cases to localise: the drawing at the left, findings and answers beside it."""

    body: BodyMap

    def _arrange(self) -> None:
        self.body = BodyMap(locked=True, notes=False, title=_DRAWN, theme=self.view.theme)
        side, body = ipywidgets.Box([self.view]), ipywidgets.Box()
        outer = ipywidgets.Box([body])
        body.children = [side, self.body]
        named = ((self.body, "picture"), (side, "side"), (body, "body"), (outer, "app"), (outer, "practice"))
        for box, name in named:
            box.add_class(f"foramlib-{name}")
        self._boxes = (side, body, self.widget)
        self.widget = outer

    def _task(self) -> LocaliseTask:
        return _of(self.round)

    def _draw(self, now: Round) -> None:
        task = _of(now)
        answered = now.answer is not None
        with self.body.hold_sync():
            if now.number != self.round.number or not self.body.selected:
                self.body.view = _view(task)
            self.body.selected = task.regions
            self.body.shaded = _usual(task) if answered else {}
            self.body.notes = answered
            self.body.caption = _caption(task) if answered else ""

    def _prompt(self) -> str:
        return self._task().prompt

    def _feedback(self) -> Page:
        task, answer = self._task(), self.round.answer
        right = answer is not None and answer.right
        asked = answer is None or answer.chosen is None
        opening = "Right" if right else "It is" if asked else "Look again"
        return {
            "verdict": f"{opening}: {task.options[task.right]}.",
            "mark": "right" if right else "wrong",
            "reason": pieces(self._reason()),
            "sources": source_links(task.sources),
            "buttons": [button("next", "Next case", primary=True)],
        }

    def _reason(self) -> str:
        task, answer = self._task(), self.round.answer
        if answer is None or answer.right or not isinstance(answer.chosen, int):
            return task.reason
        return f"{task.reason} {task.against(answer.chosen)}"

    def describe(self) -> str:
        """Say the case, its drawing, and once it is answered the reasons."""
        shaded = {name: (level, words) for name, (level, words) in self.body.shaded.items()}
        return f"{super().describe()}\n{describe_body(self.body.selected, shaded)}"

    def close(self) -> None:
        """Free the drawing and the question."""
        super().close()
        for part in (self.body, *self._boxes):
            part.close()


def _of(now: Round) -> LocaliseTask:
    if not isinstance(now.task, LocaliseTask):
        raise TypeError(f"a drill of cases cannot ask {type(now.task).__name__}")
    return now.task


def _view(task: LocaliseTask) -> str:
    """Front or back, wherever more of the drawing is seen."""
    seen = [picture for name in task.regions for picture in region(name).pictures]
    return "back" if seen.count("back") > seen.count("front") else "front"


def _usual(task: LocaliseTask) -> dict[str, tuple[int, str]]:
    """Usual areas of the right root on the patient's side; nothing where the answer is no root."""
    name = task.choices[task.right]
    if name not in root_cards() or not claims(name, "pain"):
        return {}
    return {place: (2, words) for place, (_, words) in map_of(name).items() if region(place).side == task.side}


def _caption(task: LocaliseTask) -> str:
    name = task.choices[task.right]
    return f"Shaded: where pain from {name} is typical. Hatched: this patient." if name in root_cards() else ""
