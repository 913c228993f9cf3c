"""The held-out messages must be well labelled, many, varied, and unlike the training data."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from near_duplicates import COMMUNES, alike, normalise

from bot.intents import NEEDS

ROOT = Path(__file__).parents[2]
HELD_OUT = Path(__file__).parent / "nlu"
FOLLOW_UPS = Path(__file__).parent / "suites.yml"
TRAINING = [*sorted(ROOT.glob("data/nlu/*.yml")), *sorted(ROOT.glob("data/suites/*.yml"))]
LEAST_FOLLOW_UPS = 600
QUESTIONS = Path(__file__).parent / "questions.yml"
LEAST_QUESTIONS = 450
READINGS = {
    *(*NEEDS, "info_rsa", "humain", "plainte", "urgence", "hors_sujet", "aide_bot"),
    *("lieux", "meme", "autres", "ville", "merci", "oui", "non", "recommencer", "stop"),
}
DOMAIN = ROOT / "bot" / "domain"

NEAR = 0.8  # Jaccard index of character trigrams, as `alike`
TELLING = 4  # words: « bonjour » or « merci beaucoup » cannot be written in another way
SMALL_TALK = {
    "salutation",
    "merci",
    "au_revoir",
    "affirmer",
    "nier",
    "recommencer",
    "aide_bot",
    "stop",
    "plus",
    "detail",
    "pourquoi",
    "passer",
    "autre_ville",
}
STYLES = {
    "correct",
    "court",
    "sms",
    "phonetique",
    "sans_accent",
    "majuscules",
    "dictee",
    "langue_seconde",
    "long",
    "indirect",
    "autre_langue",
}
PLACE_KINDS = {
    "exact",
    "typo",
    "abreviation",
    "code_postal",
    "ancienne",
    "quartier",
    "ambigu",
    "refuse",
    "hors_zone",
    "aucun",
}
KEYS = {
    "text",
    "theme",
    "detail",
    "acceptes",
    "autre",
    "nie",
    "commune",
    "genre_lieu",
    "style",
    "langue",
    "situations",
}

Message = dict[str, object]


def _has_theme(*themes: str) -> Callable[[Message], bool]:
    return lambda message: message["theme"] in themes


LEAST: dict[str, tuple[int, Callable[[Message], bool]]] = {
    "messages": (900, lambda message: True),
    **{need: (90, _has_theme(need)) for need in NEEDS},
    "info_rsa": (80, _has_theme("info_rsa")),
    "humain": (40, _has_theme("humain")),
    "plainte": (30, _has_theme("plainte")),
    "hors_sujet": (120, _has_theme("hors_sujet")),
    "urgence": (60, _has_theme("urgence")),
    "small talk": (60, _has_theme(*SMALL_TALK)),
    "two needs": (40, lambda message: "autre" in message),
    "a need refused": (40, lambda message: "nie" in message),
    "other languages": (120, lambda message: message["langue"] != "fr"),
    "with a town": (200, lambda message: message.get("genre_lieu", "aucun") != "aucun"),
    "words like a town": (60, lambda message: message.get("genre_lieu") == "aucun"),
}


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    """Every held-out message."""
    return [
        message
        for path in sorted(HELD_OUT.glob("*.yml"))
        for message in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def follow_ups() -> list[Message]:
    """What follows a first answer."""
    return yaml.safe_load(FOLLOW_UPS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def questions() -> list[Message]:
    """What is asked of places shown."""
    return yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def fields() -> set[str]:
    """Every field that training sentences ask of places, every fact that they tell."""
    return {
        block["intent"].split("/")[1]
        for path in TRAINING
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if "/" in block["intent"]
    }


@pytest.fixture(scope="module")
def intents() -> set[str]:
    """Every intent that the domain declares, and what stands for « not sure »."""
    declared = {"nlu_fallback"}
    for path in DOMAIN.glob("*.yml"):
        for intent in yaml.safe_load(path.read_text(encoding="utf-8")).get("intents", []):
            declared.update(intent if isinstance(intent, dict) else [intent])
    return declared


@pytest.fixture(scope="module")
def training_lines() -> list[str]:
    """Every line the assistant learns from: examples of intents, synonyms and look-up tables."""
    return [
        re.sub(r"^- ", "", line).strip()
        for path in TRAINING
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
        if line.strip()
    ]


def is_telling(text: str) -> bool:
    """Whether `text` is long enough to be written in another way; Chinese has no spaces."""
    return len(normalise(text).split()) >= TELLING or bool(re.search(r"[\u4e00-\u9fff]{6}", text))


def near(held_out: list[str], learnt: list[str]) -> list[tuple[str, str]]:
    """Pairs (held-out text, training line) that are almost the same, short ones left aside."""
    ours, theirs = ({text for text in texts if is_telling(text)} for texts in (held_out, learnt))
    first = [*ours - theirs]
    pairs = alike([*first, *theirs - ours], NEAR, among=len(first))
    return sorted({*pairs, *((text, text) for text in ours & theirs)})


def test_every_message_has_only_known_keys_and_values(messages):
    for message in messages:
        assert set(message) <= KEYS, message
        assert {"text", "theme", "langue"} <= set(message), message
        assert message.get("style") in {None} | STYLES, message
        assert ("situations" in message) <= (message["theme"] == "urgence"), message
        assert message.get("genre_lieu", "aucun") in PLACE_KINDS, message
        assert re.fullmatch("[a-z]{2}", message["langue"]), message


def test_every_label_is_an_intent_of_the_domain(messages, intents):
    for message in messages:
        labels = [message["theme"], *message.get("acceptes", [])]
        labels += [message[key] for key in ("autre", "nie") if key in message]
        if "detail" in message:
            labels.append(f"{message['theme']}_{message['detail']}")
        assert set(labels) <= intents, message


def test_the_main_intent_is_the_first_accepted_and_is_not_refused(messages):
    for message in messages:
        accepted = message.get("acceptes", [message["theme"]])
        assert accepted[0] == message["theme"], message
        assert message.get("nie") not in accepted, message
        assert message.get("autre") not in {message["theme"], message.get("nie")} - {None}, message


def test_every_commune_exists_and_every_named_town_has_its_kind(messages):
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        codes = {row["code_insee"] for row in csv.DictReader(file, delimiter="\t")}
    for message in messages:
        commune = message.get("commune")
        assert commune in {None, "ambigu"} | codes, message
        assert commune is None or message.get("genre_lieu", "aucun") != "aucun", message


@pytest.mark.parametrize("kind", LEAST)
def test_there_are_enough_messages_of_each_kind(messages, kind):
    least, belongs = LEAST[kind]
    assert sum(map(belongs, messages)) >= least


def test_every_style_and_every_kind_of_place_is_there(messages):
    assert {message["style"] for message in messages if "style" in message} == STYLES
    assert {message.get("genre_lieu") for message in messages} == PLACE_KINDS | {None}


def test_no_message_is_written_twice(messages):
    count = Counter(message["text"].lower() for message in messages)
    assert [text for text, times in count.items() if times > 1] == []
    assert alike([m["text"] for m in messages if is_telling(m["text"])], NEAR) == []


def test_no_message_is_near_a_training_line(messages, follow_ups, questions, training_lines):
    held_out = (*messages, *follow_ups, *questions)
    pairs = near([message["text"] for message in held_out], training_lines)
    assert pairs == [], "\n".join(f"{ours!r} / {theirs!r}" for ours, theirs in pairs)


def test_what_follows_an_answer_is_labelled(follow_ups):
    assert len(follow_ups) >= LEAST_FOLLOW_UPS
    for item in follow_ups:
        assert item["theme"] in (*NEEDS, "info_rsa"), item
        assert READINGS >= set(item["lu"]) > set(), item


def test_every_field_is_asked_by_labelled_questions(questions, fields):
    assert len(questions) >= LEAST_QUESTIONS
    assert {item["theme"] for item in questions} == set(NEEDS)
    assert {item["champ"] for item in questions} == fields - {"autre"}


def test_a_message_that_was_copied_with_another_accent_or_letter_is_seen_as_near():
    learnt = ["je cherche une place en crèche pour ma fille de deux ans", "bonjour"]
    copied = ["Je cherche une place en creche pour ma fille de deux ans !", "bonjour"]
    assert near(copied, learnt) == [(copied[0], learnt[0])]
    assert near(["Qui peut garder mon bébé demain matin ?"], learnt) == []
