"""Hear distress: no roof tonight, hunger, violence, suicide, an emergency…

What is heard is written in `data/urgence.yml` and `data/urgence_langues.yml`; what is answered in
`bot/domain/urgence.yml`. An edited file works at the next start. What no phrase says, the
classifier may have learnt (`data/nlu/urgence.yml`): then the situation is the likeliest of its
intents `urgence_<situation>`. A French phrase is set aside where the classifier is almost certain
that the message is an ordinary one (« employé de pompes funèbres, la mort ne me fait pas peur »),
unless one of its clauses, alone, is a likely distress, or the phrase always counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.acts import ACT
from bot.components.classifier import PROBABILITIES
from bot.components.needs import PARTS
from bot.components.phrases import Grammar, Phrase, PhraseSet, Reading, Span
from bot.intents import CRY, split_intent
from bot.tables import read_yaml

DATA = Path(__file__).parents[2] / "data"
FRENCH = "fr"
UNCLEAR = "detresse"
# Probabilities; measured, see docs/understanding.md.
CLEAR = 0.7  # from which the situation learnt says more than « strong distress »
DOUBT = 0.12  # of distress, from which a message is one, whatever else is likelier
SHORT_DOUBT = 0.5  # the same for a short message, of which little is known
INSTEAD = 0.2  # of what comes next, for a short message to be that rather than an unsure distress
SHORT = 8  # words, under which a message is short
ORDINARY = 0.015  # of distress, under which a message with a phrase may be an ordinary one…
LIKELY = 0.8  # … unless a clause of it has so much
FEW = 4  # words, under which a phrase is the message: « 3919 »
ALWAYS = "!"  # ends a phrase that counts whatever was learnt
# Probability of distress under which one that was heard is in doubt: what else the message may ask
# is answered too. In a short message, of which little is known; with a phrase, which says more, in
# a message long enough to hold something else.
SURE, SURE_WHEN_SHORT, SURE_WITH_A_PHRASE = 0.5, 0.8, 0.05
IN_DOUBT, DOUBTED_AS_SHORT = "oui", "court"  # the entity `doute`
DISTRESS = "detresse"  # in what is understood of a message: how likely a distress is


@dataclass(frozen=True)
class Block:
    """Phrases of one situation in one language, and what cancels those it touches."""

    situation: str
    language: str
    phrases: list[Phrase]
    guards: list[Phrase]
    certain: frozenset[str] = frozenset()  # sources of the phrases that always count


@dataclass(frozen=True)
class Distress:
    """What was heard: the situation, the language (ISO 639-1), and where (characters).

    `phrase` is what was recognised, if any; `sureness` the probability of what was learnt;
    `certain` whether the phrase counts whatever was learnt.
    """

    situation: str
    language: str
    start: int
    end: int
    phrase: str = ""
    sureness: float = 1.0
    certain: bool = False


VIOLENCE = ("violence", "violence_immediate", "violence_silence")


class DistressGrammar:
    """Every phrase of distress, the gravest situation first.

    `languages` are those (ISO 639-1) in which distress is heard, and answered.
    """

    def __init__(self, folder: Path = DATA) -> None:
        french = read_yaml(folder / "urgence.yml")
        foreign = read_yaml(folder / "urgence_langues.yml")
        self.languages = {FRENCH}.union(*foreign.values())
        self._grammar = Grammar(french)
        self._never = self._compile(french["jamais"])
        self._blocks: list[Block] = []
        for situation, written in french["situations"].items():
            self._blocks += [self._french(situation, each) for each in written]
            self._blocks += [
                Block(situation, language, self._compile(phrases, is_french=False), [])
                for language, phrases in foreign.get(situation, {}).items()
            ]
        self._phrases = [
            (number, phrase)
            for number, block in enumerate(self._blocks)
            for phrase in block.phrases
        ]
        self._searched = PhraseSet(phrase for _, phrase in self._phrases)

    def hear(self, text: str) -> Distress | None:
        """Return the gravest distress that a message states, or None."""
        reading = self._grammar.read(text)
        guards: dict[int, list[Span]] = {}
        for rank, span in self._searched.matches(reading):
            number, phrase = self._phrases[rank]
            block = self._blocks[number]
            if number not in guards:
                guards[number] = _all_matches([*self._never, *block.guards], reading)
            if not _touches(span, guards[number]):
                return _distress(block, phrase, reading, span)
        return None

    def _french(self, situation: str, written: dict[str, list[str]]) -> Block:
        phrases = [line.removesuffix(ALWAYS).strip() for line in written["phrases"]]
        certain = [p for p, line in zip(phrases, written["phrases"], strict=True) if p != line]
        guards = self._compile(written.get("sauf", []))
        return Block(situation, FRENCH, self._compile(phrases), guards, frozenset(certain))

    def _compile(self, written: list[str], is_french: bool = True) -> list[Phrase]:
        return [phrase for line in written for phrase in self._grammar.compile(line, is_french)]


def _all_matches(phrases: list[Phrase], reading: Reading) -> list[Span]:
    return [span for phrase in phrases for span in phrase.matches(reading)]


def _touches(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _distress(block: Block, phrase: Phrase, reading: Reading, span: Span) -> Distress:
    start, end = reading.characters[span[0]][0], reading.characters[span[1] - 1][1]
    certain = block.language != FRENCH or phrase.source in block.certain
    return Distress(block.situation, block.language, start, end, phrase.source, certain=certain)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DistressDetector(GraphComponent):
    """Sets the intent `urgence` and the entity `situation`, whatever was understood before.

    The entity `doute` says that something else may be meant: `court` when the message is likely a
    distress, but too short to be sure.

    Last in the pipeline. A message that the classifier alone takes for distress gets a situation
    too. The entity `langue` follows the words that were recognised, unless the language of the
    whole message is already known. `detresse` is how likely a distress is for the classifier.
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
            if not text:
                continue
            found = _situations(message.get(PROBABILITIES))
            message.set(DISTRESS, sum(found.values()), add_to_output=True)
            heard = self._grammar.hear(text)
            # « le 2 », « j'ai 22 ans »: a rule read the whole of it.
            learnt = None if message.get(ACT) else _learnt(text, found)
            if heard and not heard.certain and _is_ordinary(message):
                heard = None
            if heard and not (learnt and heard.situation == UNCLEAR and learnt.sureness >= CLEAR):
                is_short = len(text.split()) < SHORT
                is_sure = is_short or message.get(DISTRESS) >= SURE_WITH_A_PHRASE
                self._mark(message, heard, "" if is_sure else IN_DOUBT)
            elif learnt:  # in doubt, it is a distress
                self._mark(message, learnt, _doubt(text, message.get(DISTRESS)))
            elif _is_distress(message.get(INTENT).get("name") or ""):  # likeliest, but not sure
                self._mark_unlikely(message)
        return messages

    def _mark_unlikely(self, message: Message) -> None:
        """« il a honte d'y aller »: more likely to be something else than a distress.

        Not in another language, of which less was learnt.
        """
        ranking = message.get(INTENT_RANKING_KEY, [])
        others = [each for each in ranking if not _is_distress(each["name"])]
        language = (e["value"] for e in message.get(ENTITIES, []) if e["entity"] == "langue")
        unlike = not others or others[0]["confidence"] < INSTEAD
        if unlike or next(language, FRENCH) != FRENCH:
            self._mark(message, Distress(UNCLEAR, FRENCH, 0, len(message.get(TEXT))), IN_DOUBT)
            return
        message.set(INTENT, dict(others[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, others, add_to_output=True)

    def _mark(self, message: Message, distress: Distress, doubt: str) -> None:
        intent = {"name": CRY, "confidence": 1.0}
        ranking = [
            each for each in message.get(INTENT_RANKING_KEY, []) if not _is_distress(each["name"])
        ]
        entities = [each for each in message.get(ENTITIES, []) if self._is_kept(each)]
        where = {
            "start": distress.start,
            "end": distress.end,
            "confidence_entity": 1.0,
            "extractor": type(self).__name__,
        }
        entities.append({"entity": "situation", "value": distress.situation, **where})
        if distress.situation in VIOLENCE:
            entities.append({"entity": "violence", "value": True, **where})
        if doubt:
            entities.append({"entity": "doute", "value": doubt, **where})
        # What was learnt says nothing of the language: the one of the messages before stays.
        if distress.phrase and not any(each["entity"] == "langue" for each in entities):
            entities.append({"entity": "langue", "value": distress.language, **where})
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *ranking], add_to_output=True)
        message.set(ENTITIES, entities, add_to_output=True)

    def _is_kept(self, entity: dict[str, Any]) -> bool:
        """Drop a language in which there is no answer: the right number matters more."""
        return entity["entity"] != "langue" or entity["value"] in self._grammar.languages


def _is_distress(intent: str) -> bool:
    return split_intent(intent)[0] == CRY


def _is_ordinary(message: Message) -> bool:
    """Whether what was learnt leaves almost no chance of a distress, in the whole nor in a part."""
    if message.get(DISTRESS) >= ORDINARY or len(message.get(TEXT).split()) < FEW:
        return False
    return all(sum(_situations(part).values()) < LIKELY for part in message.get(PARTS, []))


def _learnt(text: str, found: dict[str, float]) -> Distress | None:
    """The likeliest situation of a message that may be distress, for what the classifier learnt."""
    if sum(found.values()) < (SHORT_DOUBT if len(text.split()) < SHORT else DOUBT):
        return None
    situation = max(found, key=found.__getitem__)
    return Distress(situation, FRENCH, 0, len(text), sureness=found[situation])


def _doubt(text: str, probability: float) -> str:
    """How a distress that was learnt may be none: not, in doubt, or because it is short."""
    if probability < SURE:
        return IN_DOUBT
    is_short = len(text.split()) < SHORT
    return DOUBTED_AS_SHORT if is_short and probability < SURE_WHEN_SHORT else ""


def _situations(probabilities: dict[str, float]) -> dict[str, float]:
    """Probability of each situation."""
    return {
        split_intent(intent)[1] or UNCLEAR: probability
        for intent, probability in probabilities.items()
        if _is_distress(intent)
    }
