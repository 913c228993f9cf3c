"""The process itself, as an operator starts it."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientConnectionError, ClientSession

from tests.fake_rasa import FakeRasa

SECRET_WORDS = "mon-histoire-privee"


def environment(**variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **variables}


async def start(**variables: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "channels",
        env=environment(**variables),
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.fixture
async def running(
    rasa: FakeRasa, unused_tcp_port: int
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    process = await start(PORT=str(unused_tcp_port), RASA_URL=rasa.url)
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with asyncio.timeout(20), ClientSession() as http:
        while True:
            with contextlib.suppress(ClientConnectionError):
                await http.get(f"{url}/healthz")
                break
    yield process, url
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def test_the_log_says_what_happened_and_nothing_of_who_or_what(
    running: tuple[asyncio.subprocess.Process, str], rasa: FakeRasa
) -> None:
    process, url = running
    async with ClientSession(headers={"X-Forwarded-For": "203.0.113.99"}) as http:
        token = (await (await http.post(f"{url}/api/session")).json())["token"]
        message = {"token": token, "id": "1", "text": SECRET_WORDS}
        await http.post(f"{url}/api/message", json=message)
        rasa.status = 500
        await http.post(f"{url}/api/message", json={**message, "id": "2"})
        await http.post(f"{url}/api/message", data=SECRET_WORDS)
        await http.get(f"{url}/{SECRET_WORDS}?{SECRET_WORDS}")
    await send_garbage(url)
    process.terminate()
    _, written = await process.communicate()
    log = written.decode()
    assert "POST /api/message 200" in log
    assert "Rasa failed" in log
    assert "JALON_SECRET is not set" in log
    for private in (SECRET_WORDS, token, "203.0.113.99", "127.0.0.1", rasa.received[0]["sender"]):
        assert private not in log


async def send_garbage(url: str) -> None:
    port = int(url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{SECRET_WORDS} \x00\r\n\r\n".encode())
    await reader.read()
    writer.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_stopping_lets_the_answer_under_way_finish(
    running: tuple[asyncio.subprocess.Process, str], rasa: FakeRasa, how: signal.Signals
) -> None:
    process, url = running
    async with ClientSession() as http:
        token = (await (await http.post(f"{url}/api/session")).json())["token"]
        rasa.hold.clear()
        message = {"token": token, "id": "1", "text": "crèche"}
        asked = asyncio.create_task(http.post(f"{url}/api/message", json=message))
        await rasa.arrived.wait()
        process.send_signal(how)
        rasa.hold.set()
        answer = await (await asked).json()
    assert answer["messages"][0]["text"] == "Vous avez dit : crèche"
    async with asyncio.timeout(15):
        assert await process.wait() == 0


async def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = await start(PORT=str(taken.getsockname()[1]))
        _, written = await process.communicate()
    assert process.returncode == 1
    assert written.decode().splitlines()[-1].startswith("Cannot listen on 127.0.0.1:")
    assert "Traceback" not in written.decode()


async def test_a_wrong_setting_is_said_in_one_line() -> None:
    process = await start(PORT="many")
    _, written = await process.communicate()
    assert process.returncode == 1
    assert written.decode().startswith("Wrong setting: port")


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/x", "sqlite:////proc/x/sms.sqlite"])
async def test_a_database_that_cannot_be_opened_is_said_in_one_line(url: str) -> None:
    process = await start(SMS_GENERIC_SECRET="secret", JALON_SECRET="secret", DATABASE_URL=url)
    async with asyncio.timeout(30):
        _, written = await process.communicate()
    [line] = written.decode().splitlines()
    assert line == "The database of SMS cannot be opened: see DATABASE_URL"
    assert process.returncode == 1
