"""What the command prints does not depend on where it prints; where it cannot print, one sentence says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = (
    ["--help"],
    ["--version"],
    pytest.param(["lab", "--no-browser"], marks=pytest.mark.thorough),
    pytest.param(["check"], marks=pytest.mark.thorough),
    ["measure", "C5/6"],
    ["measure", "C5/6", "--json"],
    pytest.param(["scan", "C5/6", "-o", "a.png"], marks=pytest.mark.thorough),
    pytest.param(["operate", "C5/6", "--approach", "posterior-open"], marks=pytest.mark.thorough),
    ["plan", "--operation", "2026-12-01", "--json"],
    ["localise", "--list"],
    ["sources"],
    pytest.param(["sources", "--check"], marks=pytest.mark.thorough),
    pytest.param(["validate"], marks=pytest.mark.thorough),
)
EVERY = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)


def shell(script: str, words: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command by a line of the shell in which ``"$@"`` stands for it."""
    whole = ["sh", "-c", script, "sh", sys.executable, "-m", "foramlib", *words]
    return subprocess.run(whole, cwd=folder, env=os.environ | more, capture_output=True, check=False)


@EVERY
def test_a_full_disk_is_one_sentence(words: list[str], tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no disk that is always full here")
    done = shell('"$@" >/dev/full', words, tmp_path)
    assert (
        done.stderr.decode()
        == "foramlib: Nothing can be printed (No space left on device); make room or choose another place.\n"
    )
    assert done.returncode == 3


@EVERY
def test_a_closed_output_is_one_sentence(words: list[str], tmp_path: Path) -> None:
    done = shell('"$@" >&-', words, tmp_path)
    assert (
        done.stderr.decode()
        == "foramlib: Nothing can be printed, because the standard output is closed; send it somewhere.\n"
    )
    assert done.returncode == 3


@EVERY
def test_a_reader_that_leaves_is_no_error(words: list[str], tmp_path: Path) -> None:
    if words[0] == "lab":
        words = [*words, "--port", "1"]  # refused at once: a lab that nobody reads runs on
    done = shell('("$@" 2>err; echo $? >code) | true', words, tmp_path)
    assert b"Traceback" not in (tmp_path / "err").read_bytes()
    assert int((tmp_path / "code").read_text()) in {0, 2}
    assert done.stderr == b""


@pytest.mark.parametrize("script", ['"$@" 2>&-', '"$@" 2>/dev/full', '"$@" >&- 2>&-'])
def test_the_code_tells_where_nobody_listens_to_the_sentence(script: str, tmp_path: Path) -> None:
    done = shell(script, ["measure", "C9/10"], tmp_path)
    assert done.returncode in {2, 3}
    assert done.stdout == b""


TERMINALS = (
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "utf-16"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
)


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "--operation", "2026-12-01", "--json"],
        ["measure", "L4/5", "--lesion", "bulge=2", "--json"],
        ["localise", "--finding", "valsalva", "--json"],
        ["operate", "C5/6", "--approach", "posterior-open", "--json"],
    ],
    ids=lambda words: words[0],
)
def test_programs_read_the_same_bytes_everywhere(words: list[str], tmp_path: Path) -> None:
    usual = shell('"$@"', words, tmp_path, PYTHONIOENCODING="utf-8").stdout
    assert json.loads(usual.decode("utf-8"))
    assert words[0] != "plan" or not usual.isascii(), "the test would see nothing"
    for terminal in TERMINALS:
        assert shell('"$@"', words, tmp_path, **terminal).stdout == usual, terminal


def test_people_read_something_in_every_terminal(tmp_path: Path) -> None:
    for terminal in TERMINALS:
        done = shell('"$@"', ["measure", "C5/6"], tmp_path, **terminal)
        assert done.returncode == 0
        assert done.stderr == b""
        assert b"m" in done.stdout


SAVE = """
from foramlib.apps.planner import planner
from foramlib.learning.patient import load_patient
from foramlib.recovery.readability import keep_draft
made = planner("helen-osei")
for name in ("a.html", "a.ics", "a.txt"):
    made.save(name)
load_patient("helen-osei").deciding(plan="“wait” – Größe").save()
keep_draft("keyhole", "“Text” – Größe")
"""


def test_files_hold_the_same_bytes_everywhere(tmp_path: Path) -> None:
    script = tmp_path / "save.py"
    script.write_text(SAVE, encoding="utf-8")
    found = []
    for number, terminal in enumerate(({}, *TERMINALS)):
        folder = tmp_path / str(number)
        folder.mkdir()
        subprocess.run([sys.executable, script], cwd=folder, env=os.environ | terminal, check=True)
        found.append({str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert len(found[0]) == 5
    for name, content in found[0].items():
        content.decode("utf-8")
        assert all(other[name] == content for other in found), name
