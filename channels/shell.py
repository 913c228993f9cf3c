"""The staff's terminal: `make shell`, or lines in and answers out through a pipe."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from channels.stack import ROOT, Stack
from channels.terminal import run, typed_lines

LOG = ROOT / "var" / "shell.log"
TIMEOUT = 30  # seconds
NO_ANSWER = "L'assistant ne répond pas. Réessayez, ou relancez « make shell »."
HELP = "Écrivez votre message. Un numéro choisit dans la liste. Ctrl-D pour sortir."


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of `make shell ARGS="…"`."""
    parser = argparse.ArgumentParser(
        prog="make shell ARGS=…", description="Talk to Jalon in the terminal."
    )
    parser.add_argument("--theme", help="start with this need (garde_enfants, francais…)")
    parser.add_argument("--commune", help="start with this town, by name or postal code")
    parser.add_argument(
        "--pourquoi",
        action="store_true",
        help="show what was understood and why each result was chosen",
    )
    return parser.parse_args(arguments)


class Conversation:
    """One conversation with the bot over its private REST input."""

    def __init__(self, bot_port: int) -> None:
        self._url = f"http://127.0.0.1:{bot_port}/webhooks/rest/webhook"
        self._sender = f"shell-{uuid.uuid4().hex}"

    def say(self, message: str) -> list[dict[str, Any]]:
        """Send a message; return Rasa's items (`text`, `buttons`, `custom`), empty on failure."""
        body = json.dumps({"sender": self._sender, "message": message}).encode()
        request = urllib.request.Request(  # noqa: S310
            self._url, body, {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
                items: list[dict[str, Any]] = json.load(response)
                return items
        except (OSError, ValueError):
            return []


def render(items: list[dict[str, Any]], explain: bool) -> Iterator[str]:
    """The lines to print for one answer: text, numbered choices and, if asked, the reasons."""
    if not items:
        yield NO_ANSWER
    shown = max((len(item.get("custom", {}).get("results", ())) for item in items), default=0)
    for item in items:
        yield from item.get("text", "").splitlines()
        for number, button in enumerate(item.get("buttons", ()), start=shown + 1):
            yield f"  {number}) {button['title']}"
    if explain:
        for item in items:
            yield from explanation(item.get("custom", {}))


def explanation(custom: dict[str, Any]) -> Iterator[str]:
    """What was understood, with confidence, then why each result, its source and its date."""
    understood = custom.get("explication")
    if understood:
        town = understood["commune"] or "inconnue"
        yield (
            f"  [compris : {understood['intent']} (confiance {understood['confidence']:.2f}), "
            f"besoin {understood['theme'] or 'inconnu'}, ville {town}]"
        )
    for number, record in enumerate(custom.get("results", ()), start=1):
        reasons = ", ".join(record["raisons"]) or "aucune raison notée"
        day = record["date_maj"] or "date inconnue"
        yield f"  [{number}. {reasons} ; source {record['source'] or 'inconnue'} ; {day}]"


def first_messages(arguments: argparse.Namespace) -> list[str]:
    """The messages that `--commune` and `--theme` stand for."""
    messages = [arguments.commune] if arguments.commune else []
    return [*messages, f"/{arguments.theme}"] if arguments.theme else messages


def talk(conversation: Conversation, messages: Iterable[str], explain: bool) -> None:
    """Answer each message on standard output."""
    for message in messages:
        print("\n".join(render(conversation.say(message), explain)), flush=True)


def main() -> int:
    """Talk until the end of the input; the exit status is 1 when the bot could not start."""
    arguments = parse_arguments()

    def converse(_: Stack, bot_port: int) -> None:
        conversation = Conversation(bot_port)
        print(HELP, file=sys.stderr, flush=True)
        *silent, last = first_messages(arguments) or [""]
        for message in silent:
            conversation.say(message)
        first = [last] if last else []
        talk(conversation, chain(first, typed_lines()), arguments.pourquoi)

    return run(LOG, converse)


if __name__ == "__main__":
    sys.exit(main())
