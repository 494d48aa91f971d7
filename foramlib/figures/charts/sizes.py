"""Size of the foramen: what studies found, by ruler, and what the model has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foramlib.evidence import footnotes
from foramlib.figures.charts.published import (
    Published,
    levels_of,
    lumbar_sizes,
    pooled_neck,
    told,
)
from foramlib.spine.calipers import soft_axial_width
from foramlib.spine.foramen import DEFINITIONS, measure
from foramlib.spine.levels import Level
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from foramlib.spine.foramen import Rulers

__all__ = ["NO_SD", "ModelSize", "SizeComparison", "SizePanel", "describe_sizes"]

NAME = "foramen-size"
_USUAL = ("C5/6", "L4/5")  # the lessons' levels; another chart shows every level
_BUILDS = ("typical", "small", "large")
NO_SD = "no SD known"


@dataclass(frozen=True)
class ModelSize:
    """The model's value in the typical build, and in the small and the large build."""

    typical: float
    small: float
    large: float


@dataclass(frozen=True)
class SizePanel:
    """One quantity by one ruler, which is never mixed with another.

    Attributes
    ----------
    title, ruler, quantity : str
        Title of the panel; ``"bony"`` or ``"soft"``; what is measured.
    unit : str
        ``"mm"`` or ``"mm²"``.
    limit, step : float
        End of the axis, which begins at zero, and distance of its grid lines.
    level : str
        The level in the model.
    by_level : tuple of Published
        One study's values from the top of the neck downwards; may be empty.
    studies : tuple of Published
        Studies with one value for several levels.
    model : ModelSize
        The model's value.
    definition : str
        How the model measures it.
    """

    title: str
    ruler: str
    quantity: str
    unit: str
    limit: float
    step: float
    level: str
    by_level: tuple[Published, ...]
    studies: tuple[Published, ...]
    model: ModelSize
    definition: str

    @property
    def decimals(self) -> int:
        """Decimals of the model's value: lengths to 0.1 mm, areas to 1 mm²."""
        return 0 if self.unit == "mm²" else 1

    def modelled(self, build: str = "typical") -> str:
        """Write the model's value in a build, without unit."""
        return f"{getattr(self.model, build):.{self.decimals}f}"

    @property
    def published(self) -> tuple[Published, ...]:
        """Every published value of the panel."""
        return self.by_level + self.studies


@dataclass(frozen=True)
class SizeComparison:
    """The numbers of the chart ``foramen-size``.

    Attributes
    ----------
    levels : tuple of str
        Levels of the model that are shown.
    groups : tuple of tuple of SizePanel
        The panels of each level.
    """

    levels: tuple[str, ...]
    groups: tuple[tuple[SizePanel, ...], ...]

    @staticmethod
    def of(level: object = None) -> SizeComparison:
        """Collect the numbers for one level, or for one of the neck and one of the low back.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        names = _USUAL if level is None else (Level.parse(level).name,)
        return SizeComparison(names, tuple(_panels(name) for name in names))

    @property
    def message(self) -> str:
        """The one thing to learn."""
        if len(self.levels) > 1:
            return "How large is normal? That depends on ruler, person and study"
        neck = Level.parse(self.levels[0]).region == "cervical"
        return (
            "Two rulers, two widths: name the ruler before you say narrow"
            if neck
            else "In the low back people differ widely, and so do the studies"
        )

    @property
    def panels(self) -> tuple[SizePanel, ...]:
        """Every panel, of all levels."""
        return tuple(panel for group in self.groups for panel in group)

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of all that is drawn or said, each once."""
        shown = [value.id for panel in self.panels for value in panel.published]
        regions = {Level.parse(level).region for level in self.levels}
        more = [("A:M-04",) if "cervical" in regions else (), ("A:M-22",) if "lumbar" in regions else ()]
        return tuple(dict.fromkeys([*shown, *(name for names in more for name in names)]))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know to read the marks."""
        notes = [
            "Diamond: the model's typical build, from its small to its large build (an assumption).",
            "Mark with whiskers: mean ± SD. Whiskers without a mark: a range.",
        ]
        names = "".join(value.name for panel in self.panels for value in panel.published)
        if {panel.ruler for panel in self.panels} == {"bony", "soft"}:
            notes += ["Bone to bone and soft tissues are two rulers: never mix them."]
        return (*notes, footnotes(names))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        remarks = []
        regions = {Level.parse(level).region for level in self.levels}
        if "cervical" in regions:
            remarks.append("Bony and soft rulers measure different things and are never compared with each other.")
        if "lumbar" in regions:
            remarks.append("Studies disagree on whether the lumbar width falls or rises from level to level.")
        remarks.append(
            "The model's bony sizes are taken on a section square to the foramen, by the definition named in "
            "each panel; studies used their own."
        )
        return tuple(remarks)


def _panels(level: str) -> tuple[SizePanel, ...]:
    found = {build: Segment.at(level, build) for build in _BUILDS}
    return _neck(level, found) if Level.parse(level).region == "cervical" else _low_back(level, found)


_NECK = (15.0, 3.0)  # one scale for the three panels of the neck
_LOW_BACK = (("height_mm", (30.0, 10.0)), ("width_mm", (20.0, 5.0)), ("area_mm2", (300.0, 100.0)))
# As `foramlib.spine.calipers.soft_axial_width` measures it, which is how the study measured.
_SOFT_WIDTH = "narrowest on axial sections level with the root"


def _neck(level: str, found: dict[str, Segment]) -> tuple[SizePanel, ...]:
    height = _bony(level, found, "height_mm", _NECK)
    width = _bony(level, found, "width_mm", _NECK)
    return (
        replace(height, by_level=levels_of("A:M-01", "height", "CT"), studies=(pooled_neck("height"),)),
        replace(width, by_level=levels_of("A:M-02", "width", "CT"), studies=(pooled_neck("width"),)),
        _soft(level, found),
    )


def _low_back(level: str, found: dict[str, Segment]) -> tuple[SizePanel, ...]:
    panels = [_bony(level, found, name, axis) for name, axis in _LOW_BACK]
    return tuple(replace(panel, studies=lumbar_sizes(panel.quantity)) for panel in panels)


def _bony(level: str, found: dict[str, Segment], name: str, axis: tuple[float, float]) -> SizePanel:
    what, _, unit = name.partition("_")
    model = ModelSize(**{build: getattr(_rulers(segment), name) for build, segment in found.items()})
    title = f"{what.capitalize()}, bone to bone"
    return SizePanel(title, "bony", what, unit.replace("2", "²"), *axis, level, (), (), model, DEFINITIONS[name])


def _soft(level: str, found: dict[str, Segment]) -> SizePanel:
    model = ModelSize(**{build: soft_axial_width(segment) for build, segment in found.items()})
    known = levels_of("A:M-03", "narrowest width", "axial MRI")
    title, what = "Narrowest width, soft tissues", "narrowest width"
    return SizePanel(title, "soft", what, "mm", *_NECK, level, known, (), model, _SOFT_WIDTH)


def _rulers(segment: Segment) -> Rulers:
    found = measure(segment).bony
    if found is None:
        raise RuntimeError(f"the model shows no foramen at {segment.level.name}")
    return found


# -- words


def describe_sizes(numbers: SizeComparison) -> str:
    """Say the chart in words, from the numbers that it draws."""
    text = [f"{numbers.message}."]
    for level, panels in zip(numbers.levels, numbers.groups, strict=True):
        text += [f"{level}, {panel.ruler} ruler, {panel.quantity}: {_words(panel)}" for panel in panels]
    return "\n".join([*text, *numbers.remarks])


def _words(panel: SizePanel) -> str:
    parts = []
    if panel.by_level:
        values = ", ".join(f"{value.level} {value.figures}" for value in panel.by_level)
        parts.append(_said(panel.by_level[0], values))
    parts += [_said(value, f"{value.figures}") + _of_what(value) for value in panel.studies]
    parts.append(
        f"model {panel.modelled()} {panel.unit} (small build {panel.modelled('small')}, "
        f"large build {panel.modelled('large')}; {panel.definition})",
    )
    return "; ".join(parts) + "."


def _said(value: Published, figures: str) -> str:
    spread = f", {NO_SD}" if value.lowest is None else ""
    return f"{told(value.id)}, {value.method}, {figures} {value.unit}{spread}"


def _of_what(value: Published) -> str:
    return f" ({value.ends or value.level})"
