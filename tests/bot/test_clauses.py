"""What a message asks, refuses and only tells, clause by clause."""

import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.clauses import CLAUSE, ClauseSplitter, Role
from bot.components.tokenizer import FrenchTokenizer

TOKENIZER = FrenchTokenizer(FrenchTokenizer.get_default_config())


def clauses(text: str) -> dict[str, Role]:
    """Each clause of a message and what it does; nothing for a message of one piece."""
    message = Message({TEXT: text})
    TOKENIZER.process([message])
    _, *found = ClauseSplitter().process([message])
    assert all(clause.get(TOKENS_NAMES[TEXT]) for clause in found)
    return {clause.get(TEXT): clause.get(CLAUSE).role for clause in found}


def refused(text: str) -> list[str]:
    """The clauses of a message that say what is not wanted."""
    return [clause for clause, role in clauses(text).items() if role is Role.REFUSED]


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("je veux pas de stage, juste des leçons de français", "je veux pas de stage"),
        ("un boulot, non, une formation", "un boulot"),
        ("une crèche, euh non, plutôt une nounou", "une crèche"),
        ("un vrai travail pas une formation", "pas une formation"),
        ("un atelier d'ordinateur au lieu d'un cours", "un cours"),
        ("oubliez la formation, je veux un boulot", "oubliez la formation"),
        ("ne me parlez pas de stage, je veux travailler", "ne me parlez pas de stage"),
        ("c est pas un stage que je cherche, c est un emploi", "c est pas un stage que je cherche"),
        ("les leçons de français non merci, un emploi", "les leçons de français non merci"),
        ("i don't want a course, i need a job", "i don't want a course"),
        ("no quiero un curso, quiero trabajar", "no quiero un curso"),
    ],
)
def test_what_is_not_wanted_is_refused(text, unwanted):
    assert refused(text) == [unwanted]


@pytest.mark.parametrize(
    "text",
    [
        "j'ai oublié de faire ma déclaration",
        "mot de passe oublié, je fais comment",
        "oublié mon code, je fais comment",
        "est-il ouvert à ceux qui ne parlent pas français, et quand ?",
        "tu peux m'aider, non ?",
        "mon fils a 3 ans, non scolarisé, je cherche une crèche",
        "j'ai pas d'ordinateur, je fais comment",
        "je ne veux pas rater mon rendez-vous, qui garde ma fille",
    ],
)
def test_a_lack_or_a_fact_refuses_nothing(text):
    assert refused(text) == []


def test_two_needs_are_two_clauses_that_ask():
    assert clauses("je cherche une crèche et aussi des cours de français") == {
        "je cherche une crèche": Role.ASKED,
        "des cours de français": Role.ASKED,
    }


def test_a_need_for_the_sake_of_another_depends_on_it():
    found = clauses("une nounou pendant mon cours de français")
    assert found == {"une nounou": Role.ASKED, "mon cours de français": Role.DEPENDENT}


def test_a_message_of_one_piece_has_no_clause():
    assert clauses("je cherche une crèche") == {}


def test_a_wish_opens_a_clause_where_nothing_is_punctuated():
    assert list(clauses("je peux pas payer la nounou je veux du travail")) == [
        "je peux pas payer la nounou",
        "je veux du travail",
    ]


@pytest.mark.parametrize("text", ["le métier que je veux apprendre", "dites moi si je veux un job"])
def test_a_wish_that_depends_on_what_comes_before_opens_nothing(text):
    assert clauses(text) == {}
