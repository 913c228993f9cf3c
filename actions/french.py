"""Small rules of written French."""


def at_place(name: str) -> str:
    """« à Bondy », « au Blanc-Mesnil », « aux Lilas »."""
    return _contract("à", "au", "aux", name)


def of_place(name: str) -> str:
    """« de Bondy », « d'Aubervilliers », « du Blanc-Mesnil », « des Lilas »."""
    if name[:1].lower() in "aeiouyéèêîœ":
        return f"d'{name}"
    return _contract("de", "du", "des", name)


def of_name(name: str) -> str:
    """« de la crèche », « d'Habitat-Cité », « de Halte du Parc »: a name is never contracted."""
    return f"d'{name}" if name[:1].lower() in "aeiouéèêîœ" else f"de {name}"


def _contract(plain: str, masculine: str, plural: str, name: str) -> str:
    if name.startswith("Le "):
        return f"{masculine} {name[3:]}"
    if name.startswith("Les "):
        return f"{plural} {name[4:]}"
    return f"{plain} {name}"


def listing(words: list[str], last: str = "et") -> str:
    """« a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def first_sentence(text: str, limit: int = 160) -> str:
    """The first sentence, cut at a word if longer than `limit` characters."""
    flat = " ".join(text.split())
    end = flat.find(". ")
    sentence = flat if end < 0 else flat[: end + 1]
    if len(sentence) <= limit:
        return sentence
    return sentence[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


_UP_TO_THIRTEEN = "un deux trois quatre cinq six sept huit neuf dix onze douze treize"
NUMBERS = {word: value for value, word in enumerate(_UP_TO_THIRTEEN.split(" "), start=1)}


def number(written: str) -> int:
    """A number in digits, or in words up to thirteen."""
    return NUMBERS.get(written) or int(written)
