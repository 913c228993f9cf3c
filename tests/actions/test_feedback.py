"""« Fermé », « mauvaise adresse », « ça existe plus »: heard, queued, believed, checked."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from invented import after, place, turn
from sqlalchemy import select

from actions import feedback, services
from actions.conversation import Display
from actions.directory import followup
from actions.directory.followup import Besoin, Signalement, exports, journal

SHOWN = {"affichage": Display(("a--service", "b--service")).to_slot(), "theme": "garde_enfants"}
ONE = {"affichage": Display(("a--service",)).to_slot(), "theme": "garde_enfants"}


def someone():
    """A conversation that has said nothing yet."""
    return uuid.uuid4().hex


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("fermé", "ferme"),
        ("c'est fermé", "ferme"),
        ("le 2 est fermé", "ferme"),
        ("c ferme", "ferme"),
        ("le premier est fermé définitivement", "ferme"),
        ("j'y suis allée c'était fermé", "ferme"),
        ("mauvaise adresse", "adresse"),
        ("c'est pas la bonne adresse", "adresse"),
        ("l'adresse est fausse", "adresse"),
        ("ils ont déménagé", "adresse"),
        ("cette adresse n'existe plus", "adresse"),
        ("ça existe plus", "disparu"),
        ("cette association n'existe plus", "disparu"),
        ("y a plus personne là-bas", "disparu"),
        ("le numéro ne marche pas", "telephone"),
        ("faux numéro", "telephone"),
        ("le numéro n'est pas attribué", "telephone"),
        ("les horaires sont faux", "horaires"),
        ("les horaires ont changé", "horaires"),
    ],
)
def test_a_report_is_heard_after_a_result_whatever_its_intent(text, reason):
    assert feedback.heard(turn(text, "detail", slots=SHOWN)) == reason
    assert feedback.heard(turn(text, "detail")) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("le 2 ça existe plus", 2),
        ("l'adresse du 1 est fausse", 1),
        ("le numéro du premier ne marche pas", 1),
        ("la deuxième est fermée", 2),
        ("le dernier a disparu", -1),
        ("mauvaise adresse, c'est au 3 rue Neuve", None),
        ("c'est fermé depuis le 2 janvier", None),
    ],
)
def test_a_report_says_which_place_by_its_number(text, number):
    assert feedback._number(turn(text, "detail", slots=SHOWN)) == number


@pytest.mark.parametrize(
    "text",
    [
        "c'est fermé ?",
        "est-ce que c'est fermé",
        "c'est fermé le samedi",
        "c'est fermé aujourd'hui",
        "ça ferme à quelle heure",
        "c fermé à 18h",
        "la ferme",
        "mon numéro ne marche pas",
        "l'adresse",
        "le 2",
        "ça existe pas les crèches de nuit",
        "/detail",
    ],
)
def test_a_question_or_something_about_oneself_is_no_report(text):
    assert feedback.heard(turn(text, "detail", slots=SHOWN)) is None


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("la crèche est fermée", "garde_enfants_creche", "ferme"),
        ("le numéro n'est pas attribué", "agence_referent", "telephone"),
        ("la dame qui gardait bébé a déménagé", "garde_enfants", None),
        ("la personne qui me suivait n'est plus là", "agence_perdu_de_vue", None),
        ("j'ai déménagé, ce n'est plus la bonne commune", "autre_ville", None),
        ("l'usine a fermé, on attend nos indemnités", "hors_sujet", None),
    ],
)
def test_a_need_that_tells_of_a_closing_stays_a_need(text, intent, reason):
    assert feedback.heard(turn(text, intent, slots=SHOWN)) == reason


def test_anger_with_a_word_of_doubt_is_a_report_and_an_insult_is_not():
    assert feedback.heard(turn("c'est n'importe quoi, tout est faux", "plainte", slots=SHOWN)) == (
        "autre"
    )
    assert feedback.heard(turn("vous êtes nuls", "plainte", slots=SHOWN)) is None
    assert feedback.heard(turn("la ferme", "plainte", slots=SHOWN)) is None


def test_a_report_is_kept_against_its_record_and_nothing_of_who_spoke(directory):
    sessions = directory(place("A"), place("B"))
    with sessions() as session:
        reply = feedback.said(turn("c'est fermé", slots=ONE, sender=someone()), session)
        assert reply.intro.startswith("Merci de me le dire. C'est noté pour A : c'est fermé.")
    journal.flush()
    with sessions() as session:
        [kept] = session.scalars(select(Signalement))
    assert (kept.fiche_id, kept.lieu_id, kept.motif) == ("a--service", "a", "ferme")
    assert kept.jour == date(2026, 11, 23)
    columns = set(Signalement.__table__.columns.keys())
    assert columns == {"id", "fiche_id", "lieu_id", "motif", "jour", "traite_le"}


def test_among_several_places_the_number_the_name_or_the_look_tells_which(directory):
    sessions = directory(place("A la Farandole"), place("B du Parc"))
    slots = {
        "affichage": Display(("a-la-farandole--service", "b-du-parc--service")).to_slot(),
        "theme": "garde_enfants",
    }
    with sessions() as session:
        by_number = turn("le 2 est fermé", entities={"numero": "2"}, slots=slots, sender=someone())
        assert "B du Parc" in feedback.said(by_number, session).intro
        by_name = turn("la Farandole n'existe plus", slots=slots, sender=someone())
        assert "A la Farandole" in feedback.said(by_name, session).intro
        looked = Display.from_slot(slots["affichage"])
        looked = replace(looked, focus="b-du-parc--service")
        by_look = turn(
            "c'est fermé", slots=slots | {"affichage": looked.to_slot()}, sender=someone()
        )
        assert "B du Parc" in feedback.said(by_look, session).intro


def test_which_place_is_asked_once_and_answered_by_number_or_name(directory):
    sessions = directory(place("A la Farandole"), place("B du Parc"))
    slots = {
        "affichage": Display(("a-la-farandole--service", "b-du-parc--service")).to_slot(),
        "theme": "garde_enfants",
    }
    who = someone()
    with sessions() as session:
        asked = feedback.said(turn("ça existe plus", slots=slots, sender=who), session)
        assert asked.closing.splitlines() == [
            "De quel lieu parlez-vous ? Dites son numéro :",
            "1. A la Farandole",
            "2. B du Parc",
        ]
        slots |= asked.slots
        assert slots["question"] == "signalement:disparu"
        named = feedback.said(turn("celui du parc", slots=slots, sender=who), session)
        assert "C'est noté pour B du Parc : ça n'existe plus." in named.intro
        chosen = feedback.chosen(turn("le 1", "choisir", slots=slots, sender=who), session, 1)
        assert "C'est noté pour A la Farandole : ça n'existe plus." in chosen.intro
    journal.flush()
    with sessions() as session:
        kept = session.scalars(select(Signalement.fiche_id).order_by(Signalement.fiche_id)).all()
    assert kept == ["a-la-farandole--service", "b-du-parc--service"]


def test_one_report_only_queues_and_two_conversations_lower_the_trust_until_staff_confirm(
    directory,
):
    sessions = directory(place("A"), place("B", km_north=2))
    search = turn("crèche à Bondy", "garde_enfants")

    def shown():
        with sessions() as session:
            return services.answer(search, session).results

    def says(who):
        with sessions() as session:
            feedback.said(turn("c'est fermé", slots=ONE, sender=who), session)
        journal.flush()

    first, second = someone(), someone()
    says(first)
    assert [record["signale"] for record in shown()] == [False, False]
    says(first)  # the same conversation again: nothing more
    with sessions() as session:
        assert len(exports.corrections(session)) == 1
        assert exports.corrections(session)[0]["etat"] == "a_verifier"
    assert [record["id"] for record in shown()] == ["a--service", "b--service"]

    says(second)
    last = shown()[-1]
    assert (last["id"], last["signale"], last["peut_y_aller"]) == ("a--service", True, False)
    assert "Des personnes disent que l'information n'est plus bonne." in last["avertissements"]
    assert "Appelez avant de vous déplacer." in last["avertissements"]
    assert last["risque"]["raisons"][-1] == "des personnes disent que l'information est fausse"
    with sessions() as session:
        assert exports.corrections(session)[0]["etat"] == "en_doute"
        with session.begin_nested():
            assert followup.confirm(session, "a--service", date(2026, 11, 24)) == 2
        session.commit()
    assert [record["id"] for record in shown()] == ["a--service", "b--service"]


def test_the_same_conversation_is_told_that_it_is_already_noted(directory):
    sessions, who = directory(place("A")), someone()
    with sessions() as session:
        feedback.said(turn("c'est fermé", slots=ONE, sender=who), session)
        again = feedback.said(turn("ça existe plus", slots=ONE, sender=who), session)
    assert again.intro.startswith("Merci. C'est déjà noté pour A.")


def test_a_report_made_on_a_card_needs_no_words_however_old_the_card(directory):
    sessions = directory(place("A"), place("B"))
    slots = {"affichage": Display(("b--service",)).to_slot(), "theme": "garde_enfants"}
    wrong = {"fiche": "a--service", "raison": "horaires"}
    said = replace(turn("/plainte", "plainte", slots=slots, sender=someone()), report=wrong)
    with sessions() as session:
        reply = feedback.pointed(said, wrong, session)
        assert reply.intro.startswith("Merci de me le dire. C'est noté pour A : les horaires")
        gone = feedback.pointed(said, wrong | {"fiche": "removed"}, session)
        assert gone.intro.startswith("Merci de me le dire.")
    journal.flush()
    with sessions() as session:
        [kept] = session.scalars(select(Signalement))
    assert (kept.fiche_id, kept.motif) == ("a--service", "horaires")


def test_after_a_report_other_places_can_still_be_seen(directory):
    sessions = directory(place("A"), place("B"))
    with sessions() as session:
        reply = feedback.said(turn("c'est fermé", slots=ONE, sender=someone()), session)
    assert reply.choices[-1].payload == "/plus"
    slots = after(reply, "garde_enfants")
    assert slots["theme"] == "garde_enfants"
    assert "a--service" not in slots["affichage"]["results"]


def test_a_need_that_nothing_answers_is_counted_once_in_a_conversation(directory):
    sessions = directory(
        place("A", thematiques=["famille--soutien-a-la-parentalite-et-a-leducation"])
    )
    who = someone()
    for intent in ("francais", "francais", "garde_enfants"):
        with sessions() as session:
            services.answer(turn("des cours", intent, sender=who), session)
    with sessions() as session:
        services.answer(turn("des cours", "francais", sender=someone()), session)
    journal.flush()
    with sessions() as session:
        counted = session.execute(
            select(Besoin.code_insee, Besoin.besoin, Besoin.niveau, Besoin.mois, Besoin.nombre)
        ).all()
    assert sorted(counted) == [
        ("93010", "francais", "rien", date(2026, 11, 1), 2),
        ("93010", "garde_enfants", "indirect", date(2026, 11, 1), 1),
    ]
