"""The causes in JupyterLab: predict, release and grow by keyboard alone; axe, a phone, both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, labels, overlaps, tab_stops, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.harness import Lab, Sheet

pytestmark = pytest.mark.thorough

CELL = "import foramlib as fl\napp = fl.causes('L4/5', plane='axial-disc')\napp"


@pytest.fixture(scope="module")
def app(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab, height=1400) as made:
        made.open(lab.write("causes.ipynb", [CELL]))
        made.run_all(settle_ms=1000)
        yield made


def control(sheet: Sheet, name: str) -> Locator:
    return sheet.page.get_by_label(name, exact=False).locator("visible=true").first


def choose(sheet: Sheet, name: str, letters: str) -> None:
    """Choose in a list as a keyboard does: focus it, type the first letters."""
    control(sheet, name).focus()
    sheet.page.keyboard.type(letters)
    sheet.page.keyboard.press("Enter")
    sheet.page.wait_for_timeout(700)


def sentence(sheet: Sheet) -> str:
    sheet.page.wait_for_timeout(500)
    return sheet.page.locator(".fl-sentence").first.inner_text()


def test_predict_release_and_grow_by_keyboard_alone(app: Sheet) -> None:
    choose(app, "What narrows it", "Front: disc h")
    assert kernel_value(app, "app.now.cause.lesion") == "herniation"
    choose(app, "Zone or type", "Sub")
    assert control(app, "Amount").is_disabled()
    choose(app, "which root will it touch", "L5")
    choose(app, "And the room about the root", "It falls by a")
    app.page.get_by_role("button", name="Commit").focus()
    app.page.keyboard.press("Enter")
    assert sentence(app).startswith("Which root: right. Room: right.")
    slider = control(app, "Amount")
    assert slider.is_enabled()
    slider.focus()
    for _ in range(3):
        app.page.keyboard.press("PageUp")
    said = sentence(app)
    amount = float(kernel_value(app, "app.now.cause.mm"))
    assert amount > 0
    assert f"Amount {amount:.1f} mm: room about L4 80 %" in said
    assert "→" in said
    assert "Disc herniation" in " ".join(labels(app)).replace("\n", " ").replace("Left disc", "Disc")
    # Lengths in the kernel and in the slider's own words agree.
    assert str(slider.get_attribute("aria-valuetext")).replace("\N{NO-BREAK SPACE}", " ") == f"{amount:.1f} mm"


def test_every_control_is_named_and_reached(app: Sheet) -> None:
    stops = tab_stops(app, ".foramlib-app select", most=60)
    for name in ("Preset", "Reset", "Level", "What narrows it", "Amount", "Flexion", "Colours"):
        assert any(name in stop for stop in stops), (name, stops)
    assert all(stops)


def test_nothing_breaks_a_rule_and_no_words_overlap(app: Sheet) -> None:
    for dark in (True, False):
        theme(app, dark=dark)
        app.page.wait_for_timeout(300)
        assert axe(app) == []
    assert overlaps(labels(app)) == []


def test_two_states_and_the_chart_stand_beneath(app: Sheet) -> None:
    for name in ("The healthy state beneath it", "Room against amount"):
        control(app, name).focus()
        app.page.keyboard.press("Space")
        app.page.wait_for_timeout(900)
    assert app.page.locator(".fl-view").count() == 2
    assert app.page.locator(".fl-chart svg").first.get_attribute("aria-label")
    assert axe(app) == []


def test_it_fits_a_phone(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, width=390, height=900) as phone:
        phone.open(lab.write("phone.ipynb", ["import foramlib as fl\nfl.causes(preset='foraminal-stenosis')"]))
        phone.run_all(settle_ms=1000)
        wide = phone.page.locator(".foramlib-app").first.evaluate("(one) => [one.scrollWidth, one.clientWidth]")
        assert wide[0] <= wide[1] + 1
        assert axe(phone) == []
