"""« Gratuit », « ouvert le samedi », « en fauteuil »: heard, used, kept, and never invented."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from invented import NOW, after, place, turn

from actions import conditions, services, suite, texts
from actions.directory.hours import PARIS
from actions.directory.schemas import NO_CONDITION, Conditions

SATURDAY, SUNDAY = date(2026, 11, 28), date(2026, 11, 29)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("cours de français gratuit à Bondy", Conditions(free=True)),
        ("une formation gratuite", Conditions(free=True)),
        ("je cherche un cours sans payer", Conditions(free=True)),
        ("formation à distance", Conditions(remote=True)),
        ("des cours de français en visio", Conditions(remote=True)),
        ("apprendre le français depuis chez moi", Conditions(remote=True)),
        ("un atelier informatique, je suis en fauteuil", Conditions(accessible=True)),
        ("cours accessible aux PMR", Conditions(accessible=True)),
        ("cours de français ouvert le samedi", Conditions(days=(SATURDAY,))),
        ("une crèche ouverte le lundi", Conditions(days=(NOW.date(),))),
        ("ouvert le week-end", Conditions(days=(SATURDAY, SUNDAY))),
        ("un atelier ouvert demain", Conditions(days=(date(2026, 11, 24),))),
        ("aide ordinateur, c'est ouvert maintenant ?", Conditions(now=NOW)),
        ("un cours où je peux venir avec mon bébé", Conditions(children=True)),
        ("cours gratuit, enfants acceptés", Conditions(free=True, children=True)),
    ],
)
def test_what_is_asked_of_a_place_is_heard(text, asked):
    assert conditions.read(text, NOW) == asked


@pytest.mark.parametrize(
    "text",
    [
        "pas gratuit",
        "même si c'est pas gratuit",
        "pas forcément gratuit",
        "non gratuit",
        "je ne suis pas en fauteuil",
        "un travail à distance",
        "à distance raisonnable",
        "près de chez moi",
        "démarches en ligne",
        "pas ouvert le samedi",
        "je travaille le samedi",
        "mon rendez-vous du samedi",
        "c'est ouvert à tous",
        "garde pour mon fils de 2 ans",
        "j'ai pas d'argent",
        "",
    ],
)
def test_what_is_denied_or_about_something_else_asks_nothing(text):
    assert conditions.read(text, NOW) == NO_CONDITION


def test_children_are_no_condition_of_childcare():
    said = "je peux venir avec mon bébé"
    assert conditions.read(said, NOW, about_children=True) == NO_CONDITION


def test_a_day_that_is_a_holiday_this_week_means_the_usual_one():
    friday = datetime(2026, 12, 21, 10, 0, tzinfo=PARIS)  # Christmas is a Friday
    assert conditions.read("ouvert le vendredi", friday).days == (date(2027, 1, 8),)


def test_conditions_survive_being_kept():
    asked = Conditions(free=True, days=(SATURDAY,), now=NOW)
    assert conditions.from_slot(conditions.to_slot(asked), NOW) == asked
    assert conditions.to_slot(NO_CONDITION) == {}


def answered(sessions, text, intent="francais", **changes):
    with sessions() as session:
        return services.answer(turn(text, intent, **changes), session)


FRENCH = {"thematiques": ["lecture-ecriture-calcul--maitriser-le-francais"]}


def test_a_free_course_comes_first_and_a_paid_one_is_left_out(directory):
    sessions = directory(
        place("Payant", frais="payant", **FRENCH),
        place("Muet", **FRENCH),
        place("Gratuit", frais="gratuit", **FRENCH),
    )
    reply = answered(sessions, "cours de français gratuit")
    assert [record["nom"] for record in reply.results] == ["Gratuit", "Muet"]
    assert [record["a_verifier"] for record in reply.results] == [[], ["prix non précisé"]]
    assert "prix non précisé" in reply.results[1]["raisons"]
    assert "demandez avant d'y aller" in reply.intro
    assert len(answered(sessions, "cours de français").results) == 3


def test_where_nothing_meets_the_condition_the_rest_is_shown_and_it_is_said(directory):
    sessions = directory(place("Payant", frais="payant", **FRENCH))
    reply = answered(sessions, "cours de français gratuit")
    assert [record["nom"] for record in reply.results] == ["Payant"]
    assert reply.intro.startswith(texts.CONDITIONS_NOT_MET.format(conditions="gratuit"))


def test_a_condition_said_before_the_town_still_holds_after_it(directory):
    sessions = directory(
        place("Payant", frais="payant", **FRENCH), place("Gratuit", frais="gratuit", **FRENCH)
    )
    asked = answered(sessions, "cours de français gratuit", slots={"code_insee": None})
    assert not asked.results
    kept = after(asked, "francais")
    kept["affichage"]["conditions"] = dict(asked.conditions)
    with sessions() as session:
        reply = services.answer(turn("Bondy", "donner_commune", slots=kept), session)
    assert [record["nom"] for record in reply.results] == ["Gratuit"]


def test_why_tells_what_a_place_says_of_the_condition(directory):
    sessions = directory(place("Muet", **FRENCH))
    reply = answered(sessions, "cours de français gratuit")
    shown = after(reply, "francais")
    shown["affichage"]["conditions"] = dict(reply.conditions)
    with sessions() as session:
        why = suite.answer(turn("pourquoi celui-là ?", "pourquoi", slots=shown), session)
    assert "prix non précisé" in why.intro


def test_reports_of_wrong_places_are_read_once_for_an_answer(directory, monkeypatch):
    sessions = directory(place("Muet", **FRENCH))
    read = []
    doubted = services.followup.doubted
    monkeypatch.setattr(
        services.followup, "doubted", lambda session: read.append(1) or doubted(session)
    )
    assert answered(sessions, "cours de français").results
    assert len(read) == 1
