"""How long a choice takes to change a hundred icons: the rehearsal of a decision against the naive way, in one run.

Both run in JupyterLab in Chromium on this machine. The naive way asks for the same outcome and draws the same two
arrays with ``interact``: a new inline matplotlib figure each time. A step is timed in the page, from the choice in
the list of outcomes until the new picture has been painted. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/decide.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys

from race import Race, arguments, report, run

OURS = """import foramlib as fl
app = fl.decide("helen-osei")
app.act("choose", value="wait")
app.act("decide")
app.act("go", value="matters")
app"""
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import Dropdown, interact
from foramlib.clinic.risks import outcomes, pair

names = [name for name, one in outcomes().items() if one.region == "cervical"]

def draw(outcome=names[0]):
    figure, both = plt.subplots(1, 2, figsize=(9, 5.6))
    for axes, risk in zip(both, pair(outcome).risks):
        for place in range(100):
            marked = place < risk.count
            axes.plot(place % 10, place // 10, "s" if marked else "o", color="teal" if marked else "none",
                      markeredgecolor="teal")
        axes.set_title(f"{risk.option}: {risk.count} of 100")
        axes.invert_yaxis()
        axes.set_axis_off()
    plt.show()

interact(draw, outcome=Dropdown(options=names));"""
# An outcome is chosen in a list, one of six in turn.
RACE = Race(
    OURS,
    NAIVE,
    control=".fl-decide .fl-d-field:has-text('Show') select",
    naive_control=".widget-dropdown select",
    changed="document.querySelector('.fl-decide').dataset.frame",
    options=6,
    height=2400,
    target=0.3,
)


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    steps = arguments(__doc__, 40).parse_args().steps
    found = run(RACE, steps)
    code = report(f"Choice of an outcome to changed icons, {steps} steps", found, RACE.target)
    ours, naive = found["ours"], found["naive"]
    print(f"  p95, ratio {ours.late / naive.late:.2f}\n  kernel CPU, ratio {ours.cpu / naive.cpu:.2f}")
    return code


if __name__ == "__main__":
    sys.exit(main())
