"""Links to a made-up patient tell what the file says, and what is told without a link is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foramlib.learning.patient import patients
from foramlib.lessons.claims import spelled_out
from foramlib.lessons.markdown import links, sentences
from foramlib.lessons.of_model import shipped_patient
from foramlib.lessons.of_patient import named_in, patient_faults, unlinked

OTHER = {"left": "right", "right": "left"}
ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def faults(text: str, title: str) -> list[str]:
    (link,) = links(f'[{text}](#patient "{title}")')
    return list(patient_faults(link))


@pytest.mark.parametrize("name", patients())
def test_a_side_passes_and_the_other_fails(name: str) -> None:
    side = shipped_patient(name).side
    assert faults(f"the {side} one", f"{name} · side") == []
    assert faults(f"the {OTHER[side]} one", f"{name} · side")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("seven months", "ruth-adeyemi · weeks seen"),
        ("31 weeks", "ruth-adeyemi · weeks seen"),
        ("week 5", "helen-osei · weeks seen"),
        ("five-week-old", "helen-osei · weeks seen"),
        ("sixty-eight", "ruth-adeyemi · age"),
        ("68-year-old", "ruth-adeyemi · age"),
        ("C5/6", "helen-osei · level"),
        ("C6", "helen-osei · root"),
        ("weak wrist extension", "helen-osei · finding weak-wrist-extension, week 12"),
        ("wrist extension is newly weak", "helen-osei · finding weak-wrist-extension, week 12"),
        ("no weakness of the wrist", "helen-osei · finding weak-wrist-extension"),
        ("3 mm", "helen-osei · lesion uncovertebral_osteophyte"),
        ("9 November 2026", "ruth-adeyemi · date seen"),
        ("November", "ruth-adeyemi · date seen"),
        ("soft disc", "tomas-lindqvist · imaging"),
        ("drives a delivery van", "tomas-lindqvist · occupation"),
        ("six weeks", "invented patient"),
    ],
)
def test_a_true_link_passes(text: str, title: str) -> None:
    assert faults(text, title) == []


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        ("eight months", "ruth-adeyemi · weeks seen", "is not the time"),
        ("30 weeks", "ruth-adeyemi · weeks seen", "is not the time"),
        ("a while", "ruth-adeyemi · weeks seen", "names no days"),
        ("sixty-seven", "ruth-adeyemi · age", "67 is not the value"),
        ("C6/7", "helen-osei · level", "but the value is C5/6"),
        ("C7", "helen-osei · root", "but the value is C6"),
        ("weak wrist extension", "helen-osei · finding weak-wrist-extension", "what was found is: not"),
        ("no weak wrist", "helen-osei · finding weak-wrist-extension, week 12", "what was found is: Weak"),
        ("weak", "helen-osei · finding weak-wrist-extension, week 6", "no visit in week 6"),
        ("numb knee", "helen-osei · finding weak-knee-extension", "was not examined"),
        ("x", "helen-osei · finding weak-nose", "There is no finding"),
        ("4 mm", "helen-osei · lesion uncovertebral_osteophyte", "4 is not the value"),
        ("2.5 mm", "helen-osei · lesion herniation", "has no lesion"),
        ("8 November 2026", "ruth-adeyemi · date seen", "it says 8"),
        ("hard disc", "tomas-lindqvist · imaging", "it says hard"),
        ("right", "ruth · side", "There is no patient"),
        ("right", "ruth-adeyemi · handedness", "There is no field"),
        ("right", "ruth-adeyemi", "for one without a name"),
        ("a year", "ruth-adeyemi · weeks operation", "has no date"),
    ],
)
def test_a_link_that_is_wrong_is_found(text: str, title: str, said: str) -> None:
    (fault, *_) = faults(text, title)
    assert said in fault


@given(st.sampled_from(patients()), st.integers(0, 120))
def test_only_the_right_age_passes(name: str, age: int) -> None:
    assert (faults(f"{age}", f"{name} · age") == []) == (age == shipped_patient(name).age)


# -- sentences


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Ruth's left foot is weak.", "left foot"),
        ("## Tomas and his right arm", "right arm"),
        ("Helen's pain is on the left.", "on the left"),
        ("Amir has right-sided tingling.", "right-sided"),
        ("The left C6 root of Helen is touched.", "left C6"),
        ("Ruth Adeyemi is sixty-eight, and sings.", "is 68"),
        ("Ruth, a 68-year-old teacher, sings.", "68-year-old"),
        ("Nora has waited for three weeks.", "3 weeks"),
        ("Helen came back at week 12.", "week 12"),
        ("For half a year Amir has woken at night.", "half a year"),
        ("Helen's scan shows C5/6.", "C5/6"),
        ("Helen's image is grade 1.", "grade 1"),
        ('Helen hurt for [five weeks](#patient "invented patient").', 'title is "invented patient"'),
        ('Helen has a weak [right](#patient "ruth-adeyemi · side") hand.', 'title is "ruth-adeyemi'),
    ],
)
def test_a_word_about_a_patient_without_a_link_is_found(sentence: str, said: str) -> None:
    assert said in "".join(unlinked(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "What is left of Helen's pain is a twinge.",
        "Tomas left the room, and Nora was right about it.",
        "Helen gives the right answer at the right time.",
        "Ruth asks what would be left undone.",
        "Her left arm hurts for six weeks at C5/6.",
        "Nora is one of two who should wait.",
        'Ruth\'s [right](#patient "ruth-adeyemi · side") foot.',
        'Ruth has waited [31 weeks](#patient "ruth-adeyemi · weeks seen").',
        'Helen\'s image is [grade 1](#model "model · Park 2013 · helen-osei").',
        "Tomas asks what [12 of 20 after 6 weeks]({P:E04}) means.",
        '`fl.decide(patient="helen-osei", week=12)` opens Helen\'s case.',
    ],
)
def test_other_words_beside_a_patient_are_free(sentence: str) -> None:
    assert list(unlinked(sentence)) == []


def test_the_name_and_the_word_must_share_a_sentence() -> None:
    text = "Helen repairs violins. The left foramen is cut first."
    assert [fault for sentence in sentences(text) for fault in unlinked(sentence)] == []
    assert named_in("Ruth's and Osei's") == {"ruth-adeyemi", "helen-osei"}


@given(st.integers(0, 99))
def test_numbers_in_words_are_read(number: int) -> None:
    tens, ones = divmod(number, 10)
    words = ONES[number] if number < len(ONES) else TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")
    assert spelled_out(words) == str(number)


# -- the files themselves tell one story


@pytest.mark.parametrize("name", patients())
def test_a_patient_has_one_side_one_level_and_one_time(name: str) -> None:
    patient = shipped_patient(name)
    told = f"{patient.history} {patient.imaging} {' '.join(visit.note for visit in patient.visits)}"
    assert OTHER[patient.side] not in told.replace("to the left at a high shelf", "").split()
    assert {one.side for one in patient.lesions} <= {"", patient.side}
    assert {region.rpartition(".")[2] for region in patient.regions} == {patient.side}
    assert patient.imaging.startswith(f"{patient.level}:")
    if patient.visits:
        assert patient.weeks("reviewed") == patient.visits[-1].week
