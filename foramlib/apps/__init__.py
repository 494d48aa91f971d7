"""Interactive apps and the widgets they are made of."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Any

from foramlib.evidence import with_footnotes
from foramlib.given import one_of

__all__ = ["describe"]

# What can be said in words -> the module whose function of that name makes it.
_MAKERS = MappingProxyType(
    {
        "approaches": "foramlib.apps.approaches",
        "audit": "foramlib.apps.audit",
        "body_map": "foramlib.apps.body_map",
        "causes": "foramlib.apps.causes",
        "chart": "foramlib.apps.chart",
        "compare": "foramlib.apps.compare",
        "decide": "foramlib.apps.decide",
        "explorer": "foramlib.apps.explorer",
        "grade_it": "foramlib.apps.grade_it",
        "localise": "foramlib.apps.localise",
        "margin": "foramlib.apps.margin",
        "oblique_trap": "foramlib.apps.oblique_trap",
        "operate": "foramlib.apps.operate",
        "planner": "foramlib.apps.planner",
        "pool": "foramlib.apps.pool",
        "practice": "foramlib.apps.practice",
        "predict": "foramlib.apps.predict",
        "rewrite": "foramlib.apps.rewrite",
        "scan": "foramlib.apps.scan",
        "score": "foramlib.apps.score",
        "self_check": "foramlib.apps.self_check",
        "solid": "foramlib.apps.solid_view",
    }
)

# What opens at random is described as it opens from this seed.
_SEED = 1


def describe(kind: str, name: str, **settings: object) -> str:
    """Say in words what an app or a chart shows when it opens.

    Parameters
    ----------
    kind : str
        ``"explorer"``, ``"compare"``, ``"chart"``, ``"predict"`` or ``"self_check"``.
    name : str
        What the function of that name takes first: a level, a chart, a kind of practice, a prediction, a lesson.
    **settings
        Passed on to that function.

    Raises
    ------
    InvalidInput
        If there is no such kind, or the kind refuses the name.

    Examples
    --------
    >>> describe("self_check", "01").splitlines()[0]
    'Self-check, lesson 01. Question 1 of 8.'
    """
    kind = one_of(kind, _MAKERS, "app to describe")
    if kind in {"practice", "grade_it"}:
        settings = {"seed": _SEED, **settings}
    if kind == "chart":
        settings.setdefault("progress", False)  # words are printed alone
    shown: Any = getattr(import_module(_MAKERS[kind]), kind)(name, **settings)
    words: str = with_footnotes(shown.describe())
    # An app holds widgets that nobody will see.
    getattr(shown, "close", lambda: None)()
    return words
