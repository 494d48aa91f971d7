"""The package runs on every CPython that it claims, not only on the one at hand."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import foramlib

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 14)

# What a learner meets first: the model and its measures, files, commands. A few minutes on one core.
CORE = (
    "tests/spine/test_foramen.py",
    "tests/spine/test_lesions.py",
    "tests/spine/test_section.py",
    "tests/exchange",
    "tests/recovery/test_planner.py",
    "tests/test_cli.py",
    "tests/test_given.py",
    "tests/test_identity.py",
    "tests/test_interpreters.py",
    "tests/test_store.py",
)

# Names that a comprehension binds and its sibling means otherwise.

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp
"""What Python 3.12 and later runs inside the function it stands in; a generator expression keeps a frame of its own."""

FRAMES = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)


def inside(frame: ast.AST) -> Iterator[ast.AST]:
    """Walk what belongs to a frame, and not to a function or class within it."""
    for child in ast.iter_child_nodes(frame):
        yield child
        if not isinstance(child, (*FRAMES, ast.ClassDef)):
            yield from inside(child)


def names(nodes: Iterator[ast.AST], *contexts: type[ast.expr_context]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, contexts)}


def bound(comprehension: Comprehension) -> set[str]:
    """Names that a comprehension binds itself."""
    return {name for generator in comprehension.generators for name in names(ast.walk(generator.target), ast.Store)}


def nested(frame: ast.AST, around: frozenset[str] = frozenset()) -> Iterator[tuple[Comprehension, frozenset[str]]]:
    """Walk the comprehensions of a frame, each with the names that those around it bind."""
    for child in ast.iter_child_nodes(frame):
        if isinstance(child, Comprehension):
            yield child, around
            yield from nested(child, around | bound(child))
        elif not isinstance(child, (*FRAMES, ast.ClassDef)):
            yield from nested(child, around)


def meant(comprehension: Comprehension) -> set[str]:
    """Names that a comprehension, or what stands within it, reads and does not bind."""
    own = {id(node) for node in ast.walk(comprehension.generators[0].iter)}  # is read before the comprehension begins
    inner = [node for node in ast.walk(comprehension) if isinstance(node, Comprehension) and node is not comprehension]
    taken = bound(comprehension).union(*map(bound, inner))
    return names((node for node in ast.walk(comprehension) if id(node) not in own), ast.Load) - taken


def own_names(frame: ast.AST) -> set[str]:
    """Names that are a frame's own: its arguments and what it assigns outside of its comprehensions."""
    given: set[str] = set()
    if isinstance(frame, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        given = {node.arg for node in ast.walk(frame.args) if isinstance(node, ast.arg)}
    within = [node for node in inside(frame) if isinstance(node, Comprehension)]
    targets = {id(node) for one in within for part in one.generators for node in ast.walk(part.target)}
    return given | names((node for node in inside(frame) if id(node) not in targets), ast.Store)


def shared_names(source: str) -> list[str]:
    """List names that one comprehension of a function binds and another one of it means as a global or an outer name.

    Python 3.12.0 to 3.12.3, which long-lived systems ship, then ends in UnboundLocalError (gh-118513).
    """
    found = []
    for frame in ast.walk(ast.parse(source)):
        if not isinstance(frame, FRAMES):
            continue
        for one, _ in nested(frame):
            found += [
                f"line {other.lineno}: {name!r}, bound in line {one.lineno}"
                for other, around in nested(frame)
                if one is not other
                for name in sorted(bound(one) & meant(other) - around - own_names(frame))
            ]
    return found


SIBLINGS = """
axis = list
def refined(places, spots):
    columns = [places[axis] for axis in range(3)]
    return {}
"""
ILL = [
    "[axis(spot) for spot in spots]",
    "[[axis(part) for part in spot] for spot in spots]",
    "{axis(spot)[0] for spot in spots}",
]
WELL = [
    "[axis for spot in spots for axis in spot]",
    "[spot.upper() for spot in spots]",
    "tuple(axis(spot) for spot in spots)",
    "[spot for spot in axis(spots)]",
    "[[axis for part in spot] for axis, spot in enumerate(spots)]",
]


@pytest.mark.parametrize("words", ILL)
def test_the_scan_finds_a_name_bound_in_a_sibling(words: str) -> None:
    assert "line 5: 'axis', bound in line 4" in shared_names(SIBLINGS.format(words))


@pytest.mark.parametrize("words", WELL)
def test_the_scan_takes_what_is_meant_for_well(words: str) -> None:
    assert not shared_names(SIBLINGS.format(words))


@pytest.mark.parametrize("words", [*ILL, *WELL])
def test_the_scan_is_right_about_python(words: str) -> None:
    program = SIBLINGS.format(words) + "refined([1, 2, 3], ['a'])\n"
    if words in ILL and (3, 12) <= sys.version_info < (3, 12, 4):
        with pytest.raises(UnboundLocalError):
            exec(program, {})  # noqa: S102 - a program of our own
    else:
        exec(program, {})  # noqa: S102 - the same


def test_no_comprehension_means_what_its_sibling_binds() -> None:
    package = Path(foramlib.__file__).parent
    found = [
        f"{path.relative_to(package)}, {fault}"
        for path in sorted(package.rglob("*.py"))
        for fault in shared_names(path.read_text("utf-8"))
    ]
    assert not found


# Every interpreter on this machine.


def candidates() -> Iterator[Path]:
    """Programs that may be a Python of interest: on the path, of pyenv, and those that uv keeps."""
    for folder in os.get_exec_path():
        for minor in range(OLDEST[1], NEWEST[1] + 1):
            yield from (Path(folder) / name for name in (f"python3.{minor}", f"python3.{minor}.exe"))
    for folder in (
        os.environ.get("PYENV_ROOT", "~/.pyenv"),
        os.environ.get("UV_PYTHON_INSTALL_DIR", "~/.local/share/uv/python"),
    ):
        for pattern in ("versions/*/bin/python", "*/bin/python", "*/python.exe"):
            yield from Path(folder).expanduser().glob(pattern)


ABOUT = (
    "import json, sys; print(json.dumps([sys.implementation.name, list(sys.version_info[:3]), sys.version_info[3]]))"
)


def version(program: Path) -> tuple[int, ...] | None:
    """Ask a program which CPython it is; None where it is none of those the package claims."""
    try:
        done = subprocess.run([program, "-I", "-c", ABOUT], capture_output=True, text=True, timeout=30, check=True)
        name, parts, stage = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    fits = name == "cpython" and stage == "final" and OLDEST <= tuple(parts[:2]) <= NEWEST
    return tuple(parts) if fits else None


def interpreters() -> dict[str, Path]:
    """Every released CPython here but our own, one program for each version."""
    found: dict[str, Path] = {}
    for program in candidates():
        if program.is_file() and (number := version(program)) and number != sys.version_info[:3]:
            found.setdefault(".".join(map(str, number)), program)
    return found


@pytest.mark.thorough
def test_the_core_runs_on_every_python_here(tmp_path: Path) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv:
        pytest.skip("uv is not here to make environments; start the tests with 'python -m uv run pytest'")
    others = interpreters()
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    failed = {}
    for number, program in others.items():
        place = tmp_path / number
        python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
        for words in (
            [uv, "venv", "--quiet", "--python", str(program), str(place)],
            [uv, "pip", "install", "--quiet", "--python", str(python), "--group", "dev", "--editable", str(ROOT)],
            [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not thorough and not browser", *CORE],
        ):
            done = subprocess.run(words, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
            if done.returncode:
                failed[number] = done.stdout[-3000:] + done.stderr[-1000:]
                break
    assert not failed, "\n\n".join(f"Python {number}:\n{said}" for number, said in failed.items())
