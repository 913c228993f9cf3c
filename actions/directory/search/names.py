"""Records by the name people give them, and by id."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, KeysView, Mapping, Sequence

from rapidfuzz import fuzz, process
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.directory.models import Commune, Evenement, Offre, Service, Structure
from actions.directory.schemas import Match, Record
from actions.directory.search.loading import load_services
from actions.directory.search.situation import (
    NEAR,
    Situation,
    plain_match,
    situate_record,
)
from actions.directory.text import simple_stems, simplify, stems

LEAST_SCORE = 0.55  # share of the words' weight that a record must hold
TEXT_SHARE = 0.6  # what a word counts for in a description, against 1 in a name
TYPO_SCORE = 82  # rapidfuzz ratio, out of 100, from which two words are the same with a typo
TYPO_LENGTH = 5  # shorter words must be written as they are
FARTHEST_KM = 50.0


def search_by_name(session: Session, words: str, code_insee: str | None, limit: int) -> list[Match]:
    """Records whose name holds these words, accents and typos aside, the nearest first.

    The words found in the description count for less. With a commune, places that do not serve it
    and lie farther than 50 km are left out, and so are those whose zone excludes it.
    """
    names = _names(session)
    known = Counter(stem for _, _, name in names for stem in set(name))
    wanted = [_corrected(stem, known.keys()) for stem in dict.fromkeys(stems(words))]
    weights = {stem: math.log(1 + len(names) / (1 + known[stem])) for stem in wanted}
    named = [
        (structure_id, service_id)
        for structure_id, service_id, name in names
        if any(stem in name for stem in weights)
    ]
    commune = session.get(Commune, code_insee) if code_insee else None
    ranked = []
    for record in _load(session, named):
        score = _score(record, weights)
        situation = _useful(session, commune, record) if commune else None
        if score < LEAST_SCORE or (commune and not situation):
            continue
        match = plain_match(record, situation, commune)
        rank = (-round(score, 1), not match.couvre, match.distance_km or 0.0, record.id)
        ranked.append((rank, match))
    ranked.sort(key=lambda found: found[0])
    return _one_by_structure(match for _, match in ranked)[:limit]


def get_records(session: Session, ids: Sequence[str], code_insee: str | None = None) -> list[Match]:
    """Records by id, in this order; unknown ids are left out."""
    commune = session.get(Commune, code_insee) if code_insee else None
    records: list[Record] = [
        *session.scalars(select(Service).where(Service.id.in_(ids))),
        *session.scalars(select(Structure).where(Structure.id.in_(ids))),
        *session.scalars(select(Evenement).where(Evenement.id.in_(ids))),
        *session.scalars(select(Offre).where(Offre.id.in_(ids))),
    ]
    found = {record.id: record for record in records}
    matches = []
    for record in (found[id_] for id_ in ids if id_ in found):
        situation = situate_record(session, commune, record) if commune else None
        matches.append(plain_match(record, situation, commune))
    return matches


def _names(session: Session) -> list[tuple[str, str | None, list[str]]]:
    """Every structure and service, duplicates aside: their ids, and the words of their names."""
    rows = session.execute(
        select(Structure.id, Structure.nom, Service.id, Service.nom_simple)
        .outerjoin(Structure.services.and_(Service.doublon_de.is_(None)))
        .where(or_(Service.id.is_not(None), Structure.doublon_de.is_(None)))
    )
    return [
        (structure_id, service_id, simple_stems(name or simplify(structure)))
        for structure_id, structure, service_id, name in rows
    ]


def _corrected(stem: str, known: KeysView[str]) -> str:
    if stem in known or len(stem) < TYPO_LENGTH:
        return stem
    nearest = process.extractOne(stem, list(known), scorer=fuzz.ratio, score_cutoff=TYPO_SCORE)
    return str(nearest[0]) if nearest else stem


def _load(session: Session, ids: Iterable[tuple[str, str | None]]) -> list[Service | Structure]:
    pairs = list(ids)
    services = [service_id for _, service_id in pairs if service_id]
    alone = [structure_id for structure_id, service_id in pairs if not service_id]
    loaded: list[Service | Structure] = [
        *load_services(session, services).values(),
        *session.scalars(select(Structure).where(Structure.id.in_(alone))),
    ]
    return loaded


def _score(record: Service | Structure, weights: Mapping[str, float]) -> float:
    """The share of the words' weight that the record holds, from 0 to 1."""
    if isinstance(record, Service):
        in_name, in_text = simple_stems(record.nom_simple), simple_stems(record.texte_simple)
    else:
        in_name, in_text = stems(record.nom), stems(record.description or "")
    held = sum(
        weight * (1.0 if stem in in_name else TEXT_SHARE)
        for stem, weight in weights.items()
        if stem in in_name or stem in in_text
    )
    return held / sum(weights.values())


def _useful(session: Session, commune: Commune, record: Record) -> Situation | None:
    """Where a record stands; None when it is of no use from this commune."""
    situation = situate_record(session, commune, record)
    if situation and situation.tier == NEAR and (situation.distance_km or 0.0) > FARTHEST_KM:
        return None
    return situation


def _one_by_structure(matches: Iterable[Match]) -> list[Match]:
    best: dict[str, Match] = {}
    for match in matches:
        structure = match.record.structure if isinstance(match.record, Service) else match.record
        same = structure.doublon_de if isinstance(structure, Structure) else None
        best.setdefault(same or structure.id, match)
    return list(best.values())
