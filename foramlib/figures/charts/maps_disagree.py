"""How published lists differ about the skin of one root, and how often pain leaves the dermatome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.clinic.pain_patterns import Share, shares
from foramlib.clinic.regions import MAPS, Claim, body, claims, region, regions
from foramlib.figures.body import draw_body
from foramlib.figures.charts.published import told
from foramlib.figures.charts.sheet import MARGIN, Sheet, lines_of, title_depth, write
from foramlib.spine.levels import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from foramlib.figures.charts.sheet import Look

__all__ = ["MapsDisagree", "compose_maps", "describe_maps"]

NAME = "maps-disagree"
_ROOT = "L4"  # the root of which our evidence holds four lists

_PATTERN = "A:L-17"

# Part of each picture that is shown, cm: left, bottom, width, height.
_CROPS = {
    "arm": {"front": (-49.0, 62.0, 98.0, 116.0), "back": (-49.0, 62.0, 98.0, 116.0)},
    "leg": {"front": (-27.0, -2.0, 54.0, 104.0), "back": (-27.0, -2.0, 54.0, 104.0)},
}
_SIDE = "left"
Said = tuple[str, tuple[tuple[str, Claim], ...]]
"""A list, and what it says: a region and the words it stands for."""

_ORDER = ("front", "back", "hand_back", "palm", "foot_top", "sole")


@dataclass(frozen=True)
class MapsDisagree:
    """The numbers of the chart ``maps-disagree``.

    Attributes
    ----------
    root : str
        The root whose skin is shown.
    lists : mapping of str to tuple of Claim
        What each list of :data:`foramlib.clinic.regions.MAPS` says of it, with the name of the region.
    shares : tuple of Share
        How often pain followed the dermatome.
    """

    root: str
    lists: tuple[Said, ...]
    shares: tuple[Share, ...]
    modelled: bool = False  # published data; a page must not call them a model

    @staticmethod
    def of(level: object = None) -> MapsDisagree:
        """Take the root that leaves at a level where the lists speak of it, else L4.

        Raises
        ------
        InvalidInput
            If the level is unknown.
        """
        wanted = _ROOT if level is None else Level.parse(level).exiting_root
        root = wanted if any(claims(wanted, key) for key in MAPS) else _ROOT
        found = tuple((key, _said(root, key)) for key in MAPS)
        return MapsDisagree(root, tuple((key, said) for key, said in found if said), shares())

    @property
    def message(self) -> str:
        """The one thing to learn."""
        return f"Lists differ about the skin of {self.root}, and pain often leaves its dermatome"

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is drawn or said, each once."""
        drawn = [claim.evidence for _, said in self.lists for _, claim in said]
        return tuple(dict.fromkeys([*drawn, _PATTERN, *(share.id for share in self.shares)]))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is said under the chart, one sentence each."""
        return (
            "Left part of a bar: the pain followed the dermatome or textbook. No intervals stand in the texts we read.",
            "Which area stands for which words is our reading; lighter shading is the way between two named ends.",
        )


def _said(root: str, key: str) -> tuple[tuple[str, Claim], ...]:
    """Regions of the left side that one list gives a root, and in which words."""
    return tuple(
        (one.id, claim)
        for one in regions()
        if one.side == _SIDE
        for claim in one.claims
        if claim.map == key and claim.root == root
    )


# -- words


def describe_maps(numbers: MapsDisagree) -> str:
    """Say the chart in words, from what it draws."""
    lines = [f"{numbers.message}."]
    lines += [f"{MAPS[key]}: {_in_words(said)}." for key, said in numbers.lists]
    lines += [f"{share.who}: {share.published} ({told(share.id)})." for share in numbers.shares]
    return "\n".join([*lines, *numbers.remarks])


def _in_words(said: tuple[tuple[str, Claim], ...]) -> str:
    """Group regions by the words of the list: "knee" is the front and the inner side of the knee."""
    words = dict.fromkeys(claim.phrase for _, claim in said)
    return "; ".join(
        f"{phrase} ({', '.join(region(name).name for name, claim in said if claim.phrase == phrase)})"
        for phrase in words
    )


# -- picture

_PANEL = 214.0  # width of one list, points
_TALL = 208.0  # height of the body
_SMALL = 84.0  # height of hand or foot
_ROW = 34.0  # height of a bar with its words


def compose_maps(numbers: MapsDisagree, look: Look) -> Figure:
    """Draw the whole chart as a figure."""
    across = 2 if look.narrow else len(numbers.lists)
    rows = -(-len(numbers.lists) // across)
    top, tall = title_depth(numbers.message, look), _panel_depth(numbers)
    bars = 34 + _ROW * len(numbers.shares) * (1.55 if look.narrow else 1)
    sheet = Sheet(look, top + rows * tall + bars + 2 * MARGIN)
    sheet.title(numbers.message)
    width = (look.width - 2 * MARGIN) / across
    for number, (key, said) in enumerate(numbers.lists):
        left, high = MARGIN + (number % across) * width, top + (number // across) * tall
        _panel(sheet, numbers, key, said, (left, high, width))
    high = top + rows * tall
    sheet.words(MARGIN, high, ["Does the pain follow the dermatome?"], size=16, weight="bold")
    axes = sheet.axes(MARGIN, high + 30, look.width - 2 * MARGIN, bars - 34)
    _draw_shares(axes, numbers.shares, look)
    return sheet.figure


def _panel_depth(numbers: MapsDisagree) -> float:
    small = any(name not in {"front", "back"} for name in _pictures(numbers))
    return 46 + _TALL + (_SMALL + 8 if small else 0) + 14


def _pictures(numbers: MapsDisagree) -> list[str]:
    """As few pictures as show every region that some list names."""
    wanted = {name for _, said in numbers.lists for name, _ in said}
    chosen: list[str] = []
    for picture in _ORDER:
        seen = {name for name in wanted if picture in region(name).pictures}
        if seen:
            chosen.append(picture)
            wanted -= seen
    return chosen


def _panel(sheet: Sheet, numbers: MapsDisagree, key: str, said: tuple[tuple[str, Claim], ...],
           box: tuple[float, float, float]) -> None:  # fmt: skip
    left, top, width = box
    sheet.words(left, top, lines_of(MAPS[key], width - 10, weight="bold")[:2], weight="bold")
    names = _pictures(numbers)
    large, small = (
        [name for name in names if name in {"front", "back"}],
        [n for n in names if n not in {"front", "back"}],
    )
    for number, name in enumerate(large):
        share = (width - 12) / len(large)
        _drawn(sheet, name, numbers.root, (key, said), (left + number * share, top + 44, share, _TALL))
    for number, name in enumerate(small):
        share = (width - 12) / len(small)
        _drawn(sheet, name, numbers.root, (key, said), (left + number * share, top + 52 + _TALL, share, _SMALL))


def _drawn(sheet: Sheet, picture: str, root: str, one: Said, box: tuple[float, float, float, float]) -> None:
    """One picture of one list: areas shaded, points as dots."""
    look, axes, (key, said) = sheet.look, sheet.axes(*box), one
    colours = {name: look.colour(name) for name in ("skin", "skin-line", "shade-1", "shade-3")}
    shown = {} if key == "points" else {name: 1 if claim.phrase == "between" else 3 for name, claim in said}
    low_x, low_y, wide, high = _crop(picture, root)
    draw_body(axes, picture, colours, shown)
    if key == "points":
        _dot(axes, look, picture, said)
    letters = {"front": "RL", "back": "LR"}.get(picture, "")
    for share, letter in zip((0.06, 0.94), letters, strict=False):
        write(axes, low_x + share * wide, low_y + 0.96 * high, letter, look, align="center", weight="bold")
    axes.set_xlim(low_x, low_x + wide)
    axes.set_ylim(low_y, low_y + high)


def _crop(picture: str, root: str) -> tuple[float, float, float, float]:
    part = _CROPS["arm" if root[0] in "CT" else "leg"]
    if picture in part:
        return part[picture]
    _, low, wide, high = next(entry["box"] for entry in body()["pictures"] if entry["id"] == picture)
    return 0.0, low, wide / 2, high


def _dot(axes: Axes, look: Look, picture: str, said: tuple[tuple[str, Claim], ...]) -> None:
    for name, _ in said:
        point = next(one["point"] for one in body()["regions"] if name == f"{one['id']}.{_SIDE}")
        sign = -1 if point["picture"] == "back" else 1
        if point["picture"] == picture:
            x, y = point["at"]
            axes.plot([sign * x], [y], "o", color=look.colour("accent"), markersize=9,
                      markeredgecolor=look.colour("ground"), zorder=6)  # fmt: skip


def _draw_shares(axes: Axes, shares: tuple[Share, ...], look: Look) -> None:
    """One bar of 100 for each group: the part that followed is dark, the rest pale."""
    start, high = (0.0, 1.55) if look.narrow else (33.0, 1.0)
    scale = (100 - start - (0 if look.narrow else 30)) / 100
    axes.set_xlim(0, 100)
    axes.set_ylim(len(shares) * high, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    for number, share in enumerate(shares):
        middle = number * high + (0.95 if look.narrow else 0.42)
        axes.barh([middle], [100 * scale], left=[start], color=look.colour("band"), height=0.5)
        axes.barh([middle], [share.follows * scale], left=[start], color=look.colour("accent"), height=0.5)
        upper = middle - (0.62 if look.narrow else 0)
        write(axes, 0, upper, share.who, look)
        ends = (100, "right") if look.narrow else (start + 100 * scale + 1.5, "left")
        write(axes, ends[0], upper, share.published, look, align=ends[1], name="muted")
