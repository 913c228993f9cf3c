"""The whole directory from the sources that a configuration file names."""

from __future__ import annotations

import json

import pytest
import yaml
from aiohttp import web
from directory_files import service, structure, write_folder
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.directory import sync
from actions.directory.database import ROOT
from actions.directory.importer import COMMUNES, import_directory, import_sources
from actions.directory.models import Structure
from actions.directory.sources.files import BadFileError


@pytest.fixture
def configure(tmp_path, monkeypatch, few_communes):
    """Write `sources.yml`, from name=files."""
    monkeypatch.setattr(
        sync,
        "import_sources",
        lambda *arguments, **options: import_sources(*arguments, communes=few_communes, **options),
    )

    def write(departements=(), **sources):
        settings = [{"name": name, "files": files} for name, files in sources.items()]
        content = {"sources": settings, "departements": list(departements)}
        (tmp_path / "sources.yml").write_text(yaml.safe_dump(content), "utf-8")
        return tmp_path / "sources.yml"

    return write


def ids(engine):
    with Session(engine) as session:
        return set(session.scalars(select(Structure.id)))


def test_sources_together_are_the_whole_directory(empty_engine, tmp_path, configure, few_communes):
    import_directory(
        empty_engine, write_folder(tmp_path / "seed", structures=[structure("seed")]), few_communes
    )
    write_folder(tmp_path / "a", structures=[structure("a1")], services=[service("v1", "a1")])
    write_folder(tmp_path / "b", structures=[structure("b1", nom="Autre lieu")])
    report = sync.sync(empty_engine, configure(a=["a"], b=["b/structures.json"]))
    assert ids(empty_engine) == {"a1", "b1"}
    assert report["structures"].removed == 1
    sync.sync(empty_engine, configure(b=["b"]))
    assert ids(empty_engine) == {"b1"}


def test_a_source_that_fails_keeps_its_records_and_the_others_come_in(
    empty_engine, tmp_path, configure
):
    write_folder(tmp_path / "a", structures=[structure("a1")])
    write_folder(tmp_path / "b", structures=[structure("b1", nom="Autre lieu")])
    file = configure(a=["a"], b=["b"])
    sync.sync(empty_engine, file)
    (tmp_path / "a" / "structures.json").write_text('[{"id": "a1", "nom": "x"', "utf-8")
    write_folder(tmp_path / "b", structures=[structure("b2", nom="Autre lieu")])
    report = sync.sync(empty_engine, file)
    assert ids(empty_engine) == {"a1", "b2"}
    assert "not valid JSON" in report.failed["a"]
    summary = sync.summary_of(report)
    assert summary.splitlines()[0].startswith("Jalon, directory: updated, 1 source MISSING")
    assert "source a kept as it was" in summary


def test_a_source_that_loses_most_of_its_records_is_not_believed(
    sqlite_engine, tmp_path, configure
):
    many = [structure(f"a{n}", nom=f"Lieu {n}") for n in range(30)]
    write_folder(tmp_path / "a", structures=many)
    write_folder(tmp_path / "b", structures=[structure("b1", nom="Autre lieu")])
    file = configure(a=["a"], b=["b"])
    sync.sync(sqlite_engine, file)
    write_folder(tmp_path / "a", structures=many[:3])
    report = sync.sync(sqlite_engine, file)
    assert "it would remove 27 of its 30 structures" in report.failed["a"]
    assert len(ids(sqlite_engine)) == 31
    sync.sync(sqlite_engine, file, accept_losses=True)
    assert len(ids(sqlite_engine)) == 4


def test_nothing_changes_when_no_source_can_be_used(sqlite_engine, tmp_path, configure):
    write_folder(tmp_path / "a", structures=[structure("a1")])
    sync.sync(sqlite_engine, configure(a=["a"]))
    with pytest.raises(BadFileError, match="no such file"):
        sync.sync(sqlite_engine, configure(a=["absent"]))
    assert ids(sqlite_engine) == {"a1"}


def test_chosen_departements_keep_what_is_there_and_what_serves_them(
    empty_engine, tmp_path, configure
):
    far = {"code_insee": "91003", "commune": "Essai-Loin"}
    write_folder(
        tmp_path / "a",
        structures=[structure("ici"), structure("loin", **far), structure("sert", **far)],
        services=[
            service("ici--v", "ici"),
            service("ici--seul", "ici", code_insee=None, adresse=None, commune=None),
            service("loin--v", "loin", **far),
            service("loin--seul", "loin", code_insee=None, adresse=None, commune=None),
            service("loin--pays", "loin", zone_eligibilite=["france"], **far),
            service("sert--epci", "sert", zone_eligibilite=["200000001"], **far),
        ],
        evenements=[
            {"id": "e1", "nom": "Forum ici", "debut": None, "code_insee": "90001"},
            {"id": "e2", "nom": "Forum loin", "debut": None, "code_insee": "91003"},
            {"id": "e3", "nom": "Forum sans lieu", "debut": None},
        ],
    )
    report = sync.sync(empty_engine, configure(["90"], a=["a"]))
    assert ids(empty_engine) == {"ici", "sert"}
    assert (report["services"].added, report["services"].outside) == (3, 3)
    assert (report["evenements"].added, report["evenements"].outside) == (2, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "cannot be read"),
        ("sources: []", "sources"),
        ("sources: [{name: A b, files: [x]}]", "name"),
        ("sources: [{name: a, files: [x], clé: 1}]", "clé"),
        ("sources: [{name: a, files: [x]}, {name: a, files: [x]}]", "same name"),
    ],
)
def test_a_wrong_configuration_is_said_in_one_line(tmp_path, text, message):
    (tmp_path / "sources.yml").write_text(text, "utf-8")
    with pytest.raises(BadFileError, match=message):
        sync.read_configuration(tmp_path / "sources.yml")


def test_the_example_is_right():
    example = sync.read_configuration(ROOT / "sources.example.yml")
    assert [source.files for source in example.sources] == [["data/annuaire"]]
    assert COMMUNES.exists()


async def test_the_summary_reaches_the_address_of_the_operator(aiohttp_server, capsys):
    received = []

    async def take(request):
        received.append(await request.json())
        return web.Response()

    application = web.Application()
    application.router.add_post("/crochet", take)
    server = await aiohttp_server(application)
    await sync._post(str(server.make_url("/crochet")), {"text": "résumé"})
    assert received == [{"text": "résumé"}]


def test_a_summary_that_cannot_be_sent_is_said_without_its_address(capsys):
    sync.tell("résumé", {"JALON_SYNC_WEBHOOK": "http://127.0.0.1:9/secret"})
    error = capsys.readouterr().err
    assert "not sent" in error
    assert "secret" not in error
    sync.tell("résumé", {})
    assert json.dumps(capsys.readouterr().err) == '""'
