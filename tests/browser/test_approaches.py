"""The comparison of approaches in JupyterLab: tables and charts that axe passes, in every theme, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, theme, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.harness import Lab

pytestmark = pytest.mark.thorough

CELLS = [
    "import foramlib as fl",
    'fl.approaches("found", "C5/6")',
    'fl.approaches("claimed")',
    'fl.approaches("disputed", theme="projector")',
    'fl.chart("approaches")',
    'fl.chart("facet-share", shares=(0.5,))',
]
PHONE = 390


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (PHONE, False)])
def test_tables_and_charts_are_open_to_everyone(browser: Browser, lab: Lab, width: int, *, dark: bool) -> None:
    with watched(browser, lab, width=width) as app:
        app.open(lab.write(f"approaches-{width}-{dark}.ipynb", CELLS))
        theme(app, dark=dark)
        app.run_all(settle_ms=800)
        assert axe(app) == []
        tables = app.page.locator(".jp-OutputArea-output table")
        assert tables.count() == 3
        wide = [table.evaluate("t => t.scrollWidth > t.parentElement.clientWidth + 1") for table in tables.all()]
        assert wide == [False] * 3
        assert app.outside() == []
        assert app.complaint() == ""
