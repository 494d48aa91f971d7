"""Long work in slices on the event loop, so that nothing else has to wait for it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from foramlib.spine.mesh import run

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["Slices"]

SLICE_S, PAUSE_S = 0.008, 0.004
"""Work goes on for this long (and to the end of its step), then rests: what waits comes first."""


class Slices:
    """One piece of work at a time; a newer one drops the older.

    Parameters
    ----------
    failed : callable
        Told of what went wrong in work that nobody waits for.
    quiet_s : float
        New work starts after this rest, so that a drag does not begin it at every step.
    """

    def __init__(self, failed: Callable[[Exception], None], quiet_s: float = 0.12) -> None:
        self.failed = failed
        self.quiet_s = quiet_s
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether work is under way."""
        return self._task is not None and not self._task.done()

    def start(self, steps: Generator[None, None, Any], done: Callable[[Any], None]) -> None:
        """Begin work and drop what was under way; without a running event loop it is done at once.

        Parameters
        ----------
        steps : generator
            The work; what it returns goes to `done`.
        done : callable
            Takes the result.
        """
        self.drop()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            done(run(steps))
            return
        self._task = loop.create_task(self._go(steps, done))

    def drop(self) -> None:
        """Forget the work under way."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _go(self, steps: Generator[None, None, Any], done: Callable[[Any], None]) -> None:
        await asyncio.sleep(self.quiet_s)
        try:
            while not _advance(steps, done):  # noqa: ASYNC110 - a rest between slices, nothing is waited for
                await asyncio.sleep(PAUSE_S)
        except Exception as problem:  # noqa: BLE001 - whoever started it has long gone on
            self.failed(problem)


def _advance(steps: Generator[None, None, Any], done: Callable[[Any], None]) -> bool:
    """Work for one slice; True when all is done."""
    end = time.perf_counter() + SLICE_S
    while time.perf_counter() < end:
        try:
            next(steps)
        except StopIteration as finished:
            done(finished.value)
            return True
    return False
