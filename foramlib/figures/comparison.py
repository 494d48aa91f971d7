"""Two states beside each other: what differs, as a table and as one sentence, from the same figures.

A figure is compared only with the same ruler's figure by the same definition, in the same kind of plane.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from foramlib.figures.words import posture_words, touched
from foramlib.spine.foramen import DEFINITIONS

if TYPE_CHECKING:
    from foramlib.spine.foramen import Measures, Rulers
    from foramlib.spine.segment import Segment

__all__ = ["Difference", "Side", "differences", "sentence", "short_names"]

_AREA, _LENGTH = ("mm²", 0), ("mm", 1)
_RULERS: Final = {"bony": "bony ruler, bone to bone", "soft": "soft ruler, between soft tissues"}
_ROWS: Final = (
    ("bony", "Area", "area_mm2", _AREA),
    ("bony", "Height", "height_mm", _LENGTH),
    ("bony", "Width", "width_mm", _LENGTH),
    ("bony", "Greatest width", "greatest_width_mm", _LENGTH),
    ("soft", "Area", "area_mm2", _AREA),
)
_OPEN: Final = "In one of the two the bony wall is open in this plane, so the sizes do not compare."


@dataclass(frozen=True)
class Side:
    """One of the two states: its segment and what was measured in it."""

    segment: Segment
    measures: Measures


@dataclass(frozen=True)
class Difference:
    """One row of the table: a figure of both states, rounded as printed, and the second less the first.

    Attributes
    ----------
    name, definition : str
        What is measured, and how, with its ruler.
    unit : str
        ``"mm"``, ``"mm²"`` or ``"%"``.
    left, right, change : str
        The figures; "not shown" or "–" where there are none.
    """

    name: str
    definition: str
    unit: str
    left: str
    right: str
    change: str

    def as_dict(self) -> dict[str, str]:
        """Return the row as plain text by name."""
        return asdict(self)

    def said(self) -> str:
        """Say the row in words."""
        return f"{self.name} ({self.definition}): {self.left} and {self.right} {self.unit}; difference {self.change}"


def differences(left: Side, right: Side) -> list[Difference]:
    """List the figures of two states beside each other, each by its ruler and definition.

    Returns
    -------
    list of Difference
        Bony area, height and widths, soft area, room beside the root, and share of the root in contact.
    """
    rows = [_ruled((left, right), *row) for row in _ROWS]
    return [*rows, _free(left.measures, right.measures), _contact(left.measures, right.measures)]


def _ruled(pair: tuple[Side, Side], ruler: str, name: str, key: str, form: tuple[str, int]) -> Difference:
    unit, digits = form
    values = [_figure(getattr(side.measures, ruler), key) for side in pair]
    definition = f"{DEFINITIONS[key]}; {_RULERS[ruler]}"
    comparable = pair[0].measures.closed == pair[1].measures.closed
    return _row(f"{name}, {ruler}", definition, unit, values, digits, comparable=comparable)


def _figure(rulers: Rulers | None, key: str) -> float | None:
    return None if rulers is None else float(getattr(rulers, key))


def _free(left: Measures, right: Measures) -> Difference:
    definition = f"area of fat and vessels beside the root; {_RULERS['soft']}"
    values = [one.free_area_mm2 if one.soft is not None else None for one in (left, right)]
    return _row("Free space, soft", definition, "mm²", values, 0)


def _contact(left: Measures, right: Measures) -> Difference:
    definition = "share of the outline of root and ganglion within 0.25 mm of a wall"
    values = [100 * one.contact_fraction if one.root_area_mm2 else None for one in (left, right)]
    return _row("Root in contact", definition, "%", values, 0)


def _row(
    name: str, definition: str, unit: str, values: list[float | None], digits: int, *, comparable: bool = True
) -> Difference:
    """Round first, then subtract: the table must add up as it stands."""
    one, other = (None if value is None else round(value, digits) for value in values)
    shown, shown_too = ("not shown" if value is None else f"{value:.{digits}f}" for value in (one, other))
    change = "–" if one is None or other is None or not comparable else _signed(other - one, digits)
    return Difference(name, definition, unit, shown, shown_too, change)


def _signed(change: float, digits: int) -> str:
    plain = f"{abs(change):.{digits}f}"
    if float(plain) == 0:
        return "0"
    return f"{'+' if change > 0 else '−'}{plain}"


# -- words


def sentence(left: Side, right: Side) -> str:
    """Say in one sentence how the second state's foramen differs from the first's.

    Examples
    --------
    "The foramen of C7/T1 is 0.8 mm lower and 1.4 mm wider than that of C5/6; its area is 5 mm² larger (model, bony
    ruler)."
    """
    names = _names(left, right)
    if names is None:
        return "Both sides show the same state."
    bony = left.measures.bony, right.measures.bony
    if bony[0] is None or bony[1] is None:
        return f"Not both planes outline the foramen, so no sizes are compared; {_contacts(left, right)}."
    if left.measures.closed != right.measures.closed:
        return _OPEN
    sizes = _compared(bony[0], bony[1])
    area = _larger(bony[0].area_mm2, bony[1].area_mm2, share=left.segment.level == right.segment.level)
    if not sizes:
        return f"The foramen {names[1]} is as high and as wide as that {names[0]}; {area} (model, bony ruler)."
    return f"The foramen {names[1]} is {sizes} than that {names[0]}; {area} (model, bony ruler)."


def short_names(left: Side, right: Side) -> tuple[str, str]:
    """Name both states in a few words, as the heads of a table do: "C5/6, flexion 9°" and "C5/6, neutral posture"."""
    apart = _apart(left, right)
    if not apart:
        return "First", "Second"
    level = left.segment.level.name
    one, other = (", ".join(_bare(pair[place]) for pair in apart) for place in (0, 1))
    same = left.segment.level == right.segment.level
    return (f"{level}, {one}", f"{level}, {other}") if same else (one, other)


def _bare(words: str) -> str:
    for opening in ("of ", "in the ", "in ", "on the ", "with its ", "with "):
        words = words.removeprefix(opening)
    return words


def _names(left: Side, right: Side) -> tuple[str, str] | None:
    """Name both states by what sets them apart, or give None where nothing does."""
    apart = _apart(left, right)
    if not apart:
        return None
    one, other = (" ".join(pair[place] for pair in apart) for place in (0, 1))
    return one, other


def _apart(left: Side, right: Side) -> list[tuple[str, str]]:
    """List what sets two states apart, in words that follow "the foramen"."""
    pairs = [
        (_level(left), _level(right)),
        (f"on the {left.measures.side}", f"on the {right.measures.side}"),
        (f"in the {left.segment.build} build", f"in the {right.segment.build} build"),
        (_posture(left), _posture(right)),
        (_disc(left), _disc(right)),
        (f"in the plane {left.measures.plane}", f"in the plane {right.measures.plane}"),
    ]
    return [pair for pair in pairs if pair[0] != pair[1]]


def _level(side: Side) -> str:
    return f"of {side.segment.level.name}"


def _posture(side: Side) -> str:
    words = posture_words(replace(side.segment, disc_loss=0.0, build="typical"))
    return f"in {words}"


def _disc(side: Side) -> str:
    lost = side.segment.disc_loss
    return f"with {lost:.1f} mm of disc height lost" if lost else "with its whole disc"


def _compared(one: Rulers, other: Rulers) -> str:
    words = [
        _more(one.height_mm, other.height_mm, ("higher", "lower")),
        _more(one.width_mm, other.width_mm, ("wider", "narrower")),
    ]
    return " and ".join(word for word in words if word)


def _more(one: float, other: float, words: tuple[str, str]) -> str:
    change = round(other, 1) - round(one, 1)
    plain = f"{abs(change):.1f}"
    return "" if float(plain) == 0 else f"{plain} mm {words[0] if change > 0 else words[1]}"


def _larger(one: float, other: float, *, share: bool) -> str:
    change = round(other) - round(one)
    if not change:
        return "its area is the same"
    part = f" ({abs(100 * (other / one - 1)):.0f} %)" if share and one > 0 else ""
    return f"its area is {abs(change)} mm²{part} {'larger' if change > 0 else 'smaller'}"


def _contacts(left: Side, right: Side) -> str:
    words = [touched(side.measures) for side in (left, right)]
    return f"the root touches {words[0]} and {words[1]}" if words[0] != words[1] else f"both roots touch {words[0]}"
