"""Key views for practice: what is seen of which structure, and where its surface lies in the body."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foramlib.errors import InvalidInput
from foramlib.figures.key_views import GROUPS, USUAL, KeyView, key_camera, key_scene, seen_outlines, still_steps
from foramlib.learning.practice.in_space import Look
from foramlib.spine.mesh import run
from foramlib.spine.section import Region, Ring, Section
from foramlib.spine.solids import solid_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foramlib.figures.scene import Scene
    from foramlib.spine.segment import Segment
    from foramlib.spine.solids import Solid

__all__ = ["look", "look_scene", "repainted"]


def look(segment: Segment, view: str, side: str, theme: str = "light") -> Look:
    """Look at a segment as a key view does.

    Parameters
    ----------
    segment : Segment
        What is shown.
    view, side : str
        Which of :data:`foramlib.figures.key_views.KEY_VIEWS`, and the side in view.
    theme : str
        Of the palette.

    Returns
    -------
    Look
        Its picture is a :class:`foramlib.figures.key_views.KeyView`.

    Raises
    ------
    InvalidInput
        If the view or the side is unknown.
    """
    camera = key_camera(segment, view, side)
    wanted = frozenset(key for group in USUAL for key in GROUPS[group][1])
    solids: list[Solid] = run(solid_steps(segment, {}, wanted))
    picture: KeyView = run(still_steps(segment, solids, camera, USUAL, theme=theme))
    return Look(_seen(picture), _points(solids), picture)


def repainted(made: Look, theme: str) -> Look:
    """Return the same look, painted in the colours of a theme.

    Raises
    ------
    InvalidInput
        If it was not made by :func:`look`, or the theme is unknown.
    """
    picture = _picture(made)
    if picture.theme == theme:
        return made
    return replace(made, picture=look(picture.segment, picture.name, picture.side, theme).picture)


def look_scene(made: Look) -> Scene:
    """Return the scene of what was looked at.

    Raises
    ------
    InvalidInput
        If it was not made by :func:`look`.
    """
    return key_scene(_picture(made))


def _picture(made: Look) -> KeyView:
    if not isinstance(made.picture, KeyView):
        raise InvalidInput("This look has no key view to draw.")
    return made.picture


def _seen(picture: KeyView) -> Section:
    """Everything that is seen as regions in the camera's plane; they do not overlap, as in a section."""
    found = [Region(structure, _rings(shape)) for structure, shape in seen_outlines(picture)]
    regions = [region for region in found if region.rings]
    camera = picture.still.camera
    return Section(camera, tuple(regions), {}, (), camera.lattice(picture.still.mm_per_pixel))


def _rings(shape: Any) -> tuple[Ring, ...]:  # noqa: ANN401 - shapely has no types
    return tuple(_ring(piece) for piece in getattr(shape, "geoms", [shape]) if not piece.is_empty)


def _ring(piece: Any) -> Ring:  # noqa: ANN401 - shapely has no types
    loops = [np.asarray(loop.coords) for loop in (piece.exterior, *piece.interiors)]
    return Ring(np.vstack(loops), np.cumsum([0, *map(len, loops)]))


def _points(solids: Sequence[Solid]) -> dict[str, NDArray[np.floating[Any]]]:
    """Points on the surface of each structure; the parts of a bone have those of their own triangles."""
    found = {}
    for solid in solids:
        for place, structure in enumerate(solid.owners):
            corners = np.unique(solid.surface.faces[solid.owner == place])
            if len(corners):
                found[structure.id] = solid.surface.vertices[corners]
    return found
