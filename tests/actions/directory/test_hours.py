"""Opening hours in OpenStreetMap's syntax: now, next, public holidays, what cannot be read."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from actions.directory.hours import (
    CLOSED,
    OPEN,
    PARIS,
    UNKNOWN,
    is_holiday,
    is_readable,
    local_time,
    opening_at,
    this_week,
)

WEEK = "Mo-Fr 09:00-12:00,13:30-17:00"
THURSDAY = "2026-11-12T10:00"


def at(moment):
    """A moment on the clocks of Paris."""
    return datetime.fromisoformat(moment).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "state", "change"),
    [
        (THURSDAY, OPEN, "2026-11-12T12:00"),
        ("2026-11-12T12:00", CLOSED, "2026-11-12T13:30"),
        ("2026-11-12T18:00", CLOSED, "2026-11-13T09:00"),
        ("2026-11-13T17:00", CLOSED, "2026-11-16T09:00"),
    ],
)
def test_a_place_is_open_until_or_opens_next(moment, state, change):
    found = opening_at(WEEK, at(moment))
    assert (found.state, found.until or found.next) == (state, at(change))
    assert not found.holiday


def test_hours_silent_on_holidays_are_closed_on_them_and_it_is_not_said_as_sure():
    armistice = at("2026-11-11T10:00")
    silent = opening_at(WEEK, armistice)
    assert (silent.state, silent.holiday, silent.holiday_stated) == (CLOSED, True, False)
    assert silent.next == at("2026-11-12T09:00")
    stated = opening_at(f"{WEEK}; PH off", armistice)
    assert (stated.holiday, stated.holiday_stated) == (True, True)
    assert opening_at(f"{WEEK}; PH 10:00-11:00", armistice).state == OPEN
    assert opening_at("24/7", armistice).state == OPEN


def test_the_next_opening_steps_over_a_holiday():
    assert opening_at(WEEK, at("2026-11-10T18:00")).next == at("2026-11-12T09:00")


def test_a_place_never_open_on_that_day_is_not_closed_by_the_holiday():
    assert not opening_at("Mo 09:00-12:00", at("2026-11-11T10:00")).holiday


def test_the_holidays_are_those_of_france_and_two_more_in_alsace_and_moselle():
    of_2026 = ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01",
               "11-11", "12-25"]  # fmt: skip
    assert all(is_holiday(date.fromisoformat(f"2026-{day}")) for day in of_2026)
    assert not is_holiday(date(2026, 11, 12))
    assert [is_holiday(date(2026, 12, 26), code) for code in ("67482", "93010")] == [True, False]
    assert [is_holiday(date(2027, 3, 26), code) for code in ("57463", None)] == [True, False]


def test_the_clock_is_that_of_the_place():
    now = at("2026-11-12T10:00")
    assert local_time(now, "97411").hour == 13
    assert local_time(now, "97105").hour == 5
    assert opening_at("Mo-Fr 09:00-12:00", now, "97411").state == CLOSED
    assert opening_at("Mo-Fr 09:00-12:00", now, "93010").state == OPEN


def test_what_never_closes_or_never_opens_soon_has_no_moment():
    assert opening_at("24/7", at(THURSDAY)).until is None
    assert opening_at("2020 Mo-Fr 09:00-10:00", at(THURSDAY)).next is None


def test_a_night_a_comment_and_an_unsure_hour():
    night = opening_at("Fr 22:00-02:00", at("2026-11-13T23:00"))
    assert night.until == at("2026-11-14T02:00")
    assert opening_at('Th 09:00-12:00 "sur rendez-vous"', at(THURSDAY)).comment == "sur rendez-vous"
    assert opening_at("Th 09:00-12:00 unknown", at(THURSDAY)).state == UNKNOWN
    touching = opening_at('Th 09:00-12:00,12:00-14:00 "accueil"', at(THURSDAY))
    assert touching.until == at("2026-11-12T14:00")


@pytest.mark.parametrize(
    "expression", ["", "lundi 9h-12h", "Mo-Fr 9", '"sur rendez-vous"', "Mo-Fr 09:00-17:00; SH off"]
)
def test_what_cannot_be_read_is_not_computed(expression):
    assert not is_readable(expression)
    assert opening_at(expression, at(THURSDAY)) is None
    assert this_week(expression, at(THURSDAY)) is None


def test_the_week_of_hours_that_change_with_the_weeks():
    week = this_week("Nov Mo,We 10:00-12:00", at(THURSDAY))
    assert [len(day) for day in week] == [1, 0, 0, 0, 0, 0, 0]  # Wednesday was a holiday
    assert [len(day) for day in this_week("Mo-Fr 00:00-24:00", at("2026-11-19T10:00"))] == [
        1, 1, 1, 1, 1, 0, 0
    ]  # fmt: skip
