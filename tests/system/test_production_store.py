"""Conversations in a real Redis, as `docker-compose.yml` keeps them."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from channels.stack import BOT_PYTHON, ROOT, answers, free_port

PASSWORD = "onlyfortests"
DAY = 86_400  # seconds
START_LIMIT = 90.0  # seconds


def wait_until(ready: object, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while not ready():  # type: ignore[operator]
        assert process.poll() is None, "stopped while starting"
        assert time.monotonic() < deadline, "too long to start"
        time.sleep(0.05)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[redis.Redis]:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--requirepass", PASSWORD]
    process = subprocess.Popen(
        [*command, "--save", "", "--appendonly", "no", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(port=port, password=PASSWORD)

    def answers_ping() -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    try:
        wait_until(answers_ping, process)
        yield client
    finally:
        process.kill()
        process.wait(10)


def say(bot_port: int, message: str) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{bot_port}/webhooks/rest/webhook",
        json.dumps({"sender": "someone", "message": message}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        text: str = json.load(response)[0]["text"]
    return text


def test_a_conversation_expires_after_a_day_of_silence_or_on_request(
    store: redis.Redis, tmp_path: Path
) -> None:
    redis_port, bot_port = store.connection_pool.connection_kwargs["port"], free_port()
    production = (ROOT / "bot/endpoints.production.yml").read_text("utf-8")
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(production.replace("6379", str(redis_port)), "utf-8")
    command = [str(BOT_PYTHON), "-m", "rasa", "run", "-m", "models", "-i", "127.0.0.1"]
    command += ["-p", str(bot_port), "--endpoints", str(endpoints)]
    command += ["--credentials", "bot/credentials.yml"]
    environment = {
        **os.environ,
        "ACTIONS_URL": "http://localhost:9/webhook",
        "REDIS_HOST": "localhost",
        "REDIS_PASSWORD": PASSWORD,
        "RASA_TELEMETRY_ENABLED": "false",
        "JALON_REVIEW": str(tmp_path / "review"),
    }
    bot = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: answers(bot_port), bot)
        welcome = say(bot_port, "bonjour")
        assert "assistant automatique" in welcome
        assert "30 jours" in welcome  # what JALON_REVIEW keeps
        assert (tmp_path / "review").is_dir()
        keys = store.keys("*someone*")
        assert keys
        for key in keys:
            assert 0 < store.ttl(key) <= DAY
        assert "effacés" in say(bot_port, "Effacer")
        assert store.keys("*someone*") == []
    finally:
        bot.terminate()
        bot.wait(20)
