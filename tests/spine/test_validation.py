"""Published measurements: every target printed with its source, misses included, and the floors reached."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from foramlib.cli import main
from foramlib.errors import InvalidInput
from foramlib.evidence import cite
from foramlib.spine import validation
from foramlib.spine.validation import Row, validate
from tests.agreement import rows

if TYPE_CHECKING:
    from pathlib import Path

NECK = ("C2/3", "C3/4", "C4/5", "C5/6", "C6/7", "C7/T1")
BACK = ("L1/2", "L2/3", "L3/4", "L4/5", "L5/S1")

Rows = dict[str, list[dict[str, str]]]


def about(*words: str, level: str = "") -> list[Row]:
    """Rows whose quantity or ruler holds all words, at one level or at all."""
    return [
        row
        for row in rows()
        if (not level or row.level == level) and all(word in f"{row.quantity} {row.ruler}" for word in words)
    ]


def test_every_target_of_the_table_is_printed_hit_or_miss(model_rows: Rows) -> None:
    targets = model_rows["targets.csv"]
    assert [row.id for row in rows()] == [target["id"] for target in targets]
    assert len({row.id for row in rows()}) == len(rows())
    for row in rows():
        assert set(row.as_dict()) == {field.name for field in fields(Row)}
        assert row.ruler in {"bony", "soft", "anatomy"}
        assert row.definition
        assert row.source
        assert row.low is not None or row.high is not None, row.id
        assert row.ok == (
            (row.low is None or row.model >= row.low - 1e-3) and (row.high is None or row.model <= row.high + 1e-3)
        )


def test_the_command_prints_the_misses_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "validate", lambda: list(rows()))
    assert main(["validate"]) == 0
    printed = capsys.readouterr().out
    missed = sum(not row.ok for row in rows())
    assert printed.count("MISS ") == missed
    assert f"{len(rows()) - missed} of {len(rows())} published values met" in printed


def test_every_target_rests_on_evidence_that_may_be_cited(model_rows: Rows) -> None:
    for target in model_rows["targets.csv"]:
        if target["evidence"] != "assumption":
            assert cite(target["evidence"]).state != "teaching", target["id"]
        for other in re.findall(r"\b[AM]:[A-Z]-\d+[a-z]?\b", target["note"]):
            assert cite(other).text, target["id"]


def test_the_published_value_lies_in_the_range_that_counts_as_agreement() -> None:
    for row in rows():
        if row.published is not None:
            assert row.low is None or row.low <= row.published + 1e-9, row.id
            assert row.high is None or row.published <= row.high + 1e-9, row.id


# The floors of the design, as worded there ------------------------------------------------------


def misses(found: list[Row]) -> list[str]:
    """Ids of the rows that miss."""
    return [row.id for row in found if not row.ok]


def test_cervical_bony_height_and_width_twelve_of_twelve_within_ten_percent() -> None:
    found = [row for name in ("foramen height", "foramen width") for row in about(name, "bony") if row.level in NECK]
    assert {row.level for row in found} == set(NECK)
    assert len(found) == 12
    for row in found:
        assert row.published is not None
        assert abs(row.model / row.published - 1) <= 0.10, row


@pytest.mark.parametrize("words", [("foramen width", "soft"), ("root diameter",)])
def test_cervical_soft_width_and_root_diameter_six_of_six_within_one_sd(words: tuple[str, ...]) -> None:
    found = [row for row in about(*words) if row.level in NECK]
    assert {row.level for row in found} == set(NECK)
    assert misses(found) == []
    assert {row.rule for row in found} == {"one SD"}


def test_pooled_lumbar_height_and_width_within_one_sd_and_area_within_a_fifth() -> None:
    for quantity, published, margin in (("height", 19.4, 2.7), ("width", 8.8, 1.7), ("area", 156.0, 31.2)):
        found = [row for row in about(f"foramen {quantity}", "bony") if row.level.startswith("L1/2 to")]
        assert found
        assert all(abs(row.model - published) <= margin for row in found), found


def test_disc_heights_within_one_sd_of_a_table() -> None:
    lumbar = [row for row in about("posterior disc height") if row.level in BACK]
    assert {row.level for row in lumbar} == set(BACK)
    assert misses([*lumbar, *about("mid-disc height")]) == []


def test_lumbar_root_and_ganglion_within_a_millimetre() -> None:
    found = [*about("ganglion"), *(row for row in about("root diameter") if row.level not in NECK)]
    assert {"ganglion width", "ganglion length", "root diameter"} <= {row.quantity for row in found}
    assert {row.rule for row in found} == {"one mm"}
    assert misses(found) == []


def test_the_cervical_canal_runs_as_published_within_five_degrees() -> None:
    found = about("direction of the canal")
    assert {row.level for row in found} == set(NECK)
    assert misses([*found, *about("fall of the canal", level="C5/6")]) == []


def test_the_cervical_canal_falls_as_published_within_five_degrees() -> None:
    found = about("fall of the canal")
    assert {row.level for row in found} == set(NECK)
    assert misses(found) == []


def test_nine_tenths_of_the_anatomy_agree() -> None:
    found = [row for row in rows() if row.ruler == "anatomy"]
    assert sum(row.ok for row in found) >= 0.9 * len(found)


def test_the_healthy_segment_is_touched_by_nothing() -> None:
    found = about("touched in health")
    assert found
    assert all(row.model == 0 for row in found)


def test_disc_narrowing_has_the_sign_the_order_and_one_of_three() -> None:
    found = sorted(about("area change, disc"), key=lambda row: row.quantity)
    assert len(found) == 3
    assert 0 > found[0].model > found[1].model > found[2].model
    assert any(row.ok for row in found)
    assert all("no link" in row.note for row in found)


def test_neck_flexion_and_extension_six_signs_and_four_sizes() -> None:
    found = [row for row in rows() if row.rule == "half to double"]
    assert len(found) == 6
    for row in found:
        assert row.published is not None
        assert row.model * row.published > 0, row
    assert sum(row.ok for row in found) >= 4


def test_lumbar_motion_has_the_published_signs() -> None:
    for level in ("L2/3", "L3/4", "L4/5"):
        found = [row for row in rows() if row.level == level and row.rule in {"opens", "closes"}]
        assert len(found) >= 4
        assert misses(found) == []


def test_root_contact_in_sampled_people() -> None:
    low, normal = about("low discs"), about("normal discs")
    assert low
    assert normal
    assert min(row.model for row in low) >= 60
    assert max(row.model for row in normal) <= 20
    assert all("not a diagnostic cut-off" in row.note for row in (*low, *normal))


def test_no_miss_is_a_bug() -> None:
    """A miss by more than two standard deviations, or a wrong sign of change, would be a bug."""
    for row in rows():
        if row.rule == "one SD" and row.published is not None and row.low is not None:
            assert abs(row.model - row.published) <= 2 * (row.published - row.low), row
        if "change" in row.quantity and row.published:
            assert row.model * row.published > 0, row


# Corrupt targets --------------------------------------------------------------------------------

HEAD = "id,level,quantity,ruler,definition,measure,published,low,high,rule,evidence,note"
GOOD = 'V-01,C5/6,foramen height,bony,"d",bony.height_mm,,7,9,range,A:M-01,""'


def read(row: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Validate against a table of one row."""
    table = folder / "targets.csv"
    table.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    monkeypatch.setattr(validation, "data_path", lambda *_: table)
    return validate()


def test_a_small_table_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = read(GOOD, tmp_path, monkeypatch)
    assert row.ok
    assert (row.low, row.high) == (7.0, 9.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bony.height_mm", "bony_hight"),
        ("A:M-01", "A:M-99999"),
        ("C5/6", "C9/10"),
        (",7,", ",seven,"),
        ("bony.height_mm", "bony.hight_mm"),
        ("bony.height_mm", "change:asleep:area_mm2"),
        (",range,", ",rnage,"),
    ],
)
def test_a_corrupt_target_is_answered_with_a_sentence(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidInput):
        read(GOOD.replace(old, new), tmp_path, monkeypatch)
