"""What follows an answer is most often about it; a need that is added, or sure, is another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented import place, turn

from actions import suite
from actions.context import in_context
from actions.conversation import Choice, Display


def under(theme: str | None, intent: str, likely: dict[str, float], results: tuple[str, ...] = ()):
    """A message whose likeliest intents are these, under places shown for this need."""
    shown = Display(results, theme=theme).to_slot()
    return turn(
        "le soir c'est possible ?",
        intent,
        confidence=likely.get(intent, 0.6),
        likely=likely,
        slots={"affichage": shown},
    )


@pytest.mark.parametrize(
    ("intent", "likely", "meant"),
    [
        ("humain_ecoute", {"humain_ecoute": 0.9, "repondre": 0.05}, "repondre"),
        ("humain", {"humain": 0.5, "francais_conversation": 0.6}, "francais_conversation"),
        ("hors_sujet", {"hors_sujet": 0.5, "detail": 0.01}, "detail"),
        ("nlu_fallback", {"formation": 0.45, "francais": 0.4}, "francais"),
        ("garde_enfants", {"garde_enfants": 0.9, "detail": 0.02}, "detail"),
        ("garde_enfants", {"garde_enfants": 0.99, "detail": 0.001}, "garde_enfants"),
        ("formation", {"formation": 0.85, "francais": 0.05}, "formation"),
        ("francais", {"francais": 0.5, "detail": 0.002}, "francais"),
        ("francais_diplome", {"francais_diplome": 0.8, "detail": 0.1}, "francais_diplome"),
        ("nier", {"nier": 0.5, "repondre": 0.3}, "nier"),
        ("nlu_fallback", {"garde_enfants": 0.9, "francais": 0.05}, "nlu_fallback"),
    ],
)
def test_under_french_courses(intent, likely, meant):
    assert in_context(under("francais", intent, likely, ("un", "deux"))).intent == meant


@pytest.mark.parametrize(
    "text", ["et un vélo ?", "sinon du travail vous avez ?", "ok et pour mes enfants ?"]
)
def test_what_is_added_leaves_the_subject(text):
    likely = {"garde_enfants": 0.5, "detail": 0.4}
    said = replace(under("francais", "garde_enfants", likely, ("un",)), text=text)
    assert in_context(said).intent == "garde_enfants"


@pytest.mark.parametrize("text", ["et ils prennent les enfants ?", "et le 2, pour un bébé ?"])
def test_what_goes_on_stays_in_the_subject(text):
    likely = {"garde_enfants": 0.5, "detail": 0.4}
    said = replace(under("francais", "garde_enfants", likely, ("un",)), text=text)
    assert in_context(said).intent == "detail"


def test_a_need_said_with_a_town_is_searched_there():
    likely = {"garde_enfants": 0.8, "detail": 0.1}
    said = under("francais", "garde_enfants", likely, ("un",))
    assert in_context(replace(said, entities={"code_insee": "93055"})).intent == "garde_enfants"


def test_the_need_that_was_offered_is_accepted():
    likely = {"garde_enfants": 0.6, "repondre": 0.3}
    said = under("francais", "garde_enfants", likely, ("un",))
    offered = said.with_slots(autre_theme="garde_enfants_creche")
    assert in_context(offered).intent == "garde_enfants"


def test_nothing_changes_where_no_need_is_under_way():
    said = under(None, "humain_ecoute", {"humain_ecoute": 0.4, "repondre": 0.15})
    assert in_context(said) is said


def test_a_question_on_places_needs_places():
    said = under("francais", "garde_enfants", {"garde_enfants": 0.5, "detail": 0.2})
    assert in_context(said) is said


def test_a_choice_is_what_it_is():
    said = turn("/humain", "humain", confidence=0.1, likely={"humain": 0.1, "francais": 0.9})
    assert in_context(said) is said


def test_a_town_said_while_two_needs_are_offered_keeps_the_offer(directory):
    offered = (Choice("un emploi", "/offre_partenaire"), Choice("une formation", "/formation"))
    said = turn(
        "Bondy",
        "donner_commune",
        entities={"code_insee": "93010", "commune": "Bondy"},
        slots={"affichage": Display(choices=offered).to_slot()},
    )
    with directory(place("Un lieu"))() as session:
        reply = suite.answer(said, session)
    assert list(reply.choices) == list(offered)
    assert "Bondy" in reply.intro
