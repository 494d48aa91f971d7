"""Names and numbers are read by one rule, on the command line and in every public function."""

from __future__ import annotations

import argparse
import math
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import foramlib as fl
from foramlib import cli
from foramlib.errors import InvalidInput
from foramlib.given import as_typed, number_of, one_of, whole_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[[list[str]], tuple[int, str, str]]

KNOWN = ("posterior-open", "wiltse", "T2", "thumb_palmar.left")


def spelt(name: str) -> Iterator[str]:
    """Other spellings of a name that mean the same."""
    yield from (name.upper(), name.lower(), name.title(), f"  {name}\t", name.replace("-", "–"))
    yield from (name.replace("-", " "), name.replace("_", "-"), name.replace("-", "_"), name.replace("_", " "))


@pytest.mark.parametrize("name", KNOWN)
def test_a_name_is_known_in_every_spelling(name: str) -> None:
    assert {one_of(word, KNOWN, "thing") for word in spelt(name)} == {name}


@given(word=st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_anything_else_is_one_sentence_that_names_it(word: object) -> None:
    if isinstance(word, str) and any(word in spelt(name) for name in KNOWN):
        return
    with pytest.raises(InvalidInput) as caught:
        one_of(word, KNOWN, "thing")
    said = str(caught.value)
    assert said == f"There is no thing {word!r}; choose one of {', '.join(KNOWN)}."


def test_a_name_in_its_own_spelling_goes_before_a_likeness() -> None:
    assert [one_of(name, ("a", "A"), "letter") for name in ("a", "A", " a")] == ["a", "A", "A"]
    assert one_of("neck", ("cervical",), "region", also={"Neck": "cervical"}) == "cervical"


@given(number=st.floats(allow_nan=False))
def test_a_number_is_read_as_it_is_printed(number: float) -> None:
    for text in (str(number), f" {number} ", str(number).replace("-", "−"), f"{number!r}\n"):
        assert number_of(text) == number
    assert number_of(number) == number


@given(whole=st.integers(), part=st.integers(0, 999))
def test_a_decimal_comma_is_refused_with_the_number_that_may_be_meant(whole: int, part: int) -> None:
    with pytest.raises(InvalidInput, match=rf"has a comma; with a decimal point it is {whole}\.{part}\.$"):
        number_of(f"{whole},{part}")


@given(text=st.text())
def test_no_text_whatever_is_more_than_a_sentence(text: str) -> None:
    for read in (number_of, whole_of):
        said = ""
        try:
            assert isinstance(read(text), float | int)
        except InvalidInput as problem:
            said = str(problem)
        assert not said or (repr(text) in said and "\n" not in said)


def test_dashes_and_blanks_do_not_matter() -> None:
    assert as_typed(" C5–6 ") == "C5-6"
    assert whole_of(" −7 ") == -7
    assert math.isnan(number_of("nan")), "it is a number to Python; who asks for it refuses it"


# -- the command line

NUMBER, WHOLE, NAME, FLAG, PLACE, FREE = "number", "whole", "name", "flag", "place", "free"

STATE = {
    "LEVEL": (NAME, "C5/6"),
    "--side": (NAME, "right"),
    "--flexion": (NUMBER, "-2"),
    "--bend": (NUMBER, "-1"),
    "--rotation": (NUMBER, "-1"),
    "--disc-loss": (NUMBER, "1"),
    "--build": (NAME, "large"),
    "--lesion": (NAME, "facet_hypertrophy=3,side=right"),
}
COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "lab": {"--into": (PLACE, ""), "--port": (WHOLE, "9"), "--no-browser": (FLAG, "")},
    "check": {"--into": (PLACE, "")},
    "measure": {**STATE, "--plane": (NAME, "oblique:30"), "--json": (FLAG, "")},
    "scan": {
        **STATE,
        "--plane": (NAME, "axial-disc"),
        "--sequence": (NAME, "STIR"),
        "--thickness": (NUMBER, "4"),
        "--noise": (NUMBER, "1"),
        "--seed": (WHOLE, "3"),
        "--window": (NAME, "62,30"),
        "--view": (NUMBER, "1.5"),
        "--output": (PLACE, ""),
    },
    "operate": {
        "LEVEL": (NAME, "C5/6"),
        "--approach": (NAME, "posterior-open"),
        "--side": (NAME, "right"),
        "--lesion": (NAME, "facet_hypertrophy=3"),
        "--facet-share": (NUMBER, "0.4"),
        "--json": (FLAG, ""),
    },
    "plan": {
        "--operation": (FREE, "2026-12-01"),
        "--region": (NAME, "lumbar"),
        "--approach": (NAME, "keyhole"),
        "--job": (NAME, "desk"),
        "--drives": (FLAG, ""),
        "--sport": (FLAG, ""),
        "--json": (FLAG, ""),
    },
    "validate": {"--json": (FLAG, "")},
    "localise": {
        "--finding": (NAME, "not-spurling"),
        "--region": (NAME, "thumb_palmar.left"),
        "--patient": (NAME, "helen-osei"),
        "--list": (FLAG, ""),
        "--json": (FLAG, ""),
    },
    "sources": {"--check": (FLAG, "")},
}
NEEDED = {
    "measure": ["C5/6"],
    "scan": ["C5/6", "-o", "a.png"],
    "operate": ["C5/6", "--approach", "posterior-open"],
    "plan": ["--operation", "2026-12-01"],
    "localise": ["--finding", "valsalva"],
}


def commands() -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = next(
        action.choices for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    return found


def test_every_option_of_every_command_is_walked() -> None:
    for name, parser in commands().items():
        known = {
            (action.option_strings[-1] if action.option_strings else "LEVEL"): action.nargs == 0
            for action in parser._actions
            if action.dest != "help"
        }
        assert known == {option: kind == FLAG for option, (kind, _) in COMMANDS[name].items()}, name


def asked(command: str, option: str, value: str) -> list[str]:
    """Words of a command in which one option has a value."""
    words = list(NEEDED.get(command, []))
    if option == "LEVEL":
        return [command, value, *words[1:]]
    if option in words:
        del words[words.index(option) : words.index(option) + 2]
    return [command, *words, option, value]


def options(*kinds: str) -> list[tuple[str, str, str]]:
    return [
        (command, option, value)
        for command, known in COMMANDS.items()
        for option, (kind, value) in known.items()
        if kind in kinds
    ]


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder; return its code and what it said."""
    monkeypatch.chdir(tmp_path)

    def run(words: list[str]) -> tuple[int, str, str]:
        code = cli.main(words)
        heard = capsys.readouterr()
        return code, heard.out, heard.err

    return run


@pytest.mark.parametrize(("command", "option", "value"), options(NAME))
def test_a_name_on_the_command_line_is_known_in_every_spelling(
    command: str, option: str, value: str, said: Run
) -> None:
    expected = said(asked(command, option, value))
    assert expected[0] == 0, expected
    # The names of a lesson stand between signs; blanks about the whole are what a paste brings along.
    words = {value.upper(), value.title(), f" {value} ", value.replace("_", "-"), value.replace("-", "–")}
    for word in words - {value}:
        assert said(asked(command, option, word)) == expected, word


@pytest.mark.parametrize(("command", "option", "value"), options(NAME))
def test_a_name_that_is_none_is_one_sentence(command: str, option: str, value: str, said: Run) -> None:
    for word in (f"{value}x", "-x", "", "−1", "-5,5"):
        code, out, err = said(asked(command, option, word))
        assert (code, out, err.count("\n")) == (2, "", 1), word
        assert err.startswith("foramlib: ")
        assert any(part in err for part in re.findall(r"[\w.]+", word)) or not word or option == "LEVEL"


@pytest.mark.parametrize(("command", "option", "value"), [one for one in options(NUMBER) if one[0] != "lab"])
def test_a_number_on_the_command_line_is_read_by_the_same_rule(
    command: str, option: str, value: str, said: Run
) -> None:
    expected = said(asked(command, option, value))
    assert expected[0] == 0, expected
    for word in {f" {value} ", value.replace("-", "−"), f"{value}.0" if "." not in value else f"{value}0"} - {value}:
        assert said(asked(command, option, word)) == expected, word


@pytest.mark.parametrize(("command", "option", "value"), options(NUMBER, WHOLE))
def test_what_is_no_number_is_one_sentence_that_names_it(command: str, option: str, value: str, said: Run) -> None:
    del value
    for word in ("-5,5", "5,5", "-x", "many", "", "-", "1e999", "-1e999", "nan"):
        code, out, err = said(asked(command, option, word))
        assert (code, out, err.count("\n")) == (2, "", 1), (word, err)
        assert "Traceback" not in err
        assert word.strip("-0123456789,x") in err
    code, _, err = said(asked(command, option, "-5,5"))
    assert "-5,5" in err
    assert "expected one argument" not in err


def test_the_name_of_a_command_is_known_in_every_spelling(said: Run) -> None:
    assert said(["Measure", "C5/6"]) == said(["measure", "C5/6"])
    assert said([" PLAN ", "--operation", "2026-12-01"])[0] == 0


# -- public functions: whatever takes a name takes it in every spelling

CALLS: dict[str, dict[str, Any]] = {
    "approaches": {"part": "disputed", "level": "C5/6"},
    "audit": {"leaflet": "S1"},
    "body_map": {"what": "L4", "by": "keegan_garrett", "view": "back"},
    "causes": {"level": "C5/6"},
    "chart": {"name": "area-against-disc-height", "level": "C5/6"},
    "compare": {"left": "C5/6", "right": "L4/5", "plane": "axial-disc"},
    "decide": {"patient": "helen-osei"},
    "explorer": {"level": "C5/6", "plane": "axial-disc", "side": "right", "build": "large"},
    "grade_it": {"system": "Lee 2010", "difficulty": "easy", "seed": 3},
    "localise": {"patient": "helen-osei"},
    "margin": {"trial": "FACET"},
    "operate": {"level": "C5/6", "approach": "posterior-open", "side": "right"},
    "planner": {"patient": "helen-osei"},
    "pool": {"name": "same-level"},
    "practice": {"kind": "roots", "levels": "C5/6", "where": "sections", "seed": 3},
    "predict": {"name": "extension-c56"},
    "rewrite": {"name": "keyhole"},
    "scan": {"level": "C5/6", "sequence": "STIR", "plane": "axial-disc", "side": "right"},
    "score": {"instrument": "NDI"},
    "self_check": {"lesson": "01"},
}
NO_NAMES = {
    "describe",
    "cite",
    "validate",
    "measure",
    "Level",
    "Plane",
    "Segment",
    "InvalidInput",
    "oblique_trap",
    "solid",
}
"""Public names that open no app by a name, or whose names the tests of the model and its planes spell."""


def described(function: str, **values: object) -> str:
    made = getattr(fl, function)(**values)
    words: str = made.describe()
    getattr(made, "close", lambda: None)()
    return words


def test_every_public_function_is_walked() -> None:
    assert set(CALLS) | NO_NAMES == set(fl._HOMES)


@pytest.mark.parametrize("function", CALLS)
def test_a_public_function_knows_a_name_in_every_spelling(
    function: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call = CALLS[function]
    expected = described(function, **call)
    for spelling in (str.upper, str.title, " {} ".format, lambda word: word.replace("-", "–")):
        other = {name: spelling(value) if isinstance(value, str) else value for name, value in call.items()}
        assert described(function, **other, theme=spelling("dark")) == expected, other


@pytest.mark.parametrize("function", CALLS)
def test_a_public_function_refuses_a_name_in_one_sentence(function: str) -> None:
    call = CALLS[function]
    for name in [*(name for name, value in call.items() if isinstance(value, str)), "theme"]:
        with pytest.raises(InvalidInput) as caught:
            described(function, **{**call, name: "no such thing"})
        assert "no such thing" in str(caught.value).lower()
        assert "\n" not in str(caught.value)


def test_the_model_knows_its_names_in_every_spelling() -> None:
    segment = fl.Segment.at("c5–6 ", build=" Large")
    assert segment == fl.Segment.at("C5/6", build="large")
    for plane in ("foramen", "oblique:38", "axial-disc"):
        for word in (plane.upper(), f" {plane.title()} ", plane.replace("-", " ").replace(":", " : ")):
            assert fl.Plane.named(word, segment, " RIGHT") == fl.Plane.named(plane, segment, "right")
    assert fl.measure(segment, "Right", "Sagittal") == fl.measure(segment, "right", "sagittal")
    assert segment.bent(flexion="−5").posture == segment.bent(flexion=-5).posture  # type: ignore[arg-type]


def test_an_error_in_a_cell_is_the_sentence_alone() -> None:
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415 - heavy, and for this test alone

    shell: Any = InteractiveShell()  # type: ignore[no-untyped-call]
    shown: list[list[str]] = []
    shell._showtraceback = lambda _kind, _value, lines: shown.append(lines)
    shell.run_cell("import foramlib as fl\nfl.chart('no-such-chart')")
    (lines,) = shown
    assert len(lines) == 1
    assert lines[0].startswith("There is no chart 'no-such-chart'; choose one of ")
