"""How an answer is told by SMS: short, numbered, in pages that the person asks for one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels import texts
from channels.rasa import Message
from channels.sms.commands import bare
from channels.sms.segments import count, plain

ORDINARY = 2  # segments
DISTRESS = 3  # segments
MAX_PAGES = 8
_MORE_PAYLOAD = "/plus"
_NAME_LENGTHS = (60, 42, 30)  # characters, from the most to the least told
_EMERGENCY = re.compile(r"(?<!\d)(?:15|17|18|112|114|115|119|3114|3919)(?!\d| h)")
_SEARCHED = re.compile(r"J'ai cherché (.+?)\. Voici ce que j'ai trouvé :")
_HIDDEN_LINES = ("Source :", "Site :")
_LABELS = (("Téléphone : ", "Tél. "), ("Adresse : ", ""), ("Horaires : ", ""), ("E-mail : ", ""))
_SENTENCE = re.compile(r"(?<=[.!?…؟。])\s+")


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


def render(answers: Sequence[Message], notice: str = "") -> Screen:
    """The answers of one turn as SMS.

    Args:
        notice: what a person must know at first contact; never put before a distress answer.
    """
    urgent = is_distress(answers)
    told = [answer for answer in answers if not _is_presentation(answer)]
    limit = DISTRESS if urgent else ORDINARY
    pages: list[str] = []
    for name_length in _NAME_LENGTHS:
        units = list(_units(told, name_length, urgent))
        if notice and not urgent:
            units.insert(0, notice)
        pages = paginate(units, limit)
        if len(pages) == 1:
            break
    buttons = [button for answer in told for button in answer["buttons"]]
    more = next((b["payload"] for b in buttons if b["payload"] == _MORE_PAYLOAD), None)
    return Screen(
        tuple(pages),
        _choices(told),
        {bare(b["title"]): b["payload"] for b in buttons},
        more,
        urgent,
    )


def _is_presentation(answer: Message) -> bool:
    """The bot presents itself before its first answer; by SMS the notice does, shorter."""
    return answer["text"].startswith(texts.BOT_PRESENTS_ITSELF) and not answer["buttons"]


def _choices(answers: Sequence[Message]) -> tuple[str, ...]:
    results = max((_results(answer) for answer in answers), key=len, default=[])
    if len(results) > 1:
        return tuple(f"le {number}" for number in range(1, len(results) + 1))
    return tuple(b["payload"] for answer in answers for b in _listed(answer))


def _results(answer: Message) -> list[dict[str, Any]]:
    results = answer["custom"].get("results")
    return results if isinstance(results, list) else []


def _listed(answer: Message) -> list[Any]:
    return [button for button in answer["buttons"] if button["payload"] != _MORE_PAYLOAD]


def _units(answers: Sequence[Message], name_length: int, urgent: bool) -> Iterator[str]:
    """The pieces of an answer that stay whole: a sentence, a result, a choice."""
    for answer in answers:
        results = _results(answer)
        if len(results) > 1:
            yield from _list(answer, results, name_length)
        elif results and urgent:
            yield from (_place(record, name_length) for record in results)
        else:
            yield from _sentences(_text(answer))
            yield from _numbered(_listed(answer))


def _text(answer: Message) -> str:
    text = answer["text"]
    if text.startswith(texts.BOT_PRESENTS_ITSELF):
        return texts.SMS_WHAT_DO_YOU_SEEK
    lines = (line for line in text.splitlines() if not line.startswith(_HIDDEN_LINES))
    suite = answer["custom"].get("suite") if len(_results(answer)) == 1 else None
    return "\n".join(_short_label(line) for line in lines if line != suite)


def _short_label(line: str) -> str:
    for label, short in _LABELS:
        if line.startswith(label):
            return short + line.removeprefix(label)
    return line


def _list(answer: Message, results: list[dict[str, Any]], name_length: int) -> Iterator[str]:
    intro = _SEARCHED.sub(lambda m: f"{_capital(m[1])} :", answer["custom"].get("intro") or "")
    yield from _sentences(intro)
    for number, record in enumerate(results, start=1):
        yield f"\n{number}. {_place(record, name_length)}"
    question = _listed(answer)
    if question:
        yield from _sentences("\n" + (answer["custom"].get("suite") or ""))
        yield texts.SMS_ANSWER_WORDS.format(words=_either([b["title"] for b in question]))
    yield "\n" + texts.SMS_ANSWER_NUMBERS.format(numbers=_either(range(1, len(results) + 1)))
    if any(button["payload"] == _MORE_PAYLOAD for button in answer["buttons"]):
        yield texts.SMS_MORE_PLACES


def _place(record: dict[str, Any], name_length: int) -> str:
    """One result in one line: name, where, phone, and the date of what is known."""
    name = _short_name(record, name_length)
    phone = _phone(record.get("telephone"))
    told = [name, record.get("quand")]
    if not phone or name_length == _NAME_LENGTHS[0]:
        told.append(record.get("adresse") or record.get("commune"))
    elif (town := record.get("commune")) and town not in name:
        told.append(town)
    told += [_distance(record), phone, _date(record)]
    return ", ".join(str(part) for part in told if part)


def _short_name(record: dict[str, Any], length: int) -> str:
    name = str(record.get("nom") or "")
    if len(name) <= length:
        return name
    name = re.split(r"\s[–(]", name)[0]
    if len(name) <= length:
        return name
    return name[:length].rsplit(" ", 1)[0] + "."


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


def _date(record: dict[str, Any]) -> str:
    known = record.get("date_maj")
    return f"info {known[5:7]}/{known[:4]}" if known else texts.SMS_NO_DATE


def _numbered(buttons: list[Any]) -> Iterator[str]:
    titles = [button["title"] for button in buttons]
    if titles[:2] == ["Oui", "Non"]:
        yield texts.SMS_ANSWER_WORDS.format(words=_either(titles))
        return
    for number, title in enumerate(titles, start=1):
        yield f"\n{number}. {title}"


def _either(choices: Sequence[object]) -> str:
    *first, last = [str(choice).upper() for choice in choices]
    return f"{', '.join(first)} ou {last}" if first else last


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        start = "\n"
        for sentence in _SENTENCE.split(line.strip()):
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
