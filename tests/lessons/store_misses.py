"""Write the misses of the model into the page for teachers; run after a change of the model and read the difference.

::

    python tests/lessons/store_misses.py
"""

from __future__ import annotations

from pathlib import Path

from foramlib.lessons.misses import missed, put_table

PAGE = Path(__file__).resolve().parents[2] / "notebooks" / "teaching" / "how_the_model_works.md"

if __name__ == "__main__":
    PAGE.write_text(put_table(PAGE.read_text(encoding="utf-8"), missed()), encoding="utf-8")
