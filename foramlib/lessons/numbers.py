"""Numbers in prose: each is a link to its evidence, and the link says the truth."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import Quantity, cite, look_up
from foramlib.lessons.markdown import LINK, links, without_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from foramlib.evidence import Citation, Fact
    from foramlib.lessons.markdown import Link

__all__ = [
    "ID",
    "LEVEL",
    "OWN_NUMBERS",
    "bare_numbers",
    "evidence_ids",
    "ids_of",
    "link_faults",
    "number_links",
    "numbers_in",
    "spelled_counts",
    "title_of",
    "units_in",
]

ID = re.compile(r"\b(?:[AP]:[A-Z]-?[a-z]?\d+[a-z]?|P:S-c\d|M:[A-Z]-\d{3})\b")

OWN_NUMBERS = ("#model", "#assumption", "#definition", "#patient")
"""Addresses of links for numbers that are no evidence."""

_FIXED: Mapping[str, str] = MappingProxyType({"#assumption": "assumption", "#definition": "definition"})
"""Those whose title never varies, and that title; the others say what stands behind them."""


LEVEL = re.compile(r"\b([CTLS]\d{1,2})(?:\s?[-–/]\s?([CTLS]?\d{1,2}))?(?![\d.])\b")
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?!(?:st|nd|rd|th|D)\b)")
_ONE = r"\d+(?:[.,]\d+)*"
_MANY = rf"{_ONE}(?:\s*(?:-|–|−|±|\+/-|/|to|and)\s*{_ONE})*"
_MEASURES = (
    r"mmHg|mm[23²³]?|cm[23²³]?|mL|ml|kg|N\b|HU|ms|µm|°|deg(?:rees?)?|%|per ?cent|percentage points?|millimetres?|"
    r"centimetres?|milliseconds?|points?|seconds?|minutes?|min|hours?|days?|weeks?|months?|years?|times|-?fold"
)
_PEOPLE = (
    r"patients?|people|persons?|women|men|girls|boys|children|adults?|volunteers?|participants?|subjects?|cadavers?|"
    r"specimens?|spines?|foramina|foramen|ganglia|studies|trials?|series|cases|raters?|readers?|surgeons?|"
    r"operations?|roots?"
)
_BARE = re.compile(rf"(?<![\w.]){_MANY}(?:\s|-)*(?:{_MEASURES}|(?:[a-z]+\s)?(?:{_PEOPLE}))(?![A-Za-z])")
_SHARE = re.compile(rf"(?<![\w.]){_ONE}\s+(?:out of|of|in|per)\s+(?:every\s+|about\s+)?{_ONE}(?![\w])")
_FRACTION = re.compile(r"(?<![\w./])\d+/\d{2,}(?![\w/])|\bn\s*=\s*\d+")
_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred"
)
_SPELLED = re.compile(
    rf"\b(?:{_WORD})(?:\s|-)(?:millimetres?|centimetres?|degrees?|per ?cent|milliseconds?|weeks?|months?|years)\b"
    rf"|\b(?:{_WORD})\s+(?:out of|in)\s+(?:every\s+)?(?:two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)\b",
    re.IGNORECASE,
)
_WORDS = MappingProxyType(
    {word: number for number, word in enumerate(_WORD.split("|")[:10], 1) if number > 1}
    | {"twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30, "hundred": 100}
)
_SPELLED_COUNT = re.compile(
    rf"\b({'|'.join(_WORDS)})\s+(?:[a-z]+\s+){{0,2}}"
    r"(?:patients|people|volunteers|participants|subjects|cadavers?|specimens|studies|trials|raters|readers|surgeons)\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b\d+-year-old\b")
_MINUTES = re.compile(r"\b(\d+)(?:\s*(?:-|–|to)\s*(\d+))?\s*min(?:ute)?s?\b")
_LONGEST_LESSON = 120
_IN_THEATRE = re.compile(r"operat|surg", re.IGNORECASE)

_UNITS = (
    ("mmHg", re.compile(r"mmHg")),
    ("mm3", re.compile(r"\bmm[3³]|\d\s*mm[3³]")),
    ("mm2", re.compile(r"mm[2²]")),
    ("mm", re.compile(r"mm(?![23²³H])|millimetre")),
    ("%", re.compile(r"%|per ?cent")),
    ("deg", re.compile(r"°|\bdeg(?:rees?)?\b")),
    ("ms", re.compile(r"\bms\b")),
    ("HU", re.compile(r"\bHU\b")),
)


def evidence_ids(text: str) -> tuple[str, ...]:
    """Find the evidence ids that a text names."""
    return tuple(ID.findall(text))


def numbers_in(text: str) -> set[Decimal]:
    """Find the numbers of a text; names of levels, ordinals and signs are left out.

    Examples
    --------
    >>> sorted(numbers_in("C5/6: 8.18 mm, 1,211 people"))
    [Decimal('8.18'), Decimal('1211')]
    """
    return {Decimal(number) for number in _NUMBER.findall(_normal(LEVEL.sub(" ", _normal(text))))}


def _normal(text: str) -> str:
    """Write dashes, signs and thousands in one way."""
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return text.replace("−", "-").replace("–", "-").replace("\N{NO-BREAK SPACE}", " ").replace("\N{THIN SPACE}", " ")


# -- bare numbers


def bare_numbers(text: str) -> list[str]:
    """Find numbers that need a source and stand outside a link.

    These are a number with a unit, an angle, a share (%, "3 of 10", "1 in 4", "6 per 100"), a count of people or
    specimens ("87/100", "n = 82"), and every decimal. Names of levels, ages of invented people ("46-year-old"),
    minutes of a lesson, and numbers inside links or code are not.
    """
    rest = LEVEL.sub(" ", _AGE.sub(" ", _without_links(text)))
    rest = _MINUTES.sub(lambda found: " " if _lesson_time(found, text) else found[0], rest)
    found: dict[int, str] = {}
    for pattern in (_BARE, _SHARE, _FRACTION, _SPELLED, _DECIMAL):
        for match in pattern.finditer(rest):
            if not any(start <= match.start() < start + len(words) for start, words in found.items()):
                found[match.start()] = match[0].strip()
    return [found[start] for start in sorted(found)]


def spelled_counts(text: str) -> list[str]:
    """Find counts of people or specimens in words ("seven volunteers") that no link beside them bears out."""
    rows = [look_up(name) for link in number_links(text) for name in ids_of(link) if _is_known(name)]
    told = numbers_in(" ; ".join(f"{_value(row)} ; {_whom(row)}" for row in rows))
    found = _SPELLED_COUNT.finditer(_without_links(text))
    return [match[0] for match in found if Decimal(_WORDS[match[1].casefold()]) not in told]


def _is_known(evidence_id: str) -> bool:
    try:
        return bool(look_up(evidence_id))
    except InvalidInput:
        return False


def _without_links(text: str) -> str:
    """Take links and addresses out; the description of an image stays, since it is read."""
    text = LINK.sub(lambda link: link["text"] if link["image"] else " ¤ ", without_code(text))
    return re.sub(r"https?://\S+", " ", text)


def _lesson_time(found: re.Match[str], text: str) -> bool:
    longest = max(int(number) for number in found.groups() if number)
    return longest <= _LONGEST_LESSON and not _IN_THEATRE.search(text)


# -- number links


def link_faults(link: Link) -> Iterator[str]:
    """Say what is wrong with one link, if it shows evidence, an assumption or a definition; nothing for any other link.

    Links to the model, a patient or a search are held against these in `foramlib.lessons.own`.
    """
    if link.url in OWN_NUMBERS:
        if link.title != _FIXED.get(link.url, link.title):
            yield f'the link [{link.text}] to {link.url} must have the title "{_FIXED[link.url]}".'
        return
    ids = ids_of(link)
    if ids:
        yield from _evidence_faults(link, ids)
    elif _is_source(link.url):
        yield f'the link [{link.text}] leads to a source without an evidence id; write "A:… · who · whom" as its title.'
    elif numbers_in(link.text) and bare_numbers(link.text):
        yield f"the link [{link.text}] shows a number and names no evidence id."


def ids_of(link: Link) -> tuple[str, ...]:
    """Give the evidence ids of a link: those that open its title, or that stand for its address, ``({A:D-08})``."""
    if link.url.startswith("{"):
        ids = tuple(part.strip() for part in link.url.strip("{}").split(","))
        return () if all(name.startswith("S:") for name in ids) else ids
    head = link.title.split(" · ")[0]
    return tuple(part.strip() for part in head.split(",")) if re.match(r"[APM]:", head) else ()


def _is_source(url: str) -> bool:
    return bool(re.match(r"https?://(?:dx\.)?(?:doi\.org|pubmed\.|pmc\.ncbi|www\.ncbi)", url))


def _evidence_faults(link: Link, ids: tuple[str, ...]) -> Iterator[str]:
    try:
        citations = [cite(name) for name in ids]
    except InvalidInput as error:
        yield str(error)
        return
    if link.text.strip() == "":
        yield f"the link to {ids[0]} has no text."
    yield from _number_faults(link, citations)
    if not link.url.startswith("{"):
        yield from _address_faults(link, citations)
        yield from _title_faults(link, citations)


def _number_faults(link: Link, citations: list[Citation]) -> Iterator[str]:
    rows = [look_up(citation.id) for citation in citations]
    shown = numbers_in(link.text)
    names = ", ".join(citation.id for citation in citations)
    if shown and any(citation.state == "teaching" for citation in citations):
        yield f"{names} rests on agreed teaching text, which is never put beside a number."
        return
    values = " ; ".join(_value(row) for row in rows)
    strange = shown - numbers_in(values) - _counts(link.text, rows)
    if strange:
        listed = ", ".join(sorted(map(str, strange)))
        yield f'[{link.text}]: {listed} does not stand in {names} ("{values}").'
    yield from _unit_faults(link.text, names, rows)
    yield from _level_faults(link.text, names, values)


def _value(row: Fact | Quantity) -> str:
    if isinstance(row, Quantity):
        return f"{row.mean:g}" + (f" +/- {row.sd:g}" if row.sd is not None else "") + f" {row.unit}"
    return row.statement if row.value == "as stated" else row.value


def _whom(row: Fact | Quantity) -> str:
    return f"{row.population}; n = {row.sample}" if isinstance(row, Quantity) else row.population


def _counts(text: str, rows: list[Fact | Quantity]) -> set[Decimal]:
    """Give the numbers of people or specimens: the same number before the same word, in the link and in the row."""
    pairs = re.findall(r"(\d+)\s+([a-z]+)", _normal(text).casefold())
    whom = " ".join(_normal(_whom(row)).casefold() for row in rows)
    return {Decimal(number) for number, word in pairs if re.search(rf"\b{number}\s+(?:\w+\s+)?{word[:5]}", whom)}


def _unit_faults(text: str, names: str, rows: list[Fact | Quantity]) -> Iterator[str]:
    known = units_in(
        " ; ".join(f"{_value(row)} {_whom(row)} {'' if isinstance(row, Quantity) else row.statement}" for row in rows)
    )
    for unit in sorted(units_in(text) - known):
        yield f"[{text}]: the unit {unit} does not stand in {names}."


def units_in(text: str) -> set[str]:
    """Find the units that a text names."""
    return {unit for unit, pattern in _UNITS if pattern.search(text)}


def _level_faults(text: str, names: str, values: str) -> Iterator[str]:
    """Hold a number to the level that stands before it, where the value lists numbers by level."""
    listed = _by_level(values)
    for level, numbers in _by_level(text).items():
        wrong = numbers - listed[level] if level in listed and len(listed) > 1 else set()
        if wrong:
            yield f"[{text}]: {', '.join(sorted(map(str, wrong)))} is not the value of {level} in {names}."


def _by_level(text: str) -> dict[str, set[Decimal]]:
    """Read "C2/3 10.15, C3/4 8.09" as numbers by level; a text that puts the level in brackets after is not read."""
    text = _normal(text)
    if re.search(r"\(\s*[CTLS]\d", text):
        return {}
    found = list(LEVEL.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    levels: dict[str, set[Decimal]] = {}
    for match, end in zip(found, ends, strict=True):
        name = match[0].replace(" ", "").replace("-", "/")
        levels.setdefault(name, set()).update(numbers_in(text[match.end() : end]))
    return {level: numbers for level, numbers in levels.items() if numbers}


def _address_faults(link: Link, citations: list[Citation]) -> Iterator[str]:
    for citation in citations:
        if link.url.casefold() != citation.url.casefold():
            yield f"[{link.text}]: the address of {citation.id} is {citation.url}, not {link.url}."


def _title_faults(link: Link, citations: list[Citation]) -> Iterator[str]:
    title = title_of(citations)
    if link.title != title:
        yield f'[{link.text}]: the title must say "{title}".'


def title_of(citations: Sequence[Citation]) -> str:
    """Give the title that a link to these rows bears: their ids, then each citation once."""
    ids = ", ".join(citation.id for citation in citations)
    said = dict.fromkeys(citation.title.removeprefix(citation.id) for citation in citations)
    return (ids + ";".join(said)).replace('"', "'")


def number_links(text: str) -> list[Link]:
    """Give the links of a text that name evidence."""
    return [link for link in links(text) if not link.image and ids_of(link)]
