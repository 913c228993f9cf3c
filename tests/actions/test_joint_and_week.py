"""« Les deux ensemble » and « une semaine d'activités », on invented places only."""

from __future__ import annotations

import pytest
from invented import after, place, turn

from actions import info_rsa, joint, services, suite, week

FRENCH = ["lecture-ecriture-calcul--maitriser-le-francais"]
DIGITAL = ["numerique--maitriser-les-fondamentaux-du-numerique"]
BOTH = turn(
    "un cours de français et une crèche ensemble",
    "francais",
    entities={"autre_theme": "garde_enfants"},
)


def test_a_course_and_a_childcare_place_that_fit_are_shown_with_their_common_hours(directory):
    sessions = directory(
        place("Cours A", thematiques=FRENCH, horaires_accueil="Mo,Th 09:00-11:00", km_north=2),
        place("Garde B", horaires_accueil="Mo-Fr 08:00-12:00", km_north=1),
        place("Garde C", horaires_accueil="We 14:00-18:00"),
    )
    with sessions() as session:
        reply = joint.said(BOTH, session)
    assert [record["nom"] for record in reply.results] == ["Cours A", "Garde B"]
    assert reply.intro == "Voici deux lieux qui peuvent aller ensemble à Bondy :"
    assert reply.closing.splitlines() == [
        "Trajet aller, du centre-ville à la garde puis au cours : environ 2 km.",
        "Les deux sont ouverts en même temps : le lundi de 9 h à 11 h ; le jeudi de 9 h à 11 h.",
        "Demandez à Garde B : une place est-elle libre à ces heures-là ?",
    ]
    assert reply.extra["ensemble"] == {
        "cours": "cours-a--service",
        "garde": "garde-b--service",
        "trajet_km": 2.0,
        "heures_communes": [
            {"jour": "lundi", "debut": "09:00", "fin": "11:00"},
            {"jour": "jeudi", "debut": "09:00", "fin": "11:00"},
        ],
    }


def test_common_hours_that_come_back_are_told_once():
    day = [(9 * 60, 12 * 60), (14 * 60, 17 * 60)]
    spans = [(n * 1440 + start, n * 1440 + end) for n in range(5) for start, end in day]
    assert joint.week_of_minutes(spans) == "du lundi au vendredi de 9 h à 12 h et de 14 h à 17 h"


def test_unknown_hours_are_said_and_what_to_ask_each_place(directory):
    sessions = directory(
        place("Cours A", thematiques=FRENCH),
        place("Garde B", horaires_accueil="Mo-Fr 08:00-12:00"),
    )
    with sessions() as session:
        reply = joint.said(BOTH, session)
    assert reply.closing.splitlines()[1:] == [
        "Je ne connais pas les horaires de Cours A : "
        "je ne peux pas dire si les heures vont ensemble.",
        "Demandez à Cours A : quels jours, et de quelle heure à quelle heure ?",
        "Demandez à Garde B : une place est-elle libre à ces heures-là ?",
    ]
    assert reply.extra["ensemble"]["heures_communes"] is None


def test_what_is_out_of_reach_or_only_informs_makes_no_pair(directory):
    sessions = directory(
        place("Cours A", thematiques=FRENCH),
        place("Garde loin", km_north=12, code_insee="93055", commune="Pantin"),
        place("Relais", thematiques=["famille--soutien-a-la-parentalite-et-a-leducation"]),
    )
    with sessions() as session:
        reply = joint.said(BOTH, session)
    assert reply.intro.startswith("Je ne trouve pas deux lieux qui vont ensemble à Bondy.")
    assert [choice.payload for choice in reply.choices] == ["/francais", "/garde_enfants"]


def test_the_two_together_are_offered_beside_the_second_need_and_chosen(directory):
    sessions = directory(place("Cours A", thematiques=FRENCH), place("Garde B"))
    asked = turn("français et crèche", "francais", entities={"autre_theme": "garde_enfants"})
    with sessions() as session:
        first = services.answer(asked, session)
        assert [choice.title for choice in first.choices] == [
            "Oui, une garde d'enfants",
            "Les deux ensemble",
        ]
        slots = after(first, "francais")
        payload = first.choices[-1].payload
        picked = suite.said(turn("les deux ensemble", slots=slots), payload, session)
        assert [record["nom"] for record in picked.results] == ["Cours A", "Garde B"]
        for detail in ("je touche le rsa", "plutôt le soir"):
            assert joint.said(turn(detail, "repondre", slots=slots), session) is None


@pytest.mark.parametrize(
    ("intent", "other"), [("numerique", "garde_enfants"), ("francais", "formation")]
)
def test_other_pairs_of_needs_are_answered_one_after_the_other(directory, intent, other):
    sessions = directory(place("Cours A", thematiques=FRENCH))
    asked = turn("les deux ensemble", intent, entities={"autre_theme": other})
    with sessions() as session:
        assert joint.said(asked, session) is None


WEEK = turn("propose-moi une semaine d'activités", "info_rsa_activites")


def test_a_week_is_told_day_by_day_as_a_proposal(directory):
    sessions = directory(
        place(
            "Cours A",
            thematiques=FRENCH,
            horaires_accueil="Mo,Tu,Th 09:00-12:00",
            volume_horaire_hebdomadaire=9,
        ),
        place(
            "Atelier B",
            thematiques=DIGITAL,
            horaires_accueil="Mo-Fr 14:00-17:00",
            volume_horaire_hebdomadaire=6,
        ),
    )
    with sessions() as session:
        reply = week.said(WEEK, session)
    assert reply.intro.splitlines() == [
        "Voici une semaine possible à Bondy, de 15 heures, sans heures qui se gênent :",
        "Lundi : Cours A de 9 h à 12 h, Atelier B de 14 h à 17 h",
        "Mardi : Cours A de 9 h à 12 h, Atelier B de 14 h à 17 h",
        "Jeudi : Cours A de 9 h à 12 h",
        "Pour Atelier B : les heures sont placées pendant l'ouverture, "
        "à confirmer sur place ou par téléphone.",
    ]
    assert "parlez-en avec votre référent" in reply.closing
    assert reply.extra["semaine"]["heures"] == 15
    assert reply.extra["semaine"]["seances"][1] == {
        "id": "atelier-b--service",
        "jour": "lundi",
        "debut": "14:00",
        "fin": "17:00",
        "a_confirmer": True,
    }


def test_without_volumes_the_week_is_not_computed_and_what_to_ask_is_said(directory):
    sessions = directory(place("Cours A", thematiques=FRENCH, horaires_accueil="Mo 09:00-12:00"))
    with sessions() as session:
        reply = week.said(WEEK, session)
    assert reply.intro.startswith("Je ne peux pas composer une semaine à Bondy :")
    assert "combien d'heures par semaine ?" in reply.closing
    assert "parlez-en avec votre référent" in reply.closing
    assert reply.extra["semaine"] == {"heures": None, "seances": None}


def test_volumes_without_hours_and_a_short_week_say_what_they_are(directory):
    sessions = directory(
        place("Cours A", thematiques=FRENCH, volume_horaire_hebdomadaire=7.5),
    )
    with sessions() as session:
        reply = week.said(WEEK, session)
    assert reply.intro.startswith("Ces lieux font 7,5 heures par semaine à Bondy.")


def test_a_short_week_says_how_far_it_goes(directory):
    sessions = directory(
        place(
            "Cours A",
            thematiques=FRENCH,
            horaires_accueil="Mo 09:00-12:00",
            volume_horaire_hebdomadaire=3,
        ),
    )
    with sessions() as session:
        reply = week.said(WEEK, session)
    assert "je ne connais que 3 heures par semaine" in reply.intro
    assert "combien d'heures par semaine ?" in reply.closing


def test_the_town_is_asked_then_the_week_comes(directory):
    sessions = directory(place("Cours A", thematiques=FRENCH))
    nowhere = {"code_insee": None, "commune": None}
    with sessions() as session:
        asked = week.said(turn("une semaine d'activités", slots=nowhere), session)
        assert "Dans quelle ville" in asked.intro
        slots = after(asked) | {"code_insee": "93010"}
        reply = suite.need(turn("Bondy", "donner_commune", slots=slots), session)
    assert reply.intro.startswith("Je ne peux pas composer une semaine à Bondy")


def test_the_rule_of_the_fifteen_hours_offers_a_week(directory):
    sessions = directory(place("Cours A", thematiques=FRENCH))
    with sessions() as session:
        rule = info_rsa.answer(turn("c'est quoi les 15 heures", "info_rsa_contrat"), session)
        assert [choice.title for choice in rule.choices] == ["Une semaine d'activités"]
        slots = after(rule, "info_rsa")
        assert (
            "composer une semaine"
            in suite.answer(turn("oui", "affirmer", slots=slots), session).intro
        )
        picked = suite.said(turn("la semaine", slots=slots), rule.choices[0].payload, session)
        assert "composer une semaine" in picked.intro
        detail = suite.answer(turn("le soir", "repondre", slots=slots), session)
        assert "composer une semaine" not in detail.intro


@pytest.mark.parametrize(
    "text",
    [
        "une semaine avec 15h d'activités à Bondy",
        "une semaine de quinze heures",
        "trouve-moi 15 heures d'activités",
        "comment je remplis mes quinze heures, j'ai aucune idée",
        "un emploi du temps avec des activités",
        "un programme de 15h",
    ],
)
def test_a_week_is_wished_in_many_ways(directory, text):
    with directory(place("Cours A", thematiques=FRENCH))() as session:
        assert week.said(turn(text, "info_rsa_activites"), session)


@pytest.mark.parametrize(
    "text",
    [
        "c'est quoi les 15 heures du rsa",
        "je dois faire les 15h quand même ?",
        "15 heures par semaine c'est obligatoire ?",
        "j'ai trouvé un travail de 15h ça change quoi",
        "trouver une crèche pour mes 15 heures",
        "je dois remplir une feuille pour les 15h ou quoi",
        "avec ma dialyse trois fois par semaine comment faire quinze heures",
    ],
)
def test_a_question_on_the_fifteen_hours_is_not_a_wish_for_a_week(directory, text):
    with directory()() as session:
        assert week.said(turn(text, "info_rsa_contrat"), session) is None
