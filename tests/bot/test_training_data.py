"""The training sentences must be varied, each under one known intent."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from near_duplicates import alike, same_skeleton

from bot.intents import NEEDS

ROOT = Path(__file__).parents[2]
LEAST = 25
LEAST_FOR_A_NEED = 60
# Recognised by rules (`ConversationalActs`, thresholds) or sent by our own buttons, never learnt.
NOT_LEARNT = {"choisir", "effacer", "dispositif", "nlu_fallback"}

# Messages that open a conversation, and messages that follow an answer.
FILES = [*sorted(ROOT.glob("data/nlu/*.yml")), *sorted(ROOT.glob("data/suites/*.yml"))]
# Every line of a training file; Rasa and the review loop quietly leave the others out.
LINE = re.compile(
    r'version: "3\.1"|nlu:|(#.*)?|- intent: \w+(/\w+)?|  metadata: \{apres: \w+\}|  examples: \|'
    r"|    - \S.*"
)


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str, str]]:
    """(file name, intent, sentence) of every training line; a question's field is left out."""
    return [
        (path.name, block["intent"].split("/")[0], line.removeprefix("- ").strip())
        for path in FILES
        for block in read(path)["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]


def read(path: Path) -> dict:
    """What a training file holds; when it is broken, the error names it."""
    with path.open(encoding="utf-8") as file:
        return yaml.safe_load(file)


def misshapen(path: Path) -> list[str]:
    """The lines of a training file that no one would learn."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [f"{path.name}:{number}: {line!r}" for number, line in lines if not LINE.fullmatch(line)]


@pytest.fixture(scope="module")
def intents() -> set[str]:
    """Every intent that the domain declares."""
    declared: set[str] = set()
    for path in (ROOT / "bot" / "domain").glob("*.yml"):
        for intent in yaml.safe_load(path.read_text(encoding="utf-8")).get("intents", []):
            declared.update(intent if isinstance(intent, dict) else [intent])
    return declared


def report(pairs, examples) -> str:
    """One line for each pair, with the file and intent of both sentences."""
    where = {text: f"{file} {intent}" for file, intent, text in examples}
    return "\n".join(f"{a!r} ({where[a]}) / {b!r} ({where[b]})" for a, b in pairs)


def test_every_line_of_the_training_data_is_learnt():
    assert [line for path in FILES for line in misshapen(path)] == []


@pytest.mark.parametrize(
    "line", ["    - ", "    -", "    un stage", "    -un stage", "   - un stage"]
)
def test_an_empty_line_or_one_without_dash_is_named_with_its_file(tmp_path, line):
    path = tmp_path / "formation.yml"
    path.write_text(f"nlu:\n- intent: formation\n  examples: |\n    - un cours\n{line}\n")
    assert misshapen(path) == [f"formation.yml:5: {line!r}"]


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "formation.yml"
    path.write_text("nlu:\n- intent: [formation\n")
    with pytest.raises(yaml.YAMLError, match=r"formation\.yml"):
        read(path)


def test_every_intent_of_the_training_data_is_in_the_domain(examples, intents):
    assert {intent for _, intent, _ in examples} <= intents


def test_every_intent_has_enough_sentences(examples, intents):
    count = Counter(intent for _, intent, _ in examples)
    least = {
        intent: LEAST_FOR_A_NEED if intent.startswith(NEEDS) else LEAST
        for intent in intents - NOT_LEARNT
    }
    assert {i: count[i] for i in least if count[i] < least[i]} == {}


def test_no_sentence_is_written_twice(examples):
    texts = [text for _, _, text in examples]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_no_two_sentences_are_almost_the_same(examples):
    pairs = alike([text for _, _, text in examples])
    assert not pairs, "\n" + report(pairs, examples)


def test_no_skeleton_is_repeated_with_another_town_or_word(examples):
    pairs = same_skeleton(text for _, _, text in examples)
    assert not pairs, "\n" + report(pairs, examples)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Je cherche une crèche à Bondy", "je cherche une creche a drancy !!"),
        ("une nounou à L'Île-Saint-Denis", "une nounou à Gap"),
        ("93200 cours de français", "92230 cours de français"),
        ("j'ai pas les moyens de payer une nounou", "j'ai pas les moyens de payer une crèche"),
    ],
)
def test_a_sentence_with_another_town_number_or_word_is_the_same_skeleton(one, other):
    assert same_skeleton([one, other]) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bondy", "Drancy"),
        ("je sais pas lire", "je sais pas nager"),
        ("qui garde mon fils la nuit", "mon fils est gardé par sa mère la nuit"),
        ("أحتاج حضانة", "أريد دروسا"),
    ],
)
def test_different_sentences_have_different_skeletons(one, other):
    assert same_skeleton([one, other]) == []
    assert alike([one, other]) == []


def test_a_typo_or_a_capital_does_not_make_another_sentence():
    long = "bonjour je voudrais savoir comment inscrire mon fils au centre de loisirs"
    assert alike([long, long.upper().replace("SAVOIR", "savoirr") + " ???"])
    assert alike([long, long.replace("inscrire", "inscrir")])
    assert alike(["كيف أسجل طفلي", "كيف أسجل طفلي ؟"])
