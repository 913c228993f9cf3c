"""Older data·inclusion, the two national lists and calendars, brought to the tables."""

from __future__ import annotations

import io
import json
import random
from datetime import date, datetime

import pytest
from pydantic.networks import validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.directory import formats
from actions.directory.importer import import_directory
from actions.directory.models import Evenement, Service, Structure
from actions.directory.sources import calendars, national, older
from actions.directory.sources.files import BadFileError, Unreadable

OLDER_STRUCTURE = {
    "id": "dora--1",
    "source": "dora",
    "nom": "Accueil d'essai",
    "date_maj": "2024-05-02",
    "presentation_resume": "Une courte présentation.",
    "presentation_detail": "Une longue présentation.",
    "typologie": "CCAS",
    "labels_nationaux": ["conseiller-numerique", "inconnu"],
    "horaires_ouverture": "Mo-Fr 09:00-12:00",
    "code_insee": "90001",
    "rna": None,
}
OLDER_SERVICE = {
    "id": "dora--1--a",
    "structure_id": "dora--1",
    "source": "dora",
    "nom": "Atelier d'essai",
    "date_maj": "2024-05-02",
    "presentation_detail": "Un atelier pour apprendre.",
    "types": ["accueil", "atelier"],
    "thematiques": [
        "apprendre-francais--suivre-formation",
        "mobilite--acheter-un-velo",
        "handicap",
    ],
    "frais": ["gratuit-sous-conditions"],
    "profils": ["beneficiaires-rsa", "adultes", "jeunes-16-26"],
    "zone_diffusion_type": "region",
    "zone_diffusion_code": "53",
    "modes_orientation_beneficiaire": ["telephoner", "envoyer-un-mail", "prendre-rdv"],
    "prise_rdv": "https://exemple.fr/rdv",
    "pre_requis": ["Savoir lire"],
    "nombre_semaines": 0,
}


def test_older_columns_and_codes_become_those_of_v1(sqlite_engine, tmp_path, few_communes):
    (tmp_path / "structures.json").write_text(json.dumps([OLDER_STRUCTURE]), "utf-8")
    suspended = OLDER_SERVICE | {"id": "dora--1--b", "date_suspension": "2024-06-01"}
    (tmp_path / "services.json").write_text(json.dumps([OLDER_SERVICE, suspended]), "utf-8")
    report = import_directory(sqlite_engine, tmp_path, few_communes)
    assert list(report["services"].rejected) == [
        ("dora--1--b", "suspended since its `date_suspension`")
    ]
    with Session(sqlite_engine) as session:
        structure, service = session.get(Structure, "dora--1"), session.get(Service, "dora--1--a")
        assert structure.description == "Une longue présentation."
        assert structure.reseaux_porteurs == ["ccas-cias", "conseillers-numeriques"]
        assert structure.horaires_accueil == "Mo-Fr 09:00-12:00"
        assert service.type == "atelier"
        assert service.thematiques == [
            "lecture-ecriture-calcul--maitriser-le-francais",
            "mobilite--acceder-a-un-vehicule",
        ]
        assert (service.frais, service.frais_precisions) == ("gratuit", "Gratuit sous conditions")
        assert service.publics == ["beneficiaires-des-minimas-sociaux", "jeunes"]
        assert service.zone_eligibilite == ["22", "29", "35", "56"]
        assert service.lien_mobilisation == "https://exemple.fr/rdv"
        assert service.modes_mobilisation == [
            "envoyer-un-courriel",
            "telephoner",
            "utiliser-lien-mobilisation",
        ]
        assert service.mobilisable_par == ["usagers"]
        assert service.conditions_acces == "Savoir lire"
        assert service.nombre_semaines is None


def test_what_nothing_checked_before_v1_does_not_refuse_a_place():
    typed = {
        "nom": f" {'Accueil ' * 30}",
        "date_maj": "2023-11-07T14:22:05.123000+00:00",
        "siret": "434 933 123 00029",
        "code_postal": "9000",
        "code_insee": "non trouvé",
        "telephone": "01 80 05 98 80",
        "courriel": "voir le site",
        "site_web": "www.exemple.fr",
        "lien_source": "aucun",
    }
    row = formats.to_row("structures", older.to_v1(OLDER_STRUCTURE | typed, False), {})
    assert (len(row["nom"]), row["nom"][-1]) == (150, "…")
    assert row["date_maj"] == date(2023, 11, 7)
    assert (row["siret"], row["telephone"]) == ("43493312300029", "+33180059880")
    assert row["site_web"] == "https://www.exemple.fr/"
    assert {row[name] for name in ("code_postal", "code_insee", "courriel", "lien_source")} == {
        None
    }


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["accueil", "numerique"], "atelier"),
        (["autonomie"], "aide-materielle"),
        (["information"], "information"),
        (["inconnu"], None),
    ],
)
def test_older_types_become_those_of_v1(types, expected):
    assert older.to_v1(OLDER_SERVICE | {"types": types}, True)["type"] == expected


def test_one_presents_oneself_only_where_it_was_said_to_people():
    helped = {"modes_orientation_beneficiaire": None, "page_web": "https://exemple.fr/aide"}
    helped |= {"prise_rdv": None, "modes_orientation_accompagnateur": ["se-presenter", "autre"]}
    service = older.to_v1(OLDER_SERVICE | helped, True)
    assert service["modes_mobilisation"] == ["utiliser-lien-mobilisation"]
    assert service["lien_mobilisation"] == "https://exemple.fr/aide"
    assert service["mobilisable_par"] == ["professionnels"]


def test_plain_addresses_are_those_that_the_schema_takes_as_they_are():
    draw = random.Random(1)
    letters = "ab09.-_@xn+é A"
    plain = ["contact@exemple.fr", "a.b@c-d.gouv.fr", "accueil_1@mairie.com"]
    plain += [
        f"{''.join(draw.choices(letters, k=draw.randrange(9)))}@"
        f"{''.join(draw.choices(letters, k=draw.randrange(9)))}.fr"
        for _ in range(30_000)
    ]
    taken = [address for address in plain if formats.PLAIN_EMAIL.fullmatch(address)]
    assert len(taken) > 20
    assert [validate_email(address)[1] for address in taken] == taken


def test_every_older_code_leads_to_codes_of_v1():
    for table, known in (
        (older.OLDER_THEMES, older.THEMES),
        (older.OLDER_PUBLICS, older.PUBLICS),
        (older.OLDER_NETWORKS, older.NETWORKS),
    ):
        assert {new for codes in table.values() for new in codes} <= known


FRANCE_SERVICES = """\
"id_fs","insee_dep","lib_fs","adresse","complement_adresse","insee_com","code_postal","lib_com",\
"latitude","longitude","mail","telephone","h_lundi","h_mardi","h_mercredi","h_jeudi","h_vendredi",\
"h_samedi","prise_rdv","commentaire","type_fs","format_fs","groupe_fs","labellisation_fs"
"7","90","France services d'Essai","1 Rue de l'Essai",,"90001","90000","Essai-Ville",48.9,2.4,\
"essai@exemple.fr","03 84 00 00 00","13:30 - 17:00","09:00 - 12:00 / 13:30 - 17:00",,\
"00:00 - 00:00 / 9:00 - 12:00",,,"Oui","Sur rendez-vous le mardi","Principal","Fixe",,"Espace"
"""


def test_the_list_of_france_services_gives_structures_and_services(
    sqlite_engine, tmp_path, few_communes
):
    (tmp_path / "liste-fs-20240801.csv").write_text(FRANCE_SERVICES, "utf-8")
    report = import_directory(sqlite_engine, tmp_path / "liste-fs-20240801.csv", few_communes)
    assert (report["structures"].added, report["services"].added) == (1, 1)
    with Session(sqlite_engine) as session:
        service = session.scalars(select(Service)).one()
        assert service.structure.nom == "France services d'Essai"
        assert service.structure.reseaux_porteurs == ["france-service"]
        assert service.origine == "france-services"
        assert service.telephone == "+33384000000"
        assert service.horaires_accueil == (
            "Mo 13:30-17:00; Tu 09:00-12:00,13:30-17:00; Th 09:00-12:00"
        )
        assert service.mobilisation_precisions == "Sur rendez-vous le mardi"
        assert (service.date_maj, service.date_inconnue) == (date(2024, 8, 1), False)


@pytest.mark.parametrize("form", ["Bus_équivalent", "Mobile"])
def test_a_france_services_bus_has_no_door_and_says_to_ask_where_it_is(
    sqlite_engine, tmp_path, few_communes, form
):
    (tmp_path / "liste.csv").write_text(FRANCE_SERVICES.replace("Fixe", form), "utf-8")
    import_directory(sqlite_engine, tmp_path / "liste.csv", few_communes)
    with Session(sqlite_engine) as session:
        service = session.scalars(select(Service)).one()
        assert (service.adresse, service.structure.adresse, service.latitude) == (None, None, None)
        assert (service.horaires_accueil, service.structure.horaires_accueil) == (None, None)
        assert service.modes_mobilisation == ["envoyer-un-courriel", "telephoner"]
        assert service.mobilisation_precisions == f"{national.WHERE_IT_IS} Sur rendez-vous le mardi"
        assert service.lieu_code_insee == "90001"


def test_a_list_without_a_day_in_its_name_has_no_date(sqlite_engine, tmp_path, few_communes):
    (tmp_path / "liste.csv").write_text(FRANCE_SERVICES, "utf-8")
    import_directory(sqlite_engine, tmp_path / "liste.csv", few_communes)
    with Session(sqlite_engine) as session:
        assert session.scalars(select(Service)).one().date_inconnue
    again = import_directory(sqlite_engine, tmp_path / "liste.csv", few_communes)
    assert again["services"].unchanged == 1


PLACE = {
    "id": "structure-1",
    "pivot": "43493312300029",
    "nom": "Anonymal",
    "commune": "Essai-Ville",
    "code_postal": "90000",
    "code_insee": "90001",
    "adresse": "12 BIS RUE DE LECLERCQ",
    "latitude": "48.9",
    "longitude": "2.4",
    "typologie": "TIERS_LIEUX;RFS",
    "telephone": "+33180059880",
    "courriels": "contact@exemple.fr;autre@exemple.fr",
    "site_web": "https://www.exemple.fr/;https://autre.exemple.fr/",
    "horaires": "Mo-Fr 09:00-12:00",
    "presentation_resume": "Un lieu pour apprendre.",
    "date_maj": "2022-06-02",
    "services": "Aide aux démarches administratives;Loisirs et créations numériques",
    "publics_specifiquement_adresses": "Jeunes;Femmes",
    "frais_a_charge": "Gratuit : Je peux accéder gratuitement au lieu et à ses services",
    "dispositif_programmes_nationaux": "Aidants Connect;Conseillers numériques",
    "modalites_acces": "Se présenter;Téléphoner",
    "modalites_accompagnement": "Accompagnement individuel;À distance (par téléphone)",
    "prise_rdv": "https://www.rdv-solidarites.fr/",
}


def test_places_of_digital_help_give_structures_and_services(sqlite_engine, tmp_path, few_communes):
    closed = PLACE | {"id": "2", "modalites_acces": "Ce lieu n'accueille pas de public"}
    older_labels = PLACE | {
        "id": "3",
        "pivot": "00000000000000",
        "services": "Prendre en main un ordinateur",
    }
    (tmp_path / "lieux.json").write_text(json.dumps([PLACE, closed, older_labels]), "utf-8")
    report = import_directory(sqlite_engine, tmp_path / "lieux.json", few_communes)
    assert (report["structures"].added, report["services"].added) == (2, 2)
    assert report["structures"].rejected.total == 1
    with Session(sqlite_engine) as session:
        service = session.get(Service, "mediation-numerique--structure-1--numerique")
        assert service.thematiques == [national.DEMARCHES, national.EN_LIGNE]
        assert service.publics == ["femmes", "jeunes"]
        assert service.frais == "gratuit"
        assert service.modes_accueil == ["a-distance", "en-presentiel"]
        assert service.a_distance
        assert service.lien_mobilisation == "https://www.rdv-solidarites.fr/"
        structure = service.structure
        assert structure.siret == "43493312300029"
        assert structure.courriel == "contact@exemple.fr"
        assert structure.reseaux_porteurs == [
            "aidants-connect",
            "conseillers-numeriques",
            "france-service",
        ]
        other = session.get(Service, "mediation-numerique--3--numerique")
        assert other.thematiques == [national.FONDAMENTAUX]
        assert other.structure.siret is None


OLDER_PLACES = """\
id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,typologie,telephone,\
courriel,site_web,date_maj,services,publics_accueillis,conditions_acces,labels_nationaux,\
accessibilite,prise_rdv
1,43493312300029,Lieu d'essai,Essai-Ville,90000,90001,2 rue de l'Essai,48.9,2.4,ASSO,\
+33180059880,contact@exemple.fr,"https://www.exemple.fr/,https://autre.exemple.fr/",2022-06-02,\
S’équiper en matériel informatique;Créer avec le numérique,Familles/enfants;Adultes,\
Gratuit sous condition : La gratuité est conditionnée;Accepte le Pass numérique : Il est possible,\
France Services;CNFS,https://acceslibre.beta.gouv.fr/app/essai/,https://rdv.exemple.fr/
2,43493312300030,Lieu des femmes,Essai-Ville,90000,90001,2 rue de l'Essai,48.9,2.4,ASSO,\
,,,2022-06-02,Accéder à du matériel,Uniquement femmes,,,,
"""


def test_the_first_version_of_the_standard_of_digital_help_is_read(
    sqlite_engine, tmp_path, few_communes
):
    (tmp_path / "lieux.csv").write_text(OLDER_PLACES, "utf-8")
    import_directory(sqlite_engine, tmp_path / "lieux.csv", few_communes)
    with Session(sqlite_engine) as session:
        service = session.get(Service, "mediation-numerique--1--numerique")
        assert service.thematiques == ["numerique--acquerir-un-equipement"]
        assert service.publics == ["tous-publics"]
        assert service.frais is None
        assert service.frais_precisions == "Gratuit sous condition ; Accepte le Pass numérique"
        structure = service.structure
        assert structure.site_web == "https://www.exemple.fr/"
        assert structure.accessibilite_lieu == "https://acceslibre.beta.gouv.fr/app/essai/"
        assert structure.reseaux_porteurs == ["conseillers-numeriques", "france-service"]
        other = session.get(Service, "mediation-numerique--2--numerique")
        assert other.publics == ["femmes"]


CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Essai//FR
BEGIN:VEVENT
UID:atelier@exemple.fr
SUMMARY:Atelier CV
DTSTART;TZID=Europe/Paris:20260105T093000
DTEND;TZID=Europe/Paris:20260105T113000
RRULE:FREQ=WEEKLY;BYDAY=MO
EXDATE;TZID=Europe/Paris:20260119T093000
LOCATION:Salle des fêtes\\, 2 rue de l'Essai\\, 90000 Essai-Ville
ORGANIZER;CN=Une Personne:mailto:une.personne@exemple.fr
END:VEVENT
BEGIN:VEVENT
UID:forum@exemple.fr
SUMMARY:Forum annulé
STATUS:CANCELLED
DTSTART;VALUE=DATE:20260601
DTEND;VALUE=DATE:20260602
END:VEVENT
BEGIN:VEVENT
UID:passe@exemple.fr
SUMMARY:Forum passé
DTSTART:20250101T080000Z
DTEND:20250101T100000Z
END:VEVENT
BEGIN:VEVENT
UID:minute@exemple.fr
SUMMARY:Chaque minute
DTSTART:20260105T093000Z
RRULE:FREQ=MINUTELY
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def find(postal_code, town):
    return ("90001", "Essai-Ville") if (postal_code, town) == ("90000", "Essai-Ville") else None


def test_a_calendar_is_expanded_for_twelve_months_without_its_persons():
    found = list(
        calendars.read_calendar(io.BytesIO(CALENDAR.encode()), "a.ics", find, date(2026, 1, 1))
    )
    refused = [event for event in found if isinstance(event, Unreadable)]
    events = [event for event in found if not isinstance(event, Unreadable)]
    weekly = [event for event in events if event["nom"] == "Atelier CV"]
    assert len(weekly) == 51
    assert all(event["debut"].hour == 9 and event["fin"].hour == 11 for event in weekly)
    assert datetime(2026, 1, 19, 9, 30) not in [event["debut"] for event in weekly]
    assert (weekly[0]["code_insee"], weekly[0]["commune"]) == ("90001", "Essai-Ville")
    forum = next(event for event in events if event["nom"] == "Forum annulé")
    assert (forum["debut"], forum["fin"], forum["statut"]) == (datetime(2026, 6, 1), None, "annule")
    assert len(refused) == 1
    assert not [event for event in events if event["nom"] in ("Forum passé", "Chaque minute")]
    assert "ersonne" not in repr(found)


def test_a_calendar_is_imported(sqlite_engine, tmp_path, few_communes):
    text = CALENDAR.replace("20260105T", f"{date.today():%Y%m%d}T").replace(";BYDAY=MO", "")
    (tmp_path / "agenda.ics").write_text(text, "utf-8", newline="")
    report = import_directory(sqlite_engine, tmp_path / "agenda.ics", few_communes)
    assert report["evenements"].added >= 52
    with Session(sqlite_engine) as session:
        assert session.scalars(select(Evenement.code_insee)).first() == "90001"


@pytest.mark.parametrize(
    ("written", "wrong", "reason"),
    [
        ("RRULE:FREQ=WEEKLY", "RRULE:FREQ=CHAQUESEMAINE", "RRULE: missing, or not as"),
        ("DTSTART", "DEBUT", "DTSTART: missing, or not as"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_and_the_others_are_kept(written, wrong, reason):
    head, first, rest = CALENDAR.partition("BEGIN:VEVENT")
    event, end, others = rest.partition("END:VEVENT")
    assert written in event
    broken = head + first + event.replace(written, wrong) + end + others

    found = list(
        calendars.read_calendar(io.BytesIO(broken.encode()), "a.ics", find, date(2026, 1, 1))
    )

    refused = [each for each in found if isinstance(each, Unreadable)]
    assert any(each.reason.startswith(reason) and each.id for each in refused)
    assert "Forum annulé" in [each["nom"] for each in found if not isinstance(each, Unreadable)]


@pytest.mark.parametrize("end", [50, 400, -20])
def test_a_calendar_cut_short_is_refused(end):
    with pytest.raises(BadFileError):
        list(calendars.read_calendar(io.BytesIO(CALENDAR.encode()[:end]), "a.ics", find))
