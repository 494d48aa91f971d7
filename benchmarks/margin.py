"""How long the margin slider takes to change the picture: the app against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way takes the same outcomes and the same margin with
``interact`` and draws them as a new inline matplotlib figure each time. A step is timed in the page, from the key that
moves the slider until the new picture has been painted. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/margin.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys

from race import Race, arguments, report, run

OURS = "import foramlib as fl\napp = fl.margin()\napp.act('trial')\napp"
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import IntSlider, interact
from foramlib.recovery.noninferiority import is_shown, outcomes

def draw(margin=10):
    figure, axes = plt.subplots(figsize=(9, 4))
    for place, outcome in enumerate(outcomes()):
        axes.plot([outcome.worse, outcome.limit], [-place, -place], color="black")
        axes.plot([-15, outcome.worse], [-place, -place], ":", color="black")
        axes.plot([outcome.worse], [-place], "s")
        words = "not much worse: shown" if is_shown(outcome, margin) else "not much worse: not shown"
        axes.text(-15, -place + 0.2, f"{outcome.name}: {outcome.worse:g}, at most {outcome.limit:g}; {words}")
    axes.axvline(0, color="grey")
    axes.axvline(margin, linestyle="--")
    axes.set_xlim(-15, 20)
    axes.set_yticks([])
    axes.set_xlabel("points of 100 by which posterior surgery is worse")
    shown = sum(is_shown(outcome, margin) for outcome in outcomes())
    axes.set_title(f"With a margin of {margin}, {shown} of 3 measures show that posterior surgery is not much worse")
    plt.show()

interact(draw, margin=IntSlider(min=0, max=20, value=10));"""
RACE = Race(
    OURS,
    NAIVE,
    control=".fl-slider input[type=range]",
    changed="document.querySelector('.fl-intervals').dataset.frame",
    turn=6,
    target=0.3,
)


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    steps = arguments(__doc__, 24).parse_args().steps
    return report(f"Margin slider to changed pixels, {steps} steps", run(RACE, steps), RACE.target)


if __name__ == "__main__":
    sys.exit(main())
