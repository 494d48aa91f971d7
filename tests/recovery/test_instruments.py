"""Scores against worked examples and an independent calculation; missing answers by the published rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.recovery.instruments import bands, changes, score_ndi, score_odi, sections

FULL = st.lists(st.integers(0, 5), min_size=10, max_size=10)


@pytest.mark.parametrize(
    ("answers", "of_50", "percent", "band"),
    [
        ([0] * 10, 0, 0, "none"),
        ([5] * 10, 50, 100, "complete"),
        ([2] * 10, 20, 40, "moderate"),
        ([1, 0, 1, 0, 1, 0, 1, 0, 0, 0], 4, 8, "none"),
        ([1, 0, 1, 0, 1, 0, 1, 0, 1, 0], 5, 10, "mild"),
        ([2, 1, 1, 2, 1, 2, 1, 2, 1, 1], 14, 28, "mild"),
        ([3, 3, 3, 2, 2, 2, 3, 2, 2, 2], 24, 48, "moderate"),
        ([3, 3, 3, 3, 3, 4, 3, 4, 4, 4], 34, 68, "severe"),
        # Nine answers of 18 in all: the mean of 2 stands in, as 18 / 45 does.
        ([2, 2, 2, 2, 2, 2, 2, None, 2, 2], 20, 40, "moderate"),
    ],
)
def test_ndi_worked_examples(answers: list[int | None], of_50: float, percent: float, band: str) -> None:
    score = score_ndi(answers)
    assert (score.of_50, score.percent, score.band.label) == (of_50, percent, band)


@pytest.mark.parametrize(
    ("answers", "percent", "band"),
    [
        ([0] * 10, 0, "minimal"),
        ([1] * 10, 20, "minimal"),
        # The sheet's own example: 16 of 50 is 32 %, 16 of 45 with one section left out is 35.5 %.
        ([2, 2, 2, 2, 2, 2, 1, 1, 1, 1], 32, "moderate"),
        ([2, 2, 2, 2, 2, 2, 2, None, 1, 1], 35.5556, "moderate"),
        ([3] * 10, 60, "severe"),
        ([4] * 10, 80, "crippled"),
        ([5] * 10, 100, "bed-bound or exaggerating"),
    ],
)
def test_odi_worked_examples(answers: list[int | None], percent: float, band: str) -> None:
    score = score_odi(answers)
    assert score.percent == pytest.approx(percent, abs=1e-4)
    assert score.band.label == band


@given(FULL, st.integers(0, 9))
def test_one_missing_answer_by_both_published_ways(answers: list[int], gap: int) -> None:
    rest = [answer for place, answer in enumerate(answers) if place != gap]
    given_ = [None if place == gap else answer for place, answer in enumerate(answers)]
    by_mean = 2 * (sum(rest) + Fraction(sum(rest), 9))
    by_45 = Fraction(100 * sum(rest), 45)
    assert by_mean == by_45
    assert score_ndi(given_).percent == pytest.approx(float(by_45), abs=1e-3)
    assert score_odi(given_).percent == pytest.approx(float(by_45), abs=1e-3)


@given(FULL)
def test_a_full_sheet_is_twice_its_sum(answers: list[int]) -> None:
    assert score_ndi(answers).percent == score_odi(answers).percent == 2 * sum(answers)
    low, *_, high = (band.low for band in bands("NDI"))
    assert low <= score_ndi(answers).of_50
    assert high == 35


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=10, max_size=10))
def test_odi_divides_by_what_was_answered(answers: list[int | None]) -> None:
    there = [answer for answer in answers if answer is not None]
    if not there:
        with pytest.raises(InvalidInput, match="at least one"):
            score_odi(answers)
        return
    assert score_odi(answers).percent == pytest.approx(sum(there) / (5 * len(there)) * 100, abs=1e-3)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([2] * 9, "10 answers and 9"),
        ([2] * 11, "10 answers and 11"),
        ([2] * 9 + [6], "Answer 10 of the NDI is 6"),
        ([-1] + [2] * 9, "Answer 1 of the NDI is -1"),
        ([2.5] + [2] * 9, "Answer 1 of the NDI is 2.5"),
        ([True] + [2] * 9, "Answer 1 of the NDI is True"),
        ("2222222222", "Answer 1 of the NDI is '2'"),
        ([None, None] + [2] * 8, "2 answers of the NDI are missing; one may be"),
    ],
)
def test_what_cannot_be_scored_is_refused(answers: list[int | None], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        score_ndi(answers)


def judged(first: int, later: int) -> dict[str, bool | None]:
    """Judge a change between two sums of the NDI, 0 to 50, by the rows of the table."""

    def sheet(total: int) -> list[int | None]:
        return [min(5, max(0, total - 5 * place)) for place in range(10)]

    return {one.id: one.reached for one in changes(score_ndi(sheet(first)), score_ndi(sheet(later))).important}


def test_thresholds_disagree_and_each_keeps_its_scale() -> None:
    assert judged(22, 15) == {"IN-08": True, "IN-10": False, "IN-11": False, "IN-12": None, "IN-13": True}
    assert judged(22, 18)["IN-08"] is False
    assert judged(22, 17)["IN-08"] is True
    # 15 of 100 is 7.5 of 50, so 7 falls short and 8 passes; 30 % of 40 is 12 of 50.
    assert judged(40, 32) == {"IN-08": True, "IN-10": True, "IN-11": True, "IN-12": None, "IN-13": False}
    assert judged(15, 22) == {"IN-08": False, "IN-10": False, "IN-11": False, "IN-12": None, "IN-13": False}
    assert judged(0, 0)["IN-13"] is None


def test_more_than_15_is_not_15() -> None:
    # A change of exactly 15 of 100 needs a missing answer on both sheets: 27/45 and 20.25/45 are not whole.
    before, after = score_odi([3] * 10), score_odi([3] * 10)
    assert changes(before, after).percent == 0
    with pytest.raises(InvalidInput, match="has no meaning"):
        changes(before, score_ndi([3] * 10))


def test_unconfirmed_differences_are_left_out() -> None:
    shown = {one.id for one in changes(score_ndi([3] * 10), score_ndi([1] * 10)).important}
    assert "IN-09" not in shown


def test_sections_are_ten_and_in_our_own_words() -> None:
    for name in ("NDI", "ODI"):
        assert len(sections(name)) == 10
    with pytest.raises(InvalidInput, match="NDI, ODI"):
        sections("SF-36")


def test_each_threshold_names_its_own_source() -> None:
    found = {one.id: one.citation.text for one in changes(score_ndi([3] * 10), score_ndi([1] * 10)).important}
    assert found["IN-10"].startswith("MacDowall 2020")
    assert found["IN-11"].startswith("Taso 2025")
