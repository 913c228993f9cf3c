"""Files of `data/` that the bot reads at every start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# The C loader is ten times faster than the other, which PyYAML has without libyaml.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises OSError when it is missing."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_LOADER)  # noqa: S506
