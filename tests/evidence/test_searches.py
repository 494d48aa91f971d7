"""What is said not to exist: a dated search stands behind it, or the sentence says that it is about what was read."""

from __future__ import annotations

import re
from datetime import date

from foramlib.evidence import facts, searches, seed_claims

READ = re.compile(r"\bread\b|\bfound\b", re.IGNORECASE)
"""What makes the sentence of a search honest: it is about what was read or found."""


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


def test_the_randomised_study_of_endoscopic_against_open_surgery_is_known() -> None:
    study = facts()["P:E37"]
    assert (study.citable, "full-endoscopic 17, open 20" in study.value, "3.6 vs 6.1" in study.value) == (True,) * 3
    assert "too small for complications" in study.caution
    for name in ("S4-03", "S4-04", "S4-08", "S3-04"):
        assert "P:E37" in seed_claims()[name].fact_ids
