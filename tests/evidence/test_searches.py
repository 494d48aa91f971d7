"""What is said not to exist: a dated search stands behind it, or the sentence says that it is about what was read."""

from __future__ import annotations

import re
from datetime import date

import pytest

from foramlib.evidence import data_path, facts, searches, seed_claims

ABSENT = re.compile(
    r"\bno (?:such |other |randomised |published )*(?:stud(?:y|ies)|trials?|comparison)\b"
    r"|\bnone (?:of \w+ )?(?:compares?|has compared|exists)\b|\bnobody (?:has|knows)\b|\bnever been\b"
    r"|\bhas not been (?:compared|studied|tested|shown)\b|\bno open arm\b|\bcompared only with\b",
    re.IGNORECASE,
)
READ = re.compile(r"\bread\b|\bfound\b|\{[AP]:|\{S:|\bthis review has\b", re.IGNORECASE)
"""What makes such a sentence honest: it is about what was read, it cites, or it speaks of the study just named."""
TOLD_TO_LEARNERS = (
    "evidence/seed_claims.csv",
    "evidence/disagreements.csv",
    "recovery/approaches.csv",
    "recovery/events.csv",
    "appraisal/pooling.yaml",
    "clinic/decision/reasons.csv",
    *(f"items/{lesson}.yaml" for lesson in ("01", "02", "03", "06", "08")),
    *(f"operations/{path.name}" for path in sorted(data_path("operations").glob("*.yaml"))),
)


def test_every_search_says_when_by_which_words_and_what_came_up() -> None:
    for row in searches().values():
        assert re.fullmatch(r"S:\d\d", row.id)
        assert date.fromisoformat(row.date) >= date(2026, 1, 1)
        assert all(len(query.split()) >= 3 for query in row.words.split("; "))
        assert READ.search(row.says), row.id


def test_what_a_search_brought_up_is_in_our_tables() -> None:
    named = [name for row in searches().values() for name in re.findall(r"[AP]:[A-Z]-?\d+", row.found)]
    assert len(named) > len(searches())
    assert all(name in facts() for name in named)


@pytest.mark.parametrize("name", TOLD_TO_LEARNERS)
def test_no_text_says_that_something_does_not_exist(name: str) -> None:
    for line in data_path(*name.split("/")).read_text(encoding="utf-8").splitlines():
        for found in ABSENT.finditer(line):
            around = line[max(0, found.start() - 80) : found.end() + 80]
            assert READ.search(around), f"{name}: {around}"


@pytest.mark.parametrize("text", ["No study compares the two.", "There is no open arm.", "Nobody has compared them."])
def test_the_pattern_finds_what_it_is_for(text: str) -> None:
    assert ABSENT.search(text)
    assert not READ.search(text)


def test_the_randomised_study_of_endoscopic_against_open_surgery_is_known() -> None:
    study = facts()["P:E37"]
    assert (study.citable, "full-endoscopic 17, open 20" in study.value, "3.6 vs 6.1" in study.value) == (True,) * 3
    assert "too small for complications" in study.caution
    for name in ("S4-03", "S4-04", "S4-08", "S3-04"):
        assert "P:E37" in seed_claims()[name].fact_ids
