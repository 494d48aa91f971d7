"""The readings: the measures rounded, each beside a study of the same ruler or beside none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foramlib.evidence import DAGGER, cite, morphometry
from foramlib.figures.readings import axial_width, published, readings
from foramlib.spine import Segment, measure
from foramlib.spine.calipers import soft_axial_width

PLANES = ("foramen", "sagittal", "oblique:20", "axial-disc", "axial-pedicle", "coronal")


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
def test_values_are_the_measures_rounded(level: str) -> None:
    measures = measure(Segment.at(level))
    assert measures.bony is not None
    shown = {reading["label"]: reading["value"] for reading in readings(measures)}
    assert shown["Area, bony"] == f"{measures.bony.area_mm2:.0f}"
    assert shown["Height, bony"] == f"{measures.bony.height_mm:.1f}"
    assert shown["Width, bony"] == f"{measures.bony.width_mm:.1f}"
    assert shown["Free space, soft"] == f"{measures.free_area_mm2:.0f}"


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
@pytest.mark.parametrize("plane", PLANES)
def test_a_band_is_a_published_mean_with_its_spread_and_source(level: str, plane: str) -> None:
    for reading in readings(measure(Segment.at(level), "left", plane)):
        assert reading["definition"]
        if reading["band"] is None:
            assert reading["source"] is None
            continue
        name = reading["label"].partition(",")[0].lower()
        study = published(level, name)
        assert study is not None
        spread = study.sd or 0.0
        assert reading["band"] == [study.mean - spread, study.mean + spread]
        assert f"{study.mean:g}" in reading["text"]
        assert reading["source"]["text"] == cite(study.id).text


def test_incomplete_citations_are_shown_as_such() -> None:
    (reading,) = axial_width(Segment.at("C5/6"), "left")
    assert DAGGER in reading["source"]["text"]
    assert "citation incomplete:" not in reading["source"]["text"]
    assert "citation incomplete:" in reading["source"]["title"]


@pytest.mark.parametrize("level", ["C3/4", "C4/5", "C5/6", "C6/7", "L1/2", "L4/5", "L5/S1"])
def test_a_source_that_can_be_found_comes_first(level: str) -> None:
    shown = [reading for reading in readings(measure(Segment.at(level))) if reading["source"]]
    assert len(shown) == 3
    assert not any(DAGGER in reading["source"]["text"] for reading in shown)


def test_levels_that_were_measured_together_are_named() -> None:
    texts = {reading["label"]: reading["text"] for reading in readings(measure(Segment.at("C5/6")))}
    assert texts["Height, bony"] == "model; published sizes give 9 mm, C3/4 to C6/7 together"
    assert published("C2/3", "width").level == "C2/3"  # type: ignore[union-attr]


def test_studies_are_bony_and_never_the_axial_width() -> None:
    for level in ("C5/6", "L4/5"):
        for name in ("height", "width", "area"):
            study = published(level, name)
            assert study is not None
            assert "MRI" not in study.measure
            assert study.method not in {"axial MRI", "dry bone"}
            assert study.id in morphometry()
    assert published("C5/6", "no such size") is None


def test_rulers_do_not_mix() -> None:
    for reading in readings(measure(Segment.at("C5/6"))):
        soft = "soft" in reading["label"] or "contact" in reading["label"]
        assert soft != reading["label"].endswith("bony")
        if soft:
            assert reading["source"] is None


def test_a_plane_without_the_root_has_no_readings() -> None:
    measures = replace(measure(Segment.at("L4/5"), "left", "axial-disc"), root_area_mm2=0.0)
    assert readings(measures) == []


def test_values_stay_on_the_gauge() -> None:
    for level in ("C5/6", "L4/5"):
        for build in ("small", "typical", "large"):
            for reading in readings(measure(Segment.at(level, build=build))):
                low, high = reading["domain"]
                assert low <= float(reading["value"]) <= high, reading


def test_axial_images_of_the_neck_carry_the_soft_width_of_their_own_study() -> None:
    reading = axial_width(Segment.at("C5/6"), "right")[0]
    assert reading["label"] == "Width, soft (axial)"
    assert reading["text"] == "model; published 3.15 ± 1.33 mm"
    assert float(reading["value"]) == pytest.approx(soft_axial_width(Segment.at("C5/6")), abs=0.06)
    assert axial_width(Segment.at("L4/5"), "left") == []
