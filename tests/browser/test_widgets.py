"""The section view and its controls in JupyterLab: seen, pointed at, typed at, saved."""

from __future__ import annotations

import re
import statistics
import struct
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from tests.browser.harness import axe, kernel_value, labels, overlaps, tab_stops, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.harness import Lab, Sheet

CELL = """
from tests.browser.made_up import READINGS, scene
from foramlib.apps.controls import Buttons, Choice, Slider, Toggle, arrange
from foramlib.apps.section_view import SectionView

view = SectionView(scene=scene(), readings=READINGS, sentence="Nothing changed yet.", sources=["Test only"])
lift = Slider(label="Flexion", min=-10, max=10, step=1, unit="°", value=0, below="extension", above="flexion")
loss = Slider(label="Disc height lost", value=0, min=0, max=3, step=0.1, unit="mm", note="At the disc.")
level = Choice(["C5/6", "L4/5"], label="Level")
plane = Choice({"foramen": "Foramen plane", "sagittal": "Straight sagittal"}, label="Plane", display="select")
names = Toggle(label="All names", value=True)
presets = Buttons({"neutral": "Neutral", "reset": "Reset"}, label="Presets", active="neutral")
everything = (view, lift, loss, level, plane, names, presets)

def step(_change):
    view.show(scene(lift.value / 5), sentence=f"Lifted by {lift.value / 5:.1f} mm.")

lift.observe(step, "value")
heard = []
arrange(view, [level, plane, lift, loss, names], [presets])
"""
RESET = """
lift.value = 0; loss.value = 0; level.value = "C5/6"; heard.clear()
view.focus = ""; view.message = ""; view.sentence = "Nothing changed yet."
for widget in everything: widget.theme = "auto"
view.scene = scene()
"""


@pytest.fixture(scope="module")
def page_of_module(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("widgets.ipynb", [CELL]))
        made.run_all()
        yield made


@pytest.fixture
def app(page_of_module: Sheet) -> Sheet:
    page_of_module.page.mouse.move(2, 2)
    page_of_module.run_code(RESET)
    page_of_module.page.wait_for_timeout(100)
    return page_of_module


@pytest.fixture(scope="module")
def phone(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab, width=390, height=844) as made:
        made.open(lab.write("phone.ipynb", [CELL]))
        made.run_all()
        yield made


def stop(sheet: Sheet) -> Any:  # noqa: ANN401 - a locator
    return sheet.page.locator('.fl-layer[tabindex="0"]')


# --- seen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_axe_finds_nothing_in_any_theme(app: Sheet, look: str) -> None:
    theme(app, dark=look == "dark")
    if look == "projector":
        app.run_code("for widget in everything: widget.theme = 'projector'")
    app.run_code("view.message = 'That is too much.'; view.focus = 'nerve'")
    app.page.wait_for_timeout(200)
    found = axe(app)
    least = app.page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.fl *')].filter((node) => node.textContent.trim())
          .map((node) => parseFloat(getComputedStyle(node).fontSize)))"""
    )
    theme(app, dark=False)
    assert found == []
    assert least >= (22 if look == "projector" else 14)


@pytest.mark.parametrize("lift", [-2, 0, 2])
def test_labels_do_not_collide(app: Sheet, lift: int) -> None:
    app.run_code(f"view.scene = scene({lift})")
    app.page.wait_for_timeout(100)
    assert overlaps(labels(app)) == []
    assert app.page.locator(".fl-names text").count() == 12


def test_labels_stay_where_they_are_while_a_slider_moves(app: Sheet) -> None:
    before = labels(app)
    for value in (2, 5, 9):
        app.run_code(f"lift.value = {value}")
        app.page.wait_for_timeout(50)
        now = labels(app)
        same = set(before) & set(now)
        assert len(same) >= 10
        assert all(before[text][:2] == pytest.approx(now[text][:2], abs=0.6) for text in same)


def test_a_phone_gets_one_column_with_few_labels_and_large_targets(phone: Sheet) -> None:
    assert phone.page.locator(".fl-names text").count() <= 6
    assert overlaps(labels(phone)) == []
    column = (".fl-heading", ".fl-stage", ".fl-sentence", ".foramlib-side", ".fl-readings", ".fl-save")
    tops = [phone.page.locator(part).evaluate("(one) => one.getBoundingClientRect().top") for part in column]
    assert tops == sorted(tops)
    lefts = {phone.page.locator(part).evaluate("(one) => one.getBoundingClientRect().left") for part in column}
    assert max(lefts) - min(lefts) < 3
    small = phone.page.evaluate(
        """() => [...document.querySelectorAll('.fl button, .fl select, .fl-option, .fl input[type=range]')]
          .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect().height])
          .filter(([, height]) => height < 43.5)"""
    )
    assert small == []
    assert axe(phone) == []
    phone.page.locator('.fl-layer[data-id="muscle"]').tap(force=True)
    phone.page.wait_for_timeout(150)
    assert kernel_value(phone, "view.focus") == "muscle"
    phone.page.wait_for_timeout(150)
    assert "Muscle behind" in labels(phone)
    assert overlaps(labels(phone)) == []


def test_a_patch_touches_only_what_changed(app: Sheet) -> None:
    app.page.evaluate(
        """() => {
          window.touched = [];
          new MutationObserver((list) => list.forEach((one) => window.touched.push(one.target.tagName)))
            .observe(document.querySelector('.fl-svg'), { subtree: true, attributes: true, attributeFilter: ['d'] });
        }"""
    )
    app.run_code("view.patch = {'layers': [{'id': 'muscle', 'path': 'M10 -10L18 -10L18 10L10 10Z'}]}")
    app.page.wait_for_timeout(100)
    assert app.page.evaluate("() => window.touched") == ["path"]


def test_a_patch_is_drawn_within_four_milliseconds(app: Sheet) -> None:
    times = []
    for i in range(25):
        app.run_code(f"lift.value = {i % 10 + 0.5 * (i % 2)}")
        times.append(float(app.page.locator(".fl-view").get_attribute("data-draw-ms") or "nan"))
    assert statistics.median(times) <= 4


def test_a_second_output_and_a_page_loaded_again_show_the_present_state(browser: Browser, lab: Lab) -> None:
    heights = (
        "[...document.querySelectorAll('.fl-measure')].map((one) => one.textContent).filter((one) => /^h/.test(one))"
    )
    with watched(browser, lab, height=2400) as sheet:
        sheet.open(lab.write("again.ipynb", [CELL, "lift.value = 5", "view"]))
        sheet.run_all()
        sheet.page.wait_for_function(f"{heights}.length == 2")
        assert sheet.page.evaluate(heights) == ["height 14.9\u00a0mm"] * 2
        sheet.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
        sheet.page.reload()
        sheet.page.wait_for_function(f"{heights}.length == 2")
        assert sheet.page.evaluate(heights) == ["height 14.9\u00a0mm"] * 2


# --- pointed at, typed at -----------------------------------------------------------------------------


def test_every_structure_has_a_name_and_a_line(app: Sheet) -> None:
    names = app.page.evaluate("() => [...document.querySelectorAll('.fl-layer[role]')].map((one) => one.ariaLabel)")
    assert len(names) == 25
    assert "Exiting root. Lies low in the opening." in names


def test_pointing_shows_name_and_line_and_a_label(app: Sheet) -> None:
    assert "Radicular artery" not in labels(app)
    app.page.hover('.fl-layer[data-id="twig"]', force=True)
    app.page.wait_for_timeout(150)
    assert "Radicular artery" in labels(app)
    assert overlaps(labels(app)) == []
    assert app.page.locator(".fl-names text").count() <= 12
    assert app.page.locator(".fl-status").inner_text() == "Radicular artery — Runs with the root."


def test_tapping_a_structure_or_its_label_takes_the_focus(app: Sheet) -> None:
    app.page.locator('.fl-layer[data-id="muscle"]').click(force=True)
    app.page.wait_for_timeout(150)
    assert kernel_value(app, "view.focus") == "muscle"
    app.page.locator('.fl-names text[data-id="nerve"]').click()
    app.page.wait_for_timeout(150)
    assert kernel_value(app, "view.focus") == "nerve"
    weight = app.page.locator('.fl-names text[data-id="nerve"]').evaluate("(node) => getComputedStyle(node).fontWeight")
    assert int(weight) >= 600


def test_the_picture_is_one_tab_stop_and_arrows_walk_through_it(app: Sheet) -> None:
    app.page.locator(".fl-buttons button").last.focus()
    app.page.keyboard.press("Tab")
    first = stop(app).get_attribute("data-id")
    assert first == "nerve"
    seen = []
    for _ in range(25):
        app.page.keyboard.press("ArrowRight")
        seen.append(app.page.evaluate("() => document.activeElement.dataset.id"))
    assert len(set(seen)) == 25
    assert seen[-1] == first
    app.page.keyboard.press("End")
    last = app.page.evaluate("() => document.activeElement.dataset.id")
    app.page.keyboard.press("Home")
    assert app.page.evaluate("() => document.activeElement.dataset.id") == first != last
    assert app.page.locator(".fl-ring").count() == 1
    assert "Exiting root" in app.page.locator(".fl-status").inner_text()
    app.page.wait_for_timeout(300)
    assert kernel_value(app, "view.focus") == "nerve"
    app.page.keyboard.press("Escape")
    app.page.wait_for_timeout(150)
    assert kernel_value(app, "view.focus") == ""
    app.page.keyboard.press("Tab")
    assert app.page.evaluate("() => document.activeElement.tagName") in {"SUMMARY", "BUTTON"}


def test_focus_set_in_python_is_shown_and_told(app: Sheet) -> None:
    app.run_code("view.focus = 'joint'")
    app.page.wait_for_timeout(200)
    assert "Facet joint space" in labels(app)
    status = app.page.locator(".fl-status")
    assert status.get_attribute("aria-live") == "polite"
    assert status.inner_text() == "Facet joint space — A narrow gap."
    assert stop(app).get_attribute("data-id") == "joint"


def test_every_control_is_met_by_tab_under_its_own_name(app: Sheet) -> None:
    met = tab_stops(app, ".fl-buttons button")
    for name in ("Neutral", "Reset", "Exiting root. Lies low in the opening.", "Save picture (SVG)", "Plane"):
        assert name in met
    assert met[-3:] == ["Flexion", "Disc height lost", "All names"]


def test_a_slider_answers_the_keyboard_and_says_its_unit(app: Sheet) -> None:
    slider = app.page.get_by_label("Flexion", exact=True)
    slider.focus()
    app.page.keyboard.press("ArrowDown")
    app.page.keyboard.press("ArrowLeft")
    app.page.wait_for_timeout(150)
    assert slider.get_attribute("aria-valuetext") == "2° extension"
    assert kernel_value(app, "lift.value") == "-2.0"
    app.page.keyboard.press("End")
    app.page.wait_for_timeout(150)
    assert kernel_value(app, "lift.value") == "10.0"
    assert "Lifted by 2.0 mm." in app.page.locator(".fl-sentence").inner_text()
    app.page.wait_for_timeout(600)
    assert app.page.locator(".fl-view > [aria-live].fl-unseen").inner_text() == "Lifted by 2.0 mm."


def test_the_last_value_of_a_drag_always_arrives_without_a_backlog(app: Sheet) -> None:
    app.run_code(
        "import time\n"
        "def slow(change):\n    time.sleep(0.05)\n    heard.append(change['new'])\n"
        "loss.observe(slow, 'value')"
    )
    app.page.evaluate(
        """async () => {
          const input = [...document.querySelectorAll('input[type=range]')].at(-1);
          for (let i = 1; i <= 27; i++) {
            input.value = i / 10;
            input.dispatchEvent(new Event('input', { bubbles: true }));
            await new Promise((done) => setTimeout(done, 8));
          }
        }"""
    )
    app.page.wait_for_timeout(500)
    heard = kernel_value(app, "(len(heard), heard[-1])")
    app.run_code("loss.unobserve(slow, 'value')")
    count, last = heard.strip("()").split(", ")
    assert last == "2.7"
    assert int(count) < 20


def test_choices_toggle_and_buttons_reach_python(app: Sheet) -> None:
    app.page.get_by_label("L4/5").check()
    app.page.get_by_label("Plane").select_option("sagittal")
    app.page.get_by_label("All names").uncheck()
    app.page.get_by_role("button", name="Reset").click()
    app.page.get_by_role("button", name="Reset").click()
    app.page.wait_for_timeout(300)
    values = kernel_value(app, "(level.value, plane.value, names.value, presets.value, presets.presses)")
    assert values == "('L4/5', 'sagittal', False, 'reset', 2)"
    app.run_code("plane.value = 'foramen'; names.value = True")


def test_an_error_is_one_visible_line_and_goes_away(app: Sheet) -> None:
    app.run_code("view.message = 'A neck cannot do that.'")
    alert = app.page.locator(".fl-view > .fl-alert")
    assert alert.inner_text() == "A neck cannot do that."
    assert alert.get_attribute("role") == "alert"
    app.run_code("view.show(scene())")
    assert not alert.is_visible()


# --- saved --------------------------------------------------------------------------------------------


def test_the_saved_svg_stands_alone_with_its_words(app: Sheet, tmp_path: Path) -> None:
    with app.page.expect_download() as waiting:
        app.page.get_by_role("button", name="Save picture (SVG)").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    words = " ".join(ET.fromstring(text).itertext())  # noqa: S314 - our own file
    for part in ("Made-up level · left · test plane · neutral", "Nothing changed yet", "Test only", "Nobody 2000"):
        assert part in words
    assert "var(--" not in text
    assert "http" not in text.replace("http://www.w3.org/", "")
    assert file.name == "made-up-level-left-test-plane-neutral.svg"


def test_the_saved_png_is_twice_the_size(app: Sheet, tmp_path: Path) -> None:
    with app.page.expect_download() as waiting:
        app.page.get_by_role("button", name="Save picture (PNG)").click()
    waiting.value.save_as(tmp_path / "picture.png")
    width, height = struct.unpack(">II", (tmp_path / "picture.png").read_bytes()[16:24])
    drawn = app.page.locator(".fl-svg").bounding_box()
    assert drawn is not None
    assert width == pytest.approx(2 * drawn["width"], abs=2)
    assert height > 2 * drawn["height"]


def test_a_reading_shows_value_unit_band_and_source(app: Sheet) -> None:
    reading = app.page.locator(".fl-reading").first
    assert reading.locator(".fl-reading-value").inner_text().replace("\u00a0", " ") == "13.9 mm"
    track, band, now = (reading.locator(part).bounding_box() for part in (".fl-gauge", ".fl-band", ".fl-now"))
    assert track is not None
    assert band is not None
    assert now is not None
    # The track runs from 5 to 20 mm, the band from 10 to 15 mm.
    assert (band["x"] - track["x"]) / track["width"] == pytest.approx(1 / 3, abs=0.02)
    assert band["width"] / track["width"] == pytest.approx(1 / 3, abs=0.02)
    assert (now["x"] + now["width"] / 2 - track["x"]) / track["width"] == pytest.approx(8.9 / 15, abs=0.02)
    reading.locator("summary").click()
    link = reading.locator("a")
    assert link.inner_text() == "Nobody 2000 · no specimens"
    assert link.get_attribute("rel") == "noopener noreferrer"
    app.run_code("view.readings = [{**READINGS[0], 'value': '12.0'}, *READINGS[1:]]")
    app.page.wait_for_timeout(100)
    assert link.is_visible()
    assert "12.0" in reading.inner_text()


@pytest.mark.parametrize("chosen", ["dark", "light"])
def test_plain_words_of_an_app_are_readable_whatever_the_page_is(browser: Browser, lab: Lab, chosen: str) -> None:
    with watched(browser, lab) as sheet:
        cells = ["import foramlib as fl", f'app = fl.operate("L5/S1", patient="ruth-adeyemi", theme="{chosen}"); app']
        sheet.open(lab.write(f"ink_{chosen}.ipynb", cells))
        sheet.run_all()
        theme(sheet, dark=chosen == "light")
        words = sheet.page.locator(".foramlib-app .widget-html-content").first
        words.wait_for()
        ink = words.evaluate("node => getComputedStyle(node).color")
        ground = words.evaluate("node => getComputedStyle(node.closest('.foramlib-app')).backgroundColor")
        bright = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (ink, ground)]
        assert abs(bright[0] - bright[1]) > 450, (ink, ground)
