"""Drive a real JupyterLab in a real Chromium, offline and watched.

What a test uses, from the fixtures in ``conftest.py``:

``lab``
    One JupyterLab for the session, on loopback, without token, with its own data, settings and
    runtime folders. ``lab.write(name, cells)`` puts a notebook of code cells into its root folder,
    ``lab.copy(path)`` puts an existing notebook there.
``browser``
    One Chromium for the session.
``sheet``
    A :class:`Sheet`: one page of Chromium. ``sheet.open(name)`` opens a notebook on its own,
    ``sheet.run_all()`` runs its cells and raises if one failed, ``sheet.page`` is Playwright's page,
    ``sheet.outputs()`` locates the outputs. When the test ends the fixture fails it on a console
    error, an uncaught error or a request that leaves loopback. A module that wants one page for
    several tests makes its own fixture with :func:`watched`, which also takes the window's width.

Helpers that take a sheet: :func:`axe`, :func:`tab_stops`, :func:`labels` and :func:`overlaps`,
:func:`kernel_value`, :func:`theme`, :func:`picture`.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Request

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Chromium is told to keep to the page: no updates, no experiments, no first-run visits.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What a computer's own programs say on a clean page; anything else in the console is a failure.
HARMLESS: tuple[str, ...] = ()
TAKEN_TWICE = "Failed to execute 'removeChild' on 'Node'"


def chromium() -> str | None:
    """Path of the browser: ``FORAMLIB_CHROMIUM``, else the first one installed, else None."""
    names = (os.environ.get("FORAMLIB_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def free_port() -> int:
    """Find a loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def notebook(cells: Sequence[str]) -> dict[str, Any]:
    """Make a notebook of code cells, in notebook format 4.5."""
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell{i}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


class Lab:
    """JupyterLab as a subprocess, with every folder it writes to under one temporary folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "notebooks"
        self.root.mkdir(parents=True)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start JupyterLab and wait until it answers."""
        self._refuse_news()
        log = (self.home / "server.log").open("wb")
        self._process = subprocess.Popen(
            self._command(), cwd=self.root, env=self._environment(), stdout=log, stderr=subprocess.STDOUT
        )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop JupyterLab, which stops its kernels."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def write(self, name: str, cells: Sequence[str]) -> str:
        """Put a notebook of code cells into the root folder; returns its name."""
        (self.root / name).write_text(json.dumps(notebook(cells)), encoding="utf-8")
        return name

    def copy(self, source: Path) -> str:
        """Put a copy of an existing file into the root folder; returns its name."""
        shutil.copy(source, self.root / source.name)
        return source.name

    def _refuse_news(self) -> None:
        """Answer JupyterLab's question about news before it is asked, so that it covers nothing."""
        folder = self.home / "settings" / "@jupyterlab" / "apputils-extension"
        folder.mkdir(parents=True)
        answer = {"fetchNews": "false", "checkForUpdates": False}
        (folder / "notification.jupyterlab-settings").write_text(json.dumps(answer), encoding="utf-8")

    def _command(self) -> list[str]:
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.root,
            "IdentityProvider.token": "",
            "ServerApp.password": "",
            "ServerApp.allow_root": True,
            "ServerApp.open_browser": False,
            "LabApp.news_url": "None",
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "LabApp.extension_manager": "readonly",
            "LabApp.expose_app_in_browser": True,
            "LabApp.user_settings_dir": self.home / "settings",
            "LabApp.workspaces_dir": self.home / "workspaces",
        }
        return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]

    def _environment(self) -> dict[str, str]:
        folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
        own = {name: str(self.home / name.lower()) for name in folders}
        return {**os.environ, **own, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                with urlopen(f"{self.url}/api/status", timeout=2) as answer:  # noqa: S310 - loopback
                    if answer.status == 200:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise RuntimeError(f"JupyterLab did not answer; see {self.home / 'server.log'}")


@dataclass
class Sheet:
    """One page of Chromium with everything it said and asked for."""

    page: Page
    lab: Lab
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen from the first request on."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", self._thrown)
        self.page.on("request", self._asked)

    def open(self, name: str) -> None:
        """Open a notebook on its own (no side bar) and wait until its kernel is idle."""
        self.page.goto(f"{self.lab.url}/doc/tree/{name}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE_S * 1000)
        self.page.wait_for_function(_KERNEL_IDLE, timeout=PATIENCE_S * 1000)

    def run_all(self, *, settle_ms: float = 300) -> None:
        """Run every cell; raises AssertionError with the first error a cell printed."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(_KERNEL_IDLE, timeout=PATIENCE_S * 1000)
        self.page.wait_for_timeout(settle_ms)
        failed = self.page.locator('[data-mime-type="application/vnd.jupyter.stderr"], .jp-mod-error')
        if failed.count():
            raise AssertionError(f"a cell failed: {failed.first.inner_text()}")

    def run_code(self, code: str) -> None:
        """Run code in the open notebook's kernel, without a cell."""
        self.page.evaluate(_RUN_CODE, code)

    def outputs(self) -> Locator:
        """Locate the outputs of the open notebook."""
        return self.page.locator(".jp-OutputArea-output")

    def outside(self) -> list[str]:
        """Every request that left loopback."""
        return [url for url in self.requests if urlsplit(url).hostname not in LOOPBACK]

    def complaint(self) -> str:
        """All that was wrong with the page so far; empty when nothing was."""
        asked = [f"request to {url}" for url in self.outside()]
        return "\n".join([*self.problems, *asked])

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(part in message.text for part in HARMLESS):
            self.problems.append(f"console: {message.text}")

    def _thrown(self, error: Error) -> None:
        # Our modules come from blobs; what JupyterLab's notebook throws as it takes a cell away twice is its own.
        if not (TAKEN_TWICE in error.message and "blob:" not in (error.stack or "")):
            self.problems.append(f"uncaught: {error}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https", "ws", "wss"}:
            self.requests.append(request.url)


@contextmanager
def watched(browser: Browser, lab: Lab, *, width: int = 1280, height: int = 900) -> Iterator[Sheet]:
    """Open a page of the given size; on the way out, fail if it complained about anything.

    Parameters
    ----------
    browser, lab
        From the fixtures.
    width, height
        Size of the window in CSS pixels; 390 wide is a phone and gets touch.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=width < 500, accept_downloads=True
    )
    sheet = Sheet(context.new_page(), lab)
    try:
        yield sheet
        complaint = sheet.complaint()
    finally:
        context.close()
    assert not complaint, complaint


_KERNEL_IDLE = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.context;
  const kernel = context?.sessionContext?.session?.kernel;
  return context?.sessionContext?.isReady && kernel?.status === 'idle';
}"""
_RUN_CODE = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const reply = await kernel.requestExecute({ code, store_history: false }).done;
  if (reply.content.status !== 'ok') throw new Error(reply.content.evalue);
}"""


@lru_cache(maxsize=1)
def _axe_script() -> str:
    import axe_playwright_python  # noqa: PLC0415 - only where axe is asked

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def axe(sheet: Sheet, within: str = ".jp-OutputArea-output") -> list[str]:
    """List accessibility rules broken within the outputs, one line each: rule, help, element.

    JupyterLab's own page is left out: only elements under `within` are looked at.
    """
    sheet.page.evaluate(_axe_script())
    found = sheet.page.evaluate("(within) => axe.run({ include: [[within]] }, { resultTypes: ['violations'] })", within)
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]
    ]


def tab_stops(sheet: Sheet, first: str, most: int = 60) -> list[str]:
    """List the accessible names met by pressing Tab from the element `first` until focus leaves the outputs."""
    sheet.page.locator(first).first.focus()
    names = []
    for _ in range(most):
        name = sheet.page.evaluate(_NAME_OF_FOCUS)
        if name is None:
            break
        names.append(name)
        sheet.page.keyboard.press("Tab")
    return names


_NAME_OF_FOCUS = """() => {
  const node = document.activeElement;
  if (!node?.closest('.jp-OutputArea-output')) return null;
  const words = (one) => one?.textContent.trim().replace(/\\s+/g, ' ') ?? '';
  return node.getAttribute('aria-label') || words(node.labels?.[0]) || words(node) || node.tagName;
}"""


Box = tuple[float, float, float, float]


def labels(sheet: Sheet) -> dict[str, Box]:
    """Find the words of the picture with the left, top, right and bottom of each, in CSS pixels."""
    found = sheet.page.evaluate(_LABELS)
    return {text: (box[0], box[1], box[2], box[3]) for text, box in found}


_LABELS = """() => [...document.querySelectorAll('.fl-names text, .fl-letters text')].map((node) => {
  const words = [...node.querySelectorAll('tspan')].map((line) => line.textContent).join(' ');
  const box = node.getBoundingClientRect();
  return [(words || node.textContent).replace(/\\u00a0/g, ' '), [box.left, box.top, box.right, box.bottom]];
})"""


def overlaps(placed: dict[str, Box]) -> list[tuple[str, str]]:
    """List the pairs of words that lie on one another by more than a pixel."""
    items = sorted(placed.items())
    return [
        (one, other)
        for i, (one, a) in enumerate(items)
        for other, b in items[i + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1
    ]


def kernel_value(sheet: Sheet, expression: str) -> str:
    """Read the printed value of an expression in the open notebook's kernel."""
    text: str = sheet.page.evaluate(_PRINT, f"print({expression})")
    return text.strip()


_PRINT = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false });
  let text = '';
  future.onIOPub = (message) => { text += message.content.text ?? ''; };
  await future.done;
  return text;
}"""


def theme(sheet: Sheet, *, dark: bool) -> None:
    """Switch JupyterLab's own theme."""
    name = "JupyterLab Dark" if dark else "JupyterLab Light"
    sheet.page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
    sheet.page.wait_for_function(
        "(light) => document.body.dataset.jpThemeLight === light", arg="false" if dark else "true"
    )


def picture(sheet: Sheet, path: Path, within: str = ".foramlib-app, .fl-view") -> Path:
    """Save a picture of the first element found; the window grows for it, so that all of it is in view."""
    window = sheet.page.viewport_size or {"width": 1280, "height": 900}
    target = sheet.page.locator(within).first
    sheet.page.set_viewport_size({"width": window["width"], "height": 3000})
    target.scroll_into_view_if_needed()
    sheet.page.wait_for_timeout(200)
    target.screenshot(path=path)
    sheet.page.set_viewport_size(window)
    return path
