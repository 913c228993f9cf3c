"""What a message most likely means in the conversation under way.

The bot reads each message alone: « je parle mal français, ils vont me comprendre ? » asks for
courses when it opens a conversation. Under a list of places it is a question about them: what
people write there is far more often about the list than in the sentences that the bot learnt.
The probability of each reading is multiplied by how much more usual it is there than alone; the
likeliest is what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from actions.conversation import NOT_UNDERSTOOD, RSA, Turn, split_need

FOLLOWING = ("detail", "repondre", "plus")
# What the bot reads that people tell under an answer (entity `champ`), rather than ask: it was
# tried in vain, it is no longer needed, when they can come, how they can get there.
TRIED, SETTLED, AVAILABLE, TRANSPORT = "essaye", "plus_besoin", "disponible", "transport"
TOLD = (TRIED, SETTLED, AVAILABLE, TRANSPORT)
# How many times more usual than alone; measured, see docs/understanding.md.
AFTER_AN_ANSWER, SAME_NEED, A_PERSON, BESIDE = 600.0, 8.0, 4.0, 0.3
# A question on places, whether the bot read what it asks of them or not.
CLEAR_QUESTION, QUESTION = 800.0, 100.0
SURE_AGAIN = 0.5  # confidence of a need that is said with a town, or finer
CLEAR = 0.7  # confidence of a need said instead (« non en fait… ») or for someone
# What is asked of places in few words, which no search could answer.
PRICE_OR_TIME = frozenset(
    ("frais", "aide_payer", "salaire", "duree", "rythme", "date", "delai", "horaires")
)
_ASKS = re.compile(r"\b(?:combien|cb|quand|quel\w*|qui pa[iy]\w*|cher)\b")
LIKELY_NEED = 0.3  # confidence from which « et pour le… » says a need
# « et un vélo ? », « sinon du travail » add something; « et le 2 ? », « et ils… » go on.
_ADDS = re.compile(
    r"(?:(?:ok|oki|dac|d|accord|merci|bon|bien|oui|super|parfait|ah) )*"
    r"(?:et|e|y|and|ou sinon|ou bien|ou alors|sinon|pis|puis|aussi|maintenant)\b"
    r"(?! (?:(?:le |la )?(?:\d|premi|second|deuxi|trois)"
    r"|(?:ils?|elles?|lui|eux|on|c|ca|sa|si|quand|ou|comment|combien)\b))"
)
_AND_FOR = re.compile(
    r"(?:et|e|é|y|and|sinon) (?:aussi )?(?:pour|para|for) "
    r"(?:le|la|les|l['’]|un|une|o|a|el|du|the)\b",
    re.IGNORECASE,
)
_FORUM = re.compile(r"\b(?:forums?|salons?|job ?dating|jobdating|rencontres?)\b")
_AGE = re.compile(r"\b\d{1,2} ?(?:ans?|mois)\b")
_WHAT_OR_WHO = re.compile(r"\b(?:quoi|koi|qui (?:s ?(?:en )?occupe|peut|pourrait))\b")
_THE_SAME = re.compile(r"\b(?:pareil|meme chose|kif kif)\b")
# Bodies that are asked for by their name, whatever is shown (keys of `data/noms.yml`).
DESKS = ("mission_locale", "france_services", "service_social", "ccas", "cap_emploi")
_YOU = re.compile(r"\b(?:vous|vs|vou|tu|t|te|toi|jalon|bot|robots?|machine|assistante?|ia)\b")
# « comment je fais la demande », under a search, is about what was asked.
OF_RSA = re.compile(
    r"\b(?:rsa|caf|msa|droits|allocs?|allocations?|prime|sanction\w*|radi\w*|suspen\w*"
    r"|(?:15|quinze) ?h\w*|perd\w*|oblig\w*|referente?|coup\w*|verse\w*|touch\w*|declar\w*"
    r"|prev[ie]+n\w*)\b"
)
# « et pour mes enfants ? » asks the same for others.
_FOR_SOMEONE = re.compile(
    r"^(?:et|c est|mais) (?:aussi )?pour (?:mon|ma|mes|moi|elle|lui|eux|nous|un ami|une amie)\b"
    r"(?! (?:enfants?|petits?|petites?|gosses?|gamins?|bebes?)\b)"
)
RATHER = re.compile(r"\b(?:plutot|en ?fait|finalement|prefer\w*|laisse\w* tomber|d ?abord|sinon)\b")
INSTEAD = re.compile(
    r"(?:ah |mais )*(?:non|nan|nn|enfait|en fait|finalement|plutot|(?:je |j ?)prefer\w*)\b"
)
# « et si je rate le rdv ? », whatever was shown for it
_MISSES = re.compile(r"\b(?:rate|rater|manque|manquer|loupe|louper|absente?)\b.*\br(?:dv|endez)")


def in_context(turn: Turn) -> Turn:
    """The turn as it is meant: another intent when what is under way makes it likelier."""
    under_way, _ = split_need(turn.display.theme or "")
    need, _ = split_need(turn.intent)
    may_be_another = need or turn.intent in (*NOT_UNDERSTOOD, "aide_bot")
    if under_way is None or turn.crisis or not may_be_another or turn.text[:1] == "/":
        return turn
    offered, _ = split_need(turn.slots.get("autre_theme") or "")
    about_rsa = need == RSA and OF_RSA.search(turn.plain)
    if need and need == offered and (about_rsa or need != RSA):  # « oui la crèche »
        return turn
    is_clear = need not in (None, under_way) and turn.confidence >= CLEAR
    if is_clear and (INSTEAD.match(turn.plain) or _MISSES.search(turn.plain)):
        return turn
    if about_rsa and turn.confidence >= CLEAR and (need == under_way or not _asks_of_places(turn)):
        return turn
    if is_clear and need == "evenement" and _FORUM.search(turn.plain):
        return turn
    if _FOR_SOMEONE.search(turn.plain) and turn.display.results and not is_clear:
        return _here(turn, "repondre")
    if under_way == "evenement" and "handicap" in turn.plain:  # « et pour un handicapé ? »
        return _here(turn, "detail")
    states = turn.states_a_fact or _AGE.search(turn.plain)
    places = under_way not in ("agence", "humain", RSA) and turn.display.results
    of_the_list = need == RSA and places and not about_rsa
    if of_the_list and (states or not turn.fields_read):
        # « et si j'ai moins de 25 ans ? », « j'ai le droit si ce n'est pas mon enfant ? »
        meant = "repondre" if states else "detail"
        return _here(turn, meant)
    if under_way == RSA and turn.intent == "aide_bot" and not _YOU.search(turn.plain):
        return _here(turn, "repondre")  # « c'est automatique ? »
    if need == "agence" and turn.entities.get("dispositif") in DESKS and turn.confidence >= CLEAR:
        return turn  # « donnez-moi le téléphone du service social »
    if under_way == RSA and _THE_SAME.search(turn.plain):
        return _here(turn, "repondre")
    if turn.entities.get("sujet_proche") and _WHAT_OR_WHO.search(turn.plain):
        return turn  # « c'est quoi la MDPH ? », « et la retraite, qui s'en occupe ? »
    best = likeliest(turn)
    best_need, _ = split_need(best)
    # « vous êtes une vraie personne ? » is asked of the assistant, under a contact too.
    stays = best in FOLLOWING or (best_need == under_way and turn.intent != "aide_bot")
    if not stays or (need and best_need == need) or _asks_again(turn, under_way):
        return turn
    return _here(turn, best)


def _here(turn: Turn, intent: str) -> Turn:
    """The turn with this intent, under the need under way: the bot has kept the one it read."""
    under_way, _ = split_need(turn.display.theme or "")
    return turn.as_said(intent, turn.entities).with_slots(theme=under_way)


def _asks_again(turn: Turn, under_way: str) -> bool:
    """A need said with a town, or the one under way made finer: « pas d'ordinateur chez moi »."""
    need, finer = split_need(turn.intent)
    is_finer = need == under_way and finer not in (None, turn.slots.get("detail_besoin"))
    asks = not PRICE_OR_TIME.isdisjoint(turn.fields_read) and _ASKS.search(turn.plain)
    if is_finer and asks:
        return False  # « et passer l'examen coûte combien ? »
    said = need and (is_finer or turn.entities.get("code_insee"))
    tells = not set(TOLD).isdisjoint(turn.fields_read)
    if tells and not RATHER.search(turn.plain):  # « j'ai pas de voiture » asks for no help to move
        return False
    return bool(said) and turn.confidence >= SURE_AGAIN


def likeliest(turn: Turn, but: Collection[str] = ()) -> str:
    """The likeliest intent here, these left out; empty when there is none."""
    left = (intent for intent in turn.likely if intent not in but)
    return max(left, key=lambda intent: turn.likely[intent] * _usual(intent, turn), default="")


def _usual(intent: str, turn: Turn) -> float:
    """How many times more usual this intent is here than in a message that opens."""
    need, _ = split_need(intent)
    if need == split_need(turn.display.theme or "")[0]:
        return SAME_NEED
    if need == "humain":
        return A_PERSON
    if need == RSA and not OF_RSA.search(turn.plain):
        return BESIDE
    if intent in (*NOT_UNDERSTOOD, "aide_bot"):
        return BESIDE
    # What is not understood may be the town awaited.
    town_awaited = turn.awaits_town and turn.intent not in NOT_UNDERSTOOD
    follows = intent in FOLLOWING and (bool(turn.display.results) or town_awaited)
    adds = _ADDS.match(turn.plain) and (turn.confidence >= CLEAR or not _asks_of_places(turn))
    if not follows or adds:
        return 1.0
    if intent != "detail":
        return AFTER_AN_ANSWER
    return CLEAR_QUESTION if _asks_of_places(turn) else QUESTION


def _asks_of_places(turn: Turn) -> bool:
    """Whether the bot read what the message asks of places."""
    return not set(turn.fields_read) <= set(TOLD)


def is_said(turn: Turn, least: float) -> bool:
    """Whether a need is said with this confidence; « et pour le travail ? » asks for less."""
    return turn.confidence >= (LIKELY_NEED if _AND_FOR.match(turn.text) else least)
