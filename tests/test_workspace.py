"""The working copy: whatever a student changed stays as it is."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from foramlib.errors import InvalidInput
from foramlib.lessons.workspace import MANIFEST, hand_out, state_folder

FIRST = "00_start_here.ipynb"


@pytest.fixture
def masters(tmp_path: Path) -> Path:
    folder = tmp_path / "masters"
    (folder / "teaching").mkdir(parents=True)
    (folder / FIRST).write_text("first edition")
    (folder / "teaching" / "00_start_here.md").write_text("for teachers")
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy"


def test_a_new_copy_has_everything(masters: Path, copy: Path) -> None:
    done = hand_out(masters, copy)
    assert done.added == (FIRST, "teaching/00_start_here.md")
    assert (copy / "teaching" / "00_start_here.md").read_text() == "for teachers"
    assert done.sentences() == [f"The lessons are in {copy}."]


def test_a_second_time_does_nothing(masters: Path, copy: Path) -> None:
    hand_out(masters, copy)
    done = hand_out(masters, copy)
    assert (done.added, done.renewed, done.kept, done.beside) == ((), (), (), ())


def test_an_unchanged_file_is_renewed(masters: Path, copy: Path) -> None:
    hand_out(masters, copy)
    (masters / FIRST).write_text("second edition")
    done = hand_out(masters, copy)
    assert done.renewed == (FIRST,)
    assert (copy / FIRST).read_text() == "second edition"
    assert FIRST in done.sentences()[1]


def test_a_changed_file_stays_and_the_news_go_beside_it_once(masters: Path, copy: Path) -> None:
    hand_out(masters, copy)
    (copy / FIRST).write_text("my answers")
    assert hand_out(masters, copy).beside == ()
    (masters / FIRST).write_text("second edition")
    done = hand_out(masters, copy)
    assert done.beside == ((FIRST, "00_start_here.new.ipynb"),)
    assert "stays" in done.sentences()[1]
    assert (copy / FIRST).read_text() == "my answers"
    assert (copy / "00_start_here.new.ipynb").read_text() == "second edition"
    assert hand_out(masters, copy).beside == ()


def test_a_version_beside_that_was_worked_in_stays_too(masters: Path, copy: Path) -> None:
    hand_out(masters, copy)
    (copy / FIRST).write_text("my answers")
    (masters / FIRST).write_text("second edition")
    hand_out(masters, copy)
    (copy / "00_start_here.new.ipynb").write_text("more answers")
    (masters / FIRST).write_text("third edition")
    assert hand_out(masters, copy).beside == ((FIRST, "00_start_here.new2.ipynb"),)
    assert (copy / "00_start_here.new.ipynb").read_text() == "more answers"


def test_a_deleted_file_is_handed_out_again(masters: Path, copy: Path) -> None:
    hand_out(masters, copy)
    (copy / FIRST).unlink()
    assert hand_out(masters, copy).added == (FIRST,)


@pytest.mark.parametrize("damage", ["", "{", "[1, 2]", '"words"'])
def test_without_a_manifest_nothing_is_overwritten(masters: Path, copy: Path, damage: str) -> None:
    hand_out(masters, copy)
    (state_folder(copy) / MANIFEST).write_text(damage)
    (copy / FIRST).write_text("my answers")
    assert hand_out(masters, copy).beside == ((FIRST, "00_start_here.new.ipynb"),)
    assert (copy / FIRST).read_text() == "my answers"


def test_a_folder_that_is_a_file_is_refused_in_one_sentence(masters: Path, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("x")
    for place in (tmp_path / "note", tmp_path / "note" / "deeper"):
        with pytest.raises(InvalidInput, match=r"^[^\n]+ --into\.$"):
            hand_out(masters, place)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions work differently on Windows")
def test_a_folder_that_cannot_be_written_is_refused(masters: Path, tmp_path: Path) -> None:
    # Root writes anywhere but into the kernel's own tree.
    closed = Path("/proc/none") if os.geteuid() == 0 else tmp_path / "closed"
    if os.geteuid():
        closed.mkdir(mode=0o500)
    with pytest.raises(InvalidInput, match="cannot be written"):
        hand_out(masters, closed)


def test_a_folder_in_the_place_of_a_lesson_is_refused_and_kept(masters: Path, copy: Path) -> None:
    (copy / FIRST).mkdir(parents=True)
    with pytest.raises(InvalidInput, match="cannot be written"):
        hand_out(masters, copy)
    assert (copy / FIRST).is_dir()


@pytest.mark.parametrize("inside", [".", "teaching"])
def test_the_masters_are_not_a_working_copy(masters: Path, inside: str) -> None:
    with pytest.raises(InvalidInput, match="kept"):
        hand_out(masters, masters / inside)


@settings(max_examples=25, deadline=None)
@given(content=st.binary(max_size=200))
def test_files_arrive_byte_for_byte(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        masters, copy = Path(place, "masters"), Path(place, "copy")
        masters.mkdir()
        (masters / "a.bin").write_bytes(content)
        hand_out(masters, copy)
        assert (copy / "a.bin").read_bytes() == content


class StudentAndEditor(RuleBasedStateMachine):
    """A student works, an editor publishes, in any order; no word of the student's may vanish."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.masters, self.copy = Path(self.place.name, "masters"), Path(self.place.name, "copy")
        self.masters.mkdir()
        self.edition, self.page = 0, 0
        self.written: dict[str, str] = {}
        self.publish()
        hand_out(self.masters, self.copy)

    @rule()
    def publish(self) -> None:
        self.edition += 1
        (self.masters / "a.md").write_text(f"edition {self.edition}")

    @rule(choice=st.integers(min_value=0, max_value=3))
    def write(self, choice: int) -> None:
        names = sorted(path.name for path in self.copy.glob("*.md"))
        self.page += 1
        name = names[choice % len(names)]
        self.written[name] = f"answers {self.page}"
        (self.copy / name).write_text(self.written[name])

    @rule()
    def start(self) -> None:
        hand_out(self.masters, self.copy)
        held = {path.read_text() for path in self.copy.glob("*.md")}
        assert f"edition {self.edition}" in held or self.written

    @rule()
    def lose_the_manifest(self) -> None:
        (state_folder(self.copy) / MANIFEST).unlink(missing_ok=True)

    @invariant()
    def nothing_is_lost(self) -> None:
        for name, words in self.written.items():
            assert (self.copy / name).read_text() == words

    def teardown(self) -> None:
        self.place.cleanup()


TestStudentAndEditor = StudentAndEditor.TestCase
TestStudentAndEditor.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
