"""The ``foramlib`` command.

Exit codes: 0 when all is well, 1 when a check found something, 2 when the input could not be used, 3 when nothing could
be printed. What programs read (``--json``, files) is UTF-8 everywhere; what people read bends to their terminal.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import os
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from foramlib.errors import InvalidInput
from foramlib.given import as_typed, number_of, whole_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from foramlib.spine.foramen import Measures
    from foramlib.spine.segment import Segment
    from foramlib.spine.validation import Row

__all__ = ["main"]

_FOUND_SOMETHING = 1
_BAD_INPUT = 2
_NO_OUTPUT = 3
_WORKING_COPY = "foramen-lessons"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``foramlib``; by default those of this process. No words start the lessons.

    Returns
    -------
    int
        The exit code: 0, 1 (a check found something), 2 (input that cannot be used) or 3 (nothing can be printed).
    """
    if sys.stdout is None:
        return _complaint(
            "Nothing can be printed, because the standard output is closed; send it somewhere.", _NO_OUTPUT
        )
    _forgive_narrow_terminals()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except InvalidInput as problem:
        return _complaint(str(problem), _BAD_INPUT)
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        _print_no_more()
        return 0
    except OSError as problem:
        _print_no_more()
        where = f"{problem.filename} cannot be used" if problem.filename else "Nothing can be printed"
        reason = problem.strerror or type(problem).__name__
        return _complaint(f"{where} ({reason}); make room or choose another place.", _NO_OUTPUT)
    except KeyboardInterrupt:
        return 0


def _run(words: list[str]) -> int:
    try:
        parser = _parser()
        chosen = parser.parse_args(list(_joined(_with_default_command(words), parser.valued)))
        code: int = chosen.run(chosen)
    finally:
        # Also after a page of help, which ends the program from within: what cannot be printed is found out here.
        sys.stdout.flush()
    return code


def _complaint(sentence: str, code: int) -> int:
    """Say what went wrong, where anybody listens, and return the exit code."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(f"foramlib: {sentence}", file=sys.stderr, flush=True)
    return code


def _print_no_more() -> None:
    """Let the interpreter's own last words go nowhere, or it would complain about them."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser that answers a mistake with one sentence instead of a page of usage.

    Parameters
    ----------
    valued : set of str, optional
        Where to note the options that take a value; those of all commands in one set.
    **options
        As argparse takes them.
    """

    def __init__(self, *, valued: set[str] | None = None, **options: Any) -> None:  # noqa: ANN401 - argparse's own
        self.valued = set() if valued is None else valued
        super().__init__(**options)

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:  # noqa: ANN401 - the same
        """Add an argument."""
        action = super().add_argument(*names, **options)
        if action.nargs != 0:
            self.valued.update(action.option_strings)
        return action

    def error(self, message: str) -> NoReturn:
        """Raise the mistake as every other bad input is raised."""
        raise InvalidInput(f"{message.rstrip('.')}; see '{self.prog} --help'.")

    def _print_message(self, message: str, file: Any = None) -> None:  # noqa: ANN401 - the same
        """Print help so that it is heard when that cannot be done."""
        print(message, end="", file=file or sys.stderr)


def _joined(words: list[str], valued: Collection[str]) -> Iterator[str]:
    """Join an option with its value where that looks like an option.

    ``--flexion -5,5`` is then judged as a number, not as an option that nobody knows.
    """
    rest = iter(words)
    for word in rest:
        takes = word in valued or (len(word) > len("--") and any(name.startswith(word) for name in valued))
        value = next(rest, None) if takes else None
        if value is None:
            yield word
        elif re.match(r"-[^-]", value) and value not in valued:
            yield f"{word}={value}"
        else:
            yield from (word, value)


def _with_default_command(words: list[str]) -> list[str]:
    """Put ``lab`` in front when no command is named: ``foramlib --port 9000`` starts the lessons."""
    own = {"-h", "--help", "--version"}
    if not words or (words[0].startswith("-") and words[0] not in own):
        return ["lab", *words]
    return words if words[0].startswith("-") else [as_typed(words[0]).casefold(), *words[1:]]


def _parser() -> _Parser:
    parser = _Parser(prog="foramlib", description="Lessons on the neural foramen. Without a command: start them.")
    parser.add_argument("--version", action="version", version=_version())
    kind: Any = partial(_Parser, valued=parser.valued)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands", parser_class=kind)
    _add_lab(commands.add_parser("lab", help="start the lessons in JupyterLab (the default)"))
    _add_check(commands.add_parser("check", help="say whether this machine is ready"))
    _add_measure(commands.add_parser("measure", help="measure one foramen of the model"))
    _add_scan(commands.add_parser("scan", help="write a synthetic MR or CT image of the model"))
    _add_operate(commands.add_parser("operate", help="operate on the model, and print the gauges before and after"))
    _add_plan(commands.add_parser("plan", help="plan a recovery with dates, and who says so"))
    _add_validate(commands.add_parser("validate", help="compare the model with published measurements"))
    _add_localise(commands.add_parser("localise", help="name the root from findings and pain"))
    _add_sources(commands.add_parser("sources", help="print the bibliography"))
    return parser


def _version() -> str:
    from foramlib import __version__  # noqa: PLC0415 - the package must not import its command

    return f"foramlib {__version__}"


def _add_lab(parser: argparse.ArgumentParser) -> None:
    _add_into(parser)
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening a browser")
    parser.add_argument("--port", type=_whole, metavar="N", help="port to listen on (default: the first free one)")
    parser.set_defaults(run=_lab)


def _add_check(parser: argparse.ArgumentParser) -> None:
    _add_into(parser)
    parser.set_defaults(run=_check)


def _add_into(parser: argparse.ArgumentParser) -> None:
    words = f"your working copy of the lessons (default: ./{_WORKING_COPY})"
    parser.add_argument("--into", type=Path, default=Path(_WORKING_COPY), metavar="DIR", help=words)


def _add_measure(parser: argparse.ArgumentParser) -> None:
    _add_state(parser)
    words = "foramen (square to the canal, default), sagittal, or oblique:DEG, rotated from the sagittal"
    parser.add_argument("--plane", default="foramen", help=words)
    _add_json(parser)
    parser.set_defaults(run=_measure)


def _add_state(parser: argparse.ArgumentParser) -> None:
    """Words that name a state of the model; :func:`_segment` reads them."""
    parser.add_argument("level", metavar="LEVEL", help="C5/6 or L4/5, also spelt C5-6")
    parser.add_argument("--side", default="left", help="left (default) or right, the patient's")
    for name, words in _POSTURE.items():
        parser.add_argument(f"--{name}", type=_number, default=0.0, metavar="DEG", help=words)
    parser.add_argument("--disc-loss", type=_number, default=0.0, metavar="MM", help="height that the disc has lost")
    parser.add_argument("--build", default="typical", help="small, typical (default) or large")
    words = "what narrows it, any number of times, such as herniation=4,zone=foraminal,side=left"
    parser.add_argument("--lesion", action="append", default=[], metavar="NAME=MM[,…]", help=words)


def _add_scan(parser: argparse.ArgumentParser) -> None:
    _add_state(parser)
    words = "foramen (square to the canal, default), sagittal, oblique:DEG, axial-disc, axial-pedicle or coronal"
    parser.add_argument("--plane", default="foramen", help=words)
    parser.add_argument("--sequence", default="T2", metavar="NAME", help="T1, T2 (default), STIR or CT")
    parser.add_argument("--thickness", type=_number, default=3.0, metavar="MM", help="of the slice (default 3)")
    parser.add_argument("--noise", type=_number, default=2.0, metavar="PERCENT", help="of the image (default 2)")
    parser.add_argument(
        "--seed", type=_whole, default=1, metavar="N", help="of the noise: the same seed, the same noise"
    )
    parser.add_argument("--window", default=None, metavar="WIDTH,LEVEL", help="or, for CT, bone (default) or soft")
    parser.add_argument("--view", type=_number, default=1.0, metavar="TIMES", help="field of view, times the usual")
    words = "file to write: .png, .nii, .nii.gz or .dcm"
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=words)
    parser.set_defaults(run=_scan)


def _scan(chosen: argparse.Namespace) -> int:
    from foramlib.exchange.images import check_target, write_image  # noqa: PLC0415 - loads only what it needs
    from foramlib.figures.scan import Seen, describe_scan  # noqa: PLC0415
    from foramlib.imaging.scan import Settings  # noqa: PLC0415

    check_target(chosen.output)
    _settle_matplotlib()
    names = ("sequence", "thickness", "noise", "seed", "view")
    settings = Settings(**{name: getattr(chosen, name) for name in names}, window=_window(chosen.window))
    seen = Seen.named(_segment(chosen), chosen.plane, chosen.side, settings)
    target = write_image(seen, chosen.output)
    print(f"{describe_scan(seen)}\nWritten to {target}.")
    return 0


def _window(text: str | None) -> tuple[float, float] | str | None:
    """Read "350,50" as a pair; any other word is judged by the scanner."""
    parts = (text or "").split(",")
    try:
        width, level = map(number_of, parts)
    except ValueError:
        return text
    return width, level


_POSTURE = {
    "flexion": "of this segment; extension is negative",
    "bend": "side-bending of this segment towards the left; right is negative",
    "rotation": "of this segment towards the left; right is negative",
}


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--operation", required=True, metavar="DATE", help="day of the operation, as 2026-11-30")
    parser.add_argument("--region", default="cervical", help="cervical (default) or lumbar")
    parser.add_argument("--approach", default="any", help="open, keyhole, endoscopic, or any (default: not known)")
    parser.add_argument("--job", default="none", help="none (default), desk, light, heavy or driver")
    parser.add_argument("--drives", action="store_true", help="the patient drives")
    parser.add_argument("--sport", action="store_true", help="the patient does sport")
    _add_json(parser)
    parser.set_defaults(run=_plan)


def _add_validate(parser: argparse.ArgumentParser) -> None:
    _add_json(parser)
    parser.set_defaults(run=_validate)


def _add_operate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("level", help="for example C5/6 or L4/5")
    parser.add_argument("--approach", required=True, metavar="NAME", help="for example posterior-open or wiltse")
    parser.add_argument("--side", default="left", metavar="SIDE", help="left or right (default: left)")
    words = "something that narrows it, such as facet_hypertrophy=3; may be given several times"
    parser.add_argument("--lesion", action="append", default=[], metavar="NAME=MM[,…]", help=words)
    share = "share of facet, process or pars to take, 0 to 1 (default: what is usual in the model)"
    parser.add_argument("--facet-share", type=_number, default=None, metavar="X", help=share)
    _add_json(parser)
    parser.set_defaults(run=_operate)


def _add_localise(parser: argparse.ArgumentParser) -> None:
    words = "id of a finding, as often as needed; 'not-' before it: looked for and absent"
    parser.add_argument("--finding", action="append", default=[], metavar="ID", help=words)
    words = "body region that hurts, as often as needed, such as thumb_palmar.left"
    parser.add_argument("--region", action="append", default=[], metavar="ID", help=words)
    parser.add_argument("--patient", metavar="ID", help="start from a patient, such as helen-osei")
    parser.add_argument("--list", action="store_true", help="name every finding and body region")
    _add_json(parser)
    parser.set_defaults(run=_localise)


def _add_sources(parser: argparse.ArgumentParser) -> None:
    words = "fail when a number is shown without a citation, or with an incomplete one that is not marked so"
    parser.add_argument("--check", action="store_true", help=words)
    parser.set_defaults(run=_sources)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def _number(text: str) -> float:
    try:
        return number_of(text)
    except InvalidInput as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _whole(text: str) -> int:
    try:
        return whole_of(text)
    except InvalidInput as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _lab(chosen: argparse.Namespace) -> int:
    from foramlib.evidence import notebooks_path  # noqa: PLC0415 - each command loads only what it needs
    from foramlib.lessons.launcher import check_start, open_lab  # noqa: PLC0415
    from foramlib.lessons.workspace import hand_out  # noqa: PLC0415

    _settle_matplotlib()  # the kernels inherit its folder
    check_start(chosen.port)
    done = hand_out(notebooks_path(), chosen.into)
    print("\n".join(done.sentences()), flush=True)
    print("Starting JupyterLab; end it with Ctrl-C here, or with File > Shut Down there.", flush=True)
    open_lab(done.folder, port=chosen.port, browser=not chosen.no_browser)
    return 0


def _check(chosen: argparse.Namespace) -> int:
    from foramlib.lessons.check import check_machine  # noqa: PLC0415

    _settle_matplotlib()
    findings = check_machine(chosen.into)
    print("\n".join(finding.sentence() for finding in findings))
    if any(finding.mark == "no" for finding in findings):
        print("This machine is not ready yet; the lines marked 'no' say what to do.")
        return _FOUND_SOMETHING
    print("You are ready: start the lessons with 'foramlib'.")
    return 0


def _measure(chosen: argparse.Namespace) -> int:
    from foramlib.figures.room_words import as_plain, root_words  # noqa: PLC0415
    from foramlib.imaging.grades import grades  # noqa: PLC0415
    from foramlib.spine.foramen import DEFINITIONS, measure  # noqa: PLC0415
    from foramlib.spine.planes import plane_name  # noqa: PLC0415
    from foramlib.spine.room import root_states  # noqa: PLC0415

    segment = _segment(chosen)
    plane = plane_name(chosen.plane)
    if plane.startswith(("axial", "coronal")):
        raise InvalidInput(f"The plane {plane!r} cannot be measured; choose foramen, sagittal or oblique:DEG.")
    measured = measure(segment, chosen.side, plane)
    roots, found = root_states(segment, chosen.side), grades(segment, chosen.side)
    if chosen.json:
        _print_json(
            {**measured.as_dict(), **as_plain(segment, roots, found), "definitions": {**DEFINITIONS, **_MEANINGS}}
        )
    else:
        print("\n".join(_lines_of(measured, DEFINITIONS)))
        print("\nThe roots:\n" + "\n".join(f"  {root_words(segment, root)}." for root in roots))
        print("\nGrades, read off the model:\n" + "\n".join(f"  {grade.told()}" for grade in found))
    return 0


def _segment(chosen: argparse.Namespace) -> Segment:
    from foramlib.learning.state import ModelState  # noqa: PLC0415

    names = ("level", "side", "build", "flexion", "bend", "rotation", "disc_loss")
    asked = {name: getattr(chosen, name) for name in names}
    return ModelState(**asked, lesions=tuple(chosen.lesion)).segment()


_MEANINGS = {
    "bony": "from bone to bone; its area, height and width are repeated at the top",
    "soft": "between the soft tissues: disc, yellow ligament and joint capsule",
    "root_area_mm2": "area of root and ganglion in this plane",
    "free_area_mm2": "area within the soft outline that is not nerve: fat and vessels",
    "contact_fraction": "share of the nerve's outline within 0.25 mm of a wall, 0 to 1",
}


def _lines_of(measured: Measures, definitions: Mapping[str, str]) -> Iterator[str]:
    """Say the measures in words; lengths to 0.1 mm and areas to 1 mm², as the model is no finer."""
    angle = measured.angle
    turned = f" ({angle:.0f}° from the sagittal, film angle {90 - angle:.0f}°)" if angle else ""
    yield f"{measured.level}, {measured.side} side, {measured.plane} plane{turned}: the model, not a patient."
    for name in ("bony", "soft"):
        ruler = getattr(measured, name)
        yield f"\n{name.capitalize()} ruler, {_MEANINGS[name].partition(';')[0]}:"
        if ruler is None:
            yield "  no foramen in this plane"
        else:
            yield from (f"  {_figure(key, getattr(ruler, key)):>9}  {words}" for key, words in definitions.items())
    yield "\nThe nerve:"
    yield from (f"  {_figure(key, getattr(measured, key)):>9}  {_MEANINGS[key]}" for key in list(_MEANINGS)[2:])
    yield f"  {'':>9}  touched by: {', '.join(measured.touching) or 'nothing'}"


def _figure(key: str, value: float) -> str:
    if key.endswith("_mm2"):
        return f"{value:.0f} mm²"
    return f"{value:.1f} mm" if key.endswith("_mm") else f"{value:.2f}"


def _plan(chosen: argparse.Namespace) -> int:
    from foramlib.recovery.planner import plan  # noqa: PLC0415 - each command loads only what it needs

    asked = {"driving": chosen.drives, "job": chosen.job, "sport": chosen.sport}
    made = plan(chosen.operation, chosen.region, chosen.approach, **asked)
    if chosen.json:
        _print_json(made.as_dict())
    else:
        print("\n".join(made.lines()))
    return 0


def _validate(chosen: argparse.Namespace) -> int:
    from foramlib.evidence import with_footnotes  # noqa: PLC0415 - each command loads only what it needs
    from foramlib.imaging import oblique  # noqa: PLC0415
    from foramlib.spine.surgery import floor  # noqa: PLC0415
    from foramlib.spine.validation import validate  # noqa: PLC0415

    rows, floors = validate(), [oblique.validation_row(), *floor.validation_rows()]
    if chosen.json:
        _print_json([row.as_dict() for row in [*rows, *floors]])
        return 0
    print(with_footnotes("\n".join(map(_line_of, [*rows, *floors]))))
    print(f"{sum(row.ok for row in rows)} of {len(rows)} published values met; the others are shown as they are.")
    return 0


def _line_of(row: Row) -> str:
    mark = "met " if row.ok else "MISS"
    what = f"{row.level} {row.quantity} ({row.ruler}: {row.definition})"
    return f"{mark} {what}: model {row.model:.2f}, published {row.published} [{row.low} to {row.high}], {row.source}"


def _operate(chosen: argparse.Namespace) -> int:
    from foramlib.figures.operating import gauge_lines  # noqa: PLC0415 - loads only what it needs
    from foramlib.learning.operating import begin, whole_operation  # noqa: PLC0415

    start = begin(chosen.level, chosen.approach, chosen.side, chosen.lesion)
    done = whole_operation(start, chosen.facet_share)
    before, after = start.read_before(), done.read()
    if chosen.json:
        taken = [deed.kind for deed in done.done]
        said = {"level": start.level, "side": start.side, "approach": start.approach, "share": done.share}
        _print_json({**said, "done": taken, "before": before.as_dict(), "after": after.as_dict()})
        return 0
    print(f"{start.operation.title}, {start.level}, {start.side} side. Teaching model, not a patient.")
    print(f"Done: {', '.join(deed.told() for deed in done.done)}.")
    if start.astray:
        print(start.astray)
    for heading, state, found in (("Before", start, before), ("After", done, after)):
        print(f"{heading}:")
        print("\n".join(f"  {line}" for line in gauge_lines(state.segment(), found, start.operation.root)))
    return 0


def _localise(chosen: argparse.Namespace) -> int:
    from foramlib.clinic.accuracy import beliefs, withheld  # noqa: PLC0415
    from foramlib.clinic.localise import localise  # noqa: PLC0415
    from foramlib.learning.patient import load_patient  # noqa: PLC0415

    if chosen.list:
        print("\n".join(_lines_of_findings()))
        return 0
    who = load_patient(chosen.patient) if chosen.patient is not None else None
    given = (*(who.findings if who else ()), *chosen.finding)
    found = localise(given, (*(who.regions if who else ()), *chosen.region))
    weighed = beliefs(given, age=who.age if who else None)
    if chosen.json:
        told = {"probabilities": [belief.as_dict() for belief in weighed], "no_probability": list(withheld(given))}
        _print_json({**found.as_dict(), **told})
    else:
        print("\n".join([found.describe(), *(belief.sentence() for belief in weighed), *withheld(given)]))
        print("A teaching rule, not medical advice.")
    return 0


def _lines_of_findings() -> Iterator[str]:
    from foramlib.clinic.findings import GROUPS, findings  # noqa: PLC0415
    from foramlib.clinic.regions import region, region_ids  # noqa: PLC0415

    for group, title in GROUPS.items():
        yield f"{title}:"
        yield from (f"  {one.id:<28}{one.text}" for one in findings().values() if one.group == group)
    yield "Body regions:"
    yield from (f"  {name:<28}{region(name).spoken}" for name in region_ids())


def _sources(chosen: argparse.Namespace) -> int:
    from foramlib.evidence import bibliography, check_sources, count_sources  # noqa: PLC0415

    if not chosen.check:
        print("\n".join(bibliography()))
        return 0
    from foramlib.lessons.content import shown  # noqa: PLC0415

    places = list(shown())
    faults = check_sources(places)
    whole = count_sources(place.id for place in places if place.id).values()
    counts = f"{len(whole)} sources shown: {sum(whole)} complete, {len(whole) - sum(whole)} incomplete."
    print("\n".join([*faults, f"{len(places)} citations looked at, {len(faults)} at fault.", counts]))
    return _FOUND_SOMETHING if faults else 0


def _forgive_narrow_terminals() -> None:
    """Print a question mark for a character that an old terminal cannot show, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _settle_matplotlib() -> None:
    """Let matplotlib find its folder without a word; where it cannot write to the usual one, it takes another."""
    logger = logging.getLogger("matplotlib")
    logger.setLevel(logging.ERROR)
    try:
        import matplotlib as mpl  # noqa: PLC0415 - heavy, and only what draws or starts the lessons needs it

        mpl.get_configdir(), mpl.get_cachedir()
    except (ImportError, OSError):
        return  # 'foramlib check' says it in words
    finally:
        logger.setLevel(logging.NOTSET)


def _print_json(value: Mapping[str, object] | Sequence[object]) -> None:
    """Print JSON as the same bytes everywhere, whatever the terminal or the system prefers."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
