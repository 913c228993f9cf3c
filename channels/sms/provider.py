"""What the rest of Jalon knows of an SMS provider. Each provider is one file beside this one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, runtime_checkable

import aiohttp

MAX_ID = 128  # characters
TIMEOUT = aiohttp.ClientTimeout(total=10)  # seconds
_NUMBER = re.compile(r"\+?\d{3,15}")


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

    async def delivered(self, reference: str) -> Receipt:
        """What became of an SMS sent. Raises Unavailable or Refused."""


def international(number: str) -> str:
    """A number as +33…, from the ways in which people and gateways write it.

    Raises:
        BadMessage: this is not a number.
    """
    digits = re.sub(r"[\s.()\-]", "", number)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if re.fullmatch(r"0\d{9}", digits):
        digits = "+33" + digits[1:]
    if not _NUMBER.fullmatch(digits):
        raise BadMessage
    return digits


class Caller:
    """Keeps connections open to the API of a provider, between entering and leaving."""

    _http: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()


async def call(http: aiohttp.ClientSession, method: str, url: str, **arguments: Any) -> Any:
    """Call a provider's API; its JSON answer (None if it has none).

    Raises:
        Refused: a 4xx that asking again would not change.
        Unavailable: no connection, 429, 5xx, or no answer in time.
    """
    try:
        async with http.request(method, url, **arguments) as response:
            if response.status == 429 or response.status >= 500:
                # A server that fails may fail after having taken what it was given.
                asked = _seconds(response.headers.get("Retry-After"))
                raise Unavailable(asked, uncertain=response.status >= 500)
            if response.status >= 400:
                raise Refused
            return json.loads(await response.read() or b"null")
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise Unavailable from error
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Unavailable(uncertain=True) from error


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isascii() and value.isdigit() else None
