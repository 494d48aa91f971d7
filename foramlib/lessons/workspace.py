"""A student's working copy of the lessons: handed out, renewed, never overwritten once changed.

A manifest in the working copy remembers the hash of every file as it was handed out. A file that still has that hash
may be replaced by a newer version; any other file is the student's, and the newer version goes beside it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.store import kept, write_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

__all__ = ["MANIFEST", "HandOut", "hand_out", "place_of", "state_folder"]

MANIFEST = "handed_out.json"
_STATE = ".foramlib"
_SKIPPED = frozenset({"__pycache__", ".ipynb_checkpoints"})


@dataclass(frozen=True)
class HandOut:
    """What handing out the lessons did; every name is relative to the working copy.

    Attributes
    ----------
    folder : Path
        The working copy.
    added, renewed, kept : tuple of str
        Files written for the first time, replaced by a newer version, and left alone because the student changed them.
    beside : tuple of (str, str)
        A changed file and the name under which its newer version was put beside it.
    """

    folder: Path
    added: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()

    def sentences(self) -> list[str]:
        """Say in plain words what was done, one sentence each."""
        said = [f"The lessons are in {self.folder}."]
        if self.renewed:
            said.append(f"Replaced by a newer version, as you had not changed them: {', '.join(self.renewed)}.")
        said += [
            f"You changed {name}, so it stays; the new version is beside it as {new}." for name, new in self.beside
        ]
        return said


@dataclass
class _Desk:
    """The running state of one hand-out."""

    folder: Path
    recorded: dict[str, str]
    added: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)

    def receive(self, name: str, content: bytes) -> None:
        """Bring one master file into the working copy."""
        wanted, before = _digest(content), self.recorded.get(name)
        present = _digest_of(self.folder / name)
        if present is None:
            self._write(name, content)
            self.added.append(name)
        elif present == before != wanted:
            self._write(name, content)
            self.renewed.append(name)
        elif present != wanted:
            self._leave(name, content, is_news=before != wanted)
        self.recorded[name] = wanted

    def _leave(self, name: str, content: bytes, *, is_news: bool) -> None:
        """Keep the student's file; put a version not offered before beside it."""
        self.kept.append(name)
        if is_news:
            new = self._free_name(name, _digest(content))
            self._write(new, content)
            self.recorded[new] = _digest(content)
            self.beside.append((name, new))

    def _free_name(self, name: str, wanted: str) -> str:
        """Find a name beside a changed file that overwrites nothing the student may have touched."""
        path, number = Path(name), 1
        while True:
            mark = "new" if number == 1 else f"new{number}"
            new = path.with_name(f"{path.stem}.{mark}{path.suffix}").as_posix()
            present = _digest_of(self.folder / new)
            if present in {None, wanted, self.recorded.get(new)}:
                return new
            number += 1

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self.folder / name, content)

    def result(self) -> HandOut:
        """Sum up."""
        added, renewed, kept = tuple(self.added), tuple(self.renewed), tuple(self.kept)
        return HandOut(self.folder, added, renewed, kept, tuple(self.beside))


def hand_out(masters: Path | Traversable, into: str | os.PathLike[str]) -> HandOut:
    """Bring the lessons into a working copy without touching what a student changed.

    Parameters
    ----------
    masters : Path or Traversable
        The folder of lessons as published; only read.
    into : path
        The working copy; made when missing.

    Returns
    -------
    HandOut
        What was added, renewed, kept and put beside.

    Raises
    ------
    InvalidInput
        When the folder is a file, holds the masters, or cannot be written.
    """
    folder = _prepared(Path(into), masters)
    try:
        desk = _Desk(folder, _recorded(folder))
        for name, content in _files(masters):
            desk.receive(name, content)
        _record(folder, desk.recorded)
    except OSError as problem:
        raise InvalidInput(_unwritable(folder, problem)) from problem
    return desk.result()


def place_of(folder: Path) -> Path:
    """Return where a folder is that was given, with ``~`` for the user's home.

    Raises
    ------
    InvalidInput
        If there is no such home.
    """
    try:
        return folder.expanduser()
    except RuntimeError:
        raise InvalidInput(f"There is no home for {str(folder)!r}; write the folder out with --into.") from None


def state_folder(folder: Path) -> Path:
    """Return the hidden folder of a working copy in which the launcher keeps its own files."""
    return folder / _STATE


def _prepared(folder: Path, masters: Path | Traversable) -> Path:
    """Make the folder, refusing one that would let a lesson change its master."""
    folder = place_of(folder)
    try:
        if isinstance(masters, Path) and folder.resolve().is_relative_to(masters.resolve()):
            raise InvalidInput(f"{folder} is where the lessons themselves are kept; choose another folder with --into.")
        if folder.exists() and not folder.is_dir():
            raise InvalidInput(f"{folder} is a file, not a folder; choose another folder with --into.")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InvalidInput(_unwritable(folder, problem)) from problem
    return folder


def _unwritable(folder: Path, problem: OSError) -> str:
    reason = problem.strerror or type(problem).__name__
    return f"The lessons cannot be written to {folder} ({reason}); choose a folder of your own with --into."


def _files(folder: Path | Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Walk the masters in a fixed order: relative name with forward slashes, and content."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name in _SKIPPED:
            continue
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(path: Path) -> str | None:
    """Hash what is there; None when nothing is."""
    try:
        return _digest(path.read_bytes())
    except FileNotFoundError:
        return None


def _recorded(folder: Path) -> dict[str, str]:
    """Read the manifest; a missing or damaged one knows nothing, so that nothing is overwritten."""
    found, _ = kept(state_folder(folder) / MANIFEST, _digests, "every changed file counts as yours")
    return found or {}


def _digests(stored: object) -> dict[str, str]:
    if not isinstance(stored, dict) or not all(isinstance(part, str) for pair in stored.items() for part in pair):
        raise InvalidInput("The list of what was handed out is damaged.")
    return dict(stored)


def _record(folder: Path, recorded: Mapping[str, str]) -> None:
    text = json.dumps(dict(sorted(recorded.items())), indent=1) + "\n"
    write_whole(state_folder(folder) / MANIFEST, text.encode())
