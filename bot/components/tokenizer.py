"""Tokens of a French message typed on a phone, without the places that it names."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.components.memory import remember

MAX_CHARACTERS = 5_000
PLACE_SPANS = "place_spans"
SURFACE = "surface"

_TOKEN = re.compile(r"[^\W_]+['’](?=\w)|[^\W_]+|[^\w\s]")
_SPELT_OUT = re.compile(r"[^\W_]+['’]?|[^\w\s]")
_REPEATED_LETTER = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_APART = re.compile(r"c(?= (?:est|etait|était)\b)", re.IGNORECASE)  # « c est », typed so by many
_GLUED_PRONOUN = re.compile(r"j(?=[bcdfghklmnpqrstvxz])")

# Spellings of text messages that stand for something else than how they look.
_SMS = {
    "2m1": "demain",
    "a2m1": "à demain",
    "ak": "avec",
    "ac": "avec",
    "aprem": "après-midi",
    "avc": "avec",
    "bcp": "beaucoup",
    "bjr": "bonjour",
    "bsr": "bonsoir",
    "c": "c'est",
    "chai": "je sais",
    "chais": "je sais",
    "chui": "je suis",
    "chuis": "je suis",
    "cmb": "combien",
    "cmnt": "comment",
    "cmt": "comment",
    "comen": "comment",
    "cpa": "c'est pas",
    "d": "de",
    "dc": "donc",
    "dite": "dites",
    "dr": "docteur",
    "ds": "dans",
    "dun": "d'un",
    "dune": "d'une",
    "dsl": "désolé",
    "enft": "enfant",
    "enfts": "enfants",
    "fo": "faut",
    "g": "j'ai",
    "gt": "j'étais",
    "ik": "il y a",
    "j": "je",
    "jai": "j'ai",
    "jamai": "jamais",
    "jé": "j'ai",
    "jetais": "j'étais",
    "jete": "j'étais",
    "jme": "je me",
    "jms": "jamais",
    "k": "que",
    "ke": "que",
    "kel": "quel",
    "kelk1": "quelqu'un",
    "kelkun": "quelqu'un",
    "kelle": "quelle",
    "kelq1": "quelqu'un",
    "kan": "quand",
    "kand": "quand",
    "ki": "qui",
    "koi": "quoi",
    "minteresse": "m'intéresse",
    "mm": "même",
    "mnt": "maintenant",
    "msg": "message",
    "mtn": "maintenant",
    "nn": "non",
    "ns": "nous",
    "ordi": "ordinateur",
    "ordis": "ordinateurs",
    "oqp": "occupé",
    "osi": "aussi",
    "ossi": "aussi",
    "pa": "pas",
    "pb": "problème",
    "pbs": "problèmes",
    "pc": "ordinateur",
    "pk": "pourquoi",
    "pkoi": "pourquoi",
    "pq": "pourquoi",
    "pr": "pour",
    "ptetre": "peut-être",
    "pti": "petit",
    "pv": "peux",
    "qd": "quand",
    "qq": "quelque",
    "qq1": "quelqu'un",
    "qqch": "quelque chose",
    "qqn": "quelqu'un",
    "rdv": "rendez-vous",
    "rep": "réponse",
    "slt": "salut",
    "stp": "s'il te plaît",
    "svp": "s'il vous plaît",
    "taf": "travail",
    "tel": "téléphone",
    "tjr": "toujours",
    "tjrs": "toujours",
    "tkt": "ne t'inquiète pas",
    "tmps": "temps",
    "tps": "temps",
    "tt": "tout",
    "tte": "toute",
    "ts": "tous",
    "ve": "veux",
    "veu": "veux",
    "vs": "vous",
    "vx": "veux",
    "wesh": "salut",
    "ya": "il y a",
    "yen": "il y en",
}


def without_accents(text: str) -> str:
    """The text in lower case, without accents or ligatures."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def spell_out(word: str) -> str:
    """The usual spelling of a word typed in haste: « jcherche » gives « je cherche »."""
    folded = _REPEATED_LETTER.sub(r"\1", word)
    known = _SMS.get(folded.lower())
    if known is not None:
        return known
    if not _glues_a_pronoun(folded):
        return folded
    verb = folded[1:].lower()
    return f"je {_SMS.get(verb, verb)}"


def _glues_a_pronoun(word: str) -> bool:
    return len(word) > 2 and _GLUED_PRONOUN.match(word.lower()) is not None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FrenchTokenizer(Tokenizer):
    """Tokens in lower case, without accents, text-message spelling and place mentions.

    Reads the message data `place_spans`: pairs of characters `[start, end)` to leave out.
    Each token keeps in its data, under `surface`, the same word with its accents, which the
    sentence encoder needs. Only the first 5,000 characters of a message are read.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Intents are whole labels, never split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute of a message."""
        text = message.get(attribute)[:MAX_CHARACTERS]
        places = message.get(PLACE_SPANS) or []
        tokens: list[Token] = []
        for match in _TOKEN.finditer(text):
            if not any(match.start() < end and start < match.end() for start, end in places):
                tokens += _tokens_of(match)
        return tokens


def _tokens_of(match: re.Match[str]) -> list[Token]:
    apart = match.end() == match.start() + 1 and _APART.match(match.string, match.start())
    return [
        Token(text, match.start(), match.end(), data={SURFACE: surface})
        for text, surface in ((("c'", "c'"),) if apart else _written_out(match.group()))
    ]


@remember
def _written_out(word: str) -> tuple[tuple[str, str], ...]:
    """The words that one stands for: as they are compared, and as they are read aloud."""
    return tuple(
        (without_accents(part).replace("’", "'"), part)
        for part in _SPELT_OUT.findall(spell_out(word))
    )
