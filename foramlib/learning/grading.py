"""Images to grade without end: a state by lot, its grade by the model, and how far the learner agrees.

The model's grade is known, because the image is made from the model. The learner's agreement with it is one thing;
how far readers agree with each other, or with themselves, is another, and only the last can be compared once the
learner has graded the same images twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.evidence import agreement, grading
from foramlib.given import one_of
from foramlib.imaging.grades import SCALES, grade, grade_section, margin
from foramlib.imaging.scan import Settings, image_plane
from foramlib.learning.kappa import weighted_kappa
from foramlib.spine.lesions import kinds, lesion
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.section import cut
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from foramlib.evidence.clinical import Agreement
    from foramlib.imaging.grades import Grade
    from foramlib.learning.kappa import Kappa
    from foramlib.spine.lesions import Lesion
    from foramlib.spine.planes import Plane
    from foramlib.spine.section import Section

__all__ = [
    "DIFFICULTIES",
    "NONE",
    "SET",
    "SYSTEMS",
    "Difficulty",
    "Graded",
    "Rounds",
    "Task",
    "View",
    "criteria",
    "draw",
    "published",
]

NONE = -1
"""Rank that stands for "this system cannot express this state"."""

SET = 10
"""Images in a set that is graded twice."""

_TRIES = 5
_NEEDED = MappingProxyType({"Park 2013": 0.7})
"""Severity at which the highest grade is likely, 1 where nothing is said."""

_SPREAD = 1_000


@dataclass(frozen=True)
class View:
    """How a system's images are made: region, sequence, plane, and field of view as a multiple of the usual."""

    region: str
    sequence: str
    plane: str
    view: float = 1.0


SYSTEMS: Mapping[str, View] = MappingProxyType(
    {
        "Park 2013": View("cervical", "T2", "foramen"),
        "Kim 2015": View("cervical", "T2", "axial-disc", 0.75),
        "Modified Kim": View("cervical", "T2", "axial-disc", 0.75),
        "Lee 2010": View("lumbar", "T1", "sagittal"),
        "Sartoretti 2021": View("lumbar", "T2", "sagittal"),
    }
)
"""Systems that can be practised, each with the images it was made for."""


@dataclass(frozen=True)
class Difficulty:
    """How hard the images are.

    Attributes
    ----------
    label : str
        In words.
    thickness, noise : float
        Of the slice, mm, and of the image, percent.
    clear : tuple of float
        Least and greatest distance from the limit between two grades, as a share.
    """

    label: str
    thickness: float
    noise: float
    clear: tuple[float, float]


DIFFICULTIES: Mapping[str, Difficulty] = MappingProxyType(
    {
        "easy": Difficulty("Easy: thin slices, clear states", 1.0, 1.0, (0.06, 9.0)),
        "usual": Difficulty("Usual: slices as in a clinic", 2.5, 3.0, (0.0, 9.0)),
        "hard": Difficulty("Hard: thick, noisy, borderline", 4.0, 8.0, (0.0, 0.06)),
    }
)

_POOL = MappingProxyType(
    {
        "cervical": (
            "disc_height_loss",
            "herniation",
            "uncovertebral_osteophyte",
            "ridge",
            "facet_hypertrophy",
            "flavum_thickening",
        ),
        "lumbar": (
            "disc_height_loss",
            "bulge",
            "herniation",
            "ridge",
            "facet_hypertrophy",
            "flavum_thickening",
            "epidural_scar",
        ),
    }
)


@dataclass(frozen=True)
class Task:
    """One image to grade.

    Attributes
    ----------
    system, difficulty : str
        Keys of :data:`SYSTEMS` and :data:`DIFFICULTIES`.
    seed : int
        Lot of the task; the same seed gives the same image.
    lot : int
        Lot of the state that was taken.
    side : str
        Side that is graded.
    severity : float
        How much narrows it, 0 to 1.
    """

    system: str
    difficulty: str
    seed: int
    lot: int
    side: str
    severity: float

    @cached_property
    def segment(self) -> Segment:
        """The made-up state."""
        return narrowed(SYSTEMS[self.system].region, self.lot, self.side, self.severity)

    @cached_property
    def plane(self) -> Plane:
        """Plane of the image; the axial one lies level with the root."""
        view = SYSTEMS[self.system]
        return image_plane(view.plane, self.segment, self.side, view.view, -self._height())

    def _height(self) -> float:
        if not SYSTEMS[self.system].plane.startswith("axial"):
            return 0.0
        course = self.segment.roots["exiting", self.side].course
        return float(np.interp(2.0, course.index, course.places[:, 2]))

    @cached_property
    def section(self) -> Section:
        """The model cut in that plane."""
        return cut(self.segment, self.plane)

    @cached_property
    def truth(self) -> Grade:
        """What the model says."""
        if SYSTEMS[self.system].plane.startswith("axial"):
            return grade(self.segment, self.system, self.side)
        return grade_section(self.segment, self.system, self.section)

    @cached_property
    def margin(self) -> float:
        """Distance to the nearest limit between two grades, as a share."""
        return margin(self.segment, self.system, self.section)

    @property
    def settings(self) -> Settings:
        """How the image is made."""
        hard = DIFFICULTIES[self.difficulty]
        view = SYSTEMS[self.system]
        return Settings(view.sequence, thickness=hard.thickness, noise=hard.noise, seed=self.seed, view=view.view)


def narrowed(region: str, lot: int, side: str, severity: float) -> Segment:
    """Return a made-up state by lot: level, build, and none to five lesions, more and larger with the severity."""
    draw_lot = np.random.default_rng(lot)
    levels = [name for name in MODELLED if Level.parse(name).region == region]
    level = Level.parse(levels[int(draw_lot.integers(len(levels)))])
    pool = [key for key in _POOL[region] if kinds()[key].occurs_at(level)]
    chosen = draw_lot.choice(len(pool), size=round(5 * severity), replace=False)
    found = [_lesion(pool[i], level, side, severity, draw_lot) for i in chosen]
    return Segment.sampled(level, lot).with_lesions(*found)


def _lesion(key: str, level: Level, side: str, severity: float, lot: np.random.Generator) -> Lesion:
    kind = kinds()[key]
    zone = "foraminal" if key == "herniation" else ""
    own_side = side if kind.sides else ""
    # The neck is tight: what counts as severe fills its foramen. The low back has room for the largest.
    most = min(kind.amounts["severe"], kind.most(level)) if level.region == "cervical" else kind.most(level)
    mm = most * float(lot.uniform(0.2 + 0.6 * severity, 0.5 + 0.5 * severity))
    return lesion(key, int(10 * mm) / 10, zone=zone, side=own_side)


def draw(system: str, difficulty: str, seed: int) -> Task:
    """Draw a task: a grade is wished for by lot, and the best of a few states is taken.

    Raises
    ------
    InvalidInput
        If the system, the difficulty or the seed is none.
    """
    system, difficulty = check(system, difficulty, seed)
    lot = np.random.default_rng([seed, list(SYSTEMS).index(system)])
    wished = int(lot.integers(NONE if system == "Lee 2010" else 0, len(SCALES[system])))
    best, least = None, np.inf
    for task in _candidates(system, difficulty, seed, (wished, lot)):
        miss = _miss(task, wished)
        if miss < least:
            best, least = task, miss
        if not miss:
            break
    if best is None:
        raise InvalidInput(f"No image could be drawn for the seed {seed}; choose another one.")
    return best


def _candidates(system: str, difficulty: str, seed: int, wish: tuple[int, np.random.Generator]) -> Iterator[Task]:
    """Yield states about as severe as the wished grade needs."""
    wished, lot = wish
    middle = 0.4 if wished == NONE else wished * _NEEDED.get(system, 1.0) / (len(SCALES[system]) - 1)
    for number in range(_TRIES):
        side = "left" if lot.integers(2) else "right"
        severity = float(np.clip(middle + lot.uniform(-0.25, 0.25), 0.0, 1.0))
        yield Task(system, difficulty, seed, _SPREAD * seed + number, side, severity)


def _miss(task: Task, wished: int) -> float:
    """How far a state lies from what is wished for: grades off, and two more where it is not as clear."""
    low, high = DIFFICULTIES[task.difficulty].clear
    off = abs(task.truth.rank - wished)
    return off + (0.0 if low <= task.margin <= high else 2.0)


def check(system: object, difficulty: object, seed: object) -> tuple[str, str]:
    """Return system and difficulty in their own spelling; raise InvalidInput where one, or the seed, does not exist."""
    found = one_of(system, SYSTEMS, "system to practise"), one_of(difficulty, DIFFICULTIES, "difficulty")
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**31:
        raise InvalidInput(f"The seed {seed!r} is not possible; choose a whole number from 0 upward.")
    return found


# Answers, and what they add up to ------------------------------------------------------------------


@dataclass(frozen=True)
class Graded:
    """One graded image: its seed, the model's rank and the learner's; :data:`NONE` where there is no grade."""

    seed: int
    truth: int
    given: int


@dataclass(frozen=True)
class Rounds:
    """What one learner did with one system at one difficulty.

    Attributes
    ----------
    system, difficulty : str
        What is practised.
    seed : int
        Of the first image; the next one has the next seed.
    drawn : int
        Images drawn so far in the first pass, the present one too.
    done : tuple of Graded
        First pass.
    queue : tuple of int
        Seeds to be graded again; the first is the present one, and the last one stays until the next image.
    again : tuple of Graded
        Second pass.
    given : int or None
        Answer to the present image, None while it is open.
    """

    system: str
    difficulty: str
    seed: int
    drawn: int = 1
    done: tuple[Graded, ...] = ()
    queue: tuple[int, ...] = ()
    again: tuple[Graded, ...] = ()
    given: int | None = None

    @property
    def second(self) -> bool:
        """Whether the present image is one of those that are graded again, and still open."""
        return bool(self.queue) and self.given is None

    @property
    def present(self) -> int:
        """Seed of the present image."""
        return self.queue[0] if self.queue else self.seed + self.drawn - 1

    def answered(self, given: int, truth: int) -> Rounds:
        """Return the rounds with an answer to the present image; in the second pass the next image follows at once.

        Raises
        ------
        InvalidInput
            If it has been answered, or the grade is not one of the system's.
        """
        if self.given is not None:
            raise InvalidInput("This image has been graded; press Next for another one.")
        if not NONE <= given < len(SCALES[self.system]):
            raise InvalidInput(f"{self.system} has no grade {given!r}; choose one of its grades, or that it has none.")
        entry = Graded(self.present, truth, given)
        if self.queue:
            # Between the images of the second pass nothing is told; after the last one all is.
            last = len(self.queue) == 1
            after = replace(self, again=(*self.again, entry), given=given if last else None)
            return after if last else replace(after, queue=self.queue[1:])
        return replace(self, done=(*self.done, entry), given=given)

    def next(self) -> Rounds:
        """Return the rounds with a new image."""
        return replace(self, drawn=self.drawn + 1, queue=(), given=None)

    def same_again(self) -> Rounds:
        """Return the rounds with the last ten images to be graded again, in another order.

        Raises
        ------
        InvalidInput
            If fewer than ten have been graded.
        """
        if len(self.done) < SET:
            raise InvalidInput(f"Grade {SET} images first; {len(self.done)} are done.")
        seeds = [one.seed for one in self.done[-SET:]]
        order = np.random.default_rng(self.seed).permutation(SET)
        return replace(self, queue=tuple(seeds[i] for i in order), again=(), given=None)

    def with_model(self, weights: str = "linear") -> Kappa | None:
        """Return the learner's agreement with the model, over images that both gave a grade."""
        found = [(one.truth, one.given) for one in self.done if NONE not in {one.truth, one.given}]
        return weighted_kappa(found, len(SCALES[self.system]), weights)

    def with_self(self, weights: str = "linear") -> Kappa | None:
        """Return the learner's agreement with the learner, over images graded twice."""
        first = {one.seed: one.given for one in self.done}
        found = [(first[one.seed], one.given) for one in self.again if NONE not in {first[one.seed], one.given}]
        return weighted_kappa(found, len(SCALES[self.system]), weights)

    @property
    def right(self) -> int:
        """Images on which the learner said what the model says."""
        return sum(one.truth == one.given for one in self.done)


# What is published ---------------------------------------------------------------------------------


def criteria(system: str) -> dict[str, str]:
    """Return the published words of each grade of a system; those to be confirmed are marked."""
    rows = [row for row in grading() if row.system.startswith(system)]
    return {row.grade: row.criteria if row.citable else f"{row.criteria} (wording to be confirmed)" for row in rows}


def published(system: str, *, same_reader: bool) -> tuple[Agreement, ...]:
    """Return the published kappas of a system: between readers, or of one reader twice."""
    start = ("intra",) if same_reader else ("inter", "across")
    return tuple(
        row
        for row in agreement()
        if row.citable
        and row.statistic == "kappa"
        and row.system.startswith(system)
        and row.comparison.startswith(start)
    )
