"""Steps of an operation as data: what a tool has passed over, and what soft tissue has been taken away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.spine.lattice import Box
from foramlib.spine.levels import parse_side
from foramlib.spine.shapes import FAR, Difference, Grown, Motion, Placed, RoundedBox, Shape, Union
from foramlib.spine.vertebra import axis

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array, Axis, Where
    from foramlib.spine.lesions import Lesion
    from foramlib.spine.pathology import Growth

SOFT = ("flavum", "capsule", "herniation", "osteophyte", "cyst", "bulge")
"""What a step can take away besides bone."""

MARGIN = 2.0
"""How far beyond the edge of the bone that is gone ligament and capsule are taken, mm (assumption)."""

OF_LESION = {
    "herniation": ("herniation",),
    "osteophyte": ("uncovertebral_osteophyte", "ridge"),
    "cyst": ("synovial_cyst",),
    "bulge": ("bulge",),
}
"""Lesions that each removal makes smaller."""

BURRED = ("facet_osteophyte", "uncovertebral_osteophyte", "endplate_ridge")
"""Growths of bone: a tool that passes over them takes them as it takes bone."""

INTERLAMINAR = ("medial_facetectomy",)
"""Removals that open the window between the laminae: its ligament can be reached as far as the midline."""

DEPTHS = (0.0, 3.0, 6.0, 9.0)
"""How far in front of a window ligament can be reached, mm (assumption)."""

CELL, PADDING = 0.4, 3.2
"""Cells of the grid on which strokes are kept and how far it reaches beyond them, mm."""


@dataclass(frozen=True)
class Strokes(Shape):
    """All that a ball or a square punch has passed over, as one shape: many strokes cost hardly more than one.

    Parameters
    ----------
    starts, ends : tuple of points
        Where each stroke begins and ends, mm.
    radius : float
        Radius of the ball or half the width of the punch, mm.
    square : bool
        Whether the tool is a cube rather than a ball.
    """

    starts: tuple[Axis, ...]
    ends: tuple[Axis, ...]
    radius: float
    square: bool = False

    @cached_property
    def box(self) -> Box:
        return Box.around(np.array([*self.starts, *self.ends])).grown(self.radius)

    def field(self, where: Where) -> Array:
        return Carved((self,)).field(where)


@dataclass(frozen=True)
class Carved(Shape):
    """All that has been taken by several removals, as one shape.

    The distance from all strokes is kept on a grid, so that a section costs the same after two hundred strokes as
    after one.
    """

    cuts: tuple[Strokes, ...]

    @cached_property
    def box(self) -> Box:
        return Box.joined([cut.box for cut in self.cuts])

    @cached_property
    def _grid(self) -> tuple[Array, Array]:
        return passed_over(self.cuts)

    def field(self, where: Where) -> Array:
        values, low = self._grid
        points = np.stack([np.broadcast_to(line, where.shape).ravel() for line in where.coordinates()], axis=-1)
        return _between(values, (points - low) / CELL).reshape(where.shape).astype(np.float32)


@lru_cache(maxsize=24)  # a pure function of frozen data; the next removal starts from the grid of those before it
def passed_over(cuts: tuple[Strokes, ...]) -> tuple[Array, Array]:
    """Return the distance from all strokes on a grid of :data:`CELL` mm, and the grid's low corner, mm."""
    corner, counts = _cells(Box.joined([cut.box for cut in cuts]))
    values = np.full(counts, FAR, dtype=np.float32)
    if len(cuts) > 1:
        old, place = passed_over(cuts[:-1])
        shift = np.round((place - corner) / CELL).astype(int).tolist()
        values[tuple(slice(at, at + size) for at, size in zip(shift, old.shape, strict=True))] = old
    for start, end in zip(cuts[-1].starts, cuts[-1].ends, strict=True):
        _draw(values, corner, np.array(start), np.array(end), cuts[-1])
    return values, corner


def _cells(box: Box) -> tuple[Array, tuple[int, ...]]:
    """Low corner and size of the grid about a box, on multiples of the cell."""
    low = np.floor((np.array(box.low) - PADDING) / CELL)
    high = np.ceil((np.array(box.high) + PADDING) / CELL)
    return low * CELL, tuple((high - low + 1).astype(int).tolist())


def _draw(values: Array, corner: Array, start: Array, end: Array, strokes: Strokes) -> None:
    """Add one stroke to a grid."""
    reach = strokes.radius + PADDING
    low = np.maximum(np.floor((np.minimum(start, end) - reach - corner) / CELL).astype(int), 0)
    high = np.minimum(np.ceil((np.maximum(start, end) + reach - corner) / CELL).astype(int) + 1, values.shape)
    window = tuple(slice(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True))
    lines = [corner[i] + np.arange(low[i], high[i]) * CELL - start[i] for i in range(3)]
    away = np.meshgrid(*lines, indexing="ij", sparse=True)
    along = end - start
    share = sum(part * step for part, step in zip(away, along, strict=True)) / max(float(along @ along), 1e-12)
    share = np.clip(share, 0.0, 1.0)
    off = [part - share * step for part, step in zip(away, along, strict=True)]
    far = np.max(np.abs(np.broadcast_arrays(*off)), axis=0) if strokes.square else np.sqrt(sum(part**2 for part in off))
    values[window] = np.minimum(values[window], far - strokes.radius)


def _between(values: Array, places: Array) -> Array:
    """Interpolate a grid at places given in cells, shape (n, 3); far outside it."""
    cell = np.floor(places).astype(np.int32)
    inside = ((cell >= 0) & (cell <= np.array(values.shape) - 2)).all(axis=1)
    found = np.full(len(places), FAR, dtype=np.float32)
    if not inside.any():
        return found
    cell = cell[inside]
    x, y, z = (places[inside] - cell).astype(np.float32).T
    wide, deep = values.shape[1] * values.shape[2], values.shape[2]
    flat, at = values.ravel(), cell[:, 0] * wide + cell[:, 1] * deep + cell[:, 2]

    def upward(start: Array) -> Array:
        low = flat[start]
        return np.asarray(low + z * (flat[start + 1] - low))

    def across(start: Array) -> Array:
        near = upward(start)
        return np.asarray(near + y * (upward(start + deep) - near))

    first = across(at)
    found[inside] = first + x * (across(at + wide) - first)
    return found


@dataclass(frozen=True)
class BoneRemoval:
    """Bone taken away on one side.

    Attributes
    ----------
    side : str
        ``"left"`` or ``"right"``.
    strokes : tuple of Strokes
        What its tools have passed over, in the segment's frame, mm.
    name : str
        Preset that found the path, or "" for a free hand.
    """

    side: str
    strokes: tuple[Strokes, ...]
    name: str = ""

    @cached_property
    def _key(self) -> int:
        return hash((self.side, self.strokes, self.name))

    def __hash__(self) -> int:
        """Hash once: a removal of many strokes is asked for at every structure."""
        return self._key


@dataclass(frozen=True)
class SoftRemoval:
    """Soft tissue, a spur or a fragment taken away on one side.

    Attributes
    ----------
    what : str
        One of :data:`SOFT`. Ligament and capsule go where the bone over them is gone and 2 mm beyond (model rule);
        a herniation, a cyst or a spur goes by ``share``.
    side : str
        ``"left"`` or ``"right"``.
    share : float
        Share of a fragment or spur that is taken, 0 to 1.
    """

    what: str
    side: str
    share: float = 1.0


Step: TypeAlias = "BoneRemoval | SoftRemoval"


def checked_step(step: Step) -> Step:
    """Return a step, or raise InvalidInput for what cannot be taken away."""
    parse_side(step.side)
    if isinstance(step, BoneRemoval):
        return step
    if step.what not in SOFT:
        raise InvalidInput(f"There is no removal of {step.what!r}; choose one of {', '.join(SOFT)}.")
    if not 0.0 <= step.share <= 1.0:
        raise InvalidInput(f"The share {step.share!r} to remove is not possible; choose a number from 0 to 1.")
    return step


@lru_cache(maxsize=16)  # a pure function of frozen data; one shape, whose grid is then made once
def cuts(steps: tuple[Step, ...], side: str = "") -> tuple[Carved, ...]:
    """Return what tools have passed over, of one side or of both, as one shape; nothing if there is none."""
    made = (step for step in steps if isinstance(step, BoneRemoval) and side in {"", step.side})
    found = tuple(strokes for step in made for strokes in step.strokes)
    return (Carved(found),) if found else ()


def remaining(lesions: tuple[Lesion, ...], steps: tuple[Step, ...]) -> tuple[Lesion, ...]:
    """Return the lesions with what has been taken of them gone."""
    left = lesions
    for step in steps:
        if isinstance(step, SoftRemoval) and step.what in OF_LESION:
            left = tuple(piece for one in left for piece in _lessened(one, step))
    return tuple(one for one in left if one.mm > 0)


def _lessened(one: Lesion, step: SoftRemoval) -> tuple[Lesion, ...]:
    """Return what is left of a lesion; of one on both sides, each side by itself."""
    if one.key not in OF_LESION[step.what] or not one.on(step.side):
        return (one,)
    if one.side == "both":
        other = "right" if step.side == "left" else "left"
        return (replace(one, side=other), replace(one, side=step.side, mm=one.mm * (1.0 - step.share)))
    return (one.sized(one.mm * (1.0 - step.share)),)


def without_cut(growths: tuple[Growth, ...], steps: tuple[Step, ...]) -> tuple[Growth, ...]:
    """Return growths less what tools and the removal of ligament have taken."""
    gone = cuts(steps)
    if not gone:
        return growths
    return tuple(
        replace(one, shape=Difference(one.shape, gone)) if one.key in BURRED else _without_ligament(one, steps)
        for one in growths
    )


def _without_ligament(one: Growth, steps: tuple[Step, ...]) -> Growth:
    if one.key != "thick_flavum":
        return one
    return replace(one, shape=left_of("flavum", one.side, one.shape, steps))


def in_front(cut: Carved) -> Shape:
    """Return the space that a window in the bone gives access to: about it and in front of it."""
    wider = Grown(cut, MARGIN)
    return Union(tuple(Placed(wider, Motion(move=(0.0, -depth, 0.0))) for depth in DEPTHS))


def between_laminae(step: BoneRemoval) -> Shape:
    """Return the window between two laminae on the side of a removal, from the midline to its lateral edge."""
    box = Box.joined([cut.box for cut in step.strokes])
    outer = max(abs(box.low[0]), abs(box.high[0]))
    low = np.array([0.0, box.low[1] - MARGIN, box.low[2]])
    high = np.array([outer, box.high[1], box.high[2]])
    sign = np.array([1.0 if step.side == "left" else -1.0, 1.0, 1.0])
    return Placed(RoundedBox(axis((high - low) / 2.0), 0.5), Motion(move=axis((low + high) / 2.0 * sign)))


def left_of(key: str, side: str, shape: Shape, steps: tuple[Step, ...]) -> Shape:
    """Return what an operation has left of a soft structure."""
    gone: tuple[Shape, ...] = ()
    if key in {"facet_joint", "capsule", "recess_fat", "flavum"}:
        gone = cuts(steps)  # what lies within a bite goes with it
    key = "capsule" if key == "recess_fat" else key
    taken = {step.what for step in steps if isinstance(step, SoftRemoval) and step.side == side}
    if key in taken & {"flavum", "capsule"}:
        gone = tuple(in_front(cut) for cut in cuts(steps, side))
    if key == "flavum" and key in taken:
        made = (step for step in steps if isinstance(step, BoneRemoval) and step.side == side)
        gone += tuple(between_laminae(step) for step in made if step.name in INTERLAMINAR)
    return Difference(shape, gone) if gone else shape
