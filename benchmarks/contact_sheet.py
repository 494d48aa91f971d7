"""Every level at one glance, to be looked at: the foramen plane, two axial planes and two key views.

Run ``python benchmarks/contact_sheet.py FOLDER``; it writes ``neck.png`` and ``low_back.png``. ``--width`` is the
width of one picture in pixels, ``--level`` (may be repeated) leaves the others out.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY)]

from matplotlib.figure import Figure  # noqa: E402 - the project's own folder comes first
from matplotlib.image import imread  # noqa: E402
from matplotlib.patches import PathPatch  # noqa: E402
from matplotlib.path import Path as Line  # noqa: E402

from foramlib.figures import palette  # noqa: E402
from foramlib.figures.key_views import key_view  # noqa: E402
from foramlib.figures.scene import scene  # noqa: E402
from foramlib.spine.foramen import measure_section  # noqa: E402
from foramlib.spine.levels import MODELLED, Level  # noqa: E402
from foramlib.spine.planes import Plane  # noqa: E402
from foramlib.spine.section import cut  # noqa: E402
from foramlib.spine.segment import Segment  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

PLANES = ("foramen", "axial-disc", "axial-pedicle")
VIEWS = ("lateral", "posterior-oblique")
SHEETS = {"cervical": "neck.png", "lumbar": "low_back.png"}
DPI = 100


def main() -> None:
    """Draw the sheets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=int, default=360)
    parser.add_argument("--level", action="append")
    asked = parser.parse_args()
    chosen = [Level.parse(name).name for name in asked.level or MODELLED]
    asked.folder.mkdir(parents=True, exist_ok=True)
    for region, name in SHEETS.items():
        levels = [level for level in chosen if Level.parse(level).region == region]
        if levels:
            sheet(levels, asked.width).savefig(asked.folder / name, dpi=DPI)
            print(asked.folder / name)


def sheet(levels: Sequence[str], width: int) -> Figure:
    """Draw one row of pictures for each level."""
    columns, inches = len(PLANES) + len(VIEWS), width / DPI
    figure = Figure(figsize=(columns * inches, len(levels) * inches), layout="tight")
    for row, level in enumerate(levels):
        segment, place = Segment.at(level), row * columns
        for column, plane in enumerate(PLANES, 1):
            draw_section(figure.add_subplot(len(levels), columns, place + column), segment, plane)
        for column, view in enumerate(VIEWS, len(PLANES) + 1):
            draw_view(figure.add_subplot(len(levels), columns, place + column), segment, view, width)
    return figure


def draw_section(axes: Axes, segment: Segment, plane: str) -> None:
    """Draw a section as the explorer does, without its labels."""
    section = cut(segment, Plane.named(plane, segment))
    drawn = scene(segment, section, measure_section(segment, section))
    for layer in drawn["layers"]:
        if layer.get("as") != "part" and layer["path"]:
            tissue = layer["tissue"]
            axes.add_patch(PathPatch(line(layer["path"]), fc=palette.fill(tissue), ec=palette.outline(tissue), lw=0.5))
    if drawn["boundary"]:
        axes.add_patch(PathPatch(line(drawn["boundary"]["path"]), fc="none", ec=palette.role("casing"), lw=1.2))
    left, bottom, wide, high = drawn["box"]
    framed(axes, f"{segment.level.name} · {plane}", (left, left + wide, bottom, bottom + high))


def draw_view(axes: Axes, segment: Segment, view: str, width: int) -> None:
    """Draw a key view."""
    made = key_view(segment, view, width=width)
    wide, high = made.still.camera.half
    axes.imshow(imread(io.BytesIO(made.png)), extent=(-wide, wide, -high, high))
    framed(axes, f"{segment.level.name} · {view}", (-wide, wide, -high, high))


def line(path: str) -> Line:
    """Read a scene's path: closed lines of points."""
    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for loop in re.findall(r"M([^MZ]+)Z", path):
        numbers = [float(word) for word in re.split(r"[L ]", loop)]
        own = list(zip(numbers[::2], numbers[1::2], strict=True))
        points += [*own, own[0]]
        codes += [Line.MOVETO, *[Line.LINETO] * (len(own) - 1), Line.CLOSEPOLY]
    return Line(points, codes)


def framed(axes: Axes, title: str, box: tuple[float, float, float, float]) -> None:
    """Show all of a picture at its true proportions on the plate's colour."""
    axes.set(xlim=box[:2], ylim=box[2:], xticks=(), yticks=(), aspect="equal", facecolor=palette.role("plate"))
    axes.set_title(title, fontsize=8)


if __name__ == "__main__":
    main()
