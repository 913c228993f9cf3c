"""Invented files of a directory, for tests."""

from __future__ import annotations

import json


def structure(id_="s1", **changes):
    """An invented structure, as in a data·inclusion file."""
    return {
        "id": id_,
        "source": "essai",
        "nom": f"Structure d'essai {id_}",
        "date_maj": "2026-06-01",
        "commune": "Essai-Ville",
        "code_insee": "90001",
        "adresse": "1 rue de l'Essai",
        "telephone": "+33100000000",
    } | changes


def service(id_="s1--v1", structure_id="s1", **changes):
    """An invented service, as in a data·inclusion file."""
    return {
        "id": id_,
        "structure_id": structure_id,
        "source": "essai",
        "nom": f"Service d'essai {id_}",
        "description": "Un service inventé pour les essais.",
        "date_maj": "2026-06-01",
        "thematiques": ["famille--garde-denfants"],
        "commune": "Essai-Ville",
        "code_insee": "90001",
        "adresse": "1 rue de l'Essai",
    } | changes


def write_folder(folder, **files):
    """Write `structures=[…]`, `services=[…]`… as JSON files of a folder."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), "utf-8")
    return folder
