"""The final intent of a message: its need, what is refused, what else is asked, or doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifier import INTENT_RANKING, PROBABILITIES
from bot.components.clauses import CLAUSE, Clause, Role
from bot.components.questions import ASKED, QUESTION
from bot.components.reading import word_set
from bot.intents import NEEDS, REFUSAL, split_intent

SECOND_NEED = "autre_theme"
PARTS = "parts"  # of a message: the probabilities of the intents in each of its clauses
HESITATION = "hesitation"

_STATABLE = frozenset((*NEEDS, "info_rsa"))
_POLITE = frozenset(("merci", "salutation", "au_revoir", "affirmer"))
_ASKING = frozenset((*_STATABLE, "humain", "detail", "plus", "autre_ville", "pourquoi"))
_QUESTION = re.compile(
    r"(?:et |mais |sinon |du coup |apr[eè]s |ensuite |aussi )*"
    r"(?:pour |comment|où |ou |quand |combien|quel|(?:il )?(?:me )?(?:faut|faud)"
    r"|est[- ]ce|y a|ya |je cherche|je veux|je voudrai|j['’ ]?ai (?:aussi )?besoin)"
)
# What only says that one receives the RSA: « I have RSA and… », « je touche le rsa et… ».
_RECEIVING = word_set(
    "rsa le du au the el l' je j' i moi me on nous we hi hello bonjour slt hola ciao also aussi "
    "touche percois recois ai a suis sommes est vis beneficie beneficiaire allocataire have get "
    "receive am i'm im tengo recibo cobro estoy en ho prendo percepisco tenho recebo estou no "
    "depuis ans an mois de 1 2 3 4 5 un deux trois since"
)
_PRECEDENCE = {Role.BLOCKING: 0, Role.ASKED: 1, Role.DEPENDENT: 2}
_WANTING = _PRECEDENCE.keys()
_NOTHING_ASKED = {Role.REFUSED, Role.SETTLED, Role.REMAINDER}


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which the resolver decides; measured, see docs/understanding.md.

    `accept`: of a subject, to answer it. `detail`: share of a finer intent within its subject, to
    name it. `margin`: between two needs, below which the person is asked which one, when they
    hold `together` enough for one of them to be right. `clause`: of a need in a clause, for the
    clause to state it; `added`: in a clause that adds to others, for its need to be the second.
    `whole`: of a subject in the whole message, for what comes before it to be its context.
    `certain`: of a subject in the whole message, to be the one whatever its clauses say. `no`: of
    a bare refusal, for a need that is refused to be one. `instead`: of another subject in what a
    refusal leaves, to be what is wanted. `also`: of another need in the whole message, to be
    offered after the main one.
    """

    accept: float = 0.3
    detail: float = 0.5
    margin: float = 0.1
    together: float = 0.6
    clause: float = 0.9
    added: float = 0.7
    whole: float = 0.8
    certain: float = 0.99
    no: float = 0.05
    instead: float = 0.9
    also: float = 0.35


@dataclass(frozen=True)
class _Stated:
    subject: str
    intent: str
    confidence: float
    clause: Clause


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class NeedResolver(IntentClassifier, GraphComponent):
    """Sets the final intent; adds `autre_theme` (a second need) or `hesitation` (two needs).

    Returns only the messages that the person sent, without their clauses.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds, by name."""
        return dict(vars(Thresholds()))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NeedResolver:
        """Read the thresholds."""
        return cls(Thresholds(**{name: config[name] for name in cls.get_default_config()}))

    def __init__(self, thresholds: Thresholds) -> None:
        """Keep the thresholds."""
        self._thresholds = thresholds

    def process(self, messages: list[Message]) -> list[Message]:
        """Resolve each message with the help of its clauses."""
        clauses = defaultdict(list)
        for message in messages:
            if message.get(CLAUSE):
                clauses[message.get(CLAUSE).message].append(message)
        sent = [message for message in messages if not message.get(CLAUSE)]
        for position, message in enumerate(sent):
            self._resolve(message, clauses[position])
            message.set(PARTS, [clause.get(PROBABILITIES) for clause in clauses[position]])
        return sent

    def _resolve(self, message: Message, clauses: list[Message]) -> None:
        refused = [
            stated for stated in self._stated(clauses, {Role.REFUSED}) if stated.subject in NEEDS
        ]
        wanted = self._stated(clauses, _WANTING)
        subject, confidence = _first(subjects(message.get(PROBABILITIES)))
        remainder = [clause for clause in clauses if clause.get(CLAUSE).role is Role.REMAINDER]
        if self._refuses_all(clauses, message):
            _decide(message, REFUSAL, confidence)
            return
        if subject == REFUSAL and remainder:
            instead = self._said_instead(remainder[0].get(PROBABILITIES))
            if instead:
                _decide(message, *instead)
                return
        if subject in _POLITE:
            asked = self._asked_after_politeness(message.get(TEXT), clauses)
            if asked:
                _decide(message, *asked)
                return
        given_up = wanted and subject in _subjects_of(refused) - _subjects_of(wanted)
        if confidence >= self._thresholds.certain and not given_up:
            parts = (part.get(PROBABILITIES) for part in (*remainder, message))
            said = next(part for part in parts if _first(subjects(part))[0] == subject)
            unwanted = {one.intent for one in refused} - {subject}
            said = {intent: p for intent, p in said.items() if intent not in unwanted}
            _decide(message, self._detailed(subject, said), confidence)
            _add_second(message, self._second(wanted, clauses, subject))
            return
        if not wanted and not self._says_more(clauses, remainder):
            refused, remainder = [], []
        told = self._stated(clauses, {Role.TOLD, Role.SETTLED}) if wanted else []
        unwanted = _subjects_of(refused + told)
        if wanted and any(map(_only_receives, clauses)):
            unwanted.add("info_rsa")
        unwanted -= _subjects_of(wanted)
        probabilities = _without((remainder or [message])[0].get(PROBABILITIES), unwanted)
        asking = [c.get(CLAUSE) for c in clauses if c.get(CLAUSE).role in _WANTING]
        adding = [c.get(CLAUSE) for c in clauses if c.get(CLAUSE).added]
        main, second = self._order(wanted, probabilities, asking, adding)
        if main:
            _decide(message, main.intent, main.confidence)
        else:
            self._decide_alone(message, probabilities)
        if main and not second:
            second = self._second(wanted, clauses, main.subject)
        _add_second(message, second)
        if not second and not refused:
            self._offer_too(message, probabilities)

    def _second(
        self, wanted: list[_Stated], clauses: list[Message], subject: str
    ) -> _Stated | None:
        """Another need than the main one: what is added to it (« et aussi… ») may be less sure."""
        added = [c for c in clauses if c.get(CLAUSE).added]
        stated = [*wanted, *self._stated(added, _WANTING, self._thresholds.added)]
        return next((one for one in stated if one.subject != subject), None)

    def _stated(
        self, clauses: list[Message], roles: Set[Role], least: float | None = None
    ) -> list[_Stated]:
        """The needs that clauses of these roles say with confidence, in order."""
        least = self._thresholds.clause if least is None else least
        stated = []
        for message in clauses:
            clause, probabilities = message.get(CLAUSE), message.get(PROBABILITIES)
            subject, confidence = _first(subjects(probabilities))
            sure = subject in _STATABLE and confidence >= least and not _only_receives(message)
            if clause.role in roles and sure:
                intent = self._detailed(subject, probabilities)
                stated.append(_Stated(subject, intent, confidence, clause))
        return stated

    def _refuses_all(self, clauses: list[Message], message: Message) -> bool:
        """Whether a message holds nothing but the refusal of a need: « pas une crèche ».

        What it says beside is why: « laissez tomber la crèche, ma mère va le garder ».
        """
        roles = {c.get(CLAUSE).role for c in clauses}
        if Role.REFUSED not in roles or not roles <= _NOTHING_ASKED:
            return False
        probabilities = message.get(PROBABILITIES)
        subject, confidence = _first(subjects(probabilities))
        told = (
            confidence >= self._thresholds.clause or probabilities[REFUSAL] >= self._thresholds.no
        )
        return subject in NEEDS and told

    def _said_instead(self, probabilities: dict[str, float]) -> tuple[str, float] | None:
        """« non, pas un médecin, juste l'assistante sociale »: what is left is asked."""
        left = subjects(probabilities)
        subject, confidence = _first(
            {name: p for name, p in left.items() if name in (*_STATABLE, "humain")}
        )
        if confidence < max(self._thresholds.accept, left[REFUSAL]):
            return None
        return self._detailed(subject, probabilities), confidence

    def _asked_after_politeness(
        self, text: str, clauses: list[Message]
    ) -> tuple[str, float] | None:
        """« merci. Faut-il un rendez-vous ? »: what the last question says.

        « j'ai trouvé le bureau, merci » asks nothing.
        """
        for clause in reversed(clauses):
            probabilities = clause.get(PROBABILITIES)
            subject, confidence = _first(subjects(probabilities))
            asks = _QUESTION.match(clause.get(TEXT).lower())
            is_added = clause.get(CLAUSE).added and subject in _STATABLE
            if not (asks or is_added or text[clause.get(CLAUSE).end :].lstrip()[:1] == "?"):
                continue
            least = self._thresholds.clause if is_added else self._thresholds.together
            if asks and clause.get(ASKED) and probabilities[QUESTION] >= self._thresholds.accept:
                return QUESTION, probabilities[QUESTION]
            if subject in _ASKING and confidence >= least:
                return self._detailed(subject, probabilities), confidence
        return None

    def _says_more(self, clauses: list[Message], remainder: list[Message]) -> bool:
        """Whether a need is refused, and what is left says what is wanted instead.

        « pas de bus le matin et ma voiture est en panne » refuses nothing.
        """
        tops = [
            _first(subjects(clause.get(PROBABILITIES)))[0]
            for clause in clauses
            if clause.get(CLAUSE).role is Role.REFUSED
        ]
        if not remainder or not set(tops) & set(NEEDS):
            return False
        left, confidence = _first(subjects(remainder[0].get(PROBABILITIES)))
        return left in (*_STATABLE, REFUSAL) or confidence >= self._thresholds.instead

    def _order(
        self,
        wanted: list[_Stated],
        probabilities: dict[str, float],
        asking: list[Clause],
        adding: list[Clause],
    ) -> tuple[_Stated | None, _Stated | None]:
        """The main need and the second one, among those that clauses say.

        `probabilities` are those of the whole message, without what it refuses.
        """
        if not wanted:
            return None, None
        top, confidence = _first(subjects(probabilities))
        if confidence >= self._thresholds.whole:
            wanted = _without_context(wanted, top, adding)
        wanted = sorted(wanted, key=lambda stated: _PRECEDENCE[stated.clause.role])
        main = wanted[0]
        second = next((stated for stated in wanted if stated.subject != main.subject), None)
        unread = [clause for clause in asking if all(clause != s.clause for s in wanted)]
        if top == main.subject and main.intent == top:
            main = replace(main, intent=self._detailed(top, probabilities))
        if second or not unread or top == main.subject or confidence < self._thresholds.accept:
            return main, second
        # The whole message says a need that no clause says alone: the one left is its clause.
        if top in _STATABLE and unread[0].role is Role.DEPENDENT:
            return main, _Stated(top, top, confidence, unread[0])
        return None, main if top in _STATABLE else None

    def _decide_alone(self, message: Message, probabilities: dict[str, float]) -> None:
        whole = subjects(probabilities)
        subject, confidence = _first(whole)
        rival, close = _first({name: p for name, p in whole.items() if name != subject})
        if self._hesitates(subject, confidence, rival, close):
            _add_entity(message, HESITATION, [subject, rival], 0, len(message.get(TEXT)))
            _decide(message, DEFAULT_NLU_FALLBACK_INTENT_NAME, 1 - confidence)
        elif confidence < self._thresholds.accept:
            _decide(message, DEFAULT_NLU_FALLBACK_INTENT_NAME, 1 - confidence)
        else:
            _decide(message, self._detailed(subject, probabilities), confidence)

    def _offer_too(self, message: Message, probabilities: dict[str, float]) -> None:
        """Name the need that comes next when it is likely too: it may be the one that is meant."""
        decided = split_intent(message.get(INTENT)["name"])[0]
        others = {name: p for name, p in subjects(probabilities).items() if name != decided}
        rival, probability = _first(others)
        if {decided, rival} <= _STATABLE and probability >= self._thresholds.also:
            intent = self._detailed(rival, probabilities)
            _add_entity(message, SECOND_NEED, intent, 0, len(message.get(TEXT)))

    def _hesitates(self, subject: str, confidence: float, rival: str, close: float) -> bool:
        return (
            subject in NEEDS
            and rival in NEEDS
            and confidence - close < self._thresholds.margin
            and confidence + close >= self._thresholds.together
        )

    def _detailed(self, subject: str, probabilities: dict[str, float]) -> str:
        """The finer intent when it takes enough of its subject's probability."""
        finer = {i: p for i, p in probabilities.items() if split_intent(i)[0] == subject}
        intent, probability = _first(finer)
        return intent if probability >= self._thresholds.detail * sum(finer.values()) else subject


def _only_receives(clause: Message) -> bool:
    words = {token.text for token in clause.get(TOKENS_NAMES[TEXT]) or ()}
    return "rsa" in words and words <= _RECEIVING


def _without_context(wanted: list[_Stated], top: str, adding: list[Clause]) -> list[_Stated]:
    """Without the needs said before that of the whole message, when it is not added to them.

    « si je trouve un emploi, je perds mon RSA ? » asks for no job; « un emploi et aussi une
    crèche » asks for both. `adding` are the clauses that add to others.
    """
    position = next((n for n, stated in enumerate(wanted) if stated.subject == top), 0)
    stated = wanted[position]
    is_added = any(clause.start >= stated.clause.start for clause in adding)
    if is_added or stated.clause.role is not Role.ASKED:
        return wanted
    before = [one for one in wanted[:position] if one.clause.role is not Role.ASKED]
    return before + wanted[position:]


def subjects(probabilities: dict[str, float]) -> dict[str, float]:
    """Probability of each need or other subject: the sum over its finer intents."""
    sums: dict[str, float] = defaultdict(float)
    for intent, probability in probabilities.items():
        sums[split_intent(intent)[0]] += probability
    return dict(sums)


def _subjects_of(stated: list[_Stated]) -> set[str]:
    return {one.subject for one in stated}


def _without(probabilities: dict[str, float], unwanted: Set[str]) -> dict[str, float]:
    """The probabilities when these subjects are ruled out."""
    kept = {i: p for i, p in probabilities.items() if split_intent(i)[0] not in unwanted}
    total = sum(kept.values())
    return {intent: probability / total for intent, probability in kept.items()} if total else {}


def _first(probabilities: dict[str, float]) -> tuple[str, float]:
    return max(probabilities.items(), key=lambda item: item[1], default=("", 0.0))


def _decide(message: Message, intent: str, confidence: float) -> None:
    decision = {"name": intent, "confidence": confidence}
    others = [rank for rank in message.get(INTENT_RANKING) if rank["name"] != intent]
    message.set(INTENT, decision, add_to_output=True)
    message.set(INTENT_RANKING, [decision, *others], add_to_output=True)


def _add_second(message: Message, second: _Stated | None) -> None:
    if second:
        _add_entity(message, SECOND_NEED, second.intent, second.clause.start, second.clause.end)


def _add_entity(message: Message, entity: str, value: Any, start: int, end: int) -> None:
    found = {
        "entity": entity,
        "value": value,
        "start": start,
        "end": end,
        "extractor": NeedResolver.__name__,
    }
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), found], add_to_output=True)
