"""A week of activities that add up to 15 hours: a proposal to discuss with the referent."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from actions import french, records, texts, towns
from actions.conversation import RSA, Answer, Choice, Turn
from actions.directory.followup import place_of
from actions.directory.models import Commune
from actions.directory.plans import DAY, WeekPlan, best_week
from actions.directory.plans import Session as Piece
from actions.directory.search import Match
from actions.directory.text import simplify
from actions.directory.words import DAYS
from actions.joint import clock, in_reach, span_in_words

DETAIL = "semaine"  # the finer need, beside the RSA, while we wait for the town
# What may count as an activity: the needs looked at, in this order.
ACTIVITIES = (
    ("francais", None),
    ("numerique", "apprendre"),
    ("formation", None),
    ("formation", "orientation"),
    ("offre_partenaire", "emploi"),
)
EACH = 4  # places looked at for each: a thousand combinations at most
ASKED = 4  # places named when nothing can be computed

FIFTEEN_HOURS = (
    r"(?:15|quinze|fifteen|quince) ?(?:h|heures?|eures?|hours?|horas|часов|год\w*|saat|ore)\b"
)
_WANTED = re.compile(
    r"\bsemaine (?:type )?d(?:e)? ?activites?\b"
    rf"|(?<!par )\bsemaine (?:de|avec|d) (?:\w+ )?{FIFTEEN_HOURS}"
    rf"|\b(?:programme|planning|emploi du temps) (?:\w+ ){{0,2}}(?:{FIFTEEN_HOURS}|activites?\b)"
    rf"|\b(?<!ai )(?:propos|trouv|rempli|compos|organis|constitu)\w* (?:\w+ ){{0,2}}{FIFTEEN_HOURS}"
)
# « un travail de 15 h », « une crèche pour mes 15 heures » are other needs.
_OTHER_NEED = re.compile(r"\b(?:travail|boulot|job|taf|cdi|cdd|poste|creche|garder?)\b")


def said(turn: Turn, session: Session) -> Answer | None:
    """The week, when a message or a choice wants one; None for anything else."""
    chosen = turn.entities.get("choix") == "semaine"
    if chosen or (turn.text[:1] != "/" and _wants(turn.text)):
        return answer(turn, session)
    return None


def answer(turn: Turn, session: Session) -> Answer:
    """The week of the town, or the question of the town."""
    commune = towns.current(turn, session)
    kept = {"theme": RSA, "detail_besoin": DETAIL}
    if commune is None:
        need = texts.NEED_NAMES[f"{RSA}_{DETAIL}"]
        reply = towns.ask(turn, session, texts.ASK_TOWN_FOR.format(need=need))
    elif not towns.is_covered(commune):
        reply = Answer(intro=towns.outside(commune), closing=texts.AFTER_ONE_RESULT)
    else:
        reply = _week(turn, session, commune)
    reply.slots = kept | reply.slots
    return reply


def offer(reply: Answer) -> None:
    """After the rule of the 15 hours, offer a week of activities."""
    reply.choices = [*reply.choices, Choice(*texts.WEEK_OFFER)]
    reply.slots["question"] = DETAIL


def _wants(text: str) -> bool:
    words = simplify(text)
    return bool(_WANTED.search(words)) and not _OTHER_NEED.search(words)


def _week(turn: Turn, session: Session, commune: Commune) -> Answer:
    at = french.at_place(towns.name_of(commune))
    by_need = _candidates(turn, session, commune)
    found = [match for fit in by_need for match in fit]
    if not found:
        return Answer(intro=texts.WEEK_NOTHING.format(at=at), closing=texts.WEEK_PROPOSAL)
    plan = best_week(found)
    if plan is None:
        first = [fit[0] for fit in by_need if fit]
        told = records.tell(first[:ASKED], turn, session)
        return _reply(texts.WEEK_UNKNOWN.format(at=at), told, None)
    told = records.tell(plan.activities, turn, session)
    hours = _hours_in_words(plan.hours)
    if plan.sessions is None:
        return _reply(texts.WEEK_VOLUMES_ONLY.format(hours=hours, at=at), told, plan)
    template = texts.WEEK_FOUND if plan.is_enough else texts.WEEK_SHORT
    names = {record["id"]: str(record["nom"]) for record in told}
    lines = [template.format(hours=hours, at=at), *_days(plan.sessions, names)]
    if plan.placed:
        placed = french.listing([names[match.record.id] for match in plan.placed])
        lines.append(texts.WEEK_TO_PLACE.format(names=placed))
    return _reply("\n".join(lines), told, plan)


def _reply(intro: str, told: list[dict[str, Any]], plan: WeekPlan | None) -> Answer:
    whole = plan is not None and plan.sessions is not None and plan.is_enough
    closing = texts.WEEK_PROPOSAL if whole else f"{texts.WEEK_ASK}\n{texts.WEEK_PROPOSAL}"
    return Answer(intro=intro, results=told, closing=closing, extra={"semaine": _payload(plan)})


def _candidates(turn: Turn, session: Session, commune: Commune) -> list[list[Match]]:
    """Places in reach that offer an activity, by need, each structure once."""
    seen: set[str] = set()
    found = []
    for theme, detail in ACTIVITIES:
        near = in_reach(turn, session, commune, theme, detail, EACH)
        fit = [match for match in near if place_of(match.record) not in seen]
        seen |= {place_of(match.record) for match in fit}
        found.append(fit)
    return found


def _days(sessions: tuple[Piece, ...], names: dict[str, str]) -> list[str]:
    """« Lundi : Atelier de 9 h à 12 h, Cours de 14 h à 16 h »."""
    lines = []
    for day, pieces in groupby(sessions, key=lambda piece: piece.start // DAY):
        activities = ", ".join(
            texts.WEEK_ACTIVITY.format(
                name=names[piece.match.record.id], span=span_in_words((piece.start, piece.end))
            )
            for piece in pieces
        )
        lines.append(texts.WEEK_LINE.format(day=DAYS[day].capitalize(), activities=activities))
    return lines


def _hours_in_words(hours: float) -> str:
    """« 15 heures », « 7,5 heures », « 1 heure »."""
    number = f"{hours:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{number} heure" if hours < 2 else f"{number} heures"


def _payload(plan: WeekPlan | None) -> dict[str, Any]:
    """For channels: the hours, and the sessions (null where they cannot be computed)."""
    if plan is None:
        return {"heures": None, "seances": None}
    sessions = plan.sessions and [
        {
            "id": piece.match.record.id,
            "jour": DAYS[piece.start // DAY],
            "debut": clock(piece.start),
            "fin": clock(piece.end),
            "a_confirmer": piece.match in plan.placed,
        }
        for piece in plan.sessions
    ]
    return {"heures": plan.hours, "seances": sessions}
