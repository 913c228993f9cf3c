"""An invented directory of a few places, and turns of an invented conversation.

Everything here is a fixture: no place, phone or hour is real, except the names of the communes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from actions.conversation import Answer, Display, Turn
from actions.directory.hours import PARIS
from actions.directory.models import Commune, Service, ServiceThematique, Structure

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)  # a Monday
BONDY = {"code_insee": "93010", "nom": "Bondy", "latitude": 48.9025, "longitude": 2.4828}
PANTIN = {"code_insee": "93055", "nom": "Pantin", "latitude": 48.8945, "longitude": 2.4026}


def commune(**fields: Any) -> Commune:
    known = {
        "departement": "93",
        "codes_postaux": ["93000"],
        "population": 50_000,
        "coordonnees_estimees": False,
    }
    return Commune(**known, **fields)


def place(name: str, **changes: Any) -> list[Any]:
    """An invented structure and its only service, in Bondy; `km_north` moves it."""
    fields: dict[str, Any] = {
        "nom": f"Service de {name}",
        "description": "Un service inventé pour les essais.",
        "thematiques": ["famille--garde-denfants"],
        "source": "essai",
        "date_maj": date(2026, 10, 1),
        "date_inconnue": False,
        "date_precision": "jour",
        "telephone": "+33155500001",
        "publics": ["tous-publics"],
        "modes_mobilisation": ["se-presenter"],
        "mobilisable_par": ["usagers"],
        "commune": "Bondy",
        "code_insee": "93010",
        "adresse": f"1 rue de {name}",
    } | changes
    id_ = name.lower().replace(" ", "-")
    latitude = BONDY["latitude"] + fields.pop("km_north", 0.0) / 111.2  # type: ignore[operator]
    structure = Structure(
        id=id_,
        nom=name,
        source="essai",
        date_maj=fields["date_maj"],
        date_inconnue=fields["date_inconnue"],
        date_precision="jour",
        reseaux_porteurs=fields.pop("reseaux_porteurs", None),
    )
    service = Service(
        id=f"{id_}--service",
        structure_id=id_,
        lieu_code_insee=fields["code_insee"],
        lieu_departement="93",
        lieu_latitude=latitude,
        lieu_longitude=BONDY["longitude"],
        nom_simple=name.lower(),
        texte_simple=fields["description"].lower(),
        **fields,
    )
    themes = [
        ServiceThematique(service_id=service.id, thematique=theme)
        for theme in fields["thematiques"]
    ]
    return [structure, service, *themes]


def turn(text: str = "", intent: str = "nlu_fallback", **changes: Any) -> Turn:
    """A message in Bondy, on Monday 23 November 2026 at 10."""
    slots = {"code_insee": "93010", "commune": "Bondy"} | changes.pop("slots", {})
    known = {"confidence": 1.0, "entities": {}, "now": NOW, "sender": "personne-1"}
    return Turn(intent=intent, text=text, slots=slots, **{**known, **changes})


def after(reply: Answer, theme: str | None = None) -> dict[str, Any]:
    """The slots that the next turn reads, as `rasa_actions.remember` writes them."""
    ids = tuple(record["id"] for record in reply.results)
    display = Display(ids, tuple(reply.choices), ids, theme=theme).to_slot()
    return {"affichage": display, "theme": theme, **reply.slots}
