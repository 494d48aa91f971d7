"""Where the plane lies and what it is graded: an axial section with lines, a strip of grades by angle, and sentences.

The view draws millimetres and numbers; it knows no anatomy and no grading system.
"""

from __future__ import annotations

from typing import ClassVar

import anywidget
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES

__all__ = ["TrapView"]


class TrapView(anywidget.AnyWidget):
    """Axial inset, strip and grades.

    Attributes
    ----------
    inset
        ``{"box", "marks", "scale_mm", "layers": [{"path", "tissue"}], "straight", "square"}``.
    now
        ``{"line": [[u, v], [u, v]], "text": "24°", "words": "…"}``: the line of the present plane, and the inset in
        words.
    strip
        ``{"most": 60, "best": 38, "grades": ["0", …], "now": 24, "seen": [[angle, rank], …], "words": "…"}``; a
        negative rank has no grade, and ``best`` is null while it is not told.
    told
        Sentences: ``[{"head": "Straight sagittal", "text": "…", "now": false}, …]``.
    verdict
        One sentence, or empty.
    sources
        ``[{"text", "url"}]``.
    """

    _esm: ClassVar[str] = script("theme.js", "trap.js")
    _css: ClassVar[str] = style("theme.css", "trap.css")

    inset = traitlets.Dict().tag(sync=True)
    now = traitlets.Dict().tag(sync=True)
    strip = traitlets.Dict().tag(sync=True)
    told = traitlets.List(traitlets.Dict()).tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    sources = traitlets.List(traitlets.Dict()).tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)
