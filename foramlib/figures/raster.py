"""A still picture of solids without a graphics card: an orthographic depth buffer in numpy.

For every pixel it is known which structure is seen and how far away it lies, so that a picture can be
pointed at, labelled and put into words. The work comes in slices of a few milliseconds.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.figures import palette
from foramlib.spine.solids import APART

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from numpy.typing import NDArray

    from foramlib.spine.planes import Plane
    from foramlib.spine.segment import Structure
    from foramlib.spine.solids import Solid

    Numbers = NDArray[np.floating[Any]]
    Whole = NDArray[np.integer[Any]]

NOTHING = -1
"""Number of the ground in the buffer of structures."""

SAMPLES = 50_000
"""Pixels looked at between two pauses: a few milliseconds of work."""

BAND = 60
"""Rows of the picture that are painted between two pauses."""

LINE = 0.55
"""How much the lines of something clear still cover."""

CLOSED = APART | {"bone"}
"""Tissues whose surfaces are closed."""

NONE_CLEAR: Mapping[str, float] = MappingProxyType({})

_SIDES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128)  # triangles are drawn in groups of like size, in pixels
_LIGHT = np.array([-0.42, 0.55, 0.72])  # from the viewer's upper left, in the camera's own axes
_STEP_MM = 0.9  # a jump in depth of more than this is an edge
_HAIR = np.float32(1e-3)
_NEAR = np.float32(-1e6)
_YIELDS_MM = 0.12, 0.35  # soft tissue that lies on a surface gives way to its owner, later structures more


@dataclass(eq=False)
class Sheet:
    """Depth, structure and light of what is nearest, pixel by pixel, first row at the top.

    ``columns`` and ``rows`` are those of the picture; each of its pixels is ``finer`` by ``finer`` here.
    """

    columns: int
    rows: int
    finer: int
    depth: Numbers = field(init=False)
    owner: Whole = field(init=False)
    light: Numbers = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing in view."""
        count = self.width * self.height
        self.depth = np.full(count, _NEAR, dtype=np.float32)
        self.owner = np.full(count, NOTHING, dtype=np.int16)
        self.light = np.zeros(count, dtype=np.float32)

    @property
    def width(self) -> int:
        """Columns of the buffers."""
        return self.columns * self.finer

    @property
    def height(self) -> int:
        """Rows of the buffers."""
        return self.rows * self.finer

    def add(self, pixel: Whole, depth: Numbers, light: Numbers, owner: Whole) -> None:
        """Put fragments where they are nearer than what is there."""
        np.maximum.at(self.depth, pixel, depth)
        nearest = depth >= self.depth[pixel]
        self.owner[pixel[nearest]] = owner[nearest]
        self.light[pixel[nearest]] = light[nearest]

    def square(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return a buffer as rows and columns."""
        return values.reshape(self.height, self.width)


@dataclass(frozen=True, eq=False)
class Still:
    """A rendered picture.

    Attributes
    ----------
    camera : Plane
        The camera's plane: u to the viewer's right, v up, looking against its normal.
    pixels : ndarray, shape (rows, columns, 4), uint8
        Colours; the ground is transparent.
    structures : tuple of Structure
        Everything that was drawn, seen or not.
    numbers : ndarray, shape (rows, columns), int16
        Which of ``structures`` is seen, or :data:`NOTHING`.
    depth : ndarray, shape (rows, columns), float32
        Height over the camera's plane of what is seen, mm.
    reach : tuple of ndarray
        Pixels (flat) that each structure would cover if it stood alone.
    """

    camera: Plane
    pixels: NDArray[np.uint8]
    structures: tuple[Structure, ...]
    numbers: Whole
    depth: Numbers
    reach: tuple[Whole, ...]

    @cached_property
    def visible(self) -> Whole:
        """Pixels in which each structure is seen, shape (structures,)."""
        seen = self.numbers[self.numbers != NOTHING]
        return np.bincount(seen, minlength=len(self.structures))

    @property
    def mm_per_pixel(self) -> float:
        """Size of a pixel, mm."""
        return float(2 * self.camera.half[0] / self.numbers.shape[1])

    @cached_property
    def png(self) -> bytes:
        """The picture as a PNG file."""
        return encode_png(self.pixels)


def render_steps(
    solids: Sequence[Solid],
    camera: Plane,
    *,
    width: int = 480,
    clear: Mapping[str, float] = NONE_CLEAR,
    theme: str = "light",
    oversampled: int = 2,
) -> Generator[None, None, Still]:
    """Render solids in slices, into a :class:`Still`.

    Parameters
    ----------
    solids : sequence of Solid
        What to draw.
    camera : Plane
        From where; ``half`` says how much is in the picture.
    width : int
        Of the picture, in pixels.
    clear : mapping of str to float
        Tissues that are seen through, the innermost first, and how much each still covers, 0 to 1.
    theme : str
        One of ``palette.THEMES``.
    oversampled : int
        Pixels computed for each pixel of the picture, across and down; smooths edges.
    """
    high = round(width * camera.half[1] / camera.half[0])
    names = ("", *(tissue for tissue in clear if any(solid.tissue == tissue for solid in solids)))
    sheets = {name: Sheet(width, high, oversampled) for name in names}
    structures = tuple(structure for solid in solids for structure in solid.owners)
    reach = yield from _drawn(solids, camera, sheets)
    tissues = [structure.tissue for structure in structures]
    wholes = np.array([place for place, solid in enumerate(solids) for _ in solid.owners], dtype=np.int16)
    fills, lines = (_colours(tissues, theme, look) for look in (palette.fill, palette.outline))
    paint = _Paint(fills, lines, 2 * camera.half[0] / (width * oversampled))
    pixels = yield from _coloured(sheets, clear, wholes, paint)
    numbers, depth = _pointed_at(sheets)
    yield
    return Still(camera, pixels, structures, numbers, depth, tuple(reach))


def _drawn(solids: Sequence[Solid], camera: Plane, sheets: Mapping[str, Sheet]) -> Generator[None, None, list[Whole]]:
    """Draw each solid on its sheet, and return the pixels that each structure reaches."""
    reach: list[Whole] = []
    for place, solid in enumerate(solids):
        back = 0.0 if solid.tissue == "bone" else float(np.interp(place, (0, len(solids)), _YIELDS_MM))
        reach += yield from _draw(solid, camera, sheets.get(solid.tissue, sheets[""]), len(reach), back)
    return reach


def _pointed_at(sheets: Mapping[str, Sheet]) -> tuple[Whole, Numbers]:
    """Structure and depth in each pixel of the picture; what is firm is pointed at through what is clear."""
    firm = sheets[""]
    numbers, depth = firm.owner, firm.depth
    for name, sheet in sheets.items():
        if name:
            depth = np.where(numbers != NOTHING, depth, sheet.depth)
            numbers = np.where(numbers != NOTHING, numbers, sheet.owner)
    middle = slice(firm.finer // 2, None, firm.finer)
    return firm.square(numbers)[middle, middle], firm.square(depth)[middle, middle]


def _draw(solid: Solid, camera: Plane, sheet: Sheet, first: int, back: float) -> Generator[None, None, list[Whole]]:
    """Draw one solid, ``back`` mm farther away, and return the pixels that each of its structures reaches."""
    columns, rows = sheet.columns, sheet.rows
    alone = np.zeros((len(solid.owners), rows * columns), dtype=bool)
    for pixel, depth, light, owner in _fragments(solid, camera, sheet):
        sheet.add(pixel, depth - np.float32(back), light, owner + np.int16(first))
        small = (pixel // sheet.width // sheet.finer) * columns + pixel % sheet.width // sheet.finer
        alone[owner, small] = True
        yield
    return [np.flatnonzero(row) for row in alone]


def _fragments(solid: Solid, camera: Plane, sheet: Sheet) -> Generator[tuple[Whole, Numbers, Numbers, Whole]]:
    """Cut the triangles that face the camera into pixels: place, depth, light and owner of each."""
    points = _on_sheet(solid, camera, sheet)
    shine = _shine(solid, camera)
    corners = points[solid.surface.faces]
    low, high = np.ceil(corners[..., :2].min(axis=1)), np.floor(corners[..., :2].max(axis=1))
    wide = np.maximum(high - low + 1, 0).max(axis=1)
    # Soft tissue may be open where bone begins: there its inside is seen as well.
    turned = _turned(corners)
    turned = turned if solid.tissue in CLOSED else np.abs(turned)
    shown = (turned > _HAIR) & (high >= low).all(axis=1) & (high >= 0).all(axis=1)
    shown &= (low[:, 0] < sheet.width) & (low[:, 1] < sheet.height)
    least = 0
    for side in _SIDES:
        chosen = np.flatnonzero(shown & (wide > least) & (wide <= side))
        least = side
        step = max(1, SAMPLES // (side * side))
        for start in range(0, len(chosen), step):
            some = chosen[start : start + step]
            values = np.stack([corners[some][..., 2], shine[solid.surface.faces[some]]])
            which, pixel, (depth, light) = _samples(corners[some], low[some], side, values, sheet)
            yield pixel, depth, light, solid.owner[some][which]


def _on_sheet(solid: Solid, camera: Plane, sheet: Sheet) -> Numbers:
    """Return points as column, row and height over the camera's plane; pixel centres are whole numbers."""
    axes = np.stack([camera.across, camera.up, camera.normal]).astype(np.float32)
    own = (solid.surface.vertices - np.array(camera.origin, dtype=np.float32)) @ axes.T
    scale = sheet.width / (2 * camera.half[0])
    own[:, 0] = (own[:, 0] + camera.half[0]) * scale - 0.5
    own[:, 1] = (camera.half[1] - own[:, 1]) * scale - 0.5
    return own


def _turned(corners: Numbers) -> Numbers:
    """Twice the area of triangles in pixels, positive where their outside is seen (rows run downward)."""
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    turned: Numbers = a[:, 1] * b[:, 0] - a[:, 0] * b[:, 1]
    return turned


def _shine(solid: Solid, camera: Plane) -> Numbers:
    """Return the light on each point: soft from the upper left, a little from the viewer."""
    axes = np.stack([camera.across, camera.up, camera.normal])
    own = solid.surface.normals @ axes.T.astype(np.float32)
    lamp = _LIGHT / np.linalg.norm(_LIGHT)
    wrapped = np.clip(0.5 + 0.5 * own @ lamp, 0.0, 1.0)
    shine: Numbers = (0.30 + 0.55 * wrapped**1.4 + 0.22 * np.clip(own[:, 2], 0.0, 1.0)).astype(np.float32)
    return shine


def _samples(corners: Numbers, low: Numbers, side: int, values: Numbers, sheet: Sheet) -> tuple[Whole, Whole, Numbers]:
    """Look at ``side`` times ``side`` pixels of each triangle and keep those inside it and in the picture.

    ``values``, shape (k, triangles, 3), are known at the corners. Returned are the triangle and the place
    of each pixel, shape (n,), and the values there, shape (k, n).
    """
    ahead = np.arange(side, dtype=np.float32)
    x = (low[:, 0, None] + ahead)[:, None, :]
    y = (low[:, 1, None] + ahead)[:, :, None]
    shares = _shares(corners, x, y)
    # A hair beyond the edge, or pixels that lie on the edge of two triangles would belong to neither.
    inside = (shares[0] >= -_HAIR) & (shares[1] >= -_HAIR) & (shares[2] >= -_HAIR)
    inside &= (x >= 0) & (x < sheet.width) & (y >= 0) & (y < sheet.height)
    which, row, column = np.nonzero(inside)
    pixel = (low[which, 1].astype(np.int64) + row) * sheet.width + low[which, 0].astype(np.int64) + column
    weights = np.stack([share[inside] for share in shares], axis=1)
    return which, pixel, np.einsum("nc,knc->kn", weights, values[:, which]).astype(np.float32)


def _shares(corners: Numbers, x: Numbers, y: Numbers) -> list[Numbers]:
    """Barycentric shares of the three corners at the pixels (x, y)."""
    a, b, c = (corners[:, corner, :2, None, None] for corner in range(3))
    whole = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    first = ((b[:, 0] - x) * (c[:, 1] - y) - (b[:, 1] - y) * (c[:, 0] - x)) / whole
    second = ((c[:, 0] - x) * (a[:, 1] - y) - (c[:, 1] - y) * (a[:, 0] - x)) / whole
    return [first, second, 1.0 - first - second]


# Colour.


@dataclass(frozen=True, eq=False)
class _Paint:
    """Colours of the surfaces and lines of the structures, 0 to 1, the ground's last; size of a pixel, mm."""

    fills: Numbers
    lines: Numbers
    pixel: float


def _colours(tissues: list[str], theme: str, look: Callable[[str, str], str]) -> Numbers:
    known = {tissue: _screen(look(tissue, theme)) for tissue in set(tissues)}
    return np.array([*(known[tissue] for tissue in tissues), (0.0, 0.0, 0.0)], dtype=np.float32)


def _screen(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))


@dataclass(frozen=True, eq=False)
class _Lit:
    """A sheet ready to be painted: how dark its hollows are and where lines run, shape (rows, columns)."""

    sheet: Sheet
    dark: Numbers
    edge: NDArray[np.bool_]

    def painted(self, rows: slice, paint: _Paint) -> Numbers:
        """Colours of some rows, shape (rows, columns, 3)."""
        owner = self.sheet.square(self.sheet.owner)[rows]
        light = self.sheet.square(self.sheet.light)[rows] * self.dark[rows]
        painted: Numbers = paint.fills[owner] * light[..., None]
        edge = self.edge[rows]
        painted[edge] = paint.lines[owner[edge]]
        return painted


def _lit(sheet: Sheet, wholes: Whole, pixel: float) -> Generator[None, None, _Lit]:
    dark = yield from _hollows(sheet, pixel)
    yield
    edge = _edges(sheet, np.append(wholes, np.int16(NOTHING))[sheet.square(sheet.owner)], pixel)
    yield
    return _Lit(sheet, dark, edge)


def _coloured(
    sheets: Mapping[str, Sheet], clear: Mapping[str, float], wholes: Whole, paint: _Paint
) -> Generator[None, None, NDArray[np.uint8]]:
    """Paint all sheets, those that are seen through over the firm one, and shrink them to the picture."""
    firm = sheets[""]
    lit = {}
    for name, sheet in sheets.items():
        lit[name] = yield from _lit(sheet, wholes, paint.pixel)
    pixels = np.empty((firm.rows, firm.columns, 4), dtype=np.uint8)
    for start in range(0, firm.rows, BAND):
        band = slice(start * firm.finer, (start + BAND) * firm.finer)
        mixed = _mixed(lit, clear, band, paint)
        pixels[start : start + BAND] = _shrunk(mixed, firm.finer)
        yield
    return pixels


def _mixed(lit: Mapping[str, _Lit], clear: Mapping[str, float], rows: slice, paint: _Paint) -> Numbers:
    """Lay the sheets over each other; red, green and blue times their cover, and the cover."""
    firm = lit[""].sheet
    depth, there = (firm.square(values)[rows] for values in (firm.depth, firm.owner != NOTHING))
    total = np.concatenate([lit[""].painted(rows, paint), there[..., None]], axis=2, dtype=np.float32)
    for name, glass in lit.items():
        if name:
            sheet = glass.sheet
            ahead = (sheet.square(sheet.owner)[rows] != NOTHING) & (sheet.square(sheet.depth)[rows] > depth)
            # Lines of what is seen through cover more than its surface, so that its shape is kept.
            cover = np.where(glass.edge[rows], max(clear[name], LINE), clear[name])
            cover = (cover * ahead)[..., None].astype(np.float32)
            total *= 1 - cover
            total[..., :3] += glass.painted(rows, paint) * cover
            total[..., 3:] += cover
    return total


def _hollows(sheet: Sheet, pixel: float) -> Generator[None, None, Numbers]:
    """Darken what lies deeper than its surroundings: the eye reads depth from it."""
    depth = sheet.square(sheet.depth)
    some = depth > _NEAR
    if not some.any():
        return np.ones(depth.shape, dtype=np.float32)
    filled = np.where(some, depth, depth[some].min())
    # Coarse is enough for so soft a mean.
    around = _blurred(filled[::2, ::2], max(1, round(1.1 / pixel)))
    yield
    around = around.repeat(2, axis=0)[: depth.shape[0]].repeat(2, axis=1)[:, : depth.shape[1]]
    dark: Numbers = np.clip(1.0 - 0.055 * np.maximum(around - filled, 0.0), 0.55, 1.0)
    return dark


def _blurred(values: Numbers, reach: int) -> Numbers:
    """Mean over a square of ``2 reach + 1`` pixels."""
    for axis in (0, 1):
        pad = [(reach + 1, reach) if index == axis else (0, 0) for index in range(2)]
        total = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float64)
        size = 2 * reach + 1
        upper, lower = (
            tuple(part if index == axis else slice(None) for index in range(2))
            for part in (slice(size, None), slice(0, -size))
        )
        values = (total[upper] - total[lower]) / size
    return values.astype(np.float32)


def _edges(sheet: Sheet, whole: Whole, pixel: float) -> NDArray[np.bool_]:
    """Pixels on the rim of a solid, and where the depth jumps within one."""
    depth = sheet.square(sheet.depth)
    edge = np.zeros(depth.shape, dtype=bool)
    jump = _STEP_MM + 3 * pixel
    for axis in (0, 1):
        one = tuple(slice(0, -1) if index == axis else slice(None) for index in range(2))
        two = tuple(slice(1, None) if index == axis else slice(None) for index in range(2))
        other = whole[one] != whole[two]
        apart = other | (np.abs(depth[one] - depth[two]) > jump)
        # The line lies on the nearer side, which owns the rim.
        nearer = depth[one] >= depth[two]
        edge[one] |= apart & nearer
        edge[two] |= apart & ~nearer
    edge &= whole != NOTHING
    return edge


def _shrunk(colours: Numbers, factor: int) -> NDArray[np.uint8]:
    """Mean of ``factor`` times ``factor`` pixels, as bytes."""
    rows, columns, _ = colours.shape
    mean = colours.reshape(rows // factor, factor, columns // factor, factor, 4).mean(axis=(1, 3))
    cover = mean[..., 3:]
    mean[..., :3] /= np.maximum(cover, 1e-6)  # the file wants colours not yet multiplied by their cover
    pixels: NDArray[np.uint8] = np.rint(np.clip(mean, 0.0, 1.0) * 255).astype(np.uint8)
    return pixels


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Write red, green, blue and cover, shape (rows, columns, 4), as a PNG file (ISO/IEC 15948)."""
    rows, columns, _ = pixels.shape
    lines = np.concatenate([np.zeros((rows, 1), dtype=np.uint8), pixels.reshape(rows, columns * 4)], axis=1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
