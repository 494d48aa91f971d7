"""Every lesson is run and its stored words compared; and the comparison is shown to bite."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from foramlib.apps import describe
from foramlib.evidence import notebooks_path

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_lesson_runs_and_says_what_it_said(path: Path, tmp_path: Path) -> None:
    """Run on a copy, so that the master is never touched."""
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    done = nbval(copy)
    assert done.returncode == 0, done.stdout


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


def test_the_right_words_pass_and_wrong_ones_fail(tmp_path: Path) -> None:
    words = describe("self_check", "01") + "\n"
    right = nbval(lesson_of(tmp_path / "right.ipynb", words))
    assert right.returncode == 0, right.stdout
    wrong = nbval(lesson_of(tmp_path / "wrong.ipynb", words.replace("C5/6", "C6/7")))
    assert wrong.returncode != 0
    assert "mismatch" in wrong.stdout
