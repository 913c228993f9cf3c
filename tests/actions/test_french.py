import pytest

from actions import french


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bondy", "à Bondy"),
        ("Le Blanc-Mesnil", "au Blanc-Mesnil"),
        ("Les Lilas", "aux Lilas"),
        ("La Courneuve", "à La Courneuve"),
        ("L'Île-Saint-Denis", "à L'Île-Saint-Denis"),
    ],
)
def test_a_town_takes_its_article_after_a(name: str, expected: str) -> None:
    assert french.at_place(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bondy", "de Bondy"),
        ("Aubervilliers", "d'Aubervilliers"),
        ("Épinay-sur-Seine", "d'Épinay-sur-Seine"),
        ("Le Raincy", "du Raincy"),
        ("Les Pavillons-sous-Bois", "des Pavillons-sous-Bois"),
    ],
)
def test_a_town_takes_its_article_after_de(name: str, expected: str) -> None:
    assert french.of_place(name) == expected


def test_a_listing_ends_with_et() -> None:
    assert french.listing(["93", "92", "05"]) == "93, 92 et 05"
    assert french.listing(["93"]) == "93"
    assert french.listing([]) == ""


def test_only_the_first_sentence_is_kept_and_never_cut_inside_a_word() -> None:
    assert french.first_sentence("Un accueil.  Ouvert à tous.") == "Un accueil."
    cut = french.first_sentence("mot " * 100, limit=50)
    assert len(cut) <= 50
    assert cut.endswith("mot…")
