"""Tables of the model as plain rows."""

from __future__ import annotations

import csv

import pytest

from foramlib.evidence import data_path

TABLES = ("vertebrae.csv", "levels.csv", "spreads.csv", "structures.csv", "targets.csv", "relations.csv")


@pytest.fixture(scope="session")
def model_rows() -> dict[str, list[dict[str, str]]]:
    """Rows of every table in ``data/model``."""
    rows = {}
    for name in TABLES:
        with data_path("model", name).open(encoding="utf-8", newline="") as lines:
            rows[name] = list(csv.DictReader(lines))
    return rows
