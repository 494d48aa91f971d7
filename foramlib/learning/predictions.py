"""Predict, then check: the right answer is never written down, the model is measured to find it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.learning.items import FEWEST_OPTIONS, MOST_OPTIONS, faults_of_sources, faults_of_state
from foramlib.learning.records import read_records
from foramlib.learning.state import ModelState, read_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from foramlib.learning.records import Record

__all__ = ["Band", "Outcome", "Prediction", "lint_prediction", "outcome", "prediction", "predictions"]

# What a person may predict: the name of a measure, what it is called, and its unit.
QUANTITIES = MappingProxyType(
    {
        "area_mm2": ("area", "mm²"),
        "height_mm": ("height", "mm"),
        "width_mm": ("width", "mm"),
        "free_area_mm2": ("free space beside the root", "mm²"),
    }
)


@dataclass(frozen=True)
class Band:
    """An answer that can be chosen: it is right when the change lies in ``[low, high)``."""

    text: str
    low: float
    high: float


@dataclass(frozen=True)
class Prediction:
    """A change of the model, and the answers between which a person commits before seeing it.

    Parameters
    ----------
    id, lesson, objective, prompt : str
        Stable key, lesson number, what it teaches, and the question.
    quantity : str
        A key of ``QUANTITIES``.
    before, after : ModelState
        The two states that are measured.
    change : str
        ``"percent"`` (after against before, in per cent) or ``"times"`` (after divided by before).
    options : tuple of Band
        Adjoining bands that cover every possible change.
    reason : str
        Why it happens and what was published; true whatever the model gives.
    sources : tuple of str
        Evidence ids the reason rests on.
    """

    id: str
    lesson: str
    objective: str
    prompt: str
    quantity: str
    before: ModelState
    after: ModelState
    change: str
    options: tuple[Band, ...]
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What the model gave: the quantity before and after, the change, and the place of the right answer."""

    before: float
    after: float
    change: float
    right: int


@lru_cache(maxsize=1)
def predictions() -> Mapping[str, Prediction]:
    """Give every prediction by its id, in the order written."""
    return read_predictions(read_records("predict"))


def prediction(name: str) -> Prediction:
    """Give one prediction.

    Raises
    ------
    InvalidInput
        If there is none of that name; the sentence lists those there are.
    """
    found = predictions()
    return found[one_of(name, found, "prediction named")]


def read_predictions(record: Record) -> Mapping[str, Prediction]:
    """Read the predictions of one file, and refuse an id that is used twice."""
    record.only("items")
    found: dict[str, Prediction] = {}
    for entry in record.records("items"):
        item = _read_prediction(entry)
        if item.id in found:
            raise InvalidInput(f"{record.where}: the id {item.id!r} is used twice; every item needs its own.")
        found[item.id] = item
    return MappingProxyType(found)


def _read_prediction(record: Record) -> Prediction:
    record.only(*Prediction.__dataclass_fields__)
    return Prediction(
        id=record.text("id"),
        lesson=record.text("lesson"),
        objective=record.text("objective"),
        prompt=record.text("prompt"),
        quantity=_one_of(record, "quantity", tuple(QUANTITIES)),
        before=read_state(record.record("before")),
        after=read_state(record.record("after")),
        change=_one_of(record, "change", ("percent", "times")),
        options=_read_bands(record),
        reason=record.text("reason"),
        sources=record.texts("sources"),
    )


def _one_of(record: Record, key: str, allowed: tuple[str, ...]) -> str:
    value = record.text(key)
    if value not in allowed:
        raise InvalidInput(f"{record.where}: {key} is {value!r}; allowed are {', '.join(allowed)}.")
    return value


def _read_bands(record: Record) -> tuple[Band, ...]:
    found = tuple(_read_band(entry) for entry in record.records("options"))
    if not FEWEST_OPTIONS <= len(found) <= MOST_OPTIONS:
        raise InvalidInput(f"{record.where}: there are {len(found)} options; four or five are allowed.")
    ordered = sorted(found, key=lambda band: band.low)
    closed = all(one.high == two.low for one, two in pairwise(ordered))
    if not closed or ordered[0].low != -math.inf or ordered[-1].high != math.inf:
        raise InvalidInput(f"{record.where}: the options must adjoin and cover every change, each from … to below ….")
    return found


def _read_band(record: Record) -> Band:
    record.only("text", "from", "below")
    return Band(record.text("text"), record.number("from", -math.inf), record.number("below", math.inf))


def outcome(item: Prediction) -> Outcome:
    """Measure the model before and after, and find the answer that holds the change.

    Raises
    ------
    InvalidInput
        If the model cannot take one of the states, or shows no foramen there.
    """
    before, after = (_measured(state, item) for state in (item.before, item.after))
    change = after / before if item.change == "times" else 100.0 * (after / before - 1.0)
    right = next(place for place, band in enumerate(item.options) if band.low <= change < band.high)
    return Outcome(before, after, change, right)


def _measured(state: ModelState, item: Prediction) -> float:
    value = state.measured().as_dict()[item.quantity]
    if not isinstance(value, float):
        raise InvalidInput(f"{item.id}: the {state.plane} plane shows no foramen at {state.level} to measure.")
    return value


def lint_prediction(item: Prediction) -> list[str]:
    """List the faults of a prediction, one sentence each; an empty list is clean."""
    return [f"{item.id}: {fault}" for fault in _faults(item)]


def _faults(item: Prediction) -> Iterator[str]:
    yield from faults_of_sources(item.sources)
    yield from faults_of_state(item.before)
    yield from faults_of_state(item.after)
    if not item.prompt.endswith("?"):
        yield "the prompt does not end with a question"
    if len({band.text.casefold() for band in item.options}) < len(item.options):
        yield "two options say the same"
