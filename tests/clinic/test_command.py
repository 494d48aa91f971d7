"""``foramlib localise``: the answers of the library, in words and as JSON."""

from __future__ import annotations

import json

import pytest

from foramlib.cli import main
from foramlib.clinic.accuracy import beliefs
from foramlib.clinic.findings import findings
from foramlib.clinic.localise import localise
from foramlib.clinic.regions import region_ids
from foramlib.learning.patient import load_patient

GIVEN = ["--finding", "weak-wrist-extension", "--finding", "spurling", "--region", "thumb_palmar.left"]


def test_the_command_says_what_the_library_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["localise", *GIVEN]) == 0
    said = capsys.readouterr().out
    assert localise(["weak-wrist-extension", "spurling"], ["thumb_palmar.left"]).describe() in said
    assert "66 % (48 % to 81 %), from 23 %" in said
    assert "not medical advice" in said


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["localise", *GIVEN, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["candidates"][0]["id"] == "C6"
    assert told["probabilities"] == [belief.as_dict() for belief in beliefs(["weak-wrist-extension", "spurling"])]


def test_a_patient_is_taken_and_findings_are_added(
    capsys: pytest.CaptureFixture[str], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert main(["localise", "--patient", "tomas-lindqvist", "--finding", "saddle-numbness"]) == 0
    said = capsys.readouterr().out
    patient = load_patient("tomas-lindqvist")
    assert said.startswith("Suspected cauda equina syndrome")
    assert localise((*patient.findings, "saddle-numbness"), patient.regions).describe() in said


def test_the_list_names_every_finding_and_region(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["localise", "--list"]) == 0
    words = set(capsys.readouterr().out.split())
    assert findings().keys() <= words
    assert set(region_ids()) <= words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--finding", "telepathy"], "--list"),
        (["--finding", "spurling", "--finding", "not-spurling"], "both present and absent"),
        (["--region", "third_arm"], "forearm_lateral.left"),
        (["--patient", "nobody"], "helen-osei"),
        (["--finding"], "expected one argument"),
    ],
)
def test_bad_input_ends_in_one_sentence(given: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["localise", *given]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1
