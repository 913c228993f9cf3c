"""What people read by SMS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from channels import texts
from channels.rasa import Message, pair
from channels.sms.rendering import DISTRESS, ORDINARY, is_distress, paginate, render
from channels.sms.segments import GSM7, count, encoding, plain
from tests.fixture_answers import CANCELLED, CRECHE, HALTE, RESULTS

DOMAIN = Path(__file__).parents[3] / "bot" / "domain"
LONG = "Une phrase assez longue pour remplir un SMS, avec des mots simples. " * 12


def responses(file: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load((DOMAIN / file).read_text("utf-8"))[
        "responses"
    ]
    return found


def message(text: str, **fields: Any) -> Message:
    return {"text": text, "buttons": [], "custom": {}, **fields}


def slots(variant: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in variant.get("condition", [])}


DISTRESS_TEXTS = [
    (variant["text"], slots(variant)) for variant in responses("urgence.yml")["utter_urgence"]
]


@pytest.mark.parametrize(
    "text", [t for t, when in DISTRESS_TEXTS if when.get("langue", "fr") == "fr"]
)
def test_a_distress_answer_in_french_is_one_plain_sms_of_three_segments_at_most(text: str) -> None:
    [page] = render([message(text)], texts.SMS_NOTICE).pages
    assert page == plain(text)
    assert encoding(page) is GSM7
    assert count(page) <= DISTRESS


@pytest.mark.parametrize("text", [t for t, _ in DISTRESS_TEXTS])
def test_a_distress_answer_is_never_cut_in_any_language(text: str) -> None:
    contact = message(
        "Le jour…", custom={"results": [CRECHE], "explication": {"intent": "urgence"}}
    )
    screen = render([message(text), contact], texts.SMS_NOTICE)
    assert screen.urgent
    assert screen.pages[0].startswith(plain(text))
    assert "01 55 50 00 01" in "".join(screen.pages)


def test_silence_and_danger_begin_with_the_114() -> None:
    [silent] = [
        text
        for text, when in DISTRESS_TEXTS
        if when == {"situation": "violence_silence", "langue": "fr"}
    ]
    assert render([message(silent)]).pages[0].startswith("Envoyez un SMS au 114.")


def test_the_bot_alone_in_distress_is_recognised_without_the_action_server() -> None:
    assert is_distress([message("Appelez le 115, le Samu social.")])
    assert not is_distress([message(texts.SMS_STARTED)])
    calm = {"explication": {"intent": "humain_ecoute"}}
    assert not is_distress([message("Si des idées noires viennent, appelez le 3114.", custom=calm)])


def test_places_are_numbered_with_phone_and_date_in_two_segments() -> None:
    screen = render(pair(RESULTS))
    [page] = screen.pages
    assert page.splitlines() == [
        "Voici ce que j'ai trouvé pour une crèche à Bondy :",
        "1. Accueil en crèche (place d'essai), 12 rue de l'Essai, 93140 Bondy, 01 55 50 00 01, "
        "info 09/2026",
        "2. Halte-garderie (place d'essai), 3 place du Modèle, 3 km",
        "Répondez 1 ou 2. Autres lieux : SUITE.",
        "Infos sans date : 2.",
    ]
    assert screen.choices == ("le 1", "le 2")
    assert screen.more == "/plus"


def test_a_cancelled_event_says_so_before_its_name() -> None:
    custom = {"intro": "Voici :", "results": [CANCELLED, HALTE]}
    [page] = render([message("…", custom=custom)]).pages
    assert "1. ANNULÉ, Salon d'essai, jeu 03/12 10h, " in page


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        ("2026-11-27T09:00:00", "2026-11-27T12:30:00", "ven 27/11 9h-12h30"),
        ("2026-11-27T00:00:00", None, "ven 27/11"),
        ("2026-11-27T09:00:00", "2026-11-28T00:00:00", "ven 27/11 - sam 28/11"),
    ],
)
def test_the_day_of_an_event_is_told_in_few_characters(
    begin: str, end: str | None, told: str
) -> None:
    event = {**CANCELLED, "statut": None, "debut": begin, "fin": end}
    custom = {"intro": "Voici :", "results": [event, HALTE]}
    [page] = render([message("…", custom=custom)]).pages
    assert f"1. Salon d'essai, {told}, " in page


@pytest.mark.parametrize("places", range(2, 9))
def test_long_names_and_many_places_stay_in_order_over_pages(places: int) -> None:
    record = {**CRECHE, "nom": "Maison de quartier et centre social intercommunal " * 3}
    custom = {"intro": "Voici :", "results": [record] * places}
    screen = render([message("…", custom=custom)], texts.SMS_NOTICE)
    assert all(count(page) <= ORDINARY for page in screen.pages)
    told = "\n".join(screen.pages)
    positions = [told.index(f"\n{number}. ") for number in range(1, places + 1)]
    assert positions == sorted(positions)
    assert "centre social" in screen.pages[0]


def test_what_was_searched_is_said_in_few_words() -> None:
    intro = "J'ai cherché une crèche à Bondy. Voici ce que j'ai trouvé :"
    [page] = render([message("…", custom={"intro": intro, "results": [CRECHE, CRECHE]})]).pages
    assert page.startswith("Une crèche à Bondy :\n1. ")


ARABIC = (
    "أنا مساعد آلي أبحث عن خدمات قريبة منك؛ أجوبتي بالفرنسية البسيطة، "
    "ويمكنك أن تعرض هذه الرسالة على موظف."
)


@pytest.mark.parametrize("answer", [RESULTS, [{"text": "Dans quelle ville ?"}]])
def test_the_answer_comes_before_a_sentence_in_another_script(answer: list[Any]) -> None:
    alone, *_ = render(pair(answer), texts.SMS_NOTICE).pages
    first, *rest = render([message(ARABIC), *pair(answer)], texts.SMS_NOTICE).pages
    assert encoding(first) is GSM7
    assert alone.startswith(first.removesuffix(f"\n{texts.SMS_NEXT_PAGE}"))
    assert "مساعد" in "".join(rest)


def test_a_sentence_in_another_script_that_is_the_answer_is_told() -> None:
    [page] = render([message("اتصل بالبلدية")]).pages
    assert page == "اتصل بالبلدية"


def test_a_yes_or_no_question_is_answered_in_words() -> None:
    buttons = [{"title": "Oui", "payload": "/affirmer"}, {"title": "Non", "payload": "/nier"}]
    screen = render([message("Touchez-vous le RSA ?", buttons=buttons)])
    assert screen.pages == ("Touchez-vous le RSA ? Répondez OUI ou NON.",)
    assert screen.words == {"oui": "/affirmer", "non": "/nier"}


def test_other_choices_are_numbered() -> None:
    buttons = [
        {"title": "Clichy (92)", "payload": "/a"},
        {"title": "Clichy-sous-Bois", "payload": "/b"},
    ]
    screen = render([message("Laquelle ?", buttons=buttons)])
    assert screen.pages == ("Laquelle ?\n1. Clichy (92)\n2. Clichy-sous-Bois",)
    assert screen.choices == ("/a", "/b")


def test_one_place_begins_with_what_one_needs_to_go_there() -> None:
    text = (
        "Accueil en crèche\nPour les enfants.\nAdresse : 12 rue de l'Essai\n"
        "Téléphone : 01 55 50 00 01\nSource : https://example.org\nInformation du 1er mai 2026.\n"
        "Pour chercher ailleurs, écrivez une autre ville."
    )
    custom = {"intro": "", "results": [CRECHE], "suite": texts_after(text)}
    [page] = render([message(text, custom=custom)]).pages
    assert page.splitlines() == [
        "Accueil en crèche",
        "12 rue de l'Essai",
        "Tél. 01 55 50 00 01",
        "Information du 1er mai 2026.",
        "Pour les enfants.",
    ]


def texts_after(text: str) -> str:
    return text.splitlines()[-1]


def test_a_long_explanation_is_cut_between_sentences_and_says_how_to_go_on() -> None:
    first, *_, last = pages = render([message(LONG)]).pages
    assert len(pages) > 2
    assert first.endswith("mots simples.\nPour lire la suite : SUITE")
    assert last.endswith("mots simples.")
    told = " ".join(page.removesuffix("\nPour lire la suite : SUITE") for page in pages)
    assert told == LONG.strip()


def test_the_bot_presents_itself_only_once_and_briefly() -> None:
    said = responses("conversation.yml")
    for variant in said["utter_presentation"] + said["utter_bienvenue"]:
        answer = message(variant["text"], buttons=variant.get("buttons", []))
        told = "\n".join(render([answer, message("Dans quelle ville ?")], texts.SMS_NOTICE).pages)
        assert told.count("machine") == 1
        assert "Bonjour, je suis Jalon" not in told
        assert "Dans quelle ville ?" in told


@pytest.mark.parametrize(
    "text", [value for name, value in vars(texts).items() if name.startswith("SMS_")]
)
def test_our_own_sms_are_plain_and_short(text: str) -> None:
    assert "«" not in text
    assert encoding(plain(text)) is GSM7
    assert count(plain(text)) <= ORDINARY


@given(st.lists(st.text(max_size=400), max_size=12), st.sampled_from([ORDINARY, DISTRESS]))
def test_pages_never_exceed_their_limit(units: list[str], limit: int) -> None:
    assert all(count(page) <= limit for page in paginate(units, limit))
