"""The Rasa component that reads the places of each message."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.tokenizer import PLACE_SPANS
from bot.places.gazetteer import load_gazetteer
from bot.places.reading import PlaceReading, read_places

PROCESSES, AT_ONCE = 2, 1_000  # of training sentences


# Rasa runs only tokenizers and featurizers on training sentences.
@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
)
class PlaceExtractor(GraphComponent, EntityExtractorMixin):
    """Sets the entities of the place wanted, and the characters of every place named.

    Entities: `code_insee` and `commune` (one town), or `communes_possibles` (a list of INSEE
    codes, best first), or `departement` (its code); beside a town, `ancienne_commune` (the one
    named, which is now a part of it). Message data `place_spans`: pairs `[start, end)`.
    Covered départements come from JALON_DEPARTEMENTS, read when loaded.
    """

    def __init__(self) -> None:
        self._gazetteer = load_gazetteer()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlaceExtractor:
        """Build the component: there is nothing to configure or learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the places of each message."""
        for message in messages:
            reading = read_places(message.get(TEXT) or "", self._gazetteer)
            message.set(PLACE_SPANS, _spans(reading))
            entities = message.get(ENTITIES, []) + _entities(reading)
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Mark the places of training sentences, so that no need learns from a town's name."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        texts = [message.get(TEXT) for message in messages]
        with ProcessPoolExecutor(PROCESSES) as pool:
            read = pool.map(_spans_in, texts, chunksize=AT_ONCE)
            for message, spans in zip(messages, read, strict=True):
                message.set(PLACE_SPANS, spans)
        return training_data


def _spans_in(text: str) -> list[list[int]]:
    return _spans(read_places(text, load_gazetteer()))


def _spans(reading: PlaceReading) -> list[list[int]]:
    return [list(span) for span in reading.spans]


def _entities(reading: PlaceReading) -> list[dict[str, Any]]:
    values: dict[str, Any] = {
        "code_insee": reading.code_insee,
        "commune": reading.commune,
        "communes_possibles": list(reading.possible),
        "departement": reading.departement,
        "ancienne_commune": reading.former,
    }
    return [
        {
            "entity": entity,
            "value": value,
            "start": reading.start,
            "end": reading.end,
            "confidence_entity": reading.confidence,
            "extractor": PlaceExtractor.__name__,
        }
        for entity, value in values.items()
        if value
    ]
