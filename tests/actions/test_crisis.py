"""What is said again after a number."""

import pytest

from actions import crisis, texts


def test_every_reaction_has_its_words() -> None:
    read = {name for name, _ in crisis.REACTIONS}
    learnt = {*crisis.OF_INTENT.values(), *crisis.OF_FIELD.values()}
    assert (read | learnt) - {"quoi"} <= set(texts.AFTER_NUMBER)  # « quoi » says what the number is


@pytest.mark.parametrize("situation", sorted(crisis.WHOSE_NUMBER))
def test_what_a_number_is_names_it(situation: str) -> None:
    number = crisis.WHOSE_NUMBER[situation]
    assert number in texts.NUMBER_FACTS[number]
    assert number in texts.CALL[situation]


def test_no_answer_after_a_number_forgets_it() -> None:
    """But the one on how to call without a voice, which names its own."""
    silent = {name for name, words in texts.AFTER_NUMBER.items() if "{call}" not in words}
    assert silent == {"sans_parler"}
