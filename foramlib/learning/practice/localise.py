"""Localise it: cases without end, drawn from the tables of the clinic and judged by them.

A case starts from what is to be found (a root, a look-alike, or a red flag) and draws findings, negatives and a pain
drawing for it. It is asked only if the clinic's own rule, given nothing but the case, comes to the same answer with a
clear lead; so the right answer always is that rule's, never one stored here. How often a drawing leaves the usual
areas is the published share (A:L-19).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from foramlib.clinic.findings import NOT, finding, findings, look_alikes, red_flags
from foramlib.clinic.localise import localise
from foramlib.clinic.pain_patterns import FOLLOWS, leaves
from foramlib.clinic.region_shapes import neighbours
from foramlib.clinic.regions import SIDES, claims, region, regions
from foramlib.clinic.roots import root_cards
from foramlib.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from random import Random

    from foramlib.clinic.findings import Finding
    from foramlib.clinic.localise import Candidate, Localisation

__all__ = ["LEAD", "URGENT", "LocaliseTask", "aims", "localise_task", "localise_task_of", "matches"]

URGENT = "urgent"
"""The answer where a red flag is up."""

_WITHOUT_ROOT = frozenset({"metastatic-pain", "horner-painless"})  # every case has signs of a root, and pain

URGENT_WORDS = "Refer urgently before naming a root"

LEAD = 2
"""Points by which the right answer must lead; a case that the rule leaves open is not asked."""

TRIES = 60
_CHOICES = 3  # roots among the answers
_LOOK_ALIKE, _RED_FLAG = 0.22, 0.16  # shares of the cases
_MOST = 2  # points that pain regions give at most, by the clinic's rule
_GROUPS = ("power", "reflexes", "sensation")


@dataclass(frozen=True)
class LocaliseTask:
    """One case.

    Attributes
    ----------
    aim : str
        What it was drawn for: a root, the id of a look-alike, or ``"urgent.myelopathy"``.
    part, side : str
        ``"arm"`` or ``"leg"``, and the patient's side.
    given : tuple of str
        Findings; ``"not-"`` before one that was looked for and is absent.
    regions : tuple of str
        Where it hurts.
    strays : bool
        Whether the drawing leaves the usual areas of the root.
    choices : tuple of str
        Ids of the answers; ``"urgent"`` is the last.
    by_level : bool
        Whether a root is asked for by the foramen where it leaves.
    """

    aim: str
    part: str
    side: str
    given: tuple[str, ...]
    regions: tuple[str, ...]
    strays: bool
    choices: tuple[str, ...]
    by_level: bool

    @property
    def card(self) -> str:
        """What is learnt here."""
        return f"localise/{self.aim}"

    @property
    def judged(self) -> Localisation:
        """What the clinic's rule makes of the case."""
        return localise(self.given, self.regions)

    @property
    def right(self) -> int:
        """Place of the right answer, as the rule has it."""
        return self.choices.index(_answer(self.judged))

    @property
    def options(self) -> tuple[str, ...]:
        """The answers in words."""
        return tuple(_named(name, by_level=self.by_level) for name in self.choices)

    @property
    def prompt(self) -> str:
        """The case in words, and the question."""
        where = "Neck and arm" if self.part == "arm" else "Low back and leg"
        drawn = "the drawing shows where it hurts." if self.regions else "there is no pain to draw."
        told = [f"{where}, {self.side} side; {drawn}"]
        present = [finding(name).text for name in self.given if not name.startswith(NOT)]
        absent = [finding(name.removeprefix(NOT)).text for name in self.given if name.startswith(NOT)]
        told += [f"Found: {_list(present)}."] if present else []
        told += [f"Looked for and not found: {_list(absent)}."] if absent else []
        ask = "In which foramen would you look for the cause" if self.by_level else "What explains this best"
        return " ".join([*told, f"{ask}, or what comes first?"])

    @property
    def reason(self) -> str:
        """Why the right answer is right."""
        judged = self.judged
        if judged.flags:
            return " ".join(flag.sentence for flag in judged.flags)
        return f"{_why(judged.candidates[0])}{self._about_drawing()}"

    def _about_drawing(self) -> str:
        if not self.strays:
            return ""
        where = "cervical" if self.part == "arm" else "lumbar"
        return f" The drawing leaves the usual areas; that is [common in {where} roots]({{{FOLLOWS}}})."

    def against(self, place: int) -> str:
        """Say what speaks for and against a wrong answer."""
        name, judged = self.choices[place], self.judged
        if name == URGENT:
            return "No red flag is up here."
        found = next((one for one in judged.candidates if one.id == name), None)
        if found is None:
            return f"Nothing that was found speaks for {look_alikes()[name].name if name in look_alikes() else name}."
        return _why(found)

    @property
    def sources(self) -> tuple[str, ...]:
        """Evidence ids of the reasons."""
        judged = self.judged
        flagged = [name for flag in judged.flags for name in flag.sources]
        reasons = judged.candidates[0].reasons if judged.candidates and not flagged else ()
        named = [name for why in reasons for name in why.sources]
        return tuple(dict.fromkeys([*flagged, *named, *([FOLLOWS] if self.strays else [])]))


def _answer(judged: Localisation) -> str:
    return URGENT if judged.flags else judged.candidates[0].id


def _why(one: Candidate) -> str:
    """Reasons for and against, with their points."""
    gains = _list([f"{why.text} (+{why.points})" for why in one.supporting]) or "nothing"
    cap = (
        "; pain counts two at most" if sum(why.finding.startswith("region:") for why in one.supporting) > _MOST else ""
    )
    losses = _list([f"{why.text} (−{-why.points})" for why in one.opposing])
    return f"For {_called(one)}: {gains}{cap}." + (f" Against: {losses}." if losses else "")


def _called(one: Candidate) -> str:
    return one.id if one.kind == "root" else one.name


def _list(words: Sequence[str]) -> str:
    return "; ".join(map(_small, words))


def _small(text: str) -> str:
    """Begin with a small letter, but for the names of signs and tests."""
    second = text.split(" ")[1:2]
    return text if second and second[0] in {"sign", "test", "manoeuvre"} else text[0].lower() + text[1:]


def _named(name: str, *, by_level: bool) -> str:
    if name == URGENT:
        return URGENT_WORDS
    if name in look_alikes():
        return look_alikes()[name].name
    card = root_cards()[name]
    return f"Foramen {card.foramen}" if by_level else f"{name} root"


# -- what can be asked


@lru_cache(maxsize=4)
def aims(parts: tuple[str, ...] = ("arm", "leg")) -> tuple[str, ...]:
    """Everything a case can be drawn for: roots, scored look-alikes and red flags of these parts of the body."""
    roots = [name for name, card in root_cards().items() if card.part in parts]
    others = [one.id for one in look_alikes().values() if one.scored == "yes" and one.part in parts]
    flags = [f"{URGENT}.{flag.id}" for flag in red_flags() if flag.part in parts or flag.part == "both"]
    return tuple(name for name in (*roots, *others, *flags) if _can_be_drawn(name))


def _can_be_drawn(aim: str) -> bool:
    """Whether the tables tell it: a finding points to it, and another does or speaks for it by its absence."""
    pointing = len(_pointing(aim))
    excluding = sum(aim in one.absent_fits for one in findings().values())
    if aim.startswith(URGENT):
        return aim.partition(".")[2] not in _WITHOUT_ROOT
    return pointing > 0 and pointing + excluding > 1


def _pointing(name: str) -> list[Finding]:
    return [one for one in findings().values() if name in one.key and one.group != "red-flags"]


def matches(card: str, parts: tuple[str, ...]) -> bool:
    """Whether a card is a case of these parts of the body."""
    kind, _, aim = card.partition("/")
    return kind == "localise" and aim in aims(parts)


# -- drawing a case


def localise_task(luck: Random, parts: tuple[str, ...], recent: Collection[str] = ()) -> LocaliseTask:
    """Draw a case for something that was not asked just now."""
    every = aims(parts)
    wanted = luck.random()
    kinds = [_flagged, _looks_alike, _is_root]
    kind = kinds[0] if wanted < _RED_FLAG else kinds[1] if wanted < _RED_FLAG + _LOOK_ALIKE else kinds[2]
    fresh = [aim for aim in every if kind(aim) and f"localise/{aim}" not in recent]
    return localise_task_of(luck, luck.choice(fresh or list(every)), parts)


def _flagged(aim: str) -> bool:
    return aim.startswith(URGENT)


def _looks_alike(aim: str) -> bool:
    return aim in look_alikes()


def _is_root(aim: str) -> bool:
    return aim in root_cards()


def localise_task_of(luck: Random, aim: str, parts: tuple[str, ...] = ("arm", "leg")) -> LocaliseTask:
    """Draw a case for one aim, such as ``"C6"``, ``"carpal-tunnel"`` or ``"urgent.myelopathy"``.

    Raises
    ------
    InvalidInput
        If there is no such aim, or the tables do not let a case of it be told.
    """
    aim = aim.removeprefix("localise/")
    if aim not in aims(parts):
        raise InvalidInput(f"No case can be drawn for {aim!r}; choose one of {', '.join(aims(parts))}.")
    for go in range(TRIES):
        # The later the try, the fuller the case.
        found = _drawn(luck, aim, parts, fullness=0.45 + 0.55 * go / TRIES)
        if found is not None:
            return found
    raise InvalidInput(f"The tables of the clinic do not tell {aim!r} clearly enough for a case.")


def _drawn(luck: Random, aim: str, parts: tuple[str, ...], fullness: float) -> LocaliseTask | None:
    part, root = _part_and_root(luck, aim, parts)
    side = luck.choice(SIDES)
    given = [*_flag_signs(luck, aim), *_present(luck, aim, root, fullness)]
    given = list(dict.fromkeys(given))
    given += _absent(luck, aim, part, given)
    strays = not _looks_alike(aim) and luck.random() < leaves(root)
    hurting = () if "painless" in given else _drawing(luck, root, side, strays=strays)
    try:
        judged = localise(given, hurting)
    except InvalidInput:
        return None  # these findings cannot stand together
    if not _is_clear(judged, aim):
        return None
    choices = _choices(luck, aim, root, part, judged)
    by_level = part == "arm" and luck.random() < 0.35  # noqa: PLR2004 - in the neck root and foramen are one to one
    usual = set(claims(root, "pain"))
    out = strays and any(name not in usual for name in hurting)
    return LocaliseTask(aim, part, side, _mixed(given), hurting, out, choices, by_level)


def _part_and_root(luck: Random, aim: str, parts: tuple[str, ...]) -> tuple[str, str]:
    """Part of the body, and the root that the case is about or is taken for."""
    if _is_root(aim):
        return root_cards()[aim].part, aim
    if _looks_alike(aim):
        one = look_alikes()[aim]
        return one.part, luck.choice(one.roots)
    flag = next(flag for flag in red_flags() if aim == f"{URGENT}.{flag.id}")
    part = flag.part if flag.part != "both" else luck.choice(parts)
    told = [name for name in aims((part,)) if _is_root(name)]
    return part, luck.choice(told)


def _flag_signs(luck: Random, aim: str) -> list[str]:
    """Draw one to three signs of a red flag; whether they raise it is for the clinic's rule to say."""
    if not _flagged(aim):
        return []
    flag = next(flag for flag in red_flags() if aim == f"{URGENT}.{flag.id}")
    count = min(len(flag.signs), luck.choice((1, 2, 3)))
    return luck.sample(flag.signs, count)


def _present(luck: Random, aim: str, root: str, fullness: float) -> list[str]:
    """Draw findings that point to the aim, most of them, and some that merely fit."""
    who = root if _flagged(aim) else aim
    strong = [one.id for one in _pointing(who) if luck.random() < max(fullness, 0.6)]
    fitting = [one for one in findings().values() if who in one.fits and one.group not in {"cord", "red-flags"}]
    weak = [one.id for one in fitting if luck.random() < fullness * 0.35]
    return [*strong, *weak][:7]


def _absent(luck: Random, aim: str, part: str, given: Sequence[str]) -> list[str]:
    """Draw findings that were looked for in vain: what would point elsewhere in the same limb."""
    own = root_cards()[aim].part if _is_root(aim) else part
    others = [
        one.id
        for one in findings().values()
        if one.part == own and one.group in {*_GROUPS, "look-alikes"} and one.id not in given and aim not in one.key
    ]
    ruled_out = [one.id for one in findings().values() if aim in one.absent_fits and one.id not in given]
    chosen = [*luck.sample(ruled_out, min(1, len(ruled_out))), *luck.sample(others, min(2, len(others)))]
    return [NOT + name for name in dict.fromkeys(chosen)]


def _drawing(luck: Random, root: str, side: str, *, strays: bool) -> tuple[str, ...]:
    """Draw some of the usual areas; where the drawing strays, fewer of them and their neighbours instead."""
    usual = [name for name in claims(root, "pain") if name.endswith(side)]
    kept = luck.sample(usual, luck.randint(1, max(1, len(usual) // 2 if strays else len(usual)))) if usual else []
    if strays:
        beside = sorted({other for name in kept for other in neighbours(name)} - set(usual))
        beside = [name for name in beside if not region(name).opens and not region(name).apart]
        kept += luck.sample(beside, min(len(beside), luck.choice((1, 2, 3))))
    return tuple(one.id for one in regions() if one.id in kept)


def _is_clear(judged: Localisation, aim: str) -> bool:
    """Whether the rule comes to the aim, and with a clear lead."""
    if _flagged(aim):
        return any(aim == f"{URGENT}.{flag.id}" for flag in judged.flags)
    if judged.flags or not judged.candidates or judged.candidates[0].id != aim:
        return False
    second = judged.candidates[1].points if len(judged.candidates) > 1 else 0
    return judged.candidates[0].points - second >= LEAD


def _choices(luck: Random, aim: str, root: str, part: str, judged: Localisation) -> tuple[str, ...]:
    """Three roots in order, a look-alike, and urgent referral; the same sorts whatever is right."""
    order = [name for name, card in root_cards().items() if card.part == part]
    first = luck.randint(max(0, order.index(root) - _CHOICES + 1), min(order.index(root), len(order) - _CHOICES))
    others = [one.id for one in look_alikes().values() if one.scored == "yes" and one.part == part]
    likely = [one.id for one in judged.candidates if one.id in others]
    alike = aim if _looks_alike(aim) else (likely or [luck.choice(others)])[0]
    return (*order[first : first + _CHOICES], alike, URGENT)


def _mixed(given: Sequence[str]) -> tuple[str, ...]:
    """In the order of an examination, whatever the case was drawn for."""
    return tuple(_in_order(given))


def _in_order(given: Sequence[str]) -> Iterator[str]:
    for name in findings():
        yield from (one for one in (name, NOT + name) if one in given)
