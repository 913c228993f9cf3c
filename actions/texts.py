"""Every sentence that the action server says."""

from dataclasses import dataclass

# How a need, or its finer part, is named inside a sentence: « je cherche … ».
NEED_NAMES = {
    "garde_enfants": "une garde d'enfants",
    "garde_enfants_creche": "une crèche",
    "garde_enfants_assistante_maternelle": "une assistante maternelle",
    "garde_enfants_periscolaire": "un accueil après l'école",
    "garde_enfants_horaires_decales": "une garde à horaires décalés",
    "garde_enfants_ponctuelle": "une garde pour quelques heures",
    "garde_enfants_aide_financiere": "une aide pour payer la garde",
    "francais": "des cours de français",
    "francais_lire_ecrire": "des cours pour lire et écrire",
    "francais_conversation": "des ateliers pour parler français",
    "francais_diplome": "un diplôme de français",
    "numerique": "une aide avec le numérique",
    "numerique_equipement": "un ordinateur ou une connexion",
    "numerique_demarches": "une aide aux démarches en ligne",
    "numerique_apprendre": "des ateliers pour utiliser un ordinateur",
    "formation": "une formation",
    "formation_financement": "une aide pour payer une formation",
    "formation_vae": "une aide pour la validation de l'expérience (VAE)",
    "formation_orientation": "une aide pour choisir un métier",
    "agence": "qui peut vous accompagner",
    "agence_referent": "qui vous suit",
    "agence_perdu_de_vue": "qui peut vous aider à reprendre contact",
    "evenement": "des forums et des rencontres",
    "offre_partenaire": "un emploi ou une aide",
    "offre_partenaire_emploi": "un emploi",
    "offre_partenaire_insertion": "un employeur d'insertion",
    "offre_partenaire_creation": "une aide pour créer une entreprise",
    "offre_partenaire_mobilite": "une aide pour vous déplacer",
    "offre_partenaire_aide_materielle": "une aide matérielle ou des sorties",
    "info_rsa": "les règles du RSA",
    "info_rsa_semaine": "une semaine d'activités",
    "humain": "une personne à qui parler",
}
# The same of what is lent, given or paid for (`actions/directory/search/trades.py`).
THINGS = {
    "permis": "une aide pour le permis de conduire",
    "velo": "une aide pour un vélo",
    "voiture": "une aide pour une voiture ou un scooter",
    "transport": "une aide pour les transports",
    "alimentaire": "une aide alimentaire",
    "vetement": "des vêtements",
    "meuble": "des meubles ou des appareils ménagers",
    "bebe": "des affaires de bébé",
    "fourniture": "des fournitures scolaires",
    "jouet": "des jouets ou des cadeaux",
    "sortie": "des sorties ou des loisirs",
}

MENU = (
    ("Garde d'enfants", "/garde_enfants"),
    ("Cours de français", "/francais"),
    ("Aide avec l'ordinateur", "/numerique"),
    ("Formation", "/formation"),
    ("Qui peut m'accompagner", "/agence"),
    ("Forums et rencontres", "/evenement"),
    ("Emploi et aides", "/offre_partenaire"),
    ("Informations sur le RSA", "/info_rsa"),
)
MORE = ("Voir d'autres lieux", "/plus")
TOGETHER = ("Les deux ensemble", '/repondre{"choix": "ensemble"}')
WEEK_OFFER = ("Une semaine d'activités", '/repondre{"choix": "semaine"}')
YES, NO, SKIP = "Oui", "Non", "Passer"

# The town
ASK_TOWN = "Dans quelle ville ? Écrivez son nom ou son code postal."
ASK_TOWN_FOR = "Je cherche {need}. Dans quelle ville ? Écrivez son nom ou son code postal."
ASK_TOWN_IN_DEPARTEMENT = "Dans quelle ville du département {departement} ?"
DEPARTEMENT = "Le département {departement}"
ASK_WHICH_TOWN = "Plusieurs villes portent ce nom. Laquelle ?"
ASK_ONE_TOWN = "Je cherche dans une ville à la fois. Laquelle ?"
TOWN_NOT_RECOGNISED = (
    "Je n'ai pas reconnu la ville. Écrivez son nom ou son code postal, par exemple 93200."
)
TOWN_SKIPPED = (
    "Sans la ville, je ne peux pas dire quel lieu est le plus proche. "
    "Le CCAS de votre mairie peut vous renseigner. "
    "Vous pouvez m'écrire une ville quand vous voulez."
)
ASK_NEED = "Que cherchez-vous {at} ?"
ASK_NEED_ALONE = "Que cherchez-vous ?"

# Results
FOUND_ONE = "J'ai cherché {need} {at}. Voici ce que j'ai trouvé :"
FOUND_SERVING = "J'ai cherché {need} {at}. Ces lieux reçoivent les habitants {of} :"
# What a person asks of a place
FREE, REMOTE, ACCESSIBLE = "gratuit", "à distance", "accessible en fauteuil roulant"
WITH_CHILDREN, OPEN_NOW = "où venir avec un enfant", "ouvert en ce moment"
OPEN_ON = "ouvert le {days}"
CONDITIONS_NOT_MET = "Je ne connais rien qui soit {conditions}. Voici ce que je connais d'autre."
CONDITIONS_UNKNOWN = (
    "Vous voulez un lieu {conditions}. Ces lieux ne le disent pas tous : demandez avant d'y aller."
)
FOUND_INDIRECT = (
    "J'ai cherché {need} {at}. Je ne connais pas de lieu fait pour cela. "
    "Ces lieux peuvent vous renseigner :"
)
FOUND_NEAR = "J'ai cherché {need}. Je ne connais rien {at} même. Le plus proche, {distance} :"
FOUND_AROUND = "J'ai cherché {need}. Je ne connais rien {at} même. Voici le plus proche :"
FOUND_NATIONAL = (
    "J'ai cherché {need}. Je ne connais aucun lieu proche {of}. Voici ce qui existe ailleurs :"
)
FOUND_NOTHING = "J'ai cherché {need}. Je ne connais aucun lieu près {of}."
SEARCHED = "J'ai cherché {need}."
OUTSIDE = (
    "{place} est en dehors des départements que je connais ({departements}). "
    "Sur place, demandez au CCAS de la mairie, à France Travail ou à une maison France services."
)
OUTSIDE_NEAR = "J'ai cherché {need}. Voici ce que je connais de plus proche :"
FORMER_TOWN = "{former} fait partie de {town}."
FOUND_MORE = "Voici d'autres lieux :"
NO_MORE = "J'ai cherché {need}. Je n'ai pas d'autre lieu à montrer {at}."
AFTER_RESULTS = "Pour un détail, dites « le 2 ». Pour chercher ailleurs, écrivez une ville."
AFTER_ONE_RESULT = "Pour chercher ailleurs, écrivez une autre ville."
WHO_TO_ASK = "Vous pouvez demander à :"
ALSO = "Vous demandez aussi : {need}. Voulez-vous que je cherche ?"
OR_RATHER = "Ou cherchez-vous {need} ?"
ALSO_LATER = "Ensuite, je pourrai chercher aussi : {need}."
ALSO_CHOICE = "Oui, {need}"

# Two places that fit together, and a week of activities
PAIR_FOUND = "Voici deux lieux qui peuvent aller ensemble {at} :"
PAIR_UNFIT = "Voici les deux lieux les plus proches l'un de l'autre que je connaisse {at} :"
PAIR_NONE = (
    "Je ne trouve pas deux lieux qui vont ensemble {at}. "
    "Je peux chercher l'un, puis l'autre : dites lequel d'abord."
)
PAIR_WAY = "Trajet aller, du centre-ville à la garde puis au cours : environ {km} km."
PAIR_WAY_SHORT = "Trajet aller, du centre-ville à la garde puis au cours : moins de 1 km."
PAIR_HOURS = "Les deux sont ouverts en même temps : {week}."
PAIR_HOURS_UNKNOWN = (
    "Je ne connais pas les horaires {of} : je ne peux pas dire si les heures vont ensemble."
)
PAIR_HOURS_OF_BOTH = "des deux lieux"
PAIR_ASK_COURSE = "Demandez à {name} : quels jours, et de quelle heure à quelle heure ?"
PAIR_ASK_CHILDCARE = "Demandez à {name} : une place est-elle libre à ces heures-là ?"
WEEK_FOUND = "Voici une semaine possible {at}, de {hours}, sans heures qui se gênent :"
WEEK_LINE = "{day} : {activities}"
WEEK_ACTIVITY = "{name} {span}"
WEEK_TO_PLACE = (
    "Pour {names} : les heures sont placées pendant l'ouverture, à confirmer sur place ou par "
    "téléphone."
)
WEEK_VOLUMES_ONLY = (
    "Ces lieux font {hours} par semaine {at}. "
    "Je ne connais pas tous leurs horaires : je ne peux pas dire si les heures se gênent."
)
WEEK_SHORT = (
    "Je ne peux pas composer une semaine de 15 heures {at} : "
    "je ne connais que {hours} par semaine, sans heures qui se gênent."
)
WEEK_UNKNOWN = (
    "Je ne peux pas composer une semaine {at} : "
    "je ne connais pas le nombre d'heures par semaine de ces lieux."
)
WEEK_NOTHING = "Je ne peux pas composer une semaine {at} : je ne connais aucune activité."
WEEK_ASK = (
    "Demandez à chaque lieu : combien d'heures par semaine ? quels jours, à quelles heures ? "
    "à partir de quand ? une place est-elle libre ?"
)
WEEK_PROPOSAL = (
    "C'est une proposition : parlez-en avec votre référent. "
    "C'est avec lui que se décide ce qui compte dans votre contrat."
)

DATE_OF = "Information {date}."
DATE_OF_OUTDATED = "Information {date}, peut-être dépassée."
DATE_WITH_AGE = "{date} ({age})"
DATE_UNKNOWN = "Date de l'information inconnue."
OUTDATED = "Information de {year}, peut-être dépassée."
CALL_FIRST = "Appelez avant de vous déplacer."
WRITE_FIRST = "Écrivez avant de vous déplacer : {email}."
CHECK_WITH = "Avant de vous déplacer, demandez confirmation : {name}, {phone}."
BOOK_FIRST = "Prenez rendez-vous avant de venir."
REFERRED_FIRST = "Demandez d'abord à votre référent : c'est lui, ou un service, qui vous y envoie."
GO_NOW = "Vous pouvez y aller : c'est ouvert."
GO_LATER = "Vous pouvez y aller aux heures d'ouverture."
RISK_REASONS = {
    "ancienne": "l'information a plus de six mois",
    "date_inconnue": "la date de l'information est inconnue",
    "horaires_inconnus": "les horaires sont inconnus",
    "horaires_illisibles": "les horaires ne sont pas clairs",
    "sans_contact": "aucun téléphone ni e-mail pour demander",
    "sans_telephone": "pas de téléphone pour demander",
    "rendez_vous": "il faut un rendez-vous",
    "orientation": "il faut être envoyé par un service",
    "accueil_inconnu": "on ne sait pas s'il faut un rendez-vous",
    "loin": "c'est loin",
    "signale": "des personnes disent que l'information est fausse",
}
REPORTED = "Des personnes disent que l'information n'est plus bonne."
CHECK_UNKNOWN = "Avant de vous déplacer, demandez confirmation à votre mairie."

# Opening hours: `{when}` is « à 17 h », « demain à 9 h », « lundi 30 novembre 2026 à 9 h »
OPEN_UNTIL = "Ouvert maintenant, jusqu'à {end}{comment}."
OPEN_UNTIL_BY_HOURS = "Ouvert jusqu'à {end}{comment}."
OPEN_ALWAYS = "Ouvert jour et nuit{comment}."
OPENING_UNSURE = "Ouverture à confirmer{comment}."
CLOSED_NOW = "Fermé maintenant."
CLOSED_FOR_HOLIDAY = "Fermé aujourd'hui, jour férié."
CLOSED_FOR_HOLIDAY_NO_DOUBT = "Sans doute fermé aujourd'hui, jour férié."
OPENS = "Ouvre {when}."
BY_THESE_HOURS = "Selon ces horaires : {said}"
HOURS_THIS_WEEK = "cette semaine, {week}"
HOURS_NONE_THIS_WEEK = "fermé toute cette semaine"
HOURS = "Horaires"
HOURS_AS_WRITTEN = "{hours} (tels que la source les écrit)"

# One result
NO_SUCH_RESULT = "Je n'ai pas montré de résultat avec ce numéro. Dites ce que vous cherchez."
NO_LONGER_THERE = "Je ne peux plus montrer ce résultat : il n'est plus valable."
NOTHING_SHOWN = "Je n'ai encore rien montré. Que cherchez-vous ?"
# Asked of a place, or of several, and not in the directory.
FIELD_UNKNOWN = {
    "telephone": ("Je ne connais pas son téléphone.", "Je ne connais pas leur téléphone."),
    "courriel": ("Je ne connais pas son e-mail.", "Je ne connais pas leur e-mail."),
    "lien": ("Je ne connais pas son site.", "Je ne connais pas leur site."),
    "adresse": ("Je ne connais pas son adresse.", "Je ne connais pas leur adresse."),
    "horaires": ("Je ne connais pas ses horaires.", "Je ne connais pas leurs horaires."),
    "date": 2 * ("Je ne connais pas de date.",),
    "frais": ("Je ne connais pas le prix.", "Je ne connais pas les prix."),
    "distance": ("Je ne connais pas la distance.", "Je ne connais pas les distances."),
    "acces": 2 * ("Je ne sais pas comment s'inscrire.",),
    "rendez_vous": 2 * ("Je ne sais pas s'il faut un rendez-vous.",),
    "trajet": 2 * ("Je ne connais ni le chemin ni les transports.",),
    "langues": 2 * ("Je ne sais pas quelles langues on y parle.",),
    "demande": 2 * ("Je ne connais pas les conditions pour y être accepté.",),
    "apporter": 2 * ("Je ne sais pas ce qu'il faut apporter.",),
    "place": 2 * ("Je ne sais pas s'il reste de la place.",),
    "tri": 2 * ("C'est noté. Dites-le quand vous appelez : je ne peux pas le vérifier ici.",),
    "age": (
        "Je ne vois pas d'âge limite pour ce lieu.",
        "Je ne vois pas d'âge limite pour ces lieux.",
    ),
    "age_enfant": 2 * ("Je ne sais pas à partir de quel âge les enfants y sont accueillis.",),
    "accompagnant": 2 * ("Je ne sais pas si l'on peut y venir accompagné.",),
    "enfant": 2 * ("Je ne sais pas si les enfants y sont acceptés ou gardés.",),
    "memes": 2 * ("Je n'en sais pas plus pour cela.",),
    "salaire": 2 * ("Je ne connais ni le contrat, ni le salaire.",),
    "aide_payer": 2 * ("Je ne sais pas qui peut aider à payer.",),
    "duree": 2 * ("Je ne sais pas combien de temps cela dure.",),
    "rythme": 2 * ("Je ne sais pas combien d'heures ou de jours par semaine.",),
    "delai": 2 * ("Je ne sais pas combien de temps il faut attendre.",),
    "accessibilite": 2 * ("Je ne sais pas si l'accueil est adapté.",),
    "diplome": 2 * ("Je ne sais pas s'il y a un diplôme ou une attestation à la fin.",),
    "contenu": 2 * ("Je ne sais pas tout ce qu'on y fait.",),
    "suite": 2 * ("Je ne sais pas comment cela se passe ensuite.",),
    "source": 2 * ("Je ne sais pas de quand date cette information.",),
}
SO_MANY_SHOWN = "J'en ai montré {count}. Pour en voir d'autres, écrivez « plus »."
UNKNOWN = "Je ne le sais pas."
WRITTEN = "Je n'en sais pas plus que ce qui est écrit :"
ASK_DESK = "Vous pouvez le demander à : {name}, {phone}."
CALL_THEM = "Pour le savoir, appelez :"
ASK_TO_BRING_SOMEONE = (
    "Je ne sais pas si l'on peut y venir accompagné : demandez-le avant à la personne qui reçoit."
)
ASK_WHO_RECEIVES = (
    "Demandez-le avant à la personne qui vous reçoit : je ne sais pas si c'est possible."
)
CALL_IT = "Pour le savoir, appelez le {phone}."
ALL_I_KNOW = "Voici tout ce que je sais de ce lieu :"
ALL_BUT_THAT = "Je ne sais pas tout de ce lieu. Voici ce que je sais :"
ONLY_THE_TOWN = "Écrivez juste le nom de votre ville. Par exemple : Bondy."
ONLY_A_NUMBER = "Écrivez juste un numéro. Par exemple : 1."
IN_FEW_WORDS = "Dites en peu de mots ce que vous cherchez, et où. Par exemple : crèche à Bondy."
WHY_TOWN = (
    "La ville me sert à trouver des lieux près de chez vous. Vous pouvez donner une ville voisine, "
    "ou ne pas répondre. Dans quelle ville faut-il chercher ?"
)
WAYS_TO_GO = "C'est noté. Voici où c'est :"
NO_ADVICE = "Je ne sais pas lequel est le mieux pour vous. Voici où ils sont :"
NO_LANDMARK = "Je ne sais pas lequel est le plus près de là. Voici leurs adresses :"
WHICH_RESULT = "De quel lieu ? Dites par exemple « le 1 »."
WELCOMES = {
    "sans_rendez_vous": "on peut s'y présenter",
    "rendez_vous": "il faut prendre rendez-vous",
    "orientation": "il faut y être envoyé par un référent ou un service",
}
FIELD_OF_ONE = "{name} : {value}."
NOT_KNOWN = "je ne sais pas"
NEAREST_OF_ALL = (
    "Le plus proche que je connaisse : {name}{where}. Pour chercher ailleurs, écrivez une ville."
)
REASONS = "{name} : {reasons}."
NOT_SURE = "Ce qui n'est pas sûr : {doubts}."
NO_REASON = "c'est la réponse la plus proche que je connaisse"
REASONS_INTRO = "Pourquoi ces résultats :"

SAME_FOR = "Pour {need}, ces lieux sont les plus proches que je connaisse :"
NOTHING_THERE = "Non, je ne connais rien {at} même. Voici ce que je connais de plus proche :"
NOTHING_ELSE_THERE = "Je ne connais rien d'autre {at}. Voici ce que je connais :"

# Accompaniment
WHO_CAN_HELP = (
    "Voici qui peut vous accompagner {at}. "
    "La lettre reçue du département décide qui vous suit vraiment."
)
WHO_CAN_HELP_REFERENT = (
    "Voici qui peut vous dire qui vous suit {at}, ou vous aider à reprendre contact :"
)
NO_ANSWER_YET = (
    "Si personne ne décroche, vous pouvez aussi y aller, ou laisser un message avec votre numéro."
)
NO_ANSWER = "Si personne ne vous répond, d'autres peuvent vous aider."
BACK_IN_TOUCH = "On peut reprendre contact, même après longtemps."
CHANGE_REFERENT = (
    "Pour changer de référent, demandez-le à l'agence ou au service qui vous suit : je ne sais pas "
    "ce qu'il décidera."
)
NOBODY_COVERS = "Je ne sais pas quelle agence suit les personnes au RSA {at}."
NO_MISSION_LOCALE = (
    "De 16 à 25 ans, la mission locale peut aussi vous accompagner. "
    "Je n'ai pas son adresse {at} : ces personnes peuvent vous la donner."
)
OTHER_PEOPLE = "Voici d'autres personnes qui peuvent vous répondre :"
SAME_PEOPLE = "Les personnes à contacter sont celles que je viens de montrer."
NO_MORE_PEOPLE = "Je n'ai pas d'autre contact à montrer {at}."
BODY_FOUND = "{name}, pour les habitants {of} :"
BODY_NEAR = "{name}, le plus près {of} que je connaisse :"
BODY_UNKNOWN = "{name} : je n'ai pas ses coordonnées près {of}."
BODY_NO_MORE = "{name} : je n'ai pas d'autre adresse près {of}."
ASK_RSA = "Touchez-vous le RSA ?"
ASK_UNDER_26 = "Avez-vous moins de 26 ans ?"
AFTER_CONTACTS = "Si la réponse n'est pas la bonne, demandez au service social de votre ville."
ROLE_REASONS = {
    "ali": "Elle suit les personnes au RSA de votre ville, pendant un an.",
    "ali_si_rsa": "Si vous touchez le RSA : elle suit les personnes au RSA de votre ville.",
    "departement": "C'est le département qui décide qui suit les personnes au RSA.",
    "mission_locale": "Elle accompagne les jeunes de 16 à 25 ans.",
    "mission_locale_si_jeune": "Si vous avez de 16 à 25 ans : elle accompagne les jeunes.",
    "plie": "Il accompagne vers le travail les habitants de plusieurs villes.",
    "france_travail": "Toutes les personnes au RSA y sont inscrites depuis le 1er janvier 2025.",
    "france_travail_autre": "Son équipe aide à chercher un travail ou une formation.",
    "cap_emploi": "Il accompagne les personnes handicapées vers le travail.",
    "service_social": "Son équipe aide pour les droits, le budget et les démarches.",
    "ccas": "C'est un accueil du centre communal d'action sociale (CCAS).",
    "france_services": "On y aide à faire les démarches administratives.",
}

# Events
EVENTS_FOUND = "Voici les rencontres à venir {at} et autour :"
NO_DATE_YET = "Je ne connais pas encore de date. Dites-moi votre ville : je cherche les forums."
NO_EVENT_TO_DETAIL = "Je ne connais pas de forum à venir. Pour le savoir, demandez à :"
NO_OTHER_EVENT = "Je n'en connais pas d'autre. Pour chercher ailleurs, écrivez une ville."
NO_EVENT = (
    "Je ne connais aucun forum ni aucune rencontre à venir {at}. "
    "France Travail, la mission locale et la mairie annoncent les prochains."
)
EVENT_WHEN = "{soon} ({whole})"
IN_DEPARTEMENT = "dans le {departement}"
EVENT_NOW = "en ce moment"
EVENT_NOW_UNTIL = "en ce moment, jusqu'à {hour}"
EVENT_STATES = {
    "annule": "Annulé : n'y allez pas.",
    "reporte": "Reporté : demandez la nouvelle date.",
    "complet": "Complet : il n'y a plus de place.",
    "termine": "C'est terminé.",
}
OFFER_UNTIL = "Valable jusqu'au {day}."
OFFER_LAST_DAY = "Valable jusqu'à ce soir."

# People
CANNOT_CALL = (
    "Je suis une machine : je ne peux ni appeler quelqu'un pour vous, ni vous faire rappeler."
)
HELP_TO_READ = (
    "Une maison France services ou le service social peut vous aider à comprendre un courrier."
)
CANNOT_WRITE = (
    "Je suis une machine : je ne peux pas écrire à votre place. "
    "Le service social ou une maison France services peut vous aider à écrire."
)
MOVE_A_MEETING = (
    "Pour déplacer ou annuler un rendez-vous, prévenez dès que possible la personne qui vous l'a "
    "donné. Je ne peux pas le faire à votre place."
)
TALK_TO = "Vous pouvez parler à une personne :"
TALK_TO_ASK_TOWN = "Pour vous donner le bon contact, j'ai besoin de votre ville. Laquelle ?"
NO_PSYCHOLOGIST = (
    "Je ne connais pas de psychologue. Un médecin ou le service social peut vous dire qui voir."
)
STILL_THERE = "Si vous en avez besoin : {call}."
HARD = "Ce que vous vivez est difficile."
LISTENING = (
    "Merci de me le dire. Parler à quelqu'un peut aider. "
    "Si des idées noires viennent, appelez le 3114 : c'est gratuit, jour et nuit."
)
COMPLAINT = "Je comprends votre colère. Je suis une machine, mais une personne peut vous répondre."
MAY_BE_A_SCAM = (
    "Je ne peux pas vérifier un message ou un appel. "
    "Dans le doute, ne cliquez sur aucun lien et ne donnez ni code, ni numéro. "
    "Demandez à l'organisme, par son site ou son numéro habituel."
)
HESITATES = (
    "C'est normal d'hésiter. Vous pouvez d'abord appeler et poser vos questions : cela n'engage à "
    "rien."
)
ASK_WITHOUT_FEAR = (
    "C'est normal d'hésiter. Demander n'engage à rien : la CAF, votre référent ou le service "
    "social peuvent répondre avant que vous décidiez."
)
NOT_THAT = "D'accord. Dites-moi autrement ce que vous cherchez, en quelques mots."
NO_OFFENCE = "Ce n'est rien. Dites-moi ce que vous cherchez."
WRONG_RECORD = (
    "Merci de me le dire. Mes informations viennent d'un annuaire, et certaines sont anciennes. "
    "Appelez avant de vous déplacer."
)
REPORT_WHICH = "De quel lieu parlez-vous ? Dites son numéro :"
REPORT_CHOICE = "{number}. {name}"
REPORT_NOTED = (
    "Merci de me le dire. C'est noté pour {name} : {reason}. "
    "L'équipe qui tient l'annuaire pourra vérifier. Je ne garde rien sur vous."
)
REPORT_NOTED_ALREADY = "Merci. C'est déjà noté pour {name}."
REPORT_REASONS = {
    "ferme": "c'est fermé",
    "disparu": "ça n'existe plus",
    "adresse": "l'adresse est fausse",
    "telephone": "le téléphone est faux",
    "horaires": "les horaires sont faux",
    "autre": "une information est fausse",
}
NO_CONTACT = "Je ne connais pas de contact {at}. Demandez au CCAS de la mairie."
NO_TOWN_CONTACT = "Sur place, le CCAS de votre mairie peut vous répondre."

# Not understood
NOT_UNDERSTOOD = (
    "Je n'ai pas compris. Dites-le autrement, en quelques mots. "
    "Par exemple : « crèche à Bondy » ou « cours de français »."
)
NOT_UNDERSTOOD_OF_RESULTS = (
    "Je n'ai pas compris. Pour un détail, dites « le 2 ». Pour d'autres lieux, dites « d'autres ». "
    "Pour savoir ce que je ne sais pas, appelez le lieu."
)
NOT_UNDERSTOOD_AGAIN = (
    "Je n'arrive pas à comprendre. Choisissez un sujet, ou parlez à une personne."
)
HESITATION = "Vous cherchez plutôt {first}, ou {second} ?"
OUT_OF_SCOPE_OF_RESULTS = (
    "Je ne sais pas répondre à cela. Pour un lieu montré, dites « le 1 ». "
    "Pour autre chose, dites ce que vous cherchez."
)
OUT_OF_SCOPE = (
    "Je ne sais pas répondre à cela. "
    "Je connais la garde d'enfants, le français, le numérique, la formation et l'emploi."
)
OUT_OF_SCOPE_AGAIN = (
    "Je ne sais pas répondre à cela. Choisissez un sujet, ou parlez à une personne."
)
BEYOND_ME = "Je ne sais pas répondre précisément à cela."
TOO_LATE = (
    "Contactez quand même votre référent, dès aujourd'hui, et expliquez-vous. "
    "Le service social ou une maison France services peut vous aider à écrire."
)
SANCTION_HELP = (
    "Contactez vite votre référent, avant la date de la lettre. "
    "Le service social ou une maison France services peut vous aider à écrire."
)
CAF_SILENT = (
    "La CAF (ou la MSA) seule voit votre dossier. Ce lieu aide dans les démarches avec elle :"
)
ACTUALISATION = "Je ne connais pas la règle de l'actualisation. France Travail peut répondre."
DEADLINE = "Le délai est écrit sur la lettre."
CAF_UNKNOWN = "Je n'ai ni l'adresse ni le numéro de la CAF."
CAF_SILENT_ASK_TOWN = (
    "Près de chez vous, une maison France services aide dans les démarches avec la CAF. "
    "Dans quelle ville êtes-vous ?"
)
DECLARATION = "La déclaration se fait à la CAF (ou la MSA), tous les trois mois."
PARTNER_TOO = "La personne qui vit en couple avec vous est inscrite aussi, sans démarche."
HARDSHIP_NOTED = (
    "C'est noté. Dites-le à votre référent : un plan avec moins d'heures se demande à lui."
)
INCOME_OF_ANOTHER = (
    "Les revenus de la personne qui vit avec vous se disent aussi à la CAF (ou la MSA). "
    "Je ne peux pas dire ce que cela change pour vous."
)
GIVE_A_PROOF = (
    "Donnez-en une copie à votre référent, ou à l'agence qui vous suit : "
    "un plan avec moins d'heures se demande là. Gardez l'original."
)
ALL_OF_THE_RULE = "{rule} Je n'en sais pas plus sur cette règle."
CANNOT_EXPLAIN = "Je ne sais pas l'expliquer. Ces personnes peuvent vous répondre :"
CANNOT_EXPLAIN_ALONE = (
    "Je ne sais pas l'expliquer. Dites-moi votre ville : je vous dis qui demander."
)
WITHOUT_PHONE = "Sans téléphone, vous pouvez y aller, ou écrire :"
NOBODY_IS_TOLD = (
    "Je ne préviens personne : rien n'est transmis à la CAF, à France Travail ni à votre référent. "
    "Pour effacer ce que vous avez écrit ici, écrivez « effacer »."
)
FIRST_THE_TOWN = "Cela dépend du lieu. Dites-moi d'abord la ville : je vous dirai ce que j'en sais."
HOME_ASKED = (
    "{place} est en dehors des départements que je connais. Dans quelle ville habitez-vous ?"
)
TOWN_STILL_ASKED = "D'accord. Pour vous donner le bon contact, j'ai besoin de votre ville."
RESTARTED = "On recommence. Que cherchez-vous ?"
NOTED_NO = "D'accord. Que cherchez-vous d'autre ?"
NOTED = "D'accord. Si vous cherchez autre chose, écrivez-le ici."
NOTED_YES = "D'accord. Dites-moi ce que vous cherchez, et dans quelle ville."
NOTED_BEFORE = "C'est noté. {asked}"
TRADE_UNKNOWN = "Je ne connais pas de lieu précis pour ce métier : ceux-ci peuvent vous renseigner."
THING_UNKNOWN = "Je ne connais pas de lieu précis pour cela : ceux-ci peuvent vous renseigner."
MATERIAL_HELP = "Le CCAS, à la mairie, ou une assistante sociale peut aussi vous aider."
HELP_TO_PAY = "La CAF (ou la MSA) peut vous dire quelles aides existent pour payer la garde."
FOR_A_CV_ASK_TOWN = (
    "Pour faire un CV, France Travail ou une maison France services peut aider. Dans quelle ville ?"
)
FOR_A_CV = "Pour faire un CV, vous pouvez demander à :"
A_MACHINE = (
    "Je suis une machine : aucune personne ne lit vos messages ici. "
    "Si vous voulez parler à quelqu'un, écrivez « une personne »."
)
NO_EXPERIENCE = (
    "Chez un employeur d'insertion, on travaille avec un contrat, et on y est accompagné."
)
HELPED_BY = {
    "moins_26": "De 16 à 25 ans, la mission locale peut vous accompagner :",
    "handicap": "Cap emploi accompagne les personnes handicapées vers le travail :",
}
NO_NUMBERS = (
    "N'écrivez pas votre numéro ici : je n'en ai pas besoin, et je ne peux pas vous faire rappeler."
)
FIRST_OF_LIST = "Commencez par le premier de la liste :"
ANOTHER_TOWN = "D'accord. Dans quelle ville faut-il chercher ?"

# Distress: the number was already given by the bot itself
URGENT_CONTACT = "Le jour, près de chez vous, vous pouvez aussi appeler :"
URGENT_ASK_TOWN = "Si vous me dites votre ville, je vous dis qui peut aider près de chez vous."
# Whom to call after a cry for help, by situation, as it is said in the next answers.
CALL = {
    **dict.fromkeys(
        ("sans_abri", "attente_115", "faim"),
        "le 115, gratuit, jour et nuit. Si la vie est en danger : le 112",
    ),
    **dict.fromkeys(
        ("expulsion", "coupure", "sans_ressources"),
        "le service social ou le CCAS de votre ville. Sans toit, ou rien à manger : le 115, "
        "gratuit, jour et nuit",
    ),
    "violence": (
        "le 3919, gratuit et anonyme, jour et nuit. "
        "Si le danger est maintenant : le 17, ou un SMS au 114 si vous ne pouvez pas parler"
    ),
    "violence_immediate": "le 17 ou le 112, ou le 114 par SMS si vous ne pouvez pas parler",
    "violence_silence": "le 114, par SMS. Si vous pouvez parler : le 17 ou le 112",
    "enfant_danger": "le 119, gratuit, jour et nuit. Si le danger est maintenant : le 17",
    "suicide": "le 3114, gratuit, jour et nuit. Si la vie est en danger : le 15 ou le 112",
    "medical": "le 15 ou le 112",
    "incendie": "le 18 ou le 112",
    "detresse": "le 3114, gratuit, jour et nuit. Si la vie est en danger : le 112",
}
CALL_SHOWN = "le numéro que j'ai donné"
# What is said again after a number; by what the person answers to it (`actions/crisis.py`).
AFTER_NUMBER = {
    "": "Vous pouvez contacter {call}.",
    "pas_a_votre_place": (
        "Vous pouvez contacter {call}. "
        "Je suis une machine : je ne peux appeler personne à votre place."
    ),
    "hesite": (
        "Vous avez bien fait d'écrire. Vous n'avez pas à avoir honte, et un doute suffit pour en "
        "parler : {call}."
    ),
    "rappelez": "Rappelez, autant de fois qu'il faut : {call}.",
    "n_attendez_pas": "N'attendez pas. Même en cas de doute, dites ce qui se passe : {call}.",
    "dites_le": "Vous pouvez le dire à la personne qui vous répondra : {call}.",
    "demandez": (
        "Je ne peux pas le dire d'ici. Demandez-le à la personne qui vous répondra, elle est là "
        "pour cela : {call}."
    ),
    "seul": "C'est lourd à porter. Une personne peut vous écouter : {call}.",
    "machine": "Oui, je suis une machine. Une vraie personne peut vous répondre : {call}.",
    "colere": (
        "Je comprends votre colère. Je suis une machine : je peux seulement dire qui contacter. "
        "Contactez {call}."
    ),
    "dire_ce_qu_on_sent": (
        "Dites ce que vous ressentez, avec vos mots, même « je ne sais pas quoi dire » : {call}."
    ),
    "sans_parler": (
        "Si vous ne pouvez pas parler, envoyez un SMS au 114 : votre adresse, puis le danger. "
        "Si vous pouvez parler : le 17 ou le 112."
    ),
    "sans_credit": "Contactez {call}. Le 115, le 119, le 3114 et le 3919 sont gratuits.",
    "sans_reponse": (
        "Rappelez, autant de fois qu'il faut : {call}. "
        "En journée, demandez aussi le CCAS ou le service social de votre ville."
    ),
    "discretion": (
        "Je ne préviens personne. Je ne sais pas ce qui sera décidé : vous pouvez le demander au "
        "téléphone, sans donner votre nom. Contactez {call}. "
        "Pour effacer ce que vous avez écrit ici, écrivez « effacer »."
    ),
    "facture": "Je ne sais pas ce que montre une facture. Contactez {call}.",
    "mieux": "Tant mieux. Si vous en avez encore besoin, contactez {call}.",
    "non": "D'accord, je vous crois. Si cela change, contactez {call}.",
    "ok": "D'accord. N'hésitez pas : {call}.",
    "pas_appeler": (
        "Vous n'êtes pas obligé d'appeler maintenant. Vous pouvez en parler à une personne de "
        "confiance, à un médecin ou au service social de votre ville. "
        "Quand vous voudrez : {call}."
    ),
    "langue": (
        "Écrivez-moi dans votre langue : si je la connais, je redonne le numéro avec ses mots. "
        "Je ne sais pas quelles langues on parle au téléphone. Contactez {call}."
    ),
    "assez_grave": "Vous pouvez en parler sans attendre : {call}.",
    "ferme": "Quand c'est fermé, contactez {call}.",
    "quoi_dire": (
        "Dites d'abord où vous êtes, puis ce qui se passe, avec vos mots. Contactez {call}."
    ),
}
TELL_THEM = (
    "Contactez {call}, et dites où vous êtes. "
    "Je suis une machine : je ne peux appeler personne à votre place."
)
WHILE_AWAY = (
    "Vous pouvez parler maintenant au 3919, gratuit et anonyme, jour et nuit. "
    "Pas de toit cette nuit : le 115. "
    "S'il revient ou vous menace : le 17, ou un SMS au 114 si vous ne pouvez pas parler."
)
NO_POLICE = (
    "C'est vous qui décidez. Le 3919 vous écoute, gratuit et anonyme, jour et nuit. "
    "Pas de toit cette nuit : le 115. "
    "Seulement si vous êtes en danger : le 17, ou un SMS au 114 si vous ne pouvez pas parler."
)
SHELTER = "Pas de toit cette nuit : le 115. Pour en parler : le 3919, gratuit et anonyme."
FIRST_CALL = "D'abord, contactez {call}."
RESUME = "Ensuite, voulez-vous que je cherche {need}{at} ?"
URGENT_NO_CONTACT = (
    "Je ne connais pas de service social {at}. Le CCAS de la mairie peut vous recevoir le jour. "
    "Pour maintenant, contactez {call}."
)
NUMBER_FACTS = {
    "15": "Le 15 est le Samu : malaise, blessure, médicaments avalés, accouchement.",
    "17": "Le 17 est la police : une violence ou un danger, maintenant.",
    "18": "Le 18, ce sont les pompiers : le feu, le gaz.",
    "112": "Le 112 répond à toutes les urgences.",
    "114": "Le 114 reçoit des SMS : pour qui ne peut pas parler ou entendre, ou doit se taire.",
    "115": (
        "Le 115 est le Samu social : pour qui n'a pas de toit, ou rien à manger. "
        "C'est gratuit, jour et nuit."
    ),
    "119": (
        "Le 119 écoute pour un enfant en danger. Les enfants peuvent appeler aussi. "
        "C'est gratuit, jour et nuit."
    ),
    "3114": (
        "Le 3114 écoute qui pense au suicide, et ses proches. C'est gratuit, jour et nuit. "
        "Si la vie est en danger : le 15 ou le 112."
    ),
    "3919": (
        "Le 3919 écoute qui subit des violences. C'est gratuit et anonyme, jour et nuit. "
        "Si le danger est maintenant : le 17."
    ),
}

# Known names
NAME_NOT_IN_DIRECTORY = "Je n'ai pas ses coordonnées."
NAME_IN_DIRECTORY = "Voici ses coordonnées :"
NAME_IN_PLACES = "Voici où vous adresser :"
NAME_ASK_TOWN = "Dites-moi votre ville : je cherche qui peut vous en parler."


@dataclass(frozen=True)
class Counter:
    """Who handles a subject that we do not, and how to find it in the directory."""

    text: str
    names: str = ""  # words to search among the names of structures
    roles: tuple[str, ...] = ()


NEAR_AGAIN = "Je comprends. Je ne peux pas agir sur votre dossier : une personne peut le faire."
NEAR_SUBJECTS = {
    "logement": Counter(
        "Pour le logement, voyez le service social de votre ville, ou l'ADIL de votre département.",
        "adil information sur le logement",
        ("service_social", "ccas"),
    ),
    "sejour": Counter(
        "Pour les titres de séjour, c'est la préfecture qui décide. "
        "Une maison France services aide à faire la démarche.",
        roles=("france_services",),
    ),
    "impots": Counter(
        "Pour les impôts, une maison France services peut vous aider.",
        roles=("france_services",),
    ),
    "sante": Counter(
        "Pour l'assurance maladie, voyez la CPAM. Une maison France services peut vous aider.",
        roles=("france_services",),
    ),
    "papiers": Counter(
        "Pour une carte d'identité, un passeport ou un acte de naissance, voyez la mairie. "
        "Une maison France services aide à faire la démarche.",
        roles=("france_services", "ccas"),
    ),
    "chomage": Counter(
        "Pour les allocations de chômage, voyez France Travail.", roles=("france_travail",)
    ),
    "prestations": Counter(
        "Pour la prime d'activité et les allocations, demandez à la CAF (ou la MSA). "
        "Une maison France services aide à faire la démarche.",
        roles=("france_services",),
    ),
    "energie": Counter(
        "Pour une facture d'eau, de gaz ou d'électricité, voyez le service social de votre ville.",
        roles=("service_social", "ccas"),
    ),
    "retraite": Counter(
        "Pour la retraite, une maison France services peut vous aider.",
        roles=("france_services",),
    ),
    "banque_dettes": Counter(
        "Pour la banque et les dettes, voyez le service social de votre ville.",
        roles=("service_social", "ccas"),
    ),
    "justice": Counter(
        "Pour une question de droit, voyez un point-justice, ou le service social.",
        "point justice acces au droit",
        ("service_social", "france_services"),
    ),
    "courrier": Counter(
        "Pour lire un courrier et y répondre, une maison France services ou le service social "
        "peut vous aider.",
        roles=("france_services", "service_social"),
    ),
    "ecole": Counter("Pour l'école, voyez la mairie, ou la direction de l'école.", roles=("ccas",)),
    "handicap_mdph": Counter(
        "Pour un dossier de handicap, voyez la MDPH de votre département.",
        "mdph maison departementale des personnes handicapees",
        ("service_social",),
    ),
}


@dataclass(frozen=True)
class Rule:
    """What may be said of the RSA: the rule, and where and when it was written."""

    text: str
    source: str
    short: str  # the same in few words, for who says « c'est trop long »
    who: str  # who can answer for one's own case
    noted: str  # for a detail on oneself: whom to tell it


_CAF_KNOWS = (
    "Pour votre cas, la CAF (ou la MSA) peut répondre.",
    "C'est noté. Dites-le à la CAF (ou la MSA) : elle peut dire ce que cela change pour vous.",
)
_REFERENT_KNOWS = (
    "Pour votre cas, votre référent peut répondre. "
    "Sinon : l'agence locale d'insertion ou le service social.",
    "C'est noté. Dites-le à votre référent : le plan est adapté à chaque personne.",
)
_BOTH_KNOW = (
    "Pour un paiement ou votre dossier, demandez à la CAF (ou la MSA). "
    "Pour le reste : à votre référent, à l'agence locale ou au service social.",
    "C'est noté. Je ne peux pas dire ce que cela change pour vous.",
)
# DOMAIN: « RSA: what may be said ». Never an amount, never a prediction of a sanction.
RSA_RULES = {
    None: Rule(
        "La CAF (ou la MSA) verse le RSA et garde votre dossier. "
        "Je ne peux pas dire un montant, ni ce qui change pour vous. "
        "Je peux expliquer quelques règles.",
        "caf.fr, novembre 2026",
        "Pour votre dossier : la CAF. Pour votre suivi : votre référent.",
        *_BOTH_KNOW,
    ),
    "droits": Rule(
        "La CAF (ou la MSA) garde les dossiers de RSA : elle peut dire qui y a droit. "
        "Je ne peux pas le dire à sa place. "
        "De 16 à 25 ans, la mission locale peut vous accompagner.",
        "caf.fr, novembre 2026 ; loi du 18 décembre 2023",
        "Pour savoir si l'on a droit au RSA : la CAF.",
        *_CAF_KNOWS,
    ),
    "situation": Rule(
        "Un changement (travail, formation, couple, enfant, logement, voyage) se dit à la CAF "
        "(ou la MSA) : "
        "elle garde votre dossier. Dites-le aussi à votre référent. "
        "Je ne peux pas dire un montant, ni ce qui change pour vous.",
        "caf.fr, novembre 2026",
        "Dites le changement à la CAF, et aussi à votre référent.",
        *_CAF_KNOWS,
    ),
    "inscription": Rule(
        "Pour une demande de RSA ou un refus, voyez la CAF (ou la MSA) : elle garde le dossier.\n"
        "Depuis le 1er janvier 2025, toute personne au RSA est inscrite à France Travail. "
        "La personne qui vit en couple avec elle aussi. "
        "Une fois au RSA, cette inscription est automatique. "
        "Si quelqu'un vous suit déjà, rien ne change.\n"
        "Ensuite, on vous oriente : France Travail, le département ou une agence locale "
        "d'insertion, la mission locale (16 à 25 ans), Cap emploi (handicap).",
        "loi du 18 décembre 2023 « pour le plein emploi » ; clesdusocial.com, janvier 2025",
        "L'inscription à France Travail est automatique. La demande de RSA se fait à la CAF.",
        *_CAF_KNOWS,
    ),
    "demande": Rule(
        "Pour une demande de RSA ou un refus, voyez la CAF (ou la MSA) : elle garde le dossier. "
        "Une maison France services ou le service social peut aider à faire la demande.",
        "caf.fr, novembre 2026",
        "La demande se fait à la CAF.",
        *_CAF_KNOWS,
    ),
    "contrat": Rule(
        "Le contrat d'engagement s'écrit avec votre référent. "
        "Il contient des buts, et un plan d'au moins 15 heures d'activité par semaine. "
        "Ce plan est adapté à chaque personne. "
        "Les heures peuvent être moins nombreuses selon la situation.",
        "loi du 18 décembre 2023 ; lemediasocial.fr, 3 septembre 2025",
        "Le contrat s'écrit avec votre référent : au moins 15 heures d'activité par semaine, "
        "ou moins selon votre situation.",
        *_REFERENT_KNOWS,
    ),
    "heures_reduites": Rule(
        "Les heures peuvent être moins nombreuses selon votre situation. "
        "Un plan sans heures peut se demander : santé, handicap, invalidité, "
        "ou parent seul sans garde pour un enfant de moins de douze ans. "
        "Ce n'est pas automatique : il faut le demander à votre référent.",
        "loi du 18 décembre 2023, citée par faire-face.fr, 28 mars 2024",
        "Vous pouvez demander moins d'heures, ou aucune, à votre référent.",
        *_REFERENT_KNOWS,
    ),
    "activites": Rule(
        "Dans les 15 heures d'activité, beaucoup de choses peuvent compter : ateliers, formation, "
        "immersion en entreprise, permis de conduire, démarches pour vos droits, "
        "participation à une association. Votre référent dit ce qui compte pour vous.",
        "ministère du Travail, cité par econostrum.info, février 2024",
        "Demandez à votre référent ce qui compte dans vos heures.",
        *_REFERENT_KNOWS,
    ),
    "sanction": Rule(
        "Il existe une règle de suspension quand les engagements ne sont pas tenus. "
        "Personne ne peut être sanctionné sans pouvoir d'abord s'expliquer. "
        "Si vous recevez une lettre, regardez la date limite et contactez vite votre référent. "
        "Le service social ou une maison France services peut vous aider à répondre.",
        "décret du 30 mai 2025 ; lemediasocial.fr, juin 2025",
        "Appelez vite votre référent. Vous pouvez vous expliquer avant toute sanction.",
        _REFERENT_KNOWS[0],
        "C'est noté. Vous pouvez vous expliquer avant toute sanction : "
        "dites-le vite à votre référent, avec ce qui le prouve.",
    ),
    "paiement": Rule(
        "La CAF (ou la MSA) verse le RSA et garde votre dossier. "
        "Les paiements, les changements de situation et la déclaration "
        "de tous les trois mois sont là-bas. "
        "Je ne vois pas votre dossier et je ne peux pas dire un montant.",
        "caf.fr, novembre 2026",
        "Pour un paiement ou un changement : la CAF.",
        *_CAF_KNOWS,
    ),
}
RSA_SOURCE = "Source : {source}. Chaque situation est différente."
RSA_CHOICES = (
    ("Le contrat et les 15 heures", "/info_rsa_contrat"),
    ("Un changement dans ma vie", "/info_rsa_situation"),
    ("Une lettre, une sanction", "/info_rsa_sanction"),
    ("Demander le RSA", "/info_rsa_inscription"),
)
RSA_ASK_TOWN = "Dites-moi votre ville : je vous dis qui contacter."
