"""In which language a message is written, when it is sure."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.components.langue import LanguageGuesser

HERE = Path(__file__).parent
WRITTEN = yaml.safe_load((HERE / "langues.yml").read_text("utf-8"))
LEARNT = HERE.parents[1] / "data" / "nlu"
RECOGNISED = 0.85  # of the messages of a language
FAST = 0.0005  # seconds a message: five times what it takes, for a busy machine
GUESSER = LanguageGuesser()

FRENCH = """
je cherch 1 creche pr mon fis
ji cherche travay minage ou cantine
li mi dimande la carte é li code, ji pa konpri
mwa pa parle bi1 franse
mwen ka chèché travay
moi vouloir travail, moi papier ok
si mi pé trouv in travay
ma fille el a 2 an et g person pr la garder
mi temps si possible a gap
on ma di de venir
ché po
di moi ou aler
salam je cherche un travail a bondy inchallah
wesh c ou la mission locale
chouf moi ca khoya
hola je voudrais un rdv
ciao bella
game over
non si me dites la verité
ya pa de plas a la kreche
tu pues
bla bla bla et rebla
maria da conceicao pereira
je m'appelle Carlos et je suis portugais
Señora Muñoz me garde le petit
crÃ¨che Ã  Bondy
alé o musé avc le centre social cé 1 activité ?
permis AM
CAP
ALI
"""


@pytest.mark.parametrize("text", FRENCH.strip().splitlines())
def test_french_however_it_is_spelt_is_never_another_language(text):
    assert GUESSER.guess(text) in ("fr", None)


@pytest.mark.parametrize("language", WRITTEN)
def test_most_messages_of_a_language_are_recognised(language):
    found = Counter(GUESSER.guess(text) for text in WRITTEN[language])
    assert found[language] >= RECOGNISED * len(WRITTEN[language])


def test_a_language_in_latin_letters_is_never_taken_for_another():
    latin = ("en", "es", "pt", "it", "tr", "ro", "ar")
    wrong = {
        text: found
        for language in latin
        for text in WRITTEN[language]
        if (found := GUESSER.guess(text)) not in (language, None)
    }
    assert not wrong


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("me pega", "es"),
        ("mi picchia", "it"),
        ("cerco lavoro a Bondy, ho il RSA", "it"),
        ("quando pagam o RSA", "pt"),
        ("rsa ne zaman yatiyor", "tr"),
        ("merhaba", "tr"),
        ("cine plătește RSA", "ro"),
        ("3andi rendez-vous, chkoun ychedli wldi", "ar"),
        ("szukam pracy", "pl"),
    ],
)
def test_words_shared_with_french_and_names_of_bodies_do_not_hide_a_language(text, language):
    assert GUESSER.guess(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("de nerede", "tr"),
        ("¿y la CAF?", None),
        ("çocuğum açıkta", "tr"),
        ("amanhã não", "pt"),
    ],
)
def test_a_letter_that_one_language_has_counts_as_one_of_its_words(text, language):
    assert GUESSER.guess(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("нет работы", "ru"),
        ("нема роботи", "uk"),
        ("є робота", "uk"),
        ("لا أجد عملا", "ar"),
        ("من كار ندارم", "fa"),
        ("کار می خواهم", "fa"),
        ("میں کام چاہتا ہوں", "ur"),
    ],
)
def test_languages_that_share_a_writing_system_are_told_apart(text, language):
    assert GUESSER.guess(text) == language


def test_guessing_takes_no_time():
    texts = [
        line[6:]
        for line in (LEARNT / "francais.yml").read_text("utf-8").splitlines()
        if re.match(r" {4}- \S", line)
    ]
    start = time.perf_counter()
    for text in texts:
        GUESSER.guess(text)
    assert (time.perf_counter() - start) / len(texts) < FAST
