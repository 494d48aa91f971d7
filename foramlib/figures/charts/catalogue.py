"""The charts by name: their numbers, picture and words."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from foramlib.figures.charts import (
    all_levels,
    appraisal,
    approaches,
    by_level,
    by_level_picture,
    courses,
    disc_height,
    facet_share,
    gains,
    imaging,
    in_100,
    intervals,
    maps_disagree,
    natural_history,
    oblique,
    people,
    posture,
    severity,
    shares,
    sizes,
    sizes_picture,
    test_results,
    thresholds,
    timeline,
    timeline_picture,
    without_symptoms,
)
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["CHARTS", "Kind", "Numbers", "kind_of"]


class Numbers(Protocol):
    """What a chart draws and says, whichever chart it is."""

    @property
    def message(self) -> str:
        """The one thing to learn."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""


@dataclass(frozen=True)
class Kind:
    """One kind of chart.

    Attributes
    ----------
    collect : callable
        Gives the numbers for a level, or for the chart's own choice where it is None.
    compose : callable
        Draws them as a figure.
    describe : callable
        Says them.
    choices : tuple of str
        What else `collect` may be asked for by name.
    """

    collect: Callable[..., Numbers]
    compose: Callable[..., Figure]
    describe: Callable[..., str]
    choices: tuple[str, ...] = ()

    def draw(self, numbers: Numbers, look: Look) -> Figure:
        """Draw the numbers that `collect` gave."""
        return self.compose(numbers, look)


def _rows(collect: Callable[..., Numbers]) -> Kind:
    """Give a chart of rows with intervals."""
    return Kind(collect, intervals.compose_intervals, intervals.describe_intervals)


CHARTS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        sizes.NAME: Kind(sizes.SizeComparison.of, sizes_picture.compose_sizes, sizes.describe_sizes),
        posture.NAME: Kind(posture.PostureCurve.of, posture.compose_posture, posture.describe_posture),
        disc_height.NAME: Kind(
            disc_height.DiscHeightCurve.of, disc_height.compose_disc_height, disc_height.describe_disc_height
        ),
        by_level.NAME: Kind(by_level.SizesByLevel.of, by_level_picture.compose_by_level, by_level.describe_by_level),
        severity.NAME: Kind(severity.RoomCurve.of, severity.compose_room, severity.describe_room, severity.CHOICES),
        people.NAME: Kind(people.People.of, people.compose_people, people.describe_people, people.CHOICES),
        timeline.FIRST_DAYS: Kind(
            timeline.collect_first_days, timeline_picture.compose_timeline, timeline.describe_timeline
        ),
        timeline.BACK_TO_LIFE: Kind(
            timeline.collect_back_to_life, timeline_picture.compose_timeline, timeline.describe_timeline
        ),
        **{name: _rows(collect) for name, collect in appraisal.COLLECTORS.items()},
        **{name: _rows(collect) for name, collect in imaging.COLLECTORS.items()},
        **{
            name: Kind(gather, courses.compose_courses, courses.describe_courses)
            for name, gather in courses.COLLECTORS.items()
        },
        **{
            name: Kind(gather, shares.compose_shares, shares.describe_shares)
            for name, gather in shares.COLLECTORS.items()
        },
        maps_disagree.NAME: Kind(
            maps_disagree.MapsDisagree.of, maps_disagree.compose_maps, maps_disagree.describe_maps
        ),
        oblique.NAME: Kind(oblique.Planes.of, oblique.compose_planes, oblique.describe_planes),
        all_levels.NAME: Kind(all_levels.LevelOutlines.of, all_levels.compose_outlines, all_levels.describe_outlines),
        natural_history.NAME: Kind(
            natural_history.NaturalHistory.of,
            natural_history.compose_natural_history,
            natural_history.describe_natural_history,
        ),
        without_symptoms.NAME: Kind(
            without_symptoms.WithoutSymptoms.of,
            without_symptoms.compose_without_symptoms,
            without_symptoms.describe_without_symptoms,
        ),
        test_results.NAME: Kind(
            test_results.TestResults.of, test_results.compose_test_results, test_results.describe_test_results
        ),
        thresholds.NAME: Kind(thresholds.Weeks.of, thresholds.compose_weeks, thresholds.describe_weeks),
        gains.NAME: Kind(gains.Gains.of, gains.compose_gains, gains.describe_gains),
        approaches.NAME: Kind(
            approaches.ApproachChart.of, approaches.compose_approaches, approaches.describe_approaches
        ),
        facet_share.NAME: Kind(
            facet_share.FacetShare.of,
            facet_share.compose_facet_share,
            facet_share.describe_facet_share,
            facet_share.CHOICES,
        ),
        in_100.NAME: Kind(in_100.InHundred.of, in_100.compose_in_100, in_100.describe_in_100, in_100.CHOICES),
    }
)


def kind_of(name: object) -> Kind:
    """Find a kind of chart by its name.

    Raises
    ------
    InvalidInput
        If there is no such chart.
    """
    return CHARTS[chart_name(name)]


def chart_name(name: object) -> str:
    """Return the name of a kind of chart in its own spelling.

    Raises
    ------
    InvalidInput
        If there is no such chart.
    """
    return one_of(name, CHARTS, "chart")
