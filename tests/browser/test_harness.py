"""The harness sees what it is there to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.harness import axe

if TYPE_CHECKING:
    from tests.browser.harness import Lab, Sheet


def test_a_clean_notebook_gives_no_complaint(lab: Lab, sheet: Sheet) -> None:
    sheet.open(lab.write("clean.ipynb", ["print('hello')"]))
    sheet.run_all()
    assert "hello" in sheet.outputs().first.inner_text()
    assert sheet.complaint() == ""
    assert sheet.requests


def test_what_goes_wrong_is_seen(lab: Lab, sheet: Sheet) -> None:
    cells = ["from IPython.display import HTML; HTML('<button id=mute></button>')", "1 / 0"]
    sheet.open(lab.write("wrong.ipynb", cells))
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        sheet.run_all()
    assert any(line.startswith("button-name") for line in axe(sheet))
    sheet.page.evaluate("() => fetch('https://example.invalid/').catch(() => console.error('no way out'))")
    sheet.page.wait_for_timeout(200)
    assert "request to https://example.invalid/" in sheet.complaint()
    assert "console: no way out" in sheet.complaint()
    sheet.problems.clear()
    sheet.requests.clear()
