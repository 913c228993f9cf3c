"""What browsers load: the demo page, its style and icon, the widget's script, and the phone."""

from __future__ import annotations

import gzip
import hashlib
import html
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ETag, web

NOTICE = b"<!-- notice -->"  # where index.html says what else is kept
STATIC = Path(__file__).parent / "static"
VERSION = 12  # characters of a file's hash that name it in `?v=`
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A small text file kept in memory, plain and compressed."""

    content_type: str
    plain: bytes
    compressed: bytes
    etag: ETag
    headers: dict[str, str]
    version: str

    @classmethod
    def read(cls, name: str, content_type: str, headers: dict[str, str], notice: str = "") -> Asset:
        """Read a file of `static/`, with `notice` in its place; every answer has these headers."""
        plain = (
            (STATIC / name).read_bytes().replace(NOTICE, html.escape(notice, quote=False).encode())
        )
        version = hashlib.sha256(plain).hexdigest()[:32]
        compressed = gzip.compress(plain, mtime=0)
        return cls(content_type, plain, compressed, ETag(version, is_weak=True), headers, version)

    async def serve(self, request: web.Request) -> web.Response:
        """The file, compressed if the browser can read it, or 304 if it already has it."""
        headers = {"Vary": "Accept-Encoding", **self.headers}
        if request.query.get("v") == self.version[:VERSION]:
            headers["Cache-Control"] = FOR_EVER
        if any(tag.value == self.etag.value for tag in request.if_none_match or ()):
            response = web.Response(status=304, headers=headers)
        else:
            compress = "gzip" in request.headers.get("Accept-Encoding", "")
            if compress:
                headers["Content-Encoding"] = "gzip"
            response = web.Response(
                body=self.compressed if compress else self.plain,
                content_type=self.content_type,
                charset="utf-8",
                headers=headers,
            )
        response.etag = self.etag
        return response


def routes(notice: str = "") -> list[web.RouteDef]:
    """The pages with their styles and icon, the script that other sites include, and the phone.

    `notice` is what the page adds to what is kept of a conversation.
    """
    fresh = {"Cache-Control": "no-cache"}
    # Any site may load the script, with an integrity hash too; only the API is restricted.
    shared = {
        "Cache-Control": "public, max-age=3600",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    page = Asset.read("index.html", "text/html", fresh, notice)
    style = Asset.read("page.css", "text/css", fresh)
    icon = Asset.read("icon.svg", "image/svg+xml", fresh)
    statement = Asset.read("accessibilite.html", "text/html", fresh)
    plain = Asset.read("chat.css", "text/css", fresh)
    script = Asset.read("jalon.js", "text/javascript", shared)
    phone = Asset.read("telephone.html", "text/html", fresh, notice)
    phone_style = Asset.read("telephone.css", "text/css", fresh)
    phone_script = Asset.read("telephone.js", "text/javascript", fresh)
    return [
        web.get("/telephone", phone.serve),
        web.get("/telephone.css", phone_style.serve),
        web.get("/telephone.js", phone_script.serve),
        web.get("/", page.serve),
        web.get("/page.css", style.serve),
        web.get("/icon.svg", icon.serve),
        web.get("/chat.css", plain.serve),
        web.get("/accessibilite", statement.serve),
        web.get("/jalon.js", script.serve),
    ]
