"""What a person asks of a place, in their words: free, open on Saturday, in a wheelchair…

Read with care: a word that is denied (« pas gratuit »), or that speaks of something else (« un
travail à distance »), asks for nothing. A condition that is missed costs less than an invented one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from actions import texts
from actions.directory import hours
from actions.directory.schemas import Conditions
from actions.directory.text import simplify
from actions.directory.words import DAYS
from actions.french import listing

# « pas gratuit », « pas forcément gratuit », « même si c'est pas gratuit ».
_DENIED = re.compile(r"\b(?:pas|non|ni|jamais|plus|peu importe)(?: \w+){0,2} $")
_FREE = re.compile(r"\bgratuit\w*|\bsans (?:rien )?payer\b|\bqui coute rien\b")
_WHEELCHAIR = re.compile(
    r"\b(?:en|avec (?:mon|un|son)|pour) fauteuil\b|\bfauteuil roulant\b|\bpmr\b"
    r"|\bmobilite reduite\b"
)
_REMOTE = re.compile(
    r"(?<!travail )(?<!travailler )(?<!emploi )(?<!boulot )(?<!poste )(?<!job )(?<!taf )"
    r"\ba distance\b(?! (?:de|raisonnable|a pied)\b)"
    r"|\ben visio\w*|\bpar visio\w*|\bsans (?:me|se|nous|avoir a me|devoir me) deplacer\b"
    r"|\bdepuis chez (?:moi|nous|lui|elle)\b"
)
_CHILDREN = re.compile(
    r"\b(?:venir|viens|vient|aller|emmener|amener|accompagnee?) (?:\w+ ){0,2}"
    r"(?:les|mes|mon|ma|ses|son|sa|nos) (?:\w+ )?(?:enfants?|bebes?|fils|filles?|petite?s?)\b"
    r"|\benfants (?:acceptes|admis|bienvenus)\b"
)
_OPEN = re.compile(
    r"\b(?:ouver(?:te?s?|ture)|ouvr(?:e|ent)) (?:\w+ ){0,2}?"
    rf"(?P<when>{'|'.join(DAYS)}|week end|weekend|aujourd hui|demain|maintenant|en ce moment"
    r"|tout de suite)\b"
)
_WEEK_END = (5, 6)
_NOW = ("maintenant", "en ce moment", "tout de suite")


def read(text: str, now: datetime, about_children: bool = False) -> Conditions:
    """The conditions that this message sets.

    Args:
        now: the moment of the message, in Paris.
        about_children: the need is to have a child looked after: children are no condition then.
    """
    said = simplify(text)
    days, moment = _opening(said, now)
    return Conditions(
        free=_asks(_FREE, said),
        remote=_asks(_REMOTE, said),
        accessible=_asks(_WHEELCHAIR, said),
        children=not about_children and _asks(_CHILDREN, said),
        days=days,
        now=moment,
    )


def in_words(conditions: Conditions) -> str:
    """« gratuit et ouvert le samedi »."""
    said = {
        texts.FREE: conditions.free,
        texts.REMOTE: conditions.remote,
        texts.ACCESSIBLE: conditions.accessible,
        texts.WITH_CHILDREN: conditions.children,
        texts.OPEN_NOW: conditions.now is not None,
    }
    days = listing([DAYS[day.weekday()] for day in conditions.days], "ou")
    words = [word for word, asked in said.items() if asked]
    return listing([*words, *([texts.OPEN_ON.format(days=days)] if days else [])])


def to_slot(conditions: Conditions) -> dict[str, Any]:
    """The conditions as a conversation keeps them, until the next need."""
    kept = {name: value for name, value in asdict(conditions).items() if value}
    if conditions.days:
        kept["days"] = [day.isoformat() for day in conditions.days]
    if conditions.now:
        kept["now"] = True
    return kept


def from_slot(kept: Mapping[str, Any], now: datetime) -> Conditions:
    """The conditions kept, at this moment."""
    days = tuple(date.fromisoformat(day) for day in kept.get("days", ()))
    moment = now if kept.get("now") else None
    return Conditions(**{**kept, "days": days, "now": moment})


def _asks(pattern: re.Pattern[str], said: str) -> bool:
    found = pattern.search(said)
    return bool(found and not _DENIED.search(said[: found.start()]))


def _opening(said: str, now: datetime) -> tuple[tuple[date, ...], datetime | None]:
    """The days on which a place must open, or the moment."""
    found = _OPEN.search(said)
    if not found or _DENIED.search(said[: found.start()]):
        return (), None
    when, today = found["when"], now.date()
    if when in _NOW:
        return (), now
    if when == "aujourd hui":
        return (today,), None
    if when == "demain":
        return (today + timedelta(days=1),), None
    weekdays = _WEEK_END if when.startswith("week") else (DAYS.index(when),)
    return tuple(_next(weekday, today) for weekday in weekdays), None


def _next(weekday: int, today: date) -> date:
    """The next such day, today included, that is no public holiday: the usual week is meant."""
    coming = (today + timedelta(days=(weekday - today.weekday()) % 7 + 7 * n) for n in range(4))
    return next(day for day in coming if not hours.is_holiday(day))
