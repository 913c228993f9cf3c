"""Who can accompany a person in a commune, by role, from what the directory says of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from actions.directory.models import Commune, Service, StructureReseau
from actions.directory.needs import (
    AIDE_BUDGET,
    DEMARCHES,
    DROITS,
    RECHERCHE,
    REPONDRE_OFFRES,
)
from actions.directory.schemas import DEFAULT_RADIUS_KM, OLD_DAYS, Match
from actions.directory.search.filters import AROUND, IN_DEPARTEMENT, SERVING, parameters
from actions.directory.search.situation import (
    IN_TOWN,
    LOCAL_ZONE,
    NEAR,
    Situation,
    plain_match,
    situate_service,
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
    "mission_locale": Role(frozenset({"mission-locale"}), (RECHERCHE, REPONDRE_OFFRES), YOUNG),
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


POSSIBLE_HOLDERS = (
    select(Service)
    .options(joinedload(Service.structure))
    .where(
        Service.structure_id.in_(
            select(StructureReseau.structure_id).where(
                StructureReseau.reseau.in_(bindparam("networks", expanding=True))
            )
        ),
        or_(SERVING, AROUND, IN_DEPARTEMENT),
    )
)


@dataclass(frozen=True)
class Holder:
    """A service that holds a role, and where it stands to the commune."""

    service: Service
    situation: Situation
    old: bool

    @property
    def rank(self) -> tuple[int, bool, float, bool, int, str]:
        """Sorts best first: serving, then in town, then near; reachable ones before others."""
        service, structure = self.service, self.service.structure
        facts = [
            service.telephone or structure.telephone,
            service.courriel or structure.courriel,
            service.adresse or structure.adresse,
        ]
        return (
            self._tier,
            not any(facts),
            self.situation.distance_km or 0.0,
            self.old,
            -sum(map(bool, facts)),
            service.id,
        )

    @property
    def _tier(self) -> int:
        if self.situation.tier == IN_TOWN:
            return 0 if self.service.zone_eligibilite else 2
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
    matches = []
    for name in roles:
        holders = _holders(session, commune, ROLES[name], today)[:per_role]
        matches += [
            replace(plain_match(holder.service, holder.situation, commune), role=name)
            for holder in holders
        ]
    return matches


def _holders(session: Session, commune: Commune, role: Role, today: date) -> list[Holder]:
    holders = []
    values = parameters(commune, DEFAULT_RADIUS_KM) | {"networks": sorted(role.networks)}
    for service in _main_services(session.scalars(POSSIBLE_HOLDERS, values), role):
        situation = situate_service(commune, service)
        if situation is None or (role.serving_only and not situation.serves):
            continue
        age = (today - service.date_maj).days
        holder = Holder(service, situation, old=service.date_inconnue or age > OLD_DAYS)
        if _is_reachable(holder, commune, role):
            holders.append(holder)
    return sorted(holders, key=lambda holder: holder.rank)


def _main_services(services: Iterable[Service], role: Role) -> list[Service]:
    """For each structure, the service that tells best what the role is about."""
    best: dict[str, tuple[int, str, Service]] = {}
    for service in services:
        themes = set(service.thematiques or ())
        if not role.publics & set(service.publics or ()) or not themes & set(role.thematiques):
            continue
        first = min(place for place, theme in enumerate(role.thematiques) if theme in themes)
        current = best.get(service.structure_id)
        if current is None or (first, service.id) < current[:2]:
            best[service.structure_id] = (first, service.id, service)
    return [service for _, _, service in best.values()]


def _is_reachable(holder: Holder, commune: Commune, role: Role) -> bool:
    """Whether a place that does not say who it serves is near enough to be the right one."""
    if holder.situation.serves:
        return True
    distance = holder.situation.distance_km
    if distance is None or (commune.population > LARGE_TOWN and distance > LARGE_TOWN_KM):
        return False
    own = holder.service.lieu_departement == commune.departement
    return own if role.own_departement else own or distance <= DEFAULT_RADIUS_KM
