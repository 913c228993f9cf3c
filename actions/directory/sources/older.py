"""data·inclusion as it was before v1, and texts of CSV files, brought to the columns of v1.

The correspondences follow those that data·inclusion applied to its own records
(github.com/gip-inclusion/data-inclusion, `pipeline/dbt/models/intermediate/004_finals`). What has
no equivalent is left out, never guessed.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from data_inclusion.schema.v1 import Public, ReseauPorteur, Thematique

from actions.directory.sources.typed import first_email, first_page, phone

Record = dict[str, Any]

LISTS = frozenset(
    [
        "thematiques",
        "publics",
        "modes_accueil",
        "zone_eligibilite",
        "modes_mobilisation",
        "mobilisable_par",
        "reseaux_porteurs",
        "types",
        "frais",
        "profils",
        "pre_requis",
        "justificatifs",
        "labels_nationaux",
        "labels_autres",
        "modes_orientation_beneficiaire",
        "modes_orientation_accompagnateur",
    ]
)
# Columns that v1 no longer has: one of them is enough to know an older file.
OLDER_COLUMNS = frozenset(
    [
        "presentation_resume",
        "presentation_detail",
        "types",
        "profils",
        "typologie",
        "labels_nationaux",
        "zone_diffusion_type",
        "zone_diffusion_code",
        "modes_orientation_beneficiaire",
        "modes_orientation_accompagnateur",
        "horaires_ouverture",
    ]
)
THEMES = frozenset(theme.value for theme in Thematique)
PUBLICS = frozenset(public.value for public in Public)
NETWORKS = frozenset(network.value for network in ReseauPorteur)
LONGEST_NAME, LONGEST_DESCRIPTION = 150, 10_000  # characters, in v1
LINKS = ("lien_source", "site_web", "accessibilite_lieu", "lien_mobilisation")
CODES = {"siret": r"\d{14}", "code_insee": r"\w{5}", "code_postal": r"\d{5}"}
# Types of v1 by the older ones; a service that had several takes the first of this order.
OLDER_TYPES = {
    "aide-financiere": "aide-financiere",
    "aide-materielle": "aide-materielle",
    "autonomie": "aide-materielle",
    "formation": "formation",
    "atelier": "atelier",
    "numerique": "atelier",
    "accompagnement": "accompagnement",
    "accueil": "information",
    "information": "information",
}


def _by_older(table: str) -> dict[str, tuple[str, ...]]:
    """Older code -> codes of v1, from lines « code of v1 : older codes »."""
    found: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        new, _, olds = line.partition(" : ")
        for old in olds.split():
            found[old] = (*found.get(old, ()), new)
    return found


OLDER_THEMES = _by_older("""
    difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives : acces-aux-droits-et-citoyennete--accompagnement-dans-les-demarches-administratives numerique--devenir-autonome-dans-les-demarches-administratives
    difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique-judiciaire : acces-aux-droits-et-citoyennete--accompagnement-juridique
    difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits : acces-aux-droits-et-citoyennete acces-aux-droits-et-citoyennete--connaitre-ses-droits handicap--connaissance-des-droits-des-travailleurs
    difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-a-la-citoyennete : acces-aux-droits-et-citoyennete--demandeurs-dasile-et-naturalisation
    remobilisation--benevolat-action-citoyenne : acces-aux-droits-et-citoyennete--faciliter-laction-citoyenne remobilisation--participer-a-des-actions-solidaires-ou-de-benevolat
    famille--soutien-a-la-parentalite-et-a-leducation : accompagnement-social-et-professionnel-personnalise--decrochage-scolaire famille--accompagnement-femme-enceinte-bebe-jeune-enfant famille--information-et-accompagnement-des-parents famille--soutien-a-la-parentalite illettrisme--accompagner-scolarite numerique--soutenir-la-parentalite-et-l-education-avec-le-numerique sante--accompagnement-de-la-femme-enceinte-du-bebe-et-du-jeune-enfant
    choisir-un-metier--confirmer-son-choix-de-metier : accompagnement-social-et-professionnel-personnalise--definition-du-projet-professionnel
    lecture-ecriture-calcul--maitriser-le-francais : apprendre-francais apprendre-francais--accompagnement-insertion-pro apprendre-francais--communiquer-vie-tous-les-jours apprendre-francais--suivre-formation illettrisme illettrisme--ameliorer-vocabulaire illettrisme--etre-autonome illettrisme--info-acquisition-connaissances illettrisme--reperer-situation-illettrisme illettrisme--surmonter-trouble-apprentissage
    lecture-ecriture-calcul--maitriser-le-calcul : illettrisme illettrisme--etre-autonome illettrisme--info-acquisition-connaissances illettrisme--reperer-situation-illettrisme illettrisme--surmonter-trouble-apprentissage
    creer-une-entreprise--definir-son-projet-de-creation-dentreprise : creation-activite creation-activite--definir-son-projet-de-creation-dentreprise
    creer-une-entreprise--structurer-son-projet-de-creation-dentreprise : creation-activite creation-activite--financer-son-projet creation-activite--structurer-son-projet-de-creation-dentreprise
    creer-une-entreprise--developper-son-entreprise : creation-activite creation-activite--developper-son-entreprise creation-activite--reseautage-pour-createurs-dentreprise numerique--creer-et-developper-mon-entreprise
    numerique--acquerir-un-equipement : equipement-et-alimentation--acces-a-du-materiel-informatique equipement-et-alimentation--acces-a-un-telephone-et-un-abonnement numerique--acceder-a-du-materiel numerique--s-equiper-en-materiel-informatique
    numerique--acceder-a-des-services-en-ligne : numerique--realiser-des-demarches-administratives-avec-un-accompagnement
    numerique--maitriser-les-fondamentaux-du-numerique : illettrisme--utiliser-numerique numerique--approfondir-ma-culture-numerique numerique--prendre-en-main-un-ordinateur numerique--prendre-en-main-un-smartphone-ou-une-tablette numerique--promouvoir-la-citoyennete-numerique numerique--utiliser-le-numerique-au-quotidien se-former--utiliser-le-numerique
    remobilisation--lien-social : famille--jeunes-sans-soutien-familial remobilisation--pression-sociale
    remobilisation--bien-etre-confiance-en-soi : remobilisation--bien-etre remobilisation--discrimination remobilisation--restaurer-sa-confiance-son-image-de-soi
    remobilisation--activites-sportives-et-culturelles : remobilisation--decouvrir-son-potentiel-via-le-sport-et-la-culture
    choisir-un-metier--identifier-ses-points-forts-et-ses-competences : remobilisation--identifier-ses-competences-et-aptitudes
    famille--soutien-aidants : famille--soutien-aux-familles
    famille--surmonter-conflits-separation-violence : famille--violences-intrafamiliales
    difficultes-financieres--acquerir-une-autonomie-budgetaire : gestion-financiere gestion-financiere--acces-au-micro-credit gestion-financiere--accompagnement-aux-personnes-en-difficultes-financieres gestion-financiere--beneficier-daides-financieres gestion-financiere--creation-et-utilisation-dun-compte-bancaire
    difficultes-financieres--ameliorer-sa-gestion-budgetaire : gestion-financiere gestion-financiere--apprendre-a-gerer-son-budget
    difficultes-financieres--situation-dendettement-surendettement : gestion-financiere gestion-financiere--prevention-et-gestion-du-surendettement
    equipement-et-alimentation--alimentation : gestion-financiere--obtenir-une-aide-alimentaire
    equipement-et-alimentation--aide-menagere : handicap--aide-a-la-personne
    trouver-un-emploi--maintien-dans-lemploi : handicap--adaptation-au-poste-de-travail handicap--favoriser-le-retour-et-le-maintien-dans-lemploi
    sante--constituer-un-dossier-mdph-invalidite : handicap--faire-reconnaitre-un-handicap
    logement-hebergement--se-maintenir-dans-le-logement : handicap--adapter-son-logement
    mobilite--etre-accompagne-dans-son-parcours-mobilite : handicap--mobilite-des-personnes-en-situation-de-handicap
    mobilite--preparer-un-permis : illettrisme--permis-conduire mobilite--apprendre-a-utiliser-un-deux-roues mobilite--preparer-son-permis-de-conduire-se-reentrainer-a-la-conduite mobilite--preparer-un-permis-de-conduire
    mobilite--acceder-a-un-vehicule : mobilite--acheter-un-vehicule-motorise mobilite--acheter-un-velo mobilite--louer-un-vehicule
    mobilite--financer-ma-mobilite : mobilite--aides-a-la-reprise-demploi-ou-a-la-formation mobilite--financer-mon-projet-mobilite
    mobilite--mobilite-douce-partagee-collective : mobilite--comprendre-et-utiliser-les-transports-en-commun mobilite--utiliser-des-services-de-mobilite-partagee
    se-former--trouver-sa-formation : illettrisme--trouver-emploi-formation
    preparer-sa-candidature--valoriser-ses-competences : illettrisme--valider-certification-clea
    preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi : numerique--favoriser-mon-insertion-professionnelle
    logement-hebergement--acheter-un-logement : logement-hebergement--aides-financieres-investissement-locatif logement-hebergement--etre-accompagne-dans-son-projet-accession
    logement-hebergement--sinformer-sur-les-demarches-liees-a-lacces-au-logement : logement-hebergement--besoin-dadapter-mon-logement logement-hebergement--connaissance-de-ses-droits-et-interlocuteurs logement-hebergement--etre-accompagne-pour-se-loger logement-hebergement--financer-son-projet-travaux
    logement-hebergement--changer-de-logement : logement-hebergement--demenagement logement-hebergement--mal-loges-sans-logis logement-hebergement--probleme-avec-son-logement
    logement-hebergement--rechercher-une-solution-dhebergement-temporaire : logement-hebergement--mal-loges-sans-logis
    logement-hebergement--reduire-les-impayes-de-loyer : logement-hebergement--gerer-son-budget
    trouver-un-emploi--repondre-a-des-offres-demploi : logement-hebergement--reprendre-un-emploi-ou-une-formation
    sante--acces-aux-soins : numerique--accompagner-les-demarches-de-sante sante--diagnostic-et-accompagnement-a-lemployabilite sante--obtenir-la-prise-en-charge-de-frais-medicaux sante--prevention-et-acces-aux-soins sante--se-soigner-et-prevenir-la-maladie
    sante--sante-mentale : sante--accompagner-les-traumatismes sante--bien-etre-psychologique
    sante--addictions : sante--faire-face-a-une-situation-daddiction
    sante--sante-sexuelle : sante--vie-relationnelle-et-affective
""")  # noqa: E501
OLDER_PUBLICS = _by_older("""
    beneficiaires-des-minimas-sociaux : beneficiaires-rsa
    personnes-en-situation-de-handicap : deficience-visuelle handicaps-mentaux handicaps-psychiques personnes-handicapees surdite
    demandeurs-emploi : demandeurs-demploi
    etudiants : alternants
    actifs : alternants locataires proprietaires salaries
    familles : familles-enfants
    jeunes : jeunes-16-26
    personnes-exilees : personnes-de-nationalite-etrangere public-langues-etrangeres
    personnes-en-situation-durgence : personnes-en-situation-illettrisme sans-domicile-fixe sortants-de-detention victimes
    seniors : retraites seniors-65
""")  # noqa: E501
# Networks, by the older national labels and types of structures.
OLDER_NETWORKS = _by_older("""
    aci : ACI ACIPHC
    ei : EI
    etti : ETTI
    eiti : EITI
    ai : AI
    ea : EA
    eatt : EATT
    afpa : AFPA
    ase : ASE
    creches-avip : AVIP
    caarud : CAARUD
    cada : CADA
    caf : CAF EVS
    cap-emploi-reseau-cheops : CAP_EMPLOI
    cava : CAVA
    ccas-cias : CCAS CIAS unccas
    chambres-consulaires : CCONS cci
    departements : CD CDAS DEPT
    maisons-des-solidarites : MDS
    mdph : MDPH
    chrs : CHRS
    chu : CHU
    cidff : CIDFF
    cmp : CMP
    cms : CMS
    cpam : CPAM
    cph : CPH
    fcsf : CS CSC
    csapa : CSAPA
    regions : REG
    ecoles-de-la-deuxieme-chance : E2C
    espaces-publics-numeriques : ENM EPI EPN
    communes : EPCI MUNI MQ CC
    epide : EPIDE
    federation-des-acteurs-de-la-solidarite : FAIS
    france-travail : FT PE
    geiq : GEIQ
    huda : HUDA
    la-poste : LA_POSTE
    maisons-de-l-emploi : MDE MDEF maisons-de-lemploi
    mjc : MJC
    mission-locale : ML
    mutualite-sociale-agricole : MSA
    msap : MSAP
    reseau-information-jeunesse : PIJ_BIJ
    pimms-mediation : PIMMS
    pjj : PJJ
    plie : PLIE
    france-service : RFS
    residences-fjt : RS_FJT
    spip : SPIP
    reseau-bge : bge
    conseillers-numeriques : conseiller-numerique
    federation-professionnelle-femmes : fede-pro-fem
    points-conseil-budget : point-conseil-budget
    points-justice : point-justice
    tous-tes-possibles : tous-tes-possible
""")
OLDER_FEES = {
    "gratuit": "gratuit",
    "gratuit-sous-conditions": "gratuit",
    "pass-numerique": "gratuit",
    "payant": "payant",
    "adhesion": "payant",
}
OLDER_WAYS = {
    "telephoner": "telephoner",
    "envoyer-un-mail": "envoyer-un-courriel",
    "envoyer-un-courriel": "envoyer-un-courriel",
    "envoyer-un-mail-avec-une-fiche-de-prescription": "envoyer-un-courriel",
    "prendre-rdv": "envoyer-un-courriel",
}
# Départements of each region (Code officiel géographique, INSEE, regions of 2016).
REGIONS = {
    "01": "971",
    "02": "972",
    "03": "973",
    "04": "974",
    "06": "976",
    "11": "75 77 78 91 92 93 94 95",
    "24": "18 28 36 37 41 45",
    "27": "21 25 39 58 70 71 89 90",
    "28": "14 27 50 61 76",
    "32": "02 59 60 62 80",
    "44": "08 10 51 52 54 55 57 67 68 88",
    "52": "44 49 53 72 85",
    "53": "22 29 35 56",
    "75": "16 17 19 23 24 33 40 47 64 79 86 87",
    "76": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "84": "01 03 07 15 26 38 42 43 63 69 73 74",
    "93": "04 05 06 13 83 84",
    "94": "2A 2B",
}


def is_older(columns: Collection[str]) -> bool:
    """Whether these are columns of data·inclusion before v1."""
    return not OLDER_COLUMNS.isdisjoint(columns)


def from_texts(record: Mapping[str, str | None]) -> Record:
    """A row of a CSV file with its lists read, and its empty values as None.

    Lists come as JSON, as Python writes them, as PostgreSQL does, or with commas between.
    """
    read: Record = {}
    for name, text in record.items():
        value = text.strip() if text else None
        read[name] = as_list(value) if value and name in LISTS else value or None
    fees = read.get("frais")
    if fees and len(fees) == 1:  # one code in v1, a list before
        read["frais"] = fees[0]
    # Spreadsheets drop the zero at the front of a code.
    for name in ("code_postal", "code_insee"):
        if read.get(name) and re.fullmatch(r"\d{4}", read[name]):
            read[name] = f"0{read[name]}"
    return read


def as_list(text: str) -> list[str] | None:
    """The list that a text writes down; None when it holds nothing."""
    if text[0] == "[":
        for reader in (json.loads, ast.literal_eval):
            try:
                return [str(value) for value in reader(text)] or None
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                continue
    items = [item.strip().strip("\"'") for item in re.split(r"[,;|]", text.strip("{}[]"))]
    return [item for item in items if item] or None


def is_suspended(record: Record) -> bool:
    """Whether an older record says that it no longer holds.

    Raises:
        ValueError: its `date_suspension` is no date.
    """
    suspended = record.get("date_suspension")
    return bool(suspended) and date.fromisoformat(str(suspended)[:10]) <= date.today()


def to_v1(record: Record, is_service: bool) -> Record:
    """An older record with the columns and codes of v1.

    What is not as v1 asks (a code, an address, a name too long) is mended or left out: these
    files were published before anything checked them.
    """
    return _mended(_in_v1(record, is_service))


def _mended(v1: Record) -> Record:
    mended = {name: first_page(v1[name]) for name in LINKS if v1.get(name)}
    for name, form in CODES.items():
        code = re.sub(r"\s", "", str(v1.get(name) or ""))
        mended[name] = code if re.fullmatch(form, code) else None
    for name, longest in (("nom", LONGEST_NAME), ("description", LONGEST_DESCRIPTION)):
        text = v1.get(name)
        if isinstance(text, str):
            cut = f"{text.strip()[: longest - 1]}…"
            mended[name] = text.strip() if len(text.strip()) <= longest else cut
    return (
        v1
        | mended
        | {
            "date_maj": str(v1.get("date_maj"))[:10],  # some give the hour too
            "courriel": first_email(v1.get("courriel")),
            "telephone": phone(v1.get("telephone")),
        }
    )


def _in_v1(record: Record, is_service: bool) -> Record:
    detail = record.get("presentation_detail") or record.get("presentation_resume")
    v1 = {"description": detail, **{k: v for k, v in record.items() if v is not None}}
    if is_service:
        return v1 | _service(record, v1)
    networks = [*_listed(record.get("labels_nationaux")), *_listed(record.get("typologie"))]
    return v1 | {
        "horaires_accueil": v1.get("horaires_accueil") or record.get("horaires_ouverture"),
        "accessibilite_lieu": v1.get("accessibilite_lieu") or record.get("accessibilite"),
        "reseaux_porteurs": v1.get("reseaux_porteurs") or codes(networks, NETWORKS, OLDER_NETWORKS),
    }


def _service(record: Record, v1: Record) -> Record:
    links = ("lien_mobilisation", "prise_rdv", "formulaire_en_ligne", "page_web")
    link = next((page for name in links if (page := first_page(record.get(name)))), None)
    alone = _listed(record.get("modes_orientation_beneficiaire"))
    helped = _listed(record.get("modes_orientation_accompagnateur"))
    ways = {OLDER_WAYS[way] for way in (*alone, *helped) if way in OLDER_WAYS}
    ways |= {"se-presenter"} & {*alone}
    ways |= {"utiliser-lien-mobilisation"} if link else set()
    by = [who for who, told in (("usagers", alone), ("professionnels", helped)) if told]
    fees, weeks = _listed(record.get("frais")), record.get("nombre_semaines")
    fee = {OLDER_FEES[code] for code in fees if code in OLDER_FEES}
    types = _listed(record.get("types"))
    publics = _listed(v1.get("publics") or record.get("profils"))
    others = [
        record.get(f"modes_orientation_{who}_autres") for who in ("beneficiaire", "accompagnateur")
    ]
    conditions = [*_listed(record.get("pre_requis")), *_listed(record.get("justificatifs"))]
    public_contact = str(record.get("contact_public", "true")).lower() not in {"false", "none"}
    return {
        "type": v1.get("type") or next((OLDER_TYPES[t] for t in OLDER_TYPES if t in types), None),
        "thematiques": codes(_listed(record.get("thematiques")), THEMES, OLDER_THEMES),
        "frais": fee.pop() if len(fee) == 1 else None,
        "frais_precisions": v1.get("frais_precisions")
        or record.get("frais_autres")
        or _fee_words(fees),
        "publics": ["tous-publics"]
        if "tous-publics" in publics
        else codes(publics, PUBLICS, OLDER_PUBLICS),
        "publics_precisions": v1.get("publics_precisions") or record.get("profils_precisions"),
        "conditions_acces": v1.get("conditions_acces") or " ; ".join(conditions) or None,
        "zone_eligibilite": v1.get("zone_eligibilite") or _zone(record),
        "lien_mobilisation": link,
        "modes_mobilisation": v1.get("modes_mobilisation") or sorted(ways) or None,
        "mobilisable_par": v1.get("mobilisable_par") or by or None,
        "mobilisation_precisions": v1.get("mobilisation_precisions")
        or " ".join(filter(None, others))
        or None,
        "contact_nom_prenom": record.get("contact_nom_prenom") if public_contact else None,
        # 0 meant unknown; a number or its text.
        "nombre_semaines": None if str(weeks or 0) in ("0", "0.0") else weeks,
    }


def _fee_words(fees: Iterable[str]) -> str | None:
    """What v1 has no code for, in words."""
    words = {"gratuit-sous-conditions": "Gratuit sous conditions", "adhesion": "Adhésion"}
    return " ; ".join(words[code] for code in fees if code in words) or None


def _zone(record: Record) -> list[str] | None:
    kind, code = record.get("zone_diffusion_type"), record.get("zone_diffusion_code")
    if kind == "pays":
        return ["france"]
    if not code:
        return None
    if kind == "region":
        return REGIONS.get(str(code), "").split() or None
    return [str(code)]


def codes(
    found: Iterable[str], known: Collection[str], older: Mapping[str, tuple[str, ...]]
) -> list[str] | None:
    """The codes of v1 for these ones; None when none has an equivalent.

    A whole category (« mobilite ») stands for each of its themes.
    """
    new: set[str] = set()
    for code in found:
        if code in known:
            new.add(code)
        elif code in older:
            new |= set(older[code])
        else:
            new |= {theme for theme in known if theme.startswith(f"{code}--")}
    return sorted(new) or None


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple | set) else [str(value)]
