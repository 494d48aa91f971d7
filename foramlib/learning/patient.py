"""A made-up patient who goes with the learner from the first pain to the plan: one schema for every lesson."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.given import one_of
from foramlib.learning.records import Record
from foramlib.store import keep, kept, read_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from foramlib.spine.lesions import Lesion as ModelLesion
    from foramlib.spine.segment import Segment

__all__ = [
    "FOLDER",
    "LOCALISED",
    "NEED",
    "VERSION",
    "Lesion",
    "Patient",
    "Visit",
    "load_patient",
    "patients",
    "read_patient",
]

VERSION = 1
"""Form of a stored patient; another one is refused, not guessed at."""

FOLDER = "my-work"
"""Folder of the learner's own work, below the working directory."""

LOCALISED = "localised root"
"""Key under which lesson 04 keeps what the learner named."""

NEED = "need for an operation, "
"""Beginning of the keys under which lesson 05 keeps a decision; the week follows."""

SIDES = ("left", "right")
SEXES = ("female", "male")
DATES = ("onset", "seen", "reviewed", "operation")
"""Dates that a patient may have, in the order in which they must lie."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Lesion:
    """A lesion of the model by its name: its amount in mm, its zone and its side ("" where it has none)."""

    name: str
    mm: float
    zone: str = ""
    side: str = ""


@dataclass(frozen=True)
class Visit:
    """A later visit: weeks since the onset, what is found then, and what the patient says."""

    week: int
    findings: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Patient:
    """A made-up patient with what the learner decided.

    Parameters
    ----------
    version : int
        Form of the data, :data:`VERSION`.
    id, name : str
        For example ``"helen-osei"`` and ``"Helen Osei"``. Nobody real is meant.
    age : int
        Years.
    sex, occupation, sport : str
        In words; ``sport`` may be empty.
    work : str
        What kind of work a recovery plan reckons with: none, desk, light, heavy or driver; "" where it is not told.
    drives : bool
        Whether the patient drives.
    history : str
        What brought the patient, in a few sentences.
    findings : tuple of str
        Ids of clinical findings at the first visit (``data/clinic/findings.csv``); ``"not-"`` before an id says
        that it was looked for and is absent.
    regions : tuple of str
        Ids of body regions that hurt (``data/clinic/body_regions``).
    level, side : str
        Where the scan shows a narrowing, such as ``"C5/6"`` and ``"left"``.
    lesions : tuple of Lesion
        What narrows the foramen in the model.
    imaging : str
        What the report of the scan says.
    visits : tuple of Visit
        Later visits, in order.
    decisions : mapping of str to str
        What the learner decided, by a stable key such as ``"localised root"``.
    dates : mapping of str to str
        ISO dates by :data:`DATES`.
    remark : str
        What a reader must be told about the file, such as that it was damaged; not stored, not compared.
    """

    version: int
    id: str
    name: str
    age: int
    sex: str
    occupation: str
    drives: bool
    sport: str
    history: str
    findings: tuple[str, ...]
    regions: tuple[str, ...]
    level: str
    side: str
    lesions: tuple[Lesion, ...]
    imaging: str
    work: str = ""
    visits: tuple[Visit, ...] = ()
    decisions: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    remark: str = field(default="", compare=False)

    def deciding(self, **decisions: str) -> Patient:
        """Give the patient with decisions added; an underscore in a key stands for a space.

        Raises
        ------
        InvalidInput
            If a decision is not text.

        Examples
        --------
        >>> load_patient("helen-osei").deciding(localised_root="C6").decisions["localised root"]
        'C6'
        """
        named = {key.replace("_", " "): value for key, value in decisions.items()}
        return replace(self, decisions={**self.decisions, **_texts(named, f"{self.name}: a decision")})

    def dated(self, **dates: str | date) -> Patient:
        """Give the patient with dates added or changed.

        Parameters
        ----------
        **dates
            By :data:`DATES`: a date, or ISO text such as ``"2026-12-01"``.

        Raises
        ------
        InvalidInput
            If a date is malformed, unknown, absurd or before one that it must follow.
        """
        written = {key: value.isoformat() if isinstance(value, date) else value for key, value in dates.items()}
        return replace(self, dates=_checked_dates({**self.dates, **written}, self.name))

    def newest(self, folder: str | Path | None = None) -> Patient:
        """Give the patient as kept by now, so that a page left open does not undo what another one kept.

        Parameters
        ----------
        folder : str or pathlib.Path, optional
            As for :meth:`save`.

        Returns
        -------
        Patient
            From the learner's file where that can be read, else the patient as he or she is.
        """
        if self.id not in patients() or not _own_file(self.id, folder).is_file():
            return self
        found = load_patient(self.id, folder)
        return self if found.remark else found

    def decided_need(self) -> tuple[str, str]:
        """Give the last decision on the need for an operation: when, such as ``"week 12"``, and what; else ("", "")."""
        asked = [key for key in self.decisions if key.startswith(NEED)]
        if not asked:
            return "", ""
        last = max(asked, key=_week_of)
        return last.removeprefix(NEED), self.decisions[last]

    def weeks(self, until: str = "seen") -> int:
        """Whole weeks from the onset to one of the patient's dates.

        Raises
        ------
        InvalidInput
            If the patient has no such date.
        """
        return (self.day(until) - self.day("onset")).days // 7

    def day(self, name: str) -> date:
        """Give one of the patient's dates.

        Raises
        ------
        InvalidInput
            If the patient has no such date.
        """
        if name not in self.dates:
            raise InvalidInput(f"{self.name} has no date {name!r}; known are {', '.join(self.dates) or 'none'}.")
        return date.fromisoformat(self.dates[name])

    def segment(self) -> Segment:
        """Give the model's segment with the patient's lesions.

        Raises
        ------
        InvalidInput
            If the model refuses a lesion at this level.
        """
        from foramlib.spine.segment import Segment  # noqa: PLC0415 - the model is heavy

        return Segment.at(self.level).with_lesions(*self.model_lesions())

    def model_lesions(self) -> tuple[ModelLesion, ...]:
        """Give the patient's lesions as the model takes them.

        Raises
        ------
        InvalidInput
            If the model knows no such lesion, side or zone.
        """
        from foramlib.spine.lesions import lesion  # noqa: PLC0415 - the model is heavy

        return tuple(lesion(one.name, one.mm, one.side, one.zone) for one in self.lesions)

    def lesion_texts(self) -> tuple[str, ...]:
        """Give the patient's lesions as the command takes them."""
        return tuple(one.written for one in self.model_lesions())

    def as_dict(self) -> dict[str, Any]:
        """Give plain data from which :func:`read_patient` makes the same patient."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))  # tuples become lists, as in a file
        del data["remark"]
        return data

    def save(self, folder: str | Path | None = None) -> Path:
        """Keep the patient in the learner's folder; the old file is replaced only once the new one is complete.

        Parameters
        ----------
        folder : str or pathlib.Path, optional
            :data:`FOLDER` below the working directory by default; it is made where it is missing.

        Raises
        ------
        InvalidInput
            If the place cannot be written to.
        """
        return keep(_own_file(self.id, folder), self.as_dict(), self.name)


def patients() -> tuple[str, ...]:
    """Give the ids of the patients that ship, in alphabetical order."""
    return tuple(sorted(path.stem for path in data_path("patients").glob("*.json")))


def load_patient(name: str, folder: str | Path | None = None) -> Patient:
    """Load a patient: the learner's own file where there is one, else as shipped.

    Parameters
    ----------
    name : str
        An id of :func:`patients`.
    folder : str or pathlib.Path, optional
        The learner's folder; :data:`FOLDER` below the working directory by default.

    Returns
    -------
    Patient
        Where the learner's file is damaged, it is kept beside under another name, the shipped patient is
        given, and ``remark`` says so in one sentence.

    Raises
    ------
    InvalidInput
        If there is no patient of that name.
    """
    name = one_of(name, patients(), "patient")
    file = _own_file(name, folder)
    shipped = read_patient(read_plain(data_path("patients", f"{name}.json")), f"data/patients/{name}.json")
    found, remark = kept(
        file,
        lambda data: _same_patient(read_patient(data, f"The file {file.name}"), shipped, file),
        "the patient starts afresh",
    )
    return found or replace(shipped, remark=remark)


def read_patient(data: object, where: str = "This patient") -> Patient:
    """Read a patient from plain data.

    Parameters
    ----------
    data : object
        As :meth:`Patient.as_dict` gives it.
    where : str
        Named in complaints.

    Raises
    ------
    InvalidInput
        If the data are of another version, incomplete, or hold what cannot be.
    """
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise InvalidInput(f"{where} must be a record with named fields, not {type(data).__name__}.")
    record = Record(where, data)
    if data.get("version") != VERSION:
        raise InvalidInput(f"{where} is of version {data.get('version')!r}; this foramlib reads version {VERSION}.")
    record.only(*(column.name for column in fields(Patient) if column.name != "remark"))
    words = {key: record.text(key) for key in ("id", "name", "occupation", "history", "level", "imaging")}
    return Patient(
        version=VERSION,
        age=_age(record),
        sex=_one_of(record, "sex", SEXES),
        side=_one_of(record, "side", SIDES),
        drives=record.flag("drives"),
        sport=_text_or_nothing(record, "sport"),
        work=_text_or_nothing(record, "work"),
        findings=_names(record, "findings"),
        regions=_names(record, "regions"),
        lesions=_each(record, "lesions", _lesion),
        visits=_each(record, "visits", _visit),
        decisions=_texts(data.get("decisions", {}), f"{where}: a decision"),
        dates=_checked_dates(data.get("dates", {}), where),
        **words,
    )


# -- files


def _own_file(name: str, folder: str | Path | None) -> Path:
    return Path(folder if folder is not None else FOLDER) / f"{name}.json"


def _same_patient(patient: Patient, shipped: Patient, file: Path) -> Patient:
    """Refuse another patient, and one whom no lesson could open."""
    if patient.id != shipped.id:
        raise InvalidInput(f"The file {file.name} holds another patient, {patient.id!r}.")
    for key in shipped.dates:
        if key not in patient.dates:
            raise InvalidInput(f"The file {file.name} has lost the date {key!r}.")
    try:
        _check_clinic(patient)
    except InvalidInput as problem:
        raise InvalidInput(f"The file {file.name} holds what cannot be: {problem}") from problem
    return patient


def _check_clinic(patient: Patient) -> None:
    """Refuse a level, finding or region that does not exist, and findings that cannot stand together."""
    from foramlib.clinic.localise import localise  # noqa: PLC0415 - its tables are read only for a learner's own file
    from foramlib.clinic.roots import exiting_root  # noqa: PLC0415

    exiting_root(patient.level)
    for given in (patient.findings, *(visit.findings for visit in patient.visits)):
        localise(given, patient.regions)
    weeks = [patient.weeks(), *(visit.week for visit in patient.visits)]
    if weeks != sorted(weeks):
        raise InvalidInput("visits are out of order.")


def _week_of(key: str) -> int:
    """Give the number at the end of a key; -1 where there is none, so that it comes first."""
    last = key.rpartition(" ")[2]
    return int(last) if last.isdecimal() else -1


# -- fields


def _age(record: Record) -> int:
    age = record.number("age")
    if age != int(age) or not 16 <= age <= 110:  # noqa: PLR2004 - said in the sentence
        raise InvalidInput(f"{record.where}: an age of {age:g} is not possible; use whole years from 16 to 110.")
    return int(age)


def _one_of(record: Record, key: str, allowed: tuple[str, ...]) -> str:
    value = record.text(key)
    if value not in allowed:
        raise InvalidInput(f"{record.where}: the field {key!r} is {value!r}; allowed are {' and '.join(allowed)}.")
    return value


def _text_or_nothing(record: Record, key: str) -> str:
    return "" if record.fields.get(key, "") == "" else record.text(key)


def _names(record: Record, key: str) -> tuple[str, ...]:
    return () if record.fields.get(key, ()) in ([], ()) else record.texts(key)


def _each(record: Record, key: str, read: Callable[[Record], Any]) -> tuple[Any, ...]:
    return () if record.fields.get(key, ()) in ([], ()) else tuple(read(entry) for entry in record.records(key))


def _lesion(record: Record) -> Lesion:
    record.only("name", "mm", "zone", "side")
    size = record.number("mm")
    if not 0 < size <= 30:  # noqa: PLR2004 - said in the sentence
        raise InvalidInput(f"{record.where}: {size:g} mm is not possible; use more than 0 and at most 30 mm.")
    side = _one_of(record, "side", SIDES) if record.fields.get("side") else ""
    return Lesion(record.text("name"), size, _text_or_nothing(record, "zone"), side)


def _visit(record: Record) -> Visit:
    record.only("week", "findings", "note")
    week = record.number("week")
    if week != int(week) or week < 0:
        raise InvalidInput(f"{record.where}: week {week:g} is not possible; use whole weeks since the onset.")
    return Visit(int(week), _names(record, "findings"), record.text("note"))


def _texts(values: object, where: str) -> dict[str, str]:
    if not isinstance(values, dict) or not all(isinstance(part, str) for pair in values.items() for part in pair):
        raise InvalidInput(f"{where} must be text under a name, but it is {values!r}.")
    return dict(values)


def _checked_dates(values: object, where: str) -> dict[str, str]:
    """Refuse dates that are unknown, malformed, absurd or out of order."""
    dates = _texts(values, f"{where}: a date")
    for key in dates:
        if key not in DATES:
            raise InvalidInput(f"{where}: the date {key!r} is not known; allowed are {', '.join(DATES)}.")
    given = [(key, _day(key, dates[key], where)) for key in DATES if key in dates]
    _check_order(given, where)
    return {key: dates[key] for key, _ in given}


def _day(key: str, text: str, where: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{where}: the date {key!r} is {text!r}; write it like 2026-12-01.") from None
    if not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise InvalidInput(f"{where}: the date {key!r} is {text}; it must lie from {_FIRST_YEAR} to {_LAST_YEAR - 1}.")
    return day


def _check_order(given: Iterable[tuple[str, date]], where: str) -> None:
    days = list(given)
    for (before, first), (after, second) in pairwise(days):
        if second < first:
            raise InvalidInput(
                f"{where}: {after!r} ({second}) lies before {before!r} ({first}); the order is {', '.join(DATES)}."
            )
