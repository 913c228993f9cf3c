"""The conversation as a page without script: the same answers, plain links and forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from channels.rasa import Button, Message
from channels.web.api import REPORT_REASONS
from channels.web.languages import FRENCH, RIGHT_TO_LEFT, words

PARIS = ZoneInfo("Europe/Paris")
QUICK_EXIT = "https://meteofrance.com/"
# A phone's keyboard takes its room from the page instead of covering the field.
VIEWPORT = "width=device-width, initial-scale=1, interactive-widget=resizes-content"
LINKS = ("http", "https", "tel", "mailto", "sms")
NAME, PURPOSE, SMS = 150, 180, 600  # characters shown at most
FIELD = 4000  # characters; what is too long for Jalon still comes back to be shortened
REASON_WORDS = ("phone", "address", "hours", "wrongClosed", "wrongOther")
# Ten digits, an emergency number, « le 15 » but not « le 15 mars »: as in jalon.js.
PHONES = re.compile(
    r"(?<![^\W_])(?:(?P<long>0[1-9](?:[ .\u00a0\u202f]?\d{2}){4})"
    r"|(?P<short>112|114|115|119|3114|3919)|(?:(?<=le )|(?<=Le ))(?P<urgent>15|17|18))"
    r"(?![\d:,]\d| ?(?:h(?![^\W\d_])|heure|janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)"
    r"|,? (?:rue|avenue|boulevard|place|allée|chemin|route|quai|impasse|cours|square))(?!\d)"
)


@dataclass
class Entry:
    """Something said: by the person (`text`), or by Jalon (`message`); `at` is an ISO moment."""

    speaker: str
    at: str
    text: str = ""
    message: Message | None = None

    @property
    def buttons(self) -> list[Button]:
        """The choices it offered."""
        return self.message["buttons"] if self.message else []


@dataclass
class Page:
    """What the page shows, and what its form sends back."""

    language: str
    policy_url: str = ""
    token: str = ""
    history: str = ""
    id: str = ""
    entries: list[Entry] = field(default_factory=list)
    notice: str = ""
    draft: str = ""
    paused: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        """The interface's words in the page's language."""
        return words()[self.language]


def render(page: Page) -> str:
    """The whole page; a browser with scripts puts the widget in the place of the form."""
    said = page.words
    direction = "rtl" if page.language in RIGHT_TO_LEFT else "ltr"
    return f"""<!doctype html>
<html lang="{page.language}" dir="{direction}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="{VIEWPORT}">
  <title>{escape(said["conversation"])}</title>
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/chat.css">
  <script src="/jalon.js" defer></script>
</head>
<body>
  <main>
    <h1>{escape(said["conversation"])}</h1>
    <jalon-chat lang="{page.language}">
      <p class="exit"><button form="chat" name="leave">{escape(said["quickExit"])}</button></p>
      <form method="post" action="/chat#dernier" id="chat">
        {_hidden(page)}
        {_turns(page)}
        {_notice(page)}
        {"" if page.paused else _writing(page)}
      </form>
      <p class="links">{_languages()}</p>
      <p class="links">
        {_link(page.policy_url, said["privacy"])}
        <a href="/accessibilite">{escape(said["accessibility"])}</a>
      </p>
    </jalon-chat>
  </main>
</body>
</html>
"""


def elsewhere() -> str:
    """The page that leads away, in one step that the browser does not go back to."""
    return f"""<!doctype html>
<html lang="fr">
<head>
  <meta charset="utf-8">
  <meta http-equiv="refresh" content="0; url={QUICK_EXIT}">
  <title>Météo</title>
</head>
<body><p><a href="{QUICK_EXIT}">Météo</a></p></body>
</html>
"""


def _hidden(page: Page) -> str:
    fields = {"token": page.token, "id": page.id, "history": page.history, "lang": page.language}
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )


def _turns(page: Page) -> str:
    last = len(page.entries) - 1
    spoken = [i for i, entry in enumerate(page.entries) if entry.speaker == "you"]
    shown = spoken[-1] if spoken else 0
    return "\n".join(
        _turn(page, entry, 'id="dernier"' if i == shown else "", i == last)
        for i, entry in enumerate(page.entries)
    )


def _turn(page: Page, entry: Entry, mark: str, is_last: bool) -> str:
    said = page.words
    who = said["you"] if entry.speaker == "you" else "Jalon"
    at = f"{datetime.fromisoformat(entry.at).astimezone(PARIS):%H:%M}"
    head = f'<p class="who">{escape(who)} <time datetime="{escape(entry.at)}">{at}</time></p>'
    body = _answer(said, entry.message) if entry.message else _bubble(entry.text, "")
    choices = _choices(entry.buttons) if is_last and not page.paused else ""
    return f'<div class="turn from-{entry.speaker}" {mark}>{head}{body}{choices}</div>'


def _bubble(text: str, language: str, more: str = "") -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return ""
    attribute = f' lang="{escape(language)}"' if language else ""
    return f'<div class="bubble"{attribute}>{"".join(map(_line, lines))}{more}</div>'


def _line(text: str) -> str:
    parts, done = [], 0
    for match in PHONES.finditer(text):
        number = match["long"] or match["short"] or match["urgent"]
        start = match.end() - len(number)
        scheme = "sms" if number == "114" else "tel"
        parts += [escape(text[done:start]), f'<a href="{scheme}:{_dialled(number)}">{number}</a>']
        done = match.end()
    return f'<p dir="auto">{"".join(parts)}{escape(text[done:])}</p>'


def _choices(buttons: Iterable[Button]) -> str:
    return "".join(
        f'<button name="payload" value="{escape(button["payload"])}" dir="auto">'
        f"{escape(button['title'])}</button> "
        for button in buttons
    )


def _answer(said: Mapping[str, str], message: Message) -> str:
    custom = message["custom"]
    language = custom.get("langue") or FRENCH
    results = custom.get("results")
    if not isinstance(results, list) or not results:
        policy = _link(custom.get("politique"), said["privacy"])
        return _bubble(message["text"], language, f"<p>{policy}</p>" if policy else "")
    many = len(results) > 1
    cards = "".join(
        f"<li>{_card(said, record, number if many else 0)}</li>"
        for number, record in enumerate(results, start=1)
    )
    intro, suite = custom.get("intro") or message["text"], custom.get("suite") or ""
    return f'{_bubble(intro, language)}<ol class="cards">{cards}</ol>{_bubble(suite, language)}'


def _card(said: Mapping[str, str], record: Mapping[str, Any], number: int) -> str:
    name = shorten(record.get("nom"), NAME)
    title = f"{number}. {name}" if number else name
    return "".join(
        (
            f'<article class="card"><h2 dir="auto" lang="fr">{escape(title)}</h2>',
            _paragraph(_place(said, record), 'class="meta"'),
            _paragraph(_state(record), 'class="now" lang="fr"'),
            _paragraph(record.get("pourquoi") or _first_sentence(record.get("description"))),
            _facts(said, record),
            _paragraph(shorten(record.get("acces"), PURPOSE)),
            _open_now(said, record),
            _paragraph(record.get("valable_texte") or ""),
            _contacts(said, record),
            "".join(_line(line) for line in _advice(record)),
            _reasons(said, record),
            _paragraph(_dated(said, record), 'class="meta"'),
            f"<p>{_link(record.get('source'), said['source'], name)}</p>",
            _keep(said, record, name),
            "</article>",
        )
    )


def _paragraph(text: str, attributes: str = 'lang="fr"') -> str:
    return f'<p dir="auto" {attributes}>{escape(text)}</p>' if text else ""


def _state(record: Mapping[str, Any]) -> str:
    """« Annulé : n'y allez pas. »: the first advice of an event that is not as planned."""
    advice = record.get("avertissements") or [""]
    return str(advice[0]) if record.get("statut") else ""


def _place(said: Mapping[str, str], record: Mapping[str, Any]) -> str:
    partner = record.get("service") if record.get("kind") == "offre" else None
    km, parts = record.get("distance_km"), [partner, record.get("commune")]
    if isinstance(km, int | float) and km >= 1:
        distance = said["about" if record.get("distance_approchee") else "distance"]
        parts.append(distance.replace("{km}", str(round(km))))
    return ", ".join(str(part) for part in parts if part)


def _fact_pairs(said: Mapping[str, str], record: Mapping[str, Any]) -> list[tuple[str, str]]:
    hours = record.get("horaires_texte") or record.get("horaires")
    when, soon = record.get("quand"), record.get("quand_relatif")
    pairs = (
        (said["when"], f"{soon} ({when})" if soon else when),
        (said["address"], record.get("adresse")),
        (said["hours"], hours),
        (said["price"], record.get("frais")),
    )
    return [(term, str(value)) for term, value in pairs if value]


def _facts(said: Mapping[str, str], record: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<div><dt>{escape(term)}</dt><dd dir="auto" lang="fr">{escape(value)}</dd></div>'
        for term, value in _fact_pairs(said, record)
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _open_now(said: Mapping[str, str], record: Mapping[str, Any]) -> str:
    """Said whole in French, in short elsewhere."""
    opening = record.get("ouverture") or {}
    short = {"ouvert": said["openNow"], "ferme": said["closedNow"]}.get(str(opening.get("etat")))
    if said is words()[FRENCH] or not short:
        return _paragraph(str(opening.get("texte") or ""), 'class="now" lang="fr"')
    return _paragraph(short, 'class="now"')


def _contacts(said: Mapping[str, str], record: Mapping[str, Any]) -> str:
    name = shorten(record.get("nom"), NAME)
    links = []
    if number := _dialled(record.get("telephone")):
        links.append(_link(f"tel:{number}", f"{said['call']} {_readable(number)}", name))
    email = str(record.get("courriel") or "")
    if re.fullmatch(r"[^\s@<>?&]+@[^\s@<>?&]+", email):
        links.append(_link(f"mailto:{email}", f"{said['write']} {email}"))
    links.append(_link(record.get("rendez_vous"), said["book"], name))
    links.append(_link(record.get("site"), said["site"], name))
    links.append(_link(record.get("trajet"), said["route"], name))
    if record.get("agenda"):
        links.append(f'<a href="/{escape(str(record["agenda"]))}">{escape(said["calendar"])}</a>')
    return f'<p class="actions">{" ".join(filter(None, links))}</p>' if any(links) else ""


def _link(href: object, label: str, name: str = "") -> str:
    if not isinstance(href, str) or urlsplit(href).scheme not in LINKS:
        return ""
    about = f'<span class="hidden"> : {escape(name)}</span>' if name else ""
    return f'<a href="{escape(href)}" rel="noreferrer">{escape(label)}{about}</a>'


def _advice(record: Mapping[str, Any]) -> list[str]:
    known = (words()[FRENCH]["dateUnknown"], _state(record))
    lines = [str(line) for line in record.get("avertissements") or () if line not in known]
    return [*lines, str(record["conseil"])] if record.get("peut_y_aller") else lines


def _reasons(said: Mapping[str, str], record: Mapping[str, Any]) -> str:
    why = ", ".join(map(str, record.get("raisons") or ()))
    spoken = f'<span lang="fr" dir="auto">{escape(why)}.</span>'
    return f"<p>{escape(said['why'])} : {spoken}</p>" if why else ""


def _dated(said: Mapping[str, str], record: Mapping[str, Any]) -> str:
    words_of_date = str(record.get("date_texte") or "")
    if said is words()[FRENCH]:
        age = record.get("age_texte")
        date = f"{words_of_date} ({age})" if age else words_of_date
    else:  # no more than is known: « d'août 2024 » is a month, « de 2024 » a year
        month_only = 4 if re.fullmatch(r"de \d+", words_of_date) else 7
        known = 10 if words_of_date.startswith("du ") else month_only
        date = str(record.get("date_maj") or "")[:known]
    return said["dated"].replace("{date}", date) if date else said["dateUnknown"]


def _keep(said: Mapping[str, str], record: Mapping[str, Any], name: str) -> str:
    """Send it to oneself, or say that it is wrong."""
    signed = escape(str(record.get("signaler") or ""))
    options = "".join(
        f'<option value="{reason}">{escape(said[word])}</option>'
        for reason, word in zip(REPORT_REASONS, REASON_WORDS, strict=True)
    )
    body = quote(shorten(_as_text(said, record), SMS), safe="")
    return (
        f'<details><summary>{escape(said["more"])}<span class="hidden"> : {escape(name)}</span>'
        f"</summary><p>{_link(f'sms:?&body={body}', said['sms'], name)}</p>"
        f"<p><label>{escape(said['wrongAsk'])} "
        f'<select name="reason-{signed}">{options}</select></label> '
        f'<button name="report" value="{signed}">{escape(said["wrong"])}</button>'
        "</p></details>"
    )


def _as_text(said: Mapping[str, str], record: Mapping[str, Any]) -> str:
    number = _dialled(record.get("telephone"))
    lines = [
        str(record.get("nom") or ""),
        _place(said, record),
        _state(record),
        *(f"{term} : {value}" for term, value in _fact_pairs(said, record)),
        str(record.get("acces") or ""),
        f"{said['phone']} : {_readable(number)}" if number else "",
        _dated(said, record),
    ]
    return "\n".join(filter(None, lines))


def _notice(page: Page) -> str:
    lines = "".join(_line(line) for line in page.notice.split("\n"))
    return f'<div class="notice" role="status">{lines}</div>' if page.notice else ""


def _writing(page: Page) -> str:
    said = page.words
    return (
        f'<label for="text">{escape(said["label"])}</label>'
        f'<textarea id="text" name="text" rows="2" maxlength="{FIELD}" dir="auto" '
        f'aria-describedby="rule">'
        f"\n{escape(page.draft)}</textarea>"
        f'<button class="primary">{escape(said["send"])}</button>'
        f'<p id="rule" class="meta">{escape(said["notice"])}</p>'
    )


def _languages() -> str:
    return " ".join(
        f'<a href="/chat?lang={code}" lang="{code}" hreflang="{code}">{escape(said["name"])}</a>'
        for code, said in words().items()
    )


def _dialled(phone: object) -> str:
    digits = re.sub(r"[^\d+]", "", str(phone or ""))
    if not re.fullmatch(r"\+?\d{2,15}", digits):
        return ""
    return re.sub(r"^0(?=\d{9}$)", "+33", digits)


def _readable(number: str) -> str:
    digits = re.sub(r"^\+33(?=\d{9}$)", "0", number)
    return "\u00a0".join(re.findall(r"\d\d", digits)) if len(digits) == 10 else digits


def shorten(text: object, limit: int) -> str:
    """At most `limit` characters, on one line unless it is an SMS, without the half of a word."""
    flat = " ".join(str(text or "").split()) if limit != SMS else str(text or "")
    return flat if len(flat) <= limit else f"{flat[:limit].rsplit(' ', 1)[0]}…"


def _first_sentence(text: object) -> str:
    match = re.match(r".*?[.!?](?=\s|$)", str(text or "").strip(), re.S)
    return shorten(match[0] if match else text, PURPOSE)
