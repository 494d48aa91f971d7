"""A round of practice: one task after another, each answered once, and what was missed comes back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.learning.practice import find, localise, roots
from foramlib.learning.practice.find import FindTask, find_task
from foramlib.learning.practice.localise import LocaliseTask, localise_task, localise_task_of
from foramlib.learning.practice.progress import Progress
from foramlib.learning.practice.roots import RootTask, root_task, root_task_of
from foramlib.spine.levels import MODELLED, Level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from foramlib.learning.practice.find import Views

__all__ = ["KINDS", "RECENT", "Round", "read_levels"]

KINDS = ("find", "name", "roots", "localise")
"""Point at a named structure, name a marked one, which root at which level, and whole cases to localise."""

RECENT = 4
"""A new task is none of the last so many."""

Task = FindTask | RootTask | LocaliseTask


@dataclass(frozen=True)
class Answer:
    """What was done with a task: what was chosen (an id or a place among options), and whether it was right.

    Attributes
    ----------
    chosen : str or int or None
        None where the learner asked to be shown.
    right : bool
        Whether it was right.
    """

    chosen: str | int | None
    right: bool


@dataclass(frozen=True, eq=False)
class Round:
    """One learner's way through the tasks; every step gives a new one.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    levels : tuple of str
        Levels that are asked about.
    seed : int
        Where the tasks come from: the same seed and the same answers give the same tasks.
    progress : Progress
        Counts and boxes.
    task : FindTask, RootTask or LocaliseTask
        What is in front of the learner.
    again : bool
        Whether it has come back.
    answer : Answer or None
        What was done with it.
    recent : tuple of str
        Cards of the last tasks, this one last.
    number : int
        How many tasks this round has drawn before this one.
    views : Views or None
        Who makes key views in 3D; None where only sections are asked about.
    """

    kind: str
    levels: tuple[str, ...]
    seed: int
    progress: Progress
    task: Task
    again: bool = False
    answer: Answer | None = None
    recent: tuple[str, ...] = field(default=())
    number: int = 0
    views: Views | None = None

    @staticmethod
    def start(
        kind: object, levels: object, seed: int, progress: Progress | None = None, views: Views | None = None
    ) -> Round:
        """Begin a round.

        Raises
        ------
        InvalidInput
            If the kind, a level or the seed is none.
        """
        kind = one_of(kind, KINDS, "practice")
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise InvalidInput(f"The seed {seed!r} is no whole number; any whole number will do.")
        names, own = read_levels(levels), progress or Progress()
        ask = _Ask(kind, names, views)
        task, again = _drawn(ask, Random(f"{seed}:0"), own, ())  # noqa: S311 - tasks, no secrets
        return Round(kind, names, seed, own, task, again, recent=(task.card,), views=views)

    def point(self, name: object) -> Round:
        """Answer by pointing at a structure."""
        task = self._open()
        if self.kind != "find" or not isinstance(task, FindTask):
            raise InvalidInput("This question is answered by its options, not in the picture.")
        if not isinstance(name, str) or name not in task.section.outlines:
            raise InvalidInput("Mark a structure in the picture first, then answer.")
        return self._answered(name, right=task.accepts(name))

    def choose(self, place: object) -> Round:
        """Answer by choosing an option, by its place from 0."""
        task = self._open()
        if self.kind == "find":
            raise InvalidInput("This question is answered in the picture.")
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(task.options):
            raise InvalidInput("Choose an answer first, then check it.")
        return self._answered(place, right=place == task.right)

    def give_up(self) -> Round:
        """Ask to be shown; it counts as missed, so that it comes back."""
        self._open()
        return self._answered(None, right=False)

    def next(self) -> Round:
        """Go on to the next task: what is due again, else something new."""
        if self.answer is None:
            raise InvalidInput("Answer first, or ask to be shown; then go on.")
        number = self.number + 1
        luck = Random(f"{self.seed}:{number}")  # noqa: S311 - tasks, no secrets
        task, again = _drawn(_Ask(self.kind, self.levels, self.views), luck, self.progress, self.recent)
        recent = (*self.recent, task.card)[-RECENT:]
        return replace(self, task=task, again=again, answer=None, recent=recent, number=number)

    def switched(self, kind: str) -> Round:
        """Ask for the same structures the other way: find them, or name them; an open task stays."""
        if {"roots", "localise"} & {kind, self.kind} or kind not in KINDS:
            raise InvalidInput(f"This practice cannot turn into {kind!r}; find and name belong together.")
        return replace(self, kind=kind)

    def _open(self) -> Task:
        if self.answer is not None:
            raise InvalidInput("This task is answered; press 'Next' to go on.")
        return self.task

    def _answered(self, chosen: str | int | None, *, right: bool) -> Round:
        progress = self.progress.after(self.task.card, right=right)
        return replace(self, answer=Answer(chosen, right), progress=progress)


@dataclass(frozen=True)
class _Ask:
    """What is asked about."""

    kind: str
    levels: tuple[str, ...]
    views: Views | None

    @property
    def parts(self) -> tuple[str, ...]:
        """Limbs whose roots leave at these levels: arm for the neck, leg for the low back."""
        regions = {Level.parse(name).region for name in self.levels}
        return tuple(part for part, where in (("arm", "cervical"), ("leg", "lumbar")) if where in regions)

    def takes(self, card: str) -> bool:
        """Whether a card can return here."""
        if self.kind == "localise":
            return localise.matches(card, self.parts)
        if self.kind == "roots":
            return roots.matches(card, self.levels)
        return find.matches(card, self.levels, self.views)

    def task(self, luck: Random, due: str, recent: Collection[str]) -> Task:
        """Draw the task of a card that is due, or with none something new."""
        if self.kind == "localise":
            return localise_task_of(luck, due, self.parts) if due else localise_task(luck, self.parts, recent)
        if self.kind == "roots":
            return root_task_of(luck, due) if due else root_task(luck, self.levels, recent)
        return find_task(luck, self.levels, due, recent, self.views)


def _drawn(ask: _Ask, luck: Random, progress: Progress, recent: Collection[str]) -> tuple[Task, bool]:
    """Draw what is due, else something new; and say whether it came back."""
    last = tuple(recent)[-1:]
    due = progress.boxes.due(progress.answered, lambda card: card not in last and ask.takes(card))
    task = ask.task(luck, due or "", recent)
    return task, task.card == due


def read_levels(levels: object) -> tuple[str, ...]:
    """Read one level or several, in any spelling; None stands for every level of the model.

    Raises
    ------
    InvalidInput
        If one is unknown, or there is none.
    """
    if levels is None:
        return tuple(MODELLED)
    given: Iterable[object] = [levels] if isinstance(levels, str) or not hasattr(levels, "__iter__") else levels
    found = tuple(dict.fromkeys(Level.parse(level).name for level in given))
    if not found:
        raise InvalidInput(f"Practice needs at least one level; choose from {', '.join(MODELLED)}.")
    return found
