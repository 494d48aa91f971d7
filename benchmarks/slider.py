"""How long a slider takes to change the picture: the explorer against the naive way, in the same run.

Both run in JupyterLab in Chromium on this machine. The naive way makes the same model call and draws the
same outlines with ``interact``: a new inline matplotlib figure each time, stock labels, no tight layout.
A step is timed in the page, from the key that moves the slider until the new picture has been painted. The
server is set up as the ``foramlib`` command does it, for both.

Run ``python benchmarks/slider.py``; figures depend on the machine, ratios carry.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from race import PAINT, Race, Timed, arguments, judge, place, show, shown, timed, walked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Page

OURS = """import foramlib as fl
app = fl.explorer({level!r}, plane={plane!r})
app"""
NAIVE = """from ipywidgets import FloatSlider, interact
from foramlib.spine import Plane, Segment, cut, measure_section

def draw(flexion=0.0):
    segment = Segment.at({level!r}).bent(flexion=flexion)
    section = cut(segment, Plane.named({plane!r}, segment, "left"))
    measures = measure_section(segment, section)
    figure, axes = plt.subplots(figsize=(9, 5.6))
    paint(axes, section, named=12)
    if measures.outline is not None:
        axes.plot(*measures.outline.exterior.xy, color="white", linewidth=2)
        axes.set_title(f"area {{measures.bony.area_mm2:.0f}} mm²")
    plt.show()

low, high = Segment.at({level!r}).limits["flexion"]
interact(draw, flexion=FloatSlider(min=low, max=high, step=0.5, value=0.0));"""
BURST = """() => {
  const input = document.querySelector('.fl-slider:has(.fl-name) input[type=range][max]:not([max="80"])');
  for (let i = 0; i <= 40; i++) {
    input.value = Number(input.max) * (i % 2 ? 0.2 : 0.9);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  input.value = 3;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
}"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    parser = arguments(__doc__, 40)
    parser.add_argument("--level", default="C5/6")
    parser.add_argument("--plane", default="foramen")
    chosen = parser.parse_args()
    race = entered(chosen.level, chosen.plane)
    with place() as (browser, lab):
        with shown(browser, lab, race, "ours") as sheet:
            found = {"ours": walked(sheet.page, race, "ours", chosen.steps)}
            final = last_is_drawn(sheet.page)
        found["naive"] = timed(browser, lab, race, "naive", chosen.steps)
    show(f"Slider to changed pixels, {chosen.level}, {chosen.plane}, {chosen.steps} steps", found)
    good = judged(found, race.target)
    print(f"  last value drawn after a burst: {'yes' if final else 'NO'}")
    return 0 if final and good else 1


def entered(level: str, plane: str) -> Race:
    """Fill in the cells for a level and a plane."""
    return Race(
        OURS.format(level=level, plane=plane),
        PAINT + NAIVE.format(level=level, plane=plane),
        control=".fl-slider input[type=range] >> visible=true >> nth=0",
        changed="document.querySelector('.fl-view').dataset.frame",
        target=0.2,
    )


def last_is_drawn(page: Page) -> bool:
    """Drag wildly, let go at 3 degrees, and see what is drawn."""
    page.evaluate(BURST)
    page.wait_for_timeout(1500)
    return page.locator(".fl-sentence").first.inner_text().startswith("Flexion 3°")


def judged(found: Mapping[str, Timed], ratio: float) -> bool:
    """Print the figures beside their targets; True where all are met."""
    ours, naive = found["ours"], found["naive"]
    good = [
        judge("median, ratio", ours.median / naive.median, ratio),
        judge("p95, ratio", ours.late / naive.late, 0.3),
        judge("median, ms", ours.median, 60),
        judge("kernel CPU, ms a step", ours.cpu, 25),
    ]
    print(f"  kernel CPU, ratio {ours.cpu / naive.cpu:.2f}")
    return all(good)


if __name__ == "__main__":
    sys.exit(main())
