"""Compare the model with published measurements: every target beside the model's value.

The targets stand in ``data/model/targets.csv``. Published means and spreads come from the
evidence tables where they are there as numbers; ranges given in words are typed beside the
fact that holds them.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, morphometry
from foramlib.spine import calipers
from foramlib.spine.contact import contacts
from foramlib.spine.foramen import DEFINITIONS, measure
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.spine.foramen import Rulers

PEOPLE = 60
"""Number of sampled people behind the rows about contact."""

LOW_DISC = 4.0
"""Posterior disc height, mm, of the low discs in the rows about contact (A:D-09)."""

PLAIN_RULES = ("range", "half to double", "opens", "closes", "at most", "at least")
"""Rules whose range is typed in the table as it is."""

LOSSES = {"loss1": 1.0, "loss2": 2.0, "loss3": 3.0}
"""Disc height lost, mm, in the rows about disc narrowing (A:D-08)."""

RANGES: Mapping[str, str] = {
    "C3/4": "M:M-034",
    "C4/5": "M:M-035",
    "C5/6": "M:M-036",
    "C6/7": "M:M-037",
}
"""Published ranges of flexion and extension together; the rows about change use half of each."""


@dataclass(frozen=True)
class Row:
    """One target with the model's answer.

    Attributes
    ----------
    id, level, quantity, ruler, definition : str
        What is compared; the ruler is ``"bony"``, ``"soft"`` or ``"anatomy"``.
    published : float or None
        Published value (mm, mm², degrees or percent, as the definition says).
    low, high : float or None
        Ends of the range that counts as agreement; None is open.
    model : float
        The model's value.
    ok : bool
        Whether it lies in the range.
    rule : str
        How the range was made.
    source, note : str
        Citation and remarks.
    """

    id: str
    level: str
    quantity: str
    ruler: str
    definition: str
    published: float | None
    low: float | None
    high: float | None
    model: float
    ok: bool
    rule: str
    source: str
    note: str

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return asdict(self)


def validate() -> list[Row]:
    """Return all targets with the model's values, misses included.

    Raises
    ------
    InvalidInput
        If the table of targets names a measurement or an evidence row that does not exist.
    """
    return list(_rows(data_path("model", "targets.csv").read_text(encoding="utf-8")))


@cache
def _rows(table: str) -> tuple[Row, ...]:
    """Return the rows of a table of targets, given as text; asked once per process, for it takes seconds."""
    return tuple(_row(target) for target in csv.DictReader(table.splitlines()))


def _row(target: Mapping[str, str]) -> Row:
    published, low, high = _published(target)
    value = model_value(target["level"], target["measure"])
    quantity = morphometry().get(target["evidence"])
    spread = quantity.sd if quantity else None
    low, high = _stretched(target["rule"], published, low, high, spread)
    fits = (low is None or value >= low) and (high is None or value <= high)
    source = "assumption" if target["evidence"] == "assumption" else cite(target["evidence"]).text
    words = ("id", "level", "quantity", "ruler", "definition", "rule", "note")
    return Row(
        **{name: target[name] for name in words},
        published=published,
        low=low,
        high=high,
        model=round(value, 3),
        ok=fits,
        source=source,
    )


def _published(target: Mapping[str, str]) -> tuple[float | None, float | None, float | None]:
    """Return the published value and the typed ends of its range; the value from the evidence where it is there."""
    published, low, high = (_typed(target, name) for name in ("published", "low", "high"))
    if published is not None:
        return published, low, high
    quantity = morphometry().get(target["evidence"])
    if quantity is None or low is not None or high is not None:
        return None, low, high
    return quantity.mean, low, high


def _typed(target: Mapping[str, str], name: str) -> float | None:
    """Return a typed number of a target, None where the cell is empty."""
    try:
        return float(target[name]) if target[name] else None
    except ValueError:
        raise _corrupt(target[name], f"column {name!r} takes a number or nothing") from None


def _corrupt(given: str, allowed: str) -> InvalidInput:
    return InvalidInput(f"data/model/targets.csv holds {given!r}; {allowed}.")


def _stretched(
    rule: str, published: float | None, low: float | None, high: float | None, spread: float | None
) -> tuple[float | None, float | None]:
    """Return the ends of the agreeing range under a rule."""
    shares = {"ten percent": 0.10, "twenty percent": 0.20}
    margins = {"one mm": 1.0, "five degrees": 5.0, "one SD": spread or 0.0}
    if rule not in {*shares, *margins, *PLAIN_RULES}:
        raise _corrupt(rule, f"the rules are {', '.join([*shares, *margins, *PLAIN_RULES])}")
    if rule in PLAIN_RULES or (rule == "one SD" and low is not None):
        return low, high
    bottom = published if low is None else low
    top = published if high is None else high
    if bottom is None or top is None:
        return low, high
    if rule in shares:
        return bottom * (1 - shares[rule]), top * (1 + shares[rule])
    return bottom - margins[rule], top + margins[rule]


def model_value(level: str, name: str) -> float:
    """Return the model's value of a named measurement at ``level``, or over "one level to another".

    Raises
    ------
    InvalidInput
        If there is no such measurement.
    """
    levels = levels_between(level)
    kind, _, rest = name.partition(":")
    if kind == "contact":
        return _contact_share(levels, rest)
    if kind in {"mean", "sum", "ends"}:
        values = [_single(each, rest) for each in levels]
        if kind == "ends":  # the value farthest from the middle of them all
            return max(values, key=lambda value: abs(value - sum(values) / len(values)))
        return sum(values) / (len(values) if kind == "mean" else 1)
    if kind == "change":
        return sum(_single(each, name) for each in levels) / len(levels)
    return _single(level, name)


def levels_between(text: str) -> tuple[str, ...]:
    """Return the levels of a row: one, or all from "one to another"."""
    first, _, last = text.partition(" to ")
    start = MODELLED.index(Level.parse(first).name)
    stop = MODELLED.index(Level.parse(last or first).name)
    return MODELLED[start : stop + 1]


def _single(level: str, name: str) -> float:
    kind, _, rest = name.partition(":")
    if kind == "change":
        state, _, figure = rest.partition(":")
        return _change(level, state, figure)
    if name == "touched":
        return float(len(contacts(Segment.at(level))))
    if name.startswith("bony."):
        return _figure(_bony(Segment.at(level)), name.removeprefix("bony."))
    caliper: Callable[[Segment], float] | None = getattr(calipers, name, None)
    if caliper is None:
        raise _corrupt(name, "no such measurement exists")
    return float(caliper(Segment.at(level)))


def _bony(segment: Segment) -> Rulers:
    figures = measure(segment).bony
    if figures is None:
        raise InvalidInput(f"The foramen of {segment.level.name} is not closed in its own plane.")
    return figures


def _figure(figures: Rulers, name: str) -> float:
    if name not in DEFINITIONS:
        raise _corrupt(name, f"a ruler gives {', '.join(DEFINITIONS)}")
    return float(getattr(figures, name))


def _change(level: str, state: str, figure: str) -> float:
    """Change in percent of a bony figure between the neutral segment and a state, left side."""
    before = _figure(_bony(Segment.at(level)), figure)
    after = _figure(_bony(_in_state(level, state)), figure)
    return float(100.0 * (after / before - 1.0))


def _in_state(level: str, state: str) -> Segment:
    segment = Segment.at(level)
    limits = segment.limits
    if state in LOSSES:
        return segment.with_disc_loss(LOSSES[state])
    if state in {"flexion", "extension"}:
        half = (morphometry()[RANGES[level]].mean or 0.0) / 2
        return segment.bent(flexion=half if state == "flexion" else -half)
    extremes = {
        "full flexion": {"flexion": limits["flexion"][1]},
        "full extension": {"flexion": limits["flexion"][0]},
        "bend": {"bend": limits["bend"][1]},
        "rotation": {"rotation": limits["rotation"][1]},
    }
    if state not in extremes:
        raise _corrupt(state, f"a change is one of {', '.join([*LOSSES, 'flexion', 'extension', *extremes])}")
    return segment.bent(**extremes[state])


@cache
def _contact_share(levels: tuple[str, ...], state: str) -> float:
    """Percent of sampled people, shared out over ``levels``, whose left root touches bone or disc."""
    touched = 0
    for seed in range(PEOPLE):
        person = Segment.sampled(levels[seed % len(levels)], seed)
        if state == "low":
            loss = person.stage.level.posterior_disc_height - LOW_DISC
            person = person.with_disc_loss(min(max(loss, 0.0), person.limits["disc_loss"][1]))
        walls = {contact.wall for contact in contacts(person)}
        touched += bool(walls & {*person.stage.names, "annulus"})
    return 100.0 * touched / PEOPLE
