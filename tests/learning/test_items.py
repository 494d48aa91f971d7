"""The questions: what the loader refuses, what the lint finds, and that ours are clean."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.learning.items import items, lint_items, read_items
from foramlib.learning.patient import load_patient
from foramlib.learning.records import Record, parse_records, read_records

LESSONS = ("01", "02", "03", "04", "05", "06", "07", "08")


def good() -> dict[str, Any]:
    """One question without a fault, as YAML gives it."""
    return {
        "lesson": "99",
        "items": [
            {
                "id": "99-one",
                "objective": "Name the root at C5/6.",
                "stem": "A pianist has pain in the thumb.",
                "lead_in": "Which root leaves at C5/6?",
                "options": [{"text": f"C{n}", "why": "Because.", "right": n == 6} for n in (4, 5, 6, 7)],
                "sources": ["A:A-06"],
                "state": {"level": "C5/6"},
            }
        ],
    }


def refused(record: dict[str, Any]) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_items(Record("data/items/99.yaml", record))
    return str(caught.value)


@pytest.mark.parametrize("lesson", LESSONS)
def test_our_questions_are_clean(lesson: str) -> None:
    assert lint_items(items(lesson)) == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_five_to_eight_questions_with_ids_of_its_own(lesson: str) -> None:
    found = items(lesson)
    assert 5 <= len(found) <= 8
    assert all(item.id.startswith(f"{lesson}-") for item in found)


def test_every_question_file_is_a_known_lesson() -> None:
    names = {path.stem for path in data_path("items").glob("*.yaml")} - {"predict", "roots"}
    assert names == set(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_model_shows_the_side_that_the_vignette_names(lesson: str) -> None:
    for item in items(lesson):
        named = set(re.findall(r"\b(left|right)\b(?! it\b)", item.stem))
        if len(named) == 1:
            assert item.state.side in named, item.id
        pointed_at = re.findall(r"(?:side=|\.)(left|right)\b", f"{item.state.lesions} {item.state.focus}")
        assert set(pointed_at) <= {item.state.side}, item.id


def test_the_driver_with_a_soft_disc_has_it_on_the_right() -> None:
    tomas = load_patient("tomas-lindqvist")
    same = [item for lesson in LESSONS for item in items(lesson) if "39-year-old driver" in item.stem]
    assert len(same) >= 2
    for item in same:
        assert (item.state.level, item.state.side) == (tomas.level, tomas.side)
        assert f"{tomas.side} middle finger" in item.stem


def test_a_root_is_not_named_exiting_or_traversing_where_that_gives_it_away() -> None:
    item = next(one for one in items("02") if one.id == "02-subarticular")
    assert [option.text for option in item.options] == ["L4", "L5", "S1", "L3"]


def test_a_trial_too_small_for_complications_is_the_answer_to_the_leaflet() -> None:
    item = next(one for one in items("06") if one.id == "06-leaflet")
    assert item.options[item.right].text == "Not shown; the one randomised study is too small"
    assert "P:E37" in item.sources


def test_agreement_is_asked_with_the_grades_given() -> None:
    item = next(one for one in items("03") if one.id == "03-agreement")
    assert "three grades about equally often" in item.stem


def test_the_good_question_is_read_and_clean() -> None:
    found = read_items(Record("data/items/99.yaml", good()))
    assert found[0].right == 2
    assert lint_items(found) == []


def test_an_unknown_lesson_is_refused_in_one_sentence() -> None:
    with pytest.raises(InvalidInput, match=r"no questions for '73'"):
        items("73")


def test_a_damaged_file_names_itself_and_the_line() -> None:
    with pytest.raises(InvalidInput, match=r"data/items/01\.yaml, line 2: the file cannot be read"):
        parse_records("items:\n - {id: [", "data/items/01.yaml")


@pytest.mark.parametrize("text", ["", "3", "- one\n- two", "null", "1: two"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"data/items/01\.yaml"):
        parse_records(text, "data/items/01.yaml")


@pytest.mark.parametrize("field", ["id", "objective", "stem", "lead_in", "options", "sources", "state"])
def test_a_missing_field_is_named_with_its_file_and_item(field: str) -> None:
    record = good()
    del record["items"][0][field]
    sentence = refused(record)
    assert "data/items/99.yaml" in sentence
    assert field in sentence


@pytest.mark.parametrize("field", ["stem", "options", "sources", "state"])
@pytest.mark.parametrize("value", [None, 3, [], "", {}, [3], float("nan")])
def test_a_field_of_the_wrong_kind_is_refused(field: str, value: object) -> None:
    record = good()
    record["items"][0][field] = value
    assert "data/items/99.yaml, item '99-one'" in refused(record)


def test_every_option_needs_its_reason() -> None:
    record = good()
    del record["items"][0]["options"][1]["why"]
    assert "item '99-one', option 2: the field 'why'" in refused(record)


@pytest.mark.parametrize("rights", [(), (0, 1)])
def test_exactly_one_option_is_right(rights: tuple[int, ...]) -> None:
    record = good()
    for place, option in enumerate(record["items"][0]["options"]):
        option["right"] = place in rights
    assert "exactly one must be" in refused(record)


@pytest.mark.parametrize("count", [1, 3, 6])
def test_four_or_five_options(count: int) -> None:
    record = good()
    extra = {"text": "X", "why": "No."}
    options = [*record["items"][0]["options"][2:], *(extra | {"text": f"X{n}"} for n in range(count))][:count]
    record["items"][0]["options"] = options
    assert "four or five are allowed" in refused(record)


def test_a_misspelt_field_is_refused() -> None:
    record = good()
    record["items"][0]["leadin"] = "?"
    assert "'leadin' is not known" in refused(record)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"level": "C5/6", "side": "up"}, "There is no side 'up'; choose left or right."),
        ({"level": "C5/6", "lesions": ["spur=2"]}, "There is no lesion 'spur'"),
        ({"level": "C5/6", "disc_loss": 1, "lesions": ["disc_height_loss=2"]}, "named twice"),
    ],
)
def test_a_state_that_cannot_be_written_down_is_refused_where_it_stands(state: dict[str, object], said: str) -> None:
    record = good()
    record["items"][0]["state"] = state
    assert said in refused(record)


def test_an_id_used_twice_is_refused() -> None:
    record = good()
    record["items"].append(copy.deepcopy(record["items"][0]))
    assert "used twice" in refused(record)


def change(path: str, value: object) -> list[str]:
    """Lint the good question with one thing changed; a path is item fields joined by dots."""
    record = good()
    *way, last = path.split(".")
    spot: Any = record["items"][0]
    for step in way:
        spot = spot[int(step) if step.isdigit() else step]
    spot[last] = value
    return lint_items(read_items(Record("data/items/99.yaml", record)))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("lead_in", "Which root does not leave here?", "turned round"),
        ("lead_in", "All leave here EXCEPT?", "turned round"),
        ("lead_in", "Which root is least likely to leave here?", "turned round"),
        ("lead_in", "Name the root.", "not a question"),
        ("lead_in", "Which of the following is true?", "options covered"),
        ("lead_in", "This structure is a?", "options covered"),
        ("options.0.text", "All of the above", "catch-all"),
        ("options.0.text", "None of these", "catch-all"),
        ("options.0.text", "It always leaves higher", "catch-all"),
        ("options.0.text", "c5", "two options say the same"),
        ("options.0.text", "C4.", "full stop"),
        ("options.0.text", "root C4", "capital"),
        ("options.2.text", "C6, because roots of the neck leave above", "much the longest"),
        ("sources", ["A:A-9999"], "A:A-9999"),
        ("sources", ["A:D-04"], "unconfirmed"),
        ("state", {"level": "C9/10"}, "C9/10"),
        ("state", {"level": "C5/6", "flexion": 90}, "90"),
        ("state", {"level": "C5/6", "plane": "sideways"}, "sideways"),
        ("objective", "Name the root", "full stop"),
    ],
)
def test_the_lint_finds_each_fault(path: str, value: object, fault: str) -> None:
    found = change(path, value)
    assert any(fault in sentence for sentence in found), found


def test_the_lint_finds_a_letter_that_is_right_too_often() -> None:
    record = good()
    first = record["items"][0]
    record["items"] = [{**first, "id": f"99-{n}"} for n in range(4)]
    assert any("answer is C in more than half" in fault for fault in lint_items(read_items(Record("x", record))))


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["id", "stem", "options", "sources", "state"]), _json)
def test_whatever_stands_in_a_field_the_answer_is_one_sentence(field: str, value: object) -> None:
    record = good()
    record["items"][0][field] = value
    try:
        read_items(Record("data/items/99.yaml", record))
    except InvalidInput as problem:
        assert str(problem).endswith(".")  # noqa: PT017 - most values are refused, some are fine


def test_the_real_file_is_read_once() -> None:
    assert read_records("01") is read_records("01")
