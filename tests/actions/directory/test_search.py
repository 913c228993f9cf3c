"""What people are shown: properties that hold for any need and any commune."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from directory_files import service, structure, write_folder
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from actions.directory.geography import zone_codes
from actions.directory.importer import import_directory
from actions.directory.models import Commune, Service
from actions.directory.needs import NEEDS, RESERVED_PUBLICS, find_need
from actions.directory.search import (
    SearchQuery,
    get_records,
    record_view,
    search_by_name,
    search_services,
)
from actions.directory.search.candidates import IN_REACH
from actions.directory.search.ranking import AWAY_COST

TODAY = date(2026, 11, 22)
# Towns with much, with little, in the three départements, on their borders and outside.
COMMUNES = (
    "93066", "93010", "93001", "93072", "93015", "92050", "92012", "92002", "92078",
    "05061", "05023", "05046", "05040", "95018", "13055", "75111",
)  # fmt: skip
SEARCHES = [(code, theme, detail) for code in COMMUNES for theme, detail in NEEDS]


def look(session, code, theme, detail=None, **options):
    return search_services(session, SearchQuery(theme, code, TODAY, detail, **options))


@pytest.fixture(scope="module")
def answers(seeded_engine):
    """The ten best answers to each of the `SEARCHES`, by commune, theme and detail."""
    with Session(seeded_engine) as session:
        return {search: look(session, *search, limit=10) for search in SEARCHES}


def test_every_result_answers_the_need_and_serves_or_neighbours_the_town(session, answers):
    for (code, theme, detail), matches in answers.items():
        commune = session.get(Commune, code)
        need = find_need(theme, detail)
        for match in matches:
            record = match.record
            assert set(record.thematiques) & set(need.thematiques)
            if record.zone_eligibilite:
                assert zone_codes(commune) & set(record.zone_eligibilite), (code, record.id)
                assert match.couvre
            elif not match.couvre and match.distance_km is not None:
                near = match.distance_km <= need.radius_km * 1.5  # the corners of a square
                assert near or record.lieu_departement == commune.departement


def test_most_searches_in_the_covered_towns_find_something(answers):
    covered = [found for (code, _, _), found in answers.items() if code[:2] in {"93", "92", "05"}]
    assert sum(map(bool, covered)) > 0.8 * len(covered)


def test_results_come_best_first_and_each_structure_once(answers):
    for matches in answers.values():
        scores = [round(sum(match.score.values()), 4) for match in matches]
        assert scores == sorted(scores, reverse=True)
        structures = Counter(match.record.structure_id for match in matches)
        assert all(count == 1 for count in structures.values())


def test_a_shorter_search_gives_the_head_of_a_longer_one(session, answers):
    for search in SEARCHES[::7]:
        ids = [match.record.id for match in look(session, *search, limit=3)]
        assert ids == [match.record.id for match in answers[search][:3]]


def test_more_results_are_never_those_already_shown(session):
    for code, theme, detail in SEARCHES[::5]:
        first = look(session, code, theme, detail)
        shown = frozenset(match.record.id for match in first)
        structures = {match.record.structure_id for match in first}
        following = look(session, code, theme, detail, exclude=shown)
        assert not structures & {match.record.structure_id for match in following}


def test_a_place_in_the_town_is_never_beaten_by_a_neighbour_that_is_no_better(answers):
    parts = ("besoin", "date", "coordonnees")
    for search, matches in answers.items():
        for position, match in enumerate(matches):
            if match.couvre:
                continue
            for later in matches[position + 1 :]:
                no_worse = all(later.score[part] >= match.score[part] for part in parts)
                assert not (later.distance_km == 0 and no_worse), search


def test_the_first_answer_to_an_adult_is_not_reserved_to_others(answers):
    for (code, theme, detail), matches in answers.items():
        closed_publics = RESERVED_PUBLICS - find_need(theme, detail).welcome
        reserved = [set(m.record.publics or {"?"}) <= closed_publics for m in matches]
        others_in_town = [
            m for m, closed in zip(matches, reserved, strict=True) if not closed and m.couvre
        ]
        assert not (matches and reserved[0] and others_in_town), (code, theme, detail)


def test_what_is_meant_for_the_young_comes_first_for_the_young(session):
    rank = {}
    for known in (frozenset(), frozenset({"jeunes"})):
        matches = look(session, "93010", "formation", publics=known, limit=20)
        rank[known] = next(
            position for position, m in enumerate(matches) if "jeunes" in m.record.publics
        )
    assert rank[frozenset({"jeunes"})] < rank[frozenset()]


def test_a_search_far_from_all_that_the_directory_holds_finds_nothing(session):
    for theme, detail in NEEDS:
        assert look(session, "97411", theme, detail) == []
    assert look(session, "00000", "francais") == []
    assert look(session, "93010", "besoin inconnu") == []


def test_near_the_border_places_outside_the_covered_area_are_measured(session):
    matches = look(session, "95018", "numerique", "demarches", radius_km=15)
    assert matches
    assert all(match.distance_km is not None for match in matches)
    assert not any(match.couvre for match in matches)


def test_every_detail_of_a_need_names_real_themes():
    from data_inclusion.schema.v1 import Public, ReseauPorteur, Thematique

    from actions.directory.search import ROLES

    themes, networks = {t.value for t in Thematique}, {r.value for r in ReseauPorteur}
    for need in NEEDS.values():
        assert set(need.thematiques) <= themes
        assert need.networks <= networks | {"eiti"}
    for role in ROLES.values():
        assert set(role.thematiques) <= themes
        assert role.networks <= networks
        assert role.publics <= {p.value for p in Public}


def test_a_view_never_gives_a_date_that_the_source_does_not(session):
    for record in session.scalars(select(Service)):
        [match] = get_records(session, [record.id])
        view = record_view(match, TODAY)
        if record.date_inconnue:
            assert view["date_maj"] is None
            assert view["date_texte"] is None
            assert not view["ancienne"]
        else:
            assert view["date_maj"] == record.date_maj.isoformat()
        assert view["kind"] == "service"
        assert view["nom"]
        assert view["description"]
        assert view["lien"] is None or view["lien"].startswith(("http://", "https://"))


def test_a_name_is_found_without_accents_and_with_a_typo(session):
    names = session.scalars(select(Service).where(Service.lieu_departement == "93")).all()
    for record in names[::25]:
        found = search_by_name(session, record.structure.nom.upper(), None, limit=5)
        assert record.structure.nom in [match.record.structure.nom for match in found]
    [yookan] = search_by_name(session, "yokan", "93010", limit=1)
    assert yookan.record.structure.nom == "Yookan"


def test_a_name_that_the_directory_does_not_hold_is_not_replaced_by_another(session):
    for words in ("Plat'In", "xyzzy", "", "le la les", "cours"):
        found = search_by_name(session, words, "93010", limit=3)
        assert all("plat" in match.record.nom_simple.split() or words == "cours" for match in found)


def test_a_name_is_not_answered_by_the_office_of_another_departement(session):
    for match in search_by_name(session, "adil information sur le logement", "05061", limit=3):
        assert match.record.lieu_departement == "05"


def test_records_by_id_keep_their_order_and_forget_the_unknown(session):
    ids = [record.id for record in session.scalars(select(Service).limit(3))][::-1]
    found = get_records(session, [*ids, "inconnu"], "93010")
    assert [match.record.id for match in found] == ids


@pytest.fixture
def invented(empty_engine, tmp_path, few_communes):
    """Call it with structures and services: a session on a directory that holds only them."""

    def fill(structures, services):
        folder = write_folder(tmp_path / "f", structures=structures, services=services)
        import_directory(empty_engine, folder, few_communes)
        return Session(empty_engine)

    return fill


def test_a_fresher_record_comes_before_an_older_that_serves_as_well(invented):
    with invented(
        [structure("a"), structure("b")],
        [
            service("a-vieux", "a", date_maj="2019-01-01", adresse="2 rue de l'Essai"),
            service("b-neuf", "b", date_maj="2026-01-01", adresse="3 rue de l'Essai"),
        ],
    ) as session:
        matches = look(session, "90001", "garde_enfants")
        assert [match.record.id for match in matches] == ["b-neuf", "a-vieux"]
        assert [record_view(match, TODAY)["ancienne"] for match in matches] == [False, True]


def test_who_teaches_the_trade_named_comes_first_and_who_teaches_another_last(invented):
    told = {
        "a-autre": "Métiers techniques industriels",
        "b-general": "Centre de formation",
        "c-soin": "Métiers de la santé et du social",
    }
    themes = [next(iter(find_need("formation", None).thematiques))]
    with invented(
        [structure(id_, adresse=f"{n} rue de l'Essai") for n, id_ in enumerate(told)],
        [
            service(f"v-{id_}", id_, nom=nom, thematiques=themes, adresse=f"{n} rue de l'Essai")
            for n, (id_, nom) in enumerate(told.items())
        ],
    ) as session:
        found = look(session, "90001", "formation", words="une formation d'aide-soignante")
        assert [m.record.structure_id for m in found] == ["c-soin", "b-general", "a-autre"]


def test_a_service_whose_zone_leaves_the_town_out_is_not_shown_even_in_that_town(invented):
    zones = {"ville": ["90001"], "epci": ["200000001"], "dep": ["90"], "pays": ["france"]}
    away = {"bourg": ["90002"], "autre": ["91"]}
    structures = [structure(name, adresse=f"rue {name}") for name in zones | away]
    services = [
        service(f"v-{name}", name, zone_eligibilite=zone, adresse=f"rue {name}")
        for name, zone in (zones | away).items()
    ]
    with invented(structures, services) as session:
        found = look(session, "90001", "garde_enfants", limit=10)
        assert {match.record.structure_id for match in found} == set(zones)
        found = look(session, "91003", "garde_enfants", limit=10)
        assert {match.record.structure_id for match in found} == {"autre", "pays"}


def test_what_another_departement_runs_comes_after_what_is_as_near(invented):
    away = {"commune": "Essai-Loin", "code_insee": "91003", "latitude": 48.92, "longitude": 2.40}
    structures = [structure("asso", **away), structure("dep", **away)]
    services = [
        service("dep-v", "dep", nom="Crèche départementale", adresse="2 rue de l'Essai", **away),
        service("asso-v", "asso", nom="Crèche associative", adresse="3 rue de l'Essai", **away),
    ]
    with invented(structures, services) as session:
        associative, departement = look(session, "90001", "garde_enfants")
        assert [associative.record.id, departement.record.id] == ["asso-v", "dep-v"]
        assert associative.score["lieu"] - departement.score["lieu"] == pytest.approx(AWAY_COST)


def test_a_place_without_coordinates_is_measured_from_its_town(invented):
    with invented([structure()], [service(telephone="+33100000000")]) as session:
        [match] = look(session, "90002", "garde_enfants")
        assert match.distance_km == pytest.approx(3.3, abs=0.1)
        assert "à environ 3 km" in match.raisons
        [match] = look(session, "90001", "garde_enfants")
        assert match.distance_km == 0.0
        assert "dans la commune demandée" in match.raisons


def test_a_service_without_its_own_place_is_where_its_structure_is(invented):
    bare = service(commune=None, code_insee=None, adresse=None)
    with invented([structure(horaires_accueil="Mo-Fr 09:00-12:00")], [bare]) as session:
        [match] = look(session, "90001", "garde_enfants")
        view = record_view(match, TODAY)
        assert view["code_insee"] == "90001"
        assert view["adresse"] == "1 rue de l'Essai, Essai-Ville"
        assert view["telephone"] == "+33100000000"
        assert view["horaires_texte"] == "du lundi au vendredi de 9 h à 12 h"


def test_a_search_asks_for_its_places_in_one_parameter_that_an_index_can_answer():
    asked = " ".join(str(IN_REACH.compile(dialect=sqlite.dialect())).split())
    assert "service_lieux.lieu IN (SELECT value FROM json_each(?)) AND" in asked
    asked = " ".join(str(IN_REACH.compile(dialect=postgresql.dialect())).split())
    assert "service_lieux.lieu = ANY (%(places)s" in asked
