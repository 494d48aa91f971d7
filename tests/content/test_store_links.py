"""The script that writes links and lists of references: it rewrites what it must, nothing else, and only once."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from foramlib.evidence import bibliography, cite, notebooks_path
from tests.content.store_links import cited_in, store_all, with_links, with_references

if TYPE_CHECKING:
    from pathlib import Path

LU = cite("A:D-08").link("20–30 %")
STALE = '[20–30 %](#References "A:D-08 · Somebody 1999 · citation incomplete: year to be confirmed")'


def test_a_stale_link_is_written_anew_and_its_words_stay() -> None:
    assert with_links(f"It fell by {STALE}, they say.") == f"It fell by {LU}, they say."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No link at all.\n\n",
        f"Right already: {LU}.",
        "[another lesson](00_start.ipynb)",
        '[8.6 mm](#model "model")',
        "[20–30 %]({A:D-08})",
        f"`{STALE}` in code",
        f"<!-- {STALE} -->",
        '![a picture](a.svg "A:D-08 · Somebody")',
        '[x](https://example.org "A:Z-99 · not known")',
        '[x](https://example.org "A:M-31 · unconfirmed")',
        "An old doi: [x](https://doi.org/10.1016/S0304-3959(01)00349-9)",
    ],
)
def test_everything_else_is_left_alone(text: str) -> None:
    assert with_links(text) == text


def test_a_list_of_references_holds_each_source_that_is_cited() -> None:
    text = "# A lesson\n\n## References\n\n- Somebody. Something. 1999.\n- Gone.\n\n## After\n\n- a point\n"
    (lu,) = bibliography(["A:D-08"])
    assert with_references(text, {"A:D-08"}) == f"# A lesson\n\n## References\n\n- {lu}\n\n## After\n\n- a point\n"
    assert with_references("## References\n\n- Old.", {"A:D-08"}) == f"## References\n\n- {lu}"
    assert with_references("No list.\n- a point\n", {"A:D-08"}) == "No list.\n- a point\n"


def test_what_may_not_be_cited_is_not_listed() -> None:
    assert cited_in([LU, '[x](#References "A:M-31 · unconfirmed")', '[y](#References "A:Z-99 · z")']) == {"A:D-08"}


def test_the_lessons_are_as_the_script_writes_them_and_it_keeps_their_form(tmp_path: Path) -> None:
    room = tmp_path / "notebooks"
    shutil.copytree(notebooks_path(), room, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    before = {path: path.read_bytes() for path in room.rglob("*") if path.is_file()}
    assert store_all(room) == []
    assert {path: path.read_bytes() for path in before} == before


def test_only_what_is_stale_in_a_notebook_changes(tmp_path: Path) -> None:
    path = tmp_path / "01.ipynb"
    code: dict[str, object] = {
        "cell_type": "code",
        "source": ["fl.explorer()"],
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    cells = [{"cell_type": "markdown", "source": ["One.\n", f"Two {STALE}."], "metadata": {}, "id": "é"}, code]
    path.write_text(json.dumps({"cells": cells}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert store_all(tmp_path) == [path]
    now = path.read_text(encoding="utf-8").splitlines()
    assert [place for place, (one, other) in enumerate(zip(lines, now, strict=True)) if one != other] == [
        next(place for place, line in enumerate(lines) if "Two" in line)
    ]
    assert store_all(tmp_path) == []
