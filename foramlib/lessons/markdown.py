"""The little of Markdown that the content lint needs: links, headings, blocks, and the text without its marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LINK", "Link", "blocks", "links", "plain", "sentences", "slug", "without_code"]

# An inline link or image: [text](address "title"). The address may hold brackets (old DOIs do), or be {A:D-08}.
LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]\\]|\\.)*)\]"
    r"\(\s*(?P<url><[^>\n]*>|\{[^}\n]*\}|(?:[^\s()<>]|\([^\s()]*\))*)"
    r"(?:\s+(?:\"(?P<title>[^\"]*)\"|'(?P<single>[^']*)'))?\s*\)",
)
_FENCE = re.compile(r"^\s*(```|~~~)")
_CODE = re.compile(r"(`+).+?\1", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_END = re.compile(r"(?<!\bal)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)[.!?][\"')*_”]*(?=\s+\S)")
# Lines that are a block of their own: headings, list items, rows of a table, quotes.
_OWN = re.compile(r"^\s*(#{1,6}\s|[-*+]\s|\d+[.)]\s|\||>)")


@dataclass(frozen=True)
class Link:
    """One inline link or image."""

    text: str
    url: str
    title: str
    image: bool


def links(text: str) -> Iterator[Link]:
    """Give the inline links and images of a text; those inside code are not links."""
    for found in LINK.finditer(without_code(text)):
        title = found["title"] or found["single"] or ""
        yield Link(found["text"], found["url"].strip("<>"), title, bool(found["image"]))


def without_code(text: str) -> str:
    """Take code spans and comments out of a text."""
    return _COMMENT.sub(" ", _CODE.sub(" ", text))


def plain(text: str) -> str:
    """Give the words as they are read: links by their text, images by their description, no marks."""
    words = _TAG.sub(" ", LINK.sub(lambda found: found["text"], without_code(text)))
    words = re.sub(r"^\s*(?:#{1,6}|[-*+]|\d+[.)]|>)\s+", "", words, flags=re.MULTILINE)
    return re.sub(r"\s+", " ", re.sub(r"[*_|\\]+", " ", words)).strip()


def sentences(text: str) -> Iterator[str]:
    """Part a text into sentences with their marks and links; a full stop within a link parts nothing.

    Examples
    --------
    >>> list(sentences('It is [no. 1](#model "model · a. b"). See Lu et al. 2000!'))
    ['It is [no. 1](#model "model · a. b").', 'See Lu et al. 2000!']
    """
    held = [found.span() for found in LINK.finditer(text)]
    start = 0
    for end in _END.finditer(text):
        if not any(first < end.end() - 1 and end.start() < last for first, last in held):
            yield text[start : end.end()].strip()
            start = end.end()
    if text[start:].strip():
        yield text[start:].strip()


def slug(heading: str) -> str:
    """Give the anchor that a heading gets, in small letters: ``What narrows it?`` gives ``what-narrows-it?``."""
    return plain(heading).strip("# ").replace(" ", "-").casefold()


def blocks(text: str) -> Iterator[tuple[int, str, bool]]:
    """Part a text into paragraphs, headings, list items and table rows.

    Returns
    -------
    iterator of (int, str, bool)
        Number of the first line, the block, and whether it is fenced code.
    """
    waiting: list[str] = []
    start, fenced = 1, False
    for number, line in enumerate(text.splitlines(), 1):
        fence = bool(_FENCE.match(line))
        if waiting and not (fenced and not fence) and (fence or not line.strip() or _OWN.match(line)):
            yield start, "\n".join(waiting), fenced
            waiting = []
        if fence:
            fenced = not fenced
        elif line.strip() or fenced:
            start = start if waiting else number
            waiting.append(line)
    if waiting:
        yield start, "\n".join(waiting), fenced
