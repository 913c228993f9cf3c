import unicodedata

import pytest

from channels.messages import clean


@pytest.mark.parametrize(
    "typed",
    [
        "/garde_enfants",
        '/garde_enfants{"code_insee": "93010"}',
        "  /restart",
        "//restart",
        "/ /restart",
        "\n\t/restart",
        "\u200b/restart",
        "\ufeff\u2060/restart",
        "\u00ad/restart",
        "\x00/restart",
        "\x1f/restart",
        "\u00a0\u2028/restart",
        "／restart",
        "⁄restart",
        "∕restart",
        "⧸restart",
        "\u202e/restart",
        "\ud800/restart",
        "/\u200b/restart",
    ],
)
def test_a_typed_slash_never_starts_an_intent(typed: str) -> None:
    sent = clean(typed)
    assert not sent.strip().startswith("/")
    assert not unicodedata.normalize("NFKC", sent).strip().startswith("/")
    assert sent  # the words themselves are kept


@pytest.mark.parametrize(
    "typed", ["crèche à Bondy", "ouvert 24/7 ?", "👩\u200d👧 crèche", "مرحبا", "ligne 1\nligne 2"]
)
def test_ordinary_text_is_kept_as_typed(typed: str) -> None:
    assert clean(typed) == typed


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\u200b", "/", " / "])
def test_what_cannot_be_read_becomes_nothing(typed: str) -> None:
    assert clean(typed) == ""


def test_control_characters_are_dropped_inside_too() -> None:
    assert clean("crèche\x00 à\x1b[31m Bondy\ud83d") == "crèche à[31m Bondy"
