"""What the present moment makes of a record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from actions import moments, presentation
from actions.directory.hours import PARIS
from actions.directory.models import Evenement, Offre
from actions.directory.schemas import Match, record_view

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)  # a Monday


def record(**changes: Any) -> dict[str, Any]:
    known = {
        "id": "lieu",
        "nom": "Maison des familles",
        "commune": "Bondy",
        "code_insee": "93010",
        "date_maj": "2026-10-01",
        "date_texte": "du 1er octobre 2026",
        "horaires": "Mo-Fr 09:00-17:00",
        "horaires_texte": "du lundi au vendredi de 9 h à 17 h",
        "avertissements": [],
    }
    return {**known, **changes}


def told(now: datetime = NOW, **changes: Any) -> str:
    fields = moments.opening_fields(record(**changes), now)
    return str(fields["ouverture"]["texte"])


def test_open_now_is_said_with_its_end_and_the_week_stays_in_the_answer() -> None:
    known = record()
    known |= moments.opening_fields(known, NOW)
    assert known["horaires"] == "Mo-Fr 09:00-17:00"
    assert known["ouverture"] == {
        "etat": "ouvert",
        "jusqua": "2026-11-23T17:00:00+01:00",
        "prochaine": None,
        "ferie": False,
        "commentaire": None,
        "texte": "Ouvert maintenant, jusqu'à 17 h.",
    }
    lines = presentation.lines(known)
    assert "Horaires : du lundi au vendredi de 9 h à 17 h" in lines
    assert "Ouvert maintenant, jusqu'à 17 h." in lines


@pytest.mark.parametrize(
    ("now", "hours", "said"),
    [
        ("2026-11-23T12:15", "Mo 09:00-12:00,13:30-17:00", "Fermé maintenant. Ouvre à 13 h 30."),
        ("2026-11-23T18:00", "Mo-Fr 09:00-17:00", "Fermé maintenant. Ouvre demain à 9 h."),
        (
            "2026-11-27T18:00",
            "Mo-Fr 09:00-17:00",
            "Fermé maintenant. Ouvre lundi 30 novembre 2026 à 9 h.",
        ),
        (
            "2026-12-25T10:00",
            "Mo-Fr 09:00-17:00; PH off",
            "Fermé aujourd'hui, jour férié. Ouvre lundi 28 décembre 2026 à 9 h.",
        ),
        (
            "2026-12-25T10:00",
            "Mo-Fr 09:00-17:00",
            "Sans doute fermé aujourd'hui, jour férié. Ouvre lundi 28 décembre 2026 à 9 h.",
        ),
        ("2026-11-27T23:00", "Fr 22:00-02:00", "Ouvert maintenant, jusqu'à demain à 2 h."),
        ("2026-11-23T10:00", "24/7", "Ouvert jour et nuit."),
        ("2026-11-23T10:00", "Mo 09:00-12:00 unknown", "Ouverture à confirmer."),
        (
            "2026-11-23T10:00",
            'Mo 09:00-12:00 "sur rendez-vous"',
            "Ouvert maintenant, jusqu'à 12 h (sur rendez-vous).",
        ),
        ("2026-11-23T10:00", "2020 Mo 09:00-10:00", "Fermé maintenant."),
    ],
)
def test_open_closed_or_holiday_in_words(now: str, hours: str, said: str) -> None:
    assert told(datetime.fromisoformat(now).replace(tzinfo=PARIS), horaires=hours) == said


@pytest.mark.parametrize("day", [None, "2019-07-01", "2026-05-01"])
def test_old_hours_are_only_repeated(day: str | None) -> None:
    assert told(date_maj=day) == "Selon ces horaires : ouvert jusqu'à 17 h."
    assert told(date_maj=day, horaires="Tu 09:00-12:00") == (
        "Selon ces horaires : fermé maintenant. Ouvre demain à 9 h."
    )


def test_hours_that_cannot_be_read_are_repeated_and_flagged() -> None:
    known = record(horaires="lundi et jeudi matin", horaires_texte=None)
    known |= moments.opening_fields(known, NOW)
    assert known["horaires_lisibles"] is False
    assert known["ouverture"] is None
    assert "Horaires : lundi et jeudi matin (tels que la source les écrit)" in presentation.lines(
        known
    )


def test_hours_of_some_weeks_only_are_told_for_this_week() -> None:
    known = record(horaires="Nov Mo 10:00-12:00", horaires_texte=None)
    assert moments.opening_fields(known, NOW)["horaires_texte"] == (
        "cette semaine, le lundi de 10 h à 12 h"
    )
    known = record(horaires="Jul Mo 10:00-12:00", horaires_texte=None)
    assert moments.opening_fields(known, NOW)["horaires_texte"] == "fermé toute cette semaine"


def test_a_place_without_hours_says_nothing_of_them() -> None:
    known = record(horaires=None, horaires_texte=None)
    assert moments.opening_fields(known, NOW) == {"horaires_lisibles": None, "ouverture": None}


def event(**changes: Any) -> Evenement:
    known: dict[str, Any] = {
        "id": "essai",
        "nom": "Forum d'essai",
        "debut": datetime(2026, 11, 24, 9, 0),
        "fin": datetime(2026, 11, 24, 12, 30),
        "commune": "Gap",
        "code_insee": "05061",
    }
    return Evenement(**{**known, **changes})


def event_record(now: datetime = NOW, **changes: Any) -> dict[str, Any]:
    match = Match(event(**changes))
    seen = record_view(match, now.date())
    seen |= moments.fields(match, seen, now)
    seen["avertissements"] = presentation.warnings(seen, now.date(), None)
    return seen


@pytest.mark.parametrize(
    ("now", "soon"),
    [
        ("2026-11-21T10:00", None),
        ("2026-11-22T10:00", "après-demain à 9 h"),
        ("2026-11-23T10:00", "demain à 9 h"),
        ("2026-11-24T08:00", "aujourd'hui à 9 h"),
        ("2026-11-24T10:00", "en ce moment, jusqu'à 12 h 30"),
        ("2026-11-24T13:00", None),
    ],
)
def test_how_soon_an_event_is(now: str, soon: str | None) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    assert event_record(moment)["quand_relatif"] == soon


def test_an_event_of_tomorrow_keeps_its_full_date() -> None:
    seen = event_record()
    lines = presentation.lines(seen)
    assert "Quand : demain à 9 h (mardi 24 novembre 2026 de 9 h à 12 h 30)" in lines
    assert seen["ics"].startswith("BEGIN:VCALENDAR\r\n")
    whole_day = event_record(debut=datetime(2026, 11, 24), fin=None)
    assert whole_day["quand_relatif"] == "demain"


@pytest.mark.parametrize(
    ("change", "state", "said"),
    [
        ({"nom": "Forum d'essai (annulé)"}, "annule", "Annulé : n'y allez pas."),
        ({"note": "Rencontre reportée"}, "reporte", "Reporté : demandez la nouvelle date."),
        ({"inscription": "Complet"}, "complet", "Complet : il n'y a plus de place."),
        ({"debut": datetime(2026, 11, 20, 9), "fin": None}, "termine", "C'est terminé."),
    ],
)
def test_an_event_that_one_cannot_go_to_says_so_first(
    change: dict[str, Any], state: str, said: str
) -> None:
    seen = event_record(**change)
    assert seen["statut"] == state
    assert seen["avertissements"][0] == said
    assert (seen["ics"] is None) == (state != "complet")


@pytest.mark.parametrize(
    "inscription", ["Venir avec un dossier complet", "Poste à temps complet, venez avec un CV"]
)
def test_a_complete_file_is_not_a_full_event(inscription: str) -> None:
    assert event_record(inscription=inscription)["statut"] is None


def test_an_event_over_this_morning_is_over_and_one_without_end_lasts_its_day() -> None:
    noon = datetime(2026, 11, 24, 12, 30)
    assert moments.event_state(event(), noon) == "termine"
    assert moments.event_state(event(fin=None), noon) is None
    assert moments.event_state(event(fin=datetime(2026, 11, 25)), noon) is None


def test_an_offer_is_over_after_its_last_day_and_not_before() -> None:
    offer = Offre(id="o", nom="Offre d'essai", valable_au=date(2026, 11, 23))
    assert not moments.is_over(offer, NOW)
    assert moments.offer_fields(offer, NOW) == {"valable_texte": "Valable jusqu'à ce soir."}
    assert moments.is_over(offer, datetime(2026, 11, 24, 0, 5, tzinfo=PARIS))
    to_come = Offre(
        id="o", nom="Offre", valable_du=date(2026, 11, 24), valable_au=date(2026, 12, 1)
    )
    assert moments.is_over(to_come, NOW)


def test_the_age_of_a_fact_follows_its_date() -> None:
    seen = record(age_texte="il y a 7 semaines")
    assert presentation.lines(seen)[-1] == "Information du 1er octobre 2026 (il y a 7 semaines)."
