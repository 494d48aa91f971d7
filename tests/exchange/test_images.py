"""Image files, read back with other people's readers: values, places in the body, words, and nothing of a patient."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nibabel
import numpy as np
import pydicom
import pytest
from matplotlib.image import imread

from foramlib import cli
from foramlib.errors import InvalidInput
from foramlib.exchange.images import MR_STEPS, SUFFIXES, affine, write_image
from foramlib.figures.scan import STAMP, Seen, burned
from foramlib.imaging import Settings
from foramlib.spine import Segment
from foramlib.spine.lesions import lesion

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LIKE_FLUID = 45.0  # signal on T2: nothing but fluid, fat and the letters is brighter


@pytest.fixture(scope="module")
def right() -> Seen:
    """Scan a large cyst on the right at L4/5, axial T2."""
    segment = Segment.at("L4/5").with_lesions(lesion("synovial_cyst", 10, "right"))
    return Seen.named(segment, "axial-disc", "right", Settings("T2", noise=0.0))


@pytest.fixture(scope="module")
def sagittal() -> Seen:
    return Seen.named(Segment.at("C5/6"), "foramen", "left", Settings("CT", noise=1.0))


def cyst_in_the_body(seen: Seen) -> NDArray[np.float64]:
    """Centre of the cyst in the model's own axes, mm."""
    structure = next(one for one in seen.segment.soft if one.key == "synovial_cyst")
    return np.asarray((np.array(structure.shape.box.low) + np.array(structure.shape.box.high)) / 2)


def brightest_of_cyst(seen: Seen) -> NDArray[np.int_]:
    """Row (from the top) and column of the middle of the cyst in the picture."""
    share = seen.scan.tissue_map.share("cyst")[::-1]
    return np.asarray(np.rint(np.array(np.nonzero(share > 0.9)).mean(axis=1)), dtype=int)


def nifti(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], Any]:
    image: Any = nibabel.load(path)
    return image.get_fdata(), image.affine, image.header


def test_nifti_places_the_right_side_on_the_right(right: Seen, tmp_path: Path) -> None:
    data, matrix, header = nifti(write_image(right, tmp_path / "a.nii.gz"))
    row, column = brightest_of_cyst(right)
    x, y, z, _ = matrix @ (column, row, 0, 1)
    expected = cyst_in_the_body(right)
    assert x > 3, "a right-sided cyst has a positive x in RAS"
    assert (x, y) == pytest.approx((-expected[0], -expected[1]), abs=1.5)
    assert z == pytest.approx(right.scan.plane.origin[2], abs=1e-4)
    assert data[column, row, 0] > LIKE_FLUID
    assert data[data.shape[0] - 1 - column, row, 0] < data[column, row, 0]
    assert np.allclose(header.get_qform(), matrix, atol=1e-4)
    assert header.get_zooms()[2] == pytest.approx(3.0)
    assert STAMP.encode() in bytes(header["descrip"])
    assert abs(np.linalg.det(matrix[:3, :3])) == pytest.approx(right.scan.pixel**2 * 3.0)


def test_dicom_places_the_right_side_on_the_right(right: Seen, tmp_path: Path) -> None:
    data = pydicom.dcmread(write_image(right, tmp_path / "a.dcm"))
    row, column = brightest_of_cyst(right)
    along, down = np.array(data.ImageOrientationPatient[:3]), np.array(data.ImageOrientationPatient[3:])
    place = np.array(data.ImagePositionPatient, dtype=float) + (
        along * column * float(data.PixelSpacing[1]) + down * row * float(data.PixelSpacing[0])
    )
    assert place[0] < -3, "DICOM's x grows to the patient's left"
    assert place[:2] == pytest.approx(cyst_in_the_body(right)[:2], abs=1.5)
    assert np.dot(along, down) == pytest.approx(0.0, abs=1e-6)
    assert data.pixel_array[row, column] / MR_STEPS > LIKE_FLUID


def test_nifti_and_dicom_are_the_same_image_in_the_same_place(sagittal: Seen, tmp_path: Path) -> None:
    values, matrix, _ = nifti(write_image(sagittal, tmp_path / "a.nii"))
    data = pydicom.dcmread(write_image(sagittal, tmp_path / "a.dcm"))
    assert np.array_equal(values[:, :, 0].T, data.pixel_array)
    ras = matrix @ (10, 20, 0, 1)
    along, down = np.array(data.ImageOrientationPatient[:3]), np.array(data.ImageOrientationPatient[3:])
    lps = np.array(data.ImagePositionPatient, dtype=float) + data.PixelSpacing[0] * (10 * along + 20 * down)
    assert (-ras[0], -ras[1], ras[2]) == pytest.approx(lps.tolist(), abs=1e-3)
    assert nibabel.aff2axcodes(affine(sagittal))[1] == "I"  # type: ignore[no-untyped-call]


def test_values_survive_but_for_the_letters(right: Seen, sagittal: Seen, tmp_path: Path) -> None:
    for seen, step in ((right, 1 / MR_STEPS), (sagittal, 1.0)):
        data = pydicom.dcmread(write_image(seen, tmp_path / "v.dcm"))
        read = data.pixel_array * step
        assert ("RescaleSlope" in data) == (data.Modality == "CT"), "viewers ignore a rescaling of MR"
        letters = burned(seen.scan)
        assert 0.002 < letters.mean() < 0.05
        assert np.abs(read - seen.scan.values[::-1])[~letters].max() <= 0.51 * step
        assert read[letters].min() >= read.max() - 1e-6


def test_nothing_of_a_patient_or_of_this_machine_is_in_a_dicom_file(right: Seen, tmp_path: Path) -> None:
    path = write_image(right, tmp_path / "a.dcm")
    data = pydicom.dcmread(path)
    asked = {"PatientName", "PatientID", "PatientBirthDate", "PatientSex"}
    asked |= {"StudyDate", "StudyTime", "ReferringPhysicianName", "AccessionNumber"}
    assert {element.keyword for element in data if element.tag.group == 0x0010} == asked & set(data.dir("Patient"))
    for element in data:
        says = ("Date", "StudyTime", "SeriesTime", "ContentTime", "Name", "Institution", "Operator", "Station")
        if element.keyword in asked or element.tag.group == 0x0010 or any(word in element.keyword for word in says):
            assert element.is_empty, f"{element.keyword} says something"
    assert all(keyword in data for keyword in asked), "DICOM asks for them to be there, and lets them be empty"
    assert data.BurnedInAnnotation == "YES"
    assert STAMP in data.SeriesDescription
    assert STAMP in data.ImageComments
    assert data.ImageType[0] == "DERIVED"
    raw = path.read_bytes()
    assert str(tmp_path).encode() not in raw
    again = write_image(right, tmp_path / "b.dcm").read_bytes()
    assert raw == again


def test_a_png_is_a_picture_with_words(right: Seen, tmp_path: Path) -> None:
    path = write_image(right, tmp_path / "Image.PNG")
    picture = imread(path, format="png")
    assert picture.shape[1] > 800
    assert picture[..., :3].max() > 0.95
    assert np.ptp(picture[..., :3], axis=2).max() < 0.05, "a scan has no colour"
    assert b"SYNTHETIC" in path.read_bytes()


def test_letters_say_where_right_is(right: Seen) -> None:
    """The R stands at the left edge: the same state seen from the other side moves nothing but the tissue."""
    marks = right.scan.plane.marks
    assert (marks["left"], marks["right"], marks["top"], marks["bottom"]) == ("R", "L", "A", "P")
    letters = burned(right.scan)
    rows, columns = letters.shape
    for part in (
        letters[rows // 3 : 2 * rows // 3, : columns // 8],
        letters[rows // 3 : 2 * rows // 3, -columns // 8 :],
        letters[-rows // 8 :, columns // 3 : 2 * columns // 3],
        letters[: rows // 8, : columns // 2],
    ):
        assert part.any()


@pytest.mark.parametrize("name", ["a.jpg", "a", ".png", "a.nii.bz2", "a.txt"])
def test_an_unknown_ending_is_one_sentence(sagittal: Seen, tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"has no known ending; end it in .*\.png") as caught:
        write_image(sagittal, tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_missing_folder_and_a_folder_are_one_sentence(sagittal: Seen, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        write_image(sagittal, tmp_path / "none" / "a.png")
    (tmp_path / "b.png").mkdir()
    with pytest.raises(InvalidInput, match="is a folder"):
        write_image(sagittal, tmp_path / "b.png")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_cannot_be_written_is_one_sentence(
    sagittal: Seen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str
) -> None:
    from foramlib.exchange import images  # noqa: PLC0415 - one entry is replaced

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setitem(images._WRITERS, suffix, refuse)
    with pytest.raises(InvalidInput, match="Permission denied"):
        write_image(sagittal, tmp_path / f"a{suffix}")


# The command.


def test_the_command_writes_and_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.nii.gz"
    words = [
        "scan",
        "L4-5",
        "--sequence",
        "T1",
        "--side",
        "right",
        "--plane",
        "axial-disc",
        "--thickness",
        "4",
        "-o",
        str(target),
    ]
    assert cli.main([*words, "--lesion", "synovial_cyst=8,side=right"]) == 0
    said = capsys.readouterr().out
    assert "T1, spin echo, slice 4 mm" in said
    assert "synovial cyst, right, 8.0 mm" in said
    assert str(target) in said
    _, _, header = nifti(target)
    assert header.get_zooms()[2] == pytest.approx(4.0)


@pytest.mark.parametrize(
    "words",
    [
        ["L4/5", "--sequence", "PET", "-o", "a.png"],
        ["L4/5", "-o", "a.gif"],
        ["L4/5", "-o", "no-such-folder/a.png"],
        ["C9/10", "-o", "a.png"],
        ["L4/5", "--plane", "diagonal", "-o", "a.png"],
        ["L4/5", "--thickness", "99", "-o", "a.png"],
        ["L4/5", "--window", "1,2,3", "-o", "a.png"],
        ["L4/5", "--lesion", "dragon=3", "-o", "a.png"],
        ["L4/5", "--side", "up", "-o", "a.png"],
        ["L4/5"],
    ],
)
def test_the_command_refuses_in_one_sentence(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["scan", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("foramlib: ")
    assert said.count("\n") == 1
    assert said.rstrip().endswith(".")
    assert not list(tmp_path.iterdir())


@pytest.mark.thorough
def test_writing_a_picture_loads_no_medical_reader() -> None:
    code = (
        "import sys, json; import foramlib.exchange.images, foramlib.apps.scan; "
        "print(json.dumps([name for name in ('nibabel', 'pydicom') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert json.loads(done.stdout) == []
