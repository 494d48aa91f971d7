"""Lesions: what grows, what gives way, which root is hit, and what cannot be."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.spine import MODELLED, Level, Segment, contacts, cut, measure
from foramlib.spine.lesions import GRADES, Lesion, kinds, lesion, parse_lesion
from foramlib.spine.planes import Plane
from foramlib.spine.presets import presets, worn
from foramlib.spine.room import room_shares, root_states
from foramlib.spine.structures import catalogue

LEVELS = ("C5/6", "L4/5")
GROWING = (
    "bulge",
    "herniation",
    "uncovertebral_osteophyte",
    "ridge",
    "facet_hypertrophy",
    "flavum_thickening",
    "synovial_cyst",
)
"""Lesions that grow about a fixed place."""


def with_one(level: str, key: str, mm: float | str = "severe", **more: str) -> Segment:
    sided = {"side": "left"} if kinds()[key].sides else {}
    return Segment.at(level).with_lesions(lesion(key, mm, **{**sided, **more}))


def rooms(segment: Segment, side: str = "left") -> np.ndarray:
    return np.concatenate([room_shares(segment, root) for (_, where), root in segment.roots.items() if where == side])


def places(level: str, key: str) -> tuple[str, ...]:
    return kinds()[key].zones_at(Level.parse(level)) or ("",)


# What is built --------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("key", list(kinds()))
def test_each_lesion_changes_the_segment_where_it_occurs(level: str, key: str) -> None:
    if not kinds()[key].occurs_at(Level.parse(level)):
        with pytest.raises(InvalidInput, match="does not occur"):
            with_one(level, key)
        return
    for zone in places(level, key):
        state = with_one(level, key, zone=zone)
        assert state != Segment.at(level)
        changed = {part.id: part.shape for part in state.soft} != {
            part.id: part.shape for part in Segment.at(level).soft
        }
        assert changed


def test_every_lesion_structure_of_the_catalogue_is_made_by_some_lesion() -> None:
    made = set()
    for level in LEVELS:
        for key, kind in kinds().items():
            if kind.occurs_at(Level.parse(level)):
                made |= {part.key for part in with_one(level, key).soft if part.tissue == "lesion"}
    assert made == {key for key, entry in catalogue().items() if entry.tissue == "lesion"}


@pytest.mark.parametrize("key", list(kinds()))
def test_none_leaves_the_segment_as_it_was(key: str) -> None:
    level = "L5/S1" if "lumbar" in kinds()[key].regions else "C5/6"
    assert with_one(level, key, "none") == Segment.at(level)
    amounts = [kinds()[key].amounts[grade] for grade in GRADES]
    assert amounts == sorted(amounts)
    assert amounts[0] == 0 < amounts[1] < amounts[3] <= kinds()[key].most(Level.parse(level))


@pytest.mark.parametrize(("level", "key"), [("C5/6", "uncovertebral_osteophyte"), ("L4/5", "facet_hypertrophy")])
def test_a_lesion_stays_on_its_side_in_pictures(level: str, key: str) -> None:
    left, right = (with_one(level, key, side=side) for side in ("left", "right"))
    for state, sign in ((left, 1.0), (right, -1.0)):
        grown = [growth.shape.box for growth in state.growths]
        assert all(sign * (box.low[0] + box.high[0]) > 0 for box in grown)
    assert rooms(left, "left") == pytest.approx(rooms(right, "right"), abs=0.02)
    assert (rooms(left, "right") == rooms(Segment.at(level), "right")).all()
    section = cut(right, Plane.named("axial-disc", right, "right"))
    drawn = [region.polygon for region in section.regions if region.structure.tissue == "lesion"]
    # Radiology shows the patient's right on the viewer's left.
    assert drawn
    assert all(shape.centroid.x < 0 for shape in drawn)


# More of it never leaves more room ------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("key", GROWING)
def test_more_of_a_growth_never_leaves_more_room(level: str, key: str) -> None:
    if not kinds()[key].occurs_at(Level.parse(level)):
        return
    most = kinds()[key].most(Level.parse(level))
    for zone in places(level, key):
        steps = [rooms(with_one(level, key, share * most, zone=zone)) for share in (0.1, 0.35, 0.7, 1.0)]
        assert all((later <= earlier + 1e-9).all() for earlier, later in itertools.pairwise(steps))
        assert steps[-1].sum() < rooms(Segment.at(level)).sum() or zone == "central"


AMOUNTS = st.floats(0.0, 1.0)


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(
    level=st.sampled_from(MODELLED),
    shares=st.lists(AMOUNTS, min_size=len(GROWING), max_size=len(GROWING)),
    more=st.integers(0, len(GROWING) - 1),
    flexion=st.floats(-1.0, 1.0),
)
def test_together_and_in_any_posture_more_never_leaves_more_room(
    level: str, shares: list[float], more: int, flexion: float
) -> None:
    where = Level.parse(level)
    base = Segment.at(level)
    base = base.bent(flexion=abs(flexion) * base.limits["flexion"][flexion > 0])
    keys = [key for key in GROWING if kinds()[key].occurs_at(where)]
    amounts = [(key, share * kinds()[key].most(where)) for key, share in zip(keys, shares, strict=False)]
    less = [parse_lesion(f"{key}={mm}", "left") for key, mm in amounts]
    grown = less[more % len(less)]
    larger = [one.sized(grown.kind.most(where)) if one is grown else one for one in less]
    before, after = (rooms(base.with_lesions(*found)) for found in (less, larger))
    assert (after <= before + 1e-9).all()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("flexion", [-1, 0, 1])
def test_a_lower_disc_never_leaves_more_free_area(level: str, flexion: int) -> None:
    base = Segment.at(level)
    base = base.bent(flexion=abs(flexion) * base.limits["flexion"][flexion > 0])
    free = [measure(base.with_disc_loss(loss)).free_area_mm2 for loss in (0.0, 1.0, 2.0, 3.0)]
    assert all(later < earlier + 0.5 for earlier, later in itertools.pairwise(free))
    assert free[-1] < free[0]


# Which root -----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["L2/3", "L3/4", "L4/5", "L5/S1"])
def test_a_lumbar_herniation_hits_the_root_of_its_zone(level: str) -> None:
    hit = {
        zone: {state.kind for state in root_states(with_one(level, "herniation", 5.0, zone=zone)) if state.hit}
        for zone in ("subarticular", "foraminal", "extraforaminal")
    }
    assert hit["subarticular"] == {"traversing"}
    assert hit["foraminal"] == {"exiting"}
    assert hit["extraforaminal"] == {"exiting"}


@pytest.mark.parametrize("level", MODELLED[:6])
def test_a_cervical_herniation_hits_the_exiting_root(level: str) -> None:
    state = root_states(with_one(level, "herniation", 5.0, zone="foraminal"))[0]
    assert state.hit
    assert state.name == Level.parse(level).exiting_root
    assert any(wall.startswith("herniation") for wall in state.walls)


@pytest.mark.parametrize("name", list(presets()))
def test_each_preset_hits_the_root_that_its_note_names(name: str) -> None:
    preset = presets()[name]
    hit = {state.name for state in root_states(preset.segment(), preset.side) if state.hit}
    named = {word.strip(".,;") for word in preset.note.split()} & {f"{a}{n}" for a in "CLS" for n in range(1, 9)}
    denied = {preset.note.rpartition("not ")[2].strip(".")} if " not " in preset.note else set()
    assert named - denied <= hit
    assert not denied & hit


def test_the_root_keeps_its_cross_section_while_there_is_room_and_flattens_then() -> None:
    mild, severe = (Segment.at("C5/6").with_lesions(*worn("C5/6", share)) for share in (0.5, 1.0))
    easy, hard = (state.roots["exiting", "left"] for state in (mild, severe))
    assert easy.area_kept.min() == 1.0
    assert hard.flattening.max() > 0.3
    held = hard.course.radii > 0
    assert (hard.area_kept[held] <= 1.0 + 1e-9).all()
    assert (hard.wide[held] >= hard.thin[held] - 1e-9).all()


# Slips, tumour, scar --------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["degenerative", "isthmic"])
def test_a_slip_lowers_the_foramen_and_moves_the_body_forward(zone: str) -> None:
    health = measure(Segment.at("L5/S1")).bony
    slipped = with_one("L5/S1", "spondylolisthesis", 9.0, zone=zone)
    found = measure(slipped).bony
    assert health is not None
    assert found is not None
    assert found.height_mm < health.height_mm
    assert slipped.stage.upper_stand.shift[1] < Segment.at("L5/S1").stage.upper_stand.shift[1] - 8.0


def test_in_an_isthmic_slip_the_arch_stays_and_in_a_degenerative_one_it_goes_along() -> None:
    health = Segment.at("L5/S1").stage
    stays = with_one("L5/S1", "spondylolisthesis", 9.0, zone="isthmic")
    goes = with_one("L5/S1", "spondylolisthesis", 9.0, zone="degenerative")
    assert stays.stage.arch_stand == health.upper_stand
    assert goes.stage.arch_stand == goes.stage.upper_stand
    assert [bone.vertebra.name for bone in stays.bones] == ["L5", "L5 arch", "S1"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_schwannoma_widens_the_bony_foramen(level: str) -> None:
    health, grown = measure(Segment.at(level)).bony, measure(with_one(level, "schwannoma", 17.0)).bony
    assert health is not None
    assert grown is not None
    assert grown.area_mm2 > health.area_mm2


def test_scar_takes_the_fat_and_leaves_the_area() -> None:
    health, scarred = Segment.at("L4/5"), with_one("L4/5", "epidural_scar")
    fat = [cut(state, Plane.named("foramen", state)).outlines["foraminal_fat.left"].area for state in (health, scarred)]
    assert fat[1] < 0.8 * fat[0]
    assert measure(scarred).soft == measure(health).soft
    assert contacts(scarred) == contacts(health)


# Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("herniation=4,zone=sideways", "sideways"),
        ("herniation=much", "much"),
        ("wound=3", "wound"),
        ("herniation", "NAME=MM"),
        ("herniation=4,colour=red", "NAME=MM"),
        ("bulge=2,side=left", "has no choice"),
        ("ridge=2,migration=3", "only a herniation migrates"),
        ("herniation=4,migration=99", "up to 8 mm"),
        ("herniation=nan", "nan"),
    ],
)
def test_a_lesion_that_cannot_be_read_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        parse_lesion(text, "left")


@pytest.mark.parametrize(
    ("level", "text", "said"),
    [
        ("C5/6", "herniation=4,zone=extraforaminal", "central or subarticular or foraminal"),
        ("C5/6", "synovial_cyst=4", "low back"),
        ("L4/5", "uncovertebral_osteophyte=2", "neck"),
        ("L2/3", "spondylolisthesis=4,zone=isthmic", "degenerative"),
        ("L4/5", "spondylolisthesis=14,zone=degenerative", "0 to 10 mm"),
        ("L4/5", "bulge=40", "0 to 4 mm"),
        ("L4/5", "bulge=-1", "0 to 4 mm"),
        ("C2/3", "disc_height_loss=3", "0 to 2.5 mm"),
    ],
)
def test_an_impossible_lesion_is_refused_in_a_sentence(level: str, text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        Segment.at(level).with_lesions(parse_lesion(text, "left"))


def test_a_place_is_named_once() -> None:
    both, left = lesion("herniation", 3, side="both"), lesion("herniation", 2, side="left")
    with pytest.raises(InvalidInput, match="twice"):
        Segment.at("L4/5").with_lesions(both, left)
    Segment.at("L4/5").with_lesions(left, lesion("herniation", 2, side="left", zone="central"))


@given(st.sampled_from([one for preset in presets().values() for one in preset.lesions]))
def test_a_written_lesion_reads_back(one: Lesion) -> None:
    assert parse_lesion(one.written, "left") == one
    assert parse_lesion(one.written, "right") == one


@given(st.sampled_from([one for preset in presets().values() for one in preset.lesions]))
def test_told_lesions_name_their_kind_and_amount(one: Lesion) -> None:
    assert one.kind.label in one.told()
    assert f"{one.mm:.1f} mm" in one.told()
