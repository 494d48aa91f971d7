"""The body map in JupyterLab: by keyboard alone, by touch on a phone, in every theme, clean for a screen reader."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, theme, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.harness import Lab, Sheet

CELLS = ["import foramlib as fl", "app = fl.body_map(); app", "drill = fl.practice('localise', seed=7); drill"]
FOCUSED = "document.activeElement.getAttribute('aria-label')"
INSIDE = ".fl-b >> nth=0"


def marked(sheet: Sheet) -> list[str]:
    sheet.page.wait_for_timeout(250)
    found: list[str] = json.loads(kernel_value(sheet, "__import__('json').dumps(app.selected)").strip("'"))
    return found


def focused(sheet: Sheet) -> str:
    words: str = sheet.page.evaluate(FOCUSED)
    return words


def opened(sheet: Sheet, lab: Lab, name: str, cells: list[str]) -> None:
    sheet.open(lab.write(name, cells))
    sheet.run_all(settle_ms=900)


def tap(sheet: Sheet, name: str) -> None:
    """Tap the middle of a region that is in view."""
    area = sheet.page.locator(f".fl-b-panel:not([hidden]) [data-id='{name}'] .fl-b-skin").first
    area.scroll_into_view_if_needed()
    spot = area.evaluate(
        """(node) => { const box = node.getBBox(), svg = node.ownerSVGElement, dot = svg.createSVGPoint();
          for (let i = 1; i < 20; i++) for (let j = 1; j < 20; j++) {
            dot.x = box.x + (box.width * i) / 20; dot.y = box.y + (box.height * j) / 20;
            if (node.isPointInFill(dot)) { const at = dot.matrixTransform(node.getScreenCTM()); return [at.x, at.y]; }
          } }"""
    )
    sheet.page.touchscreen.tap(*spot)


@pytest.mark.thorough
def test_everything_by_keyboard(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, height=1100) as sheet:
        opened(sheet, lab, "body.ipynb", CELLS[:2])
        keys = sheet.page.keyboard
        tab = sheet.page.get_by_role("tab", name="Front")
        tab.focus()
        # From the tabs into the figure, along the arm to the hand, and into its own view.
        keys.press("Tab")
        assert "half of the" in focused(sheet)
        keys.press("ArrowDown")
        keys.press("Space")
        assert len(marked(sheet)) == 1
        assert sheet.page.evaluate("document.activeElement.getAttribute('aria-checked')") == "true"
        said = sheet.page.locator(f"{INSIDE} >> .fl-unseen")
        assert "marked. 1 in all." in said.inner_text()
        keys.press("Enter")
        assert marked(sheet) == []
        assert "not marked" in said.inner_text()
        sheet.page.locator("[data-id='hand.left']").first.focus()
        keys.press("Enter")
        assert sheet.page.get_by_role("tab", name="Hands").get_attribute("aria-selected") == "true"
        assert focused(sheet).lower().count("left") == 1
        keys.press("Space")
        assert len(marked(sheet)) == 1
        # The other views by their tabs.
        sheet.page.get_by_role("tab", name="Hands").focus()
        keys.press("ArrowRight")
        keys.press("Tab")
        keys.press("End")
        keys.press("Space")
        assert len(marked(sheet)) == 2
        assert axe(sheet) == []
        sheet.page.get_by_role("button", name="Clear all marks").focus()
        keys.press("Enter")
        assert marked(sheet) == []
        assert sheet.page.get_by_role("tab", name="Feet").evaluate("(node) => node === document.activeElement")


@pytest.mark.thorough
def test_by_touch_on_a_phone_in_the_dark(browser: Browser, lab: Lab) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=False)
    from tests.browser.harness import Sheet  # noqa: PLC0415 - a page of its own, with touch

    sheet = Sheet(context.new_page(), lab)
    try:
        opened(sheet, lab, "touch.ipynb", CELLS[:2])
        theme(sheet, dark=True)
        # JupyterLab covers the page while it changes its theme.
        sheet.page.locator("#jupyterlab-splash").wait_for(state="detached")
        tap(sheet, "chest.left")
        assert marked(sheet) == ["chest.left"]
        sheet.page.get_by_role("tab", name="Hands").tap()
        tap(sheet, "ring_ulnar_palmar.left")
        tap(sheet, "little_dorsal.left")
        assert marked(sheet) == ["chest.left", "ring_ulnar_palmar.left", "little_dorsal.left"]
        tap(sheet, "little_dorsal.left")
        assert len(marked(sheet)) == 2
        wide = sheet.page.locator(".fl-b").first.evaluate("(node) => node.scrollWidth - node.clientWidth")
        assert wide <= 0
        assert axe(sheet) == []
        assert sheet.complaint() == ""
        assert sheet.outside() == []
    finally:
        context.close()


@pytest.mark.thorough
def test_a_case_is_answered_by_keyboard(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, height=1200) as sheet:
        opened(sheet, lab, "cases.ipynb", [CELLS[0], CELLS[2]])
        keys = sheet.page.keyboard
        sheet.page.locator(".fl-question input").first.focus()
        keys.press("Space")
        for key in ("Tab", "Enter"):
            keys.press(key)
        sheet.page.locator(".fl-q-verdict").wait_for()
        assert sheet.page.locator(".fl-q-reason").inner_text()
        assert axe(sheet) == []
        # The drawing can be read, not changed.
        area = sheet.page.locator(".fl-b-area[tabindex='0']").first
        assert area.get_attribute("role") == "img"
        before = kernel_value(sheet, "drill.body.selected")
        area.focus()
        keys.press("Enter")
        assert kernel_value(sheet, "drill.body.selected") == before
        sheet.page.get_by_role("button", name="Next case").focus()
        keys.press("Enter")
        sheet.page.locator(".fl-q-verdict").wait_for(state="detached")
