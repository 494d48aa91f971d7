"""The rehearsal of a decision: the right reason for each patient, every control swept, nothing lost."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import foramlib as fl
from foramlib.apps.decide import Decide, decide
from foramlib.apps.planner import Planner
from foramlib.clinic.indications import options
from foramlib.clinic.risks import NO_TRIAL, pair
from foramlib.errors import InvalidInput
from foramlib.learning import rehearsal
from foramlib.learning.patient import load_patient, patients
from foramlib.learning.rehearsal import STEPS, WEIGHTS, Rehearsal, history, rehearse, talk_points, values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Decide]:
    made = decide("helen-osei", folder=tmp_path / "my-work")
    yield made
    made.close()


def send(app: Decide, does: str, **details: object) -> dict[str, Any]:
    """Do what the browser does."""
    app.view.actions = [{"do": does, "count": app.view.page["heard"] + 1, **details}]
    page: dict[str, Any] = app.view.page
    return page


def decided(app: Decide, option: str) -> dict[str, Any]:
    send(app, "choose", value=option)
    return send(app, "decide")


def block(page: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in [*page["top"], *page["blocks"]] if one["id"] == name)
    return found


def text_of(page: dict[str, Any], name: str) -> str:
    return "".join(piece["text"] for piece in block(page, name)["pieces"])


@pytest.mark.parametrize(
    ("patient", "visit", "best", "reason"),
    [
        ("helen-osei", 0, "wait", "It is early"),
        ("helen-osei", 1, "urgent", "severe or growing"),
        ("amir-haddad", 0, "other", "carpal tunnel syndrome better than any root"),
        ("nora-brandt", 0, "wait", "easing by itself"),
        ("nora-brandt", 1, "wait", "easing by itself"),
        ("tomas-lindqvist", 0, "wait", "It is early"),
        ("tomas-lindqvist", 1, "offer", "outlasted good care"),
        ("ruth-adeyemi", 0, "offer", "outlasted good care"),
    ],
)
def test_each_patient_is_judged_for_the_right_reason(patient: str, visit: int, best: str, reason: str) -> None:
    found = rehearse(patient).seeing(visit).judgement
    assert found.best == best
    assert reason in found.why


def test_a_visit_that_nothing_is_noted_of_is_not_judged_as_lasting() -> None:
    stranger = Rehearsal(load_patient("helen-osei").dated(onset="2026-03-02"))
    assert history(stranger.patient.id, stranger.week) is None
    assert stranger.judgement.best == "wait"
    assert stranger.presentation.course == "unknown"


def test_the_first_screen_says_what_has_not_been_compared(app: Decide) -> None:
    assert app.view.page["warning"] == f"{NO_TRIAL}."
    assert NO_TRIAL in app.describe()


def test_no_reason_is_seen_before_the_decision(app: Decide) -> None:
    page = send(app, "choose", value="other")
    assert not any(one["type"] in {"cards", "arrays", "sources"} for one in page["blocks"])
    assert all(step["locked"] for step in page["steps"][1:])
    for step in list(STEPS)[1:]:
        assert "Decide first" in send(app, "go", value=step)["message"]
    page = send(app, "decide")
    assert page["message"] == ""
    assert text_of(page, "verdict").startswith("✗ The rules favour another")


@pytest.mark.parametrize("patient", patients())
@pytest.mark.parametrize("option", list(options()))
def test_every_option_of_every_patient_meets_its_reasons_and_consequence(patient: str, option: str) -> None:
    app = decide(patient)
    for visit in range(len(app.state.patient.visits) + 1):
        send(app, "visit", value=str(visit))
        page = decided(app, option)
        assert page["message"] == ""
        cards = block(page, "cards")["cards"]
        assert len(cards) == len(options())
        assert [card["note"] for card in cards if "Your choice" in card["note"]] != []
        assert sum("Favoured" in card["note"] for card in cards) == 1
        assert all(card["sides"] for card in cards if "Favoured" in card["note"])
        assert text_of(page, "after").count(":") >= 1
    app.close()


def test_what_if_red_flags_turn_every_patient_round() -> None:
    for patient in patients():
        app = decide(patient)
        decided(app, "wait")
        for case in app.state.cases():
            page = send(app, "suppose", value=case.id)
            assert page["message"] == ""
            urgent = bool(case.adds)
            assert ("Refer urgently" in text_of(page, "what-if-said")) == urgent
        assert not any(one["id"] == "what-if" for one in send(app, "again")["blocks"])
        app.close()


def test_the_array_shows_the_counts_of_the_outcome(app: Decide) -> None:
    decided(app, "wait")
    send(app, "go", value="matters")
    for outcome in app.state.shown_outcomes():
        page = send(app, "outcome", value=outcome)
        drawn = block(page, "arrays")["arrays"]
        assert [one["marked"] for one in drawn] == [risk.count for risk in pair(outcome).risks]
        assert all(one["marked"] + one["rest"] == 100 for one in drawn)
        assert all(str(one["marked"]) in one["words"] for one in drawn)
        assert pair(outcome).message in page["spoken"]


def test_listening_is_told_from_not_listening(app: Decide) -> None:
    decided(app, "wait")
    send(app, "go", value="matters")
    for name in values():
        send(app, "weigh", of=name, value="little")
    assert "You heard" in text_of(app.view.page, "heard")
    send(app, "weigh", of="time", value="much")
    assert "Listen again" in text_of(app.view.page, "heard")
    assert "You heard" in text_of(send(app, "weigh", of="work", value="much"), "heard")


def test_a_decision_is_kept_with_the_patient(app: Decide, tmp_path: Path) -> None:
    decided(app, "wait")
    send(app, "weigh", of="work", value="much")
    send(app, "go", value="explain")
    send(app, "say", value="Most people get better. Nobody has tested it against your operation.")
    page = send(app, "keep")
    assert page["spoken"] == "Kept in my-work/helen-osei.json."
    kept = load_patient("helen-osei", tmp_path / "my-work").decisions
    assert kept["need for an operation, week 5"].startswith("Not now")
    assert kept["what matters, week 5"].endswith("a great deal")
    assert kept["explanation, week 5"].startswith("Most people")
    send(app, "visit", value="1")
    decided(app, "offer")
    send(app, "keep")
    kept = load_patient("helen-osei", tmp_path / "my-work").decisions
    assert {"need for an operation, week 5", "need for an operation, week 12"} <= set(kept)


def test_a_place_that_cannot_be_written_to_is_said_and_nothing_is_lost(app: Decide, tmp_path: Path) -> None:
    (tmp_path / "my-work").write_text("in the way", encoding="utf-8")
    decided(app, "wait")
    page = send(app, "keep")
    assert "cannot be kept" in page["message"]
    assert app.state.decided


def test_a_damaged_patient_file_is_said_and_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "nora-brandt.json").write_text("{", encoding="utf-8")
    app = decide("nora-brandt", folder=tmp_path)
    assert "kept as nora-brandt.damaged-1.json" in app.view.page["message"]
    assert app.state.patient.name == "Nora Brandt"
    app.close()


@pytest.mark.parametrize(
    ("does", "details"),
    [
        ("choose", {"value": "cut"}),
        ("choose", {}),
        ("decide", {}),
        ("visit", {"value": "9"}),
        ("visit", {"value": None}),
        ("patient", {"value": "john-doe"}),
        ("go", {"value": "home"}),
        ("suppose", {"value": "cord"}),
        ("weigh", {"of": "money", "value": "much"}),
        ("outcome", {"value": "success"}),
        ("say", {"value": 3}),
        ("tick", {"value": "with", "on": True}),
        ("keep", {}),
        ("dance", {}),
    ],
)
def test_bad_input_is_one_sentence_and_keeps_the_state(app: Decide, does: str, details: dict[str, Any]) -> None:
    before = app.state
    page = send(app, does, **details)
    assert page["message"]
    assert "\n" not in page["message"]
    assert app.state == before


def test_a_random_walk_never_fails(tmp_path: Path) -> None:
    dice = random.Random(5)  # noqa: S311 - a test
    app = decide(folder=tmp_path)
    for _ in range(250):
        does = dice.choice(list(app.actions()))
        named = [*patients(), *options(), *STEPS, *WEIGHTS, *talk_points(), "0", "1", "", None]
        pool = [*named, *app.state.shown_outcomes(), *(case.id for case in app.state.cases())]
        page = send(app, does, value=dice.choice(pool), of=dice.choice(list(values())), on=dice.choice([True, False]))
        json.dumps(page)
        assert page["blocks"]
    assert app.describe()
    app.close()


def test_what_the_browser_shows_by_itself_is_not_drawn_again(app: Decide) -> None:
    first = app.view.page["drawing"]
    assert send(app, "choose", value="wait")["drawing"] == first
    assert send(app, "decide")["drawing"] == first + 1
    again = app.view.page["drawing"]
    send(app, "go", value="explain")
    assert send(app, "say", value="Slowly.")["drawing"] == again + 1


def test_quick_actions_that_arrive_together_are_all_done_once(app: Decide) -> None:
    first = {"do": "choose", "value": "offer", "count": 1}
    app.view.actions = [first]
    app.view.actions = [first, {"do": "choose", "value": "wait", "count": 2}, {"do": "decide", "count": 3}]
    assert (app.state.chosen, app.state.decided, app.view.page["message"]) == ("wait", True, "")


def test_words_and_page_say_the_same(app: Decide) -> None:
    decided(app, "offer")
    text = app.describe()
    page = app.view.page
    for card in block(page, "cards")["cards"]:
        assert card["title"] in text
    assert "P:" in text, "sources follow their numbers"
    assert text == "\n".join(text.splitlines())


def test_the_public_name_and_the_words(app: Decide) -> None:
    assert fl.decide is decide
    assert fl.describe("decide", "helen-osei") == app.describe()


def test_own_patients_and_unknown_names() -> None:
    person = replace(load_patient("ruth-adeyemi"), id="own-case", name="A patient of the class")
    own = decide(person)
    send(own, "patient", value="amir-haddad")
    assert own.state.patient.id == "amir-haddad"
    assert "own-case" in [one["value"] for one in own.view.page["top"][0]["options"]]
    page = send(own, "patient", value="own-case")
    assert own.state.patient == person
    assert page["message"] == ""
    own.close()
    with pytest.raises(InvalidInput, match="amir-haddad"):
        decide("john-doe")
    with pytest.raises(InvalidInput, match="projector"):
        decide(theme="sepia")


def test_closing_frees_view_and_box() -> None:
    app = decide()
    app.close()
    assert app.view.comm is None
    assert app.widget.comm is None


def test_every_history_belongs_to_a_visit() -> None:
    weeks = {name: rehearse(name) for name in patients()}
    seen = {
        (name, one.seeing(visit).week) for name, one in weeks.items() for visit in range(len(one.patient.visits) + 1)
    }
    assert {(row.patient, row.week) for row in rehearsal._histories()} == seen


def test_what_lesson_04_named_and_an_earlier_week_kept_are_brought_along(tmp_path: Path) -> None:
    load_patient("helen-osei", tmp_path).deciding(localised_root="C5").save(tmp_path)
    app = decide("helen-osei", folder=tmp_path)
    assert text_of(app.view.page, "brought") == "You named in lesson 04: C5 root."
    assert text_of(decided(app, "wait"), "compared").endswith("C5 root. The findings name first: C6 root.")
    assert "no operation is planned" in text_of(send(app, "keep"), "kept")
    send(app, "again")
    decided(app, "urgent")
    assert "The rules favour another: Not now" in text_of(send(app, "keep"), "kept")
    page = send(app, "visit", value="1")
    assert "You kept for week 5: Refer urgently" in text_of(page, "brought")
    assert "within days" in text_of(decided(app, "urgent"), "after")
    assert 'fl.planner("helen-osei")' in text_of(send(app, "keep"), "kept")
    assert "that team offers the operation" in rehearsal.standing(load_patient("helen-osei", tmp_path))
    app.close()


def test_new_weakness_is_explained_as_what_it_is(app: Decide) -> None:
    send(app, "visit", value="1")
    page = decided(app, "offer")
    assert text_of(page, "verdict").startswith("✗")
    assert "slow road" in text_of(page, "after")
    assert "88" in json.dumps(block(page, "cards"), ensure_ascii=False)
    page = send(app, "go", value="explain")
    words = "".join(piece["text"] for piece in block(page, "model")["items"][0])
    assert "getting weak" in words
    assert "may not be one pinched nerve" not in words


def test_a_source_without_a_page_is_named_in_brief_and_in_full_below(app: Decide) -> None:
    page = decided(app, "wait")
    cards = json.dumps(block(page, "cards"), ensure_ascii=False)
    assert "(Engquist 2013, as quoted by another text · RCT)" in cards
    assert "citation incomplete:" not in cards
    assert "Engquist M, Löfgren H" in json.dumps(block(page, "sources"), ensure_ascii=False)


def test_a_plan_says_what_was_decided(tmp_path: Path) -> None:
    for patient, option, words in (
        ("amir-haddad", "other", "no operation is planned"),
        ("ruth-adeyemi", "offer", "only if the patient then chooses"),
    ):
        app = decide(patient, folder=tmp_path)
        decided(app, option)
        send(app, "keep")
        plan = Planner(patient, folder=tmp_path)
        assert words in plan.view.page["caution"][0]
        assert words in plan.describe()
        app.close()
        plan.close()
