"""The ``foramlib`` command."""

from __future__ import annotations


def main() -> int:
    """Start the command line."""
    return 0
