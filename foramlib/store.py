"""How a learner's work is kept in files: written whole or not at all, and never lost when it is damaged."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["keep", "kept", "put_aside", "read_plain", "write_whole"]

Found = TypeVar("Found")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it, so that what stands there is either the old file or the new one.

    Folders that are missing are made.

    Raises
    ------
    OSError
        If the place cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # mkstemp makes a private file; a learner's work is an ordinary one.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def keep(path: Path, data: object, what: str) -> Path:
    """Keep plain data as JSON.

    Parameters
    ----------
    path : Path
        Where.
    data : object
        What :mod:`json` can write.
    what : str
        What it is, as the beginning of a sentence, such as ``"Your text"``.

    Raises
    ------
    InvalidInput
        If the place cannot be written to.
    """
    try:
        write_whole(path, (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise InvalidInput(f"{what} cannot be kept in {path.name} ({reason}).") from problem
    return path


def read_plain(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Read a learner's JSON file, with or without the mark that some editors put in front.

    Raises
    ------
    InvalidInput
        If it cannot be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise InvalidInput(f"The file {path.name} cannot be read ({problem.strerror}).") from problem
    except (ValueError, RecursionError) as problem:
        raise InvalidInput(f"The file {path.name} is damaged; it is no JSON.") from problem


def kept(path: Path, read: Callable[[Any], Found], afresh: str) -> tuple[Found | None, str]:
    """Return what a learner's file holds; a damaged one is put aside, and a sentence says so.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    read : callable
        Makes of plain data what is wanted, or raises InvalidInput.
    afresh : str
        What happens without the file, such as ``"the patient starts afresh"``.

    Returns
    -------
    found : object or None
        What `read` made; None where there is no file, or a damaged one.
    remark : str
        What the learner must be told; empty where all is well.
    """
    if not os.path.lexists(path):
        return None, ""
    try:
        return read(read_plain(path)), ""
    except InvalidInput as problem:
        said = str(problem).rstrip(".")
    aside = put_aside(path)
    stays = f"it is kept as {aside.name}" if aside else "it is left as it is"
    return None, f"{said}; {stays}, and {afresh}."


def put_aside(path: Path) -> Path | None:
    """Give a file a new name of its own, never that of another one; None where that is not possible."""
    for number in count(1):
        aside = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
        try:
            aside.open("xb").close()  # the name is taken before anything is moved, so that nobody else can have it
        except FileExistsError:
            continue
        except OSError:
            return None
        try:
            return path.replace(aside)
        except OSError:
            with contextlib.suppress(OSError):
                aside.unlink()
            return None
    return None  # pragma: no cover - there is always another number
