"""Images: tissues where they belong, partial volume, resolution, Rician noise, orientation, refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from foramlib.errors import InvalidInput
from foramlib.imaging import DEFAULT_WINDOWS, SEQUENCES, Scan, Scanner, Settings, acquire, image_plane, map_tissues
from foramlib.imaging.scan import noise_sd, windowed
from foramlib.imaging.tissue_map import CORTEX_MM, TissueMap, desiccation, pressed
from foramlib.spine import MODELLED, Plane, Segment, cut
from foramlib.spine.lesions import lesion

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLEAN = Settings("T1", noise=0.0)
# One scanner for all: what a test before has found need not be found again.
SCANNER = Scanner(kept=40)
NECK = Segment.at("C5/6")


def at_points(scan: Scan) -> NDArray[np.float32]:
    """Signal at the points where tissues were looked for."""
    return acquire(scan.tissue_map, scan.settings).clean


def image(segment: Segment, plane: str = "foramen", side: str = "left", **settings: object) -> Scan:
    chosen = Settings(**{"sequence": "T1", **settings})  # type: ignore[arg-type]
    return SCANNER.scan(segment, image_plane(plane, segment, side), chosen)


def at(scan: Scan, point: tuple[float, float]) -> tuple[int, int]:
    """Row (from the bottom) and column of a place in the plane, mm."""
    wide, high = scan.plane.half
    return int((point[1] + high) / scan.pixel), int((point[0] + wide) / scan.pixel)


@pytest.mark.parametrize("plane", ["foramen", "axial-disc", "axial-pedicle", "coronal"])
@pytest.mark.parametrize("level", ["C5/6", "L4/5"])
def test_the_image_shows_what_the_section_cuts(level: str, plane: str) -> None:
    """In an ideally thin slice the tissue at a structure's inside is that structure's."""
    segment = Segment.at(level)
    chosen = Plane.named(plane, segment)
    made = map_tissues(segment, chosen, 2 * max(chosen.half) / 256, 0.0)
    looked = 0
    wanted = {
        "ganglion": "ganglion",
        "annulus": "annulus",
        "nucleus": "nucleus",
        "flavum": "flavum",
        "spinal_cord": "cord",
    }
    for region in cut(segment, chosen).regions:
        name = wanted.get(region.structure.key)
        inner = region.polygon.buffer(-0.4)
        if name is None or inner.is_empty:
            continue
        point = inner.representative_point()
        row, column = at(Scan(CLEAN, made, *2 * (np.zeros(made.labels.shape[1:], np.float32),)), (point.x, point.y))
        kind = made.kinds[made.labels[0, row, column]].partition(":")[0]
        assert kind == name
        looked += 1
    assert looked


def test_bone_is_marrow_within_a_rim_of_cortex() -> None:
    segment = Segment.at("L4/5")
    chosen = Plane.named("foramen", segment)
    made = map_tissues(segment, chosen, 0.1, 0.0)
    cortex, marrow = made.share("cortex") > 0, made.share("marrow", "marrow_fatty") > 0
    assert cortex.sum() * 0.01 == pytest.approx(marrow.sum() * 0.01 * 0.12, rel=0.9)  # some, and much less than marrow
    bone = [region for region in cut(segment, chosen).regions if region.structure.key == "pedicle"]
    for region in bone:
        inner = region.polygon.buffer(-2.5 * CORTEX_MM)
        point = inner.representative_point()
        wide, high = chosen.half
        assert marrow[int((point.y + high) / 0.1), int((point.x + wide) / 0.1)]


@pytest.mark.parametrize(
    "level",
    [level if level in {"C5/6", "L5/S1"} else pytest.param(level, marks=pytest.mark.thorough) for level in MODELLED],
)
def test_every_level_can_be_scanned(level: str) -> None:
    segment = Segment.at(level)
    for plane in ("foramen", "axial-disc"):
        scan = image(segment, plane, sequence="T2")
        assert max(scan.grey.shape) == 256
        assert scan.grey.dtype == np.uint8
        assert np.isfinite(scan.values).all()
        assert len(np.unique(scan.grey)) > 100


def test_a_right_sided_lesion_is_on_the_viewers_left_of_an_axial_image() -> None:
    segment = Segment.at("L4/5").with_lesions(lesion("herniation", 7, "right", "foraminal"))
    made = Scanner().tissue_map(segment, image_plane("axial-disc", segment, "right"), 3.0)
    share = made.share("herniation")
    columns = np.nonzero(share.sum(axis=0))[0]
    assert made.plane.marks["left"] == "R"
    assert columns.max() < share.shape[1] / 2
    mirrored = Segment.at("L4/5").with_lesions(lesion("herniation", 7, "left", "foraminal"))
    other = Scanner().tissue_map(mirrored, image_plane("axial-disc", mirrored, "left"), 3.0).share("herniation")
    assert np.abs(share - other[:, ::-1]).mean() < 0.002


def test_up_is_up_and_front_is_front() -> None:
    """The disc lies in front on a sagittal image, the spinous process behind on an axial one; rows run upward."""
    segment = Segment.at("L4/5")
    sagittal = Scanner().tissue_map(segment, image_plane("foramen", segment), 3.0)
    disc = sagittal.share("annulus")
    assert sagittal.plane.marks["left"] == "A"
    assert np.nonzero(disc.sum(axis=0))[0].mean() < 0.4 * disc.shape[1]
    axial = Scanner().tissue_map(segment, image_plane("axial-disc", segment), 3.0)
    rows = np.nonzero(axial.share("nucleus").sum(axis=1))[0]
    assert axial.plane.marks["top"] == "A"
    assert rows.mean() > 0.5 * axial.labels.shape[1]
    shown = acquire_t2(axial)
    assert shown.grey[0].tolist() == shown_row(shown, -1)


def acquire_t2(made: TissueMap) -> Scan:
    return acquire(made, Settings("T2", noise=0.0))


def shown_row(scan: Scan, row: int) -> list[int]:
    numbers: list[int] = windowed(scan.values, *scan.settings.shown)[row].tolist()
    return numbers


# Partial volume.


def test_a_thick_slice_is_the_mean_of_thin_ones() -> None:
    segment = Segment.at("L4/5")
    chosen = image_plane("foramen", segment)
    thick = map_tissues(segment, chosen, 0.4, 2.0)
    sheets = thick.labels.shape[0]
    assert sheets == 4
    for sheet in range(sheets):
        offset = (sheet + 0.5) * 2.0 / sheets - 1.0
        thin = map_tissues(segment, image_plane("foramen", segment, offset=offset), 0.4, 0.0)
        names_thick = np.array([kind.partition("_")[0] for kind in thick.kinds])[thick.labels[sheet]]
        names_thin = np.array([kind.partition("_")[0] for kind in thin.kinds])[thin.labels[0]]
        solid = ~np.isin(names_thick, ["muscle", "strand"])
        assert (names_thick == names_thin)[solid].mean() > 0.999


def test_thicker_slices_mix_more_and_keep_the_mean() -> None:
    segment = Segment.at("C5/6")
    chosen = image_plane("foramen", segment)
    mixed = []
    for thickness in (0.0, 2.0, 4.0, 8.0):
        made = map_tissues(segment, chosen, 0.25, thickness)
        share = made.share("fat")
        assert 0 <= share.min() <= share.max() <= 1
        mixed.append(float(((share > 0) & (share < 1)).mean()))
    assert mixed == sorted(mixed)
    assert mixed[0] == 0
    assert mixed[-1] > 0.02


def test_a_thin_rim_of_fat_dims_in_a_thick_slice() -> None:
    segment = NECK
    thin, thick = (image(segment, sequence="T1", thickness=mm, noise=0.0) for mm in (1.0, 8.0))
    assert thick.clean.max() < thin.clean.max() + 1e-3
    fat = thin.tissue_map.share("fat") > 0.99
    assert at_points(thick)[fat].mean() < 0.97 * at_points(thin)[fat].mean()


# Resolution and noise.


def test_coarse_voxels_blur_and_leave_the_mean() -> None:
    segment = NECK
    fine, coarse = (image(segment, noise=0.0, voxel=mm) for mm in (0.15, 1.2))

    def steps(scan: Scan) -> float:
        return float(np.abs(np.diff(scan.values, axis=1)).mean())

    assert steps(coarse) < 0.65 * steps(fine)
    assert coarse.values.mean() == pytest.approx(fine.values.mean(), rel=0.02)
    assert np.abs(image(segment, noise=0.0, voxel=0.1).values - fine.clean).mean() < 1.5


def even(value: str, settings: Settings, size: int = 160) -> Scan:
    """Scan a slice that is one tissue all over."""
    segment = NECK
    plane = image_plane("foramen", segment)
    labels: NDArray[np.uint8] = np.zeros((1, size, size), dtype=np.uint8)
    return acquire(TissueMap(plane, 0.4, 0.0, labels, (value,), 0.0, {}), settings)


@pytest.mark.parametrize("tissue", ["cortex", "muscle", "fat"])
def test_noise_on_mr_is_rician(tissue: str) -> None:
    # Voxels as large as pixels: neighbours share little, and one in four is looked at.
    settings = Settings("T1", noise=6.0, voxel=0.4, seed=3)
    scan = even(tissue, settings)
    sigma, truth = noise_sd(settings), float(scan.clean[0, 0])
    values = scan.values[::4, ::4].ravel()
    distribution = stats.rice(truth / sigma, scale=sigma)
    assert stats.kstest(values, distribution.cdf).pvalue > 0.01
    assert values.mean() == pytest.approx(distribution.mean(), abs=4 * sigma / np.sqrt(values.size))
    assert stats.kstest(values, stats.norm(truth, 1.5 * sigma).cdf).pvalue < 0.01


def test_noise_on_ct_is_normal_about_the_ct_number() -> None:
    settings = Settings("CT", noise=3.0, voxel=0.4, seed=3)
    scan = even("muscle", settings)
    values = scan.values[::4, ::4].ravel()
    assert stats.kstest(values, stats.norm(float(scan.clean[0, 0]), noise_sd(settings)).cdf).pvalue > 0.01


def test_the_seed_makes_the_noise() -> None:
    segment = NECK
    one, same, other = (image(segment, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.values, same.values)
    assert not np.array_equal(one.values, other.values)
    assert np.array_equal(one.clean, other.clean)


def test_noise_free_images_hold_the_tissue_signals() -> None:
    scan = even("fat", Settings("T1", noise=0.0))
    assert scan.values == pytest.approx(scan.clean, abs=1e-3)


# Windows.


def test_a_window_runs_from_black_to_white() -> None:
    segment = NECK
    narrow, wide = (image(segment, window=window) for window in ((10.0, 30.0), (200.0, 100.0)))
    assert set(np.unique(narrow.grey)) >= {0, 255}
    assert wide.grey.std() < narrow.grey.std()
    assert np.array_equal(narrow.values, wide.values)
    soft, bone = (image(segment, sequence="CT", window=window) for window in ("soft", "bone"))
    assert soft.grey.mean() != bone.grey.mean()
    assert set(DEFAULT_WINDOWS) == set(SEQUENCES)


# What depends on the state.


def test_a_lower_disc_is_a_drier_and_darker_one() -> None:
    healthy = Segment.at("L4/5")
    limit = healthy.limits["disc_loss"][1]
    means = []
    for share in (0.0, 0.4, 0.8):
        segment = healthy.with_disc_loss(round(share * limit, 2))
        scan = image(segment, "axial-disc", sequence="T2", noise=0.0, thickness=0.0)
        means.append(float(at_points(scan)[scan.tissue_map.share("nucleus") == 1].mean()))
        assert desiccation(segment) == pytest.approx(round(share * limit, 2) / limit)
    assert means == sorted(means, reverse=True)
    assert means[-1] < 0.5 * means[0]


def test_a_pressed_root_is_brighter_on_t2() -> None:
    healthy = Segment.at("C5/6")
    assert set(pressed(healthy).values()) == {0.0}
    scan = image(healthy, sequence="T2", noise=0.0, thickness=0.0)
    made = scan.tissue_map
    worse = replace(made, pressed=dict.fromkeys(made.pressed, 1.0))
    root = made.share("nerve", "ganglion") == 1
    assert acquire(worse, scan.settings).clean[root].mean() > 1.2 * at_points(scan)[root].mean()


def test_the_solver_s_flattening_is_what_counts_as_pressed() -> None:
    tight = Segment.at("C5/6").with_lesions(
        lesion("uncovertebral_osteophyte", 4, "left"), lesion("facet_hypertrophy", 4, "left")
    )
    found = pressed(tight)
    worst = max(tight.roots["exiting", "left"].flattening)
    assert (found["exiting-left"] > 0) == (worst > 0)
    assert found["exiting-right"] == 0


def test_the_scanner_keeps_its_slices() -> None:
    segment, scanner = Segment.at("C5/6"), Scanner()
    plane = image_plane("foramen", segment)
    first = scanner.scan(segment, plane, Settings("T1"))
    second = scanner.scan(segment, plane, Settings("STIR", noise=9, window=(20, 10)))
    assert first.tissue_map is second.tissue_map
    assert scanner.scan(segment, plane, Settings("T1", thickness=5)).tissue_map is not first.tissue_map


def test_a_plane_can_be_moved_and_widened() -> None:
    segment = Segment.at("L4/5")
    own, moved = image_plane("axial-disc", segment), image_plane("axial-disc", segment, view=1.5, offset=4.0)
    assert moved.half == (1.5 * own.half[0], 1.5 * own.half[1])
    assert np.array(moved.origin) - np.array(own.origin) == pytest.approx(4.0 * own.normal)


@pytest.mark.parametrize(
    "bad",
    [
        {"sequence": "PET"},
        {"thickness": -1},
        {"thickness": float("nan")},
        {"noise": 99},
        {"noise": "much"},
        {"voxel": 0},
        {"view": 9},
        {"seed": -1},
        {"seed": 1.5},
        {"window": "lung"},
        {"window": (0, 10)},
        {"window": 7},
        {"window": (float("inf"), 10)},
        {"thickness": True},
    ],
)
def test_what_cannot_be_scanned_is_refused_in_a_sentence(bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        Settings(**bad)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
