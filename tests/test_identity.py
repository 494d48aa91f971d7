"""A fingerprint tells apart what differs, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.figures.plan_page import calendar_text
from foramlib.identity import fingerprint
from foramlib.recovery.planner import APPROACH_NAMES, JOBS, REGIONS, Request, plan

parts = st.none() | st.text() | st.integers() | st.floats(allow_nan=False) | st.binary() | st.dates()
values = st.recursive(parts, lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner), max_leaves=6)


@given(one=values, other=values)
def test_a_fingerprint_is_the_same_only_for_what_is_equal(one: object, other: object) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


@given(words=st.lists(st.text(), min_size=2, max_size=3))
def test_parts_do_not_run_into_one_another(words: list[str]) -> None:
    assert fingerprint(*words) != fingerprint("".join(words))


@dataclass(frozen=True)
class Thing:
    """A record with a field that does not count."""

    name: str
    size: float = 1.0
    remark: str = field(default="", compare=False)


def test_a_record_is_told_by_all_that_it_is_compared_by() -> None:
    one = Thing("a")
    assert fingerprint(one) == fingerprint(Thing("a", 1, "seen"))
    assert (
        len({fingerprint(one), fingerprint(Thing("b")), fingerprint(Thing("a", 1.0000001)), fingerprint("a", 1.0)}) == 4
    )


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(InvalidInput, match="type object has no identity"):
        fingerprint(object())


def test_it_is_the_same_in_another_process() -> None:
    code = "from foramlib.identity import fingerprint; print(fingerprint({'a': 1, 'b': (2.5, None)}, {'c'}.pop()))"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {fingerprint({"b": (2.5, None), "a": 1}, "c") + "\n"}


# -- calendar entries

asked = st.builds(
    Request,
    operation=st.dates(date(2026, 1, 1), date(2026, 1, 3)),
    region=st.sampled_from(list(REGIONS)),
    approach=st.sampled_from(list(APPROACH_NAMES)),
    drives=st.booleans(),
    job=st.sampled_from(list(JOBS)),
    sport=st.booleans(),
)


def entries(request: Request) -> set[str]:
    values = {one.name: getattr(request, one.name) for one in fields(Request)}
    made = plan(**{"driving" if name == "drives" else name: value for name, value in values.items()})
    whole = calendar_text(made).replace("\r\n ", "")
    found = re.findall(r"^UID:(\S+)$", whole.replace("\r", ""), re.MULTILINE)
    assert len(found) == len(set(found)) == whole.count("BEGIN:VEVENT")
    return set(found)


@given(one=asked, other=asked)
def test_entries_of_two_plans_are_the_same_only_if_the_plans_are(one: Request, other: Request) -> None:
    assert entries(one) == entries(one)
    assert (entries(one) == entries(other)) == (one == other)
    assert one == other or not entries(one) & entries(other)


@pytest.mark.parametrize("name", [one.name for one in fields(Request)])
def test_a_plan_that_differs_in_any_field_has_other_entries(name: str) -> None:
    base = Request(date(2026, 12, 1), "cervical", "open", drives=True, job="desk", sport=True)
    other: dict[str, Any] = {
        "operation": date(2026, 12, 2),
        "region": "lumbar",
        "approach": "any",
        "drives": False,
        "job": "heavy",
        "sport": False,
    }
    assert not entries(base) & entries(replace(base, **{name: other[name]}))
