"""What the rest of Jalon knows of an SMS provider. Each provider is one file beside this one."""

from __future__ import annotations

import hmac
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, Self, TypeGuard, runtime_checkable
from urllib.parse import urlsplit

import aiohttp

logger = logging.getLogger(__name__)

MAX_ID = 128  # characters
TIMEOUT = aiohttp.ClientTimeout(total=10)  # seconds
_NUMBER = re.compile(r"\+?\d{3,15}", re.ASCII)
_FRENCH = re.compile(r"(?:(?:\+|00)?330?|0)([1-9]\d{8})", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"[\s.()/‐‑–-]")
_WRONG_KEYS = (401, 402, 403)  # or no credit left: the operator can mend it


@dataclass(frozen=True)
class Inbound:
    """One SMS received.

    Args:
        message_id: the provider's own name for this SMS, the same when it repeats itself.
        number: who wrote, as +33…
        text: what they wrote.
        reply_from: what the provider needs to answer from the right line (number, account).
    """

    message_id: str
    number: str
    text: str
    reply_from: dict[str, str]


@dataclass(frozen=True)
class Outgoing:
    """One SMS to send.

    Args:
        id: our own name for it, unique: an idempotency key where the provider has one.
        created_at: when it was written (seconds since 1970).
        started_at: when the last attempt began (seconds since 1970), 0 if there was none.
    """

    id: int
    number: str
    text: str
    reply_from: dict[str, str]
    created_at: float
    started_at: float = 0.0

    @property
    def name(self) -> str:
        """What to call it at a provider's: unique, even after our database was lost."""
        return f"jalon-{self.id}-{int(self.created_at)}"


@dataclass(frozen=True)
class Request:
    """A webhook call: the address as the provider wrote it, headers, and the raw body."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Receipt:
    """What became of an SMS that was sent, told by the provider.

    Args:
        delivered: True or False once known for good; None while it is still on its way.
    """

    reference: str
    outgoing_id: int | None
    delivered: bool | None


class BadSignature(Exception):
    """This call does not come from the provider."""


class BadMessage(Exception):
    """The provider sent what its documentation does not describe."""


class Refused(Exception):
    """The provider will never send this SMS."""


class Unavailable(Exception):
    """The provider did not take the SMS now, or nobody knows whether it did.

    Args:
        retry_after: seconds that the provider asks to wait, or None.
        uncertain: the provider may have taken the SMS.
    """

    def __init__(self, retry_after: float | None = None, uncertain: bool = False) -> None:
        super().__init__()
        self.retry_after = retry_after
        self.uncertain = uncertain


class Provider(Protocol):
    """The interface: verify and parse, send, ask, read receipts.

    Args:
        line: the `reply_from` of an SMS to somebody who has not written; None if there is none.
    """

    name: str
    line: dict[str, str] | None

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    def parse(self, request: Request) -> Inbound:
        """The SMS in a webhook call. Raises BadSignature or BadMessage."""

    def receipt(self, request: Request) -> Receipt:
        """The delivery receipt in a webhook call. Raises BadSignature or BadMessage."""

    async def send(self, outgoing: Outgoing) -> str:
        """Send, and return the provider's reference. Raises Refused or Unavailable."""

    async def was_sent(self, outgoing: Outgoing) -> str | None:
        """The reference of this SMS if an earlier attempt did reach the provider, else None.

        Raises:
            Unavailable: the provider cannot say.
        """


@runtime_checkable
class Asked(Protocol):
    """A provider that must be asked for the SMS received and for the receipts."""

    name: str

    async def fetch(self) -> list[Inbound]:
        """The SMS received and not forgotten, oldest first; without a number, not to be answered.

        Raises:
            Unavailable, Refused: as `call`.
        """

    async def forget(self, inbound: Inbound) -> None:
        """The SMS is stored here. Raises Unavailable or Refused."""

    async def delivered(self, references: Sequence[str]) -> list[Receipt]:
        """What became of these SMS, sent. Raises Unavailable or Refused."""


def international(number: str) -> str:
    """A number as +33…, from the ways in which people and gateways write it.

    Raises:
        BadMessage: this is not a number.
    """
    digits = _BETWEEN_DIGITS.sub("", number)
    if french := _FRENCH.fullmatch(digits):
        return f"+33{french[1]}"
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not _NUMBER.fullmatch(digits):
        raise BadMessage
    return digits


def is_name(value: object) -> TypeGuard[str]:
    """Whether this can be a provider's name for an SMS, in any database."""
    return isinstance(value, str) and 0 < len(value) <= MAX_ID and value.isprintable()


def same(given: str, expected: str) -> bool:
    """Whether a signature is the right one; how long it takes says nothing.

    Args:
        given: from a header, with whatever bytes somebody put there.
    """
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


class Caller:
    """Keeps connections open to the API of a provider, between entering and leaving."""

    _http: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()


class Polled(Caller):
    """A provider that is asked. None of its calls to us is signed: none is accepted."""

    def parse(self, request: Request) -> NoReturn:
        """Refuse. Raises BadSignature."""
        raise BadSignature

    def receipt(self, request: Request) -> NoReturn:
        """Refuse. Raises BadSignature."""
        raise BadSignature


async def call(http: aiohttp.ClientSession, method: str, url: str, **arguments: Any) -> Any:
    """Call a provider's API; its JSON answer (None if it has none).

    Raises:
        Refused: a 4xx that asking again would not change.
        Unavailable: no connection, wrong keys, no credit, 429, 5xx, or no answer in time.
    """
    try:
        async with http.request(method, url, **arguments) as response:
            if response.status == 429 or response.status >= 500:
                # A server that fails may fail after having taken what it was given.
                asked = _seconds(response.headers.get("Retry-After"))
                raise Unavailable(asked, uncertain=response.status >= 500)
            if response.status in _WRONG_KEYS:
                host = urlsplit(url).hostname
                logger.error("%s answers %d: wrong keys, or no credit", host, response.status)
                raise Unavailable
            if response.status >= 400:
                raise Refused
            return json.loads(await response.read() or b"null")
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise Unavailable from error
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Unavailable(uncertain=True) from error


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isascii() and value.isdigit() else None
