"""FACET turned one way round: numbers of the table, signs, and the margin of the plan."""

from __future__ import annotations

import pytest

from foramlib.errors import InvalidInput
from foramlib.evidence import facts
from foramlib.recovery.noninferiority import MARGIN_ID, is_shown, outcomes, published_margin, read_margin


def test_the_outcomes_are_those_of_the_facts_with_worse_to_the_right() -> None:
    odom, pain, fall = outcomes()
    assert (odom.worse, odom.limit) == (-11, -1)
    assert "-0.11, one-sided limit -0.01" in facts()[odom.id].value
    assert (pain.worse, pain.limit) == (2.8, 9.4)
    assert "difference -2.8, one-sided limit -9.4" in facts()[pain.id].value
    assert (fall.worse, fall.limit) == (3.4, 11.8)
    assert "difference 3.4, one-sided limit 11.8" in facts()[fall.id].value


def test_pain_is_worse_after_posterior_surgery_as_the_means_say() -> None:
    # 18.6 after posterior, 15.8 after anterior surgery: posterior is worse by 2.8.
    assert outcomes()[1].worse == pytest.approx(18.6 - 15.8)
    # The fall was 41.9 after posterior and 45.3 after anterior surgery: posterior fell less, by 3.4.
    assert outcomes()[2].worse == pytest.approx(45.3 - 41.9)


def test_the_published_margin_gives_the_published_verdicts() -> None:
    assert facts()[MARGIN_ID].value == f"{published_margin():g} %"
    assert [is_shown(one, published_margin()) for one in outcomes()] == [True, True, False]
    assert all(is_shown(one, 12) for one in outcomes())
    assert not is_shown(outcomes()[1], 9.4)


@pytest.mark.parametrize("value", [-1, 21, float("nan"), "ten", None, True])
def test_an_impossible_margin_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="from 0 to 20"):
        read_margin(value)
