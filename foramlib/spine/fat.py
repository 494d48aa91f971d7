"""What is left of the fat about a nerve in one section: how much of its outline has none, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from foramlib.spine.foramen import nerve_of, walls_of
from foramlib.spine.room import QUADRANTS

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.section import Section

THINNEST_SEEN = 0.25
"""Fat thinner than this counts as lost, mm (assumption)."""

SIDE_LOST = 0.2
"""Share of a quadrant's outline without fat from which that side counts as lost (assumption)."""

SAMPLES = 120

THIN = 0.01
"""Points of an outline closer than this to the line between their neighbours are left out, mm."""


@dataclass(frozen=True)
class FatAbout:
    """Fat about the nerve of a section.

    Attributes
    ----------
    lost : mapping of str to float
        Share of the outline in each quadrant that has no fat, 0 to 1; superior, posterior, inferior, anterior.
    gap : mapping of str to float
        Mean distance from the outline to the nearest wall in each quadrant, mm.
    share : float
        Share of the whole outline that has no fat, 0 to 1.
    """

    lost: dict[str, float]
    gap: dict[str, float]
    share: float

    @property
    def sides(self) -> tuple[str, ...]:
        """Quadrants in which fat is lost."""
        return tuple(name for name in QUADRANTS if self.lost[name] >= SIDE_LOST)


def fat_about(section: Section) -> FatAbout | None:
    """Measure the fat about the nerve of the section's own side; None where it shows no nerve."""
    nerve = nerve_of(section, section.plane.side)
    if nerve.is_empty:
        return None
    largest = max(shapely.get_parts(nerve), key=lambda piece: float(piece.area))
    outline = largest.exterior
    places = shapely.line_interpolate_point(outline, np.linspace(0.0, 1.0, SAMPLES, endpoint=False), normalized=True)
    walls = shapely.simplify(np.array(list(walls_of(section).values()), dtype=object), THIN)
    gaps = shapely.distance(places[:, None], walls[None, :]).min(axis=1)
    quadrant = _quadrants(shapely.get_coordinates(places), np.array(largest.centroid.coords[0]), section)
    without = gaps < THINNEST_SEEN
    return FatAbout(
        {name: _mean(without[quadrant == number]) for number, name in enumerate(QUADRANTS)},
        {name: _mean(gaps[quadrant == number]) for number, name in enumerate(QUADRANTS)},
        float(without.mean()),
    )


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else 0.0


def _quadrants(points: Array, centre: Array, section: Section) -> Array:
    """Return the number of the quadrant of each point: above, behind, below or in front of the centre."""
    across, up = (points - centre).T
    if section.plane.marks["right"] == "A":
        across = -across
    behind = np.where(np.abs(across) > np.abs(up), np.where(across > 0, 1, 3), np.where(up > 0, 0, 2))
    return np.asarray(behind)
