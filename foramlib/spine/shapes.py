"""Signed-distance shapes: frozen data, negative inside, evaluated by numpy.

Every shape knows its box (``box``) and its field (``field``). Fields are exact or
first-order distances near the surface of a primitive; after blends and cuts they
tell inside from outside and no more, so lengths and areas are never read off them
but off outlines.

The smooth minimum is polynomial with compact support ``blend``: farther than that
from a shape its presence changes nothing, so culling by boxes is safe: between two shapes it is
exact, and among several it moves an outline by a few hundredths of a millimetre at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foramlib.spine.lattice import Axis, Box

if TYPE_CHECKING:
    from foramlib.spine.lattice import Array, Where

CENTRE = 1e-6
"""Share of the radii within which a point counts as the centre of an ellipsoid."""

FAR = 1.0e3
"""Field value, mm, given to points that lie outside a shape's box."""


def smooth_minimum(first: Array, second: Array, blend: float) -> Array:
    """Return the polynomial smooth minimum of two fields.

    Parameters
    ----------
    first, second : ndarray
        Fields in mm, same shape.
    blend : float
        Width of the transition, mm; 0 gives the plain minimum. Where the fields
        differ by more than ``blend`` the result is the plain minimum exactly.

    Returns
    -------
    ndarray
        Field in mm, never above the plain minimum.
    """
    least = np.minimum(first, second)
    if blend <= 0:
        return least
    overlap = np.maximum(blend - np.abs(first - second), 0.0)
    return least - overlap * overlap * (0.25 / blend)


@dataclass(frozen=True)
class Motion:
    """A rigid motion: rotate, then shift.

    Parameters
    ----------
    turn : tuple of 9 float
        Rotation matrix by rows; a point p moves to ``turn @ p + move``.
    move : tuple of 3 float
        Shift, mm.
    """

    turn: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    move: Axis = (0.0, 0.0, 0.0)

    @staticmethod
    def of(rotation: Array, shift: Array) -> Motion:
        """Build a motion from a (3, 3) rotation and a (3,) shift in mm."""
        return Motion(tuple(np.ravel(rotation).tolist()), tuple(np.asarray(shift, float).tolist()))

    @cached_property
    def rotation(self) -> Array:
        """The rotation as a (3, 3) matrix."""
        return np.array(self.turn).reshape(3, 3)

    @cached_property
    def shift(self) -> Array:
        """The shift as a (3,) array, mm."""
        return np.array(self.move)

    def apply(self, points: Array) -> Array:
        """Move points, shape (..., 3), mm."""
        moved: Array = np.asarray(points, dtype=float) @ self.rotation.T + self.shift
        return moved

    def after(self, first: Motion) -> Motion:
        """Return the motion that does ``first`` and then this one."""
        return Motion.of(self.rotation @ first.rotation, self.apply(first.shift))

    def inverse(self) -> Motion:
        """Return the motion that undoes this one."""
        back = self.rotation.T
        return Motion.of(back, -back @ self.shift)


@dataclass(frozen=True)
class Shape:
    """Base of all shapes."""

    @cached_property
    def box(self) -> Box:
        """Axis-aligned box, mm, outside which the field is positive."""
        raise NotImplementedError

    def field(self, where: Where) -> Array:
        """Return the field in mm at ``where``: negative inside, positive outside."""
        raise NotImplementedError


@dataclass(frozen=True)
class Ellipsoid(Shape):
    """An ellipsoid with ``centre`` and three ``radii`` along x, y and z, mm."""

    centre: Axis
    radii: Axis

    @cached_property
    def box(self) -> Box:
        centre, radii = np.array(self.centre), np.array(self.radii)
        return Box.around(np.stack([centre - radii, centre + radii]))

    def field(self, where: Where) -> Array:
        x, y, z = (
            (line - middle) / radius
            for line, middle, radius in zip(where.coordinates(), self.centre, self.radii, strict=True)
        )
        a, b, c = self.radii
        x2, y2, z2 = x * x, y * y, z * z
        near = np.sqrt(x2 + y2 + z2)
        slope = np.sqrt(x2 / (a * a) + y2 / (b * b) + z2 / (c * c))
        distance: Array = near * (near - 1.0) / np.maximum(slope, 1e-9)
        # At the very centre the quotient has no value of its own.
        return np.where(near < CENTRE, -min(self.radii), distance).astype(near.dtype, copy=False)


@dataclass(frozen=True)
class Capsule(Shape):
    """A round rod from ``start`` to ``end`` whose radius runs from ``radius`` to ``end_radius``."""

    start: Axis
    end: Axis
    radius: float
    end_radius: float

    @cached_property
    def box(self) -> Box:
        return Box.joined(
            [
                Box(self.start, self.start).grown(self.radius),
                Box(self.end, self.end).grown(self.end_radius),
            ]
        )

    def field(self, where: Where) -> Array:
        x, y, z = where.coordinates()
        (ax, ay, az), (bx, by, bz) = self.start, self.end
        dx, dy, dz = bx - ax, by - ay, bz - az
        px, py, pz = x - ax, y - ay, z - az
        length2 = max(dx * dx + dy * dy + dz * dz, 1e-12)
        along = np.clip((px * dx + py * dy + pz * dz) / length2, 0.0, 1.0)
        qx, qy, qz = px - along * dx, py - along * dy, pz - along * dz
        radius = self.radius + along * (self.end_radius - self.radius)
        distance: Array = np.sqrt(qx * qx + qy * qy + qz * qz) - radius
        return distance


@dataclass(frozen=True)
class RoundedBox(Shape):
    """A box about the origin with half sizes ``half`` and edges rounded by ``rounding``, mm."""

    half: Axis
    rounding: float

    @cached_property
    def box(self) -> Box:
        a, b, c = self.half
        return Box((-a, -b, -c), (a, b, c))

    def field(self, where: Where) -> Array:
        r = self.rounding
        x, y, z = (np.abs(line) - (size - r) for line, size in zip(where.coordinates(), self.half, strict=True))
        inside = np.minimum(np.maximum(np.maximum(x, y), z), 0.0)
        x, y, z = np.maximum(x, 0.0), np.maximum(y, 0.0), np.maximum(z, 0.0)
        distance: Array = inside + np.sqrt(x * x + y * y + z * z) - r
        return distance


@dataclass(frozen=True)
class Column(Shape):
    """An upright column about the origin with an oval to squarish outline.

    Parameters
    ----------
    half_width, half_depth, half_height : float
        Half sizes along x, y and z, mm.
    squareness : float
        0 is an ellipse; towards 1 the outline fills its rectangle.
    waist : float
        How much the half sizes shrink at mid-height, mm.
    rounding : float
        Radius of the upper and lower rim, mm.
    """

    half_width: float
    half_depth: float
    half_height: float
    squareness: float = 0.0
    waist: float = 0.0
    rounding: float = 0.5

    @cached_property
    def box(self) -> Box:
        a, b, c = self.half_width, self.half_depth, self.half_height
        return Box((-a, -b, -c), (a, b, c))

    def field(self, where: Where) -> Array:
        x, y, z = where.coordinates()
        side = self._side(x, y, z)
        r = self.rounding
        across, up = side + r, np.abs(z) - (self.half_height - r)
        inside = np.minimum(np.maximum(across, up), 0.0)
        across, up = np.maximum(across, 0.0), np.maximum(up, 0.0)
        distance: Array = inside + np.sqrt(across * across + up * up) - r
        return distance

    def _side(self, x: Array, y: Array, z: Array) -> Array:
        level = z / self.half_height
        narrower: Array = self.waist * np.maximum(1.0 - level * level, 0.0)
        a, b = self.half_width - narrower, self.half_depth - narrower
        s = self.squareness
        # Beyond the enclosing rectangle the outline formula has a second branch: clamp to the
        # rectangle and add how far outside it the point lies.
        u, v = np.clip(x / a, -1.0, 1.0), np.clip(y / b, -1.0, 1.0)
        u2, v2 = u * u, v * v
        reach = np.sqrt(np.maximum(u2 + v2 - s * u2 * v2, 1e-9))
        slope_x, slope_y = u * (1.0 - s * v2) / a, v * (1.0 - s * u2) / b
        slope = np.sqrt(slope_x * slope_x + slope_y * slope_y)
        distance: Array = (reach - 1.0) * reach / np.maximum(slope, 1e-9)
        beyond: Array = np.maximum(np.maximum(np.abs(x) - a, np.abs(y) - b), 0.0)
        return distance + beyond


@dataclass(frozen=True)
class HalfSpace(Shape):
    """Everything on the far side of a plane: inside where ``normal . p < offset``."""

    normal: Axis
    offset: float

    @cached_property
    def box(self) -> Box:
        return Box((-FAR, -FAR, -FAR), (FAR, FAR, FAR))

    def field(self, where: Where) -> Array:
        x, y, z = where.coordinates()
        a, b, c = self.normal
        distance: Array = a * x + b * y + c * z - self.offset
        return distance


@dataclass(frozen=True)
class Sweep(Shape):
    """A rod along a polyline.

    Parameters
    ----------
    path : tuple of points
        Corner points, mm.
    radii : tuple of float
        Radius at each point, mm.
    reach : float
        Distance outside, mm, up to which the field is true; as much as the widest blend
        that the rod is part of.
    """

    path: tuple[Axis, ...]
    radii: tuple[float, ...]
    reach: float = 0.0

    @cached_property
    def pieces(self) -> tuple[Capsule, ...]:
        """The rods between neighbouring points."""
        ends = zip(self.path, self.path[1:], self.radii, self.radii[1:], strict=False)
        return tuple(Capsule(*piece) for piece in ends)

    @cached_property
    def box(self) -> Box:
        return Box.joined([piece.box for piece in self.pieces])

    def field(self, where: Where) -> Array:
        return _merge(self.pieces, where, 0.0, self.reach)


@dataclass(frozen=True)
class Ribbon(Shape):
    """A rod along a polyline with an oval cross-section.

    Parameters
    ----------
    path : tuple of points
        Corner points, mm.
    thin, wide : tuple of float
        Half the thickness and half the width at each point, mm.
    minor : tuple of vectors
        Unit vector at each point in which the rod is thin; about square to the course.
    """

    path: tuple[Axis, ...]
    thin: tuple[float, ...]
    wide: tuple[float, ...]
    minor: tuple[Axis, ...]

    @cached_property
    def pieces(self) -> tuple[Ribbon, ...]:
        """The rods between neighbouring points."""
        return tuple(
            Ribbon(self.path[i : i + 2], self.thin[i : i + 2], self.wide[i : i + 2], self.minor[i : i + 2])
            for i in range(len(self.path) - 1)
        )

    @property
    def radii(self) -> tuple[float, ...]:
        """Radius of the round rod of the same cross-section at each point, mm."""
        return tuple(float(np.sqrt(a * b)) for a, b in zip(self.thin, self.wide, strict=True))

    @cached_property
    def box(self) -> Box:
        widest = (max(pair) for pair in zip(self.thin, self.wide, strict=True))
        return Box.joined([Box(point, point).grown(far) for point, far in zip(self.path, widest, strict=True)])

    def field(self, where: Where) -> Array:
        if len(self.path) > 2:  # noqa: PLR2004 - more than one piece
            return _merge(self.pieces, where, 0.0, 0.0)
        x, y, z = where.coordinates()
        start, stop = np.array(self.path[0]), np.array(self.path[1])
        course = stop - start
        px, py, pz = x - start[0], y - start[1], z - start[2]
        dx, dy, dz = course.tolist()
        share = np.clip((px * dx + py * dy + pz * dz) / max(float(course @ course), 1e-12), 0.0, 1.0)
        qx, qy, qz = px - share * dx, py - share * dy, pz - share * dz
        mx, my, mz = ((np.array(self.minor[0]) + np.array(self.minor[1])) / 2).tolist()
        across = (qx * mx + qy * my + qz * mz) / np.sqrt(max(mx * mx + my * my + mz * mz, 1e-9))
        thin = self.thin[0] + share * (self.thin[1] - self.thin[0])
        wide = self.wide[0] + share * (self.wide[1] - self.wide[0])
        rest = np.maximum(qx * qx + qy * qy + qz * qz - across * across, 0.0)
        reach = np.sqrt((across / thin) ** 2 + rest / (wide * wide))
        distance: Array = (reach - 1.0) * np.minimum(thin, wide)
        return distance


@dataclass(frozen=True)
class Placed(Shape):
    """A shape put in place by a rigid motion."""

    shape: Shape
    motion: Motion

    @cached_property
    def box(self) -> Box:
        return Box.around(self.motion.apply(self.shape.box.corners()))

    def field(self, where: Where) -> Array:
        return self.shape.field(where.moved(self.motion))


@dataclass(frozen=True)
class Stretched(Shape):
    """A shape stretched along x, y and z by ``factors``; no longer a distance off its surface."""

    shape: Shape
    factors: Axis

    @cached_property
    def box(self) -> Box:
        return Box.around(self.shape.box.corners() * self.factors)

    def field(self, where: Where) -> Array:
        return self.shape.field(where.scaled(self.factors)) * min(self.factors)


@dataclass(frozen=True)
class Mirrored(Shape):
    """A left-sided shape shown on the right (x to -x)."""

    shape: Shape

    @cached_property
    def box(self) -> Box:
        flip = np.array([-1.0, 1.0, 1.0])
        return Box.around(self.shape.box.corners() * flip)

    def field(self, where: Where) -> Array:
        return self.shape.field(where.mirrored())


@dataclass(frozen=True)
class Union(Shape):
    """Shapes melted together over a width of ``blend`` mm.

    The field is true up to ``reach`` mm outside (at least ``blend``): a union within a union
    needs the blend of the outer one.
    """

    shapes: tuple[Shape, ...]
    blend: float = 0.0
    reach: float = 0.0

    @cached_property
    def box(self) -> Box:
        return Box.joined([shape.box for shape in self.shapes]).grown(self.blend / 4)

    def field(self, where: Where) -> Array:
        return _merge(self.shapes, where, self.blend, self.reach)


@dataclass(frozen=True)
class Intersection(Shape):
    """What all ``shapes`` have in common, its edges softened over ``blend`` mm."""

    shapes: tuple[Shape, ...]
    blend: float = 0.0

    @cached_property
    def box(self) -> Box:
        return Box.common([shape.box for shape in self.shapes])

    def field(self, where: Where) -> Array:
        total = self.shapes[0].field(where)
        for shape in self.shapes[1:]:
            total = -smooth_minimum(-total, -shape.field(where), self.blend)
        return total


@dataclass(frozen=True)
class Difference(Shape):
    """``shape`` with ``cutters`` taken away, the new edges softened over ``blend`` mm."""

    shape: Shape
    cutters: tuple[Shape, ...]
    blend: float = 0.0

    @cached_property
    def box(self) -> Box:
        return self.shape.box

    def field(self, where: Where) -> Array:
        total = np.array(np.broadcast_to(self.shape.field(where), where.shape))
        for cutter in self.cutters:
            window = where.window(cutter.box.grown(self.blend))
            if window is not None:
                cut = cutter.field(where.part(window))
                total[window] = -smooth_minimum(-total[window], cut, self.blend)
        return total


@dataclass(frozen=True)
class Grown(Shape):
    """A shape grown by ``margin`` mm (shrunk if negative); for primitives, not for blends."""

    shape: Shape
    margin: float

    @cached_property
    def box(self) -> Box:
        return self.shape.box.grown(max(self.margin, 0.0))

    def field(self, where: Where) -> Array:
        return self.shape.field(where) - self.margin


def _merge(shapes: tuple[Shape, ...], where: Where, blend: float, reach: float) -> Array:
    """Union of ``shapes``, each evaluated only where its box lets it matter."""
    total = np.full(where.shape, FAR, dtype=np.float32)
    for shape in shapes:
        window = where.window(shape.box.grown(max(blend, reach)))
        if window is not None:
            near = shape.field(where.part(window))
            total[window] = smooth_minimum(total[window], near, blend)
    return total
