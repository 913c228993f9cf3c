"""Take what is personal out of a message, before anything is written.

What has a form (phones, e-mails, addresses, numbers) is found by patterns. Names have none, and
no list holds them all: every word must be known to be kept (a French word, a word of the training
sentences or close to one, a town, a known scheme). What is not known is masked as a name, and a
message of which too little is known is not kept at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile, zip_longest
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.components.names import NAMES_FILE
from bot.components.phrases import normalise, sound
from bot.components.tokenizer import spell_out
from bot.places.gazetteer import Gazetteer, fold
from bot.places.reading import read_places
from bot.review import patterns
from bot.review.first_names import FIRST_NAMES
from bot.review.patterns import ADDRESS, DIGITS, LABELS, LINK, MAIL, NAME, PHONE
from bot.tables import read_yaml

NLU = Path(__file__).parents[2] / "data" / "nlu"

LONGEST = 500  # characters: a longer message tells a life, and a training sentence needs less
FEWEST_WORDS = 1  # kept in a message, for it to be worth reading
MOST_MASKED = 0.4  # of the words; beyond, it is in no language that we know, or all personal
SEEN = 3  # times in the training sentences, in lower case, for a word to be known
COMMON = 10  # times, for its misspellings to be known too
SHORTEST_SOUND, SHORTEST_TYPO, SHORTEST_ELIDED = 5, 7, 4  # letters
NUMBER = 5  # digits in a row that may identify someone
SPREAD = 8  # digits, with small words or signs between them, that may be a phone
SMALL_WORDS = 3  # in a row, between two of its numbers
NAME_WORDS = 3  # words that may follow « je m'appelle »

Span = tuple[int, int]


class Masker:
    """Masks the messages of one deployment."""

    def __init__(self, gazetteer: Gazetteer, nlu: Path = NLU) -> None:
        """Learn the known words; `nlu` holds the training sentences."""
        self._gazetteer = gazetteer
        typed, proper, acronyms = _words_of_training(nlu)
        names = {fold(name) for name in patterns.ALSO_NAMES}
        people = names | FIRST_NAMES
        schemes = {fold(word) for word in patterns.WORD.findall(_known_schemes())}
        self._learnt = {word for word, count in typed.items() if count >= SEEN} - FIRST_NAMES
        self._first_names = FIRST_NAMES - schemes  # « la milo »
        self._known = set(self._learnt)
        self._acronyms = {word for word, count in acronyms.items() if count >= SEEN}
        self._acronyms |= {fold(word) for word in patterns.ALSO_NAMES} & schemes  # ALI
        self._known |= schemes | self._acronyms | gazetteer.words.keys() | patterns.TITLES
        self._common = {
            word
            for word, count in typed.items()
            if count >= COMMON and len(word) >= SHORTEST_ELIDED and word not in people
        }
        self._sounds = {(word[0], sound(normalise(word))) for word in self._common}
        self._names_sound = {(name[0], sound(normalise(name))) for name in FIRST_NAMES}
        self._long = [word for word in self._common if len(word) >= SHORTEST_TYPO - 1]
        capital = {word for word in proper if typed[word] >= SEEN}
        self._proper = (schemes | capital | self._common | patterns.TITLES) - names

    def mask(self, text: str) -> str | None:
        """The message without what is personal; None when it is better not kept."""
        text = "".join(filter(_is_seen, unicodedata.normalize("NFKC", text))).strip()
        if len(text) > LONGEST or _has_another_script(text):
            return None
        for pattern, mark in ((patterns.LINKS, LINK), (patterns.MAILS, MAIL)):
            text = pattern.sub(mark, text)
        text = self._mask_streets(_on_folded(patterns.ROOMS, text, ADDRESS))
        text = self._mask_numbers(text)
        text = patterns.SPELT.sub(NAME, text)
        text = self._mask_after_cues(text)
        masked, kept = self._mask_words(text)
        masked = patterns.SAME_MARKS.sub(r"\1", masked)
        names = masked.count(NAME)
        if kept < FEWEST_WORDS or names > MOST_MASKED * (names + kept):
            return None
        return _spelt_out(masked)

    def _mask_numbers(self, text: str) -> str:
        text = _on_folded(patterns.SPOKEN_RUNS, text, _mark_of_spoken)
        text = patterns.MIXED.sub(DIGITS, text)
        text = patterns.RUNS.sub(lambda found: self._mark_of_run(found[0]), text)
        text = self._mask_spread_numbers(text)
        text = _on_folded(patterns.DATES, text, DIGITS)
        if patterns.BIRTH.search(fold_letters(text)):
            text = _on_folded(patterns.DAYS, text, DIGITS)
        text = _on_folded(patterns.SECRETS, text, DIGITS, group=1)
        text = self._mask_secrets(text)
        text = patterns.CODES.sub(DIGITS, text)
        text = _on_folded(patterns.PLATES, text, self._mark_of_plate)
        while (more := patterns.AFTER_NUMBER.sub(rf"\1{DIGITS}", text)) != text:
            text = more
        return text

    def _mark_of_run(self, run: str) -> str:
        digits = re.sub(r"\D", "", run.translate(patterns.LOOK_ALIKES))
        if len(digits) < NUMBER:
            return run
        if all(chunk in self._gazetteer.postcodes for chunk in run.split()):
            return run
        before, after = run[: len(run) - len(run.lstrip())], run[len(run.rstrip()) :]
        is_phone = re.fullmatch(r"(?:(?:00)?33)?0?[1-9]\d{8}", digits)
        return f"{before}{PHONE if is_phone else DIGITS}{after}"

    def _mask_spread_numbers(self, text: str) -> str:
        """Mask the numbers that make a phone together, whatever small words keep them apart."""
        folded = fold_letters(text)
        runs: list[list[re.Match[str]]] = [[]]
        small = 0
        pieces = list(patterns.PIECES.finditer(folded))
        for piece, after in zip_longest(pieces, pieces[1:]):
            if self._may_be_of_a_phone(piece[0], after[0] if after else ""):
                runs[-1].append(piece)
                small = 0
            elif piece[0] in patterns.BETWEEN_NUMBERS and small < SMALL_WORDS:
                small += 1
            else:
                runs.append([])
        for run in reversed(runs):
            if len(run) > 1 and sum(_digits(piece[0]) for piece in run) >= SPREAD:
                start, end = run[0].start(), run[-1].end()
                mark = _mark_of_spread(folded[start:end])
                text = f"{text[:start]}{mark}{text[end:]}"
        return text

    def _may_be_of_a_phone(self, piece: str, after: str) -> bool:
        if piece in (PHONE, DIGITS):
            return True
        counts = after in patterns.COUNTED_THINGS or piece in self._gazetteer.postcodes
        return (
            not counts
            and not patterns.YEAR.fullmatch(piece)
            and bool(patterns.COUNTED.fullmatch(piece))
        )

    def _mask_secrets(self, text: str) -> str:
        folded, spans = fold_letters(text), []
        for cue in patterns.SECRET_CUES.finditer(folded):
            is_sure = bool(cue["password"] or cue["guarded"])
            is_said = (patterns.SECRET_IS_FAR if is_sure else patterns.SECRET_IS).match(
                folded, cue.end()
            )
            secret = patterns.SECRET.match(folded, is_said.end() if is_said else cue.end())
            if not secret or not (is_sure or is_said) or set(secret["word"]) & set(patterns.MARKS):
                continue
            first = patterns.WORD.match(secret["word"])
            if first and first[0] in patterns.NO_SECRET:
                continue
            word = secret["word"]
            is_usual = word in patterns.PASSWORD_OF if cue["password"] else self._is_usual(word)
            if (is_sure and is_said) or not is_usual:
                spans.append(secret.span("word"))
        return _replace(text, spans, DIGITS)

    def _is_usual(self, word: str) -> bool:
        return word in self._common or (len(word) < SHORTEST_ELIDED and word in self._learnt)

    def _mark_of_plate(self, plate: str) -> str:
        """« ab 123 cd », and not « du 115 au »."""
        is_text = plate[:2] in self._learnt or plate[-2:] in patterns.COUNTED_THINGS
        return "" if is_text else DIGITS

    def _mask_streets(self, text: str) -> str:
        folded, pieces, last = fold_letters(text), [], 0
        for found in patterns.STREETS.finditer(folded):
            if found.start() < last:
                continue
            end = self._street_end(text, folded, found.end())
            if found["whole"] or (end > found.end() and self._is_street(found, folded)):
                pieces += [text[last : found.start()], ADDRESS]
                last = end
        return "".join([*pieces, text[last:]])

    def _is_street(self, found: re.Match[str], folded: str) -> bool:
        """Whether a way that may be something else is one, by the first word of its name."""
        if not found["doubtful"] and not found["of"]:
            return True
        words = (word[0] for word in patterns.WORD.finditer(folded, found.end()))
        first = next((word for word in words if word not in patterns.STREET_LINKS), "")
        if found["doubtful"]:
            return first in patterns.ALSO_NAMES or first not in self._learnt
        if found["definite"]:
            return first in patterns.SQUARES or first not in self._common
        return first not in self._learnt and first not in self._gazetteer.words

    def _street_end(self, text: str, folded: str, start: int) -> int:
        """Where the name of a street ends: a word, and those after it that are not common."""
        end, named = start, 0
        for word in patterns.WORD.finditer(folded, start):
            gap = folded[end : word.start()]
            if not re.fullmatch(r"[\s'’.\-]*", gap) or word[0].isdigit():
                break
            is_link = word[0] in patterns.STREET_LINKS
            if not is_link and (word[0] in patterns.NO_NAME or (named and word[0] in self._common)):
                break
            if not is_link:
                named += 1
            end = word.end() if not is_link or named < NAME_WORDS else end
            if named == NAME_WORDS:
                break
        return end if named else start

    def _mask_after_cues(self, text: str) -> str:
        folded = fold_letters(text)
        ends = [found.end() for found in patterns.NAME_CUES.finditer(folded)]
        ends += [found.end() for found in patterns.NAME_CUE_M.finditer(text)]
        spans = [span for end in ends for span in _names_after(folded, end)]
        for found in patterns.RELATIVES.finditer(folded):
            after = _names_after(folded, found.end())
            spans += takewhile(lambda span: self._may_be_name(folded[slice(*span)]), after)
        places = read_places(text, self._gazetteer).spans
        for found in patterns.FOR.finditer(folded):
            after = _names_after(folded, found.end())
            spans += takewhile(lambda span: self._is_for_a_person(folded, span, places), after)
        return _replace(text, spans, NAME)

    def _may_be_name(self, word: str) -> bool:
        """Whether a word after « ma fille » is not one that people learnt to expect."""
        folded = fold(word)
        is_learnt = folded in self._learnt or folded in self._acronyms
        return word in FIRST_NAMES or not (is_learnt or len(word) == 1)

    def _is_for_a_person(self, folded: str, span: Span, places: Sequence[Span]) -> bool:
        """« pour Aya », and not « pour bricoler » nor « pour Bondy »."""
        word = folded[slice(*span)]
        is_verb = patterns.INFINITIVE.fullmatch(word) and word in self._gazetteer.words
        is_placed = any(start <= span[0] < end for start, end in places)
        return self._may_be_name(word) and (word in FIRST_NAMES or not (is_verb or is_placed))

    def _mask_words(self, text: str) -> tuple[str, int]:
        """The text whose unknown words are masked, and how many words it keeps."""
        places = read_places(text, self._gazetteer).spans
        words = list(patterns.WORD.finditer(text))
        shouted = _is_shouted(text, words)
        spans, kept = [], 0
        for word in words:
            if self._is_placed(text, word, places) or self._is_kept(text, word, shouted, spans):
                kept += 1
            else:
                spans.append(word.span())
        return _replace(text, spans, NAME), kept

    def _is_placed(self, text: str, word: re.Match[str], places: Sequence[Span]) -> bool:
        """Whether the word belongs to a town, and is not rather the name of a person."""
        if not any(start <= word.start() < end for start, end in places):
            return False
        return word[0].lower() not in patterns.ALSO_NAMES or _is_compound(text, word)

    def _is_kept(self, text: str, word: re.Match[str], shouted: bool, masked: list[Span]) -> bool:
        """Whether the word names nobody, for all we know."""
        folded = fold(word[0])
        if word[0].isdigit() or (word[0].isupper() and folded in self._acronyms):
            return True
        if word[0].lower() in patterns.ALSO_NAMES or folded in self._first_names:
            return False
        if shouted or not word[0][0].isupper():
            return self._is_known(folded)
        before = text[: word.start()].rstrip(" -")
        if before.endswith(NAME) or (masked and len(before) == masked[-1][1]):
            return False  # « Karine PETIT »
        if word[0].isupper() or _begins(text, word.start()):
            return self._is_known(folded)
        return folded in self._proper

    def _is_known(self, word: str) -> bool:
        if len(word) == 1 or word in self._known:
            return True
        spelt = [fold(part) for part in patterns.WORD.findall(spell_out(word))]
        if spelt != [word] and all(len(p) == 1 or p in self._known for p in spelt):
            return True
        letters = "".join(char for char in word if char.isalpha())
        if letters != word:
            return len(letters) < 2 or letters in self._known
        rest = patterns.ELIDED.sub("", word)
        if rest in self._common:
            return True
        if self._is_near_a_name(word):
            return False
        if self._sounds_known(word) or self._sounds_known(rest):
            return True
        near = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=1)
        return len(word) >= SHORTEST_TYPO and near is not None

    def _is_near_a_name(self, word: str) -> bool:
        if (word[0], sound(normalise(word))) in self._names_sound:
            return True
        near = process.extractOne(word, FIRST_NAMES, scorer=OSA.distance, score_cutoff=1)
        return len(word) >= SHORTEST_SOUND and near is not None

    def _sounds_known(self, word: str) -> bool:
        heard = sound(normalise(word))
        firsts = word[0] if word[0] in "aeiouyh" else "bcdfgjklmnpqrstvwxz"  # « kestion »
        return len(word) >= SHORTEST_SOUND and any(
            (first, heard) in self._sounds for first in firsts
        )


def _is_seen(char: str) -> bool:
    hidden = unicodedata.category(char) in patterns.INVISIBLE or char in patterns.AROUND_EMOJI
    return char.isspace() or not hidden


def fold_letters(text: str) -> str:
    """The text in lower case, without accents, with as many characters."""
    return "".join(unicodedata.normalize("NFKD", char.lower())[:1] or char for char in text)


def _digits(piece: str) -> int:
    """How many digits a number has, written or spoken; a masked one has enough to be masked."""
    if piece in (PHONE, DIGITS):
        return NUMBER
    parts = re.findall(rf"\d|{patterns.SPOKEN}", piece)
    return sum(1 if part.isdigit() or part in patterns.ONE_DIGIT else 2 for part in parts)


def _mark_of_spread(run: str) -> str:
    is_digits = PHONE not in run and not re.search(
        r"[a-z]{4}", "".join(patterns.COUNTED.findall(run))
    )
    digits = re.sub(r"\D", "", run)
    return DIGITS if is_digits and not re.fullmatch(r"(?:33)?0?[1-9]\d{8}", digits) else PHONE


def _mark_of_spoken(found: str) -> str:
    return PHONE if re.search(rf"\b(?:{patterns.SPOKEN})\b", found) else ""


def _on_folded(pattern: re.Pattern[str], text: str, mark: object, group: int = 0) -> str:
    """Mask what a pattern finds in the folded text; `mark` may be a function of what it finds."""
    spans = []
    for found in pattern.finditer(fold_letters(text)):
        value = mark(found[group]) if callable(mark) else mark
        if value:
            spans.append((*found.span(group), str(value)))
    for start, end, value in reversed(spans):
        text = f"{text[:start]}{value}{text[end:]}"
    return text


def _replace(text: str, spans: Iterable[Span], mark: str) -> str:
    for start, end in sorted(set(spans), reverse=True):
        text = f"{text[:start]}{mark}{text[end:]}"
    return text


def _names_after(folded: str, start: int) -> Iterator[Span]:
    """The words after a cue that may be a name."""
    introduced = patterns.AFTER_CUE.match(folded, start)
    end = introduced.end() if introduced else start
    for _ in range(NAME_WORDS):
        word = patterns.WORD.search(folded, end)
        if not word or not re.fullmatch(r"[\s'’.\-]*", folded[end : word.start()]):
            return
        if word[0] in patterns.NO_NAME or patterns.COUNT.fullmatch(word[0]):
            return
        yield word.span()
        end = word.end()


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins here."""
    return patterns.SENTENCE_END.search(text[:start]) is not None


def _is_compound(text: str, word: re.Match[str]) -> bool:
    """Whether the word is a part of a name such as « Saint-Denis »."""
    before = fold(text[: word.start()])
    return text[word.end() :][:1] == "-" or before.endswith(("-", "saint ", "st ", "sainte "))


def _is_shouted(text: str, words: list[re.Match[str]]) -> bool:
    """Whether capitals mean nothing: all in capitals, or one at each word."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    titles = sum(word[0][0].isupper() for word in words)
    return capitals > len(letters) / 2 or titles > 0.7 * max(len(words), 4)


def _has_another_script(text: str) -> bool:
    return any(
        char.isalpha() and "LATIN" not in unicodedata.name(char, "") and char not in "ªº"
        for char in text
    )


def _spelt_out(text: str) -> str:
    for mark, label in LABELS.items():
        text = re.sub(rf"(?<=\w){mark}", f" {mark}", text)
        text = re.sub(rf"{mark}(?=\w)", f"{mark} ", text)
        text = text.replace(mark, label)
    return " ".join(text.split())


def _known_schemes() -> str:
    names = read_yaml(NAMES_FILE).values()
    return " ".join(word for name in names for word in (name["nom"], *name["alias"]))


def _words_of_training(folder: Path) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each word of the training sentences is in lower case; with a capital, inside a
    sentence; in capitals, in a sentence that is not."""
    typed: Counter[str] = Counter()
    proper: Counter[str] = Counter()
    acronyms: Counter[str] = Counter()
    for file in sorted(folder.glob("*.yml")):
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith("    - "):
                continue
            for word in patterns.WORD.finditer(line, 6):
                if word[0].islower():
                    typed[fold(word[0])] += 1
                elif word.start() > 6:
                    proper[fold(word[0])] += 1
                if word[0].isupper() and len(word[0]) > 1 and not line.isupper():
                    acronyms[fold(word[0])] += 1
    return typed, proper, acronyms
