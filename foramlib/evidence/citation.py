"""Say where a number comes from, briefly beside it and in full in the bibliography."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from foramlib.errors import InvalidInput
from foramlib.evidence.loaders import look_up, sources
from foramlib.evidence.records import Quantity, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DAGGER",
    "INCOMPLETE",
    "QUOTED",
    "REFERENCES",
    "Citation",
    "cite",
    "cite_source",
    "footnotes",
    "label_of",
    "marked_label",
    "missing_from",
    "quiet",
    "vancouver",
    "with_footnotes",
]

INCOMPLETE: Final = "citation incomplete"
"""What the dagger means; in a title, where a pointer asks for it, what is missing follows."""

DAGGER: Final = "†"
"""Follows the name of a study whose citation is incomplete, wherever it is shown."""

QUOTED: Final = "‡"
"""Follows the name of a study that was read as quoted by another text, where there is no room for these words."""

_MEANINGS: Final[Mapping[str, str]] = MappingProxyType({DAGGER: INCOMPLETE, QUOTED: "as quoted by another text"})
# Where a number link points when its source has no web address: the list at the end of the lesson.
REFERENCES = "#References"

State = Literal["complete", "incomplete", "teaching"]
_MOST_AUTHORS = 6
_MOST_NAMED = 2
_PAIR = 2
_PAPERS = frozenset({"paper", "meeting", "preprint"})
_NEEDED = {"book": ("authors", "year", "title"), "page": ("authors", "title"), "leaflet": ("authors", "title")}
_PREFIXES = {"secondary": "as quoted by", "derived": "calculated from"}
# What belongs to a citation, in the order in which a reader would miss it. A source may also have contents that are to
# be confirmed ("figures at 24 months"); that is said with its facts.
_DETAILS = (
    *("all details", "authors", "first author", "first author initials", "editors", "journal", "year", "date", "title"),
    *("full title", "textbook", "edition", "publisher", "volume", "issue", "volume and pages", "pages", "page address"),
)
# What nobody misses who can open the article itself.
_IN_THE_ADDRESS = frozenset({"volume", "issue", "pages"})


@dataclass(frozen=True)
class Citation:
    """Where one number comes from.

    Attributes
    ----------
    id : str
        Evidence id, such as ``A:D-08``.
    label : str
        Who and when: ``Lu 2000``.
    text : str
        What is printed beside the number, ready to show: "Lu 2000 · 16 specimens", with "as quoted by" or
        "calculated from", with "read on …" for a living page, and with a dagger after the name of a source whose
        citation is incomplete.
    vancouver : str
        The full reference, or the references one after the other where a value was calculated from several.
    url : str
        Web address of the source; ``#References`` where none is known.
    state : {"complete", "incomplete", "teaching"}
        "teaching" is agreed teaching text: it may be named beside a sentence, never beside a number.
    prefix : {"", "as quoted by", "calculated from"}
        Already part of `text`.
    note : str
        What the dagger stands for here, "citation incomplete: year to be confirmed"; "" for a complete citation.
    """

    id: str
    label: str
    text: str
    vancouver: str
    url: str
    state: State
    prefix: str
    note: str = ""

    @property
    def marked(self) -> str:
        """Who and when, with a dagger where the citation is incomplete: ``Singh†``."""
        return self.label + (DAGGER if self.note else "")

    @property
    def name(self) -> str:
        """The same, and marked where another text quotes it: ``Torun 2006‡``."""
        return self.marked + (QUOTED if self.prefix == _PREFIXES["secondary"] else "")

    @property
    def title(self) -> str:
        """What is said when a pointer rests on a number: id, text, and what is missing."""
        return " · ".join(part for part in (self.id, self.text, self.note) if part)

    def link(self, shown: str) -> str:
        """Give the Markdown link that shows a number and leads to its source.

        Raises
        ------
        InvalidInput
            If a number is to be shown and the source is only agreed teaching text.
        """
        if self.state == "teaching" and re.search(r"\d", shown):
            raise InvalidInput(f"{self.id} rests on agreed teaching text, which is never put beside a number.")
        title = self.title.replace('"', "'")
        return f'[{shown}]({self.url} "{title}")'


@lru_cache(maxsize=1024)
def cite(evidence_id: str) -> Citation:
    """Cite one row of ``facts.csv`` or ``morphometry.csv``.

    Parameters
    ----------
    evidence_id : str
        For example ``A:D-08`` or ``M:R-036``.

    Raises
    ------
    InvalidInput
        If the id is not known, or its row is unconfirmed: such a row is never shown as a citation.

    Examples
    --------
    >>> cite("A:D-08").text
    'Lu 2000 · 16 specimens'
    """
    row = look_up(evidence_id)
    if not row.citable:
        raise InvalidInput(f"{evidence_id} is unconfirmed and cannot be cited; confirm it in the paper first.")
    found = [sources()[key] for key in (row.source_key if isinstance(row, Quantity) else (row.source_key,))]
    state = _state(found)
    return Citation(
        id=row.id,
        label=" and ".join(label_of(source) for source in found),
        text=_text(found, row.support, _who(row.population, row.sample if isinstance(row, Quantity) else ""), state),
        vancouver=" ".join(vancouver(source) for source in found),
        url=found[0].address or REFERENCES,
        state=state,
        prefix=_PREFIXES.get(row.support, "") if state != "teaching" else "",
        note=_note(found) if state == "incomplete" else "",
    )


def cite_source(source: Source, row: str, label: str, what: str) -> Citation:
    """Cite a source itself and not one of its facts, under a name of its own; `what` says what kind of text it is."""
    note = _note([source]) if missing_from(source) else ""
    text = " · ".join(part for part in (label + (DAGGER if note else ""), what, day_read(source)) if part)
    state: State = "incomplete" if note else "complete"
    return Citation(row, label, text, vancouver(source), source.address or REFERENCES, state, "", note)


def footnotes(words: str) -> str:
    """Explain the marks that stand in words, each once: "† citation incomplete."; nothing where none does."""
    return " ".join(f"{mark} {meaning}." for mark, meaning in _MEANINGS.items() if mark in words)


def with_footnotes(words: str) -> str:
    """Give plain words with a last line that explains their marks; words that do so already stay as they are."""
    told = footnotes(words)
    return words if not told or words.endswith(told) else f"{words.rstrip()}\n{told}"


def quiet(title: str) -> str:
    """Give the title of a citation without what is missing, for words that cannot be pointed at.

    Examples
    --------
    >>> quiet("M:K-054 · Neurosurg Q 2007† · n = 100 · citation incomplete: authors to be confirmed")
    'M:K-054 · Neurosurg Q 2007† · n = 100'
    """
    return re.sub(rf" · {INCOMPLETE}: [^·)]*? to be confirmed", "", title)


def label_of(source: Source) -> str:
    """Name a source briefly: first author, or both of two, and year; the journal, page or study if none is known."""
    title = "" if "all details" in source.to_confirm else _bare(source.title).partition(":")[0]
    name = _named(source) or source.journal or title or source.pmcid or "unnamed study"
    return f"{name} {source.year}".strip()


def marked_label(source: Source) -> str:
    """Name a source as `label_of` does, with a dagger where its citation is incomplete."""
    return label_of(source) + (DAGGER if missing_from(source) else "")


def _named(source: Source) -> str:
    """Name the first author, and the second where there are just two; a page or a leaflet by whoever publishes it."""
    people = re.split(r", | & ", _bare(source.authors_short).removesuffix(" et al."))
    if source.kind not in _PAPERS | {"book"}:
        return people[0]
    family = [re.sub(r"\s+[A-Z][A-Z-]{0,3}$", "", person) for person in people]
    # Persons have initials, or stand on both sides of an ampersand; "Principles, 19th ed." are no two persons.
    both = " & " in source.authors_short or all(short != whole for short, whole in zip(family, people, strict=True))
    alone = len(people) == _PAIR and both and "et al." not in source.authors_short
    return " and ".join(family) if alone else family[0]


def _bare(words: str) -> str:
    return re.sub(r"\s*\(.*?\)", "", words)


def missing_from(source: Source) -> tuple[str, ...]:
    """List the details of a citation that are still to be confirmed; nothing for a complete one.

    A paper is complete with first author, year, title, journal, and either volume and pages or an address of the
    article (DOI, PMID, PMCID or page); a book with author, year and title; a page with its publisher, title, address
    and a date: of publication, or where a living page has none, the day on which it was read.
    """
    have = {"authors": source.authors_short, "year": source.year, "title": source.title, "journal": source.journal}
    listed = {part.strip() for part in source.to_confirm.split(",")} & set(_DETAILS)
    if "all details" in listed or not any(have.values()):
        return ("all details",)
    told = " ".join(listed)
    empty = [name for name in _NEEDED.get(source.kind, tuple(have)) if not have[name] and name.rstrip("s") not in told]
    settled = (_IN_THE_ADDRESS if source.address else frozenset()) | ({"date"} if source.read_on else frozenset())
    return tuple(sorted((listed | set(empty) | _unplaced(source, listed)) - settled, key=_DETAILS.index))


def _unplaced(source: Source, listed: set[str]) -> set[str]:
    """Say what is missing to find the article or the page, as far as it is not listed already."""
    if source.kind in _PAPERS:
        placed = source.address or (source.volume and source.pages)
        return set() if placed or listed & _IN_THE_ADDRESS else {"volume and pages"}
    if source.kind != "page":
        return set()
    return ({"page address"} if not source.url else set()) | (
        {"date"} if not (source.year or source.read_on) else set()
    )


def day_read(source: Source) -> str:
    """Say when a living page, which bears no date of publication, was read; nothing for any other source."""
    if source.year or not source.read_on:
        return ""
    day = date.fromisoformat(source.read_on.removeprefix(".."))
    return f"read on {'or before ' if source.read_on.startswith('..') else ''}{day.day} {day:%B} {day.year}"


def vancouver(source: Source) -> str:
    """Write a source in the Vancouver style; what is not known stands in brackets, and an incomplete one says so."""
    parts = [
        _people(source.authors_short),
        source.title or "[Title to be confirmed]",
        _where(source),
        f"doi:{source.doi}" if source.doi else "",
        f"PMID: {source.pmid}" if source.pmid else "",
        f"Available from: {source.address}" if source.address and not (source.doi or source.pmid) else "",
        day_read(source).replace("read", "Read", 1),
    ]
    text = " ".join(part if part.endswith((".", "?")) else f"{part}." for part in parts if part)
    missing = missing_from(source)
    return f"{text} [Citation incomplete: {_and(missing)} to be confirmed.]" if missing else text


def _people(authors: str) -> str:
    if not authors:
        return "[Authors to be confirmed]"
    names = authors.replace(" & ", ", ").replace(" et al.", ", et al").split(", ")
    return ", ".join([*names[:_MOST_AUTHORS], "et al"] if len(names) > _MOST_AUTHORS + 1 else names)


def _where(source: Source) -> str:
    """Write ``Journal. 2000;29(4):217-223``."""
    volume = source.volume + (f"({source.issue})" if source.issue else "")
    issue = (f";{volume}" if volume else "") + (f":{source.pages}" if source.pages else "")
    year = source.year + issue if source.year else (f"[Year to be confirmed]{issue}" if source.kind == "paper" else "")
    journal = source.journal or ("[Journal to be confirmed]" if source.kind == "paper" else "")
    return ". ".join(part for part in (journal.rstrip("."), year) if part)


def _state(found: list[Source]) -> State:
    if any(source.kind in {"teaching", "none"} for source in found):
        return "teaching"
    return "incomplete" if any(map(missing_from, found)) else "complete"


def _text(found: list[Source], support: str, who: str, state: State) -> str:
    label = " and ".join(label_of(source) if state == "teaching" else marked_label(source) for source in found)
    if support == "derived":
        label = f"calculated from {label}"
    elif support == "secondary" and state != "teaching":
        # A paper of which only a quotation was read is not itself the text that quotes.
        whole = found[0].kind in _PAPERS
        label = f"{label}, as quoted by another text" if whole else f"as quoted by {label}"
    return " · ".join(part for part in (label, who, *dict.fromkeys(map(day_read, found))) if part)


def _note(found: list[Source]) -> str:
    missing = sorted({name for source in found for name in missing_from(source)}, key=_DETAILS.index)
    return f"{INCOMPLETE}: {_and(missing[:_MOST_NAMED])} to be confirmed"


def _who(population: str, sample: str) -> str:
    """Say who was studied in a few words: ``16 specimens``."""
    # At a semicolon or comma, but not within a number or within brackets.
    first = re.split(r"(?:;|,(?!\d))(?![^(]*\))", population)[0].strip()
    if re.match(r"(calculated|comparison|as |arithmetic)", first):
        return ""
    counted = sample.isdigit() and not re.match(r"\d", first)
    return ", ".join(part for part in (f"n = {sample}" if counted else "", first) if part)


def _and(parts: tuple[str, ...] | list[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
