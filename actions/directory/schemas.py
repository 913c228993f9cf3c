"""What goes into a search and what comes out of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from actions.directory.models import Evenement, Offre, Service, Structure
from actions.directory.text import simplify
from actions.directory.words import hours_in_words, moment_in_words, of_date

DEFAULT_RADIUS_KM = 30.0
DEFAULT_LIMIT = 3
DIRECT_FITNESS = 0.6  # from here, a service offers the thing itself; under, it helps to find it
OLD_DAYS = 3 * 365  # after three years, a record comes after those that serve as well

Record = Service | Structure | Evenement | Offre


@dataclass(frozen=True)
class Conditions:
    """What a place must be for this person: what says the contrary is left out.

    Attributes:
        free: it costs nothing.
        remote: it is given by phone or on line.
        accessible: one can enter in a wheelchair.
        children: one may come with children.
        days: it opens on one of these days.
        now: it is open at this moment (with its time zone).
    """

    free: bool = False
    remote: bool = False
    accessible: bool = False
    children: bool = False
    days: tuple[date, ...] = ()
    now: datetime | None = None

    def __bool__(self) -> bool:
        return self != NO_CONDITION


NO_CONDITION = Conditions()


@dataclass(frozen=True)
class SearchQuery:
    """What a person looks for, and where.

    Attributes:
        theme: the need (`garde_enfants`…), and `detail` its finer part (`creche`…).
        code_insee: INSEE code of the commune wanted.
        today: the day of the question in Paris.
        position: latitude and longitude (degrees, WGS 84) from which distances are counted; the
            commune's own when None.
        words: what the person wrote, to tell services of equal merit apart.
        unwanted: stems of what the person refuses; a service whose text holds one is left out.
        publics: data·inclusion's publics the person is known to belong to.
        conditions: what the place must be.
        exclude: ids of records already shown; the other services of their structures go too.
        radius_km: no farther than this on each side, whatever the need, for places that state no
            zone.
    """

    theme: str
    code_insee: str
    today: date
    detail: str | None = None
    position: tuple[float, float] | None = None
    words: str = ""
    unwanted: frozenset[str] = frozenset()
    publics: frozenset[str] = frozenset()
    conditions: Conditions = NO_CONDITION
    limit: int = DEFAULT_LIMIT
    exclude: frozenset[str] = frozenset()
    radius_km: float = math.inf


@dataclass(frozen=True)
class Match:
    """A record that answers, and why.

    Attributes:
        distance_km: from the commune wanted (0 inside it); None when unknown.
        couvre: the record is in the commune wanted, or says that it serves it.
        approche: the distance is a guess: one of the two positions is not exact.
        raisons: short French phrases.
        a_verifier: what was asked of the place and that the record does not say, in the same way.
        score: the parts of the ranking, as weights; they add up to the rank.
        role: for those who can accompany a person, what they are (`ali`, `mission_locale`…).
    """

    record: Record
    distance_km: float | None = None
    couvre: bool = False
    approche: bool = False
    raisons: tuple[str, ...] = ()
    a_verifier: tuple[str, ...] = ()
    score: Mapping[str, float] = field(default_factory=dict)
    role: str | None = None

    @property
    def is_direct(self) -> bool:
        """Whether it offers the thing itself, rather than help to find it."""
        return self.score.get("besoin", 1.0) >= DIRECT_FITNESS


def record_view(match: Match, today: date) -> dict[str, Any]:
    """A record as in `custom.results` (docs/architecture.md); `ancienne` is over three years."""
    record = match.record
    if isinstance(record, Evenement):
        view = _event_view(record)
    elif isinstance(record, Offre):
        view = _offer_view(record)
    elif isinstance(record, Service):
        view = _service_view(record, today)
    else:
        view = _structure_view(record, today)
    distance = match.distance_km
    return view | {
        "distance_km": None if distance is None else round(distance, 1),
        "distance_approchee": match.approche,
        "couvre_commune": match.couvre,
        "raisons": list(match.raisons),
        "a_verifier": list(match.a_verifier),
        "role": match.role,
    }


def _service_view(service: Service, today: date) -> dict[str, Any]:
    structure = service.structure
    place = service if service.code_insee or service.adresse else structure
    hours = service.horaires_accueil or structure.horaires_accueil
    return _dated_view(service, today) | {
        "id": service.id,
        "kind": "service",
        "nom": structure.nom,
        "service": service.nom,
        "description": service.description,
        "commune": place.commune,
        "code_insee": place.code_insee,
        "adresse": _address(place),
        "telephone": service.telephone or structure.telephone,
        "courriel": service.courriel or structure.courriel,
        "horaires": hours,
        "horaires_texte": hours_in_words(hours) if hours else None,
        "frais": ", ".join(filter(None, (service.frais, service.frais_precisions))) or None,
        "acces": service.mobilisation_precisions,
        "rendez_vous": _web(service.lien_mobilisation),
        "lien": _web(service.lien_mobilisation) or _web(structure.site_web),
    }


def _structure_view(structure: Structure, today: date) -> dict[str, Any]:
    hours = structure.horaires_accueil
    return _dated_view(structure, today) | {
        "id": structure.id,
        "kind": "structure",
        "nom": structure.nom,
        "service": None,
        "description": structure.description,
        "commune": structure.commune,
        "code_insee": structure.code_insee,
        "adresse": _address(structure),
        "telephone": structure.telephone,
        "courriel": structure.courriel,
        "horaires": hours,
        "horaires_texte": hours_in_words(hours) if hours else None,
        "acces": None,
        "lien": _web(structure.site_web),
    }


def _event_view(event: Evenement) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": "evenement",
        "nom": event.nom,
        "service": None,
        "description": event.description,
        "commune": event.commune,
        "code_insee": event.code_insee,
        "debut": event.debut.isoformat() if event.debut else None,
        "fin": event.fin.isoformat() if event.fin else None,
        "quand": moment_in_words(event.debut, event.fin) if event.debut else None,
        "lieu": event.lieu,
        "adresse": _event_address(event),
        "telephone": None,
        "courriel": None,
        "horaires": None,
        "horaires_texte": None,
        "acces": event.inscription,
        "lien": _web(event.source),
        "source": event.source,
        "date_maj": None,
        "date_texte": None,
    }


def _event_address(event: Evenement) -> str | None:
    """Where an event is, in one line; a calendar often names the town in the place."""
    street = ", ".join(filter(None, (event.lieu, event.adresse)))
    if street and event.commune and simplify(event.commune) in simplify(street):
        return street
    return ", ".join(filter(None, (street, event.commune))) or None


def _offer_view(offer: Offre) -> dict[str, Any]:
    return {
        "id": offer.id,
        "kind": "offre",
        "nom": offer.nom,
        "service": offer.organisme,
        "description": offer.description,
        "commune": offer.commune,
        "code_insee": offer.code_insee,
        "adresse": ", ".join(filter(None, (offer.adresse, offer.commune))) or None,
        "telephone": offer.telephone,
        "courriel": offer.courriel,
        "horaires": None,
        "horaires_texte": None,
        "acces": None,
        "lien": _web(offer.lien),
        "source": offer.source,
        "date_maj": offer.date_maj.isoformat() if offer.date_maj else None,
        "date_texte": of_date(offer.date_maj) if offer.date_maj else None,
        "valable_du": offer.valable_du.isoformat() if offer.valable_du else None,
        "valable_au": offer.valable_au.isoformat(),
    }


def _dated_view(record: Service | Structure, today: date) -> dict[str, Any]:
    known = not record.date_inconnue
    age = (today - record.date_maj).days
    return {
        "date_maj": record.date_maj.isoformat() if known else None,
        "date_texte": of_date(record.date_maj, record.date_precision) if known else None,
        "ancienne": known and age > OLD_DAYS,
        "source": record.page_source or record.lien_source,
    }


def _address(place: Service | Structure) -> str | None:
    """The street address in one line, None when only the town is known."""
    street = ", ".join(filter(None, (place.adresse, place.complement_adresse)))
    if not street:
        return None
    town = " ".join(filter(None, (place.code_postal, place.commune)))
    return f"{street}, {town}" if town else street


def _web(address: str | None) -> str | None:
    return address if address and address.startswith(("http://", "https://")) else None
