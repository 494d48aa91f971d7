"""Text of the browser modules and style sheets which the widgets carry.

A widget is given its script and style as text. Given a path, anywidget might start a thread that
watches the file, which a browser's Python cannot do.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from foramlib.figures import palette


@lru_cache(maxsize=32)
def _read(name: str) -> str:
    return files("foramlib.apps").joinpath("static", name).read_text(encoding="utf-8")


def script(*names: str) -> str:
    """One ES module from the named files of ``static/``, in order; the last one holds the export."""
    return "\n".join(_read(name) for name in names)


def style(*names: str) -> str:
    """One style sheet: the palette of every theme, then the named files of ``static/``, in order."""
    return "\n".join([palette.css(), *(_read(name) for name in names)])
