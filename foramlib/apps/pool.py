"""Pool or do not pool: choose a question and studies, make the call, then see what the rules and the numbers say."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from foramlib.apps.board import Board, Page, to_page
from foramlib.apps.controls import Buttons, Choice, Toggle, arrange
from foramlib.errors import InvalidInput
from foramlib.figures.charts.appraisal import study_row, topic_axis
from foramlib.figures.charts.intervals import Intervals, Mark, Row, number
from foramlib.given import one_of
from foramlib.recovery.pooling import FEWEST_FOR_PREDICTION, reasons_against, topic, topics
from foramlib.recovery.pooling import pool as pooled_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from foramlib.apps.controls import Control
    from foramlib.recovery.pooling import Pooled, Study, Topic

__all__ = ["CALLS", "Pool", "pool"]

CALLS: Final = {"pool": "Pool them", "leave": "Do not pool them"}
_MOST: Final = max(len(one.studies) for one in topics())
_LIBRARY: Final = "statsmodels.stats.meta_analysis"
_WAIT: Final = "Pooling; the first time takes a few seconds."
_ASK: Final = "Should these studies be pooled? Make your call; then the reasons are shown."


@dataclass(frozen=True)
class Sitting:
    """Where a learner is: the question, the studies chosen, and the call ("" before it is made)."""

    topic: Topic
    chosen: tuple[str, ...]
    call: str = ""

    @property
    def studies(self) -> tuple[Study, ...]:
        """The studies chosen."""
        return self.topic.chosen(self.chosen)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Reasons against pooling them."""
        return reasons_against(self.studies)


class Pool(Board):
    """Choose studies, call "pool" or "do not pool", then see the reasons, and the pool where it is legitimate.

    Parameters
    ----------
    name : str
        Id of a question, such as ``"same-level"``.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Raises
    ------
    InvalidInput
        If there is no such question or theme.
    """

    def __init__(self, name: str, theme: str = "auto", *, strict: bool = False) -> None:
        found = topic(name)
        self.sitting = Sitting(found, found.start)
        super().__init__(_controls(found.id), theme, strict=strict)
        self.widget = self._arranged()
        self.draw()
        self._listen()

    @property
    def state(self) -> dict[str, Any]:
        """Question, studies and call as plain data."""
        return {"topic": self.sitting.topic.id, "studies": list(self.sitting.chosen), "call": self.sitting.call}

    def set(self, topic_name: object = None, studies: Iterable[str] | None = None, call: object = None) -> None:
        """Change question, studies or call; a refusal is said under the picture, and the last good state stays."""

        def change() -> None:
            sitting = self.sitting if topic_name is None else _opened(topic_name)
            if studies is not None:
                sitting = replace(sitting, chosen=tuple(one.id for one in sitting.topic.chosen(studies)), call="")
            self.sitting = sitting if call is None else _called(sitting, call)
            self._ask_for_patience()

        self.attempt(change)

    def _ask_for_patience(self) -> None:
        """Say that the first pool takes a moment: its library is loaded only now."""
        if self.sitting.call and not self.sitting.reasons and _LIBRARY not in sys.modules:
            self.view.page = {**self.view.page, "sentence": _WAIT, "message": ""}

    def page(self) -> Page:
        """Give the page: studies in view, and after the call its answer."""
        sitting = self.sitting
        label = f"Pool or do not pool: {sitting.topic.title}"
        if not sitting.call:
            return to_page(self._numbers(), label=label, sentence=_ASK, notes=[_caution(sitting)])
        against = sitting.reasons
        pooled = None if against else pooled_of(sitting.studies)
        notes = [_why(against), *(_with_pool(pooled, sitting) if pooled else []), _caution(sitting)]
        verdict = _verdict(sitting, pooled=pooled)
        return to_page(self._numbers(pooled), label=label, sentence=verdict, notes=notes)

    def _numbers(self, pooled: Pooled | None = None) -> Intervals:
        found = self.sitting.topic
        rows = [study_row(study) for study in self.sitting.studies]
        if pooled is not None:
            rows.append(_pooled_row(pooled, found))
        ids = tuple(dict.fromkeys(name for study in self.sitting.studies for name in study.ids))
        marks = () if found.measure == "proportion" else (Mark(0, "0: no difference"),)
        return Intervals(found.question, tuple(rows), topic_axis(found), ids, (), marks)

    def fit(self) -> None:
        """Bring question, studies and call in line."""
        sitting = self.sitting
        self.controls["topic"].value = sitting.topic.id
        self.controls["call"].active = sitting.call
        for place in range(_MOST):
            toggle = self.controls[f"study{place}"]
            known = place < len(sitting.topic.studies)
            toggle.layout.display = None if known else "none"
            if known:
                study = sitting.topic.studies[place]
                toggle.label = f"{study.name}, {study.note}"
                toggle.value = study.id in sitting.chosen

    def _arranged(self) -> Any:  # noqa: ANN401 - a box of widgets
        names = ("topic", *(f"study{place}" for place in range(_MOST)), "call", "reset")
        return arrange(self.view, [self.controls[name] for name in names])

    def _listen(self) -> None:
        self.controls["topic"].observe(lambda change: self.set(change["new"]), "value")
        for place in range(_MOST):
            self.controls[f"study{place}"].observe(self._on_toggle, "value")
        self.controls["call"].observe(lambda change: self.set(call=change["owner"].value), "presses")
        self.controls["reset"].observe(lambda _: self.set(self.sitting.topic.id), "presses")

    def _on_toggle(self, _change: Mapping[str, Any]) -> None:
        if self._setting:
            return
        every = self.sitting.topic.studies
        self.set(studies=[study.id for place, study in enumerate(every) if self.controls[f"study{place}"].value])


def _controls(name: str) -> dict[str, Control]:
    made: dict[str, Control] = {
        "topic": Choice({one.id: one.title for one in topics()}, label="Question", display="select", value=name)
    }
    for place in range(_MOST):
        made[f"study{place}"] = Toggle(label=f"Study {place + 1}")
    made["call"] = Buttons(CALLS, label="Your call")
    made["reset"] = Buttons({"reset": "Start again"}, label="Start again")
    return made


def _opened(name: object) -> Sitting:
    found = topic(name)
    return Sitting(found, found.start)


def _called(sitting: Sitting, call: object) -> Sitting:
    call = one_of(call, CALLS, "call")
    if not sitting.chosen:
        raise InvalidInput("No study is chosen; choose at least one, then make your call.")
    return replace(sitting, call=call)


# -- what is said


def _verdict(sitting: Sitting, *, pooled: Pooled | None) -> str:
    right = (sitting.call == "pool") == (pooled is not None)
    opening = "That is our call too." if right else "We would call it otherwise."
    if pooled is None:
        return f"{opening} Do not pool: {_first(sitting.reasons)}"
    return f"{opening} They may be pooled: {_amount(pooled, sitting.topic)}."


def _first(reasons: tuple[str, ...]) -> str:
    more = len(reasons) - 1
    return f"{reasons[0]}{f' And {more} more reason' + 's' * (more > 1) + '.' if more else ''}"


def _amount(pooled: Pooled, found: Topic) -> str:
    factor = 1.0 if found.measure == "mean difference" else 100.0
    low, high = number(factor * pooled.low, 1), number(factor * pooled.high, 1)
    unit = "" if found.measure == "mean difference" else " %"
    return f"{number(factor * pooled.point, 1)}{unit} (95 % interval {low} to {high}{unit})"


def _pooled_row(pooled: Pooled, found: Topic) -> Row:
    factor = 1.0 if found.measure == "mean difference" else 100.0
    ends = factor * pooled.point, factor * pooled.low, factor * pooled.high
    return Row("Pooled, calculated", _amount(pooled, found), *ends, shape="pool")


def _plain(*sentences: str) -> list[list[dict[str, str]]]:
    return [[{"text": sentence}] for sentence in sentences]


def _why(against: tuple[str, ...]) -> Page:
    if against:
        return {"heading": "Reasons against pooling", "items": _plain(*against)}
    said = "Different patients, one treatment, one kind of design, nearly one thing counted, follow-up of like length."
    return {"heading": "Why they may be pooled", "items": _plain(said)}


def _with_pool(pooled: Pooled, sitting: Sitting) -> list[Page]:
    """Say how studies were pooled, and first what is not quite alike in them."""
    reserves = [f"{study.name}: {study.reserve}." for study in sitting.studies if study.reserve]
    mind = [{"heading": "With reservations", "items": _plain(*reserves)}] if reserves else []
    return [*mind, _how(pooled, sitting.topic)]


def _how(pooled: Pooled, found: Topic) -> Page:
    scale = "log odds" if found.measure == "proportion" else "differences"
    weights = " + ".join(f"{100 * one:.0f} %" for one in pooled.weights)
    said = [
        f"Random effects on {scale}: Paule and Mandel, with the interval of Hartung, Knapp, Sidik and Jonkman.",
        f"Weights from above downwards: {weights}.",
        f"I² {100 * pooled.i2:.0f} %, τ² {pooled.tau2:.3f}: with few studies neither says much.",
        _prediction(pooled, found),
    ]
    return {"heading": "How it was pooled", "items": _plain(*said)}


def _prediction(pooled: Pooled, found: Topic) -> str:
    if pooled.prediction is None:
        few = f"fewer than {FEWEST_FOR_PREDICTION} studies"
        return f"No prediction interval: {few} cannot say how the next one will turn out."
    factor = 1.0 if found.measure == "mean difference" else 100.0
    low, high = (number(factor * end, 1) for end in pooled.prediction)
    return f"Prediction interval for another study like these: {low} to {high}."


def _caution(sitting: Sitting) -> Page:
    return {"heading": "Whatever the answer", "items": _plain(sitting.topic.caution)}


def pool(name: str = "reoperation", theme: str = "auto") -> Pool:
    """Open the app in which studies are pooled, or left alone for a reason.

    Parameters
    ----------
    name : str
        Id of a question: ``"same-level"``, ``"reoperation"``, ``"success"``, ``"surgery-or-not"``, ``"endoscopic"``
        or ``"adjacent"``.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Returns
    -------
    Pool
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no such question or theme.
    """
    return Pool(name, theme)
