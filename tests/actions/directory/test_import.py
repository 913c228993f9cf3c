"""Bringing the tables to what the files say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from directory_files import service, structure, write_folder
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from actions.directory import database, duplicates, importer, migrations, staging
from actions.directory.__main__ import main
from actions.directory.formats import date_precision
from actions.directory.importer import import_directory
from actions.directory.models import Base, Commune, Evenement, Service, Structure
from actions.directory.search import SearchQuery, search_services
from actions.directory.sources.files import BadFileError

EVENT = {"id": "e1", "nom": "Forum d'essai", "debut": "2030-01-02T09:00:00", "code_insee": "90001"}
OFFER = {"id": "o1", "nom": "Offre d'essai", "valable_au": "2030-01-02", "type": "mobilite"}


def content(engine):
    """Every row of every table, to compare before and after."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }


def figures(count):
    return count.added, count.changed, count.unchanged, count.removed, count.rejected.total


def test_the_whole_seed_is_imported_without_a_rejection(seeded_engine):
    seed = {
        kind: json.loads((importer.SEED / f"{kind}.json").read_text("utf-8"))
        for kind in ("structures", "services", "evenements")
    }
    with Session(seeded_engine) as session:
        for model, kind in ((Structure, "structures"), (Service, "services")):
            assert session.scalar(select(func.count()).select_from(model)) == len(seed[kind])
        assert session.scalar(select(func.count()).select_from(Evenement)) == len(
            seed["evenements"]
        )
        assert session.scalar(select(func.count()).select_from(Commune)) > 34_969


def test_importing_the_same_files_twice_changes_nothing(empty_engine, tmp_path, few_communes):
    folder = write_folder(
        tmp_path / "f",
        structures=[structure(reseaux_porteurs=["caf", "aci"])],
        services=[service(publics=["jeunes", "femmes"], zone_eligibilite=["90", "90001"])],
        evenements=[EVENT],
        offres=[OFFER],
    )
    first = import_directory(empty_engine, folder, few_communes)
    before = content(empty_engine)
    second = import_directory(empty_engine, folder, few_communes)
    assert {kind: figures(count) for kind, count in first.items()} == {
        "communes": (3, 0, 0, 0, 0),
        "structures": (1, 0, 0, 0, 0),
        "services": (1, 0, 0, 0, 0),
        "evenements": (1, 0, 0, 0, 0),
        "offres": (1, 0, 0, 0, 0),
    }
    assert all(figures(count)[2] and not any(figures(count)[:2]) for count in second.values())
    assert content(empty_engine) == before


def test_what_changed_or_went_in_the_files_changes_or_goes_in_the_tables(
    empty_engine, tmp_path, few_communes
):
    structures = [structure("s1"), structure("s2")]
    services = [service("v1", "s1"), service("v2", "s1"), service("v3", "s2")]
    folder = write_folder(tmp_path / "f", structures=structures, services=services)
    import_directory(empty_engine, folder, few_communes)
    write_folder(
        folder,
        structures=[structure("s1", nom="Nouveau nom"), structure("s3")],
        services=[service("v1", "s1", thematiques=["se-former--trouver-sa-formation"])],
    )
    report = import_directory(empty_engine, folder, few_communes)
    assert figures(report["structures"]) == (1, 1, 0, 1, 0)
    assert figures(report["services"]) == (0, 1, 0, 2, 0)
    with Session(empty_engine) as session:
        kept = session.scalars(select(Service)).one()
        assert kept.thematiques == ["se-former--trouver-sa-formation"]
        assert "nouveau nom" in kept.nom_simple


def test_a_file_of_services_alone_leaves_the_structures(empty_engine, tmp_path, few_communes):
    folder = write_folder(tmp_path / "f", structures=[structure()], services=[service()])
    import_directory(empty_engine, folder, few_communes)
    file = write_folder(tmp_path / "g", services=[service(nom="Autre nom")]) / "services.json"
    report = import_directory(empty_engine, file, few_communes)
    assert "structures" not in report
    assert figures(report["services"]) == (0, 1, 0, 0, 0)


def test_services_go_with_a_structure_that_is_no_longer_there(empty_engine, tmp_path, few_communes):
    folder = write_folder(
        tmp_path / "f", structures=[structure("s1"), structure("s2")], services=[service()]
    )
    import_directory(empty_engine, folder, few_communes)
    file = write_folder(tmp_path / "g", structures=[structure("s2")]) / "structures.json"
    report = import_directory(empty_engine, file, few_communes)
    assert report["services"].removed == 1


def test_a_bad_record_is_reported_with_its_id_and_the_others_are_kept(
    empty_engine, tmp_path, few_communes
):
    folder = write_folder(
        tmp_path / "f",
        structures=[
            structure("bon"),
            structure("bon"),
            structure("futur", date_maj="2999-01-01"),
            structure("code", code_insee="1"),
            "pas un objet",
        ],
        services=[
            service("v1", "bon"),
            service("v2", "futur"),
            service("v3", "inconnue"),
            service("v4", "bon", thematiques=["inventee"]),
        ],
    )
    report = import_directory(empty_engine, folder, few_communes)
    structures = dict(report["structures"].rejected)
    assert set(structures) == {"bon", "futur", "code", "#5"}
    assert "futur" in structures["futur"]
    assert "code_insee" in structures["code"]
    services = dict(report["services"].rejected)
    assert "rejected" in services["v2"]
    assert "unknown" in services["v3"]
    assert "thematiques" in services["v4"]
    text = importer.format_report(report)
    assert "structures: 1 added, 0 changed, 0 unchanged, 0 removed, 4 rejected" in text
    assert "rejected 1: its structure was rejected (v2)" in text


def test_a_record_that_turns_bad_keeps_its_older_version(empty_engine, tmp_path, few_communes):
    folder = write_folder(tmp_path / "f", structures=[structure("s1"), structure("s2")])
    import_directory(empty_engine, folder, few_communes)
    write_folder(folder, structures=[structure("s1", nom=""), structure("s2")])
    report = import_directory(empty_engine, folder, few_communes)
    assert figures(report["structures"]) == (0, 0, 1, 0, 1)
    with Session(empty_engine) as session:
        assert session.get(Structure, "s1") is not None


@pytest.mark.parametrize(
    "bad",
    [
        "pas du JSON",
        '{"id": "s1"}',
        "[]",
        '[{"nom": "sans rien"}]',
        "[1, 2]",
        '[{"id": "s1", "nom": "", "date_maj": "2024-01-01"}]',
        "\x00\xff",
    ],
)
def test_a_bad_file_changes_nothing(empty_engine, tmp_path, few_communes, bad):
    folder = write_folder(tmp_path / "f", structures=[structure()], services=[service()])
    import_directory(empty_engine, folder, few_communes)
    before = content(empty_engine)
    write_folder(folder, structures=[structure("s2")])
    (folder / "services.json").write_bytes(bad.encode("latin-1"))
    for path in (folder, folder / "services.json", tmp_path / "absent"):
        with pytest.raises(BadFileError):
            import_directory(empty_engine, path, few_communes)
    assert content(empty_engine) == before


def test_a_table_of_communes_without_its_columns_changes_nothing(
    empty_engine, tmp_path, few_communes
):
    folder = write_folder(tmp_path / "f", structures=[structure()])
    (few_communes / "communes.tsv").write_text("code\tnom\n1\tX\n", "utf-8")
    before = content(empty_engine)
    with pytest.raises(BadFileError, match="missing columns"):
        import_directory(empty_engine, folder, few_communes)
    assert content(empty_engine) == before


def test_an_import_broken_off_in_the_middle_leaves_the_directory_as_it_was(
    empty_engine, tmp_path, few_communes, monkeypatch
):
    folder = write_folder(tmp_path / "f", structures=[structure()], services=[service()])
    import_directory(empty_engine, folder, few_communes)
    before = content(empty_engine)
    write_folder(folder, structures=[structure("s9")], services=[service("v9", "s9")])

    def broken(_connection, _report):
        raise KeyboardInterrupt

    monkeypatch.setattr(duplicates, "merge", broken)
    with pytest.raises(KeyboardInterrupt):
        import_directory(empty_engine, folder, few_communes)
    assert content(empty_engine) == before


def test_an_import_that_would_remove_most_of_a_source_is_refused_unless_it_is_meant(
    empty_engine, tmp_path, few_communes
):
    folder = write_folder(tmp_path / "f", structures=[structure(f"s{n}") for n in range(25)])
    import_directory(empty_engine, folder, few_communes)
    write_folder(folder, structures=[structure()])
    with pytest.raises(BadFileError, match="would remove 24 of its 25 structures"):
        import_directory(empty_engine, folder, few_communes)
    source = importer.Source((folder,))
    report = importer.import_sources(empty_engine, [source], few_communes, accept_losses=True)
    assert report["structures"].removed == 24


def test_a_departement_that_does_not_exist_is_refused(empty_engine, tmp_path, few_communes):
    folder = write_folder(tmp_path / "f", structures=[structure()])
    with pytest.raises(BadFileError, match="no such département: 9x"):
        import_directory(empty_engine, folder, few_communes, departements=["90", "9x"])


def test_an_unknown_date_and_its_source_are_kept_from_the_sidecar(
    empty_engine, tmp_path, few_communes
):
    sources = {
        "s1": {"source": "https://exemple.fr", "lu_le": "2026-11-22", "date_inconnue": True},
        "s1--v1": {"source": "https://exemple.fr", "note": "Liste de juin 2026 : à vérifier."},
    }
    folder = write_folder(
        tmp_path / "f", structures=[structure()], services=[service()], sources=sources
    )
    import_directory(empty_engine, folder, few_communes)
    with Session(empty_engine) as session:
        kept = session.get(Structure, "s1")
        assert kept.date_inconnue
        assert kept.page_source == "https://exemple.fr"
        assert str(kept.lu_le) == "2026-11-22"
        dated = session.get(Service, "s1--v1")
        assert not dated.date_inconnue
        assert dated.date_precision == "mois"


@pytest.mark.parametrize(
    ("day", "note", "precision"),
    [
        ("2019-07-31", "Liste officielle de juillet 2019 : vérifier.", "mois"),
        ("2019-10-22", "Coordonnées de l'annuaire, copie d'octobre 2019 : à vérifier.", "mois"),
        ("2013-08-19", "Article de 2013 : à vérifier.", "annee"),
        ("2018-09-01", "Page de la saison 2018-2019 : horaires à vérifier.", "annee"),
        ("2007-04-01", "Article ancien, date approximative.", "annee"),
        ("2022-06-16", "Données de 2022-06-16 ; permanences à vérifier.", "jour"),
        ("2023-06-06", "Ouvert depuis le 16 mai 2023.", "jour"),
        ("2023-05-16", "Ouvert depuis le 16 mai 2023.", "jour"),
        ("2026-06-16", "Même adresse dans deux sources publiques (2019 et 2026).", "jour"),
        ("2024-08-01", None, "jour"),
    ],
)
def test_a_note_tells_how_far_a_date_is_known(day, note, precision):
    assert date_precision(date.fromisoformat(day), note) == precision


def test_the_migrations_make_the_tables_of_the_models(empty_engine):
    with empty_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    folder = migrations.__path__[0]
    assert ScriptDirectory(folder).get_current_head() == migrations.HEAD
    assert migrations.is_current(empty_engine)


def test_a_directory_of_before_is_searched_as_soon_as_its_tables_are_changed(
    empty_engine, tmp_path, few_communes, monkeypatch
):
    folder = write_folder(tmp_path / "f", structures=[structure()], services=[service()])
    importer.import_directory(empty_engine, folder, few_communes)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.one_writer(empty_engine).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    assert not migrations.is_current(empty_engine)
    url = empty_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["ensure"]) == 0  # and the seed is not imported over what is there
    with Session(empty_engine) as session:
        query = SearchQuery("garde_enfants", "90001", date(2026, 11, 23))
        assert [match.record.id for match in search_services(session, query)] == ["s1--v1"]


def test_the_address_of_a_postgresql_server_is_read_by_psycopg(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/d")
    assert database.create_directory_engine().dialect.driver == "psycopg"
    monkeypatch.delenv("DATABASE_URL")
    assert database.database_url() == f"sqlite:///{database.ROOT}/var/annuaire.sqlite"


def run(url, *arguments, cwd):
    command = [sys.executable, "-m", "actions.directory", *arguments]
    environment = {"DATABASE_URL": url, "PYTHONPATH": str(database.ROOT), "PATH": ""}
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True)


def test_the_command_imports_a_file_and_says_in_one_line_why_it_cannot(tmp_path):
    url = f"sqlite:///{tmp_path / 'annuaire.sqlite'}"
    folder = write_folder(tmp_path / "f", structures=[structure()])
    done = run(url, "import", str(folder / "structures.json"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "structures: 1 added" in done.stdout

    again = run(url, "ensure", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "")

    (folder / "structures.json").write_text("[", "utf-8")
    failed = run(url, "import", str(folder / "structures.json"), cwd=tmp_path)
    assert failed.returncode == 1
    assert len(failed.stderr.splitlines()) == 1
    assert "not valid JSON" in failed.stderr


def test_more_services_without_their_structure_than_are_written_at_once_are_all_refused(
    empty_engine, tmp_path, few_communes, monkeypatch
):
    monkeypatch.setattr(staging, "ROWS", 2)
    lost = [service(f"v{number}", "nobody") for number in range(5)]
    folder = write_folder(
        tmp_path / "f", structures=[structure("ici")], services=[service("v", "ici"), *lost]
    )
    report = import_directory(empty_engine, folder, few_communes)
    assert report.of("services").rejected.total == 5
    with Session(empty_engine) as session:
        assert session.scalars(select(Service.id)).all() == ["v"]
