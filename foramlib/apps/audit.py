"""The leaflet audit: claim by claim, the learner's verdict first, then the judged one with facts and sources."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from foramlib.apps.controls import Choice, close_all
from foramlib.apps.question import (
    LETTERS,
    Page,
    QuestionApp,
    button,
    empty_page,
    piece,
    said,
    said_option,
    source_links,
)
from foramlib.errors import InvalidInput
from foramlib.evidence import cite
from foramlib.recovery.audit import VERDICTS, Audit, claims_of, facts_of, leaflets, parse_leaflet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from foramlib.evidence import Fact

__all__ = ["LeafletAudit", "audit"]

_ORDER: Final = tuple(VERDICTS)
_OPEN_BUTTONS: Final = [
    button("back", "Back"),
    button("check", "Check my verdict", primary=True),
    button("next", "Skip"),
]
_MARKS: Final = {None: ("", "open"), True: ("✓", "agreed"), False: ("≠", "differed")}
_FIRST: Final = "A leaflet says, in our words:"
_WORDING: Final = "This is a point of wording or of logic; no study is needed to see it."
# Cautions that tell editors what to do, and readers nothing.
_FOR_EDITORS: Final = re.compile(r"confirm|number needed to treat|do not use|formula:")
_DONE: Final = "All claims of all leaflets are judged."


class LeafletAudit(QuestionApp):
    """Claims of five leaflets, one at a time: judge, then compare.

    Parameters
    ----------
    leaflet : str
        ``"S0"`` to ``"S4"``.
    theme : str
        ``"auto"``, ``"light"``, ``"dark"`` or ``"projector"``.

    Attributes
    ----------
    audit : Audit
        Leaflet, place, and the verdicts given so far.

    Raises
    ------
    InvalidInput
        If there is no such leaflet.
    """

    def __init__(self, leaflet: str, theme: str = "auto") -> None:
        self.audit = Audit(parse_leaflet(leaflet))
        super().__init__(theme)
        self._show()

    @cached_property
    def chooser(self) -> Choice:
        """The list of leaflets over the claim; made when it is first shown, for words alone need none."""
        names = {name: f"Leaflet {name}, {len(claims_of(name))} claims" for name in leaflets()}
        made = Choice(names, label="Leaflet", display="select", value=self.audit.leaflet, theme=self.view.theme)
        self.widget.children = [made, *self.widget.children]
        made.observe(lambda change: self.act("open", leaflet=change["new"]), "value")
        return made

    def _repr_mimebundle_(self, **options: Any) -> object:  # noqa: ANN401 - Jupyter's own protocol
        self.chooser.theme = self.view.theme
        return super()._repr_mimebundle_(**options)

    def actions(self) -> Mapping[str, Callable[[Mapping[str, Any]], object]]:
        """Name what a learner can do."""
        return {
            "choose": lambda details: self._turn(self.audit.choose(_verdict(details.get("option")))),
            "check": lambda _: self._turn(self.audit.hand_in()),
            "next": lambda _: self._turn(self.audit.step(1)),
            "back": lambda _: self._turn(self.audit.step(-1)),
            "go": lambda details: self._turn(self.audit.at(details.get("place"))),
            "open": lambda details: self._turn(self._opened(details.get("leaflet"))),
        }

    def _opened(self, leaflet: object) -> Audit:
        # The chooser follows the claim in view, and is heard when it does.
        return self.audit if leaflet == self.audit.leaflet else self.audit.opened(leaflet)

    def _turn(self, audit: Audit) -> None:
        self.audit = audit
        if "chooser" in vars(self):
            self.chooser.value = audit.leaflet

    def page(self) -> Page:
        """Give the page: the claim and the five verdicts, and after the learner's own the judged one."""
        audit = self.audit
        claims, given = claims_of(audit.leaflet), audit.given.get(audit.claim.id, "")
        page = empty_page(audit.claim.id, "Leaflet audit", self._heading())
        page |= {
            "steps": [self._step(place) for place in range(len(claims))],
            "stem": [{"text": f"{_FIRST} {audit.claim.claim}."}],
            "lead_in": "Your verdict on this claim",
            "options": [self._option(place, verdict) for place, verdict in enumerate(_ORDER)],
            "chosen": _ORDER.index(given or audit.chosen) if given or audit.chosen else None,
            "committed": bool(given),
            "buttons": _OPEN_BUTTONS,
            "points": [],
        }
        return page | (self._feedback(given) if given else {})

    def _heading(self) -> str:
        audit = self.audit
        count = len(claims_of(audit.leaflet))
        judged = f" You agreed with us on {audit.agreed} of {len(audit.given)}." if audit.given else ""
        return f"Leaflet {audit.leaflet}, claim {audit.place + 1} of {count}.{judged}"

    def _step(self, place: int) -> dict[str, object]:
        claim = claims_of(self.audit.leaflet)[place]
        given = self.audit.given.get(claim.id)
        mark, words = _MARKS[None if given is None else given == claim.verdict]
        return {
            "place": place,
            "text": f"{place + 1}{mark}",
            "label": f"Claim {place + 1}, {words}",
            "state": words,
            "current": place == self.audit.place,
        }

    def _option(self, place: int, verdict: str) -> dict[str, object]:
        name, meaning = VERDICTS[verdict]
        shown: dict[str, object] = {"place": place, "letter": LETTERS[place], "text": f"{name}: {meaning}", "why": None}
        given, judged = self.audit.given.get(self.audit.claim.id), self.audit.claim.verdict
        if given and verdict == judged:
            return shown | {"mark": "right", "note": "✓ Our verdict"}
        if given == verdict:
            return shown | {"mark": "wrong", "note": "≠ Your verdict"}
        return shown | {"mark": "other" if given else "", "note": ""}

    def _feedback(self, given: str) -> Page:
        claim = self.audit.claim
        name = VERDICTS[claim.verdict][0]
        agreed = given == claim.verdict
        verdict = f"We agree: {name.lower()}." if agreed else f"We read it otherwise: {name.lower()}."
        last = len(self.audit.given) == sum(len(claims_of(leaflet)) for leaflet in leaflets())
        return {
            "verdict": verdict + (f" {_DONE}" if last else ""),
            "mark": "right" if agreed else "wrong",
            "reason": [{"text": f"{claim.explanation}."}],
            "points": self._facts(),
            "sources": source_links([fact.id for fact in facts_of(claim) if fact.citable]),
            "buttons": [button("back", "Back"), button("next", "Next claim", primary=True)],
        }

    def _facts(self) -> list[list[dict[str, str]]]:
        found = facts_of(self.audit.claim)
        return [_told(fact) for fact in found] or [[{"text": _WORDING}]]

    def describe(self) -> str:
        """Say the page in words: the claim, the verdicts, and after the learner's own the judged one with its facts."""
        page = self.page()
        lines = [page["heading"], said(page["stem"]), *map(said_option, page["options"])]
        lines += [page["verdict"], said(page["reason"]), *map(said, page["points"])]
        return "\n".join(line for line in lines if line)

    def close(self) -> None:
        """Free every widget."""
        super().close()
        if "chooser" in vars(self):
            self.chooser.unobserve_all()
            close_all(self.chooser)


def _verdict(option: object) -> str:
    if not isinstance(option, int) or isinstance(option, bool) or not 0 <= option < len(_ORDER):
        raise InvalidInput(f"Verdict {option!r} does not exist; choose one of {', '.join(LETTERS[: len(_ORDER)])}.")
    return _ORDER[option]


def _told(fact: Fact) -> list[dict[str, str]]:
    """Say a fact: its statement, its value linked to its source, and its caution."""
    if not fact.citable or cite(fact.id).state == "teaching":
        return [{"text": f"General teaching: {fact.statement}"}]
    citation, value = cite(fact.id), fact.value.replace("+/-", "±")
    words = value if value not in {"", "as stated"} else citation.marked
    caution = f" ({fact.caution})" if fact.caution and not _FOR_EDITORS.search(fact.caution) else ""
    return [{"text": f"{fact.statement.rstrip('.')}: "}, piece(words, citation), {"text": f"{caution}."}]


def audit(leaflet: str = "S0", theme: str = "auto") -> LeafletAudit:
    """Open the leaflet audit.

    Parameters
    ----------
    leaflet : str
        ``"S0"`` to ``"S4"``; every claim of every leaflet can be reached from each.
    theme : str
        ``"auto"`` follows the page; ``"light"``, ``"dark"`` and ``"projector"`` ask for one.

    Returns
    -------
    LeafletAudit
        The app; it shows itself as the last value of a cell.

    Raises
    ------
    InvalidInput
        If there is no such leaflet.
    """
    return LeafletAudit(leaflet, theme)
