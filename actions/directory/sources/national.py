"""Two national lists brought to data·inclusion: France services, and places of digital help.

France services: the columns of the list published by the ANCT (data.gouv.fr, « Liste des
structures France services », read in its edition of 2024-08-01). Digital help: the standard
« Lieux de médiation numérique » (github.com/LaMednum/standard-mediation-num, versions 0.1 to 0.2).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from actions.directory.sources.older import OLDER_NETWORKS, OLDER_THEMES, THEMES, codes
from actions.directory.sources.typed import first_email, first_page, items, number, phone
from actions.directory.text import simplify

Record = dict[str, Any]

FRANCE_SERVICES, MEDIATION = "france-services", "mediation-numerique"
FRANCE_SERVICES_COLUMNS = frozenset({"id_fs", "lib_fs", "insee_com", "adresse"})
# `pivot` is the SIRET of the standard, and nobody else's.
MEDIATION_COLUMNS = frozenset({"id", "nom", "pivot", "services", "commune", "date_maj"})

DAYS = {
    "h_lundi": "Mo",
    "h_mardi": "Tu",
    "h_mercredi": "We",
    "h_jeudi": "Th",
    "h_vendredi": "Fr",
    "h_samedi": "Sa",
    "h_dimanche": "Su",
}
# Values of `format_fs` for a desk that goes from town to town.
ON_THE_MOVE = frozenset({"bus equivalent", "mobile"})
WHERE_IT_IS = "Ce service se déplace : appelez ou écrivez pour savoir où et quand il passe."
SPAN = re.compile(r"(\d{1,2})[:h](\d{2})\s*-\s*(\d{1,2})[:h](\d{2})")
DATE_IN_NAME = re.compile(r"(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")

DEMARCHES = (
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives"
)
DROITS = "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits"
EN_LIGNE = "numerique--acceder-a-des-services-en-ligne"
FONDAMENTAUX = "numerique--maitriser-les-fondamentaux-du-numerique"

# Themes of the standard's `services`; « Loisirs et créations numériques » has no equivalent.
MEDIATION_THEMES = {
    "aide aux demarches administratives": (EN_LIGNE, DEMARCHES),
    "maitrise des outils numeriques du quotidien": (FONDAMENTAUX,),
    "insertion professionnelle via le numerique": (
        "preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi",
    ),
    "utilisation securisee du numerique": (FONDAMENTAUX,),
    "parentalite et education avec le numerique": (
        "famille--soutien-a-la-parentalite-et-a-leducation",
    ),
    "comprehension du monde numerique": (FONDAMENTAUX,),
    "acces internet et materiel informatique": ("numerique--acceder-a-une-connexion-internet",),
    "acquisition de materiel informatique a prix solidaire": ("numerique--acquerir-un-equipement",),
    "loisirs et creations numeriques": (),
}
MEDIATION_PUBLICS = {
    "jeunes": "jeunes",
    "etudiants": "etudiants",
    "familles et ou enfants": "familles",
    "seniors": "seniors",
    "femmes": "femmes",
    # Version 0.1 names the publics that a place can receive; only this one shuts out the others.
    "uniquement femmes": "femmes",
}
MEDIATION_NETWORKS = {
    "aidants connect": "aidants-connect",
    "conseillers numeriques": "conseillers-numeriques",
    "cnfs": "conseillers-numeriques",
    "emmaus connect": "emmaus",
    "france services": "france-service",
    "grande ecole du numerique": "grandes-ecoles-du-numerique",
    "grandes ecoles du numerique": "grandes-ecoles-du-numerique",
    "la croix rouge": "croix-rouge",
}
MEDIATION_WAYS = {
    "se presenter": "se-presenter",
    "telephoner": "telephoner",
    "contacter par mail": "envoyer-un-courriel",
    "envoyer un mail avec une fiche de prescription": "envoyer-un-courriel",
}
MEDIATION_FEES = {"Gratuit": "gratuit", "Payant": "payant"}
NOT_FOR_THE_PUBLIC = "ce lieu n accueille pas de public"


def is_france_services(columns: Collection[str]) -> bool:
    """Whether these are the columns of the list of France services."""
    return set(columns) >= FRANCE_SERVICES_COLUMNS


def is_mediation(columns: Collection[str]) -> bool:
    """Whether these are the columns of the standard of digital help."""
    return set(columns) >= MEDIATION_COLUMNS


def date_in_name(name: str) -> date | None:
    """The day that a file's name tells (`liste-fs-20240801.csv`), None when it tells none."""
    found = DATE_IN_NAME.search(name)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day and day <= date.today() else None


def from_france_services(record: Record, listed_on: date) -> Iterator[tuple[str, Record]]:
    """The structure and the service of one row, as (`structures` | `services`, record).

    A desk on the move has no door: the address of its office and the hours of its rounds would
    send people to a closed one.

    Args:
        listed_on: the day of the list, which gives no date by place.
    """
    id_ = f"{FRANCE_SERVICES}--{record['id_fs']}"
    moves = simplify(record.get("format_fs") or "") in ON_THE_MOVE
    place = {
        "source": FRANCE_SERVICES,
        "date_maj": listed_on.isoformat(),
        "commune": record.get("lib_com"),
        "code_postal": record.get("code_postal"),
        "code_insee": record.get("insee_com"),
        "telephone": phone(record.get("telephone")),
        "courriel": first_email(record.get("mail")),
    }
    if not moves:
        place |= {
            "adresse": record.get("adresse"),
            "complement_adresse": record.get("complement_adresse"),
            "latitude": number(record.get("latitude")),
            "longitude": number(record.get("longitude")),
            "horaires_accueil": _weekly_hours(record),
        }
    yield (
        "structures",
        {
            "id": id_,
            "nom": record.get("lib_fs"),
            "description": "Lieu d'accueil France services : un point d'entrée unique pour les "
            "démarches du quotidien auprès des administrations.",
            "reseaux_porteurs": ["france-service"],
            **place,
        },
    )
    notes = [WHERE_IT_IS if moves else None, record.get("commentaire")]
    ways = {
        "se-presenter": not moves,
        "telephoner": place["telephone"],
        "envoyer-un-courriel": place["courriel"],
    }
    yield (
        "services",
        {
            "id": f"{id_}--demarches",
            "structure_id": id_,
            "nom": "Aide aux démarches administratives (France services)",
            "description": "Des conseillers aident à comprendre et à faire ses démarches auprès "
            "des administrations, et à utiliser leurs services en ligne.",
            "type": "accompagnement",
            "thematiques": [DEMARCHES, DROITS, EN_LIGNE],
            "publics": ["tous-publics"],
            "modes_accueil": ["en-presentiel"],
            "modes_mobilisation": [way for way, known in ways.items() if known],
            "mobilisable_par": ["usagers"],
            # What the desk says of its appointments and its rounds, in its own words.
            "mobilisation_precisions": " ".join(filter(None, notes)),
            **place,
        },
    )


def _weekly_hours(record: Record) -> str | None:
    """« 09:00 - 12:00 / 13:30 - 17:00 » by day, in OpenStreetMap's syntax."""
    days = []
    for column, day in DAYS.items():
        spans = [
            f"{int(h):02d}:{m}-{int(end_h):02d}:{end_m}"
            for h, m, end_h, end_m in SPAN.findall(record.get(column) or "")
            if (h, m) != (end_h, end_m)
        ]
        if spans:
            days.append(f"{day} {','.join(spans)}")
    return "; ".join(days) or None


def is_closed_to_the_public(record: Record) -> bool:
    """Whether a place of digital help says that it receives nobody."""
    return NOT_FOR_THE_PUBLIC in map(simplify, _ways(record))


def _ways(record: Record) -> list[str]:
    return _either(record, "modalites_acces", "modalite_acces")


def _either(record: Record, name: str, older_name: str) -> list[str]:
    """The values of a field, under its name in version 0.2 or in version 0.1."""
    return items(record.get(name) or record.get(older_name))


def from_mediation(record: Record) -> Iterator[tuple[str, Record]]:
    """The structure and the service of one place, as (`structures` | `services`, record)."""
    ways = _ways(record)
    id_ = f"{MEDIATION}--{record['id']}"
    siret = re.sub(r"\s", "", str(record.get("pivot") or ""))
    place = {
        "source": MEDIATION,
        "date_maj": str(record.get("date_maj"))[:10],
        **{
            name: record.get(name)
            for name in (
                "commune",
                "code_postal",
                "code_insee",
                "adresse",
                "complement_adresse",
            )
        },
        "latitude": number(record.get("latitude")),
        "longitude": number(record.get("longitude")),
        "telephone": phone(record.get("telephone")),
        "courriel": first_email(record.get("courriels") or record.get("courriel")),
        "horaires_accueil": record.get("horaires"),
    }
    networks = {
        MEDIATION_NETWORKS[name]
        for name in map(
            simplify, _either(record, "dispositif_programmes_nationaux", "labels_nationaux")
        )
        if name in MEDIATION_NETWORKS
    }
    kinds = items(record.get("typologie"), between="[;|,]")
    networks |= {network for kind in kinds for network in OLDER_NETWORKS.get(kind, ())}
    text = record.get("presentation_detail") or record.get("presentation_resume")
    yield (
        "structures",
        {
            "id": id_,
            "nom": record.get("nom"),
            "description": text,
            "siret": siret if re.fullmatch(r"\d{14}", siret) and int(siret) else None,
            "site_web": first_page(record.get("site_web")),
            "accessibilite_lieu": first_page(
                record.get("fiche_acces_libre") or record.get("accessibilite")
            ),
            "reseaux_porteurs": sorted(networks) or None,
            **place,
        },
    )
    yield "services", _mediation_service(record, id_, ways) | place


def _mediation_service(record: Record, structure_id: str, ways: list[str]) -> Record:
    offered = items(record.get("services"))
    themes = set()
    for label in offered:
        simple = simplify(label)
        # The first version of the standard had the labels of data·inclusion's older themes.
        older = codes([f"numerique--{simple.replace(' ', '-')}"], THEMES, OLDER_THEMES) or ()
        themes |= set(MEDIATION_THEMES.get(simple, older))
    publics = {
        MEDIATION_PUBLICS[name]
        for name in map(
            simplify, _either(record, "publics_specifiquement_adresses", "publics_accueillis")
        )
        if name in MEDIATION_PUBLICS
    }
    help_ = [simplify(label) for label in items(record.get("modalites_accompagnement"))]
    modes = {"a-distance" if label.startswith("a distance") else "en-presentiel" for label in help_}
    paid = _either(record, "frais_a_charge", "conditions_acces")
    fees = [label.split(" : ")[0].strip() for label in paid]
    special = items(record.get("prise_en_charge_specifique"))
    fee = MEDIATION_FEES.get(fees[0]) if len(fees) == 1 else None
    booking = first_page(record.get("prise_rdv"))
    mobilisation = {MEDIATION_WAYS[way] for way in map(simplify, ways) if way in MEDIATION_WAYS}
    if booking:
        mobilisation.add("utiliser-lien-mobilisation")
    return {
        "id": f"{structure_id}--numerique",
        "structure_id": structure_id,
        "nom": "Aide au numérique",
        "description": f"Ce lieu propose : {', '.join(offered).lower()}." if offered else None,
        "type": "accompagnement",
        "thematiques": sorted(themes) or None,
        "publics": sorted(publics) or ["tous-publics"],
        "publics_precisions": f"Prise en charge : {', '.join(special)}." if special else None,
        "frais": fee,
        "frais_precisions": None if fee else " ; ".join(fees) or None,
        "modes_accueil": sorted(modes) or ["en-presentiel"],
        "modes_mobilisation": sorted(mobilisation) or None,
        "mobilisable_par": ["usagers"],
        "lien_mobilisation": booking,
    }
