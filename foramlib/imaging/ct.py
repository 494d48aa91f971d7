"""CT numbers of tissues and the two usual windows."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foramlib.imaging.signal import TissueValues

__all__ = ["CT_WINDOWS", "ct_number"]

CT_WINDOWS: Mapping[str, tuple[float, float]] = MappingProxyType({"bone": (2000.0, 450.0), "soft": (350.0, 50.0)})
"""Width and level of the bone and of the soft-tissue window, HU (custom of the reading room)."""


def ct_number(tissue: TissueValues) -> float:
    """Return the CT number of a tissue, HU (an assumption within the published range)."""
    return tissue.hu
