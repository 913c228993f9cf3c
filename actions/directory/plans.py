"""Places that fit together: a course and a childcare place, and a week of activities.

Only what is known is computed: hours in OpenStreetMap's syntax that are the same every week, and
`volume_horaire_hebdomadaire`. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from actions.directory.geography import distance_km
from actions.directory.models import Service
from actions.directory.schemas import Match
from actions.directory.words import typical_week

DAY = 24 * 60  # minutes
LEAST_COMMON = 60  # minutes that a course and a childcare place must share to fit together
WEEK_HOURS = 15.0  # of the contrat d'engagement (law of 18 December 2023)
MOST_HOURS = 20.0
MOST_ACTIVITIES = 4
BETWEEN_PLACES = 30  # minutes kept to go from an activity to another on the same day
LEAST_SESSION = 60  # minutes: a shorter piece of an activity is not worth the way

MOST_TRIED = 400  # choices placed in a week before giving up: a tenth of a second

Chosen = tuple[Match, ...]
Minutes = tuple[int, int]  # from Monday at midnight
Weeks = Mapping[str, list[Minutes] | None]  # of each activity, by id; None when unknown
Point = tuple[float, float]


def weekly_minutes(service: Service) -> list[Minutes] | None:
    """When a service is open each week, in minutes from Monday midnight; None when unknown."""
    expression = service.horaires_accueil or service.structure.horaires_accueil
    week = typical_week(expression) if expression else None
    if not week or not any(week):
        return None
    spans = []
    for day, hours in enumerate(week):
        for opens, closes in hours:
            start = day * DAY + opens.hour * 60 + opens.minute
            spans.append((start, start + int((closes - opens).total_seconds()) // 60))
    return sorted(spans)


def common_minutes(one: Sequence[Minutes], other: Sequence[Minutes]) -> list[Minutes]:
    """What two weeks share, in pieces of an hour at least."""
    shared = (
        (max(start, other_start), min(end, other_end))
        for start, end in one
        for other_start, other_end in other
    )
    return sorted((start, end) for start, end in shared if end - start >= LEAST_COMMON)


@dataclass(frozen=True)
class Pair:
    """A course and a childcare place: the way in km, and the hours they share (None: unknown)."""

    course: Match
    childcare: Match
    way_km: float
    common: list[Minutes] | None


def best_pair(
    courses: Iterable[Match], childcares: Sequence[Match], home: Point | None
) -> Pair | None:
    """The pair with the shortest way from home to the childcare place, then to the course.

    Those whose hours are known to meet come first; those whose hours are known not to are left out.
    """
    pairs = (
        pair
        for course in courses
        for childcare in childcares
        if (pair := _pair(course, childcare, home))
    )
    return min(
        pairs,
        key=lambda p: (p.common is None, p.way_km, p.course.record.id, p.childcare.record.id),
        default=None,
    )


def _pair(course: Match, childcare: Match, home: Point | None) -> Pair | None:
    lesson, care = course.record, childcare.record
    if not isinstance(lesson, Service) or not isinstance(care, Service):
        return None
    between = distance_km(*_point(care), *_point(lesson))
    start = distance_km(*home, *_point(care)) if home else 0.0
    if between is None or start is None:
        return None
    hours, care_hours = weekly_minutes(lesson), weekly_minutes(care)
    common = common_minutes(hours, care_hours) if hours and care_hours else None
    if common == []:
        return None
    return Pair(course, childcare, start + between, common)


def _point(service: Service) -> tuple[float | None, float | None]:
    return service.lieu_latitude, service.lieu_longitude


@dataclass(frozen=True)
class Session:
    """One piece of an activity in the week, in minutes from Monday midnight."""

    match: Match
    start: int
    end: int


@dataclass(frozen=True)
class WeekPlan:
    """Activities whose weekly hours add up to `hours`.

    `sessions` places them in the week; None where hours of some are unknown. `placed` are those
    whose hours are wider than their volume: where they fall inside is our proposal, not a fact.
    """

    activities: tuple[Match, ...]
    hours: float
    sessions: tuple[Session, ...] | None
    placed: tuple[Match, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Whether the hours reach those of the contract."""
        return self.hours >= WEEK_HOURS


def best_week(matches: Sequence[Match]) -> WeekPlan | None:
    """The activities that come nearest to 15 hours a week; None where no volume is known.

    First those that can all be placed in the week without clash; else, where no such week is long
    enough, those whose volumes add up though some hours are unknown. Never over 20 hours.
    """
    known = [match for match in matches if _volume(match)]
    weeks = {match.record.id: _week_of(match) for match in known}
    choices = [
        chosen
        for count in range(1, MOST_ACTIVITIES + 1)
        for chosen in combinations(known, count)
        if sum(map(_volume, chosen)) <= MOST_HOURS
    ]
    choices.sort(key=_rank)
    enough = [chosen for chosen in choices if _hours(chosen) >= WEEK_HOURS]
    short = choices[len(enough) :]
    plans = (_first_placed(enough, weeks), _unplaced(enough, weeks), _first_placed(short, weeks))
    return next((plan for plan in plans if plan), None) or _unplaced(short, weeks)


def _rank(chosen: Chosen) -> tuple[bool, float, int, float, str]:
    """Long enough first, then the nearest to 15 hours; few and near places before others."""
    hours = _hours(chosen)
    far = sum(match.distance_km or 0.0 for match in chosen)
    names = " ".join(match.record.id for match in chosen)
    return (hours < WEEK_HOURS, abs(hours - WEEK_HOURS), len(chosen), far, names)


def _hours(chosen: Chosen) -> float:
    return sum(map(_volume, chosen))


def _volume(match: Match) -> float:
    """Hours a week, 0 when unknown."""
    record = match.record
    return (record.volume_horaire_hebdomadaire or 0.0) if isinstance(record, Service) else 0.0


def _week_of(match: Match) -> list[Minutes] | None:
    return weekly_minutes(match.record) if isinstance(match.record, Service) else None


def _first_placed(choices: Iterable[Chosen], weeks: Weeks) -> WeekPlan | None:
    """The first of these choices that can be placed in a week without clash."""
    placeable = (c for c in choices if all(weeks[match.record.id] for match in c))
    tried = (_placed(chosen, weeks) for chosen in islice(placeable, MOST_TRIED))
    return next((plan for plan in tried if plan), None)


def _unplaced(choices: Iterable[Chosen], weeks: Weeks) -> WeekPlan | None:
    """The first of these choices where some hours are unknown."""
    unknown = (c for c in choices if any(weeks[match.record.id] is None for match in c))
    return next((WeekPlan(chosen, _hours(chosen), None) for chosen in unknown), None)


def _placed(chosen: Chosen, weeks: Weeks) -> WeekPlan | None:
    """These activities in the week; None when they clash."""
    free = {match.record.id: weeks[match.record.id] or [] for match in chosen}
    # Those with the least choice first: their hours are what they are.
    slack = {
        match.record.id: _length(free[match.record.id]) - round(_volume(match) * 60)
        for match in chosen
    }
    sessions: list[Session] = []
    for match in sorted(chosen, key=lambda m: (slack[m.record.id], m.record.id)):
        placed = _place(match, free[match.record.id], sessions)
        if placed is None:
            return None
        sessions += placed
    freely = tuple(match for match in chosen if slack[match.record.id] > 0)
    sessions.sort(key=lambda session: session.start)
    return WeekPlan(chosen, _hours(chosen), tuple(sessions), freely)


def _place(match: Match, week: Sequence[Minutes], taken: Sequence[Session]) -> list[Session] | None:
    """The first free hours of a week, up to the volume; None when there are not enough."""
    left = round(_volume(match) * 60)
    placed = []
    for start, end in _free(week, taken):
        length = min(left, end - start)
        if length < min(LEAST_SESSION, left):
            continue
        placed.append(Session(match, start, start + length))
        left -= length
        if left == 0:
            return placed
    return None


def _free(week: Sequence[Minutes], taken: Sequence[Session]) -> Iterator[Minutes]:
    """What is left of these spans once the sessions and the ways to them are taken out."""
    busy = sorted((s.start - BETWEEN_PLACES, s.end + BETWEEN_PLACES) for s in taken)
    for start, end in week:
        for busy_start, busy_end in busy:
            if busy_end <= start or busy_start >= end:
                continue
            if busy_start > start:
                yield start, busy_start
            start = max(start, busy_end)
        if start < end:
            yield start, end


def _length(week: Iterable[Minutes]) -> int:
    return sum(end - start for start, end in week)
