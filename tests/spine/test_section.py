"""Sections: regions that share no space, bones whole in their parts, outlines that do not hang on the grid."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from foramlib.spine import Plane, Section, cut
from foramlib.spine.lattice import Box, Lattice
from foramlib.spine.section import to_polygon
from tests.spine.states import LEVELS, SHOWN, SIDES, STATES, section, segment

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = [(level, plane) for level in LEVELS for plane in SHOWN]


def overlaps(found: Section) -> Iterator[tuple[str, str, float]]:
    """Pairs of structures that share more than drawing explains, with the area they share, mm²."""
    names, shapes = list(found.outlines), list(found.outlines.values())
    for first, second in combinations(range(len(names)), 2):
        area = shapes[first].intersection(shapes[second]).area
        if area > 0.05:
            yield names[first], names[second], area


@pytest.mark.parametrize(("level", "plane"), PLACES)
@pytest.mark.parametrize("state", ["neutral", "extended", "narrowed"])
def test_no_two_structures_share_space(level: str, plane: str, state: str) -> None:
    assert list(overlaps(section(level, plane, "left", state))) == []


@pytest.mark.thorough
@pytest.mark.parametrize(("level", "plane"), PLACES)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("state", [*STATES, "collapsed"])
def test_no_two_structures_share_space_in_any_state(level: str, plane: str, side: str, state: str) -> None:
    assert list(overlaps(section(level, plane, side, state))) == []


@pytest.mark.parametrize(("level", "plane"), PLACES)
def test_the_named_parts_make_up_the_whole_bone(level: str, plane: str) -> None:
    found = section(level, plane)
    for name, rings in found.bones.items():
        whole = to_polygon(rings)
        parts = [shape for key, shape in found.outlines.items() if key.startswith(f"{name}.")]
        assert shapely.union_all(parts).symmetric_difference(whole).area < 0.01 * whole.area + 0.05
        assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=0.01, abs=0.05)


@pytest.mark.parametrize(("level", "plane"), PLACES)
def test_regions_are_sound_and_lie_within_the_picture(level: str, plane: str) -> None:
    found = section(level, plane)
    frame = shapely.box(*np.negative(found.plane.half), *found.plane.half).buffer(1e-6)
    assert len(found.outlines) == len(found.regions)
    for name, shape in found.outlines.items():
        assert shape.is_valid, name
        assert shape.area > 0, name
        assert frame.contains(shape), name


def converged(level: str, plane: str) -> dict[str, tuple[float, float]]:
    """Areas of the larger structures at 0.25 and 0.125 mm."""
    whole = segment(level)
    fine = cut(whole, Plane.named(plane, whole), 0.125).outlines
    coarse = section(level, plane).outlines
    return {name: (coarse[name].area, fine[name].area) for name in coarse if coarse[name].area > 10.0}


# What is left between other structures takes up their rounding: fat and fluid are no measure.
LEFT_OVER = ("epidural_fat", "foraminal_fat", "capsule", "annulus")


@pytest.mark.parametrize(
    ("level", "plane"), [(level, plane) for level in LEVELS for plane in ("foramen", "axial-pedicle")]
)
def test_areas_do_not_hang_on_the_grid(level: str, plane: str) -> None:
    for name, (coarse, fine) in converged(level, plane).items():
        # Where one part of a bone ends and the next begins is a line on one bone, and less sharp than its surface.
        part = name.count(".") > 1 or name[0] in "CL"
        if name.partition(".")[0] not in LEFT_OVER:
            assert coarse == pytest.approx(fine, rel=0.03 if part else 0.01, abs=0.3), name


@pytest.mark.parametrize(("level", "plane"), PLACES)
def test_whole_bones_do_not_hang_on_the_grid(level: str, plane: str) -> None:
    whole = segment(level)
    fine = cut(whole, Plane.named(plane, whole), 0.125).bones
    for name, rings in section(level, plane).bones.items():
        assert to_polygon(rings).area == pytest.approx(to_polygon(fine[name]).area, rel=0.01, abs=0.1), name


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("plane", SHOWN)
def test_a_section_of_the_right_side_mirrors_that_of_the_left(level: str, plane: str) -> None:
    left, right = section(level, plane, "left"), section(level, plane, "right")
    swap = {"left": "right", "right": "left"}
    level_picture = left.plane.kind != "sagittal"
    for name, shape in left.outlines.items():
        stem, _, side = name.rpartition(".")
        twin = right.outlines[f"{stem}.{swap[side]}" if side in swap else name]
        shown = shapely.transform(shape, lambda points: points * (-1.0, 1.0)) if level_picture else shape
        assert shown.symmetric_difference(twin).area < 1e-3 + 5e-3 * shape.area, name


@pytest.mark.parametrize(("level", "plane"), PLACES)
def test_what_lies_left_is_shown_on_the_side_marked_l(level: str, plane: str) -> None:
    found = section(level, plane)
    for name, shape in found.outlines.items():
        sign = {"left": 1.0, "right": -1.0}.get(name.rpartition(".")[2])
        if sign and found.plane.kind != "sagittal":
            assert sign * shape.centroid.x > 0, name  # marks: R on the viewer's left


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("side", SIDES)
def test_what_lies_behind_is_shown_on_the_side_marked_p(level: str, side: str) -> None:
    found = section(level, "foramen", side).outlines
    lower = segment(level).level.lower
    pedicle, process = found[f"{lower}.pedicle.{side}"], found[f"{lower}.superior_articular_process.{side}"]
    assert pedicle.centroid.x < process.centroid.x
    assert found[f"ganglion.{side}"].centroid.y > pedicle.centroid.y


# Culling ------------------------------------------------------------------------------------


def everywhere(lattice: Lattice, _: Box) -> tuple[slice, ...]:
    """Window that leaves nothing out."""
    return tuple(slice(0, count) for count in lattice.counts)


def unculled(level: str, plane: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Area by which culling changes each structure, mm²."""
    culled = section(level, plane).outlines
    whole = segment(level)
    with monkeypatch.context() as patch:
        patch.setattr(Lattice, "window", everywhere)
        full = cut(whole, Plane.named(plane, whole)).outlines
    names = culled.keys() | full.keys()
    nothing = shapely.MultiPolygon()
    return {
        name: culled.get(name, nothing).symmetric_difference(full.get(name, nothing)).area for name in sorted(names)
    }


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("plane", ["foramen", "axial-disc", "coronal"])
def test_culling_by_boxes_hardly_changes_the_picture(level: str, plane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wide, high = section(level, plane).plane.half
    assert sum(unculled(level, plane, monkeypatch).values()) < 0.006 * 4 * wide * high


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("plane", ["foramen", "axial-disc", "coronal"])
def test_culling_by_boxes_changes_no_structure_visibly(level: str, plane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {name: area for name, area in unculled(level, plane, monkeypatch).items() if area > 0.3}
    assert changed == {}


@pytest.mark.parametrize("level", LEVELS)
def test_no_structure_reaches_beyond_its_box(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = segment(level)
    lattice = Lattice(np.full(3, -70.0), 2.0 * np.eye(3), (71, 71, 71))
    spots = lattice.origin + np.moveaxis(np.indices(lattice.counts), 0, -1) @ lattice.steps
    monkeypatch.setattr(Lattice, "window", everywhere)
    for part in [*whole.soft, *(part for bone in whole.bones for part in bone.parts)]:
        box = part.shape.box.grown(1e-4)
        outside = ((spots < box.low) | (spots > box.high)).any(axis=-1)
        field = np.broadcast_to(part.shape.field(lattice), lattice.shape)
        assert field[outside].min() >= 0, part.id


def test_a_plane_that_meets_nothing_gives_an_empty_section() -> None:
    far = Plane("far", "left", (300.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), 0.0, (5.0, 5.0))
    found = cut(segment("C5/6"), far)
    assert found.regions == ()
    assert all(rings == () for rings in found.bones.values())
