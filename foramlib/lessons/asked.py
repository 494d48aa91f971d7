"""What can be asked of the model in prose: quantities of a state, what an operation did, and counts of its tables."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.imaging.grades import ON_SAGITTAL, SCALES, grade
from foramlib.imaging.oblique import stored_table
from foramlib.learning.operating import begin, whole_operation
from foramlib.lessons.claims import Amount, Named
from foramlib.lessons.misses import unit_of
from foramlib.spine import calipers
from foramlib.spine.foramen import DEFINITIONS, measure
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.planes import Plane
from foramlib.spine.room import root_states
from foramlib.spine.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.learning.state import ModelState
    from foramlib.lessons.claims import Value
    from foramlib.spine.foramen import Measures
    from foramlib.spine.room import RootState
    from foramlib.spine.segment import Segment
    from foramlib.spine.surgery.gauges import Gauges

__all__ = ["ROOTS", "TABLES", "Asked", "quantities", "targets"]

ROOTS = frozenset(
    root for level in map(Level.parse, MODELLED) for root in (level.exiting_root, level.traversing_root) if root
)
"""Every root that the model holds."""

_WALLS: Mapping[str, str] = MappingProxyType(
    {
        "annulus": "disc",
        "herniation": "herniation",
        "disc_bulge": "bulge",
        "flavum": "flavum",
        "thick_flavum": "flavum",
        "capsule": "capsule",
        "uncovertebral_osteophyte": "spur",
        "endplate_ridge": "ridge",
        "facet_osteophyte": "facet",
        "synovial_cyst": "cyst",
    }
)
"""Words for what a root can touch; everything else is bone."""

_ANGLES = frozenset({"disc_wedge", "facet_to_transverse", "facet_to_sagittal", "canal_rotation", "canal_fall"})


@dataclass(frozen=True)
class Asked:
    """One state that is asked about: the model, the plane that was named or "", and what was done to it."""

    state: ModelState
    plane: str = ""
    approach: str = ""
    share: float | None = None

    @property
    def segment(self) -> Segment:
        """The model as it is, after the operation where there was one."""
        return _operated(self)[0] if self.approach else _whole(self.state)

    @property
    def gauges(self) -> Gauges:
        """The gauges after the operation.

        Raises
        ------
        InvalidInput
            If none is named.
        """
        if not self.approach:
            raise InvalidInput("This is asked after an operation; add one, such as operation=posterior-open.")
        return _operated(self)[1]

    def root(self, kind: str) -> RootState:
        """Give the exiting or traversing root.

        Raises
        ------
        InvalidInput
            If there is none at this level.
        """
        found = [one for one in _roots(self) if one.kind == kind]
        if not found:
            raise InvalidInput(f"At {self.state.level} the model has no {kind} root of its own.")
        return found[0]


@cache
def _whole(state: ModelState) -> Segment:
    return state.segment()


@cache
def _operated(asked: Asked) -> tuple[Segment, Gauges]:
    state = asked.state
    if (state.flexion, state.bend, state.rotation, state.build) != (0.0, 0.0, 0.0, "typical"):
        raise InvalidInput("An operation is done on the typical build in neutral posture.")
    lower = (f"disc_height_loss={state.disc_loss:g}",) if state.disc_loss else ()
    done = whole_operation(begin(state.level, asked.approach, state.side, (*state.lesions, *lower)), asked.share)
    return done.segment(), done.read()


@cache
def _roots(asked: Asked) -> tuple[RootState, ...]:
    return root_states(asked.segment, asked.state.side)


# -- what can be asked


@cache
def quantities() -> Mapping[str, Callable[[Asked], Value]]:
    """Return everything that can be asked of a state, by its name in a title."""
    return MappingProxyType({**_rulers(), **_of_roots(), **_grades(), **_calipers(), **_of_operation(), **_others()})


def _rulers() -> dict[str, Callable[[Asked], Value]]:
    return {
        f"{ruler} {key.rpartition('_')[0].replace('_', ' ')}": _ruler(ruler, key)
        for ruler in ("bony", "soft")
        for key in DEFINITIONS
    }


def _ruler(ruler: str, key: str) -> Callable[[Asked], Value]:
    def ask(asked: Asked) -> Value:
        found = getattr(measure(asked.segment, asked.state.side, asked.plane or "foramen"), ruler)
        if found is None:
            raise InvalidInput(f"The plane {asked.plane or 'foramen'} shows no foramen that the {ruler} ruler takes.")
        return Amount((float(getattr(found, key)),), key.rpartition("_")[2])

    return ask


def _of_roots() -> dict[str, Callable[[Asked], Value]]:
    found: dict[str, Callable[[Asked], Value]] = {"roots touched": _touched}
    for kind in ("exiting", "traversing"):
        found |= {
            f"room at the {kind} root": lambda asked, kind=kind: _percent(asked.root(kind).room),  # type: ignore[misc]
            f"contact of the {kind} root": lambda asked, kind=kind: _percent(asked.root(kind).contact),  # type: ignore[misc]
            f"flattening of the {kind} root": lambda asked, kind=kind: _percent(asked.root(kind).flattening),  # type: ignore[misc]
            f"shift of the {kind} root": lambda asked, kind=kind: Amount((asked.root(kind).moved,), "mm"),  # type: ignore[misc]
            f"walls at the {kind} root": lambda asked, kind=kind: _walls(asked.root(kind)),  # type: ignore[misc]
        }
    return found


def _percent(share: float) -> Amount:
    return Amount((100.0 * share,), "%")


def _touched(asked: Asked) -> Value:
    return Named(frozenset(one.name for one in _roots(asked) if one.hit), ROOTS)


def _walls(root: RootState) -> Value:
    words = {next((_WALLS[part] for part in wall.split(".") if part in _WALLS), "bone") for wall in root.walls}
    return Named(frozenset(words), frozenset({*_WALLS.values(), "bone"}), whole=False)


def _grades() -> dict[str, Callable[[Asked], Value]]:
    return {system: _grade(system) for system in SCALES}


def _grade(system: str) -> Callable[[Asked], Value]:
    def ask(asked: Asked) -> Value:
        if asked.plane and system not in ON_SAGITTAL:
            raise InvalidInput(f"{system} has its own plane; name none.")
        found = grade(asked.segment, system, asked.state.side, asked.plane).grade.partition(" ")[0]
        return Named(frozenset({found} - {""}), frozenset(SCALES[system]))

    return ask


def _calipers() -> dict[str, Callable[[Asked], Value]]:
    """Offer every ruler of `foramlib.spine.calipers` that needs the segment alone; those measure the left side."""
    found = inspect.getmembers(calipers, inspect.isfunction)
    return {
        name.replace("_", " "): _caliper(name, ask)
        for name, ask in found
        if ask.__module__ == calipers.__name__ and not name.startswith("_") and _takes_a_segment(ask)
    }


def _takes_a_segment(ask: Callable[..., object]) -> bool:
    signature = inspect.signature(ask)
    return list(signature.parameters) == ["segment"] and signature.return_annotation == "float"


def _caliper(name: str, ask: Callable[[Segment], float]) -> Callable[[Asked], Value]:
    unit = "deg" if name in _ANGLES else "mm2" if name.endswith("area") else "mm"

    def read(asked: Asked) -> Value:
        if asked.state.side != "left":
            raise InvalidInput(f"{name.replace('_', ' ').capitalize()} is measured on the left; ask for that side.")
        try:
            return Amount((float(ask(asked.segment)),), unit)
        except (KeyError, IndexError, ValueError):  # what a ruler looks for is not there at every level
            raise InvalidInput(f"At {asked.state.level} the model has nothing for {name.replace('_', ' ')}.") from None

    return read


def _of_operation() -> dict[str, Callable[[Asked], Value]]:
    return {
        "root exposed": lambda asked: Amount((asked.gauges.exposed_mm,), "mm"),
        "root exposed before": lambda asked: Amount((asked.gauges.exposed_before_mm,), "mm"),
        "room": lambda asked: Amount((asked.gauges.room_mm2,), "mm2"),
        "room before": lambda asked: Amount((asked.gauges.room_before_mm2,), "mm2"),
        "room gained": lambda asked: Amount((100.0 * asked.gauges.gained_share,), "%", change=True),
        "facet left": lambda asked: _percent(asked.gauges.facet_left),
        "facet taken": lambda asked: _percent(1.0 - asked.gauges.facet_left),
        "bone of the facet left": lambda asked: _percent(asked.gauges.facet_volume_left),
        "pars left": lambda asked: _percent(asked.gauges.pars_left),
    }


def _others() -> dict[str, Callable[[Asked], Value]]:
    return {
        "free area": lambda asked: Amount((_measured(asked).free_area_mm2,), "mm2"),
        "root area": lambda asked: Amount((_measured(asked).root_area_mm2,), "mm2"),
        "axial width": lambda asked: Amount((calipers.soft_axial_width(asked.segment, asked.state.side),), "mm"),
        "angle": lambda asked: Amount((_angle(asked),), "deg"),
    }


def _measured(asked: Asked) -> Measures:
    return measure(asked.segment, asked.state.side, asked.plane or "foramen")


def _angle(asked: Asked) -> float:
    """Turn of the plane from the sagittal, degrees."""
    return Plane.named(asked.plane or "foramen", asked.segment, asked.state.side).angle or 0.0


# -- tables


def _necks(level: str) -> Amount:
    return Amount((float(stored_table(level).total),))


def _straight(how: str) -> Callable[[str], Amount]:
    def ask(level: str) -> Amount:
        table = stored_table(level)
        counts = {"milder": table.milder, "worse": table.worse}
        return Amount((float(counts.get(how, table.total - sum(counts.values()))),))

    return ask


def _milder_than_worse(level: str) -> Amount:
    table = stored_table(level)
    return Amount((100.0 * (table.milder / max(table.worse, 1) - 1.0),), "%", change=True)


def _counted(met: tuple[bool, ...]) -> Callable[[str], Amount]:
    return lambda _: Amount((float(sum(row.ok in met for row in validate())),))


TABLES: Mapping[str, Mapping[str, Callable[[str], Amount]]] = MappingProxyType(
    {
        "oblique table": MappingProxyType(
            {
                "necks": _necks,
                "straight milder": _straight("milder"),
                "straight the same": _straight("same"),
                "straight worse": _straight("worse"),
                "milder against worse": _milder_than_worse,
            }
        ),
        "validate": MappingProxyType(
            {
                "targets": _counted((True, False)),
                "targets met": _counted((True,)),
                "targets missed": _counted((False,)),
            }
        ),
    }
)
"""What can be asked of a table: the stored made-up necks, or the model beside published measurements."""


def targets(first: str, last: str) -> Amount:
    """Give the model's value of one target, or of all from one row to another."""
    rows = {row.id: row for row in validate()}
    names = list(rows)
    for name in (first, last):
        if name not in rows:
            raise InvalidInput(f"There is no target {name!r}; the rows stand in data/model/targets.csv.")
    found = [rows[name] for name in names[names.index(first) : names.index(last) + 1]]
    units = {unit_of(row).strip() for row in found}
    if len(units) != 1:
        raise InvalidInput(f"The targets {first} to {last} have no unit in common.")
    unit = next(iter(units)).replace("°", "deg")
    return Amount(tuple(row.model for row in found), unit, change=all("change" in row.quantity for row in found))
