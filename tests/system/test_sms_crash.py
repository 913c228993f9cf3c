"""`channels` killed at random points while people write by SMS: nothing lost, nothing twice.

Then the one window in which a crash can double an SMS (docs/sms.md), measured: a provider that
lists what it took later than we ask.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession
from aiohttp.test_utils import TestServer

from channels.sms.worker import Pace
from channels.stack import free_port
from tests.channels.sms.phone import PUBLIC_URL, TOKEN, FakeTwilio, twiml_texts, until
from tests.fake_rasa import FakeRasa

MESSAGES = 200
PEOPLE = 25
KILLS = 20


class Channels:
    """The real process, that we may kill and start again."""

    def __init__(self, folder: Path, rasa_url: str, twilio_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (folder / "log").open("ab")
        self.killed_at: list[float] = []  # time.monotonic
        self._process: asyncio.subprocess.Process | None = None
        self._environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "RASA_URL": rasa_url,
            "JALON_SECRET": "a secret that outlives the crashes",
            "DATABASE_URL": f"sqlite:///{folder}/sms.sqlite",
            "PUBLIC_URL": PUBLIC_URL,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": twilio_url,
        }

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "channels", env=self._environment, stderr=self.log
        )

    async def ready(self) -> None:
        async with asyncio.timeout(60), ClientSession() as http:
            while True:
                try:
                    async with http.get(f"{self.url}/healthz"):
                        return
                except ClientError:
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        assert self._process
        self._process.kill()
        self.killed_at.append(time.monotonic())
        await self._process.wait()


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[tuple[Channels, FakeRasa, FakeTwilio]]:
    rasa, twilio = FakeRasa(), FakeTwilio()
    rasa.reply = lambda message: [{"text": f"({line})"} for line in message.splitlines()]
    running = []
    for fake in (rasa, twilio):
        server = TestServer(fake.app())
        await server.start_server()
        fake.url = str(server.make_url(""))
        running.append(server)
    channels = Channels(tmp_path, rasa.url, twilio.url)
    await channels.start()
    await channels.ready()
    yield channels, rasa, twilio
    await channels.kill()
    for server in running:
        await server.close()


async def deliver(
    http: ClientSession, channels: Channels, twilio: FakeTwilio, form: dict[str, str]
) -> list[str]:
    """Call the webhook, again after each failure, as Twilio can be told to."""
    headers = twilio.signature("/sms/twilio", form)
    async with asyncio.timeout(300):
        while True:
            try:
                url = f"{channels.url}/sms/twilio"
                async with http.post(url, data=form, headers=headers) as response:
                    body = await response.text()
                    assert response.status == 200, body
                    return twiml_texts(body)
            except ClientError:
                await asyncio.sleep(0.2)


async def test_200_sms_while_the_process_is_killed_are_each_answered_exactly_once(
    servers: tuple[Channels, FakeRasa, FakeTwilio],
) -> None:
    """With a provider that lists an SMS as late as it may."""
    _, _, twilio = servers
    twilio.lists_after = Pace().grace - 1.0
    lost, doubled = await write_while_killed(*servers)
    assert (lost, doubled) == (0, 0)


async def test_only_a_crash_between_a_taking_and_its_note_doubles_an_sms(
    servers: tuple[Channels, FakeRasa, FakeTwilio],
) -> None:
    """With a provider that never lists what it took, and gives no receipt."""
    channels, _, twilio = servers
    twilio.lists_after = 3600.0
    lost, _ = await write_while_killed(*servers)
    assert lost == 0
    taken: dict[tuple[str, str], list[float]] = {}
    for number, sms in enumerate(twilio.sent, start=1):
        taken.setdefault((sms["To"], sms["Body"]), []).append(twilio.taken_at[number])
    crashes = [
        next((crash for crash in channels.killed_at if first <= crash <= second), None)
        for times in taken.values()
        for first, second in pairwise(times)
    ]
    assert None not in crashes
    repeated = [times[0] for times in taken.values() if len(times) > 1]
    widest = max(
        (min(crash for crash in channels.killed_at if crash >= at) - at for at in repeated),
        default=0.0,
    )
    print(f"{len(repeated)} of {len(taken)} SMS doubled by {KILLS} crashes; window {widest:.3f} s")


async def write_while_killed(
    channels: Channels, _: FakeRasa, twilio: FakeTwilio
) -> tuple[int, int]:
    """200 SMS and 20 kills; how many answers were lost, and how many came twice."""
    dice = random.Random(2026)
    answered: Counter[str] = Counter()
    sending: list[asyncio.Task[None]] = []

    async with ClientSession() as http:

        async def write(index: int) -> None:
            number = f"+3361234{index % PEOPLE:04d}"
            form = twilio.form(f"mot-{index}", number)
            for text in await deliver(http, channels, twilio, form):
                # A TwiML answer is a message that Twilio knows, as those of its API.
                twilio.answered_in_response(number, text)

        killer = asyncio.create_task(kill_often(channels, dice))
        for index in range(MESSAGES):
            sending.append(asyncio.create_task(write(index)))
            await asyncio.sleep(dice.random() * 0.2)
        await killer
        await asyncio.gather(*sending)

        def count() -> None:
            answered.clear()
            for message in twilio.sent:
                answered.update(w.strip("()") for w in message["Body"].split() if "mot-" in w)

        def all_answered() -> bool:
            count()
            return len(answered) == MESSAGES

        await until(all_answered, limit=60)
    lost = MESSAGES - len(answered)
    doubled = sum(times > 1 for times in answered.values())
    print(f"killed {KILLS} times: {lost} lost, {doubled} doubled of {MESSAGES}")
    return lost, doubled


async def test_the_log_tells_nothing_of_who_or_what(
    servers: tuple[Channels, FakeRasa, FakeTwilio], tmp_path: Path
) -> None:
    channels, rasa, twilio = servers
    secret, number = "motsecret", "+33612399999"
    async with ClientSession() as http:
        form = twilio.form(secret, number, f"SM-{secret}")
        await deliver(http, channels, twilio, form)
        rasa.status = 500
        await deliver(http, channels, twilio, twilio.form(secret, number))
        for path in ("/sms/twilio", f"/sms/twilio/status?m={secret}", f"/sms/{secret}"):
            await http.post(channels.url + path, data={"From": number, "Body": secret})
    log = await asyncio.to_thread((tmp_path / "log").read_text)
    assert "POST /sms/twilio 200" in log
    assert "POST /sms/twilio 403" in log
    for private in (secret, number, number[1:], rasa.received[0]["sender"]):
        assert private not in log


async def kill_often(channels: Channels, dice: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(0.3 + dice.random())
        await channels.kill()
        await channels.start()
        await channels.ready()
