"""How long one step of the burr takes to change both pictures, against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way makes the same model calls (one more bite, the root
solved again, the gauges, both cuts) and draws the same outlines with ``interact``: a new inline matplotlib figure each
time. A step is timed in the page, from the key that moves the burr until both pictures have been painted. Then 200
bites are taken, and the step is timed again. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/operate.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys

from race import PAINT, Race, arguments, judge, place, show, shown, timed, walked

STROKES = 200
OURS = """import foramlib as fl
app = fl.operate("C5/6")
for name in ("corridor", "bone", "flavum"):
    app.go(name)
    app.do()
app.controls["radius"].value = 3.0
app.controls["burr_x"].value = 2.0
app.controls["turns"].value = True
app"""
MANY = f"""app.controls["turns"].value = False
app.controls["radius"].value = 0.5
for place in range({STROKES}):
    app.controls["burr_x"].value = 0.5 * (place % 16) - 2.0
    app.controls["burr_z"].value = 0.25 * (place // 16) + 5.0
    app.bite()
app.controls["radius"].value = 3.0
app.controls["burr_x"].value = 2.0
app.controls["burr_y"].value = 8.0
app.controls["burr_z"].value = 0.0
app.controls["turns"].value = True
print(len(app.state.done))"""
NAIVE = """from ipywidgets import FloatSlider, interact
from foramlib.learning.operating import Deed, begin, whole_operation
from foramlib.spine import Plane, cut
from foramlib.spine.muscles import corridor_plane, corridor_structure, muscles

state = whole_operation(begin("C5/6", "posterior-open", "left", ("disc_height_loss=1", "facet_hypertrophy=3")))

def draw(x=2.0):
    global state
    state = state.doing(Deed("stroke", radius=3.0, spot=(9.0 + x, 14.0, 0.0)))
    segment, found = state.segment(), state.read()
    figure, (one, two) = plt.subplots(1, 2, figsize=(14, 6))
    paint(one, cut(segment, Plane.named("foramen", segment, "left")), named=12)
    around = (corridor_structure(segment, "midline"), *muscles(segment))
    paint(two, cut(segment, corridor_plane(segment), 0.5, around), named=12)
    one.set_title(f"exposed {found.exposed_mm:.1f} mm, facet left {found.facet_left:.0%}")
    plt.show()

interact(draw, x=FloatSlider(min=-10, max=16, step=0.5, value=2.0));"""
# The last of the two pictures counts; a bite in air changes none and is not counted.
RACE = Race(
    OURS,
    PAINT + NAIVE,
    control='.fl-slider:has-text("Burr: outward from the medial facet") input[type=range]',
    changed="[...document.querySelectorAll('.fl-view')].map((view) => view.dataset.frame).join()",
    picture=-1,
    turn=24,
    pause_ms=400,
    idle_ms=1500,
    height=1600,
    target=0.35,
)
SLOWER = 1.3


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    steps = arguments(__doc__, 20).parse_args().steps
    with place() as (browser, lab):
        with shown(browser, lab, RACE, "ours") as sheet:
            first = walked(sheet.page, RACE, "ours", steps)
            sheet.run_code(MANY)
            sheet.page.wait_for_timeout(2000)
            after = walked(sheet.page, RACE, "ours", steps)
        naive = timed(browser, lab, RACE, "naive", steps)
    found = {"ours": first, f"+{STROKES} strokes": after, "naive": naive}
    show(f"A step of the burr to both changed pictures, {steps} steps", found)
    good = [
        judge("median, ratio", first.median / naive.median, RACE.target),
        judge(f"after {STROKES} strokes, of the first", after.median / first.median, SLOWER),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
