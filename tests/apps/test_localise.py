"""The localiser: every control to its ends, a random walk, refusals that lose nothing, and answers that are kept."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from ipywidgets.widgets.widget import _instances  # what the kernel keeps alive

import foramlib as fl
from foramlib.apps.localise import NOBODY, PARTS, LocaliseApp, localise
from foramlib.clinic.accuracy import FIGURES
from foramlib.clinic.findings import findings
from foramlib.clinic.localise import localise as name_roots
from foramlib.clinic.regions import region_ids
from foramlib.clinic.roots import root_cards
from foramlib.errors import InvalidInput
from foramlib.learning.patient import load_patient, patients

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def app(tmp_path: Path) -> Iterator[LocaliseApp]:
    made = LocaliseApp("tomas-lindqvist", folder=str(tmp_path), strict=True)
    yield made
    made.close()


def sound(app: LocaliseApp) -> None:
    """Check that strip, reasons, map, panel and controls tell the same state."""
    page, strip = app.view.page, app.strip.page
    assert strip["verdict"] == app.result.verdict
    assert [one["title"] for one in strip["flags"]] == [flag.title for flag in app.result.flags]
    assert [one["id"] for one in page["candidates"]] == [one.id for one in app.result.candidates[:5]]
    assert tuple(app.map.selected) == app.map.selected
    assert set(app.map.selected) == set(app.case.regions)
    answers = {f"{'not-' if answer == 'no' else ''}{name}" for name, answer in app.panel.answers.items()}
    assert answers == set(app.case.given)
    assert app.result == name_roots(app.case.given, app.case.regions)
    for bar in page["beliefs"]:
        ends = bar["interval"] or [bar["after"], bar["after"]]
        assert 0 <= ends[0] <= bar["after"] <= ends[1] <= 100
        assert f"{app.controls['before'].value:.0f} %" in bar["before_text"] or bar["condition"] != app._condition
    for one in page["candidates"]:
        assert 0 <= one["bar"]["pro"] <= 1
        assert 0 <= one["bar"]["contra"] <= 1
    json.dumps([page, strip, app.panel.groups], allow_nan=False)


def answer(app: LocaliseApp, name: str, value: str) -> None:
    """Answer a finding as the browser does."""
    rest = {key: given for key, given in app.panel.answers.items() if key != name}
    app.panel.answers = {**rest, name: value} if value else rest


def test_every_finding_can_be_answered_alone(app: LocaliseApp) -> None:
    app.controls["patient"].value = NOBODY
    for name in findings():
        for value in ("yes", "no", ""):
            answer(app, name, value)
            sound(app)
            assert not app.message
    assert app.case.given == ()


def test_every_control_goes_to_its_ends(app: LocaliseApp) -> None:
    for name, values in (
        ("before", (1, 99, 50)),
        ("figures", FIGURES),
        ("part", PARTS),
        ("patient", [NOBODY, *patients()]),
    ):
        for value in values:
            app.controls[name].value = value
            sound(app)
    app.controls["reset"].press("reset")
    sound(app)
    for theme in ("light", "dark", "projector", "auto"):
        app.controls["theme"].value = theme
        assert {app.map.theme, app.panel.theme, app.strip.theme, app.view.theme} == {theme}


def test_a_random_walk_never_disagrees_with_itself(app: LocaliseApp) -> None:
    draw = random.Random(11)  # noqa: S311 - a walk, no secret
    for _ in range(150):
        before = (app.case.given, app.case.regions)
        kind = draw.randrange(6)
        if kind < 3:
            answer(app, draw.choice(list(findings())), draw.choice(["yes", "no", ""]))
        elif kind == 3:
            app.map.selected = tuple(draw.sample(region_ids(), draw.randrange(4)))
        elif kind == 4:
            app.controls["before"].value = draw.randint(1, 99)
        else:
            app.controls["figures"].value = draw.choice(list(FIGURES))
        if app.message:
            assert (app.case.given, app.case.regions) == before
        sound(app)


def test_a_positive_test_visibly_moves_the_probability(app: LocaliseApp) -> None:
    [bar] = app.view.page["beliefs"]
    assert bar["before"] == 23
    assert bar["after"] == pytest.approx(66.4, abs=0.1)
    assert bar["interval"] == pytest.approx([48.4, 80.7], abs=0.1)
    app.controls["figures"].value = "emg"
    assert app.view.page["beliefs"][0]["after"] == pytest.approx(56.2, abs=0.1)
    answer(app, "spurling", "no")
    assert app.view.page["beliefs"][0]["after"] < 23
    answer(app, "spurling", "")
    assert app.view.page["beliefs"] == []
    app.controls["before"].value = 80
    answer(app, "spurling", "yes")
    assert app.view.page["beliefs"][0]["before"] == pytest.approx(80)
    assert "your estimate" in app.view.page["beliefs"][0]["remarks"][-1]


def test_a_red_flag_interrupts_and_goes_again(app: LocaliseApp) -> None:
    assert app.strip.page["flags"] == []
    answer(app, "hoffmann", "yes")
    assert app.strip.page["flags"] == []
    assert "look for the others now" in app.strip.page["moved"], "half a flag is said where it is seen"
    answer(app, "reflexes-brisk", "yes")
    assert "Refer urgently" in app.strip.page["flags"][0]["text"]
    assert app.panel.flagged
    assert "Refer urgently" in app.panel.verdict, "it stands under the finding that raises it"
    assert app.describe().splitlines()[2].startswith("Suspected cervical myelopathy")
    answer(app, "reflexes-brisk", "no")
    assert app.strip.page["flags"] == []


def test_what_cannot_be_is_said_and_nothing_is_lost(app: LocaliseApp) -> None:
    before = (app.case, dict(app.panel.answers))
    answer(app, "painless", "yes")
    assert "cannot stand beside pain" in app.message
    assert app.strip.page["refused"]
    assert "cannot stand beside pain" in app.panel.refusal, "it is said under the finding as well"
    assert (app.case, dict(app.panel.answers)) == before
    app.find("no-such-finding")
    assert "There is no finding" in app.message
    assert app.case == before[0]
    answer(app, "valsalva", "yes")
    assert app.message == ""


def test_an_answer_of_the_panel_that_is_none_is_refused(app: LocaliseApp) -> None:
    with pytest.raises(InvalidInput, match="yes or no"):
        app.panel.answers = {"spurling": "perhaps"}
    with pytest.raises(InvalidInput, match="telepathy"):
        app.panel.answers = {"telepathy": "yes"}
    sound(app)


@pytest.mark.parametrize("root", root_cards())
def test_the_foramen_of_each_root_opens_or_says_why_not(app: LocaliseApp, root: str) -> None:
    app.view.action = {"show": root, "count": 1}
    if root in {"T1", "S1"}:
        assert "does not have" in app.message
        assert app._below.children == ()
    else:
        [view] = app._below.children
        assert root_cards()[root].foramen in view.scene["heading"]
        assert "healthy" in app.message
        assert all(name.endswith(".right") for name in app.map.shaded)
    app.show_foramen("carpal-tunnel")
    assert "not a root" in app.message


def test_a_decision_is_kept_and_opens_the_patients_own_foramen(app: LocaliseApp, tmp_path: Path) -> None:
    app.save()
    assert "Choose your answer first" in app.message
    app.controls["answer"].value = "C7"
    app.controls["save"].press("save")
    assert "You said C7 root; the rule puts C7 root first" in app.message
    assert load_patient("tomas-lindqvist", tmp_path).decisions == {"localised root": "C7"}
    app.show_foramen("C7")
    assert "Tomas Lindqvist's foramen" in app.message
    lesions = [layer["id"] for layer in app._below.children[0].scene["layers"] if "herniation" in layer["id"]]
    assert lesions
    app.show_foramen("C6")
    assert "healthy" in app.message
    app.see(None)
    app.save()
    assert "Choose a patient first" in app.message


def test_a_hidden_ranking_opens_when_an_answer_is_kept_but_red_flags_do_not_wait(tmp_path: Path) -> None:
    app = LocaliseApp("helen-osei", ranking=False, folder=str(tmp_path), strict=True)
    assert "hidden" in app.strip.page["verdict"]
    assert not app.view.page["candidates"]
    assert "C6" not in app.panel.verdict
    answer(app, "bladder-change", "yes")
    assert app.strip.page["flags"]
    assert "Suspected cervical myelopathy" in app.describe()
    assert "C6" not in app.describe()
    app.controls["answer"].value = "C6"
    app.save()
    assert app.view.page["candidates"][0]["id"] == "C6"
    app.controls["ranking"].value = False
    assert not app.view.page["candidates"]
    app.close()


def test_a_traversing_root_is_shown_at_the_disc(app: LocaliseApp) -> None:
    app.see("nora-brandt")
    app.controls["answer"].value = "L5"
    app.save()
    app.show_foramen("L5")
    assert "disc at L4/5, which L5 passes" in app.message
    assert "axial" in app._below.children[0].scene["heading"].lower()


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "helen-osei.json").write_text("{", encoding="utf-8")
    app = localise("helen-osei", folder=str(tmp_path))
    assert "kept as helen-osei.damaged-1.json" in app.message
    app.close()


def test_closing_frees_every_widget() -> None:
    before = set(_instances)
    app = localise("helen-osei")
    app.show_foramen("C6")
    app.close()
    assert set(_instances) <= before


@pytest.mark.parametrize("given", [{"patient": "nobody-else"}, {"theme": "pink"}])
def test_what_is_unknown_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="choose one of"):
        localise(**given)


def test_a_fault_of_ours_is_said_and_raised_in_tests(app: LocaliseApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("foramlib.apps.localise.name_roots", broken)
    with pytest.raises(ZeroDivisionError):
        app.find("spurling")
    assert "last good state stays" in app.message


def test_half_a_flag_is_said_while_the_ranking_is_hidden(tmp_path: Path) -> None:
    app = LocaliseApp("helen-osei", ranking=False, folder=str(tmp_path), strict=True)
    answer(app, "reflexes-brisk", "yes")
    assert "look for the others now" in app.strip.page["moved"]
    assert "look for the others now" in app.describe()
    app.close()


def test_no_probability_and_the_reason_for_it_stand_on_the_page(app: LocaliseApp) -> None:
    app.see("ruth-adeyemi")
    assert app.view.page["beliefs"] == []
    assert any("No probability of a lumbar disc herniation" in note for note in app.view.page["notes"])
    answer(app, "kemp", "")
    assert app.view.page["beliefs"]


def test_words_are_printed_from_the_same_state() -> None:
    words = fl.describe("localise", "tomas-lindqvist")
    assert "C7 root: 12 points." in words
    assert "95 % interval 48 % to 81 %" in words
