"""A bar for what takes more than a moment: it comes late, and goes when the work is done."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from IPython.core.display_functions import DisplayHandle

__all__ = ["Progress"]

PATIENCE_S = 2.0
"""Work that will be done within this time shows no bar."""

_TOLD_EVERY_S = 0.2
_GLANCE_S = 0.3  # so long the speed is watched before one says how long it will take


class Progress:
    """Shows how far a computation is, with a name of its own for those who do not see the bar.

    Parameters
    ----------
    label : str
        What is being done.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self._start = self._last = time.monotonic()
        self._handle: DisplayHandle | None = None

    def __enter__(self) -> Self:
        """Start the clock."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._handle is not None:
            self._handle.update({"text/html": "", "text/plain": ""}, raw=True)  # type: ignore[no-untyped-call]

    def told(self, done: int, total: int) -> None:
        """Take note that `done` of `total` steps are done; the bar is drawn at most five times a second.

        Before the first step is done nobody knows how long it will take: the bar comes when the patience is over.
        """
        now = time.monotonic()
        spent = now - self._start
        late = spent > PATIENCE_S if done <= 0 else spent > _GLANCE_S and spent / done * total > PATIENCE_S
        if not late or now - self._last < _TOLD_EVERY_S:
            return
        self._last = now
        if self._handle is not None or _in_notebook():
            self._show(done, total)

    def _show(self, done: int, total: int) -> None:
        words = f"{self.label}: {done} of {total}"
        page = {"text/plain": words, "text/html": _bar(self.label, words, done / total if total else 1.0)}
        if self._handle is not None:
            self._handle.update(page, raw=True)  # type: ignore[no-untyped-call]
            return
        from IPython.display import display  # noqa: PLC0415 - only a long computation needs it

        self._handle = display(page, raw=True, display_id=True)  # type: ignore[no-untyped-call]


def _in_notebook() -> bool:
    """Tell whether a notebook listens; a script gets no bar."""
    from IPython import get_ipython  # noqa: PLC0415 - only a long computation needs it

    return hasattr(get_ipython(), "kernel")


def _bar(label: str, words: str, share: float) -> str:
    return f'<progress aria-label="{escape(label)}" max="1" value="{share:.3f}"></progress> {escape(words)}'
