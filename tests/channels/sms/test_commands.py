"""Words of command, numbers and SUITE, as people type them."""

from __future__ import annotations

import pytest

from channels.sms import commands
from channels.sms.commands import Command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("STOP", Command.STOP),
        ("stop.", Command.STOP),
        (" Stop svp !", Command.STOP),
        ("Arrêt", Command.STOP),
        ("ARRET", Command.STOP),
        ("désabonner", Command.STOP),
        ("STOP SMS", Command.STOP),
        ("STOP 36111", Command.STOP),
        ("S.T.O.P", Command.STOP),
        ("stop stop STOP", Command.STOP),
        ("« Arrêtez » 🛑", Command.STOP),
        ("ＳＴＯＰ", Command.STOP),
        ("Désabonnez-moi s'il vous plaît", Command.STOP),
        ("Stop Jalon", Command.STOP),
        ("Start", Command.START),
        ("REPRENDRE", Command.START),
        ("aide", Command.HELP),
        ("Menu", Command.MENU),
        ("effacer", Command.ERASE),
        ("Info ?", Command.INFO),
    ],
)
def test_a_command_is_heard_whatever_its_accents_case_and_punctuation(
    text: str, command: Command
) -> None:
    assert commands.read(text) is command


@pytest.mark.parametrize(
    "text",
    [
        "il faut que ça stop",
        "aidez-moi",
        "aide aux devoirs",
        "info sur le RSA",
        "stopper",
        "stop il me frappe",
        "aide moi",
        "a b c",
        "",
        "115",
    ],
)
def test_a_sentence_is_not_a_command(text: str) -> None:
    assert commands.read(text) is None


@pytest.mark.parametrize(
    "text", ["2", "le 2", "Deux", "2 stp", "2.", "n°2", "le deuxième", "2 svp !"]
)
def test_a_number_is_heard_as_people_write_it(text: str) -> None:
    assert commands.number(text) == 2


@pytest.mark.parametrize("text", ["93", "2 enfants", "deux crèches", "le", "", "115", "2 3"])
def test_other_words_are_not_a_choice(text: str) -> None:
    assert commands.number(text) is None


def test_the_rest_is_asked_for_in_a_word() -> None:
    assert commands.is_more("Suite svp")
    assert not commands.is_more("suite à mon rendez-vous")
