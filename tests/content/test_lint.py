"""The content lint fails where it must: one bad sample for each rule, and good ones beside them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foramlib.evidence import Fact, Quantity, check_sources, cite, facts, look_up, morphometry
from foramlib.lessons.content import Problem, lint, shown, shown_ids
from foramlib.lessons.markdown import blocks, links, plain, slug
from foramlib.lessons.numbers import bare_numbers, link_faults, numbers_in, spelled_counts
from foramlib.lessons.prose import forbidden, grade, leftovers, spelling, syllables

if TYPE_CHECKING:
    from pathlib import Path

LU = "https://doi.org/10.1097/00003086-200001000-00026"
LU_TITLE = "A:D-08 · Lu 2000 · 16 specimens"
LU_WITH_OTHER_SIDE = f'[20–30 %]({LU} "{LU_TITLE}"), but see {cite("A:D-08b").link("no link")}'


def make_lesson(folder: Path, *cells: str, outputs: list[object] | None = None) -> Path:
    """Write a small notebook; the list of references that it needs is added."""
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "items").mkdir(parents=True, exist_ok=True)
    written: list[dict[str, object]] = [{"cell_type": "markdown", "source": cell, "metadata": {}} for cell in cells]
    code = {"cell_type": "code", "source": "fl.explorer()", "metadata": {}, "outputs": outputs or []}
    path = folder / "notebooks" / "01_sample.ipynb"
    path.write_text(json.dumps({"cells": [*written, code], "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def lint_lesson(folder: Path, *cells: str, outputs: list[object] | None = None) -> list[Problem]:
    make_lesson(folder, *cells, outputs=outputs)
    found = lint(folder / "notebooks", folder / "data")
    return [problem for problem in found if "list of references" not in problem.sentence]


# -- (a) numbers


@pytest.mark.parametrize(
    "text",
    [
        "8 mm",
        "155.8 mm²",
        "20–30 %",
        "a 30-degree view",
        "90°",
        "5 ± 2 mm",
        "twenty per cent",
        "five weeks",
        "74 patients",
        "1,211 healthy people",
        "3 of 10",
        "1 in 4",
        "one in four",
        "6 per 100",
        "87/100",
        "n = 82",
        "kappa 0.9",
        "an operation of 45 minutes",
        '![about 8 mm high](a.svg "x")',
    ],
)
def test_a_bare_number_is_found(text: str) -> None:
    assert bare_numbers(f"It was {text} there.")


@pytest.mark.parametrize(
    "text",
    [
        "C5/6, L5/S1 and C7–T1",
        "a 46-year-old violinist",
        "about 45 minutes of reading",
        "`Segment.at('C5/6').bent(flexion=8.0)`",
        '[8.6 mm](#model "model")',
        f'[20–30 %]({LU} "{LU_TITLE}")',
        "T1 and T2 images in 3D",
        "7 questions and 2 charts",
        "seven cervical vertebrae",
    ],
)
def test_what_needs_no_source_is_left_alone(text: str) -> None:
    assert bare_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'[20–30 %]({LU} "A:Z-99 · Lu 2000")', "not known"),
        (f'[20–30 %]({LU} "A:M-31 · Lu 2000")', "unconfirmed"),
        (f'[21–30 %]({LU} "{LU_TITLE}")', "21 does not stand in A:D-08"),
        (f'[20–30 mm]({LU} "A:C-29 · Boden 1990 · 63 volunteers")', "the unit mm does not stand in A:C-29"),
        (f'[20–30 °]({LU} "{LU_TITLE}")', "the unit deg does not stand"),
        (f'[20–30 %](https://doi.org/10.1/x "{LU_TITLE}")', "the address of A:D-08 is"),
        (f'[20–30 %]({LU} "A:D-08 · Kitagawa 2004")', f'must say "{LU_TITLE}"'),
        (f'[20–30 %]({LU} "A:D-08 · Lu 2000 · 17 specimens")', f'must say "{LU_TITLE}"'),
        ('[8.18 mm](#References "A:M-01 · Abu-Ghaida")', f'must say "{cite("A:M-01").title}"'),
        (cite("A:M-01").link("C5/6 8.09 mm"), "8.09 is not the value of C5/6"),
        ('[1–3 mm](#References "A:P-14 · Standard teaching texts")', "never put beside a number"),
        ('[8.8 mm](#References "A:M-18 · Torun 2006")', f'must say "{cite("A:M-18").title}"'),
        (f"[20–30 %]({LU})", "without an evidence id"),
        ("[20–30 %](other.md)", "names no evidence id"),
        ('[8 mm](#definition "measured")', 'must have the title "definition"'),
        ("[21 %]({A:D-08})", "21 does not stand"),
        ("[20 %]({A:Z-99})", "not known"),
    ],
)
def test_a_number_link_that_does_not_tell_the_truth_is_found(text: str, said: str) -> None:
    (link,) = links(text)
    assert any(said in fault for fault in link_faults(link))


@pytest.mark.parametrize(
    "text",
    [
        f'[20–30 %]({LU} "{LU_TITLE}")',
        f'[20 to 30 %]({LU} "{LU_TITLE}")',
        f'[16 specimens]({LU} "{LU_TITLE}")',
        "[20–30 %]({A:D-08})",
        '[two levels](#model "model")',
        cite("A:M-01").link("C5/6 8.18 mm"),
        cite("A:C-33").link("1,211 volunteers"),
        "[another lesson](00_start.ipynb)",
    ],
)
def test_a_link_that_tells_the_truth_passes(text: str) -> None:
    (link,) = links(text)
    assert list(link_faults(link)) == []


CITABLE: list[Fact | Quantity] = [*facts().values(), *morphometry().values()]


def test_every_value_that_may_be_shown_passes_as_its_own_link() -> None:
    for row in CITABLE:
        value = f"{row.mean:g} {row.unit}" if isinstance(row, Quantity) else row.value
        if not row.citable or not value or value == "as stated" or cite(row.id).state == "teaching":
            continue
        (link,) = links(cite(row.id).link(value.replace("[", "(").replace("]", ")")))
        assert list(link_faults(link)) == [], row.id


@given(st.integers(0, 99_999), st.sampled_from(sorted(facts())))
def test_a_number_that_is_not_in_the_row_never_passes(number: int, name: str) -> None:
    row = look_up(name)
    assume(isinstance(row, Fact) and Decimal(number) not in numbers_in(f"{row.value} {row.population} {row.statement}"))
    (link,) = links(f"[about {number} of them]({{{name}}})")
    assert list(link_faults(link))


@given(st.text())
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for link in links(text):
        list(link_faults(link))
    assert isinstance(bare_numbers(text) + spelled_counts(text) + leftovers(text) + spelling(text), list)
    assert plain(plain(text)) is not None
    assert grade([text]) >= -20
    list(forbidden(text))


@given(st.text())
def test_blocks_lose_no_line_that_holds_a_word(text: str) -> None:
    kept = "\n".join(block for _, block, _ in blocks(text))
    for line in text.splitlines():
        if line.strip() and not line.strip().startswith(("```", "~~~")):
            assert line in kept


def test_a_count_in_words_needs_evidence_beside_it() -> None:
    assert spelled_counts("Seven volunteers bent their necks.") == ["Seven volunteers"]
    assert spelled_counts(f"Seven volunteers: the area grew by {cite('A:D-01').link('28 %')}.") == []
    assert spelled_counts(f"Nine volunteers: the area grew by {cite('A:D-01').link('28 %')}.") == ["Nine volunteers"]


# -- (b) to (h), through the whole lint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The nerve fills about 30 % of the foramen.", "do not use a single percentage"),
        ("A height of that size is a diagnostic cut-off.", "diagnostic cut-off"),
        ("TODO write this.", "leftover"),
        ("See /home/somebody/notes for more.", "leftover"),
        ("Open http://localhost:8888 now.", "leftover"),
        ("The color of bone is ivory.", "British: colour"),
        ("See [the next lesson](02_nothing.ipynb).", "which is not there"),
        ("See [below](#Nowhere).", "which is not there"),
        ("![](picture.svg)", "says too little"),
        ("![picture](picture.svg)", "says too little"),
        ('<img src="a.png">', "says too little"),
        ("It is 8 mm high.", '"8 mm" needs a source'),
        ('It is [8 mm](#model "model") high.', "write what stands behind it"),
        ('It is [39°](#model "model · angle · C5/6 left").', "39 is not the value"),
        ("In the model it is wider.", "told of the model"),
        ("Ruth has a weak left foot.", "told of ruth-adeyemi"),
        ('Ruth has a weak [left](#patient "ruth-adeyemi · side") foot.', "the value is right"),
        ("No trial has compared the two.", "does not exist"),
        ('[No trial](#search "S:02 · searched 1 May 2020") has compared the two.', "the title must be"),
        (f'In a simulation it fell by [20–30 %]({LU} "{LU_TITLE}").', "shown without the other side"),
        (" ".join(["intervertebral radiculopathy characterisation necessitates"] * 9) + ".", "reads at grade"),
    ],
)
def test_every_rule_can_fail(tmp_path: Path, text: str, said: str) -> None:
    problems = lint_lesson(tmp_path, "# A lesson", text)
    assert any(said in problem.sentence for problem in problems), problems
    assert all(problem.path == "notebooks/01_sample.ipynb" for problem in problems)


def test_a_good_lesson_passes(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "picture.svg").write_text("<svg/>", encoding="utf-8")
    good = (
        "# A lesson\n\nThe foramen at C5/6 holds the C6 root.\n\n## What narrows it\n\nSee [above](#A-lesson).",
        f"In a simulation the area fell by {LU_WITH_OTHER_SIDE}.",
        '![A foramen seen from the side](picture.svg)\n\nIt is [38°](#model "model · angle · C5/6 left") in the model.',
        "## A patient\n\nFor five weeks her arm has hurt.",
        "## References\n\n" + "\n".join(f"- {cite(name).vancouver}" for name in ("A:D-08", "A:D-08b")),
    )
    assert lint_lesson(tmp_path, *good) == []


def test_a_list_of_references_must_hold_what_is_cited(tmp_path: Path) -> None:
    text = f"It fell by {LU_WITH_OTHER_SIDE}."
    references = "## References\n\n" + "\n".join(f"- {cite(name).vancouver}" for name in ("A:D-08", "A:D-08b"))
    make_lesson(tmp_path, text)
    assert any("Lu J, Ebraheim NA" in str(problem) for problem in lint(tmp_path / "notebooks", tmp_path / "data"))
    make_lesson(tmp_path, text, references)
    assert lint(tmp_path / "notebooks", tmp_path / "data") == []


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"output_type": "display_data", "data": {"image/png": "x"}}, "image/png"),
        ({"output_type": "execute_result", "data": {"text/plain": "x" * 5000}}, "longer than"),
        ({"output_type": "error", "ename": "ValueError"}, "an error is stored"),
        ({"output_type": "display_data", "data": {"application/vnd.jupyter.widget-view+json": {}}}, "only small text"),
    ],
)
def test_stored_outputs_are_small_text_only(tmp_path: Path, output: object, said: str) -> None:
    assert any(said in problem.sentence for problem in lint_lesson(tmp_path, "Words.", outputs=[output]))
    small = {"output_type": "stream", "name": "stdout", "text": ["Left foramen"]}
    assert lint_lesson(tmp_path, "Words.", outputs=[small]) == []


def test_reasons_of_questions_are_held_to_their_sources_and_stems_are_not(tmp_path: Path) -> None:
    make_lesson(tmp_path, "Words.")
    items = tmp_path / "data" / "items" / "01.yaml"
    stem, why = "For six weeks her arm has hurt.", "It fell by [28 %]({A:D-01})."
    good = f"items:\n- id: a\n  stem: {stem}\n  why: {why}\n  sources: [A:D-01]\n"
    items.write_text(good, encoding="utf-8")
    assert lint(tmp_path / "notebooks", tmp_path / "data") == []
    items.write_text(good.replace("[28 %]({A:D-01})", "28 %"), encoding="utf-8")
    (problem,) = lint(tmp_path / "notebooks", tmp_path / "data")
    assert (problem.path, problem.where) == ("data/items/01.yaml", "items, a, why")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('It is [39°](#model "model · angle · C5/6 left").', 'It is [38°](#model "model · angle · C5/6 left").'),
        ('Her [left](#patient "ruth-adeyemi · side") foot.', 'Her [right](#patient "ruth-adeyemi · side") foot.'),
        ("Ruth's left foot.", 'Ruth\'s [right](#patient "ruth-adeyemi · side") foot.'),
        ("No trial compares them.", "[No trial that was read]({S:02}) compares them."),
        ("[No trial]({S:99}) compares them.", "[No trial that was read]({S:02}) compares them."),
    ],
)
@pytest.mark.parametrize("name", ["items/99.yaml", "operations/open.yaml", "clinic/decision/words.csv"])
def test_questions_and_texts_of_apps_are_held_to_the_same(tmp_path: Path, name: str, wrong: str, right: str) -> None:
    path = tmp_path / "data" / name
    path.parent.mkdir(parents=True)
    for text, faults in ((wrong, 1), (right, 0)):
        quoted = json.dumps(text, ensure_ascii=False)
        cell = '"' + text.replace('"', '""') + '"'
        path.write_text(
            f"id,text\na,{cell}\n" if path.suffix == ".csv" else f"id: a\nwhy: {quoted}\n", encoding="utf-8"
        )
        assert len(lint(tmp_path / "notebooks", tmp_path / "data")) == faults


@pytest.mark.parametrize(("name", "text"), [("01.ipynb", "{"), ("01.ipynb", "[]"), ("teaching/a.md", None)])
def test_a_damaged_file_is_one_problem(tmp_path: Path, name: str, text: str | None) -> None:
    path = tmp_path / "notebooks" / name
    path.parent.mkdir(parents=True)
    path.write_text(text if text is not None else "Fine.", encoding="utf-8")
    assert len(lint(tmp_path / "notebooks", tmp_path / "data")) == (text is not None)


def test_nothing_to_look_at_is_no_problem(tmp_path: Path) -> None:
    assert lint(tmp_path, tmp_path) == []
    assert shown_ids(tmp_path, tmp_path) == ()


def test_what_is_shown_is_found_everywhere(tmp_path: Path) -> None:
    make_lesson(tmp_path, f"It fell by {LU_WITH_OTHER_SIDE}. It is 8 mm high.")
    (tmp_path / "data" / "items" / "01.yaml").write_text("items:\n- id: a\n  sources: [A:D-01]\n", encoding="utf-8")
    (tmp_path / "data" / "model").mkdir()
    (tmp_path / "data" / "model" / "levels.csv").write_text(
        "parameter,value,basis\nheight,8,M:R-005\nwidth,6,assumption\ndepth,2,A:M-31\n",
        encoding="utf-8",
    )
    places = list(shown(tmp_path / "notebooks", tmp_path / "data"))
    assert {place.id for place in places} == {"", "A:D-08", "A:D-08b", "A:D-01", "M:R-005", "A:M-31"}
    faults = check_sources(places)
    assert len(faults) == 2
    assert 'cell 1, line 1: "8 mm" is shown without a citation.' in faults[0]
    assert "data/model/levels.csv, line 4: A:M-31 is unconfirmed" in faults[1]


# -- the parts


def test_the_grade_follows_the_published_formula() -> None:
    # 6 words, 2 sentences, 9 syllables.
    text = "The nerve leaves here. Foramen opens."
    counted = sum(syllables(word) for word in ("The", "nerve", "leaves", "here", "Foramen", "opens"))
    assert grade([text]) == pytest.approx(0.39 * 6 / 2 + 11.8 * counted / 6 - 15.59)
    assert grade([]) == 0


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("root", 1),
        ("nerve", 1),
        ("foramen", 3),
        ("vertebra", 3),
        ("little", 2),
        ("moved", 1),
        ("bounded", 2),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_spelling_knows_plurals_and_leaves_abbreviations() -> None:
    assert spelling("Roots and MRI of the root's sleeve", {"root", "and", "of", "the", "sleeve"}) == []
    assert spelling("The rooot", {"the", "root"}) == ["rooot"]


def test_anchors_are_those_of_jupyter() -> None:
    assert slug("## What *narrows* it?") == "what-narrows-it?"


def test_links_are_found_with_old_dois_and_not_in_code() -> None:
    text = 'See [x](https://doi.org/10.1016/S0304-3959(01)00349-9 "P:I09 · Farrar 2001") and `[y](z)`.'
    (link,) = links(text)
    assert link.url == "https://doi.org/10.1016/S0304-3959(01)00349-9"
    assert link.title == "P:I09 · Farrar 2001"
