"""A conversation taken up elsewhere, by an anonymous code such as 7K3-P4, for seven days.

A code stands for a need and a town, never for a person. Who finds one learns only that.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from channels import texts
from channels.rasa import Message
from channels.sms.privacy import Vault
from channels.sms.store import Store
from channels.web.limits import RateLimit

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I, that people confuse
LENGTH = 5
WRONG_AT_ONCE = 5  # guesses of one person, then one every ten minutes
WRONG_PER_SECOND = 1 / 600
ALL_WRONG_AT_ONCE = 100  # guesses of everybody, then one every half minute
ALL_WRONG_PER_SECOND = 1 / 30
_CODE = re.compile(
    rf"(?:(?:mon |le )?code ?:? ?)?([{ALPHABET}]{{3}})[-– ]?([{ALPHABET}]{{2}})", re.IGNORECASE
)

Ask = Callable[[str], Awaitable[list[Message]]]


@dataclass(frozen=True)
class Subject:
    """What is taken up: the intent of the need, and the town if it is known."""

    intent: str | None
    code_insee: str | None
    commune: str | None

    def messages(self) -> list[str]:
        """What brings the bot to the same point; it answers the last one."""
        town = {"code_insee": self.code_insee, "commune": self.commune}
        said = [f"/donner_commune{json.dumps(town)}"] if self.code_insee else []
        return [*said, f"/{self.intent}"] if self.intent else said


def subject(answers: Sequence[Message]) -> Subject | None:
    """What the last of these answers is about, or None when it is about nothing yet."""
    for answer in reversed(answers):
        explained = answer["custom"].get("explication")
        if explained:
            theme, intent = explained.get("theme"), explained.get("intent") or ""
            finer = intent if theme and intent.startswith(theme) else theme
            if finer or explained.get("code_insee"):
                return Subject(finer, explained.get("code_insee"), explained.get("commune"))
    return None


def read(text: str) -> str | None:
    """The code that this message is, or None. A postal code or a word is not one."""
    found = _CODE.fullmatch(text.strip(" .!\n"))
    if not found:
        return None
    code = (found[1] + found[2]).upper()
    mixed = any(c.isdigit() for c in code) and any(c.isalpha() for c in code)
    return code if mixed else None


class Codes:
    """Gives codes, and takes conversations up; guessing is slow."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._wrong = RateLimit(WRONG_AT_ONCE, WRONG_PER_SECOND)
        self._all_wrong = RateLimit(ALL_WRONG_AT_ONCE, ALL_WRONG_PER_SECOND)

    async def give(self, about: Subject) -> str:
        """A new code, as it is shown."""
        while True:
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            if read(code) and await self._store.add_code(self._name(code), vars(about)):
                return f"{code[:3]}-{code[3:]}"

    async def take_up(self, code: str, guesser: Sequence[str], ask: Ask) -> list[Message]:
        """The answers of the bot at the point that a code stands for, or a sentence.

        Args:
            guesser: who tries (a pseudonym, an address): each may be wrong a few times only.
        """
        known = await self._store.read_code(self._name(code))
        if known is None or self._blocked(guesser):
            spend = [self._wrong.allow(one) for one in guesser]
            tried = self._all_wrong.allow("") and all(spend)
            return [say(texts.CODE_UNKNOWN if tried else texts.CODE_TOO_MANY)]
        answers: list[Message] = []
        for message in Subject(**known).messages():
            answers = await ask(message)
        return answers

    def _blocked(self, guesser: Sequence[str]) -> bool:
        return self._all_wrong.spent("") or any(self._wrong.spent(one) for one in guesser)

    def _name(self, code: str) -> str:
        return hashlib.sha256(self._vault.person(f"code {code}").encode()).hexdigest()[:40]


def say(text: str) -> Message:
    """A message of our own."""
    return {"text": text, "buttons": [], "custom": {}}
