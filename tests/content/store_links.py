"""Write the address and the title of every link to evidence, and every list of references, as `cite` gives them now.

Run after a change of ``data/evidence``, and read the difference before committing it::

    python tests/content/store_links.py

The words that a link shows, and everything that is no link to evidence, stay as they are; a second run changes nothing.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.evidence import bibliography, cite, notebooks_path
from foramlib.lessons.markdown import LINK, links
from foramlib.lessons.numbers import ids_of, number_links, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CODE = re.compile(r"(?:(`+).+?\1)|(?:<!--.*?-->)", re.DOTALL)
_REFERENCES = re.compile(r"^(#+[ \t]*(?:References|Sources)[ \t]*\n+)((?:- .*(?:\n|\Z))+)", re.MULTILINE)


def with_links(text: str) -> str:
    """Give the text with its links to evidence written anew; code and comments are left alone."""
    kept, done = [found.span() for found in _CODE.finditer(text)], ""
    at = 0
    for found in LINK.finditer(text):
        if any(start <= found.start() < end for start, end in kept):
            continue
        done += text[at : found.start()] + _rewritten(found[0])
        at = found.end()
    return done + text[at:]


def _rewritten(written: str) -> str:
    """Write one link anew; one that names no evidence, or evidence that may not be cited, is for the lint to judge."""
    (link,) = links(written)
    if link.image or link.url.startswith("{"):
        return written
    try:
        citations = [cite(name) for name in ids_of(link)]
    except InvalidInput:
        return written
    return f'[{link.text}]({citations[0].url} "{title_of(citations)}")' if citations else written


def with_references(text: str, cited: Iterable[str]) -> str:
    """Give the text with the list under its heading "References" written anew, a line for each source that is cited."""
    listed = "".join(f"- {reference}\n" for reference in bibliography(cited))
    return _REFERENCES.sub(lambda found: found[1] + (listed if found[2].endswith("\n") else listed.rstrip("\n")), text)


def cited_in(texts: Iterable[str]) -> set[str]:
    """Give the ids of all links to evidence that may be cited."""
    return {name for text in texts for link in number_links(text) for name in ids_of(link) if _citable(name)}


def _citable(name: str) -> bool:
    try:
        cite(name)
    except InvalidInput:
        return False
    return True


def store_page(path: Path) -> bool:
    """Write a Markdown page anew and say whether it has changed."""
    before = path.read_text(encoding="utf-8")
    after = with_references(with_links(before), cited_in([before]))
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


def store_lesson(path: Path) -> bool:
    """Write the Markdown cells of a notebook anew and say whether it has changed."""
    before = path.read_text(encoding="utf-8")
    lesson = json.loads(before)
    prose: list[dict[str, Any]] = [cell for cell in lesson["cells"] if cell["cell_type"] == "markdown"]
    cited = cited_in("".join(cell["source"]) for cell in prose)
    for cell in prose:
        text = "".join(cell["source"])
        cell["source"] = with_references(with_links(text), cited).splitlines(keepends=True)
    if lesson == json.loads(before):
        return False
    path.write_text(json.dumps(lesson, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


def store_all(room: Path) -> list[Path]:
    """Write every lesson, page and companion below a folder anew; give those that have changed."""
    lessons = [path for path in sorted(room.glob("*.ipynb")) if store_lesson(path)]
    return lessons + [path for path in sorted(room.rglob("*.md")) if store_page(path)]


if __name__ == "__main__":
    for changed in store_all(notebooks_path()):
        print(changed.name)  # noqa: T201 - a script says what it has done
