"""SMSFactor: sending, SMS received and receipts, all by its API, with a token.

Sources: dev.smsfactor.com/en/api/sms (getting-started: statuses; send: POST /send;
messages/retrieve-messages and retrieve-response: GET /messages and /messages/mo). SMSFactor can
also call an address, with a header X-SMSFactor-Signature, but does not say how it is computed: the
API is asked every few seconds instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from channels.sms.night import PARIS
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

AT_ONCE = 1000  # messages in one answer of the API
DAY = timedelta(days=1)  # as long as an SMS may wait for us; names are remembered longer
# `status` of an answer of the API. In moderation, an SMS is not to be sent again.
OK, IN_MODERATION = 1, -8
WRONG_TOKEN, NO_CREDIT, UNKNOWN = -1, -3, -99
# `status` of a message; the other values are intermediate.
_FINAL = {"DELIVERED": True, "UNDELIVERED": False, "DENIED": False}


class SmsFactor(Polled):
    """One account of SMSFactor."""

    name = "smsfactor"
    line: dict[str, str] | None

    def __init__(self, api_url: str, token: str) -> None:
        self.line = {}
        self._api_url = api_url.rstrip("/")
        self._headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
        self._stored: set[str] = set()  # names of the SMS of the last answer that are stored here

    async def fetch(self) -> list[Inbound]:
        """The SMS received in a day that are not stored here, oldest first."""
        answer = await self._ask("/messages/mo", sort="-date")
        found = {one.message_id: one for one in map(_inbound, reversed(answer.get("replies", [])))}
        self._stored &= found.keys()
        return [one for name, one in found.items() if name not in self._stored]

    async def forget(self, inbound: Inbound) -> None:
        """Not to be given again; SMSFactor keeps it in its history."""
        self._stored.add(inbound.message_id)

    async def delivered(self, references: Sequence[str]) -> list[Receipt]:
        """What became of SMS that were sent."""
        sent = {one.get("client_message_id"): one for one in await self._sent()}
        states = {name: str(sent[name].get("status", "")) for name in references if name in sent}
        return [Receipt(name, None, _FINAL.get(state.upper())) for name, state in states.items()]

    async def send(self, outgoing: Outgoing) -> str:
        """Send from the number that people can answer, as an alert: nothing of advertising."""
        unicode = 0 if encoding(outgoing.text) is GSM7 else 1
        message = {"text": outgoing.text, "pushtype": "alert", "unicode": unicode}
        recipient = {"gsmsmsid": outgoing.name, "value": outgoing.number.removeprefix("+")}
        body = {"sms": {"message": message, "recipients": {"gsm": [recipient]}}}
        answer = await self._call("POST", "/send", json=body)
        # A number on SMSFactor's own list of STOP, or that does not exist, is filtered out.
        if answer.get("status") == OK and not answer.get("sent", 1):
            raise Refused
        return outgoing.name

    async def was_sent(self, outgoing: Outgoing) -> str | None:
        """Look for our name among the SMS to this number: SMSFactor has no idempotency key."""
        sent = await self._sent(destination=outgoing.number.removeprefix("+"))
        names = [one.get("client_message_id") for one in sent]
        return outgoing.name if outgoing.name in names else None

    async def _sent(self, **filters: str) -> list[dict[str, Any]]:
        answer = await self._ask("/messages", type="messages-out", sort="-date", **filters)
        messages: list[dict[str, Any]] = answer.get("messages", [])
        return messages

    async def _ask(self, path: str, **filters: str) -> dict[str, Any]:
        """The newest messages of a day; an hour more, for a clock that differs."""
        now = datetime.now(PARIS)
        dates = {"date_start": now - DAY, "date_end": now + timedelta(hours=1)}
        written = {name: f"{date:%Y-%m-%d %H:%M:%S}" for name, date in dates.items()}
        return await self._call("GET", path, params={**written, "length": str(AT_ONCE), **filters})

    async def _call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        url = self._api_url + path
        answer = await call(self._http, method, url, headers=self._headers, **arguments)
        status = answer.get("status") if isinstance(answer, dict) else UNKNOWN
        if status in (WRONG_TOKEN, NO_CREDIT):
            raise Unavailable
        if status == UNKNOWN:
            raise Unavailable(uncertain=True)
        if status not in (OK, IN_MODERATION):
            raise Refused
        found: dict[str, Any] = answer
        return found


def _inbound(reply: dict[str, Any]) -> Inbound:
    # Whether `message_id` names the answer or what is answered is not said: with its date, it
    # names the answer in both cases.
    name = f"{reply.get('message_id')} {reply.get('date')}"
    try:
        number = international(str(reply.get("destination", "")))
    except BadMessage:
        number = ""
    return Inbound(name, number, str(reply.get("message") or ""), {})
