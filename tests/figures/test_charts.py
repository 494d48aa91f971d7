"""Charts: picture and words agree, every published number has a source, nothing is fetched or left behind."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import foramlib as fl
from foramlib.apps.chart import Chart, chart, describe_chart
from foramlib.errors import InvalidInput
from foramlib.evidence import check_sources, cite, facts, look_up, morphometry
from foramlib.figures.charts import published
from foramlib.figures.charts.catalogue import CHARTS
from foramlib.figures.charts.disc_height import DiscHeightCurve, describe_disc_height
from foramlib.figures.charts.posture import PostureCurve, describe_posture
from foramlib.figures.charts.sheet import COLOURS, LAYOUTS, Look, colour_of
from foramlib.figures.charts.sizes import SizeComparison, describe_sizes
from foramlib.figures.charts.sizes_picture import compose_sizes
from foramlib.figures.palette import THEMES
from foramlib.spine.foramen import measure
from foramlib.spine.segment import Segment
from foramlib.spine.validation import model_value

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

NAMES = tuple(CHARTS)
# A thorough test in `test_level_charts.py` takes every level.
NECK_ONLY = {"facet-share", "sagittal-against-oblique"}
EVERY = [(name, level) for name in NAMES for level in (None, "L4/5") if level is None or name not in NECK_ONLY]


def few(name: str) -> dict[str, Any]:
    """Keep people and operations few, so that tests are quick."""
    kept: dict[str, dict[str, Any]] = {"people": {"people": 30}, "facet-share": {"shares": (0.5,)}}
    return kept.get(name, {})


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, str | None], Chart]:
    return {(name, level): chart(name, level, **few(name)) for name, level in EVERY}


@pytest.mark.parametrize(("name", "level"), EVERY)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_chart_draws_without_a_warning(
    made: dict[tuple[str, str | None], Chart], name: str, level: str | None, layout: str
) -> None:
    shown = made[name, level]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for theme in THEMES:
            figure = shown.kind.draw(shown.numbers, Look(theme, layout))
    assert figure.axes


@pytest.mark.parametrize(("name", "level"), EVERY)
def test_no_words_leave_the_sheet_or_lie_on_each_other(
    made: dict[tuple[str, str | None], Chart], name: str, level: str | None
) -> None:
    for layout in LAYOUTS:
        figure = made[name, level].kind.draw(made[name, level].numbers, Look("light", layout))
        boxes = [(words, box) for words, box in _words_of(figure) if words.strip()]
        for words, (left, low, right, high) in boxes:
            assert left >= 0, words
            assert low >= 0, words
            assert right <= figure.bbox.width + 1, words
            assert high <= figure.bbox.height, words
        assert not list(_clashes(boxes)), layout


def _words_of(figure: Figure) -> list[tuple[str, tuple[float, float, float, float]]]:
    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return [(text.get_text(), text.get_window_extent().extents) for text in found if text.get_text()]


def _clashes(boxes: list[tuple[str, tuple[float, float, float, float]]]) -> list[tuple[str, str]]:
    """Give pairs of words that share more than a hair's breadth; text boxes have air above and below."""
    return [
        (one, other)
        for number, (one, a) in enumerate(boxes)
        for other, b in boxes[:number]
        if min(a[2], b[2]) - max(a[0], b[0]) > 2 and min(a[3], b[3]) - max(a[1], b[1]) > 6
    ]


@pytest.mark.parametrize(("name", "level"), EVERY)
def test_every_number_has_a_source_that_is_complete_or_says_that_it_is_not(
    made: dict[tuple[str, str | None], Chart], name: str, level: str | None
) -> None:
    shown = made[name, level]
    assert check_sources(shown.numbers.ids) == []
    page = shown.html()
    for citation in shown.citations:
        assert citation.state != "teaching"
        assert escape(citation.text) in page
        if citation.url.startswith("https://"):
            assert f'href="{citation.url}"' in page


def test_every_drawn_size_comes_from_a_citable_row_of_the_same_source() -> None:
    for panel in SizeComparison.of().panels:
        for value in panel.published:
            row = look_up(value.row)
            keys = (row.source_key,) if isinstance(row.source_key, str) else row.source_key
            assert facts()[value.id].source_key in keys
            assert cite(value.row).state == value.citation.state


def test_sizes_are_the_numbers_of_the_tables() -> None:
    height, width, soft = SizeComparison.of("C5/6").panels
    table = {row.level: row.mean for row in morphometry().values() if row.id.startswith("M:R-02")}
    assert [value.mean for value in height.by_level] == [table[value.level] for value in height.by_level[:6]]
    assert [value.figures for value in width.by_level][3] == "6.11"
    assert [value.figures for value in soft.by_level][3] == "3.15 ± 1.33"
    assert [value.level for value in soft.by_level] == ["C2/3", "C3/4", "C4/5", "C5/6", "C6/7", "C7/T1"]
    # The same values as the sentences that lessons cite.
    for panel, fact in ((height, "A:M-01"), (width, "A:M-02"), (soft, "A:M-03")):
        said = facts()[fact].value.replace("+/-", "±")
        assert all(f"{value.level} {value.figures}" in said for value in panel.by_level)


def test_lumbar_sizes_are_the_numbers_of_the_facts() -> None:
    found = {value.id: value for what in ("height", "width", "area") for value in published.lumbar_sizes(what)}
    assert set(found) == {"A:M-18", "A:M-19", "A:M-26b", "A:M-25", "A:M-21", "A:M-21b"}
    for value in found.values():
        for number in (value.mean, value.sd, value.low, value.high):
            assert number is None or f"{number:g}" in facts()[value.id].value


def test_the_two_rulers_never_share_a_panel() -> None:
    for panel in SizeComparison.of().panels:
        soft = {value.id == "A:M-03" for value in panel.published}
        assert soft == {panel.ruler == "soft"}
        assert ("soft" in panel.title) == (panel.ruler == "soft")


def test_words_of_sizes_are_the_drawn_numbers() -> None:
    numbers = SizeComparison.of("L4/5")
    words = describe_sizes(numbers)
    for panel in numbers.panels:
        assert f"model {panel.modelled()} {panel.unit}" in words
        for value in panel.published:
            assert f"{value.figures} {value.unit}" in words
    drawn = {words for words, _ in _words_of(compose_sizes(numbers, Look()))}
    assert {value.figures for panel in numbers.panels for value in panel.published} <= drawn
    assert {panel.modelled() for panel in numbers.panels} <= drawn


def test_words_follow_the_numbers() -> None:
    numbers = SizeComparison.of("L4/5")
    first = numbers.groups[0][0]
    other = replace(first, model=replace(first.model, typical=12.3))
    words = describe_sizes(replace(numbers, groups=((other, *numbers.groups[0][1:]),)))
    assert "model 12.3 mm" in words


def test_the_model_in_a_chart_is_the_model() -> None:
    found = measure(Segment.at("C5/6")).bony
    assert found is not None
    numbers = PostureCurve.of("C5/6")
    assert [curve.neutral for curve in numbers.curves] == [found.area_mm2, found.height_mm, found.width_mm]
    assert numbers.curves[0].percent[numbers.flexion.index(0.0)] == 0
    assert DiscHeightCurve.of("C5/6").start == found.area_mm2
    assert SizeComparison.of("C5/6").panels[0].model.typical == found.height_mm


def test_charts_measure_as_the_validation_does() -> None:
    measures = ("bony.height_mm", "bony.width_mm", "soft_axial_width")
    for name, panel in zip(measures, SizeComparison.of("C5/6").panels, strict=True):
        assert model_value("C5/6", name) == panel.model.typical


def test_published_changes_with_posture() -> None:
    known = {(one.quantity, one.posture): one.percent for one in published.changes("cervical")}
    assert known["area", "flexion"] == 28
    assert known["area", "extension"] == -17
    assert known["height", "flexion"] == 11
    assert known["width", "extension"] == -22
    assert all(one.percent is None for one in published.changes("lumbar"))
    assert {(one.posture, one.sign) for one in published.changes("lumbar")} == {("flexion", 1), ("extension", -1)}


def test_words_of_posture() -> None:
    numbers = PostureCurve.of()
    words = describe_posture(numbers)
    assert numbers.level == "C5/6"
    assert f"{round(abs(numbers.curves[0].percent[-1]))} % in full flexion" in words
    assert "published +28 % in flexion, −17 % in extension" in words
    assert "means over C3/4 to C6/7" in words
    assert "by greatest width" in words
    low_back = describe_posture(PostureCurve.of("L4/5"))
    assert "published larger in flexion, smaller in extension" in low_back
    assert "as quoted by another text" in low_back


def test_the_message_about_posture_is_only_said_when_it_is_so() -> None:
    numbers = PostureCurve.of("C5/6")
    still = replace(numbers, curves=tuple(replace(curve, percent=(0.0, 0.0)) for curve in numbers.curves))
    assert "opens" not in still.message


def test_words_of_disc_height() -> None:
    words = describe_disc_height(DiscHeightCurve.of("C5/6"))
    assert "−20 to −30 % at 1 mm, −30 to −40 % at 2 mm, −35 to −45 % at 3 mm" in words
    assert "found no link" in words
    assert "only a weak link" in describe_disc_height(DiscHeightCurve.of("L4/5"))


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_read_aloud_and_fetches_nothing(made: dict[tuple[str, str | None], Chart], name: str) -> None:
    page = made[name, None].html()
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) == len(LAYOUTS)
    for picture in pictures:
        root = ET.fromstring(picture)  # noqa: S314 - our own text
        assert root.get("role") == "img"
        assert root.get("aria-label") == made[name, None].describe().replace("\n", " ")
        assert list(root.itertext()), "words stay words"
    assert "<script" not in page
    assert "@import" not in page
    assert not re.search(r"<(?:image|img|link)\b|url\((?!#)", page)


def test_colours_follow_the_theme_and_no_colour_is_left_behind(made: dict[tuple[str, str | None], Chart]) -> None:
    for name in NAMES:
        for picture in re.findall(r"<svg.*?</svg>", made[name, None].html(), re.DOTALL):
            bare = re.sub(r"var\(--fl-[a-z-]+, #[0-9a-f]{6}\)", "", picture)
            assert not re.findall(r"(?:fill|stroke): #[0-9a-f]{3,6}", bare)
    for theme in THEMES:
        assert len({colour_of(name, theme) for name in COLOURS}) == len(COLOURS)


def test_names_do_not_clash_on_a_page(made: dict[tuple[str, str | None], Chart]) -> None:
    page = "".join(made[name, None].html() for name in NAMES) + made[NAMES[0], None].html()
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', page)) <= set(names)


def test_a_notebook_gets_page_and_words(made: dict[tuple[str, str | None], Chart]) -> None:
    shown = made["area-against-disc-height", None]
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == shown.describe() == describe_chart("area-against-disc-height")
    assert "<figure>" in bundle["text/html"]
    assert "<figcaption>" in bundle["text/html"]


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_chart_is_saved(made: dict[tuple[str, str | None], Chart], tmp_path: Path, ending: str) -> None:
    shown = made["area-against-disc-height", None]
    for layout in LAYOUTS:
        file = shown.save(tmp_path / f"{layout}.{ending}", layout)
        assert file.stat().st_size > 1000
    if ending == "svg":
        assert "Lu 2000 · 16 specimens" in (tmp_path / "wide.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        (("foramen",), "foramen-size, area-against-posture, area-against-disc-height"),
        ((None,), "foramen-size"),
        (("foramen-size", "C9/10"), "C5/6"),
        (("foramen-size", "C5/6", "sepia"), "auto, light, dark, projector"),
    ],
)
def test_what_is_unknown_is_refused_in_one_sentence(given: tuple[str, ...], allowed: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(allowed)) as caught:
        chart(*given)
    assert str(caught.value).count(".") == 1


def test_a_file_that_cannot_be_written_is_refused(made: dict[tuple[str, str | None], Chart], tmp_path: Path) -> None:
    shown = made["area-against-disc-height", None]
    with pytest.raises(InvalidInput, match=r"\.svg, \.png, \.pdf"):
        shown.save(tmp_path / "chart.docx")
    with pytest.raises(InvalidInput, match="cannot be written"):
        shown.save(tmp_path / "nowhere" / "chart.png")
    with pytest.raises(InvalidInput, match="wide, narrow"):
        shown.save(tmp_path / "chart.png", "poster")


def test_pyplot_is_never_loaded_and_settings_stay_as_they_were(tmp_path: Path) -> None:
    code = (
        "import sys, foramlib as fl; shown = fl.chart('area-against-disc-height'); shown.describe()\n"
        "assert 'matplotlib' not in sys.modules, 'words need no matplotlib'\n"
        # To look at the setting "backend" is what loads pyplot.
        "import matplotlib; names = set(matplotlib.rcParams) - {'backend'}\n"
        "settings = lambda: {name: matplotlib.rcParams[name] for name in names}; before = settings()\n"
        f"shown.html(); shown.save({str(tmp_path / 'a.png')!r})\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert settings() == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_name_leads_here() -> None:
    assert fl.chart is chart
    assert fl.describe("chart", "area-against-disc-height") == describe_chart("area-against-disc-height")
