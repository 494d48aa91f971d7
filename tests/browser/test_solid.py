"""The 3D view in a real browser: stills with their words, live 3D by choice, and neither without the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import (
    PATIENCE_S,
    QUIET,
    Sheet,
    axe,
    chromium,
    kernel_value,
    labels,
    overlaps,
    theme,
    watched,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.harness import Lab

pytestmark = pytest.mark.thorough  # no lesson opens it by itself

CELL = """import foramlib as fl
explorer = fl.explorer("C5/6")
shown = fl.solid(explorer=explorer)
shown"""
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")


def started(browser: Browser, *more: str) -> Browser:
    """Start one more Chromium like the session's, with other means of drawing."""
    flags = [flag for flag in QUIET if flag != "--disable-gpu"]
    return browser.browser_type.launch(executable_path=chromium(), args=[*flags, *more])


@pytest.fixture(scope="module")
def solid(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    own = started(browser, *SOFTWARE)
    with watched(own, lab) as made:
        made.open(lab.write("solid.ipynb", [CELL]))
        made.run_all()
        made.page.wait_for_selector(".fl-view image")
        yield made
    own.close()


def test_the_still_comes_first_with_labels_and_words(solid: Sheet) -> None:
    page = solid.page
    assert page.locator("canvas.fl-live-canvas").count() == 0
    assert (page.locator(".fl-view image").get_attribute("href") or "").startswith("data:image/png;base64,")
    assert len(labels(solid)) > 8
    assert overlaps(labels(solid)) == []
    words = page.locator(".fl-svg").get_attribute("aria-label") or ""
    for part in (
        "seen from the patient's left",
        "Largest in view",
        "lies in front of",
        "Hidden in this view",
        "Left out",
    ):
        assert part in words
    assert "Largest in view" in page.locator(".fl-sentence").inner_text()
    assert axe(solid) == []


def test_a_key_view_is_chosen_by_a_native_radio_button(solid: Sheet) -> None:
    before = settled(solid)
    solid.page.get_by_label("From above").check()
    solid.page.wait_for_selector(".fl-svg[aria-label*='seen from above']")
    solid.page.wait_for_function(
        "(old) => document.querySelector('.fl-view image').getAttribute('href') !== old", arg=before
    )
    solid.page.get_by_label("From the side").check()


STEADY = 4
"""Looks at the picture, half a second apart, that must agree before it counts as settled."""


def settled(sheet: Sheet, shade: str = "") -> str:
    """Wait until the picture has been painted, in a shade if one is named, and no longer changes; return it."""
    image, seen, same = sheet.page.locator(".fl-view image"), "", 0
    for _ in range(2 * int(PATIENCE_S)):
        sheet.page.wait_for_timeout(500)
        now = str(image.get_attribute("href"))
        right = not shade or kernel_value(sheet, "shown.still.painted") == shade
        same = same + 1 if now == seen and right else 0
        seen = now
        if same == STEADY:
            break
    return seen


def test_the_picture_follows_the_theme_of_jupyterlab(solid: Sheet) -> None:
    solid.page.wait_for_selector(".fl-svg[aria-label*='from the patient']")
    # JupyterLab remembers its theme, and another test may have left it dark.
    theme(solid, dark=False)
    before = settled(solid, "light")
    changed = "(old) => document.querySelector('.fl-view image').getAttribute('href') !== old"
    theme(solid, dark=True)
    solid.page.wait_for_function(changed, arg=before, timeout=PATIENCE_S * 1000)
    assert settled(solid, "dark") != before
    theme(solid, dark=False)
    assert settled(solid, "light") == before


def test_live_opens_by_choice_follows_the_explorer_and_turns_by_keyboard(solid: Sheet) -> None:
    page = solid.page
    page.get_by_role("button", name="Open the live 3D view").click()
    page.wait_for_function("() => Number(document.querySelector('.fl-live')?.dataset.pieces) > 15")
    assert axe(solid) == []
    page.wait_for_timeout(500)
    canvas = page.locator("canvas.fl-live-canvas")
    first = canvas.screenshot()
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    assert canvas.screenshot() != first
    frame = int(page.locator(".fl-live").get_attribute("data-frame") or 0)
    solid.run_code("explorer.set(flexion=8)")
    page.wait_for_function("(old) => Number(document.querySelector('.fl-live').dataset.frame) > old", arg=frame)
    page.wait_for_function("() => document.querySelector('.fl-svg').getAttribute('aria-label').includes('flexion 8°')")
    page.get_by_role("button", name="Close the live 3D view").click()
    page.wait_for_function("() => !document.querySelector('canvas.fl-live-canvas')")


def test_no_slider_step_waits_for_the_third_dimension(solid: Sheet) -> None:
    """What holds the kernel's event loop at a stretch while 3D work goes on, in time of its own thread."""
    solid.run_code(
        "import asyncio, time\n"
        "held = []\n"
        "async def watch():\n"
        "    end = time.perf_counter() + 1\n"
        "    while shown.busy or time.perf_counter() < end:\n"
        "        now = time.thread_time()\n"
        "        await asyncio.sleep(0)\n"
        "        held.append(time.thread_time() - now)\n"
        "shown._refresh()\n"
        "watching = asyncio.get_running_loop().create_task(watch())"
    )
    for _ in range(60):
        solid.page.wait_for_timeout(250)
        if kernel_value(solid, "watching.done()") == "True":
            break
    assert kernel_value(solid, "watching.done() and len(held) > 20") == "True"
    longest = float(kernel_value(solid, "sorted(held)[-2]"))
    assert longest < 0.03


def test_without_webgl_the_stills_remain_and_a_sentence_says_so(browser: Browser, lab: Lab) -> None:
    own = started(browser, "--disable-3d-apis")
    with watched(own, lab) as sheet:
        sheet.open(lab.write("solid_flat.ipynb", [CELL]))
        sheet.run_all()
        sheet.page.get_by_role("button", name="Open the live 3D view").click()
        sheet.page.wait_for_function(
            "() => document.querySelector('.fl-view > .fl-alert').textContent.includes('no WebGL')"
        )
        assert sheet.page.locator("canvas.fl-live-canvas").count() == 0
        assert sheet.page.locator(".fl-view image").count() == 1
        assert axe(sheet) == []
    own.close()
