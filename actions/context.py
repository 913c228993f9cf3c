"""What a message means in the conversation under way.

The bot reads each message alone, and tells what it would mean after each kind of answer (entity
`apres`): « je parle mal français, ils vont me comprendre ? » asks for courses when it opens a
conversation, and is about the places under a list of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from actions.conversation import RSA, Turn, split_need

# What the bot reads that people tell under an answer (entity `champ`), rather than ask: it was
# tried in vain, it is no longer needed, when they can come, how they can get there.
TRIED, SETTLED, AVAILABLE, TRANSPORT = "essaye", "plus_besoin", "disponible", "transport"
A_TOWN = "commune"  # the kind of answer that asks for the town
TOWN = "donner_commune"  # the intent that answers it
REFUSAL = "nier"  # the intent of what refuses a need and names no other
BY_RULE = 1.0  # the confidence of what a rule read in the whole message
CLEAR = 0.7  # confidence of a need said instead (« non en fait… ») or for someone
SURE = 0.95  # confidence of what is read as alone: a near subject, « plutôt une crèche »
LIKELY_NEED = 0.3  # confidence from which « et pour le… » says a need
_LETTER = re.compile(r"[^\W\d_]")
_AND_FOR = re.compile(
    r"(?:et|e|é|y|and|sinon) (?:aussi )?(?:pour|para|for) "
    r"(?:le|la|les|l['’]|un|une|o|a|el|du|the)\b",
    re.IGNORECASE,
)
RATHER = re.compile(r"\b(?:plutot|en ?fait|finalement|prefer\w*|laisse\w* tomber|d ?abord|sinon)\b")


def in_context(turn: Turn) -> Turn:
    """The turn as it is meant after what was answered, when the bot reads it otherwise alone."""
    kind = _answered(turn)
    by_rule = turn.confidence == BY_RULE or not _LETTER.search(turn.text)
    if kind is None or by_rule or turn.text[:1] == "/":
        return turn
    under_way, need = split_need(turn.display.theme or "")[0], split_need(turn.intent)[0]
    offered = split_need(turn.slots.get("autre_theme") or "")[0]
    if need and need == offered:  # « oui la crèche »
        return turn
    another = turn.intent == "hors_sujet" and turn.confidence >= SURE
    if another and turn.entities.get("sujet_proche"):  # « et pour les APL ? »
        return turn
    if need and turn.confidence >= SURE and RATHER.search(turn.plain):  # « plutôt un atelier »
        return turn
    if need == "agence" and turn.entities.get("dispositif"):  # « non, c'est l'ALI »
        return turn
    best = _meant(turn, kind)
    best_need = split_need(best)[0]
    refused = turn.intent == REFUSAL and best_need  # « finalement non, pas une crèche »
    fears = best == "hesite" and need == RSA and turn.confidence >= CLEAR  # « peur qu'on le coupe »
    if best == turn.intent or refused or fears or (need and need == best_need):
        return turn
    entities = dict(turn.entities)
    if best_need == RSA and need and turn.confidence >= CLEAR:  # « seule, personne pour le garder »
        entities["autre_theme"] = turn.intent
    meant = replace(turn, intent=best, confidence=turn.after(kind).get(best, 0), entities=entities)
    return meant if best_need else meant.with_slots(theme=under_way)


def _meant(turn: Turn, kind: str) -> str:
    """The likeliest intent after this kind of answer."""
    best = turn.likeliest_after(kind)[0] or turn.intent
    has_town = turn.names_town or turn.entities.get("departement")
    if best == TOWN and not has_town:  # « xqzvbrtl » is no town that we know
        return turn.intent
    says_no_need = split_need(best)[0] is None
    return TOWN if kind == A_TOWN and has_town and says_no_need else best


def _answered(turn: Turn) -> str | None:
    """The kind of answer that the message follows; None when nothing is under way."""
    under_way, _ = split_need(turn.display.theme or "")
    if turn.crisis or under_way is None:
        return None
    if turn.awaits_town and not turn.display.results and under_way != RSA:
        return A_TOWN
    return under_way


def likeliest(turn: Turn, but: Collection[str] = ()) -> tuple[str, float]:
    """The likeliest intent here, and its probability; cries and `but` are left out."""
    kind = _answered(turn)
    read = turn.after(kind) if kind else turn.likely
    left = [intent for intent in read if intent not in but and not intent.startswith("urgence")]
    best = max(left, key=read.__getitem__, default="")
    return best, read.get(best, 0.0)


def is_said(turn: Turn, least: float) -> bool:
    """Whether a need is said with this confidence; « et pour le travail ? » asks for less."""
    return turn.confidence >= (LIKELY_NEED if _AND_FOR.match(turn.text) else least)
