"""Segments that the tests of the spine share: one of each state, built once."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from foramlib.spine import Measures, Plane, Section, Segment, cut, measure
from foramlib.spine.segment import TOGETHER

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

LEVELS = ("C5/6", "L4/5")
"""One level of the neck and one of the low back; what holds at all levels is asked of all."""

SIDES = ("left", "right")
SHOWN = ("foramen", "sagittal", "oblique:38", "axial-disc", "axial-pedicle", "coronal")
STATES = ("neutral", "flexed", "extended", "bent left", "bent right", "turned left", "turned right", "narrowed")
"""Every control alone at its limit; the disc at half of what can be lost."""


@lru_cache(maxsize=64)
def segment(level: str, state: str = "neutral") -> Segment:
    """Return a segment in one of :data:`STATES`, or with all the disc lost (``"collapsed"``)."""
    plain = Segment.at(level)
    limits = plain.limits
    posed = {
        "flexed": {"flexion": limits["flexion"][1]},
        "extended": {"flexion": limits["flexion"][0]},
        "bent left": {"bend": limits["bend"][1]},
        "bent right": {"bend": limits["bend"][0]},
        "turned left": {"rotation": limits["rotation"][1]},
        "turned right": {"rotation": limits["rotation"][0]},
    }
    loss = {"narrowed": 0.5, "collapsed": 1.0}.get(state, 0.0) * limits["disc_loss"][1]
    return plain.bent(**posed.get(state, {})).with_disc_loss(loss)


@lru_cache(maxsize=128)
def section(level: str, plane: str, side: str = "left", state: str = "neutral") -> Section:
    """Cut a segment of :func:`segment` with a named plane."""
    whole = segment(level, state)
    return cut(whole, Plane.named(plane, whole, side))


@lru_cache(maxsize=128)
def measures(level: str, side: str = "left", state: str = "neutral", plane: str = "foramen") -> Measures:
    """Measure a segment of :func:`segment`."""
    return measure(segment(level, state), side, plane)


def shares() -> SearchStrategy[tuple[float, float, float, float]]:
    """Draw shares of the ranges of flexion, bend, rotation (-1 to 1) and disc loss (0 to 1)."""
    either, lost = st.floats(-1.0, 1.0), st.floats(0.0, 1.0)
    return st.tuples(either, either, either, lost)


def posed(level: str, share: tuple[float, float, float, float]) -> Segment:
    """Return a segment at shares of its ranges, brought within what they allow together."""
    plain = Segment.at(level)
    whole = math.hypot(*share[:3])
    share = (*(part * min(1.0, 0.999 * TOGETHER / max(whole, 1e-9)) for part in share[:3]), share[3])  # type: ignore[assignment]
    angles = {
        name: abs(part) * plain.limits[name][1 if part > 0 else 0]
        for name, part in zip(("flexion", "bend", "rotation"), share, strict=False)
    }
    return plain.bent(**angles).with_disc_loss(share[3] * plain.limits["disc_loss"][1])
