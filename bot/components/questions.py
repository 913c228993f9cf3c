"""What is said of the places shown: their price is asked, they were tried, they are too far…

The training sentences of the intents `detail` and `repondre` say it by their response key
(`detail/frais`, `repondre/essaye`). It is learnt apart from the intents: whether a message is said
of places depends on what was shown, and the actions decide it.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax

from bot.components.classifier import PROBABILITIES
from bot.components.clauses import CLAUSE, Clause
from bot.components.linear import (
    LinearComponent,
    LinearModel,
    Reading,
    features,
    numbered,
    solved,
)
from bot.components.ngrams import vocabularies

QUESTION, FACT = "detail", "repondre"
UNKNOWN = "autre"  # the field of a question that is none of the others
NOTHING = ""  # the key of what says nothing of places, or nothing that has an answer
SAID_OF_PLACES = (QUESTION, "pourquoi", FACT, "nier", "plus")
# Probability from which a message may be said of the places shown: the actions, which know whether
# there are some, decide.
LIKELY = 0.0002
ASKED = "demandes"  # in a message's data: the fields that it asks, at most two
SURE = 0.4  # probability from which a field is asked
# … by a clause, when another clause asks something else; and by the whole message then.
SURE_OF_TWO, LEAST_OF_TWO = 0.5, 0.1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class QuestionReader(LinearComponent):
    """Sets `demandes` on each message: the fields of places that it asks, if it is a question.

    Runs while the clauses of messages are among them: « c'est combien et comment on s'inscrit ? »
    asks two things.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation`: scikit-learn's `C`, larger for less regularisation."""
        return {"regularisation": 10.0}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the sentences of `detail` that have a key, and from those of `repondre`."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(TEXT)
            and (example.get(INTENT_RESPONSE_KEY) or example.get(INTENT) == FACT)
        ]
        keys = [_key(example) for example in examples]
        return self._keep(learn(Reading.of(examples), keys, self._config["regularisation"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the messages that may be said of places, and the clauses that are among them."""
        rows = [row for row, message in enumerate(messages) if _may_be_said_of_places(message)]
        if not rows:
            return messages
        found = softmax(self._model.scores(Reading.of([messages[row] for row in rows])), axis=1)
        best = dict(zip(rows, (self._model.labels[at] for at in found.argmax(axis=1)), strict=True))
        sure = dict(zip(rows, found.max(axis=1), strict=True))
        parts: dict[int, list[str]] = {}
        for row in rows:
            message, clause = messages[row], messages[row].get(CLAUSE)
            if sure[row] >= SURE and best[row]:
                message.set(ASKED, [_field(best[row])])
            if clause and sure[row] >= SURE_OF_TWO and not _goes_on(clause, messages):
                parts.setdefault(clause.message, []).append(best[row])
        for whole, said in parts.items():
            asked = [_field(key) for key in dict.fromkeys(said) if key.startswith(f"{QUESTION}/")]
            alone = len(asked) == 1 and not messages[whole].get(ASKED)  # « c'est cher ? j'ai… »
            both = len(asked) == 2 and NOTHING not in said
            if alone or both:
                messages[whole].set(ASKED, asked)
        return messages


def _may_be_said_of_places(message: Message) -> bool:
    probabilities = message.get(PROBABILITIES)
    return max(probabilities.get(intent, 0) for intent in SAID_OF_PLACES) >= LIKELY


def _goes_on(clause: Clause, messages: list[Message]) -> bool:
    """« ils donnent aussi | des téléphones »: the end of what comes before."""
    before = messages[clause.message].get(TEXT)[: clause.start]
    return before.rstrip().casefold().endswith("aussi")


def learn(reading: Reading, keys: list[str], regularisation: float) -> LinearModel:
    """Fit a model of these keys: `detail/frais`, `repondre/essaye`, or nothing."""
    names, columns = numbered(keys)
    known = vocabularies(reading.words)
    weights = solved(features(known, reading), columns, regularisation)
    return LinearModel(names, known, weights)


def _key(example: Message) -> str:
    key = example.get(INTENT_RESPONSE_KEY)
    return NOTHING if key is None or key == f"{QUESTION}/{UNKNOWN}" else str(key)


def _field(key: str) -> str:
    return key.split("/", 1)[1]
