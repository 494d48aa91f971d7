"""What a step of the localiser costs: kernel time, and control to changed pixels against the naive way.

The naive way ranks and weighs the same state with ``interact`` and draws it as a new inline matplotlib figure each
time: a bar for each candidate, its reasons in words, the probability with its interval. Both are timed in the page,
from the key that moves the slider "Before the tests" until the new picture has been painted.

Run ``python benchmarks/localiser.py``; figures depend on the machine, ratios carry. ``--quick`` leaves out the browser.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

TARGET_MS = 50.0
STEPS = 15
OURS = "import foramlib as fl\napp = fl.localise('helen-osei')\napp"
NAIVE = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from foramlib.clinic.accuracy import beliefs
from foramlib.clinic.localise import localise
from foramlib.learning.patient import load_patient

patient = load_patient("helen-osei")

def draw(before=23.0):
    found = localise(patient.findings, patient.regions)
    belief = beliefs(patient.findings, before={"cervical radiculopathy": before / 100}, age=patient.age)[0]
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
    names = [one.name for one in found.candidates]
    left.barh(names, [one.gained for one in found.candidates])
    left.barh(names, [-one.lost for one in found.candidates])
    words = [why.text for one in found.candidates for why in one.reasons]
    for place, text in enumerate(words):
        left.text(0, -place / 8, text)
    after = belief.after
    right.errorbar([after.value], [0], xerr=[[after.value - after.low], [after.high - after.value]], fmt="o")
    right.plot([belief.before], [0], "o")
    right.set_xlim(0, 1)
    right.set_title(belief.sentence())
    plt.show()

interact(draw, before=FloatSlider(min=1, max=99, step=1, value=23));"""


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="kernel time only")
    quick = parser.parse_args().quick
    good = [kernel_steps()]
    if not quick:
        good.append(pixels())
    return 0 if all(good) else 1


def say(name: str, value: float, target: float, unit: str) -> bool:
    """Print one figure beside its target."""
    met = value <= target
    print(f"{name:42} {value:7.2f} {unit:4} target at most {target:g}  {'ok' if met else 'MISSED'}")
    return met


def kernel_steps() -> bool:
    """Time steps of every kind in this process: an answer, a pain area, the slider."""
    from foramlib.apps.localise import LocaliseApp  # noqa: PLC0415 - the import is no part of a step
    from foramlib.clinic.findings import findings  # noqa: PLC0415
    from foramlib.clinic.regions import region_ids  # noqa: PLC0415

    app = LocaliseApp("helen-osei", strict=True)
    spent = []
    for name, place in zip(findings(), itertools.cycle(region_ids()), strict=False):
        spent.append(timed(lambda name=name: setattr(app.panel, "answers", {**app.panel.answers, name: "no"})))
        spent.append(timed(lambda place=place: app.map.toggle(place)))
        spent.append(timed(lambda: setattr(app.controls["before"], "value", (app.controls["before"].value % 98) + 1)))
    app.close()
    print(f"{len(spent)} steps, median {statistics.median(spent):.2f} ms")
    return say("kernel time, one step in twenty exceeds", statistics.quantiles(spent, n=20)[-1], TARGET_MS, "ms")


def timed(step: object) -> float:
    """Time one call, milliseconds."""
    start = time.perf_counter()
    step()  # type: ignore[operator]
    return 1000 * (time.perf_counter() - start)


def pixels() -> bool:
    """Time both ways in JupyterLab in Chromium; the server is JupyterLab's own."""
    from race import Race, run, show  # noqa: PLC0415 - not needed for --quick

    race = Race(
        OURS,
        NAIVE,
        control=".foramlib-localise-side input[type=range]",
        changed="document.querySelector('.fl-l-beliefs').textContent",
        height=1600,
        prompt=False,
        target=0.3,
    )
    found = run(race, STEPS)
    show("control to changed pixels", found)
    ratio = found["ours"].median / found["naive"].median
    return say("control to pixels, ratio to the naive way", ratio, race.target, "")


if __name__ == "__main__":
    sys.exit(main())
