"""The body map as data: every region by the arrow keys, small paths, words from the same drawing."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from foramlib.clinic.region_shapes import insets, shapes
from foramlib.clinic.regions import body, region, region_ids, regions
from foramlib.errors import InvalidInput
from foramlib.figures import palette
from foramlib.figures.body import UNIT, checked, describe_body, moves, note, scene, shown_in
from foramlib.figures.charts.maps_disagree import MapsDisagree, describe_maps

TABS = [tab["id"] for tab in body()["tabs"]]


@pytest.mark.parametrize("tab", TABS)
def test_every_region_is_reached_by_arrow_keys_from_every_other(tab: str) -> None:
    steps = moves(tab)
    seen = {one.region for name in shown_in(tab) for one in shapes(name)}
    seen |= {one.opens for name in shown_in(tab) for one in insets(name)}
    assert set(steps) == seen
    for start in steps:
        found, todo = {start}, [start]
        while todo:
            new = set(steps[todo.pop()].values()) - found
            found |= new
            todo += new
        assert found == seen, seen - found


def test_every_region_that_can_be_marked_stands_in_some_tab() -> None:
    assert {name for tab in TABS for name in moves(tab)} >= set(region_ids())


def test_the_scene_is_plain_small_and_true_to_the_shapes() -> None:
    made = scene()
    assert len(json.dumps(made)) < 160_000
    half = {one["id"]: one for one in made["pictures"]["front"]["shapes"]}
    for shape in shapes("front"):
        if shape.region not in half:
            continue
        steps = half[shape.region]["path"]
        xs = [sum(steps[0 : end + 1 : 2]) * UNIT for end in range(0, len(steps), 2)]
        assert min(xs) == pytest.approx(min(x for x, _ in shape.ring), abs=0.02)
        assert max(xs) == pytest.approx(max(x for x, _ in shape.ring), abs=0.02)


def test_words_of_a_drawing() -> None:
    shaded = {"calf_medial.right": (3, "L4"), "foot_lateral.left": (1, "")}
    words = describe_body(["thumb_dorsal.left", "forearm_lateral.left"], shaded)
    assert words.splitlines() == [
        "Marked: thumb side of the left forearm; left thumb, back.",
        "Strongly shaded: inner side of the right lower leg (L4).",
        "Lightly shaded: outer edge of the left foot.",
    ]
    assert describe_body([]) == "Nothing is marked on the body."


def test_notes_say_what_the_evidence_claims_and_nothing_else() -> None:
    assert note(region("thumb_dorsal.left")) == "Key sensory point of C6; pain here is typical of C6"
    assert "L4 in the map of Keegan and Garrett" in note(region("thigh_lateral.right"))
    assert note(region("chest.left")) == ""
    for one in regions():
        assert bool(note(one)) == bool(one.claims)


def test_a_drawing_is_put_in_order_and_a_whole_hand_refused() -> None:
    assert checked(["thumb_dorsal.left", "face.left", "thumb_dorsal.left"]) == ("face.left", "thumb_dorsal.left")
    with pytest.raises(InvalidInput, match="mark its parts"):
        checked(["hand.left"])


@pytest.mark.parametrize("theme", palette.THEMES)
def test_marks_are_told_apart_by_all_and_seen_on_the_ground(theme: str) -> None:
    shades = [palette.role(name, theme) for name in ("skin", "shade-1", "shade-2", "shade-3")]
    for one, other in pairwise(shades):
        assert palette.least_distance(one, other) >= 12
    for name in ("skin", "shade-1", "shade-2"):
        assert palette.least_distance(palette.role("chosen", theme), palette.role(name, theme)) >= palette.ENOUGH
    for ground in ("skin", "plate"):
        assert palette.contrast(palette.role("chosen", theme), palette.role(ground, theme)) >= 3
        assert palette.contrast(palette.role("skin-line", theme), palette.role(ground, theme)) >= 3


def test_maps_disagree_says_every_list_and_every_share() -> None:
    numbers = MapsDisagree.of()
    words = describe_maps(numbers)
    assert numbers.root == "L4"
    assert len(numbers.lists) == 4
    for figure in ("69.7 %", "64.1 %", "60.0 %", "64.9 %", "54 %"):
        assert figure in words
    assert MapsDisagree.of("C5/6").root == "C6"
    assert MapsDisagree.of("C2/3").root == "L4"  # the lists do not speak of C3
