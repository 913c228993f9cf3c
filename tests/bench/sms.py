"""`make bench-sms`: acknowledgement under load, and segments per answer. Prints JSON lines.

Load: a real `channels` process before a stand-in for Rasa that takes 45 ms a message, one at a
time, as the real one; 50 signed SMS a second from 200 people. Segments: every conversation of
`tests/conversations`, played to the real bot, rendered for SMS and as the web's text.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer

from channels.rasa import pair
from channels.sms.generic import sign
from channels.sms.rendering import render
from channels.sms.segments import count
from channels.stack import ROOT, free_port, private_stack

RATE = 50  # SMS a second
SECONDS = 20
PEOPLE = 200
RASA_TIME = 0.045  # seconds a message (`make bench`)
SECRET = "a secret of the bench"


async def load() -> dict[str, Any]:
    """Acknowledgements in milliseconds, then what became of every SMS."""
    rasa = TestServer(_slow_rasa())
    await rasa.start_server()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "RASA_URL": str(rasa.make_url("")),
            "JALON_SECRET": SECRET,
            "DATABASE_URL": f"sqlite:///{folder}/sms.sqlite",
            "SMS_GENERIC_SECRET": SECRET,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "channels", env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with ClientSession(f"http://127.0.0.1:{port}") as http:
                await _ready(http)
                return await _measure(http)
        finally:
            process.terminate()
            await process.wait()
            await rasa.close()


def _slow_rasa() -> web.Application:
    turn = asyncio.Lock()

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        async with turn:
            await asyncio.sleep(RASA_TIME)
        return web.json_response([{"text": body["message"]}])

    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", answer)
    return app


async def _ready(http: ClientSession) -> None:
    while True:
        try:
            async with http.get("/healthz"):
                return
        except ClientError:
            await asyncio.sleep(0.05)


async def _post(http: ClientSession, path: str, body: dict[str, Any]) -> Any:
    raw, stamp = json.dumps(body).encode(), str(int(time.time()))
    headers = {"X-Jalon-Timestamp": stamp, "X-Jalon-Signature": sign(SECRET, stamp, raw)}
    async with http.post(path, data=raw, headers=headers) as response:
        response.raise_for_status()
        return await response.json()


async def _measure(http: ClientSession) -> dict[str, Any]:
    acknowledged: list[float] = []

    async def write(index: int) -> None:
        body = {"id": str(index), "from": f"+336{index % PEOPLE:08d}", "text": f"mot-{index}"}
        start = time.perf_counter()
        await _post(http, "/sms/generic", body)
        acknowledged.append((time.perf_counter() - start) * 1000)

    total, start = RATE * SECONDS, time.monotonic()
    tasks = []
    for index in range(total):
        await asyncio.sleep(max(0.0, start + index / RATE - time.monotonic()))
        tasks.append(asyncio.create_task(write(index)))
    await asyncio.gather(*tasks)
    answered = await _collect(http, total)
    centiles = statistics.quantiles(acknowledged, n=100)
    return {
        "bench": "sms-load",
        "messages": total,
        "per_second": RATE,
        "ack_median_ms": round(centiles[49], 1),
        "ack_p99_ms": round(centiles[98], 1),
        "answered_after_s": round(time.monotonic() - start, 1),
        "lost": total - len(answered),
        "doubled": sum(times > 1 for times in answered.values()),
    }


async def _collect(http: ClientSession, total: int) -> Counter[str]:
    answered: Counter[str] = Counter()
    deadline = time.monotonic() + 120
    while len(answered) < total and time.monotonic() < deadline:
        messages = (await _post(http, "/sms/generic/collect", {}))["messages"]
        await _post(http, "/sms/generic/collect", {"done": [one["id"] for one in messages]})
        for message in messages:
            answered.update(word for word in message["text"].split() if word.startswith("mot-"))
        if not messages:
            await asyncio.sleep(0.05)
    return answered


def segments() -> dict[str, Any]:
    """Segments of each answer, by SMS and as the text of the web would cost."""
    sms, whole, web_text = [], [], []
    most = {"ordinary": 0, "distress": 0}
    with private_stack(Path(tempfile.gettempdir()) / "bench-sms.log", "tests.frozen_actions") as (
        _,
        port,
    ):
        for items in _answers(port):
            messages = pair(items)
            screen = render(messages)
            pages, kind = screen.pages, "distress" if screen.urgent else "ordinary"
            most[kind] = max(most[kind], count(pages[0]))
            sms.append(count(pages[0]))
            whole.append(sum(map(count, pages)))
            web_text.append(count("\n".join(message["text"] for message in messages)))
    told = {"sms": sms, "sms_with_every_suite": whole, "web_text": web_text}
    return {
        "bench": "sms-segments",
        "answers": len(sms),
        "most": most,
        **{
            name: {
                "mean": round(statistics.mean(values), 2),
                "p95": round(statistics.quantiles(values, n=20)[18], 1),
                "most": max(values),
            }
            for name, values in told.items()
        },
    }


def _answers(port: int) -> Iterator[list[dict[str, Any]]]:
    for file in sorted((ROOT / "tests/conversations").glob("*/*.yml")):
        sender = uuid.uuid4().hex
        for turn in yaml.safe_load(file.read_text("utf-8")):
            body = json.dumps({"sender": sender, "message": turn["dit"]}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/webhooks/rest/webhook",
                body,
                {"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=30) as response:
                items = json.load(response)
            if not items:
                sys.exit(f"The bot says nothing to a turn of {file.name}: is its model current?")
            yield items


def main() -> None:
    """Print one JSON line a bench."""
    print(json.dumps(asyncio.run(load())), flush=True)
    print(json.dumps(segments()), flush=True)


if __name__ == "__main__":
    main()
