"""What serves each need: themes of data·inclusion, networks and words, with their weight.

A weight says how well a service of that theme answers the need: 1 is the very thing asked for,
0.5 helps on the way, under 0.4 is better than nothing. To change what people are shown for a need,
change this file and nothing else. Themes and networks: `data-inclusion-schema`, version 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FRANCAIS = "lecture-ecriture-calcul--maitriser-le-francais"
GARDE = "famille--garde-denfants"
PARENTALITE = "famille--soutien-a-la-parentalite-et-a-leducation"
SERVICES_EN_LIGNE = "numerique--acceder-a-des-services-en-ligne"
CONNEXION = "numerique--acceder-a-une-connexion-internet"
EQUIPEMENT = "numerique--acquerir-un-equipement"
FONDAMENTAUX = "numerique--maitriser-les-fondamentaux-du-numerique"
DEMARCHES = (
    "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives"
)
DROITS = "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits"
TROUVER_FORMATION = "se-former--trouver-sa-formation"
MONTER_DOSSIER = "se-former--monter-son-dossier-de-formation"
CONFIRMER_METIER = "choisir-un-metier--confirmer-son-choix-de-metier"
OPPORTUNITES = "choisir-un-metier--connaitre-les-opportunites-demploi"
DECOUVRIR_METIER = "choisir-un-metier--decouvrir-un-metier-ou-un-secteur-dactivite"
POINTS_FORTS = "choisir-un-metier--identifier-ses-points-forts-et-ses-competences"
REPONDRE_OFFRES = "trouver-un-emploi--repondre-a-des-offres-demploi"
CANDIDATURES = "trouver-un-emploi--faire-des-candidatures-spontanees"
ENTRETIEN = "trouver-un-emploi--convaincre-un-recruteur-en-entretien"
RECHERCHE = "preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi"
CV = "preparer-sa-candidature--realiser-un-cv-et-ou-une-lettre-de-motivation"
VALORISER = "preparer-sa-candidature--valoriser-ses-competences"
DEFINIR_CREATION = "creer-une-entreprise--definir-son-projet-de-creation-dentreprise"
STRUCTURER_CREATION = "creer-une-entreprise--structurer-son-projet-de-creation-dentreprise"
DEVELOPPER = "creer-une-entreprise--developper-son-entreprise"
VEHICULE = "mobilite--acceder-a-un-vehicule"
REPARER = "mobilite--entretenir-reparer-son-vehicule"
PARCOURS_MOBILITE = "mobilite--etre-accompagne-dans-son-parcours-mobilite"
FINANCER_MOBILITE = "mobilite--financer-ma-mobilite"
PERMIS = "mobilite--preparer-un-permis"
TRANSPORTS = "mobilite--mobilite-douce-partagee-collective"
MENAGE = "equipement-et-alimentation--aide-menagere"
ALIMENTATION = "equipement-et-alimentation--alimentation"
ELECTROMENAGER = "equipement-et-alimentation--electromenager"
HABILLEMENT = "equipement-et-alimentation--habillement"
AIDE_BUDGET = "difficultes-financieres--prevenir-une-degradation-de-la-situation-financiere"
SORTIES = "remobilisation--activites-sportives-et-culturelles"

# Employers of « insertion par l'activité économique », and their like for disabled people.
SIAE = frozenset({"aci", "ai", "ei", "eiti", "etti", "geiq", "ea", "eatt"})
# Publics that close the door to others; known facts about the person open it again.
RESERVED_PUBLICS = frozenset(
    {
        "jeunes",
        "etudiants",
        "seniors",
        "femmes",
        "personnes-en-situation-de-handicap",
        "personnes-en-situation-durgence",
        "personnes-en-situation-juridique-specifique",
        "personnes-exilees",
    }
)


@dataclass(frozen=True)
class Need:
    """How to know, and weigh, the services that answer a need.

    Attributes:
        label: what such a service does, as a reason to show it.
        thematiques: weight of each theme; a service with none of them is not shown.
        words: what to add when the names or description have a word beginning so (no accents).
        networks: only services of these networks keep their weight; others lose `off_network`.
        welcome: reserved publics that this need addresses anyway.
        km_cost: what a kilometre takes off, as a weight.
        radius_km: farther than this to the north, south, east or west, a place without zone is not
            worth the way.
    """

    label: str
    thematiques: Mapping[str, float]
    words: Mapping[str, float] = field(default_factory=dict)
    networks: frozenset[str] = frozenset()
    off_network: float = 0.6
    welcome: frozenset[str] = frozenset()
    km_cost: float = 0.025
    radius_km: float = 30.0


def _childcare(words: Mapping[str, float], thing: float = 1.0) -> Need:
    # A child is not taken far every day; family desks and PMI centres know who has a place.
    return Need(
        "aide à faire garder un enfant",
        {GARDE: thing, PARENTALITE: 0.4},
        {"orientation des familles": 0.1, **words},
        km_cost=0.05,
        radius_km=10.0,
    )


def _french(words: Mapping[str, float]) -> Need:
    return Need(
        "aide à apprendre le français",
        {FRANCAIS: 1.0},
        words,
        welcome=frozenset({"personnes-exilees"}),
    )


def _digital(label: str, thematiques: Mapping[str, float], words: Mapping[str, float]) -> Need:
    return Need(label, thematiques, words)


NEEDS: Mapping[tuple[str, str | None], Need] = {
    ("garde_enfants", None): _childcare(
        {"creche": 0.05, "mode de garde": 0.1, "modes de garde": 0.1},
    ),
    ("garde_enfants", "creche"): _childcare(
        {"creche": 0.2, "assistant": -0.1, "modes de garde": 0.1, "mode de garde": 0.1},
    ),
    ("garde_enfants", "assistante_maternelle"): _childcare(
        {"assistante maternelle": 0.3, "assistantes maternelles": 0.3, "creche": -0.2},
    ),
    ("garde_enfants", "periscolaire"): _childcare(
        {
            "periscolaire": 0.5,
            "centre de loisirs": 0.5,
            "centres de loisirs": 0.5,
            "accueil de loisirs": 0.5,
            "accueils de loisirs": 0.5,
            "ecole": 0.1,
            "creche": -0.4,
            "moins de 3 ans": -0.4,
            "0 a 3 ans": -0.4,
            "assistante": -0.2,
            "assistant": -0.2,
            "maternelle infantile": -0.3,
        },
        thing=0.5,  # most places look after younger children: they only help to find one
    ),
    ("garde_enfants", "horaires_decales"): _childcare(
        {
            "tot et tard": 0.5,
            "horaires decales": 0.5,
            "horaires atypiques": 0.5,
            "nuit": 0.2,
            "domicile": 0.2,
            "assistante": 0.1,
        },
    ),
    ("garde_enfants", "ponctuelle"): _childcare(
        {
            "halte": 0.4,
            "garderie": 0.4,
            "quelques heures": 0.4,
            "temps partiel": 0.3,
            "demi journee": 0.3,
            "ephemere": 0.2,
        },
    ),
    ("garde_enfants", "aide_financiere"): _childcare(
        {
            "aide financiere": 0.4,
            "minimas sociaux": 0.2,
            "minima sociaux": 0.2,
            "rsa": 0.2,
            "insertion": 0.15,
            "gratuit": 0.2,
        },
    ),
    ("francais", None): _french(
        {"cours": 0.05, "evaluation": 0.05},
    ),
    ("francais", "lire_ecrire"): _french(
        {
            "alphabetisation": 0.3,
            "illettrisme": 0.3,
            "lire": 0.15,
            "ecrire": 0.1,
            "sociolinguistique": 0.15,
            "tous niveaux": 0.1,
            "de tous niveaux": 0.1,
        },
    ),
    ("francais", "conversation"): _french(
        {"conversation": 0.4, "parler": 0.15, "oral": 0.15, "sociolinguistique": 0.15},
    ),
    ("francais", "diplome"): _french(
        {
            "delf": 0.4,
            "dalf": 0.4,
            "tcf": 0.4,
            "dilf": 0.4,
            "diplome": 0.3,
            "certifi": 0.3,
            "examen": 0.3,
            "evaluation": 0.15,
            "langue etrangere": 0.1,
            "conversation": -0.1,
        },
    ),
    ("numerique", None): _digital(
        "aide avec le numérique",
        {FONDAMENTAUX: 1.0, SERVICES_EN_LIGNE: 0.75, EQUIPEMENT: 0.6, CONNEXION: 0.6},
        {"atelier": 0.05},
    ),
    ("numerique", "apprendre"): _digital(
        "apprend à se servir du numérique",
        {FONDAMENTAUX: 1.0, SERVICES_EN_LIGNE: 0.35, CONNEXION: 0.25},
        {"atelier": 0.1, "cours": 0.1, "bureautique": 0.1, "mediateur": 0.05},
    ),
    ("numerique", "demarches"): _digital(
        "aide pour les démarches en ligne",
        {SERVICES_EN_LIGNE: 0.95, DEMARCHES: 0.7, DROITS: 0.55, FONDAMENTAUX: 0.5},
        {"demarches": 0.05},
    ),
    ("numerique", "equipement"): _digital(
        "aide à s'équiper ou à se connecter",
        {EQUIPEMENT: 1.0, CONNEXION: 0.75, FONDAMENTAUX: 0.4, SERVICES_EN_LIGNE: 0.3},
        {"reconditionne": 0.1, "ordinateurs": 0.1, "prix solidaire": 0.1},
    ),
    ("formation", None): Need(
        "aide à se former",
        {
            TROUVER_FORMATION: 0.85,
            MONTER_DOSSIER: 0.85,
            CONFIRMER_METIER: 0.4,
            DECOUVRIR_METIER: 0.4,
            POINTS_FORTS: 0.4,
            VALORISER: 0.4,
        },
        {
            "formations": 0.1,
            "adultes": 0.05,
            "alternance": 0.05,
            "centre d information et d orientation": -0.3,
        },
    ),
    ("formation", "financement"): Need(
        "aide à se former",
        {MONTER_DOSSIER: 1.0, TROUVER_FORMATION: 0.8},
        {"france travail": 0.2, "paye par": 0.25, "finance": 0.2, "cpf": 0.3, "information": -0.1},
    ),
    ("formation", "vae"): Need(
        "aide à se former",
        {
            TROUVER_FORMATION: 0.7,
            MONTER_DOSSIER: 0.75,
            VALORISER: 0.7,
            POINTS_FORTS: 0.6,
            CONFIRMER_METIER: 0.5,
        },
        {
            "vae": 0.4,
            "validation des acquis": 0.4,
            "greta": 0.2,
            "bilan": 0.1,
            "france travail": 0.1,
        },
    ),
    ("formation", "orientation"): Need(
        "aide à choisir un métier",
        {
            CONFIRMER_METIER: 1.0,
            POINTS_FORTS: 1.0,
            DECOUVRIR_METIER: 0.95,
            OPPORTUNITES: 0.7,
            VALORISER: 0.7,
            TROUVER_FORMATION: 0.45,
        },
        {
            "orientation": 0.1,
            "metier": 0.05,
            "bilan de competences": 0.1,
            "france travail": 0.4,
            "sans rsa": -0.3,
        },
    ),
    ("offre_partenaire", None): Need(
        "aide à retrouver un travail",
        {
            REPONDRE_OFFRES: 0.9,
            CANDIDATURES: 0.8,
            ENTRETIEN: 0.7,
            PERMIS: 0.7,
            VEHICULE: 0.7,
            FINANCER_MOBILITE: 0.7,
            DEFINIR_CREATION: 0.5,
            STRUCTURER_CREATION: 0.5,
            HABILLEMENT: 0.5,
            SORTIES: 0.5,
        },
    ),
    ("offre_partenaire", "emploi"): Need(
        "aide à trouver un travail",
        {REPONDRE_OFFRES: 1.0, CANDIDATURES: 0.9, ENTRETIEN: 0.8, CV: 0.7, RECHERCHE: 0.7},
        {"offres": 0.1, "emploi": 0.05, "sans rsa": -0.3},
    ),
    ("offre_partenaire", "insertion"): Need(
        "propose un travail en insertion",
        {REPONDRE_OFFRES: 1.0},
        {"contrat d insertion": 0.1, "chantier": 0.05},
        networks=SIAE,
        off_network=0.5,
    ),
    ("offre_partenaire", "creation"): Need(
        "aide à créer son activité",
        {DEFINIR_CREATION: 1.0, STRUCTURER_CREATION: 1.0, DEVELOPPER: 0.7},
        {"microcredit": 0.05, "demandeurs d emploi": 0.05},
    ),
    ("offre_partenaire", "mobilite"): Need(
        "aide à se déplacer",
        {
            PERMIS: 1.0,
            VEHICULE: 1.0,
            FINANCER_MOBILITE: 1.0,
            PARCOURS_MOBILITE: 1.0,
            REPARER: 0.9,
            TRANSPORTS: 0.9,
        },
    ),
    ("offre_partenaire", "aide_materielle"): Need(
        "aide matérielle",
        {
            HABILLEMENT: 1.0,
            ELECTROMENAGER: 1.0,
            ALIMENTATION: 0.9,
            MENAGE: 0.7,
            SORTIES: 0.5,
            AIDE_BUDGET: 0.6,
        },
        {"colis": 0.1, "vestiaire": 0.1, "meubles": 0.1, "francais": -0.4},
    ),
}


def find_need(theme: str, detail: str | None) -> Need | None:
    """The need with its finer part, else the need alone, else None (no service answers it)."""
    return NEEDS.get((theme, detail)) or NEEDS.get((theme, None))
