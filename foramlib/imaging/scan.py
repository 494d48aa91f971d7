"""A synthetic image of any plane of the model: what a scanner would make of its tissues.

Slice of tissues -> signal of each -> mean through the slice -> the scanner's own resolution -> noise -> window.
The tissues are found once per state and plane (:class:`Scanner` keeps them); sequence, noise and window cost a few
milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.imaging.ct import CT_WINDOWS, ct_number
from foramlib.imaging.signal import mr_signal, timings, tissue_values
from foramlib.imaging.tissue_map import TissueMap, map_tissues
from foramlib.spine.planes import Plane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from foramlib.imaging.signal import TissueValues
    from foramlib.spine.segment import Segment

    Image = NDArray[np.float32]

__all__ = [
    "DEFAULT_WINDOWS",
    "LIMITS",
    "SEQUENCES",
    "Scan",
    "Scanner",
    "Settings",
    "acquire",
    "image_plane",
    "noise_sd",
    "signal_of",
]

SEQUENCES: Mapping[str, str] = MappingProxyType(
    {
        "T1": "T1, spin echo",
        "T2": "T2, fast spin echo",
        "STIR": "STIR, fat nulled",
        "CT": "CT",
    }
)

DEFAULT_WINDOWS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"T1": (72.0, 35.0), "T2": (62.0, 30.0), "STIR": (42.0, 21.0), "CT": CT_WINDOWS["bone"]}
)
"""Width and level with which each image opens: signal units on MR, HU on CT (assumption: what shows most)."""

PIXELS = 256
"""Pixels across the wider side of an image."""

FINEST_MM = 0.16
"""Tissues are looked for no closer than this, mm: a third of what the scanner resolves, so finer is not seen."""

MR_VOXEL_MM, CT_VOXEL_MM = 0.45, 0.35
"""In-plane resolution that a scan opens with, mm (assumption; A:I-32 gives field and matrix)."""

LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"thickness": (0.0, 10.0), "noise": (0.0, 30.0), "voxel": (0.1, 3.0), "view": (0.5, 2.0)}
)
"""Least and greatest slice thickness (mm), noise (percent), in-plane resolution (mm), field of view (times)."""

CT_NOISE_HU = 10.0
"""Noise of CT for each percent that is set, HU (assumption)."""

_MARGIN = 12  # pixels repeated around the picture, so that one edge does not ring into the other


@dataclass(frozen=True)
class Settings:
    """How an image is made.

    Attributes
    ----------
    sequence : str
        One of :data:`SEQUENCES`.
    thickness : float
        Of the slice, mm; 0 is an ideally thin one.
    voxel : float or None
        In-plane resolution, mm; None takes the usual one of MR or CT.
    noise : float
        Standard deviation of the noise in each channel: percent of the signal of fat on T1 (MR), or times 10 HU (CT).
    seed : int
        Of the noise.
    window : pair of float, str or None
        Width (what is white minus what is black) and level (what is mid-grey), or for CT ``"bone"`` or ``"soft"``;
        None takes the sequence's own.
    view : float
        Field of view as a multiple of the plane's own.
    """

    sequence: str = "T2"
    thickness: float = 3.0
    voxel: float | None = None
    noise: float = 2.0
    seed: int = 1
    window: tuple[float, float] | str | None = None
    view: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what cannot be scanned, in one sentence."""
        object.__setattr__(self, "sequence", one_of(self.sequence, SEQUENCES, "sequence"))
        for name, words in _WORDS.items():
            value = getattr(self, name)
            if value is not None:
                _check(value, *words, *LIMITS[name])
        _window(self.window)
        if isinstance(self.window, str):
            object.__setattr__(self, "window", one_of(self.window, CT_WINDOWS, "window"))
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise InvalidInput(f"The seed {self.seed!r} is not possible; choose a whole number from 0.")

    @property
    def shown(self) -> tuple[float, float]:
        """Width and level of the window in force."""
        return DEFAULT_WINDOWS[self.sequence] if self.window is None else _window(self.window)

    @property
    def resolution(self) -> float:
        """In-plane resolution in force, mm."""
        usual = CT_VOXEL_MM if self.sequence == "CT" else MR_VOXEL_MM
        return usual if self.voxel is None else self.voxel


_WORDS = {
    "thickness": ("slice thickness", " mm"),
    "noise": ("noise", " percent"),
    "voxel": ("in-plane resolution", " mm"),
    "view": ("field of view", " times the usual"),
}


def _window(given: Any) -> tuple[float, float]:  # noqa: ANN401 - whatever was given
    if given is None or isinstance(given, str):
        hint = f"give width and level, or one of {', '.join(CT_WINDOWS)}"
        return CT_WINDOWS["bone" if given is None else one_of(given, CT_WINDOWS, "window", hint=hint)]
    try:
        width, level = given
    except (TypeError, ValueError):
        raise InvalidInput(f"The window {given!r} is not possible; give two numbers, width and level.") from None
    _check(width, "window width", "", 1.0, 6000.0)
    _check(level, "window level", "", -2000.0, 4000.0)
    return float(width), float(level)


def _check(value: object, words: str, unit: str, low: float, high: float) -> None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high
    if not good:
        raise InvalidInput(f"The {words} {value!r} is not possible; choose a number from {low:g} to {high:g}{unit}.")


@dataclass(frozen=True, eq=False)
class Scan:
    """An image.

    Attributes
    ----------
    settings : Settings
        How it was made.
    tissue_map : TissueMap
        The slice it was made from.
    values : ndarray, shape (rows, columns), float32
        Signal (MR) or HU (CT), with noise; the first row is the lowest, as the plane's v runs.
    clean : ndarray, shape (rows, columns), float32
        The same without noise and without the scanner's own blur.
    """

    settings: Settings
    tissue_map: TissueMap
    values: Image
    clean: Image

    @property
    def plane(self) -> Plane:
        """Middle plane of the slice; its ``half`` is the field of view."""
        return self.tissue_map.plane

    @property
    def pixel(self) -> float:
        """Size of a pixel, mm."""
        return float(2 * self.plane.half[0] / self.values.shape[1])

    @cached_property
    def grey(self) -> NDArray[np.uint8]:
        """The picture as it is looked at: window applied, first row at the top, 0 black to 255 white."""
        return windowed(self.values, *self.settings.shown)[::-1]


def windowed(values: Image, width: float, level: float) -> NDArray[np.uint8]:
    """Return grey values 0 to 255: ``level`` is mid-grey, ``width`` runs from black to white."""
    share = np.clip((values - (level - width / 2)) / width, 0.0, 1.0)
    grey: NDArray[np.uint8] = (255 * share + 0.5).astype(np.uint8)
    return grey


def image_plane(name: str, segment: Segment, side: str = "left", view: float = 1.0, offset: float = 0.0) -> Plane:
    """Return a named plane with another field of view, moved along its normal.

    Parameters
    ----------
    name, segment, side
        As :meth:`Plane.named` takes them.
    view : float
        Multiple of the plane's own field of view.
    offset : float
        Shift towards the viewer, mm.
    """
    plane = Plane.named(name, segment, side)
    origin = np.array(plane.origin) + offset * plane.normal
    half = (plane.half[0] * view, plane.half[1] * view)
    return replace(plane, origin=(float(origin[0]), float(origin[1]), float(origin[2])), half=half)


class Scanner:
    """Makes images of segments and keeps the last slices of tissue, so that a new sequence need not find them again."""

    def __init__(self, kept: int = 6) -> None:
        self.kept = kept
        self._maps: dict[tuple[object, ...], TissueMap] = {}

    def scan(self, segment: Segment, plane: Plane, settings: Settings) -> Scan:
        """Return the image of a plane whose ``half`` is the field of view."""
        return acquire(self.tissue_map(segment, plane, settings.thickness), settings, PIXELS)

    def tissue_map(self, segment: Segment, plane: Plane, thickness: float) -> TissueMap:
        """Return the tissues of a slice, from memory where they are there."""
        key = (segment, plane, thickness)
        if key not in self._maps:
            while len(self._maps) >= self.kept:
                del self._maps[next(iter(self._maps))]
            pixel = max(2 * max(plane.half) / PIXELS, FINEST_MM)
            self._maps[key] = map_tissues(segment, plane, pixel, thickness)
        return self._maps[key]


def acquire(tissue_map: TissueMap, settings: Settings, pixels: int | None = None) -> Scan:
    """Make the image of a slice.

    Parameters
    ----------
    tissue_map : TissueMap
        The slice.
    settings : Settings
        How it is scanned.
    pixels : int, optional
        Pixels across the wider side; those of the slice where it is left out.
    """
    numbers = np.array([signal_of(values, settings.sequence) for values in tissue_map.values()], dtype=np.float32)
    clean = tissue_map.averaged(numbers)
    clean = clean if pixels is None else _stretched(clean, pixels)
    pixel = 2 * tissue_map.plane.half[0] / clean.shape[1]
    return Scan(settings, tissue_map, _measured(clean, pixel, settings), clean)


def _stretched(image: Image, pixels: int) -> Image:
    """Return an image with ``pixels`` along its wider side, between its own by straight lines."""
    scale = pixels / max(image.shape)
    if scale == 1:
        return image
    for _ in range(2):
        # Rows first, then columns as the rows of the turned image: plain sums start no threads.
        low, share = _between(len(image), round(len(image) * scale))
        image = (image[low] * (1 - share) + image[low + 1] * share).T
    return image


@lru_cache(maxsize=16)
def _between(old: int, new: int) -> tuple[NDArray[np.int_], Image]:
    """Return for a line of ``new`` pixels the ``old`` one before each, and the share of the next."""
    places = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    low = np.minimum(places.astype(int), old - 2)
    return low, (places - low).astype(np.float32)[:, None]


def signal_of(values: TissueValues, sequence: str) -> float:
    """Return the noiseless signal (MR) or the CT number (HU) of a tissue."""
    return ct_number(values) if sequence == "CT" else mr_signal(values, timings()[sequence])


def noise_sd(settings: Settings) -> float:
    """Return the standard deviation of the noise in each channel: signal units on MR, HU on CT."""
    if settings.sequence == "CT":
        return CT_NOISE_HU * settings.noise
    return 0.01 * settings.noise * signal_of(tissue_values()["fat"], "T1")


def _measured(clean: Image, pixel: float, settings: Settings) -> Image:
    """Return what a scanner of limited resolution measures, with its noise, on the pixels of the picture.

    MR: the high spatial frequencies are cut off and complex noise is added to the rest; the magnitude of what comes
    back is Rician. CT: the same blur, with normal noise.
    """
    padded = np.pad(clean, _MARGIN, mode="edge")
    spectrum = np.fft.fft2(padded)
    filters = [_passed(count, pixel, settings.resolution) for count in padded.shape]
    passed = np.outer(*filters)
    image = np.fft.ifft2(spectrum * passed).real
    if settings.noise:
        noise = noise_sd(settings) * _noise(passed, settings.seed)
        image = image + noise.real if settings.sequence == "CT" else np.abs(image + noise)
    elif settings.sequence != "CT":
        image = np.abs(image)
    inner = image[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    return inner.astype(np.float32)


def _passed(count: int, pixel: float, resolution: float) -> NDArray[np.float64]:
    """Share of each spatial frequency that is measured: all of the low ones, with a soft end against ringing."""
    frequency = np.abs(np.fft.fftfreq(count, pixel))
    limit = 0.5 / max(resolution, pixel)
    inside = np.clip(frequency / limit, 0.0, 1.0)
    window: NDArray[np.float64] = np.where(
        frequency <= limit, 0.5 + 0.5 * np.cos(np.pi * np.clip(2 * inside - 1, 0, 1)), 0.0
    )
    return window


def _noise(passed: NDArray[np.float64], seed: int) -> NDArray[np.complex128]:
    """Return complex noise of standard deviation 1 in each channel, as fine as the scanner measures."""
    draw = np.random.default_rng(seed)
    white = draw.standard_normal((2, *passed.shape))
    shaped = np.fft.ifft2(np.fft.fft2(white[0] + 1j * white[1]) * passed)
    return np.asarray(shaped / np.sqrt(np.mean(passed**2)))
