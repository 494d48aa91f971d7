"""What apps with rows of intervals share: the view, its page, and one way from a control to the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES, check_theme, close_all
from foramlib.apps.question import source_links
from foramlib.errors import InvalidInput
from foramlib.evidence import footnotes
from foramlib.figures.charts.intervals import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import ipywidgets

    from foramlib.apps.controls import Control
    from foramlib.figures.charts.intervals import Axis, Intervals, Row

__all__ = ["Board", "IntervalView", "said_page", "to_page"]

Page = dict[str, Any]


class IntervalView(anywidget.AnyWidget):
    """Rows of intervals in the browser: a table of words with marks beside them, a sentence, notes and sources.

    Attributes
    ----------
    page : dict
        What to show; see :func:`to_page`. Its ``frame`` counts the pictures.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    """

    _esm: ClassVar[str] = script("theme.js", "intervals.js")
    _css: ClassVar[str] = style("theme.css", "intervals.css")

    page = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)


def to_page(numbers: Intervals, *, label: str, sentence: str = "", notes: Sequence[Page] = ()) -> Page:
    """Give the page of a view: places as shares of the axis, words as they are read.

    Parameters
    ----------
    numbers : Intervals
        Heading, rows, axis, upright lines and evidence ids.
    label : str
        Name of the app, for those who do not see it.
    sentence : str
        What is said under the picture and aloud.
    notes : sequence of dict
        Each a ``heading`` and ``items``, lists of pieces of prose.
    """
    axis = numbers.axis
    return {
        "label": label,
        "heading": numbers.message,
        "rows": [_row(row, axis) for row in numbers.rows],
        "ticks": [{"at": axis.at(tick), "text": number(tick, plus=axis.plus)} for tick in axis.ticks],
        "marks": [{"at": axis.at(mark.at), "words": mark.words, "style": mark.style} for mark in numbers.marks],
        "unit": axis.unit,
        "sides": [axis.left, axis.right],
        "sentence": sentence,
        "notes": list(notes),
        "foot": footnotes(" ".join(row.label for row in numbers.rows)),
        "sources": source_links(numbers.ids),
        "message": "",
    }


def _row(row: Row, axis: Axis) -> Page:
    places = {
        name: None if (value := getattr(row, name)) is None else axis.at(value) for name in ("point", "low", "high")
    }
    return {"label": row.label, "figures": row.figures, "shape": row.shape, "verdict": "", "mark": "", **places}


def said_page(page: Page) -> str:
    """Say a page in words."""
    lines = [page["heading"]]
    lines += [" ".join([f"{row['label']}: {row['figures']}.", row["verdict"]]).strip() for row in page["rows"]]
    lines += [f"{mark['words']}." for mark in page["marks"] if mark["words"]]
    lines += [page["sentence"]]
    for note in page["notes"]:
        lines += [f"{note['heading']}:", *("".join(piece["text"] for piece in item) for item in note["items"])]
    return "\n".join(line for line in lines if line)


class Board:
    """An app of controls and one view; a subclass gives ``page()`` and connects its controls.

    Parameters
    ----------
    controls : Mapping of str to Control
        Every control by name.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Raises
    ------
    InvalidInput
        If the theme is unknown.
    """

    widget: ipywidgets.Widget

    def __init__(self, controls: Mapping[str, Control], theme: str, *, strict: bool = False) -> None:
        theme = check_theme(theme)
        self.strict = strict
        self.controls = dict(controls)
        self.view = IntervalView(theme=theme)
        self._setting = False
        self._frames = 0
        for control in self.controls.values():
            control.theme = theme

    def page(self) -> Page:
        """Give the page of the present state."""
        raise NotImplementedError

    def fit(self) -> None:
        """Bring the controls in line with the present state."""
        raise NotImplementedError

    def describe(self) -> str:
        """Say what is shown."""
        return said_page(self.page())

    @property
    def message(self) -> str:
        """What was refused last, or "" where all is well."""
        return str(self.view.page.get("message", ""))

    def attempt(self, change: Callable[[], object]) -> None:
        """Change the state and draw it; the one place where a refusal becomes a sentence."""
        if self._setting:
            return
        try:
            change()
            self.draw()
        except InvalidInput as problem:
            self._refuse(str(problem))
        except Exception as problem:
            self._refuse(f"This could not be shown ({type(problem).__name__}); the last good state stays.")
            if self.strict:
                raise

    def draw(self) -> None:
        """Send the page of the present state, and bring the controls in line."""
        page = self.page()
        self._fit()
        self._frames += 1
        self.view.page = {**page, "frame": self._frames}

    def _refuse(self, sentence: str) -> None:
        self._fit()
        self.view.page = {**self.view.page, "message": sentence}

    def _fit(self) -> None:
        self._setting = True
        try:
            self.fit()
        finally:
            self._setting = False

    def close(self) -> None:
        """Free every widget; the app cannot be shown again."""
        for control in self.controls.values():
            control.unobserve_all()
        close_all(self.widget)

    def _repr_mimebundle_(self, **options: Any) -> object:  # noqa: ANN401 - Jupyter's own protocol
        return self.widget._repr_mimebundle_(**options)
