"""Reading grades: published examples, the stored counts, the passages, and drafts that are never lost."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path, facts
from foramlib.recovery.readability import (
    Counts,
    count,
    drafted,
    hard_words,
    keep_draft,
    leaflet_counts,
    long_sentences,
    passage,
    passages,
    read,
    read_passages,
    sentences_of,
    syllables,
)

if TYPE_CHECKING:
    from pathlib import Path

SYLLABLES = {
    1: "nerve discs caused",
    2: (
        "muscles numbness removes removed needed patients little tissue treated changes relieved facet "
        "science fluid create special nation people"
    ),
    3: "infection surgery cervical stenosis vertebra area procedure medicine continue brachial",
    4: "decompression operation usually endoscopic radiate stability reality",
    5: "laminectomy immediately individual neurological cooperation associated anaesthesia",
    6: "radiculopathy foraminotomy physiotherapy",
}


@pytest.mark.parametrize(
    ("text", "words", "marks", "ease"),
    [
        # Both sentences, their counts and their ease are those of the encyclopaedia article on the formula.
        ("This sentence, taken as a reading passage unto itself, is being used to prove a point.", 16, 23, 69.0),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 13, 24, 37.5),
        ("The cat sat on the mat.", 6, 6, 116.1),
    ],
)
def test_published_examples(text: str, words: int, marks: int, ease: float) -> None:
    found = count(text)
    assert found == Counts(words, 1, marks)
    assert round(found.ease, 1) == ease


def test_the_formula_is_the_published_one() -> None:
    said = facts()["P:K07"].statement
    assert "0.39 x (words/sentence) + 11.8 x (syllables/word) - 15.59" in said
    assert "206.835 - 1.015 x (words/sentence) - 84.6 x (syllables/word)" in said
    assert Counts(100, 5, 150).grade == pytest.approx(0.39 * 20 + 11.8 * 1.5 - 15.59)
    assert Counts(100, 5, 150).ease == pytest.approx(206.835 - 1.015 * 20 - 84.6 * 1.5)
    assert Counts(0, 0, 0).grade == Counts(0, 0, 0).ease == 0


def test_syllables_of_our_words() -> None:
    wrong = [(word, n) for n, words in SYLLABLES.items() for word in words.split() if syllables(word) != n]
    assert wrong == []


def test_sentences_end_at_marks_lists_and_empty_lines() -> None:
    text = "Rest, e.g. a day. Then walk!\n\n- Call us\n- Come back"
    assert sentences_of(text) == ["Rest, eg a day.", "Then walk!", "- Call us", "- Come back"]
    assert long_sentences("word " * 21 + "end. Short one.") == (("word " * 21 + "end.").strip(),)
    assert hard_words("A foraminotomy, and a Foraminotomy at C5/6.") == ("foraminotomy",)


@given(st.text(max_size=300))
def test_any_text_can_be_counted(text: str) -> None:
    found = count(text)
    assert found.words >= 0
    assert found.syllables >= found.words


# -- the leaflets


def test_the_leaflets_are_counts_and_nothing_else() -> None:
    text = data_path("appraisal", "leaflets.csv").read_text(encoding="utf-8")
    assert set(leaflet_counts()) == {"S0", "S1", "S2", "S3", "S4"}
    assert not set("".join(text.splitlines()[1:])) - set("S0123456789,")


def test_all_leaflets_read_above_the_advised_grade_as_a_simple_counter_found_before() -> None:
    rough = [float(number) for number in facts()["P:K08"].value.split("grade ")[1].split(" (")[0].split(", ")]
    for one, before in zip(leaflet_counts().values(), rough, strict=True):
        assert one.grade > 6
        assert one.grade == pytest.approx(before, abs=1.5)


# -- the passages


@pytest.mark.parametrize("name", [one.id for one in passages()])
def test_a_passage_is_hard_and_its_example_is_not(name: str) -> None:
    found = passage(name)
    assert count(found.text).grade > 20
    example = read(found.example, found)
    assert example.done(found.goal)
    assert example.counts.grade < 7


@pytest.mark.parametrize("name", [one.id for one in passages()])
def test_each_fact_is_missed_when_it_goes(name: str) -> None:
    found = passage(name)
    assert not any(read("We wish you well.", found).kept)
    sentences = sentences_of(found.example)
    for place in range(len(found.must_stay)):
        # Some sentence carries the fact: without that sentence it is no longer found.
        without = [" ".join(sentences[:i] + sentences[i + 1 :]) for i in range(len(sentences))]
        assert not all(found.must_stay[place].stays(text) for text in without), found.must_stay[place].fact


@pytest.mark.parametrize(
    "words", ["It will cure you.", "We guarantee relief.", "It is risk-free.", "There is no risk."]
)
def test_promises_are_seen(words: str) -> None:
    found = passage("keyhole")
    reading = read(f"{found.example} {words}", found)
    assert reading.promises
    assert not reading.done(found.goal)


@pytest.mark.parametrize("bad", ["", "   ", "12 34", None, "x" * 7000])
def test_what_cannot_be_read_is_refused(bad: str) -> None:
    with pytest.raises(InvalidInput):
        read(bad, passage("keyhole"))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Can I drive? No. Can I swim? No. Can I lift? No.", 6),
        ("Can I drive? no. Can I swim? no.", 4),
        ("Room No. 5 is on floor no. 2. Go up.", 2),
        ("It is a fig. Eat it. See Fig. 3 and p. 7.", 3),
        ("I am. You are. It opens at 8 am. Come in. Sit down.", 5),
        ("It opens at 8 a.m. Come then.", 2),
        ("It opens at 8 a.m. and shuts at 6 p.m. on most days.", 1),
        ("Rest, sleep, etc. Then walk.", 2),
        ("Rest, sleep, etc. and then walk.", 1),
        ("Smith et al. 2004 found it. Jones et al. found none.", 2),
        ("Ask Dr. Lu or Mrs. Osei. They know, i.e. they saw you.", 2),
        ("Wait approx. 5 days, min. 3. The max. There is none.", 3),
        ("This is the max. It is the min. Stop.", 3),
        ("It is art. It is a tab. It is a ref. So.", 4),
    ],
)
def test_a_point_ends_a_sentence_unless_it_belongs_to_an_abbreviation(text: str, sentences: int) -> None:
    assert count(text).sentences == sentences, sentences_of(text)


WORDS_TOO = ["No", "no", "am", "in", "fig", "Fig", "max", "min", "tab", "ref", "art", "sun", "mon", "al", "p"]


@given(words=st.lists(st.sampled_from(WORDS_TOO), min_size=1, max_size=8))
def test_a_short_answer_is_a_sentence_whatever_word_it_is(words: list[str]) -> None:
    assert count(" ".join(f"Can I? {word}." for word in words)).sentences == 2 * len(words)


def test_a_damaged_file_of_passages_names_passage_and_field() -> None:
    whole = yaml.safe_load(data_path("appraisal", "passages.yaml").read_text(encoding="utf-8"))
    assert len(read_passages(yaml.safe_dump(whole), "here.yaml")) == len(passages())
    for key in whole["passages"][0]:
        less = copy.deepcopy(whole)
        del less["passages"][0][key]
        with pytest.raises(InvalidInput) as caught:
            read_passages(yaml.safe_dump(less), "here.yaml")
        assert str(caught.value).startswith("here.yaml, passage ")
        assert repr(key) in str(caught.value)
    whole["passages"][0]["must_stay"][0]["needs"] = ["(open"]
    with pytest.raises(InvalidInput, match=r"'needs' holds '\(open'"):
        read_passages(yaml.safe_dump(whole), "here.yaml")


def test_an_unknown_passage_is_refused() -> None:
    with pytest.raises(InvalidInput, match="keyhole, recovery"):
        passage("nothing")


# -- drafts


def test_a_draft_is_kept_and_found_again(tmp_path: Path) -> None:
    assert drafted("keyhole", tmp_path / "work") == ("", "")
    file = keep_draft("keyhole", "Größer “text”\nin lines", tmp_path / "work")
    assert drafted("keyhole", file.parent) == ("Größer “text”\nin lines", "")
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("damage", ["{", "[]", '{"version": 9, "text": "a"}', '{"version": 1, "text": 3}', "null"])
def test_a_damaged_draft_is_kept_aside(tmp_path: Path, damage: str) -> None:
    (tmp_path / "rewrite-keyhole.json").write_text(damage, encoding="utf-8")
    text, trouble = drafted("keyhole", tmp_path)
    assert text == ""
    assert "kept as rewrite-keyhole.damaged-1.json" in trouble
    assert (tmp_path / "rewrite-keyhole.damaged-1.json").read_text(encoding="utf-8") == damage


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(InvalidInput, match="cannot be kept"):
        keep_draft("keyhole", "text", tmp_path / "taken")
