"""What the question apps share: one view, one way in for actions, and a place for the model beneath."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import ipywidgets
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES, check_theme
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, quiet, searched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from foramlib.apps.explorer import Explorer
    from foramlib.evidence import Citation
    from foramlib.learning.state import ModelState

__all__ = [
    "LETTERS",
    "Page",
    "QuestionApp",
    "QuestionView",
    "button",
    "empty_page",
    "marked_option",
    "open_option",
    "option_place",
    "piece",
    "pieces",
    "said",
    "said_option",
    "source_links",
]

LETTERS = "ABCDE"
Page = dict[str, Any]

# A number in prose names its evidence, [20 to 30 %]({A:D-08}), a search, [no study …]({S:01}), or what else stands
# behind it, [grade 1](#model "model · …").
_LINK = re.compile(
    r"\[(?P<text>[^\]]+)\]\((?:\{(?P<id>[^}]+)\}|#(?P<own>model|patient|search|assumption|definition)"
    r"(?:\s+\"(?P<title>[^\"]*)\")?)\)"
)


def pieces(prose: str) -> list[dict[str, str]]:
    """Split prose into plain text and links, as the view draws them.

    A number names its evidence, ``[28 %]({A:D-01})``; its address and source are filled in here. A source without a
    web address has its words follow the number instead. What the model computed says so, and what was searched for
    and not found names the day; a made-up patient's own words stand as they are.

    Examples
    --------
    >>> pieces("It fell by [20 to 30 %]({A:D-08}).")[1]["title"]
    'A:D-08 · Lu 2000 · 16 specimens'
    >>> pieces("It grew by [28 %]({A:D-01}).")[1]
    {'text': '28 % (A:D-01 · Kitagawa 2004 · 7 volunteers)'}
    >>> pieces('It is [grade 1](#model "model · Park 2013 sagittal · helen-osei").')[1]
    {'text': 'grade 1 (model)'}
    >>> pieces("[No such trial]({S:02}) was found.")[0]
    {'text': 'No such trial (searched 29 November 2026)'}
    """
    found: list[dict[str, str]] = []
    end = 0
    for link in _LINK.finditer(prose):
        found += [{"text": prose[end : link.start()]}, _linked(link)]
        end = link.end()
    return [part for part in [*found, {"text": prose[end:]}] if part["text"]]


def _linked(link: re.Match[str]) -> dict[str, str]:
    text, name, title = link["text"], link["id"] or "", link["title"] or ""
    if link["own"] == "search" or name.startswith("S:"):
        return {"text": f"{text} (searched {searched(name or title.partition(' · ')[0])})"}
    if link["own"]:
        return {"text": text if link["own"] == "patient" else f"{text} ({link['own']})"}
    return piece(text, cite(name))


def piece(text: str, citation: Citation) -> dict[str, str]:
    """Give words with their source as the view draws them: a link, or the source in brackets after them.

    What is missing from a citation is said when a pointer asks for it: in the title of the link, or as a note.
    """
    if citation.url.startswith("https://"):
        return {"text": text, "url": citation.url, "title": citation.title}
    note = {"note": citation.note} if citation.note else {}
    return {"text": f"{text} ({citation.id} · {citation.text})", **note}


def said(parts: Sequence[Mapping[str, str]]) -> str:
    """Say pieces of prose without markup; the source of a number follows it in brackets."""
    return "".join(f"{part['text']} ({quiet(part['title'])})" if part.get("title") else part["text"] for part in parts)


def said_option(option: Mapping[str, Any]) -> str:
    """Say one option: its letter and text, and once it is marked the mark and the reason."""
    note = f" [{option['note'][2:]}]" if option["note"] else ""
    why = f". {said(option['why'])}" if option["why"] else ""
    return f"{option['letter']}. {option['text']}{note}{why}"


def open_option(place: int, text: str) -> dict[str, Any]:
    """Describe one option of a page while the question is open."""
    return {"place": place, "letter": LETTERS[place], "text": text, "mark": "", "note": "", "why": None}


def marked_option(place: int, text: str, right: int, chosen: int | None, notes: tuple[str, str]) -> dict[str, Any]:
    """Describe one option once the answer is given: `notes` mark the right one, and the one chosen where it is not."""
    mark = "right" if place == right else "wrong" if place == chosen else "other"
    note = {"right": f"✓ {notes[0]}", "wrong": f"✗ {notes[1]}"}.get(mark, "")
    return open_option(place, text) | {"mark": mark, "note": note}


def button(name: str, text: str, *, primary: bool = False) -> dict[str, object]:
    """Describe one button of a page."""
    return {"id": name, "text": text, "primary": primary}


def option_place(option: object, count: int) -> int:
    """Return the place of an option, from 0.

    Raises
    ------
    InvalidInput
        If it is not the place of one of `count` options.
    """
    if not isinstance(option, int) or isinstance(option, bool) or not 0 <= option < count:
        raise InvalidInput(f"Option {option!r} does not exist; choose one of {', '.join(LETTERS[:count])}.")
    return option


def source_links(ids: Sequence[str]) -> list[dict[str, str]]:
    """Give each source once, in full, with its address where it has one."""
    found = {citation.vancouver: citation for citation in map(cite, ids) if citation.state != "teaching"}
    taught = [{"text": "Standard teaching texts"}] if len(found) < len(ids) and _has_teaching(ids) else []
    return [_source(citation) for citation in found.values()] + taught


def _has_teaching(ids: Sequence[str]) -> bool:
    return any(cite(name).state == "teaching" for name in ids)


def _source(citation: Citation) -> dict[str, str]:
    web = citation.url.startswith("https://")
    return {"text": citation.vancouver, **({"url": citation.url} if web else {})}


def empty_page(key: str, label: str, heading: str) -> Page:
    """Give a page with every part the view knows, all empty."""
    parts: Page = {part: [] for part in ("stem", "options", "steps", "readings", "reason", "buttons", "sources")}
    words: Page = dict.fromkeys(("lead_in", "verdict", "mark", "message"), "")
    return {"key": key, "label": label, "heading": heading, "chosen": None, "committed": False, **parts, **words}


class QuestionView(anywidget.AnyWidget):
    """The page in the browser: native radio inputs, buttons, and a live region for the verdict.

    Attributes
    ----------
    page : dict
        What to show; see :func:`empty_page`. Only a new ``drawing`` number makes the browser draw again.
    action : dict
        What the learner did: ``{"do": "choose", "option": 2, "count": 7}``, with what may not have been heard
        yet in ``before``; ``heard`` of the page is the last count that was.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    """

    _esm: ClassVar[str] = script("theme.js", "question.js")
    _css: ClassVar[str] = style("theme.css", "question.css")

    page = traitlets.Dict().tag(sync=True)
    action = traitlets.Dict().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)


class QuestionApp:
    """A question app: a view, what the learner does to it, and the model shown beneath on demand.

    A subclass gives ``actions`` (a name and what it does to the state), ``page()`` and ``describe()``.
    """

    def __init__(self, theme: str = "auto") -> None:
        self.view = QuestionView(theme=check_theme(theme))
        self._below = ipywidgets.VBox()
        self._model: Explorer | None = None
        self._drawings = 0
        self._heard = 0
        self.widget = ipywidgets.VBox([self.view, self._below])
        self.view.observe(self._on_action, names="action")

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        raise NotImplementedError

    def page(self) -> Page:
        """Give the page of the present state."""
        raise NotImplementedError

    def describe(self) -> str:
        """Say the page in words."""
        raise NotImplementedError

    def act(self, name: str, **details: object) -> None:
        """Do what the button of that name does; bad input becomes a sentence on the page and changes nothing.

        A fault of our own is said too, and raised again: it belongs in the log, and in a test it must fail.
        """
        try:
            self._perform(name, details)
        except InvalidInput as problem:
            self._show(message=str(problem))
        except Exception as problem:
            self._show(message=f"Something went wrong here ({type(problem).__name__}); your answers are kept.")
            raise
        else:
            self._show()

    def _on_action(self, change: Mapping[str, Any]) -> None:
        told = change["new"]
        for one in (*told.get("before", ()), told):
            # The browser sends along what it does not know to be heard: each is done once.
            if int(one.get("count", self._heard + 1)) > self._heard:
                self._heard = int(one.get("count", self._heard + 1))
                details = {key: value for key, value in one.items() if key not in {"do", "count", "before"}}
                self.act(str(one.get("do")), **details)

    def _perform(self, name: str, details: Mapping[str, Any]) -> None:
        known = self.actions()
        if name not in known:
            raise InvalidInput(f"There is no action {name!r} here; choose one of {', '.join(known)}.")
        known[name](details)

    def _show(self, message: str = "") -> None:
        page = self.page()
        page["message"] = message
        shown = {key: value for key, value in self.view.page.items() if key not in _LIGHT}
        if shown != {key: value for key, value in page.items() if key not in _LIGHT}:
            self._drawings += 1
        self.view.page = {**page, "drawing": self._drawings, "heard": self._heard}

    def show_model(self, state: ModelState) -> None:
        """Open the explorer beneath the question, in the state that shows the answer."""
        from foramlib.apps.explorer import Explorer  # noqa: PLC0415 - heavy, and only on demand

        self.hide_model()
        self._model = Explorer.from_state(asdict(state), theme=self.view.theme)
        self._below.children = [self._model.widget]

    def hide_model(self) -> None:
        """Close the explorer beneath, if there is one."""
        self._below.children = []
        if self._model is not None:
            self._model.close()
            self._model = None

    def close(self) -> None:
        """Free the view, and the model beneath."""
        self.view.unobserve_all()
        self.hide_model()
        for part in (self.view, self._below, self.widget):
            part.close()

    def _repr_mimebundle_(self, **options: Any) -> object:  # noqa: ANN401 - Jupyter's own protocol
        return self.widget._repr_mimebundle_(**options)


# Parts of a page that change without a new drawing: the browser shows a choice by itself.
_LIGHT = frozenset({"drawing", "message", "chosen", "heard"})
