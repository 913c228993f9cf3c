"""One turn of a conversation by SMS: what a person wrote, and the SMS that answers."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from channels import messages, resume, texts
from channels.pause import Pause
from channels.rasa import Message, NoAnswer, NotDelivered, Rasa
from channels.resume import Codes, Subject
from channels.sms import commands
from channels.sms.commands import Command
from channels.sms.links import Links
from channels.sms.rendering import ORDINARY, Screen, paginate, render
from channels.sms.store import Answer, Known, Store, Waiting

MAX_TEXT = 1600  # characters: ten segments, the longest SMS that a network carries
ATTEMPTS = 3  # to reach Rasa
BETWEEN_ATTEMPTS = 0.5  # seconds
ERASE = "/effacer"


class Turns:
    """Turns words into an answer, with Rasa and with what was shown before."""

    def __init__(
        self,
        store: Store,
        rasa: Rasa,
        codes: Codes,
        review: bool,
        pause: Pause,
        links: Links | None = None,
        policy_url: str = "",
    ) -> None:
        """Keep what answers.

        Args:
            review: whether the bot keeps misunderstood messages (docs/review.md).
            policy_url: the operator's page on personal data, told by INFO.
        """
        self._pause = pause
        self._links = links
        self._store = store
        self._rasa = rasa
        self._codes = codes
        self._first_words = texts.SMS_NOTICE_WITH_REVIEW if review else texts.SMS_NOTICE
        info = texts.SMS_INFO_WITH_REVIEW if review else texts.SMS_INFO
        self._said = {
            Command.START: texts.SMS_STARTED,
            Command.HELP: texts.SMS_HELP,
            Command.INFO: f"{info} {policy_url}".strip(),
        }

    @staticmethod
    def group_size(waiting: Sequence[Waiting]) -> int:
        """How many of these SMS are answered together: all, up to a command, which is alone."""
        for index, one in enumerate(waiting):
            if commands.read(one.inbound.text):
                return max(index, 1)
        return len(waiting)

    async def take(self, person: str, group: Sequence[Waiting]) -> Answer:
        """The answer to a group of SMS."""
        text = "\n".join(one.inbound.text for one in group)
        known = await self._store.known(person)
        memory, suppressed = known.memory, known.suppressed
        if command := commands.read(text):
            return await self._obey(command, person, known)
        if paused := self._pause.message():
            return Answer(None if suppressed else _plain(paused))
        if not suppressed and commands.is_more(text) and memory.get("rest"):
            return _next_page(memory)
        meant = _shown(text, memory) or messages.clean(text)[:MAX_TEXT]
        if not meant:
            return Answer(None if suppressed else _plain(texts.SMS_NOTHING_TO_READ))
        ask = functools.partial(self._ask, person)
        try:
            if (code := resume.read(text)) and not suppressed:
                answers = await self._codes.take_up(code, [person], ask)
            else:
                answers = await ask(meant)
        except (NoAnswer, NotDelivered):
            return Answer(None if suppressed else _plain(texts.SMS_UNAVAILABLE))
        if said := _obeyed(answers):
            # Asked in other words (« ne m'écrivez plus »): the bot heard it, it is done here too.
            return replace(said, text=None) if suppressed else said
        link = await self._links.of(answers) if self._links else None
        screen = render(answers, self._notice(memory), link)
        if suppressed:
            return Answer(screen.pages[0], urgent=True) if screen.urgent else Answer(None)
        return _show(screen, memory, resume.subject(answers))

    async def _obey(self, command: Command, person: str, known: Known) -> Answer:
        memory, suppressed = known.memory, known.suppressed
        if command is Command.ERASE:
            # If Rasa cannot be told, nothing is said to be erased: this turn is tried again.
            await self._ask(person, ERASE)
            return Answer(None if suppressed else _plain(texts.SMS_ERASED), erase=True)
        if command is Command.STOP:
            return Answer(None if suppressed else _plain(texts.SMS_STOPPED), suppress=True)
        if suppressed and command is not Command.START:
            return Answer(None)
        if command is Command.MENU:
            return _show(_menu(self._notice(memory)), memory)
        if command is Command.CODE:
            about = memory.get("about")
            code = await self._codes.give(Subject(**about)) if about else None
            return Answer(_plain(texts.CODE.format(code=code) if code else texts.CODE_NOTHING))
        lifted = False if command is Command.START else None
        return Answer(_plain(self._said[command]), suppress=lifted)

    def _notice(self, memory: dict[str, Any]) -> str:
        return "" if memory.get("greeted") else self._first_words

    async def _ask(self, person: str, text: str) -> list[Message]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._rasa.send(person, text)
            except NotDelivered:
                if attempt == ATTEMPTS:
                    raise
            await asyncio.sleep(BETWEEN_ATTEMPTS * attempt)
        raise NotDelivered


def _obeyed(answers: Sequence[Message]) -> Answer | None:
    first = answers[0]["text"]
    if first.startswith(texts.BOT_STOPS):
        return Answer(_plain(texts.SMS_STOPPED), suppress=True)
    if first.startswith(texts.BOT_ERASED):
        return Answer(_plain(texts.SMS_ERASED), erase=True)
    return None


def _shown(text: str, memory: dict[str, Any]) -> str | None:
    """What Rasa receives for a number, a title or « SUITE » that stand for what was shown last."""
    number, choices = commands.number(text), memory.get("choices", [])
    if number is not None and 0 < number <= len(choices):
        choice: str = choices[number - 1]
        return choice
    payload: str | None = memory.get("words", {}).get(commands.bare(text))
    if payload is None and commands.is_more(text):
        payload = memory.get("more")
    return payload


def _next_page(memory: dict[str, Any]) -> Answer:
    page, *rest = memory["rest"]
    return Answer(page, {**memory, "rest": rest})


def _show(screen: Screen, memory: dict[str, Any], about: Subject | None = None) -> Answer:
    page, *rest = screen.pages
    shown = {
        "greeted": bool(memory.get("greeted")) or not screen.urgent,
        "rest": rest,
        "choices": screen.choices,
        "words": screen.words,
        "more": screen.more,
        "about": vars(about) if about else memory.get("about"),
    }
    return Answer(page, shown, screen.urgent)


def _menu(notice: str) -> Screen:
    titles = [f"\n{number}. {title}" for number, (title, _) in enumerate(texts.NEEDS, start=1)]
    pages = paginate([*([notice] if notice else []), texts.SMS_MENU, *titles], ORDINARY)
    return Screen(tuple(pages), tuple(intent for _, intent in texts.NEEDS))


def _plain(text: str) -> str:
    return paginate([text], ORDINARY)[0]
