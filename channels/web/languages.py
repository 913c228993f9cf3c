"""The languages of the interface: what the pages and the widget say by themselves."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from channels import texts
from channels.rasa import Button, Message

HERE = Path(__file__).parent
RIGHT_TO_LEFT = ("ar",)
FRENCH = "fr"


@cache
def words() -> dict[str, dict[str, str]]:
    """The interface's words by language, read from the widget: both say the same."""
    script = (HERE / "static" / "jalon.js").read_text("utf-8")
    found = re.search(r"const WORDS = (\{.*?\n  \});\n", script, re.S)
    if not found:
        raise ValueError("jalon.js holds no WORDS")
    read: dict[str, dict[str, str]] = json.loads(found[1])
    return read


@cache
def _first_messages() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((HERE / "languages.yml").read_text("utf-8"))
    return read


def known(language: object) -> str:
    """This language if we speak it, else French."""
    return language if isinstance(language, str) and language in words() else FRENCH


def welcome(language: str, review: bool = False, policy_url: str = "") -> Message:
    """The first message: a machine, what is kept and how long, how to erase, the needs.

    `review` adds that misunderstood messages are kept; `policy_url`, a link to the operator's page.
    """
    text = texts.WELCOME_WITH_REVIEW if review else texts.WELCOME
    titles = [title for title, _ in texts.NEEDS]
    custom = {"politique": policy_url} if policy_url else {}
    if language != FRENCH:
        said = _first_messages()[language]
        kept = [said["relecture"]] if review else []
        text = "\n".join([said["accueil"].strip(), *kept, said["question"]])
        titles, custom = said["sujets"], {**custom, "langue": language}
    buttons: list[Button] = [
        {"title": title, "payload": intent}
        for title, (_, intent) in zip(titles, texts.NEEDS, strict=True)
    ]
    return {"text": text, "buttons": buttons, "custom": custom}
