"""The one error that a person meets: bad input, said in one sentence."""

from __future__ import annotations

__all__ = ["InvalidInput"]


class InvalidInput(ValueError):  # noqa: N818 - it names what happened, as a sentence would
    """Something that was given cannot be used.

    The message is one sentence that names what was given and what is allowed. The command line prints it and ends
    with exit code 2; an app shows it and keeps its last good state.

    Examples
    --------
    >>> raise InvalidInput("Level 'C9/10' is not known; choose C5/6 or L4/5.")
    Traceback (most recent call last):
    ...
    foramlib.errors.InvalidInput: Level 'C9/10' is not known; choose C5/6 or L4/5.
    """

    def _render_traceback_(self) -> list[str]:
        """Give what a notebook prints in place of a traceback: the sentence, as it is meant for a person."""
        return [str(self)]
