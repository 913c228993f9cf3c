"""What place each message asks about."""

import random
import time
from pathlib import Path

import pytest
import yaml

from bot.places.gazetteer import load_gazetteer
from bot.places.reading import PlaceReading, read_places

TABLE = yaml.safe_load((Path(__file__).parent / "lieux.yml").read_text("utf-8"))
MISSED = TABLE.pop("pas encore compris")
PHRASES = [
    pytest.param(phrase, said, id=f"{kind}: {phrase}")
    for kind, rows in TABLE.items()
    for phrase, said in rows.items()
]


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(covered=frozenset({"93", "92", "05"}))


def as_written(reading: PlaceReading) -> str:
    """A reading in the notation of the table."""
    if reading.departement:
        return f"dép {reading.departement}"
    codes = [reading.code_insee] if reading.code_insee else reading.possible
    return " ".join(sorted(codes)) or "rien"


def in_order(said: str) -> str:
    return " ".join(sorted(said.split())) if said[0].isdigit() else said


@pytest.mark.parametrize(("phrase", "said"), PHRASES)
def test_a_message_gives_the_place_it_asks_about(gazetteer, phrase, said):
    assert as_written(read_places(phrase, gazetteer)) == in_order(said)


@pytest.mark.parametrize(("phrase", "said"), MISSED.items())
@pytest.mark.xfail(strict=True)
def test_a_message_still_misread_is_known_as_such(gazetteer, phrase, said):
    assert as_written(read_places(phrase, gazetteer)) == in_order(said)


def test_the_official_name_comes_with_the_code(gazetteer):
    reading = read_places("creche a st denis svp", gazetteer)
    assert (reading.code_insee, reading.commune) == ("93066", "Saint-Denis")


def test_the_arrondissement_of_paris_is_the_place_not_the_whole_town(gazetteer):
    assert read_places("75018 Paris", gazetteer).commune == "Paris 18e Arrondissement"


@pytest.mark.parametrize(
    ("phrase", "named"),
    [
        ("je cherche une crèche à Bondy", ["à Bondy"]),
        ("une crèche pas à Bondy, à Pantin", ["pas à Bondy", "à Pantin"]),
        ("près de la ville de Stains", ["près de la ville de Stains"]),
        ("emploi dans le 93", ["dans le 93"]),
        ("les lilas sont en fleur", []),
        ("أسكن في باريس", ["باريس"]),
    ],
)
def test_every_place_named_is_marked_with_the_words_that_introduce_it(gazetteer, phrase, named):
    reading = read_places(phrase, gazetteer)
    assert [phrase[start:end] for start, end in reading.spans] == named


@pytest.mark.parametrize(
    ("covered", "expected"), [("93", ["93066"]), ("974", ["97411"]), ("13", ["97411", "93066"])]
)
def test_the_homonym_of_the_covered_departement_is_meant(covered, expected):
    reading = read_places("Saint-Denis", load_gazetteer(covered=frozenset({covered})))
    assert [reading.code_insee] == expected or list(reading.possible[:2]) == expected


def test_covered_departements_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("JALON_DEPARTEMENTS", "974, 2a")
    assert load_gazetteer().covered == {"974", "2A"}


def test_every_commune_of_the_covered_departements_is_known_by_its_name(gazetteer):
    misread = [
        commune.name
        for commune in gazetteer.communes.values()
        if commune.departement in gazetteer.covered
        and commune.code
        not in {
            *read_places(f"j'habite à {commune.name}", gazetteer).possible,
            read_places(f"j'habite à {commune.name}", gazetteer).code_insee,
        }
    ]
    assert misread == []


def test_at_most_six_communes_are_proposed(gazetteer):
    reading = read_places(
        "Bondy, Pantin, Stains, Drancy, Gagny, Sevran, Dugny, Bagnolet", gazetteer
    )
    assert len(reading.possible) == 6


PIECES = [
    *["à", "St", "93200", "75018 Paris", "le 18e", "Bondy", "pas", "ou", "L'", "s/", "93", "cedex"],
    *["/", "\n", "…", "é", "\u0301", "ÉPINAY", "😀", "\x00", "बं", "في باريس", "圣但尼", "Сен-Дени"],
    *["\u200d", "ﬁ", "İ", "ß", "²", "٣", "1e", "5€", "--", "'", "saintdenis", "obervilier", "de"],
]


def test_no_text_makes_it_fail_and_spans_stay_inside_the_text(gazetteer):
    chance = random.Random(93)
    for _ in range(3_000):
        text = chance.choice(["", " "]).join(chance.choices(PIECES, k=chance.randint(0, 9)))
        reading = read_places(text, gazetteer)
        assert all(0 <= start < end <= len(text) for start, end in reading.spans), text
        assert reading.start <= reading.end <= len(text), text


def test_no_character_of_unicode_makes_it_fail(gazetteer):
    for first in range(0, 0x11000, 40):
        text = "".join(map(chr, range(first, first + 40)))
        assert isinstance(read_places(f"Bondy {text} 93200", gazetteer), PlaceReading)


@pytest.mark.parametrize(
    "piece",
    ["bondy ", "a", "je cherche obervilie a bobini ", "93200 ", "Noisy, ", "ж", "le 18e ", "s/"],
)
def test_five_thousand_characters_are_read_in_bounded_time(gazetteer, piece):
    text = (piece * 5_000)[:5_000]
    start = time.process_time()
    read_places(text, gazetteer)
    assert time.process_time() - start < 0.5


def test_only_the_first_five_thousand_characters_are_read(gazetteer):
    assert read_places("x" * 5_000 + " Bondy", gazetteer) == PlaceReading()
