"""Scripts and style sheets keep to themselves: no address, no colour, no anatomy, no thread."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files

import pytest

from foramlib.apps.assets import script, style
from foramlib.apps.section_view import SectionView
from foramlib.figures import palette

STATIC = files("foramlib.apps").joinpath("static")
NAMES = sorted(file.name for file in STATIC.iterdir() if file.name.endswith((".js", ".css")))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_asks_the_network(name: str) -> None:
    text = STATIC.joinpath(name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]+\.|\bfetch\(|XMLHttpRequest|WebSocket|@import|import\(", text)


@pytest.mark.parametrize("name", NAMES)
def test_colours_come_from_the_palette(name: str) -> None:
    text = STATIC.joinpath(name).read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![-\w])|\brgba?\(|\bhsla?\(", text)


@pytest.mark.parametrize("tissue", [name for name in palette.TISSUES if name not in {"joint", "fat"}])
def test_the_view_knows_no_anatomy(tissue: str) -> None:
    assert not re.search(rf"\b{tissue}\b", script("theme.js", "labels.js", "readings.js", "save.js", "section_view.js"))


def test_every_style_sheet_starts_with_the_palette() -> None:
    assert style("theme.css").startswith(palette.css())


def test_textures_come_from_the_palette() -> None:
    assert SectionView._esm.startswith('const TEXTURES = {"fat": "stipple", "ghost": "hatch"};')


def test_widgets_start_no_thread() -> None:
    code = (
        "import os; os.environ['ANYWIDGET_HMR'] = '1'\n"
        "import threading\n"
        "from foramlib.apps.controls import Slider\nfrom foramlib.apps.section_view import SectionView\n"
        "Slider(label='x'); SectionView(); print(threading.active_count())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "1"
