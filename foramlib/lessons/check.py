"""Whether this machine is ready for the lessons, in plain words."""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from sysconfig import get_paths
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.lessons.launcher import FIRST_LESSON, check_port
from foramlib.lessons.workspace import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    shadows = list(_shadows(folder))
    if shadows:
        # Nothing that is imported can be judged while another file stands in for it.
        return [_python(), *shadows]
    packages, place = list(_packages()), _place(folder)
    found = [_python(), *packages, _lessons(), place]
    if not any(finding.advice for finding in (*packages, place)):
        found += [_measured(), *_kernel(place_of(folder))]
    return [*found, _browser(), _port()]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info >= _OLDEST_PYTHON:
        return Finding("Python", version)
    return Finding("Python", version, "Install Python 3.11 to 3.14 and start again with it.")


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


def _shadows(folder: Path) -> Iterator[Finding]:
    """Name files that stand in for a package: where the program was started, and where a lesson runs."""
    known = frozenset(metadata.packages_distributions()) | sys.stdlib_module_names
    with suppress(OSError, InvalidInput):
        here, copy = Path.cwd(), place_of(folder)
        # A program that was started by its own name does not look where it was started; a kernel always does.
        started = [here] if {"", str(here)} & set(sys.path) else []
        for path in (path for place in dict.fromkeys([*started, copy]) if place.is_dir() for path in place.iterdir()):
            module = path.stem if path.suffix == ".py" else path.name if (path / "__init__.py").is_file() else ""
            if module in known and not _is_installed(path):
                advice = f"Rename {path}: Python takes it for {module}, which the lessons need."
                yield Finding(path.name, f"stands in the way of {module}", advice)


def _is_installed(path: Path) -> bool:
    """Tell whether a package is where it is meant to be: with the others of this Python, or foramlib in its folder."""
    whole, own = path.resolve(), Path(__file__).resolve().parent.parent
    return whole == own or whole.parent in {Path(place).resolve() for place in get_paths().values()}


def _place(folder: Path) -> Finding:
    def write() -> None:
        whole = place_of(folder).absolute()
        tempfile.TemporaryFile(dir=next(path for path in (whole, *whole.parents) if path.exists())).close()

    problem = _problem(write)
    if problem is None:
        return Finding("folder for your copy", str(place_of(folder)))
    return Finding("folder for your copy", f"{folder} ({problem})", "Choose a folder of your own with --into.")


def _measured() -> Finding:
    from foramlib.spine.foramen import measure  # noqa: PLC0415 - the model is heavy, and only this check needs it
    from foramlib.spine.segment import Segment  # noqa: PLC0415

    problem = _problem(lambda: measure(Segment.at("C5/6")))
    if problem is None:
        return Finding("a measurement", "done")
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("a measurement", f"fails ({problem})", f"Try another Python than {version}, and report this line.")


def _kernel(folder: Path) -> Iterator[Finding]:
    """Try what the lab needs: folders for Jupyter, and a kernel that has foramlib."""
    from foramlib.lessons.kernel import check_folders, try_kernel  # noqa: PLC0415 - heavy, and not there in a browser

    problem = _problem(check_folders)
    if problem is not None:
        yield Finding("folders for Jupyter", "missing", problem)
        return
    yield Finding("folders for Jupyter", "found")
    problem = _problem(lambda: try_kernel(folder))
    if problem is None:
        yield Finding("kernel", "starts, and imports foramlib")
    else:
        yield Finding("kernel", problem, "Install foramlib again, and start it with the same Python.")


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
