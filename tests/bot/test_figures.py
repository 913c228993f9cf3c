"""The figures of `make evaluate` count what they say they count."""

import pytest

from tests.bot.evaluate import changes, figures, is_right
from tests.bot.evaluate.charts import confusion_svg, reliability_svg
from tests.bot.evaluate.page import BEGIN, END, between_marks, html, markdown
from tests.bot.evaluate.report import Section, change_sections, error_sections, sections


def wanted(text: str, theme: str, **others: object) -> dict:
    return {"text": text, "theme": theme, "style": "correct", "langue": "fr", **others}


def read(intent: str, probability: float = 1.0, **entities: object) -> dict:
    return {
        "intent": {"name": intent, "confidence": probability},
        "intent_ranking": [{"name": intent, "confidence": probability}],
        "intent_probabilities": {intent: probability, "merci": 1 - probability},
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }


SENTENCES = [
    wanted("une crèche à Bondy", "garde_enfants", detail="creche", commune="93010"),
    wanted("une formation de nounou", "formation", acceptes=["formation", "garde_enfants"]),
    wanted("je dors dehors", "urgence", commune=None),
    wanted("la météo", "hors_sujet", commune=None, genre_lieu="aucun"),
    wanted("corso di francese", "francais", langue="it", style="autre_langue"),
    wanted("noisy", "donner_commune", commune="ambigu", genre_lieu="ambigu"),
]
PARSED = [
    read("garde_enfants_creche", 0.97, code_insee="93010"),
    read("garde_enfants", 0.95),
    read("urgence", 0.85),
    read("urgence", 0.55, code_insee="93001"),
    read("francais", langue="it"),
    read("nlu_fallback", 0.9, communes_possibles=["93053", "93051"]),
]


@pytest.fixture(scope="module")
def measured():
    return figures.figures(SENTENCES, PARSED)


def test_what_the_file_accepts_is_right_whatever_the_finer_intent():
    assert is_right("garde_enfants_creche", SENTENCES[0])
    assert is_right("garde_enfants", SENTENCES[1])
    assert not is_right("formation", SENTENCES[0])


def test_an_accepted_theme_counts_as_the_one_expected(measured):
    assert measured["by_theme"]["formation"]["f1"] == 1
    assert measured["by_theme"]["garde_enfants"]["precision"] == 1
    assert measured["confusion"]["formation"] == {"formation": 1}


def test_macro_f1_weighs_every_theme_alike():
    expected, found = ["a", "a", "a", "b"], ["a", "a", "b", "b"]
    assert figures.scores_by_label(expected, found)["a"] == {
        "messages": 3,
        "precision": 1.0,
        "recall": 0.6667,
        "f1": 0.8,
    }
    assert figures.macro_f1(expected, found) == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-4)


def test_distress_and_scope_are_counted_with_their_false_alarms(measured):
    assert measured["distress"] == {"recall": 1.0, "false_alarms": 0.2, "situation": None}
    assert measured["scope"] == {"out_of_scope_rejected": 0.0, "in_scope_refused": 0.2}


def test_a_distress_that_is_heard_has_the_right_situation_or_another():
    sentences = [
        wanted("je dors dehors", "urgence", situations=["sans_abri", "faim"]),
        wanted("il me frappe", "urgence", situations=["violence"]),
        wanted("au secours", "urgence", situations=["detresse"]),
    ]
    parsed = [
        read("urgence", situation="faim"),
        read("urgence", situation="suicide"),
        read("humain"),
    ]
    assert figures.distress(sentences, parsed)["situation"] == 0.5


def test_a_second_need_is_found_or_imagined_and_a_refused_one_answered():
    sentences = [
        wanted("crèche et français", "garde_enfants", autre="francais"),
        wanted("pas de formation", "nier", nie="formation"),
    ]
    parsed = [read("garde_enfants", autre_theme="francais_diplome"), read("formation_vae")]
    assert figures.two_needs(sentences, parsed) == {
        "second_found": 1.0,
        "second_imagined": 0.0,
        "refused_answered": 1.0,
    }


def test_towns_are_measured_by_how_they_are_written(measured):
    town = measured["town"]
    assert town["all"] == {
        "messages": 4,
        "right": 0.75,
        "precision": 0.6667,
        "recall": 1.0,
        "f1": 0.8,
    }
    assert town["ambigu"]["f1"] == 1
    assert (town["aucun"]["right"], town["aucun"]["recall"]) == (0, None)


def test_without_an_entity_the_language_is_french(measured):
    assert measured["language"]["all"] == {
        "messages": 6,
        "accuracy": 1.0,
        "others_recognised": 1.0,
        "french_taken_for_another": 0.0,
    }
    assert measured["by_language_group"]["encoder_knows"]["messages"] == 1


def test_calibration_compares_the_probability_with_what_is_right(measured):
    last = measured["calibration"]["bins"][-1]
    assert (last["from"], last["messages"], last["right"]) == (0.9, 4, 0.75)
    gaps = 0.15 + 0.55 + abs(0.97 + 0.95 + 1 + 0.9 - 3)
    assert measured["calibration"]["expected_error"] == pytest.approx(gaps / 6, abs=1e-4)


def test_probabilities_of_finer_intents_are_added():
    found = read("francais") | {
        "intent_probabilities": {"francais": 0.3, "francais_diplome": 0.3, "merci": 0.4}
    }
    sentence = wanted("le DELF", "francais")
    assert figures.calibration([sentence], [found])["bins"][0]["probability"] == 0.6


def test_what_changed_is_named_figure_by_figure_and_message_by_message(measured):
    now = [read("formation"), *PARSED[1:3], read("hors_sujet"), *PARSED[4:]]
    after = figures.figures(SENTENCES, now)
    moved = {each.name: each for each in changes.changes(measured, after)}
    assert moved["out of scope rejected"].before == 0
    assert moved["out of scope rejected"].now == 1
    assert moved["by_theme.garde_enfants.f1"].now == 0
    turned = changes.turned("subject", measured, after, SENTENCES)
    assert turned == changes.Turned(["la météo"], ["une crèche à Bondy"])
    errors = error_sections(SENTENCES, now)
    titles = {s.title: s.rows for s in change_sections([], {"subject": turned}, errors)}
    assert titles["Newly right (subject): 1"] == (("la météo",),)
    assert titles["Newly wrong (subject): 1"] == (
        ("garde_enfants", "formation 1.00", "—", "une crèche à Bondy"),
    )


def test_only_what_stands_between_the_marks_is_rewritten():
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert between_marks(document, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    with pytest.raises(ValueError, match="must hold"):
        between_marks("nothing", "new")


def test_a_message_can_break_neither_the_table_nor_the_page():
    section = Section("Errors", "", ("read", "message"), (("1", "a | b\n<script>"),))
    assert "| a \\| b <script>" in markdown([section])
    assert "&lt;script&gt;" in html("Page", [section], {})


def test_every_figure_is_drawn(measured):
    pictures = {
        "confusion": confusion_svg(measured["confusion"]),
        "reliability": reliability_svg(measured["calibration"]["bins"]),
    }
    page = html("Page", sections(measured), pictures)
    assert page.count("<svg") == 2
    assert "| town: F1" in markdown(sections(measured))
