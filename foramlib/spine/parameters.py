"""The named parameters that shape a vertebra and a level, read from ``data/model``."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from math import isfinite, radians, tan
from typing import TYPE_CHECKING, Any, TypeVar

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.spine.builds import Factors


PILLAR = 2.0
"""Articular processes offset less than this from their joint, mm, stand in one pillar."""


@dataclass(frozen=True)
class VertebraSize:
    """Sizes (mm) and angles (degrees) of one vertebra; see ``data/model/vertebrae.csv``.

    Positions are in the vertebra's own frame: origin at the centre of the body,
    x to the left, y posterior, z cranial along the body.
    """

    body_width: float
    body_depth: float
    body_height: float
    body_wedge: float
    body_squareness: float
    body_waist: float
    posterior_wall_concavity: float
    upper_concavity: float
    lower_concavity: float
    pedicle_width: float
    pedicle_height: float
    pedicle_angle: float
    pedicle_roll: float
    pedicle_elevation: float
    canal_width: float
    canal_depth: float
    joint_x: float
    joint_y: float
    joint_z: float
    joint_yaw: float
    joint_tilt: float
    joint_gap: float
    superior_process_width: float
    superior_process_thickness: float
    superior_process_height: float
    superior_process_offset: float
    superior_process_rise: float
    inferior_process_width: float
    inferior_process_thickness: float
    inferior_process_height: float
    inferior_process_offset: float
    inferior_process_rise: float
    process_rounding: float
    pars_width: float
    pars_thickness: float
    lamina_thickness: float
    lamina_height: float
    lamina_angle: float
    lamina_slope: float
    lamina_drop: float
    spinous_length: float
    spinous_height: float
    spinous_thickness: float
    spinous_slope: float
    transverse_reach: float
    transverse_height: float
    uncinate_height: float
    uncinate_width: float
    uncinate_length: float
    uncinate_yaw: float
    artery_x: float
    artery_y: float
    artery_foramen_radius: float
    artery_ahead: float
    bifid: float
    dens_height: float
    ala_reach: float
    rib_radius: float

    @property
    def pillared(self) -> bool:
        """Whether its articular processes form one pillar, as in the neck and at T1."""
        return self.superior_process_offset < PILLAR

    @property
    def mid_height(self) -> float:
        """Height of the body at mid-depth, mm (the posterior height plus half the wedge)."""
        return self.body_height + self.body_depth / 2 * tan(radians(self.body_wedge))


@dataclass(frozen=True)
class LevelSize:
    """Sizes (mm) and angles (degrees) of one level; see ``data/model/levels.csv``."""

    posterior_disc_height: float
    disc_wedge: float
    disc_bulge: float
    canal_plane_angle: float
    dura_width: float
    dura_depth: float
    dura_gap: float
    cord_width: float
    cord_depth: float
    root_diameter: float
    root_forward: float
    ganglion_width: float
    ganglion_length: float
    flavum_thickness: float
    capsule_thickness: float
    rotation_centre_y: float
    rotation_centre_z: float
    flexion_limit: float
    extension_limit: float
    bend_limit: float
    rotation_limit: float
    disc_loss_limit: float

    @property
    def oblique(self) -> bool:
        """Whether the foraminal canal runs forward, as in the neck, and not straight out."""
        return self.canal_plane_angle > 0.0

    @property
    def conus(self) -> bool:
        """Whether the cord ends at this level."""
        return bool(self.cord_width) and not self.oblique


LIMITS = ("disc_loss_limit",)
"""Lengths that bound a control and are not part of the body."""

Size = TypeVar("Size", VertebraSize, LevelSize)


@lru_cache
def vertebra_size(name: str) -> VertebraSize:
    """Return the typical size of a vertebra such as ``"C5"`` (source: ``data/model/vertebrae.csv``)."""
    return _read(VertebraSize, "vertebrae.csv", name)


@lru_cache
def level_size(name: str) -> LevelSize:
    """Return the typical size of a level such as ``"C5/6"`` (source: ``data/model/levels.csv``)."""
    return _read(LevelSize, "levels.csv", name)


def scaled(size: Size, scale: float, person: Factors = ()) -> Size:
    """Return ``size`` with every length times ``scale`` and the person's own factors.

    Angles and ratios stay. The factor called ``"size"`` applies to all lengths.
    """
    table = "vertebrae.csv" if isinstance(size, VertebraSize) else "levels.csv"
    units = {row["parameter"]: row["unit"] for row in _rows(table)}
    own = dict(person)
    common = scale * own.get("size", 1.0)
    lengths: dict[str, Any] = {
        field.name: getattr(size, field.name) * common * own.get(field.name, 1.0)
        for field in fields(size)
        if units[field.name] == "mm" and field.name not in LIMITS
    }
    return replace(size, **lengths)


def _read(kind: type[Size], table: str, name: str) -> Size:
    values = {row["parameter"]: _number(row, name, table) for row in _rows(table)}
    missing = [field.name for field in fields(kind) if field.name not in values]
    if missing:
        raise InvalidInput(f"data/model/{table} has no row for {missing[0]!r}; every parameter needs one.")
    return kind(**{field.name: values[field.name] for field in fields(kind)})


def _number(row: Mapping[str, str], name: str, table: str) -> float:
    if name not in row:
        raise InvalidInput(f"data/model/{table} has no column {name!r}; every vertebra and level needs one.")
    text = row[name] or "0"
    try:
        if isfinite(number := float(text)):
            return number
        raise ValueError(text)  # noqa: TRY301  # said in words below
    except ValueError:
        message = f"data/model/{table}, row {row['parameter']!r}, column {name!r} holds {text!r}; a number is needed."
        raise InvalidInput(message) from None


@lru_cache
def _rows(table: str) -> tuple[Mapping[str, str], ...]:
    with data_path("model", table).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
