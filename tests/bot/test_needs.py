"""The final intent of a message, from the probabilities of the classifier."""

import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifier import INTENT_RANKING, PROBABILITIES
from bot.components.clauses import CLAUSE, Clause, Role
from bot.components.needs import HESITATION, SECOND_NEED, NeedResolver, Thresholds


@pytest.fixture(scope="module")
def resolve():
    resolver = NeedResolver(Thresholds())

    def decide(**probabilities: float) -> Message:
        ranking = [{"name": name, "confidence": p} for name, p in probabilities.items()]
        message = Message({TEXT: "…", PROBABILITIES: probabilities, INTENT_RANKING: ranking})
        return resolver.process([message])[0]

    return decide


def hesitations(message: Message) -> list[list[str]]:
    found = message.get(ENTITIES) or []
    return [entity["value"] for entity in found if entity["entity"] == HESITATION]


def test_two_needs_that_are_close_and_likely_are_both_offered(resolve):
    message = resolve(formation=0.45, offre_partenaire_emploi=0.4, hors_sujet=0.15)
    assert message.get(INTENT)["name"] == "nlu_fallback"
    assert hesitations(message) == [["formation", "offre_partenaire"]]


def test_two_needs_that_are_close_and_unlikely_are_not_offered(resolve):
    message = resolve(formation=0.26, offre_partenaire=0.25, hors_sujet=0.25, plainte=0.24)
    assert message.get(INTENT)["name"] == "nlu_fallback"
    assert hesitations(message) == []


def test_the_finer_intents_of_a_need_add_up(resolve):
    message = resolve(numerique_apprendre=0.3, numerique_demarches=0.25, formation=0.45)
    assert message.get(INTENT)["name"] == "numerique_apprendre"
    assert message.get(INTENT)["confidence"] == pytest.approx(0.55)


def test_a_message_that_is_sure_as_a_whole_is_not_decided_by_one_of_its_clauses():
    certain = {"evenement": 0.995, "offre_partenaire_emploi": 0.005}
    clause = {"offre_partenaire_emploi": 0.95, "evenement": 0.05}
    ranking = [{"name": name, "confidence": p} for name, p in certain.items()]
    text = "mon amie dit une journée avec les patrons, donner CV direct"
    whole = Message({TEXT: text, PROBABILITIES: certain, INTENT_RANKING: ranking})
    part = Message({CLAUSE: Clause(0, 43, 59, Role.ASKED), PROBABILITIES: clause})
    (message,) = NeedResolver(Thresholds()).process([whole, part])
    assert message.get(INTENT)["name"] == "evenement"
    (second,) = message.get(ENTITIES)
    assert (second["entity"], second["value"]) == (SECOND_NEED, "offre_partenaire_emploi")


def test_what_only_says_that_one_receives_the_rsa_states_no_need():
    probabilities = {"info_rsa": 0.4, "garde_enfants": 0.6}
    ranking = [{"name": name, "confidence": p} for name, p in probabilities.items()]
    text = "I have RSA and I need childcare"
    whole = Message({TEXT: text, PROBABILITIES: probabilities, INTENT_RANKING: ranking})
    parts = [
        (0, 10, "i have rsa", {"info_rsa": 0.97, "garde_enfants": 0.03}),
        (15, 31, "i need childcare", {"garde_enfants": 0.98, "info_rsa": 0.02}),
    ]
    clauses = [
        Message(
            {
                CLAUSE: Clause(0, start, end, Role.ASKED),
                PROBABILITIES: said,
                TOKENS_NAMES[TEXT]: [Token(word, 0) for word in words.split()],
            }
        )
        for start, end, words, said in parts
    ]
    (message,) = NeedResolver(Thresholds()).process([whole, *clauses])
    assert message.get(INTENT)["name"] == "garde_enfants"
    assert not message.get(ENTITIES)
