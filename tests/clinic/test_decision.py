"""Rules of the decision: red flags first, reasons for everything, nothing that knows a name; shares with intervals."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from foramlib.clinic import indications, natural_history
from foramlib.clinic.findings import findings, red_flags
from foramlib.clinic.indications import (
    COURSES,
    SIGNS,
    Presentation,
    consequence,
    judge,
    options,
    reasons,
    signs_of,
    what_ifs,
)
from foramlib.clinic.risks import NO_TRIAL, OF_HUNDRED, newcombe, outcomes, pair, wilson
from foramlib.errors import InvalidInput
from foramlib.evidence import cite, data_path, facts, trials
from foramlib.lessons.content import lint_document
from foramlib.lessons.documents import Document, Passage

FLAGS = sorted({sign for flag in red_flags() for sign in flag.signs})
ARM = sorted(name for name, one in findings().items() if one.part != "leg" and name not in FLAGS)
LEG = sorted(name for name, one in findings().items() if one.part != "arm" and name not in FLAGS)
LESIONS = (
    (),
    (("uncovertebral_osteophyte", ""),),
    (("herniation", "foraminal"),),
    (("herniation", "subarticular"),),
    (("spondylolisthesis", ""), ("disc_height_loss", "")),
)
C6 = ("weak-wrist-extension", "brachioradialis-reflex-low", "numb-thumb")


@st.composite
def presentations(draw: st.DrawFn) -> Presentation:
    """Draw any patient whose findings can stand together."""
    level = draw(st.sampled_from(("C4/5", "C5/6", "C6/7", "L4/5", "L5/S1")))
    known = ARM if level.startswith("C") else LEG
    found = draw(st.lists(st.sampled_from(known), max_size=5, unique=True))
    before = tuple(draw(st.lists(st.sampled_from(known), max_size=3, unique=True)))
    case = Presentation(
        weeks=draw(st.integers(0, 60)),
        level=level,
        findings=tuple(found),
        earlier=before,
        lesions=draw(st.sampled_from(LESIONS)),
        course=draw(st.sampled_from(sorted(COURSES))),
        main=draw(st.sampled_from(("limb", "axial"))),
        tried=draw(st.booleans()),
    )
    try:
        signs_of(case)
    except InvalidInput:
        reject()
    return case


def helen(weeks: int = 12, **changed: Any) -> Presentation:  # noqa: ANN401 - any field of a presentation
    case = Presentation(
        weeks, "C5/6", C6, lesions=(("uncovertebral_osteophyte", ""),), course="unchanged", tried=True
    )  # fmt: skip
    return replace(case, **changed)


@given(presentations(), st.sampled_from(FLAGS))
@settings(max_examples=150, deadline=None)
def test_adding_a_red_flag_never_lowers_the_urgency(case: Presentation, sign: str) -> None:
    before = judge(case)
    try:
        after = judge(case.with_findings([sign]))
    except InvalidInput:
        reject()
    if not after.flags:
        return  # one sign of those that count together, or one that counts only for the part with other findings
    assert after.best == "urgent"
    assert after.urgency >= max(before.urgency, 2)
    assert not after.reasons("wait", "for") or not after.accepts("wait")
    assert not after.accepts("offer")


@given(presentations())
@settings(max_examples=150, deadline=None)
def test_every_patient_gets_one_answer_with_its_reason(case: Presentation) -> None:
    found = judge(case)
    assert found.best in options()
    assert sum(one.decides for one in found.said) == 1
    assert found.said[0].decides
    assert (found.said[0].option, found.said[0].side) == (found.best, "for")
    assert not any("{leader}" in one.text or "{flag}" in one.text or "{signs}" in one.text for one in found.said)
    assert signs_of(case) <= SIGNS


@given(presentations())
@settings(max_examples=100, deadline=None)
def test_an_operation_is_offered_only_where_root_scan_and_pain_agree(case: Presentation) -> None:
    if judge(case).best == "offer":
        signs = signs_of(case)
        assert {"root", "fits", "limb"} <= signs
        assert "new-weakness" not in signs
        assert case.weeks >= 6
        assert case.tried
        assert case.course not in {"improving", "unknown"}


@given(presentations(), st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_time_alone_never_takes_an_offer_away(case: Presentation, more: int) -> None:
    if judge(case).best == "offer":
        assert judge(replace(case, weeks=case.weeks + more)).best == "offer"


def test_the_signs_know_every_red_flag() -> None:
    assert {sign for sign in SIGNS if sign.startswith("flag:")} == {f"flag:{flag.id}" for flag in red_flags()}
    asked = {sign for reason in reasons() for sign in (*reason.all_of, *reason.any_of)}
    for flag in red_flags():
        assert f"flag:{flag.id}" in asked, "every flag has a reason of its own"


def test_new_weakness_is_never_told_that_an_urgent_route_helps_nobody() -> None:
    found = judge(helen(earlier=("not-weak-wrist-extension", "numb-thumb")))
    assert found.best == "urgent"
    assert found.of_root
    assert not found.reasons("urgent", "against")
    assert found.reasons("offer", "for"), "an operation on the root stays a question"
    assert any("too slow" in text for text in found.reasons("offer", "against"))
    everything = [reason.text for reason in reasons()]
    everything += [consequence(*pair, of_root=root) for pair in product(options(), repeat=2) for root in (True, False)]
    for words in ("help nobody", "urgent route was not needed"):
        assert not [text for text in everything if words in text]


def test_a_flag_of_another_disease_takes_the_operation_off_the_table() -> None:
    for sign in ("fever", "cancer-history", "horner", "trauma", "gait-unsteady"):
        found = judge(helen().with_findings([sign]))
        assert not found.of_root
        assert found.reasons("offer", "against")
        assert "88" not in " ".join(found.reasons("offer", "for"))


def test_a_misfit_is_weighed_by_scans_that_showed_only_silent_roots() -> None:
    text = next(reason.text for reason in reasons() if reason.id == "misfit")
    assert "{P:D33b}" in text
    assert facts()["P:D33b"].value.replace("-", "–") in text
    assert "45 %" not in text


def test_the_rules_cannot_know_who_it_is() -> None:
    assert not {"id", "name", "patient"} & {field.name for field in fields(Presentation)}
    code = Path(indications.__file__).read_text(encoding="utf-8")
    rules = data_path("clinic", "decision", "reasons.csv").read_text(encoding="utf-8")
    for name in ("helen", "amir", "nora", "tomas", "ruth"):
        assert name not in code.casefold()
        assert name not in rules.casefold()


@pytest.mark.parametrize(
    ("case", "best", "urgency"),
    [
        (helen(), "offer", 0),
        (helen(weeks=5), "wait", 0),
        (helen(course="improving"), "wait", 0),
        (helen(tried=False), "wait", 0),
        (helen(course="unknown"), "wait", 0),
        (helen(main="axial"), "wait", 0),
        (helen(level="C6/7"), "other", 0),
        (helen(findings=("tinel-wrist", "phalen", "night-tingling", "numb-thumb")), "other", 0),
        (helen(findings=()), "other", 0),
        (helen(weeks=3, earlier=("numb-thumb",)), "urgent", 2),
        (helen(earlier=("not-weak-wrist-extension",)), "urgent", 2),
        (helen(course="improving", earlier=("not-weak-wrist-extension",)), "urgent", 2),
        (helen().with_findings(["weakness-severe"]), "urgent", 2),
        (Presentation(2, "L4/5", ("weak-big-toe-extension", "weakness-severe"), course="improving"), "urgent", 2),
        (helen().with_findings(["hoffmann"]), "offer", 0),
        (helen().with_findings(["hoffmann", "reflexes-brisk"]), "urgent", 2),
        (helen().with_findings(["horner"]), "urgent", 3),
        (helen().with_findings(["cancer-history"]), "urgent", 3),
        (helen().with_findings(["trauma"]), "urgent", 3),
        (helen(findings=()).with_findings(["trauma"]), "urgent", 2),
        (helen().with_findings(["babinski"]), "urgent", 2),
        (helen().with_findings(["stroke-signs"]), "urgent", 3),
        (helen().with_findings(["diabetes", "night-pain"]), "urgent", 2),
        (helen().with_findings(["gait-unsteady"]), "urgent", 2),
        (helen().with_findings(["fever"]), "urgent", 2),
        (helen().with_findings(["saddle-numbness"]), "urgent", 3),
        (Presentation(2, "L4/5", ("weak-big-toe-extension", "foot-drop"), course="unchanged"), "urgent", 2),
    ],
)
def test_what_the_rules_say_of(case: Presentation, best: str, urgency: int) -> None:
    found = judge(case)
    assert (found.best, found.urgency) == (best, urgency)


def test_persisting_pain_leaves_waiting_a_fair_choice_and_growing_weakness_does_not() -> None:
    assert judge(helen()).accepts("wait")
    assert not judge(helen(earlier=("numb-thumb",))).accepts("wait")


@lru_cache(maxsize=1)
def _spoken() -> frozenset[str]:
    heard: set[str] = set()
    cases = [
        helen(week, course=course, tried=tried, lesions=shown, level=level, findings=found, earlier=before, main=main)
        for week, course, tried, shown in product(
            (3, 12), ("unchanged", "improving", "unknown"), (True, False), LESIONS
        )
        for level, found, before, main in (
            ("C5/6", C6, (), "limb"), ("C5/6", C6, ("numb-thumb",), "limb"), ("C5/6", ("numb-thumb",), (), "limb"),
            ("C6/7", C6, (), "limb"), ("C5/6", ("phalen", "tinel-wrist"), (), "limb"), ("C5/6", C6, (), "axial"),
            ("C5/6", (), (), "limb"), ("L5/S1", ("weak-big-toe-extension",), (), "limb"),
            ("L4/5", ("weak-big-toe-extension",), (), "limb"),
        )
    ]  # fmt: skip
    cases += [helen().with_findings([sign]) for sign in FLAGS]
    cases += [Presentation(4, "L5/S1", ("weak-big-toe-extension", sign)) for sign in FLAGS]
    cases.append(helen(lesions=(("herniation", "central"),)))
    cases += [
        helen(findings=found)
        for found in (
            ("horner", "painless"),
            ("cancer-history", "neck-pain"),
            ("trauma",),
            ("midline-tender", "osteoporosis"),
            ("phalen", "tinel-wrist", "night-tingling", "weakness-severe"),
        )
    ]
    for case in cases:
        try:
            signs = signs_of(case)
        except InvalidInput:
            continue
        heard |= {reason.id for reason in reasons() if reason.speaks(signs, case.weeks)}
    return frozenset(heard)


def test_no_rule_is_dead() -> None:
    assert {reason.id for reason in reasons()} - _spoken() == set()


def test_every_choice_has_its_consequence_and_bad_names_are_refused() -> None:
    said = {consequence(judged, chosen) for judged, chosen in product(options(), repeat=2)}
    assert len(said) == len(options()) ** 2
    for judged, chosen in product(options(), repeat=2):
        same = consequence(judged, chosen) == consequence(judged, chosen, of_root=True)
        assert same == (judged != "urgent"), "where the root itself is the reason for haste, other things follow"
    with pytest.raises(InvalidInput, match="urgent, other, wait, offer"):
        consequence("offer", "cut")


@pytest.mark.parametrize(
    "wrong", [{"weeks": -1}, {"weeks": 2.5}, {"weeks": True}, {"course": "fine"}, {"main": "toe"}, {"level": "C9"}]
)
def test_what_cannot_be_is_refused_in_one_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        helen(**wrong)
    assert str(caught.value).count("\n") == 0


def test_an_unknown_finding_is_refused() -> None:
    with pytest.raises(InvalidInput, match="sore-nose"):
        judge(helen(findings=("sore-nose",)))


def test_what_if_changes_what_it_says() -> None:
    for case in what_ifs().values():
        changed = helen(weeks=5).if_so(case)
        assert set(case.adds) <= set(changed.findings)
        assert case.course in {"", changed.course}
        assert case.main in {"", changed.main}
        assert case.weeks in {None, changed.weeks}


# -- shares


@given(st.integers(0, 400), st.integers(1, 400))
@settings(max_examples=100, deadline=None)
def test_intervals_are_those_of_statsmodels(events: int, people: int) -> None:
    events = min(events, people)
    low, high = proportion_confint(events, people, method="wilson")
    assert wilson(events / people, people) == pytest.approx((max(low, 0), min(high, 1)), abs=1e-9)


@given(st.integers(0, 90), st.integers(2, 90), st.integers(0, 90), st.integers(2, 90))
@settings(max_examples=60, deadline=None)
def test_differences_are_those_of_statsmodels(one: int, first: int, other: int, second: int) -> None:
    one, other = min(one, first), min(other, second)
    known = confint_proportions_2indep(one, first, other, second, method="newcomb", compare="diff")
    assert newcombe((one / first, first), (other / second, second)) == pytest.approx(known, abs=1e-6)


def test_intervals_and_differences_are_those_of_the_evidence() -> None:
    again = pair("reoperation").risks
    printed = facts()["P:E11b"].value
    for risk in again:
        assert risk.low is not None
        assert risk.high is not None
        assert f"{100 * risk.share:.1f} % ({100 * risk.low:.1f}-{100 * risk.high:.1f})" in printed
    found = pair("success").difference
    assert found is not None
    assert facts()["P:E03"].value == f"{found[0] / 100:.3f} ({found[1] / 100:.3f} to {found[2] / 100:.3f})"


@pytest.mark.parametrize("wrong", [(1.2, 10), (-0.1, 10), (0.5, 0)])
def test_no_interval_of_nonsense(wrong: tuple[float, int]) -> None:
    with pytest.raises(InvalidInput):
        wilson(*wrong)


@pytest.mark.parametrize("name", list(outcomes()))
def test_both_options_have_the_same_denominator_time_and_design(name: str) -> None:
    found = pair(name)
    first, second = found.risks
    text = " ".join(found.sentences())
    assert text.count(f"of {OF_HUNDRED} within {found.outcome.when}") == 2
    assert first.option != second.option
    assert NO_TRIAL in text
    assert found.outcome.design[1:] in text
    assert "1 in " not in text
    for risk in found.risks:
        row = next(row for row in trials() if row.trial == found.outcome.trial and row.arm == risk.option
                   and row.outcome == found.outcome.outcome and row.timepoint_weeks == found.outcome.weeks)  # fmt: skip
        share = row.events / row.total if row.events is not None and row.total else row.effect
        assert risk.count == round(100 * (share or 0))
    assert all(cite(evidence_id).state != "teaching" for evidence_id in found.outcome.fact_ids)


def test_what_foraminotomy_in_facet_gives_is_the_allowed_wording() -> None:
    allowed = facts()["P:K09"].value
    counts = [pair(name).risks[0].count for name in ("success", "any-event", "serious-event", "reoperation")]
    assert [f"{count}" in allowed for count in counts] == [True] * 4
    assert counts == [88, 30, 6, 5]


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(InvalidInput, match="success"):
        pair("joy")


def test_both_sides_of_the_natural_history_stand_together() -> None:
    shares = {share.id: share.share for share in natural_history.courses()}
    assert shares["P:N02"] == 0.9
    assert shares["P:N08"] == 0.55
    assert {gain.id for gain in natural_history.gains()} == {"P:E27", "P:E28", "P:E29"}


def test_shares_of_people_without_symptoms_stand_in_the_evidence() -> None:
    for region in ("cervical", "lumbar"):
        for seen in natural_history.seen_without_symptoms(region):
            assert f"{100 * seen.share:g}" in facts()[seen.id].value
            assert seen.low is None or seen.high is None or seen.low < seen.share < seen.high


def test_a_region_that_is_none_is_refused() -> None:
    for ask in (natural_history.courses, natural_history.gains, natural_history.thresholds,
                natural_history.seen_without_symptoms):  # fmt: skip
        with pytest.raises(InvalidInput, match="cervical, lumbar"):
            ask("thoracic")


# -- words of the tables


def test_every_number_in_the_rules_has_its_source() -> None:
    path = data_path("clinic", "decision", "reasons.csv")
    passages = tuple(Passage(reason.id, reason.text) for reason in reasons())
    passages += tuple(Passage(f"{judged} {chosen}", consequence(judged, chosen, of_root=root))
                      for judged, chosen in product(options(), repeat=2) for root in (True, False))  # fmt: skip
    found = lint_document(Document("data/clinic/decision/reasons.csv", path.with_suffix(".yaml"), passages))
    assert [str(problem) for problem in found] == []


@pytest.mark.parametrize(("level", "weak"), [("C5/6", "weak-wrist-extension"), ("L5/S1", "weak-big-toe-extension")])
def test_weakness_is_referred_by_the_guidance_for_its_own_limb(level: str, weak: str) -> None:
    found = judge(Presentation(12, level, (weak,), earlier=(f"not-{weak}",), tried=True, course="improving"))
    assert found.best == "urgent"
    assert ("P:G16" in found.why) == level.startswith("L")
    assert ("neck" in found.why) == level.startswith("C")


SLOW = ("within days", "two weeks", "the same day", "usual weeks")


@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
@pytest.mark.parametrize(
    "emergency", [sign for flag in red_flags() if flag.urgency == "emergency" for sign in flag.alone]
)
def test_beside_an_emergency_no_reason_for_haste_gives_a_slower_time(emergency: str, level: str) -> None:
    for slower in ("weakness-severe", "foot-drop", "fever", "gait-unsteady", "babinski"):
        found = judge(helen(level=level, lesions=(), findings=(*C6, "neck-pain")).with_findings([emergency, slower]))
        assert found.urgency == 3
        for text in found.reasons("urgent", "for"):
            assert not [words for words in SLOW if words in text], text


def test_severe_weakness_of_a_wrist_is_urgent_whichever_nerve_it_is() -> None:
    found = judge(helen(findings=("phalen", "tinel-wrist", "night-tingling", "weakness-severe")))
    assert found.best == "urgent"
    assert "whichever nerve or tendon" in found.why
    assert "spinal team" not in found.why


def test_a_red_flag_is_not_told_beside_reasons_to_wait_or_to_look_elsewhere_for_a_root() -> None:
    for found in (("babinski", "weak-wrist-extension"), ("trauma", "numb-thumb"), ("bladder-change", "neck-pain")):
        case = judge(helen(findings=found, weeks=3))
        assert not case.reasons("wait", "for")
        assert not [text for text in case.reasons("other", "for") if "name no root" in text]
