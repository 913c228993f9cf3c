"""OVHcloud: sending, received SMS and receipts, all by its signed API.

Sources: docs.ovhcloud.com « API SMS Cookbook » (jobs, senderForResponse, noStopClause, tag), the
API's schema (eu.api.ovh.com/console, section /sms). OVHcloud can also call an address when an SMS
arrives, but does not sign that call: the signed API is asked every few seconds instead.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from typing import Any
from urllib.parse import quote, urlencode

from channels.sms.provider import (
    BadMessage,
    BadSignature,
    Caller,
    Inbound,
    Outgoing,
    Receipt,
    Refused,
    Request,
    call,
    international,
)
from channels.sms.segments import GSM7, encoding

VALIDITY = 24 * 60  # minutes during which the network tries to deliver
AT_ONCE = 50  # SMS received taken in one turn
# What the network said (`deliveryReceipt`); the other values are intermediate.
_FINAL = {1: True, 2: False, 16: False}


class Ovh(Caller):
    """One SMS account of OVHcloud."""

    name = "ovh"
    line: dict[str, str] | None

    def __init__(
        self, api_url: str, service: str, application_key: str, secret: str, consumer_key: str
    ) -> None:
        """Args: service, the account's name (sms-ab12345-1); secret, the application's."""
        self._api_url = api_url.rstrip("/")
        self.line = {}
        self._service = f"/sms/{quote(service)}"
        self._application_key = application_key
        self._secret = secret
        self._consumer_key = consumer_key
        self._clock_ahead: int | None = None  # seconds, of OVHcloud's clock on ours

    def parse(self, request: Request) -> Inbound:
        """No call of OVHcloud is signed: none is accepted."""
        raise BadSignature

    def receipt(self, request: Request) -> Receipt:
        """No call of OVHcloud is signed: none is accepted."""
        raise BadSignature

    async def fetch(self) -> list[Inbound]:
        """The SMS received and not forgotten, oldest first."""
        ids = await self._call("GET", f"{self._service}/incoming")
        numbers = sorted(one for one in ids if isinstance(one, int))[:AT_ONCE]
        found = await asyncio.gather(
            *(self._call("GET", f"{self._service}/incoming/{one}") for one in numbers)
        )
        return [_inbound(one, message) for one, message in zip(numbers, found, strict=True)]

    async def forget(self, inbound: Inbound) -> None:
        """Delete an SMS received from OVHcloud: it is stored here."""
        await self._call("DELETE", f"{self._service}/incoming/{inbound.message_id}")

    async def delivered(self, reference: str) -> Receipt:
        """What became of an SMS that was sent."""
        sent = await self._call("GET", f"{self._service}/outgoing/{quote(reference)}")
        return Receipt(reference, None, _FINAL.get(sent.get("deliveryReceipt", 0)))

    async def send(self, outgoing: Outgoing) -> str:
        """Send from the number that people can answer, without the advertising mention."""
        report = await self._call(
            "POST",
            f"{self._service}/jobs",
            {
                "message": outgoing.text,
                "receivers": [outgoing.number],
                "senderForResponse": True,
                "noStopClause": True,
                "priority": "high",
                "charset": "UTF-8",
                "coding": "7bit" if encoding(outgoing.text) is GSM7 else "8bit",
                "validityPeriod": VALIDITY,
                "tag": _tag(outgoing),
            },
        )
        if report.get("invalidReceivers") or not report.get("ids"):
            raise Refused
        return str(report["ids"][0])

    async def was_sent(self, outgoing: Outgoing) -> str | None:
        """Look for our tag among the SMS sent: OVHcloud has no idempotency key."""
        query = urlencode({"tag": _tag(outgoing)})
        ids = await self._call("GET", f"{self._service}/outgoing?{query}")
        return str(ids[0]) if ids else None

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        if self._clock_ahead is None:
            theirs = await call(self._http, "GET", f"{self._api_url}/auth/time")
            self._clock_ahead = int(theirs) - int(time.time())
        data = "" if body is None else json.dumps(body)
        url = self._api_url + path
        timestamp = str(int(time.time()) + self._clock_ahead)
        headers = {
            "Content-Type": "application/json",
            "X-Ovh-Application": self._application_key,
            "X-Ovh-Consumer": self._consumer_key,
            "X-Ovh-Timestamp": timestamp,
            "X-Ovh-Signature": sign(self._secret, self._consumer_key, method, url, data, timestamp),
        }
        return await call(self._http, method, url, headers=headers, data=data or None)


def sign(secret: str, consumer_key: str, method: str, url: str, body: str, timestamp: str) -> str:
    """`X-Ovh-Signature`, as OVHcloud's documentation of its API gives it."""
    signed = "+".join((secret, consumer_key, method, url, body, timestamp))
    return "$1$" + hashlib.sha1(signed.encode()).hexdigest()  # noqa: S324


def _tag(outgoing: Outgoing) -> str:
    return f"jalon-{outgoing.id}-{int(outgoing.created_at)}"


def _inbound(one: int, message: dict[str, Any]) -> Inbound:
    try:
        number = international(str(message.get("sender", "")))
    except BadMessage:
        number = ""  # an advertiser's name, that nobody can answer
    return Inbound(str(one), number, str(message.get("message") or ""), {})
