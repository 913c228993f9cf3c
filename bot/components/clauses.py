"""The clauses of a message: what is asked, what is refused, and what depends on what.

« je cherche une crèche et aussi des cours de français » holds two needs; « je veux pas de
stage, juste des leçons de français » holds a need and a refusal. Each clause rides through
the pipeline as one more message of the same batch; `NeedResolver` reads them and removes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.tokenizer import SURFACE
from bot.components.wishes import (
    WANT,
    had_enough,
    is_settled,
    lacks,
    refuses,
    refuses_a_name,
    tells_a_fact,
)

CLAUSE = "clause"

# A longer message is told in sentences whose whole says the need better than its pieces.
MAX_CLAUSES = 8

_PUNCTUATION = frozenset(",;.!?:…()+&/")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that open a clause.
_CONNECTORS = """
also|anche|and|and also|e anche|e tambem|tambem|tambien|y tambien
a la place d'|a la place de|a la place des|a la place du|afin d'|afin de|ainsi qu'
ainsi que|au lieu d'|au lieu de|au lieu des|au lieu du|aussi|avant d'|avant de|car
egalement|en plus|ensuite|et|le temps d'|le temps de|le temps qu'|le temps que|mais
ni|ou|par contre|parce qu'|parce que|pendant|pendant qu'|pendant que|plutot qu'
plutot que|pour aller|pour pouvoir|pour qu'|pour que|pour suivre|puis|puisque|quand
sans devoir|sans faire|sans passer|sans refaire|sans repasser|sans suivre|sinon|vu que
"""
_LONGEST_FIRST = sorted(map(str.split, re.split(r"[|\n]", _CONNECTORS.strip())), key=len)[::-1]
_BY_FIRST_WORD = {
    first: [words for words in _LONGEST_FIRST if words[0] == first] for first, *_ in _LONGEST_FIRST
}
_REPLACING = ("a la place", "au lieu", "plutot", "sans")
_SUBORDINATING = ("pendant", "le temps", "afin", "avant", "quand", "pour")
_CONTINUING = ("et", "ou", "ni")
_ADDING = (
    *("et", "aussi", "ensuite", "puis", "egalement", "en plus", "ainsi que"),
    *("also", "anche", "and", "and also", "e anche", "e tambem", "tambem", "tambien", "y tambien"),
)
_ADDING_AFTERWARDS = ("aussi", "egalement", "en plus")
_POLITE_REFUSALS = ("non", "merci", "non merci")
_TAKING_BACK = ("non", "nan", "ah non", "euh non", "enfin non", "non pardon", "non plutot")

_THANKS = _words("merci remercie thanks gracias obrigado obrigada grazie")

_PRONOUNS = _words("je j' tu il elle on nous vous ils elles ca c' ce y en me m' se s' qui")
_NEGATED_VERBS = _words(
    "ai as a avons avez ont suis es est sommes etes sont etait avais avait veux veut voulons "
    "voudrais voulais peux peut pouvons pouvez sais sait savons connais connait comprends "
    "comprend parle parlons lis lit ecris ecrit arrive arrivons cherche trouve trouvons faut "
    "faudrait fait fais marche fonctionne recois recoit dis demande interesse interessent "
    "souhaite aime faisait vois voit travaille veulent doit dois"
)
_ARTICLES = _words("un une le la les l' des de d' du")
_WISHING = frozenset((*WANT, "aimerais"))
# After a refusal, they open what is wanted: « pas de nounou | juste une crèche ».
_RESUMING = _words("je j' on nous juste seulement uniquement")
# Before « je », they make it depend on what comes before.
_RELATIVES = _words("que qu' si qui dont quand comme pour lorsque puisque")

_EMPTY_WORDS = _words(
    "a ai alors as au aussi aux avec avez bah ben bon bonjour c' ca ce cela ces cet cette d' "
    "dans de des donc du elle en enfin est et etre euh eux fait hein il ils j' je juste l' la "
    "le les leur lui m' ma mais me meme merci mes moi mon n' ne non nos notre nous on ou oui "
    "par pas plait plus plutot pour puis qu' que qui s' sa salut sans se ses si son suis sur "
    "svp t' ta te tes toi ton tout tres tu un une veux voudrais vos votre vous y"
)


class Role(Enum):
    """What a clause does in its message."""

    ASKED = auto()
    TOLD = auto()  # a fact that asks nothing: « j'ai deux enfants »
    SETTLED = auto()  # what is no longer needed: « sa grand-mère va le garder »
    REFUSED = auto()  # not wanted: « pas une formation »
    DEPENDENT = auto()  # for the sake of another clause: « pendant mon cours de français »
    BLOCKING = auto()  # in the way of the others: « mais j'ai personne pour garder mon fils »
    REMAINDER = auto()  # no clause: the whole message without what it refuses


@dataclass(frozen=True)
class Clause:
    """A part of a message: its position in the batch, the characters of the part, its role.

    `added`: it adds a request to the one before, « et aussi des cours de français ».
    """

    message: int
    start: int
    end: int
    role: Role
    added: bool = False


@dataclass
class _Segment:
    link: str
    tokens: list[Token]
    refused: bool = False
    is_question: bool = False
    added: bool = False

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def has_content(self) -> bool:
        return any(t.text not in _EMPTY_WORDS and t.text.isalpha() for t in self.tokens)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClauseSplitter(GraphComponent):
    """Appends to the batch one message per clause, when there is more than one."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClauseSplitter:
        """Nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Give the messages, then their clauses."""
        clauses = []
        for position, message in enumerate(messages):
            segments = split(message.get(TOKENS_NAMES[TEXT]) or [])
            clauses += [_clause(message, position, s.tokens, _role(s), s.added) for s in segments]
            kept = [
                token for segment in segments if not segment.refused for token in segment.tokens
            ]
            if kept and any(segment.refused for segment in segments):
                clauses.append(_clause(message, position, kept, Role.REMAINDER))
        return messages + clauses


def _clause(
    message: Message, position: int, tokens: list[Token], role: Role, added: bool = False
) -> Message:
    start, end = tokens[0].start, tokens[-1].end
    return Message(
        data={
            TEXT: message.get(TEXT)[start:end],
            TOKENS_NAMES[TEXT]: tokens,
            CLAUSE: Clause(position, start, end, role, added),
        }
    )


def _role(segment: _Segment) -> Role:
    if segment.refused:
        return Role.REFUSED
    if segment.link.startswith(_SUBORDINATING):
        return Role.DEPENDENT
    if segment.link == "mais" and lacks(segment.text):
        return Role.BLOCKING
    if is_settled(segment.text) and not segment.is_question:
        return Role.SETTLED
    if tells_a_fact(segment.text) and not segment.is_question:
        return Role.TOLD
    return Role.ASKED


def split(tokens: list[Token]) -> list[_Segment]:
    """The clauses that have content, or none when the message is of one piece."""
    segments = [segment for segment in _segments(tokens) if segment.tokens]
    _mark_refusals(segments)
    telling = [segment for segment in segments if segment.has_content]
    thanked = len(segments) > 1 and any(_THANKS & set(s.text.split()) for s in segments)
    refused = any(segment.refused for segment in telling)
    of_one_piece = len(telling) < 2 and not refused and not thanked
    return [] if of_one_piece or len(telling) > MAX_CLAUSES else telling


def _segments(tokens: list[Token]) -> list[_Segment]:
    segments = [_Segment("", [])]
    position = 0
    while position < len(tokens):
        connector = _connector(tokens, position)
        if connector:
            link = " ".join(connector)
            if link in _ADDING_AFTERWARDS:  # « un forum m'intéresse aussi »
                segments[-1].added = True
            segments.append(_Segment(link, [], added=link in _ADDING))
            position += len(connector)
        elif tokens[position].text in _PUNCTUATION:
            segments[-1].is_question = tokens[position].text == "?"
            segments.append(_Segment(",", []))
            position += 1
        else:
            if segments[-1].tokens:
                link = _silent_link(segments[-1], tokens, position)
                if link is not None:
                    segments.append(_Segment(link, []))
            segments[-1].tokens.append(tokens[position])
            position += 1
    return segments


def _connector(tokens: list[Token], position: int) -> list[str]:
    connectors = _BY_FIRST_WORD.get(tokens[position].text)
    if not connectors or tokens[position].get(SURFACE).lower() == "où":
        return []
    following = [token.text for token in tokens[position : position + len(connectors[0])]]
    return next((words for words in connectors if words == following[: len(words)]), [])


def _silent_link(segment: _Segment, tokens: list[Token], position: int) -> str | None:
    """The link of a clause that starts here without a connector, if one does."""
    if _opens_a_refused_name(tokens, position):
        return ""
    if _ends_a_preference(segment, tokens, position):
        return "plutot que"
    if _opens_a_wish(segment, tokens, position):
        return ""
    resumes = tokens[position].text in _RESUMING
    ends = resumes and (segment.link.startswith(_REPLACING) or refuses(segment.text))
    return "" if ends else None


def _opens_a_wish(segment: _Segment, tokens: list[Token], position: int) -> bool:
    """« je suis français | je veux une formation »: many write without punctuation."""
    following = tokens[position + 1].text if position + 1 < len(tokens) else ""
    return (
        tokens[position].text in {"je", "j'"}
        and following in _WISHING
        and segment.has_content
        and segment.tokens[-1].text not in _RELATIVES
    )


def _opens_a_refused_name(tokens: list[Token], position: int) -> bool:
    """« un boulot | pas une formation », not « je veux pas une formation »."""
    if tokens[position].text != "pas" or position == 0 or position + 1 == len(tokens):
        return False
    before = tokens[position - 1].text
    after_a_pronoun = position > 1 and tokens[position - 2].text in _PRONOUNS
    return (
        tokens[position + 1].text in _ARTICLES
        and before not in _NEGATED_VERBS
        and before not in {"non", "surtout", "pourquoi", "et", "mais"}
        and not after_a_pronoun
    )


def _ends_a_preference(segment: _Segment, tokens: list[Token], position: int) -> bool:
    """« plutôt un travail | qu'une formation », « je préfère un emploi | à une formation »."""
    if position + 1 == len(tokens) or tokens[position + 1].text not in _ARTICLES:
        return False
    said = [token.text for token in segment.tokens]
    if tokens[position].text in {"que", "qu'"}:
        return "plutot" in said[:-1] or "prefere" in said[:-1]
    preferred = said[said.index("prefere") + 1 :] if "prefere" in said else []
    return tokens[position].text == "a" and preferred[:1] in ([each] for each in _ARTICLES)


def _mark_refusals(segments: list[_Segment]) -> None:
    for index, segment in enumerate(segments):
        before = segments[index - 1] if index else None
        others = [other.text for other in segments if other is not segment and other.has_content]
        polite = before.text if before and before.text in _POLITE_REFUSALS else ""
        segment.refused = (
            refuses(segment.text)
            or segment.link.startswith(_REPLACING)
            or refuses_a_name(f"{polite} {segment.text}".strip(), others)
            or _continues_a_refusal(segment, before)
            or _is_taken_back(segments[index + 1 :])
            or (index + 1 < len(segments) and had_enough(segments[index + 1].text))
        )


def _is_taken_back(following: list[_Segment]) -> bool:
    """« un boulot, non, une formation »: what was said first is not what is wanted.

    « j'y ai droit ou non ? » takes nothing back.
    """
    if not following or following[0].text not in _TAKING_BACK or following[0].link == "ou":
        return False
    return any(segment.has_content for segment in following[1:])


def _continues_a_refusal(segment: _Segment, before: _Segment | None) -> bool:
    """« je veux pas de stage, de formation ni d'atelier »."""
    if before is None:
        return segment.link == "ni"
    if not before.refused or before.link.startswith(_REPLACING):
        return False
    bare = segment.tokens[0].text in {"de", "d'"}
    return segment.link in {"ou", "ni"} or (bare and segment.link in {",", *_CONTINUING})
