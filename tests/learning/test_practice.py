"""Practice: every task can be answered and its reason holds by geometry; what was missed comes back; files are safe."""

from __future__ import annotations

import json
import re
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from foramlib.errors import InvalidInput
from foramlib.evidence import cite
from foramlib.figures.scene import frame
from foramlib.learning.practice import (
    GAPS,
    Boxes,
    FindTask,
    Progress,
    RootTask,
    Round,
    find_task,
    open_progress,
    read_progress,
    root_task,
    write_progress,
)
from foramlib.learning.practice.find import CHOICES, PLANES
from foramlib.learning.practice.placing import SHOWN
from foramlib.learning.practice.roots import ANSWERS, CHOSEN_FROM, asked
from foramlib.spine.levels import MODELLED, Level

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def luck(seed: int) -> Random:
    """Chance that comes out the same every time."""
    return Random(seed)  # noqa: S311 - tasks, no secrets


FEW, MANY = 100, 300
SEEDS = [*range(FEW), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(FEW, MANY))]
TASKS: dict[int, FindTask] = {}


@pytest.fixture(params=SEEDS, scope="module")
def task(request: pytest.FixtureRequest) -> FindTask:
    """One task of each seed, drawn once for all tests of it."""
    seed: int = request.param
    return TASKS.setdefault(seed, find_task(luck(seed), MODELLED))


# Finding: seen, unique, true.


def points(shape: shapely.Polygon) -> NDArray[np.float64]:
    """Places that fill a shape, on a grid; its own middle where it is too small for the grid."""
    low_u, low_v, high_u, high_v = shape.bounds
    grid = np.stack(np.meshgrid(np.linspace(low_u, high_u, 40), np.linspace(low_v, high_v, 40)), axis=-1).reshape(-1, 2)
    inside: NDArray[np.float64] = grid[shapely.contains_xy(shape, grid)]
    return inside if len(inside) else shapely.get_coordinates(shape.point_on_surface())


def in_space(task: FindTask, name: str) -> NDArray[np.float64]:
    """Places of a structure as points in space (left, back, up), from its whole outline within the picture."""
    plane = task.section.plane
    wide, high = (SHOWN * half for half in plane.half)
    shown = shapely.clip_by_rect(task.section.outlines[name], -wide, -high, wide, high)
    largest = max(shapely.get_parts(shown), key=lambda piece: float(piece.area))
    spots: NDArray[np.float64] = np.array(plane.origin) + points(largest) @ np.array([plane.across, plane.up])
    return spots


def middle_beyond(task: FindTask, word: str, landmark: str) -> float:
    """How far the middle of the target lies beyond that of the landmark in the direction of a word, mm."""
    here, there = in_space(task, task.target).mean(axis=0), in_space(task, landmark).mean(axis=0)
    sides = [name.rpartition(".")[2] for name in (task.target, landmark)]
    outward = -1.0 if "right" in sides else 1.0
    axis, sign = {
        "above": (2, 1.0),
        "below": (2, -1.0),
        "behind": (1, 1.0),
        "in front of": (1, -1.0),
        "lateral to": (0, outward),
        "medial to": (0, -outward),
    }[word]
    return float(sign * (here - there)[axis])


def test_the_target_can_be_seen_and_pointed_at(task: FindTask) -> None:
    wide, high = task.section.plane.half
    shape = task.section.outlines[task.target]
    shown = shapely.clip_by_rect(shape, -wide, -high, wide, high)
    assert max(frame(task.section)) > 0
    assert all(half * SHOWN <= side + 1e-9 for half, side in zip((wide, high), frame(task.section), strict=True))
    assert shown.area > 0.001 * wide * high
    spot = task.spots[task.target].shape.point_on_surface()
    assert [name for name, region in task.section.outlines.items() if region.contains(spot)] == [task.target]
    assert abs(spot.x) <= wide * SHOWN
    assert abs(spot.y) <= high * SHOWN


def test_only_one_structure_has_the_name_asked_for(task: FindTask) -> None:
    names = [task.name_of(name) for name in task.section.outlines]
    assert names.count(task.name) == 1
    assert task.accepts(task.target)
    also = [name for name in task.section.outlines if task.accepts(name) and name != task.target]
    assert not also or task.structure.key in {"exiting_root", "dural_sac"}


def test_the_reason_holds_by_geometry(task: FindTask) -> None:
    assert task.bearings
    for bearing in task.bearings:
        if bearing.word in {"within", "around"}:
            names = (task.target, bearing.landmark)
            inner, outer = names if bearing.word == "within" else names[::-1]
            filled = shapely.Polygon(task.spots[outer].shape.exterior)
            assert filled.contains(task.spots[inner].shape.centroid)
        else:
            assert middle_beyond(task, bearing.word, bearing.landmark) > 0
    assert all(bearing.word in task.reason() for bearing in task.bearings)
    assert task.structure.note in task.reason()


def test_four_names_are_offered_and_one_is_right(task: FindTask) -> None:
    assert len(set(task.options)) == CHOICES
    assert list(task.options) == sorted(task.options)
    assert task.options[task.right] in task.name or task.options[task.right].lower() in task.name.lower()


def test_what_is_said_against_a_wrong_answer_holds(task: FindTask) -> None:
    for name in task.spots:
        said = task.against(name)
        found = re.match(r"What was asked for lies (above|below|behind|in front of|lateral to|medial to) the ", said)
        if found:
            assert middle_beyond(task, found[1], name) > 0


def test_the_same_seed_asks_the_same_and_others_ask_something_else() -> None:
    one, two = (find_task(luck(5), MODELLED) for _ in range(2))
    assert (one.place, one.target, one.options) == (two.place, two.target, two.options)
    cards = {find_task(luck(seed), MODELLED).card for seed in range(60)}
    assert len(cards) > 30
    assert {card.split("/")[1] for card in cards} == set(PLANES)


def test_the_other_side_is_told_from_the_wrong_structure() -> None:
    found = (find_task(luck(seed), ["C5/6"]) for seed in range(500))
    task = next(one for one in found if one.structure.side and one.section.plane.kind == "axial")
    stem, _, side = task.target.rpartition(".")
    assert "of the other side" in task.against(f"{stem}.{'right' if side == 'left' else 'left'}")


def test_a_part_of_what_is_asked_for_is_right() -> None:
    found = (find_task(luck(seed), MODELLED) for seed in range(500))
    sac = next(task for task in found if task.structure.key == "dural_sac")
    inner = "spinal_cord" if "spinal_cord" in sac.section.outlines else "cauda_equina"
    assert sac.accepts(inner)
    assert not {"Spinal cord", "Cauda equina"} & set(sac.options)


# Roots.


@pytest.mark.parametrize("seed", range(200))
def test_a_root_question_has_one_right_answer_among_neighbours(seed: int) -> None:
    task = root_task(luck(seed), MODELLED)
    level = Level.parse(task.level)
    right = {
        "level": level.name,
        "pedicle": level.upper,
        "paracentral": level.traversing_root,
        "recess-facet": level.traversing_root,
    }.get(task.asked, level.exiting_root)
    assert task.options[task.right] == right
    assert len(set(task.options)) == CHOICES
    assert not set("{}") & set(task.prompt + task.reason)
    assert level.name in task.prompt or level.exiting_root in task.prompt
    assert all(cite(name).text for name in task.sources)


def test_every_level_and_every_kind_of_question_comes_up() -> None:
    found = {(task.level, task.asked) for task in (root_task(luck(seed), MODELLED) for seed in range(2000))}
    regions = {level: Level.parse(level).region for level in MODELLED}
    kinds = asked()
    assert found == {(level, kind) for level in MODELLED for kind in kinds if regions[level] in kinds[kind].regions}


def test_the_written_questions_use_known_words_only() -> None:
    for kind in asked().values():
        assert kind.answer in ANSWERS
        assert kind.choices in CHOSEN_FROM
        assert set(kind.regions) <= {"cervical", "lumbar"}
        assert kind.prompt.endswith("?")


def test_the_place_of_the_right_answer_gives_nothing_away() -> None:
    places = [root_task(luck(seed), MODELLED).right for seed in range(400)]
    assert max(places.count(place) for place in range(CHOICES)) < 0.5 * len(places)


# Boxes.


def test_a_missed_card_returns_after_the_gaps_and_leaves_when_known() -> None:
    boxes = Boxes().after("a", right=False, now=1)
    now = 1
    for box, gap in enumerate(GAPS):
        assert boxes.box_of("a") == box
        assert boxes.due(now + gap - 1) is None
        assert boxes.due(now + gap) == "a"
        now += gap
        boxes = boxes.after("a", right=True, now=now)
    assert boxes == Boxes()


def test_a_card_missed_again_starts_anew_and_one_known_at_sight_stays_out() -> None:
    boxes = Boxes().after("a", right=False, now=1).after("a", right=True, now=4).after("a", right=False, now=12)
    assert boxes.box_of("a") == 0
    assert Boxes().after("b", right=True, now=1) == Boxes()


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=60))
def test_after_any_answers_the_counts_agree_and_progress_survives_storing(answers: list[tuple[str, bool]]) -> None:
    progress = Progress()
    for card, right in answers:
        progress = progress.after(card, right=right)
    assert progress.answered == len(answers)
    assert progress.right == sum(right for _, right in answers)
    assert Progress.from_dict(json.loads(json.dumps(progress.as_dict()))) == progress
    assert len({one.card for one in progress.boxes.cards}) == len(progress.boxes.cards)


# Rounds.


@pytest.mark.parametrize("kind", ["find", "name", "roots"])
def test_what_was_missed_comes_back_as_the_gap_says(kind: str) -> None:
    game = Round.start(kind, ["C5/6", "L4/5"], 7)
    missed = game.task.card
    game = game.give_up().next()
    for _ in range(GAPS[0]):
        assert not game.again
        game = right(game).next()
    assert game.again
    assert game.task.card == missed


def right(game: Round) -> Round:
    """Answer rightly."""
    task = game.task
    return game.point(task.target) if game.kind == "find" and isinstance(task, FindTask) else game.choose(task.right)


def test_a_new_task_is_none_of_the_last_ones() -> None:
    game = Round.start("roots", None, 3)
    cards = [game.task.card]
    for _ in range(40):
        game = right(game).next()
        cards.append(game.task.card)
    assert all(card not in cards[max(0, n - 4) : n] for n, card in enumerate(cards))


def test_a_round_can_be_replayed_from_its_seed() -> None:
    def cards(seed: int) -> list[str]:
        game, found = Round.start("find", "L4/5", seed), []
        for turn in range(6):
            found.append(game.task.card)
            game = (right(game) if turn % 2 else game.give_up()).next()
        return found

    assert cards(9) == cards(9) != cards(10)


def test_levels_limit_what_is_asked() -> None:
    game = Round.start("find", ["l4-5"], 1)
    for _ in range(6):
        assert isinstance(game.task, FindTask)
        assert game.task.place.level == "L4/5"
        game = game.give_up().next()


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (lambda game: game.next(), "Answer first"),
        (lambda game: game.choose(0), "answered in the picture"),
        (lambda game: game.point("cheese"), "Mark a structure"),
        (lambda game: game.point(None), "Mark a structure"),
        (lambda game: game.give_up().give_up(), "is answered"),
        (lambda game: game.switched("roots"), "belong together"),
        (lambda game: game.switched("name").choose(9), "Choose an answer"),
        (lambda _: Round.start("cheese", None, 1), "There is no practice 'cheese'"),
        (lambda _: Round.start("find", "C1/2", 1), "There is no level 'C1/2'"),
        (lambda _: Round.start("find", [], 1), "at least one level"),
        (lambda _: Round.start("find", None, 1.5), "no whole number"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(step: Any, sentence: str) -> None:  # noqa: ANN401 - a step
    with pytest.raises(InvalidInput, match=sentence) as caught:
        step(Round.start("find", None, 1))
    assert "\n" not in str(caught.value)


def test_a_task_of_roots_is_no_picture() -> None:
    game = Round.start("roots", None, 1)
    assert isinstance(game.task, RootTask)
    with pytest.raises(InvalidInput, match="answered by its options"):
        game.point("ganglion.left")


# Files.

GOOD = Progress().after("root/leaves/C5/6", right=False)
DAMAGED = [
    "",
    "not json",
    "[]",
    '{"version": 2}',
    json.dumps(GOOD.as_dict() | {"right": 5}),
    json.dumps(GOOD.as_dict() | {"cards": [{"card": "a", "box": 9, "due": 1}]}),
    json.dumps(GOOD.as_dict() | {"cards": "a"}),
    json.dumps(GOOD.as_dict() | {"answered": True}),
    json.dumps(GOOD.as_dict() | {"cards": 2 * GOOD.as_dict()["cards"]}),  # type: ignore[operator]
    "\x00\xff",
]


def test_progress_is_kept_and_found_again(tmp_path: Path) -> None:
    write_progress(tmp_path / "mine.json", GOOD)
    assert read_progress(tmp_path / "mine.json") == GOOD
    assert open_progress(tmp_path / "new.json") == (Progress(), tmp_path / "new.json", "")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_gives_one_sentence_and_stays(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.json"
    file.write_text(text, encoding="utf-8")
    progress, beside, sentence = open_progress(file)
    assert progress == Progress()
    assert beside.name == "mine-2.json"
    assert "mine.json" in sentence
    assert "mine-2.json" in sentence
    assert sentence.count(". ") == 0
    write_progress(beside, GOOD)
    assert file.read_text(encoding="utf-8") == text
    assert open_progress(file)[0] == GOOD


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match=r"cannot be kept in mine\.json"):
        write_progress(tmp_path / "file" / "mine.json", GOOD)
