"""Fixtures shared by all tests. Imports stay inside: the bot's tests run on another Python."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def postgresql_server():
    """The URL of a PostgreSQL server of our own, without its database; stopped at the end."""
    from tests.postgresql_server import PROGRAMS, running_server

    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    with running_server("fsync=off") as url:
        yield url


@pytest.fixture(scope="session")
def new_postgresql_database(postgresql_server):
    """Call it in a `with`: the URL of an empty PostgreSQL database, dropped at the end."""
    import psycopg

    @contextmanager
    def new_database():
        name = f"test_{uuid.uuid4().hex}"
        with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
            yield f"{postgresql_server}/{name}"
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    return new_database


@pytest.fixture(scope="session")
def annuaire_url(tmp_path_factory):
    """A directory of our own, in SQLite: the seed and the fixture events, shared by all processes.

    `DATABASE_URL` names it for the whole session, so that the processes started by tests read it.
    """
    from actions.directory import importer, migrations
    from actions.directory.database import create_directory_engine

    folder = tmp_path_factory.mktemp("annuaire")
    shutil.copytree(importer.SEED, folder / "files")
    events = folder / "files" / "evenements.json"
    fictional = Path(__file__).parent / "fixtures" / "evenements.json"
    events.write_text(json.dumps([*_array(events), *_array(fictional)]), "utf-8")
    url = f"sqlite:///{folder}/annuaire.sqlite"
    engine = create_directory_engine(url)
    migrations.upgrade(engine)
    importer.import_directory(engine, folder / "files")
    engine.dispose()
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    yield url
    if before is None:
        del os.environ["DATABASE_URL"]
    else:
        os.environ["DATABASE_URL"] = before


def _array(file):
    return json.loads(file.read_text("utf-8"))
