"""Score a questionnaire: sections in our own words, the scale with its bands, and important differences as disputed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from foramlib.apps.assets import script, style
from foramlib.apps.controls import Buttons, Choice, Control, arrange, check_theme, colours
from foramlib.apps.page_view import PageApp, PageView
from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.recovery.instruments import MOST, NAMES, Change, Score, bands, changes, score_ndi, score_odi, sections

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ipywidgets

    from foramlib.recovery.instruments import Important

__all__ = ["ScoreApp", "ScoreView", "score"]

_OPTIONS: Final = (*((str(number), str(number)) for number in range(MOST + 1)), ("", "no answer"))
_EXAMPLES: Final[Mapping[str, tuple[int, ...]]] = {
    # Made up: a first sheet and a later one of the same person; some thresholds are reached and some are not.
    "first": (3, 2, 3, 2, 1, 2, 3, 2, 2, 2),
    "later": (2, 1, 2, 1, 1, 1, 2, 2, 1, 2),
}
_NOTE: Final = (
    "The names of the bands are those of the scale's authors; their worth is questioned. "
    "The sheet itself is protected: use it on paper, and enter the numbers here."
)


class ScoreView(PageView):
    """The scale in the browser, with its bands, the scores and what each difference would need."""

    _esm: ClassVar[str] = script("theme.js", "score.js")
    _css: ClassVar[str] = style("theme.css", "score.css")


class ScoreApp(PageApp):
    """A calculator for one questionnaire.

    Parameters
    ----------
    instrument : {"NDI", "ODI"}
        Which.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Attributes
    ----------
    first, now : Score
        The score that is compared with, and that of the answers in view.
    controls : dict of str to Control
        ``answer-1`` to ``answer-10``, ``do`` (buttons) and ``theme``.
    view : ScoreView
        The scale in the browser.
    widget : ipywidgets.Widget
        All of it; the app shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If the instrument or the theme is unknown.
    """

    def __init__(self, instrument: str, theme: str = "auto", *, strict: bool = False) -> None:
        theme = check_theme(theme)
        self.names = sections(instrument)
        self.instrument, self.strict = one_of(instrument, NAMES, "instrument"), strict
        self.answers: list[int | None] = list(_EXAMPLES["later"])
        self.first = self._scored(list(_EXAMPLES["first"]))
        self.now = self._scored(self.answers)
        self.controls = _controls(self.names)
        self.view = ScoreView()
        self.widget = self._arranged()
        self._set_theme(theme)
        self._put_back()
        self._show()
        self._listen()

    def answer(self, number: int, value: int | None) -> None:
        """Give one answer; a refusal is said under the scale, and the last good score stays.

        Parameters
        ----------
        number : int
            Section, 1 to 10.
        value : int or None
            0 to 5, or None for no answer.
        """
        tried = list(self.answers)
        try:
            tried[self._place(number)] = value
            self.now = self._scored(tried)
        except InvalidInput as problem:
            self._put_back()
            self._page(message=str(problem))
            if self.strict:
                raise
            return
        self.answers = tried
        self._show()

    def _place(self, number: int) -> int:
        if not 1 <= number <= len(self.names):
            raise InvalidInput(f"There is no section {number}; choose 1 to {len(self.names)}.")
        return number - 1

    def keep_as_first(self) -> None:
        """Compare from now on with the present answers."""
        self.first = self.now
        self._show()

    def example(self) -> None:
        """Go back to the made-up example with which the app opened."""
        self.answers = list(_EXAMPLES["later"])
        self.first, self.now = self._scored(list(_EXAMPLES["first"])), self._scored(self.answers)
        self._put_back()
        self._show()

    @property
    def change(self) -> Change:
        """The change from the first score to the present one."""
        return changes(self.first, self.now)

    def describe(self) -> str:
        """Say both scores, the change, and what each published difference makes of it."""
        lines = [f"First: {self.first.words}", f"Now: {self.now.words} {self.now.rule}", f"Change: {self.change.words}"]
        lines += [f"{one.words} Source: {one.citation.text}." for one in self.change.important]
        return "\n".join([*lines, _NOTE])

    def _scored(self, answers: list[int | None] | list[int]) -> Score:
        return score_ndi(answers) if self.instrument == "NDI" else score_odi(answers)

    def _arranged(self) -> ipywidgets.Widget:
        side = [control for name, control in self.controls.items() if name.startswith("answer")]
        whole = arrange(self.view, side, [self.controls["do"], self.controls["theme"]])
        return whole.add_class("foramlib-score")

    def _listen(self) -> None:
        for number in range(1, len(self.names) + 1):
            self.controls[f"answer-{number}"].observe(self._on_answer, "value")
        acts = {"keep": self.keep_as_first, "example": self.example}
        self.controls["do"].observe(lambda change: acts[change["owner"].value](), "presses")
        self.controls["theme"].observe(lambda change: self._set_theme(change["new"]), "value")

    def _on_answer(self, change: Mapping[str, Any]) -> None:
        if self._setting:
            return
        name = next(name for name, control in self.controls.items() if control is change["owner"])
        self.answer(int(name.removeprefix("answer-")), int(change["new"]) if change["new"] else None)

    def _put_back(self) -> None:
        """Let the controls show the answers in force."""
        with self._quietly():
            for number, value in enumerate(self.answers, 1):
                self.controls[f"answer-{number}"].value = "" if value is None else str(value)

    def _show(self) -> None:
        self._page(message="", **_drawn(self.first, self.now, self.change))


def _controls(names: tuple[str, ...]) -> dict[str, Control]:
    answers: dict[str, Control] = {
        f"answer-{number}": Choice(_OPTIONS, label=f"{number}. {name[0].upper()}{name[1:]}", display="select")
        for number, name in enumerate(names, 1)
    }
    return answers | {
        "do": Buttons({"keep": "Keep as first score", "example": "Reset to the example"}, label="Score"),
        "theme": colours("As the page"),
    }


def _drawn(first: Score, now: Score, change: Change) -> dict[str, Any]:
    halved = now.instrument == "NDI"
    return {
        "heading": f"{NAMES[now.instrument]}: {f'{now.of_50:.3g} of 50, ' if halved else ''}{now.percent:.3g} of 100",
        "alt": f"Scale of 0 to 100. First score {first.percent:.3g}, now {now.percent:.3g}. {now.words}",
        "halved": halved,
        "first": first.percent,
        "now": now.percent,
        "bands": [_band(one, halved=halved) for one in bands(now.instrument)],
        "thresholds": [_threshold(one, first) for one in change.important],
        "sentence": f"{change.words[0].upper()}{change.words[1:]} {now.rule} Band: {now.band.label}.",
        "note": _NOTE,
    }


def _band(one: Any, *, halved: bool) -> dict[str, Any]:  # noqa: ANN401 - a band of the instrument
    return {"label": one.label, "low": one.low * (2 if halved else 1), "printed": f"{one.low:g} to {one.high:g}"}


def _threshold(one: Important, first: Score) -> dict[str, Any]:
    citation = one.citation
    return {
        "words": one.words,
        "size": one.on_100(first.percent),
        "reached": one.reached,
        "source": citation.text,
        "url": citation.url if citation.url.startswith("https://") else "",
        "title": citation.title,
    }


def score(instrument: str, theme: str = "auto") -> ScoreApp:
    """Open the calculator of a questionnaire.

    Parameters
    ----------
    instrument : str
        ``"NDI"`` (neck) or ``"ODI"`` (low back).
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Returns
    -------
    ScoreApp
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If the instrument or the theme is unknown.
    """
    return ScoreApp(instrument, theme)
