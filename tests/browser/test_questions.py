"""Self-check and prediction in JupyterLab, answered by keyboard alone, in every theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, tab_stops, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.harness import Lab, Sheet

CELLS = [
    "import foramlib as fl",
    'check = fl.self_check("01"); check',
    'forecast = fl.predict("extension-c56"); forecast',
]
RESET = 'check.act("restart"); check.act("go", place=0); forecast.act("again")'


@pytest.fixture(scope="module")
def page_of_module(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("questions.ipynb", CELLS))
        made.run_all()
        yield made


@pytest.fixture
def app(page_of_module: Sheet) -> Sheet:
    page_of_module.run_code(RESET)
    page_of_module.page.wait_for_function("document.querySelectorAll('.fl-q-verdict').length === 0")
    return page_of_module


def question(app: Sheet, place: int = 0) -> Locator:
    return app.page.locator(".fl-question").nth(place)


def press(app: Sheet, *keys: str) -> None:
    for key in keys:
        app.page.keyboard.press(key)


def focused(app: Sheet) -> str:
    words: str = app.page.evaluate("document.activeElement.textContent")
    return words


def answer(app: Sheet, place: int = 0) -> None:
    """Choose the second option and hand it in, by keyboard."""
    question(app, place).locator("input").first.focus()
    press(app, "Space", "ArrowDown", "Tab", "Enter")
    question(app, place).locator(".fl-q-verdict").wait_for()


def test_a_question_is_answered_by_keyboard_and_the_verdict_takes_the_focus(app: Sheet) -> None:
    answer(app)
    assert focused(app) == "Look again: the best answer is C."
    assert question(app).locator(".fl-q-why").count() == 5
    assert question(app).get_by_role("status").inner_text() == "Look again: the best answer is C."
    press(app, "Tab", "Enter")
    question(app).get_by_text("Question 2 of 8").wait_for()
    assert focused(app).startswith("A 63-year-old")
    assert app.page.locator(".jp-Cell").count() == len(CELLS)


def test_a_check_without_a_choice_says_so_and_keeps_the_place(app: Sheet) -> None:
    button = question(app).get_by_role("button", name="Check my answer")
    button.focus()
    press(app, "Enter")
    question(app).get_by_text("Choose an answer first").wait_for()
    assert focused(app) == "Check my answer"


def test_a_prediction_is_measured_after_the_commitment(app: Sheet) -> None:
    forecast = question(app, 1)
    assert forecast.locator("dd").count() == 0
    answer(app, 1)
    values = forecast.locator("dd").all_inner_texts()
    assert values[0].endswith("mm²")
    assert values[2].endswith("%")


def test_every_control_has_a_name_and_a_place_in_the_order(app: Sheet) -> None:
    names = tab_stops(app, ".fl-q-step")
    assert names[:8] == [f"Question {number}, open" for number in range(1, 9)]
    assert names[9:11] == ["Check my answer", "Skip"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("done", [False, True], ids=["open", "answered"])
def test_axe_finds_nothing(app: Sheet, *, dark: bool, done: bool) -> None:
    theme(app, dark=dark)
    if done:
        answer(app)
        answer(app, 1)
    assert axe(app, ".fl-question") == []


def test_on_the_projector_letters_are_large_and_axe_is_content(app: Sheet) -> None:
    app.run_code('check.view.theme = "projector"')
    app.page.wait_for_selector('.fl-question[data-fl-theme="projector"]')
    answer(app)
    assert question(app).evaluate("(node) => getComputedStyle(node).fontSize") == "22px"
    assert axe(app, ".fl-question") == []
    app.run_code('check.view.theme = "auto"')


def test_on_a_phone_nothing_is_cut_off(app: Sheet) -> None:
    before = app.page.viewport_size
    app.page.set_viewport_size({"width": 390, "height": 900})
    app.page.wait_for_timeout(300)  # JupyterLab's own toolbars come to rest
    answer(app)
    assert question(app).evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert before is not None
    app.page.set_viewport_size(before)
