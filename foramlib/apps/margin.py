"""The margin of a non-inferiority trial: fix it first, then see the data, then see why it may not move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from foramlib.apps.board import Board, Page, to_page
from foramlib.apps.controls import Buttons, Slider, arrange
from foramlib.errors import InvalidInput
from foramlib.figures.charts.appraisal import facet_margin
from foramlib.figures.charts.intervals import Mark, number
from foramlib.given import one_of
from foramlib.recovery.noninferiority import (
    LARGEST_MARGIN,
    MARGIN_ID,
    is_shown,
    outcomes,
    published_margin,
    read_margin,
)

if TYPE_CHECKING:
    from foramlib.apps.controls import Control

__all__ = ["Margin", "margin"]

_HIDDEN: Final = "hidden until the margin is fixed"
_LABEL: Final = "The margin of a non-inferiority trial"
_ASK: Final = (
    "How much worse may posterior surgery be and still count as good enough? Fix your margin before you see the data."
)
_BUTTONS: Final = {"fix": "Fix the margin", "trial": "Use the trial's margin", "reset": "Start again"}


@dataclass(frozen=True)
class Sitting:
    """The margin in view, and the one that was fixed before the data were seen (None before that)."""

    margin: float
    fixed: float | None = None

    @property
    def moved(self) -> bool:
        """Whether the margin was moved after the data were seen."""
        return self.fixed is not None and self.margin != self.fixed


class Margin(Board):
    """Fix a margin, then see the primary outcomes of FACET against it; move it, and see what that does.

    Parameters
    ----------
    start : float
        Where the slider opens, points of a hundred.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Raises
    ------
    InvalidInput
        If the margin or the theme is refused.
    """

    def __init__(self, start: object = 5, theme: str = "auto", *, strict: bool = False) -> None:
        self._start = read_margin(start)
        self.sitting = Sitting(self._start)
        super().__init__(_controls(self._start), theme, strict=strict)
        names = ("margin", "do")
        self.widget = arrange(self.view, [self.controls[name] for name in names])
        self.draw()
        self.controls["margin"].observe(lambda change: self.move(change["new"]), "value")
        self.controls["do"].observe(lambda change: self.act(change["owner"].value), "presses")

    @property
    def state(self) -> dict[str, float | None]:
        """Margin and fixed margin as plain data."""
        return {"margin": self.sitting.margin, "fixed": self.sitting.fixed}

    def move(self, value: object) -> None:
        """Move the margin; before it is fixed this is free, afterwards the app says what it means."""

        def change() -> None:
            self.sitting = replace(self.sitting, margin=read_margin(value))

        self.attempt(change)

    def act(self, what: object) -> None:
        """Press a button: ``"fix"``, ``"trial"`` (the margin of FACET, fixed) or ``"reset"``."""

        def change() -> None:
            if what not in _BUTTONS:
                raise InvalidInput(f"There is no button {what!r}; choose one of {', '.join(_BUTTONS)}.")
            self.sitting = self._after(str(what))

        self.attempt(change)

    def _after(self, what: str) -> Sitting:
        if what == "reset":
            return Sitting(self._start)
        if self.sitting.fixed is not None:
            raise InvalidInput("The margin is fixed and the data are seen; start again to fix another.")
        value = published_margin() if what == "trial" else self.sitting.margin
        return Sitting(value, value)

    def fit(self) -> None:
        """Bring the slider in line."""
        self.controls["margin"].value = self.sitting.margin

    def page(self) -> Page:
        """Give the page: outcomes without data before the margin is fixed, with their verdicts after."""
        sitting, whole = self.sitting, facet_margin()
        mark = Mark(sitting.margin, f"your margin: {number(sitting.margin)}", "dashed")
        if sitting.fixed is None:
            rows = tuple(replace(row, figures=_HIDDEN, point=None, low=None, high=None) for row in whole.rows)
            hidden = replace(whole, message=_LABEL, rows=rows, marks=(whole.marks[0], mark), ids=(MARGIN_ID,))
            return to_page(hidden, label=_LABEL, sentence=_ASK, notes=[_means()])
        first = (
            [] if not sitting.moved else [Mark(sitting.fixed, f"fixed beforehand: {number(sitting.fixed)}", "fixed")]
        )
        shown = replace(whole, message=_LABEL, marks=(whole.marks[0], *first, mark))
        page = to_page(shown, label=_LABEL, sentence=_sentence(sitting), notes=[_trial(), _means()])
        for row, outcome in zip(page["rows"], outcomes(), strict=True):
            inside = is_shown(outcome, sitting.margin)
            row["verdict"] = "✓ not much worse: shown" if inside else "✗ not much worse: not shown"
            row["mark"] = "yes" if inside else "no"
        return page


def _controls(start: float) -> dict[str, Control]:
    return {
        "margin": Slider(label="Margin, points of a hundred", min=0, max=LARGEST_MARGIN, step=1, value=start),
        "do": Buttons(_BUTTONS, label="What to do"),
    }


def _count(margin: float) -> str:
    shown = sum(is_shown(outcome, margin) for outcome in outcomes())
    return f"{shown} of {len(outcomes())} measures"


def _sentence(sitting: Sitting) -> str:
    shown = f"{_count(sitting.margin)} show that posterior surgery is not much worse"
    here = f"With a margin of {number(sitting.margin)}, {shown}."
    if not sitting.moved or sitting.fixed is None:
        return here
    before, now = _count(sitting.fixed), _count(sitting.margin)
    changed = "The verdict changed" if before != now else "The verdict stayed"
    return f"{here} {changed}, but no patient did: a margin moved after the data proves nothing."


def _plain(*sentences: str) -> list[list[dict[str, str]]]:
    return [[{"text": sentence}] for sentence in sentences]


def _means() -> Page:
    said = (
        "Zero is no difference; to the right posterior surgery is worse.",
        "Not much worse is shown where the whole interval lies left of the margin.",
        "The margin is a judgement about patients: how much would they give up for the other advantages?",
    )
    return {"heading": "How to read it", "items": _plain(*said)}


def _trial() -> Page:
    said = (
        f"FACET fixed {number(published_margin())} in its plan, before the data were seen.",
        "It compares two operations; it says nothing about an operation against none.",
        "Posterior surgery was not tested for being better, so do not call it superior.",
    )
    return {"heading": "What the trial did", "items": _plain(*said)}


def margin(trial: str = "FACET", theme: str = "auto", *, start: object = 5) -> Margin:
    """Open the app about the margin of a non-inferiority trial.

    Parameters
    ----------
    trial : str
        ``"FACET"``, the one trial of non-inferiority with foraminotomy in our tables.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    start : float
        Where the slider opens, points of a hundred.

    Returns
    -------
    Margin
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no such trial, the margin lies outside 0 to 20, or the theme is unknown.
    """
    one_of(trial, ["FACET"], "trial of non-inferiority")
    return Margin(start, theme)
