"""The server of the lessons: prompt answers, and a port that cannot be used."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from foramlib.errors import InvalidInput
from foramlib.lessons.launcher import check_port, open_lab

if TYPE_CHECKING:
    from pathlib import Path


def test_small_messages_leave_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    server = pytest.importorskip("foramlib.lessons.server", reason="no notebook server here")
    done: list[object] = []
    monkeypatch.setattr(server.ZMQChannelsWebsocketConnection, "connect", lambda _: done.append("connected"))
    connection = SimpleNamespace(websocket_handler=SimpleNamespace(set_nodelay=done.append))
    monkeypatch.setattr(
        server, "super", lambda: SimpleNamespace(connect=lambda: done.append("connected")), raising=False
    )
    server.PromptConnection.connect(connection)
    assert done == [True, "connected"]


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(InvalidInput, match=f"Port {port} does not exist"):
        check_port(port)


def test_without_jupyterlab_the_launcher_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("foramlib.lessons.launcher.find_spec", lambda _: None)
    with pytest.raises(InvalidInput, match="python -m pip install jupyterlab"):
        open_lab(tmp_path)
