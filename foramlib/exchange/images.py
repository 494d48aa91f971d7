"""Teaching images as files: PNG, NIfTI and DICOM, with SYNTHETIC burned in; no field says anything of a patient.

The body's axes of the model are those of DICOM (x to the patient's left, y posterior, z cranial, mm); NIfTI counts x to
the right and y anterior, so both change sign there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.figures.scan import STAMP, burned, compose_scan, describe_scan, settings_words
from foramlib.identity import fingerprint
from foramlib.imaging.scan import SEQUENCES
from foramlib.imaging.signal import timings
from foramlib.spine.planes import PLANES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from foramlib.figures.scan import Seen

__all__ = ["SUFFIXES", "affine", "check_target", "write_image"]

SUFFIXES = (".png", ".nii.gz", ".nii", ".dcm")

MR_STEPS = 10
"""Steps of stored values for each unit of MR signal; CT is stored in whole HU."""

_BRIGHTEST = np.iinfo(np.int16).max
_DPI = 160
_MR, _CT = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.2"  # storage classes of DICOM PS3.4


def write_image(seen: Seen, path: str | Path) -> Path:
    """Write an image to a file; its ending chooses the format.

    Parameters
    ----------
    seen : Seen
        What to write.
    path : path
        Ends in ``.png``, ``.nii``, ``.nii.gz`` or ``.dcm``; the folder must exist.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InvalidInput
        If the ending is unknown or the file cannot be written.
    """
    target, suffix = Path(path), check_target(path)
    try:
        _WRITERS[suffix](seen, target)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise InvalidInput(f"The image cannot be written to {str(path)!r} ({reason}); choose another place.") from None
    return target


def check_target(path: str | Path) -> str:
    """Return the ending of a file name.

    Raises
    ------
    InvalidInput
        If the ending is unknown, the folder does not exist or the name is a folder's.
    """
    target = Path(path)
    suffix = next((one for one in SUFFIXES if target.name.lower().endswith(one) and len(target.name) > len(one)), None)
    if suffix is None:
        raise InvalidInput(f"The file name {str(path)!r} has no known ending; end it in {', '.join(SUFFIXES)}.")
    if not target.parent.is_dir():
        raise InvalidInput(f"The folder {str(target.parent)!r} does not exist; make it first or choose another place.")
    if target.is_dir():
        raise InvalidInput(f"{str(path)!r} is a folder; give the name of a file.")
    return suffix


def stored(seen: Seen) -> NDArray[np.int16]:
    """Return the values as stored, first row at the top: HU (CT) or tenths of a signal unit (MR), letters burned in.

    The letters are white in the window of the image, or as bright as a stored value can be.
    """
    values = seen.scan.values[::-1]
    numbers = np.rint(values if _is_ct(seen) else MR_STEPS * values).astype(np.int16)
    width, level = seen.scan.settings.shown
    white = (level + width / 2) * (1 if _is_ct(seen) else MR_STEPS)
    numbers[burned(seen.scan)] = round(min(max(white, float(numbers.max())), _BRIGHTEST))
    return numbers


def _is_ct(seen: Seen) -> bool:
    return seen.scan.settings.sequence == "CT"


def _corner(seen: Seen) -> NDArray[np.float64]:
    """Return the centre of the first pixel (top left), mm, in the model's axes."""
    plane, (rows, columns) = seen.scan.plane, seen.scan.values.shape
    reach = np.array([columns - 1, rows - 1]) * seen.scan.pixel / 2
    return np.asarray(np.array(plane.origin) - reach[0] * np.array(plane.across) + reach[1] * np.array(plane.up))


def affine(seen: Seen) -> NDArray[np.float64]:
    """Return the matrix from (column, row from the top, 0, 1) to mm with x right, y anterior, z up (NIfTI's RAS)."""
    plane, matrix = seen.scan.plane, np.eye(4)
    thickness = seen.scan.settings.thickness or seen.scan.pixel
    matrix[:3, 0] = np.array(plane.across) * seen.scan.pixel
    matrix[:3, 1] = -np.array(plane.up) * seen.scan.pixel
    matrix[:3, 2] = np.cross(plane.across, -np.array(plane.up)) * thickness
    matrix[:3, 3] = _corner(seen)
    return np.asarray(np.diag([-1.0, -1.0, 1.0, 1.0]) @ matrix)


def _title(seen: Seen) -> str:
    measured = seen.measures
    return f"{STAMP} {seen.scan.settings.sequence} {measured.level} {measured.side} {measured.plane}"


def _write_png(seen: Seen, target: Path) -> None:
    words = {"Title": _title(seen), "Description": describe_scan(seen)}
    compose_scan(seen).savefig(target, format="png", dpi=_DPI, metadata=words)


def _write_nifti(seen: Seen, target: Path) -> None:
    import nibabel  # noqa: PLC0415 - only this format needs it

    make: Any = nibabel.Nifti1Image  # its methods carry no types
    image = make(stored(seen).T[:, :, None], affine(seen))
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = _title(seen).encode()[:79]
    slope = 1.0 if _is_ct(seen) else 1.0 / MR_STEPS
    image.header.set_slope_inter(slope, 0.0)
    image.set_qform(affine(seen), code="scanner")
    image.set_sform(affine(seen), code="scanner")
    image.to_filename(target)


def _write_dicom(seen: Seen, target: Path) -> None:
    from pydicom import Dataset, dcmwrite  # noqa: PLC0415 - only this format needs it
    from pydicom.dataset import FileMetaDataset  # noqa: PLC0415
    from pydicom.uid import ExplicitVRLittleEndian  # noqa: PLC0415

    data, meta = Dataset(), FileMetaDataset()
    made = _ct(seen) if _is_ct(seen) else _mr(seen)
    for name, value in {
        **dict.fromkeys(_SILENT, ""),
        **_identity(seen),
        **_geometry(seen),
        **_pixels(seen),
        **made,
    }.items():
        setattr(data, name, value)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta = meta
    dcmwrite(target, data, enforce_file_format=True)


_SILENT = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "ReferringPhysicianName",
    "AccessionNumber",
    "PositionReferenceIndicator",
)
"""What DICOM asks to be there and lets be empty (type 2): nothing is said of a patient, a person, a place, an hour."""


def _identity(seen: Seen) -> Mapping[str, Any]:
    """Name what the image is: one study for each state, one series for each acquisition, one image for each picture.

    The same state gives the same names, and nothing of this machine or hour is in them.
    """
    from pydicom.uid import generate_uid  # noqa: PLC0415 - only this format needs it

    settings, plane = seen.scan.settings, seen.scan.plane
    acquired = (replace(settings, window=None), plane.name, plane.side, plane.across, plane.up, plane.half)
    image = (settings, plane, stored(seen).tobytes())

    def named(*parts: object) -> str:
        return str(generate_uid(entropy_srcs=[fingerprint(seen.segment, *parts)]))

    return {
        "SOPClassUID": _CT if _is_ct(seen) else _MR,
        "SOPInstanceUID": named("image", *image),
        "StudyInstanceUID": named("study"),
        "SeriesInstanceUID": named("series", *acquired),
        "FrameOfReferenceUID": named("space"),
        "Modality": "CT" if _is_ct(seen) else "MR",
        "ImageType": ["DERIVED", "SECONDARY", "OTHER"],
        "StudyID": STAMP,
        "SeriesNumber": _series_number(seen),
        "InstanceNumber": 1,
        "SeriesDescription": _title(seen)[:64],
        "ImageComments": f"{STAMP}: teaching image made from a model, not a patient. {settings_words(seen.scan)}.",
        "BurnedInAnnotation": "YES",
        "Manufacturer": "foramlib",
    }


def _series_number(seen: Seen) -> int:
    """Return a number by which a list of series is in order: sequence, plane, side."""
    plane = seen.scan.plane
    planes = [name.partition(":")[0] for name in PLANES]
    place = planes.index(plane.name.partition(":")[0])
    return 100 * (list(SEQUENCES).index(seen.scan.settings.sequence) + 1) + 10 * place + (plane.side == "right") + 1


def _geometry(seen: Seen) -> Mapping[str, Any]:
    plane = seen.scan.plane
    down = -np.array(plane.up)
    thickness = _decimals([seen.scan.settings.thickness or seen.scan.pixel])[0]
    return {
        "BodyPartExamined": "CSPINE" if seen.segment.level.region == "cervical" else "LSPINE",
        "PatientPosition": "HFS",
        "ImageOrientationPatient": _decimals([*plane.across, *down.tolist()]),
        "ImagePositionPatient": _decimals(_corner(seen).tolist()),
        "PixelSpacing": _decimals([seen.scan.pixel] * 2),
        "SliceThickness": thickness,
        # A slice of its own; what reads a volume takes this for its third spacing.
        "SpacingBetweenSlices": thickness,
    }


def _decimals(numbers: list[float]) -> list[str]:
    """Write numbers as DICOM's decimal strings, at most sixteen letters."""
    return [f"{number + 0.0:.6f}" for number in numbers]


def _pixels(seen: Seen) -> Mapping[str, Any]:
    numbers = stored(seen)
    # Viewers apply the window to what is stored: on MR no rescaling stands between them.
    width, level = (value * (1 if _is_ct(seen) else MR_STEPS) for value in seen.scan.settings.shown)
    return {
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": numbers.shape[0],
        "Columns": numbers.shape[1],
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 1,
        "WindowCenter": f"{level:g}",
        "WindowWidth": f"{width:g}",
        "PixelData": numbers.astype("<i2").tobytes(),
    }


def _ct(seen: Seen) -> Mapping[str, Any]:
    """Say what only CT says: stored values are HU."""
    axial = seen.scan.plane.kind == "axial"
    return {
        "ImageType": ["DERIVED", "SECONDARY", "AXIAL" if axial else "MPR"],
        "KVP": "",
        "AcquisitionNumber": "",
        "RescaleIntercept": "0",
        "RescaleSlope": "1",
        "RescaleType": "HU",
    }


def _mr(seen: Seen) -> Mapping[str, Any]:
    """Say what only MR says: the sequence and its timing."""
    timing = timings()[seen.scan.settings.sequence]
    said = {
        "ScanningSequence": ["SE", "IR"] if timing.ti else "SE",
        "SequenceVariant": "SK" if timing.fast else "NONE",
        "ScanOptions": "",
        "MRAcquisitionType": "2D",
        "RepetitionTime": f"{timing.tr:g}",
        "EchoTime": f"{timing.te:g}",
        "EchoTrainLength": "" if timing.fast else 1,
    }
    return said | ({"InversionTime": f"{timing.ti:g}"} if timing.ti else {})


_WRITERS: Mapping[str, Callable[[Seen, Path], None]] = {
    ".png": _write_png,
    ".nii.gz": _write_nifti,
    ".nii": _write_nifti,
    ".dcm": _write_dicom,
}
