"""The list of sources, and the check that every number shown has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.evidence.citation import DAGGER, Citation, cite, missing_from, vancouver
from foramlib.evidence.loaders import facts, look_up, morphometry, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foramlib.evidence.records import Fact, Quantity

__all__ = ["Shown", "bibliography", "check_sources", "count_sources"]


@dataclass(frozen=True)
class Shown:
    """One place where a number or a statement is shown with its evidence id.

    Attributes
    ----------
    id : str
        Evidence id; empty for a number that is shown without one.
    where : str
        File and place, for the reader of a report.
    title : str or None
        The words shown with it. None where the program writes them with `cite`, which marks what is incomplete.
    number : bool
        Whether a number is shown.
    """

    id: str
    where: str = "the list that was given"
    title: str | None = None
    number: bool = True


def bibliography(ids: Iterable[str] | None = None) -> list[str]:
    """List sources in the Vancouver style, in the order of the alphabet.

    Parameters
    ----------
    ids : iterable of str, optional
        Evidence ids (``A:D-08``); by default every row that may be cited. Teaching text is no source and is left out.

    Returns
    -------
    list of str
        One reference each; an incomplete one says what is to be confirmed.

    Raises
    ------
    InvalidInput
        If an id is not known or may not be cited.
    """
    rows = [_citable(name) for name in ids] if ids is not None else _all_citable()
    keys = {key for row in rows for key in _keys(row)}
    found = [source for key, source in sources().items() if key in keys and source.kind not in {"teaching", "none"}]
    return sorted((vancouver(source) for source in found), key=lambda text: text.lstrip("[").casefold())


def count_sources(ids: Iterable[str]) -> dict[str, bool]:
    """Tell of each source that these evidence ids rest on, by its key, whether its citation is complete."""
    keys = dict.fromkeys(key for name in ids for key in _keys(look_up(name)))
    found = {key: sources()[key] for key in keys}
    return {key: not missing_from(one) for key, one in found.items() if one.kind not in {"teaching", "none"}}


def check_sources(shown: Iterable[Shown | str]) -> list[str]:
    """Say what is wrong with the citations of what is shown, one sentence each; an empty list is well.

    Parameters
    ----------
    shown : iterable of Shown or str
        Places, or plain evidence ids. See `foramlib.lessons.content.shown`, which finds them in the lessons.
    """
    places = [Shown(item) if isinstance(item, str) else item for item in shown]
    return [f"{place.where}: {fault}" for place in places for fault in _faults(place)]


def _faults(place: Shown) -> Iterator[str]:
    if not place.id:
        yield f'"{place.title}" is shown without a citation.'
        return
    try:
        citation = cite(place.id)
    except InvalidInput as error:
        yield str(error)
        return
    if place.number and citation.state == "teaching":
        yield f"{place.id} rests on agreed teaching text, which is never put beside a number."
    if place.title is not None:
        yield from _faults_of_title(citation, place.title)


def _faults_of_title(citation: Citation, title: str) -> Iterator[str]:
    if citation.note and DAGGER not in title:
        yield f'the citation of {citation.id} is incomplete and is not marked; write "{citation.title}".'
    if citation.prefix and citation.prefix not in title:
        yield f'{citation.id} must say "{citation.prefix}"; write "{citation.title}".'


def _citable(evidence_id: str) -> Fact | Quantity:
    cite(evidence_id)
    return look_up(evidence_id)


def _all_citable() -> list[Fact | Quantity]:
    rows: list[Fact | Quantity] = [*facts().values(), *morphometry().values()]
    return [row for row in rows if row.citable]


def _keys(row: Fact | Quantity) -> tuple[str, ...]:
    return (row.source_key,) if isinstance(row.source_key, str) else row.source_key
