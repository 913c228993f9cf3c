"""Messages kept for review, off unless the operator sets JALON_REVIEW: see docs/review.md."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "JALON_REVIEW"


def folder() -> Path | None:
    """Where messages are kept; None when the operator wants none."""
    name = os.environ.get(VARIABLE, "").strip()
    return Path(name) if name else None
