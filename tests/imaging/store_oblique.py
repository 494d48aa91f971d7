"""Store the sample behind the comparison of straight sagittal and oblique images of the neck.

Run after a change of the model (about half a minute), and read the difference before committing it::

    python tests/imaging/store_oblique.py
"""

from __future__ import annotations

import csv
from itertools import count
from pathlib import Path

from foramlib.imaging.oblique import SAMPLE, pair, stenosed

TABLE = Path(__file__).resolve().parents[2] / "data" / "imaging" / "oblique.csv"


def main() -> None:
    """Draw states from lot 0 on until enough of them have a grade in both planes."""
    with_both = 0
    with TABLE.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["seed", "level", "straight", "square"])
        for seed in count():
            state = stenosed(seed)
            found = pair(state)
            writer.writerow([seed, state.level.name, *(found or ("", ""))])
            with_both += found is not None
            if with_both == SAMPLE:
                return


if __name__ == "__main__":
    main()
