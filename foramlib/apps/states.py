"""States that the apps of the model share: named postures, words of the controls, and what a state shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.given import one_of
from foramlib.learning.state import ModelState
from foramlib.spine.builds import build_name
from foramlib.spine.foramen import measure_section
from foramlib.spine.lesions import fits
from foramlib.spine.levels import Level
from foramlib.spine.planes import Plane, plane_name
from foramlib.spine.section import cut
from foramlib.spine.segment import TOGETHER, Segment, coupled_bend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.spine.foramen import Measures
    from foramlib.spine.section import Section

__all__ = [
    "PLANE_NAMES",
    "POSTURE",
    "PRESETS",
    "SLIDERS",
    "Shown",
    "active_preset",
    "model_state",
    "preset_postures",
    "show",
    "with_preset",
    "within_limits",
]

ANGLES = ("flexion", "bend", "rotation")
POSTURE = (*ANGLES, "disc_loss")

# Presets as shares of what the level allows; bending and turning go to the side in view, and in the neck the bending
# that goes with turning is added; the disc loses half its height.
PRESETS = MappingProxyType(
    {
        "neutral": "Neutral",
        "flexed": "Flexed",
        "extended": "Extended",
        "bent": "Bent to this side",
        "turned": "Turned to this side",
        "disc-half-lost": "Disc half lost",
    }
)
PLANE_NAMES = MappingProxyType(
    {
        "foramen": "Foramen, square to its canal",
        "sagittal": "Parasagittal",
        "oblique": "Oblique, by angle",
        "axial-disc": "Axial, through the disc",
        "axial-pedicle": "Axial, through the pedicles",
        "coronal": "Coronal",
    }
)

# The sliders, their words and steps; the limits are the level's.
SLIDERS: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "flexion": {"label": "Flexion", "unit": "°", "step": 0.5, "below": "extension", "above": "flexion"},
        "bend": {"label": "Side-bending", "unit": "°", "step": 0.5, "below": "to the right", "above": "to the left"},
        "rotation": {"label": "Rotation", "unit": "°", "step": 0.5, "below": "to the right", "above": "to the left"},
        "disc_loss": {"label": "Disc height lost", "unit": "mm", "step": 0.1},
    }
)


@dataclass(frozen=True)
class Shown:
    """One state with everything made from it."""

    state: ModelState
    segment: Segment
    section: Section
    measures: Measures


def show(state: ModelState) -> Shown:
    """Cut and measure a state.

    Raises
    ------
    InvalidInput
        If the model refuses the state.
    """
    segment = state.segment()
    section = cut(segment, Plane.named(state.plane, segment, state.side))
    settled = replace(state, level=segment.level.name)
    return Shown(settled, segment, section, measure_section(segment, section))


def model_state(values: Mapping[str, Any]) -> ModelState:
    """Read a state from plain data; what is left out is neutral.

    Raises
    ------
    InvalidInput
        If a name is unknown, the level is missing or the model refuses a value.
    """
    known = tuple(field.name for field in fields(ModelState))
    unknown = sorted(set(values) - set(known))
    if unknown or "level" not in values:
        what = f"no {unknown[0]!r}" if unknown else "always a level"
        raise InvalidInput(f"A state of the model has {what}; it may name {', '.join(known)}.")
    level = Level.parse(values["level"]).name
    lesions = values.get("lesions", ())
    state = ModelState(**{**values, "level": level, "lesions": lesions})
    if not isinstance(state.plane, str):
        raise InvalidInput(f"The plane {state.plane!r} is not a name; choose one of {', '.join(PLANE_NAMES)}.")
    return _checked(replace(state, plane=plane_name(state.plane), build=build_name(state.build)))


def _checked(state: ModelState) -> ModelState:
    """Check posture against the level's limits, as floats."""
    segment = state.segment()
    posture = segment.posture
    settled = replace(state, flexion=posture.flexion, bend=posture.bend, rotation=posture.rotation)
    return replace(settled, disc_loss=segment.disc_loss)


def not_drawn(problem: Exception, how: str = "") -> str:
    """Say in one sentence that a fault of our own kept a state from being drawn."""
    return f"This state could not be drawn{how} ({type(problem).__name__}); the last good one stays."


def with_preset(name: str, state: ModelState) -> ModelState:
    """Return `state` with the posture of a preset.

    Raises
    ------
    InvalidInput
        If there is no such preset.
    """
    name = one_of(name, PRESETS, "preset")
    posture: Mapping[str, Any] = preset_postures(state.level, state.side)[name]
    return replace(state, **posture)


@lru_cache
def preset_postures(level: str, side: str) -> Mapping[str, Mapping[str, float]]:
    """Posture of every preset at a level; made once, since every step asks which preset is in force."""
    segment = Segment.at(level)
    limits = segment.limits
    lost = int(5 * segment.stage.level.posterior_disc_height) / 10
    here = 1 if side == "left" else 0
    turn = limits["rotation"][here]
    own = {
        "flexed": {"flexion": limits["flexion"][1]},
        "extended": {"flexion": limits["flexion"][0]},
        "bent": {"bend": limits["bend"][here]},
        # To the step of the slider.
        "turned": {"rotation": turn, "bend": round(2 * coupled_bend(segment.level, turn)) / 2},
        "disc-half-lost": {"disc_loss": min(lost, limits["disc_loss"][1])},
    }
    whole = {name: {**dict.fromkeys(POSTURE, 0.0), **own.get(name, {})} for name in PRESETS}
    return MappingProxyType({name: MappingProxyType(posture) for name, posture in whole.items()})


def within_limits(state: ModelState, level_before: str, moved: str = "") -> tuple[ModelState, str]:
    """Keep posture and lesions within what a level allows, and say what had to give.

    Each angle is brought within a new level's own range, and lesions that cannot be there are left out; angles that a
    joint cannot reach together are eased, the one that was just ``moved`` last.
    """
    state, said = (state, "") if state.level == level_before else _at_new_level(state)
    eased = _eased(state, moved)
    if eased == state:
        return state, said
    names = [SLIDERS[name]["label"].lower() for name in ANGLES if getattr(eased, name) != getattr(state, name)]
    return eased, f"{said} {state.level} cannot go so far in all at once: {' and '.join(names)} eased.".strip()


def _eased(state: ModelState, moved: str) -> ModelState:
    """Bring angles within what a joint can reach together."""
    segment = Segment.at(state.level)
    limits = segment.limits
    angles = {name: float(getattr(state, name)) for name in ANGLES}
    if any(not limits[name][0] <= angle <= limits[name][1] for name, angle in angles.items()):
        return state  # beyond its own range: refused in a sentence of its own
    shares = {name: abs(angle) / abs(limits[name][angle > 0]) for name, angle in angles.items()}
    fixed = shares.get(moved, 0.0)
    others = math.hypot(*(share for name, share in shares.items() if name != moved))
    if math.hypot(fixed, others) <= TOGETHER:
        return state
    factor = math.sqrt(max(TOGETHER**2 - fixed**2, 0.0)) / others
    # Rounded towards zero to the step of the sliders, so that the joint can take it.
    kept = {name: angle if name == moved else math.trunc(angle * factor * 2) / 2 for name, angle in angles.items()}
    return replace(state, flexion=kept["flexion"], bend=kept["bend"], rotation=kept["rotation"])


def _at_new_level(state: ModelState) -> tuple[ModelState, str]:
    segment = Segment.at(state.level)
    limits = segment.limits
    asked = {name: getattr(state, name) for name in POSTURE}
    kept = {name: min(max(asked[name], limits[name][0]), limits[name][1]) for name in POSTURE}
    changed = [SLIDERS[name]["label"].lower() for name in POSTURE if kept[name] != asked[name]]
    said = [f"{state.level} cannot go as far: {' and '.join(changed)} set to its limit."] if changed else []
    there = [one for one in state.found() if fits(one, segment.level)]
    lost = [one.told().lower() for one in state.found() if one not in there]
    said += [f"Left behind, as {state.level} cannot have it: {'; '.join(lost)}."] if lost else []
    return replace(state, **kept, lesions=tuple(one.written for one in there)), " ".join(said)


def active_preset(state: ModelState) -> str:
    """Preset whose posture this is, or ""."""
    posture = {name: getattr(state, name) for name in POSTURE}
    return next((name for name, own in preset_postures(state.level, state.side).items() if own == posture), "")
