"""Anatomy and image of one plane side by side under one cursor.

The view draws outlines in millimetres on the left and grey pixels on the right. It knows no anatomy: names, notes
and tones arrive with the outlines. The cursor is moved by mouse, finger or arrow keys and is the same place in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES
from foramlib.figures.scan import STAMP, describe_scan, other_plane, reference_line

if TYPE_CHECKING:
    from foramlib.figures.scan import Seen

__all__ = ["ScanView"]


class ScanView(anywidget.AnyWidget):
    """Two linked pictures with their words.

    Attributes
    ----------
    plan
        ``{"box": [u0, v0, width, height], "heading", "marks", "scale_mm", "layers": [...], "line": {"points",
        "text"}}``; layers as in a scene of :mod:`foramlib.apps.section_view`.
    pixels, size
        Grey values 0 to 255 row by row from the top, and ``[rows, columns]``.
    tones
        Structure id -> how it looks on this image, such as ``"dark on T2"``.
    words
        ``{"anatomy": "…", "image": "…", "settings": "…", "stamp": "SYNTHETIC"}``: text alternatives of the two
        pictures, how the image was made, and what is written on it.
    labels
        Whether names are drawn.
    cursor
        ``[u, v]`` in mm, or empty; set here or by the reader.
    sentence
        What changed, in one sentence.
    message
        One sentence shown as an alert, or empty.
    """

    _esm: ClassVar[str] = script("theme.js", "labels.js", "scan.js")
    _css: ClassVar[str] = style("theme.css", "scan.css")

    plan = traitlets.Dict().tag(sync=True)
    pixels = traitlets.Bytes().tag(sync=True)
    size = traitlets.List(traitlets.Int()).tag(sync=True)
    tones = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    labels = traitlets.Bool(default_value=False).tag(sync=True)
    cursor = traitlets.List(traitlets.Float()).tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)

    def show(self, seen: Seen, settings: str) -> None:
        """Show a section and its image, with words on how the image was made.

        The outlines are sent only where they are other ones: they are the larger part.
        """
        plan = _plan(seen)
        with self.hold_sync():
            if self.plan != plan:
                self.plan = plan
            self.size = list(seen.scan.grey.shape)
            self.pixels = seen.scan.grey.tobytes()
            self.tones = {tone.id: f"{tone.word} on {seen.scan.settings.sequence}" for tone in seen.tones}
            self.words = {
                "anatomy": seen.drawn["description"],
                "image": describe_scan(seen),
                "settings": settings,
                "stamp": STAMP,
            }


def _plan(seen: Seen) -> dict[str, Any]:
    """Return the pictures' fixed part: outlines, letters, scale bar and the line of another plane."""
    words, other = other_plane(seen.segment, seen.scan.plane)
    points = reference_line(seen.scan.plane, other)
    plan = {name: seen.drawn[name] for name in ("box", "heading", "marks", "scale_mm", "layers")}
    return {**plan, "line": {"points": points, "text": words} if points else None}
