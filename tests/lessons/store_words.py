"""Store in the lessons the words that nbval compares; every other output is cleared.

Run after a change of the model, and read the difference before committing it::

    python tests/lessons/store_words.py            # every lesson
    python tests/lessons/store_words.py 01         # one
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

LESSONS = Path(__file__).resolve().parents[2] / "notebooks"


def is_words(cell: dict[str, Any]) -> bool:
    """Tell whether a cell prints the words of an app or a chart."""
    return cell["cell_type"] == "code" and "".join(cell["source"]).startswith("print(fl.describe(")


def kept(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the outputs to keep: printed text of a cell of words, nothing else."""
    texts = [output["text"] for output in cell.get("outputs", []) if output.get("name") == "stdout"]
    if not texts or not is_words(cell):
        return []
    return [{"name": "stdout", "output_type": "stream", "text": "".join(texts).splitlines(keepends=True)}]


def store(path: Path) -> None:
    """Run a lesson and write its words into it, leaving everything else as it was."""
    text = path.read_text(encoding="utf-8")
    lesson, ran = json.loads(text), nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(ran, kernel_name="python3", resources={"metadata": {"path": str(LESSONS)}}).execute()
    for mine, done in zip(lesson["cells"], ran.cells, strict=True):
        if mine["cell_type"] == "code":
            # nbval takes a stored text seriously only where the cell says that it has been run.
            mine["outputs"] = kept(done)
            mine["execution_count"] = done.execution_count if mine["outputs"] else None
    path.write_text(json.dumps(lesson, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for number in sys.argv[1:] or [""]:
        for lesson_path in sorted(LESSONS.glob(f"{number}*.ipynb")):
            store(lesson_path)
