"""Muscles and the ways between them: where they lie, and that they take nothing from the segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from foramlib.errors import InvalidInput
from foramlib.spine import Segment, cut
from foramlib.spine.muscles import CORRIDORS, corridor, corridor_plane, corridor_structure, muscles

if TYPE_CHECKING:
    import shapely


def outlines(level: str, way: str, side: str = "left") -> dict[str, shapely.MultiPolygon]:
    segment = Segment.at(level)
    beyond = (corridor_structure(segment, way, side), *muscles(segment))
    return cut(segment, corridor_plane(segment, side, way), 0.5, beyond).outlines


def level_of(region: str) -> str:
    return "C5/6" if region == "cervical" else "L4/5"


def test_muscles_take_nothing_from_the_segment() -> None:
    segment = Segment.at("L4/5")
    plane = corridor_plane(segment)
    alone, together = cut(segment, plane, 0.5).outlines, cut(segment, plane, 0.5, muscles(segment)).outlines
    for name, shape in alone.items():
        assert together[name].area == pytest.approx(shape.area)


def test_left_mirrors_right() -> None:
    found = outlines("C5/6", "midline")
    for name in ("trapezius", "splenius", "levator_scapulae"):
        left, right = found[f"{name}.left"].union(found["corridor.left"]), found[f"{name}.right"]
        assert right.centroid.x < 0 < left.centroid.x


@pytest.mark.parametrize(("region", "way"), tuple(CORRIDORS))
def test_a_way_leads_from_the_skin_to_bone_on_its_side(region: str, way: str) -> None:
    for side, sign in (("left", 1), ("right", -1)):
        found = outlines(level_of(region), way, side)
        path = found[f"corridor.{side}"]
        assert path.area > 50
        assert sign * path.centroid.x > 0
        bone = [shape for name, shape in found.items() if "articular" in name or "lamina" in name]
        assert min(path.distance(shape) for shape in bone) < 1.0


def test_the_paraspinal_way_parts_two_muscles_and_spares_the_midline() -> None:
    found = outlines("L4/5", "paraspinal")
    way = found["corridor.left"]
    assert way.distance(found["multifidus.left"]) < 1.0
    assert way.distance(found["longissimus.left"]) < 1.0
    assert way.bounds[0] > 5.0


def test_an_endoscope_is_narrower_than_a_tube_and_that_than_open() -> None:
    segment = Segment.at("C5/6")
    assert (
        corridor(segment, "endoscope").radius < corridor(segment, "tube").radius <= corridor(segment, "midline").radius
    )


def test_a_way_that_is_not_taken_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'paraspinal' is not taken at C5/6"):
        corridor(Segment.at("C5/6"), "paraspinal")
