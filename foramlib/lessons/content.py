"""The content lint: what the lessons say, held against the evidence and the rules of the house.

How authors write a number:

- evidence: ``[20–30 %](https://doi.org/… "A:D-08 · Lu 2000 · 16 specimens")``; `foramlib.evidence.Citation.link` writes
  it, and ``tests/content/store_links.py`` writes all of them anew. The title is that of `foramlib.evidence.cite`, word
  for word: the id, the source, "as quoted by" or "calculated from", a dagger and what is missing where a citation is
  incomplete. The address is the source's (``#References`` where it has none).
  In question files ``[20–30 %]({A:D-08})`` is enough: the app writes the address and the title.
- what the model computes: ``[grade 1](#model "model · Park 2013 sagittal · helen-osei")``; the title names what was
  asked and of which state, and the text is compared with the answer (`foramlib.lessons.of_model`).
- what is told of a made-up patient by name: ``[right](#patient "ruth-adeyemi · side")``, compared with the patient's
  file (`foramlib.lessons.of_patient`); of anybody else ``[six weeks](#patient "invented patient")``.
- that nothing of a kind exists: ``[no study that was read …](#search "S:01 · searched 29 November 2026")``, in question
  files ``[…]({S:01})`` (`foramlib.lessons.of_searches`).
- other numbers of our own: ``[2 mm](#assumption "assumption")``, ``[90°](#definition "definition")``.
- names of levels (C5/6), ages ("46-year-old"), minutes of a lesson and counts of things to do need no link.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from foramlib.errors import InvalidInput
from foramlib.evidence import Shown, bibliography, data_path, disagreements, notebooks_path
from foramlib.lessons.documents import read_app_texts, read_document, read_documents
from foramlib.lessons.markdown import links, plain, sentences, slug, without_code
from foramlib.lessons.numbers import (
    OWN_NUMBERS,
    bare_numbers,
    evidence_ids,
    ids_of,
    link_faults,
    number_links,
    numbers_in,
    spelled_counts,
)
from foramlib.lessons.of_model import model_faults, unlinked_claims
from foramlib.lessons.of_patient import patient_faults, unlinked
from foramlib.lessons.of_searches import SEARCH_ID, search_faults, unsearched
from foramlib.lessons.prose import GRADE_LIMIT, forbidden, grade, leftovers, spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from foramlib.lessons.documents import Document, Passage

__all__ = ["Problem", "lint", "lint_claims", "lint_document", "readability", "shown", "shown_ids"]

# Roles whose numbers need a source, and roles that a person reads.
_SOURCED = frozenset({"prose", "heading", "row"})
_READ = frozenset({"prose", "heading", "row", "vignette", "option"})
_FEWEST_WORDS = 4
# Tables from which apps and charts read what they show, beside lessons, questions and the model.
_ROOMS = ("appraisal", "clinic", "operations", "patients", "recovery")
_BASIS = ("basis", "source", "sources", "evidence")
_OWN_ADDRESSES = (*OWN_NUMBERS, "#search")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the content: file, place, and a sentence."""

    path: str
    where: str
    sentence: str

    def __str__(self) -> str:
        """Give the problem in one line."""
        return f"{self.path}, {self.where}: {self.sentence}"


def lint(notebooks: Path | None = None, data: Path | None = None, known_words: Collection[str] = ()) -> list[Problem]:
    """Check every lesson, companion and question file, and what other texts of the apps say of model and patients.

    Parameters
    ----------
    notebooks, data : pathlib.Path, optional
        Folders to look at; those of this installation by default.
    known_words : collection of str
        Words that are spelt right. Without it only American spellings are found.

    Returns
    -------
    list of Problem
        Empty when all is well.
    """
    notebooks, data = notebooks or notebooks_path(), data or data_path()
    try:
        documents, texts = list(read_documents(notebooks, data)), list(read_app_texts(data))
    except InvalidInput as error:
        return [Problem("lessons", "a file", str(error))]
    found = [problem for document in documents for problem in lint_document(document, known_words)]
    return found + [problem for document in texts for problem in lint_claims(document)]


def lint_document(document: Document, known_words: Collection[str] = ()) -> list[Problem]:
    """Check one document; see `lint`."""
    found = [Problem(document.name, where, sentence) for where, sentence in document.faults]
    for passage in document.passages:
        faults = (
            *_faults_of_passage(passage),
            *_faults_of_words(passage, known_words),
            *_faults_of_targets(passage, document),
        )
        found += [Problem(document.name, passage.where, fault) for fault in faults]
    found += lint_claims(document)
    return found + [Problem(document.name, "the whole", fault) for fault in _faults_of_whole(document)]


def lint_claims(document: Document) -> list[Problem]:
    """Check what a document says of the model, of made-up patients, and of what does not exist."""
    found = []
    for passage in document.passages:
        if passage.role not in {"code", "ids", "reference"}:
            faults = (*_faults_of_own_links(passage.text), *_unbacked(passage))
            found += [Problem(document.name, passage.where, fault) for fault in faults]
    return found


def _faults_of_own_links(text: str) -> Iterator[str]:
    for link in links(text):
        if link.url == "#model":
            yield from model_faults(link)
        elif link.url == "#patient":
            yield from patient_faults(link)
        elif link.url == "#search" or (link.url.startswith("{") and SEARCH_ID.search(link.url)):
            yield from search_faults(link)


def _unbacked(passage: Passage) -> Iterator[str]:
    for sentence in sentences(passage.text):
        yield from unlinked(sentence)
        if passage.role != "option":  # an answer to choose from may be wrong on purpose
            yield from unsearched(sentence)
            yield from unlinked_claims(sentence)


def readability(notebooks: Path | None = None, data: Path | None = None) -> dict[str, float]:
    """Give the Flesch-Kincaid grade of the prose of each document, by its name."""
    documents = read_documents(notebooks or notebooks_path(), data or data_path())
    return {document.name: grade(_running_text(document)) for document in documents}


def shown(notebooks: Path | None = None, data: Path | None = None) -> Iterator[Shown]:
    """Find every place where evidence is shown: lessons, companions, questions, tables that apps read, and charts.

    A number that needs a source and has none is given with an empty id; `foramlib.evidence.check_sources` reports it.
    The program itself is looked at only together with the lessons of this installation.
    """
    if notebooks is None and data is None:
        yield from _shown_by_the_program(Path(__file__).parent.parent)
    notebooks, data = notebooks or notebooks_path(), data or data_path()
    for document in read_documents(notebooks, data):
        for passage in document.passages:
            yield from _shown_in(passage, f"{document.name}, {passage.where}")
    for path in sorted((data / "model").glob("*.csv")):
        yield from _shown_in_table(path)
    for room in _ROOMS:
        for path in sorted((data / room).rglob("*")):
            if path.suffix in {".csv", ".yaml", ".json"}:
                yield from _shown_in_room(path, path.relative_to(data).as_posix())


def shown_ids(notebooks: Path | None = None, data: Path | None = None) -> tuple[str, ...]:
    """Give the evidence ids that are shown anywhere, each once, in order."""
    return tuple(sorted({place.id for place in shown(notebooks, data) if place.id}))


# -- what is shown


def _shown_in(passage: Passage, where: str) -> Iterator[Shown]:
    if passage.role == "ids":
        yield from (Shown(name, where, number=False) for name in evidence_ids(passage.text) or (passage.text,))
        return
    if passage.role == "code":
        return
    for link in number_links(passage.text):
        title = None if link.url.startswith("{") else link.title
        yield from (Shown(name, where, title, number=bool(numbers_in(link.text))) for name in ids_of(link))
    if passage.role in _SOURCED:
        yield from (Shown("", where, words) for words in bare_numbers(passage.text))


def _shown_in_table(path: Path) -> Iterator[Shown]:
    """Find the evidence on which the parameters of the model rest; an assumption says so and needs none."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            for column in _BASIS:
                for name in evidence_ids(row.get(column) or ""):
                    yield Shown(name, f"data/model/{path.name}, line {reader.line_num}")


def _shown_in_room(path: Path, name: str) -> Iterator[Shown]:
    """Find the evidence that a table of the apps names; what it calls agreed teaching is never shown as a citation."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cited = re.sub(r"teaching: \[[^\]]*\]", "", line)
        yield from (Shown(found, f"data/{name}, line {number}", number=False) for found in evidence_ids(cited))


def _shown_by_the_program(package: Path) -> Iterator[Shown]:
    """Find the evidence that charts, apps and the validation name; they write its citation with `cite`."""
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package)
        if room.parts[0] in {"evidence", "lessons"}:
            continue  # they speak about ids and show none
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for quoted in re.findall(r"""["']([APM]:[^"']+)["']""", line):
                yield from (Shown(name, f"{room.as_posix()}, line {number}") for name in evidence_ids(quoted))


# -- faults of a passage


def _faults_of_passage(passage: Passage) -> Iterator[str]:
    yield from (f'"{words}" is a leftover.' for words in leftovers(passage.text))
    if passage.role == "code":
        return
    for link in links(passage.text):
        yield from _faults_of_image(link.text) if link.image else link_faults(link)
    yield from _faults_of_html(passage.text)
    if passage.role in _SOURCED:
        yield from (
            f'"{words}" needs a source: link it to its evidence, or to one of {", ".join(OWN_NUMBERS)}.'
            for words in bare_numbers(passage.text)
        )
        yield from (
            f'"{words}" is a count that no evidence linked in the same paragraph bears out.'
            for words in spelled_counts(passage.text)
        )


def _faults_of_image(description: str) -> Iterator[str]:
    if len(description.split()) < _FEWEST_WORDS:
        yield f'the image description "{description}" says too little; say in a few words what is seen.'


def _faults_of_html(text: str) -> Iterator[str]:
    for tag in re.findall(r"<img\b[^>]*>", without_code(text), re.IGNORECASE):
        alt = re.search(r"\balt\s*=\s*[\"']([^\"']*)", tag)
        yield from _faults_of_image(alt[1] if alt else "")


def _faults_of_words(passage: Passage, known: Collection[str]) -> Iterator[str]:
    if passage.role in _READ:
        yield from forbidden(passage.text)
        yield from (f"the spelling of {word} is not known." for word in spelling(passage.text, known))


def _faults_of_targets(passage: Passage, document: Document) -> Iterator[str]:
    if passage.role == "code":
        return
    for link in links(passage.text):
        if link.url in _OWN_ADDRESSES or link.url.startswith("{") or re.match(r"[a-z]+:", link.url):
            continue
        if not _resolves(link.url, document):
            yield f"the link [{link.text}] leads to {link.url or 'nowhere'}, which is not there."


def _resolves(url: str, document: Document) -> bool:
    target, _, anchor = unquote(url).partition("#")
    path = document.path.parent / target if target else document.path
    if not url or not path.exists():
        return False
    if not anchor or path.suffix not in {".md", ".ipynb", ".yaml"}:
        return True
    there = document if not target else read_document(path, target)
    return anchor.casefold() in {slug(passage.text) for passage in there.passages if passage.role == "heading"}


# -- faults of a whole document


def _faults_of_whole(document: Document) -> Iterator[str]:
    reached = grade(_running_text(document))
    if reached > GRADE_LIMIT:
        yield f"the prose reads at grade {reached:.1f}; at most {GRADE_LIMIT:g} is allowed: shorten sentences."
    if document.path.suffix == ".ipynb":
        yield from _one_sided(document)
    if document.path.suffix != ".yaml":
        yield from _reference_faults(document)


def _running_text(document: Document) -> list[str]:
    """Give the paragraphs that are read as sentences: no headings, tables, references or very short lines."""
    read = [passage.text for passage in document.passages if passage.role in {"prose", "vignette", "option"}]
    return [text for text in read if len(plain(text).split()) >= _FEWEST_WORDS]


def _cited(document: Document) -> set[str]:
    return {name for passage in document.passages for link in number_links(passage.text) for name in ids_of(link)}


def _reference_faults(document: Document) -> Iterator[str]:
    """Say which sources that a lesson links to are not in its list of references, word for word."""
    listed = " ".join(plain(passage.text) for passage in document.passages if passage.role == "reference")
    try:
        needed = bibliography(_cited(document))
    except InvalidInput:
        return  # reported where it is linked
    for reference in needed:
        if plain(reference) not in listed:
            yield f'the list of references lacks "{reference}"'


def _one_sided(document: Document) -> Iterator[str]:
    """Say where a lesson shows one side of a known disagreement and hides the other."""
    cited = _cited(document)
    for row in disagreements():
        sides = (set(row.one_fact_ids), set(row.other_fact_ids))
        for here, there in (sides, sides[::-1]):
            if there and here & cited and not there & cited:
                one, other = ", ".join(sorted(here & cited)), ", ".join(sorted(there))
                yield f"{row.topic}: {one} is shown without the other side; show one of {other} with it."
