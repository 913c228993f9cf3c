"""Twilio: signed form webhooks, answers as TwiML, sending by its REST API.

Sources: twilio.com/docs/usage/security (signature), /docs/messaging/twiml (answer),
/docs/messaging/api/message-resource (sending and reading).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape, quoteattr

import aiohttp

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

MAX_FIELDS = 200
CLOCK_MARGIN = timedelta(minutes=2)
_FINAL = {"delivered": True, "undelivered": False, "failed": False}
_DEFAULT_PORTS = {"https": 443, "http": 80}


class Twilio(Caller):
    """One Twilio account."""

    name = "twilio"

    def __init__(
        self, auth_token: str, api_url: str, status_url: str, line: dict[str, str] | None
    ) -> None:
        """Args: api_url, where the API is; status_url, where receipts must come; line: Provider."""
        self.line = line
        self._token = auth_token
        self._api_url = api_url.rstrip("/")
        self._status_url = status_url

    def parse(self, request: Request) -> Inbound:
        """The SMS of a signed webhook."""
        form = dict(self._verified(request))
        message_id, number = form.get("MessageSid", ""), form.get("From", "")
        if not is_name(message_id):
            raise BadMessage
        line = {"to": form.get("To", ""), "account": form.get("AccountSid", "")}
        return Inbound(message_id, international(number), form.get("Body", ""), line)

    def receipt(self, request: Request) -> Receipt:
        """What became of an SMS; `m` in the address is our own name for it."""
        form = dict(self._verified(request))
        query = dict(parse_qsl(urlsplit(request.url).query))
        ours = query.get("m", "")
        return Receipt(
            form.get("MessageSid", ""),
            int(ours) if ours.isascii() and ours.isdigit() and len(ours) < 19 else None,
            _FINAL.get(form.get("MessageStatus", "")),
        )

    def twiml(self, outgoing: Outgoing | None) -> str:
        """The answer to a webhook: this SMS, or nothing."""
        if outgoing is None:
            return '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
        status = quoteattr(self._status_callback(outgoing))
        body = escape(outgoing.text)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f"<Response><Message statusCallback={status}>{body}</Message></Response>"
        )

    async def send(self, outgoing: Outgoing) -> str:
        """Send by the API, from the line that the person wrote to."""
        form = {
            "To": outgoing.number,
            "From": outgoing.reply_from["to"],
            "Body": outgoing.text,
            "StatusCallback": self._status_callback(outgoing),
        }
        message = await self._call("POST", outgoing, data=form)
        return str((message or {}).get("sid", ""))

    async def was_sent(self, outgoing: Outgoing) -> str | None:
        """Look for the same words, sent to the same number since the attempt began.

        Twilio has no idempotency key: this is how a crash between sending and noting it does not
        send twice.
        """
        since = datetime.fromtimestamp(outgoing.started_at, UTC) - CLOCK_MARGIN
        query = {"To": outgoing.number, "From": outgoing.reply_from["to"], "PageSize": "50"}
        listed = await self._call("GET", outgoing, params=query)
        for message in (listed or {}).get("messages", []):
            same = message.get("body") == outgoing.text
            if same and parsedate_to_datetime(message["date_created"]) >= since:
                return str(message["sid"])
        return None

    async def _call(self, method: str, outgoing: Outgoing, **arguments: Any) -> Any:
        account = outgoing.reply_from["account"]
        url = f"{self._api_url}/2010-04-01/Accounts/{account}/Messages.json"
        headers = {"Authorization": aiohttp.encode_basic_auth(account, self._token)}
        return await call(self._http, method, url, headers=headers, **arguments)

    def _status_callback(self, outgoing: Outgoing) -> str:
        return f"{self._status_url}?m={outgoing.id}"

    def _verified(self, request: Request) -> list[tuple[str, str]]:
        try:
            form = parse_qsl(
                request.body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS
            )
        except ValueError as error:
            raise BadSignature from error
        given = request.headers.get("X-Twilio-Signature", "")
        expected = (sign(self._token, url, form) for url in _same_address(request.url))
        if not any([same(given, one) for one in expected]):  # both, whichever is right
            raise BadSignature
        return form


def sign(auth_token: str, url: str, form: list[tuple[str, str]]) -> str:
    """`X-Twilio-Signature` of a form posted to this address."""
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(
        hmac.digest(auth_token.encode(), signed.encode(), hashlib.sha1)
    ).decode()


def _same_address(url: str) -> list[str]:
    """The address with and without its port: Twilio signs either."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 443)
    return [parts._replace(netloc=netloc).geturl() for netloc in (host, f"{host}:{port}")]
