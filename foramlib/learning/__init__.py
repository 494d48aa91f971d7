"""Questions and predictions as data: a state of the model, options, and a reason for each."""

from __future__ import annotations
