"""Plain forms of French words, to compare what people type with what records say."""

from __future__ import annotations

import unicodedata

# Words too common in requests to tell one record from another.
COMMON_WORDS = """
    a ai aide aider aller alors apres as au aussi avec avoir besoin bien bonjour bonsoir c ca ce
    cela ces cet cette chez cherche chercher comme comment d dans de depuis des dois donc du elle
    en est et etre faire faut il ils j jai je l la le les leur lui ma mais me merci mes moi mon n ne
    nous on ou oui par pas peu peut peux place plus pour pouvoir pres qu quand que quel quelle
    quelqu quelque qui quoi s sa sais salut sans se ses si son suis sur svp t ta te tes toi ton
    tout toute tous trouver tu un une va vais veux ville voir voudrais vous votre y
"""
STOP_WORDS = frozenset(COMMON_WORDS.split())
SHORTEST_WORD = 3


def _plain_letters(char: str) -> str:
    """A character in lower case without its accents, a space where it is no letter."""
    decomposed = unicodedata.normalize("NFD", char.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = (c for c in decomposed if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in letters)


# The characters of European texts, prepared: an import simplifies millions of words.
EUROPEAN = {code: _plain_letters(chr(code)) for code in (*range(0x250), *range(0x2010, 0x2040))}
EUROPEAN |= {ord(sign): " " for sign in "€™"}


def simplify(text: str) -> str:
    """Lower case, no accents, words parted by one space: « L'Île » gives `l ile`."""
    plain = text.translate(EUROPEAN)
    if not plain.isascii():
        plain = _plain_letters(text)
    return " ".join(plain.split())


def stems(text: str) -> list[str]:
    """The words that tell something, without their plural or feminine ending."""
    return simple_stems(simplify(text))


def simple_stems(simple_text: str) -> list[str]:
    """`stems`, for a text that is simplified already."""
    words = [word for word in simple_text.split() if word not in STOP_WORDS]
    return [_stem(word) for word in words if len(word) >= SHORTEST_WORD]


def _stem(word: str) -> str:
    for ending in ("es", "s", "x", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_WORD:
            return word.removesuffix(ending)
    return word


def word_set(line: str) -> frozenset[str]:
    """The words of a line, as a vocabulary."""
    return frozenset(line.split())


def mentions(simple_text: str, stem: str) -> bool:
    """Whether a word of this simplified text begins with the stem (which may hold spaces)."""
    return f" {stem}" in f" {simple_text}"
