"""The bar of a probability: picture and words from the same belief."""

from __future__ import annotations

import pytest

from foramlib.clinic.accuracy import beliefs
from foramlib.clinic.bayes import Ratio
from foramlib.evidence import cite
from foramlib.figures.charts.test_results import TestResults, describe_test_results
from foramlib.figures.probability import percent, probability_bar, ratio_words


@pytest.mark.parametrize(
    ("share", "said"), [(0.234, "23 %"), (0.9999, "over 99 %"), (0.001, "under 1 %"), (0.99, "99 %"), (0.01, "1 %")]
)
def test_nothing_is_ever_certain(share: float, said: str) -> None:
    assert percent(share) == said


def test_the_bar_and_its_words_are_the_belief() -> None:
    belief = beliefs(["spurling"])[0]
    bar = probability_bar(belief)
    assert (bar["before"], bar["after"]) == (100 * belief.before, 100 * belief.after.value)
    assert bar["interval"] == [100 * (belief.after.low or 0), 100 * (belief.after.high or 0)]
    assert "95 % interval 48 % to 81 %" in bar["description"]
    assert bar["steps"][0]["sources"][0]["text"] == cite("P:D05b").text


def test_without_an_interval_none_is_drawn_or_said() -> None:
    bar = probability_bar(beliefs(["valsalva"])[0])
    assert bar["interval"] is None
    assert bar["description"].endswith("no interval.")
    assert any("No interval is drawn" in remark for remark in bar["remarks"])


def test_where_the_start_comes_from_is_said() -> None:
    assert "Wainner" in probability_bar(beliefs(["spurling"])[0])["remarks"][-1]
    moved = beliefs(["spurling"], before={"cervical radiculopathy": 0.5})[0]
    assert "your estimate" in probability_bar(moved)["remarks"][-1]
    cord = beliefs(["gait-unsteady", "babinski", "hoffmann"])[0]
    assert "assumption" in probability_bar(cord)["remarks"][-1]


def test_ratios_are_printed_with_their_ends() -> None:
    assert ratio_words(Ratio(30.9, 5.5, 181.8)) == "odds × 31, 5.5 to 182"
    assert ratio_words(Ratio(0.513)) == "odds × 0.51"


def test_the_chart_says_each_row_once_and_both_spurling_studies() -> None:
    numbers = TestResults.of()
    words = describe_test_results(numbers)
    assert len(words.splitlines()) == 1 + len(numbers.rows) + len(numbers.remarks)
    assert words.count("Spurling test (") == 2
    assert "not for foraminal stenosis" in describe_test_results(TestResults.of("L4/5"))
