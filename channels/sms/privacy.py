"""What hides a phone number: a pseudonym that cannot be reversed, and encryption at rest."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class Vault:
    """Pseudonyms and encryption, both derived from one secret."""

    def __init__(self, secret: str) -> None:
        self._pseudonyms = _derive(secret, b"jalon sms pseudonym")
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"jalon sms encryption")))

    def person(self, number: str) -> str:
        """Who writes, for Rasa and for our tables: the same for a number, and not the number."""
        digest = hmac.digest(self._pseudonyms, number.encode(), hashlib.sha256)
        return f"sms-{digest.hex()[:32]}"

    def seal(self, value: Any) -> bytes:
        """Encrypt anything that JSON can hold."""
        return self._fernet.encrypt(json.dumps(value).encode())

    def open(self, sealed: bytes) -> Any:
        """What was sealed. Raises cryptography.fernet.InvalidToken if the secret changed."""
        return json.loads(self._fernet.decrypt(sealed))

    def can_open(self, sealed: bytes) -> bool:
        """Whether it was sealed with this secret."""
        try:
            self._fernet.decrypt(sealed)
        except InvalidToken:
            return False
        return True


def kept_secret(file: Path) -> str:
    """The secret of this machine, made once and readable by us only.

    Used when nobody chose one: what is stored must still be readable after a restart.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(KEY_BYTES), "utf-8")
        draft.rename(file)
    return file.read_text("utf-8")


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
