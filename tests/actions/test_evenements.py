"""Events to come, on invented ones only."""

from datetime import datetime, timedelta
from typing import Any

from invented import NOW, turn

from actions import evenements
from actions.directory.models import Evenement

MOMENT = datetime(2026, 11, 30, 9, 30)


def event(id_: str, name: str, begin: datetime, **changes: Any) -> Evenement:
    place = {"commune": "Bondy", "code_insee": "93010", "lieu": "Salle d'essai"}
    return Evenement(id=id_, nom=name, debut=begin, **{**place, **changes})


def test_an_event_that_comes_back_is_shown_once_and_hides_no_other(directory: Any) -> None:
    weekly = [event(f"a{n}", "Atelier CV", MOMENT + timedelta(weeks=n)) for n in range(20)]
    forum = event("f", "Forum", datetime(2027, 1, 20, 9))
    full = event("c", "Job dating", datetime(2026, 12, 1, 9), statut="complet")
    with directory([*weekly, forum, full])() as session:
        reply = evenements.answer(turn("des forums", "evenement", now=NOW), session)
    shown = [(record["nom"], record["debut"]) for record in reply.results]
    assert shown[0] == ("Atelier CV", "2026-11-30T09:30:00")
    assert [name for name, _ in shown] == ["Atelier CV", "Forum", "Job dating"]


def test_an_event_over_since_this_morning_is_not_shown(directory: Any) -> None:
    over = event("o", "Matinée", datetime(2026, 11, 23, 8), fin=datetime(2026, 11, 23, 9))
    with directory([over])() as session:
        reply = evenements.answer(turn("des forums", "evenement", now=NOW), session)
    assert all(record["kind"] != "evenement" for record in reply.results)
