"""The body map: mark where it hurts or feels numb, by click, touch or keyboard; and see what lists say of skin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from foramlib.apps.assets import script, style
from foramlib.apps.controls import THEMES, check_theme
from foramlib.clinic.regions import MAPS, claims, region, regions
from foramlib.errors import InvalidInput
from foramlib.figures.body import LEVELS, checked, describe_body, note, scene, tab_name
from foramlib.given import as_typed, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BodyMap", "body_map", "map_of"]


class Wrong(InvalidInput, traitlets.TraitError):
    """A drawing that the map does not take; as a trait error it makes traitlets keep the old one."""


class BodyMap(anywidget.AnyWidget):
    """A figure of the body whose regions can be marked and shaded.

    Attributes
    ----------
    selected : tuple of str
        Ids of the marked regions, in the order of the figure; set here or by the reader.
    shaded : dict
        Region id -> level 0 to 3, or (level, words): "typical of C6".
    view : str
        Tab in front: ``"front"``, ``"back"``, ``"hand"`` or ``"foot"``.
    locked : bool
        Whether the drawing can only be looked at.
    notes : bool
        Whether pointing at a region says what the lists claim; a quiz leaves it out.
    title : str
        Heading, and the name of the map for a screen reader.
    caption : str
        One or two sentences under the picture, for instance where the shading comes from.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    message : str
        One sentence shown as an alert, or empty.
    """

    _esm: ClassVar[str] = script("theme.js", "body_map.js")
    _css: ClassVar[str] = style("theme.css", "body_map.css")

    scene = traitlets.Dict().tag(sync=True)
    selected = traitlets.Tuple().tag(sync=True)
    shaded = traitlets.Dict().tag(sync=True)
    view = traitlets.Unicode("front").tag(sync=True)
    locked = traitlets.Bool(default_value=False).tag(sync=True)
    notes = traitlets.Bool(default_value=True).tag(sync=True)
    title = traitlets.Unicode("Where is it?").tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    theme = traitlets.Enum(THEMES, "auto").tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: object) -> None:
        said = {one.id: words for one in regions() if (words := note(one))}
        super().__init__(scene={**scene(), "notes": said, "levels": list(LEVELS)}, **traits)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a change from the browser; say and undo one that is refused."""
        try:
            super().set_state(sync_data)
        except Wrong as refusal:
            self.message = str(refusal)
            self.send_state(list(sync_data))

    @traitlets.validate("selected")
    def _check_selected(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        try:
            return checked(proposal["value"])
        except InvalidInput as problem:
            raise Wrong(str(problem)) from problem

    @traitlets.validate("view")
    def _check_view(self, proposal: dict[str, Any]) -> str:
        try:
            return tab_name(proposal["value"])
        except InvalidInput as problem:
            raise Wrong(str(problem)) from problem

    @traitlets.validate("shaded")
    def _check_shaded(self, proposal: dict[str, Any]) -> dict[str, list[Any]]:
        try:
            return {region(name).id: _level(name, given) for name, given in proposal["value"].items()}
        except InvalidInput as problem:
            raise Wrong(str(problem)) from problem

    @traitlets.observe("selected", "view", "shaded")
    def _clear_message(self, _change: object) -> None:
        self.message = ""

    def toggle(self, name: str) -> None:
        """Mark a region, or take its mark away.

        Raises
        ------
        InvalidInput
            If there is no such region.
        """
        one = region(name).id
        rest = tuple(other for other in self.selected if other != one)
        self.selected = rest if one in self.selected else (*rest, one)

    def clear(self) -> None:
        """Take all marks away."""
        self.selected = ()

    def describe(self) -> str:
        """Say the map in words: what is marked and what is shaded."""
        shaded = {name: (level, words) for name, (level, words) in self.shaded.items()}
        return "\n".join(line for line in (describe_body(self.selected, shaded), self.caption) if line)


def _level(name: str, given: object) -> list[Any]:
    level, words = given if isinstance(given, list | tuple) and len(given) == 2 else (given, "")  # noqa: PLR2004 - a pair
    if isinstance(level, bool) or level not in range(len(LEVELS)) or not isinstance(words, str):
        raise InvalidInput(f"The shading of {name!r} is {given!r}; it must be a level from 0 to 3, with words or not.")
    return [level, words]


def map_of(root: str, list_key: str = "pain") -> dict[str, tuple[int, str]]:
    """Shade what one list gives a root, for :attr:`BodyMap.shaded`.

    Raises
    ------
    InvalidInput
        If there is no such list, or it says nothing of that root.
    """
    list_key, root = one_of(list_key, MAPS, "list of roots and skin"), as_typed(root).upper()
    found = claims(root, list_key)
    if not found:
        known = dict.fromkeys(claim.root for one in regions() for claim in one.claims if claim.map == list_key)
        raise InvalidInput(
            f"In our evidence {MAPS[list_key]!r} says nothing of {root!r}; it speaks of {', '.join(sorted(known))}."
        )
    return dict.fromkeys(found, (3, f"{root}, {MAPS[list_key]}"))


def body_map(
    what: str | Iterable[str] = (),
    shaded: Mapping[str, Any] | None = None,
    *,
    by: str = "pain",
    view: str = "front",
    theme: str = "auto",
    title: str = "Where is it?",
) -> BodyMap:
    """Open a map of the body.

    Parameters
    ----------
    what : str or iterable of str
        Regions that are marked at the start, such as ``"forearm_lateral.left"``, or one root: what the list `by`
        gives ``"C6"`` is shaded.
    shaded : mapping, optional
        Region -> level 0 to 3, or (level, words).
    by : str
        List for a root: ``"points"``, ``"pain"``, ``"keegan_garrett"`` or ``"foerster"``.
    view, theme : str
        ``"front"``, ``"back"``, ``"hand"`` or ``"foot"``; ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    title : str
        The question over the figure.

    Raises
    ------
    InvalidInput
        If a region, root, list, level, view or theme is unknown.

    Examples
    --------
    >>> body_map(["thumb_palmar.left"]).describe()
    'Marked: left thumb, palm side.'
    """
    theme = check_theme(theme)
    marks, shades = _opening(what, by)
    return BodyMap(selected=marks, shaded={**shades, **(shaded or {})}, view=view, theme=theme, title=title)


def _opening(what: object, by: str) -> tuple[tuple[str, ...], dict[str, tuple[int, str]]]:
    """Tell marked regions from the name of a root."""
    one_of(by, MAPS, "list of roots and skin")
    if isinstance(what, str):
        return ((), map_of(what, by)) if "." not in what else (checked([what]), {})
    if not isinstance(what, Iterable):
        raise InvalidInput(f"A body map opens with regions or with a root such as 'C6', not with {what!r}.")
    return checked(what), {}
