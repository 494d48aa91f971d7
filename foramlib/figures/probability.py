"""What tests do to a probability: positions and words of the bar, from one belief."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foramlib.clinic.accuracy import BEFORE, CONDITIONS
from foramlib.evidence import cite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foramlib.clinic.accuracy import Belief, Step
    from foramlib.clinic.bayes import Ratio

__all__ = ["describe_probability", "percent", "probability_bar", "ratio_words"]

_FINE = 10  # a ratio from here on is printed without a decimal


def percent(share: float) -> str:
    """Print a share of 1 as whole per cent, but never as 0 or 100: nothing is certain here.

    Examples
    --------
    >>> percent(0.234), percent(0.9999)
    ('23 %', 'over 99 %')
    """
    if share > 0.995:  # noqa: PLR2004 - would print as 100
        return "over 99 %"
    return f"{100 * share:.0f} %" if share >= 0.005 else "under 1 %"  # noqa: PLR2004 - would print as 0


def probability_bar(belief: Belief) -> dict[str, Any]:
    """Give the bar of one belief: positions in per cent, labels, and everything that is said with it.

    Parameters
    ----------
    belief : Belief
        Before and after, with its steps.

    Returns
    -------
    dict
        ``before``, ``after``, ``low``, ``high`` (0 to 100, the interval None where there is none), words, and ``steps``
        with text, ratio and source.
    """
    after = belief.after
    ends = None if after.low is None or after.high is None else [100 * after.low, 100 * after.high]
    return {
        "condition": belief.condition,
        "title": f"Probability of {CONDITIONS[belief.condition]}",
        "before": 100 * belief.before,
        "after": 100 * after.value,
        "interval": ends,
        "before_text": f"before {percent(belief.before)}",
        "after_text": f"after {percent(after.value)}",
        "description": describe_probability(belief),
        "steps": [_step(step) for step in belief.steps],
        "remarks": [*belief.remarks, _start(belief)],
    }


def _step(step: Step) -> dict[str, Any]:
    one = cite(step.sources[-1])  # the calculated ratio stands after what it is calculated from
    url = one.url if one.url.startswith("https://") else ""
    source = {"text": one.text, "title": one.title, "url": url}
    return {"text": step.text, "ratio": ratio_words(step.ratio), "sources": [source]}


def ratio_words(ratio: Ratio) -> str:
    """Print a likelihood ratio with its interval, and which way it moves the odds."""
    ends = f", {_short(ratio.low)} to {_short(ratio.high)}" if ratio.low is not None and ratio.high is not None else ""
    return f"odds × {_short(ratio.value)}{ends}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= _FINE else f"{value:.2g}"


def _start(belief: Belief) -> str:
    value, name = BEFORE[belief.condition]
    if abs(belief.before - value) > 1e-9:  # noqa: PLR2004 - moved at all
        return f"The {percent(belief.before)} before the tests are your estimate."
    if not name:
        return f"The {percent(belief.before)} before the tests are an assumption; move the slider."
    return f"The {percent(belief.before)} before the tests: {cite(name).text}. Your patients may differ."


def describe_probability(belief: Belief) -> str:
    """Say the bar in words: before, each result with its ratio, after, and what a paper prints otherwise."""
    return " ".join(_told(belief))


def _told(belief: Belief) -> Iterator[str]:
    after = belief.after
    yield f"Probability of {CONDITIONS[belief.condition]}: {percent(belief.before)} before."
    yield from (f"{step.text}: {ratio_words(step.ratio)}." for step in belief.steps)
    if after.low is not None and after.high is not None:
        yield f"After: {percent(after.value)}, 95 % interval {percent(after.low)} to {percent(after.high)}."
    else:
        yield f"After: {percent(after.value)}; no interval."
    yield from dict.fromkeys(step.printed for step in belief.steps if step.printed)
