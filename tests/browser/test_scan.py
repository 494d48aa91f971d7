"""The scan app in JupyterLab: one cursor in both pictures, by mouse and by keyboard alone; names, phone, themes."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.harness import axe, kernel_value, tab_stops, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.harness import Lab, Sheet

pytestmark = pytest.mark.thorough

CELL = "import foramlib as fl\napp = fl.scan('C5/6', sequence='T2', thickness=1)\napp"
STAGE = ".fl-s-stage"
# How far any pixel is from grey and from solid.
GREY = """(one) => {
  const all = one.getContext('2d').getImageData(0, 0, one.width, one.height).data;
  let most = 0;
  for (let i = 0; i < all.length; i += 4) {
    most = Math.max(most, Math.abs(all[i] - all[i + 1]), Math.abs(all[i] - all[i + 2]), 255 - all[i + 3]);
  }
  return most;
}"""


@pytest.fixture(scope="module")
def app(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("scan.ipynb", [CELL]))
        made.run_all(settle_ms=800)
        yield made


def cursor(sheet: Sheet) -> list[float]:
    sheet.page.wait_for_timeout(350)
    found: list[float] = json.loads(kernel_value(sheet, "list(app.view.cursor)").replace("'", '"'))
    return found


def status(sheet: Sheet) -> str:
    sheet.page.wait_for_timeout(250)
    return sheet.page.locator(".fl-scan .fl-status").inner_text()


def crosses(sheet: Sheet) -> list[Any]:
    found: list[Any] = sheet.page.locator(".fl-s-cross").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('d'))"
    )
    return found


def test_it_works_by_keyboard_alone(app: Sheet) -> None:
    stops = tab_stops(app, STAGE, most=40)
    assert stops[0].startswith("Linked cursor")
    assert any("Slice thickness" in stop for stop in stops)
    assert any("T2, fast spin echo" in stop for stop in stops)
    app.page.locator(STAGE).focus()
    app.page.keyboard.press("PageDown")
    assert status(app).startswith("Dorsal root ganglion of C6: dark on T2;")
    first = cursor(app)
    app.page.keyboard.press("ArrowRight")
    app.page.keyboard.press("Shift+ArrowUp")
    second = cursor(app)
    assert [second[0] - first[0], second[1] - first[1]] == pytest.approx([0.5, 2.0], abs=0.02)
    assert len(crosses(app)) == 2
    assert crosses(app)[0] == crosses(app)[1]
    app.page.keyboard.press("PageDown")
    assert not status(app).startswith("Dorsal root ganglion")
    app.page.keyboard.press("Escape")
    assert "use the keyboard" in status(app)
    assert crosses(app) == []


def test_the_cursor_says_the_grey_that_it_stands_on(app: Sheet) -> None:
    app.page.locator(STAGE).focus()
    app.page.keyboard.press("PageDown")
    said = status(app)
    row = "int((1 - (app.view.cursor[1] - b[1]) / b[3]) * app.view.size[0])"
    column = "int((app.view.cursor[0] - b[0]) / b[2] * app.view.size[1])"
    cursor(app)
    expected = kernel_value(
        app,
        f"(lambda b: round(100 * app.view.pixels[{row} * app.view.size[1] + {column}] / 255))(app.view.plan['box'])",
    )
    assert f"; {expected} % grey under the cursor" in said


def test_the_mouse_moves_one_cursor_in_both(app: Sheet) -> None:
    image, anatomy = (app.page.locator(f".fl-s-{name}") for name in ("image", "anatomy"))
    for pane in (image, anatomy):
        box = pane.bounding_box()
        assert box is not None
        app.page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.25 * box["height"])
        u, v = cursor(app)
        wide, high = json.loads(kernel_value(app, "[app.view.plan['box'][2], app.view.plan['box'][3]]"))
        assert [u, v] == pytest.approx([-wide / 4, high / 4], abs=0.15)
        assert crosses(app)[0] == crosses(app)[1]


def test_a_new_sequence_changes_pixels_words_and_tone(app: Sheet) -> None:
    before = app.page.locator(".fl-s-image canvas").evaluate("(one) => one.toDataURL()")
    app.page.locator(STAGE).focus()
    app.page.keyboard.press("Home")
    app.page.get_by_label("T1, spin echo").check()
    app.page.wait_for_timeout(600)
    assert app.page.locator(".fl-s-image canvas").evaluate("(one) => one.toDataURL()") != before
    assert "grey on T1" in status(app)
    assert "→" in app.page.locator(".fl-scan .fl-sentence").inner_text()
    assert "T1, spin echo" in str(app.page.locator(".fl-s-image").get_attribute("aria-label"))
    colours = app.page.locator(".fl-s-image canvas").evaluate(GREY)
    assert colours == 0


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_names_and_axe_in_every_theme(app: Sheet, look: str) -> None:
    theme(app, dark=look == "dark")
    app.run_code(f"app.controls['theme'].value = '{'projector' if look == 'projector' else 'auto'}'")
    app.run_code("app.controls['labels'].value = True; app.view.message = 'Too much.'")
    app.page.wait_for_timeout(400)
    assert 5 <= app.page.locator(".fl-s-name").count() <= 8
    boxes = app.page.locator(".fl-s-name").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map((box) => [box.top, box.bottom])"
    )
    boxes.sort()
    assert all(one[1] <= other[0] + 1 for one, other in pairwise(boxes))
    assert axe(app) == []
    least = app.page.evaluate(
        "() => Math.min(...[...document.querySelectorAll('.fl-scan *')].filter((node) => node.textContent.trim())"
        ".map((node) => parseFloat(getComputedStyle(node).fontSize)))"
    )
    assert least >= (22 if look == "projector" else 14)
    app.run_code("app.controls['labels'].value = False; app.view.message = ''; app.controls['theme'].value = 'auto'")
    theme(app, dark=False)


def test_a_phone_gets_one_column(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, width=390, height=844) as sheet:
        sheet.open(lab.write("scan390.ipynb", [CELL.replace("thickness=1", "thickness=1, labels=True")]))
        sheet.run_all(settle_ms=800)
        boxes = [sheet.page.locator(f".fl-s-{name}").bounding_box() for name in ("anatomy", "image")]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
        assert max(box["x"] + box["width"] for box in boxes if box) <= 390
        assert sheet.page.locator(".fl-s-pin").count() == 2 * sheet.page.locator(".fl-s-name").count()
        sheet.page.locator(".fl-s-image").tap(position={"x": 60, "y": 60})
        sheet.page.wait_for_timeout(300)
        assert len(crosses(sheet)) == 2
        assert axe(sheet) == []
