"""The project's own rules, held as tests."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path

import pytest

from tests.early import begun_early
from tests.test_interpreters import NEWEST, OLDEST

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "foramlib"

# What a lesson may import: the standard library, the package itself, and what a browser's Python distribution has
# (compiled packages) or can install as pure Python. A new name here is a decision, not an accident.
BROWSER_READY = {
    "IPython",
    "anywidget",
    "contourpy",
    "foramlib",
    "ipywidgets",
    "matplotlib",
    "nibabel",
    "numpy",
    "pydicom",
    "scipy",
    "shapely",
    "statsmodels",
    "traitlets",
    "yaml",
}
# The launcher starts programs of the desktop; no lesson imports it.
DESKTOP_ONLY = {
    "kernel.py": {"jupyter_client", "jupyter_core"},
    "launcher.py": {"jupyterlab", "zmq"},
    "server.py": {"jupyter_server"},
}
# Absent from a browser's Python, or useless there.
NOT_IN_A_BROWSER = {"multiprocessing", "socket", "subprocess", "threading", "tkinter"}
DESKTOP_MODULES = set(DESKTOP_ONLY)


def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the project folder."""
    return subprocess.run(words, cwd=ROOT, env=os.environ | more, text=True, capture_output=True, check=False)


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a development tool of this environment."""
    found = shutil.which(words[0], path=str(Path(sys.executable).parent)) or shutil.which(words[0])
    assert found, f"{words[0]} is not installed; the dev group has it"
    return run(found, *words[1:])


def tool(*words: str) -> None:
    """Run a development tool of this environment; its complaints are the failure."""
    done = ran(*words)
    assert done.returncode == 0, done.stdout + done.stderr


def tracked() -> list[Path]:
    """List the files under version control, or skip outside a clone."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone, so nothing is tracked")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[tuple[str, bool]]:
    """Every top-level package a file imports anywhere, and whether for type checking only."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for_types.update(inner for statement in node.body for inner in ast.walk(statement))
    names: set[tuple[str, bool]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(alias.name.partition(".")[0], node in for_types) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add((node.module.partition(".")[0], node in for_types))
    return names


def test_ruff_finds_nothing() -> None:
    tool("ruff", "check", "--no-cache", ".")


def test_formatting_is_ruffs() -> None:
    tool("ruff", "format", "--no-cache", "--check", ".")


@begun_early(partial(ran, "mypy"))
def test_types_hold(early: subprocess.CompletedProcess[str]) -> None:
    assert early.returncode == 0, early.stdout + early.stderr


def test_imports_run_downwards() -> None:
    tool("lint-imports", "--no-cache")


def test_no_lock_file_is_kept() -> None:
    assert not [path for path in tracked() if path.name == "uv.lock"]
    assert "uv.lock" in (ROOT / ".gitignore").read_text("utf-8").split()


# Spelt in pieces, or this file would find itself.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"pypi\." + r"org",
            r"files\." + r"python" + r"hosted",
            r"registry\." + r"npm" + r"js",
            r"deb\." + r"debian",
            r"(?<![\w.])/ro" + r"ot/",
            r"(?<![\w.])/wo" + r"rk/",
        ]
    )
)


def test_no_registry_host_and_no_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix not in {".png", ".jpg", ".pdf"}
        for match in FORBIDDEN.finditer(path.read_text("utf-8"))
    ]
    assert not found


def functions() -> list[tuple[str, int]]:
    """Every function of the package and how many lines it has, its docstring not counted."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                words = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
                lines -= (words.end_lineno or words.lineno) - words.lineno + 1 if words else 0
                found.append((f"{path.relative_to(ROOT)}: {node.name}", lines))
    return found


def test_functions_are_short() -> None:
    assert not [f"{name} has {lines} lines" for name, lines in functions() if lines > 40]


def test_a_lesson_needs_only_what_a_browser_has() -> None:
    allowed = BROWSER_READY | set(sys.stdlib_module_names)
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources()
        for name, for_types in imported(path)
        if not for_types and name not in allowed | DESKTOP_ONLY.get(path.name, set())
    ]
    assert not found


def test_no_threads_processes_or_sockets_in_a_lesson() -> None:
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources()
        if path.name not in DESKTOP_MODULES
        for name, for_types in imported(path)
        if not for_types and name in NOT_IN_A_BROWSER
    ]
    assert not found


def test_every_dependency_is_used() -> None:
    distributions = {"pyyaml": "yaml"}
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    assert listed
    declared = {name.lower() for name in re.findall(r'"([\w-]+)>=', listed[1])}
    used = {name for path in sources() for name, _ in imported(path)}
    assert {name for name in declared if distributions.get(name, name) not in used} == set()


def modules_after(statement: str) -> set[str]:
    """Import in a fresh interpreter and list the top-level modules it loaded."""
    code = f"import sys; before = set(sys.modules); {statement}; import json; print(json.dumps(list(sys.modules)))"
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


HEAVY = {
    "IPython",
    "anywidget",
    "contourpy",
    "ipywidgets",
    "jupyterlab",
    "matplotlib",
    "numpy",
    "scipy",
    "shapely",
    "yaml",
}
HEAVY |= {"nibabel", "pandas", "pydicom", "statsmodels"}


@pytest.mark.parametrize("module", ["foramlib", "foramlib.cli"])
def test_importing_is_light(module: str) -> None:
    # The list of what is loaded is exact where a clock on a shared machine is not.
    assert not modules_after(f"import {module}") & HEAVY


def test_importing_loads_nothing_of_the_package_but_itself() -> None:
    # What takes a moment is what is loaded; a clock would measure who else uses the machine.
    tell = "print(json.dumps(sorted(set(sys.modules) - before)))"
    done = run(sys.executable, "-c", f"import sys, json; before = set(sys.modules); import foramlib; {tell}")
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    assert [name for name in loaded if name.startswith("foramlib")] == ["foramlib"]
    assert {name.partition(".")[0] for name in loaded} <= {"foramlib"} | set(sys.stdlib_module_names)


def test_public_names_load_from_where_the_table_says() -> None:
    import foramlib  # noqa: PLC0415 - the subject of this test alone

    for name in foramlib._HOMES:
        assert getattr(foramlib, name) is not None
        assert name in dir(foramlib)


def test_type_checkers_see_the_same_names() -> None:
    import foramlib  # noqa: PLC0415

    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert seen == dict(foramlib._HOMES)


def test_an_unknown_name_is_refused_by_name() -> None:
    import foramlib  # noqa: PLC0415

    with pytest.raises(AttributeError, match="no attribute 'foramina'"):
        _ = getattr(foramlib, "foramina")  # noqa: B009 - written out, a type checker would refuse it


@pytest.mark.parametrize("name", ["LICENSE", "LICENSE-CC-BY-4.0", "CITATION.cff", "README.md", "THIRD-PARTY.md"])
def test_the_papers_are_there(name: str) -> None:
    assert (ROOT / name).read_text("utf-8").strip()


def test_the_readme_says_the_two_commands_and_shows_no_broken_picture() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "python -m pip install uv && python -m uv run --no-dev foramlib\n" in text
    assert "python -m pip install uv && python -m uv run pytest\n" in text
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


def test_the_papers_say_on_which_python_it_was_run() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (OLDEST, NEWEST) == ((3, 11), (3, 14)), "the tests look for every interpreter that is claimed"
    assert project["requires-python"] == ">=3.11,<3.15"
    ran = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "You need Python 3.11 to 3.14." in readme
    told = readme.partition("It was run on ")[2].partition(";")[0]
    assert ran
    assert all(number in told for number in ran)


def test_the_version_is_said_once() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert f'__version__ = "{version[1]}"' in (PACKAGE / "__init__.py").read_text("utf-8")
    assert f"version: {version[1]}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_skips_become_failures_where_everything_must_run(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("import pytest\ndef test_it(): pytest.skip('no browser here')\n")
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    words = (sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(tmp_path), str(tmp_path))
    assert run(*words, FORAMLIB_NO_SKIP="0", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1").returncode == 0
    strict = run(*words, FORAMLIB_NO_SKIP="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert strict.returncode == 1
    assert "no browser here" in strict.stdout


def builder() -> str:
    """Find the uv that started us, or any other."""
    found = os.environ.get("UV") or shutil.which("uv")
    if not found:
        pytest.skip("uv is not here to build the wheel; start the tests with 'python -m uv run pytest'")
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Install the built wheel in a fresh environment; return its Python and an empty folder outside the clone."""
    place, uv = tmp_path_factory.mktemp("wheel"), builder()
    python = place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    for words in (
        ("build", "--wheel", "--out-dir", str(place / "dist"), str(ROOT)),
        ("venv", "--python", sys.executable, str(place / "venv")),
    ):
        done = run(uv, *words)
        assert done.returncode == 0, done.stderr
    wheel = next((place / "dist").glob("*.whl"))
    done = run(uv, "pip", "install", "--python", str(python), "--group", "dev", str(wheel))
    assert done.returncode == 0, done.stderr
    (place / "outside").mkdir()
    return python, place / "outside"


@pytest.mark.thorough
@pytest.mark.parametrize(
    "words",
    [["check"], ["measure", "C5/6", "--json"], ["sources", "--check"], ["validate", "--json"]],
    ids=lambda words: words[0],
)
def test_the_installed_command_works(installed: tuple[Path, Path], words: list[str]) -> None:
    done = outside(*installed, "-m", "foramlib", *words)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.thorough
def test_the_wheel_brings_its_data_and_lessons(installed: tuple[Path, Path]) -> None:
    located = outside(*installed, "-c", LOCATE)
    assert located.returncode == 0, located.stderr
    assert str(ROOT) not in located.stdout


@pytest.mark.thorough
def test_the_tests_pass_from_the_wheel(installed: tuple[Path, Path]) -> None:
    python, folder = installed
    # The browser's tests say nothing about the wheel, and these here are about the clone.
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("browser", Path(__file__).name))
    shutil.copy(ROOT / "pyproject.toml", folder)
    done = outside(python, folder, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr


LOCATE = """
import foramlib.evidence as evidence
print(evidence.data_path("evidence"), evidence.notebooks_path())
assert (evidence.data_path("evidence") / "facts.csv").is_file()
assert (evidence.notebooks_path() / "00_start_here.ipynb").is_file()
assert evidence.facts()
"""


def outside(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed package away from the clone, with nothing of the clone in sight."""
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run([python, "-I", *words], cwd=folder, env=clean, text=True, capture_output=True, check=False)
