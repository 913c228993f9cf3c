"""What a message does by itself and needs no learning: « le 2 », a town alone, « c'est où ».

An act replaces the classifier's intent only when the message holds nothing else: every word
left over must be a small word of the list that goes with the act. In doubt, the classifier's
answer stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz import fuzz, process
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifier import INTENT_RANKING
from bot.components.facts import Facts, find_facts
from bot.components.names import KnownName, Names
from bot.components.near_subjects import NearSubjects
from bot.components.needs import HESITATION, SECOND_NEED
from bot.components.questions import ASKED, LIKELY, SAID_OF_PLACES
from bot.components.reading import BREAK, PLACE, Reading, read, word_set
from bot.intents import OUT_OF_SCOPE, REFUSAL, split_intent

LAST = "-1"
EVERYTHING = "tout"  # the field of « plus d'infos »
MAY_ASK = 0.1  # probability of a question from which a farewell, or a town in a « non », asks
SURE_STOP = 0.75  # probability from which nothing more is sent, if no word says it
ACT = "acte"  # in a message's data: the intent that a rule read in the whole of it

_PLACE_ENTITIES = frozenset(("code_insee", "communes_possibles", "departement"))
_NOT_UNDERSTOOD = (OUT_OF_SCOPE, DEFAULT_NLU_FALLBACK_INTENT_NAME)


_POLITE = word_set(
    "s il te vous plait svp stp please por favor merci bonjour bonsoir salut bjr alors donc euh "
    "bah ben bon bien ok oui ouais d accord voila et mais aussi du coup finalement plutot en fait "
    "pardon desole desolee madame monsieur ah oh"
)

# --- a number among what was shown ---

_ORDINALS = {
    name: str(number)
    for number, names in enumerate(
        (
            "premier premiere prem prems first primero primera primo prima primeiro primeira",
            "deuxieme deuzieme deuziem second seconde segundo segunda secondo",
            "troisieme third tercero tercera terzo terza terceiro terceira",
            "quatrieme",
            "cinquieme",
            "sixieme",
            "septieme",
            "huitieme",
            "neuvieme",
        ),
        start=1,
    )
    for name in names.split()
} | dict.fromkeys(("dernier", "derniere", "last", "ultimo", "ultima"), LAST)
_CARDINALS = {
    "un": "1",
    "deux": "2",
    "trois": "3",
    "quatre": "4",
    "cinq": "5",
    "six": "6",
    "sept": "7",
    "huit": "8",
    "neuf": "9",
}
_DIGIT = re.compile(r"([1-9])(?:er|ere|re|e|em|eme|ieme|iem|ier|nd|nde)?")
_UNITS = word_set("an ans moi mois jour jours semaine semaines h heure heures enfant enfants fois")
_LABELS = word_set("numero num n no choix option reponse resultat proposition")
_BEFORE_A_CARDINAL = _LABELS | word_set("le la du au celui")
_NEEDS_AN_ARTICLE = word_set("second seconde")
_CHOOSING = _POLITE | word_set(
    "je j prends prend prendre choisis choisi choisir veux voudrais voir vais montre montrez moi "
    "la le l du de celui celle numero num n no choix option reponse resultat proposition pour "
    "prefere interesse convient ira tres m me va sur clique c est a non parfait sera the one el"
)

# --- a detail of what was shown ---

# A message that holds nothing but these words; in any others, a question is read by what was learnt
# (`questions.py`).
_KILOMETRES = word_set("km kilometre kilometres bornes")
_FIELDS = {
    "telephone": word_set(
        "numero num telephone telefone telefono phone tel appeler joindre contacter contact "
        "coordonnees portable number telefon телефон номер رقم هاتف 电话"
    ),
    "adresse": word_set(
        "adresse adress adres ou lieu situe situee plan localisation address direccion indirizzo "
        "endereco адрес адреса عنوان 地址"
    ),
    "horaires": word_set(
        "horaire horaires ouvert ouverte ouverts ouvre ouvrent ouverture ferme fermes ferment "
        "fermeture horario orario open hours"
    ),
    "frais": word_set(
        "gratuit gratuite gratuits gratuites payant payante payants payantes prix cout coute "
        "coutent tarif tarifs combien cher chere chers payer gratui free price cost much gratis "
        "gratuito ucretsiz cuesta cuanto precio custa quanto preco costa prezzo kac сколько стоит "
        "скільки коштує كم بكم 多少钱 "
        "бесплатно безкоштовно مجاني 免费"
    ),
    "distance": word_set("loin pres proche proches distance") | _KILOMETRES,
    "date": word_set("date dates quand quan kan kand jour when cuando когда коли متى"),
    "acces": word_set("inscrire inscris inscrit inscription inscriptions"),
}
_MORE = word_set("detail details info infos information informations savoir dis dites")
_ABOUT_A_RESULT = _POLITE | word_set(
    "donne donnez moi me le la les l leur leurs son sa ses ca se du de des celui celle pour c cest "
    "est sont "
    "quoi quel quelle quels quelles exact exacte exactement deja encore a il elle ils elles"
)
_BESIDE = {
    "telephone": word_set("je j veux voudrais peux aimerais avoir avez tu as on peut comment les"),
    "adresse": word_set("je j veux voudrais aimerais avoir avez tu as ils elles sont trouve situe"),
    "horaires": word_set(
        "je j veux voudrais aimerais avoir avez ils elles sont quand jour jours heure heures lundi "
        "mardi mercredi jeudi vendredi samedi dimanche matin midi soir apres aujourd hui demain "
        "maintenant semaine week end weekend tard tot jusqu ce cet"
    ),
    "date": word_set("commence lieu"),
    "frais": word_set("est faut il y que qu on pas trop moins plus combien ils elles ou les sont"),
    "distance": word_set(
        "plus moins trop il y en un une d de chez moi quelque chose autre autres est sont combien "
        "on que qu ici pas t vous avez tu as rien"
    ),
    "acces": word_set("comment on peut peux faut il je j m s me faire fait pour y que qu dois"),
}
_MORE_BESIDE = word_set("plus en m sur je j veux voudrais")

# --- a town alone ---

_AROUND_A_TOWN = _POLITE | word_set(
    "je j suis habite habites jabite jhabite abite habitant habitante habitons reside vis vit "
    "loge logee heberge hebergee "
    "moi on nous sommes a au aux dans le la les l de des vers sur pour chez c est ca ce "
    "sera non pas pres proche cote autour alentours ville commune code postal departement quartier "
    "secteur centre gare cite banlieue cherche chercher autre maintenant actuellement encore "
    "toujours depuis peu longtemps demenage ai viens venir de ici la bas travaille trompe trompee "
    "me m erreur voulais dire crois quoi quelque y il rien pareil meme chose tout sinon ou loin "
    "environs ses mets mettez changer change modifier prefere moment veux ma mere pere soeur frere "
    "cousine ami amie parents famille i live in at near my city town is vivo moro em abito "
    "اسكن في انا من"
)
_AROUND_A_FACT = _POLITE | word_set(
    "je j moi suis ai non c est et depuis ans an mois svp actuellement"
)

# --- messages of one word or sign ---

_COMMANDS = {
    **dict.fromkeys(("stop", "stop sms"), "stop"),
    **dict.fromkeys(("menu", "recommencer", "annuler", "reset"), "recommencer"),
    **dict.fromkeys(("aide", "help"), "aide_bot"),
    **dict.fromkeys(
        (
            *("effacer", "efface", "effacez", "efface tout", "effacer tout", "effacez tout"),
            *("tout effacer", "supprimer", "supprime tout", "supprimer tout", "oublie tout"),
            *("efface mes messages", "effacez mes messages", "effacer mes messages"),
            *("efface ma conversation", "effacez ma conversation", "effacer ma conversation"),
        ),
        "effacer",
    ),
}
_SAID_ALONE = {
    **dict.fromkeys(
        ("ok", "oui", "oui oui", "ouais", "d accord", "ok d accord", "oui ok", "yes"), "affirmer"
    ),
    **dict.fromkeys(("les deux", "les 2", "tous les deux", "toutes les deux"), "affirmer"),
    **dict.fromkeys(("non", "non non", "nan", "non merci", "no"), "nier"),
    **dict.fromkeys(
        ("merci", "ok merci", "merci beaucoup", "oui merci", "d accord merci"), "merci"
    ),
    **dict.fromkeys(
        ("bonjour", "bonsoir", "salut", "bonjour madame", "bonjour monsieur"), "salutation"
    ),
    **dict.fromkeys(("au revoir", "merci au revoir", "bye", "a plus", "a plus tard"), "au_revoir"),
    "+": "plus",
}
_TAG = re.compile(r"\w\W+non ?\?+\s*$", re.IGNORECASE)
_RESTARTING = word_set("recommencer recommence recommencez")  # « non c'est pas ça, recommencer »
FEW_WORDS = 6
_IRONY = re.compile(r"\bmerci (?:beaucoup )?pour rien\b|\bmerci (?:bien )?de (?:rien|ne pas)\b")
_STOPPING = word_set(
    "stop desabonner desabonne desabonnement desinscrire desinscris desinscription arrete arretez "
    "arreter lache lachez laisse laissez"
)
_SIGNS = {
    **dict.fromkeys("👍👌✅🆗✔☑", "affirmer"),
    **dict.fromkeys("👎❌🚫", "nier"),
    **dict.fromkeys("🙏❤💖🥰", "merci"),
    **dict.fromkeys("👋", "salutation"),
}


@dataclass
class Act:
    """An intent that the message states by itself, and the entities that go with it."""

    intent: str
    entities: dict[str, Any] = field(default_factory=dict)


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=False,
)
class ConversationalActs(GraphComponent):
    """Sets the intent of messages that need no learning; adds facts, names and near subjects.

    Reads the places found before (`place_spans` and their entities). Adds the entities
    `numero`, `champ`, `dispositif` (with `explique` when the message only asks what that name is),
    `rsa`, `moins_26`, `handicap` and `sujet_proche`.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ConversationalActs:
        """Reads the names and the words of near subjects from `data/`."""
        return cls()

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        """`today` gives the day that a year of birth is counted from."""
        self._today = today
        self._names = Names()
        self._subjects = NearSubjects()

    def process(self, messages: list[Message]) -> list[Message]:
        """Read every message by rule."""
        for message in messages:
            self._process(message)
        return messages

    def _process(self, message: Message) -> None:
        reading = read(message)
        facts = _not_asked(find_facts(reading, self._today()), message)
        name = self._names.find(reading)
        act = _spoken(reading) or _shown(reading.plain)
        act = act or _told(facts, _has_place(message)) or _named(name, message)
        act = act or _corrected(message) or _not_a_stop(message, reading)
        act = act or _ends_as_a_question(message, reading) or _not_a_farewell(message, reading)
        if act:
            _set_intent(message, act.intent)
        asked = act.entities if act else _in_question(message, reading)
        if act and act.intent == "detail":  # « y en a combien ? » asks no price
            asked = {**asked, **_asked_of_a_place(message, reading)}
        entities = {**facts.values, **asked}
        if name:
            entities["dispositif"] = name.key
        subject = self._near_subject(message)
        if subject:
            entities["sujet_proche"] = subject
        _add_entities(message, entities)

    def _near_subject(self, message: Message) -> str | None:
        if _intent_of(message) not in _NOT_UNDERSTOOD:
            return None
        return self._subjects.find(message.get(TEXT) or "")


def _in_question(message: Message, reading: Reading) -> dict[str, Any]:
    """What a message that may be a question on places shown asks of them."""
    likely = _likely(message)
    if max(likely.get(intent, 0) for intent in SAID_OF_PLACES) < LIKELY:
        return {}
    return _asked_of_a_place(message, reading)


def _likely(message: Message) -> dict[str, float]:
    return {each["name"]: each["confidence"] for each in message.get(INTENT_RANKING) or []}


def _intent_of(message: Message) -> str | None:
    return (message.get(INTENT) or {}).get("name")


def _set_intent(message: Message, intent: str) -> None:
    message.set(ACT, intent)
    certain = {"name": intent, "confidence": 1.0}
    others = [
        candidate for candidate in message.get(INTENT_RANKING) or [] if candidate["name"] != intent
    ]
    message.set(INTENT, certain, add_to_output=True)
    message.set(INTENT_RANKING, [certain, *others], add_to_output=True)
    # The message holds nothing but this act: no second need, nothing to hesitate about.
    kept = [
        found
        for found in message.get(ENTITIES) or []
        if found["entity"] not in (SECOND_NEED, HESITATION)
    ]
    message.set(ENTITIES, kept, add_to_output=True)


def _add_entities(message: Message, entities: dict[str, Any]) -> None:
    end = len(message.get(TEXT) or "")
    added = [
        {
            "entity": name,
            "value": value,
            "start": 0,
            "end": end,
            "extractor": ConversationalActs.__name__,
        }
        for name, value in entities.items()
    ]
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), *added], add_to_output=True)


def _spoken(reading: Reading) -> Act | None:
    """One word of command, yes, no, thanks, a sign, or nothing at all."""
    words = reading.plain
    if not words:
        intents = [_SIGNS[sign] for sign in reading.signs if sign in _SIGNS]
        return Act(intents[0] if intents else DEFAULT_NLU_FALLBACK_INTENT_NAME)
    line = " ".join(words)
    if _IRONY.search(line):
        return Act("plainte")
    command = " ".join(_without_please(words))
    if " ".join(reading.words).rstrip(f" {BREAK}").endswith(f"{BREAK} stop"):  # « c'est bon. STOP »
        return Act("stop")
    if words == ("0",):  # a key of a phone menu
        return Act(DEFAULT_NLU_FALLBACK_INTENT_NAME)
    if words[-1] in _RESTARTING and len(words) <= FEW_WORDS:
        return Act("recommencer")
    intent = _COMMANDS.get(command) or _SAID_ALONE.get(line) or _SAID_ALONE.get(command)
    return Act(intent) if intent else None


def _without_please(words: Iterable[str]) -> list[str]:
    please = word_set("s il te vous plait svp stp please")
    return [word for word in words if word not in please]


def _shown(words: tuple[str, ...]) -> Act | None:
    """A choice among what was shown, or a detail of it."""
    numbers = _numbers(words)
    if len(numbers) > 1:
        others = [word for i, word in enumerate(words) if i not in numbers]
        both = _CHOOSING.issuperset(others)
        return Act("choisir", {"numero": list(numbers.values())}) if both else None
    position, number = next(iter(numbers.items()), (None, None))
    others = [word for i, word in enumerate(words) if i != position]
    asked = _fields(words, position)
    if not asked and number and _CHOOSING.issuperset(others):
        return Act("choisir", {"numero": number})
    return _detail(others, asked, number)


def _asked_of_a_place(message: Message, reading: Reading) -> dict[str, Any]:
    """The places and the fields that a question on places names, in any words."""
    numbers = _numbers(reading.plain, bare=False)
    asked = message.get(ASKED) or []
    found: dict[str, Any] = {"champ": asked if len(asked) > 1 else asked[0]} if asked else {}
    if numbers:
        found["numero"] = list(numbers.values()) if len(numbers) > 1 else numbers.popitem()[1]
    return found


def _numbers(words: tuple[str, ...], *, bare: bool = True) -> dict[int, str]:
    """The numbers of results that these words name, by position.

    `bare`: a digit counts by itself; else after « le », « du »: « 2 ans » is no rank.
    """
    found = {}
    for i, word in enumerate(words):
        before = words[i - 1] if i else None
        number = _number(word, before, alone=len(words) == 1)
        if words[i + 1 : i + 2] and words[i + 1] in _UNITS and before not in _BEFORE_A_CARDINAL:
            number = None  # « il a 8 mois »
        if number and (bare or not word[:1].isdigit() or before in _BEFORE_A_CARDINAL):
            found[i] = number
    return found


def _number(word: str, before: str | None, *, alone: bool) -> str | None:
    digit = _DIGIT.fullmatch(word)
    if digit:
        return None if before == "les" else digit[1]
    if word in _CARDINALS:
        return _CARDINALS[word] if alone or before in _BEFORE_A_CARDINAL else None
    if word in _NEEDS_AN_ARTICLE and before not in ("le", "la", "the"):
        return None
    return _ORDINALS.get(word) or _misspelled_ordinal(word)


def _misspelled_ordinal(word: str) -> str | None:
    alike = [name for name in _ORDINALS if name[0] == word[0]]  # « dixième » is not « sixième »
    found = process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=85)
    return _ORDINALS[found[0]] if found and len(word) > 6 else None


def _fields(words: tuple[str, ...], number_at: int | None) -> list[str]:
    """The fields that these words name; the most telling ones first."""
    if not _KILOMETRES.isdisjoint(words):
        return ["distance"]
    asked = [
        name for name in _FIELDS if any(_asks(name, words, i, number_at) for i in range(len(words)))
    ]
    if "horaires" in asked or "a quelle heure" in " ".join(words):
        return [name for name in asked if name not in ("date", "horaires")] + ["horaires"]
    return asked


def _asks(name: str, words: tuple[str, ...], i: int, number_at: int | None) -> bool:
    is_label = words[i] in _LABELS and number_at == i + 1  # « le numéro 2 » is a choice
    if words[i : i + 2] == ("quand", "meme"):
        return False
    takes_place = words[i] == "lieu" and i > 0 and words[i - 1] == "a"  # « ça a lieu quand »
    return words[i] in _FIELDS[name] and not is_label and not takes_place


def _detail(others: list[str], asked: list[str], number: str | None) -> Act | None:
    allowed = set(_ABOUT_A_RESULT)
    for name in asked:
        allowed |= _FIELDS[name] | _BESIDE[name]
    if not asked:
        if number is None or _MORE.isdisjoint(others):
            return None
        allowed |= _MORE | _MORE_BESIDE
    if not allowed.issuperset(others):
        return None
    field = {"champ": asked[0] if asked else EVERYTHING} if len(asked) < 2 else {}
    return Act("detail", {**field, **({"numero": number} if number else {})})


def _has_place(message: Message) -> bool:
    return any(found["entity"] in _PLACE_ENTITIES for found in message.get(ENTITIES) or [])


def _not_asked(facts: Facts, message: Message) -> Facts:
    """« j'ai plus droit au RSA ? » asks, and tells nothing."""
    asks = (message.get(TEXT) or "").rstrip().endswith("?")
    return Facts({}, facts.rest) if asks and _says_nothing_else(facts) else facts


def _says_nothing_else(facts: Facts) -> bool:
    rest = {word for word in facts.rest.split() if word != BREAK}
    return bool(facts.values) and rest <= _AROUND_A_FACT


def _told(facts: Facts, has_place: bool) -> Act | None:
    """A town, or facts about the person, and nothing else."""
    rest = [word for word in facts.rest.split() if word != BREAK]
    if has_place and PLACE in rest and (_AROUND_A_TOWN | {PLACE}).issuperset(rest):
        return Act("donner_commune")
    if _says_nothing_else(facts):
        return Act("repondre")
    return None


def _corrected(message: Message) -> Act | None:
    """« j'ai dit Aubervilliers », « nan mais vers Pantin », « bon Bondy j'y vais »: a town."""
    if _intent_of(message) in ("affirmer", "nier", "au_revoir") and _has_place(message):
        return None if _may_ask(message) else Act("donner_commune")
    return None


def _not_a_farewell(message: Message, reading: Reading) -> Act | None:
    """« et lundi je vais où ? » asks, and leaves nobody."""
    if _intent_of(message) != "au_revoir" or not _may_ask(message):
        return None
    return Act("detail", _asked_of_a_place(message, reading))


def _may_ask(message: Message) -> bool:
    return bool(message.get(ASKED)) and _likely(message).get("detail", 0) >= MAY_ASK


def _not_a_stop(message: Message, reading: Reading) -> Act | None:
    """« envoie par sms »: no more messages is a grave thing to understand without being sure."""
    if _intent_of(message) != "stop" or message.get(INTENT)["confidence"] >= SURE_STOP:
        return None
    if not _STOPPING.isdisjoint(reading.plain):
        return None
    others = [each["name"] for each in message.get(INTENT_RANKING) if each["name"] != "stop"]
    return Act(others[0]) if others else None


def _ends_as_a_question(message: Message, reading: Reading) -> Act | None:
    """« c'est cher non ? » asks, and refuses nothing."""
    if _intent_of(message) != REFUSAL or not _TAG.search(message.get(TEXT)):
        return None
    return Act("detail", _asked_of_a_place(message, reading))


def _named(name: KnownName | None, message: Message) -> Act | None:
    """A known name asked about, or alone, or the number of a body that follows people."""
    if name is None:
        return None
    if name.asked or (name.alone and name.explained_alone):
        return Act(name.theme or "dispositif", {"explique": "oui"})
    about = split_intent(_intent_of(message) or "")[0]
    asks_its_number = about == "detail" and name.theme == "agence"
    if (name.alone or asks_its_number) and name.theme and about != name.theme:
        return Act(name.theme)
    return None
