"""Published values that the charts draw: the one place where they are read from the evidence tables.

Measurements come from ``morphometry.csv``; where only a sentence of ``facts.csv`` holds the value, it is read from
that sentence, which must still say it in the same form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, facts, morphometry

if TYPE_CHECKING:
    from foramlib.evidence import Citation, Quantity

__all__ = [
    "Band",
    "Change",
    "Published",
    "changes",
    "levels_of",
    "loss_bands",
    "lumbar_sizes",
    "measured",
    "name_of",
    "pooled_neck",
    "spread",
    "told",
    "who",
]

_UNITS = {"mm": "mm", "mm2": "mm²", "%": "%"}


@dataclass(frozen=True)
class Published:
    """One published size.

    Attributes
    ----------
    id : str
        Evidence id that is cited.
    row : str
        Row that holds the number; the same as `id`, or a measurement of the same source.
    level : str
        Level or levels it belongs to, as printed.
    unit : str
        ``"mm"`` or ``"mm²"``.
    method : str
        How it was measured, in a word or two.
    mean, sd : float or None
        Mean and standard deviation; None where not known.
    low, high : float or None
        Lowest and highest, where the source gives a range; `ends` says of what.
    ends : str
        What the two ends of the range are.
    about : bool
        Whether the source value is approximate.
    decimals : int or None
        Decimals to print, so that the values of one series agree; None prints what the table holds.
    """

    id: str
    row: str
    level: str
    unit: str
    method: str
    mean: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    ends: str = ""
    about: bool = False
    decimals: int | None = None

    @cached_property
    def citation(self) -> Citation:
        """The citation; an unconfirmed row is refused."""
        return cite(self.id)

    @property
    def name(self) -> str:
        """Who and when, as a row of a chart names it."""
        return name_of(self.id)

    @property
    def who(self) -> str:
        """Who was studied."""
        return who(self.id)

    @property
    def figures(self) -> str:
        """The number without its unit: ``8.18``, ``19.4 ± 2.7``, ``40 to 160``, ``about 9``."""
        form = "g" if self.decimals is None else f".{self.decimals}f"
        if self.mean is None:
            return f"{self.low:{form}} to {self.high:{form}}"
        spread = f" ± {self.sd:{form}}" if self.sd is not None else ""
        return f"{'about ' if self.about else ''}{self.mean:{form}}{spread}"

    @property
    def lowest(self) -> float | None:
        """Lower end of the whisker: mean less one SD, or the lower end of the range."""
        return self.mean - self.sd if self.mean is not None and self.sd is not None else self.low

    @property
    def highest(self) -> float | None:
        """Upper end of the whisker."""
        return self.mean + self.sd if self.mean is not None and self.sd is not None else self.high


@dataclass(frozen=True)
class Change:
    """A published change with posture: direction +1 or -1, and per cent where known."""

    id: str
    quantity: str
    posture: str
    sign: int
    percent: float | None


@dataclass(frozen=True)
class Band:
    """A published range of the change of area, per cent, at a loss of disc height, mm."""

    id: str
    loss: float
    low: float
    high: float


def name_of(evidence_id: str) -> str:
    """Give who and when of a citation, with the marks of what it lacks."""
    return cite(evidence_id).name


def who(evidence_id: str) -> str:
    """Say who was studied, in the first words of the fact's population."""
    first = re.split(r"[;,]", facts()[evidence_id].population)[0].strip()
    # A bracket that the comma cut open is left out whole.
    return first if first.count("(") == first.count(")") else first.partition("(")[0].strip()


def told(evidence_id: str) -> str:
    """Name a study in running words: who was studied, and how it reached us; a dagger says what its citation lacks."""
    citation = cite(evidence_id)
    how = {"as quoted by": "as quoted by another text", "calculated from": "calculated"}.get(citation.prefix, "")
    return f"{citation.marked} ({'; '.join(part for part in (who(evidence_id), how) if part)})"


def measured(evidence_id: str, measure: str, method: str) -> tuple[Published, ...]:
    """Read the measurements of the foramen by the source of a fact whose name starts with `measure`."""
    source = facts()[evidence_id].source_key
    rows = [row for row in morphometry().values() if _belongs(row, source, measure)]
    if not rows:
        raise InvalidInput(f"The measurements hold no {measure} of the foramen from the source of {evidence_id}.")
    return tuple(_from_row(evidence_id, row, method) for row in rows)


def _belongs(row: Quantity, source: str, measure: str) -> bool:
    mine = row.structure == "foramen" and row.source_key == (source,) and row.support in {"primary", "secondary"}
    return mine and row.measure.startswith(measure)


def _from_row(evidence_id: str, row: Quantity, method: str) -> Published:
    level = "all levels" if "pooled" in row.level else row.level
    return Published(evidence_id, row.id, level, _UNITS[row.unit], method, row.mean, row.sd)


def levels_of(evidence_id: str, measure: str, method: str) -> tuple[Published, ...]:
    """Read the measurements of a source by level, from the top of the neck downwards, all with the same decimals."""
    found = measured(evidence_id, measure, method)
    decimals = max(_decimals(number) for value in found for number in (value.mean, value.sd) if number is not None)
    return tuple(replace(value, decimals=decimals) for value in found)


def _decimals(number: float) -> int:
    return len(f"{number:g}".partition(".")[2])


def spread(evidence_id: str, measures: tuple[str, ...], method: str, ends: str) -> Published:
    """Join the lowest and the highest measurement of a source into one range."""
    found = [value for measure in measures for value in measured(evidence_id, measure, method)]
    means = [value.mean for value in found if value.mean is not None]
    first = found[0]
    return Published(
        evidence_id, first.row, "levels apart", first.unit, method, low=min(means), high=max(means), ends=ends
    )


def pooled_neck(quantity: str) -> Published:
    """Read the size in the living neck that follows from the changes with posture (A:M-05)."""
    value = float(_find("A:M-05", rf"{quantity} about ([\d.]+) mm")[1])
    return Published("A:M-05", "A:M-05", "C3/4 to C6/7 together", "mm", "oblique CT", value, about=True)


def lumbar_sizes(quantity: str) -> tuple[Published, ...]:
    """Read what is known of the lumbar foramen's height, width or area, one study each."""
    return _LUMBAR[quantity]()


def _lumbar_heights() -> tuple[Published, ...]:
    return (
        *measured("A:M-18", "height", "dissection"),
        spread("A:M-19", ("height",), "dissection", "lowest to highest level"),
        _young_adults("height"),
    )


def _lumbar_widths() -> tuple[Published, ...]:
    return (
        *measured("A:M-18", "width", "dissection"),
        spread("A:M-19", ("width",), "dissection", "L1/2 to L5/S1"),
        _young_adults("width"),
        spread("A:M-25", ("caudal width", "cranial width"), "CT", "upper part at L5 to lower part at L1"),
    )


def _lumbar_areas() -> tuple[Published, ...]:
    found = _find("A:M-21b", r"(\d+)-(\d+) mm2")
    low, high = float(found[1]), float(found[2])
    moulds = Published(
        "A:M-21b", "A:M-21b", "all levels", "mm²", "moulds (ruler not stated)", low=low, high=high, ends="range"
    )
    return (*measured("A:M-21", "area", "photographs"), moulds, _young_adults("area"))


_LUMBAR = {"height": _lumbar_heights, "width": _lumbar_widths, "area": _lumbar_areas}


def _young_adults(quantity: str) -> Published:
    found = _find("A:M-26b", rf"{quantity} ([\d.]+) (mm2?)")
    return Published("A:M-26b", "A:M-26b", "all levels", _UNITS[found[2]], "CT", float(found[1]))


def changes(region: str) -> tuple[Change, ...]:
    """Read the published changes of the foramen with posture; in the low back only their direction is known."""
    if region == "cervical":
        ends = (("A:D-01", "flexion"), ("A:D-02", "extension"))
        return tuple(_neck_change(name, posture, what) for name, posture in ends for what in _QUANTITIES)
    if not re.search(r"flexion raises foraminal width, height and area.*extension does the reverse", _said("A:D-14")):
        raise InvalidInput("A:D-14 no longer says how lumbar flexion and extension change the foramen.")
    signs = (("flexion", 1), ("extension", -1))
    return tuple(Change("A:D-14", what, posture, sign, None) for posture, sign in signs for what in _QUANTITIES)


_QUANTITIES = ("area", "height", "width")


def _neck_change(evidence_id: str, posture: str, quantity: str) -> Change:
    found = _find(evidence_id, rf"{quantity} ([+-])[\d.]+ mm2? \((\d+) %\)")
    sign = 1 if found[1] == "+" else -1
    return Change(evidence_id, quantity, posture, sign, sign * float(found[2]))


def loss_bands() -> tuple[Band, ...]:
    """Read the change of the area of cervical foramina with disc height lost (A:D-08)."""
    pattern = r"(\d+) mm: (-\d+) to (-\d+) %"
    _find("A:D-08", pattern)
    found = re.findall(pattern, facts()["A:D-08"].value)
    return tuple(Band("A:D-08", float(loss), float(low), float(high)) for loss, high, low in found)


def _said(evidence_id: str) -> str:
    cite(evidence_id)
    return facts()[evidence_id].statement


def _find(evidence_id: str, pattern: str) -> re.Match[str]:
    cite(evidence_id)
    found = re.search(pattern, facts()[evidence_id].value)
    if not found:
        raise InvalidInput(f"The value of {evidence_id} no longer holds the number that a chart draws.")
    return found
