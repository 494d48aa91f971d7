"""What prose says of the model, held against the model.

``[grade 1](#model "model · Park 2013 sagittal · helen-osei")``: the title is ``model · WHAT · WHERE``.
A change, in percent of the first, is ``model · change of WHAT · WHERE → WHERE`` between two states, or
``model · change of WHAT → WHAT · WHERE`` between two planes or quantities of one.

WHAT is a name of `foramlib.lessons.asked.quantities` or, of a table, of `foramlib.lessons.asked.TABLES`. A plane may
follow what is read off a cut: ``soft area sagittal``, ``Park 2013 foramen``, ``bony height oblique:45``. Without one
the cut is square to the canal, and a grading system takes its own.

WHERE is one of

- a patient, such as ``helen-osei``; a preset, such as ``soft-disc-neck``; a neck of the oblique trap, such as
  ``case spur``; each may be followed by a side;
- a level, or several, and a side: ``C5/6 right``, ``C3/4 to C6/7 left``;
- then, after commas, what is added: a lesion as the command takes it with spaces for commas
  (``herniation=4 zone=foraminal``), a posture or build (``flexion=-5``, ``build=small``), or what was done
  (``operation=posterior-open``, ``share=0.5``);
- a table: ``oblique table`` or ``oblique table, C5/6``; ``validate``; or ``target V-093`` and
  ``target V-032 to V-037``, of which ``value`` is asked.

Lesions, states and patients are read by their owners (`foramlib.spine.lesions`, `foramlib.learning.state`,
`foramlib.learning.patient`); nothing is read twice in one process.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.apps.trap_state import case
from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.learning.patient import patients, read_patient
from foramlib.learning.records import Record
from foramlib.learning.state import ModelState, read_state
from foramlib.lessons.asked import TABLES, Asked, quantities, targets
from foramlib.lessons.claims import Amount, differences
from foramlib.lessons.markdown import LINK, plain, without_code
from foramlib.spine.levels import Level
from foramlib.spine.planes import PLANES
from foramlib.spine.presets import preset, presets
from foramlib.spine.validation import levels_between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from foramlib.learning.patient import Patient
    from foramlib.lessons.claims import Value
    from foramlib.lessons.markdown import Link

__all__ = ["HOW", "model_faults", "shipped_patient", "unlinked_claims", "value_of"]

HOW = 'write what stands behind it, [23 mm²](#model "model · soft area · C5/6 right, facet_hypertrophy=3")'
"""How a number of the model is written, for complaints."""

CHANGE = "change of "
_PLANES = "|".join(name.partition(":")[0] for name in PLANES)
_PLANE = re.compile(rf"(?P<what>.+?) (?P<plane>(?:{_PLANES})(?::\d+(?:\.\d+)?)?)")
_HEAD = re.compile(r"(?P<place>.+?)(?: (?P<side>left|right))?")
_TARGET = re.compile(r"target (?P<first>V-\d+)(?: to (?P<last>V-\d+))?")
_OF_TARGETS: Mapping[str, Callable[[str, str], Amount]] = MappingProxyType({"value": targets})
_IN_MODEL = re.compile(
    r"\b(?:in|of|with|for) (?:the|this|our) model\b(?!'s own)|\bthe model (?!of\b)(?:here )?\w+s\b", re.IGNORECASE
)
_CLAIM = re.compile(
    r"\b(?:wider|narrower|larger|smaller|longer|shorter|taller|thicker|thinner|higher|lower|milder|worse)\b"
    r"|\b(?:falls?|rises?|grows?|shrinks?|stops?|stopped|opens|closes?|widens?|narrows?|gains?|doubles?|halves|frees)\b"
    r"|\btwice\b|\bgrade\s+\d\b"
    r"|\b(?:a|one|two)\s+(?:third|quarter)s?\b|\bhalf\b",
    re.IGNORECASE,
)


# -- reading a title


@cache
def value_of(what: str, where: str) -> Value:
    """Give what the model says.

    Parameters
    ----------
    what, where : str
        As the title of a link names them; see the head of this module.

    Raises
    ------
    InvalidInput
        If there is no such quantity, state or table; the sentence says what there is.
    """
    target = _TARGET.fullmatch(where)
    if target:
        return _known(_OF_TARGETS, what, "a target")(target["first"], target["last"] or target["first"])
    table, _, rest = where.partition(", ")
    if table in TABLES:
        return _known(TABLES[table], what, table)(Level.parse(rest).name if rest else "")
    if what.startswith(CHANGE):
        return _change(what.removeprefix(CHANGE), where)
    found = [_value(what, state) for state in _states(where)]
    return found[0] if len(found) == 1 else _joined(found, where)


def _known(table: Mapping[str, Callable[..., Value]], what: str, place: str) -> Callable[..., Value]:
    if what not in table:
        raise InvalidInput(f"There is no {what!r} of {place}; choose one of {', '.join(table)}.")
    return table[what]


def _value(what: str, asked: Asked) -> Value:
    planed = _PLANE.fullmatch(what)
    if planed and what not in quantities():
        what, asked = planed["what"], replace(asked, plane=planed["plane"])
    return _known(quantities(), what, "a state of the model")(asked)


def _change(what: str, where: str) -> Amount:
    """Give the change from the first to the second state, percent of the first."""
    (first, *then), (here, *there) = ([part.strip() for part in text.split("→")] for text in (what, where))
    if len(then) + len(there) != 1:
        raise InvalidInput(
            f"A change needs two states, as in C5/6 left → C5/6 left, flexion=-5, or two quantities; {where!r} is one."
        )
    before, after = value_of(first, here), value_of((then or [first])[0], (there or [here])[0])
    if not isinstance(before, Amount) or not isinstance(after, Amount) or len(before.values) != len(after.values):
        raise InvalidInput(f"{what!r} of {where!r} are no numbers that could be compared one by one.")
    pairs = zip(before.values, after.values, strict=True)
    return Amount(tuple(100.0 * (now / old - 1.0) for old, now in pairs), "%", change=True)


def _joined(found: list[Value], where: str) -> Value:
    amounts = [one for one in found if isinstance(one, Amount)]
    if len(amounts) == len(found):
        return replace(amounts[0], values=tuple(value for one in amounts for value in one.values))
    if len(set(found)) == 1:
        return found[0]
    raise InvalidInput(f"The levels of {where!r} differ: {', '.join(sorted({one.told() for one in found}))}.")


def _states(where: str) -> tuple[Asked, ...]:
    head, *parts = (part.strip() for part in where.split(","))
    named = _HEAD.fullmatch(head)
    if named is None:
        raise InvalidInput("No state of the model is named; " + HOW + ".")
    place, side = named["place"], named["side"] or ""
    fields, approach, share = _added(parts)
    return tuple(_asked(start, fields, approach, share) for start in _starts(place, side))


def _starts(place: str, side: str) -> tuple[dict[str, object], ...]:
    """Give level, side and lesions of a patient, a preset, or of one or several levels."""
    if place in patients():
        patient = shipped_patient(place)
        return ({"level": patient.level, "side": side or patient.side, "lesions": list(patient.lesion_texts())},)
    if place in presets():
        state = preset(place)
        state = state.on(side) if side else state
        return ({"level": state.level, "side": state.side, "lesions": [one.written for one in state.lesions]},)
    if place.startswith("case "):
        neck = case(place.removeprefix("case "), side or "left")
        return ({"level": neck.level, "side": neck.side, "lesions": list(neck.lesions)},)
    if not side:
        raise InvalidInput(f"{place!r} is no patient and no preset, and a level needs a side: write C5/6 left.")
    return tuple({"level": level, "side": side, "lesions": []} for level in levels_between(place))


@cache
def shipped_patient(name: str) -> Patient:
    """Give a patient as shipped, whatever the learner's own copy says.

    Raises
    ------
    InvalidInput
        If there is none of that name.
    """
    if name not in patients():
        raise InvalidInput(f"There is no patient {name!r}; choose one of {', '.join(patients())}.")
    return read_patient(json.loads(data_path("patients", f"{name}.json").read_text(encoding="utf-8")), name)


def _added(parts: list[str]) -> tuple[dict[str, object], str, float | None]:
    """Part what is added to a state into its fields, with lesions, and the operation with its share."""
    numbers = {field.name for field in fields(ModelState) if field.type == "float"}
    found: dict[str, object] = {"lesions": []}
    approach, share = "", None
    for part in parts:
        key, _, value = part.partition("=")
        if key == "operation":
            approach = value
        elif key == "share":
            share = _number(value, part)
        elif key in numbers:
            found[key] = _number(value, part)
        elif key == "build":
            found[key] = value
        else:
            found["lesions"] = [*_texts(found), part.replace(" ", ",")]
    return found, approach, share


def _texts(found: Mapping[str, object]) -> list[str]:
    texts = found["lesions"]
    return [str(text) for text in texts] if isinstance(texts, list) else []


def _number(text: str, part: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput(f"{part!r} holds no number; write it like flexion=-5.") from None


def _asked(start: Mapping[str, object], added: Mapping[str, object], approach: str, share: float | None) -> Asked:
    together = {**start, **added, "lesions": [*_texts(start), *_texts(added)]}
    if not together["lesions"]:
        del together["lesions"]
    return Asked(read_state(Record("This state", together)), "", approach, share)


# -- faults of a link and of a sentence


def model_faults(link: Link) -> Iterator[str]:
    """Say where a link to the model does not tell the truth, or names nothing that could be looked at."""
    head, *rest = (part.strip() for part in link.title.split(" · "))
    if head != "model" or len(rest) != 2:  # noqa: PLR2004 - WHAT and WHERE
        yield f'the link [{link.text}] has the title "{link.title}"; {HOW}.'
        return
    try:
        value = value_of(*rest)
    except InvalidInput as problem:
        yield f"[{link.text}]: {problem}"
        return
    yield from (f"[{link.text}] against {' · '.join(rest)}: {said}" for said in differences(link.text, value))


def unlinked_claims(sentence: str) -> Iterator[str]:
    """Say what a sentence tells of the model without a link: more, less, a share or a grade "in the model"."""
    rest = plain(
        LINK.sub(lambda link: " ¤ " if " · " in (link["title"] or "") else link["text"], without_code(sentence))
    )
    found = _CLAIM.search(rest) if _IN_MODEL.search(rest) else None
    if found:
        yield f'"{found[0]}" is told of the model; {HOW}.'
