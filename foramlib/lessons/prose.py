"""Words: leftovers, spelling, readability, and wordings that the evidence does not bear."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.evidence import do_not_use
from foramlib.lessons.markdown import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["AMERICAN", "GRADE_LIMIT", "forbidden", "grade", "leftovers", "spelling", "syllables"]

# The hardest prose that a lesson may hold: Flesch-Kincaid grade of the whole document.
GRADE_LIMIT = 10.0

_LEFTOVERS = (
    re.compile(r"\b(?:TODO|FIXME|XXX|TBD|TBC)\b"),
    re.compile(r"\blorem ipsum\b", re.IGNORECASE),
    re.compile(r"\?{3,}"),
    re.compile(r"file://\S*|\blocalhost\b|\b127\.0\.0\.1\b"),
    # An absolute path of somebody's machine.
    re.compile(r"(?<![\w.:/)>\]-])/[A-Za-z][\w.-]*/[\w.-]+"),
    re.compile(r"\b[A-Z]:\\\w+"),
)

# American spelling -> British spelling, for words that our subject uses.
AMERICAN: Mapping[str, str] = MappingProxyType(
    {
        "analyze": "analyse",
        "analyzed": "analysed",
        "anesthesia": "anaesthesia",
        "anesthetic": "anaesthetic",
        "behavior": "behaviour",
        "catalog": "catalogue",
        "caliber": "calibre",
        "center": "centre",
        "centered": "centred",
        "centers": "centres",
        "centimeter": "centimetre",
        "centimeters": "centimetres",
        "color": "colour",
        "colored": "coloured",
        "colors": "colours",
        "defense": "defence",
        "disk": "disc",
        "disks": "discs",
        "edema": "oedema",
        "favor": "favour",
        "fiber": "fibre",
        "fibers": "fibres",
        "gray": "grey",
        "hemorrhage": "haemorrhage",
        "hematoma": "haematoma",
        "ischemia": "ischaemia",
        "labeled": "labelled",
        "labeling": "labelling",
        "liter": "litre",
        "maneuver": "manoeuvre",
        "meter": "metre",
        "millimeter": "millimetre",
        "millimeters": "millimetres",
        "modeled": "modelled",
        "modeling": "modelling",
        "mold": "mould",
        "neighbor": "neighbour",
        "neighboring": "neighbouring",
        "neighbors": "neighbours",
        "orthopedic": "orthopaedic",
        "paresthesia": "paraesthesia",
        "skeptical": "sceptical",
        "tumor": "tumour",
        "tumors": "tumours",
    },
)

_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:'[a-z]+)?")
_SHORTEST = 3


def leftovers(text: str) -> list[str]:
    """Find notes to self, filler, and addresses and paths of one machine."""
    return [found[0] for pattern in _LEFTOVERS for found in pattern.finditer(text)]


def forbidden(text: str) -> Iterator[str]:
    """Say which entries of the do-not-use list a text shows."""
    words = plain(text)
    for row, pattern in _patterns():
        found = pattern.search(words)
        if found:
            yield f'"{found[0]}": {row[0]} ({row[1]}).'


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[tuple[str, str], re.Pattern[str]], ...]:
    rows = [row for row in do_not_use() if row.pattern]
    return tuple(((f"do not use {row.what}", row.why), re.compile(row.pattern, re.IGNORECASE)) for row in rows)


def spelling(text: str, known: Collection[str] = ()) -> list[str]:
    """Find American spellings and, where a list of known words is given, words that it lacks.

    Names in capitals (MRI) and words of one or two letters pass. A plural or possessive of a known word is known.
    """
    words = dict.fromkeys(word for word in _WORD.findall(plain(text)) if len(word) >= _SHORTEST and not word.isupper())
    american = [f"{word} (British: {AMERICAN[word.casefold()]})" for word in words if word.casefold() in AMERICAN]
    unknown = [word for word in words if known and word.casefold() not in AMERICAN and not _is_known(word, known)]
    return american + unknown


def _is_known(word: str, known: Collection[str]) -> bool:
    small = word.casefold().removesuffix("'s")
    forms = (word, small, small.removesuffix("s"), small.removesuffix("es"))
    return any(form in known for form in forms)


def grade(texts: Collection[str]) -> float:
    """Give the Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59.

    Parameters
    ----------
    texts : collection of str
        Paragraphs; each ends a sentence. Tokens that hold a digit (levels, values) are not counted as words.

    Returns
    -------
    float
        School grade; 0 for no words. The formula is that of P:K07.
    """
    sentences = [_words(part) for text in texts for part in re.split(r"(?<=[.!?])[\"')]*\s+", plain(text))]
    sentences = [words for words in sentences if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def _words(sentence: str) -> list[str]:
    return [word for token in sentence.split() if not re.search(r"\d", token) for word in _WORD.findall(token)]


def syllables(word: str) -> int:
    """Count the syllables of an English word, roughly: groups of vowels, without a silent final e.

    Examples
    --------
    >>> [syllables(word) for word in ("root", "nerve", "foramen", "vertebra", "little")]
    [1, 1, 3, 3, 2]
    """
    small = word.casefold().strip("'")
    groups = len(re.findall(r"[aeiouyà-ÿ]+", small))
    silent = re.search(r"[^aeiouyl]e$|[^aeioutd]ed$|[^aeiouyscxzg]es$", small) is not None and groups > 1
    return max(1, groups - silent)
