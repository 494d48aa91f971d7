"""Named states that teachers open by name, and the path along which a segment wears out."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.given import one_of
from foramlib.spine.lesions import Lesion, kind_of, lesion, read_lesions
from foramlib.spine.levels import OTHER, Level, parse_side
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "disc_height_loss": (0.0, 0.7, 1.0),
        "bulge": (0.1, 0.6, 0.7),
        "ridge": (0.3, 1.0, 0.8),
        "facet_hypertrophy": (0.35, 1.0, 0.9),
        "uncovertebral_osteophyte": (0.3, 1.0, 0.9),
        "flavum_thickening": (0.4, 1.0, 0.7),
    }
)
"""When each change of the wearing path begins and ends (share of the path) and how much of "severe" it reaches.

A schema (assumption): the disc goes first, then the edges of the bodies, then the joints and ligaments behind
(direction of A:C-01, A:C-03, A:C-04, A:C-12). No study gives these shares.
"""


@dataclass(frozen=True)
class Preset:
    """A named state: level, side and lesions, with one line on what it shows."""

    name: str
    label: str
    level: str
    side: str
    lesions: tuple[Lesion, ...]
    note: str

    def on(self, side: str) -> Preset:
        """Return the same state on a side.

        Raises
        ------
        InvalidInput
            If the side is unknown.
        """
        if parse_side(side) == self.side:
            return self
        return replace(self, side=OTHER[self.side], lesions=tuple(one.mirrored() for one in self.lesions))

    def segment(self) -> Segment:
        """Return the segment in this state."""
        return Segment.at(self.level).with_lesions(*self.lesions)


@lru_cache
def presets() -> Mapping[str, Preset]:
    """Return all presets by name (source: ``data/model/presets.csv``)."""
    with data_path("model", "presets.csv").open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["name"]: _preset(row) for row in csv.DictReader(lines)})


def _preset(row: Mapping[str, str]) -> Preset:
    found = read_lesions(row["lesions"].split(";"), row["side"])
    return Preset(row["name"], row["label"], row["level"], row["side"], found, row["note"])


def preset(name: object) -> Preset:
    """Return a preset by name.

    Raises
    ------
    InvalidInput
        If there is none of that name.
    """
    return presets()[one_of(name, presets(), "preset")]


def worn(level: object, share: float, side: str = "left") -> tuple[Lesion, ...]:
    """Return the lesions of a segment worn to ``share`` (0 none, 1 severe) along :data:`PATH`.

    Raises
    ------
    InvalidInput
        If the level or side is unknown, or the share is not from 0 to 1.
    """
    where, side = Level.parse(level.name if isinstance(level, Level) else level), parse_side(side)
    if not (isinstance(share, (int, float)) and 0.0 <= share <= 1.0):
        raise InvalidInput(f"The share {share!r} of the wearing path is not possible; choose a number from 0 to 1.")
    found = []
    for key, (start, stop, most) in PATH.items():
        kind = kind_of(key)
        reached = min(max((share - start) / (stop - start), 0.0), 1.0) * most * kind.amounts["severe"]
        if kind.occurs_at(where):
            found.append(lesion(key, min(reached, kind.most(where)), side=side if kind.sides else ""))
    return tuple(one for one in found if one.mm > 0)
