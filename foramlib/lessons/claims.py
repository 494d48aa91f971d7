"""What a link in prose says, compared with what stands behind it: amounts, words of one kind, spans of time, texts.

Every function that compares gives sentences without the text of the link; who asks puts that before them.

Rules of reading, all of them ours:

- A number equals the value rounded to the digits that are printed. Two numbers ("5 to 6") hold all values between
  them; of several values (one for each level) they are the least and the greatest.
- "More than", "at least", "less than" and "at most" ask on which side of the number the value lies; "about" and shares
  in words ("a third") allow :data:`ABOUT` of it.
- A change names its direction, by a sign or a word ("falls by a third", "wider"); "little" is less than
  :data:`LITTLE` percent, "the same" less than :data:`SAME`, "far more" at least :data:`FAR`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from foramlib.lessons.numbers import LEVEL, units_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Amount", "Named", "Quoted", "Span", "Value", "differences", "spelled_out"]

ABOUT = 0.15
"""Share by which a value may lie beside a number that is said to be about it."""

SAME, LITTLE, FAR = 1.0, 10.0, 100.0
"""Percent: a change below the first is none, below the second is little; from the third on it is far."""

_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ONES: Mapping[str, int] = MappingProxyType({word: number for number, word in enumerate(_COUNTED.split())})
_TENS: Mapping[str, int] = MappingProxyType(
    {
        word: 10 * number
        for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
    }
)
_SPELLED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[-\s](?P<ones>{'|'.join(list(_ONES)[1:10])}))?|(?P<small>{'|'.join(_ONES)}))\b",
    re.IGNORECASE,
)
_SHARES: Mapping[str, float] = MappingProxyType(
    {
        "two thirds": 200 / 3,
        "three quarters": 75.0,
        "a third": 100 / 3,
        "one third": 100 / 3,
        "a quarter": 25.0,
        "a fifth": 20.0,
        "a tenth": 10.0,
        "half": 50.0,
        "double": 100.0,
        "doubles": 100.0,
        "doubled": 100.0,
    }
)
_SHARE = re.compile(rf"\b(?:{'|'.join(_SHARES)})\b", re.IGNORECASE)
_NUMBER = r"(?<![\w.])[-+]?\d+(?:\.\d+)?"
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})(?:\s*(?:°|%|mm[23²]?))?\s*(?P<link>to|and|-)\s*(?P<high>-?\d+(?:\.\d+)?)", re.IGNORECASE
)
_ONE = re.compile(
    r"(?P<bound>more than|over|above|at least|less than|fewer than|under|below|at most|up to|about|around|nearly|"
    rf"almost|roughly)?\s*(?P<number>{_NUMBER})(?P<about>~)?",
    re.IGNORECASE,
)
_ABOVE = frozenset({"more than", "over", "above", "at least"})
_BELOW = frozenset({"less than", "fewer than", "under", "below", "at most", "up to"})
_BOUNDS = re.compile(r"\b(?:more|less|fewer) than\b", re.IGNORECASE)
_DOWN = re.compile(
    r"\b(?:falls?|fell|fallen|lower|less|fewer|narrower|narrows?|narrowed|smaller|los(?:e|es|t|ing)|shrinks?|shrank|"
    r"shorter|thinner|closes?|closed|drops?|dropped|halved|halves|down|rarer|milder)\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:wider|widens?|widened|larger|bigger|grows?|grew|gains?|gained|more|rises?|rose|higher|taller|opens?|opened|"
    r"longer|thicker|up|doubles?|doubled|worse)\b",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\b(?:the same|unchanged|no change|no more|not change|does nothing|stops?|stopped)\b", re.IGNORECASE
)
_LITTLE = re.compile(r"\b(?:little|hardly|barely|slightly)\b", re.IGNORECASE)
_FAR = re.compile(r"\b(?:far|much)\s+(?:more|less|wider|narrower|larger|smaller)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:no|none|nothing|neither|free|not|without)\b", re.IGNORECASE)
_EMPTY_WORDS = "a an and are as at be by for from had has have her his in is it of on or she he the to was with"
_EMPTY = frozenset(_EMPTY_WORDS.split())
_DAYS: Mapping[str, float] = MappingProxyType({"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25})
_SPAN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)[-\s]*(?P<unit>day|week|month|year)|(?P<before>day|week|month|year)s?\s+(?P<after>\d+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Amount:
    """Numbers of one kind: one, or one for each level that is named.

    Attributes
    ----------
    values : tuple of float
        In `unit`.
    unit : str
        ``"mm"``, ``"mm2"``, ``"deg"``, ``"%"``, or "" for a count.
    change : bool
        Whether the sign is a direction that words can say.
    """

    values: tuple[float, ...]
    unit: str = ""
    change: bool = False

    def told(self) -> str:
        """Say the numbers."""
        return " and ".join(f"{value:.4g}" for value in self.values) + (f" {self.unit}" if self.unit else "")


@dataclass(frozen=True)
class Named:
    """Words of one kind, such as roots: those that hold, and all that could be named.

    Attributes
    ----------
    words, kind : frozenset of str
        What holds, and the whole kind.
    whole : bool
        Whether all that holds must be named, or some of it is enough.
    """

    words: frozenset[str]
    kind: frozenset[str]
    whole: bool = True

    def told(self) -> str:
        """Say the words."""
        return " and ".join(sorted(self.words)) or "none"


@dataclass(frozen=True)
class Span:
    """A time between two dates, days."""

    days: float

    def told(self) -> str:
        """Say it in days and weeks."""
        return f"{self.days:g} days ({self.days / 7:.1f} weeks)"


@dataclass(frozen=True)
class Quoted:
    """A text whose words a link may use, and whether what it says is absent ("not weak").

    Attributes
    ----------
    text : str
        Words; a link that uses any others, or too few of `needed`, says something else.
    needed : frozenset of str
        Words of which at least one must be used; empty where every word of the link must stand in `text`.
    absent : bool
        Whether what is named was looked for and is not there.
    """

    text: str
    needed: frozenset[str] = frozenset()
    absent: bool = False

    def told(self) -> str:
        """Say the text."""
        return f"{'not ' if self.absent else ''}{self.text}"


Value: TypeAlias = Amount | Named | Span | Quoted


def differences(text: str, value: Value) -> Iterator[str]:
    """Say where the text of a link differs from the value behind it; nothing where it does not."""
    if isinstance(value, Amount):
        yield from _other_amount(text, value)
    elif isinstance(value, Named):
        yield from _other_words(text, value)
    elif isinstance(value, Span):
        yield from _other_span(text, value)
    else:
        yield from _other_text(text, value)


def spelled_out(text: str) -> str:
    """Write numbers in words as figures: "sixty-eight" as "68".

    Examples
    --------
    >>> spelled_out("five to six weeks, sixty-eight")
    '5 to 6 weeks, 68'
    """
    return _SPELLED.sub(_figure, text)


def _figure(found: re.Match[str]) -> str:
    if found["small"]:
        return str(_ONES[found["small"].casefold()])
    return str(_TENS[found["tens"].casefold()] + _ONES.get((found["ones"] or "").casefold(), 0))


def _plain_numbers(text: str) -> str:
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return text.replace("−", "-").replace("–", "-").replace("\N{NO-BREAK SPACE}", " ")


# -- amounts


def _other_amount(text: str, value: Amount) -> Iterator[str]:
    strange = units_in(text) - {value.unit}
    if strange:
        yield f"the unit is {value.unit or 'none'}, not {' or '.join(sorted(strange))}."
        return
    words = _BOUNDS.sub(" ", text)
    falls, grows = (value.change and bool(pattern.search(words)) for pattern in (_DOWN, _UP))
    if falls != grows and any((one < 0) != falls or one == 0 for one in value.values):
        yield f"it {'falls' if falls else 'grows'} here, but the value is {value.told()}."
        return
    # Where a word says the direction, the number beside it is written without a sign.
    values = tuple(map(abs, value.values)) if falls != grows else value.values
    yield from _other_numbers(text, value, values, directed=falls != grows)


def _other_numbers(text: str, value: Amount, values: tuple[float, ...], *, directed: bool) -> Iterator[str]:
    rest = _plain_numbers(spelled_out(LEVEL.sub(" ", text)))
    if value.unit == "%":
        rest = _SHARE.sub(lambda found: f"{_SHARES[found[0].casefold()]:.1f}~", rest)
    said = False
    for found in _RANGE.finditer(rest):
        said = True
        if not _in_range(found, values):
            yield f"{found[0]} does not hold the value, which is {value.told()}."
    for found in _ONE.finditer(_RANGE.sub(" ", rest)):
        said = True
        if not all(_is_number(found, one) for one in values):
            yield f"{found[0].strip().rstrip('~')} is not the value, which is {value.told()}."
    for pattern, low, high in ((_SAME, 0.0, SAME), (_LITTLE, 0.0, LITTLE), (_FAR, FAR, float("inf"))):
        if value.change and pattern.search(text):
            said = True
            if not all(low <= abs(one) < high for one in values):
                yield f"the value is {value.told()}."
    if not said and not directed:
        yield f"it says nothing that can be compared; the value is {value.told()}."


def _in_range(found: re.Match[str], values: tuple[float, ...]) -> bool:
    """Tell whether a range holds one value, or runs from the least to the greatest of several."""
    low, high = found["low"].lstrip("+"), found["high"]
    # In "-30-20" the second number is as negative as the first.
    high = f"-{high}" if found["link"] == "-" and low.startswith("-") and not high.startswith("-") else high
    first, last = sorted((low, high), key=float)
    if len(values) > 1:
        return _rounded(first, min(values)) and _rounded(last, max(values))
    return float(first) <= values[0] <= float(last) or _rounded(first, values[0]) or _rounded(last, values[0])


def _rounded(number: str, value: float) -> bool:
    """Tell whether a value, rounded to the digits of a number, is that number."""
    digits = len(number.partition(".")[2])
    return abs(float(number) - value) <= 0.5 * 10.0**-digits + 1e-9


def _is_number(found: re.Match[str], value: float) -> bool:
    number, bound = float(found["number"]), (found["bound"] or "").casefold()
    if bound in _ABOVE:
        return value > number or (bound == "at least" and value == number)
    if bound in _BELOW:
        return value < number or (bound in {"at most", "up to"} and value == number)
    if bound or found["about"]:
        return abs(value - number) <= ABOUT * abs(number) + 1e-9
    return _rounded(found["number"].lstrip("+"), value)


# -- words, times and texts


def _other_words(text: str, value: Named) -> Iterator[str]:
    found = {word for word in value.kind if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}
    wrong = found != value.words if value.whole else not found <= value.words or (not found and value.words)
    if wrong or (not found and not _NONE.search(text)):
        yield f"it names {' and '.join(sorted(found)) or 'nothing'}, but the value is {value.told()}."


def _other_span(text: str, value: Span) -> Iterator[str]:
    rest = _plain_numbers(spelled_out(re.sub(r"\bhalf a year\b", "6 months", text)))
    found = list(_SPAN.finditer(rest))
    if not found:
        yield f"it names no days, weeks, months or years; the time is {value.told()}."
    for one in found:
        number, unit = one["number"] or one["after"], (one["unit"] or one["before"]).casefold()
        if not _rounded(number, value.days / _DAYS[unit]):
            yield f"{one[0]} is not the time, which is {value.told()}."


def _other_text(text: str, value: Quoted) -> Iterator[str]:
    said, held = _stems(text), _stems(value.text)
    if value.needed:
        if not said & _stems(" ".join(value.needed)):
            yield f"it names nothing of it; what was found is: {value.told()}."
        if bool(_NONE.search(text)) != value.absent:
            yield f"what was found is: {value.told()}."
    elif not said or not said <= held:
        strange = ", ".join(sorted(said - held)) or "nothing"
        yield f'it says {strange}; the text is "{value.told()}".'


def _stems(text: str) -> set[str]:
    """Give the beginnings of the words that carry meaning; figures whole."""
    words = re.findall(r"[a-z]+|\d+", spelled_out(text).casefold())
    return {word[:5].rstrip("s") for word in words if word.isdigit() or word not in _EMPTY}
