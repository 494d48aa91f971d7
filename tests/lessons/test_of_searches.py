"""That something does not exist is told with a dated search, or by a source that says so."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.apps.question import pieces
from foramlib.evidence import searched, searches
from foramlib.lessons.markdown import LINK, links, plain, sentences
from foramlib.lessons.of_searches import search_faults, unsearched

TODAY = f"searched {searched('S:02')}"


@pytest.mark.parametrize(
    "sentence",
    [
        "No trial has compared foraminotomy with care without an operation.",
        "There is none of foraminotomy against waiting.",
        "Nobody has tested it after your operation.",
        "So far nobody has shown that it shapes the years.",
        "No one has ever compared them.",
        "It has not been tested; most people wait.",
        "They have never been compared.",
        "The two have not yet been studied together.",
        "No good evidence supports it.",
        "No such trials are known.",
        "None compares the operation with waiting.",
        "In the low back nobody was found who compared approaches.",
        "None of the trials compared the two.",
        "What lies between is not known to us.",
        "It remains to be shown.",
        "This is the only randomised study.",
        "No large, long study looked at scars.",
        "[No trial](https://example.org) has set the two against each other.",
        "For bony narrowing there is [no such trial]({P:L13}).",
    ],
)
def test_an_absence_without_a_search_is_found(sentence: str) -> None:
    assert list(unsearched(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        f'[No trial that was read](#search "S:02 · {TODAY}") sets the two against each other.',
        "[No trial that was read]({S:02}) sets the two against each other.",
        f"No trial sets the two against each other (S:02, {TODAY}).",
        "Those series had no comparison group.",
        "Nobody has to wait a night.",
        "Plan a recovery, and leave blank what nobody knows.",
        "None of them is ill.",
        "Care without an operation has not helped her.",
        "Nobody knows how many would have got there without it.",
        'You can answer her, also where the answer is "nobody knows".',
        "No source in our tables says when to stop.",
        "There are none of them left.",
        "Numbness is no sign of harm.",
        "Strength matters, but none of the three sources asked about the root.",
        "They can say what no trial has tested.",
        '"No trial means that it does not work."',
        "Of a hundred 88 did well after it; nobody knows how many because of it.",
        "Steps without a number have no source that could be cited.",
    ],
)
def test_other_sentences_pass(sentence: str) -> None:
    assert list(unsearched(sentence)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[no study](#search "S:99 · searched 29 November 2026")', "There is no search 'S:99'"),
        ('[no study](#search "S:02 · searched 28 November 2026")', "the title must be"),
        ('[no study](#search "S:02")', "the title must be"),
        ("[no study](#search)", "There is no search"),
        ("[one study]({S:02})", "says nothing that is absent"),
        ("[no study]({S:99})", "There is no search 'S:99'"),
    ],
)
def test_a_link_to_a_search_that_is_wrong_is_found(text: str, said: str) -> None:
    (link,) = links(text)
    assert any(said in fault for fault in search_faults(link))


@pytest.mark.parametrize("note", ["(S:99, searched 29 November 2026)", "(S:02, searched 1 May 2020)"])
def test_a_note_with_a_wrong_day_or_row_is_found(note: str) -> None:
    assert list(unsearched(f"No trial sets the two against each other {note}."))


@pytest.mark.parametrize("name", searches())
def test_every_search_has_a_day_and_can_be_linked(name: str) -> None:
    assert date.fromisoformat(searches()[name].date).year == int(searched(name).rpartition(" ")[2])
    (link,) = links(f'[none was found](#search "{name} · searched {searched(name)}")')
    assert list(search_faults(link)) == []


@pytest.mark.parametrize("link", ["{S:02}", f'#search "S:02 · {TODAY}"'])
def test_apps_show_the_day_of_a_search(link: str) -> None:
    assert pieces(f"[No trial that was read]({link}) says so.") == [
        {"text": f"No trial that was read ({TODAY})"},
        {"text": " says so."},
    ]


def test_apps_show_no_dead_link() -> None:
    shown = pieces('It is [grade 1](#model "model · Park 2013 · case spur"), [left](#patient "helen-osei · side").')
    assert "".join(piece["text"] for piece in shown) == "It is grade 1 (model), left."
    assert not any("url" in piece for piece in shown)


@given(st.lists(st.sampled_from(["It is so.", "[A. B](x).", "Why?", "Lu et al. 2000 saw it.", "No!"]), max_size=6))
def test_sentences_lose_nothing_and_cut_no_link(parts: list[str]) -> None:
    text = " ".join(parts)
    found = list(sentences(text))
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    assert sum(len(LINK.findall(one)) for one in found) == len(LINK.findall(text))
    assert len(found) == len(parts) or "Lu et al. 2000" in plain(text)
