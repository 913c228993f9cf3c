"""What a message means after an answer: what the bot learnt of it, but for what a rule read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from invented import place, turn

from actions import suite
from actions.context import in_context
from actions.conversation import Choice, Display, Turn

COURSES, ASKED_TOWN = "francais", "commune"


def under(theme: str | None, intent: str, after: dict[str, dict[str, float]], **changes) -> Turn:
    """A message of this intent when read alone, under places shown for this need."""
    shown = Display(changes.pop("results", ("un", "deux")), theme=theme).to_slot()
    slots = {"affichage": shown, **changes.pop("slots", {})}
    entities = {"apres": after, **changes.pop("entities", {})}
    known = {"confidence": 0.6, "text": "le soir c'est possible ?", **changes}
    return turn(intent=intent, slots=slots, entities=entities, **known)


@pytest.mark.parametrize(
    ("alone", "after", "meant"),
    [
        ("humain_ecoute", {"repondre": 0.6, "humain": 0.3}, "repondre"),
        ("hors_sujet", {"detail": 0.9}, "detail"),
        ("garde_enfants", {"garde_enfants": 0.7, "detail": 0.2}, "garde_enfants"),
        ("nlu_fallback", {"francais_conversation": 0.4}, "francais_conversation"),
        ("plainte", {"si_complet": 0.8}, "si_complet"),
        ("detail", {}, "detail"),
    ],
)
def test_what_was_learnt_of_messages_under_courses_is_meant(alone, after, meant):
    said = in_context(under(COURSES, alone, {COURSES: after, "agence": {"merci": 1.0}}))
    assert said.intent == meant


def test_a_finer_need_read_alone_stays():
    said = under(COURSES, "francais_diplome", {COURSES: {"francais": 0.9}})
    assert in_context(said) is said


def test_what_a_rule_read_stays():
    said = under(COURSES, "choisir", {COURSES: {"detail": 0.9}}, confidence=1.0)
    assert in_context(said) is said


def test_what_is_about_the_courses_leaves_them_under_way():
    said = under(COURSES, "garde_enfants", {COURSES: {"detail": 0.9}})
    assert in_context(said.with_slots(theme="garde_enfants")).theme == COURSES


def test_a_town_in_answer_to_the_question_is_the_town_whatever_else_is_said():
    said = under(
        COURSES,
        "agence",
        {ASKED_TOWN: {"a_qui": 0.6, "detail": 0.3}},
        results=(),
        slots={"question": "commune"},
        entities={"code_insee": "93050"},
    )
    assert in_context(said).intent == "donner_commune"


def test_a_word_that_is_no_known_town_is_not_taken_for_one():
    after = {ASKED_TOWN: {"donner_commune": 0.9, "reformuler": 0.05}}
    said = under(COURSES, "nlu_fallback", after, results=(), slots={"question": "commune"})
    assert in_context(said) is said


def test_a_need_told_with_the_rule_it_changes_is_offered():
    said = under("info_rsa", "garde_enfants", {"info_rsa": {"info_rsa_heures_reduites": 0.6}})
    meant = in_context(replace(said, confidence=0.9))
    assert meant.intent == "info_rsa_heures_reduites"
    assert meant.entities["autre_theme"] == "garde_enfants"


def test_the_need_that_was_offered_is_accepted():
    said = under(COURSES, "garde_enfants", {COURSES: {"repondre": 0.9}})
    offered = said.with_slots(autre_theme="garde_enfants_creche")
    assert in_context(offered).intent == "garde_enfants"


def test_nothing_changes_where_no_need_is_under_way():
    said = under(None, "humain_ecoute", {COURSES: {"repondre": 0.9}})
    assert in_context(said) is said


def test_a_choice_is_what_it_is():
    said = under(COURSES, "humain", {COURSES: {"merci": 1.0}}, text="/humain")
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
