"""A message is encoded once, and its clauses from it."""

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import encoder
from bot.components.clauses import ClauseSplitter
from bot.components.encoder import SentenceEncoder
from bot.components.tokenizer import FrenchTokenizer

TOKENIZER = FrenchTokenizer(FrenchTokenizer.get_default_config())


@pytest.fixture(scope="module")
def component(tmp_path_factory):
    """An encoder that was trained: some pieces of the messages below are usual, others are not."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    arguments = (
        SentenceEncoder.get_default_config(),
        storage,
        Resource("encoder"),
        ExecutionContext(None, node_name="test"),
    )
    messages = TOKENIZER.process([Message({TEXT: "je cherche une crèche pour un atelier"})])
    SentenceEncoder.create(*arguments).train(TrainingData(training_examples=messages))
    return SentenceEncoder.load(*arguments)


def vector(message: Message) -> np.ndarray:
    return message.get_dense_features(TEXT)[1].features[0]


@pytest.mark.parametrize(
    "text",
    [
        "je cherche une crèche pour ma fille",
        "slt jcherche du taf ds le nettoyage !!!",
        "أريد تعلم الفرنسية",
        "我想学法语",
        "½ tarif … 😂 ok",
        pytest.param("mot " * 300, id="three hundred words"),
        "x",
    ],
)
def test_a_message_has_the_vector_that_the_package_gives(component, text):
    (message,) = TOKENIZER.process([Message({TEXT: text})])
    component.process([message])
    expected = encoder.encoder().encode(" ".join(encoder._words(message)))
    np.testing.assert_allclose(vector(message), expected, atol=1e-5)


def test_a_clause_is_encoded_close_to_what_it_says_alone(component):
    text = "je cherche une crèche pour ma fille et aussi un atelier d'informatique"
    messages = TOKENIZER.process([Message({TEXT: text})])
    _, nursery, workshop = component.process(ClauseSplitter().process(messages))
    alone = [encoder.encoder().encode(clause.get(TEXT)) for clause in (nursery, workshop)]
    for clause, own, other in ((nursery, *alone), (workshop, *alone[::-1])):
        assert vector(clause) @ own > 0.8 > vector(clause) @ other


def test_training_gives_the_same_vectors_whatever_the_number_of_processes(component, monkeypatch):
    found = []
    for processes in (1, 2):
        monkeypatch.setattr(encoder, "PROCESSES", processes)
        monkeypatch.setattr(encoder, "AT_ONCE", 2)
        texts = ("bonjour", "je cherche un emploi", "où est mon agence", "", "merci beaucoup")
        messages = TOKENIZER.process([Message({TEXT: text}) for text in texts])
        component.process_training_data(TrainingData(training_examples=messages))
        found.append(np.stack([vector(message) for message in messages if message.get(TEXT)]))
    np.testing.assert_array_equal(*found)
