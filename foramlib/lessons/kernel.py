"""The kernel of the lessons: always the Python that has foramlib, and tried before it is promised."""

from __future__ import annotations

import tempfile
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_core.paths import jupyter_config_dir, jupyter_runtime_dir
from traitlets import default

from foramlib.errors import InvalidInput

__all__ = ["OwnKernels", "check_folders", "try_kernel"]

_PATIENCE_S = 60.0


class OwnKernels(KernelSpecManager):
    """Knows one kernel: this very Python.

    A kernel of the same name that another program left on Jupyter's path would open the lessons without foramlib.
    """

    @default("kernel_dirs")
    def _no_other(self) -> list[str]:
        return []


def check_folders() -> None:
    """Make the folders in which Jupyter keeps its own files, as the lab will.

    Raises
    ------
    InvalidInput
        If one cannot be made or written to.
    """
    for folder in map(Path, (jupyter_runtime_dir(), jupyter_config_dir())):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            raise InvalidInput(
                f"Jupyter cannot keep its own files in {folder} ({reason}); set HOME to a folder of your own."
            ) from problem


def try_kernel(folder: Path) -> None:
    """Start the kernel as the lab will, import foramlib in it, and end it.

    Parameters
    ----------
    folder : Path
        The working copy, in which a lesson runs; where it is not there yet, some empty folder.

    Raises
    ------
    InvalidInput
        If it does not start, or has no foramlib.
    """
    with tempfile.TemporaryDirectory() as empty:
        manager = KernelManager(kernel_name=NATIVE_KERNEL_NAME, kernel_spec_manager=OwnKernels())
        place = str(folder if folder.is_dir() else empty)
        try:
            manager.start_kernel(cwd=place, stdout=DEVNULL, stderr=DEVNULL)
            answer = _asked(manager.client(), "import foramlib")
        except (OSError, RuntimeError, TimeoutError) as problem:
            words = str(problem).strip().partition("\n")[0]
            raise InvalidInput(f"The kernel does not start ({words or type(problem).__name__}).") from problem
        finally:
            manager.shutdown_kernel(now=True)
    if answer["status"] != "ok":
        raise InvalidInput(f"The kernel has no foramlib ({answer.get('evalue') or answer.get('ename')}).")


def _asked(client: Any, code: str) -> dict[str, Any]:  # noqa: ANN401 - its class follows from the manager
    client.start_channels()
    try:
        client.wait_for_ready(timeout=_PATIENCE_S)
        content: dict[str, Any] = client.execute_interactive(
            code, timeout=_PATIENCE_S, output_hook=lambda _message: None
        )["content"]
    finally:
        client.stop_channels()
    return content
