"""The localiser in JupyterLab, by keyboard alone: answers, red flags, the probability, the foramen, the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.harness import Lab, Sheet

pytestmark = pytest.mark.thorough

CELLS = ["import foramlib as fl", 'app = fl.localise("tomas-lindqvist"); app']


@pytest.fixture(scope="module")
def page_of_module(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("localise.ipynb", CELLS))
        made.run_all()
        yield made


@pytest.fixture
def app(page_of_module: Sheet) -> Sheet:
    page_of_module.run_code('app.see("nora-brandt"); app.see("tomas-lindqvist")')
    verdict(page_of_module).get_by_text("Only one is named: C7 root").wait_for()
    return page_of_module


def verdict(app: Sheet) -> Locator:
    return app.page.locator(".fl-l-strip")


def press(app: Sheet, *keys: str) -> None:
    for key in keys:
        app.page.keyboard.press(key)


def open_group(app: Sheet, title: str) -> None:
    """Open a group of findings by keyboard, if it is not open yet."""
    summary = app.page.locator("summary", has_text=title).first
    summary.focus()
    if summary.evaluate("node => !node.parentNode.open"):
        press(app, "Enter")


def answer(app: Sheet, finding: str, *keys: str) -> None:
    app.page.locator(f'.fl-l-finding[data-id="{finding}"] input:checked').focus()
    press(app, *keys)


def test_everything_is_done_by_keyboard(app: Sheet) -> None:
    open_group(app, "Signs of the cord")
    answer(app, "hands-clumsy", "ArrowDown")
    verdict(app).get_by_text("Refer urgently").wait_for()
    assert app.page.get_by_role("alert").filter(has_text="Suspected cervical myelopathy").count() == 1
    answer(app, "hands-clumsy", "ArrowDown")
    verdict(app).get_by_text("Refer urgently").wait_for(state="detached")
    open_group(app, "Tests of neck and low back")
    answer(app, "spurling", "ArrowDown")
    verdict(app).get_by_text("moves to 13 %").wait_for()
    assert app.page.locator(".fl-l-scale").first.get_attribute("aria-label") == kernel_value(
        app, 'app.view.page["beliefs"][0]["description"]'
    ).strip("'\"")
    assert app.page.locator(".jp-Cell").count() == len(CELLS)


def test_a_refusal_puts_the_answer_back(app: Sheet) -> None:
    open_group(app, "Story")
    answer(app, "painless", "ArrowDown")
    verdict(app).get_by_text("cannot stand beside pain").wait_for()
    app.page.wait_for_function(
        "document.querySelector('.fl-l-finding[data-id=\"painless\"] input:checked').value === ''"
    )


def test_the_slider_moves_the_probability(app: Sheet) -> None:
    slider = app.page.get_by_label("Before the tests: a sick root in the neck")
    slider.focus()
    press(app, "End")
    verdict(app).get_by_text("from 99 %").wait_for()
    assert app.page.locator(".fl-l-before").first.get_attribute("style") == "left: 99.00%"


def test_the_foramen_opens_and_the_answer_is_kept(app: Sheet) -> None:
    app.page.get_by_role("button", name="Show the foramen of C7").focus()
    press(app, "Enter")
    beside = app.page.locator(".fl-l-done").get_by_role("status")
    beside.get_by_text("in a healthy spine of the model").wait_for()
    assert "C6/7" in app.page.locator(".fl-view").inner_text()
    app.page.get_by_label("Your answer").select_option("C7")
    app.page.get_by_role("button", name="Keep my answer").focus()
    press(app, "Enter")
    beside.get_by_text("You said C7 root").wait_for()


def test_a_red_flag_stands_under_the_finding_that_raises_it(app: Sheet) -> None:
    open_group(app, "Signs of the cord")
    walk = app.page.locator("fieldset[data-id=gait-unsteady]")
    flag = app.page.locator("fieldset[data-id=gait-unsteady] + .fl-l-flag", has_text="Refer urgently")
    walk.get_by_label("yes").press("Space")
    flag.wait_for()
    walk.get_by_label("not asked").press("Space")
    flag.wait_for(state="detached")
    app.page.locator(".fl-l-told:not(.fl-l-flag)").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wrong_for_axe_and_nothing_is_fetched(app: Sheet, *, dark: bool) -> None:
    theme(app, dark=dark)
    open_group(app, "Power")
    app.run_code('app.find("bladder-change", "spurling", "weak-elbow-extension", regions=["forearm_back.right"])')
    verdict(app).get_by_text("Suspected cervical myelopathy").wait_for()
    assert axe(app) == []
    assert app.outside() == []
    assert app.complaint() == ""


def test_it_fits_a_phone(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, width=390, height=844) as small:
        small.open(lab.write("localise-small.ipynb", CELLS))
        small.run_all()
        wide = (
            "[...document.querySelectorAll('.foramlib-app *')].filter((node) => node.checkVisibility() && "
            "node.getBoundingClientRect().right > innerWidth && !node.closest('svg, .fl-unseen')).length"
        )
        assert small.page.evaluate(wide) == 0
        assert axe(small) == []
