"""How long a control of the planner takes to change the picture, against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way makes the same plan and draws the same rows with
``interact``: a new inline matplotlib figure each time. A step is timed in the page, from the key that turns a
checkbox until the new picture has been painted. The server is set up as the ``foramlib`` command does it, for both.

Run ``python benchmarks/planner.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys

from race import Race, arguments, report, run

OURS = """import foramlib as fl
app = fl.planner()
app"""
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import Checkbox, interact
from foramlib.recovery.planner import plan

def draw(sport=True):
    made = plan("2026-11-30", sport=sport, job="light")
    figure, axes = plt.subplots(figsize=(9, 5.6))
    for y, step in enumerate(made.steps):
        axes.text(-1, y, step.step.name, ha="right")
        for n, one in enumerate(step.timed):
            ends = [day for day in (one.earliest, one.latest) if day is not None]
            axes.plot(ends, [y + 0.15 * n] * len(ends), "o-")
        axes.text(92, y, step.dates)
    axes.set_xticks(range(0, 92, 7))
    axes.set_yticks([])
    axes.invert_yaxis()
    axes.set_title(made.heading)
    plt.show()

interact(draw, sport=Checkbox(value=True, description="Does sport"));"""
RACE = Race(
    OURS,
    NAIVE,
    control="label:has-text('Does sport') input",
    naive_control=".widget-checkbox input",
    changed="document.querySelector('.fl-p-figure svg')",
    keys=("Space", "Space"),
    target=0.3,
)


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    steps = arguments(__doc__, 30).parse_args().steps
    return report(f"A checkbox of the planner to changed pixels, {steps} steps", run(RACE, steps), RACE.target)


if __name__ == "__main__":
    sys.exit(main())
