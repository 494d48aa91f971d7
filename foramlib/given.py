"""What people type: names and numbers, read by one rule wherever they are given.

A name may be written in any case, with blanks around it, and with a blank, a hyphen or an underscore between its words.
A number may have blanks around it and a minus sign as printed in books. A comma separates, so a decimal comma is
refused, and the sentence says how to write the number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["as_typed", "number_of", "one_of", "whole_of"]

_DASHES = re.compile(r"[‐‑‒–—−]")
_BETWEEN = re.compile(r"[\s_-]+")
_COMMA = re.compile(r"([+-]?\d+),(\d+)")


def as_typed(text: str) -> str:
    """Return a text without what does not matter: blanks around it, and which of the dashes was taken.

    Examples
    --------
    >>> as_typed(" −5 ")
    '-5'
    """
    return _DASHES.sub("-", text.strip())


def _plain(text: str) -> str:
    return _BETWEEN.sub("-", as_typed(text)).casefold()


def one_of(
    given: object, known: Iterable[str], what: str, *, also: Mapping[str, str] | None = None, hint: str = ""
) -> str:
    """Return the one of the known names that is meant, in its own spelling.

    Parameters
    ----------
    given : object
        What was given.
    known : iterable of str
        Every name that is allowed.
    what : str
        What is named, for the sentence, such as ``"sequence"``.
    also : mapping of str to str, optional
        Other words for known names.
    hint : str
        What to do, where a list of the names is not the best answer.

    Raises
    ------
    InvalidInput
        If none is meant.

    Examples
    --------
    >>> one_of(" Posterior open", ["posterior-open", "wiltse"], "operation")
    'posterior-open'
    """
    names = tuple(known)
    if isinstance(given, str):
        if given in names:
            return given
        meant = {_plain(word): name for word, name in (also or {}).items()} | {_plain(name): name for name in names}
        if _plain(given) in meant:
            return meant[_plain(given)]
    raise InvalidInput(f"There is no {what} {given!r}; {hint or 'choose one of ' + ', '.join(names)}.")


def number_of(given: object) -> float:
    """Read a number.

    Returns
    -------
    float
        Any that Python knows; whether it is possible is for the reader to judge.

    Raises
    ------
    InvalidInput
        If it is none, or is written with a decimal comma.

    Examples
    --------
    >>> number_of("−5.5")
    -5.5
    """
    text = as_typed(str(given))
    comma = _COMMA.fullmatch(text)
    if comma:
        raise InvalidInput(f"{given!r} has a comma; with a decimal point it is {comma[1]}.{comma[2]}.")
    try:
        return float(text)
    except ValueError:
        raise InvalidInput(f"{given!r} is not a number; write it like 4 or -2.5.") from None


def whole_of(given: object) -> int:
    """Read a whole number.

    Raises
    ------
    InvalidInput
        If it is none.
    """
    try:
        return int(as_typed(str(given)))
    except ValueError:
        raise InvalidInput(f"{given!r} is not a whole number; write it like 7.") from None
