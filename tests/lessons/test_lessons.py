"""Every lesson, looked at without running it: the format of the teaching page, thin cells, public names only."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

import foramlib
from foramlib.evidence import bibliography, notebooks_path
from foramlib.learning.items import items
from foramlib.learning.predictions import predictions
from foramlib.lessons.content import lint

if TYPE_CHECKING:
    from pathlib import Path

LESSONS = sorted(notebooks_path().glob("*.ipynb"))
TAUGHT = [path for path in LESSONS if not path.name.startswith("00")]

PARTS = ("A patient", "Explore", "Explain", "Practise", "Self-check", "Summary", "References")
COMPANION_PARTS = ("Aim", "Timing", "Misconceptions", "What the model leaves out", "What to say in sixty seconds")
COMMITTED = {"predict", "practice", "causes", "localise", "decide", "planner", "score", "pool", "margin", "audit"}
COMMITTED |= {"rewrite", "oblique_trap", "grade_it", "operate"}
"""Apps in which the learner answers first and sees afterwards."""

MOST_LINES, SUMMARY_LINES = 4, 5
# What a student explores with: the model, or the subject's own app.
EXPLORED = {"explorer", "causes", "scan", "localise", "decide", "planner", "pool", "audit", "operate"}
_SENTENCE_END = re.compile(r"[a-z)][.?!][\"*”]*\s+[\"*“]*[A-Z]")


def ids(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def read(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def prose(path: Path) -> str:
    return "\n\n".join(source(cell) for cell in read(path) if cell["cell_type"] == "markdown")


def section(text: str, title: str) -> str:
    """Give what stands under a second-level heading that starts with these words."""
    found = re.search(rf"^## {title}.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section {title!r}"
    return found[1]


def calls(path: Path) -> list[tuple[str, str]]:
    """List the calls of a lesson: name of the function and its first argument."""
    code = "\n".join(source(cell) for cell in read(path) if cell["cell_type"] == "code")
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    public = [node for node in found if isinstance(node.func, ast.Attribute)]
    return [(node.func.attr, ast.literal_eval(node.args[0])) for node in public if isinstance(node.func, ast.Attribute)]


def described(path: Path) -> set[tuple[str, str]]:
    """List what a lesson says in words: kind and name."""
    return set(re.findall(r"describe\(\"(\w+)\", \"([^\"]+)\"\)", "\n".join(map(source, read(path)))))


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_a_lesson_is_a_valid_notebook_with_stable_cell_ids(path: Path) -> None:
    lesson = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(lesson)
    assert (lesson["nbformat"], lesson["nbformat_minor"]) >= (4, 5)
    names = [cell["id"] for cell in lesson["cells"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_it_opens_with_title_verbs_minutes_and_what_to_know(path: Path) -> None:
    first = source(read(path)[0])
    assert re.match(r"# \w", first)
    assert first.count("\n# ") == 0
    verbs = re.findall(r"^- \*\*(\w+)\*\* ", first, re.MULTILINE)
    assert 3 <= len(verbs) <= 5
    assert re.search(r"^\*\*Time:\*\* about [\w-]+ minutes\.$", first, re.MULTILINE)
    assert "**What you should know:**" in first


@pytest.mark.parametrize("path", TAUGHT, ids=ids(TAUGHT))
def test_its_parts_come_in_order(path: Path) -> None:
    headings = re.findall(r"^## (.+)$", prose(path), re.MULTILINE)
    places = [next((n for n, heading in enumerate(headings) if heading.startswith(part)), None) for part in PARTS]
    assert None not in places, dict(zip(PARTS, places, strict=True))
    assert places == sorted(place for place in places if place is not None)


@pytest.mark.parametrize("path", TAUGHT, ids=ids(TAUGHT))
def test_a_lesson_explores_predicts_charts_and_checks(path: Path) -> None:
    made = calls(path)
    number = path.name[:2]
    kinds = [kind for kind, _ in made]
    assert set(kinds) & EXPLORED
    assert kinds.count("chart") >= 2
    assert sum(kind in COMMITTED for kind in kinds) >= 2
    assert ("self_check", number) in made
    assert 5 <= len(items(number)) <= 8


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_what_a_lesson_opens_exists(path: Path) -> None:
    for kind, name in calls(path):
        assert kind != "predict" or predictions()[name].lesson == path.name[:2]
        assert kind != "self_check" or items(name)


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_every_kind_of_picture_is_said_in_words(path: Path) -> None:
    """Each app once, each chart every time; the app of a second prediction says the same kind of thing."""
    made, said = {call for call in calls(path) if call[0] != "describe"}, described(path)
    assert {kind for kind, _ in made} == {kind for kind, _ in said}
    assert {call for call in made if call[0] == "chart"} <= said
    assert said <= made


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_cells_are_thin_and_use_public_names_only(path: Path) -> None:
    for cell in read(path):
        if cell["cell_type"] != "code":
            continue
        lines = [line for line in source(cell).splitlines() if line.strip()]
        assert 1 <= len(lines) <= MOST_LINES
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert ast.unparse(node) == "import foramlib as fl"
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node.value) == "fl"
                assert node.attr in foramlib.__all__
            if isinstance(node, ast.Name):
                assert node.id in {"fl", "print"}


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_only_the_words_are_stored_and_all_of_them(path: Path) -> None:
    for cell in read(path):
        if cell["cell_type"] != "code":
            continue
        is_words = source(cell).startswith("print(fl.describe(")
        # nbval takes a stored text seriously only where the cell says that it has been run.
        assert (cell["execution_count"] is None) == (not cell["outputs"])
        assert len(cell["outputs"]) == int(is_words), f"{cell['id']}: run tests/lessons/store_words.py"


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_one_sentence_a_line(path: Path) -> None:
    text = prose(path).partition("## References")[0]
    plain = [re.sub(r"\(.*?\)", "", line) for line in text.splitlines() if not line.startswith(("|", "1", "2", "3"))]
    crowded = [line for line in plain if _SENTENCE_END.search(line) and not re.match(r"\d|\*\*", line)]
    assert crowded == []


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_the_summary_has_five_lines(path: Path) -> None:
    assert len(re.findall(r"^\d\. ", section(prose(path), "Summary"), re.MULTILINE)) == SUMMARY_LINES


@pytest.mark.parametrize("path", TAUGHT, ids=ids(TAUGHT))
def test_the_references_are_those_of_the_numbers_shown(path: Path) -> None:
    body, _, listed = prose(path).partition("## References")
    shown = dict.fromkeys(re.findall(r"\"([AP]:[A-Z]-?\w+) · ", body))
    assert [line[2:] for line in listed.strip().splitlines()] == bibliography(shown)


@pytest.mark.parametrize("path", LESSONS, ids=ids(LESSONS))
def test_a_companion_stands_beside_it(path: Path) -> None:
    text = (path.parent / "teaching" / f"{path.stem}.md").read_text(encoding="utf-8")
    for part in COMPANION_PARTS:
        assert section(text, part).strip()
    assert re.search(r"^## .*question.* to put to the room", text, re.MULTILINE | re.IGNORECASE)
    assert path.name in text
    for name in re.findall(r"fl\.predict\(\"([^\"]+)\"", text):
        assert name in predictions()


def test_the_content_is_clean() -> None:
    assert [str(problem) for problem in lint()] == []
