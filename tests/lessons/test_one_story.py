"""A patient has one side, and the calls of the lessons are on it; what is told in words is held by the content lint."""

from __future__ import annotations

import json
import re

import pytest

from foramlib.evidence import notebooks_path
from foramlib.lessons.of_model import shipped_patient


@pytest.mark.parametrize("lesson", ["02", "06"])
def test_the_model_of_ruths_level_is_on_her_side(lesson: str) -> None:
    path = next(notebooks_path().glob(f"{lesson}_*.ipynb"))
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    calls = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    about = [call for call in calls if re.match(r'fl\.(?:causes|operate|scan)\("L5/S1"', call)]
    side = shipped_patient("ruth-adeyemi").side
    assert about
    assert all('patient="ruth-adeyemi"' in call or f'side="{side}"' in call for call in about)
