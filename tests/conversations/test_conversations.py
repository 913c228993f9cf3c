"""Replays every conversation of this folder against real processes, with the clock stopped."""

from __future__ import annotations

import json
import unicodedata
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.yml"))
KEYS = {
    "dit",
    "montre",
    "montre_un_de",
    "cache",
    "commence_par",
    "resultats",
    "communes",
    "premier",
    "intention",
    "ville",
    "boutons",
}


def plain(text: str) -> str:
    """Lower case, without accents, one kind of apostrophe and space."""
    flat = unicodedata.normalize("NFKD", text.replace("’", "'").replace("\u00a0", " "))
    return "".join(c for c in flat if not unicodedata.combining(c)).lower()


class Person:
    """Someone writing to the bot, and what the bot keeps of them."""

    def __init__(self, bot_port: int) -> None:
        self._base = f"http://127.0.0.1:{bot_port}"
        self._sender = uuid.uuid4().hex

    def says(self, text: str) -> list[dict[str, Any]]:
        body = json.dumps({"sender": self._sender, "message": text}).encode()
        request = urllib.request.Request(
            f"{self._base}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            items: list[dict[str, Any]] = json.load(response)
        return items

    def tracker(self) -> dict[str, Any]:
        with urllib.request.urlopen(
            f"{self._base}/conversations/{self._sender}/tracker", timeout=30
        ) as response:
            tracker: dict[str, Any] = json.load(response)
        return tracker


def check(turn: dict[str, Any], items: list[dict[str, Any]], person: Person) -> None:
    """Compare one answer with what the file says of it."""
    unknown = turn.keys() - KEYS
    assert not unknown, f"clés inconnues : {unknown}"
    text = plain("\n".join(item["text"] for item in items if item.get("text")))
    said = f"\n--- réponse à « {turn['dit']} » ---\n{text}"
    assert items, f"aucune réponse à « {turn['dit']} »"
    assert "\n\n" not in text, f"ligne vide{said}"
    for words in turn.get("montre", []):
        assert plain(words) in text, f"manque « {words} »{said}"
    if "montre_un_de" in turn:
        assert any(plain(words) in text for words in turn["montre_un_de"]), said
    for words in turn.get("cache", []):
        assert plain(words) not in text, f"ne devait pas dire « {words} »{said}"
    if "commence_par" in turn:
        assert text.startswith(plain(turn["commence_par"])), said
    results = [r for item in items for r in item.get("custom", {}).get("results", [])]
    if "resultats" in turn:
        wanted = turn["resultats"]
        assert len(results) >= wanted if wanted else not results, said
    if "communes" in turn:
        assert results, f"aucun lieu{said}"
        assert {r["code_insee"] for r in results} <= set(turn["communes"]), said
    if "premier" in turn:
        assert results, f"aucun lieu{said}"
        assert plain(turn["premier"]) in plain(results[0]["nom"]), said
    titles = [plain(b["title"]) for item in items for b in item.get("buttons", [])]
    for words in turn.get("boutons", []):
        assert any(plain(words) in title for title in titles), f"bouton « {words} »{said}"
    if "intention" in turn or "ville" in turn:
        tracker = person.tracker()
        intent = tracker["latest_message"]["intent"]["name"]
        if "intention" in turn:
            wanted = turn["intention"]
            assert intent == wanted or intent.startswith(f"{wanted}_"), f"compris : {intent}{said}"
        if "ville" in turn:
            assert tracker["slots"]["code_insee"] == turn["ville"], said


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_conversation_goes_as_its_file_says(file: Path, bot_port: int) -> None:
    person = Person(bot_port)
    for turn in yaml.safe_load(file.read_text("utf-8")):
        check(turn, person.says(turn["dit"]), person)


def test_there_are_enough_conversations() -> None:
    assert len(FILES) >= 60
