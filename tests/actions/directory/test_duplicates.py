"""Records of several sources that tell of one place: one is shown, none is lost."""

from __future__ import annotations

from datetime import date

from directory_files import service, structure, write_folder
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.directory import search
from actions.directory.importer import Source, import_sources
from actions.directory.models import Service, Structure
from actions.directory.search import SearchQuery

SIRET = "13003013300016"
TODAY = date(2026, 11, 1)


def bring(engine, communes, tmp_path, **sources):
    """Import each source (name=(structures, services)) by itself."""
    for name, (structures, services) in sources.items():
        folder = tmp_path / name
        write_folder(folder, structures=structures)
        if services:
            write_folder(folder, services=services)
        report = import_sources(engine, [Source((folder,), name)], communes)
    return report


def pair(id_, source, day="2026-06-01", **changes):
    """A structure and its service, as one source tells of them."""
    common = {"source": source, "date_maj": day} | changes
    nom = changes.get("nom", "Le Lieu")
    return (
        [structure(id_, **common | {"nom": nom})],
        [service(f"{id_}--v", id_, **common | {"nom": "Garde d'enfants"})],
    )


def marks(engine, model):
    with Session(engine) as session:
        return dict(session.execute(select(model.id, model.doublon_de)).all())


def test_the_freshest_of_two_sources_is_shown_and_takes_what_it_lacks(
    empty_engine, few_communes, tmp_path
):
    fresh = pair("a1", "a", "2026-06-01", telephone=None)
    older = pair("b1", "b", "2026-02-01", nom="LE LIEU", telephone="+33100000001")
    report = bring(empty_engine, few_communes, tmp_path, a=fresh, b=older)
    assert report["structures"].merged == {"same name and address": 1}
    assert report["services"].merged == {"same service at the same place": 1}
    assert marks(empty_engine, Structure) == {"a1": None, "b1": "a1"}
    assert marks(empty_engine, Service) == {"a1--v": None, "b1--v": "a1--v"}
    with Session(empty_engine) as session:
        shown = session.get(Structure, "a1")
        assert shown.telephone == "+33100000001"
        assert shown.complete_par == {"telephone": "b1"}
        query = SearchQuery(theme="garde_enfants", code_insee="90001", today=TODAY)
        assert [match.record.id for match in search.search_services(session, query)] == ["a1--v"]
        named = search.search_by_name(session, "le lieu", "90001", 5)
        assert [match.record.id for match in named] == ["a1--v"]


def test_what_was_merged_comes_apart_when_its_source_no_longer_tells_of_it(
    empty_engine, few_communes, tmp_path
):
    fresh = pair("a1", "a", "2026-06-01", telephone=None)
    older = pair("b1", "b", "2026-02-01", telephone="+33100000001")
    elsewhere = pair("b2", "b", nom="Ailleurs", adresse="9 rue Autre")
    bring(empty_engine, few_communes, tmp_path, a=fresh, b=older)
    bring(empty_engine, few_communes, tmp_path, b=elsewhere)
    with Session(empty_engine) as session:
        shown = session.get(Structure, "a1")
        assert (shown.telephone, shown.complete_par) == (None, None)
    bring(empty_engine, few_communes, tmp_path, b=older)
    bring(empty_engine, few_communes, tmp_path, a=pair("a2", "a", adresse="3 rue Neuve"))
    assert marks(empty_engine, Structure) == {"a2": None, "b1": None}
    assert marks(empty_engine, Service) == {"a2--v": None, "b1--v": None}


def test_importing_again_changes_nothing_of_what_is_merged(empty_engine, few_communes, tmp_path):
    sources = {
        "a": pair("a1", "a", "2026-06-01", telephone=None),
        "b": pair("b1", "b", "2026-02-01"),
    }
    bring(empty_engine, few_communes, tmp_path, **sources)
    with Session(empty_engine) as session:
        before = [repr(row) for row in session.execute(select(Structure.__table__))]
    report = bring(empty_engine, few_communes, tmp_path, **sources)
    assert (report["structures"].changed, report["structures"].unchanged) == (0, 1)
    with Session(empty_engine) as session:
        assert [repr(row) for row in session.execute(select(Structure.__table__))] == before


def test_a_fact_of_another_age_is_not_borrowed(sqlite_engine, few_communes, tmp_path):
    fresh = pair("a1", "a", "2026-06-01", telephone=None)
    ancient = pair("b1", "b", "2020-02-01", telephone="+33100000001")
    bring(sqlite_engine, few_communes, tmp_path, a=fresh, b=ancient)
    with Session(sqlite_engine) as session:
        assert session.get(Structure, "a1").telephone is None
        assert session.get(Structure, "b1").doublon_de == "a1"


def test_one_siret_at_two_doors_is_two_places(sqlite_engine, few_communes, tmp_path):
    here = {"siret": SIRET, "adresse": "1 rue de l'Essai"}
    there = {"siret": SIRET, "nom": "Annexe", "adresse": "80 avenue du Loin"}
    near = {"siret": SIRET, "nom": "Autre nom", "adresse": "1, RUE DE L'ESSAI"}
    sources = {
        "a": pair("a1", "a", **here),
        "b": pair("b1", "b", "2026-02-01", **there),
        "c": pair("c1", "c", "2026-01-01", **near),
    }
    report = bring(sqlite_engine, few_communes, tmp_path, **sources)
    assert report["structures"].merged == {"same SIRET at the same place": 1}
    assert marks(sqlite_engine, Structure) == {"a1": None, "b1": None, "c1": "a1"}


def test_within_one_source_nothing_is_merged(sqlite_engine, few_communes, tmp_path):
    first, second = pair("a1", "a"), pair("a2", "a")
    both = (first[0] + second[0], first[1] + second[1])
    report = bring(sqlite_engine, few_communes, tmp_path, a=both)
    assert not report["structures"].merged
    assert set(marks(sqlite_engine, Structure).values()) == {None}


def test_each_door_of_one_siret_is_merged_with_what_others_say_of_that_door(
    empty_engine, few_communes, tmp_path
):
    main = {"siret": SIRET, "adresse": "1 rue de l'Essai"}
    annexe = {"siret": SIRET, "nom": "Annexe", "adresse": "80 avenue du Loin"}
    first, second = pair("a1", "a", **main), pair("a2", "a", **annexe)
    both = (first[0] + second[0], first[1] + second[1])
    told_again = pair("b1", "b", "2026-02-01", **annexe | {"nom": "Autre nom"})
    bring(empty_engine, few_communes, tmp_path, a=both, b=told_again)
    assert marks(empty_engine, Structure) == {"a1": None, "a2": None, "b1": "a2"}
