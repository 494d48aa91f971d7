"""Planner and score in JupyterLab: keyboard only, read aloud, on a phone, and saved without leaving the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, tab_stops, watched

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.harness import Lab, Sheet

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

PLANNER = "import foramlib as fl\napp = fl.planner('helen-osei')\napp"
SCORE = "import foramlib as fl\napp = fl.score('NDI')\napp"


def sentence(sheet: Sheet, name: str) -> str:
    return sheet.page.locator(f".fl-{name}-sentence").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_planner_by_keyboard(browser: Browser, lab: Lab, width: int, tmp_path: Path) -> None:
    with watched(browser, lab, width=width) as sheet:
        sheet.open(lab.write(f"planner{width}.ipynb", [PLANNER]))
        sheet.run_all(settle_ms=800)
        assert axe(sheet) == []
        rows = int(kernel_value(sheet, "len(app.plan.steps)"))
        assert sheet.page.locator(".fl-p-table tbody tr").count() == rows
        stops = " ".join(tab_stops(sheet, ".foramlib-app button"))
        assert stops
        day = sheet.page.get_by_label("Day of the operation")
        day.focus()
        # Whatever the order of its fields, one step of the first field moves the day.
        day.press("ArrowUp")
        sheet.page.wait_for_timeout(300)
        assert "Every date is" in sentence(sheet, "p")
        approach = sheet.page.get_by_label("Approach")
        approach.focus()
        approach.press("e")
        sheet.page.wait_for_timeout(300)
        assert kernel_value(sheet, "app.plan.request.approach").strip("'") == "endoscopic"
        low = sheet.page.get_by_label("Low back")
        sheet.page.get_by_label("Neck", exact=True).focus()
        sheet.page.keyboard.press("ArrowRight")
        sheet.page.wait_for_timeout(300)
        assert low.is_checked()
        assert "No longer asked: Soft collar" in sentence(sheet, "p")
        first = sheet.page.locator(".fl-p-table summary").first
        first.focus()
        first.press("Enter")
        assert sheet.page.locator(".fl-p-table details[open] li").count() >= 1
        assert axe(sheet) == []
        with sheet.page.expect_download() as waiting:
            sheet.page.get_by_role("button", name="Save as calendar").press("Enter")
        kept = tmp_path / "plan.ics"
        waiting.value.save_as(kept)
        assert kept.read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")
        fits = (
            "() => [...document.querySelectorAll('.fl-planner')].every((one) => one.scrollWidth <= one.clientWidth + 1)"
        )
        assert sheet.page.evaluate(fits)
        assert sheet.outside() == []
        assert not sheet.complaint()


def test_the_score_by_keyboard(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab) as sheet:
        sheet.open(lab.write("score.ipynb", [SCORE]))
        sheet.run_all(settle_ms=800)
        assert axe(sheet) == []
        lifting = sheet.page.get_by_label("3. Lifting")
        lifting.focus()
        lifting.press("5")
        sheet.page.wait_for_timeout(300)
        assert kernel_value(sheet, "app.answers[2]") == "5"
        assert "of 100 points" in sentence(sheet, "s")
        for name in ("4. Reading", "5. Headache"):
            control = sheet.page.get_by_label(name)
            control.focus()
            control.press("n")
            sheet.page.wait_for_timeout(300)
        assert "one may be" in sheet.page.locator(".fl-score .fl-alert").inner_text()
        assert kernel_value(sheet, "app.now.answered") == "9"
        sheet.page.get_by_role("button", name="Reset to the example").press("Enter")
        sheet.page.wait_for_timeout(300)
        assert kernel_value(sheet, "app.now.of_50") == "15.0"
        assert axe(sheet) == []
        assert sheet.outside() == []
        assert not sheet.complaint()
