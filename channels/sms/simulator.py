"""A phone in the terminal: `make sms`. What is typed is an SMS; the answer shows its segments.

It uses the generic webhook of a real `channels` process, with a bot and an action server of its
own: what it shows is what a gateway would send.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

from channels.sms.generic import sign
from channels.sms.segments import encoding, size, split
from channels.stack import ROOT, Stack, free_port
from channels.terminal import run, typed_lines

LOG = ROOT / "var" / "sms.log"
TIMEOUT = 20.0  # seconds for an answer to come
LOOK_EVERY = 0.1  # seconds
COST = 0.05  # euros a segment, about what French providers ask
NUMBER = "+33639980000"  # a number kept for fiction (ARCEP)
HELP = (
    "Écrivez un SMS, puis Entrée. MENU, SUITE, AIDE, INFO, STOP, START, EFFACER ; "
    "la flèche du haut rappelle les derniers. Ctrl-D pour sortir."
)
OTHER_PROVIDERS = ("TWILIO_AUTH_TOKEN", "OVH_SMS_SERVICE", "SMSFACTOR_TOKEN")  # not to be called
SILENCE = "(silence : rien n'est envoyé)"


class Phone:
    """One phone behind the generic webhook."""

    def __init__(self, port: int, secret: str, number: str) -> None:
        self._url = f"http://127.0.0.1:{port}/sms/generic"
        self._secret = secret
        self._number = number

    def say(self, text: str) -> list[str]:
        """Send an SMS; the answers, empty when Jalon stays silent."""
        self._post("", {"id": uuid.uuid4().hex, "from": self._number, "text": text})
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            body = self._post("/collect", {"done": []})
            if messages := body["messages"]:
                self._post("/collect", {"done": [message["id"] for message in messages]})
                return [message["text"] for message in messages]
            if not body["waiting"]:
                break
            time.sleep(LOOK_EVERY)
        return []

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        raw, stamp = json.dumps(body).encode(), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Jalon-Timestamp": stamp,
            "X-Jalon-Signature": sign(self._secret, stamp, raw),
        }
        request = urllib.request.Request(self._url + path, raw, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
            return answer


def shown(text: str, cost: float) -> Iterator[str]:
    """The lines that show one SMS: each segment, how full it is, and what all of it costs."""
    parts, used = split(text), encoding(text)
    limit = used.alone if len(parts) == 1 else used.part
    for number, part in enumerate(parts, start=1):
        taken = sum(size(char, used) for char in part)
        yield f"--- segment {number}/{len(parts)}, {used.name}, {taken}/{limit}"
        yield part
    price = f"{len(parts) * cost:.2f}".replace(".", ",")
    yield f"--- {len(parts)} segment{'s' if len(parts) > 1 else ''}, environ {price} €"


def talk(phone: Phone, cost: float) -> None:
    """Answer each line of the standard input."""
    for line in typed_lines():
        answers = phone.say(line)
        for text in answers:
            print("\n".join(shown(text, cost)), flush=True)
        if not answers:
            print(SILENCE, flush=True)


def main() -> int:
    """Talk until the end of the input; the exit status is 1 when nothing could start."""
    parser = argparse.ArgumentParser(prog="make sms ARGS=…", description="A phone in the terminal.")
    parser.add_argument("--cout", type=float, default=COST, help="euros a segment (0.05)")
    arguments = parser.parse_args()
    secret, port = secrets.token_hex(), free_port()
    with tempfile.TemporaryDirectory() as folder:

        def phone(stack: Stack, bot_port: int) -> None:
            stack.start_channels(
                port,
                bot_port,
                JALON_SECRET=secret,
                SMS_GENERIC_SECRET=secret,
                SMS_GENERIC_URL="",
                DATABASE_URL=f"sqlite:///{folder}/sms.sqlite",
                **dict.fromkeys(OTHER_PROVIDERS, ""),
            )
            stack.wait_ready({"channels": port})
            print(HELP, file=sys.stderr, flush=True)
            talk(Phone(port, secret, NUMBER), arguments.cout)

        return run(LOG, phone)


if __name__ == "__main__":
    sys.exit(main())
