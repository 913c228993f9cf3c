"""Files of every form give the same records, or are refused whole."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile

import pyarrow
import pytest
from directory_files import service, structure, write_folder
from pyarrow import parquet
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.directory.importer import Source, import_directory, import_sources
from actions.directory.models import Evenement, Offre, Service, Structure
from actions.directory.sources.files import CHUNK, BadFileError, open_file, read_records

STRUCTURES = [
    structure("s1", reseaux_porteurs=["caf", "aci"], latitude=48.9, longitude=2.4, siret=None),
    structure("s2", reseaux_porteurs=None, latitude=48.91, longitude=2.41, siret="13003013300016"),
]
SERVICES = [
    service(
        "v1", "s1", publics=["jeunes", "femmes"], zone_eligibilite=["90", "90001"], frais="gratuit"
    ),
    service(
        "v2",
        "s2",
        publics=None,
        zone_eligibilite=None,
        frais=None,
        description="Des « mots »,\nà lire.",
    ),
]


def as_csv(records, separator=",", lists=json.dumps):
    lines = []

    class Lines:
        write = staticmethod(lines.append)

    writer = csv.DictWriter(Lines, list(records[0]), delimiter=separator)
    writer.writeheader()
    for record in records:
        writer.writerow({k: lists(v) if isinstance(v, list) else v for k, v in record.items()})
    return "".join(lines)


def as_geojson(records):
    features = []
    for record in records:
        point = [record.get("longitude"), record.get("latitude")]
        geometry = None if None in point else {"type": "Point", "coordinates": point}
        properties = {k: v for k, v in record.items() if k not in ("latitude", "longitude")}
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return json.dumps({"type": "FeatureCollection", "name": "essai", "features": features})


FORMS = {
    "json": json.dumps,
    "geojson": as_geojson,
    "csv": as_csv,
    "semicolons": lambda records: as_csv(records, ";"),
    "python_lists": lambda records: as_csv(records, lists=str),
    "postgresql_lists": lambda records: as_csv(
        records, lists=lambda values: "{" + ",".join(values) + "}"
    ),
    "byte_order_mark": lambda records: "\ufeff" + as_csv(records),
}


def kept(engine):
    with Session(engine) as session:
        names = ("id", "nom", "code_insee", "latitude", "longitude", "empreinte")
        structures = session.execute(select(*(getattr(Structure, n) for n in names)))
        names = ("id", "publics", "zone_eligibilite", "description", "lieu_latitude", "empreinte")
        services = session.execute(select(*(getattr(Service, n) for n in names)))
        return sorted(map(repr, structures)), sorted(map(repr, services))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pack", ["plain", "gzip", "zip"])
def test_every_text_form_gives_the_same_directory(
    form, pack, sqlite_engine, tmp_path, few_communes
):
    import_directory(
        sqlite_engine,
        write_folder(tmp_path / "json", structures=STRUCTURES, services=SERVICES),
        few_communes,
    )
    expected = kept(sqlite_engine)
    suffix = form if form in ("json", "geojson") else "csv"
    folder = tmp_path / "f"
    folder.mkdir()
    for kind, records in (("structures", STRUCTURES), ("services", SERVICES)):
        content = FORMS[form](records).encode()
        file = folder / f"{kind}.{suffix}"
        if pack == "plain":
            file.write_bytes(content)
        elif pack == "gzip":
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content))
        else:
            with zipfile.ZipFile(folder / f"{file.name}.zip", "w") as archive:
                archive.writestr(file.name, content)
    report = import_directory(sqlite_engine, folder, few_communes)
    assert not report["structures"].rejected.total
    assert kept(sqlite_engine) == expected


def test_parquet_gives_the_same_directory(sqlite_engine, tmp_path, few_communes):
    folder = write_folder(tmp_path / "json", structures=STRUCTURES, services=SERVICES)
    import_directory(sqlite_engine, folder, few_communes)
    expected = kept(sqlite_engine)
    folder = tmp_path / "f"
    folder.mkdir()
    for kind, records in (("structures", STRUCTURES), ("services", SERVICES)):
        parquet.write_table(pyarrow.Table.from_pylist(records), folder / f"{kind}.parquet")
    import_directory(sqlite_engine, folder, few_communes)
    assert kept(sqlite_engine) == expected


def test_a_record_longer_than_a_piece_is_read_whole(tmp_path):
    records = [{"id": str(n), "texte": 'é\\"[]{},\n' * n} for n in (1, CHUNK // 4, 3)]
    file = tmp_path / "f.json"
    file.write_text(json.dumps(records, ensure_ascii=False, indent=3), "utf-8")
    with open_file(file) as opened:
        assert list(read_records(opened)) == records


def contents():
    parquet_file = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.Table.from_pylist(SERVICES), parquet_file)
    texts = {
        f"services.{name}": FORMS[name](SERVICES).encode() for name in ("json", "geojson", "csv")
    }
    return texts | {
        "services.parquet": parquet_file.getvalue().to_pybytes(),
        "services.json.gz": gzip.compress(json.dumps(SERVICES).encode()),
    }


@pytest.mark.parametrize(
    "name",
    ["services.json", "services.geojson", "services.csv", "services.parquet", "services.json.gz"],
)
def test_a_file_cut_anywhere_is_refused(name, tmp_path):
    content = contents()[name]
    # The last characters of a text file may be but spaces and the end of its last line.
    lengths = range(0, len(content.rstrip()) - 1, 7)
    read = {length: count_of(tmp_path / name, content[:length]) for length in lengths}
    accepted = {length for length, count in read.items() if count}
    if name.endswith(".csv"):
        # CSV says nothing of its end: it may be cut in its very last field, or between two lines.
        assert len(accepted) <= 6
    else:
        assert not accepted


def count_of(file, content):
    """How many records a file of this content gives; 0 when it is refused."""
    file.write_bytes(content)
    try:
        with open_file(file) as opened:
            return len(list(read_records(opened)))
    except BadFileError:
        return 0


def test_a_file_of_another_encoding_is_refused_and_says_so(sqlite_engine, tmp_path, few_communes):
    records = [structure("s1", nom="Accueil de la cité")]
    file = tmp_path / "structures.csv"
    file.write_bytes(as_csv(records).encode("cp1252"))
    with pytest.raises(BadFileError, match=r"not utf-8 text.*say its encoding"):
        import_directory(sqlite_engine, file, few_communes)
    import_sources(sqlite_engine, [Source((file,), encoding="cp1252")], few_communes)
    with Session(sqlite_engine) as session:
        assert session.get(Structure, "s1").nom == "Accueil de la cité"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("structures.csv", "a,b\n1,2\n", "the columns are not those"),
        ("structures.csv", "id\n1\n", "does not name different columns"),
        ("structures.csv", "<html>", "a web page"),
        ("structures.json", '[{"nom": "x"}]', "the columns are not those"),
        ("structures.json", "[1,]", "comma before the end"),
        ("structures.json", "[1] [2]", "Extra data"),
        ("structures.json", '{"features": [{}]', "does not end"),
        ("agenda.ics", "BEGIN:VCALENDAR\nVERSION:2.0\n", "it is cut"),
    ],
)
def test_what_is_no_file_of_records_is_refused(
    name, content, message, sqlite_engine, tmp_path, few_communes
):
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(BadFileError, match=message):
        import_directory(sqlite_engine, tmp_path / name, few_communes)


def test_an_encoding_that_nobody_knows_is_refused(sqlite_engine, tmp_path, few_communes):
    (tmp_path / "structures.json").write_text(json.dumps(STRUCTURES), "utf-8")
    source = Source((tmp_path / "structures.json",), "essai", "utf8x")
    with pytest.raises(BadFileError, match="unknown encoding: utf8x"):
        import_sources(sqlite_engine, [source], few_communes)


def test_a_zip_archive_with_a_password_is_refused(sqlite_engine, tmp_path, few_communes):
    file = tmp_path / "structures.json.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("structures.json", json.dumps(STRUCTURES))
    content = bytearray(file.read_bytes())
    content[6] |= 1  # « encrypted », at the head of the file…
    content[content.index(b"PK\x01\x02") + 8] |= 1  # … and in the list of files
    file.write_bytes(content)
    with pytest.raises(BadFileError, match="zip archive that cannot be read"):
        import_directory(sqlite_engine, file, few_communes)


def test_json_nested_without_end_is_refused(sqlite_engine, tmp_path, few_communes):
    (tmp_path / "structures.json").write_text("[" * 100_000, "utf-8")
    with pytest.raises(BadFileError, match="nested too deeply"):
        import_directory(sqlite_engine, tmp_path / "structures.json", few_communes)


def test_lines_of_another_width_are_rejected_and_the_others_kept(
    sqlite_engine, tmp_path, few_communes
):
    lines = as_csv([structure("s1"), structure("s2"), structure("s3")]).splitlines()
    lines[1] += ",too,many"
    lines[2] = "few"
    (tmp_path / "structures.csv").write_text("\n".join(lines) + "\n", "utf-8")
    report = import_directory(sqlite_engine, tmp_path / "structures.csv", few_communes)
    assert report["structures"].added == 1
    assert set(report["structures"].rejected.by_reason) == {
        "a line with too many columns",
        "a line with too few columns",
    }


def test_events_and_offers_come_from_spreadsheets(sqlite_engine, tmp_path, few_communes):
    (tmp_path / "evenements.csv").write_text(
        "id;nom;debut;fin;code_insee;statut\n"
        "e1;Forum d'essai;02/01/2030 9h30;02/01/2030 12:00;90001;complet\n"
        "e2;Forum sans date;;;90001;\n",
        "utf-8",
    )
    (tmp_path / "offres.csv").write_text(
        "id;nom;type;valable_du;valable_au;zone_eligibilite;telephone\n"
        "o1;Permis aidé;mobilite;01/01/2030;2030-02-01;90,90001;03 84 00 00 00\n"
        "o2;À l'envers;mobilite;01/03/2030;2030-02-01;90;\n",
        "utf-8",
    )
    report = import_directory(sqlite_engine, tmp_path, few_communes)
    assert report["offres"].rejected.total == 1
    with Session(sqlite_engine) as session:
        event, offer = session.get(Evenement, "e1"), session.get(Offre, "o1")
        assert str(event.debut) == "2030-01-02 09:30:00"
        assert event.statut == "complet"
        assert session.get(Evenement, "e2").debut is None
        assert (str(offer.valable_du), str(offer.valable_au)) == ("2030-01-01", "2030-02-01")
        assert offer.zone_eligibilite == ["90", "90001"]
        assert offer.telephone == "+33384000000"
