"""The table of what the model misses, as the page for teachers shows it: made from the validation, never typed."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from foramlib.evidence import cite, data_path, morphometry
from foramlib.spine.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from foramlib.spine.validation import Row

__all__ = ["END", "START", "miss_table", "missed", "put_table", "unit_of"]

START: Final = "| where | what | model | published | counts as met |"
END: Final = "\n\n"
_HEAD: Final = f"{START}\n|---|---|---|---|---|"


def missed(rows: Iterable[Row] | None = None) -> list[Row]:
    """Return the targets that the model misses, of these or of all."""
    return [row for row in (validate() if rows is None else rows) if not row.ok]


def miss_table(rows: Sequence[Row]) -> str:
    """Write misses as a Markdown table whose published values lead to their sources."""
    targets = _targets()
    return "\n".join([_HEAD, *(_line(row, targets[row.id]) for row in rows)])


def put_table(page: str, rows: Sequence[Row]) -> str:
    """Return a page with its table of misses replaced."""
    start = page.index(START)
    return f"{page[:start]}{miss_table(rows)}{page[page.index(END, start) :]}"


def _targets() -> Mapping[str, Mapping[str, str]]:
    with data_path("model", "targets.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def _line(row: Row, target: Mapping[str, str]) -> str:
    unit = unit_of(row)
    model = f'[{_number(f"{row.model:.1f}")}{unit}](#model "model · value · target {row.id}")'
    evidence = target["evidence"]
    shown = f"{_known(row, target)}{unit}"
    published = shown if evidence == "assumption" else cite(evidence).link(shown)
    quantity = re.sub(r"\d+ mm", lambda found: _defined(found[0]), row.quantity)
    return f"| {row.level} | {quantity} | {model} | {published} | {_defined(row.rule)} |"


def _defined(words: str) -> str:
    return f'[{words}](#definition "definition")'


def unit_of(row: Row) -> str:
    """Return the unit that the values of a target are shown with, and the space before it."""
    if row.definition.startswith("percent"):
        return " %"
    angles = ("fall", "direction", "wedge", "angle", "slope", "lordosis")
    return "°" if any(word in row.quantity for word in angles) else " mm"


def _known(row: Row, target: Mapping[str, str]) -> str:
    quantity = morphometry().get(target["evidence"])
    if quantity is not None and row.published is not None:
        return f"{quantity.mean:g} ± {quantity.sd:g}" if quantity.sd else f"{quantity.mean:g}"
    if row.published is not None:
        return _number(f"{row.published:g}")
    # Both ends as published: what counts as met may reach further.
    ends = [_number(target[name]) for name in ("low", "high") if target[name]]
    return " to ".join(ends)


def _number(text: str) -> str:
    return text.replace("-", "−")
