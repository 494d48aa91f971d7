"""Where the data tables and the lessons lie, for a clone, an editable install and a wheel."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from foramlib.errors import InvalidInput

__all__ = ["data_path", "notebooks_path"]

_PACKAGE = Path(__file__).resolve().parent.parent
# What must lie in a folder for it to be ours: another project may have left a "data" beside an installed package.
_MARK = Path("evidence", "sources.csv")


def data_path(*parts: str) -> Path:
    """Give the path of a file or folder of ``data/``.

    Parameters
    ----------
    *parts : str
        Names below ``data``, for example ``data_path("evidence", "facts.csv")``. The file need not exist.

    Returns
    -------
    pathlib.Path
        Absolute path: inside the package when it was installed from a wheel, otherwise beside it in the clone.

    Raises
    ------
    InvalidInput
        If a part leaves the folder, or if the data did not come with this installation.
    """
    return _below(_rooms()[0], parts)


def notebooks_path(*parts: str) -> Path:
    """Give the path of a file or folder of ``notebooks/``; see `data_path`."""
    return _below(_rooms()[1], parts)


def _below(room: Path, parts: tuple[str, ...]) -> Path:
    for part in parts:
        if Path(part).is_absolute() or ".." in Path(part).parts:
            raise InvalidInput(
                f"The path part {part!r} leaves the folder {room.name}; only names inside it are allowed."
            )
    return room.joinpath(*parts)


@lru_cache(maxsize=1)
def _rooms() -> tuple[Path, Path]:
    return find_rooms(_PACKAGE)


def find_rooms(package: Path) -> tuple[Path, Path]:
    """Find the folders of data and lessons that belong to a package folder.

    The copies inside the package are made only when a wheel is built, so where they exist they are the right ones.

    Raises
    ------
    InvalidInput
        If neither place holds the evidence tables.
    """
    places = (
        (package / "_data", package / "_notebooks"),
        (package.parent / "data", package.parent / "notebooks"),
    )
    for data, notebooks in places:
        if (data / _MARK).is_file():
            return data, notebooks
    raise InvalidInput(
        "The data tables of foramlib were not found; install the package again, or run it from a complete clone.",
    )
