"""How fast sampled people are measured, and where the time goes.

Run ``python benchmarks/people.py``; figures depend on the machine. ``--all`` takes every level of the model.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from foramlib.spine import MODELLED, Plane, Segment, cut, measure_section

PEOPLE = 1000
CORES = 2
TARGET_S = 60.0
SAMPLE = 60  # people whose parts are timed
STEPS = ("place and shape", "root gives way", "cut", "measure")
LEVELS = ("C5/6", "L4/5")


def main() -> int:
    """Run the benchmark and print its figures; exit code 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every level of the model")
    levels = MODELLED if parser.parse_args().all else LEVELS
    print(f"milliseconds a person     {'   '.join(STEPS)}")
    for level in levels:
        parts = steps(level)
        print(f"  {level:8} {'   '.join(f'{parts[name]:14.1f}' for name in STEPS)}   all {sum(parts.values()):.1f}")
    return 0 if all(everyone(level) for level in levels) else 1


def steps(level: str) -> dict[str, float]:
    """Time the parts of one person, milliseconds on average."""
    spent: dict[str, float] = defaultdict(float)
    for seed in range(SAMPLE):
        clock = [time.perf_counter()]
        segment = Segment.sampled(level, seed)
        _ = segment.stage, segment.bones
        clock.append(time.perf_counter())
        _ = segment.roots
        clock.append(time.perf_counter())
        section = cut(segment, Plane.named("foramen", segment, "left"))
        clock.append(time.perf_counter())
        measure_section(segment, section)
        clock.append(time.perf_counter())
        for name, (start, end) in zip(STEPS, pairwise(clock), strict=True):
            spent[name] += 1000 * (end - start) / SAMPLE
    return spent


def everyone(level: str) -> bool:
    """Measure a thousand people on two cores; True where the target is met."""
    start = time.perf_counter()
    share = PEOPLE // CORES
    with ProcessPoolExecutor(CORES) as pool:
        done = sum(pool.map(measured, [(level, core * share, share) for core in range(CORES)]))
    spent = time.perf_counter() - start
    print(f"{done} people at {level}, {CORES} cores: {spent:.1f} s, target at most {TARGET_S:g}", end="  ")
    print("ok" if spent <= TARGET_S else "MISSED")
    return spent <= TARGET_S


def measured(task: tuple[str, int, int]) -> int:
    """Measure some people; returns how many have a foramen."""
    level, first, count = task
    found = 0
    for seed in range(first, first + count):
        segment = Segment.sampled(level, seed)
        section = cut(segment, Plane.named("foramen", segment, "left"))
        found += measure_section(segment, section).bony is not None
    return found


if __name__ == "__main__":
    sys.exit(main())
