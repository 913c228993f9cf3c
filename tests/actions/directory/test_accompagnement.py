"""Who can accompany a person: what is shown before any question is right already."""

from datetime import datetime

from sqlalchemy import select

from actions import accompagnement
from actions.conversation import Answer, Turn
from actions.directory.models import Commune

MORNING = datetime(2026, 11, 23, 9)


def asked_in(commune: Commune, session, **facts: str) -> Answer:
    """The answer to someone who asks for their agency there, and of whom these facts are known."""
    place = {"code_insee": commune.code_insee}
    turn = Turn("agence", 1.0, place, "où est mon agence", facts, MORNING)
    return accompagnement.answer(turn, session)


def ids(answer: Answer) -> list[str]:
    return [record["id"] for record in answer.results]


def test_the_first_shown_before_any_question_stays_first_for_people_on_rsa_everywhere(session):
    departements = select(Commune).where(Commune.departement.in_(["93", "92", "05"]))
    answered = 0
    for commune in session.scalars(departements):
        before, after = asked_in(commune, session), asked_in(commune, session, rsa="oui")
        assert ids(before)[:1] == ids(after)[:1], commune.nom
        not_on_rsa = ids(asked_in(commune, session, rsa="non", moins_26="non"))
        assert set(not_on_rsa[:1]) <= set(ids(before)), commune.nom
        answered += bool(before.results)
    assert answered > 200


def test_one_question_at_a_time_is_asked_and_none_that_would_change_nothing(session):
    bobigny = session.get(Commune, "93008")
    assert asked_in(bobigny, session).slots["question"] == "rsa"
    assert asked_in(bobigny, session, rsa="oui").slots["question"] == "moins_26"
    assert "question" not in asked_in(bobigny, session, rsa="oui", moins_26="passe").slots
