"""Every lesson is run and its stored words compared; and the comparison is shown to bite."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from foramlib.apps import describe
from foramlib.evidence import notebooks_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    Run = Future[subprocess.CompletedProcess[str]]

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


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[Path, Run]]:
    """Start the lessons that are asked for, two at a time: each waits for a kernel most of the while.

    They run on copies, so that the masters are never touched.
    """
    here = [item for item in request.session.items if item.path == request.path]
    wanted = [item.callspec.params["path"] for item in here if hasattr(item, "callspec")]
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {path: pool.submit(nbval, copied(path, tmp_path_factory.mktemp(path.stem))) for path in wanted}
        pool.shutdown(cancel_futures=True)


def copied(path: Path, folder: Path) -> Path:
    copy = folder / path.name
    copy.write_bytes(path.read_bytes())
    return copy


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_lesson_runs_and_says_what_it_said(path: Path, runs: Mapping[Path, Run]) -> None:
    done = runs[path].result()
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
    path.parent.mkdir()
    path.write_text(json.dumps(lesson), encoding="utf-8")
    return path


def test_the_right_words_pass_and_wrong_ones_fail(tmp_path: Path) -> None:
    words = describe("self_check", "01") + "\n"
    lessons = (
        lesson_of(tmp_path / "right" / "right.ipynb", words),
        lesson_of(tmp_path / "wrong" / "wrong.ipynb", words.replace("C5/6", "C6/7")),
    )
    with ThreadPoolExecutor(max_workers=2) as pool:
        right, wrong = pool.map(nbval, lessons)
    assert right.returncode == 0, right.stdout
    assert wrong.returncode != 0
    assert "mismatch" in wrong.stdout
