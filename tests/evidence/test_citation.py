"""Citations: three states, what each must say, and what is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from foramlib.errors import InvalidInput
from foramlib.evidence import Fact, Quantity, Shown, bibliography, check_sources, cite, facts, morphometry, sources
from foramlib.evidence.citation import missing_from


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
    assert "citation incomplete: journal and year to be confirmed" in citation.text
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
            assert ("citation incomplete" in citation.text) == (citation.state == "incomplete")
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
