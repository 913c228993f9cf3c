"""Tell in which language a message is written, when it is sure.

Writing systems say it alone; languages written in Latin letters are told apart by their most
common words (`data/langues.yml`). A French message, however it is spelled, must never be taken
for another language: in doubt nothing is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.phrases import without_accents
from bot.tables import read_yaml

DATA = Path(__file__).parents[2] / "data"
FRENCH = "fr"
ENOUGH = 2  # words that only this language has
FOREIGN_MARGIN = 3  # times more words of its own than French has
SHARE = 0.6  # of the letters, for a writing system to decide

_LETTERS = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"[^\W\d_]+")


class LanguageGuesser:
    """Recognises the languages described in `data/langues.yml`."""

    def __init__(self, folder: Path = DATA) -> None:
        data = read_yaml(folder / "langues.yml")
        self._scripts: dict[str, str] = data["ecritures"]
        self._letters = {language: set(letters) for language, letters in data["lettres"].items()}
        self._words = {
            language: {without_accents(word) for word in words.split()}
            for language, words in data["mots"].items()
        }

    def guess(self, text: str) -> str | None:
        """Return the language of a message (ISO 639-1), or None when it is not sure."""
        letters = _LETTERS.findall(text.lower())
        if not letters:
            return None
        scripts = Counter(map(_script, letters))
        script, count = scripts.most_common(1)[0]
        if script != "LATIN":
            return self._of_script(script, letters) if count >= SHARE * len(letters) else None
        return self._of_words([without_accents(word) for word in _WORDS.findall(text)])

    def _of_script(self, script: str, letters: list[str]) -> str | None:
        if script not in self._scripts:
            return None
        for language, own in self._letters.items():
            if own.intersection(letters):
                return language
        return self._scripts[script]

    def _of_words(self, words: list[str]) -> str | None:
        known = {
            language: [word for word in words if word in vocabulary]
            for language, vocabulary in self._words.items()
        }
        best = max(known, key=lambda language: len(known[language]))
        for other in known:
            if other != best and not self._beats(known, best, other):
                return None
        return best

    def _beats(self, known: dict[str, list[str]], language: str, other: str) -> bool:
        own = sum(word not in self._words[other] for word in known[language])
        theirs = sum(word not in self._words[language] for word in known[other])
        if other == FRENCH:
            return own >= ENOUGH and own >= FOREIGN_MARGIN * theirs
        if language == FRENCH:
            return own >= ENOUGH and own > theirs
        return own > theirs


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Adds the entity `langue` (ISO 639-1, French included) when the language is sure."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to configure: `data/langues.yml` says everything."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Read `data/langues.yml`, at every start."""
        return cls(LanguageGuesser())

    def __init__(self, guesser: LanguageGuesser) -> None:
        self._guesser = guesser

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the language to the messages whose language is sure."""
        for message in messages:
            text = message.get(TEXT)
            language = self._guesser.guess(text) if text else None
            if language:
                entity = {
                    "entity": "langue",
                    "value": language,
                    "start": 0,
                    "end": len(text),
                    "confidence_entity": 1.0,
                    "extractor": "LanguageDetector",
                }
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages
