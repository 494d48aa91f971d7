"""The curated tables themselves: complete, consistent, described, and free of what must not be in them."""

from __future__ import annotations

import csv
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from foramlib import evidence
from foramlib.evidence import data_path, disagreements, do_not_use, facts, missing_from, morphometry, sources
from foramlib.evidence.citation import _DETAILS

if TYPE_CHECKING:
    from pathlib import Path

TABLES = sorted(data_path("evidence").glob("*.csv"))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def card_of(path: Path) -> str:
    cards = data_path("evidence", "README.md").read_text(encoding="utf-8")
    return next(card for card in cards.split("\n## ") if card.startswith(f"{path.stem}\n"))


def test_there_is_a_loader_for_every_table() -> None:
    for path in TABLES:
        assert len(getattr(evidence, path.stem)()) == len(rows_of(path)) > 0


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_table_has_a_card_that_is_true(path: Path) -> None:
    card, rows = card_of(path), rows_of(path)
    assert f"\n{len(rows)} rows." in card
    assert re.findall(r"`([a-z_0-9]+)`", card.split("Columns:")[1].split("\n")[0])[0] == next(iter(rows[0]))
    for column in rows[0]:
        assert f"`{column}`" in card


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_no_table_holds_a_file_name_of_a_leaflet_or_stray_spaces(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"_[0-9a-f]{16}|\.txt\b", text)
    assert "\r" not in text
    assert all(cell == cell.strip() for row in rows_of(path) for cell in row.values())


@pytest.mark.parametrize("path", [path for path in TABLES if path.stem != "sources"], ids=lambda path: path.stem)
def test_disc_levels_are_written_with_a_stroke(path: Path) -> None:
    pair = re.compile(r"\b(?:C([2-6])-(\d)|L([1-4])-(\d)|C7-T1|T12-L1|L5-S1)\b(?!\.\d)")
    for row in rows_of(path):
        for column, cell in row.items():
            # Pairs of nerve roots keep the dash.
            if row.get("id") in {"A:L-13", "A:L-15"} or (path.stem == "roots" and column != "foramen"):
                continue
            for found in pair.finditer(cell):
                first, second = (found[1] or found[3]), (found[2] or found[4])
                assert first is not None, cell
                assert int(second) != int(first) + 1, cell


def test_every_quantity_has_sources_and_no_unconfirmed_one_hides_behind_arithmetic() -> None:
    unread = {row.source_key for row in morphometry().values() if not row.citable}
    confirmed = {row.source_key for row in morphometry().values() if row.support in {"primary", "secondary"}}
    never = {key for keys in unread - confirmed for key in keys if (key,) not in confirmed}
    for row in morphometry().values():
        assert row.source_key
        if row.support == "derived":
            assert not never & set(row.source_key), row.id


def test_unconfirmed_facts_carry_no_value() -> None:
    assert [row.id for row in facts().values() if not row.citable and row.value] == []


def test_every_fact_that_is_named_in_a_caution_exists() -> None:
    for row in (*facts().values(), *do_not_use(), *disagreements()):
        text = " ".join(str(value) for value in vars(row).values())
        for name in re.findall(r"\b[AP]:[A-Z]-?\d+[a-z]?\b", text):
            assert name in facts(), (text, name)


def test_addresses_are_web_addresses_and_dois_have_their_form() -> None:
    for source in sources().values():
        assert re.fullmatch(r"(https?://\S+)?", source.address)
        assert re.fullmatch(r"(10\.\d{4,9}/\S+|rs-\d+)?", source.doi)
        assert re.fullmatch(r"\d*", source.pmid)
        assert re.fullmatch(r"((18|19|20)\d\d)?", source.year)


# What is to be confirmed in the contents of a source, and does not make its citation incomplete.
CONTENTS = {
    "confidence intervals",
    "current revision wording",
    "everything",
    "field strength",
    "figures at 24 months",
    "later journal version",
    "wording of grade 3",
}


def test_what_is_to_be_confirmed_is_a_detail_that_the_citation_knows_or_named_here() -> None:
    for source in sources().values():
        listed = {part.strip() for part in source.to_confirm.split(",") if part.strip()}
        assert listed <= set(_DETAILS) | CONTENTS, source.source_key
        if "not confirmed)" in source.title:
            assert listed & {"title", "full title", "all details"}, source.source_key
        # What is said to be checked on a page, or by two, has nothing left that only that page could tell.
        assert source.check != "two independent recollections agree" or not missing_from(source), source.source_key


def test_pages_and_leaflets_say_when_they_were_read_and_nothing_else_does() -> None:
    for source in sources().values():
        assert bool(source.read_on) == (source.kind in {"page", "leaflet"}), source.source_key
        if source.read_on:
            assert date.fromisoformat(source.read_on.removeprefix("..")) <= date(2026, 11, 21) or (
                not source.read_on.startswith("..")
            )


def test_patterns_of_the_do_not_use_list_find_what_they_forbid() -> None:
    samples = {
        "DN-01": "the root fills about 30 % of the foramen",
        "DN-02": "venous flow stops at 5-10 mmHg",
        "DN-03": "15 mm is a diagnostic cut-off",
        "DN-06": "the cervical oblique view is 45 degrees",
        "DN-15": "The Spurling test has LR+ 3.28",
        "DN-16": "Spurling sensitivity is 95 %",
    }
    patterns = {row.id: row.pattern for row in do_not_use()}
    for name, words in samples.items():
        assert re.search(patterns[name], words, re.IGNORECASE), name
    assert not re.search(patterns["DN-03"], "This is not a diagnostic cut-off.", re.IGNORECASE)
