"""Forums and recruitment meetings: only those to come."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions import french, moments, records, services, shown, texts, towns
from actions.conversation import Answer, Turn
from actions.directory import followup, search
from actions.directory.models import Commune, Evenement
from actions.directory.search import Match

SHOWN, MOST = 3, 500  # events shown, and looked at


def answer(turn: Turn, session: Session) -> Answer:
    """The next events around the town; when there is none, who announces them."""
    commune = towns.current(turn, session)
    elsewhere = turn.names_town or turn.entities.get("departement")
    again = turn.display.theme == turn.theme and turn.display.results and not elsewhere
    if commune is None and again:
        return services.remember(shown.repeat(turn, texts.NO_OTHER_EVENT), turn)
    if commune is None:
        return services.remember(towns.ask(turn, session, _ask_town()), turn)
    at = french.at_place(towns.name_of(commune))
    events = _to_come(turn, session, commune)
    if events:
        reply = Answer(
            intro=texts.EVENTS_FOUND.format(at=at), results=records.tell(events, turn, session)
        )
    else:
        departement = None if turn.entities.get("code_insee") else turn.entities.get("departement")
        if departement:
            at = texts.IN_DEPARTEMENT.format(departement=departement)
        reply = Answer(intro=texts.NO_EVENT.format(at=at))
        if towns.is_covered(commune):
            services.count_unmet(turn, session, commune, followup.NOTHING)
            reply.results = records.people(turn, session, commune, _announcers(turn), limit=2)
        else:
            reply.intro = f"{reply.intro}\n{towns.outside(commune)}"
    shown_before = [each["id"] for each in reply.results] == list(turn.display.results)
    if shown_before and reply.results and not turn.entities.get("code_insee"):
        return services.remember(shown.repeat(turn, texts.NO_OTHER_EVENT), turn)
    return services.remember(reply, turn)


def _to_come(turn: Turn, session: Session, commune: Commune) -> list[Match]:
    """The next events, not over at this hour; those that one cannot go to come last, and say so.

    Of an event that comes back (every Monday), only the next time: it would hide the others.
    """
    now = turn.now.replace(tzinfo=None)
    found = search.search_events(
        session,
        commune.code_insee,
        turn.today,
        MOST,
        hidden=lambda event: moments.event_state(event, now) == moments.OVER,
        later=lambda event: moments.event_state(event, now) is not None,
    )
    first: dict[tuple[str, ...], Match] = {}
    for match in found:
        event = match.record
        assert isinstance(event, Evenement)  # noqa: S101
        place = (event.nom, event.lieu or "", event.adresse or "", event.code_insee or "")
        first.setdefault(place, match)
    return list(first.values())[:SHOWN]


def _announcers(turn: Turn) -> list[str]:
    """Who announces meetings, those for this person first."""
    first = [role for fact, role in records.HELPERS.items() if turn.fact(fact) == "oui"]
    others = ["france_travail", "ccas", "mission_locale"]
    if turn.fact("moins_26") == "non":
        others.remove("mission_locale")
    return list(dict.fromkeys([*first, *others]))


def _ask_town() -> str:
    return texts.ASK_TOWN_FOR.format(need=texts.NEED_NAMES["evenement"])
