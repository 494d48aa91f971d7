"""Whether this machine is ready for the lessons, in plain words."""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from dataclasses import dataclass
from importlib import import_module, metadata
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.lessons.launcher import FIRST_LESSON, check_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Finding", "check_machine"]

_OLDEST_PYTHON = (3, 11)
_USUAL_PORT = 8888
# Distribution -> the module whose import proves that it works.
_NEEDED = (
    ("numpy", "numpy"),
    ("shapely", "shapely"),
    ("contourpy", "contourpy"),
    ("matplotlib", "matplotlib.figure"),
    ("pyyaml", "yaml"),
    ("ipywidgets", "ipywidgets"),
    ("anywidget", "anywidget"),
    ("jupyterlab", "jupyterlab.labapp"),
    ("ipykernel", "ipykernel"),
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    name : str
        What was looked at.
    state : str
        What was found, in a few words.
    advice : str
        What to do about it; empty when there is nothing to do.
    needed : bool
        Whether the lessons cannot run without it.
    """

    name: str
    state: str
    advice: str = ""
    needed: bool = True

    @property
    def mark(self) -> str:
        """Return ``ok``, ``note`` or ``no``."""
        if not self.advice:
            return "ok"
        return "no" if self.needed else "note"

    def sentence(self) -> str:
        """Return the line that a person reads."""
        line = f"{self.mark:<5} {self.name}: {self.state}"
        return f"{line}\n      -> {self.advice}" if self.advice else line


def check_machine(folder: Path) -> list[Finding]:
    """Look at everything that the lessons need.

    Parameters
    ----------
    folder : Path
        Where the working copy would be.

    Returns
    -------
    list of Finding
        In the order in which problems are best solved; the machine is ready when none has the mark ``no``.
    """
    return [_python(), *_packages(), _lessons(), _place(folder), _browser(), _port()]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info >= _OLDEST_PYTHON:
        return Finding("Python", version)
    return Finding("Python", version, "Install Python 3.11 or newer and start again with it.")


def _packages() -> Iterator[Finding]:
    for distribution, module in _NEEDED:
        problem = _problem(lambda module=module: import_module(module))  # type: ignore[misc]
        if problem is None:
            yield Finding(distribution, metadata.version(distribution))
        else:
            advice = f"Install it again: python -m pip install --force-reinstall {distribution}"
            yield Finding(distribution, f"does not load ({problem})", advice)


def _lessons() -> Finding:
    from foramlib.evidence import notebooks_path  # noqa: PLC0415 - only this check reads the masters

    found = _problem((notebooks_path() / FIRST_LESSON).read_bytes)
    if found is None:
        return Finding("lessons", "found")
    return Finding("lessons", f"not found ({found})", "Install foramlib again; its lessons are missing.")


def _place(folder: Path) -> Finding:
    parent = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    problem = _problem(lambda: tempfile.TemporaryFile(dir=parent).close())
    if problem is None:
        return Finding("folder for your copy", str(folder))
    return Finding("folder for your copy", f"{folder} ({problem})", "Choose a folder of your own with --into.")


def _browser() -> Finding:
    problem = _problem(webbrowser.get)
    if problem is None:
        return Finding("browser", "found")
    advice = "Start with 'foramlib lab --no-browser' and open the address that it prints."
    return Finding("browser", "none found", advice, needed=False)


def _port() -> Finding:
    try:
        check_port(_USUAL_PORT)
    except InvalidInput:
        advice = "Nothing to do: the next free port is taken, or choose one with --port."
        return Finding(f"port {_USUAL_PORT}", "in use", advice, needed=False)
    return Finding(f"port {_USUAL_PORT}", "free")


def _problem(attempt: Callable[[], object]) -> str | None:
    """Try something; return in a few words why it failed, or None."""
    try:
        attempt()
    except Exception as problem:  # noqa: BLE001 - whatever fails here is what the person needs to hear
        words = str(problem).partition(os.linesep)[0]
        return words or type(problem).__name__
    return None
