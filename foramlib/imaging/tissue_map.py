"""Which tissue lies where in a slice of the model: the part of a scan that depends on anatomy alone.

A slice has a thickness, so the map holds several sheets through it; a pixel that two tissues share is
averaged when the signal is made. The map of a state is made once and kept while sequence, noise or
window change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.imaging.signal import TissueValues, blend, tissue_values
from foramlib.spine.lattice import Lattice
from foramlib.spine.shapes import Grown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from foramlib.spine.lattice import Array, Window
    from foramlib.spine.planes import Plane
    from foramlib.spine.segment import Segment, Structure

    Labels = NDArray[np.uint8]
    Mask = NDArray[np.bool_]

__all__ = ["CORTEX_MM", "TissueMap", "desiccation", "map_tissues", "pressed", "tissue_kind"]

CORTEX_MM = 0.7
"""Thickness of the cortical shell of every bone, mm (assumption)."""

SHEET_MM = 0.5
"""Distance of the sheets through a slice, at most, mm."""

STRAND, STREAKS = 0.11, 9
"""Width of the strands of fat between bundles of muscle, and how many waves make their pattern (assumption)."""

FILM_MM = 0.9
"""Thickness of the film of fat that parts the disc from muscle, mm (assumption)."""

GRAIN_MM, GRAIN = 0.6, 0.5
"""Size of the grains of fattier marrow, mm, and their share of it (assumption)."""

FATTY, VEINS, STRAND_FAT = 0.18, 0.2, 0.6
"""Fat in a fattier grain of marrow, veins in the epidural space of the neck, fat in a strand, 0 to 1 (assumption)."""

FLAT_AT = 0.3
"""Share of its thickness that a root must have lost for the full brightness of a pressed one on T2 (assumption)."""

# Tissues that are mixtures: the first with a share of the second.
_MIXED = {
    "marrow_fatty": ("marrow", "fat", FATTY),
    "epidural": ("fat", "vein", VEINS),
    "strand": ("muscle", "fat", STRAND_FAT),
}

# Roots keep their name, because each is pressed by itself.
_ROOTS = {"exiting_root": "exiting", "ventral_root": "exiting", "ganglion": "exiting", "traversing_root": "traversing"}

# What the model calls by another name than the scanner.
_MATTERS = {"dura": "csf", "joint": "cartilage", "ghost": "fat", "osteophyte": "bone"}


@dataclass(frozen=True, eq=False)
class TissueMap:
    """Tissues of one slice.

    Attributes
    ----------
    plane : Plane
        The slice's middle plane; ``half`` is the field of view.
    pixel, thickness : float
        Distance of the points looked at in the plane, and thickness of the slice, mm.
    labels : ndarray, shape (sheets, rows, columns), uint8
        Place in ``kinds`` of each point; rows run upward, as the plane's v does.
    kinds : tuple of str
        Tissue names; the first is what fills the rest.
    dried : float
        How far the disc has dried, 0 to 1.
    pressed : dict of str to float
        How hard each root is pressed, 0 to 1, by ``"exiting-left"`` and so on.
    """

    plane: Plane
    pixel: float
    thickness: float
    labels: Labels
    kinds: tuple[str, ...]
    dried: float
    pressed: dict[str, float]

    def values(self) -> tuple[TissueValues, ...]:
        """Return the scanner's values of each kind in this state."""
        return tuple(self._value(kind) for kind in self.kinds)

    def _value(self, kind: str) -> TissueValues:
        table = tissue_values()
        name, _, root = kind.partition(":")
        if name in {"nucleus", "annulus"}:
            return _drying(table[name], self.dried)
        if name in _MIXED:
            one, other, share = _MIXED[name]
            return blend(table[one], table[other], share)
        if root:
            return blend(table[name], table[f"{name}_compressed"], self.pressed.get(root, 0.0))
        return table[name]

    def averaged(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mean over the slice's sheets of a number per kind, shape (rows, columns)."""
        total = np.zeros(self.labels.shape[1:], dtype=np.float32)
        for sheet in self.labels:
            total += numbers[sheet]
        total /= len(self.labels)
        return total

    def share(self, *names: str) -> NDArray[np.float32]:
        """Return how much of each pixel the named tissues fill, 0 to 1."""
        wanted = [kind.partition(":")[0] in names for kind in self.kinds]
        return self.averaged(np.array(wanted, dtype=np.float32))


def _drying(wet: TissueValues, dried: float) -> TissueValues:
    """Go from the wet tissue through the half-dried disc to the dry one."""
    table = tissue_values()
    half, dry = table["disc_intermediate"], table["disc_desiccated"]
    if wet.t2_fast < half.t2_fast:
        # The ring is dark from the start and loses what little water it has.
        return blend(wet, replace(wet, t2=0.8 * wet.t2, t2_fast=0.8 * wet.t2_fast, pd=dry.pd), dried)
    return blend(wet, half, 2 * dried) if dried < 0.5 else blend(half, dry, 2 * dried - 1)  # noqa: PLR2004 - half way


def desiccation(segment: Segment) -> float:
    """Return how far the disc has dried, 0 to 1: its lost height as a share of what it can lose (model rule)."""
    return segment.disc_loss / segment.limits["disc_loss"][1]


def pressed(segment: Segment) -> dict[str, float]:
    """Return how hard each root is pressed, 0 to 1, by "exiting-left" and so on.

    Read off the flattening that the model solves along the root; the strongest counts for its whole length in view
    (model rule: how far along the root the signal changes is not published in our tables).
    """
    return {
        f"{kind}-{side}": float(np.clip(root.flattening.max() / FLAT_AT, 0.0, 1.0))
        for (kind, side), root in segment.roots.items()
    }


def map_tissues(segment: Segment, plane: Plane, pixel: float, thickness: float) -> TissueMap:
    """Return the tissues of a slice.

    Parameters
    ----------
    segment : Segment
        What is scanned.
    plane : Plane
        Middle of the slice.
    pixel : float
        Size of a pixel, mm.
    thickness : float
        Of the slice, mm; 0 takes the plane alone.
    """
    painter = _Painter(_slab(plane, pixel, thickness))
    for bone in segment.bones:
        painter.bone(bone.whole)
    for structure in segment.soft:
        kind = tissue_kind(structure, neck=segment.level.region == "cervical")
        if kind == "bone":
            painter.bone(structure.shape)
        else:
            painter.claim(kind, structure.shape)
    for structure in segment.soft:
        if structure.key == "annulus":
            painter.claim("strand", Grown(structure.shape, FILM_MM))
    painter.texture()
    labels, kinds = painter.labels, tuple(painter.kinds)
    return TissueMap(plane, pixel, thickness, labels, kinds, desiccation(segment), pressed(segment))


def _slab(plane: Plane, pixel: float, thickness: float) -> Lattice:
    """Return the points of a slice: sheets through its thickness, rows upward, columns to the right."""
    wide, high = plane.half
    rows, columns = round(2 * high / pixel), round(2 * wide / pixel)
    sheets = max(1, int(np.ceil(thickness / SHEET_MM)))
    across, up, through = (np.array(axis) for axis in (plane.across, plane.up, plane.normal))
    gap = thickness / sheets if thickness else 1.0
    first = 0.5 * gap - 0.5 * thickness if thickness else 0.0
    # Pixels are areas: the first centre lies half a pixel inside the edge.
    corner = np.array(plane.origin) - across * (columns - 1) * pixel / 2 - up * (rows - 1) * pixel / 2
    return Lattice(
        corner + through * first, np.stack([through * gap, up * pixel, across * pixel]), (sheets, rows, columns)
    )


def tissue_kind(structure: Structure, *, neck: bool = False) -> str:
    """Name the tissue of a structure as the scanner does; a root keeps which one it is.

    ``"bone"`` is painted as marrow within its cortex, ``"epidural"`` is the fat of the neck with its veins; what the
    scanner does not know is painted as muscle.
    """
    if structure.key == "epidural_fat" and neck:
        return "epidural"
    kind = _MATTERS.get(structure.matter, structure.matter)
    if structure.key in _ROOTS:
        return f"{kind}:{_ROOTS[structure.key]}-{structure.side}"
    return kind if kind in {*tissue_values(), "bone"} else "muscle"


class _Painter:
    """Gives each point to the first structure that claims it, as a section does."""

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        self.labels: Labels = np.zeros(lattice.shape, dtype=np.uint8)
        self.free: Mask = np.ones(lattice.shape, dtype=bool)
        self.kinds: list[str] = ["muscle"]

    def claim(self, kind: str, shape: Any) -> None:  # noqa: ANN401 - any shape
        """Give what is still free inside a shape to a tissue."""
        for window, field in self._near(shape):
            self._paint(kind, window, field < 0)

    def bone(self, shape: Any) -> None:  # noqa: ANN401 - any shape
        """Give a bone its space: marrow within a dark shell."""
        for window, field in self._near(shape):
            self._paint("cortex", window, (field < 0) & (field > -CORTEX_MM))
            self._paint("marrow", window, field < 0)

    def _near(self, shape: Any) -> Iterator[tuple[Window, Array]]:  # noqa: ANN401 - any shape
        window = self.lattice.window(shape.box)
        if window is not None:
            yield window, np.broadcast_to(shape.field(self.lattice.part(window)), self.labels[window].shape)

    def _paint(self, kind: str, window: Window, inside: Mask) -> None:
        if kind not in self.kinds:
            self.kinds.append(kind)
        own = inside & self.free[window]
        self.labels[window][own] = self.kinds.index(kind)
        self.free[window][own] = False

    def texture(self) -> None:
        """Lay strands of fat through what is left and grains of fat through marrow (a pattern, not anatomy).

        The pattern is found in the middle of the slice and runs through its whole thickness.
        """
        middle = np.array(self.lattice.origin) + self.lattice.steps[0] * (self.lattice.counts[0] - 1) / 2
        sheet = Lattice(middle, self.lattice.steps[1:], self.lattice.counts[1:])
        self._recolour("muscle", "strand", _strands(sheet))
        self._recolour("marrow", "marrow_fatty", _grains(sheet))

    def _recolour(self, old: str, new: str, where: Mask) -> None:
        if old in self.kinds:
            self.kinds += [] if new in self.kinds else [new]
            self.labels[(self.labels == self.kinds.index(old)) & where] = self.kinds.index(new)


def _strands(sheet: Lattice) -> Mask:
    """Return where strands of fat run: the zero lines of a field of long, irregular waves."""
    draw = np.random.default_rng(4)
    x, y, z = sheet.coordinates()
    total = np.zeros(sheet.shape, dtype=np.float32)
    for _ in range(STREAKS):
        a, b, c = draw.normal(0.0, 0.42, 3) * (1.0, 1.0, 0.12)
        total += np.sin(a * x + b * y + c * z + draw.uniform(0, 6.28))
    total /= np.sqrt(STREAKS / 2)
    width: Array = 0.5 + 0.5 * np.sin(0.3 * x + 0.23 * y + 0.07 * z)
    return np.asarray(np.abs(total) < STRAND * width)


def _grains(sheet: Lattice) -> Mask:
    """Return where marrow is fattier: grains in the body's own frame, the same in every plane."""
    table = np.random.default_rng(5).random((64, 64, 64)) < GRAIN
    places = [np.broadcast_to(np.floor(line / GRAIN_MM), sheet.shape).astype(int) % 64 for line in sheet.coordinates()]
    return np.asarray(table[tuple(places)])
