"""Practice in JupyterLab: a whole round by keyboard alone, by touch on a phone, names kept back, in every theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe, kernel_value, labels, theme, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.harness import Lab, Sheet

CELLS = [
    "import foramlib as fl",
    'find = fl.practice("find", ["C5/6", "L4/5"], seed=4, where="sections"); find',
    'roots = fl.practice("roots", seed=3); roots',
]
# The number under which the structure asked for is drawn.
TARGET = "next(n for n, name in find._bare.ids.items() if name == find.round.task.target)"
OTHER = "next(n for n, name in find._bare.ids.items() if not find.round.task.accepts(name))"
APP = ".foramlib-practice"


@pytest.fixture(scope="module")
def page_of_module(browser: Browser, lab: Lab) -> Iterator[Sheet]:
    with watched(browser, lab) as made:
        made.open(lab.write("practice.ipynb", CELLS))
        made.run_all()
        yield made


@pytest.fixture
def app(page_of_module: Sheet) -> Sheet:
    """Practice with an open task to find."""
    page_of_module.run_code('find.round.answer and find.act("next"); find.act("find")')
    page_of_module.page.wait_for_selector(f'{APP} .fl-view[data-quiz="point"]')
    page_of_module.page.wait_for_function(f"!document.querySelector('{APP} .fl-q-verdict')")
    return page_of_module


def press(app: Sheet, *keys: str) -> None:
    for key in keys:
        app.page.keyboard.press(key)


def focused(app: Sheet) -> str:
    words: str = app.page.evaluate(
        "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    )
    return words


def walk_to(app: Sheet, number: str) -> None:
    """Go through the picture by arrow keys until the structure of that number has the focus."""
    wanted = f"Structure {number.removeprefix('s')} of "
    for _ in range(60):
        if focused(app).startswith(wanted):
            return
        press(app, "ArrowRight")
    raise AssertionError(f"{wanted} was never reached; the focus is on {focused(app)!r}")


def answer_by_keyboard(app: Sheet, expression: str) -> None:
    """From the task's text: Tab past the buttons into the picture, walk, Enter."""
    press(app, "Tab", "Tab", "Tab", "Tab")
    assert focused(app).startswith("Structure ")
    walk_to(app, kernel_value(app, expression))
    press(app, "Enter")
    app.page.locator(f"{APP} .fl-q-verdict").wait_for()


def test_a_whole_round_is_played_by_keyboard_alone(app: Sheet) -> None:
    app.page.locator(f"{APP} .fl-q-stem").focus()
    for turn, (expression, said) in enumerate(
        [(TARGET, "Right: "), (OTHER, "Not quite: that is "), (TARGET, "Right: ")]
    ):
        before = int(kernel_value(app, "find.progress.answered"))
        answer_by_keyboard(app, expression)
        assert focused(app).startswith(said), turn
        assert app.page.locator(APP).get_by_role("status").inner_text().startswith(said)
        assert int(kernel_value(app, "find.progress.answered")) == before + 1
        press(app, "Tab", "Enter")
        app.page.wait_for_function(f"!document.querySelector('{APP} .fl-q-verdict')")
        assert re.match(r"(Once more: f|F)ind the ", focused(app))
    assert app.page.locator(".jp-Cell").count() == len(CELLS)


def test_no_name_is_on_the_page_before_the_answer_and_all_are_after(app: Sheet) -> None:
    names = app.page.locator(f"{APP} .fl-layer[aria-label]").evaluate_all(
        "nodes => nodes.map((node) => node.getAttribute('aria-label'))"
    )
    assert all(re.fullmatch(r"Structure \d+ of \d+, [a-z ]+", name) for name in names)
    assert len(names) == len({name.split(",")[0] for name in names}) > 8
    assert set(labels(app)) <= {"A", "P", "H", "F", "L", "R", "model", "5 mm", "10 mm"}
    app.page.locator(APP).get_by_role("button", name="Show me", exact=True).click()
    app.page.locator(f"{APP} .fl-q-verdict").wait_for()
    assert any(word.endswith("✓") for word in labels(app))
    after = app.page.locator(f"{APP} .fl-layer[aria-label]").evaluate_all(
        "nodes => nodes.map((node) => node.getAttribute('aria-label'))"
    )
    assert not any(name.startswith("Structure ") for name in after)
    app.page.locator(APP).get_by_role("button", name="Show me the labels").click()
    app.page.get_by_role("button", name="Hide the labels").wait_for()
    assert len(labels(app)) > 8


def test_a_click_answers_at_once(app: Sheet) -> None:
    at = app.page.locator(f"{APP} .fl-layer[data-id={kernel_value(app, TARGET)}]")
    at.dispatch_event("click", {"bubbles": True})
    app.page.locator(f"{APP} .fl-q-verdict").wait_for()
    assert app.page.locator(f"{APP} .fl-q-verdict").inner_text().startswith("Right: ")


def test_naming_is_answered_by_native_radios(app: Sheet) -> None:
    app.page.locator(APP).get_by_role("button", name="Name it instead").press("Enter")
    app.page.locator(f"{APP} input[type=radio]").first.wait_for()
    assert app.page.locator(f"{APP} .fl-mark").count() == 1
    assert set(labels(app)) <= {"A", "P", "H", "F", "L", "R", "model", "5 mm", "10 mm"}
    app.page.locator(f"{APP} input[type=radio]").first.focus()
    press(app, "Space", "Tab", "Enter")
    app.page.locator(f"{APP} .fl-q-verdict").wait_for()
    assert app.page.locator(f"{APP} .fl-q-note").first.is_visible()


def test_a_question_about_roots_is_played_by_keyboard(app: Sheet) -> None:
    question = app.page.locator(".fl-question").last
    question.locator("input").first.focus()
    press(app, "Space", "Tab", "Enter")
    question.locator(".fl-q-verdict").wait_for()
    press(app, "Tab", "Enter")
    app.page.wait_for_function("!document.querySelectorAll('.fl-question')[1].querySelector('.fl-q-verdict')")
    assert focused(app).endswith("?")


@pytest.mark.parametrize("colours", ["light", "dark", "projector"])
@pytest.mark.parametrize("kind", ["find", "name"])
def test_axe_finds_nothing(app: Sheet, kind: str, colours: str) -> None:
    theme(app, dark=colours == "dark")
    wish = "projector" if colours == "projector" else "auto"
    app.run_code(f'find.view.theme = find.picture.theme = "{wish}"; find.act("{kind}")')
    app.page.wait_for_selector(f'{APP} .fl-view[data-fl-theme="{colours}"]')
    assert axe(app, APP) == []
    app.run_code('find.act("give_up"); find.act("labels")')
    app.page.locator(f"{APP} .fl-q-verdict").wait_for()
    assert axe(app, APP) == []
    app.run_code('find.view.theme = find.picture.theme = "auto"')


@pytest.mark.thorough
def test_by_touch_on_a_phone_the_second_tap_answers(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, width=390, height=844) as phone:
        phone.open(lab.write("practice_touch.ipynb", CELLS[:2]))
        phone.run_all()
        for _ in range(2):
            number = kernel_value(phone, TARGET)
            phone.page.locator(f"{APP} .fl-svg").scroll_into_view_if_needed()
            phone.page.wait_for_timeout(400)  # the notebook has come to rest
            spot = phone.page.evaluate(_SPOT, number)
            phone.page.touchscreen.tap(*spot)
            phone.page.locator(f"{APP} .fl-mark").wait_for(state="attached")
            assert phone.page.locator(f"{APP} .fl-q-verdict").count() == 0
            assert kernel_value(phone, "find.picture.focus") == number
            phone.page.touchscreen.tap(*spot)
            phone.page.locator(f"{APP} .fl-q-verdict").wait_for()
            assert phone.page.locator(f"{APP} .fl-q-verdict").inner_text().startswith("Right: ")
            phone.page.get_by_role("button", name="Next").tap()
            phone.page.wait_for_function(f"!document.querySelector('{APP} .fl-q-verdict')")
        assert phone.page.locator(APP).evaluate("(node) => node.scrollWidth <= node.clientWidth")
        assert axe(phone, APP) == []


KEY_VIEW = [CELLS[0], 'find = fl.practice("find", ["C5/6", "L4/5"], seed=4, where="3d"); find']


@pytest.mark.thorough
def test_key_views_are_played_by_keyboard_alone(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab) as sheet:
        sheet.open(lab.write("practice_3d.ipynb", KEY_VIEW))
        sheet.run_all()
        sheet.page.wait_for_selector(f"{APP} image[href^='data:image/png']", state="attached")
        sheet.page.locator(f"{APP} .fl-q-stem").focus()
        for expression, said in ((TARGET, "Right: "), (OTHER, "Not quite: that is ")):
            names = sheet.page.locator(f"{APP} .fl-layer[aria-label]").evaluate_all(
                "nodes => nodes.map((node) => node.getAttribute('aria-label'))"
            )
            assert all(re.fullmatch(r"Structure \d+ of \d+, [a-z ]+", name) for name in names)
            answer_by_keyboard(sheet, expression)
            assert focused(sheet).startswith(said)
            assert "In the patient, " in sheet.page.locator(APP).inner_text()
            press(sheet, "Tab", "Enter")
            sheet.page.wait_for_function(f"!document.querySelector('{APP} .fl-q-verdict')")
            assert re.match(r"(Once more: f|F)ind the ", focused(sheet))
        assert axe(sheet, APP) == []


@pytest.mark.thorough
def test_key_views_are_played_by_touch_on_a_phone(browser: Browser, lab: Lab) -> None:
    with watched(browser, lab, width=390, height=844) as phone:
        phone.open(lab.write("practice_3d_touch.ipynb", KEY_VIEW))
        phone.run_all()
        number = kernel_value(phone, TARGET)
        phone.page.locator(f"{APP} .fl-svg").scroll_into_view_if_needed()
        phone.page.wait_for_timeout(400)  # the notebook has come to rest
        spot = phone.page.evaluate(_SPOT, number)
        phone.page.touchscreen.tap(*spot)
        phone.page.locator(f"{APP} .fl-mark").wait_for(state="attached")
        phone.page.touchscreen.tap(*spot)
        phone.page.locator(f"{APP} .fl-q-verdict").wait_for()
        assert phone.page.locator(f"{APP} .fl-q-verdict").inner_text().startswith("Right: ")
        assert phone.page.locator(APP).evaluate("(node) => node.scrollWidth <= node.clientWidth")


# A point of the window well inside this structure, where nothing lies over it.
_SPOT = """(number) => {
  const node = document.querySelector(`.foramlib-practice .fl-layer[data-id="${number}"]`);
  const box = node.getBoundingClientRect();
  const steps = [...Array(39).keys()].map((step) => (step + 1) / 40);
  const all = steps.flatMap((i) => steps.map((j) => [box.left + box.width * i, box.top + box.height * j]));
  const hits = all.filter(([x, y]) => document.elementFromPoint(x, y)?.closest('[data-id]') === node);
  if (!hits.length) throw new Error(`structure ${number} cannot be touched`);
  const room = ([x, y]) => -hits.reduce((sum, hit) => sum + Math.hypot(hit[0] - x, hit[1] - y), 0);
  return hits.reduce((best, hit) => (room(hit) > room(best) ? hit : best));
}"""
