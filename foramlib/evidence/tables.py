"""Read a CSV table into frozen dataclasses, and say in one sentence where it is damaged."""

from __future__ import annotations

import csv
import sys
from dataclasses import fields
from functools import partial
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, get_args

from foramlib.errors import InvalidInput
from foramlib.evidence import records

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    Cell = Callable[[str], object]

__all__ = ["by_key", "read_table"]

Row = TypeVar("Row")
_NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})


def read_table(path: Path, row_type: type[Row], known: Mapping[str, Collection[str]] = _NOTHING) -> tuple[Row, ...]:
    """Read one table.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file in UTF-8 whose header is exactly the field names of `row_type`, in order.
    row_type : type
        A dataclass of `foramlib.evidence.records`.
    known : mapping of str to collection of str
        For a column that points to another table, the keys that exist there.

    Returns
    -------
    tuple
        One `row_type` for each line.

    Raises
    ------
    InvalidInput
        If the file is missing or damaged; the sentence names table, line, column and what is allowed.
    """
    names = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
    cells = [_cell_reader(row_type, str(field.type), known.get(field.name)) for field in fields(row_type)]  # type: ignore[arg-type]
    lines = _lines(path)
    _check_header(path, next(lines, (1, []))[1], names)
    found = tuple(row_type(*_read_row(path, line, row, names, cells)) for line, row in lines)
    _check_unique(path, names[0], found)
    return found


def by_key(rows: Iterable[Row], key: str) -> Mapping[str, Row]:
    """Give the rows by the text in one column, in a mapping that cannot be changed."""
    return MappingProxyType({str(getattr(row, key)): row for row in rows})


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the number of its last line."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            for row in reader:
                yield reader.line_num, row
    except FileNotFoundError:
        raise InvalidInput(
            f"Data table {path.name} is missing; install the package again, or restore the file."
        ) from None
    except UnicodeDecodeError:
        raise InvalidInput(f"Data table {path.name} is not UTF-8 text; restore the file.") from None
    except csv.Error as error:
        raise InvalidInput(
            f"Data table {path.name}, line {reader.line_num}: this is not a CSV line ({error})."
        ) from None


def _check_header(path: Path, header: list[str], names: list[str]) -> None:
    if header != names:
        wrong = sorted(set(header) ^ set(names)) or ["their order"]
        raise InvalidInput(
            f"Data table {path.name}, line 1: the columns must be {', '.join(names)}; "
            f"look at {', '.join(map(repr, wrong))}.",
        )


def _read_row(path: Path, line: int, row: list[str], names: list[str], cells: list[Cell]) -> Iterator[object]:
    if len(row) != len(names):
        raise InvalidInput(
            f"Data table {path.name}, line {line}: {len(row)} cells were found; {len(names)} are needed."
        )
    for name, cell, text in zip(names, cells, row, strict=True):
        try:
            yield cell(text)
        except ValueError as error:
            raise InvalidInput(
                f"Data table {path.name}, line {line}, column {name!r}: {text!r} is not allowed; use {error}.",
            ) from None


def _check_unique(path: Path, name: str, rows: tuple[Row, ...]) -> None:
    if name not in {"id", "source_key"}:
        return
    seen: set[str] = set()
    for row in rows:
        key = str(getattr(row, name))
        if key in seen:
            raise InvalidInput(
                f"Data table {path.name}, column {name!r}: {key!r} stands there twice; every row needs its own."
            )
        seen.add(key)


# -- cells: each reader gives the value, or raises ValueError with what is allowed


def _cell_reader(row_type: type, kind: str, known: Collection[str] | None) -> Cell:
    """Choose the reader of a column by the name of its type, as it was written in the dataclass."""
    if kind in _CELLS:
        return _CELLS[kind] if known is None else partial(_pointer, known, _CELLS[kind])
    home = records if hasattr(records, kind) else sys.modules[row_type.__module__]
    return partial(_choice, _quoted(kind) or get_args(getattr(home, kind)))


def _quoted(kind: str) -> tuple[str, ...]:
    """Give the words of a ``Literal`` that was written out in the dataclass; nothing for a name."""
    if not kind.startswith("Literal["):
        return ()
    return tuple(word.strip("\"' ") for word in kind.removeprefix("Literal[").removesuffix("]").split(","))


def _choice(allowed: tuple[str, ...], text: str) -> str:
    if text not in allowed:
        raise ValueError(f"{', '.join(allowed[:-1])} or {allowed[-1]}")
    return text


def _pointer(known: Collection[str], cell: Cell, text: str) -> object:
    value = cell(text)
    for key in value if isinstance(value, tuple) else (text,):
        if key not in known:
            raise ValueError("a key that the table it points to has")
    return value


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("some text")
    return text


def _number(text: str) -> float | None:
    return _needed_number(text) if text else None


def _needed_number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("a number with a decimal point") from None
    if not isfinite(value):
        raise ValueError("a finite number")
    return value


def _count(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError("a whole number, or nothing")
    return int(text) if text else None


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


_CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        "str": str,
        "Text": _text,
        "Number": _number,
        "float": _needed_number,
        "Count": _count,
        "Ids": _ids,
    },
)
