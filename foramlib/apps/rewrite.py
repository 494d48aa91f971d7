"""Rewrite a hard paragraph: reading grade, long sentences, hard words, and whether the facts are still there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import anywidget
import ipywidgets
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES, check_theme, close_all
from foramlib.apps.question import button
from foramlib.errors import InvalidInput
from foramlib.recovery.readability import LONG_SENTENCE, LONGEST_DRAFT, count, drafted, keep_draft, passage, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.recovery.readability import Counts, Passage, Reading

__all__ = ["Rewrite", "rewrite"]

FOLDER: Final = "my-work"
"""Folder of the learner's own work, below the working directory."""

_BUTTONS: Final = (
    button("check", "Check my text", primary=True),
    button("example", "Show one way"),
    button("clear", "Start again"),
)
_NOTE: Final = (
    "The grade counts words and syllables; the check of facts looks for words. "
    "Neither understands the text: read it aloud to someone."
)


class WriteView(anywidget.AnyWidget):
    """The paragraph, the field and the findings in the browser.

    Attributes
    ----------
    page : dict
        What to show; ``draft`` fills the field only when ``draft_count`` changes.
    action : dict
        What the learner did, with the text as it stands: ``{"do": "check", "text": "…", "count": 3}``.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    """

    _esm: ClassVar[str] = script("theme.js", "write.js")
    _css: ClassVar[str] = style("theme.css", "write.css")

    page = traitlets.Dict().tag(sync=True)
    action = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)


@dataclass(frozen=True)
class Draft:
    """The learner's text, what was found in it (None before it is checked), and whether the example is open."""

    text: str = ""
    found: Reading | None = None
    example: bool = False


class Rewrite:
    """One passage to rewrite; the learner's text is kept in the folder ``my-work``.

    Parameters
    ----------
    name : str
        Id of the passage: ``"keyhole"`` or ``"recovery"``.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    folder : str or Path
        Where the text is kept; ``my-work`` in the working directory by default.
    strict : bool
        Raise what goes wrong instead of saying it; for tests.

    Raises
    ------
    InvalidInput
        If there is no such passage or theme.
    """

    def __init__(self, name: str, theme: str = "auto", *, folder: str | Path = FOLDER, strict: bool = False) -> None:
        theme = check_theme(theme)
        self.passage = passage(name)
        self.folder = Path(folder)
        self.strict = strict
        text, trouble = drafted(self.passage.id, self.folder)
        self.draft = Draft(text)
        self._fills = 1
        self.view = WriteView(theme=theme)
        self.widget = ipywidgets.VBox([self.view])
        self._show(trouble)
        self.view.observe(self._on_action, names="action")

    def act(self, name: str, text: object = None) -> None:
        """Press a button, with the text in the field; what is wrong is said, and the text stays.

        Parameters
        ----------
        name : str
            ``"check"``, ``"keep"``, ``"example"`` or ``"clear"``.
        text : str, optional
            What stands in the field; what stood there last by default.
        """
        try:
            self._perform(name, self.draft.text if text is None else text)
            self._show()
        except InvalidInput as problem:
            self._show(str(problem))
        except Exception as problem:
            self._show(f"Something went wrong here ({type(problem).__name__}); your text stays in the field.")
            if self.strict:
                raise

    def _on_action(self, change: Mapping[str, Any]) -> None:
        self.act(str(change["new"].get("do")), change["new"].get("text"))

    def _perform(self, name: str, text: object) -> None:
        if name not in {"check", "keep", "example", "clear"}:
            raise InvalidInput(f"There is no action {name!r} here; choose check, keep, example or clear.")
        if name == "clear":
            self.draft, self._fills = Draft(), self._fills + 1
            keep_draft(self.passage.id, "", self.folder)
            return
        if not isinstance(text, str) or len(text) > LONGEST_DRAFT:
            raise InvalidInput(f"The text cannot be taken; write up to {LONGEST_DRAFT} characters.")
        found = self.draft.found if text == self.draft.text else None
        self.draft = Draft(text, found, self.draft.example or name == "example")
        if text.strip():
            keep_draft(self.passage.id, text, self.folder)
        if name == "check":
            self.draft = Draft(text, read(text, self.passage), self.draft.example)

    def page(self) -> dict[str, Any]:
        """Give the page of the present state."""
        given, draft = self.passage, self.draft
        page: dict[str, Any] = {
            "title": given.title,
            "text": given.text,
            "draft": draft.text,
            "draft_count": self._fills,
            "buttons": list(_BUTTONS),
            "readings": [_reading("The paragraph above", count(given.text))],
            "facts_heading": "What your text must still say",
            "facts": [{"note": "", "mark": "", "text": fact.fact} for fact in given.must_stay],
            "promises": [],
            "long": [],
            "long_heading": f"Sentences of more than {LONG_SENTENCE} words",
            "hard": "",
            "verdict": f"Reach grade {given.goal:g} or lower, keep every fact, promise nothing.",
            "example": given.example if draft.example else "",
            "note": _NOTE,
        }
        return page | (_findings(given, draft.found) if draft.found else {})

    def _show(self, message: str = "") -> None:
        self.view.page = {**self.page(), "message": message}

    @property
    def message(self) -> str:
        """What was refused last, or "" where all is well."""
        return str(self.view.page.get("message", ""))

    def describe(self) -> str:
        """Say the page in words."""
        page = self.page()
        lines = [page["title"], page["text"], page["verdict"]]
        lines += [f"{one['name']}: {one['value']}." for one in page["readings"]]
        lines += [f"{page['facts_heading']}:", *(f"{one['note']} {one['text']}".strip() for one in page["facts"])]
        lines += [f"Promises too much: {', '.join(page['promises'])}." if page["promises"] else "", page["example"]]
        return "\n".join(line for line in lines if line)

    def close(self) -> None:
        """Free the view; what was written stays in its file."""
        self.view.unobserve_all()
        close_all(self.widget)

    def _repr_mimebundle_(self, **options: Any) -> object:  # noqa: ANN401 - Jupyter's own protocol
        return self.widget._repr_mimebundle_(**options)


def _reading(name: str, counts: Counts) -> dict[str, str]:
    return {"name": name, "value": f"grade {counts.grade:.1f}, {counts.words / counts.sentences:.0f} words a sentence"}


def _findings(given: Passage, found: Reading) -> dict[str, Any]:
    """Say what was found in a draft."""
    facts = [
        {"note": "✓ kept:" if kept else "✗ not found:", "mark": "yes" if kept else "no", "text": fact.fact}
        for fact, kept in zip(given.must_stay, found.kept, strict=True)
    ]
    return {
        "verdict": _verdict(given, found),
        "readings": [_reading("The paragraph above", count(given.text)), _reading("Your text", found.counts)],
        "facts_heading": f"Facts that your text still gives: {sum(found.kept)} of {len(found.kept)}",
        "facts": facts,
        "promises": list(found.promises),
        "long": list(found.long),
        "hard": ", ".join(found.hard),
    }


def _verdict(given: Passage, found: Reading) -> str:
    if found.done(given.goal):
        return f"Done: grade {found.counts.grade:.1f}, every fact is there, and nothing is promised."
    lost = found.kept.count(False)
    still = [
        f"grade {found.counts.grade:.1f}, {given.goal:g} is the goal" if found.counts.grade > given.goal else "",
        f"{lost} fact{'s' * (lost > 1)} not found" if lost else "",
        "a promise to take back" if found.promises else "",
    ]
    return f"Not yet: {'; '.join(part for part in still if part)}."


def rewrite(name: str = "keyhole", theme: str = "auto", *, folder: str | Path = FOLDER) -> Rewrite:
    """Open the exercise in rewriting.

    Parameters
    ----------
    name : str
        Id of the passage: ``"keyhole"`` or ``"recovery"``.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.
    folder : str or Path
        Where the learner's text is kept.

    Returns
    -------
    Rewrite
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no such passage or theme.
    """
    return Rewrite(name, theme, folder=folder)
