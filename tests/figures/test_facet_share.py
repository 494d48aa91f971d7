"""The chart of facet and root: model and words agree, more facet never shows less, what lies in front stays."""

from __future__ import annotations

import itertools

import pytest

from foramlib.errors import InvalidInput
from foramlib.evidence import facts
from foramlib.figures.charts.facet_share import STATES, FacetShare, Point, describe_facet_share
from foramlib.learning.patient import load_patient
from foramlib.spine.surgery.gauges import gauges
from foramlib.spine.surgery.presets import removal


@pytest.fixture(scope="module")
def soft() -> FacetShare:
    return FacetShare.of(state="soft", shares=(0.5,))


def test_the_soft_disc_is_not_freed_by_bone_taken_behind(soft: FacetShare) -> None:
    assert any("herniation" in name for name in soft.points[-1].touched)
    assert any("herniation" in name for name in soft.then[0].touched)
    assert soft.then[1].touched == ()
    assert soft.then[1].room > soft.then[0].room >= soft.points[-1].room > soft.points[0].room
    assert "still touches it in front" in soft.message


def test_the_words_are_those_of_the_numbers(soft: FacetShare) -> None:
    words = describe_facet_share(soft)
    assert words.startswith(soft.message)
    for point in soft.points:
        assert f"{point.exposed:.1f} mm of root seen, room {point.room:.0f} mm²" in words
    for one in soft.seen:
        assert f"{one.low:g} to {one.high:g} mm seen" in words
    assert {"P:P11", "P:P11b", "P:P12"} <= set(soft.ids)
    assert "both sides stand" in words


def test_cadaver_lengths_are_those_of_the_facts(soft: FacetShare) -> None:
    assert [(one.taken, one.low, one.high) for one in soft.seen] == [(50, 3, 5), (70, 8, 10), (50, 8.9, 12.3)]
    assert "8.9-12.3 mm" in facts()["P:P11e"].value


def test_the_message_follows_the_points(soft: FacetShare) -> None:
    grown = FacetShare("C5/6", "left", "made up", (Point(0, 0, 10), Point(50, 6, 20), Point(90, 9, 30)), (), soft.seen)
    assert (
        grown.message == "Beyond half of the facet the model shows 3.0 mm more of the root, and gains 50 % of the room"
    )


def test_the_first_state_is_that_of_helen() -> None:
    helen = {(one.name, one.mm) for one in load_patient("helen-osei", "no-such-folder").lesions}
    assert set(STATES["spur"][1]) == helen


@pytest.mark.parametrize(
    "asked",
    [{"level": "L4/5"}, {"state": "hard"}, {"side": "up"}, {"shares": ()}, {"shares": (0.0,)}, {"shares": (1.2,)}],
)
def test_what_cannot_be_is_refused_before_anything_is_computed(asked: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        FacetShare.of(**asked)  # type: ignore[arg-type]


@pytest.mark.thorough
@pytest.mark.parametrize("state", STATES)
def test_more_facet_never_shows_less_nor_leaves_less_room(state: str) -> None:
    points = FacetShare.of(state=state).points
    for less, more in itertools.pairwise(points):
        assert more.taken >= less.taken
        assert more.exposed >= less.exposed
        assert more.room >= less.room - 1e-6


@pytest.mark.thorough
def test_the_chart_shows_what_the_gauges_read() -> None:
    helen = load_patient("helen-osei", "no-such-folder").segment()
    found = gauges(helen.after(removal(helen, "keyhole", "left", 0.5)))
    point = FacetShare.of(shares=(0.5,)).points[-1]
    assert point.exposed == pytest.approx(found.exposed_mm)
    assert point.room == pytest.approx(found.room_mm2)
