"""An image in words: the same numbers as the picture, in the patient's directions; the line of the other plane."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from foramlib.figures.scan import STAMP, TONES, Seen, burned, compose_scan, describe_scan, reference_line, what_changed
from foramlib.imaging import Scanner, Settings, acquire, image_plane
from foramlib.spine import Plane, Segment
from foramlib.spine.lesions import lesion

SCANNER = Scanner(kept=30)


def seen(level: str = "C5/6", plane: str = "foramen", side: str = "left", **settings: object) -> Seen:
    chosen = Settings(**{"sequence": "T2", **settings})  # type: ignore[arg-type]
    return Seen.named(Segment.at(level), plane, side, chosen, SCANNER)


def words_of(picture: Seen) -> dict[str, str]:
    return {tone.id.partition(".")[0]: tone.word for tone in picture.tones}


def test_words_and_pixels_are_one() -> None:
    picture = seen(thickness=0.5)
    width, level = picture.scan.settings.shown
    for tone in picture.tones:
        assert 0 <= tone.share <= 1
        assert tone.word in {word for _, word in TONES}
    shares = {tone.id: tone.share for tone in picture.tones}
    inside = picture.scan.tissue_map.share("fat") == 1
    expected = (
        acquire(picture.scan.tissue_map, picture.scan.settings).clean[inside].mean() - level + width / 2
    ) / width
    assert shares["foraminal_fat.left"] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("sequence", "fat", "fluid"), [("T1", "white", "dark"), ("T2", "white", "white"), ("STIR", "black", "white")]
)
def test_fat_and_fluid_are_called_what_a_teacher_calls_them(sequence: str, fat: str, fluid: str) -> None:
    axial = words_of(seen("L4/5", "axial-disc", sequence=sequence, thickness=1.0))
    sagittal = words_of(seen("L4/5", "foramen", sequence=sequence, thickness=1.0))
    assert sagittal["foraminal_fat"] == fat
    assert axial["dural_sac"] == fluid


def test_the_description_says_what_where_and_how() -> None:
    text = describe_scan(seen("L4/5", sequence="T1", thickness=4.0, noise=3.0))
    assert text.startswith("Synthetic image of L4/5, left side, foramen plane")
    for words in (
        "T1, spin echo",
        "slice 4 mm",
        "noise 3 %",
        "White: foraminal fat",
        "pedicle of L4 (above)",
        "black rim",
    ):
        assert words in text
    assert re.search(r"about the L4 root \d+ % is fat \(model\)\.$", text)
    assert "(in front" in text
    assert "white rim" in describe_scan(seen(sequence="CT"))


def test_directions_are_the_patients() -> None:
    text = describe_scan(seen("L4/5", "axial-disc", "right"))
    assert "right L4 nerve root (on the patient's right" in text


def test_what_changed_names_the_greatest_change_first() -> None:
    sentence = what_changed(seen(thickness=0.5), seen(sequence="STIR", thickness=0.5), "STIR")
    assert sentence.startswith("STIR: ")
    first = sentence.removeprefix("STIR: ").partition(";")[0]
    assert first == "foraminal fat white → black"
    assert what_changed(seen(), seen(), "Nothing") == "Nothing: no change that the eye would see."
    assert "→" not in what_changed(None, seen(), "Opened")


def test_thickness_and_noise_are_told_by_their_figures() -> None:
    thicker = what_changed(seen(), seen(thickness=8.0), "Slice")
    assert re.search(r"pixels with more than one tissue \d+ → \d+ %", thicker)
    noisier = what_changed(seen(), seen(noise=8.0), "Noise")
    before, after = (int(word) for word in re.findall(r"over noise (\d+) → (\d+)", noisier)[0])
    assert before == pytest.approx(4 * after, rel=0.2)


def test_a_lesion_comes_into_the_words() -> None:
    healthy = seen("L4/5")
    ill = Seen.named(
        Segment.at("L4/5").with_lesions(lesion("herniation", 7, "left", "foraminal")),
        "foramen",
        "left",
        Settings("T2"),
        SCANNER,
    )
    assert "with disc herniation, left, foraminal, 7.0 mm" in describe_scan(ill)
    assert "disc herniation" in what_changed(healthy, ill, "Herniation").lower()
    assert ill.fat_around is not None
    assert healthy.fat_around is not None
    assert ill.fat_around < healthy.fat_around


def test_the_reference_line_lies_in_both_planes() -> None:
    segment = Segment.at("C5/6")
    for name, other in (
        ("foramen", "axial-disc"),
        ("axial-disc", "foramen"),
        ("coronal", "foramen"),
        ("sagittal", "axial-pedicle"),
    ):
        plane, second = Plane.named(name, segment), Plane.named(other, segment)
        line = reference_line(plane, second)
        assert line is not None
        for u, v in line:
            point = np.array(plane.origin) + u * np.array(plane.across) + v * np.array(plane.up)
            assert abs(float(second.height_over(point)[0])) < 0.02
            assert abs(u) <= plane.half[0] + 0.01
            assert abs(v) <= plane.half[1] + 0.01
    assert reference_line(plane, plane) is None
    far = image_plane("axial-disc", segment, offset=300.0)
    assert reference_line(Plane.named("foramen", segment), far) is None


def test_the_picture_carries_letters_scale_and_stamp() -> None:
    picture = seen("L4/5", "axial-disc")
    figure = compose_scan(picture)
    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]
    texts = {text.get_text() for text in [*figure.texts, *figure.axes[0].texts]}
    assert {"R", "L", "A", "P", STAMP, "10 mm"} <= texts
    assert any("not a patient" in text for text in texts)
    assert min(float(text.get_fontsize()) for text in figure.axes[0].texts) >= 10
    assert burned(picture.scan).shape == picture.scan.grey.shape
