"""Ask the model again which root each lesion meets, and store it: ``python -m tests.spine.store_roots_met``.

Roots that sources name where the model shows none (``taught``, with their ``basis``) are kept as they stand.
"""

import csv

from foramlib.evidence import data_path
from foramlib.spine.roots_met import places, roots_met

COLUMNS = ("level", "lesion", "zone", "model", "taught", "basis")


def main() -> None:
    """Write ``data/model/roots_met.csv``."""
    file = data_path("model", "roots_met.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        kept = {(row["level"], row["lesion"], row["zone"]): row for row in csv.DictReader(lines)}
    with file.open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        out.writeheader()
        for place in places():
            old = kept.get(place, {})
            taught = {name: old.get(name, "") for name in ("taught", "basis")}
            row = dict(zip(COLUMNS, place, strict=False))
            out.writerow({**row, "model": " ".join(roots_met(*place)), **taught})


if __name__ == "__main__":
    main()
