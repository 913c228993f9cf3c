"""What an action knows of the conversation, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from actions.directory.text import simplify

NEEDS = (
    "garde_enfants",
    "francais",
    "numerique",
    "formation",
    "agence",
    "evenement",
    "offre_partenaire",
    "info_rsa",
    "humain",
)
RSA = "info_rsa"
NOT_UNDERSTOOD = ("nlu_fallback", "hors_sujet")
# What the slot `question` holds while we wait for a town, in a search or after a distress answer.
TOWN_QUESTIONS = ("commune", "commune_urgence")


def split_need(intent: str) -> tuple[str | None, str | None]:
    """Split an intent into need and finer part: `numerique_equipement` -> numerique, equipement."""
    for need in NEEDS:
        if intent == need:
            return need, None
        if intent.startswith(f"{need}_"):
            return need, intent.removeprefix(f"{need}_")
    return None, None


@dataclass(frozen=True)
class Choice:
    """Something the person can pick: its words, and the message that stands for it."""

    title: str
    payload: str


@dataclass(frozen=True)
class Display:
    """What was shown last: ids of the numbered results, then choices; and all ids seen so far.

    `focus` is the id of the result that the person looked at, if they chose one; `theme` the need
    under way then; `conditions` what a place must be for them (`actions/conditions.py`); `trade`
    the trade or thing they named (`actions/directory/search/trades.py`); `people` whether the
    results only are whom to ask.
    """

    results: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    seen: tuple[str, ...] = ()
    focus: str | None = None
    theme: str | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    trade: str = ""
    people: bool = False

    @classmethod
    def from_slot(cls, value: Mapping[str, Any] | None) -> Display:
        """Read the slot `affichage`."""
        value = value or {}
        return cls(
            tuple(value.get("results", ())),
            tuple(Choice(title, payload) for title, payload in value.get("choices", ())),
            tuple(value.get("seen", ())),
            value.get("focus"),
            value.get("theme"),
            value.get("conditions", {}),
            value.get("trade", ""),
            value.get("people", False),
        )

    def to_slot(self) -> dict[str, Any]:
        """Write the slot `affichage`."""
        return {
            "results": list(self.results),
            "choices": [[choice.title, choice.payload] for choice in self.choices],
            "seen": list(self.seen),
            "focus": self.focus,
            "theme": self.theme,
            "conditions": dict(self.conditions),
            "trade": self.trade,
            "people": self.people,
        }


@dataclass(frozen=True)
class Turn:
    """One message of a person, as understood, with the conversation so far."""

    intent: str
    confidence: float
    entities: Mapping[str, Any]
    text: str
    slots: Mapping[str, Any]
    now: datetime  # in Paris
    misunderstood: int = 0  # messages in a row not understood or out of scope, this one included
    crisis: str | None = None  # the situation of a cry for help just before, still under way
    sender: str = ""  # the conversation's pseudonym: to tell conversations apart, never kept
    likely: Mapping[str, float] = field(default_factory=dict)  # the first intents, by probability
    report: Mapping[str, str] | None = None  # `fiche` is wrong for `raison`: chosen on its card

    @property
    def today(self) -> date:
        """The day of the message, in Paris."""
        return self.now.date()

    @property
    def theme(self) -> str | None:
        """The need of this message, else the one under way."""
        need, _ = split_need(self.intent)
        return need or self.slots.get("theme")

    @property
    def detail(self) -> str | None:
        """The finer part of the need: of this message if it names a need, else remembered."""
        need, detail = split_need(self.intent)
        return detail if need else self.slots.get("detail_besoin")

    @property
    def code_insee(self) -> str | None:
        """INSEE code of the commune wanted; None when unknown or ambiguous."""
        if self.entities.get("communes_possibles"):
            return None
        return self.entities.get("code_insee") or self.slots.get("code_insee")

    @property
    def names_town(self) -> bool:
        """Whether this message names a town, or one that may be several."""
        return bool(self.entities.get("code_insee") or self.entities.get("communes_possibles"))

    @property
    def question(self) -> str | None:
        """The question we asked last, if it still waits for its answer."""
        return self.slots.get("question")

    @property
    def awaits_town(self) -> bool:
        """Whether we asked for the town."""
        return self.question in TOWN_QUESTIONS

    @property
    def display(self) -> Display:
        """What was shown last."""
        return Display.from_slot(self.slots.get("affichage"))

    @property
    def ranks(self) -> list[int]:
        """The numbers said: « le 1 et le 3 »; -1 is the last one."""
        said = self.entities.get("numero", [])
        return [int(number) for number in (said if isinstance(said, list) else [said])]

    @property
    def fields_read(self) -> tuple[str, ...]:
        """What the bot read that the message asks or tells of places (entity `champ`)."""
        read = self.entities.get("champ") or ()
        return (read,) if isinstance(read, str) else tuple(read)

    def after(self, kind: str) -> Mapping[str, float]:
        """The likeliest intents, by probability, after an answer of this kind (entity `apres`)."""
        read: Mapping[str, Mapping[str, float]] = self.entities.get("apres") or {}
        return read.get(kind, {})

    def likeliest_after(self, kind: str) -> tuple[str, float]:
        """The likeliest intent after an answer of this kind, and its probability; or ("", 0)."""
        read = self.after(kind)
        intent = max(read, key=read.__getitem__, default="")
        return intent, read.get(intent, 0.0)

    @cached_property
    def plain(self) -> str:
        """The message in lower case, without accents nor signs."""
        return simplify(self.text)

    @property
    def words(self) -> list[str]:
        """The words of the message, in lower case, without accents nor signs."""
        return self.plain.split()

    def likeliest(self, wanted: Callable[[str], bool]) -> tuple[str, float]:
        """The likeliest of these intents, and its probability: 0 when there is none."""
        intent = max(filter(wanted, self.likely), key=self.likely.__getitem__, default="")
        return intent, self.likely.get(intent, 0.0)

    def fact(self, name: str) -> str | None:
        """`oui`, `non`, `passe` or None for `rsa`, `moins_26`, `handicap`."""
        return self.entities.get(name) or self.slots.get(name)

    def as_said(self, intent: str, entities: Mapping[str, Any] | None = None) -> Turn:
        """The same turn, as if the person had said this intent (a choice picked by number)."""
        return replace(self, intent=intent, entities=entities or {}, confidence=1.0)

    def with_slots(self, **slots: Any) -> Turn:
        """The same turn with some slots changed."""
        return replace(self, slots={**self.slots, **slots})


@dataclass
class Answer:
    """One answer: lines of plain text, records shown, choices, and what to remember.

    `intro` and `closing` frame the records; channels that draw cards show only those lines.
    `whole` tells everything of the records, not the short form. `extra` goes beside `results` in
    the structured payload. `conditions` and `trade` are those of `Display`. `response` is
    one of the bot's domain, said instead of all that; `further` that records come after others,
    which are not to be shown again; `machine` the one that says, once in a
    conversation, that a machine speaks.
    """

    intro: str = ""
    results: Sequence[dict[str, Any]] = ()
    closing: str = ""
    whole: bool = False
    choices: Sequence[Choice] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    trade: str = ""
    response: str | None = None
    further: bool = False
    machine: str = "utter_presentation"
