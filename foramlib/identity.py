"""Identities: whatever is named by a hash is named by all that distinguishes it, and by nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite

from foramlib.errors import InvalidInput

__all__ = ["fingerprint"]


def fingerprint(*parts: object) -> str:
    """Return the hash of some values, the same on every machine and day.

    Parameters
    ----------
    *parts
        Texts, numbers, days, None, bytes; tuples, lists and mappings of them; and records of them (dataclasses), of
        which every field counts that two of them are compared by. Numbers that are equal count as the same.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    InvalidInput
        If a value is of a kind whose content cannot be told.

    Examples
    --------
    >>> fingerprint("a", 1) == fingerprint("a", 1.0), fingerprint("ab") == fingerprint("a", "b")
    (True, False)
    """
    return hashlib.sha256(json.dumps([_plain(part) for part in parts]).encode()).hexdigest()


def _plain(part: object) -> object:
    """Make plain lists and texts of a value, so that two give the same only if they are equal."""
    found: object
    match part:
        case None | bool() | str():
            found = part
        case int() | float():
            # Exact, and the same for 1 and 1.0, or 0.0 and -0.0.
            found = ["number", *map(str, part.as_integer_ratio() if isfinite(part) else (part,))]
        case bytes():
            found = ["bytes", hashlib.sha256(part).hexdigest()]
        case date():
            found = ["day", part.isoformat()]
        case tuple() | list():
            found = ["list", *map(_plain, part)]
        case Mapping():
            found = ["mapping", *sorted([str(key), _plain(value)] for key, value in part.items())]
        case _ if is_dataclass(part) and not isinstance(part, type):
            found = [
                type(part).__name__,
                *([one.name, _plain(getattr(part, one.name))] for one in fields(part) if one.compare),
            ]
        case _:
            kind = type(part).__name__
            raise InvalidInput(f"A value of type {kind} has no identity; give texts, numbers, days or records of them.")
    return found
