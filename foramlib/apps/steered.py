"""What the apps of the model share: controls ask for a state, and one that is refused becomes a sentence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from foramlib.apps.controls import Assembled
from foramlib.apps.states import not_drawn
from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Steered"]


class Steered(Assembled):
    """An app that draws the state its controls ask for; a refusal is said, and the last good state stays.

    A subclass gives ``_fit``, which brings the controls in line with the state in force.

    Attributes
    ----------
    strict : bool
        Raise what goes wrong instead of saying it; for tests.
    view
        The picture, whose ``message`` says what was refused.
    """

    strict: bool
    view: Any

    def _fit(self) -> None:
        """Bring every control in line with the state, without being called back for it."""
        raise NotImplementedError

    @contextmanager
    def _saying_refusals(self) -> Iterator[None]:
        """Make and draw a state within; the one place where a refusal becomes a sentence."""
        try:
            yield
        except InvalidInput as problem:
            self._refuse(problem, str(problem))
        except Exception as problem:  # noqa: BLE001 - a class must go on; tests are strict
            self._refuse(problem, self._fault(problem))

    def _fault(self, problem: Exception) -> str:
        """Say that a fault of our own kept the state from being shown."""
        return not_drawn(problem)

    def _refuse(self, problem: Exception, sentence: str) -> None:
        self._fit()
        self.view.message = sentence
        if self.strict and not isinstance(problem, InvalidInput):
            raise problem
