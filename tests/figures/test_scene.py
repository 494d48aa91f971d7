"""The scene: outlines true to the section, names, labels that can be placed, rulers on the outline."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.apps.section_view import apply_patch, check_scene, difference
from foramlib.figures.scene import frame, paths, scene
from foramlib.spine import Measures, Plane, Section, Segment, cut, measure_section

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PLANES = ("foramen", "sagittal", "oblique:20", "axial-disc", "axial-pedicle", "coronal")
PLACES = [(level, plane, side) for level in ("C5/6", "L4/5") for plane in PLANES for side in ("left", "right")]


@lru_cache(maxsize=64)
def seen(
    level: str, plane: str, side: str = "left", flexion: float = 0.0, loss: float = 0.0
) -> tuple[Segment, Section, Measures, dict[str, Any]]:
    """Cut, measure and draw one state."""
    segment = Segment.at(level).bent(flexion=flexion).with_disc_loss(loss)
    section = cut(segment, Plane.named(plane, segment, side))
    measures = measure_section(segment, section)
    return segment, section, measures, scene(segment, section, measures)


def drawn(path: str) -> Any:  # noqa: ANN401 - shapely ships no types
    """Area that a path fills by the even-odd rule."""
    shape = shapely.Polygon()
    for loop in re.findall(r"M([^MZ]+)Z", path):
        numbers = [float(number) for number in loop.split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        shape = shape.symmetric_difference(shapely.make_valid(shapely.Polygon(points)))
    return shape


@pytest.mark.parametrize(("level", "plane", "side"), PLACES)
def test_a_scene_is_plain_data_that_the_view_takes(level: str, plane: str, side: str) -> None:
    found = seen(level, plane, side)[3]
    check_scene(found)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["heading"].startswith(f"{level} · {side} · ")
    assert found["heading"].endswith("model")


@pytest.mark.parametrize(("level", "plane"), [("C5/6", "foramen"), ("L4/5", "axial-disc"), ("C5/6", "coronal")])
def test_outlines_are_those_of_the_section(level: str, plane: str) -> None:
    _, section, _, found = seen(level, plane)
    layers = {layer["id"]: layer for layer in found["layers"]}
    for region in section.regions:
        if region.polygon.area > 0.2:
            off = drawn(layers[region.structure.id]["path"]).symmetric_difference(region.polygon)
            assert off.area < 0.06 * region.polygon.length, region.structure.id


@pytest.mark.parametrize(("level", "plane", "side"), PLACES)
def test_a_label_points_into_its_structure(level: str, plane: str, side: str) -> None:
    _, section, _, found = seen(level, plane, side)
    layers = {layer["id"]: layer for layer in found["layers"]}
    wide, high = frame(section)
    for region in section.regions:
        layer = layers.get(region.structure.id)
        if layer is None or not layer["rank"]:
            continue
        u, v = layer["anchor"]
        if abs(u) < wide and abs(v) < high:
            assert region.polygon.distance(shapely.Point(u, v)) < 0.05, layer["id"]


@pytest.mark.parametrize(("level", "plane", "side"), PLACES)
def test_labels_are_of_the_side_in_view_and_the_first_ranks_differ(level: str, plane: str, side: str) -> None:
    found = seen(level, plane, side)[3]
    other = "right" if side == "left" else "left"
    ranked = [layer for layer in found["layers"] if layer["rank"]]
    assert not [layer["id"] for layer in ranked if layer["id"].endswith(f".{other}")]
    assert len({layer["rank"] for layer in ranked}) == len(ranked)


def test_the_root_is_named_first() -> None:
    for level in ("C5/6", "L4/5"):
        for plane in ("foramen", "sagittal", "axial-disc"):
            ranked = [layer for layer in seen(level, plane)[3]["layers"] if layer["rank"]]
            first = min(ranked, key=lambda layer: layer["rank"])
            assert first["tissue"] in {"nerve", "ganglion"}


def test_a_bone_is_one_ground_with_parts_above_it() -> None:
    layers = seen("C5/6", "foramen")[3]["layers"]
    grounds = [layer["id"] for layer in layers if layer.get("as") == "ground"]
    assert grounds == ["C5", "C6"]
    parts = [place for place, layer in enumerate(layers) if layer.get("as") == "part"]
    assert min(parts) > max(place for place, layer in enumerate(layers) if layer.get("as") == "ground")
    assert {layers[place]["tissue"] for place in parts} == {"bone"}


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
@pytest.mark.parametrize("flexion", [-4.0, 0.0, 4.0])
def test_rulers_lie_on_the_outline_and_are_as_long_as_they_say(level: str, flexion: float) -> None:
    _, _, measures, found = seen(level, "foramen", flexion=flexion)
    assert measures.bony is not None
    assert measures.outline is not None
    lengths = {"height": measures.bony.height_mm, "width": measures.bony.width_mm}
    for ruler in found["rulers"]:
        line = shapely.LineString([ruler["from"], ruler["to"]])
        assert line.length == pytest.approx(lengths[ruler["id"]], abs=0.06)
        assert ruler["text"] == f"{ruler['id']} {lengths[ruler['id']]:.1f} mm"
        assert all(measures.outline.exterior.distance(shapely.Point(end)) < 0.02 for end in line.coords)
    assert drawn(found["boundary"]["path"]).symmetric_difference(measures.outline).area < 1.0


def test_planes_without_an_outline_have_no_boundary_and_no_ruler() -> None:
    found = seen("L4/5", "axial-disc")[3]
    assert found["boundary"] is None
    assert found["rulers"] == []


def test_left_mirrors_right_except_for_words() -> None:
    left, right = seen("C5/6", "foramen", "left")[3], seen("C5/6", "foramen", "right")[3]
    assert left["boundary"] == right["boundary"]
    assert [ruler["text"] for ruler in left["rulers"]] == [ruler["text"] for ruler in right["rulers"]]


STATES = st.tuples(
    st.sampled_from(["C5/6", "L4/5"]),
    st.sampled_from(PLANES),
    st.sampled_from(["left", "right"]),
    st.sampled_from([-4.0, 0.0, 3.0, 7.0]),
    st.sampled_from([0.0, 1.0, 2.0]),
)


@settings(max_examples=25, deadline=None)
@given(STATES, STATES)
def test_a_patch_turns_one_scene_into_the_other(before: tuple[Any, ...], after: tuple[Any, ...]) -> None:
    old, new = seen(*before)[3], seen(*after)[3]
    assert apply_patch(old, difference(old, new)) == new
    assert difference(new, new) == {}


def test_a_step_of_flexion_leaves_the_lower_vertebra_alone() -> None:
    old, new = seen("C5/6", "foramen", flexion=3.0)[3], seen("C5/6", "foramen", flexion=7.0)[3]
    changed: list[Mapping[str, Any]] = difference(old, new)["layers"]
    assert not [layer["id"] for layer in changed if layer["id"] == "C6.pedicle.left" and "path" in layer]


def test_no_ring_is_no_path() -> None:
    assert paths([(), ()]) == ["", ""]
    assert paths([]) == []
