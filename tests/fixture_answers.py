"""Answers as the bot gives them, about places that do not exist."""

from __future__ import annotations

from typing import Any

CRECHE: dict[str, Any] = {
    "id": "essai--creche",
    "kind": "service",
    "nom": "Accueil en crèche (place d'essai)",
    "commune": "Bondy",
    "code_insee": "93010",
    "date_maj": "2026-09-01",
    "date_texte": "du 1er septembre 2026",
    "description": "Accueil des enfants de deux mois à trois ans. Sur inscription.",
    "adresse": "12 rue de l'Essai, 93140 Bondy",
    "telephone": "+33155500001",
    "courriel": "creche@example.org",
    "distance_km": 0.0,
    "horaires": "Mo-Fr 08:00-18:30",
    "horaires_texte": "du lundi au vendredi, de 8 h à 18 h 30",
    "avertissements": [],
    "lien": None,
    "source": "https://example.org/creches",
    "raisons": ["dans la commune demandée"],
}
HALTE: dict[str, Any] = {
    **CRECHE,
    "id": "essai--halte",
    "nom": "Halte-garderie (place d'essai)",
    "date_maj": None,
    "date_texte": None,
    "description": "Accueil pour quelques heures, pendant un rendez-vous.",
    "adresse": "3 place du Modèle",
    "commune": "Noisy-le-Sec",
    "telephone": None,
    "distance_km": 3.4,
    "horaires": None,
    "horaires_texte": None,
    "avertissements": [
        "Date de l'information inconnue.",
        "Écrivez avant de vous déplacer : creche@example.org.",
        "Demandez confirmation à la mairie (place d'essai), 01 55 50 00 02.",
    ],
    "source": None,
}
CANCELLED: dict[str, Any] = {
    **CRECHE,
    "id": "essai--salon",
    "kind": "evenement",
    "nom": "Salon d'essai",
    "quand": "jeudi 3 décembre 2026 à 10 h",
    "debut": "2026-12-03T10:00:00",
    "fin": None,
    "telephone": None,
    "date_maj": None,
    "date_texte": None,
    "horaires": None,
    "horaires_texte": None,
    "statut": "annule",
    "avertissements": ["Annulé : n'y allez pas."],
    "acces": "Entrée libre, apportez un CV.",
    "lien": "https://example.org/salon",
}
RESULTS: list[dict[str, Any]] = [
    {
        "text": "Voici ce que j'ai trouvé pour une crèche à Bondy :\n1. Accueil en crèche…",
        "buttons": [
            {"title": "Voir d'autres lieux", "payload": "/plus"},
            {"title": "Changer de ville", "payload": "/autre_ville"},
        ],
    },
    {
        "custom": {
            "intro": "Voici ce que j'ai trouvé pour une crèche à Bondy :",
            "results": [CRECHE, HALTE],
            "suite": "Pour un détail, dites « le 2 ». Pour chercher ailleurs, écrivez une ville.",
            "explication": {"intent": "garde_enfants_creche", "confidence": 0.97},
        }
    },
]
HOSTILE: list[dict[str, Any]] = [
    {"text": "<img src=x onerror=alert(1)>"},
    {
        "custom": {
            "intro": "<script>alert(1)</script>",
            "results": [
                {
                    **CRECHE,
                    "nom": "<b onmouseover=alert(1)>" + "A" * 5000,
                    "description": "\u202e<iframe src=javascript:alert(1)>" + "mot " * 3000,
                    "adresse": '"><script>alert(1)</script>',
                    "telephone": "javascript:alert(1)",
                    "courriel": "a@b.c?bcc=d@e.f",
                    "source": "javascript:alert(1)",
                    "rendez_vous": "data:text/html,<script>alert(1)</script>",
                    "role": "ali",
                    "avertissements": ["<svg onload=alert(1)>"],
                }
            ],
            "suite": "</jalon-chat><script>alert(1)</script>",
        }
    },
]
