"""What every test shares: no silent skips where everything must run, and slow programs begun early."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

_NO_SKIP = "FORAMLIB_NO_SKIP"
_EARLY = pytest.StashKey[Any]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where the environment promises that everything can run."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(_NO_SKIP) == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{_NO_SKIP}=1 forbids skipping, but this test said: {reason}"
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin what would else be waited for."""
    chosen = [item for item in session.items if hasattr(getattr(item, "function", None), "early_work")]
    if chosen and not session.config.option.collectonly:
        from tests.early import Early  # noqa: PLC0415 - this file is also used alone, away from the others

        session.config.stash[_EARLY] = Early()
        session.config.stash[_EARLY].begin(chosen)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing running."""
    if _EARLY in config.stash:
        config.stash[_EARLY].end()


@pytest.fixture
def early(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 - what the test's own work gave
    """Wait for what the work of this test, begun early, has given; see :mod:`tests.early`."""
    return request.config.stash[_EARLY].of(request.node)
