"""A damaged table is refused with its line, its column and what is allowed."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.evidence.clinical import SeedClaim
from foramlib.evidence.locator import data_path
from foramlib.evidence.records import Fact, Quantity
from foramlib.evidence.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

QUANTITY = ",".join(field.name for field in fields(Quantity))
GOOD = "M:X-001,disc,height,C5/6,5.4,0.8,mm,20,adults,MRI,Koken2014,primary"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "morphometry.csv"
    path.write_text("\n".join([QUANTITY, *lines, ""]), encoding="utf-8")
    return path


def test_a_good_line_becomes_a_typed_row(tmp_path: Path) -> None:
    (row,) = read_table(write(tmp_path, GOOD), Quantity)
    assert (row.mean, row.sd, row.source_key, row.n, row.citable) == (5.4, 0.8, ("Koken2014",), 20, True)


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("5.4", "five", r"line 3, column 'mean': 'five' is not allowed; use a number with a decimal point"),
        ("5.4", "", r"line 3, column 'mean': '' is not allowed"),
        ("5.4", "nan", r"column 'mean': 'nan' is not allowed; use a finite number"),
        ("0.8", "inf", r"column 'sd': 'inf' is not allowed; use a finite number"),
        ("primary", "primry", r"'primry' is not allowed; use primary, secondary, derived or unconfirmed"),
        ("mm", "inch", r"column 'unit': 'inch' is not allowed; use mm, mm2, deg, %, ratio or mm/level"),
        ("disc", " ", r"column 'structure': ' ' is not allowed; use some text"),
        ("Koken2014", "Nobody", r"column 'source_key': 'Nobody' is not allowed; use a key"),
        (",primary", "", r"line 3: 11 cells were found; 12 are needed"),
        ("M:X-001", "M:X-000", r"column 'id': 'M:X-000' stands there twice"),
        ("adults", '"adults', r"line \d+: this is not a CSV line"),
    ],
)
def test_a_damaged_cell_is_named(tmp_path: Path, good: str, bad: str, said: str) -> None:
    first = GOOD.replace("M:X-001", "M:X-000")
    path = write(tmp_path, first, GOOD.replace(good, bad, 1))
    with pytest.raises(InvalidInput, match=said) as error:
        read_table(path, Quantity, {"source_key": {"Koken2014"}})
    assert "morphometry.csv" in str(error.value)


def test_a_wrong_header_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_text(path.read_text(encoding="utf-8").replace("sd,", "spread,", 1), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"line 1: the columns must be .* look at 'sd', 'spread'"):
        read_table(path, Quantity)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\x00\x00"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"facts\.csv"):
        read_table(path, Fact)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"facts\.csv is missing"):
        read_table(tmp_path / "facts.csv", Fact)


def test_words_written_out_in_the_dataclass_are_held_to() -> None:
    rows = read_table(data_path("evidence", "seed_claims.csv"), SeedClaim)
    assert {row.seed for row in rows} == {"S0", "S1", "S2", "S3", "S4"}


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1), min_size=8, max_size=8))
def test_any_text_survives_the_way_through_a_file(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    cells = [*(cell if cell.strip() else "x" for cell in cells[:6]), "primary", cells[7]]
    file = io.StringIO(newline="")
    csv.writer(file).writerows([[field.name for field in fields(Fact)], cells])
    path = tmp_path_factory.mktemp("table") / "facts.csv"
    path.write_text(file.getvalue(), encoding="utf-8", newline="")
    (row,) = read_table(path, Fact)
    assert row == Fact(*cells)  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("table") / "facts.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput):
        read_table(path, Fact)
