"""Predictions: bands that cover everything, and a right answer that only the model knows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.learning import predictions as module
from foramlib.learning.predictions import lint_prediction, outcome, prediction, predictions, read_predictions
from foramlib.learning.records import Record
from foramlib.learning.state import ModelState

# How near an edge a computed change may lie before a learner would be judged by rounding, in the unit of the change.
MARGIN = {"percent": 1.0, "times": 0.05}


@dataclass(frozen=True)
class Stub:
    """Measures that are made up."""

    area: float

    def as_dict(self) -> dict[str, object]:
        return {"area_mm2": self.area}


def good() -> dict[str, Any]:
    return {
        "items": [
            {
                "id": "one",
                "lesson": "99",
                "objective": "Predict it.",
                "prompt": "What happens?",
                "quantity": "area_mm2",
                "before": {"level": "C5/6"},
                "after": {"level": "C5/6", "flexion": 5},
                "change": "percent",
                "options": [
                    {"text": "Falls much", "below": -10},
                    {"text": "Falls", "from": -10, "below": 0},
                    {"text": "Grows", "from": 0, "below": 10},
                    {"text": "Grows much", "from": 10},
                ],
                "reason": "Because.",
                "sources": ["A:D-01"],
            }
        ]
    }


def refused(**changes: object) -> str:
    record = good()
    record["items"][0] |= changes
    with pytest.raises(InvalidInput) as caught:
        read_predictions(Record("data/items/predict.yaml", record))
    return str(caught.value)


@pytest.mark.parametrize("name", predictions())
def test_our_predictions_are_clean(name: str) -> None:
    assert lint_prediction(prediction(name)) == []


@pytest.mark.parametrize("name", predictions())
def test_the_model_answers_and_not_by_a_hair(name: str) -> None:
    item = prediction(name)
    seen = outcome(item)
    edges = [edge for band in item.options for edge in (band.low, band.high) if math.isfinite(edge)]
    assert min(abs(seen.change - edge) for edge in edges) > MARGIN[item.change], seen


@pytest.mark.parametrize("name", ["extension-c56", "flexion-c56", "disc-loss-c56", "bend-l45", "bend-l45-far-side"])
def test_the_direction_is_the_published_one(name: str) -> None:
    falls = name in {"extension-c56", "disc-loss-c56", "bend-l45"}
    assert (outcome(prediction(name)).change < 0) == falls


def test_an_unknown_prediction_lists_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="extension-c56"):
        prediction("levitation")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quantity": "volume"}, "quantity is 'volume'"),
        ({"change": "vibes"}, "change is 'vibes'"),
        ({"options": good()["items"][0]["options"][:3]}, "four or five"),
        ({"options": [{"text": "A", "from": n} for n in range(4)]}, "adjoin and cover"),
        ({"options": [*good()["items"][0]["options"][:3], {"text": "Gap", "from": 20}]}, "adjoin and cover"),
        ({"before": {"level": "C5/6", "flexion": "much"}}, "must be a number"),
        ({"before": {"flexion": 3}}, "'level' must be text"),
        ({"after": {"level": "C5/6", "tilt": 3}}, "'tilt' is not known"),
        ({"answer": 2}, "'answer' is not known"),
    ],
)
def test_the_loader_refuses(changes: dict[str, object], words: str) -> None:
    sentence = refused(**changes)
    assert words in sentence
    assert "data/items/predict.yaml, item 'one'" in sentence


def test_an_id_used_twice_is_refused() -> None:
    record = good()
    record["items"] *= 2
    with pytest.raises(InvalidInput, match="used twice"):
        read_predictions(Record("data/items/predict.yaml", record))


@given(st.floats(min_value=-99, max_value=900))
def test_exactly_one_band_holds_any_change(change: float) -> None:
    for item in predictions().values():
        assert sum(band.low <= change < band.high for band in item.options) == 1


def test_the_answer_follows_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    item = read_predictions(Record("data/items/predict.yaml", good()))["one"]
    for after, right in ((80.0, 0), (95.0, 1), (100.0, 2), (130.0, 3)):
        values = {0.0: 100.0, 5.0: after}
        give = lambda state, values=values: Stub(values[state.flexion])  # noqa: E731
        monkeypatch.setattr(ModelState, "measured", give)
        assert outcome(item).right == right


def test_times_divides(monkeypatch: pytest.MonkeyPatch) -> None:
    record = good()
    record["items"][0]["change"] = "times"
    item = read_predictions(Record("x", record))["one"]
    monkeypatch.setattr(ModelState, "measured", lambda state: Stub(50.0 + 10 * state.flexion))
    assert outcome(item).change == pytest.approx(2.0)


def test_no_right_answer_is_written_down() -> None:
    assert "right" not in module.Band.__dataclass_fields__
