"""What the directory lacks, by commune and need, as the search shows it."""

from datetime import date
from xml.etree import ElementTree

import pytest
from directory_files import service, structure, write_folder
from sqlalchemy.orm import Session

from actions import gaps
from actions.directory.importer import import_directory

TODAY = date(2026, 11, 23)
POINT = {"latitude": 48.90, "longitude": 2.40}


@pytest.fixture
def found(sqlite_engine, tmp_path, few_communes, monkeypatch):
    """The levels of two neighbouring communes and of one far away, with one crèche."""
    monkeypatch.setenv("JALON_DEPARTEMENTS", "90,91")
    folder = write_folder(
        tmp_path / "f", structures=[structure(**POINT)], services=[service(**POINT)]
    )
    import_directory(sqlite_engine, folder, few_communes)
    with Session(sqlite_engine) as session:
        return gaps.levels(session, TODAY)


def level_of(found, commune, need):
    [known] = [levels for rows in found.values() for name, levels in rows if name == commune]
    return known[gaps.columns().index(need)]


@pytest.mark.parametrize(
    ("commune", "expected"),
    [("Essai-Ville", gaps.HERE), ("Essai-Bourg", gaps.NEAR), ("Essai-Loin", gaps.NOTHING)],
)
def test_a_creche_is_here_near_or_nowhere(found, commune, expected):
    assert level_of(found, commune, ("garde_enfants", "creche")) == expected
    assert level_of(found, commune, ("evenement", None)) == gaps.NOTHING


def test_the_picture_names_each_commune_and_is_whole(found):
    picture = ElementTree.fromstring(gaps.picture(found))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Essai-Bourg (90)", "Essai-Ville (90)", "Essai-Loin (91)"} <= set(texts)
    assert texts.index("Essai-Bourg (90)") < texts.index("Essai-Ville (90)")


def test_the_summary_counts_communes(found):
    first, *rows = gaps.summary(found)
    assert first.split() == ["communes:", "3", "here", "near", "indirect", "nothing"]
    [creche] = [row for row in rows if row.startswith("garde_enfants_creche ")]
    assert creche.split()[1:] == ["1", "1", "0", "1"]
