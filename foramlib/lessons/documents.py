"""Take lessons, companions and question files apart into passages, each with its place."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from foramlib.errors import InvalidInput
from foramlib.lessons.markdown import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["Document", "Passage", "Role", "read_app_texts", "read_document", "read_documents"]

Role: TypeAlias = Literal["prose", "heading", "row", "code", "vignette", "option", "reference", "ids"]

# Fields of a question that tell of an invented patient or a state of the model, or offer answers to choose from:
# their numbers are no evidence. Reasons are prose, and their numbers are linked.
_INVENTED = frozenset(
    {"stem", "vignette", "history", "findings", "lead_in", "prompt", "question", "title", "objective"}
)
_OPTION_TEXT = "text"
_IDS = frozenset({"sources", "source", "evidence"})
# Headings of a lesson under which an invented patient is told of, or sources are listed.
_SECTIONS: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"#+\s*(?:a|the|our)?\s*(?:patient|case)\b", re.IGNORECASE), "vignette"),
    (re.compile(r"#+\s*(?:references|sources)\s*$", re.IGNORECASE), "reference"),
)
# Fields that only a program reads.
_MACHINE = frozenset({"id", "lesson", "state", "before", "after", "view", "quantity", "change"})


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, table row, code cell or field, and where it stands."""

    where: str
    text: str
    role: Role = "prose"


@dataclass(frozen=True)
class Document:
    """One file of the lessons.

    Attributes
    ----------
    name : str
        Path from the top of the project, with forward slashes.
    path : pathlib.Path
        Where it lies.
    passages : tuple of Passage
        Its parts in order.
    faults : tuple of (str, str)
        Place and sentence, for what is wrong with the file itself (stored outputs).
    """

    name: str
    path: Path
    passages: tuple[Passage, ...]
    faults: tuple[tuple[str, str], ...] = ()


def read_documents(notebooks: Path, data: Path) -> Iterator[Document]:
    """Read every lesson, every teacher's companion and every file of questions."""
    for path in sorted(notebooks.glob("*.ipynb")):
        yield read_document(path, f"notebooks/{path.name}")
    for path in sorted(notebooks.glob("*.md")):
        yield read_document(path, f"notebooks/{path.name}")
    for path in sorted((notebooks / "teaching").glob("*.md")):
        yield read_document(path, f"notebooks/teaching/{path.name}")
    for path in sorted((data / "items").glob("*.yaml")):
        yield read_document(path, f"data/items/{path.name}")


def read_app_texts(data: Path) -> Iterator[Document]:
    """Read the other texts that apps show: operations, decisions, appraisal, and what is said of leaflets' claims."""
    for room in ("operations", "appraisal"):
        for path in sorted((data / room).glob("*.yaml")):
            yield read_document(path, f"data/{room}/{path.name}")
    tables = [*(data / "clinic" / "decision").glob("*.csv"), *(data / "recovery").glob("*.csv")]
    tables += [data / "evidence" / name for name in ("seed_claims.csv", "disagreements.csv")]
    for path in sorted(path for path in tables if path.is_file()):
        name = path.relative_to(data).as_posix()
        yield Document(f"data/{name}", path, tuple(_cells(path)))


def _cells(path: Path) -> Iterator[Passage]:
    """Give each cell of a table that holds words; a leaflet's own claim is not ours."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            for column, text in row.items():
                if text and " " in text and column != "claim":
                    yield Passage(f"line {reader.line_num}, {column}", text)


def read_document(path: Path, name: str) -> Document:
    """Read one notebook, Markdown or YAML file.

    Raises
    ------
    InvalidInput
        If the file is damaged; the sentence names it.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return Document(name, path, tuple(_in_sections(_prose(text, ""))))
    if path.suffix == ".yaml":
        return Document(name, path, tuple(_fields(_load_yaml(text, name), (), "")))
    cells = _load_notebook(text, name)
    passages = tuple(passage for number, cell in enumerate(cells, 1) for passage in _cell(number, cell))
    faults = tuple((f"cell {number}", fault) for number, cell in enumerate(cells, 1) for fault in _output_faults(cell))
    return Document(name, path, tuple(_in_sections(passages)), faults)


def _in_sections(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Give prose under the heading of a patient or of the references its own role."""
    role: Role = "prose"
    for passage in passages:
        if passage.role == "heading":
            role = next((role for heading, role in _SECTIONS if heading.match(passage.text.strip())), "prose")
        yield replace(passage, role=role) if passage.role == "prose" else passage


def _load_yaml(text: str, name: str) -> object:
    import yaml  # noqa: PLC0415 - only the lint of questions needs it

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(f"{name} is not a YAML file ({' '.join(str(error).split())}).") from None


def _load_notebook(text: str, name: str) -> list[dict[str, object]]:
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        raise InvalidInput(f"{name} is not a notebook; a JSON file with a list of cells is needed.") from None
    return [cell for cell in cells if isinstance(cell, dict)]


def _source(cell: Mapping[str, object]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _cell(number: int, cell: Mapping[str, object]) -> Iterator[Passage]:
    if cell.get("cell_type") == "markdown":
        yield from _prose(_source(cell), f"cell {number}, ")
    else:
        yield Passage(f"cell {number}", _source(cell), "code")


def _prose(text: str, before: str) -> Iterator[Passage]:
    for line, block, fenced in blocks(text):
        yield Passage(f"{before}line {line}", block, "code" if fenced else _role(block))


def _role(block: str) -> Role:
    if block.lstrip().startswith("#"):
        return "heading"
    return "row" if block.lstrip().startswith("|") else "prose"


def _fields(value: object, keys: tuple[str, ...], where: str) -> Iterator[Passage]:
    """Walk through a YAML file; an entry is named by its id, a field by its key."""
    if isinstance(value, dict):
        where = f"{where}, {value['id']}".strip(", ") if "id" in value else where
        for key, inner in value.items():
            if key not in _MACHINE:
                yield from _fields(inner, (*keys, str(key)), f"{where}, {key}".strip(", "))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            named = isinstance(inner, str) or (isinstance(inner, dict) and "id" in inner)
            yield from _fields(inner, keys, where if named else f"{where} {number}".strip())
    elif isinstance(value, str):
        yield Passage(where, value, _role_of_field(keys[-1] if keys else ""))


def _role_of_field(key: str) -> Role:
    if key in _IDS:
        return "ids"
    if key == _OPTION_TEXT:
        return "option"
    return "vignette" if key in _INVENTED else "prose"


_LARGEST_OUTPUT = 4_000


def _output_faults(cell: Mapping[str, object]) -> Iterator[str]:
    """Say which stored outputs are more than the small text that nbval compares."""
    outputs = cell.get("outputs", [])
    for output in outputs if isinstance(outputs, list) else []:
        kinds = set(output.get("data", {"text/plain": output.get("text", "")}))
        if output.get("output_type") == "error":
            yield "an error is stored as output; run the cell right and clear it."
        elif kinds != {"text/plain"}:
            yield f"an output of kind {', '.join(sorted(kinds - {'text/plain'}))} is stored; only small text may be."
        elif len(json.dumps(output)) > _LARGEST_OUTPUT:
            yield f"a stored output is longer than {_LARGEST_OUTPUT} characters; only small text may be stored."
