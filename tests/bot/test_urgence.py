"""Distress is heard however it is written, and nothing else is taken for it."""

import re
from pathlib import Path

import pytest
import yaml

from bot.components.urgence import DistressGrammar

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def grammar() -> DistressGrammar:
    return DistressGrammar()


def _distress() -> list[tuple[str, str, str]]:
    """Yield each text, its situation, its language."""
    table = yaml.safe_load((HERE / "urgence_oui.yml").read_text(encoding="utf-8"))
    foreign = table.pop("autres_langues")
    french = [(text, situation, "fr") for situation, texts in table.items() for text in texts]
    return french + [(each["texte"], each["situation"], each["langue"]) for each in foreign]


def _ordinary() -> list[str]:
    table = yaml.safe_load((HERE / "urgence_non.yml").read_text(encoding="utf-8"))
    return [text for texts in table.values() for text in texts]


@pytest.mark.parametrize(("text", "situation", "language"), _distress())
def test_distress_is_heard(grammar, text, situation, language):
    distress = grammar.hear(text)
    assert distress is not None
    assert (distress.situation, distress.language) == (situation, language)


@pytest.mark.parametrize("text", _ordinary())
def test_an_ordinary_message_is_not_distress(grammar, text):
    assert grammar.hear(text) is None


FIRST_NUMBER = {
    "violence_silence": "114",
    "medical": "15",
    "incendie": "18",
    "violence_immediate": "17",
    "suicide": "3114",
    "enfant_danger": "119",
    "violence": "3919",
    "sans_abri": "115",
    "faim": "115",
    "expulsion": "115",
    "coupure": "115",
    "sans_ressources": "115",
    "detresse": "3114",
}
DOMAIN = yaml.safe_load((HERE.parents[1] / "bot/domain/urgence.yml").read_text(encoding="utf-8"))
ANSWERS = {
    tuple(sorted((slot["name"], slot["value"]) for slot in answer.get("condition", []))): answer[
        "text"
    ]
    for answer in DOMAIN["responses"]["utter_urgence"]
}


def _answer(situation: str, language: str) -> str:
    return ANSWERS[("langue", language), ("situation", situation)]


def test_every_situation_is_answered_once_in_every_language_that_is_heard(grammar):
    expected = {
        (("langue", language), ("situation", situation))
        for language in grammar.languages
        for situation in FIRST_NUMBER
    }
    assert set(ANSWERS) == expected | {()}
    assert len(ANSWERS) == len(DOMAIN["responses"]["utter_urgence"])


@pytest.mark.parametrize(("situation", "number"), FIRST_NUMBER.items())
def test_the_first_number_named_is_the_one_to_call(grammar, situation, number):
    for language in grammar.languages:
        assert re.findall(r"\d+", _answer(situation, language))[0] == number


GSM7 = set(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def test_answers_are_short_and_ask_nothing(grammar):
    for answer in ANSWERS.values():
        assert "?" not in answer
        assert "\n\n" not in answer
    for situation in FIRST_NUMBER:
        assert len(_answer(situation, "fr")) <= 300
        assert set(_answer(situation, "fr")) <= GSM7


def test_without_situation_or_language_the_answer_is_for_strong_distress():
    assert ANSWERS[()] == _answer("detresse", "fr")
