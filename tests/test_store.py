"""What a learner kept: found again, and never lost, whatever state its file is in."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import foramlib
from foramlib.errors import InvalidInput
from foramlib.evidence import notebooks_path
from foramlib.learning import operating
from foramlib.learning.patient import load_patient
from foramlib.learning.practice import Progress, open_progress, write_progress
from foramlib.lessons.workspace import MANIFEST, hand_out, state_folder
from foramlib.recovery.readability import drafted, keep_draft
from foramlib.store import keep, kept, put_aside, read_plain, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable


class Store(NamedTuple):
    """One kind of work that is kept: how it is written, opened, and what the learner is then told."""

    name: str
    write: Callable[[Path], Path]
    open: Callable[[Path], tuple[Any, str]]


def _write_progress(folder: Path) -> Path:
    _, file, _ = open_progress(folder / "mine.json")
    write_progress(file, Progress(answered=3, right=2))
    return file


def _open_patient(folder: Path) -> tuple[Any, str]:
    found = load_patient("helen-osei", folder)
    return found.decisions, found.remark


def _open_operation(folder: Path) -> tuple[Any, str]:
    found = operating.kept(operating.begin("C5/6"), folder)
    return found.done, found.remark


def _open_progress(folder: Path) -> tuple[Any, str]:
    found, _, remark = open_progress(folder / "mine.json")
    return found.answered, remark


STORES = (
    Store(
        "patient", lambda folder: load_patient("helen-osei", folder).deciding(plan="wait").save(folder), _open_patient
    ),
    Store(
        "operation",
        lambda folder: operating.begin("C5/6").doing(operating.Deed("corridor")).save(folder),
        _open_operation,
    ),
    Store(
        "draft", lambda folder: keep_draft("keyhole", "Some text.", folder), lambda folder: drafted("keyhole", folder)
    ),
    Store("progress", _write_progress, _open_progress),
)
EVERY = pytest.mark.parametrize("store", STORES, ids=[store.name for store in STORES])


@EVERY
def test_what_is_kept_is_found_again(store: Store, tmp_path: Path) -> None:
    nothing, said = store.open(tmp_path)
    assert said == ""
    store.write(tmp_path)
    found, said = store.open(tmp_path)
    assert found != nothing
    assert said == ""
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".json"]


@EVERY
def test_the_mark_that_an_editor_puts_in_front_is_no_damage(store: Store, tmp_path: Path) -> None:
    file = store.write(tmp_path)
    expected = store.open(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert store.open(tmp_path) == expected


@EVERY
@settings(max_examples=25, deadline=None)
@given(damages=st.lists(st.binary(max_size=40), min_size=2, max_size=4))
def test_no_damaged_file_is_ever_lost(store: Store, damages: list[bytes]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        fresh, _ = store.open(folder)
        for damage in damages:
            store.write(folder).write_bytes(damage)
            found, said = store.open(folder)
            assert found == fresh
            assert said.count("\n") == 0
            assert said.endswith(".")
        store.write(folder)
        remaining = sorted(path.read_bytes() for path in folder.iterdir())
        for damage in damages:
            remaining.remove(damage)


def test_whoever_keeps_something_does_it_through_the_store() -> None:
    package = Path(foramlib.__file__).parent
    # A page, calendar or text is saved where a person says; nothing is found again there.
    exports = {"store.py", "apps/planner.py"}
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(words in path.read_text("utf-8") for words in ("write_text(", "write_bytes(", "mkstemp(", ".rename("))
    }
    assert found == exports


def test_a_manifest_that_is_damaged_is_put_aside(tmp_path: Path) -> None:
    hand_out(notebooks_path(), tmp_path)
    for damage in (b"{", b"[1]"):
        (state_folder(tmp_path) / MANIFEST).write_bytes(damage)
        hand_out(notebooks_path(), tmp_path)
    names = sorted(path.name for path in state_folder(tmp_path).iterdir())
    assert names == ["handed_out.damaged-1.json", "handed_out.damaged-2.json", MANIFEST]


def test_a_file_is_put_aside_under_a_new_name_each_time(tmp_path: Path) -> None:
    asides = []
    for number in range(3):
        (tmp_path / "a.json").write_text(str(number))
        asides.append(put_aside(tmp_path / "a.json"))
    assert all(one != other for one, other in pairwise(asides))
    assert [path.read_text() for path in asides if path] == ["0", "1", "2"]


def test_what_cannot_be_put_aside_is_left_and_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    found, said = kept(tmp_path / "a.json", lambda data: data, "all starts afresh")
    assert found is None
    assert said == "The file a.json cannot be read (Is a directory); it is left as it is, and all starts afresh."
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match=r"^Your text cannot be kept in a\.json \(.+\)\.$"):
        keep(tmp_path / "file" / "a.json", {}, "Your text")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a", b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


@given(data=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_plain_data_come_back(data: object) -> None:
    with TemporaryDirectory() as place:
        file = keep(Path(place) / "deeper" / "a.json", data, "It")
        assert read_plain(file) == json.loads(json.dumps(data)) == data
