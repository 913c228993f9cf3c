"""What a message means after an answer, learnt from sentences with the answer that they follow."""

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifier import NeedModels, train
from bot.components.follow_ups import FollowUpModel, answer_before, learn
from bot.components.linear import Reading
from bot.intents import ANSWERS

ALONE = {"francais": 0.7, "detail": 0.2, "formation": 0.1}
SENTENCES = [
    ("on parle quelles langues là", "detail", "francais"),
    ("ils parlent ma langue", "detail", "francais"),
    ("quelles langues ils parlent", "detail", "garde_enfants"),
    ("je veux parler français", "francais", "garde_enfants"),
    ("moi c'est parler français que je veux", "francais", "garde_enfants"),
    ("et le français", "francais", "info_rsa"),
    ("à stains", "donner_commune", "commune"),
    ("je suis à stains", "donner_commune", "commune"),
    ("stains", "donner_commune", "commune"),
]


def reading(*texts: str) -> Reading:
    words = [text.replace("'", "' ").split() for text in texts]
    return Reading(np.zeros((len(words), 512), np.float32), words)


@pytest.fixture(scope="module")
def model() -> FollowUpModel:
    texts, intents, kinds = (list(each) for each in zip(*SENTENCES, strict=True))
    return learn(reading(*texts), intents, kinds, [ALONE] * len(texts))


def first(model: FollowUpModel, text: str, kind: str) -> str:
    return next(iter(model.after(reading(text), [ALONE])[0][kind]))


def test_every_kind_of_answer_has_its_reading(model):
    assert set(model.after(reading("et le prix"), [ALONE])[0]) == set(ANSWERS)


def test_an_answer_changes_what_is_meant(model):
    assert max(ALONE, key=ALONE.__getitem__) == "francais"
    assert first(model, "ils parlent quelles langues", "francais") == "detail"


def test_the_kind_of_answer_counts(model):
    found = model.after(reading("drancy"), [ALONE])[0]
    assert found["commune"]["donner_commune"] > found["francais"].get("donner_commune", 0)


def test_what_is_read_alone_counts(model):
    unknown = reading("zzz")
    courses, work = {"francais": 0.99}, {"detail": 0.99}
    found = model.after(unknown, [courses])[0]["humain"], model.after(unknown, [work])[0]["humain"]
    assert found[0]["francais"] > found[1].get("francais", 0)


def test_the_models_are_read_as_they_were_written(model, tmp_path):
    texts = [text for text, _, _ in SENTENCES]
    alone = train(reading(*texts), [intent for _, intent, _ in SENTENCES], 30.0)
    NeedModels(alone, model).write(tmp_path)
    read = NeedModels.read(tmp_path)
    asked = reading("ils parlent français")
    assert read.alone.probabilities(asked) == pytest.approx(alone.probabilities(asked), abs=0.01)
    assert read.after.after(asked, [ALONE])[0].keys() == model.after(asked, [ALONE])[0].keys()


def test_without_sentences_that_follow_an_answer_there_is_no_such_model(tmp_path):
    texts = [text for text, _, _ in SENTENCES]
    alone = train(reading(*texts), [intent for _, intent, _ in SENTENCES], 30.0)
    NeedModels(alone, None).write(tmp_path)
    assert NeedModels.read(tmp_path).after is None


def test_a_training_sentence_tells_the_answer_that_it_follows():
    follows = Message({TEXT: "et le prix", "metadata": {"intent": {"apres": "francais"}}})
    assert answer_before(follows) == "francais"
    assert answer_before(Message({TEXT: "un cours de français"})) is None
