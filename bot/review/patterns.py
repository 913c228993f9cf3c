"""How what is personal looks in a message; the patterns read it in lower case, without accents,
but for links, e-mails, runs of digits and codes."""

from __future__ import annotations

import re

from bot.components.reading import word_set
from bot.review.files import MASKS

# One character each while a message is read, spelt out at the end.
NAME, PHONE, MAIL, ADDRESS, DIGITS, LINK = "\ue000\ue001\ue002\ue003\ue004\ue005"
LABELS = dict(zip((NAME, PHONE, MAIL, ADDRESS, DIGITS, LINK), MASKS, strict=True))
MARKS = "".join(LABELS)

# Names of people that are French words too.
ALSO_NAMES = word_set(
    "abel aimé aimée alban ambre amour ana ange angélique anne aurore ben benjamin bernard "
    "blaise blanche brice brigitte capucine carmen cerise céleste charlotte cheikh claire clémence "
    "clément colette colombe constance constant côme daniel désiré désirée diane dieudonné "
    "églantine espérance eve fabrice félicité ferdinand fleur fortuné gaspard georges gilles grâce "
    "guillaume guy henri hugo iris jack jacques jade jasmin jean jeanne jose josé joy jules julien "
    "juste kim lambert laure laurent lila lilas lily lise lou louis louise luc luna léo léon "
    "marc marguerite maria marie marin marina marine marion martial martin martine mathurin "
    "maure max maxime maya melissa merveille michel mimi modeste nadir nicole océane olive "
    "olivier ombeline parfait pascal pascale patience patrice perle perrine peter pierre "
    "précieuse prince princesse prudence prune régis rémi rené renée robert robin rodolphe roland "
    "romain rosalie rose roger salomé sidonie simon solange sultan sultane sylvestre thym "
    "tristan trésor valentine valérie victoire victor violette virginie vivien yasmine "
    "adam alain amadou amine ange carter dupont durand faure garnier gauthier gérard germain "
    "leclerc legrand lefebvre leroy meunier picard roux diallo fatou benali karim kevin ali paul "
    "camille laura esther denis francois grace meyer colin perez payet costa"
)

# What may follow « je m'appelle » or « madame » and is no name.
NO_NAME = word_set(
    "je j ai et ou mais que qu qui est suis a de du des d le la les l un une en au aux pour dans "
    "avec sur sans chez ne n pas plus jamais toujours mon ma mes ton son sa ses notre votre vos "
    "nos ce cette ces ca cela c il elle on nous vous ils elles me m te t se s y si comment combien "
    "quand quoi quel quelle bonjour bonsoir merci svp stp cherche recherche veux voudrais veut "
    "besoin habite vis viens vient peux peut dit aide aidez moi toi lui car donc alors cest jai "
    "jhabite chui jsuis conseillere conseiller assistante assistant sociale social mission "
    "directrice directeur referent referente maire souhaite souhaiterait doit sait parle "
    "accompagne excusez desole desolee seule seul agee age enceinte isolee isole beneficiaire "
    "monsieur madame mesdames messieurs mademoiselle bureau g lundi mardi mercredi jeudi vendredi "
    "samedi dimanche demain aujourd matin soir"
)
NAME_CUES = re.compile(
    r"\b(?:j\W?e?\s?)?m\W?e?\W?ap+el+e?s?\b|\bs\W?e?\W?ap+el+e?(?:nt)?\b|\bse nomme\b"
    r"|\b(?:mon|ma|son|sa|notre|leur|le) (?:nom|prenom)\b(?: de famille)?"
    r"|\b(?:nom|prenom)s?\b\s?[:=]|\b(?:mme|mlle|mr|mrs|monsieur|madame|mademoiselle|docteur|dr)\b"
    r"|\bcordialement\b|\bsigne(?:e)? ?[:=]|\bde la part d\W?e?\b|\bsurnom(?:me|mee)?\b"
)
TITLES = word_set("mme mlle mr dr")
RELATIVES = re.compile(
    r"\b(?:mon|ma|mes|son|sa|ses|notre|nos|leurs?|le|la|les|au|aux)\s"
    r"(?:fils|filles?|garcons?|mari|femme|epouse|epoux|enfants?|bebes?|petite?s?|freres?|s(?:oe|œ)urs?"
    r"|mere|pere|maman|cousine?s?|neveux?|nieces?|copine?|copain|amie?|conjointe?"
    r"|compagne|compagnon|jumeaux|jumelles|voisine?|tata|tonton|oncle|tante|collegue|patron)\b(?!\W+est\b)"
)
FOR = re.compile(r"\bpour\b")
INFINITIVE = re.compile(r"\w{2,}(?:er|ir|re|oir)")
NAME_CUE_M = re.compile(r"\bM\. ?(?=\w)|\bM (?=[A-Z][a-zéèê])")
AFTER_CUE = re.compile(r"[\s:=.,!\-]*(?:(?:c\W?est|est|cest|ce)\b[\s:=]*)?")

LINKS = re.compile(r"https?:\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}/\S+", re.I)
AT = r"(?:@|\(at\)|\[at\]|\barr?ob+as?e?\b)"
DOT = r"(?:\.|\bpoint\b|\bpt\b|\bdot\b)"
PROVIDERS = (
    "gmail|hotmail|yahoo|icloud|laposte|outlook|orange|wanadoo|live|free|sfr|proton(?:mail)?"
)
MAILS = re.compile(
    rf"[\w.+-]+(?:\s+(?:point|tiret|underscore|tiret du bas)\s+[\w.+-]+)*\s*{AT}\s*[\w-]+"
    rf"(?:\s*{DOT}\s*[\w-]+)*"
    rf"|[\w.+-]+\s+(?:(?:chez|at|a)\s+)?(?:{PROVIDERS})\s*{DOT}?\s*(?:com|fr|net)\b|@\w+",
    re.I,
)

BETWEEN = r"[\s.,;:/\\_*()+~|'’–—-]{0,4}"
DIGIT = r"(?:\d|[oOlI](?=\d)|(?<=\d)[oO](?!\w)|(?<=2)[abAB](?=[\s.-]?\d))"
LOOK_ALIKES = str.maketrans("oOlI", "0011")
RUNS = re.compile(
    rf"(?:\+|(?<!\w)[oO](?=\s?\d))?\s?\d(?:{BETWEEN}{DIGIT})*(?:[a-zA-Z]\b| [A-Z]\b)?"
)
SPOKEN = (
    "zero|o|un|deux|trois|troi|quatre|katre|cinq|sinq|six|sis|sept|set|huit|uit|neuf|dix|dis|onze"
    "|douze|douz|treize|quatorze|quinze|seize|vingt|vin|vint|vingts|trente|trent|quarante|karante"
    "|cinquante|sinkante|soixante|swasante|septante|nonante|cent"
)
SPOKEN_RUNS = re.compile(
    rf"\b(?:{SPOKEN}|\d{{1,2}})\b(?:[\s,.\-]+(?:et[\s-]+)?(?:{SPOKEN}|\d{{1,2}})\b){{3,}}"
)
COUNTED = re.compile(rf"(?:{SPOKEN}|\d|(?<=2)[ab]\b)+")
ONE_DIGIT = word_set(
    "zero o un deux trois troi quatre katre cinq sinq six sis sept set huit uit neuf"
)
BETWEEN_NUMBERS = word_set(
    "et puis apres ensuite plus encore le la les l c est debut fin suite milieu voila euh heu "
    "alors enfin finir finit commence par point tiret espace slash virgule barre egal diese"
)
COUNTED_THINGS = word_set(
    "h heure heures e eur euro euros an ans mois jour jours km kg m m2 metres min minute minutes "
    "semaine semaines fois enfant enfants piece pieces personne personnes % €"
)
YEAR = re.compile(r"(?:19|20)\d\d")
PIECES = re.compile(rf"[{PHONE}{DIGITS}€%]|[^\W_]+")
# What a code opens; « code postal » and « code de la route » are no secrets.
GUARDED = (
    r"(?:caf|ameli|pin|puk|secret|sms|wi\W?fi|confidentiel|perso(?:nnel)?|provisoire|temporaire"
    r"|unique|a usage unique|bancaire|(?:de |d\W?)?(?:l\W|la |ma )?(?:entree|porte|immeuble|acces"
    r"|securite|verification|connexion|activation|validation|carte(?: bleue| bancaire)?)"
    r"|du (?:portail|hall|telephone|batiment))"
)
SECRET_CUES = re.compile(
    rf"\b(?:(?P<password>mdp|mots? de pass?e?|password)|(?P<guarded>codes? {GUARDED})|code)\b"
)
IS = r"(?:[:=]|\b(?:c\W?est|cest|est|c|is|(?:c\W?)?etait)\b)[\s\"'’«(:=]*"
SECRET_IS = re.compile(rf"[\s\"'’«(]*{IS}")
# « mot de passe de la caf : »
SECRET_IS_FAR = re.compile(rf"(?:\s+[^\W\d]+){{0,3}}?[\s\"'’«(]*{IS}")
SECRET = re.compile(r"[\s\"'’«(]*(?P<word>\S*[^\W_])")
NO_SECRET = word_set(
    "pas plus ne n trop tres toujours jamais deja encore vraiment bien mal quoi ce que qui qu "
    "comment quand pourquoi faux bon bonne mauvais mauvaise perdu oublie bloque incorrect expire "
    "invalide refuse correct demande obligatoire valable errone inconnu change different possible "
    "impossible normal dur difficile complique long court cher le la l les un une mon ma mes "
    "celui pour dans sur je j jai moi toi lui tu il elle on nous vous ils en y a au aux de du des "
    "d et ou mais avec sans chez par si se s me m te t postal route marche quel quelle peut peux "
    "svp merci bonjour and the to for my in only not wrong"
)
# What a password belongs to, or what happens to it: « mot de passe caf », « mot de passe écrit ».
PASSWORD_OF = word_set(
    "caf ameli wifi provisoire impots gmail mail email compte france pole ants boite facebook "
    "telephone ordinateur ordi internet site identifiant ecrit doit veut arrive fonctionne "
    "perime mot"
)
SECRETS = re.compile(
    r"\b(?:dossiers?|allocataire|matricule|identifiant|mot de passe|mdp|code|pin|digicode|secu"
    r"|plaque|immatriculation)\b"
    r"\W*(?:(?:est|c\W?est|cest|numero|num|n°?)\W*)*(\S*\d[\w-]*)"
)
CODES = re.compile(
    r"\b(?!\d+(?:e|eu|eur|euros?|h|km|m2|ans|mois)\b)(?=\w*\d{3})(?=\w*[^\W\d_])\w+"
    r"|\b[a-z]{2}-\d{3}-[a-z]{2}\b|\b(?-i:[A-Z]{2} ?\d{3} ?[A-Z]{2}|\d{2,4} ?[A-Z]{2,3} ?\d{2})\b",
    re.I,
)
# A residence permit: letters among digits.
MIXED = re.compile(r"\b(?=\w*\d{3})\w*\d[a-z]\d\w*\b", re.I)
PLATES = re.compile(r"\b([a-z]{2})[ .\-]?\d{3}[ .\-]?([a-z]{2})\b")
AFTER_NUMBER = re.compile(rf"([{PHONE}{DIGITS}][^\d{MARKS}]{{0,12}})\d{{2}}(?!\s?h)[\d\s.-]*")
MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
SPOKEN_NUMBER = rf"(?:(?:{SPOKEN}|mille|premier)\b[\s\-]*(?:et[\s\-]+)?)+"
BORN = r"\b(?:nees?|(?:suis|est|sont|etais|etait) nes?|nes?(?= (?:le|en|a|au|un|\d)\b))\b"
DATES = re.compile(
    rf"\b\d{{1,2}}(?:er)?\s?(?:{MONTHS})\s?\d{{2,4}}\b"
    rf"|{BORN}[^.!?\d{MARKS}]{{0,25}}\d{{1,4}}(?:er)?(?:\s?(?:{MONTHS}))?\b"
    r"(?!\s?(?:mois|ans?|jours?|semaines?|heures?)\b)"
    rf"|{BORN}[^.!?\d{MARKS}]{{0,12}}?\b(?:le|en|d|du|l an)\s(?:(?:{MONTHS})\s)?{SPOKEN_NUMBER}"
    rf"(?:\b(?:{MONTHS})\b(?:\s(?:\d{{2,4}}\b|{SPOKEN_NUMBER}))?)?"
)
BIRTH = re.compile(rf"{BORN}|\bnaissance\b|\banniversaire\b")
# Masked only where the message speaks of a birth.
DAYS = re.compile(
    rf"\b\d{{1,2}}(?:\s?[/.\-]\s?|\s)\d{{1,2}}(?:(?:\s?[/.\-]\s?|\s)\d{{2,4}})?\b"
    rf"|\b(?:\d{{1,2}}(?:er)?|{SPOKEN_NUMBER})\s?(?:{MONTHS})\b(?:\s(?:\d{{2,4}}\b|{SPOKEN_NUMBER}))?"
)

STREET = (
    "rue|avenue|av|ave|boulevard|bd|bld|blvd|bvd|impasse|allee|allees|chemin|faubourg|sentier|quai"
)
STREET_NUMBERED = (
    f"{STREET}|r|place|pl|square|sq|route|rte|cite|residence|villa|passage|voie|esplanade"
    "|lotissement|hameau|imp|ru|ale|alee|alle|avenu|boulevar|boulvar|boulvard|impase|plasse"
    "|rond point|rd point|mail|promenade|parvis|clos|che|montee|sente|ruelle|chaussee|levee|domaine"
    "|lot|lieu dit|all"
)
STREET_OR_THING = "cours|cour|porte|pass"  # « 3 cours de couture »
STREET_OF = "cite|place|route|residence|square|lotissement|hameau|esplanade|parvis|villa|domaine"
STREETS = re.compile(
    rf"\b\d{{1,4}}\s?(?:bis|ter|quater|[a-e]\b)?[\s,]*"
    rf"(?:(?P<whole>grande?\W?rue)|(?P<doubtful>{STREET_OR_THING})|{STREET_NUMBERED})\b\.?"
    rf"|\b(?:{STREET})\b\.?"
    rf"|\b(?P<of>{STREET_OF})\b(?= (?P<definite>de la |de l\W|du |des |les )| d(?:e |['’]))"
)
SQUARES = word_set("eglise marche republique liberation paix victoire fontaine chateau")
STREET_LINKS = word_set("de la le les du des d l")
ROOMS = re.compile(
    r"\b(?:bat|batiment|apt|appt|appart|appartement|escalier|esc|porte|etage|hall|interphone|chambre"
    r"|boite(?: aux lettres)?|bp|tour|logement|cage)\.?\s?(?:n°|no|numero|num)?\s?:?\s?"
    rf"(?:(?!un\b|o\b|neuf\b|cent\b){SPOKEN_NUMBER}(?!\s*(?:pieces?|chambres?|personnes?|places?|enfants?))|"
    r"[a-z]?\d{1,4}[a-z]?\b(?!\s?(?:pieces?|chambres?|euros?|e\b|ans|enfants?|mois|jours?|h))"
    r"|[b-h]\b(?!['’])|(?-i:A)\b)"
    r"|\b\d{1,2}\s?(?:e|er|eme|ieme|re)?\s?etage\b"
)

# Categories of Unicode: control characters, formats, our own marks, halves of characters.
INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
AROUND_EMOJI = "\ufe0f\u20e3"
SAME_MARKS = re.compile(rf"([{MARKS}])(?:[\s'’.,\-]*\1)+")
WORD = re.compile(r"[^\W_]+")
COUNT = re.compile(r"\d+(?:h\d*|e|er|eme|ans?|mois|eur|euros?)?")
SPELT = re.compile(r"\b[^\W\d_](?:[\s.,_\-]+[^\W\d_]\b){3,}")
ELIDED = re.compile(r"^(?:qu|[jlmtsdn]|c(?=[aei]))")
SENTENCE_END = re.compile(r"(?:^|[.!?\n:;…])[\s\"«»()\-]*$")
