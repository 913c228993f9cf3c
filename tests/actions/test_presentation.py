from datetime import date
from typing import Any

import pytest

from actions import presentation

TODAY = date(2026, 11, 23)
DESK = {"id": "ccas", "nom": "CCAS de Sceaux", "telephone": "+33141130000"}


def record(**changes: Any) -> dict[str, Any]:
    known = {
        "id": "lieu",
        "nom": "Maison des familles",
        "commune": "Bondy",
        "date_maj": "2026-10-01",
        "date_texte": "du 1er octobre 2026",
        "telephone": "+33148131320",
        "courriel": None,
        "horaires": "Mo-Fr 09:00-17:00",
        "distance_km": 0.0,
        "avertissements": [],
    }
    return {**known, **changes}


def test_a_recent_fact_with_hours_needs_no_advice() -> None:
    assert presentation.warnings(record(), TODAY, DESK) == []


@pytest.mark.parametrize("change", [{"horaires": None}, {"date_maj": "2026-05-01"}])
def test_unknown_hours_or_a_fact_over_six_months_old_means_calling_first(
    change: dict[str, Any],
) -> None:
    assert presentation.warnings(record(**change), TODAY, DESK) == [
        "Appelez avant de vous déplacer."
    ]


def test_an_unknown_date_is_said() -> None:
    said = presentation.warnings(record(date_maj=None), TODAY, DESK)
    assert said == ["Date de l'information inconnue.", "Appelez avant de vous déplacer."]


def test_over_three_years_old_it_may_be_outdated() -> None:
    said = presentation.warnings(record(date_maj="2019-07-01"), TODAY, DESK)
    assert said[0] == "Information de 2019, peut-être dépassée."
    fresher = presentation.warnings(record(date_maj="2023-11-24"), TODAY, DESK)
    assert not any("dépassée" in line for line in fresher)


def test_without_phone_the_email_is_given_else_a_desk_that_can_check() -> None:
    by_mail = record(telephone=None, courriel="contact@example.org", horaires=None)
    assert "contact@example.org" in presentation.warnings(by_mail, TODAY, DESK)[0]
    mute = record(telephone=None, horaires=None)
    assert "CCAS de Sceaux, 01 41 13 00 00" in presentation.warnings(mute, TODAY, DESK)[0]
    assert "mairie" in presentation.warnings(mute, TODAY, None)[0]


def test_a_cancelled_event_says_so_just_under_its_name() -> None:
    event = record(kind="evenement", statut="annule", quand="jeudi 3 décembre 2026 à 10 h")
    event["avertissements"] = presentation.warnings(event, TODAY, DESK)
    assert presentation.lines(event)[:3] == [
        "Maison des familles (Bondy)",
        "Annulé : n'y allez pas.",
        "Quand : jeudi 3 décembre 2026 à 10 h",
    ]


def test_an_offer_says_who_makes_it() -> None:
    offer = record(kind="offre", nom="Vélo à 40 euros", service="Garage solidaire")
    assert presentation.lines(offer)[0] == "Vélo à 40 euros (Garage solidaire, Bondy)"


def test_a_desk_is_never_told_to_check_itself() -> None:
    mute = record(id="ccas", telephone=None, horaires=None)
    assert "mairie" in presentation.warnings(mute, TODAY, DESK)[0]


def test_a_result_says_where_how_to_reach_it_and_when_it_was_known() -> None:
    lines = presentation.lines(record(distance_km=3.2, adresse="1 rue de la Paix"), 2)
    assert lines[0] == "2. Maison des familles (Bondy, à 3 km)"
    assert "Adresse : 1 rue de la Paix" in lines
    assert "Téléphone : 01 48 13 13 20" in lines
    assert lines[-1] == "Information du 1er octobre 2026."
