"""Lesson 08 in JupyterLab: pool, margin, audit and rewrite by keyboard alone, in every theme, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, tab_stops, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.harness import Lab, Sheet

pytestmark = pytest.mark.thorough

CELLS = [
    "import tempfile\nimport foramlib as fl\nfolder = tempfile.mkdtemp()",
    'pooling = fl.pool("same-level"); pooling',
    "trial = fl.margin(); trial",
    'leaflet = fl.audit("S1"); leaflet',
    'writing = fl.rewrite("keyhole", folder=folder); writing',
]
POOL, MARGIN = ".foramlib-app >> nth=0", ".foramlib-app >> nth=1"


@pytest.fixture(scope="module")
def app(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("appraisal.ipynb", CELLS))
        made.run_all(settle_ms=800)
        yield made


def press(app: Sheet, *keys: str) -> None:
    for key in keys:
        app.page.keyboard.press(key)


def test_studies_are_pooled_by_keyboard_and_the_answer_is_spoken(app: Sheet) -> None:
    page = app.page.locator(POOL)
    page.get_by_role("button", name="Pool them", exact=True).focus()
    press(app, "Enter")
    page.get_by_role("status").get_by_text("They may be pooled").wait_for()
    assert page.locator("polygon.fl-i-pool").count() == 1
    # Another study is ticked: the call is open again.
    page.get_by_label("Lubelski 2015, matched cohort").focus()
    press(app, "Space")
    page.get_by_text("Make your call").wait_for()
    page.get_by_role("button", name="Do not pool them").focus()
    press(app, "Space")
    page.get_by_text("Reasons against pooling").wait_for()
    assert kernel_value(app, "pooling.state['call']") == "leave"


def test_the_margin_is_fixed_and_moved_by_keyboard(app: Sheet) -> None:
    page = app.page.locator(MARGIN)
    assert page.get_by_text("hidden until the margin is fixed").count() == 3
    page.get_by_role("button", name="Use the trial's margin").focus()
    press(app, "Enter")
    page.get_by_text("not much worse: not shown").wait_for()
    page.get_by_role("slider").focus()
    press(app, "ArrowRight", "ArrowRight")
    page.get_by_text("proves nothing").wait_for()
    assert kernel_value(app, "trial.state") == "{'margin': 12.0, 'fixed': 10.0}"
    assert app.page.locator(".jp-Cell").count() == len(CELLS)


def test_a_claim_is_judged_by_keyboard_and_the_verdict_takes_the_focus(app: Sheet) -> None:
    question = app.page.locator(".fl-question")
    question.locator("input").first.focus()
    press(app, "Space", "ArrowDown", "Tab", "Tab", "Enter")
    question.locator(".fl-q-verdict").wait_for()
    assert app.page.evaluate("document.activeElement.className") == "fl-q-verdict"
    assert question.locator(".fl-q-points li").count() >= 1
    question.get_by_role("button", name="Next claim").focus()
    press(app, "Enter")
    question.get_by_text("claim 2 of 15").wait_for()


def test_a_draft_is_written_checked_and_kept(app: Sheet) -> None:
    app.page.get_by_label("Write it so that a patient can read it").focus()
    app.page.keyboard.type("A nerve in the neck is pressed.")
    press(app, "Enter")
    app.page.keyboard.type("It will be cured.")
    press(app, "Tab", "Enter")
    app.page.get_by_text("Words that promise too much").wait_for()
    # Enter in the field breaks the line; it neither runs nor adds a cell.
    assert app.page.locator(".jp-Cell").count() == len(CELLS)
    kept = kernel_value(app, "__import__('json').load(open(folder + '/rewrite-keyhole.json'))['text']")
    assert kept == "A nerve in the neck is pressed.\nIt will be cured."


def test_every_control_has_a_name(app: Sheet) -> None:
    names = tab_stops(app, ".foramlib-app select")
    assert names[0].startswith("Question")
    assert {"Pool them", "Do not pool them", "Start again"} <= set(names)
    assert all(name and name != "INPUT" for name in names)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(app: Sheet, *, dark: bool) -> None:
    theme(app, dark=dark)
    assert axe(app) == []


def test_the_projector_and_the_phone_hold_everything(app: Sheet) -> None:
    theme(app, dark=False)
    app.run_code(
        '[setattr(view, "theme", "projector") for view in (pooling.view, trial.view, leaflet.view, writing.view)]'
    )
    app.page.wait_for_function("document.querySelectorAll('.fl-intervals[data-fl-theme=projector]').length === 2")
    size = "(node) => getComputedStyle(node).fontSize"
    assert app.page.locator(".fl-i-figures").first.evaluate(size) == "22px"
    assert axe(app) == []
    before = app.page.viewport_size
    app.page.set_viewport_size({"width": 390, "height": 900})
    app.page.wait_for_timeout(300)
    for part in (".fl-i-picture", ".fl-i-under", ".fl-question", ".fl-write"):
        wide = app.page.locator(part).first.evaluate("(node) => node.scrollWidth - node.clientWidth")
        assert wide <= 0, part
    assert before is not None
    app.page.set_viewport_size(before)
