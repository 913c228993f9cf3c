"""Messages kept for review: what is masked, what is kept, for how long, and how it is listed."""

import json
import os
import time
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import yaml
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.reading import word_set
from bot.conversations import ForgetfulTrackerStore
from bot.places.gazetteer import load_gazetteer
from bot.review import __main__ as listing
from bot.review import notice
from bot.review.files import LOCK, OLDEST, TO_LABEL, expire, read_lines
from bot.review.log import DAY_SIZE, ReviewLog
from bot.review.masking import LONGEST, Masker

EXAMPLES = yaml.safe_load(Path(__file__).with_name("review_masques.yml").read_text("utf-8"))
FIRST_NAMES = word_set("""
    nathalie philippe isabelle stephane sandrine frederic celine sebastien aurelie anthony emilie
    manon lucas chloe emma enzo mohamed fatima karim samira rachid yacine mehdi leila amina ibrahim
    aissatou mamadou fatoumata moussa aminata ousmane abdoulaye seydou khadija hassan zineb youssef
    soraya imane farid malika brahim zohra svetlana dmitri elena ioana mihai joao pedro antonio
    mustafa ayse murat linh priya kumar blessing emmanuel gloria wilfried djamila
""")
LAST_NAMES = word_set("""
    dubois moreau lefebvre bertrand fournier girard rousseau mercier chevallier diallo traore
    coulibaly toure camara keita konate sylla diarra sissoko dembele fofana sidibe ndiaye gueye
    benali haddad bouzid mansouri slimani belkacem bouaziz khelifi mebarki amrani alaoui bennani
    yilmaz demir popescu ionescu petrov ferreira pereira nguyen hossain kouassi kouame mbaye ilunga
""")


@pytest.fixture(scope="session")
def masker() -> Masker:
    return Masker(load_gazetteer(covered=frozenset({"93", "92", "05"})))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["dit"])
def test_what_is_personal_goes_and_the_rest_stays(masker, example):
    assert (masker.mask(example["dit"]) or "rien") == example["garde"]


@pytest.mark.parametrize("sentence", ["{} {} cherche du travail a bondy", "c {} {} pour la creche"])
def test_names_without_capitals_nor_introduction_go(masker, sentence):
    names = [*FIRST_NAMES, *LAST_NAMES]
    pairs = zip(sorted(FIRST_NAMES), sorted(LAST_NAMES), strict=False)
    kept = {word for pair in pairs for word in (masker.mask(sentence.format(*pair)) or "").split()}
    # A name may come to sound like a word that is learnt: « fournier », « fournir ».
    assert len(kept & set(names)) <= len(names) / 50, kept & set(names)


@pytest.mark.parametrize("cue", ["je mappelle {} et je cherche", "mme {} cherche un cours"])
def test_a_name_that_is_also_a_word_goes_when_it_is_introduced(masker, cue):
    for name in ("petit", "blanc", "boucher", "fontaine", "rose", "olive", "paris", "noel"):
        assert name not in (masker.mask(cue.format(name)) or "").split()


def test_control_characters_hide_nothing(masker):
    assert masker.mask("appeler moi 06\x0012\x0734\x7f56\u009078") == "appeler moi [telephone]"


def test_a_long_message_is_not_kept(masker):
    assert masker.mask("je cherche une crèche " * 50) is None
    assert masker.mask("je cherche une crèche " * (LONGEST // 30))


def said(text: str, intent: str, confidence: float = 0.9, detresse: float = 0.0) -> UserUttered:
    """A message as it was understood."""
    ranking = [{"name": "formation", "confidence": 0.3}, {"name": "agence", "confidence": 0.2}]
    understood = {"intent_ranking": ranking, "detresse": detresse}
    name = {"name": intent, "confidence": confidence}
    return UserUttered(text, name, parse_data=understood, message_id=f"{text}{time.monotonic()}")


class Chat:
    """One conversation whose turns are followed."""

    def __init__(self, log: ReviewLog, sender: str = "quelqu-un") -> None:
        self.log, self.sender, self.events = log, sender, []

    def say(self, *arguments, **keywords) -> None:
        self.events.append(said(*arguments, **keywords))
        self.log.follow(DialogueStateTracker.from_events(self.sender, self.events))

    def answer(self, text: str) -> None:
        self.events.append(BotUttered(text))


@pytest.fixture
def log(tmp_path, masker) -> ReviewLog:
    return ReviewLog(tmp_path / "review", masker)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("JALON_REVIEW", str(tmp_path / "review"))
    return tmp_path / "review"


def kept(folder: Path) -> list[str]:
    return [line["texte"] for path in sorted(folder.rglob("*.jsonl")) for line in read_lines(path)]


def test_what_is_not_understood_is_kept_masked_without_sender_nor_hour(log, tmp_path):
    Chat(log, "jeton-secret").say("mon truc avec fatou marche pas", "nlu_fallback")
    [file] = tmp_path.rglob("*.jsonl")
    assert file.stem == date.today().isoformat()
    assert file.stat().st_mode & 0o777 == 0o600
    line = json.loads(file.read_text())
    assert set(line) == {"id", "texte", "cause", "propositions"}
    assert line["texte"] == "mon truc avec [nom] marche pas"
    assert line["propositions"] == {"formation": 0.3, "agence": 0.2}
    assert "jeton-secret" not in file.read_text()


def test_what_is_understood_is_not_kept_but_a_doubt_is(log, tmp_path):
    chat = Chat(log)
    chat.say("je cherche une crèche", "garde_enfants", 0.9)
    chat.say("/garde_enfants", "nlu_fallback")
    chat.say("une garde ou un cours", "francais", 0.4)
    assert kept(tmp_path) == ["une garde ou un cours"]


def test_a_message_followed_once_is_kept_once(log, tmp_path):
    chat = Chat(log)
    chat.say("mon truc marche pas", "nlu_fallback")
    log.follow(DialogueStateTracker.from_events(chat.sender, chat.events))
    assert kept(tmp_path) == ["mon truc marche pas"]


@pytest.mark.parametrize(
    ("answer", "reply", "intent", "expected"),
    [
        ("Voici des crèches.", "n'importe quoi", "plainte", ["un stage pour ma fille"]),
        ("Voici des crèches.", "non pas ça", "nier", ["un stage pour ma fille"]),
        ("Dans quelle ville ?", "non", "nier", []),
        ("Voici des crèches.", "merci", "merci", []),
    ],
)
def test_an_answer_that_the_person_contests_shows_a_misunderstood_message(
    log, tmp_path, answer, reply, intent, expected
):
    chat = Chat(log)
    chat.say("un stage pour ma fille", "garde_enfants")
    chat.answer(answer)
    chat.say(reply, intent)
    assert kept(tmp_path) == expected


@pytest.mark.parametrize(
    ("earlier", "answer", "expected"),
    [
        ("Dans quelle ville ?", "Voici des crèches.", ["un stage pour ma fille"]),
        ("Voici des crèches.", "Dans quelle ville ?", []),
    ],
)
def test_an_equal_reply_said_earlier_changes_nothing(log, tmp_path, earlier, answer, expected):
    chat = Chat(log)
    chat.answer(earlier)
    chat.say("non", "nier")
    chat.say("un stage pour ma fille", "garde_enfants")
    chat.answer(answer)
    chat.say("non", "nier")
    assert kept(tmp_path) == expected


def test_what_may_be_a_distress_is_never_kept(log, tmp_path):
    Chat(log).say("je veux que tout ça finisse", "nlu_fallback", detresse=0.06)
    assert kept(tmp_path) == []


def test_a_distress_takes_away_what_its_conversation_left(log, tmp_path):
    Chat(log, "autre").say("mon truc marche pas", "nlu_fallback")
    chat = Chat(log)
    chat.say("je veux parler de moi", "nlu_fallback")
    chat.say("je veux mourir", "urgence", 1.0)
    chat.events.clear()  # a new session of the same conversation
    chat.say("je sais pas", "nlu_fallback")
    assert kept(tmp_path) == ["mon truc marche pas"]


def test_effacer_takes_away_what_the_conversation_left(log, tmp_path):
    chat = Chat(log)
    chat.say("je veux parler de moi", "nlu_fallback")
    chat.say("effacer", "effacer", 1.0)
    assert kept(tmp_path) == []


@pytest.mark.parametrize("intent", ["effacer", "urgence"])
def test_what_is_taken_away_leaves_the_list_prepared_for_labelling(log, folder, intent):
    chat = Chat(log)
    chat.say("je veux parler de moi", "nlu_fallback")
    listing.list_groups(folder)
    Chat(log, "autre").say("effacer", "effacer", 1.0)
    assert (folder / TO_LABEL).exists()
    chat.say("un mot", intent, 1.0)
    assert not (folder / TO_LABEL).exists()


def test_what_is_erased_while_messages_are_compared_is_not_listed(log, folder, monkeypatch):
    chat = Chat(log)
    chat.say("je veux parler de moi", "nlu_fallback")
    Chat(log, "autre").say("mon truc marche pas", "nlu_fallback")

    def grouped_slowly(messages: list[listing.Kept]) -> list[list[listing.Kept]]:
        chat.say("effacer", "effacer", 1.0)
        return [[message] for message in messages]

    monkeypatch.setattr(listing, "grouped", grouped_slowly)
    listing.list_groups(folder)
    assert "parler de moi" not in (folder / TO_LABEL).read_text("utf-8")
    assert "mon truc marche pas" in (folder / TO_LABEL).read_text("utf-8")


def test_a_line_written_while_another_process_takes_one_away_is_not_lost(
    log, folder, masker, monkeypatch
):
    chat = Chat(log)
    chat.say("je veux parler de moi", "nlu_fallback")
    other = Chat(ReviewLog(folder, masker), "autre")
    writer = Thread(target=other.say, args=("mon truc marche pas", "nlu_fallback"))

    def read_slowly(path: Path) -> list[dict]:
        lines = list(read_lines(path))
        writer.start()
        writer.join(0.2)  # it waits for the lock
        return lines

    monkeypatch.setattr("bot.review.log.read_lines", read_slowly)
    chat.say("effacer", "effacer", 1.0)
    writer.join()
    assert kept(folder) == ["mon truc marche pas"]
    assert not list(folder.glob("*.tmp"))


def test_the_file_of_a_day_has_a_bound(log, tmp_path):
    chat = Chat(log)
    chat.say("mon truc marche pas", "nlu_fallback")
    [file] = tmp_path.rglob("*.jsonl")
    file.write_text("x" * (DAY_SIZE - 10))
    chat.say("mon truc marche pas", "nlu_fallback")
    assert file.stat().st_size == DAY_SIZE - 10


def test_files_are_deleted_after_thirty_days(log, tmp_path):
    folder = tmp_path / "review"
    old, young = (folder / f"{date.today() - timedelta(days=d)}.jsonl" for d in (30, 29))
    other = folder / "notes.txt"
    prepared = folder / "a_etiqueter.yml"
    for path in (old, young, other, prepared):
        path.touch()
    os.utime(prepared, (0, 0))
    log._expired = date.today() - timedelta(days=1)
    Chat(log).say("mon truc marche pas", "nlu_fallback")
    assert {path.name for path in folder.iterdir()} == {
        young.name,
        "notes.txt",
        f"{date.today()}.jsonl",
        LOCK,
    }


def test_a_list_is_deleted_with_its_oldest_message_whatever_its_name(log, folder):
    for days in (30, 29):
        kept_since = f"{OLDEST}{date.today() - timedelta(days=days)}\n- intent: formation\n"
        (folder / f"relu{days}.yaml").write_text(kept_since, "utf-8")
    expire(folder)
    assert [path.name for path in folder.iterdir()] == ["relu29.yaml"]


def test_a_list_says_the_day_of_its_oldest_message(folder):
    folder.mkdir()
    days = [date.today() - timedelta(days=d) for d in (0, 12, 29)]
    for day in days:
        (folder / f"{day}.jsonl").write_text('{"texte": "mon truc marche pas"}\n')
    listing.list_groups(folder)
    first = (folder / TO_LABEL).read_text("utf-8").splitlines()[0]
    assert first == f"{OLDEST}{days[-1]}"


def test_a_failure_to_write_never_reaches_the_person_nor_tells_the_message(log, tmp_path, caplog):
    (tmp_path / "review").rmdir()
    Chat(log).say("mon truc marche pas", "nlu_fallback")
    assert "FileNotFoundError" in caplog.text
    assert "truc" not in caplog.text


async def test_nothing_is_kept_unless_the_operator_asks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    turn = DialogueStateTracker.from_events("a", [said("mon truc marche pas", "nlu_fallback")])
    monkeypatch.delenv("JALON_REVIEW", raising=False)
    await ForgetfulTrackerStore(Domain.empty()).save(turn)
    assert list(tmp_path.rglob("*")) == []
    monkeypatch.setenv("JALON_REVIEW", "var/review")
    await ForgetfulTrackerStore(Domain.empty()).save(turn)
    assert kept(tmp_path) == ["mon truc marche pas"]


async def test_people_are_told_what_is_kept(monkeypatch):
    monkeypatch.setattr(TemplatedNaturalLanguageGenerator, "generate", notice._generate)
    responses = Domain.load("bot/domain").responses
    nlg = TemplatedNaturalLanguageGenerator(responses)
    tracker = SimpleNamespace(current_slot_values=dict)
    for asked in (False, True):
        monkeypatch.setenv("JALON_REVIEW", "var/review" if asked else "")
        notice.install()
        for name in ("utter_bienvenue", "utter_presentation", "utter_aide_bot"):
            text = (await nlg.generate(name, tracker, "collector"))["text"]
            assert "24 heures" in text
            assert ("30 jours" in text) is asked
            assert ("Aucune personne ne lit" in text) is (name == "utter_aide_bot" and not asked)
        assert await nlg.generate("utter_merci", tracker, "collector")


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["review", *arguments])
    return listing.main()


def test_a_missing_folder_is_one_clear_line(folder, monkeypatch, capsys):
    assert run(monkeypatch) == 1
    assert "JALON_REVIEW" in capsys.readouterr().err


def test_an_empty_folder_is_one_clear_line(folder, monkeypatch, capsys):
    folder.mkdir()
    assert run(monkeypatch) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_alike_messages_are_listed_together_the_largest_group_first(folder, monkeypatch, capsys):
    folder.mkdir()
    texts = [
        ("un stage dans un garage", "formation"),
        ("ma facture est trop chère", "hors_sujet"),
        ("ma facture est trop chère", "hors_sujet"),
        ("la facture est bien trop chere", "hors_sujet"),
    ]
    lines = [json.dumps({"texte": t, "propositions": {i: 0.4}}) for t, i in texts]
    (folder / f"{date.today()}.jsonl").write_text("\n".join([*lines, "abîmé", "[1]", "{}"]))
    assert run(monkeypatch) == 0
    out = capsys.readouterr().out
    assert out.startswith("1. 3 messages, peut-être hors_sujet (40%)")
    assert "2. 1 message, peut-être formation" in out
    prepared = yaml.safe_load((folder / "a_etiqueter.yml").read_text("utf-8"))
    assert [item["intent"] for item in prepared["nlu"]] == ["hors_sujet", "formation"]
    assert prepared["nlu"][0]["examples"].count("- ") == 2


def test_a_line_that_cannot_be_read_is_left_out(folder):
    folder.mkdir()
    lines = ["[" * 100_000, '{"texte": "mon truc marche pas"}']
    (folder / f"{date.today()}.jsonl").write_text("\n".join(lines))
    assert [message.text for message in listing.read(folder)] == ["mon truc marche pas"]


def test_wrong_probabilities_and_unknown_intents_are_ignored(folder):
    folder.mkdir()
    proposed = '{"formation": 0.4, "agence": NaN, "francais": Infinity, "plainte": 7, "zut": 0.9}'
    line = f'{{"texte": "un truc", "propositions": {proposed}}}'
    (folder / f"{date.today()}.jsonl").write_text(line)
    assert [message.proposed for message in listing.read(folder)] == [{"formation": 0.4}]


def test_of_too_many_messages_the_latest_are_read(folder):
    folder.mkdir()
    lines = [json.dumps({"texte": f"truc {n}"}) for n in range(listing.MOST + 2)]
    (folder / f"{date.today()}.jsonl").write_text("\n".join(lines))
    read = listing.read(folder)
    assert len(read) == listing.MOST
    assert read[0].text == f"truc {listing.MOST + 1}"


def test_labelled_sentences_join_the_training_data_once_and_without_masks(tmp_path):
    nlu = tmp_path / "nlu"
    nlu.mkdir()
    topic = nlu / "formation.yml"
    topic.write_text('version: "3.1"\nnlu:\n- intent: formation\n  examples: |\n    - un stage\n')
    labelled = tmp_path / "lu.yml"
    examples = "    - Un stage !\n    - avec [nom] un apprentissage\n"
    labelled.write_text(f"nlu:\n- intent: formation\n  examples: |\n{examples}")
    assert listing.add(labelled, nlu) == ({"formation.yml": 1}, [])
    assert listing.add(labelled, nlu) == ({}, [])
    items = yaml.safe_load(topic.read_text())["nlu"]
    assert [item["examples"] for item in items] == ["- un stage\n", "- avec un apprentissage\n"]


def test_a_sentence_already_under_another_intent_is_left_out_and_said(tmp_path):
    topic = tmp_path / "formation.yml"
    topic.write_text("nlu:\n- intent: formation\n  examples: |\n    - un stage\n")
    other = tmp_path / "agence.yml"
    other.write_text("nlu:\n- intent: agence\n  examples: |\n    - la caf\n")
    labelled = tmp_path / "lu.txt"
    labelled.write_text("nlu:\n- intent: agence\n  examples: |\n    - Un stage !\n    - le ccas\n")
    said = "« Un stage ! » : déjà sous formation dans data/nlu/formation.yml"
    assert listing.add(labelled, tmp_path) == ({"agence.yml": 1}, [said])
    assert "stage" not in other.read_text()


WRONG_FILES = [
    "nlu:\n- intent: inconnu\n  examples: |\n    - a b\n",
    "- a",
    "nlu:\n- intent: formation\n  examples: |\n    - un tout nouveau stage\n    un autre\n",
    "nlu:\n- intent: [formation]\n  examples: |\n    - un tout nouveau stage\n",
    "nlu:\n- intent: {formation: agence}\n  examples: |\n    - un tout nouveau stage\n",
]


@pytest.mark.parametrize("content", WRONG_FILES)
def test_a_wrong_file_is_refused_and_nothing_is_written(tmp_path, content, monkeypatch, capsys):
    labelled = tmp_path / "lu.yml"
    labelled.write_text(content)
    before = {path: path.read_bytes() for path in listing.NLU.glob("*.yml")}
    assert run(monkeypatch, "--add", str(labelled)) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert {path: path.read_bytes() for path in listing.NLU.glob("*.yml")} == before
