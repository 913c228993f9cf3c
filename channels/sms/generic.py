"""Any gateway: JSON in both directions, signed with a shared secret (docs/sms.md)."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from channels.sms.provider import (
    BadMessage,
    BadSignature,
    Caller,
    Inbound,
    Outgoing,
    Receipt,
    Request,
    call,
    international,
    is_name,
    same,
)

WINDOW = 300  # seconds: an older or later timestamp is refused
_FINAL = {"delivered": True, "failed": False}


class Generic(Caller):
    """A gateway that knows our secret. Without an address to send to, it collects answers."""

    name = "generic"
    line: dict[str, str] | None

    def __init__(self, secret: str, send_url: str) -> None:
        """Args: send_url, where the gateway takes the SMS to send; empty if it collects them."""
        self._secret = secret
        self.line = {}
        self._send_url = send_url
        self.collects = not send_url

    def parse(self, request: Request) -> Inbound:
        """`{"id", "from", "text"}`, signed."""
        body = self.verified(request)
        message_id, text = body.get("id"), body.get("text")
        number = body.get("from")
        if not is_name(message_id) or not isinstance(number, str) or not isinstance(text, str):
            raise BadMessage
        return Inbound(message_id, international(number), text, {})

    def receipt(self, request: Request) -> Receipt:
        """`{"id", "status"}`, signed: `delivered` or `failed`."""
        body = self.verified(request)
        ours = body.get("id")
        if not isinstance(ours, str) or not ours.isascii() or not ours.isdigit():
            raise BadMessage
        return Receipt("", int(ours[:18]), _FINAL.get(str(body.get("status"))))

    async def send(self, outgoing: Outgoing) -> str:
        """POST `{"id", "to", "text"}`, signed; `id` is the same at each attempt."""
        body = json.dumps(told(outgoing)).encode()
        await call(self._http, "POST", self._send_url, data=body, headers=self._headers(body))
        return ""

    async def was_sent(self, outgoing: Outgoing) -> str | None:
        """Nobody knows, and it does not matter: the gateway sees the same `id` twice."""
        return None

    def verified(self, request: Request) -> dict[str, Any]:
        """The body of a signed call. Raises BadSignature or BadMessage."""
        timestamp = request.headers.get("X-Jalon-Timestamp", "")
        given = request.headers.get("X-Jalon-Signature", "")
        if not _is_fresh(timestamp):
            raise BadSignature
        if not same(given, sign(self._secret, timestamp, request.body)):
            raise BadSignature
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError) as error:
            raise BadMessage from error
        if not isinstance(body, dict):
            raise BadMessage
        return body

    def _headers(self, body: bytes) -> Mapping[str, str]:
        timestamp = str(int(time.time()))
        return {
            "Content-Type": "application/json",
            "X-Jalon-Timestamp": timestamp,
            "X-Jalon-Signature": sign(self._secret, timestamp, body),
        }


def told(outgoing: Outgoing) -> dict[str, str]:
    """An SMS to send, as JSON."""
    return {"id": str(outgoing.id), "to": outgoing.number, "text": outgoing.text}


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of the timestamp, a dot and the raw body."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hex()


def _is_fresh(timestamp: str) -> bool:
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    return abs(time.time() - int(timestamp)) <= WINDOW
