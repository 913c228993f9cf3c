import pytest

from channels.web import sessions
from channels.web.sessions import InvalidChoice, InvalidToken, Sessions

SENDER = "0123abcd"


@pytest.fixture
def ours() -> Sessions:
    return Sessions("a secret")


def test_two_tokens_are_two_conversations(ours: Sessions) -> None:
    first, second = ours.new_token(), ours.new_token()
    assert first != second
    assert ours.sender(first) != ours.sender(second)


def test_a_token_gives_the_same_sender_in_another_process_with_the_same_secret(
    ours: Sessions,
) -> None:
    token = ours.new_token()
    assert Sessions("a secret").sender(token) == ours.sender(token)


def test_the_sender_id_tells_nothing_of_the_token(ours: Sessions) -> None:
    token = ours.new_token()
    assert ours.sender(token) not in token
    assert token not in ours.sender(token)


def test_changing_any_character_of_a_token_makes_it_invalid(ours: Sessions) -> None:
    token = ours.new_token()
    for position, char in enumerate(token):
        altered = token[:position] + ("A" if char != "A" else "B") + token[position + 1 :]
        with pytest.raises(InvalidToken):
            ours.sender(altered)


@pytest.mark.parametrize("token", ["", "A", "é", "A" * 53, "A" * 10_000, "../..", "=", "\0"])
def test_what_is_not_a_token_is_invalid(ours: Sessions, token: str) -> None:
    with pytest.raises(InvalidToken):
        ours.sender(token)


def test_a_token_of_another_secret_is_invalid(ours: Sessions) -> None:
    with pytest.raises(InvalidToken):
        ours.sender(Sessions("another secret").new_token())


def test_a_token_expires(ours: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr(sessions.time, "time", lambda: now)
    token = ours.new_token()
    now += sessions.LIFETIME - 1
    ours.sender(token)
    now += 2
    with pytest.raises(InvalidToken):
        ours.sender(token)


def test_a_choice_is_read_back_as_it_was_shown(ours: Sessions) -> None:
    payload = '/choisir{"numero": "2", "nom": "Épicerie"}'
    assert ours.read_choice(SENDER, ours.sign_choice(SENDER, payload)) == payload


def test_a_choice_of_another_conversation_is_refused(ours: Sessions) -> None:
    with pytest.raises(InvalidChoice):
        ours.read_choice("another", ours.sign_choice(SENDER, "/plus"))


@pytest.mark.parametrize("forged", ["", "/plus", "L3BsdXM", "A" * 40])
def test_a_forged_choice_is_refused(ours: Sessions, forged: str) -> None:
    with pytest.raises(InvalidChoice):
        ours.read_choice(SENDER, forged)


def test_a_token_is_no_choice(ours: Sessions) -> None:
    with pytest.raises(InvalidChoice):
        ours.read_choice(SENDER, ours.new_token())
