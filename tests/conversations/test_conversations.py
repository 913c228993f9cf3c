"""Replays every conversation of this folder against real processes, with the clock stopped."""

from __future__ import annotations

import json
import re
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
    "repete",
    "montre",
    "montre_un_de",
    "cache",
    "commence_par",
    "premier_numero",
    "resultats",
    "nouveaux",
    "communes",
    "premier",
    "joignable",
    "intention",
    "ville",
    "boutons",
}
EMERGENCY_NUMBERS = re.compile(r"\b(15|17|18|112|114|115|119|3114|3919)\b")
DATE_SAID = re.compile(r"information d|date de l'information inconnue")
NEVER_SAID = re.compile(r"\b(none|null|nan|traceback)\b|[{}·]")  # a raw value, a middle dot
SAYS_MACHINE = "assistant automatique"
MAY_KEEP_QUIET = ("urgence", "stop")  # the number first; a single confirmation


def plain(text: str) -> str:
    """Lower case, without accents, one kind of apostrophe and space."""
    flat = unicodedata.normalize("NFKD", text.replace("’", "'").replace("\u00a0", " "))
    return "".join(c for c in flat if not unicodedata.combining(c)).lower()


class Person:
    """Someone writing to the bot, and what the bot keeps of them."""

    def __init__(self, bot_port: int) -> None:
        self._base = f"http://127.0.0.1:{bot_port}"
        self._sender = uuid.uuid4().hex
        self.seen: set[str] = set()  # ids of the places shown so far
        self.told = False  # whether the assistant said that it is a machine

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


def check_always(text: str, results: list[dict[str, Any]], said: str) -> None:
    """What holds of every answer, whatever the file says."""
    assert text, f"rien à lire{said}"
    assert "\n\n" not in text, f"ligne vide{said}"
    assert not NEVER_SAID.search(text), f"valeur brute ou point médian{said}"
    dated = [record for record in results if record["kind"] in ("service", "structure")]
    assert len(DATE_SAID.findall(text)) >= len(dated), f"un lieu sans date{said}"
    ids = [record["id"] for record in results]
    assert len(ids) == len(set(ids)), f"un lieu montré deux fois{said}"


def check(turn: dict[str, Any], items: list[dict[str, Any]], person: Person) -> None:
    """Compare one answer with what the file says of it."""
    unknown = turn.keys() - KEYS
    assert not unknown, f"clés inconnues : {unknown}"
    text = plain("\n".join(item["text"] for item in items if item.get("text")))
    said = f"\n--- réponse à « {turn['dit'][:200]} » ---\n{text}"
    results = [r for item in items for r in item.get("custom", {}).get("results", [])]
    check_always(text, results, said)
    person.told = person.told or SAYS_MACHINE in text
    tracker = person.tracker()
    intent = tracker["latest_message"]["intent"]["name"]
    assert person.told or intent in MAY_KEEP_QUIET, f"ne dit pas qu'il est une machine{said}"
    for words in turn.get("montre", []):
        assert plain(words) in text, f"manque « {words} »{said}"
    if "montre_un_de" in turn:
        assert any(plain(words) in text for words in turn["montre_un_de"]), said
    for words in turn.get("cache", []):
        assert plain(words) not in text, f"ne devait pas dire « {words} »{said}"
    if "commence_par" in turn:
        assert text.startswith(plain(turn["commence_par"])), said
    if "premier_numero" in turn:
        numbers = EMERGENCY_NUMBERS.findall(text)
        assert numbers[:1] == [str(turn["premier_numero"])], said
    if "resultats" in turn:
        wanted = turn["resultats"]
        assert len(results) >= wanted if wanted else not results, said
    if turn.get("nouveaux"):
        assert results, f"aucun lieu{said}"
        assert not person.seen & {r["id"] for r in results}, f"lieu déjà montré{said}"
    person.seen |= {r["id"] for r in results}
    if "communes" in turn:
        assert results, f"aucun lieu{said}"
        assert {r["code_insee"] for r in results} <= set(turn["communes"]), said
    if "premier" in turn:
        assert results, f"aucun lieu{said}"
        assert plain(turn["premier"]) in plain(results[0]["nom"]), said
    if turn.get("joignable"):
        assert any(r.get("telephone") for r in results), f"personne à appeler{said}"
    titles = [plain(b["title"]) for item in items for b in item.get("buttons", [])]
    for words in turn.get("boutons", []):
        assert any(plain(words) in title for title in titles), f"bouton « {words} »{said}"
    if "intention" in turn:
        wanted = turn["intention"]
        assert intent == wanted or intent.startswith(f"{wanted}_"), f"compris : {intent}{said}"
    if "ville" in turn:
        assert tracker["slots"]["code_insee"] == turn["ville"], said


def cases() -> list[Any]:
    """Every file; those of `a_corriger.yml` must fail, and leave that list once they pass."""
    to_mend = set(yaml.safe_load((FOLDER / "a_corriger.yml").read_text("utf-8")))
    names = {f"{file.parent.name}/{file.stem}": file for file in FILES}
    assert to_mend <= names.keys(), f"inconnus : {to_mend - names.keys()}"
    known_bug = pytest.mark.xfail(reason="known bug", raises=AssertionError, strict=True)
    return [
        pytest.param(file, id=name, marks=[known_bug] if name in to_mend else [])
        for name, file in names.items()
    ]


@pytest.mark.parametrize("file", cases())
def test_conversation_goes_as_its_file_says(file: Path, bot_port: int) -> None:
    person = Person(bot_port)
    for turn in yaml.safe_load(file.read_text("utf-8")):
        check(turn, person.says(turn["dit"] * turn.get("repete", 1)), person)


def test_there_are_enough_conversations() -> None:
    assert len(FILES) >= 150
