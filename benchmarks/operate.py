"""How long one step of the burr takes to change both pictures, against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way makes the same model calls (one more bite, the root
solved again, the gauges, both cuts) and draws the same outlines with ``interact``: a new inline matplotlib figure each
time. A step is timed in the page, from the key that moves the burr until both pictures have been painted. Then 200
bites are taken, and the step is timed again. The server is set up as the ``foramlib`` command does it.

Run ``python benchmarks/operate.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as Timeout
from playwright.sync_api import sync_playwright

# The folder of a script is where Python looks first; this also puts the tests' harness in reach.
from slider import CPU, PromptLab

from harness import QUIET, Sheet, chromium  # isort: skip - slider makes it findable

if TYPE_CHECKING:
    from harness import Lab
    from playwright.sync_api import Browser

RATIO, SLOWER = 0.35, 1.3
WARM_UP = 3
STROKES = 200
MOST = 50
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
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from foramlib.figures import palette
from foramlib.learning.operating import Deed, begin, whole_operation
from foramlib.spine import Plane, cut
from foramlib.spine.muscles import corridor_plane, corridor_structure, muscles

state = whole_operation(begin("C5/6", "posterior-open", "left", ("disc_height_loss=1", "facet_hypertrophy=3")))

def picture(axes, section):
    for region in section.regions:
        for piece in region.polygon.geoms:
            rings = [Path(ring.coords, closed=True) for ring in (piece.exterior, *piece.interiors)]
            fill = palette.fill(region.structure.tissue)
            axes.add_patch(PathPatch(Path.make_compound_path(*rings), facecolor=fill, edgecolor="black"))
    for region in section.regions[:12]:
        point = region.polygon.representative_point()
        place = (point.x + 4, point.y + 2)
        axes.annotate(region.structure.name, (point.x, point.y), place, arrowprops=dict(arrowstyle="-"))
    axes.set_aspect("equal")
    axes.autoscale_view()

def draw(x=2.0):
    global state
    state = state.doing(Deed("stroke", radius=3.0, spot=(9.0 + x, 14.0, 0.0)))
    segment, found = state.segment(), state.read()
    figure, (one, two) = plt.subplots(1, 2, figsize=(14, 6))
    picture(one, cut(segment, Plane.named("foramen", segment, "left")))
    around = (corridor_structure(segment, "midline"), *muscles(segment))
    picture(two, cut(segment, corridor_plane(segment), 0.5, around))
    one.set_title(f"exposed {found.exposed_mm:.1f} mm, facet left {found.facet_left:.0%}")
    plt.show()

interact(draw, x=FloatSlider(min=-10, max=16, step=0.5, value=2.0));"""
BURR = "Burr: outward from the medial facet"
WATCH = """(kind) => {
  window.spent = 0;
  let start = 0, last = '';
  document.addEventListener('keydown', () => { start = performance.now(); window.spent = 0; }, true);
  const painted = () => {
    const from = start;
    // A task queued by a frame's callback runs when that frame has been painted; the last picture counts.
    requestAnimationFrame(() => setTimeout(() => { if (from === start) window.spent = performance.now() - from; }));
  };
  const look = async () => {
    if (kind === 'operate') {
      const now = [...document.querySelectorAll('.fl-view')].map((view) => view.dataset.frame).join();
      if (now !== last) { last = now; painted(); }
      return;
    }
    const image = document.querySelector('.widget-output img, .jupyter-widgets-output-area img');
    if (!image || image.src === last) return;
    last = image.src;
    await image.decode();
    painted();
  };
  look();
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frame', 'src'] };
  new MutationObserver(look).observe(document.querySelector('.jp-OutputArea-output'), options);
}"""
SETTLED = 400
"""How long after the first change the last one is waited for, ms."""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=20)
    steps = parser.parse_args().steps
    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        return 2
    with tempfile.TemporaryDirectory() as home, PromptLab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        first, after = timed(browser, lab, "operate", OURS, steps)
        naive, _ = timed(browser, lab, "naive", NAIVE, steps)
        browser.close()
    for name, (median, cpu) in (("operate", first), (f"+{STROKES} strokes", after), ("naive", naive)):
        print(f"{name:13} median {median:6.1f} ms, kernel {cpu:6.1f} ms a step")
    ratio, slower = first[0] / naive[0], after[0] / first[0]
    print(f"ratio {ratio:.2f} (target {RATIO}), after {STROKES} strokes {slower:.2f} of the first (target {SLOWER})")
    return int(ratio > RATIO or slower > SLOWER)


def timed(browser: Browser, lab: Lab, kind: str, cell: str, steps: int) -> tuple[tuple[float, float], ...]:
    """Time the steps of one notebook, and ours again after many strokes: median and CPU of the kernel, ms."""
    sheet = Sheet(browser.new_context(viewport={"width": 1400, "height": 1600}).new_page(), lab)
    sheet.open(lab.write(f"{kind}.ipynb", [cell]))
    sheet.run_all(settle_ms=2500)
    sheet.page.evaluate(WATCH, kind)
    found = [walked(sheet, kind, steps)]
    if kind == "operate":
        sheet.run_code(MANY)
        sheet.page.wait_for_timeout(2000)
        found.append(walked(sheet, kind, steps))
    sheet.page.context.close()
    return (*found, *found[:1])[:2]


def walked(sheet: Sheet, kind: str, steps: int) -> tuple[float, float]:
    """Press the arrow key, each time after the picture of the one before has been seen."""
    page = sheet.page
    handle = page.get_by_label(BURR) if kind == "operate" else page.locator(".noUi-handle")
    handle.first.focus()
    spent, before, pressed = [], 0.0, 0
    # A bite in air changes no picture and is not counted.
    while len(spent) < WARM_UP + steps and pressed < MOST:
        if len(spent) == WARM_UP and not before:
            before, pressed_before = page.evaluate(CPU), pressed
        pressed += 1
        page.keyboard.press("ArrowRight" if (pressed // 24) % 2 == 0 else "ArrowLeft")
        try:
            page.wait_for_function("window.spent > 0", timeout=1500)
        except Timeout:
            continue
        page.wait_for_timeout(SETTLED)
        spent.append(page.evaluate("window.spent"))
    used = page.evaluate(CPU) - before
    if len(spent) <= WARM_UP:
        raise SystemExit(f"{kind}: no picture changed in {pressed} steps.")
    return statistics.median(spent[WARM_UP:]), 1000 * used / (pressed - pressed_before)


if __name__ == "__main__":
    raise SystemExit(main())
