"""Why a search shows a service, or leaves it out: for the assistant's reasons, and for staff."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.directory.models import Service
from actions.directory.needs import Need, find_need
from actions.directory.schemas import SearchQuery
from actions.directory.search import candidates
from actions.directory.search.candidates import Facts
from actions.directory.search.ranking import Candidate, in_order, one_by_place
from actions.directory.search.services import (
    Area,
    areas,
    commune_of,
    look_into,
    shown_before,
)

# Why a service that could be shown is not; the other codes are those of `ranking`.
AFTER, SAME_PLACE, SEEN, REPORTED = "apres", "meme_lieu", "deja_montre", "signale"
DUPLICATE, OTHER_NEED, UNREAD, UNKNOWN = "doublon", "autre_besoin", "non_lu", "inconnu"


@dataclass(frozen=True)
class Explanation:
    """What a search does with one service.

    Attributes:
        position: its place in the order, from 1, one service by place; None if it has none.
        score: the parts of its score, which add up; empty when it was not weighed.
        code: why it is not shown, or comes after the others (see `ranking` and above); else None.
        phrase: the same in French.
    """

    id: str
    nom: str = ""
    distance_km: float | None = None
    position: int | None = None
    score: Mapping[str, float] = field(default_factory=dict)
    code: str | None = None
    phrase: str = ""


def explain(
    session: Session,
    query: SearchQuery,
    ids: Collection[str] = (),
    doubted: Collection[str] = (),
) -> list[Explanation]:
    """What the search does with each service it reads: those shown first, then the others.

    Args:
        ids: only these services, or those of these structures, whether they were read or not.
        doubted: the places that people say wrong (`followup.doubted`): the assistant puts them
            after the others.
    """
    need = find_need(query.theme, query.detail)
    commune = commune_of(session, query)
    if need is None or commune is None:
        return []
    shown = shown_before(session, query.exclude)
    for area in areas(session, need, commune, query):
        if look_into(area, session, need, query, shown):
            break
    told = [*_weighed(area, query, shown, doubted), *_left_out(area)]
    if not ids:
        return told
    known = {explanation.id: explanation for explanation in told}
    wanted = _services(session, ids)
    return [known.get(row.id) or _unread(row, area, need) for row in wanted] or [
        Explanation(id_, code=UNKNOWN, phrase="cet identifiant n'est pas dans l'annuaire")
        for id_ in ids
    ]


def _services(session: Session, ids: Collection[str]) -> list[Facts]:
    of_ids = or_(Service.id.in_(ids), Service.structure_id.in_(ids))
    found = session.scalars(select(Service.id).where(of_ids).order_by(Service.id)).all()
    return [row for rows in candidates.read_whole(session, found, True) for row in rows]


def _weighed(
    area: Area, query: SearchQuery, shown: Mapping[object, str], doubted: Collection[str]
) -> Iterator[Explanation]:
    position = 0
    ordered = one_by_place(in_order(area.candidates, query), shown)
    for candidate, instead in sorted(ordered, key=lambda each: each[0].row.structure_id in doubted):
        if instead in query.exclude:
            yield _of(candidate, None, SEEN, f"déjà montré, ou même lieu que {instead}")
        elif instead:
            yield _of(candidate, None, SAME_PLACE, f"même lieu que {instead}, mieux classé")
        else:
            position += 1
            later = position > query.limit
            code, phrase = (AFTER, "classé après ceux qui sont montrés") if later else (None, "")
            if candidate.row.structure_id in doubted:
                code, phrase = REPORTED, "plusieurs personnes le disent faux : mis après les autres"
            yield _of(candidate, position, code, phrase)


def _left_out(area: Area) -> Iterator[Explanation]:
    for refusal in area.left_out:
        yield Explanation(refusal.row.id, refusal.row.nom, code=refusal.code, phrase=refusal.phrase)


def _unread(row: Facts, area: Area, need: Need) -> Explanation:
    """Why a service that the search did not read is not shown."""
    if row.doublon_de:
        phrase = f"doublon de {row.doublon_de}, montré à sa place"
        return Explanation(row.id, row.nom, code=DUPLICATE, phrase=phrase)
    if need.thematiques.keys().isdisjoint(row.thematiques or ()):
        phrase = "n'a aucun des thèmes de ce besoin"
        return Explanation(row.id, row.nom, code=OTHER_NEED, phrase=phrase)
    judged = area.judge.judge(row)
    if isinstance(judged, Candidate):
        return _of(judged, None, UNREAD, "non lu : d'autres, plus prometteurs, ont suffi")
    return Explanation(row.id, row.nom, code=judged.code, phrase=judged.phrase)


def _of(candidate: Candidate, position: int | None, code: str | None, phrase: str) -> Explanation:
    row = candidate.row
    distance = candidate.situation.distance_km
    return Explanation(row.id, row.nom, distance, position, candidate.score, code, phrase)


def in_lines(explanations: Collection[Explanation]) -> Iterator[str]:
    """Explanations for a screen: position or code, score and its parts, record, why."""
    for told in explanations:
        place = f"{told.position}." if told.position else "-"
        parts = ", ".join(f"{part} {value:+.2f}" for part, value in told.score.items() if value)
        score = f" {sum(told.score.values()):.2f} = {parts}" if told.score else ""
        far = "" if told.distance_km is None else f", {told.distance_km:.1f} km"
        why = f" [{told.code}] {told.phrase}" if told.code else ""
        yield f"{place:>4}{score} {told.nom} ({told.id}{far}){why}"
