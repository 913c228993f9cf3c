"""Why a search shows a service or leaves it out, and whose turn it is among equals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from directory_files import service, structure, write_folder
from sqlalchemy.orm import Session

from actions.directory.__main__ import main
from actions.directory.importer import import_directory
from actions.directory.schemas import Conditions
from actions.directory.search import SearchQuery, commune_at, explain, search_services

TODAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 28)


@pytest.fixture
def invented(empty_engine, tmp_path, few_communes):
    """Call it with services: a session on a directory that holds them, each in its structure."""

    def fill(*services, structures=()):
        made = {one["id"]: one for one in structures}
        made |= {
            name: structure(name)
            for name in {one["structure_id"] for one in services}
            if name not in made
        }
        folder = write_folder(
            tmp_path / "f", structures=list(made.values()), services=list(services)
        )
        import_directory(empty_engine, folder, few_communes)
        return Session(empty_engine)

    return fill


def one(name, **changes):
    return service(name, f"s-{name}", **{"adresse": f"rue {name}", **changes})


def codes(session, query, *ids):
    return {told.id: told.code for told in explain(session, query, ids)}


def asked(**changes):
    return SearchQuery(
        **{"theme": "garde_enfants", "code_insee": "90001", "today": TODAY} | changes
    )


def test_each_service_left_out_says_why(invented):
    far = {"latitude": 47.0, "longitude": 5.0, "code_insee": "91003", "commune": "Essai-Loin"}
    with invented(
        one("bonne"),
        one("bourg", zone_eligibilite=["90002"]),
        one("loin", **far),
        one("refusee", description="Une garde par intérim seulement."),
        one("payante", frais="payant"),
        one("jeune", thematiques=["famille--soutien-a-la-parentalite-et-a-leducation"],
            publics=["jeunes"]),
        one("autre", thematiques=["numerique--acceder-a-une-connexion-internet"]),
        service("bonne-2", "s-bonne", nom="Autre chose", date_maj="2015-01-01"),
    ) as session:  # fmt: skip
        query = asked(unwanted=frozenset({"interim"}), conditions=Conditions(free=True))
        ids = ("bonne", "bourg", "loin", "refusee", "payante", "jeune", "autre", "bonne-2")
        assert codes(session, query, *ids) == {
            "bonne": None,
            "bourg": "autre_zone",
            "loin": "trop_loin",
            "refusee": "mot_refuse",
            "payante": "condition",
            "jeune": "reserve",
            "autre": "autre_besoin",
            "bonne-2": "meme_lieu",
        }
        assert all(told.phrase for told in explain(session, query, ids) if told.code)
        assert codes(session, asked(exclude=frozenset({"bonne"})), "bonne") == {
            "bonne": "deja_montre"
        }
        assert codes(session, asked(limit=1), "bonne", "payante").popitem()[1] in (None, "apres")
        assert codes(session, query, "personne") == {"personne": "inconnu"}


def test_a_duplicate_names_the_record_shown_instead(invented):
    same = {"nom": "Crèche d'essai", "adresse": "1 rue de l'Essai"}
    places = [structure("a", nom="Le lieu"), structure("b", nom="Le lieu", source="autre")]
    with invented(
        service("va", "a", **same),
        service("vb", "b", source="autre", date_maj="2020-01-01", **same),
        structures=places,
    ) as session:
        [told] = explain(session, asked(), ["vb"])
        assert told.code == "doublon"
        assert "va" in told.phrase


def test_the_parts_of_a_score_add_up_to_the_order(invented):
    with invented(one("a"), one("b", date_maj="2015-01-01"), one("c", telephone=None)) as session:
        told = [t for t in explain(session, asked()) if t.position]
        sums = [round(sum(t.score.values()), 4) for t in told]
        assert sums == sorted(sums, reverse=True)
        assert [t.position for t in told] == [1, 2, 3]


def test_of_equal_places_none_is_the_last_every_week_and_an_order_lasts_a_week(invented):
    names = ("a", "b", "c", "d")
    with invented(*(one(name) for name in names)) as session:

        def order(day):
            return [m.record.id for m in search_services(session, asked(today=day, limit=4))]

        weeks = [order(TODAY + timedelta(weeks=week)) for week in range(30)]
        assert {found[0] for found in weeks} == set(names)
        assert {found[-1] for found in weeks} == set(names)
        assert order(TODAY) == order(TODAY + timedelta(days=6))


def test_what_says_the_contrary_is_left_out_and_what_says_nothing_comes_last(invented):
    says = {
        "free": ({"frais": "gratuit"}, {"frais": "payant"}),
        "remote": ({"modes_accueil": ["a-distance"]}, {"modes_accueil": ["en-presentiel"]}),
        "accessible": (
            {"conditions_acces": "Accessible aux PMR."},
            {"conditions_acces": "Non accessible en fauteuil."},
        ),
        "children": (
            {"conditions_acces": "Les enfants sont les bienvenus : enfants acceptés."},
            {"conditions_acces": "Réservé aux adultes."},
        ),
        "days": ({"horaires_accueil": "Sa 09:00-12:00"}, {"horaires_accueil": "Mo 09:00-12:00"}),
    }
    services = [
        one(f"{name}-{kind}", **said)
        for name, (yes, no) in says.items()
        for kind, said in (("oui", yes), ("non", no), ("rien", {}))
    ]
    with invented(*services) as session:
        for name in says:
            value = (SATURDAY,) if name == "days" else True
            query = asked(conditions=Conditions(**{name: value}), limit=50)
            matches = search_services(session, query)
            ids = [match.record.id for match in matches]
            assert ids[0] == f"{name}-oui"
            assert f"{name}-non" not in ids
            unsure = {match.record.id: match.a_verifier for match in matches}
            assert not unsure[f"{name}-oui"]
            assert unsure[f"{name}-rien"]
            assert set(unsure[f"{name}-rien"]) <= set(matches[-1].raisons)


def test_hours_kept_for_a_public_count_for_that_public_only(invented):
    with invented(one("a", horaires_accueil='Sa 09:00-12:00 "jeunes"; Mo 09:00-12:00')) as session:
        query = asked(conditions=Conditions(days=(SATURDAY,)))
        assert search_services(session, query) == []
        young = asked(conditions=Conditions(days=(SATURDAY,)), publics=frozenset({"jeunes"}))
        assert len(search_services(session, young)) == 1


def test_a_place_known_to_be_closed_today_comes_after_its_equal(invented):
    with invented(
        one("ferme", horaires_accueil="Tu 09:00-12:00"),
        one("ouvert", horaires_accueil="Mo 09:00-12:00"),
    ) as session:
        ids = [match.record.id for match in search_services(session, asked())]
        assert ids == ["ouvert", "ferme"]


def test_staff_read_the_explanation_on_screen(
    sqlite_engine, tmp_path, few_communes, monkeypatch, capsys
):
    folder = write_folder(tmp_path / "f", structures=[structure()], services=[service()])
    import_directory(sqlite_engine, folder, few_communes)
    monkeypatch.setenv("DATABASE_URL", sqlite_engine.url.render_as_string())
    words = ["explain", "--theme", "garde_enfants", "--commune", "90001"]
    assert main([*words, "--text", "gratuit"]) == 0
    assert "1." in (said := capsys.readouterr().out)
    assert "s1--v1" in said
    assert main([*words, "--id", "s1"]) == 0
    assert main(["explain", "--theme", "inconnu", "--commune", "90001"]) == 1


def test_a_place_that_people_say_wrong_comes_last_and_says_so(invented):
    with invented(one("a", date_maj="2026-11-01"), one("b", date_maj="2020-01-01")) as session:
        before = explain(session, asked())
        after = explain(session, asked(), doubted={"s-a"})
    assert [(told.id, told.code) for told in before] == [("a", None), ("b", None)]
    assert [(told.id, told.code) for told in after] == [("b", None), ("a", "signale")]


def test_distances_are_counted_from_the_position_of_the_person_when_it_is_known(invented):
    near = {"code_insee": "90002", "commune": "Essai-Bourg", "latitude": 48.95, "longitude": 2.45}
    with invented(one("a", **near)) as session:
        here = commune_at(session, 48.96, 2.46)
        [found] = search_services(session, asked(position=(48.96, 2.46)))
        [from_town] = search_services(session, asked())
        assert commune_at(session, 0.0, 0.0) is None
        assert not session.new
        assert not session.dirty
    assert here is not None
    assert found.distance_km == pytest.approx(1.33, abs=0.02)
    assert from_town.distance_km > 2
