"""``python -m foramlib`` is the ``foramlib`` command."""

from __future__ import annotations

import sys

from foramlib.cli import main

sys.exit(main())
