"""The command: what it prints, and one sentence for whatever it cannot use."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.cli import main
from foramlib.lessons import check, launcher
from foramlib.spine import validation
from tests.agreement import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS = {"area_mm2", "height_mm", "width_mm", "root_area_mm2", "free_area_mm2", "contact_fraction"}
FLOORS = ("sagittal-against-oblique", "foraminotomy-exposure", "foraminotomy-room")
ROW = {"id", "level", "quantity", "ruler", "definition", "published", "low", "high", "model", "ok", "source"}

BAD = {
    "unknown command": ["measur"],
    "unknown option": ["measure", "C5/6", "--wind", "3"],
    "no level": ["measure"],
    "unknown level": ["measure", "C9/10"],
    "empty level": ["measure", ""],
    "unknown side": ["measure", "C5/6", "--side", "front"],
    "unknown plane": ["measure", "C5/6", "--plane", "diagonal"],
    "no angle": ["measure", "C5/6", "--plane", "oblique:"],
    "angle in words": ["measure", "C5/6", "--plane", "oblique:steep"],
    "angle not a number": ["measure", "C5/6", "--plane", "oblique:nan"],
    "unknown build": ["measure", "C5/6", "--build", "huge"],
    "words for a number": ["measure", "C5/6", "--flexion", "lots"],
    "not a number": ["measure", "C5/6", "--flexion", "nan"],
    "infinite": ["measure", "C5/6", "--rotation", "inf"],
    "no neck can": ["measure", "C5/6", "--flexion", "90"],
    "no neck can either": ["measure", "C5/6", "--bend=-60"],
    "more than the disc": ["measure", "C5/6", "--disc-loss", "50"],
    "disc growing": ["measure", "L4/5", "--disc-loss=-1"],
    "no such lesion": ["measure", "C5/6", "--lesion", "gravity=3"],
    "a lesion of no form": ["measure", "C5/6", "--lesion", "herniation"],
    "a lesion of the low back": ["measure", "C5/6", "--lesion", "synovial_cyst=5"],
    "a lower disc twice": ["measure", "L4/5", "--disc-loss", "1", "--lesion", "disc_height_loss=2"],
    "port in words": ["lab", "--port", "http"],
    "port too high": ["lab", "--port", "70000"],
    "port negative": ["lab", "--port=-1"],
    "folder under a file": ["lab", "--into", __file__ + "/deeper"],
}


@pytest.mark.parametrize("words", BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_sentence_and_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("foramlib: ")
    assert said.err.endswith(".\n")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


@settings(max_examples=40, deadline=None)
@given(word=st.text(max_size=12).filter(lambda text: not text.startswith("-")))
def test_no_level_whatever_breaks_the_command(word: str) -> None:
    assert main(["measure", word]) in {0, 2}


def measured(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, float]:
    assert main(["measure", *words, "--json"]) == 0
    values: dict[str, float] = json.loads(capsys.readouterr().out)
    return values


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
def test_measure_gives_the_main_ruler(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    values = measured(capsys, level)
    assert set(values) >= KEYS
    assert all(values[key] >= 0 for key in KEYS)


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
def test_left_mirrors_right(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    left = measured(capsys, level, "--bend", "2", "--rotation", "1")
    right = measured(capsys, level, "--side", "right", "--bend=-2", "--rotation=-1")
    for key in KEYS:
        assert left[key] == pytest.approx(right[key], rel=1e-6, abs=1e-6)


def test_other_spellings_mean_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(capsys, "c5-6") == measured(capsys, "C5/6")


def test_measure_says_what_it_means(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", "C5/6"]) == 0
    said = capsys.readouterr().out
    for word in ("model", "mm²", "height", "width", "area"):
        assert word in said


def test_validate_rows_have_every_field(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "validate", lambda: list(rows()))
    assert main(["validate", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed) == len(rows()) + len(FLOORS) > len(FLOORS)
    assert all(set(row) >= ROW for row in printed)
    floors = {row["id"]: row["ok"] for row in printed[len(rows()) :]}
    assert floors == dict.fromkeys(FLOORS, True)


@pytest.mark.thorough
def test_validate_asks_the_model_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed[: -len(FLOORS)] == [json.loads(json.dumps(row.as_dict())) for row in rows()]


def test_sources_is_a_bibliography(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


def test_every_shown_number_has_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources", "--check"]) == 0, capsys.readouterr()


def test_check_says_ready_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--into", str(tmp_path / "copy")]) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    assert "You are ready" in said
    assert "numpy" in said
    assert not (tmp_path / "copy").exists()


def test_check_says_what_to_do_when_a_package_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_NEEDED", (("nosuch", "nosuch_module"),))
    assert main(["check", "--into", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "no    nosuch: does not load" in said
    assert "python -m pip install" in said
    assert "not ready yet" in said


def test_check_says_what_to_do_about_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--into", __file__ + "/deeper"]) == 1
    assert "--into" in capsys.readouterr().out


def test_check_takes_no_browser_and_a_taken_port_as_notes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    monkeypatch.setattr(check, "_USUAL_PORT", taken)
    monkeypatch.setattr("webbrowser.get", lambda: 1 / 0)
    assert main(["check", "--into", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("\nnote ") == 2


@pytest.fixture
def taken() -> Iterator[int]:
    """Keep a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_said_before_anything_is_written(
    tmp_path: Path, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lab", "--into", str(tmp_path / "copy"), "--port", str(taken)]) == 2
    assert f"Port {taken} cannot be used" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()


def test_no_command_means_lab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[object] = []
    monkeypatch.setattr(launcher, "open_lab", lambda folder, **options: started.append((folder, options)))
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    assert main(["--no-browser", "--into", "mine"]) == 0
    assert started == [
        (Path("foramen-lessons"), {"port": None, "browser": True}),
        (Path("mine"), {"port": None, "browser": False}),
    ]
    assert (tmp_path / "foramen-lessons" / launcher.FIRST_LESSON).is_file()


def test_the_server_is_local_and_asks_nobody(tmp_path: Path) -> None:
    words = launcher.server_arguments(tmp_path, port=9123, browser=False)
    assert {
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=9123",
        "--ServerApp.open_browser=False",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    } <= set(words)


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["measure", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as end:
            main(words)
        assert end.value.code == 0
    assert "foramlib 0." in capsys.readouterr().out


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m foramlib sources | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_the_lab_answers_is_quiet_and_has_our_kernel(tmp_path: Path) -> None:
    port = free_port()
    words = [sys.executable, "-m", "foramlib", "lab", "--no-browser", "--port", str(port), "--into", str(tmp_path)]
    other = tmp_path / "share" / "kernels" / "python3" / "kernel.json"
    other.parent.mkdir(parents=True)
    other.write_text('{"argv": ["another-python"], "display_name": "Another", "language": "python"}')
    around = os.environ | {"JUPYTER_TOKEN": "t", "JUPYTER_PATH": str(tmp_path / "share")}
    lab = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=around)
    try:
        page = answer(f"http://127.0.0.1:{port}/lab/tree/{launcher.FIRST_LESSON}?token=t")
        kernels = json.loads(answer(f"http://127.0.0.1:{port}/api/kernelspecs?token=t"))["kernelspecs"]
        config = json.loads(
            page.partition('id="jupyter-config-data" type="application/json">')[2].partition("</script>")[0]
        )
    finally:
        lab.terminate()
        lab.wait(30)
    assert [one["spec"]["argv"][0] for one in kernels.values()] == [sys.executable]
    assert config["news"] == {"disabled": True}
    assert "@jupyterlab/apputils-extension:announcements" in config["disabledExtensions"]
    assert config["fullMathjaxUrl"] == ""
    assert config["treePath"] == launcher.FIRST_LESSON


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answer(address: str, seconds: float = 60) -> str:
    """Ask until the server has started."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address) as page:  # noqa: S310 - our own server, on this machine
                return str(page.read(), "utf-8")
        except urllib.error.URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def test_measure_reports_roots_and_grades_of_lesions(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["measure", "L4/5", "--lesion", "herniation=5,zone=subarticular", "--lesion", "bulge=1"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "L5 (traversing) is touched by" in said
    assert "Sartoretti 2021: grade" in said
    assert main([*words, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in plain["roots"]] == ["L4", "L5"]
    assert plain["roots"][1]["hit"] is True
    assert {one["system"] for one in plain["grades"]} == {"Lee 2010", "Sartoretti 2021", "Meyerding"}
    assert len(plain["lesions"]) == 2
