"""``foramlib operate``: gauges before and after, and what it refuses."""

from __future__ import annotations

import json

import pytest

from foramlib.cli import main


def test_gauges_stand_before_and_after(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["operate", "C5/6", "--approach", "posterior-open", "--lesion", "facet_hypertrophy=3"]
    assert main(asked) == 0
    said = capsys.readouterr().out
    before, after = said.split("After:")
    assert "Facet left: 100 %" in before
    assert "Facet left: 61 %" in after


def test_json_holds_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["operate", "l4-5", "--approach", "wiltse", "--side", "right", "--facet-share", "0.7", "--json"]
    assert main(asked) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["level"], said["side"], said["share"]) == ("L4/5", "right", 0.7)
    assert said["done"] == ["corridor", "bone", "flavum"]
    assert said["after"]["pars_left"] < said["before"]["pars_left"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["C5/6", "--approach", "wiltse"], "is not done at C5/6"),
        (["C5/6", "--approach", "magic"], "no operation 'magic'"),
        (["C5/6", "--approach", "posterior-open", "--facet-share", "2"], "from 0 to 1"),
        (["C5/6", "--approach", "posterior-open", "--side", "up"], "up"),
    ],
)
def test_what_cannot_be_is_refused(asked: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operate", *asked]) == 2
    assert said in capsys.readouterr().err
