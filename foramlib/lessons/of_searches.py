"""What prose says does not exist: each such sentence rests on a dated search, or on a source that says so itself.

``[no study that was read compares them](#search "S:01 · searched 29 November 2026")``; in question files
``[…]({S:01})`` is enough: the app writes the day. Where a text is shown without links, such as in a chart,
``(S:01, searched 29 November 2026)`` stands in the sentence. The rows are those of ``data/evidence/searches.csv``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import Quantity, look_up, searched
from foramlib.lessons.markdown import LINK, plain, without_code
from foramlib.lessons.numbers import evidence_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foramlib.lessons.markdown import Link

__all__ = ["HOW", "SEARCH_ID", "search_faults", "unsearched"]

SEARCH_ID = re.compile(r"S:\d+")

HOW = 'make it a link to a dated search, [no study that was read …](#search "S:01 · searched 29 November 2026")'
"""How an absence is written, for complaints."""

_WORK = (
    r"(?:stud(?:y|ies)|trials?|papers?|sources?(?!\s+(?:in\s+our\s+tables|that\s+could\s+be\s+cited))|articles?|reviews?|cohorts?|registr(?:y|ies)|publications?|guidelines?|"
    r"(?<!direct )comparisons?(?!\s+groups?)|evidence|numbers?\s+(?:(?:was|were|is|are)\s+)?(?:found|known|published)|"
    r"published\s+\w+|date\s+was\s+found)"
)
_SEEN = r"(?:compared|tested|studied|measured|counted|published|asked|shown|examined|followed|reported|looked\s+at)"
_NOBODY = r"(?<!what )(?<!where )(?<!which )(?<![\"“])\b(?:nobody|no\s?one|no-one)"
_ABSENCE = re.compile(
    rf"(?<!what )\bno\s+(?:[\w-]+,?\s+){{0,3}}?{_WORK}\b(?!\s+means\b)"
    r"|\bthere\s+(?:is|are|was|were)\s+none\b(?!\s+of\s+(?:them|these|those|it)\b)"
    rf"|\bnone\b(?!\s+of\s+(?:the|these|those|its)\s+(?:two|three|four|five|six|\d))[^.;:!?]{{0,40}}?\b(?:compar\w+|tested|tests|studied|asked|measured|exists?|published)\b"
    rf"|{_NOBODY}\s+(?:has|have|had)\s+(?!to\b)(?:\w+\s+){{0,2}}?{_SEEN}\b"
    rf"|{_NOBODY}\s+(?:was\s+found|knows(?![^.;]*\b(?:would|because\s+of)\b)|counted|compared|"
    r"tested|measured|published|looked)\b"
    rf"|\b(?:has|have|had)\s+(?:never|not\s+yet|not)\s+(?:yet\s+)?been\s+(?:\w+ly\s+)?{_SEEN}\b"
    rf"|\bnever\s+been\s+{_SEEN}\b"
    rf"|\b(?:yet|remains?|still)\s+to\s+be\s+{_SEEN}\b"
    r"|\b(?:is|are)\s+not\s+known\s+(?:to\s+us|in\s+numbers)\b"
    rf"|\bthe\s+only\s+(?:\w+\s+)?(?:stud(?:y|ies)|trials?|comparisons?|randomised)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:no|none|not|never|nobody|neither|nor|without|unknown|untested|only|lack\w*|absen\w+)\b", re.IGNORECASE
)
_SAYS_SO = re.compile(
    r"\b(?:no|none|not|never|nobody|without|lack\w*|insufficient)\b[^.;]{0,60}"
    r"\b(?:stud(?:y|ies|ied)|trials?|compar\w+|evidence|data|controls?|controlled|randomi[sz]ed|tested|measured|"
    r"reported)\b",
    re.IGNORECASE,
)
_PLAIN_NOTE = re.compile(r"\((S:\d+), searched ([^)]*)\)")


def search_faults(link: Link) -> Iterator[str]:
    """Say what is wrong with a link to a search: the row, the day, or a text that says nothing absent."""
    short = link.url.startswith("{")
    names = [part.strip() for part in (link.url.strip("{}").split(",") if short else link.title.split(" · ")[:1])]
    try:
        titles = [f"{name} · searched {searched(name)}" for name in names]
    except InvalidInput as problem:
        yield f"[{link.text}]: {problem}"
        return
    if not short and link.title != titles[0]:
        yield f'[{link.text}]: the title must be "{titles[0]}", not "{link.title}".'
    if not _DENIES.search(link.text):
        yield f"[{link.text}] says nothing that is absent; put the words that say so into the link."


def unsearched(sentence: str) -> Iterator[str]:
    """Say which words of a sentence tell that nothing of a kind exists, with no search and no source behind them."""
    noted = list(_PLAIN_NOTE.finditer(sentence))
    if noted:
        yield from (fault for note in noted for fault in _faults_of_note(note))
        return
    words = without_code(sentence)
    if any(_says_absence(name) for link in LINK.finditer(words) for name in evidence_ids(_ids_part(link))):
        return
    rest = plain(LINK.sub(lambda link: " ¤ " if _is_search(link) else link["text"], words))
    for found in _ABSENCE.finditer(rest):
        yield f'"{found[0]}" says that something does not exist; {HOW}.'


def _faults_of_note(note: re.Match[str]) -> Iterator[str]:
    try:
        day = searched(note[1])
    except InvalidInput as problem:
        yield f"{note[0]}: {problem}"
        return
    if note[2] != day:
        yield f"{note[0]}: the day of {note[1]} is {day}."


def _ids_part(link: re.Match[str]) -> str:
    return link["url"] if link["url"].startswith("{") else (link["title"] or "").partition(" · ")[0]


def _is_search(link: re.Match[str]) -> bool:
    return link["url"] == "#search" or bool(SEARCH_ID.search(link["url"]) and link["url"].startswith("{"))


def _says_absence(name: str) -> bool:
    """Tell whether the row behind a link says itself that something is absent."""
    try:
        row = look_up(name)
    except InvalidInput:
        return False
    return not isinstance(row, Quantity) and bool(_SAYS_SO.search(f"{row.statement} {row.value}"))
