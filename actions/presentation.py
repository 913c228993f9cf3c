"""How a record of the directory is told: advice before a trip, and lines of plain text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from actions import french, risk, texts
from actions.directory.words import phone_in_words
from actions.moments import is_fresh

OUTDATED_YEARS = 3
SHARED_HOST = "github.com"  # where the owner says more than the site


def warnings(record: Mapping[str, Any], today: date, desk: Mapping[str, Any] | None) -> list[str]:
    """Advice that spares a useless trip.

    Args:
        record: a result as in `custom.results`, with its `date_maj` (ISO) or None.
        today: the day of the question.
        desk: the nearest place with a phone that can check, for records without phone or e-mail.
    """
    state = record.get("statut")
    if state in texts.EVENT_STATES and state != "complet":
        return [texts.EVENT_STATES[state]]
    known = record["date_maj"]
    day = date.fromisoformat(known) if known else None
    said = [texts.EVENT_STATES[state]] if state else []
    if day is None:
        said.append(texts.DATE_UNKNOWN)
    elif _years_between(day, today) >= OUTDATED_YEARS:
        said.append(texts.OUTDATED.format(year=day.year))
    if record.get("signale"):
        said.append(texts.REPORTED)
    if not is_fresh(day, today) or record.get("signale") or _may_be_shut(record):
        said.append(_check_first(record, desk))
    elif record.get("accueil") == risk.APPOINTMENT:
        said.append(texts.BOOK_FIRST)
    elif record.get("accueil") == risk.REFERRED:
        said.append(texts.REFERRED_FIRST)
    return said


def _may_be_shut(record: Mapping[str, Any]) -> bool:
    """Whether nothing tells that a visitor would be received: no hours to read, no way to come."""
    unreadable = not record["horaires"] or record.get("horaires_lisibles") is False
    return unreadable or (record.get("kind") == "service" and record.get("accueil") is None)


def _years_between(day: date, today: date) -> int:
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))


def _check_first(record: Mapping[str, Any], desk: Mapping[str, Any] | None) -> str:
    if record["telephone"]:
        return texts.CALL_FIRST
    if record["courriel"]:
        return texts.WRITE_FIRST.format(email=record["courriel"])
    if desk and desk["telephone"] and desk["id"] != record["id"]:
        return texts.CHECK_WITH.format(name=desk["nom"], phone=phone_in_words(desk["telephone"]))
    return texts.CHECK_UNKNOWN


def distance(record: Mapping[str, Any]) -> str:
    """« à 3 km », « à environ 3 km », or nothing when unknown or under a kilometre."""
    km = record.get("distance_km")
    if km is None or km < 1:
        return ""
    return f"à environ {round(km)} km" if record.get("distance_approchee") else f"à {round(km)} km"


def lines(record: Mapping[str, Any], number: int | None = None, whole: bool = False) -> list[str]:
    """One result as lines of text, numbered in a list; `whole` tells everything."""
    partner = record.get("service") if record.get("kind") == "offre" else None
    town = record["commune"]
    town = None if town and record["nom"].endswith(f"({town})") else town  # said by the name
    where = ", ".join(filter(None, (partner, town, distance(record))))
    name = record["nom"] + (f" ({where})" if where else "")
    said = [f"{number}. {name}" if number else name]
    said += state(record)
    said += _labelled("Quand", when(record))
    said += _purpose(record, whole)
    said += _labelled("Adresse", record.get("adresse"))
    if record.get("telephone"):
        said += _labelled("Téléphone", phone_in_words(record["telephone"]))
    if record.get("courriel") and (whole or not record.get("telephone")):
        said += _labelled("E-mail", record["courriel"])
    said += _hours(record)
    said += _labelled("Prix", record.get("frais"))
    said += _labelled("Rendez-vous", record.get("rendez_vous"))
    said += [record["valable_texte"]] if record.get("valable_texte") else []
    if whole:
        said += _labelled("Comment faire", record.get("acces"))
        said += _labelled("Site", record.get("lien"))
        said += _labelled("Source", _origin(record.get("source")))
    said.append(" ".join(_date_and_advice(record)))
    return said


def state(record: Mapping[str, Any]) -> list[str]:
    """« Annulé : n'y allez pas. », which must be read before the rest; nothing most of the time."""
    known = texts.EVENT_STATES.get(record.get("statut") or "")
    return [known] if known and known in record["avertissements"] else []


def when(record: Mapping[str, Any]) -> str | None:
    """« demain à 9 h (mardi 24 novembre 2026 de 9 h à 12 h) »; None for what is no event."""
    whole: str | None = record.get("quand")
    if whole and record.get("quand_relatif"):
        return texts.EVENT_WHEN.format(soon=record["quand_relatif"], whole=whole)
    return whole


def _date(record: Mapping[str, Any]) -> str | None:
    """« du 1er août 2024 (il y a 2 ans) »; None when the date is unknown."""
    day: str | None = record.get("date_texte")
    if day and record.get("age_texte"):
        return texts.DATE_WITH_AGE.format(date=day, age=record["age_texte"])
    return day


def field(record: Mapping[str, Any], name: str) -> str | None:
    """One thing asked of a record (entity `champ`) in words; None when it is not known."""
    told = {
        "date": when(record),
        "distance": distance(record) or (record["commune"] and french.at_place(record["commune"])),
        "acces": record["acces"] or record.get("rendez_vous"),
        "telephone": record["telephone"] and phone_in_words(record["telephone"]),
        "horaires": record.get("horaires_texte") or record["horaires"],
        "rendez_vous": texts.WELCOMES.get(record.get("accueil") or ""),
        "source": _date(record) and _sourced(record),
    }
    value: str | None = told[name] if name in told else record.get(name)
    return value


def _sourced(record: Mapping[str, Any]) -> str:
    """« information du 1er août 2024 (il y a 2 ans), seinesaintdenis.fr »."""
    dated = texts.DATE_OF.format(date=_date(record)).rstrip(".")
    return ", ".join(filter(None, (dated[:1].lower() + dated[1:], _origin(record.get("source")))))


def _purpose(record: Mapping[str, Any], whole: bool) -> list[str]:
    """Why this place, else what one finds there, in one sentence; all of it when `whole`."""
    description = record.get("description") or ""
    if whole:
        return [record["pourquoi"], description] if record.get("pourquoi") else [description]
    return [record.get("pourquoi") or french.first_sentence(description)]


def _hours(record: Mapping[str, Any]) -> list[str]:
    """The week, then what it says of now."""
    opening = record.get("ouverture")
    said = _labelled(texts.HOURS, record.get("horaires_texte") or record.get("horaires"))
    return said + ([opening["texte"]] if opening else [])


def _origin(source: str | None) -> str:
    """The site that says so, « seinesaintdenis.fr », « github.com/anct-carto »: the web page has
    the whole address as a link; in a text nobody could type it.
    """
    address = urlsplit(source or "")
    host = address.netloc.removeprefix("www.")
    return f"{host}/{address.path.split('/')[1]}" if host == SHARED_HOST else host


def _labelled(label: str, value: str | None) -> list[str]:
    return [f"{label} : {value}"] if value else []


def _date_and_advice(record: Mapping[str, Any]) -> list[str]:
    """« Information du 1er juin 2019, peut-être dépassée. », then the advice."""
    advice = [said for said in record["avertissements"] if said not in state(record)]
    day = _date(record)
    if day:
        outdated = texts.OUTDATED.format(year=(record["date_maj"] or "")[:4])
        template = texts.DATE_OF_OUTDATED if outdated in advice else texts.DATE_OF
        advice = [said for said in advice if said != outdated]
        advice.insert(0, template.format(date=day))
    if record.get("peut_y_aller"):
        advice.append(record["conseil"])
    return advice
