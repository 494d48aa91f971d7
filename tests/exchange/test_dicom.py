"""DICOM as other people's programs take it: no errors, the same picture, spacing, and identities."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import fields
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from foramlib.exchange.images import MR_STEPS, write_image
from foramlib.figures.scan import Seen, burned
from foramlib.imaging.scan import LIMITS, SEQUENCES, Scanner, Settings
from foramlib.learning.operating import begin, whole_operation
from foramlib.spine import Segment
from foramlib.spine.lesions import lesion

if TYPE_CHECKING:
    from pathlib import Path

PLANES = ("foramen", "sagittal", "oblique:30", "axial-disc", "axial-pedicle", "coronal")
SIDES = ("left", "right")


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here; Debian has it in {package}")
    return found


def ran(*words: str, folder: Path | None = None) -> str:
    """Run a program that must do well; return all that it said."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Seen, Path]]:
    """Write every sequence in every plane, on both sides, at a level of the neck and one of the low back."""
    folder = tmp_path_factory.mktemp("dicom")
    found: list[tuple[Seen, Path]] = []
    for level, plane, side in product(("C5/6", "L4/5"), PLANES, SIDES):
        scanner = Scanner()
        for sequence in SEQUENCES:
            seen = Seen.named(Segment.at(level), plane, side, Settings(sequence), scanner)
            found.append((seen, write_image(seen, folder / f"{len(found)}.dcm")))
    return found


def test_a_validator_finds_no_error(images: list[tuple[Seen, Path]]) -> None:
    validator = program("dciodvfy", "dicom3tools")
    found = {}
    for seen, path in images:
        done = subprocess.run([validator, str(path)], capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).splitlines()
        assert any(line.startswith(("CTImage", "MRImage")) for line in said), "it knows what it looks at"
        errors = [line for line in said if line.startswith("Error")]
        if errors:
            found[path.name, seen.scan.settings.sequence, seen.scan.plane.name] = errors
    assert not found


def test_another_viewer_shows_the_same_picture(images: list[tuple[Seen, Path]], tmp_path: Path) -> None:
    viewer = program("dcm2pnm", "dcmtk")
    for seen, path in images[::3]:  # of every sequence, plane and side some
        ran(viewer, "--use-window", "1", "--write-png", str(path), str(tmp_path / "shown.png"))
        shown = np.rint(255 * imread(tmp_path / "shown.png"))
        letters = burned(seen.scan)
        # A stored value is a tenth of a unit, and the standard's window begins half a step beside ours.
        assert np.abs(shown - seen.scan.grey)[~letters].max() <= 2, path
        assert shown[letters].min() == 255


def test_a_medium_can_be_made_of_them(images: list[tuple[Seen, Path]], tmp_path: Path) -> None:
    maker = program("dcmmkdir", "dcmtk")
    for number, (_, path) in enumerate(images):
        shutil.copy(path, tmp_path / f"IM{number:04d}")  # a medium allows eight capital letters and digits
    ran(maker, "--invent", *(path.name for path in sorted(tmp_path.glob("IM*"))), folder=tmp_path)
    records = pydicom.dcmread(tmp_path / "DICOMDIR").DirectoryRecordSequence
    names = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID", "IMAGE": "ReferencedSOPInstanceUIDInFile"}
    found = {
        kind: {getattr(record, name) for record in records if record.DirectoryRecordType == kind}
        for kind, name in names.items()
    }
    # As no image says whose it is, the program invents a patient for each; the two states stay two studies.
    assert {kind: len(uids) for kind, uids in found.items()} == {"STUDY": 2, "SERIES": 96, "IMAGE": 96}


def test_a_volume_has_the_spacing_of_its_slice(images: list[tuple[Seen, Path]]) -> None:
    for seen, path in images:
        data = pydicom.dcmread(path)
        assert float(data.SpacingBetweenSlices) == float(data.SliceThickness) == seen.scan.settings.thickness


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner()


@settings(max_examples=25, deadline=None)
@given(
    used=st.builds(
        Settings,
        sequence=st.sampled_from(list(SEQUENCES)),
        window=st.tuples(st.floats(1.0, 6000.0), st.floats(-2000.0, 4000.0)),
        noise=st.floats(*LIMITS["noise"]),
        seed=st.integers(0, 2**70),
    )
)
def test_whatever_the_scanner_takes_can_be_written(
    scanner: Scanner, tmp_path_factory: pytest.TempPathFactory, used: Settings
) -> None:
    folder = tmp_path_factory.mktemp("windows")
    seen = Seen.named(Segment.at("C5/6"), "foramen", "left", used, scanner)
    data = pydicom.dcmread(write_image(seen, folder / "a.dcm"))
    steps = 1 if used.sequence == "CT" else MR_STEPS
    shown = [steps * value for value in used.shown]
    assert [float(data.WindowWidth), float(data.WindowCenter)] == pytest.approx(shown, rel=1e-5)
    write_image(seen, folder / "a.nii")


def test_the_brightest_window_of_the_field_report_can_be_written(tmp_path: Path) -> None:
    for sequence, ending in product(SEQUENCES, (".dcm", ".nii.gz")):
        seen = Seen.named(Segment.at("C5/6"), "foramen", "left", Settings(sequence, window=(6000, 4000)))
        assert write_image(seen, tmp_path / f"{sequence}{ending}").stat().st_size > 1000


# -- identities

BASE = (Segment.at("C5/6"), "foramen", "left", Settings())
OPERATED = whole_operation(begin("C5/6")).segment()
STATES = {
    "level": Segment.at("C6/7"),
    "build": Segment.at("C5/6", build="large"),
    "posture": Segment.at("C5/6").bent(flexion=1.0),
    "posture, bend": Segment.at("C5/6").bent(bend=1.0),
    "posture, rotation": Segment.at("C5/6").bent(rotation=1.0),
    "disc_loss": Segment.at("C5/6").with_disc_loss(0.5),
    "person": Segment.sampled("C5/6", 1),
    "lesions": Segment.at("C5/6").with_lesions(lesion("herniation", 3, "left")),
    "lesions, mm": Segment.at("C5/6").with_lesions(lesion("herniation", 3.000001, "left")),
    "lesions, side": Segment.at("C5/6").with_lesions(lesion("herniation", 3, "right")),
    "lesions, zone": Segment.at("C5/6").with_lesions(lesion("herniation", 3, "left", "central")),
    "lesions, migration": Segment.at("C5/6").with_lesions(lesion("herniation", 3, "left", migration=1)),
    "steps": OPERATED,
}
SETTINGS = {
    "sequence": Settings("T1"),
    "thickness": Settings(thickness=4.0),
    "voxel": Settings(voxel=0.5),
    "noise": Settings(noise=3.0),
    "seed": Settings(seed=2),
    "window": Settings(window=(62.0, 31.0)),
    "view": Settings(view=1.1),
}
CASES: dict[str, tuple[Segment, str, str, Settings]] = {
    "base": BASE,
    "side": (BASE[0], BASE[1], "right", BASE[3]),
    "plane": (BASE[0], "sagittal", BASE[2], BASE[3]),
    "angle": (BASE[0], "oblique:38.5", BASE[2], BASE[3]),
    **{name: (segment, *BASE[1:]) for name, segment in STATES.items()},
    **{name: (*BASE[:3], made) for name, made in SETTINGS.items()},
}


def test_every_field_of_a_state_and_of_the_settings_is_varied() -> None:
    assert {name.partition(",")[0] for name in STATES} == {field.name for field in fields(Segment)}
    assert set(SETTINGS) == {field.name for field in fields(Settings)}


def test_what_differs_in_any_field_has_another_identity(tmp_path: Path) -> None:
    found = {
        name: pydicom.dcmread(write_image(Seen.named(*case), tmp_path / "a.dcm"), stop_before_pixels=True)
        for name, case in CASES.items()
    }
    images = {name: data.SOPInstanceUID for name, data in found.items()}
    assert len(set(images.values())) == len(CASES)
    studies = {name: data.StudyInstanceUID for name, data in found.items()}
    assert {name for name in CASES if studies[name] == studies["base"]} == set(CASES) - set(STATES)
    assert len(set(studies.values())) == 1 + len(STATES)
    series = {name: data.SeriesInstanceUID for name, data in found.items()}
    # Another window is the same acquisition, looked at otherwise.
    assert {name for name in CASES if series[name] == series["base"]} == {"base", "window"}
    spaces = {data.StudyInstanceUID: data.FrameOfReferenceUID for data in found.values()}
    assert len(set(spaces.values())) == len(spaces)
    for data in found.values():
        assert len(data.SOPInstanceUID) <= 64
        assert data.file_meta.MediaStorageSOPInstanceUID == data.SOPInstanceUID


@pytest.mark.parametrize("name", ["base", "lesions", "steps", "seed"])
def test_the_same_has_the_same_identity(name: str, tmp_path: Path) -> None:
    first = write_image(Seen.named(*CASES[name]), tmp_path / "a.dcm").read_bytes()
    assert write_image(Seen.named(*CASES[name]), tmp_path / "b.dcm").read_bytes() == first


def test_a_minus_before_zero_is_no_other_state(tmp_path: Path) -> None:
    seen = Seen.named(Segment.at("C5/6").bent(flexion=-0.0), *BASE[1:])
    assert (
        write_image(seen, tmp_path / "a.dcm").read_bytes()
        == write_image(Seen.named(*BASE), tmp_path / "b.dcm").read_bytes()
    )
