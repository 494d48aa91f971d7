"""The check tries what the lab needs, and both say in words what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from foramlib.cli import main
from foramlib.errors import InvalidInput
from foramlib.lessons import check
from foramlib.lessons.kernel import OwnKernels, try_kernel
from foramlib.lessons.workspace import hand_out, place_of
from foramlib.spine import foramen


def run(*words: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-m", "foramlib", *words]
    return subprocess.run(whole, cwd=folder, env=os.environ | more, capture_output=True, text=True, check=False)


def test_check_tries_a_measurement_the_folders_and_the_kernel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--into", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for line in ("ok    a measurement: done", "ok    folders for Jupyter: found", "ok    kernel: starts, and imports"):
        assert line in said


@pytest.mark.parametrize("kind", [pytest.param("a file", marks=pytest.mark.thorough), "nowhere"])
def test_a_home_that_cannot_be_written_is_said_in_words(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    home = str(tmp_path / "file") if kind == "a file" else "/proc/nohome"
    clean = {name: "" for name in os.environ if name.startswith(("XDG_", "JUPYTER_", "MPL", "IPYTHON"))}
    found = run("check", "--into", str(tmp_path / "copy"), folder=tmp_path, **clean, HOME=home)
    assert found.returncode == 1
    assert found.stderr == "", "nothing of what other packages say to themselves"
    assert f"Jupyter cannot keep its own files in {home}" in found.stdout
    assert "set HOME to a folder of your own" in found.stdout
    assert "You are ready" not in found.stdout
    started = run("lab", "--no-browser", "--into", str(tmp_path / "copy"), folder=tmp_path, **clean, HOME=home)
    assert started.returncode == 2
    assert started.stderr.count("\n") == 1
    assert started.stderr.startswith(f"foramlib: Jupyter cannot keep its own files in {home}")
    assert not (tmp_path / "copy").exists(), "it is said before anything is written"
    pictured = run("scan", "C5/6", "-o", "a.png", folder=tmp_path, **clean, HOME=home)
    assert (pictured.returncode, pictured.stderr) == (0, "")


def test_a_measurement_that_fails_is_no_ready_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise UnboundLocalError("cannot access local variable 'axis'")

    monkeypatch.setattr(foramen, "measure", fail)
    monkeypatch.setattr("foramlib.lessons.kernel.try_kernel", lambda _: None)
    assert main(["check", "--into", str(tmp_path)]) == 1
    assert "no    a measurement: fails (cannot access local variable 'axis')" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["numpy.py", "random.py", "traitlets/__init__.py"])
def test_a_file_that_stands_in_for_a_package_is_named(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")
    (tmp_path / "notes.py").write_text("")
    assert main(["check", "--into", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    module = name.removesuffix("/__init__.py").removesuffix(".py")
    assert f"stands in the way of {module}" in said
    assert str(tmp_path / name.removesuffix("/__init__.py")) in said
    assert "notes" not in said
    assert "pip install" not in said, "nothing else is blamed"


def test_it_is_named_where_the_program_was_started_too(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("")
    found = run("check", "--into", str(tmp_path / "copy"), folder=tmp_path)
    assert found.returncode == 1
    assert "numpy.py: stands in the way of numpy" in found.stdout
    assert "shapely" not in found.stdout


def test_the_package_does_not_stand_in_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Path(check.__file__).parent.parent.parent
    monkeypatch.chdir(place)
    assert not list(check._shadows(place))
    assert not list(check._shadows(tmp_path))


def test_the_folder_is_read_as_the_lab_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setattr("foramlib.lessons.kernel.try_kernel", lambda _: None)
    assert main(["check", "--into", "~/copy"]) == 0
    assert f"folder for your copy: {tmp_path / 'copy'}" in capsys.readouterr().out
    (tmp_path / "masters").mkdir()
    assert hand_out(tmp_path / "masters", "~/copy").folder == tmp_path / "copy" == place_of(Path("~/copy"))


def test_a_home_of_nobody_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("check", "lab"):
        assert main([command, "--into", "~nobody-of-this-name/copy"]) in {1, 2}
        said = capsys.readouterr()
        assert "There is no home for '~nobody-of-this-name/copy'" in said.out + said.err


# -- the kernel


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a kernel of the usual name on Jupyter's path that is another program."""
    place = tmp_path / "share" / "kernels" / "python3"
    place.mkdir(parents=True)
    spec = {"argv": ["no-such-python", "-f", "{connection_file}"], "display_name": "Python 3", "language": "python"}
    (place / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    return tmp_path


def test_the_kernel_is_ours_whatever_else_is_known(foreign: Path) -> None:
    known = OwnKernels()
    assert list(known.find_kernel_specs()) == ["python3"]
    assert known.get_kernel_spec("python3").argv[0] == sys.executable
    try_kernel(foreign)


def test_a_kernel_that_cannot_import_foramlib_is_said(tmp_path: Path) -> None:
    (tmp_path / "foramlib.py").write_text("raise ImportError('this is another foramlib')")
    with pytest.raises(InvalidInput, match="The kernel has no foramlib \\(this is another foramlib\\)"):
        try_kernel(tmp_path)
