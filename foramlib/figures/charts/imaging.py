"""The charts of lesson 03: how far readers of the same images agree, and which tissue is bright on which image."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.evidence import agreement
from foramlib.figures.charts.intervals import Axis, Intervals, Mark, Row
from foramlib.figures.charts.published import name_of
from foramlib.imaging.scan import SEQUENCES, signal_of
from foramlib.imaging.signal import tissue_values
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.evidence.clinical import Agreement

__all__ = ["COLLECTORS", "Reading", "brightness", "readers", "readings_by_study"]

READERS, BRIGHTNESS = "readers", "brightness"

_PLACES: Final = MappingProxyType({"lumbar": "Low back", "cervical": "Neck"})
_SYSTEMS: Final = (
    "Lee 2010",
    "Wildermuth 1998",
    "Sartoretti 2021 (updated Lee)",
    "Park 2013",
    "Kim 2015",
    "Modified Kim",
)
_SAME: Final = ("inter", "across")  # how comparisons of different readers begin
_NEAR_CHANCE, _HIGH = 0.2, 0.8

# Tissues of the chart: the scanner's name, what people call it, and the evidence row behind its MR values.
_TISSUES: Final = (
    ("fat", "Fat", "A:I-09"),
    ("csf", "Fluid of the sac", "A:I-05"),
    ("disc_intermediate", "Disc, half dry", "A:I-05d"),
    ("disc_desiccated", "Disc, dry", "A:I-05e"),
    ("nerve", "Nerve", "A:I-14"),
    ("nerve_compressed", "Nerve, pressed", "A:I-14"),
)


@dataclass(frozen=True)
class Reading:
    """Agreement between readers of one system in one study: lowest and highest printed kappa."""

    system: str
    region: str
    low: float
    high: float | None
    id: str


def readings_by_study(region: str) -> tuple[Reading, ...]:
    """Return the printed kappas between readers in a region, one entry for each system and study."""
    rows = [row for row in agreement() if row.region == region and _between_readers(row)]
    keys = dict.fromkeys((row.system, row.source_key) for row in rows)
    return tuple(_reading([row for row in rows if (row.system, row.source_key) == key]) for key in keys)


def _between_readers(row: Agreement) -> bool:
    return row.citable and row.statistic == "kappa" and row.system in _SYSTEMS and row.comparison.startswith(_SAME)


def _reading(rows: list[Agreement]) -> Reading:
    printed = [value for row in rows for value in (row.value, row.low, row.high) if value is not None]
    first = rows[0]
    # "Above 0.8" has a lower end and no upper one.
    open_ended = len(printed) == 1 and first.value is None
    return Reading(first.system, first.region, min(printed), None if open_ended else max(printed), first.fact_ids[0])


def readers(level: object = None) -> Intervals:
    """Compare how far readers agreed, in every study, for the region of a level or for both."""
    wanted = tuple(_PLACES) if level is None else (Level.parse(level).region,)
    found = [reading for region in wanted for reading in readings_by_study(region)]
    low, high = min(one.low for one in found), max(one.high or one.low for one in found)
    message = f"Two readers, one image: agreement from {_judged(low)} to {_judged(high)}, even within one system"
    remarks = (
        "Kappa: 1 is full agreement, 0 is what chance alone gives.",
        "Where several values were printed, the line runs from the lowest to the highest; it is not an interval.",
        "Agreement says that readers see the same, not that they are right.",
    )
    marks = (Mark(0.0, "0: chance", "dashed"),)
    return Intervals(message, tuple(map(_row, found)), Axis(0.0, 1.0, 1.0, "kappa"), _ids(found), remarks, marks)


def _judged(kappa: float) -> str:
    return "near chance" if kappa < _NEAR_CHANCE else "almost full" if kappa > _HIGH else "middling"


def _row(one: Reading) -> Row:
    label = f"{one.system} scale · {name_of(one.id)}"
    if one.high is None:
        figures = f"above {one.low:.2g}"
    elif one.high == one.low:
        figures = f"{one.low:.2f}"
    else:
        figures = f"{one.low:.2f} to {one.high:.2f}"
    high = None if one.high is None else one.high
    return Row(label, figures, one.low, one.low, high, group=_PLACES[one.region])


def _ids(found: list[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.id for one in found))


def brightness(level: object = None) -> Intervals:
    """Set the model's signal of each tissue side by side, sequence by sequence; the same at every level."""
    if level is not None:
        Level.parse(level)
    rows = tuple(row for sequence in ("T1", "T2", "STIR") for row in _brightness_rows(sequence))
    remarks = (
        "Signal of the synthetic scanner, as a share of the brightest tissue shown on the same image.",
        "T1, T2 and water content are published; proton density of fat and nerve and T1 of nerve are assumptions.",
        "That fat stays bright on fast spin echo is set by an assumed T2.",
        "Published values differ with field and sequence, so trust the order and not the amount.",
    )
    message = "Fat is bright on T1 and T2 and gone on STIR; fluid is dark on T1 alone; a dry disc darkens"
    ids = tuple(dict.fromkeys(fact for _, _, fact in _TISSUES))
    return Intervals(message, rows, Axis(0.0, 100.0, 25.0, "per cent of the brightest"), ids, remarks)


def _brightness_rows(sequence: str) -> list[Row]:
    signals = {name: signal_of(tissue_values()[name], sequence) for name, _, _ in _TISSUES}
    most = max(signals.values())
    shares = [(words, 100 * signals[name] / most) for name, words, _ in _TISSUES]
    return [Row(words, f"{share:.0f}", share, group=SEQUENCES[sequence]) for words, share in shares]


COLLECTORS: Final[Mapping[str, Callable[..., Intervals]]] = MappingProxyType({READERS: readers, BRIGHTNESS: brightness})
