"""Events of an iCalendar file (RFC 5545), recurrences expanded for twelve months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from zoneinfo import ZoneInfo

from actions.directory.sources.files import BadFileError, Unreadable

Record = dict[str, Any]
# The commune of a text that holds a postal code: (INSEE code, name), or None.
FindCommune = Callable[[str, str], tuple[str, str] | None]

PARIS = ZoneInfo("Europe/Paris")
MONTHS_AHEAD = timedelta(days=366)
LARGEST = 20_000_000  # bytes; a calendar is read whole
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
DATES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
STATUSES = {"CANCELLED": "annule"}
POSTAL_CODE = re.compile(r"\b(\d{5})\b\s*,?\s*([^,\d\n]*)")


def read_calendar(
    raw: IO[bytes], name: str, find_commune: FindCommune, today: date | None = None
) -> Iterator[Record | Unreadable]:
    """Each time of each event from today to twelve months ahead, as in `evenements.json`.

    Neither organisers nor attendees are read: they are persons.

    Raises:
        BadFileError: not a whole calendar.
    """
    # Loaded here: only this kind of file needs them.
    import recurring_ical_events
    from icalendar import Calendar

    content = raw.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadFileError(f"{name}: a calendar of more than {LARGEST // 1_000_000} MB")
    if not content.rstrip().endswith(b"END:VCALENDAR"):
        raise BadFileError(f"{name}: it is cut: a calendar ends with END:VCALENDAR")
    try:
        calendar = Calendar.from_ical(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFileError(f"{name}: not UTF-8 text ({error.reason})") from error
    except (ValueError, IndexError, KeyError) as error:
        raise BadFileError(
            f"{name}: not a valid calendar ({' '.join(str(error).split())})"
        ) from error
    start = datetime.combine(today or date.today(), time.min, PARIS)
    yield from _remove_unusable(calendar)
    try:
        times = recurring_ical_events.of(calendar, skip_bad_series=True).between(
            start, start + MONTHS_AHEAD
        )
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise BadFileError(f"{name}: dates that cannot be read ({error})") from error
    for event in sorted(times, key=lambda event: str(event.get("UID", ""))):
        yield _record(event, find_commune)


def _remove_unusable(calendar: Any) -> Iterator[Unreadable]:
    """Take out the events whose dates cannot be read, or that would come every hour or more."""
    for event in list(calendar.subcomponents):
        if event.name != "VEVENT":
            continue
        uid = _text(event, "UID") or ""
        wrong = [name for name, _ in event.errors if name in DATES]
        if wrong or "DTSTART" not in event:
            calendar.subcomponents.remove(event)
            yield Unreadable(f"{(wrong or ['DTSTART'])[0]}: missing, or not as iCalendar asks", uid)
            continue
        rule = event.get("RRULE")
        rules = rule if isinstance(rule, list) else [rule] if rule else []
        often = {str(value).upper() for rule in rules for value in rule.get("FREQ", [])}
        by_hour = any(len(rule.get("BYHOUR", [])) > 4 or rule.get("BYMINUTE") for rule in rules)
        if often & TOO_OFTEN or by_hour:
            calendar.subcomponents.remove(event)
            yield Unreadable("an event that comes more than a few times a day", uid)


def _record(event: Any, find_commune: FindCommune) -> Record:
    begin = event.decoded("DTSTART")
    end = event.decoded("DTEND", None)
    whole_day = not isinstance(begin, datetime)
    if whole_day and end and end > begin:
        end -= timedelta(days=1)  # the end of a whole day is the day after
    location = _text(event, "LOCATION")
    code, commune = _commune(location, find_commune)
    moment = _local(begin)
    uid = _text(event, "UID") or f"{_text(event, 'SUMMARY')}-{moment.isoformat()}"
    last = _local(end) if end else None
    return {
        "id": f"{uid}--{moment:%Y%m%dT%H%M}",
        "nom": _text(event, "SUMMARY"),
        "type": (_text(event, "CATEGORIES") or "").lower() or None,
        "debut": moment,
        "fin": last if last and last > moment else None,
        "lieu": location,
        "commune": commune,
        "code_insee": code,
        "description": _text(event, "DESCRIPTION"),
        "statut": STATUSES.get((_text(event, "STATUS") or "").upper()),
        "source": _text(event, "URL"),
    }


def _text(event: Any, name: str) -> str | None:
    value = event.get(name)
    if value is None:
        return None
    if isinstance(value, list):
        value = value[0]
    if hasattr(value, "cats"):
        return str(value.cats[0]).strip() if value.cats else None
    return str(value).strip() or None


def _local(moment: date | datetime) -> datetime:
    """The wall clock of Paris, without its zone; midnight for a whole day."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time.min)
    return (moment.astimezone(PARIS) if moment.tzinfo else moment).replace(tzinfo=None)


def _commune(location: str | None, find: FindCommune) -> tuple[str | None, str | None]:
    for postal_code, town in POSTAL_CODE.findall(location or ""):
        if found := find(postal_code, town.strip()):
            return found
    return None, None
