"""From the web to a phone: « Recevoir par SMS », and codes. Nothing typed here reaches the bot.

A number typed on the web may be anybody's: one SMS, never at night, few of them, and none to a
number that asked for silence. The answer is the same whether one is sent or not, so that nobody
can learn who asked for silence.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from channels import resume, texts
from channels.rasa import Button, Message
from channels.resume import Ask, Codes, Subject, say
from channels.sms.commands import bare
from channels.sms.night import is_night
from channels.sms.privacy import Vault
from channels.sms.provider import BadMessage, Outgoing, international
from channels.sms.rendering import ORDINARY, paginate, render
from channels.sms.store import Store
from channels.web.limits import RateLimit

PAYLOAD = "@sms"  # of our own button: the bot never sees it
MOBILE = ("+336", "+337")
NUMBER_LENGTH = 12  # characters, as +33612345678
A_DAY_TO_A_NUMBER = 2
A_DAY = 24 * 3600  # seconds
FROM_A_SESSION = 3  # at once, then as many a day
FROM_AN_ADDRESS = 20  # at once, then as many a day: many people may share an address
MAX_SESSIONS = 10_000
_DIGITS = re.compile(r"\+?\d[\d\s.()/‐‑–-]*")


@dataclass
class _Session:
    """What was shown last on the web, and whether a number is expected."""

    answers: Sequence[Message] = ()
    about: Subject | None = None
    code: str = ""  # given for `about`
    asked: bool = False
    last: tuple[str, list[Message]] = ("", [])  # our last answer, for a browser that lost it


@dataclass(frozen=True)
class Line:
    """How to write first to somebody: the provider, and what it needs."""

    provider: str
    reply_from: dict[str, str]


class Crossing:
    """What the web offers when SMS are configured."""

    def __init__(
        self, store: Store, vault: Vault, codes: Codes, line: Line | None, sent: Callable[[], None]
    ) -> None:
        """Args: line, None when no provider can write first; sent, called after a sending."""
        self._store = store
        self._vault = vault
        self._codes = codes
        self._line = line
        self._sent = sent
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self._by_session = RateLimit(FROM_A_SESSION, FROM_A_SESSION / A_DAY)
        self._by_address = RateLimit(FROM_AN_ADDRESS, FROM_AN_ADDRESS / A_DAY)

    async def answer(
        self, sender: str, message_id: str, message: str, address: str, ask: Ask
    ) -> list[Message] | None:
        """Our own answer to a message, or None when it is for the bot."""
        session = self._session(sender)
        if message_id == session.last[0]:
            return session.last[1]
        answers = await self._answer(session, sender, message, address, ask)
        if answers is not None:
            session.last = message_id, answers
        return answers

    async def _answer(
        self, session: _Session, sender: str, message: str, address: str, ask: Ask
    ) -> list[Message] | None:
        if session.asked and (number := _number(message)):
            told = await self._send(session, sender, number, address)
            # Who mistyped it types it again: still not for the bot.
            session.asked = told != texts.PHONE_ON_ITS_WAY
            return [say(told)]
        session.asked = False
        if message == PAYLOAD or bare(message) == bare(texts.SEND_BY_SMS):
            return [say(self._ask_number(session))]
        if bare(message) == "code":
            return [say(await self._give(session))]
        if code := resume.read(message):
            guessers = [sender, address] if address else [sender]
            return await self._codes.take_up(code, guessers, ask)
        return None

    def shown(self, sender: str, answers: Sequence[Message]) -> list[Message]:
        """Remember what is shown, and offer to receive places by SMS."""
        session = self._session(sender)
        about = resume.subject(answers)
        if about:
            session.answers = answers
        if about and about != session.about:
            session.about, session.code = about, ""
        offer: Button = {"title": texts.SEND_BY_SMS, "payload": PAYLOAD}
        return [
            {**one, "buttons": [*one["buttons"], offer]}
            if self._line and one["custom"].get("results")
            else one
            for one in answers
        ]

    def _session(self, sender: str) -> _Session:
        session = self._sessions.pop(sender, None) or _Session()
        self._sessions[sender] = session
        if len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def _ask_number(self, session: _Session) -> str:
        if not session.answers or not self._line:
            return texts.CODE_NOTHING
        if is_night():
            return texts.PHONE_AT_NIGHT
        session.asked = True
        return texts.ASK_NUMBER

    async def _give(self, session: _Session) -> str:
        if session.about is None:
            return texts.CODE_NOTHING
        session.code = session.code or await self._codes.give(session.about)
        return texts.CODE.format(code=session.code)

    async def _send(self, session: _Session, sender: str, number: str, address: str) -> str:
        if not number.startswith(MOBILE) or len(number) != NUMBER_LENGTH:
            return texts.NUMBER_NOT_MOBILE
        if is_night():
            return texts.PHONE_AT_NIGHT
        if not self._by_session.allow(sender) or not self._by_address.allow(address):
            return texts.PHONE_TOO_MANY
        if session.about and self._line:
            session.code = session.code or await self._codes.give(session.about)
            text = _text(session.answers, session.code)
            outgoing = Outgoing(0, number, text, self._line.reply_from, time.time())
            person = self._vault.person(number)
            await self._store.send_once(self._line.provider, person, outgoing, A_DAY_TO_A_NUMBER)
            self._sent()
        return texts.PHONE_ON_ITS_WAY


def _text(answers: Sequence[Message], code: str) -> str:
    """One SMS: who asked, the places, and how to go on."""
    ending = texts.SMS_RESUME.format(code=code)
    [page, *_] = render(answers, texts.SMS_REQUESTED).pages
    lines = [f"\n{line}" for line in page.splitlines() if "SUITE" not in line]
    while len(lines) > 1 and len(paginate([*lines, f"\n{ending}"], ORDINARY)) > 1:
        lines.pop()
    return paginate([*lines, f"\n{ending}"], ORDINARY)[0]


def _number(text: str) -> str | None:
    """The phone number in these words, or None; a postal code is not one."""
    longest = max(_DIGITS.findall(text), key=len, default="")
    try:
        number = international(longest)
    except BadMessage:
        return None
    is_postal_code = len(number) < 7 and not number.startswith("+")
    return None if is_postal_code else number
