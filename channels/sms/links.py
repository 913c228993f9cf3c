"""Short links in SMS, when the operator wants them (SMS_LINKS): PUBLIC_URL/s/ab3d5."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from aiohttp import web

from channels import texts
from channels.errors import Refusal
from channels.rasa import Message
from channels.resume import ALPHABET
from channels.sms.privacy import Vault
from channels.sms.store import Store

LENGTH = 5  # characters


class Links:
    """Shortens the site of a place, for as long as a code is good."""

    def __init__(self, store: Store, vault: Vault, public_url: str) -> None:
        self._store = store
        self._vault = vault
        self._public_url = public_url

    async def of(self, answers: Sequence[Message]) -> str | None:
        """The short link to the site of the place shown, if one place is shown and has a site."""
        shown = [one for answer in answers for one in answer["custom"].get("results") or []]
        site = shown[0].get("lien") if len(shown) == 1 else None
        if not isinstance(site, str) or urlsplit(site).scheme not in ("http", "https"):
            return None
        digest = int(self._vault.person(f"link {site}").removeprefix("sms-"), 16)
        name = "".join(ALPHABET[digest >> 5 * i & 31] for i in range(LENGTH)).lower()
        await self._store.keep(f"link {name}", {"url": site})
        return f"{self._public_url}/s/{name}"

    async def follow(self, request: web.Request) -> web.Response:
        """`GET /s/{name}`: to the site."""
        name = request.match_info["name"][:LENGTH].lower()
        found = await self._store.read_code(f"link {name}")
        if not found:
            raise Refusal(404, "not_found", texts.NOT_FOUND)
        headers = {"Location": found["url"], "Cache-Control": "no-store"}
        return web.Response(status=302, headers=headers)
