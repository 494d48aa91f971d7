"""The real lessons, companions and questions pass the content lint."""

from __future__ import annotations

from functools import lru_cache

import pytest

from foramlib.evidence import bibliography, check_sources, data_path, notebooks_path
from foramlib.lessons.content import lint, readability, shown, shown_ids
from foramlib.lessons.prose import AMERICAN, GRADE_LIMIT


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Our own words, and a general English dictionary where the development tools are installed."""
    own = data_path("words.txt").read_text(encoding="utf-8").split()
    spellchecker = pytest.importorskip("spellchecker", reason="pyspellchecker is a development tool")
    return frozenset(own) | frozenset(spellchecker.SpellChecker().word_frequency.dictionary)


def test_the_lessons_say_nothing_that_the_lint_objects_to() -> None:
    assert [str(problem) for problem in lint()] == []


def test_the_lessons_are_spelt_right() -> None:
    problems = lint(known_words=known_words())
    assert [str(problem) for problem in problems if "spelling" in problem.sentence] == []


def test_every_number_shown_has_a_citation_that_says_what_it_is() -> None:
    assert check_sources(shown()) == []


def test_what_is_shown_can_be_listed() -> None:
    assert len(bibliography(shown_ids())) <= len(shown_ids())


def test_the_prose_can_be_read() -> None:
    for name, reached in readability().items():
        assert reached <= GRADE_LIMIT, name


def test_the_lessons_are_there_to_be_looked_at() -> None:
    names = set(readability())
    for path in notebooks_path().glob("*.ipynb"):
        assert f"notebooks/{path.name}" in names
    if names:
        assert shown_ids()


def test_our_own_words_are_sorted_british_and_needed_once() -> None:
    own = data_path("words.txt").read_text(encoding="utf-8").split()
    assert own == sorted(set(own))
    assert not set(AMERICAN) & set(own)
