"""Who needs an operation? Rules that weigh a presentation, give their reasons, and never know who the patient is.

The rules are data (``data/clinic/decision/reasons.csv``). A reason speaks for or against one of four options when its
signs are there; some reasons also decide, by rank: red flags first, severe or growing weakness among them, then
another cause, then pain that is not of a root, then the course and the time. They are a teaching rule, not a guideline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from foramlib.clinic.findings import NOT, finding
from foramlib.clinic.lesions import nature, roots_met
from foramlib.clinic.localise import localise
from foramlib.clinic.roots import exiting_root, traversing_root
from foramlib.errors import InvalidInput
from foramlib.evidence import data_path
from foramlib.evidence.tables import by_key, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from foramlib.clinic.findings import RedFlag
    from foramlib.clinic.localise import Candidate
    from foramlib.evidence.records import Count, Ids, Number, Text

__all__ = [
    "COURSES",
    "RULE",
    "SIGNS",
    "Consequence",
    "Judgement",
    "Option",
    "Presentation",
    "Reason",
    "Said",
    "WhatIf",
    "consequence",
    "judge",
    "options",
    "reasons",
    "signs_of",
    "what_ifs",
]

RULE = "These are teaching rules with their sources, not a guideline, and no replacement for a surgeon's judgement."

Choice: TypeAlias = Literal["urgent", "other", "wait", "offer"]
Side: TypeAlias = Literal["for", "against"]
Course: TypeAlias = Literal["improving", "partly", "unchanged", "worse", "unknown"]
Main: TypeAlias = Literal["limb", "axial"]
Part: TypeAlias = Literal["arm", "leg", "both"]
GivenCourse: TypeAlias = Literal["", "improving", "partly", "unchanged", "worse"]
GivenMain: TypeAlias = Literal["", "limb", "axial"]
Row = TypeVar("Row")

COURSES: Mapping[str, str] = {
    "improving": "getting better",
    "partly": "a little better",
    "unchanged": "not changing",
    "worse": "getting worse",
    "unknown": "not told",
}
"""How the pain is going, and in words."""

_FLAGS = (
    "cauda-equina",
    "metastatic-compression",
    "metastatic-pain",
    "stroke",
    "spinal-injury",
    "dissection",
    "horner-painless",
    "myelopathy",
    "upper-motor",
    "infection",
    "fracture",
    "tumour",
    "pancoast",
    "foot-drop",
    "weakness",
)

SIGNS = frozenset(
    {
        "red-flag",
        "emergency",
        "not-a-root",
        *(f"flag:{name}" for name in _FLAGS),
        "root",
        "look-alike",
        "fits",
        "misfit",
        "narrow-scan",
        "weakness",
        "new-weakness",
        "improving",
        "course-unknown",
        "limb",
        "axial",
        "tried",
        "cervical",
        "lumbar",
        "soft",
        "bony",
        "slip",
        "central",
    }
)
"""What a rule may ask for; everything is found from the presentation.

``red-flag`` is any flag, ``emergency`` one that cannot wait a day, ``not-a-root`` one that points to another disease:
with the others an operation on the root stays a question.
"""


@dataclass(frozen=True)
class Presentation:
    """What the rules read: no name, no id.

    Attributes
    ----------
    weeks : int
        Since the onset.
    level : str
        Where the scan shows a narrowing, such as ``"C5/6"``.
    findings, regions : tuple of str
        Ids as `foramlib.clinic.localise` takes them.
    earlier : tuple of str
        Findings of the visit before; empty at the first.
    lesions : tuple of (str, str)
        Name and zone ("" where it has none) of what narrows the foramen.
    course : str
        One of :data:`COURSES`.
    main : {"limb", "axial"}
        Where the pain mainly is.
    tried : bool
        Whether good care without an operation has been given.
    """

    weeks: int
    level: str
    findings: tuple[str, ...]
    regions: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    lesions: tuple[tuple[str, str], ...] = ()
    course: Course = "unknown"
    main: Main = "limb"
    tried: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        exiting_root(self.level)
        if self.course not in COURSES:
            raise InvalidInput(f"The course {self.course!r} is not known; choose one of {', '.join(COURSES)}.")
        if self.main not in {"limb", "axial"}:
            raise InvalidInput(f"The main pain {self.main!r} is not known; choose limb or axial.")
        if not isinstance(self.weeks, int) or isinstance(self.weeks, bool) or self.weeks < 0:
            raise InvalidInput(f"Weeks since the onset cannot be {self.weeks!r}; use a whole number from 0.")

    @property
    def part(self) -> str:
        """``"arm"`` or ``"leg"``."""
        return "arm" if self.level.startswith("C") else "leg"

    def with_findings(self, added: Iterable[str]) -> Presentation:
        """Give the presentation with findings that are present now, whatever was looked for and absent before."""
        new = tuple(name for name in added if name not in self.findings)
        kept = (name for name in self.findings if name.removeprefix(NOT) not in new)
        return replace(self, findings=(*kept, *new))

    def if_so(self, case: WhatIf) -> Presentation:
        """Give the presentation changed as a "what if" says."""
        changed = self.with_findings(case.adds)
        if case.weeks is not None:
            changed = replace(changed, weeks=case.weeks, tried=True)
        return replace(changed, course=case.course or self.course, main=case.main or self.main)


@dataclass(frozen=True)
class Option:
    """One of the four decisions (``options.csv``)."""

    id: Choice
    name: Text
    meaning: Text
    order: float


@dataclass(frozen=True)
class Reason:
    """One rule (``reasons.csv``): it speaks when all of its signs, any of them and none of them are there.

    ``rank`` above 0 decides, the greatest first; ``also`` names options that are fair as well when it decides.
    Numbers in ``text`` name their evidence, ``[28 %]({A:D-01})``; ``{leader}``, ``{signs}``, ``{flag}`` are filled in.
    """

    id: Text
    option: Choice
    side: Side
    rank: float
    all_of: Ids
    any_of: Ids
    none_of: Ids
    from_week: Number
    before_week: Number
    also: Ids
    text: Text

    def speaks(self, signs: frozenset[str], weeks: int) -> bool:
        """Whether the reason holds."""
        held = set(self.all_of) <= signs and not set(self.none_of) & signs
        some = not self.any_of or bool(set(self.any_of) & signs)
        late = self.from_week is None or weeks >= self.from_week
        return held and some and late and (self.before_week is None or weeks < self.before_week)


@dataclass(frozen=True)
class Said:
    """A reason as it is said of one presentation."""

    option: Choice
    side: Side
    text: str
    decides: bool


@dataclass(frozen=True)
class Consequence:
    """What is likely to follow a choice where the rules judge so (``consequences.csv``).

    ``root`` is ``"yes"`` where every red flag that is up may come from the root, empty where that makes no difference.
    """

    id: Text
    judged: Choice
    chosen: Choice
    root: Literal["", "yes"]
    text: Text


@dataclass(frozen=True)
class WhatIf:
    """A change to a presentation, to see what it does (``what_if.csv``)."""

    id: Text
    part: Part
    name: Text
    adds: Ids
    course: GivenCourse
    main: GivenMain
    weeks: Count


@dataclass(frozen=True)
class Judgement:
    """What the rules say.

    Attributes
    ----------
    best : str
        Id of the option that they favour.
    also : tuple of str
        Options that are fair as well.
    said : tuple of Said
        Every reason that speaks, the deciding one first.
    flags : tuple of RedFlag
        What must interrupt.
    leader : Candidate or None
        The root or look-alike that the findings name first.
    urgency : int
        3 emergency, 2 urgent, 0 routine.
    """

    best: Choice
    also: tuple[str, ...]
    said: tuple[Said, ...]
    flags: tuple[RedFlag, ...]
    leader: Candidate | None
    urgency: int

    def reasons(self, option: str, side: str) -> tuple[str, ...]:
        """Give the texts that speak for or against an option."""
        return tuple(one.text for one in self.said if (one.option, one.side) == (option, side))

    @property
    def of_root(self) -> bool:
        """Whether red flags are up and all of them may come from the root."""
        return bool(self.flags) and all(flag.root == "yes" for flag in self.flags)

    @property
    def why(self) -> str:
        """Give the reason that decides."""
        return next(one.text for one in self.said if one.decides)

    def accepts(self, option: str) -> bool:
        """Whether an option is the favoured one, or fair as well."""
        return option == self.best or option in self.also


def judge(case: Presentation) -> Judgement:
    """Weigh a presentation by the rules.

    Examples
    --------
    >>> judge(Presentation(3, "L4/5", ("straight-leg-raise",), course="improving")).best
    'wait'
    """
    found = localise(case.findings, case.regions, case.earlier)
    leader = _leader(found.candidates)
    signs = _signs(case, found.flags, leader)
    speaking = [reason for reason in reasons() if reason.speaks(signs, case.weeks)]
    deciding = max(speaking, key=lambda reason: reason.rank)
    if not deciding.rank:
        raise InvalidInput("No rule decides on this presentation; say how the pain goes, and where it is.")
    ordered = [deciding, *(reason for reason in speaking if reason is not deciding)]
    said = tuple(_said(reason, found.flags, leader, decides=reason is deciding) for reason in ordered)
    return Judgement(deciding.option, deciding.also, said, found.flags, leader, _urgency(found.flags))


def signs_of(case: Presentation) -> frozenset[str]:
    """Find the signs that rules ask for, each one of :data:`SIGNS`."""
    found = localise(case.findings, case.regions, case.earlier)
    return _signs(case, found.flags, _leader(found.candidates))


def _leader(candidates: tuple[Candidate, ...]) -> Candidate | None:
    return candidates[0] if candidates and candidates[0].points > 0 else None


def _signs(case: Presentation, flags: tuple[RedFlag, ...], leader: Candidate | None) -> frozenset[str]:
    found = {f"flag:{flag.id}" for flag in flags} | ({"red-flag"} if flags else set())
    found |= {"emergency"} if any(flag.urgency == "emergency" for flag in flags) else set()
    found |= {"not-a-root"} if any(flag.root == "no" for flag in flags) else set()
    found |= {"cervical" if case.part == "arm" else "lumbar", case.main, *_of_lesions(case)}
    found |= {"tried"} if case.tried else set()
    found |= {"improving"} & {case.course} or ({"course-unknown"} if case.course == "unknown" else set())
    if leader is not None:
        found |= {leader.kind} | _weakness(case, leader)
        if leader.kind == "root":
            found |= {"fits" if leader.id in _narrowed(case) else "misfit"}
    return frozenset(found)


def _of_lesions(case: Presentation) -> set[str]:
    natures = {nature(name) for name, _ in case.lesions}
    found = {"narrow-scan"} if natures else set()
    found |= {"soft"} if "soft disc" in natures else set()
    # A soft disc beside an old spur is told as a soft disc: that is what the trials took in.
    found |= {"bony"} if "worn" in natures and "soft disc" not in natures else set()
    found |= {"slip"} if "slip" in natures else set()
    return found | ({"central"} if ("herniation", "central") in case.lesions else set())


def _narrowed(case: Presentation) -> set[str]:
    """Name the roots that the scan can explain; where no lesion is named, those of the level."""
    if case.lesions:
        return {root for name, zone in case.lesions for root in roots_met(case.level, name, zone)}
    return {exiting_root(case.level), traversing_root(case.level)} - {""}


def _weakness(case: Presentation, leader: Candidate) -> set[str]:
    """Tell weakness that the leading candidate explains, and weakness that was not there before."""
    weak = {name for name in case.findings if not name.startswith(NOT) and _is_weakness(name, leader.id)}
    new = {name for name in weak if case.earlier and name not in case.earlier}
    return ({"weakness"} if weak else set()) | ({"new-weakness"} if new else set())


def _is_weakness(name: str, candidate: str) -> bool:
    one = finding(name)
    return one.group == "power" and candidate in {*one.key, *one.fits}


def _urgency(flags: tuple[RedFlag, ...]) -> int:
    if not flags:
        return 0
    return 3 if any(flag.urgency == "emergency" for flag in flags) else 2


def _said(reason: Reason, flags: tuple[RedFlag, ...], leader: Candidate | None, *, decides: bool) -> Said:
    named = leader.name if leader else "no root"
    named = named[0].lower() + named[1:] if leader and leader.kind == "look-alike" else f"the {named}"
    flagged = " ".join(flag.sentence for flag in flags)
    signs = "; ".join(_small(why.text) for why in leader.supporting[:_MOST_SIGNS]) if leader else ""
    text = reason.text.replace("{leader}", named).replace("{flag}", flagged).replace("{signs}", signs)
    return Said(reason.option, reason.side, text, decides)


_MOST_SIGNS = 4
_NAMED = ("Tinel", "Phalen", "Durkan")


def _small(text: str) -> str:
    return text if text.startswith(_NAMED) else text[0].lower() + text[1:]


# -- tables


@lru_cache(maxsize=1)
def options() -> Mapping[str, Option]:
    """Give the four options by id, in the order in which they are offered."""
    return by_key(_read("options", Option), "id")


@lru_cache(maxsize=1)
def reasons() -> tuple[Reason, ...]:
    """Give every rule."""
    signs = dict.fromkeys(("all_of", "any_of", "none_of"), SIGNS)
    return _read("reasons", Reason, also=frozenset(options()), **signs)


@lru_cache(maxsize=1)
def what_ifs() -> Mapping[str, WhatIf]:
    """Give the changes that a learner can try, by id."""
    return by_key(_read("what_if", WhatIf), "id")


def consequence(judged: str, chosen: str, *, of_root: bool = False) -> str:
    """Say what is likely to follow a choice.

    Parameters
    ----------
    judged, chosen : str
        Ids of options: what the rules favour, and what was chosen.
    of_root : bool
        Whether the red flags that are up may all come from the root, as :attr:`Judgement.of_root` says.

    Raises
    ------
    InvalidInput
        If one of them is no option.
    """
    for name in (judged, chosen):
        if name not in options():
            raise InvalidInput(f"There is no option {name!r}; choose one of {', '.join(options())}.")
    said = _consequences()
    return (of_root and said.get((judged, chosen, "yes"))) or said[judged, chosen, ""]


@lru_cache(maxsize=1)
def _consequences() -> Mapping[tuple[str, str, str], str]:
    return {(row.judged, row.chosen, row.root): row.text for row in _read("consequences", Consequence)}


def _read(name: str, row_type: type[Row], **known: frozenset[str]) -> tuple[Row, ...]:
    return read_table(data_path("clinic", "decision", f"{name}.csv"), row_type, known)
