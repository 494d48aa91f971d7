"""Interactive lessons on the neural foramen, from one parametric model with a source for every number.

The public names load on first use, so that ``import foramlib`` stays light.

Examples
--------
>>> import foramlib as fl
>>> fl.__version__
'0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType

__version__ = "0.1.0"

# Public name -> the module that holds it.
_HOMES = MappingProxyType(
    {
        "InvalidInput": "foramlib.errors",
        "Level": "foramlib.spine",
        "Plane": "foramlib.spine",
        "Segment": "foramlib.spine",
        "chart": "foramlib.figures.charts",
        "cite": "foramlib.evidence",
        "describe": "foramlib.apps",
        "explorer": "foramlib.apps.explorer",
        "predict": "foramlib.apps.predict",
        "self_check": "foramlib.apps.self_check",
        "validate": "foramlib.spine",
    }
)

__all__ = [  # noqa: PLE0604 - one table names the public face
    "__version__",
    *_HOMES,
]


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'foramlib' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    # A sub-package may share the name of what it holds (foramlib.apps.explorer does not, foramlib.cite might).
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
