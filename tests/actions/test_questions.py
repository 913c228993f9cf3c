"""What a message asks of the places shown: as the bot read it, and by its words."""

import re
from pathlib import Path
from typing import Any

import pytest
from invented import turn

from actions import context, questions, shown, texts
from actions.conversation import Display, Turn

ROOT = Path(__file__).parents[2]


def under(theme: str, text: str, intent: str = "detail", **entities: Any) -> Turn:
    """A message under two places shown for this need."""
    shown = Display(results=("a", "b"), theme=theme).to_slot()
    slots = {"theme": theme, "affichage": shown}
    return turn(text, intent, confidence=0.6, entities=entities, slots=slots)


@pytest.mark.parametrize(
    ("theme", "read", "fields"),
    [
        ("francais", "acces", ["acces"]),
        ("formation", ["duree", "salaire"], ["duree", "salaire"]),
        ("francais", ["frais", "salaire"], ["frais"]),
        ("francais", "salaire", ["frais"]),
        ("garde_enfants", "age", ["age_enfant"]),
        ("garde_enfants", "enfant", ["age_enfant"]),
        ("numerique", "enfant", ["enfant"]),
        ("numerique", None, []),
    ],
)
def test_what_was_read_is_asked_of_places_of_this_need(theme, read, fields):
    entities = {"champ": read} if read else {}
    assert questions.fields(under(theme, "…", **entities)) == fields


def test_a_moment_asks_for_hours_when_nothing_else_was_read():
    assert questions.field(under("agence", "et samedi ?")) == "horaires"
    assert questions.field(under("agence", "samedi c'est gratuit ?", champ="frais")) == "frais"


def test_every_field_that_sentences_teach_has_an_answer():
    written = (ROOT / "data/nlu/questions.yml").read_text("utf-8")
    taught = set(re.findall(r"^- intent: detail/(\w+)$", written, re.M))
    answered = {*texts.FIELD_UNKNOWN, *shown.WHOLE, questions.ADVICE, questions.HOW_MANY}
    assert taught - answered == {"autre"}
    told = set(re.findall(r"^- intent: repondre/(\w+)$", written, re.M))
    assert told == {context.TRIED, context.SETTLED, context.AVAILABLE, context.TRANSPORT}


def test_a_need_said_with_some_confidence_asks_nothing_of_the_places():
    assert questions.names_a_need(under("formation", "une crèche", "garde_enfants_creche"))
    assert not questions.names_a_need(under("formation", "c'est combien"))


@pytest.mark.parametrize(
    ("theme", "intent", "text", "is_there"),
    [
        ("francais", "garde_enfants", "il y a une garderie sur place pendant les cours ?", True),
        ("francais", "info_rsa", "mon rsa je le garde pendant la formation ?", False),
        ("francais", "garde_enfants", "il me faut une garderie", False),
        ("garde_enfants", "detail", "ils mangent sur place ?", False),
    ],
)
def test_a_child_kept_where_adults_go_is_asked_of_the_places(theme, intent, text, is_there):
    assert questions.is_on_the_spot(under(theme, text, intent)) is is_there


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("le plus près du métro", True), ("à côté de la basilique ?", True), ("près d'ici", False)],
)
def test_a_landmark_is_what_a_place_is_near(text, is_there):
    assert questions.names_a_landmark(under("francais", text)) is is_there


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
