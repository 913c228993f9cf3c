"""A French course or a training, and a childcare place, that fit together."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from actions import french, records, services, texts, towns
from actions.conversation import Answer, Choice, Turn, split_need
from actions.directory import search
from actions.directory.models import Commune
from actions.directory.plans import DAY, Minutes, Pair, best_pair
from actions.directory.search import Match, SearchQuery
from actions.directory.words import A_MONDAY, DAYS, week_in_words, week_of

CANDIDATES = 12  # of each kind: 144 pairs are compared
REACH_KM = 10.0  # a child is not taken farther every day
# In a message that says both needs: they are wanted at once.
TOGETHER = re.compile(
    r"\b(?:ensemble|en meme temps|meme endroit|meme moment|compatibles?|les deux|pendant)\b"
)


def said(turn: Turn, session: Session) -> Answer | None:
    """The joint answer, when a message or a choice wants both at once and the town is known."""
    wanted = _wanted(turn)
    commune = towns.current(turn, session)
    if wanted is None or commune is None or not towns.is_covered(commune):
        return None
    return _answer(turn, session, commune, *wanted)


def _wanted(turn: Turn) -> tuple[tuple[str, str | None], tuple[str, str | None]] | None:
    """The needs (theme, detail) of the course and of the childcare place; None when not asked."""
    need, detail = split_need(turn.intent)
    if turn.entities.get("choix") == "ensemble":  # « Les deux ensemble »
        need, detail = turn.theme, turn.detail
        other = turn.slots.get("autre_theme")
    elif need and TOGETHER.search(turn.plain):
        other = turn.entities.get("autre_theme")
    else:
        return None
    second, second_detail = split_need(other) if other else (None, None)
    if need is None or second is None or not services.go_together(need, second):
        return None
    one, two = (need, detail), (second, second_detail)
    return (two, one) if need == services.CHILDCARE else (one, two)


def _answer(
    turn: Turn,
    session: Session,
    commune: Commune,
    course: tuple[str, str | None],
    childcare: tuple[str, str | None],
) -> Answer:
    at = french.at_place(towns.name_of(commune))
    home = (commune.latitude, commune.longitude)
    point = (home[0], home[1]) if home[0] is not None and home[1] is not None else None
    pair = best_pair(
        in_reach(turn, session, commune, *course, CANDIDATES),
        in_reach(turn, session, commune, *childcare, CANDIDATES),
        point,
    )
    kept = {"theme": course[0], "detail_besoin": course[1], "autre_theme": None}
    if pair is None:
        choices = [Choice(_name(need), f"/{_intent(need)}") for need in (course, childcare)]
        return Answer(intro=texts.PAIR_NONE.format(at=at), choices=choices, slots=kept)
    told = records.tell([pair.course, pair.childcare], turn, session)
    found = texts.PAIR_FOUND if pair.common else texts.PAIR_UNFIT
    return Answer(
        intro=found.format(at=at),
        results=told,
        closing="\n".join(_lines(pair, told)),
        slots=kept,
        extra={"ensemble": _payload(pair)},
    )


def in_reach(
    turn: Turn, session: Session, commune: Commune, theme: str, detail: str | None, limit: int
) -> list[Match]:
    """Places in reach that offer the very thing, not those that only inform."""
    query = SearchQuery(
        theme=theme,
        detail=detail,
        code_insee=commune.code_insee,
        today=turn.today,
        limit=limit,
        radius_km=REACH_KM,
    )
    return [
        match
        for match in search.search_services(session, query)
        if match.is_direct and (match.distance_km or 0.0) <= REACH_KM
    ]


def _lines(pair: Pair, told: list[dict[str, Any]]) -> list[str]:
    km = round(pair.way_km)
    lines = [texts.PAIR_WAY.format(km=km) if km else texts.PAIR_WAY_SHORT]
    course, childcare = (record["nom"] for record in told)
    if pair.common:
        return [
            *lines,
            texts.PAIR_HOURS.format(week=week_of_minutes(pair.common)),
            texts.PAIR_ASK_CHILDCARE.format(name=childcare),
        ]
    unknown = [record["nom"] for record in told if not record["horaires_lisibles"]]
    of = texts.PAIR_HOURS_OF_BOTH if len(unknown) != 1 else french.of_name(unknown[0])
    lines.append(texts.PAIR_HOURS_UNKNOWN.format(of=of))
    if course in unknown:
        lines.append(texts.PAIR_ASK_COURSE.format(name=course))
    return [*lines, texts.PAIR_ASK_CHILDCARE.format(name=childcare)]


def week_of_minutes(spans: list[Minutes]) -> str:
    """« du lundi au vendredi de 9 h à 12 h et de 14 h à 17 h »; minutes from Monday midnight."""
    monday = datetime.combine(A_MONDAY, time())
    moments = [[monday + timedelta(minutes=minutes) for minutes in span] for span in spans]
    return week_in_words(week_of((opens, closes) for opens, closes in moments))


def span_in_words(span: Minutes) -> str:
    """« de 9 h à 12 h 30 »."""
    return f"de {_hour(span[0])} à {_hour(span[1])}"


def _hour(minutes: int) -> str:
    hour, minute = divmod(minutes % DAY, 60)
    if not hour and not minute:
        return "minuit"
    return f"{hour} h {minute:02d}" if minute else f"{hour} h"


def _payload(pair: Pair) -> dict[str, Any]:
    """For channels: the ids, the way, and the hours in common (null when unknown)."""
    common = [
        {"jour": DAYS[start // DAY], "debut": clock(start), "fin": clock(end)}
        for start, end in pair.common or ()
    ]
    return {
        "cours": pair.course.record.id,
        "garde": pair.childcare.record.id,
        "trajet_km": round(pair.way_km, 1),
        "heures_communes": common if pair.common is not None else None,
    }


def clock(minutes: int) -> str:
    """« 09:30 », of a moment counted from Monday midnight."""
    return f"{minutes % DAY // 60:02d}:{minutes % 60:02d}"


def _name(need: tuple[str, str | None]) -> str:
    name = services.need_name(*need)
    return f"{name[:1].upper()}{name[1:]}"


def _intent(need: tuple[str, str | None]) -> str:
    return "_".join(filter(None, need))
