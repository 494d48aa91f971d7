"""A chart as inline SVG: words stay words, colours follow the theme of the page, names clash with nothing."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Any

from foramlib.figures.charts.sheet import COLOURS, colour_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FONTS", "inline_svg", "plain_svg", "theme_rules"]

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# Words as text, not as outlines; the salt makes the same chart the same file.
_RC: dict[str, Any] = {"svg.fonttype": "none", "svg.hashsalt": "foramlib"}


def plain_svg(figure: Figure) -> str:
    """Write a figure as an SVG element that can stand in a page or alone in a file."""
    import matplotlib as mpl  # noqa: PLC0415 - heavy, and only a drawing needs it

    page = StringIO()
    with mpl.rc_context(_RC):  # type: ignore[arg-type,unused-ignore]
        figure.savefig(page, format="svg", metadata={"Date": None})
    text = re.sub(r"<metadata>.*?</metadata>", "", page.getvalue(), flags=re.DOTALL)
    text = _slim(text[text.index("<svg") :])
    # Points become pixels: letters of 14 points are 14 pixels where the drawing has its natural width.
    text = re.sub(r'(?<=<svg )(.*?)height="[\d.]+pt"', r"\1", text, count=1, flags=re.DOTALL)
    return re.sub(r'width="[\d.]+pt"', "", text, count=1)


def _slim(text: str) -> str:
    """Leave out what a page does not need: comments, names of groups, a style for the whole page, far decimals."""
    text = re.sub(r"<!--.*?-->|<defs>\s*<style.*?</style>\s*</defs>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    text = re.sub(r"(\d\.\d{2})\d+", r"\1", text)
    text = re.sub(r"\s*\n\s*", "\n", text)
    return text.replace("<svg ", '<svg style="stroke-linejoin:round;stroke-linecap:butt" ', 1)


def inline_svg(figure: Figure, prefix: str, words: str) -> str:
    """Write a figure, drawn in the light theme, as SVG whose colours are CSS variables.

    Parameters
    ----------
    figure
        Drawn with `Look(theme="light")`.
    prefix
        Opens every id, so that two charts on a page do not clash.
    words
        What the picture shows, for those who do not see it.
    """
    text = re.sub(r'(?<=\bid=")|(?<=xlink:href="#)|(?<=url\(#)', f"{prefix}-", plain_svg(figure))
    for name in COLOURS:
        colour = colour_of(name)
        text = re.sub(rf"{colour}\b", f"var(--fl-{name}, {colour})", text)
    # Some versions of matplotlib write `font`, some `font-family`; both name the font it measured with.
    text = re.sub(r"(font-family: |font: [^;\"]*?px )'[^;\"]*", rf"\1{FONTS}", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{_attribute(words)}" ', 1)


def _attribute(words: str) -> str:
    plain = words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("\n", " ")


def theme_rules(theme: str) -> str:
    """List the CSS variables of the charts' colours in a theme."""
    return "".join(f"--fl-{name}:{colour_of(name, theme)};" for name in COLOURS)
