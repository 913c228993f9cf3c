"""Hear distress: no roof tonight, hunger, violence, suicide, an emergency…

What is heard is written in `data/urgence.yml` and `data/urgence_langues.yml`; what is answered in
`bot/domain/urgence.yml`. Nothing is learned: an edited file works at the next start, and a cry for
help never depends on the training data.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.phrases import Grammar, Phrase, Reading

DATA = Path(__file__).parents[2] / "data"


@dataclass(frozen=True)
class Block:
    """Phrases of one situation in one language, and what cancels those it touches."""

    situation: str
    language: str
    phrases: list[Phrase]
    guards: list[Phrase]


@dataclass(frozen=True)
class Distress:
    """What was heard: the situation, the language (ISO 639-1), and where (characters)."""

    situation: str
    language: str
    start: int
    end: int
    phrase: str


class DistressGrammar:
    """Every phrase of distress, the gravest situation first."""

    def __init__(self, folder: Path = DATA) -> None:
        french = yaml.safe_load((folder / "urgence.yml").read_text(encoding="utf-8"))
        foreign = yaml.safe_load((folder / "urgence_langues.yml").read_text(encoding="utf-8"))
        self._grammar = Grammar(french)
        self._grammar.define(french["mots"])
        self._everywhere = self._compile(french["jamais"])
        self.languages = {"fr"}.union(*foreign.values())
        self._blocks = [
            block
            for situation, written in french["situations"].items()
            for block in (
                *(self._block(situation, "fr", each) for each in written),
                *(
                    Block(situation, language, self._compile(phrases, by_sound=False), [])
                    for language, phrases in foreign[situation].items()
                ),
            )
        ]

    def hear(self, text: str) -> Distress | None:
        """Return the gravest distress that a message states, or None."""
        reading = self._grammar.read(text)
        everywhere = [span for guard in self._everywhere for span in guard.matches(reading)]
        for block in self._blocks:
            found = _first(block, reading, everywhere)
            if found:
                return found
        return None

    def _block(self, situation: str, language: str, written: dict[str, list[str]]) -> Block:
        return Block(
            situation,
            language,
            self._compile(written["phrases"]),
            self._compile(written.get("sauf", [])),
        )

    def _compile(self, written: list[str], by_sound: bool = True) -> list[Phrase]:
        return [phrase for line in written for phrase in self._grammar.compile(line, by_sound)]


def _first(block: Block, reading: Reading, everywhere: list[tuple[int, int]]) -> Distress | None:
    guards: list[tuple[int, int]] | None = None
    for phrase in block.phrases:
        for start, end in phrase.matches(reading):
            if guards is None:
                own = [span for guard in block.guards for span in guard.matches(reading)]
                guards = everywhere + own
            if not _touched(start, end, guards):
                first, last = reading.words[start], reading.words[end - 1]
                where = (first.start, last.end)
                return Distress(block.situation, block.language, *where, phrase.source)
    return None


def _touched(start: int, end: int, guards: list[tuple[int, int]]) -> bool:
    return any(start < guard_end and guard_start < end for guard_start, guard_end in guards)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DistressDetector(GraphComponent):
    """Sets the intent `urgence` and the entity `situation`, whatever was understood before.

    Last in the pipeline. The entity `langue` follows the words that were recognised, unless the
    language of the whole message is already known.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to configure: the files of `data/` say everything."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DistressDetector:
        """Read the grammar from `data/`, at every start."""
        return cls(DistressGrammar())

    def __init__(self, grammar: DistressGrammar) -> None:
        self._grammar = grammar

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark the messages that state a distress."""
        for message in messages:
            text = message.get(TEXT)
            distress = self._grammar.hear(text) if text else None
            if distress:
                _mark(message, distress, self._grammar.languages)
        return messages


def _mark(message: Message, distress: Distress, answered: set[str]) -> None:
    """Write the distress in the message; `answered` are the languages we can answer in."""
    intent = {"name": "urgence", "confidence": 1.0}
    ranking = [i for i in message.get(INTENT_RANKING_KEY, []) if i["name"] != intent["name"]]
    entities = [
        entity
        for entity in message.get(ENTITIES, [])
        if entity["entity"] != "langue" or entity["value"] in answered
    ]
    where = {
        "start": distress.start,
        "end": distress.end,
        "confidence_entity": 1.0,
        "extractor": "DistressDetector",
    }
    entities.append({"entity": "situation", "value": distress.situation, **where})
    if not any(e["entity"] == "langue" for e in entities):
        entities.append({"entity": "langue", "value": distress.language, **where})
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *ranking], add_to_output=True)
    message.set(ENTITIES, entities, add_to_output=True)
