"""Lesions in section, 3D and words: named, magenta alone, and told from the same numbers."""

from __future__ import annotations

import pytest

from foramlib.figures.key_views import GROUPS, describe_key_view, key_scene, key_view
from foramlib.figures.room_words import as_plain, changed_words, fat_words, grade_words, room_readings, root_words
from foramlib.figures.scene import scene
from foramlib.imaging.grades import grades
from foramlib.spine import Plane, Segment, cut, measure_section
from foramlib.spine.fat import fat_about
from foramlib.spine.lesions import kinds, lesion, parse_lesion
from foramlib.spine.presets import presets
from foramlib.spine.room import root_states
from foramlib.spine.structures import catalogue

CASES = [(level, key) for level in ("C5/6", "L4/5") for key, kind in kinds().items() if kind.regions]
GROWN = [(level, key) for level, key in CASES if kinds()[key].occurs_at(Segment.at(level).level)]


def test_a_lesion_is_a_group_of_its_own_in_3d() -> None:
    assert GROUPS["lesion"][1] == {key for key, entry in catalogue().items() if entry.tissue == "lesion"}


@pytest.mark.parametrize(("level", "key"), GROWN)
def test_a_lesion_is_named_and_is_all_that_is_magenta(level: str, key: str) -> None:
    amount = "2" if key == "disc_height_loss" else "severe"
    segment = Segment.at(level).with_lesions(parse_lesion(f"{key}={amount}", "left"))
    grown = {one.id for one in segment.soft if one.tissue == "lesion"}
    assert len(grown) == len(segment.growths)
    seen = set()
    for plane in ("foramen", "axial-disc", "coronal"):
        section = cut(segment, Plane.named(plane, segment, "left"))
        made = scene(segment, section, measure_section(segment, section))
        magenta = [layer for layer in made["layers"] if layer["tissue"] == "lesion"]
        assert {layer["id"] for layer in magenta} <= grown
        assert all(layer["name"] and layer["note"] and layer["rank"] == 1 for layer in magenta)
        assert key == "disc_height_loss" or kinds()[key].label.lower() in made["description"].lower()
        seen |= {layer["id"] for layer in magenta}
    assert seen == grown


def test_a_lesion_is_seen_and_said_in_3d() -> None:
    segment = Segment.at("L4/5").with_lesions(lesion("herniation", 6, "left", zone="extraforaminal"))
    view = key_view(segment, "posterior-oblique", width=240)
    assert "herniation.left" in {structure.id for structure in view.still.structures}
    assert "disc herniation, left, extraforaminal, 6.0 mm" in describe_key_view(view)


def test_a_pars_that_has_parted_is_one_structure_of_two_pieces() -> None:
    """An isthmic slip leaves two pieces of the pars; each picture names it once."""
    segment = presets()["isthmic-slip"].segment()
    section = cut(segment, Plane.named("foramen", segment, "left"))
    names = [layer["id"] for layer in scene(segment, section, measure_section(segment, section))["layers"]]
    assert len(names) == len(set(names))
    solid = [layer["id"] for layer in key_scene(key_view(segment, "lateral", width=240))["layers"]]
    assert len(solid) == len(set(solid))
    assert "L5.pars_interarticularis.left" in solid


def test_the_words_name_root_wall_place_and_grade() -> None:
    segment = Segment.at("L4/5").with_lesions(lesion("herniation", 5, "left", zone="subarticular"))
    before, after, found = root_states(Segment.at("L4/5")), root_states(segment), grades(segment)
    said = changed_words("Amount 5.0 mm", segment, before, after, found)
    assert "room about L4 80 %" in said
    assert f"room about L5 {100 * before[1].room:.0f} → {100 * after[1].room:.0f} %" in said
    assert "L5 (traversing) is touched by" in said
    assert "the disc herniation" in said
    assert "nothing touches L4 (exiting)" in said
    assert "Lee 2010 0" in said
    assert root_words(segment, after[0]).startswith("L4 (exiting) is touched by nothing")
    assert [one["value"] for one in room_readings(after)] == [f"{100 * one.room:.0f}" for one in after]
    assert as_plain(segment, after, found)["roots"][1]["hit"] is True


def test_a_state_that_a_system_cannot_express_says_why() -> None:
    segment = Segment.at("L4/5").with_lesions(lesion("herniation", 5, "left", zone="foraminal"))
    found = [one for one in grades(segment) if not one.grade]
    assert found
    assert "Lee 2010 cannot express this state: fat is lost on the posterior and inferior sides" in grade_words(found)
    section = cut(segment, Plane.named("foramen", segment, "left"))
    assert fat_words(fat_about(section)).startswith(
        "Fat about the root in this plane: lost on the posterior and inferior, left on"
    )
    assert fat_words(None) == ""
