"""The directory on both databases: empty, and filled with the seed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from actions.directory import importer, migrations
from actions.directory.database import create_directory_engine

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def empty_engine(request, tmp_path):
    """A database with the tables and nothing in them."""
    if request.param == "sqlite":
        yield from _migrated(f"sqlite:///{tmp_path / 'annuaire.sqlite'}")
    else:
        with request.getfixturevalue("new_postgresql_database")() as url:
            yield from _migrated(url)


@pytest.fixture
def sqlite_engine(tmp_path):
    """An empty SQLite database, for what does not depend on the database."""
    yield from _migrated(f"sqlite:///{tmp_path / 'annuaire.sqlite'}")


@pytest.fixture(scope="session", params=DATABASES)
def seeded_engine(request, tmp_path_factory):
    """A database filled with the seed directory; tests only read it."""
    if request.param == "sqlite":
        engines = _migrated(f"sqlite:///{tmp_path_factory.mktemp('seed') / 'annuaire.sqlite'}")
        yield from _seeded(engines)
    else:
        with request.getfixturevalue("new_postgresql_database")() as url:
            yield from _seeded(_migrated(url))


@pytest.fixture
def session(seeded_engine):
    """A session on the seed directory."""
    with Session(seeded_engine) as opened:
        yield opened


@pytest.fixture
def few_communes(tmp_path):
    """A folder of three communes: two neighbours of the same département, one far away."""
    folder = tmp_path / "communes"
    folder.mkdir()
    (folder / "epci.tsv").write_text("siren\tnom\n200000001\tEPCI d'essai\n", "utf-8")
    header = (
        "code_insee nom departement codes_postaux epci_siren population latitude longitude"
        " estime commune_mere"
    )
    rows = [
        "90001 Essai-Ville 90 90000 200000001 20000 48.90 2.40 0 ",
        "90002 Essai-Bourg 90 90100 200000001 20000 48.93 2.40 1 ",
        "91003 Essai-Loin 91 91300  300 47.00 5.00 0 ",
    ]
    lines = [line.replace(" ", "\t") for line in (header, *rows)]
    (folder / "communes.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def _migrated(url):
    engine = create_directory_engine(url)
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


def _seeded(engines):
    for engine in engines:
        importer.import_directory(engine)
        yield engine
