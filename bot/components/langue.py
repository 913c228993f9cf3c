"""Tell in which language a message is written, when it is sure.

Writing systems say it alone, or with a letter or a word that only one of their languages has.
Languages written in Latin letters are told apart by their most common words, and by a few letters
(`data/langues.yml`). A French message, however it is spelled, must never be taken for another
language: in doubt nothing is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
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
LONG_WORD = 4  # letters: a shorter word is not enough alone
SHARE = 0.6  # of the letters, for a writing system to decide

_LETTERS = re.compile(r"[^\W\d_]")
# Arabic in Latin letters writes with digits the sounds that they lack: « 3andi », « wa7ed ».
_WORDS = re.compile(r"[379]?[^\W\d_]+(?:[379]+[^\W\d_]*)*")


class LanguageGuesser:
    """Recognises the languages described in `data/langues.yml`."""

    def __init__(self, folder: Path = DATA) -> None:
        data = read_yaml(folder / "langues.yml")
        self._scripts: dict[str, str] = data["ecritures"]
        self._letters = {
            language: re.compile("|".join(letters.split()))
            for language, letters in data["lettres"].items()
        }
        self._latin_letters = {
            language: re.compile("|".join(letters.split()))
            for language, letters in data["lettres_latines"].items()
        }
        self._own_words = {
            language: _words(words) for language, words in data["mots_propres"].items()
        }
        self._languages: dict[str, set[str]] = {}
        for language, words in data["mots"].items():
            for word in _words(words):
                self._languages.setdefault(word, set()).add(language)

    def guess(self, text: str) -> str | None:
        """Return the language of a message (ISO 639-1), or None when it is not sure."""
        text = text.lower()
        letters = Counter(_LETTERS.findall(text))
        if not letters:
            return None
        scripts: Counter[str] = Counter()
        for letter, times in letters.items():
            scripts[_script(letter)] += times
        script, count = scripts.most_common(1)[0]
        words = [without_accents(word) for word in _WORDS.findall(text)]
        if script == "LATIN":
            return self._of_words(text, words)
        if count < SHARE * sum(letters.values()):
            return None
        return self._of_script(script, text, words)

    def _of_script(self, script: str, text: str, words: list[str]) -> str | None:
        if script not in self._scripts:
            return None
        for language, own in self._letters.items():
            if own.search(text) or not self._own_words.get(language, set()).isdisjoint(words):
                return language
        return self._scripts[script]

    def _of_words(self, text: str, words: list[str]) -> str | None:
        known = [self._languages[word] for word in words if word in self._languages]
        if not text.isascii():
            for language, letters in self._latin_letters.items():
                known += [{language}] * len(letters.findall(text))
        counts = Counter(language for languages in known for language in languages)
        if not counts:
            return None
        best = max(counts, key=lambda language: counts[language])
        shared = Counter(
            language for languages in known if best in languages for language in languages
        )
        enough = self._enough(best, words)
        for other in {*counts, FRENCH} - {best}:
            own, theirs = counts[best] - shared[other], counts[other] - shared[other]
            if not _is_clear(best, own, other, theirs, enough):
                return None
        return best

    def _enough(self, language: str, words: list[str]) -> int:
        """One word is enough when nothing else in the message is unknown to this language."""
        languages = [self._languages.get(word, set()) for word in words]
        only_this = all(language in each for each in languages)
        telling = (
            len(word) >= LONG_WORD and FRENCH not in each
            for word, each in zip(words, languages, strict=True)
        )
        return 1 if only_this and any(telling) else ENOUGH


def _is_clear(language: str, own: int, other: str, theirs: int, enough: int) -> bool:
    """Whether the words that only one of these two languages has leave no doubt."""
    if other == FRENCH:
        return own >= enough and own >= FOREIGN_MARGIN * theirs
    if language == FRENCH:
        return own >= ENOUGH and own > theirs
    return own > theirs


def _words(words: str) -> set[str]:
    return {without_accents(word) for word in words.split()}


@lru_cache(maxsize=4096)
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
