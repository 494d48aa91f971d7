"""What the races of this folder share: an app against the naive way, in the same run, key to painted picture.

Both run in JupyterLab in Chromium on this machine, each in a notebook of one cell, in a window of the same size. A
control is walked; a step is timed in the page, from the key until the new picture has been painted, and the next
one waits for it. The first few steps are not counted. A script says what is raced (:class:`Race`) and what is judged.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from harness import QUIET, Lab, Sheet, chromium
from playwright.sync_api import TimeoutError as Timeout
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, Page

WARM_UP = 4
SETTLE_MS = 2500
"""How long a page rests after its cell has run."""
PATIENCE_MS = 30_000
# For naive cells that draw sections: outlines filled by tissue, and names beside the first of them.
PAINT = """%matplotlib inline
import matplotlib.pyplot as plt
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from foramlib.figures import palette

def paint(axes, section, named=0):
    for region in section.regions:
        for piece in region.polygon.geoms:
            rings = [Path(ring.coords, closed=True) for ring in (piece.exterior, *piece.interiors)]
            fill = palette.fill(region.structure.tissue)
            axes.add_patch(PathPatch(Path.make_compound_path(*rings), facecolor=fill, edgecolor="black"))
    for region in section.regions[:named]:
        point = region.polygon.representative_point()
        place = (point.x + 4, point.y + 2)
        axes.annotate(region.structure.name, (point.x, point.y), place, arrowprops=dict(arrowstyle="-"))
    axes.set_aspect("equal")
    axes.autoscale_view()

"""
# A step is a list: the time from its key to each picture painted in answer, ms.
WATCH = """([naive, event]) => {
  let start = 0, last = null;
  document.addEventListener(event, () => { start = performance.now(); window.steps.push([]); }, true);
  const painted = (pictures) => {
    const from = start, step = window.steps.at(-1);
    const note = () => step?.push(...Array(pictures).fill(performance.now() - from));
    // A task queued by a frame's callback runs when that frame has been painted.
    requestAnimationFrame(() => setTimeout(note));
  };
  const look = async () => {
    const image = document.querySelector('.widget-output img, .jupyter-widgets-output-area img');
    const now = naive ? image?.src : (CHANGED);
    if (!now || now === last) return;
    // Where frames are numbered, a jump of two is two pictures.
    const pictures = Math.max(1, Math.trunc(Number(now) - Number(last)) || 1);
    last = now;
    if (naive) await image.decode();
    painted(pictures);
  };
  window.steps = [];
  look();
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frame', 'src'] };
  new MutationObserver(look).observe(document.querySelector('.jp-OutputArea-output'), options);
}"""
CPU = """async () => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const ask = { seconds: '__import__("time").process_time()' };
  const reply = await kernel.requestExecute({ code: '', store_history: false, user_expressions: ask }).done;
  return Number(reply.content.user_expressions.seconds.data['text/plain']);
}"""


@dataclass(frozen=True)
class Race:
    """Two ways to draw the same; how a step of either is made, and how a new picture is known.

    Attributes
    ----------
    ours, naive
        Code of the cell of either way.
    control, naive_control
        Selector of the control that is walked, in our page and in the naive one.
    changed
        JavaScript whose value is another one when our picture is; the naive picture is an image.
    target
        Greatest ratio of our median to the naive one.
    keys, turn
        Key for steps there and for steps back, and after how many steps the direction is changed.
    options
        How many options of a list are chosen in turn, instead of pressing keys; 0 where keys are pressed.
    picture
        Which of the pictures painted in answer to a step counts: 0 the first, 1 the second, -1 the last.
    pause_ms
        Rest between a step's picture and the next key.
    idle_ms
        Where a step may change no picture: how long one is waited for, and such a step is not counted.
    height
        Height of the window, CSS pixels.
    prompt
        Whether the server is set up as the ``foramlib`` command does it, for both.
    """

    ours: str
    naive: str
    control: str
    changed: str
    target: float
    naive_control: str = ".noUi-handle"
    keys: tuple[str, str] = ("ArrowRight", "ArrowLeft")
    turn: int = 8
    options: int = 0
    picture: int = 0
    pause_ms: int = 30
    idle_ms: int | None = None
    height: int = 1000
    prompt: bool = True


@dataclass(frozen=True)
class Timed:
    """Milliseconds to pixels of every step, and kernel CPU a step."""

    steps: list[float]
    cpu: float

    @property
    def median(self) -> float:
        """The middle of the steps, ms."""
        return statistics.median(self.steps)

    @property
    def late(self) -> float:
        """The step that one in twenty exceeds, ms."""
        return statistics.quantiles(self.steps, n=20)[-1] if len(self.steps) > 1 else self.steps[0]


class PromptLab(Lab):
    """JupyterLab that sends small messages at once, as the ``foramlib`` command starts it."""

    def _command(self) -> list[str]:
        connection = "foramlib.lessons.server.PromptConnection"
        return [*super()._command(), f"--ServerApp.kernel_websocket_connection_class={connection}"]


def arguments(words: str | None, steps: int) -> argparse.ArgumentParser:
    """Make the parser of a script from its docstring and its usual number of steps."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=steps)
    return parser


def run(race: Race, steps: int) -> dict[str, Timed]:
    """Time both ways, ours first, with one server and one browser."""
    with place(prompt=race.prompt) as (browser, lab):
        return {kind: timed(browser, lab, race, kind, steps) for kind in ("ours", "naive")}


@contextmanager
def place(*, prompt: bool = True) -> Iterator[tuple[Browser, Lab]]:
    """Start JupyterLab and Chromium; without Chromium the script ends with code 2."""
    path = chromium()
    if path is None:
        print("No Chromium here; install one or set FORAMLIB_CHROMIUM to its path.")
        raise SystemExit(2)
    kind = PromptLab if prompt else Lab
    with tempfile.TemporaryDirectory() as home, kind(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser, lab
        browser.close()


def timed(browser: Browser, lab: Lab, race: Race, kind: str, steps: int) -> Timed:
    """Time the steps of one notebook, ``"ours"`` or ``"naive"``."""
    with shown(browser, lab, race, kind) as sheet:
        return walked(sheet.page, race, kind, steps)


@contextmanager
def shown(browser: Browser, lab: Lab, race: Race, kind: str) -> Iterator[Sheet]:
    """Open the notebook of one way, run its cell and watch its picture."""
    context = browser.new_context(viewport={"width": 1400, "height": race.height})
    sheet = Sheet(context.new_page(), lab)
    # A name of its own, or the server would hand out the kernel of the notebook before.
    number = len(list(lab.root.glob("*.ipynb")))
    sheet.open(lab.write(f"{kind}-{number}.ipynb", [race.ours if kind == "ours" else race.naive]))
    sheet.run_all(settle_ms=SETTLE_MS)
    event = "change" if race.options else "keydown"
    sheet.page.evaluate(WATCH.replace("CHANGED", race.changed), [kind == "naive", event])
    yield sheet
    context.close()


def walked(page: Page, race: Race, kind: str, steps: int) -> Timed:
    """Walk the control: steps to pixels and CPU of the kernel, without the first few and without the asking."""
    page.evaluate("() => { window.steps = []; }")
    warm = walk(page, race, kind, WARM_UP)
    overhead = -page.evaluate(CPU) + page.evaluate(CPU)
    before = page.evaluate(CPU)
    tried = walk(page, race, kind, steps)
    used = page.evaluate(CPU) - before - overhead
    spent = [step[race.picture] for step in page.evaluate("window.steps")[warm:] if step]
    if not spent:
        raise SystemExit(f"{kind}: no picture changed in {tried} steps.")
    return Timed(spent, 1000 * used / tried)


def walk(page: Page, race: Race, kind: str, steps: int) -> int:
    """Make steps until so many have changed the picture, trying twice as many at most; how many were made."""
    control = page.locator(race.control if kind == "ours" else race.naive_control).first
    control.focus()
    seen = tried = 0
    while seen < steps and tried < 2 * steps + WARM_UP:
        tried += 1
        made = page.evaluate("window.steps.length")
        if race.options:
            control.select_option(index=1 + made % race.options)
        else:
            page.keyboard.press(race.keys[(made // race.turn) % 2])
        seen += is_painted(page, race, made)
    return tried


def is_painted(page: Page, race: Race, made: int) -> bool:
    """Wait for the picture of the step after so many; False where none came and none had to."""
    enough = f"(made) => window.steps[made]?.length > {max(race.picture, 0)}"
    try:
        page.wait_for_function(enough, arg=made, timeout=race.idle_ms or PATIENCE_MS)
    except Timeout:
        if race.idle_ms is None:
            raise
        return False
    page.wait_for_timeout(race.pause_ms)
    return True


def show(title: str, found: Mapping[str, Timed]) -> None:
    """Print what was timed, a line for each way."""
    print(title)
    for name, one in found.items():
        print(f"  {name:13} median {one.median:6.1f} ms  p95 {one.late:6.1f} ms  kernel CPU {one.cpu:6.1f} ms a step")


def judge(name: str, value: float, target: float) -> bool:
    """Print one figure beside its target; True where it is met."""
    met = value <= target
    print(f"  {name:34} {value:7.2f}  target at most {target:<5} {'ok' if met else 'MISSED'}")
    return met


def report(title: str, found: Mapping[str, Timed], target: float) -> int:
    """Print both ways and the ratio of their medians; exit code 1 where the target is missed."""
    show(title, found)
    return 0 if judge("median, ratio", found["ours"].median / found["naive"].median, target) else 1
