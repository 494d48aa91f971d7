"""The view sends what changed, keeps the whole scene, and refuses what cannot be drawn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.apps.section_view import SectionView, apply_patch, difference
from foramlib.errors import InvalidInput


def layer(name: str, path: str = "M0 0L1 0L1 1Z", tissue: str = "bone") -> dict[str, Any]:
    return {
        "id": name,
        "name": name.title(),
        "note": "",
        "tissue": tissue,
        "path": path,
        "anchor": [0.5, 0.5],
        "rank": 1,
        "focus": False,
    }


def scene(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    return {"box": [0, 0, 10, 10], "heading": "h", "description": "d", "layers": list(layers), **more}


def test_a_patch_names_only_what_changed() -> None:
    old = scene(layer("a"), layer("b"))
    new = scene(layer("a"), layer("b", "M0 0L2 0L2 2Z"), heading="other")
    assert difference(old, new) == {"heading": "other", "layers": [{"id": "b", "path": "M0 0L2 0L2 2Z"}]}
    assert difference(old, old) == {}


def test_a_patch_tells_what_came_went_and_where_it_lies() -> None:
    patch = difference(scene(layer("a"), layer("b")), scene(layer("c"), layer("b")))
    assert patch == {"layers": [layer("c")], "removed": ["a"], "order": ["c", "b"]}


names = st.lists(st.sampled_from("abcdef"), unique=True)
scenes = st.builds(
    lambda ids, paths, heading: scene(*(layer(i, paths.get(i, "M0 0Z")) for i in ids), heading=heading),
    names,
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["M1 1Z", "M2 2Z", ""])),
    st.sampled_from(["h", "i"]),
)


@given(scenes, scenes)
def test_the_patch_turns_one_scene_into_the_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert apply_patch(old, difference(old, new)) == new


@given(st.lists(scenes, min_size=1, max_size=6))
def test_after_any_walk_the_view_holds_the_last_scene(walk: list[dict[str, Any]]) -> None:
    view = SectionView()
    for one in walk:
        view.show(one)
    assert view.scene == walk[-1]
    assert view.get_state("drawn")["drawn"] == walk[-1]


def test_what_is_sent_is_plain_json() -> None:
    view = SectionView(scene=scene(layer("a")))
    view.show(scene(layer("a", "M3 3Z")), sentence="Changed.", readings=[{"label": "Height", "value": "8.6"}])
    state = {key: value for key, value in view.get_state().items() if not key.startswith("_")}
    state.pop("layout")
    assert json.loads(json.dumps(state))["sentence"] == "Changed."


def test_a_patch_set_directly_is_merged() -> None:
    view = SectionView(scene=scene(layer("a")))
    view.patch = {"layers": [{"id": "a", "path": "M9 9Z"}]}
    assert view.scene["layers"][0]["path"] == "M9 9Z"
    view.scene = scene(layer("b"))
    assert view.patch == {}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (scene(box=[0, 0, 0, 1]), "box is"),
        (scene(box=[0, 0, float("nan"), 1]), "box is"),
        (scene(layer("a"), layer("a")), "a stands there more than once"),
        (scene(layer("a", tissue="cheese")), "Tissue 'cheese' is unknown"),
    ],
)
def test_a_scene_that_cannot_be_drawn_is_refused_and_the_last_one_stays(bad: dict[str, Any], sentence: str) -> None:
    good = scene(layer("a"))
    view = SectionView(scene=good)
    with pytest.raises(InvalidInput, match=sentence):
        view.show(bad)
    with pytest.raises(InvalidInput, match=sentence):
        view.scene = bad
    assert view.scene == good
