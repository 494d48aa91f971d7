"""Compare in JupyterLab: two pictures at one scale, the table, the keyboard, a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.harness import Lab

CELL = "import foramlib as fl\napp = fl.compare('C5/6', {'level': 'C5/6', 'preset': 'flexed'})\napp"


@pytest.mark.parametrize("width", [1280, 390])
def test_compare_is_seen_reached_and_clean(browser: Browser, lab: Lab, width: int) -> None:
    with watched(browser, lab, width=width) as sheet:
        sheet.open(lab.write(f"compare{width}.ipynb", [CELL]))
        sheet.run_all(settle_ms=800)
        sizes = sheet.page.locator(".fl-svg .fl-plate").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().width)"
        )
        assert len(sizes) == 2
        assert sizes[0] == pytest.approx(sizes[1], abs=1)
        lefts = sheet.page.locator(".fl-svg").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().left)"
        )
        assert (abs(lefts[0] - lefts[1]) < 3) == (width == 390)
        assert sheet.page.locator(".fl-compare tbody tr").count() == 7
        assert axe(sheet) == []
        flexion = sheet.page.get_by_label("Flexion, second")
        flexion.focus()
        flexion.press("Home")
        sheet.page.wait_for_timeout(300)
        assert float(kernel_value(sheet, "app.state['right']['flexion']")) < 0
        assert "in extension" in sheet.page.locator(".fl-c-sentence").inner_text()
