"""Surfaces of shapes: size, closure, orientation, symmetry, and agreement with the section."""

from __future__ import annotations

import math
import time
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from foramlib.errors import InvalidInput
from foramlib.spine.lattice import Points
from foramlib.spine.mesh import Mesh, mesh, mesh_steps, run
from foramlib.spine.planes import Plane
from foramlib.spine.section import cut, to_polygon
from foramlib.spine.segment import Segment
from foramlib.spine.shapes import Capsule, Ellipsoid, Mirrored, Motion, RoundedBox, Shape, Sweep
from foramlib.spine.solids import Solid, solid_steps

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array
    from foramlib.spine.solids import BoneMesh
    from foramlib.spine.vertebra import Vertebra

SHAPES: dict[str, tuple[Shape, float]] = {
    "sphere": (Ellipsoid((1.0, -2.0, 3.0), (6.0, 6.0, 6.0)), 0.4),
    "ellipsoid": (Ellipsoid((0.0, 0.0, 0.0), (9.0, 6.0, 5.0)), 0.4),
    "rod": (Capsule((0.0, 0.0, -5.0), (2.0, 3.0, 6.0), 3.0, 2.0), 0.3),
    "box": (RoundedBox((5.0, 3.0, 2.0), 0.8), 0.3),
    "sweep": (Sweep(((0.0, 0.0, 0.0), (6.0, 0.0, 1.0), (9.0, 4.0, 5.0)), (1.5, 2.0, 1.2)), 0.3),
}


@pytest.fixture(scope="module", params=["C5/6", "L4/5"])
def made(request: pytest.FixtureRequest) -> tuple[Segment, dict[str, Solid]]:
    segment = Segment.at(request.param)
    return segment, {solid.id: solid for solid in run(solid_steps(segment, {}))}


def ellipsoid_area(a: float, b: float, c: float) -> float:
    """Area by integration over the unit sphere, mm²."""
    t = (np.arange(800) + 0.5) / 800 * math.pi
    p = (np.arange(1600) + 0.5) / 1600 * 2 * math.pi
    theta, phi = np.meshgrid(t, p, indexing="ij")
    x, y, z = np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)
    stretch = a * b * c * np.sqrt((x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2)
    return float((stretch * np.sin(theta)).sum() * (math.pi / 800) * (2 * math.pi / 1600))


@pytest.mark.parametrize("radii", [(6.0, 6.0, 6.0), (9.0, 6.0, 5.0)])
def test_area_and_volume_are_within_two_percent(radii: tuple[float, float, float]) -> None:
    found = mesh(Ellipsoid((1.0, 2.0, 3.0), radii), 0.4)
    assert found.volume == pytest.approx(4 / 3 * math.pi * math.prod(radii), rel=0.02)
    assert found.area == pytest.approx(ellipsoid_area(*radii), rel=0.02)


@pytest.mark.parametrize("name", SHAPES)
def test_every_edge_is_used_once_each_way(name: str) -> None:
    found = mesh(*SHAPES[name])
    edges = Counter((int(face[i]), int(face[(i + 1) % 3])) for face in found.faces for i in range(3))
    assert set(edges.values()) == {1}
    assert all((b, a) in edges for a, b in edges)


@pytest.mark.parametrize("name", SHAPES)
def test_normals_are_unit_vectors_that_point_outward(name: str) -> None:
    shape, step = SHAPES[name]
    found = mesh(shape, step)
    assert np.linalg.norm(found.normals, axis=1) == pytest.approx(1.0, abs=1e-5)
    outside = shape.field(Points(found.vertices + found.normals * 0.5))
    inside = shape.field(Points(found.vertices - found.normals * 0.5))
    assert (outside > 0).all()
    assert (inside < 0).all()
    assert found.volume > 0


def test_arrays_are_of_the_kind_that_a_graphics_card_takes() -> None:
    found = mesh(*SHAPES["box"])
    kinds = [array.dtype.name for array in (found.vertices, found.faces, found.normals)]
    assert kinds == ["float32", "uint32", "float32"]
    assert found.vertices.shape == found.normals.shape
    assert int(found.faces.max()) == len(found.vertices) - 1


def test_a_mirrored_shape_has_the_mirrored_mesh() -> None:
    shape, step = SHAPES["rod"]
    left, right = mesh(shape, step), mesh(Mirrored(shape), step)
    flipped = left.vertices * np.array([-1.0, 1.0, 1.0])
    nearest = np.abs(flipped[:, None] - right.vertices[None]).max(axis=2).min(axis=1)
    assert len(left.vertices) == len(right.vertices)
    assert nearest.max() < 1e-3
    assert left.volume == pytest.approx(right.volume, rel=1e-3)


def test_left_and_right_structures_mirror_each_other(made: tuple[Segment, dict[str, Solid]]) -> None:
    _, solids = made
    lefts = [name for name in solids if name.endswith(".left")]
    assert lefts
    for name in lefts:
        left, right = solids[name].surface, solids[name.replace(".left", ".right")].surface
        assert left.area == pytest.approx(right.area, rel=0.05), name
        assert left.vertices[:, 0].mean() == pytest.approx(-right.vertices[:, 0].mean(), abs=0.05), name


def test_a_bent_bone_is_the_same_mesh_moved() -> None:
    shape, step = SHAPES["box"]
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    still = mesh(shape, step)
    moved = still.moved(Motion.of(turn, np.array([1.0, 2.0, 3.0])))
    assert moved.faces is still.faces
    assert moved.vertices[0] == pytest.approx(turn @ still.vertices[0] + [1.0, 2.0, 3.0], abs=1e-4)
    assert moved.volume == pytest.approx(still.volume, rel=1e-4)


def test_vertebrae_are_meshed_once_for_all_postures() -> None:
    kept: dict[Vertebra, BoneMesh] = {}
    segment = Segment.at("C5/6")
    run(solid_steps(segment, kept, frozenset()))
    before = dict(kept)
    bent = run(solid_steps(segment.bent(flexion=5, rotation=2), kept, frozenset()))
    assert kept == before
    assert bent[0].surface.faces is next(iter(kept.values())).surface.faces


def section_area(surface: Mesh, plane: Plane) -> float:
    """Area that a plane cuts out of a closed mesh, mm², from the oriented segments of its triangles."""
    height = plane.height_over(surface.vertices)
    flat = plane.project(surface.vertices)
    total = 0.0
    for turn in range(3):
        a, b, c = (surface.faces[:, (turn + corner) % 3] for corner in range(3))
        # One corner of the triangle alone on its side of the plane.
        alone = ((height[a] > 0) != (height[b] > 0)) & ((height[a] > 0) != (height[c] > 0))
        p, q = (_crossing(flat, height, a[alone], end[alone]) for end in (b, c))
        sign = np.where(height[a[alone]] > 0, 1.0, -1.0)
        total += float((sign * (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])).sum() / 2)
    return abs(total)


def _crossing(flat: Array, height: Array, one: Array, other: Array) -> Array:
    share = (height[one] / (height[one] - height[other]))[:, None]
    met: Array = flat[one] + share * (flat[other] - flat[one])
    return met


@pytest.mark.parametrize("name", ["foramen", "axial-disc", "axial-pedicle"])
def test_the_plane_cuts_the_mesh_as_it_cuts_the_model(made: tuple[Segment, dict[str, Solid]], name: str) -> None:
    segment, solids = made
    plane = Plane.named(name, segment)
    wide = Plane(name, plane.side, plane.origin, plane.across, plane.up, plane.angle, (90.0, 90.0))
    section = cut(segment, wide)
    compared = 0
    for solid in solids.values():
        if solid.tissue == "bone":
            rings = next((region for region in (section.bones.get(solid.id),) if region), ())
            expected = to_polygon(rings).area if rings else 0.0
        elif solid.id.startswith("ganglion"):
            expected = section.outlines[solid.id].area if solid.id in section.outlines else 0.0
        else:
            continue  # what shares space with an owner is not a region of its own
        if expected > 3.0:
            compared += 1
            assert section_area(solid.surface, wide) == pytest.approx(expected, rel=0.03), solid.id
    assert compared


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
def test_a_segment_is_meshed_within_a_second_in_slices_of_thirty_milliseconds(level: str) -> None:
    segment = Segment.at(level)
    list(segment.soft)
    steps, slices = solid_steps(segment, {}), []
    while True:
        start = time.thread_time()
        more = next(steps, run) is None
        slices.append(time.thread_time() - start)
        if not more:
            break
    assert sum(slices) < 1.0
    assert max(slices) < 0.03


def test_work_that_is_not_asked_for_is_not_done() -> None:
    steps = mesh_steps(SHAPES["sphere"][0], 0.2)
    next(steps)
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


@pytest.mark.parametrize("step", [0, -1, float("nan")])
def test_a_step_that_leads_nowhere_is_refused(step: float) -> None:
    with pytest.raises(InvalidInput, match="choose a number above 0"):
        mesh(SHAPES["sphere"][0], step)
