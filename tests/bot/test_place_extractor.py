"""What the component of the pipeline leaves on a message."""

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.places import PlaceExtractor


@pytest.fixture(scope="module")
def extractor():
    return PlaceExtractor.create({}, None, None, None)


def entities_of(extractor, text):
    (message,) = extractor.process([Message(data={"text": text})])
    return {entity["entity"]: entity for entity in message.get("entities")}


def test_the_town_wanted_gives_its_code_and_its_name(extractor):
    entities = entities_of(extractor, "une crèche à Bondy")
    assert entities["code_insee"]["value"] == "93010"
    assert entities["commune"]["value"] == "Bondy"
    assert (entities["code_insee"]["start"], entities["code_insee"]["end"]) == (13, 18)
    assert entities["code_insee"]["extractor"] == "PlaceExtractor"


def test_an_ambiguous_town_gives_the_possible_ones_and_no_code(extractor):
    entities = entities_of(extractor, "noisy")
    assert set(entities) == {"communes_possibles"}
    assert entities["communes_possibles"]["value"] == ["93051", "93053"]


def test_a_departement_alone_gives_its_code(extractor):
    assert entities_of(extractor, "en Seine-Saint-Denis")["departement"]["value"] == "93"


def test_a_message_without_place_or_text_gives_nothing(extractor):
    assert entities_of(extractor, "je veux apprendre à lire") == {}
    (message,) = extractor.process([Message(data={})])
    assert message.get("entities") == []


def test_entities_already_on_the_message_are_kept(extractor):
    kept = {"entity": "numero", "value": "2", "start": 0, "end": 1}
    (message,) = extractor.process([Message(data={"text": "2 à Gap", "entities": [kept]})])
    assert kept in message.get("entities")
    assert len(message.get("entities")) == 3


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("un cours à pierrefitte", "Pierrefitte-sur-Seine"),
        ("pierefite sur seine", "Pierrefitte-sur-Seine"),
        ("un cours à Saint-Denis", None),
        ("une crèche à Évry", None),  # a short name of today's commune
    ],
)
def test_a_commune_that_joined_another_is_told_beside_it(extractor, text, former):
    told = entities_of(extractor, text).get("ancienne_commune")
    assert (told and told["value"]) == former


def test_places_of_training_sentences_are_marked_but_give_no_entity(extractor):
    example = Message(data={"text": "cours à Bobigny", "intent": "francais"})
    extractor.process_training_data(TrainingData([example]))
    assert example.get("place_spans") == [[6, 15]]
    assert not example.get("entities")
