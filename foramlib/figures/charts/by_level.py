"""Size of the foramen by level: the model beside what was published, each ruler against its own studies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import footnotes
from foramlib.figures.charts.published import Published, levels_of, lumbar_sizes, measured, pooled_neck, told
from foramlib.figures.charts.sizes import NO_SD, ModelSize
from foramlib.spine.calipers import soft_axial_width
from foramlib.spine.foramen import DEFINITIONS, measure
from foramlib.spine.levels import MODELLED, Level
from foramlib.spine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LevelPanel", "SizesByLevel", "describe_by_level"]

NAME = "size-by-level"
_BUILDS: Final = ("typical", "small", "large")
_SOFT: Final = "narrowest on axial sections level with the root"
TRENDS: Final = (("larger higher up", ("A:M-22", "A:M-23")), ("wider lower down", ("A:M-19",)))
"""What studies of the low back say about width from level to level."""


@dataclass(frozen=True)
class LevelPanel:
    """One quantity by one ruler at every level of a region.

    Attributes
    ----------
    title, ruler, region, definition : str
        Title of the panel; ``"bony"`` or ``"soft"``; ``"cervical"`` or ``"lumbar"``; how the model measures.
    limit, step : float
        End of the axis, which begins at zero, and distance of its grid lines, mm.
    models : tuple of (str, ModelSize)
        The model at each of its levels, from above downwards.
    by_level : tuple of Published
        Published values that belong to one level.
    pooled : tuple of Published
        Published values of several levels together.
    """

    title: str
    ruler: str
    region: str
    definition: str
    limit: float
    step: float
    models: tuple[tuple[str, ModelSize], ...]
    by_level: tuple[Published, ...]
    pooled: tuple[Published, ...]

    @property
    def levels(self) -> tuple[str, ...]:
        """Every level that is modelled or published, from above downwards."""
        return tuple(sorted({*(level for level, _ in self.models), *(value.level for value in self.by_level)}))

    @property
    def published(self) -> tuple[Published, ...]:
        """Every published value of the panel."""
        return self.by_level + self.pooled


@dataclass(frozen=True)
class SizesByLevel:
    """The numbers of the chart ``size-by-level``.

    Attributes
    ----------
    panels : tuple of LevelPanel
        Those of the neck, then those of the low back.
    level : str or None
        The level to point out; only its region is shown then.
    """

    panels: tuple[LevelPanel, ...]
    level: str | None = None

    @staticmethod
    def of(level: object = None) -> SizesByLevel:
        """Measure every level of the model, or of the region of one level.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        chosen = None if level is None else Level.parse(level)
        panels = [*_neck(), *_low_back()] if chosen is None else _REGIONS[chosen.region]()
        return SizesByLevel(tuple(panels), None if chosen is None else chosen.name)

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that are shown, from above downwards."""
        return tuple(dict.fromkeys(panel.region for panel in self.panels))

    def row(self, region: str) -> tuple[LevelPanel, ...]:
        """Return the panels of a region."""
        return tuple(panel for panel in self.panels if panel.region == region)

    @property
    def message(self) -> str:
        """The one thing to learn."""
        if self.regions == ("lumbar",):
            return "Low back, level by level: studies disagree, so no trend is claimed"
        if self.regions == ("cervical",):
            more = "the ruler changes the width more than the level does"
            return f"Neck, level by level: {more if self._ruler_matters else 'two rulers, two widths'}"
        return "From level to level: the neck has two rulers, the low back no agreed trend"

    @property
    def _ruler_matters(self) -> bool:
        """Whether published bony and soft widths differ more at each level than bony widths do from level to level."""
        bony, soft = ({one.level: one.mean or 0.0 for one in panel.by_level} for panel in self.row("cervical")[1:])
        return min(bony[level] - soft[level] for level in bony) > max(bony.values()) - min(bony.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of all that is drawn or said, each once."""
        shown = [value.id for panel in self.panels for value in panel.published]
        trends = [name for _, names in TRENDS for name in names] if "lumbar" in self.regions else []
        more = ["A:M-04"] if "cervical" in self.regions else []
        return tuple(dict.fromkeys([*shown, *more, *trends, *(["A:M-20"] if trends else [])]))

    @property
    def trends(self) -> tuple[str, ...]:
        """What studies say about the low back from level to level, one sentence for each side."""
        if "lumbar" not in self.regions:
            return ()
        said = [f"{words.capitalize()}: {', '.join(told(name) for name in names)}." for words, names in TRENDS]
        return (f"Lumbar width. {said[0]}", said[1])

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know to read the marks."""
        names = "".join(value.name for panel in self.panels for value in panel.published)
        return (
            "Diamonds and line: the model's typical build; whiskers: its small to large build (an assumption).",
            "Dark marks: published; whiskers: mean ± SD, or a range.",
            *self.trends,
            footnotes(names + "".join(self.trends)),
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Bony and soft rulers measure different things and are never compared with each other.",
            "Bony sizes of the model are taken square to the canal; studies used their own definitions.",
        )


def _neck() -> list[LevelPanel]:
    sizes = (("height_mm", "A:M-01", "height"), ("width_mm", "A:M-02", "width"))
    panels = [
        _panel("cervical", _bony(name), (15.0, 5.0), levels_of(fact, what, "CT"), (pooled_neck(what),))
        for name, fact, what in sizes
    ]
    soft = _panel("cervical", _soft(), (15.0, 5.0), levels_of("A:M-03", "narrowest width", "axial MRI"), ())
    return [*panels, soft]


def _low_back() -> list[LevelPanel]:
    height = _panel("lumbar", _bony("height_mm"), (30.0, 10.0), (), lumbar_sizes("height"))
    wide = tuple(value for value in measured("A:M-19", "width", "dissection"))
    pooled = tuple(value for value in lumbar_sizes("width") if value.id != "A:M-19")
    return [height, _panel("lumbar", _bony("width_mm"), (30.0, 10.0), wide, pooled)]


_REGIONS: Final = {"cervical": _neck, "lumbar": _low_back}

_Ruler = tuple[str, str, str, "Callable[[Segment], float]"]


def _bony(name: str) -> _Ruler:
    what = name.partition("_")[0].capitalize()
    return f"{what}, bone to bone", "bony", DEFINITIONS[name], lambda segment: _bony_figure(segment, name)


def _soft() -> _Ruler:
    return "Narrowest width, soft tissues", "soft", _SOFT, soft_axial_width


def _bony_figure(segment: Segment, name: str) -> float:
    found = measure(segment).bony
    if found is None:
        raise InvalidInput(f"The model shows no foramen at {segment.level.name}.")
    return float(getattr(found, name))


def _panel(
    region: str,
    ruler: _Ruler,
    axis: tuple[float, float],
    by_level: tuple[Published, ...],
    pooled: tuple[Published, ...],
) -> LevelPanel:
    title, kind, definition, caliper = ruler
    levels = [level for level in MODELLED if Level.parse(level).region == region]
    models = tuple((level, _sizes(level, caliper)) for level in levels)
    return LevelPanel(title, kind, region, definition, *axis, models, by_level, pooled)


def _sizes(level: str, caliper: Callable[[Segment], float]) -> ModelSize:
    return ModelSize(**{build: caliper(Segment.at(level, build)) for build in _BUILDS})


# -- words


def describe_by_level(numbers: SizesByLevel) -> str:
    """Say the chart in words, from the numbers that it draws."""
    text = [line for panel in numbers.panels for line in _words(panel)]
    return "\n".join([f"{numbers.message}.", *text, *numbers.trends, *numbers.remarks])


def _words(panel: LevelPanel) -> list[str]:
    place = "Neck" if panel.region == "cervical" else "Low back"
    model = ", ".join(f"{level} {size.typical:.1f} ({size.small:.1f}–{size.large:.1f})" for level, size in panel.models)
    lines = [f"{place}. {panel.title} ({panel.definition}). Model, typical build (small–large): {model} mm."]
    for name in dict.fromkeys(value.id for value in panel.by_level):
        own = [value for value in panel.by_level if value.id == name]
        values = ", ".join(f"{value.level} {value.figures}" for value in own)
        lines.append(f"{told(name)}, {own[0].method}: {values} mm{_spread(own[0])}.")
    lines += [
        f"{told(value.id)}, {value.method}: {value.figures} mm ({value.ends or value.level}){_spread(value)}."
        for value in panel.pooled
    ]
    return lines


def _spread(value: Published) -> str:
    return f", {NO_SD}" if value.lowest is None else ""
