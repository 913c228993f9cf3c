"""OVHcloud: sending, received SMS and receipts, all by its signed API.

Sources: docs.ovhcloud.com « API SMS Cookbook » (jobs, senderForResponse, noStopClause, tag), the
API's schema (eu.api.ovh.com/console, section /sms: jobs, incoming and outgoing, of an account or of
a virtual number). OVHcloud can also call an address when an SMS arrives, but does not sign that
call: the signed API is asked every few seconds instead.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from channels.sms.provider import (
    BadMessage,
    Inbound,
    Outgoing,
    Polled,
    Receipt,
    Refused,
    Unavailable,
    call,
    international,
)
from channels.sms.segments import GSM7, encoding

VALIDITY = 24 * 60  # minutes during which the network tries to deliver
AT_ONCE = 50  # SMS received taken in one turn
# What the network said (`deliveryReceipt`); the other values are intermediate.
_FINAL = {1: True, 2: False, 16: False}


class Ovh(Polled):
    """One SMS account of OVHcloud, or one virtual number of this account."""

    name = "ovh"
    line: dict[str, str] | None

    def __init__(
        self,
        api_url: str,
        service: str,
        application_key: str,
        secret: str,
        consumer_key: str,
        number: str,
    ) -> None:
        """Args: service, the account's name (sms-ab12345-1); secret, the application's; number,
        the virtual number that people write to, empty if they answer a short number.
        """
        self._api_url = api_url.rstrip("/")
        self.line = {}
        self._service = f"/sms/{quote(service)}"
        self._from: dict[str, Any] = {"senderForResponse": True, "noStopClause": True}
        if number:
            self._service += f"/virtualNumbers/{quote(number)}"
            self._from = {}  # the number itself is the sender
        self._application_key = application_key
        self._secret = secret
        self._consumer_key = consumer_key
        # OVHcloud's clock when ours, that nobody can set, was at zero (seconds).
        self._clock: float | None = None

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

    async def delivered(self, references: Sequence[str]) -> list[Receipt]:
        """What became of SMS that were sent."""
        return [await self._delivered(reference) for reference in references]

    async def _delivered(self, reference: str) -> Receipt:
        try:
            sent = await self._call("GET", f"{self._service}/outgoing/{quote(reference)}")
        except Refused:
            sent = {}  # not listed yet, or deleted from OVHcloud's history
        return Receipt(reference, None, _FINAL.get(sent.get("deliveryReceipt", 0)))

    async def send(self, outgoing: Outgoing) -> str:
        """Send from the number that people can answer, without the advertising mention."""
        report = await self._call(
            "POST",
            f"{self._service}/jobs",
            {
                "message": outgoing.text,
                "receivers": [outgoing.number],
                **self._from,
                "priority": "high",
                "charset": "UTF-8",
                "coding": "7bit" if encoding(outgoing.text) is GSM7 else "8bit",
                "validityPeriod": VALIDITY,
                "tag": outgoing.name,
            },
        )
        if report.get("invalidReceivers") or not report.get("ids"):
            raise Refused
        return str(report["ids"][0])

    async def was_sent(self, outgoing: Outgoing) -> str | None:
        """Look for our tag among the SMS sent, then for the same words among those in a queue.

        OVHcloud has no idempotency key, and gives no tag for what waits in its queue.
        """
        query = urlencode({"tag": outgoing.name})
        if ids := await self._call("GET", f"{self._service}/outgoing?{query}"):
            return str(ids[0])
        for one in sorted(await self._call("GET", f"{self._service}/jobs"))[-AT_ONCE:]:
            job = await self._call("GET", f"{self._service}/jobs/{one}")
            if (job["receiver"], job["message"]) == (outgoing.number, outgoing.text):
                return str(one)
        return None

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        if self._clock is None:
            theirs = await call(self._http, "GET", f"{self._api_url}/auth/time")
            self._clock = int(theirs) - time.monotonic()
        data = "" if body is None else json.dumps(body)
        url = self._api_url + path
        timestamp = str(int(self._clock + time.monotonic()))
        headers = {
            "Content-Type": "application/json",
            "X-Ovh-Application": self._application_key,
            "X-Ovh-Consumer": self._consumer_key,
            "X-Ovh-Timestamp": timestamp,
            "X-Ovh-Signature": sign(self._secret, self._consumer_key, method, url, data, timestamp),
        }
        try:
            return await call(self._http, method, url, headers=headers, data=data or None)
        except (Refused, Unavailable):
            self._clock = None  # in case it is the clock that displeased
            raise


def sign(secret: str, consumer_key: str, method: str, url: str, body: str, timestamp: str) -> str:
    """`X-Ovh-Signature`, as OVHcloud's documentation of its API gives it."""
    signed = "+".join((secret, consumer_key, method, url, body, timestamp))
    return "$1$" + hashlib.sha1(signed.encode()).hexdigest()  # noqa: S324


def _inbound(one: int, message: dict[str, Any]) -> Inbound:
    try:
        number = international(str(message.get("sender", "")))
    except BadMessage:
        number = ""  # an advertiser's name, that nobody can answer
    return Inbound(str(one), number, str(message.get("message") or ""), {})
