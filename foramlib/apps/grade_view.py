"""The image to grade: the scan view, with its anatomy hidden until the image has been graded."""

from __future__ import annotations

from typing import ClassVar

from foramlib.apps.assets import style
from foramlib.apps.scan_view import ScanView

__all__ = ["GradeView"]


class GradeView(ScanView):
    """A scan view whose anatomy can be hidden by the class ``foramlib-untold``."""

    _css: ClassVar[str] = style("theme.css", "scan.css", "grade.css")
