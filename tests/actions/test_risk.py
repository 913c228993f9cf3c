"""The risk of a wasted trip, and what is advised. Every record here is invented."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from actions import presentation, risk
from actions.directory.hours import PARIS
from actions.directory.models import Service, Structure
from actions.directory.schemas import Match, record_view
from actions.moments import fields

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)  # a Monday
WALK_IN = {"modes_mobilisation": ["se-presenter", "telephoner"], "mobilisable_par": ["usagers"]}


def service(**changes: Any) -> Service:
    known: dict[str, Any] = {
        "id": "essai",
        "nom": "Service d'essai",
        "description": "Un service inventé pour les essais.",
        "date_maj": date(2026, 10, 1),
        "date_precision": "jour",
        "date_inconnue": False,
        "code_insee": "93010",
        "commune": "Bondy",
        "adresse": "1 rue de l'Essai",
        "telephone": "+33155500001",
        "horaires_accueil": "Mo-Fr 09:00-17:00",
        "structure": Structure(id="s", nom="Lieu d'essai"),
        **WALK_IN,
    }
    return Service(**{**known, **changes})


def told(source: Service, now: datetime = NOW, **seen: Any) -> dict[str, Any]:
    match = Match(source, distance_km=seen.pop("distance_km", 0.0))
    record = record_view(match, now.date())
    record |= fields(match, record, now)
    return record | {"accueil": risk.welcome(source)} | seen


def go(source: Service, now: datetime = NOW, **seen: Any) -> str | None:
    return risk.go_ahead(told(source, now, **seen), source, now.date())


def test_one_may_go_to_a_walk_in_place_with_known_hours_and_a_recent_fact() -> None:
    assert go(service()) == "Vous pouvez y aller : c'est ouvert."
    evening = datetime(2026, 11, 23, 19, 0, tzinfo=PARIS)
    assert go(service(), evening) == "Vous pouvez y aller aux heures d'ouverture."


@pytest.mark.parametrize(
    "change",
    [
        {"date_maj": date(2026, 5, 1)},
        {"date_maj": date(2026, 12, 1)},
        {"date_inconnue": True},
        {"date_maj": date(2026, 5, 31), "date_precision": "mois"},
        {"date_maj": date(2026, 9, 1), "date_precision": "annee"},
        {"horaires_accueil": None},
        {"horaires_accueil": "le matin"},
        {"horaires_accueil": "Mo-Fr 09:00-17:00 unknown"},
        {"horaires_accueil": 'Mo-Fr 09:00-17:00 "sur rendez-vous"'},
        {"modes_mobilisation": ["telephoner"]},
        {"modes_mobilisation": None},
        {"mobilisable_par": ["professionnels"]},
        {"description": "Accueil sur rendez-vous."},
        {"mobilisation_precisions": "Orientation par le Département."},
    ],
)
def test_nothing_less_lets_one_go_without_asking(change: dict[str, Any]) -> None:
    assert go(service(**change)) is None


def test_a_place_that_people_report_is_never_a_sure_one() -> None:
    assert go(service(), signale=True) is None


def test_who_goes_first_and_who_must_book() -> None:
    assert risk.welcome(service()) == "sans_rendez_vous"
    assert risk.welcome(service(description="Sans rendez-vous.")) == "sans_rendez_vous"
    assert risk.welcome(service(description="Rendez-vous par téléphone.")) == "rendez_vous"
    assert risk.welcome(service(mobilisable_par=["professionnels"])) == "orientation"
    assert risk.welcome(service(modes_mobilisation=None)) is None
    assert risk.welcome(Structure(id="s", nom="Lieu d'essai")) is None


def test_a_recent_place_with_hours_that_wants_an_appointment_says_so() -> None:
    record = told(service(description="Accueil sur rendez-vous."))
    assert presentation.warnings(record, NOW.date(), None) == ["Prenez rendez-vous avant de venir."]


@pytest.mark.parametrize(
    "change",
    [
        {"horaires_accueil": "le matin, sauf exception"},
        {"modes_mobilisation": None},
        {"horaires_accueil": None},
    ],
)
def test_a_recent_place_that_may_not_receive_is_to_be_called_first(change: dict[str, Any]) -> None:
    record = told(service(**change))
    assert presentation.warnings(record, NOW.date(), None) == ["Appelez avant de vous déplacer."]


def test_the_estimate_grows_with_each_thing_that_is_not_known() -> None:
    today = NOW.date()
    known = risk.assess(told(service()), today)
    assert (known.level, known.reasons) == ("faible", ())
    worse = [
        service(date_maj=date(2019, 7, 1)),
        service(date_inconnue=True),
        service(horaires_accueil=None),
        service(telephone=None),
        service(modes_mobilisation=["telephoner"]),
    ]
    for source in worse:
        assert risk.assess(told(source), today).estimate > known.estimate
    far = risk.assess(told(service(), distance_km=25.0), today)
    assert far.estimate > known.estimate
    assert far.reasons == ("c'est loin",)
    old = risk.assess(told(service(date_maj=date(2019, 7, 1), horaires_accueil=None)), today)
    assert old.level == "fort"
    assert old.reasons == ("l'information a plus de six mois", "les horaires sont inconnus")
    assert 0 <= known.estimate < old.estimate <= 1


def test_going_is_said_after_the_date() -> None:
    record = told(service()) | {"avertissements": [], "peut_y_aller": True}
    record["conseil"] = "Vous pouvez y aller : c'est ouvert."
    assert presentation.lines(record)[-1] == (
        "Information du 1er octobre 2026 (il y a 7 semaines). Vous pouvez y aller : c'est ouvert."
    )
