"""What the operating app says: a step in words, a choice judged, the score, and where it all comes from."""

from __future__ import annotations

import zlib
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from foramlib.apps.question import pieces
from foramlib.evidence import cite
from foramlib.figures.operating import gauge_change
from foramlib.learning.operating import MISSED
from foramlib.learning.operations import TEACHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from foramlib.learning.operating import Answer, Operating
    from foramlib.learning.operations import OperationStep, WrongChoice

__all__ = [
    "RESTS_ON",
    "answer_lines",
    "choices",
    "folded",
    "leaflet_lines",
    "learn_lines",
    "page",
    "plain",
    "score_lines",
    "test_lines",
]

RESTS_ON = "Rests on"

Line = tuple[str, str]
"""A heading, or "" for a plain sentence, and the text."""

_VERDICTS = {
    "supported": "supported",
    "nuanced": "true in part",
    "contested": "contested",
    "misleading": "misleading",
    "out_of_scope": "another matter",
}


def learn_lines(state: Operating) -> list[Line]:
    """Say the step in view: what is done, why, what to see, what is at risk, and where from."""
    step = state.now
    lines = [("Do", step.right), ("Why", step.why), ("You should see", step.see), ("At risk", step.risk)]
    lines += [("Sources differ", step.differs)] if step.differs else []
    return [*lines, (RESTS_ON, sources_words(step.sources, step.teaching))]


def leaflet_lines(state: Operating) -> list[Line]:
    """Say what the leaflets claim of the step in view, each judged."""
    return [
        (f"A leaflet says ({one.id})", f"{one.claim}. Judged: {_VERDICTS[one.verdict]}. {one.explanation}.")
        for one in state.now.leaflets
    ]


def test_lines(state: Operating) -> list[Line]:
    """Say what test mode asks for now."""
    if not state.due:
        return [("Done", "Every step has been taken. Your score stands below."), *score_lines(state)]
    taken = sum(not one.choice and one.step == one.due for one in state.answers)
    return [
        (
            "Test",
            f"{taken} of {len(state.operation.steps)} steps taken. Choose the step that comes now and what you do.",
        )
    ]


def answer_lines(state: Operating, answer: Answer) -> list[Line]:
    """Judge a choice: right, out of order, or wrong with its consequence, its explanation and what the model shows."""
    step, wrong = state.operation.step(answer.step), state.wrong(answer)
    if answer.step != answer.due:
        return [
            ("Not yet", f"{step.title} does not come now. {state.operation.step(answer.due).title} comes before it.")
        ]
    if wrong is None:
        return [("Right", f"{step.right} {step.why}"), (RESTS_ON, sources_words(step.sources, step.teaching))]
    lines = [("What happens", wrong.consequence), ("Because", wrong.because), *_measured(state, wrong)]
    return [*lines, (RESTS_ON, sources_words(wrong.sources, wrong.teaching))]


def _measured(state: Operating, wrong: WrongChoice) -> list[Line]:
    effect = wrong.effect
    found = state.measured(effect) if effect else None
    if effect is None or found is None:
        return []
    staged = state.staged(effect)
    whole, before, root = staged.whole(), staged.read_before(), state.operation.root
    added = "" if staged == state else f", with a soft disc of {MISSED:g} mm added"
    lines = [(f"In the model{added}", gauge_change(whole, before, found, root))]
    if effect.do == "share":
        usual = state.measured(replace(effect, share=state.operation.share))
        lines += [("With the usual amount", gauge_change(whole, before, usual, root))] if usual else []
    return lines


def score_lines(state: Operating) -> list[Line]:
    """Say the score with its reasons; nothing before the first choice."""
    if not state.answers:
        return []
    score = state.score()
    return [("Score", score.told), *(("", reason) for reason in score.reasons)]


def choices(state: Operating, step: OperationStep) -> list[tuple[str, str]]:
    """Return the choices of a step, right and wrong, in an order that tells nothing and is always the same."""
    every = [("right", step.right), *((one.id, one.choice) for one in step.wrong)]
    return sorted(every, key=lambda one: zlib.crc32(f"{state.approach} {step.id} {one[0]}".encode()))


def sources_words(sources: Sequence[str], teaching: Sequence[str]) -> str:
    """Name sources briefly: "Zdeblick 1992 · 12 cadaver spines; agreed teaching text"."""
    named = {cite(row).marked: row for row in reversed(sources)}  # each source once, by its first row
    said = [f"[{label}]({{{row}}})" for label, row in reversed(named.items())]
    return "; ".join([*said, *([TEACHING] if teaching else [])]) + "."


def page(lines: Iterable[Line], heading: str = "", size: int = 14) -> str:
    """Write lines as HTML: sentences with a bold word before them, numbers and sources as links."""
    rows = "".join(f"<p style='margin:4px 0'>{_bold(name)}{_linked(text)}</p>" for name, text in lines)
    title = f"<p style='margin:6px 0;font-weight:bold;font-size:{size + 2}px'>{escape(heading)}</p>" if heading else ""
    return f"<div style='font-size:{size}px;line-height:1.45;max-width:72ch'>{title}{rows}</div>"


def folded(lines: Sequence[Line], heading: str, size: int = 14) -> str:
    """Write lines below a heading that opens them; nothing where there are none."""
    if not lines:
        return ""
    told = f"{heading} ({len(lines)})" if len(lines) > 1 else heading
    return f"<details style='font-size:{size}px'><summary>{escape(told)}</summary>{page(lines, size=size)}</details>"


def plain(lines: Iterable[Line]) -> list[str]:
    """Say lines without markup."""
    return [f"{name}: {_said(text)}" if name else _said(text) for name, text in lines]


def _bold(name: str) -> str:
    return f"<strong>{escape(name)}:</strong> " if name else ""


def _linked(text: str) -> str:
    return "".join(_link(part) for part in pieces(text))


def _link(part: dict[str, str]) -> str:
    if "note" in part:
        return f"<abbr title='{escape(part['note'], quote=True)}'>{escape(part['text'])}</abbr>"
    if "url" not in part:
        return escape(part["text"])
    title, url = escape(part["title"], quote=True), escape(part["url"], quote=True)
    words = f"href='{url}' title='{title}' target='_blank' rel='noopener' style='text-decoration:underline'"
    return f"<a {words}>{escape(part['text'])}</a>"


def _said(text: str) -> str:
    return "".join(part["text"] for part in pieces(text))
