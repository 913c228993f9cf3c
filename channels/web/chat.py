"""`/chat`, the full page to share as a link: a widget, or plain forms where there is no script.

The plain page keeps nothing on the server: the token and what was said travel in hidden fields,
signed, so that nobody can make Jalon appear to say something else.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import hdrs, web

from channels.errors import Refusal
from channels.rasa import Message
from channels.web import languages
from channels.web.api import REPORT_REASONS, Api
from channels.web.plain import NAME, REASON_WORDS, Entry, Page, elsewhere, render, shorten
from channels.web.sessions import InvalidChoice, InvalidToken

MAX_FORM = 96 * 1024  # bytes
MAX_HISTORY = 24 * 1024  # bytes, compressed; the oldest messages go first

Form = Mapping[str, str]


@dataclass(frozen=True)
class Chat:
    """The two handlers of the page, over what the API does."""

    api: Api

    def routes(self) -> list[web.RouteDef]:
        """Open the page; send its form."""
        return [web.get("/chat", self.open), web.post("/chat", self.send)]

    async def open(self, request: web.Request) -> web.Response:
        """A new conversation, in the language of `?lang=`."""
        page = Page(languages.known(request.query.get("lang")), policy_url=self.api.policy_url)
        return self._welcome(request, page)

    async def send(self, request: web.Request) -> web.Response:
        """One message, choice or report; the page again, with its answer."""
        sent = await request.clone(client_max_size=MAX_FORM).post()
        form = {name: value for name, value in sent.items() if isinstance(value, str)}
        page = Page(languages.known(form.get("lang")), policy_url=self.api.policy_url)
        page.token = form.get("token", "")
        if self.api.left(page.token):
            return self._welcome(request, page)
        if "leave" in form:
            return await self._leave(page.token)
        try:
            page.entries = self._history(page.token, form.get("history", ""))
        except (InvalidChoice, InvalidToken):
            return await self._start_over(request, page, form)
        try:
            if "report" in form:
                await self._report(request, page, form)
            else:
                await self._answer(request, page, form)
        except Refusal as refusal:
            page.notice, page.draft = refusal.message, form.get("text", "")
            page.paused = refusal.code == "paused"
            return self._show(page, refusal.status)
        return self._show(page)

    async def _leave(self, token: str) -> web.Response:
        """Erase, and go elsewhere: coming back shows nothing of what was said."""
        with suppress(Refusal):  # a conversation that has expired is left all the same
            self.api.leave(token)
        return _never_kept(elsewhere())

    async def _start_over(self, request: web.Request, page: Page, form: Form) -> web.Response:
        """The conversation has expired: what was typed is said in a new one."""
        welcomed = self._welcome(request, page)
        page.draft = form.get("text", "")
        return self._show(page, welcomed.status)

    def _welcome(self, request: web.Request, page: Page) -> web.Response:
        try:
            page.token, messages = self.api.welcome(request, page.language)
        except Refusal as refusal:
            page.notice, page.paused = refusal.message, refusal.code == "paused"
            return self._show(page, refusal.status)
        page.entries = [Entry("jalon", _now(), message=message) for message in messages]
        return self._show(page)

    async def _answer(self, request: web.Request, page: Page, form: Form) -> None:
        payload = form.get("payload")
        content = {"payload": payload} if payload else {"text": form.get("text", "")}
        said = _title(page.entries, payload) if payload else form.get("text", "").strip()
        body: dict[str, Any] = {"token": page.token, "id": form.get("id"), **content}
        self._add(page, said, await self.api.answers(request, body))

    async def _report(self, request: web.Request, page: Page, form: Form) -> None:
        """A record of the page is wrong."""
        record = form["report"]
        reason = form.get(f"reason-{record}", "")
        body = {"token": page.token, "id": form.get("id"), "record": record, "reason": reason}
        answers = await self.api.report(request, body)
        label = page.words[REASON_WORDS[REPORT_REASONS.index(reason)]]
        said = f"{page.words['wrong']} : {_name_of(page.entries, record)}, {label}"
        self._add(page, said, answers)

    def _add(self, page: Page, said: str, answers: list[Message]) -> None:
        if any(answer["custom"].get("efface") for answer in answers):
            page.entries, said = [], ""
        if said:
            page.entries.append(Entry("you", _now(), text=said))
        page.entries += [Entry("jalon", _now(), message=message) for message in answers]

    def _history(self, token: str, signed: str) -> list[Entry]:
        packed = self.api.sessions.read_history(self.api.sessions.sender(token), signed)
        return [Entry(**entry) for entry in json.loads(zlib.decompress(packed))]

    def _show(self, page: Page, status: int = 200) -> web.Response:
        if page.token:
            page.history = self._pack(page)
        page.id = secrets.token_hex(16)
        return _never_kept(render(page), status)

    def _pack(self, page: Page) -> str:
        while True:
            said = json.dumps([vars(entry) for entry in page.entries], ensure_ascii=False)
            packed = zlib.compress(said.encode())
            if len(packed) <= MAX_HISTORY or len(page.entries) <= 1:
                return self.api.sessions.sign_history(self.api.sessions.sender(page.token), packed)
            del page.entries[0]


def _never_kept(page: str, status: int = 200) -> web.Response:
    """A page that no cache keeps."""
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(text=page, content_type="text/html", status=status, headers=headers)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _title(entries: list[Entry], payload: str) -> str:
    """What the person read on the button they pressed."""
    for entry in reversed(entries):
        for button in entry.buttons:
            if button["payload"] == payload:
                return button["title"]
    return ""


def _name_of(entries: list[Entry], signed: str) -> str:
    """The name of a record that the page has shown, by what signs its report."""
    for message in (entry.message for entry in entries if entry.message):
        for record in message["custom"].get("results") or ():
            if record.get("signaler") == signed:
                return shorten(record.get("nom"), NAME)
    return ""
