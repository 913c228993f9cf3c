"""Reports and unmet needs in the database, and what staff export. Every record is invented."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest
from directory_files import service, structure, write_folder
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from actions.directory import followup
from actions.directory.followup import INDIRECT, NOTHING, Besoin, exports, journal
from actions.directory.followup.__main__ import main
from actions.directory.importer import import_directory

DAY = date(2026, 11, 23)


@pytest.fixture
def engine(empty_engine, tmp_path, few_communes):
    """Two services of one structure, on each database."""
    folder = write_folder(
        tmp_path / "f",
        structures=[structure("s1", horaires_accueil="Mo-Fr 09:00-12:00")],
        services=[service("v1", "s1"), service("v2", "s1", telephone="+33155500009")],
    )
    import_directory(empty_engine, folder, few_communes)
    return empty_engine


def test_two_reports_on_services_of_one_place_make_it_doubtful(engine):
    with Session(engine) as session:
        followup.report(session, "v1", "s1", "ferme", DAY)
        assert followup.doubted(session) == frozenset()
        followup.report(session, "v2", "s1", "ferme", DAY)
        assert followup.doubted(session) == {"s1"}
        assert followup.confirm(session, "s1", DAY) == 2
        assert followup.doubted(session) == frozenset()
        assert followup.confirm(session, "s1", DAY) == 0


def test_corrections_speak_of_the_fields_of_data_inclusion(engine):
    with Session(engine) as session:
        followup.report(session, "v1", "s1", "horaires", DAY)
        followup.report(session, "v2", "s1", "telephone", date(2026, 11, 20))
        followup.report(session, "v2", "s1", "telephone", DAY)
        followup.report(session, "parti", "parti", "disparu", DAY)
        phone, gone, hours = exports.corrections(session)
    assert tuple(phone) == exports.CORRECTION_COLUMNS
    assert (phone["id"], phone["structure_id"], phone["kind"]) == ("v2", "s1", "service")
    assert (phone["champ"], phone["valeur_actuelle"]) == ("telephone", "+33155500009")
    assert (phone["signalements"], phone["etat"]) == (2, "en_doute")
    assert (phone["premier_signalement"], phone["dernier_signalement"]) == (
        "2026-11-20",
        "2026-11-23",
    )
    assert (hours["champ"], hours["valeur_actuelle"]) == ("horaires_accueil", "Mo-Fr 09:00-12:00")
    assert (gone["id"], gone["nom"], gone["champ"]) == ("parti", None, None)


def test_unmet_needs_are_counted_by_month_and_small_counts_never_leave(engine):
    with Session(engine) as session:
        for _ in range(4):
            followup.count(session, "90001", "garde_enfants", NOTHING, DAY)
        followup.count(session, "90001", "garde_enfants", NOTHING, date(2026, 12, 2))
        for _ in range(4):
            followup.count(session, "90002", "francais", INDIRECT, DAY)
        session.flush()
        assert session.scalars(select(Besoin.nombre).order_by(Besoin.nombre)).all() == [1, 4, 4]
        assert exports.unmet(session) == (
            [
                {
                    "code_insee": "90001",
                    "commune": "Essai-Ville",
                    "departement": "90",
                    "besoin": "garde_enfants",
                    "niveau": "rien",
                    "nombre": 5,
                    "premier_mois": "2026-11",
                    "dernier_mois": "2026-12",
                }
            ],
            1,
        )
        assert exports.unmet(session, least=1) == exports.unmet(session)
        assert exports.unmet(session, least=6) == ([], 2)


def test_an_import_keeps_what_people_said(engine, tmp_path, few_communes):
    with Session(engine) as session, session.begin():
        followup.report(session, "v1", "s1", "ferme", DAY)
    import_directory(engine, tmp_path / "f", few_communes)
    with Session(engine) as session:
        assert len(exports.corrections(session)) == 1


def test_the_journal_writes_behind_in_order_and_survives_a_failure(engine, monkeypatch):
    def broken(session):
        session.execute(text("INSERT INTO nowhere VALUES (1)"))

    monkeypatch.setattr(journal, "PAUSE", 0.0)
    journal.write(engine, broken)
    journal.write(engine, lambda session: followup.count(session, "90001", "agence", NOTHING, DAY))
    journal.flush()
    with Session(engine) as session:
        assert session.scalars(select(Besoin.besoin)).all() == ["agence"]


def test_counts_wait_to_be_written_together(engine):
    for _ in range(3):
        journal.write_later(
            engine, lambda session: followup.count(session, "90001", "agence", NOTHING, DAY)
        )
    with Session(engine) as session:
        assert session.scalars(select(Besoin.nombre)).all() == []
    journal.flush()
    with Session(engine) as session:
        assert session.scalars(select(Besoin.nombre)).all() == [3]


def test_a_conversation_speaks_of_a_subject_once():
    assert journal.first_time("personne", "lieu")
    assert not journal.first_time("personne", "lieu")
    assert journal.first_time("personne", "autre lieu")
    assert journal.first_time("autre personne", "lieu")


def test_staff_export_csv_or_json_and_confirm(engine, tmp_path, monkeypatch, capsys):
    if engine.dialect.name != "sqlite":
        pytest.skip("the commands are the same on both databases")
    monkeypatch.setenv("DATABASE_URL", str(engine.url))
    with Session(engine) as session, session.begin():
        followup.report(session, "v1", "s1", "adresse", DAY)

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["followup", *map(str, arguments)])
        return main()

    assert run("corrections", tmp_path / "c.csv") == 0
    [row] = csv.DictReader((tmp_path / "c.csv").open(encoding="utf-8"))
    assert (row["id"], row["valeur_actuelle"]) == ("v1", "1 rue de l'Essai")
    assert run("corrections", tmp_path / "c.json") == 0
    assert json.loads((tmp_path / "c.json").read_text("utf-8"))[0]["motif"] == "adresse"
    assert run("unmet", tmp_path / "u.csv") == 0
    assert (tmp_path / "u.csv").read_text("utf-8").startswith("code_insee,commune,")
    assert run("confirm", "v1") == 0
    assert run("confirm", "v1") == 1
    assert "1 report(s) closed" in capsys.readouterr().out
