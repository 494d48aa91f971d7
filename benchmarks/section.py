"""What the model costs: a section with its outlines and rulers, a whole step of the explorer, import, memory.

Run ``python benchmarks/section.py``; figures depend on the machine. ``--quick`` leaves out what needs a kernel
or a browser.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests" / "browser")]

if TYPE_CHECKING:
    from collections.abc import Callable

LESSON = REPOSITORY / "notebooks" / "01_the_foramen.ipynb"
PLANES = ("foramen", "sagittal", "oblique:20", "axial-disc", "axial-pedicle", "coronal")
REPEATS = 25
RESIDENT = "int(open('/proc/self/status').read().split('VmRSS:')[1].split()[0]) / 1024"
LOOK = """() => {
  const content = window.jupyterapp.shell.currentWidget.content;
  const cells = [...content.widgets];
  const place = cells.findIndex((cell) => cell.model.sharedModel.source.includes('fl.explorer('));
  cells[place].node.scrollIntoView({ block: 'start' });
  return document.querySelector('.fl-layer') !== null;
}"""
WALK = """
for step in range(500):
    app.controls["flexion"].value = (step % 17) / 2
"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="sections and import only")
    quick = parser.parse_args().quick
    good = [sections(), importing()]
    if not quick:
        good += [memory(), first_picture()]
    return 0 if all(good) else 1


def say(name: str, value: float, target: float, unit: str) -> bool:
    """Print one figure beside its target."""
    met = value <= target
    print(f"{name:38} {value:7.2f} {unit:4} target at most {target:g}  {'ok' if met else 'MISSED'}")
    return met


def sections() -> bool:
    """Time the parts of a step for every level and plane."""
    from foramlib.spine import MODELLED  # noqa: PLC0415 - the import is timed in fresh processes

    print("milliseconds, median       segment   cut  outlines+rulers  scene  section+outlines+rulers")
    slowest = 0.0
    for level in MODELLED:
        for plane in PLANES:
            spent = [step(level, plane, (repeat % 9) / 2) for repeat in range(REPEATS)]
            made, sliced, ruled, drawn = (statistics.median(part) for part in zip(*spent, strict=True))
            both = statistics.median(part[1] + part[2] for part in spent)
            slowest = max(slowest, both)
            print(f"  {level} {plane:14} {made:12.1f} {sliced:7.1f} {ruled:9.1f} {drawn:12.1f} {both:12.1f}")
    return say("section, slowest of levels and planes", slowest, 15, "ms")


def step(level: str, plane: str, flexion: float) -> list[float]:
    """Make, cut, measure and draw one state; milliseconds for each."""
    from foramlib.figures.scene import scene  # noqa: PLC0415 - as above
    from foramlib.spine import Plane, Segment, cut, measure_section  # noqa: PLC0415

    clock = [time.perf_counter()]
    segment = Segment.at(level).bent(flexion=flexion)
    _ = segment.bones, segment.soft
    clock.append(time.perf_counter())
    section = cut(segment, Plane.named(plane, segment, "left"))
    clock.append(time.perf_counter())
    measures = measure_section(segment, section)
    clock.append(time.perf_counter())
    scene(segment, section, measures)
    clock.append(time.perf_counter())
    return [1000 * (after - before) for before, after in pairwise(clock)]


def importing() -> bool:
    """Time ``import foramlib`` in fresh processes."""
    code = "import time; t = time.perf_counter(); import foramlib; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True) for _ in range(7)]
    return say("import foramlib", statistics.median(float(run.stdout) for run in runs), 0.15, "s")


def memory() -> bool:
    """Run lesson 01 in a kernel and read its memory, then after 500 steps of a slider."""
    from jupyter_client.manager import start_new_kernel  # noqa: PLC0415 - heavy

    manager, client = start_new_kernel(cwd=str(REPOSITORY), extra_arguments=["--IPKernelApp.log_level=ERROR"])
    try:
        cells = [
            cell for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
        ]
        for cell in cells:
            _ask(client.execute_interactive, "".join(cell["source"]))
        lesson = _resident(client.execute_interactive)
        _ask(client.execute_interactive, "app = fl.explorer('C5/6')" + WALK)
        before = _resident(client.execute_interactive)
        _ask(client.execute_interactive, WALK)
        grown = _resident(client.execute_interactive) - before
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    kept = say("kernel after lesson 01", lesson, 130, "MB")
    return say("growth over 500 steps of a slider", max(grown, 0.0), 2, "MB") and kept


def _ask(execute: Callable[..., dict[str, object]], code: str, **more: object) -> dict[str, object]:
    reply = execute(code, output_hook=lambda _message: None, timeout=120, **more)
    content: dict[str, object] = reply["content"]  # type: ignore[assignment]
    if content["status"] != "ok":
        raise RuntimeError(f"{code.splitlines()[0]}: {content['evalue']}")
    return content


def _resident(execute: Callable[..., dict[str, object]]) -> float:
    content = _ask(execute, "", user_expressions={"megabytes": RESIDENT})
    return float(re.findall(r"'text/plain': '([\d.]+)'", str(content["user_expressions"]))[0])


def first_picture() -> bool:
    """Time lesson 01 in JupyterLab from run-all to the first picture; the kernel is idle before."""
    from harness import QUIET, Lab, Sheet, chromium  # noqa: PLC0415 - only where there is a browser
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    path = chromium()
    if path is None:
        print("No Chromium here: run-all to the first picture is not measured.")
        return True
    with tempfile.TemporaryDirectory() as home, Lab(Path(home)) as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(QUIET))
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        sheet = Sheet(page, lab)
        sheet.open(lab.copy(LESSON))
        page.wait_for_timeout(1500)
        start = time.perf_counter()
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        # Run-all goes to the last cell, and nothing out of view is drawn: look at the picture's cell.
        page.wait_for_function(LOOK, timeout=60_000)
        spent = time.perf_counter() - start
        browser.close()
    return say("lesson 01, run all to first picture", spent, 2, "s")


if __name__ == "__main__":
    sys.exit(main())
