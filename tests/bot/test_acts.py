"""What needs no learning: choices, details, towns, names, facts, commands, near subjects.

In the phrases, a place that the place component would find is written between braces.
"""

import re
from datetime import date

import pytest
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.acts import ConversationalActs
from bot.components.questions import ASKED
from bot.components.tokenizer import PLACE_SPANS, FrenchTokenizer

LEARNED = "formation"  # what the classifier said before, in most of these tests
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def understand():
    tokenizer = FrenchTokenizer(FrenchTokenizer.get_default_config())
    acts = ConversationalActs(today=lambda: TODAY)

    def parse(phrase: str, intent: str = LEARNED, asked: tuple[str, ...] = ()) -> Message:
        message = _message(phrase, intent)
        message.set(ASKED, [*asked])
        tokenizer.process([message])
        return acts.process([message])[0]

    return parse


def _message(phrase: str, intent: str) -> Message:
    text, spans = "", []
    for part in re.split(r"(\{[^}]*\})", phrase):
        if part.startswith("{"):
            part = part[1:-1]
            spans.append([len(text), len(text) + len(part)])
        text += part
    message = Message({TEXT: text, PLACE_SPANS: spans})
    ranking = [{"name": intent, "confidence": 0.6}, {"name": "autre", "confidence": 0.4}]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    places = [{"entity": "code_insee", "value": "93010", "start": s, "end": e} for s, e in spans]
    message.set(ENTITIES, places[:1], add_to_output=True)
    return message


def intent_of(message: Message) -> str:
    return message.get(INTENT)["name"]


def entities_of(message: Message) -> dict[str, object]:
    return {found["entity"]: found["value"] for found in message.get(ENTITIES)}


# --- one of what was shown ---


@pytest.mark.parametrize(
    ("phrase", "number"),
    [
        ("2", "2"),
        ("2.", "2"),
        ("3 !", "3"),
        ("1)", "1"),
        ("2️⃣", "2"),
        ("le 2", "2"),
        ("LE 2", "2"),
        ("la 2eme svp", "2"),
        ("le deuxième", "2"),
        ("le deuxieme stp", "2"),
        ("2 stp", "2"),
        ("2ème", "2"),
        ("le 2e", "2"),
        ("la seconde", "2"),
        ("le second", "2"),
        ("numéro trois", "3"),
        ("numero 3", "3"),
        ("n°1", "1"),
        ("le numéro 2 s'il vous plaît", "2"),
        ("choix 4", "4"),
        ("je prends le premier", "1"),
        ("je choisis la première", "1"),
        ("jprend le 1er", "1"),
        ("plutôt le 3", "3"),
        ("le 1 alors", "1"),
        ("oui le 2", "2"),
        ("non le 3", "3"),
        ("ok pour le deuxième", "2"),
        ("montre moi le 2", "2"),
        ("je voudrais voir le troisième", "3"),
        ("celui du 2", "2"),
        ("le premier m'intéresse", "1"),
        ("le premeir", "1"),
        ("le 2 me convient", "2"),
        ("la 1ere", "1"),
        ("un", "1"),
        ("deux", "2"),
        ("le dernier", "-1"),
        ("la dernière svp", "-1"),
        ("je préfère le dernier", "-1"),
        ("option 2 merci", "2"),
        ("the second one", "2"),
        ("el 2", "2"),
    ],
)
def test_a_number_or_an_ordinal_alone_chooses_what_was_shown(understand, phrase, number):
    message = understand(phrase)
    assert intent_of(message) == "choisir"
    assert entities_of(message)["numero"] == number


@pytest.mark.parametrize(
    "phrase",
    [
        "celui du milieu",
        "93200",
        "0612345678",
        "19 ans",
        "12",
        "10",
        "les 2",
        "tous les deux",
        "2 enfants",
        "j'ai 2 enfants",
        "pas le 2",
        "le 2 mars",
        "le 2 ou le 3",
        "2h",
        "2 €",
        "c'est la première fois",
        "mon premier rendez-vous",
        "attendez une seconde",
        "un stage",
        "en deuxième année de CAP",
        "je cherche un deuxième emploi",
        "ma fille est en 4eme",
        "le dernier forum",
        "le dixième",
        "3 ans",
        "deux cours de français",
        "1000",
    ],
)
def test_a_number_among_other_words_chooses_nothing(understand, phrase):
    message = understand(phrase)
    assert intent_of(message) != "choisir"
    assert "numero" not in entities_of(message)


# --- a detail of what was shown ---


@pytest.mark.parametrize(
    ("phrase", "field", "number"),
    [
        ("donne-moi le numéro", "telephone", None),
        ("donne-moi le numéro du 2", "telephone", "2"),
        ("donnez moi leur tel svp", "telephone", None),
        ("TEL", "telephone", None),
        ("le téléphone du premier", "telephone", "1"),
        ("num du 3 stp", "telephone", "3"),
        ("je veux appeler le 2", "telephone", "2"),
        ("comment les joindre ?", "telephone", None),
        ("c'est quoi leur numéro", "telephone", None),
        ("vous avez le numéro de téléphone du dernier ?", "telephone", "-1"),
        ("l'adresse", "adresse", None),
        ("l'adresse du premier", "adresse", "1"),
        ("l'adresse exacte svp", "adresse", None),
        ("adresse 2", "adresse", "2"),
        ("c'est où ?", "adresse", None),
        ("c où", "adresse", None),
        ("c'est où le 3", "adresse", "3"),
        ("c'est où exactement", "adresse", None),
        ("ça se trouve où", "adresse", None),
        ("où se trouve le deuxième", "adresse", "2"),
        ("ils sont où", "adresse", None),
        ("ils ouvrent quand", "horaires", None),
        ("c'est ouvert quand ?", "horaires", None),
        ("les horaires", "horaires", None),
        ("leurs heures d'ouverture", "horaires", None),
        ("ça ouvre à quelle heure", "horaires", None),
        ("ça ferme à quelle heure le 1", "horaires", "1"),
        ("c'est ouvert le samedi", "horaires", None),
        ("le 2 est ouvert aujourd'hui ?", "horaires", "2"),
        ("horaires du 2", "horaires", "2"),
        ("c'est quand", "date", None),
        ("c'est quel jour", "date", None),
        ("quelle date", "date", None),
        ("c'est quand le deuxième", "date", "2"),
        ("plus d'infos sur le 2", "tout", "2"),
        ("les détails du premier", "tout", "1"),
        ("dis m'en plus sur le 3", "tout", "3"),
        ("l'adresse et le numéro du 2", None, "2"),
    ],
)
def test_a_short_question_about_a_result_is_a_detail(understand, phrase, field, number):
    message = understand(phrase)
    found = entities_of(message)
    assert intent_of(message) == "detail"
    assert (found.get("champ"), found.get("numero")) == (field, number)


@pytest.mark.parametrize(
    ("phrase", "numbers"), [("1 et 2", ["1", "2"]), ("le premier et le dernier", ["1", "-1"])]
)
def test_several_numbers_alone_choose_each(understand, phrase, numbers):
    message = understand(phrase)
    assert intent_of(message) == "choisir"
    assert entities_of(message)["numero"] == numbers


@pytest.mark.parametrize(
    ("phrase", "asked", "said"),
    [
        ("le deuxième a l'air bien vous avez le tel", ("telephone",), {"numero": "2"}),
        ("et les enfants de 2 ans ils prennent quels papiers", ("demande",), {}),
        ("second one, is it free", ("frais",), {}),
        ("ou un vélo à la limite", (), {}),
        ("c'est combien et comment on s'inscrit", ("frais", "acces"), {}),
    ],
)
def test_a_question_in_any_words_asks_what_was_learnt_of_the_places_named(
    understand, phrase, asked, said
):
    found = entities_of(understand(phrase, "detail", asked))
    if asked:
        said = {**said, "champ": asked[0] if len(asked) == 1 else [*asked]}
    assert {name: found[name] for name in found if name in ("numero", "champ")} == said


def test_what_is_likely_no_question_asks_nothing_of_places(understand):
    assert "champ" not in entities_of(
        understand("c'est combien de heures le rsa", LEARNED, ("duree",))
    )


@pytest.mark.parametrize(
    "phrase",
    [
        "je cherche le numéro de la CAF",
        "l'adresse de mon agence",
        "donne moi le numéro de mon référent",
        "c'est où la mission locale",
        "où est mon agence",
        "c'est ouvert quand la CAF",
        "horaires france travail {Bondy}",
        "il est quelle heure",
        "on est quel jour",
        "mon numéro a changé",
        "j'ai perdu mon téléphone",
        "où apprendre le français",
        "quand est le prochain forum",
        "adresse de la crèche à {Pantin}",
        "je veux appeler quelqu'un",
        "c'est quand le paiement du rsa",
        "à quelle date je touche le rsa",
        "le numéro de la sécu",
        "créer une adresse mail",
        "je ne sais pas où aller",
        "un téléphone pas cher",
        "où dormir ce soir",
    ],
)
def test_a_need_that_shares_words_with_a_detail_is_left_to_the_classifier(understand, phrase):
    message = understand(phrase)
    assert intent_of(message) not in ("detail", "choisir")
    assert "champ" not in entities_of(message)


# --- only a town ---


@pytest.mark.parametrize(
    "phrase",
    [
        "{Bondy}",
        "{93140}",
        "à {Bondy}",
        "a {la courneuve} svp",
        "je suis à {Bondy}",
        "jsuis a {bondy}",
        "j'habite {Aubervilliers}",
        "jabite {pantin}",
        "moi c'est {Gap}",
        "finalement plutôt vers {Pantin}",
        "et à {Stains} ?",
        "et pour {Montreuil}",
        "vers chez moi à {Drancy}",
        "non {Bobigny}",
        "non, à {Bobigny} plutôt",
        "oui {Bobigny}",
        "du coup c'est {Nanterre}",
        "pas à {Pantin}, à {Bondy}",
        "pas {Pantin} mais {Bondy}",
        "je vis dans le {93}",
        "{Bondy} merci",
        "pas loin de {Gap}",
        "je vis chez ma mère à {Bondy}",
        "en ce moment {Paris} mais je préfère {Bondy}",
        "bonjour, {Bondy}",
        "je cherche à {Sevran}",
        "dans la ville de {Saint-Denis}",
        "code postal {92230}",
        "ville : {Colombes}",
        "du côté de {Briançon}",
        "{Bondy} {93140}",
        "on habite à {Clichy} depuis peu",
        "près de {Noisy}",
        "i live in {Saint-Denis}",
        "vivo en {Gennevilliers}",
        "finalement {Gap}",
        "je me suis trompé c'est {Gap}",
        "j'ai déménagé à {Gap}",
        "et sur {Embrun} ya quoi",
        "j'ai 22 ans et j'habite {Bondy}",
        "je suis à {Bondy} et je touche le rsa",
    ],
)
def test_a_place_and_small_words_give_only_a_town(understand, phrase):
    assert intent_of(understand(phrase)) == "donner_commune"


@pytest.mark.parametrize(
    "phrase",
    [
        "crèche {Bondy}",
        "je cherche du travail à {Bondy}",
        "cours de français à {Saint-Denis}",
        "à la rue à {Bondy}",
        "ou est mon agence à {Bondy}",
        "j'habite {Bondy} et je ne trouve pas de garde",
        "bus pour {Bondy}",
        "{Bondy} forum emploi",
        "la mairie de {Bondy}",
        "je ne suis pas content de {Bondy}",
        "et une formation à {Bondy} ?",
        "logement {Gap}",
    ],
)
def test_a_place_with_something_of_substance_is_left_to_the_classifier(understand, phrase):
    assert intent_of(understand(phrase)) == LEARNED


def test_small_words_without_a_place_give_no_town(understand):
    assert intent_of(understand("j'habite chez ma sœur")) == LEARNED


def test_a_place_only_marked_to_be_refused_gives_no_town(understand):
    message = _message("pas à {Bondy}", LEARNED)
    message.set(ENTITIES, [], add_to_output=True)
    FrenchTokenizer(FrenchTokenizer.get_default_config()).process([message])
    ConversationalActs(today=lambda: TODAY).process([message])
    assert intent_of(message) == LEARNED


# --- known names ---


@pytest.mark.parametrize(
    ("phrase", "key"),
    [
        ("c'est quoi plat'in", "platin"),
        ("c koi platin", "platin"),
        ("Plat'In ?", "platin"),
        ("ça veut dire quoi SPIE", "spie"),
        ("le SPIE c'est quoi ?", "spie"),
        ("yookan", "yookan"),
        ("c'est quoi yokan svp", "yookan"),
        ("qu'est-ce que l'ALI ?", "ali"),
        ("c'est quoi une ALI", "ali"),
        ("ALI ça veut dire quoi", "ali"),
        ("qu'est ce qu'une agence locale d'insertion", "ali"),
        ("expliquez-moi ce qu'est un référent", "referent"),
        ("mission locale c'est quoi", "mission_locale"),
        ("c'est quoi france travail", "france_travail"),
        ("que veut dire CCAS", "ccas"),
        ("qpv", "qpv"),
        ("c'est quoi un QPV", "qpv"),
        ("PLIE ça sert à quoi", "plie"),
        ("c'est quoi l'accompagnement global", "accompagnement_global"),
        ("acompagnement global", "accompagnement_global"),
        ("siae définition", "siae"),
        ("c quoi un chantier d'insertion", "chantier_insertion"),
        ("ma conseillère m'a parlé de handiforum c'est quoi", "handiforum"),
        ("fle ça veut dire quoi", "fle"),
        ("c'est quoi les cours asl", "asl"),
        ("seine-saint-denis compétences c'est quoi", "seine_saint_denis_competences"),
        ("keskece la pmi", "pmi"),
        ("pmi", "pmi"),
        ("c'est quoi un conseiller numérique", "conseiller_numerique"),
        ("je comprends pas le mot remobilisation", "remobilisation"),
        ("matinée de remobilisation", "remobilisation"),
        ("la maison des solidarités c'est quoi", "maison_des_solidarites"),
        ("what is france services", "france_services"),
        ("vous connaissez cap emploi ?", "cap_emploi"),
    ],
)
def test_a_known_name_is_explained_when_asked_or_alone(understand, phrase, key):
    entities = entities_of(understand(phrase, "hors_sujet"))
    assert (entities["dispositif"], entities["explique"]) == (key, "oui")


@pytest.mark.parametrize(
    ("phrase", "intent"),
    [("c'est quoi plat'in", "numerique"), ("pmi", "garde_enfants"), ("qpv", "dispositif")],
)
def test_a_name_to_explain_is_of_its_need_when_it_has_one(understand, phrase, intent):
    assert intent_of(understand(phrase, "hors_sujet")) == intent


@pytest.mark.parametrize("intent", ["affirmer", "nier"])
@pytest.mark.parametrize("phrase", ["j'ai dit {Aubervilliers} pas {Villepinte}", "nan mais {Gap}"])
def test_a_yes_or_a_no_that_names_a_town_is_that_town(understand, phrase, intent):
    assert intent_of(understand(phrase, intent)) == "donner_commune"


@pytest.mark.parametrize(
    ("phrase", "key"),
    [
        ("mission locale", "mission_locale"),
        ("ccas", "ccas"),
        ("ALI", "ali"),
        ("france travail", "france_travail"),
        ("la mission locale de {Bondy}", "mission_locale"),
        ("où est mon ali", "ali"),
        ("mon référent ne répond plus", "referent"),
        ("rendez-vous avec une assistante sociale au service social", "service_social"),
        ("je veux aller à plat'in pour un ordinateur", "platin"),
        ("mon rdv à la mision locale est annulé", "mission_locale"),
        ("je suis inscrite à pole emplois", "france_travail"),
        ("je veux travailler dans un chantier d'insertion", "chantier_insertion"),
        ("le conseiller numérique peut m'aider à imprimer ?", "conseiller_numerique"),
        ("accompagnment global comment en profiter", "accompagnement_global"),
        ("je suis perdue de vue par le service", "perdu_de_vue"),
        ("comment s'inscrire à handiforum", "handiforum"),
        ("j'habite en qpv est-ce que ça aide", "qpv"),
        ("non pas france travail, c'est l'ali", "ali"),
        ("pas de rendez-vous à la mission locale", "mission_locale"),
    ],
)
def test_a_known_name_inside_a_need_is_only_noted(understand, phrase, key):
    message = understand(phrase, "agence")
    assert intent_of(message) == "agence"
    assert entities_of(message)["dispositif"] == key
    assert "explique" not in entities_of(message)


@pytest.mark.parametrize("learned", ["nlu_fallback", "numerique_demarches"])
@pytest.mark.parametrize(
    "phrase", ["mission locale", "ccas", "ALI", "caf {Montreuil}", "mon référent à {Gap}"]
)
def test_a_bare_name_that_is_a_need_is_that_need_whatever_was_learned(understand, phrase, learned):
    assert intent_of(understand(phrase, learned)) == "agence"


def test_a_bare_name_keeps_the_finer_intent_that_was_learned(understand):
    assert intent_of(understand("mon référent à {Gap}", "agence_referent")) == "agence_referent"


@pytest.mark.parametrize(
    ("phrase", "intent"),
    [("kel é le numéro du ccas de {Sevran}", "agence"), ("c'est quel numéro", "detail")],
)
def test_the_number_of_a_body_is_no_detail_of_what_was_shown(understand, phrase, intent):
    assert intent_of(understand(phrase, "detail")) == intent


@pytest.mark.parametrize(
    "phrase",
    [
        "je m'appelle Ali",
        "Ali Baba et les quarante voleurs",
        "je plie le linge",
        "une pie dans le jardin",
        "je voudrais une formation",
        "un mâle alpha",
        "cap petite enfance",
        "je veux une maison",
        "emploi",
        "apprendre le français à la médiathèque",
        "des cours pour apprendre le français en ligne",
        "service de garde",
        "un atelier de cuisine",
    ],
)
def test_ordinary_words_are_no_known_name(understand, phrase):
    assert "dispositif" not in entities_of(understand(phrase))


# --- facts about the person ---


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("je touche le rsa", "oui"),
        ("jtouche le RSA", "oui"),
        ("je suis au rsa", "oui"),
        ("chui au rsa depuis 2 ans", "oui"),
        ("oui je perçois le RSA", "oui"),
        ("moi je suis bénéficiaire du rsa et je cherche une crèche", "oui"),
        ("allocataire du rsa", "oui"),
        ("j'ai le rsa", "oui"),
        ("g le rsa", "oui"),
        ("je suis toujours au RSA", "oui"),
        ("on est au rsa avec ma femme", "oui"),
        ("maman solo au rsa", "oui"),
        ("je n'ai que le rsa pour vivre", "oui"),
        ("je touche le revenu de solidarité active", "oui"),
        ("je suis au R.S.A", "oui"),
        ("brsa", "oui"),
        ("j'ai pas le rsa", "non"),
        ("je n'ai pas le RSA", "non"),
        ("je touche pas le rsa", "non"),
        ("je suis plus au rsa", "non"),
        ("plus le rsa", "non"),
        ("pas de rsa", "non"),
        ("je ne suis pas bénéficiaire du rsa", "non"),
        ("j'ai jamais eu le rsa", "non"),
        ("sans rsa", "non"),
        ("chui pas o rsa", "non"),
        ("non, je ne perçois pas le RSA", "non"),
        ("comment demander le rsa", None),
        ("j'ai droit au rsa ?", None),
        ("mon mari touche le rsa", None),
        ("ma fille est au rsa", None),
        ("elle est au rsa", None),
        ("si je suis au rsa, que se passe-t-il", None),
        ("est-ce que je peux toucher le rsa", None),
        ("c'est quoi le rsa", None),
        ("ce n'est pas le rsa", None),
        ("rsa", None),
        ("les bénéficiaires du rsa", None),
        ("j'ai pas reçu mon rsa ce mois", None),
        ("à quel âge on a le rsa", None),
        ("combien on touche au rsa", None),
        ("si j'ai pas le rsa qui m'aide", None),
        ("mon mari et moi on touche le rsa", "oui"),
        ("non plus le rsa", "non"),
        ("je voudrais être au rsa", None),
    ],
)
def test_the_person_says_whether_they_receive_rsa(understand, phrase, value):
    assert entities_of(understand(phrase)).get("rsa") == value


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("j'ai 22 ans", "oui"),
        ("jai 22ans", "oui"),
        ("g 19 an", "oui"),
        ("19 ans", "oui"),
        ("22", "oui"),
        ("j'ai 25 ans et je cherche une formation", "oui"),
        ("bientôt 26 ans", "oui"),
        ("bientôt 25", "oui"),
        ("j'ai 26 ans le mois prochain", "oui"),
        ("je suis née le 12/05/2004", "oui"),
        ("né en 99", "non"),
        ("je vais avoir 26 ans", "oui"),
        ("jeune de 20 ans cherche stage", "oui"),
        ("moins de 26 ans", "oui"),
        ("j'ai vingt-deux ans", "oui"),
        ("je suis né en 2004", "oui"),
        ("née en 2003", "oui"),
        ("je suis mineur", "oui"),
        ("j'ai pas encore 26 ans", "oui"),
        ("j'ai 26 ans", "non"),
        ("bientôt 30 ans", "non"),
        ("j'ai 52 ans", "non"),
        ("44", "non"),
        ("je suis une femme de 40 ans", "non"),
        ("homme 55 ans", "non"),
        ("âgée de 31 ans", "non"),
        ("plus de 26 ans", "non"),
        ("je suis née en 1985", "non"),
        ("j'ai la quarantaine", "non"),
        ("j'ai trente ans", "non"),
        ("{Bondy}, 38 ans", "non"),
        ("ma fille a 3 ans", None),
        ("mon bébé a 18 mois", None),
        ("mon fils a 19 ans", None),
        ("mon fils, 20 ans, cherche un stage", None),
        ("j'ai deux enfants de 4 et 7 ans", None),
        ("j'ai 20 ans d'expérience", None),
        ("depuis 20 ans", None),
        ("je suis en france depuis 22 ans", None),
        ("il y a 30 ans", None),
        ("ça fait 19 ans que j'attends", None),
        ("je suis né en 2000", None),
        ("ma fille est née en 2020", None),
        ("j'ai une fille de 20 ans", None),
        ("{93}", None),
        ("le 22 mars", None),
        ("22 euros", None),
        ("0612345678", None),
        ("plus de 20 ans", None),
        ("jai 22 piges pas de taf", "oui"),
        ("3 ans", None),
    ],
)
def test_the_person_says_whether_they_are_under_26(understand, phrase, value):
    assert entities_of(understand(phrase)).get("moins_26") == value


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("je suis handicapé", "oui"),
        ("je suis handicapée et je cherche un emploi", "oui"),
        ("j'ai une RQTH", "oui"),
        ("rqth", "oui"),
        ("je touche l'AAH", "oui"),
        ("je suis en fauteuil roulant", "oui"),
        ("en fauteuil", "oui"),
        ("j'ai un handicap", "oui"),
        ("je suis en situation de handicap", "oui"),
        ("formation avec mon handicap", "oui"),
        ("reconnu travailleur handicapé", "oui"),
        ("je suis malentendante", "oui"),
        ("chui handicapé", "oui"),
        ("mon fils est handicapé", None),
        ("crèche pour enfant handicapé", None),
        ("ma fille est en fauteuil roulant", None),
        ("je ne suis pas handicapé", None),
        ("c'est quoi la rqth", None),
        ("comment demander l'aah", None),
        ("travailler avec des personnes handicapées", None),
        ("mon mari a la rqth", None),
        ("je suis assise dans un fauteuil de bureau", None),
    ],
)
def test_the_person_says_that_they_have_a_handicap(understand, phrase, value):
    assert entities_of(understand(phrase)).get("handicap") == value


@pytest.mark.parametrize(
    "phrase", ["je touche le rsa", "j'ai 22 ans", "oui j'ai le rsa", "22", "non plus le rsa merci"]
)
def test_a_message_of_facts_only_answers_a_question(understand, phrase):
    assert intent_of(understand(phrase)) == "repondre"


def test_facts_beside_a_need_leave_the_need(understand):
    message = understand("j'ai 22 ans, je touche le rsa et je cherche une crèche", "garde_enfants")
    assert intent_of(message) == "garde_enfants"
    assert entities_of(message) == {"rsa": "oui", "moins_26": "oui"}


# --- words of command, and messages of one word ---


@pytest.mark.parametrize(
    ("phrase", "intent"),
    [
        ("stop", "stop"),
        ("STOP.", "stop"),
        ("stop svp", "stop"),
        ("stop sms", "stop"),
        ("menu", "recommencer"),
        ("Menu svp", "recommencer"),
        ("recommencer", "recommencer"),
        ("annuler", "recommencer"),
        ("aide", "aide_bot"),
        ("AIDE", "aide_bot"),
        ("help", "aide_bot"),
        ("ok", "affirmer"),
        ("oui", "affirmer"),
        ("ouiiii", "affirmer"),
        ("d'accord", "affirmer"),
        ("👍", "affirmer"),
        ("👍🏽", "affirmer"),
        ("✅", "affirmer"),
        ("oui oui", "affirmer"),
        ("non", "nier"),
        ("nn", "nier"),
        ("non merci", "nier"),
        ("👎", "nier"),
        ("merci", "merci"),
        ("MERCI !!!", "merci"),
        ("ok merci", "merci"),
        ("🙏", "merci"),
        ("bonjour", "salutation"),
        ("👋", "salutation"),
        ("au revoir", "au_revoir"),
        ("", "nlu_fallback"),
        ("   ", "nlu_fallback"),
        ("?", "nlu_fallback"),
        ("...", "nlu_fallback"),
        ("…", "nlu_fallback"),
        ("\u0301", "nlu_fallback"),
        ("ok…", "affirmer"),
        ("🍕", "nlu_fallback"),
        ("?!?!", "nlu_fallback"),
    ],
)
def test_one_word_or_sign_alone_says_one_thing(understand, phrase, intent):
    assert intent_of(understand(phrase)) == intent


@pytest.mark.parametrize(
    "phrase",
    [
        "stop à la violence",
        "aide pour la garde",
        "aide moi à trouver du travail",
        "menu du restaurant",
        "merci de me dire où apprendre le français",
        "oui je cherche une crèche",
        "non je veux une formation",
        "bonjour je cherche un emploi",
        "ok et une formation ?",
        "au secours",
        "oui mais non",
    ],
)
def test_the_same_words_with_something_else_are_left_to_the_classifier(understand, phrase):
    assert intent_of(understand(phrase)) == LEARNED


# --- near subjects ---


@pytest.mark.parametrize("learned", ["hors_sujet", "nlu_fallback"])
@pytest.mark.parametrize(
    ("phrase", "subject"),
    [
        ("je cherche un appartement", "logement"),
        ("demande de HLM", "logement"),
        ("recours dalo", "logement"),
        ("mon propriétaire veut pas faire les travaux", "logement"),
        ("renouvellement titre de séjour", "sejour"),
        ("rdv à la préfecture", "sejour"),
        ("je veux la nationalité française", "sejour"),
        ("déclaration d'impôts", "impots"),
        ("payer ma taxe foncière", "impots"),
        ("ma carte vitale est perdue", "sante"),
        ("je cherche un médecin", "sante"),
        ("dentiste", "sante"),
        ("renouveler ma CSS", "sante"),
        ("à quel âge la retraite", "retraite"),
        ("dossier de surendettement", "banque_dettes"),
        ("j'ai des dettes", "banque_dettes"),
        ("un avocat pour divorcer", "justice"),
        ("contester une amende", "justice"),
        ("inscrire ma fille à l'école", "ecole"),
        ("aide aux devoirs", "ecole"),
        ("mon dossier MDPH", "handicap_mdph"),
        ("aah refusée", "handicap_mdph"),
        ("I need a residence permit", "sejour"),
        ("le montant des APL", "logement"),
    ],
)
def test_a_near_subject_is_named(understand, phrase, subject, learned):
    message = understand(phrase, learned)
    assert entities_of(message)["sujet_proche"] == subject
    assert intent_of(message) == learned


@pytest.mark.parametrize("phrase", ["il fait beau", "raconte une blague", "azerty", "une pizza"])
def test_a_far_subject_is_not_named(understand, phrase):
    assert "sujet_proche" not in entities_of(understand(phrase, "hors_sujet"))


def test_a_need_has_no_near_subject(understand):
    message = understand("formation d'avocat", "formation")
    assert "sujet_proche" not in entities_of(message)


# --- what is written in the message ---


def test_an_act_is_certain_and_first_in_the_ranking(understand):
    message = understand("le 2")
    assert message.get(INTENT) == {"name": "choisir", "confidence": 1.0}
    names = [candidate["name"] for candidate in message.get("intent_ranking")]
    assert names == ["choisir", LEARNED, "autre"]


def test_acts_are_part_of_the_answer_of_the_parser(understand):
    message = understand("le 2")
    assert {INTENT, "intent_ranking", ENTITIES} <= message.output_properties


def test_the_places_found_before_are_kept(understand):
    found = entities_of(understand("j'ai 22 ans et j'habite {Bondy}"))
    assert found == {"code_insee": "93010", "moins_26": "oui"}


def test_a_message_of_five_thousand_characters_is_left_to_the_classifier(understand):
    assert intent_of(understand("je cherche une formation " * 200)) == LEARNED
