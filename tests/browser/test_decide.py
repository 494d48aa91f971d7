"""The rehearsal of a decision in JupyterLab: by keyboard alone, heard as well as seen, in every theme and width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, tab_stops, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.harness import Lab, Sheet

pytestmark = pytest.mark.thorough

CELLS = [
    "import foramlib as fl",
    'app = fl.decide("helen-osei", folder="kept"); app',
    'other = fl.decide("amir-haddad", folder="kept"); other',
]


@pytest.fixture(scope="module")
def page_of_module(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("decide.ipynb", CELLS))
        made.run_all()
        yield made


@pytest.fixture
def app(page_of_module: Sheet) -> Sheet:
    page_of_module.run_code('app.act("patient", value="helen-osei")')
    root(page_of_module).get_by_role("heading", name="Read and decide: Helen Osei, week 5").wait_for()
    return page_of_module


def root(sheet: Sheet) -> Locator:
    return sheet.page.locator(".fl-decide").first


def press(sheet: Sheet, *keys: str) -> None:
    for key in keys:
        sheet.page.keyboard.press(key)


def focused(sheet: Sheet) -> str:
    words: str = sheet.page.evaluate("document.activeElement.textContent")
    return words


def heading(sheet: Sheet, words: str) -> None:
    root(sheet).locator(".fl-d-title", has_text=words).wait_for()


def decide_by_keyboard(sheet: Sheet) -> None:
    """Mark the third option and decide."""
    root(sheet).locator("input[type=radio]").first.focus()
    press(sheet, "Space", "ArrowDown", "ArrowDown", "Tab", "Enter")
    heading(sheet, "For and against")


def test_the_whole_way_by_keyboard(app: Sheet) -> None:
    decide_by_keyboard(app)
    assert focused(app) == "For and against: Helen Osei, week 5"
    assert "The rules favour the same" in root(app).get_by_role("status").inner_text()
    root(app).get_by_label("What if …").focus()
    press(app, "ArrowDown")
    root(app).get_by_text("The rules change: Refer urgently").first.wait_for()
    assert app.page.evaluate("document.activeElement.tagName") == "SELECT", "the focus stays on the control"
    assert "Refer urgently" in root(app).get_by_role("status").inner_text()
    root(app).get_by_role("button", name="Ask what matters").focus()
    press(app, "Enter")
    heading(app, "What matters")
    root(app).locator("fieldset input").first.focus()
    press(app, "Space", "ArrowRight", "ArrowRight")
    root(app).get_by_role("button", name="Explain it").focus()
    press(app, "Enter")
    heading(app, "Explain: Helen")
    root(app).locator("textarea").focus()
    app.page.keyboard.type("Most people get better. a b m 1")
    press(app, "Tab", "Space")
    root(app).get_by_role("button", name="Keep this decision").focus()
    press(app, "Enter")
    root(app).get_by_text("Kept in kept/helen-osei.json.").first.wait_for()
    assert app.page.locator(".jp-Cell").count() == len(CELLS), "keys reach the app, not the notebook"
    assert "great deal" in kernel_value(app, "app.state.patient.decisions['what matters, week 5']")
    assert "a b m 1" in kernel_value(app, "app.state.words")


def test_a_hundred_icons_follow_the_outcome(app: Sheet) -> None:
    decide_by_keyboard(app)
    root(app).get_by_role("button", name="3 What matters").click()
    heading(app, "What matters")
    pictures = root(app).locator(".fl-d-array svg")
    for outcome in ("success", "reoperation"):
        root(app).locator(".fl-d-field", has_text="Show").locator("select").select_option(outcome)
        app.page.wait_for_timeout(400)
        for place in range(2):
            name = pictures.nth(place).get_attribute("aria-label") or ""
            marked = pictures.nth(place).locator("rect").count()
            assert marked + pictures.nth(place).locator("circle").count() == 100
            assert f": {marked} " in name


def test_a_decision_without_a_choice_is_refused_in_words(app: Sheet) -> None:
    root(app).get_by_role("button", name="Decide", exact=True).focus()
    press(app, "Enter")
    root(app).get_by_role("alert").get_by_text("Choose one of the four options first").wait_for()
    assert focused(app) == "Decide"


def test_every_control_has_a_name(app: Sheet) -> None:
    stops = tab_stops(app, ".fl-decide select")
    named = [stop for stop in stops if stop]
    assert len(named) >= 4
    assert "Patient (made up)" in " ".join(stops)
    assert "Decide" in " ".join(stops)


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_any_step(app: Sheet, dark: bool) -> None:  # noqa: FBT001 - a parameter of the test
    theme(app, dark=dark)
    assert axe(app) == []
    decide_by_keyboard(app)
    assert axe(app) == []
    for step, name in (("3 What matters", "What matters"), ("4 Explain", "Explain")):
        root(app).get_by_role("button", name=step).click()
        heading(app, name)
        assert axe(app) == []
    theme(app, dark=False)


def test_a_phone_and_a_projector_lose_nothing_at_the_edge(browser: Browser, lab: Lab) -> None:
    code = CELLS[1].replace("folder", "theme='projector', folder")
    for cells, width in ((CELLS[:2], 390), ([CELLS[0], code], 1280)):
        with watched(browser, lab, width=width, height=900) as sheet:
            sheet.open(lab.write(f"decide_{width}.ipynb", cells))
            sheet.run_all()
            sheet.run_code('app.act("choose", value="wait"); app.act("decide"); app.act("go", value="matters")')
            heading(sheet, "What matters")
            wide = "node => node.scrollWidth - node.clientWidth"
            assert root(sheet).evaluate(wide) <= 1
            assert root(sheet).locator(".fl-d-array svg").count() == 2
            assert axe(sheet) == []


def test_nothing_is_asked_of_the_net_and_nothing_complained_of(app: Sheet) -> None:
    decide_by_keyboard(app)
    assert app.outside() == []
    assert app.complaint() == ""
