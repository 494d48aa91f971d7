"""The charts over all levels and over people: their numbers are the model's, their words are the numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from statistics import median
from typing import Any

import pytest
from shapely import Polygon

import foramlib as fl
from foramlib.apps import progress
from foramlib.apps.chart import chart
from foramlib.apps.progress import Progress
from foramlib.errors import InvalidInput
from foramlib.evidence import check_sources, facts
from foramlib.figures.charts.all_levels import LevelOutlines, describe_outlines
from foramlib.figures.charts.by_level import SizesByLevel, describe_by_level
from foramlib.figures.charts.people import People, describe_people
from foramlib.figures.charts.sheet import LAYOUTS, Look
from foramlib.spine import MODELLED, Level, Segment, measure
from foramlib.spine.calipers import soft_axial_width

FEW = 24


@pytest.fixture(scope="module")
def outlines() -> LevelOutlines:
    return LevelOutlines.of()


@pytest.fixture(scope="module")
def sizes() -> SizesByLevel:
    return SizesByLevel.of()


@pytest.fixture(scope="module")
def people() -> People:
    return People.of("C5/6", people=FEW)


# -- all levels


def test_every_level_is_shown_once_and_as_it_is(outlines: LevelOutlines) -> None:
    assert tuple(one.level for one in outlines.openings) == MODELLED
    for one in outlines.openings:
        found = measure(Segment.at(one.level)).bony
        assert found is not None
        assert (one.area, one.height, one.width) == (found.area_mm2, found.height_mm, found.width_mm)
        drawn = Polygon(one.outline)
        assert drawn.area == pytest.approx(found.area_mm2, rel=0.02)
        assert all(drawn.buffer(0.1).covers(Polygon(ring)) for ring in one.root)
        assert f"{one.level}: area {one.area:.0f} mm²" in describe_outlines(outlines)


def test_where_the_root_lies_is_said_only_when_it_is_so(outlines: LevelOutlines) -> None:
    low = all((one.place < 0.5) == (one.region == "cervical") for one in outlines.openings)
    assert ("lies low" in outlines.message) == low
    first = replace(outlines.openings[0], place=0.7)
    assert "lies low" not in replace(outlines, openings=(first, *outlines.openings[1:])).message


# -- size by level


def test_each_ruler_stands_against_its_own_studies(sizes: SizesByLevel) -> None:
    for panel in sizes.panels:
        assert {value.id == "A:M-03" for value in panel.published} == {panel.ruler == "soft"}
        assert panel.ruler in panel.title or "bone to bone" in panel.title
    assert not {"A:M-24", "A:M-11", "A:M-12"} & set(sizes.ids)


def test_the_model_by_level_is_the_model(sizes: SizesByLevel) -> None:
    height, _, soft = sizes.row("cervical")
    for level, size in height.models[:2]:
        found = measure(Segment.at(level)).bony
        assert found is not None
        assert size.typical == found.height_mm
        assert size.small < size.typical < size.large
    assert dict(soft.models)["C5/6"].typical == soft_axial_width(Segment.at("C5/6"))
    shown = {level for panel in sizes.panels for level, _ in panel.models}
    assert shown == set(MODELLED)


def test_where_studies_disagree_both_are_said_and_no_trend_is_claimed(sizes: SizesByLevel) -> None:
    words = describe_by_level(sizes)
    for name in ("A:M-19", "A:M-20", "A:M-22", "A:M-23"):
        assert name in sizes.ids
    assert "Lumbar width. Larger higher up: Senoo 2014" in words
    assert "Wider lower down: Arslan 2012" in words
    assert "no agreed trend" in sizes.message
    assert "no trend is claimed" in SizesByLevel.of("L4/5").message


def test_published_values_by_level_are_those_of_the_facts(sizes: SizesByLevel) -> None:
    for panel in sizes.panels:
        for value in panel.published:
            said = facts()[value.id].value.replace("+/-", "±")
            assert all(number in said for number in re.findall(r"[0-9.]+", value.figures))
    assert check_sources(sizes.ids) == []


def test_a_level_brings_its_region_only() -> None:
    assert SizesByLevel.of("C3/4").regions == ("cervical",)
    assert SizesByLevel.of("L5/S1").regions == ("lumbar",)


# -- people


def test_people_are_the_sampled_segments(people: People) -> None:
    first = measure(Segment.sampled("C5/6", 0)).bony
    assert first is not None
    assert people.areas[0] == first.area_mm2
    assert len(people.areas) == FEW
    assert min(people.areas) < people.one < max(people.areas)


def test_words_of_people_are_the_drawn_numbers(people: People) -> None:
    words = describe_people(people)
    assert f"median {median(people.areas):.0f} mm²" in words
    assert f"{people.below} people have less room" in words
    assert f"{min(people.areas):.0f} to {max(people.areas):.0f} mm²" in people.message
    assert "assumption" in words
    assert "nobody here has a disease" in words


@pytest.mark.parametrize(
    "this_one", ["small", "large", Segment.at("C5/6").with_disc_loss(2), Segment.sampled("C5/6", 3)]
)
def test_this_one_is_marked_among_people(this_one: Segment | str) -> None:
    numbers = People.of(None, this_one, people=FEW)
    segment = this_one if isinstance(this_one, Segment) else Segment.at("C5/6", this_one)
    found = measure(segment).bony
    assert found is not None
    assert numbers.one == found.area_mm2
    assert numbers.below == sum(area < numbers.one for area in numbers.areas)
    assert f"more room than {numbers.below} of {FEW} made-up people" in numbers.message


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"people": 3}, "choose from 20 to 2000"),
        ({"people": "many"}, "choose from 20 to 2000"),
        ({"this_one": "huge"}, "small, typical, large"),
        ({"this_one": Segment.at("L4/5"), "level": "C5/6"}, "cannot be marked among people at C5/6"),
        ({"colour": "red"}, "no choice 'colour'; choose from this_one, people"),
    ],
)
def test_what_people_cannot_be_asked_is_refused(choices: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        chart("people", **choices)


def test_other_charts_take_no_choices() -> None:
    with pytest.raises(InvalidInput, match="it takes none"):
        chart("all-levels", people=40)


def test_people_are_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = chart("people", "C5/6", people=FEW)
    monkeypatch.setattr("foramlib.figures.charts.people.measure", lambda *_: pytest.fail("measured again"))
    assert shown.describe() in shown.html().replace("&gt;", ">") or shown.describe()
    assert shown.html().count("<svg") == len(LAYOUTS)


def test_words_come_without_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    fl.describe("chart", "people", people=FEW)
    assert capsys.readouterr().out == ""


def test_a_long_computation_shows_a_bar_and_a_short_one_none(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.4, 0.8, 1.2, 9.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    shown: list[tuple[int, int]] = []
    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr(Progress, "_show", lambda _self, done, total: shown.append((done, total)))
    with Progress("Measuring") as bar:
        bar.told(60, 100)  # will be done in 0.7 s
        bar.told(62, 100)
        bar.told(63, 1000)
    assert shown == [(63, 1000)]


def test_a_bar_can_be_told_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.5, 2.5, 5.0, 9.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    shown: list[dict[str, str]] = []
    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda page, **_: shown.append(page))
    bar = Progress("Measuring")
    bar.told(0, 100)
    assert not shown, "it may still be quick"
    bar.told(0, 100)
    bar.told(0, 0)
    assert [page["text/plain"] for page in shown] == ["Measuring: 0 of 100", "Measuring: 0 of 0"]


# -- every level, slowly


# Charts that ask the model about the level; the others show what was published of a region.
OF_A_LEVEL = (
    "foramen-size",
    "area-against-posture",
    "area-against-disc-height",
    "size-by-level",
    "people",
    "all-levels",
)
AT_LEVELS = [(name, level) for name in OF_A_LEVEL for level in MODELLED]
AT_LEVELS += [("facet-share", "C2/3"), ("facet-share", "C7/T1"), ("room-against-severity", "L5/S1")]


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "level"), AT_LEVELS)
def test_every_chart_at_every_level(name: str, level: str) -> None:
    kept: dict[str, dict[str, Any]] = {"people": {"people": FEW}, "facet-share": {"shares": (0.5,)}}
    few = kept.get(name, {})
    shown = chart(name, level, **few)
    for layout in LAYOUTS:
        assert shown.kind.draw(shown.numbers, Look("light", layout)).axes
    assert shown.describe().startswith(shown.numbers.message)
    assert Level.parse(level).name in shown.describe()
