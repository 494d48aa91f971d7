"""The live 3D view: triangles and matrices on a canvas, and nothing about anatomy.

The one module to change for another drawing engine. A small WebGL view of our own is used: it needs no
package beside those that are there, keeps to the page's theme, and turns by keyboard as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import numpy as np
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES
from foramlib.spine.mesh import Mesh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from foramlib.spine.shapes import Motion

__all__ = ["Live3D", "look", "matrix"]

IDENTITY = tuple(np.eye(4).ravel().tolist())


class Live3D(anywidget.AnyWidget):
    """A canvas that shows pieces by their looks.

    Attributes
    ----------
    looks
        Piece -> how it is shown now, see :func:`look`. One message moves everything in one frame.
    eye
        ``turn`` (degrees round from the back towards the left), ``lift`` (degrees up), ``centre`` (mm),
        ``half`` (half the width in view, mm).
    label
        What the canvas is called by a screen reader.
    able
        False once the browser said that it has no WebGL.
    """

    _esm: ClassVar[str] = script("theme.js", "live3d.js")
    _css: ClassVar[str] = style("theme.css", "live3d.css")

    looks = traitlets.Dict().tag(sync=True)
    eye = traitlets.Dict().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)
    able = traitlets.Bool(default_value=True).tag(sync=True)

    def __init__(self, **traits: object) -> None:
        super().__init__(**traits)
        self.pieces: dict[str, Mesh] = {}
        self.on_msg(self._answer)

    def put(self, name: str, surface: Mesh) -> None:
        """Send a piece, or a new shape of one; an empty mesh takes it away."""
        self.pieces[name] = surface
        self._send_piece(name, surface)

    def _send_piece(self, name: str, surface: Mesh) -> None:
        arrays = (surface.vertices, surface.normals, surface.faces)
        self.send({"id": name}, [np.ascontiguousarray(array).data.cast("B") for array in arrays])

    def _answer(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        """Send everything to a view that opened late."""
        if content.get("ask"):
            for name, surface in self.pieces.items():
                self._send_piece(name, surface)


def look(colour: str, cover: float = 1.0, stand: Motion | None = None, order: int = 0) -> dict[str, Any]:
    """Say how a piece is shown.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.
    cover : float
        0 (not shown) to 1 (solid).
    stand : Motion, optional
        Where it stands.
    order : int
        Of pieces on one surface the earlier one is seen, and clear ones are drawn in this order.
    """
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    place = IDENTITY if stand is None else matrix(stand)
    return {"colour": [red, green, blue], "cover": cover, "stand": list(place), "order": order, "back": 1e-5 * order}


def matrix(motion: Motion) -> tuple[float, ...]:
    """Return a rigid motion as 16 numbers, column by column."""
    whole: NDArray[np.floating[Any]] = np.eye(4)
    whole[:3, :3], whole[:3, 3] = motion.rotation, motion.shift
    return tuple(whole.T.ravel().tolist())


def sheet(corners: NDArray[np.floating[Any]], normal: NDArray[np.floating[Any]]) -> Mesh:
    """Return four corners as a flat mesh that is seen from both sides."""
    faces = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.uint32)
    return Mesh(corners.astype(np.float32), faces, np.tile(np.asarray(normal, dtype=np.float32), (4, 1)))
