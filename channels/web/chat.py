"""`/chat`, the full page to share as a link: a widget, or plain forms where there is no script.

The plain page keeps nothing on the server: the token and what was said travel in hidden fields,
signed, so that nobody can make Jalon appear to say something else.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import hdrs, web

from channels.errors import Refusal
from channels.web import languages
from channels.web.api import Api
from channels.web.plain import Entry, Page, render
from channels.web.sessions import InvalidChoice, InvalidToken

MAX_FORM = 96 * 1024  # bytes
MAX_HISTORY = 24 * 1024  # bytes, compressed; the oldest messages go first

# What the bot hears as a report on the places it has just shown (also in static/jalon.js).
REPORTS = {
    "telephone": "mauvais numéro",
    "adresse": "mauvaise adresse",
    "horaires": "mauvais horaires",
    "ferme": "c'est fermé",
}

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
        answers = await self.api.answers(request, body)
        if said:
            page.entries.append(Entry("you", _now(), text=said))
        page.entries += [Entry("jalon", _now(), message=message) for message in answers]

    async def _report(self, request: web.Request, page: Page, form: Form) -> None:
        """Told to the bot for what it has just shown, which it keeps for staff; else to the log."""
        record = form["report"]
        reason = form.get(f"reason-{record}", "")
        name, heard = _just_shown(page.entries, record), REPORTS.get(reason)
        if not (name and heard):
            self.api.report(page.token, record, reason)
            page.notice = page.words["wrongSent"]
            return
        body = {"token": page.token, "id": form.get("id"), "text": heard}
        answers = await self.api.answers(request, body)
        # The bot asks which place is wrong: the person has said it, by the card they chose.
        choices = (button for answer in answers for button in answer["buttons"])
        if choice := next((button for button in choices if name in button["title"]), None):
            body = {"token": page.token, "id": f"{body['id']}-lieu", "payload": choice["payload"]}
            answers = await self.api.answers(request, body)
        said = f"{page.words['wrong']} : {name}"
        page.entries.append(Entry("you", _now(), text=said))
        page.entries += [Entry("jalon", _now(), message=message) for message in answers]

    def _history(self, token: str, signed: str) -> list[Entry]:
        packed = self.api.sessions.read_history(self.api.sessions.sender(token), signed)
        return [Entry(**entry) for entry in json.loads(zlib.decompress(packed))]

    def _show(self, page: Page, status: int = 200) -> web.Response:
        if page.token:
            page.history = self._pack(page)
        page.id = secrets.token_hex(16)
        response = web.Response(text=render(page), content_type="text/html", status=status)
        response.headers[hdrs.CACHE_CONTROL] = "no-store"
        return response

    def _pack(self, page: Page) -> str:
        while True:
            said = json.dumps([vars(entry) for entry in page.entries], ensure_ascii=False)
            packed = zlib.compress(said.encode())
            if len(packed) <= MAX_HISTORY or len(page.entries) <= 1:
                return self.api.sessions.sign_history(self.api.sessions.sender(page.token), packed)
            del page.entries[0]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _title(entries: list[Entry], payload: str) -> str:
    """What the person read on the button they pressed."""
    for entry in reversed(entries):
        for button in entry.buttons:
            if button["payload"] == payload:
                return button["title"]
    return ""


def _just_shown(entries: list[Entry], record_id: str) -> str:
    """The name of a record of the last answer; empty when it was shown before, or never."""
    message = entries[-1].message if entries else None
    for record in message["custom"].get("results") or () if message else ():
        if record.get("id") == record_id:
            return str(record.get("nom") or "")
    return ""
