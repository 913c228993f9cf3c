"""Distress is heard however it is written, and nothing else is taken for it."""

import re
from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.acts import ACT
from bot.components.classifier import PROBABILITIES
from bot.components.needs import PARTS
from bot.components.urgence import DATA, DistressDetector, DistressGrammar

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


def _read(grammar: DistressGrammar, text: str, whole: float, *parts: float) -> bool:
    """Whether a message is taken for distress, with what was learnt of it and of its clauses."""
    probabilities = [{"urgence_suicide": p, "offre_partenaire": 1 - p} for p in (whole, *parts)]
    message = Message(
        {TEXT: text, PROBABILITIES: probabilities[0], PARTS: probabilities[1:], INTENT: {}}
    )
    DistressDetector(grammar).process([message])
    return message.get(INTENT) != {}


def test_the_number_of_a_place_alone_is_never_a_distress_that_was_learnt(grammar):
    learnt = {"urgence_suicide": 0.6, "plus": 0.4}
    understood = {PROBABILITIES: learnt, INTENT: {"name": "choisir"}, ACT: "choisir"}
    message = Message({TEXT: "le dernier", **understood})
    DistressDetector(grammar).process([message])
    assert message.get(INTENT) == {"name": "choisir"}


@pytest.mark.parametrize("probability", [0.01, 0.3, 0.49])
def test_a_short_message_whose_likeliest_subject_is_distress_is_one(grammar, probability):
    likeliest = {"name": "urgence_suicide", "confidence": probability}
    understood = {PROBABILITIES: {"urgence_suicide": probability}, INTENT: likeliest}
    message = Message({TEXT: "je suis fatigué", **understood})
    DistressDetector(grammar).process([message])
    assert message.get(INTENT)["name"] == "urgence"
    found = {entity["entity"]: entity["value"] for entity in message.get(ENTITIES)}
    assert found == {"situation": "detresse", "doute": "oui"}


@pytest.mark.parametrize(("probability", "doubtful"), [(0.2, True), (0.45, True), (0.9, False)])
def test_a_distress_that_was_learnt_without_being_sure_is_in_doubt(grammar, probability, doubtful):
    understood = {PROBABILITIES: {"urgence_faim": probability}, INTENT: {"name": "plus"}}
    text = "mon dossier est chez eux depuis mardi, on verra bien la suite"
    message = Message({TEXT: text, **understood})
    DistressDetector(grammar).process([message])
    assert message.get(INTENT)["name"] == "urgence"
    assert ("doute" in {entity["entity"] for entity in message.get(ENTITIES)}) is doubtful


FUNERALS = "employé de pompes funèbres, la mort me fait pas peur"
MARKED = "(fait plus peur|fait pas peur|fait même plus peur)"


@pytest.mark.parametrize(
    ("text", "whole", "parts", "heard"),
    [
        (FUNERALS, 0.001, [0.2], False),
        (FUNERALS, 0.001, [0.2, 0.9], True),
        (FUNERALS, 0.05, [], True),
        ("3919", 0.001, [], True),
        ("no tengo donde dormir esta noche", 0.001, [], True),
    ],
)
def test_a_phrase_counts_unless_the_message_is_almost_surely_ordinary(
    grammar, text, whole, parts, heard
):
    assert grammar.hear(text) is not None
    assert _read(grammar, text, whole, *parts) is heard


def test_a_phrase_that_staff_marked_counts_whatever_was_learnt(tmp_path):
    for name in ("urgence.yml", "urgence_langues.yml"):
        written = (DATA / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(written.replace(MARKED, f"{MARKED} !"), encoding="utf-8")
    assert _read(DistressGrammar(tmp_path), FUNERALS, 0.001)


FIRST_NUMBER = {
    "violence_silence": "114",
    "medical": "15",
    "incendie": "18",
    "violence_immediate": "17",
    "suicide": "3114",
    "enfant_danger": "119",
    "violence": "3919",
    "sans_abri": "115",
    "attente_115": "115",
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


def _answer(situation: str, language: str, violence: bool = False) -> str:
    key = [("langue", language), ("situation", situation)]
    if language == "fr" and situation in ("sans_abri", "detresse"):  # another after violence
        key.append(("violence", violence))
    return ANSWERS[tuple(key)]


def test_every_situation_is_answered_once_in_every_language_that_is_heard(grammar):
    answered = [
        _answer(situation, language) for language in grammar.languages for situation in FIRST_NUMBER
    ]
    # No roof and strong distress after violence, and anything else.
    assert len(ANSWERS) == len(answered) + 3
    assert len(ANSWERS) == len(DOMAIN["responses"]["utter_urgence"])


@pytest.mark.parametrize(("situation", "number"), FIRST_NUMBER.items())
def test_the_first_number_named_is_the_one_to_call(grammar, situation, number):
    for language in grammar.languages:
        assert re.findall(r"\d+", _answer(situation, language))[0] == number


def test_no_roof_after_violence_names_the_number_of_violence_first():
    assert re.findall(r"\d+", _answer("sans_abri", "fr", violence=True)) == [
        *("3919", "115", "17", "114")
    ]


def test_strong_distress_after_violence_names_the_number_of_violence_first():
    assert re.findall(r"\d+", _answer("detresse", "fr", violence=True)) == [
        *("3919", "17", "114", "3114")
    ]


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
