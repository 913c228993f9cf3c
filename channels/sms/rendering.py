"""How an answer is told by SMS: short, numbered, in pages that the person asks for one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from channels import texts
from channels.rasa import Message
from channels.sms.commands import bare
from channels.sms.segments import UCS2, count, encoding, plain

ORDINARY = 2  # segments
DISTRESS = 3  # segments
MAX_PAGES = 8
_MORE_PAYLOAD = "/plus"
_TYPED_PAYLOADS = (_MORE_PAYLOAD, "/autre_ville")  # by SMS, one writes SUITE, or a town
LONG_INTRO = 110  # characters: beyond, only its first sentence comes before the places
_EMERGENCY = re.compile(r"(?<!\d)(?:15|17|18|112|114|115|119|3114|3919)(?!\d| h)")
_SEARCHED = re.compile(r"J'ai cherché (.+?)\. Voici ce que j'ai trouvé :")
_HIDDEN_LINES = ("Source :", "Site :")
_LABELS = (("Téléphone : ", "Tél. "), ("Adresse : ", ""), ("E-mail : ", ""))
_PRACTICAL = (
    *(f"{label} :" for label in ("Quand", "Adresse", "Téléphone", "E-mail", "Horaires")),
    *("Rendez-vous :", "Annulé", "Reporté", "Complet", "C'est terminé"),
)
_DATED = ("Information d", "Date de l'information")
_LAST_WORDS = re.compile(r"( (de|des|du|la|le|les|l'|d'|et|à|pour|en|aux?|-|–))+$")
_SENTENCE = re.compile(r"(?<=[.!?…؟。])\s+")


@dataclass(frozen=True)
class Detail:
    """How much is told of each place of a list; `name` in characters."""

    name: int
    address: bool  # even when there is a phone
    street: bool  # when there is no phone


# From the most to the least told: the first that fits is used.
DETAILS = (
    Detail(70, True, True),
    Detail(60, False, True),
    Detail(48, False, True),
    Detail(48, False, False),
    Detail(36, False, False),
)


@dataclass(frozen=True)
class Screen:
    """What is sent now, and what the next words of the person may mean.

    Args:
        pages: the SMS to send now, then those for each « SUITE ».
        choices: what Rasa receives for 1, 2, 3…
        words: what Rasa receives for the title of a choice (`bare`).
        more: what Rasa receives for « SUITE » after the last page, or None.
        urgent: a distress answer.
    """

    pages: tuple[str, ...]
    choices: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    more: str | None = None
    urgent: bool = False


def is_distress(answers: Sequence[Message]) -> bool:
    """Whether the bot heard a distress.

    The action server says it. When it is down the bot answers alone, with an emergency number.
    """
    intents = [intent for answer in answers if (intent := _intent(answer))]
    if intents:
        return any(intent.startswith("urgence") for intent in intents)
    return any(_EMERGENCY.search(answer["text"]) for answer in answers[:1])


def _intent(answer: Message) -> str | None:
    intent = (answer["custom"].get("explication") or {}).get("intent")
    return intent if isinstance(intent, str) else None


def render(answers: Sequence[Message], notice: str = "", link: str | None = None) -> Screen:
    """The answers of one turn as SMS.

    Args:
        notice: what a person must know at first contact; never put before a distress answer.
        link: the site of the place shown, never in a distress answer.
    """
    urgent = is_distress(answers)
    told = [answer for answer in answers if not _is_presentation(answer)]
    pages = _distress(told) if urgent else _shortest(told, notice, link)
    buttons = [button for answer in told for button in answer["buttons"]]
    more = next((b["payload"] for b in buttons if b["payload"] == _MORE_PAYLOAD), None)
    return Screen(
        tuple(pages),
        _choices(told),
        {bare(w): b["payload"] for b in buttons for w in (b["title"], _word(b["title"]))},
        more,
        urgent,
    )


def _shortest(answers: Sequence[Message], notice: str, link: str | None) -> list[str]:
    start = [notice] if notice else []
    end = [f"\n{link}"] if link else []
    # A sentence in another script would take an SMS alone before the answer: it comes after.
    first = [answer for answer in answers if not _in_another_script(answer)] or answers
    after = [answer for answer in answers if answer not in first]
    units: list[str] = []
    for detail in DETAILS:
        units = [*start, *_units(first, detail), *end]
        if len(paginate(units, ORDINARY)) == 1:
            break
    return paginate([*units, *_units(after, DETAILS[0])], ORDINARY)


def _distress(answers: Sequence[Message]) -> list[str]:
    """The numbers first, whole whatever their script; the local contact if there is room."""
    numbers, others = answers[0]["text"], answers[1:]
    limit = max(DISTRESS, count(plain(numbers)))
    units = []
    for answer in others:
        records = _results(answer)
        units += [f"\n{texts.SMS_BY_DAY} {_place(one, DETAILS[0])}" for one in records]
        units += [] if records else _sentences(_text(answer))
    pages = paginate([numbers, *units], limit)
    if pages[0].startswith(plain(numbers)):
        return pages
    return [plain(numbers), *paginate(units, DISTRESS)]


def _is_presentation(answer: Message) -> bool:
    """The bot presents itself before its first answer; by SMS the notice does, shorter."""
    return answer["text"].startswith(texts.BOT_PRESENTS_ITSELF) and not answer["buttons"]


def _in_another_script(answer: Message) -> bool:
    return encoding(plain(answer["text"])) is UCS2


def _choices(answers: Sequence[Message]) -> tuple[str, ...]:
    results = max((_results(answer) for answer in answers), key=len, default=[])
    if len(results) > 1:
        return tuple(f"le {number}" for number in range(1, len(results) + 1))
    return tuple(b["payload"] for answer in answers for b in _listed(answer))


def _results(answer: Message) -> list[dict[str, Any]]:
    results = answer["custom"].get("results")
    return results if isinstance(results, list) else []


def _listed(answer: Message) -> list[Any]:
    return [button for button in answer["buttons"] if button["payload"] not in _TYPED_PAYLOADS]


def _units(answers: Sequence[Message], detail: Detail) -> Iterator[str]:
    """The pieces of an answer that stay whole: a sentence, a result, a choice."""
    for answer in answers:
        results = _results(answer)
        if len(results) > 1:
            yield from _list(answer, results, detail)
        else:
            yield from _sentences(_text(answer))
            yield from _numbered(_listed(answer))


def _text(answer: Message) -> str:
    text, custom = answer["text"], answer["custom"]
    if text.startswith(texts.BOT_PRESENTS_ITSELF):
        return texts.SMS_WHAT_DO_YOU_SEEK
    if len(_results(answer)) != 1:
        return "\n".join(_visible(text))
    intro = custom.get("intro") or ""
    lines = _visible(text.removeprefix(intro).removesuffix(custom.get("suite") or "").strip())
    return "\n".join([_short_intro(intro), *lines[:1], *sorted(lines[1:], key=_rank)])


def _visible(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(_HIDDEN_LINES)]


def _rank(line: str) -> int:
    """What one needs to go there comes first, then how old it is, then what it is."""
    return 0 if line.startswith(_PRACTICAL) else 1 if line.startswith(_DATED) else 2


def _short_intro(intro: str) -> str:
    return _SEARCHED.sub(lambda found: f"{_capital(found[1])} :", intro)


def _list(answer: Message, results: list[dict[str, Any]], detail: Detail) -> Iterator[str]:
    intro = list(_sentences(_short_intro(answer["custom"].get("intro") or "")))
    at_once = 1 if sum(map(len, intro)) > LONG_INTRO else len(intro)
    yield from intro[:at_once]
    for number, record in enumerate(results, start=1):
        yield f"\n{number}. {_place(record, detail)}"
    yield "\n" + texts.SMS_ANSWER_NUMBERS.format(numbers=_either(range(1, len(results) + 1)))
    if any(button["payload"] == _MORE_PAYLOAD for button in answer["buttons"]):
        yield texts.SMS_MORE_PLACES
    if question := _listed(answer):
        yield from _sentences(answer["custom"].get("suite") or "")
        yield texts.SMS_ANSWER_WORDS.format(
            words=_either([_word(one["title"]) for one in question])
        )
    undated = [number for number, one in enumerate(results, start=1) if not one.get("date_maj")]
    if undated:
        yield "\n" + texts.SMS_NO_DATE.format(numbers=_and(undated))
    yield from intro[at_once:]


def _place(record: dict[str, Any], detail: Detail) -> str:
    """One result in one line: name, where, phone, and the date of what is known."""
    name = _short_name(record, detail.name)
    phone = _phone(record.get("telephone"))
    town = record.get("commune")
    street = detail.address or (detail.street and not phone)
    where = (street and record.get("adresse")) or (town if town and town not in name else None)
    state = texts.EVENT_STATES.get(record.get("statut") or "")
    partner = record.get("service") if record.get("kind") == "offre" else None
    told = [state, name, partner, _when(record), where, _distance(record), phone, _date(record)]
    return ", ".join(str(part) for part in told if part)


def _when(record: dict[str, Any]) -> str | None:
    """« ven 27/11 9h-12h30 »; a text message may be read the next day, so never « demain »."""
    if not record.get("debut"):
        return None
    start = datetime.fromisoformat(record["debut"])
    end = datetime.fromisoformat(record["fin"]) if record.get("fin") else start
    first, last = (f"{texts.SHORT_DAYS[day.weekday()]} {day:%d/%m}" for day in (start, end))
    if start.date() != end.date():
        return f"{first} - {last}"
    hours = [_hour(moment) for moment in dict.fromkeys((start, end)) if moment.time() != time()]
    return f"{first} {'-'.join(hours)}" if hours else first


def _hour(moment: datetime) -> str:
    return f"{moment.hour}h{moment:%M}".removesuffix("00")


def _short_name(record: dict[str, Any], length: int) -> str:
    name = str(record.get("nom") or "")
    if len(name) <= length:
        return name
    name = re.split(r"\s[–(]", name)[0]
    if len(name) <= length:
        return name
    return _LAST_WORDS.sub("", name[:length].rsplit(" ", 1)[0])


def _phone(number: str | None) -> str | None:
    if not number:
        return None
    national = "0" + number[3:] if number.startswith("+33") else number
    if re.fullmatch(r"0\d{9}", national):
        return " ".join(national[i : i + 2] for i in range(0, 10, 2))
    return national


def _distance(record: dict[str, Any]) -> str | None:
    km = record.get("distance_km")
    return f"{round(km)} km" if isinstance(km, int | float) and km >= 1 else None


def _date(record: dict[str, Any]) -> str | None:
    known = record.get("date_maj")
    return f"info {known[5:7]}/{known[:4]}" if known else None


def _numbered(buttons: list[Any]) -> Iterator[str]:
    titles = [button["title"] for button in buttons]
    if any(_word(title) == "OUI" for title in titles):
        yield texts.SMS_ANSWER_WORDS.format(words=_either([_word(title) for title in titles]))
        return
    for number, title in enumerate(titles, start=1):
        yield f"\n{number}. {title}"


def _word(title: str) -> str:
    """What to type for a choice: « OUI » for « Oui, une formation »."""
    return title.split(",")[0].upper()


def _either(choices: Sequence[object]) -> str:
    *first, last = map(str, choices)
    return f"{', '.join(first)} ou {last}" if first else last


def _and(numbers: Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} et {last}" if first else last


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        start = "\n"
        for sentence in _SENTENCE.split(_short_label(line.strip())):
            if sentence:
                yield start + sentence
                start = ""


def paginate(units: Sequence[str], limit: int) -> list[str]:
    """Pages of at most `limit` segments, cut between the units wherever possible.

    A unit that begins with a line end starts a line, another follows on the same line. Every page
    but the last one says how to read the next.
    """
    whole = _join("", units)
    text = plain(whole)
    if count(text) <= limit:
        return [text]
    ending = "\n" + texts.SMS_NEXT_PAGE
    pages: list[str] = []
    current, left = "", [plain(unit) for unit in units]
    while left and len(pages) < MAX_PAGES:
        longer = _join(current, left[:1])
        if count(plain(longer + ending)) <= limit:
            current = longer
            left.pop(0)
        elif current:
            pages.append(plain(current + ending))
            current = ""
        else:
            head, tail = _cut(left[0], ending, limit)
            current, left[0] = head, tail
    if current:
        pages.append(plain(current))
    elif pages:
        pages[-1] = pages[-1].removesuffix(plain(ending))
    return pages


def _join(start: str, units: Sequence[str]) -> str:
    text = start
    for unit in units:
        text += unit if unit.startswith("\n") or not text else f" {unit}"
    return text.strip()


def _cut(unit: str, ending: str, limit: int) -> tuple[str, str]:
    """The longest beginning that fits a page, at a word if there is one, and what remains."""
    low, high = 1, len(unit)
    while low < high:
        middle = (low + high + 1) // 2
        if count(plain(unit[:middle] + ending)) <= limit:
            low = middle
        else:
            high = middle - 1
    head = unit[:low]
    at_word = head.rfind(" ")
    if at_word > low // 2:
        head = head[:at_word]
    return head.strip() or head, unit[len(head) :].lstrip() if at_word > 0 else unit[low:]


def _short_label(line: str) -> str:
    for label, short in _LABELS:
        if line.startswith(label):
            return short + line.removeprefix(label)
    return line
