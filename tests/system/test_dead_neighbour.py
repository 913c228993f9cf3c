"""Rasa's REST input when the action server hangs, dies and comes back; and what logs keep."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
import uuid
from collections.abc import Iterator
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

    def say(self, text: Any, sender: str | None = None) -> tuple[str, float]:
        body = json.dumps({"sender": sender or uuid.uuid4().hex, "message": text}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.bot_port}/webhooks/rest/webhook",
            body,
            {"Content-Type": "application/json"},
        )
        start = time.monotonic()
        with urllib.request.urlopen(request, timeout=30) as response:
            items = json.load(response)
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
