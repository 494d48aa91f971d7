"""Lattices: indices and millimetres agree, windows never lose a point that a box could hold."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foramlib.spine.lattice import Box, Lattice, Mask, Points

PLACES = st.floats(-12.0, 12.0)
SPOTS = st.tuples(PLACES, PLACES, PLACES)


def plane(seed: int) -> Lattice:
    """Plane lattice, turned at random."""
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return Lattice(-5 * turn[0] - 4 * turn[1], 0.5 * turn[:2], (21, 17))


def spots(lattice: Lattice) -> np.ndarray:
    """Every point of a lattice, by its indices."""
    indices = np.moveaxis(np.indices(lattice.shape), 0, -1)
    return np.asarray(lattice.origin + indices @ lattice.steps)


@given(seed=st.integers(0, 50), low=SPOTS, size=st.tuples(*[st.floats(0.1, 8.0)] * 3))
def test_a_window_holds_every_point_of_a_lattice_that_lies_in_the_box(
    seed: int, low: tuple[float, float, float], size: tuple[float, float, float]
) -> None:
    lattice = plane(seed)
    high = np.add(low, size)
    beyond: Mask = (spots(lattice) <= np.add(low, 1e-6)) | (spots(lattice) >= high - 1e-6)
    inside = np.sum(beyond, axis=-1) == 0
    window = lattice.window(Box(low, tuple(high.tolist())))
    if window is not None:
        inside[window] = False
    assert not inside.any()


@given(seed=st.integers(0, 50))
def test_a_lattice_says_where_its_points_are(seed: int) -> None:
    lattice = plane(seed)
    found = np.stack(np.broadcast_arrays(*lattice.coordinates()), axis=-1)
    assert np.abs(found - spots(lattice)).max() < 1e-5
    steps = (spots(lattice) - lattice.origin) @ lattice.to_index
    assert np.abs(steps[..., :2] - np.moveaxis(np.indices(lattice.shape), 0, -1)).max() < 1e-9
    assert np.abs(steps[..., 2]).max() < 1e-9


@given(seed=st.integers(0, 50), first=st.integers(0, 10), second=st.integers(0, 8))
def test_a_part_of_a_lattice_is_that_part(seed: int, first: int, second: int) -> None:
    lattice = plane(seed)
    window = (slice(first, first + 6), slice(second, second + 5))
    assert np.abs(spots(lattice.part(window)) - spots(lattice)[window]).max() < 1e-9


@given(seed=st.integers(0, 50))
def test_a_mirrored_and_a_scaled_lattice_keep_their_indices(seed: int) -> None:
    lattice = plane(seed)
    for other, back in ((lattice.mirrored(), (-1.0, 1.0, 1.0)), (lattice.scaled((2.0, 3.0, 0.5)), (2.0, 3.0, 0.5))):
        assert np.abs(spots(other) * back - spots(lattice)).max() < 1e-9
        steps = (spots(other) - other.origin) @ other.to_index
        assert np.abs(steps[..., :2] - np.moveaxis(np.indices(lattice.shape), 0, -1)).max() < 1e-9


def test_a_plane_that_passes_a_box_sees_nothing_of_it() -> None:
    level = Lattice(np.array([-5.0, -5.0, 3.0]), np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]]), (21, 21))
    assert level.window(Box((-1.0, -1.0, 0.0), (1.0, 1.0, 2.9))) is None
    assert level.window(Box((-1.0, -1.0, 0.0), (1.0, 1.0, 3.1))) is not None
    assert level.window(Box((9.0, 9.0, 0.0), (12.0, 12.0, 5.0))) is None


def test_points_are_asked_all_or_none() -> None:
    few = Points(np.array([[0.0, 0.0, 0.0], [9.0, 9.0, 9.0]]))
    assert few.window(Box((-1.0, -1.0, -1.0), (1.0, 1.0, 1.0))) == (slice(0, 2),)
    assert few.window(Box((30.0, 3.0, 3.0), (34.0, 4.0, 4.0))) is None
