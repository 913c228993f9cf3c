"""`make integrity`: the line that a webmaster pastes, with the hash of this very script."""

from __future__ import annotations

import base64
import hashlib

from channels.settings import Settings
from channels.web.pages import STATIC

ADVICE = "Avec « integrity », changez cette ligne à chaque nouvelle version de Jalon."


def integrity(script: bytes) -> str:
    """The hash of a script, as browsers check it (W3C Subresource Integrity)."""
    return f"sha384-{base64.b64encode(hashlib.sha384(script).digest()).decode()}"


def line(public_url: str) -> str:
    """The element that includes the widget in a page."""
    script = (STATIC / "jalon.js").read_bytes()
    return (
        f'<script src="{public_url.rstrip("/")}/jalon.js" integrity="{integrity(script)}" '
        'crossorigin="anonymous" defer></script>'
    )


if __name__ == "__main__":
    settings = Settings()
    print(line(settings.public_url or f"http://localhost:{settings.port}"))
    print(ADVICE)
