"""The apps of lesson 08: every control to every end, a walk at random, and what they say."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from foramlib.apps import describe
from foramlib.apps.audit import LeafletAudit, audit
from foramlib.apps.controls import Slider, Toggle
from foramlib.apps.margin import Margin, margin
from foramlib.apps.pool import CALLS, Pool, pool
from foramlib.apps.rewrite import Rewrite, rewrite
from foramlib.errors import InvalidInput
from foramlib.evidence import check_sources, seed_claims
from foramlib.lessons.prose import forbidden
from foramlib.recovery.audit import VERDICTS, leaflets
from foramlib.recovery.pooling import reasons_against, topics
from foramlib.recovery.readability import passage, passages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLACES = re.compile(r"'(?:point|low|high|at)': (-?[\d.]+)")


@pytest.fixture
def pooling() -> Iterator[Pool]:
    app = Pool("same-level", strict=True)
    yield app
    app.close()


@pytest.fixture
def trial() -> Iterator[Margin]:
    app = Margin(strict=True)
    yield app
    app.close()


@pytest.fixture
def leaflet() -> Iterator[LeafletAudit]:
    app = audit("S0")
    yield app
    app.close()


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Rewrite]:
    app = Rewrite("keyhole", folder=tmp_path, strict=True)
    yield app
    app.close()


# -- pool


def test_every_question_and_call_is_shown_and_said(pooling: Pool) -> None:
    for found in topics():
        pooling.controls["topic"].value = found.id
        assert pooling.state == {"topic": found.id, "studies": list(found.start), "call": ""}
        assert len(pooling.view.page["rows"]) == len(found.start)
        for call in CALLS:
            pooling.controls["call"].press(call)
            page = pooling.view.page
            against = reasons_against(found.chosen(found.start))
            agreed = (call == "leave") == bool(against)
            assert page["sentence"].startswith("That is our call too." if agreed else "We would call it otherwise.")
            assert any(row["shape"] == "pool" for row in page["rows"]) == (not against)
            assert pooling.controls["call"].active == call
            assert page["sentence"] in pooling.describe()
        places = [
            float(place) for place in PLACES.findall(str([pooling.view.page["rows"], pooling.view.page["ticks"]]))
        ]
        assert all(0 <= place <= 1 for place in places)
        pooling.controls["reset"].press("reset")
        assert pooling.state["call"] == ""


def test_no_answer_before_the_call(pooling: Pool) -> None:
    assert "may be pooled" not in pooling.describe()
    assert "Reasons" not in pooling.describe()
    pooling.controls["call"].press("pool")
    assert "5.9 % (95 % interval 3.3 to 10.4 %)" in pooling.describe()
    assert "No prediction interval" in pooling.describe()
    toggle = next(one for one in pooling.controls.values() if isinstance(one, Toggle) and "Lubelski" in one.label)
    toggle.value = True
    assert pooling.state["call"] == ""
    pooling.controls["call"].press("leave")
    assert "each person counts once" in pooling.describe()


def test_bad_input_is_said_and_nothing_is_lost(pooling: Pool) -> None:
    before = pooling.state
    for bad in ({"topic_name": "moon"}, {"studies": ["nobody"]}, {"call": "perhaps"}):
        pooling.set(**bad)
        assert pooling.message
        assert pooling.state == before
    pooling.set(studies=[])
    pooling.set(call="pool")
    assert "choose at least one" in pooling.message
    pooling.controls["reset"].press("reset")
    assert pooling.message == ""


def test_a_walk_at_random_through_the_pool(pooling: Pool) -> None:
    chance = random.Random(8)  # noqa: S311 - a walk, no secret
    toggles = [one for one in pooling.controls.values() if isinstance(one, Toggle)]
    for _ in range(60):
        step = chance.random()
        if step < 0.15:
            pooling.controls["topic"].value = chance.choice(topics()).id
        elif step < 0.6:
            toggle = chance.choice([one for one in toggles if one.layout.display != "none"])
            toggle.value = not toggle.value
        else:
            pooling.controls["call"].press(chance.choice(list(CALLS)))
        assert pooling.describe()
        assert len(pooling.sitting.studies) == sum(one.value for one in toggles if one.layout.display != "none")


# -- margin


def test_the_data_are_hidden_until_the_margin_is_fixed(trial: Margin) -> None:
    assert all(row["point"] is None for row in trial.view.page["rows"])
    assert "11.8" not in trial.describe()
    trial.controls["do"].press("trial")
    assert trial.state == {"margin": 10, "fixed": 10}
    assert [row["mark"] for row in trial.view.page["rows"]] == ["yes", "yes", "no"]


def test_moving_the_margin_afterwards_is_called_by_its_name(trial: Margin) -> None:
    trial.controls["do"].press("trial")
    slider = trial.controls["margin"]
    assert isinstance(slider, Slider)
    counts = []
    for value in range(21):
        slider.value = float(value)
        counts.append(sum(row["mark"] == "yes" for row in trial.view.page["rows"]))
        assert ("proves nothing" in trial.view.page["sentence"]) == (value != 10)
    assert counts == sorted(counts)
    assert (counts[0], counts[9], counts[10], counts[12], counts[20]) == (1, 1, 2, 3, 3)
    trial.controls["do"].press("fix")
    assert "start again" in trial.message
    trial.controls["do"].press("reset")
    assert trial.state == {"margin": 5, "fixed": None}


def test_a_margin_out_of_range_is_refused(trial: Margin) -> None:
    trial.move(99)
    assert "choose from 0 to 20" in trial.message
    trial.act("jump")
    assert "no button" in trial.message
    assert trial.state == {"margin": 5, "fixed": None}
    with pytest.raises(InvalidInput, match="FACET"):
        margin("another")


# -- audit


def test_every_claim_is_judged_in_one_go(leaflet: LeafletAudit) -> None:
    for number in range(len(seed_claims())):
        claim = leaflet.audit.claim
        assert claim.explanation not in leaflet.describe()
        leaflet.act("choose", option=number % len(VERDICTS))
        leaflet.act("check")
        assert leaflet.view.page["message"] == ""
        assert claim.explanation in leaflet.describe()
        assert check_sources(fact for fact in claim.fact_ids if f"({fact} ·" in leaflet.describe()) == []
        leaflet.act("next")
    assert len(leaflet.audit.given) == len(seed_claims())
    assert leaflet.audit.agreed == sum(
        list(VERDICTS)[number % len(VERDICTS)] == claim.verdict
        for number, claim in enumerate(sorted(seed_claims().values(), key=_order))
    )


def _order(claim: object) -> tuple[str, str]:
    return (claim.seed, claim.id)  # type: ignore[attr-defined]


def test_the_chooser_opens_a_leaflet_and_follows_the_claim(leaflet: LeafletAudit) -> None:
    for name in leaflets():
        leaflet.chooser.value = name
        assert leaflet.audit.leaflet == name
        assert leaflet.view.page["heading"].startswith(f"Leaflet {name}, claim 1")
    leaflet.act("next")
    leaflet.act("back")
    leaflet.act("back")
    assert leaflet.chooser.value == leaflet.audit.leaflet == "S3"


def test_a_walk_at_random_through_the_audit(leaflet: LeafletAudit) -> None:
    chance = random.Random(4)  # noqa: S311 - a walk, no secret
    for _ in range(150):
        name = chance.choice(["choose", "check", "next", "back", "go", "open", "nonsense"])
        leaflet.act(
            name, option=chance.randrange(-1, 7), place=chance.randrange(-1, 25), leaflet=chance.choice(["S2", "S9"])
        )
        assert leaflet.describe()
        assert leaflet.chooser.value == leaflet.audit.leaflet


# -- rewrite


def test_a_draft_is_checked_kept_and_found_again(writing: Rewrite, tmp_path: Path) -> None:
    writing.act("check", "It frees a nerve in the neck. It will cure you.")
    page = writing.view.page
    assert page["verdict"].startswith("Not yet:")
    assert page["promises"]
    assert sum(fact["mark"] == "yes" for fact in page["facts"]) == 1
    writing.act("check", passage("keyhole").example)
    assert writing.view.page["verdict"].startswith("Done: grade 5.")
    again = rewrite("keyhole", folder=tmp_path)
    assert again.view.page["draft"] == passage("keyhole").example
    again.close()


def test_nothing_written_is_lost_when_something_is_refused(writing: Rewrite) -> None:
    writing.act("keep", "My first words.")
    count = writing.view.page["draft_count"]
    for bad in ("x" * 7000, 3):
        writing.act("check", bad)
        assert writing.message
        assert writing.draft.text == "My first words."
    writing.act("jump")
    assert "no action" in writing.message
    # The field is filled anew only on "Start again".
    assert writing.view.page["draft_count"] == count
    writing.act("example")
    assert writing.view.page["example"]
    writing.act("clear")
    assert (writing.draft.text, writing.view.page["draft_count"]) == ("", count + 1)


def test_a_full_disc_is_said_and_the_text_stays(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    app = rewrite("recovery", folder=tmp_path / "taken")
    app.act("check", "A text that cannot be kept.")
    assert "cannot be kept" in app.message
    assert app.draft.text == "A text that cannot be kept."
    app.close()


# -- all


@pytest.mark.parametrize(
    ("kind", "name"), [("pool", "reoperation"), ("margin", "FACET"), ("audit", "S4"), ("rewrite", "recovery")]
)
def test_each_is_described_by_its_public_name(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(describe(kind, name).splitlines()) > 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [pool, audit, rewrite, margin])
def test_unknown_names_and_themes_are_refused(make: object) -> None:
    with pytest.raises(InvalidInput):
        make("nothing")  # type: ignore[operator]
    with pytest.raises(Exception, match="sepia"):
        make(theme="sepia")  # type: ignore[operator]


def test_nothing_on_the_list_of_what_must_not_be_shown_is_said(leaflet: LeafletAudit) -> None:
    for _ in seed_claims():
        leaflet.act("choose", option=0)
        leaflet.act("check")
        assert list(forbidden(leaflet.describe())) == [], leaflet.audit.claim.id
        leaflet.act("next")
    for found in topics():
        app = Pool(found.id, strict=True)
        app.set(call="leave")
        assert list(forbidden(app.describe())) == [], found.id
        app.close()
    for one in passages():
        assert list(forbidden(f"{one.text} {one.example}")) == []
