"""Who can accompany a person, and what is to come."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from directory_files import service, structure, write_folder
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.directory.importer import import_directory
from actions.directory.models import Commune, Evenement, Service
from actions.directory.search import (
    ROLES,
    find_contacts,
    record_view,
    search_events,
    search_offers,
)

TODAY = date(2026, 11, 22)


def towns_of(session, departement):
    return session.scalars(
        select(Commune.code_insee).where(Commune.departement == departement)
    ).all()


def test_the_agency_of_a_town_is_the_one_whose_zone_names_it(session):
    agencies = session.scalars(select(Service).where(Service.id.like("%agence-locale%"))).all()
    assert agencies
    zones = {code for agency in agencies for code in agency.zone_eligibilite or ()}
    for code in towns_of(session, "93"):
        found = find_contacts(session, code, TODAY, ["ali"])
        assert bool(found) == (code in zones), code
        for match in found:
            assert code in match.record.zone_eligibilite
            assert match.couvre
            assert match.record.type == "accompagnement"


def test_every_contact_holds_its_role_by_the_data(session):
    for code in (*towns_of(session, "93"), *towns_of(session, "92")[::3], "05061", "05023"):
        commune = session.get(Commune, code)
        for match in find_contacts(session, code, TODAY, list(ROLES)):
            record, role = match.record, ROLES[match.role]
            assert set(record.structure.reseaux_porteurs) & role.networks
            assert set(record.publics) & role.publics
            assert match.couvre or not role.serving_only
            if role.own_departement and record.lieu_departement:
                assert record.lieu_departement == commune.departement
            assert match.raisons


def test_roles_come_in_the_order_asked_for_and_once_each(session):
    roles = ["france_travail", "mission_locale", "ali"]
    found = [match.role for match in find_contacts(session, "93066", TODAY, roles)]
    assert found == roles


def test_the_social_service_is_never_a_childcare_place(session):
    for code in (*towns_of(session, "93"), *towns_of(session, "92"), "05061"):
        for match in find_contacts(session, code, TODAY, ["service_social"], per_role=5):
            name = match.record.structure.nom.lower()
            assert "crèche" not in name
            assert not name.startswith("centre de pmi")


def test_a_large_town_is_not_sent_to_a_far_agency(session):
    for code in towns_of(session, "92"):
        for match in find_contacts(session, code, TODAY, ["mission_locale", "france_travail"]):
            population = session.get(Commune, code).population
            assert population <= 10_000 or match.distance_km <= 12


def test_outside_the_directory_nobody_is_invented(session):
    assert find_contacts(session, "13055", TODAY, list(ROLES)) == []
    assert find_contacts(session, "00000", TODAY, list(ROLES)) == []


def test_the_events_of_the_seed_are_all_past_and_none_is_shown(session):
    for code in ("93066", "93008", "05061", "93001"):
        assert search_events(session, code, TODAY, 5) == []


@pytest.fixture
def agenda(empty_engine, tmp_path, few_communes):
    """A session on invented events and offers."""

    def event(id_, debut, fin=None, code_insee="90001"):
        place = {"commune": "Essai", "code_insee": code_insee}
        return {"id": id_, "nom": f"Forum {id_}", "debut": debut, "fin": fin} | place

    def offer(id_, **changes):
        return {"id": id_, "nom": f"Offre {id_}", "valable_au": "2026-12-31"} | changes

    folder = write_folder(
        tmp_path / "f",
        evenements=[
            event("hier", "2026-11-21T09:00:00"),
            event("aujourdhui", "2026-11-22T09:00:00", "2026-11-22T12:30:00"),
            event("en-cours", "2026-11-20T00:00:00", "2026-11-25T00:00:00"),
            event("demain-loin", "2026-11-23T09:00:00", code_insee="91003"),
            event("voisin", "2026-11-24T09:00:00", code_insee="90002"),
            event("plus-tard", "2026-12-24T00:00:00"),
            event("sans-date", None),
            event("sans-ville", "2026-12-01T09:00:00", code_insee=None),
        ],
        offres=[
            offer("vaut", code_insee="90001", type="mobilite"),
            offer("finie", valable_au="2026-11-21", code_insee="90001"),
            offer("dernier-jour", valable_au="2026-11-22", code_insee="90002"),
            offer("pas-encore", valable_du="2026-11-23", code_insee="90001"),
            offer("ailleurs", zone_eligibilite=["91"], code_insee="90001"),
        ],
    )
    import_directory(empty_engine, folder, few_communes)
    with Session(empty_engine) as session:
        yield session


def test_only_events_to_come_within_reach_are_shown_soonest_and_nearest_first(agenda):
    found = [match.record.id for match in search_events(agenda, "90001", TODAY, 10)]
    assert found == ["aujourdhui", "en-cours", "voisin", "plus-tard"]
    assert len(search_events(agenda, "90001", TODAY, 2)) == 2


def test_an_event_is_told_with_its_day_and_hours_when_they_are_known(agenda):
    views = [record_view(match, TODAY) for match in search_events(agenda, "90001", TODAY, 10)]
    told = {view["id"]: view for view in views}
    assert told["aujourdhui"]["quand"] == "dimanche 22 novembre 2026 de 9 h à 12 h 30"
    assert told["plus-tard"]["quand"] == "jeudi 24 décembre 2026"
    assert told["aujourdhui"]["debut"] == "2026-11-22T09:00:00"
    assert all(view["kind"] == "evenement" and view["date_maj"] is None for view in views)
    assert agenda.get(Evenement, "aujourdhui").debut == datetime(2026, 11, 22, 9, 0)


def test_only_offers_that_hold_on_the_day_are_shown(agenda):
    found = [match.record.id for match in search_offers(agenda, "90001", TODAY, None, 10)]
    assert found == ["vaut", "dernier-jour"]
    found = search_offers(agenda, "90001", TODAY, "mobilite", 10)
    assert [record_view(match, TODAY)["valable_au"] for match in found] == ["2026-12-31"]


def test_who_serves_the_town_comes_before_who_is_only_nearer(empty_engine, tmp_path, few_communes):
    agency = {
        "publics": ["demandeurs-emploi"],
        "thematiques": ["trouver-un-emploi--repondre-a-des-offres-demploi"],
    }
    networks = {"reseaux_porteurs": ["france-travail"]}
    folder = write_folder(
        tmp_path / "f",
        structures=[structure(name, **networks) for name in ("ici", "zone", "atelier")],
        services=[
            service("v1", "ici", **agency),
            service("v2", "zone", zone_eligibilite=["90001"], code_insee="90002", **agency),
            service("v3", "atelier", publics=["tous-publics"]),
        ],
    )
    import_directory(empty_engine, folder, few_communes)
    with Session(empty_engine) as session:
        found = find_contacts(session, "90001", TODAY, ["france_travail"], per_role=5)
        assert [match.record.id for match in found] == ["v2", "v1"]


def test_a_ccas_that_says_to_serve_the_country_is_not_for_towns_far_away(
    empty_engine, tmp_path, few_communes
):
    budget = {"publics": ["tous-publics"], "thematiques": [ROLES["ccas"].thematiques[0]]}
    folder = write_folder(
        tmp_path / "f",
        structures=[structure("ccas", reseaux_porteurs=["ccas-cias"])],
        services=[service("v1", "ccas", zone_eligibilite=["france"], **budget)],
    )
    import_directory(empty_engine, folder, few_communes)
    with Session(empty_engine) as session:
        assert [m.record.id for m in find_contacts(session, "90002", TODAY, ["ccas"])] == ["v1"]
        assert find_contacts(session, "91003", TODAY, ["ccas"]) == []
