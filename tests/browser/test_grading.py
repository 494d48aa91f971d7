"""The oblique trap and the trainer of grades in JupyterLab: by keyboard alone, in both themes, and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, tab_stops, theme, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.harness import Lab, Sheet

pytestmark = pytest.mark.thorough

TRAP = "import foramlib as fl\napp = fl.oblique_trap('C5/6')\napp"
GRADE = "import foramlib as fl\napp = fl.grade_it('Kim 2015', seed=2)\napp"
SMALLEST = (
    "(root) => Math.min(...[...document.querySelectorAll(root + ' .fl *')].filter((node) => node.textContent.trim())"
    ".map((node) => parseFloat(getComputedStyle(node).fontSize)))"
)


def clean(sheet: Sheet, root: str) -> None:
    """Hold every theme to axe and to its least size of type."""
    for look, least in (("light", 14), ("dark", 14), ("projector", 22)):
        theme(sheet, dark=look == "dark")
        sheet.run_code(f"app.controls['theme'].value = '{'projector' if look == 'projector' else 'auto'}'")
        sheet.page.wait_for_timeout(400)
        assert axe(sheet) == [], look
        assert sheet.page.evaluate(SMALLEST, root) >= least
    theme(sheet, dark=False)
    sheet.run_code("app.controls['theme'].value = 'auto'")


def test_the_trap_by_keyboard_alone(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab) as sheet:
        sheet.open(lab.write("trap.ipynb", [TRAP]))
        sheet.run_all(settle_ms=800)
        page = sheet.page
        stops = tab_stops(sheet, ".foramlib-trap button", most=40)
        for words in ("Bony spur", "Linked cursor", "Commit", "Level"):
            assert any(words in stop for stop in stops), words
        slider = page.get_by_label("Plane, turned from the sagittal")
        assert slider.is_disabled()
        page.get_by_label("No guess yet").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        assert not slider.is_disabled()
        assert kernel_value(sheet, "app._guess").strip("'") == "worse"
        line = page.locator(".fl-t-line").get_attribute("d")
        slider.focus()
        for _ in range(38):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1200)
        assert float(kernel_value(sheet, "app.neck.angle")) == 38
        assert page.locator(".fl-t-line").get_attribute("d") != line
        assert "grade 1 straight, grade 2 square" in page.locator(".fl-t-verdict").inner_text()
        assert "film angle 52°" in str(page.locator(".fl-t-inset").get_attribute("aria-label"))
        assert "38°: grade 2" in str(page.locator(".fl-t-plot").get_attribute("aria-label"))
        assert page.locator(".fl-t-here").count() == 1
        clean(sheet, ".foramlib-trap")


def test_the_trainer_by_keyboard_alone(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab) as sheet:
        sheet.open(lab.write("grade.ipynb", [GRADE]))
        sheet.run_all(settle_ms=800)
        page = sheet.page
        assert not page.locator(".fl-s-anatomy").is_visible()
        alone = page.locator(".fl-s-image canvas").evaluate("(one) => one.toDataURL()")
        for number in range(2):
            page.locator(".fl-question input[type=radio]").first.focus()
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            page.wait_for_timeout(500)
            # The focus goes on at the verdict, and the anatomy stands beside the image.
            assert page.evaluate("document.activeElement.className") == "fl-q-verdict"
            assert page.locator(".fl-s-anatomy").is_visible()
            assert "Kim 2015: grade" in page.locator(".fl-q-reason").inner_text()
            if number == 0:
                clean(sheet, ".foramlib-grade")
                page.get_by_role("button", name="Next image").focus()
                page.keyboard.press("Enter")
                page.wait_for_timeout(1500)
                assert not page.locator(".fl-s-anatomy").is_visible()
        assert page.locator(".fl-s-image canvas").evaluate("(one) => one.toDataURL()") != alone
        assert kernel_value(sheet, "[one.given for one in app.rounds.done]") == "[1, 1]"


def test_both_fit_a_phone(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, width=390, height=844) as sheet:
        sheet.open(lab.write("phone.ipynb", [TRAP, GRADE.replace("app", "other")]))
        sheet.run_all(settle_ms=1000)
        widths = sheet.page.evaluate(
            "() => [...document.querySelectorAll('.foramlib-app *')].filter((n) => !n.closest('details'))"
            ".map((n) => n.getBoundingClientRect().right)"
        )
        assert max(widths) <= 390
        trap, grade = sheet.page.locator(".foramlib-trap"), sheet.page.locator(".foramlib-grade")
        tops = [trap.locator(name).first.bounding_box() for name in (".fl-s-stage", ".fl-slider", ".fl-t-inset")]
        assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
        grade.get_by_text("width half of the root width or less").tap()
        grade.get_by_role("button", name="Check my grade").tap()
        sheet.page.wait_for_timeout(600)
        assert grade.locator(".fl-q-verdict").is_visible()
        assert axe(sheet) == []
