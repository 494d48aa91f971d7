"""Predict, then check: commit to an answer, then the model is measured and the reason given."""

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
from foramlib.learning.predictions import QUANTITIES, outcome, prediction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.learning.predictions import Band, Outcome, Prediction

__all__ = ["Commitment", "Predict", "predict"]

_UNCOMMITTED = "Choose a prediction first, then look."


@dataclass(frozen=True)
class Commitment:
    """One learner's prediction: what was chosen, and what the model gave once it was committed to."""

    item: Prediction
    chosen: int | None = None
    seen: Outcome | None = None

    def choose(self, option: object) -> Commitment:
        """Mark an option, by its place from 0."""
        place = option_place(option, len(self.item.options))
        if self.seen is not None:
            raise InvalidInput("You have committed to a prediction; press 'Predict again' to choose another.")
        return replace(self, chosen=place)

    def look(self) -> Commitment:
        """Commit to the option that is marked, and measure the model."""
        if self.chosen is None:
            raise InvalidInput(_UNCOMMITTED)
        return replace(self, seen=self.seen or outcome(self.item))

    def again(self) -> Commitment:
        """Go back to the open question."""
        return Commitment(self.item)


class Predict(QuestionApp):
    """One prediction: the model is measured only after the learner has committed.

    Parameters
    ----------
    name : str
        Id of the prediction, for example ``"extension-c56"``.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.

    Raises
    ------
    InvalidInput
        If there is no prediction of that name.
    """

    def __init__(self, name: str, theme: str = "auto") -> None:
        self.commitment = Commitment(prediction(name))
        super().__init__(theme)
        self._show()

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        return {
            "choose": lambda details: self._turn(self.commitment.choose(details.get("option"))),
            "look": lambda _: self._turn(self.commitment.look()),
            "again": lambda _: self._turn(self.commitment.again()),
            "before": lambda _: self.show_model(self._seen_item().before),
            "after": lambda _: self.show_model(self._seen_item().after),
        }

    def _seen_item(self) -> Prediction:
        """Give the item once it is committed to: the model would give the answer away before."""
        if self.commitment.seen is None:
            raise InvalidInput(_UNCOMMITTED)
        return self.commitment.item

    def _turn(self, commitment: Commitment) -> None:
        if commitment.seen is None:
            self.hide_model()
        self.commitment = commitment

    def page(self) -> Page:
        """Give the page of the present state: the open question, or what the model showed."""
        item, seen = self.commitment.item, self.commitment.seen
        page = empty_page(item.id, item.objective, "Predict, then look")
        page |= {
            "stem": pieces(item.prompt),
            "lead_in": "Your prediction",
            "options": [self._option(place, band) for place, band in enumerate(item.options)],
            "chosen": self.commitment.chosen,
            "committed": seen is not None,
        }
        return page | (self._feedback(seen) if seen else {"buttons": _OPEN_BUTTONS})

    def _option(self, place: int, band: Band) -> dict[str, object]:
        seen, chosen = self.commitment.seen, self.commitment.chosen
        if seen is None:
            return open_option(place, band.text)
        return marked_option(place, band.text, seen.right, chosen, ("What the model shows", "Your prediction"))

    def _feedback(self, seen: Outcome) -> Page:
        item = self.commitment.item
        holds = self.commitment.chosen == seen.right
        return {
            "verdict": "Your prediction holds." if holds else f"The model shows {LETTERS[seen.right]}.",
            "mark": "right" if holds else "wrong",
            "readings": _readings(item, seen),
            "reason": pieces(item.reason),
            "sources": source_links(item.sources),
            "buttons": _SEEN_BUTTONS,
        }

    def describe(self) -> str:
        """Say the page in words: the question and its options, and once committed what the model showed."""
        page = self.page()
        lines = [page["label"], said(page["stem"])]
        lines += [said_option(option) for option in page["options"]]
        lines += [page["verdict"], *(f"{reading['name']}: {reading['value']}." for reading in page["readings"])]
        lines += [said(page["reason"])]
        return "\n".join(line for line in lines if line)


_OPEN_BUTTONS = [button("look", "Commit and look", primary=True)]
_SEEN_BUTTONS = [
    button("before", "Show before"),
    button("after", "Show after"),
    button("again", "Predict again"),
]


def _readings(item: Prediction, seen: Outcome) -> list[dict[str, str]]:
    """Give the measured values, named as the model's, without false precision."""
    name, unit = QUANTITIES[item.quantity]
    digits = 0 if unit == "mm²" else 1
    change = f"{seen.change:.1f} times" if item.change == "times" else f"{seen.change:+.0f} %".replace("-", "−")
    return [
        {"name": f"Model, {name} before", "value": f"{seen.before:.{digits}f} {unit}"},
        {"name": f"Model, {name} after", "value": f"{seen.after:.{digits}f} {unit}"},
        {"name": "Change", "value": change},
    ]


def predict(name: str, theme: str = "auto") -> Predict:
    """Open one prediction.

    Parameters
    ----------
    name : str
        Id of the prediction, for example ``"extension-c56"``.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Returns
    -------
    Predict
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no prediction of that name.
    """
    return Predict(name, theme)
