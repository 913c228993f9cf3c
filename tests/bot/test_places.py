"""What place each message asks about."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.places.gazetteer import load_gazetteer
from bot.places.reading import PlaceReading, read_places

TABLE = yaml.safe_load((Path(__file__).parent / "lieux.yml").read_text("utf-8"))
PHRASES = [(kind, phrase, said) for kind, rows in TABLE.items() for phrase, said in rows.items()]


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(covered=frozenset({"93", "92", "05"}))


def as_written(reading: PlaceReading) -> str:
    """A reading in the notation of the table."""
    if reading.departement:
        return f"dép {reading.departement}"
    codes = [reading.code_insee] if reading.code_insee else reading.possible
    return " ".join(sorted(codes)) or "rien"


@pytest.mark.parametrize(("kind", "phrase", "expected"), PHRASES)
def test_a_message_gives_the_place_it_asks_about(gazetteer, kind, phrase, expected):
    assert as_written(read_places(phrase, gazetteer)) == " ".join(
        sorted(expected.split()) if expected[0].isdigit() else [expected]
    )
