"""A chart as a notebook shows it: a picture that follows theme and width, its words, and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from foramlib.apps.progress import Progress
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, footnotes, with_footnotes
from foramlib.figures.charts.catalogue import chart_name, kind_of
from foramlib.figures.charts.sheet import LAYOUTS, Look
from foramlib.figures.palette import THEMES
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.figure import Figure

    from foramlib.evidence import Citation
    from foramlib.figures.charts.catalogue import Kind, Numbers

__all__ = ["FORMATS", "Chart", "chart", "describe_chart"]

FORMATS: Final = (".svg", ".png", ".pdf")
_SHARP = 216  # dots per inch of a saved picture: three for every point


@dataclass(frozen=True)
class Chart:
    """A chart that a notebook shows, a screen reader reads and a handout keeps.

    Attributes
    ----------
    name : str
        Name of the chart.
    numbers : Numbers
        What is drawn and said.
    theme : str
        ``"auto"`` (as the page), ``"light"``, ``"dark"`` or ``"projector"``.
    """

    name: str
    numbers: Numbers
    theme: str = "auto"

    @property
    def kind(self) -> Kind:
        """How charts of this name are drawn and said."""
        return kind_of(self.name)

    def describe(self) -> str:
        """Say the chart in words, from the numbers that it draws."""
        return with_footnotes(self.kind.describe(self.numbers))

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The citation of every published number, each text once."""
        found = {cite(name).text: cite(name) for name in self.numbers.ids}
        # A chart may also show what is cited as a source and not as a fact: leaflets.
        found |= {citation.text: citation for citation in getattr(self.numbers, "citations", ())}
        return tuple(found.values())

    @property
    def _nature(self) -> tuple[str, ...]:
        """Say what the picture is where it shows the model; published data alone need no such word."""
        return ("Teaching model, not a patient.",) if getattr(self.numbers, "modelled", True) else ()

    def save(self, path: str | Path, layout: str = "wide") -> Path:
        """Write the chart to a file, with what is said under it.

        Parameters
        ----------
        path : str or pathlib.Path
            Ends in ``.svg``, ``.png`` or ``.pdf``.
        layout : str
            ``"wide"`` for a slide or a page, ``"narrow"`` for one column of a handout.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        InvalidInput
            If the ending or the layout is unknown, or the file cannot be written.
        """
        from foramlib.figures.charts.saving import with_caption  # noqa: PLC0415 - only saving needs it

        target = Path(path)
        if target.suffix.lower() not in FORMATS:
            raise InvalidInput(f"A chart cannot be saved as {target.name!r}; end the name in {', '.join(FORMATS)}.")
        look = Look("light" if self.theme == "auto" else self.theme, layout)
        figure = self.kind.draw(self.numbers, look)
        figure = with_caption(figure, look, self._printed(figure))
        try:
            figure.savefig(target, format=target.suffix[1:].lower(), dpi=_SHARP)
        except OSError as error:
            raise InvalidInput(f"The file {target.name!r} cannot be written: {error.strerror}.") from None
        return target

    def _printed(self, figure: Figure) -> list[str]:
        """Write for paper what a page says under the picture; marks that the picture explains are not told again."""
        from matplotlib.text import Text  # noqa: PLC0415 - only saving needs it

        sources = "; ".join(citation.text for citation in self.citations)
        said = [*self.numbers.remarks, *self._nature, *([f"Sources: {sources}."] if sources else [])]
        marks = footnotes(" ".join(said))
        drawn = " ".join(words.get_text() for words in figure.findobj(Text))
        return [*said, *([marks] if marks and marks not in drawn else [])]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, str]:  # noqa: ARG002 - the notebook's signature
        """Give the notebook the page's form and the words."""
        return {"text/html": self.html(), "text/plain": self.describe()}

    def html(self) -> str:
        """Give the chart as a figure for a web page; nothing is fetched from anywhere."""
        prefix = f"fl{uuid4().hex[:8]}"
        pictures = "".join(f'<div class="fl-{layout}">{self._svg(layout, prefix)}</div>' for layout in LAYOUTS)
        return (
            f'<div id="{prefix}" class="fl-chart" data-fl-theme="{self.theme}"><style>{_style(prefix)}</style>'
            f"<figure>{pictures}<figcaption>{self._caption()}</figcaption></figure></div>"
        )

    def _svg(self, layout: str, prefix: str) -> str:
        from foramlib.figures.charts.svg import inline_svg  # noqa: PLC0415 - only drawing needs it

        figure = self.kind.draw(self.numbers, Look("light", layout))
        return inline_svg(figure, f"{prefix}{layout}", self.describe())

    def _caption(self) -> str:
        sources = "".join(f"<li>{_link(citation)}</li>" for citation in self.citations)
        sentences = [f"{self.numbers.message}.", *self.numbers.remarks, *self._nature]
        said = " ".join(escape(sentence) for sentence in sentences)
        return f"<p>{said}</p>" + (f"<p>Sources</p><ul>{sources}</ul>" if sources else "")


def _link(citation: Citation) -> str:
    words, title = escape(citation.text), escape(citation.title)
    if not citation.url.startswith("https://"):
        return f'<abbr title="{title}">{words}</abbr>'
    return f'<a href="{escape(citation.url)}" title="{title}" target="_blank" rel="noopener">{words}</a>'


def _style(prefix: str) -> str:
    return "".join(rule.replace("#me", f"#{prefix}") for rule in _rules())


def _rules() -> Iterator[str]:
    """Give the style sheet; ``#me`` stands for this chart, so that nothing else on the page changes."""
    from foramlib.figures.charts.svg import FONTS, theme_rules  # noqa: PLC0415 - only drawing needs it

    for theme in THEMES:
        yield f'#me[data-fl-theme="{theme}"]{{{theme_rules(theme)}}}'
    auto = '#me[data-fl-theme="auto"]'
    yield f"{auto}{{{theme_rules('light')}}}"
    yield f"@media (prefers-color-scheme:dark){{body:not([data-jp-theme-light]) {auto}{{{theme_rules('dark')}}}}}"
    yield f'body[data-jp-theme-light="false"] {auto}{{{theme_rules("dark")}}}'
    yield f"#me{{container-type:inline-size;background:var(--fl-ground);color:var(--fl-ink);font:14px/1.45 {FONTS}}}"
    yield "#me figure{margin:0;max-width:940px}"
    yield "#me svg{display:block;width:100%;height:auto}#me .fl-narrow{display:none;max-width:440px}"
    yield "@container (max-width:640px){#me .fl-wide{display:none}#me .fl-narrow{display:block}}"
    # On a projector letters count more than height.
    projector = '#me[data-fl-theme="projector"]'
    yield f"{projector} .fl-narrow{{max-width:690px}}{projector} figure{{max-width:none}}{projector}{{font-size:22px}}"
    large = f"{projector} .fl-wide{{display:none}}{projector} .fl-narrow{{display:block}}"
    yield f"@container (max-width:1000px){{{large}}}"
    yield "#me figcaption{padding:4px 16px 12px;text-align:left;font-style:normal}"
    yield "#me p{margin:0 0 6px}#me ul{margin:0;padding-left:20px}#me li{margin:2px 0}"
    yield "#me a{color:var(--fl-accent);text-decoration:underline}"


def chart(name: str, level: object = None, theme: str = "auto", *, progress: bool = True, **choices: object) -> Chart:
    """Make a chart for a lesson.

    Parameters
    ----------
    name : str
        ``"foramen-size"``, ``"area-against-posture"``, ``"area-against-disc-height"``, ``"all-levels"``,
        ``"size-by-level"`` or ``"people"``.
    level : str, optional
        Level of the model, in any usual spelling. Without it ``"foramen-size"`` shows one level of the neck and one
        of the low back, ``"all-levels"`` and ``"size-by-level"`` point out none, and the others show C5/6.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.
    progress : bool
        Whether to show how far a long computation is.
    **choices
        For ``"people"``: ``this_one`` (a segment, or the name of a build) and ``people`` (how many).

    Returns
    -------
    Chart
        Shows itself in a notebook; ``.describe()`` says it and ``.save(path)`` keeps it.

    Raises
    ------
    InvalidInput
        If name, level, theme or a choice is unknown.

    Examples
    --------
    >>> chart("foramen-size", "C5/6").describe().splitlines()[0]
    'Two rulers, two widths: name the ruler before you say narrow.'
    """
    name, theme = chart_name(name), one_of(theme, ("auto", *THEMES), "theme")
    kind = kind_of(name)
    if progress and "progress" in kind.choices:
        with Progress(f"Measuring people for the chart {name!r}") as bar:
            return Chart(name, kind.collect(level, **_chosen(name, kind, choices), progress=bar.told), theme)
    return Chart(name, kind.collect(level, **_chosen(name, kind, choices)), theme)


def _chosen(name: str, kind: Kind, choices: Mapping[str, object]) -> Mapping[str, object]:
    """Refuse what this kind of chart cannot be asked for."""
    known = [choice for choice in kind.choices if choice != "progress"]
    unknown = [choice for choice in choices if choice not in known]
    if unknown:
        may = f"choose from {', '.join(known)}" if known else "it takes none"
        raise InvalidInput(f"The chart {name!r} has no choice {unknown[0]!r}; {may}.")
    return choices


def describe_chart(name: str, level: object = None) -> str:
    """Say a chart in words; see `chart`.

    Raises
    ------
    InvalidInput
        If name or level is unknown.
    """
    return chart(name, level, progress=False).describe()
