"""Operations as data: the steps of each approach, why, what to see, what is at risk, and what can go wrong.

The files of ``data/operations`` are read and checked here. One engine (:mod:`foramlib.learning.operating`) walks
through all of them; the model (:mod:`foramlib.spine.surgery`) takes away what a step takes away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, look_up, searched, seed_claims
from foramlib.given import one_of
from foramlib.learning.records import Record, parse_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "ACTS",
    "CORRIDORS",
    "EFFECTS",
    "TEACHING",
    "Effect",
    "Operation",
    "OperationStep",
    "Verdict",
    "WrongChoice",
    "operation",
    "operations",
    "operations_for",
    "read_operation",
]

ACTS = ("", "corridor", "bone", "flavum", "ventral")
"""What a step does in the model: opens the way, takes bone, ligament and capsule, or a fragment in front."""

CORRIDORS = ("midline", "tube", "endoscope", "paraspinal", "transforaminal")
"""Ways through the muscles; their shapes belong to the model."""

EFFECTS = ("wrong-level", "wrong-side", "share", "artery", "leave")
"""What a wrong choice does in the model."""

TEACHING = "agreed teaching text"
"""How a step that rests on teaching alone names its source; no number may stand in it."""

_STEP_FIELDS = ("id", "title", "ask", "right", "act", "why", "see", "risk", "differs")
_OWN = (*_STEP_FIELDS, "shared", "sources", "teaching", "leaflets", "wrong", "at")
# Evidence, a search, or what else stands behind words: [28 %]({A:D-01}), [no trial]({S:02}), [C6](#model "model · …").
_LINK = re.compile(r"\[[^\]]+\]\((?:\{(?P<id>[^}]+)\}|#\w+(?:\s+\"[^\"]*\")?)\)")
_VERTEBRA = re.compile(r"\b[CTLS]\d{1,2}\b")


@dataclass(frozen=True)
class Effect:
    """What a wrong choice does in the model: one of :data:`EFFECTS`, with the share or the tissue it is about."""

    do: str
    share: float = 0.0
    what: str = ""


@dataclass(frozen=True)
class WrongChoice:
    """A choice that is wrong, with its consequence, the explanation and what the explanation rests on."""

    id: str
    choice: str
    consequence: str
    because: str
    effect: Effect | None
    sources: tuple[str, ...]
    teaching: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What a leaflet says of a step, and how that is judged."""

    id: str
    claim: str
    verdict: str
    explanation: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class OperationStep:
    """One step of an operation.

    Attributes
    ----------
    id, title : str
        Stable key, and heading.
    ask, right : str
        The question of test mode, and its right answer, which is also what is done.
    act : str
        One of :data:`ACTS`.
    why, see, risk : str
        Why it is done, what one should see, and the structure at risk.
    differs : str
        Where sources disagree, both sides; may be empty.
    wrong : tuple of WrongChoice
        At least one.
    sources : tuple of str
        Evidence ids that may be cited.
    teaching : tuple of str
        Evidence ids of teaching text: they may carry words, never a number.
    leaflets : tuple of Verdict
        What the leaflets say of this step, judged.
    at : mapping of str to OperationStep
        The step as it is told at a level with an anatomy of its own, by the name of the level.
    """

    id: str
    title: str
    ask: str
    right: str
    act: str
    why: str
    see: str
    risk: str
    differs: str
    wrong: tuple[WrongChoice, ...]
    sources: tuple[str, ...]
    teaching: tuple[str, ...]
    leaflets: tuple[Verdict, ...]
    at: Mapping[str, OperationStep] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def prose(self) -> tuple[str, ...]:
        """All texts of the step."""
        own = (self.title, self.ask, self.right, self.why, self.see, self.risk, self.differs)
        return (*own, *(text for one in self.wrong for text in (one.choice, one.consequence, one.because)))


@dataclass(frozen=True)
class Operation:
    """One operation: where it belongs, how it reaches the root, what bone it takes, and its steps.

    Attributes
    ----------
    id, title, short : str
        Key, full name, and a few words for a list.
    region : str
        ``"cervical"`` or ``"lumbar"``.
    planner : str
        Approach by which the recovery planner knows it: ``"open"``, ``"keyhole"`` or ``"endoscopic"``.
    view : str
        Direction of the gauges, a key of :data:`foramlib.spine.surgery.gauges.APPROACHES`.
    root : str
        The root that is to be freed: ``"exiting"`` or ``"traversing"``.
    corridor : str
        One of :data:`CORRIDORS`.
    bone : tuple of str
        Bone removals (:data:`foramlib.spine.surgery.presets.PRESETS`), the usual one first.
    share : float
        How much of it is usual in the model, 0 to 1 (assumption).
    told : str
        What it is, in two sentences.
    steps : tuple of OperationStep
        In order.
    sources, teaching : tuple of str
        As those of a step.
    """

    id: str
    title: str
    short: str
    region: str
    planner: str
    view: str
    root: str
    corridor: str
    bone: tuple[str, ...]
    share: float
    told: str
    steps: tuple[OperationStep, ...]
    sources: tuple[str, ...]
    teaching: tuple[str, ...]

    def step(self, name: str) -> OperationStep:
        """Give a step by its id.

        Raises
        ------
        InvalidInput
            If there is no such step.
        """
        for one in self.steps:
            if one.id == name:
                return one
        known = ", ".join(one.id for one in self.steps)
        raise InvalidInput(f"The operation {self.id} has no step {name!r}; its steps are {known}.")

    def at(self, level: str) -> Operation:
        """Give the operation in the words of a level, named as in ``"L5/S1"``."""
        return replace(self, steps=tuple(one.at.get(level, one) for one in self.steps))

    @property
    def evidence(self) -> tuple[str, ...]:
        """All ids that may be cited, each once, for a bibliography."""
        rows = [*self.sources]
        for one in (variant for step in self.steps for variant in (step, *step.at.values())):
            rows += [*one.sources, *(row for wrong in one.wrong for row in wrong.sources)]
            rows += [row for leaflet in one.leaflets for row in leaflet.sources]
        return tuple(dict.fromkeys(rows))


@lru_cache(maxsize=1)
def operations() -> Mapping[str, Operation]:
    """Give every operation by its id, those of the neck first.

    Raises
    ------
    InvalidInput
        If a file is damaged; the sentence names the file, the step and the field.
    """
    files = sorted(path for path in data_path("operations").glob("*.yaml") if path.stem != "shared")
    found = [read_operation(path.read_text(encoding="utf-8"), f"data/operations/{path.name}") for path in files]
    found.sort(key=lambda one: (one.region != "cervical", _ORDER.get(one.id, len(_ORDER))))
    return MappingProxyType({one.id: one for one in found})


_LISTED = (
    "posterior-open",
    "posterior-tubular",
    "posterior-endoscopic",
    "wiltse",
    "interlaminar",
    "lumbar-tubular",
    "transforaminal",
)
_ORDER: Mapping[str, int] = MappingProxyType({name: place for place, name in enumerate(_LISTED)})


def operations_for(region: str) -> tuple[str, ...]:
    """Give the ids of the operations of ``"cervical"`` or ``"lumbar"``, the usual one first."""
    return tuple(name for name, one in operations().items() if one.region == region)


def operation(name: str, level: object = None) -> Operation:
    """Give an operation by its id; for a level make sure that it belongs there, and tell it in the level's own words.

    Parameters
    ----------
    name : str
        Such as ``"posterior-open"`` or ``"wiltse"``.
    level : str or Level, optional
        Where it is to be done, in any spelling.

    Raises
    ------
    InvalidInput
        If there is no such operation, or it is not done at this level.
    """
    found = operations()[one_of(name, operations(), "operation")]
    return found if level is None else _told_at(found, level)


def _told_at(found: Operation, level: object) -> Operation:
    from foramlib.spine.levels import Level  # noqa: PLC0415 - the model is only needed for a level

    place = level if isinstance(level, Level) else Level.parse(level)
    if place.region != found.region:
        where = "neck" if found.region == "cervical" else "low back"
        allowed = ", ".join(operations_for(place.region))
        raise InvalidInput(
            f"{found.title} belongs to the {where} and is not done at {place.name}; choose one of {allowed}."
        )
    return found.at(place.name)


# -- reading


def read_operation(text: str, where: str) -> Operation:
    """Read one operation from YAML that stands at ``where`` (named in complaints).

    Raises
    ------
    InvalidInput
        If a field is missing, unknown or damaged.
    """
    record = parse_records(text, where)
    words = ("id", "title", "short", "region", "planner", "view", "root", "corridor", "told")
    record.only(*words, "bone", "share", "steps", "sources", "teaching")
    texts = {key: record.text(key) for key in words}
    _one_of(record, "corridor", CORRIDORS)
    _one_of(record, "region", ("cervical", "lumbar"))
    _one_of(record, "planner", ("open", "keyhole", "endoscopic"))
    _one_of(record, "root", ("exiting", "traversing"))
    sources, teaching = _sources(record)
    steps = tuple(_read_step(entry) for entry in record.records("steps"))
    return Operation(
        bone=record.texts("bone"),
        share=record.number("share"),
        steps=steps,
        sources=sources,
        teaching=teaching,
        **texts,
    )


@lru_cache(maxsize=1)
def _shared() -> Record:
    where = "data/operations/shared.yaml"
    return parse_records(data_path("operations", "shared.yaml").read_text(encoding="utf-8"), where)


def _read_step(record: Record) -> OperationStep:
    record.only(*_OWN)
    if "shared" in record.fields:
        below = _shared().record(record.text("shared"))
        record = Record(f"{record.where} ({below.where})", {**below.fields, **record.fields})
        record.only(*_OWN)
    texts = {key: record.text(key, "-" if key in {"act", "differs"} else None) for key in _STEP_FIELDS}
    texts |= {key: "" for key in ("act", "differs") if texts[key] == "-"}
    if texts["act"] not in ACTS:
        raise InvalidInput(f"{record.where}: the act {texts['act']!r} is not known; allowed are {', '.join(ACTS[1:])}.")
    sources, teaching = _sources(record)
    wrong = tuple(_read_wrong(entry) for entry in record.records("wrong"))
    leaflets = tuple(_verdict(row, record.where) for row in _ids(record, "leaflets"))
    levels = record.record("at").fields if "at" in record.fields else {}
    at = MappingProxyType({level: _read_variant(record, level) for level in levels})
    step = OperationStep(wrong=wrong, sources=sources, teaching=teaching, leaflets=leaflets, at=at, **texts)
    _check_numbers(step, record.where)
    return step


def _read_variant(record: Record, level: str) -> OperationStep:
    """Read what a step says differently at one level; the fields it does not name stay."""
    from foramlib.spine.levels import Level  # noqa: PLC0415 - the model is only needed for a level

    own = record.record("at").record(level)
    if Level.parse(level).name != level:
        raise InvalidInput(f"{own.where}: write the level as {Level.parse(level).name}.")
    below = {key: value for key, value in record.fields.items() if key not in {"at", "shared"}}
    return _read_step(Record(own.where, {**below, **own.fields}))


def _read_wrong(record: Record) -> WrongChoice:
    record.only("id", "choice", "consequence", "because", "model", "sources", "teaching")
    words = {key: record.text(key) for key in ("id", "choice", "consequence", "because")}
    effect = _read_effect(record.record("model")) if "model" in record.fields else None
    sources, teaching = _sources(record)
    return WrongChoice(effect=effect, sources=sources, teaching=teaching, **words)


def _read_effect(record: Record) -> Effect:
    record.only("do", "share", "what")
    _one_of(record, "do", EFFECTS)
    return Effect(record.text("do"), record.number("share", 0.0), str(record.fields.get("what", "")))


def _sources(record: Record) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read what a text rests on: rows that may be cited, and teaching text; one of the two there must be."""
    sources, teaching = _ids(record, "sources"), _ids(record, "teaching")
    if not sources and not teaching:
        raise InvalidInput(f"{record.where}: nothing says what this rests on; name sources or teaching text.")
    for row in sources:
        cite(row)
    for row in teaching:
        look_up(row)
    return sources, teaching


def _ids(record: Record, key: str) -> tuple[str, ...]:
    return record.texts(key) if record.fields.get(key) else ()


def _verdict(row: str, where: str) -> Verdict:
    if row not in seed_claims():
        raise InvalidInput(f"{where}: there is no judged claim {row!r} in data/evidence/seed_claims.csv.")
    claim = seed_claims()[row]
    return Verdict(row, claim.claim, claim.verdict, claim.explanation, _citable(claim.fact_ids))


def _citable(rows: Iterable[str]) -> tuple[str, ...]:
    return tuple(row for row in rows if look_up(row).citable)


def _check_numbers(step: OperationStep, where: str) -> None:
    """Refuse a digit outside a link to its evidence; the name of a vertebra is no number."""
    for text in step.prose:
        for row in filter(None, _LINK.findall(text)):
            searched(row) if row.startswith("S:") else cite(row)
        if re.search(r"\d", _VERTEBRA.sub("", _LINK.sub("", text))):
            raise InvalidInput(f"{where}: a number in {text!r} names no evidence; write it as [28 %]({{A:D-01}}).")


def _one_of(record: Record, key: str, allowed: tuple[str, ...]) -> None:
    if record.text(key) not in allowed:
        raise InvalidInput(
            f"{record.where}: the field {key!r} is {record.text(key)!r}; allowed are {', '.join(allowed)}."
        )
