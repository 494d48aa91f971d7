"""The evidence room: curated tables with a source for every number, and how to cite them.

Everything is read from ``data/evidence`` when first asked for, and only once. The tables of the clinic and the
bibliography load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from foramlib.evidence.citation import (
    DAGGER,
    QUOTED,
    Citation,
    cite,
    cite_source,
    footnotes,
    label_of,
    marked_label,
    missing_from,
    quiet,
    vancouver,
    with_footnotes,
)
from foramlib.evidence.loaders import facts, look_up, morphometry, sources
from foramlib.evidence.locator import data_path, notebooks_path
from foramlib.evidence.records import Fact, Quantity, Source

if TYPE_CHECKING:
    from foramlib.evidence.clinical import (
        agreement,
        disagreements,
        do_not_use,
        grading,
        instruments,
        milestones,
        roots,
        searched,
        searches,
        seed_claims,
        tests_accuracy,
        tissues,
        trials,
    )
    from foramlib.evidence.references import Shown, bibliography, check_sources, count_sources

__all__ = [
    "DAGGER",
    "QUOTED",
    "Citation",
    "Fact",
    "Quantity",
    "Shown",
    "Source",
    "agreement",
    "bibliography",
    "check_sources",
    "cite",
    "cite_source",
    "count_sources",
    "data_path",
    "disagreements",
    "do_not_use",
    "facts",
    "footnotes",
    "grading",
    "instruments",
    "label_of",
    "look_up",
    "marked_label",
    "milestones",
    "missing_from",
    "morphometry",
    "notebooks_path",
    "quiet",
    "roots",
    "searched",
    "searches",
    "seed_claims",
    "sources",
    "tests_accuracy",
    "tissues",
    "trials",
    "vancouver",
    "with_footnotes",
]


def __getattr__(name: str) -> object:
    """Load a table of the clinic, or the bibliography, on first use."""
    if name not in __all__:
        raise AttributeError(f"module 'foramlib.evidence' has no attribute {name!r}")
    home = "references" if name in {"Shown", "bibliography", "check_sources", "count_sources"} else "clinical"
    value: object = getattr(import_module(f"foramlib.evidence.{home}"), name)
    globals()[name] = value
    return value
