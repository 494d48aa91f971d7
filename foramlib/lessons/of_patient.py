"""What prose says of a made-up patient, held against the patient's file.

``[right](#patient "ruth-adeyemi · side")``, ``[seven months](#patient "ruth-adeyemi · weeks seen")``,
``[weak wrist extension](#patient "helen-osei · finding weak-wrist-extension, week 12")``.

The title is ``PATIENT · FIELD``, with a field of :data:`FIELDS`. Some take a word more: ``weeks seen`` (from the onset
to a date), ``weeks seen to reviewed``, ``date seen``, ``lesion herniation`` (mm), ``finding kemp``. ``, week 12`` asks
a later visit instead of the first.

A sentence that names one of these patients carries the side, the age, a span of days to years, the level and the
grade of an image in such links, or in a link to the model; :func:`unlinked` finds what stands outside. People without a
name are free, ``[six weeks](#patient "invented patient")``.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.clinic.findings import findings
from foramlib.errors import InvalidInput
from foramlib.evidence.days import day_words
from foramlib.learning.patient import patients
from foramlib.lessons.asked import ROOTS
from foramlib.lessons.claims import Amount, Named, Quoted, Span, differences, spelled_out
from foramlib.lessons.markdown import LINK, links, plain, without_code
from foramlib.lessons.of_model import shipped_patient
from foramlib.spine.levels import MODELLED, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from foramlib.learning.patient import Patient, Visit
    from foramlib.lessons.claims import Value
    from foramlib.lessons.markdown import Link

__all__ = ["FIELDS", "HOW", "INVENTED", "named_in", "patient_faults", "unlinked"]

INVENTED = "invented patient"
"""Title of what is told of a person without a name."""

HOW = 'write it as a link to the patient\'s file, such as [right](#patient "ruth-adeyemi · side")'
"""How a word about a patient is written, for complaints."""

_BODY = (
    r"arms?|forearm|elbow|wrist|hands?|thumb|fingers?|index|shoulders?|neck|back|buttock|hips?|thigh|legs?|knee|calf|"
    r"shin|ankle|foot|feet|toes?|side|half|facet|foramen|foramina|root|ear|ribs?|triceps|biceps|uncinate"
)
_SIDE = re.compile(
    rf"\b(?:left|right)(?:[-\s]sided|[-\s]hand(?:ed)?)\b|\b(?:left|right)\s+(?:\w+\s+)?(?:{_BODY}|[CLST]\d)\b"
    r"|\b(?:on|to|from)\s+(?:the|her|his)\s+(?:left|right)\b(?!\s+(?:time|moment|answer|place|person|one|way|track)\b)"
    r"|\bboth\s+sides\b|'s\s+(?:left|right)\b(?=\s*(?:[.,;:?!)]|$))",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b\d{2,3}-year-old\b|\b(?:aged|age)\s+\d{2,3}\b|\b\d{2,3}\s+years\s+old\b"
    r"|\b(?:is|was|turns|,)\s*\d{2}(?=\s*(?:,|\.|;|and\b|$))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:\d+(?:\s*(?:to|-|–)\s*\d+)?|half a|several)[-\s]+(?:day|week|month|year)s?\b(?![-\s]old)"
    r"|\b(?:week|month)s?\s+\d+",
    re.IGNORECASE,
)
_GRADE = re.compile(r"\bgrade\s+[0-3A-F]\b(?!\s*(?:of|to)\s+\d)")
_LEVEL = re.compile(r"\b[CTLS]\d{1,2}\s?[-–/]\s?[CTLS]?\d{1,2}\b")


# -- fields


def _visit(patient: Patient, week: str) -> Visit:
    found = {str(visit.week): visit for visit in patient.visits}
    if week not in found:
        raise InvalidInput(f"{patient.name} has no visit in week {week}; there are {', '.join(found) or 'none'}.")
    return found[week]


def _finding(patient: Patient, name: str, week: str) -> Value:
    known = {row.id: row.text for row in findings().values()}
    if name not in known:
        raise InvalidInput(f"There is no finding {name!r}; the ids stand in data/clinic/findings.csv.")
    there = _visit(patient, week).findings if week else patient.findings
    if name in there or f"not-{name}" in there:
        return Quoted(known[name], frozenset(re.findall(r"\w{3,}", f"{name} {known[name]}")), absent=name not in there)
    raise InvalidInput(f"{patient.name} was not examined for {name!r} {f'in week {week}' if week else 'at first'}.")


def _weeks(patient: Patient, dates: str, _: str) -> Value:
    first, _, last = dates.partition(" to ")
    start, end = (first, last) if last else ("onset", first)
    return Span(float((patient.day(end) - patient.day(start)).days))


def _lesion(patient: Patient, name: str, _: str) -> Value:
    found = {one.name: one.mm for one in patient.lesions}
    if name not in found:
        raise InvalidInput(f"{patient.name} has no lesion {name!r}; there are {', '.join(found)}.")
    return Amount((found[name],), "mm")


def _day(patient: Patient, name: str, _: str) -> Value:
    return Quoted(day_words(patient.day(name)))


FIELDS: Mapping[str, Callable[[Patient, str, str], Value]] = MappingProxyType(
    {
        "side": lambda patient, *_: Named(frozenset({patient.side}), frozenset({"left", "right"})),
        "level": lambda patient, *_: Named(frozenset({patient.level}), frozenset(MODELLED)),
        "root": lambda patient, *_: Named(frozenset({Level.parse(patient.level).exiting_root}), ROOTS),
        "age": lambda patient, *_: Amount((float(patient.age),)),
        "weeks": _weeks,
        "date": _day,
        "finding": _finding,
        "lesion": _lesion,
        "regions": lambda patient, *_: Quoted(" ".join(patient.regions).replace(".", " ").replace("_", " ")),
        "history": lambda patient, *_: Quoted(patient.history),
        "imaging": lambda patient, *_: Quoted(patient.imaging),
        "note": lambda patient, _, week: Quoted(_visit(patient, week).note),
        "occupation": lambda patient, *_: Quoted(patient.occupation),
        "sport": lambda patient, *_: Quoted(patient.sport),
    }
)
"""What can be asked of a patient: from the patient, a word more, and the week of a later visit or ""."""


@cache
def _value(name: str, asked: str) -> Value:
    patient = shipped_patient(name)
    words, _, week = asked.partition(", week ")
    field, _, more = words.partition(" ")
    if field not in FIELDS:
        raise InvalidInput(f"There is no field {field!r} of a patient; choose one of {', '.join(FIELDS)}.")
    return FIELDS[field](patient, more, week)


def patient_faults(link: Link) -> Iterator[str]:
    """Say where a link to a patient does not tell what the patient's file says."""
    name, _, asked = (part.strip() for part in link.title.partition(" · "))
    if not asked:
        if link.title != INVENTED:
            yield f'the link [{link.text}] has the title "{link.title}"; {HOW}, or "{INVENTED}" for one without a name.'
        return
    try:
        value = _value(name, asked)
    except InvalidInput as problem:
        yield f"[{link.text}]: {problem}"
        return
    yield from (f"[{link.text}] against {link.title}: {said}" for said in differences(link.text, value))


# -- sentences


@cache
def _names() -> Mapping[str, str]:
    """Give the id of each patient by first and last name."""
    people = [shipped_patient(name) for name in patients()]
    return MappingProxyType({part: one.id for one in people for part in one.name.split()})


@cache
def _anybody() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(_names())})\b")


def named_in(text: str) -> frozenset[str]:
    """Give the ids of the patients that a text names."""
    return frozenset(_names()[name] for name in _anybody().findall(plain(text)))


def unlinked(sentence: str) -> Iterator[str]:
    """Say what a sentence tells of a patient whom it names and does not link to the patient's file.

    These are a side, an age, a span of days to years, a level and the grade of an image. What stands in a link is held
    by that link.
    """
    people = named_in(sentence)
    if not people:
        return
    for link in links(sentence):
        owner = link.title.partition(" · ")[0]
        if link.url == "#patient" and owner not in people:
            yield f'[{link.text}] tells of {" and ".join(sorted(people))}, but its title is "{link.title}"; {HOW}.'
    rest = spelled_out(plain(LINK.sub(_left_out, without_code(sentence))))
    for pattern in (_SIDE, _AGE, _TIME, _LEVEL, _GRADE):
        for found in pattern.finditer(rest):
            yield f'"{found[0].strip(" ,")}" is told of {" and ".join(sorted(people))}; {HOW}.'


def _left_out(link: re.Match[str]) -> str:
    """Take out links with something behind them; the text of any other stays."""
    title = link["title"] or ""
    return " ¤ " if " · " in title or link["url"].startswith("{") or title == INVENTED else str(link["text"])
