"""What words ask of the places shown, whatever the message may say alone."""

import pytest
from invented import turn

from actions import questions
from actions.conversation import Display, Turn


def under(theme: str, text: str, intent: str = "detail", **entities: str) -> Turn:
    """A message under two places shown for this need."""
    shown = Display(results=("a", "b"), theme=theme).to_slot()
    slots = {"theme": theme, "affichage": shown}
    return turn(text, intent, confidence=0.6, entities=entities, slots=slots)


@pytest.mark.parametrize(
    ("theme", "text", "field"),
    [
        ("francais", "Comment je fais pour m'inscrire", "acces"),
        ("francais", "quels jours ?", "horaires"),
        ("formation", "je suis trop vieux ?", "age"),
        ("formation", "jpeux avoir le rsa a mon age ?", None),
        ("formation", "à mon âge je suis déjà inscrite à France Travail", "age"),
        ("francais", "il y a une garde sur place ?", "enfant"),
        ("francais", "je peux venir avec ma fille ?", "enfant"),
        ("francais", "je peux venir avec elle ?", "accompagnant"),
        ("garde_enfants", "je peux venir avec elle ?", None),
        ("offre_partenaire", "qui je dois appeler", "telephone"),
        ("offre_partenaire", "c'est payé ?", "salaire"),
        ("francais", "c'est payé ?", None),
        ("formation", "je peux leur envoyer un mail", "courriel"),
        ("formation", "le plus près du métro", "distance"),
        ("info_rsa", "je m'inscris comment", None),
    ],
)
def test_words_ask_a_field_of_the_places_shown(theme, text, field):
    assert questions.field_by_words(under(theme, text)) == field


@pytest.mark.parametrize(
    ("theme", "text", "fields"),
    [
        ("garde_enfants", "c combien et cmt on sinscrit", ["frais", "acces"]),
        ("francais", "c'est gratuit ? et c'est quels jours ?", ["frais", "horaires"]),
        ("francais", "Ok, merci. C'est combien et c'est quels jours ?", ["frais", "horaires"]),
        ("formation", "ca dure combien et c payé ?", ["duree", "salaire"]),
        ("francais", "ça dure combien et c payé ?", ["duree", "frais"]),
        ("numerique", "horaires et adresse svp", ["horaires", "adresse"]),
        ("numerique", "les horaires", []),
        ("numerique", "c'est gratuit et je cherche aussi autre chose", []),
        ("info_rsa", "c'est combien et je m'inscris où", []),
    ],
)
def test_two_questions_in_few_words_are_both_heard(theme, text, fields):
    assert [field for _, field in questions.two_questions(under(theme, text))] == fields


def test_a_need_said_with_the_word_is_no_question_on_the_places():
    turn = under("formation", "m'inscrire à une crèche", "garde_enfants_creche")
    assert questions.field_by_words(turn) is None


@pytest.mark.parametrize(
    ("text", "read", "field"),
    [
        ("c'est cher ?", "frais", "frais"),
        ("ils aident à payer l'électricité ?", "frais", None),
        ("ils impriment des papiers ?", "demande", None),
        ("le soir", None, "horaires"),
    ],
)
def test_help_to_pay_is_no_price_and_printing_no_paper_to_bring(text, read, field):
    entities = {"champ": read} if read else {}
    assert questions.field(under("agence", text, **entities)) == field


@pytest.mark.parametrize("text", ["g le permi b", "j'ai déjà mon CV", "oui j'ai une voiture"])
def test_what_one_has_already_is_told_not_asked(text):
    assert questions.has_already(under("offre_partenaire", text))


@pytest.mark.parametrize(
    "text", ["j'ai pas le permis", "j'ai le permis mais pas de voiture", "le permis"]
)
def test_what_one_lacks_is_not_had(text):
    assert not questions.has_already(under("offre_partenaire", text))


@pytest.mark.parametrize(
    "text", ["je peux pas téléphoner", "je suis sourde", "j'ai pas de forfait"]
)
def test_who_cannot_phone_is_heard(text):
    assert questions.cannot_phone(under("agence", text))
