"""Key views: where things lie in the picture, what the words say of it, and that both are one."""

from __future__ import annotations

import struct
import time
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from foramlib.errors import InvalidInput
from foramlib.figures.key_views import (
    KEY_VIEWS,
    LEAST_SEEN,
    USUAL,
    KeyView,
    describe_key_view,
    key_camera,
    key_scene,
    key_view,
    key_view_steps,
)
from foramlib.figures.raster import NOTHING, encode_png
from foramlib.spine.levels import MODELLED
from foramlib.spine.mesh import run
from foramlib.spine.planes import Plane
from foramlib.spine.segment import Segment
from foramlib.spine.solids import bone_solids

if TYPE_CHECKING:
    from foramlib.spine.solids import BoneMesh
    from foramlib.spine.vertebra import Vertebra

WIDTH = 200


@pytest.fixture(scope="module")
def kept() -> dict[Vertebra, BoneMesh]:
    return {}


@pytest.fixture(scope="module")
def views(kept: dict[Vertebra, BoneMesh]) -> dict[str, KeyView]:
    segment = Segment.at("C5/6")
    return {name: key_view(segment, name, kept=kept, width=WIDTH) for name in KEY_VIEWS}


def seen(view: KeyView) -> set[str]:
    still = view.still
    return {one.id for one, pixels in zip(still.structures, still.visible, strict=True) if pixels >= LEAST_SEEN}


def middle(view: KeyView, ident: str) -> tuple[float, float]:
    """Mean column and row of what is seen of a structure."""
    place = [one.id for one in view.still.structures].index(ident)
    rows, columns = np.nonzero(view.still.numbers == place)
    return float(columns.mean()), float(rows.mean())


# --- cameras ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "side", "marks"),
    [
        ("lateral", "left", "APHF"),
        ("lateral", "right", "PAHF"),
        ("posterior", "left", "LRHF"),
        ("axial", "left", "LRAP"),
        ("foramen", "left", "APHF"),
        ("foramen", "right", "PAHF"),
    ],
)
def test_letters_say_how_the_patient_stands(name: str, side: str, marks: str) -> None:
    found = key_camera(Segment.at("L4/5"), name, side).marks
    assert "".join(found[edge] for edge in ("left", "right", "top", "bottom")) == marks


@pytest.mark.parametrize("name", [name for name in KEY_VIEWS if name != "foramen"])
def test_the_camera_is_the_same_for_every_level_and_posture_of_a_region(name: str) -> None:
    assert key_camera(Segment.at("C5/6"), name) == key_camera(Segment.at("C5/6").bent(flexion=5), name)
    necks = {key_camera(Segment.at(level), name) for level in MODELLED if level.startswith("C")}
    loins = {key_camera(Segment.at(level), name) for level in MODELLED if level.startswith("L")}
    assert len(necks) == len(loins) == 1
    assert {plane.across for plane in necks} == {plane.across for plane in loins}


@pytest.mark.parametrize("level", MODELLED)
def test_every_vertebra_is_in_the_picture(level: str, kept: dict[Vertebra, BoneMesh]) -> None:
    segment = Segment.at(level)
    for solid in run(bone_solids(segment, kept)):
        for name in ("lateral", "posterior", "axial", "posterior-oblique"):
            camera = key_camera(segment, name)
            away = np.abs(camera.project(solid.surface.vertices)) / camera.half
            assert (away.max(axis=1) > 1).mean() < 0.02, (solid.id, name)


# --- pictures -----------------------------------------------------------------------------------------


def test_left_lies_left_from_behind_and_front_lies_left_from_the_left(views: dict[str, KeyView]) -> None:
    posterior = views["posterior"]
    left, right = (middle(posterior, f"C5.lamina.{side}")[0] for side in ("left", "right"))
    assert left < right
    lateral = views["lateral"]
    assert middle(lateral, "annulus")[0] < middle(lateral, "C5.spinous_process")[0]
    assert middle(lateral, "C5.spinous_process")[1] < middle(lateral, "C6.spinous_process")[1]
    axial = views["axial"]
    assert middle(axial, "C5.vertebral_body")[1] < middle(axial, "C5.spinous_process")[1]


def test_what_is_nearer_hides_what_is_farther(views: dict[str, KeyView]) -> None:
    assert "vertebral_artery.left" in seen(views["lateral"])
    assert "vertebral_artery.right" not in seen(views["lateral"])
    assert "C6.vertebral_body" not in seen(views["axial"])
    assert {"C5.spinous_process", "C6.spinous_process", "C5.lamina.left"} <= seen(views["posterior"])


def test_into_the_foramen_one_sees_root_artery_and_joint(views: dict[str, KeyView]) -> None:
    assert {"exiting_root.left", "vertebral_artery.left", "capsule.left"} <= seen(views["foramen"])


def test_the_right_side_is_the_left_one_mirrored(views: dict[str, KeyView], kept: dict[Vertebra, BoneMesh]) -> None:
    right = key_view(Segment.at("C5/6"), "foramen", "right", kept=kept, width=WIDTH)
    mirrored = right.still.numbers[:, ::-1] != NOTHING
    assert (mirrored == (views["foramen"].still.numbers != NOTHING)).mean() > 0.99


def test_bone_can_be_seen_through_or_left_out(kept: dict[Vertebra, BoneMesh]) -> None:
    segment = Segment.at("L4/5")
    glass = key_view(segment, "lateral", kept=kept, width=WIDTH, bone=0.3)
    assert "traversing_root.left" in seen(glass)
    assert "Bone is drawn see-through." in describe_key_view(glass)
    bare = key_view(segment, "lateral", kept=kept, width=WIDTH, bone=0.0)
    assert not any(one.vertebra for one in bare.still.structures)
    assert "Left out: vertebrae and fat." in describe_key_view(bare)


def test_fat_is_shown_when_asked_for(kept: dict[Vertebra, BoneMesh]) -> None:
    view = key_view(Segment.at("L4/5"), "foramen", kept=kept, width=WIDTH, shown=[*USUAL, "fat"])
    assert "foraminal_fat.left" in seen(view)


def test_a_posture_moves_the_picture(views: dict[str, KeyView], kept: dict[Vertebra, BoneMesh]) -> None:
    bent = key_view(Segment.at("C5/6").bent(flexion=8), "lateral", kept=kept, width=WIDTH)
    tip = "C5.spinous_process"
    assert middle(bent, tip)[1] < middle(views["lateral"], tip)[1]


def test_the_picture_is_a_png_of_its_size(views: dict[str, KeyView]) -> None:
    view = views["lateral"]
    rows, columns = view.still.numbers.shape
    assert struct.unpack(">II", view.png[16:24]) == (columns, rows)
    assert columns == WIDTH


def test_a_png_holds_the_pixels_it_was_given() -> None:
    pixels = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    data = encode_png(pixels)
    start = data.index(b"IDAT")
    size = struct.unpack(">I", data[start - 4 : start])[0]
    lines = np.frombuffer(zlib.decompress(data[start + 4 : start + 4 + size]), dtype=np.uint8).reshape(2, 13)
    assert (lines[:, 1:].reshape(2, 3, 4) == pixels).all()


# --- words and scene ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KEY_VIEWS)
def test_the_words_name_only_what_is_so(views: dict[str, KeyView], name: str) -> None:
    view = views[name]
    text = describe_key_view(view)
    shown = {one.id: one.name for one in view.still.structures}
    largest = text.partition("Largest in view: ")[2].partition(".")[0]
    hidden = text.partition("Hidden in this view: ")[2].partition(".")[0]
    places = {
        one.name.lower(): int(pixels) for one, pixels in zip(view.still.structures, view.still.visible, strict=True)
    }
    for words in largest.replace(" and ", ", ").split(", "):
        if words.lower() in places:
            assert places[words.lower()] >= LEAST_SEEN
    for ident in seen(view):
        whole = f"{shown[ident][0].lower()}{shown[ident][1:]}"
        named = [part.strip() for part in hidden.split(", ")]
        still = view.still
        place = [one.id for one in still.structures].index(ident)
        if whole in named:
            assert still.visible[place] / len(still.reach[place]) < 0.1
    assert "C5/6 segment in 3D, seen " in text
    assert "Left out: fat." in text


def test_the_axial_words_say_which_way_the_picture_lies(views: dict[str, KeyView]) -> None:
    assert "On the viewer's left is the patient's left, at the top the front." in describe_key_view(views["axial"])


def test_the_scene_has_a_region_and_an_anchor_for_everything_seen(views: dict[str, KeyView]) -> None:
    view = views["foramen"]
    scene = key_scene(view)
    assert {layer["id"] for layer in scene["layers"]} == seen(view)
    assert scene["image"].startswith("data:image/png;base64,")
    columns = view.still.numbers.shape[1]
    for layer in scene["layers"]:
        u, v = layer["anchor"]
        column = int((u / (2 * view.still.camera.half[0]) + 0.5) * columns)
        row = int((0.5 - v / (2 * view.still.camera.half[1])) * view.still.numbers.shape[0])
        around = view.still.numbers[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        found = {view.still.structures[place].id for place in np.unique(around).tolist() if place != NOTHING}
        assert layer["id"] in found


def test_labels_rank_what_is_looked_for_first(views: dict[str, KeyView]) -> None:
    ranks = {layer["id"]: layer["rank"] for layer in key_scene(views["foramen"])["layers"]}
    assert 1 <= ranks["exiting_root.left"] <= 4
    assert all(rank == 0 for ident, rank in ranks.items() if ident.endswith(".right"))
    assert sorted(rank for rank in ranks.values() if rank) == list(range(1, sum(map(bool, ranks.values())) + 1))


def test_the_section_plane_is_framed_and_said(views: dict[str, KeyView]) -> None:
    plane = Plane.named("foramen", Segment.at("C5/6"))
    scene = key_scene(views["foramen"], plane=plane)
    numbers = [float(word) for word in scene["boundary"]["path"].strip("MZ").replace("L", " ").split()]
    frame = shapely.Polygon(np.array(numbers).reshape(4, 2))
    assert frame.area == pytest.approx(4 * plane.half[0] * plane.half[1], rel=0.01)
    assert "The bright frame is the section plane, seen face-on." in scene["description"]
    assert "seen from its edge" in key_scene(views["axial"], plane=plane)["description"]


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
def test_a_still_takes_about_a_second_in_slices(level: str, kept: dict[Vertebra, BoneMesh]) -> None:
    segment = Segment.at(level)
    steps, slices, start = key_view_steps(segment, "lateral", kept=kept), [], time.thread_time()
    for _ in steps:
        slices.append(time.thread_time() - start)
        start = time.thread_time()
    assert sum(slices) < 1.5
    assert max(slices) < 0.03


def test_unknown_names_are_refused() -> None:
    segment = Segment.at("C5/6")
    with pytest.raises(InvalidInput, match="no key view 'below'"):
        key_view(segment, "below")
    with pytest.raises(InvalidInput, match="no group 'skin'"):
        key_view(segment, "lateral", shown=["skin"])
    with pytest.raises(InvalidInput, match="side"):
        key_view(segment, "lateral", "middle")
