"""The needs that the assistant serves, and how an intent's name gives its need."""

from __future__ import annotations

from functools import lru_cache

NEEDS = (
    "garde_enfants",
    "francais",
    "numerique",
    "formation",
    "agence",
    "evenement",
    "offre_partenaire",
)

# Intents that are no need of the directory but also have finer intents.
SUBJECTS_WITH_DETAILS = ("info_rsa", "humain", "urgence")

OUT_OF_SCOPE = "hors_sujet"
REFUSAL = "nier"
CRY = "urgence"

# What an answer may be: about a need or the RSA, people to talk to, the town asked for, the number
# to call after a cry. A training sentence of `data/suites/` says which one it follows.
ANSWERS = (*NEEDS, "info_rsa", "humain", "commune", CRY)


@lru_cache
def split_intent(intent: str) -> tuple[str, str | None]:
    """Split an intent into what it is about and the detail, if its name holds one.

    `numerique_equipement` gives `("numerique", "equipement")`; `aide_bot` gives
    `("aide_bot", None)`: only needs, `info_rsa`, `humain` and `urgence` have details.
    """
    for subject in (*NEEDS, *SUBJECTS_WITH_DETAILS):
        if intent.startswith(f"{subject}_"):
            return subject, intent[len(subject) + 1 :]
    return intent, None
