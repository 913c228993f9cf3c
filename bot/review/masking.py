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
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.components.names import NAMES_FILE
from bot.components.phrases import normalise, sound
from bot.components.reading import word_set
from bot.components.tokenizer import spell_out
from bot.places.gazetteer import Gazetteer, fold
from bot.places.reading import read_places
from bot.review.files import MASKS
from bot.tables import read_yaml

NLU = Path(__file__).parents[2] / "data" / "nlu"

LONGEST = 500  # characters: a longer message tells a life, and a training sentence needs less
FEWEST_WORDS = 1  # kept in a message, for it to be worth reading
MOST_MASKED = 0.4  # of the words; beyond, it is in no language that we know, or all personal
SEEN = 3  # times in the training sentences, in lower case, for a word to be known
COMMON = 10  # times, for its misspellings to be known too
SHORTEST_SOUND, SHORTEST_TYPO, SHORTEST_ELIDED = 5, 7, 4  # letters
NUMBER = 5  # digits in a row that may identify someone
NAME_WORDS = 3  # words that may follow « je m'appelle »

# One character each while a message is read, spelt out at the end.
NAME, PHONE, MAIL, ADDRESS, DIGITS, LINK = "\ue000\ue001\ue002\ue003\ue004\ue005"
LABELS = dict(zip((NAME, PHONE, MAIL, ADDRESS, DIGITS, LINK), MASKS, strict=True))
_MARKS = "".join(LABELS)

# Names of people that are French words too.
_ALSO_NAMES = word_set(
    "abel aimé aimée alban ambre amour ana ange angélique anne aurore ben benjamin bernard "
    "blaise blanche brice brigitte capucine carmen cerise céleste charlotte cheikh claire clémence "
    "clément colette colombe constance constant côme daniel désiré désirée diane dieudonné "
    "églantine espérance eve fabrice félicité ferdinand fleur fortuné gaspard georges gilles grâce "
    "guillaume guy henri hugo iris jack jacques jade jasmin jean jeanne jose josé joy jules julien "
    "juste kim lambert laure laurent lila lilas lily lise lou louis louise luc luna léo léon "
    "marc marguerite maria marie marin marina marine marion martial martin martine mathurin "
    "maure max maxime maya melissa merveille michel mimi modeste nadir nicole océane olive "
    "olivier ombeline parfait pascal pascale patience patrice perle perrine peter pierre "
    "précieuse prince princesse prudence prune régis rémi rené renée robert robin rodolphe roland "
    "romain rosalie rose roger salomé sidonie simon solange sultan sultane sylvestre thym "
    "tristan trésor valentine valérie victoire victor violette virginie vivien yasmine "
    "adam alain amadou amine ange carter dupont durand faure garnier gauthier gérard germain "
    "leclerc legrand lefebvre leroy meunier picard roux diallo fatou benali karim kevin ali paul "
    "camille laura esther denis francois grace meyer colin perez payet costa"
)

# What may follow « je m'appelle » or « madame » and is no name.
_NO_NAME = word_set(
    "je j ai et ou mais que qu qui est suis a de du des d le la les l un une en au aux pour dans "
    "avec sur sans chez ne n pas plus jamais toujours mon ma mes ton son sa ses notre votre vos "
    "nos ce cette ces ca cela c il elle on nous vous ils elles me m te t se s y si comment combien "
    "quand quoi quel quelle bonjour bonsoir merci svp stp cherche recherche veux voudrais veut "
    "besoin habite vis viens vient peux peut dit aide aidez moi toi lui car donc alors cest jai "
    "jhabite chui jsuis conseillere conseiller assistante assistant sociale social mission "
    "directrice directeur referent referente maire souhaite souhaiterait doit sait parle "
    "accompagne excusez desole desolee seule seul agee age enceinte isolee isole beneficiaire "
    "monsieur madame mesdames messieurs mademoiselle bureau g lundi mardi mercredi jeudi vendredi "
    "samedi dimanche demain aujourd matin soir"
)
_NAME_CUES = re.compile(
    r"\b(?:j\W?e?\s?)?m\W?e?\W?ap+el+e?s?\b|\bs\W?e?\W?ap+el+e?(?:nt)?\b|\bse nomme\b"
    r"|\b(?:mon|ma|son|sa|notre|leur|le) (?:nom|prenom)\b(?: de famille)?"
    r"|\b(?:nom|prenom)s?\b\s?[:=]|\b(?:mme|mlle|mr|mrs|monsieur|madame|mademoiselle|docteur|dr)\b"
    r"|\bcordialement\b|\bsigne(?:e)? ?[:=]|\bde la part d\W?e?\b|\bsurnom(?:me|mee)?\b"
)
_TITLES = word_set("mme mlle mr dr")
_NAME_CUE_M = re.compile(r"\bM\. ?(?=\w)|\bM (?=[A-Z][a-zéèê])")
_AFTER_CUE = re.compile(r"[\s:=.,!\-]*(?:(?:c\W?est|est|cest|ce)\b[\s:=]*)?")

_LINKS = re.compile(r"https?:\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}/\S+", re.I)
_AT = r"(?:@|\(at\)|\[at\]|\barr?ob+as?e?\b)"
_DOT = r"(?:\.|\bpoint\b|\bpt\b|\bdot\b)"
_PROVIDERS = (
    "gmail|hotmail|yahoo|icloud|laposte|outlook|orange|wanadoo|live|free|sfr|proton(?:mail)?"
)
_MAILS = re.compile(
    rf"[\w.+-]+(?:\s+(?:point|tiret|underscore|tiret du bas)\s+[\w.+-]+)*\s*{_AT}\s*[\w-]+"
    rf"(?:\s*{_DOT}\s*[\w-]+)*"
    rf"|[\w.+-]+\s+(?:(?:chez|at|a)\s+)?(?:{_PROVIDERS})\s*{_DOT}?\s*(?:com|fr|net)\b|@\w+",
    re.I,
)

_BETWEEN = r"[\s.,;:/\\_*()+~|'’–—-]{0,4}"
_DIGIT = r"(?:\d|[oOlI](?=\d)|(?<=\d)[oO](?!\w)|(?<=2)[abAB](?=[\s.-]?\d))"
_LOOK_ALIKES = str.maketrans("oOlI", "0011")
_RUNS = re.compile(
    rf"(?:\+|(?<!\w)[oO](?=\s?\d))?\s?\d(?:{_BETWEEN}{_DIGIT})*(?:[a-zA-Z]\b| [A-Z]\b)?"
)
_SPOKEN = (
    "zero|o|un|deux|trois|troi|quatre|katre|cinq|sinq|six|sis|sept|set|huit|uit|neuf|dix|dis|onze"
    "|douze|douz|treize|quatorze|quinze|seize|vingt|vin|vint|vingts|trente|trent|quarante|karante"
    "|cinquante|sinkante|soixante|swasante|septante|nonante|cent"
)
_SPOKEN_RUNS = re.compile(
    rf"\b(?:{_SPOKEN}|\d{{1,2}})\b(?:[\s,.\-]+(?:et[\s-]+)?(?:{_SPOKEN}|\d{{1,2}})\b){{3,}}"
)
_SECRETS = re.compile(
    r"\b(?:dossiers?|allocataire|matricule|identifiant|mot de passe|mdp|code|pin|digicode|secu"
    r"|plaque|immatriculation)\b"
    r"\W*(?:(?:est|c\W?est|cest|numero|num|n°?)\W*)*(\S*\d[\w-]*)"
)
_CODES = re.compile(
    r"\b(?!\d+(?:e|eu|eur|euros?|h|km|m2|ans|mois)\b)(?=\w*\d{3})(?=\w*[^\W\d_])\w+"
    r"|\b[a-z]{2}-\d{3}-[a-z]{2}\b|\b(?-i:[A-Z]{2} ?\d{3} ?[A-Z]{2}|\d{2,4} ?[A-Z]{2,3} ?\d{2})\b",
    re.I,
)
_AFTER_NUMBER = re.compile(rf"([{PHONE}{DIGITS}][^\d{_MARKS}]{{0,12}})\d{{2}}(?!\s?h)[\d\s.-]*")
_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_DATES = re.compile(
    rf"\b\d{{1,2}}(?:er)?\s?(?:{_MONTHS})\s?\d{{2,4}}\b"
    rf"|\bnee?s?\b[^.!?\d{_MARKS}]{{0,12}}\d{{1,4}}(?:er)?(?:\s?(?:{_MONTHS}))?\b"
)

_STREET = (
    "rue|avenue|av|ave|boulevard|bd|bld|blvd|bvd|impasse|allee|allees|chemin|faubourg|sentier|quai"
)
_STREET_NUMBERED = (
    f"{_STREET}|r|place|pl|square|sq|route|rte|cite|residence|villa|passage|voie|esplanade"
    "|lotissement|hameau|imp|ru|ale|alee|alle|avenu|boulevar|boulvar|boulvard|impase|plasse"
    "|rond point|mail|promenade|parvis|clos|che"
)
_STREETS = re.compile(
    rf"\b(?P<number>\d{{1,4}}\s?(?:bis|ter|quater|[a-e]\b)?[\s,]*)(?:{_STREET_NUMBERED})\b\.?"
    rf"|\b(?:{_STREET})\b\.?"
)
_STREET_LINKS = word_set("de la le les du des d l")
_ROOMS = re.compile(
    r"\b(?:bat|batiment|apt|appt|appart|appartement|escalier|esc|porte|etage|hall|interphone|chambre"
    r"|boite(?: aux lettres)?|bp|tour|logement|cage)\.?\s?(?:n°|no|numero|num)?\s?:?\s?"
    r"(?:[a-z]?\d{1,4}[a-z]?\b(?!\s?(?:pieces?|chambres?|euros?|e\b|ans|enfants?|mois|jours?|h))"
    r"|[b-h]\b(?!['’])|(?-i:A)\b)"
    r"|\b\d{1,2}\s?(?:e|er|eme|ieme|re)?\s?etage\b"
)

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufe0f\u20e3\ue000-\uf8ff]")
_SAME_MARKS = re.compile(rf"([{_MARKS}])(?:[\s'’.,\-]*\1)+")
_WORD = re.compile(r"[^\W_]+")
_SPELT = re.compile(r"\b[^\W\d_](?:[\s.,_\-]+[^\W\d_]\b){3,}")
_ELIDED = re.compile(r"^(?:qu|[jlmtsdn]|c(?=[aei]))")
_SENTENCE_END = re.compile(r"(?:^|[.!?\n:;…])[\s\"«»()\-]*$")


class Masker:
    """Masks the messages of one deployment."""

    def __init__(self, gazetteer: Gazetteer, nlu: Path = NLU) -> None:
        """Learn the known words; `nlu` holds the training sentences."""
        self._gazetteer = gazetteer
        typed, proper, acronyms = _words_of_training(nlu)
        names = {fold(name) for name in _ALSO_NAMES}
        schemes = {fold(word) for word in _WORD.findall(_known_schemes())}
        self._known = {word for word, count in typed.items() if count >= SEEN}
        self._acronyms = {word for word, count in acronyms.items() if count >= SEEN}
        self._acronyms |= {fold(word) for word in _ALSO_NAMES} & schemes  # ALI
        self._known |= schemes | self._acronyms | gazetteer.words.keys() | _TITLES
        self._common = {
            word
            for word, count in typed.items()
            if count >= COMMON and len(word) >= SHORTEST_ELIDED and word not in names
        }
        self._sounds = {(word[0], sound(normalise(word))) for word in self._common}
        self._long = [word for word in self._common if len(word) >= SHORTEST_TYPO - 1]
        capital = {word for word in proper if typed[word] >= SEEN}
        self._proper = (schemes | capital | self._common | _TITLES) - names

    def mask(self, text: str) -> str | None:
        """The message without what is personal; None when it is better not kept."""
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
        if len(text) > LONGEST or _has_another_script(text):
            return None
        for pattern, mark in ((_LINKS, LINK), (_MAILS, MAIL)):
            text = pattern.sub(mark, text)
        text = self._mask_streets(_on_folded(_ROOMS, text, ADDRESS))
        text = self._mask_numbers(text)
        text = _SPELT.sub(NAME, text)
        text = self._mask_after_cues(text)
        masked, kept = self._mask_words(text)
        masked = _SAME_MARKS.sub(r"\1", masked)
        names = masked.count(NAME)
        if kept < FEWEST_WORDS or names > MOST_MASKED * (names + kept):
            return None
        return _spelt_out(masked)

    def _mask_numbers(self, text: str) -> str:
        text = _on_folded(_SPOKEN_RUNS, text, _mark_of_spoken)
        text = _RUNS.sub(lambda found: self._mark_of_run(found[0]), text)
        text = _on_folded(_DATES, text, DIGITS)
        text = _on_folded(_SECRETS, text, DIGITS, group=1)
        text = _CODES.sub(DIGITS, text)
        while (more := _AFTER_NUMBER.sub(rf"\1{DIGITS}", text)) != text:
            text = more
        return text

    def _mark_of_run(self, run: str) -> str:
        digits = re.sub(r"\D", "", run.translate(_LOOK_ALIKES))
        if len(digits) < NUMBER:
            return run
        if all(chunk in self._gazetteer.postcodes for chunk in run.split()):
            return run
        before, after = run[: len(run) - len(run.lstrip())], run[len(run.rstrip()) :]
        is_phone = re.fullmatch(r"(?:(?:00)?33)?0?[1-9]\d{8}", digits)
        return f"{before}{PHONE if is_phone else DIGITS}{after}"

    def _mask_streets(self, text: str) -> str:
        folded, pieces, last = fold_letters(text), [], 0
        for found in _STREETS.finditer(folded):
            if found.start() < last:
                continue
            end = self._street_end(text, folded, found.end())
            if end > found.end():
                pieces += [text[last : found.start()], ADDRESS]
                last = end
        return "".join([*pieces, text[last:]])

    def _street_end(self, text: str, folded: str, start: int) -> int:
        """Where the name of a street ends: a word, and those after it that are not common."""
        end, named = start, 0
        for word in _WORD.finditer(folded, start):
            gap = folded[end : word.start()]
            if not re.fullmatch(r"[\s'’.\-]*", gap) or word[0].isdigit():
                break
            is_link = word[0] in _STREET_LINKS
            if not is_link and (word[0] in _NO_NAME or (named and word[0] in self._common)):
                break
            if not is_link:
                named += 1
            end = word.end() if not is_link or named < NAME_WORDS else end
            if named == NAME_WORDS:
                break
        return end if named else start

    def _mask_after_cues(self, text: str) -> str:
        folded = fold_letters(text)
        ends = [found.end() for found in _NAME_CUES.finditer(folded)]
        ends += [found.end() for found in _NAME_CUE_M.finditer(text)]
        spans = [span for end in ends for span in _names_after(folded, end)]
        return _replace(text, spans, NAME)

    def _mask_words(self, text: str) -> tuple[str, int]:
        """The text whose unknown words are masked, and how many words it keeps."""
        places = read_places(text, self._gazetteer).spans
        words = list(_WORD.finditer(text))
        shouted = _is_shouted(text, words)
        spans, kept = [], 0
        for word in words:
            if self._is_placed(text, word, places) or self._is_kept(text, word, shouted, spans):
                kept += 1
            else:
                spans.append(word.span())
        return _replace(text, spans, NAME), kept

    def _is_placed(self, text: str, word: re.Match[str], places: Sequence[tuple[int, int]]) -> bool:
        """Whether the word belongs to a town, and is not rather the name of a person."""
        if not any(start <= word.start() < end for start, end in places):
            return False
        return word[0].lower() not in _ALSO_NAMES or _is_compound(text, word)

    def _is_kept(
        self, text: str, word: re.Match[str], shouted: bool, masked: list[tuple[int, int]]
    ) -> bool:
        """Whether the word names nobody, for all we know."""
        folded = fold(word[0])
        if word[0].isdigit() or (word[0].isupper() and folded in self._acronyms):
            return True
        if word[0].lower() in _ALSO_NAMES:
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
        spelt = [fold(part) for part in _WORD.findall(spell_out(word))]
        if spelt != [word] and all(len(p) == 1 or p in self._known for p in spelt):
            return True
        letters = "".join(char for char in word if char.isalpha())
        if letters != word:
            return len(letters) < 2 or letters in self._known
        rest = _ELIDED.sub("", word)
        if rest in self._common or self._sounds_known(word) or self._sounds_known(rest):
            return True
        near = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=1)
        return len(word) >= SHORTEST_TYPO and near is not None

    def _sounds_known(self, word: str) -> bool:
        heard = sound(normalise(word))
        firsts = word[0] if word[0] in "aeiouyh" else "bcdfgjklmnpqrstvwxz"  # « kestion »
        return len(word) >= SHORTEST_SOUND and any(
            (first, heard) in self._sounds for first in firsts
        )


def fold_letters(text: str) -> str:
    """The text in lower case, without accents, with as many characters."""
    return "".join(unicodedata.normalize("NFKD", char.lower())[:1] or char for char in text)


def _mark_of_spoken(found: str) -> str:
    return PHONE if re.search(rf"\b(?:{_SPOKEN})\b", found) else ""


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


def _replace(text: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    for start, end in sorted(set(spans), reverse=True):
        text = f"{text[:start]}{mark}{text[end:]}"
    return text


def _names_after(folded: str, start: int) -> Iterator[tuple[int, int]]:
    """The words after a cue that may be a name."""
    introduced = _AFTER_CUE.match(folded, start)
    end = introduced.end() if introduced else start
    for _ in range(NAME_WORDS):
        word = _WORD.search(folded, end)
        if not word or not re.fullmatch(r"[\s'’.\-]*", folded[end : word.start()]):
            return
        if word[0] in _NO_NAME or word[0][0].isdigit():
            return
        yield word.span()
        end = word.end()


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins here."""
    return _SENTENCE_END.search(text[:start]) is not None


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
            for word in _WORD.finditer(line, 6):
                if word[0].islower():
                    typed[fold(word[0])] += 1
                elif word.start() > 6:
                    proper[fold(word[0])] += 1
                if word[0].isupper() and len(word[0]) > 1 and not line.isupper():
                    acronyms[fold(word[0])] += 1
    return typed, proper, acronyms
