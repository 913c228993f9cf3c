import pytest

from channels.rasa import pair

BUTTON = {"title": "Oui", "payload": "/affirmer"}


def test_a_text_and_the_custom_that_follows_are_one_message() -> None:
    items = [
        {"recipient_id": "x", "text": "Voici :", "buttons": [BUTTON]},
        {"recipient_id": "x", "custom": {"results": []}},
    ]
    assert pair(items) == [{"text": "Voici :", "buttons": [BUTTON], "custom": {"results": []}}]


def test_a_text_before_another_text_stays_alone() -> None:
    items = [{"text": "Bonjour."}, {"text": "Voici :"}, {"custom": {"a": 1}}]
    assert pair(items) == [
        {"text": "Bonjour.", "buttons": [], "custom": {}},
        {"text": "Voici :", "buttons": [], "custom": {"a": 1}},
    ]


def test_two_customs_in_a_row_are_both_kept() -> None:
    items = [{"text": "Voici :"}, {"custom": {"a": 1}}, {"custom": {"b": 2}}]
    assert [message["custom"] for message in pair(items)] == [{"a": 1}, {"b": 2}]


def test_an_image_or_an_empty_item_is_not_a_message() -> None:
    assert pair([{"image": "https://example.org/x.png"}, {"text": ""}]) == []


@pytest.mark.parametrize("items", [None, {}, "texte", [1], [["text"]]])
def test_what_is_not_a_list_of_messages_is_refused(items: object) -> None:
    with pytest.raises(ValueError, match="not a list"):
        pair(items)
