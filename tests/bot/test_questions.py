"""What a question asks of the places shown, learnt from sentences."""

import numpy as np
import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifier import PROBABILITIES
from bot.components.clauses import CLAUSE, Clause, Role
from bot.components.linear import Reading
from bot.components.questions import ASKED, QuestionReader, _key, learn

SENTENCES = {
    "detail/frais": ("c'est combien", "c'est cher", "quel prix", "c'est combien le mois"),
    "detail/acces": (
        "comment on s'inscrit",
        "je m'inscris comment",
        "pour s'inscrire",
        "inscription",
    ),
    "": ("j'ai deux enfants", "je travaille la nuit", "ma fille a deux ans", "je suis seul"),
}


def message(text: str, clause: Clause | None = None) -> Message:
    """A message, or a clause of one, as the components before leave it."""
    tokens = [Token(word, 0) for word in text.replace("'", "' ").split()]
    likely = {"detail": 0.5}
    return Message({TEXT: text, TOKENS_NAMES[TEXT]: tokens, CLAUSE: clause, PROBABILITIES: likely})


@pytest.fixture(scope="module")
def reader():
    """A reader that has learnt the sentences above, without their meaning."""
    texts = [(text, key) for key, some in SENTENCES.items() for text in some for _ in range(2)]
    words = [text.replace("'", "' ").split() for text, _ in texts]
    reading = Reading(np.zeros((len(words), 512), np.float32), words)
    model = learn(reading, [key for _, key in texts], regularisation=60.0)
    return QuestionReader(QuestionReader.get_default_config(), None, None, model)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("c'est combien ?", ["frais"]),
        ("je peux m'inscrire comment ?", ["acces"]),
        ("je suis seul avec deux enfants", []),
        ("zzz", []),
    ],
)
def test_a_question_asks_what_was_learnt(reader, text, asked):
    (read,) = reader.process([message(text)])
    assert (read.get(ASKED) or []) == asked


def test_two_clauses_ask_two_things_and_each_message_keeps_its_own(reader):
    text = "c'est combien et comment on s'inscrit"
    whole, other = message(text), message("quel prix")
    parts = [
        message("c'est combien", Clause(0, 0, 13, Role.ASKED)),
        message("comment on s'inscrit", Clause(0, 17, 37, Role.ASKED)),
    ]
    reader.process([whole, other, *parts])
    assert whole.get(ASKED) == ["frais", "acces"]
    assert other.get(ASKED) == ["frais"]


def test_what_goes_on_after_also_is_no_second_question(reader):
    text = "inscription aussi c'est combien"
    whole = message(text)
    parts = [
        message("inscription", Clause(0, 0, 11, Role.ASKED)),
        message("c'est combien", Clause(0, 18, 31, Role.ASKED)),
    ]
    reader.process([whole, *parts])
    assert len(whole.get(ASKED)) < 2


def test_what_is_likely_said_of_no_place_is_not_read(reader):
    elsewhere = message("c'est combien")
    elsewhere.set(PROBABILITIES, {"detail": 0.0001})
    reader.process([elsewhere])
    assert not elsewhere.get(ASKED)


def test_a_fact_beside_a_question_is_no_second_question(reader):
    whole = message("c'est combien, j'ai deux enfants")
    parts = [
        message("c'est combien", Clause(0, 0, 13, Role.ASKED)),
        message("j'ai deux enfants", Clause(0, 15, 32, Role.TOLD)),
    ]
    reader.process([whole, *parts])
    assert whole.get(ASKED) == ["frais"]


def test_training_sentences_say_what_they_ask_or_tell_by_their_key():
    said = ("detail/frais", "repondre/essaye", "repondre", "detail/autre")
    keys = [_key(Message.build("…", intent)) for intent in said]
    assert keys == ["detail/frais", "repondre/essaye", "", ""]
