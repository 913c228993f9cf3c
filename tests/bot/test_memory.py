"""Words are remembered, within bounds."""

from bot.components.memory import LONGEST, remember


def test_a_word_that_comes_again_is_computed_once():
    asked = []
    of_word = remember(lambda word: asked.append(word) or len(word))
    assert [of_word("garderie"), of_word("garderie")] == [8, 8]
    assert asked == ["garderie"]


def test_a_longer_word_than_people_write_is_not_kept():
    asked = []
    of_word = remember(lambda word: asked.append(word) or len(word))
    endless = "a" * (LONGEST + 1)
    assert [of_word(endless), of_word(endless)] == [LONGEST + 1] * 2
    assert asked == [endless, endless]
