"""The page about the model: its misses are the model's, each is explained, and what it says of the model is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from foramlib.evidence import bibliography, notebooks_path
from foramlib.lessons.content import lint_document
from foramlib.lessons.documents import read_document
from foramlib.lessons.misses import START, missed, put_table
from foramlib.spine.foramen import DEFINITIONS
from foramlib.spine.structures import catalogue
from tests.agreement import rows

if TYPE_CHECKING:
    from foramlib.spine.validation import Row

PAGE = Path(str(notebooks_path())) / "teaching" / "how_the_model_works.md"
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def misses() -> list[Row]:
    return missed(rows())


def test_the_misses_on_the_page_are_the_misses_of_the_model(page: str, misses: list[Row]) -> None:
    table = re.sub(_LINK, r"\1", page[page.index(START) :]).partition("\n\n")[0].splitlines()[2:]
    shown = [tuple(cell.strip() for cell in line.strip("|").split("|")[:2]) for line in table]
    assert shown == [(row.level, row.quantity) for row in misses], "run tests/lessons/store_misses.py"
    assert put_table(page, misses) == page, "run tests/lessons/store_misses.py"


def test_every_miss_is_explained(page: str, misses: list[Row]) -> None:
    why = re.sub(_LINK, r"\1", page).partition("### Why")[2].partition("\n## ")[0].lower()
    for quantity in {row.quantity for row in misses}:
        assert f"**{quantity}" in why, f"say why the model misses: {quantity}"


def test_every_ruler_is_defined_with_the_words_of_the_model(page: str) -> None:
    for definition in DEFINITIONS.values():
        assert definition in page


def test_what_is_said_to_be_left_out_is_not_in_the_model(page: str) -> None:
    left_out = page.partition("## What is left out")[2].partition("\n## ")[0]
    assert "Muscles are shown only" in left_out
    assert "muscle" not in {entry.tissue for entry in catalogue().values()}
    assert not any("plexus" in key for key in catalogue())


def test_the_page_is_clean_and_lists_its_sources(page: str) -> None:
    document = read_document(PAGE, f"notebooks/teaching/{PAGE.name}")
    assert [str(problem) for problem in lint_document(document)] == []
    body, _, listed = page.partition("## References")
    shown = dict.fromkeys(re.findall(r"\"([AMP]:[A-Z]+-?\w+) · ", body))
    assert [line[2:] for line in listed.strip().splitlines()] == bibliography(shown)
