"""What holds for any directory: who is shown, in what order, on which database."""

from __future__ import annotations

import math
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from actions.directory import migrations, reach
from actions.directory.database import create_directory_engine
from actions.directory.geography import distance_km, zone_codes
from actions.directory.models import Commune, Service, ServiceThematique, ServiceZone, Structure
from actions.directory.needs import GARDE, PARENTALITE, find_need
from actions.directory.search import SearchQuery, explain, search_services
from actions.directory.search.explain import SAME_PLACE

TODAY = date(2026, 11, 23)
TOWN = {"code_insee": "90001", "latitude": 48.90, "longitude": 2.40, "siren_epci": "200000001"}
OTHERS = (
    {"code_insee": "90002", "latitude": 48.95, "longitude": 2.45, "siren_epci": "200000001"},
    {"code_insee": "91003", "latitude": 48.70, "longitude": 2.10, "siren_epci": None},
)
KNOWN = {"nom": "Essai", "codes_postaux": [], "population": 1, "coordonnees_estimees": False}
ZONES = (None, ["90001"], ["90002"], ["200000001"], ["90"], ["91"], ["france"])
CORNER = 1.42  # the radius is half the side of a square
EVERYTHING = 1_000  # more than any directory of these tests holds

services = st.fixed_dictionaries(
    {
        "structure": st.integers(0, 9),
        "nom": st.sampled_from(("Crèche", "Halte-garderie", "Point info")),
        "thematiques": st.sampled_from(([GARDE], [PARENTALITE], [GARDE, PARENTALITE])),
        "zone": st.sampled_from(ZONES),
        "code_insee": st.sampled_from(("90001", "90002", "91003", None)),
        "north": st.integers(-40, 40),  # kilometres from the town, or so
        "east": st.integers(-40, 40),
        "placed": st.booleans(),
        "a_distance": st.booleans(),
        "age": st.integers(0, 4_000),
        "telephone": st.sampled_from((None, "+33100000000")),
        "horaires": st.sampled_from((None, "Mo-Fr 09:00-12:00", "Tu 09:00-12:00", "illisible")),
        "publics": st.sampled_from((None, ["jeunes"], ["tous-publics"])),
    }
)
directories = st.lists(services, min_size=1, max_size=25)
slow_but_sure = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def databases(tmp_path_factory, new_postgresql_database):
    """An empty directory on each database."""
    with new_postgresql_database() as postgresql:
        sqlite = f"sqlite:///{tmp_path_factory.mktemp('properties') / 'annuaire.sqlite'}"
        engines = [create_directory_engine(url) for url in (sqlite, postgresql)]
        for engine in engines:
            migrations.upgrade(engine)
        yield engines
        for engine in engines:
            engine.dispose()


@contextmanager
def holding(engine, drawn):
    """A session on a directory that holds these services; nothing of them stays."""
    dated = {"date_inconnue": False, "date_precision": "jour", "source": "essai"}
    with Session(engine) as session:
        for commune in (TOWN, *OTHERS):
            session.add(Commune(**KNOWN, departement=commune["code_insee"][:2], **commune))
        for number in {one["structure"] for one in drawn}:
            name = f"Structure {number}"
            session.add(Structure(id=f"s{number}", nom=name, date_maj=TODAY, **dated))
        session.flush()
        for number, one in enumerate(drawn):
            session.add(_service(number, one, dated))
            session.flush()
            for theme in one["thematiques"]:
                session.add(ServiceThematique(service_id=f"v{number}", thematique=theme))
            for code in one["zone"] or ():
                session.add(ServiceZone(service_id=f"v{number}", code=code))
        session.flush()
        reach.fill(session.connection(), TODAY)
        yield session
        session.rollback()


def _service(number, one, dated):
    code = one["code_insee"]
    placed = one["placed"] or code is not None
    return Service(
        id=f"v{number}",
        structure_id=f"s{one['structure']}",
        nom=one["nom"],
        description="Un service inventé.",
        nom_simple=one["nom"].lower(),
        texte_simple="un service invente",
        thematiques=one["thematiques"],
        publics=one["publics"],
        zone_eligibilite=one["zone"],
        telephone=one["telephone"],
        horaires_accueil=one["horaires"],
        a_distance=one["a_distance"],
        empreinte=f"{number:08x}",
        lieu_code_insee=code,
        lieu_departement=code and code[:2],
        lieu_latitude=TOWN["latitude"] + one["north"] / 111.2 if placed else None,
        lieu_longitude=TOWN["longitude"] + one["east"] / 73.1 if placed else None,
        date_maj=TODAY - timedelta(days=one["age"]),
        **dated,
    )


def asked(radius_km=math.inf, limit=EVERYTHING):
    return SearchQuery("garde_enfants", "90001", TODAY, radius_km=radius_km, limit=limit)


def ids_of(matches):
    return [match.record.id for match in matches]


@slow_but_sure
@given(directories, st.integers(1, 60))
def test_every_result_serves_the_town_or_is_near_or_is_all_that_there_is(databases, drawn, radius):
    need = find_need("garde_enfants", None)
    with holding(databases[0], drawn) as session:
        town = session.get(Commune, "90001")
        matches = search_services(session, asked(radius))
        near = [_is_near(match.record, town, min(radius, need.radius_km)) for match in matches]
        for match, is_near in zip(matches, near, strict=True):
            record = match.record
            assert set(record.thematiques) & set(need.thematiques)
            assert not record.zone_eligibilite or zone_codes(town) & set(record.zone_eligibilite)
            if not is_near:  # what is far comes only where nothing is near, and is of no zone
                assert not any(near)
                assert record.lieu_departement == "90" or record.a_distance


def _is_near(record, town, radius):
    if record.zone_eligibilite or record.lieu_code_insee == town.code_insee:
        return True
    point = (record.lieu_latitude, record.lieu_longitude)
    distance = distance_km(town.latitude, town.longitude, *point)
    return distance is not None and distance <= radius * CORNER


@slow_but_sure
@given(directories, st.integers(1, 60), st.integers(0, 60))
def test_widening_the_radius_never_loses_what_was_within_it(databases, drawn, radius, more):
    with holding(databases[0], drawn) as session:
        narrow = search_services(session, asked(radius))
        wide = ids_of(search_services(session, asked(radius + more)))
        within = [m for m in narrow if m.couvre or (m.distance_km or math.inf) <= radius * CORNER]
        for id_ in ids_of(within):
            if id_ not in wide:  # then a better service of the same place stands for it
                [told] = explain(session, asked(radius + more), [id_])
                assert told.code == SAME_PLACE, told


@slow_but_sure
@given(directories, st.integers(1, 6))
def test_the_order_is_the_same_each_time_and_for_any_number_of_results(databases, drawn, limit):
    with holding(databases[0], drawn) as session:
        everything = ids_of(search_services(session, asked()))
        assert ids_of(search_services(session, asked())) == everything
        assert ids_of(search_services(session, asked(limit=limit))) == everything[:limit]


@slow_but_sure
@given(directories, st.integers(1, 60))
def test_both_databases_give_the_same_results(databases, drawn, radius):
    found = []
    for engine in databases:
        with holding(engine, drawn) as session:
            found.append(
                [
                    (match.record.id, match.raisons, match.score)
                    for match in search_services(session, asked(radius))
                ]
            )
    assert found[0] == found[1]


@slow_but_sure
@given(directories)
def test_what_is_explained_is_what_is_shown(databases, drawn):
    with holding(databases[0], drawn) as session:
        shown = ids_of(search_services(session, asked(limit=3)))
        told = explain(session, asked(limit=3))
        assert [one.id for one in told if one.code is None] == shown
        assert all(one.phrase for one in told if one.code)
