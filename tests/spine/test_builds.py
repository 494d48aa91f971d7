"""People: the same seed is the same person, and people vary as the table of spreads says."""

from __future__ import annotations

import numpy as np
import pytest

from foramlib.evidence import cite, morphometry
from foramlib.spine import Segment
from foramlib.spine.builds import BUILDS, WIDEST, sampled_factors, spreads
from foramlib.spine.parameters import LevelSize, VertebraSize, level_size, scaled, vertebra_size
from tests.spine.states import LEVELS

MANY = 1500


def test_the_same_seed_is_the_same_person() -> None:
    assert sampled_factors(7) == sampled_factors(7)
    assert sampled_factors(7) != sampled_factors(8)
    assert Segment.sampled("C5/6", 7) == Segment.sampled("C5/6", 7)
    assert Segment.sampled("C5/6", 7).stage == Segment.sampled("C5/6", 7).stage


def test_people_vary_as_the_table_says_and_never_wildly() -> None:
    draws = {name: np.array([dict(sampled_factors(seed))[name] for seed in range(MANY)]) for name in spreads()}
    for name, share in spreads().items():
        assert draws[name].mean() == pytest.approx(1.0, abs=0.02), name
        assert draws[name].std() == pytest.approx(share, rel=0.12), name
        assert np.abs(draws[name] - 1.0).max() <= WIDEST * share + 1e-9, name


def test_every_varied_parameter_exists() -> None:
    known = set(VertebraSize.__dataclass_fields__) | set(LevelSize.__dataclass_fields__) | {"size"}
    assert set(spreads()) <= known
    assert all(0 < share < 0.5 for share in spreads().values())


@pytest.mark.parametrize("build", BUILDS)
def test_a_build_scales_lengths_and_leaves_angles(build: str) -> None:
    plain, other = vertebra_size("C5"), scaled(vertebra_size("C5"), BUILDS[build])
    assert other.body_width == pytest.approx(BUILDS[build] * plain.body_width)
    assert other.uncinate_height == pytest.approx(BUILDS[build] * plain.uncinate_height)
    assert (other.joint_tilt, other.body_squareness) == (plain.joint_tilt, plain.body_squareness)
    level, scaled_level = level_size("L4/5"), scaled(level_size("L4/5"), BUILDS[build])
    assert scaled_level.flexion_limit == level.flexion_limit
    assert scaled_level.disc_loss_limit == level.disc_loss_limit


def test_a_person_changes_own_and_shared_sizes() -> None:
    size = scaled(vertebra_size("L4"), 1.0, (("size", 1.1), ("body_depth", 0.9)))
    assert size.body_width == pytest.approx(1.1 * vertebra_size("L4").body_width)
    assert size.body_depth == pytest.approx(0.99 * vertebra_size("L4").body_depth)


@pytest.mark.parametrize("level", LEVELS)
def test_sampled_people_stay_near_a_published_spread(level: str) -> None:
    """Body depth: its spread among people is what the table's two shares say together."""
    name = level.split("/", maxsplit=1)[0]
    depths = [Segment.sampled(level, seed).stage.upper_size.body_depth for seed in range(300)]
    share = float(np.hypot(spreads()["size"], spreads()["body_depth"]))
    assert np.std(depths) / vertebra_size(name).body_depth == pytest.approx(share, rel=0.15)
    published = morphometry()["M:B-084"]
    assert published.sd is not None
    assert published.mean is not None
    assert share == pytest.approx(published.sd / published.mean, rel=0.35)


def test_every_spread_has_its_basis(model_rows: dict[str, list[dict[str, str]]]) -> None:
    for row in model_rows["spreads.csv"]:
        if row["basis"] != "assumption":
            assert cite(row["basis"]).state != "teaching", row
