"""Read hand-written YAML into checked fields; every complaint names the file, the item and the field."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Record", "parse_records"]


@dataclass(frozen=True)
class Record:
    """One YAML mapping that knows where it stands.

    Parameters
    ----------
    where : str
        The place in words, for example ``"data/items/01.yaml, item '01-back-wall'"``.
    fields : Mapping[str, object]
        The mapping as YAML gave it.
    """

    where: str
    fields: Mapping[str, object]

    def only(self, *allowed: str) -> None:
        """Refuse a field that nobody reads: it is a spelling mistake."""
        for key in self.fields:
            if key not in allowed:
                raise InvalidInput(f"{self.where}: the field {key!r} is not known; allowed are {', '.join(allowed)}.")

    def needs(self, *keys: str) -> None:
        """Refuse a record that lacks a field."""
        for key in keys:
            if key not in self.fields:
                raise InvalidInput(f"{self.where}: the field {key!r} is missing.")

    def text(self, key: str, default: str | None = None) -> str:
        """Give a field that must be text."""
        value = self.fields.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise InvalidInput(f"{self.where}: the field {key!r} must be text, but it is {value!r}.")
        return value.strip()

    def number(self, key: str, default: float | None = None) -> float:
        """Give a field that must be a finite number, or the default (which may be infinite)."""
        if key not in self.fields and default is not None:
            return default
        value = self.fields.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InvalidInput(f"{self.where}: the field {key!r} must be a number, but it is {value!r}.")
        return float(value)

    def flag(self, key: str) -> bool:
        """Give a field that is true or false, false when absent."""
        value = self.fields.get(key, False)
        if not isinstance(value, bool):
            raise InvalidInput(f"{self.where}: the field {key!r} must be true or false, but it is {value!r}.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a field that must be a list of texts with at least one entry."""
        value = self.fields.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(entry, str) for entry in value):
            raise InvalidInput(f"{self.where}: the field {key!r} must be a list of texts, but it is {value!r}.")
        return tuple(value)

    def record(self, key: str) -> Record:
        """Give a field that must be a mapping."""
        return _as_record(f"{self.where}, {key}", self.fields.get(key))

    def records(self, key: str) -> list[Record]:
        """Give a field that must be a list of mappings with at least one entry."""
        value = self.fields.get(key)
        if not isinstance(value, list) or not value:
            raise InvalidInput(f"{self.where}: the field {key!r} must be a list, but it is {value!r}.")
        return [_as_record(_place(self.where, key, number, entry), entry) for number, entry in enumerate(value, 1)]


def _place(where: str, key: str, number: int, entry: object) -> str:
    """Name an entry of a list: by its id where it has one, else by its number."""
    singular = key.removesuffix("s")
    name = entry.get("id") if isinstance(entry, dict) else None
    return f"{where}, {singular} {name!r}" if name else f"{where}, {singular} {number}"


def _as_record(where: str, value: object) -> Record:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise InvalidInput(f"{where} must be a list of named fields, but it is {value!r}.")
    return Record(where, value)


def parse_records(text: str, where: str) -> Record:
    """Parse YAML text that stands at ``where`` (a place named in complaints)."""
    import yaml  # noqa: PLC0415 - only needed when a question is asked

    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise InvalidInput(
            f"{where}{line}: the file cannot be read as YAML; check its indentation, and whether a text holds a colon."
        ) from problem
    return _as_record(where, value)
