"""The floor of the keyhole operation: more facet removed, more root exposed, and never less room."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from foramlib.evidence import cite
from foramlib.spine.lesions import lesion
from foramlib.spine.segment import Segment
from foramlib.spine.surgery.gauges import gauges
from foramlib.spine.surgery.presets import removal
from foramlib.spine.validation import Row

__all__ = ["SHARES", "validation_rows"]

SHARES = (0.2, 0.4, 0.6)
"""Shares of the facet that are removed, one operation each."""

_STATE = (lesion("disc_height_loss", 1.0), lesion("facet_hypertrophy", 3.0, "left"))


def validation_rows(level: str = "C5/6") -> list[Row]:
    """Return two rows for ``foramlib validate``: the least gain from one share to the next, in exposure and in room."""
    return list(_rows(level))


@cache
def _rows(level: str) -> tuple[Row, ...]:
    """Return the rows; asked once per process, for it takes seconds."""
    narrow = Segment.at(level).with_lesions(*_STATE)
    read = [gauges(narrow.after(removal(narrow, "keyhole", "left", share))) for share in SHARES]
    exposed = [read[0].exposed_before_mm, *(one.exposed_mm for one in read)]
    room = [read[0].room_before_mm2, *(one.room_mm2 for one in read)]
    return (
        _row(level, "length of root exposed", "mm", exposed, least=0.1),
        _row(level, "room about the root", "mm²", room, least=0.0),
    )


def _row(level: str, what: str, unit: str, values: list[float], least: float) -> Row:
    gain = min(after - before for before, after in pairwise(values))
    shares = ", ".join(f"{100 * share:.0f}" for share in SHARES)
    figures = ", ".join(f"{value:.1f}" for value in values)
    return Row(
        id=f"foraminotomy-{'exposure' if unit == 'mm' else 'room'}",
        level=level,
        quantity=f"least gain of {what} as more facet is removed",
        ruler="soft",
        definition=f"keyhole, 0, {shares} % of the facet: {figures} {unit}",
        published=None,
        low=least,
        high=None,
        model=round(gain, 3),
        ok=gain >= least,
        rule="at least",
        source=cite("P:P11").text,
        note="Half of the facet is the limit of cadaver work; its weight in patients is debated.",
    )
