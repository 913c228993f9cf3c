"""What goes wrong during an import: nothing is lost, nothing is half there."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from directory_files import service, structure, write_folder
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from actions.directory import database, search
from actions.directory.database import create_directory_engine
from actions.directory.importer import Source, import_directory, import_sources
from actions.directory.lock import ImportRunningError, one_import
from actions.directory.models import Base, Service, ServiceThematique, Structure
from actions.directory.search import SearchQuery
from actions.directory.sources.files import BadFileError
from tests.bench import national

KILLS = 10
SERVICES = 1_500
OTHER = 3_000
FORMS = ("json", "geojson", "csv", "parquet")


def content(engine):
    """Every row of every table at one moment, to compare before and after."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if table.name != "communes"
        }


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two directories of the country that have nothing in common but their shape."""
    folder = tmp_path_factory.mktemp("country")
    national.write(folder / "one", SERVICES, seed=1)
    national.write(folder / "other", OTHER, seed=2)
    for form in FORMS:
        national.write(folder / form, 300, form)
    return folder


def replace_by(engine, path):
    """Import another directory in the place of the one that is there."""
    return import_sources(engine, [Source((path,))], accept_losses=True)


@pytest.fixture
def filled(empty_engine, files):
    """A directory that works, before something goes wrong."""
    import_directory(empty_engine, files / "one")
    return empty_engine


def address(engine):
    return engine.url.render_as_string(hide_password=False)


def start(engine, path, tmp_path):
    """The import of a folder, in a process of its own."""
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "actions.directory", "import", str(path)),
            *("--reports", str(tmp_path / "reports"), "--accept-losses"),
        ],
        env={"DATABASE_URL": address(engine), "PYTHONPATH": str(database.ROOT), "PATH": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_killed_at_ten_moments_the_directory_is_the_old_one_or_the_whole_new_one(
    filled, files, tmp_path
):
    old = content(filled)
    begun = time.monotonic()
    whole = start(filled, files / "other", tmp_path)
    assert whole.wait() == 0, whole.stderr.read()
    lasts = time.monotonic() - begun
    new = content(filled)
    replace_by(filled, files / "one")
    assert content(filled) == old
    draw = random.Random(11)
    killed = 0
    for _ in range(4 * KILLS):
        begun = time.monotonic()
        process = start(filled, files / "other", tmp_path)
        try:
            process.wait(timeout=draw.uniform(0.1, 0.95) * lasts)
            lasts = time.monotonic() - begun  # the machine is less busy than it was
        except subprocess.TimeoutExpired:
            process.kill()
            killed += process.wait() == -signal.SIGKILL
        after = content(filled)
        assert after in (old, new), "half an import is there"
        if after == new:  # not in time, or killed just after its transaction
            import_again(filled, files / "one")
        if killed == KILLS:
            break
    assert killed == KILLS
    import_again(filled, files / "other")
    assert content(filled) == new


def import_again(engine, path):
    """Import, once PostgreSQL has seen that the client it served is gone."""
    for _ in range(100):
        try:
            return replace_by(engine, path)
        except ImportRunningError:
            time.sleep(0.1)
    pytest.fail("the lock outlived its process")


def test_readers_see_the_old_directory_until_the_new_one_is_whole(filled, files, tmp_path):
    def seen():
        with Session(filled) as session:
            return (
                session.scalar(select(func.count()).select_from(Structure)),
                session.scalar(select(func.count()).select_from(Service)),
                session.scalar(select(func.count()).select_from(ServiceThematique)),
            )

    old = seen()
    process = start(filled, files / "other", tmp_path)
    states = []
    while process.poll() is None:
        with filled.connect() as connection:
            # One statement is one view of the directory, on both databases.
            counted = text(
                "SELECT (SELECT count(*) FROM structures), (SELECT count(*) FROM services),"
                " (SELECT count(*) FROM service_thematiques)"
            )
            states.append(tuple(connection.execute(counted).one()))
        time.sleep(0.01)
    assert process.returncode == 0, process.stderr.read()
    assert set(states) <= {old, seen()}
    assert old in states


def test_of_two_imports_at_once_the_second_says_so_and_stops(filled, files, tmp_path):
    before = content(filled)
    with one_import(filled):
        second = start(filled, files / "other", tmp_path)
        _, error = second.communicate(timeout=120)
        assert second.returncode == 3
        assert len(error.splitlines()) == 1
        assert "another import is running" in error
        with pytest.raises(ImportRunningError):
            replace_by(filled, files / "other")
    assert content(filled) == before
    replace_by(filled, files / "other")


def test_the_lock_dies_with_its_process(filled, files):
    holding = (
        "import sys, time\n"
        "from actions.directory.database import create_directory_engine\n"
        "from actions.directory.lock import one_import\n"
        "with one_import(create_directory_engine()):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holding],
        env=os.environ | {"DATABASE_URL": address(filled), "PYTHONPATH": str(database.ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    with pytest.raises(ImportRunningError), one_import(filled):
        pass
    process.kill()
    process.wait()
    for _ in range(100):
        try:
            with one_import(filled):
                return
        except ImportRunningError:
            time.sleep(0.1)
    pytest.fail("the lock outlived its process")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("damage", ["cut", "encoding", "columns", "noise"])
@pytest.mark.parametrize("kind", ["structures", "services"])
def test_a_damaged_file_is_refused_and_changes_nothing(
    form, damage, kind, empty_engine, tmp_path, few_communes, files
):
    good, bad = files / form, tmp_path / "bad"
    import_directory(empty_engine, good, few_communes)
    before = content(empty_engine)
    shutil.copytree(good, bad)
    damaged(bad / f"{kind}.{form}", damage)
    with pytest.raises(BadFileError) as refused:
        import_directory(empty_engine, bad, few_communes)
    assert len(str(refused.value).splitlines()) == 1
    assert content(empty_engine) == before


def damaged(file, damage):
    """Spoil a file: its end, its encoding, the names of its columns, or one byte in ten."""
    content = file.read_bytes()
    if damage == "cut":
        content = content[: int(len(content) * 0.6)]
    elif damage == "encoding":
        content = content.decode("latin-1").encode("utf-16")
    elif damage == "columns":
        content = content.replace(b"structure_id", b"structure_no").replace(
            b"date_maj", b"date_mzj"
        )
    else:
        draw = random.Random(5)
        spoilt = bytearray(content)
        for place in draw.sample(range(len(spoilt)), len(spoilt) // 10):
            spoilt[place] = draw.randrange(256)
        content = bytes(spoilt)
    file.write_bytes(content)


ID_NOISE = ("\x00", "\ud800", "é" * 500, [1], {"a": 1}, 12)
NOISE = ("", None, "\x00", "\ud800", "é" * 20_000, -1, 1e309, [], {}, ["?"], "2999-99-99", True)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_one_record_in_ten_spoilt_keeps_the_nine_others_and_the_older_versions(
    form, empty_engine, tmp_path, few_communes
):
    structures = [structure(f"s{n}", nom=f"Lieu numéro {n}") for n in range(100)]
    services = [service(f"v{n}", f"s{n}") for n in range(100)]
    import_directory(
        empty_engine,
        write_folder(tmp_path / "f", structures=structures, services=services),
        few_communes,
    )
    draw = random.Random(3)
    for record in draw.sample(services, 10):
        for name in draw.sample(sorted(set(record) - {"id"}), 3):
            record[name] = draw.choice(NOISE)
    services += [service(id_, "s1") for id_ in ID_NOISE] if form == "json" else []
    folder = tmp_path / "g"
    write_folder(folder, structures=structures)
    if form == "json":
        write_folder(folder, services=services)
    else:
        lines = [",".join(services[0])] + [
            ",".join(csv_field(record[name]) for name in services[0]) for record in services
        ]
        (folder / "services.csv").write_text("\n".join(lines) + "\n", "utf-8")
    report = import_directory(empty_engine, folder, few_communes)
    assert report["services"].accepted >= 90
    assert report["services"].removed == 0
    with Session(empty_engine) as session:
        assert session.scalar(select(func.count()).select_from(Service)) == 100
        query = SearchQuery(
            theme="garde_enfants", code_insee="90001", today=national.TODAY, limit=50
        )
        assert search.search_services(session, query)


def csv_field(value):
    written = json.dumps(value) if isinstance(value, list | dict) else str(value or "")
    written = written.encode("utf-8", "replace").decode()
    return '"' + written.replace('"', '""') + '"'


def test_a_full_disk_or_a_lost_connection_changes_nothing(filled, files, monkeypatch):
    from actions.directory.staging import Staging

    before = content(filled)
    writes = []

    def failing(self, name, rows, write=Staging._write):
        writes.append(name)
        if len(writes) == 3:
            raise OSError("No space left on device")
        write(self, name, rows)

    monkeypatch.setattr(Staging, "_write", failing)
    with pytest.raises((OSError, BadFileError)):
        replace_by(filled, files / "other")
    monkeypatch.undo()
    assert content(filled) == before
    assert replace_by(filled, files / "other")["services"].added > SERVICES


def test_the_directory_of_before_this_version_is_brought_to_it(tmp_path, few_communes):
    """Rows that had no digest are rewritten at the next import, none is lost."""
    engine = create_directory_engine(f"sqlite:///{tmp_path / 'old.sqlite'}")
    folder = write_folder(tmp_path / "f", structures=[structure()], services=[service()])
    import_directory(engine, folder, few_communes)
    with engine.begin() as connection:
        for table in ("structures", "services", "communes"):
            connection.execute(text(f"UPDATE {table} SET empreinte = ''"))
        connection.execute(text("UPDATE structures SET nom_simple = '', adresse_simple = ''"))
    report = import_directory(engine, folder, few_communes)
    assert (report["services"].changed, report["services"].removed) == (1, 0)
    with Session(engine) as session:
        assert session.get(Service, "s1--v1").nom_simple == (
            "structure d essai s1 service d essai s1 v1"
        )
    engine.dispose()
