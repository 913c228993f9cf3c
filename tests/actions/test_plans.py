"""Places that fit together, computed on invented places only."""

from __future__ import annotations

from itertools import pairwise

import pytest
from invented import place

from actions.directory.models import Service, Structure
from actions.directory.plans import DAY, best_pair, best_week, common_minutes, weekly_minutes
from actions.directory.schemas import Match

HOME = (48.9025, 2.4828)


def match(name, hours=None, volume=None, km=0.0):
    """An invented place `km` kilometres north of home."""
    structure, service, *_ = place(
        name, horaires_accueil=hours, volume_horaire_hebdomadaire=volume, km_north=km
    )
    assert isinstance(structure, Structure)
    assert isinstance(service, Service)
    service.structure = structure
    return Match(service, distance_km=km)


def at(day, hour):
    """Minutes from Monday midnight."""
    return day * DAY + round(hour * 60)


def test_the_hours_of_a_week_in_minutes():
    assert weekly_minutes(match("A", "Mo 09:00-12:00; Fr 22:00-02:00").record) == [
        (at(0, 9), at(0, 12)),
        (at(4, 22), at(5, 2)),
    ]
    for unknown in (None, "le matin", "Mo[1] 09:00-12:00"):
        assert weekly_minutes(match("A", unknown).record) is None


def test_two_weeks_share_pieces_of_an_hour_at_least():
    one = [(at(0, 9), at(0, 12)), (at(1, 9), at(1, 12))]
    other = [(at(0, 11), at(0, 17)), (at(1, 11.5), at(1, 17))]
    assert common_minutes(one, other) == [(at(0, 11), at(0, 12))]


def test_the_pair_with_the_shortest_way_is_chosen():
    courses = [match("cours loin", km=6), match("cours près", km=2)]
    childcares = [match("garde loin", km=-4), match("garde près", km=1)]
    pair = best_pair(courses, childcares, HOME)
    assert (pair.course.record.id, pair.childcare.record.id) == (
        "cours-près--service",
        "garde-près--service",
    )
    assert pair.way_km == pytest.approx(2, abs=0.05)
    assert pair.common is None


def test_hours_that_never_meet_leave_a_pair_out_and_those_that_do_come_first():
    morning, evening = "Mo-Fr 09:00-12:00", "Mo-Fr 18:00-20:00"
    courses = [match("cours du soir", evening), match("cours du matin", morning, km=3)]
    pair = best_pair(courses, [match("garde", "Mo,We 08:00-12:00", km=1)], HOME)
    assert pair.course.record.id == "cours-du-matin--service"
    assert pair.common == [(at(0, 9), at(0, 12)), (at(2, 9), at(2, 12))]
    assert best_pair(courses[:1], [match("garde", morning)], HOME) is None


def test_a_place_without_position_makes_no_pair():
    nowhere = match("cours")
    nowhere.record.lieu_latitude = None
    assert best_pair([nowhere], [match("garde")], HOME) is None


def test_a_week_adds_up_to_fifteen_hours_without_clash():
    plan = best_week(
        [
            match("français", "Mo,Tu,Th 09:00-12:00", 9),
            match("numérique", "Mo,Tu 10:00-13:00", 6),  # clashes with the French course
            match("atelier", "We,Fr 14:00-17:00", 6),
        ]
    )
    assert [m.record.id for m in plan.activities] == ["français--service", "atelier--service"]
    assert plan.hours == 15
    assert plan.is_enough
    assert not plan.placed
    spans = [(s.start, s.end) for s in plan.sessions]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert sum(end - start for start, end in spans) == 15 * 60


def test_hours_wider_than_the_volume_are_placed_around_the_others_with_time_to_go():
    plan = best_week(
        [match("cours", "Mo 09:00-12:00", 3), match("atelier", "Mo-We 09:00-17:00", 12)]
    )
    assert [m.record.id for m in plan.placed] == ["atelier--service"]
    monday = [(s.start, s.end) for s in plan.sessions if s.end <= DAY]
    assert monday == [(at(0, 9), at(0, 12)), (at(0, 12.5), at(0, 17))]


def test_never_over_twenty_hours_and_the_nearest_to_fifteen_wins():
    matches = [
        match("dix-huit", "Mo-Sa 09:00-12:00", 18),
        match("seize", "Mo-Th 13:00-17:00", 16),
        match("trente", "Mo-Fr 08:00-14:00", 30),
    ]
    plan = best_week(matches)
    assert (plan.hours, len(plan.activities)) == (16, 1)


def test_a_long_enough_week_with_unknown_hours_comes_after_one_that_can_be_placed():
    known = match("connu", "Mo-Fr 09:00-12:00", 15)
    unknown = match("inconnu", None, 15, km=0)
    assert best_week([unknown, known]).sessions is not None
    alone = best_week([unknown])
    assert (alone.hours, alone.sessions) == (15, None)


def test_a_short_week_is_told_short_and_no_volume_means_no_week():
    plan = best_week([match("atelier", "We 14:00-17:00", 3)])
    assert (plan.hours, plan.is_enough) == (3, False)
    assert best_week([match("atelier", "We 14:00-17:00")]) is None
    assert best_week([match("faux", "We 14:00-15:00", 3)]) is None
