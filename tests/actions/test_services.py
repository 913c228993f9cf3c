"""Which places are shown for an age, and in what order."""

from __future__ import annotations

import pytest
from invented import place, turn

from actions import services, texts
from actions.directory.search import trades


def found(sessions, text, intent="garde_enfants", **changes):
    """The names of the places shown."""
    with sessions() as session:
        reply = services.answer(turn(text, intent, **changes), session)
    return [record["nom"] for record in reply.results]


@pytest.mark.parametrize(
    ("text", "babies", "creche"),
    [
        ("il a 2 ans", True, True),
        ("il a 8 mois", True, True),
        ("tiene 4 años", False, True),
        ("il a 4 ans", False, True),
        ("she is 7 years old", False, False),
        ("il a sept ans", False, False),
    ],
)
def test_no_place_for_babies_for_an_older_child(directory, text, babies, creche):
    sessions = directory(
        place("Les Petits", description="Un lieu pour les moins de 3 ans."),
        place("La Ronde", description="Une creche."),
        place("Le Grand Jardin"),
    )
    under_way = {"theme": "garde_enfants", "detail_besoin": "creche"}
    names = found(sessions, text, "repondre", slots=under_way)
    assert ("Les Petits" in names, "La Ronde" in names) == (babies, creche)


def test_what_is_a_journey_away_comes_after_what_is_near(directory):
    training = {"code_insee": "93055", "thematiques": ["se-former--trouver-sa-formation"]}
    sessions = directory(
        place("Ailleurs", km_north=8.0, **training),
        place("Voisin", km_north=2.0, **training | {"telephone": None, "adresse": None}),
    )
    assert found(sessions, "une formation", "formation") == ["Voisin", "Ailleurs"]


def test_every_thing_that_is_looked_for_has_a_name() -> None:
    named = {family[0].strip() for families in trades.THINGS.values() for family in families}
    assert named == set(texts.THINGS)
