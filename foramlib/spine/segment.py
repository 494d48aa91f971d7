"""A motion segment: two vertebrae and what lies between them, in a posture."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.given import number_of
from foramlib.spine import pathology, tissues
from foramlib.spine.builds import Factors, build_name, build_scale, sampled_factors
from foramlib.spine.lesions import Lesion, checked_lesions, lowered_disc
from foramlib.spine.levels import Level, parse_side
from foramlib.spine.parameters import level_size, scaled, vertebra_size
from foramlib.spine.roots import Root, solved
from foramlib.spine.shapes import FAR, Grown, Intersection, Placed, Shape, Union, smooth_minimum
from foramlib.spine.stage import Posture, Stage
from foramlib.spine.structures import catalogue
from foramlib.spine.surgery import steps as operating
from foramlib.spine.vertebra import CUT_BLEND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foramlib.spine.lattice import Array, Lattice, Window
    from foramlib.spine.shapes import Motion
    from foramlib.spine.surgery.steps import Step
    from foramlib.spine.vertebra import Vertebra

SIDES = (("left", 1), ("right", -1))


@dataclass(frozen=True)
class Structure:
    """One structure of a segment.

    Attributes
    ----------
    id : str
        Such as ``"ganglion.left"`` or ``"C6.pedicle.left"``.
    key, side, vertebra : str
        Catalogue key; ``"left"``, ``"right"`` or ""; vertebra name or "".
    name, tissue, note : str
        Full name at this level, tissue identifier, one line on what it is.
    matter : str
        What a scanner sees in it: its tissue, or for a lesion what it is made of.
    shape : Shape
        The region it may fill, in the segment's frame; structures earlier in the
        segment's list own what they share with later ones.
    """

    id: str
    key: str
    side: str
    vertebra: str
    name: str
    tissue: str
    note: str
    shape: Shape
    matter: str = ""


COUPLED = 4.0 / 5.5
"""Side-bending that goes with each degree of rotation in the neck: C4/5 (A:D-30), other levels by assumption."""

TOGETHER = 1.15
"""How far angles may go together: the root of the sum of their squared shares of the range (assumption)."""

LATE = ("epidural_scar",)
"""Lesions that take the place of fat and vessels, but of nothing else."""

BEHIND_SAC = ("thick_flavum",)
"""Lesions that lie behind the sac and its contents."""

NEUTRAL = Posture()
"""Upright at ease: all angles zero."""


@dataclass(frozen=True, eq=False)
class Tile:
    """The field of one part of a bone, mm, in a window of a lattice."""

    part: Structure
    window: Window
    field: Array


@dataclass(frozen=True)
class Bone:
    """A placed vertebra: as it is made, where it stands, as one shape, and its named parts."""

    vertebra: Vertebra
    stand: Motion
    whole: Placed
    parts: tuple[Structure, ...]

    def joined(self, tiles: list[Tile], where: Lattice) -> Array:
        """Return the field of the whole bone from the fields of its parts near ``where``."""
        total = np.full(where.shape, FAR, dtype=np.float32)
        for tile in tiles:
            total[tile.window] = smooth_minimum(total[tile.window], tile.field, self.vertebra.blend)
        inner = where.moved(self.stand)
        for cutter in self.vertebra.cutters:
            window = inner.window(cutter.box.grown(CUT_BLEND))
            if window is not None:
                cut = cutter.field(inner.part(window))
                total[window] = -smooth_minimum(-total[window], cut, CUT_BLEND)
        return total


@dataclass(frozen=True)
class Segment:
    """A motion segment in a given build, posture and disc height.

    Attributes
    ----------
    level : Level
        Which segment.
    build : str
        ``"small"``, ``"typical"`` or ``"large"``.
    posture : Posture
        Angles of the upper vertebra over the lower, degrees.
    disc_loss : float
        Disc height lost, mm.
    person : tuple of (str, float)
        Factors by which single parameters differ from the build's; see :meth:`sampled`.
    lesions : tuple of Lesion
        What narrows it, besides a lower disc; see :meth:`with_lesions`.
    steps : tuple of Step
        What an operation has taken away so far; see :meth:`after`.

    Notes
    -----
    Axes: x to the patient's left, y posterior, z cranial; millimetres; origin at the centre
    of the disc in neutral posture. The lower vertebra never moves.
    """

    level: Level
    build: str = "typical"
    posture: Posture = NEUTRAL
    disc_loss: float = 0.0
    person: Factors = ()
    lesions: tuple[Lesion, ...] = ()
    steps: tuple[Step, ...] = ()

    @staticmethod
    def sampled(level: object, seed: int) -> Segment:
        """Return the neutral segment of a made-up person drawn from published spreads."""
        return replace(Segment.at(level), person=sampled_factors(seed))

    @staticmethod
    def at(level: object, build: str = "typical") -> Segment:
        """Return the neutral segment at ``level`` (any spelling) in ``build``.

        Raises
        ------
        InvalidInput
            If the level or the build is unknown.
        """
        return Segment(Level.parse(level.name if isinstance(level, Level) else level), build_name(build))

    def bent(
        self,
        flexion: float | None = None,
        bend: float | None = None,
        rotation: float | None = None,
    ) -> Segment:
        """Return the segment in another posture; angles left out stay as they are.

        Parameters
        ----------
        flexion : float, optional
            Degrees; positive forward, negative backward.
        bend, rotation : float, optional
            Degrees; positive towards the left.

        Raises
        ------
        InvalidInput
            If an angle is no number or beyond what this level can do, alone or together with the others.
        """
        old, limits = self.posture, self.limits
        asked = {"flexion": flexion, "bend": bend, "rotation": rotation}
        angles = {
            name: getattr(old, name)
            if value is None
            else checked(value, name, limits[name], "degrees", self.level.name)
            for name, value in asked.items()
        }
        self._check_together(angles)
        return replace(self, posture=Posture(**angles))

    def turned(self, rotation: float) -> Segment:
        """Return the segment turned, in the neck with the side-bending to the same side that goes with it.

        For the low back no figure was read, and nothing is added.

        Parameters
        ----------
        rotation : float
            Degrees; positive towards the left.

        Raises
        ------
        InvalidInput
            As for :meth:`bent`.
        """
        return self.bent(rotation=rotation, bend=coupled_bend(self.level, rotation))

    def _check_together(self, angles: dict[str, float]) -> None:
        """Refuse angles that a joint cannot reach together: at the end of one movement little of another is left."""
        limits = self.limits
        shares = {name: abs(angle) / max(abs(limits[name][angle > 0]), 1e-9) for name, angle in angles.items()}
        if math.hypot(*shares.values()) > TOGETHER:
            said = ", ".join(f"{name} {angle:g}" for name, angle in angles.items() if angle)
            raise InvalidInput(f"{self.level.name} cannot take {said} degrees together; choose less of one of them.")

    def with_disc_loss(self, mm: float) -> Segment:
        """Return the segment with ``mm`` of disc height lost (0 to this level's limit).

        Raises
        ------
        InvalidInput
            If ``mm`` is no number or outside the limits.
        """
        loss = checked(mm, "disc loss", self.limits["disc_loss"], "mm", self.level.name)
        return replace(self, disc_loss=loss)

    def with_lesions(self, *lesions: Lesion) -> Segment:
        """Return the segment with these lesions and no others; a lower disc counts as one of them.

        Raises
        ------
        InvalidInput
            If a lesion does not occur at this level, is too large, or is named twice for the same place.
        """
        loss, rest = lowered_disc(checked_lesions(lesions, self.level))
        return replace(self, disc_loss=loss, lesions=rest)

    def after(self, *steps: Step) -> Segment:
        """Return the segment after more steps of an operation; :meth:`unoperated` undoes them all.

        Raises
        ------
        InvalidInput
            If a step takes away what does not exist or a share that is not from 0 to 1.
        """
        return replace(self, steps=(*self.steps, *(operating.checked_step(step) for step in steps)))

    @property
    def unoperated(self) -> Segment:
        """The segment before any operation."""
        return replace(self, steps=())

    @property
    def limits(self) -> dict[str, tuple[float, float]]:
        """Lowest and highest allowed flexion, bend, rotation (degrees) and disc loss (mm)."""
        size = level_size(self.level.name)
        return {
            "flexion": (-size.extension_limit, size.flexion_limit),
            "bend": (-size.bend_limit, size.bend_limit),
            "rotation": (-size.rotation_limit, size.rotation_limit),
            "disc_loss": (0.0, size.disc_loss_limit),
        }

    def _amount(self, key: str, side: str = "") -> float:
        """Amount of a lesion on a side, mm; 0 without it."""
        return sum(one.mm for one in self.lesions if one.key == key and (not side or one.on(side)))

    @property
    def _loose_arch(self) -> bool:
        return any(one.zone == "isthmic" for one in self.lesions)

    @cached_property
    def stage(self) -> Stage:
        """The placed vertebrae and the motion that soft tissue follows."""
        scale, short = build_scale(self.build), self._amount("short_pedicles")
        names = self.level.upper, self.level.lower
        upper, lower = (scaled(vertebra_size(name), scale, self.person) for name in names)
        if short:
            upper, lower = (pathology.with_short_pedicles(size, short) for size in (upper, lower))
        level = scaled(level_size(self.level.name), scale, self.person)
        thick = sum(self._amount("flavum_thickening", side) for side, _ in SIDES)
        level = pathology.with_squeezed_sac(level, lower, thick)
        slip = self._amount("spondylolisthesis")
        return Stage(names, upper, lower, level, self.posture, self.disc_loss, slip, self._loose_arch)

    @cached_property
    def growths(self) -> tuple[pathology.Growth, ...]:
        """What the lesions add, less what an operation has taken of it."""
        left = operating.remaining(self.lesions, self.steps)
        return operating.without_cut(pathology.growths(self.stage, left), self.steps)

    @cached_property
    def _cuts(self) -> tuple[Shape, ...]:
        return operating.cuts(self.steps)

    @cached_property
    def bones(self) -> tuple[Bone, ...]:
        """Upper and lower vertebra with their parts; in an isthmic slip the upper arch is a bone of its own."""
        stage = self.stage
        upper, lower = stage.upper, stage.lower
        eaten: tuple[Shape, ...] = tuple(
            Grown(growth.shape, pathology.EROSION) for growth in self.growths if growth.key == "schwannoma"
        )
        worn = eaten
        if stage.slip and not stage.loose_arch:
            worn += pathology.worn_facets(upper, stage.upper_stand, stage.lower_size.joint_gap)
        placed = [(upper, stage.upper_stand, eaten)]
        if stage.loose_arch:
            front, arch = pathology.split_at_pars(upper)
            placed = [(front, stage.upper_stand, eaten), (arch, stage.arch_stand, eaten)]
        return tuple(
            self._bone(pathology.hollowed(vertebra, stand, (*holes, *self._cuts)), stand)
            for vertebra, stand, holes in [*placed, (lower, stage.lower_stand, worn)]
        )

    @cached_property
    def _taken(self) -> tuple[Structure, ...]:
        """Bone that an operation has taken, as a ghost."""
        whole = Union(tuple(bone.whole for bone in self.unoperated.bones))
        return tuple(
            self._structure("removed_bone", side, Intersection((whole, cut)))
            for side, _ in SIDES
            for cut in operating.cuts(self.steps, side)
        )

    def _bone(self, vertebra: Vertebra, stand: Motion) -> Bone:
        # A loose arch still bears its vertebra's name.
        name = vertebra.name.partition(" ")[0]
        parts = tuple(self._structure(part.name, part.side, Placed(part.shape, stand), name) for part in vertebra.parts)
        return Bone(vertebra, stand, Placed(vertebra.bone, stand), parts)

    @cached_property
    def soft(self) -> tuple[Structure, ...]:
        """Soft structures, the owner of shared space first."""
        made = [self._structure(key, side, shape) for key, side, shape in self._left_of_soft() if shape]
        if not self.growths:
            fat = next(place for place, one in enumerate(made) if one.key == "radicular_artery")
            return (*made[:fat], *self._taken, *made[fat:])
        grown = [self._structure(one.key, one.side, one.shape, one.vertebra) for one in self.growths]
        # Lesions take their space before what gives way to them, but leave the joints; scar takes that of fat only,
        # and thick ligament lies behind the sac, which is made flatter for it.
        order = ("facet_joint", "uncovertebral_joint")
        first = [one for one in grown if one.vertebra] + [one for one in made if one.key in order]
        first += [one for one in grown if not one.vertebra and one.key not in (*LATE, *BEHIND_SAC)]
        rest = [one for one in made if one.key not in order]
        for keys, place in ((BEHIND_SAC, "nucleus"), (LATE, "radicular_artery")):
            at = next(at for at, one in enumerate(rest) if one.key == place)
            taken = self._taken if keys is LATE else ()
            rest[at:at] = [*(one for one in grown if one.key in keys), *taken]
        return (*first, *rest)

    def _left_of_soft(self) -> Iterator[tuple[str, str, Shape | None]]:
        """Soft shapes, less what an operation has taken."""
        for key, side, shape in self._soft_shapes():
            yield key, side, operating.left_of(key, side, shape, self.steps) if shape and self.steps else shape

    def _soft_shapes(self) -> Iterator[tuple[str, str, Shape | None]]:
        stage, roots = self.stage, self.roots
        for side, sign in SIDES:
            root = roots["exiting", side]
            yield "ganglion", side, tissues.ganglion(stage, sign, root)
            yield "ventral_root", side, tissues.ventral_root(stage, sign, root)
        yield "spinal_cord", "", tissues.spinal_cord(stage)
        yield "cauda_equina", "", tissues.cauda_equina(stage)
        for side, sign in SIDES:
            yield "exiting_root", side, tissues.exiting_root(stage, sign, roots["exiting", side])
            yield "traversing_root", side, tissues.traversing_root(stage, sign, roots.get(("traversing", side)))
            yield "vertebral_artery", side, tissues.vertebral_artery(stage, sign)
            yield "first_rib", side, tissues.first_rib(stage, sign)
        yield "dural_sac", "", tissues.dural_sac(stage)
        for side, sign in SIDES:
            yield "facet_joint", side, tissues.joint_space(stage, sign)
            yield "uncovertebral_joint", side, tissues.uncovertebral_joint(stage, sign)
        yield "nucleus", "", tissues.nucleus(stage)
        yield "annulus", "", tissues.disc(stage)
        yield "longitudinal_ligament", "", tissues.posterior_longitudinal_ligament(stage)
        for side, sign in SIDES:
            yield "flavum", side, tissues.ligamentum_flavum(stage, sign)
            yield "recess_fat", side, tissues.recess_fat(stage, sign)
            yield "capsule", side, tissues.joint_capsule(stage, sign, self._amount("facet_hypertrophy", side))
            yield "radicular_artery", side, tissues.radicular_vessel(stage, sign, "artery")
            yield "radicular_vein", side, tissues.radicular_vessel(stage, sign, "vein")
        yield "epidural_fat", "", tissues.epidural_fat(stage)
        for side, sign in SIDES:
            yield "foraminal_fat", side, tissues.foraminal_fat(stage, sign)

    def _structure(self, key: str, side: str, shape: Shape, vertebra: str = "") -> Structure:
        entry = catalogue()[key]
        ident = ".".join(word for word in (vertebra, key, side) if word)
        name = entry.named(self.level, vertebra, side)
        return Structure(
            ident, key, side, vertebra, name, entry.tissue, entry.note, shape, entry.matter or entry.tissue
        )

    @cached_property
    def bony_gaps(self) -> Shape:
        """What closes the gaps in the bony wall: unbulged disc, clefts and joint recesses."""
        return tissues.bony_gaps(self.stage)

    @cached_property
    def roots(self) -> dict[tuple[str, str], Root]:
        """The exiting and traversing roots as they lie now, by kind and side."""
        stage = self.stage
        rods = [("exiting", side, tissues.exiting_course(stage, sign)) for side, sign in SIDES]
        passing = [("traversing", side, tissues.traversing_course(stage, sign)) for side, sign in SIDES]
        rods += [(kind, side, course) for kind, side, course in passing if course]
        grown = (growth.shape for growth in self.growths if growth.solid)
        walls = (*(bone.whole for bone in self.bones), tissues.disc(stage), *grown, *self._ligament())
        return {(root.kind, root.side): root for root in solved(rods, walls)}

    def _ligament(self) -> tuple[Shape, ...]:
        """Ligament as a wall where a lesion drives it against the roots, unless it has been taken away."""
        thick = {side: self._amount("flavum_thickening", side) for side, _ in SIDES}
        taken = {step.side for step in self.steps if isinstance(step, operating.SoftRemoval) and step.what == "flavum"}
        return tuple(
            tissues.behind_flavum(self.stage, sign, thick[side])
            for side, sign in SIDES
            if (thick[side] or self.stage.slip) and side not in taken
        )

    def root_line(self, side: str) -> Array:
        """Centre line of the exiting root through its named stations, shape (n, 3), mm, from the sac outward."""
        side = parse_side(side)
        stations = tissues.root_stations(self.stage)
        rest = tissues.carried_path(self.stage, dict(SIDES)[side], stations)
        shift: Array = self.roots["exiting", side].shift_at(np.arange(len(stations), dtype=float))
        return np.asarray(np.add(rest, shift))


def coupled_bend(level: Level, rotation: float) -> float:
    """Return the side-bending, degrees, that goes with a rotation: to the same side in the neck, none elsewhere."""
    return COUPLED * rotation if level.region == "cervical" else 0.0


def checked(value: object, name: str, limits: tuple[float, float], unit: str, level: str) -> float:
    """Return ``value`` as a float within ``low`` to ``high``, or raise InvalidInput."""
    try:
        number = number_of(value) if isinstance(value, str) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    low, high = limits
    if math.isfinite(number) and low <= number <= high:
        return number
    raise InvalidInput(
        f"The {name} {value!r} is not possible at {level}; choose a number from {low:g} to {high:g} {unit}."
    )
