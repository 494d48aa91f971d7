"""Approaches compared: every cell sourced, every figure that of its row, blanks kept, both sides said."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser

import pytest

from foramlib.apps import describe
from foramlib.apps.approaches import PARTS, approaches
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, disagreements, facts, trials
from foramlib.figures.charts.approaches import BLANK, ApproachChart, describe_approaches, shown
from foramlib.recovery.approaches import (
    APPROACHES,
    ASPECTS,
    CLAIMS,
    DISPUTES,
    REGIONS,
    Cell,
    Entry,
    cell,
    cells,
    claims,
    columns,
    disputes,
    number,
    sides,
)
from foramlib.recovery.motor import wilson

ALL = [one for region in REGIONS for one in cells(region)]
ENTRIES = [(one, entry) for one in ALL for entry in one.entries]


def rows() -> list[dict[str, str]]:
    with data_path("recovery", "approaches.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_stands_in_one_cell_and_cites_what_may_be_shown() -> None:
    assert sorted(entry.id for _, entry in ENTRIES) == sorted(row["id"] for row in rows())
    for _, entry in ENTRIES:
        assert facts()[entry.fact_id].citable
        assert cite(entry.fact_id).text
        assert entry.design


def test_a_figure_is_that_of_its_row_and_fact() -> None:
    for one, entry in ENTRIES:
        if not entry.numeric:
            continue
        said = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", entry.figures)]
        there = [value for value in (entry.point, entry.low, entry.high) if value is not None]
        assert said[0] == pytest.approx(there[0], abs=0.06), entry.id
        assert entry.figures.split(" ")[-1 if "(" not in entry.figures else 1].startswith(one.aspect.unit[:3])
        assert all(0 <= value <= one.aspect.top for value in there), entry.id


def test_the_cells_named_in_the_papers() -> None:
    open_blood, tube_blood = (cell("cervical", "blood", way).entries[0] for way in ("open", "tubular"))
    assert (open_blood.point, tube_blood.point) == (173.5, 52.8)
    again = cell("cervical", "reoperation", "any").entries[0]
    low, high = wilson(6, 119)
    assert (again.low, again.high) == pytest.approx((100 * low, 100 * high))
    assert again.ends == "95 % interval, calculated"
    pooled = cell("cervical", "complications", "endoscopic").entries[0]
    row = next(one for one in trials() if one.trial.startswith("Wu 2019") and one.outcome == "complications")
    assert row.effect_low is not None
    assert pooled.low == pytest.approx(100 * row.effect_low)
    assert pooled.ends == "95 % interval"


def test_what_is_not_known_stays_blank() -> None:
    blank = [one for one in ALL if not one.entries]
    assert Cell("cervical", ASPECTS[4], "endoscopic", ()) in blank
    assert {one.approach for one in blank if (one.region, one.aspect.key) == ("lumbar", "blood")} == set(
        columns("lumbar")
    )
    assert "any" not in columns("lumbar")


def test_no_figure_is_written_in_the_tables_own_words() -> None:
    for row in rows():
        assert not re.search(r"\d+(?!/S1)", re.sub(r"[LS]\d", "", row["words"] + row["short"] + row["beware"])), row


@pytest.mark.parametrize("region", ["thoracic", "", "C5/6"])
def test_an_unknown_region_is_refused(region: str) -> None:
    with pytest.raises(InvalidInput, match="choose one of cervical, lumbar"):
        cells(region)
    with pytest.raises(InvalidInput, match="There is no cell"):
        cell("cervical", "price", "open")


def test_numbers_are_written_as_they_are_printed() -> None:
    assert [number(1.35, "days"), number(58.3, "min"), number(13.861, "%"), number(6.0, "%")] == [
        "1.35",
        "58.3",
        "13.9",
        "6",
    ]


# -- words and picture


@pytest.mark.parametrize("level", ["C5/6", "L5/S1"])
def test_the_charts_words_hold_each_cell_that_it_draws(level: str) -> None:
    numbers = ApproachChart.of(level)
    words = describe_approaches(numbers)
    for one in numbers.cells:
        for entry in one.entries:
            assert shown(entry) in words
            assert not entry.numeric or entry.figures in words
    assert words.count(BLANK) == sum(not one.entries for one in numbers.cells if one.approach != "any")
    assert set(numbers.ids) == {entry.fact_id for one in numbers.cells for entry in one.entries}


def test_the_message_follows_the_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ApproachChart.of("C5/6").message.startswith("Through a tube: less blood lost and a shorter stay")
    assert ApproachChart.of("L5/S1").message == "Approaches: for 13 of 27 cells nothing was found"
    worse = Entry("x", "w", "", "9 mL", 999.0, None, None, "", "d", "", "", "P:E31")
    changed = tuple(
        Cell(one.region, one.aspect, one.approach, (worse,))
        if (one.aspect.key, one.approach) == ("blood", "tubular")
        else one
        for one in cells("cervical")
    )
    monkeypatch.setattr("foramlib.figures.charts.approaches.cells", lambda _: changed)
    assert "blood" not in ApproachChart.of("C5/6").message


# -- tables


class Reader(HTMLParser):
    """Collects tags, and the text of the table."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(part: str, level: str | None = None) -> Reader:
    reader = Reader()
    reader.feed(approaches(part, level).html())
    return reader


@pytest.mark.parametrize("part", PARTS)
def test_a_table_has_a_caption_heads_and_links_and_fetches_nothing(part: str) -> None:
    found = read(part)
    names = [tag for tag, _ in found.tags]
    assert names.count("caption") == 1
    heads = [attrs.get("scope") for tag, attrs in found.tags if tag == "th"]
    assert heads[:3] == ["col"] * 3
    assert None not in heads
    assert not {"script", "img", "link", "iframe"} & set(names)
    table = approaches(part)
    for citation in table.citations:
        assert citation.label in found.text
        assert not citation.url.startswith("https://") or citation.url in table.html()
    assert table.describe() == describe("approaches", part)


def test_the_table_says_each_finding_with_its_study() -> None:
    found = read("found", "C5/6")
    for one in cells("cervical"):
        for entry in one.entries:
            assert entry.figures in found.text
            assert entry.people in found.text
            assert entry.design in found.text
            assert entry.beware in found.text
    assert all(name in found.text for name in APPROACHES.values())


def test_claims_stand_beside_their_verdicts() -> None:
    found = read("claimed")
    assert tuple(one.row.id for one in claims()) == CLAIMS
    for one in claims():
        assert one.row.claim in found.text
        assert one.row.explanation in found.text


def test_both_sides_of_each_dispute_are_said_and_cited() -> None:
    words = approaches("disputed").describe()
    known = {row.id: row for row in disagreements()}
    assert [row.id for row in disputes()] == list(DISPUTES)
    for name in DISPUTES:
        for said, names in sides(known[name]):
            assert said in words
            assert all(cite(one).label in words for one in names)


@pytest.mark.parametrize(
    ("part", "level", "theme"), [("all", None, "auto"), ("found", "C9/10", "auto"), ("found", None, "sepia")]
)
def test_what_is_unknown_is_refused_in_one_sentence(part: str, level: str | None, theme: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        approaches(part, level, theme)
    assert str(caught.value).count(".") >= 1
    assert "\n" not in str(caught.value)
