"""Every lesson is run and its stored words compared; and the comparison is shown to bite."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from foramlib.apps import describe
from foramlib.evidence import notebooks_path
from tests.early import begun_early

LESSONS = sorted(notebooks_path().glob("*.ipynb"))
QUESTION = 'print(fl.describe("self_check", "01"))'


def nbval(path: Path) -> subprocess.CompletedProcess[str]:
    """Run one notebook and compare what it prints with what is stored."""
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(path.parent), "--nbval-current-env"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", *options, str(path)],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def run_copy(path: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of a lesson, so that the master is never touched."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(path.read_bytes())
        return nbval(copy)


@begun_early(run_copy)
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_lesson_runs_and_says_what_it_said(path: Path, early: subprocess.CompletedProcess[str]) -> None:
    assert early.returncode == 0, f"{path.name}:\n{early.stdout}"


def lesson_of(path: Path, stored: str) -> Path:
    """Write a lesson of two cells whose second has this text stored."""
    output: dict[str, Any] = {"output_type": "stream", "name": "stdout", "text": stored}
    bare: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None}
    cells = [
        bare | {"id": "load", "source": "import foramlib as fl", "outputs": []},
        bare | {"id": "words", "source": QUESTION, "outputs": [output], "execution_count": 2},
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    lesson = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(lesson), encoding="utf-8")
    return path


def right_and_wrong() -> list[subprocess.CompletedProcess[str]]:
    """Run the same lesson with its own words stored, and with others."""
    words = describe("self_check", "01") + "\n"
    with TemporaryDirectory() as folder:
        right = lesson_of(Path(folder) / "right.ipynb", words)
        wrong = lesson_of(Path(folder) / "wrong.ipynb", words.replace("C5/6", "C6/7"))
        return [nbval(right), nbval(wrong)]


@begun_early(right_and_wrong)
def test_the_right_words_pass_and_wrong_ones_fail(early: list[subprocess.CompletedProcess[str]]) -> None:
    right, wrong = early
    assert right.returncode == 0, right.stdout
    assert wrong.returncode != 0
    assert "mismatch" in wrong.stdout
