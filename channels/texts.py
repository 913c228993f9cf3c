"""Every sentence that the channels say by themselves. The widget's own words are in jalon.js."""

_PRESENTATION = (
    "Bonjour, je suis Jalon. Vous parlez à une machine, pas à une personne.\n"
    "Je cherche avec vous des services près de chez vous.\n"
    "N'écrivez ni votre nom ni vos numéros personnels : je n'en ai pas besoin. "
    "La conversation est effacée après 24 heures de silence, "
    "ou tout de suite si vous écrivez « effacer ».\n"
)
_QUESTION = "Que cherchez-vous ? Écrivez-le avec vos mots, ou choisissez un sujet."
WELCOME = _PRESENTATION + _QUESTION

# Where JALON_REVIEW keeps misunderstood messages, without what is personal (docs/review.md).
KEPT_FOR_REVIEW = (
    "Si je ne comprends pas un message, il est gardé 30 jours, sans nom ni numéro. "
    "L'équipe le lit pour m'améliorer."
)
WELCOME_WITH_REVIEW = f"{_PRESENTATION}{KEPT_FOR_REVIEW}\n{_QUESTION}"

# Titles and the intents they stand for, as in the bot's own menu (bot/domain/conversation.yml).
NEEDS = (
    ("Garde d'enfants", "/garde_enfants"),
    ("Cours de français", "/francais"),
    ("Aide avec l'ordinateur", "/numerique"),
    ("Formation", "/formation"),
    ("Qui peut m'accompagner", "/agence"),
    ("Forums et rencontres", "/evenement"),
    ("Emploi et aides", "/offre_partenaire"),
    ("Informations sur le RSA", "/info_rsa"),
)

# When Rasa is stopped, hangs or says nothing. The number is in the directory (data/annuaire).
BOT_UNAVAILABLE = (
    "Je ne peux pas répondre en ce moment. Ce n'est pas de votre faute.\n"
    "Vous pouvez appeler le Département de la Seine-Saint-Denis au 01 43 93 93 93.\n"
    "Ailleurs, le CCAS de votre mairie peut vous renseigner.\n"
    "En cas de danger, appelez le 112.\n"
    "Vous pouvez aussi réessayer ici dans quelques minutes."
)
# When the operator has paused the assistant (channels/pause.py) without a message of their own.
PAUSED = "Jalon est en pause. Le CCAS de votre mairie peut vous renseigner."
PAUSED_DANGER = "En cas de danger, appelez le 112."
NOTHING_TO_READ = "Je n'ai rien pu lire. Écrivez ce que vous cherchez, par exemple « crèche »."

# Refusals: what happened, then what to do.
TOO_LONG = "Votre message est trop long. Écrivez l'essentiel en quelques phrases."
TOO_MANY_MESSAGES = "Vous écrivez très vite. Attendez quelques secondes, puis réessayez."
TOO_MANY_FROM_ADDRESS = "Il y a beaucoup de messages. Attendez quelques secondes, puis réessayez."
SESSION_UNKNOWN = "Cette conversation n'est plus ouverte. Commencez une nouvelle conversation."
CHOICE_UNKNOWN = "Ce choix n'est plus disponible. Écrivez votre demande."
NOT_UNDERSTOOD_BY_SERVER = "La demande n'a pas la forme attendue."
NOT_JSON = "La demande doit être en JSON."
NOT_FOUND = "Cette page n'existe pas."
INTERNAL_ERROR = "Une erreur est survenue. Réessayez dans quelques minutes."

# From one channel to the other
CODE = (
    "Votre code : {code}. Il est bon 7 jours. "
    "Écrivez-le ici, par SMS, ou donnez-le à une personne qui vous aide : on reprend où vous étiez."
)
CODE_NOTHING = "Je n'ai rien à reprendre. Dites d'abord ce que vous cherchez."
CODE_UNKNOWN = "Je ne connais pas ce code. Vérifiez-le, ou dites ce que vous cherchez."
CODE_TOO_MANY = "Il y a eu trop d'essais. Réessayez dans une heure."
SEND_BY_SMS = "Recevoir par SMS"
ASK_NUMBER = (
    "Écrivez votre numéro de mobile, en 06 ou 07. "
    "Il sert à envoyer un seul SMS, puis il est effacé."
)
NUMBER_NOT_MOBILE = (
    "Ce n'est pas un numéro de mobile en France. Je n'ai pas envoyé de SMS. "
    "Écrivez un numéro en 06 ou 07, ou autre chose."
)
PHONE_ON_ITS_WAY = (
    "C'est noté. Si ce numéro accepte nos SMS, il reçoit le message dans une minute. "
    "Je n'ai pas gardé le numéro."
)
PHONE_TOO_MANY = "Il y a eu trop d'envois. Réessayez demain."
PHONE_AT_NIGHT = (
    "Entre 20 heures et 8 heures, je n'envoie pas de SMS. Écrivez « code » pour un code."
)
SMS_REQUESTED = "Demandé sur le site de Jalon (une machine)."
SMS_RESUME = "Suite ici : code {code}. STOP pour ne plus rien recevoir."

# By SMS: two segments at most, with the letters of a plain SMS (channels/sms/segments.py writes
# the others without their accents).
# How some of the bot's own answers begin (bot/domain/conversation.yml).
BOT_PRESENTS_ITSELF = "Bonjour, je suis Jalon"
BOT_STOPS = "C'est noté, je ne vous écris plus."
BOT_ERASED = "C'est fait : vos messages sont effacés ici."
SMS_NOTICE = (
    "Jalon : une machine répond. N'écrivez pas votre nom. Effacé en 24 h, ou EFFACER. INFO."
)
SMS_NOTICE_WITH_REVIEW = (
    "Jalon : une machine répond. N'écrivez pas votre nom. "
    "Effacé en 24 h (si incompris : 30 jours), ou EFFACER. INFO."
)
SMS_WHAT_DO_YOU_SEEK = "Que cherchez-vous ?"
SMS_NEXT_PAGE = "Pour lire la suite : SUITE"
SMS_ANSWER_NUMBERS = "Répondez {numbers}."
SMS_ANSWER_WORDS = "Répondez {words}."
SMS_MORE_PLACES = "Autres lieux : SUITE."
SMS_NO_DATE = "Infos sans date : {numbers}."
SHORT_DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
EVENT_STATES = {"annule": "ANNULÉ", "reporte": "REPORTÉ", "complet": "COMPLET"}
SMS_BY_DAY = "Le jour :"
SMS_STOPPED = (
    "C'est noté : Jalon ne vous écrit plus. Pour reprendre, envoyez START. "
    "En danger, appelez le 112, ou envoyez un SMS au 114."
)
SMS_STARTED = "D'accord. Écrivez ce que vous cherchez, et dans quelle ville."
SMS_HELP = (
    "Écrivez ce que vous cherchez et votre ville, par exemple : crèche à Bondy. "
    "MENU : la liste des sujets. SUITE : lire la suite. EFFACER : tout effacer. "
    "INFO : qui répond. STOP : plus de SMS. En danger : le 112, ou un SMS au 114."
)
SMS_MENU = "Que cherchez-vous ? (un numéro, ou vos mots)"
SMS_ERASED = (
    "C'est fait : tout ce qui concerne votre numéro est effacé ici. "
    "Vous pouvez écrire de nouveau quand vous voulez."
)
SMS_INFO = (
    "Jalon est une machine, et ne décide de rien. La conversation est gardée 24 h au plus, "
    "sans votre numéro. Votre numéro sert seulement à vous répondre, puis il est effacé. "
    "EFFACER efface tout. STOP arrête les SMS."
)
SMS_INFO_WITH_REVIEW = (
    "Jalon est une machine, et ne décide de rien. Votre numéro sert à vous répondre, puis il est "
    "effacé. La conversation est gardée 24 h au plus. Un message incompris est gardé 30 jours, "
    "sans nom ni numéro. EFFACER efface tout. STOP arrête les SMS."
)
SMS_UNAVAILABLE = (
    "Je ne peux pas répondre en ce moment. Le Département de la Seine-Saint-Denis répond "
    "au 01 43 93 93 93. Ailleurs, demandez au CCAS de votre mairie. En danger : le 112."
)
SMS_NOTHING_TO_READ = "Je n'ai rien pu lire. Écrivez ce que vous cherchez, par exemple : crèche."
