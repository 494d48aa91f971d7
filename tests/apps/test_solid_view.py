"""The 3D view without a browser: words, controls, following an explorer, and work that waits its turn."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import foramlib
from foramlib.apps import describe
from foramlib.apps.explorer import explorer
from foramlib.apps.live3d import Live3D, look, matrix
from foramlib.apps.slices import Slices
from foramlib.apps.solid_view import SolidView, solid
from foramlib.errors import InvalidInput
from foramlib.spine.mesh import mesh
from foramlib.spine.segment import Segment
from foramlib.spine.shapes import Ellipsoid, Motion

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    """Without a running event loop; a browser test before this one may have left its own in the thread."""
    left = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    yield
    asyncio.events._set_running_loop(left)


@pytest.fixture(scope="module")
def shared() -> Iterator[SolidView]:
    made = solid("C5/6")
    yield made
    made.close()


def words(view: SolidView) -> str:
    text: str = view.still.scene["description"]
    return text


def test_it_is_a_public_name_and_can_be_described() -> None:
    assert foramlib.solid is solid
    assert describe("solid", "c5-6", view="axial").startswith("C5/6 · from above · model\nC5/6 segment in 3D")


def test_the_still_comes_with_its_words_and_no_live_view(shared: SolidView) -> None:
    assert shared.live is None
    assert shared.still.scene["image"].startswith("data:image/png")
    assert shared.still.sentence == words(shared)
    assert "seen from the patient's left" in shared.describe()


def test_controls_choose_view_side_and_structures(shared: SolidView) -> None:
    shared.controls["view"].value = "posterior"
    assert "seen from behind;" in words(shared)
    shared.controls["side"].value = "right"
    shared.controls["view"].value = "lateral"
    assert "from the patient's right" in words(shared)
    shared.controls["vessels"].value = False
    assert "Left out: vessels and fat." in words(shared)
    assert not any(layer["tissue"] == "artery" for layer in shared.still.scene["layers"])
    shared.controls["bone"].value = 30
    assert "see-through" in words(shared)
    shared.controls["plane"].value = True
    assert "section plane" in words(shared)
    assert shared.still.scene["boundary"]
    shared.controls["level"].value = "L4/5"
    assert words(shared).startswith("L4/5 segment")


def test_the_picture_follows_the_page_and_the_colours_that_are_chosen(shared: SolidView) -> None:
    def image() -> str:
        return str(shared.still.scene["image"])

    light = image()
    shared.still.shade = "dark"
    assert shared.still.painted == "dark"
    dark = image()
    shared.controls["theme"].value = "projector"
    assert shared.still.painted == shared.controls["view"].theme == "projector"
    assert len({light, dark, image()}) == 3
    shared.controls["theme"].value = "light"
    assert image() == light
    shared.still.shade = "light"
    shared.controls["theme"].value = "auto"


def test_a_follower_takes_the_colours_of_its_explorer() -> None:
    leader = explorer("C5/6", theme="projector")
    follower = solid(explorer=leader)
    assert follower.theme == "projector"
    leader.controls["theme"].value = "dark"
    assert follower.theme == follower.still.painted == "dark"
    follower.close()
    leader.close()


def test_posture_and_refusals() -> None:
    made = solid("L4/5", flexion=4, disc_loss=1.0)
    assert "flexion 4°, disc height lost 1.0 mm" in words(made)
    made.close()
    for wrong in ({"level": "T5/6"}, {"view": "below"}, {"side": "up"}, {"theme": "pink"}, {"twist": 3}):
        with pytest.raises(InvalidInput):
            solid(**wrong)


def test_live_pieces_are_sent_once_and_moved_by_matrix() -> None:
    followed = explorer("C5/6")
    made = solid(explorer=followed)
    made.open_live()
    assert made.live is not None
    bones = {name: made.live.pieces[name] for name in ("C5", "C6")}
    before = made.live.looks
    followed.set(flexion=6)
    assert made.live.pieces["C5"] is bones["C5"]
    assert made.live.looks["C5"]["stand"] != before["C5"]["stand"]
    assert made.live.looks["C6"]["stand"] == before["C6"]["stand"]
    assert made.live.looks["C5"]["stand"] == list(matrix(followed.shown.segment.bones[0].stand))
    assert "flexion 6°" in words(made)
    made.close()
    followed.close()


def test_the_section_plane_follows_the_explorer() -> None:
    followed = explorer("C5/6")
    made = solid(explorer=followed)
    made.open_live()
    assert made.live is not None
    before, path = made.live.pieces["plane"].vertices, made.still.scene["boundary"]["path"]
    followed.set(plane="axial-disc")
    assert made.plane == followed.shown.section.plane
    assert not np.allclose(made.live.pieces["plane"].vertices, before)
    assert made.still.scene["boundary"]["path"] != path
    followed.set(level="L4/5")
    assert words(made).startswith("L4/5")
    assert {"L4", "L5"} <= set(made.live.looks)
    assert "C5" not in made.live.looks
    made.close()
    followed.set(flexion=2)
    assert "neutral" in made.still.scene["description"]
    followed.close()


def test_without_webgl_the_still_remains_and_says_so() -> None:
    made = solid("C5/6")
    made.open_live()
    view: Any = made.live
    view.able = False
    assert not made._live_place.children
    assert made.still.message == "This browser cannot draw live 3D (it has no WebGL); the key views show the same."
    made.close()


def test_opening_and_closing_live_keeps_one_button() -> None:
    made = solid("C5/6")
    button: Any = made.controls["live"]
    button.press("live")
    assert len(made._live_place.children) == 1
    assert button.options[0]["label"] == "Close the live 3D view"
    button.press("live")
    assert not made._live_place.children
    assert button.options[0]["label"] == "Open the live 3D view"
    made.close()


def test_a_live_view_that_opens_late_gets_everything() -> None:
    live = Live3D()
    sent: list[str] = []
    live.send = lambda content, _buffers: sent.append(content["id"])
    live.put("ball", mesh(Ellipsoid((0.1, 0.0, 0.0), (3.0, 3.0, 3.0)), 1.0))
    live._answer(live, {"ask": True}, [])
    assert sent == ["ball", "ball"]
    live.close()


def test_a_look_is_plain_numbers() -> None:
    shown = look("#ff0080", 0.5, Motion(move=(1.0, 2.0, 3.0)), order=2)
    assert shown["colour"] == pytest.approx([1, 0, 128 / 255])
    assert shown["stand"][12:15] == [1.0, 2.0, 3.0]


# --- slices -------------------------------------------------------------------------------------------


def counted(done: list[int], count: int = 50) -> Generator[None, None, int]:
    for step in range(count):
        time.sleep(0.001)
        done.append(step)
        yield
    return count


def unwanted(problem: Exception) -> None:
    pytest.fail(f"not expected: {problem!r}")


async def over(slices: Slices) -> None:
    while slices.busy:  # noqa: ASYNC110 - as a notebook would wait
        await asyncio.sleep(0.005)


def test_without_a_loop_work_is_done_at_once() -> None:
    results: list[int] = []
    Slices(unwanted).start(counted([], 3), results.append)
    assert results == [3]


def test_newer_work_drops_the_older() -> None:
    async def play() -> tuple[list[int], list[int]]:
        results: list[int] = []
        first: list[int] = []
        slices = Slices(unwanted, quiet_s=0.0)
        slices.start(counted(first, 1000), results.append)
        await asyncio.sleep(0.03)
        slices.start(counted([], 7), results.append)
        await over(slices)
        return first, results

    first, results = asyncio.run(play())
    assert results == [7]
    assert 0 < len(first) < 900


def test_a_fault_in_a_slice_is_told() -> None:
    def broken() -> Generator[None, None, None]:
        yield
        raise ZeroDivisionError

    async def play() -> list[Exception]:
        told: list[Exception] = []
        slices = Slices(told.append, quiet_s=0.0)
        slices.start(broken(), print)
        await over(slices)
        return told

    assert isinstance(asyncio.run(play())[0], ZeroDivisionError)


def test_3d_is_made_in_many_slices_of_the_loop() -> None:
    async def play() -> tuple[list[float], str]:
        made = SolidView(Segment.at("L4/5"), strict=True)
        made.open_live()
        made.controls["view"].value = "foramen"
        held = []
        while made.busy:
            start = time.thread_time()
            await asyncio.sleep(0)
            held.append(time.thread_time() - start)
        text = words(made)
        made.close()
        return held, text

    held, text = asyncio.run(play())
    assert "into the left foramen" in text
    # The work comes in many slices; how long each takes is for the benchmarks, not for a test.
    assert len(held) > 20, len(held)
    assert max(held) < 0.5 * sum(held)
