"""Practice in key views: what is asked for is in view, and where it is said to lie holds in the body."""

from __future__ import annotations

import re
from itertools import count
from random import Random

import numpy as np
import pytest
import shapely

from foramlib.errors import InvalidInput
from foramlib.figures.key_views import KEY_VIEWS, KeyView
from foramlib.figures.looks import look, look_scene
from foramlib.learning.practice import FindTask, Look, Progress, Round, Views, find_task
from foramlib.learning.practice.find import CHOICES, PLANES, THICK, VIEWS, matches
from foramlib.spine.levels import MODELLED
from foramlib.spine.specimen import Specimen

ONLY = Views(look, 1.0)
DIRECTIONS = {
    "above": (2, 1.0),
    "below": (2, -1.0),
    "behind": (1, 1.0),
    "in front of": (1, -1.0),
    "lateral to": (0, 1.0),
    "medial to": (0, -1.0),
}

pytestmark = pytest.mark.thorough  # the practice app plays key views in every run


def luck(seed: int) -> Random:
    """Chance that comes out the same every time."""
    return Random(seed)  # noqa: S311 - tasks, no secrets


FEW, MANY = 12, 40
SEEDS = [*range(FEW), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(FEW, MANY))]


@pytest.fixture(params=SEEDS, scope="module")
def task(request: pytest.FixtureRequest) -> FindTask:
    """One task of each seed, drawn once for all tests of it."""
    return find_task(luck(request.param), MODELLED, views=ONLY)


@pytest.fixture(scope="module")
def specimen(task: FindTask) -> Specimen:
    """Fill the structures of the same person, asked point by point and without any mesh."""
    return Specimen.of(task.segment)


def beyond(specimen: Specimen, word: str, target: str, landmark: str) -> float:
    """How far the middle of the target lies beyond that of the landmark in the direction of a word, mm."""
    axis, sign = DIRECTIONS[word]
    outward = -1.0 if axis == 0 and "right" in f"{target} {landmark}" else 1.0
    here, there = (specimen.clouds[name].mean(axis=0) for name in (target, landmark))
    return float(outward * sign * (here - there)[axis])


def test_the_target_is_in_view_and_large_enough(task: FindTask) -> None:
    assert task.look is not None
    assert isinstance(task.look.picture, KeyView)
    still = task.look.picture.still
    place = [structure.id for structure in still.structures].index(task.target)
    spot = max(shapely.get_parts(task.section.outlines[task.target]), key=lambda piece: float(piece.area))
    across = 2 * shapely.maximum_inscribed_circle(spot, 0.05).length
    pixels = int(np.count_nonzero(still.numbers == place))
    assert across >= 0.95 * THICK * still.camera.half[0]
    assert pixels * still.mm_per_pixel**2 == pytest.approx(task.section.outlines[task.target].area, rel=0.1)
    assert task.structure.side in {"", task.place.side}


def test_where_the_target_is_drawn_the_buffer_shows_it(task: FindTask) -> None:
    assert task.look is not None
    assert isinstance(task.look.picture, KeyView)
    still = task.look.picture.still
    at = shapely.Point(shapely.maximum_inscribed_circle(task.spots[task.target].shape, 0.3).coords[0])
    column = int((at.x + still.camera.half[0]) / still.mm_per_pixel)
    row = int((still.camera.half[1] - at.y) / still.mm_per_pixel)
    assert still.structures[still.numbers[row, column]].id == task.target


def test_only_one_structure_has_the_name_asked_for(task: FindTask) -> None:
    names = [task.name_of(name) for name in task.section.outlines]
    assert names.count(task.name) == 1
    assert task.accepts(task.target)


def test_the_reason_holds_in_the_body(task: FindTask, specimen: Specimen) -> None:
    assert task.bearings
    for bearing in task.bearings:
        assert beyond(specimen, bearing.word, task.target, bearing.landmark) > 0
        assert bearing.word in task.reason()
    assert task.reason().startswith(f"In the patient, {task.the(task.target)} lies ")
    assert task.structure.note in task.reason()


def test_what_is_said_against_a_wrong_answer_holds(task: FindTask, specimen: Specimen) -> None:
    words = "|".join(DIRECTIONS)
    for name in task.spots:
        found = re.match(rf"In the patient, what was asked for lies ({words}) the ", task.against(name))
        assert found or task.against(name) == "" or "of the other side" in task.against(name)
        if found:
            assert beyond(specimen, found[1], task.target, name) > 0


def test_four_names_are_offered_of_what_is_drawn(task: FindTask) -> None:
    assert len(set(task.options)) == CHOICES
    assert task.options[task.right].lower() in task.name.lower()
    assert not any("fat" in option for option in task.options)


def test_the_same_seed_asks_the_same() -> None:
    one, two = (find_task(luck(5), MODELLED, views=ONLY) for _ in range(2))
    assert (one.place, one.target, one.options, one.bearings) == (two.place, two.target, two.options, two.bearings)


def test_practice_and_pictures_know_the_same_views() -> None:
    assert [name.removeprefix("3d-") for name in VIEWS] == list(KEY_VIEWS)
    assert not set(VIEWS) & set(PLANES)


class Counted:
    """Counts the pictures that are made, and makes them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, segment: object, view: str, side: str) -> Look:
        self.made += 1
        return look(segment, view, side)  # type: ignore[arg-type]


@pytest.mark.parametrize(("seeds", "least", "most"), [(16, 1, 9), pytest.param(60, 8, 22, marks=pytest.mark.thorough)])
def test_one_picture_in_four_is_a_key_view_and_each_is_made_once(seeds: int, least: int, most: int) -> None:
    counted = Counted()
    views = Views(counted)
    tasks = [find_task(luck(seed), MODELLED, views=views) for seed in range(seeds)]
    in_3d = sum(bool(task.place.view) for task in tasks)
    assert least <= in_3d <= most
    assert in_3d <= counted.made <= in_3d + 2


def test_sections_are_asked_as_before_where_nobody_makes_key_views() -> None:
    assert not any(find_task(luck(seed), MODELLED).place.view for seed in range(20))


def test_what_was_missed_in_a_key_view_comes_back_in_one() -> None:
    game = Round.start("find", "C5/6", 7, views=ONLY)
    missed = game.task.card
    assert missed.split("/")[1] in VIEWS
    game = game.give_up().next()
    for _ in count():
        assert isinstance(game.task, FindTask)
        if game.again:
            break
        game = game.point(game.task.target).next()
    assert game.task.card == missed


def test_stored_progress_is_of_the_same_form_and_waits_for_key_views() -> None:
    game = Round.start("find", "C5/6", 7, views=ONLY).give_up()
    stored = game.progress.as_dict()
    assert stored["version"] == 1
    assert Progress.from_dict(stored) == game.progress
    card = game.task.card
    assert matches(card, MODELLED, ONLY)
    assert matches(card, MODELLED, Views(look))
    assert not matches(card, MODELLED)
    assert not matches("cervical/foramen/ganglion", MODELLED, ONLY)


def test_the_other_side_is_told_by_the_letters_of_the_picture() -> None:
    tasks = (find_task(luck(seed), ["L4/5"], again="lumbar/3d-posterior/lower.lamina", views=ONLY) for seed in count())
    task = next(one for one in tasks if one.structure.key == "lamina")
    stem, _, side = task.target.rpartition(".")
    said = task.against(f"{stem}.{'right' if side == 'left' else 'left'}")
    assert said == "It is the structure, but of the other side: the picture has the patient's left on its left."


def test_a_look_that_has_no_picture_cannot_be_drawn(task: FindTask) -> None:
    assert task.look is not None
    with pytest.raises(InvalidInput, match="no key view"):
        look_scene(Look(task.look.seen, {}, None))
