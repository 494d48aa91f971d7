"""Approaches compared in a table: what was found, how it was studied, and where nothing is known; claims beside it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from foramlib.evidence import cite, facts, footnotes, with_footnotes
from foramlib.figures.charts.approaches import BLANK, ApproachChart, tell_approaches
from foramlib.figures.charts.published import name_of
from foramlib.figures.charts.svg import FONTS, theme_rules
from foramlib.figures.palette import THEMES
from foramlib.given import one_of
from foramlib.recovery.approaches import APPROACHES, ASPECTS, REGIONS, cells, claims, disputes, sides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from foramlib.evidence import Citation
    from foramlib.evidence.clinical import Disagreement
    from foramlib.recovery.approaches import Cell, Claimed, Entry

__all__ = ["PARTS", "ApproachTable", "approaches"]

PARTS: Final = ("found", "claimed", "disputed")
"""What a table can show: findings, claims of leaflets beside them, and questions on which sources disagree."""

_VERDICTS: Final = {
    "supported": "holds",
    "nuanced": "holds in part",
    "contested": "disputed",
    "misleading": "does not hold as it stands",
    "out_of_scope": "outside these lessons",
}
_CAPTIONS: Final = {
    "found": "Open, tubular and endoscopic surgery: what was found",
    "claimed": "What leaflets claim, and what was found",
    "disputed": "Where sources disagree: both sides",
}
_COLUMNS: Final = {
    "found": ("Approach", "Found", "Studied"),
    "claimed": ("A leaflet says", "Judged", "What is known"),
    "disputed": ("Question", "One side", "The other side"),
}


@dataclass(frozen=True)
class ApproachTable:
    """A table that a notebook shows and a screen reader reads by row and column.

    Attributes
    ----------
    regions : tuple of str
        ``"cervical"``, ``"lumbar"`` or both; claims and disputes are the same for both.
    part : str
        One of :data:`PARTS`.
    theme : str
        ``"auto"`` (as the page), ``"light"``, ``"dark"`` or ``"projector"``.
    """

    regions: tuple[str, ...]
    part: str = "found"
    theme: str = "auto"

    def describe(self) -> str:
        """Say the table in words, from the findings that it shows."""
        return with_footnotes(_SAYERS[self.part](self.regions))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citation of every row, each text once."""
        return tuple({cite(name).text: cite(name) for name in self.ids}.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """Evidence ids of what is shown, each once."""
        return tuple(dict.fromkeys(_IDS[self.part](self.regions)))

    def html(self) -> str:
        """Give the table as HTML; nothing is fetched from anywhere."""
        name = f"fl{uuid4().hex[:8]}"
        named = enumerate(_COLUMNS[self.part])
        head = "".join(f'<th scope="col" class="c{place}">{escape(title)}</th>' for place, title in named)
        body = "".join(_BODIES[self.part](self.regions))
        inner = f"<caption>{escape(self._caption)}</caption><thead><tr>{head}</tr></thead>{body}"
        table = f'<table class="{self.part}" lang="en-GB">{inner}</table>'
        told = footnotes(body)
        note = f'<p class="note">{told}</p>' if told else ""
        return f'<div id="{name}" data-fl-theme="{self.theme}"><style>{_style(name)}</style>{table}{note}</div>'

    @property
    def _caption(self) -> str:
        where = " and ".join(REGIONS[region].lower() for region in self.regions)
        return f"{_CAPTIONS[self.part]} ({where})" if self.part == "found" else _CAPTIONS[self.part]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:  # noqa: ARG002 - the notebook's signature
        """Give the notebook the page's form and the words."""
        return {"text/html": self.html(), "text/plain": self.describe()}


def approaches(part: str = "found", level: object = None, theme: str = "auto") -> ApproachTable:
    """Compare approaches to the foramen in a table.

    Parameters
    ----------
    part : {"found", "claimed", "disputed"}
        Findings, what leaflets claim beside them, or questions on which sources disagree.
    level : str, optional
        Level in any usual spelling: its region is shown. Without it, neck and low back.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.

    Returns
    -------
    ApproachTable
        Shows itself in a notebook; ``.describe()`` says it.

    Raises
    ------
    InvalidInput
        If level, part or theme is unknown.

    Examples
    --------
    >>> approaches("disputed").describe().splitlines()[0]
    'Where sources disagree: both sides.'
    """
    part = one_of(part, PARTS, "part of the table")
    theme = one_of(theme, ("auto", *THEMES), "theme")
    regions = tuple(REGIONS) if level is None else ApproachChart.of(level).regions
    return ApproachTable(regions, part, theme)


# -- found


def _found_body(regions: tuple[str, ...]) -> Iterator[str]:
    for region in regions:
        for aspect in ASPECTS:
            rows = [one for one in cells(region) if one.aspect is aspect and (one.entries or one.approach != "any")]
            title = f"{REGIONS[region]}: {aspect.title.lower()}" if len(regions) > 1 else aspect.title
            head = f'<tr class="head"><th scope="rowgroup" colspan="3">{escape(title)}</th></tr>'
            yield f"<tbody>{head}{''.join(map(_cell_rows, rows))}</tbody>"


def _cell_rows(one: Cell) -> str:
    """Give the rows of a cell; the approach heads all of them."""
    name = escape(APPROACHES[one.approach])
    if not one.entries:
        return f'<tr><th scope="row">{name}</th><td class="blank" colspan="2">{BLANK}</td></tr>'
    first = f'<th scope="row" rowspan="{len(one.entries)}">{name}</th>'
    return "".join(f"<tr>{'' if place else first}{_entry(entry)}</tr>" for place, entry in enumerate(one.entries))


def _entry(entry: Entry) -> str:
    ends = f" ({escape(entry.ends)})" if entry.ends and entry.ends != "range" else ""
    if entry.point is not None and not entry.ends:
        ends = " (no interval printed)"
    figures = f" <b>{escape(entry.figures)}</b>{ends}" if entry.figures else ""
    parts = [escape(part) for part in (entry.people, entry.design) if part]
    study = "; ".join([_link(entry.fact_id), *parts])
    beware = f"<br><i>{escape(entry.beware)}</i>" if entry.beware else ""
    words = escape(entry.words[:1].upper() + entry.words[1:])
    return f"<td>{words}{':' if figures else '.'}{figures}</td><td>{study}.{beware}</td>"


def _found_ids(regions: tuple[str, ...]) -> Iterator[str]:
    return (entry.fact_id for region in regions for one in cells(region) for entry in one.entries)


# -- claimed


def _claimed_body(_: tuple[str, ...]) -> Iterator[str]:
    rows = "".join(
        f'<tr><th scope="row">{escape(one.row.claim)} <span class="quiet">({one.row.seed})</span></th>'
        f"<td>{_VERDICTS[one.row.verdict]}</td><td>{escape(one.row.explanation)}. {_links(one.fact_ids)}</td></tr>"
        for one in claims()
    )
    yield f"<tbody>{rows}</tbody>"


def _say_claimed(_: tuple[str, ...]) -> str:
    return "\n".join([f"{_CAPTIONS['claimed']}.", *map(_claim_words, claims())])


def _claim_words(one: Claimed) -> str:
    sources = "; ".join(map(name_of, one.fact_ids)) or "no study named"
    return f"- {one.row.claim} ({one.row.seed}): {_VERDICTS[one.row.verdict]}. {one.row.explanation} ({sources})."


# -- disputed


def _disputed_body(_: tuple[str, ...]) -> Iterator[str]:
    rows = "".join(
        f'<tr><th scope="row">{escape(row.topic)}</th>'
        + "".join(f"<td>{escape(words)}. {_links(names)}</td>" for words, names in sides(row))
        + "</tr>"
        for row in disputes()
    )
    yield f"<tbody>{rows}</tbody>"


def _say_disputed(_: tuple[str, ...]) -> str:
    return "\n".join([f"{_CAPTIONS['disputed']}.", *map(_dispute_words, disputes())])


def _dispute_words(row: Disagreement) -> str:
    one, other = (f"{words} ({'; '.join(map(name_of, names))})" for words, names in sides(row))
    return f"- {row.topic}. One side: {one}. The other side: {other}."


_BODIES: Final[Mapping[str, Callable[[tuple[str, ...]], Iterator[str]]]] = {
    "found": _found_body,
    "claimed": _claimed_body,
    "disputed": _disputed_body,
}
_SAYERS: Final[Mapping[str, Callable[[tuple[str, ...]], str]]] = {
    "found": lambda regions: tell_approaches(ApproachChart(regions)),
    "claimed": _say_claimed,
    "disputed": _say_disputed,
}
_IDS: Final[Mapping[str, Callable[[tuple[str, ...]], Iterator[str]]]] = {
    "found": _found_ids,
    "claimed": lambda _: (name for one in claims() for name in one.fact_ids),
    "disputed": lambda _: (name for row in disputes() for _words, names in sides(row) for name in names),
}


# -- links and style


def _links(names: tuple[str, ...]) -> str:
    return f'<span class="quiet">({"; ".join(map(_link, names))})</span>' if names else ""


def _link(name: str) -> str:
    citation = cite(name)
    said = (name, facts()[name].statement, citation.text, citation.note)
    title = escape(" · ".join(part for part in said if part), quote=True)
    words = escape(name_of(name))
    if not citation.url.startswith("https://"):
        return f'<abbr title="{title}">{words}</abbr>'
    address = escape(citation.url, quote=True)
    return f'<a href="{address}" title="{title}" target="_blank" rel="noopener">{words}</a>'


_RULES: Final = (
    "#me{background:var(--fl-ground);color:var(--fl-ink);font:14px/1.45 FONTS;max-width:940px;"
    "overflow-wrap:break-word;hyphens:auto;container-type:inline-size}"
    '#me[data-fl-theme="projector"]{font-size:22px;max-width:none}'
    "#me table{border-collapse:collapse;width:100%;margin:0;background:none;color:inherit;font-size:inherit}"
    "#me caption{caption-side:top;text-align:left;font-weight:700;font-size:1.15em;padding:8px;color:inherit}"
    "#me th,#me td{text-align:left;vertical-align:top;white-space:normal;padding:6px 8px;background:none;"
    "border:0;border-bottom:1px solid var(--fl-frame);color:inherit;font-size:inherit}"
    "#me thead th{border-bottom:2px solid var(--fl-muted);color:var(--fl-muted)}"
    "#me .head th{color:var(--fl-accent);padding-top:16px;border-bottom:2px solid var(--fl-frame)}"
    "#me th[scope=row]{font-weight:600}#me .blank,#me .quiet{color:var(--fl-muted)}"
    "#me tr,#me tbody tr,#me tbody tr:hover{background:none}#me table{table-layout:auto}"
    "#me .found .c0{width:18%}#me .found .c1{width:42%}"
    "#me .claimed .c0{width:34%}#me .claimed .c1{width:16%}#me .disputed th{width:34%}"
    "@container (max-width:480px){#me th,#me td{padding:5px 3px}"
    "#me td,#me .disputed th{overflow-wrap:anywhere}#me .found .c1{width:38%}}"
    "#me .note{margin:8px;color:var(--fl-muted)}"
    "#me a{color:var(--fl-accent);text-decoration:underline}"
).replace("FONTS", FONTS)


def _style(name: str) -> str:
    """Give the style sheet of this table alone, in every theme."""
    auto = '#me[data-fl-theme="auto"]'
    rules = [f'#me[data-fl-theme="{theme}"]{{{theme_rules(theme)}}}' for theme in THEMES]
    rules += [f"{auto}{{{theme_rules('light')}}}"]
    rules += [f"@media (prefers-color-scheme:dark){{body:not([data-jp-theme-light]) {auto}{{{theme_rules('dark')}}}}}"]
    rules += [f'body[data-jp-theme-light="false"] {auto}{{{theme_rules("dark")}}}', _RULES]
    return "".join(rules).replace("#me", f"#{name}")
