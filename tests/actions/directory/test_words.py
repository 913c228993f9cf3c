"""Dates, phone numbers and opening hours in plain French."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from actions.directory.importer import SEED
from actions.directory.words import (
    age_in_words,
    hours_in_words,
    moment_in_words,
    of_date,
    phone_in_words,
)


@pytest.mark.parametrize(
    ("day", "precision", "words"),
    [
        ("2024-08-01", "jour", "du 1er août 2024"),
        ("2019-10-22", "mois", "d'octobre 2019"),
        ("2023-06-02", "mois", "de juin 2023"),
        ("2019-07-31", "annee", "de 2019"),
    ],
)
def test_a_date_is_said_as_far_as_it_is_known(day, precision, words):
    assert of_date(date.fromisoformat(day), precision) == words


def test_a_french_number_is_read_by_pairs_and_others_are_left_alone():
    assert phone_in_words("+33148950000") == "01 48 95 00 00"
    assert phone_in_words("3949") == "3949"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("Mo-Fr 09:00-17:00", "du lundi au vendredi de 9 h à 17 h"),
        ("Tu 13:30-17:30", "le mardi de 13 h 30 à 17 h 30"),
        (
            "Mo-Fr 09:00-12:00,13:30-17:00; We off",
            "le lundi et le mardi de 9 h à 12 h et de 13 h 30 à 17 h ; "
            "le jeudi et le vendredi de 9 h à 12 h et de 13 h 30 à 17 h",
        ),
        ("Mo-Fr 08:00-12:00; PH off", "du lundi au vendredi de 8 h à 12 h"),
        (
            "Mo-Fr 08:00-12:00; SH off",
            "du lundi au vendredi de 8 h à 12 h, sauf pendant les vacances scolaires",
        ),
        ("24/7", "ouvert jour et nuit, tous les jours"),
        ("off", None),
        ("Apr-Oct Mo 10:00-12:00", None),
        ('Mo-Fr 09:00-12:00 "sur rendez-vous"', None),
        ("Mo[1] 10:00-12:00", None),
        ("sur rendez-vous", None),
        ("Mo-Fr 9", None),
    ],
)
def test_weekly_hours_are_told_and_what_would_lose_a_fact_is_not(expression, words):
    assert hours_in_words(expression) == words


def test_all_the_hours_of_the_seed_can_be_told():
    records = json.loads((SEED / "services.json").read_text("utf-8"))
    expressions = {record["horaires_accueil"] for record in records} - {None}
    assert expressions
    assert [e for e in expressions if not hours_in_words(e)] == []


def test_a_moment_says_its_hours_only_when_they_are_known():
    morning = datetime(2023, 3, 21, 9, 30)
    assert moment_in_words(morning, None) == "mardi 21 mars 2023 à 9 h 30"
    assert moment_in_words(datetime(2023, 3, 21), None) == "mardi 21 mars 2023"
    days = moment_in_words(morning, datetime(2023, 3, 22, 12, 0))
    assert days == "du mardi 21 mars 2023 au mercredi 22 mars 2023"


@pytest.mark.parametrize(
    ("day", "precision", "words"),
    [
        ("2026-11-23", "jour", "aujourd'hui"),
        ("2026-11-22", "jour", "hier"),
        ("2026-11-12", "jour", "il y a 11 jours"),
        ("2026-10-01", "jour", "il y a 7 semaines"),
        ("2026-05-01", "jour", "il y a 6 mois"),
        ("2025-11-24", "jour", "il y a 11 mois"),
        ("2024-11-24", "jour", "il y a 23 mois"),
        ("2024-11-23", "jour", "il y a 2 ans"),
        ("2026-11-01", "mois", "ce mois-ci"),
        ("2026-09-15", "mois", "il y a 2 mois"),
        ("2019-10-01", "mois", "il y a 7 ans"),
        ("2026-07-01", "annee", "cette année"),
        ("2025-07-01", "annee", "il y a 1 an"),
        ("2019-07-31", "annee", "il y a 7 ans"),
        ("2026-12-01", "jour", None),
    ],
)
def test_the_age_of_a_fact_is_told_as_far_as_it_is_known(day, precision, words):
    assert age_in_words(date.fromisoformat(day), precision, date(2026, 11, 23)) == words
