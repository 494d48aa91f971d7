"""The figure of the body: every claim has its words in the table of roots, left mirrors right, nothing overlaps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon
from shapely.ops import unary_union

from foramlib.clinic.pain_patterns import leaves, shares
from foramlib.clinic.region_shapes import hit, insets, neighbours, outline, shapes, smooth
from foramlib.clinic.regions import MAPS, base_of, body, claims, mirrored, region, region_ids, regions, side_of
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, facts, roots

PICTURES = [entry["id"] for entry in body()["pictures"]]


def test_ids_and_names_are_unique_and_every_region_is_seen() -> None:
    assert len({one.id for one in regions()}) == len(regions())
    assert len({one.spoken for one in regions()}) == len(regions())
    for one in regions():
        drawn = {shape.region for name in one.pictures for shape in shapes(name)}
        assert one.id in drawn or (one.opens and any(i.opens == one.id for n in one.pictures for i in insets(n)))
        assert one.side in one.spoken
        assert "{" not in one.name + one.spoken
    assert {one.opens for one in regions() if one.opens} == {"hand", "foot"}


def test_pain_and_points_stand_in_the_table_of_roots_in_these_words() -> None:
    for one in regions():
        for claim in one.claims:
            assert facts()[claim.evidence].support in {"primary", "secondary"}
            if claim.map == "pain":
                assert claim.phrase in roots()[claim.root].typical_pain
            if claim.map == "points":
                assert claim.phrase == roots()[claim.root].key_sensory_point
            if claim.map in {"pain", "points"}:
                assert facts()[claim.evidence].statement.startswith(f"{claim.root} root")


def test_every_root_has_its_point_and_its_pain() -> None:
    for root in roots():
        assert len(claims(root, "points")) == 2, root
        assert claims(root, "pain"), root


def test_only_the_fourth_lumbar_root_has_more_maps_for_the_evidence_knows_no_other() -> None:
    drawn = {claim.root for one in regions() for claim in one.claims if claim.map in {"keegan_garrett", "foerster"}}
    assert drawn == {"L4"}
    words = facts()["A:L-17"].statement
    named = {claim.phrase for one in regions() for claim in one.claims if claim.evidence == "A:L-17"} - {"between"}
    assert named == {"lateral thigh", "medial great toe", "medial leg"}
    assert all(phrase in words for phrase in named)
    assert cite("A:L-17").state != "teaching"


def test_key_points_lie_in_their_region() -> None:
    for entry in body()["regions"]:
        if "point" in entry:
            here = [one for one in shapes(entry["point"]["picture"]) if one.region.startswith(f"{entry['id']}.")]
            assert any(Polygon(one.ring).contains(Point(entry["point"]["at"])) for one in here), entry["id"]


@pytest.mark.parametrize("picture", PICTURES)
def test_regions_tile_the_figure_without_overlap(picture: str) -> None:
    faces = [Polygon(one.ring) for one in shapes(picture)]
    assert all(face.is_valid and face.area > 2 for face in faces)
    whole = unary_union(faces)
    half = Polygon(outline(picture))
    assert sum(face.area for face in faces) == pytest.approx(whole.area, abs=0.05)
    assert whole.area == pytest.approx(2 * half.area, rel=1e-3)
    for one in shapes(picture):
        assert Polygon(one.ring).contains(Point(one.anchor)), one.region


@pytest.mark.parametrize("picture", PICTURES)
def test_left_mirrors_right(picture: str) -> None:
    by_id = {one.region: one for one in shapes(picture)}
    for name, one in by_id.items():
        twin = by_id[mirrored(name)]
        assert Polygon([(-x, y) for x, y in twin.ring]).symmetric_difference(Polygon(one.ring)).area < 1e-6
        assert side_of(name) != side_of(twin.region)
        assert base_of(name) == base_of(twin.region)


def test_the_patients_left_is_at_the_viewers_right_only_from_the_front() -> None:
    for picture, sign in (("front", 1), ("back", -1), ("palm", 1), ("foot_top", 1), ("sole", 1), ("hand_back", 1)):
        for one in shapes(picture):
            side = 1 if one.region.endswith("left") else -1
            assert one.anchor[0] * sign * side > 0


def test_thumbs_point_as_they_do() -> None:
    # Arms hang with the palms forward: the thumb is the outermost finger, in front and behind; so on either hand.
    for picture in ("front", "back"):
        for inset in insets(picture):
            across = {part.region.partition("_")[0]: abs(part.anchor[0]) for part in inset.parts}
            assert across["thumb"] > across["little"]
    # Palms up and facing the viewer, the thumbs point inwards; the backs of the hands show them outwards.
    assert _reach("palm", "thumb_palmar") < _reach("palm", "little_palmar")
    assert _reach("hand_back", "thumb_dorsal") > _reach("hand_back", "little_dorsal")
    assert _reach("sole", "big_toe_plantar") < _reach("sole", "little_toe_plantar")
    assert _reach("foot_top", "big_toe_dorsal") < _reach("foot_top", "little_toe_dorsal")


def _reach(picture: str, name: str) -> float:
    return next(abs(one.anchor[0]) for one in shapes(picture) if one.region == f"{name}.left")


def test_hits() -> None:
    for picture in PICTURES:
        for one in shapes(picture):
            assert hit(picture, *one.anchor) == one.region
    assert hit("front", 45, 170) is None
    assert hit("front", 38.6, 79.0) == "hand.left"
    assert hit("back", 38.6, 79.0) == "hand.right"


def test_neighbours_are_mutual_of_one_side_and_known() -> None:
    for one in regions():
        for other in neighbours(one.id):
            assert one.id in neighbours(other)
            assert side_of(other) == one.side
    assert "upper_arm_lateral.left" in neighbours("elbow_lateral.left")
    assert "calf_medial.left" not in neighbours("thigh_front_upper.left")


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=8, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_smooth_curve_passes_its_points(points: list[tuple[int, int]]) -> None:
    curve = smooth(points)
    for point in points:
        assert min(abs(x - point[0]) + abs(y - point[1]) for x, y in curve) < 1e-9


def test_shares_of_pain_that_leaves_the_dermatome_are_the_published_ones() -> None:
    assert [share.follows for share in shares()] == pytest.approx([30.3, 54, 35.9, 60, 64.9])
    assert leaves("C6") == pytest.approx(0.697)
    assert leaves("L5") == pytest.approx(0.641)
    assert leaves("C4") == pytest.approx(0.4)
    assert leaves("S1") == pytest.approx(0.351)


@pytest.mark.parametrize("name", ["", "arm", "forearm_lateral", "forearm_lateral.middle", None, 3, ["x"]])
def test_an_unknown_region_is_refused_in_one_sentence(name: object) -> None:
    with pytest.raises(InvalidInput, match="There is no region") as caught:
        region(name)  # type: ignore[arg-type]
    assert str(caught.value).endswith(".")


def test_unknown_pictures_and_lists_are_refused() -> None:
    with pytest.raises(InvalidInput, match="front, back, palm"):
        regions("top")
    with pytest.raises(InvalidInput, match="points, pain"):
        region("thumb_palmar.left").roots("gray")
    assert set(MAPS) == {"points", "pain", "keegan_garrett", "foerster"}
    assert not {"hand.left", "foot.right"} & set(region_ids())
