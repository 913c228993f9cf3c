"""An unsure message stays in the subject under way; a sure one, or one that opens, does not."""

from __future__ import annotations

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
        ("humain_ecoute", {"humain_ecoute": 0.4, "repondre": 0.15}, "repondre"),
        ("humain", {"humain": 0.5, "francais_conversation": 0.2}, "francais_conversation"),
        ("hors_sujet", {"hors_sujet": 0.5, "detail": 0.2}, "detail"),
        ("nlu_fallback", {"formation": 0.45, "francais": 0.4}, "francais"),
        ("formation", {"formation": 0.7, "francais": 0.1}, "formation"),
        ("formation", {"formation": 0.85, "francais": 0.3}, "formation"),
        ("francais", {"francais": 0.5, "detail": 0.2}, "francais"),
        ("nier", {"nier": 0.5, "repondre": 0.3}, "nier"),
        ("nlu_fallback", {"garde_enfants": 0.3, "francais": 0.05}, "nlu_fallback"),
    ],
)
def test_under_french_courses(intent, likely, meant):
    assert in_context(under("francais", intent, likely, ("un", "deux"))).intent == meant


def test_nothing_changes_where_no_need_is_under_way():
    said = under(None, "humain_ecoute", {"humain_ecoute": 0.4, "repondre": 0.15})
    assert in_context(said) is said


def test_a_question_on_places_needs_places():
    said = under("francais", "hors_sujet", {"hors_sujet": 0.5, "detail": 0.2})
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
