"""The leaflets, claim by claim: the learner's verdict first, then the judged one with its facts.

No leaflet is quoted and no practice is named: the claims are paraphrases (``data/evidence/seed_claims.csv``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from foramlib.errors import InvalidInput
from foramlib.evidence import facts, seed_claims
from foramlib.given import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.evidence import Fact
    from foramlib.evidence.clinical import SeedClaim

__all__ = ["VERDICTS", "Audit", "claims_of", "facts_of", "leaflets", "parse_leaflet", "tally"]

VERDICTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "supported": ("Supported", "good evidence says the same"),
        "nuanced": ("Partly true", "true in part, or only for some"),
        "contested": ("Contested", "good sources disagree"),
        "misleading": ("Misleading", "a reader would come away with something untrue"),
        "out_of_scope": ("Not to be judged here", "no fact of ours speaks to it"),
    }
)
"""Verdict -> its name, and what it means."""


@lru_cache(maxsize=1)
def leaflets() -> tuple[str, ...]:
    """Give the leaflets by their letters, in order: S0 to S4."""
    return tuple(sorted({claim.seed for claim in seed_claims().values()}))


def parse_leaflet(name: object) -> str:
    """Find a leaflet by its letters.

    Raises
    ------
    InvalidInput
        If there is no such leaflet.
    """
    return one_of(name, leaflets(), "leaflet")


@lru_cache(maxsize=8)
def claims_of(leaflet: str) -> tuple[SeedClaim, ...]:
    """Give the claims of a leaflet, in the order of their numbers.

    Raises
    ------
    InvalidInput
        If there is no such leaflet.
    """
    name = parse_leaflet(leaflet)
    return tuple(sorted((one for one in seed_claims().values() if one.seed == name), key=lambda one: one.id))


def facts_of(claim: SeedClaim) -> tuple[Fact, ...]:
    """Give the facts on which the verdict of a claim rests; none where the point is one of wording."""
    return tuple(facts()[name] for name in claim.fact_ids)


def tally(leaflet: str) -> Mapping[str, int]:
    """Count the judged verdicts of a leaflet, every verdict named."""
    found: list[str] = [claim.verdict for claim in claims_of(leaflet)]
    return {verdict: found.count(verdict) for verdict in VERDICTS}


@dataclass(frozen=True)
class Audit:
    """Where a learner is: the leaflet, the place in it, what is marked, and what was handed in.

    Attributes
    ----------
    leaflet : str
        Such as ``"S0"``.
    place : int
        Place of the claim, from 0.
    chosen : str
        The verdict that is marked, or "".
    given : Mapping[str, str]
        Verdicts handed in, by claim.
    """

    leaflet: str
    place: int = 0
    chosen: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def claim(self) -> SeedClaim:
        """The claim in view."""
        return claims_of(self.leaflet)[self.place]

    @property
    def answered(self) -> bool:
        """Whether a verdict on this claim was handed in."""
        return self.claim.id in self.given

    @property
    def agreed(self) -> int:
        """How many of the verdicts handed in are the judged ones, over all leaflets."""
        judged = seed_claims()
        return sum(judged[name].verdict == verdict for name, verdict in self.given.items())

    def at(self, place: object) -> Audit:
        """Go to a claim by its place, from 0.

        Raises
        ------
        InvalidInput
            If the leaflet has no such claim.
        """
        count = len(claims_of(self.leaflet))
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < count:
            raise InvalidInput(f"Claim {place!r} does not exist; {self.leaflet} has claims 0 to {count - 1}.")
        return Audit(self.leaflet, place, "", self.given)

    def opened(self, leaflet: object) -> Audit:
        """Turn to a leaflet, at its first claim without a verdict."""
        name = parse_leaflet(leaflet)
        claims = claims_of(name)
        first = next((place for place, claim in enumerate(claims) if claim.id not in self.given), 0)
        return Audit(name, first, "", self.given)

    def choose(self, verdict: object) -> Audit:
        """Mark a verdict.

        Raises
        ------
        InvalidInput
            If it is none of :data:`VERDICTS`, or one was handed in already.
        """
        if verdict not in VERDICTS:
            raise InvalidInput(f"There is no verdict {verdict!r}; choose one of {', '.join(VERDICTS)}.")
        if self.answered:
            raise InvalidInput("You have given your verdict on this claim; go to the next one.")
        return Audit(self.leaflet, self.place, str(verdict), self.given)

    def hand_in(self) -> Audit:
        """Hand in the verdict that is marked.

        Raises
        ------
        InvalidInput
            If none is marked.
        """
        if self.answered:
            return self
        if not self.chosen:
            raise InvalidInput("Choose a verdict first; then the judged one is shown.")
        return Audit(self.leaflet, self.place, self.chosen, {**self.given, self.claim.id: self.chosen})

    def step(self, by: int) -> Audit:
        """Go on by so many claims, through every leaflet and round again."""
        every = [(name, place) for name in leaflets() for place in range(len(claims_of(name)))]
        name, place = every[(every.index((self.leaflet, self.place)) + by) % len(every)]
        return Audit(name, place, "", self.given)
