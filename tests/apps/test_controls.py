"""Controls keep their last good value and say why."""

from __future__ import annotations

import math

import ipywidgets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.apps.controls import Buttons, Choice, Refused, Slider, Toggle, arrange
from foramlib.errors import InvalidInput


def slider(**more: object) -> Slider:
    return Slider(**{"label": "Flexion", "min": -10.0, "max": 10.0, "step": 1.0, "unit": "°", "value": 2.0, **more})


@pytest.mark.parametrize("bad", [11, -10.5, math.nan, math.inf, "three", None, True])
def test_a_slider_refuses_what_is_out_of_range_or_no_number(bad: object) -> None:
    control = slider()
    with pytest.raises(InvalidInput, match=r"^Flexion cannot be .*; choose from -10 to 10°\.$"):
        control.value = bad
    assert control.value == 2.0


@given(st.floats(min_value=-10, max_value=10))
def test_a_slider_takes_any_number_in_range(number: float) -> None:
    control = slider()
    control.value = number
    assert control.value == number
    assert isinstance(control.value, float)


@pytest.mark.parametrize("bad", [{"min": 10.0}, {"step": 0.0}, {"max": math.nan}])
def test_a_slider_without_a_range_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(InvalidInput, match="cannot be used"):
        slider(**bad)


def test_a_bad_value_from_the_browser_is_undone_and_said_there() -> None:
    control = slider()
    heard: list[float] = []
    control.observe(lambda change: heard.append(change["new"]), "value")
    control.set_state({"value": 99})
    assert control.value == 2.0
    assert heard == []
    assert "cannot be 99" in control.message
    control.set_state({"value": 3})
    assert (control.value, control.message, heard) == (3.0, "", [3.0])


def test_controls_can_be_linked_with_other_widgets() -> None:
    control, number = slider(), ipywidgets.FloatText()
    ipywidgets.link((control, "value"), (number, "value"))
    number.value = 7.0
    assert control.value == 7.0
    ipywidgets.jslink((control, "value"), (ipywidgets.FloatProgress(), "value"))


def test_a_choice_starts_with_its_first_option_and_refuses_others() -> None:
    control = Choice({"left": "Left side", "right": "Right side"}, label="Side")
    assert control.value == "left"
    with pytest.raises(InvalidInput, match="Side cannot be 'both'; choose one of left, right"):
        control.value = "both"
    control.set_state({"value": "both"})
    assert control.value == "left"
    assert control.message


def test_a_choice_needs_options() -> None:
    with pytest.raises(Refused, match="Level needs at least one option"):
        Choice([], label="Level")


def test_a_toggle_is_on_or_off() -> None:
    control = Toggle(label="Names", value=True)
    control.value = False
    assert control.value is False


def test_the_same_button_pressed_twice_is_heard_twice() -> None:
    row = Buttons(["neutral", "reset"], label="Presets")
    heard: list[tuple[str, int]] = []
    row.observe(lambda change: heard.append((row.value, change["new"])), "presses")
    row.press("reset")
    row.press("reset")
    row.set_state({"value": "neutral", "presses": 3})
    assert heard == [("reset", 1), ("reset", 2), ("neutral", 3)]


def test_an_unknown_button_is_not_pressed() -> None:
    row = Buttons(["neutral"], label="Presets")
    with pytest.raises(InvalidInput, match="cannot be 'lost'"):
        row.press("lost")
    assert (row.value, row.presses) == ("", 0)


def test_an_error_in_an_observer_is_not_swallowed() -> None:
    control = slider()

    def crash(_change: object) -> None:
        raise ZeroDivisionError

    control.observe(crash, "value")
    with pytest.raises(ZeroDivisionError):
        control.value = 5.0


def test_arrange_keeps_picture_controls_and_presets() -> None:
    picture, control, presets = Toggle(label="picture"), slider(), Buttons(["reset"], label="Presets")
    (body,) = arrange(picture, [control], [presets]).children
    head, middle, side = body.children
    assert (head.children, middle, side.children) == ((presets,), picture, (control,))
