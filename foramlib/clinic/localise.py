"""Which root? A teaching rule that adds points and gives its reasons; it is not a validated score.

The rule (``data/clinic/weights.csv``):

- a finding that points to a candidate gives it the points of its strength: power and digits most, reflexes and other
  sensation less, story, pain regions and provocation tests least;
- a finding that merely fits gives one point; pain regions together give at most two;
- a finding that speaks against a candidate takes two points, and a sign that the candidate does not explain takes one;
- key findings that were looked for and are absent take one point together: a root may hurt long before it fails.

Pain outside a root's usual region takes nothing: most radicular pain does not follow the dermatome (A:L-19).

Red flags (``data/clinic/red_flags.csv``) follow one rule, that of :meth:`foramlib.clinic.findings.RedFlag.raised_by`.
While one of them is an emergency, the slower ones are said without their own limits of time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from foramlib.clinic.findings import NOT, PAINS, finding, finding_name, findings, look_alikes, red_flags, weights
from foramlib.clinic.regions import region
from foramlib.clinic.roots import root_cards
from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from foramlib.clinic.findings import Finding, RedFlag
    from foramlib.clinic.regions import Region

__all__ = ["RULE", "Candidate", "Localisation", "Reason", "localise"]

RULE = (
    "Points follow a teaching rule, not a validated score; pain areas together give at most two, "
    "and findings looked for in vain together take one."
)

_EMERGENCY = "emergency"
_FITS, _AGAINST, _ABSENT, _UNEXPLAINED = 1, -2, -1, -1
_MOST_FOR_PAIN = 2
_CLOSE = 1  # points within which two candidates are not told apart
_SIGNS = ("power", "reflexes", "sensation")
_PAIN = "pain:"  # before a region's id where a reason names what it comes from
_ARM_AND_LEG = "One root cannot explain signs in arm and leg; think of the cord, or of two places at once."
_GRADE = "Grade the weakness from 0 to 5 (MRC): 3 or less needs an urgent opinion."
_LOST_AND_BRISK = (
    "A reflex that is lost beside brisk ones is a pattern of the cord at that level: "
    "look for the other signs now, and have the cord scanned soon."
)
_LOW, _BRISK = "-reflex-low", frozenset({"reflexes-brisk", "leg-reflexes-brisk", "inverted-supinator"})
_ACHES = {"neck-pain": "neck", "sudden-neck-pain": "neck or head", "night-pain": "at night"}
_NO_ROOT = "upper-motor"  # the flag beside which no root is named
_SPINE = frozenset(
    {"neck_front", "neck_back", "interscapular", "infrascapular", "low_back", "sacrum"}
)  # regions where the pain may be of the spine itself; no list gives some of them to a root
_SADDLE_OR_BOTH = (
    "Pain in the saddle or in both legs: ask now about bladder, bowel, sexual function and touch in the saddle, and "
    "examine both legs; a new change in one of them is an emergency (cauda equina)."
)
_PROGRESSING, _GRADED = "weakness-progressing", ("weakness-severe", "foot-drop")
_TWO_SIDES = "One root cannot explain pain in both limbs; think of the cord, the cauda equina, or two roots."


@dataclass(frozen=True)
class Reason:
    """Why a candidate gains or loses: the words, the points, the evidence ids and the findings they come from."""

    text: str
    points: int
    sources: tuple[str, ...]
    finding: str


@dataclass(frozen=True)
class Candidate:
    """A root or a look-alike with its reasons.

    Attributes
    ----------
    id, name : str
        ``"C6"`` and ``"C6 root"``, or ``"carpal-tunnel"`` and ``"Carpal tunnel syndrome"``.
    kind : str
        ``"root"`` or ``"look-alike"``.
    part : str
        ``"arm"`` or ``"leg"``.
    reasons : tuple of Reason
        For and against, in the order of the findings.
    note : str
        Where a root leaves, or how a look-alike is told.
    """

    id: str
    name: str
    kind: str
    part: str
    reasons: tuple[Reason, ...]
    note: str

    @property
    def points(self) -> int:
        """Sum of what speaks for and against."""
        return self.gained - self.lost

    @property
    def gained(self) -> int:
        """Points for; pain regions together give two at most."""
        pain = sum(reason.points for reason in self.supporting if reason.finding.startswith(_PAIN))
        return sum(reason.points for reason in self.supporting) - pain + min(pain, _MOST_FOR_PAIN)

    @property
    def lost(self) -> int:
        """Points against; findings that were looked for in vain take one at most."""
        absent = sum(-reason.points for reason in self.opposing if reason.finding.startswith(NOT))
        return sum(-reason.points for reason in self.opposing) - absent + min(absent, -_ABSENT)

    @property
    def supporting(self) -> tuple[Reason, ...]:
        """What speaks for it."""
        return tuple(reason for reason in self.reasons if reason.points > 0)

    @property
    def opposing(self) -> tuple[Reason, ...]:
        """What speaks against it."""
        return tuple(reason for reason in self.reasons if reason.points < 0)


@dataclass(frozen=True)
class Localisation:
    """What the findings name.

    Attributes
    ----------
    candidates : tuple of Candidate
        Those for which something speaks, best first.
    flags : tuple of RedFlag
        What must interrupt.
    hints : tuple of str
        What to look for now, where half of what would interrupt is there.
    notes : tuple of str
        What else must be said: look-alikes that are not scored, findings that do not fit together.
    verdict : str
        One sentence.
    """

    candidates: tuple[Candidate, ...]
    flags: tuple[RedFlag, ...]
    hints: tuple[str, ...]
    notes: tuple[str, ...]
    verdict: str

    def as_dict(self) -> dict[str, Any]:
        """Give plain data for programs."""
        return {
            "verdict": self.verdict,
            "rule": RULE,
            "red_flags": [{"id": flag.id, "title": flag.title, "sentence": flag.sentence} for flag in self.flags],
            "hints": list(self.hints),
            "candidates": [_as_dict(candidate) for candidate in self.candidates],
            "notes": list(self.notes),
        }

    def describe(self) -> str:
        """Say everything in lines: red flags first, then the verdict, then reasons for and against."""
        lines = [f"{flag.title}. {flag.sentence}" for flag in self.flags]
        lines += [*self.hints, self.verdict, RULE, *self.notes]
        for candidate in self.candidates:
            lines.append(f"{candidate.name}: {_points(candidate)}. {candidate.note}")
            lines += [f"  for: {reason.text} (+{reason.points})" for reason in candidate.supporting]
            lines += [f"  against: {reason.text} (−{-reason.points})" for reason in candidate.opposing]
        return "\n".join(lines)


def localise(
    given: Iterable[str] = (), regions: Iterable[str] = (), earlier: Iterable[str] = ()
) -> Localisation:  # fmt: skip
    """Rank roots and look-alikes by findings and pain regions, with reasons for and against each.

    Parameters
    ----------
    given : iterable of str
        Ids of ``data/clinic/findings.csv``; ``"not-"`` before an id says that it was looked for and is absent.
    regions : iterable of str
        Ids of body regions that hurt (``data/clinic/body_regions.yaml``).
    earlier : iterable of str
        Findings of the visit before, as `given`; nothing at a first visit. Weakness that was not there then is growing.

    Returns
    -------
    Localisation
        By the teaching rule of this module; red flags first.

    Raises
    ------
    InvalidInput
        If an id is unknown, or two of them cannot stand together.

    Examples
    --------
    >>> localise(["weak-wrist-extension", "brachioradialis-reflex-low"]).candidates[0].id
    'C6'
    """
    present, absent = _parted(tuple(dict.fromkeys(map(finding_name, given))))
    hurting = tuple(dict.fromkeys(map(region, regions)))
    _check_together(present, absent, hurting)
    ranked = _ranked(_Case(present, absent, hurting))
    signs = {one.id for one in present} | ({_PROGRESSING} if _has_new_weakness(present, tuple(earlier)) else set())
    flags = tuple(_flags(signs, hurting, ranked))
    if _NO_ROOT in {flag.id for flag in flags}:
        ranked = ()
    told = {one.id for one in (*present, *absent)}
    hints = tuple(_hints(signs, flags, hurting))
    notes = (*_notes(present, hurting, ranked), *_ungraded(present, told, flags))
    return Localisation(ranked, flags, hints, notes, _verdict(ranked, flags, bool(present or absent or hurting)))


# -- what was given


def _parted(given: tuple[str, ...]) -> tuple[list[Finding], list[Finding]]:
    present = [finding(name) for name in given if not name.startswith(NOT)]
    absent = [finding(name.removeprefix(NOT)) for name in given if name.startswith(NOT)]
    return present, absent


def _check_together(present: list[Finding], absent: list[Finding], hurting: tuple[Region, ...]) -> None:
    """Refuse what cannot be true of one patient at one time."""
    here = {one.id: one for one in present}
    for one in absent:
        if one.id in here:
            raise InvalidInput(f"{one.text!r} cannot be both present and absent; keep one of the two.")
    aching = [name for name in _ACHES if name in here]
    if "painless" in here and (hurting or aching):
        where = hurting[0].spoken if hurting else _ACHES[aching[0]]
        raise InvalidInput(f"'No pain at all' cannot stand beside pain ({where}); keep one of the two.")


# -- points


@dataclass(frozen=True)
class _Case:
    present: list[Finding]
    absent: list[Finding]
    hurting: tuple[Region, ...]


def _ranked(case: _Case) -> tuple[Candidate, ...]:
    made = [replace(one, reasons=tuple(_reasons(one, case))) for one in _nameable()]
    found = [one for one in made if _is_supported(one)]
    return tuple(sorted(found, key=lambda one: -one.points))


@lru_cache(maxsize=1)
def _nameable() -> tuple[Candidate, ...]:
    """Everyone who can be named, without reasons; roots come first, so they win a tie."""
    roots = [
        Candidate(name, f"{name} root", "root", card.part, (), f"It leaves at {card.foramen}.")
        for name, card in root_cards().items()
    ]
    others = [
        Candidate(one.id, one.name, "look-alike", one.part, (), one.tell)
        for one in look_alikes().values()
        if one.scored == "yes"
    ]
    return (*roots, *others)


def _is_supported(one: Candidate) -> bool:
    """Whether to show a candidate: something found speaks for it, and it has points or one good reason."""
    found = [reason.points for reason in one.supporting if not reason.finding.startswith(NOT)]
    return bool(found) and (one.points > 0 or max(found) > _FITS)


def _reasons(who: Candidate, case: _Case) -> Iterator[Reason]:
    limbs = {*(one.part for one in case.present), *map(_part_of, case.hurting)}
    for one in case.present:
        # What belongs to no limb, such as the absence of pain, tells only of a limb that has other findings.
        if one.part != "both" or who.part in limbs:
            yield from _for_present(one, who)
    for one in case.absent:
        yield from _for_absent(one, who.id)
    for place in case.hurting:
        yield from _for_pain(place, who.id)


def _for_present(one: Finding, who: Candidate) -> Iterator[Reason]:
    if who.id in one.key:
        yield Reason(one.text, int(weights()[one.weight].points), one.sources, one.id)
    elif who.id in one.fits:
        yield Reason(f"{one.text} (fits)", _FITS, one.sources, one.id)
    elif who.id in one.against:
        yield Reason(one.text, _AGAINST, one.sources, one.id)
    elif one.group in _SIGNS and one.key and one.part == who.part:
        yield Reason(f"{one.text}: not explained", _UNEXPLAINED, one.sources, one.id)


def _for_absent(one: Finding, name: str) -> Iterator[Reason]:
    if name in one.absent_fits:
        yield Reason(f"Not found: {_small(one.text)}", _FITS, one.sources, NOT + one.id)
    elif name in one.key:
        yield Reason(f"Looked for and not found: {_small(one.text)}", _ABSENT, one.sources, NOT + one.id)


def _for_pain(place: Region, name: str) -> Iterator[Reason]:
    for claim in place.claims:
        if claim.map == "pain" and claim.root == name:
            yield Reason(f"Pain, {place.spoken}", 1, (claim.evidence,), f"{_PAIN}{place.id}")


def _small(text: str) -> str:
    """Make the first letter small, but for a name."""
    first = text.partition(" ")[0]
    return text if first in _NAMES else text[0].lower() + text[1:]


_NAMES = frozenset({"Tinel", "Phalen", "Durkan", "Spurling", "Kemp", "Hoffmann", "Babinski", "Valsalva", "Horner"})


# -- what is said


def _has_new_weakness(present: list[Finding], earlier: tuple[str, ...]) -> bool:
    """Tell whether a muscle is weak now that was not at the visit before; a first visit has none to compare with."""
    return bool(earlier) and any(one.group == "power" and one.id not in earlier for one in present)


def _flags(here: Collection[str], hurting: tuple[Region, ...], ranked: tuple[Candidate, ...]) -> Iterator[RedFlag]:
    """Give the red flags that are up, as they are to be said.

    A sign of both cord and cauda counts for the part that has other findings, but never takes an emergency away.
    """
    parts = {findings()[name].part for name in here} | {_part_of(place) for place in hurting}
    up = [flag for flag in red_flags() if _is_up(flag, _raising(flag, here, hurting, ranked), parts - {"both"})]
    replaced = {name for flag in up for name in flag.replaces}
    emergency = any(flag.urgency == _EMERGENCY for flag in up)
    for flag in up:
        if flag.id not in replaced:
            slower = emergency and flag.urgency != _EMERGENCY
            yield replace(flag, sentence=flag.beside_emergency) if slower else flag


def _raising(
    flag: RedFlag, here: Collection[str], hurting: tuple[Region, ...], ranked: tuple[Candidate, ...]
) -> frozenset[str]:  # fmt: skip
    """Give the signs that raise a flag, without what a look-alike explains that the flag names."""
    alike = ranked[0] if ranked and ranked[0].id in flag.unless else None
    explained = {why.finding for why in alike.supporting} if alike else set()
    spinal = [place for place in hurting if place.id.partition(".")[0] in _SPINE]
    other = [place for place in hurting if place not in spinal and not (alike and _part_of(place) == alike.part)]
    pains = [pain for pain, places in zip(PAINS, (other, spinal), strict=True) if places]
    return flag.raised_by([name for name in here if name not in explained], pains)


def _is_up(flag: RedFlag, signs: frozenset[str], parts: set[str]) -> bool:
    elsewhere = flag.urgency != _EMERGENCY and parts and flag.part not in {*parts, "both"}
    return bool(signs) and not (elsewhere and all(map(_is_of_cord_and_cauda, signs)))


def _is_of_cord_and_cauda(sign: str) -> bool:
    cord_and_cauda = [flag for flag in red_flags() if flag.id in {"myelopathy", "cauda-equina"}]
    return all(sign in flag.signs for flag in cord_and_cauda)


def _hints(here: Collection[str], flags: tuple[RedFlag, ...], hurting: tuple[Region, ...]) -> Iterator[str]:
    """Say what to look for where signs are there that are not enough by themselves."""
    up = {flag.id for flag in flags}
    # A Babinski sign that has stopped the learner already is not called too little.
    said = up | ({"myelopathy"} if "upper-motor" in up else set())
    yield from (flag.hint for flag in red_flags() if flag.id not in said and flag.hinted_by(here))
    if any(name.endswith(_LOW) for name in here) and _BRISK & set(here):
        yield _LOST_AND_BRISK
    sides = {place.side for place in hurting if _part_of(place) == "leg"}
    saddle = any(place.id.startswith("saddle") for place in hurting)
    if "cauda-equina" not in up and (saddle or {"left", "right"} <= sides):
        yield _SADDLE_OR_BOTH


def _ungraded(present: list[Finding], told: Collection[str], flags: tuple[RedFlag, ...]) -> Iterator[str]:
    """Ask for the grade of a weakness that has none."""
    weak = any(one.group == "power" for one in present)
    if weak and not set(_GRADED) & set(told) and "weakness" not in {flag.id for flag in flags}:
        yield _GRADE


def _part_of(place: Region) -> str:
    parts = {root_cards()[claim.root].part for claim in place.claims if claim.map == "pain"}
    return parts.pop() if len(parts) == 1 else "both"


def _notes(present: list[Finding], hurting: tuple[Region, ...], ranked: tuple[Candidate, ...]) -> Iterator[str]:
    pointed = {name for one in present for name in (*one.key, *one.fits)}
    for one in look_alikes().values():
        if one.scored == "no" and one.id in pointed:
            yield f"Think of {one.name[0].lower()}{one.name[1:]} (not scored, general teaching). {one.tell}"
    if {"arm", "leg"} <= {one.part for one in present if one.group in _SIGNS}:
        yield _ARM_AND_LEG
    if {"left", "right"} <= {place.side for place in hurting if _part_of(place) != "both"}:
        yield _TWO_SIDES
    if {"L5", "S1"} == {one.id for one in ranked[:2]} and _near(ranked):
        yield "Clinicians could not tell pain drawings of L5 and S1 apart better than by chance (A:L-21)."


def _as_dict(candidate: Candidate) -> dict[str, Any]:
    reasons = [
        {"text": why.text, "points": why.points, "finding": why.finding, "sources": list(why.sources)}
        for why in candidate.reasons
    ]
    told = {"id": candidate.id, "name": candidate.name, "kind": candidate.kind, "points": candidate.points}
    return {**told, "note": candidate.note, "reasons": reasons}


def _near(ranked: tuple[Candidate, ...]) -> bool:
    return ranked[0].points - ranked[1].points <= _CLOSE


def _verdict(ranked: tuple[Candidate, ...], flags: tuple[RedFlag, ...], given: bool) -> str:  # noqa: FBT001 - private
    named = tuple(one for one in ranked if one.points > 0)
    if not given:
        return "No finding yet: ask for red flags first, then draw the pain."
    if not named:
        return "Act on the red flag; no root is named." if flags else "These findings name no root."
    first = f"{named[0].name} ({_points(named[0])})"
    if len(named) == 1:
        return f"Only one is named: {first}."
    second = f"{named[1].name} ({_points(named[1])})"
    if _near(named):
        return f"Not told apart: {first} and {second}."
    return f"First comes {first}, then {second}."


def _points(candidate: Candidate) -> str:
    return f"{candidate.points} point{'' if abs(candidate.points) == 1 else 's'}".replace("-", "−")
