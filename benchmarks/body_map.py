"""How long a mark on the body takes to show: the body map against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way draws the same regions with ``interact``: a new
inline matplotlib figure for each region chosen. Ours is timed twice: until the mark itself is painted (drawn by the
page), and until areas are painted which the kernel shades in answer (there and back). A step is timed in the page,
from the key until the new picture has been painted. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/body_map.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from race import Race, arguments, judge, place, show, timed

MARK = "import foramlib as fl\napp = fl.body_map()\napp"
ANSWER = """import foramlib as fl
from foramlib.clinic.region_shapes import neighbours
app = fl.body_map()

def answer(change):
    app.shaded = {beside: 2 for name in change["new"] for beside in neighbours(name)}

app.observe(answer, "selected")
app"""
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import SelectionSlider, interact
from matplotlib.patches import Polygon
from foramlib.clinic.region_shapes import details, insets, shapes

def draw(region):
    figure, axes = plt.subplots(figsize=(5, 9))
    for shape in [*shapes("front"), *(part for inset in insets("front") for part in inset.parts)]:
        fill = "steelblue" if shape.region == region else "bisque"
        axes.add_patch(Polygon(shape.ring, facecolor=fill, edgecolor="black"))
    for line in details("front"):
        axes.plot(*zip(*line), color="grey", linewidth=0.8)
    axes.set_title(region)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.autoscale_view()
    plt.show()

interact(draw, region=SelectionSlider(options=[shape.region for shape in shapes("front")]));"""
RACE = Race(
    MARK,
    NAIVE,
    control="[data-id='chest.left']",
    changed="document.querySelector('.fl-b').dataset.frame",
    keys=("Space", "Space"),
    target=0.3,
)
NAIVE_KEYS = ("ArrowRight", "ArrowLeft")
# The mark is painted first; what the kernel answers is painted second.
WAYS = {
    "mark": (RACE, "ours"),
    "answer": (replace(RACE, ours=ANSWER, picture=1), "ours"),
    "naive": (replace(RACE, keys=NAIVE_KEYS), "naive"),
}


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    steps = arguments(__doc__, 24).parse_args().steps
    with place() as (browser, lab):
        found = {name: timed(browser, lab, race, kind, steps) for name, (race, kind) in WAYS.items()}
    show(f"Key to changed pixels on the body map, {steps} steps", found)
    naive = found.pop("naive").median
    good = [judge(f"{name}, ratio of medians", one.median / naive, RACE.target) for name, one in found.items()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
