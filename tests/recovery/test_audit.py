"""Every claim can be reached and judged; the learner's verdict comes first."""

from __future__ import annotations

import pytest

from foramlib.errors import InvalidInput
from foramlib.evidence import seed_claims
from foramlib.recovery.audit import VERDICTS, Audit, claims_of, facts_of, leaflets, tally


def test_every_claim_is_reached_from_every_leaflet() -> None:
    for leaflet in leaflets():
        audit, met = Audit(leaflet), set()
        for _ in range(len(seed_claims())):
            met.add(audit.claim.id)
            audit = audit.step(1)
        assert met == set(seed_claims())
        assert audit == Audit(leaflet)
        assert audit.step(-1).step(1) == audit


def test_all_seventy_five_claims_belong_to_a_leaflet_and_their_facts_exist() -> None:
    every = [claim for leaflet in leaflets() for claim in claims_of(leaflet)]
    assert len(every) == len(seed_claims()) == 75
    for claim in every:
        assert claim.verdict in VERDICTS
        assert [fact.id for fact in facts_of(claim)] == list(claim.fact_ids)


@pytest.mark.parametrize(
    ("claim", "verdict", "said"),
    [
        ("S1-15", "nuanced", "does not hide that there are risks"),
        ("S3-03", "nuanced", "slips, do narrow"),
        ("S3-15", "nuanced", "an operation before"),
        ("S4-05", "out_of_scope", "Scar about nerve"),
        ("S4-08", "contested", "too small for complications"),
        ("S2-11", "nuanced", "no such study after foraminotomy was read"),
    ],
)
def test_verdicts_that_were_wrong_stay_mended(claim: str, verdict: str, said: str) -> None:
    found = seed_claims()[claim]
    assert found.verdict == verdict
    assert said in found.explanation


def test_tallies_add_up() -> None:
    assert sum(sum(tally(leaflet).values()) for leaflet in leaflets()) == 75


def test_a_verdict_is_given_once_and_counted() -> None:
    audit = Audit("S0")
    with pytest.raises(InvalidInput, match="Choose a verdict first"):
        audit.hand_in()
    given = audit.choose("nuanced").hand_in()
    assert (given.agreed, given.answered) == (1, True)
    with pytest.raises(InvalidInput, match="given your verdict"):
        given.choose("supported")
    assert given.hand_in() is given
    other = given.step(1).choose("misleading").hand_in()
    assert (other.agreed, len(other.given)) == (1, 2)
    assert other.opened("S0").place == 2


@pytest.mark.parametrize("bad", [-1, 99, True, "one", None])
def test_impossible_places_are_refused(bad: object) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        Audit("S0").at(bad)


def test_unknown_leaflets_and_verdicts_are_refused() -> None:
    with pytest.raises(InvalidInput, match="S0, S1, S2, S3, S4"):
        claims_of("S9")
    with pytest.raises(InvalidInput, match="supported, nuanced"):
        Audit("S0").choose("true")
