"""What is shown can be looked up: few citations are incomplete, none where it matters most, and the mark is quiet."""

from __future__ import annotations

import ast
import inspect
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

import foramlib
from foramlib.apps import describe
from foramlib.apps.approaches import approaches
from foramlib.apps.chart import chart
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, count_sources, data_path, footnotes, look_up, notebooks_path
from foramlib.evidence.citation import DAGGER, INCOMPLETE, QUOTED
from foramlib.figures.charts.catalogue import CHARTS
from foramlib.lessons.content import shown_ids
from foramlib.lessons.documents import read_documents
from foramlib.lessons.markdown import plain
from foramlib.lessons.numbers import numbers_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_INCOMPLETE = 40
LESSONS = sorted(notebooks_path().glob("*.ipynb"))
VARIANTS = [
    pytest.param(name, level, marks=pytest.mark.thorough if level else ())
    for name in CHARTS
    for level in (None, "C5/6", "L4/5")
]


def calls(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Give what the cells of a lesson show: the name of each call, and what it was called with."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] == "code" and code.startswith("fl."):
            call = ast.parse(code).body[0].value  # type: ignore[attr-defined]
            taken = inspect.signature(getattr(foramlib, call.func.attr)).parameters
            given = dict(zip(taken, map(ast.literal_eval, call.args), strict=False))
            yield call.func.attr, given | {one.arg: ast.literal_eval(one.value) for one in call.keywords}


def words_of(kind: str, given: dict[str, object]) -> str:
    """Say what a call shows."""
    first, *others = given
    return describe(kind, str(given[first]), **{name: given[name] for name in others})


def test_few_of_the_sources_shown_are_incomplete() -> None:
    whole = count_sources(shown_ids())
    lacking = sorted(key for key, complete in whole.items() if not complete)
    print(f"{len(whole) - len(lacking)} complete, {len(lacking)} incomplete: {', '.join(lacking)}")  # noqa: T201
    assert len(whole) > 200
    assert len(lacking) <= MOST_INCOMPLETE


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem[:2])
def test_the_first_picture_of_a_lesson_rests_on_what_can_be_looked_up(path: Path) -> None:
    kind, given = next(calls(path))
    words = words_of(kind, given)
    assert DAGGER not in words, words
    assert kind != "chart" or all(not citation.note for citation in chart(str(given["name"])).citations)


def message_rests_on(message: str, ids: tuple[str, ...]) -> list[str]:
    """Give the rows that hold a number of the message; every row where the message has none of them."""
    said = numbers_in(message)
    holding = [name for name in ids if said & numbers_in(str(getattr(look_up(name), "value", "")))]
    return holding or list(ids)


@pytest.mark.parametrize(("name", "level"), VARIANTS)
def test_no_message_of_a_chart_rests_on_incomplete_citations_alone(name: str, level: str | None) -> None:
    try:
        numbers = chart(name, level, progress=False).numbers
    except InvalidInput:
        return  # not every chart has every region
    cited = [one for one in numbers.ids if cite(one).state != "teaching"]
    if not cited:
        return
    assert any(not cite(one).note for one in cited)
    if not getattr(numbers, "modelled", True):
        rests = [cite(one) for one in message_rests_on(numbers.message, tuple(cited))]
        assert any(not citation.note for citation in rests), [citation.title for citation in rests]


def test_a_message_is_traced_to_the_rows_that_hold_its_numbers() -> None:
    assert message_rests_on("96 of 100 if mild", ("P:V22", "P:V23", "P:V24")) == ["P:V22"]
    assert message_rests_on("no number here", ("P:V22", "P:V24")) == ["P:V22", "P:V24"]


# -- the mark is quiet


def test_prose_leaves_the_mark_to_the_citation() -> None:
    for document in read_documents(notebooks_path(), data_path()):
        for passage in document.passages:
            if passage.role not in {"code", "reference"}:
                assert not re.search(r"citations?\s+(is\s+|are\s+)?incomplete", plain(passage.text)), passage


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem[:2])
def test_words_of_a_lesson_say_once_what_the_dagger_means(path: Path) -> None:
    stored = [
        "".join(output["text"])
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    for words in stored:
        assert words.casefold().count(INCOMPLETE) == (DAGGER in words), words
        told = footnotes(words)
        assert not told or words.rstrip().endswith(told), words


class Seen(HTMLParser):
    """What a page shows: its text, and the titles of the elements in which a mark stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.titles, self._open = "", [], []  # type: ignore[var-annotated]
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, dict(attributes).get("title") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self._open}
        if "style" in inside or "svg" in inside:
            return
        self.text += data
        if DAGGER in data and "li" in inside | ({"li"} if "td" in inside else set()):
            self.titles.append(next((title for _, title in reversed(self._open) if title), ""))


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "level"), [(name, None) for name in CHARTS])
def test_a_chart_explains_its_dagger_where_it_is_pointed_at(name: str, level: str | None) -> None:
    page = Seen(chart(name, level, progress=False).html())
    assert f"{INCOMPLETE}:" not in page.text
    assert all(f"{INCOMPLETE}:" in title for title in page.titles), page.titles


def test_a_table_explains_its_dagger_once_and_where_it_is_pointed_at() -> None:
    for part in ("found", "claimed", "disputed"):
        table = approaches(part)
        page = Seen(table.html())
        assert page.text.count(INCOMPLETE) == (DAGGER in page.text)
        assert page.text.count("as quoted by another text.") == (QUOTED in page.text)
        assert table.describe().count(INCOMPLETE) == (DAGGER in table.describe())
        if DAGGER in page.text:
            assert page.titles
        assert all(INCOMPLETE in title for title in page.titles)


def test_every_app_of_the_lessons_says_once_what_its_dagger_means() -> None:
    told = 0
    for path in LESSONS:
        for kind, given in calls(path):
            words = words_of(kind, given)
            assert words.count(INCOMPLETE) == (DAGGER in words), (kind, given)
            told += DAGGER in words
    assert told
