"""Who can accompany a person in a commune, by role, from what the directory says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from actions.directory import merit
from actions.directory.database import one_of
from actions.directory.models import (
    Commune,
    Service,
    Structure,
    StructureReseau,
)
from actions.directory.needs import (
    AIDE_BUDGET,
    DEMARCHES,
    DROITS,
    RECHERCHE,
    REPONDRE_OFFRES,
    SERVICES_EN_LIGNE,
)
from actions.directory.schemas import DEFAULT_RADIUS_KM, OLD_DAYS, Match
from actions.directory.search.filters import AROUND, IN_DEPARTEMENT, SERVING, parameters
from actions.directory.search.loading import load_services
from actions.directory.search.memory import remembered
from actions.directory.search.situation import (
    IN_TOWN,
    LOCAL_ZONE,
    NEAR,
    Situation,
    Town,
    plain_match,
)


@dataclass(frozen=True)
class Role:
    """How the directory's data tell those who hold a role.

    Attributes:
        networks: one of them carries the structure (`reseaux_porteurs`).
        thematiques: the service has at least one; the first tells best what the role is about.
        publics: the service names at least one of them.
        serving_only: only who is in the commune or says to serve it; else the nearest will do.
        own_departement: the nearest is looked for in the commune's département only.
    """

    networks: frozenset[str]
    thematiques: tuple[str, ...]
    publics: frozenset[str]
    serving_only: bool = False
    own_departement: bool = True


# A town of this size has its own agencies, or they are next door; a village may be far from all.
LARGE_TOWN, LARGE_TOWN_KM = 10_000, 12.0

RSA = frozenset({"beneficiaires-des-minimas-sociaux"})
YOUNG = frozenset({"jeunes"})
DISABLED = frozenset({"personnes-en-situation-de-handicap"})
JOBSEEKERS = frozenset({"demandeurs-emploi", "tous-publics"}) | RSA
EVERYONE = frozenset({"tous-publics"}) | RSA

ROLES: Mapping[str, Role] = {
    "ali": Role(
        frozenset({"delegataire-conseil-departemental"}),
        (RECHERCHE, DEMARCHES, DROITS),
        RSA,
        serving_only=True,
    ),
    # The département itself, which decides who follows a person on RSA.
    "departement": Role(frozenset({"departements"}), (RECHERCHE,), RSA, serving_only=True),
    "mission_locale": Role(
        frozenset({"mission-locale"}),
        (RECHERCHE, REPONDRE_OFFRES, SERVICES_EN_LIGNE),  # some list nothing but a digital desk
        YOUNG | {"tous-publics"},
    ),
    "plie": Role(frozenset({"plie"}), (RECHERCHE, REPONDRE_OFFRES), JOBSEEKERS, serving_only=True),
    "france_travail": Role(frozenset({"france-travail"}), (RECHERCHE, REPONDRE_OFFRES), JOBSEEKERS),
    "cap_emploi": Role(
        frozenset({"cap-emploi-reseau-cheops"}),
        (REPONDRE_OFFRES, RECHERCHE),
        DISABLED,
        serving_only=True,
    ),
    "service_social": Role(
        frozenset({"departements", "maisons-des-solidarites"}), (AIDE_BUDGET, DROITS), EVERYONE
    ),
    "ccas": Role(frozenset({"ccas-cias"}), (AIDE_BUDGET, DROITS), EVERYONE, serving_only=True),
    "france_services": Role(
        frozenset({"france-service"}), (DEMARCHES, DROITS), EVERYONE, own_departement=False
    ),
}


# The columns that ranking reads, for every service that may hold one of some roles.
POSSIBLE_HOLDERS = (
    select(
        Service.id,
        func.coalesce(Structure.doublon_de, Service.structure_id).label("structure_id"),
        Service.thematiques,
        Service.publics,
        Service.zone_eligibilite,
        Service.lieu_code_insee,
        Service.lieu_departement,
        Service.lieu_latitude,
        Service.lieu_longitude,
        Service.lieu_approche,
        Service.date_maj,
        Service.date_inconnue,
        merit.PHONE.label("telephone"),
        merit.EMAIL.label("courriel"),
        merit.ADDRESS.label("adresse"),
        Structure.reseaux_porteurs,
    )
    .join(Service.structure)
    .where(
        Service.doublon_de.is_(None),
        Service.structure_id.in_(
            select(StructureReseau.structure_id).where(one_of(StructureReseau.reseau, "networks"))
        ),
        or_(SERVING, AROUND, IN_DEPARTEMENT),
    )
)


@dataclass(frozen=True)
class Holder:
    """A service that holds a role (its columns), and where it stands to the commune."""

    row: Row[Any]
    situation: Situation
    old: bool

    @property
    def rank(self) -> tuple[int, bool, float, bool, int, str]:
        """Sorts best first: serving, then in town, then near; reachable ones before others."""
        facts = [self.row.telephone, self.row.courriel, self.row.adresse]
        return (
            self._tier,
            not any(facts),
            self.situation.distance_km or 0.0,
            self.old,
            -sum(map(bool, facts)),
            self.row.id,
        )

    @property
    def _tier(self) -> int:
        if self.situation.tier == IN_TOWN:
            return 0 if self.row.zone_eligibilite else 2
        return {LOCAL_ZONE: 1, NEAR: 4}.get(self.situation.tier, 3)


def find_contacts(
    session: Session, code_insee: str, today: date, roles: Sequence[str], per_role: int = 1
) -> list[Match]:
    """Those who hold these roles for people of a commune, in the order of the roles.

    Within a role: who says to serve the commune, then who is in it, then the nearest.
    A role that nobody holds there is left out.

    Raises:
        KeyError: a role is not one of `ROLES`.
    """
    commune = session.get(Commune, code_insee)
    if commune is None:
        return []
    holders = _holders(session, commune, roles, today)
    return _load(
        session, commune, [(name, holder) for name in roles for holder in holders[name][:per_role]]
    )


def nearest_with_phone(
    session: Session, code_insee: str, today: date, roles: Sequence[str]
) -> Match | None:
    """The nearest holder of one of these roles that can be called; None when there is none.

    Raises:
        KeyError: a role is not one of `ROLES`.
    """
    commune = session.get(Commune, code_insee)
    if commune is None:
        return None
    callable_ones = [
        (name, holder)
        for name, holders in _holders(session, commune, roles, today).items()
        for holder in holders
        if holder.row.telephone
    ]
    callable_ones.sort(
        key=lambda found: (found[1].situation.distance_km or 0.0, roles.index(found[0]))
    )
    found = _load(session, commune, callable_ones[:1])
    return found[0] if found else None


def _load(session: Session, commune: Commune, chosen: Sequence[tuple[str, Holder]]) -> list[Match]:
    services = load_services(session, {holder.row.id for _, holder in chosen})
    return [
        replace(plain_match(services[holder.row.id], holder.situation, commune), role=name)
        for name, holder in chosen
    ]


def _holders(
    session: Session, commune: Commune, names: Sequence[str], today: date
) -> dict[str, list[Holder]]:
    """For each role, those who hold it for people of the commune, best first."""
    key = ("holders", commune.code_insee, tuple(names), today)
    return remembered(session, key, lambda: _find_holders(session, commune, names, today))


def _find_holders(
    session: Session, commune: Commune, names: Sequence[str], today: date
) -> dict[str, list[Holder]]:
    roles = {name: ROLES[name] for name in names}
    values = parameters(commune, DEFAULT_RADIUS_KM) | {
        "networks": sorted(set().union(*(role.networks for role in roles.values()))),
        "themes": sorted(set().union(*(role.thematiques for role in roles.values()))),
    }
    rows = session.execute(POSSIBLE_HOLDERS, values).all()
    return {
        name: sorted(_of_role(rows, commune, role, today), key=lambda holder: holder.rank)
        for name, role in roles.items()
    }


def _of_role(
    rows: Iterable[Row[Any]], commune: Commune, role: Role, today: date
) -> Iterator[Holder]:
    town = Town(commune)
    for row in _main_services(rows, role):
        point = (row.lieu_latitude, row.lieu_longitude)
        situation = town.situate(
            row.zone_eligibilite, row.lieu_code_insee, point, row.lieu_approche
        )
        if situation is None or (role.serving_only and not situation.serves):
            continue
        old = row.date_inconnue or (today - row.date_maj).days > OLD_DAYS
        holder = Holder(row, situation, old)
        if _is_reachable(holder, commune, role):
            yield holder


def _main_services(rows: Iterable[Row[Any]], role: Role) -> list[Row[Any]]:
    """For each structure, the service that tells best what the role is about."""
    best: dict[str, tuple[int, str, Row[Any]]] = {}
    for row in rows:
        themes = row.thematiques or ()
        first = next((place for place, theme in enumerate(role.thematiques) if theme in themes), -1)
        if (
            first < 0
            or role.networks.isdisjoint(row.reseaux_porteurs or ())
            or role.publics.isdisjoint(row.publics or ())
        ):
            continue
        current = best.get(row.structure_id)
        if current is None or (first, row.id) < current[:2]:
            best[row.structure_id] = (first, row.id, row)
    return [row for _, _, row in best.values()]


def _is_reachable(holder: Holder, commune: Commune, role: Role) -> bool:
    """Whether a place says to serve the town, or is near enough to be the right one.

    To serve the whole country is what many records say for want of a better zone: one goes to a
    CCAS of one's own département all the same.
    """
    distance = holder.situation.distance_km
    if holder.situation.serves:
        local = holder.situation.tier in (IN_TOWN, LOCAL_ZONE)
        own = holder.row.lieu_departement in (None, commune.departement)
        return local or own or (distance or 0.0) <= DEFAULT_RADIUS_KM
    if distance is None or (commune.population > LARGE_TOWN and distance > LARGE_TOWN_KM):
        return False
    own = holder.row.lieu_departement == commune.departement
    return own if role.own_departement else own or distance <= DEFAULT_RADIUS_KM
