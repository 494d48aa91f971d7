"""Citations: three states, what each must say, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.evidence import (
    Fact,
    Quantity,
    Shown,
    Source,
    bibliography,
    check_sources,
    cite,
    facts,
    morphometry,
    sources,
)
from foramlib.evidence.citation import (
    DAGGER,
    QUOTED,
    day_read,
    footnotes,
    label_of,
    marked_label,
    missing_from,
    quiet,
    vancouver,
    with_footnotes,
)


def test_a_complete_citation() -> None:
    citation = cite("A:D-08")
    assert (citation.state, citation.prefix) == ("complete", "")
    assert citation.text == "Lu 2000 · 16 specimens"
    assert citation.url == "https://doi.org/10.1097/00003086-200001000-00026"
    assert citation.vancouver == (
        "Lu J, Ebraheim NA, Huntoon M, Haman SP. Cervical intervertebral disc space narrowing and size of "
        "intervertebral foramina. Clin Orthop Relat Res. 2000;370:259-264. doi:10.1097/00003086-200001000-00026. "
        "PMID: 10660721."
    )


@pytest.mark.parametrize("name", ["A:M-01", "A:M-02", "M:R-042"])
def test_an_incomplete_citation_says_so(name: str) -> None:
    citation = cite(name)
    assert citation.state == "incomplete"
    assert "Abu-Ghaida† · " in f"{citation.text} · "
    assert "incomplete" not in citation.text
    assert citation.note == "citation incomplete: journal and year to be confirmed"
    assert citation.title.endswith(citation.note)
    assert "Citation incomplete" in citation.vancouver


def test_second_hand_and_calculated_numbers_say_so() -> None:
    assert cite("A:A-01").text.startswith("as quoted by Radiopaedia")
    assert "Torun 2006, as quoted by another text" in cite("A:M-18").text
    assert cite("A:M-05").text.startswith("calculated from Kitagawa 2004")
    assert [cite(name).prefix for name in ("A:A-01", "A:M-05")] == ["as quoted by", "calculated from"]


def test_every_row_that_may_be_cited_can_be_and_no_other() -> None:
    rows: list[Fact | Quantity] = [*facts().values(), *morphometry().values()]
    for row in rows:
        if row.citable:
            citation = cite(row.id)
            assert citation.prefix in citation.text
            assert citation.text.startswith(("as quoted by ", "calculated from ", citation.label))
            assert "citation incomplete" not in citation.text
            assert (DAGGER in citation.text) == (DAGGER in citation.marked) == (citation.state == "incomplete")
            assert quiet(citation.title) == f"{citation.id} · {citation.text}"
        else:
            with pytest.raises(InvalidInput, match="unconfirmed"):
                cite(row.id)


@pytest.mark.parametrize("name", ["", "A:Z-99", "M:X-999", "Lu2000"])
def test_an_unknown_id_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="not known"):
        cite(name)


def test_teaching_text_never_stands_beside_a_number() -> None:
    assert cite("A:P-14").state == "teaching"
    assert cite("A:P-14").link("axons regrow slowly").startswith("[axons regrow slowly](#References")
    with pytest.raises(InvalidInput, match="never put beside a number"):
        cite("A:P-14").link("1–3 mm per day")


def test_a_link_leads_to_the_source_and_names_the_id() -> None:
    assert cite("A:D-08").link("20–30 %") == (
        '[20–30 %](https://doi.org/10.1097/00003086-200001000-00026 "A:D-08 · Lu 2000 · 16 specimens")'
    )


def test_what_is_to_be_confirmed_in_the_contents_does_not_make_a_citation_incomplete() -> None:
    assert sources()["DrakePerez2018"].to_confirm == "field strength"
    assert missing_from(sources()["DrakePerez2018"]) == ()


WHOLE = {"authors_short": "Lu J, Ebraheim NA, Huntoon M", "year": "2000", "title": "Disc space", "journal": "Clin"}


def made(**given: str) -> Source:
    """Make a source of which only the given is known."""
    cells = dict.fromkeys((field.name for field in fields(Source)), "")
    return Source(**{**cells, "source_key": "X", "kind": "paper", "read": "abstract", **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("authors", "kind", "label"),
    [
        ("Vernon H, Mior S", "paper", "Vernon and Mior 1991"),
        ("Kim & Song", "paper", "Kim and Song 1991"),
        ("White AA, Panjabi MM", "book", "White and Panjabi 1991"),
        ("van der Kallen BF, O'Brien JP", "paper", "van der Kallen and O'Brien 1991"),
        ("Vernon H", "paper", "Vernon 1991"),
        ("Vernon H et al.", "paper", "Vernon 1991"),
        ("Vernon H, Mior S et al.", "paper", "Vernon 1991"),
        ("Vernon H, Mior S, Lu J", "paper", "Vernon 1991"),
        ("Harrison's Principles, 19th ed.", "book", "Harrison's Principles 1991"),
        ("Singh (chapter)", "book", "Singh 1991"),
        ("ASIA / ISNCSCI", "page", "ASIA / ISNCSCI 1991"),
        ("NHS Devon Formulary and Referral", "page", "NHS Devon Formulary and Referral 1991"),
    ],
)
def test_two_authors_are_both_named_and_more_are_not(authors: str, kind: str, label: str) -> None:
    assert label_of(made(authors_short=authors, kind=kind, year="1991")) == label


@pytest.mark.parametrize(
    ("placed", "missing"),
    [
        ({}, ("volume and pages",)),
        ({"volume": "12"}, ("volume and pages",)),
        ({"pages": "1-7"}, ("volume and pages",)),
        ({"volume": "12", "pages": "1-7"}, ()),
        ({"doi": "10.1000/x"}, ()),
        ({"pmid": "123"}, ()),
        ({"pmcid": "PMC123"}, ()),
        ({"url": "https://example.org/article"}, ()),
        ({"doi": "10.1000/x", "to_confirm": "volume, issue, pages"}, ()),
        ({"to_confirm": "volume, pages"}, ("volume", "pages")),
        ({"doi": "10.1000/x", "to_confirm": "title, pages"}, ("title",)),
        ({"doi": "10.1000/x", "year": ""}, ("year",)),
        ({"doi": "10.1000/x", "authors_short": ""}, ("authors",)),
        ({"doi": "10.1000/x", "journal": "", "to_confirm": "journal"}, ("journal",)),
    ],
)
def test_an_address_of_the_article_stands_for_volume_and_pages(
    placed: dict[str, str], missing: tuple[str, ...]
) -> None:
    assert missing_from(made(**{**WHOLE, **placed})) == missing


@given(st.text(st.characters(exclude_characters=","), min_size=1).filter(str.strip))
def test_a_sentence_is_never_taken_for_a_detail_of_the_citation(words: str) -> None:
    assert missing_from(made(**WHOLE, doi="10.1000/x", to_confirm=f"the year of {words}")) == ()


def test_numbers_at_two_years_are_contents() -> None:
    for contents in ("figures at 24 months", "2-year numbers", "wording of page 3"):
        assert missing_from(made(**WHOLE, doi="10.1000/x", to_confirm=contents)) == ()


PAGE = {"kind": "page", "authors_short": "NICE", "title": "Neck pain", "journal": "NICE", "url": "https://example.org/"}


@pytest.mark.parametrize(
    ("dated", "missing", "said"),
    [
        ({"read_on": "2026-11-21"}, (), "read on 21 November 2026"),
        ({"read_on": "..2026-11-21"}, (), "read on or before 21 November 2026"),
        ({"read_on": "2026-11-02", "to_confirm": "date"}, (), "read on 2 November 2026"),
        ({"year": "2016", "read_on": "2026-11-21"}, (), ""),
        ({}, ("date",), ""),
        ({"read_on": "2026-11-21", "url": ""}, ("page address",), "read on 21 November 2026"),
    ],
)
def test_a_living_page_says_when_it_was_read(dated: dict[str, str], missing: tuple[str, ...], said: str) -> None:
    page = made(**{**PAGE, **dated})
    assert missing_from(page) == missing
    assert day_read(page) == said
    assert said.casefold() in vancouver(page).casefold()


def test_the_pages_that_are_cited_say_when_they_were_read() -> None:
    assert cite("P:C05").text.endswith("read on or before 21 November 2026")
    assert "Read on or before 21 November 2026." in cite("P:C05").vancouver
    assert cite("P:C05").state == "complete"


def test_marks_are_explained_once_and_only_where_they_stand() -> None:
    assert footnotes("Lu 2000") == ""
    assert footnotes(f"Abu-Ghaida{DAGGER}") == "† citation incomplete."
    assert footnotes(f"Torun 2006{QUOTED}, Singh{DAGGER}, Kim{DAGGER}") == (
        "† citation incomplete. ‡ as quoted by another text."
    )
    for words in ("Lu 2000", f"Singh{DAGGER}", f"Singh{DAGGER}{QUOTED}\n"):
        assert with_footnotes(with_footnotes(words)) == with_footnotes(words)
    assert marked_label(sources()["AbuGhaida"]) == "Abu-Ghaida†"
    assert marked_label(sources()["Lu2000"]) == "Lu 2000"


def test_the_bibliography_lists_each_source_once_and_no_teaching_text() -> None:
    assert bibliography(["A:D-08", "A:D-08", "A:C-07"]) == [cite("A:D-08").vancouver]
    everything = bibliography()
    assert len(everything) == len(set(everything)) > 200
    assert not any("Agreed undergraduate" in reference for reference in everything)
    with pytest.raises(InvalidInput):
        bibliography(["A:M-31"])


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("A:M-31", "unconfirmed"),
        ("A:Z-99", "not known"),
        ("A:P-14", "never put beside a number"),
        (Shown("", title="8 mm"), "without a citation"),
        (Shown("A:M-01", title="A:M-01 · Abu-Ghaida"), "incomplete and is not marked"),
        (Shown("A:M-01", title="A:M-01 · Abu-Ghaida · citation incomplete"), "incomplete and is not marked"),
        (Shown("A:M-18", title="Torun 2006 · citation incomplete"), 'must say "as quoted by"'),
        (Shown("A:M-05", title="Kitagawa 2004"), 'must say "calculated from"'),
    ],
)
def test_the_check_names_what_is_wrong(place: Shown | str, said: str) -> None:
    (fault,) = check_sources([place])
    assert said in fault


def test_the_check_is_quiet_where_all_is_well() -> None:
    good: list[Shown | str] = [
        "A:D-08",
        "A:M-01",
        Shown("A:M-18", title=cite("A:M-18").title),
        Shown("A:C-07", title="x", number=False),
    ]
    assert check_sources(good) == []


def test_the_room_loads_without_what_it_does_not_need() -> None:
    heavy = "{'numpy', 'matplotlib', 'yaml', 'json', 'urllib.request', 'foramlib.evidence.clinical'}"
    code = f"import sys, foramlib.evidence; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
