"""A patient has one side: no lesson, companion or call tells another."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from foramlib.evidence import notebooks_path
from foramlib.learning.patient import load_patient, patients

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [*sorted(notebooks_path().glob("0*.ipynb")), *sorted(notebooks_path().glob("teaching/0*.md"))]
SIDE_OF = {load_patient(name).name.split()[0]: load_patient(name).side for name in patients()}
VERB = re.compile(r"\b(?:is|are|was|were|has|have|facet|bone|pars|nothing) left\b")


def other_sides(text: str) -> list[str]:
    """Give the paragraphs that speak of one patient and name the other side."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        named = [name for name in SIDE_OF if re.search(rf"\b{name}\b", paragraph)]
        sides = set(re.findall(r"\b(left|right)\b", VERB.sub("", paragraph)))
        if len(named) == 1 and sides - {SIDE_OF[named[0]]}:
            found.append(paragraph)
    return found


def passages(path: Path) -> list[str]:
    if path.suffix == ".md":
        return [path.read_text(encoding="utf-8")]
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_what_is_told_of_a_patient_is_on_the_patients_side(path: Path) -> None:
    assert [found for passage in passages(path) for found in other_sides(passage)] == []


def test_a_patient_on_the_wrong_side_is_noticed() -> None:
    assert other_sides("Ruth Adeyemi sings.\nPain has run down the outside of her left leg.")
    assert not other_sides("Ruth Adeyemi sings.\nWhat is left of her right facet holds.")


@pytest.mark.parametrize("lesson", ["02", "06"])
def test_the_model_of_ruths_level_is_on_her_side(lesson: str) -> None:
    path = next(notebooks_path().glob(f"{lesson}_*.ipynb"))
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    calls = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    about = [call for call in calls if re.match(r'fl\.(?:causes|operate|scan)\("L5/S1"', call)]
    assert about
    assert all('patient="ruth-adeyemi"' in call or f'side="{SIDE_OF["Ruth"]}"' in call for call in about)
