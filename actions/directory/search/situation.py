"""How a place stands to the commune wanted: inside it, serving it, near it, or far."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.directory.geography import (
    degrees_around,
    distance_km,
    local_codes,
    own_codes,
    zone_codes,
)
from actions.directory.models import Commune, Offre, Service, Structure
from actions.directory.needs import Need
from actions.directory.schemas import Match, Record
from actions.french import of_place

IN_TOWN, LOCAL_ZONE, DEPARTEMENT, COUNTRY = "in town", "local zone", "département", "country"
NEAR, REMOTE = "near", "remote"

# What a place takes off the score of a service, by where it stands.
LOCAL_KM, MAX_LOCAL = 0.01, 0.1
WIDE_BASE, WIDE_KM, MAX_WIDE = 0.2, 0.008, 0.4
NO_PLACE_COST = 0.35  # a whole département's desk, with no door to knock at
NEAR_BASE = 0.2
REMOTE_COST = 0.3


@dataclass(frozen=True)
class Situation:
    """A place as seen from a commune.

    Attributes:
        tier: `IN_TOWN`, `LOCAL_ZONE` (a zone names the commune or its EPCI), `DEPARTEMENT` and
            `COUNTRY` (a zone as wide), `NEAR` (no zone, a distance) or `REMOTE` (neither).
        distance_km: 0 in the commune, None when unknown.
        approximate: the place is only known by its commune, or the commune's position is a guess.
    """

    tier: str
    distance_km: float | None
    approximate: bool

    @property
    def serves(self) -> bool:
        """Whether the place is in the commune, or says that it serves it."""
        return self.tier not in {NEAR, REMOTE}


class Town:
    """A commune, with what is asked of it for each place of a search."""

    def __init__(self, commune: Commune) -> None:
        self.latitude, self.longitude = commune.latitude, commune.longitude
        self.is_guessed = commune.coordonnees_estimees
        self.departement = commune.departement
        self.own, self.local = own_codes(commune), local_codes(commune)
        self.zone = zone_codes(commune)

    def situate(
        self,
        zone: Sequence[str] | None,
        code_insee: str | None,
        point: tuple[float | None, float | None],
        approximate: bool,
    ) -> Situation | None:
        """Where a place stands to the commune; None when its zone leaves the commune out."""
        if zone and self.zone.isdisjoint(zone):
            return None
        approximate = approximate or self.is_guessed
        if code_insee in self.own:
            return Situation(IN_TOWN, 0.0, approximate)
        distance = distance_km(self.latitude, self.longitude, *point)
        if zone:
            return Situation(self.tier_of(zone), distance, approximate)
        return Situation(REMOTE if distance is None else NEAR, distance, approximate)

    def is_around(self, latitude: float | None, longitude: float | None, km: float) -> bool:
        """Whether a point is in the square around the commune that reaches so far on each side."""
        if self.latitude is None or self.longitude is None:
            return False
        if latitude is None or longitude is None:
            return False
        height, width = degrees_around(self.latitude, km)
        return abs(latitude - self.latitude) <= height and abs(longitude - self.longitude) <= width

    def tier_of(self, zone: Sequence[str]) -> str:
        """How local a zone that contains the commune is."""
        if not self.local.isdisjoint(zone):
            return LOCAL_ZONE
        return DEPARTEMENT if self.departement in zone else COUNTRY


def place_cost(tier: str, distance_km: float | None, need: Need) -> float:
    """What the place takes off the score of a service for this need."""
    distance = distance_km or 0.0
    if tier == IN_TOWN:
        return 0.0
    if tier == LOCAL_ZONE:
        return min(MAX_LOCAL, LOCAL_KM * distance)
    if tier == NEAR:
        return NEAR_BASE + need.km_cost * distance
    if tier == REMOTE:
        return REMOTE_COST
    if distance_km is None:
        return NO_PLACE_COST
    return min(MAX_WIDE, WIDE_BASE + WIDE_KM * distance)


def situate_service(commune: Commune, service: Service) -> Situation | None:
    """Where a service stands to a commune; None when its zone leaves the commune out."""
    return Town(commune).situate(
        service.zone_eligibilite,
        service.lieu_code_insee,
        (service.lieu_latitude, service.lieu_longitude),
        service.lieu_approche,
    )


def situate_record(session: Session, commune: Commune, record: Record) -> Situation | None:
    """Where a record of any kind stands to a commune; None when its zone leaves it out."""
    if isinstance(record, Service):
        return situate_service(commune, record)
    zone = record.zone_eligibilite if isinstance(record, Offre) else None
    located: Structure | Commune | None = None
    if isinstance(record, Structure) and record.latitude is not None:
        located = record
    elif record.code_insee:
        located = session.get(Commune, record.code_insee)
    point = (located.latitude, located.longitude) if located else (None, None)
    return Town(commune).situate(zone, record.code_insee, point, isinstance(located, Commune))


def place_reasons(situation: Situation, commune: Commune) -> list[str]:
    """Where the place is, in short French phrases."""
    if situation.tier == IN_TOWN:
        return ["dans la commune demandée"]
    reasons = []
    if situation.tier == LOCAL_ZONE:
        reasons.append(f"accueille les habitants {of_place(commune.nom)}")
    elif situation.tier == DEPARTEMENT:
        reasons.append("accueille tout le département")
    elif situation.tier == COUNTRY:
        reasons.append("accueille partout en France")
    if situation.distance_km is not None:
        reasons.append(_distance_in_words(situation))
    return reasons


def plain_match(record: Record, situation: Situation | None, commune: Commune | None) -> Match:
    """A record with what its place alone says."""
    reasons = place_reasons(situation, commune) if situation and commune else []
    if isinstance(record, Service):
        reasons += public_reasons(record.publics, record.frais)
    return Match(
        record=record,
        distance_km=situation.distance_km if situation else None,
        couvre=situation is not None and situation.serves,
        approche=situation is not None and situation.approximate,
        raisons=tuple(reasons),
    )


def public_reasons(publics: Collection[str] | None, frais: str | None) -> list[str]:
    """Who the service is for, and that it is free, where the record says so."""
    reasons = [phrase for public, phrase in PUBLIC_PHRASES.items() if public in (publics or ())]
    if frais == "gratuit":
        reasons.append("gratuit")
    return reasons


PUBLIC_PHRASES = {
    "beneficiaires-des-minimas-sociaux": "ouvert aux personnes au RSA",
    "jeunes": "pour les jeunes",
    "personnes-en-situation-de-handicap": "pour les personnes handicapées",
    "femmes": "pour les femmes",
    "seniors": "pour les seniors",
    "personnes-exilees": "pour les personnes venues d'un autre pays",
}


def _distance_in_words(situation: Situation) -> str:
    distance = situation.distance_km or 0.0
    if distance < 1:
        return "à moins de 1 km"
    return f"à environ {round(distance)} km" if situation.approximate else f"à {round(distance)} km"
