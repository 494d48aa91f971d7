"""Slow programs whose outcome a test reads: begun when the tests begin, one at a time, on another core."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

__all__ = ["Early", "begun_early"]


def begun_early(work: Callable[..., object]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test whose work can begin before its turn; the fixture ``early`` waits for what it returned.

    Parameters
    ----------
    work : callable
        Given the test's own parameters. It should wait for another process, or it would hold up the other tests.
    """

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        test.early_work = work  # type: ignore[attr-defined]
        return test

    return mark


class Early:
    """What has been begun, by test."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._begun: dict[str, Future[object]] = {}

    def begin(self, items: Sequence[pytest.Item]) -> None:
        """Begin the work of these tests, in their order."""
        for item in items:
            work = item.function.early_work  # type: ignore[attr-defined]
            params = item.callspec.params if hasattr(item, "callspec") else {}
            self._begun[item.nodeid] = self._pool.submit(work, **params)

    def of(self, item: pytest.Item) -> Any:  # noqa: ANN401 - whatever the test's own work gives
        """Wait for the work of a test."""
        return self._begun[item.nodeid].result()

    def end(self) -> None:
        """Begin nothing more; what runs is waited for."""
        self._pool.shutdown(cancel_futures=True)
