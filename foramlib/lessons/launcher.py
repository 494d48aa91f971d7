"""Start JupyterLab on a working copy of the lessons, on this machine only and without a word to the outside."""

from __future__ import annotations

import os
import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING

from foramlib.errors import InvalidInput
from foramlib.lessons.workspace import state_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FIRST_LESSON", "check_port", "check_start", "open_lab", "server_arguments"]

FIRST_LESSON = "00_start_here.ipynb"
_LOOPBACK = "127.0.0.1"
_HIGHEST_PORT = 65535


def open_lab(folder: Path, *, port: int | None = None, browser: bool = True) -> None:
    """Run JupyterLab on a working copy until it is stopped.

    Parameters
    ----------
    folder : Path
        The working copy of the lessons.
    port : int, optional
        The port to listen on; without it, the first free one.
    browser : bool
        Whether to open the first lesson in a browser.

    Raises
    ------
    InvalidInput
        When JupyterLab is not installed or cannot start, or the port cannot be used.
    """
    check_start(port)
    # What belongs to this Python goes before what stands in the user's home under the same name.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    from jupyterlab.labapp import LabApp  # noqa: PLC0415 - heavy, and not there in a browser

    from foramlib.lessons.server import quiet_page  # noqa: PLC0415 - the same

    try:
        server = LabApp.initialize_server(argv=[*server_arguments(folder, port=port, browser=browser), *_encrypted()])
    except OSError as problem:
        where = f" {problem.filename}" if problem.filename else ""
        reason = problem.strerror or type(problem).__name__
        raise InvalidInput(f"JupyterLab cannot start ({reason}{where}); 'foramlib check' says more.") from problem
    server.web_app.settings["page_config_hook"] = quiet_page
    if not server.identity_provider.token_generated:
        # With a token of its own making the server prints its address itself.
        print(f"The lessons are at {server.display_url}", flush=True)  # noqa: T201 - said to the person who started it
    server.start()


def check_start(port: int | None = None) -> None:
    """Refuse to start where the server could not: before anything is written, and before it fails in its own words.

    Raises
    ------
    InvalidInput
        When JupyterLab is not installed, has no place for its own files, or cannot use the port.
    """
    if find_spec("jupyterlab") is None:
        raise InvalidInput("JupyterLab is not installed here; install it with 'python -m pip install jupyterlab'.")
    from foramlib.lessons.kernel import check_folders  # noqa: PLC0415 - heavy, and not there in a browser

    check_folders()
    if port is not None:
        check_port(port)


def check_port(port: int) -> None:
    """Refuse a port that cannot be listened on.

    Raises
    ------
    InvalidInput
        When the number is no port, the port is taken, or this user may not use it.
    """
    if not 1 <= port <= _HIGHEST_PORT:
        raise InvalidInput(f"Port {port} does not exist; choose one between 1 and {_HIGHEST_PORT}.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the server does: a port that was closed a moment ago is free (on Windows the option means another thing).
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError as problem:
            reason = problem.strerror or "it is taken"
            raise InvalidInput(f"Port {port} cannot be used ({reason}); choose another with --port.") from problem


def server_arguments(folder: Path, *, port: int | None, browser: bool) -> list[str]:
    """Return the server's command line: local, quiet, open at the first lesson.

    What stands here wins over a user's own configuration files, so that the promise of no outside request holds.
    """
    arguments = [
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--ServerApp.ip={_LOOPBACK}",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.kernel_websocket_connection_class=foramlib.lessons.server.PromptConnection",
        "--ServerApp.kernel_spec_manager_class=foramlib.lessons.kernel.OwnKernels",
        f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # A layout remembered from other work would open files that are not here.
        f"--LabApp.workspaces_dir={state_folder(folder.resolve()) / 'workspaces'}",
        "--log-level=WARN",
        "--LabApp.log_level=WARN",
    ]
    if port is not None:
        arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        # In a container everybody is root; the server still answers this machine only, and asks for its token.
        arguments.append("--allow-root")
    return arguments


def _encrypted() -> list[str]:
    """Let nobody else on a shared computer listen to the kernels, where the messaging library can do that."""
    import zmq  # noqa: PLC0415 - comes with JupyterLab, and is not there in a browser

    return ["--KernelManager.transport_encryption=auto"] if zmq.has("curve") else []
