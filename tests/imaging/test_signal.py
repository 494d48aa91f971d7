"""Order of brightness: what a student learns from the images must hold for their numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.evidence import data_path, tissues
from foramlib.evidence.tables import read_table
from foramlib.imaging.scan import signal_of
from foramlib.imaging.signal import Timing, TissueRow, TissueValues, blend, fat_null, mr_signal, timings, tissue_values

FROM_LESIONS = ("herniation", "cyst", "scar", "tumour")


def signal(name: str, sequence: str) -> float:
    return signal_of(tissue_values()[name], sequence)


def order(sequence: str, *names: str) -> list[float]:
    return [signal(name, sequence) for name in names]


def falling(values: list[float]) -> bool:
    return values == sorted(values, reverse=True) and len(set(values)) == len(values)


def test_fat_is_bright_on_t1_and_t2_and_gone_on_stir() -> None:
    others = [name for name in tissue_values() if name != "fat"]
    assert all(signal("fat", "T1") > signal(name, "T1") for name in others)
    assert all(signal("fat", "T2") > signal(name, "T2") for name in others if name not in {"csf", "cyst"})
    assert signal("fat", "STIR") == pytest.approx(0.0, abs=1e-9)


def test_fluid_is_dark_on_t1_and_bright_on_t2_and_stir() -> None:
    assert signal("csf", "T1") < min(order("T1", "fat", "marrow", "muscle", "nucleus", "cord", "nerve"))
    for sequence in ("T2", "STIR"):
        assert signal("csf", sequence) > max(order(sequence, "marrow", "muscle", "nucleus", "cord", "nerve", "fat"))


def test_the_published_order_on_t1_holds() -> None:
    # A:I-21: fat, marrow, cord and disc, nerve, CSF.
    assert falling(order("T1", "fat", "marrow", "cord", "nerve", "csf"))
    assert falling(order("T1", "fat", "marrow", "nucleus", "nerve", "csf"))


def test_a_drying_disc_darkens_on_t2() -> None:
    assert falling(order("T2", "nucleus", "disc_intermediate", "disc_desiccated"))
    assert signal("nucleus", "T2") > signal("annulus", "T2")


@pytest.mark.parametrize("sequence", ["T2", "STIR"])
def test_a_pressed_nerve_is_brighter(sequence: str) -> None:
    assert signal("nerve_compressed", sequence) > 1.2 * signal("nerve", sequence)
    assert signal("ganglion_compressed", sequence) > signal("ganglion", sequence)


def test_cortex_and_flow_are_black_on_mr_and_cortex_brightest_on_ct() -> None:
    for sequence in ("T1", "T2", "STIR"):
        least = min(signal(name, sequence) for name in ("muscle", "nerve", "annulus", "capsule"))
        assert signal("cortex", sequence) < 0.25 * signal("marrow", sequence)
        assert max(signal("cortex", sequence), signal("artery", sequence)) < least + 3
    numbers = {name: signal(name, "CT") for name in tissue_values()}
    assert max(numbers, key=numbers.__getitem__) == "cortex"
    assert min(numbers, key=numbers.__getitem__) == "fat"
    assert numbers["marrow"] > numbers["annulus"] > numbers["csf"]


@pytest.mark.parametrize("name", FROM_LESIONS)
def test_what_lesions_are_made_of_can_be_told_from_fat(name: str) -> None:
    assert signal(name, "T1") < 0.7 * signal("fat", "T1")
    assert signal(name, "STIR") > 5


def test_a_cyst_is_fluid_and_a_tumour_bright_on_t2() -> None:
    assert signal("cyst", "T1") < signal("muscle", "T1") < signal("cyst", "T2")
    assert signal("tumour", "T2") > 2 * signal("nerve", "T2")


def test_every_number_is_published_or_says_that_it_is_assumed() -> None:
    published = {row.tissue: row for row in tissues() if row.citable}
    for row in read_table(data_path("imaging", "tissues.csv"), TissueRow):
        own = {name for name in ("t1_ms", "t2_ms", "t2_fast_ms", "pd") if getattr(row, name) is not None} | {"hu"}
        said = set(row.assumed.split())
        assert own <= said, row.tissue
        # What stands in the evidence room may be an assumption there too, and then it is said here as well.
        caution = published[row.evidence].caution if row.evidence else ""
        assert said - own == ({"pd"} if "PD assumed" in caution and row.pd is None else set()), row.tissue


def test_ct_numbers_lie_within_the_published_ranges() -> None:
    ranges = {row.tissue: (row.hu_low, row.hu_high) for row in tissues() if row.hu_low is not None}
    for name, row in (
        ("fat", "fat"),
        ("muscle", "muscle and soft tissue"),
        ("marrow", "cancellous bone"),
        ("cortex", "cortical bone"),
    ):
        low, high = ranges[row]
        assert low is not None
        assert high is not None
        assert low <= tissue_values()[name].hu <= high


@given(st.floats(50, 5000), st.floats(1, 2000), st.floats(1, 110))
def test_spin_echo_is_the_textbook_equation(t1: float, t2: float, pd: float) -> None:
    values = TissueValues(t1, t2, t2, pd, 0.0, frozenset())
    expected = pd * (1 - math.exp(-600 / t1)) * math.exp(-12 / t2)
    assert mr_signal(values, Timing(600, 12)) == pytest.approx(expected, rel=1e-12)
    assert 0 <= mr_signal(values, timings()["STIR"]) <= pd


@given(st.floats(100, 4000), st.floats(500, 20000))
def test_the_null_time_nulls(t1: float, tr: float) -> None:
    values = TissueValues(t1, 80.0, 80.0, 100.0, 0.0, frozenset())
    assert mr_signal(values, Timing(tr, 60.0, fat_null(t1, tr))) == pytest.approx(0.0, abs=1e-9)


@given(st.floats(0, 1))
def test_a_blend_lies_between_its_tissues(share: float) -> None:
    table = tissue_values()
    mixed = blend(table["fat"], table["muscle"], share)
    assert min(table["fat"].pd, table["muscle"].pd) <= mixed.pd <= max(table["fat"].pd, table["muscle"].pd)
    assert table["fat"].hu <= mixed.hu <= table["muscle"].hu
