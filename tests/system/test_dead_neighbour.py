"""Rasa's REST input when a neighbour hangs, dies and comes back; and what logs keep."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from channels.stack import Stack, free_port

LIMIT = 3.0  # seconds to get a sentence and a phone number
PHONE = "01 43 93 93 93"
SECRET = "zqxwordthatnobodywrites"


class Running:
    """Bot and actions of these tests, and a person writing to them."""

    def __init__(self, stack: Stack, actions_port: int, bot_port: int, log: Path) -> None:
        self.stack, self.actions_port, self.bot_port, self.log = stack, actions_port, bot_port, log

    def give(
        self, text: Any, sender: str | None = None, message_id: str | None = None
    ) -> http.client.HTTPConnection:
        """Send a message, as a channel does; its answer is still to be read."""
        known = {"metadata": {"id": message_id}} if message_id else {}
        body = {"sender": sender or uuid.uuid4().hex, "message": text, **known}
        connection = http.client.HTTPConnection("127.0.0.1", self.bot_port, timeout=30)
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/webhooks/rest/webhook", json.dumps(body), headers)
        return connection

    def say(
        self, text: Any, sender: str | None = None, message_id: str | None = None
    ) -> tuple[str, float]:
        start = time.monotonic()
        with closing(self.give(text, sender, message_id)) as connection:
            items = json.load(connection.getresponse())
        said = "\n".join(item.get("text", "") for item in items)
        return said, time.monotonic() - start


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, annuaire_url: str) -> Iterator[Running]:
    log = tmp_path_factory.mktemp("stack") / "stack.log"
    stack = Stack(log)
    actions_port, bot_port = free_port(), free_port()
    try:
        stack.start_actions(actions_port, "tests.frozen_actions")
        stack.start_bot(bot_port, actions_port)
        stack.wait_ready({"actions": actions_port, "bot": bot_port})
        yield Running(stack, actions_port, bot_port, log)
    finally:
        stack.stop()


def test_a_message_that_a_dead_channel_gave_is_not_said_again(running: Running) -> None:
    expected, sender = uuid.uuid4().hex, uuid.uuid4().hex
    for someone in (expected, sender):
        running.say("une crèche à Bondy", someone)
    second_page, _ = running.say("/plus", expected)
    third_page, _ = running.say("/plus", expected)
    assert second_page != third_page
    running.give("/plus", sender, "once").close()  # the channel goes away before its answer
    assert running.say("/plus", sender, "once")[0] == second_page
    assert running.say("/plus", sender, "once")[0] == second_page
    assert running.say("/plus", sender, "then")[0] == third_page


def test_a_hung_action_server_still_leaves_a_sentence_and_a_phone_number(running: Running) -> None:
    running.say("bonjour")
    process = running.stack.process("actions")
    os.kill(process.pid, signal.SIGSTOP)
    try:
        said, seconds = running.say("une crèche à Bondy")
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert PHONE in said
    assert seconds < LIMIT


def test_a_dead_action_server_still_leaves_a_phone_number_then_the_conversation_goes_on(
    running: Running,
) -> None:
    sender = uuid.uuid4().hex
    running.say("je cherche une crèche", sender)
    process = running.stack.process("actions")
    process.kill()
    process.wait(10)
    said, seconds = running.say("à Bondy", sender)
    assert PHONE in said
    assert seconds < LIMIT
    distress, seconds = running.say("je n'ai nulle part où dormir ce soir", sender)
    assert "115" in distress
    assert PHONE not in distress
    assert seconds < LIMIT
    running.stack.start_actions(running.actions_port, "tests.frozen_actions")
    running.stack.wait_ready({"actions": running.actions_port})
    said, _ = running.say("et une formation ?", sender)
    assert "Bondy" in said


@pytest.mark.parametrize(
    "message", ["", "   ", None, 42, ["a"], {"x": 1}, "🙂", "\u0000", "a" * 9000]
)
def test_any_message_gets_an_answer(running: Running, message: Any) -> None:
    said, _ = running.say(message)
    assert said


def test_what_people_write_is_in_no_log(running: Running) -> None:
    running.say(f"{SECRET} crèche à Bondy")
    running.say(SECRET)
    process = running.stack.process("actions")
    os.kill(process.pid, signal.SIGSTOP)
    try:
        running.say(f"{SECRET} formation à Bondy")
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert SECRET not in running.log.read_text("utf-8", "replace")
