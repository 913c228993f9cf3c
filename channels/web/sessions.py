"""Who is talking, without knowing who it is: signed tokens, sender ids, signed choices.

Nothing is stored: all derives from the secret. The browser holds a token, Rasa knows a sender
id, and neither can be computed from the other without the secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time

LIFETIME = 24 * 3600  # seconds; the bot forgets a conversation after as much silence
_RANDOM_BYTES = 16
_EXPIRY_BYTES = 8
_SIGNATURE_BYTES = 16


class InvalidToken(Exception):
    """This token was not given by this server, or is too old."""


class InvalidChoice(Exception):
    """This choice was not shown in this conversation."""


class Sessions:
    """Gives and reads the tokens of one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def new_token(self) -> str:
        """A token for a new conversation: 128 random bits and an expiry, signed."""
        expiry = int(time.time() + LIFETIME).to_bytes(_EXPIRY_BYTES)
        body = secrets.token_bytes(_RANDOM_BYTES) + expiry
        return _to_text(body + self._sign(b"token", body))

    def sender(self, token: str) -> str:
        """The sender id that Rasa knows for this conversation.

        Raises:
            InvalidToken: forged, altered or expired.
        """
        raw = _from_text(token)
        body, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(b"token", body)):
            raise InvalidToken
        if int.from_bytes(body[_RANDOM_BYTES:]) < time.time():
            raise InvalidToken
        return self._sign(b"sender", body).hex()

    def sign_choice(self, sender: str, payload: str) -> str:
        """What the browser sends back for a button: usable in this conversation only."""
        return self._seal(b"choice", sender, payload.encode())

    def read_choice(self, sender: str, signed: str) -> str:
        """The payload of a button that this conversation was shown.

        Raises:
            InvalidChoice: forged, altered, or shown in another conversation.
        """
        return self._unseal(b"choice", sender, signed).decode()

    def sign_history(self, sender: str, history: bytes) -> str:
        """What was said, carried by a page that has no script to remember it."""
        return self._seal(b"history", sender, history)

    def read_history(self, sender: str, signed: str) -> bytes:
        """What `sign_history` was given.

        Raises:
            InvalidChoice: forged, altered, or of another conversation.
        """
        return self._unseal(b"history", sender, signed)

    def sign_report(self, sender: str, record: str) -> str:
        """What the browser sends to say that a record shown in this conversation is wrong."""
        return self._seal(b"report", sender, record.encode())

    def read_report(self, sender: str, signed: str) -> str:
        """The record that `sign_report` was given.

        Raises:
            InvalidChoice: forged, altered, or shown in another conversation.
        """
        return self._unseal(b"report", sender, signed).decode()

    def _seal(self, purpose: bytes, sender: str, raw: bytes) -> str:
        return _to_text(self._sign(purpose, sender.encode(), raw) + raw)

    def _unseal(self, purpose: bytes, sender: str, signed: str) -> bytes:
        try:
            sealed = _from_text(signed)
        except InvalidToken as error:
            raise InvalidChoice from error
        signature, raw = sealed[:_SIGNATURE_BYTES], sealed[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(purpose, sender.encode(), raw)):
            raise InvalidChoice
        return raw

    def _sign(self, purpose: bytes, *parts: bytes) -> bytes:
        message = b"\0".join((purpose, *parts))
        return hmac.digest(self._secret, message, hashlib.sha256)[:_SIGNATURE_BYTES]


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _from_text(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidToken from error
    if _to_text(raw) != text:  # base64 has several spellings for the same bytes
        raise InvalidToken
    return raw
