"""Cases to localise: judged by the clinic's rule alone, clear, mixed as they should be, the same from the same seed."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foramlib.clinic.findings import NOT, findings
from foramlib.clinic.localise import localise
from foramlib.clinic.regions import claims, region
from foramlib.clinic.roots import root_cards
from foramlib.errors import InvalidInput
from foramlib.evidence import check_sources, cite
from foramlib.learning.practice import Round
from foramlib.learning.practice.localise import (
    LEAD,
    URGENT,
    LocaliseTask,
    aims,
    localise_task,
    localise_task_of,
    matches,
)

BOTH = ("arm", "leg")


def luck(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - cases, no secrets


@given(seed=st.integers(0, 10_000), aim=st.sampled_from(aims(BOTH)))
@settings(max_examples=60, deadline=None)
def test_the_answer_is_what_the_rule_makes_of_the_case(seed: int, aim: str) -> None:
    task = localise_task_of(luck(seed), aim)
    judged = localise(task.given, task.regions)
    right = task.choices[task.right]
    if judged.flags:
        assert right == URGENT
        assert aim.startswith(URGENT)
    else:
        assert right == judged.candidates[0].id == aim
        second = judged.candidates[1].points if len(judged.candidates) > 1 else 0
        assert judged.candidates[0].points - second >= LEAD
    assert all(name.removeprefix(NOT) in findings() for name in task.given)
    assert all(region(name).side == task.side for name in task.regions)
    usual = {name for root in root_cards() for name in claims(root, "pain")}
    assert not [name for name in task.regions if region(name).apart and name not in usual]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_options_are_of_the_same_sorts_whatever_is_right(seed: int) -> None:
    task = localise_task(luck(seed), BOTH)
    names = task.choices
    assert len(set(names)) == len(task.options) == 5
    assert all(name in root_cards() and root_cards()[name].part == task.part for name in names[:3])
    assert names[4] == URGENT
    for place in range(5):
        assert place == task.right or task.against(place).endswith(".")
    assert check_sources([name for name in task.sources if cite(name).state != "teaching"]) == []
    assert task.reason
    assert localise_task(luck(seed), BOTH) == task


def test_red_flags_and_look_alikes_are_there_but_not_the_rule() -> None:
    kinds: Counter[str] = Counter()
    for seed in range(150):
        task = localise_task(luck(seed), BOTH)
        kinds[URGENT if task.aim.startswith(URGENT) else "root" if task.aim in root_cards() else "look-alike"] += 1
    assert kinds["root"] > 75
    assert 8 < kinds[URGENT] < 45
    assert 15 < kinds["look-alike"] < 60
    flags = {aim.partition(".")[2] for aim in aims(BOTH) if aim.startswith(URGENT)}
    assert {"myelopathy", "cauda-equina", "infection", "tumour"} <= flags
    assert {"carpal-tunnel", "ulnar", "rotator-cuff", "peroneal"} <= set(aims(BOTH))


def test_most_drawings_leave_the_usual_areas_as_published() -> None:
    tasks = [localise_task_of(luck(seed), "C6") for seed in range(120)]
    outside = [any(name not in claims("C6", "pain") for name in task.regions) for task in tasks]
    assert outside == [task.strays for task in tasks]
    assert 0.5 < sum(outside) / len(outside) < 0.85


def test_parts_keep_to_themselves() -> None:
    assert {localise_task(luck(seed), ("leg",)).part for seed in range(25)} == {"leg"}
    assert matches("localise/C6", ("arm",))
    assert not matches("localise/C6", ("leg",))
    assert not matches("root/leaves/C5/6", BOTH)
    with pytest.raises(InvalidInput, match="No case can be drawn for 'C6'"):
        localise_task_of(luck(1), "C6", ("leg",))


def test_a_round_of_one_level_stays_in_its_limb_and_cannot_turn_into_another() -> None:
    now = Round.start("localise", "L4/5", 4)
    for _ in range(8):
        assert isinstance(now.task, LocaliseTask)
        assert now.task.part == "leg"
        now = now.choose(now.task.right).next()
    assert now.progress.right == 8
    with pytest.raises(InvalidInput, match="cannot turn"):
        now.switched("find")
