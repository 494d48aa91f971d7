"""How hard a text is to read: Flesch-Kincaid after its published formula, and what makes it hard.

Also the exercise in rewriting: paragraphs of our own (``data/appraisal/passages.yaml``), with the facts that must
survive, and the stored counts of the five leaflets (``data/appraisal/leaflets.csv``), which hold no word of them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.evidence.hand_written import Record, parse_records
from foramlib.given import one_of
from foramlib.store import keep, kept

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LONGEST_DRAFT",
    "LONG_SENTENCE",
    "Counts",
    "MustStay",
    "Passage",
    "Reading",
    "count",
    "drafted",
    "hard_words",
    "keep_draft",
    "leaflet_counts",
    "long_sentences",
    "passage",
    "passages",
    "read",
    "sentences_of",
    "syllables",
    "words_of",
]

LONG_SENTENCE: Final = 20
"""Words above which a sentence is pointed out; an assumption of ours, about a line and a half of a leaflet."""

LONGEST_DRAFT: Final = 6000
"""Characters that a draft may have."""

_HARD: Final = 3  # syllables from which a word is pointed out
_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)*")
_END: Final = re.compile(r"(?<=[.!?])[\"'’”)]*\s+")
# Two vowels that are said apart: radio, via, neural, create, reality (but not nation, special, tissue).
_APART: Final = re.compile(
    r"(?<![cstl])i[aou]|(?<=ysi)o|(?<=ri)e(?=n)|(?<=[aeo])ing\b|(?<![gq])u(?:a|o|e(?!s?\b|d\b))|eo(?=[pl]|\b)|(?<=cre)a(?=t)"
    r"|(?<=re)a(?=l[it])|(?<=ci)a(?=te)|\bcoo(?=p)"
)
_SILENT: Final = re.compile(
    r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouylscxzg]es$|[aeiouy]les$|(?<=[^aeiouy])e(?=ly$|ment$|ful$|less$)"
)
# Points that end no sentence: of what always goes on, of what is an abbreviation only before a number (but else a word
# of its own: "No."), and of what may end a sentence, but not before a small letter or a number.
_SHORT: Final = re.compile(
    r"""\b(?:e\.g|i\.e|cf|viz|approx|vs|Dr|Mr|Mrs|Ms|Prof|St)\.
    | \b(?:No|Nos|Fig|Figs|p|pp|vol|ch|eq|ref|tab|min|max)\.(?=\s*\d)
    | \b(?:etc|al|a\.m|p\.m|Jr|Sr|U\.S|U\.K)\.(?=\s+["'“‘(]*(?-i:[a-zà-ÿ\d]))""",
    re.IGNORECASE | re.VERBOSE,
)
# Words that the rule of vowel groups miscounts.
_KNOWN: Final[Mapping[str, int]] = MappingProxyType(
    {
        "area": 3, "being": 2, "business": 2, "cochlea": 3, "creature": 2, "diet": 2, "every": 2, "everything": 3,
        "evening": 2, "fluid": 2, "foramina": 4, "idea": 3, "laser": 2, "lion": 2, "naive": 2, "people": 2, "physio": 3,
        "poem": 2, "quiet": 2, "radiate": 4, "ruin": 2, "science": 2, "seemingly": 3, "something": 2, "sometimes": 2,
        "someone": 2, "trial": 2, "trials": 2, "usual": 3, "usually": 4, "various": 3, "whereby": 2, "created": 3,
        "vertebrae": 3, "diagnosis": 4, "therefore": 2, "somebody": 3, "careful": 2, "movement": 2, "severely": 3,
        "likely": 2, "safely": 2, "lately": 2, "completely": 3, "early": 2, "anaesthesia": 5, "anaesthetic": 4,
    }
)  # fmt: skip


# -- counting


@dataclass(frozen=True)
class Counts:
    """Words, sentences and syllables of a text."""

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        """Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59 (P:K07); 0 for no words."""
        if not self.words or not self.sentences:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def ease(self) -> float:
        """Flesch reading ease: 206.835 - 1.015 words per sentence - 84.6 syllables per word (P:K07); 0 for no words."""
        if not self.words or not self.sentences:
            return 0.0
        return 206.835 - 1.015 * self.words / self.sentences - 84.6 * self.syllables / self.words


def count(text: str) -> Counts:
    """Count words, sentences and syllables; a token that holds a digit is no word, a line break ends a sentence.

    Examples
    --------
    >>> count("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.")
    Counts(words=13, sentences=1, syllables=24)
    """
    sentences = [words for words in map(words_of, sentences_of(text)) if words]
    words = [word for sentence in sentences for word in sentence]
    return Counts(len(words), len(sentences), sum(map(syllables, words)))


def sentences_of(text: str) -> list[str]:
    """Split a text into sentences, by their end marks and by empty lines and items of lists."""
    found = []
    for part in re.split(r"\n\s*\n|\n\s*(?=[-*•])", _SHORT.sub(lambda short: short[0].replace(".", ""), text)):
        found += [" ".join(sentence.split()) for sentence in _END.split(part)]
    return [sentence for sentence in found if sentence]


def words_of(sentence: str) -> list[str]:
    """Give the words of a sentence; levels, numbers and signs are none."""
    return [word for token in sentence.split() if not re.search(r"\d", token) for word in _WORD.findall(token)]


def syllables(word: str) -> int:
    """Count the syllables of an English word: groups of vowels, silent endings, and a list of exceptions.

    Examples
    --------
    >>> [syllables(word) for word in ("nerve", "foramen", "radiculopathy", "operated", "little")]
    [1, 3, 6, 4, 2]
    """
    small = word.casefold().replace("’", "'").removesuffix("'s").strip("'")
    if small in _KNOWN:
        return _KNOWN[small]
    groups = len(re.findall(r"[aeiouyà-ÿ]+", small))
    groups += len(_APART.findall(small))
    silent = _SILENT.search(small) is not None
    return max(1, groups - (silent and groups > 1))


def long_sentences(text: str) -> tuple[str, ...]:
    """Give the sentences of more than :data:`LONG_SENTENCE` words."""
    return tuple(sentence for sentence in sentences_of(text) if len(words_of(sentence)) > LONG_SENTENCE)


def hard_words(text: str) -> tuple[str, ...]:
    """Give the words of three syllables and more, each once, in small letters, in the order met."""
    found = [word.casefold() for sentence in sentences_of(text) for word in words_of(sentence)]
    return tuple(dict.fromkeys(word for word in found if syllables(word) >= _HARD))


# -- the leaflets


@lru_cache(maxsize=1)
def leaflet_counts() -> Mapping[str, Counts]:
    """Give the stored counts of the five leaflets, by S0 to S4.

    Raises
    ------
    InvalidInput
        If the table is damaged.
    """
    with data_path("appraisal", "leaflets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        found = {
            row["leaflet"]: Counts(*(int(row[name]) for name in ("words", "sentences", "syllables"))) for row in rows
        }
    except (KeyError, TypeError, ValueError) as problem:
        raise InvalidInput(
            "data/appraisal/leaflets.csv is damaged; it needs a leaflet and three whole numbers a line."
        ) from problem
    return MappingProxyType(found)


# -- the exercise


@dataclass(frozen=True)
class MustStay:
    """A fact that a rewriting must keep: how it is said, and word patterns of which each must be met."""

    fact: str
    patterns: tuple[str, ...]

    def stays(self, text: str) -> bool:
        """Tell whether a text still says it, as far as its words show."""
        return all(re.search(pattern, text, re.IGNORECASE) for pattern in self.patterns)


@dataclass(frozen=True)
class Passage:
    """A hard paragraph of our own, what it must still say, what it must not, and one way to write it.

    Attributes
    ----------
    id, title, text, example : str
        Name, title, the hard paragraph, and one way to write it plainly.
    must_stay : tuple of MustStay
        Facts that must survive.
    no_promises : tuple of str
        Word patterns that promise more than is known.
    goal : float
        Grade to reach.
    """

    id: str
    title: str
    text: str
    example: str
    must_stay: tuple[MustStay, ...]
    no_promises: tuple[str, ...]
    goal: float


@dataclass(frozen=True)
class Reading:
    """What is said of a draft: its counts, long sentences, hard words, lost facts and promises."""

    counts: Counts
    long: tuple[str, ...]
    hard: tuple[str, ...]
    kept: tuple[bool, ...]
    promises: tuple[str, ...]

    def done(self, goal: float) -> bool:
        """Tell whether the draft reads easily enough, keeps every fact and promises nothing."""
        return bool(self.counts.words) and self.counts.grade <= goal and all(self.kept) and not self.promises


def read(text: str, given: Passage) -> Reading:
    """Read a draft of a passage.

    Raises
    ------
    InvalidInput
        If it is no text, empty, or longer than :data:`LONGEST_DRAFT` characters.
    """
    if not isinstance(text, str) or not words_of(" ".join(text.split())):
        raise InvalidInput("There is nothing to read yet; write at least one sentence.")
    if len(text) > LONGEST_DRAFT:
        raise InvalidInput(f"The text has {len(text)} characters; up to {LONGEST_DRAFT} can be read.")
    said = [found[0] for pattern in given.no_promises for found in re.finditer(pattern, text, re.IGNORECASE)]
    kept = tuple(fact.stays(text) for fact in given.must_stay)
    return Reading(count(text), long_sentences(text), hard_words(text), kept, tuple(dict.fromkeys(said)))


@lru_cache(maxsize=1)
def passages() -> tuple[Passage, ...]:
    """Give the passages for rewriting.

    Raises
    ------
    InvalidInput
        If their file is damaged.
    """
    where = "data/appraisal/passages.yaml"
    return read_passages(data_path("appraisal", "passages.yaml").read_text(encoding="utf-8"), where)


def read_passages(text: str, where: str) -> tuple[Passage, ...]:
    """Read passages from YAML that stands at ``where`` (named in complaints).

    Raises
    ------
    InvalidInput
        If a field is missing, unknown or of another kind; the sentence names file, passage and field.
    """
    record = parse_records(text, where)
    record.only("passages")
    return tuple(_passage(one) for one in record.records("passages"))


def _passage(record: Record) -> Passage:
    names = [field.name for field in fields(Passage)]
    record.only(*names)
    record.needs(*names)
    facts = []
    for fact in record.records("must_stay"):
        fact.only("fact", "needs")
        facts.append(MustStay(fact.text("fact"), _patterns(fact, "needs")))
    words = {name: " ".join(record.text(name).split()) for name in ("id", "title", "text", "example")}
    promises = _patterns(record, "no_promises")
    return Passage(must_stay=tuple(facts), no_promises=promises, goal=record.number("goal"), **words)


def _patterns(record: Record, key: str) -> tuple[str, ...]:
    found = record.texts(key)
    for pattern in found:
        try:
            re.compile(pattern)
        except re.error as problem:
            raise InvalidInput(f"{record.where}: the field {key!r} holds {pattern!r}: {problem}.") from problem
    return found


def passage(name: object) -> Passage:
    """Find a passage by its id.

    Raises
    ------
    InvalidInput
        If there is no such passage.
    """
    found = {one.id: one for one in passages()}
    return found[one_of(name, found, "passage")]


# -- the learner's draft


def _draft_file(name: str, folder: str | Path) -> Path:
    return Path(folder) / f"rewrite-{name}.json"


def keep_draft(name: str, text: str, folder: str | Path = "my-work") -> Path:
    """Keep a learner's draft; the old file is replaced only once the new one is complete.

    Raises
    ------
    InvalidInput
        If the place cannot be written to.
    """
    return keep(_draft_file(passage(name).id, folder), {"version": 1, "text": text}, "Your text")


def drafted(name: str, folder: str | Path = "my-work") -> tuple[str, str]:
    """Give the learner's draft of a passage, and a sentence where its file was damaged.

    Returns
    -------
    (str, str)
        The text, "" where there is none; and "" or what was wrong. A damaged file is kept aside, not deleted.
    """
    file = _draft_file(passage(name).id, folder)

    def text_of(data: object) -> str:
        text = data.get("text") if isinstance(data, dict) and data.get("version") == 1 else None
        if not isinstance(text, str):
            raise InvalidInput(f"The file {file.name} holds no draft of yours.")
        return text

    text, remark = kept(file, text_of, "you start anew")
    return text or "", remark
