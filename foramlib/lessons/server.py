"""What the lessons ask of the notebook server beyond its own settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Mapping

__all__ = ["PromptConnection", "quiet_page"]

# Parts of JupyterLab that ask about, or look for, something outside: news, newer versions, more extensions.
_SILENCED = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension:plugin",
)


def quiet_page(_handler: object, page: Mapping[str, object]) -> dict[str, object]:
    """Leave out of a page what would ask for something outside this machine.

    Parameters
    ----------
    page : mapping
        What JupyterLab is about to tell the browser.

    Returns
    -------
    dict
        The same, with the outward-looking parts switched off and no address of a formula renderer elsewhere (JupyterLab
        brings its own).
    """
    disabled = page.get("disabledExtensions")
    already = disabled if isinstance(disabled, list) else []
    return {**page, "disabledExtensions": [*already, *_SILENCED], "fullMathjaxUrl": ""}


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A kernel connection that sends small messages at once.

    A slider's answer is many small messages. By default the operating system holds each back until the one before is
    acknowledged (Nagle's algorithm), which costs a learner about a third of the time from slider to picture.
    """

    def connect(self) -> Future[None] | None:  # type: ignore[override]  # its two parents disagree
        """Connect to the kernel, with the delay switched off on the way to the browser."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
