"""Parameters: every one has a row, a unit and a basis that may be cited; a corrupt table says so."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path
from foramlib.spine import MODELLED, Level, parameters
from foramlib.spine.parameters import LevelSize, VertebraSize, level_size, vertebra_size

if TYPE_CHECKING:
    from pathlib import Path

Rows = dict[str, list[dict[str, str]]]
KINDS = {"vertebrae.csv": VertebraSize, "levels.csv": LevelSize}
EVIDENCE = re.compile(r"\b[A-Z]:[A-Z]{1,2}-?\d+[a-z]?\b")


@pytest.mark.parametrize("table", KINDS)
def test_every_field_has_one_row_and_every_row_a_field(table: str, model_rows: Rows) -> None:
    names = [row["parameter"] for row in model_rows[table]]
    assert sorted(names) == sorted(field.name for field in fields(KINDS[table]))


@pytest.mark.parametrize("table", KINDS)
def test_every_row_has_a_basis_that_may_be_cited_or_is_an_assumption(table: str, model_rows: Rows) -> None:
    for row in model_rows[table]:
        assert row["unit"] in {"mm", "deg", ""}, row
        assert row["basis"], row
        cited = EVIDENCE.findall(f"{row['basis']} {row['note']}")
        assert cited or row["basis"] == "assumption", row
        for name in cited:
            assert cite(name).text, row


def test_every_level_and_vertebra_has_its_column(model_rows: Rows) -> None:
    levels = [Level.parse(name) for name in MODELLED]
    for level in levels:
        assert level.name in model_rows["levels.csv"][0]
        assert {level.upper, level.lower} <= model_rows["vertebrae.csv"][0].keys()
        assert level_size(level.name).posterior_disc_height > 0
        assert vertebra_size(level.upper).body_width > 0


@pytest.mark.parametrize("level", MODELLED)
def test_sizes_are_those_of_a_spine(level: str) -> None:
    size, gap = vertebra_size(Level.parse(level).upper), level_size(level)
    lengths = {
        field.name: getattr(size, field.name)
        for field in fields(size)
        if field.name.endswith(("_width", "_depth", "_height"))
    }
    assert all(0 <= value < 80 for value in lengths.values()), lengths
    assert bool(vertebra_size(Level.parse(level).lower).uncinate_height) == (Level.parse(level).region == "cervical")
    assert bool(gap.canal_plane_angle) == (Level.parse(level).region == "cervical")
    assert gap.dura_width < size.canal_width
    assert gap.cord_width < gap.dura_width
    assert min(gap.flexion_limit, gap.extension_limit, gap.bend_limit, gap.rotation_limit) > 0
    assert 0 < gap.disc_loss_limit <= gap.posterior_disc_height


def corrupted(table: str, old: str, new: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a copy of a table with one thing wrong in the place of the true one."""
    text = data_path("model", table).read_text(encoding="utf-8")
    assert re.search(old, text, flags=re.MULTILINE)
    copy = folder / table
    copy.write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE), encoding="utf-8")
    monkeypatch.setattr(parameters, "data_path", lambda *_: copy)
    clear()


def clear() -> None:
    """Forget what has been read."""
    for cached in (parameters._rows, parameters.level_size, parameters.vertebra_size):
        cached.cache_clear()


def test_a_number_that_is_none_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corrupted("levels.csv", r"^disc_bulge,mm,[^,]*", "disc_bulge,mm,much", tmp_path, monkeypatch)
    try:
        with pytest.raises(
            InvalidInput, match=r"levels\.csv, row 'disc_bulge', column .* holds 'much'; a number is needed"
        ):
            level_size(MODELLED[0])
    finally:
        clear()


def test_a_missing_row_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corrupted("vertebrae.csv", r"^pedicle_width,.*\n", "", tmp_path, monkeypatch)
    try:
        with pytest.raises(InvalidInput, match=r"vertebrae\.csv has no row for 'pedicle_width'"):
            vertebra_size("C5")
    finally:
        clear()


def test_a_missing_column_is_named() -> None:
    clear()
    with pytest.raises(InvalidInput):
        vertebra_size("C9")


def test_a_number_that_is_not_finite_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corrupted("levels.csv", r"^disc_bulge,mm,[^,]*", "disc_bulge,mm,nan", tmp_path, monkeypatch)
    try:
        with pytest.raises(InvalidInput):
            level_size(MODELLED[0])
    finally:
        clear()
