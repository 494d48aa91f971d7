"""One-best-answer questions, written as data and checked for the faults that give answers away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import cite
from foramlib.given import as_typed
from foramlib.learning.records import read_records
from foramlib.learning.state import ModelState, read_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from foramlib.learning.records import Record

__all__ = ["Item", "Option", "items", "lint_items", "read_items"]

FEWEST_OPTIONS, MOST_OPTIONS = 4, 5
LETTERS = "ABCDE"

# A right answer this much longer than the longest wrong one gives itself away.
_LONGEST_LEAD = 1.25
# Words in a lead-in that turn the question round, or that only make sense with the options in sight.
_TURNED = re.compile(r"\b(not|except|never|false|incorrect|least likely)\b", re.IGNORECASE)
_UNCOVERED = re.compile(r"\bof the following\b|\ban?\?$", re.IGNORECASE)
_CATCH_ALL = re.compile(r"\b(all|none|both|neither) of (the|these)\b|\b(always|never)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen, and the reason why it is right or wrong."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Item:
    """One question: a vignette, a lead-in, four or five options of which exactly one is right.

    Parameters
    ----------
    id : str
        Stable key; starts with the lesson's number.
    objective : str
        What answering it shows, in one line.
    stem, lead_in : str
        The vignette, and the question that can be answered with the options covered.
    options : tuple of Option
        In the order shown.
    sources : tuple of str
        Evidence ids that the reasons rest on.
    state : ModelState
        The state of the model that shows the answer.
    """

    id: str
    objective: str
    stem: str
    lead_in: str
    options: tuple[Option, ...]
    sources: tuple[str, ...]
    state: ModelState

    @property
    def right(self) -> int:
        """The place of the right option."""
        return next(place for place, option in enumerate(self.options) if option.right)


@lru_cache(maxsize=32)
def items(lesson: str) -> tuple[Item, ...]:
    """Give the questions of a lesson, for example ``items("01")``.

    Raises
    ------
    InvalidInput
        If the lesson has no questions, or their file is damaged; the sentence names the file and the item.
    """
    return read_items(read_records(as_typed(str(lesson))))


def read_items(record: Record) -> tuple[Item, ...]:
    """Read the questions of one file, and refuse an id that is used twice."""
    record.only("lesson", "title", "items")
    record.text("lesson")
    found = tuple(_read_item(entry) for entry in record.records("items"))
    names = sorted(item.id for item in found)
    for name, following in pairwise(names):
        if name == following:
            raise InvalidInput(f"{record.where}: the id {name!r} is used twice; every item needs its own.")
    return found


def _read_item(record: Record) -> Item:
    record.only("id", "objective", "stem", "lead_in", "options", "sources", "state")
    return Item(
        id=record.text("id"),
        objective=record.text("objective"),
        stem=record.text("stem"),
        lead_in=record.text("lead_in"),
        options=_read_options(record),
        sources=record.texts("sources"),
        state=read_state(record.record("state")),
    )


def _read_options(record: Record) -> tuple[Option, ...]:
    found = tuple(_read_option(entry) for entry in record.records("options"))
    right = sum(option.right for option in found)
    if not FEWEST_OPTIONS <= len(found) <= MOST_OPTIONS:
        raise InvalidInput(f"{record.where}: there are {len(found)} options; four or five are allowed.")
    if right != 1:
        raise InvalidInput(f"{record.where}: {right} options are marked right; exactly one must be.")
    return found


def _read_option(record: Record) -> Option:
    record.only("text", "why", "right")
    return Option(text=record.text("text"), why=record.text("why"), right=record.flag("right"))


def lint_items(found: Sequence[Item]) -> list[str]:
    """List every fault of writing in these questions, one sentence each; an empty list is clean."""
    faults = [f"{item.id}: {fault}" for item in found for fault in _faults(item)]
    return faults + list(_faults_together(found))


def _faults(item: Item) -> Iterator[str]:
    yield from _faults_of_lead_in(item)
    yield from _faults_of_options(item)
    yield from faults_of_sources(item.sources)
    yield from faults_of_state(item.state)
    if "\n" in item.objective or not item.objective.endswith("."):
        yield "the objective is not one line that ends with a full stop"


def _faults_of_lead_in(item: Item) -> Iterator[str]:
    if not item.lead_in.endswith("?"):
        yield "the lead-in is not a question"
    if _TURNED.search(item.lead_in):
        yield "the lead-in is turned round (not, except, least likely …)"
    if _UNCOVERED.search(item.lead_in):
        yield "the lead-in cannot be answered with the options covered"


def _faults_of_options(item: Item) -> Iterator[str]:
    texts = [option.text for option in item.options]
    if len({text.casefold() for text in texts}) < len(texts):
        yield "two options say the same"
    if any(_CATCH_ALL.search(text) for text in texts):
        yield "an option is a catch-all, or claims always or never"
    if any(text.endswith(".") for text in texts):
        yield "an option ends with a full stop"
    if any(not text[0].isupper() and not text[0].isdigit() for text in texts):
        yield "an option does not start with a capital"
    wrong = max(len(option.text) for option in item.options if not option.right)
    if len(item.options[item.right].text) > max(_LONGEST_LEAD * wrong, wrong + 6):
        yield "the right option is much the longest"


def faults_of_sources(ids: Sequence[str]) -> Iterator[str]:
    """Say which evidence ids do not exist or may not be cited."""
    for evidence_id in ids:
        try:
            cite(evidence_id)
        except InvalidInput as problem:
            yield str(problem)


def faults_of_state(state: ModelState) -> Iterator[str]:
    """Say why the model cannot take a state."""
    try:
        state.measured()
        known = state.structure_ids()
    except InvalidInput as problem:
        yield str(problem)
        return
    if state.focus and state.focus not in known:
        yield f"the state points at {state.focus!r}, which {state.level} does not have"


def _faults_together(found: Sequence[Item]) -> Iterator[str]:
    """Faults that only the whole set shows: a letter that is right more often than chance would have it."""
    places = [item.right for item in found]
    for place in sorted(set(places)):
        if len(found) >= FEWEST_OPTIONS and places.count(place) > len(found) / 2:
            yield f"the right answer is {LETTERS[place]} in more than half of the items"
