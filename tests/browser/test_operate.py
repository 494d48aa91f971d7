"""An operation in JupyterLab, by keyboard alone: learned and tested, in every theme and width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, tab_stops, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.harness import Lab, Sheet

pytestmark = pytest.mark.thorough

CELLS = ["import foramlib as fl", 'app = fl.operate("C5/6", folder="kept"); app']


@pytest.fixture(scope="module")
def page_of_module(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("operate.ipynb", CELLS))
        made.run_all()
        yield made


@pytest.fixture
def app(page_of_module: Sheet) -> Sheet:
    page_of_module.run_code('app.set(mode="learn"); app.reset()')
    root(page_of_module).get_by_text("Step 1 of 12").first.wait_for()
    return page_of_module


def root(sheet: Sheet) -> Locator:
    return sheet.page.locator(".jp-OutputArea-output").first


def press(sheet: Sheet, *keys: str) -> None:
    for key in keys:
        sheet.page.keyboard.press(key)


def button(sheet: Sheet, name: str) -> Locator:
    return root(sheet).get_by_role("button", name=name, exact=True)


def test_an_operation_is_learned_by_keyboard(app: Sheet) -> None:
    button(app, "Do this step").focus()
    for place in range(2, 13):
        press(app, "Enter")
        root(app).get_by_text(f"Step {place} of 12").first.wait_for()
    press(app, "Enter")
    root(app).get_by_text("Done: Is a fusion needed as well?").first.wait_for()
    assert "['corridor', 'bone', 'flavum']" in kernel_value(app, "[deed.kind for deed in app.state.done]")
    root(app).get_by_label("How much bone: keyhole").focus()
    press(app, "End")
    root(app).get_by_text("more than half of the facet is gone").first.wait_for()
    button(app, "Undo").focus()
    press(app, "Enter")
    root(app).get_by_text("Undo:").first.wait_for()
    assert app.page.locator(".jp-Cell").count() == len(CELLS), "keys reach the app, not the notebook"
    assert axe(app) == []


def test_an_operation_is_tested_by_keyboard(app: Sheet) -> None:
    root(app).get_by_role("radio", name="Learn").focus()
    press(app, "ArrowRight")
    root(app).get_by_text("0 of 12 steps taken").first.wait_for()
    button(app, "Decide").focus()
    press(app, "Enter")
    root(app).get_by_role("alert").get_by_text("Choose what you do in this step first.").first.wait_for()
    for place in range(12):
        due = kernel_value(app, "app.state.operation.step(app.state.due).title").strip("'\"")
        step = root(app).get_by_label("Which step comes now?")
        step.select_option(label=due)
        app.page.wait_for_timeout(150)
        right = kernel_value(app, "app.state.operation.step(app.state.due).right").strip("'\"")
        choice = root(app).get_by_role("radio", name=right, exact=True)
        choice.focus()
        press(app, "Space")
        app.page.wait_for_timeout(150)
        button(app, "Decide").focus()
        press(app, "Enter")
        last = place == 11
        root(app).get_by_text("Every step has been taken" if last else f"{place + 1} of 12 steps").first.wait_for()
    assert "13" in kernel_value(app, "app.state.score().points")
    assert axe(app) == []


def test_every_control_has_a_name(app: Sheet) -> None:
    stops = tab_stops(app, ".fl-choice select", most=25)
    assert len([stop for stop in stops if stop]) >= 8


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(app: Sheet, dark: bool) -> None:  # noqa: FBT001 - a parameter of the test
    theme(app, dark=dark)
    assert axe(app) == []
    app.run_code("[app.do() for _ in range(7)]; app.view.message")
    root(app).get_by_text("Step 8 of 12").first.wait_for()
    root(app).locator("summary").filter(has_text="What leaflets say").click()
    assert axe(app) == []
    theme(app, dark=False)


def test_a_phone_and_a_projector_lose_nothing_at_the_edge(browser: Browser, lab: Lab) -> None:
    other = CELLS[1].replace("folder", "theme='projector', folder")
    for cells, width in ((CELLS, 390), ([CELLS[0], other], 1280)):
        with watched(browser, lab, width=width, height=900) as sheet:
            sheet.open(lab.write(f"operate_{width}.ipynb", cells))
            sheet.run_all()
            sheet.run_code("[app.do() for _ in range(6)]; app.view.message")
            root(sheet).get_by_text("Step 7 of 12").first.wait_for()
            wide = "node => node.scrollWidth - node.clientWidth"
            assert sheet.page.locator(".foramlib-app").first.evaluate(wide) <= 1
            assert axe(sheet) == []


def test_nothing_is_asked_of_the_net_and_nothing_complained_of(app: Sheet) -> None:
    app.run_code("[app.do() for _ in range(6)]; app.view.message")
    assert app.outside() == []
    assert app.complaint() == ""
