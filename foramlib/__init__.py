"""Interactive lessons on the neural foramen, from one parametric model with a source for every number.

The public names load on first use, so that ``import foramlib`` stays light.

Examples
--------
>>> import foramlib as fl
>>> fl.__version__
'0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For type checkers and editors only; the table below is what runs, and a test holds the two together.
    from foramlib.apps import describe as describe
    from foramlib.apps.approaches import approaches as approaches
    from foramlib.apps.audit import audit as audit
    from foramlib.apps.body_map import body_map as body_map
    from foramlib.apps.causes import causes as causes
    from foramlib.apps.chart import chart as chart
    from foramlib.apps.compare import compare as compare
    from foramlib.apps.decide import decide as decide
    from foramlib.apps.explorer import explorer as explorer
    from foramlib.apps.grade_it import grade_it as grade_it
    from foramlib.apps.localise import localise as localise
    from foramlib.apps.margin import margin as margin
    from foramlib.apps.oblique_trap import oblique_trap as oblique_trap
    from foramlib.apps.operate import operate as operate
    from foramlib.apps.planner import planner as planner
    from foramlib.apps.pool import pool as pool
    from foramlib.apps.practice import practice as practice
    from foramlib.apps.predict import predict as predict
    from foramlib.apps.rewrite import rewrite as rewrite
    from foramlib.apps.scan import scan as scan
    from foramlib.apps.score import score as score
    from foramlib.apps.self_check import self_check as self_check
    from foramlib.apps.solid_view import solid as solid
    from foramlib.errors import InvalidInput as InvalidInput
    from foramlib.evidence import cite as cite
    from foramlib.spine.foramen import measure as measure
    from foramlib.spine.levels import Level as Level
    from foramlib.spine.planes import Plane as Plane
    from foramlib.spine.segment import Segment as Segment
    from foramlib.spine.validation import validate as validate

__version__ = "0.1.0"

# Public name -> the module that holds it.
_HOMES = MappingProxyType(
    {
        "InvalidInput": "foramlib.errors",
        "Level": "foramlib.spine.levels",
        "Plane": "foramlib.spine.planes",
        "Segment": "foramlib.spine.segment",
        "approaches": "foramlib.apps.approaches",
        "audit": "foramlib.apps.audit",
        "body_map": "foramlib.apps.body_map",
        "causes": "foramlib.apps.causes",
        "chart": "foramlib.apps.chart",
        "cite": "foramlib.evidence",
        "compare": "foramlib.apps.compare",
        "decide": "foramlib.apps.decide",
        "describe": "foramlib.apps",
        "explorer": "foramlib.apps.explorer",
        "grade_it": "foramlib.apps.grade_it",
        "localise": "foramlib.apps.localise",
        "margin": "foramlib.apps.margin",
        "measure": "foramlib.spine.foramen",
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
        "validate": "foramlib.spine.validation",
    }
)

__all__ = [  # noqa: PLE0604 - one table names the public face
    "__version__",
    *_HOMES,
]


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'foramlib' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    # The next use finds it here and no longer passes this function.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
