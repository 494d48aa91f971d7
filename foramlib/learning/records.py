"""Questions and predictions as they are written by hand (``data/items``)."""

from __future__ import annotations

from functools import lru_cache

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.evidence.hand_written import Record, parse_records

__all__ = ["Record", "parse_records", "read_records"]


@lru_cache(maxsize=32)
def read_records(name: str) -> Record:
    """Read ``data/items/<name>.yaml``.

    Parameters
    ----------
    name : str
        File name without its ending, for example ``"01"``.

    Raises
    ------
    InvalidInput
        If there is no such file, or it is not readable as YAML.
    """
    where = f"data/items/{name}.yaml"
    path = data_path("items", f"{name}.yaml")
    if not path.is_file():
        raise InvalidInput(f"There are no questions for {name!r}: the file {where} does not exist.")
    return parse_records(path.read_text(encoding="utf-8"), where)
