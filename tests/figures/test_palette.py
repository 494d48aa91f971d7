"""One colour per tissue, told apart by every eye."""

from __future__ import annotations

import subprocess
import sys

import pytest

from foramlib.errors import InvalidInput
from foramlib.figures import palette


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("pair", palette.neighbours(), ids=" ".join)
def test_neighbours_are_told_apart_in_every_vision(pair: tuple[str, str], theme: str) -> None:
    means = palette.set_apart(*pair, theme)
    allowed = {"colour", "texture", "outline"} if pair in palette.HARD_PAIRS else {"colour"}
    assert means in allowed


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("tissue", [tissue for tissue in palette.TISSUES if tissue not in {"lesion", "ghost"}])
def test_the_lesion_stands_out_from_every_tissue(tissue: str, theme: str) -> None:
    colours = palette.fill("lesion", theme), palette.fill(tissue, theme)
    assert palette.least_distance(*colours) >= palette.ENOUGH


@pytest.mark.parametrize("theme", palette.THEMES)
def test_magenta_is_used_for_nothing_but_the_lesion(theme: str) -> None:
    def is_magenta(colour: str) -> bool:
        red, green, blue = palette.linear(colour)
        return green < 0.25 * min(red, blue) and red > 0.3

    found = [tissue for tissue in palette.TISSUES if is_magenta(palette.fill(tissue, theme))]
    found += [name for name in palette.ROLES if is_magenta(palette.role(name, theme))]
    assert set(found) <= {"lesion"}


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("tissue", palette.TISSUES)
def test_an_outline_is_a_darker_shade_of_its_fill(tissue: str, theme: str) -> None:
    fill, line = palette.lab(palette.fill(tissue, theme)), palette.lab(palette.outline(tissue, theme))
    assert line[0] < fill[0] - 10
    assert palette.distance(palette.fill(tissue, theme), palette.outline(tissue, theme)) >= palette.ENOUGH


@pytest.mark.parametrize("theme", palette.THEMES)
def test_words_and_controls_have_enough_contrast(theme: str) -> None:
    ground = palette.role("ground", theme)
    assert palette.contrast(palette.role("ink", theme), ground) >= 7
    for name in ("muted", "accent", "alert"):
        assert palette.contrast(palette.role(name, theme), ground) >= 4.5
    for name in ("ring", "track", "leader"):
        assert palette.contrast(palette.role(name, theme), ground) >= 3
    assert palette.contrast(palette.role("alert", theme), palette.role("alert-ground", theme)) >= 4.5
    assert palette.contrast(palette.role("on-accent", theme), palette.role("accent", theme)) >= 4.5
    assert palette.contrast(palette.role("ink", theme), palette.role("quiet", theme)) >= 7


@pytest.mark.parametrize("theme", palette.THEMES)
def test_the_boundary_is_the_brightest_line(theme: str) -> None:
    boundary = palette.lab(palette.role("boundary", theme))[0]
    lines = [palette.outline(tissue, theme) for tissue in palette.TISSUES]
    assert boundary > max(palette.lab(line)[0] for line in lines) + 30
    assert palette.contrast(palette.role("boundary", theme), palette.role("casing", theme)) >= 15


def test_lab_agrees_with_known_values() -> None:
    # sRGB red and white under D65, as tabulated in any colour text.
    assert palette.lab("#ff0000") == pytest.approx((53.24, 80.09, 67.20), abs=0.05)
    assert palette.lab("#ffffff") == pytest.approx((100, 0, 0), abs=0.02)
    assert palette.lab("#000000") == pytest.approx((0, 0, 0), abs=1e-6)


@pytest.mark.parametrize("vision", palette.VISIONS)
@pytest.mark.parametrize("grey", ["#000000", "#7f7f7f", "#ffffff"])
def test_grey_stays_grey_in_every_vision(grey: str, vision: str) -> None:
    assert palette.distance(grey, palette.simulate(grey, vision)) < 1


def test_red_and_green_come_closer_without_long_or_middle_cones() -> None:
    red, green = "#c04040", "#508030"
    for vision in ("protanopia", "deuteranopia"):
        assert palette.distance(red, green, vision) < 0.6 * palette.distance(red, green)


def test_the_style_sheet_carries_every_colour_of_every_theme() -> None:
    sheet = palette.css()
    for theme in palette.THEMES:
        assert f'[data-fl-theme="{theme}"]' in sheet
        for name, value in palette.css_variables(theme).items():
            assert f"{name}:{value};" in sheet


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: palette.fill("spleen"), "Tissue 'spleen' is unknown"),
        (lambda: palette.fill("bone", "sepia"), "Theme 'sepia' is unknown"),
        (lambda: palette.role("edge"), "Role 'edge' is unknown"),
        (lambda: palette.simulate("#000000", "x-ray"), "Vision 'x-ray' is unknown"),
        (lambda: palette.lab("red"), "Colour 'red' is not of the form"),
    ],
)
def test_what_is_unknown_is_refused_in_one_sentence(call: object, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        call()  # type: ignore[operator]


def test_the_palette_needs_no_matplotlib() -> None:
    code = "import sys, foramlib.figures.palette; print('matplotlib' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
