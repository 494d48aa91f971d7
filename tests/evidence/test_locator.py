"""One locator serves a clone, an editable install and a wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, notebooks_path
from foramlib.evidence.locator import find_rooms

if TYPE_CHECKING:
    from pathlib import Path


def make_tables(folder: Path) -> None:
    (folder / "evidence").mkdir(parents=True)
    (folder / "evidence" / "sources.csv").write_text("source_key\n", encoding="utf-8")


def test_the_tables_of_this_installation_are_found() -> None:
    assert data_path("evidence", "facts.csv").is_file()
    assert notebooks_path().name in {"notebooks", "_notebooks"}


def test_a_clone_is_read_beside_the_package(tmp_path: Path) -> None:
    make_tables(tmp_path / "data")
    assert find_rooms(tmp_path / "foramlib") == (tmp_path / "data", tmp_path / "notebooks")


def test_a_wheel_is_read_inside_the_package_whatever_lies_beside_it(tmp_path: Path) -> None:
    make_tables(tmp_path / "data")
    make_tables(tmp_path / "foramlib" / "_data")
    package = tmp_path / "foramlib"
    assert find_rooms(package) == (package / "_data", package / "_notebooks")


def test_another_projects_data_folder_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "data" / "evidence").mkdir(parents=True)
    with pytest.raises(InvalidInput, match="not found"):
        find_rooms(tmp_path / "foramlib")


@pytest.mark.parametrize("part", ["..", "../notebooks", "/etc"])
def test_a_part_that_leaves_the_folder_is_refused(part: str) -> None:
    with pytest.raises(InvalidInput, match="leaves the folder"):
        data_path("evidence", part)
